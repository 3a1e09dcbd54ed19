//! Where a farm run stands, for people: results first, then what the engine says of the rest.

use super::engine::Stage;
use super::listing::{Left, Listing, Shard};
use super::manifest::{FarmError, TaskManifest};
use super::pulse::Pulse;
use super::result::{TaskResult, Verdict};
use super::sighting::Sighting;
use super::tasks::TaskId;
use crate::event::{Event, JobSucceeded};
use crate::store::RunHistory;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most running tasks of which is told what they say of themselves.
const TOLD: usize = 1000;

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
    /// What running tasks said of themselves last, where they said anything, of so many.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at_work: Vec<Pulse>,
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
        let (nothing, mut running) = (Sighting::default(), HashSet::new());
        let count = manifest.header.tasks;
        let mut standing = Self {
            tasks: count as usize,
            answered: sighting.is_some(),
            ..Self::default()
        };
        let tasks = (0..count).map(|task| (TaskId(task), ()));
        for (task, (), run) in sighting.unwrap_or(&nothing).beside(tasks) {
            let result = newest.get(&task);
            match run.map(|run| (&run.stage, run)) {
                _ if result.is_some_and(|left| left.made) => standing.made += 1,
                Some((Stage::Running, _)) => {
                    standing.running += 1;
                    running.insert(task);
                }
                Some((Stage::Queued { held: true, .. }, run)) => {
                    *entry(&mut standing.held, &run.job) += 1;
                }
                Some((Stage::Queued { reason, .. }, _)) => {
                    *entry(&mut standing.queued, reason) += 1
                }
                _ if result.is_some() => standing.failed += 1,
                _ => standing.unknown += 1,
            }
        }
        standing.at_work = Pulse::first(&manifest.folder, TOLD);
        standing
            .at_work
            .retain(|pulse| running.contains(&pulse.task));
        standing
    }
}

fn entry<'a>(counts: &'a mut BTreeMap<String, usize>, name: &str) -> &'a mut usize {
    if !counts.contains_key(name) {
        counts.insert(name.to_owned(), 0);
    }
    counts.get_mut(name).expect("it was put there")
}

/// Returns what the newest attempt at each task left, of those that left something.
fn newest(manifest: &TaskManifest) -> HashMap<TaskId, Left> {
    let mut listing = Listing::new(&manifest.folder);
    let shards = Shard::all(manifest.header.tasks);
    shards
        .flat_map(|shard| listing.again(shard).clone())
        .collect()
}

/// Returns, as the journal has it, every job that was made on the farm and that no journal knows yet.
///
/// # Errors
/// Fails when the manifest is damaged.
pub fn unrecorded(manifest: &TaskManifest, history: &RunHistory) -> Result<Vec<Event>, FarmError> {
    let (mut events, mut newest) = (Vec::new(), newest(manifest));
    manifest.each(|record| {
        let left = newest.remove(&record.task).filter(|left| left.made);
        let result = left.and_then(|left| TaskResult::read(&manifest.folder, record.task, left));
        let Some(TaskResult {
            digest: Some(digest),
            verdict: Verdict::Succeeded(made),
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
            job: record.name,
            phase: record.phase,
            digest,
            outputs: made.outputs,
            provider: made.provider,
            mode: made.mode,
            seconds,
            memory,
            cost: record
                .price
                .map(|price| price.job_cost(record.work.unit_count(), seconds)),
            warnings: made.warnings,
            log: made.log,
        }));
    })?;
    Ok(events)
}
