//! Reads and writes PNG files: 8 and 16 bits a channel, and indexed ones with a palette.
//!
//! Level and filter were chosen by measuring a 960x540 frame of 16 bits with noise of 0, 2 and 10 %
//! (one busy core): `Fastest` with `Sub` writes in 7-8 ms and reads in 7-8 at 0.12, 0.52 and 0.57
//! of raw; `Fast` with `Adaptive` is the same size and 6-10 ms; `Up` alone is 0.44-0.89. `Balanced`
//! is twenty times slower and on grain saves nothing.
//!
//! Colour pictures are filtered and compressed a few rows at a time, with the compressor that
//! `Fastest` uses. The `png` crate would hold two more copies of the picture, and allocating them
//! takes half as long as the work itself.

use super::image_types::{
    DisplayImage, PictureError, PictureFacts, PictureKind, check_pixel_count, pixel_count,
};
use crate::model::PixelSize;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

/// Bytes that are filtered, and written, at a time.
const CHUNK_BYTES: usize = 1 << 16;

/// Writes 8 bits a channel.
///
/// # Errors
/// Fails if the file cannot be written, or if the number of pixels does not match `size`.
pub fn write_png8(path: &Path, size: PixelSize, pixels: &[[u8; 3]]) -> Result<(), PictureError> {
    write_colours(path, size, png::BitDepth::Eight, pixels, |row, bytes| {
        bytes.extend(row.as_flattened());
    })
}

/// Writes 16 bits a channel.
///
/// # Errors
/// Fails if the file cannot be written, or if the number of pixels does not match the size.
pub fn write_png16(path: &Path, image: &DisplayImage) -> Result<(), PictureError> {
    write_colours(
        path,
        image.size,
        png::BitDepth::Sixteen,
        &image.pixels,
        |row, bytes| {
            bytes.extend(
                // PNG is big-endian.
                row.as_flattened()
                    .iter()
                    .flat_map(|value| value.to_be_bytes()),
            );
        },
    )
}

/// Writes 8-bit indices into a palette of at most 256 colours.
///
/// # Errors
/// Fails if the file cannot be written, or if the number of indices does not match `size`.
pub fn write_indexed(
    path: &Path,
    size: PixelSize,
    palette: &[[u8; 3]],
    indices: &[u8],
) -> Result<(), PictureError> {
    let mut file = create_file(path)?;
    let mut encoder = png::Encoder::new(&mut file, size.width, size.height);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.as_flattened());
    // Neighbouring indices are not similar, so a filter only adds noise. Small pictures can afford
    // the better level.
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_compression(png::Compression::Balanced);
    let mut writer = encoder
        .write_header()
        .map_err(|error| encoding_error(path, error))?;
    writer
        .write_image_data(indices)
        .map_err(|error| encoding_error(path, error))?;
    writer
        .finish()
        .map_err(|error| encoding_error(path, error))?;
    file.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}

/// Writes a picture. `to_bytes` appends the bytes of a row of pixels.
fn write_colours<P>(
    path: &Path,
    size: PixelSize,
    depth: png::BitDepth,
    pixels: &[P],
    to_bytes: impl Fn(&[P], &mut Vec<u8>),
) -> Result<(), PictureError> {
    if pixels.len() != pixel_count(size) {
        return Err(PictureError::encode_failed(
            path,
            format!("{} pixels do not make {size}", pixels.len()),
        ));
    }
    let mut file = create_file(path)?;
    let mut encoder = png::Encoder::new(&mut file, size.width, size.height);
    encoder.set_depth(depth);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder
        .write_header()
        .map_err(|error| encoding_error(path, error))?;
    write_filtered_rows(
        &mut writer,
        depth,
        pixels.chunks(size.width.max(1) as usize),
        to_bytes,
    )
    .map_err(|error| encoding_error(path, error))?;
    // Dropping the writer writes the `IEND` chunk.
    drop(writer);
    file.flush()
        .map_err(|error| PictureError::write_failed(path, error))
}

/// Filters each row by the pixel to its left, compresses and writes it.
fn write_filtered_rows<'a, P: 'a, W: Write>(
    writer: &mut png::Writer<W>,
    depth: png::BitDepth,
    rows: impl Iterator<Item = &'a [P]>,
    to_bytes: impl Fn(&[P], &mut Vec<u8>),
) -> Result<(), png::EncodingError> {
    // `Sub` for every row: adaptive filters gained no size; see the module.
    const SUB: u8 = png::Filter::Sub as u8;
    let pixel = if depth == png::BitDepth::Sixteen {
        6
    } else {
        3
    };
    let mut packer = fdeflate::Compressor::new(IdatWriter {
        writer,
        buffered: Vec::new(),
        write_error: None,
    })?;
    let mut row = Vec::new();
    let mut filtered = Vec::new();
    for pixels in rows {
        row.clear();
        to_bytes(pixels, &mut row);
        filtered.push(SUB);
        // The first pixel has no left neighbour and is stored as it is.
        filtered.extend_from_slice(&row[..pixel]);
        filtered.extend(
            row[pixel..]
                .iter()
                .zip(&row)
                .map(|(value, left)| value.wrapping_sub(*left)),
        );
        if filtered.len() >= CHUNK_BYTES {
            packer.write_data(&filtered)?;
            filtered.clear();
        }
    }
    packer.write_data(&filtered)?;
    packer.finish()?.finish_chunks()
}

/// Splits its input into `IDAT` chunks of a PNG file.
struct IdatWriter<'a, W: Write> {
    writer: &'a mut png::Writer<W>,
    buffered: Vec<u8>,
    /// The first error, returned by `finish_chunks`.
    // The compressor assumes that no write fails while it finishes. The error therefore waits until
    // it is done.
    write_error: Option<png::EncodingError>,
}

impl<W: Write> IdatWriter<'_, W> {
    fn write_buffered(&mut self) {
        // The first error is the cause. Later ones follow from it.
        let written = self.writer.write_chunk(png::chunk::IDAT, &self.buffered);
        self.write_error = self.write_error.take().or(written.err());
        self.buffered.clear();
    }

    fn finish_chunks(mut self) -> Result<(), png::EncodingError> {
        self.write_buffered();
        self.write_error.map_or(Ok(()), Err)
    }
}

impl<W: Write> Write for IdatWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffered.extend_from_slice(bytes);
        if self.buffered.len() >= CHUNK_BYTES {
            self.write_buffered();
        }
        Ok(bytes.len())
    }

    // A flush would cut a chunk short. `finish_chunks` writes the rest.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn create_file(path: &Path) -> Result<BufWriter<File>, PictureError> {
    File::create(path)
        .map(BufWriter::new)
        .map_err(|error| PictureError::write_failed(path, error))
}

fn encoding_error(path: &Path, error: png::EncodingError) -> PictureError {
    match error {
        png::EncodingError::IoError(source) => PictureError::write_failed(path, source),
        other => PictureError::encode_failed(path, other),
    }
}

/// Reads any PNG as 16 bits a channel. Alpha is dropped; grey and palettes become RGB.
///
/// # Errors
/// Fails on a missing, damaged or too large file.
pub fn read_png(path: &Path) -> Result<DisplayImage, PictureError> {
    let (info, size, bytes) = decode_png(path)?;
    let channels = info.color_type.samples();
    let pixels = match info.bit_depth {
        png::BitDepth::Sixteen => bytes.chunks_exact(channels * 2).map(wide_pixel).collect(),
        _ => bytes.chunks_exact(channels).map(narrow_pixel).collect(),
    };
    Ok(DisplayImage { size, pixels })
}

fn wide_pixel(bytes: &[u8]) -> [u16; 3] {
    let value = |offset: usize| u16::from_be_bytes([bytes[offset], bytes[offset + 1]]);
    if bytes.len() >= 6 {
        [value(0), value(2), value(4)]
    } else {
        [value(0); 3]
    }
}

fn narrow_pixel(bytes: &[u8]) -> [u16; 3] {
    // 255 times 257 is 65535, so white stays white.
    let value = |offset: usize| u16::from(bytes[offset]) * 257;
    if bytes.len() >= 3 {
        [value(0), value(1), value(2)]
    } else {
        [value(0); 3]
    }
}

/// Decodes the whole file and returns its facts.
pub(super) fn check_png(path: &Path) -> Result<PictureFacts, PictureError> {
    let (info, size, _) = decode_png(path)?;
    let depth = if info.bit_depth == png::BitDepth::Sixteen {
        16
    } else {
        8
    };
    Ok(PictureFacts {
        kind: PictureKind::Png,
        size,
        depth,
    })
}

/// Returns the palette of an indexed PNG. `None`: another colour type.
///
/// # Errors
/// Fails on a missing or damaged header.
pub fn read_palette(path: &Path) -> Result<Option<Vec<[u8; 3]>>, PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let decoder = png::Decoder::new(BufReader::new(file));
    let reader = decoder
        .read_info()
        .map_err(|error| PictureError::decode_failed(path, error))?;
    Ok(reader.info().palette.as_deref().map(|bytes| {
        bytes
            .chunks_exact(3)
            .map(|rgb| [rgb[0], rgb[1], rgb[2]])
            .collect()
    }))
}

/// A picture of palette indices, as a file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedImage {
    /// Size in pixels.
    pub size: PixelSize,
    /// At most 256 colours.
    pub palette: Vec<[u8; 3]>,
    /// One index a pixel, each of them in the palette.
    pub indices: Vec<u8>,
}

impl IndexedImage {
    /// Returns the colour of each pixel.
    #[must_use]
    pub fn colours(&self) -> Vec<[u8; 3]> {
        let indices = self.indices.iter();
        indices
            .map(|index| self.palette[usize::from(*index)])
            .collect()
    }
}

/// Reads an indexed PNG without resolving its palette.
///
/// # Errors
/// Fails on a missing, damaged or too large file, and on one of another colour type.
pub fn read_indexed(path: &Path) -> Result<IndexedImage, PictureError> {
    let palette = read_palette(path)?
        .ok_or_else(|| PictureError::decode_failed(path, "it has no palette"))?;
    let (info, size, indices) = transform_png(path, png::Transformations::IDENTITY)?;
    if info.bit_depth != png::BitDepth::Eight {
        let why = "its indices are not bytes";
        return Err(PictureError::decode_failed(path, why));
    }
    if indices
        .iter()
        .any(|index| usize::from(*index) >= palette.len())
    {
        let why = "a pixel has no colour in the palette";
        return Err(PictureError::decode_failed(path, why));
    }
    Ok(IndexedImage {
        size,
        palette,
        indices,
    })
}

/// Decodes to 8 or 16 bits a channel.
fn decode_png(path: &Path) -> Result<(png::OutputInfo, PixelSize, Vec<u8>), PictureError> {
    transform_png(path, png::Transformations::EXPAND)
}

fn transform_png(
    path: &Path,
    transformations: png::Transformations,
) -> Result<(png::OutputInfo, PixelSize, Vec<u8>), PictureError> {
    let file = File::open(path).map_err(|error| PictureError::read_failed(path, error))?;
    let damaged = |error| PictureError::decode_failed(path, error);
    let mut decoder = png::Decoder::new(BufReader::with_capacity(1 << 16, file));
    decoder.set_transformations(transformations);
    // `check_pixel_count` is the limit. That of the crate is below the largest frame.
    decoder.set_limits(png::Limits { bytes: usize::MAX });
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = check_pixel_count(
        path,
        PixelSize::new(reader.info().width, reader.info().height),
    )?;
    let length = reader
        .output_buffer_size()
        .unwrap_or(0)
        .max(pixel_count(size));
    let mut bytes = vec![0; length];
    let info = reader.next_frame(&mut bytes).map_err(damaged)?;
    // Chunks after the pixels are read as well, so that a missing tail is an error.
    reader.finish().map_err(damaged)?;
    bytes.truncate(info.buffer_size());
    Ok((info, size, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_read_back_exactly() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let pixels = (0..256u16).map(|i| [i * 257, 65535 - i, 3]).collect();
        let shown = DisplayImage {
            size: PixelSize::new(16, 16),
            pixels,
        };
        write_png16(&path, &shown).unwrap();
        assert_eq!(read_png(&path).unwrap(), shown);
    }

    #[test]
    fn eight_bits_read_back_as_the_same_shade() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        write_png8(&path, PixelSize::new(2, 1), &[[0, 128, 255], [1, 2, 3]]).unwrap();
        let shown = read_png(&path).unwrap();
        assert_eq!(shown.pixels[0], [0, 128 * 257, 65535]);
        assert_eq!(shown.to_8_bits(), [[0, 128, 255], [1, 2, 3]]);
    }

    #[test]
    fn an_indexed_picture_keeps_its_palette() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let palette = [[8, 24, 32], [224, 248, 208]];
        write_indexed(&path, PixelSize::new(2, 2), &palette, &[0, 1, 1, 0]).unwrap();
        assert_eq!(read_palette(&path).unwrap(), Some(palette.to_vec()));
        assert_eq!(
            read_png(&path).unwrap().to_8_bits(),
            [palette[0], palette[1], palette[1], palette[0]]
        );
    }

    #[test]
    fn a_picture_of_several_chunks_reads_back_exactly() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png");
        let value = |at: u32, by: u32| u16::try_from(at.wrapping_mul(by) >> 16).unwrap();
        let pixels = (0..301 * 199u32)
            .map(|at| [value(at, 2_654_435_761), value(at, 97), 0])
            .collect();
        let shown = DisplayImage {
            size: PixelSize::new(301, 199),
            pixels,
        };
        write_png16(&path, &shown).unwrap();
        assert_eq!(read_png(&path).unwrap(), shown);
        write_png8(&path, shown.size, &shown.to_8_bits()).unwrap();
        assert_eq!(read_png(&path).unwrap().to_8_bits(), shown.to_8_bits());
    }

    #[test]
    fn a_short_buffer_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            write_png8(
                &folder.path().join("a.png"),
                PixelSize::new(2, 2),
                &[[0; 3]; 3]
            )
            .is_err()
        );
    }
}
