//! The text without boneyards and notes, in lines that still know where they stood.
//!
//! Both may begin in one line and end in another, so they are cut out first; the pieces that remain are joined, and
//! every byte keeps its place through a table of cuts.

use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};

/// A line of what remains.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'t> {
    /// The text without its line break.
    pub(super) text: &'t str,
    start: usize,
}

impl Line<'_> {
    /// Returns the line without blanks at its start.
    pub(super) fn trimmed_start(self) -> Self {
        let text = self.text.trim_start();
        Self {
            text,
            start: self.start + self.text.len() - text.len(),
        }
    }

    /// Returns whether the line separates paragraphs.
    pub(super) fn is_blank(self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns whether the line is blank, but kept inside a speech by two spaces.
    pub(super) fn is_kept_blank(self) -> bool {
        self.is_blank() && self.text.len() >= 2
    }
}

/// A text without boneyards and notes.
pub(super) struct Manuscript {
    file: FileId,
    text: String,
    /// Places in `text` and how many bytes were cut before each.
    cuts: Vec<(usize, usize)>,
    /// The notes, in order.
    pub(super) notes: Vec<Spanned<String>>,
}

impl Manuscript {
    pub(super) fn new(file: FileId, text: &str, found: &mut Diagnostics) -> Self {
        let mut manuscript = Self {
            file,
            text: String::with_capacity(text.len()),
            cuts: vec![(0, 0)],
            notes: Vec::new(),
        };
        let mut marks = Marks::new(text);
        let mut at = 0;
        while let Some((start, opening)) = marks.opening(at) {
            manuscript.text.push_str(&text[at..start]);
            at = match marks.closing(start, opening) {
                Some(end) => manuscript.cut(text, start, end, opening),
                None => manuscript.leave(
                    start,
                    opening,
                    marks.is_first_unclosed(start, opening),
                    found,
                ),
            };
        }
        manuscript.text.push_str(&text[at..]);
        manuscript
    }

    fn cut(&mut self, text: &str, start: usize, end: usize, opening: &str) -> usize {
        if opening == "[[" {
            let inner = text[start + 2..end - 2].trim().replace("\r\n", "\n");
            self.notes
                .push(Spanned::new(inner, origin(self.file, start, end)));
        }
        let (_, before) = self.cuts[self.cuts.len() - 1];
        self.cuts.push((self.text.len(), before + (end - start)));
        end
    }

    /// Leaves an opening mark that nothing closes in the text, as it may be meant.
    fn leave(
        &mut self,
        start: usize,
        opening: &str,
        is_first: bool,
        found: &mut Diagnostics,
    ) -> usize {
        if is_first {
            found.push(self.unclosed(start, opening));
        }
        self.text.push_str(opening);
        start + opening.len()
    }

    fn unclosed(&self, start: usize, opening: &str) -> Diagnostic {
        let place = origin(self.file, start, start + 2);
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

    /// Returns the lines; those that held nothing but what was cut are left out.
    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        let mut start = 0;
        let mut lines = Vec::new();
        for whole in self.text.split_inclusive('\n') {
            let text = whole.strip_suffix('\n').unwrap_or(whole);
            let line = Line {
                text: text.strip_suffix('\r').unwrap_or(text),
                start,
            };
            if !(line.is_blank() && self.is_cut(start, start + whole.len())) {
                lines.push(line);
            }
            start += whole.len();
        }
        lines
    }

    fn is_cut(&self, start: usize, end: usize) -> bool {
        let cuts = &self.cuts[1..];
        let next = cuts.partition_point(|(at, _)| *at < start);
        cuts.get(next)
            .is_some_and(|(at, _)| *at < end.max(start + 1))
    }

    /// Returns a part of a line, trimmed, with its place. `part` must be a slice of the line's text.
    pub(super) fn spanned(&self, line: Line<'_>, part: &str) -> Spanned<String> {
        let trimmed = part.trim();
        let inset = (trimmed.as_ptr() as usize).saturating_sub(line.text.as_ptr() as usize);
        let start = line.start + inset.min(line.text.len());
        Spanned::new(
            trimmed.to_owned(),
            self.origin(start, start + trimmed.len()),
        )
    }

    fn origin(&self, start: usize, end: usize) -> FileSpan {
        let last = if end > start {
            self.original(end - 1) + 1
        } else {
            self.original(start)
        };
        origin(self.file, self.original(start), last)
    }

    fn original(&self, at: usize) -> usize {
        let passed = self.cuts.partition_point(|(place, _)| *place <= at);
        at + self.cuts[passed - 1].1
    }
}

fn origin(file: FileId, start: usize, end: usize) -> FileSpan {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    FileSpan::new(file, byte(start), byte(end))
}

/// Finds opening and closing marks. Each search goes on from the last one, so that a text of nothing but opening
/// marks costs no more than another.
struct Marks<'t> {
    text: &'t str,
    note_end: Ahead,
    boneyard_end: Ahead,
    blank: Ahead,
    unclosed: Option<(usize, &'static str)>,
}

/// The next place of a mark, once looked up; the end of the text when there is none.
#[derive(Default)]
struct Ahead(Option<usize>);

impl Ahead {
    fn from(&mut self, at: usize, end: usize, find: impl FnOnce(usize) -> Option<usize>) -> usize {
        match self.0 {
            Some(known) if known >= at => known,
            _ => *self.0.insert(find(at).unwrap_or(end)),
        }
    }
}

impl<'t> Marks<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            text,
            note_end: Ahead::default(),
            boneyard_end: Ahead::default(),
            blank: Ahead::default(),
            unclosed: None,
        }
    }

    /// Returns the next `/*` or `[[`.
    fn opening(&self, from: usize) -> Option<(usize, &'static str)> {
        let pairs = self.text.as_bytes()[from..].windows(2).enumerate();
        pairs.into_iter().find_map(|(at, pair)| match pair {
            b"/*" => Some((from + at, "/*")),
            b"[[" => Some((from + at, "[[")),
            _ => None,
        })
    }

    /// Returns the byte after the mark that closes, if any does. A note ends at a blank line, a boneyard does not.
    fn closing(&mut self, start: usize, opening: &str) -> Option<usize> {
        let (text, from, end) = (self.text, start + 2, self.text.len());
        let find =
            |mark: &'static str| move |at: usize| text[at..].find(mark).map(|found| at + found);
        let close = match opening {
            "[[" => self.note_end.from(from, end, find("]]")),
            _ => self.boneyard_end.from(from, end, find("*/")),
        };
        let ended = opening == "[[" && self.blank(from) < close;
        (close < end && !ended).then_some(close + 2)
    }

    /// Returns where the next blank line begins; two spaces keep a line from being blank.
    fn blank(&mut self, from: usize) -> usize {
        let (text, end) = (self.text, self.text.len());
        let is_blank = |at: usize| text[at + 1..].starts_with(['\n', '\r']);
        self.blank.from(from, end, |at| {
            let breaks = text[at..].match_indices('\n').map(|(found, _)| at + found);
            breaks.into_iter().find(|at| is_blank(*at))
        })
    }

    /// Returns whether no mark before this one is unclosed for the same reason.
    fn is_first_unclosed(&mut self, start: usize, opening: &'static str) -> bool {
        let reason = (
            if opening == "[[" {
                self.blank(start)
            } else {
                self.text.len()
            },
            opening,
        );
        self.unclosed.replace(reason) != Some(reason)
    }
}
