//! Where in a table a finding is: row and column in words, and the JSON pointer of the value.

use super::read::Table;
use crate::base::FileSpan;
use crate::document::tree::NodeId;

impl Table {
    /// Returns the words for a place, such as `row 4, column Lens`, and the pointer of the value there.
    #[must_use]
    pub fn place(&self, origin: FileSpan) -> (String, String) {
        if let Some((_, title)) = self.titles.iter().find(|(title, _)| covers(*title, origin)) {
            return (in_column(self.titles_row, title), String::new());
        }
        let entries = self
            .tree
            .root()
            .and_then(|root| self.tree.items(root))
            .unwrap_or_default();
        let before =
            entries.partition_point(|entry| self.tree.origin(*entry).start <= origin.start);
        let Some(at) = before.checked_sub(1) else {
            return (format!("row {}", self.titles_row), String::new());
        };
        let row = self.rows.get(at).copied().unwrap_or_default();
        let pointer = format!("/production/shots/{at}");
        match self.key_at(entries[at], origin) {
            Some((title, field)) => (in_column(row, title), format!("{pointer}/{field}")),
            None => (format!("row {row}"), pointer),
        }
    }

    /// Returns the title and the field of the cell of an entry that holds a place.
    fn key_at(&self, entry: NodeId, origin: FileSpan) -> Option<(&str, &str)> {
        let mut cells = self.tree.pairs(entry)?;
        let (key, _) = cells.find(|(_, value)| {
            let items = self.tree.items(*value).unwrap_or_default();
            let inside = items
                .iter()
                .any(|item| covers(self.tree.origin(*item), origin));
            let whole = self.tree.origin(*value);
            // The quote before a cell belongs to it.
            let quoted = FileSpan {
                start: whole.start.saturating_sub(1),
                ..whole
            };
            inside || covers(quoted, origin)
        })?;
        let place = self.tree.origin(key);
        let (_, title) = self.titles.iter().find(|(title, _)| *title == place)?;
        Some((title, self.tree.scalar(key)?.text))
    }
}

fn covers(whole: FileSpan, part: FileSpan) -> bool {
    whole.start <= part.start && part.start < whole.end.max(whole.start + 1)
}

fn in_column(row: u32, title: &str) -> String {
    if title.is_empty() {
        format!("row {row}")
    } else {
        format!("row {row}, column {title}")
    }
}
