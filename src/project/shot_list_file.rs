//! Reads the file that `shot_list` names: shots in YAML or a table, or a timeline of another program
//! with another cut of the shots.

use super::foreign_timeline::{foreign_timeline, other_timeline};
use super::text_file::{TextFile, read_text};
use crate::base::foreign_path::ForeignPath;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap, Spanned};
use crate::document::draft::{ProductionDraft, ShotDraft, ShotListDraft};
use crate::document::variables::substitute_variables;
use crate::document::{
    DecodeScope, InputLimits, TextOr, VariableTable, apply_defaults, decode_node,
    remove_default_name, shot_table, span_tree,
};
use crate::interchange::{ReelEntry, ReelTableFault, is_cut_list, read_reel_table};
use crate::model::cut::{TextExportKind, reel_table_path};
use crate::resolve::RecutSource;
use std::path::Path;
use std::sync::Arc;

/// Adds the shots of `shot_list` to the draft, if the document has none of its own. Returns the
/// timeline, if the file is one.
pub(super) fn read_shot_list(
    draft: &mut ProductionDraft,
    folder: &Path,
    variables: &VariableTable,
    limits: &InputLimits,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<RecutSource> {
    // A placeholder is a value that was reported already, and its text is not a path.
    let list = draft
        .shot_list
        .clone()
        .filter(|list| !list.is_placeholder)?;
    let path = folder.join(&list.value);
    let replaces_shots = draft.list_replaces_shots.take().is_some();
    let text = list_text(folder, &list, limits, diagnostics)?;
    let recut = |kind: TextExportKind, file: FileId, reels: Vec<ReelEntry>| RecutSource {
        kind,
        file,
        text: Arc::clone(&text),
        reels,
        most_values: limits.nodes,
    };
    if let Some(kind) = TextExportKind::from_timeline_path(&path) {
        let file = sources.add_file(path, Arc::clone(&text));
        let reels = read_reels(folder, &list, limits, sources, diagnostics);
        return Some(recut(kind, file, reels));
    }
    let is_table = shot_table::is_table(&path);
    if is_table && is_cut_list(&text) {
        // Its numbers are those of the shots. A table of reels beside it is of a list of events.
        let file = sources.add_data_file(path, Arc::clone(&text), "shot_list");
        return Some(recut(TextExportKind::CutList, file, Vec::new()));
    }
    if let Some(finding) = foreign_timeline(&list.value, &text, list.origin) {
        diagnostics.push(finding);
        return None;
    }
    if replaces_shots {
        draft.shots = None;
        draft.beats = None;
    }
    let file = sources.add_file(path, Arc::clone(&text));
    let read = if is_table { read_table } else { read_yaml };
    // The list is read even if its shots are not used, so that its own mistakes are reported in the
    // same pass.
    let shots = read(file, &text, variables, limits, diagnostics);
    match other_shots(draft) {
        // An error and no merge: which of two shots with one name counts would be a guess.
        Some(other) => diagnostics.push(twice_error(other, list.origin)),
        None => draft.shots = shots.map(TextOr::Full),
    }
    None
}

/// Returns the text of a list. `None`: it is no text or cannot be read, which is reported.
fn list_text(
    folder: &Path,
    list: &Spanned<String>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<str>> {
    // Before it is read: most of them are no text.
    if let Some(finding) = other_timeline(&list.value, list.origin) {
        diagnostics.push(finding);
        return None;
    }
    match read_text(folder, list, limits, diagnostics) {
        TextFile::Read(text) => Some(text),
        unread => {
            let finding = unread_list(&unread, &folder.join(&list.value), list);
            finding
                .into_iter()
                .for_each(|finding| diagnostics.push(finding));
            None
        }
    }
}

/// Returns the finding about a list that is not there. `None`: another one is made already.
fn unread_list(unread: &TextFile, path: &Path, list: &Spanned<String>) -> Option<Diagnostic> {
    match unread {
        TextFile::Missing => Some(missing_list_error(path, list)),
        TextFile::OutsideProject => Some(outside_project_error(list)),
        TextFile::Read(_) | TextFile::Reported | TextFile::Foreign => None,
    }
}

/// Returns the field of the document that gives shots beside a shot list.
const fn other_shots(draft: &ProductionDraft) -> Option<&'static str> {
    match (&draft.shots, &draft.beats) {
        (Some(_), _) => Some("shots"),
        (None, Some(_)) => Some("beats"),
        (None, None) => None,
    }
}

fn twice_error(other: &str, origin: FileSpan) -> Diagnostic {
    let message = format!("both `{other}` and `shot_list` give shots");
    let twice = Diagnostic::error("production::shots::given_twice", origin, message);
    twice.with_help("keep one of them")
}

/// Returns the table of reels beside a timeline. Empty: there is none, or it is damaged, which is
/// reported.
fn read_reels(
    folder: &Path,
    list: &Spanned<String>,
    limits: &InputLimits,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<ReelEntry> {
    let beside = reel_table_path(Path::new(&list.value));
    let named = Spanned::new(beside.to_string_lossy().into_owned(), list.origin);
    // A file that is missing, or that leads out of the project, is no table.
    let TextFile::Read(text) = read_text(folder, &named, limits, diagnostics) else {
        return Vec::new();
    };
    // One of the files that the document consists of: it is watched, and never replaced.
    let path = folder.join(&named.value);
    let file = sources.add_data_file(path, Arc::clone(&text), "shot_list");
    match read_reel_table(&text, limits.nodes) {
        Ok(entries) => entries,
        Err(fault) => {
            diagnostics.push(damaged_table(file, &text, &fault));
            Vec::new()
        }
    }
}

fn damaged_table(file: FileId, text: &str, fault: &ReelTableFault) -> Diagnostic {
    let row = text
        .get(fault.offset..)
        .and_then(|rest| rest.lines().next());
    let length = row.map_or(0, str::len);
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let origin = FileSpan::new(file, offset(fault.offset), offset(fault.offset + length));
    let message = format!("the table of reels cannot be read: {fault}");
    Diagnostic::error("production::recut::unreadable", origin, message)
        .with_help("put the table there that was delivered with the list, or remove it")
}

/// Returns the shots, with the `defaults` of the list applied to each.
fn with_defaults(list: ShotListDraft, diagnostics: &mut Diagnostics) -> Option<Vec<ShotDraft>> {
    let mut shots = list.shots?;
    if let Some(mut defaults) = list.defaults {
        // A default name would give every shot the same name.
        remove_default_name(&mut defaults, diagnostics);
        apply_defaults(&mut shots, &defaults);
    }
    Some(shots)
}

fn read_table(
    file: FileId,
    text: &Arc<str>,
    variables: &VariableTable,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<Vec<ShotDraft>> {
    let mut tree = shot_table::read_shot_table(file, text, limits, diagnostics)?.tree;
    // Variables of the document hold in the table too, so that a list can be shared by productions.
    substitute_variables(&mut tree, variables, limits, diagnostics);
    let scope = DecodeScope {
        // The path makes the messages about a cell the same as those about the same value in YAML.
        path: "/production/shots",
        free_keys: &[],
    };
    decode_node(&tree, tree.root()?, scope, limits, diagnostics)
}

fn read_yaml(
    file: FileId,
    text: &Arc<str>,
    variables: &VariableTable,
    limits: &InputLimits,
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
    // The full path: the name in the document is relative, and to which folder is the usual
    // mistake.
    let help = format!("looked for {}", path.display());
    let error = Diagnostic::error("production::files::missing", list.origin, message);
    match ForeignPath::find(&list.value) {
        Some(foreign) => error
            .with_label(foreign.describe_notation())
            .with_help("copy the file into the folder and name it from there"),
        None => error.with_help(help),
    }
}

fn outside_project_error(list: &Spanned<String>) -> Diagnostic {
    let message = format!(
        "the shot list `{}` is outside the production's folder",
        list.value
    );
    let error = Diagnostic::error("production::files::outside_project", list.origin, message);
    let error = error.with_label("absolute, above the folder, or behind a link");
    error.with_help("copy the file into the folder and name it from there")
}
