//! `production estimate`: how long a run will take, from past runs, else from a short probe of this machine.

use super::foretell::expected_by;
use super::machine::Means;
use super::workplace::Workplace;
use super::{options, validate};
use crate::cli::args::{Estimate, Format};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::plan::{DurationModel, JobSelection};
use crate::project::open;
use crate::report::{EstimateFacts, summary};
use crate::validate::CheckedProduction;
use std::process::ExitCode;

pub(super) fn run(args: &Estimate, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = open(&args.subject.path, &options(&args.subject, settings))?;
    if !validate::show(&opened, settings) {
        return Ok(ExitCode::from(INVALID));
    }
    if let Some(checked) = &opened.checked {
        tell(args, checked, settings)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn tell(args: &Estimate, checked: &CheckedProduction, settings: &Settings) -> Result<(), CliError> {
    let layout = Workplace::layout(&checked.root, args.machine.store.as_ref());
    let means = Means::look(args.machine.machine.as_deref(), settings)?;
    let (mut workplace, jobs) =
        Workplace::open(checked, layout, &means.hands(&args.machine), settings)?;
    workplace.require_tools(&jobs)?;
    let known = workplace.pace.sample_count();
    let plan = workplace.plan(workplace.claimed(jobs, &means), &JobSelection::default())?;
    let mut basis = format!("{known} jobs that ran here before");
    if known == 0 {
        settings.say_error("no runs to learn from yet; trying a few frames on this machine");
        let samples = super::probe::probe(&plan, &workplace, &checked.root)?;
        basis = format!(
            "a probe of this machine just now: {} jobs of a frame or two each",
            samples.values().map(Vec::len).sum::<usize>()
        );
        workplace.pace = DurationModel::from_samples(&samples);
    }
    let told = expected_by(
        &plan,
        &workplace,
        &means.pool(args.machine.parallel, workplace.adapter()),
        &basis,
    )?;
    match args.format {
        Format::Json => {
            settings.say(
                &serde_json::to_string_pretty(&EstimateFacts::from(&told)).unwrap_or_default(),
            );
        }
        Format::Text => settings.say(&summary::estimate_table(&told, settings.out_colour)),
    }
    Ok(())
}
