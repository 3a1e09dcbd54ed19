//! A small model for tests, made in code: a skinned, animated cylinder with a head, and damaged
//! versions of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::f32::consts::TAU;

const SIDES: u16 = 16;
const RINGS: u16 = 9;

/// A two-metre cylinder that bends: node `head` on top, clip `bend` of one second, mark `mark_a`.
pub(crate) fn sample_cylinder() -> Vec<u8> {
    encode_glb(&cylinder_document(), &cylinder_buffer())
}

/// Returns the JSON tree of the cylinder.
pub(crate) fn cylinder_document() -> Value {
    let vertices = SIDES * RINGS;
    let indices = SIDES * (RINGS - 1) * 6;
    let v = u32::from(vertices);
    let i = u32::from(indices);
    let joints = v * 12;
    let weights = v * 16;
    let index = v * 32;
    let bind = index + i * 2;
    let times = bind + 128;
    let turns = bind + 128 + 12;
    json!({
        "asset": { "version": "2.0" },
        "scene": 0,
        "scenes": [{ "nodes": [0, 1, 3] }],
        "nodes": [
            { "name": "body", "mesh": 0, "skin": 0 },
            { "name": "root", "children": [2] },
            { "name": "head", "translation": [0.0, 1.0, 0.0] },
            { "name": "mark_a", "translation": [1.0, 0.0, 2.0] }
        ],
        "meshes": [{ "primitives": [{
            "attributes": { "POSITION": 0, "JOINTS_0": 1, "WEIGHTS_0": 2 }, "indices": 3, "material": 0
        }] }],
        "materials": [{ "pbrMetallicRoughness": { "baseColorFactor": [0.8, 0.2, 0.1, 1.0], "metallicFactor": 0.0 } }],
        "skins": [{ "joints": [1, 2], "inverseBindMatrices": 4 }],
        "animations": [{
            "name": "bend",
            "channels": [{ "sampler": 0, "target": { "node": 2, "path": "rotation" } }],
            "samplers": [{ "input": 5, "output": 6 }]
        }],
        "buffers": [{ "byteLength": turns + 48 }],
        "bufferViews": [
            { "buffer": 0, "byteOffset": 0, "byteLength": v * 12 },
            { "buffer": 0, "byteOffset": joints, "byteLength": v * 4 },
            { "buffer": 0, "byteOffset": weights, "byteLength": v * 16 },
            { "buffer": 0, "byteOffset": index, "byteLength": i * 2 },
            { "buffer": 0, "byteOffset": bind, "byteLength": 128 },
            { "buffer": 0, "byteOffset": times, "byteLength": 12 },
            { "buffer": 0, "byteOffset": turns, "byteLength": 48 }
        ],
        "accessors": [
            { "bufferView": 0, "componentType": 5126, "count": v, "type": "VEC3", "min": [-0.3, 0.0, -0.3], "max": [0.3, 2.0, 0.3] },
            { "bufferView": 1, "componentType": 5121, "count": v, "type": "VEC4" },
            { "bufferView": 2, "componentType": 5126, "count": v, "type": "VEC4" },
            { "bufferView": 3, "componentType": 5123, "count": i, "type": "SCALAR" },
            { "bufferView": 4, "componentType": 5126, "count": 2, "type": "MAT4" },
            { "bufferView": 5, "componentType": 5126, "count": 3, "type": "SCALAR", "min": [0.0], "max": [1.0] },
            { "bufferView": 6, "componentType": 5126, "count": 3, "type": "VEC4" }
        ]
    })
}

/// Returns the buffer of the cylinder: positions, joints, weights, indices, bind matrices, times,
/// rotations.
pub(crate) fn cylinder_buffer() -> Vec<u8> {
    let mut out = Vec::new();
    let rings = || (0..RINGS).flat_map(|ring| (0..SIDES).map(move |side| (ring, side)));
    for (ring, side) in rings() {
        let angle = f32::from(side) / f32::from(SIDES) * TAU;
        let y = f32::from(ring) * 2.0 / f32::from(RINGS - 1);
        push_floats(&mut out, &[0.3 * angle.sin(), y, 0.3 * angle.cos()]);
    }
    // Every vertex names both joints; the weights decide between them.
    rings().for_each(|_| out.extend([0, 1, 0, 0]));
    for (ring, _) in rings() {
        // The rings up to 3 follow `root`, those from 5 on follow `head`, and ring 4 follows both.
        let upper = ((f32::from(ring) - 3.0) / 2.0).clamp(0.0, 1.0);
        push_floats(&mut out, &[1.0 - upper, upper, 0.0, 0.0]);
    }
    for (ring, side) in rings().filter(|(ring, _)| *ring + 1 < RINGS) {
        let a = ring * SIDES + side;
        let b = ring * SIDES + (side + 1) % SIDES;
        for index in [a, b, a + SIDES, b, b + SIDES, a + SIDES] {
            out.extend(index.to_le_bytes());
        }
    }
    push_floats(&mut out, &glam::Mat4::IDENTITY.to_cols_array());
    push_floats(
        &mut out,
        &glam::Mat4::from_translation(glam::Vec3::NEG_Y).to_cols_array(),
    );
    push_floats(&mut out, &[0.0, 0.5, 1.0]);
    for angle in [0.0_f32, 0.8, 0.0] {
        push_floats(&mut out, &glam::Quat::from_rotation_z(angle).to_array());
    }
    out
}

/// Returns a GLB of boxes of one material, each given by its lowest and its highest corner. Faces
/// are wound to the outside.
pub(crate) fn sample_boxes(boxes: &[[[f32; 3]; 2]], double_sided: bool) -> Vec<u8> {
    let mut body = Vec::new();
    let mut indices: Vec<u16> = Vec::new();
    for (number, [low, high]) in boxes.iter().enumerate() {
        for corner in 0..8 {
            // The bits of a corner's number say which end it has on each axis.
            let side = |bit: usize| if corner >> bit & 1 == 0 { low } else { high };
            push_floats(&mut body, &[side(0)[0], side(1)[1], side(2)[2]]);
        }
        let first = u16::try_from(number * 8).unwrap();
        for face in [
            [0, 4, 6, 2],
            [1, 3, 7, 5],
            [0, 1, 5, 4],
            [2, 6, 7, 3],
            [0, 2, 3, 1],
            [4, 5, 7, 6],
        ] {
            let [a, b, c, d] = face.map(|corner: u16| first + corner);
            indices.extend([a, b, c, a, c, d]);
        }
    }
    let start = body.len();
    indices
        .iter()
        .for_each(|index| body.extend(index.to_le_bytes()));
    let bound = |pick: fn(f32, f32) -> f32, end: usize| {
        [0, 1, 2].map(|axis| {
            let values = boxes.iter().map(|corners| corners[end][axis]);
            values.reduce(pick).unwrap()
        })
    };
    let document = json!({
        "asset": { "version": "2.0" },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "mesh": 0 }],
        "meshes": [{ "primitives": [{
            "attributes": { "POSITION": 0 }, "indices": 1, "material": 0
        }] }],
        "materials": [{ "doubleSided": double_sided }],
        "buffers": [{ "byteLength": body.len() }],
        "bufferViews": [
            { "buffer": 0, "byteOffset": 0, "byteLength": start },
            { "buffer": 0, "byteOffset": start, "byteLength": body.len() - start }
        ],
        "accessors": [
            { "bufferView": 0, "componentType": 5126, "count": boxes.len() * 8, "type": "VEC3",
                "min": bound(f32::min, 0), "max": bound(f32::max, 1) },
            { "bufferView": 1, "componentType": 5123, "count": indices.len(), "type": "SCALAR" }
        ]
    });
    encode_glb(&document, &body)
}

/// Returns the data URI of a PNG of one row of pixels.
pub(crate) fn png_uri(pixels: &[[u8; 4]]) -> String {
    picture_uri(pixels, image::ImageFormat::Png)
}

/// Returns the data URI of a picture of one row of pixels.
pub(crate) fn picture_uri(pixels: &[[u8; 4]], format: image::ImageFormat) -> String {
    let width = u32::try_from(pixels.len()).unwrap();
    let image = image::RgbaImage::from_raw(width, 1, pixels.concat()).unwrap();
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    let data = STANDARD.encode(bytes.into_inner());
    format!("data:{};base64,{data}", format.to_mime_type())
}

fn push_floats(out: &mut Vec<u8>, values: &[f32]) {
    values
        .iter()
        .for_each(|value| out.extend(value.to_le_bytes()));
}

/// Returns a GLB of this tree and buffer.
pub(crate) fn encode_glb(document: &Value, body: &[u8]) -> Vec<u8> {
    let mut text = document.to_string().into_bytes();
    // Chunks have a multiple of four bytes, and JSON is filled up with spaces.
    text.resize(text.len().next_multiple_of(4), b' ');
    let length = |bytes: usize| u32::try_from(bytes).unwrap();
    let mut out = b"glTF".to_vec();
    for word in [
        2,
        // Twelve bytes of header, and eight before each of the two chunks.
        length(28 + text.len() + body.len()),
        length(text.len()),
        0x4E4F_534A,
    ] {
        out.extend(word.to_le_bytes());
    }
    out.extend(text);
    out.extend(length(body.len()).to_le_bytes());
    out.extend(0x004E_4942_u32.to_le_bytes());
    out.extend(body);
    out
}
