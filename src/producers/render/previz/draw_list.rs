//! The draw calls of one frame: every model of the scene, in its pose.

use super::model_upload::{UploadedModel, UploadedPart};
use crate::gpu::{BoundingSphere, DrawCall, GpuDevice, GpuMaterial};
use crate::media::gltf::{GltfModel, GltfPrimitive, ModelPose};
use glam::{Mat4, Vec3};

/// Draw calls, and the matrices that they refer to.
pub(super) struct DrawList<'a> {
    gpu: &'a GpuDevice,
    pub(super) draws: Vec<DrawCall<'a>>,
    pub(super) transforms: Vec<Mat4>,
}

/// A model in its pose, with the indices of its matrices.
struct PosedModel<'p> {
    model: &'p GltfModel,
    root: Mat4,
    pose: &'p ModelPose,
    /// Index of the first matrix of each skin.
    skins: Vec<u32>,
    /// Index of the matrix of the model itself.
    in_model: u32,
    /// A sphere around its joints, if it has any.
    figure_bounds: Option<BoundingSphere>,
}

/// A node that shows a mesh.
struct PosedNode {
    index: usize,
    /// Its matrix in the world, and the index of that.
    matrix: Mat4,
    rigid: u32,
}

impl<'a> DrawList<'a> {
    pub(super) const fn new(gpu: &'a GpuDevice) -> Self {
        Self {
            gpu,
            draws: Vec::new(),
            transforms: Vec::new(),
        }
    }

    /// Adds the draw calls of a model in this pose. `root` is the matrix from the model to the
    /// world.
    pub(super) fn add_posed(
        &mut self,
        model: &GltfModel,
        root: Mat4,
        pose: &ModelPose,
        uploaded: &'a UploadedModel,
    ) {
        // Joints of a skin are added once and shared by all its parts: a figure has many parts and
        // one skeleton.
        let skins: Vec<u32> = pose
            .joints
            .iter()
            .map(|joints| self.push_transforms(root, joints))
            .collect();
        let posed = PosedModel {
            model,
            root,
            pose,
            figure_bounds: (!skins.is_empty()).then(|| around_joints(root, pose)),
            skins,
            in_model: self.push_transforms(root, &[Mat4::IDENTITY]),
        };
        for (index, mesh) in model.drawn_meshes() {
            // Of the node in this pose, for parts that no joint moves.
            let matrix = root * pose.globals[index];
            let node = PosedNode {
                index,
                matrix,
                rigid: self.push_transforms(matrix, &[Mat4::IDENTITY]),
            };
            let parts = uploaded.parts[mesh].iter();
            for (part, source) in parts.zip(&model.meshes[mesh].primitives) {
                let material = &uploaded.materials[part.material];
                let draw = posed.draw_part(self.gpu, &node, part, source, material);
                self.draws.push(draw);
            }
        }
    }

    fn push_transforms(&mut self, root: Mat4, matrices: &[Mat4]) -> u32 {
        // All matrices of a frame are one buffer, and a draw call has the place of its first.
        let base = u32::try_from(self.transforms.len()).unwrap_or(0);
        self.transforms
            .extend(matrices.iter().map(|matrix| root * *matrix));
        base
    }
}

impl PosedModel<'_> {
    /// Returns the draw call of one part of the mesh of a node.
    fn draw_part<'a>(
        &self,
        gpu: &GpuDevice,
        node: &PosedNode,
        part: &UploadedPart,
        source: &GltfPrimitive,
        material: &'a GpuMaterial,
    ) -> DrawCall<'a> {
        let Self { model, root, .. } = *self;
        // Morph targets, and vertices that follow more joints than the device takes, are moved here.
        let deformed = model.deformed_vertices(self.pose, node.index, source);
        // Vertices that joints have moved already are relative to the model.
        let is_skinned = deformed
            .as_ref()
            .is_some_and(|deformed| deformed.is_skinned);
        let deformed = deformed.map(|deformed| part.deformed(gpu, source, &deformed));
        let UploadedPart {
            mesh,
            bounding_sphere,
            ..
        } = deformed.as_ref().unwrap_or(part);
        let skin = model.nodes[node.index].skin;
        let device_skin = skin.filter(|_| mesh.is_skinned());
        let (first_transform, bounding_sphere) = match (device_skin, self.figure_bounds) {
            // A skinned part moves with the joints, far from its sphere at rest. With that sphere it
            // would be culled while it is in view.
            (Some(skin), Some(figure_bounds)) => (self.skins[skin], figure_bounds),
            _ if is_skinned => (self.in_model, transform_sphere(*bounding_sphere, root)),
            _ => (node.rigid, transform_sphere(*bounding_sphere, node.matrix)),
        };
        // The matrix of its node does not move a skinned part, but those of its joints do.
        let joint = skin
            .filter(|_| device_skin.is_some() || is_skinned)
            .and_then(|skin| self.pose.joints[skin].first());
        let mover = joint.map_or(node.matrix, |joint| root * *joint);
        DrawCall {
            mesh: mesh.clone(),
            material,
            first_transform,
            // A mirrored matrix turns the winding of triangles, and culling would remove the front.
            mirrored: mover.determinant() < 0.0,
            bounding_sphere,
        }
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
