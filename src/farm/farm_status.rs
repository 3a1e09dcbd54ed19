//! Where a farm run stands, for people: results first, then what the engine says of the rest.

use super::heartbeat::TaskHeartbeat;
use super::queue_snapshot::QueueSnapshot;
use super::result_listing::ResultListing;
use super::result_name::{AttemptMarker, ResultShard};
use super::task_manifest::{FarmError, TaskManifest};
use super::task_map::TaskId;
use super::task_result::{TaskResult, TaskVerdict};
use super::task_state::TaskState;
use crate::event::{Event, JobSucceeded};
use crate::store::RunHistory;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most running tasks of which is told what they say of themselves.
const MAX_HEARTBEATS: usize = 1000;

/// Tasks by where they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FarmStatus {
    /// All of them.
    pub tasks: usize,
    /// Made.
    pub made: usize,
    /// Failed at their newest attempt, and not on their way again.
    pub failed: usize,
    /// Running.
    pub running: usize,
    /// What running tasks said of themselves last, where they said anything, of so many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_work: Vec<TaskHeartbeat>,
    /// Waiting at the engine, by its reasons.
    pub queued: BTreeMap<String, usize>,
    /// Waiting until a person lets them go, by the engine's name of the job.
    pub held: BTreeMap<String, usize>,
    /// None of these: not sent, dropped, or lost from sight.
    pub unknown: usize,
    /// Whether the engine answered.
    pub answered: bool,
}

impl FarmStatus {
    /// Returns where the tasks of a manifest stand; `sighting` is none when the engine did not
    /// answer.
    #[must_use]
    pub fn from_manifest(manifest: &TaskManifest, snapshot: Option<&QueueSnapshot>) -> Self {
        let attempts = newest_attempts(manifest);
        let (empty, mut running) = (QueueSnapshot::default(), HashSet::new());
        let count = manifest.header.tasks;
        let mut status = Self {
            tasks: count as usize,
            answered: snapshot.is_some(),
            ..Self::default()
        };
        let tasks = (0..count).map(|task| (TaskId(task), ()));
        for (task, (), range) in snapshot.unwrap_or(&empty).join_tasks(tasks) {
            let result = attempts.get(&task);
            match range.map(|range| (&range.state, range)) {
                _ if result.is_some_and(|marker| marker.succeeded) => status.made += 1,
                Some((TaskState::Running, _)) => {
                    status.running += 1;
                    running.insert(task);
                }
                Some((TaskState::Queued { held: true, .. }, range)) => {
                    *count_entry(&mut status.held, &range.scheduler_job) += 1;
                }
                Some((TaskState::Queued { reason, .. }, _)) => {
                    *count_entry(&mut status.queued, reason) += 1;
                }
                _ if result.is_some() => status.failed += 1,
                _ => status.unknown += 1,
            }
        }
        status.at_work = TaskHeartbeat::read_up_to(&manifest.folder, MAX_HEARTBEATS);
        status
            .at_work
            .retain(|heartbeat| running.contains(&heartbeat.task));
        status
    }
}

fn count_entry<'a>(counts: &'a mut BTreeMap<String, usize>, name: &str) -> &'a mut usize {
    if !counts.contains_key(name) {
        counts.insert(name.to_owned(), 0);
    }
    counts.get_mut(name).expect("it was put there")
}

/// Returns what the newest attempt at each task left, of those that left something.
fn newest_attempts(manifest: &TaskManifest) -> HashMap<TaskId, AttemptMarker> {
    let mut listing = ResultListing::new(&manifest.folder);
    let shards = ResultShard::all_shards(manifest.header.tasks);
    shards
        .flat_map(|shard| listing.refresh_shard(shard).clone())
        .collect()
}

/// Returns, as the journal has it, every job that was made on the farm and that no journal knows
/// yet.
///
/// # Errors
/// Fails when the manifest is damaged.
pub fn unrecorded_events(
    manifest: &TaskManifest,
    history: &RunHistory,
) -> Result<Vec<Event>, FarmError> {
    let (mut events, mut attempts) = (Vec::new(), newest_attempts(manifest));
    manifest.for_each_record(|record| {
        let marker = attempts
            .remove(&record.task)
            .filter(|marker| marker.succeeded);
        let result =
            marker.and_then(|marker| TaskResult::read(&manifest.folder, record.task, marker));
        let Some(TaskResult {
            digest: Some(digest),
            verdict: TaskVerdict::Succeeded(outputs),
            seconds,
            memory,
            ..
        }) = result
        else {
            return;
        };
        if history.records.contains_identity(&digest) {
            return;
        }
        events.push(Event::JobSucceeded(JobSucceeded {
            units: record.work.unit_count(),
            variety: record.work.variant().map(str::to_owned),
            job: record.name.to_string(),
            phase: record.phase,
            digest,
            outputs: outputs.outputs,
            provider: outputs.provider,
            mode: outputs.mode,
            seconds,
            memory,
            cost: record
                .price
                .map(|price| price.job_cost(record.work.unit_count(), seconds)),
            warnings: outputs.warnings,
            log: outputs.log,
        }));
    })?;
    Ok(events)
}
