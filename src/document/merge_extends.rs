//! One production over the one that it extends: scalars replace, maps and named lists merge, `drop`
//! removes.
//!
//! Owns `drop` and the other fields with rules of their own. `overlay` merges fields;
//! `extends_chain` decides which file extends which.

use super::draft::{DropDraft, ProductionDraft, ShotDraft};
use super::field_types::NamedList;
use super::overlay::{NamedEntry, OverlayFields};
use super::quote::quote_value;
use super::shot_table::is_table;
use super::text_or::TextOr;
use crate::base::suggestions::{SearchAllowance, did_you_mean};
use crate::base::{Diagnostic, Diagnostics, Spanned};
use crate::model::cut::TextExportKind;
use std::collections::HashSet;
use std::path::Path;

/// Returns `own` over `base`: fields that are unset in `own` are taken from `base`.
pub(super) fn merge_extended(
    mut own: ProductionDraft,
    mut base: ProductionDraft,
    diagnostics: &mut Diagnostics,
) -> ProductionDraft {
    // Entries are dropped before merging, so that the document can drop a base's entry and define a
    // new one of the same name.
    if let Some(dropped) = own.drop.take() {
        remove_dropped(&mut base, &dropped.value, diagnostics);
    }
    let gives_shots = own.shots.is_some() || own.beats.is_some();
    if let Some(list) = &own.shot_list {
        let origin = list.origin;
        let list = Path::new(&list.value);
        // A shot list takes the place of the base's shots. Both together are an error, which the
        // user could not see in this document. A timeline is another cut of those shots.
        if is_table(list) && !gives_shots {
            own.list_replaces_shots = Some(Spanned::new(true, origin));
        } else if TextExportKind::from_timeline_path(list).is_none() {
            base.shots = None;
            base.beats = None;
        }
    } else if gives_shots {
        // Beside the list of the base they are an error, and must not be dropped with its shots.
        base.list_replaces_shots = None;
    }
    own.overlay_on(ProductionDraft {
        // These fields control the reading of their own document. Inherited, the base's includes
        // would be read twice and its `drop` would remove entries of the extending document.
        include: None,
        extends: None,
        drop: None,
        variables: None,
        ..base
    })
}

fn remove_dropped(base: &mut ProductionDraft, dropped: &DropDraft, diagnostics: &mut Diagnostics) {
    remove_from_list(
        "character",
        &mut base.characters,
        &dropped.characters,
        diagnostics,
    );
    remove_from_list(
        "location",
        &mut base.locations,
        &dropped.locations,
        diagnostics,
    );
    remove_from_list("prop", &mut base.props, &dropped.props, diagnostics);
    remove_from_list("output", &mut base.outputs, &dropped.outputs, diagnostics);
    match &mut base.shots {
        Some(TextOr::Full(shots)) => remove_named("shot", shots, &dropped.shots, diagnostics),
        // Shots by `auto` have no names yet, so none can be dropped. The empty list reports the
        // names.
        _ => remove_named::<ShotDraft>("shot", &mut Vec::new(), &dropped.shots, diagnostics),
    }
}

fn remove_from_list<T: NamedEntry>(
    kind: &str,
    list: &mut Option<NamedList<T>>,
    names: &[Spanned<String>],
    diagnostics: &mut Diagnostics,
) {
    match list {
        Some(list) => remove_named(kind, &mut list.0, names, diagnostics),
        None => remove_named::<T>(kind, &mut Vec::new(), names, diagnostics),
    }
}

fn remove_named<T: NamedEntry>(
    kind: &str,
    entries: &mut Vec<T>,
    names: &[Spanned<String>],
    diagnostics: &mut Diagnostics,
) {
    let named = entries.iter().filter_map(NamedEntry::name);
    // One walk over the entries for all names: a series drops hundreds of shots from thousands.
    let mut remaining: HashSet<String> = named.map(|name| name.value.clone()).collect();
    // A placeholder was reported by the decoder, and has no name to look up.
    let wanted = names.iter().filter(|name| !name.is_placeholder);
    let unknown: Vec<_> = wanted
        .filter(|name| !remaining.remove(&name.value))
        .collect();
    entries.retain(|entry| {
        entry
            .name()
            .is_none_or(|name| remaining.contains(&name.value))
    });
    let allowance = SearchAllowance::default();
    for name in unknown {
        let known = entries
            .iter()
            .filter_map(|entry| entry.name().map(|name| name.value.as_str()));
        let help = allowance.search(|| did_you_mean(&name.value, known));
        let message = format!("there is no {kind} {} to drop", quote_value(&name.value));
        let unknown = Diagnostic::error("production::extends::unknown_drop", name.origin, message);
        diagnostics.push(
            unknown
                .with_label(format!(
                    "the extended production has no {kind} of this name"
                ))
                .with_optional_help(help),
        );
    }
}

/// Reports a `drop` in a production that extends no other.
pub(super) fn report_drop_without_base(own: &ProductionDraft, diagnostics: &mut Diagnostics) {
    if let Some(dropped) = own.drop.as_ref().filter(|_| own.extends.is_none()) {
        let message =
            "`drop` removes entries of the extended production, but this one extends none";
        let help = "name the production to extend with `extends:`, or remove `drop:`";
        diagnostics.push(
            Diagnostic::error("production::extends::unknown_drop", dropped.origin, message)
                .with_help(help),
        );
    }
}
