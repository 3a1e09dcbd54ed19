//! Splits text into rows of cells, each with its bytes. No other file uses the CSV parser.
//!
//! Owns delimiters, quotes, line ends, blank lines and comments. Of titles it knows only whether a
//! line has some.

use super::shot_columns::ShotTitle;
use csv_core::{ReadFieldResult, Reader, ReaderBuilder};
use std::borrow::Cow;
use std::ops::Range;

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct CsvCell<'t> {
    /// The text, with quotes resolved and surrounding blanks removed.
    pub(in crate::document) text: Cow<'t, str>,
    /// The bytes of the text, without the quotes around it.
    pub(in crate::document) bytes: Range<usize>,
    /// What is wrong with its quotes. None if they are correct.
    pub(in crate::document) flaw: Option<QuoteFlaw>,
}

/// A mistake in the quotes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum QuoteFlaw {
    /// A quote opens and nothing closes it.
    Unclosed,
    /// Text follows the closing quote.
    TextBehind,
}

impl QuoteFlaw {
    /// Returns the bytes that a finding about it points at, its message and its help.
    pub(in crate::document) fn describe(
        self,
        cell: &CsvCell<'_>,
    ) -> (Range<usize>, &'static str, &'static str) {
        // The cell's span begins after its quote.
        let quote = cell.bytes.start.saturating_sub(1);
        match self {
            Self::Unclosed => (
                quote..quote + 1,
                "a quote opens here and is never closed",
                "close it at the end of the cell",
            ),
            Self::TextBehind => (
                cell.bytes.clone(),
                "text follows the quote that closes this cell",
                "write a quote inside a quoted cell twice: `\"\"`",
            ),
        }
    }
}

/// One row: its number as a spreadsheet counts, from 1, and its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::document) struct CsvRow<'t> {
    pub(in crate::document) number: u32,
    pub(in crate::document) cells: Vec<CsvCell<'t>>,
    /// Whether the line begins with `#` and is probably a comment, but could have been meant as a
    /// row.
    pub(in crate::document) is_doubtful: bool,
}

impl CsvRow<'_> {
    /// Returns whether every cell is empty. Spreadsheets export such rows below a table.
    pub(in crate::document) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.text.is_empty())
    }
}

/// The rows of a text, in order.
pub(in crate::document) struct CsvRows<'t> {
    text: &'t str,
    position: usize,
    number: u32,
    delimiter: u8,
    reader: Reader,
    scratch: Vec<u8>,
    /// Number of titles. None until they were read.
    titles: Option<usize>,
}

/// What a line that begins with `#` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HashLine {
    /// A text for people.
    Comment,
    /// A comment, or a row whose first cell begins with `#`.
    Doubtful,
    /// A row.
    Row,
}

impl<'t> CsvRows<'t> {
    pub(in crate::document) fn new(text: &'t str) -> Self {
        let Some((position, delimiter)) = named_delimiter(text) else {
            return Self::with_delimiter(text, guessed_delimiter(text));
        };
        let mut rows = Self::with_delimiter(text, delimiter);
        // The line `sep=;` is a row of the file, so the titles are row 2 in an editor.
        rows.number = 1;
        rows.position = rows.line_end(position).1;
        rows
    }

    fn with_delimiter(text: &'t str, delimiter: u8) -> Self {
        Self {
            text,
            position: 0,
            number: 0,
            delimiter,
            // The reader of `csv-core` reports how many bytes each field took, which the place of a
            // cell needs. The `csv` crate has positions of records only.
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            scratch: vec![0; 256],
            titles: None,
        }
    }

    /// Returns the delimiter between cells.
    pub(super) fn delimiter(&self) -> char {
        char::from(self.delimiter)
    }

    /// Sets the number of titles. Until then the row of titles is looked for.
    pub(in crate::document) fn set_titles(&mut self, titles: usize) {
        self.titles = Some(titles);
    }

    /// Skips the rest of a line end, blank lines and comments. Returns whether the next line is
    /// doubtful.
    fn skip_blank_lines(&mut self) -> bool {
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
            let kind = match is_blank(line) {
                true => HashLine::Comment,
                false => self.hash_line(line),
            };
            if kind != HashLine::Comment {
                return kind == HashLine::Doubtful;
            }
            // Skipped lines count, so that row numbers agree with the spreadsheet and the editor.
            self.number += 1;
            self.position = next;
        }
        false
    }

    /// Returns what a line is: a row, unless it begins with `#`.
    fn hash_line(&self, line: &str) -> HashLine {
        if !is_comment(line) {
            return HashLine::Row;
        }
        let behind = &line[1..];
        let is_spaced = behind.is_empty() || behind.starts_with([' ', '#']);
        let Some(titles) = self.titles else {
            let cells = behind.split([',', ';', '\t']).map(ShotTitle::from_text);
            let known = cells.filter(|title| title.column.field_name().is_some());
            // Tools for tables of numbers begin the row of titles with `#`.
            return match !is_spaced && known.count() >= 2 {
                true => HashLine::Row,
                false => HashLine::Comment,
            };
        };
        if titles == 1 {
            let is_code = behind
                .chars()
                .all(|c| c.is_alphanumeric() || "._-".contains(c));
            return match is_code && !is_spaced {
                true => HashLine::Row,
                false => HashLine::Comment,
            };
        }
        // The line alone is read: a quote in a comment must not take the next lines with it.
        let mut alone = CsvRows::with_delimiter(line, self.delimiter);
        let cells = alone.read_cells();
        let filled = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        // People number shots `#1`. Such a row is as long as the titles; a comment with a comma in
        // it hardly ever is.
        match (filled, is_spaced) {
            (0..=1, true) => HashLine::Comment,
            (2.., true) if cells.len() != titles => HashLine::Comment,
            (2.., false) if cells.len() == titles => HashLine::Row,
            (_, false) if cells.len() == 1 => HashLine::Comment,
            _ => HashLine::Doubtful,
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

    /// Reads the cells up to the end of the row.
    fn read_cells(&mut self) -> Vec<CsvCell<'t>> {
        let mut cells = Vec::new();
        while let Some((cell, last)) = self.read_cell() {
            cells.push(cell);
            if last {
                break;
            }
        }
        cells
    }

    /// Reads the rest of the line as one cell.
    fn read_line_cell(&mut self) -> Vec<CsvCell<'t>> {
        let (end, next) = self.line_end(self.position);
        let bytes = self.position..end;
        self.position = next;
        let text = Cow::Borrowed(&self.text[bytes.clone()]);
        let flaw = None;
        vec![CsvCell { text, bytes, flaw }]
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
        let is_doubtful = self.skip_blank_lines();
        if self.position >= self.text.len() {
            return None;
        }
        self.number += 1;
        // A row without cells cannot occur: blank lines are skipped before.
        let cells = match is_doubtful {
            // A comment ends with its line, also if it has an open quote.
            true => self.read_line_cell(),
            false => self.read_cells(),
        };
        Some(CsvRow {
            number: self.number,
            cells,
            is_doubtful,
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
