//! `production library`: the presets that a production can name.

use crate::base::{Diagnostics, Sources};
use crate::cli::args::{Format, Library as Args};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::library::Library;
use crate::report::diagnostic;
use std::process::ExitCode;

pub(super) fn run(args: &Args, settings: &Settings) -> Result<ExitCode, CliError> {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let library = Library::read(&args.folder, &mut sources, &mut found);
    if found.has_errors() {
        settings.say_error(&diagnostic::render(&found.sorted(), &sources, settings.style()));
        return Ok(ExitCode::from(INVALID));
    }
    let kinds = library.kinds();
    let asked = |kind: &str| args.kind.as_ref().is_none_or(|wanted| wanted == kind);
    let shown: Vec<_> = kinds.iter().filter(|(kind, _)| asked(kind)).collect();
    if shown.is_empty() {
        let names: Vec<&str> = kinds.iter().map(|(kind, _)| *kind).collect();
        return Err(CliError::Usage(format!(
            "find presets of that kind: the kinds are {}",
            names.join(", ")
        )));
    }
    match args.format {
        Format::Json => {
            let json: serde_json::Map<_, _> =
                shown.iter().map(|(kind, names)| ((*kind).to_owned(), serde_json::json!(names))).collect();
            settings.say(&serde_json::to_string_pretty(&json).unwrap_or_default());
        }
        Format::Text => {
            let block = |(kind, names): &&(&str, Vec<String>)| format!("{kind}\n  {}\n", names.join("\n  "));
            settings.say(&shown.iter().map(block).collect::<String>());
        }
    }
    Ok(ExitCode::SUCCESS)
}
