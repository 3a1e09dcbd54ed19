//! Palettes: the colours a console can make, and the best few of them for one shot.
//!
//! A console's colours form a lattice of some bits a channel. All pictures of a shot are counted on
//! that lattice together, so that colours do not change from frame to frame. If there are too many,
//! median cut by variance makes the first guess, a few rounds of k-means improve it, and every
//! colour is snapped back to the lattice. Nothing is random, so the same shot always has the same
//! palette.

use crate::media::picture::DisplayImage;

/// Rounds of k-means; more rounds change nothing that is visible.
const KMEANS_ROUNDS: usize = 6;
/// The most bits a channel: 2^18 colours to count.
const MOST_BITS: u8 = 6;

/// Why there is no palette; the text reads after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaletteError {
    /// A picture file holds at most 256 colours.
    #[error("reduce to {0} colours: an indexed picture has 1 to 256")]
    Colours(usize),
    /// The lattice has no or too many points.
    #[error("reduce to {0} bits a channel: 1 to {MOST_BITS} are possible")]
    Bits(u8),
}

/// Colours of some bits a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColourLattice {
    bits: u8,
}

impl ColourLattice {
    /// Returns the lattice of `bits` a channel, 1 to 6.
    ///
    /// # Errors
    /// Fails on other numbers of bits.
    pub const fn new(bits: u8) -> Result<Self, PaletteError> {
        if bits == 0 || bits > MOST_BITS {
            Err(PaletteError::Bits(bits))
        } else {
            Ok(Self { bits })
        }
    }

    /// Returns whether a display colour is one of the lattice.
    #[must_use]
    pub fn contains_colour(self, rgb: [u8; 3]) -> bool {
        rgb.iter().all(|value| {
            self.expand_level(self.quantise_channel(u16::from(*value) * 257)) == *value
        })
    }

    /// Returns a level as 8 bits by repeating its bits: 5 bits become `(c << 3) | (c >> 2)`, as on
    /// the hardware.
    #[must_use]
    fn expand_level(self, level: u8) -> u8 {
        let bits = u32::from(self.bits);
        let mut value = 0u32;
        let mut bits_left = 8i32;
        while bits_left > 0 {
            bits_left -= bits.cast_signed();
            // The last repetition does not fit in whole and gives its high bits. Repeating bits
            // maps the highest level to 255; a plain shift would leave white grey.
            value |= if bits_left >= 0 {
                u32::from(level) << bits_left
            } else {
                u32::from(level) >> -bits_left
            };
        }
        u8::try_from(value & 0xff).unwrap_or(u8::MAX)
    }

    fn quantise_channel(self, value: u16) -> u8 {
        // Half a step is added so that the division rounds. Truncation would darken every picture
        // by half a level, which shows with 1 or 2 bits.
        let most = (1u32 << self.bits) - 1;
        u8::try_from((u32::from(value) * most + 32767) / 65535).unwrap_or(u8::MAX)
    }

    fn colour_index(self, pixel: [u16; 3]) -> usize {
        // The index is the colour itself, channel after channel, so the histogram needs no map and
        // `colour_at` can undo it.
        pixel.iter().fold(0, |index, value| {
            index << self.bits | usize::from(self.quantise_channel(*value))
        })
    }

    fn colour_at(self, index: usize) -> [u8; 3] {
        let most = (1usize << self.bits) - 1;
        [2, 1, 0].map(|place| {
            self.expand_level(u8::try_from(index >> (place * self.bits) & most).unwrap_or(0))
        })
    }

    fn snap_colour(self, rgb: [f64; 3]) -> [u8; 3] {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a mean of bytes"
        )]
        rgb.map(|value| self.expand_level(self.quantise_channel((value * 257.0).round() as u16)))
    }
}

/// How often each lattice colour occurs; empty when the palette is fixed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColourHistogram {
    counts: Vec<u32>,
}

impl ColourHistogram {
    pub(super) fn from_image(lattice: ColourLattice, shown: &DisplayImage) -> Self {
        let mut counts = vec![0u32; 1 << (3 * lattice.bits)];
        shown
            .pixels
            .iter()
            .for_each(|pixel| counts[lattice.colour_index(*pixel)] += 1);
        Self { counts }
    }

    /// Returns the sum of both.
    #[must_use]
    pub fn merged_with(self, other: Self) -> Self {
        // A histogram of a fixed palette, and the start of a parallel reduction, is empty. The
        // longer one is therefore the sum's storage.
        let (mut long, short) = if self.counts.len() < other.counts.len() {
            (other, self)
        } else {
            (self, other)
        };
        long.counts
            .iter_mut()
            .zip(short.counts)
            .for_each(|(sum, count)| *sum = sum.saturating_add(count));
        long
    }
}

/// A lattice colour that occurs, and how much it matters.
#[derive(Debug, Clone, Copy)]
struct ColourSample {
    rgb: [f64; 3],
    weight: f64,
}

/// Returns at most `most` colours of the lattice, dark to bright.
pub(super) fn choose_palette(
    lattice: ColourLattice,
    histogram: &ColourHistogram,
    most: usize,
) -> Vec<[u8; 3]> {
    let counted = histogram
        .counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0);
    // Counts weigh by their square root. A face has few pixels and matters; by plain counts the sky
    // would take most of the palette.
    let sample = |(index, count): (usize, &u32)| ColourSample {
        rgb: lattice.colour_at(index).map(f64::from),
        weight: f64::from(*count).sqrt(),
    };
    let samples: Vec<ColourSample> = counted.map(sample).collect();
    // If all colours fit, they are taken unchanged: clustering could only move them.
    let mut colours: Vec<[u8; 3]> = if samples.len() <= most {
        samples
            .iter()
            .map(|sample| lattice.snap_colour(sample.rgb))
            .collect()
    } else {
        let guess = median_cut(samples.clone(), most);
        refine_centres(&samples, guess)
            .into_iter()
            .map(|centre| lattice.snap_colour(centre))
            .collect()
    };
    // The order is part of the file that is written, so it must not depend on the order of
    // clusters. Two centres may snap to one lattice point; an entry less is better than a colour
    // twice.
    colours.sort_by_key(|rgb| (luma_key(*rgb), *rgb));
    colours.dedup();
    colours
}

fn luma_key([red, green, blue]: [u8; 3]) -> u32 {
    2126 * u32::from(red) + 7152 * u32::from(green) + 722 * u32::from(blue)
}

/// Splits the box with the greatest spread, across its widest axis at its mean, until there are
/// `most` boxes.
fn median_cut(samples: Vec<ColourSample>, most: usize) -> Vec<[f64; 3]> {
    let mut boxes = vec![(widest_axis(&samples), samples)];
    while boxes.len() < most {
        let widest = boxes
            .iter()
            .enumerate()
            .max_by(|(_, a), (_, b)| a.0.1.total_cmp(&b.0.1))
            .map(|(index, _)| index);
        // A box of one colour cannot be split. Stopping here gives fewer colours than allowed,
        // which is right.
        let Some(index) = widest.filter(|index| boxes[*index].0.1 > 0.0) else {
            break;
        };
        let ((axis, _), samples) = boxes.swap_remove(index);
        // The split is at the mean and not at the median, which would cut through the larger of two
        // groups of colours.
        let middle = weighted_mean(&samples)[axis];
        let (low, high): (Vec<ColourSample>, Vec<ColourSample>) = samples
            .into_iter()
            .partition(|sample| sample.rgb[axis] < middle);
        boxes.extend(
            [low, high]
                .into_iter()
                .filter(|part| !part.is_empty())
                .map(|part| (widest_axis(&part), part)),
        );
    }
    boxes
        .iter()
        .map(|(_, samples)| weighted_mean(samples))
        .collect()
}

fn weighted_mean(samples: &[ColourSample]) -> [f64; 3] {
    let weight: f64 = samples.iter().map(|sample| sample.weight).sum();
    [0, 1, 2].map(|i| {
        samples
            .iter()
            .map(|sample| sample.rgb[i] * sample.weight)
            .sum::<f64>()
            / weight
    })
}

/// Returns the axis of the greatest weighted variance, and that variance times the weight.
fn widest_axis(samples: &[ColourSample]) -> (usize, f64) {
    let middle = weighted_mean(samples);
    let spreads = [0, 1, 2].map(|i| {
        samples
            .iter()
            .map(|s| (s.rgb[i] - middle[i]).powi(2) * s.weight)
            .sum::<f64>()
    });
    (0..3).map(|i| (i, spreads[i])).fold(
        (0, -1.0),
        |best, next| if next.1 > best.1 { next } else { best },
    )
}

fn refine_centres(samples: &[ColourSample], mut centres: Vec<[f64; 3]>) -> Vec<[f64; 3]> {
    for _ in 0..KMEANS_ROUNDS {
        let mut sums = vec![([0.0; 3], 0.0); centres.len()];
        for sample in samples {
            let (sum, weight): &mut ([f64; 3], f64) =
                &mut sums[nearest_centre(&centres, sample.rgb)];
            (0..3).for_each(|i| sum[i] += sample.rgb[i] * sample.weight);
            *weight += sample.weight;
        }
        // A centre without samples stays where it is. Dividing by its weight would make it NaN, and
        // it would never be found again.
        centres = centres
            .iter()
            .zip(sums)
            .map(|(centre, (sum, weight))| {
                if weight > 0.0 {
                    sum.map(|value| value / weight)
                } else {
                    *centre
                }
            })
            .collect();
    }
    centres
}

fn nearest_centre(centres: &[[f64; 3]], rgb: [f64; 3]) -> usize {
    let best = centres
        .iter()
        .map(|centre| (0..3).map(|i| (centre[i] - rgb[i]).powi(2)).sum::<f64>())
        .enumerate()
        .fold((0, f64::MAX), |a, b| if b.1 < a.1 { b } else { a });
    best.0
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;
    use crate::model::PixelSize;

    #[test]
    fn fifteen_bit_colour_expands_like_the_hardware() {
        let lattice = ColourLattice::new(5).unwrap();
        for level in 0..32u8 {
            assert_eq!(lattice.expand_level(level), level << 3 | level >> 2);
            assert!(lattice.contains_colour([level << 3 | level >> 2; 3]));
        }
        assert!(!lattice.contains_colour([1, 0, 0]));
        assert_eq!(ColourLattice::new(3).unwrap().expand_level(5), 0b1011_0110);
    }

    #[test]
    fn few_colours_all_stay() {
        let lattice = ColourLattice::new(5).unwrap();
        let shown = DisplayImage {
            size: PixelSize::new(3, 1),
            pixels: vec![[0; 3], [65535, 0, 0], [65535; 3]],
        };
        let colours = choose_palette(lattice, &ColourHistogram::from_image(lattice, &shown), 16);
        assert_eq!(colours, [[0, 0, 0], [255, 0, 0], [255, 255, 255]]);
    }

    #[test]
    fn many_colours_are_reduced_to_the_limit_on_the_lattice() {
        let lattice = ColourLattice::new(5).unwrap();
        let shown = DisplayImage {
            size: PixelSize::new(256, 256),
            pixels: (0..65536)
                .map(|i| {
                    [
                        (i % 256 * 257) as u16,
                        (i / 256 % 256 * 257) as u16,
                        (i * 7919 % 65536) as u16,
                    ]
                })
                .collect(),
        };
        for most in [1, 2, 16, 256] {
            let colours =
                choose_palette(lattice, &ColourHistogram::from_image(lattice, &shown), most);
            assert!(
                colours.len() <= most && colours.len() * 4 >= most * 3,
                "{most} gave {}",
                colours.len()
            );
            assert!(colours.iter().all(|rgb| lattice.contains_colour(*rgb)));
        }
    }

    #[test]
    fn a_rare_colour_far_from_the_others_gets_an_entry() {
        let lattice = ColourLattice::new(5).unwrap();
        let mut pixels: Vec<[u16; 3]> = (0..10_000u32).map(|i| [0, 0, (i * 6) as u16]).collect();
        pixels.extend([[65535, 20000, 0]; 20]);
        let shown = DisplayImage {
            size: PixelSize::new(10_020, 1),
            pixels,
        };
        let colours = choose_palette(lattice, &ColourHistogram::from_image(lattice, &shown), 8);
        assert!(colours.iter().any(|rgb| rgb[0] > 200), "{colours:?}");
    }
}
