//! Checks and repairs of pictures and voices.

use super::film_settings::SPEECH_PROVIDERS;
use super::plan_draft::{ScenePlan, TreatmentOptions, TreatmentPlan};
use super::plan_finding::{PlanFinding, TreatmentRepair};
use crate::base::{DiagnosticCode, FileSpan, Spanned};
use crate::document::quote::quote_value;
use crate::treatment::treatment_value::{SceneVisual, VisualSource};

const MISSING_VISUAL: DiagnosticCode = "production::treatment::missing_visual";
const MISSING_ASSET: DiagnosticCode = "production::treatment::missing_asset";
const INVALID_ASSET_SOURCE: DiagnosticCode = "production::treatment::invalid_asset_source";
const NO_TTS_PROVIDER: DiagnosticCode = "production::treatment::no_tts_provider";
const UNSUPPORTED_TTS_PROVIDER: DiagnosticCode = "production::treatment::unsupported_tts_provider";

/// Whether a scene shows anything of its own.
fn shows_something(scene: &ScenePlan) -> bool {
    !scene.scene.visuals.is_empty()
        || !scene.scene.charts.is_empty()
        || !scene.scene.overlays.is_empty()
}

/// Returns what is wrong with the pictures of scenes.
pub(super) fn check_pictures(plan: &TreatmentPlan, options: &TreatmentOptions) -> Vec<PlanFinding> {
    let mut findings = Vec::new();
    for scene in &plan.scenes {
        if !shows_something(scene) {
            let message = "the scene shows nothing".to_owned();
            let origin = scene.scene.origin;
            findings.push(PlanFinding {
                code: MISSING_VISUAL,
                origin,
                message,
            });
        }
        for visual in &scene.scene.visuals {
            findings.extend(picture_finding(visual, options));
        }
    }
    findings
}

fn picture_finding(visual: &SceneVisual, options: &TreatmentOptions) -> Option<PlanFinding> {
    let origin = visual.description.origin;
    match &visual.source {
        // No library of stock pictures is connected, and a picture that nobody can get is no film.
        VisualSource::Stock => Some(PlanFinding {
            code: INVALID_ASSET_SOURCE,
            origin,
            message: "the picture is to come from a library of stock pictures".to_owned(),
        }),
        VisualSource::User(path) if !options.files.contains(path) => Some(PlanFinding {
            code: MISSING_ASSET,
            origin,
            message: match options.unusable.get(path) {
                Some(why) => format!("{} cannot be shown: {why}", quote_value(path)),
                None => format!("{} does not exist beside the treatment", quote_value(path)),
            },
        }),
        _ => None,
    }
}

/// Gives every scene a picture that can be made.
pub(super) fn repair_pictures(plan: &mut TreatmentPlan, options: &TreatmentOptions) {
    let title = plan.settings.title.clone();
    for index in 0..plan.scenes.len() {
        let scene = &mut plan.scenes[index];
        let mut repairs = Vec::new();
        if !shows_something(scene) {
            let visual = substitute_visual(scene, &title);
            repairs.push(TreatmentRepair {
                code: MISSING_VISUAL,
                origin: scene.scene.origin,
                path: format!("scenes[{index}].visuals"),
                before: "nothing".to_owned(),
                after: quote_value(&visual.description.value),
                message: "the scene shows nothing".to_owned(),
            });
            scene.scene.visuals.push(visual);
        }
        let heading = scene_words(scene, &title);
        for (place, visual) in scene.scene.visuals.iter_mut().enumerate() {
            let Some(finding) = picture_finding(visual, options) else {
                continue;
            };
            let before = match &visual.source {
                VisualSource::User(path) => quote_value(path),
                _ => "`stock`".to_owned(),
            };
            repairs.push(TreatmentRepair {
                code: finding.code,
                origin: finding.origin,
                path: format!("scenes[{index}].visuals[{place}].source"),
                before,
                after: "`generated`".to_owned(),
                message: finding.message,
            });
            visual.source = VisualSource::Generated;
            // A file needs no words; what is drawn in its place does.
            if visual.description.value.is_empty() {
                visual.description.value.clone_from(&heading);
            }
        }
        plan.repairs.extend(repairs);
    }
}

/// Returns a picture of what a scene is about.
fn substitute_visual(scene: &ScenePlan, title: &str) -> SceneVisual {
    let text = scene_words(scene, title);
    SceneVisual {
        description: Spanned::new(text, scene.scene.origin),
        source: VisualSource::Generated,
        camera: None,
        focal: None,
        has_person: false,
    }
}

/// Returns the heading of a scene, else its first words, else the title.
fn scene_words(scene: &ScenePlan, title: &str) -> String {
    let heading = scene
        .scene
        .heading
        .as_ref()
        .map(|heading| heading.value.clone());
    let words = scene.scene.narration.first().map(|line| {
        let text = line.text.value.as_str();
        let sentence = text.split_inclusive(['.', '!', '?']).next().unwrap_or(text);
        // A picture is of one thing; the rest of a long sentence would only dilute its description.
        let words: Vec<&str> = sentence.split_whitespace().take(12).collect();
        words
            .join(" ")
            .trim_end_matches(['.', ',', ';', ':'])
            .to_owned()
    });
    heading.or(words).unwrap_or_else(|| title.to_owned())
}

/// Returns what is wrong with the voice.
pub(super) fn check_voice(plan: &TreatmentPlan) -> Vec<PlanFinding> {
    let is_spoken = plan
        .scenes
        .iter()
        .any(|scene| !scene.scene.narration.is_empty());
    let provider = plan.settings.speech_provider.as_str();
    if !is_spoken || SPEECH_PROVIDERS.contains(&provider) {
        return Vec::new();
    }
    let origin = plan.settings.speech_origin.unwrap_or_default();
    let (code, message) = if is_nobody(provider) {
        (
            NO_TTS_PROVIDER,
            "there is narration, and nobody speaks it".to_owned(),
        )
    } else {
        let message = format!("{} is no program that speaks here", quote_value(provider));
        (UNSUPPORTED_TTS_PROVIDER, message)
    };
    vec![PlanFinding {
        code,
        origin,
        message,
    }]
}

fn is_nobody(provider: &str) -> bool {
    ["none", "no", "off", "-", ""].contains(&provider)
}

/// Takes the usual voice where the wanted one cannot speak.
pub(super) fn repair_voice(plan: &mut TreatmentPlan) {
    for finding in check_voice(plan) {
        let usual = SPEECH_PROVIDERS[0].to_owned();
        let repair = TreatmentRepair {
            code: finding.code,
            origin: finding.origin,
            path: "audio.tts.provider".to_owned(),
            before: quote_value(&plan.settings.speech_provider),
            after: quote_value(&usual),
            message: finding.message,
        };
        plan.repairs.push(repair);
        plan.settings.speech_provider = usual;
    }
}

/// Names the place of a scene that has none of its own.
#[must_use]
pub(super) fn scene_origin(scene: &ScenePlan) -> FileSpan {
    scene.scene.origin
}
