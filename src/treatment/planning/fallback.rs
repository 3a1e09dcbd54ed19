//! The smallest film that is honest: one scene with the title, one picture, two jobs.

use super::plan_draft::{PlanStatus, ScenePlan, TreatmentPlan, time_frames};
use super::timing_checks::fewest_frames;
use crate::base::{Diagnostic, Diagnostics, FileSpan, Spanned};
use crate::treatment::treatment_value::{
    ScenePurpose, SceneVisual, TreatmentScene, TreatmentTime, VisualSource,
};

/// The length of the film if the requested one cannot be read either.
const USUAL: TreatmentTime = TreatmentTime(5000);

/// Replaces the scenes of a plan by one. `reason` says what could not be repaired.
pub(super) fn fall_back(plan: &mut TreatmentPlan, reason: &str, diagnostics: &mut Diagnostics) {
    let origin = plan
        .settings
        .wanted
        .map(|wanted| wanted.origin)
        .or_else(|| plan.scenes.first().map(|scene| scene.scene.origin));
    let origin = origin.unwrap_or_default();
    let message = format!("{reason}; the film is one scene with the title");
    let code = "production::treatment::degraded";
    let warning = Diagnostic::warning(code, origin, message);
    let help = "correct the treatment, or run it as it is with `--accept-degraded`";
    diagnostics.push(warning.with_label("cannot be repaired").with_help(help));
    let length = plan.settings.wanted.map_or(USUAL, |wanted| wanted.value);
    let frames = time_frames(length, plan.settings.rate).max(fewest_frames(plan));
    plan.scenes = vec![title_scene(&plan.settings.title, origin, frames)];
    // Its cues name scenes by their index, and those are gone.
    plan.music.clear();
    plan.status = PlanStatus::Degraded;
}

fn title_scene(title: &str, origin: FileSpan, frames: i64) -> ScenePlan {
    let visual = SceneVisual {
        description: Spanned::new(title.to_owned(), origin),
        source: VisualSource::Generated,
        camera: None,
        focal: None,
        has_person: false,
    };
    let scene = TreatmentScene {
        slug: "title".to_owned(),
        origin,
        heading: Some(Spanned::new(title.to_owned(), origin)),
        visuals: vec![visual],
        ..TreatmentScene::default()
    };
    ScenePlan {
        id: "s1".to_owned(),
        scene,
        purpose: ScenePurpose::Hook,
        written_start: None,
        frames,
        is_length_written: true,
        narration_frames: 0,
        reading_frames: 0,
        least_reading_frames: 0,
    }
}
