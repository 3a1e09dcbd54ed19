//! Checks every index of a JSON tree before anything follows one.
//!
//! All of them in one table, so that no reader has to think of an index that points at nothing.

use super::error::{GltfFault, fail_malformed};
use serde_json::{Map, Value};

/// A list of the tree that indices point into.
#[derive(Clone, Copy)]
struct IndexedList {
    key: &'static str,
    noun: &'static str,
}

const ACCESSORS: IndexedList = IndexedList::new("accessors", "accessor");
const BUFFERS: IndexedList = IndexedList::new("buffers", "buffer");
const BUFFER_VIEWS: IndexedList = IndexedList::new("bufferViews", "buffer view");
const CAMERAS: IndexedList = IndexedList::new("cameras", "camera");
const IMAGES: IndexedList = IndexedList::new("images", "picture");
const MATERIALS: IndexedList = IndexedList::new("materials", "material");
const MESHES: IndexedList = IndexedList::new("meshes", "mesh");
const NODES: IndexedList = IndexedList::new("nodes", "node");
const SAMPLERS: IndexedList = IndexedList::new("samplers", "sampler");
const SCENES: IndexedList = IndexedList::new("scenes", "scene");
const SKINS: IndexedList = IndexedList::new("skins", "skin");
const TEXTURES: IndexedList = IndexedList::new("textures", "texture");

/// Where indices are, and the list that they point into. `*` is every element of a list or object.
struct IndexPlace {
    path: &'static str,
    list: IndexedList,
}

const INDEX_PLACES: &[IndexPlace] = &[
    IndexPlace::new("scene", SCENES),
    IndexPlace::new("scenes/*/nodes/*", NODES),
    IndexPlace::new("nodes/*/children/*", NODES),
    IndexPlace::new("nodes/*/mesh", MESHES),
    IndexPlace::new("nodes/*/skin", SKINS),
    IndexPlace::new("nodes/*/camera", CAMERAS),
    IndexPlace::new(
        "nodes/*/extensions/EXT_mesh_gpu_instancing/attributes/*",
        ACCESSORS,
    ),
    IndexPlace::new("meshes/*/primitives/*/attributes/*", ACCESSORS),
    IndexPlace::new("meshes/*/primitives/*/indices", ACCESSORS),
    IndexPlace::new("meshes/*/primitives/*/material", MATERIALS),
    IndexPlace::new(
        "meshes/*/primitives/*/extensions/KHR_materials_variants/mappings/*/material",
        MATERIALS,
    ),
    IndexPlace::new("meshes/*/primitives/*/targets/*/*", ACCESSORS),
    IndexPlace::new("skins/*/joints/*", NODES),
    IndexPlace::new("skins/*/skeleton", NODES),
    IndexPlace::new("skins/*/inverseBindMatrices", ACCESSORS),
    IndexPlace::new("animations/*/samplers/*/input", ACCESSORS),
    IndexPlace::new("animations/*/samplers/*/output", ACCESSORS),
    IndexPlace::new("animations/*/channels/*/target/node", NODES),
    IndexPlace::new("accessors/*/bufferView", BUFFER_VIEWS),
    IndexPlace::new("accessors/*/sparse/indices/bufferView", BUFFER_VIEWS),
    IndexPlace::new("accessors/*/sparse/values/bufferView", BUFFER_VIEWS),
    IndexPlace::new("bufferViews/*/buffer", BUFFERS),
    IndexPlace::new("bufferViews/*/extensions/*/buffer", BUFFERS),
    IndexPlace::new("images/*/bufferView", BUFFER_VIEWS),
    IndexPlace::new("textures/*/source", IMAGES),
    IndexPlace::new("textures/*/sampler", SAMPLERS),
    IndexPlace::new("textures/*/extensions/EXT_texture_webp/source", IMAGES),
    IndexPlace::new(
        "materials/*/pbrMetallicRoughness/baseColorTexture/index",
        TEXTURES,
    ),
    IndexPlace::new(
        "materials/*/pbrMetallicRoughness/metallicRoughnessTexture/index",
        TEXTURES,
    ),
    IndexPlace::new("materials/*/normalTexture/index", TEXTURES),
    IndexPlace::new("materials/*/occlusionTexture/index", TEXTURES),
    IndexPlace::new("materials/*/emissiveTexture/index", TEXTURES),
    // One line for all extensions of materials: each has its textures at this depth.
    IndexPlace::new("materials/*/extensions/*/*/index", TEXTURES),
];

impl IndexedList {
    const fn new(key: &'static str, noun: &'static str) -> Self {
        Self { key, noun }
    }
}

impl IndexPlace {
    const fn new(path: &'static str, list: IndexedList) -> Self {
        Self { path, list }
    }
}

/// Fails on the first index that points at nothing.
pub(super) fn check_indices(root: &Map<String, Value>) -> Result<(), GltfFault> {
    for place in INDEX_PLACES {
        let Some((first, rest)) = split_path(place.path) else {
            continue;
        };
        // A list that the file has not has no element, so every index into it is reported.
        let length = root
            .get(place.list.key)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let search = IndexSearch {
            list: place.list,
            length,
        };
        if let Some(value) = root.get(first) {
            search.check_below(value, rest, first)?;
        }
    }
    Ok(())
}

/// One list, of so many elements, whose indices are looked for.
struct IndexSearch {
    list: IndexedList,
    length: usize,
}

impl IndexSearch {
    /// Checks every index at `path` below `value`. `place` says where that is.
    fn check_below(&self, value: &Value, path: &str, place: &str) -> Result<(), GltfFault> {
        let Some((step, rest)) = split_path(path) else {
            return self.check_index(value, place);
        };
        match value {
            Value::Array(items) if step == "*" => {
                items.iter().enumerate().try_for_each(|(index, item)| {
                    self.check_below(item, rest, &format!("{place}[{index}]"))
                })
            }
            Value::Object(fields) if step == "*" => fields.iter().try_for_each(|(key, field)| {
                self.check_below(field, rest, &format!("{place}.{key}"))
            }),
            Value::Object(fields) => fields.get(step).map_or(Ok(()), |field| {
                self.check_below(field, rest, &format!("{place}.{step}"))
            }),
            // A value of a wrong type has its own error when it is decoded.
            _ => Ok(()),
        }
    }

    fn check_index(&self, value: &Value, place: &str) -> Result<(), GltfFault> {
        match value.as_u64() {
            Some(index) if index >= self.length as u64 => fail_malformed(format!(
                "{place} names {} {index}, which is not there",
                self.list.noun
            )),
            _ => Ok(()),
        }
    }
}

/// Returns the first step of a path and the steps after it. `None`: there is none.
fn split_path(path: &str) -> Option<(&str, &str)> {
    (!path.is_empty()).then(|| path.split_once('/').unwrap_or((path, "")))
}
