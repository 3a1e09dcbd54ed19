//! The retro look as pure picture maths: few pixels in, few colours out.
//!
//! Owns palettes, the colour table and dithers. Does not read or write files; `encode` brings the small pictures.

mod dither;
mod lookup;
mod palette;
mod reduce;

pub use palette::{Histogram, Lattice, PaletteError};
pub use reduce::{Reduced, Reducer};
