//! The retro look as pure picture maths: few pixels in, few colours out.
//!
//! Owns palettes, the colour table and dithers. Does not read or write files; `encode` brings the small pictures.

mod colour_palette;
mod colour_table;
mod dithering;
mod palette_reducer;
mod ramp;

pub use colour_palette::{ColourHistogram, ColourLattice, PaletteError};
pub use palette_reducer::{PaletteReducer, PalettedImage};
