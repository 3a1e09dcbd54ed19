//! `production list`: the productions below a folder, and how their last runs ended.

use crate::base::Severity;
use crate::cli::args::{ListArgs, ResultFormat};
use crate::cli::catalog::default_options;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::event::RunStatus;
use crate::project::open;
use crate::report::text_format::{format_count, format_number};
use crate::report::text_table::fit_columns;
use crate::store::{RunHistory, StoreLayout};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How deep below the folder productions are looked for.
const MAX_DEPTH: usize = 8;

/// Folders of other tools that hold no productions and a great many files.
const SKIPPED_FOLDERS: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// One production found.
struct ProductionEntry {
    path: PathBuf,
    document: DocumentSummary,
    run: LastRun,
}

/// What the document says.
enum DocumentSummary {
    Valid {
        title: String,
        shots: usize,
        frames: usize,
    },
    /// How many mistakes it has.
    Broken(usize),
}

/// What is known of the last run.
struct LastRun {
    state: &'static str,
    revision: Option<String>,
    at: Option<jiff::Timestamp>,
}

pub(super) fn run_list(args: &ListArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut paths = Vec::new();
    find_productions(&args.folder, MAX_DEPTH, &mut paths).map_err(|source| {
        CliError::io_error(format!("look in {}", args.folder.display()), source)
    })?;
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

/// Collects folders with a `production.yaml`. Hidden folders, stores and folders that cannot be read are passed over, and
/// so are symbolic links, which may lead in a circle.
fn find_productions(
    folder: &Path,
    depth: usize,
    productions: &mut Vec<PathBuf>,
) -> std::io::Result<()> {
    if folder.join("production.yaml").is_file() {
        productions.push(folder.to_owned());
    }
    for entry in std::fs::read_dir(folder)?.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        let real = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let passed_over =
            name.starts_with('.') || SKIPPED_FOLDERS.contains(&name.as_ref()) || is_store(&path);
        if depth > 0 && real && !passed_over {
            let _ = find_productions(&path, depth - 1, productions);
        }
    }
    Ok(())
}

/// Returns whether a folder is a store, which may lie anywhere under any name.
fn is_store(folder: &Path) -> bool {
    let layout = StoreLayout::new(folder);
    layout.journals_folder().is_dir() && layout.lock_path().is_file()
}

fn production_entry(path: PathBuf, settings: &CliSettings) -> ProductionEntry {
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
    let run = last_run(&StoreLayout::new(path.join(".production")));
    ProductionEntry {
        path,
        document,
        run,
    }
}

fn last_run(layout: &StoreLayout) -> LastRun {
    let Ok(history) = RunHistory::replay_journals(layout) else {
        return LastRun {
            state: "store damaged",
            revision: None,
            at: None,
        };
    };
    let state = match history.runs.last() {
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

    fn found(folder: &Path) -> Vec<String> {
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
        assert_eq!(found(folder.path()), ["a", "deep/b"]);
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
