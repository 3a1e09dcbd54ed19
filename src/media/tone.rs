//! From light to display: the filmic tone curve, and the sRGB transfer function.
//!
//! The curve is AgX by Troy Sobotka in the polynomial form of Benjamin Wrensch ("Minimal AgX
//! Implementation", 2023, MIT): an inset matrix that lets bright saturated colours run to white, a
//! sigmoid over 16.5 stops of log2 light, and the matrix back. Its result is already encoded for a
//! screen of gamma 2.2, as sRGB pictures and BT.709 video are shown, so nothing is encoded again.
//! Two constants of ours follow: a power that puts middle grey where sRGB has it, and some colour
//! back.

use super::image_types::{DisplayImage, LinearImage};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Middle grey in scene-linear light.
pub const MIDDLE_GREY: f32 = 0.18;

/// Middle grey after the tone curve: sRGB-encoded 0.18.
pub const DISPLAY_GREY: f32 = 0.461;

const AGX_INSET: [[f32; 3]; 3] = [
    [0.842_479_1, 0.078_433_6, 0.079_223_745],
    [0.042_328_24, 0.878_468_6, 0.079_166_13],
    [0.042_375_654, 0.078_433_6, 0.879_143],
];
const AGX_OUTSET: [[f32; 3]; 3] = [
    [1.196_879, -0.098_020_88, -0.099_029_74],
    [-0.052_896_85, 1.151_903_1, -0.098_961_18],
    [-0.052_971_635, -0.098_043_45, 1.151_073_7],
];
/// Stops that the curve spans, around linear 1.
// The range of Sobotka's AgX. The polynomial was fitted to it, so neither changes alone.
const CURVE_STOPS: (f32, f32) = (-12.473_93, 4.026_069);
/// The polynomial's value at the last stop; dividing by it makes white white.
const CURVE_WHITE: f32 = 0.998_48;
/// Moves middle grey from the curve's 0.488 to [`DISPLAY_GREY`].
const PRINT_POWER: f32 = 1.08;
/// Factor on saturation after the curve.
// AgX is pale by design and expects a look on top. This one is that of a normal print.
const PRINT_SATURATION: f32 = 1.15;
/// BT.709 luma weights.
const LUMA_WEIGHTS: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Returns gamma-encoded display RGB in 0..=1 for scene-linear RGB. NaN and negative light are
/// black.
#[must_use]
pub fn filmic_tonemap(linear: [f32; 3]) -> [f32; 3] {
    let curve = ToneCurve::shared_table();
    // The matrix mixes channels before the curve. Bright saturated colours then run to white and do
    // not stop at a pure primary.
    let inset = apply_matrix(&AGX_INSET, linear.map(|value| value.max(0.0)));
    let curved = inset.map(|value| curve.interpolate(value));
    scale_saturation(apply_matrix(&AGX_OUTSET, curved), PRINT_SATURATION)
        .map(|value| value.clamp(0.0, 1.0))
}

/// Returns luma (not luminance) of gamma-encoded RGB, with the weights of BT.709.
#[must_use]
pub fn luma(rgb: [f32; 3]) -> f32 {
    rgb[0] * LUMA_WEIGHTS[0] + rgb[1] * LUMA_WEIGHTS[1] + rgb[2] * LUMA_WEIGHTS[2]
}

/// Scales the distance of a colour from its grey by `amount`: 0 is grey, 1 no change.
#[must_use]
pub fn scale_saturation(rgb: [f32; 3], amount: f32) -> [f32; 3] {
    let grey = luma(rgb);
    rgb.map(|value| grey + (value - grey) * amount)
}

/// Applies [`filmic_tonemap`] to a picture after `exposure` stops.
#[must_use]
pub fn tonemap_image(picture: &LinearImage, exposure: f32) -> DisplayImage {
    let factor = exposure.exp2();
    DisplayImage {
        size: picture.size,
        pixels: picture
            .pixels
            .par_iter()
            .map(|pixel| filmic_tonemap(pixel.map(|value| value * factor)).map(to_16_bits))
            .collect(),
    }
}

/// Returns the light of a picture as sRGB values.
#[must_use]
pub fn encode_srgb(light: &LinearImage) -> DisplayImage {
    let encode = |pixel: &[f32; 3]| pixel.map(|value| to_16_bits(linear_to_srgb(value)));
    DisplayImage {
        size: light.size,
        pixels: light.pixels.iter().map(encode).collect(),
    }
}

/// Returns a display value in 0..=1 as 16 bits.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..=65535; NaN becomes 0"
)]
pub fn to_16_bits(value: f32) -> u16 {
    // Rounded: truncation would darken every pixel by half a step.
    (value.clamp(0.0, 1.0) * 65535.0 + 0.5) as u16
}

/// Decodes an sRGB value (IEC 61966-2-1).
#[must_use]
pub fn srgb_to_linear(value: f32) -> f32 {
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

/// Encodes linear light as sRGB (IEC 61966-2-1).
#[must_use]
pub fn linear_to_srgb(value: f32) -> f32 {
    if value <= 0.003_130_8 {
        value * 12.92
    } else {
        1.055 * value.powf(1.0 / 2.4) - 0.055
    }
}

fn apply_matrix(matrix: &[[f32; 3]; 3], [x, y, z]: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row[0] * x + row[1] * y + row[2] * z)
}

/// Exponents of the first and last octave of the table: 2^-13 to 2^5, with the bias of a float.
// `CURVE_STOPS` is within these, so values outside the table are black or white.
const TABLE_OCTAVES: (u32, u32) = (114, 132);
const STEP_BITS: u32 = 8;

/// The curve with the print power as a table: straight lines between 256 points an octave.
struct ToneCurve {
    // Indexed by the bits of a float, which are a logarithm already. Ten times faster than the
    // polynomial, and within 2e-5 of it.
    points: Vec<f32>,
}

impl ToneCurve {
    fn shared_table() -> &'static Self {
        static CURVE: OnceLock<ToneCurve> = OnceLock::new();
        CURVE.get_or_init(|| {
            let bits = (TABLE_OCTAVES.0 << STEP_BITS)..=(TABLE_OCTAVES.1 << STEP_BITS);
            Self {
                points: bits
                    .map(|bits| {
                        agx_sigmoid(f32::from_bits(bits << (23 - STEP_BITS))).powf(PRINT_POWER)
                    })
                    .collect(),
            }
        })
    }

    /// Returns the curve at `value`. Negative light and NaN are black.
    fn interpolate(&self, value: f32) -> f32 {
        let low = f32::from_bits(TABLE_OCTAVES.0 << 23);
        let high = f32::from_bits((TABLE_OCTAVES.1 << 23) - 1);
        // Not `clamp`, which returns NaN for NaN. `max` and `min` return the number.
        let bits = value.max(low).min(high).to_bits() - (TABLE_OCTAVES.0 << 23);
        let step = bits >> (23 - STEP_BITS);
        let rest = bits & ((1 << (23 - STEP_BITS)) - 1);
        #[expect(clippy::cast_precision_loss, reason = "15 bits fit")]
        let part = rest as f32 / (1 << (23 - STEP_BITS)) as f32;
        let [from, to] = [self.points[step as usize], self.points[step as usize + 1]];
        from + (to - from) * part
    }
}

/// The default contrast of AgX: a sixth-order fit with a mean squared error of 3.7e-6.
fn agx_sigmoid(linear: f32) -> f32 {
    let x = (linear.log2().clamp(CURVE_STOPS.0, CURVE_STOPS.1) - CURVE_STOPS.0)
        / (CURVE_STOPS.1 - CURVE_STOPS.0);
    let curve =
        (((((15.5 * x - 40.14) * x + 31.96) * x - 6.868) * x + 0.4298) * x + 0.1191) * x - 0.002_32;
    (curve / CURVE_WHITE).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PixelSize;

    #[test]
    fn middle_grey_is_shown_as_middle_grey() {
        let shown = filmic_tonemap([MIDDLE_GREY; 3]);
        assert!(
            shown
                .iter()
                .all(|value| (value - DISPLAY_GREY).abs() < 0.012),
            "{shown:?}"
        );
    }

    #[test]
    fn black_stays_black_and_strong_light_is_white() {
        assert!(filmic_tonemap([0.0; 3]).iter().all(|value| *value < 1e-3));
        assert!(
            filmic_tonemap([f32::NAN, -1.0, f32::NAN])
                .iter()
                .all(|value| *value < 1e-3)
        );
        assert!(filmic_tonemap([40.0; 3]).iter().all(|value| *value > 0.99));
        assert!(
            filmic_tonemap([f32::INFINITY; 3])
                .iter()
                .all(|value| (0.0..=1.0).contains(value))
        );
    }

    #[test]
    fn the_curve_never_falls() {
        let shades: Vec<f32> = (0..4000)
            .map(|i| filmic_tonemap([2f32.powf(i as f32 / 200.0 - 14.0); 3])[1])
            .collect();
        assert!(shades.windows(2).all(|pair| pair[1] >= pair[0] - 2e-4));
    }

    #[test]
    fn a_very_bright_red_runs_to_white_instead_of_clipping() {
        let [red, green, blue] = filmic_tonemap([60.0, 0.5, 0.5]);
        assert!(
            red > 0.95 && green > 0.5 && blue > 0.5,
            "{red} {green} {blue}"
        );
    }

    #[test]
    fn the_table_is_close_to_the_curve_itself() {
        for i in 0..20_000 {
            let value = 2f32.powf(i as f32 * 0.0009 - 13.0);
            let off = (ToneCurve::shared_table().interpolate(value)
                - agx_sigmoid(value).powf(PRINT_POWER))
            .abs();
            assert!(off < 2e-5, "{value}: {off}");
        }
    }

    #[test]
    fn srgb_decodes_and_encodes() {
        for value in [0.0, 0.02, 0.18, 0.5, 1.0] {
            assert!((linear_to_srgb(srgb_to_linear(value)) - value).abs() < 1e-5);
        }
    }

    #[test]
    fn exposure_brightens() {
        let picture = LinearImage::filled_with(PixelSize::new(1, 1), [MIDDLE_GREY; 3]);
        assert!(
            tonemap_image(&picture, 1.0).pixels[0][0] > tonemap_image(&picture, 0.0).pixels[0][0]
        );
    }
}
