//! The last run of a production at one moment, for people and programs that watch it: state, phases
//! of totals, running jobs, time left.
//!
//! A run in progress makes it from its own progress ([`LiveRun`](super::live_run::LiveRun)),
//! every other one from its journal.

use crate::base::PauseLevel;
use crate::event::{RunStatus, RunTotals};
use crate::model::Phase;
use crate::store::Revision;
use crate::store::revisions::PhaseCounts;
use serde::{Deserialize, Serialize};

/// The state of the last run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// There was no run.
    Never,
    /// It is in progress.
    Running,
    /// It is paused.
    Paused,
    /// It is stopping, and jobs that run finish.
    Stopping,
    /// Every selected job was made or reused.
    Done,
    /// A job failed.
    Failed,
    /// It was cancelled or killed. The next run continues it.
    Interrupted,
}

/// The jobs of one phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseProgress {
    /// The phase.
    pub phase: Phase,
    /// Its jobs. `None`: a run of an earlier version, which did not record it.
    pub jobs: Option<usize>,
    /// Jobs that were made or reused.
    pub done: usize,
    /// Those of them that were reused.
    pub reused: usize,
    /// Jobs that failed.
    pub failed: usize,
    /// Jobs skipped because a job that they need failed.
    pub skipped: usize,
    /// Units done and in all, such as frames, while the run is in progress.
    pub units: Option<UnitProgress>,
}

/// Units of work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitProgress {
    /// Units done.
    pub done: usize,
    /// Units in all.
    pub total: usize,
    /// Noun for one unit, such as `frame`.
    pub noun: String,
}

/// A job that runs now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunningJobFacts {
    /// Its name.
    pub job: String,
    /// Its phase. `None`: the plan does not have it.
    pub phase: Option<Phase>,
    /// Its shot, if it has one.
    pub shot: Option<String>,
    /// Its attempt, from 1.
    pub attempt: u32,
    /// How long it has run, without pauses.
    pub seconds: f64,
    /// Its units. `None`: it reports none.
    pub units: Option<UnitProgress>,
}

/// The last run at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSnapshot {
    /// Its state.
    pub state: RunState,
    /// Whether it is paused with its running jobs standing still.
    pub frozen: bool,
    /// What its journal says so far.
    pub revision: Revision,
    /// The earliest phase that runs now, or that has work left.
    pub phase: Option<Phase>,
    /// The shot of the job that runs longest in that phase.
    pub shot: Option<String>,
    /// The phases with jobs, in order.
    pub phases: Vec<PhaseProgress>,
    /// The jobs that run now, in the order in which they started.
    pub running: Vec<RunningJobFacts>,
    /// Shots with jobs in the run. `None`: unknown.
    pub shots: Option<usize>,
    /// Shots whose jobs are all made or reused.
    pub completed_shots: usize,
    /// Shots with a job that failed or was skipped. `None`: unknown, the run is over.
    pub failed_shots: Option<usize>,
    /// Done part of the work, 0 to 100.
    pub percent: f64,
    /// How long it has run, without pauses. `None`: unknown, it was cut off.
    pub seconds: Option<f64>,
    /// Estimated seconds left. `None`: it is over, or there is no estimate.
    pub seconds_left: Option<f64>,
}

impl RunSnapshot {
    /// Returns what the journal of the last run says. `None` is a production that never ran.
    #[must_use]
    pub fn from_revision(revision: Option<Revision>) -> Self {
        let state = revision.as_ref().map_or(RunState::Never, ended_state);
        let revision = revision.unwrap_or_default();
        let phases = phase_rows(&revision);
        let open = phases
            .iter()
            // The first phase with open jobs: phases follow each other, and later ones may have
            // begun.
            .find(|row| row.jobs.is_some_and(|jobs| row.done < jobs));
        Self {
            state,
            frozen: false,
            phase: open
                .map(|row| row.phase)
                // A run that succeeded is in no phase any more.
                .filter(|_| state != RunState::Done),
            shot: None,
            running: Vec::new(),
            shots: revision.totals.as_ref().map(|totals| totals.shots),
            completed_shots: revision.completed_shots,
            failed_shots: None,
            percent: job_percent(&revision),
            seconds: revision.seconds,
            seconds_left: None,
            phases,
            revision,
        }
    }

    /// Returns whether the run is in progress, paused or not.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        matches!(
            self.state,
            RunState::Running | RunState::Paused | RunState::Stopping
        )
    }

    /// Takes over a pause, or its end, that no event has reported yet.
    pub fn adopt_pause(&mut self, level: PauseLevel) {
        self.state = match (self.state, level) {
            (RunState::Paused, PauseLevel::Running) => RunState::Running,
            // Only a run that is running can pause: one that stops is on its way to its end.
            (RunState::Running, PauseLevel::Holding | PauseLevel::Frozen) => RunState::Paused,
            (state, _) => state,
        };
        self.frozen = self.state == RunState::Paused && level == PauseLevel::Frozen;
    }

    /// Returns the jobs of the run.
    #[must_use]
    pub fn selected_jobs(&self) -> usize {
        selected_jobs(&self.revision)
    }

    /// Returns the jobs without a result.
    #[must_use]
    pub fn remaining_jobs(&self) -> usize {
        let Revision { made, reused, .. } = &self.revision;
        self.selected_jobs().saturating_sub(*made + *reused)
    }
}

impl RunState {
    /// Returns the word for it, as in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopping => "stopping",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl PhaseProgress {
    /// Returns the row of a phase with `jobs` in all.
    pub(super) const fn new(phase: Phase, jobs: Option<usize>, counts: PhaseCounts) -> Self {
        Self {
            phase,
            jobs,
            done: counts.made + counts.reused,
            reused: counts.reused,
            failed: counts.failed,
            skipped: counts.skipped,
            units: None,
        }
    }
}

/// Returns the state of a run that does not go on.
const fn ended_state(revision: &Revision) -> RunState {
    match revision.status {
        Some(RunStatus::Succeeded) => RunState::Done,
        Some(RunStatus::Failed) => RunState::Failed,
        // Without an end it was killed, which the next run treats like an interrupt.
        Some(RunStatus::Cancelled) | None => RunState::Interrupted,
    }
}

/// Returns the phases with jobs, of which some may have no result yet.
pub(super) fn phase_rows(revision: &Revision) -> Vec<PhaseProgress> {
    let planned = |phase: Phase| {
        let totals = revision.totals.as_ref()?;
        totals.phases.get(&phase).copied()
    };
    Phase::ALL
        .into_iter()
        .filter(|phase| planned(*phase).is_some() || revision.phases.contains_key(phase))
        .map(|phase| {
            let counts = revision.phases.get(&phase).copied().unwrap_or_default();
            PhaseProgress::new(phase, planned(phase), counts)
        })
        .collect()
}

/// Returns the jobs of a run. A run with `--only` has fewer than its plan; journals of earlier
/// versions do not say how many.
fn selected_jobs(revision: &Revision) -> usize {
    let totals = revision.totals.as_ref();
    // A run without totals, such as an exported one, counts all jobs of the plan.
    totals.map_or(revision.planned, RunTotals::jobs)
}

#[expect(clippy::cast_precision_loss, reason = "job counts stay far below 2^52")]
fn job_percent(revision: &Revision) -> f64 {
    let selected = selected_jobs(revision);
    let done = revision.made + revision.reused;
    if revision.status == Some(RunStatus::Succeeded) || (selected > 0 && done >= selected) {
        100.0
    } else {
        100.0 * done as f64 / selected.max(1) as f64
    }
}
