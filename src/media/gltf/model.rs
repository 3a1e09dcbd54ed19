//! A model in memory: nodes in an order where parents come first, meshes, skins, clips and materials.

use super::bounds::Bounds;
use super::clip::Clip;
use super::geometry::Primitive;
use super::material::{Image, Material};
use super::pose::Pose;
use glam::{Mat4, Quat, Vec3};

/// A model in memory.
#[derive(Debug, Clone)]
pub struct Model {
    /// Its nodes, as numbered in the file.
    pub nodes: Vec<Node>,
    /// Its meshes.
    pub meshes: Vec<Mesh>,
    /// Its skins.
    pub skins: Vec<Skin>,
    /// Its clips.
    pub clips: Vec<Clip>,
    /// Its materials; the last one is for primitives without any.
    pub materials: Vec<Material>,
    /// Its pictures; those no material uses are empty.
    pub images: Vec<Image>,
    /// What is in the file and is not drawn.
    pub warnings: Vec<String>,
    /// Node indices, each after its parent.
    pub(super) order: Vec<usize>,
}

/// One node.
#[derive(Debug, Clone)]
pub struct Node {
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
    pub(super) rest: Placing,
}

/// Translation, rotation and scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placing {
    pub(super) translation: Vec3,
    pub(super) rotation: Quat,
    pub(super) scale: Vec3,
}

/// Primitives that move together.
#[derive(Debug, Clone, Default)]
pub struct Mesh {
    /// The primitives.
    pub primitives: Vec<Primitive>,
}

/// The joints that move a mesh.
#[derive(Debug, Clone)]
pub struct Skin {
    /// Node of each joint.
    pub joints: Vec<usize>,
    /// Inverse bind matrix of each joint.
    pub inverse: Vec<Mat4>,
}

/// A figure's head.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Head {
    /// The box around it.
    pub bounds: Bounds,
    /// Where its joint stands.
    pub joint: Vec3,
}

impl Model {
    /// Returns where the node with this name stands at rest, relative to the model.
    #[must_use]
    pub fn node(&self, name: &str) -> Option<Mat4> {
        let index = self.nodes.iter().position(|node| node.name == name)?;
        self.pose_rest().globals.get(index).copied()
    }

    /// Returns how many triangles are drawn.
    #[must_use]
    pub fn triangles(&self) -> usize {
        let of_mesh = |mesh: &Mesh| {
            mesh.primitives
                .iter()
                .map(|part| part.indices.len() / 3)
                .sum::<usize>()
        };
        self.drawn()
            .map(|(_, mesh)| of_mesh(&self.meshes[mesh]))
            .sum()
    }

    /// Returns each drawn node that shows a mesh, with that mesh.
    pub fn drawn(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let shown = |(index, node): (usize, &Node)| {
            node.mesh.filter(|_| node.drawn).map(|mesh| (index, mesh))
        };
        self.nodes.iter().enumerate().filter_map(shown)
    }

    /// Returns the box around all drawn vertices in this pose.
    #[must_use]
    pub fn bounds(&self, pose: &Pose) -> Bounds {
        self.drawn().fold(Bounds::EMPTY, |bounds, (node, mesh)| {
            let parts = self.meshes[mesh].primitives.iter();
            parts.fold(bounds, |bounds, part| {
                bounds.union(Bounds::of(self.places(pose, node, part)))
            })
        })
    }

    /// Returns where the vertices of one primitive stand in this pose.
    pub fn places<'a>(
        &'a self,
        pose: &'a Pose,
        node: usize,
        part: &'a Primitive,
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
                    Some(joints) => blended(joints, part.joints[vertex], part.weights[vertex]),
                    None => pose.globals[node],
                };
                matrix.transform_point3(Vec3::from(*place))
            })
    }

    /// Returns the head: the vertices that follow the node named like one.
    #[must_use]
    pub fn head(&self, pose: &Pose) -> Option<Head> {
        let head = self.head_node()?;
        let below: Vec<bool> = self.descendants(head);
        let mut bounds = Bounds::EMPTY;
        for (node, mesh) in self.drawn() {
            for part in &self.meshes[mesh].primitives {
                let follows = |vertex: usize| self.follows(&below, node, part, vertex);
                let places = self
                    .places(pose, node, part)
                    .enumerate()
                    .filter(|(vertex, _)| follows(*vertex));
                bounds = bounds.union(Bounds::of(places.map(|(_, place)| place)));
            }
        }
        let joint = pose.globals[head].transform_point3(Vec3::ZERO);
        (!bounds.is_empty()).then_some(Head { bounds, joint })
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

    fn descendants(&self, root: usize) -> Vec<bool> {
        let mut below = vec![false; self.nodes.len()];
        for &node in &self.order {
            below[node] =
                node == root || self.nodes[node].parent.is_some_and(|parent| below[parent]);
        }
        below
    }

    fn follows(&self, below: &[bool], node: usize, part: &Primitive, vertex: usize) -> bool {
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

impl Placing {
    pub(super) fn matrix(&self) -> Mat4 {
        Mat4::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }
}

/// Returns the weighted sum of four joint matrices.
fn blended(joints: &[Mat4], indices: [u32; 4], weights: [f32; 4]) -> Mat4 {
    let pairs = indices.into_iter().zip(weights);
    pairs
        .filter(|(_, weight)| *weight > 0.0)
        .fold(Mat4::ZERO, |sum, (index, weight)| {
            sum + joints[index as usize] * weight
        })
}
