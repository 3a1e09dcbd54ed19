//! What is behind everything, on the processor: the twin of `kernels/background.wgsl`, for renderers elsewhere that leave
//! the background open.

use super::environment::Equirect;
use super::frame::{Key, Lens};
use super::sky::{Sky, smoothstep};
use crate::model::PixelSize;
use crate::model::shot_staging::{DistanceHaze, SceneEnvironment};
use glam::{Vec2, Vec3};
use rayon::prelude::*;
use std::f32::consts::{PI, TAU};

/// Points of a pixel at which the background is looked at, across and down.
const POINTS: u32 = 2;

/// What is behind everything.
pub struct Background {
    behind: Behind,
    key: Option<Key>,
    haze: Option<DistanceHaze>,
}

enum Behind {
    Sky(Sky),
    Backdrop(Vec3),
    Panorama {
        picture: Equirect,
        turn: f32,
        intensity: f32,
    },
}

impl Background {
    /// Returns the background of an environment; `picture` is the one that it names, if it names one.
    #[must_use]
    pub fn new(
        environment: &SceneEnvironment,
        key: Option<Key>,
        haze: Option<DistanceHaze>,
        picture: Option<Equirect>,
    ) -> Self {
        let behind = match (environment, picture) {
            (
                SceneEnvironment::Picture {
                    rotation,
                    intensity,
                    ..
                },
                Some(picture),
            ) => Behind::Panorama {
                picture,
                turn: rotation / 360.0,
                intensity: *intensity,
            },
            (SceneEnvironment::Studio { backdrop, .. }, _) => {
                Behind::Backdrop(Vec3::from(*backdrop))
            }
            _ => Behind::Sky(Sky::of(environment, key)),
        };
        Self { behind, key, haze }
    }

    /// Returns what a lens sees of it.
    #[must_use]
    pub fn seen(&self, lens: &Lens, size: PixelSize) -> Vec<[f32; 3]> {
        if let Behind::Backdrop(light) = self.behind {
            return vec![light.into(); size.width as usize * size.height as usize];
        }
        let pixel = |index: u32| {
            let (x, y) = (index % size.width, index / size.width);
            let points = (0..POINTS * POINTS).map(|point| self.at(ray(lens, size, (x, y), point)));
            #[expect(clippy::cast_precision_loss, reason = "a handful of points")]
            let mean = points.sum::<Vec3>() / (POINTS * POINTS) as f32;
            mean.into()
        };
        (0..size.width * size.height)
            .into_par_iter()
            .map(pixel)
            .collect()
    }

    fn at(&self, dir: Vec3) -> Vec3 {
        match &self.behind {
            Behind::Backdrop(light) => *light,
            Behind::Panorama {
                picture,
                turn,
                intensity,
            } => self.veiled(picture.toward(dir, *turn) * *intensity, dir),
            Behind::Sky(sky) => {
                let light = sky.at(dir) + Vec3::splat(sky.stars_at(dir)) + self.disc(sky, dir);
                self.veiled(light, dir)
            }
        }
    }

    /// Returns the light of the sun itself.
    fn disc(&self, sky: &Sky, dir: Vec3) -> Vec3 {
        let Some(key) = self.key else {
            return Vec3::ZERO;
        };
        let edge = (key.width.max(0.009) * 0.5).cos();
        let inside = smoothstep(edge, edge + (1.0 - edge) * 0.4, dir.dot(key.toward));
        (key.colour * (inside * sky.glow * 12.0)).min(Vec3::splat(60.0))
    }

    /// Returns what haze leaves of it: nothing at the horizon, nearly all overhead.
    fn veiled(&self, light: Vec3, dir: Vec3) -> Vec3 {
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
fn ray(lens: &Lens, size: PixelSize, (x, y): (u32, u32), point: u32) -> Vec3 {
    let at = |pixel: u32, part: u32, side: u32| {
        (pixel as f32 + (part as f32 + 0.5) / POINTS as f32) / side as f32 * 2.0 - 1.0
    };
    let ndc = Vec2::new(
        at(x, point % POINTS, size.width),
        -at(y, point / POINTS, size.height),
    ) * lens.tangents;
    (lens.forward + lens.right * ndc.x + lens.up * ndc.y).normalize()
}

impl Equirect {
    /// Returns the light from a direction, between the four nearest pixels; the picture is turned by a share of a turn.
    #[expect(
        clippy::cast_precision_loss,
        reason = "pictures are less than 2^24 wide"
    )]
    #[expect(clippy::cast_possible_truncation, reason = "within the picture")]
    fn toward(&self, dir: Vec3, turn: f32) -> Vec3 {
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
