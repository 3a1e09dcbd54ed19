//! What one finished job left.

use crate::model::{Artefact, ExecutionMode};
use std::sync::Arc;

/// What one finished job left in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRecord {
    /// What it made, in order.
    pub outputs: Arc<[Artefact]>,
    /// Who made it.
    pub provider: Arc<str>,
    /// How real it is.
    pub mode: ExecutionMode,
    /// How long it took.
    pub seconds: f64,
    /// Units of work it was.
    pub units: usize,
    /// Findings that did not stop it.
    pub warnings: Vec<String>,
}
