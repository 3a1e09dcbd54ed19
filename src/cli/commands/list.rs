//! `production list`: the productions below a folder.

use crate::cli::args::{Format, List};
use crate::cli::exit::CliError;
use crate::cli::settings::{Settings, environment};
use crate::document::Outside;
use crate::event::RunStatus;
use crate::project::{Options, open};
use crate::store::{History, Layout};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How deep below the folder productions are looked for.
const DEPTH: usize = 4;

/// One production found.
struct Entry {
    path: PathBuf,
    title: Option<String>,
    shots: usize,
    frames: usize,
    state: &'static str,
}

pub(super) fn run(args: &List, settings: &Settings) -> Result<ExitCode, CliError> {
    let mut paths = Vec::new();
    find(&args.folder, DEPTH, &mut paths)
        .map_err(|source| CliError::io(format!("look in {}", args.folder.display()), source))?;
    paths.sort();
    let entries: Vec<Entry> = paths.iter().map(|path| entry(path, settings)).collect();
    match args.format {
        Format::Json => settings.say(
            &serde_json::to_string_pretty(&entries.iter().map(json).collect::<Vec<_>>()).unwrap_or_default(),
        ),
        Format::Text if entries.is_empty() => settings.say(&format!(
            "no productions below {}; begin one with `production create my_film`",
            args.folder.display()
        )),
        Format::Text => settings.say(&entries.iter().map(line).collect::<String>()),
    }
    Ok(ExitCode::SUCCESS)
}

/// Collects folders with a `production.yaml`; hidden folders and those that cannot be read are passed over.
fn find(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if folder.join("production.yaml").is_file() {
        found.push(folder.to_owned());
    }
    for entry in std::fs::read_dir(folder)?.flatten() {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let inner = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if depth > 0 && inner && !hidden && entry.file_name() != "target" {
            let _ = find(&entry.path(), depth - 1, found);
        }
    }
    Ok(())
}

fn entry(path: &Path, settings: &Settings) -> Entry {
    let outside = Outside { environment: Some(environment), ..Outside::default() };
    let options = Options { search_path: &settings.search_path, outside, ..Options::default() };
    let checked = open(path, &options).ok().and_then(|opened| opened.checked);
    let shots = checked.as_ref().map_or(0, |checked| checked.shots.len());
    let frames =
        checked.as_ref().map_or(0, |checked| checked.shots.iter().map(|shot| shot.frames.len()).sum());
    let title = checked.map(|checked| checked.meta.shown_title().to_owned());
    let state = if title.is_none() { "invalid" } else { state(path) };
    Entry { path: path.to_owned(), title, shots, frames, state }
}

fn state(path: &Path) -> &'static str {
    match History::replay(&Layout::new(path.join(".production"))) {
        Err(_) => "store damaged",
        Ok(history) => match history.runs.last() {
            None => "not run",
            Some((_, Some(RunStatus::Succeeded))) => "done",
            Some((_, Some(RunStatus::Failed))) => "failed",
            Some((_, Some(RunStatus::Cancelled) | None)) => "interrupted",
        },
    }
}

fn json(entry: &Entry) -> serde_json::Value {
    json!({ "path": entry.path, "title": entry.title, "shots": entry.shots, "frames": entry.frames, "state": entry.state })
}

fn line(entry: &Entry) -> String {
    let title = entry.title.as_deref().unwrap_or("-");
    format!(
        "{:<28} {:<24} {:>4} shots {:>7} frames  {}\n",
        entry.path.display().to_string(),
        title,
        entry.shots,
        entry.frames,
        entry.state
    )
}
