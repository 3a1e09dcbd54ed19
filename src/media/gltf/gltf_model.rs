//! A model in memory: nodes in an order where parents come first, meshes, skins, clips and materials.

use super::animation::AnimationClip;
use super::bounding_box::BoundingBox;
use super::material::{GltfImage, GltfMaterial};
use super::pose::ModelPose;
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

/// A figure's head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadBounds {
    /// The box around it.
    pub bounds: BoundingBox,
    /// Where its joint stands.
    pub joint: Vec3,
}

impl GltfModel {
    /// Returns where the node with this name stands at rest, relative to the model.
    #[must_use]
    pub fn node_transform(&self, name: &str) -> Option<Mat4> {
        let index = self.nodes.iter().position(|node| node.name == name)?;
        self.rest_pose().globals.get(index).copied()
    }

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

    /// Returns the box around all drawn vertices in this pose.
    #[must_use]
    pub fn bounds_in_pose(&self, pose: &ModelPose) -> BoundingBox {
        self.drawn_meshes()
            .fold(BoundingBox::EMPTY, |bounds, (node, mesh)| {
                let parts = self.meshes[mesh].primitives.iter();
                parts.fold(bounds, |bounds, part| {
                    bounds.union(BoundingBox::from_points(
                        self.vertex_positions(pose, node, part),
                    ))
                })
            })
    }

    /// Returns where the vertices of one primitive stand in this pose.
    pub fn vertex_positions<'a>(
        &'a self,
        pose: &'a ModelPose,
        node: usize,
        part: &'a GltfPrimitive,
    ) -> impl Iterator<Item = Vec3> + 'a {
        let joints = self.nodes[node]
            .skin
            .filter(|_| !part.joints.is_empty())
            .map(|skin| pose.joints[skin].as_slice());
        part.positions
            .iter()
            .enumerate()
            .map(move |(vertex, place)| {
                let matrix = match joints {
                    Some(joints) => {
                        blend_matrices(joints, part.joints[vertex], part.weights[vertex])
                    }
                    None => pose.globals[node],
                };
                matrix.transform_point3(Vec3::from(*place))
            })
    }

    /// Returns the head: the vertices that follow the node named like one.
    #[must_use]
    pub fn head_bounds(&self, pose: &ModelPose) -> Option<HeadBounds> {
        let head = self.head_node()?;
        let below: Vec<bool> = self.descendant_flags(head);
        let mut bounds = BoundingBox::EMPTY;
        for (node, mesh) in self.drawn_meshes() {
            for part in &self.meshes[mesh].primitives {
                let follows = |vertex: usize| self.follows_nodes(&below, node, part, vertex);
                let places = self
                    .vertex_positions(pose, node, part)
                    .enumerate()
                    .filter(|(vertex, _)| follows(*vertex));
                bounds = bounds.union(BoundingBox::from_points(places.map(|(_, place)| place)));
            }
        }
        let joint = pose.globals[head].transform_point3(Vec3::ZERO);
        (!bounds.is_empty()).then_some(HeadBounds { bounds, joint })
    }

    /// Returns the node named `head`, else the first whose name ends or starts so.
    fn head_node(&self) -> Option<usize> {
        let named = |test: fn(&str) -> bool| {
            self.nodes
                .iter()
                .position(|node| test(&node.name.to_lowercase()))
        };
        named(|name| name == "head")
            .or_else(|| named(|name| name.ends_with("head")))
            .or_else(|| named(|name| name.starts_with("head") && !name.ends_with("end")))
    }

    fn descendant_flags(&self, root: usize) -> Vec<bool> {
        let mut below = vec![false; self.nodes.len()];
        for &node in &self.order {
            below[node] =
                node == root || self.nodes[node].parent.is_some_and(|parent| below[parent]);
        }
        below
    }

    fn follows_nodes(
        &self,
        below: &[bool],
        node: usize,
        part: &GltfPrimitive,
        vertex: usize,
    ) -> bool {
        let Some(skin) = self.nodes[node].skin.filter(|_| !part.joints.is_empty()) else {
            return below[node];
        };
        let joints = &self.skins[skin].joints;
        let pairs = part.joints[vertex].iter().zip(part.weights[vertex]);
        pairs
            .filter(|(joint, _)| below[joints[**joint as usize]])
            .map(|(_, weight)| weight)
            .sum::<f32>()
            > 0.5
    }
}

impl NodeTransform {
    pub(super) fn to_matrix(self) -> Mat4 {
        Mat4::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}

/// Returns the weighted sum of four joint matrices.
fn blend_matrices(joints: &[Mat4], indices: [u32; 4], weights: [f32; 4]) -> Mat4 {
    let pairs = indices.into_iter().zip(weights);
    pairs
        .filter(|(_, weight)| *weight > 0.0)
        .fold(Mat4::ZERO, |sum, (index, weight)| {
            sum + joints[index as usize] * weight
        })
}
