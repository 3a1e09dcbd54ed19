//! How far a run is, folded from its events: what each phase has done, what runs now, how long the rest should take.
//!
//! Jobs differ in cost by orders of magnitude, so progress is weighed by estimated seconds, not by counting jobs. Knows no
//! terminal and no clock: the time of each event comes in beside it.

use super::job_index::{IndexedJob, JobIndex};
use super::notice::{JobFailureNotice, PhaseSummary, RunNotice};
use super::phase_tally::PhaseTally;
use crate::base::printable::flatten_escaped;
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::Phase;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

/// Seconds during which the plan's own estimate outweighs what has been seen.
const ESTIMATE_TRUST_SECONDS: f64 = 15.0;

/// How far a run is.
#[derive(Debug)]
pub struct RunProgress {
    job_index: JobIndex,
    tallies: BTreeMap<Phase, PhaseTally>,
    running: Vec<RunningJob>,
    ended_jobs: HashSet<String>,
    /// Estimated seconds of the jobs that ran to their end in this run.
    completed_seconds: f64,
    /// Estimated seconds of the jobs that have not ended.
    remaining_seconds: f64,
    began: Option<Duration>,
}

/// A job that runs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunningJob {
    pub(super) job: String,
    pub(super) done: usize,
    pub(super) total: usize,
}

/// How a job ended.
#[derive(Clone, Copy)]
enum JobEndState {
    Run,
    Reused,
    Failed,
    Skipped,
}

/// Where the run stands now, for one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ProgressSnapshot {
    /// Share of the estimated work that is done, 0 to 1.
    pub(super) share: f64,
    /// The phase under way, with units done, units in all and their noun.
    pub(super) phase: Option<(Phase, usize, usize, &'static str)>,
    /// Seconds left, when there is something to go by.
    pub(super) seconds_left: Option<f64>,
}

impl RunProgress {
    /// Returns the progress of a run that has not begun.
    #[must_use]
    pub fn new(job_index: JobIndex) -> Self {
        let remaining_seconds = job_index.jobs.values().map(|entry| entry.seconds).sum();
        let tallies = job_index
            .phases
            .keys()
            .map(|phase| (*phase, PhaseTally::default()))
            .collect();
        let (running, ended_jobs) = (Vec::new(), HashSet::new());
        Self {
            job_index,
            tallies,
            running,
            ended_jobs,
            completed_seconds: 0.0,
            remaining_seconds,
            began: None,
        }
    }

    /// Takes one event into account and returns what is worth a lasting line.
    pub fn apply_event(&mut self, event: &Event, now: Duration) -> Vec<RunNotice> {
        self.began.get_or_insert(now);
        match event {
            Event::JobStarted(JobStarted { job, phase, .. }) => self.start_job(job, *phase, now),
            Event::JobProgress { job, done, total } => self.advance_job(job, *done, *total),
            Event::JobSucceeded(JobSucceeded { job, .. }) => {
                self.end_job(job, JobEndState::Run, now)
            }
            Event::JobReused(JobReused { job, .. }) => self.end_job(job, JobEndState::Reused, now),
            Event::JobSkipped { job, .. } => self.end_job(job, JobEndState::Skipped, now),
            Event::JobFailed { job, .. } => self.fail_job(event, job, now),
            Event::JobRetried { job, .. } => self.retry_job(event, job),
            Event::CheckpointSaved { shots } => vec![RunNotice::Checkpoint(*shots)],
            Event::Published { revision, .. } => {
                vec![RunNotice::Published(flatten_escaped(revision))]
            }
            Event::RunStarted { .. } | Event::RunEnded { .. } | Event::Reverted { .. } => {
                Vec::new()
            }
        }
    }

    fn start_job(&mut self, job: &str, phase: Phase, now: Duration) -> Vec<RunNotice> {
        let total = self.indexed_job(job).map_or(0, |entry| entry.units);
        self.running.retain(|running| running.job != job);
        self.running.push(RunningJob {
            job: job.to_owned(),
            done: 0,
            total,
        });
        let Some(tally) = self.tallies.get_mut(&phase) else {
            return Vec::new();
        };
        let first = tally.began.is_none();
        tally.began.get_or_insert(now);
        let begins = |totals| RunNotice::PhaseBegan {
            phase,
            what: super::notice::format_phase_totals(phase, totals),
        };
        if first {
            self.job_index
                .phases
                .get(&phase)
                .map(begins)
                .into_iter()
                .collect()
        } else {
            Vec::new()
        }
    }

    fn advance_job(&mut self, job: &str, done: usize, total: usize) -> Vec<RunNotice> {
        if let Some(running) = self.running.iter_mut().find(|running| running.job == job) {
            (running.done, running.total) = (done.min(total), total);
        }
        Vec::new()
    }

    fn retry_job(&mut self, event: &Event, job: &str) -> Vec<RunNotice> {
        self.running.retain(|running| running.job != job);
        super::notice::retry_notice(event).into_iter().collect()
    }

    fn fail_job(&mut self, event: &Event, job: &str, now: Duration) -> Vec<RunNotice> {
        let place = self
            .indexed_job(job)
            .map_or("", |entry| entry.place.as_str());
        let failed = JobFailureNotice::from_event(event, place, &self.job_index.store);
        let mut notices: Vec<RunNotice> = failed.map(RunNotice::Failed).into_iter().collect();
        notices.extend(self.end_job(job, JobEndState::Failed, now));
        notices
    }

    fn end_job(&mut self, job: &str, end: JobEndState, now: Duration) -> Vec<RunNotice> {
        self.running.retain(|running| running.job != job);
        let Some(&IndexedJob {
            phase,
            seconds,
            units,
            ..
        }) = self.indexed_job(job)
        else {
            return Vec::new();
        };
        if !self.ended_jobs.insert(job.to_owned()) {
            return Vec::new();
        }
        self.remaining_seconds -= seconds;
        self.completed_seconds += if matches!(end, JobEndState::Run) {
            seconds
        } else {
            0.0
        };
        let Some(tally) = self.tallies.get_mut(&phase) else {
            return Vec::new();
        };
        match end {
            JobEndState::Run => (tally.run, tally.units) = (tally.run + 1, tally.units + units),
            JobEndState::Reused => {
                (tally.reused, tally.units) = (tally.reused + 1, tally.units + units);
            }
            JobEndState::Failed => tally.failed += 1,
            JobEndState::Skipped => tally.skipped += 1,
        }
        self.phase_end_notice(phase, now).into_iter().collect()
    }

    fn phase_end_notice(&self, phase: Phase, now: Duration) -> Option<RunNotice> {
        let (totals, tally) = (
            self.job_index.phases.get(&phase)?,
            self.tallies.get(&phase)?,
        );
        let ended = || PhaseSummary::from_tally(phase, totals, *tally, now);
        (tally.ended_count() >= totals.jobs)
            .then(ended)
            .map(RunNotice::PhaseEnded)
    }

    fn indexed_job(&self, job: &str) -> Option<&IndexedJob> {
        self.job_index.jobs.get(job)
    }

    /// Returns the jobs that run now, in the order in which they started.
    pub(super) fn running_jobs(&self) -> &[RunningJob] {
        &self.running
    }

    /// Returns what the units of a job are called.
    pub(super) fn unit_noun(&self, job: &str) -> &'static str {
        self.indexed_job(job).map_or("unit", |entry| entry.noun)
    }

    /// Returns where the run stands.
    pub(super) fn snapshot(&self, now: Duration) -> ProgressSnapshot {
        let under_way: f64 = self
            .running
            .iter()
            .map(|running| self.completed_part(running))
            .sum();
        let (worked, ahead) = (
            self.completed_seconds + under_way,
            (self.remaining_seconds - under_way).max(0.0),
        );
        let total = worked + ahead;
        let share = if self.ended_jobs.len() >= self.job_index.len() {
            1.0
        } else {
            (worked / total.max(1e-9)).min(0.999)
        };
        ProgressSnapshot {
            share,
            phase: self.current_phase(),
            seconds_left: self.estimate_seconds_left(worked, ahead, now),
        }
    }

    /// Returns the estimated seconds of work that a running job has behind it.
    #[expect(
        clippy::cast_precision_loss,
        reason = "unit counts stay far below 2^52"
    )]
    fn completed_part(&self, running: &RunningJob) -> f64 {
        let seconds = self
            .indexed_job(&running.job)
            .map_or(0.0, |entry| entry.seconds);
        if running.total == 0 {
            0.0
        } else {
            seconds * running.done as f64 / running.total as f64
        }
    }

    /// Returns the earliest phase with a running job.
    fn current_phase(&self) -> Option<(Phase, usize, usize, &'static str)> {
        let phases = self
            .running
            .iter()
            .filter_map(|running| self.indexed_job(&running.job))
            .map(|entry| entry.phase);
        let phase = phases.min()?;
        let (totals, tally) = (
            self.job_index.phases.get(&phase)?,
            self.tallies.get(&phase)?,
        );
        let in_phase = |running: &&RunningJob| {
            self.indexed_job(&running.job)
                .is_some_and(|entry| entry.phase == phase && entry.units > 0)
        };
        let begun: usize = self
            .running
            .iter()
            .filter(in_phase)
            .map(|running| running.done)
            .sum();
        Some((
            phase,
            (tally.units + begun).min(totals.units),
            totals.units,
            totals.noun,
        ))
    }

    /// Returns the seconds left: work ahead over the pace seen so far, into which the plan's own pace is blended early on.
    fn estimate_seconds_left(&self, worked: f64, ahead: f64, now: Duration) -> Option<f64> {
        let ran = now.saturating_sub(self.began?).as_secs_f64();
        let pace = (worked + ESTIMATE_TRUST_SECONDS * self.job_index.parallelism)
            / (ran + ESTIMATE_TRUST_SECONDS);
        (ahead > 0.0 && pace > 0.0)
            .then(|| ahead / pace)
            .filter(|seconds| *seconds >= 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    fn played(parallel_seconds: f64) -> Vec<(f64, Option<f64>)> {
        let roster = JobIndex::from_plan(
            &test_plan::sample_plan(),
            &test_plan::sample_sources(),
            parallel_seconds,
        );
        let mut progress = RunProgress::new(roster);
        let step = |(millis, event): (u64, Event)| {
            let now = Duration::from_millis(millis);
            progress.apply_event(&event, now);
            let standing = progress.snapshot(now);
            (standing.share, standing.seconds_left)
        };
        test_plan::run_events().into_iter().map(step).collect()
    }

    #[test]
    fn the_share_done_never_goes_back_and_ends_whole() {
        let shares: Vec<f64> = played(20.0).into_iter().map(|(share, _)| share).collect();
        assert!(
            shares.windows(2).all(|pair| pair[0] <= pair[1]),
            "{shares:?}"
        );
        assert_eq!(shares.last(), Some(&1.0));
    }

    #[test]
    fn before_anything_ran_the_time_left_is_what_the_plan_expects() {
        let (_, left) = played(20.0)[0];
        assert!((left.unwrap() - 20.0).abs() < 1.0, "{left:?}");
    }

    #[test]
    fn a_job_counts_by_what_it_costs_not_by_being_one_of_many() {
        let progress = RunProgress::new(JobIndex::from_plan(
            &test_plan::sample_plan(),
            &test_plan::sample_sources(),
            20.0,
        ));
        let render = progress
            .indexed_job("render.shot/sh010/1001-1024")
            .unwrap()
            .seconds;
        let import = progress.indexed_job("asset.import/hero").unwrap().seconds;
        assert!(render > 50.0 * import, "{render} {import}");
    }

    #[test]
    fn a_failure_points_at_the_line_that_asked_for_it() {
        let mut progress = RunProgress::new(JobIndex::from_plan(
            &test_plan::sample_plan(),
            &test_plan::sample_sources(),
            20.0,
        ));
        let notices = test_plan::run_events()
            .iter()
            .flat_map(|(_, event)| progress.apply_event(event, Duration::ZERO))
            .collect::<Vec<_>>();
        let failed = notices.iter().find_map(|notice| {
            if let RunNotice::Failed(failed) = notice {
                Some(failed)
            } else {
                None
            }
        });
        assert_eq!(failed.unwrap().place, "production.yaml:5:7");
    }

    #[test]
    fn events_of_jobs_outside_the_plan_change_nothing() {
        let mut progress = RunProgress::new(JobIndex::default());
        let event = Event::JobReused(JobReused {
            job: "x".into(),
            phase: Phase::Shots,
            digest: crate::base::Digest::hash_bytes(b""),
            pinned: false,
        });
        assert!(progress.apply_event(&event, Duration::ZERO).is_empty());
    }
}
