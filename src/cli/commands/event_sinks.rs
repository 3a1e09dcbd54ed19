//! Who is told what happens in a run: the journal first, then whoever watches.

use super::session::ProductionSession;
use crate::cli::args::{ResultFormat, RunArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::event::Event;
use crate::report::metrics::MetricsFileSink;
use crate::report::{JobIndex, JsonLinesSink, MultiSink, ProgressDisplay};
use crate::store::{Journal, StoreError};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Writes an event down, then shows it.
pub(super) fn emit_event(
    journal: &mut Journal,
    sinks: &mut MultiSink<'_>,
    event: &Event,
) -> Result<(), StoreError> {
    journal.append_and_show(event, &mut [sinks])
}

/// Returns where `--events` goes.
pub(super) fn open_events_output(args: &RunArgs) -> Result<Option<Box<dyn Write>>, CliError> {
    let Some(file) = &args.events else {
        return Ok(None);
    };
    if is_standard_output(file) {
        return Ok(Some(Box::new(std::io::stdout())));
    }
    let opened = File::create(file)
        .map_err(|source| CliError::io_error(format!("write {}", file.display()), source));
    Ok(Some(Box::new(opened?)))
}

/// Returns whether standard output is taken by events, and the result must go elsewhere.
pub(super) fn takes_standard_output(args: &RunArgs) -> bool {
    args.events.as_deref().is_some_and(is_standard_output)
}

fn is_standard_output(file: &Path) -> bool {
    file == Path::new("-")
}

/// Gathers everyone who watches a run.
pub(super) fn build_sinks<'a>(
    args: &RunArgs,
    job_index: JobIndex,
    session: &'a ProductionSession,
    settings: &CliSettings,
) -> Result<MultiSink<'a>, CliError> {
    let show = match (args.format, settings.err_terminal) {
        (ResultFormat::Json, _) => ProgressDisplay::Nothing,
        (ResultFormat::Text, true) => ProgressDisplay::Bars {
            colour: settings.err_colour,
        },
        (ResultFormat::Text, false) => ProgressDisplay::Lines,
    };
    let sinks =
        MultiSink::for_display(show, job_index, &session.clock, Box::new(std::io::stderr()));
    let sinks = sinks.with_sink(MetricsFileSink::new(&session.layout, &session.history));
    Ok(match open_events_output(args)? {
        Some(out) => sinks.with_sink(JsonLinesSink::new(&session.clock, out)),
        None => sinks,
    })
}
