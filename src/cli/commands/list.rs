//! `production list`: the productions below a folder, and the states of their last runs.

use super::watch::WatchOutput;
use crate::base::Severity;
use crate::base::json::to_json_string;
use crate::base::printable::flatten_escaped;
use crate::cli::args::{ListArgs, ResultFormat};
use crate::cli::catalog::default_options;
use crate::cli::cli_settings::CliSettings;
use crate::cli::document_cache::{DocumentContent, recall_content, remember_content};
use crate::cli::exit_codes::CliError;
use crate::project::open;
use crate::report::summary::status_summary::status_line;
use crate::report::text_format::{format_count, format_number, format_whole_seconds};
use crate::report::text_table::fit_columns;
use crate::report::{RunSnapshot, RunState};
use crate::session::{SessionError, last_run_snapshot};
use crate::store::store_owner::require_store;
use crate::store::{StoreError, StoreLayout};
use crate::timeline::TimelineMaker;
use serde_json::json;
use std::collections::HashMap;
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
    Valid(DocumentContent),
    /// The number of errors; 1 if the document cannot be read at all.
    Broken(usize),
}

/// The last run of a production.
struct LastRun {
    /// A word of `RunState`, or `store damaged`, `newer store` or `not a store`.
    state: &'static str,
    /// The run. `None`: the store cannot be read.
    snapshot: Option<RunSnapshot>,
}

pub(super) fn run_list(args: &ListArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.watch {
        return watch_list(args, settings);
    }
    let entries = found_entries(args, settings)?;
    match args.format {
        ResultFormat::Json => settings.print_json(&entries.iter().map(entry_json).collect()),
        ResultFormat::Short => {
            settings.print_stdout(&entries.iter().map(entry_line).collect::<String>());
        }
        ResultFormat::Text => settings.print_stdout(&entries_table(&entries, args, settings)),
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists the productions again and again, until the command is interrupted.
fn watch_list(args: &ListArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut output = WatchOutput::new(settings);
    let mut shown: HashMap<PathBuf, String> = HashMap::new();
    while !output.has_failed() {
        let entries = found_entries(args, settings)?;
        if args.format == ResultFormat::Text && output.is_redrawn() {
            output.redraw(&entries_table(&entries, args, settings));
        } else {
            for entry in &entries {
                print_changed_entry(entry, args.format, &mut shown, settings);
            }
        }
        output.wait();
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints a line about a production whose run is another, or at another point, than last time.
fn print_changed_entry(
    entry: &ProductionEntry,
    format: ResultFormat,
    shown: &mut HashMap<PathBuf, String>,
    settings: &CliSettings,
) {
    let line = entry
        .run
        .snapshot
        .as_ref()
        .map_or_else(|| entry.run.state.to_owned(), status_line);
    // A line for each look would fill a log although nothing happens.
    if shown.get(&entry.path) != Some(&line) {
        settings.print_stdout(&match format {
            ResultFormat::Json => to_json_string(&entry_json(entry)),
            ResultFormat::Text | ResultFormat::Short => {
                format!("{}  {line}", entry.path.display())
            }
        });
        shown.insert(entry.path.clone(), line);
    }
}

fn found_entries(
    args: &ListArgs,
    settings: &CliSettings,
) -> Result<Vec<ProductionEntry>, CliError> {
    let mut paths = Vec::new();
    find_productions(&args.folder, MAX_DEPTH, &mut paths).map_err(|source| {
        // Like every path that the command line names and that cannot be read.
        CliError::InputFile {
            path: args.folder.clone(),
            source,
        }
    })?;
    // A file system lists folders in any order.
    paths.sort();
    let entries = paths
        .into_iter()
        .map(|path| production_entry(path, settings));
    Ok(entries.collect())
}

fn entries_table(entries: &[ProductionEntry], args: &ListArgs, settings: &CliSettings) -> String {
    if entries.is_empty() {
        return format!(
            "no productions below {}; begin one with `production create my_film`",
            args.folder.display()
        );
    }
    let rows: Vec<Vec<String>> = entries.iter().map(entry_row).collect();
    fit_columns(&rows, settings.table_width)
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
    let document = document_summary(&path, settings);
    // Only the store beside the document is known here. A run with `--store` leaves no trace beside
    // it.
    let run = last_run(&StoreLayout::new(path.join(".production")));
    ProductionEntry {
        path,
        document,
        run,
    }
}

fn document_summary(path: &Path, settings: &CliSettings) -> DocumentSummary {
    if let Some(content) = recall_content(path, settings) {
        return DocumentSummary::Valid(content);
    }
    // A document with errors is listed, too: a production that vanished from the list would be
    // looked for in the wrong place.
    let Ok(opened) = open(path, &default_options(settings)) else {
        return DocumentSummary::Broken(1);
    };
    let Some(checked) = &opened.checked else {
        return DocumentSummary::Broken(opened.diagnostics.count_severity(Severity::Error));
    };
    let content = DocumentContent {
        title: checked.meta.display_title().to_owned(),
        shots: checked.shots.len(),
        frames: TimelineMaker::new(checked).film_places().length,
    };
    remember_content(path, &opened, &content, settings);
    DocumentSummary::Valid(content)
}

fn last_run(layout: &StoreLayout) -> LastRun {
    let read = require_store(layout).map_err(SessionError::from);
    match read.and_then(|_| last_run_snapshot(layout)) {
        Ok((snapshot, _)) => LastRun {
            // First of all: before its first record, a run in progress looks like none.
            state: if layout.disk().is_locked(&layout.lock_path()) && !snapshot.is_active() {
                RunState::Running.word()
            } else {
                snapshot.state.word()
            },
            snapshot: Some(snapshot),
        },
        Err(error) => LastRun {
            state: match error {
                SessionError::Store(StoreError::Newer { .. }) => "newer store",
                SessionError::Store(StoreError::NotAStore { .. }) => "not a store",
                _ => "store damaged",
            },
            snapshot: None,
        },
    }
}

fn entry_json(entry: &ProductionEntry) -> serde_json::Value {
    let (content, errors) = match &entry.document {
        DocumentSummary::Valid(content) => (Some(content), 0),
        DocumentSummary::Broken(errors) => (None, *errors),
    };
    let run = entry.run.snapshot.as_ref();
    let run = run.filter(|run| run.state != RunState::Never);
    json!({
        "path": entry.path.to_string_lossy(),
        "title": content.map(|content| &content.title),
        "shots": content.map(|content| content.shots),
        "frames": content.map(|content| content.frames),
        "errors": errors,
        "state": entry.run.state,
        "revision": run.map(|run| &run.revision.name),
        "at": run.and_then(last_time),
        "tier": run.and_then(|run| run.revision.tier.as_ref()),
        "phase": run.and_then(|run| run.phase),
        "percent": run.map(|run| run.percent),
        "seconds_left": run.and_then(|run| run.seconds_left),
    })
}

/// Returns when a run ended, or began if it did not end.
fn last_time(run: &RunSnapshot) -> Option<jiff::Timestamp> {
    run.revision.ended.or(run.revision.started)
}

fn entry_line(entry: &ProductionEntry) -> String {
    let run = entry.run.snapshot.as_ref();
    let run = run.filter(|run| run.state != RunState::Never);
    let revision = run.map_or("-", |run| &*run.revision.name);
    let path = flatten_escaped(&entry.path.display().to_string());
    format!("{path}: {} {revision}\n", entry.run.state)
}

fn entry_row(entry: &ProductionEntry) -> Vec<String> {
    let (title, size) = match &entry.document {
        DocumentSummary::Valid(content) => (
            content.title.clone(),
            format!(
                "{:>9}  {:>7} frames",
                format_count(content.shots, "shot"),
                format_number(content.frames)
            ),
        ),
        DocumentSummary::Broken(errors) => ("(broken)".to_owned(), format_count(*errors, "error")),
    };
    let run = entry.run.snapshot.as_ref();
    let at = run
        .and_then(last_time)
        .map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    // How far a run is says more than when it began.
    let progress = run.filter(|run| run.is_active()).map(|run| {
        let left = run.seconds_left.map_or_else(String::new, |seconds| {
            format!(", about {} left", format_whole_seconds(seconds))
        });
        format!("{:.0}%{left}", run.percent.floor())
    });
    vec![
        entry.path.display().to_string(),
        title,
        size,
        entry.run.state.to_owned(),
        progress.or(at).unwrap_or_default(),
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
