//! The draw calls of one frame: every model of the scene, in its pose.

use super::model_upload::UploadedModel;
use crate::gpu::{BoundingSphere, DrawCall};
use crate::media::gltf::ModelPose;
use crate::producers::render::scene::ModelInstance;
use glam::{Mat4, Vec3};

/// Draw calls, and the matrices that they refer to.
#[derive(Default)]
pub(super) struct DrawList<'a> {
    pub(super) draws: Vec<DrawCall<'a>>,
    pub(super) transforms: Vec<Mat4>,
}

impl<'a> DrawList<'a> {
    /// Adds the draw calls of a model at its place and in its pose.
    pub(super) fn add_instance(
        &mut self,
        instance: &ModelInstance<'_>,
        uploaded: &'a UploadedModel,
    ) {
        let pose = instance.model.pose_at(instance.clip, instance.seconds);
        self.add_posed(instance, &pose, uploaded);
    }

    /// Adds the draw calls of a model at its place and in this pose.
    pub(super) fn add_posed(
        &mut self,
        instance: &ModelInstance<'_>,
        pose: &ModelPose,
        uploaded: &'a UploadedModel,
    ) {
        let model = instance.model;
        // Joints of a skin are added once and shared by all its parts: a figure has many parts and
        // one skeleton.
        let skins: Vec<u32> = pose
            .joints
            .iter()
            .map(|joints| self.push_transforms(instance.root, joints))
            .collect();
        let figure_bounds = (!skins.is_empty()).then(|| around_joints(instance.root, pose));
        for (node, mesh) in model.drawn_meshes() {
            let matrix = instance.root * pose.globals[node];
            let rigid = self.push_transforms(matrix, &[Mat4::IDENTITY]);
            for part in &uploaded.parts[mesh] {
                let skin = model.nodes[node].skin.filter(|_| part.mesh.is_skinned());
                let around = match (skin, figure_bounds) {
                    // A skinned part moves with the joints, far from its sphere at rest. With that
                    // sphere it would be culled while it is in view.
                    (Some(_), Some(figure_bounds)) => figure_bounds,
                    _ => transform_sphere(part.bounding_sphere, matrix),
                };
                let mesh = &part.mesh;
                let material = &uploaded.materials[part.material];
                let base = skin.map_or(rigid, |skin| skins[skin]);
                // A mirrored matrix turns the winding of triangles, and culling would remove the
                // front.
                let mirrored = matrix.determinant() < 0.0;
                self.draws.push(DrawCall {
                    mesh,
                    material,
                    first_transform: base,
                    mirrored,
                    bounding_sphere: around,
                });
            }
        }
    }

    fn push_transforms(&mut self, root: Mat4, matrices: &[Mat4]) -> u32 {
        let base = u32::try_from(self.transforms.len()).unwrap_or(0);
        self.transforms
            .extend(matrices.iter().map(|matrix| root * *matrix));
        base
    }
}

/// Returns a sphere around a posed figure, with a metre for what surrounds its joints.
fn around_joints(root: Mat4, pose: &ModelPose) -> BoundingSphere {
    // Bounds of joints need a few points. Bounds of the skin would need every vertex posed on the
    // processor, for each frame.
    let places: Vec<Vec3> = pose
        .globals
        .iter()
        .map(|m| root.transform_point3(m.w_axis.truncate()))
        .collect();
    let bounds = crate::media::gltf::BoundingBox::from_points(places.iter().copied());
    BoundingSphere {
        centre: bounds.centre(),
        radius: bounds.size().length() * 0.5 + 1.0,
    }
}

fn transform_sphere(sphere: BoundingSphere, matrix: Mat4) -> BoundingSphere {
    // The longest axis is taken, so that a stretched part stays inside its sphere.
    let scale = matrix
        .x_axis
        .length()
        .max(matrix.y_axis.length())
        .max(matrix.z_axis.length());
    BoundingSphere {
        centre: matrix.transform_point3(sphere.centre),
        radius: sphere.radius * scale,
    }
}
