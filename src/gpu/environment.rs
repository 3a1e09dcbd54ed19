//! Light from all around: prefiltered once per staging, on the processor, so that every adapter gives the same.
//!
//! Diffuse light becomes nine spherical harmonics with the cosine folded in (Ramamoorthi and Hanrahan 2001). Mirrored
//! light becomes an octahedral map whose five levels are GGX-blurred for roughness 0, 1/4, 1/2, 3/4 and 1.

use super::device::Gpu;
use super::frame::Key;
use super::sky::{Sky, smoothstep};
use super::texture::Texture;
use crate::model::frame_rate::PixelSize;
use crate::model::shot_staging::SceneEnvironment;
use glam::{Vec2, Vec3};
use half::f16;
use rayon::prelude::*;
use std::f32::consts::{PI, TAU};
use wgpu::TextureFormat;

/// Cells across the sphere of radiance; half as many down.
const CELLS: u32 = 96;
/// Texels a side of the octahedral map's first level.
const SIDE: u32 = 128;
const LEVELS: u32 = 5;
/// Brighter cells would speckle; the sun is the key light's business.
const MOST_RADIANCE: f32 = 100.0;

/// An equirectangular picture in linear light; its middle lies at -z, its top overhead.
#[derive(Debug, Clone, PartialEq)]
pub struct Equirect {
    /// Pixels across and down.
    pub size: PixelSize,
    /// Linear RGB, rows from the top.
    pub pixels: Vec<[f32; 3]>,
}

/// Light and background from all around, on the device.
pub struct Surroundings {
    pub(super) mirrored: Texture,
    pub(super) panorama: Texture,
    pub(super) irradiance: [[f32; 4]; 9],
    pub(super) sky: Sky,
    pub(super) kind: f32,
    pub(super) rotation: f32,
    pub(super) intensity: f32,
}

/// A small part of the sphere with its light.
struct Cell {
    dir: Vec3,
    solid_angle: f32,
    radiance: Vec3,
}

impl Gpu {
    /// Prepares surroundings; `picture` is the one that `environment` names, if it names one.
    #[must_use]
    pub fn surroundings(
        &self,
        environment: &SceneEnvironment,
        key: Option<Key>,
        picture: Option<&Equirect>,
    ) -> Surroundings {
        let sky = Sky::of(environment, key);
        let (kind, rotation, intensity) = match environment {
            SceneEnvironment::Sky { .. } => (0.0, 0.0, 1.0),
            SceneEnvironment::Studio { .. } => (1.0, 0.0, 1.0),
            SceneEnvironment::Picture {
                rotation,
                intensity,
                ..
            } => (2.0, rotation / 360.0, *intensity),
        };
        let cells = match (environment, picture) {
            (SceneEnvironment::Picture { .. }, Some(picture)) => {
                picture_cells(picture, rotation, intensity)
            }
            _ => cells(radiance(environment, &sky)),
        };
        Surroundings {
            mirrored: self.mirrored(&cells),
            panorama: self.panorama(picture),
            irradiance: irradiance(&cells),
            sky,
            kind,
            rotation,
            intensity,
        }
    }

    fn mirrored(&self, cells: &[Cell]) -> Texture {
        let levels = (0..LEVELS).flat_map(|level| octahedron(cells, level));
        let texels: Vec<f16> = levels.flat_map(|light| halves(light.into())).collect();
        self.filled(
            SIDE,
            SIDE,
            LEVELS,
            TextureFormat::Rgba16Float,
            bytemuck::cast_slice(&texels),
        )
    }

    fn panorama(&self, picture: Option<&Equirect>) -> Texture {
        let black = Equirect {
            size: PixelSize::new(1, 1),
            pixels: vec![[0.0; 3]],
        };
        let mut picture = picture.unwrap_or(&black).clone();
        while picture.size.width.max(picture.size.height) > self.most_pixels().min(8192) {
            picture = picture.halved();
        }
        let texels: Vec<f16> = picture
            .pixels
            .iter()
            .flat_map(|pixel| halves(*pixel))
            .collect();
        let (width, height) = (picture.size.width, picture.size.height);
        self.filled(
            width,
            height,
            1,
            TextureFormat::Rgba16Float,
            bytemuck::cast_slice(&texels),
        )
    }
}

fn halves([r, g, b]: [f32; 3]) -> [f16; 4] {
    [r, g, b, 1.0].map(|value| f16::from_f32(value.clamp(0.0, 60_000.0)))
}

/// Returns the light from each direction of a sky or a studio.
fn radiance<'a>(
    environment: &'a SceneEnvironment,
    sky: &'a Sky,
) -> impl Fn(Vec3) -> Vec3 + Sync + 'a {
    move |dir| match environment {
        SceneEnvironment::Studio {
            top,
            side,
            backdrop,
        } => studio(
            dir,
            Vec3::from(*backdrop),
            Vec3::from(*top),
            Vec3::from(*side),
        ),
        _ => sky.at(dir),
    }
}

impl Equirect {
    /// Returns the light from all around as a picture, for renderers elsewhere: what lights a scene here, without the key
    /// light. `picture` is the one that `environment` names, if it names one.
    #[must_use]
    pub fn light(environment: &SceneEnvironment, key: Option<Key>, picture: Option<&Self>) -> Self {
        let bounded = |light: Vec3| light.clamp(Vec3::ZERO, Vec3::splat(MOST_RADIANCE)).into();
        if let (
            SceneEnvironment::Picture {
                rotation,
                intensity,
                ..
            },
            Some(picture),
        ) = (environment, picture)
        {
            let pixel = |pixel: &[f32; 3]| bounded(Vec3::from(*pixel) * *intensity);
            let lit = Self {
                size: picture.size,
                pixels: picture.pixels.par_iter().map(pixel).collect(),
            };
            return lit.turned(rotation / 360.0);
        }
        let sky = Sky::of(environment, key);
        let light = radiance(environment, &sky);
        let size = PixelSize::new(8 * CELLS, 4 * CELLS);
        let pixel = |index: u32| {
            bounded(light(
                cell_at(
                    index % size.width,
                    index / size.width,
                    size.width,
                    size.height,
                )
                .0,
            ))
        };
        Self {
            size,
            pixels: (0..size.width * size.height)
                .into_par_iter()
                .map(pixel)
                .collect(),
        }
    }

    /// Returns the light that falls on what faces up.
    #[must_use]
    pub fn falls(&self) -> Vec3 {
        let (across, down) = (self.size.width, self.size.height);
        let light = |(index, pixel): (u32, &[f32; 3])| {
            let (dir, solid_angle) = cell_at(index % across, index / across, across, down);
            Vec3::from(*pixel) * (dir.y.max(0.0) * solid_angle)
        };
        (0..).zip(&self.pixels).map(light).sum()
    }

    /// Returns the picture turned about the vertical by a share of a whole turn, to whole pixels.
    fn turned(self, turn: f32) -> Self {
        let width = self.size.width as usize;
        #[expect(
            clippy::cast_precision_loss,
            reason = "pictures are less than 2^24 wide"
        )]
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of the width"
        )]
        let shift = (turn.rem_euclid(1.0) * width as f32) as usize % width.max(1);
        let rows = self.pixels.chunks_exact(width.max(1));
        let pixels = rows
            .flat_map(|row| row[shift..].iter().chain(&row[..shift]))
            .copied()
            .collect();
        Self { pixels, ..self }
    }
}

/// Light boxes of a studio: one overhead, a strong one to the right of the camera, a weak one to its left.
fn studio(dir: Vec3, backdrop: Vec3, top: Vec3, side: Vec3) -> Vec3 {
    let overhead = smoothstep(0.55, 0.85, dir.y);
    let boxed = |at: Vec3| smoothstep(0.72, 0.90, dir.dot(at.normalize()));
    let sides = boxed(Vec3::new(1.0, 0.45, 0.75)) + 0.35 * boxed(Vec3::new(-1.0, 0.25, 0.35));
    let rim = 0.6 * boxed(Vec3::new(-0.5, 0.6, -1.0));
    backdrop * 0.35 + top * overhead + side * (sides + rim)
}

fn cells(radiance: impl Fn(Vec3) -> Vec3 + Sync) -> Vec<Cell> {
    let down = CELLS / 2;
    (0..CELLS * down)
        .into_par_iter()
        .map(|index| {
            let (dir, solid_angle) = cell_at(index % CELLS, index / CELLS, CELLS, down);
            Cell {
                dir,
                solid_angle,
                radiance: radiance(dir).clamp(Vec3::ZERO, Vec3::splat(MOST_RADIANCE)),
            }
        })
        .collect()
}

/// Returns direction and solid angle of one cell of an equirectangular grid.
#[expect(clippy::cast_precision_loss, reason = "grids are small")]
fn cell_at(x: u32, y: u32, across: u32, down: u32) -> (Vec3, f32) {
    let u = (x as f32 + 0.5) / across as f32;
    let v = (y as f32 + 0.5) / down as f32;
    let (azimuth, polar) = ((u - 0.5) * TAU, v * PI);
    let dir = Vec3::new(
        polar.sin() * azimuth.sin(),
        polar.cos(),
        -polar.sin() * azimuth.cos(),
    );
    (
        dir,
        polar.sin() * (TAU / across as f32) * (PI / down as f32),
    )
}

fn picture_cells(picture: &Equirect, rotation: f32, intensity: f32) -> Vec<Cell> {
    let mut small = picture.clone();
    while small.size.width >= 2 * CELLS && small.size.height >= 2 {
        small = small.halved();
    }
    let (across, down) = (small.size.width, small.size.height);
    let turn = glam::Quat::from_rotation_y(rotation * TAU);
    let one = |(index, pixel): (u32, &[f32; 3])| {
        let (dir, solid_angle) = cell_at(index % across, index / across, across, down);
        let radiance =
            (Vec3::from(*pixel) * intensity).clamp(Vec3::ZERO, Vec3::splat(MOST_RADIANCE));
        Cell {
            dir: turn * dir,
            solid_angle,
            radiance,
        }
    };
    (0..).zip(&small.pixels).map(one).collect()
}

impl Equirect {
    /// Returns half the size, averaged over 2x2 pixels.
    fn halved(&self) -> Self {
        let size = PixelSize::new((self.size.width / 2).max(1), (self.size.height / 2).max(1));
        let at = |x: u32, y: u32| {
            let (x, y) = (x.min(self.size.width - 1), y.min(self.size.height - 1));
            Vec3::from(self.pixels[y as usize * self.size.width as usize + x as usize])
        };
        let mean = |index: u32| {
            let (x, y) = (index % size.width * 2, index / size.width * 2);
            ((at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1)) * 0.25).into()
        };
        Self {
            size,
            pixels: (0..size.width * size.height).map(mean).collect(),
        }
    }
}

fn irradiance(cells: &[Cell]) -> [[f32; 4]; 9] {
    let basis = |n: Vec3| {
        [
            1.0,
            n.y,
            n.z,
            n.x,
            n.x * n.y,
            n.y * n.z,
            3.0 * n.z * n.z - 1.0,
            n.x * n.z,
            n.x * n.x - n.y * n.y,
        ]
    };
    // Squared constants of the basis, times the cosine lobe's factor per band, the last band softened against ringing.
    let (zero, one, two) = (PI * 0.079_577, 2.0 * PI / 3.0 * 0.238_732, PI / 4.0 * 0.9);
    let weights = [
        zero,
        one,
        one,
        one,
        two * 1.193_66,
        two * 1.193_66,
        two * 0.099_472,
        two * 1.193_66,
        two * 0.298_415,
    ];
    let mut sums = [Vec3::ZERO; 9];
    for cell in cells {
        for (sum, value) in sums.iter_mut().zip(basis(cell.dir)) {
            *sum += cell.radiance * (value * cell.solid_angle);
        }
    }
    std::array::from_fn(|term| (sums[term] * weights[term]).extend(0.0).into())
}

/// Returns one level of the octahedral map.
#[expect(clippy::cast_precision_loss, reason = "maps are small")]
fn octahedron(cells: &[Cell], level: u32) -> Vec<Vec3> {
    let side = SIDE >> level;
    // Level 0 is blurred by one cell's width, so that the cells do not show.
    let rough = (level as f32 / (LEVELS - 1) as f32).max(0.16);
    let texel = |index: u32| {
        let uv = Vec2::new((index % side) as f32 + 0.5, (index / side) as f32 + 0.5) / side as f32;
        blurred(cells, unfolded(uv * 2.0 - 1.0), rough * rough)
    };
    (0..side * side).into_par_iter().map(texel).collect()
}

fn unfolded(p: Vec2) -> Vec3 {
    let y = 1.0 - p.x.abs() - p.y.abs();
    let sign = |value: f32| if value >= 0.0 { 1.0 } else { -1.0 };
    let below = Vec3::new(
        (1.0 - p.y.abs()) * sign(p.x),
        y,
        (1.0 - p.x.abs()) * sign(p.y),
    );
    if y >= 0.0 {
        Vec3::new(p.x, y, p.y).normalize()
    } else {
        below.normalize()
    }
}

/// Returns light from around `axis`, weighted as GGX mirrors it when seen along the normal.
fn blurred(cells: &[Cell], axis: Vec3, alpha: f32) -> Vec3 {
    let a2 = alpha * alpha;
    let (mut sum, mut total) = (Vec3::ZERO, 0.0);
    for cell in cells {
        let cosine = axis.dot(cell.dir);
        if cosine > 0.0 {
            let half2 = 0.5 * (1.0 + cosine);
            let f = half2 * (a2 - 1.0) + 1.0;
            let weight = a2 / (f * f) * cosine * cell.solid_angle;
            sum += cell.radiance * weight;
            total += weight;
        }
    }
    sum / total.max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_light_gives_pi_times_its_radiance_in_every_direction() {
        let terms = irradiance(&cells(|_| Vec3::ONE));
        assert!((terms[0][0] - PI).abs() < 0.02, "{terms:?}");
        assert!(
            terms[1..].iter().all(|term| term[0].abs() < 0.02),
            "{terms:?}"
        );
    }

    #[test]
    fn light_from_above_falls_on_what_faces_up() {
        let terms = irradiance(&cells(
            |dir| if dir.y > 0.0 { Vec3::ONE } else { Vec3::ZERO },
        ));
        let up = terms[0][0] + terms[1][0] - terms[6][0] - terms[8][0];
        let down = terms[0][0] - terms[1][0] - terms[6][0] - terms[8][0];
        assert!((up - PI).abs() < 0.1 && down.abs() < 0.1, "{up} {down}");
    }

    #[test]
    fn the_octahedral_map_keeps_even_light() {
        let even = cells(|_| Vec3::splat(0.5));
        assert!(
            octahedron(&even, 3)
                .iter()
                .all(|light| (light.x - 0.5).abs() < 1e-3)
        );
    }
}
