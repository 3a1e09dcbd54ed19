//! A production said in full, in the document's own words: presets, defaults and derived values written out.
//!
//! Every value is the one that the resolved [`Production`] has, so what is shown cannot differ from what is made; the draft
//! only tells where each was written. Knows nothing of how the result is printed.

mod explicit_locations;
mod explicit_look;
mod explicit_shots;

use super::ResolveOverrides;
use super::context::ResolveContext;
use crate::base::{Diagnostics, FileId, FileSpan, Spanned};
use crate::document::draft::{CharacterDraft, ProductionDraft};
use crate::document::{NamedList, RawScalar, TextOr};
use crate::library::Library;
use crate::model::Production;
use crate::model::production::Character;
use crate::story::Screenplay;
use std::fmt::Display;

/// The place of values that nothing says: the program's own defaults.
pub const DEFAULT_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 0, 0);
/// The place of values that follow from others.
pub const DERIVED_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 1, 1);
/// The place of values that the command line wishes for.
pub const OVERRIDE_ORIGIN: FileSpan = FileSpan::new(FileId(u16::MAX), 2, 2);

/// Returns the draft that says everything which `production`, made from `draft`, is; alone, it makes the same.
#[must_use]
pub fn explicit_draft(
    draft: &ProductionDraft,
    production: &Production,
    screenplay: Option<&Screenplay>,
    library: &Library,
    overrides: &ResolveOverrides,
) -> ProductionDraft {
    let mut diagnostics = Diagnostics::default();
    let context = &mut ResolveContext::new(library, &mut diagnostics);
    ProductionDraft {
        style: Some(TextOr::Full(explicit_look::explicit_style(
            context,
            draft.style.as_ref(),
            production,
        ))),
        characters: draft
            .characters
            .as_ref()
            .map(|drafts| explicit_characters(drafts, &production.characters)),
        locations: draft
            .locations
            .as_ref()
            .map(|drafts| explicit_locations::explicit_locations(context, drafts, production)),
        shots: Some(TextOr::Full(explicit_shots::explicit_shots(
            context, draft, production, screenplay,
        ))),
        shot_list: None,
        render_settings: Some(explicit_look::explicit_render(
            draft.render_settings.as_ref(),
            production,
            overrides,
        )),
        outputs: draft
            .outputs
            .as_ref()
            .map(|drafts| explicit_look::explicit_outputs(context, draft, drafts, production)),
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
) -> NamedList<CharacterDraft> {
    let named = drafts
        .iter()
        .filter(|draft| draft.name.is_some())
        .zip(characters);
    let explicit = named.map(|(draft, character)| {
        let script_name = with_origin_or(
            &draft.script_name,
            character.script_name.clone(),
            DERIVED_ORIGIN,
        );
        CharacterDraft {
            script_name,
            ..draft.clone()
        }
    });
    NamedList(explicit.collect())
}

/// Returns the value with the place where it was written, or `otherwise`.
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

/// Returns the value with the place where it was written, or as a default.
fn with_origin<T, U>(written: &Option<Spanned<T>>, value: U) -> Option<Spanned<U>> {
    with_origin_or(written, value, DEFAULT_ORIGIN)
}

/// Returns the value as text.
fn to_scalar(value: impl Display, origin: FileSpan) -> RawScalar {
    RawScalar(Spanned::new(value.to_string(), origin))
}

/// Takes fields of a draft from the values that they became.
macro_rules! filled {
    ($draft:expr, $values:expr, { $($field:ident),* $(,)? }) => {{
        let draft = $draft;
        let mut filled = draft.clone();
        $(filled.$field = $crate::resolve::explicit::with_origin(&draft.$field, $values.$field);)*
        filled
    }};
}
use filled;
