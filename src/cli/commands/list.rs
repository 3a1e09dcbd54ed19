//! `production list`: the productions below a folder, and how their last runs ended.

use super::usual_options;
use crate::base::Severity;
use crate::cli::args::{Format, List};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::event::RunStatus;
use crate::project::open;
use crate::report::text_format::{format_count, format_number};
use crate::report::text_table::fit_columns;
use crate::store::{RunHistory, StoreLayout};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How deep below the folder productions are looked for.
const DEPTH: usize = 8;

/// Folders of other tools that hold no productions and a great many files.
const PASSED_OVER: [&str; 3] = ["target", "node_modules", "__pycache__"];

/// One production found.
struct Entry {
    path: PathBuf,
    document: Document,
    run: Run,
}

/// What the document says.
enum Document {
    Valid {
        title: String,
        shots: usize,
        frames: usize,
    },
    /// How many mistakes it has.
    Broken(usize),
}

/// What is known of the last run.
struct Run {
    state: &'static str,
    revision: Option<String>,
    at: Option<jiff::Timestamp>,
}

pub(super) fn run(args: &List, settings: &Settings) -> Result<ExitCode, CliError> {
    let mut paths = Vec::new();
    find(&args.folder, DEPTH, &mut paths)
        .map_err(|source| CliError::io(format!("look in {}", args.folder.display()), source))?;
    paths.sort();
    let entries: Vec<Entry> = paths
        .into_iter()
        .map(|path| entry(path, settings))
        .collect();
    match args.format {
        Format::Json => settings.say_json(&entries.iter().map(json).collect()),
        Format::Text if entries.is_empty() => settings.say(&format!(
            "no productions below {}; begin one with `production create my_film`",
            args.folder.display()
        )),
        Format::Text => {
            settings.say(&fit_columns(
                &entries.iter().map(row).collect::<Vec<_>>(),
                settings.width,
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Collects folders with a `production.yaml`. Hidden folders, stores and folders that cannot be read are passed over, and
/// so are symbolic links, which may lead in a circle.
fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if folder.join("production.yaml").is_file() {
        found.push(folder.to_owned());
    }
    for entry in std::fs::read_dir(folder)?.flatten() {
        let (name, path) = (entry.file_name(), entry.path());
        let name = name.to_string_lossy();
        let real = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let passed_over =
            name.starts_with('.') || PASSED_OVER.contains(&name.as_ref()) || is_store(&path);
        if depth > 0 && real && !passed_over {
            let _ = find(&path, depth - 1, found);
        }
    }
    Ok(())
}

/// Returns whether a folder is a store, which may lie anywhere under any name.
fn is_store(folder: &Path) -> bool {
    let layout = StoreLayout::new(folder);
    layout.journals_folder().is_dir() && layout.lock_path().is_file()
}

fn entry(path: PathBuf, settings: &Settings) -> Entry {
    let document = match open(&path, &usual_options(settings)) {
        Err(_) => Document::Broken(1),
        Ok(opened) => match opened.checked {
            None => Document::Broken(opened.diagnostics.count_severity(Severity::Error)),
            Some(checked) => Document::Valid {
                title: checked.meta.display_title().to_owned(),
                shots: checked.shots.len(),
                frames: checked.shots.iter().map(|shot| shot.frames.len()).sum(),
            },
        },
    };
    let run = last_run(&StoreLayout::new(path.join(".production")));
    Entry {
        path,
        document,
        run,
    }
}

fn last_run(layout: &StoreLayout) -> Run {
    let Ok(history) = RunHistory::replay_journals(layout) else {
        return Run {
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
    Run {
        state,
        revision: history.runs.last().map(|(revision, _)| revision.clone()),
        at: history.last_at,
    }
}

fn json(entry: &Entry) -> serde_json::Value {
    let (title, shots, frames, errors) = match &entry.document {
        Document::Valid {
            title,
            shots,
            frames,
        } => (Some(title), Some(shots), Some(frames), 0),
        Document::Broken(errors) => (None, None, None, *errors),
    };
    json!({
        "path": entry.path,
        "title": title,
        "shots": shots,
        "frames": frames,
        "errors": errors,
        "state": entry.run.state,
        "revision": entry.run.revision,
        "at": entry.run.at,
    })
}

fn row(entry: &Entry) -> Vec<String> {
    let (title, size) = match &entry.document {
        Document::Valid {
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
        Document::Broken(errors) => ("(broken)".to_owned(), format_count(*errors, "error")),
    };
    let at = entry
        .run
        .at
        .map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
        .unwrap_or_default();
    vec![
        entry.path.display().to_string(),
        title,
        size,
        entry.run.state.to_owned(),
        at,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{LockOwner, StoreLock};

    fn found(folder: &Path) -> Vec<String> {
        let mut paths = Vec::new();
        find(folder, DEPTH, &mut paths).unwrap();
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
