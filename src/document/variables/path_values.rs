//! Names that a path of an output may use without a declaration: `${shot}`, `${revision}` and
//! others.
//!
//! Owns the names. Their values are those of `resolve`, and of the run that delivers the output.

use crate::base::{Diagnostic, FileSpan};

/// The names, in the order of the guide.
const PATH_VALUES: [&str; 8] = [
    "shot", "take", "output", "title", "version", "tier", "revision", "date",
];

/// What the finding about a misplaced name says at its place.
const MISPLACED: &str = "has a value only in the path of an output";

/// Returns whether paths of outputs may use this name without a declaration.
// A declared variable of the same name wins, so documents from before there were such names keep
// their meaning.
pub(super) fn is_path_value(name: &str) -> bool {
    PATH_VALUES.contains(&name)
}

/// Returns the finding about such a name, which is taken back in paths.
pub(super) fn misplaced_path_value(name: &str, origin: FileSpan) -> Diagnostic {
    let message = format!("unknown variable `{name}`");
    Diagnostic::error("production::variables::unknown", origin, message)
        .with_label(MISPLACED)
        .with_help(format!(
            "declare `{name}` under `variables:` to use it elsewhere"
        ))
}

/// Returns whether a finding is about such a name. Where it is the path of an output, the finding
/// is none.
// Substitution comes before decoding and does not know which field a value belongs to.
pub fn is_misplaced_path_value(found: &Diagnostic) -> bool {
    found.label == MISPLACED
}
