//! How large a run on a farm would be.

use super::engine::engine;
use super::ground::tread;
use super::load::one_of_each_kind;
use super::sent::{Sent, described};
use crate::cli::commands::workplace::Workplace;
use crate::cli::exit::CliError;
use crate::cli::settings::Settings;
use crate::execute::{ExecutorConfig as Pool, RunEstimate};
use crate::farm::{FarmRunSize, TaskMap, TaskPolicy, build_arrays};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::project::OpenedProduction;
use crate::report::summary;
use std::time::Duration;

/// Most tasks of an array where the engine cannot be asked: what Slurm has by itself.
const DEFAULT_LIMIT: u32 = 1001;

/// What a run on a farm would send, in text and for machines. Nothing is sent or written.
pub(in crate::cli::commands) fn sized(
    (farm, gpu, explain): (&FarmProfile, &str, bool),
    opened: &OpenedProduction,
    workplace: &Workplace,
    plan: &Plan,
    (local, expected): (&Pool, &RunEstimate),
    settings: &Settings,
) -> Result<(String, serde_json::Value), CliError> {
    let tasks = TaskMap::from_plan(plan);
    let rules = TaskPolicy::new(
        local.limits,
        local.retries,
        Duration::from_secs(5),
        farm.lag,
        farm.mixed_hosts,
    );
    let revision = workplace.history.next_revision();
    let sent = Sent {
        farm,
        gpu,
        revision: &revision,
        rules,
        by: settings.sender(),
        exported: false,
    };
    let manifest = described(&sent, opened, workplace, &tasks);
    let engine = engine(&manifest, settings, &workplace.clock)?;
    let limit = engine.array_limit();
    let unasked = limit.as_ref().err().map(ToString::to_string);
    let arrays = build_arrays(plan, &tasks, limit.unwrap_or(DEFAULT_LIMIT));
    let mut size = FarmRunSize::from_arrays(&*engine, &manifest.header, &arrays, expected.makespan);
    // What would be refused is worth planning: it says what to mend.
    let unseen = tread(&manifest.header, plan, settings).err();
    size.shortfalls
        .extend(unseen.map(|error| format!("failed to {error}")));
    let mut text = summary::farm_summary::farm_size_text(farm, &size, unasked.as_deref());
    if explain {
        // One of each kind: a million tasks are thousands of arrays that differ in their numbers alone.
        for array in one_of_each_kind(&manifest.header.groups, &arrays) {
            text += &format!(
                "\n── array {} ──\n{}",
                array.number,
                engine.preview_submission(array)
            );
        }
    }
    Ok((
        text,
        serde_json::json!({ "farm": farm.name, "engine": farm.engine, "unasked": unasked, "size": size }),
    ))
}
