//! A model in memory: nodes in an order where parents come first, meshes, skins, clips and materials.

use super::animation::AnimationClip;
use super::material::{GltfImage, GltfMaterial};
use super::primitive::GltfPrimitive;
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
    /// Its pictures; those no material uses are empty.
    pub images: Vec<GltfImage>,
    /// What is in the file and is not drawn.
    pub warnings: Vec<String>,
    /// Node indices, each after its parent.
    pub(super) order: Vec<usize>,
}

/// One node.
#[derive(Debug, Clone)]
pub struct GltfNode {
    /// Its name, empty when it has none.
    pub name: String,
    /// Its parent.
    pub parent: Option<usize>,
    /// The mesh it shows.
    pub mesh: Option<usize>,
    /// The skin that moves the mesh.
    pub skin: Option<usize>,
    /// Whether it belongs to the scene that is drawn.
    pub drawn: bool,
    pub(super) rest: NodeTransform,
}

/// Translation, rotation and scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct NodeTransform {
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

/// The joints that move a mesh.
#[derive(Debug, Clone)]
pub struct GltfSkin {
    /// Node of each joint.
    pub joints: Vec<usize>,
    /// Inverse bind matrix of each joint.
    pub inverse: Vec<Mat4>,
}

impl GltfModel {
    /// Returns how many triangles are drawn.
    #[must_use]
    pub fn triangle_count(&self) -> usize {
        let of_mesh = |mesh: &GltfMesh| {
            mesh.primitives
                .iter()
                .map(|part| part.indices.len() / 3)
                .sum::<usize>()
        };
        self.drawn_meshes()
            .map(|(_, mesh)| of_mesh(&self.meshes[mesh]))
            .sum()
    }

    /// Returns each drawn node that shows a mesh, with that mesh.
    pub fn drawn_meshes(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let shown = |(index, node): (usize, &GltfNode)| {
            node.mesh.filter(|_| node.drawn).map(|mesh| (index, mesh))
        };
        self.nodes.iter().enumerate().filter_map(shown)
    }
}

impl NodeTransform {
    pub(super) fn to_matrix(self) -> Mat4 {
        Mat4::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}
