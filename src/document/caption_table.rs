//! The lines of a production in other languages, as a table: a column `line` with the names of the
//! lines, and a column for each language.
//!
//! Owns rows and titles. Whether a line or a language exists is for `resolve`.

use super::shot_table::csv_reader::{CsvCell, CsvRows};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, Spanned};
use crate::model::sound::is_language_tag;
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
    pub texts: Vec<String>,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CaptionColumn {
    Line,
    /// Index of the language.
    Language(usize),
    Note,
}

/// Reads a table. `None`: no column has the names of lines; the diagnostics say so.
pub fn read_caption_table(
    file: FileId,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> Option<CaptionTable> {
    let mut rows = CsvRows::new(text);
    let titles = rows.next().map(|row| row.cells).unwrap_or_default();
    rows.set_titles(titles.len());
    let mut table = CaptionTable::default();
    let columns: Vec<CaptionColumn> = titles
        .iter()
        .map(|title| read_title(file, title, &mut table, diagnostics))
        .collect();
    if !columns.contains(&CaptionColumn::Line) {
        let end = titles.last().map_or(0, |cell| cell.bytes.end);
        let message = "the table has no column `line`";
        let origin = byte_origin(file, 0..end);
        let diagnostic = Diagnostic::error("production::captions::no_lines", origin, message);
        let help = "begin with a row of titles, such as `line,de,fr`; a line is named after its \
                    shot, such as `sh010.1`";
        diagnostics.push(diagnostic.with_help(help));
        return None;
    }
    for row in rows.filter(|row| !row.is_blank() && !row.is_doubtful) {
        table
            .rows
            .extend(read_row(file, &columns, &row.cells, &table.languages));
    }
    Some(table)
}

fn read_title(
    file: FileId,
    title: &CsvCell<'_>,
    table: &mut CaptionTable,
    diagnostics: &mut Diagnostics,
) -> CaptionColumn {
    let name = title.text.trim().to_lowercase();
    if LINE_TITLES.contains(&name.as_str()) {
        return CaptionColumn::Line;
    }
    let is_note = NOTE_TITLES.contains(&name.as_str()) || name.starts_with("x-");
    if name.is_empty() || is_note {
        return CaptionColumn::Note;
    }
    let origin = byte_origin(file, title.bytes.clone());
    if !is_language_tag(title.text.trim()) {
        let message = "the title is no language, so the column is ignored";
        let diagnostic =
            Diagnostic::warning("production::captions::unknown_column", origin, message);
        let help = "write a language as in BCP 47, such as `de` or `pt-BR`, or begin the title \
                    with `x-`";
        diagnostics.push(diagnostic.with_help(help));
        return CaptionColumn::Note;
    }
    let language = Spanned::new(title.text.trim().to_owned(), origin);
    table.languages.push(language);
    CaptionColumn::Language(table.languages.len() - 1)
}

fn read_row(
    file: FileId,
    columns: &[CaptionColumn],
    cells: &[CsvCell<'_>],
    languages: &[Spanned<String>],
) -> Option<CaptionTableRow> {
    let mut line = None;
    let mut texts = vec![String::new(); languages.len()];
    for (column, cell) in columns.iter().zip(cells) {
        let text = cell.text.trim();
        match column {
            CaptionColumn::Line => {
                let origin = byte_origin(file, cell.bytes.clone());
                line = Some(Spanned::new(text.to_owned(), origin));
            }
            CaptionColumn::Language(index) => text.clone_into(&mut texts[*index]),
            CaptionColumn::Note => {}
        }
    }
    let line = line.filter(|line| !line.value.is_empty())?;
    Some(CaptionTableRow { line, texts })
}

fn byte_origin(file: FileId, bytes: Range<usize>) -> FileSpan {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    FileSpan::new(file, offset(bytes.start), offset(bytes.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_line_in_every_language() {
        let text = "line,text,de,pt-BR\n\
                    sh010.1,It went out.,\"Es, ja: aus.\",Apagou.\n\
                    \n\
                    sh020.1,Then light it.,Dann zünd es an.,\n\
                    ,orphan,x,y\n";
        let mut diagnostics = Diagnostics::default();
        let table = read_caption_table(FileId(0), text, &mut diagnostics).unwrap();
        let languages: Vec<&str> = table
            .languages
            .iter()
            .map(|tag| tag.value.as_str())
            .collect();
        assert_eq!(languages, ["de", "pt-BR"]);
        assert_eq!(table.rows.len(), 2);
        assert_eq!(table.rows[0].texts, ["Es, ja: aus.", "Apagou."]);
        assert_eq!(table.rows[1].texts, ["Dann zünd es an.", ""]);
        let origin = table.rows[1].line.origin;
        assert_eq!(&text[origin.start as usize..origin.end as usize], "sh020.1");
        assert!(diagnostics.is_empty());
    }

    #[test]
    fn a_table_without_lines_or_with_strange_titles_says_so() {
        let mut diagnostics = Diagnostics::default();
        for text in ["", "de,fr\na,b\n", "\n\n"] {
            assert_eq!(read_caption_table(FileId(0), text, &mut diagnostics), None);
        }
        assert_eq!(diagnostics.as_slice().len(), 3);
        let mut diagnostics = Diagnostics::default();
        let table = read_caption_table(FileId(0), "line,German\na,b\n", &mut diagnostics).unwrap();
        assert!(table.languages.is_empty());
        assert!(diagnostics.as_slice()[0].code.ends_with("unknown_column"));
    }
}
