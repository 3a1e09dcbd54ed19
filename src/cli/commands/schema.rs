//! `production schema`: the JSON Schema of the document, from the structs that decode it.

use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::document::draft::Document;
use std::process::ExitCode;

pub(super) fn run(settings: &Settings) -> Result<ExitCode, CliError> {
    settings.say(&text());
    Ok(ExitCode::SUCCESS)
}

/// Returns the schema as text.
pub(super) fn text() -> String {
    serde_json::to_string_pretty(&schemars::schema_for!(Document)).unwrap_or_default()
}
