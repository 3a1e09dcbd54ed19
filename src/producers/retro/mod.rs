//! The retro look as pure picture maths: large pictures in, small pictures of few colours out.
//!
//! Owns palettes, the colour table and dithers. Reads and writes no files; `encode` passes the
//! small pictures in.

mod colour_palette;
mod colour_table;
mod dithering;
mod palette_reducer;
mod ramp;

pub use colour_palette::{ColourHistogram, ColourLattice, PaletteError};
pub use palette_reducer::{PaletteReducer, PalettedImage};
