//! `production schema`: the JSON Schema of the document, from the structs that decode it and the library's names.

use super::library;
use crate::cli::args::Schema as Args;
use crate::cli::complete::Candidate;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::library::Library;
use crate::schema::{SchemaSubject, generate_schema};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run(args: &Args, settings: &Settings) -> Result<ExitCode, CliError> {
    let shelves = library::read(&args.folder);
    let subject = subject(&args.of, &shelves.library)?;
    let text = pretty(&generate_schema(
        subject,
        &shelves.library,
        &shelves.sources,
    ));
    match &args.output {
        None => settings.say(&text),
        Some(path) => {
            write(path, &text)
                .map_err(|source| CliError::io(format!("write {}", path.display()), source))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the schema of a document in `folder` as text.
pub(super) fn text(folder: &Path) -> String {
    let shelves = library::read(folder);
    pretty(&generate_schema(
        SchemaSubject::Document,
        &shelves.library,
        &shelves.sources,
    ))
}

fn pretty(schema: &schemars::Schema) -> String {
    format!(
        "{}\n",
        serde_json::to_string_pretty(schema).unwrap_or_default()
    )
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    std::fs::create_dir_all(folder.unwrap_or(Path::new(".")))?;
    std::fs::write(path, text)
}

/// Returns what can be described besides kinds of presets, for completion.
pub(in crate::cli) fn subjects() -> impl Iterator<Item = Candidate> {
    let subjects = [
        ("document", "A whole document"),
        ("part", "A file that a document includes"),
    ];
    subjects
        .into_iter()
        .map(|(name, about)| Candidate::new(name, about))
}

fn subject(of: &str, library: &Library) -> Result<SchemaSubject, CliError> {
    match of {
        "document" => Ok(SchemaSubject::Document),
        "part" => Ok(SchemaSubject::Part),
        kind => library::kind(library, kind).map(|(kind, _)| SchemaSubject::Presets(kind)),
    }
}
