//! Who and what is in a shot: performers and props, with their marks, actions and facings.

use super::context::ResolveContext;
use super::entry_index::{EntryIndex, resolve_reference};
use super::value_parsers::{default_mark_position, parse_mark};
use crate::base::Spanned;
use crate::document::draft::{PerformerDraft, PropUseDraft, ShotDraft, SubjectDraft};
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::production::{CastRole, PropRole, ShotSubject};
use crate::model::shot_staging::{FacingDirection, StageMark};
use crate::model::{SceneNumber, value_ranges};

/// Returns the performers of a shot: `characters` if it is set, else `character` and `character2`.
pub(super) fn shot_performers(own: &ShotDraft) -> Vec<PerformerDraft> {
    let full = |name: &Spanned<String>| PerformerDraft {
        name: Some(name.clone()),
        ..PerformerDraft::default()
    };
    match &own.characters {
        // The full list is the more specific form, so it wins.
        Some(list) => list
            .iter()
            .map(|written| match written {
                TextOr::Text(name) => full(&name.0),
                TextOr::Full(performer) => performer.clone(),
            })
            .collect(),
        None => [&own.character, &own.character2]
            .into_iter()
            .flatten()
            .map(full)
            .collect(),
    }
}

pub(super) fn resolve_cast(
    context: &mut ResolveContext<'_>,
    own: &ShotDraft,
    merged: &ShotDraft,
    entries: &EntryIndex<'_>,
    scene: &SceneNumber,
) -> Vec<CastRole> {
    let written = shot_performers(own);
    // Everyone in the scene, not in the shot: in a single of one of two, the other is still beside
    // the camera.
    let together: &[usize] = entries.casts.get(scene).map_or(&[], Vec::as_slice);
    let count = written.len();
    let roles = written.into_iter().enumerate();
    roles
        .filter_map(|(index, performer)| {
            resolve_role(context, index, count, performer, merged, entries, together)
        })
        .collect()
}

fn resolve_role(
    context: &mut ResolveContext<'_>,
    index: usize,
    count: usize,
    performer: PerformerDraft,
    merged: &ShotDraft,
    entries: &EntryIndex<'_>,
    together: &[usize],
) -> Option<CastRole> {
    let character = resolve_reference(performer.name?, &entries.characters);
    let cast_position = character
        .index
        // An unknown character has no position in the scene and takes that in the shot.
        .and_then(|index| together.binary_search(&index).ok())
        .unwrap_or(index);
    let fallback_mark = default_mark(cast_position, together.len().max(count));
    let action = performer
        .action
        // `action:` of the shot is the first performer's. The others listen.
        .or_else(|| merged.action.clone().filter(|_| index == 0));
    let facing = performer
        .facing
        .as_ref()
        .and_then(|text| parse_facing(context, text, index, count));
    Some(CastRole {
        character,
        mark: performer.mark.as_ref().map_or_else(
            || fallback_mark.clone(),
            |written| parse_mark(context, written, fallback_mark.position),
        ),
        expression: performer.expression.filter(|name| !name.is_placeholder),
        action_origin: action.as_ref().map(|action| action.origin),
        action: action.map_or_else(|| default_action(index), |action| action.value),
        facing: facing
            .unwrap_or_else(|| default_facing(index, count, cast_position, together.len())),
        speed: context
            .in_range_opt("speed", &performer.speed, value_ranges::SPEED)
            .unwrap_or(0.0),
    })
}

fn default_action(index: usize) -> String {
    if index == 0 { "idle" } else { "listen" }.to_owned()
}

/// Returns the mark of a performer without one: the centre for one person, `mark_a` to `mark_c` for
/// three, a row behind them for more.
fn default_mark(cast_position: usize, people: usize) -> StageMark {
    let node = match (people, cast_position) {
        (0 | 1, _) => None,
        (_, 0) => Some("mark_a"),
        (_, 1) => Some("mark_b"),
        (_, 2) => Some("mark_c"),
        // Sets have three marks by convention. More people stand in a row behind them, 0.9 m apart.
        _ => None,
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of people")]
    StageMark {
        node: node.map(str::to_owned),
        position: node.and_then(default_mark_position).unwrap_or_else(|| {
            if people <= 1 {
                [0.0; 3]
            } else {
                [(cast_position as f32 - 3.0) * 0.9 - 0.9, 0.0, -1.2]
            }
        }),
    }
}

/// Returns the direction of a performer without one. Two in a shot face each other, one of two in a
/// scene faces the absent other, one alone faces the camera.
fn default_facing(
    index: usize,
    count: usize,
    cast_position: usize,
    people: usize,
) -> FacingDirection {
    match (count, people, cast_position) {
        // The first performer faces the second, and everyone else faces the first.
        (2.., _, _) => FacingDirection::Partner(usize::from(index == 0)),
        // 70 and not 90 degrees: a single then shows more of the face than a profile.
        (_, 2.., 0) => FacingDirection::Degrees(70.0),
        (_, 2.., 1) => FacingDirection::Degrees(-70.0),
        _ => FacingDirection::Front,
    }
}

fn parse_facing(
    context: &mut ResolveContext<'_>,
    text: &RawScalar,
    index: usize,
    count: usize,
) -> Option<FacingDirection> {
    match text.value.trim() {
        _ if text.is_placeholder => None,
        "front" => Some(FacingDirection::Front),
        // Alone in a shot there is no partner, and `partner` gets the message below.
        "partner" if count > 1 => Some(FacingDirection::Partner(usize::from(index == 0))),
        other => {
            let degrees = other
                .parse()
                .ok()
                .filter(|degrees: &f32| value_ranges::TURN.contains(*degrees));
            if degrees.is_none() {
                let message = format!("{} is not a facing", quote_value(other));
                let help =
                    "write `front`, `partner` (in a shot of two), or degrees from -360 to 360"
                        .to_owned();
                context.report_error(
                    "production::value::bad_facing",
                    text.origin,
                    message,
                    Some(help),
                );
            }
            degrees.map(FacingDirection::Degrees)
        }
    }
}

pub(super) fn resolve_prop(
    context: &mut ResolveContext<'_>,
    written: &TextOr<PropUseDraft>,
    entries: &EntryIndex<'_>,
) -> Option<PropRole> {
    let (name, written_mark) = match written {
        TextOr::Text(name) => (Some(name.0.clone()), None),
        TextOr::Full(full) => (full.name.clone(), full.mark.as_ref()),
    };
    // Props stand at `mark_prop`, a little towards the camera, so that performers do not hide them.
    let usual = StageMark {
        node: Some("mark_prop".to_owned()),
        position: [0.0, 0.0, 0.4],
    };
    let mark = written_mark.map_or(usual, |written| {
        parse_mark(context, written, [0.0, 0.0, 0.4])
    });
    Some(PropRole {
        prop: resolve_reference(name?, &entries.props),
        mark,
    })
}

pub(super) fn resolve_subject(merged: &ShotDraft, cast: &[CastRole]) -> ShotSubject {
    match merged.subject.map(|subject| subject.value) {
        Some(SubjectDraft::Character) => ShotSubject::Character,
        Some(SubjectDraft::Everyone) => ShotSubject::Everyone,
        Some(SubjectDraft::Prop) => ShotSubject::Prop,
        Some(SubjectDraft::Place) => ShotSubject::Place,
        // A shot that does not say what it frames takes the first of people, props and place that
        // it has.
        None if cast.len() > 1 => ShotSubject::Everyone,
        None if cast.len() == 1 => ShotSubject::Character,
        None if merged.props.iter().flatten().next().is_some() => ShotSubject::Prop,
        None => ShotSubject::Place,
    }
}
