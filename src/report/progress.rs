//! How far a run is, folded from its events: what each phase has done, what runs now, how long the rest should take.
//!
//! Jobs differ in cost by orders of magnitude, so progress is weighed by estimated seconds, not by counting jobs. Knows no
//! terminal and no clock: the time of each event comes in beside it.

use super::figures;
use super::notice::{Failed, Notice, Phased};
use super::roster::{Entry, Roster};
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::Phase;
use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

/// Seconds during which the plan's own estimate outweighs what has been seen.
const TRUST: f64 = 15.0;

/// How far a run is.
#[derive(Debug)]
pub struct Progress {
    roster: Roster,
    tallies: BTreeMap<Phase, Tally>,
    running: Vec<Running>,
    settled: HashSet<String>,
    /// Estimated seconds of the jobs that ran to their end in this run.
    worked: f64,
    /// Estimated seconds of the jobs that have not ended.
    ahead: f64,
    began: Option<Duration>,
}

/// What one phase has done.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) began: Option<Duration>,
    pub(super) run: usize,
    pub(super) reused: usize,
    pub(super) failed: usize,
    pub(super) skipped: usize,
    pub(super) units: usize,
}

impl Tally {
    fn ended(&self) -> usize {
        self.run + self.reused + self.failed + self.skipped
    }
}

/// A job that runs now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) job: String,
    pub(super) done: usize,
    pub(super) of: usize,
}

/// How a job ended.
#[derive(Clone, Copy)]
enum End {
    Run,
    Reused,
    Failed,
    Skipped,
}

/// Where the run stands now, for one line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Standing {
    /// Share of the estimated work that is done, 0 to 1.
    pub(super) share: f64,
    /// The phase under way, with units done, units in all and their noun.
    pub(super) phase: Option<(Phase, usize, usize, &'static str)>,
    /// Seconds left, when there is something to go by.
    pub(super) left: Option<f64>,
}

impl Progress {
    /// Returns the progress of a run that has not begun.
    #[must_use]
    pub fn new(roster: Roster) -> Self {
        let ahead = roster.jobs.values().map(|entry| entry.seconds).sum();
        let tallies = roster
            .phases
            .keys()
            .map(|phase| (*phase, Tally::default()))
            .collect();
        let (running, settled) = (Vec::new(), HashSet::new());
        Self {
            roster,
            tallies,
            running,
            settled,
            worked: 0.0,
            ahead,
            began: None,
        }
    }

    /// Takes one event into account and returns what is worth a lasting line.
    pub fn note(&mut self, event: &Event, now: Duration) -> Vec<Notice> {
        self.began.get_or_insert(now);
        match event {
            Event::JobStarted(JobStarted { job, phase, .. }) => self.start(job, *phase, now),
            Event::JobProgress {
                job,
                done,
                total: of,
            } => self.advance(job, *done, *of),
            Event::JobSucceeded(JobSucceeded { job, .. }) => self.end(job, End::Run, now),
            Event::JobReused(JobReused { job, .. }) => self.end(job, End::Reused, now),
            Event::JobSkipped { job, .. } => self.end(job, End::Skipped, now),
            Event::JobFailed { job, .. } => self.fail(event, job, now),
            Event::JobRetried { job, .. } => self.retry(event, job),
            Event::CheckpointSaved { shots } => vec![Notice::Checkpoint(*shots)],
            Event::Published { revision, .. } => {
                vec![Notice::Published(figures::harmless(revision))]
            }
            Event::RunStarted { .. } | Event::RunEnded { .. } | Event::Reverted { .. } => {
                Vec::new()
            }
        }
    }

    fn start(&mut self, job: &str, phase: Phase, now: Duration) -> Vec<Notice> {
        let of = self.entry(job).map_or(0, |entry| entry.units);
        self.running.retain(|running| running.job != job);
        self.running.push(Running {
            job: job.to_owned(),
            done: 0,
            of,
        });
        let Some(tally) = self.tallies.get_mut(&phase) else {
            return Vec::new();
        };
        let first = tally.began.is_none();
        tally.began.get_or_insert(now);
        let begins = |extent| Notice::PhaseBegan {
            phase,
            what: super::notice::extent(phase, extent),
        };
        if first {
            self.roster
                .phases
                .get(&phase)
                .map(begins)
                .into_iter()
                .collect()
        } else {
            Vec::new()
        }
    }

    fn advance(&mut self, job: &str, done: usize, of: usize) -> Vec<Notice> {
        if let Some(running) = self.running.iter_mut().find(|running| running.job == job) {
            (running.done, running.of) = (done.min(of), of);
        }
        Vec::new()
    }

    fn retry(&mut self, event: &Event, job: &str) -> Vec<Notice> {
        self.running.retain(|running| running.job != job);
        super::notice::retried(event).into_iter().collect()
    }

    fn fail(&mut self, event: &Event, job: &str, now: Duration) -> Vec<Notice> {
        let place = self.entry(job).map_or("", |entry| entry.place.as_str());
        let failed = Failed::of(event, place, &self.roster.store);
        let mut notices: Vec<Notice> = failed.map(Notice::Failed).into_iter().collect();
        notices.extend(self.end(job, End::Failed, now));
        notices
    }

    fn end(&mut self, job: &str, end: End, now: Duration) -> Vec<Notice> {
        self.running.retain(|running| running.job != job);
        let Some(&Entry {
            phase,
            seconds,
            units,
            ..
        }) = self.entry(job)
        else {
            return Vec::new();
        };
        if !self.settled.insert(job.to_owned()) {
            return Vec::new();
        }
        self.ahead -= seconds;
        self.worked += if matches!(end, End::Run) {
            seconds
        } else {
            0.0
        };
        let Some(tally) = self.tallies.get_mut(&phase) else {
            return Vec::new();
        };
        match end {
            End::Run => (tally.run, tally.units) = (tally.run + 1, tally.units + units),
            End::Reused => (tally.reused, tally.units) = (tally.reused + 1, tally.units + units),
            End::Failed => tally.failed += 1,
            End::Skipped => tally.skipped += 1,
        }
        self.phase_ended(phase, now).into_iter().collect()
    }

    fn phase_ended(&self, phase: Phase, now: Duration) -> Option<Notice> {
        let (extent, tally) = (self.roster.phases.get(&phase)?, self.tallies.get(&phase)?);
        let ended = || Phased::of(phase, extent, *tally, now);
        (tally.ended() >= extent.jobs)
            .then(ended)
            .map(Notice::PhaseEnded)
    }

    fn entry(&self, job: &str) -> Option<&Entry> {
        self.roster.jobs.get(job)
    }

    /// Returns the jobs that run now, in the order in which they started.
    pub(super) fn running(&self) -> &[Running] {
        &self.running
    }

    /// Returns what the units of a job are called.
    pub(super) fn noun(&self, job: &str) -> &'static str {
        self.entry(job).map_or("unit", |entry| entry.noun)
    }

    /// Returns where the run stands.
    pub(super) fn standing(&self, now: Duration) -> Standing {
        let under_way: f64 = self.running.iter().map(|running| self.part(running)).sum();
        let (worked, ahead) = (self.worked + under_way, (self.ahead - under_way).max(0.0));
        let all = worked + ahead;
        let share = if self.settled.len() >= self.roster.len() {
            1.0
        } else {
            (worked / all.max(1e-9)).min(0.999)
        };
        Standing {
            share,
            phase: self.phase(),
            left: self.left(worked, ahead, now),
        }
    }

    /// Returns the estimated seconds of work that a running job has behind it.
    #[expect(
        clippy::cast_precision_loss,
        reason = "unit counts stay far below 2^52"
    )]
    fn part(&self, running: &Running) -> f64 {
        let seconds = self.entry(&running.job).map_or(0.0, |entry| entry.seconds);
        if running.of == 0 {
            0.0
        } else {
            seconds * running.done as f64 / running.of as f64
        }
    }

    /// Returns the earliest phase with a running job.
    fn phase(&self) -> Option<(Phase, usize, usize, &'static str)> {
        let phases = self
            .running
            .iter()
            .filter_map(|running| self.entry(&running.job))
            .map(|entry| entry.phase);
        let phase = phases.min()?;
        let (extent, tally) = (self.roster.phases.get(&phase)?, self.tallies.get(&phase)?);
        let in_phase = |running: &&Running| {
            self.entry(&running.job)
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
            (tally.units + begun).min(extent.units),
            extent.units,
            extent.noun,
        ))
    }

    /// Returns the seconds left: work ahead over the pace seen so far, into which the plan's own pace is blended early on.
    fn left(&self, worked: f64, ahead: f64, now: Duration) -> Option<f64> {
        let ran = now.saturating_sub(self.began?).as_secs_f64();
        let pace = (worked + TRUST * self.roster.pace) / (ran + TRUST);
        (ahead > 0.0 && pace > 0.0)
            .then(|| ahead / pace)
            .filter(|seconds| *seconds >= 0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn played(parallel_seconds: f64) -> Vec<(f64, Option<f64>)> {
        let roster = Roster::of(&fixture::planned(), &fixture::sources(), parallel_seconds);
        let mut progress = Progress::new(roster);
        let step = |(millis, event): (u64, Event)| {
            let now = Duration::from_millis(millis);
            progress.note(&event, now);
            let standing = progress.standing(now);
            (standing.share, standing.left)
        };
        fixture::story().into_iter().map(step).collect()
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
        let progress = Progress::new(Roster::of(&fixture::planned(), &fixture::sources(), 20.0));
        let render = progress
            .entry("render.shot/sh010/1001-1024")
            .unwrap()
            .seconds;
        let import = progress.entry("asset.import/hero").unwrap().seconds;
        assert!(render > 50.0 * import, "{render} {import}");
    }

    #[test]
    fn a_failure_points_at_the_line_that_asked_for_it() {
        let mut progress =
            Progress::new(Roster::of(&fixture::planned(), &fixture::sources(), 20.0));
        let notices = fixture::story()
            .iter()
            .flat_map(|(_, event)| progress.note(event, Duration::ZERO))
            .collect::<Vec<_>>();
        let failed = notices.iter().find_map(|notice| {
            if let Notice::Failed(failed) = notice {
                Some(failed)
            } else {
                None
            }
        });
        assert_eq!(failed.unwrap().place, "production.yaml:5:7");
    }

    #[test]
    fn events_of_jobs_outside_the_plan_change_nothing() {
        let mut progress = Progress::new(Roster::default());
        let event = Event::JobReused(JobReused {
            job: "x".into(),
            phase: Phase::Shots,
            digest: crate::base::Digest::hash_bytes(b""),
            pinned: false,
        });
        assert!(progress.note(&event, Duration::ZERO).is_empty());
    }
}
