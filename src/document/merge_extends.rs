//! One production over the one that it extends: scalars replace, maps and named lists merge, `drop` takes away.
//!
//! Owns `drop` and what else is special about productions; how fields merge is in `overlay`. Which files extend which is decided in `chain`.

use super::draft::{DropDraft, ProductionDraft, ShotDraft};
use super::field_types::NamedList;
use super::overlay::{NamedEntry, OverlayFields};
use super::quote::quote_value;
use super::text_or::TextOr;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Diagnostics, Spanned};

/// Returns `own`, with `base` giving what it leaves open.
pub(super) fn merge_extended(
    mut own: ProductionDraft,
    mut base: ProductionDraft,
    diagnostics: &mut Diagnostics,
) -> ProductionDraft {
    if let Some(dropped) = own.drop.take() {
        remove_dropped(&mut base, &dropped.value, diagnostics);
    }
    if own.shot_list.is_some() {
        // A list of shots in a file of its own takes the place of shots written out.
        base.shots = None;
    }
    own.overlay_on(ProductionDraft {
        include: None,
        extends: None,
        drop: None,
        variables: None,
        ..base
    })
}

fn remove_dropped(base: &mut ProductionDraft, dropped: &DropDraft, diagnostics: &mut Diagnostics) {
    for name in &dropped.characters {
        remove_from_list("character", &mut base.characters, name, diagnostics);
    }
    for name in &dropped.locations {
        remove_from_list("location", &mut base.locations, name, diagnostics);
    }
    for name in &dropped.props {
        remove_from_list("prop", &mut base.props, name, diagnostics);
    }
    for name in &dropped.outputs {
        remove_from_list("output", &mut base.outputs, name, diagnostics);
    }
    for name in &dropped.shots {
        match &mut base.shots {
            Some(TextOr::Full(shots)) => remove_named("shot", shots, name, diagnostics),
            _ => remove_named::<ShotDraft>("shot", &mut Vec::new(), name, diagnostics),
        }
    }
}

fn remove_from_list<T: NamedEntry>(
    kind: &str,
    list: &mut Option<NamedList<T>>,
    name: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    match list {
        Some(list) => remove_named(kind, &mut list.0, name, diagnostics),
        None => remove_named::<T>(kind, &mut Vec::new(), name, diagnostics),
    }
}

fn remove_named<T: NamedEntry>(
    kind: &str,
    entries: &mut Vec<T>,
    name: &Spanned<String>,
    diagnostics: &mut Diagnostics,
) {
    let before = entries.len();
    let is_meant = |entry: &T| entry.name().is_some_and(|known| known.value == name.value);
    entries.retain(|entry| !is_meant(entry));
    if entries.len() == before && !name.is_placeholder {
        let known = entries
            .iter()
            .filter_map(|entry| entry.name().map(|name| name.value.as_str()));
        let help = did_you_mean(&name.value, known);
        let message = format!(
            "there is no {kind} {} to leave out",
            quote_value(&name.value)
        );
        let unknown = Diagnostic::error("production::extends::unknown_drop", name.origin, message);
        diagnostics.push(
            unknown
                .with_label(format!(
                    "the production extended has no {kind} of this name"
                ))
                .with_optional_help(help),
        );
    }
}

/// Reports a `drop` of a production that extends none.
pub(super) fn report_drop_without_base(own: &ProductionDraft, diagnostics: &mut Diagnostics) {
    if let Some(dropped) = own.drop.as_ref().filter(|_| own.extends.is_none()) {
        let message = "`drop` leaves out what another production has, and this one extends none";
        let help = "name that production with `extends:`, or remove `drop:`";
        diagnostics.push(
            Diagnostic::error("production::extends::unknown_drop", dropped.origin, message)
                .with_help(help),
        );
    }
}
