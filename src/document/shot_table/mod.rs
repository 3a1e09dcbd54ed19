//! Shot lists as spreadsheets export them: comma, semicolon or tab between cells, a row of titles first.
//!
//! Owns rows, cells and titles, and makes of them the same tree that YAML gives, so that the decoder finds the same
//! mistakes with the same words, under the cell that makes them. Does not know what a value means.

mod csv_reader;
mod shot_columns;
mod table_location;
mod table_reader;

pub use table_reader::{ShotTable, read_shot_table};

use std::path::Path;

/// Returns whether a file of this name holds a table.
#[must_use]
pub fn is_table(path: &Path) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    matches!(extension.as_deref(), Some("csv" | "tsv" | "tab"))
}

#[cfg(test)]
mod tests;
