//! A model at one moment: where every node and joint stands.

use super::clip::{Clip, Value};
use super::model::{Model, Placing};
use glam::Mat4;

/// Where every node and joint of a model stands.
#[derive(Debug, Clone)]
pub struct Pose {
    /// Matrix of each node, relative to the model.
    pub globals: Vec<Mat4>,
    /// Matrices of each skin's joints, from rest to this pose, relative to the model.
    pub joints: Vec<Vec<Mat4>>,
}

impl Model {
    /// Returns the model `seconds` into a clip, which starts again when it ends.
    ///
    /// Without a clip of that name, or when none is asked for, `idle` plays, else the first clip, else the model rests.
    #[must_use]
    pub fn pose(&self, clip: Option<&str>, seconds: f32) -> Pose {
        let Some(clip) = self.clip(clip) else {
            return self.pose_rest();
        };
        let time = if clip.duration > 0.0 {
            seconds.rem_euclid(clip.duration)
        } else {
            0.0
        };
        let mut placings: Vec<Placing> = self.nodes.iter().map(|node| node.rest).collect();
        for channel in &clip.channels {
            let placing = &mut placings[channel.node];
            match channel.at(time) {
                Value::Translation(value) => placing.translation = value,
                Value::Rotation(value) => placing.rotation = value,
                Value::Scale(value) => placing.scale = value,
            }
        }
        self.posed(&placings)
    }

    /// Returns the model as modelled, without any clip.
    #[must_use]
    pub fn pose_rest(&self) -> Pose {
        self.posed(&self.nodes.iter().map(|node| node.rest).collect::<Vec<_>>())
    }

    /// Returns the clip that plays when `name` is asked for.
    #[must_use]
    pub fn clip(&self, name: Option<&str>) -> Option<&Clip> {
        let wanted = name.and_then(|name| self.clip_named(name));
        wanted
            .or_else(|| self.clip_named("idle"))
            .or_else(|| self.clips.first())
    }

    /// Finds a clip by name in any case; Blender's `Armature|walk` is also found as `walk`.
    fn clip_named(&self, name: &str) -> Option<&Clip> {
        let exact = self.clips.iter().find(|clip| clip.name == name);
        let loose = |clip: &&Clip| {
            clip.name
                .rsplit('|')
                .next()
                .is_some_and(|last| last.eq_ignore_ascii_case(name))
        };
        exact.or_else(|| self.clips.iter().find(loose))
    }

    fn posed(&self, placings: &[Placing]) -> Pose {
        let mut globals = vec![Mat4::IDENTITY; self.nodes.len()];
        for &node in &self.order {
            let parent = self.nodes[node]
                .parent
                .map_or(Mat4::IDENTITY, |parent| globals[parent]);
            globals[node] = parent * placings[node].matrix();
        }
        let of_skin = |skin: &super::Skin| {
            skin.joints
                .iter()
                .zip(&skin.inverse)
                .map(|(joint, inverse)| globals[*joint] * *inverse)
                .collect()
        };
        let joints = self.skins.iter().map(of_skin).collect();
        Pose { globals, joints }
    }
}
