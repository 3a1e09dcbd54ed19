//! `production plan`, and everyone else who says what a run would do: `run --dry-run`, and `run` before it begins.
//!
//! A plan is gathered, printed and written by the functions here and nowhere else. Writing one makes no journal, so a
//! revision that was only planned is not a run, and the next run takes its name.

use super::farm;
use super::forecast::forecast_run;
use super::machine_resources::MachineResources;
use super::session::ProductionSession;
use super::{project_options, validate};
use crate::base::json::to_json_value;
use crate::cli::args::{self, ResultFormat, ScopeArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INVALID_INPUT};
use crate::execute::RunEstimate;
use crate::model::farm_profile::FarmProfile;
use crate::plan::{JobSelection, Plan};
use crate::project::{OpenedProduction, open};
use crate::report::{PlanFacts, summary};
use crate::store::{StoreError, StoreLayout};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Bytes of a plan that are written at a time: a plan of a million jobs is a quarter of a gigabyte.
const WRITE_BUFFER_BYTES: usize = 1 << 20;

pub(super) fn run_plan(
    args: &args::PlanArgs,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let opened = open(
        &args.subject.path,
        &project_options(&args.subject, settings),
    )?;
    if !validate::show_findings(&opened, settings) {
        return Ok(ExitCode::from(INVALID_INPUT));
    }
    let farm = args
        .farm
        .as_ref()
        .map(|name| farm::find_farm(name, &opened.root, settings))
        .transpose()?;
    let shown = PlanDisplay {
        format: args.format,
        all_jobs: args.all,
        save: true,
        farm: farm.as_ref().map(|farm| (farm, args.explain)),
    };
    show_plan(&opened, &args.machine, &args.scope, shown, settings)
}

/// How to show a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanDisplay<'a> {
    pub(super) format: ResultFormat,
    /// Every job.
    pub(super) all_jobs: bool,
    /// Write it down, too.
    pub(super) save: bool,
    /// What a run on this farm would send, and whether in full.
    pub(super) farm: Option<(&'a FarmProfile, bool)>,
}

/// Plans what a run would do, and prints it.
pub(super) fn show_plan(
    opened: &OpenedProduction,
    machine: &args::MachineArgs,
    scope: &ScopeArgs,
    shown: PlanDisplay<'_>,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    let layout = ProductionSession::store_layout(&checked.root, machine.store.as_ref());
    let resources = MachineResources::detect_resources(machine.machine.as_deref(), settings)?;
    let renderer_options = resources
        .renderer_options(machine)
        .for_farm(shown.farm.map(|(farm, _)| farm));
    let (session, jobs) = ProductionSession::open(checked, layout, &renderer_options, settings)?;
    let selection = build_selection(scope);
    let claimed = match shown.farm {
        Some(_) => session.with_farm_claims(jobs, &resources),
        None => session.with_local_claims(jobs, &resources),
    };
    let plan = session.plan_jobs(claimed, &selection)?;
    warn_idle_controls(&plan, &selection, settings);
    let config = resources.executor_config(machine.parallel, session.adapter_name());
    let slots = shown
        .farm
        .map(|(farm, _)| farm::farm_slots_config(&plan, farm, &config));
    let expected = forecast_run(&plan, &session, slots.as_ref().unwrap_or(&config))?;
    let sized = shown.farm.map(|(farm, explain)| {
        let target = (farm, &*machine.gpu, explain);
        farm::describe_size(
            target,
            opened,
            &session,
            &plan,
            (&config, &expected),
            settings,
        )
    });
    let sized = sized.transpose()?;
    let facts = plan_facts(opened, &plan, &selection, &session, &expected);
    match shown.format {
        ResultFormat::Json => {
            let mut json = to_json_value(&facts);
            if let Some((_, size)) = &sized {
                json["farm"] = size.clone();
            }
            settings.print_json(&json);
        }
        ResultFormat::Text => settings.print_stdout(&format!(
            "{}\n{}{}",
            summary::plan_table(&facts, shown.all_jobs, settings.out_colour),
            summary::estimate_table(&expected, settings.out_colour),
            sized.as_ref().map_or("", |(text, _)| text)
        )),
    }
    if shown.save {
        report_saved(save_plan(&session.layout, &facts), settings);
    }
    Ok(ExitCode::SUCCESS)
}

/// A plan is worth showing even where it cannot be kept, such as in a store that can only be read.
fn report_saved(saved: Result<PathBuf, StoreError>, settings: &CliSettings) {
    match saved {
        Ok(path) => settings.print_stderr(&format!("\nwritten to {}", path.display())),
        Err(error) => settings.print_stderr(&format!("the plan was not kept: failed to {error}")),
    }
}

/// Returns what the options ask for.
pub(super) fn build_selection(scope: &ScopeArgs) -> JobSelection {
    let ScopeArgs {
        only,
        phase,
        up_to,
        regen,
        pin,
    } = scope;
    let (shots, regen, pin) = (only.clone(), regen.clone(), pin.clone());
    JobSelection {
        shots,
        phase: *phase,
        up_to: *up_to,
        regen,
        pin,
    }
}

/// Says which controls do nothing, because none of their jobs are part of the run.
pub(super) fn warn_idle_controls(plan: &Plan, selection: &JobSelection, settings: &CliSettings) {
    let lead = settings.err_paint().warning("warning:");
    for (option, word) in plan.idle_controls(selection) {
        settings.print_stderr(&format!(
            "{lead} {option} {word} does nothing: none of its jobs are part of this run"
        ));
    }
}

/// Returns everything that a plan tells.
pub(super) fn plan_facts<'a>(
    opened: &'a OpenedProduction,
    plan: &'a Plan,
    selection: &'a JobSelection,
    session: &ProductionSession,
    expected: &RunEstimate,
) -> PlanFacts<'a> {
    let title = opened
        .checked
        .as_ref()
        .map_or("", |checked| checked.meta.display_title());
    let named = (
        session.history.next_revision(),
        session.history.published.clone(),
    );
    PlanFacts::from_plan(plan, title, selection, named, expected, &opened.sources)
}

/// Writes a plan into the store, under the revision that a run of it makes.
pub(super) fn save_plan(
    layout: &StoreLayout,
    facts: &PlanFacts<'_>,
) -> Result<PathBuf, StoreError> {
    let path = layout.run_folder(&facts.revision).join("plan.json");
    let written = layout.disk().replace_with(&path, |file| {
        let mut pieces = BufWriter::with_capacity(WRITE_BUFFER_BYTES, file);
        serde_json::to_writer(&mut pieces, facts)?;
        pieces.flush()
    });
    written.map_err(|source| StoreError::io("write", &path, source))?;
    Ok(path)
}
