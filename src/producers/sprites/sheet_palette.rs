//! The palette of a whole sheet: all frames have the same few colours, and no pixel is half seen.

use crate::media::AlphaImage;
use crate::media::picture::DisplayImage;
use crate::model::PixelSize;
use crate::model::retro_treatment::RetroTreatment;
use crate::producers::retro::{ColourHistogram, PaletteError, PaletteReducer};

/// Pixels of less alpha are transparent in a picture of few colours.
const SEEN_ALPHA: u8 = 128;

/// Reduces frames to one palette, which is chosen from all of them.
///
/// # Errors
/// Fails if the palette has no colours or too many.
pub(super) fn reduce_frames(
    frames: &mut [AlphaImage],
    retro: &RetroTreatment,
) -> Result<(), PaletteError> {
    let counted = frames
        .iter()
        .map(|frame| PaletteReducer::count_colours(retro, &seen_pixels(frame)))
        .fold(ColourHistogram::default(), ColourHistogram::merged_with);
    // A sheet of which nothing is seen has no colours to choose from.
    if frames
        .iter()
        .all(|frame| seen_pixels(frame).pixels.is_empty())
    {
        frames.iter_mut().for_each(hide_edges);
        return Ok(());
    }
    let reducer = PaletteReducer::new(retro, &counted)?;
    frames
        .iter_mut()
        .for_each(|frame| reduce_frame(frame, &reducer));
    Ok(())
}

/// Returns the pixels of a frame that are seen, in one row.
fn seen_pixels(frame: &AlphaImage) -> DisplayImage {
    // Colours that nobody sees must not take a place in the palette.
    let seen = frame.pixels.iter().filter(|pixel| pixel[3] >= SEEN_ALPHA);
    let pixels: Vec<[u16; 3]> = seen.map(|pixel| wide_colour(*pixel)).collect();
    DisplayImage {
        size: PixelSize::new(u32::try_from(pixels.len()).unwrap_or(u32::MAX), 1),
        pixels,
    }
}

fn wide_colour([red, green, blue, _]: [u8; 4]) -> [u16; 3] {
    [red, green, blue].map(|value| u16::from(value) * 257)
}

/// Makes pixels that are hardly seen transparent.
fn hide_edges(frame: &mut AlphaImage) {
    let hidden = frame
        .pixels
        .iter_mut()
        .filter(|pixel| pixel[3] < SEEN_ALPHA);
    hidden.for_each(|pixel| *pixel = [0; 4]);
}

fn reduce_frame(frame: &mut AlphaImage, reducer: &PaletteReducer) {
    hide_edges(frame);
    // Dither carries the difference of a pixel on to its neighbours. What is transparent has a
    // colour of the palette, which adds none of its own.
    let [red, green, blue] = reducer.palette().first().copied().unwrap_or_default();
    let colour = |pixel: &[u8; 4]| match pixel[3] {
        0 => wide_colour([red, green, blue, 0]),
        _ => wide_colour(*pixel),
    };
    let shown = DisplayImage {
        size: frame.size,
        pixels: frame.pixels.iter().map(colour).collect(),
    };
    let reduced = reducer.reduce_image(&shown);
    let seen = frame.pixels.iter_mut().zip(&reduced.indices);
    for (pixel, index) in seen.filter(|(pixel, _)| pixel[3] != 0) {
        let [red, green, blue] = reduced.palette()[usize::from(*index)];
        *pixel = [red, green, blue, 255];
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;
    use crate::model::retro_treatment::{DitherMethod, Palette};
    use std::collections::BTreeSet;

    fn frame(shift: u32) -> AlphaImage {
        let size = PixelSize::new(32, 32);
        let pixel = |index: u32| {
            let alpha = (index * 5 % 256) as u8;
            [(index * 3 + shift) as u8, (index / 7) as u8, 90, alpha]
        };
        AlphaImage {
            size,
            pixels: (0..32 * 32).map(pixel).collect(),
        }
    }

    fn retro(palette: Palette) -> RetroTreatment {
        RetroTreatment {
            palette,
            dither: DitherMethod::ErrorDiffusion,
            strength: 1.0,
            size: PixelSize::new(32, 32),
        }
    }

    #[test]
    fn all_frames_together_have_no_more_colours_than_the_palette() {
        let mut frames = [frame(0), frame(60), frame(130)];
        let adaptive = Palette::Adaptive {
            bits: 5,
            colours: 12,
        };
        reduce_frames(&mut frames, &retro(adaptive)).unwrap();
        let pixels = frames.iter().flat_map(|frame| &frame.pixels);
        let colours: BTreeSet<[u8; 4]> = pixels.clone().copied().collect();
        assert!(
            colours.len() <= 13 && colours.len() > 6,
            "{}",
            colours.len()
        );
        assert!(pixels.clone().all(|pixel| pixel[3] == 0 || pixel[3] == 255));
        assert!(colours.contains(&[0; 4]));
    }

    #[test]
    fn a_fixed_palette_stays() {
        let mut frames = [frame(0)];
        let fixed = vec![[0, 0, 0], [200, 100, 90], [20, 140, 90]];
        reduce_frames(&mut frames, &retro(Palette::Fixed(fixed.clone()))).unwrap();
        let seen = frames[0].pixels.iter().filter(|pixel| pixel[3] != 0);
        assert!(seen.clone().count() > 100);
        for [red, green, blue, _] in seen {
            assert!(fixed.contains(&[*red, *green, *blue]));
        }
    }

    #[test]
    fn a_sheet_of_which_nothing_is_seen_stays_empty() {
        let mut frames = [AlphaImage::transparent(PixelSize::new(4, 4))];
        frames[0].pixels[3] = [9, 9, 9, 20];
        let adaptive = Palette::Adaptive {
            bits: 5,
            colours: 4,
        };
        reduce_frames(&mut frames, &retro(adaptive)).unwrap();
        assert_eq!(frames[0], AlphaImage::transparent(PixelSize::new(4, 4)));
        let none = retro(Palette::Fixed(Vec::new()));
        assert!(reduce_frames(&mut [frame(0)], &none).is_err());
    }
}
