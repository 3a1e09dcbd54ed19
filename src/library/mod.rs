//! Presets by kind and name: the built-in ones, embedded in the binary, and the user's own beside
//! the document.
//!
//! A preset has the same fields as the entry that uses it, so any field beside a preset overrides
//! it. Owns finding presets. Does not know what they mean.

mod library_codes;
mod preset_info;
mod preset_library;
mod preset_set;

pub use library_codes::LIBRARY_CODES;
pub use preset_info::PresetInfo;
pub use preset_library::Library;
pub use preset_set::{PresetKind, PresetSet};
