//! Graphics over pictures as plain data: charts, tables, numbers, lists, quotes and code.
//!
//! Like titles, they are laid out anew at the size of every output. `lettering` draws them.

mod colour_contrast;
mod graphic_block;
mod icon_words;
mod number_text;
mod production_graphics;

pub use colour_contrast::{LEAST_CONTRAST, colour_contrast, mixed_colour, readable_on};
pub use graphic_block::{
    GraphicBlock, GraphicColours, GraphicContent, GraphicKind, GraphicPoint, GraphicValue,
    PartCount, USUAL_BELOW,
};
pub use icon_words::IconWords;
pub use number_text::{NumberText, decimals_of, number_text, number_with_unit};
pub use production_graphics::ScreenGraphic;
