//! Which rows are shots: spreadsheets also have headings of sections, sums, and titles that are
//! repeated on each page.
//!
//! A row is judged beside the others. One without a picture is a shot where no row has one, and is
//! probably a heading where all others have. Owns the signs; does not know how a row becomes a
//! shot.

use super::csv_reader::{CsvCell, CsvRow};
use super::shot_columns::{ColumnRole, ShotColumn};
use std::collections::HashSet;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A shot.
    Shot,
    /// A name alone. It is read as a shot.
    BareName,
    /// The heading of a section.
    Heading,
    /// A sum or a count of other rows.
    Sum,
    /// The titles again.
    Titles,
    /// A line that begins with `#`.
    Comment,
}

/// First words of headings, in lower case and without a number behind them.
const HEADING_WORDS: [&str; 36] = [
    "scene",
    "sc",
    "sequence",
    "seq",
    "sq",
    "act",
    "episode",
    "ep",
    "reel",
    "part",
    "chapter",
    "section",
    "day",
    "block",
    "group",
    "unit",
    "location",
    "int",
    "ext",
    "int/ext",
    "i/e",
    "end",
    "page",
    "szene",
    "akt",
    "teil",
    "scène",
    "séquence",
    "acte",
    "partie",
    "escena",
    "secuencia",
    "acto",
    "scena",
    "atto",
    "parte",
];

/// First words of sums, in lower case.
const SUM_WORDS: [&str; 18] = [
    "total",
    "totals",
    "subtotal",
    "sub-total",
    "sum",
    "sums",
    "average",
    "avg",
    "trt",
    "Σ",
    "summe",
    "gesamt",
    "zwischensumme",
    "somme",
    "suma",
    "somma",
    "totale",
    "insgesamt",
];

/// How much a row says of its shot, from least to most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum RowDetail {
    /// At most a name, a place, and remarks.
    #[default]
    Bare,
    /// A length as well.
    Timed,
    /// What it shows as well.
    Pictured,
}

/// What the rows of a table have in common.
#[derive(Debug, Default)]
pub(super) struct RowSurvey {
    /// The most that a row says.
    most: RowDetail,
    /// The most cells with text.
    filled: usize,
    /// The forms of names in the rows that say most, such as `a0` for `sh010`.
    forms: HashSet<String>,
    has_names: bool,
    rows: usize,
    /// How many rows have a name.
    named: usize,
    /// Columns for frames with a cell that is no whole number.
    unfit: HashSet<usize>,
}

impl RowSurvey {
    /// Returns the survey of no rows.
    pub(super) fn new(columns: &[ShotColumn]) -> Self {
        let mut roles = columns.iter().map(|column| column.role());
        Self {
            has_names: roles.any(|role| role == ColumnRole::Name),
            ..Self::default()
        }
    }

    /// Learns from a row.
    pub(super) fn add_row(&mut self, columns: &[ShotColumn], titles: &[String], row: &CsvRow<'_>) {
        // These would count as rows without a name.
        if are_titles(titles, row) || (begins_with_sum(row) && only_one_text(row)) {
            return;
        }
        self.filled = self.filled.max(filled_count(row));
        self.rows += 1;
        self.named += usize::from(named_cell(columns, row).is_some());
        let detail = row_detail(columns, row);
        if detail > self.most {
            self.most = detail;
            // Rows that say less may be headings, so their names are no pattern for those of shots.
            self.forms.clear();
        }
        let name = named_cell(columns, row).filter(|_| detail == self.most);
        if let Some(name) = name {
            self.forms.insert(name_form(&name.text));
        }
        for (index, (column, cell)) in columns.iter().zip(&row.cells).enumerate() {
            let is_frame = matches!(column, ShotColumn::FirstFrame | ShotColumn::LastFrame);
            if is_frame && !cell.text.is_empty() && !is_whole_number(&cell.text) {
                self.unfit.insert(index);
            }
        }
    }

    /// Returns whether a cell of this column of frames is no whole number.
    pub(super) fn has_unfit_frame(&self, column: usize) -> bool {
        self.unfit.contains(&column)
    }

    /// Returns what a row is.
    pub(super) fn row_kind(
        &self,
        columns: &[ShotColumn],
        titles: &[String],
        row: &CsvRow<'_>,
    ) -> RowKind {
        // Before anything else: a remark may look like any row.
        if row.is_doubtful {
            return RowKind::Comment;
        }
        if are_titles(titles, row) {
            return RowKind::Titles;
        }
        let detail = row_detail(columns, row);
        let name = named_cell(columns, row);
        if begins_with_sum(row) && (detail < RowDetail::Pictured || only_one_text(row)) {
            return RowKind::Sum;
        }
        let has_names = self.has_names;
        let is_placed = columns
            .iter()
            .zip(&row.cells)
            .any(|(column, cell)| column.role() == ColumnRole::Place && !cell.text.is_empty());
        let is_alone = filled_count(row) == 1 && self.filled > 1;
        // Where most rows have a name, one without a name, a picture and a place is none of them.
        let is_nameless = detail < RowDetail::Pictured && !is_placed && 2 * self.named > self.rows;
        if has_names && name.is_none() && (is_alone || is_nameless) {
            return match detail {
                RowDetail::Timed => RowKind::Sum,
                _ => RowKind::Heading,
            };
        }
        // It says as much as the rows that say most.
        if detail == self.most {
            return RowKind::Shot;
        }
        let Some(name) = name.filter(|_| has_names) else {
            return match (detail, has_names || begins_with_word(row, &HEADING_WORDS)) {
                (_, false) => RowKind::Shot,
                (RowDetail::Timed, true) => RowKind::Sum,
                (_, true) => RowKind::Heading,
            };
        };
        self.named_row_kind(row, &name_form(&name.text), detail, is_placed)
    }

    /// Returns what a row is that has a name, and less in it than others.
    fn named_row_kind(
        &self,
        row: &CsvRow<'_>,
        form: &str,
        detail: RowDetail,
        is_placed: bool,
    ) -> RowKind {
        // A name with a length may be a shot whose picture comes from `defaults`, so it takes more
        // to be a heading: words, where all shots have codes.
        let is_foreign = match detail {
            RowDetail::Bare => !is_placed && !self.forms.contains(form),
            _ => form.contains(' ') && !self.forms.iter().any(|form| form.contains(' ')),
        };
        // Shots may be called `Scene 1` too, and then the others show it.
        let is_named_so = begins_with_word(row, &HEADING_WORDS)
            && (detail == RowDetail::Bare || !self.forms.contains(form));
        match (is_named_so || is_foreign, detail) {
            (true, _) => RowKind::Heading,
            // Text in a column that is not read is more than a name, and was reported.
            (false, RowDetail::Bare) if !is_placed && filled_count(row) == 1 => RowKind::BareName,
            (false, _) => RowKind::Shot,
        }
    }
}

fn filled_count(row: &CsvRow<'_>) -> usize {
    let cells = row.cells.iter();
    cells.filter(|cell| !cell.text.is_empty()).count()
}

/// Returns whether the cells are those of the titles. Long tables repeat them on each page.
fn are_titles(titles: &[String], row: &CsvRow<'_>) -> bool {
    let is_title = |(cell, title): (&CsvCell<'_>, &String)| cell.text.as_ref() == title.as_str();
    row.cells.len() == titles.len() && row.cells.iter().zip(titles).all(is_title)
}

/// Returns whether the first word of a row is one of these.
fn begins_with_word(row: &CsvRow<'_>, words: &[&str]) -> bool {
    let word = row.cells.iter().find_map(|cell| first_word(&cell.text));
    word.is_some_and(|word| words.contains(&word.as_str()))
}

fn begins_with_sum(row: &CsvRow<'_>) -> bool {
    let text = row.cells.iter().find(|cell| !cell.text.is_empty());
    let is_grand = text.is_some_and(|cell| cell.text.to_lowercase().starts_with("grand total"));
    is_grand || begins_with_word(row, &SUM_WORDS)
}

fn row_detail(columns: &[ShotColumn], row: &CsvRow<'_>) -> RowDetail {
    let filled = columns
        .iter()
        .zip(&row.cells)
        .filter(|(_, cell)| !cell.text.is_empty());
    let details = filled.map(|(column, _)| match column.role() {
        ColumnRole::Picture => RowDetail::Pictured,
        ColumnRole::Length => RowDetail::Timed,
        ColumnRole::Name | ColumnRole::Place | ColumnRole::Remark => RowDetail::Bare,
    });
    // The most that one cell says: a shot has many remarks and one picture.
    details.max().unwrap_or_default()
}

fn named_cell<'r, 't>(columns: &[ShotColumn], row: &'r CsvRow<'t>) -> Option<&'r CsvCell<'t>> {
    let mut cells = columns.iter().zip(&row.cells);
    let named = cells.find(|(column, _)| column.role() == ColumnRole::Name);
    named
        .map(|(_, cell)| cell)
        .filter(|cell| !cell.text.is_empty())
}

/// Returns the first word of a text in lower case, without a number behind it. None if it has no
/// letter.
fn first_word(text: &str) -> Option<String> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    // `sum_010` is the name of a shot.
    let word = text
        .split(|c: char| !c.is_alphanumeric() && !"/_-".contains(c))
        .next()?;
    let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
    (!word.is_empty()).then(|| match word {
        // In lower case it is another letter at the end of a word.
        "Σ" => word.to_owned(),
        _ => word.to_lowercase(),
    })
}

/// Returns whether all cells but one have only numbers, such as `48`, `2.0 s` and `00:00:02:00`.
fn only_one_text(row: &CsvRow<'_>) -> bool {
    let is_number = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_digit() || c == '=')
            // As many letters as the longest unit has: `frames`.
            && text.chars().filter(|c| c.is_alphabetic()).count() <= 6
    };
    let cells = row.cells.iter().filter(|cell| !cell.text.is_empty());
    cells.filter(|cell| !is_number(&cell.text)).count() == 1
}

/// Returns the form of a name: `a` for letters, `0` for digits, and what is between them.
fn name_form(name: &str) -> String {
    let mut form = String::new();
    for c in name.chars() {
        let kind = match c {
            _ if c.is_alphabetic() => 'a',
            _ if c.is_numeric() => '0',
            _ if c.is_whitespace() => ' ',
            _ => c,
        };
        if !form.ends_with(kind) {
            form.push(kind);
        }
    }
    form
}

/// Returns whether a text is a whole number. Spreadsheets and Python write some as `48.0`.
pub(super) fn is_whole_number(text: &str) -> bool {
    let digits = without_fraction(text);
    let digits = digits.strip_prefix('-').unwrap_or(digits);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the number without `.0` behind it.
pub(super) fn without_fraction(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            whole
        }
        _ => text,
    }
}
