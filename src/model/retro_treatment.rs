//! The retro treatment: size, palette and dither.

use super::frame_rate::PixelSize;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where the colours come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Palette {
    /// Chosen from the picture on a lattice of `bits` bits a channel, at most `colours` of them.
    Adaptive {
        /// Bits a channel: 5 for 15-bit colour, 3 for 9-bit.
        bits: u8,
        /// The most colours on screen, at most 256.
        colours: u16,
    },
    /// These display colours and no others.
    // Display values, because the palettes of old machines are known as such.
    Fixed(Vec<[u8; 3]>),
}

/// How colours between two palette entries are suggested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Dither")]
pub enum DitherMethod {
    /// Nearest colour.
    None,
    /// Ordered, 8x8 Bayer matrix.
    Ordered,
    /// Error diffusion by Floyd and Steinberg.
    #[default]
    #[serde(alias = "floyd_steinberg")]
    #[schemars(extend("x-also" = ["floyd_steinberg"]))]
    ErrorDiffusion,
    /// Error diffusion by Atkinson.
    Atkinson,
}

/// How a picture is fitted to another aspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Fit")]
pub enum FitMode {
    /// Fill the frame and cut what hangs over.
    #[default]
    Crop,
    /// Show all of it, with black bars.
    Pad,
    /// Fill the frame, distorting.
    Stretch,
    /// Frame the shots anew for this aspect and render them for it; footage is cropped.
    Reframe,
}

/// A retro treatment of finished frames.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RetroTreatment {
    /// Where the colours come from.
    pub palette: Palette,
    /// How colours between those of the palette are suggested.
    pub dither: DitherMethod,
    /// Strength of the dither, 0 to 1.
    pub strength: f32,
    /// Size of the small picture in pixels.
    pub size: PixelSize,
}
