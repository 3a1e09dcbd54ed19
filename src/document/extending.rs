//! One production over the one that it extends: scalars replace, maps and named lists merge, `drop` takes away.
//!
//! Owns `drop` and what else is special about productions; how fields merge is in `overlay`. Which files extend which is decided in `chain`.

use super::draft::{DropDraft, ProductionDraft, ShotDraft};
use super::overlay::{Named, Overlay};
use super::quote::quoted;
use super::text_or::TextOr;
use super::values::NamedList;
use crate::base::suggestions::did_you_mean;
use crate::base::{Diagnostic, Diagnostics, Spanned};

/// Returns `own`, with `base` giving what it leaves open.
pub(super) fn extend(
    mut own: ProductionDraft,
    mut base: ProductionDraft,
    found: &mut Diagnostics,
) -> ProductionDraft {
    if let Some(dropped) = own.drop.take() {
        leave_out(&mut base, &dropped.value, found);
    }
    if own.shot_list.is_some() {
        // A list of shots in a file of its own takes the place of shots written out.
        base.shots = None;
    }
    own.over(ProductionDraft {
        include: None,
        extends: None,
        drop: None,
        variables: None,
        ..base
    })
}

fn leave_out(base: &mut ProductionDraft, dropped: &DropDraft, found: &mut Diagnostics) {
    for name in &dropped.characters {
        entry("character", &mut base.characters, name, found);
    }
    for name in &dropped.locations {
        entry("location", &mut base.locations, name, found);
    }
    for name in &dropped.props {
        entry("prop", &mut base.props, name, found);
    }
    for name in &dropped.outputs {
        entry("output", &mut base.outputs, name, found);
    }
    for name in &dropped.shots {
        match &mut base.shots {
            Some(TextOr::Full(shots)) => without("shot", shots, name, found),
            _ => without::<ShotDraft>("shot", &mut Vec::new(), name, found),
        }
    }
}

fn entry<T: Named>(
    kind: &str,
    list: &mut Option<NamedList<T>>,
    name: &Spanned<String>,
    found: &mut Diagnostics,
) {
    match list {
        Some(list) => without(kind, &mut list.0, name, found),
        None => without::<T>(kind, &mut Vec::new(), name, found),
    }
}

fn without<T: Named>(
    kind: &str,
    entries: &mut Vec<T>,
    name: &Spanned<String>,
    found: &mut Diagnostics,
) {
    let before = entries.len();
    let is_meant = |entry: &T| entry.name().is_some_and(|known| known.value == name.value);
    entries.retain(|entry| !is_meant(entry));
    if entries.len() == before && !name.is_placeholder {
        let known = entries
            .iter()
            .filter_map(|entry| entry.name().map(|name| name.value.as_str()));
        let help = did_you_mean(&name.value, known);
        let message = format!("there is no {kind} {} to leave out", quoted(&name.value));
        let unknown = Diagnostic::error("production::extends::unknown_drop", name.origin, message);
        found.push(
            unknown
                .with_label(format!(
                    "the production extended has no {kind} of this name"
                ))
                .with_optional_help(help),
        );
    }
}

/// Reports a `drop` of a production that extends none.
pub(super) fn nothing_to_drop(own: &ProductionDraft, found: &mut Diagnostics) {
    if let Some(dropped) = own.drop.as_ref().filter(|_| own.extends.is_none()) {
        let message = "`drop` leaves out what another production has, and this one extends none";
        let help = "name that production with `extends:`, or remove `drop:`";
        found.push(
            Diagnostic::error("production::extends::unknown_drop", dropped.origin, message)
                .with_help(help),
        );
    }
}
