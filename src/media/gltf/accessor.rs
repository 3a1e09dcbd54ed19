//! Numbers out of buffers: every read is bounds-checked, whatever the file claims.
//!
//! The `gltf` crate's own readers panic on component types that the format forbids; these return a [`Fault`].

use super::container::Container;
use super::error::{Fault, limit, malformed};
use gltf::accessor::sparse::IndexType;
use gltf::accessor::{Accessor, DataType, Dimensions};

/// The most elements one accessor may have.
const MOST_ELEMENTS: usize = 30_000_000;

/// Where the elements of an accessor lie.
struct Strip<'a> {
    bytes: &'a [u8],
    offset: usize,
    stride: usize,
    kind: DataType,
    width: usize,
}

impl Strip<'_> {
    fn raw(&self, element: usize, component: usize) -> Result<&[u8], Fault> {
        let size = size_of_type(self.kind);
        let start = element
            .checked_mul(self.stride)
            .and_then(|at| at.checked_add(self.offset))
            .and_then(|at| at.checked_add(component * size));
        let slice = start.and_then(|start| self.bytes.get(start..start.checked_add(size)?));
        slice.ok_or_else(|| Fault::Malformed("an accessor reads beyond its buffer view".to_owned()))
    }

    fn row(&self, element: usize, convert: fn(DataType, &[u8]) -> f64) -> Result<Vec<f64>, Fault> {
        (0..self.width)
            .map(|component| Ok(convert(self.kind, self.raw(element, component)?)))
            .collect()
    }
}

impl Container {
    /// Returns the accessor's elements as floats, normalised integers mapped to -1..1 or 0..1.
    pub(super) fn floats<const N: usize>(
        &self,
        accessor: &Accessor<'_>,
    ) -> Result<Vec<[f32; N]>, Fault> {
        let convert = if accessor.normalized() {
            normalised
        } else {
            plain
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "vertex data is single precision"
        )]
        self.elements(accessor, convert, |value| value as f32)
    }

    /// Returns the accessor's elements as whole numbers.
    pub(super) fn integers<const N: usize>(
        &self,
        accessor: &Accessor<'_>,
    ) -> Result<Vec<[u32; N]>, Fault> {
        if accessor.data_type() == DataType::F32 {
            return malformed(format!(
                "accessor {} must hold whole numbers",
                accessor.index()
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates"
        )]
        self.elements(accessor, plain, |value| value as u32)
    }

    fn elements<T: Copy + Default, const N: usize>(
        &self,
        accessor: &Accessor<'_>,
        convert: fn(DataType, &[u8]) -> f64,
        narrow: fn(f64) -> T,
    ) -> Result<Vec<[T; N]>, Fault> {
        let width = width_of(accessor.dimensions());
        if width != N {
            return malformed(format!(
                "accessor {} has {width} components, not {N}",
                accessor.index()
            ));
        }
        limit("elements in one accessor", accessor.count(), MOST_ELEMENTS)?;
        let mut out = self.dense(accessor, convert, narrow)?;
        for (at, row) in self.overrides(accessor, convert)? {
            let Some(slot) = out.get_mut(at) else {
                return malformed("a sparse accessor points past its end");
            };
            *slot = std::array::from_fn(|component| narrow(row[component]));
        }
        Ok(out)
    }

    fn dense<T: Copy + Default, const N: usize>(
        &self,
        accessor: &Accessor<'_>,
        convert: fn(DataType, &[u8]) -> f64,
        narrow: fn(f64) -> T,
    ) -> Result<Vec<[T; N]>, Fault> {
        let Some(view) = accessor.view() else {
            return Ok(vec![[T::default(); N]; accessor.count()]);
        };
        let packed = size_of_type(accessor.data_type()) * N;
        let strip = Strip {
            bytes: self.view(view.index())?,
            offset: accessor.offset(),
            stride: view.stride().unwrap_or(packed),
            kind: accessor.data_type(),
            width: N,
        };
        // The last element is read first, so that a lying count fails before anything is allocated.
        strip.raw(accessor.count().saturating_sub(1), N - 1)?;
        let mut out = Vec::with_capacity(accessor.count());
        for element in 0..accessor.count() {
            let mut row = [T::default(); N];
            for (component, value) in row.iter_mut().enumerate() {
                *value = narrow(convert(strip.kind, strip.raw(element, component)?));
            }
            out.push(row);
        }
        Ok(out)
    }

    /// Returns the elements a sparse accessor replaces.
    fn overrides(
        &self,
        accessor: &Accessor<'_>,
        convert: fn(DataType, &[u8]) -> f64,
    ) -> Result<Vec<(usize, Vec<f64>)>, Fault> {
        let Some(sparse) = accessor.sparse() else {
            return Ok(Vec::new());
        };
        limit("elements in one accessor", sparse.count(), accessor.count())?;
        let index_kind = match sparse.indices().index_type() {
            IndexType::U8 => DataType::U8,
            IndexType::U16 => DataType::U16,
            IndexType::U32 => DataType::U32,
        };
        let (indices, values) = (sparse.indices(), sparse.values());
        let at = self.strip(indices.view().index(), indices.offset(), index_kind, 1)?;
        let of = self.strip(
            values.view().index(),
            values.offset(),
            accessor.data_type(),
            width_of(accessor.dimensions()),
        )?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "read from at most 32 bits"
        )]
        (0..sparse.count())
            .map(|i| Ok((at.row(i, plain)?[0] as usize, of.row(i, convert)?)))
            .collect()
    }

    fn strip(
        &self,
        view: usize,
        offset: usize,
        kind: DataType,
        width: usize,
    ) -> Result<Strip<'_>, Fault> {
        Ok(Strip {
            bytes: self.view(view)?,
            offset,
            stride: size_of_type(kind) * width,
            kind,
            width,
        })
    }
}

const fn size_of_type(kind: DataType) -> usize {
    match kind {
        DataType::I8 | DataType::U8 => 1,
        DataType::I16 | DataType::U16 => 2,
        DataType::U32 | DataType::F32 => 4,
    }
}

const fn width_of(dimensions: Dimensions) -> usize {
    match dimensions {
        Dimensions::Scalar => 1,
        Dimensions::Vec2 => 2,
        Dimensions::Vec3 => 3,
        Dimensions::Vec4 | Dimensions::Mat2 => 4,
        Dimensions::Mat3 => 9,
        Dimensions::Mat4 => 16,
    }
}

/// Returns the number in `raw`, which has the size of `kind`; anything else reads as 0.
fn plain(kind: DataType, raw: &[u8]) -> f64 {
    match (kind, raw) {
        (DataType::I8, [a]) => f64::from(i8::from_le_bytes([*a])),
        (DataType::U8, [a]) => f64::from(*a),
        (DataType::I16, [a, b]) => f64::from(i16::from_le_bytes([*a, *b])),
        (DataType::U16, [a, b]) => f64::from(u16::from_le_bytes([*a, *b])),
        (DataType::U32, [a, b, c, d]) => f64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        (DataType::F32, [a, b, c, d]) => f64::from(f32::from_le_bytes([*a, *b, *c, *d])),
        _ => 0.0,
    }
}

/// The mapping of glTF 2.0 section 3.11 for normalised integers.
fn normalised(kind: DataType, raw: &[u8]) -> f64 {
    let value = plain(kind, raw);
    match kind {
        DataType::I8 => (value / 127.0).max(-1.0),
        DataType::U8 => value / 255.0,
        DataType::I16 => (value / 32767.0).max(-1.0),
        DataType::U16 => value / 65535.0,
        DataType::U32 | DataType::F32 => value,
    }
}
