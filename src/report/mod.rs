//! What a run tells people and machines: diagnostics, progress, summaries.

pub mod diagnostic;
