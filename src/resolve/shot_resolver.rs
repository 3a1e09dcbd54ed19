//! Resolves shots: each source over its template, with cast, camera, frames and location.

use super::camera::{resolve_camera, resolve_model_camera};
use super::context::ResolveContext;
use super::edit::{TransitionSide, shot_transition};
use super::effects::resolve_effects;
use super::entry_index::{EntryIndex, resolve_reference, scene_casts};
use super::footage::WrittenFootage;
use super::limits::resolve_limits;
use super::lines::{LineContext, ShotScript, SpokenShots};
use super::render::{distinct_passes, resolve_renderer};
use super::shot_cast::{resolve_cast, resolve_prop, resolve_subject};
use super::shot_context::{ShotContext, ShotSpeech};
use super::shot_length::resolve_length;
use super::shot_locations::assign_locations;
use super::shot_names::ShotNames;
use super::shot_sources::{ShotSource, shot_sources};
use crate::base::Spanned;
use crate::document::draft::{ProductionDraft, ShotDraft};
use crate::document::overlay::OverlayFields;
use crate::model::production::{EntryRef, PropRole, RendererRef, Shot};
use crate::model::sound::ShotEffect;
use crate::model::speaker_names::CastIndex;
use crate::model::{Codec, JobLimits, RenderPass, value_ranges};

pub(super) fn resolve_shots(
    context: &mut ResolveContext<'_>,
    written: &ProductionDraft,
    shot_context: &ShotContext<'_>,
) -> SpokenShots {
    let sources = shot_sources(context, written, shot_context);
    // Marks depend on everyone in the scene, so all sources are read before the first shot is
    // resolved.
    let mut entries = EntryIndex::from_context(shot_context);
    entries.casts = scene_casts(&sources, &entries);
    let mut names = ShotNames::from_sources(&sources);
    let scripts: Vec<ShotScript> = sources
        .into_iter()
        .map(|source| resolve_shot(context, source, shot_context, &entries, &mut names))
        .collect();
    let mut spoken = match shot_context.sound {
        Some(ShotSpeech {
            sound,
            facts,
            has_sound,
        }) => {
            let lines = LineContext {
                characters: shot_context.characters,
                speakers: CastIndex::new(shot_context.characters),
                scenes: shot_context.scenes,
                rate: shot_context.render.rate,
                sound,
                facts,
                are_films_whole: are_films_whole(written),
            };
            context.resolve_sound(has_sound, |context| lines.speak_shots(context, scripts))
        }
        None => SpokenShots {
            shots: scripts.into_iter().map(|script| script.shot).collect(),
            unspoken: Vec::new(),
        },
    };
    // Last, since a shot may take its location from a later shot of its scene.
    assign_locations(&mut spoken.shots, shot_context);
    spoken
}

/// Returns whether no film is a part of the shots, or has them in another order.
fn are_films_whole(written: &ProductionDraft) -> bool {
    let is_picture = |codec: &Spanned<Codec>| codec.value.film_encoding().is_none();
    let mut parts = written
        .outputs
        .iter()
        .flatten()
        .filter(|output| output.shots.is_some());
    // A storyboard of some shots is silent.
    written.edit.is_none() && parts.all(|output| output.codec.as_ref().is_some_and(is_picture))
}

fn resolve_shot(
    context: &mut ResolveContext<'_>,
    source: ShotSource<'_>,
    shot_context: &ShotContext<'_>,
    entries: &EntryIndex<'_>,
    names: &mut ShotNames,
) -> ShotScript {
    let origin = source.origin.unwrap_or(shot_context.origin);
    let own: &ShotDraft = &source.draft;
    let template = find_template(context, own);
    // An unknown template was reported by `find_preset`. The shot continues without it, to report
    // the rest.
    let none = ShotDraft::default();
    let base = template.unwrap_or(&none);
    let merged = over_template(own, base);
    let name = names.next_name(own, origin);
    let rate = shot_context.render.rate;
    let footage = WrittenFootage::resolve(context, own.frames.as_ref(), shot_context.footage);
    let length = resolve_length(context, own, base, rate, footage.as_ref());
    // The cast comes before the camera, because `focus` may name one of its members.
    let cast = resolve_cast(context, own, &merged, entries, &source.scene.value);
    let effects = shot_effects(context, own, shot_context);
    ShotScript {
        lines: own.lines.clone().filter(|_| shot_context.sound.is_some()),
        // Coverage gives each shot a length, which is an estimate of its words.
        has_length: length.is_written && !source.automatic,
        shot: Shot {
            origin,
            camera: resolve_camera(context, &merged, shot_context.render.sensor_width, &cast),
            model_camera: resolve_model_camera(own.camera.as_ref()),
            // The rule `always_sharp` points here.
            aperture_origin: merged.aperture.map(|aperture| aperture.origin),
            subject: resolve_subject(&merged, &cast),
            props: resolve_shot_props(context, &merged, entries),
            location: written_location(own, entries),
            exposure: shot_exposure(context, &merged),
            passes: shot_passes(&merged, shot_context),
            engine: shot_renderer(context, merged.engine),
            range_origin: length.range_origin,
            footage: footage.map(|footage| footage.for_frames(&length.frames, rate)),
            frames: length.frames,
            duration: length.duration,
            take: own.take.as_ref().map(|take| take.value.trim().to_owned()),
            limits: shot_limits(context, own),
            template: own.template.clone(),
            automatic: source.automatic,
            description: written_description(own),
            name,
            scene: source.scene,
            cast,
            // `LineContext::speak_shots` sets them: which speech a shot has depends on the other
            // shots of its scene.
            lines: Vec::new(),
            effects,
            transition_in: shot_transition(context, own, TransitionSide::In, rate),
            transition_out: shot_transition(context, own, TransitionSide::Out, rate),
            recut: None,
        },
    }
}

fn find_template<'a>(context: &mut ResolveContext<'a>, own: &ShotDraft) -> Option<&'a ShotDraft> {
    let library = context.library;
    let name = own.template.as_ref()?;
    context.find_preset("shot template", &library.shots, name)
}

fn shot_exposure(context: &mut ResolveContext<'_>, merged: &ShotDraft) -> f32 {
    context
        .in_range_opt("exposure", &merged.exposure, value_ranges::EXPOSURE)
        .unwrap_or(0.0)
}

/// Returns the renderer that a shot names. `None`: the one of the production draws it.
fn shot_renderer(
    context: &mut ResolveContext<'_>,
    written: Option<Spanned<String>>,
) -> Option<RendererRef> {
    written.map(|name| resolve_renderer(context, name))
}

fn shot_effects(
    context: &mut ResolveContext<'_>,
    own: &ShotDraft,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotEffect> {
    match shot_context.sound {
        Some(ShotSpeech {
            has_sound: true, ..
        }) => resolve_effects(context, own.effects.as_ref(), shot_context.render.rate),
        // A silent production makes no sound, so no mistake in its effects may stop it.
        _ => Vec::new(),
    }
}

fn resolve_shot_props(
    context: &mut ResolveContext<'_>,
    merged: &ShotDraft,
    entries: &EntryIndex<'_>,
) -> Vec<PropRole> {
    let props = merged.props.iter().flatten();
    props
        .filter_map(|written| resolve_prop(context, written, entries))
        .collect()
}

/// Returns the location that the shot itself names.
fn written_location(own: &ShotDraft, entries: &EntryIndex<'_>) -> Option<EntryRef> {
    let name = own.location.clone()?;
    Some(resolve_reference(name, &entries.locations))
}

fn shot_passes(merged: &ShotDraft, shot_context: &ShotContext<'_>) -> Vec<Spanned<RenderPass>> {
    // A written list replaces the production's passes. Merging would leave no way to remove one.
    match &merged.passes {
        Some(passes) => distinct_passes(passes),
        None => shot_context.passes.to_vec(),
    }
}

fn shot_limits(context: &mut ResolveContext<'_>, own: &ShotDraft) -> JobLimits {
    let limits = own.limits.as_ref();
    limits
        .map(|limits| resolve_limits(context, limits))
        .unwrap_or_default()
}

fn written_description(own: &ShotDraft) -> String {
    let description = own.description.as_ref();
    description
        .map(|text| text.value.clone())
        .unwrap_or_default()
}

/// Returns the shot's fields over the template's, for the fields that a template may set.
fn over_template(own: &ShotDraft, base: &ShotDraft) -> ShotDraft {
    // Only the fields that are read below. Copying all of them costs a twentieth of the time to
    // resolve.
    macro_rules! over {
        ($($field:ident),*) => {
            ShotDraft { $($field: own.$field.clone().overlay_on(base.$field.clone()),)* ..ShotDraft::default() }
        };
    }
    over!(
        props, subject, action, size, angle, azimuth, lens, aperture, focus, travel, exposure,
        engine, passes
    )
}
