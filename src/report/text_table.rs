//! Rows of text in columns, two spaces apart. A table is either fitted to the terminal, with longer
//! text cut by an ellipsis and never wrapped, or printed in full width.
//!
//! Owns widths. Colours come after.

use super::paint::TextPaint;

/// Narrowest width to which a column is cut, in characters.
const MIN_COLUMN_WIDTH: usize = 12;

/// Returns rows in columns two spaces apart, at most `width` characters a line.
///
/// The widest column is cut first. Columns without text take no space.
#[must_use]
pub fn fit_columns(rows: &[Vec<String>], width: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut widths = column_widths(rows, count);
    shrink_widths(&mut widths, width);
    rows.iter()
        .map(|row| fitted_line(row, &widths, width))
        .collect()
}

/// Returns rows in indented columns below a title, at most `width` characters a line. Without rows
/// the result is empty.
#[must_use]
pub fn titled_columns(title: &str, rows: &[Vec<String>], width: usize) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows: String = fit_columns(rows, width.saturating_sub(2))
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    format!("{title}\n{rows}")
}

/// Returns the width of the widest cell of each of the first `count` columns, in characters.
fn column_widths(rows: &[Vec<String>], count: usize) -> Vec<usize> {
    let mut widths = vec![0; count];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    widths
}

/// Takes from the widest column until all fit.
fn shrink_widths(widths: &mut [usize], limit: usize) {
    loop {
        // Inside the loop because a cut changes the total. Rows have few columns, so the loop is
        // short.
        let shown = widths.iter().filter(|width| **width > 0).count();
        let total = widths.iter().sum::<usize>() + 2 * shown.saturating_sub(1);
        let Some(widest) = widths
            .iter_mut()
            .max()
            // Below the minimum a name says nothing. The line is cut at its end instead.
            .filter(|widest| **widest > MIN_COLUMN_WIDTH)
        else {
            return;
        };
        if total <= limit {
            return;
        }
        // In steps, not at once: taking everything from the widest would make it narrower than the
        // second.
        *widest -= (total - limit)
            .min(*widest - MIN_COLUMN_WIDTH)
            .min(shrink_step(*widest));
    }
}

fn shrink_step(width: usize) -> usize {
    // An eighth lets columns of similar width shrink together and still ends after few rounds.
    (width / 8).max(1)
}

fn fitted_line(row: &[String], widths: &[usize], limit: usize) -> String {
    // A column without text would leave four spaces between its neighbours.
    let cells = row.iter().zip(widths).filter(|(_, width)| **width > 0);
    let padded: Vec<String> = cells
        .map(|(cell, width)| format!("{:<width$}", truncate_text(cell, *width)))
        .collect();
    format!("{}\n", truncate_text(padded.join("  ").trim_end(), limit))
}

/// Returns at most `width` characters, the last an ellipsis when something is left out.
#[must_use]
pub fn truncate_text(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    // Characters and not bytes: a cut inside of one would panic. Wide characters are counted as one
    // column; a table with them is only slightly off.
    let shortened: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", shortened.trim_end())
}

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum ColumnAlign {
    /// At its left edge.
    Left,
    /// At its right edge.
    Right,
}

/// Writes rows in columns two spaces apart, each line indented by two; the first row is a heading
/// when `heading` is set.
pub(in crate::report) fn format_columns(
    rows: &[Vec<String>],
    align: &[ColumnAlign],
    heading: bool,
    paint: TextPaint,
) -> String {
    let widths = column_widths(rows, align.len());
    rows.iter()
        .enumerate()
        .map(|(index, row)| {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .zip(align)
                .map(|((cell, width), align)| pad_cell(cell, *width, *align))
                .collect();
            let text = cells.join("  ");
            // Lines that end in spaces make noise in logs and in comparisons of them.
            let text = text.trim_end();
            format!(
                "  {}\n",
                if heading && index == 0 {
                    paint.dimmed(text)
                } else {
                    text.to_owned()
                }
            )
        })
        .collect()
}

fn pad_cell(cell: &str, width: usize, align: ColumnAlign) -> String {
    match align {
        ColumnAlign::Left => format!("{cell:<width$}"),
        ColumnAlign::Right => format!("{cell:>width$}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Vec<String>> {
        let row = |name: &str, about: &str| vec![name.to_owned(), String::new(), about.to_owned()];
        vec![row("one", &"long ".repeat(20)), row("twenty_two", "short")]
    }

    #[test]
    fn a_line_is_never_wider_than_the_terminal() {
        for width in [12, 20, 40, 80] {
            let text = fit_columns(&rows(), width);
            assert!(
                text.lines().all(|line| line.chars().count() <= width),
                "{width}: {text}"
            );
        }
    }

    #[test]
    fn an_empty_column_takes_no_width_and_fitting_text_is_whole() {
        assert_eq!(
            fit_columns(&rows(), 200).lines().nth(1),
            Some("twenty_two  short")
        );
    }

    #[test]
    fn every_column_has_its_own_edge_and_its_own_width() {
        let rows = [["a", "10"], ["long", "9"]].map(|row| row.map(str::to_owned).to_vec());
        let text = format_columns(
            &rows,
            &[ColumnAlign::Left, ColumnAlign::Right],
            false,
            TextPaint { colour: false },
        );
        assert_eq!(text, "  a     10\n  long   9\n");
    }
}
