//! `production info`: what a production contains and delivers, the timecodes of its shots, and how
//! much of it is made already.

mod info_json;
mod info_sound;
mod info_sprites;
mod info_text;
mod info_timeline;
mod settings_list;

use super::{info_resolved, validate};
use crate::cli::args::{InfoArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{looking_options, recorded_runs_options};
use crate::project::{OpenedProduction, open};
use crate::report::{SilenceFacts, TierFacts};
use crate::session::{BeatProgress, ProductionStatus, ReuseCounts, SessionError, StoreLocation};
use crate::store::StoreError;
use info_timeline::ShownTimeline;
use serde_json::json;
use std::process::ExitCode;

fn print_timeline(shown: &ShownTimeline<'_>, args: &InfoArgs, settings: &CliSettings) {
    match args.output.format {
        ResultFormat::Json => settings.print_json(&shown.json()),
        ResultFormat::Short => settings.print_stdout(&shown.lines()),
        ResultFormat::Text => settings.print_stdout(&shown.text(settings.table_width)),
    }
}

pub(super) fn run_info(args: &InfoArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.resolved {
        return info_resolved::run_resolved(args, settings);
    }
    if args.settings {
        settings_list::print_settings(args.output.format, settings)?;
        return Ok(ExitCode::SUCCESS);
    }
    let store = args.runs.store.folder.as_deref();
    let opened = open(
        &args.subject.path,
        &looking_options(&args.subject, store, settings),
    )?;
    let Some(checked) = &opened.checked else {
        validate::show_findings(&opened, args.output.format, settings);
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    validate::note_estimated_speech(&opened, settings);
    if let Some(output) = &args.timeline {
        print_timeline(&ShownTimeline::find(checked, output)?, args, settings);
        return Ok(ExitCode::SUCCESS);
    }
    let made = count_reuse(&opened, args, settings)?;
    let beats = beat_progress(args, made.as_ref().ok(), settings);
    let tier = TierFacts::from_render(&checked.render, &opened.sources);
    let silence = SilenceFacts::from_production(checked);
    match args.output.format {
        ResultFormat::Json => {
            let mut json = info_json::production_json(checked, made.as_ref());
            json["render"]["tier_from"] = tier.source.into();
            for (index, beat) in beats.iter().enumerate() {
                json["beats"][index]["status"] = json!(beat.status);
            }
            if let Some(silence) = silence {
                json["no_sound"] = silence.no_sound.into();
                json["no_sound_from"] = silence.source.into();
            }
            settings.print_json(&json);
        }
        ResultFormat::Short => {
            settings.print_stdout(&info_text::production_lines(checked, made.as_ref()));
        }
        ResultFormat::Text => settings.print_stdout(&info_text::production_text(
            checked,
            &tier,
            made.as_ref(),
            &beats,
            settings.table_width,
        )),
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns how much is made already, or why that is not known.
///
/// # Errors
/// Fails if the folder of the store is none, or belongs to another production.
fn count_reuse(
    opened: &OpenedProduction,
    args: &InfoArgs,
    settings: &CliSettings,
) -> Result<Result<ReuseCounts, String>, CliError> {
    let options = recorded_runs_options(&args.runs);
    let reporter = TerminalReporter::new(settings);
    match ReuseCounts::count(opened, &options, reporter.context()) {
        // The folder of the store was named by mistake, which every command refuses.
        Err(SessionError::Store(
            error @ (StoreError::NotAStore { .. } | StoreError::OtherProduction { .. }),
        )) => Err(error.into()),
        // A store that cannot be read is not the end of the command: everything else comes from the
        // document. The reason is shown in place of the counts.
        made => Ok(made.map_err(|error| CliError::from(error).to_string())),
    }
}

/// Returns how far the beats of an ad are: by what is in the store, and by what the last run does.
fn beat_progress(
    args: &InfoArgs,
    made: Option<&ReuseCounts>,
    settings: &CliSettings,
) -> Vec<BeatProgress> {
    let Some(made) = made.filter(|made| !made.beats.is_empty()) else {
        return Vec::new();
    };
    let store = args.runs.store.folder.as_deref();
    let location = StoreLocation::find(&args.subject.path, store).ok();
    let status = location.and_then(|found| ProductionStatus::read(&found, &settings.session).ok());
    let run = status.as_ref().map(|status| &status.run);
    made.beats.iter().map(|beat| beat.progress(run)).collect()
}
