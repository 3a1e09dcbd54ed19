//! Rows and titles to a tree: one map for each row, its keys the titles.

use super::cells::{Cell, Flaw, Row, Rows};
use super::columns::{Column, FIELDS, plain};
use crate::base::suggestions::nearest_match;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan};
use crate::document::limits::{Limits, VALUES_HELP};
use crate::document::tree::{NodeId, Tree};
use std::ops::Range;
use std::sync::Arc;

/// A table as a tree: a list of maps, as `shots` is in YAML.
#[derive(Debug, Clone)]
pub struct Table {
    /// The list.
    pub tree: Tree,
    /// The number of the row that each entry comes from, as a spreadsheet counts.
    pub(super) rows: Vec<u32>,
    /// The number of the row of titles.
    pub(super) titles_row: u32,
    /// The bytes of each title, and the words for it.
    pub(super) titles: Vec<(FileSpan, String)>,
}

/// Reads a table of shots.
///
/// Returns nothing when there are no titles to read it by, or a limit is reached; then the diagnostics say why.
pub fn read(
    file: FileId,
    source: &Arc<str>,
    limits: &Limits,
    found: &mut Diagnostics,
) -> Option<Table> {
    if let Some(at) = source.find('\0') {
        let message = format!("NUL character at byte {at}");
        let help = "save the list as UTF-8 text: spreadsheets call it `CSV UTF-8`";
        found.push(
            Diagnostic::error("production::csv::nul", bytes(file, at..at + 1), message)
                .with_help(help),
        );
        return None;
    }
    let mut rows = Rows::of(source);
    let titles = rows.next().unwrap_or(Row {
        number: 1,
        cells: Vec::new(),
    });
    let columns: Vec<Column> = titles
        .cells
        .iter()
        .map(|cell| Column::of(&cell.text))
        .collect();
    if columns.iter().all(|column| column.field().is_none()) {
        found.push(no_titles(file, &titles));
        return None;
    }
    let mut builder = Builder::new(file, source, limits, found);
    builder.titles(&titles, columns);
    let delimiter = rows.delimiter();
    for row in rows {
        builder.row(&row, delimiter)?;
    }
    Some(builder.finish(titles.number))
}

fn no_titles(file: FileId, titles: &Row<'_>) -> Diagnostic {
    let end = titles.cells.last().map_or(0, |cell| cell.bytes.end);
    let begin = titles.cells.first().map_or(0, |cell| cell.bytes.start);
    let message = match titles.cells.is_empty() {
        true => "the list is empty",
        false => "no title in the first row is a field of a shot",
    };
    let found = Diagnostic::error(
        "production::csv::no_titles",
        bytes(file, begin..end),
        message,
    );
    found.with_help("begin with a row of titles, such as `name,template,scene,duration`")
}

fn bytes(file: FileId, range: Range<usize>) -> FileSpan {
    let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    FileSpan::new(file, at(range.start), at(range.end))
}

/// A column, and the key under which its values stand.
struct Keyed {
    column: Column,
    key: NodeId,
    title: FileSpan,
}

struct Builder<'a> {
    tree: Tree,
    limits: &'a Limits,
    found: &'a mut Diagnostics,
    columns: Vec<Keyed>,
    titles: Vec<(FileSpan, String)>,
    entries: Vec<NodeId>,
    rows: Vec<u32>,
    problems: usize,
    untitled_told: bool,
}

impl<'a> Builder<'a> {
    fn new(
        file: FileId,
        source: &Arc<str>,
        limits: &'a Limits,
        found: &'a mut Diagnostics,
    ) -> Self {
        Self {
            tree: Tree::empty(file, Arc::clone(source)),
            limits,
            found,
            columns: Vec::new(),
            titles: Vec::new(),
            entries: Vec::new(),
            rows: Vec::new(),
            problems: 0,
            untitled_told: false,
        }
    }

    /// Reports a mistake of the table itself; beyond the limit it is only counted.
    fn report(&mut self, diagnostic: Diagnostic) {
        self.problems += 1;
        if self.problems <= self.limits.problems {
            self.found.push(diagnostic);
        }
    }

    fn origin(&self, range: Range<usize>) -> FileSpan {
        bytes(self.tree.file(), range)
    }

    fn titles(&mut self, titles: &Row<'_>, columns: Vec<Column>) {
        for (cell, column) in titles.cells.iter().zip(columns) {
            let title = self.origin(cell.bytes.clone());
            self.check_quotes(cell);
            let taken = self
                .columns
                .iter()
                .find(|other| is_same(other.column, column))
                .map(|other| other.title);
            let column = if taken.is_some() {
                Column::Free
            } else {
                column
            };
            match taken {
                Some(first) => self.duplicate(title, first),
                None if column == Column::Unknown && !cell.text.is_empty() => {
                    self.unknown(cell, title)
                }
                None => {}
            }
            let key = self
                .tree
                .add_text(title, column.field().unwrap_or_default());
            self.columns.push(Keyed { column, key, title });
            self.titles
                .push((title, cell.text.chars().take(40).collect()));
        }
    }

    fn duplicate(&mut self, title: FileSpan, first: FileSpan) {
        let message = "another column gives the same field";
        let found = Diagnostic::error("production::csv::duplicate_column", title, message);
        let found = found
            .with_label("again here")
            .with_related(first, "first here");
        self.report(found.with_help("keep one of them, or begin the title of the other with `x-`"));
    }

    fn unknown(&mut self, cell: &Cell<'_>, title: FileSpan) {
        let taken = |field: &&&str| {
            !self
                .columns
                .iter()
                .any(|other| other.column.field() == Some(**field))
        };
        let near = nearest_match(&plain(&cell.text), FIELDS.iter().filter(taken).copied());
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "begin the title with `x-` to keep the column as a note".to_owned(),
        };
        let message = "a shot has no field of this name, so the column is passed over";
        let found = Diagnostic::warning("production::csv::unknown_column", title, message);
        self.report(found.with_label("not a field").with_help(help));
    }

    fn row(&mut self, row: &Row<'_>, delimiter: char) -> Option<()> {
        if row.is_blank() {
            return Some(());
        }
        self.check_size(row)?;
        row.cells.iter().for_each(|cell| self.check_quotes(cell));
        self.check_count(row, delimiter);
        let (first, last) = (row.cells.first()?, row.cells.last()?);
        let whole = self.first_line(first.bytes.start..last.bytes.end);
        let mut children = Vec::with_capacity(2 * self.columns.len());
        for at in 0..row.cells.len().min(self.columns.len()) {
            let cell = &row.cells[at];
            if cell.text.is_empty() {
                continue;
            }
            if let Some(value) = self.value(at, cell, row) {
                children.extend([self.columns[at].key, value]);
            }
        }
        let entry = self.tree.add_map(whole, &children);
        self.entries.push(entry);
        self.rows.push(row.number);
        Some(())
    }

    /// Returns the value of a cell; nothing when its column is not for us, or another cell speaks for it.
    fn value(&mut self, at: usize, cell: &Cell<'_>, row: &Row<'_>) -> Option<NodeId> {
        match self.columns[at].column {
            Column::Field(_) => Some(self.scalar(cell)),
            Column::List(_) => Some(self.list(cell)),
            Column::First => Some(self.ends(at, row)),
            Column::Last => (!self.has_first(row)).then(|| self.ends(at, row)),
            Column::Free => None,
            Column::Unknown => {
                self.untitled(at, cell);
                None
            }
        }
    }

    fn scalar(&mut self, cell: &Cell<'_>) -> NodeId {
        let origin = self.origin(cell.bytes.clone());
        match &cell.text {
            std::borrow::Cow::Borrowed(_) => self.tree.add_slice(origin),
            std::borrow::Cow::Owned(text) => self.tree.add_text(origin, text),
        }
    }

    /// Splits a cell at `;` and `|`.
    fn list(&mut self, cell: &Cell<'_>) -> NodeId {
        let origin = self.origin(cell.bytes.clone());
        let mut items = Vec::new();
        let mut at = cell.bytes.start;
        for part in cell.text.split([';', '|']) {
            let start = at + (part.len() - part.trim_start().len());
            at += part.len() + 1;
            let part = part.trim();
            match &cell.text {
                _ if part.is_empty() => {}
                std::borrow::Cow::Borrowed(_) => {
                    let origin = self.origin(start..start + part.len());
                    items.push(self.tree.add_slice(origin));
                }
                std::borrow::Cow::Owned(_) => items.push(self.tree.add_text(origin, part)),
            }
        }
        self.tree.add_list(origin, &items)
    }

    fn has_first(&self, row: &Row<'_>) -> bool {
        let cells = self.columns.iter().zip(&row.cells);
        cells
            .into_iter()
            .any(|(keyed, cell)| keyed.column == Column::First && !cell.text.is_empty())
    }

    /// Returns first and last frame as a list, at the cell `at`.
    fn ends(&mut self, at: usize, row: &Row<'_>) -> NodeId {
        let find = |wanted: Column| {
            let cells = self.columns.iter().zip(&row.cells);
            cells
                .into_iter()
                .find(|(keyed, cell)| keyed.column == wanted && !cell.text.is_empty())
        };
        let ends: Vec<&Cell<'_>> = [Column::First, Column::Last]
            .into_iter()
            .filter_map(|end| Some(find(end)?.1))
            .collect();
        let items: Vec<NodeId> = ends.into_iter().map(|cell| self.scalar(cell)).collect();
        let origin = self.origin(row.cells[at].bytes.clone());
        self.tree.add_list(origin, &items)
    }

    fn untitled(&mut self, at: usize, cell: &Cell<'_>) {
        if !self.titles[at].1.is_empty() || std::mem::replace(&mut self.untitled_told, true) {
            return;
        }
        let message = "this cell stands under no title, and its column is passed over";
        let found = Diagnostic::warning(
            "production::csv::unknown_column",
            self.origin(cell.bytes.clone()),
            message,
        );
        self.report(found.with_help("give the column a title in the first row"));
    }

    fn check_quotes(&mut self, cell: &Cell<'_>) {
        let Some(flaw) = cell.flaw else { return };
        let quote = cell.bytes.start.saturating_sub(1);
        let (range, message, help) = match flaw {
            Flaw::Unclosed => (
                quote..quote + 1,
                "a quote opens here and is never closed",
                "close it at the end of the cell",
            ),
            Flaw::TextBehind => (
                cell.bytes.clone(),
                "text follows the quote that closes this cell",
                "write a quote inside a quoted cell twice: `\"\"`",
            ),
        };
        let origin = self.first_line(range);
        self.report(
            Diagnostic::error("production::csv::bad_quote", origin, message).with_help(help),
        );
    }

    /// Reports a row that has more or fewer cells than there are titles; empty ones at the end do not count as more.
    fn check_count(&mut self, row: &Row<'_>, delimiter: char) {
        let (cells, titles) = (row.cells.len(), self.columns.len());
        let extra = row
            .cells
            .iter()
            .skip(titles)
            .find(|cell| !cell.text.is_empty());
        let unclosed = row
            .cells
            .iter()
            .any(|cell| cell.flaw == Some(Flaw::Unclosed));
        if unclosed || (cells >= titles && extra.is_none()) {
            return;
        }
        let s = if cells == 1 { "" } else { "s" };
        let message = format!("the row has {cells} cell{s}, and there are {titles} titles");
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
                format!("write {name} for each cell left empty"),
            ),
            (None, None) => return,
        };
        let origin = self.first_line(cell.bytes.clone());
        let found = Diagnostic::error("production::csv::wrong_cell_count", origin, message);
        self.report(found.with_label(label).with_help(help));
    }

    fn check_size(&mut self, row: &Row<'_>) -> Option<()> {
        let long = row
            .cells
            .iter()
            .find(|cell| cell.text.len() > self.limits.scalar_bytes);
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
        // A cell that swallowed the rest of the file has most likely lost its closing quote.
        self.check_quotes(cell);
        let origin = self.first_line(cell.bytes.start..cell.bytes.end.min(cell.bytes.start + 1));
        let found = Diagnostic::error("production::csv::too_large", origin, message);
        self.found
            .push(found.with_optional_help(long.is_none().then(|| VALUES_HELP.to_owned())));
        None
    }

    /// Returns the part of these bytes that lies on their first line.
    fn first_line(&self, range: Range<usize>) -> FileSpan {
        let text = self.tree.source().get(range.clone()).unwrap_or_default();
        let line = text.split(['\n', '\r']).next().unwrap_or_default();
        self.origin(range.start..range.start + line.len())
    }

    fn finish(mut self, titles_row: u32) -> Table {
        let dropped = self.problems.saturating_sub(self.limits.problems);
        if dropped > 0 {
            let message = format!("{dropped} more problems in this file are not listed");
            let origin = self.origin(0..0);
            self.found.push(Diagnostic::error(
                "production::document::too_many_problems",
                origin,
                message,
            ));
        }
        let origin = self.origin(0..0);
        let root = self.tree.add_list(origin, &self.entries);
        self.tree.set_root(root);
        Table {
            tree: self.tree,
            rows: self.rows,
            titles_row,
            titles: self.titles,
        }
    }
}

/// Returns whether two columns cannot stand beside each other: `frame_range` and its ends, or the same field.
fn is_same(one: Column, other: Column) -> bool {
    let ends = |column| matches!(column, Column::First | Column::Last);
    one.field().is_some()
        && one.field() == other.field()
        && !(ends(one) && ends(other) && one != other)
}
