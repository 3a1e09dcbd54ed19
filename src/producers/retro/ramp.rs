//! Palettes that are shades of one colour, such as a green handheld or a black and white screen.
//!
//! No picture has their hue. A search for the nearest colour would be led by the hue that is
//! missing, and error diffusion would carry that error across the whole picture. So pictures are
//! first mapped to the ramp by their brightness: black becomes the darkest shade, white the
//! lightest. Palettes with several hues are left alone.

use crate::media::tone;

/// How far an entry may be from the line between darkest and lightest, in 8-bit levels.
const MAX_LINE_DISTANCE: f32 = 45.0;
/// Steps of brightness in the table of shades.
const BRIGHTNESS_STEPS: usize = 1024;

/// Returns the shade of each brightness, or `None` when the palette is not a ramp.
pub(super) fn ramp_shades(palette: &[[u8; 3]]) -> Option<Vec<[u16; 3]>> {
    let mut ramp: Vec<[f32; 3]> = palette.iter().map(|rgb| rgb.map(f32::from)).collect();
    ramp.sort_by(|a, b| tone::luma(*a).total_cmp(&tone::luma(*b)));
    let first = *ramp.first()?;
    let last = *ramp.last()?;
    // A palette of one colour, or of colours of one brightness, has no direction to map brightness
    // to.
    let span = tone::luma(last) - tone::luma(first);
    let straight = ramp
        .iter()
        .all(|rgb| line_distance(first, last, *rgb) <= MAX_LINE_DISTANCE);
    (span > 1.0 && straight).then(|| {
        (0..=BRIGHTNESS_STEPS)
            .map(|step| ramp_shade(&ramp, step))
            .collect()
    })
}

/// Maps pixels to the ramp.
pub(super) fn apply_ramp(shades: &[[u16; 3]], pixels: &[[u16; 3]]) -> Vec<[u16; 3]> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "luma of 16-bit values"
    )]
    let step = |pixel: &[u16; 3]| {
        (tone::luma(pixel.map(f32::from)) / 65535.0 * BRIGHTNESS_STEPS as f32 + 0.5) as usize
    };
    pixels
        .iter()
        .map(|pixel| shades[step(pixel).min(BRIGHTNESS_STEPS)])
        .collect()
}

fn line_distance(from: [f32; 3], to: [f32; 3], rgb: [f32; 3]) -> f32 {
    let along = [0, 1, 2].map(|i| to[i] - from[i]);
    let out = [0, 1, 2].map(|i| rgb[i] - from[i]);
    let dot = |a: [f32; 3], b: [f32; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let t = dot(out, along) / dot(along, along).max(1e-6);
    let off = [0, 1, 2].map(|i| out[i] - along[i] * t);
    dot(off, off).sqrt()
}

/// Returns the shade of brightness `step`.
fn ramp_shade(ramp: &[[f32; 3]], step: usize) -> [u16; 3] {
    // Shades get equal shares of the brightness, however close two of them look. The two lightest
    // greens of a handheld are nearly alike; by their brightness one of them would hardly be used,
    // and the picture would be flat.
    let most = ramp.len() - 1;
    let low = (step * most / BRIGHTNESS_STEPS).min(most - 1);
    #[expect(clippy::cast_precision_loss, reason = "1024 steps of 256 shades")]
    let t = (step * most - low * BRIGHTNESS_STEPS) as f32 / BRIGHTNESS_STEPS as f32;
    [0, 1, 2]
        .map(|i| tone::to_16_bits((ramp[low][i] + (ramp[low + 1][i] - ramp[low][i]) * t) / 255.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_green_handheld_is_a_ramp_and_cga_is_not() {
        assert!(
            ramp_shades(&[[15, 56, 15], [48, 98, 48], [139, 172, 15], [155, 188, 15]]).is_some()
        );
        assert!(
            ramp_shades(&[[0, 0, 0], [85, 255, 255], [255, 85, 255], [255, 255, 255]]).is_none()
        );
        assert!(ramp_shades(&[[7; 3]]).is_none());
    }

    #[test]
    fn black_becomes_the_darkest_shade_and_white_the_lightest() {
        let shades =
            ramp_shades(&[[155, 188, 15], [15, 56, 15], [48, 98, 48], [139, 172, 15]]).unwrap();
        let ends = apply_ramp(&shades, &[[0; 3], [65535; 3]])
            .into_iter()
            .map(|p| p.map(|v| v / 257));
        assert_eq!(ends.collect::<Vec<_>>(), [[15, 56, 15], [155, 188, 15]]);
    }
}
