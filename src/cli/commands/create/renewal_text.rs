//! What a renewal changed, in words.

use super::creation_target::{CreationOutcome, KeptFile, ProductionRenewal};
use crate::cli::cli_settings::CliSettings;
use crate::document::three_way_merge::{
    ConflictCause, MergeConflict, MergedChange, MergedDocument,
};
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
    let is_same = merged.changes.is_empty() && merged.conflicts.is_empty();
    if is_same && renewal.files.is_empty() && renewal.kept_files.is_empty() {
        let folder = folder.display();
        return if renewal.before.is_some() {
            format!("renewed {folder} from {words}: only comments changed")
        } else {
            format!("{folder} is up to date with {words}: nothing changed")
        };
    }
    let files = renewal.files.iter().map(|file| file_row(file));
    let changes = merged.changes.iter().map(change_row);
    let conflicts = merged.conflicts.iter().map(conflict_row);
    let files = files.chain(renewal.kept_files.iter().map(kept_file_row));
    let rows: Vec<Vec<String>> = files.chain(changes).chain(conflicts).collect();
    let mut text = headline(folder, words, merged);
    text.push_str(&fit_columns(&rows, usize::MAX));
    if let Some(before) = &renewal.before {
        text.push_str(&format!("\n  the document before: {}", before.display()));
    }
    text
}

fn headline(folder: &Path, words: &str, merged: &MergedDocument) -> String {
    let count = format_count(merged.changes.len(), "change");
    let kept = match merged.conflicts.len() {
        0 => String::new(),
        kept => format!(", {kept} kept as you wrote it"),
    };
    format!("renewed {} from {words}: {count}{kept}\n", folder.display())
}

fn file_row(file: &str) -> Vec<String> {
    vec!["  file".to_owned(), file.to_owned(), "written".to_owned()]
}

fn kept_file_row(kept: &KeptFile) -> Vec<String> {
    let why = match kept.is_changed {
        Some(_) => "you changed it",
        None => "you may have changed it",
    };
    let what = format!(
        "{why}; the words make another: move it away, and type the command again to have that one"
    );
    vec!["  kept".to_owned(), kept.path.clone(), what]
}

fn change_row(change: &MergedChange) -> Vec<String> {
    let (mark, what) = match (&change.before, &change.after) {
        (None, Some(after)) => ("  new", shown(after)),
        (Some(before), None) => ("  gone", shown(before)),
        (before, after) => (
            "  now",
            format!("{} -> {}", shown_part(before), shown_part(after)),
        ),
    };
    vec![mark.to_owned(), field_name(&change.path), what]
}

fn conflict_row(conflict: &MergeConflict) -> Vec<String> {
    let renamed = conflict.renamed_to.as_ref();
    let yours = match (&conflict.edited, &conflict.cause) {
        (None, ConflictCause::NamesRemoved(name)) => match renamed {
            Some(new) => format!("you renamed `{name}`, which it is about, to `{new}`"),
            None => format!("your document has no `{name}`, which it is about"),
        },
        (Some(text), ConflictCause::NamesRemoved(name)) => match renamed {
            Some(new) => format!("you have {}, and renamed `{name}` to `{new}`", shown(text)),
            None => format!("you have {}, and no `{name}`", shown(text)),
        },
        (None, _) => match renamed {
            Some(new) => format!("you renamed it to `{new}`"),
            None => "your document has it no more".to_owned(),
        },
        (Some(_), ConflictCause::StillNamed) => "something that you wrote is about it".to_owned(),
        (Some(text), _) => format!("you have {}", shown(text)),
    };
    let theirs = conflict
        .renewed
        .as_ref()
        .map_or("the words have it no more".to_owned(), |text| {
            format!("the words say {}", shown(text))
        });
    let fix = if conflict.cause == ConflictCause::InBrackets {
        "; write it on lines of its own, without brackets, and type the command again"
    } else {
        ""
    };
    vec![
        "  kept".to_owned(),
        field_name(&conflict.path),
        format!("{yours}; {theirs}{fix}"),
    ]
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
