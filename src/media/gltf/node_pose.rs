//! The pose of a few nodes of a model, without the rest: what follows one joint over a whole clip
//! poses only the joints above it.

use super::animation::{AnimationChannel, ChannelValue};
use super::gltf_model::{GltfModel, NodeTransform};
use glam::Mat4;

/// A few nodes of a model in one clip.
pub struct NodePose<'m> {
    /// Length of the clip in seconds, 0 without one.
    pub duration: f32,
    // The nodes and everything above them, each after its parent.
    links: Vec<PoseLink<'m>>,
    wanted: Vec<usize>,
}

/// One node of the way from the root.
struct PoseLink<'m> {
    rest: NodeTransform,
    /// Index of the link above.
    parent: Option<usize>,
    channels: Vec<&'m AnimationChannel>,
}

impl GltfModel {
    /// Returns the pose of these nodes alone. The clip is chosen as by [`GltfModel::pose_at`].
    #[must_use]
    pub fn node_pose(&self, clip: Option<&str>, nodes: &[usize]) -> NodePose<'_> {
        let mut is_needed = vec![false; self.nodes.len()];
        for node in nodes {
            let mut above = Some(*node);
            while let Some(node) = above.filter(|node| !is_needed[*node]) {
                is_needed[node] = true;
                above = self.nodes[node].parent;
            }
        }
        let clip = self.select_clip(clip);
        // Once over all channels, and not once for each node.
        let mut channels_of_node = vec![Vec::new(); self.nodes.len()];
        for channel in clip.into_iter().flat_map(|clip| &clip.channels) {
            if is_needed[channel.node] {
                channels_of_node[channel.node].push(channel);
            }
        }
        let mut link_of_node = vec![None; self.nodes.len()];
        let mut links = Vec::new();
        for &node in self.order.iter().filter(|node| is_needed[**node]) {
            link_of_node[node] = Some(links.len());
            links.push(PoseLink {
                rest: self.nodes[node].rest,
                parent: self.nodes[node]
                    .parent
                    .and_then(|above| link_of_node[above]),
                channels: std::mem::take(&mut channels_of_node[node]),
            });
        }
        NodePose {
            duration: clip.map_or(0.0, |clip| clip.duration),
            links,
            wanted: nodes
                .iter()
                .filter_map(|node| link_of_node[*node])
                .collect(),
        }
    }
}

impl NodePose<'_> {
    /// Returns the matrix of each node `seconds` into the clip, which repeats, relative to the
    /// model. They are those of [`GltfModel::pose_at`].
    #[must_use]
    pub fn matrices_at(&self, seconds: f32) -> Vec<Mat4> {
        let time = if self.duration > 0.0 {
            seconds.rem_euclid(self.duration)
        } else {
            0.0
        };
        let mut globals: Vec<Mat4> = Vec::with_capacity(self.links.len());
        for link in &self.links {
            let mut transform = link.rest;
            for channel in &link.channels {
                match channel.value_at(time) {
                    ChannelValue::Translation(value) => transform.translation = value,
                    ChannelValue::Rotation(value) => transform.rotation = value,
                    ChannelValue::Scale(value) => transform.scale = value,
                    // Morph targets move vertices, and no node.
                    ChannelValue::Weights(_) => {}
                }
            }
            let parent = link.parent.map_or(Mat4::IDENTITY, |parent| globals[parent]);
            globals.push(parent * transform.to_matrix());
        }
        self.wanted.iter().map(|link| globals[*link]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::gltf::sample::sample_cylinder;
    use std::path::Path;

    #[test]
    fn a_few_nodes_are_posed_as_the_whole_model_is() {
        let model = GltfModel::from_bytes(&sample_cylinder(), Path::new("sample.glb")).unwrap();
        let nodes = [2, 0, 2];
        let pose = model.node_pose(Some("bend"), &nodes);
        assert_eq!(pose.duration, 1.0);
        for step in -7..30_i16 {
            let seconds = f32::from(step) * 0.17;
            let whole = model.pose_at(Some("bend"), seconds);
            let expected = nodes.map(|node| whole.globals[node]);
            assert_eq!(pose.matrices_at(seconds), expected, "{seconds}");
        }
        assert!(model.node_pose(None, &[]).matrices_at(0.5).is_empty());
    }

    #[test]
    fn a_cylinder_has_no_feet() {
        let model = GltfModel::from_bytes(&sample_cylinder(), Path::new("sample.glb")).unwrap();
        assert_eq!(model.find_feet(), []);
    }
}
