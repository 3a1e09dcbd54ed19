//! `production schema`: the JSON Schema of the document, made from the structs that decode it and
//! from the names of presets.

use super::library;
use crate::base::json::to_pretty_json;
use crate::cli::args::SchemaArgs as Args;
use crate::cli::catalog::folder_presets;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::library::Library;
use crate::schema::{SchemaSubject, generate_schema};
use std::path::Path;
use std::process::ExitCode;

pub(super) fn run_schema(args: &Args, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let library_set = folder_presets(&args.folder);
    let subject = parse_subject(&args.subject, &library_set.library)?;
    let text = schema_text(&generate_schema(
        subject,
        &library_set.library,
        &library_set.sources,
    ));
    match &args.output {
        None => settings.print_stdout(&text),
        Some(path) => {
            check_output_file(path, OutputFileKind::Schema)?;
            write_schema(path, &text).map_err(|source| {
                CliError::io_error(format!("write {}", path.display()), source)
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns the schema of a document in `folder`. It accepts the names of presets in that folder,
/// too.
pub(super) fn document_schema(folder: &Path) -> String {
    let library_set = folder_presets(folder);
    schema_text(&generate_schema(
        SchemaSubject::Document,
        &library_set.library,
        &library_set.sources,
    ))
}

fn schema_text(schema: &schemars::Schema) -> String {
    format!("{}\n", to_pretty_json(schema))
}

fn write_schema(path: &Path, text: &str) -> std::io::Result<()> {
    // The parent of a bare file name is an empty path, which no folder can be created at.
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    std::fs::create_dir_all(folder.unwrap_or(Path::new(".")))?;
    std::fs::write(path, text)
}

fn parse_subject(name: &str, library: &Library) -> Result<SchemaSubject, CliError> {
    match name {
        "document" => Ok(SchemaSubject::Document),
        "part" => Ok(SchemaSubject::Part),
        kind => library::find_kind(library, kind).map(|(kind, _)| SchemaSubject::Presets(kind)),
    }
}
