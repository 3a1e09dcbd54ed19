//! The history of a store: what has been made so far, by job identity, from the events of every
//! run.

use super::job_record::JobRecord;
use super::{JobRecords, journal};
use crate::base::Digest;
use crate::event::{Event, JobReused, JobSucceeded, RunStatus};
use crate::model::{FailureClass, JobName, JobSample, PeakMemory};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// The most samples of one kind of work in memory.
// The latest count: they were made by this program, on this machine, under the load of today.
const MAX_SAMPLES: usize = 4096;

/// How the latest attempt of a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatestFailure {
    /// The failure class.
    pub class: FailureClass,
    /// What happened, as a fragment that reads after "failed to".
    pub message: String,
}

/// The memory that jobs of one kind used, in mebibytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryStats {
    /// The most that a job used while no other ran.
    pub alone: Option<u32>,
    /// The least that was measured for jobs that ran side by side.
    pub shared: Option<u32>,
}

impl MemoryStats {
    /// Adds the measurement of one job.
    pub fn add_peak(&mut self, peak: PeakMemory) {
        let total = peak.own.saturating_add(peak.child);
        // Jobs side by side share one heap, so each is charged for all of them. That is never less
        // than the truth, and the least of such figures is the closest to it.
        if peak.shared {
            self.shared = Some(self.shared.map_or(total, |least| least.min(total)));
        } else {
            self.alone = self.alone.max(Some(total));
        }
    }
}

/// What all earlier runs left.
#[derive(Debug, Clone, Default)]
pub struct RunHistory {
    /// Finished jobs.
    pub records: JobRecords,
    /// Jobs whose latest attempt failed, by name.
    pub latest_failures: HashMap<String, LatestFailure>,
    /// What the latest jobs took, by kind of work, such as `render.shot/cycles`, the oldest first.
    pub samples: HashMap<String, Vec<JobSample>>,
    /// Memory used, by kind of work.
    pub memory: HashMap<String, MemoryStats>,
    /// Runs so far, in order: revision and status. `None`: it did not end.
    pub runs: Vec<(String, Option<RunStatus>)>,
    /// When the last run ended, or started if it did not end.
    pub last_at: Option<jiff::Timestamp>,
    /// The newest published revision.
    pub published: Option<String>,
    /// The digest that a run must have for that revision to be up to date. `None`: unknown.
    pub run_digest: Option<Digest>,
    /// Records of journals that were replayed for this.
    pub replayed: usize,
    /// Identities whose results may have been made from a damaged file. They are not reused.
    pub distrusted: HashSet<Digest>,
    /// What was made before a run was planned, and is in no journal yet, by identity. It is in
    /// `records` too, and the run that reuses it records it as made.
    pub unrecorded: HashMap<Digest, JobSucceeded>,
    /// The highest number of a revision that the manifests or the pointer name.
    // Journals may be lost. The next run must not take the name of a revision that was delivered.
    pub(super) newest_named: u32,
}

impl RunHistory {
    /// Returns what was made under this identity, if it may be reused.
    #[must_use]
    pub fn reusable_record(&self, identity: &Digest) -> Option<JobRecord> {
        if self.distrusted.contains(identity) {
            None
        } else {
            self.records.get(identity)
        }
    }

    /// Notes that the run of this revision began.
    pub(super) fn begin_run(&mut self, revision: String) {
        self.runs.push((revision, None));
    }

    /// Applies one event.
    pub fn apply_event(&mut self, event: Event) {
        self.replayed += 1;
        match event {
            Event::JobSucceeded(made) => self.record_made(made),
            Event::JobReused(JobReused { job, digest, .. }) => {
                self.latest_failures.remove(&job);
                self.records.insert_reused(job, digest);
            }
            Event::JobFailed {
                job,
                class,
                message,
                ..
            }
            | Event::JobRetried {
                job,
                class,
                message,
                ..
            } => {
                self.latest_failures
                    .insert(job, LatestFailure { class, message });
            }
            Event::Published {
                revision,
                run_digest: whole,
                ..
            } => {
                self.published = Some(revision);
                self.run_digest = whole;
            }
            // The digest of the revision that was put back is not known here. Unset, it keeps the
            // next run from being taken for up to date without a look.
            Event::Reverted { to, .. } => {
                self.published = Some(to);
                self.run_digest = None;
            }
            Event::RunStarted { at, .. } => self.last_at = Some(at),
            Event::RunEnded { status, at, .. } => {
                self.last_at = Some(at);
                if let Some(run) = self.runs.last_mut() {
                    run.1 = Some(status);
                }
            }
            _ => {}
        }
    }

    fn record_made(&mut self, made: JobSucceeded) {
        let provider: Arc<str> = made.provider.into();
        if let Some(kind) = JobName::parse_kind(&made.job) {
            let key = kind.sample_key(made.variety.as_deref());
            if let Some(peak) = made.memory {
                entry_for_kind(&mut self.memory, &key).add_peak(peak);
            }
            let samples = entry_for_kind(&mut self.samples, &key);
            if samples.len() >= MAX_SAMPLES {
                // Half of them at once, so that a million jobs do not move the list a million
                // times.
                samples.drain(..MAX_SAMPLES / 2);
            }
            samples.push(JobSample {
                seconds: made.seconds,
                units: made.units,
                cpu_seconds: made.cpu,
                load: made.load,
                content: JobName::content(kind, &made.job).into(),
                provider: Arc::clone(&provider),
            });
        }
        // A success ends the failure. Otherwise `plan` would give `failed last time` as the reason
        // for ever.
        self.latest_failures.remove(&made.job);
        let record = JobRecord {
            outputs: made.outputs.into(),
            provider,
            mode: made.mode,
            seconds: made.seconds,
            units: made.units,
            warnings: made.warnings,
        };
        self.records.insert_made(made.job, made.digest, record);
    }

    /// Returns the size of what a job with this identity left, in bytes; 0 if it is unknown.
    #[must_use]
    pub fn stored_bytes(&self, identity: &Digest) -> u64 {
        let record = self.records.get(identity);
        record
            .iter()
            .flat_map(|record| record.outputs.iter())
            .map(|output| output.stamp.size)
            .sum()
    }

    /// Returns the name of the next revision; `rev-0001` for the first.
    #[must_use]
    pub fn next_revision(&self) -> String {
        // The highest number and not the count: a journal may have been moved away, and the count
        // would then name a revision that exists.
        let newest = self
            .runs
            .iter()
            .filter_map(|(revision, _)| journal::revision_number(revision))
            .max()
            .unwrap_or(0);
        revision_name(newest.max(self.newest_named).saturating_add(1))
    }

    /// Returns whether the last run did not succeed: it was interrupted, cancelled, or failed.
    #[must_use]
    pub fn was_interrupted(&self) -> bool {
        self.runs
            .last()
            .is_some_and(|(_, status)| !matches!(status, Some(RunStatus::Succeeded)))
    }
}

/// Returns the entry of a kind of work.
fn entry_for_kind<'a, T: Default>(by_kind: &'a mut HashMap<String, T>, kind: &str) -> &'a mut T {
    // `entry` needs an owned key each time. There are few kinds and up to millions of jobs, so the
    // second look is cheaper than the copy.
    if !by_kind.contains_key(kind) {
        by_kind.insert(kind.to_owned(), T::default());
    }
    by_kind
        .get_mut(kind)
        .expect("it was put there if it was not")
}

/// Returns the name of the revision with this number.
pub(super) fn revision_name(number: u32) -> String {
    format!("rev-{number:04}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExecutionMode;
    use crate::model::Phase;
    use crate::store::StoreLayout;

    fn sample_figures(history: &RunHistory, key: &str) -> Vec<(f64, usize)> {
        let figures = history.samples[key].iter();
        figures
            .map(|sample| (sample.seconds, sample.units))
            .collect()
    }

    #[test]
    fn replay_restores_outputs_and_durations() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let mut journal = super::super::Journal::create(&layout, "rev-0001").unwrap();
        let digest = Digest::hash_bytes(b"job");
        let done = Event::JobSucceeded(JobSucceeded {
            job: "render.shot/sh010/1-24".into(),
            phase: Phase::Shots,
            digest,
            outputs: Vec::new(),
            provider: "previz".into(),
            variety: Some("previz".into()),
            mode: ExecutionMode::Real,
            seconds: 2.5,
            units: 24,
            cpu: None,
            load: Default::default(),
            memory: Some(PeakMemory {
                own: 60,
                child: 4,
                shared: false,
            }),
            cost: None,
            warnings: Vec::new(),
            log: None,
        });
        journal.append(&done).unwrap();
        journal.close().unwrap();
        let history = RunHistory::replay_journals(&layout).unwrap();
        assert_eq!(history.records.get(&digest).unwrap().units, 24);
        assert_eq!(sample_figures(&history, "render.shot/previz"), [(2.5, 24)]);
        assert_eq!(history.memory["render.shot/previz"].alone, Some(64));
    }

    #[test]
    fn a_journal_from_before_memory_was_measured_still_replays() {
        let record = serde_json::json!({
            "event": "job_succeeded", "job": "grade.frames/c", "phase": "shots", "digest": Digest::hash_bytes(b"x"), "outputs": [],
            "provider": "previz", "mode": "real", "seconds": 1.0, "units": 1, "warnings": []
        });
        let mut history = RunHistory::default();
        history.apply_event(serde_json::from_value(record).unwrap());
        assert_eq!(sample_figures(&history, "grade.frames"), [(1.0, 1)]);
        assert!(history.memory.is_empty());
    }
}
