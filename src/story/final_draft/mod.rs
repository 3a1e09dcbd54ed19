//! A screenplay in the format of Final Draft (`.fdx`), as the same value as one in Fountain.
//!
//! Owns the elements of the format. Text comes out in the notation of Fountain: emphasis has its
//! marks, and what looks like a mark is escaped. What a screenplay has no place for is counted and
//! reported once.

mod fdx_reader;
mod fdx_scene;
mod fdx_text;
mod fdx_title_page;
mod script_builder;
mod script_notes;

#[cfg(test)]
mod tests;

pub use fdx_reader::parse_final_draft;
