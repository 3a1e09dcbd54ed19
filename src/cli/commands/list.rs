//! `production list`: the productions below a folder, and the states of their last runs.

use crate::base::Severity;
use crate::cli::args::{ListArgs, ResultFormat};
use crate::cli::catalog::default_options;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::event::RunStatus;
use crate::project::open;
use crate::report::text_format::{format_count, format_number};
use crate::report::text_table::fit_columns;
use crate::store::store_owner::require_store;
use crate::store::{RunHistory, StoreError, StoreLayout};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The deepest level of folders that is searched; the folder itself is 0. A home folder would
/// otherwise be searched to the bottom of every archive that was unpacked in it.
const MAX_DEPTH: usize = 8;

/// Folders of other tools. They have no productions and very many files.
const SKIPPED_FOLDERS: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// A production that was found.
struct ProductionEntry {
    path: PathBuf,
    document: DocumentSummary,
    run: LastRun,
}

/// What the document contains.
enum DocumentSummary {
    Valid {
        title: String,
        shots: usize,
        frames: usize,
    },
    /// The number of errors; 1 if the document cannot be read at all.
    Broken(usize),
}

/// The last run of a production.
struct LastRun {
    /// `running`, `done`, `failed`, `interrupted`, `never`, `store damaged`, `newer store` or `not a
    /// store`.
    state: &'static str,
    revision: Option<String>,
    /// The time of the last event in any journal.
    at: Option<jiff::Timestamp>,
}

pub(super) fn run_list(args: &ListArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut paths = Vec::new();
    find_productions(&args.folder, MAX_DEPTH, &mut paths).map_err(|source| {
        CliError::io_error(format!("look in {}", args.folder.display()), source)
    })?;
    // A file system lists folders in any order.
    paths.sort();
    let entries: Vec<ProductionEntry> = paths
        .into_iter()
        .map(|path| production_entry(path, settings))
        .collect();
    match args.format {
        ResultFormat::Json => settings.print_json(&entries.iter().map(entry_json).collect()),
        ResultFormat::Text if entries.is_empty() => settings.print_stdout(&format!(
            "no productions below {}; begin one with `production create my_film`",
            args.folder.display()
        )),
        ResultFormat::Text => {
            settings.print_stdout(&fit_columns(
                &entries.iter().map(entry_row).collect::<Vec<_>>(),
                settings.width,
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Collects the folders with a `production.yaml`, down to `depth` levels. Hidden folders, stores,
/// symbolic links and unreadable folders below the first are skipped.
///
/// # Errors
/// Fails when the first folder cannot be read.
fn find_productions(
    folder: &Path,
    depth: usize,
    productions: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    if folder.join("production.yaml").is_file() {
        productions.push(folder.to_owned());
    }
    for entry in std::fs::read_dir(folder)?.flatten() {
        let name = entry.file_name();
        let path = entry.path();
        let name = name.to_string_lossy();
        // The type is that of the entry itself, so a link to a folder is none. Links may lead in a
        // circle, or out of the folder that was named.
        let real = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // A store has very many files and no productions.
        let skipped =
            name.starts_with('.') || SKIPPED_FOLDERS.contains(&name.as_ref()) || is_store(&path);
        if depth > 0 && real && !skipped {
            // Someone else's private folder is no reason to show none of the productions.
            let _ = find_productions(&path, depth - 1, productions);
        }
    }
    Ok(())
}

/// Returns whether a folder is a store. `--store` may put one anywhere and under any name, so its
/// contents decide.
fn is_store(folder: &Path) -> bool {
    let layout = StoreLayout::new(folder);
    layout.journals_folder().is_dir() && layout.lock_path().is_file()
}

fn production_entry(path: PathBuf, settings: &CliSettings) -> ProductionEntry {
    // A document with errors is listed, too: a production that vanished from the list would be
    // looked for in the wrong place.
    let document = match open(&path, &default_options(settings)) {
        Err(_) => DocumentSummary::Broken(1),
        Ok(opened) => match opened.checked {
            None => DocumentSummary::Broken(opened.diagnostics.count_severity(Severity::Error)),
            Some(checked) => DocumentSummary::Valid {
                title: checked.meta.display_title().to_owned(),
                shots: checked.shots.len(),
                frames: checked.shots.iter().map(|shot| shot.frames.len()).sum(),
            },
        },
    };
    // Only the store beside the document is known here. A run with `--store` leaves no trace beside
    // it.
    let run = last_run(&StoreLayout::new(path.join(".production")));
    ProductionEntry {
        path,
        document,
        run,
    }
}

fn last_run(layout: &StoreLayout) -> LastRun {
    let history = match require_store(layout).and_then(|_| RunHistory::replay_journals(layout)) {
        Ok(history) => history,
        Err(error) => {
            return LastRun {
                state: match error {
                    StoreError::Newer { .. } => "newer store",
                    StoreError::NotAStore { .. } => "not a store",
                    _ => "store damaged",
                },
                revision: None,
                at: None,
            };
        }
    };
    let state = match history.runs.last() {
        // First of all: in its journal a run that still goes on looks like one that was cut off.
        _ if layout.disk().is_locked(&layout.lock_path()) => "running",
        None => "never",
        Some((_, Some(RunStatus::Succeeded))) => "done",
        Some((_, Some(RunStatus::Failed))) => "failed",
        Some((_, Some(RunStatus::Cancelled) | None)) => "interrupted",
    };
    LastRun {
        state,
        revision: history.runs.last().map(|(revision, _)| revision.clone()),
        at: history.last_at,
    }
}

fn entry_json(entry: &ProductionEntry) -> serde_json::Value {
    let (title, shots, frames, errors) = match &entry.document {
        DocumentSummary::Valid {
            title,
            shots,
            frames,
        } => (Some(title), Some(shots), Some(frames), 0),
        DocumentSummary::Broken(errors) => (None, None, None, *errors),
    };
    json!({
        "path": entry.path.to_string_lossy(),
        "title": title,
        "shots": shots,
        "frames": frames,
        "errors": errors,
        "state": entry.run.state,
        "revision": entry.run.revision,
        "at": entry.run.at,
    })
}

fn entry_row(entry: &ProductionEntry) -> Vec<String> {
    let (title, size) = match &entry.document {
        DocumentSummary::Valid {
            title,
            shots,
            frames,
        } => (
            title.clone(),
            format!(
                "{:>9}  {:>7} frames",
                format_count(*shots, "shot"),
                format_number(*frames)
            ),
        ),
        DocumentSummary::Broken(errors) => ("(broken)".to_owned(), format_count(*errors, "error")),
    };
    let last_run_at = entry
        .run
        .at
        .map(|last_run_at| last_run_at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default();
    vec![
        entry.path.display().to_string(),
        title,
        size,
        entry.run.state.to_owned(),
        last_run_at,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{LockOwner, StoreLock};

    fn relative_paths(folder: &Path) -> Vec<String> {
        let mut paths = Vec::new();
        find_productions(folder, MAX_DEPTH, &mut paths).unwrap();
        paths.sort();
        let relative = paths
            .iter()
            .map(|path| path.strip_prefix(folder).unwrap().display().to_string());
        relative.collect()
    }

    #[test]
    fn hidden_folders_and_stores_are_passed_over_and_links_in_a_circle_end() {
        let folder = tempfile::tempdir().unwrap();
        for name in [
            "a",
            "deep/b",
            ".hidden",
            "a/.production/runs/rev-0001",
            "store/runs",
            "target/c",
        ] {
            std::fs::create_dir_all(folder.path().join(name)).unwrap();
            std::fs::write(
                folder.path().join(name).join("production.yaml"),
                "production:\n",
            )
            .unwrap();
        }
        std::fs::create_dir(folder.path().join("store/events")).unwrap();
        std::fs::write(folder.path().join("store/lock"), "").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("deep/circle")).unwrap();
        assert_eq!(relative_paths(folder.path()), ["a", "deep/b"]);
    }

    #[test]
    fn a_store_whose_lock_is_held_is_running_and_one_without_runs_never_ran() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path().join("store"));
        assert_eq!(last_run(&layout).state, "never");
        let owner = LockOwner {
            process: 1,
            command: "run".into(),
            since: jiff::Timestamp::UNIX_EPOCH,
        };
        let lock = StoreLock::acquire_lock(&layout, &owner, None).unwrap();
        assert_eq!(last_run(&layout).state, "running");
        drop(lock);
        assert_eq!(last_run(&layout).state, "never");
    }
}
