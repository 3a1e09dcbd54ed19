//! One frame to render as plain data: camera, lights, environment and draw calls.

use super::environment_light::EnvironmentLight;
use super::lights::{DirectionalKeyLight, SphereLight};
use super::material::GpuMaterial;
use super::mesh::GpuMesh;
use crate::model::shot_staging::DistanceHaze;
use glam::{Mat4, Vec2, Vec3};

/// One frame to render.
pub struct RenderFrame<'a> {
    /// Samples a pixel. Rounded up to a multiple of four, since one pass has four coverage samples.
    pub samples: u32,
    /// The view of the frame.
    pub camera: ViewCamera,
    /// Meshes with their materials, in any order.
    pub draws: &'a [DrawCall<'a>],
    /// World matrices that the draw calls index.
    pub transforms: &'a [Mat4],
    /// The only light that casts shadows.
    pub key_light: Option<DirectionalKeyLight>,
    /// Everything that receives shadows. The smaller the sphere, the sharper the shadows.
    pub shadow_bounds: BoundingSphere,
    /// Lights without shadows. Those after the first [`MAX_LAMPS`](super::lights::MAX_LAMPS) are
    /// ignored.
    pub lamps: &'a [SphereLight],
    /// Image-based light and background.
    pub environment: &'a EnvironmentLight,
    /// A plane at height 0. `None`: no plane.
    pub ground: Option<GroundSurface>,
    /// Distance haze. `None`: clear air.
    pub haze: Option<DistanceHaze>,
    /// Factor on linear light, not stops.
    pub exposure: f32,
}

/// A pinhole camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ViewCamera {
    /// Position in metres.
    pub eye: Vec3,
    /// Unit vector to the right of the frame.
    pub right: Vec3,
    /// Unit vector to the top of the frame.
    pub up: Vec3,
    /// Unit vector into the frame.
    pub forward: Vec3,
    /// Tangents of half the horizontal and vertical field of view.
    pub tangents: Vec2,
    /// Near plane in metres. There is no far plane.
    pub near: f32,
}

/// One mesh with one material at one place.
pub struct DrawCall<'a> {
    /// Vertices and indices.
    pub mesh: &'a GpuMesh,
    /// Material and textures.
    pub material: &'a GpuMaterial,
    /// Index of its first matrix in [`RenderFrame::transforms`]. A skinned mesh uses one matrix a
    /// joint.
    pub first_transform: u32,
    /// Whether the matrices mirror, which turns triangles inside out.
    pub mirrored: bool,
    /// Encloses the mesh in its pose, for culling.
    pub bounding_sphere: BoundingSphere,
}

/// A sphere, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundingSphere {
    /// Centre in metres.
    pub centre: Vec3,
    /// Radius in metres.
    pub radius: f32,
}

/// A plane at height 0 that fades into the environment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GroundSurface {
    /// Linear RGB base colour.
    pub colour: Vec3,
    /// Perceptual roughness, 0 to 1.
    pub roughness: f32,
    /// Centre of the visible disc.
    pub centre: Vec3,
    /// Distances from the centre in metres at which the fade begins and ends.
    pub fade: [f32; 2],
    /// Whether only shadows are drawn, over a backdrop without a horizon.
    pub seamless: bool,
}

impl ViewCamera {
    /// Returns the matrix from world to clip space: reversed depth, no far plane, moved by `jitter`
    /// in clip units.
    pub(super) fn clip_matrix(&self, jitter: Vec2) -> Mat4 {
        let view = view_matrix(self.eye, self.right, self.up, self.forward);
        // Reversed depth with floats keeps its precision at a distance, so landscapes need no far
        // plane.
        let projection = Mat4::from_cols_array(&[
            1.0 / self.tangents.x,
            0.0,
            0.0,
            0.0,
            0.0,
            1.0 / self.tangents.y,
            0.0,
            0.0,
            // The jitter is multiplied by depth here, so after the division it is the same for
            // every pixel.
            -jitter.x,
            -jitter.y,
            0.0,
            -1.0,
            0.0,
            0.0,
            self.near,
            0.0,
        ]);
        projection * view
    }

    /// Returns whether any part of the sphere may be visible.
    pub(super) fn intersects_sphere(&self, sphere: &BoundingSphere) -> bool {
        let to = sphere.centre - self.eye;
        let depth = to.dot(self.forward);
        let side = |axis: Vec3, tangent: f32| {
            let slope = (1.0 + tangent * tangent).sqrt();
            // The factor of 1.02 covers the jitter of the passes, which see up to half a pixel
            // beyond the frame.
            to.dot(axis).abs() <= depth.max(0.0) * tangent * 1.02 + sphere.radius * slope
        };
        depth + sphere.radius > 0.0
            && side(self.right, self.tangents.x)
            && side(self.up, self.tangents.y)
    }
}

/// Returns the matrix from world to a camera that looks along -z.
pub(super) fn view_matrix(eye: Vec3, right: Vec3, up: Vec3, forward: Vec3) -> Mat4 {
    let turn = glam::Mat3::from_cols(right, up, -forward).transpose();
    Mat4::from_mat3(turn) * Mat4::from_translation(-eye)
}
