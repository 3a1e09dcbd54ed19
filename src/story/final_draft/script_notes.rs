//! Notes on a script: where each begins, as the program counts the characters before it.
//!
//! The list is beside the script. A note names a range of characters, counted over the paragraphs:
//! the length of each in UTF-16, two for a block inside it, and one for its end.

use super::fdx_text::{ParagraphText, file_span, tag_bytes};
use crate::base::{FileId, Spanned};
use crate::story::fountain::SceneElement;
use roxmltree::Node;
use std::collections::VecDeque;

/// The notes of a script that were not placed yet, in order of their places.
pub(super) struct ScriptNotes {
    waiting: VecDeque<(usize, SceneElement)>,
}

impl ScriptNotes {
    pub(super) fn read(root: Node<'_, '_>, file: FileId) -> Self {
        let lists = root
            .children()
            .filter(|child| child.has_tag_name("ScriptNotes"));
        let notes = lists.flat_map(|list| list.children());
        let mut waiting: Vec<(usize, SceneElement)> = notes
            .filter(|child| child.has_tag_name("ScriptNote"))
            .filter_map(|note| {
                // A note without a place is about the whole script.
                let start = note.attribute("Range").unwrap_or_default();
                let start = start.split(',').next().unwrap_or_default();
                Some((start.trim().parse().unwrap_or(0), read_note(note, file)?))
            })
            .collect();
        waiting.sort_by_key(|(start, _)| *start);
        Self {
            waiting: waiting.into(),
        }
    }

    /// Returns the next note that begins before this place.
    pub(super) fn next_before(&mut self, end: usize) -> Option<SceneElement> {
        let (start, _) = self.waiting.front()?;
        if *start >= end {
            return None;
        }
        self.waiting.pop_front().map(|(_, note)| note)
    }
}

/// Returns a note as an element. `None`: it has no text.
pub(super) fn read_note(note: Node<'_, '_>, file: FileId) -> Option<SceneElement> {
    let paragraphs = note
        .descendants()
        .filter(|child| child.has_tag_name("Paragraph"));
    let lines = paragraphs.flat_map(|paragraph| ParagraphText::read(paragraph).plain_lines());
    let lines: Vec<String> = lines.map(|line| note_text(&line)).collect();
    let text = lines.join("\n");
    let origin = file_span(file, tag_bytes(note));
    (!text.is_empty()).then(|| SceneElement::Note(Spanned::new(text, origin)))
}

/// Returns a text as it may stand in a note of Fountain, which ends at the first `]]`.
pub(super) fn note_text(text: &str) -> String {
    // Twice: of three brackets in a row, the first pass leaves two.
    text.replace("]]", "] ]").replace("]]", "] ]")
}
