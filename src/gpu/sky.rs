//! The sky in one direction on the CPU, for image-based light. Twin of `kernels/sky.wgsl`: a change
//! in one must be made in the other, or a scene is lit by another sky than it shows.

use super::lights::DirectionalKeyLight;
use crate::model::shot_staging::SceneEnvironment;
use glam::{IVec3, Vec2, Vec3};

/// A sky. For a studio, `horizon` is the backdrop and the rest is black.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkyModel {
    /// Linear RGB overhead.
    pub zenith: Vec3,
    /// Linear RGB at the horizon.
    pub horizon: Vec3,
    /// Linear RGB below the horizon.
    pub ground: Vec3,
    /// Factor on the glow around the sun.
    pub glow: f32,
    /// Brightness of the stars, 0 to 1.
    pub stars: f32,
    /// Cloud cover, 0 to 1.
    pub clouds: f32,
    /// Unit vector towards the sun.
    pub sun: Vec3,
    /// Linear RGB irradiance of the sun; black if there is no key light.
    pub sunlight: Vec3,
}

impl SkyModel {
    /// Returns the sky of an environment: for a studio its backdrop, for a panorama black.
    #[must_use]
    pub fn from_environment(
        environment: &SceneEnvironment,
        key: Option<DirectionalKeyLight>,
    ) -> Self {
        let (sun, sunlight) = key.map_or((Vec3::Y, Vec3::ZERO), |key| (key.toward, key.colour));
        let plain = |horizon: Vec3| Self {
            zenith: Vec3::ZERO,
            horizon,
            ground: Vec3::ZERO,
            glow: 0.0,
            stars: 0.0,
            clouds: 0.0,
            sun,
            sunlight,
        };
        match environment {
            SceneEnvironment::Sky {
                zenith,
                horizon,
                ground,
                glow,
                stars,
                clouds,
            } => Self {
                zenith: Vec3::from(*zenith),
                horizon: Vec3::from(*horizon),
                ground: Vec3::from(*ground),
                glow: *glow,
                stars: *stars,
                clouds: *clouds,
                ..plain(Vec3::ZERO)
            },
            SceneEnvironment::Studio { backdrop, .. } => plain(Vec3::from(*backdrop)),
            SceneEnvironment::Picture { .. } => plain(Vec3::ZERO),
        }
    }

    /// Returns the light from the unit vector `dir`, without stars and without the sun's disc.
    #[must_use]
    // Stars and disc are smaller than a cell of the light grid, so they would light the scene by
    // chance.
    pub fn sky_radiance(&self, dir: Vec3) -> Vec3 {
        let light = self.sun_glow(dir);
        self.add_clouds(dir, self.sky_gradient(dir) + light, light)
    }

    fn sky_gradient(&self, dir: Vec3) -> Vec3 {
        // The square root keeps the horizon's colour to a narrow band, as scattering does.
        let sky = self.horizon.lerp(self.zenith, dir.y.clamp(0.0, 1.0).sqrt());
        sky.lerp(self.ground, smoothstep(0.0, 0.12, -dir.y))
    }

    fn sun_glow(&self, dir: Vec3) -> Vec3 {
        let c = dir.dot(self.sun).max(0.0);
        // Three lobes approximate Mie scattering: haze over the sky, a halo, and the glare beside
        // the disc.
        let wide = 0.10 * c.powi(6) + 0.25 * c.powi(48) + 0.5 * c.powi(400);
        self.sunlight * self.glow * wide * smoothstep(-0.15, 0.02, dir.y)
    }

    fn add_clouds(&self, dir: Vec3, clear: Vec3, light: Vec3) -> Vec3 {
        // Directions near the horizon would stretch the noise without limit, and clouds fade out
        // there anyway.
        if self.clouds <= 0.0 || dir.y <= 0.01 {
            return clear;
        }
        let n = cloud_noise(Vec2::new(dir.x, dir.z) / (dir.y + 0.12) * 1.3 + Vec2::new(3.7, 1.9));
        let cover = self.clouds;
        let dense = smoothstep(0.95 - 0.75 * cover, 1.15 - 0.55 * cover, n + 0.15)
            * smoothstep(0.01, 0.2, dir.y);
        let lit = self.horizon * 0.9 + self.zenith * 0.35 + light * 1.2;
        let shade = lit.lerp(lit * 0.55, smoothstep(0.35, 0.85, n));
        clear.lerp(shade, dense * 0.85)
    }
}

impl SkyModel {
    /// Returns the light of the stars in `dir`, one value for all channels.
    #[must_use]
    pub fn star_light(&self, dir: Vec3) -> f32 {
        if self.stars <= 0.0 || dir.y <= 0.0 {
            return 0.0;
        }
        // On a sphere of radius 160, each unit cell holds at most one star, so a lookup tests one
        // cell.
        let p = dir * 160.0;
        let cell = p.floor().as_ivec3();
        let place = Vec3::new(
            hash_cell(cell + IVec3::new(11, 0, 0)),
            hash_cell(cell + IVec3::new(0, 23, 0)),
            hash_cell(cell + IVec3::new(0, 0, 37)),
        );
        // Stars stay within the middle half of their cell, so that no star is cut at its border.
        let away = (p - p.floor()).distance(Vec3::splat(0.25) + place * 0.5);
        // The sixth power makes few stars bright and most faint.
        let shines = if hash_cell(cell) >= 0.93 {
            0.15 + 2.0 * place.x.powi(6)
        } else {
            0.0
        };
        self.stars * smoothstep(0.16, 0.0, away) * shines * smoothstep(0.02, 0.3, dir.y)
    }
}

fn cloud_noise(mut position: Vec2) -> f32 {
    let mut sum = 0.0;
    let mut weight = 0.5;
    for _ in 0..5 {
        sum += weight * value_noise(position);
        position = Vec2::new(
            // Each octave doubles the frequency and turns by 37 degrees, so that the grids never
            // line up.
            1.6 * position.x - 1.2 * position.y,
            1.2 * position.x + 1.6 * position.y,
        ) + Vec2::new(17.3, 9.1);
        weight *= 0.5;
    }
    sum
}

fn value_noise(p: Vec2) -> f32 {
    let cell = p.floor().as_ivec2();
    let f = p - p.floor();
    let w = f * f * (3.0 - 2.0 * f);
    let corner = |x: i32, y: i32| hash_cell(IVec3::new(cell.x + x, cell.y + y, 7));
    let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
    mix(
        mix(corner(0, 0), corner(1, 0), w.x),
        mix(corner(0, 1), corner(1, 1), w.x),
        w.y,
    )
}

/// Returns a number from 0 to 1 for a cell of an integer grid.
#[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
fn hash_cell(cell: IVec3) -> f32 {
    // An integer hash, bit for bit as in the shader. `fract(sin(x))` differs between drivers.
    let words = cell.as_uvec3();
    let mut n = words.x.wrapping_mul(0x8da6_b343)
        ^ words.y.wrapping_mul(0xd816_3841)
        ^ words.z.wrapping_mul(0xcb1a_b31f);
    n = (n ^ (n >> 16)).wrapping_mul(0x7feb_352d);
    n = (n ^ (n >> 15)).wrapping_mul(0x846c_a68b);
    n ^= n >> 16;
    // 24 bits are all that an f32 holds exactly.
    (n >> 8) as f32 / 16_777_216.0
}

pub(super) fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}
