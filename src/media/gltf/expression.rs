//! Expressions of a face by name: those of VRM 0 and 1, and morph targets that have names.

use super::error::{GltfFault, fail_malformed};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// A morph target of a mesh, with a weight from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
struct TargetWeight {
    mesh: usize,
    target: usize,
    weight: f64,
}

/// The expressions of a file by name, in their order. Of a VRM, those that it names; else, morph
/// targets.
struct NamedExpressions {
    names: Vec<String>,
    weights: Vec<Vec<TargetWeight>>,
}

/// Returns the names of the expressions of a file.
pub(super) fn expression_names(root: &Map<String, Value>) -> Vec<String> {
    NamedExpressions::of_file(root).names
}

/// Sets the morph targets of an expression at rest. A clip that animates them continues doing so.
pub(super) fn show_expression(root: &mut Map<String, Value>, name: &str) -> Result<(), GltfFault> {
    let NamedExpressions { names, weights } = NamedExpressions::of_file(root);
    let found = names
        .iter()
        .position(|known| known.eq_ignore_ascii_case(name));
    let Some(found) = found else {
        return fail_malformed(format!(
            "it has no expression `{name}`; it has `{}`",
            names.join("`, `")
        ));
    };
    let mut of_mesh: BTreeMap<usize, Vec<TargetWeight>> = BTreeMap::new();
    for weight in &weights[found] {
        of_mesh.entry(weight.mesh).or_default().push(*weight);
    }
    let counts = target_counts(root);
    for (mesh, targets) in &of_mesh {
        let count = counts.get(*mesh).copied().unwrap_or(0);
        if let Some(mesh) = element(root, "meshes", *mesh) {
            set_weights(mesh, count, targets);
        }
    }
    // The weights of a node go before those of its mesh.
    let nodes = root.get_mut("nodes").and_then(Value::as_array_mut);
    for node in nodes.into_iter().flatten().filter_map(Value::as_object_mut) {
        // A node without weights shows those of its mesh, which are set above.
        let mesh = node.get("mesh").and_then(as_index);
        let targets = mesh.and_then(|mesh| Some((mesh, of_mesh.get(&mesh)?)));
        if let Some((mesh, targets)) = targets
            && node.contains_key("weights")
        {
            set_weights(node, counts.get(mesh).copied().unwrap_or(0), targets);
        }
    }
    Ok(())
}

fn set_weights(holder: &mut Map<String, Value>, count: usize, targets: &[TargetWeight]) {
    let written = holder.get("weights").and_then(Value::as_array);
    let mut weights: Vec<f64> = written
        .into_iter()
        .flatten()
        .map(|weight| weight.as_f64().unwrap_or(0.0))
        .collect();
    // A mesh without weights has all of its targets at 0.
    weights.resize(count, 0.0);
    for TargetWeight { target, weight, .. } in targets {
        if let Some(slot) = weights.get_mut(*target) {
            *slot = *weight;
        }
    }
    holder.insert("weights".to_owned(), json!(weights));
}

impl NamedExpressions {
    fn of_file(root: &Map<String, Value>) -> Self {
        let mut found = Self {
            names: Vec::new(),
            weights: Vec::new(),
        };
        let extensions = root.get("extensions");
        // The newer one, if a file has both.
        if let Some(vrm) = extensions.and_then(|all| all.get("VRMC_vrm")) {
            found.add_vrm_1(root, vrm);
        } else if let Some(vrm) = extensions.and_then(|all| all.get("VRM")) {
            found.add_vrm_0(vrm);
        }
        // Last: an expression of the VRM keeps its name where a morph target has the same.
        found.add_targets(root);
        found
    }

    /// Adds an expression unless there is one of this name.
    fn add(&mut self, name: &str, weights: Vec<TargetWeight>) {
        // A figure of VRM 0 often has `Joy` as the name of the preset `joy`, which is one
        // expression.
        let is_new = !self
            .names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name));
        if is_new && !name.is_empty() && !weights.is_empty() {
            self.names.push(name.to_owned());
            self.weights.push(weights);
        }
    }

    fn add_vrm_1(&mut self, root: &Map<String, Value>, vrm: &Value) {
        for group in ["preset", "custom"] {
            let group = vrm.pointer(&format!("/expressions/{group}"));
            for (name, expression) in group.and_then(Value::as_object).into_iter().flatten() {
                let binds = expression.get("morphTargetBinds").and_then(Value::as_array);
                let weights = binds.into_iter().flatten().filter_map(|bind| {
                    // VRM 1 names nodes here, and VRM 0 meshes.
                    let node = bind.get("node").and_then(as_index)?;
                    let node = root.get("nodes")?.as_array()?.get(node)?;
                    Some(TargetWeight {
                        mesh: node.get("mesh").and_then(as_index)?,
                        target: bind.get("index").and_then(as_index)?,
                        weight: bind.get("weight")?.as_f64()?,
                    })
                });
                self.add(name, weights.collect());
            }
        }
    }

    fn add_vrm_0(&mut self, vrm: &Value) {
        let groups = vrm.pointer("/blendShapeMaster/blendShapeGroups");
        for group in groups.and_then(Value::as_array).into_iter().flatten() {
            let binds = group.get("binds").and_then(Value::as_array);
            let weights: Vec<TargetWeight> = binds
                .into_iter()
                .flatten()
                .filter_map(|bind| {
                    Some(TargetWeight {
                        mesh: bind.get("mesh").and_then(as_index)?,
                        target: bind.get("index").and_then(as_index)?,
                        // VRM 0 has percents.
                        weight: bind.get("weight")?.as_f64()? / 100.0,
                    })
                })
                .collect();
            for key in ["presetName", "name"] {
                let name = group.get(key).and_then(Value::as_str).unwrap_or_default();
                // VRM 0 has `unknown` for an expression that is no preset.
                if name != "unknown" {
                    self.add(name, weights.clone());
                }
            }
        }
    }

    /// Adds each morph target that has a name, in all meshes that have it.
    fn add_targets(&mut self, root: &Map<String, Value>) {
        let mut targets: BTreeMap<&str, Vec<TargetWeight>> = BTreeMap::new();
        let mut order = Vec::new();
        let meshes = root.get("meshes").and_then(Value::as_array);
        for (mesh, record) in meshes.into_iter().flatten().enumerate() {
            let names = record
                .pointer("/extras/targetNames")
                .and_then(Value::as_array);
            let names = names.into_iter().flatten().enumerate();
            for (target, name) in names.filter_map(|(target, name)| Some((target, name.as_str()?)))
            {
                let weight = TargetWeight {
                    mesh,
                    target,
                    weight: 1.0,
                };
                let known = targets.entry(name).or_default();
                if known.is_empty() {
                    order.push(name);
                }
                known.push(weight);
            }
        }
        for name in order {
            self.add(name, targets.remove(name).unwrap_or_default());
        }
    }
}

/// Returns how many morph targets each mesh has.
fn target_counts(root: &Map<String, Value>) -> Vec<usize> {
    let meshes = root.get("meshes").and_then(Value::as_array);
    let count = |part: &Value| {
        part.get("targets")
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    meshes
        .into_iter()
        .flatten()
        .map(|mesh| {
            let parts = mesh.get("primitives").and_then(Value::as_array);
            parts.into_iter().flatten().map(count).max().unwrap_or(0)
        })
        .collect()
}

fn element<'a>(
    root: &'a mut Map<String, Value>,
    list: &str,
    index: usize,
) -> Option<&'a mut Map<String, Value>> {
    root.get_mut(list)?
        .as_array_mut()?
        .get_mut(index)?
        .as_object_mut()
}

fn as_index(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|index| usize::try_from(index).ok())
}
