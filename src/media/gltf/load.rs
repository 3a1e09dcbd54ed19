//! From a file to a [`Model`], checking everything that drawing later relies on.

use super::container::Container;
use super::error::{Fault, ModelError, limit, malformed};
use super::model::{Mesh, Model, Node, Placing, Skin};
use super::{clip, container, geometry, material};
use glam::{Mat4, Quat, Vec3};
use std::path::Path;

const MOST_NODES: usize = 200_000;
const MOST_VERTICES: usize = 30_000_000;
const MOST_JOINTS: usize = 4096;

impl Model {
    /// Reads a `.glb` or `.gltf` file, told apart by content, with everything it refers to.
    ///
    /// # Errors
    /// Fails when a file is missing, malformed, too large, outside the model's folder, or needs an extension that is
    /// not supported. Never panics, whatever the bytes.
    pub fn load(path: &Path) -> Result<Self, ModelError> {
        let model = Container::open(path).and_then(|container| read(&container));
        model.map_err(|fault| ModelError {
            path: path.to_owned(),
            fault,
        })
    }

    /// Reads a model from bytes; files it refers to are sought beside `path`, which also names it in errors.
    ///
    /// # Errors
    /// As [`Model::load`].
    pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, ModelError> {
        let model = Container::read(bytes, container::folder_of(path))
            .and_then(|container| read(&container));
        model.map_err(|fault| ModelError {
            path: path.to_owned(),
            fault,
        })
    }
}

/// Returns the names of a model's clips, in file order, after checking all that drawing it relies on save the pixels of its
/// pictures: of those only size and end are looked at, so that a look takes no longer than reading the file.
///
/// # Errors
/// As [`Model::load`].
pub fn clip_names(path: &Path) -> Result<Vec<String>, ModelError> {
    let model = Container::open(path).and_then(|container| unpainted(&container));
    let names = model.map(|model| model.clips.into_iter().map(|clip| clip.name).collect());
    names.map_err(|fault| ModelError {
        path: path.to_owned(),
        fault,
    })
}

fn read(container: &Container) -> Result<Model, Fault> {
    let model = unpainted(container)?;
    let images = material::images(container, &model.materials)?;
    Ok(Model { images, ..model })
}

/// Reads all of a model but its pictures, of which size and end are checked.
pub(super) fn unpainted(container: &Container) -> Result<Model, Fault> {
    let mut warnings = Vec::new();
    let nodes = nodes(container)?;
    let order = order(&nodes)?;
    let materials = material::materials(container, &mut warnings);
    material::check_images(container, &materials)?;
    let model = Model {
        meshes: meshes(container, &materials, &mut warnings)?,
        skins: container
            .document
            .skins()
            .map(|s| skin(container, &s))
            .collect::<Result<_, _>>()?,
        clips: clip::clips(container, &mut warnings)?,
        images: Vec::new(),
        materials,
        warnings: Vec::new(),
        nodes: with_scene(container, nodes, &order),
        order,
    };
    warnings.sort();
    warnings.dedup();
    checked(Model { warnings, ..model })
}

fn nodes(container: &Container) -> Result<Vec<Node>, Fault> {
    limit("nodes", container.document.nodes().len(), MOST_NODES)?;
    let mut nodes: Vec<Node> = container
        .document
        .nodes()
        .map(|node| plain(&node))
        .collect();
    for parent in container.document.nodes() {
        for child in parent.children() {
            let node = &mut nodes[child.index()];
            if node.parent.replace(parent.index()).is_some() {
                return malformed(format!("node {} has more than one parent", child.index()));
            }
        }
    }
    Ok(nodes)
}

fn plain(node: &gltf::Node<'_>) -> Node {
    Node {
        name: node.name().unwrap_or_default().to_owned(),
        parent: None,
        mesh: node.mesh().map(|mesh| mesh.index()),
        skin: node.skin().map(|skin| skin.index()),
        drawn: false,
        rest: placing(node),
    }
}

fn placing(node: &gltf::Node<'_>) -> Placing {
    let (scale, rotation, translation) = match node.transform() {
        gltf::scene::Transform::Matrix { matrix } => {
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
    let sound = translation.is_finite() && rotation.is_finite() && scale.is_finite();
    let rotation = if rotation.length_squared() > 1e-12 {
        rotation.normalize()
    } else {
        Quat::IDENTITY
    };
    if sound {
        Placing {
            translation,
            rotation,
            scale,
        }
    } else {
        Placing {
            translation: Vec3::ZERO,
            rotation: Quat::IDENTITY,
            scale: Vec3::ONE,
        }
    }
}

/// Returns the nodes in an order where parents come first; a node that is its own ancestor is never reached.
fn order(nodes: &[Node]) -> Result<Vec<usize>, Fault> {
    let mut children = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        if let Some(parent) = node.parent {
            children[parent].push(index);
        }
    }
    let mut order: Vec<usize> = (0..nodes.len())
        .filter(|index| nodes[*index].parent.is_none())
        .collect();
    let mut at = 0;
    while at < order.len() {
        order.extend_from_slice(&children[order[at]]);
        at += 1;
    }
    if order.len() < nodes.len() {
        malformed("a node is its own ancestor")
    } else {
        Ok(order)
    }
}

/// Marks the nodes of the default scene, else of the first, else all.
fn with_scene(container: &Container, mut nodes: Vec<Node>, order: &[usize]) -> Vec<Node> {
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
    for &index in order {
        let inherited = nodes[index]
            .parent
            .is_some_and(|parent| nodes[parent].drawn);
        nodes[index].drawn |= inherited;
    }
    nodes
}

fn meshes(
    container: &Container,
    materials: &[super::Material],
    warnings: &mut Vec<String>,
) -> Result<Vec<Mesh>, Fault> {
    let mut vertices = 0;
    let mut meshes = Vec::new();
    for source in container.document.meshes() {
        let mut mesh = Mesh::default();
        for part in source.primitives() {
            let material = part.material().index().unwrap_or(materials.len() - 1);
            let mapped = materials[material].normal_map.is_some();
            let Some(mut read) = geometry::read(container, &part, mapped, warnings)? else {
                continue;
            };
            read.material = material;
            vertices += read.positions.len();
            limit("vertices", vertices, MOST_VERTICES)?;
            mesh.primitives.push(read);
        }
        meshes.push(mesh);
    }
    Ok(meshes)
}

fn skin(container: &Container, skin: &gltf::Skin<'_>) -> Result<Skin, Fault> {
    let joints: Vec<usize> = skin.joints().map(|joint| joint.index()).collect();
    limit("joints", joints.len(), MOST_JOINTS)?;
    let inverse: Vec<Mat4> = match skin.inverse_bind_matrices() {
        Some(accessor) => container
            .floats::<16>(&accessor)?
            .iter()
            .map(Mat4::from_cols_array)
            .collect(),
        None => vec![Mat4::IDENTITY; joints.len()],
    };
    if inverse.len() < joints.len() {
        return malformed(format!(
            "a skin has {} inverse bind matrices for {} joints",
            inverse.len(),
            joints.len()
        ));
    }
    Ok(Skin { joints, inverse })
}

/// Checks the one relation between meshes and skins that only shows where a node joins them.
fn checked(mut model: Model) -> Result<Model, Fault> {
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
            return malformed(format!(
                "a vertex follows joint {joint} of a skin with {count} joints"
            ));
        }
    }
    Ok(model)
}

/// Makes meshes rigid that some node shows without a skin, because nothing moves their joints there.
fn strip_unskinned(model: &mut Model) {
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
