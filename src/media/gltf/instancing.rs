//! `EXT_mesh_gpu_instancing`: a node that shows its mesh at many places becomes many nodes.

use super::container::GltfContainer;
use super::error::{GltfFault, check_limit, fail_malformed};
use super::gltf_document::InstancingRecord;
use super::gltf_model::{GltfNode, NodeTransform};
use super::model_loader::{MAX_NODES, check_weights};
use glam::{Quat, Vec3};

/// Appends a node for each instance of a mesh. The node that has them shows nothing itself.
pub(super) fn with_instances(
    container: &GltfContainer,
    mut nodes: Vec<GltfNode>,
) -> Result<Vec<GltfNode>, GltfFault> {
    let mut weight_count: usize = nodes.iter().map(|node| node.weights.len()).sum();
    for (index, record) in container.document.nodes.iter().enumerate() {
        let Some(instancing) = &record.extensions.instancing else {
            continue;
        };
        let Some(mesh) = nodes[index].mesh.take() else {
            continue;
        };
        let places = read_places(container, instancing)?;
        check_limit("nodes and instances", nodes.len() + places.len(), MAX_NODES)?;
        let weights = std::mem::take(&mut nodes[index].weights);
        weight_count += places.len().saturating_mul(weights.len());
        check_weights(weight_count)?;
        // A skin decides where its mesh is, so its instances would all be at one place.
        let skin = nodes[index].skin.take();
        // They are children: the transform of the node applies to each, and clips move them all.
        nodes.extend(places.into_iter().map(|rest| GltfNode {
            name: String::new(),
            parent: Some(index),
            mesh: Some(mesh),
            skin,
            weights: weights.clone(),
            drawn: false,
            rest,
        }));
    }
    Ok(nodes)
}

fn read_places(
    container: &GltfContainer,
    instancing: &InstancingRecord,
) -> Result<Vec<NodeTransform>, GltfFault> {
    let attribute = |name: &str| instancing.attributes.get(name).copied();
    let vectors = |name: &str| match attribute(name) {
        Some(accessor) => container.read_floats::<3>(accessor),
        None => Ok(Vec::new()),
    };
    // The numbers come before the places, which a forged count would take long to read.
    let count = |name: &str| {
        let accessor = attribute(name).and_then(|index| container.document.accessors.get(index));
        accessor.map_or(0, |accessor| accessor.count)
    };
    for name in ["TRANSLATION", "SCALE", "ROTATION"] {
        check_limit("nodes and instances", count(name), MAX_NODES)?;
    }
    let translations = vectors("TRANSLATION")?;
    let scales = vectors("SCALE")?;
    let rotations = match attribute("ROTATION") {
        Some(accessor) => container.read_floats::<4>(accessor)?,
        None => Vec::new(),
    };
    let lengths = [translations.len(), scales.len(), rotations.len()];
    let count = lengths.into_iter().max().unwrap_or(0);
    if lengths
        .iter()
        .any(|length| *length != 0 && *length != count)
    {
        return fail_malformed("the places of instances have different numbers");
    }
    let place = |index: usize| NodeTransform {
        translation: translations
            .get(index)
            .copied()
            .map_or(Vec3::ZERO, Vec3::from),
        rotation: rotations
            .get(index)
            .map(|rotation| Quat::from_array(*rotation))
            .filter(|rotation| rotation.is_finite() && rotation.length_squared() > 1e-12)
            .map_or(Quat::IDENTITY, Quat::normalize),
        scale: scales.get(index).copied().map_or(Vec3::ONE, Vec3::from),
    };
    Ok((0..count).map(place).collect())
}
