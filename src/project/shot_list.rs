//! The shots of a file of their own, named by `shot_list`.

use super::script::read_text;
use crate::base::{Diagnostic, Diagnostics, Sources, Spanned};
use crate::document::draft::{ProductionDraft, ShotListDraft};
use crate::document::{Limits, Scope, TextOr, decode_at, tree};
use std::path::Path;
use std::sync::Arc;

/// Takes the shots of `shot_list` when the document has none of its own.
pub(super) fn read_shot_list(
    draft: &mut ProductionDraft,
    folder: &Path,
    limits: &Limits,
    sources: &mut Sources,
    found: &mut Diagnostics,
) {
    let Some(list) = draft.shot_list.clone().filter(|list| !list.hole) else { return };
    let path = folder.join(&list.value);
    let Some(text) = read_text(&path, &list, found) else { return missing_shot_list(&path, &list, found) };
    let file = sources.add(path, Arc::clone(&text));
    let Some(tree) = tree::parse(file, text, limits, found) else { return };
    let shots = tree.root().and_then(|root| {
        let scope = Scope { path: "/production", free_keys: &[] };
        decode_at::<ShotListDraft>(&tree, root, scope, limits, found)
    });
    if let (Some(shots), None) = (shots.and_then(|list| list.shots), &draft.shots) {
        draft.shots = Some(TextOr::Full(shots));
    } else if draft.shots.is_some() {
        let message = "both `shots` and `shot_list` give shots";
        found.push(
            Diagnostic::error("production::shots::given_twice", list.origin, message)
                .help("keep one of them"),
        );
    }
}

fn missing_shot_list(path: &Path, list: &Spanned<String>, found: &mut Diagnostics) {
    let message = format!("the shot list `{}` cannot be read", list.value);
    let help = format!("looked for {}", path.display());
    found.push(Diagnostic::error("production::files::missing", list.origin, message).help(help));
}
