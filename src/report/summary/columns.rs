//! Text in columns.

use crate::report::paint::Paint;

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    /// At its left edge.
    Left,
    /// At its right edge.
    Right,
}

/// Writes rows in columns two spaces apart, each line indented by two; the first row is a heading when `heading` is set.
pub(super) fn columns(
    rows: &[Vec<String>],
    align: &[Align],
    heading: bool,
    paint: Paint,
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
    let line = |(at, row): (usize, &Vec<String>)| {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .zip(align)
            .map(|((cell, width), align)| pad(cell, *width, *align))
            .collect();
        let text = cells.join("  ");
        let text = text.trim_end();
        format!(
            "  {}\n",
            if heading && at == 0 {
                paint.faint(text)
            } else {
                text.to_owned()
            }
        )
    };
    rows.iter().enumerate().map(line).collect()
}

fn pad(cell: &str, width: usize, align: Align) -> String {
    match align {
        Align::Left => format!("{cell:<width$}"),
        Align::Right => format!("{cell:>width$}"),
    }
}
