//! `production metrics`: one run in figures, folded from its journal.

use super::revisions::Opened;
use crate::cli::args::{Metrics as Args, MetricsFormat};
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::report::metrics::{RunMetrics, prometheus_text};
use crate::report::summary;
use crate::store::{RunHistory, journal};
use std::process::ExitCode;

pub(super) fn run(args: &Args, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = Opened::open(&args.store)?;
    let revision = opened.find(&args.revision)?;
    let history = RunHistory::replay_journals(&opened.layout)?;
    let events = journal::read_events(&opened.layout, &opened.layout.journal_path(&revision.name))?;
    let metrics = RunMetrics::from_events(&revision.name, &events, &|digest| {
        history.stored_bytes(digest)
    });
    settings.say(&match args.format {
        MetricsFormat::Text => summary::metrics_text(&metrics, settings.out_colour),
        MetricsFormat::Json => serde_json::to_string_pretty(&metrics).unwrap_or_default(),
        MetricsFormat::Prometheus => prometheus_text(&metrics),
    });
    Ok(ExitCode::SUCCESS)
}
