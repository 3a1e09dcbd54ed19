//! The span tree: one YAML file as an arena of nodes, each with the bytes it was written in.
//!
//! Owns the shape of the tree and its look-ups. Does not know what any value means; building from text is in `build`, from
//! other text in `assemble`, meaning is in `document::de`.

mod assemble;
mod nodes;
mod yaml_builder;

pub use nodes::{NodeId, ScalarRef, SpanTree, ValueShape};
pub(super) use nodes::{ScalarRewrite, WrittenScalar};
pub use yaml_builder::parse_yaml;
