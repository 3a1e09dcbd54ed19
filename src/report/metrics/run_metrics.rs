//! The fold from events to figures. Pure.

use crate::base::Digest;
use crate::event::{Event, JobReused, JobStarted, JobSucceeded, RunStatus};
use crate::model::{CostTotals, JobName};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Upper bounds of the classes that durations are counted in, in seconds: from a picture copied to a night of rendering.
pub(super) const DURATION_BOUNDS: [f64; 13] = [
    0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14_400.0,
];

/// One run in figures.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct RunMetrics {
    /// The production's title.
    pub production: String,
    /// The revision.
    pub revision: String,
    /// How the run ended; none while it goes, and when it was cut off.
    pub status: Option<RunStatus>,
    /// When it began.
    pub started: Option<jiff::Timestamp>,
    /// When it ended.
    pub ended: Option<jiff::Timestamp>,
    /// How long it took, in seconds.
    pub seconds: Option<f64>,
    /// Jobs by state.
    pub jobs: JobStateCounts,
    /// Share of the jobs that are there which were there before; none when none is there.
    pub reuse_ratio: Option<f64>,
    /// Jobs that failed for good, by class.
    pub failures: BTreeMap<String, u64>,
    /// Attempts that failed and were made again, by class.
    pub retries: BTreeMap<String, u64>,
    /// Seconds that jobs waited to be tried again.
    pub retry_wait: f64,
    /// What the jobs cost that were made, by currency.
    #[serde(skip_serializing_if = "CostTotals::is_empty")]
    pub costs: CostTotals,
    /// Bytes that jobs wrote.
    pub bytes_made: u64,
    /// Bytes that were there before.
    pub bytes_reused: u64,
    /// Jobs that ran to their end, by producer.
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
    /// In the store already.
    pub reused: u64,
    /// Failed for good.
    pub failed: u64,
    /// Not started, because one that they need failed.
    pub skipped: u64,
    /// On a worker, by the last event.
    pub running: u64,
    /// Everything else in the plan.
    pub pending: u64,
}

/// How long the jobs of one producer took.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ProducerDurations {
    /// How many.
    pub jobs: u64,
    /// Units of work (frames, files) that they were.
    pub units: u64,
    /// Seconds in all.
    pub seconds: f64,
    /// The longest, in seconds.
    pub longest: f64,
    /// How many took no longer than each bound.
    #[serde(skip)]
    pub(super) bucket_counts: [u64; DURATION_BOUNDS.len()],
}

impl RunMetrics {
    /// Folds all events of one run; `bytes` says how much the outputs of a job that was made before take.
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

    /// Takes one event into account.
    pub fn apply_event(&mut self, event: &Event, bytes: &dyn Fn(&Digest) -> u64) {
        match event {
            Event::RunStarted {
                revision,
                production,
                at: timestamp,
                jobs,
                ..
            } => {
                (self.revision, self.production) = (revision.clone(), production.clone());
                (self.started, self.planned) = (Some(*timestamp), *jobs as u64);
            }
            Event::JobStarted(JobStarted { job, .. }) => drop(self.running.insert(job.clone())),
            Event::JobSucceeded(JobSucceeded {
                job,
                outputs,
                seconds,
                units,
                cost,
                ..
            }) => {
                self.running.remove(job);
                cost.iter().for_each(|cost| self.costs.add(cost));
                self.jobs.made += 1;
                self.bytes_made += outputs.iter().map(|output| output.stamp.size).sum::<u64>();
                if let Some(kind) = JobName::parse_kind(job) {
                    self.producers
                        .entry(kind.id().to_owned())
                        .or_default()
                        .add_duration(*seconds, *units as u64);
                }
            }
            Event::JobReused(JobReused { digest, .. }) => {
                self.jobs.reused += 1;
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
                self.running.clear();
                (self.status, self.ended, self.seconds) =
                    (Some(*status), Some(*timestamp), Some(*seconds));
            }
            Event::JobProgress { .. }
            | Event::CheckpointSaved { .. }
            | Event::Published { .. }
            | Event::Reverted { .. } => {}
        }
        self.update_totals();
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
        self.jobs.pending = self
            .planned
            .saturating_sub(made + reused + failed + skipped + self.jobs.running);
        self.reuse_ratio = (made + reused > 0).then(|| reused as f64 / (made + reused) as f64);
    }
}

impl ProducerDurations {
    fn add_duration(&mut self, seconds: f64, units: u64) {
        (self.jobs, self.units, self.seconds) =
            (self.jobs + 1, self.units + units, self.seconds + seconds);
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

    /// A run with a failure, as the story of the fixture tells it.
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
    fn what_was_there_before_counts_its_bytes_and_its_share() {
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
