//! Tests that small files cannot ask for large work: what parts of a model share is counted as often
//! as they share it.

use super::GltfModel;
use super::sample::{cylinder_buffer, cylinder_document, encode_glb};
use crate::model::ModelMend;
use crate::model::model_format::ModelFormat;
use serde_json::{Value, json};
use std::path::Path;

/// Returns what became of the cylinder after `change`.
fn load_changed(change: impl FnOnce(&mut Value)) -> String {
    let mut tree = cylinder_document();
    change(&mut tree);
    let bytes = encode_glb(&tree, &cylinder_buffer());
    match GltfModel::from_bytes(&bytes, Path::new("model.glb")) {
        Ok(_) => "it loads".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Appends an accessor without bytes, and returns its index.
fn add_zeroes(tree: &mut Value, kind: u32, shape: &str, count: usize) -> usize {
    let accessors = tree["accessors"].as_array_mut().unwrap();
    accessors.push(json!({ "componentType": kind, "count": count, "type": shape }));
    accessors.len() - 1
}

/// Appends an accessor of matrices that overlap in the body of the cylinder, and returns its index.
fn add_overlapping(tree: &mut Value, count: usize) -> usize {
    let views = tree["bufferViews"].as_array_mut().unwrap();
    let length = cylinder_buffer().len();
    views.push(json!({ "buffer": 0, "byteLength": length, "byteStride": 4 }));
    let view = views.len() - 1;
    let accessors = tree["accessors"].as_array_mut().unwrap();
    accessors
        .push(json!({ "bufferView": view, "componentType": 5126, "count": count, "type": "MAT4" }));
    accessors.len() - 1
}

fn repeat(value: &Value, count: usize) -> Value {
    Value::Array(vec![value.clone(); count])
}

#[test]
fn skins_that_share_a_long_accessor_read_their_own_matrices_alone() {
    let loaded = load_changed(|tree| {
        let long = add_overlapping(tree, 1000);
        let skin = json!({ "joints": [1], "inverseBindMatrices": long });
        let skins = tree["skins"].as_array_mut().unwrap();
        skins.extend(vec![skin; 20_000]);
    });
    assert_eq!(loaded, "it loads");
}

#[test]
fn parts_that_share_an_accessor_are_counted_as_often_as_they_read_it() {
    let primitives = |tree: &mut Value| {
        let part = tree["meshes"][0]["primitives"][0].clone();
        // 144 places, joints and weights each, which the file has once.
        tree["meshes"][0]["primitives"] = repeat(&part, 60_000);
    };
    let text = load_changed(primitives);
    assert!(text.contains("numbers to decode"), "{text}");
    let channels = |tree: &mut Value| {
        let times = add_zeroes(tree, 5126, "SCALAR", 29_000_000);
        tree["animations"][0]["samplers"][0]["input"] = json!(times);
        let channel = tree["animations"][0]["channels"][0].clone();
        tree["animations"][0]["channels"] = repeat(&channel, 16);
    };
    let text = load_changed(channels);
    assert!(text.contains("animation has 3 values for"), "{text}");
}

#[test]
fn corners_without_normals_do_not_multiply_with_morph_targets() {
    let text = load_changed(|tree| {
        let corners = add_zeroes(tree, 5125, "SCALAR", 6_000_000);
        tree["meshes"][0]["primitives"][0]["indices"] = json!(corners);
        let targets = repeat(&json!({ "POSITION": 0 }), 20);
        tree["meshes"][0]["primitives"][0]["targets"] = targets;
    });
    assert!(text.contains("numbers to decode"), "{text}");
}

#[test]
fn nodes_that_share_a_mesh_are_counted() {
    let weights = load_changed(|tree| {
        let targets = repeat(&json!({}), 2000);
        tree["meshes"][0]["primitives"][0]["targets"] = targets;
        let node = json!({ "mesh": 0 });
        tree["nodes"]
            .as_array_mut()
            .unwrap()
            .extend(vec![node; 11_000]);
    });
    assert!(weights.contains("weights of morph targets"), "{weights}");
    // A list of weights is no longer than the targets, however often nodes share it.
    let long = load_changed(|tree| {
        tree["meshes"][0]["weights"] = repeat(&json!(0.5), 100_000);
        let node = json!({ "mesh": 0 });
        tree["nodes"]
            .as_array_mut()
            .unwrap()
            .extend(vec![node; 5_000]);
    });
    assert_eq!(long, "it loads");
    let instances = load_changed(|tree| {
        let places = add_zeroes(tree, 5126, "VEC3", 29_000_000);
        tree["nodes"][3]["mesh"] = json!(0);
        tree["nodes"][3]["extensions"] = json!({
            "EXT_mesh_gpu_instancing": { "attributes": { "TRANSLATION": places } }
        });
    });
    assert!(instances.contains("nodes and instances"), "{instances}");
    let vertices = load_changed(|tree| {
        let targets = repeat(&json!({ "POSITION": 0 }), 40);
        tree["meshes"][0]["primitives"][0]["targets"] = targets;
        let places = add_zeroes(tree, 5126, "VEC3", 50_000);
        tree["nodes"][0].as_object_mut().unwrap().remove("skin");
        tree["nodes"][0]["extensions"] = json!({
            "EXT_mesh_gpu_instancing": { "attributes": { "TRANSLATION": places } }
        });
    });
    assert!(vertices.contains("drawn vertices"), "{vertices}");
}

#[test]
fn buffers_and_pictures_of_one_file_are_read_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gltf");
    let mut tree = cylinder_document();
    tree["buffers"][0]["uri"] = json!("body.bin");
    let again = json!({ "uri": "./body.bin", "byteLength": 12 });
    tree["buffers"]
        .as_array_mut()
        .unwrap()
        .extend(vec![again; 200]);
    tree["images"] = repeat(&json!({ "uri": "picture.png" }), 3);
    tree["textures"] = json!([{ "source": 0 }, { "source": 2 }]);
    tree["materials"][0]["emissiveTexture"] = json!({ "index": 0 });
    tree["materials"][0]["occlusionTexture"] = json!({ "index": 1 });
    std::fs::write(&path, tree.to_string()).unwrap();
    std::fs::write(folder.path().join("body.bin"), cylinder_buffer()).unwrap();
    image::RgbaImage::new(64, 64)
        .save(folder.path().join("picture.png"))
        .unwrap();
    let model = GltfModel::load(&path).unwrap();
    let material = &model.materials[0];
    assert_eq!(material.emissive_map.unwrap().image, 0);
    assert_eq!(material.occlusion_map.unwrap().image, 0);
    let decoded = model.images.iter().filter(|image| image.width > 0).count();
    assert_eq!(decoded, 1);
    let packed = super::pack_glb(&path, ModelFormat::Gltf, &ModelMend::default()).unwrap();
    assert!(
        packed.len() < 3 * cylinder_buffer().len() + 40_000,
        "{}",
        packed.len()
    );
    assert!(GltfModel::from_bytes(&packed, Path::new("model.glb")).is_ok());
}
