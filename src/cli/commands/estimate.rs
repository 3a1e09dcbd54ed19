//! `production estimate`: how long a run will take here, from the durations of past runs. Without
//! any, a short probe of this machine measures them.

use super::validate;
use crate::base::json::{to_json_value, to_pretty_json};
use crate::cli::args::{EstimateArgs, ResultFormat};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{looking_options, open_for_plan, session_options};
use crate::report::text_format::{format_count, format_duration};
use crate::report::{EstimateFacts, SilenceFacts, TierFacts, summary};
use crate::session::{ProbedRenderers, estimate_production};
use std::process::ExitCode;

pub(super) fn run_estimate(
    args: &EstimateArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let store = args.machine.store.folder.as_deref();
    let opened = open_for_plan(
        &args.subject.path,
        &looking_options(&args.subject, store, settings),
        store,
        settings,
    )?;
    validate::show_findings(&opened, args.output.format, settings);
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    validate::note_estimated_speech(&opened, settings);
    let reporter = TerminalReporter::new(settings);
    let reporter = reporter.with_allowed(args.consent.yes);
    // No farm: a probe measures this machine and says nothing about others. `plan --farm` estimates
    // a run on a farm.
    let options = session_options(&args.machine, None);
    let probed = ProbedRenderers::with_commands(args.consent.yes);
    let estimate = estimate_production(&opened, &options, probed, reporter.context())?;
    let tier = TierFacts::from_render(&checked.render, &opened.sources);
    let silence = SilenceFacts::from_production(checked);
    settings.print_stdout(&match args.output.format {
        ResultFormat::Json => {
            let mut json = to_json_value(&EstimateFacts::from(&estimate));
            json["tier"] = tier.name.into();
            json["tier_from"] = tier.source.into();
            if let Some(silence) = silence {
                json["no_sound"] = silence.no_sound.into();
                json["no_sound_from"] = silence.source.into();
            }
            to_pretty_json(&json)
        }
        ResultFormat::Short => {
            let (low, middle, high) = estimate.makespan;
            format!(
                "about {}, between {} and {}: {} to run, tier {}{}",
                format_duration(middle),
                format_duration(low),
                format_duration(high),
                format_count(estimate.dirty_jobs, "job"),
                tier.name,
                silence.map_or("", |_| ", no sound")
            )
        }
        ResultFormat::Text => format!(
            "{}\n{}{}",
            tier.line(),
            silence.map_or_else(String::new, |facts| facts.line() + "\n"),
            summary::estimate_table(&estimate, settings.out_colour)
        ),
    });
    Ok(ExitCode::SUCCESS)
}
