//! The shots of a file of their own, named by `shot_list`.

use super::script::read_text;
use crate::base::paths::escapes;
use crate::base::{Diagnostic, Diagnostics, Sources, Spanned};
use crate::document::draft::{ProductionDraft, ShotDraft, ShotListDraft};
use crate::document::variables::substitute;
use crate::document::{Limits, Scope, TextOr, Variables, decode_at, give, nameless, tree};
use std::path::Path;
use std::sync::Arc;

/// Takes the shots of `shot_list` when the document has none of its own.
pub(super) fn read_shot_list(
    draft: &mut ProductionDraft,
    (folder, variables): (&Path, &Variables),
    limits: &Limits,
    sources: &mut Sources,
    found: &mut Diagnostics,
) {
    let Some(list) = draft.shot_list.clone().filter(|list| !list.hole) else { return };
    if escapes(folder, Path::new(&list.value)) {
        return outside(&list, found);
    }
    let path = folder.join(&list.value);
    let Some(text) = read_text(&path, &list, found) else { return missing_shot_list(&path, &list, found) };
    let file = sources.add(path, Arc::clone(&text));
    let Some(mut tree) = tree::parse(file, text, limits, found) else { return };
    substitute(&mut tree, variables, limits, found);
    let shots = tree.root().and_then(|root| {
        let scope = Scope { path: "", free_keys: &[] };
        decode_at::<ShotListDraft>(&tree, root, scope, limits, found)
    });
    if let (Some(shots), None) = (shots.and_then(|list| with_defaults(list, found)), &draft.shots) {
        draft.shots = Some(TextOr::Full(shots));
    } else if draft.shots.is_some() {
        let message = "both `shots` and `shot_list` give shots";
        found.push(
            Diagnostic::error("production::shots::given_twice", list.origin, message)
                .help("keep one of them"),
        );
    }
}

/// Returns the shots, each with what the list's `defaults` give it.
fn with_defaults(list: ShotListDraft, found: &mut Diagnostics) -> Option<Vec<ShotDraft>> {
    let mut shots = list.shots?;
    if let Some(mut defaults) = list.defaults {
        nameless(&mut defaults, found);
        give(&mut shots, &defaults);
    }
    Some(shots)
}

fn outside(list: &Spanned<String>, found: &mut Diagnostics) {
    let message = format!("the shot list `{}` lies outside the production's folder", list.value);
    let outside = Diagnostic::error("production::files::outside_project", list.origin, message);
    let outside = outside.label("absolute, above the folder, or behind a link");
    found.push(outside.help("copy the file into the folder and name it from there"));
}

fn missing_shot_list(path: &Path, list: &Spanned<String>, found: &mut Diagnostics) {
    let message = format!("the shot list `{}` cannot be read", list.value);
    let help = format!("looked for {}", path.display());
    found.push(Diagnostic::error("production::files::missing", list.origin, message).help(help));
}
