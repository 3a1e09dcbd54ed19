//! Reads numbers from buffers of a model. Every read is bounds-checked.
//!
//! A damaged model is an error of the document and never a panic.

use super::container::GltfContainer;
use super::error::{GltfFault, check_limit, check_memory, fail_malformed};
use super::gltf_document::AccessorRecord;
use std::sync::atomic::Ordering;

/// The most elements of one accessor, and of all of a file that no bytes stand for.
// A sparse accessor needs no bytes for its elements, so the file's size bounds nothing. This does.
const MAX_ELEMENTS: usize = 30_000_000;

/// The type of one number in a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ComponentType {
    I8,
    U8,
    I16,
    U16,
    U32,
    F32,
}

impl ComponentType {
    /// Returns the type of a number of OpenGL. `None`: glTF has no such type.
    const fn from_gl(number: u32) -> Option<Self> {
        Some(match number {
            5120 => Self::I8,
            5121 => Self::U8,
            5122 => Self::I16,
            5123 => Self::U16,
            5125 => Self::U32,
            5126 => Self::F32,
            _ => return None,
        })
    }
}

/// An accessor whose type is known.
struct TypedAccessor<'a> {
    index: usize,
    record: &'a AccessorRecord,
    /// How many of its elements are read.
    count: usize,
    kind: ComponentType,
    width: usize,
}

/// The bytes of an accessor, with the layout of its elements.
struct AccessorSlice<'a> {
    bytes: &'a [u8],
    offset: usize,
    stride: usize,
    kind: ComponentType,
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
        convert: fn(ComponentType, &[u8]) -> f64,
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
        accessor: usize,
    ) -> Result<Vec<[f32; N]>, GltfFault> {
        self.read_first_floats(accessor, usize::MAX)
    }

    /// Returns the first elements, at most so many, as floats.
    pub(super) fn read_first_floats<const N: usize>(
        &self,
        accessor: usize,
        most: usize,
    ) -> Result<Vec<[f32; N]>, GltfFault> {
        let mut accessor = self.typed_accessor(accessor)?;
        accessor.count = accessor.count.min(most);
        let convert = if accessor.record.normalized {
            normalised_value
        } else {
            component_value
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "vertex data is single precision"
        )]
        self.read_elements(&accessor, convert, |value| value as f32)
    }

    /// Returns the elements as whole numbers.
    pub(super) fn read_integers<const N: usize>(
        &self,
        accessor: usize,
    ) -> Result<Vec<[u32; N]>, GltfFault> {
        let accessor = self.typed_accessor(accessor)?;
        // Rounding float indices would draw wrong triangles without an error.
        if accessor.kind == ComponentType::F32 {
            return fail_malformed(format!(
                "accessor {} must hold whole numbers",
                accessor.index
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "`as` saturates"
        )]
        self.read_elements(&accessor, component_value, |value| value as u32)
    }

    /// Returns the number of components of each element.
    pub(super) fn component_count(&self, accessor: usize) -> Result<usize, GltfFault> {
        self.typed_accessor(accessor).map(|accessor| accessor.width)
    }

    fn typed_accessor(&self, index: usize) -> Result<TypedAccessor<'_>, GltfFault> {
        let Some(record) = self.document.accessors.get(index) else {
            return fail_malformed(format!("accessor {index} is not there"));
        };
        let Some(kind) = ComponentType::from_gl(record.component_type) else {
            return fail_malformed(format!(
                "accessor {index} has the component type {}, which glTF does not have",
                record.component_type
            ));
        };
        let Some(width) = component_count(&record.shape) else {
            return fail_malformed(format!(
                "accessor {index} has the type `{}`, which glTF does not have",
                record.shape
            ));
        };
        Ok(TypedAccessor {
            index,
            record,
            count: record.count,
            kind,
            width,
        })
    }

    fn read_elements<T: Copy + Default, const N: usize>(
        &self,
        accessor: &TypedAccessor<'_>,
        convert: fn(ComponentType, &[u8]) -> f64,
        narrow: fn(f64) -> T,
    ) -> Result<Vec<[T; N]>, GltfFault> {
        let TypedAccessor {
            index,
            count,
            width,
            ..
        } = accessor;
        if *width != N {
            return fail_malformed(format!("accessor {index} has {width} components, not {N}"));
        }
        check_limit("elements in one accessor", *count, MAX_ELEMENTS)?;
        self.budget.spend(*count, N)?;
        let bytes = count.saturating_mul(size_of::<[T; N]>());
        check_memory(format!("accessor {index}"), bytes as u64)?;
        let mut out = self.dense_elements(accessor, convert, narrow)?;
        // A sparse accessor is a dense one with some elements replaced.
        for (element, row) in self.sparse_elements(accessor, convert)? {
            if element >= accessor.record.count {
                return fail_malformed("a sparse accessor points past its end");
            }
            // Of an accessor whose first elements alone are read, the others change nothing.
            let Some(slot) = out.get_mut(element) else {
                continue;
            };
            *slot = std::array::from_fn(|component| narrow(row[component]));
        }
        Ok(out)
    }

    fn dense_elements<T: Copy + Default, const N: usize>(
        &self,
        accessor: &TypedAccessor<'_>,
        convert: fn(ComponentType, &[u8]) -> f64,
        narrow: fn(f64) -> T,
    ) -> Result<Vec<[T; N]>, GltfFault> {
        let TypedAccessor {
            record,
            count,
            kind,
            ..
        } = accessor;
        let count = *count;
        let Some(view) = record.buffer_view else {
            // Without a buffer view all elements are zero (glTF 2.0, 3.6.2.3). A few bytes can ask for
            // them again and again, so they are counted over the whole file.
            let before = self.zero_elements.fetch_add(count, Ordering::Relaxed);
            let total = before.saturating_add(count);
            check_limit("elements without bytes", total, MAX_ELEMENTS)?;
            return Ok(vec![[T::default(); N]; count]);
        };
        let packed = component_size(*kind) * N;
        let stride = self.document.buffer_views.get(view);
        let slice = AccessorSlice {
            bytes: self.view_bytes(view)?,
            offset: record.byte_offset,
            // Some writers say 0 for elements without gaps, as glTF 1.0 did.
            stride: stride
                .and_then(|view| view.byte_stride)
                .filter(|stride| *stride > 0)
                .unwrap_or(packed),
            kind: *kind,
            width: N,
        };
        if count == 0 {
            return Ok(Vec::new());
        }
        // The last element is read first, so that a forged count fails before the allocation.
        slice.component_bytes(count - 1, N - 1)?;
        let mut out = Vec::with_capacity(count);
        for element in 0..count {
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
        accessor: &TypedAccessor<'_>,
        convert: fn(ComponentType, &[u8]) -> f64,
    ) -> Result<Vec<(usize, Vec<f64>)>, GltfFault> {
        let Some(sparse) = &accessor.record.sparse else {
            return Ok(Vec::new());
        };
        // More replacements than elements cannot be valid, and would only take time.
        let most = accessor.record.count;
        check_limit("elements in one accessor", sparse.count, most)?;
        self.budget.spend(sparse.count, accessor.width + 1)?;
        let index_kind = ComponentType::from_gl(sparse.indices.component_type);
        let Some(index_kind @ (ComponentType::U8 | ComponentType::U16 | ComponentType::U32)) =
            index_kind
        else {
            return fail_malformed(format!(
                "the sparse indices of accessor {} are no whole numbers",
                accessor.index
            ));
        };
        let indices = &sparse.indices;
        let values = &sparse.values;
        let index_slice =
            self.packed_slice(indices.buffer_view, indices.byte_offset, index_kind, 1)?;
        let value_slice = self.packed_slice(
            values.buffer_view,
            values.byte_offset,
            accessor.kind,
            accessor.width,
        )?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "read from at most 32 bits"
        )]
        (0..sparse.count)
            .map(|i| {
                Ok((
                    index_slice.element_values(i, component_value)?[0] as usize,
                    value_slice.element_values(i, convert)?,
                ))
            })
            .collect()
    }

    fn packed_slice(
        &self,
        view: usize,
        offset: usize,
        kind: ComponentType,
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

const fn component_size(kind: ComponentType) -> usize {
    match kind {
        ComponentType::I8 | ComponentType::U8 => 1,
        ComponentType::I16 | ComponentType::U16 => 2,
        ComponentType::U32 | ComponentType::F32 => 4,
    }
}

/// Returns the components of a type such as `VEC3`. `None`: glTF has no such type.
fn component_count(shape: &str) -> Option<usize> {
    Some(match shape {
        "SCALAR" => 1,
        "VEC2" => 2,
        "VEC3" => 3,
        "VEC4" | "MAT2" => 4,
        "MAT3" => 9,
        "MAT4" => 16,
        _ => return None,
    })
}

/// Returns the little-endian number in `raw`. A length that does not fit `kind` gives 0.
fn component_value(kind: ComponentType, raw: &[u8]) -> f64 {
    match (kind, raw) {
        // `f64` holds every component exactly, `u32` included.
        (ComponentType::I8, [a]) => f64::from(i8::from_le_bytes([*a])),
        (ComponentType::U8, [a]) => f64::from(*a),
        (ComponentType::I16, [a, b]) => f64::from(i16::from_le_bytes([*a, *b])),
        (ComponentType::U16, [a, b]) => f64::from(u16::from_le_bytes([*a, *b])),
        (ComponentType::U32, [a, b, c, d]) => f64::from(u32::from_le_bytes([*a, *b, *c, *d])),
        (ComponentType::F32, [a, b, c, d]) => f64::from(f32::from_le_bytes([*a, *b, *c, *d])),
        _ => 0.0,
    }
}

/// Maps normalised integers as in glTF 2.0, section 3.11.
fn normalised_value(kind: ComponentType, raw: &[u8]) -> f64 {
    let value = component_value(kind, raw);
    match kind {
        // -128 and -127 are both -1, so that zero is exact.
        ComponentType::I8 => (value / 127.0).max(-1.0),
        ComponentType::U8 => value / 255.0,
        ComponentType::I16 => (value / 32767.0).max(-1.0),
        ComponentType::U16 => value / 65535.0,
        ComponentType::U32 | ComponentType::F32 => value,
    }
}
