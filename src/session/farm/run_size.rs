//! How large a run on a farm would be.

use super::farm_run::first_of_each_kind;
use super::farm_scheduler::build_scheduler;
use super::manifest_spec::{ManifestSpec, build_manifest};
use super::shared_storage_check::check_shared_storage;
use crate::cli::cli_settings::CliSettings;
use crate::cli::commands::session::ProductionSession;
use crate::cli::exit_codes::CliError;
use crate::execute::{ExecutorConfig as Pool, RunEstimate};
use crate::farm::{FarmRunSize, TaskMap, TaskPolicy, build_arrays};
use crate::model::farm_profile::FarmProfile;
use crate::plan::Plan;
use crate::project::OpenedProduction;
use crate::report::summary;
use std::time::Duration;

/// What a run on a farm would send, in text and for machines. Nothing is sent or written.
pub(in crate::cli::commands) fn describe_size(
    (farm, gpu, explain): (&FarmProfile, &str, bool),
    opened: &OpenedProduction,
    session: &ProductionSession,
    plan: &Plan,
    (local, expected): (&Pool, &RunEstimate),
    settings: &CliSettings,
) -> Result<(String, serde_json::Value), CliError> {
    let tasks = TaskMap::from_plan(plan);
    let rules = TaskPolicy::new(
        local.limits,
        local.retries,
        Duration::from_secs(5),
        farm.lag,
        farm.mixed_hosts,
    );
    let revision = session.history.next_revision();
    let spec = ManifestSpec {
        farm,
        gpu,
        revision: &revision,
        rules,
        sender: settings.user_at_host(),
        exported: false,
    };
    let manifest = build_manifest(&spec, opened, session, &tasks);
    let engine = build_scheduler(&manifest, settings, &session.clock)?;
    let limit = engine.array_limit();
    let limit_error = limit.as_ref().err().map(ToString::to_string);
    let arrays = build_arrays(
        plan,
        &tasks,
        limit.unwrap_or(engine.spec().default_array_limit),
    );
    let mut size = FarmRunSize::from_arrays(&*engine, &manifest.header, &arrays, expected.makespan);
    // What would be refused is worth planning: it says what to mend.
    let storage_error = check_shared_storage(&manifest.header, plan, settings).err();
    size.shortfalls
        .extend(storage_error.map(|error| format!("failed to {error}")));
    let mut text = summary::farm_summary::farm_size_text(farm, &size, limit_error.as_deref());
    if explain {
        // One of each kind: a million tasks are thousands of arrays that differ in their numbers alone.
        for array in first_of_each_kind(&manifest.header.groups, &arrays) {
            text += &format!(
                "\n── array {} ──\n{}",
                array.number,
                engine.preview_submission(array)
            );
        }
    }
    Ok((
        text,
        serde_json::json!({ "farm": farm.name, "engine": farm.engine, "unasked": limit_error, "size": size }),
    ))
}
