//! `production plan`, and everyone else who says what a run would do: `run --dry-run`, and `run` before it begins.
//!
//! A plan is gathered, printed and written by the functions here and nowhere else. Writing one makes no journal, so a
//! revision that was only planned is not a run, and the next run takes its name.

use super::farm;
use super::foretell::expected;
use super::machine::Means;
use super::workplace::Workplace;
use super::{options, validate};
use crate::cli::args::{self, Format, Scope};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
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
const PIECE: usize = 1 << 20;

pub(super) fn run(args: &args::Plan, settings: &Settings) -> Result<ExitCode, CliError> {
    let opened = open(&args.subject.path, &options(&args.subject, settings))?;
    if !validate::show(&opened, settings) {
        return Ok(ExitCode::from(INVALID));
    }
    let farm = args
        .farm
        .as_ref()
        .map(|name| farm::find(name, &opened.root, settings))
        .transpose()?;
    let shown = Shown {
        format: args.format,
        all: args.all,
        keep: true,
        farm: farm.as_ref().map(|farm| (farm, args.explain)),
    };
    show(&opened, &args.machine, &args.scope, shown, settings)
}

/// How to show a plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) format: Format,
    /// Every job.
    pub(super) all: bool,
    /// Write it down, too.
    pub(super) keep: bool,
    /// What a run on this farm would send, and whether in full.
    pub(super) farm: Option<(&'a FarmProfile, bool)>,
}

/// Plans what a run would do, and prints it.
pub(super) fn show(
    opened: &OpenedProduction,
    machine: &args::Machine,
    scope: &Scope,
    shown: Shown<'_>,
    settings: &Settings,
) -> Result<ExitCode, CliError> {
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID));
    };
    let layout = Workplace::layout(&checked.root, machine.store.as_ref());
    let means = Means::look(machine.machine.as_deref(), settings)?;
    let hands = means.hands(machine).on(shown.farm.map(|(farm, _)| farm));
    let (workplace, jobs) = Workplace::open(checked, layout, &hands, settings)?;
    let selection = selection(scope);
    let claimed = match shown.farm {
        Some(_) => workplace.claimed_elsewhere(jobs, &means),
        None => workplace.claimed(jobs, &means),
    };
    let plan = workplace.plan(claimed, &selection)?;
    say_idle(&plan, &selection, settings);
    let pool = means.pool(machine.parallel, workplace.adapter());
    let slots = shown.farm.map(|(farm, _)| farm::slots(&plan, farm, &pool));
    let expected = expected(&plan, &workplace, slots.as_ref().unwrap_or(&pool))?;
    let sized = shown.farm.map(|(farm, explain)| {
        let asked = (farm, &*machine.gpu, explain);
        farm::sized(
            asked,
            opened,
            &workplace,
            &plan,
            (&pool, &expected),
            settings,
        )
    });
    let sized = sized.transpose()?;
    let facts = gather(opened, &plan, &selection, &workplace, &expected);
    match shown.format {
        Format::Json => {
            let mut json = serde_json::to_value(&facts).unwrap_or_default();
            if let Some((_, size)) = &sized {
                json["farm"] = size.clone();
            }
            settings.say_json(&json);
        }
        Format::Text => settings.say(&format!(
            "{}\n{}{}",
            summary::plan_table(&facts, shown.all, settings.out_colour),
            summary::estimate_table(&expected, settings.out_colour),
            sized.as_ref().map_or("", |(text, _)| text)
        )),
    }
    if shown.keep {
        say_kept(keep(&workplace.layout, &facts), settings);
    }
    Ok(ExitCode::SUCCESS)
}

/// A plan is worth showing even where it cannot be kept, such as in a store that can only be read.
fn say_kept(kept: Result<PathBuf, StoreError>, settings: &Settings) {
    match kept {
        Ok(path) => settings.say_error(&format!("\nwritten to {}", path.display())),
        Err(error) => settings.say_error(&format!("the plan was not kept: failed to {error}")),
    }
}

/// Returns what the options ask for.
pub(super) fn selection(scope: &Scope) -> JobSelection {
    let Scope {
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
pub(super) fn say_idle(plan: &Plan, selection: &JobSelection, settings: &Settings) {
    let lead = settings.paint().warning("warning:");
    for (option, word) in plan.idle_controls(selection) {
        settings.say_error(&format!(
            "{lead} {option} {word} does nothing: none of its jobs are part of this run"
        ));
    }
}

/// Returns everything that a plan tells.
pub(super) fn gather<'a>(
    opened: &'a OpenedProduction,
    plan: &'a Plan,
    selection: &'a JobSelection,
    workplace: &Workplace,
    expected: &RunEstimate,
) -> PlanFacts<'a> {
    let title = opened
        .checked
        .as_ref()
        .map_or("", |checked| checked.meta.display_title());
    let named = (
        workplace.history.next_revision(),
        workplace.history.published.clone(),
    );
    PlanFacts::from_plan(plan, title, selection, named, expected, &opened.sources)
}

/// Writes a plan into the store, under the revision that a run of it makes.
pub(super) fn keep(layout: &StoreLayout, facts: &PlanFacts<'_>) -> Result<PathBuf, StoreError> {
    let path = layout.run_folder(&facts.revision).join("plan.json");
    let written = layout.disk().replace_with(&path, |file| {
        let mut pieces = BufWriter::with_capacity(PIECE, file);
        serde_json::to_writer(&mut pieces, facts)?;
        pieces.flush()
    });
    written.map_err(|source| StoreError::io("write", &path, source))?;
    Ok(path)
}
