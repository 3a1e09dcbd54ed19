//! The edits of findings, put into the files that they are about.
//!
//! [`plan_fixes`] plans: which edits, which new text for which file; it changes nothing. [`FixedFile::write`] replaces a file. Bytes
//! outside of the edits stay as they are, byte-order mark and line ends too. Does not know which edits are safe: a finding
//! carries only such as are.

mod fixed_file;

use crate::base::{Diagnostics, FileId, SourceMap, TextEdit};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use fixed_file::FixError;

/// The new text of one file, not yet written.
#[derive(Debug, Clone)]
pub struct FixedFile {
    /// What was changed, in order of place.
    pub edits: Vec<TextEdit>,
    /// Where the file is, links followed.
    target: PathBuf,
    bytes: Vec<u8>,
}

/// Returns the new text of every file that an edit of a finding changes.
///
/// Of two edits in the same place the first wins, and of a finding all edits or none. Left alone are files outside of
/// `root`, files that are not on disk as they were read, and text that holds a variable.
#[must_use]
pub fn plan_fixes(diagnostics: &Diagnostics, sources: &SourceMap, root: &Path) -> Vec<FixedFile> {
    let mut files = AcceptedEdits::new();
    for finding in diagnostics.as_slice() {
        let new: Vec<&TextEdit> = finding
            .fix
            .iter()
            .filter(|edit| !is_duplicate(edit, &files))
            .collect();
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
    let mended = |(file, edits): (FileId, BTreeMap<u32, TextEdit>)| {
        build_fixed_file(file, edits.into_values().collect(), sources, root)
    };
    files.into_iter().filter_map(mended).collect()
}

/// The edits taken so far, by file and first byte.
type AcceptedEdits = BTreeMap<FileId, BTreeMap<u32, TextEdit>>;

fn build_fixed_file(
    file: FileId,
    edits: Vec<TextEdit>,
    sources: &SourceMap,
    root: &Path,
) -> Option<FixedFile> {
    let source = sources.get(file)?;
    let (target, byte_order_mark) = fixed_file::locate_target(&source.path, root, &source.text)?;
    let mut bytes = byte_order_mark.to_vec();
    let mut offset = 0;
    for edit in &edits {
        let (start, end) = (edit.origin.start as usize, edit.origin.end as usize);
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

/// Returns whether an edit changes its text, and no text that only stands for another.
fn is_effective(edit: &TextEdit, sources: &SourceMap) -> bool {
    let old = sources.span_text(edit.origin);
    old != edit.text && !old.contains("${")
}

/// Returns whether the very same edit was taken for another finding.
fn is_duplicate(edit: &TextEdit, accepted: &AcceptedEdits) -> bool {
    accepted
        .get(&edit.origin.file)
        .and_then(|file| file.get(&edit.origin.start))
        == Some(edit)
}

/// Returns whether a byte of the edit belongs to another one, or both begin at the same.
fn overlaps_accepted(edit: &TextEdit, accepted: &AcceptedEdits) -> bool {
    let Some(file) = accepted.get(&edit.origin.file) else {
        return false;
    };
    let before = file.range(..edit.origin.start).next_back();
    let after = file.range(edit.origin.start..).next();
    before.is_some_and(|(_, other)| other.origin.end > edit.origin.start)
        || after.is_some_and(|(start, _)| *start < edit.origin.end.max(edit.origin.start + 1))
}

#[cfg(test)]
mod tests;
