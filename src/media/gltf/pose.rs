//! A model at one moment: where every node and joint stands.

use super::animation::{AnimationClip, ChannelValue};
use super::gltf_model::{GltfModel, NodeTransform};
use glam::Mat4;

/// Where every node and joint of a model stands.
#[derive(Debug, Clone)]
pub struct ModelPose {
    /// Matrix of each node, relative to the model.
    pub globals: Vec<Mat4>,
    /// Matrices of each skin's joints, from rest to this pose, relative to the model.
    pub joints: Vec<Vec<Mat4>>,
}

impl GltfModel {
    /// Returns the model `seconds` into a clip, which starts again when it ends.
    ///
    /// Without a clip of that name, or when none is asked for, `idle` plays, else the first clip, else the model rests.
    #[must_use]
    pub fn pose_at(&self, clip: Option<&str>, seconds: f32) -> ModelPose {
        let Some(clip) = self.select_clip(clip) else {
            return self.rest_pose();
        };
        let time = if clip.duration > 0.0 {
            seconds.rem_euclid(clip.duration)
        } else {
            0.0
        };
        let mut transforms: Vec<NodeTransform> = self.nodes.iter().map(|node| node.rest).collect();
        for channel in &clip.channels {
            let transform = &mut transforms[channel.node];
            match channel.value_at(time) {
                ChannelValue::Translation(value) => transform.translation = value,
                ChannelValue::Rotation(value) => transform.rotation = value,
                ChannelValue::Scale(value) => transform.scale = value,
            }
        }
        self.compute_pose(&transforms)
    }

    /// Returns the model as modelled, without any clip.
    #[must_use]
    pub fn rest_pose(&self) -> ModelPose {
        self.compute_pose(&self.nodes.iter().map(|node| node.rest).collect::<Vec<_>>())
    }

    /// Returns the clip that plays when `name` is asked for.
    #[must_use]
    pub fn select_clip(&self, name: Option<&str>) -> Option<&AnimationClip> {
        let named = name.and_then(|name| self.find_clip(name));
        named
            .or_else(|| self.find_clip("idle"))
            .or_else(|| self.clips.first())
    }

    /// Finds a clip by name in any case; Blender's `Armature|walk` is also found as `walk`.
    fn find_clip(&self, name: &str) -> Option<&AnimationClip> {
        let exact = self.clips.iter().find(|clip| clip.name == name);
        let loose = |clip: &&AnimationClip| {
            clip.name
                .rsplit('|')
                .next()
                .is_some_and(|last| last.eq_ignore_ascii_case(name))
        };
        exact.or_else(|| self.clips.iter().find(loose))
    }

    fn compute_pose(&self, transforms: &[NodeTransform]) -> ModelPose {
        let mut globals = vec![Mat4::IDENTITY; self.nodes.len()];
        for &node in &self.order {
            let parent = self.nodes[node]
                .parent
                .map_or(Mat4::IDENTITY, |parent| globals[parent]);
            globals[node] = parent * transforms[node].to_matrix();
        }
        let of_skin = |skin: &super::GltfSkin| {
            skin.joints
                .iter()
                .zip(&skin.inverse)
                .map(|(joint, inverse)| globals[*joint] * *inverse)
                .collect()
        };
        let joints = self.skins.iter().map(of_skin).collect();
        ModelPose { globals, joints }
    }
}
