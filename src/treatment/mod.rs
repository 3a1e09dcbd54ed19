//! Treatments: Markdown or plain text that describes a film, read into scenes, planned as jobs, and
//! written as a production that a person can edit.
//!
//! Four steps, each a function of the value before it:
//!
//! 1. `reading` reads the text into blocks, and takes URLs and secrets out of it.
//! 2. `parsing` reads the blocks into a [`Treatment`]: what is written, each value with its
//!    bytes, and what is guessed, each guess with a note.
//! 3. `planning` makes a [`TreatmentPlan`] of it: lengths to the frame, checks, repairs, jobs.
//! 4. `writing` writes the document of a production from the plan.
//!
//! Everything is computed from the text and the arguments alone: no disk, no network, no clock.

mod parsing;
mod planning;
mod reading;
mod treatment_codes;
mod treatment_value;
mod words;
mod writing;

pub use parsing::parse_treatment;
pub use planning::{
    AssetPlan, FilmFonts, FilmSettings, MusicPlan, PlanStatus, PlannerJob, PlannerPayload,
    ProfileFacts, ScenePlan, TreatmentOptions, TreatmentPlan, TreatmentRepair, USUAL_PROFILE,
    is_pictograph, plan_treatment, planner_json, profile_name,
};
pub use reading::{TextRedaction, TreatmentFormat, TreatmentText, may_have_secret, treatment_text};
pub use treatment_codes::PAGES;
pub use treatment_value::{
    CameraWish, ChartKind, ChartRow, FocalWish, OverlayKind, ReferenceRole, SceneChart,
    SceneNarration, SceneOverlay, ScenePurpose, SceneVisual, Treatment, TreatmentAspect,
    TreatmentBrief, TreatmentPlatform, TreatmentReference, TreatmentScene, TreatmentTime,
    VisualSource, WrittenTiming,
};
pub use writing::{CreatedDocument, write_production};
