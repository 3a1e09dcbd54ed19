//! STL: triangles and nothing else.

use super::ForeignModel;
use super::glb_writer::{GlbWriter, WrittenPart};
use crate::media::gltf::{GltfFault, read_model_file};
use serde_json::json;
use std::io::Cursor;
use std::path::Path;

/// Bytes before the triangles of a binary file, and of one triangle.
const HEADER_BYTES: usize = 84;
const TRIANGLE_BYTES: usize = 50;

/// Reads a binary file or one of text.
pub(super) fn read_stl(path: &Path) -> Result<ForeignModel, GltfFault> {
    let bytes = read_model_file(path)?;
    let part = read_triangles(&bytes)?;
    let mut writer = GlbWriter::default();
    let material = writer.add_material(json!({
        "name": "plain",
        "doubleSided": true,
        "pbrMetallicRoughness": {
            "baseColorFactor": [0.6, 0.6, 0.6, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.6
        },
    }));
    let part = WrittenPart {
        material: Some(material),
        ..part
    };
    writer.add_mesh("stl", &[part]);
    Ok(ForeignModel {
        glb: writer.finish()?,
        warnings: Vec::new(),
    })
}

fn read_triangles(bytes: &[u8]) -> Result<WrittenPart, GltfFault> {
    // Many binary files begin with `solid`, which should begin those of text alone. Their length
    // tells.
    let is_binary = binary_count(bytes)
        .is_some_and(|count| bytes.len() == HEADER_BYTES + count * TRIANGLE_BYTES);
    let marked = bytes.strip_prefix(b"solid").filter(|_| is_binary);
    let plain = marked.map(|rest| [b"SOLID", rest].concat());
    let mut reader = Cursor::new(plain.as_deref().unwrap_or(bytes));
    let mesh = stl_io::read_stl(&mut reader)
        .map_err(|error| GltfFault::Malformed(format!("not a valid STL file: {error}")))?;
    let corners = mesh.faces.iter().flat_map(|face| face.vertices);
    Ok(WrittenPart {
        positions: mesh.vertices.iter().map(|vertex| vertex.0).collect(),
        indices: corners
            .map(|corner| u32::try_from(corner).unwrap_or(u32::MAX))
            .collect(),
        ..WrittenPart::default()
    })
}

/// Returns how many triangles a binary file says that it has. `None`: it is too short for one.
fn binary_count(bytes: &[u8]) -> Option<usize> {
    let count = bytes.get(HEADER_BYTES - 4..HEADER_BYTES)?;
    usize::try_from(u32::from_le_bytes(count.try_into().ok()?)).ok()
}
