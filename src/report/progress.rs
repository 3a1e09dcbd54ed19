//! Progress of a run, computed from its events: done by phase, running jobs, estimated time left.
//!
//! Jobs differ in cost by orders of magnitude, so progress is weighed by estimated seconds and not
//! by the number of jobs. There is no terminal and no clock here: the time of each event is an
//! argument.

use super::job_index::{IndexedJob, JobIndex};
use super::notice::{JobFailureNotice, PhaseSummary, RunNotice};
use super::phase_tally::PhaseTally;
use super::time_left::WorkTally;
use crate::base::printable::flatten_escaped;
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::{ActionKind, Phase};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

/// Progress of one run.
#[derive(Debug)]
pub struct RunProgress {
    // Shared with the other displays of the run: it has every job of the plan.
    pub(super) job_index: Arc<JobIndex>,
    pub(super) tallies: BTreeMap<Phase, PhaseTally>,
    running: Vec<RunningJob>,
    ended_jobs: HashSet<String>,
    /// Estimated seconds of the jobs that succeeded in this run. Reused, failed and skipped jobs
    /// are not in it: they show no pace.
    completed_seconds: f64,
    /// Estimated seconds of the jobs that have not ended, running ones included.
    remaining_seconds: f64,
    /// The same by kind of work, with what the jobs took.
    work: WorkTally,
    began: Option<Duration>,
    /// Whether the run is paused, and if so, whether its running jobs stand still.
    pub(super) paused: Option<bool>,
}

/// A job that runs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunningJob {
    pub(super) job: String,
    pub(super) done: usize,
    pub(super) total: usize,
    /// When its attempt started.
    pub(super) since: Duration,
    /// The attempt, from 1.
    pub(super) attempt: u32,
}

#[derive(Clone, Copy)]
enum JobEndState {
    /// After so many seconds.
    Run(f64),
    Reused,
    Failed,
    Skipped,
}

/// Progress at one moment, for one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ProgressSnapshot {
    /// Done share of the estimated seconds, 0 to 1.
    pub(super) share: f64,
    /// The earliest running phase, with units done, units in all and their noun.
    pub(super) phase: Option<(Phase, usize, usize, &'static str)>,
    /// Estimated seconds left; `None` for the last half second and without estimates.
    pub(super) seconds_left: Option<f64>,
}

impl RunProgress {
    /// Returns the progress before the first event.
    #[must_use]
    pub fn new(job_index: impl Into<Arc<JobIndex>>) -> Self {
        let job_index = job_index.into();
        let remaining_seconds = job_index.jobs.values().map(|entry| entry.seconds).sum();
        let tallies = job_index
            .phases
            .keys()
            .map(|phase| (*phase, PhaseTally::default()))
            .collect();
        let mut work = WorkTally::default();
        for entry in job_index.jobs.values() {
            work.add_job(entry.kind, entry.seconds);
        }
        let running = Vec::new();
        let ended_jobs = HashSet::new();
        Self {
            job_index,
            tallies,
            running,
            ended_jobs,
            completed_seconds: 0.0,
            remaining_seconds,
            work,
            began: None,
            paused: None,
        }
    }

    /// Adds one event. Returns the notices that it causes; `now` is the elapsed time of the sink's
    /// clock.
    pub fn apply_event(&mut self, event: &Event, now: Duration) -> Vec<RunNotice> {
        // The first event starts the clock, not the making of this value: planning and checking
        // take time too, and are not part of the pace.
        self.began.get_or_insert(now);
        match event {
            Event::JobStarted(started) => self.start_job(started, now),
            Event::JobProgress { job, done, total } => self.advance_job(job, *done, *total),
            Event::JobSucceeded(JobSucceeded { job, seconds, .. }) => {
                self.end_job(job, JobEndState::Run(*seconds), now)
            }
            Event::JobReused(JobReused { job, .. }) => self.end_job(job, JobEndState::Reused, now),
            Event::JobSkipped { job, .. } => self.end_job(job, JobEndState::Skipped, now),
            Event::JobFailed { job, .. } => self.fail_job(event, job, now),
            Event::JobRetried { job, .. } => self.retry_job(event, job),
            Event::RunPaused { frozen } => {
                self.paused = Some(*frozen);
                vec![RunNotice::Paused { frozen: *frozen }]
            }
            Event::RunResumed => {
                self.paused = None;
                vec![RunNotice::Resumed]
            }
            // A production of sprites alone has none.
            Event::CheckpointSaved { shots: 0 } => Vec::new(),
            Event::CheckpointSaved { shots } => vec![RunNotice::Checkpoint(*shots)],
            Event::Published { revision, .. } => {
                vec![RunNotice::Published(flatten_escaped(revision))]
            }
            Event::RunStarted { .. } | Event::RunEnded { .. } | Event::Reverted { .. } => {
                Vec::new()
            }
        }
    }

    fn start_job(&mut self, started: &JobStarted, now: Duration) -> Vec<RunNotice> {
        let JobStarted {
            job,
            phase,
            attempt,
        } = started;
        let phase = *phase;
        let total = self.indexed_job(job).map_or(0, |entry| entry.units);
        self.running.retain(|running| running.job != *job);
        self.running.push(RunningJob {
            job: job.clone(),
            done: 0,
            total,
            since: now,
            attempt: *attempt,
        });
        // A phase without wanted jobs has no totals to report.
        let Some(tally) = self.tallies.get_mut(&phase) else {
            return Vec::new();
        };
        let first = tally.began.is_none();
        tally.began.get_or_insert(now);
        if first {
            self.job_index
                .phases
                .get(&phase)
                .map(|totals| RunNotice::PhaseBegan {
                    phase,
                    what: super::notice::format_phase_totals(phase, totals),
                })
                .into_iter()
                .collect()
        } else {
            Vec::new()
        }
    }

    fn advance_job(&mut self, job: &str, done: usize, total: usize) -> Vec<RunNotice> {
        if let Some(running) = self.running.iter_mut().find(|running| running.job == job) {
            // Figures of commands are read from their output, so `done` can exceed `total`. A bar
            // past its end would look broken.
            running.done = done.min(total);
            running.total = total;
        }
        Vec::new()
    }

    fn retry_job(&mut self, event: &Event, job: &str) -> Vec<RunNotice> {
        // The attempt is lost, so its units leave the share again. The job is not ended: its
        // seconds stay ahead.
        self.running.retain(|running| running.job != job);
        super::notice::retry_notice(event).into_iter().collect()
    }

    fn fail_job(&mut self, event: &Event, job: &str, now: Duration) -> Vec<RunNotice> {
        // The event knows no line of the document. The index does, because the plan had it before
        // the run.
        let place = self
            .indexed_job(job)
            .map_or("", |entry| entry.place.as_str());
        let failed = JobFailureNotice::from_event(event, place, &self.job_index.store);
        let mut notices: Vec<RunNotice> = failed.map(RunNotice::Failed).into_iter().collect();
        // The failure is printed before the line of the phase that it completes.
        notices.extend(self.end_job(job, JobEndState::Failed, now));
        notices
    }

    fn end_job(&mut self, job: &str, end: JobEndState, now: Duration) -> Vec<RunNotice> {
        self.running.retain(|running| running.job != job);
        let Some(&IndexedJob {
            kind,
            phase,
            seconds,
            units,
            ..
        }) = self.indexed_job(job)
        else {
            return Vec::new();
        };
        // A job that counted twice would complete its phase too early and take its seconds off
        // twice.
        if !self.ended_jobs.insert(job.to_owned()) {
            return Vec::new();
        }
        // Every end removes the job from the work ahead, but only real work counts as done. A
        // skipped job would otherwise speed up the pace.
        self.remaining_seconds -= seconds;
        let actual = match end {
            JobEndState::Run(actual) => Some(actual),
            _ => None,
        };
        self.completed_seconds += actual.map_or(0.0, |_| seconds);
        self.work.end_job(kind, seconds, actual);
        let Some(tally) = self.tallies.get_mut(&phase) else {
            return Vec::new();
        };
        match end {
            JobEndState::Run(_) => {
                tally.run += 1;
                tally.units += units;
            }
            JobEndState::Reused => {
                tally.reused += 1;
                tally.units += units;
            }
            JobEndState::Failed => tally.failed += 1,
            JobEndState::Skipped => tally.skipped += 1,
        }
        self.phase_end_notice(phase, now).into_iter().collect()
    }

    fn phase_end_notice(&self, phase: Phase, now: Duration) -> Option<RunNotice> {
        let totals = self.job_index.phases.get(&phase)?;
        let tally = self.tallies.get(&phase)?;
        // Only the last job of the phase reaches the total, and a job ends once, so the line is
        // printed once.
        (tally.ended_count() >= totals.jobs)
            .then(|| PhaseSummary::from_tally(phase, totals, *tally, now))
            .map(RunNotice::PhaseEnded)
    }

    pub(super) fn indexed_job(&self, job: &str) -> Option<&IndexedJob> {
        self.job_index.jobs.get(job)
    }

    /// Returns whether this job has ended.
    pub(super) fn has_ended(&self, job: &str) -> bool {
        self.ended_jobs.contains(job)
    }

    /// Returns the seconds since the first event. `None`: there was none.
    pub(super) fn ran_for(&self, now: Duration) -> Option<f64> {
        let began = self.began?;
        Some(now.saturating_sub(began).as_secs_f64())
    }

    /// Returns the jobs that run now, in the order in which they started.
    pub(super) fn running_jobs(&self) -> &[RunningJob] {
        &self.running
    }

    /// Returns the noun of the job's units, `unit` for a job outside the plan.
    pub(super) fn unit_noun(&self, job: &str) -> &'static str {
        self.indexed_job(job).map_or("unit", |entry| entry.noun)
    }

    pub(super) fn snapshot(&self, now: Duration) -> ProgressSnapshot {
        // Half-rendered jobs count by their share. With chunks of minutes the bar would otherwise
        // rest and then jump.
        let under_way: f64 = self
            .running
            .iter()
            .map(|running| self.completed_part(running))
            .sum();
        let worked = self.completed_seconds + under_way;
        let ahead = (self.remaining_seconds - under_way).max(0.0);
        let total = worked + ahead;
        // The jobs decide when the run is complete, not the seconds: sums of floats do not end at
        // exactly 1, and a share of 100 % with work left would be wrong.
        let share = if self.ended_jobs.len() >= self.job_index.len() {
            1.0
        } else {
            // The lower bound avoids 0/0 for a plan of reused jobs only.
            (worked / total.max(1e-9)).min(0.999)
        };
        ProgressSnapshot {
            share,
            phase: self.current_phase(),
            seconds_left: self.estimate_seconds_left(now),
        }
    }

    /// Returns the estimated seconds of the done part of a running job; 0 until it reports a total.
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

    /// Returns the earliest phase with a running job. Phases overlap; the earliest is what the rest
    /// waits for.
    fn current_phase(&self) -> Option<(Phase, usize, usize, &'static str)> {
        let phases = self
            .running
            .iter()
            .filter_map(|running| self.indexed_job(&running.job))
            .map(|entry| entry.phase);
        let phase = phases.min()?;
        let totals = self.job_index.phases.get(&phase)?;
        let done = self.units_done(phase);
        Some((phase, done, totals.units, totals.noun))
    }

    /// Returns the units of a phase that are done, those of running jobs included.
    pub(super) fn units_done(&self, phase: Phase) -> usize {
        // Jobs without counted units are left out here because they are left out of the totals.
        let begun: usize = self
            .running
            .iter()
            .filter_map(|running| {
                let entry = self.indexed_job(&running.job)?;
                // A job may report its progress in steps of another size: one that counts as one
                // unit in frames, one of frames in steps for each. Its part never exceeds its units,
                // or the sum would fall when it ends.
                let part = running.done * entry.units / running.total.max(1);
                (entry.phase == phase).then_some(part.min(entry.units))
            })
            .sum();
        let done = self.tallies.get(&phase).map_or(0, |tally| tally.units);
        let totals = self.job_index.phases.get(&phase);
        (done + begun).min(totals.map_or(0, |totals| totals.units))
    }

    fn estimate_seconds_left(&self, now: Duration) -> Option<f64> {
        let ran = now.saturating_sub(self.began?).as_secs_f64();
        let running: Vec<(ActionKind, f64)> = self
            .running
            .iter()
            .filter_map(|running| {
                let entry = self.indexed_job(&running.job)?;
                Some((entry.kind, self.completed_part(running)))
            })
            .collect();
        self.work
            .seconds_left(&running, ran, self.job_index.parallelism)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    fn played(parallel_seconds: f64) -> Vec<(f64, Option<f64>)> {
        let job_index = test_plan::sample_index(parallel_seconds);
        let mut progress = RunProgress::new(job_index);
        test_plan::run_events()
            .into_iter()
            .map(|(millis, event)| {
                let now = Duration::from_millis(millis);
                progress.apply_event(&event, now);
                let snapshot = progress.snapshot(now);
                (snapshot.share, snapshot.seconds_left)
            })
            .collect()
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
    fn a_job_that_reports_more_steps_than_units_never_exceeds_its_units() {
        let mut progress = RunProgress::new(test_plan::sample_index(20.0));
        let job = "render.shot/sh010/1001-1024";
        let units = progress.indexed_job(job).unwrap().units;
        let now = Duration::from_secs(1);
        let mut before = 0;
        progress.start_job(
            &JobStarted {
                job: job.to_owned(),
                phase: Phase::Shots,
                attempt: 1,
            },
            now,
        );
        for done in 0..=4 * units {
            progress.advance_job(job, done, 4 * units);
            let counted = progress.units_done(Phase::Shots);
            assert!((before..=units).contains(&counted), "{done}: {counted}");
            before = counted;
        }
        progress.end_job(job, JobEndState::Run(1.0), now);
        assert_eq!((before, progress.units_done(Phase::Shots)), (units, units));
    }

    #[test]
    fn before_anything_ran_the_time_left_is_what_the_plan_expects() {
        let (_, left) = played(20.0)[0];
        assert!((left.unwrap() - 20.0).abs() < 1.0, "{left:?}");
    }

    #[test]
    fn a_job_counts_by_what_it_costs_not_by_being_one_of_many() {
        let progress = RunProgress::new(test_plan::sample_index(20.0));
        let render = progress
            .indexed_job("render.shot/sh010/1001-1024")
            .unwrap()
            .seconds;
        let import = progress.indexed_job("asset.import/hero").unwrap().seconds;
        assert!(render > 50.0 * import, "{render} {import}");
    }

    #[test]
    fn a_failure_points_at_the_line_that_requests_it() {
        let mut progress = RunProgress::new(test_plan::sample_index(20.0));
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
