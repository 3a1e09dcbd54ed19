//! What a renewal changed, in words.

use super::creation_target::{CreationOutcome, ProductionRenewal};
use crate::cli::cli_settings::CliSettings;
use crate::report::text_format::format_count;
use crate::report::text_table::fit_columns;
use std::path::Path;

/// The longest value that is shown, in characters. What changed in a sentence is often its end.
const MOST_SHOWN: usize = 400;

/// Prints what a renewal did, or that a production was made.
pub(super) fn print_outcome(
    folder: &Path,
    words: &str,
    outcome: &CreationOutcome,
    settings: &CliSettings,
    created: impl FnOnce() -> String,
) {
    match &outcome.renewal {
        // What changed and what was kept is the result.
        Some(renewal) => settings.print_stdout(&renewal_text(folder, words, renewal)),
        None => settings.print_summary(&created()),
    }
}

/// Returns what changed in the folder, with a line for each value, and what was left as it is.
fn renewal_text(folder: &Path, words: &str, renewal: &ProductionRenewal) -> String {
    let merged = &renewal.merged;
    let folder = folder.display();
    if merged.changes.is_empty() && merged.conflicts.is_empty() && renewal.files.is_empty() {
        return if renewal.before.is_some() {
            format!("renewed {folder} from {words}: only comments changed")
        } else {
            format!("{folder} is up to date with {words}: nothing changed")
        };
    }
    let mut text = format!(
        "renewed {folder} from {words}: {}",
        format_count(merged.changes.len(), "change")
    );
    if !merged.conflicts.is_empty() {
        text.push_str(&format!(
            ", {} kept as you wrote it",
            merged.conflicts.len()
        ));
    }
    text.push('\n');
    let mut rows: Vec<Vec<String>> = Vec::new();
    rows.extend(
        renewal
            .files
            .iter()
            .map(|file| vec!["  file".to_owned(), file.clone(), "written".to_owned()]),
    );
    rows.extend(merged.changes.iter().map(|change| {
        let (mark, what) = match (&change.before, &change.after) {
            (None, Some(after)) => ("  new", shown(after)),
            (Some(before), None) => ("  gone", shown(before)),
            (before, after) => (
                "  now",
                format!("{} -> {}", shown_part(before), shown_part(after)),
            ),
        };
        vec![mark.to_owned(), field_name(&change.path), what]
    }));
    rows.extend(merged.conflicts.iter().map(|conflict| {
        let yours = conflict
            .edited
            .as_ref()
            .map_or("you removed it".to_owned(), |text| {
                format!("you have {}", shown(text))
            });
        let theirs = conflict
            .renewed
            .as_ref()
            .map_or("the words have it no more".to_owned(), |text| {
                format!("the words say {}", shown(text))
            });
        let fix = if conflict.is_in_brackets {
            "; write it on lines of its own, without brackets, and type the command again"
        } else {
            ""
        };
        vec![
            "  kept".to_owned(),
            field_name(&conflict.path),
            format!("{yours}; {theirs}{fix}"),
        ]
    }));
    text.push_str(&fit_columns(&rows, usize::MAX));
    if let Some(before) = &renewal.before {
        text.push_str(&format!("\n  the document before: {}", before.display()));
    }
    text
}

/// Returns the path without the map that everything is in.
fn field_name(path: &str) -> String {
    path.strip_prefix("production.").unwrap_or(path).to_owned()
}

fn shown_part(text: &Option<String>) -> String {
    text.as_ref().map_or_else(String::new, |text| shown(text))
}

fn shown(text: &str) -> String {
    if text.chars().count() <= MOST_SHOWN {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST_SHOWN - 1).collect();
    format!("{cut}…")
}
