//! The shots of a file of their own, named by `shot_list`: YAML, or a table.

use super::text::{Text, read_text};
use crate::base::{Diagnostic, Diagnostics, FileId, SourceMap, Spanned};
use crate::document::draft::{ProductionDraft, ShotDraft, ShotListDraft};
use crate::document::variables::substitute_variables;
use crate::document::{
    DecodeScope, InputLimits, TextOr, VariableTable, apply_defaults, decode_node,
    remove_default_name, shot_table, span_tree,
};
use std::path::Path;
use std::sync::Arc;

/// Takes the shots of `shot_list` when the document has none of its own.
pub(super) fn read_shot_list(
    draft: &mut ProductionDraft,
    (folder, variables): (&Path, &VariableTable),
    limits: &InputLimits,
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) {
    let Some(list) = draft.shot_list.clone().filter(|list| !list.is_placeholder) else {
        return;
    };
    let path = folder.join(&list.value);
    let text = match read_text(folder, &list, limits, found) {
        Text::Read(text) => text,
        Text::Told => return,
        Text::Missing => return found.push(missing(&path, &list)),
        Text::Outside => return found.push(outside(&list)),
    };
    let is_table = shot_table::is_table(&path);
    let file = sources.add_file(path, Arc::clone(&text));
    let read = if is_table { read_table } else { read_yaml };
    let shots = read(file, &text, (variables, limits), found);
    if draft.shots.is_some() {
        let message = "both `shots` and `shot_list` give shots";
        let twice = Diagnostic::error("production::shots::given_twice", list.origin, message);
        found.push(twice.with_help("keep one of them"));
    } else if let Some(shots) = shots {
        draft.shots = Some(TextOr::Full(shots));
    }
}

/// Returns the shots, each with what the list's `defaults` give it.
fn with_defaults(list: ShotListDraft, found: &mut Diagnostics) -> Option<Vec<ShotDraft>> {
    let mut shots = list.shots?;
    if let Some(mut defaults) = list.defaults {
        remove_default_name(&mut defaults, found);
        apply_defaults(&mut shots, &defaults);
    }
    Some(shots)
}

fn read_table(
    file: FileId,
    text: &Arc<str>,
    (variables, limits): (&VariableTable, &InputLimits),
    found: &mut Diagnostics,
) -> Option<Vec<ShotDraft>> {
    let mut tree = shot_table::read_shot_table(file, text, limits, found)?.tree;
    substitute_variables(&mut tree, variables, limits, found);
    let scope = DecodeScope {
        path: "/production/shots",
        free_keys: &[],
    };
    decode_node(&tree, tree.root()?, scope, limits, found)
}

fn read_yaml(
    file: FileId,
    text: &Arc<str>,
    (variables, limits): (&VariableTable, &InputLimits),
    found: &mut Diagnostics,
) -> Option<Vec<ShotDraft>> {
    let mut tree = span_tree::parse_yaml(file, Arc::clone(text), limits, found)?;
    substitute_variables(&mut tree, variables, limits, found);
    let scope = DecodeScope {
        path: "/production",
        free_keys: &[],
    };
    with_defaults(
        decode_node::<ShotListDraft>(&tree, tree.root()?, scope, limits, found)?,
        found,
    )
}

fn missing(path: &Path, list: &Spanned<String>) -> Diagnostic {
    let message = format!("the shot list `{}` cannot be read", list.value);
    let help = format!("looked for {}", path.display());
    Diagnostic::error("production::files::missing", list.origin, message).with_help(help)
}

fn outside(list: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "the shot list `{}` lies outside the production's folder",
        list.value
    );
    let found = Diagnostic::error("production::files::outside_project", list.origin, message);
    let found = found.with_label("absolute, above the folder, or behind a link");
    found.with_help("copy the file into the folder and name it from there")
}
