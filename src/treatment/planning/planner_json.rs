//! A plan in the form that clients of a planner know: success, manifest and jobs.

use super::plan_draft::{PlanStatus, ScenePlan, TreatmentPlan};
use super::plan_finding::short_code;
use crate::base::{Diagnostics, Severity, SourceMap};
use crate::treatment::treatment_value::{
    SceneChart, SceneVisual, TreatmentReference, VisualSource,
};
use serde_json::{Value, json};

/// Returns the answer of the planner. `milliseconds` is the time that planning took, if it was
/// measured.
#[must_use]
pub fn planner_json(
    plan: &TreatmentPlan,
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    milliseconds: Option<u64>,
) -> Value {
    let mut answer = json!({
        "success": true,
        "manifestId": plan.manifest_id,
        "jobCount": plan.jobs.len(),
        "status": plan.status,
        "usedRepair": plan.status != PlanStatus::Clean,
        "warnings": warnings_json(plan, diagnostics, sources),
        "manifest": manifest_json(plan),
        "jobs": plan.jobs,
    });
    // Left out where it is not measured, so that the same treatment gives the same text.
    if let Some(milliseconds) = milliseconds {
        answer["processingTimeMs"] = milliseconds.into();
    }
    answer
}

fn warnings_json(
    plan: &TreatmentPlan,
    diagnostics: &Diagnostics,
    sources: &SourceMap,
) -> Vec<Value> {
    let warnings = diagnostics
        .as_slice()
        .iter()
        .filter(|found| found.severity != Severity::Info);
    let shown = warnings.map(|found| {
        let source = sources.get(found.origin.file);
        let (line, column) =
            source.map_or((1, 1), |source| source.line_and_column(found.origin.start));
        // A repair has no id in its warning; code, place and new value name it.
        let repair = plan.repairs.iter().find(|repair| {
            repair.code == found.code
                && repair.origin == found.origin
                && found.message.contains(&repair.after)
        });
        json!({
            "code": short_code(found.code),
            "message": found.message,
            "line": line,
            "column": column,
            "path": repair.map(|repair| repair.path.as_str()),
            "before": repair.map(|repair| repair.before.as_str()),
            "after": repair.map(|repair| repair.after.as_str()),
        })
    });
    shown.collect()
}

fn manifest_json(plan: &TreatmentPlan) -> Value {
    let settings = &plan.settings;
    let starts = plan.scene_starts();
    let scenes = plan.scenes.iter().zip(&starts);
    json!({
        "id": plan.manifest_id,
        "status": if plan.status == PlanStatus::Degraded { "planning" } else { "ready_to_dispatch" },
        "sourceRefs": plan.references.iter().map(reference_json).collect::<Vec<_>>(),
        "metadata": {
            "title": settings.title,
            "intent": "video",
            "durationSeconds": plan.seconds(plan.frame_count()),
            "frameRate": settings.rate,
            "aspectRatio": format!("{}:{}", settings.aspect.0, settings.aspect.1),
            "aspectSource": settings.aspect_source,
            "requestedAspect": if settings.is_smart_auto { "Smart Auto" } else { "written" },
            "platform": settings.platform,
            "language": settings.language,
            "profile": settings.profile.name,
            "priority": "normal",
        },
        "scenes": scenes.map(|(scene, start)| scene_json(plan, scene, *start)).collect::<Vec<_>>(),
        "assets": plan.assets.iter().map(|asset| json!({
            "id": asset.id,
            "sceneId": asset.scene_id,
            "source": if asset.is_generated { "generated" } else { "user" },
            "role": if asset.is_chart { "graphic" } else { "primary" },
            "status": if asset.is_generated { "pending" } else { "ready" },
            "content": asset.content,
        })).collect::<Vec<_>>(),
        "audio": audio_json(plan, &starts),
        "visuals": {
            "palette": settings.palette,
            "style": settings.profile.style,
        },
        "effects": {
            "intensity": settings.profile.effect_intensity,
            "allowed": settings.profile.allowed_effects,
            "forbidden": settings.profile.forbidden_effects,
            "transition": settings.profile.transition,
        },
        "consistency": {
            "faces": plan.faces_locked.map(|locked| if locked { "locked" } else { "vary" }),
            "voice": plan.voice_consistent.map(|same| if same { "consistent" } else { "vary" }),
            "tone": plan.tone,
            "brand": {"colors": settings.palette, "logo": plan.logo, "font": plan.font},
        },
        "qualityGate": {
            "status": plan.status,
            "repairs": plan.repairs.iter().map(|repair| json!({
                "code": repair.short_code(),
                "path": repair.path,
                "before": repair.before,
                "after": repair.after,
            })).collect::<Vec<_>>(),
        },
        "jobs": plan.jobs.iter().map(|job| job.id.as_str()).collect::<Vec<_>>(),
    })
}

fn audio_json(plan: &TreatmentPlan, starts: &[i64]) -> Value {
    let cues = plan.music.iter().map(|cue| {
        json!({
            "id": cue.id,
            "mood": cue.mood,
            "startAtSec": plan.seconds(starts.get(cue.first).copied().unwrap_or(0)),
            "durationSeconds": plan.seconds(cue.frames),
        })
    });
    json!({
        "tts": {
            "provider": plan.settings.speech_provider,
            "voiceId": plan.voice_id,
            "voice": plan.voice,
        },
        "music": cues.collect::<Vec<_>>(),
        "duckToVoice": true,
    })
}

fn scene_json(plan: &TreatmentPlan, planned: &ScenePlan, start: i64) -> Value {
    let scene = &planned.scene;
    let texts = |list: &[crate::base::Spanned<String>]| {
        list.iter()
            .map(|text| text.value.clone())
            .collect::<Vec<_>>()
    };
    let spoken: Vec<&str> = scene
        .narration
        .iter()
        .map(|line| line.text.value.as_str())
        .collect();
    json!({
        "id": planned.id,
        "slug": scene.slug,
        "heading": scene.heading.as_ref().map(|heading| heading.value.as_str()),
        "startAtSec": plan.seconds(start),
        "durationSeconds": plan.seconds(planned.frames),
        "frames": planned.frames,
        "purpose": planned.purpose,
        "narration": spoken.join(" "),
        "lines": scene.narration.iter().map(|line| json!({
            "speaker": line.speaker.as_ref().map(|name| name.value.as_str()),
            "text": line.text.value,
        })).collect::<Vec<_>>(),
        "language": scene.language.as_ref().map_or(plan.settings.language.as_str(), |tag| tag.value.as_str()),
        "musicCue": scene.music.as_ref().map(|music| music.value.as_str()),
        "visuals": scene.visuals.iter().enumerate()
            .map(|(index, visual)| visual_json(planned, visual, index))
            .collect::<Vec<_>>(),
        "effects": texts(&scene.effects),
        "sounds": texts(&scene.sounds),
        "charts": scene.charts.iter().map(chart_json).collect::<Vec<_>>(),
        "overlays": scene.overlays.iter().map(|overlay| json!({
            "type": overlay.kind.name(),
            "lines": texts(&overlay.lines),
            "attributed": overlay.is_attributed,
            "codeLanguage": overlay.code_language,
        })).collect::<Vec<_>>(),
        "subtitles": scene.subtitles.map(|on| on.value),
        "references": scene.references.iter().map(reference_json).collect::<Vec<_>>(),
        "notes": texts(&scene.notes),
    })
}

fn visual_json(scene: &ScenePlan, visual: &SceneVisual, index: usize) -> Value {
    json!({
        "assetId": format!("{}_v{}", scene.id, index + 1),
        "source": if matches!(visual.source, VisualSource::User(_)) { "user" } else { "generated" },
        "description": visual.description.value,
        "camera": visual.camera,
        "focal": visual.focal,
    })
}

fn chart_json(chart: &SceneChart) -> Value {
    json!({
        "type": chart.kind.name(),
        "title": chart.title.as_ref().map(|title| title.value.as_str()),
        "columns": chart.columns.iter().map(|column| column.value.as_str()).collect::<Vec<_>>(),
        "rows": chart.rows.iter().map(|row| json!({
            "label": row.label.value,
            "value": row.value,
            "unit": row.unit,
            "cells": row.cells.iter().map(|cell| cell.value.as_str()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn reference_json(reference: &TreatmentReference) -> Value {
    json!({
        "location": reference.location.value,
        "about": reference.about,
        "role": reference.role,
    })
}
