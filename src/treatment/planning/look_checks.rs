//! Checks of what makes a film worth watching. They warn and repair nothing: only the author knows
//! what to leave out.

use super::asset_checks::scene_origin;
use super::plan_draft::{ScenePlan, TreatmentPlan};
use super::timing_checks::seconds;
use crate::base::{Diagnostic, Diagnostics};
use crate::document::quote::quote_value;
use crate::treatment::treatment_value::OverlayKind;
use crate::treatment::words::effect_use;

/// Most characters of a text that is readable at a size for phones.
const MAX_TEXT: usize = 90;
/// Most points of a list on one screen.
const MAX_POINTS: usize = 6;

/// Adds warnings about lengths, texts and effects.
pub(super) fn check_look(plan: &TreatmentPlan, diagnostics: &mut Diagnostics) {
    for scene in &plan.scenes {
        check_narration(plan, scene, diagnostics);
        check_reading(plan, scene, diagnostics);
        check_texts(scene, diagnostics);
        check_effects(plan, scene, diagnostics);
    }
    check_pace(plan, diagnostics);
}

/// A voice may speak a quarter faster; what takes longer continues over the cut.
fn check_narration(plan: &TreatmentPlan, scene: &ScenePlan, diagnostics: &mut Diagnostics) {
    let has_room = scene.narration_frames * 4 <= scene.frames * 5;
    if scene.narration_frames == 0 || has_room {
        return;
    }
    let origin = scene
        .scene
        .narration
        .first()
        .map_or(scene.scene.origin, |line| line.text.origin);
    let message = format!(
        "the narration takes about {} s, and the scene lasts {} s",
        seconds(plan, scene.narration_frames),
        seconds(plan, scene.frames)
    );
    let warning = Diagnostic::warning("production::treatment::narration_too_long", origin, message);
    let help = "shorten the words, or give the scene or the film more time";
    diagnostics.push(warning.with_label("too long for its scene").with_help(help));
}

/// Charts and other graphics are looked at for some time, or they say nothing.
fn check_reading(plan: &TreatmentPlan, scene: &ScenePlan, diagnostics: &mut Diagnostics) {
    if scene.frames >= scene.least_reading_frames {
        return;
    }
    let charts = scene
        .scene
        .charts
        .iter()
        .map(|chart| (chart.origin, "chart"));
    let overlays = scene.scene.overlays.iter().filter_map(|overlay| {
        let is_read = overlay.kind != OverlayKind::Logo;
        let line = overlay.lines.first().filter(|_| is_read)?;
        Some((line.origin, overlay_noun(overlay.kind)))
    });
    let shown: Vec<_> = charts.chain(overlays).collect();
    let Some((origin, noun)) = shown.first() else {
        return;
    };
    let seen = seconds(plan, scene.frames);
    let message = match shown.len() {
        1 => format!("the {noun} is seen for {seen} s"),
        count => format!("{count} graphics and texts are seen for {seen} s together"),
    };
    let warning = Diagnostic::warning("production::treatment::graphic_too_short", *origin, message);
    let least = seconds(plan, scene.least_reading_frames);
    let help = format!("give the scene at least {least} s, or the film more time or fewer scenes");
    diagnostics.push(warning.with_label("too short to be read").with_help(help));
}

/// Returns the noun for an overlay in messages.
const fn overlay_noun(kind: OverlayKind) -> &'static str {
    match kind {
        OverlayKind::LowerThird => "lower third",
        kind => kind.name(),
    }
}

fn check_texts(scene: &ScenePlan, diagnostics: &mut Diagnostics) {
    for overlay in &scene.scene.overlays {
        let code = "production::treatment::text_too_long";
        // Lines of code are long, and the card sets them smaller.
        let is_code = overlay.kind == OverlayKind::Code;
        for line in overlay
            .lines
            .iter()
            .filter(|line| !is_code && line.value.chars().count() > MAX_TEXT)
        {
            let message = format!("the text has {} characters", line.value.chars().count());
            let warning = Diagnostic::warning(code, line.origin, message);
            let help =
                format!("at most {MAX_TEXT} are readable on a phone; let the voice say the rest");
            diagnostics.push(warning.with_help(help));
        }
        let is_list = overlay.kind == OverlayKind::List;
        if is_list && let Some(point) = overlay.lines.get(MAX_POINTS) {
            let message = format!("the list has {} points", overlay.lines.len());
            let warning = Diagnostic::warning(code, point.origin, message);
            let help = format!("at most {MAX_POINTS} are readable; divide the scene");
            diagnostics.push(warning.with_help(help));
        }
    }
}

fn check_effects(plan: &TreatmentPlan, scene: &ScenePlan, diagnostics: &mut Diagnostics) {
    let profile = &plan.settings.profile;
    for effect in &scene.scene.effects {
        let form = effect.value.to_lowercase().replace([' ', '-'], "_");
        if profile
            .forbidden_effects
            .iter()
            .any(|forbidden| form.contains(forbidden.as_str()))
        {
            let message = format!(
                "the profile `{}` has no {}",
                profile.name,
                quote_value(&effect.value)
            );
            let code = "production::treatment::forbidden_effect";
            let warning = Diagnostic::warning(code, effect.origin, message);
            let allowed = profile.allowed_effects.join(", ");
            let suits = Some(format!("it suits: {allowed}")).filter(|_| !allowed.is_empty());
            diagnostics.push(warning.with_label("left out").with_optional_help(suits));
        } else if effect_use(&effect.value).is_none() {
            let message = format!(
                "{} is no effect that a document can say",
                quote_value(&effect.value)
            );
            let code = "production::treatment::unknown_effect";
            let warning = Diagnostic::info(code, effect.origin, message);
            diagnostics.push(warning.with_label("kept as a comment"));
        }
    }
}

/// A pace above that of the profile is a note: it is a matter of taste.
fn check_pace(plan: &TreatmentPlan, diagnostics: &mut Diagnostics) {
    let minutes = plan.seconds(plan.frame_count()) / 60.0;
    let scenes = f64::from(u32::try_from(plan.scenes.len()).unwrap_or(u32::MAX));
    let limit = f64::from(plan.settings.profile.max_pace);
    // A film of one scene has no pace.
    let Some(second) = plan.scenes.get(1) else {
        return;
    };
    if minutes > 0.0 && scenes / minutes > limit * 10.0 {
        let message = format!(
            "{} scenes last {:.0} s together",
            plan.scenes.len(),
            minutes * 60.0
        );
        let note = Diagnostic::info("production::treatment::pace", scene_origin(second), message);
        let label = format!(
            "the profile `{}` has at most {limit} a minute",
            plan.settings.profile.name
        );
        diagnostics.push(note.with_label(label));
    }
}
