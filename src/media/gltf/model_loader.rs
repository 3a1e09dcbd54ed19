//! Loads a [`GltfModel`], and checks everything that drawing relies on.

use super::container::GltfContainer;
use super::error::{GltfFault, ModelError, check_limit, fail_malformed};
use super::gltf_model::{GltfMesh, GltfModel, GltfNode, GltfSkin, NodeTransform};
use super::{animation, container, material, primitive};
use glam::{Mat4, Quat, Vec3};
use std::path::Path;

// Limits far above any model that is drawn in a film. They bound memory for a forged or a broken
// file.
const MAX_NODES: usize = 200_000;
const MAX_VERTICES: usize = 30_000_000;
const MAX_JOINTS: usize = 4096;
/// The most vertices over all nodes, where a mesh of two nodes counts twice.
const MAX_DRAWN_VERTICES: usize = 200_000_000;
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
    /// requires an unsupported extension. Never panics, for any bytes.
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

/// Returns the names of a model's clips, in file order, after checking the whole model.
///
/// # Errors
/// As [`GltfModel::load`].
pub fn clip_names(path: &Path) -> Result<Vec<String>, ModelError> {
    // `validate` calls this for every model of a document. Pictures are checked for size and end
    // only, so that it takes no longer than reading the file.
    let model = GltfContainer::open(path).and_then(|container| read_without_pictures(&container));
    let names = model.map(|model| model.clips.into_iter().map(|clip| clip.name).collect());
    names.map_err(|fault| ModelError {
        path: path.to_owned(),
        fault,
    })
}

fn read_model(container: &GltfContainer) -> Result<GltfModel, GltfFault> {
    let model = read_without_pictures(container)?;
    let images = material::decode_images(container, &model.materials)?;
    Ok(GltfModel { images, ..model })
}

/// Reads a model without its pictures, of which it checks size and end.
pub(super) fn read_without_pictures(container: &GltfContainer) -> Result<GltfModel, GltfFault> {
    let mut warnings = container.warnings.clone();
    let nodes = read_nodes(container)?;
    let order = parent_first_order(&nodes)?;
    let materials = material::read_materials(container, &mut warnings);
    material::check_images(container, &materials)?;
    let model = GltfModel {
        meshes: read_meshes(container, &materials, &mut warnings)?,
        skins: container
            .document
            .skins()
            .map(|s| read_skin(container, &s))
            .collect::<Result<_, _>>()?,
        clips: animation::read_clips(container, &mut warnings)?,
        images: Vec::new(),
        materials,
        warnings: Vec::new(),
        nodes: mark_drawn_nodes(container, nodes, &order),
        order,
    };
    // A model with a thousand meshes would repeat each warning a thousand times.
    warnings.sort();
    warnings.dedup();
    let model = check_joint_indices(GltfModel { warnings, ..model })?;
    check_extent(&model)?;
    Ok(model)
}

/// Fails if the model, at rest or as it is framed, reaches past [`MAX_REACH`].
fn check_extent(model: &GltfModel) -> Result<(), GltfFault> {
    let drawn = model.drawn_meshes().map(|(_, mesh)| {
        let parts = model.meshes[mesh].primitives.iter();
        parts.map(|part| part.positions.len()).sum::<usize>()
    });
    check_limit("drawn vertices", drawn.sum(), MAX_DRAWN_VERTICES)?;
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
    check_limit("nodes", container.document.nodes().len(), MAX_NODES)?;
    let mut nodes: Vec<GltfNode> = container
        .document
        .nodes()
        .map(|node| read_node(&node))
        .collect();
    // The format stores children. Poses need parents.
    for parent in container.document.nodes() {
        for child in parent.children() {
            let node = &mut nodes[child.index()];
            // A node with two parents has two places, and could be part of a cycle.
            if node.parent.replace(parent.index()).is_some() {
                return fail_malformed(format!("node {} has more than one parent", child.index()));
            }
        }
    }
    Ok(nodes)
}

fn read_node(node: &gltf::Node<'_>) -> GltfNode {
    GltfNode {
        name: node.name().unwrap_or_default().to_owned(),
        parent: None,
        mesh: node.mesh().map(|mesh| mesh.index()),
        skin: node.skin().map(|skin| skin.index()),
        drawn: false,
        rest: read_transform(node),
    }
}

fn read_transform(node: &gltf::Node<'_>) -> NodeTransform {
    let (scale, rotation, translation) = match node.transform() {
        gltf::scene::Transform::Matrix { matrix } => {
            // Shear is lost, but the format forbids it.
            Mat4::from_cols_array_2d(&matrix).to_scale_rotation_translation()
        }
        gltf::scene::Transform::Decomposed {
            translation,
            rotation,
            scale,
        } => (
            Vec3::from(scale),
            Quat::from_array(rotation),
            Vec3::from(translation),
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
fn mark_drawn_nodes(
    container: &GltfContainer,
    mut nodes: Vec<GltfNode>,
    order: &[usize],
) -> Vec<GltfNode> {
    let document = &container.document;
    match document
        .default_scene()
        .or_else(|| document.scenes().next())
    {
        Some(scene) => scene
            .nodes()
            .for_each(|node| nodes[node.index()].drawn = true),
        None => nodes.iter_mut().for_each(|node| node.drawn = true),
    }
    // Scenes list roots only. Parents come first in `order`, so one pass reaches every child.
    for &index in order {
        let inherited = nodes[index]
            .parent
            .is_some_and(|parent| nodes[parent].drawn);
        nodes[index].drawn |= inherited;
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
    for source in container.document.meshes() {
        let mut mesh = GltfMesh::default();
        for part in source.primitives() {
            // The default material is the last in the list.
            let material = part.material().index().unwrap_or(materials.len() - 1);
            // Tangents are derived only for normal maps: they cost 16 bytes a vertex.
            let mapped = materials[material].normal_map.is_some();
            let Some(mut primitive) =
                primitive::read_primitive(container, &part, mapped, warnings)?
            else {
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

fn read_skin(container: &GltfContainer, skin: &gltf::Skin<'_>) -> Result<GltfSkin, GltfFault> {
    let joints: Vec<usize> = skin.joints().map(|joint| joint.index()).collect();
    check_limit("joints", joints.len(), MAX_JOINTS)?;
    let inverse: Vec<Mat4> = match skin.inverse_bind_matrices() {
        Some(accessor) => container
            .read_floats::<16>(&accessor)?
            .iter()
            // More matrices than joints are allowed. They are dropped: many skins may share one
            // long accessor, and would take its memory each.
            .take(joints.len())
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
    for node in &model.nodes {
        let (Some(mesh), Some(skin)) = (node.mesh, node.skin) else {
            continue;
        };
        let count = model.skins[skin].joints.len();
        let joints = model.meshes[mesh]
            .primitives
            .iter()
            .flat_map(|part| part.joints.iter().flatten());
        if let Some(joint) = joints.into_iter().find(|joint| **joint as usize >= count) {
            return fail_malformed(format!(
                "a vertex follows joint {joint} of a skin with {count} joints"
            ));
        }
    }
    Ok(model)
}

/// Drops joints and weights of meshes that a node shows without a skin.
fn strip_unskinned(model: &mut GltfModel) {
    // Nothing moves the joints there, and drawing takes a mesh with joints for a skinned one.
    let bare: Vec<usize> = model
        .nodes
        .iter()
        .filter(|node| node.skin.is_none())
        .filter_map(|node| node.mesh)
        .collect();
    for mesh in bare {
        for part in &mut model.meshes[mesh].primitives {
            part.joints.clear();
            part.weights.clear();
        }
    }
}
