//! `EXT_meshopt_compression`: buffer views as `gltfpack` and `gltf-transform` compress them.
//!
//! The decoders follow the bitstreams in the text of the extension. The maintained crate, `meshopt`,
//! builds the C++ library, and needs unsafe calls for strides that are not known when the program is
//! compiled and for the filters. This is less code than such a wrapper with its tests.

use super::error::{GltfFault, check_limit, check_memory, fail_malformed};
use super::gltf_document::MeshoptRecord;

/// The most bytes of one decoded view. The bytes of the file do not bound them: a group of sixteen
/// zeroes takes two bits.
const MAX_DECODED_BYTES: usize = 1 << 30;

/// Bytes that are encoded together.
const GROUP_BYTES: usize = 16;
/// The most bytes of a block of vertices.
const BLOCK_BYTES: usize = 8192;
/// The most vertices of a block.
const BLOCK_VERTICES: usize = 256;
/// The least bytes behind the last block.
const TAIL_BYTES: usize = 32;

/// Returns how many bytes a decoded view has.
pub(super) const fn decoded_length(record: &MeshoptRecord) -> usize {
    record.count.saturating_mul(record.byte_stride)
}

/// Returns the bytes of a view, of which `data` is the compressed form.
pub(super) fn decode_view(record: &MeshoptRecord, data: &[u8]) -> Result<Vec<u8>, GltfFault> {
    let MeshoptRecord {
        count, byte_stride, ..
    } = *record;
    let bytes = decoded_length(record);
    check_limit("bytes in one compressed view", bytes, MAX_DECODED_BYTES)?;
    check_memory("a compressed view", bytes as u64)?;
    let mut out = match record.mode.as_str() {
        "ATTRIBUTES" => decode_attributes(data, count, byte_stride),
        "TRIANGLES" => decode_triangles(data, count).map(|list| index_bytes(&list, byte_stride)),
        "INDICES" => decode_sequence(data, count).map(|list| index_bytes(&list, byte_stride)),
        _ => None,
    }
    .ok_or_else(|| {
        let mode = &record.mode;
        GltfFault::Malformed(format!(
            "a view in the meshopt mode `{mode}` cannot be decoded"
        ))
    })?;
    match record.filter.as_str() {
        "NONE" => {}
        "OCTAHEDRAL" if byte_stride == 4 => filter_octahedral::<1>(&mut out),
        "OCTAHEDRAL" if byte_stride == 8 => filter_octahedral::<2>(&mut out),
        "QUATERNION" if byte_stride == 8 => filter_quaternion(&mut out),
        "EXPONENTIAL" if byte_stride.is_multiple_of(4) => filter_exponential(&mut out),
        filter => {
            return fail_malformed(format!(
                "a view has the meshopt filter `{filter}` on elements of {byte_stride} bytes"
            ));
        }
    }
    Ok(out)
}

/// Reads bytes in order.
struct ByteReader<'a> {
    rest: &'a [u8],
}

impl<'a> ByteReader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    /// Returns a whole number of seven bits a byte, the lowest first.
    fn varint(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u32::from(byte & 127) << shift;
            if byte < 128 {
                return Some(value);
            }
        }
        None
    }
}

/// Returns the signed number of a zigzag code.
const fn unzigzag(code: u32) -> u32 {
    (code >> 1) ^ 0_u32.wrapping_sub(code & 1)
}

/// Decodes vertices. `None`: the data is damaged, or of another version.
fn decode_attributes(data: &[u8], count: usize, stride: usize) -> Option<Vec<u8>> {
    // The extension has strides of 4 to 256 bytes, in steps of 4.
    if stride == 0 || stride > 256 || !stride.is_multiple_of(4) {
        return None;
    }
    let (header, rest) = data.split_first()?;
    if *header != 0xa0 {
        return None;
    }
    let tail = rest.len().checked_sub(stride.max(TAIL_BYTES))?;
    let (blocks, tail) = rest.split_at(tail);
    // The first vertex is at the very end, behind padding.
    let mut last = tail[tail.len() - stride..].to_vec();
    let mut reader = ByteReader { rest: blocks };
    // Whole groups, as the encoder divided them: a block does not say its size.
    let block_size = (BLOCK_BYTES / stride / GROUP_BYTES * GROUP_BYTES).min(BLOCK_VERTICES);
    let mut out = vec![0; count * stride];
    for block in out.chunks_mut(block_size * stride) {
        decode_block(&mut reader, block, &mut last)?;
    }
    // Bytes that are left over say that the others were read wrongly.
    reader.rest.is_empty().then_some(out)
}

/// Decodes one block, byte by byte of its vertices. Each byte is a difference to the vertex before.
fn decode_block(reader: &mut ByteReader<'_>, block: &mut [u8], last: &mut [u8]) -> Option<()> {
    let stride = last.len();
    let vertices = block.len() / stride;
    for (place, last) in last.iter_mut().enumerate() {
        // The last group is whole, also where there are fewer vertices.
        let deltas = decode_bytes(reader, vertices.next_multiple_of(GROUP_BYTES))?;
        for (vertex, delta) in block.chunks_mut(stride).zip(deltas) {
            let delta = (delta >> 1) ^ 0_u8.wrapping_sub(delta & 1);
            *last = last.wrapping_add(delta);
            vertex[place] = *last;
        }
    }
    Some(())
}

/// Decodes groups of sixteen bytes. Two bits of the header say how many bits a byte of a group has.
fn decode_bytes(reader: &mut ByteReader<'_>, count: usize) -> Option<Vec<u8>> {
    let groups = count / GROUP_BYTES;
    let header = reader.take(groups.div_ceil(4))?;
    let mut out = Vec::with_capacity(count);
    for group in 0..groups {
        match header[group / 4] >> (group % 4 * 2) & 3 {
            0 => out.extend([0; GROUP_BYTES]),
            1 => decode_group(reader, 2, &mut out)?,
            2 => decode_group(reader, 4, &mut out)?,
            _ => out.extend(reader.take(GROUP_BYTES)?),
        }
    }
    Some(out)
}

/// Decodes a group of `bits` a byte. The highest number stands for a whole byte behind the group.
fn decode_group(reader: &mut ByteReader<'_>, bits: usize, out: &mut Vec<u8>) -> Option<()> {
    let packed = reader.take(GROUP_BYTES * bits / 8)?;
    let sentinel = (1_u8 << bits) - 1;
    for byte in packed {
        // The first of them is in the highest bits.
        for shift in (0..8).step_by(bits).rev() {
            let value = byte >> shift & sentinel;
            out.push(if value == sentinel {
                reader.byte()?
            } else {
                value
            });
        }
    }
    Some(())
}

/// What decoding triangles remembers: the last sixteen edges and vertices.
#[derive(Default)]
struct TriangleHistory {
    edges: [[u32; 2]; 16],
    edge_end: usize,
    vertices: [u32; 16],
    vertex_end: usize,
    /// The first vertex that was not used yet.
    next: u32,
    /// The last vertex that was written in full.
    last: u32,
}

impl TriangleHistory {
    fn edge(&self, back: u8) -> [u32; 2] {
        self.edges[self.edge_end.wrapping_sub(1 + usize::from(back)) & 15]
    }

    fn vertex(&self, back: u8) -> u32 {
        self.vertices[self.vertex_end.wrapping_sub(usize::from(back)) & 15]
    }

    fn push_edge(&mut self, edge: [u32; 2]) {
        self.edges[self.edge_end & 15] = edge;
        self.edge_end = self.edge_end.wrapping_add(1);
    }

    fn push_vertex(&mut self, vertex: u32, is_new: bool) {
        self.vertices[self.vertex_end & 15] = vertex;
        self.vertex_end = self.vertex_end.wrapping_add(usize::from(is_new));
    }

    fn take_next(&mut self) -> u32 {
        let next = self.next;
        self.next = next.wrapping_add(1);
        next
    }

    /// Returns the next vertex, or one of the last sixteen.
    fn next_or(&mut self, back: u8) -> u32 {
        if back == 0 {
            self.take_next()
        } else {
            self.vertex(back)
        }
    }

    fn read_last(&mut self, reader: &mut ByteReader<'_>) -> Option<u32> {
        self.last = self.last.wrapping_add(unzigzag(reader.varint()?));
        Some(self.last)
    }

    /// Remembers the edges of a triangle that has no edge of another.
    fn push_edges(&mut self, [a, b, c]: [u32; 3]) {
        self.push_edge([b, a]);
        self.push_edge([c, b]);
        self.push_edge([a, c]);
    }

    /// Returns a triangle at one of the last edges.
    fn at_edge(&mut self, code: u8, version: u8, reader: &mut ByteReader<'_>) -> Option<[u32; 3]> {
        let [a, b] = self.edge(code >> 4);
        let third = code & 15;
        // Version 1 has steps from the last vertex in the place of two recent ones.
        let most = if version >= 1 { 13 } else { 15 };
        let c = if third < most {
            let is_new = third == 0;
            let c = if is_new {
                self.take_next()
            } else {
                self.vertex(third + 1)
            };
            self.push_vertex(c, is_new);
            c
        } else {
            let c = match third {
                13 => self.step_last(u32::MAX),
                14 => self.step_last(1),
                _ => self.read_last(reader)?,
            };
            self.push_vertex(c, true);
            c
        };
        self.push_edge([c, b]);
        self.push_edge([a, c]);
        Some([a, b, c])
    }

    fn step_last(&mut self, by: u32) -> u32 {
        self.last = self.last.wrapping_add(by);
        self.last
    }

    /// Returns a triangle of new and of recent vertices. `code` says which.
    fn of_recent(&mut self, code: u8) -> [u32; 3] {
        let a = self.take_next();
        let b = self.next_or(code >> 4);
        let c = self.next_or(code & 15);
        self.push_vertex(a, true);
        self.push_vertex(b, code >> 4 == 0);
        self.push_vertex(c, code & 15 == 0);
        self.push_edges([a, b, c]);
        [a, b, c]
    }

    /// Returns a triangle of which vertices may be written in full.
    fn in_full(&mut self, starts_new: bool, reader: &mut ByteReader<'_>) -> Option<[u32; 3]> {
        let code = reader.byte()?;
        // So says the extension: from here, vertices are counted from the first again.
        if code == 0 {
            self.next = 0;
        }
        let [second, third] = [code >> 4, code & 15];
        // New vertices are counted before any is read in full, as the encoder wrote them.
        let mut a = if starts_new { self.take_next() } else { 0 };
        let mut b = self.next_or(second);
        let mut c = self.next_or(third);
        if !starts_new {
            a = self.read_last(reader)?;
        }
        if second == 15 {
            b = self.read_last(reader)?;
        }
        if third == 15 {
            c = self.read_last(reader)?;
        }
        self.push_vertex(a, true);
        self.push_vertex(b, second == 0 || second == 15);
        self.push_vertex(c, third == 0 || third == 15);
        self.push_edges([a, b, c]);
        Some([a, b, c])
    }
}

/// Decodes the corners of triangles. `None`: the data is damaged, or of another version.
fn decode_triangles(data: &[u8], count: usize) -> Option<Vec<u32>> {
    let (header, rest) = data.split_first()?;
    let version = header & 15;
    if header & 0xf0 != 0xe0 || version > 1 || !count.is_multiple_of(3) {
        return None;
    }
    let (codes, rest) = rest.split_at_checked(count / 3)?;
    // The codes of recent vertices are the last sixteen bytes.
    let (rest, table) = rest.split_at_checked(rest.len().checked_sub(16)?)?;
    let mut reader = ByteReader { rest };
    let mut history = TriangleHistory::default();
    let mut out = Vec::with_capacity(count);
    for code in codes {
        let triangle = match code {
            0..0xf0 => history.at_edge(*code, version, &mut reader)?,
            0xf0..0xfe => history.of_recent(table[usize::from(code & 15)]),
            _ => history.in_full(*code == 0xfe, &mut reader)?,
        };
        out.extend(triangle);
    }
    reader.rest.is_empty().then_some(out)
}

/// Decodes indices in any order. `None`: the data is damaged, or of another version.
fn decode_sequence(data: &[u8], count: usize) -> Option<Vec<u32>> {
    let (header, rest) = data.split_first()?;
    if header & 0xf0 != 0xd0 || header & 15 > 1 {
        return None;
    }
    // Four bytes of padding are at the end.
    let (rest, _) = rest.split_at_checked(rest.len().checked_sub(4)?)?;
    let mut reader = ByteReader { rest };
    let mut last = [0_u32; 2];
    // Not reserved: the data may end long before `count` indices.
    let mut out = Vec::new();
    for _ in 0..count {
        let code = reader.varint()?;
        // The lowest bit says to which of two earlier indices the difference is.
        let last = &mut last[usize::from(code & 1 == 1)];
        *last = last.wrapping_add(unzigzag(code >> 1));
        out.push(*last);
    }
    reader.rest.is_empty().then_some(out)
}

/// Returns indices of two or four bytes.
fn index_bytes(list: &[u32], stride: usize) -> Vec<u8> {
    let bytes = list.iter().map(|index| index.to_le_bytes());
    bytes
        .flat_map(|bytes| bytes.into_iter().take(stride))
        .collect()
}

/// Returns the signed number of `SIZE` bytes at a component.
fn component<const SIZE: usize>(element: &[u8], index: usize) -> f32 {
    let start = index * SIZE;
    match element.get(start..start + SIZE) {
        Some([low, high]) => f32::from(i16::from_le_bytes([*low, *high])),
        Some([byte]) => f32::from(i8::from_le_bytes([*byte])),
        _ => 0.0,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "`as` saturates")]
fn set_component<const SIZE: usize>(element: &mut [u8], index: usize, value: f32) {
    let rounded = value.round() as i16;
    let bytes = rounded.to_le_bytes();
    let start = index * SIZE;
    element[start..start + SIZE].copy_from_slice(&bytes[..SIZE]);
}

/// Turns two coordinates of an octahedron and its size into a unit vector.
fn filter_octahedral<const SIZE: usize>(bytes: &mut [u8]) {
    let most = if SIZE == 1 { 127.0 } else { 32767.0 };
    for element in bytes.chunks_exact_mut(4 * SIZE) {
        let [mut x, mut y, one] = [0, 1, 2].map(|index| component::<SIZE>(element, index));
        let z = one - x.abs() - y.abs();
        // The lower half is folded over the upper one.
        let fold = z.min(0.0);
        x += if x >= 0.0 { fold } else { -fold };
        y += if y >= 0.0 { fold } else { -fold };
        let scale = most / (x * x + y * y + z * z).sqrt();
        // A vector of zeroes has no direction.
        let scale = if scale.is_finite() { scale } else { 0.0 };
        set_component::<SIZE>(element, 0, x * scale);
        set_component::<SIZE>(element, 1, y * scale);
        set_component::<SIZE>(element, 2, z * scale);
    }
}

/// Adds the largest component of a unit quaternion, which was left out.
fn filter_quaternion(bytes: &mut [u8]) {
    for element in bytes.chunks_exact_mut(8) {
        let [x, y, z] = [0, 1, 2].map(|index| component::<2>(element, index));
        // The last number has the scale, and in its lowest bits which component is left out.
        let packed = u16::from_le_bytes([element[6], element[7]]);
        // The scale has its lowest bits set, in the place of which the component is.
        let scale = std::f32::consts::FRAC_1_SQRT_2 / f32::from((packed | 3).cast_signed());
        let [x, y, z] = [x, y, z].map(|part| part * scale);
        // The three may be a little too long, since each was rounded.
        let w = (1.0 - x * x - y * y - z * z).max(0.0).sqrt();
        let left_out = usize::from(packed & 3);
        for (offset, part) in [(1, x), (2, y), (3, z), (0, w)] {
            set_component::<2>(element, (left_out + offset) % 4, part * 32767.0);
        }
    }
}

/// Turns numbers of an exponent and a mantissa into floats.
fn filter_exponential(bytes: &mut [u8]) {
    for element in bytes.chunks_exact_mut(4) {
        let packed = i32::from_le_bytes([element[0], element[1], element[2], element[3]]);
        let exponent = packed >> 24;
        // Sign extension of the lower 24 bits.
        let mantissa = packed << 8 >> 8;
        let value = f64::from(mantissa) * f64::from(exponent).exp2();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "vertex data is single precision"
        )]
        let value = value as f32;
        element.copy_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    //! The encoded bytes are those of `meshoptimizer` 1.3.0 from npm, by `encodeGltfBuffer`.

    use super::*;

    const TRIANGLES: &str = "e1fe1e100e100e100ece1e160e150e140ece1e140e140e140ece1e140e140e140e0f0a0076875667 \
        78a9866589689801690000";
    const SEQUENCE: &str = "d11406180091031a14b188111600000000";
    const VERTICES: &str = "a00000050fc3f0fcff8080ff8080ff80803f0fc000ff8080ff80800530bc2f0b7e7f7e7f7e7fc2f0 \
        80007e7f7e00000500300c03ffff8000c000008001003008007c0700b726181882f88b9ec573c8f8 \
        94a05bffffc000672ae393be900a5b2a0700d4ba8b7881d9422c898689ba77f03dffffc000219344 \
        727af253c7640700ae22af626834cdaaac70e8eb63b3adffffc000da396b4da025898e1e0531c71c \
        387efdfdfdfee38f0000fefefa060000000000000000000000000000000000000000000000000000 \
        000000000000";
    const OCTAHEDRAL: &str = "a0013f000000febc46013f0000009233a40000000000000000000000000000000000000000000000 \
        0000000000000000007f00";
    const QUATERNION: &str = "a0013c000000fbfc013c000000b4b3013f000000fb346f013f000000b4244e013c000000fbfc013c \
        000000b4b30133000000050600000000000000000000000000000000000000000000000000000000 \
        000000ff7f";
    const EXPONENTIAL: &str = "a00103000000d9010f0000005f90013f000000131605013f00000003162500000000000000000000 \
        000000000000000000000000000000000000000006ee";

    fn bytes(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text
            .chars()
            .filter_map(|digit| u8::try_from(digit.to_digit(16)?).ok())
            .collect();
        digits
            .chunks(2)
            .map(|pair| pair[0] * 16 + pair[1])
            .collect()
    }

    fn record(mode: &str, filter: &str, count: usize, byte_stride: usize) -> MeshoptRecord {
        MeshoptRecord {
            buffer: 0,
            byte_offset: 0,
            byte_length: 0,
            byte_stride,
            count,
            mode: mode.to_owned(),
            filter: filter.to_owned(),
        }
    }

    fn floats(bytes: &[u8]) -> Vec<f32> {
        let words = bytes.chunks_exact(4).map(|word| word.try_into().unwrap());
        words.map(f32::from_le_bytes).collect()
    }

    #[test]
    fn triangles_of_a_grid_are_decoded() {
        let out = decode_view(&record("TRIANGLES", "NONE", 96, 2), &bytes(TRIANGLES)).unwrap();
        let corners: Vec<u16> = out
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        let mut expected = Vec::new();
        for square in 0..16 {
            let a = square / 4 * 5 + square % 4;
            expected.push(vec![a, a + 1, a + 5]);
            expected.push(vec![a + 1, a + 6, a + 5]);
        }
        // The codec keeps triangles and their winding, but may begin with another corner.
        let found = corners.chunks_exact(3).map(|corners| {
            let first = (0..3).min_by_key(|index| corners[*index]).unwrap();
            (0..3)
                .map(|index| corners[(first + index) % 3])
                .collect::<Vec<u16>>()
        });
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn indices_in_any_order_are_decoded() {
        let out = decode_view(&record("INDICES", "NONE", 9, 4), &bytes(SEQUENCE)).unwrap();
        let words = out.chunks_exact(4).map(|word| word.try_into().unwrap());
        let indices: Vec<u32> = words.map(u32::from_le_bytes).collect();
        assert_eq!(indices, [5, 3, 9, 9, 100, 2, 7, 70_000, 1]);
    }

    #[test]
    fn vertices_are_decoded_to_the_last_bit() {
        let out = decode_view(&record("ATTRIBUTES", "NONE", 25, 12), &bytes(VERTICES)).unwrap();
        let vertices = floats(&out);
        let place = |vertex: usize| &vertices[vertex * 3..vertex * 3 + 3];
        assert_eq!(place(0), [0.0, 0.0, 0.0]);
        assert_eq!(place(24)[..2], [2.0, 1.0]);
        assert_eq!(place(24)[2].to_bits(), 0xbf67_d3fc);
    }

    #[test]
    fn filters_give_back_what_they_were_made_of() {
        let near = |found: Vec<f32>, expected: &[f32], slack: f32| {
            let pairs = found.iter().zip(expected);
            assert!(
                pairs.clone().all(|(a, b)| (a - b).abs() < slack),
                "{found:?}"
            );
            assert_eq!(found.len(), expected.len());
        };
        let out = decode_view(
            &record("ATTRIBUTES", "OCTAHEDRAL", 4, 4),
            &bytes(OCTAHEDRAL),
        );
        let normals = out.unwrap();
        let normals = normals.chunks_exact(4).flat_map(|normal| &normal[..3]);
        near(
            normals
                .map(|byte| f32::from(byte.cast_signed()) / 127.0)
                .collect(),
            &[
                0.0, 0.0, 1.0, 0.6, 0.0, -0.8, -0.48, 0.64, 0.6, 0.0, -1.0, 0.0,
            ],
            0.02,
        );
        let out = decode_view(
            &record("ATTRIBUTES", "QUATERNION", 4, 8),
            &bytes(QUATERNION),
        );
        let turns = out.unwrap();
        let turns = turns
            .chunks_exact(2)
            .map(|pair| i16::from_le_bytes([pair[0], pair[1]]));
        near(
            // The sign of a rotation does not matter; the encoder made the fourth one negative.
            turns
                .map(|part| (f32::from(part) / 32767.0).abs())
                .collect(),
            &[
                0.0, 0.0, 0.0, 1.0, 0.5, 0.5, 0.5, 0.5, 0.8, 0.0, 0.6, 0.0, 0.0, 0.6, 0.0, 0.8,
            ],
            1e-3,
        );
        let out = decode_view(
            &record("ATTRIBUTES", "EXPONENTIAL", 4, 4),
            &bytes(EXPONENTIAL),
        );
        near(floats(&out.unwrap()), &[1.5, -0.25, 1000.0, 0.001], 2e-3);
    }

    #[test]
    fn damaged_data_is_refused_and_never_panics() {
        let whole = bytes(VERTICES);
        for cut in 0..whole.len() {
            let _ = decode_view(&record("ATTRIBUTES", "NONE", 25, 12), &whole[..cut]);
            assert!(decode_attributes(&whole[..cut], 25, 12).is_none() || cut == whole.len());
        }
        let triangles = bytes(TRIANGLES);
        for place in 0..triangles.len() {
            let mut changed = triangles.clone();
            changed[place] ^= 0xff;
            let _ = decode_view(&record("TRIANGLES", "NONE", 96, 4), &changed);
            let _ = decode_view(&record("INDICES", "NONE", 96, 2), &changed);
        }
        let fault = decode_view(&record("ATTRIBUTES", "NONE", usize::MAX, 256), &whole);
        assert!(fault.is_err());
    }
}
