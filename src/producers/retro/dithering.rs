//! Dithers: how colours between two palette entries are suggested.
//!
//! Values are 8-bit levels in sixteenths, as integers, so that results are the same on every
//! machine. Error diffusion runs left to right and back in turn, which avoids the worm patterns of
//! one direction.

use super::colour_table::ColourTable;
use super::ramp;
use crate::model::retro_treatment::DitherMethod;

/// The brightest value: level 255 in sixteenths.
const WHITE: i32 = 255 * 16;
/// Strength 1 in fixed point.
const FULL_STRENGTH: i32 = 1 << STRENGTH_BITS;
const STRENGTH_BITS: u32 = 8;
/// How far a diffusion kernel reaches to either side.
const KERNEL_REACH: usize = 2;

/// Where error goes: pixels ahead, rows down, share in sixteenths.
type DiffusionKernel<const N: usize> = [(isize, usize, i32); N];

/// Floyd and Steinberg, 1976.
const FLOYD_STEINBERG: DiffusionKernel<4> = [(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)];
/// Atkinson: drops a quarter of the error, which keeps blacks and whites clean.
const ATKINSON: DiffusionKernel<6> = [
    (1, 0, 2),
    (2, 0, 2),
    (-1, 1, 2),
    (0, 1, 2),
    (1, 1, 2),
    (0, 2, 2),
];

/// A palette ready for dithering.
pub(super) struct DitherPalette {
    pub(super) palette: Vec<[u8; 3]>,
    lookup: ColourTable,
    /// Typical step between neighbouring entries, in sixteenths a channel.
    step: i32,
    /// For a palette of shades of one colour: what each luma becomes before dithering.
    shades: Option<Vec<[u16; 3]>>,
}

impl DitherPalette {
    pub(super) fn from_palette(palette: Vec<[u8; 3]>) -> Self {
        let lookup = ColourTable::from_palette(&palette);
        let step = typical_step(&palette);
        let shades = ramp::ramp_shades(&palette);
        Self {
            palette,
            lookup,
            step,
            shades,
        }
    }

    /// Returns a palette index for each pixel.
    pub(super) fn dither_image(
        &self,
        pixels: &[[u16; 3]],
        width: usize,
        dither: DitherMethod,
        strength: f32,
    ) -> Vec<u8> {
        #[expect(clippy::cast_possible_truncation, reason = "clamped to 0..=256")]
        let strength = (strength.clamp(0.0, 1.0) * 256.0).round() as i32;
        // Shades of one colour need their brightness mapped first: see `ramp`.
        let toned = self
            .shades
            .as_ref()
            .map(|shades| ramp::apply_ramp(shades, pixels));
        let pixels = toned.as_deref().unwrap_or(pixels);
        match dither {
            DitherMethod::None => pixels
                .iter()
                .map(|pixel| self.lookup.nearest_index(pixel.map(to_sixteenths)))
                .collect(),
            DitherMethod::Ordered => self.dither_ordered(pixels, width, strength),
            DitherMethod::ErrorDiffusion => {
                self.diffuse_error(&FLOYD_STEINBERG, pixels, width, strength)
            }
            DitherMethod::Atkinson => self.diffuse_error(&ATKINSON, pixels, width, strength),
        }
    }

    fn dither_ordered(&self, pixels: &[[u16; 3]], width: usize, strength: i32) -> Vec<u8> {
        // The threshold spans the typical step between entries. With a fixed span, a palette of few
        // colours would show bands and one of many would show noise.
        let thresholds = bayer_thresholds()
            .map(|row| row.map(|threshold| threshold * self.step / 128 * strength / FULL_STRENGTH));
        let mut indices = vec![0u8; pixels.len()];
        for (y, (line, out)) in pixels
            .chunks(width)
            .zip(indices.chunks_mut(width))
            .enumerate()
        {
            let row = thresholds[y % 8];
            for (x, (index, pixel)) in out.iter_mut().zip(line).enumerate() {
                let moved = pixel.map(|value| (to_sixteenths(value) + row[x % 8]).clamp(0, WHITE));
                *index = self.lookup.nearest_index(moved);
            }
        }
        indices
    }

    /// Finds the entry of each pixel and spreads its error to the pixels around.
    fn diffuse_error<const N: usize>(
        &self,
        kernel: &DiffusionKernel<N>,
        pixels: &[[u16; 3]],
        width: usize,
        strength: i32,
    ) -> Vec<u8> {
        let mut indices = vec![0u8; pixels.len()];
        // The kernels reach two rows down, so three rows of error are enough; they rotate after
        // each line. The margin at both ends takes the error that leaves the picture, so the inner
        // loop needs no test.
        let mut errors = [(); 3].map(|()| vec![[0i32; 3]; width + 2 * KERNEL_REACH]);
        for (y, (line, out)) in pixels
            .chunks(width)
            .zip(indices.chunks_mut(width))
            .enumerate()
        {
            let back = y % 2 == 1;
            for step in 0..width {
                let x = if back { width - 1 - step } else { step };
                let carried_error = errors[0][x + KERNEL_REACH];
                // The sum is clamped. Without that, error builds up in areas that the palette
                // cannot reach and streaks into the next shape.
                let wanted = [0, 1, 2]
                    .map(|i| (to_sixteenths(line[x][i]) + carried_error[i]).clamp(0, WHITE));
                let index = self.lookup.nearest_index(wanted);
                out[x] = index;
                let entry = self.palette[usize::from(index)];
                let error = [0, 1, 2]
                    .map(|i| ((wanted[i] - i32::from(entry[i]) * 16) * strength) >> STRENGTH_BITS);
                // On the way back the kernel is mirrored, or error would go to pixels that are
                // already done.
                for (ahead, down, share) in kernel {
                    let position =
                        (x + KERNEL_REACH).wrapping_add_signed(if back { -ahead } else { *ahead });
                    (0..3).for_each(|i| errors[*down][position][i] += (error[i] * share) >> 4);
                }
            }
            // The used row becomes the last one, so it must be empty again.
            errors[0].fill([0; 3]);
            errors.rotate_left(1);
        }
        indices
    }
}

fn to_sixteenths(value: u16) -> i32 {
    (i32::from(value) * 255 + 2048) / 4096
}

/// Returns the 8x8 Bayer matrix as thresholds from -63 to 63, in steps of 2.
fn bayer_thresholds() -> [[i32; 8]; 8] {
    // The matrix is built from the bits of its coordinates, by its recursive definition. A table of
    // 64 numbers could have a slip that nobody sees.
    let value = |x: usize, y: usize| {
        (0..3).fold(0, |value, bit| {
            let x = x >> bit & 1;
            let y = y >> bit & 1;
            value | ((x ^ y) << 1 | y) << (2 * (2 - bit))
        })
    };
    let threshold = |x, y| i32::try_from(value(x, y)).unwrap_or(0) * 2 - 63;
    std::array::from_fn(|y| std::array::from_fn(|x| threshold(x, y)))
}

/// Returns the mean distance of entries to their nearest neighbour, in sixteenths in each channel
/// of a step of grey.
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most the diagonal of the colour cube"
)]
fn typical_step(palette: &[[u8; 3]]) -> i32 {
    let distance = |a: &[u8; 3], b: &[u8; 3]| {
        (0..3)
            .map(|i| f64::from(a[i].abs_diff(b[i])).powi(2))
            .sum::<f64>()
            .sqrt()
    };
    let nearest = |(index, a): (usize, &[u8; 3])| {
        let others = palette
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index);
        others.map(|(_, b)| distance(a, b)).fold(f64::MAX, f64::min)
    };
    // A single colour has no step, and its nearest neighbour would be infinitely far away.
    if palette.len() < 2 {
        return 0;
    }
    let count = f64::from(u32::try_from(palette.len()).unwrap_or(u32::MAX));
    let mean = palette.iter().enumerate().map(nearest).sum::<f64>() / count;
    (mean / 3f64.sqrt() * 16.0).round() as i32
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    fn grey_levels() -> DitherPalette {
        DitherPalette::from_palette(vec![[0; 3], [85; 3], [170; 3], [255; 3]])
    }

    #[test]
    fn the_bayer_matrix_holds_each_threshold_once() {
        let mut all: Vec<i32> = bayer_thresholds().into_iter().flatten().collect();
        all.sort_unstable();
        assert_eq!(all, (0..64).map(|i| i * 2 - 63).collect::<Vec<_>>());
    }

    #[test]
    fn dithers_keep_the_average_of_a_flat_grey() {
        let inks = grey_levels();
        for level in [20u16, 60, 120, 128, 200, 240] {
            let pixels = vec![[level * 257; 3]; 64 * 64];
            for dither in [DitherMethod::Ordered, DitherMethod::ErrorDiffusion] {
                let indices = inks.dither_image(&pixels, 64, dither, 1.0);
                let sum: u32 = indices
                    .iter()
                    .map(|index| u32::from(inks.palette[usize::from(*index)][0]))
                    .sum();
                let mean = f64::from(sum) / 4096.0;
                assert!(
                    (mean - f64::from(level)).abs() < 3.0,
                    "{dither:?} {level} became {mean}"
                );
            }
        }
    }

    #[test]
    fn a_palette_colour_stays_itself_in_every_dither() {
        let inks = grey_levels();
        let pixels = vec![[170 * 257; 3]; 256];
        for dither in [
            DitherMethod::None,
            DitherMethod::Ordered,
            DitherMethod::ErrorDiffusion,
            DitherMethod::Atkinson,
        ] {
            assert!(
                inks.dither_image(&pixels, 16, dither, 1.0)
                    .iter()
                    .all(|index| *index == 2),
                "{dither:?}"
            );
        }
    }

    #[test]
    fn strength_zero_is_no_dither() {
        let inks = grey_levels();
        let pixels: Vec<[u16; 3]> = (0..4096u32).map(|i| [(i * 16) as u16; 3]).collect();
        let plain = inks.dither_image(&pixels, 64, DitherMethod::None, 1.0);
        for dither in [
            DitherMethod::Ordered,
            DitherMethod::ErrorDiffusion,
            DitherMethod::Atkinson,
        ] {
            assert_eq!(
                inks.dither_image(&pixels, 64, dither, 0.0),
                plain,
                "{dither:?}"
            );
        }
    }

    #[test]
    fn a_ramp_uses_neighbouring_levels_only() {
        let inks = grey_levels();
        let pixels: Vec<[u16; 3]> = (0..256u16 * 32).map(|i| [i % 256 * 257; 3]).collect();
        let indices = inks.dither_image(&pixels, 256, DitherMethod::Ordered, 1.0);
        for (index, pixel) in indices.iter().zip(&pixels) {
            let off = i32::from(inks.palette[usize::from(*index)][0]) - i32::from(pixel[0] / 257);
            assert!(off.abs() <= 85, "{off}");
        }
    }
}
