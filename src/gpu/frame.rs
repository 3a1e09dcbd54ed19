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
    /// Lights without shadows. Those after the first [`MAX_LAMPS`](crate::model::shot_staging::MAX_LAMPS) are
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
    /// Whether nothing is behind the meshes, so that the picture is transparent there.
    pub transparent: bool,
}

/// A pinhole camera, or an orthographic one.
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
    /// Tangents of half the horizontal and vertical field of view. Of an orthographic camera: half
    /// the width and height of the frame in metres.
    pub tangents: Vec2,
    /// Near plane in metres.
    pub near: f32,
    /// Far plane in metres of an orthographic camera. `None`: a pinhole camera, which has none.
    pub far: Option<f32>,
}

/// One mesh with one material at one place.
pub struct DrawCall<'a> {
    /// Vertices and indices.
    pub mesh: GpuMesh,
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
        if let Some(far) = self.far {
            return self.orthographic_matrix(far, jitter) * view;
        }
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

    /// Returns the matrix from camera to clip space without perspective. Depth is reversed here too,
    /// so that every test of depth is the same, and linear.
    fn orthographic_matrix(&self, far: f32, jitter: Vec2) -> Mat4 {
        let depth = (far - self.near).recip();
        Mat4::from_cols_array(&[
            1.0 / self.tangents.x,
            0.0,
            0.0,
            0.0,
            0.0,
            1.0 / self.tangents.y,
            0.0,
            0.0,
            0.0,
            0.0,
            depth,
            0.0,
            jitter.x,
            jitter.y,
            far * depth,
            1.0,
        ])
    }

    /// Returns the metres from the camera's plane to what has this value in the depth buffer;
    /// infinite where there is nothing.
    pub(super) fn depth_distance(&self, depth: f32) -> f32 {
        match self.far {
            None => self.near / depth,
            Some(_) if depth <= 0.0 => f32::INFINITY,
            Some(far) => far - depth * (far - self.near),
        }
    }

    /// Returns the place in the plane of the camera from which it sees a point of the frame, and the
    /// vector to the plane one metre away. `ndc` is from -1 to 1, right and up.
    #[must_use]
    pub fn frame_ray(&self, ndc: Vec2) -> (Vec3, Vec3) {
        let across = ndc * self.tangents;
        let beside = |from: Vec3| from + self.right * across.x + self.up * across.y;
        match self.far {
            None => (self.eye, beside(self.forward)),
            Some(_) => (beside(self.eye), self.forward),
        }
    }

    /// Returns whether any part of the sphere may be visible.
    pub(super) fn intersects_sphere(&self, sphere: &BoundingSphere) -> bool {
        let to = sphere.centre - self.eye;
        let depth = to.dot(self.forward);
        let side = |axis: Vec3, tangent: f32| {
            if self.far.is_some() {
                return to.dot(axis).abs() <= tangent * 1.02 + sphere.radius;
            }
            // The sides of the view are slanted, so a sphere reaches through them from farther than
            // its radius.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn orthographic() -> ViewCamera {
        ViewCamera {
            eye: Vec3::new(1.0, 2.0, 10.0),
            right: Vec3::X,
            up: Vec3::Y,
            forward: Vec3::NEG_Z,
            tangents: Vec2::new(4.0, 2.0),
            near: 0.5,
            far: Some(20.5),
        }
    }

    #[test]
    fn an_orthographic_camera_sees_all_distances_alike() {
        let clip = orthographic().clip_matrix(Vec2::ZERO);
        let near = clip.project_point3(Vec3::new(3.0, 3.0, 9.0));
        let distant = clip.project_point3(Vec3::new(3.0, 3.0, -8.0));
        assert!(
            (near.truncate() - Vec2::new(0.5, 0.5)).length() < 1e-6,
            "{near}"
        );
        assert!((near.truncate() - distant.truncate()).length() < 1e-6);
        assert!(near.z > distant.z && distant.z > 0.0 && near.z < 1.0);
    }

    #[test]
    fn depth_of_both_cameras_reads_back_as_metres() {
        let camera = orthographic();
        let pinhole = ViewCamera {
            far: None,
            ..camera
        };
        for camera in [camera, pinhole] {
            for away in [0.6, 3.0, 17.0] {
                let place = camera.eye + camera.forward * away;
                let depth = camera.clip_matrix(Vec2::ZERO).project_point3(place).z;
                let read = camera.depth_distance(depth);
                assert!((read - away).abs() < 1e-3, "{away}: {read}");
            }
            assert!(camera.depth_distance(0.0).is_infinite());
        }
    }

    #[test]
    fn a_ray_of_the_frame_leads_to_what_is_projected_there() {
        let camera = orthographic();
        let pinhole = ViewCamera {
            far: None,
            ..camera
        };
        for camera in [camera, pinhole] {
            let (from, way) = camera.frame_ray(Vec2::new(0.25, -0.5));
            let seen = camera
                .clip_matrix(Vec2::ZERO)
                .project_point3(from + way * 7.0);
            assert!((seen.truncate() - Vec2::new(0.25, -0.5)).length() < 1e-6);
        }
    }

    #[test]
    fn spheres_beside_an_orthographic_frame_are_culled_at_every_distance() {
        let sphere = |x: f32, z: f32| BoundingSphere {
            centre: Vec3::new(x, 2.0, z),
            radius: 0.5,
        };
        let camera = orthographic();
        for z in [9.0, -9.0] {
            assert!(camera.intersects_sphere(&sphere(5.2, z)));
            assert!(!camera.intersects_sphere(&sphere(5.7, z)));
        }
        assert!(!camera.intersects_sphere(&sphere(1.0, 12.0)), "behind it");
    }
}
