//! Takes back findings about `${revision}` and its like where they are in the path of an output.

use crate::base::{Diagnostics, FileSpan};
use crate::document::draft::ProductionDraft;
use crate::document::is_misplaced_path_value;

/// Returns the findings without those about names that have a value where they are.
pub(super) fn without_path_values(
    diagnostics: Diagnostics,
    draft: &ProductionDraft,
) -> Diagnostics {
    let paths: Vec<FileSpan> = draft
        .outputs
        .iter()
        .flatten()
        .filter_map(|output| Some(output.path.as_ref()?.origin))
        .collect();
    let mut remaining = Diagnostics::default();
    diagnostics
        .into_iter()
        .filter(|found| {
            let is_in_path = || paths.iter().any(|path| path.contains_span(found.origin));
            !is_misplaced_path_value(found) || !is_in_path()
        })
        .for_each(|found| remaining.push(found));
    remaining
}
