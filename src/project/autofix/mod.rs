//! Applies the edits of diagnostics to the files that they are about.
//!
//! [`plan_fixes`] chooses edits and builds the new text of each file. It changes nothing.
//! [`FixedFile::write`] replaces a file. Bytes outside of the edits stay as they are, also the
//! byte-order mark and line ends. Only safe edits arrive here: a diagnostic has no others.

mod fixed_file;

use crate::base::{Diagnostics, FileId, SourceMap, TextEdit};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use fixed_file::FixError;

/// The new text of one file, not yet written.
#[derive(Debug, Clone)]
pub struct FixedFile {
    /// The edits, sorted by position.
    pub edits: Vec<TextEdit>,
    /// Real path of the file, with links followed.
    target: PathBuf,
    bytes: Vec<u8>,
}

/// Returns the new text of every file that an edit changes.
///
/// Of two edits that overlap, the first wins. The edits of one diagnostic are applied together or
/// not at all. Files outside of `root`, files that have changed since they were read, and text with
/// a variable are left alone.
#[must_use]
pub fn plan_fixes(diagnostics: &Diagnostics, sources: &SourceMap, root: &Path) -> Vec<FixedFile> {
    let mut files = AcceptedEdits::new();
    for finding in diagnostics.as_slice() {
        // Two diagnostics may carry the same edit. The second must not count as a conflict, or its
        // other edits would be lost.
        let new: Vec<&TextEdit> = finding
            .fix
            .iter()
            .filter(|edit| !is_duplicate(edit, &files))
            .collect();
        // All or none: some of the edits of a finding without the others could break a valid
        // document.
        let fits = new
            .iter()
            .all(|edit| is_effective(edit, sources) && !overlaps_accepted(edit, &files));
        for edit in new.into_iter().filter(|_| fits) {
            files
                .entry(edit.origin.file)
                .or_default()
                .insert(edit.origin.start, edit.clone());
        }
    }
    files
        .into_iter()
        .filter_map(|(file, edits)| {
            build_fixed_file(file, edits.into_values().collect(), sources, root)
        })
        .collect()
}

/// The accepted edits, by file and first byte.
type AcceptedEdits = BTreeMap<FileId, BTreeMap<u32, TextEdit>>;

fn build_fixed_file(
    file: FileId,
    edits: Vec<TextEdit>,
    sources: &SourceMap,
    root: &Path,
) -> Option<FixedFile> {
    let source = sources.get(file)?;
    // A built-in file has no path on disk and is left out here.
    let (target, byte_order_mark) = fixed_file::locate_target(&source.path, root, &source.text)?;
    let mut bytes = byte_order_mark.to_vec();
    // The new text is copied from the old one between the edits, and not written from the tree,
    // which has no comments and no layout.
    let mut offset = 0;
    for edit in &edits {
        let start = edit.origin.start as usize;
        let end = edit.origin.end as usize;
        bytes.extend_from_slice(source.text.get(offset..start)?.as_bytes());
        bytes.extend_from_slice(edit.text.as_bytes());
        offset = end;
    }
    bytes.extend_from_slice(source.text.get(offset..)?.as_bytes());
    Some(FixedFile {
        edits,
        target,
        bytes,
    })
}

/// Returns whether an edit changes its text and replaces no variable.
fn is_effective(edit: &TextEdit, sources: &SourceMap) -> bool {
    let old = sources.span_text(edit.origin);
    // The value comes from the variable, which other places use too. Replacing `${x}` by a text
    // would only hide that.
    old != edit.text && !old.contains("${")
}

/// Returns whether the same edit was accepted for another diagnostic.
fn is_duplicate(edit: &TextEdit, accepted: &AcceptedEdits) -> bool {
    accepted
        .get(&edit.origin.file)
        .and_then(|file| file.get(&edit.origin.start))
        == Some(edit)
}

/// Returns whether the edit overlaps an accepted one, or begins at the same byte.
fn overlaps_accepted(edit: &TextEdit, accepted: &AcceptedEdits) -> bool {
    let Some(file) = accepted.get(&edit.origin.file) else {
        return false;
    };
    // Accepted edits never overlap, so only the neighbours on both sides can touch this one.
    let before = file.range(..edit.origin.start).next_back();
    let after = file.range(edit.origin.start..).next();
    before.is_some_and(|(_, other)| other.origin.end > edit.origin.start)
        // An empty edit inserts text. Two insertions at one byte have no defined order, so an edit
        // counts as at least one byte long.
        || after.is_some_and(|(start, _)| *start < edit.origin.end.max(edit.origin.start + 1))
}

#[cfg(test)]
mod tests;
