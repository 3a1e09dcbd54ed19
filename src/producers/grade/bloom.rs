//! Glow around highlights: light above white is blurred at two widths and added back.
//!
//! The blur runs on a picture of about 135 lines, as three box blurs by running sums. Three of them
//! are close to a Gaussian, and a running sum costs the same at every radius.

use crate::media::LinearImage;
use crate::model::PixelSize;
use rayon::prelude::*;

/// Lines of the small picture that is blurred.
const BLUR_LINES: u32 = 135;
/// The most light that one pixel may add, in units of white. It stops a firefly from becoming a
/// lamp.
const MAX_HIGHLIGHT: f32 = 16.0;

/// A small blurred picture, interpolated between its pixels.
pub(super) struct BloomImage {
    width: usize,
    height: usize,
    pixels: Vec<[f32; 3]>,
    step: f32,
}

/// Returns the glow of a picture whose light is multiplied by `factor`.
pub(super) fn blur_highlights(picture: &LinearImage, factor: [f32; 3]) -> BloomImage {
    // A blur is smooth, so it does not need the full size. A fixed number of lines makes glow as
    // wide on a 4K frame as on a draft of it.
    let block = (picture.size.height / BLUR_LINES).max(1) as usize;
    let (width, height, bright) = shrink_highlights(picture, factor, block);
    let lines = picture.size.height as usize / block;
    // A narrow blur alone has a visible edge, and a wide one alone veils the picture. Radii are
    // shares of the height, so that all quality tiers look alike.
    let narrow = blur_both_axes(bright.clone(), width, height, (lines / 70).max(1));
    let wide = blur_both_axes(bright, width, height, (lines / 20).max(1));
    let pixels = narrow
        .iter()
        .zip(&wide)
        .map(|(near, far)| [0, 1, 2].map(|i| 0.5 * near[i] + 0.5 * far[i]))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a block is a few pixels")]
    BloomImage {
        width,
        height,
        pixels,
        step: 1.0 / block as f32,
    }
}

impl BloomImage {
    /// Returns the glow along line `y` of the full picture, one value for each column of the small
    /// one.
    pub(super) fn bloom_row(&self, y: usize) -> Vec<[f32; 3]> {
        let (top, bottom, v) = self.sample_position(y, self.height);
        let rows = [top, bottom].map(|row| &self.pixels[row * self.width..(row + 1) * self.width]);
        rows[0]
            .iter()
            .zip(rows[1])
            .map(|(above, below)| lerp_colour(*above, *below, v))
            .collect()
    }

    /// Returns the glow at pixel `x` of a line.
    pub(super) fn bloom_pixel(&self, line: &[[f32; 3]], x: usize) -> [f32; 3] {
        let (left, right, u) = self.sample_position(x, self.width);
        lerp_colour(line[left], line[right], u)
    }

    /// Returns the two small pixels around a full one, and its distance from the first, 0 to 1.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "picture sides"
    )]
    fn sample_position(&self, position: usize, side: usize) -> (usize, usize, f32) {
        // Middles of pixels are compared, not their corners. Otherwise the glow would be shifted by
        // half a block, which is 8 pixels in 4K.
        let position = ((position as f32 + 0.5) * self.step - 0.5).clamp(0.0, (side - 1) as f32);
        let low = position as usize;
        (low, (low + 1).min(side - 1), position - low as f32)
    }
}

fn lerp_colour(a: [f32; 3], b: [f32; 3], t: f32) -> [f32; 3] {
    [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t)
}

fn shrink_highlights(
    picture: &LinearImage,
    factor: [f32; 3],
    block: usize,
) -> (usize, usize, Vec<[f32; 3]>) {
    let PixelSize {
        width: full_width,
        height: full_height,
    } = picture.size;
    let full_width = full_width as usize;
    let full_height = full_height as usize;
    let width = full_width.div_ceil(block);
    let height = full_height.div_ceil(block);
    let mut small = vec![[0.0f32; 3]; width * height];
    small
        .par_chunks_mut(width)
        .enumerate()
        .for_each(|(row, line)| {
            let rows = row * block..((row + 1) * block).min(full_height);
            let lines = rows
                .clone()
                .map(|y| &picture.pixels[y * full_width..(y + 1) * full_width]);
            for old in lines {
                for (sum, pixels) in line.iter_mut().zip(old.chunks(block)) {
                    for bright in pixels
                        .iter()
                        .filter_map(|pixel| light_above_white(*pixel, factor))
                    {
                        (0..3).for_each(|i| sum[i] += bright[i]);
                    }
                }
            }
            #[expect(clippy::cast_precision_loss, reason = "a block is a few pixels")]
            // The divisor is the size of a whole block although the last column may be narrower.
            // What is missing there counts as dark, as it does beyond the edge.
            let share = 1.0 / (rows.len() * block) as f32;
            line.iter_mut().flatten().for_each(|value| *value *= share);
        });
    (width, height, small)
}

/// Returns the part of a colour above white, in its own hue; `None` if there is none, as in most
/// pixels.
fn light_above_white(rgb: [f32; 3], factor: [f32; 3]) -> Option<[f32; 3]> {
    let rgb = [0, 1, 2].map(|i| rgb[i] * factor[i]);
    // `max` passes over NaN.
    let peak = rgb[0].max(rgb[1]).max(rgb[2]);
    // Infinity would make a NaN below, and one NaN would spread over the whole blur.
    let finite = |value: f32| {
        if value.is_nan() {
            0.0
        } else {
            value.clamp(0.0, 65504.0)
        }
    };
    // All channels are scaled by one factor. Cutting each at white would turn the glow of an orange
    // lamp red.
    (peak > 1.0).then(|| {
        rgb.map(|value| finite(value) * ((peak.min(MAX_HIGHLIGHT) - 1.0) / peak.min(65504.0)))
    })
}

fn blur_both_axes(
    mut pixels: Vec<[f32; 3]>,
    width: usize,
    height: usize,
    radius: usize,
) -> Vec<[f32; 3]> {
    for _ in 0..3 {
        pixels = blur_rows(&pixels, width, radius);
    }
    // Columns are blurred as rows of the transposed picture. Walking down columns would miss the
    // cache at every pixel.
    pixels = transpose(&pixels, width, height);
    for _ in 0..3 {
        pixels = blur_rows(&pixels, height, radius);
    }
    transpose(&pixels, height, width)
}

/// Blurs each row with a box by a running sum. Beyond the edge is dark.
fn blur_rows(pixels: &[[f32; 3]], width: usize, radius: usize) -> Vec<[f32; 3]> {
    let mut out = vec![[0.0; 3]; pixels.len()];
    #[expect(clippy::cast_precision_loss, reason = "a radius is a fraction of 270")]
    let share = 1.0 / (2 * radius + 1) as f32;
    out.par_chunks_mut(width)
        .zip(pixels.par_chunks(width))
        .for_each(|(new, old)| {
            let mut sum = [0.0f32; 3];
            for pixel in old.iter().take(radius) {
                (0..3).for_each(|i| sum[i] += pixel[i]);
            }
            for (x, blurred) in new.iter_mut().enumerate() {
                let enters = old.get(x + radius);
                let leaves = x.checked_sub(radius + 1).map(|index| old[index]);
                (0..3).for_each(|i| {
                    sum[i] += enters.map_or(0.0, |p| p[i]) - leaves.map_or(0.0, |p| p[i]);
                });
                // A running sum collects rounding errors and can end a little below zero, which
                // would show as dark spots.
                *blurred = sum.map(|value| value.max(0.0) * share);
            }
        });
    out
}

fn transpose(pixels: &[[f32; 3]], width: usize, height: usize) -> Vec<[f32; 3]> {
    let mut out = vec![[0.0; 3]; pixels.len()];
    out.par_chunks_mut(height)
        .enumerate()
        .for_each(|(x, column)| {
            column
                .iter_mut()
                .enumerate()
                .for_each(|(y, pixel)| *pixel = pixels[y * width + x]);
        });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lamp_glows_around_itself_and_a_wall_does_not() {
        let size = PixelSize::new(200, 100);
        let mut picture = LinearImage::filled_with(size, [0.9; 3]);
        picture.pixels[50 * 200 + 100] = [100.0; 3];
        let glow = blur_highlights(&picture, [1.0; 3]);
        let at = |x, y| glow.bloom_pixel(&glow.bloom_row(y), x)[0];
        assert!(at(100, 50) > at(104, 50) && at(104, 50) > 0.0);
        assert!(at(5, 5) < 1e-4);
    }

    #[test]
    fn blurring_keeps_the_light_that_stays_inside() {
        let mut pixels = vec![[0.0; 3]; 60 * 40];
        pixels[20 * 60 + 30] = [5.0, 1.0, 0.0];
        let out = blur_both_axes(pixels, 60, 40, 3);
        let sum: f32 = out.iter().map(|p| p[0]).sum();
        assert!((sum - 5.0).abs() < 1e-3, "{sum}");
    }
}
