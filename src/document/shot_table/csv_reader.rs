//! Splits text into rows of cells, each with its bytes. No other file uses the CSV parser.
//!
//! Owns delimiters, quotes, line ends, blank lines and comments. Does not know titles.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use std::borrow::Cow;
use std::ops::Range;

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvCell<'t> {
    /// The text, with quotes resolved and surrounding blanks removed.
    pub(super) text: Cow<'t, str>,
    /// The bytes of the text, without the quotes around it.
    pub(super) bytes: Range<usize>,
    /// What is wrong with its quotes. None if they are correct.
    pub(super) flaw: Option<QuoteFlaw>,
}

/// A mistake in the quotes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QuoteFlaw {
    /// A quote opens and nothing closes it.
    Unclosed,
    /// Text follows the closing quote.
    TextBehind,
}

/// One row: its number as a spreadsheet counts, from 1, and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CsvRow<'t> {
    pub(super) number: u32,
    pub(super) cells: Vec<CsvCell<'t>>,
}

impl CsvRow<'_> {
    /// Returns whether every cell is empty. Spreadsheets export such rows below a table.
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
        // The reader of `csv-core` reports how many bytes each field took, which the place of a
        // cell needs. The `csv` crate has positions of records only.
        let reader = ReaderBuilder::new().delimiter(delimiter).build();
        // The line `sep=;` is a row of the file, so the titles are row 2 in an editor.
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

    /// Returns the delimiter between cells.
    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Skips the rest of a line end, blank lines and comments.
    fn skip_blank_lines(&mut self) {
        // The parser ends a row after `\r`. The `\n` of the pair would look like a blank line and
        // be counted.
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
            // Skipped lines count, so that row numbers agree with the spreadsheet and the editor.
            self.number += 1;
            self.position = next;
        }
    }

    /// Returns the end of the line that contains `from`, and the start of the next line.
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

    /// Reads one cell, and whether it is the last one of its row. None at the end of the text.
    fn read_cell(&mut self) -> Option<(CsvCell<'t>, bool)> {
        let start = self.position;
        let mut written = 0;
        let last = loop {
            let rest = &self.text.as_bytes()[self.position..];
            let (result, read, wrote) = self.reader.read_field(rest, &mut self.scratch[written..]);
            self.position += read;
            written += wrote;
            match result {
                // The size of a field is not known beforehand. Doubling keeps the number of copies
                // small, and the reader continues where it stopped.
                ReadFieldResult::OutputFull => self.scratch.resize(self.scratch.len() * 2, 0),
                // The loop calls the parser again with no input, which it takes for the end of the
                // text, and it then ends the cell.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::Field { record_end } => break record_end,
                ReadFieldResult::End => return None,
            }
        };
        Some((self.build_cell(start, written, last), last))
    }

    fn build_cell(&self, start: usize, written: usize, last: bool) -> CsvCell<'t> {
        // The raw bytes are cut here although the parser returns the text, because the cell's span
        // must not include its quotes, blanks and delimiter.
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
        // Nearly all cells are borrowed from the file. Only a doubled quote inside of a quoted cell
        // needs a copy.
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
        // A row without cells cannot occur: blank lines are skipped before.
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

/// Returns whether a line is a comment. A first cell that is only `#` is the title of a column of
/// numbers.
fn is_comment(line: &str) -> bool {
    let behind = line.strip_prefix('#');
    behind.is_some_and(|behind| !behind.starts_with([',', ';', '\t']))
}

/// Returns the delimiter that spreadsheets write as `sep=;` into the first line, and the end of
/// that line.
fn named_delimiter(text: &str) -> Option<(usize, u8)> {
    let line = text.lines().next()?;
    let delimiter = line.strip_prefix("sep=")?.bytes().next()?;
    matches!(delimiter, b',' | b';' | b'\t').then_some((line.len(), delimiter))
}

/// Returns the delimiter that occurs most often in the row of titles, outside of quotes.
fn guessed_delimiter(text: &str) -> u8 {
    let titles = text
        .lines()
        .find(|line| !is_blank(line) && !is_comment(line))
        .unwrap_or_default();
    // Titles such as "Action, notes" contain delimiters. Every second part of the split is inside
    // quotes.
    let outside = titles.split('"').step_by(2).flat_map(str::bytes);
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in outside {
        counts
            .iter_mut()
            .filter(|(delimiter, _)| *delimiter == byte)
            .for_each(|(_, count)| *count += 1);
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    // Of equal counts the first in the list wins, so a single column is read with a comma.
    counts
        .iter()
        .find(|(_, count)| *count == most)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

/// Returns what is wrong with the quotes of a cell that begins with one. None if they are correct.
fn quote_flaw(raw: &str) -> Option<QuoteFlaw> {
    let mut rest = &raw[1..];
    loop {
        let Some(index) = rest.find('"') else {
            return Some(QuoteFlaw::Unclosed);
        };
        rest = &rest[index + 1..];
        match rest.strip_prefix('"') {
            // A doubled quote is a quote character, not the end.
            Some(behind) => rest = behind,
            None => return (!rest.trim().is_empty()).then_some(QuoteFlaw::TextBehind),
        }
    }
}
