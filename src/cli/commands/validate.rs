//! `production validate`: every mistake, none of the work.

use super::options;
use crate::cli::args::{FindingFormat, Validate};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::project::{Opened, open};
use crate::report::diagnostic;
use crate::report::diagnostic::Style;
use std::process::ExitCode;

pub(super) fn run(args: &Validate, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = open(&args.subject.path, &options(&args.subject, settings))?;
    let valid = opened.checked.is_some();
    match args.format {
        FindingFormat::Json => {
            let json = diagnostic::json(&opened.found, &opened.sources, valid);
            settings.say(&serde_json::to_string_pretty(&json).unwrap_or_default());
        }
        FindingFormat::Short => settings.say(&diagnostic::short(&opened.found, &opened.sources)),
        FindingFormat::Text => settings.say(&text(&opened, settings)),
    }
    Ok(if valid { ExitCode::SUCCESS } else { ExitCode::from(INVALID) })
}

fn text(opened: &Opened, settings: &Settings) -> String {
    let style = Style { colour: settings.out_colour, ..settings.style() };
    let drawn = if opened.found.is_empty() {
        String::new()
    } else {
        diagnostic::render(&opened.found, &opened.sources, style)
    };
    let Some(checked) = &opened.checked else { return drawn };
    let frames: usize = checked.shots.iter().map(|shot| shot.frames.len()).sum();
    let facts = format!(
        "{} is valid: {} shots, {frames} frames, {} outputs",
        checked.meta.shown_title(),
        checked.shots.len(),
        checked.outputs.len()
    );
    format!("{drawn}{facts}")
}

/// Shows findings before other work; returns whether the production may go on.
pub(super) fn show(opened: &Opened, settings: &Settings) -> bool {
    let worth = opened.found.has_errors() || opened.found.count(crate::base::Severity::Warning) > 0;
    if worth {
        settings.say_error(&diagnostic::render(&opened.found, &opened.sources, settings.style()));
    }
    opened.checked.is_some()
}
