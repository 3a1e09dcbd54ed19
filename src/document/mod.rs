//! YAML text to derived structs, with the bytes of every value: tree, decoder, includes.
//!
//! The only room that knows YAML and CSV. [`load()`] reads a file or a directory; [`tree`] holds what was written;
//! [`table`] makes such a tree of a spreadsheet's export; [`de`] decodes it and records every mistake; [`values`] are the field types that a document offers beyond serde's.

pub mod allow;
mod chain;
pub mod de;
pub mod draft;
pub mod explain;
mod extending;
pub mod farm;
mod include;
pub mod join;
mod joining;
pub mod limits;
pub mod load;
mod names;
pub mod notation;
pub mod overlay;
pub mod pointer;
pub mod quote;
pub mod rewrite;
pub mod said;
pub mod table;
pub mod text;
mod text_or;
pub mod tree;
pub mod trees;
pub mod values;
pub mod variables;

pub use chain::say_extended;
pub use de::{Scope, decode, decode_at};
pub use join::Join;
pub use joining::{give, nameless};
pub use limits::Limits;
pub use load::{LoadError, Loaded, load};
pub use text_or::TextOr;
pub use trees::Trees;
pub use values::{Entries, NamedList, OneOrMany, Scalar, ScalarOrList, Written};
pub use variables::{Outside, Variables};

#[cfg(test)]
mod tests;
