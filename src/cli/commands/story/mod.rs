//! `production story`: what a script contains, by scene and by speaker.

mod story_json;
mod story_table;
mod story_text;

use super::validate;
use crate::base::shell_quoting::readable_shell_word;
use crate::base::{Diagnostics, Severity, SourceMap};
use crate::cli::args::{ResultFormat, StoryArgs, StoryFormat, StoryTable};
use crate::cli::cli_settings::CliSettings;
use crate::cli::current_folder::{find_document, has_document};
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::cli::session_requests::project_options;
use crate::project::{open, open_script};
use crate::report::diagnostic::render_diagnostics;
use crate::story::Screenplay;
use crate::story::breakdown::ScriptBreakdown;
use crate::story::fountain::SceneElement;
use crate::treatment::TreatmentFormat;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Extensions of documents. Any other file is a script.
const DOCUMENT_EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];
/// Extensions of the scripts that are looked for in a folder without a document.
const SCRIPT_EXTENSIONS: [&str; 2] = ["fountain", "fdx"];

pub(super) fn run_story(args: &StoryArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.out.is_some() && args.format != StoryFormat::Csv {
        let message =
            "write a file: `--out` is for `--format csv`; print the others and redirect them";
        return Err(CliError::Usage(message.to_owned()));
    }
    let Some(screenplay) = read_subject(args, settings)? else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let breakdown = ScriptBreakdown::new(&screenplay);
    match args.format {
        StoryFormat::Text => {
            let text = story_text::story_text(&breakdown, settings.table_width);
            settings.print_stdout(&text);
        }
        StoryFormat::Json => settings.print_json(&story_json::story_json(&breakdown)),
        StoryFormat::Csv => {
            let table = match args.table {
                StoryTable::Scenes => story_table::scene_table(&breakdown),
                StoryTable::Cast => story_table::cast_table(&breakdown),
            };
            match &args.out {
                Some(path) => write_table(path, &table)?,
                None => settings.print_stdout(&table),
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn write_table(path: &Path, table: &str) -> Result<(), CliError> {
    check_output_file(path, OutputFileKind::Breakdown)?;
    std::fs::write(path, story_table::table_file(table))
        .map_err(|source| CliError::io_error(format!("write {}", path.display()), source))
}

/// Reads the script that the command names, and shows what is wrong in it. `None`: it cannot be
/// broken down.
fn read_subject(args: &StoryArgs, settings: &CliSettings) -> Result<Option<Screenplay>, CliError> {
    let options = project_options(&args.subject, None, settings);
    if let Some(path) = script_path(&args.subject.path)? {
        let opened = open_script(&path, &options.limits)?;
        show_script_findings(&opened.diagnostics, &opened.sources, settings);
        check_is_script(opened.screenplay.as_ref(), &path)?;
        return Ok(opened.screenplay);
    }
    let document = find_document(&args.subject.path)?;
    let opened = open(&document, &options)?;
    // A production with mistakes has a script all the same.
    validate::show_findings(&opened, ResultFormat::Text, settings);
    if opened.screenplay.is_none() && opened.checked.is_some() {
        let shown = document.display();
        return Err(CliError::Usage(format!(
            "find a script: {shown} names none; write `script: film.fountain` in it, or name the script here"
        )));
    }
    Ok(opened.screenplay)
}

/// Fails for a text without anything of a script. Every text is Fountain, so no finding says it.
fn check_is_script(screenplay: Option<&Screenplay>, path: &Path) -> Result<(), CliError> {
    let is_empty = screenplay.is_some_and(|screenplay| {
        let mut opening = screenplay.opening.iter();
        screenplay.scenes.is_empty()
            && !opening.any(|element| matches!(element, SceneElement::Dialogue(_)))
    });
    if !is_empty {
        return Ok(());
    }
    let shown = path.display();
    let treatment = TreatmentFormat::from_path(path).map(|_| {
        let word = readable_shell_word(&shown.to_string());
        format!("; if it is a treatment, `production plan {word}` shows its film")
    });
    Err(CliError::Usage(format!(
        "break down {shown}: it has no scene and no dialogue, so it is no script; a heading such as `INT. KITCHEN - \
         DAY` begins a scene{}",
        treatment.unwrap_or_default()
    )))
}

/// Returns the script if the path is one, or a folder with one and no document.
fn script_path(path: &Path) -> Result<Option<PathBuf>, CliError> {
    if !path.is_dir() {
        let is_script = path.is_file() && !has_extension(path, &DOCUMENT_EXTENSIONS);
        return Ok(is_script.then(|| path.to_owned()));
    }
    if has_document(path) {
        return Ok(None);
    }
    let entries = path.read_dir().into_iter().flatten().flatten();
    let mut scripts: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.is_file() && has_extension(path, &SCRIPT_EXTENSIONS))
        .collect();
    scripts.sort();
    match scripts.as_slice() {
        [] => Ok(None),
        [script] => Ok(Some(script.clone())),
        several => Err(CliError::Usage(format!(
            "choose a script in {}: it has {}, and no document. Name one of them",
            path.display(),
            several.len()
        ))),
    }
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        let mut known = extensions.iter();
        known.any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Prints what was found in a script to standard error.
pub(in crate::cli::commands) fn show_script_findings(
    found: &Diagnostics,
    sources: &SourceMap,
    settings: &CliSettings,
) {
    let least = if settings.is_quiet() {
        Severity::Error
    } else {
        Severity::Warning
    };
    let mut shown = Diagnostics::default();
    let findings = found.as_slice().iter();
    // `Severity` sorts the worst first.
    findings
        .filter(|found| found.severity <= least)
        .for_each(|found| shown.push(found.clone()));
    if !shown.is_empty() {
        // Standard error, because standard output has the result of the command.
        settings.print_stderr(&render_diagnostics(
            &shown,
            sources,
            settings.diagnostic_style(),
        ));
    }
}
