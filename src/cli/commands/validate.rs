//! `production validate`: every mistake, none of the work.

use super::options;
use crate::base::{Code, Explanation};
use crate::cli::args::{FindingFormat, Validate};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::project::{Opened, Options, catalogue, open};
use crate::report::diagnostic;
use crate::report::diagnostic::Style;
use std::process::ExitCode;

pub(super) fn run(args: &Validate, settings: &Settings) -> Result<ExitCode, CliError> {
    let options = Options { strict: args.strict, ..options(&args.subject, settings) };
    let opened = open(&args.subject.path, &options)?;
    settings.say(&told(args, &opened, settings));
    Ok(if opened.checked.is_some() { ExitCode::SUCCESS } else { ExitCode::from(INVALID) })
}

/// Returns the findings in the form asked for.
fn told(args: &Validate, opened: &Opened, settings: &Settings) -> String {
    let Opened { found, sources, checked, .. } = opened;
    let pretty = |value: &serde_json::Value| serde_json::to_string_pretty(value).unwrap_or_default();
    match args.format {
        FindingFormat::Text => text(args, opened, settings),
        FindingFormat::Short => diagnostic::short_up_to(found, sources, args.limit),
        FindingFormat::Json => pretty(&diagnostic::json(found, sources, checked.is_some())),
        FindingFormat::Github => diagnostic::github(found, sources, args.limit),
        FindingFormat::Sarif => pretty(&diagnostic::sarif(found, sources, page)),
        FindingFormat::Junit => diagnostic::junit(found, sources, &args.subject.path.display().to_string()),
    }
}

fn page(code: Code) -> Option<Explanation> {
    catalogue::pages().into_iter().find(|page| page.code == code)
}

fn text(args: &Validate, opened: &Opened, settings: &Settings) -> String {
    let style = Style { colour: settings.out_colour, ..settings.style() };
    let drawn = match opened.found.as_slice() {
        [] => String::new(),
        [first, ..] => {
            let drawn = diagnostic::render_up_to(&opened.found, &opened.sources, style, args.limit);
            format!("{drawn}more about a code: production explain {}\n", catalogue::brief(first.code))
        }
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
