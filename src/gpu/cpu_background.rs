//! The background of a frame on the CPU, for external renderers that leave it transparent. Twin of
//! `kernels/background.wgsl`: a change in one must be made in the other.

use super::environment_light::EquirectImage;
use super::frame::ViewCamera;
use super::lights::DirectionalKeyLight;
use super::sky::{SkyModel, smoothstep};
use crate::model::PixelSize;
use crate::model::shot_staging::{DistanceHaze, SceneEnvironment};
use glam::{Vec2, Vec3};
use rayon::prelude::*;
use std::f32::consts::{PI, TAU};

/// Samples a pixel, across and down.
// Four samples smooth the edge of the sun and the stars. The rest of a background has no edges, so
// more would only cost time.
const SAMPLES_PER_SIDE: u32 = 2;

/// The background of a location.
pub struct CpuBackground {
    kind: BackgroundKind,
    key: Option<DirectionalKeyLight>,
    haze: Option<DistanceHaze>,
}

enum BackgroundKind {
    Sky(SkyModel),
    Backdrop(Vec3),
    Panorama {
        picture: EquirectImage,
        turn: f32,
        intensity: f32,
    },
}

impl CpuBackground {
    /// Returns the background of an environment. `picture` is the panorama that it names, if it
    /// names one.
    #[must_use]
    pub fn new(
        environment: &SceneEnvironment,
        key: Option<DirectionalKeyLight>,
        haze: Option<DistanceHaze>,
        picture: Option<EquirectImage>,
    ) -> Self {
        let kind = match (environment, picture) {
            (
                SceneEnvironment::Picture {
                    rotation,
                    intensity,
                    ..
                },
                Some(picture),
            ) => BackgroundKind::Panorama {
                picture,
                turn: rotation / 360.0,
                intensity: *intensity,
            },
            (SceneEnvironment::Studio { backdrop, .. }, _) => {
                BackgroundKind::Backdrop(Vec3::from(*backdrop))
            }
            // A panorama without its picture gives a black sky, as on the GPU.
            _ => BackgroundKind::Sky(SkyModel::from_environment(environment, key)),
        };
        Self { kind, key, haze }
    }

    /// Returns linear RGB as the camera sees it, rows from the top.
    #[must_use]
    pub fn render_view(&self, camera: &ViewCamera, size: PixelSize) -> Vec<[f32; 3]> {
        // A studio backdrop has one colour; rays would all give the same.
        if let BackgroundKind::Backdrop(light) = self.kind {
            return vec![light.into(); size.width as usize * size.height as usize];
        }
        (0..size.width * size.height)
            .into_par_iter()
            .map(|index| {
                let x = index % size.width;
                let y = index / size.width;
                let points = (0..SAMPLES_PER_SIDE * SAMPLES_PER_SIDE)
                    .map(|point| self.radiance_toward(pixel_direction(camera, size, x, y, point)));
                #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
                let mean = points.sum::<Vec3>() / (SAMPLES_PER_SIDE * SAMPLES_PER_SIDE) as f32;
                mean.into()
            })
            .collect()
    }

    fn radiance_toward(&self, dir: Vec3) -> Vec3 {
        match &self.kind {
            BackgroundKind::Backdrop(light) => *light,
            BackgroundKind::Panorama {
                picture,
                turn,
                intensity,
            } => self.apply_sky_haze(picture.sample_direction(dir, *turn) * *intensity, dir),
            BackgroundKind::Sky(sky) => {
                let light = sky.sky_radiance(dir)
                    + Vec3::splat(sky.star_light(dir))
                    + self.sun_disc(sky, dir);
                self.apply_sky_haze(light, dir)
            }
        }
    }

    /// Returns the light of the sun's disc, 0 outside of it.
    fn sun_disc(&self, sky: &SkyModel, dir: Vec3) -> Vec3 {
        let Some(key) = self.key else {
            return Vec3::ZERO;
        };
        // 0.009 rad is the width of the real sun. A narrower disc would fall between samples and
        // flicker.
        let edge = (key.width.max(0.009) * 0.5).cos();
        let inside = smoothstep(edge, edge + (1.0 - edge) * 0.4, dir.dot(key.toward));
        // Unbounded, the antialiased rim of the disc would look as bright as its middle.
        (key.colour * (inside * sky.glow * 12.0)).min(Vec3::splat(60.0))
    }

    /// Mixes haze into the background: fully at the horizon, hardly overhead.
    fn apply_sky_haze(&self, light: Vec3, dir: Vec3) -> Vec3 {
        let Some(haze) = self.haze else { return light };
        // The background has no distance. Haze hides the horizon fully up to a visibility of 40 m,
        // and less beyond.
        let thick = (40.0 / haze.distance.max(0.1)).min(1.0);
        light.lerp(
            Vec3::from(haze.colour),
            thick * (1.0 - smoothstep(-0.02, 0.30, dir.y)),
        )
    }
}

/// Returns the unit direction through one sample of a pixel.
#[expect(clippy::cast_precision_loss, reason = "sides are at most 16384")]
fn pixel_direction(camera: &ViewCamera, size: PixelSize, x: u32, y: u32, point: u32) -> Vec3 {
    let clip_coordinate = |pixel: u32, part: u32, side: u32| {
        (pixel as f32 + (part as f32 + 0.5) / SAMPLES_PER_SIDE as f32) / side as f32 * 2.0 - 1.0
    };
    let ndc = Vec2::new(
        clip_coordinate(x, point % SAMPLES_PER_SIDE, size.width),
        // Rows count from the top, clip space counts upwards.
        -clip_coordinate(y, point / SAMPLES_PER_SIDE, size.height),
    );
    camera.frame_ray(ndc).1.normalize()
}

impl EquirectImage {
    /// Returns the bilinear light from `dir`. `turn` rotates the picture by a share of a whole
    /// turn.
    #[expect(
        clippy::cast_precision_loss,
        reason = "pictures are less than 2^24 wide"
    )]
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    fn sample_direction(&self, dir: Vec3, turn: f32) -> Vec3 {
        let u = dir.x.atan2(-dir.z) / TAU + 0.5 + turn;
        let v = dir.y.clamp(-1.0, 1.0).acos() / PI;
        let width = i64::from(self.size.width);
        let height = i64::from(self.size.height);
        let place = Vec2::new(u * width as f32, v * height as f32) - 0.5;
        let low = place.floor();
        let share = place - place.floor();
        let pixel = |dx: i64, dy: i64| {
            let x = // The picture wraps around horizontally and ends at the poles. Clamping both would
                // show a seam.
                (low.x as i64 + dx).rem_euclid(width);
            let y = (low.y as i64 + dy).clamp(0, height - 1);
            Vec3::from(
                self.pixels
                    .get((y * width + x) as usize)
                    .copied()
                    .unwrap_or_default(),
            )
        };
        let row = |dy: i64| pixel(0, dy).lerp(pixel(1, dy), share.x);
        row(0).lerp(row(1), share.y)
    }
}
