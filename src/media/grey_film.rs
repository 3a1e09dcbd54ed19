//! Small grey pictures of a film, and what differs between two of them: a film as it was decoded,
//! and the pictures that it was made from.
//!
//! Lossy codecs change every pixel a little, and the mean over a part of the picture hardly. So
//! small pictures tell another picture from a coarse one, and a picture at a wrong place from one
//! that hardly moved.

use super::image_types::{DisplayImage, to_8_bits};
use super::tone;
use crate::model::PixelSize;
use rayon::prelude::*;

/// The small picture of a usual one.
const USUAL_SAMPLE: PixelSize = PixelSize::new(64, 36);
/// The most pixels across or down that are one value.
// Filters of ffmpeg's scaler have 256 values at most, and with more pixels the mean is wrong: a film
// of 16384 pixels across seems to be shifted.
const MOST_PIXELS_A_VALUE: u32 = 128;
/// The mean difference of a picture, in grey values of 255, that no codec at our settings reaches.
const MOST_DIFFERENCE: f32 = 10.0;
/// Values of a small picture below which what a codec loses of single pixels does not level out.
const FEW_VALUES: f32 = 256.0;
/// The same as [`MOST_DIFFERENCE`] for a picture of the fewest values, such as 2x2.
const MOST_DIFFERENCE_OF_FEW: f32 = 30.0;
/// A dark picture may differ by this share of its mean, or black would pass for it.
const DARK_SHARE: f32 = 0.4;
/// What a codec may lose of faint noise in the darkest picture, in grey values.
const FAINT_LOSS: f32 = 3.0;
/// The most by which all of a film may be lighter or darker: decoders round to one side.
const MOST_OFFSET: f32 = 2.5;
/// How many pictures before and after its place a picture is looked for.
const SEARCH_REACH: usize = 120;
/// A picture is another one if it is this many times nearer to that, and by
/// [`OTHER_MARGIN`] grey values. A codec that repeats what hardly moves stays below.
const OTHER_RATIO: f32 = 1.5;
const OTHER_MARGIN: f32 = 1.0;
/// The same for a film that is shifted as a whole, where the mean over all pictures has little
/// noise.
const SHIFT_MARGIN: f32 = 0.35;
/// The most pictures by which a film is looked for as a whole.
const SHIFT_REACH: usize = 12;

/// Small grey pictures, all of one size, in the order in which they are shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GreyFilm {
    size: PixelSize,
    values: Vec<u8>,
}

/// How a film differs from the pictures that it was made from. Pictures are counted from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilmDifference {
    /// It has another number of pictures.
    #[error("expected {wanted} pictures, found {found}")]
    Count {
        /// The number of pictures.
        wanted: usize,
        /// The number of decoded ones.
        found: usize,
    },
    /// One picture shows something else.
    #[error(
        "picture {picture} shows something else than the graded frame: its grey values differ by {difference:.0} of 255, and at most {limit:.0} are a codec's doing"
    )]
    Content {
        /// The number of the picture.
        picture: usize,
        /// The mean difference in grey values.
        difference: f32,
        /// The highest that passes.
        limit: f32,
    },
    /// One picture is another one of the film.
    #[error("picture {picture} shows what picture {shown} should show")]
    Order {
        /// The number of the picture.
        picture: usize,
        /// The picture whose graded frame it shows.
        shown: usize,
    },
    /// All pictures are shifted.
    #[error("every picture shows what should be shown {pictures} {direction}")]
    Shift {
        /// By how many pictures.
        pictures: usize,
        /// `later` or `earlier`.
        direction: &'static str,
    },
}

impl GreyFilm {
    /// Returns a film without pictures, whose small pictures are of pictures of this size.
    #[must_use]
    pub fn for_pictures_of(size: PixelSize) -> Self {
        Self {
            // A picture that is smaller is not enlarged: ffmpeg and this program would do it
            // differently.
            size: PixelSize::new(
                sample_side(size.width, USUAL_SAMPLE.width),
                sample_side(size.height, USUAL_SAMPLE.height),
            ),
            values: Vec::new(),
        }
    }

    /// Returns the size of its pictures.
    #[must_use]
    pub const fn sample_size(&self) -> PixelSize {
        self.size
    }

    /// Returns the mean difference of a picture that no codec reaches.
    #[expect(clippy::cast_precision_loss, reason = "a small picture")]
    fn most_difference(&self) -> f32 {
        // The error of a mean falls with the root of the number of values.
        let few = (FEW_VALUES / self.sample_length() as f32).sqrt().max(1.0);
        (MOST_DIFFERENCE * few).min(MOST_DIFFERENCE_OF_FEW)
    }

    /// Returns the number of whole pictures.
    #[must_use]
    pub fn picture_count(&self) -> usize {
        self.values.len() / self.sample_length()
    }

    /// Returns the grey values of all its pictures, in order.
    #[must_use]
    pub fn values(&self) -> &[u8] {
        &self.values
    }

    fn sample_length(&self) -> usize {
        (self.size.width as usize * self.size.height as usize).max(1)
    }

    /// Appends grey values, which may end anywhere in a picture.
    pub fn push_values(&mut self, values: &[u8]) {
        self.values.extend_from_slice(values);
    }

    /// Appends the pictures of another film of the same size.
    pub fn append(&mut self, other: &Self) {
        self.values.extend_from_slice(&other.values);
    }

    fn picture(&self, index: usize) -> &[u8] {
        let length = self.sample_length();
        &self.values[index * length..(index + 1) * length]
    }

    /// Returns how this film, as it was decoded, differs from `wanted`; `None` if it shows the
    /// same.
    #[must_use]
    pub fn difference_from(&self, wanted: &Self) -> Option<FilmDifference> {
        let count = wanted.picture_count();
        let found = self.picture_count();
        // First: with another count, every later comparison would be of the wrong pictures.
        if found != count || self.values.len() != wanted.values.len() {
            return Some(FilmDifference::Count {
                wanted: count,
                found,
            });
        }
        let comparison = FilmComparison {
            found: self,
            wanted,
            offset: mean_offset(self, wanted).clamp(-MOST_OFFSET, MOST_OFFSET),
        };
        // Content first: a picture of something else must not be reported as one at a wrong place.
        comparison
            .content_difference()
            .or_else(|| comparison.shift_difference())
            .or_else(|| comparison.order_difference())
    }
}

/// Returns the length of a side of the small picture, `usual` unless the picture is very small or
/// very large.
fn sample_side(side: u32, usual: u32) -> u32 {
    side.min(usual.max(side.div_ceil(MOST_PIXELS_A_VALUE)))
}

/// Two films of one length and size.
struct FilmComparison<'a> {
    found: &'a GreyFilm,
    wanted: &'a GreyFilm,
    /// Added to decoded values.
    offset: f32,
}

impl FilmComparison<'_> {
    fn picture_count(&self) -> usize {
        self.wanted.picture_count()
    }

    /// Returns the mean difference of a decoded picture from a wanted one.
    #[expect(clippy::cast_precision_loss, reason = "a small picture")]
    fn difference(&self, found: usize, wanted: usize) -> f32 {
        let found = self.found.picture(found);
        let wanted = self.wanted.picture(wanted);
        let sum: f32 = found
            .iter()
            .zip(wanted)
            .map(|(found, wanted)| (f32::from(*found) + self.offset - f32::from(*wanted)).abs())
            .sum();
        sum / found.len().max(1) as f32
    }

    fn content_difference(&self) -> Option<FilmDifference> {
        let most = self.wanted.most_difference();
        (0..self.picture_count()).find_map(|index| {
            let difference = self.difference(index, index);
            let limit =
                (DARK_SHARE * mean_value(self.wanted.picture(index))).clamp(FAINT_LOSS, most);
            (difference > limit).then_some(FilmDifference::Content {
                picture: index + 1,
                difference,
                limit,
            })
        })
    }

    fn shift_difference(&self) -> Option<FilmDifference> {
        let count = self.picture_count();
        (1..=SHIFT_REACH.min(count.saturating_sub(2))).find_map(|shift| {
            // Only pictures that have a partner in both directions are compared, so that both
            // means are of the same pictures.
            let inner = shift..count.saturating_sub(shift);
            let mean = |partner: &dyn Fn(usize) -> usize| {
                let differences = inner
                    .clone()
                    .map(|index| self.difference(index, partner(index)));
                mean_of(differences)
            };
            let own = mean(&|index| index);
            let is_nearer = |other: f32| own > OTHER_RATIO * other + SHIFT_MARGIN;
            let direction = if is_nearer(mean(&|index| index + shift)) {
                "later"
            } else if is_nearer(mean(&|index| index - shift)) {
                "earlier"
            } else {
                return None;
            };
            Some(FilmDifference::Shift {
                pictures: shift,
                direction,
            })
        })
    }

    fn order_difference(&self) -> Option<FilmDifference> {
        let count = self.picture_count();
        // The first of all, so that every run names the same picture.
        (0..count).into_par_iter().find_map_first(|index| {
            let own = self.difference(index, index);
            // No other picture can be nearer by the margin.
            if own <= OTHER_MARGIN {
                return None;
            }
            let near = index.saturating_sub(SEARCH_REACH)..(index + SEARCH_REACH + 1).min(count);
            let other = near
                .into_iter()
                .find(|other| own > OTHER_RATIO * self.difference(index, *other) + OTHER_MARGIN)?;
            Some(FilmDifference::Order {
                picture: index + 1,
                shown: other + 1,
            })
        })
    }
}

/// Returns by how much `wanted` is lighter than `found` as a whole.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a mean of bytes"
)]
fn mean_offset(found: &GreyFilm, wanted: &GreyFilm) -> f32 {
    let sum = |film: &GreyFilm| {
        film.values
            .iter()
            .map(|value| u64::from(*value))
            .sum::<u64>()
    };
    let count = wanted.values.len().max(1) as f64;
    ((sum(wanted) as f64 - sum(found) as f64) / count) as f32
}

#[expect(clippy::cast_precision_loss, reason = "a small picture")]
fn mean_value(picture: &[u8]) -> f32 {
    let sum: u32 = picture.iter().map(|value| u32::from(*value)).sum();
    sum as f32 / picture.len().max(1) as f32
}

#[expect(clippy::cast_precision_loss, reason = "films have fewer pictures")]
fn mean_of(values: impl Iterator<Item = f32>) -> f32 {
    let mut count = 0_usize;
    let sum: f32 = values.inspect(|_| count += 1).sum();
    sum / count.max(1) as f32
}

/// Returns the small grey picture of `size` of a picture that is at least as large: the mean luma
/// over the area of each value.
#[must_use]
pub fn grey_sample(image: &DisplayImage, size: PixelSize) -> Vec<u8> {
    let across = cell_shares(image.size.width, size.width);
    let down = cell_shares(image.size.height, size.height);
    let width = size.width as usize;
    let mut sums = vec![0.0_f32; width * size.height as usize];
    let mut line = vec![0.0_f32; width];
    let rows = image.pixels.chunks_exact(image.size.width.max(1) as usize);
    for (row, below) in rows.zip(&down) {
        line.fill(0.0);
        for (pixel, beside) in row.iter().zip(&across) {
            beside.add_to(&mut line, 1, 0, tone::luma(pixel.map(f32::from)));
        }
        for (column, value) in line.iter().enumerate() {
            below.add_to(&mut sums, width, column, *value);
        }
    }
    // Shares are of the area of one value, so the sums are means.
    sums.into_iter()
        .map(|mean| to_8_bits(rounded(mean)))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
fn rounded(value: f32) -> u16 {
    value.round() as u16
}

/// The part of one old row or column that is in each of two new ones.
struct CellShare {
    cell: usize,
    first: f32,
    second: f32,
}

impl CellShare {
    /// Adds the shares of `value` to cells that are `stride` apart from `start` on.
    fn add_to(&self, sums: &mut [f32], stride: usize, start: usize, value: f32) {
        if let Some(sum) = sums.get_mut(self.cell * stride + start) {
            *sum += value * self.first;
        }
        if let Some(sum) = sums.get_mut((self.cell + 1) * stride + start) {
            *sum += value * self.second;
        }
    }
}

/// Returns the share of each of `old` rows or columns in `new` ones, of which there are no more.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions are below the number of cells"
)]
fn cell_shares(old: u32, new: u32) -> Vec<CellShare> {
    let step = f64::from(new) / f64::from(old.max(1));
    let share = |index: u32| {
        let start = f64::from(index) * step;
        let end = f64::from(index + 1) * step;
        let cell = start.floor();
        let first = (cell + 1.0).min(end) - start;
        CellShare {
            cell: cell as usize,
            first: first as f32,
            second: (end - start - first).max(0.0) as f32,
        }
    };
    (0..old).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A film of a bright column that moves by one value a picture, over a grey slope.
    fn moving_column(places: impl IntoIterator<Item = usize>) -> GreyFilm {
        let mut film = GreyFilm::for_pictures_of(PixelSize::new(640, 360));
        for place in places {
            let values = (0..64 * 36).map(|index| {
                let column: usize = index % 64;
                if column.abs_diff(place % 64) < 4 {
                    230
                } else {
                    u8::try_from(30 + column).unwrap()
                }
            });
            film.push_values(&values.collect::<Vec<u8>>());
        }
        film
    }

    fn changed(film: &GreyFilm, change: impl Fn(usize, u8) -> u8) -> GreyFilm {
        let values = film.values.iter().enumerate();
        GreyFilm {
            size: film.size,
            values: values.map(|(index, value)| change(index, *value)).collect(),
        }
    }

    #[test]
    fn the_loss_of_a_codec_is_no_difference() {
        let film = moving_column(0..48);
        assert_eq!(film.difference_from(&film), None);
        // Noise of four values, and rounding to one side.
        let coarse = changed(&film, |index, value| {
            let noise = u8::try_from(index * 7919 % 9).unwrap();
            value.saturating_add(noise).saturating_sub(2)
        });
        assert_eq!(coarse.difference_from(&film), None);
    }

    #[test]
    fn a_value_is_of_as_many_pixels_as_ffmpeg_takes_the_mean_of() {
        let sample =
            |width, height| GreyFilm::for_pictures_of(PixelSize::new(width, height)).sample_size();
        assert_eq!(sample(3840, 2160), USUAL_SAMPLE);
        assert_eq!(sample(2, 2), PixelSize::new(2, 2));
        assert_eq!(sample(16_384, 2), PixelSize::new(128, 2));
        assert_eq!(sample(2, 16_384), PixelSize::new(2, 128));
    }

    #[test]
    fn a_picture_of_four_pixels_may_differ_more() {
        let film = |values: &[u8]| {
            let mut film = GreyFilm::for_pictures_of(PixelSize::new(2, 2));
            film.push_values(values);
            film
        };
        let wanted = film(&[120, 80, 200, 40, 90, 160, 30, 220]);
        let coarse = film(&[132, 68, 188, 52, 90, 160, 30, 220]);
        assert_eq!(coarse.difference_from(&wanted), None);
        assert!(film(&[0; 8]).difference_from(&wanted).is_some());
    }

    #[test]
    fn black_and_another_film_are_found_also_in_the_dark() {
        let film = moving_column(0..24);
        let night = changed(&film, |_, value| value / 12);
        for wanted in [&film, &night] {
            let black = changed(wanted, |_, _| 0);
            assert!(
                matches!(
                    black.difference_from(wanted),
                    Some(FilmDifference::Content { picture: 1, .. })
                ),
                "{:?}",
                black.difference_from(wanted)
            );
        }
        let negative = changed(&film, |_, value| 255 - value);
        assert!(negative.difference_from(&film).is_some());
        let last_black = changed(
            &film,
            |index, value| {
                if index >= 23 * 64 * 36 { 0 } else { value }
            },
        );
        assert!(matches!(
            last_black.difference_from(&film),
            Some(FilmDifference::Content { picture: 24, .. })
        ));
    }

    #[test]
    fn a_shift_a_swap_and_a_film_from_its_end_are_found() {
        let film = moving_column(0..48);
        let later = moving_column((1..48).chain([47]));
        assert_eq!(
            later.difference_from(&film).unwrap().to_string(),
            "every picture shows what should be shown 1 later"
        );
        let earlier = moving_column([0, 0].into_iter().chain(1..47));
        assert_eq!(
            earlier.difference_from(&film).unwrap().to_string(),
            "every picture shows what should be shown 1 earlier"
        );
        let swapped = moving_column([0, 1, 2, 4, 3].into_iter().chain(5..48));
        assert_eq!(
            swapped.difference_from(&film),
            Some(FilmDifference::Order {
                picture: 4,
                shown: 5
            })
        );
        assert!(
            moving_column((0..48).rev())
                .difference_from(&film)
                .is_some()
        );
    }

    #[test]
    fn pictures_that_are_repeated_on_purpose_are_no_difference() {
        let film = moving_column((0..24).flat_map(|place| [place, place]));
        assert_eq!(film.difference_from(&film), None);
        let once = moving_column(0..24);
        assert_eq!(
            once.difference_from(&film),
            Some(FilmDifference::Count {
                wanted: 48,
                found: 24
            })
        );
    }

    proptest! {
        #[test]
        fn a_small_picture_has_the_mean_of_the_picture(
            width in 1u32..200, height in 1u32..120, seed in any::<u16>(),
        ) {
            let size = PixelSize::new(width, height);
            let pixels = (0..width * height)
                .map(|index| [(index.wrapping_mul(2_654_435_761) >> 16) as u16 ^ seed; 3])
                .collect::<Vec<_>>();
            let mean = pixels.iter().map(|pixel| f64::from(pixel[0])).sum::<f64>()
                / f64::from(width * height);
            let film = GreyFilm::for_pictures_of(size);
            let sample = grey_sample(&DisplayImage { size, pixels }, film.sample_size());
            let seen = sample.iter().map(|value| f64::from(*value)).sum::<f64>()
                / sample.len() as f64;
            prop_assert!((seen - mean / 257.0).abs() < 0.6, "{seen} {}", mean / 257.0);
        }
    }
}
