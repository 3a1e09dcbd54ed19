//! A production said in full, in the document's own words: presets, defaults and derived values written out.
//!
//! Every value is the one that the resolved [`Production`] has, so what is shown cannot differ from what is made; the draft
//! only tells where each was written. Knows nothing of how the result is printed.

mod look;
mod places;
mod shots;

use super::Wishes;
use super::desk::Desk;
use crate::base::{Diagnostics, FileId, FileSpan, Spanned};
use crate::document::draft::{CharacterDraft, ProductionDraft};
use crate::document::{NamedList, RawScalar, TextOr};
use crate::library::Library;
use crate::model::Production;
use crate::model::production::Character;
use crate::story::Screenplay;
use std::fmt::Display;

/// The place of values that nothing says: the program's own defaults.
pub const BY_DEFAULT: FileSpan = FileSpan::new(FileId(u16::MAX), 0, 0);
/// The place of values that follow from others.
pub const DERIVED: FileSpan = FileSpan::new(FileId(u16::MAX), 1, 1);
/// The place of values that the command line wishes for.
pub const WISHED: FileSpan = FileSpan::new(FileId(u16::MAX), 2, 2);

/// Returns the draft that says everything which `production`, made from `draft`, is; alone, it makes the same.
#[must_use]
pub fn explicit(
    draft: &ProductionDraft,
    production: &Production,
    screenplay: Option<&Screenplay>,
    library: &Library,
    wishes: &Wishes,
) -> ProductionDraft {
    let mut found = Diagnostics::default();
    let desk = &mut Desk::new(library, &mut found);
    ProductionDraft {
        style: Some(TextOr::Full(look::style(
            desk,
            draft.style.as_ref(),
            production,
        ))),
        characters: draft
            .characters
            .as_ref()
            .map(|drafts| characters(drafts, &production.characters)),
        locations: draft
            .locations
            .as_ref()
            .map(|drafts| places::locations(desk, drafts, production)),
        shots: Some(TextOr::Full(shots::shots(
            desk, draft, production, screenplay,
        ))),
        shot_list: None,
        render_settings: Some(look::render(
            draft.render_settings.as_ref(),
            production,
            wishes,
        )),
        outputs: draft
            .outputs
            .as_ref()
            .map(|drafts| look::outputs(desk, draft, drafts, production)),
        defaults: None,
        include: None,
        extends: None,
        drop: None,
        variables: None,
        ..draft.clone()
    }
}

fn characters(
    drafts: &NamedList<CharacterDraft>,
    characters: &[Character],
) -> NamedList<CharacterDraft> {
    let named = drafts
        .iter()
        .filter(|draft| draft.name.is_some())
        .zip(characters);
    let said = named.map(|(draft, character)| {
        let script_name = given_or(&draft.script_name, character.script_name.clone(), DERIVED);
        CharacterDraft {
            script_name,
            ..draft.clone()
        }
    });
    NamedList(said.collect())
}

/// Returns the value with the place where it was written, or `otherwise`.
fn given_or<T, U>(
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
fn given<T, U>(written: &Option<Spanned<T>>, value: U) -> Option<Spanned<U>> {
    given_or(written, value, BY_DEFAULT)
}

/// Returns the value as text.
fn scalar(value: impl Display, origin: FileSpan) -> RawScalar {
    RawScalar(Spanned::new(value.to_string(), origin))
}

/// Takes fields of a draft from the values that they became.
macro_rules! filled {
    ($draft:expr, $values:expr, { $($field:ident),* $(,)? }) => {{
        let draft = $draft;
        let mut filled = draft.clone();
        $(filled.$field = $crate::resolve::explicit::given(&draft.$field, $values.$field);)*
        filled
    }};
}
use filled;
