//! The plan of a film: settings, scenes with their frames, pictures, music, jobs.

use super::film_fonts::FilmFonts;
use super::plan_finding::TreatmentRepair;
use super::planner_job::PlannerJob;
use super::profile_facts::ProfileFacts;
use crate::base::{FileSpan, Spanned};
use crate::treatment::treatment_value::{
    ScenePurpose, TreatmentPlatform, TreatmentReference, TreatmentScene, TreatmentTime,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What planning must know besides the treatment.
#[derive(Debug, Clone, Default)]
pub struct TreatmentOptions {
    /// Files beside the treatment that exist, by the path as it is written.
    pub files: BTreeSet<String>,
    /// Files beside the treatment that exist and cannot be shown, each with the reason.
    pub unusable: BTreeMap<String, String>,
    /// The title of a treatment without one.
    pub usual_title: String,
}

/// How far a plan is from the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanStatus {
    /// The treatment was planned as written.
    Clean,
    /// Something was changed. Every change is listed.
    Repaired,
    /// Little of the treatment is left: one scene that says what it is about.
    Degraded,
}

/// What is decided about the whole film.
#[derive(Debug, Clone, PartialEq)]
pub struct FilmSettings {
    /// The title.
    pub title: String,
    /// The language, as in BCP 47.
    pub language: String,
    /// Where it is shown. `None` if nothing says so.
    pub platform: Option<TreatmentPlatform>,
    /// The shape of the picture.
    pub aspect: (u32, u32),
    /// What decided the shape.
    pub aspect_source: String,
    /// Whether the platform decided the shape.
    pub is_smart_auto: bool,
    /// Frames a second.
    pub rate: u32,
    /// The requested length. `None`: as long as the scenes.
    pub wanted: Option<Spanned<TreatmentTime>>,
    /// Colours as `rrggbb`: background, text, accent, second accent, quiet.
    pub palette: Vec<String>,
    /// The program that speaks.
    pub speech_provider: String,
    /// Where that program is named. `None` for the usual one.
    pub speech_origin: Option<FileSpan>,
    /// The profile.
    pub profile: ProfileFacts,
}

/// One scene with its frames.
#[derive(Debug, Clone, PartialEq)]
pub struct ScenePlan {
    /// Its id in the planner's JSON: `s1`, by its place.
    pub id: String,
    /// What is written about it.
    pub scene: TreatmentScene,
    /// Its purpose.
    pub purpose: ScenePurpose,
    /// The first frame, as written. `None`: behind the scene before.
    pub written_start: Option<i64>,
    /// How many frames it lasts.
    pub frames: i64,
    /// Whether its length is written and not estimated.
    pub is_length_written: bool,
    /// How many frames its narration takes, estimated. Zero without any.
    pub narration_frames: i64,
    /// How many frames people need to read what it shows.
    pub reading_frames: i64,
    /// Below how many frames its graphics cannot be read. Zero without any.
    pub least_reading_frames: i64,
}

/// One picture of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetPlan {
    /// Its id.
    pub id: String,
    /// The scene that shows it.
    pub scene_id: String,
    /// Whether it is drawn, and not a file of the user's.
    pub is_generated: bool,
    /// What is drawn, or the path of the file.
    pub content: String,
    /// Whether it is a chart.
    pub is_chart: bool,
}

/// Music over one or more scenes.
#[derive(Debug, Clone, PartialEq)]
pub struct MusicPlan {
    /// Its id.
    pub id: String,
    /// Its mood. `off` is silence.
    pub mood: String,
    /// Index of the first scene with it.
    pub first: usize,
    /// Index of the last scene with it.
    pub last: usize,
    /// How many frames it lasts.
    pub frames: i64,
}

/// A planned film.
#[derive(Debug, Clone, PartialEq)]
pub struct TreatmentPlan {
    /// Identifies the treatment and everything that was decided.
    pub manifest_id: String,
    /// What is decided about the whole film.
    pub settings: FilmSettings,
    /// The scenes, in order.
    pub scenes: Vec<ScenePlan>,
    /// The pictures, in order of the scenes.
    pub assets: Vec<AssetPlan>,
    /// The music, in order.
    pub music: Vec<MusicPlan>,
    /// Files that no scene shows.
    pub references: Vec<TreatmentReference>,
    /// Remarks about the whole film.
    pub notes: Vec<String>,
    /// Whether faces stay the same. `None` if that is not written.
    pub faces_locked: Option<bool>,
    /// Whether the voice stays the same. `None` if that is not written.
    pub voice_consistent: Option<bool>,
    /// The tone, in the words of the treatment.
    pub tone: Option<String>,
    /// The voice, in the words of the treatment.
    pub voice: Option<String>,
    /// The provider's name of the voice.
    pub voice_id: Option<String>,
    /// The logo.
    pub logo: Option<String>,
    /// The font.
    pub font: Option<String>,
    /// What draws unusual letters. The caller, who knows the fonts of the machine, sets it.
    pub fonts: FilmFonts,
    /// Whether words are shown. `None` if that is not written.
    pub subtitles: Option<bool>,
    /// The jobs.
    pub jobs: Vec<PlannerJob>,
    /// What was changed.
    pub repairs: Vec<TreatmentRepair>,
    /// How far it is from the request.
    pub status: PlanStatus,
}

impl TreatmentPlan {
    /// Returns the first frame of each scene, and one past the last frame of all.
    #[must_use]
    pub fn scene_starts(&self) -> Vec<i64> {
        let mut starts = vec![0];
        let mut start = 0;
        for scene in &self.scenes {
            start += scene.frames;
            starts.push(start);
        }
        starts
    }

    /// Returns how many frames the film has.
    #[must_use]
    pub fn frame_count(&self) -> i64 {
        self.scenes.iter().map(|scene| scene.frames).sum()
    }

    /// Returns frames as seconds.
    #[must_use]
    pub fn seconds(&self, frames: i64) -> f64 {
        let frames = u32::try_from(frames).unwrap_or(0);
        f64::from(frames) / f64::from(self.settings.rate)
    }
}

/// Returns the frames of a time, rounded to the nearest.
pub(super) fn time_frames(time: TreatmentTime, rate: u32) -> i64 {
    // In whole numbers, so that every machine rounds the same way.
    let frames = (time.0 * u64::from(rate) + 500) / 1000;
    i64::try_from(frames).unwrap_or(i64::MAX)
}
