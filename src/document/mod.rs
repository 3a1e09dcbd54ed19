//! YAML text to derived structs, with the bytes of every value: tree, decoder, includes.
//!
//! The only room that knows YAML and CSV. [`load()`] reads a file or a directory; [`tree`] holds what was written;
//! [`table`] makes such a tree of a spreadsheet's export; [`de`] decodes it and records every mistake; [`values`] are the field types that a document offers beyond serde's.

pub mod allow;
pub mod de;
pub mod draft;
pub mod explain;
mod include;
pub mod join;
mod joining;
pub mod limits;
pub mod load;
mod names;
pub mod pointer;
pub mod quote;
pub mod table;
mod text_or;
pub mod tree;
pub mod trees;
pub mod values;

pub use de::{Scope, decode, decode_at};
pub use join::Join;
pub use limits::Limits;
pub use load::{LoadError, Loaded, load};
pub use text_or::TextOr;
pub use trees::Trees;
pub use values::{Entries, NamedList, OneOrMany, Scalar, ScalarOrList, Written};

#[cfg(test)]
mod tests;
