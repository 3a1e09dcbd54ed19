//! YAML text to derived structs, with the bytes of every value: tree, decoder, includes.
//!
//! The only module that knows YAML and CSV. [`load_document()`] reads a file or a directory.
//! [`span_tree`] holds a file as it was written; [`shot_table`] builds such a tree from a
//! spreadsheet's export. [`de`] decodes trees and records every mistake. [`field_types`] has the
//! field types beyond serde's.

pub mod allow_comments;
pub mod beat_draft;
pub mod caption_table;
pub mod captions_draft;
mod cell_table;
pub mod de;
mod document_files;
pub mod document_loader;
pub mod draft;
pub mod edit_draft;
mod entry_location;
pub mod explanations;
mod extends_chain;
pub mod farm_draft;
pub mod field_types;
pub mod file_text;
pub mod graphics_draft;
mod include_pattern;
pub mod input_limits;
pub mod json_pointer;
mod line_draft;
pub mod merge_draft;
mod merge_extends;
mod merge_files;
pub mod notation;
pub mod overlay;
pub mod quote;
mod reserved_names;
pub mod shot_table;
pub mod sound_draft;
mod source_file;
pub mod source_trees;
pub mod span_tree;
pub mod sprite_draft;
mod text_or;
pub mod three_way_merge;
pub mod titles_draft;
pub mod value_tree;
pub mod variables;
pub mod yaml_edit;

pub use de::{DecodeScope, decode_node, decode_tree};
pub use document_loader::{LoadedDocument, load_document};
pub use entry_location::{EntryLocation, EntryLocator};
pub use extends_chain::mark_extended_files;
pub use field_types::{NamedList, OneOrMany, OrderedMap, RawScalar, ScalarOrList, UntypedValue};
pub use input_limits::InputLimits;
pub use line_draft::LineDraft;
pub use merge_draft::MergeDraft;
pub use merge_files::{apply_defaults, remove_default_name};
pub use source_file::DocumentLoadError;
pub use source_trees::SourceTrees;
pub use text_or::TextOr;
pub use variables::{VariableOverrides, VariableTable, is_misplaced_path_value};

#[cfg(test)]
mod tests;
