//! The text without boneyards and notes, in lines that know their place in the file.
//!
//! Both may begin on one line and end on another, so they are cut out before lines are read. The
//! remaining pieces are joined. A table of cuts gives the place of every byte in the file.

use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};

/// A line of the remaining text.
#[derive(Debug, Clone, Copy)]
pub(super) struct FountainLine<'t> {
    /// The text without its line break.
    pub(super) text: &'t str,
    start: usize,
}

impl FountainLine<'_> {
    /// Returns the line without blanks at its start. Its place moves along.
    pub(super) fn trimmed_start(self) -> Self {
        let text = self.text.trim_start();
        Self {
            text,
            start: self.start + self.text.len() - text.len(),
        }
    }

    /// Returns whether the line has only blanks. Such a line separates paragraphs.
    pub(super) fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns whether the line is blank but has two spaces, which continue a dialogue.
    pub(super) fn continues_dialogue(self) -> bool {
        self.is_blank() && self.text.len() >= 2
    }
}

/// A screenplay's text without boneyards and notes.
pub(super) struct FountainText {
    file: FileId,
    text: String,
    /// Offsets in `text`, each with the number of bytes that were cut before it.
    cuts: Vec<(usize, usize)>,
    /// The notes in the order of the file.
    pub(super) notes: Vec<Spanned<String>>,
}

impl FountainText {
    pub(super) fn new(file: FileId, text: &str, diagnostics: &mut Diagnostics) -> Self {
        let mut manuscript = Self {
            file,
            text: String::with_capacity(text.len()),
            cuts: vec![(0, 0)],
            notes: Vec::new(),
        };
        let mut marks = MarkScanner::new(text);
        let mut offset = 0;
        while let Some((start, opening)) = marks.next_opening(offset) {
            manuscript.text.push_str(&text[offset..start]);
            offset = match marks.find_closing(start, opening) {
                Some(end) => manuscript.cut_span(text, start, end, opening),
                None => manuscript.keep_unclosed(
                    start,
                    opening,
                    marks.is_first_unclosed(start, opening),
                    diagnostics,
                ),
            };
        }
        manuscript.text.push_str(&text[offset..]);
        manuscript
    }

    fn cut_span(&mut self, text: &str, start: usize, end: usize, opening: &str) -> usize {
        // Notes are for readers of the script, so they stay as elements. A boneyard is text that
        // the writer struck out.
        if opening == "[[" {
            // One form of line break, so that a script gives the same notes whichever system wrote
            // it.
            let inner = text[start + 2..end - 2].trim().replace("\r\n", "\n");
            self.notes
                .push(Spanned::new(inner, byte_origin(self.file, start, end)));
        }
        let (_, before) = self.cuts[self.cuts.len() - 1];
        self.cuts.push((self.text.len(), before + (end - start)));
        end
    }

    /// Leaves an opening mark without a closing one in the text, as it may be meant literally.
    fn keep_unclosed(
        &mut self,
        start: usize,
        opening: &str,
        is_first: bool,
        diagnostics: &mut Diagnostics,
    ) -> usize {
        // One warning for each cause: a file of opening marks alone would otherwise give thousands.
        if is_first {
            diagnostics.push(self.unclosed_warning(start, opening));
        }
        self.text.push_str(opening);
        start + opening.len()
    }

    fn unclosed_warning(&self, start: usize, opening: &str) -> Diagnostic {
        let place = byte_origin(self.file, start, start + 2);
        match opening {
            "[[" => Diagnostic::warning(
                "production::fountain::unclosed_note",
                place,
                "the note is not closed",
            )
            .with_label("begins here")
            .with_help("close it with `]]`; a blank line inside needs two spaces"),
            _ => Diagnostic::warning(
                "production::fountain::unclosed_boneyard",
                place,
                "the boneyard is not closed",
            )
            .with_label("begins here, and is read as text")
            .with_help("close it with `*/`"),
        }
    }

    /// Returns the lines. A line that had only a note or a boneyard is left out, so that it does
    /// not separate paragraphs.
    pub(super) fn lines(&self) -> Vec<FountainLine<'_>> {
        let mut start = 0;
        let mut lines = Vec::new();
        for full_line in self.text.split_inclusive('\n') {
            let text = full_line.strip_suffix('\n').unwrap_or(full_line);
            let line = FountainLine {
                text: text.strip_suffix('\r').unwrap_or(text),
                start,
            };
            if !(line.is_blank() && self.is_cut(start, start + full_line.len())) {
                lines.push(line);
            }
            start += full_line.len();
        }
        lines
    }

    fn is_cut(&self, start: usize, end: usize) -> bool {
        let cuts = &self.cuts[1..];
        let next = cuts.partition_point(|(cut_offset, _)| *cut_offset < start);
        cuts.get(next)
            .is_some_and(|(cut_offset, _)| *cut_offset < end.max(start + 1))
    }

    /// Returns a trimmed part of a line with its place. `part` must be a slice of the line's text.
    pub(super) fn spanned_part(&self, line: FountainLine<'_>, part: &str) -> Spanned<String> {
        let trimmed = part.trim();
        // The part is a slice of the line, so its address gives the offset. A search for its text
        // could find an earlier occurrence.
        let inset = (trimmed.as_ptr() as usize).saturating_sub(line.text.as_ptr() as usize);
        let start = line.start + inset.min(line.text.len());
        Spanned::new(
            trimmed.to_owned(),
            self.source_origin(start, start + trimmed.len()),
        )
    }

    fn source_origin(&self, start: usize, end: usize) -> FileSpan {
        // The end is computed from the last byte, since a cut directly after the part is not in it.
        let last = if end > start {
            self.source_offset(end - 1) + 1
        } else {
            self.source_offset(start)
        };
        byte_origin(self.file, self.source_offset(start), last)
    }

    fn source_offset(&self, offset: usize) -> usize {
        let passed = self.cuts.partition_point(|(place, _)| *place <= offset);
        offset + self.cuts[passed - 1].1
    }
}

fn byte_origin(file: FileId, start: usize, end: usize) -> FileSpan {
    let byte = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    FileSpan::new(file, byte(start), byte(end))
}

/// Finds opening and closing marks. Each search continues from the last one, so a text of opening
/// marks alone costs no more than another.
struct MarkScanner<'t> {
    text: &'t str,
    note_end: CachedPosition,
    boneyard_end: CachedPosition,
    blank: CachedPosition,
    unclosed: Option<(usize, &'static str)>,
}

/// The next position of a mark, once it was found. It is the end of the text if there is none.
#[derive(Default)]
struct CachedPosition(Option<usize>);

impl CachedPosition {
    fn get_or_find(
        &mut self,
        offset: usize,
        end: usize,
        find: impl FnOnce(usize) -> Option<usize>,
    ) -> usize {
        match self.0 {
            // A known position at or after the offset is still the next one.
            Some(known) if known >= offset => known,
            _ => *self.0.insert(find(offset).unwrap_or(end)),
        }
    }
}

impl<'t> MarkScanner<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            note_end: CachedPosition::default(),
            boneyard_end: CachedPosition::default(),
            blank: CachedPosition::default(),
            unclosed: None,
        }
    }

    /// Returns the next `/*` or `[[` and its place.
    fn next_opening(&self, from: usize) -> Option<(usize, &'static str)> {
        let pairs = self.text.as_bytes()[from..].windows(2).enumerate();
        pairs.into_iter().find_map(|(index, pair)| match pair {
            b"/*" => Some((from + index, "/*")),
            b"[[" => Some((from + index, "[[")),
            _ => None,
        })
    }

    /// Returns the offset after the closing mark. None if there is none: a note ends at a blank
    /// line, a boneyard does not.
    fn find_closing(&mut self, start: usize, opening: &str) -> Option<usize> {
        let text = self.text;
        let from = start + 2;
        let end = self.text.len();
        let find = |mark: &'static str| {
            move |offset: usize| text[offset..].find(mark).map(|index| offset + index)
        };
        // A cache for each mark, because the place of one says nothing about the others.
        let close = match opening {
            "[[" => self.note_end.get_or_find(from, end, find("]]")),
            _ => self.boneyard_end.get_or_find(from, end, find("*/")),
        };
        // Fountain's rule. A forgotten `]]` concerns one paragraph and not the rest of the script.
        let ended = opening == "[[" && self.next_blank_line(from) < close;
        (close < end && !ended).then_some(close + 2)
    }

    /// Returns where the next blank line begins. A line with two spaces is not blank.
    fn next_blank_line(&mut self, from: usize) -> usize {
        let text = self.text;
        let end = self.text.len();
        let is_blank = |offset: usize| text[offset + 1..].starts_with(['\n', '\r']);
        self.blank.get_or_find(from, end, |offset| {
            let breaks = text[offset..]
                .match_indices('\n')
                .map(|(index, _)| offset + index);
            breaks.into_iter().find(|offset| is_blank(*offset))
        })
    }

    /// Returns whether this is the first mark that is unclosed for its reason: the same blank line
    /// or the end of the file.
    fn is_first_unclosed(&mut self, start: usize, opening: &'static str) -> bool {
        let reason = (
            if opening == "[[" {
                self.next_blank_line(start)
            } else {
                self.text.len()
            },
            opening,
        );
        self.unclosed.replace(reason) != Some(reason)
    }
}
