//! PLY: vertices with colours and normals, and polygons of them.

use super::ForeignModel;
use super::glb_writer::{GlbWriter, WrittenPart};
use crate::media::gltf::{GltfFault, read_model_file};
use crate::media::tone::srgb_to_linear;
use ply_rs_bw::parser::{Parser, Reader};
use ply_rs_bw::ply::{Encoding, Property, PropertyAccess, PropertyAccessResult};
use serde_json::json;
use std::io::Cursor;
use std::path::Path;

/// One vertex or one polygon.
#[derive(Debug, Default)]
struct PlyElement {
    position: [f32; 3],
    normal: Option<[f32; 3]>,
    uv: Option<[f32; 2]>,
    /// As stored, 0 to 1.
    colour: Option<[f32; 4]>,
    corners: Vec<u32>,
}

impl PropertyAccess for PlyElement {
    fn new() -> Self {
        Self::default()
    }

    fn set_property(&mut self, name: &str, property: Property) -> PropertyAccessResult {
        if matches!(name, "vertex_indices" | "vertex_index") {
            let Some(corners) = property.to_u32_list() else {
                return PropertyAccessResult::UnsupportedType;
            };
            self.corners = corners;
            return PropertyAccessResult::Set;
        }
        let Some(value) = property.to_f32_lossy() else {
            return PropertyAccessResult::Ignored;
        };
        // Whole numbers are bytes of a colour.
        let share = match property {
            Property::Float(_) | Property::Double(_) => value,
            Property::UShort(_) => value / 65535.0,
            _ => value / 255.0,
        };
        match name {
            "x" => self.position[0] = value,
            "y" => self.position[1] = value,
            "z" => self.position[2] = value,
            "nx" => self.normal.get_or_insert_default()[0] = value,
            "ny" => self.normal.get_or_insert_default()[1] = value,
            "nz" => self.normal.get_or_insert_default()[2] = value,
            "s" | "u" | "texture_u" => self.uv.get_or_insert_default()[0] = value,
            // Pictures begin at the top in glTF, and at the bottom here.
            "t" | "v" | "texture_v" => self.uv.get_or_insert_default()[1] = 1.0 - value,
            "red" | "diffuse_red" => self.colour.get_or_insert([1.0; 4])[0] = share,
            "green" | "diffuse_green" => self.colour.get_or_insert([1.0; 4])[1] = share,
            "blue" | "diffuse_blue" => self.colour.get_or_insert([1.0; 4])[2] = share,
            "alpha" => self.colour.get_or_insert([1.0; 4])[3] = share,
            _ => return PropertyAccessResult::Ignored,
        }
        PropertyAccessResult::Set
    }
}

/// Reads a file of text or of bytes in either order.
pub(super) fn read_ply(path: &Path) -> Result<ForeignModel, GltfFault> {
    let bytes = read_model_file(path)?;
    let mut warnings = Vec::new();
    let part = read_part(&bytes, &mut warnings)?;
    let mut writer = GlbWriter::default();
    let grey = if part.colours.is_empty() { 0.6 } else { 1.0 };
    let material = writer.add_material(json!({
        "name": "plain",
        "doubleSided": true,
        "pbrMetallicRoughness": {
            "baseColorFactor": [grey, grey, grey, 1.0], "metallicFactor": 0.0, "roughnessFactor": 0.7
        },
    }));
    let part = WrittenPart {
        material: Some(material),
        ..part
    };
    writer.add_mesh("ply", &[part]);
    Ok(ForeignModel {
        glb: writer.finish()?,
        warnings,
    })
}

fn invalid_ply(error: &dyn std::fmt::Display) -> GltfFault {
    // The crate's words may have several lines.
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    GltfFault::Malformed(format!("not a valid PLY file: {line}"))
}

fn read_part(bytes: &[u8], warnings: &mut Vec<String>) -> Result<WrittenPart, GltfFault> {
    let parser = Parser::<PlyElement>::new();
    let mut reader = Reader::new(Cursor::new(bytes));
    let header = parser
        .read_header(&mut reader)
        .map_err(|error| invalid_ply(&error))?;
    let mut vertices = Vec::new();
    let mut faces = Vec::new();
    for element in header.elements.values() {
        // Elements without properties take no bytes, so the length of the file bounds nothing.
        if element.properties.is_empty() && header.encoding != Encoding::Ascii {
            continue;
        }
        let read = parser.read_payload_for_element(&mut reader, element, &header);
        let read = read.map_err(|error| invalid_ply(&error))?;
        match element.name.as_str() {
            "vertex" => vertices = read,
            "face" => faces = read,
            "tristrips" => {
                warnings.push("strips of triangles in a PLY file are not drawn".to_owned());
            }
            _ => {}
        }
    }
    if faces.is_empty() && !vertices.is_empty() {
        warnings.push("points and lines are not drawn".to_owned());
    }
    part_of(&vertices, &faces)
}

fn part_of(vertices: &[PlyElement], faces: &[PlyElement]) -> Result<WrittenPart, GltfFault> {
    let mut part = WrittenPart {
        positions: vertices.iter().map(|vertex| vertex.position).collect(),
        // A list that some vertices lack is none.
        normals: vertices.iter().filter_map(|vertex| vertex.normal).collect(),
        uvs: vertices.iter().filter_map(|vertex| vertex.uv).collect(),
        colours: vertices
            .iter()
            .filter_map(|vertex| vertex.colour)
            .map(|[r, g, b, a]| [srgb_to_linear(r), srgb_to_linear(g), srgb_to_linear(b), a])
            .collect(),
        ..WrittenPart::default()
    };
    for face in faces {
        if let Some(corner) = face
            .corners
            .iter()
            .find(|corner| **corner as usize >= vertices.len())
        {
            let count = vertices.len();
            return Err(invalid_ply(&format!(
                "a polygon has vertex {corner} of {count}"
            )));
        }
        // A fan, as every program draws convex polygons.
        for pair in face.corners.windows(2).skip(1) {
            part.indices.extend([face.corners[0], pair[0], pair[1]]);
        }
    }
    Ok(part)
}
