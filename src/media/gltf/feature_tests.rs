//! Tests of what models of other programs have: morphs, many influences, instances, material
//! extensions, lights.

use super::sample::{cylinder_buffer, cylinder_document, encode_glb, picture_uri};
use super::{
    BoundingBox, GltfAlphaMode, GltfLightShape, GltfModel, ModelFacts, model_facts, pack_glb,
};
use crate::model::ModelMend;
use crate::model::model_format::ModelFormat;
use crate::model::model_mend::{ForwardAxis, UpAxis};
use glam::Vec3;
use serde_json::{Value, json};
use std::path::Path;

/// Vertices of the cylinder in its file.
const VERTICES: usize = 144;

/// The cylinder, with more in its tree and its buffer.
struct ModelBuilder {
    tree: Value,
    body: Vec<u8>,
}

impl ModelBuilder {
    fn cylinder() -> Self {
        Self {
            tree: cylinder_document(),
            body: cylinder_buffer(),
        }
    }

    /// Appends an accessor, and returns its index.
    fn add(&mut self, bytes: &[u8], kind: u32, shape: &str, count: usize) -> usize {
        self.body.resize(self.body.len().next_multiple_of(4), 0);
        let start = self.body.len();
        self.body.extend_from_slice(bytes);
        self.tree["buffers"][0]["byteLength"] = json!(self.body.len());
        let views = self.tree["bufferViews"].as_array_mut().unwrap();
        views.push(json!({ "buffer": 0, "byteOffset": start, "byteLength": bytes.len() }));
        let view = views.len() - 1;
        let accessors = self.tree["accessors"].as_array_mut().unwrap();
        accessors.push(
            json!({ "bufferView": view, "componentType": kind, "count": count, "type": shape }),
        );
        accessors.len() - 1
    }

    fn add_floats(&mut self, values: &[f32], shape: &str, count: usize) -> usize {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.add(&bytes, 5126, shape, count)
    }

    /// Sets a value of the tree.
    fn set(&mut self, pointer: &str, key: &str, value: Value) {
        self.tree.pointer_mut(pointer).unwrap()[key] = value;
    }

    fn bytes(&self) -> Vec<u8> {
        encode_glb(&self.tree, &self.body)
    }

    fn load(&self) -> GltfModel {
        GltfModel::from_bytes(&self.bytes(), Path::new("model.glb")).unwrap()
    }

    fn facts(&self) -> ModelFacts {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.glb");
        std::fs::write(&path, self.bytes()).unwrap();
        model_facts(&path).unwrap()
    }
}

fn bounds_at(model: &GltfModel, seconds: f32) -> BoundingBox {
    model.bounds_in_pose(&model.pose_at(None, seconds))
}

#[test]
fn the_fifth_influence_moves_a_vertex_like_the_others() {
    let mut builder = ModelBuilder::cylinder();
    // Five influences of the root, of which the last is the head's, with half of the weight.
    let first = builder.add(&[0, 0, 0, 0].repeat(VERTICES), 5121, "VEC4", VERTICES);
    let second = builder.add(&[1, 0, 0, 0].repeat(VERTICES), 5121, "VEC4", VERTICES);
    let eighth = builder.add_floats(&[0.125; 4].repeat(VERTICES), "VEC4", VERTICES);
    let half = builder.add_floats(&[0.5, 0.0, 0.0, 0.0].repeat(VERTICES), "VEC4", VERTICES);
    builder.set(
        "/meshes/0/primitives/0",
        "attributes",
        json!({ "POSITION": 0, "JOINTS_0": first, "WEIGHTS_0": eighth,
                "JOINTS_1": second, "WEIGHTS_1": half }),
    );
    builder.set("/nodes/2", "translation", json!([2.0, 1.0, 0.0]));
    let model = builder.load();
    let part = &model.meshes[0].primitives[0];
    assert_eq!(part.more_influences.len(), 1);
    assert!(model.warnings.is_empty());
    // Half of the way of the head.
    let rest = model.rest_pose();
    let bounds = model.bounds_in_pose(&rest);
    assert!((bounds.max.x - 1.3).abs() < 1e-5, "{bounds:?}");
    let deformed = model.deformed_vertices(&rest, 0, part).unwrap();
    assert!(deformed.is_skinned);
    let expected: Vec<Vec3> = model.vertex_positions(&rest, 0, part).collect();
    let places = deformed.positions.iter().copied().map(Vec3::from);
    assert!(places.zip(expected).all(|(a, b)| a.abs_diff_eq(b, 1e-6)));
}

/// Returns the cylinder with a target that lifts it by a metre, half applied at rest, and a clip
/// that applies all of it.
fn morphing() -> ModelBuilder {
    let mut builder = ModelBuilder::cylinder();
    let lift = builder.add_floats(&[0.0, 1.0, 0.0].repeat(VERTICES), "VEC3", VERTICES);
    builder.set(
        "/meshes/0/primitives/0",
        "targets",
        json!([{ "POSITION": lift }]),
    );
    builder.set("/meshes/0", "weights", json!([0.5]));
    let weights = builder.add_floats(&[0.5, 1.0, 0.5], "SCALAR", 3);
    builder.set(
        "/animations/0",
        "samplers",
        json!([{ "input": 5, "output": weights }]),
    );
    builder.set(
        "/animations/0",
        "channels",
        json!([{ "sampler": 0, "target": { "node": 0, "path": "weights" } }]),
    );
    builder
}

#[test]
fn morph_targets_move_vertices_at_rest_and_in_clips() {
    let model = morphing().load();
    assert!(model.warnings.is_empty(), "{:?}", model.warnings);
    let rest = model.rest_pose();
    assert!((model.bounds_in_pose(&rest).max.y - 2.5).abs() < 1e-5);
    assert!((bounds_at(&model, 0.5).max.y - 3.0).abs() < 1e-5);
    assert!((bounds_at(&model, 0.25).max.y - 2.75).abs() < 1e-5);
    let part = &model.meshes[0].primitives[0];
    let pose = model.pose_at(None, 0.5);
    let deformed = model.deformed_vertices(&pose, 0, part).unwrap();
    // The device moves them by the joints, after the morph.
    assert!(!deformed.is_skinned);
    assert!((deformed.positions[0][1] - part.positions[0][1] - 1.0).abs() < 1e-6);
    let mut still = morphing();
    still.set("/meshes/0", "weights", json!([0.0]));
    let still = still.load();
    let drawn = still.deformed_vertices(&still.rest_pose(), 0, &still.meshes[0].primitives[0]);
    assert_eq!(drawn, None);
}

#[test]
fn weights_of_a_node_and_of_splines_and_steps_are_played() {
    let mut builder = morphing();
    builder.set("/nodes/0", "weights", json!([0.25]));
    let model = builder.load();
    assert!((model.bounds_in_pose(&model.rest_pose()).max.y - 2.25).abs() < 1e-5);
    builder.set("/animations/0/samplers/0", "interpolation", json!("STEP"));
    assert!((bounds_at(&builder.load(), 0.75).max.y - 3.0).abs() < 1e-5);
    // Flat tangents before and after each value.
    let spline = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let spline = builder.add_floats(&spline, "SCALAR", 9);
    builder.set(
        "/animations/0/samplers/0",
        "interpolation",
        json!("CUBICSPLINE"),
    );
    builder.set("/animations/0/samplers/0", "output", json!(spline));
    let model = builder.load();
    assert!((bounds_at(&model, 0.5).max.y - 3.0).abs() < 1e-5);
    assert!((bounds_at(&model, 0.25).max.y - 2.5).abs() < 1e-5);
}

#[test]
fn morph_targets_may_be_sparse() {
    let mut builder = ModelBuilder::cylinder();
    let index = builder.add(&[0, 0], 5123, "SCALAR", 1);
    let value = builder.add_floats(&[0.0, -1.0, 0.0], "VEC3", 1);
    let view = |builder: &ModelBuilder, accessor: usize| {
        builder.tree["accessors"][accessor]["bufferView"].clone()
    };
    let sparse = json!({
        "componentType": 5126, "count": VERTICES, "type": "VEC3",
        "sparse": { "count": 1,
            "indices": { "bufferView": view(&builder, index), "componentType": 5123 },
            "values": { "bufferView": view(&builder, value) } }
    });
    let accessors = builder.tree["accessors"].as_array_mut().unwrap();
    accessors.push(sparse);
    let target = accessors.len() - 1;
    builder.set(
        "/meshes/0/primitives/0",
        "targets",
        json!([{ "POSITION": target }]),
    );
    builder.set("/meshes/0", "weights", json!([1.0]));
    let model = builder.load();
    assert!((model.bounds_in_pose(&model.rest_pose()).min.y + 1.0).abs() < 1e-5);
}

#[test]
fn every_instance_of_a_mesh_is_drawn() {
    let mut builder = ModelBuilder::cylinder();
    let places = [0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0, 7.0];
    let places = builder.add_floats(&places, "VEC3", 3);
    let scales = builder.add_floats(&[1.0, 1.0, 1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0], "VEC3", 3);
    let attributes = json!({ "TRANSLATION": places, "SCALE": scales });
    builder.tree["nodes"][0] = json!({
        "mesh": 0, "translation": [0.0, 1.0, 0.0],
        "extensions": { "EXT_mesh_gpu_instancing": { "attributes": attributes } }
    });
    let one = ModelBuilder::cylinder().load().triangle_count();
    let model = builder.load();
    assert_eq!(model.triangle_count(), 3 * one);
    let bounds = model.bounds_in_pose(&model.rest_pose());
    assert!(
        bounds.max.abs_diff_eq(Vec3::new(5.3, 5.0, 7.3), 1e-3),
        "{bounds:?}"
    );
    assert!(model.warnings.is_empty());
}

/// A picture of one pixel.
fn picture(format: image::ImageFormat) -> String {
    picture_uri(&[[200, 100, 50, 255]], format)
}

/// Returns the cylinder with textures and this material.
fn with_material(material: Value) -> ModelBuilder {
    let mut builder = ModelBuilder::cylinder();
    let uvs = builder.add_floats(&[0.25, 0.5].repeat(VERTICES), "VEC2", VERTICES);
    let second = builder.add_floats(&[0.75, 1.0].repeat(VERTICES), "VEC2", VERTICES);
    builder.set(
        "/meshes/0/primitives/0/attributes",
        "TEXCOORD_0",
        json!(uvs),
    );
    builder.set(
        "/meshes/0/primitives/0/attributes",
        "TEXCOORD_3",
        json!(second),
    );
    builder.tree["images"] = json!([{ "uri": picture(image::ImageFormat::Png) }]);
    builder.tree["samplers"] = json!([
        { "magFilter": 9728, "minFilter": 9728, "wrapS": 33071, "wrapT": 33648 }
    ]);
    builder.tree["textures"] = json!([{ "source": 0 }, { "source": 0, "sampler": 0 }]);
    builder.tree["materials"][0] = material;
    builder
}

#[test]
fn every_map_has_its_own_coordinates_transform_and_sampler() {
    let moved = json!({ "KHR_texture_transform": {
        "offset": [0.5, 0.25], "scale": [2.0, 3.0], "texCoord": 3
    } });
    let model = with_material(json!({
        "normalTexture": { "index": 1, "scale": 0.5, "extensions": moved },
        "occlusionTexture": { "index": 0, "strength": 0.25, "texCoord": 3 },
        "emissiveTexture": { "index": 0 }
    }))
    .load();
    assert!(model.warnings.is_empty(), "{:?}", model.warnings);
    let material = &model.materials[0];
    let normal = material.normal_map.unwrap();
    assert_eq!(normal.transform, [[2.0, 0.0, 0.5], [0.0, 3.0, 0.25]]);
    assert!(normal.second_uvs && normal.filter.magnified_nearest);
    assert!(normal.filter.reduced_nearest && !normal.filter.mip_levels);
    assert!(material.occlusion_map.unwrap().second_uvs);
    assert!(!material.emissive_map.unwrap().second_uvs);
    assert_eq!(
        (material.normal_scale, material.occlusion_strength),
        (0.5, 0.25)
    );
    let part = &model.meshes[0].primitives[0];
    assert_eq!(
        (part.uvs[0], part.second_uvs[0]),
        ([0.25, 0.5], [0.75, 1.0])
    );
    assert_eq!(part.tangents.len(), part.positions.len());
}

#[test]
fn a_third_set_of_coordinates_is_named() {
    let model = with_material(json!({
        "normalTexture": { "index": 0, "texCoord": 3 },
        "occlusionTexture": { "index": 0, "texCoord": 2 }
    }))
    .load();
    assert_eq!(
        model.warnings,
        ["a third set of texture coordinates in one material is drawn with the second"]
    );
}

#[test]
fn specular_glossiness_takes_the_place_of_metallic_roughness() {
    let model = with_material(json!({
        "alphaMode": "MASK",
        "extensions": { "KHR_materials_pbrSpecularGlossiness": {
            "diffuseFactor": [0.5, 0.25, 0.125, 1.0],
            "specularFactor": [0.9, 0.8, 0.7],
            "glossinessFactor": 0.75,
            "diffuseTexture": { "index": 0 }
        } }
    }))
    .load();
    let material = &model.materials[0];
    assert!(model.warnings.is_empty(), "{:?}", model.warnings);
    assert_eq!(material.base_colour, [0.5, 0.25, 0.125, 1.0]);
    assert_eq!((material.metallic, material.roughness), (0.0, 0.25));
    assert_eq!(material.reflectance.straight, [0.9, 0.8, 0.7]);
    assert!(material.reflectance.specular_glossiness && material.base_colour_map.is_some());
    assert_eq!(material.alpha, GltfAlphaMode::Mask(0.5));
}

#[test]
fn layers_and_reflection_of_a_material_are_read() {
    let material = |extensions: Value| {
        let model = with_material(json!({ "extensions": extensions })).load();
        assert!(model.warnings.is_empty(), "{:?}", model.warnings);
        model.materials[0].clone()
    };
    let plain = material(json!({}));
    assert_eq!(plain.reflectance.straight, [0.04; 3]);
    let water = material(json!({ "KHR_materials_ior": { "ior": 1.33 } }));
    assert!((water.reflectance.straight[0] - 0.020_06).abs() < 1e-4);
    let tinted = material(json!({ "KHR_materials_specular": {
        "specularFactor": 0.5, "specularColorFactor": [1.0, 0.5, 100.0]
    } }));
    assert_eq!(tinted.reflectance.straight, [0.02, 0.01, 0.5]);
    assert_eq!(tinted.reflectance.grazing, 0.5);
    let glass = material(json!({ "KHR_materials_transmission": { "transmissionFactor": 0.75 } }));
    assert_eq!(glass.transmission, 0.75);
    let paint = material(json!({ "KHR_materials_clearcoat": {
        "clearcoatFactor": 1.0, "clearcoatRoughnessFactor": 0.25
    } }));
    assert_eq!(
        (paint.clearcoat.strength, paint.clearcoat.roughness),
        (1.0, 0.25)
    );
    let velvet = material(json!({ "KHR_materials_sheen": {
        "sheenColorFactor": [0.5, 0.25, 0.0], "sheenRoughnessFactor": 0.5
    } }));
    assert_eq!(
        (velvet.sheen.colour, velvet.sheen.roughness),
        ([0.5, 0.25, 0.0], 0.5)
    );
}

#[test]
fn pictures_of_layers_that_are_not_drawn_are_named() {
    let model = with_material(json!({ "extensions": { "KHR_materials_sheen": {
        "sheenColorFactor": [1.0, 1.0, 1.0], "sheenColorTexture": { "index": 0 }
    } } }))
    .load();
    assert_eq!(
        model.warnings,
        ["KHR_materials_sheen is drawn without its pictures: it is alike all over the surface"]
    );
}

#[test]
fn a_webp_picture_is_read_and_preferred() {
    let mut builder = with_material(json!({ "emissiveTexture": { "index": 0 } }));
    builder.tree["images"] =
        json!([{ "uri": "missing.png" }, { "uri": picture(image::ImageFormat::WebP) }]);
    builder.tree["textures"] = json!([
        { "source": 0, "extensions": { "EXT_texture_webp": { "source": 1 } } }
    ]);
    let model = builder.load();
    let image = &model.images[model.materials[0].emissive_map.unwrap().image];
    assert_eq!(image.rgba, [200, 100, 50, 255]);
    assert!(model.warnings.is_empty());
}

#[test]
fn lights_of_nodes_are_read() {
    let mut builder = ModelBuilder::cylinder();
    builder.tree["extensions"] = json!({ "KHR_lights_punctual": { "lights": [
        { "type": "point", "color": [1.0, 0.5, 0.0], "intensity": 100.0 },
        { "type": "spot", "range": 5.0, "spot": { "innerConeAngle": 0.1 } },
        { "type": "directional" },
        { "type": "area" }
    ] } });
    for light in 0..4 {
        builder.tree["nodes"][light]["extensions"] =
            json!({ "KHR_lights_punctual": { "light": light } });
    }
    let model = builder.load();
    assert_eq!(model.lights.len(), 3);
    assert_eq!(model.lights[0].intensity, [100.0, 50.0, 0.0]);
    let outer = std::f32::consts::FRAC_PI_4;
    assert_eq!(
        model.lights[1].shape,
        GltfLightShape::Spot { inner: 0.1, outer }
    );
    assert_eq!(model.lights[1].range, Some(5.0));
    assert_eq!(model.lights[2].shape, GltfLightShape::Directional);
    assert_eq!(
        model.warnings,
        ["a light of the unknown type `area` is left out"]
    );
}

#[test]
fn a_required_extension_that_changes_no_shape_is_no_fault() {
    for (name, warned) in [
        ("KHR_materials_variants", false),
        ("KHR_materials_volume", true),
        ("KHR_materials_specular", false),
        ("KHR_animation_pointer", true),
        ("ACME_glitter", true),
    ] {
        let mut builder = ModelBuilder::cylinder();
        builder.tree["extensionsUsed"] = json!([name]);
        builder.tree["extensionsRequired"] = json!([name]);
        let model = builder.load();
        assert_eq!(
            model.warnings.iter().any(|warning| warning.contains(name)),
            warned,
            "{name}"
        );
    }
}

#[test]
fn a_figure_of_vrm_0_is_turned_to_the_front_when_it_is_packed() {
    let mark = |extension: &str| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.glb");
        let mut builder = ModelBuilder::cylinder();
        builder.tree["extensions"] = json!({ extension: {} });
        std::fs::write(&path, builder.bytes()).unwrap();
        let packed = pack_glb(&path, ModelFormat::Gltf, &ModelMend::default()).unwrap();
        let model = GltfModel::from_bytes(&packed, &path).unwrap();
        model.node_transform("mark_a").unwrap().w_axis.truncate()
    };
    assert!(mark("VRM").abs_diff_eq(Vec3::new(-1.0, 0.0, -2.0), 1e-6));
    assert_eq!(mark("VRMC_vrm"), Vec3::new(1.0, 0.0, 2.0));
}

#[test]
fn a_model_of_nothing_says_why() {
    assert_eq!(ModelBuilder::cylinder().facts().nothing_drawn, None);
    let mut hidden = ModelBuilder::cylinder();
    hidden.tree["nodes"][0]["extensions"] = json!({ "KHR_node_visibility": { "visible": false } });
    let why = hidden.facts().nothing_drawn.unwrap();
    assert_eq!(why, "no node of its scene shows a mesh");
    let mut empty = ModelBuilder::cylinder();
    empty.tree["meshes"] = json!([]);
    empty.tree["nodes"][0] = json!({});
    assert_eq!(empty.facts().nothing_drawn.unwrap(), "it has no triangles");
    let mut flat = ModelBuilder::cylinder();
    flat.tree["nodes"][0] = json!({ "mesh": 0, "scale": [0.0, 0.0, 1.0] });
    assert_eq!(
        flat.facts().nothing_drawn.unwrap(),
        "none of its triangles has an area"
    );
}

/// Returns the cylinder as it is imported with these changes.
fn imported(builder: &ModelBuilder, mend: &ModelMend) -> Result<GltfModel, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.glb");
    std::fs::write(&path, builder.bytes()).unwrap();
    let packed = pack_glb(&path, ModelFormat::Gltf, mend).map_err(|error| error.to_string())?;
    Ok(GltfModel::from_bytes(&packed, &path).unwrap())
}

#[test]
fn a_model_in_another_unit_and_other_axes_is_mended() {
    let rest = |mend: ModelMend| {
        let model = imported(&ModelBuilder::cylinder(), &mend).unwrap();
        let mark = model.node_transform("mark_a").unwrap();
        (
            model.bounds_in_pose(&model.rest_pose()),
            mark.transform_point3(Vec3::ZERO),
        )
    };
    let (bounds, mark) = rest(ModelMend {
        scale: Some(0.01),
        ..ModelMend::default()
    });
    assert!((bounds.max.y - 0.02).abs() < 1e-6, "{bounds:?}");
    assert!(mark.abs_diff_eq(Vec3::new(0.01, 0.0, 0.02), 1e-6), "{mark}");
    // z upwards: what is 2 m along y lies, with its top to the back.
    let up = Some(UpAxis::Z);
    let (bounds, mark) = rest(ModelMend {
        up,
        ..ModelMend::default()
    });
    assert!((bounds.min.z + 2.0).abs() < 1e-5, "{bounds:?}");
    assert!(mark.abs_diff_eq(Vec3::new(1.0, 2.0, 0.0), 1e-5), "{mark}");
    // The front is +x: it comes to +z, and what was +z to -x.
    let (_, mark) = rest(ModelMend {
        forward: Some(ForwardAxis::X),
        ..ModelMend::default()
    });
    assert!(mark.abs_diff_eq(Vec3::new(-2.0, 0.0, 1.0), 1e-5), "{mark}");
    let (_, mark) = rest(ModelMend {
        up,
        forward: Some(ForwardAxis::Y),
        ..ModelMend::default()
    });
    assert!(mark.abs_diff_eq(Vec3::new(-1.0, 2.0, 0.0), 1e-5), "{mark}");
}

#[test]
fn a_model_without_scenes_is_mended_too() {
    let mut builder = ModelBuilder::cylinder();
    let tree = builder.tree.as_object_mut().unwrap();
    tree.remove("scenes");
    tree.remove("scene");
    let mend = ModelMend {
        scale: Some(2.0),
        ..ModelMend::default()
    };
    let model = imported(&builder, &mend).unwrap();
    let bounds = model.bounds_in_pose(&model.rest_pose());
    assert!((bounds.max.y - 4.0).abs() < 1e-5, "{bounds:?}");
}

#[test]
fn a_figure_whose_front_is_written_is_not_turned_by_its_format() {
    let mut builder = ModelBuilder::cylinder();
    builder.tree["extensions"] = json!({ "VRM": {} });
    let mark = |forward: Option<ForwardAxis>| {
        let mend = ModelMend {
            forward,
            ..ModelMend::default()
        };
        let model = imported(&builder, &mend).unwrap();
        let mark = model.node_transform("mark_a").unwrap();
        mark.transform_point3(Vec3::ZERO)
    };
    let turned = Vec3::new(-1.0, 0.0, -2.0);
    assert!(mark(None).abs_diff_eq(turned, 1e-5));
    assert!(mark(Some(ForwardAxis::MinusZ)).abs_diff_eq(turned, 1e-5));
    assert!(mark(Some(ForwardAxis::Z)).abs_diff_eq(-turned, 1e-5));
}

#[test]
fn a_variant_is_chosen_by_its_name() {
    let mut builder = ModelBuilder::cylinder();
    let materials = builder.tree["materials"].as_array_mut().unwrap();
    materials.push(json!({ "name": "night" }));
    builder.tree["extensions"] = json!({ "KHR_materials_variants": {
        "variants": [{ "name": "day" }, { "name": "Night" }]
    } });
    builder.tree["meshes"][0]["primitives"][0]["extensions"] = json!({
        "KHR_materials_variants": { "mappings": [{ "material": 1, "variants": [1] }] }
    });
    let shown = |name: &str| {
        let variant = Some(name.to_owned());
        let mend = ModelMend {
            variant,
            ..ModelMend::default()
        };
        let model = imported(&builder, &mend)?;
        Ok::<_, String>(model.meshes[0].primitives[0].material)
    };
    assert_eq!(builder.facts().variants, ["day", "Night"]);
    assert_eq!(shown("night"), Ok(1));
    assert_eq!(shown("day"), Ok(0));
    let unknown = shown("dusk").unwrap_err();
    assert!(unknown.contains("it has `day`, `Night`"), "{unknown}");
}

#[test]
fn cameras_are_found_by_the_name_of_node_or_camera_and_move_with_their_clip() {
    let mut builder = ModelBuilder::cylinder();
    builder.tree["cameras"] = json!([
        { "name": "Camera.001", "type": "perspective", "perspective": { "yfov": 1.0, "znear": 0.1 } },
        { "type": "orthographic", "orthographic": { "xmag": 1, "ymag": 1, "znear": 0, "zfar": 9 } },
    ]);
    builder.set("/nodes/2", "camera", json!(0));
    builder.set("/nodes/3", "camera", json!(1));
    assert_eq!(builder.facts().cameras, ["head"]);
    let model = builder.load();
    let camera = model.camera_at("Camera.001", None, 0.0).unwrap();
    assert!((camera.half_height - 0.5_f32.tan()).abs() < 1e-6);
    let place = camera.matrix.transform_point3(Vec3::ZERO);
    assert!(place.abs_diff_eq(Vec3::Y, 1e-6));
    // The clip turns the head about z.
    let up = |seconds: f32| {
        let camera = model.camera_at("head", None, seconds).unwrap();
        camera.matrix.transform_vector3(Vec3::Y)
    };
    assert!(up(0.0).abs_diff_eq(Vec3::Y, 1e-5));
    assert!((up(0.5).x + 0.8_f32.sin()).abs() < 1e-5);
    assert!(model.camera_at("mark_a", None, 0.0).is_none());
}

#[test]
fn expressions_of_vrm_and_morph_targets_are_shown_by_name() {
    let shown = |builder: &ModelBuilder, name: &str| {
        let mend = ModelMend {
            expression: Some(name.to_owned()),
            ..ModelMend::default()
        };
        let model = imported(builder, &mend)?;
        Ok::<_, String>(model.bounds_in_pose(&model.rest_pose()).max.y)
    };
    let near = |found: Result<f32, String>, expected: f32| {
        assert!(
            (found.clone().unwrap() - expected).abs() < 1e-5,
            "{found:?}"
        );
    };
    // The target lifts by a metre, and is half applied at rest.
    let mut builder = morphing();
    builder.set("/meshes/0", "extras", json!({ "targetNames": ["Lift"] }));
    assert_eq!(builder.facts().expressions, ["Lift"]);
    near(shown(&builder, "lift"), 3.0);
    builder.tree["extensions"] = json!({ "VRMC_vrm": { "expressions": {
        "preset": { "happy": { "morphTargetBinds": [{ "node": 0, "index": 0, "weight": 0.25 }] },
                    "neutral": {} },
    } } });
    assert_eq!(builder.facts().expressions, ["happy", "Lift"]);
    near(shown(&builder, "Happy"), 2.25);
    // Weights of the node go before those of its mesh.
    builder.set("/nodes/0", "weights", json!([0.0]));
    near(shown(&builder, "happy"), 2.25);
    builder.tree["extensions"] = json!({ "VRM": { "blendShapeMaster": { "blendShapeGroups": [
        { "name": "Joy", "presetName": "joy", "binds": [{ "mesh": 0, "index": 0, "weight": 75 }] },
        { "name": "Wink", "presetName": "unknown", "binds": [{ "mesh": 0, "index": 0, "weight": 10 }] },
    ] } } });
    assert_eq!(builder.facts().expressions, ["joy", "Wink", "Lift"]);
    near(shown(&builder, "joy"), 2.75);
    let unknown = shown(&builder, "sad").unwrap_err();
    assert!(
        unknown.contains("no expression `sad`; it has `joy`"),
        "{unknown}"
    );
}
