//! Text in columns.

use crate::report::paint::TextPaint;

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnAlign {
    /// At its left edge.
    Left,
    /// At its right edge.
    Right,
}

/// Writes rows in columns two spaces apart, each line indented by two; the first row is a heading when `heading` is set.
pub(super) fn format_columns(
    rows: &[Vec<String>],
    align: &[ColumnAlign],
    heading: bool,
    paint: TextPaint,
) -> String {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let widths: Vec<usize> = (0..align.len())
        .map(|column| width(column).unwrap_or(0))
        .collect();
    let line = |(index, row): (usize, &Vec<String>)| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .zip(align)
            .map(|((cell, width), align)| pad_cell(cell, *width, *align))
            .collect();
        let text = cells.join("  ");
        let text = text.trim_end();
        format!(
            "  {}\n",
            if heading && index == 0 {
                paint.dimmed(text)
            } else {
                text.to_owned()
            }
        )
    };
    rows.iter().enumerate().map(line).collect()
}

fn pad_cell(cell: &str, width: usize, align: ColumnAlign) -> String {
    match align {
        ColumnAlign::Left => format!("{cell:<width$}"),
        ColumnAlign::Right => format!("{cell:>width$}"),
    }
}
