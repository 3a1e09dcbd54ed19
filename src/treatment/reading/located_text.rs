//! Text of a treatment, with the bytes of the file that each part of it comes from.

use crate::base::work_counter::count_work;
use crate::base::{FileId, FileSpan, Spanned};
use std::ops::Range;

/// A part of a text, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TextPiece {
    /// First byte in the text.
    at: usize,
    /// Length in the text.
    len: usize,
    /// First byte in the file.
    source: u32,
    /// Length in the file. It differs from `len` for an entity such as `&amp;`.
    source_len: u32,
}

/// A line of text without marks of emphasis, and the bytes that it was written at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::treatment) struct LocatedText {
    pub(in crate::treatment) text: String,
    file: FileId,
    pieces: Vec<TextPiece>,
}

impl LocatedText {
    pub(in crate::treatment) const fn new(file: FileId) -> Self {
        Self {
            text: String::new(),
            file,
            pieces: Vec::new(),
        }
    }

    /// Adds text that was written at `source`.
    pub(in crate::treatment) fn push(&mut self, text: &str, source: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let piece = TextPiece {
            at: self.text.len(),
            len: text.len(),
            source: byte_offset(source.start),
            source_len: byte_offset(source.len()),
        };
        self.text.push_str(text);
        self.pieces.push(piece);
    }

    pub(in crate::treatment) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns the bytes of the file for a range of the text.
    pub(in crate::treatment) fn span(&self, range: Range<usize>) -> FileSpan {
        let start = self.source_at(range.start, false);
        let end = self.source_at(range.end.max(range.start + 1) - 1, true);
        FileSpan::new(self.file, start, end.max(start))
    }

    /// Returns the text as it is, with its spaces: a line of code.
    pub(in crate::treatment) fn verbatim_value(&self) -> Spanned<String> {
        let shown = self.text.trim_end().chars();
        let text = shown
            .map(|c| if c == '\t' { ' ' } else { c })
            .filter(|c| !crate::base::printable::is_hidden(*c))
            .collect();
        Spanned::new(text, self.full_span())
    }

    /// Returns the bytes of the whole text.
    pub(in crate::treatment) fn full_span(&self) -> FileSpan {
        self.span(0..self.text.len())
    }

    /// Returns the byte of the file for the byte of the text at `index`, or one past it.
    fn source_at(&self, index: usize, is_end: bool) -> u32 {
        // By halves: a line of many marks has a piece for each of them.
        let next = self.pieces.partition_point(|piece| piece.at <= index);
        let Some(piece) = next.checked_sub(1).and_then(|last| self.pieces.get(last)) else {
            return 0;
        };
        let offset = byte_offset(index - piece.at);
        // Where the text is not as it was written, only the whole piece has a place.
        match (piece.source_len == byte_offset(piece.len), is_end) {
            (true, false) => piece.source + offset.min(piece.source_len),
            (true, true) => piece.source + (offset + 1).min(piece.source_len),
            (false, false) => piece.source,
            (false, true) => piece.source + piece.source_len,
        }
    }

    /// Returns a range of the text without spaces around it, single spaced, with its bytes.
    pub(in crate::treatment) fn value(&self, range: Range<usize>) -> Spanned<String> {
        let trimmed = trimmed_range(&self.text, range);
        let text = self.text.get(trimmed.clone()).unwrap_or_default();
        Spanned::new(clean_text(text), self.span(trimmed))
    }

    /// Returns the whole text without spaces around it.
    pub(in crate::treatment) fn full_value(&self) -> Spanned<String> {
        self.value(0..self.text.len())
    }

    /// Returns the part of the text in `range`, which keeps its places.
    pub(in crate::treatment) fn part(&self, range: Range<usize>) -> Self {
        let range = trimmed_range(&self.text, range);
        let mut part = Self::new(self.file);
        self.push_part(&mut part, range);
        part
    }

    /// Removes ranges of the text, which are in order.
    pub(in crate::treatment) fn without(&self, ranges: &[Range<usize>]) -> Self {
        let mut rest = Self::new(self.file);
        let mut from = 0;
        for range in ranges.iter().chain([&(self.text.len()..self.text.len())]) {
            self.push_part(&mut rest, from..range.start);
            from = range.end;
        }
        rest
    }

    /// Returns the ranges of the text that were written within any of these spans, which are in order
    /// and apart from each other.
    pub(in crate::treatment) fn ranges_within(&self, spans: &[FileSpan]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        for piece in &self.pieces {
            let piece_end = piece.source + piece.source_len;
            let first = spans.partition_point(|span| span.end <= piece.source);
            for span in spans[first..]
                .iter()
                .take_while(|span| span.start < piece_end)
            {
                let start = span.start.max(piece.source) - piece.source;
                let end = span.end.min(piece_end) - piece.source;
                // Where the text is not as it was written, only the whole piece has a place.
                found.push(match piece.source_len == byte_offset(piece.len) {
                    true => piece.at + start as usize..piece.at + end as usize,
                    false => piece.at..piece.at + piece.len,
                });
            }
        }
        // A piece whose text is not as written may end inside of a character.
        found.retain(|range| self.text.get(range.clone()).is_some());
        found
    }

    /// Adds another text of the same file.
    pub(in crate::treatment) fn append(&mut self, other: &Self) {
        let shift = self.text.len();
        self.text.push_str(&other.text);
        let moved = other.pieces.iter().cloned().map(|mut piece| {
            piece.at += shift;
            piece
        });
        self.pieces.extend(moved);
    }

    /// Adds a range of this text to another.
    fn push_part(&self, part: &mut Self, range: Range<usize>) {
        let first = self
            .pieces
            .partition_point(|piece| piece.at + piece.len <= range.start);
        let pieces = self.pieces[first..].iter();
        for piece in pieces.take_while(|piece| piece.at < range.end) {
            count_work(1);
            let from = range.start.max(piece.at);
            let to = range.end.min(piece.at + piece.len);
            if from < to {
                let span = self.span(from..to);
                let text = self.text.get(from..to).unwrap_or_default();
                part.push(text, span.start as usize..span.end as usize);
            }
        }
    }
}

/// Returns an offset as spans keep it. The size of a treatment is limited far below.
fn byte_offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

fn trimmed_range(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(part) = text.get(range.clone()) else {
        return range.start..range.start;
    };
    let start = range.start + (part.len() - part.trim_start().len());
    start..(start + part.trim().len())
}

/// Returns text on one line, single spaced, without characters that cannot be seen.
pub(in crate::treatment) fn clean_text(text: &str) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .filter(|c| !crate::base::printable::is_hidden(*c))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_keeps_the_place_where_it_was_written() {
        let mut text = LocatedText::new(FileId(0));
        text.push("Narration:", 12..22);
        text.push(" bees dance", 24..35);
        let span = text.span(11..15);
        assert_eq!((span.start, span.end), (25, 29));
        let part = text.part(10..21);
        assert_eq!(part.text, "bees dance");
        assert_eq!(part.full_span().start, 25);
    }

    #[test]
    fn text_is_removed_and_the_rest_keeps_its_places() {
        let mut text = LocatedText::new(FileId(0));
        text.push("see http://x now", 0..16);
        let rest = text.without(std::slice::from_ref(&(4..12)));
        assert_eq!(rest.text, "see  now");
        assert_eq!(rest.span(5..8).start, 13);
        assert_eq!(rest.full_value().value, "see now");
    }

    #[test]
    fn a_place_of_the_file_is_found_in_the_text() {
        let mut text = LocatedText::new(FileId(0));
        text.push("a b", 10..13);
        // `&amp;`
        text.push("&", 13..18);
        let span = |start, end| FileSpan::new(FileId(0), start, end);
        let found = text.ranges_within(&[span(0, 10), span(12, 13)]);
        assert_eq!(found, std::slice::from_ref(&(2..3)));
        assert_eq!(text.ranges_within(&[span(11, 15)]), [1..3, 3..4]);
    }
}
