//! From a treatment to a plan: settings, lengths to the frame, checks, repairs, jobs.
//!
//! The ladder: the plan is checked, what can be repaired is repaired, each repair with its value
//! before and after, and the plan is checked again. If an error is left, the plan is replaced by the
//! smallest film that is honest: one scene, one picture, two jobs.

mod asset_checks;
mod card_timing;
mod fallback;
mod film_fonts;
mod film_settings;
mod look_checks;
mod narration_timing;
mod plan_draft;
mod plan_finding;
mod planner_job;
mod planner_json;
mod profile_facts;
mod repair_ladder;
mod timing_checks;

pub use film_fonts::{FilmFonts, is_pictograph};
pub use film_settings::{USUAL_PROFILE, profile_name};
pub(in crate::treatment) use narration_timing::narrator_rate;
pub use plan_draft::{
    AssetPlan, FilmSettings, MusicPlan, PlanStatus, ScenePlan, TreatmentOptions, TreatmentPlan,
};
pub use plan_finding::TreatmentRepair;
pub use planner_job::{PlannerJob, PlannerPayload};
pub use planner_json::planner_json;
pub use profile_facts::ProfileFacts;
pub use repair_ladder::plan_treatment;
