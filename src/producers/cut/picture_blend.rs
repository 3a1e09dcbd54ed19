//! Blends display pictures in linear light.
//!
//! Display values are decoded with the curve that scaling uses. A blend of encoded values would be
//! too dark in the middle: half of white and half of black is 50 % of the light, and not the grey
//! of half the value.

use crate::media::DisplayImage;
use crate::media::hdr_tone;
use crate::media::resample::{light_to_display, linear_table};
use crate::model::HdrTransfer;
use crate::model::cut::{ScreenColour, WipeDirection};
use rayon::prelude::*;

/// The light that the values of a picture stand for.
#[derive(Clone, Copy)]
pub(super) struct LightScale {
    /// By value.
    light: &'static [f32],
    high_range: Option<HdrTransfer>,
}

impl LightScale {
    /// Returns the scale of pictures for some screens. `None`: usual ones.
    pub(super) fn for_screens(high_range: Option<HdrTransfer>) -> Self {
        Self {
            light: high_range.map_or_else(linear_table, hdr_tone::light_of_signals),
            high_range,
        }
    }

    // With the inverse of the curve that decoded it: a picture of high range would otherwise come
    // back as one of usual range.
    fn value(self, light: f32) -> u16 {
        match self.high_range {
            Some(transfer) => hdr_tone::signal_of_light(transfer, light),
            None => light_to_display(light),
        }
    }

    fn colour_values(self, colour: ScreenColour) -> [u16; 3] {
        match self.high_range {
            Some(transfer) => hdr_tone::colour_signals(transfer, colour.0),
            // 257 is 65535 divided by 255.
            None => colour.0.map(|value| u16::from(value) * 257),
        }
    }

    fn blend_pixel(self, under: [u16; 3], over: [u16; 3], share: f32) -> [u16; 3] {
        // Untouched to the byte, without a way through light and back.
        if share <= 0.0 {
            return under;
        }
        if share >= 1.0 {
            return over;
        }
        let channel = |index: usize| {
            let below = self.light[usize::from(under[index])];
            let above = self.light[usize::from(over[index])];
            self.value(below + (above - below) * share)
        };
        [channel(0), channel(1), channel(2)]
    }
}

/// Returns `share` (0 to 1) of `into` over `from`. Both have the same size.
pub(super) fn dissolve_images(
    scale: LightScale,
    from: &DisplayImage,
    into: &DisplayImage,
    share: f32,
) -> DisplayImage {
    // A copy to write into, since frames are shared through the store and are never changed.
    let mut blended = from.clone();
    let width = row_width(from);
    blended
        .pixels
        .par_chunks_mut(width)
        .zip(into.pixels.par_chunks(width))
        .for_each(|(row, over)| {
            for (pixel, over) in row.iter_mut().zip(over) {
                *pixel = scale.blend_pixel(*pixel, *over, share);
            }
        });
    blended
}

/// Returns `share` (0 to 1) of a picture over a colour.
pub(super) fn fade_image(
    scale: LightScale,
    image: &DisplayImage,
    colour: ScreenColour,
    share: f32,
) -> DisplayImage {
    let colour = scale.colour_values(colour);
    let mut faded = image.clone();
    faded
        .pixels
        .par_chunks_mut(row_width(image))
        .for_each(|row| {
            for pixel in row {
                *pixel = scale.blend_pixel(colour, *pixel, share);
            }
        });
    faded
}

/// Returns `from`, with `into` behind an edge that has moved `progress` (0 to 1) of its way. Both
/// have the same size.
pub(super) fn wipe_images(
    scale: LightScale,
    from: &DisplayImage,
    into: &DisplayImage,
    direction: WipeDirection,
    progress: f32,
) -> DisplayImage {
    let mut wiped = from.clone();
    let width = row_width(from);
    let height = from.size.height as usize;
    wiped
        .pixels
        .par_chunks_mut(width)
        .zip(into.pixels.par_chunks(width))
        .enumerate()
        .for_each(|(y, (row, over))| {
            for (x, (pixel, over)) in row.iter_mut().zip(over).enumerate() {
                let share = match direction {
                    WipeDirection::Right => covered_share(x, width, progress),
                    WipeDirection::Left => covered_share(width - 1 - x, width, progress),
                    WipeDirection::Down => covered_share(y, height, progress),
                    WipeDirection::Up => covered_share(height - 1 - y, height, progress),
                };
                *pixel = scale.blend_pixel(*pixel, *over, share);
            }
        });
    wiped
}

/// Returns how much of pixel `index` of `count` is behind an edge at `progress`. The edge goes
/// through pixels, so that it does not jump from column to column.
#[expect(
    clippy::cast_precision_loss,
    reason = "sides have at most 16384 pixels"
)]
fn covered_share(index: usize, count: usize, progress: f32) -> f32 {
    (progress * count as f32 - index as f32).clamp(0.0, 1.0)
}

fn row_width(image: &DisplayImage) -> usize {
    (image.size.width as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PixelSize;

    const SIZE: PixelSize = PixelSize::new(8, 4);
    const WHITE: [u16; 3] = [65535; 3];

    fn usual() -> LightScale {
        LightScale::for_screens(None)
    }

    fn filled(value: u16) -> DisplayImage {
        DisplayImage::filled_with(SIZE, [value; 3])
    }

    #[test]
    fn half_of_white_over_black_is_half_of_the_light() {
        let half = dissolve_images(usual(), &filled(0), &filled(65535), 0.5);
        let value = f64::from(half.pixels[0][0]) / 65535.0;
        assert!((value.powf(2.2) - 0.5).abs() < 1e-3, "{value}");
        // That of the encoded values would be 0.5.
        assert!(value > 0.7);
    }

    #[test]
    fn half_of_the_light_is_half_on_screens_of_high_range_too() {
        for (transfer, half_signal) in [
            // BT.2408: 101.5 cd/m2 in PQ. In HLG, half of the light of the scene at 75 %.
            (HdrTransfer::Pq, 0.5096),
            (HdrTransfer::Hlg, 0.6075),
        ] {
            let scale = LightScale::for_screens(Some(transfer));
            let white = scale.colour_values(ScreenColour::WHITE);
            let white = DisplayImage::filled_with(SIZE, white);
            let half = fade_image(scale, &white, ScreenColour::BLACK, 0.5);
            let signal = f64::from(half.pixels[0][1]) / 65535.0;
            assert!((signal - half_signal).abs() < 2e-3, "{transfer:?} {signal}");
            let same = dissolve_images(scale, &white, &white, 0.3);
            assert!(same.pixels[0][1].abs_diff(white.pixels[0][1]) <= 16);
        }
    }

    #[test]
    fn a_blend_of_equal_pictures_is_that_picture() {
        for value in [0, 1, 300, 20_000, 65535] {
            let same = dissolve_images(usual(), &filled(value), &filled(value), 0.3);
            assert!(same.pixels[0][0].abs_diff(value) <= 4, "{value}");
        }
        let untouched = dissolve_images(usual(), &filled(77), &filled(9), 0.0);
        assert_eq!(untouched, filled(77));
        assert_eq!(
            dissolve_images(usual(), &filled(77), &filled(9), 1.0),
            filled(9)
        );
    }

    #[test]
    fn a_fade_at_its_end_is_the_colour_or_the_picture() {
        let picture = filled(30_000);
        let red = ScreenColour([255, 0, 0]);
        assert_eq!(
            fade_image(usual(), &picture, red, 0.0).pixels[5],
            [65535, 0, 0]
        );
        assert_eq!(fade_image(usual(), &picture, red, 1.0), picture);
    }

    #[test]
    fn an_edge_moves_where_its_direction_says() {
        let wipe = |direction, progress| {
            let wiped = wipe_images(usual(), &filled(0), &filled(65535), direction, progress);
            let lit = wiped.pixels.iter().enumerate();
            lit.filter(|(_, pixel)| **pixel == WHITE)
                .map(|(index, _)| (index % 8, index / 8))
                .collect::<Vec<_>>()
        };
        // A quarter of eight columns is two, and half of four rows is two.
        assert!(wipe(WipeDirection::Right, 0.25).iter().all(|at| at.0 < 2));
        assert_eq!(wipe(WipeDirection::Right, 0.25).len(), 8);
        assert!(wipe(WipeDirection::Left, 0.25).iter().all(|at| at.0 >= 6));
        assert!(wipe(WipeDirection::Down, 0.5).iter().all(|at| at.1 < 2));
        assert!(wipe(WipeDirection::Up, 0.5).iter().all(|at| at.1 >= 2));
        assert_eq!(wipe(WipeDirection::Up, 0.5).len(), 16);
        // Between two columns the edge is a part of a pixel.
        let edge = wipe_images(
            usual(),
            &filled(0),
            &filled(65535),
            WipeDirection::Right,
            0.1875,
        );
        assert_eq!(edge.pixels[0], WHITE);
        assert!((1..65535).contains(&edge.pixels[1][0]));
        assert_eq!(edge.pixels[2], [0; 3]);
    }

    #[test]
    fn a_picture_of_no_size_is_blended_to_nothing() {
        let none = DisplayImage::filled_with(PixelSize::new(0, 0), [0; 3]);
        assert_eq!(dissolve_images(usual(), &none, &none, 0.5), none);
        assert_eq!(
            wipe_images(usual(), &none, &none, WipeDirection::Left, 0.5),
            none
        );
    }
}
