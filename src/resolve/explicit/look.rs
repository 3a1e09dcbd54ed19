//! Style, grade, rendering and outputs in full.

use super::{BY_DEFAULT, DERIVED, WISHED, filled, given, scalar};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{
    GradeDraft, OutputDraft, ProductionDraft, RenderDraft, RetroDraft, StyleDraft,
};
use crate::document::overlay::OverlayFields;
use crate::document::{NamedList, ScalarOrList, TextOr};
use crate::model::Production;
use crate::model::production::Output;
use crate::resolve::Wishes;
use crate::resolve::desk::Desk;

/// Returns the style, with the grade that all its layers come to.
pub(super) fn style(
    desk: &mut Desk<'_>,
    written: Option<&TextOr<StyleDraft>>,
    production: &Production,
) -> StyleDraft {
    let own = written.cloned().map(StyleDraft::from).unwrap_or_default();
    let base = desk
        .library
        .styles
        .get(&production.style)
        .cloned()
        .unwrap_or_default();
    let merged = own.clone().overlay_on(base);
    let graded = merged
        .color_grade
        .as_ref()
        .and_then(|name| desk.library.grades.get(&name.value))
        .cloned();
    let under: GradeDraft = merged.grade.clone().overlay_on(graded).unwrap_or_default();
    let grade = filled!(&under, production.grade, {
        exposure, warmth, tint, saturation, lift, gamma, gain, shadow_tone, highlight_tone, split, bloom, vignette, grain,
    });
    let own_contrast = own.grade.as_ref().and_then(|grade| grade.contrast);
    let level = merged.contrast.map(|level| level.origin);
    let origin = own_contrast.map(|contrast| contrast.origin).or(level);
    let origin = origin
        .or(under.contrast.map(|contrast| contrast.origin))
        .unwrap_or(BY_DEFAULT);
    let grade = GradeDraft {
        contrast: Some(Spanned::new(production.grade.contrast, origin)),
        ..grade
    };
    StyleDraft {
        preset: given(&own.preset, production.style.clone()),
        grade: Some(grade),
        ..merged
    }
}

pub(super) fn render(
    own: Option<&RenderDraft>,
    production: &Production,
    wishes: &Wishes,
) -> RenderDraft {
    let own = own.cloned().unwrap_or_default();
    let render = &production.render;
    let wished = wishes.quality.as_ref().map(|_| WISHED);
    let place =
        |written: Option<FileSpan>, otherwise: FileSpan| wished.or(written).unwrap_or(otherwise);
    let tier = place(
        own.quality_tier.as_ref().map(|tier| tier.origin),
        BY_DEFAULT,
    );
    let size = place(own.resolution.as_ref().map(origin_of), DERIVED);
    let samples = place(own.samples.map(|samples| samples.origin), tier);
    let rate = own.frame_rate.as_ref().map_or(DERIVED, |rate| rate.origin);
    let sensor = own
        .sensor
        .as_ref()
        .map_or(BY_DEFAULT, |sensor| sensor.origin);
    RenderDraft {
        engine: given(&own.engine, render.engine.name.value.clone()),
        samples: Some(Spanned::new(render.samples, samples)),
        resolution: Some(ScalarOrList::One(scalar(render.size, size))),
        frame_rate: Some(scalar(render.rate, rate)),
        quality_tier: Some(Spanned::new(render.tier.clone(), tier)),
        sensor: Some(scalar(render.sensor_width, sensor)),
        denoise: given(&own.denoise, render.denoise),
        chunk_size: given(
            &own.chunk_size,
            u32::try_from(render.chunk).unwrap_or(u32::MAX),
        ),
        // Every shot says its own.
        passes: None,
        passes_path: own.passes_path.clone(),
    }
}

fn origin_of(written: &ScalarOrList) -> FileSpan {
    match written {
        ScalarOrList::One(text) => text.origin,
        ScalarOrList::List(list) => list.origin,
    }
}

pub(super) fn outputs(
    desk: &mut Desk<'_>,
    draft: &ProductionDraft,
    drafts: &NamedList<OutputDraft>,
    production: &Production,
) -> NamedList<OutputDraft> {
    let outputs = drafts.iter().zip(&production.outputs);
    NamedList(
        outputs
            .map(|(own, output)| self::output(desk, draft, own, output))
            .collect(),
    )
}

fn output(
    desk: &mut Desk<'_>,
    draft: &ProductionDraft,
    own: &OutputDraft,
    output: &Output,
) -> OutputDraft {
    let preset = own
        .format
        .as_ref()
        .and_then(|name| desk.library.outputs.get(&name.value));
    let base = preset.cloned().unwrap_or_default();
    let merged = own.clone().overlay_on(base);
    let (codec, fit) = (output.format.codec, output.format.fit);
    let written = |place: Option<FileSpan>| place.unwrap_or(BY_DEFAULT);
    // A retro treatment gives the size of the deliverable, and is written out below.
    let size = merged
        .resolution
        .clone()
        .unwrap_or_else(|| ScalarOrList::One(scalar(output.format.size, BY_DEFAULT)));
    let path = output.path.value.to_string_lossy().into_owned();
    OutputDraft {
        name: Some(Spanned::new(
            output.name.value.clone(),
            own.name.as_ref().map_or(DERIVED, |name| name.origin),
        )),
        path: Some(Spanned::new(
            path,
            own.path.as_ref().map_or(DERIVED, |path| path.origin),
        )),
        codec: given(&merged.codec, codec),
        resolution: Some(size),
        frame_rate: Some(scalar(
            output.format.rate,
            written(merged.frame_rate.as_ref().map(|rate| rate.origin)),
        )),
        fit: given(&merged.fit, fit),
        retro: retro(desk, draft, &merged, output),
        ..merged
    }
}

fn retro(
    desk: &mut Desk<'_>,
    draft: &ProductionDraft,
    merged: &OutputDraft,
    output: &Output,
) -> Option<RetroDraft> {
    let wide = draft
        .retro
        .clone()
        .filter(|_| output.format.codec.is_sequence() || merged.retro.is_some());
    let layered = merged.retro.clone().overlay_on(wide)?;
    // Switched off, which the fields as written say.
    let Some(retro) = &output.format.retro else {
        return Some(layered);
    };
    let console = layered
        .preset
        .as_ref()
        .and_then(|name| desk.library.consoles.get(&name.value));
    let layered = layered.overlay_on(console.cloned().unwrap_or_default());
    let size = layered
        .target_resolution
        .as_ref()
        .map_or(DERIVED, origin_of);
    Some(RetroDraft {
        enabled: given(&layered.enabled, true),
        dither: given(&layered.dither, retro.dither),
        strength: given(&layered.strength, retro.strength),
        target_resolution: Some(ScalarOrList::One(scalar(retro.size, size))),
        ..layered
    })
}
