//! Text to rows of cells, each with its bytes: the only user of the CSV parser.
//!
//! Owns delimiters, quotes, line ends, blank lines and comments. Does not know titles.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use std::borrow::Cow;
use std::ops::Range;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvCell<'t> {
    /// The text, quotes resolved and blanks around it left out.
    pub(super) text: Cow<'t, str>,
    /// The bytes of the text, without quotes around it.
    pub(super) bytes: Range<usize>,
    /// What is wrong with its quotes.
    pub(super) flaw: Option<QuoteFlaw>,
}

/// A quote that does not do what quotes do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteFlaw {
    /// It opens and nothing closes it.
    Unclosed,
    /// Text follows the closing one.
    TextBehind,
}

/// One row: its number as a spreadsheet counts, and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvRow<'t> {
    pub(super) number: u32,
    pub(super) cells: Vec<CsvCell<'t>>,
}

impl CsvRow<'_> {
    /// Returns whether every cell is empty, as rows below a table often are.
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }
}

/// The rows of a text, in order.
pub(super) struct CsvRows<'t> {
    text: &'t str,
    position: usize,
    number: u32,
    delimiter: u8,
    reader: Reader,
    scratch: Vec<u8>,
}

impl<'t> CsvRows<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (position, delimiter) = match named_delimiter(text) {
            Some((position, delimiter)) => (position, delimiter),
            None => (0, guessed_delimiter(text)),
        };
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        let number = u32::from(position > 0);
        let mut rows = Self {
            text,
            position,
            number,
            delimiter,
            reader,
            scratch: vec![0; 256],
        };
        rows.position = if position == 0 {
            0
        } else {
            rows.line_end(position).1
        };
        rows
    }

    /// Returns the delimiter as it is written.
    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Passes over line ends, blank lines and comments.
    fn skip_blank_lines(&mut self) {
        if self.position > 0
            && self.text_bytes()[..self.position].ends_with(b"\r")
            && self.text_bytes()[self.position..].starts_with(b"\n")
        {
            self.position += 1;
        }
        while self.position < self.text.len() {
            let (end, next) = self.line_end(self.position);
            let line = &self.text[self.position..end];
            if !is_blank(line) && !is_comment(line) {
                return;
            }
            self.number += 1;
            self.position = next;
        }
    }

    /// Returns where the line that holds `from` ends, and where the next begins.
    fn line_end(&self, from: usize) -> (usize, usize) {
        let rest = &self.text_bytes()[from..];
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
    fn read_cell(&mut self) -> Option<(CsvCell<'t>, bool)> {
        let (start, mut written) = (self.position, 0);
        let last = loop {
            let rest = &self.text.as_bytes()[self.position..];
            let (result, read, wrote) = self.reader.read_field(rest, &mut self.scratch[written..]);
            self.position += read;
            written += wrote;
            match result {
                ReadFieldResult::OutputFull => self.scratch.resize(self.scratch.len() * 2, 0),
                // Without input the parser says that the text has ended, which ends the cell.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => break record_end,
                ReadFieldResult::End => return None,
            }
        };
        Some((self.build_cell(start, written, last), last))
    }

    fn build_cell(&self, start: usize, written: usize, last: bool) -> CsvCell<'t> {
        let raw = &self.text[start..self.position];
        let raw = if last {
            raw.trim_end_matches(['\r', '\n'])
        } else {
            raw.strip_suffix(self.delimiter()).unwrap_or(raw)
        };
        let quoted = raw.starts_with('"');
        let flaw = quoted.then(|| quote_flaw(raw)).flatten();
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
        CsvCell { text, bytes, flaw }
    }

    fn text_bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }
}

impl<'t> Iterator for CsvRows<'t> {
    type Item = CsvRow<'t>;

    fn next(&mut self) -> Option<CsvRow<'t>> {
        self.skip_blank_lines();
        if self.position >= self.text.len() {
            return None;
        }
        self.number += 1;
        let mut cells = Vec::new();
        while let Some((cell, last)) = self.read_cell() {
            cells.push(cell);
            if last {
                break;
            }
        }
        Some(CsvRow {
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
fn quote_flaw(raw: &str) -> Option<QuoteFlaw> {
    let mut rest = &raw[1..];
    loop {
        let Some(index) = rest.find('"') else {
            return Some(QuoteFlaw::Unclosed);
        };
        rest = &rest[index + 1..];
        match rest.strip_prefix('"') {
            Some(behind) => rest = behind,
            None => return (!rest.trim().is_empty()).then_some(QuoteFlaw::TextBehind),
        }
    }
}
