//! `production metrics`: the figures of one run, computed from its journal.

use crate::base::json::to_pretty_json;
use crate::cli::args::{MetricsArgs as Args, MetricsFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::CliError;
use crate::cli::session_requests::store_location;
use crate::report::metrics::{RunMetrics, prometheus_text};
use crate::report::summary;
use crate::session::OpenedStore;
use crate::store::{RunHistory, journal};
use std::process::ExitCode;

pub(super) fn run_metrics(args: &Args, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let opened = OpenedStore::open(store_location(&args.store)?)?;
    let name = args.revision.as_deref().unwrap_or("latest");
    let revision = opened.find_revision(name)?;
    let history = RunHistory::replay_journals(&opened.layout)?;
    let events = journal::read_events(&opened.layout, &opened.layout.journal_path(&revision.name))?;
    // Reused jobs have no bytes in the journal of this run. Their sizes are in the history of all
    // runs.
    let metrics = RunMetrics::from_events(&revision.name, &events, &|digest| {
        history.stored_bytes(digest)
    });
    settings.print_stdout(&match args.format {
        MetricsFormat::Text => summary::metrics_text(&metrics, settings.out_colour),
        MetricsFormat::Json => to_pretty_json(&metrics),
        MetricsFormat::Prometheus => prometheus_text(&metrics),
    });
    Ok(ExitCode::SUCCESS)
}
