//! Shot lists as spreadsheets export them: cells with a comma, semicolon or tab between them, and a
//! first row of titles.
//!
//! Owns rows, cells and titles. A table becomes the same tree as YAML, so the decoder finds the
//! same mistakes and reports them in the same words, at the cell. Does not know what a value means.

pub(super) mod csv_reader;
mod joined_names;
mod row_kinds;
mod shot_columns;
mod table_location;
mod table_reader;

pub use table_reader::{ShotTable, read_shot_table};

use std::path::Path;

/// Returns whether a file of this name is a table.
#[must_use]
pub fn is_table(path: &Path) -> bool {
    let extension = path
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase());
    // Delimiters are guessed from the titles, so the extension only says that it is a table at all.
    matches!(extension.as_deref(), Some("csv" | "tsv" | "tab"))
}

#[cfg(test)]
mod tests;
