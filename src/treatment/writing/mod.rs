//! From a plan to the document of a production: commented, valid, and meant to be edited.
//!
//! What a document cannot say yet, such as a chart, is a comment beside its scene and a note, so
//! that nothing of the treatment is lost.

mod chart_comments;
mod document_writer;
mod output_lines;
mod scene_shot;
mod scene_titles;
mod stage_lines;
mod yaml_text;

pub use document_writer::{CreatedDocument, write_production};
