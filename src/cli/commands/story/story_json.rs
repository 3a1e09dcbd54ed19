//! A breakdown for machines.

use crate::base::json::to_json_value;
use crate::story::breakdown::{PAGE_LINES, ScriptBreakdown};
use serde_json::Value;

/// Returns a breakdown as JSON. Lengths are in eighths of a page and in seconds.
pub(super) fn story_json(breakdown: &ScriptBreakdown) -> Value {
    let mut json = to_json_value(breakdown);
    json["lines_per_page"] = PAGE_LINES.into();
    json
}
