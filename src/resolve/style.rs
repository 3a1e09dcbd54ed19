//! The style of the whole production: style preset, colour grade, contrast, single values, in that order.

use super::desk::Desk;
use crate::base::Spanned;
use crate::document::TextOr;
use crate::document::draft::{ContrastLevel, GradeDraft, StyleDraft};
use crate::document::overlay::OverlayFields;
use crate::model::colour_grade::Grade;
use crate::model::{defaults, value_ranges};

pub(super) fn style(desk: &mut Desk<'_>, written: Option<&TextOr<StyleDraft>>) -> (String, Grade) {
    let own = written.cloned().map(StyleDraft::from).unwrap_or_default();
    let library = desk.library;
    let preset = match &own.preset {
        Some(name) => desk.preset("style", &library.styles, name),
        None => library.styles.get(defaults::STYLE),
    };
    let base = preset.cloned().unwrap_or_default();
    let name = own
        .preset
        .as_ref()
        .map_or(defaults::STYLE, |name| &name.value)
        .to_owned();
    let merged = own.clone().overlay_on(base.clone());
    let graded = merged
        .color_grade
        .as_ref()
        .and_then(|name| desk.preset("colour grade", &library.grades, name));
    let mut grade = Grade::default();
    for layer in [graded, base.grade.as_ref()].into_iter().flatten() {
        apply(desk, &mut grade, layer);
    }
    grade.contrast *= merged.contrast.map_or(1.0, factor);
    if let Some(layer) = &own.grade {
        apply(desk, &mut grade, layer);
    }
    (name, grade)
}

fn factor(level: Spanned<ContrastLevel>) -> f32 {
    match level.value {
        ContrastLevel::VeryLow => 0.8,
        ContrastLevel::Low => 0.9,
        ContrastLevel::Medium => 1.0,
        ContrastLevel::High => 1.12,
        ContrastLevel::VeryHigh => 1.35,
    }
}

fn apply(desk: &mut Desk<'_>, grade: &mut Grade, layer: &GradeDraft) {
    let set = |value: Option<f32>, field: &mut f32| *field = value.unwrap_or(*field);
    set(
        desk.maybe("exposure", &layer.exposure, value_ranges::EXPOSURE),
        &mut grade.exposure,
    );
    set(
        desk.maybe("warmth", &layer.warmth, value_ranges::BALANCE),
        &mut grade.warmth,
    );
    set(
        desk.maybe("tint", &layer.tint, value_ranges::BALANCE),
        &mut grade.tint,
    );
    set(
        desk.maybe("contrast", &layer.contrast, value_ranges::CONTRAST),
        &mut grade.contrast,
    );
    set(
        desk.maybe("saturation", &layer.saturation, value_ranges::SATURATION),
        &mut grade.saturation,
    );
    set(
        desk.maybe("split", &layer.split, value_ranges::SHARE),
        &mut grade.split,
    );
    set(
        desk.maybe("bloom", &layer.bloom, value_ranges::SHARE),
        &mut grade.bloom,
    );
    set(
        desk.maybe("vignette", &layer.vignette, value_ranges::SHARE),
        &mut grade.vignette,
    );
    set(
        desk.maybe("grain", &layer.grain, value_ranges::SHARE),
        &mut grade.grain,
    );
    let tone = |value: Option<[f32; 3]>, field: &mut [f32; 3]| *field = value.unwrap_or(*field);
    tone(
        desk.channels("lift", &layer.lift, value_ranges::BALANCE),
        &mut grade.lift,
    );
    tone(
        desk.channels("gamma", &layer.gamma, value_ranges::GAMMA),
        &mut grade.gamma,
    );
    tone(
        desk.channels("gain", &layer.gain, value_ranges::GAIN),
        &mut grade.gain,
    );
    tone(
        desk.channels("shadow_tone", &layer.shadow_tone, value_ranges::SHARE),
        &mut grade.shadow_tone,
    );
    tone(
        desk.channels("highlight_tone", &layer.highlight_tone, value_ranges::SHARE),
        &mut grade.highlight_tone,
    );
}
