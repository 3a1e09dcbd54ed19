//! Text to rows of cells, each with its bytes: the only user of the CSV parser.
//!
//! Owns delimiters, quotes, line ends, blank lines and comments. Does not know titles.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use std::borrow::Cow;
use std::ops::Range;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cell<'t> {
    /// The text, quotes resolved and blanks around it left out.
    pub(super) text: Cow<'t, str>,
    /// The bytes of the text, without quotes around it.
    pub(super) bytes: Range<usize>,
    /// What is wrong with its quotes.
    pub(super) flaw: Option<Flaw>,
}

/// A quote that does not do what quotes do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It opens and nothing closes it.
    Unclosed,
    /// Text follows the closing one.
    TextBehind,
}

/// One row: its number as a spreadsheet counts, and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'t> {
    pub(super) number: u32,
    pub(super) cells: Vec<Cell<'t>>,
}

impl Row<'_> {
    /// Returns whether every cell is empty, as rows below a table often are.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }
}

/// The rows of a text, in order.
pub(super) struct Rows<'t> {
    text: &'t str,
    at: usize,
    number: u32,
    delimiter: u8,
    reader: Reader,
    scratch: Vec<u8>,
}

impl<'t> Rows<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let (at, delimiter) = match named_delimiter(text) {
            Some((at, delimiter)) => (at, delimiter),
            None => (0, guessed_delimiter(text)),
        };
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        let number = u32::from(at > 0);
        let mut rows = Self {
            text,
            at,
            number,
            delimiter,
            reader,
            scratch: vec![0; 256],
        };
        rows.at = if at == 0 { 0 } else { rows.line_end(at).1 };
        rows
    }

    /// Returns the delimiter as it is written.
    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Passes over line ends, blank lines and comments.
    fn skip(&mut self) {
        if self.at > 0
            && self.bytes()[..self.at].ends_with(b"\r")
            && self.bytes()[self.at..].starts_with(b"\n")
        {
            self.at += 1;
        }
        while self.at < self.text.len() {
            let (end, next) = self.line_end(self.at);
            let line = &self.text[self.at..end];
            if !is_blank(line) && !is_comment(line) {
                return;
            }
            self.number += 1;
            self.at = next;
        }
    }

    /// Returns where the line that holds `from` ends, and where the next begins.
    fn line_end(&self, from: usize) -> (usize, usize) {
        let rest = &self.bytes()[from..];
        let end = rest
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(rest.len(), |end| end);
        let width = match &rest[end..] {
            [b'\r', b'\n', ..] => 2,
            [_, ..] => 1,
            [] => 0,
        };
        (from + end, from + end + width)
    }

    /// Reads one cell; returns whether it is the row's last.
    fn cell(&mut self) -> Option<(Cell<'t>, bool)> {
        let (start, mut written) = (self.at, 0);
        let last = loop {
            let rest = &self.text.as_bytes()[self.at..];
            let (result, read, wrote) = self.reader.read_field(rest, &mut self.scratch[written..]);
            self.at += read;
            written += wrote;
            match result {
                ReadFieldResult::OutputFull => self.scratch.resize(self.scratch.len() * 2, 0),
                // Without input the parser says that the text has ended, which ends the cell.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => break record_end,
                ReadFieldResult::End => return None,
            }
        };
        Some((self.made(start, written, last), last))
    }

    fn made(&self, start: usize, written: usize, last: bool) -> Cell<'t> {
        let raw = &self.text[start..self.at];
        let raw = if last {
            raw.trim_end_matches(['\r', '\n'])
        } else {
            raw.strip_suffix(self.delimiter()).unwrap_or(raw)
        };
        let quoted = raw.starts_with('"');
        let flaw = quoted.then(|| flaw(raw)).flatten();
        let inner = if quoted {
            raw[1..].trim_end().strip_suffix('"').unwrap_or(&raw[1..])
        } else {
            raw
        };
        let start = start + usize::from(quoted) + (inner.len() - inner.trim_start().len());
        let inner = inner.trim();
        let bytes = start..start + inner.len();
        let is_as_written = !quoted || !inner.contains('"');
        let text = if is_as_written {
            Cow::Borrowed(inner)
        } else {
            Cow::Owned(
                String::from_utf8_lossy(&self.scratch[..written])
                    .trim()
                    .to_owned(),
            )
        };
        Cell { text, bytes, flaw }
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }
}

impl<'t> Iterator for Rows<'t> {
    type Item = Row<'t>;

    fn next(&mut self) -> Option<Row<'t>> {
        self.skip();
        if self.at >= self.text.len() {
            return None;
        }
        self.number += 1;
        let mut cells = Vec::new();
        while let Some((cell, last)) = self.cell() {
            cells.push(cell);
            if last {
                break;
            }
        }
        Some(Row {
            number: self.number,
            cells,
        })
    }
}

fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Returns whether a line is a comment; a cell that is only `#` is the title of a column of numbers.
fn is_comment(line: &str) -> bool {
    let behind = line.strip_prefix('#');
    behind.is_some_and(|behind| !behind.starts_with([',', ';', '\t']))
}

/// Returns the delimiter that spreadsheets write as `sep=;` in the first line, and where that line ends.
fn named_delimiter(text: &str) -> Option<(usize, u8)> {
    let line = text.lines().next()?;
    let delimiter = line.strip_prefix("sep=")?.bytes().next()?;
    matches!(delimiter, b',' | b';' | b'\t').then_some((line.len(), delimiter))
}

/// Returns the delimiter that the row of titles has most of, outside of quotes.
fn guessed_delimiter(text: &str) -> u8 {
    let titles = text
        .lines()
        .find(|line| !is_blank(line) && !is_comment(line))
        .unwrap_or_default();
    let outside = titles.split('"').step_by(2).flat_map(str::bytes);
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in outside {
        counts
            .iter_mut()
            .filter(|(delimiter, _)| *delimiter == byte)
            .for_each(|(_, count)| *count += 1);
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    counts
        .iter()
        .find(|(_, count)| *count == most)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

/// Returns what is wrong with the quotes of a cell that begins with one.
fn flaw(raw: &str) -> Option<Flaw> {
    let mut rest = &raw[1..];
    loop {
        let Some(at) = rest.find('"') else {
            return Some(Flaw::Unclosed);
        };
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(behind) => rest = behind,
            None => return (!rest.trim().is_empty()).then_some(Flaw::TextBehind),
        }
    }
}
