//! Rows of text in columns that fit the terminal: what is too long is cut, with an ellipsis, never wrapped.
//!
//! Owns widths. Numbers are padded by their makers; colours come after.

/// The narrowest that a column is cut to.
const MIN_COLUMN_WIDTH: usize = 12;

/// Writes rows in columns two spaces apart, at most `width` characters a line.
///
/// The widest columns give way first. Empty columns take no room.
#[must_use]
pub fn fit_columns(rows: &[Vec<String>], width: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
    };
    let mut widths: Vec<usize> = (0..count)
        .map(|column| widest(column).unwrap_or(0))
        .collect();
    shrink_widths(&mut widths, width);
    rows.iter()
        .map(|row| fitted_line(row, &widths, width))
        .collect()
}

/// Takes from the widest column until all fit.
fn shrink_widths(widths: &mut [usize], limit: usize) {
    loop {
        let shown = widths.iter().filter(|width| **width > 0).count();
        let total = widths.iter().sum::<usize>() + 2 * shown.saturating_sub(1);
        let Some(widest) = widths
            .iter_mut()
            .max()
            .filter(|widest| **widest > MIN_COLUMN_WIDTH)
        else {
            return;
        };
        if total <= limit {
            return;
        }
        *widest -= (total - limit)
            .min(*widest - MIN_COLUMN_WIDTH)
            .min(shrink_step(*widest));
    }
}

/// Small enough that columns of like width shrink together.
fn shrink_step(width: usize) -> usize {
    (width / 8).max(1)
}

fn fitted_line(row: &[String], widths: &[usize], limit: usize) -> String {
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
    let shortened: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", shortened.trim_end())
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
    fn an_empty_column_takes_no_room_and_what_fits_is_whole() {
        assert_eq!(
            fit_columns(&rows(), 200).lines().nth(1),
            Some("twenty_two  short")
        );
    }
}
