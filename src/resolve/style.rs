//! Resolves the style of the production. Layers from the lowest: colour grade, style preset,
//! contrast, single values.

use super::context::ResolveContext;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Spanned};
use crate::document::TextOr;
use crate::document::draft::{ContrastLevel, GradeDraft, StyleDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::library::PresetSet;
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
    // The look of a style has the mood of the style in it.
    let mood = own.mood.as_ref().filter(|mood| {
        let of_style = base.mood.as_ref();
        of_style.is_none_or(|known| known.value != mood.value)
    });
    for (field, written, known) in [
        ("era", own.era.as_ref(), &library.eras),
        ("mood", mood, &library.moods),
    ] {
        if let Some(layer) = written.and_then(|name| find_tone(context, field, name, known)) {
            add_layer(&mut grade, layer);
        }
    }
    if let Some(layer) = &own.grade {
        apply_layer(context, &mut grade, layer);
    }
    (name, grade)
}

/// Returns the changes of an era or a mood. An unknown one is a warning: the words were free text
/// once, and a film can be made without.
fn find_tone<'a>(
    context: &mut ResolveContext<'a>,
    field: &str,
    name: &Spanned<String>,
    known: &'a PresetSet<GradeDraft>,
) -> Option<&'a GradeDraft> {
    if name.is_placeholder {
        return None;
    }
    let text = name.value.trim().to_lowercase();
    let found = known.get(&text);
    if found.is_none() {
        let code = if field == "era" {
            "production::style::unknown_era"
        } else {
            "production::style::unknown_mood"
        };
        let names: Vec<&str> = known.preset_names().collect();
        let help = did_you_mean(&text, names.iter().copied())
            .unwrap_or_else(|| format!("known are {}", names.join(", ")));
        let message = format!("{field} {} changes nothing", quote_value(&name.value));
        context.diagnostics.push(
            Diagnostic::warning(code, name.origin, message)
                .with_label(format!("no {field} of this name"))
                .with_help(help),
        );
    }
    found
}

/// Adds the changes of an era or a mood to a grade.
fn add_layer(grade: &mut Grade, layer: &GradeDraft) {
    let value = |field: &Option<Spanned<f32>>, unset: f32| {
        field.as_ref().map_or(unset, |value| value.value)
    };
    // Added and multiplied, and not set: era and mood are both seen over the style.
    grade.exposure += value(&layer.exposure, 0.0);
    grade.warmth = (grade.warmth + value(&layer.warmth, 0.0)).clamp(-1.0, 1.0);
    grade.tint = (grade.tint + value(&layer.tint, 0.0)).clamp(-1.0, 1.0);
    grade.contrast *= value(&layer.contrast, 1.0);
    grade.saturation *= value(&layer.saturation, 1.0);
    let share = |field: &mut f32, added: f32| *field = (*field + added).clamp(0.0, 1.0);
    share(&mut grade.split, value(&layer.split, 0.0));
    share(&mut grade.bloom, value(&layer.bloom, 0.0));
    share(&mut grade.vignette, value(&layer.vignette, 0.0));
    share(&mut grade.grain, value(&layer.grain, 0.0));
    let lift = layer.lift.as_ref().map_or([0.0; 3], |value| value.value);
    for (channel, added) in grade.lift.iter_mut().zip(lift) {
        *channel = (*channel + added).clamp(-1.0, 1.0);
    }
    let factors = |field: &mut [f32; 3], layer: &Option<Spanned<[f32; 3]>>| {
        let factors = layer.as_ref().map_or([1.0; 3], |value| value.value);
        field
            .iter_mut()
            .zip(factors)
            .for_each(|(channel, factor)| *channel *= factor);
    };
    factors(&mut grade.gamma, &layer.gamma);
    factors(&mut grade.gain, &layer.gain);
    // A tone is a colour and no amount, so that of the later layer counts.
    let tone = |field: &mut [f32; 3], layer: &Option<Spanned<[f32; 3]>>| {
        *field = layer.as_ref().map_or(*field, |value| value.value);
    };
    tone(&mut grade.shadow_tone, &layer.shadow_tone);
    tone(&mut grade.highlight_tone, &layer.highlight_tone);
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
    apply_layer_tones(context, grade, layer);
}

/// Applies the fields that have a value for each channel.
fn apply_layer_tones(context: &mut ResolveContext<'_>, grade: &mut Grade, layer: &GradeDraft) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;

    #[test]
    fn an_era_changes_every_field_of_a_grade_that_it_names() {
        let channels = |value: [f32; 3]| Some(Spanned::new(value, FileSpan::default()));
        let layer = GradeDraft {
            gamma: channels([2.0, 1.0, 0.5]),
            gain: channels([1.0, 0.5, 1.0]),
            shadow_tone: channels([0.1, 0.2, 0.3]),
            ..GradeDraft::default()
        };
        let before = Grade::default();
        let mut grade = before;
        add_layer(&mut grade, &layer);
        add_layer(&mut grade, &layer);
        let factors = |after: [f32; 3], before: [f32; 3]| {
            let pairs = after.iter().zip(before);
            pairs
                .map(|(after, before)| after / before)
                .collect::<Vec<_>>()
        };
        assert_eq!(factors(grade.gamma, before.gamma), [4.0, 1.0, 0.25]);
        assert_eq!(factors(grade.gain, before.gain), [1.0, 0.25, 1.0]);
        assert_eq!(grade.shadow_tone, [0.1, 0.2, 0.3]);
        assert_eq!(grade.highlight_tone, before.highlight_tone);
    }
}
