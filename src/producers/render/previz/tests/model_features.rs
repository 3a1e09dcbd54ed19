//! What models of other programs have, as pictures.

use super::{SIZE, gpu, perform, render};
use crate::gpu::GpuDevice;
use crate::media::gltf::sample::{encode_glb, png_uri};
use crate::media::picture::read_picture;
use crate::model::FrameList;
use serde_json::{Value, json};

/// Quads that face the camera, each a mesh of its own, on nodes that a test writes.
struct QuadModel {
    tree: Value,
    body: Vec<u8>,
}

impl QuadModel {
    /// Returns one square metre that stands on the floor, with this material.
    fn new(material: Value) -> Self {
        let mut model = Self {
            tree: json!({
                "asset": { "version": "2.0" },
                "scenes": [{ "nodes": [] }],
                "nodes": [],
                "meshes": [],
                "materials": [material],
                "accessors": [],
                "bufferViews": [],
                "buffers": [{ "byteLength": 0 }]
            }),
            body: Vec::new(),
        };
        model.add_quad([1.0, 1.0, 1.0], 0.0, 0);
        model
    }

    /// Adds a quad at this depth, its places divided by the scale of its node.
    fn add_quad(&mut self, scale: [f32; 3], z: f32, material: usize) {
        let [x, y, _] = scale;
        let corners = [[-0.5, 0.0], [0.5, 0.0], [0.5, 1.0], [-0.5, 1.0]];
        let places: Vec<f32> = corners
            .iter()
            .flat_map(|c| [c[0] / x, c[1] / y, z / scale[2]])
            .collect();
        let position = self.add_floats(&places, "VEC3");
        let uv = self.add_floats(&[0.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0], "VEC2");
        // Counter-clockwise in the space of the node, which a mirroring scale turns around.
        let order: [u16; 6] = if x * y > 0.0 {
            [0, 1, 2, 0, 2, 3]
        } else {
            [0, 2, 1, 0, 3, 2]
        };
        let bytes: Vec<u8> = order.iter().flat_map(|index| index.to_le_bytes()).collect();
        let indices = self.add(&bytes, 5123, "SCALAR", 6);
        let mesh = self.push(
            "meshes",
            json!({ "primitives": [{
            "attributes": { "POSITION": position, "TEXCOORD_0": uv },
            "indices": indices, "material": material
        }] }),
        );
        let node = self.push("nodes", json!({ "mesh": mesh, "scale": scale }));
        self.tree["scenes"][0]["nodes"]
            .as_array_mut()
            .unwrap()
            .push(json!(node));
    }

    fn push(&mut self, list: &str, value: Value) -> usize {
        let list = self.tree[list].as_array_mut().unwrap();
        list.push(value);
        list.len() - 1
    }

    fn add_floats(&mut self, values: &[f32], shape: &str) -> usize {
        let width = match shape {
            "VEC2" => 2,
            "VEC3" => 3,
            _ => 4,
        };
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        self.add(&bytes, 5126, shape, values.len() / width)
    }

    fn add(&mut self, bytes: &[u8], kind: u32, shape: &str, count: usize) -> usize {
        self.body.resize(self.body.len().next_multiple_of(4), 0);
        let start = self.body.len();
        self.body.extend_from_slice(bytes);
        self.tree["buffers"][0]["byteLength"] = json!(self.body.len());
        let view = self.push(
            "bufferViews",
            json!({ "buffer": 0, "byteOffset": start, "byteLength": bytes.len() }),
        );
        self.push(
            "accessors",
            json!({ "bufferView": view, "componentType": kind, "count": count, "type": shape }),
        )
    }

    /// Adds a texture of these pixels, from left to right.
    fn add_texture(&mut self, pixels: &[[u8; 4]], filter: u32) -> usize {
        for list in ["images", "samplers", "textures"] {
            if self.tree[list].is_null() {
                self.tree[list] = json!([]);
            }
        }
        let image = self.push("images", json!({ "uri": png_uri(pixels) }));
        let sampler = self.push(
            "samplers",
            json!({ "magFilter": filter, "minFilter": filter, "wrapS": 33071, "wrapT": 33071 }),
        );
        self.push("textures", json!({ "source": image, "sampler": sampler }))
    }

    /// Draws the model, and returns its pixels.
    fn draw(&self, gpu: &GpuDevice) -> Vec<[f32; 3]> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model");
        std::fs::write(&path, encode_glb(&self.tree, &self.body)).unwrap();
        let frame = FrameList::from_bounds(1, 1);
        let output = perform(gpu, &render(frame), &path, folder.path()).unwrap();
        assert_eq!(output.warnings, Vec::<String>::new());
        read_picture(&folder.path().join("0001.exr"))
            .unwrap()
            .pixels
    }
}

fn pixel(picture: &[[f32; 3]], x: usize, y: usize) -> [f32; 3] {
    picture[y * SIZE.width as usize + x]
}

/// Returns the largest difference of two pictures.
fn difference(a: &[[f32; 3]], b: &[[f32; 3]]) -> f32 {
    let pairs = a.as_flattened().iter().zip(b.as_flattened());
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

const WHITE: [f32; 4] = [1.0; 4];

fn plain(colour: [f32; 4]) -> Value {
    json!({ "pbrMetallicRoughness": { "baseColorFactor": colour, "metallicFactor": 0.0 } })
}

#[test]
fn a_normal_map_is_the_same_under_every_scale_and_in_a_mirror() {
    let Some(gpu) = gpu() else { return };
    let drawn = |scale: [f32; 3], slope: u8| {
        let mut model = QuadModel::new(plain(WHITE));
        model.tree["scenes"][0]["nodes"] = json!([]);
        model.add_quad(scale, 0.0, 0);
        let texture = model.add_texture(&[[slope, 170, 200, 255]], 9729);
        model.tree["materials"][0]["normalTexture"] = json!({ "index": texture });
        model.draw(&gpu)
    };
    let metres = drawn([1.0; 3], 200);
    assert!(
        difference(&metres, &drawn([1.0; 3], 60)) > 0.02,
        "the map is seen"
    );
    for scale in [
        [0.01; 3],
        [100.0; 3],
        [3.0, 0.5, 1.0],
        [-1.0, 1.0, 1.0],
        [1.0, -2.0, 1.0],
    ] {
        let other = drawn(scale, 200);
        assert!(
            difference(&metres, &other) < 2e-3,
            "{scale:?}: {}",
            difference(&metres, &other)
        );
    }
}

#[test]
fn morphs_and_many_influences_are_drawn_where_they_are() {
    let Some(gpu) = gpu() else { return };
    let moved = |z: f32| {
        let mut model = QuadModel::new(plain([0.8, 0.1, 0.1, 1.0]));
        model.add_quad([1.0; 3], z, 0);
        model
    };
    let expected = moved(0.6).draw(&gpu);
    assert!(difference(&expected, &moved(0.0).draw(&gpu)) > 0.05);
    let mut morphing = moved(0.0);
    let target = morphing.add_floats(&[0.0, 0.0, 1.2].repeat(4), "VEC3");
    morphing.tree["meshes"][1]["primitives"][0]["targets"] = json!([{ "POSITION": target }]);
    morphing.tree["nodes"][1]["weights"] = json!([0.5]);
    assert!(difference(&expected, &morphing.draw(&gpu)) < 2e-3);
    let mut skinned = moved(0.0);
    let joints = skinned.add(&[0, 0, 0, 0].repeat(4), 5121, "VEC4", 4);
    let more_joints = skinned.add(&[1, 0, 0, 0].repeat(4), 5121, "VEC4", 4);
    let weights = skinned.add_floats(&[0.125; 16], "VEC4");
    let more_weights = skinned.add_floats(&[0.5, 0.0, 0.0, 0.0].repeat(4), "VEC4");
    let attributes = &mut skinned.tree["meshes"][1]["primitives"][0]["attributes"];
    attributes["JOINTS_0"] = json!(joints);
    attributes["WEIGHTS_0"] = json!(weights);
    attributes["JOINTS_1"] = json!(more_joints);
    attributes["WEIGHTS_1"] = json!(more_weights);
    let still = skinned.push("nodes", json!({ "name": "still" }));
    let pushed = skinned.push(
        "nodes",
        json!({ "name": "pushed", "translation": [0.0, 0.0, 1.2] }),
    );
    skinned.tree["skins"] = json!([{ "joints": [still, pushed] }]);
    skinned.tree["nodes"][1]["skin"] = json!(0);
    let roots = skinned.tree["scenes"][0]["nodes"].as_array_mut().unwrap();
    roots.extend([json!(still), json!(pushed)]);
    assert!(difference(&expected, &skinned.draw(&gpu)) < 2e-3);
}

#[test]
fn second_coordinates_and_hard_pixels_are_drawn() {
    let Some(gpu) = gpu() else { return };
    let mut model = QuadModel::new(plain(WHITE));
    let texture = model.add_texture(&[[255, 0, 0, 255], [0, 255, 0, 255]], 9728);
    let attributes = &mut model.tree["meshes"][0]["primitives"][0]["attributes"];
    let uvs = attributes["TEXCOORD_0"].take();
    attributes["TEXCOORD_1"] = uvs;
    let none = model.add_floats(&[0.0; 8], "VEC2");
    model.tree["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_0"] = json!(none);
    model.tree["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] =
        json!({ "index": texture, "texCoord": 1 });
    let picture = model.draw(&gpu);
    // Near the edge of the two pixels a smooth filter would mix them.
    let [left, right] = [46, 50].map(|x| pixel(&picture, x, 27));
    assert!(left[0] > 4.0 * left[1], "{left:?}");
    assert!(right[1] > 4.0 * right[0], "{right:?}");
}

#[test]
fn glass_shows_what_is_behind_it_in_its_colour() {
    let Some(gpu) = gpu() else { return };
    let through = |transmission: f32, colour: [f32; 4]| {
        let mut model = QuadModel::new(plain([0.8, 0.8, 0.8, 1.0]));
        let mut glass = plain(colour);
        glass["extensions"] = json!({ "KHR_materials_transmission": {
            "transmissionFactor": transmission
        } });
        model.push("materials", glass);
        model.add_quad([1.0; 3], 0.5, 1);
        pixel(&model.draw(&gpu), 48, 27)
    };
    let clear = through(1.0, WHITE);
    let red = through(1.0, [1.0, 0.0, 0.0, 1.0]);
    let solid = through(0.0, [0.0, 0.0, 0.0, 1.0]);
    assert!(clear[1] > 3.0 * solid[1], "{clear:?} {solid:?}");
    assert!(
        (red[0] / clear[0] - 1.0).abs() < 0.05 && red[1] < 0.4 * clear[1],
        "{red:?}"
    );
}

#[test]
fn specular_glossiness_has_its_diffuse_colour_and_layers_their_shine() {
    let Some(gpu) = gpu() else { return };
    let middle = |extensions: Value| {
        let mut material = plain([0.0, 0.0, 0.0, 1.0]);
        material["extensions"] = extensions;
        pixel(&QuadModel::new(material).draw(&gpu), 48, 27)
    };
    let diffuse = middle(json!({ "KHR_materials_pbrSpecularGlossiness": {
        "diffuseFactor": [0.8, 0.1, 0.1, 1.0], "specularFactor": [0.0, 0.0, 0.0],
        "glossinessFactor": 0.0
    } }));
    assert!(diffuse[0] > 4.0 * diffuse[1], "{diffuse:?}");
    let mirror = middle(json!({ "KHR_materials_pbrSpecularGlossiness": {
        "specularFactor": [0.0, 0.9, 0.0]
    } }));
    assert!(mirror[1] > 4.0 * mirror[0], "{mirror:?}");
    let black = middle(json!({}));
    let dull = middle(json!({ "KHR_materials_specular": { "specularFactor": 0.0 } }));
    let velvet = middle(json!({ "KHR_materials_sheen": {
        "sheenColorFactor": [0.0, 0.0, 1.0], "sheenRoughnessFactor": 1.0
    } }));
    let varnish = middle(json!({ "KHR_materials_clearcoat": { "clearcoatFactor": 1.0 } }));
    assert!(dull[0] < 0.7 * black[0], "{dull:?} {black:?}");
    assert!(
        velvet[2] - black[2] > 3.0 * (velvet[0] - black[0]).abs() + 1e-3,
        "{velvet:?}"
    );
    assert!(varnish[1] > 1.2 * black[1], "{varnish:?} {black:?}");
}

#[test]
fn a_mask_has_soft_edges_in_one_pass_and_holes_beside_them() {
    let Some(gpu) = gpu() else { return };
    let mut model = QuadModel::new(plain([0.9, 0.0, 0.0, 1.0]));
    let texture = model.add_texture(&[[255, 0, 0, 255], [255, 0, 0, 0]], 9729);
    model.tree["materials"][0]["alphaMode"] = json!("MASK");
    model.tree["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"] =
        json!({ "index": texture });
    let picture = model.draw(&gpu);
    let redness = |x: usize| {
        let [red, green, _] = pixel(&picture, x, 27);
        red - green
    };
    let row: Vec<f32> = (40..56).map(redness).collect();
    assert!(row[0] > 0.05, "{row:?}");
    assert!(row[15] < 0.02, "the right half is a hole: {row:?}");
}
