//! The status of a farm run for people: results first, then the scheduler's state of the other
//! tasks.

use super::heartbeat::TaskHeartbeat;
use super::queue_snapshot::QueueSnapshot;
use super::result_listing::ResultListing;
use super::result_name::{AttemptMarker, ResultShard};
use super::run_folder::FarmRunFolder;
use super::task_manifest::{FarmError, TaskManifest};
use super::task_map::TaskId;
use super::task_result::{TaskResult, TaskVerdict, UnreadableResult};
use super::task_state::TaskState;
use crate::event::{Event, JobSucceeded};
use crate::model::UnitLoad;
use crate::store::RunHistory;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The most results that are read for a status. Of more, the names are believed: opening a million
/// files on a shared disk would take minutes, and a run reads each when it collects it.
const MAX_READ_RESULTS: usize = 20_000;
/// The largest number of heartbeats in a status.
const MAX_HEARTBEATS: usize = 1000;

/// The tasks of a farm run, counted by state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FarmStatus {
    /// The number of all tasks.
    pub tasks: usize,
    /// Tasks that succeeded, by a result that can be read.
    pub made: usize,
    /// Results of success that cannot be read, up to a limit. Their tasks count as failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<UnreadableResult>,
    /// Tasks whose newest attempt failed and that are not queued again.
    pub failed: usize,
    /// Tasks that run.
    pub running: usize,
    /// The last heartbeats of running tasks, up to a limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_work: Vec<TaskHeartbeat>,
    /// Tasks that wait in the queue, by the scheduler's reason.
    pub queued: BTreeMap<String, usize>,
    /// Tasks that wait until a person releases them, by the scheduler's job.
    pub held: BTreeMap<String, usize>,
    /// Tasks in none of these states: not submitted, dropped, or lost.
    pub unknown: usize,
    /// Whether the scheduler answered.
    pub answered: bool,
}

impl FarmStatus {
    /// Returns the status of the tasks of a manifest. `snapshot` is `None` if the scheduler did not
    /// answer.
    #[must_use]
    pub fn from_manifest(manifest: &TaskManifest, snapshot: Option<&QueueSnapshot>) -> Self {
        let mut attempts = newest_attempts(manifest);
        let unreadable = remove_unreadable(&manifest.folder, &mut attempts);
        let empty = QueueSnapshot::default();
        let mut running = HashSet::new();
        let count = manifest.header.tasks;
        let mut status = Self {
            tasks: count as usize,
            answered: snapshot.is_some(),
            unreadable,
            ..Self::default()
        };
        let tasks = (0..count).map(|task| (TaskId(task), ()));
        for (task, (), range) in snapshot.unwrap_or(&empty).join_tasks(tasks) {
            let result = attempts.get(&task);
            match range.map(|range| (&range.state, range)) {
                // A result counts more than the queue: Slurm lists a task as completing for a while
                // after its result is there.
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
                // A failed attempt counts only if no newer one is in the queue, so this arm comes
                // after those of the queue.
                _ if result.is_some() => status.failed += 1,
                _ => status.unknown += 1,
            }
        }
        status.at_work = TaskHeartbeat::read_up_to(&manifest.folder, MAX_HEARTBEATS);
        // A task that lost its machine leaves its heartbeat behind, so only those are shown that
        // the scheduler confirms.
        status
            .at_work
            .retain(|heartbeat| running.contains(&heartbeat.task));
        status
    }
}

fn count_entry<'a>(counts: &'a mut BTreeMap<String, usize>, name: &str) -> &'a mut usize {
    // The entry interface would allocate the key for each of a million tasks, and there are few
    // keys.
    if !counts.contains_key(name) {
        counts.insert(name.to_owned(), 0);
    }
    counts.get_mut(name).expect("it was put there")
}

/// Marks attempts as failed whose result of success cannot be read, and returns those results.
pub(super) fn remove_unreadable(
    folder: &FarmRunFolder,
    attempts: &mut HashMap<TaskId, AttemptMarker>,
) -> Vec<UnreadableResult> {
    let mut unreadable: Vec<UnreadableResult> = Vec::new();
    let succeeded = attempts
        .iter_mut()
        .filter(|(_, marker)| marker.succeeded)
        .take(MAX_READ_RESULTS);
    for (task, marker) in succeeded {
        if let Err(result) = TaskResult::read_checked(folder, *task, *marker) {
            marker.succeeded = false;
            unreadable.push(result);
        }
    }
    // The attempts are a hash map, and two looks at one run should read alike.
    unreadable.sort_by(|a, b| a.path.cmp(&b.path));
    unreadable
}

/// Returns the newest attempt at each task that left a result.
fn newest_attempts(manifest: &TaskManifest) -> HashMap<TaskId, AttemptMarker> {
    let mut listing = ResultListing::new(&manifest.folder);
    let shards = ResultShard::all_shards(manifest.header.tasks);
    shards
        .flat_map(|shard| listing.refresh_shard(shard).clone())
        .collect()
}

/// Returns an event for each job that succeeded on the farm and that no journal has yet.
///
/// # Errors
/// Fails if the manifest is damaged.
pub fn unrecorded_events(
    manifest: &TaskManifest,
    history: &RunHistory,
) -> Result<Vec<Event>, FarmError> {
    let mut events = Vec::new();
    let mut attempts = newest_attempts(manifest);
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
        // The process that followed the run may have recorded this one before it ended. A second
        // event would record its job twice.
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
            // Machines of a farm differ, and an estimate is for this one.
            cpu: None,
            load: UnitLoad::default(),
            cost: record
                .price
                .map(|price| price.job_cost(record.work.unit_count(), seconds)),
            warnings: outputs.warnings,
            log: outputs.log,
        }));
    })?;
    Ok(events)
}
