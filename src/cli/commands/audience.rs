//! Who is told what happens in a run: the journal first, then whoever watches.

use super::workplace::Workplace;
use crate::cli::args::{Format, Run};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::event::{Event, EventSink};
use crate::report::metrics::MetricsFileSink;
use crate::report::{JobIndex, JsonLinesSink, MultiSink, ProgressDisplay};
use crate::store::{Journal, StoreError};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Writes an event down, then shows it.
pub(super) fn tell(
    journal: &mut Journal,
    audience: &mut MultiSink<'_>,
    event: &Event,
) -> Result<(), StoreError> {
    journal.append(event)?;
    audience.record_event(event);
    Ok(())
}

/// Returns where `--events` goes.
pub(super) fn events(args: &Run) -> Result<Option<Box<dyn Write>>, CliError> {
    let Some(file) = &args.events else {
        return Ok(None);
    };
    if is_standard_output(file) {
        return Ok(Some(Box::new(std::io::stdout())));
    }
    let opened = File::create(file)
        .map_err(|source| CliError::io(format!("write {}", file.display()), source));
    Ok(Some(Box::new(opened?)))
}

/// Returns whether standard output is taken by events, and the result must go elsewhere.
pub(super) fn takes_standard_output(args: &Run) -> bool {
    args.events.as_deref().is_some_and(is_standard_output)
}

fn is_standard_output(file: &Path) -> bool {
    file == Path::new("-")
}

/// Gathers everyone who watches a run.
pub(super) fn gather<'a>(
    args: &Run,
    roster: JobIndex,
    workplace: &'a Workplace,
    settings: &Settings,
) -> Result<MultiSink<'a>, CliError> {
    let show = match (args.format, settings.err_terminal) {
        (Format::Json, _) => ProgressDisplay::Nothing,
        (Format::Text, true) => ProgressDisplay::Bars {
            colour: settings.err_colour,
        },
        (Format::Text, false) => ProgressDisplay::Lines,
    };
    let fan = MultiSink::for_display(show, roster, &workplace.clock, Box::new(std::io::stderr()));
    let fan = fan.with_sink(MetricsFileSink::new(&workplace.layout, &workplace.history));
    Ok(match events(args)? {
        Some(out) => fan.with_sink(JsonLinesSink::new(&workplace.clock, out)),
        None => fan,
    })
}
