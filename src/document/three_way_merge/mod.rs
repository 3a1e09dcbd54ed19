//! Three-way merge of documents: what changed between two generated documents is applied to a third,
//! which is the first as somebody edited it.
//!
//! Fields are found by their keys, and entries of lists by their names, so that an edit and a change
//! meet only where both are about the same value. The text of everything else stays as it is, with
//! its comments and its layout. Does not know what a field means.

mod document_outline;
mod entry_identity;
mod merge_outlines;
mod outline_entry;
mod outline_reader;
#[cfg(test)]
mod tests;

use document_outline::DocumentOutline;
use merge_outlines::OutlineMerge;

/// A value that the renewed document changed, and that the edited one now has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedChange {
    /// The keys and names on the way to it, such as `production.shots.the_hook.duration`.
    pub path: String,
    /// Its YAML before, on one line. `None` if it is new.
    pub before: Option<String>,
    /// Its YAML now, on one line. `None` if it is gone.
    pub after: Option<String>,
}

/// A value that both documents changed. The edited one keeps its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeConflict {
    /// As in [`MergedChange`].
    pub path: String,
    /// The edited YAML, on one line. `None` if it was removed.
    pub edited: Option<String>,
    /// The renewed YAML, on one line. `None` if it was removed.
    pub renewed: Option<String>,
    /// Whether the edited value is in brackets and cannot be written on lines of its own without a
    /// loss, so that no part of it could be changed.
    pub is_in_brackets: bool,
}

/// The result of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedDocument {
    /// The edited document with the changes.
    pub text: String,
    /// What changed in it, in the order of the document.
    pub changes: Vec<MergedChange>,
    /// What was changed on both sides.
    pub conflicts: Vec<MergeConflict>,
}

/// Which of the three texts is not YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeSide {
    /// The document that both others began as.
    Base,
    /// The one with edits.
    Edited,
    /// The one that was generated anew.
    Renewed,
}

/// Applies what changed from `base` to `renewed` to `edited`.
///
/// A value that both changed, and differently, stays as edited, and is a conflict. So is an entry
/// that one side removed and the other changed.
///
/// A map or list in brackets is written on lines of its own if a part of it changes.
///
/// # Errors
/// Names the text that is not YAML, is empty, or is one map in brackets with comments in it.
pub fn merge_documents(
    base: &str,
    edited: &str,
    renewed: &str,
) -> Result<MergedDocument, MergeSide> {
    let outline = |text: &str, side| DocumentOutline::from_text(text).ok_or(side);
    let base = outline(base, MergeSide::Base)?;
    let edited_outline = outline(edited, MergeSide::Edited)?;
    let renewed = outline(renewed, MergeSide::Renewed)?;
    let mut merge = OutlineMerge::default();
    let merged = merge.merge_outline(&base, &edited_outline, &renewed);
    // Nothing is written anew, on lines of its own or not, if nothing changes in it.
    let is_same = edited_outline.is_flow && merge.changes.is_empty();
    let text = if is_same {
        edited.replace("\r\n", "\n")
    } else {
        merged.to_text()
    };
    let text = if edited.contains("\r\n") {
        text.replace('\n', "\r\n")
    } else {
        text
    };
    Ok(MergedDocument {
        text,
        changes: merge.changes,
        conflicts: merge.conflicts,
    })
}
