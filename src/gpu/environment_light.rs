//! Image-based light: prefiltered once per staging on the CPU, so that every adapter gives the
//! same.
//!
//! Diffuse light becomes nine spherical harmonics with the cosine folded in (Ramamoorthi and
//! Hanrahan 2001). Reflected light becomes an octahedral map whose five levels are GGX-blurred for
//! roughness 0, 1/4, 1/2, 3/4 and 1.

use super::device::GpuDevice;
use super::lights::DirectionalKeyLight;
use super::sky::{SkyModel, smoothstep};
use super::texture::GpuTexture;
use crate::model::frame_rate::PixelSize;
use crate::model::shot_staging::SceneEnvironment;
use glam::{Vec2, Vec3};
use half::f16;
use rayon::prelude::*;
use std::f32::consts::{PI, TAU};
use wgpu::TextureFormat;

/// Cells of the radiance grid around the sphere. It has half as many from pole to pole.
// Each texel of the specular map sums all cells, so the cost is quadratic. 96 cells of 3.75 degrees
// are as fine as the sharpest level.
const RADIANCE_GRID_WIDTH: u32 = 96;
/// Texels a side of the octahedral map's first level.
const SPECULAR_MAP_SIDE: u32 = 128;
const SPECULAR_MAP_LEVELS: u32 = 5;
/// Bound of a cell's light.
// Brighter cells, mostly the sun in a panorama, would speckle in reflections and ring in the
// spherical harmonics. The key light stands for the sun.
const MAX_RADIANCE: f32 = 100.0;

/// An equirectangular picture in linear light. Its centre is at -z, its top row overhead.
#[derive(Debug, Clone, PartialEq)]
pub struct EquirectImage {
    /// Pixels across and down.
    pub size: PixelSize,
    /// Linear RGB, rows from the top.
    pub pixels: Vec<[f32; 3]>,
}

/// Light and background of a location, uploaded to the device.
pub struct EnvironmentLight {
    pub(super) specular_map: GpuTexture,
    pub(super) panorama: GpuTexture,
    pub(super) irradiance: [[f32; 4]; 9],
    pub(super) sky: SkyModel,
    pub(super) kind: f32,
    pub(super) rotation: f32,
    pub(super) intensity: f32,
}

/// Light from a small part of the sphere.
struct RadianceCell {
    dir: Vec3,
    solid_angle: f32,
    radiance: Vec3,
}

impl GpuDevice {
    /// Prefilters and uploads an environment. `picture` is the panorama that it names, if it names
    /// one.
    #[must_use]
    pub fn prepare_environment(
        &self,
        environment: &SceneEnvironment,
        key: Option<DirectionalKeyLight>,
        picture: Option<&EquirectImage>,
    ) -> EnvironmentLight {
        let sky = SkyModel::from_environment(environment, key);
        // The numbers of `kind` are those that `kernels/background.wgsl` compares with.
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
                // A panorama is its own grid. A sky is sampled, and without its disc: the key light
                // draws that.
                picture_cells(picture, rotation, intensity)
            }
            _ => radiance_cells(radiance_function(environment, &sky)),
        };
        EnvironmentLight {
            specular_map: self.upload_specular_map(&cells),
            panorama: self.upload_panorama(picture),
            irradiance: irradiance_coefficients(&cells),
            sky,
            kind,
            rotation,
            intensity,
        }
    }

    fn upload_specular_map(&self, cells: &[RadianceCell]) -> GpuTexture {
        // Each level is filtered from the cells. Averaging 2x2 texels, as mipmaps do, would not
        // give the GGX lobe, and would mix directions across the fold of the octahedron.
        let levels = (0..SPECULAR_MAP_LEVELS).flat_map(|level| specular_map_level(cells, level));
        let texels: Vec<f16> = levels
            .flat_map(|light| half_float_pixel(light.into()))
            .collect();
        self.upload_texels(
            SPECULAR_MAP_SIDE,
            SPECULAR_MAP_SIDE,
            SPECULAR_MAP_LEVELS,
            TextureFormat::Rgba16Float,
            bytemuck::cast_slice(&texels),
        )
    }

    fn upload_panorama(&self, picture: Option<&EquirectImage>) -> GpuTexture {
        // The bind group has a slot for the panorama in any case; an environment without one fills
        // it with one black pixel.
        let black = EquirectImage {
            size: PixelSize::new(1, 1),
            pixels: vec![[0.0; 3]],
        };
        let mut picture = picture.unwrap_or(&black).clone();
        // 8192 is the portable limit of a texture side. A 16k panorama would also take 1 GB as half
        // floats.
        while picture.size.width.max(picture.size.height) > self.max_texture_side().min(8192) {
            picture = picture.half_resolution();
        }
        let texels: Vec<f16> = picture
            .pixels
            .iter()
            .flat_map(|pixel| half_float_pixel(*pixel))
            .collect();
        let width = picture.size.width;
        let height = picture.size.height;
        self.upload_texels(
            width,
            height,
            1,
            TextureFormat::Rgba16Float,
            bytemuck::cast_slice(&texels),
        )
    }
}

fn half_float_pixel([r, g, b]: [f32; 3]) -> [f16; 4] {
    // Half floats end at 65504. An infinity in a texture would spread through every filter that
    // reads it.
    [r, g, b, 1.0].map(|value| f16::from_f32(value.clamp(0.0, 60_000.0)))
}

/// Returns the function from a direction to the light of a sky or a studio.
fn radiance_function<'a>(
    environment: &'a SceneEnvironment,
    sky: &'a SkyModel,
) -> impl Fn(Vec3) -> Vec3 + Sync + 'a {
    move |dir| match environment {
        SceneEnvironment::Studio {
            top,
            side,
            backdrop,
        } => studio_radiance(
            dir,
            Vec3::from(*backdrop),
            Vec3::from(*top),
            Vec3::from(*side),
        ),
        _ => sky.sky_radiance(dir),
    }
}

impl EquirectImage {
    /// Returns the light from all around as a picture, without the key light, for external
    /// renderers. `picture` is the panorama that `environment` names, if it names one.
    #[must_use]
    pub fn environment_map(
        environment: &SceneEnvironment,
        key: Option<DirectionalKeyLight>,
        picture: Option<&Self>,
    ) -> Self {
        // The same bound as in our own light, so that an external renderer shows the same
        // brightness.
        let bounded = |light: Vec3| light.clamp(Vec3::ZERO, Vec3::splat(MAX_RADIANCE)).into();
        if let (
            SceneEnvironment::Picture {
                rotation,
                intensity,
                ..
            },
            Some(picture),
        ) = (environment, picture)
        {
            let lit = Self {
                size: picture.size,
                pixels: picture
                    .pixels
                    .par_iter()
                    .map(|pixel| bounded(Vec3::from(*pixel) * *intensity))
                    .collect(),
            };
            // Rotation is baked into the picture; the interface to external renderers has no field
            // for it.
            return lit.rotate_by_turns(rotation / 360.0);
        }
        let sky = SkyModel::from_environment(environment, key);
        let light = radiance_function(environment, &sky);
        // Eight times the grid's resolution, since an external renderer also reflects this picture.
        let size = PixelSize::new(8 * RADIANCE_GRID_WIDTH, 4 * RADIANCE_GRID_WIDTH);
        Self {
            size,
            pixels: (0..size.width * size.height)
                .into_par_iter()
                .map(|index| {
                    bounded(light(
                        cell_direction(
                            index % size.width,
                            index / size.width,
                            size.width,
                            size.height,
                        )
                        .0,
                    ))
                })
                .collect(),
        }
    }

    /// Returns the irradiance on a horizontal surface, linear RGB.
    #[must_use]
    pub fn upward_irradiance(&self) -> Vec3 {
        let across = self.size.width;
        let down = self.size.height;
        (0..)
            .zip(&self.pixels)
            .map(|(index, pixel)| {
                let (dir, solid_angle) =
                    cell_direction(index % across, index / across, across, down);
                Vec3::from(*pixel) * (dir.y.max(0.0) * solid_angle)
            })
            .sum()
    }

    /// Returns the picture rotated about the vertical by a share of a whole turn, in whole pixels.
    fn rotate_by_turns(self, turn: f32) -> Self {
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
        // Whole pixels keep the picture sharp. The error is at most half a pixel of the panorama.
        let shift = (turn.rem_euclid(1.0) * width as f32) as usize % width.max(1);
        let rows = self.pixels.chunks_exact(width.max(1));
        let pixels = rows
            .flat_map(|row| row[shift..].iter().chain(&row[..shift]))
            .copied()
            .collect();
        Self { pixels, ..self }
    }
}

/// Light boxes of a studio: one overhead, a strong one to the right of the camera, a weak one to
/// its left, and a rim light behind.
fn studio_radiance(dir: Vec3, backdrop: Vec3, top: Vec3, side: Vec3) -> Vec3 {
    let overhead = smoothstep(0.55, 0.85, dir.y);
    let boxed = |direction: Vec3| smoothstep(0.72, 0.90, dir.dot(direction.normalize()));
    let sides = boxed(Vec3::new(1.0, 0.45, 0.75)) + 0.35 * boxed(Vec3::new(-1.0, 0.25, 0.35));
    let rim = 0.6 * boxed(Vec3::new(-0.5, 0.6, -1.0));
    // The backdrop is seen at full strength but lights at 0.35: a bright one would wash out the
    // boxes.
    backdrop * 0.35 + top * overhead + side * (sides + rim)
}

fn radiance_cells(radiance: impl Fn(Vec3) -> Vec3 + Sync) -> Vec<RadianceCell> {
    let down = RADIANCE_GRID_WIDTH / 2;
    (0..RADIANCE_GRID_WIDTH * down)
        .into_par_iter()
        .map(|index| {
            let (dir, solid_angle) = cell_direction(
                index % RADIANCE_GRID_WIDTH,
                index / RADIANCE_GRID_WIDTH,
                RADIANCE_GRID_WIDTH,
                down,
            );
            RadianceCell {
                dir,
                solid_angle,
                radiance: radiance(dir).clamp(Vec3::ZERO, Vec3::splat(MAX_RADIANCE)),
            }
        })
        .collect()
}

/// Returns direction and solid angle (steradians) of one cell of an equirectangular grid.
#[expect(clippy::cast_precision_loss, reason = "grids are small")]
fn cell_direction(x: u32, y: u32, across: u32, down: u32) -> (Vec3, f32) {
    let u = (x as f32 + 0.5) / across as f32;
    let v = (y as f32 + 0.5) / down as f32;
    let azimuth = (u - 0.5) * TAU;
    let polar = v * PI;
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

fn picture_cells(picture: &EquirectImage, rotation: f32, intensity: f32) -> Vec<RadianceCell> {
    let mut small = picture.clone();
    // Averaging down first uses every pixel. Taking single pixels of a large panorama would miss
    // small lamps or hit them by chance.
    while small.size.width >= 2 * RADIANCE_GRID_WIDTH && small.size.height >= 2 {
        small = small.half_resolution();
    }
    let across = small.size.width;
    let down = small.size.height;
    // The cells turn and the pixels stay, so the rotation is exact and needs no filter.
    let turn = glam::Quat::from_rotation_y(rotation * TAU);
    (0..)
        .zip(&small.pixels)
        .map(|(index, pixel)| {
            let (dir, solid_angle) = cell_direction(index % across, index / across, across, down);
            let radiance =
                (Vec3::from(*pixel) * intensity).clamp(Vec3::ZERO, Vec3::splat(MAX_RADIANCE));
            RadianceCell {
                dir: turn * dir,
                solid_angle,
                radiance,
            }
        })
        .collect()
}

impl EquirectImage {
    /// Returns the picture at half size, averaged over 2x2 pixels.
    fn half_resolution(&self) -> Self {
        let size = PixelSize::new((self.size.width / 2).max(1), (self.size.height / 2).max(1));
        let pixel_at = |x: u32, y: u32| {
            // An odd side repeats its last column or row.
            let x = x.min(self.size.width - 1);
            let y = y.min(self.size.height - 1);
            Vec3::from(self.pixels[y as usize * self.size.width as usize + x as usize])
        };
        Self {
            size,
            pixels: (0..size.width * size.height)
                .map(|index| {
                    let x = index % size.width * 2;
                    let y = index / size.width * 2;
                    ((pixel_at(x, y)
                        + pixel_at(x + 1, y)
                        + pixel_at(x, y + 1)
                        + pixel_at(x + 1, y + 1))
                        * 0.25)
                        .into()
                })
                .collect(),
        }
    }
}

fn irradiance_coefficients(cells: &[RadianceCell]) -> [[f32; 4]; 9] {
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
    // Squared constants of the basis, times the factor of the cosine lobe per band. The last band
    // is softened by 0.9 against ringing, which shows as dark spots opposite a bright light.
    let band0 = PI * 0.079_577;
    let band1 = 2.0 * PI / 3.0 * 0.238_732;
    let band2 = PI / 4.0 * 0.9;
    let weights = [
        band0,
        band1,
        band1,
        band1,
        band2 * 1.193_66,
        band2 * 1.193_66,
        band2 * 0.099_472,
        band2 * 1.193_66,
        band2 * 0.298_415,
    ];
    let mut sums = [Vec3::ZERO; 9];
    for cell in cells {
        for (sum, value) in sums.iter_mut().zip(basis(cell.dir)) {
            *sum += cell.radiance * (value * cell.solid_angle);
        }
    }
    std::array::from_fn(|term| (sums[term] * weights[term]).extend(0.0).into())
}

/// Returns one level of the octahedral map, rows from the top.
#[expect(clippy::cast_precision_loss, reason = "maps are small")]
fn specular_map_level(cells: &[RadianceCell], level: u32) -> Vec<Vec3> {
    let side = SPECULAR_MAP_SIDE >> level;
    // Level 0 is blurred by one cell's width, or the grid of cells would show in mirrors.
    let rough = (level as f32 / (SPECULAR_MAP_LEVELS - 1) as f32).max(0.16);
    (0..side * side)
        .into_par_iter()
        .map(|index| {
            let uv =
                Vec2::new((index % side) as f32 + 0.5, (index / side) as f32 + 0.5) / side as f32;
            ggx_filtered_radiance(cells, octahedral_direction(uv * 2.0 - 1.0), rough * rough)
        })
        .collect()
}

// An octahedral map fits one ordinary texture. A cube map would need six views, and an
// equirectangular map spends half of its texels near the poles.
fn octahedral_direction(p: Vec2) -> Vec3 {
    let y = 1.0 - p.x.abs() - p.y.abs();
    // Not `signum`: it is -1 for -0.0, where the shader takes +1.
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

/// Returns the light around `axis`, weighted with the GGX lobe for a view along the normal.
fn ggx_filtered_radiance(cells: &[RadianceCell], axis: Vec3, alpha: f32) -> Vec3 {
    // The view direction is unknown when the map is made; assuming that it equals the normal is the
    // usual split-sum approximation (Karis 2013).
    let a2 = alpha * alpha;
    let mut sum = Vec3::ZERO;
    let mut total = 0.0;
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
    // The lobe is normalised by the cells that it met, so a coarse grid loses no energy.
    sum / total.max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_light_gives_pi_times_its_radiance_in_every_direction() {
        let terms = irradiance_coefficients(&radiance_cells(|_| Vec3::ONE));
        assert!((terms[0][0] - PI).abs() < 0.02, "{terms:?}");
        assert!(
            terms[1..].iter().all(|term| term[0].abs() < 0.02),
            "{terms:?}"
        );
    }

    #[test]
    fn light_from_above_falls_on_what_faces_up() {
        let terms = irradiance_coefficients(&radiance_cells(|dir| {
            if dir.y > 0.0 { Vec3::ONE } else { Vec3::ZERO }
        }));
        let up = terms[0][0] + terms[1][0] - terms[6][0] - terms[8][0];
        let down = terms[0][0] - terms[1][0] - terms[6][0] - terms[8][0];
        assert!((up - PI).abs() < 0.1 && down.abs() < 0.1, "{up} {down}");
    }

    #[test]
    fn the_octahedral_map_keeps_even_light() {
        let even = radiance_cells(|_| Vec3::splat(0.5));
        assert!(
            specular_map_level(&even, 3)
                .iter()
                .all(|light| (light.x - 0.5).abs() < 1e-3)
        );
    }
}
