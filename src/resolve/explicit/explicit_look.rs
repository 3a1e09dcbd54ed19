//! Explicit style, grade, render settings and outputs.

use super::explicit_sound::explicit_output_sound;
use super::{DEFAULT_ORIGIN, DERIVED_ORIGIN, OVERRIDE_ORIGIN, filled, to_scalar, with_origin};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{
    GradeDraft, OutputDraft, ProductionDraft, RenderDraft, RetroDraft, StyleDraft,
};
use crate::document::overlay::OverlayFields;
use crate::document::{NamedList, ScalarOrList, TextOr};
use crate::model::Production;
use crate::model::production::Output;
use crate::resolve::context::ResolveContext;

/// Returns the style with the grade that all its layers result in.
pub(super) fn explicit_style(
    context: &mut ResolveContext<'_>,
    written: Option<&TextOr<StyleDraft>>,
    production: &Production,
) -> StyleDraft {
    let own = written.cloned().map(StyleDraft::from).unwrap_or_default();
    let base = context
        .library
        .styles
        .get(&production.style)
        .cloned()
        .unwrap_or_default();
    let merged = own.clone().overlay_on(base);
    let graded = merged
        .color_grade
        .as_ref()
        .and_then(|name| context.library.grades.get(&name.value))
        .cloned();
    // The merged layers give only the origin of each value. The values come from the resolved
    // grade.
    let under: GradeDraft = merged.grade.clone().overlay_on(graded).unwrap_or_default();
    let grade = filled!(&under, production.grade, {
        exposure, warmth, tint, saturation, lift, gamma, gain, shadow_tone, highlight_tone, split, bloom, vignette, grain,
    });
    // Contrast is a product: grade, then `contrast:` of the style, unless the style's own grade
    // sets it. Its origin is the last of these that is written.
    let own_contrast = own.grade.as_ref().and_then(|grade| grade.contrast);
    let level = merged.contrast.map(|level| level.origin);
    let origin = own_contrast.map(|contrast| contrast.origin).or(level);
    let origin = origin
        .or(under.contrast.map(|contrast| contrast.origin))
        .unwrap_or(DEFAULT_ORIGIN);
    let grade = GradeDraft {
        contrast: Some(Spanned::new(production.grade.contrast, origin)),
        ..grade
    };
    StyleDraft {
        preset: with_origin(&own.preset, production.style.clone()),
        grade: Some(grade),
        ..merged
    }
}

pub(super) fn explicit_render(own: Option<&RenderDraft>, production: &Production) -> RenderDraft {
    let own = own.cloned().unwrap_or_default();
    let render = &production.render;
    // `--quality` overrides tier, size and samples together, so all three get its origin.
    let override_origin = render.tier_source.is_override().then_some(OVERRIDE_ORIGIN);
    let place = |written: Option<FileSpan>, otherwise: FileSpan| {
        override_origin.or(written).unwrap_or(otherwise)
    };
    let tier = place(
        own.quality_tier.as_ref().map(|tier| tier.origin),
        DEFAULT_ORIGIN,
    );
    let size = place(own.resolution.as_ref().map(scalar_origin), DERIVED_ORIGIN);
    // Samples that are not written follow from the tier, so they share its origin.
    let samples = place(own.samples.map(|samples| samples.origin), tier);
    let rate = own
        .frame_rate
        .as_ref()
        // An unset rate follows from the outputs.
        .map_or(DERIVED_ORIGIN, |rate| rate.origin);
    let sensor = own
        .sensor
        .as_ref()
        .map_or(DEFAULT_ORIGIN, |sensor| sensor.origin);
    RenderDraft {
        engine: with_origin(&own.engine, render.engine.name.value.clone()),
        samples: Some(Spanned::new(render.samples, samples)),
        resolution: Some(ScalarOrList::One(to_scalar(render.size, size))),
        frame_rate: Some(to_scalar(render.rate, rate)),
        quality_tier: Some(Spanned::new(render.tier.clone(), tier)),
        sensor: Some(to_scalar(render.sensor_width, sensor)),
        denoise: with_origin(&own.denoise, render.denoise),
        chunk_size: with_origin(
            &own.chunk_size,
            u32::try_from(render.chunk).unwrap_or(u32::MAX),
        ),
        // Each shot lists its own passes, which already include these.
        passes: None,
        passes_path: own.passes_path.clone(),
    }
}

fn scalar_origin(written: &ScalarOrList) -> FileSpan {
    match written {
        ScalarOrList::One(text) => text.origin,
        ScalarOrList::List(list) => list.origin,
    }
}

pub(super) fn explicit_outputs(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    drafts: &NamedList<OutputDraft>,
    production: &Production,
) -> NamedList<OutputDraft> {
    // Outputs need no name, so none was dropped. An entry of one file a shot is many outputs, which
    // differ in what is not written out; without a shot it is none.
    let outputs = drafts.iter().enumerate().map(|(entry, own)| {
        let mut outputs = production.outputs.iter();
        match outputs.find(|output| output.entry == entry) {
            Some(output) => self::explicit_output(context, draft, own, output, production),
            None => own.clone(),
        }
    });
    NamedList(outputs.collect())
}

fn explicit_output(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    own: &OutputDraft,
    output: &Output,
    production: &Production,
) -> OutputDraft {
    let preset = own
        .format
        .as_ref()
        .and_then(|name| context.library.outputs.get(&name.value));
    let base = preset.cloned().unwrap_or_default();
    let merged = own.clone().overlay_on(base);
    let codec = output.format.codec;
    let fit = output.format.fit;
    let place_or_default = |place: Option<FileSpan>| place.unwrap_or(DEFAULT_ORIGIN);
    // With a retro treatment, the resolved size is that of the treatment, which is written out
    // below.
    let size = merged
        .resolution
        .clone()
        .unwrap_or_else(|| ScalarOrList::One(to_scalar(output.format.size, DEFAULT_ORIGIN)));
    let path = output.path.value.to_string_lossy().into_owned();
    let name = own.name.as_ref().or(own.format.as_ref());
    // What is filled in stays as it is written, or the same document would deliver to other places
    // tomorrow.
    let is_filled = |path: &&Spanned<String>| path.value.contains("${");
    let is_split = own.per_shot.as_ref().is_some_and(|own| own.value);
    let written = own.path.as_ref().filter(|path| is_split || is_filled(path));
    let path = match written {
        Some(written) => Some(written.clone()),
        None if is_split => None,
        None => Some(Spanned::new(
            path,
            own.path.as_ref().map_or(DERIVED_ORIGIN, |path| path.origin),
        )),
    };
    OutputDraft {
        name: Some(Spanned::new(
            name.map_or(&output.name.value, |name| &name.value).clone(),
            own.name.as_ref().map_or(DERIVED_ORIGIN, |name| name.origin),
        )),
        path,
        codec: with_origin(&merged.codec, codec),
        resolution: Some(size),
        frame_rate: Some(to_scalar(
            output.format.rate,
            place_or_default(merged.frame_rate.as_ref().map(|rate| rate.origin)),
        )),
        fit: with_origin(&merged.fit, fit),
        sound: explicit_output_sound(&merged, output, production).or_else(|| own.sound.clone()),
        // Written under `sound`.
        stems: own.stems.filter(|_| production.sound.is_none()),
        retro: explicit_retro(context, draft, &merged, output),
        ..merged
    }
}

fn explicit_retro(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    merged: &OutputDraft,
    output: &Output,
) -> Option<RetroDraft> {
    // The production's `retro` applies to sequences, and to films only if they ask for it. This
    // repeats `resolve_treatment`.
    let wide = draft
        .retro
        .clone()
        .filter(|_| output.format.codec.is_sequence() || merged.retro.is_some());
    let layered = merged.retro.clone().overlay_on(wide)?;
    // Switched off. The written fields say so, with `enabled: false`.
    let Some(retro) = &output.format.retro else {
        return Some(layered);
    };
    let console = layered
        .preset
        .as_ref()
        .and_then(|name| context.library.consoles.get(&name.value));
    // The console preset is the lowest layer: every written field overrides it.
    let layered = layered.overlay_on(console.cloned().unwrap_or_default());
    let size = layered
        .target_resolution
        .as_ref()
        .map_or(DERIVED_ORIGIN, scalar_origin);
    Some(RetroDraft {
        enabled: with_origin(&layered.enabled, true),
        dither: with_origin(&layered.dither, retro.dither),
        strength: with_origin(&layered.strength, retro.strength),
        target_resolution: Some(ScalarOrList::One(to_scalar(retro.size, size))),
        ..layered
    })
}
