//! From light to screen: the filmic tone curve, and the sRGB transfer function.
//!
//! The curve is AgX by Troy Sobotka in the polynomial form of Benjamin Wrensch ("Minimal AgX Implementation", 2023, MIT):
//! an inset matrix that lets bright saturated colours run to white, a sigmoid over 16.5 stops of log2 light, and the matrix
//! back. Its result is already encoded for a screen of gamma 2.2, as sRGB pictures and BT.709 video are shown, so nothing
//! is encoded again. Two constants of ours follow: a power that puts middle grey where sRGB has it, and some colour back.

use super::picture::{Picture, Shown};
use rayon::prelude::*;
use std::sync::OnceLock;

/// Scene-linear middle grey.
pub const MIDDLE_GREY: f32 = 0.18;

/// Middle grey as this module shows it: sRGB-encoded 0.18.
pub const SHOWN_GREY: f32 = 0.461;

const INSET: [[f32; 3]; 3] = [
    [0.842_479_1, 0.078_433_6, 0.079_223_745],
    [0.042_328_24, 0.878_468_6, 0.079_166_13],
    [0.042_375_654, 0.078_433_6, 0.879_143],
];
const OUTSET: [[f32; 3]; 3] = [
    [1.196_879, -0.098_020_88, -0.099_029_74],
    [-0.052_896_85, 1.151_903_1, -0.098_961_18],
    [-0.052_971_635, -0.098_043_45, 1.151_073_7],
];
/// Stops that the curve spans, around linear 1.
const STOPS: (f32, f32) = (-12.473_93, 4.026_069);
/// The polynomial's value at the last stop; dividing by it makes white white.
const WHITE: f32 = 0.998_48;
/// Moves middle grey from the curve's 0.488 to [`SHOWN_GREY`].
const PRINT: f32 = 1.08;
/// AgX is pale by design; this is the colour of a normal print.
const COLOUR: f32 = 1.15;
/// BT.709 luma weights.
const LUMA: [f32; 3] = [0.2126, 0.7152, 0.0722];

/// Returns display RGB in 0..=1, gamma encoded, for scene-linear RGB; NaN and negative light count as black.
#[must_use]
pub fn filmic(linear: [f32; 3]) -> [f32; 3] {
    let curve = Curve::shared();
    let inset = transform(&INSET, linear.map(|value| value.max(0.0)));
    let curved = inset.map(|value| curve.at(value));
    saturate(transform(&OUTSET, curved), COLOUR).map(|value| value.clamp(0.0, 1.0))
}

/// Returns luma (not luminance) of gamma-encoded RGB, BT.709 weights.
#[must_use]
pub fn luma(rgb: [f32; 3]) -> f32 {
    rgb[0] * LUMA[0] + rgb[1] * LUMA[1] + rgb[2] * LUMA[2]
}

/// Moves a colour away from its own grey by `amount`: 0 is grey, 1 the same colour.
#[must_use]
pub fn saturate(rgb: [f32; 3], amount: f32) -> [f32; 3] {
    let grey = luma(rgb);
    rgb.map(|value| grey + (value - grey) * amount)
}

/// Shows a picture through [`filmic`], after `exposure` stops.
#[must_use]
pub fn develop(picture: &Picture, exposure: f32) -> Shown {
    let factor = exposure.exp2();
    let show = |pixel: &[f32; 3]| filmic(pixel.map(|value| value * factor)).map(to_16_bits);
    Shown {
        size: picture.size,
        pixels: picture.pixels.par_iter().map(show).collect(),
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

fn transform(matrix: &[[f32; 3]; 3], [x, y, z]: [f32; 3]) -> [f32; 3] {
    matrix.map(|row| row[0] * x + row[1] * y + row[2] * z)
}

/// Octaves of the curve's table, from 2^-13 to 2^5, and steps in each.
const OCTAVES: (u32, u32) = (114, 132);
const STEP_BITS: u32 = 8;

/// The curve and the print power by table: straight lines between 256 points an octave, indexed by the bits of the float,
/// which are a logarithm already. Ten times faster than the polynomial, and within 2e-5 of it.
struct Curve {
    points: Vec<f32>,
}

impl Curve {
    fn shared() -> &'static Self {
        static CURVE: OnceLock<Curve> = OnceLock::new();
        CURVE.get_or_init(|| {
            let bits = (OCTAVES.0 << STEP_BITS)..=(OCTAVES.1 << STEP_BITS);
            let point = |bits: u32| sigmoid(f32::from_bits(bits << (23 - STEP_BITS))).powf(PRINT);
            Self {
                points: bits.map(point).collect(),
            }
        })
    }

    /// Returns the curve at `value`; negative light and NaN are black.
    fn at(&self, value: f32) -> f32 {
        let (low, high) = (
            f32::from_bits(OCTAVES.0 << 23),
            f32::from_bits((OCTAVES.1 << 23) - 1),
        );
        // Not `clamp`, which keeps NaN.
        let bits = value.max(low).min(high).to_bits() - (OCTAVES.0 << 23);
        let (step, rest) = (
            bits >> (23 - STEP_BITS),
            bits & ((1 << (23 - STEP_BITS)) - 1),
        );
        #[expect(clippy::cast_precision_loss, reason = "15 bits fit")]
        let part = rest as f32 / (1 << (23 - STEP_BITS)) as f32;
        let [from, to] = [self.points[step as usize], self.points[step as usize + 1]];
        from + (to - from) * part
    }
}

/// The AgX default contrast, a sixth-order fit with a mean squared error of 3.7e-6.
fn sigmoid(linear: f32) -> f32 {
    let x = (linear.log2().clamp(STOPS.0, STOPS.1) - STOPS.0) / (STOPS.1 - STOPS.0);
    let curve =
        (((((15.5 * x - 40.14) * x + 31.96) * x - 6.868) * x + 0.4298) * x + 0.1191) * x - 0.002_32;
    (curve / WHITE).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PixelSize;

    #[test]
    fn middle_grey_is_shown_as_middle_grey() {
        let shown = filmic([MIDDLE_GREY; 3]);
        assert!(
            shown.iter().all(|value| (value - SHOWN_GREY).abs() < 0.012),
            "{shown:?}"
        );
    }

    #[test]
    fn black_stays_black_and_strong_light_is_white() {
        assert!(filmic([0.0; 3]).iter().all(|value| *value < 1e-3));
        assert!(
            filmic([f32::NAN, -1.0, f32::NAN])
                .iter()
                .all(|value| *value < 1e-3)
        );
        assert!(filmic([40.0; 3]).iter().all(|value| *value > 0.99));
        assert!(
            filmic([f32::INFINITY; 3])
                .iter()
                .all(|value| (0.0..=1.0).contains(value))
        );
    }

    #[test]
    fn the_curve_never_falls() {
        let shades: Vec<f32> = (0..4000)
            .map(|i| filmic([2f32.powf(i as f32 / 200.0 - 14.0); 3])[1])
            .collect();
        assert!(shades.windows(2).all(|pair| pair[1] >= pair[0] - 2e-4));
    }

    #[test]
    fn a_very_bright_red_runs_to_white_instead_of_clipping() {
        let [red, green, blue] = filmic([60.0, 0.5, 0.5]);
        assert!(
            red > 0.95 && green > 0.5 && blue > 0.5,
            "{red} {green} {blue}"
        );
    }

    #[test]
    fn the_table_is_close_to_the_curve_itself() {
        for i in 0..20_000 {
            let value = 2f32.powf(i as f32 * 0.0009 - 13.0);
            let off = (Curve::shared().at(value) - sigmoid(value).powf(PRINT)).abs();
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
        let picture = Picture::filled(PixelSize::new(1, 1), [MIDDLE_GREY; 3]);
        assert!(develop(&picture, 1.0).pixels[0][0] > develop(&picture, 0.0).pixels[0][0]);
    }
}
