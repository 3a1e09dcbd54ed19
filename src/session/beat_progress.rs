//! How far each beat of an ad is: by the jobs of its shots, and by what the last run does now.

use super::production_status::ProductionStatus;
use super::session_error::SessionError;
use crate::expand::{SidecarFiles, expand_production};
use crate::model::beats::BeatInstance;
use crate::model::{Job, Phase};
use crate::report::RunSnapshot;
use crate::report::ad_facts::AdStatus;
use crate::store::StoreLayout;
use crate::store::job_history::{JobHistory, JobOutcome};
use crate::validate::CheckedProduction;
use serde::Serialize;
use std::collections::HashMap;

/// How far one beat is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
// Field names are public: `docs/json.md` describes them.
pub struct BeatProgress {
    /// Its id.
    pub id: String,
    /// The beat of the library.
    pub beat: String,
    /// The step that it is in.
    pub status: AdStatus,
    /// The jobs of its shots.
    pub jobs: usize,
    /// Those of them that are made.
    pub done: usize,
}

/// The jobs of the shots of one beat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeatJobs {
    id: String,
    beat: String,
    shots: Vec<String>,
    jobs: usize,
    /// The names of those that are not made.
    open: Vec<String>,
    /// The earliest phase of those.
    open_phase: Option<Phase>,
    /// Whether frames of it were rendered, be they only those of its still.
    has_frames: bool,
    /// Whether frames were rendered beside the single ones of stills.
    has_chunks: bool,
}

impl BeatJobs {
    /// Sorts jobs by beats. Each comes with whether it is made.
    pub(super) fn by_beat<'a>(
        beats: &[BeatInstance],
        jobs: impl Iterator<Item = (&'a Job, bool)>,
    ) -> Vec<Self> {
        let mut counts: Vec<Self> = beats.iter().map(Self::new).collect();
        let mut indices: HashMap<&str, usize> = HashMap::new();
        for (index, beat) in beats.iter().enumerate() {
            indices.extend(beat.shots.iter().map(|shot| (shot.as_str(), index)));
        }
        for (job, is_made) in jobs {
            let index = job.shot.as_deref().and_then(|shot| indices.get(shot));
            let Some(count) = index.and_then(|index| counts.get_mut(*index)) else {
                continue;
            };
            count.jobs += 1;
            count.has_frames |= is_made && job.phase >= Phase::Shots;
            count.has_chunks |= is_made && renders_chunk(job);
            if !is_made {
                count.open.push(job.name.to_string());
                let earliest = count
                    .open_phase
                    .map_or(job.phase, |open| open.min(job.phase));
                count.open_phase = Some(earliest);
            }
        }
        counts
    }

    fn new(beat: &BeatInstance) -> Self {
        Self {
            id: beat.id.clone(),
            beat: beat.beat.clone(),
            shots: beat.shots.clone(),
            jobs: 0,
            open: Vec::new(),
            open_phase: None,
            has_frames: false,
            has_chunks: false,
        }
    }

    /// Returns how far the beat is. `run` is the last run; `None`: there was none.
    #[must_use]
    pub fn progress(&self, run: Option<&RunSnapshot>) -> BeatProgress {
        let done = self.jobs - self.open.len();
        let is_failed = run.is_some_and(|run| {
            let mut failed = run.revision.failed.iter();
            failed.any(|failed| self.open.contains(&failed.job))
        });
        let is_running = run.filter(|run| run.is_active()).is_some_and(|run| {
            let mut shots = run.running.iter().filter_map(|job| job.shot.as_ref());
            shots.any(|shot| self.shots.contains(shot))
        });
        let status = match self.open_phase {
            None => AdStatus::Complete,
            // A failure before what still runs, since only it needs a person.
            Some(_) if is_failed => AdStatus::Failed,
            // Its still waits for a person to look at it, whatever else is left to read.
            Some(_) if self.has_frames && !self.has_chunks && !is_running => {
                AdStatus::Storyboarding
            }
            Some(phase) if self.has_frames => AdStatus::from_phase(phase.max(Phase::Shots)),
            Some(phase) if is_running || done > 0 => AdStatus::from_phase(phase),
            Some(_) => AdStatus::Queued,
        };
        BeatProgress {
            id: self.id.clone(),
            beat: self.beat.clone(),
            status,
            jobs: self.jobs,
            done,
        }
    }
}

/// Whether a job makes frames of the film, and not the one frame of a still.
fn renders_chunk(job: &Job) -> bool {
    let makes_frames = matches!(job.phase, Phase::Shots | Phase::PostProcess);
    makes_frames && job.work.unit_count() > 1
}

/// Returns how far the beats of a production are, by the journals of its runs. Empty: it has no beats.
///
/// # Errors
/// Fails if a journal is damaged.
pub fn run_beats(
    production: &CheckedProduction,
    status: &ProductionStatus,
) -> Result<Vec<BeatProgress>, SessionError> {
    let history = JobHistory::read_journals(&StoreLayout::new(&status.store))?;
    // Files that models refer to give jobs other inputs, and none of them another name.
    let jobs = expand_production(production, &SidecarFiles::default())?;
    let is_made = |job: &Job| {
        let name = job.name.as_str();
        // While a run is in progress, what an earlier one made may be made anew.
        let outcome = match status.run.is_active() {
            true => history.newest_outcome(name),
            false => history.outcomes.get(name).map(|(_, outcome)| outcome),
        };
        matches!(
            outcome,
            Some(JobOutcome::Made { .. } | JobOutcome::Reused { .. })
        )
    };
    let jobs = jobs.iter().map(|job| (job, is_made(job)));
    let counts = BeatJobs::by_beat(&production.beats, jobs);
    let progress = counts.iter().map(|count| count.progress(Some(&status.run)));
    Ok(progress.collect())
}
