//! Reads numbers from buffers of a model. Every read is bounds-checked.
//!
//! The readers of the `gltf` crate panic on component types that the format forbids. These return a
//! [`GltfFault`], so a damaged model is an error of the document.

use super::container::GltfContainer;
use super::error::{GltfFault, check_limit, check_memory, fail_malformed};
use gltf::accessor::sparse::IndexType;
use gltf::accessor::{Accessor, DataType, Dimensions};

/// The most elements of one accessor.
// A sparse accessor needs no bytes for its elements, so the file's size bounds nothing. This does.
const MAX_ELEMENTS: usize = 30_000_000;

/// The bytes of an accessor, with the layout of its elements.
struct AccessorSlice<'a> {
    bytes: &'a [u8],
    offset: usize,
    stride: usize,
    kind: DataType,
    width: usize,
}

impl AccessorSlice<'_> {
    fn component_bytes(&self, element: usize, component: usize) -> Result<&[u8], GltfFault> {
        let size = component_size(self.kind);
        // Every number comes from the file, so every step of the sum may overflow.
        let start = element
            .checked_mul(self.stride)
            .and_then(|offset| offset.checked_add(self.offset))
            .and_then(|offset| offset.checked_add(component * size));
        let slice = start.and_then(|start| self.bytes.get(start..start.checked_add(size)?));
        slice.ok_or_else(|| {
            GltfFault::Malformed("an accessor reads beyond its buffer view".to_owned())
        })
    }

    fn element_values(
        &self,
        element: usize,
        convert: fn(DataType, &[u8]) -> f64,
    ) -> Result<Vec<f64>, GltfFault> {
        (0..self.width)
            .map(|component| {
                Ok(convert(
                    self.kind,
                    self.component_bytes(element, component)?,
                ))
            })
            .collect()
    }
}

impl GltfContainer {
    /// Returns the elements as floats. Normalised integers become 0..1, or -1..1 if signed.
    pub(super) fn read_floats<const N: usize>(
        &self,
        accessor: &Accessor<'_>,
    ) -> Result<Vec<[f32; N]>, GltfFault> {
        let convert = if accessor.normalized() {
            normalised_value
        } else {
            component_value
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "vertex data is single precision"
        )]
        self.read_elements(accessor, convert, |value| value as f32)
    }

    /// Returns the elements as whole numbers.
    pub(super) fn read_integers<const N: usize>(
        &self,
        accessor: &Accessor<'_>,
    ) -> Result<Vec<[u32; N]>, GltfFault> {
        // Rounding float indices would draw wrong triangles without an error.
        if accessor.data_type() == DataType::F32 {
            return fail_malformed(format!(
                "accessor {} must hold whole numbers",
                accessor.index()
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates"
        )]
        self.read_elements(accessor, component_value, |value| value as u32)
    }

    fn read_elements<T: Copy + Default, const N: usize>(
        &self,
        accessor: &Accessor<'_>,
        convert: fn(DataType, &[u8]) -> f64,
        narrow: fn(f64) -> T,
    ) -> Result<Vec<[T; N]>, GltfFault> {
        let width = component_count(accessor.dimensions());
        if width != N {
            return fail_malformed(format!(
                "accessor {} has {width} components, not {N}",
                accessor.index()
            ));
        }
        check_limit("elements in one accessor", accessor.count(), MAX_ELEMENTS)?;
        let bytes = accessor.count().saturating_mul(size_of::<[T; N]>());
        check_memory(format!("accessor {}", accessor.index()), bytes as u64)?;
        let mut out = self.dense_elements(accessor, convert, narrow)?;
        // A sparse accessor is a dense one with some elements replaced.
        for (index, row) in self.sparse_elements(accessor, convert)? {
            let Some(slot) = out.get_mut(index) else {
                return fail_malformed("a sparse accessor points past its end");
            };
            *slot = std::array::from_fn(|component| narrow(row[component]));
        }
        Ok(out)
    }

    fn dense_elements<T: Copy + Default, const N: usize>(
        &self,
        accessor: &Accessor<'_>,
        convert: fn(DataType, &[u8]) -> f64,
        narrow: fn(f64) -> T,
    ) -> Result<Vec<[T; N]>, GltfFault> {
        let Some(view) = accessor.view() else {
            // Without a buffer view all elements are zero (glTF 2.0, 3.6.2.3).
            return Ok(vec![[T::default(); N]; accessor.count()]);
        };
        let packed = component_size(accessor.data_type()) * N;
        let slice = AccessorSlice {
            bytes: self.view_bytes(view.index())?,
            offset: accessor.offset(),
            stride: view.stride().unwrap_or(packed),
            kind: accessor.data_type(),
            width: N,
        };
        // The last element is read first, so that a forged count fails before the allocation.
        slice.component_bytes(accessor.count().saturating_sub(1), N - 1)?;
        let mut out = Vec::with_capacity(accessor.count());
        for element in 0..accessor.count() {
            let mut row = [T::default(); N];
            for (component, value) in row.iter_mut().enumerate() {
                *value = narrow(convert(
                    slice.kind,
                    slice.component_bytes(element, component)?,
                ));
            }
            out.push(row);
        }
        Ok(out)
    }

    /// Returns the elements that a sparse accessor replaces, each with its index.
    fn sparse_elements(
        &self,
        accessor: &Accessor<'_>,
        convert: fn(DataType, &[u8]) -> f64,
    ) -> Result<Vec<(usize, Vec<f64>)>, GltfFault> {
        let Some(sparse) = accessor.sparse() else {
            return Ok(Vec::new());
        };
        // More replacements than elements cannot be valid, and would only take time.
        check_limit("elements in one accessor", sparse.count(), accessor.count())?;
        let index_kind = match sparse.indices().index_type() {
            IndexType::U8 => DataType::U8,
            IndexType::U16 => DataType::U16,
            IndexType::U32 => DataType::U32,
        };
        let indices = sparse.indices();
        let values = sparse.values();
        let index_slice =
            self.accessor_slice(indices.view().index(), indices.offset(), index_kind, 1)?;
        let value_slice = self.accessor_slice(
            values.view().index(),
            values.offset(),
            accessor.data_type(),
            component_count(accessor.dimensions()),
        )?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "read from at most 32 bits"
        )]
        (0..sparse.count())
            .map(|i| {
                Ok((
                    index_slice.element_values(i, component_value)?[0] as usize,
                    value_slice.element_values(i, convert)?,
                ))
            })
            .collect()
    }

    fn accessor_slice(
        &self,
        view: usize,
        offset: usize,
        kind: DataType,
        width: usize,
    ) -> Result<AccessorSlice<'_>, GltfFault> {
        Ok(AccessorSlice {
            bytes: self.view_bytes(view)?,
            offset,
            stride: component_size(kind) * width,
            kind,
            width,
        })
    }
}

const fn component_size(kind: DataType) -> usize {
    match kind {
        DataType::I8 | DataType::U8 => 1,
        DataType::I16 | DataType::U16 => 2,
        DataType::U32 | DataType::F32 => 4,
    }
}

const fn component_count(dimensions: Dimensions) -> usize {
    match dimensions {
        Dimensions::Scalar => 1,
        Dimensions::Vec2 => 2,
        Dimensions::Vec3 => 3,
        Dimensions::Vec4 | Dimensions::Mat2 => 4,
        Dimensions::Mat3 => 9,
        Dimensions::Mat4 => 16,
    }
}

/// Returns the little-endian number in `raw`. A length that does not fit `kind` gives 0.
fn component_value(kind: DataType, raw: &[u8]) -> f64 {
    match (kind, raw) {
        // `f64` holds every component exactly, `u32` included.
        (DataType::I8, [a]) => f64::from(i8::from_le_bytes([*a])),
        (DataType::U8, [a]) => f64::from(*a),
        (DataType::I16, [a, b]) => f64::from(i16::from_le_bytes([*a, *b])),
        (DataType::U16, [a, b]) => f64::from(u16::from_le_bytes([*a, *b])),
        (DataType::U32, [a, b, c, d]) => f64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        (DataType::F32, [a, b, c, d]) => f64::from(f32::from_le_bytes([*a, *b, *c, *d])),
        _ => 0.0,
    }
}

/// Maps normalised integers as in glTF 2.0, section 3.11.
fn normalised_value(kind: DataType, raw: &[u8]) -> f64 {
    let value = component_value(kind, raw);
    match kind {
        // -128 and -127 are both -1, so that zero is exact.
        DataType::I8 => (value / 127.0).max(-1.0),
        DataType::U8 => value / 255.0,
        DataType::I16 => (value / 32767.0).max(-1.0),
        DataType::U16 => value / 65535.0,
        DataType::U32 | DataType::F32 => value,
    }
}
