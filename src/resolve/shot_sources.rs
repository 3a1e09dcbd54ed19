//! The shots before they are resolved: written ones with defaults and take, and the derived ones of
//! scenes without any.

use super::context::ResolveContext;
use super::shot_context::ShotContext;
use super::value_parsers::parse_scene;
use crate::base::name_form::script_name_form;
use crate::base::suggestions::did_you_mean;
use crate::base::{FileSpan, Spanned};
use crate::document::draft::{ProductionDraft, ShotDraft};
use crate::document::overlay::OverlayFields;
use crate::document::quote::quote_value;
use crate::document::{RawScalar, TextOr};
use crate::model::production::Character;
use crate::model::scene_number::ScenePosition;
use crate::model::{SceneNumber, defaults};
use crate::story::shot_coverage::{CoverageContext, cover_scene, ends_with_fade_in};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;

/// The draft of a shot.
// Most shots are read as they are written. Borrowing them saves a copy of every shot of a long
// film.
pub(super) enum ShotEntry<'a> {
    Written(&'a ShotDraft),
    /// Merged with `defaults`, or derived from the script.
    Generated(Box<ShotDraft>),
}

impl Deref for ShotEntry<'_> {
    type Target = ShotDraft;

    fn deref(&self) -> &ShotDraft {
        match self {
            Self::Written(draft) => draft,
            Self::Generated(draft) => draft,
        }
    }
}

/// A shot before it is resolved.
pub(super) struct ShotSource<'a> {
    /// The entry, merged with `defaults`.
    pub(super) draft: ShotEntry<'a>,
    pub(super) scene: Spanned<SceneNumber>,
    pub(super) automatic: bool,
    /// Best place for diagnostics in the entry itself.
    pub(super) origin: Option<FileSpan>,
}

impl<'a> ShotSource<'a> {
    fn from_entry(
        context: &mut ResolveContext<'_>,
        own: ShotEntry<'a>,
        defaults: Option<&ShotDraft>,
        shot_context: &ShotContext<'_>,
    ) -> Self {
        // Taken before the merge: a place in `defaults` would point at the wrong lines.
        let origin = entry_origin(&own);
        let draft = match defaults {
            Some(defaults) => ShotEntry::Generated(Box::new(
                ShotDraft::clone(&own).overlay_on(defaults.clone()),
            )),
            None => own,
        };
        let draft = with_take(context, draft);
        let scene = match &draft.scene {
            Some(written) => parse_scene(context, written),
            None => Spanned::new(
                SceneNumber::from_count(defaults::SCENE),
                origin.unwrap_or(shot_context.origin),
            ),
        };
        Self {
            draft,
            scene,
            automatic: false,
            origin,
        }
    }
}

/// Returns the written shots and the derived ones of scenes without any, in the order of the
/// scenes.
pub(super) fn shot_sources<'a>(
    context: &mut ResolveContext<'_>,
    production: &'a ProductionDraft,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    let defaults = production.defaults.as_ref();
    let written = match &production.shots {
        Some(TextOr::Full(shots)) => shots.as_slice(),
        Some(TextOr::Text(word)) => {
            // A wrong word counts as no shots; the derived ones let the other rules go on.
            check_shots_word(context, word, shot_context);
            &[]
        }
        None => &[],
    };
    let written: Vec<ShotSource<'_>> = written
        .iter()
        .map(|draft| {
            ShotSource::from_entry(context, ShotEntry::Written(draft), defaults, shot_context)
        })
        .collect();
    let derived = derived_sources(context, &written, defaults, shot_context);
    merge_sources(written, derived, shot_context)
}

/// Returns the shots of every scene without a written one, in the order of the script.
fn derived_sources<'a>(
    context: &mut ResolveContext<'_>,
    written: &[ShotSource<'a>],
    defaults: Option<&ShotDraft>,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    // A scene with one written shot is the author's: adding derived shots to it would mix two
    // edits.
    let covered: HashSet<&SceneNumber> = written.iter().map(|source| &source.scene.value).collect();
    // Coverage names characters as the document does, so derived shots resolve like written ones.
    let cast = names_by_script_name(shot_context.characters);
    let casting = |name: &str| {
        cast.get(&script_name_form(name))
            .map(|name| (*name).to_owned())
    };
    let props: Vec<&str> = shot_context
        .props
        .iter()
        .map(|prop| prop.name.value.as_str())
        .collect();
    let mut derived = Vec::new();
    let mut fades_in = shot_context.numbered.fades_in;
    let count = shot_context.numbered.scenes.len();
    for (index, (number, scene)) in shot_context.numbered.scenes.iter().enumerate() {
        let coverage = CoverageContext {
            casting: &casting,
            props: &props,
            has_sound: shot_context.has_lines,
            fades_in,
            is_last: index + 1 == count,
        };
        fades_in = ends_with_fade_in(&scene.elements);
        if covered.contains(number) {
            continue;
        }
        for draft in cover_scene(scene, number, &coverage) {
            let entry = ShotEntry::Generated(Box::new(draft));
            let source = ShotSource::from_entry(context, entry, defaults, shot_context);
            // Its scene is known, so `defaults` must not change it.
            let scene = Spanned::new(number.clone(), source.scene.origin);
            derived.push(ShotSource {
                scene,
                automatic: true,
                ..source
            });
        }
    }
    derived
}

/// Returns the written shots in their order, and each derived one before the first written shot of
/// a later scene.
fn merge_sources<'a>(
    written: Vec<ShotSource<'a>>,
    derived: Vec<ShotSource<'a>>,
    shot_context: &ShotContext<'_>,
) -> Vec<ShotSource<'a>> {
    let position =
        |source: &ShotSource<'_>| shot_context.numbered.order.position(&source.scene.value);
    let mut merged: Vec<ShotSource<'_>> = Vec::with_capacity(written.len() + derived.len());
    let mut derived = derived.into_iter().peekable();
    let mut latest: Option<ScenePosition> = None;
    for source in written {
        // The written order stays: shots may be out of order on purpose, as in a flashback. Derived
        // shots are in order, so what comes before the latest scene so far is placed already.
        latest = latest.max(Some(position(&source)));
        while let Some(before) = derived.next_if(|shot| Some(position(shot)) < latest) {
            merged.push(before);
        }
        merged.push(source);
    }
    merged.extend(derived);
    merged
}

fn check_shots_word(
    context: &mut ResolveContext<'_>,
    word: &RawScalar,
    shot_context: &ShotContext<'_>,
) {
    if word.is_placeholder {
        return;
    }
    if word.value != "auto" {
        let message = format!(
            "{} is neither a list of shots nor `auto`",
            quote_value(&word.value)
        );
        let help =
            "write `shots: auto` to derive them from the script, or a list of shots".to_owned();
        context.report_error(
            "production::shots::not_a_list",
            word.origin,
            message,
            Some(help),
        );
    } else if !shot_context.has_script {
        let message = "`shots: auto` needs a script to derive shots from".to_owned();
        let help =
            "name a script with `script:`, Fountain or Final Draft, or write the shots".to_owned();
        context.report_error(
            "production::shots::auto_without_script",
            word.origin,
            message,
            Some(help),
        );
    }
}

/// Returns the names of characters in the document by their names in the script.
fn names_by_script_name(characters: &[Character]) -> HashMap<String, &str> {
    let mut names = HashMap::new();
    for character in characters {
        names
            .entry(script_name_form(&character.script_name))
            .or_insert(character.name.value.as_str());
    }
    // A character with a name for people may speak under either. Last, so that no script name is
    // taken from another character.
    for character in characters.iter().filter(|each| each.display_name.is_some()) {
        names
            .entry(script_name_form(&character.name.value.replace('_', " ")))
            .or_insert(character.name.value.as_str());
    }
    names
}

/// Returns a shot with the fields of its take over its own, and the name of the take in `take`.
fn with_take<'a>(context: &mut ResolveContext<'_>, draft: ShotEntry<'a>) -> ShotEntry<'a> {
    if draft.takes.is_none() && draft.take.is_none() {
        return draft;
    }
    let takes = draft.takes.as_ref().map_or(&[][..], |takes| &takes.0);
    let wanted = draft.take.as_ref().filter(|take| !take.is_placeholder);
    let chosen = match wanted {
        Some(wanted) => takes
            .iter()
            .find(|(name, _)| name.value == wanted.value.trim()),
        // The newest comes last, as people add takes.
        None => takes.last(),
    };
    let Some((name, take)) = chosen else {
        if let Some(wanted) = wanted {
            let names = takes.iter().map(|(name, _)| name.value.as_str());
            let help = did_you_mean(wanted.value.trim(), names).or_else(|| {
                let names: Vec<&str> = takes.iter().map(|(name, _)| name.value.as_str()).collect();
                (!names.is_empty()).then(|| format!("its takes are {}", names.join(", ")))
            });
            let message = format!("{} is no take of the shot", quote_value(&wanted.value));
            let help = help.or_else(|| Some("add it under `takes:`".to_owned()));
            context.report_error(
                "production::shots::unknown_take",
                wanted.origin,
                message,
                help,
            );
        }
        return draft;
    };
    let shown = RawScalar(name.clone());
    let take = ShotDraft {
        // A take is the same shot of the film, so it must not rename it.
        name: None,
        take: None,
        takes: None,
        ..take.clone()
    };
    let merged = take.overlay_on(ShotDraft::clone(&draft));
    ShotEntry::Generated(Box::new(ShotDraft {
        take: Some(shown),
        takes: None,
        ..merged
    }))
}

/// Returns the best place for diagnostics in a shot's entry.
fn entry_origin(draft: &ShotDraft) -> Option<FileSpan> {
    let name = draft.name.as_ref().map(|name| name.origin);
    let template = draft.template.as_ref().map(|template| template.origin);
    let character = character_names(draft).next().map(|name| name.origin);
    let scene = draft.scene.as_ref().map(|scene| scene.origin);
    // The name identifies a shot best; the others at least are on its lines.
    name.or(template).or(character).or(scene)
}

pub(super) fn character_names(draft: &ShotDraft) -> impl Iterator<Item = &Spanned<String>> {
    let listed = draft
        .characters
        .iter()
        .flatten()
        .filter_map(|written| match written {
            TextOr::Text(name) => Some(&name.0),
            TextOr::Full(full) => full.name.as_ref(),
        });
    [&draft.character, &draft.character2]
        .into_iter()
        .flatten()
        .chain(listed)
}
