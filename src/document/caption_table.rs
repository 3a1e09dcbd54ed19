//! The lines of a production in other languages, as a table: a column `line` with the names of the
//! lines, and a column for each language.
//!
//! Owns rows and titles. Whether a line or a language exists is for `resolve`.

use super::input_limits::InputLimits;
use super::quote::quote_value;
use super::shot_table::csv_reader::{CsvCell, CsvRows, QuoteFlaw};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};
use crate::model::sound::is_language_tag;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The titles of the column with the names of lines.
const LINE_TITLES: [&str; 3] = ["line", "name", "id"];
/// Titles of columns for people, which are not read.
const NOTE_TITLES: [&str; 6] = ["text", "original", "speaker", "who", "note", "notes"];

/// A table of captions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CaptionTable {
    /// The languages, each with the place of its title.
    pub languages: Vec<Spanned<String>>,
    /// The rows, in order.
    pub rows: Vec<CaptionTableRow>,
}

/// One line in all languages of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionTableRow {
    /// The name of the line.
    pub line: Spanned<String>,
    /// What is shown in each language, in the order of the titles. Empty: nothing is written.
    pub texts: Vec<Spanned<String>>,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CaptionColumn {
    Line,
    /// Index of the language.
    Language(usize),
    Note,
    /// It has no title.
    Untitled,
}

/// Reads a table. `None`: it is no text, or no column has the names of lines; the diagnostics say
/// so.
pub fn read_caption_table(
    file: FileId,
    text: &str,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<CaptionTable> {
    let mut reader = CaptionTableReader {
        file,
        table: CaptionTable::default(),
        columns: Vec::new(),
        titles: BTreeMap::new(),
        lines: HashMap::new(),
        problems: limits.problems,
        diagnostics,
    };
    reader.refuse_nul(text)?;
    let mut rows = CsvRows::new(text);
    let titles = rows.next().map(|row| row.cells).unwrap_or_default();
    rows.set_titles(titles.len());
    for title in &titles {
        let column = reader.read_title(title);
        reader.columns.push(column);
    }
    if !reader.columns.contains(&CaptionColumn::Line) {
        reader.report_no_lines(&titles);
        return None;
    }
    // A row behind an unclosed quote may be a part of the cell before it.
    for row in rows.filter(|row| !row.is_blank() && !row.is_doubtful) {
        reader.add_row(&row.cells);
    }
    Some(reader.table)
}

struct CaptionTableReader<'a> {
    file: FileId,
    table: CaptionTable,
    columns: Vec<CaptionColumn>,
    /// What the columns are called, in small letters, with the place of each.
    titles: BTreeMap<String, FileSpan>,
    /// The names of the rows so far, with the place of each.
    lines: HashMap<String, FileSpan>,
    /// How many more findings are made.
    problems: usize,
    diagnostics: &'a mut Diagnostics,
}

impl CaptionTableReader<'_> {
    /// Adds a finding, unless there are many already.
    fn report(&mut self, diagnostic: Diagnostic) {
        if self.problems > 0 {
            self.problems -= 1;
            self.diagnostics.push(diagnostic);
        }
    }

    fn origin(&self, bytes: Range<usize>) -> FileSpan {
        let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        FileSpan::new(self.file, offset(bytes.start), offset(bytes.end))
    }

    /// `None`: there is a NUL, which no text has. UTF-16 without a mark reads so.
    fn refuse_nul(&mut self, text: &str) -> Option<()> {
        let Some(offset) = text.find('\0') else {
            return Some(());
        };
        let origin = self.origin(offset..offset + 1);
        let message = format!("NUL character at byte {offset}");
        let diagnostic = Diagnostic::error("production::csv::nul", origin, message);
        self.report(
            diagnostic.with_help("save the table as UTF-8 text: spreadsheets call it `CSV UTF-8`"),
        );
        None
    }

    fn report_no_lines(&mut self, titles: &[CsvCell<'_>]) {
        let end = titles.last().map_or(0, |cell| cell.bytes.end);
        let message = "the table has no column `line`";
        let origin = self.origin(0..end);
        let diagnostic = Diagnostic::error("production::captions::no_lines", origin, message);
        let help = "begin with a row of titles, such as `line,de,fr`; a line is named after its \
                    shot, such as `sh010.1`";
        self.report(diagnostic.with_help(help));
    }

    fn read_title(&mut self, title: &CsvCell<'_>) -> CaptionColumn {
        self.check_cell(title);
        let name = title.text.trim().to_lowercase();
        let is_line = LINE_TITLES.contains(&name.as_str());
        let is_note = NOTE_TITLES.contains(&name.as_str()) || name.starts_with("x-");
        if name.is_empty() {
            return CaptionColumn::Untitled;
        }
        if is_note {
            return CaptionColumn::Note;
        }
        let origin = self.origin(title.bytes.clone());
        if !is_line && !is_language_tag(title.text.trim()) {
            self.report_unknown_column(origin);
            return CaptionColumn::Note;
        }
        // `line` and `id` are one column, and so are `de` and `DE`.
        let name = if is_line { "line".to_owned() } else { name };
        if let Some(first) = self.titles.get(&name).copied() {
            self.report_duplicate_column(origin, first);
            return CaptionColumn::Note;
        }
        self.titles.insert(name, origin);
        if is_line {
            return CaptionColumn::Line;
        }
        let language = Spanned::new(title.text.trim().to_owned(), origin);
        self.table.languages.push(language);
        CaptionColumn::Language(self.table.languages.len() - 1)
    }

    fn report_unknown_column(&mut self, origin: FileSpan) {
        let message = "the title is no language, so the column is ignored";
        let diagnostic =
            Diagnostic::warning("production::captions::unknown_column", origin, message);
        let help = "write a language as in BCP 47, such as `de` or `pt-BR`, or begin the title \
                    with `x-`";
        self.report(diagnostic.with_help(help));
    }

    fn report_duplicate_column(&mut self, origin: FileSpan, first: FileSpan) {
        let message = "two columns have the same title";
        let diagnostic = Diagnostic::error("production::csv::duplicate_column", origin, message)
            .with_label("second column")
            .with_related(first, "first column");
        self.report(
            diagnostic.with_help("keep one of them, or begin the title of the other with `x-`"),
        );
    }

    fn add_row(&mut self, cells: &[CsvCell<'_>]) {
        cells.iter().for_each(|cell| self.check_cell(cell));
        self.check_count(cells);
        let mut line = None;
        let mut texts =
            vec![Spanned::new(String::new(), FileSpan::default()); self.table.languages.len()];
        self.check_untitled(cells);
        for (column, cell) in self.columns.iter().zip(cells) {
            let text = Spanned::new(cell.text.trim().to_owned(), self.origin(cell.bytes.clone()));
            match column {
                CaptionColumn::Line => line = Some(text),
                CaptionColumn::Language(index) => texts[*index] = text,
                CaptionColumn::Note | CaptionColumn::Untitled => {}
            }
        }
        // A row without a line is for people, such as a heading.
        let Some(line) = line.filter(|line| !line.value.is_empty()) else {
            return;
        };
        if let Some(first) = self.lines.get(&line.value).copied() {
            // The first stays. Taking the second would change captions that were right.
            self.report_duplicate_line(&line, first);
            return;
        }
        self.lines.insert(line.value.clone(), line.origin);
        self.table.rows.push(CaptionTableRow { line, texts });
    }

    /// Reports the first cell of each column without a title: a language may be meant.
    fn check_untitled(&mut self, cells: &[CsvCell<'_>]) {
        for (index, cell) in cells.iter().enumerate().take(self.columns.len()) {
            let is_untitled = self.columns[index] == CaptionColumn::Untitled;
            if !is_untitled || cell.text.trim().is_empty() {
                continue;
            }
            // Once for a column: every row has a cell in it.
            self.columns[index] = CaptionColumn::Note;
            let origin = self.origin(cell.bytes.clone());
            let message = format!(
                "this cell is in column {}, which has no title and is ignored",
                index + 1
            );
            let diagnostic =
                Diagnostic::warning("production::captions::unknown_column", origin, message);
            let help = "give the column a language in the first row, or a title that begins with \
                        `x-`";
            self.report(diagnostic.with_help(help));
        }
    }

    fn report_duplicate_line(&mut self, line: &Spanned<String>, first: FileSpan) {
        let message = format!("two rows are called {}", quote_value(&line.value));
        let diagnostic =
            Diagnostic::error("production::captions::duplicate_line", line.origin, message)
                .with_label("second row")
                .with_related(first, "first row");
        self.report(diagnostic.with_help("keep one of them"));
    }

    /// Reports what is wrong within a cell: its quotes, and characters that no caption can show.
    fn check_cell(&mut self, cell: &CsvCell<'_>) {
        if let Some(flaw) = cell.flaw {
            let (bytes, message, help) = flaw.describe(cell);
            let origin = self.origin(bytes);
            let diagnostic = Diagnostic::error("production::csv::bad_quote", origin, message);
            self.report(diagnostic.with_help(help));
        }
        // Lines of a cell are words apart.
        let is_shown = |letter: char| letter.is_whitespace() || !letter.is_control();
        let Some(control) = cell.text.chars().find(|letter| !is_shown(*letter)) else {
            return;
        };
        let origin = self.origin(cell.bytes.clone());
        let message = format!(
            "the cell has the control character U+{:04X}",
            u32::from(control)
        );
        let diagnostic =
            Diagnostic::error("production::captions::control_character", origin, message);
        self.report(diagnostic.with_help("remove it: no caption can show it"));
    }

    /// Reports a row with a cell that has no title. A row may end early.
    fn check_count(&mut self, cells: &[CsvCell<'_>]) {
        let unclosed = |cell: &CsvCell<'_>| cell.flaw == Some(QuoteFlaw::Unclosed);
        let titles = self.columns.len();
        let extra = cells.iter().skip(titles).find(|cell| !cell.text.is_empty());
        // An unclosed quote takes delimiters with it, so the count would blame the wrong thing.
        let Some(extra) = extra.filter(|_| !cells.iter().any(unclosed)) else {
            return;
        };
        let origin = self.origin(extra.bytes.clone());
        let message = format!(
            "the row has {} cells, but there {}",
            cells.len(),
            if titles == 1 {
                "is 1 title".to_owned()
            } else {
                format!("are {titles} titles")
            }
        );
        let diagnostic = Diagnostic::error("production::csv::wrong_cell_count", origin, message)
            .with_label("no title above");
        self.report(
            diagnostic.with_help("put quotes around text that contains what parts the cells"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, diagnostics: &mut Diagnostics) -> Option<CaptionTable> {
        read_caption_table(FileId(0), text, &InputLimits::default(), diagnostics)
    }

    /// Returns the only finding of a table: its code, and the text that it points at.
    fn only_finding(text: &str) -> (&'static str, &str) {
        let mut diagnostics = Diagnostics::default();
        read(text, &mut diagnostics);
        let found = diagnostics.as_slice();
        assert_eq!(found.len(), 1, "{found:?}");
        let origin = found[0].origin;
        (
            found[0].code,
            &text[origin.start as usize..origin.end as usize],
        )
    }

    #[test]
    fn mistakes_of_a_table_are_reported_at_their_place() {
        let duplicate = "production::csv::duplicate_column";
        assert_eq!(only_finding("line,de,DE\na,b,c\n"), (duplicate, "DE"));
        assert_eq!(only_finding("line,id,de\na,b,c\n"), (duplicate, "id"));
        assert_eq!(
            only_finding("line,de\na,b\na,c\n"),
            ("production::captions::duplicate_line", "a")
        );
        assert_eq!(
            only_finding("line,de\na,b,more\n"),
            ("production::csv::wrong_cell_count", "more")
        );
        assert_eq!(
            only_finding("line,de\na,\"b\n"),
            ("production::csv::bad_quote", "\"")
        );
        assert_eq!(
            only_finding("line,de\na,b\0\n"),
            ("production::csv::nul", "\0")
        );
        assert_eq!(
            only_finding("line,de\na,b\u{7}c\n"),
            ("production::captions::control_character", "b\u{7}c")
        );
    }

    #[test]
    fn a_cell_under_an_empty_title_is_reported_once_for_its_column() {
        let mut diagnostics = Diagnostics::default();
        let text = "line,de,, ,x-a\na,b,,d,e\nb,c,f,g,h\n,,more,,\n";
        assert!(read(text, &mut diagnostics).is_some());
        let found = diagnostics.as_slice().iter();
        let found: Vec<(&str, &str)> = found
            .map(|each| {
                let place = &text[each.origin.start as usize..each.origin.end as usize];
                assert_eq!(each.code, "production::captions::unknown_column");
                (place, each.message.as_str())
            })
            .collect();
        let message =
            |column| format!("this cell is in column {column}, which has no title and is ignored");
        assert_eq!(found, [("d", &*message(4)), ("f", &*message(3))]);
    }

    #[test]
    fn cells_may_have_lines_and_rows_may_end_early() {
        let mut diagnostics = Diagnostics::default();
        let table = read("line,de,fr\na,\"b\nc\"\nb,d,,,\n", &mut diagnostics).unwrap();
        assert_eq!(table.rows.len(), 2);
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn a_table_has_a_line_in_every_language() {
        let text = "line,text,de,pt-BR\n\
                    sh010.1,It went out.,\"Es, ja: aus.\",Apagou.\n\
                    \n\
                    sh020.1,Then light it.,Dann zünd es an.,\n\
                    ,orphan,x,y\n";
        let mut diagnostics = Diagnostics::default();
        let table = read(text, &mut diagnostics).unwrap();
        let languages: Vec<&str> = table
            .languages
            .iter()
            .map(|tag| tag.value.as_str())
            .collect();
        assert_eq!(languages, ["de", "pt-BR"]);
        assert_eq!(table.rows.len(), 2);
        let texts = |row: usize| -> Vec<&str> {
            let texts = table.rows[row].texts.iter();
            texts.map(|text| text.value.as_str()).collect()
        };
        assert_eq!(texts(0), ["Es, ja: aus.", "Apagou."]);
        assert_eq!(texts(1), ["Dann zünd es an.", ""]);
        let origin = table.rows[1].line.origin;
        assert_eq!(&text[origin.start as usize..origin.end as usize], "sh020.1");
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn a_table_without_lines_or_with_strange_titles_says_so() {
        let mut diagnostics = Diagnostics::default();
        for text in ["", "de,fr\na,b\n", "\n\n"] {
            assert_eq!(read(text, &mut diagnostics), None);
        }
        assert_eq!(diagnostics.as_slice().len(), 3);
        let mut diagnostics = Diagnostics::default();
        let table = read("line,German\na,b\n", &mut diagnostics).unwrap();
        assert!(table.languages.is_empty());
        assert!(diagnostics.as_slice()[0].code.ends_with("unknown_column"));
    }
}
