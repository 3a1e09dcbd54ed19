//! The grading chain: one frame of linear light becomes one display picture.
//!
//! The order is fixed, because the look is defined in it. Light is scaled (exposure, white
//! balance), glows, and passes the tone curve; all later steps work on display values. Contrast,
//! lift, gamma and gain are one table a channel.

use super::bloom::{self, BloomImage};
use crate::media::{DisplayImage, LinearImage, hdr_tone, tone};
use crate::model::colour_grade::Grade;
use crate::model::{HdrTransfer, PixelSize};
use rayon::prelude::*;

/// Steps of a channel's table. Values between them are interpolated.
const CURVE_STEPS: usize = 1024;
/// Display amplitude of grain at full strength.
const GRAIN_AMPLITUDE: f32 = 0.12;

/// How light becomes display values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToneStep {
    /// By the tone curve of film: scene-linear light, as a renderer makes it.
    Film,
    /// By the transfer function of sRGB: light of a picture that was made for a screen.
    // The tone curve belongs to scenes. Over a picture that has passed one it would flatten the
    // highlights again, and no grade could give the picture back.
    Encode,
    /// By the curve of high dynamic range, and its transfer function after the grade. Light of a
    /// picture that was made for a screen stays below reference white there.
    HighRange(HdrTransfer),
}

/// Everything that is the same for all pixels of one frame; `None` where a step would change
/// nothing.
struct GradeChain<'a> {
    grade: &'a Grade,
    tone: ToneStep,
    size: PixelSize,
    factor: [f32; 3],
    curves: Option<[Vec<f32>; 3]>,
    split: Option<[[f32; 3]; 2]>,
    glow: Option<BloomImage>,
    seed: u32,
}

/// Returns the graded picture; `name` is the frame's name, which seeds its grain.
#[must_use]
pub fn grade_image(grade: &Grade, tone: ToneStep, light: LinearImage, name: &str) -> DisplayImage {
    let chain = GradeChain::new(grade, tone, &light, name);
    let width = light.size.width as usize;
    let mut pixels = vec![[0u16; 3]; light.pixels.len()];
    pixels
        .par_chunks_mut(width)
        .zip(light.pixels.par_chunks(width))
        .enumerate()
        .for_each(|(y, (new, old))| {
            // The glow is interpolated down once for a row, so that each pixel only interpolates
            // across.
            let glow = chain.glow.as_ref().map(|glow| (glow, glow.bloom_row(y)));
            for (x, (shown, light)) in new.iter_mut().zip(old).enumerate() {
                let glow = glow
                    .as_ref()
                    .map_or([0.0; 3], |(glow, line)| glow.bloom_pixel(line, x));
                *shown = chain.grade_pixel(*light, glow, x, y).map(tone::to_16_bits);
            }
        });
    DisplayImage {
        size: light.size,
        pixels,
    }
}

impl<'a> GradeChain<'a> {
    fn new(grade: &'a Grade, tone: ToneStep, light: &LinearImage, name: &str) -> Self {
        let factor = light_factor(grade);
        let glow = (grade.bloom > 0.0).then(|| bloom::blur_highlights(light, factor));
        // Grain is a hash of place and frame name (FNV-1a of the name). The same frame has the same
        // grain on every machine, and no two frames of a shot share it. A random generator would
        // give a frame new grain whenever its chunk is made again.
        let seed = name.bytes().fold(0x811c_9dc5, |hash: u32, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        Self {
            grade,
            tone,
            size: light.size,
            factor,
            curves: channel_curves(grade),
            split: split_tones(grade),
            glow,
            seed,
        }
    }

    fn grade_pixel(&self, light: [f32; 3], glow: [f32; 3], x: usize, y: usize) -> [f32; 3] {
        // Glow is added to light, before the tone curve, as a lens does. Added to display values it
        // would burn out to flat white.
        let light = [0, 1, 2].map(|i| light[i] * self.factor[i] + glow[i] * self.grade.bloom * 0.5);
        let mut rgb = match self.tone {
            ToneStep::Film => tone::filmic_tonemap(light),
            // NaN becomes black, as in the tone curve.
            ToneStep::Encode => light.map(|value| tone::linear_to_srgb(value.max(0.0)).min(1.0)),
            ToneStep::HighRange(_) => hdr_tone::highlight_values(light),
        };
        if let Some(curves) = &self.curves {
            // Highlights above white, which only high dynamic range has, go on with the gain.
            rgb = [0, 1, 2].map(|i| {
                interpolate_curve(&curves[i], rgb[i]) + (rgb[i] - 1.0).max(0.0) * self.grade.gain[i]
            });
        }
        if let Some(split) = &self.split {
            rgb = apply_split_tones(rgb, split);
        }
        // Saturation follows the split tones, so that `saturation: 0` is a grey picture with every
        // split.
        rgb = tone::scale_saturation(rgb, self.grade.saturation);
        // Grain is last: it belongs to the film, so the vignette must not darken it.
        if self.grade.vignette > 0.0 {
            let shade = spare_highlights(self.vignette_factor(x, y), rgb);
            rgb = rgb.map(|value| value * shade);
        }
        if self.grade.grain > 0.0 {
            rgb = self.add_grain(rgb, x, y);
        }
        match self.tone {
            ToneStep::Film | ToneStep::Encode => rgb,
            ToneStep::HighRange(transfer) => hdr_tone::encode_values(transfer, rgb),
        }
    }

    /// Returns the factor of the vignette: 1 in the middle, least in the corners.
    #[expect(clippy::cast_precision_loss, reason = "picture sides")]
    fn vignette_factor(&self, x: usize, y: usize) -> f32 {
        // Distances are measured in shares of each side, so the vignette fits the frame at every
        // aspect.
        let off = |position: usize, side: u32| (position as f32 + 0.5) / side as f32 * 2.0 - 1.0;
        let u = off(x, self.size.width);
        let v = off(y, self.size.height);
        let t = ((u * u + v * v) * 0.5 - 0.08).clamp(0.0, 1.0);
        1.0 - self.grade.vignette * 0.85 * t * (2.0 - t)
    }

    /// Adds monochrome noise, strongest in the midtones.
    fn add_grain(&self, rgb: [f32; 3], x: usize, y: usize) -> [f32; 3] {
        let grey = tone::luma(rgb).clamp(0.0, 1.0);
        // Two neighbours soften the noise a little, so that it reads as grain.
        let noise = 0.6 * self.grain_noise(x, y)
            + 0.3 * (self.grain_noise(x + 1, y) + self.grain_noise(x, y + 1));
        let amount =
            noise * self.grade.grain * GRAIN_AMPLITUDE * (0.25 + 3.0 * grey * (1.0 - grey));
        rgb.map(|value| value + amount)
    }

    /// Returns noise from -1 to 1 with a triangular distribution.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a hash keeps no meaning"
    )]
    fn grain_noise(&self, x: usize, y: usize) -> f32 {
        let mut hash =
            self.seed ^ (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
        // The sum of the two halves of a well-mixed hash is triangular. It needs no second hash.
        hash = (hash ^ (hash >> 16)).wrapping_mul(0x7feb_352d);
        hash = (hash ^ (hash >> 15)).wrapping_mul(0x846c_a68b);
        hash ^= hash >> 16;
        ((hash & 0xffff) as f32 + (hash >> 16) as f32) / 65535.0 - 1.0
    }
}

fn spare_highlights(shade: f32, rgb: [f32; 3]) -> f32 {
    // A vignette darkens the light before the film, so a lamp in the corner still burns out. On
    // display values that must be imitated: what is nearly white is spared.
    let grey = tone::luma(rgb).clamp(0.0, 1.0);
    shade + (1.0 - shade) * 0.8 * grey * grey * grey * grey
}

/// Returns exposure and white balance as one factor a channel.
fn light_factor(grade: &Grade) -> [f32; 3] {
    let warm = grade.warmth * 0.4;
    let tint = grade.tint * 0.25;
    let balance = [warm + tint * 0.5, -tint, -warm + tint * 0.5].map(f32::exp2);
    // The balance is divided by its luma. Otherwise a warmer grade would be a brighter one too, and
    // two controls would do one thing.
    let scale = grade.exposure.exp2() / tone::luma(balance);
    balance.map(|value| value * scale)
}

/// Returns a table for each channel, or `None` when they would change nothing.
fn channel_curves(grade: &Grade) -> Option<[Vec<f32>; 3]> {
    let neutral = Grade::default();
    // Without a table a pixel skips three interpolations and keeps its exact value.
    let same = (grade.contrast, grade.lift, grade.gamma, grade.gain)
        == (neutral.contrast, neutral.lift, neutral.gamma, neutral.gain);
    (!same).then(|| [0, 1, 2].map(|channel| channel_curve(grade, channel)))
}

#[expect(clippy::cast_precision_loss, reason = "a table has 1024 steps")]
fn channel_curve(grade: &Grade, channel: usize) -> Vec<f32> {
    let lift = grade.lift[channel];
    let gamma = grade.gamma[channel].max(0.05);
    let gain = grade.gain[channel];
    (0..=CURVE_STEPS)
        .map(|step| {
            let value = apply_contrast(step as f32 / CURVE_STEPS as f32, grade.contrast);
            // Lift raises black and leaves white; gain scales both.
            let lifted = (value + lift * (1.0 - value)) * gain;
            lifted.max(0.0).powf(1.0 / gamma).min(1.0)
        })
        .collect()
}

/// An S-curve through black, middle grey and white. `slope` is its steepness at middle grey.
fn apply_contrast(value: f32, slope: f32) -> f32 {
    // Middle grey is the fixed point, so contrast does not change exposure.
    let grey = tone::DISPLAY_GREY;
    let slope = slope.max(0.0);
    if value < grey {
        grey * (value / grey).powf(slope)
    } else {
        1.0 - (1.0 - grey) * ((1.0 - value) / (1.0 - grey)).powf(slope)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within the table"
)]
fn interpolate_curve(table: &[f32], value: f32) -> f32 {
    let position = value.clamp(0.0, 1.0) * CURVE_STEPS as f32;
    // White is the last entry, and the pair of entries around it begins one before.
    let low = (position as usize).min(CURVE_STEPS - 1);
    table[low] + (table[low + 1] - table[low]) * (position - low as f32)
}

/// Returns the shift of shadows and of highlights, without their luma; `None` if split toning is
/// off.
fn split_tones(grade: &Grade) -> Option<[[f32; 3]; 2]> {
    // The luma is taken out, so that split toning changes hue and not brightness.
    let push = |rgb: [f32; 3]| rgb.map(|value| (value - tone::luma(rgb)) * grade.split);
    (grade.split > 0.0).then(|| [push(grade.shadow_tone), push(grade.highlight_tone)])
}

fn apply_split_tones(rgb: [f32; 3], [shadow, highlight]: &[[f32; 3]; 2]) -> [f32; 3] {
    let grey = tone::luma(rgb).clamp(0.0, 1.0);
    // Both weights are zero at black and at white, which therefore stay neutral.
    let low = 3.0 * grey * (1.0 - grey) * (1.0 - grey);
    let high = 3.0 * grey * grey * (1.0 - grey);
    [0, 1, 2].map(|i| rgb[i] + shadow[i] * low + highlight[i] * high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(grade: &Grade, light: [f32; 3]) -> [u16; 3] {
        grade_image(
            grade,
            ToneStep::Film,
            LinearImage::filled_with(PixelSize::new(9, 9), light),
            "0001",
        )
        .pixels[40]
    }

    fn grade(change: impl FnOnce(&mut Grade)) -> Grade {
        let mut grade = Grade::default();
        change(&mut grade);
        grade
    }

    #[test]
    fn the_neutral_grade_is_the_tone_curve_alone() {
        assert_eq!(
            one(&Grade::default(), [0.3, 0.2, 0.1]),
            tone::filmic_tonemap([0.3, 0.2, 0.1]).map(tone::to_16_bits)
        );
    }

    #[test]
    fn a_picture_for_a_screen_comes_through_the_neutral_grade_unchanged() {
        for value in [0.0, 0.02, 0.25, 0.5, 0.9, 1.0] {
            let light =
                LinearImage::filled_with(PixelSize::new(2, 2), [tone::srgb_to_linear(value); 3]);
            let shown = grade_image(&Grade::default(), ToneStep::Encode, light, "0001");
            let off = shown.pixels[0][0].abs_diff(tone::to_16_bits(value));
            assert!(off < 8, "{value}: {off}");
        }
    }

    #[test]
    fn contrast_leaves_black_grey_and_white_alone() {
        for value in [0.0, tone::DISPLAY_GREY, 1.0] {
            assert!((apply_contrast(value, 1.6) - value).abs() < 1e-6);
        }
        assert!(apply_contrast(0.2, 1.6) < 0.2 && apply_contrast(0.8, 1.6) > 0.8);
        assert!(apply_contrast(0.2, 0.7) > 0.2 && apply_contrast(0.8, 0.7) < 0.8);
    }

    #[test]
    fn warmth_makes_grey_redder_and_keeps_its_luma() {
        let [red, _, blue] = one(&grade(|g| g.warmth = 1.0), [0.18; 3]);
        assert!(red > blue + 3000);
        assert!((tone::luma(light_factor(&grade(|g| g.warmth = 1.0))) - 1.0).abs() < 1e-5);
    }

    #[test]
    fn saturation_zero_is_grey() {
        let [red, green, blue] = one(&grade(|g| g.saturation = 0.0), [0.5, 0.1, 0.02]);
        assert!(red.abs_diff(green) < 3 && green.abs_diff(blue) < 3);
    }

    #[test]
    fn teal_and_orange_split_the_tones() {
        let look = grade(|g| {
            (g.shadow_tone, g.highlight_tone, g.split) = ([0.0, 0.4, 0.5], [1.0, 0.6, 0.3], 0.5);
        });
        let dark = one(&look, [0.03; 3]);
        let light = one(&look, [0.8; 3]);
        assert!(
            dark[2] > dark[0] && light[0] > light[2],
            "{dark:?} {light:?}"
        );
        assert_eq!(one(&look, [0.0; 3]), [0; 3]);
    }

    #[test]
    fn a_vignette_darkens_the_corners_and_not_the_middle() {
        let out = grade_image(
            &grade(|g| g.vignette = 0.5),
            ToneStep::Film,
            LinearImage::filled_with(PixelSize::new(33, 33), [0.18; 3]),
            "1",
        );
        assert!(out.pixels[0][0] < out.pixels[16 * 33 + 16][0] / 5 * 4);
        assert_eq!(out.pixels[16 * 33 + 16], one(&Grade::default(), [0.18; 3]));
    }

    #[test]
    fn grain_is_the_same_for_a_frame_and_different_for_the_next() {
        let look = grade(|g| g.grain = 0.5);
        let frame = |name: &str| {
            grade_image(
                &look,
                ToneStep::Film,
                LinearImage::filled_with(PixelSize::new(64, 64), [0.18; 3]),
                name,
            )
        };
        assert_eq!(frame("0001"), frame("0001"));
        assert_ne!(frame("0001"), frame("0002"));
        let values: Vec<f64> = frame("0001")
            .pixels
            .iter()
            .map(|p| f64::from(p[0]))
            .collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let plain = f64::from(one(&Grade::default(), [0.18; 3])[0]);
        assert!((mean - plain).abs() < 200.0, "{mean} {plain}");
    }

    #[test]
    fn strange_light_stays_on_screen() {
        let look = grade(|g| (g.bloom, g.grain, g.exposure) = (1.0, 1.0, 3.0));
        for light in [[f32::NAN; 3], [f32::INFINITY; 3], [-5.0; 3], [65504.0; 3]] {
            let _ = one(&look, light);
        }
        assert_eq!(one(&grade(|g| g.bloom = 1.0), [f32::NAN; 3]), [0; 3]);
    }
}
