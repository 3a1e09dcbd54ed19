//! The place of a finding in a table: row and column in words, and the JSON pointer of the value.

use super::table_reader::ShotTable;
use crate::base::FileSpan;
use crate::document::span_tree::NodeId;

impl ShotTable {
    /// Returns the bytes of an entry's row, up to the end of its first line.
    #[must_use]
    pub fn entry_origin(&self, index: usize) -> Option<FileSpan> {
        let entries = self.tree.items(self.tree.root()?)?;
        entries.get(index).map(|entry| self.tree.origin(*entry))
    }

    /// Returns the words for a place, such as `row 4, column Camera`, and the pointer of the value
    /// there.
    #[must_use]
    pub fn describe_location(&self, origin: FileSpan) -> (String, String) {
        let passed_over = self
            .passed_over
            .partition_point(|(row, _)| row.start <= origin.start);
        if let Some((row, number)) = passed_over
            .checked_sub(1)
            .and_then(|before| self.passed_over.get(before))
            && covers_start(*row, origin)
        {
            return (format!("row {number}"), String::new());
        }
        if let Some((_, title)) = self
            .title_before(origin)
            .filter(|(title, _)| covers_start(*title, origin))
        {
            // A title is no value of a shot, so it has no pointer.
            return (in_column(self.titles_row, title), String::new());
        }
        let entries = self
            .tree
            .root()
            .and_then(|root| self.tree.items(root))
            .unwrap_or_default();
        // Rows are in the order of the file, so the row is found by bisection. Lists can have
        // 100,000.
        let before =
            entries.partition_point(|entry| self.tree.origin(*entry).start <= origin.start);
        let Some(index) = before.checked_sub(1) else {
            return (format!("row {}", self.titles_row), String::new());
        };
        let row = self.rows.get(index).copied().unwrap_or_default();
        let pointer = format!("/production/shots/{index}");
        match self.cell_at(entries[index], origin) {
            Some((title, field)) => (in_column(row, title), format!("{pointer}/{field}")),
            None => (format!("row {row}"), pointer),
        }
    }

    /// Returns the last title that begins at or before a place.
    // By bisection: a table may have a million titles and ten thousand findings.
    fn title_before(&self, origin: FileSpan) -> Option<&(FileSpan, String)> {
        let after = self
            .titles
            .partition_point(|(title, _)| title.start <= origin.start);
        self.titles.get(after.checked_sub(1)?)
    }

    /// Returns the title and the field of the entry's cell at this place.
    fn cell_at(&self, entry: NodeId, origin: FileSpan) -> Option<(&str, &str)> {
        let mut cells = self.tree.pairs(entry)?;
        let (key, _) = cells.find(|(_, value)| {
            // An item may be outside of the cell's span: a frame range has its last frame in
            // another cell.
            let items = self.tree.items(*value).unwrap_or_default();
            let inside = items
                .iter()
                .any(|item| covers_start(self.tree.origin(*item), origin));
            let cell_origin = self.tree.origin(*value);
            // The quote before a cell is not part of its span, but findings about quotes are there.
            let quoted = FileSpan {
                start: cell_origin.start.saturating_sub(1),
                ..cell_origin
            };
            inside || covers_start(quoted, origin)
        })?;
        let place = self.tree.origin(key);
        let (_, title) = self
            .title_before(place)
            .filter(|(title, _)| *title == place)?;
        Some((title, self.tree.scalar(key)?.text))
    }
}

fn covers_start(outer: FileSpan, part: FileSpan) -> bool {
    // An empty cell still covers its first byte.
    outer.start <= part.start && part.start < outer.end.max(outer.start + 1)
}

fn in_column(row: u32, title: &str) -> String {
    if title.is_empty() {
        format!("row {row}")
    } else {
        format!("row {row}, column {title}")
    }
}
