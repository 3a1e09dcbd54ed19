//! Writes a production out in full: presets, defaults and derived values in the document's own
//! fields.
//!
//! Every value comes from the resolved [`Production`], so the output cannot differ from what is
//! rendered. The draft only gives the place of each value in the file. Printing is not done here.

mod explicit_locations;
mod explicit_look;
mod explicit_shots;
mod explicit_sound;

use super::beat_expansion::expand_beats;
use super::context::ResolveContext;
use crate::base::{Diagnostics, FileId, FileSpan, Spanned};
use crate::document::draft::{CharacterDraft, ProductionDraft};
use crate::document::sound_draft::VoiceDraft;
use crate::document::{NamedList, RawScalar, TextOr};
use crate::library::Library;
use crate::model::Production;
use crate::model::production::Character;
use crate::story::Screenplay;
use std::fmt::Display;

/// Origin of values that are the program's defaults.
// No file has the highest number, so these spans cannot collide with a real place. They differ in
// their offsets only.
pub const DEFAULT_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 0, 0);
/// Origin of values that follow from other values.
pub const DERIVED_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 1, 1);
/// Origin of values that follow from the quality tier of the command line.
pub const OVERRIDE_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 2, 2);
/// Origin of sound that was left out.
pub const SILENCE_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 3, 3);

/// Returns a draft with every value of `production`, which was resolved from `draft`. Resolved
/// again on its own, it gives the same production.
#[must_use]
pub fn explicit_draft(
    draft: &ProductionDraft,
    production: &Production,
    screenplay: Option<&Screenplay>,
    library: &Library,
) -> ProductionDraft {
    // Everything was reported when the production was resolved. Diagnostics of this pass are
    // dropped.
    let mut diagnostics = Diagnostics::default();
    let context = &mut ResolveContext::new(library, &mut diagnostics);
    let rate = production.render.rate;
    let expanded = expand_beats(context, draft, rate, production.origin);
    let draft = expanded.as_ref().map_or(draft, |expanded| &expanded.draft);
    ProductionDraft {
        style: Some(TextOr::Full(explicit_look::explicit_style(
            context,
            draft.style.as_ref(),
            production,
        ))),
        sound: explicit_sound::explicit_sound(draft, production),
        // Written under `sound`.
        music: draft.music.clone().filter(|_| production.sound.is_none()),
        characters: draft.characters.as_ref().map(|drafts| {
            let voices = explicit_sound::explicit_voices(context, draft, production);
            explicit_characters(drafts, &production.characters, &voices)
        }),
        locations: draft
            .locations
            .as_ref()
            .map(|drafts| explicit_locations::explicit_locations(context, drafts, production)),
        // Always a list, even for `shots: auto`: the derived shots are what a reader wants to see.
        shots: Some(TextOr::Full(explicit_shots::explicit_shots(
            context, draft, production, screenplay,
        ))),
        shot_list: draft
            .shot_list
            .clone()
            .filter(|_| explicit_shots::has_other_cut(production)),
        render_settings: Some(explicit_look::explicit_render(
            draft.render_settings.as_ref(),
            production,
        )),
        outputs: draft
            .outputs
            .as_ref()
            .map(|drafts| explicit_look::explicit_outputs(context, draft, drafts, production)),
        // These fields have been applied; applying them again would change nothing or fail.
        beats: None,
        ad: None,
        defaults: None,
        include: None,
        extends: None,
        drop: None,
        variables: None,
        ..draft.clone()
    }
}

fn explicit_characters(
    drafts: &NamedList<CharacterDraft>,
    characters: &[Character],
    voices: &[VoiceDraft],
) -> NamedList<CharacterDraft> {
    let named = drafts
        .iter()
        .filter(|draft| draft.name.is_some())
        // Resolving drops characters without a name.
        .zip(characters)
        .enumerate();
    let explicit = named.map(|(index, (draft, character))| {
        let script_name = with_origin_or(
            &draft.script_name,
            character.script_name.clone(),
            DERIVED_ORIGIN,
        );
        let voice = voices.get(index).cloned().map(TextOr::Full);
        CharacterDraft {
            script_name,
            voice: voice.or_else(|| draft.voice.clone()),
            ..draft.clone()
        }
    });
    NamedList(explicit.collect())
}

/// Returns the value with the origin of `written`, or `otherwise` if that is unset.
fn with_origin_or<T, U>(
    written: &Option<Spanned<T>>,
    value: U,
    otherwise: FileSpan,
) -> Option<Spanned<U>> {
    Some(Spanned::new(
        value,
        written.as_ref().map_or(otherwise, |written| written.origin),
    ))
}

/// Returns the value with the origin of `written`, or as a default.
fn with_origin<T, U>(written: &Option<Spanned<T>>, value: U) -> Option<Spanned<U>> {
    with_origin_or(written, value, DEFAULT_ORIGIN)
}

/// Returns the value as the text of a scalar.
fn to_scalar(value: impl Display, origin: FileSpan) -> RawScalar {
    RawScalar(Spanned::new(value.to_string(), origin))
}

/// Copies a draft and sets the listed fields to their resolved values.
// A macro, because the fields have different types. A field that is renamed in one of the two types
// then fails to compile.
macro_rules! filled {
    ($draft:expr, $values:expr, { $($field:ident),* $(,)? }) => {{
        let draft = $draft;
        let mut filled = draft.clone();
        $(filled.$field = $crate::resolve::explicit::with_origin(&draft.$field, $values.$field);)*
        filled
    }};
}
use filled;
