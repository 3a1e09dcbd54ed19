//! What glTF 2.0 allows a file to leave out, and the `gltf` crate asks for: filled in, or taken out
//! with a warning.

use serde_json::{Map, Value, json};

/// The properties of a node that a clip can animate here.
const ANIMATED_PROPERTIES: [&str; 4] = ["translation", "rotation", "scale", "weights"];

/// Fills in what the format allows to be missing, and returns a warning for what is not drawn.
pub(super) fn fill_optional_fields(root: &mut Map<String, Value>) -> Vec<String> {
    for scene in objects_of(root, "scenes") {
        scene.entry("nodes").or_insert_with(|| json!([]));
    }
    let mut warnings = drop_foreign_channels(root);
    warnings.extend(drop_placeless_primitives(root));
    warnings.extend(drop_empty_textures(root));
    warnings
}

/// Returns the objects of one list of the tree.
fn objects_of<'a>(
    root: &'a mut Map<String, Value>,
    key: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    root.get_mut(key)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
}

/// Takes out animation channels that move no node: an extension says what they move.
fn drop_foreign_channels(root: &mut Map<String, Value>) -> Vec<String> {
    let mut warnings = Vec::new();
    for animation in objects_of(root, "animations") {
        let Some(channels) = animation.get_mut("channels").and_then(Value::as_array_mut) else {
            continue;
        };
        channels.retain(|channel| {
            let target = channel.get("target");
            let path = target.and_then(|target| target.get("path")?.as_str());
            let has_node = target.is_some_and(|target| target.get("node").is_some());
            match path {
                Some(path) if !ANIMATED_PROPERTIES.contains(&path) => {
                    warnings.push(format!("animation of `{path}` is not played"));
                    false
                }
                // What has no path at all is an error of the file, which decoding reports.
                Some(_) if !has_node => {
                    warnings.push("an animation channel without a node is not played".to_owned());
                    false
                }
                _ => true,
            }
        });
    }
    warnings
}

/// Takes out primitives without positions: an extension may say where they are.
fn drop_placeless_primitives(root: &mut Map<String, Value>) -> Vec<String> {
    let mut warnings = Vec::new();
    for mesh in objects_of(root, "meshes") {
        let Some(primitives) = mesh.get_mut("primitives").and_then(Value::as_array_mut) else {
            continue;
        };
        primitives.retain(|primitive| {
            let attributes = primitive.get("attributes").and_then(Value::as_object);
            let has_place = attributes.is_none_or(|found| found.contains_key("POSITION"));
            if !has_place {
                warnings.push("triangles without positions are not drawn".to_owned());
            }
            has_place
        });
    }
    warnings
}

/// Takes textures without a picture out of the materials.
fn drop_empty_textures(root: &mut Map<String, Value>) -> Vec<String> {
    let mut warnings = Vec::new();
    let empty: Vec<bool> = objects_of(root, "textures")
        .map(|texture| {
            let is_empty = !texture.contains_key("source");
            if is_empty {
                warnings.push(empty_texture_warning(texture));
            }
            is_empty
        })
        .collect();
    if warnings.is_empty() {
        return warnings;
    }
    let names_empty = |value: &Value| {
        let index = value.get("index").and_then(Value::as_u64);
        let index = index.and_then(|index| usize::try_from(index).ok());
        index.is_some_and(|index| empty.get(index) == Some(&true))
    };
    for material in objects_of(root, "materials") {
        material.retain(|_, value| !names_empty(value));
        if let Some(surface) = material.get_mut("pbrMetallicRoughness") {
            let surface = surface.as_object_mut();
            surface
                .into_iter()
                .for_each(|fields| fields.retain(|_, value| !names_empty(value)));
        }
    }
    // Indices of the other textures must stay, so a texture that nothing uses any more gets any
    // picture. Without pictures, no texture has one.
    let has_images = objects_of(root, "images").next().is_some();
    if has_images {
        for texture in objects_of(root, "textures") {
            texture.entry("source").or_insert_with(|| json!(0));
        }
    } else if empty.iter().all(|is_empty| *is_empty) {
        root.remove("textures");
    }
    warnings
}

fn empty_texture_warning(texture: &Map<String, Value>) -> String {
    let extensions = texture.get("extensions").and_then(Value::as_object);
    match extensions.and_then(|extensions| extensions.keys().next()) {
        Some(extension) => {
            format!("a picture that only the extension {extension} names is not drawn")
        }
        None => "a texture without a picture is not drawn".to_owned(),
    }
}
