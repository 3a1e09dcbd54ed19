//! `production status`: how the last run goes or went, and what is in place, once or until the run
//! ends.

use super::watch::WatchOutput;
use crate::base::bounded_text::read_bounded;
use crate::base::json::{to_json_string, to_pretty_json};
use crate::base::printable::flatten_escaped;
use crate::cli::args::{ResultFormat, StatusArgs};
use crate::cli::catalog::default_options;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INTERRUPTED, JOB_FAILED};
use crate::cli::session_requests::store_location;
use crate::project::open;
use crate::report::summary::farm_summary::farm_status_text;
use crate::report::summary::status_summary::{StatusFacts, status_line, status_text, status_times};
use crate::report::text_format::format_count;
use crate::report::text_table::fit_columns;
use crate::report::{RunSnapshot, RunState};
use crate::session::{ActiveRunStatus, BeatProgress, ProductionStatus, run_beats};
use crate::store::store_size::StoreSize;
use crate::validate::CheckedProduction;
use serde_json::{Value, json};
use std::process::ExitCode;

/// The largest document that is looked at for beats.
const MOST_AD_BYTES: u64 = 1 << 20;
/// Files of a store that are counted without `--size`. These take a few milliseconds.
const COUNTED_FILES: usize = 4000;

pub(super) fn show_status(args: &StatusArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.watch {
        return watch_status(args, settings);
    }
    let status = read_status(args, settings)?;
    let size = measured_size(args, &status)?;
    let ad = open_ad(args, settings);
    settings.print_stdout(&match args.format {
        ResultFormat::Json => to_pretty_json(&status_json(&status, ad.as_ref(), Some(size))),
        ResultFormat::Short => status_line(&status.run),
        ResultFormat::Text => full_text(&status, ad.as_ref(), Some(size), settings.out_colour),
    });
    Ok(ExitCode::SUCCESS)
}

fn read_status(args: &StatusArgs, settings: &CliSettings) -> Result<ProductionStatus, CliError> {
    let location = store_location(&args.store)?;
    Ok(ProductionStatus::read(&location, &settings.session)?)
}

/// Opens the production if its document has beats. The state of others needs no document. `None` also
/// for one with mistakes, which `validate` reports.
fn open_ad(args: &StatusArgs, settings: &CliSettings) -> Option<CheckedProduction> {
    let path = &args.store.path;
    let document = match path.is_dir() {
        true => path.join("production.yaml"),
        false => path.clone(),
    };
    // Looked at before it is opened: the document of a long film takes a second.
    let text = read_bounded(&document, MOST_AD_BYTES).ok()?;
    let text = String::from_utf8(text).ok()?;
    if !text.contains("beats") && !text.contains("include") {
        return None;
    }
    let opened = open(path, &default_options(settings)).ok()?;
    opened.checked.filter(|checked| !checked.beats.is_empty())
}

/// Returns how far the beats of an ad are. Empty: it is no ad, or its journals cannot be read, which
/// the next run reports.
fn beats_of(ad: Option<&CheckedProduction>, status: &ProductionStatus) -> Vec<BeatProgress> {
    let beats = ad.and_then(|ad| run_beats(ad, status).ok());
    beats.unwrap_or_default()
}

fn measured_size(args: &StatusArgs, status: &ProductionStatus) -> Result<StoreSize, CliError> {
    let limit = if args.size { usize::MAX } else { COUNTED_FILES };
    Ok(status.measure_store(limit)?)
}

/// Shows the run until it ends, and returns its exit code.
fn watch_status(args: &StatusArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut output = WatchOutput::new(settings);
    let ad = open_ad(args, settings);
    loop {
        let status = read_status(args, settings)?;
        let run = &status.run;
        if args.format == ResultFormat::Json {
            // Without times: a line for each second would say nothing.
            let key = status_line(run);
            output.print_if_changed(&key, || {
                to_json_string(&status_json(&status, ad.as_ref(), None))
            });
        } else if args.format == ResultFormat::Text && output.is_redrawn() {
            output.redraw(&full_text(&status, ad.as_ref(), None, settings.out_colour));
        } else {
            let key = status_line(run);
            output.print_if_changed(&key, || key.clone() + &status_times(run));
        }
        // A process that holds the store may be a run whose journal has not begun, or one that
        // writes its report.
        if !run.is_active() && status.holder.is_none() {
            return Ok(run_exit_code(run));
        }
        if output.has_failed() {
            return Ok(ExitCode::SUCCESS);
        }
        output.wait();
    }
}

/// Returns the exit code that the run ended with.
fn run_exit_code(run: &RunSnapshot) -> ExitCode {
    match run.state {
        RunState::Failed => ExitCode::from(JOB_FAILED),
        // A run that was killed has no code of its own. It ended before its time, too.
        RunState::Interrupted => ExitCode::from(INTERRUPTED),
        _ => ExitCode::SUCCESS,
    }
}

fn full_text(
    status: &ProductionStatus,
    ad: Option<&CheckedProduction>,
    size: Option<StoreSize>,
    colour: bool,
) -> String {
    let facts = StatusFacts {
        run: &status.run,
        holder: status.holder.as_deref(),
        current: status.current.as_ref(),
        half_published: status.half_published.as_deref(),
        store: &status.store,
        size,
        checkpoint: status.checkpoint.at,
    };
    let farm_run = status.farm_run.as_ref();
    let farm = farm_run.map(|run| farm_status_text(&run.revision, &run.farm, &run.status));
    let beats = beats_text(&beats_of(ad, status));
    status_text(&facts, colour) + &beats + &farm.unwrap_or_default()
}

/// Returns a row for each beat of an ad.
fn beats_text(beats: &[BeatProgress]) -> String {
    let rows: Vec<Vec<String>> = beats
        .iter()
        .map(|beat| {
            let jobs = format!("{} of {}", beat.done, format_count(beat.jobs, "job"));
            vec![
                format!("  {}", flatten_escaped(&beat.id)),
                beat.status.word().to_owned(),
                jobs,
            ]
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!("\n  beats\n{}\n", fit_columns(&rows, usize::MAX))
}

/// Returns the object of `--format json`.
fn status_json(
    status: &ProductionStatus,
    ad: Option<&CheckedProduction>,
    size: Option<StoreSize>,
) -> Value {
    let run = &status.run;
    let last = (run.state != RunState::Never).then_some(&run.revision);
    let complete = size.filter(|size| size.is_complete);
    let mut json = json!({
        "production_id": status.production_id,
        "path": status.root.to_string_lossy(),
        "store_path": status.store.to_string_lossy(),
        "state": run.state,
        "frozen": run.frozen,
        "revision": last.map(|last| &last.name),
        "tier": last.and_then(|last| last.tier.as_ref()),
        "started_at": last.and_then(|last| last.started),
        "current_phase": run.phase,
        "current_shot": run.shot,
        "percent": run.percent,
        "seconds": run.seconds,
        "seconds_left": run.seconds_left,
        "shots": run.shots,
        "completed_shots": run.completed_shots,
        "failed_shots": run.failed_shots,
        "phases": run.phases,
        "running_jobs": run.running,
        "checkpoint_path": status.checkpoint.path.to_string_lossy(),
        "checkpoint_at": status.checkpoint.at,
        // The keys below are older than those above, and scripts read them.
        "farm": status.farm_run.as_ref().map(farm_run_json),
        "running": status.holder,
        "half_published": status.half_published,
        "last": last,
        "current": status.current,
        "store": {
            "files": complete.map(|size| size.files),
            "bytes": complete.map(|size| size.bytes),
        },
    });
    if last.is_some_and(|last| last.no_sound) {
        json["no_sound"] = true.into();
    }
    if ad.is_some() {
        json["beats"] = json!(beats_of(ad, status));
    }
    json
}

fn farm_run_json(farm_run: &ActiveRunStatus) -> Value {
    let ActiveRunStatus {
        revision,
        farm,
        status,
    } = farm_run;
    // The keys `engine` and `standing` are older than the words in the code, and scripts read them.
    json!({ "revision": revision, "farm": farm.name, "engine": farm.scheduler, "standing": status })
}
