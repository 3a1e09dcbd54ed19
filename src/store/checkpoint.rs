//! The checkpoint: which shots are complete, for people and programs that watch a run. The
//! program does not read it back.

use super::{StoreError, StoreLayout};
use crate::base::json::to_pretty_json;
use std::collections::BTreeSet;

/// Replaces the checkpoint of the store.
///
/// # Errors
/// Fails when the store cannot be written.
pub fn save_checkpoint(layout: &StoreLayout, shots: &BTreeSet<String>) -> Result<(), StoreError> {
    let json = serde_json::json!({ "completed_shots": shots, "shots": shots.len() });
    layout.replace_file(&layout.checkpoint_path(), to_pretty_json(&json).as_bytes())
}
