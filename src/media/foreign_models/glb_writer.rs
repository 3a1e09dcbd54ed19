//! Writes a GLB of triangles with materials: what other formats are read as.

use crate::media::gltf::{GltfFault, glb_bytes};
use serde_json::{Value, json};

/// Triangles of one material. Lists are as long as the positions, or empty.
#[derive(Debug, Clone, Default)]
pub(super) struct WrittenPart {
    pub(super) positions: Vec<[f32; 3]>,
    pub(super) normals: Vec<[f32; 3]>,
    pub(super) uvs: Vec<[f32; 2]>,
    /// Linear RGBA.
    pub(super) colours: Vec<[f32; 4]>,
    /// Three for each triangle.
    pub(super) indices: Vec<u32>,
    pub(super) material: Option<usize>,
}

/// Collects a model.
#[derive(Debug, Default)]
pub(super) struct GlbWriter {
    body: Vec<u8>,
    views: Vec<Value>,
    accessors: Vec<Value>,
    meshes: Vec<Value>,
    nodes: Vec<Value>,
    materials: Vec<Value>,
    textures: Vec<Value>,
    images: Vec<Value>,
}

impl GlbWriter {
    /// Adds a material in the notation of glTF, and returns its index.
    pub(super) fn add_material(&mut self, material: Value) -> usize {
        self.materials.push(material);
        self.materials.len() - 1
    }

    /// Adds a picture of a file beside the model, and returns the reference that a material has.
    pub(super) fn add_texture(&mut self, file: &str) -> Value {
        let uri = json!(percent_encoded(file));
        let known = self.images.iter().position(|image| image["uri"] == uri);
        let index = known.unwrap_or_else(|| {
            self.images.push(json!({ "uri": uri }));
            self.textures
                .push(json!({ "source": self.images.len() - 1 }));
            self.textures.len() - 1
        });
        json!({ "index": index })
    }

    /// Adds a node with a mesh. Parts without triangles are left out.
    pub(super) fn add_mesh(&mut self, name: &str, parts: &[WrittenPart]) {
        let drawn = parts.iter().filter(|part| !part.indices.is_empty());
        let primitives: Vec<Value> = drawn.map(|part| self.add_part(part)).collect();
        if primitives.is_empty() {
            return;
        }
        self.meshes.push(json!({ "primitives": primitives }));
        let mesh = self.meshes.len() - 1;
        self.nodes.push(json!({ "name": name, "mesh": mesh }));
    }

    fn add_part(&mut self, part: &WrittenPart) -> Value {
        let count = part.positions.len();
        let mut attributes = json!({});
        let position = self.add_floats(part.positions.as_flattened(), "VEC3", count);
        let bound = |pick: fn(f32, f32) -> f32, start: f32| {
            let places = part.positions.iter();
            places.fold([start; 3], |found, place| {
                [0, 1, 2].map(|axis| pick(found[axis], place[axis]))
            })
        };
        self.accessors[position]["min"] = json!(bound(f32::min, f32::INFINITY));
        self.accessors[position]["max"] = json!(bound(f32::max, f32::NEG_INFINITY));
        attributes["POSITION"] = json!(position);
        if part.normals.len() == count {
            attributes["NORMAL"] =
                json!(self.add_floats(part.normals.as_flattened(), "VEC3", count));
        }
        if part.uvs.len() == count {
            attributes["TEXCOORD_0"] =
                json!(self.add_floats(part.uvs.as_flattened(), "VEC2", count));
        }
        if part.colours.len() == count {
            attributes["COLOR_0"] =
                json!(self.add_floats(part.colours.as_flattened(), "VEC4", count));
        }
        let indices = part.indices.iter().flat_map(|index| index.to_le_bytes());
        let indices = self.add_accessor(indices.collect(), 5125, "SCALAR", part.indices.len());
        let mut primitive = json!({ "attributes": attributes, "indices": indices });
        if let Some(material) = part.material {
            primitive["material"] = json!(material);
        }
        primitive
    }

    fn add_floats(&mut self, values: &[f32], shape: &str, count: usize) -> usize {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.add_accessor(bytes.collect(), 5126, shape, count)
    }

    fn add_accessor(&mut self, bytes: Vec<u8>, kind: u32, shape: &str, count: usize) -> usize {
        let start = self.body.len();
        let length = bytes.len();
        self.views
            .push(json!({ "buffer": 0, "byteOffset": start, "byteLength": length }));
        self.body.extend(bytes);
        let view = self.views.len() - 1;
        self.accessors.push(
            json!({ "bufferView": view, "componentType": kind, "count": count, "type": shape }),
        );
        self.accessors.len() - 1
    }

    /// Returns the model.
    pub(super) fn finish(self) -> Result<Vec<u8>, GltfFault> {
        // Lengths in a GLB have 32 bits.
        if u32::try_from(self.body.len()).is_err() {
            return Err(GltfFault::Malformed("it is larger than 4 GiB".to_owned()));
        }
        let roots: Vec<usize> = (0..self.nodes.len()).collect();
        let mut tree = json!({
            "asset": { "version": "2.0", "generator": "production" },
            "scene": 0,
            "scenes": [{ "nodes": roots }],
            "nodes": self.nodes,
            "meshes": self.meshes,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{ "byteLength": self.body.len() }],
        });
        let lists = [
            ("materials", self.materials),
            ("textures", self.textures),
            ("images", self.images),
        ];
        for (key, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
            tree[key] = Value::Array(list);
        }
        Ok(glb_bytes(&tree, &self.body))
    }
}

/// Returns a name as a URI has it.
fn percent_encoded(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}
