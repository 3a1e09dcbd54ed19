//! The record of an ad in the report: its beats, how far they are, and where its pictures are.

use super::report_facts::{DeliverableFacts, JobCounts, ShotFacts, ShotState};
use crate::model::Codec;
use crate::model::Phase;
use crate::model::production::Production;
use serde::Serialize;
use std::collections::HashSet;
use std::path::PathBuf;

/// How far an ad is. The words are those of programs that make ads in these steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AdStatus {
    /// No job has begun.
    Queued,
    /// Files are read.
    Planning,
    /// Pictures of characters and places are drawn.
    Storyboarding,
    /// Frames are rendered and graded.
    GeneratingChunks,
    /// The film is encoded.
    Stitching,
    /// It is checked and published.
    AddingMusic,
    /// Everything was made.
    Complete,
    /// Something failed, or the run was stopped.
    Failed,
}

impl AdStatus {
    /// Returns the word for it, as in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Planning => "planning",
            Self::Storyboarding => "storyboarding",
            Self::GeneratingChunks => "generating_chunks",
            Self::Stitching => "stitching",
            Self::AddingMusic => "adding_music",
            Self::Complete => "complete",
            Self::Failed => "failed",
        }
    }

    /// Returns the status of an ad of which this phase runs.
    #[must_use]
    pub const fn from_phase(phase: Phase) -> Self {
        match phase {
            Phase::Validate => Self::Queued,
            Phase::Prepare => Self::Planning,
            Phase::Characters | Phase::Locations => Self::Storyboarding,
            Phase::Shots | Phase::PostProcess => Self::GeneratingChunks,
            Phase::Export => Self::Stitching,
            Phase::Finalize => Self::AddingMusic,
        }
    }
}

/// The record of an ad.
#[derive(Debug, Clone, Serialize)]
// Field names are public: `docs/json.md` describes them.
pub struct AdFacts {
    /// The words that it was planned from; `None` if the document does not say.
    pub prompt: Option<String>,
    /// The archetype of its beats; `None` if the document does not say.
    pub archetype: Option<String>,
    /// How the run ended for it.
    pub status: AdStatus,
    /// The share of its jobs that are done, from 0 to 1.
    pub progress: f64,
    /// The step in which the run ended, if it did not make everything.
    pub current_phase: Option<AdStatus>,
    /// How many beats it has.
    pub num_beats: usize,
    /// How many chunks of five seconds they have.
    pub num_chunks: usize,
    /// The beats, in order.
    pub beats: Vec<AdBeatFacts>,
    /// Paths of the outputs with its stills, from the folder of the production.
    pub storyboard_location: Vec<PathBuf>,
    /// Path of the first film, from the folder of the production; `None` if none was made.
    pub final_location: Option<PathBuf>,
}

/// One beat of an ad.
#[derive(Debug, Clone, Serialize)]
pub struct AdBeatFacts {
    /// Its id.
    pub id: String,
    /// The beat of the library.
    pub beat_id: String,
    /// The second of the film at which it begins.
    pub start: f64,
    /// Its length in seconds.
    pub duration: u32,
    /// What its picture shows, in words.
    pub prompt: String,
    /// Whether all its shots were made.
    pub complete: bool,
}

/// What a report has already, for the record of an ad.
pub(super) struct AdSources<'a> {
    pub(super) shots: &'a [ShotFacts],
    pub(super) deliverables: &'a [DeliverableFacts],
    pub(super) jobs: JobCounts,
    /// The first phase with a wanted job that was not made; `None`: all were made.
    pub(super) open_phase: Option<Phase>,
    pub(super) success: bool,
}

impl AdFacts {
    /// Gathers the record. `None`: the production has no beats.
    pub(super) fn from_report(production: &Production, report: &AdSources<'_>) -> Option<Self> {
        if production.beats.is_empty() {
            return None;
        }
        let made = report.deliverables.iter();
        let stills = made.filter(|made| made.codec == Codec::Poster);
        let mut films = report.deliverables.iter();
        Some(Self {
            prompt: production.ad_origin.prompt.clone(),
            archetype: production.ad_origin.archetype.clone(),
            status: if report.success {
                AdStatus::Complete
            } else {
                AdStatus::Failed
            },
            progress: done_share(report.jobs),
            current_phase: report.open_phase.map(AdStatus::from_phase),
            num_beats: production.beats.len(),
            num_chunks: production.beats.iter().map(|beat| beat.chunk_count()).sum(),
            beats: beat_facts(production, report.shots),
            storyboard_location: stills.map(|made| made.path.clone()).collect(),
            final_location: films
                .find(|made| !made.codec.is_sequence() && made.codec != Codec::Poster)
                .map(|made| made.path.clone()),
        })
    }
}

fn beat_facts(production: &Production, shots: &[ShotFacts]) -> Vec<AdBeatFacts> {
    let complete: HashSet<&str> = shots
        .iter()
        .filter(|shot| shot.state == ShotState::Complete)
        .map(|shot| shot.name.as_str())
        .collect();
    let beats = production.beats.iter();
    beats
        .map(|beat| AdBeatFacts {
            id: beat.id.clone(),
            beat_id: beat.beat.clone(),
            start: beat.start_seconds(production.render.rate),
            duration: beat.seconds,
            prompt: beat.prompt.clone(),
            complete: beat
                .shots
                .iter()
                .all(|shot| complete.contains(shot.as_str())),
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a run has far fewer than 2^52 jobs"
)]
fn done_share(jobs: JobCounts) -> f64 {
    let done = jobs.run + jobs.reused;
    if jobs.total == 0 {
        // A run without jobs has nothing left to do.
        1.0
    } else {
        done as f64 / jobs.total as f64
    }
}
