//! The shots of a file of their own, named by `shot_list`: YAML, or a table.

use super::text_file::{TextFile, read_text};
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
    diagnostics: &mut Diagnostics,
) {
    let Some(list) = draft.shot_list.clone().filter(|list| !list.is_placeholder) else {
        return;
    };
    let path = folder.join(&list.value);
    let text = match read_text(folder, &list, limits, diagnostics) {
        TextFile::Read(text) => text,
        TextFile::Reported => return,
        TextFile::Missing => return diagnostics.push(missing_list_error(&path, &list)),
        TextFile::OutsideProject => return diagnostics.push(outside_project_error(&list)),
    };
    let is_table = shot_table::is_table(&path);
    let file = sources.add_file(path, Arc::clone(&text));
    let read = if is_table { read_table } else { read_yaml };
    let shots = read(file, &text, (variables, limits), diagnostics);
    if draft.shots.is_some() {
        let message = "both `shots` and `shot_list` give shots";
        let twice = Diagnostic::error("production::shots::given_twice", list.origin, message);
        diagnostics.push(twice.with_help("keep one of them"));
    } else if let Some(shots) = shots {
        draft.shots = Some(TextOr::Full(shots));
    }
}

/// Returns the shots, each with what the list's `defaults` give it.
fn with_defaults(list: ShotListDraft, diagnostics: &mut Diagnostics) -> Option<Vec<ShotDraft>> {
    let mut shots = list.shots?;
    if let Some(mut defaults) = list.defaults {
        remove_default_name(&mut defaults, diagnostics);
        apply_defaults(&mut shots, &defaults);
    }
    Some(shots)
}

fn read_table(
    file: FileId,
    text: &Arc<str>,
    (variables, limits): (&VariableTable, &InputLimits),
    diagnostics: &mut Diagnostics,
) -> Option<Vec<ShotDraft>> {
    let mut tree = shot_table::read_shot_table(file, text, limits, diagnostics)?.tree;
    substitute_variables(&mut tree, variables, limits, diagnostics);
    let scope = DecodeScope {
        path: "/production/shots",
        free_keys: &[],
    };
    decode_node(&tree, tree.root()?, scope, limits, diagnostics)
}

fn read_yaml(
    file: FileId,
    text: &Arc<str>,
    (variables, limits): (&VariableTable, &InputLimits),
    diagnostics: &mut Diagnostics,
) -> Option<Vec<ShotDraft>> {
    let mut tree = span_tree::parse_yaml(file, Arc::clone(text), limits, diagnostics)?;
    substitute_variables(&mut tree, variables, limits, diagnostics);
    let scope = DecodeScope {
        path: "/production",
        free_keys: &[],
    };
    with_defaults(
        decode_node::<ShotListDraft>(&tree, tree.root()?, scope, limits, diagnostics)?,
        diagnostics,
    )
}

fn missing_list_error(path: &Path, list: &Spanned<String>) -> Diagnostic {
    let message = format!("the shot list `{}` cannot be read", list.value);
    let help = format!("looked for {}", path.display());
    Diagnostic::error("production::files::missing", list.origin, message).with_help(help)
}

fn outside_project_error(list: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "the shot list `{}` lies outside the production's folder",
        list.value
    );
    let error = Diagnostic::error("production::files::outside_project", list.origin, message);
    let error = error.with_label("absolute, above the folder, or behind a link");
    error.with_help("copy the file into the folder and name it from there")
}
