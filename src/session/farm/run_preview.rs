//! Estimates the size of a farm run. Nothing is submitted or written.

use super::farm_run::first_of_each_kind;
use super::farm_scheduler::build_scheduler;
use super::font_check::report_farm_font;
use super::manifest_spec::{ManifestSpec, build_manifest};
use super::shared_storage_check::check_shared_storage;
use crate::execute::{ExecutorConfig, RunEstimate};
use crate::farm::{FarmRunSize, TaskMap, TaskPolicy, build_arrays};
use crate::model::farm_profile::{FarmProfile, SchedulerKind};
use crate::plan::Plan;
use crate::session::production_session::ProductionSession;
use serde::Serialize;
use std::time::Duration;

/// Time between asking a tool to end and killing it, in the previewed run.
const PREVIEW_GRACE: Duration = Duration::from_secs(5);

/// The size of a farm run.
#[derive(Debug, Clone, Serialize)]
pub struct FarmRunPreview {
    /// The farm.
    #[serde(serialize_with = "serialize_farm_name")]
    pub farm: FarmProfile,
    /// Its scheduler.
    #[serde(rename = "engine")]
    pub scheduler: SchedulerKind,
    /// Why the array limit of the scheduler is unknown. `None` if it answered.
    #[serde(rename = "unasked")]
    pub limit_error: Option<String>,
    /// How much is sent.
    pub size: FarmRunSize,
    /// If requested, the number and the submission text of one array of each kind. A million tasks
    /// are thousands of arrays that differ in their index only.
    #[serde(skip)]
    pub submissions: Vec<(u32, String)>,
}

fn serialize_farm_name<S: serde::Serializer>(
    farm: &FarmProfile,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&farm.name)
}

/// Returns the size of the farm run of this plan.
pub(in crate::session) fn preview_farm_run(
    farm: &FarmProfile,
    session: &ProductionSession<'_>,
    plan: &Plan,
    local: &ExecutorConfig,
    expected: &RunEstimate,
    show_submissions: bool,
) -> FarmRunPreview {
    let tasks = TaskMap::from_plan(plan);
    let revision = session.history.next_revision();
    let spec = ManifestSpec {
        farm,
        revision: &revision,
        rules: TaskPolicy::new(
            local.limits,
            local.retries,
            PREVIEW_GRACE,
            farm.lag,
            farm.mixed_hosts,
        ),
        exported: false,
    };
    let manifest = build_manifest(&spec, session, &tasks);
    let scheduler = build_scheduler(&manifest, session.context.environment, &session.clock);
    // The default of the scheduler serves if it does not answer, so that a plan works on a laptop
    // that cannot reach the cluster.
    let limit = scheduler.array_limit();
    let limit_error = limit.as_ref().err().map(ToString::to_string);
    let arrays = build_arrays(
        plan,
        &tasks,
        limit.unwrap_or(scheduler.spec().default_array_limit),
    );
    let mut size =
        FarmRunSize::from_arrays(&*scheduler, &manifest.header, &arrays, expected.makespan);
    // A run that would be refused can still be planned: the plan says what to correct.
    let storage_error = check_shared_storage(&manifest.header, plan, session.context).err();
    report_farm_font(farm, plan, session);
    size.shortfalls.extend(
        storage_error
            .as_ref()
            .map(|error| format!("failed to {error}")),
    );
    // A script with paths that the farm refuses must not be copied from here.
    let show_submissions = show_submissions && storage_error.is_none();
    let shown = first_of_each_kind(&manifest.header.groups, &arrays).filter(|_| show_submissions);
    let submissions = shown
        .map(|array| (array.number, scheduler.preview_submission(array)))
        .collect();
    FarmRunPreview {
        farm: farm.clone(),
        scheduler: farm.scheduler,
        limit_error,
        size,
        submissions,
    }
}
