//! Tests of reading, posing and packing models.

use super::sample::{cylinder_buffer, cylinder_document, encode_glb, sample_cylinder};
use super::{GltfFault, GltfModel, ModelError, clip_names, gltf_file_references, pack_glb};
use crate::media::integrity::sample::sample_picture;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use glam::Vec3;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

fn load(bytes: &[u8]) -> Result<GltfModel, ModelError> {
    GltfModel::from_bytes(bytes, Path::new("model.glb"))
}

fn changed(pointer: &str, value: Value) -> Result<GltfModel, ModelError> {
    let mut tree = cylinder_document();
    *tree.pointer_mut(pointer).unwrap() = value;
    load(&encode_glb(&tree, &cylinder_buffer()))
}

fn words(result: Result<GltfModel, ModelError>) -> String {
    result
        .err()
        .map_or_else(|| "it loads".to_owned(), |error| error.to_string())
}

#[test]
fn a_skinned_model_has_bounds_head_and_marks() {
    let model = load(&sample_cylinder()).unwrap();
    let bounds = model.bounds_in_pose(&model.rest_pose());
    assert!(
        bounds.min.abs_diff_eq(Vec3::new(-0.3, 0.0, -0.3), 1e-3)
            && (bounds.max.y - 2.0).abs() < 1e-4
    );
    let head = model.head_bounds(&model.rest_pose()).unwrap();
    assert!(head.bounds.min.y > 0.9 && head.joint.abs_diff_eq(Vec3::Y, 1e-5));
    let mark = model.node_transform("mark_a").unwrap().w_axis.truncate();
    assert_eq!(
        (mark, model.node_transform("none")),
        (Vec3::new(1.0, 0.0, 2.0), None)
    );
}

/// Returns the cylinder with a picture of 64 by 64 pixels, cut to its first `keep` bytes.
fn textured(format: image::ImageFormat, keep: impl Fn(usize) -> usize) -> Vec<u8> {
    let picture = sample_picture(format);
    let data = STANDARD.encode(&picture[..keep(picture.len())]);
    let mut tree = cylinder_document();
    tree["images"] = json!([{ "uri": format!("data:{};base64,{data}", format.to_mime_type()) }]);
    tree["textures"] = json!([{ "source": 0 }]);
    tree["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = json!({ "index": 0 });
    encode_glb(&tree, &cylinder_buffer())
}

#[test]
fn clips_are_named_without_decoding_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.glb");
    std::fs::write(&path, textured(image::ImageFormat::Png, |all| all)).unwrap();
    assert_eq!(clip_names(&path).unwrap(), ["bend"]);
}

#[test]
fn a_picture_that_was_cut_short_is_found_though_its_decoder_fills_it_with_grey() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.glb");
    let formats = [
        (image::ImageFormat::Jpeg, "picture 0 ends in the middle"),
        (
            image::ImageFormat::Png,
            "picture 0 ends in the middle of its pixels",
        ),
    ];
    for (format, expected) in formats {
        let cut = textured(format, |all| all / 2);
        std::fs::write(&path, &cut).unwrap();
        assert_eq!(clip_names(&path).unwrap_err().fault.to_string(), expected);
        assert!(words(load(&cut)).ends_with(expected));
        assert!(load(&textured(format, |all| all)).is_ok());
    }
}

#[test]
fn a_truncated_file_is_reported_with_its_end() {
    let bytes = sample_cylinder();
    let cut = bytes.len() / 2;
    let expected = format!(
        "read model `model.glb`: it ends after {cut} of {} bytes",
        bytes.len()
    );
    assert_eq!(words(load(&bytes[..cut])), expected);
}

#[test]
fn a_clip_bends_the_model_and_starts_again() {
    let model = load(&sample_cylinder()).unwrap();
    let top = |seconds: f32| {
        model
            .bounds_in_pose(&model.pose_at(Some("bend"), seconds))
            .max
            .y
    };
    assert!(top(0.5) < top(0.0) - 0.05, "{} {}", top(0.5), top(0.0));
    assert!((top(0.5) - top(7.5)).abs() < 1e-4);
    assert!((top(0.25) - top(0.75)).abs() < 1e-4);
}

#[test]
fn a_missing_clip_falls_back_to_the_first() {
    let model = load(&sample_cylinder()).unwrap();
    assert_eq!(
        model
            .select_clip(Some("walk"))
            .map(|clip| clip.name.as_str()),
        Some("bend")
    );
    assert_eq!(
        model
            .select_clip(Some("BEND"))
            .map(|clip| clip.name.as_str()),
        Some("bend")
    );
}

#[test]
fn missing_normals_are_made_flat_and_unit() {
    let model = load(&sample_cylinder()).unwrap();
    let part = &model.meshes[0].primitives[0];
    assert_eq!(part.normals.len(), part.positions.len());
    assert!(
        part.normals
            .iter()
            .all(|normal| (Vec3::from(*normal).length() - 1.0).abs() < 1e-4)
    );
}

#[test]
fn an_index_out_of_range_is_named() {
    let text = words(changed("/accessors/0/count", json!(20)));
    assert!(
        text.contains("out of range") || text.contains("values for 20 vertices"),
        "{text}"
    );
    assert!(words(changed("/nodes/0/mesh", json!(9))).contains("nodes[0].mesh"));
}

#[test]
fn an_accessor_beyond_its_view_is_refused_before_memory_is_taken() {
    let text = words(changed("/accessors/3/count", json!(20_000_000)));
    assert!(text.contains("beyond its buffer view"), "{text}");
    assert!(
        words(changed(
            "/bufferViews/0/byteOffset",
            json!(4_000_000_000_u64)
        ))
        .contains("outside its buffer")
    );
}

#[test]
fn a_node_that_is_its_own_ancestor_is_refused() {
    let text = words(changed("/nodes/2", json!({ "children": [1] })));
    assert!(text.contains("own ancestor"), "{text}");
}

#[test]
fn a_joint_the_skin_does_not_have_is_refused() {
    assert!(words(changed("/skins/0/joints", json!([1]))).contains("joint 1 of a skin with 1"));
}

#[test]
fn a_required_compression_is_named() {
    let mut tree = cylinder_document();
    tree["extensionsUsed"] = json!(["KHR_draco_mesh_compression"]);
    tree["extensionsRequired"] = json!(["KHR_draco_mesh_compression"]);
    assert!(
        words(load(&encode_glb(&tree, &cylinder_buffer()))).contains("KHR_draco_mesh_compression")
    );
}

#[test]
fn a_mesh_shown_without_its_skin_is_rigid() {
    let mut tree = cylinder_document();
    tree["nodes"][0] = json!({ "name": "body", "mesh": 0 });
    assert!(
        load(&encode_glb(&tree, &cylinder_buffer())).unwrap().meshes[0].primitives[0]
            .joints
            .is_empty()
    );
}

#[test]
fn a_gltf_with_files_packs_into_one_glb_that_loads_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gltf");
    let mut tree = cylinder_document();
    tree["buffers"][0]["uri"] = json!("the%20body.bin");
    std::fs::write(&path, tree.to_string()).unwrap();
    let missing = pack_glb(&path).err().map(|error| error.fault);
    assert!(matches!(missing, Some(GltfFault::Missing(name)) if name == "the body.bin"));
    std::fs::write(folder.path().join("the body.bin"), cylinder_buffer()).unwrap();
    assert_eq!(gltf_file_references(&path).unwrap().len(), 2);
    let packed = pack_glb(&path).unwrap();
    assert!(packed.starts_with(b"glTF"));
    let alone = load(&packed).unwrap();
    assert_eq!(
        alone.bounds_in_pose(&alone.rest_pose()),
        GltfModel::load(&path)
            .unwrap()
            .bounds_in_pose(&alone.rest_pose())
    );
}

#[test]
fn a_glb_without_references_packs_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("blob-without-extension");
    std::fs::write(&path, sample_cylinder()).unwrap();
    assert_eq!(pack_glb(&path).unwrap(), sample_cylinder());
    assert_eq!(gltf_file_references(&path).unwrap(), [path]);
}

#[test]
fn a_mesh_without_its_accessors_is_refused() {
    let json = r#"{"asset": {"version": "2.0"}, "meshes": [{"primitives": [{"attributes": {"POSITION": 3}}]}]}"#;
    let fault = load(json.as_bytes()).unwrap_err().to_string();
    assert!(fault.contains("accessor 3"), "{fault}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn damaged_bytes_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in 0usize..64) {
        let mut bytes = sample_cylinder();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        bytes.truncate(bytes.len() - cut);
        if let Ok(model) = load(&bytes) {
            let pose = model.pose_at(Some("bend"), 0.3);
            let _ = (model.bounds_in_pose(&pose), model.head_bounds(&pose));
        }
    }
}
