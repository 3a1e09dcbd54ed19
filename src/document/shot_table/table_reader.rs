//! Rows and titles to a tree: one map for each row, with the fields of the titles as keys.

use super::csv_reader::{CsvCell, CsvRow, CsvRows, QuoteFlaw};
use super::joined_names::PlacedNames;
use super::row_kinds::{RowKind, RowSurvey, is_whole_number, without_fraction};
use super::shot_columns::{ColumnRole, SHOT_FIELDS, ShotColumn, ShotTitle, normalize_title};
use crate::base::suggestions::{SearchAllowance, nearest_match};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan};
use crate::document::input_limits::{InputLimits, VALUES_HELP};
use crate::document::span_tree::{NodeId, ScalarRewrite, SpanTree};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

/// A table as a tree: a list of maps, like `shots` in YAML.
#[derive(Debug, Clone)]
pub struct ShotTable {
    /// The tree. Its root is the list.
    pub tree: SpanTree,
    /// The number of the row of each entry, as a spreadsheet counts, from 1.
    pub(super) rows: Vec<u32>,
    /// The rows that are no shots, each with its number, in order.
    pub(super) passed_over: Vec<(FileSpan, u32)>,
    /// The number of the row of titles.
    pub(super) titles_row: u32,
    /// The bytes of each title, and its text.
    pub(super) titles: Vec<(FileSpan, String)>,
}

/// Reads a table of shots.
///
/// Returns `None` if no title is a field, or if a limit is reached. Then the diagnostics say why.
pub fn read_shot_table(
    file: FileId,
    source: &Arc<str>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> Option<ShotTable> {
    // A NUL means that the list was saved as UTF-16, where every second byte would be part of a
    // cell.
    if let Some(offset) = source.find('\0') {
        let message = format!("NUL character at byte {offset}");
        let help = "save the list as UTF-8 text: spreadsheets call it `CSV UTF-8`";
        diagnostics.push(
            Diagnostic::error(
                "production::csv::nul",
                byte_origin(file, offset..offset + 1),
                message,
            )
            .with_help(help),
        );
        return None;
    }
    let (titles, rows) = read_titles(source);
    let kinds: Vec<ShotTitle> = titles
        .cells
        .iter()
        .map(|cell| ShotTitle::from_text(&cell.text))
        .collect();
    // Without any known title, the first row is most likely a row of data, and each column would
    // give a warning that hides the cause.
    if kinds
        .iter()
        .all(|title| title.column.field_name().is_none())
    {
        diagnostics.push(no_titles(file, &titles));
        return None;
    }
    let columns: Vec<ShotColumn> = kinds.iter().map(|title| title.column).collect();
    // Whether a row is a shot shows beside the others, so the text is read twice. Keeping all rows
    // would cost many times the memory of the tree.
    let texts: Vec<String> = titles
        .cells
        .iter()
        .map(|cell| cell.text.clone().into_owned())
        .collect();
    let survey = survey_rows(&columns, &texts, rows);
    let mut builder = ShotTableBuilder::new(file, source, limits, diagnostics);
    builder.add_titles(&titles, kinds, &survey);
    builder.first_frames = builder.read_first_frames(read_titles(source).1, &survey);
    let (_, rows) = read_titles(source);
    let delimiter = rows.delimiter();
    for row in rows {
        builder.add_row(&row, delimiter, &survey)?;
    }
    Some(builder.into_table(titles.number))
}

/// Returns the row of titles, and the rows after it.
fn read_titles(source: &str) -> (CsvRow<'_>, CsvRows<'_>) {
    let mut rows = CsvRows::new(source);
    let titles = rows.next().unwrap_or(CsvRow {
        number: 1,
        cells: Vec::new(),
        is_doubtful: false,
    });
    rows.set_titles(titles.cells.len());
    (titles, rows)
}

fn survey_rows(columns: &[ShotColumn], titles: &[String], rows: CsvRows<'_>) -> RowSurvey {
    let mut survey = RowSurvey::new(columns);
    rows.filter(|row| !row.is_blank() && !row.is_doubtful)
        .for_each(|row| survey.add_row(columns, titles, &row));
    survey
}

fn no_titles(file: FileId, titles: &CsvRow<'_>) -> Diagnostic {
    let end = titles.cells.last().map_or(0, |cell| cell.bytes.end);
    let begin = titles.cells.first().map_or(0, |cell| cell.bytes.start);
    let message = match titles.cells.is_empty() {
        true => "the list is empty",
        false => "no title in the first row is a field of a shot",
    };
    let diagnostic = Diagnostic::error(
        "production::csv::no_titles",
        byte_origin(file, begin..end),
        message,
    );
    diagnostic.with_help("begin with a row of titles, such as `name,template,scene,duration`")
}

fn byte_origin(file: FileId, range: Range<usize>) -> FileSpan {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    FileSpan::new(file, offset(range.start), offset(range.end))
}

/// A column, and the key of its values.
struct KeyedColumn {
    column: ShotColumn,
    key: NodeId,
    title: FileSpan,
}

struct ShotTableBuilder<'a> {
    tree: SpanTree,
    limits: &'a InputLimits,
    diagnostics: &'a mut Diagnostics,
    columns: Vec<KeyedColumn>,
    /// What the columns are, without their keys.
    column_kinds: Vec<ShotColumn>,
    /// What the titles say that the columns are, also where they are not read.
    title_kinds: Vec<ShotColumn>,
    /// The fields that have a column.
    taken: HashSet<&'static str>,
    titles: Vec<(FileSpan, String)>,
    full_titles: Vec<String>,
    entries: Vec<NodeId>,
    rows: Vec<u32>,
    passed_over: Vec<(FileSpan, u32)>,
    names: PlacedNames,
    /// The key `frame_range`, for lengths that are written as a range. None if a column has it.
    range_key: Option<NodeId>,
    /// The first frame of each shot, by its index. A shot without a last one goes on to the next.
    first_frames: Vec<Option<i64>>,
    problems: usize,
    untitled_reported: bool,
    allowance: SearchAllowance,
}

impl<'a> ShotTableBuilder<'a> {
    fn new(
        file: FileId,
        source: &Arc<str>,
        limits: &'a InputLimits,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            tree: SpanTree::new_empty(file, Arc::clone(source)),
            limits,
            diagnostics,
            columns: Vec::new(),
            column_kinds: Vec::new(),
            title_kinds: Vec::new(),
            taken: HashSet::new(),
            titles: Vec::new(),
            full_titles: Vec::new(),
            entries: Vec::new(),
            rows: Vec::new(),
            passed_over: Vec::new(),
            names: PlacedNames::default(),
            range_key: None,
            first_frames: Vec::new(),
            problems: 0,
            untitled_reported: false,
            allowance: SearchAllowance::default(),
        }
    }

    /// Reports a mistake of the table itself. Beyond the limit it is only counted.
    fn report_problem(&mut self, diagnostic: Diagnostic) {
        self.problems += 1;
        if self.problems <= self.limits.problems {
            self.diagnostics.push(diagnostic);
        }
    }

    fn range_origin(&self, range: Range<usize>) -> FileSpan {
        byte_origin(self.tree.file(), range)
    }

    fn add_titles(&mut self, titles: &CsvRow<'_>, kinds: Vec<ShotTitle>, survey: &RowSurvey) {
        let fields = field_owners(&kinds, survey);
        self.taken = kinds
            .iter()
            .filter_map(|kind| kind.column.field_name())
            .collect();
        for (index, (cell, kind)) in titles.cells.iter().zip(kinds).enumerate() {
            let title = self.range_origin(cell.bytes.clone());
            self.check_quotes(cell);
            let owner = fields.get(&FieldPart::from_column(kind.column));
            let taken = owner.copied().filter(|owner| *owner != index);
            let is_unfit = is_unfit_frame(index, kind, survey);
            // A second column becomes a note, so that the decoder does not report the field of
            // every row as duplicate.
            let column = match taken.is_some() || is_unfit {
                true => ShotColumn::Note,
                false => kind.column,
            };
            match taken.and_then(|owner| titles.cells.get(owner)) {
                Some(owner) if kind.is_certain => {
                    let owner = self.range_origin(owner.bytes.clone());
                    self.report_duplicate_column(title, owner);
                }
                Some(owner) => self.report_second_column(title, &owner.text),
                None if is_unfit => self.report_unfit_frames(title),
                None if column == ShotColumn::Unknown && !cell.text.is_empty() => {
                    self.report_unknown_column(cell, title);
                }
                None => {}
            }
            // All rows share the key nodes of the titles, so a table needs one node for each cell.
            let key = self
                .tree
                .add_text(title, column.field_name().unwrap_or_default());
            if column == ShotColumn::Length
                && !fields.contains_key(&FieldPart::Field("frame_range"))
            {
                self.range_key = Some(self.tree.add_text(title, "frame_range"));
            }
            self.columns.push(KeyedColumn { column, key, title });
            self.column_kinds.push(column);
            self.title_kinds.push(kind.column);
            self.full_titles.push(cell.text.clone().into_owned());
            // The title is shown in every message about its column. A title of a whole paragraph is
            // cut.
            self.titles
                .push((title, cell.text.chars().take(40).collect()));
        }
    }

    fn report_second_column(&mut self, title: FileSpan, owner: &str) {
        let owner: String = owner.chars().take(40).collect();
        let message = format!("column `{owner}` gives this already, so the column is ignored");
        let diagnostic = Diagnostic::warning("production::csv::unknown_column", title, message);
        let help = "begin its title with `x-` to keep it as a note";
        self.report_problem(diagnostic.with_label("not read").with_help(help));
    }

    fn report_unfit_frames(&mut self, title: FileSpan) {
        let message = "the cells are no frame numbers, so the column is ignored";
        let diagnostic = Diagnostic::warning("production::csv::unknown_column", title, message);
        let help = "write whole frame numbers, or begin the title with `x-` to keep it as a note";
        self.report_problem(diagnostic.with_label("not read").with_help(help));
    }

    fn report_duplicate_column(&mut self, title: FileSpan, first: FileSpan) {
        let message = "two columns have the same field";
        let diagnostic = Diagnostic::error("production::csv::duplicate_column", title, message);
        let diagnostic = diagnostic
            .with_label("second column")
            .with_related(first, "first column");
        self.report_problem(
            diagnostic.with_help("keep one of them, or begin the title of the other with `x-`"),
        );
    }

    fn report_unknown_column(&mut self, cell: &CsvCell<'_>, title: FileSpan) {
        let near = self.allowance.search(|| {
            let absent = SHOT_FIELDS
                .iter()
                .filter(|field| !self.taken.contains(**field));
            nearest_match(&normalize_title(&cell.text), absent.copied())
        });
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "begin the title with `x-` to keep the column as a note".to_owned(),
        };
        let message = "a shot has no field of this name, so the column is ignored";
        let diagnostic = Diagnostic::warning("production::csv::unknown_column", title, message);
        self.report_problem(diagnostic.with_label("not a field").with_help(help));
    }

    fn add_row(&mut self, row: &CsvRow<'_>, delimiter: char, survey: &RowSurvey) -> Option<()> {
        if row.is_blank() {
            return Some(());
        }
        let kind = survey.row_kind(&self.title_kinds, &self.full_titles, row);
        if kind != RowKind::Shot {
            self.report_other_row(row, kind);
        }
        if !matches!(kind, RowKind::Shot | RowKind::BareName) {
            return Some(());
        }
        // Checked before the row is built, so that a list over the limit costs no more memory.
        self.check_size(row)?;
        row.cells.iter().for_each(|cell| self.check_quotes(cell));
        self.check_count(row, delimiter);
        let first = row.cells.first()?;
        let last = row.cells.last()?;
        let row_origin = self.first_line(first.bytes.start..last.bytes.end);
        let mut children = Vec::with_capacity(2 * row.cells.len().min(self.columns.len()));
        // Cells beyond the titles were reported. Missing cells are empty.
        for index in 0..row.cells.len().min(self.columns.len()) {
            let cell = &row.cells[index];
            // An empty cell is an absent field, not an empty text: spreadsheets cannot leave a cell
            // out.
            if cell.text.is_empty() {
                continue;
            }
            if let Some((key, value)) = self.cell_entry(index, cell, row) {
                children.extend([key, value]);
            }
        }
        let entry = self.tree.add_map(row_origin, &children);
        self.entries.push(entry);
        self.rows.push(row.number);
        Some(())
    }

    /// Reports a row that is no shot, or may be none.
    fn report_other_row(&mut self, row: &CsvRow<'_>, kind: RowKind) {
        let filled = row.cells.iter().find(|cell| !cell.text.is_empty());
        let Some(cell) = filled else { return };
        let origin = self.first_line(cell.bytes.clone());
        let (message, help) = match kind {
            RowKind::Shot => return,
            RowKind::BareName => (
                "the row has nothing but a name; it is read as a shot",
                "fill another cell of the row, or begin it with `# ` if it is a heading",
            ),
            RowKind::Heading => (
                "the row looks like a heading and is no shot, so it is passed over",
                "begin the row with `# ` to mark it as a comment, or fill more of its cells to make it a shot",
            ),
            RowKind::Sum => (
                "the row looks like a sum and is no shot, so it is passed over",
                "begin the row with `# ` to mark it as a comment, or remove it",
            ),
            RowKind::Titles => (
                "the row repeats the titles, so it is passed over",
                "remove the row",
            ),
            RowKind::Comment => (
                "the row begins with `#`, so it is passed over as a comment",
                "if it is a shot, give it a cell for each title and another first letter",
            ),
        };
        if kind != RowKind::BareName {
            let last = row
                .cells
                .last()
                .map_or(cell.bytes.end, |last| last.bytes.end);
            let whole = self.range_origin(cell.bytes.start..last);
            self.passed_over.push((whole, row.number));
        }
        let diagnostic = Diagnostic::warning("production::csv::not_a_shot", origin, message);
        self.report_problem(diagnostic.with_label("not a shot").with_help(help));
    }

    /// Returns the key and the value of a cell. None if its column is not read, or if the value is
    /// part of another cell.
    fn cell_entry(
        &mut self,
        index: usize,
        cell: &CsvCell<'_>,
        row: &CsvRow<'_>,
    ) -> Option<(NodeId, NodeId)> {
        let key = self.columns[index].key;
        let column = self.columns[index].column;
        let value = match column {
            ShotColumn::Field("size" | "angle") => self.add_word(cell),
            ShotColumn::Field(_) => {
                if column.role() == ColumnRole::Name {
                    let origin = self.range_origin(cell.bytes.clone());
                    self.names
                        .add_row(&self.column_kinds, row, origin, &cell.text);
                }
                self.add_cell_scalar(cell)
            }
            ShotColumn::List(_) => self.add_cell_list(cell),
            ShotColumn::Length => return Some(self.add_length(key, cell)),
            ShotColumn::Seconds => self.add_seconds(cell),
            ShotColumn::FirstFrame => self.add_open_range(index, cell, row)?,
            ShotColumn::LastFrame => {
                // With both ends, the cell of the first frame makes the range. Alone, the last
                // frame still becomes a value, so that the decoder reports the missing end.
                return (!self.has_first(row)).then(|| (key, self.add_frame_range(index, row)));
            }
            ShotColumn::Sequence | ShotColumn::Episode | ShotColumn::Note => return None,
            ShotColumn::Unknown => {
                self.report_untitled(index, cell);
                return None;
            }
        };
        Some((key, value))
    }

    /// Returns a length, or the frame range that some tools write in its place.
    fn add_length(&mut self, key: NodeId, cell: &CsvCell<'_>) -> (NodeId, NodeId) {
        let is_range = cell.text.chars().skip(1).any(|c| c == '-')
            && cell
                .text
                .chars()
                .all(|c| c.is_ascii_digit() || "-x ".contains(c));
        let key = self.range_key.filter(|_| is_range).unwrap_or(key);
        (key, self.add_number(cell))
    }

    fn add_seconds(&mut self, cell: &CsvCell<'_>) -> NodeId {
        let is_number = cell
            .text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !is_number {
            return self.add_cell_scalar(cell);
        }
        let origin = self.range_origin(cell.bytes.clone());
        self.tree.add_text(origin, &format!("{}s", cell.text))
    }

    /// Adds a number of frames. Python writes `48.0` into a column that has empty cells.
    fn add_number(&mut self, cell: &CsvCell<'_>) -> NodeId {
        let whole = without_fraction(&cell.text).len();
        let is_cut = whole < cell.text.len() && is_whole_number(&cell.text);
        if !is_cut {
            return self.add_cell_scalar(cell);
        }
        let start = cell.bytes.start;
        let origin = self.range_origin(start..start + whole);
        self.tree.add_slice(origin)
    }

    /// Adds a word of a fixed list. Shot lists write `CU`, `Close Up` and `low-angle`.
    fn add_word(&mut self, cell: &CsvCell<'_>) -> NodeId {
        let is_plain = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '_';
        if cell.text.chars().all(is_plain) || cell.text.contains('$') {
            return self.add_cell_scalar(cell);
        }
        let origin = self.range_origin(cell.bytes.clone());
        let word = cell.text.to_lowercase().replace([' ', '-'], "_");
        self.tree.add_text(origin, &word)
    }

    fn add_cell_scalar(&mut self, cell: &CsvCell<'_>) -> NodeId {
        let origin = self.range_origin(cell.bytes.clone());
        match &cell.text {
            // A borrowed text is the bytes of the file, so the node needs no copy.
            std::borrow::Cow::Borrowed(_) => self.tree.add_slice(origin),
            std::borrow::Cow::Owned(text) => self.tree.add_text(origin, text),
        }
    }

    /// Splits a cell at `;` and `|`. A comma cannot separate values, since it separates cells.
    fn add_cell_list(&mut self, cell: &CsvCell<'_>) -> NodeId {
        let origin = self.range_origin(cell.bytes.clone());
        let mut items = Vec::new();
        let mut offset = cell.bytes.start;
        for part in cell.text.split([';', '|']) {
            let start = offset + (part.len() - part.trim_start().len());
            offset += part.len() + 1;
            let part = part.trim();
            match &cell.text {
                // Nothing between two separators, or after the last, is no value.
                _ if part.is_empty() => {}
                std::borrow::Cow::Borrowed(_) => {
                    let origin = self.range_origin(start..start + part.len());
                    items.push(self.tree.add_slice(origin));
                }
                // A cell with doubled quotes has other bytes than its text, so its items have the
                // place of the cell.
                std::borrow::Cow::Owned(_) => items.push(self.tree.add_text(origin, part)),
            }
        }
        self.tree.add_list(origin, &items)
    }

    fn has_first(&self, row: &CsvRow<'_>) -> bool {
        let cells = self.columns.iter().zip(&row.cells);
        cells
            .into_iter()
            .any(|(keyed, cell)| keyed.column == ShotColumn::FirstFrame && !cell.text.is_empty())
    }

    /// Returns first and last frame as a list, at the cell `index`.
    fn add_frame_range(&mut self, index: usize, row: &CsvRow<'_>) -> NodeId {
        let find = |wanted: ShotColumn| {
            let cells = self.columns.iter().zip(&row.cells);
            cells
                .into_iter()
                .find(|(keyed, cell)| keyed.column == wanted && !cell.text.is_empty())
        };
        let ends: Vec<&CsvCell<'_>> = [ShotColumn::FirstFrame, ShotColumn::LastFrame]
            .into_iter()
            .filter_map(|end| Some(find(end)?.1))
            .collect();
        let items: Vec<NodeId> = ends.into_iter().map(|cell| self.add_number(cell)).collect();
        let origin = self.range_origin(row.cells[index].bytes.clone());
        self.tree.add_list(origin, &items)
    }

    /// Returns the first frame of each row that is a shot, if the table has a column for it.
    fn read_first_frames(&self, rows: CsvRows<'_>, survey: &RowSurvey) -> Vec<Option<i64>> {
        let is_first = |column: &ShotColumn| *column == ShotColumn::FirstFrame;
        let Some(column) = self.column_kinds.iter().position(is_first) else {
            return Vec::new();
        };
        let is_shot = |row: &CsvRow<'_>| {
            let kind = survey.row_kind(&self.title_kinds, &self.full_titles, row);
            !row.is_blank() && matches!(kind, RowKind::Shot | RowKind::BareName)
        };
        let shots = rows.filter(is_shot);
        shots
            .map(|row| without_fraction(&row.cells.get(column)?.text).parse().ok())
            .collect()
    }

    /// Returns the frames of a row with a first frame. Without a last one they are as many as its
    /// length says, else those up to the next shot. `None`: nothing says how many, which is
    /// reported.
    fn add_open_range(
        &mut self,
        index: usize,
        cell: &CsvCell<'_>,
        row: &CsvRow<'_>,
    ) -> Option<NodeId> {
        let has = |columns: &[ShotColumn]| {
            let mut cells = self.column_kinds.iter().zip(&row.cells);
            cells.any(|(column, cell)| columns.contains(column) && !cell.text.is_empty())
        };
        let has_length = has(&[
            ShotColumn::Length,
            ShotColumn::Seconds,
            ShotColumn::Field("duration"),
        ]);
        let own = self.first_frames.get(self.entries.len()).copied().flatten();
        // What is no number is reported where ranges are read.
        let Some(own) = own.filter(|_| !has_length && !has(&[ShotColumn::LastFrame])) else {
            return Some(self.add_frame_range(index, row));
        };
        let next = self.first_frames.get(self.entries.len() + 1);
        let next = next.copied().flatten().filter(|next| *next > own);
        let origin = self.range_origin(cell.bytes.clone());
        let Some(next) = next else {
            let message = "the shot has a first frame, and nothing says how many follow it";
            let diagnostic = Diagnostic::error("production::frames::bad_range", origin, message);
            let help = "fill a column such as `End Frame`, `Frames` or `Duration`";
            self.report_problem(diagnostic.with_help(help));
            return None;
        };
        let first = self.add_number(cell);
        let last = self.tree.add_text(origin, &(next - 1).to_string());
        Some(self.tree.add_list(origin, &[first, last]))
    }

    fn report_untitled(&mut self, index: usize, cell: &CsvCell<'_>) {
        // Once is enough: every row has a cell in this column.
        if !self.titles[index].1.is_empty() || std::mem::replace(&mut self.untitled_reported, true)
        {
            return;
        }
        let message = "this cell is in a column without a title, which is ignored";
        let diagnostic = Diagnostic::warning(
            "production::csv::unknown_column",
            self.range_origin(cell.bytes.clone()),
            message,
        );
        self.report_problem(diagnostic.with_help("give the column a title in the first row"));
    }

    /// Gives the shots their joined names, and says so.
    fn join_names(&mut self, mut joined: HashMap<FileSpan, String>) {
        let Some((_, example)) = joined.iter().min_by_key(|(origin, _)| origin.start) else {
            return;
        };
        let title = self
            .columns
            .iter()
            .find(|keyed| keyed.column.role() == ColumnRole::Name);
        let title = title.map_or_else(FileSpan::default, |keyed| keyed.title);
        let message =
            "shots of different sequences or scenes have one name, so each begins with its own";
        let diagnostic = Diagnostic::info("production::csv::joined_names", title, message);
        let label = format!("such as `{example}`");
        self.diagnostics.push(diagnostic.with_label(label));
        self.tree.rewrite_scalars(|scalar| {
            let name = joined.remove(&scalar.origin)?;
            Some(ScalarRewrite::Text(name, false))
        });
    }

    fn check_quotes(&mut self, cell: &CsvCell<'_>) {
        let Some(flaw) = cell.flaw else { return };
        let (range, message, help) = flaw.describe(cell);
        let origin = self.first_line(range);
        self.report_problem(
            Diagnostic::error("production::csv::bad_quote", origin, message).with_help(help),
        );
    }

    /// Reports a row with more or fewer cells than titles. Empty cells at the end do not count as
    /// more.
    fn check_count(&mut self, row: &CsvRow<'_>, delimiter: char) {
        let cells = row.cells.len();
        let titles = self.columns.len();
        let extra = row
            .cells
            .iter()
            .skip(titles)
            .find(|cell| !cell.text.is_empty());
        let unclosed = row
            .cells
            .iter()
            .any(|cell| cell.flaw == Some(QuoteFlaw::Unclosed));
        // An unclosed quote swallows delimiters, so the count would blame the wrong thing.
        if unclosed || (cells >= titles && extra.is_none()) {
            return;
        }
        let s = if cells == 1 { "" } else { "s" };
        let message = format!("the row has {cells} cell{s}, but there are {titles} titles");
        let name = if delimiter == '\t' {
            "a tab".to_owned()
        } else {
            format!("`{delimiter}`")
        };
        let (cell, label, help) = match (extra, row.cells.last()) {
            (Some(cell), _) => (
                cell,
                "no title above",
                format!("put quotes around text that contains {name}"),
            ),
            (None, Some(cell)) => (
                cell,
                "the row ends here",
                format!("write {name} for each empty cell"),
            ),
            (None, None) => return,
        };
        let origin = self.first_line(cell.bytes.clone());
        let diagnostic = Diagnostic::error("production::csv::wrong_cell_count", origin, message);
        self.report_problem(diagnostic.with_label(label).with_help(help));
    }

    fn check_size(&mut self, row: &CsvRow<'_>) -> Option<()> {
        let long = row
            .cells
            .iter()
            .find(|cell| cell.text.len() > self.limits.scalar_bytes);
        // A row adds at most a map, and a list with its item for each cell.
        let (cell, message) = if let Some(cell) = long {
            (
                cell,
                format!("a cell is longer than {} bytes", self.limits.scalar_bytes),
            )
        } else if self.tree.len() + 3 * row.cells.len() > self.limits.nodes {
            (
                row.cells.first()?,
                format!("the list holds more than {} values", self.limits.nodes),
            )
        } else {
            return Some(());
        };
        // A cell that contains the rest of the file has most likely lost its closing quote.
        self.check_quotes(cell);
        let origin = self.first_line(cell.bytes.start..cell.bytes.end.min(cell.bytes.start + 1));
        let diagnostic = Diagnostic::error("production::csv::too_large", origin, message);
        self.diagnostics
            .push(diagnostic.with_optional_help(long.is_none().then(|| VALUES_HELP.to_owned())));
        None
    }

    /// Returns the part of these bytes that is on their first line.
    fn first_line(&self, range: Range<usize>) -> FileSpan {
        let text = self.tree.source().get(range.clone()).unwrap_or_default();
        let line = text.split(['\n', '\r']).next().unwrap_or_default();
        self.range_origin(range.start..range.start + line.len())
    }

    fn into_table(mut self, titles_row: u32) -> ShotTable {
        let dropped = self.problems.saturating_sub(self.limits.problems);
        if dropped > 0 {
            let message = format!("{dropped} more problems in this file are not listed");
            let origin = self.range_origin(0..0);
            self.diagnostics.push(Diagnostic::error(
                "production::document::too_many_problems",
                origin,
                message,
            ));
        }
        let origin = self.range_origin(0..0);
        let root = self.tree.add_list(origin, &self.entries);
        self.tree.set_root(root);
        let joined = self.names.joined_names();
        self.join_names(joined);
        ShotTable {
            tree: self.tree,
            rows: self.rows,
            passed_over: self.passed_over,
            titles_row,
            titles: self.titles,
        }
    }
}

/// A field, or the part of one that a column is. Two columns of one part cannot be used together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum FieldPart {
    Field(&'static str),
    LastFrame,
    Sequence,
    Episode,
    /// Columns that are not read. Any number of them is allowed.
    None,
}

impl FieldPart {
    fn from_column(column: ShotColumn) -> Self {
        match (column, column.field_name()) {
            (ShotColumn::LastFrame, _) => Self::LastFrame,
            (ShotColumn::Sequence, _) => Self::Sequence,
            (ShotColumn::Episode, _) => Self::Episode,
            (_, Some(field)) => Self::Field(field),
            (_, None) => Self::None,
        }
    }
}

/// Returns the column of each field: the first certain one, else the first.
fn field_owners(kinds: &[ShotTitle], survey: &RowSurvey) -> HashMap<FieldPart, usize> {
    let mut owners: HashMap<FieldPart, usize> = HashMap::new();
    for is_certain in [true, false] {
        for (index, kind) in kinds.iter().enumerate() {
            let part = FieldPart::from_column(kind.column);
            let fits = kind.is_certain == is_certain && !is_unfit_frame(index, *kind, survey);
            if !fits || part == FieldPart::None {
                continue;
            }
            owners.entry(part).or_insert(index);
        }
    }
    let range = owners.get(&FieldPart::Field("frame_range")).copied();
    // `frame_range` is both of its ends.
    if let Some(range) = range.filter(|range| kinds[*range].column.is_whole_range()) {
        owners.insert(FieldPart::LastFrame, range);
    }
    owners
}

/// Returns whether a column has the title of frame numbers, such as `In`, and other cells, such as
/// times.
fn is_unfit_frame(index: usize, kind: ShotTitle, survey: &RowSurvey) -> bool {
    !kind.is_certain && survey.has_unfit_frame(index)
}
