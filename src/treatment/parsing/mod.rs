//! From blocks to a treatment: where scenes begin, what labels say, and what prose probably means.
//!
//! The same text always gives the same treatment. What no label says is guessed, and every guess is
//! a note with its reason and its place.

mod block_redaction;
mod brief_labels;
mod chart_line;
mod chart_reader;
mod chart_rows;
mod chart_units;
mod known_secrets;
mod kpi_reader;
mod label_lines;
mod parse_notes;
#[cfg(test)]
mod redaction_tests;
mod scene_division;
mod scene_labels;
mod scene_marks;
mod scene_prose;
mod scene_slugs;
mod scene_table;
mod treatment_guesses;
mod treatment_parser;
mod written_secrets;

pub use treatment_parser::parse_treatment;
