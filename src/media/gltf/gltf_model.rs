//! A model in memory: nodes, meshes, skins, clips and materials.

use super::animation::AnimationClip;
use super::material::GltfMaterial;
use super::model_camera::GltfCamera;
use super::model_image::GltfImage;
use super::primitive::GltfPrimitive;
use super::punctual_light::GltfLight;
use glam::{Mat4, Quat, Vec3};

/// A model in memory.
#[derive(Debug, Clone)]
pub struct GltfModel {
    /// Its nodes, as numbered in the file.
    pub nodes: Vec<GltfNode>,
    /// Its meshes.
    pub meshes: Vec<GltfMesh>,
    /// Its skins.
    pub skins: Vec<GltfSkin>,
    /// Its clips.
    pub clips: Vec<AnimationClip>,
    /// Its materials; the last one is for primitives without any.
    pub materials: Vec<GltfMaterial>,
    /// Its lights.
    pub lights: Vec<GltfLight>,
    /// Its cameras with perspective.
    pub cameras: Vec<GltfCamera>,
    /// Its pictures. Those that no material uses are empty.
    pub images: Vec<GltfImage>,
    /// Names of the variants of its materials.
    pub variants: Vec<String>,
    /// Names of the expressions of its face.
    pub expressions: Vec<String>,
    /// What the file has and is not drawn.
    pub warnings: Vec<String>,
    /// Indices of nodes, each after its parent, so that one pass computes all matrices.
    pub(super) order: Vec<usize>,
}

/// One node.
#[derive(Debug, Clone)]
pub struct GltfNode {
    /// Its name. Empty: it has none.
    pub name: String,
    /// Index of its parent. `None`: it is a root.
    pub parent: Option<usize>,
    /// Index of its mesh.
    pub mesh: Option<usize>,
    /// Index of the skin that deforms the mesh. `None`: the mesh is rigid.
    pub skin: Option<usize>,
    /// Weight of each morph target of its mesh, at rest.
    pub weights: Vec<f32>,
    /// Whether it belongs to the scene that is drawn.
    pub drawn: bool,
    pub(super) rest: NodeTransform,
}

/// The transform of a node, relative to its parent.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeTransform {
    // Parts and not a matrix, because clips animate each part alone.
    pub(super) translation: Vec3,
    pub(super) rotation: Quat,
    pub(super) scale: Vec3,
}

/// Primitives that move together.
#[derive(Debug, Clone, Default)]
pub struct GltfMesh {
    /// The primitives.
    pub primitives: Vec<GltfPrimitive>,
}

/// The joints that deform a mesh.
#[derive(Debug, Clone)]
pub struct GltfSkin {
    /// Index of the node of each joint.
    pub joints: Vec<usize>,
    /// Inverse bind matrix of each joint; at least as many as joints.
    pub inverse: Vec<Mat4>,
}

impl GltfModel {
    /// Returns the number of triangles drawn. A mesh of two nodes counts twice.
    #[must_use]
    pub fn triangle_count(&self) -> usize {
        let mesh_triangles = |mesh: &GltfMesh| {
            mesh.primitives
                .iter()
                .map(|part| part.indices.len() / 3)
                .sum::<usize>()
        };
        self.drawn_meshes()
            .map(|(_, mesh)| mesh_triangles(&self.meshes[mesh]))
            .sum()
    }

    /// Returns each drawn node with a mesh, as indices of node and mesh.
    pub fn drawn_meshes(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.nodes
            .iter()
            .enumerate()
            .filter_map(|(index, node)| node.mesh.filter(|_| node.drawn).map(|mesh| (index, mesh)))
    }
}

impl NodeTransform {
    pub(super) fn to_matrix(self) -> Mat4 {
        Mat4::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}
