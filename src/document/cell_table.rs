//! The place of a finding in a table that is no list of shots: row and column in words.
//!
//! Owns rows and titles. What the table says is for its reader.

use super::shot_table::csv_reader::CsvRows;
use crate::base::FileSpan;

/// The rows of a table, with the bytes of their cells.
pub(super) struct CellTable {
    titles: Vec<String>,
    rows: Vec<CellRow>,
}

struct CellRow {
    /// Its number, as spreadsheets count.
    number: u32,
    /// First byte of each cell, and the byte behind its last.
    cells: Vec<(usize, usize)>,
}

impl CellRow {
    /// Returns the column of a place: of a cell, or of the quote before one.
    fn column_at(&self, start: usize) -> Option<usize> {
        let mut cells = self.cells.iter();
        let holding =
            cells.position(|(first, end)| (*first..*end.max(&(first + 1))).contains(&start));
        let mut cells = self.cells.iter();
        holding.or_else(|| cells.position(|(first, _)| *first == start + 1))
    }
}

impl CellTable {
    pub(super) fn read(text: &str) -> Self {
        let mut rows = CsvRows::new(text);
        let titles = rows.next();
        let names = titles.iter().flat_map(|row| &row.cells);
        let names = names.map(|cell| cell.text.trim().to_owned()).collect();
        rows.set_titles(titles.as_ref().map_or(0, |row| row.cells.len()));
        let all = titles.into_iter().chain(rows);
        Self {
            titles: names,
            rows: all
                .map(|row| CellRow {
                    number: row.number,
                    cells: row
                        .cells
                        .iter()
                        .map(|cell| (cell.bytes.start, cell.bytes.end))
                        .collect(),
                })
                .collect(),
        }
    }

    /// Returns the words for a place, such as `row 4, column de`. A place of several cells has no
    /// column. `None`: there are no rows.
    pub(super) fn describe_location(&self, origin: FileSpan) -> Option<String> {
        let start = origin.start as usize;
        // A quote before a cell is not part of it.
        let begins = |row: &CellRow| {
            row.cells
                .first()
                .is_some_and(|(first, _)| *first <= start + 1)
        };
        // By bisection: a table may have 100,000 rows, and thousands of findings.
        let row = self
            .rows
            .get(self.rows.partition_point(begins).max(1) - 1)?;
        let number = row.number;
        let column = row
            .column_at(start)
            .filter(|column| origin.end as usize <= row.cells[*column].1.max(start) + 1);
        let title = column.and_then(|column| self.titles.get(column));
        Some(match title.filter(|title| !title.is_empty()) {
            Some(title) => format!("row {number}, column {title}"),
            None => format!("row {number}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    #[test]
    fn a_place_is_named_by_row_and_column_and_a_row_by_its_number_alone() {
        let text = "line,de,\n\na.1,\"Es, ja\",\nb.1,Aus.,more\n";
        let table = CellTable::read(text);
        let place = |part: &str| {
            let start = text.find(part).unwrap();
            let offset = |at: usize| u32::try_from(at).unwrap();
            let origin = FileSpan::new(FileId(0), offset(start), offset(start + part.len()));
            table.describe_location(origin).unwrap()
        };
        assert_eq!(place("line"), "row 1, column line");
        assert_eq!(place("line,de"), "row 1");
        assert_eq!(place("a.1"), "row 3, column line");
        assert_eq!(place("Es, ja"), "row 3, column de");
        assert_eq!(place("\"Es, ja\"").len(), "row 3, column de".len());
        assert_eq!(place("Aus."), "row 4, column de");
        assert_eq!(place("more"), "row 4");
        let nothing = CellTable::read("");
        assert_eq!(nothing.describe_location(FileSpan::default()), None);
    }
}
