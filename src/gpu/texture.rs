//! Textures on the device, with their mip levels.

use super::device::GpuDevice;
use wgpu::util::{DeviceExt, TextureDataOrder};
use wgpu::{
    AddressMode, Extent3d, TextureDescriptor, TextureDimension, TextureFormat, TextureUsages,
    TextureView,
};

/// A picture with 8 bits a channel, rows from the top.
#[derive(Debug, Clone, Copy)]
pub struct Rgba8Pixels<'a> {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Four bytes a pixel: `width * height * 4` in all.
    pub rgba: &'a [u8],
    /// Whether RGB is sRGB-encoded. Alpha is always linear.
    pub srgb: bool,
    /// Alpha below which pixels are holes. As many pixels stay solid at every mip level. `None`:
    /// nothing is a hole.
    pub mask_cutoff: Option<f32>,
}

/// How a texture is read between its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TextureFilter {
    /// Whether magnified pixels have hard edges.
    pub magnified_nearest: bool,
    /// Whether one pixel of a reduced picture is read, and no mean of four.
    pub reduced_nearest: bool,
    /// Whether reduced pictures are read from mip levels.
    pub mip_levels: bool,
}

impl TextureFilter {
    /// Means between pixels and mip levels.
    pub const SMOOTH: Self = Self {
        magnified_nearest: false,
        reduced_nearest: false,
        mip_levels: true,
    };
}

/// Address mode beyond the edge of a texture, as in glTF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextureWrap {
    /// Repeats the edge pixel.
    Clamp,
    /// Repeats the picture.
    Repeat,
    /// Repeats the picture, mirrored every second time.
    Mirror,
}

impl TextureWrap {
    pub(super) const fn address_mode(self) -> AddressMode {
        match self {
            Self::Clamp => AddressMode::ClampToEdge,
            Self::Repeat => AddressMode::Repeat,
            Self::Mirror => AddressMode::MirrorRepeat,
        }
    }
}

/// A texture on the device.
pub struct GpuTexture {
    pub(super) view: TextureView,
}

impl GpuDevice {
    /// Uploads a picture with all mip levels, halved until it fits the adapter.
    #[must_use]
    pub fn upload_texture(&self, pixels: &Rgba8Pixels<'_>) -> GpuTexture {
        // A side of 4096 takes 64 MiB. Larger maps of several assets would exhaust common adapters.
        let max_side = self.max_texture_side().min(4096);
        let mut level = MipLevel {
            width: pixels.width,
            height: pixels.height,
            rgba: pixels.rgba.to_vec(),
        };
        while level.width.max(level.height) > max_side {
            level = level.half_resolution(pixels.srgb);
        }
        let width = level.width;
        let height = level.height;
        let mut data = Vec::new();
        let mut count = 1;
        let solid = pixels
            .mask_cutoff
            .map(|cutoff| (cutoff, level.solid_share(cutoff)));
        // Levels are made on the CPU, since a compute or blit pass would differ between adapters.
        while level.width.max(level.height) > 1 {
            let next = level.half_resolution(pixels.srgb);
            data.extend_from_slice(&level.finished(count > 1, solid));
            level = next;
            count += 1;
        }
        data.extend_from_slice(&level.finished(count > 1, solid));
        let format = if pixels.srgb {
            TextureFormat::Rgba8UnormSrgb
        } else {
            TextureFormat::Rgba8Unorm
        };
        self.upload_texels(width, height, count, format, &data)
    }

    /// Uploads texels of all levels, largest first, without gaps.
    pub(super) fn upload_texels(
        &self,
        width: u32,
        height: u32,
        levels: u32,
        format: TextureFormat,
        data: &[u8],
    ) -> GpuTexture {
        let descriptor = TextureDescriptor {
            label: None,
            size: Extent3d {
                width,
                height,
                depth_or_array_layers: 1,
            },
            mip_level_count: levels,
            sample_count: 1,
            dimension: TextureDimension::D2,
            format,
            usage: TextureUsages::TEXTURE_BINDING,
            view_formats: &[],
        };
        let texture = self.device.create_texture_with_data(
            &self.queue,
            &descriptor,
            TextureDataOrder::LayerMajor,
            data,
        );
        GpuTexture {
            view: texture.create_view(&wgpu::TextureViewDescriptor::default()),
        }
    }
}

/// One mip level.
struct MipLevel {
    width: u32,
    height: u32,
    rgba: Vec<u8>,
}

impl MipLevel {
    /// Returns the level at half size, averaged over 2x2 pixels in linear light.
    fn half_resolution(&self, srgb: bool) -> Self {
        // A long, flat picture reaches one row early and is then halved only across.
        let width = (self.width / 2).max(1);
        let height = (self.height / 2).max(1);
        let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
        for y in 0..height {
            for x in 0..width {
                rgba.extend(self.average_pixel(x, y, srgb));
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    /// Returns the share of pixels whose alpha is not below `cutoff`.
    fn solid_share(&self, cutoff: f32) -> f64 {
        let solid = self
            .alphas()
            .filter(|alpha| f32::from(*alpha) >= cutoff * 255.0);
        share(solid.count(), self.alphas().count())
    }

    fn alphas(&self) -> impl Iterator<Item = u8> + '_ {
        self.rgba.iter().skip(3).step_by(4).copied()
    }

    /// Returns the pixels; of a reduced level with its alpha scaled so that the share of pixels
    /// above the cutoff stays (Castano 2010). The mean of a thin stroke is below every cutoff, and
    /// leaves would vanish with distance.
    fn finished(&self, is_reduced: bool, solid: Option<(f32, f64)>) -> Vec<u8> {
        let mut rgba = self.rgba.clone();
        let Some((cutoff, wanted)) = solid.filter(|_| is_reduced) else {
            return rgba;
        };
        let mut counts = [0_usize; 256];
        self.alphas()
            .for_each(|alpha| counts[usize::from(alpha)] += 1);
        let total = self.alphas().count();
        // The highest alpha that leaves enough pixels above itself becomes the cutoff.
        let mut above = 0;
        let threshold = (1..=u8::MAX).rev().find(|alpha| {
            above += counts[usize::from(*alpha)];
            share(above, total) >= wanted
        });
        let scale = cutoff * 255.0 / f32::from(threshold.unwrap_or(1));
        for alpha in rgba.iter_mut().skip(3).step_by(4) {
            *alpha = scaled_alpha(*alpha, scale);
        }
        rgba
    }

    fn average_pixel(&self, x: u32, y: u32, srgb: bool) -> [u8; 4] {
        let corner = |dx: u32, dy: u32| {
            // A side of one pixel has no second.
            let x = (2 * x + dx).min(self.width - 1);
            let y = (2 * y + dy).min(self.height - 1);
            (y as usize * self.width as usize + x as usize) * 4
        };
        let corners = [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)];
        std::array::from_fn(|channel| {
            let bytes = corners.map(|offset| self.rgba[offset + channel]);
            if srgb && channel < 3 {
                srgb_mean(bytes)
            } else {
                byte_mean(bytes)
            }
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "pictures have fewer pixels")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped"
)]
fn scaled_alpha(alpha: u8, scale: f32) -> u8 {
    (f32::from(alpha) * scale).round().clamp(0.0, 255.0) as u8
}

fn byte_mean(bytes: [u8; 4]) -> u8 {
    let sum: u32 = bytes.into_iter().map(u32::from).sum();
    u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX)
}

/// Averages sRGB bytes as if the curve were a square: at most two steps off, and twenty times
/// faster.
fn srgb_mean(bytes: [u8; 4]) -> u8 {
    let sum: u32 = bytes
        .into_iter()
        .map(|byte| u32::from(byte) * u32::from(byte))
        .sum();
    u8::try_from(((sum + 2) / 4).isqrt()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thin_stroke_of_a_mask_stays_at_every_level() {
        // One column of eight is solid.
        let row: Vec<u8> = (0..8)
            .flat_map(|x| [9, 9, 9, if x == 3 { 255 } else { 0 }])
            .collect();
        let mut level = MipLevel {
            width: 8,
            height: 8,
            rgba: row.repeat(8),
        };
        let solid = Some((0.5, level.solid_share(0.5)));
        for _ in 0..2 {
            level = level.half_resolution(true);
            let finished = MipLevel {
                rgba: level.finished(true, solid),
                ..level
            };
            assert!(level.solid_share(0.6) == 0.0 && finished.solid_share(0.5) > 0.1);
            level = MipLevel {
                rgba: level.rgba,
                ..finished
            };
        }
    }

    #[test]
    fn halving_keeps_a_flat_colour() {
        let level = MipLevel {
            width: 5,
            height: 3,
            rgba: [10, 200, 90, 255].repeat(15),
        };
        let half = level.half_resolution(true);
        assert_eq!((half.width, half.height), (2, 1));
        assert_eq!(half.rgba, [10, 200, 90, 255].repeat(2));
    }
}
