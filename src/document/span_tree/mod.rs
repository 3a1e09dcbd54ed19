//! The span tree: one YAML file as an arena of nodes. Each node has the bytes where it was written.
//!
//! Owns the shape of the tree and its look-ups. Does not know what a value means. `yaml_builder`
//! builds it from YAML, `assemble` from other text; `document::de` gives it meaning.

mod assemble;
mod nodes;
mod yaml_builder;

pub use nodes::{NodeId, ScalarRef, SpanTree, ValueShape};
pub(super) use nodes::{ScalarRewrite, WrittenScalar};
pub use yaml_builder::parse_yaml;
