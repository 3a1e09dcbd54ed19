//! Computes the metrics of a run from its events. Pure.

use crate::base::Digest;
use crate::event::{Event, JobReused, JobStarted, JobSucceeded, RunStatus};
use crate::model::{CostTotals, JobName};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Upper bounds of the duration buckets, in seconds: from copying a picture to a night of
/// rendering.
// Fixed and not an option: histograms of several machines can be added only if they share their
// bounds.
pub(super) const DURATION_BOUNDS: [f64; 13] = [
    0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14_400.0,
];

/// The metrics of one run.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunMetrics {
    /// The production's title.
    pub production: String,
    /// Name of the revision.
    pub revision: String,
    /// How the run ended; `None` while it runs and after it was killed.
    pub status: Option<RunStatus>,
    /// Wall time of the start.
    pub started: Option<jiff::Timestamp>,
    /// Wall time of the end.
    pub ended: Option<jiff::Timestamp>,
    /// Length of the run in seconds.
    pub seconds: Option<f64>,
    /// Jobs by state.
    pub jobs: JobStateCounts,
    /// Reused jobs as a share of made and reused ones, 0 to 1; `None` before the first.
    pub reuse_ratio: Option<f64>,
    /// Jobs that failed for good, by class.
    pub failures: BTreeMap<String, u64>,
    /// Failed attempts that were retried, by class.
    pub retries: BTreeMap<String, u64>,
    /// Seconds that jobs waited for a retry.
    pub retry_wait: f64,
    /// Costs of made jobs, by currency.
    #[serde(skip_serializing_if = "CostTotals::is_empty")]
    pub costs: CostTotals,
    /// Size of the outputs of made jobs, in bytes.
    pub bytes_made: u64,
    /// Size of the outputs of reused jobs, in bytes.
    pub bytes_reused: u64,
    /// Durations of made jobs, by producer.
    pub producers: BTreeMap<String, ProducerDurations>,
    #[serde(skip)]
    running: BTreeSet<String>,
    #[serde(skip)]
    planned: u64,
}

/// Jobs by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct JobStateCounts {
    /// Made in this run.
    pub made: u64,
    /// Reused from the store.
    pub reused: u64,
    /// Failed for good.
    pub failed: u64,
    /// Not started, because a job that they need failed.
    pub skipped: u64,
    /// Started and not ended by the last event.
    pub running: u64,
    /// All others of the plan.
    pub pending: u64,
}

/// Durations of the jobs of one producer.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProducerDurations {
    /// Number of jobs.
    pub jobs: u64,
    /// Units of their work, such as frames or files.
    pub units: u64,
    /// Seconds in all.
    pub seconds: f64,
    /// The longest, in seconds.
    pub longest: f64,
    /// Number of jobs that took at most each bound, so a job counts in all buckets from its own up,
    /// as Prometheus expects.
    #[serde(skip)]
    pub(super) bucket_counts: [u64; DURATION_BOUNDS.len()],
}

impl RunMetrics {
    /// Returns the metrics of all events of one run. `bytes` returns the size of the outputs of a
    /// job, by digest.
    pub fn from_events<'a>(
        revision: &str,
        events: impl IntoIterator<Item = &'a Event>,
        bytes: &dyn Fn(&Digest) -> u64,
    ) -> Self {
        let mut metrics = Self {
            revision: revision.to_owned(),
            ..Self::default()
        };
        events
            .into_iter()
            .for_each(|event| metrics.apply_event(event, bytes));
        metrics
    }

    /// Adds one event.
    pub fn apply_event(&mut self, event: &Event, bytes: &dyn Fn(&Digest) -> u64) {
        match event {
            Event::RunStarted {
                revision,
                production,
                at: timestamp,
                jobs,
                ..
            } => {
                self.revision.clone_from(revision);
                self.production.clone_from(production);
                self.started = Some(*timestamp);
                self.planned = *jobs as u64;
            }
            // A set of names and not a counter: a retried job starts several times.
            Event::JobStarted(JobStarted { job, .. }) => drop(self.running.insert(job.clone())),
            Event::JobSucceeded(succeeded) => self.apply_success(succeeded),
            Event::JobReused(JobReused { digest, .. }) => {
                self.jobs.reused += 1;
                // The event of a reused job has no outputs: the history knows them, and journals
                // stay small.
                self.bytes_reused += bytes(digest);
            }
            Event::JobFailed { job, class, .. } => {
                self.running.remove(job);
                self.jobs.failed += 1;
                *self.failures.entry(class.id().to_owned()).or_default() += 1;
            }
            Event::JobRetried {
                job, class, wait, ..
            } => {
                self.running.remove(job);
                self.retry_wait += wait;
                *self.retries.entry(class.id().to_owned()).or_default() += 1;
            }
            Event::JobSkipped { job, .. } => {
                self.running.remove(job);
                self.jobs.skipped += 1;
            }
            Event::RunEnded {
                status,
                at: timestamp,
                seconds,
            } => {
                // A run that was stopped ends without an event for each running job.
                self.running.clear();
                self.status = Some(*status);
                self.ended = Some(*timestamp);
                self.seconds = Some(*seconds);
            }
            Event::JobProgress { .. }
            | Event::RunPaused { .. }
            | Event::RunResumed
            | Event::CheckpointSaved { .. }
            | Event::Published { .. }
            | Event::Reverted { .. } => {}
        }
        self.update_totals();
    }

    fn apply_success(&mut self, succeeded: &JobSucceeded) {
        self.running.remove(&succeeded.job);
        if let Some(cost) = &succeeded.cost {
            self.costs.add(cost);
        }
        self.jobs.made += 1;
        let sizes = succeeded.outputs.iter().map(|output| output.stamp.size);
        self.bytes_made += sizes.sum::<u64>();
        // The journal of another version can name a kind that this one does not know. It still
        // counts as made.
        if let Some(kind) = JobName::parse_kind(&succeeded.job) {
            self.producers
                .entry(kind.id().to_owned())
                .or_default()
                .add_duration(succeeded.seconds, succeeded.units as u64);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "job counts stay far below 2^52")]
    fn update_totals(&mut self) {
        let JobStateCounts {
            made,
            reused,
            failed,
            skipped,
            ..
        } = self.jobs;
        self.jobs.running = self.running.len() as u64;
        // Computed from the rest, so that every job is in exactly one state. Saturating, because
        // metrics must not panic on a journal that does not add up.
        self.jobs.pending = self
            .planned
            .saturating_sub(made + reused + failed + skipped + self.jobs.running);
        self.reuse_ratio = (made + reused > 0).then(|| reused as f64 / (made + reused) as f64);
    }
}

impl ProducerDurations {
    fn add_duration(&mut self, seconds: f64, units: u64) {
        self.jobs += 1;
        self.units += units;
        self.seconds += seconds;
        self.longest = self.longest.max(seconds);
        for (bound, bucket_count) in DURATION_BOUNDS.iter().zip(&mut self.bucket_counts) {
            *bucket_count += u64::from(seconds <= *bound);
        }
    }
}

#[cfg(test)]
pub(in crate::report) mod tests {
    use super::*;
    use crate::report::test_plan;

    /// A run with a failure: the events of the fixture.
    pub(in crate::report) fn metrics() -> RunMetrics {
        let story: Vec<Event> = test_plan::run_events()
            .into_iter()
            .map(|(_, event)| event)
            .collect();
        let began = Event::RunStarted {
            version: 1,
            revision: "rev-0007".into(),
            production: "The \"Archive\"\n".into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            jobs: 13,
            programs: Vec::new(),
            totals: None,
            tier: String::new(),
            tier_override: false,
            no_sound: false,
        };
        RunMetrics::from_events("rev-0007", std::iter::once(&began).chain(&story), &|_| 1000)
    }

    #[test]
    fn every_job_of_the_plan_is_in_one_state() {
        let JobStateCounts {
            made,
            reused,
            failed,
            skipped,
            running,
            pending,
        } = metrics().jobs;
        assert_eq!(made + reused + failed + skipped + running + pending, 13);
        assert_eq!((reused, failed, running), (1, 1, 0));
    }

    #[test]
    fn reused_files_count_their_bytes_and_their_share() {
        let metrics = metrics();
        assert_eq!(metrics.bytes_reused, 1000);
        let share = 1.0 / (1 + metrics.jobs.made) as f64;
        assert!((metrics.reuse_ratio.unwrap() - share).abs() < 1e-9);
    }

    #[test]
    fn a_duration_counts_in_every_class_that_is_not_too_short_for_it() {
        let mut durations = ProducerDurations::default();
        [0.05, 1.0, 99_999.0]
            .into_iter()
            .for_each(|seconds| durations.add_duration(seconds, 1));
        assert_eq!(durations.bucket_counts[..4], [1, 1, 2, 2]);
        assert_eq!((durations.bucket_counts[12], durations.jobs), (2, 3));
    }
}
