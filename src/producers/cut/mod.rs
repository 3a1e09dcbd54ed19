//! The cut: graded frames of two shots become those of a transition, and what is written as text
//! becomes a file.

mod caption_export;
mod picture_blend;
mod text_export_producer;
mod transition_frames;
mod transition_producer;

pub(super) use caption_export::read_cues;
pub(super) use text_export_producer::TextExportProducer;
pub(super) use transition_producer::TransitionProducer;

#[cfg(test)]
mod tests;
