//! One shot's reduction: its palette is chosen once, and every frame is dithered with it.

use super::dither::Inks;
use super::palette::{self, Histogram, Lattice, PaletteError};
use crate::media::picture::DisplayImage;
use crate::model::PixelSize;
use crate::model::retro_treatment::{DitherMethod, Palette, RetroTreatment};
use std::sync::Arc;

/// Reduces the pictures of one shot to one palette.
pub struct Reducer {
    inks: Arc<Inks>,
    dither: DitherMethod,
    strength: f32,
}

/// A picture of palette indices.
pub struct Reduced {
    /// Size in pixels.
    pub size: PixelSize,
    /// One palette index a pixel, row by row.
    pub indices: Vec<u8>,
    inks: Arc<Inks>,
}

impl Reducer {
    /// Counts the colours of one picture, for an adaptive palette; returns nothing for a fixed one.
    #[must_use]
    pub fn count(retro: &RetroTreatment, shown: &DisplayImage) -> Histogram {
        let Palette::Adaptive { bits, .. } = retro.palette else {
            return Histogram::default();
        };
        Lattice::new(bits).map_or_else(
            |_| Histogram::default(),
            |lattice| Histogram::of(lattice, shown),
        )
    }

    /// Chooses the palette from the counts of all pictures together.
    ///
    /// # Errors
    /// Fails when the palette has no or more than 256 colours, or its lattice no or more than 6 bits a channel.
    pub fn new(retro: &RetroTreatment, counted: &Histogram) -> Result<Self, PaletteError> {
        let colours = match &retro.palette {
            Palette::Fixed(colours) => colours.clone(),
            Palette::Adaptive { bits, colours } => {
                let most = usize::from(*colours);
                allow(most)?;
                palette::choose(Lattice::new(*bits)?, counted, most)
            }
        };
        allow(colours.len())?;
        Ok(Self {
            inks: Arc::new(Inks::of(colours)),
            dither: retro.dither,
            strength: retro.strength,
        })
    }

    /// Reduces one picture, which has the final size already.
    #[must_use]
    pub fn reduce(&self, shown: &DisplayImage) -> Reduced {
        let width = shown.size.width.max(1) as usize;
        let indices = self
            .inks
            .apply(&shown.pixels, width, self.dither, self.strength);
        Reduced {
            size: shown.size,
            indices,
            inks: Arc::clone(&self.inks),
        }
    }
}

fn allow(colours: usize) -> Result<(), PaletteError> {
    if (1..=256).contains(&colours) {
        Ok(())
    } else {
        Err(PaletteError::Colours(colours))
    }
}

impl Reduced {
    /// Returns the palette that the indices point into.
    #[must_use]
    pub fn palette(&self) -> &[[u8; 3]] {
        &self.inks.palette
    }

    /// Returns the picture in full colour.
    #[must_use]
    pub fn to_shown(&self) -> DisplayImage {
        let colour =
            |index: &u8| self.inks.palette[usize::from(*index)].map(|value| u16::from(value) * 257);
        DisplayImage {
            size: self.size,
            pixels: self.indices.iter().map(colour).collect(),
        }
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test patterns")]
mod tests {
    use super::*;

    fn sky(size: PixelSize, shift: u32) -> DisplayImage {
        let pixel = |i: u32| {
            let (x, y) = (i % size.width, i / size.width);
            [
                (x * 200 + shift * 40) as u16,
                (y * 300) as u16,
                (40000 + x * 50 - y * 20) as u16,
            ]
        };
        DisplayImage {
            size,
            pixels: (0..size.width * size.height).map(pixel).collect(),
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
                .map(|f| Reducer::count(&retro, f))
                .fold(Histogram::default(), Histogram::merged);
            let reducer = Reducer::new(&retro, &counted).unwrap();
            let lattice = Lattice::new(5).unwrap();
            let mut seen = std::collections::BTreeSet::new();
            for frame in &frames {
                let shown = reducer.reduce(frame).to_shown().to_8_bits();
                assert!(shown.iter().all(|rgb| lattice.holds(*rgb)));
                seen.extend(shown);
            }
            assert!(seen.len() <= 64, "{}", seen.len());
        }
    }

    #[test]
    fn a_palette_of_4096_colours_is_refused_with_the_range() {
        let error = Reducer::new(&snes(DitherMethod::None, 4096), &Histogram::default())
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "reduce to 4096 colours: an indexed picture has 1 to 256"
        );
    }
}
