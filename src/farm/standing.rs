//! Where a farm run stands, for people: results first, then what the engine says of the rest.

use super::engine::{Sighting, Stage};
use super::manifest::{FarmError, TaskManifest};
use super::result::{TaskResult, Verdict, list};
use super::tasks::TaskId;
use crate::event::{Event, JobSucceeded};
use crate::store::History;
use serde::Serialize;
use std::collections::BTreeMap;

/// Tasks by where they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// All of them.
    pub tasks: usize,
    /// Made.
    pub made: usize,
    /// Failed at their newest attempt, and not on their way again.
    pub failed: usize,
    /// Running.
    pub running: usize,
    /// Waiting at the engine, by its reasons.
    pub queued: BTreeMap<String, usize>,
    /// Waiting until a person lets them go, by the engine's name of the job.
    pub held: BTreeMap<String, usize>,
    /// None of these: not sent, dropped, or lost from sight.
    pub unknown: usize,
    /// Whether the engine answered.
    pub answered: bool,
}

impl Standing {
    /// Returns where the tasks of a manifest stand; `sighting` is none when the engine did not answer.
    #[must_use]
    pub fn of(manifest: &TaskManifest, sighting: Option<&Sighting>) -> Self {
        let newest = newest(manifest);
        let count = manifest.header.tasks;
        let mut standing = Self { tasks: count as usize, answered: sighting.is_some(), ..Self::default() };
        for task in (0..count).map(TaskId) {
            let seen = sighting.and_then(|sighting| sighting.tasks.get(&task));
            let result = newest.get(&task);
            let is_made = result.is_some_and(TaskResult::is_success);
            match seen.map(|seen| &seen.stage) {
                _ if is_made => standing.made += 1,
                Some(Stage::Running) => standing.running += 1,
                Some(Stage::Queued { held: true, .. }) => {
                    let job = seen.map(|seen| seen.job.split('_').next().unwrap_or_default().to_owned());
                    *standing.held.entry(job.unwrap_or_default()).or_default() += 1;
                }
                Some(Stage::Queued { reason, .. }) => {
                    *standing.queued.entry(reason.clone()).or_default() += 1;
                }
                _ if result.is_some() => standing.failed += 1,
                _ => standing.unknown += 1,
            }
        }
        standing
    }
}

/// Returns the newest result of each task that has one. Each folder of results is listed once.
fn newest(manifest: &TaskManifest) -> BTreeMap<TaskId, TaskResult> {
    let (folder, count) = (&manifest.folder, manifest.header.tasks);
    let mut attempts: BTreeMap<TaskId, u32> = BTreeMap::new();
    for task in (0..count).step_by(super::folder::SHARD as usize).map(TaskId) {
        for (task, attempt) in list(folder, task) {
            let newest = attempts.entry(task).or_insert(attempt);
            *newest = attempt.max(*newest);
        }
    }
    let read = |(task, attempt): (TaskId, u32)| Some((task, TaskResult::read(folder, task, attempt)?));
    attempts.into_iter().filter_map(read).collect()
}

/// Returns, as the journal has it, every job that was made on the farm and that no journal knows yet.
///
/// # Errors
/// Fails when the manifest is damaged.
pub fn unrecorded(manifest: &TaskManifest, history: &History) -> Result<Vec<Event>, FarmError> {
    let (mut events, mut newest) = (Vec::new(), newest(manifest));
    manifest.each(|record| {
        let Some(TaskResult {
            digest: Some(digest), verdict: Verdict::Succeeded(made), seconds, memory, ..
        }) = newest.remove(&record.task)
        else {
            return;
        };
        if history.records.has(&digest) {
            return;
        }
        events.push(Event::JobSucceeded(JobSucceeded {
            units: record.work.units(),
            variety: record.work.variety().map(str::to_owned),
            job: record.name,
            phase: record.phase,
            digest,
            outputs: made.outputs,
            provider: made.provider,
            mode: made.mode,
            seconds,
            memory,
            warnings: made.warnings,
            log: made.log,
        }));
    })?;
    Ok(events)
}
