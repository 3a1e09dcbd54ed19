//! A model that shows a picture: an upright card, such as for a logo.

use super::glb_file::glb_bytes;
use crate::media::image_types::PictureError;
use crate::media::image_types::PictureKind;
use crate::media::picture::{check_picture, picture_header};
use serde_json::{Value, json};
use std::path::Path;

/// The height of a card in metres.
const CARD_HEIGHT: f32 = 0.4;
/// The widest card in metres: a wide logo is as wide as this, and less high.
const MOST_WIDTH: f32 = 0.8;

/// Returns a binary glTF model of a card that shows a PNG or JPEG picture towards +Z, without light
/// and with its transparency. Its origin is at the middle of its lower edge, in metres.
///
/// # Errors
/// Fails on a file that is no whole PNG or JPEG.
pub fn picture_card(path: &Path) -> Result<Vec<u8>, PictureError> {
    let (kind, size) = picture_header(path)?;
    let mime_type = match kind {
        PictureKind::Png => "image/png",
        PictureKind::Jpeg => "image/jpeg",
        _ => {
            return Err(PictureError::decode_failed(
                path,
                "a logo is a PNG or a JPEG",
            ));
        }
    };
    check_picture(path)?;
    let picture = std::fs::read(path).map_err(|error| PictureError::read_failed(path, error))?;
    #[expect(clippy::cast_possible_truncation, reason = "a shape needs few digits")]
    let aspect = size.aspect_ratio() as f32;
    let height = CARD_HEIGHT.min(MOST_WIDTH / aspect);
    Ok(glb_bytes(
        &card_json(mime_type, picture.len(), height * aspect, height),
        &card_binary(height * aspect, height, &picture),
    ))
}

/// Bytes of positions, normals, texture coordinates and indices of one rectangle.
const VERTEX_BYTES: usize = 4 * 12 + 4 * 12 + 4 * 8 + 6 * 2;

fn card_binary(width: f32, height: f32, picture: &[u8]) -> Vec<u8> {
    let half = width / 2.0;
    let corners = [[-half, 0.0], [half, 0.0], [half, height], [-half, height]];
    let mut bytes = Vec::with_capacity(VERTEX_BYTES + picture.len());
    let mut push = |numbers: &[f32]| {
        for number in numbers {
            bytes.extend_from_slice(&number.to_le_bytes());
        }
    };
    corners.iter().for_each(|[x, y]| push(&[*x, *y, 0.0]));
    (0..4).for_each(|_| push(&[0.0, 0.0, 1.0]));
    // Pictures begin at the top, so the lower corners are at 1.
    [[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]]
        .iter()
        .for_each(|uv| push(uv));
    for index in [0_u16, 1, 2, 0, 2, 3] {
        bytes.extend_from_slice(&index.to_le_bytes());
    }
    bytes.extend_from_slice(picture);
    bytes
}

fn card_json(mime_type: &str, picture_bytes: usize, width: f32, height: f32) -> Value {
    let half = width / 2.0;
    json!({
        "asset": { "version": "2.0", "generator": "production" },
        "extensionsUsed": ["KHR_materials_unlit"],
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "name": "card", "mesh": 0 }],
        "meshes": [{ "primitives": [{
            "attributes": { "POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2 },
            "indices": 3,
            "material": 0,
        }] }],
        "materials": [{
            "name": "picture",
            "doubleSided": true,
            "alphaMode": "BLEND",
            "pbrMetallicRoughness": {
                "baseColorTexture": { "index": 0 },
                "metallicFactor": 0.0,
                "roughnessFactor": 0.6,
            },
            "extensions": { "KHR_materials_unlit": {} },
        }],
        "textures": [{ "source": 0, "sampler": 0 }],
        // Clamped: a picture that repeats would show its other edge beside each edge.
        "samplers": [{ "wrapS": 33071, "wrapT": 33071 }],
        "images": [{ "bufferView": 4, "mimeType": mime_type }],
        "accessors": [
            { "bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3",
              "min": [-half, 0.0, 0.0], "max": [half, height, 0.0] },
            { "bufferView": 1, "componentType": 5126, "count": 4, "type": "VEC3" },
            { "bufferView": 2, "componentType": 5126, "count": 4, "type": "VEC2" },
            { "bufferView": 3, "componentType": 5123, "count": 6, "type": "SCALAR" },
        ],
        "bufferViews": [
            { "buffer": 0, "byteOffset": 0, "byteLength": 48 },
            { "buffer": 0, "byteOffset": 48, "byteLength": 48 },
            { "buffer": 0, "byteOffset": 96, "byteLength": 32 },
            { "buffer": 0, "byteOffset": 128, "byteLength": 12 },
            { "buffer": 0, "byteOffset": VERTEX_BYTES, "byteLength": picture_bytes },
        ],
        "buffers": [{ "byteLength": VERTEX_BYTES + picture_bytes }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::gltf::GltfModel;

    #[test]
    fn a_card_is_a_model_in_the_shape_of_its_picture() {
        let folder = tempfile::tempdir().unwrap();
        let logo = folder.path().join("logo.png");
        image::RgbaImage::from_pixel(64, 16, image::Rgba([200, 30, 20, 128]))
            .save(&logo)
            .unwrap();
        let model = folder.path().join("logo.glb");
        std::fs::write(&model, picture_card(&logo).unwrap()).unwrap();
        let read = GltfModel::load(&model).unwrap();
        assert_eq!(read.images.len(), 1);
        assert!(read.materials.iter().any(|material| material.unlit));
    }

    #[test]
    fn what_is_no_picture_makes_no_card() {
        let folder = tempfile::tempdir().unwrap();
        let logo = folder.path().join("logo.png");
        std::fs::write(&logo, "no picture").unwrap();
        assert!(picture_card(&logo).is_err());
        assert!(picture_card(&folder.path().join("none.png")).is_err());
    }
}
