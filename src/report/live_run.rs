//! A run in progress, as others may look at it: its progress and its revision, behind a
//! lock.
//!
//! The run writes it with every event; `status` in another terminal reads it.

use super::job_index::JobIndex;
use super::progress::{RunProgress, RunningJob};
use super::run_snapshot::{
    PhaseProgress, RunSnapshot, RunState, RunningJobFacts, UnitProgress, phase_rows,
};
use crate::base::Clock;
use crate::event::{Event, EventSink, JobReused, JobSucceeded};
use crate::store::Revision;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A run that several threads look at.
pub type SharedRun = Arc<Mutex<LiveRun>>;

/// A run in progress.
#[derive(Debug)]
pub struct LiveRun {
    progress: RunProgress,
    revision: Revision,
    /// Jobs of each shot that are neither made nor reused.
    open_jobs: HashMap<Arc<str>, usize>,
    shots: usize,
    failed_shots: BTreeSet<Arc<str>>,
}

impl LiveRun {
    /// Returns the run before its first event.
    #[must_use]
    pub fn new(job_index: Arc<JobIndex>, revision: &str) -> Self {
        let mut open_jobs: HashMap<Arc<str>, usize> = HashMap::new();
        for shot in job_index.jobs.values().filter_map(|job| job.shot.as_ref()) {
            *open_jobs.entry(Arc::clone(shot)).or_default() += 1;
        }
        Self {
            progress: RunProgress::new(job_index),
            revision: Revision {
                name: revision.to_owned(),
                ..Revision::default()
            },
            shots: open_jobs.len(),
            open_jobs,
            failed_shots: BTreeSet::new(),
        }
    }

    /// Adds one event.
    pub fn apply_event(&mut self, event: &Event, now: Duration) {
        match event {
            Event::JobSucceeded(JobSucceeded { job, .. })
            | Event::JobReused(JobReused { job, .. }) => self.close_shot_job(job),
            Event::JobFailed { job, .. } | Event::JobSkipped { job, .. } => {
                let shot = self.progress.indexed_job(job);
                let shot = shot.and_then(|job| job.shot.clone());
                // A set: a shot has many jobs, and each that was skipped after a failure ends too.
                self.failed_shots.extend(shot);
            }
            _ => {}
        }
        self.progress.apply_event(event, now);
        self.revision.apply_event(event);
    }

    /// Counts a job of a shot as made, once.
    fn close_shot_job(&mut self, job: &str) {
        // A job that is made again because its files were damaged has two ends.
        if self.progress.has_ended(job) {
            return;
        }
        let shot = self
            .progress
            .indexed_job(job)
            .and_then(|job| job.shot.clone());
        if let Some(shot) = shot
            && let Some(open) = self.open_jobs.get_mut(&shot)
        {
            *open -= 1;
            if *open == 0 {
                self.open_jobs.remove(&shot);
            }
        }
    }

    /// Returns the run at the time `now` of its clock. `is_stopping` is whether it received a
    /// request to stop.
    #[must_use]
    pub fn snapshot(&self, now: Duration, is_stopping: bool) -> RunSnapshot {
        let progress = self.progress.snapshot(now);
        let phases = self.phase_rows();
        let paused = self.progress.paused;
        let running: Vec<RunningJobFacts> = self
            .progress
            .running_jobs()
            .iter()
            .map(|running| self.running_facts(running, now))
            .collect();
        let open = phases
            .iter()
            .find(|row| row.jobs.is_some_and(|jobs| row.done < jobs));
        let phase = progress.phase.map(|(phase, ..)| phase);
        let phase = phase.or_else(|| open.map(|row| row.phase));
        // The first of the phase: jobs are in the order in which they started, so it is the one
        // that runs longest.
        let shown = running.iter().find(|job| job.phase == phase);
        RunSnapshot {
            state: match (is_stopping, paused) {
                // Also if it is paused: a run that stops lets its frozen jobs go on.
                (true, _) => RunState::Stopping,
                (false, Some(_)) => RunState::Paused,
                (false, None) => RunState::Running,
            },
            frozen: paused == Some(true) && !is_stopping,
            revision: self.revision.clone(),
            phase,
            shot: shown.and_then(|job| job.shot.clone()),
            phases,
            running,
            shots: Some(self.shots),
            completed_shots: self.shots - self.open_jobs.len(),
            failed_shots: Some(self.failed_shots.len()),
            percent: progress.share * 100.0,
            seconds: self.progress.ran_for(now),
            seconds_left: progress.seconds_left,
        }
    }

    fn phase_rows(&self) -> Vec<PhaseProgress> {
        let mut rows = phase_rows(&self.revision);
        for row in &mut rows {
            let totals = self.progress.job_index.phases.get(&row.phase);
            row.units = totals
                .filter(|totals| totals.units > 0)
                .map(|totals| UnitProgress {
                    done: self.progress.units_done(row.phase),
                    total: totals.units,
                    noun: totals.noun.to_owned(),
                });
        }
        rows
    }

    fn running_facts(&self, running: &RunningJob, now: Duration) -> RunningJobFacts {
        let indexed = self.progress.indexed_job(&running.job);
        let noun = self.progress.unit_noun(&running.job);
        RunningJobFacts {
            job: running.job.clone(),
            phase: indexed.map(|job| job.phase),
            shot: indexed.and_then(|job| Some(job.shot.as_ref()?.to_string())),
            attempt: running.attempt,
            seconds: now.saturating_sub(running.since).as_secs_f64(),
            units: (running.total > 0).then(|| UnitProgress {
                done: running.done,
                total: running.total,
                noun: noun.to_owned(),
            }),
        }
    }
}

/// Passes the events of a run on to those who look at it.
pub struct LiveRunSink<'a> {
    run: SharedRun,
    clock: &'a dyn Clock,
}

impl<'a> LiveRunSink<'a> {
    /// Returns a sink that keeps `run` up to date.
    #[must_use]
    pub const fn new(run: SharedRun, clock: &'a dyn Clock) -> Self {
        Self { run, clock }
    }
}

impl EventSink for LiveRunSink<'_> {
    fn record_event(&mut self, event: &Event) {
        let now = self.clock.elapsed();
        // A reader that panicked changed nothing.
        let mut run = self.run.lock().unwrap_or_else(PoisonError::into_inner);
        run.apply_event(event, now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Phase;
    use crate::report::test_plan;

    /// Plays the first `count` events of the story.
    fn played(count: usize) -> LiveRun {
        let index = Arc::new(test_plan::sample_index(20.0));
        let mut run = LiveRun::new(index, "rev-0001");
        for (millis, event) in test_plan::run_events().iter().take(count) {
            run.apply_event(event, Duration::from_millis(*millis));
        }
        run
    }

    #[test]
    fn a_running_job_is_named_with_its_phase_and_how_long_it_runs() {
        let events = test_plan::run_events();
        let (at, (millis, started)) = events
            .iter()
            .enumerate()
            .find(|(_, (_, event))| {
                matches!(event, Event::JobStarted(started) if started.phase == Phase::Shots)
            })
            .unwrap();
        let Event::JobStarted(started) = started else {
            panic!("{started:?}")
        };
        let now = Duration::from_millis(*millis + 1500);
        let snapshot = played(at + 1).snapshot(now, false);
        let job = snapshot
            .running
            .iter()
            .find(|job| job.job == started.job)
            .unwrap();
        assert_eq!(job.phase, Some(Phase::Shots));
        assert!((job.seconds - 1.5).abs() < 1e-9, "{job:?}");
        assert_eq!(snapshot.state, RunState::Running);
        assert!(snapshot.percent > 0.0 && snapshot.percent < 100.0);
    }

    #[test]
    fn a_pause_and_a_request_to_stop_are_states_of_their_own() {
        let mut run = played(2);
        run.apply_event(&Event::RunPaused { frozen: true }, Duration::ZERO);
        let paused = run.snapshot(Duration::ZERO, false);
        assert_eq!((paused.state, paused.frozen), (RunState::Paused, true));
        let stopping = run.snapshot(Duration::ZERO, true);
        assert_eq!(stopping.state, RunState::Stopping);
        run.apply_event(&Event::RunResumed, Duration::ZERO);
        let state = run.snapshot(Duration::ZERO, false).state;
        assert_eq!(state, RunState::Running);
    }

    #[test]
    fn a_snapshot_travels_as_json() {
        let snapshot = played(usize::MAX).snapshot(Duration::from_secs(30), false);
        assert!(!snapshot.phases.is_empty() && snapshot.failed_shots == Some(1));
        let text = serde_json::to_string(&snapshot).unwrap();
        let read: RunSnapshot = serde_json::from_str(&text).unwrap();
        assert_eq!(read, snapshot);
    }
}
