//! Tests of reading, posing and packing models.

use super::sample::{cylinder_buffer, cylinder_document, encode_glb, sample_cylinder};
use super::{GltfFault, GltfModel, ModelError, gltf_file_references, model_facts, pack_glb};
use crate::media::integrity::sample::sample_picture;
use crate::model::ModelMend;
use crate::model::model_format::ModelFormat;
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
    assert_eq!(model_facts(&path).unwrap().clips, ["bend"]);
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
        assert_eq!(model_facts(&path).unwrap_err().fault.to_string(), expected);
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
    let missing = pack_glb(&path, ModelFormat::Gltf, &ModelMend::default())
        .err()
        .map(|error| error.fault);
    assert!(matches!(missing, Some(GltfFault::Missing(name)) if name == "the body.bin"));
    std::fs::write(folder.path().join("the body.bin"), cylinder_buffer()).unwrap();
    assert_eq!(gltf_file_references(&path).unwrap().len(), 2);
    let packed = pack_glb(&path, ModelFormat::Gltf, &ModelMend::default()).unwrap();
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
    assert_eq!(
        pack_glb(&path, ModelFormat::Gltf, &ModelMend::default()).unwrap(),
        sample_cylinder()
    );
    assert_eq!(gltf_file_references(&path).unwrap(), [path]);
}

#[test]
fn a_mesh_without_its_accessors_is_refused() {
    let json = r#"{"asset": {"version": "2.0"}, "meshes": [{"primitives": [{"attributes": {"POSITION": 3}}]}]}"#;
    let fault = load(json.as_bytes()).unwrap_err().to_string();
    assert!(fault.contains("accessor 3"), "{fault}");
}

/// Returns the cylinder with one value of its tree set, also where there was none.
fn with_value(pointer: &str, key: &str, value: Value) -> Value {
    let mut tree = cylinder_document();
    tree.pointer_mut(pointer).unwrap()[key] = value;
    tree
}

fn load_tree(tree: &Value) -> Result<GltfModel, ModelError> {
    load(&encode_glb(tree, &cylinder_buffer()))
}

/// Asserts that a file with this value is refused, and that the refusal names the index and the
/// file.
fn assert_index_fault(pointer: &str, key: &str, value: Value, expected: &str) {
    let text = words(load_tree(&with_value(pointer, key, value)));
    assert!(text.contains(expected), "{pointer}/{key}: {text}");
    assert!(text.contains("model.glb"), "{text}");
}

#[test]
fn every_index_of_scenes_nodes_and_skins_that_points_at_nothing_is_named() {
    assert_index_fault("", "scene", json!(9), "scene names scene 9");
    assert_index_fault(
        "/scenes/0",
        "nodes",
        json!([9]),
        "scenes[0].nodes[0] names node 9",
    );
    assert_index_fault(
        "/nodes/0",
        "children",
        json!([2, 9]),
        "nodes[0].children[1] names node 9",
    );
    assert_index_fault("/nodes/0", "mesh", json!(9), "nodes[0].mesh names mesh 9");
    assert_index_fault("/nodes/0", "skin", json!(9), "nodes[0].skin names skin 9");
    assert_index_fault(
        "/nodes/0",
        "camera",
        json!(0),
        "nodes[0].camera names camera 0",
    );
    assert_index_fault(
        "/skins/0",
        "joints",
        json!([9, 2]),
        "skins[0].joints[0] names node 9",
    );
    assert_index_fault(
        "/skins/0",
        "skeleton",
        json!(9),
        "skins[0].skeleton names node 9",
    );
    assert_index_fault(
        "/skins/0",
        "inverseBindMatrices",
        json!(9),
        "skins[0].inverseBindMatrices names accessor 9",
    );
}

#[test]
fn every_index_of_meshes_and_materials_that_points_at_nothing_is_named() {
    let texture = json!({ "index": 9 });
    assert_index_fault(
        "/meshes/0/primitives/0",
        "indices",
        json!(9),
        "indices names accessor 9",
    );
    assert_index_fault(
        "/meshes/0/primitives/0",
        "material",
        json!(9),
        "material names material 9",
    );
    assert_index_fault(
        "/meshes/0/primitives/0/attributes",
        "NORMAL",
        json!(9),
        "attributes.NORMAL names accessor 9",
    );
    assert_index_fault(
        "/meshes/0/primitives/0",
        "targets",
        json!([{ "POSITION": 9 }]),
        "targets[0].POSITION names accessor 9",
    );
    assert_index_fault(
        "/materials/0",
        "normalTexture",
        texture,
        "materials[0].normalTexture.index names texture 9",
    );
    assert_index_fault(
        "",
        "textures",
        json!([{ "source": 0 }]),
        "textures[0].source names picture 0",
    );
}

#[test]
fn every_index_of_animations_that_points_at_nothing_is_named() {
    let channel = json!([{ "sampler": 0, "target": { "node": 9, "path": "rotation" } }]);
    assert_index_fault(
        "/animations/0",
        "channels",
        channel,
        "channels[0].target.node names node 9",
    );
    assert_index_fault(
        "/animations/0/samplers/0",
        "input",
        json!(9),
        "samplers[0].input names accessor 9",
    );
    assert_index_fault(
        "/animations/0/samplers/0",
        "output",
        json!(9),
        "samplers[0].output names accessor 9",
    );
    assert_index_fault(
        "/animations/0/channels/0",
        "sampler",
        json!(9),
        "animations[0].channels[0].sampler",
    );
}

#[test]
fn every_index_of_accessors_and_buffers_that_points_at_nothing_is_named() {
    let sparse = json!({ "count": 1,
        "indices": { "bufferView": 9, "componentType": 5121 }, "values": { "bufferView": 0 } });
    assert_index_fault(
        "/accessors/0",
        "bufferView",
        json!(9),
        "accessors[0].bufferView names buffer view 9",
    );
    assert_index_fault(
        "/accessors/0",
        "sparse",
        sparse,
        "indices.bufferView names buffer view 9",
    );
    assert_index_fault(
        "/bufferViews/0",
        "buffer",
        json!(9),
        "bufferViews[0].buffer names buffer 9",
    );
}

#[test]
fn optional_parts_that_are_missing_are_skipped_with_a_warning() {
    let turn = json!({ "sampler": 0, "target": { "node": 2, "path": "rotation" } });
    let second = |target: Value| {
        let channels = json!([turn, { "sampler": 0, "target": target }]);
        with_value("/animations/0", "channels", channels)
    };
    let mut textured = with_value("/materials/0", "emissiveTexture", json!({ "index": 0 }));
    textured["textures"] = json!([{ "extensions": { "KHR_texture_basisu": { "source": 0 } } }]);
    let cases = [
        (
            second(json!({ "path": "translation" })),
            "an animation channel without a node is not played",
        ),
        (
            second(json!({ "path": "pointer", "node": 0 })),
            "animation of `pointer` is not played",
        ),
        (
            second(json!({ "path": "pointer" })),
            "animation of `pointer` is not played",
        ),
        (
            textured,
            "a picture that only the extension KHR_texture_basisu names is not drawn; export the model with PNG, JPEG or WebP pictures",
        ),
    ];
    for (tree, warning) in cases {
        let model = load_tree(&tree).unwrap();
        assert_eq!(model.warnings, [warning]);
        assert!(model.triangle_count() > 0);
        // The channel beside it still plays.
        let top = |seconds| model.bounds_in_pose(&model.pose_at(None, seconds)).max.y;
        assert!(top(0.5) < top(0.0) - 0.05);
    }
    // A second set of triangles whose places only an extension knows.
    let mut placeless = cylinder_document();
    let primitives = placeless["meshes"][0]["primitives"].as_array_mut().unwrap();
    primitives.push(json!({ "attributes": { "JOINTS_0": 1 } }));
    let model = load_tree(&placeless).unwrap();
    assert_eq!(
        model.warnings,
        ["triangles without positions are not drawn"]
    );
    assert_eq!(model.meshes[0].primitives.len(), 1);
    let unused = with_value(
        "",
        "scenes",
        json!([{ "nodes": [0, 1, 3] }, { "name": "empty" }]),
    );
    let model = load_tree(&unused).unwrap();
    assert!(model.warnings.is_empty() && model.triangle_count() > 0);
}

#[test]
fn a_texture_without_a_picture_leaves_the_others_in_place() {
    let picture = STANDARD.encode(sample_picture(image::ImageFormat::Png));
    let mut tree = cylinder_document();
    tree["images"] = json!([{ "uri": format!("data:image/png;base64,{picture}") }]);
    tree["textures"] = json!([{}, { "source": 0 }]);
    tree["materials"][0]["emissiveTexture"] = json!({ "index": 0 });
    tree["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] = json!({ "index": 1 });
    let model = load_tree(&tree).unwrap();
    assert_eq!(model.warnings, ["a texture without a picture is not drawn"]);
    assert!(model.materials[0].emissive_map.is_none());
    assert_eq!(model.materials[0].base_colour_map.unwrap().image, 0);
}

#[test]
fn another_version_says_what_converts_it() {
    let old = r#"{"asset": {"version": "1.0"}, "nodes": {}, "meshes": {}}"#;
    let unnamed = r#"{"nodes": {}, "meshes": {}, "scenes": {}}"#;
    let mut binary = sample_cylinder();
    binary[4] = 1;
    for bytes in [old.as_bytes(), unnamed.as_bytes(), &binary] {
        let text = words(load(bytes));
        assert!(
            text.contains("it is glTF 1.0") && text.contains("gltf-pipeline"),
            "{text}"
        );
    }
    let newer = words(load_tree(&with_value("/asset", "minVersion", json!("3.0"))));
    assert!(newer.contains("it is glTF 3.0"), "{newer}");
    // A newer file that says that 2.0 can read it.
    let mut tree = with_value("/asset", "minVersion", json!("2.0"));
    tree["asset"]["version"] = json!("2.1");
    assert!(load_tree(&tree).is_ok());
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.gltf");
    let mut tree = cylinder_document();
    tree["buffers"][0]["uri"] = json!("body.bin");
    std::fs::write(&path, format!("\u{feff}{tree}")).unwrap();
    std::fs::write(folder.path().join("body.bin"), cylinder_buffer()).unwrap();
    assert!(GltfModel::load(&path).is_ok());
    assert_eq!(gltf_file_references(&path).unwrap().len(), 2);
    assert!(load(&pack_glb(&path, ModelFormat::Gltf, &ModelMend::default()).unwrap()).is_ok());
}

#[test]
fn chunks_that_are_unknown_are_passed_over_and_broken_ones_named() {
    let mut more = sample_cylinder();
    more.extend(4_u32.to_le_bytes());
    more.extend(b"XTRA____");
    let length = u32::try_from(more.len()).unwrap();
    more[8..12].copy_from_slice(&length.to_le_bytes());
    assert!(load(&more).is_ok());
    let mut broken = sample_cylinder();
    broken[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(words(load(&broken)).contains("a chunk of 4294967295 bytes ends after"));
    // Lengths that are shorter than the header itself.
    for declared in [0_u32, 11, 12] {
        let mut short = sample_cylinder();
        short[8..12].copy_from_slice(&declared.to_le_bytes());
        let _ = load(&short);
    }
    assert!(words(load(b"glTF\x02\0\0\0")).contains("ends in its header"));
    assert!(words(load(b"glTF\x02\0\0\0\x0c\0\0\0")).contains("no JSON chunk"));
}

#[test]
fn numbers_that_are_none_and_places_without_end_are_refused() {
    let far = words(load_tree(&with_value(
        "/nodes/0",
        "scale",
        json!([1e30, 1e30, 1e30]),
    )));
    let nested = words(load_tree(&{
        let mut tree = with_value("/nodes/1", "scale", json!([1e25, 1e25, 1e25]));
        tree["nodes"][2]["scale"] = json!([1e25, 1e25, 1e25]);
        tree
    }));
    // The skinned mesh follows its joints and not its node.
    assert_eq!(far, "it loads");
    assert!(nested.contains("farther than"), "{nested}");
    let mut rigid = with_value("/nodes/0", "scale", json!([1e30, 1e30, 1e30]));
    rigid["nodes"][0].as_object_mut().unwrap().remove("skin");
    assert!(words(load_tree(&rigid)).contains("farther than"));
    let not_a_number = |accessor: usize| {
        let mut body = cylinder_buffer();
        let view = &cylinder_document()["bufferViews"][accessor];
        let start = usize::try_from(view["byteOffset"].as_u64().unwrap()).unwrap();
        body[start..start + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        words(load(&encode_glb(&cylinder_document(), &body)))
    };
    assert!(not_a_number(0).contains("a position is not a number"));
    assert!(not_a_number(4).contains("an inverse bind matrix of a skin is not a number"));
    assert!(not_a_number(5).contains("not in order"));
    // A rotation that is none turns nothing.
    assert_eq!(not_a_number(6), "it loads");
}

#[test]
fn shared_accessors_are_counted_as_often_as_they_are_used() {
    // Each channel reads the same accessor of zeroes, which takes no bytes of the file.
    let mut tree = cylinder_document();
    let accessors = tree["accessors"].as_array_mut().unwrap();
    accessors.push(json!({ "componentType": 5126, "count": 20_000_000, "type": "SCALAR" }));
    accessors.push(json!({ "componentType": 5126, "count": 20_000_000, "type": "VEC4" }));
    tree["animations"][0]["samplers"] = json!([{ "input": 7, "output": 8 }]);
    let channel = json!({ "sampler": 0, "target": { "node": 2, "path": "rotation" } });
    tree["animations"][0]["channels"] = Value::Array(vec![channel; 4]);
    assert!(words(load_tree(&tree)).contains("elements without bytes; the limit is"));
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

    /// Numbers, texts and lists of the tree are replaced by others, which bytes seldom make.
    #[test]
    fn damaged_trees_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5)
    ) {
        let mut tree = cylinder_document();
        for (at, choice) in changes {
            let mut leaves = Vec::new();
            collect_pointers(&tree, String::new(), &mut leaves);
            let pointer = at.get(&leaves).clone();
            *tree.pointer_mut(&pointer).unwrap() = odd_value(choice);
        }
        let bytes = encode_glb(&tree, &cylinder_buffer());
        if let Ok(model) = load(&bytes) {
            let pose = model.pose_at(Some("bend"), 0.3);
            let _ = (model.bounds_in_pose(&pose), model.head_bounds(&pose));
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.glb");
        std::fs::write(&path, &bytes).unwrap();
        let _ = (model_facts(&path), pack_glb(&path, ModelFormat::Gltf, &ModelMend::default()), gltf_file_references(&path));
    }
}

/// Adds the JSON pointer of every value below `value`.
fn collect_pointers(value: &Value, pointer: String, out: &mut Vec<String>) {
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| collect_pointers(item, format!("{pointer}/{index}"), out)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(key, field)| collect_pointers(field, format!("{pointer}/{key}"), out)),
        _ => {}
    }
    out.push(pointer);
}

fn odd_value(choice: u8) -> Value {
    let values = [
        json!(0),
        json!(1),
        json!(7),
        json!(-1),
        json!(255),
        json!(5121),
        json!(5125),
        json!(5126),
        json!(u32::MAX),
        json!(u64::MAX),
        json!(1e300),
        json!(0.5),
        json!("MAT4"),
        json!("pointer"),
        json!("weights"),
        json!(""),
        json!([]),
        json!([0, 0]),
        json!({}),
        json!({ "node": 1, "path": "scale" }),
        Value::Null,
        json!(true),
    ];
    values[usize::from(choice) % values.len()].clone()
}
