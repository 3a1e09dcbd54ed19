//! What is behind everything, on the processor: the twin of `kernels/background.wgsl`, for renderers elsewhere that leave
//! the background open.

use super::environment_light::EquirectImage;
use super::frame::ViewCamera;
use super::lights::DirectionalKeyLight;
use super::sky::{SkyModel, smoothstep};
use crate::model::PixelSize;
use crate::model::shot_staging::{DistanceHaze, SceneEnvironment};
use glam::{Vec2, Vec3};
use rayon::prelude::*;
use std::f32::consts::{PI, TAU};

/// Points of a pixel at which the background is looked at, across and down.
const SAMPLES_PER_SIDE: u32 = 2;

/// What is behind everything.
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
    /// Returns the background of an environment; `picture` is the one that it names, if it names one.
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
            _ => BackgroundKind::Sky(SkyModel::from_environment(environment, key)),
        };
        Self { kind, key, haze }
    }

    /// Returns what a lens sees of it.
    #[must_use]
    pub fn render_view(&self, camera: &ViewCamera, size: PixelSize) -> Vec<[f32; 3]> {
        if let BackgroundKind::Backdrop(light) = self.kind {
            return vec![light.into(); size.width as usize * size.height as usize];
        }
        let pixel = |index: u32| {
            let (x, y) = (index % size.width, index / size.width);
            let points = (0..SAMPLES_PER_SIDE * SAMPLES_PER_SIDE)
                .map(|point| self.radiance_toward(pixel_direction(camera, size, (x, y), point)));
            #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
            let mean = points.sum::<Vec3>() / (SAMPLES_PER_SIDE * SAMPLES_PER_SIDE) as f32;
            mean.into()
        };
        (0..size.width * size.height)
            .into_par_iter()
            .map(pixel)
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

    /// Returns the light of the sun itself.
    fn sun_disc(&self, sky: &SkyModel, dir: Vec3) -> Vec3 {
        let Some(key) = self.key else {
            return Vec3::ZERO;
        };
        let edge = (key.width.max(0.009) * 0.5).cos();
        let inside = smoothstep(edge, edge + (1.0 - edge) * 0.4, dir.dot(key.toward));
        (key.colour * (inside * sky.glow * 12.0)).min(Vec3::splat(60.0))
    }

    /// Returns what haze leaves of it: nothing at the horizon, nearly all overhead.
    fn apply_sky_haze(&self, light: Vec3, dir: Vec3) -> Vec3 {
        let Some(haze) = self.haze else { return light };
        let thick = (40.0 / haze.distance.max(0.1)).min(1.0);
        light.lerp(
            Vec3::from(haze.colour),
            thick * (1.0 - smoothstep(-0.02, 0.30, dir.y)),
        )
    }
}

/// Returns the direction in which a point of a pixel looks.
#[expect(clippy::cast_precision_loss, reason = "sides are at most 16384")]
fn pixel_direction(camera: &ViewCamera, size: PixelSize, (x, y): (u32, u32), point: u32) -> Vec3 {
    let clip_coordinate = |pixel: u32, part: u32, side: u32| {
        (pixel as f32 + (part as f32 + 0.5) / SAMPLES_PER_SIDE as f32) / side as f32 * 2.0 - 1.0
    };
    let ndc = Vec2::new(
        clip_coordinate(x, point % SAMPLES_PER_SIDE, size.width),
        -clip_coordinate(y, point / SAMPLES_PER_SIDE, size.height),
    ) * camera.tangents;
    (camera.forward + camera.right * ndc.x + camera.up * ndc.y).normalize()
}

impl EquirectImage {
    /// Returns the light from a direction, between the four nearest pixels; the picture is turned by a share of a turn.
    #[expect(
        clippy::cast_precision_loss,
        reason = "pictures are less than 2^24 wide"
    )]
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    fn sample_direction(&self, dir: Vec3, turn: f32) -> Vec3 {
        let u = dir.x.atan2(-dir.z) / TAU + 0.5 + turn;
        let v = dir.y.clamp(-1.0, 1.0).acos() / PI;
        let (width, height) = (i64::from(self.size.width), i64::from(self.size.height));
        let place = Vec2::new(u * width as f32, v * height as f32) - 0.5;
        let (low, share) = (place.floor(), place - place.floor());
        let pixel = |dx: i64, dy: i64| {
            let (x, y) = (
                (low.x as i64 + dx).rem_euclid(width),
                (low.y as i64 + dy).clamp(0, height - 1),
            );
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
