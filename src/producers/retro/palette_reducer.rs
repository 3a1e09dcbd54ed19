//! The reduction of one shot: its palette is chosen once, and every frame is dithered with it.

use super::colour_palette::{self, ColourHistogram, ColourLattice, PaletteError};
use super::dithering::DitherPalette;
use crate::media::picture::DisplayImage;
use crate::model::PixelSize;
use crate::model::retro_treatment::{DitherMethod, Palette, RetroTreatment};
use std::sync::Arc;

/// Reduces the pictures of one shot to one palette.
pub struct PaletteReducer {
    dither_palette: Arc<DitherPalette>,
    dither: DitherMethod,
    strength: f32,
}

/// A picture of palette indices.
pub struct PalettedImage {
    /// Size in pixels.
    pub size: PixelSize,
    /// One palette index a pixel, row by row.
    pub indices: Vec<u8>,
    dither_palette: Arc<DitherPalette>,
}

impl PaletteReducer {
    /// Counts the colours of one picture for an adaptive palette. The result is empty for a fixed
    /// one.
    #[must_use]
    pub fn count_colours(retro: &RetroTreatment, shown: &DisplayImage) -> ColourHistogram {
        let Palette::Adaptive { bits, .. } = retro.palette else {
            return ColourHistogram::default();
        };
        // A lattice out of range is reported once by `new`. Counting runs for each frame in
        // parallel and has nothing to add.
        ColourLattice::new(bits).map_or_else(
            |_| ColourHistogram::default(),
            |lattice| ColourHistogram::from_image(lattice, shown),
        )
    }

    /// Chooses the palette from the counts of all pictures together.
    ///
    /// # Errors
    /// Fails if the palette has no colours or more than 256, or if its lattice has no bits or more
    /// than 6 a channel.
    pub fn new(retro: &RetroTreatment, histogram: &ColourHistogram) -> Result<Self, PaletteError> {
        let colours = match &retro.palette {
            Palette::Fixed(colours) => colours.clone(),
            Palette::Adaptive { bits, colours } => {
                let most = usize::from(*colours);
                // The limit is checked before the search: asking median cut for 0 colours would
                // return one.
                check_colour_count(most)?;
                colour_palette::choose_palette(ColourLattice::new(*bits)?, histogram, most)
            }
        };
        // An adaptive palette of a shot without any frame is empty, and a fixed one may be too long
        // for the indices, which are bytes.
        check_colour_count(colours.len())?;
        Ok(Self {
            // Each reduced picture holds the palette until it is written. A shared one costs no
            // copy of the table, which has 262,144 entries.
            dither_palette: Arc::new(DitherPalette::from_palette(colours)),
            dither: retro.dither,
            strength: retro.strength,
        })
    }

    /// Returns the palette.
    #[must_use]
    pub fn palette(&self) -> &[[u8; 3]] {
        &self.dither_palette.palette
    }

    /// Reduces one picture, which must have its final size.
    #[must_use]
    pub fn reduce_image(&self, shown: &DisplayImage) -> PalettedImage {
        let width = shown.size.width.max(1) as usize;
        let indices =
            self.dither_palette
                .dither_image(&shown.pixels, width, self.dither, self.strength);
        PalettedImage {
            size: shown.size,
            indices,
            dither_palette: Arc::clone(&self.dither_palette),
        }
    }
}

fn check_colour_count(colours: usize) -> Result<(), PaletteError> {
    if (1..=256).contains(&colours) {
        Ok(())
    } else {
        Err(PaletteError::Colours(colours))
    }
}

impl PalettedImage {
    /// Returns the palette that the indices refer to.
    #[must_use]
    pub fn palette(&self) -> &[[u8; 3]] {
        &self.dither_palette.palette
    }

    /// Returns the picture in full colour, with each 8-bit level as 16 bits.
    #[must_use]
    pub fn to_display_image(&self) -> DisplayImage {
        DisplayImage {
            size: self.size,
            pixels: self
                .indices
                .iter()
                .map(|index| {
                    self.dither_palette.palette[usize::from(*index)]
                        .map(|value| u16::from(value) * 257)
                })
                .collect(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    fn sky(size: PixelSize, shift: u32) -> DisplayImage {
        DisplayImage {
            size,
            pixels: (0..size.width * size.height)
                .map(|i| {
                    let x = i % size.width;
                    let y = i / size.width;
                    [
                        (x * 200 + shift * 40) as u16,
                        (y * 300) as u16,
                        (40000 + x * 50 - y * 20) as u16,
                    ]
                })
                .collect(),
        }
    }

    fn snes(dither: DitherMethod, colours: u16) -> RetroTreatment {
        RetroTreatment {
            palette: Palette::Adaptive { bits: 5, colours },
            dither,
            strength: 1.0,
            size: PixelSize::new(256, 224),
        }
    }

    #[test]
    fn every_pixel_of_every_frame_is_on_the_lattice_and_within_the_count() {
        let frames: Vec<DisplayImage> = (0..3)
            .map(|shift| sky(PixelSize::new(256, 224), shift * 100))
            .collect();
        for dither in [
            DitherMethod::None,
            DitherMethod::Ordered,
            DitherMethod::ErrorDiffusion,
            DitherMethod::Atkinson,
        ] {
            let retro = snes(dither, 64);
            let counted = frames
                .iter()
                .map(|f| PaletteReducer::count_colours(&retro, f))
                .fold(ColourHistogram::default(), ColourHistogram::merged_with);
            let reducer = PaletteReducer::new(&retro, &counted).unwrap();
            let lattice = ColourLattice::new(5).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for frame in &frames {
                let shown = reducer.reduce_image(frame).to_display_image().to_8_bits();
                assert!(shown.iter().all(|rgb| lattice.contains_colour(*rgb)));
                seen.extend(shown);
            }
            assert!(seen.len() <= 64, "{}", seen.len());
        }
    }

    #[test]
    fn a_palette_of_4096_colours_is_refused_with_the_range() {
        let error =
            PaletteReducer::new(&snes(DitherMethod::None, 4096), &ColourHistogram::default())
                .err()
                .unwrap();
        assert_eq!(
            error.to_string(),
            "reduce to 4096 colours: an indexed picture has 1 to 256"
        );
    }
}
