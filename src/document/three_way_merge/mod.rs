//! Three-way merge of documents: what changed between two generated documents is applied to a
//! third, which is the first as somebody edited it.
//!
//! Fields are found by their keys, and entries of lists by their names, so that an edit and a
//! change meet only where both are about the same value. The text of everything else stays as it
//! is, with its comments and its layout. Does not know what a field means.

mod document_outline;
mod entry_alignment;
mod entry_identity;
mod flow_gap;
#[cfg(test)]
mod generated_tests;
mod merge_outlines;
mod merge_references;
mod outline_entry;
mod outline_reader;
mod renamed_entries;
#[cfg(test)]
mod tests;

pub use document_outline::OutlineFault;
use document_outline::{DocumentOutline, with_plain_line_ends};
use merge_outlines::{OutlineMerge, SideRenames};
use merge_references::{MergeLimits, RemovedName, present_names, still_named};
use renamed_entries::ItemRenames;
use std::collections::BTreeSet;

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
    /// Why it could not be merged.
    pub cause: ConflictCause,
    /// The name that the edited document has for what is gone from it, if it was only renamed.
    pub renamed_to: Option<String>,
}

/// Why a value keeps its edited form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictCause {
    /// Both documents changed it.
    BothChanged,
    /// The edited value is in brackets and cannot be written on lines of its own without a loss, so
    /// that no part of it could be changed.
    InBrackets,
    /// The renewed value names an entry of this name, which the edited document has no more.
    NamesRemoved(String),
    /// The renewed document has it no more, and something that stays names it.
    StillNamed,
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

/// Which of the three texts cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MergeSide {
    /// The document that both others began as.
    Base,
    /// The one with edits.
    Edited,
    /// The one that was generated anew.
    Renewed,
}

/// A text that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmergeableText {
    /// Which of the three it is.
    pub side: MergeSide,
    /// Why, and where.
    pub fault: OutlineFault,
}

/// The most times that a merge is done again, because what it removed is named by what stays.
const MOST_PASSES: usize = 8;

/// Applies what changed from `base` to `renewed` to `edited`.
///
/// A value that both changed, and differently, stays as edited, and is a conflict. So is an entry
/// that one side removed and the other changed, one that is removed and that something names which
/// stays, and a new one that names something that the edited document has no more.
///
/// A map or list in brackets is written on lines of its own if a part of it changes. Blanks,
/// comments, quotes and anchors are no changes.
///
/// # Errors
/// Names the text that is not YAML or no map, and the place.
pub fn merge_documents(
    base: &str,
    edited: &str,
    renewed: &str,
) -> Result<MergedDocument, UnmergeableText> {
    let outline = |text: &str, side| {
        DocumentOutline::from_text(text).map_err(|fault| UnmergeableText { side, fault })
    };
    let is_same = base == renewed;
    let base = outline(base, MergeSide::Base)?;
    let edited_outline = outline(edited, MergeSide::Edited)?;
    let renewed = outline(renewed, MergeSide::Renewed)?;
    // Nothing to apply: not even line ends are made alike.
    if is_same {
        return Ok(MergedDocument {
            text: edited.to_owned(),
            changes: Vec::new(),
            conflicts: Vec::new(),
        });
    }
    let renames = SideRenames {
        edits: ItemRenames::between(&base, &edited_outline),
        words: ItemRenames::between(&base, &renewed),
    };
    let mut limits = MergeLimits::default();
    let mut passes = 0;
    let (merged, (changes, conflicts)) = loop {
        let mut merge = OutlineMerge::new(&limits, &renames);
        let merged = merge.merge_outline(&base, &edited_outline, &renewed);
        let next = next_limits(&limits, &merge, &merged);
        passes += 1;
        if next == limits || passes == MOST_PASSES {
            merge.name_renamed();
            break (merged, merge.into_findings());
        }
        limits = next;
    };
    let plain = with_plain_line_ends(edited);
    // Nothing is written anew, on lines of its own or not, if nothing changes in it.
    let text = if edited_outline.is_flow && changes.is_empty() {
        plain.clone()
    } else {
        merged.to_text()
    };
    // The outline has plain line ends, and one at the end.
    let is_unchanged = text.trim_end_matches('\n') == plain.trim_end_matches('\n');
    let text = match is_unchanged {
        true => edited.to_owned(),
        false => with_line_ends_of(edited, text),
    };
    Ok(MergedDocument {
        text,
        changes,
        conflicts,
    })
}

/// Returns what the next try must not do, by what this one made.
fn next_limits(
    limits: &MergeLimits,
    merge: &OutlineMerge<'_>,
    merged: &DocumentOutline,
) -> MergeLimits {
    let gone = |removed: &BTreeSet<RemovedName>| -> BTreeSet<RemovedName> {
        let present = present_names(merged, removed);
        removed.difference(&present).cloned().collect()
    };
    let still_named = still_named(merged, &gone(&merge.removed_by_words));
    MergeLimits {
        missing: &limits.missing | &gone(&merge.removed_by_edits),
        held: &limits.held | &still_named,
        // An alias whose anchor is gone makes a text that is no YAML.
        keeps_anchors: limits.keeps_anchors
            || DocumentOutline::from_text(&merged.to_text()).is_err(),
    }
}

/// Returns a text with the line ends that another has.
fn with_line_ends_of(pattern: &str, text: String) -> String {
    if pattern.contains("\r\n") {
        text.replace('\n', "\r\n")
    } else if pattern.contains('\r') && !pattern.contains('\n') {
        text.replace('\n', "\r")
    } else {
        text
    }
}
