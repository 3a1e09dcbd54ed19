//! Draws graphics: charts, tables, numbers, lists, quotes and code.
//!
//! A graphic is laid out once for the size of an output as a scene of texts and shapes, each with
//! the part of the time in which it comes. On a frame, what is there of each is drawn.

mod bar_layout;
mod card_frame;
mod graphic_fit;
mod graphic_painter;
mod graphic_scene;
mod line_layout;
mod number_layout;
mod pie_layout;
mod shape_canvas;
mod table_layout;
mod text_setter;
mod words_layout;

pub(super) use graphic_fit::fits_picture;
pub(super) use graphic_painter::{GraphicMoment, GraphicPainter};

#[cfg(test)]
mod tests;
