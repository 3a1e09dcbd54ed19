//! `production info`: what a production contains, when it is seen, what it will deliver, and what of it is made already.

mod facts;
mod made;
mod text;

use super::{options, resolved, validate};
use crate::cli::args::{Format, Info};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::project::open;
use made::Made;
use std::process::ExitCode;

pub(super) fn run(args: &Info, settings: &Settings) -> Result<ExitCode, CliError> {
    if args.resolved {
        return resolved::run(args, settings);
    }
    let opened = open(&args.subject.path, &options(&args.subject, settings))?;
    let Some(checked) = &opened.checked else {
        validate::show(&opened, settings);
        return Ok(ExitCode::from(INVALID));
    };
    // A store that cannot be read is told here and is no reason to say nothing of the production.
    let made = Made::of(checked, args, settings).map_err(|error| error.to_string());
    match args.format {
        Format::Json => settings.say_json(&facts::facts(checked, made.as_ref())),
        Format::Text => settings.say(&text::text(checked, made.as_ref(), settings.width)),
    }
    Ok(ExitCode::SUCCESS)
}
