//! A model at one moment: the matrices of nodes and joints, and measures of the posed model.
//!
//! `gltf_model` has the content of a file and does not know this module.

use super::animation::{AnimationClip, ChannelValue};
use super::bounding_box::BoundingBox;
use super::gltf_model::{GltfModel, NodeTransform};
use super::primitive::GltfPrimitive;
use glam::{Mat4, Vec3};

/// The matrices of all nodes and joints.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelPose {
    /// Matrix of each node, relative to the model.
    pub globals: Vec<Mat4>,
    /// Matrices of each skin's joints, from rest to this pose, relative to the model.
    pub joints: Vec<Vec<Mat4>>,
    /// Weights of the morph targets of each node's mesh.
    pub weights: Vec<Vec<f32>>,
}

/// The head of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeadBounds {
    /// The box around its vertices, relative to the model.
    pub bounds: BoundingBox,
    /// Position of its joint, relative to the model.
    pub joint: Vec3,
}

impl GltfModel {
    /// Returns the pose `seconds` into a clip, which repeats.
    ///
    /// If `clip` is `None` or has no match, `idle` plays, else the first clip, else the model
    /// rests.
    #[must_use]
    pub fn pose_at(&self, clip: Option<&str>, seconds: f32) -> ModelPose {
        let Some(clip) = self.select_clip(clip) else {
            return self.rest_pose();
        };
        // A clip of one key has no length, and the remainder by zero is NaN.
        let time = if clip.duration > 0.0 {
            seconds.rem_euclid(clip.duration)
        } else {
            0.0
        };
        // A clip moves only some nodes. The others stay at rest.
        let mut transforms: Vec<NodeTransform> = self.nodes.iter().map(|node| node.rest).collect();
        let mut weights = self.rest_weights();
        for channel in &clip.channels {
            let transform = &mut transforms[channel.node];
            match channel.value_at(time) {
                ChannelValue::Translation(value) => transform.translation = value,
                ChannelValue::Rotation(value) => transform.rotation = value,
                ChannelValue::Scale(value) => transform.scale = value,
                ChannelValue::Weights(values) => {
                    let targets = weights[channel.node].iter_mut();
                    targets
                        .zip(values)
                        .for_each(|(weight, value)| *weight = value);
                }
            }
        }
        self.compute_pose(&transforms, weights)
    }

    /// Returns the pose without any clip.
    #[must_use]
    pub fn rest_pose(&self) -> ModelPose {
        let transforms: Vec<NodeTransform> = self.nodes.iter().map(|node| node.rest).collect();
        self.compute_pose(&transforms, self.rest_weights())
    }

    fn rest_weights(&self) -> Vec<Vec<f32>> {
        self.nodes.iter().map(|node| node.weights.clone()).collect()
    }

    /// Returns the clip that plays for `name`. `None`: the model has no clips.
    #[must_use]
    pub fn select_clip(&self, name: Option<&str>) -> Option<&AnimationClip> {
        let named = name.and_then(|name| self.named_clip(name));
        // A model in its bind pose looks broken, so another clip replaces a missing one. `validate`
        // reports the name.
        named
            .or_else(|| self.named_clip("idle"))
            .or_else(|| self.clips.first())
    }

    /// Returns the clip of this name. `None`: the model has none. `walk` also matches `Walk` and Blender's `Armature|walk`.
    #[must_use]
    pub fn named_clip(&self, name: &str) -> Option<&AnimationClip> {
        // Exact names come first, so that `Walk` and `walk` in one file are both reachable.
        let exact = self.clips.iter().find(|clip| clip.name == name);
        exact.or_else(|| {
            self.clips.iter().find(|clip| {
                clip.name
                    .rsplit('|')
                    .next()
                    .is_some_and(|last| last.eq_ignore_ascii_case(name))
            })
        })
    }

    fn compute_pose(&self, transforms: &[NodeTransform], weights: Vec<Vec<f32>>) -> ModelPose {
        let mut globals = vec![Mat4::IDENTITY; self.nodes.len()];
        for &node in &self.order {
            // `order` guarantees that the parent's matrix is there already.
            let parent = self.nodes[node]
                .parent
                .map_or(Mat4::IDENTITY, |parent| globals[parent]);
            globals[node] = parent * transforms[node].to_matrix();
        }
        let joints = self
            .skins
            .iter()
            .map(|skin| {
                skin.joints
                    .iter()
                    .zip(&skin.inverse)
                    .map(|(joint, inverse)| globals[*joint] * *inverse)
                    .collect()
            })
            .collect();
        ModelPose {
            globals,
            joints,
            weights,
        }
    }

    /// Returns the matrix of the node `name` at rest, relative to the model.
    #[must_use]
    pub fn node_transform(&self, name: &str) -> Option<Mat4> {
        let index = self.nodes.iter().position(|node| node.name == name)?;
        self.rest_pose().globals.get(index).copied()
    }

    /// Returns the box around all drawn vertices in this pose. Framing needs the posed vertices:
    /// the box in the file is that of the rest pose.
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

    /// Returns the positions of the vertices of a primitive in this pose, relative to the model.
    pub fn vertex_positions<'a>(
        &'a self,
        pose: &'a ModelPose,
        node: usize,
        part: &'a GltfPrimitive,
    ) -> impl Iterator<Item = Vec3> + 'a {
        // The matrix of the node itself does not apply to a skinned mesh (glTF 2.0, section
        // 3.7.3.3).
        let joints = self.nodes[node]
            .skin
            .filter(|_| !part.joints.is_empty())
            .map(|skin| pose.joints[skin].as_slice());
        let weights = pose.weights[node].as_slice();
        (0..part.positions.len()).map(move |vertex| {
            let matrix = match joints {
                Some(joints) => blend_matrices(joints, part.influences(vertex)),
                None => pose.globals[node],
            };
            matrix.transform_point3(part.morphed_position(weights, vertex))
        })
    }

    /// Returns the head: the vertices that follow the head node. `None`: no node is named like one,
    /// or no vertex follows it.
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

    /// Returns the node `head`, else the first whose name ends or begins with it, in any case.
    fn head_node(&self) -> Option<usize> {
        let named = |test: fn(&str) -> bool| {
            self.nodes
                .iter()
                .position(|node| test(&node.name.to_lowercase()))
        };
        named(|name| name == "head")
            .or_else(|| named(|name| name.ends_with("head")))
            // `head_end` is the tip of the bone in exports from Blender, and no vertex follows it.
            .or_else(|| named(|name| name.starts_with("head") && !name.ends_with("end")))
    }

    pub(super) fn descendant_flags(&self, root: usize) -> Vec<bool> {
        // Hair, eyes and hats hang below the head joint and belong to it.
        let mut below = vec![false; self.nodes.len()];
        for &node in &self.order {
            below[node] =
                node == root || self.nodes[node].parent.is_some_and(|parent| below[parent]);
        }
        below
    }

    pub(super) fn follows_nodes(
        &self,
        below: &[bool],
        node: usize,
        part: &GltfPrimitive,
        vertex: usize,
    ) -> bool {
        // A rigid part follows its node, a skinned vertex its joints.
        let Some(skin) = self.nodes[node].skin.filter(|_| !part.joints.is_empty()) else {
            return below[node];
        };
        let joints = &self.skins[skin].joints;
        part.influences(vertex)
            .filter(|(joint, _)| below[joints[*joint]])
            .map(|(_, weight)| weight)
            .sum::<f32>()
            // Vertices of the neck follow several joints. The head has those that follow it mostly.
            > 0.5
    }
}

/// Returns the weighted sum of joint matrices (linear blend skinning).
pub(super) fn blend_matrices(
    joints: &[Mat4],
    influences: impl Iterator<Item = (usize, f32)>,
) -> Mat4 {
    influences.fold(Mat4::ZERO, |sum, (joint, weight)| {
        sum + joints[joint] * weight
    })
}
