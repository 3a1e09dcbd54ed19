//! Resolves the style of the production. Layers from the lowest: colour grade, style preset,
//! contrast, single values.

use super::context::ResolveContext;
use crate::base::Spanned;
use crate::document::TextOr;
use crate::document::draft::{ContrastLevel, GradeDraft, StyleDraft};
use crate::document::overlay::OverlayFields;
use crate::model::colour_grade::Grade;
use crate::model::{defaults, value_ranges};

pub(super) fn resolve_style(
    context: &mut ResolveContext<'_>,
    written: Option<&TextOr<StyleDraft>>,
) -> (String, Grade) {
    let own = written.cloned().map(StyleDraft::from).unwrap_or_default();
    let library = context.library;
    let preset = match &own.preset {
        Some(name) => context.find_preset("style", &library.styles, name),
        // A plain lookup: a missing default is not the author's mistake.
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
        .and_then(|name| context.find_preset("colour grade", &library.grades, name));
    let mut grade = Grade::default();
    // A later layer overrides single fields of an earlier one.
    for layer in [graded, base.grade.as_ref()].into_iter().flatten() {
        apply_layer(context, &mut grade, layer);
    }
    // `contrast: high` multiplies, so it means more contrast than the preset has. The author's own
    // grade comes after it and is exact.
    grade.contrast *= merged.contrast.map_or(1.0, contrast_factor);
    if let Some(layer) = &own.grade {
        apply_layer(context, &mut grade, layer);
    }
    (name, grade)
}

fn contrast_factor(level: Spanned<ContrastLevel>) -> f32 {
    match level.value {
        ContrastLevel::VeryLow => 0.8,
        ContrastLevel::Low => 0.9,
        ContrastLevel::Medium => 1.0,
        ContrastLevel::High => 1.12,
        ContrastLevel::VeryHigh => 1.35,
    }
}

fn apply_layer(context: &mut ResolveContext<'_>, grade: &mut Grade, layer: &GradeDraft) {
    // A field that is unset, or out of range and reported, keeps the value of the layer below.
    let set = |value: Option<f32>, field: &mut f32| *field = value.unwrap_or(*field);
    set(
        context.in_range_opt("exposure", &layer.exposure, value_ranges::EXPOSURE),
        &mut grade.exposure,
    );
    set(
        context.in_range_opt("warmth", &layer.warmth, value_ranges::BALANCE),
        &mut grade.warmth,
    );
    set(
        context.in_range_opt("tint", &layer.tint, value_ranges::BALANCE),
        &mut grade.tint,
    );
    set(
        context.in_range_opt("contrast", &layer.contrast, value_ranges::CONTRAST),
        &mut grade.contrast,
    );
    set(
        context.in_range_opt("saturation", &layer.saturation, value_ranges::SATURATION),
        &mut grade.saturation,
    );
    set(
        context.in_range_opt("split", &layer.split, value_ranges::SHARE),
        &mut grade.split,
    );
    set(
        context.in_range_opt("bloom", &layer.bloom, value_ranges::SHARE),
        &mut grade.bloom,
    );
    set(
        context.in_range_opt("vignette", &layer.vignette, value_ranges::SHARE),
        &mut grade.vignette,
    );
    set(
        context.in_range_opt("grain", &layer.grain, value_ranges::SHARE),
        &mut grade.grain,
    );
    let tone = |value: Option<[f32; 3]>, field: &mut [f32; 3]| *field = value.unwrap_or(*field);
    tone(
        context.channels_in_range("lift", &layer.lift, value_ranges::BALANCE),
        &mut grade.lift,
    );
    tone(
        context.channels_in_range("gamma", &layer.gamma, value_ranges::GAMMA),
        &mut grade.gamma,
    );
    tone(
        context.channels_in_range("gain", &layer.gain, value_ranges::GAIN),
        &mut grade.gain,
    );
    tone(
        context.channels_in_range("shadow_tone", &layer.shadow_tone, value_ranges::SHARE),
        &mut grade.shadow_tone,
    );
    tone(
        context.channels_in_range("highlight_tone", &layer.highlight_tone, value_ranges::SHARE),
        &mut grade.highlight_tone,
    );
}
