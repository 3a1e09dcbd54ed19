//! From a plan to the document of a production: commented, valid, and meant to be edited.
//!
//! What a document cannot say, such as a sound that no library has, is a comment beside its scene and
//! a note, so that nothing of the treatment is lost.

mod document_writer;
mod film_voices;
mod output_lines;
mod scene_graphics;
mod scene_shot;
mod scene_titles;
mod stage_lines;
mod yaml_text;

pub use document_writer::{CreatedDocument, write_production};
