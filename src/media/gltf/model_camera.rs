//! Cameras that nodes carry. They look along -z of the node.

use super::gltf_document::GltfDocument;
use super::gltf_model::GltfModel;
use glam::Mat4;

/// A camera with perspective that a node carries.
#[derive(Debug, Clone, PartialEq)]
pub struct GltfCamera {
    /// Index of its node.
    pub node: usize,
    /// Its names: of the node and of the camera itself. Empty: it has none.
    names: [String; 2],
    /// Tangent of half its vertical field of view.
    pub half_height: f32,
}

/// A camera at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PosedCamera {
    /// Its matrix, relative to the model. It looks along -z.
    pub matrix: Mat4,
    /// Tangent of half its vertical field of view.
    pub half_height: f32,
}

impl GltfCamera {
    /// Returns its name: of its node, else its own.
    #[must_use]
    pub fn name(&self) -> &str {
        let [node, own] = &self.names;
        if node.is_empty() { own } else { node }
    }

    fn is_named(&self, name: &str) -> bool {
        self.names.iter().any(|known| known == name)
    }
}

/// Returns the cameras with perspective of all nodes.
pub(super) fn read_cameras(document: &GltfDocument) -> Vec<GltfCamera> {
    let nodes = document.nodes.iter().enumerate();
    nodes
        .filter_map(|(node, record)| {
            let camera = document.cameras.get(record.camera?)?;
            let angle = camera.perspective.as_ref()?.yfov;
            let half_height = (angle / 2.0).tan();
            // An angle of 180 degrees or of none shows nothing.
            let is_sound = angle > 0.0 && angle < std::f32::consts::PI && half_height.is_finite();
            is_sound.then(|| GltfCamera {
                node,
                names: [record.name.clone(), camera.name.clone()],
                half_height,
            })
        })
        .collect()
}

impl GltfModel {
    /// Returns a camera by its name `seconds` into the clip that plays for `clip`. `None`: the model
    /// has no such camera.
    #[must_use]
    pub fn camera_at(&self, name: &str, clip: Option<&str>, seconds: f32) -> Option<PosedCamera> {
        let camera = self.cameras.iter().find(|camera| camera.is_named(name))?;
        let pose = self.node_pose(clip, &[camera.node]);
        let matrix = pose.matrices_at(seconds).first().copied()?;
        Some(PosedCamera {
            matrix,
            half_height: camera.half_height,
        })
    }
}
