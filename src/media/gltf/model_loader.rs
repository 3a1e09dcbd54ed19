//! Loads a [`GltfModel`], and checks everything that drawing relies on.

use super::container::GltfContainer;
use super::error::{GltfFault, ModelError, check_limit, fail_malformed};
use super::gltf_document::{NodeRecord, SkinRecord};
use super::gltf_model::{GltfMesh, GltfModel, GltfNode, GltfSkin, NodeTransform};
use super::model_facts::ModelFacts;
use super::model_source::format_of;
use super::shown_cost::check_shown_cost;
use super::{
    animation, container, instancing, material, model_camera, model_image, primitive,
    punctual_light,
};
use glam::{Mat4, Quat, Vec3};
use std::collections::BTreeSet;
use std::path::Path;

// Limits far above any model that is drawn in a film. They bound memory for a forged or a broken
// file.
pub(super) const MAX_NODES: usize = 200_000;
const MAX_VERTICES: usize = 30_000_000;
const MAX_JOINTS: usize = 4096;
/// The most weights of morph targets over all nodes, which may share one mesh.
const MAX_WEIGHTS: usize = 20_000_000;
/// The most corners of triangles.
const MAX_CORNERS: usize = 180_000_000;
/// The most metres from the origin. Single precision has steps of 60 m there.
const MAX_REACH: f32 = 1e9;

impl GltfModel {
    /// Reads a `.glb` or `.gltf` file with everything that it refers to. The content decides which
    /// of the two it is.
    ///
    /// # Errors
    /// Fails if a file is missing, malformed, too large or outside the model's folder, or if it
    /// requires an extension without which nothing can be drawn. Never panics, for any bytes.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let model = GltfContainer::open(path).and_then(|container| read_model(&container));
        model.map_err(|fault| ModelError {
            path: path.to_owned(),
            fault,
        })
    }

    /// Reads a model without its pictures, for work that draws nothing.
    ///
    /// # Errors
    /// As [`GltfModel::load`].
    pub fn load_shape(path: &Path) -> Result<Self, ModelError> {
        let model =
            GltfContainer::open(path).and_then(|container| read_without_pictures(&container));
        model.map_err(|fault| ModelError {
            path: path.to_owned(),
            fault,
        })
    }

    /// Reads a model from bytes. The files that it refers to are beside `path`, which errors name.
    ///
    /// # Errors
    /// As [`GltfModel::load`].
    pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, ModelError> {
        let model = GltfContainer::read_bytes(bytes, container::model_folder(path))
            .and_then(|container| read_model(&container));
        model.map_err(|fault| ModelError {
            path: path.to_owned(),
            fault,
        })
    }
}

/// Returns what is known of a model without drawing it, after checking the whole model.
///
/// # Errors
/// As [`GltfModel::load`].
pub fn model_facts(path: &Path) -> Result<ModelFacts, ModelError> {
    // `validate` calls this for every model of a document. Pictures are checked for size and end
    // only, so that it takes no longer than reading the file.
    let model = GltfModel::load_shape(path)?;
    let unit = format_of(path).usual_mend().factor();
    Ok(ModelFacts::of_model(model, unit))
}

fn read_model(container: &GltfContainer) -> Result<GltfModel, GltfFault> {
    let model = read_without_pictures(container)?;
    let images = model_image::decode_images(container, &model.materials)?;
    Ok(GltfModel { images, ..model })
}

/// Reads a model without its pictures, of which it checks size and end.
pub(super) fn read_without_pictures(container: &GltfContainer) -> Result<GltfModel, GltfFault> {
    let mut warnings = container.warnings.clone();
    let nodes = instancing::with_instances(container, read_nodes(container)?)?;
    let order = parent_first_order(&nodes)?;
    let materials = material::read_materials(container, &mut warnings);
    model_image::check_images(container, &materials)?;
    let model = GltfModel {
        meshes: read_meshes(container, &materials, &mut warnings)?,
        skins: container
            .document
            .skins
            .iter()
            .map(|skin| read_skin(container, skin))
            .collect::<Result<_, _>>()?,
        lights: punctual_light::read_lights(&container.document, &mut warnings),
        cameras: model_camera::read_cameras(&container.document),
        clips: animation::read_clips(container, &mut warnings)?,
        images: Vec::new(),
        variants: container.variants.clone(),
        expressions: container.expressions.clone(),
        materials,
        warnings: Vec::new(),
        nodes: mark_drawn_nodes(container, nodes, &order),
        order,
    };
    // A model with a thousand meshes would repeat each warning a thousand times.
    warnings.sort();
    warnings.dedup();
    let model = check_joint_indices(GltfModel { warnings, ..model })?;
    check_shown_cost(&model)?;
    check_extent(&model)?;
    Ok(model)
}

/// Fails if the model, at rest or as it is framed, reaches past [`MAX_REACH`].
fn check_extent(model: &GltfModel) -> Result<(), GltfFault> {
    // Matrices multiply: nodes that are sound alone may reach beyond every number together, and a
    // camera cannot be placed before what has no size.
    for pose in [model.rest_pose(), model.pose_at(None, 0.0)] {
        let matrices = pose.globals.iter().chain(pose.joints.iter().flatten());
        let bounds = model.bounds_in_pose(&pose);
        let reach = bounds.min.abs().max(bounds.max.abs()).max_element();
        let is_small = bounds.is_empty() || reach <= MAX_REACH;
        if !matrices.into_iter().all(Mat4::is_finite) || !is_small {
            return fail_malformed(format!(
                "it reaches farther than {MAX_REACH} m from its origin"
            ));
        }
    }
    Ok(())
}

fn read_nodes(container: &GltfContainer) -> Result<Vec<GltfNode>, GltfFault> {
    let records = &container.document.nodes;
    check_limit("nodes", records.len(), MAX_NODES)?;
    let mut nodes: Vec<GltfNode> = records.iter().map(read_node).collect();
    // The format stores children. Poses need parents.
    for (parent, record) in records.iter().enumerate() {
        for &child in &record.children {
            // A node with two parents has two places, and could be part of a cycle.
            if nodes[child].parent.replace(parent).is_some() {
                return fail_malformed(format!("node {child} has more than one parent"));
            }
        }
    }
    with_target_weights(container, nodes)
}

/// Gives each node as many weights as its mesh has morph targets.
fn with_target_weights(
    container: &GltfContainer,
    mut nodes: Vec<GltfNode>,
) -> Result<Vec<GltfNode>, GltfFault> {
    let meshes = &container.document.meshes;
    let target_counts: Vec<usize> = (meshes.iter())
        .map(|mesh| {
            let counts = mesh.primitives.iter().map(|part| part.targets.len());
            counts.max().unwrap_or(0)
        })
        .collect();
    let mut total = 0;
    for (node, record) in nodes.iter_mut().zip(&container.document.nodes) {
        let Some(mesh) = record.mesh else {
            continue;
        };
        total += target_counts[mesh];
        check_weights(total)?;
        let weights = record.weights.as_ref().unwrap_or(&meshes[mesh].weights);
        // A weight that is no number would move vertices to places that are none.
        let weights = weights
            .iter()
            .map(|weight| if weight.is_finite() { *weight } else { 0.0 });
        node.weights = weights
            .chain(std::iter::repeat(0.0))
            .take(target_counts[mesh])
            .collect();
    }
    Ok(nodes)
}

/// Fails if nodes have more weights of morph targets together than they may.
pub(super) fn check_weights(total: usize) -> Result<(), GltfFault> {
    check_limit("weights of morph targets", total, MAX_WEIGHTS)
}

fn read_node(node: &NodeRecord) -> GltfNode {
    GltfNode {
        name: node.name.clone(),
        parent: None,
        mesh: node.mesh,
        skin: node.skin,
        weights: Vec::new(),
        drawn: false,
        rest: read_transform(node),
    }
}

fn read_transform(node: &NodeRecord) -> NodeTransform {
    let (scale, rotation, translation) = match &node.matrix {
        Some(matrix) => {
            // Shear is lost, but the format forbids it.
            Mat4::from_cols_array(matrix).to_scale_rotation_translation()
        }
        None => (
            node.scale.map_or(Vec3::ONE, Vec3::from),
            node.rotation.map_or(Quat::IDENTITY, Quat::from_array),
            node.translation.map_or(Vec3::ZERO, Vec3::from),
        ),
    };
    // A node without a usable transform stays at its parent: one bad node should not cost the whole
    // model.
    let sound = translation.is_finite() && rotation.is_finite() && scale.is_finite();
    let rotation = if rotation.length_squared() > 1e-12 {
        rotation.normalize()
    } else {
        Quat::IDENTITY
    };
    if sound {
        NodeTransform {
            translation,
            rotation,
            scale,
        }
    } else {
        NodeTransform {
            translation: Vec3::ZERO,
            rotation: Quat::IDENTITY,
            scale: Vec3::ONE,
        }
    }
}

/// Returns indices of nodes, each after its parent. Fails on a cycle.
fn parent_first_order(nodes: &[GltfNode]) -> Result<Vec<usize>, GltfFault> {
    let mut children = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent {
            children[parent].push(index);
        }
    }
    let mut order: Vec<usize> = (0..nodes.len())
        .filter(|index| nodes[*index].parent.is_none())
        .collect();
    // Breadth first and without recursion, because a chain of 200,000 nodes would overflow the
    // stack.
    let mut position = 0;
    while position < order.len() {
        order.extend_from_slice(&children[order[position]]);
        position += 1;
    }
    // A cycle has no root, so its nodes are never reached.
    if order.len() < nodes.len() {
        fail_malformed("a node is its own ancestor")
    } else {
        Ok(order)
    }
}

/// Marks the nodes of the default scene; without one, those of the first scene; without any, all.
/// What a file hides is not among them.
fn mark_drawn_nodes(
    container: &GltfContainer,
    mut nodes: Vec<GltfNode>,
    order: &[usize],
) -> Vec<GltfNode> {
    let document = &container.document;
    let scene = document.scene.unwrap_or(0);
    match document.scenes.get(scene) {
        Some(scene) => scene
            .nodes
            .iter()
            .for_each(|node| nodes[*node].drawn = true),
        None => nodes.iter_mut().for_each(|node| node.drawn = true),
    }
    let is_hidden = |index: usize| {
        let record = document.nodes.get(index);
        let visibility = record.and_then(|record| record.extensions.visibility.as_ref());
        visibility.is_some_and(|visibility| !visibility.visible)
    };
    // Scenes list roots only. Parents come first in `order`, so one pass reaches every child.
    for &index in order {
        let parent = nodes[index].parent;
        nodes[index].drawn |= parent.is_some_and(|parent| nodes[parent].drawn);
        nodes[index].drawn &= !is_hidden(index);
    }
    nodes
}

fn read_meshes(
    container: &GltfContainer,
    materials: &[super::GltfMaterial],
    warnings: &mut Vec<String>,
) -> Result<Vec<GltfMesh>, GltfFault> {
    let mut vertices = 0;
    let mut corners = 0;
    let mut meshes = Vec::new();
    for source in &container.document.meshes {
        let mut mesh = GltfMesh::default();
        for part in &source.primitives {
            // The default material is the last in the list.
            let material = part.material.unwrap_or(materials.len() - 1);
            let read = primitive::read_primitive(container, part, &materials[material], warnings)?;
            let Some(mut primitive) = read else {
                continue;
            };
            primitive.material = material;
            vertices += primitive.positions.len();
            check_limit("vertices", vertices, MAX_VERTICES)?;
            corners += primitive.indices.len();
            check_limit("corners of triangles", corners, MAX_CORNERS)?;
            mesh.primitives.push(primitive);
        }
        meshes.push(mesh);
    }
    Ok(meshes)
}

fn read_skin(container: &GltfContainer, skin: &SkinRecord) -> Result<GltfSkin, GltfFault> {
    let joints = skin.joints.clone();
    check_limit("joints", joints.len(), MAX_JOINTS)?;
    let inverse: Vec<Mat4> = match skin.inverse_bind_matrices {
        Some(accessor) => container
            // More matrices than joints are allowed. They are not read: many skins may share one
            // long accessor, and would take its time each.
            .read_first_floats::<16>(accessor, joints.len())?
            .iter()
            .map(Mat4::from_cols_array)
            .collect(),
        // Identity is what the format defines for a skin without matrices.
        None => vec![Mat4::IDENTITY; joints.len()],
    };
    if inverse.len() < joints.len() {
        return fail_malformed(format!(
            "a skin has {} inverse bind matrices for {} joints",
            inverse.len(),
            joints.len()
        ));
    }
    if !inverse.iter().all(Mat4::is_finite) {
        return fail_malformed("an inverse bind matrix of a skin is not a number");
    }
    Ok(GltfSkin { joints, inverse })
}

/// Checks that each vertex follows a joint of its skin. Mesh and skin meet only in a node, so
/// neither reader can do this.
fn check_joint_indices(mut model: GltfModel) -> Result<GltfModel, GltfFault> {
    strip_unskinned(&mut model);
    let highest: Vec<Option<u32>> = model.meshes.iter().map(GltfMesh::highest_joint).collect();
    for node in &model.nodes {
        let (Some(mesh), Some(skin)) = (node.mesh, node.skin) else {
            continue;
        };
        let count = model.skins[skin].joints.len();
        if let Some(joint) = highest[mesh].filter(|joint| *joint as usize >= count) {
            return fail_malformed(format!(
                "a vertex follows joint {joint} of a skin with {count} joints"
            ));
        }
    }
    Ok(model)
}

impl GltfMesh {
    /// Returns the highest joint that a vertex follows. `None`: the mesh is rigid.
    fn highest_joint(&self) -> Option<u32> {
        let joints = self.primitives.iter().flat_map(|part| {
            let more = part.more_influences.iter().flat_map(|set| &set.joints);
            part.joints.iter().chain(more).flatten()
        });
        joints.copied().max()
    }
}

/// Drops joints and weights of meshes that a node shows without a skin.
fn strip_unskinned(model: &mut GltfModel) {
    // Nothing moves the joints there, and drawing takes a mesh with joints for a skinned one.
    let bare: BTreeSet<usize> = model
        .nodes
        .iter()
        .filter(|node| node.skin.is_none())
        .filter_map(|node| node.mesh)
        .collect();
    for mesh in bare {
        for part in &mut model.meshes[mesh].primitives {
            part.joints.clear();
            part.weights.clear();
            part.more_influences.clear();
        }
    }
}
