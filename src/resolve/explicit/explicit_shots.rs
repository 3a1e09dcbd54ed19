//! Explicit shots: templates and defaults written out, with cast, marks and frames.

use super::explicit_sound::{explicit_effects, explicit_lines};
use super::{DEFAULT_ORIGIN, DERIVED_ORIGIN, filled, to_scalar, with_origin, with_origin_or};
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{
    MoveDraft, PerformerDraft, ProductionDraft, PropUseDraft, ShotDraft, SubjectDraft,
};
use crate::document::overlay::OverlayFields;
use crate::document::{OneOrMany, RawScalar, ScalarOrList, TextOr};
use crate::model::production::{CastRole, PropRole, Shot, ShotSubject};
use crate::model::shot_staging::{FacingDirection, StageMark};
use crate::model::sound::SoundSettings;
use crate::model::{FootageSurvey, Production};
use crate::resolve::context::ResolveContext;
use crate::resolve::footage_fields::{is_music_composed, without_idle_fields};
use crate::resolve::scenes::NumberedScenes;
use crate::resolve::shot_cast::shot_performers;
use crate::resolve::shot_context::ShotContext;
use crate::resolve::shot_sources::shot_sources;
use crate::story::Screenplay;

pub(super) fn explicit_shots(
    context: &mut ResolveContext<'_>,
    draft: &ProductionDraft,
    production: &Production,
    screenplay: Option<&Screenplay>,
) -> Vec<ShotDraft> {
    let numbered = NumberedScenes::from_screenplay(screenplay);
    let shot_context = ShotContext {
        characters: &production.characters,
        locations: &production.locations,
        // Locations are known already; the list only serves to derive them.
        scenes_of_locations: &[],
        props: &production.props,
        scenes: &production.scenes,
        numbered: &numbered,
        has_script: production.script.is_some(),
        render: &production.render,
        // The resolved shots carry their passes.
        passes: &[],
        footage: &FootageSurvey::default(),
        has_lines: production.asks_for_sound(),
        // The resolved shots carry their lines.
        sound: None,
        origin: production.origin,
    };
    // The same function as for resolving, so that derived shots appear in the same order.
    let sources = shot_sources(context, draft, &shot_context).into_iter();
    if has_other_cut(production) {
        // The timeline is named beside them and says what the shots become, so they stay as they
        // are written.
        return sources
            .map(|source| ShotDraft::clone(&source.draft))
            .collect();
    }
    sources
        .zip(&production.shots)
        .map(|(source, shot)| {
            let own = ShotDraft::clone(&source.draft);
            self::explicit_shot(context, own, shot, production.sound.as_ref())
        })
        .collect()
}

/// Returns whether a timeline of another program changed the cut.
pub(super) fn has_other_cut(production: &Production) -> bool {
    production.shots.iter().any(|shot| shot.recut.is_some())
}

fn explicit_shot(
    context: &mut ResolveContext<'_>,
    own: ShotDraft,
    shot: &Shot,
    sound: Option<&SoundSettings>,
) -> ShotDraft {
    let library = context.library;
    let template = own
        .template
        .as_ref()
        .and_then(|name| library.shots.get(&name.value));
    let duration = explicit_duration(&own, template, shot);
    let merged = own
        .clone()
        .overlay_on(template.cloned().unwrap_or_default());
    let explicit = ShotDraft {
        name: with_origin_or(&own.name, shot.name.value.clone(), DERIVED_ORIGIN),
        scene: Some(to_scalar(
            &shot.scene.value,
            origin_or_default(own.scene.as_ref()),
        )),
        // The short forms `character` and `character2` are replaced by the full list.
        character: None,
        character2: None,
        characters: Some(explicit_cast(&own, shot)).filter(|cast| !cast.is_empty()),
        location: explicit_location(&own, shot),
        props: explicit_props(&merged, shot),
        subject: with_origin_or(&merged.subject, subject_draft(shot.subject), DERIVED_ORIGIN),
        // With a cast, the action is written at the first performer.
        action: merged.action.clone().filter(|_| shot.cast.is_empty()),
        duration,
        frame_range: shot
            .range_origin
            .map(|origin| ScalarOrList::One(to_scalar(&shot.frames, origin))),
        frames: own.frames.clone(),
        lines: explicit_lines(&own, shot, sound),
        effects: explicit_effects(&own, shot, sound),
        transition_in: own.transition_in.clone(),
        transition_out: own.transition_out.clone(),
        // The fields of the take are written out above.
        take: None,
        takes: None,
        limits: own.limits.clone(),
        exposure: with_origin(&merged.exposure, shot.exposure),
        engine: merged.engine.clone(),
        passes: Some(OneOrMany(shot.passes.clone())).filter(|passes| !passes.is_empty()),
        notes: own.notes.clone(),
        description: own.description.clone(),
        ..with_explicit_camera(context, &merged, shot)
    };
    if shot.is_drawn() {
        explicit
    } else {
        without_idle_fields(explicit, is_music_composed(sound))
    }
}

/// Returns the fields of a shot with those of its camera written out.
fn with_explicit_camera(
    context: &mut ResolveContext<'_>,
    merged: &ShotDraft,
    shot: &Shot,
) -> ShotDraft {
    let camera = &shot.camera;
    let travel = explicit_move(context, merged.travel.as_ref(), shot);
    ShotDraft {
        lens: Some(to_scalar(
            camera.lens_mm,
            origin_or_default(merged.lens.as_ref()),
        )),
        travel: Some(TextOr::Full(travel)),
        ..filled!(merged, camera, { size, angle, azimuth })
    }
}

fn origin_or_default(written: Option<&RawScalar>) -> FileSpan {
    written.map_or(DEFAULT_ORIGIN, |text| text.origin)
}

fn explicit_location(own: &ShotDraft, shot: &Shot) -> Option<Spanned<String>> {
    let place = shot.location.as_ref()?;
    with_origin_or(&own.location, place.name.value.clone(), DERIVED_ORIGIN)
}

fn explicit_duration(
    own: &ShotDraft,
    template: Option<&ShotDraft>,
    shot: &Shot,
) -> Option<RawScalar> {
    // The count of frames would contradict a written range, so the duration stays as written.
    if shot.range_origin.is_some() {
        return own.duration.clone();
    }
    let of_template = template.and_then(|template| template.duration.as_ref());
    let written = own.duration.as_ref().or(of_template);
    Some(to_scalar(shot.frames.len(), origin_or_default(written)))
}

const fn subject_draft(subject: ShotSubject) -> SubjectDraft {
    match subject {
        ShotSubject::Character => SubjectDraft::Character,
        ShotSubject::Everyone => SubjectDraft::Everyone,
        ShotSubject::Prop => SubjectDraft::Prop,
        ShotSubject::Place => SubjectDraft::Place,
    }
}

fn explicit_move(
    context: &mut ResolveContext<'_>,
    written: Option<&TextOr<MoveDraft>>,
    shot: &Shot,
) -> MoveDraft {
    let own = written.cloned().map(MoveDraft::from).unwrap_or_default();
    let preset = own
        .preset
        .as_ref()
        .and_then(|name| context.library.moves.get(&name.value));
    let merged = own.overlay_on(preset.cloned().unwrap_or_default());
    filled!(&merged, shot.camera.travel, { kind, amount, easing })
}

fn explicit_cast(own: &ShotDraft, shot: &Shot) -> Vec<TextOr<PerformerDraft>> {
    let written = shot_performers(own)
        .into_iter()
        .filter(|performer| performer.name.is_some())
        .zip(&shot.cast);
    written
        .map(|(performer, role)| TextOr::Full(self::explicit_performer(performer, role)))
        .collect()
}

fn explicit_performer(written: PerformerDraft, role: &CastRole) -> PerformerDraft {
    let place = |text: Option<&RawScalar>| text.map_or(DEFAULT_ORIGIN, |text| text.origin);
    let facing = match role.facing {
        FacingDirection::Front => "front".to_owned(),
        FacingDirection::Partner(_) => "partner".to_owned(),
        FacingDirection::Degrees(degrees) => degrees.to_string(),
    };
    PerformerDraft {
        mark: Some(mark_draft(&role.mark, written.mark.as_ref())),
        // Only a written action is an error if the model has no clip of this name. Writing out a
        // default would turn it into one.
        action: role
            .action_origin
            .map(|origin| Spanned::new(role.action.clone(), origin)),
        facing: Some(to_scalar(facing, place(written.facing.as_ref()))),
        speed: with_origin(&written.speed, role.speed),
        ..written
    }
}

fn mark_draft(mark: &StageMark, written: Option<&ScalarOrList>) -> ScalarOrList {
    let origin = match written {
        Some(ScalarOrList::One(text)) => text.origin,
        Some(ScalarOrList::List(list)) => list.origin,
        None => DEFAULT_ORIGIN,
    };
    // A named mark stays a name: its position depends on the set, which only the renderer opens.
    match &mark.node {
        Some(node) => ScalarOrList::One(to_scalar(node, origin)),
        None => ScalarOrList::List(Spanned::new(
            position_scalars(mark.position, origin),
            origin,
        )),
    }
}

fn position_scalars(position: [f32; 3], origin: FileSpan) -> Vec<RawScalar> {
    position
        .iter()
        .map(|metres| to_scalar(metres, origin))
        .collect()
}

fn explicit_props(merged: &ShotDraft, shot: &Shot) -> Option<Vec<TextOr<PropUseDraft>>> {
    let written = merged.props.as_ref()?;
    let uses = written.iter().map(|written| match written {
        TextOr::Text(name) => PropUseDraft {
            name: Some(name.0.clone()),
            mark: None,
        },
        TextOr::Full(full) => full.clone(),
    });
    // Uses without a name were dropped when the shot was resolved.
    let used = uses.filter(|prop| prop.name.is_some()).zip(&shot.props);
    Some(
        used.map(|(prop, role)| TextOr::Full(self::explicit_prop(prop, role)))
            .collect(),
    )
}

fn explicit_prop(written: PropUseDraft, role: &PropRole) -> PropUseDraft {
    PropUseDraft {
        mark: Some(mark_draft(&role.mark, written.mark.as_ref())),
        name: written.name,
    }
}
