//! Changes of a model that a document asks for, in the tree of its file: unit, axes, variant,
//! expression.
//!
//! Here and not in the reader: every renderer draws the packed model, Blender and others too.

use super::error::{GltfFault, fail_malformed};
use super::expression::show_expression;
use crate::model::ModelMend;
use crate::model::model_mend::UpAxis;
use glam::{Mat3, Quat, Vec3};
use serde_json::{Map, Value, json};

/// The extension whose variants a document names.
const VARIANTS: &str = "KHR_materials_variants";

/// Applies what a document changes of a model. Returns whether it changed anything.
pub(super) fn apply_mend(
    root: &mut Map<String, Value>,
    mend: &ModelMend,
) -> Result<bool, GltfFault> {
    let is_turned = match &mend.forward {
        // What a document says of the front goes before what the format says.
        None => turn_to_front(root),
        Some(_) => false,
    };
    if let Some(name) = &mend.variant {
        choose_variant(root, name)?;
    }
    if let Some(name) = &mend.expression {
        show_expression(root, name)?;
    }
    if mend.moves_places() {
        let rotation = mend_rotation(mend, UpAxis::Y);
        let scale = mend.factor();
        wrap_scene(root, "mend", rotation, scale);
    }
    Ok(is_turned || !mend.is_empty())
}

/// Returns the names of the variants of a file, in their order.
pub(super) fn variant_names(root: &Map<String, Value>) -> Vec<String> {
    let extension = root.get("extensions").and_then(|all| all.get(VARIANTS));
    let variants = extension.and_then(|extension| extension.get("variants")?.as_array());
    let names = variants.into_iter().flatten();
    names
        .map(|variant| {
            let name = variant.get("name").and_then(Value::as_str);
            name.unwrap_or_default().to_owned()
        })
        .collect()
}

/// Returns the rotation from the axes of a file to those of glTF. `usual` is upwards in its format.
#[must_use]
pub fn mend_rotation(mend: &ModelMend, usual: UpAxis) -> Quat {
    let up_axis = mend.up.unwrap_or(usual);
    let up = Vec3::from(up_axis.direction());
    let forward = mend.forward.unwrap_or(up_axis.usual_forward());
    let forward = Vec3::from(forward.direction());
    let across = up.cross(forward);
    // The document was refused if both are one axis. What is left then must not be no rotation.
    if across == Vec3::ZERO {
        return Quat::IDENTITY;
    }
    Quat::from_mat3(&Mat3::from_cols(across, up, forward).transpose())
}

/// Turns a figure of VRM 0, which looks along -z, so that it looks along +z as glTF has it. Returns
/// whether it was one.
fn turn_to_front(root: &mut Map<String, Value>) -> bool {
    let extensions = root.get("extensions").and_then(Value::as_object);
    let is_vrm_0 = extensions.is_some_and(|extensions| {
        extensions.contains_key("VRM") && !extensions.contains_key("VRMC_vrm")
    });
    is_vrm_0
        && wrap_scene(
            root,
            "vrm_to_front",
            Quat::from_array([0.0, 1.0, 0.0, 0.0]),
            1.0,
        )
}

/// Puts the scene below one node with this transform. Returns whether there is a scene.
fn wrap_scene(root: &mut Map<String, Value>, name: &str, rotation: Quat, scale: f32) -> bool {
    let scene = root.get("scene").and_then(Value::as_u64).unwrap_or(0);
    let scene = usize::try_from(scene).unwrap_or(usize::MAX);
    let nodes = root.get("nodes").and_then(Value::as_array);
    let Some(node_count) = nodes.map(Vec::len) else {
        return false;
    };
    // Without any scene all nodes are drawn. They get one, which has those without a parent.
    if !root.contains_key("scenes") {
        let roots = parentless_nodes(nodes.map_or(&[], Vec::as_slice));
        root.insert("scenes".to_owned(), json!([{ "nodes": roots }]));
        root.insert("scene".to_owned(), json!(0));
    }
    let scenes = root.get_mut("scenes").and_then(Value::as_array_mut);
    let scene = scenes.and_then(|scenes| scenes.get_mut(scene)?.as_object_mut());
    let Some(scene) = scene else {
        return false;
    };
    let children = scene.insert("nodes".to_owned(), json!([node_count]));
    let mut node = json!({ "name": name });
    if rotation != Quat::IDENTITY {
        node["rotation"] = json!(rotation.to_array());
    }
    if scale.to_bits() != 1.0_f32.to_bits() {
        node["scale"] = json!([scale, scale, scale]);
    }
    // An empty list of children is no valid glTF.
    if let Some(children) =
        children.filter(|list| list.as_array().is_some_and(|list| !list.is_empty()))
    {
        node["children"] = children;
    }
    let nodes = root.get_mut("nodes").and_then(Value::as_array_mut);
    nodes.into_iter().for_each(|nodes| nodes.push(node.clone()));
    true
}

fn parentless_nodes(nodes: &[Value]) -> Vec<usize> {
    let mut has_parent = vec![false; nodes.len()];
    for child in nodes
        .iter()
        .filter_map(|node| node.get("children")?.as_array())
        .flatten()
    {
        let index = child.as_u64().and_then(|index| usize::try_from(index).ok());
        if let Some(flag) = index.and_then(|index| has_parent.get_mut(index)) {
            *flag = true;
        }
    }
    (0..nodes.len())
        .filter(|index| !has_parent[*index])
        .collect()
}

/// Gives every primitive the material that it has in a variant.
fn choose_variant(root: &mut Map<String, Value>, name: &str) -> Result<(), GltfFault> {
    let names = variant_names(root);
    let exact = names.iter().position(|known| known == name);
    let found = exact.or_else(|| {
        names
            .iter()
            .position(|known| known.eq_ignore_ascii_case(name))
    });
    let Some(variant) = found else {
        let known = match names.as_slice() {
            [] => "it has no variants".to_owned(),
            names => format!("it has `{}`", names.join("`, `")),
        };
        return fail_malformed(format!("it has no variant `{name}`: {known}"));
    };
    let meshes = root.get_mut("meshes").and_then(Value::as_array_mut);
    let parts = meshes.into_iter().flatten();
    let parts = parts
        .filter_map(|mesh| mesh.get_mut("primitives")?.as_array_mut())
        .flatten();
    for part in parts.filter_map(Value::as_object_mut) {
        if let Some(material) = variant_material(part, variant) {
            part.insert("material".to_owned(), material);
        }
    }
    Ok(())
}

/// Returns the material of a primitive in a variant. `None`: it is the one that it always has.
fn variant_material(part: &Map<String, Value>, variant: usize) -> Option<Value> {
    let mappings = part
        .get("extensions")?
        .get(VARIANTS)?
        .get("mappings")?
        .as_array()?;
    let holds = |mapping: &&Value| {
        let variants = mapping.get("variants").and_then(Value::as_array);
        let mut numbers = variants.into_iter().flatten().filter_map(Value::as_u64);
        numbers.any(|number| number == variant as u64)
    };
    mappings.iter().find(holds)?.get("material").cloned()
}
