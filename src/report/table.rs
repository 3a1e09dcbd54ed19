//! Rows of text in columns that fit the terminal: what is too long is cut, with an ellipsis, never wrapped.
//!
//! Owns widths. Numbers are padded by their makers; colours come after.

/// The narrowest that a column is cut to.
const NARROWEST: usize = 12;

/// Writes rows in columns two spaces apart, at most `width` characters a line.
///
/// The widest columns give way first. Empty columns take no room.
#[must_use]
pub fn fitted(rows: &[Vec<String>], width: usize) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.chars().count())
            .max()
    };
    let mut widths: Vec<usize> = (0..count).map(|at| widest(at).unwrap_or(0)).collect();
    shrink(&mut widths, width);
    rows.iter().map(|row| line(row, &widths, width)).collect()
}

/// Takes from the widest column until all fit.
fn shrink(widths: &mut [usize], most: usize) {
    loop {
        let shown = widths.iter().filter(|width| **width > 0).count();
        let total = widths.iter().sum::<usize>() + 2 * shown.saturating_sub(1);
        let Some(widest) = widths
            .iter_mut()
            .max()
            .filter(|widest| **widest > NARROWEST)
        else {
            return;
        };
        if total <= most {
            return;
        }
        *widest -= (total - most).min(*widest - NARROWEST).min(step(*widest));
    }
}

/// Small enough that columns of like width shrink together.
fn step(width: usize) -> usize {
    (width / 8).max(1)
}

fn line(row: &[String], widths: &[usize], most: usize) -> String {
    let cells = row.iter().zip(widths).filter(|(_, width)| **width > 0);
    let padded: Vec<String> = cells
        .map(|(cell, width)| format!("{:<width$}", cut(cell, *width)))
        .collect();
    format!("{}\n", cut(padded.join("  ").trim_end(), most))
}

/// Returns at most `width` characters, the last an ellipsis when something is left out.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
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
            let text = fitted(&rows(), width);
            assert!(
                text.lines().all(|line| line.chars().count() <= width),
                "{width}: {text}"
            );
        }
    }

    #[test]
    fn an_empty_column_takes_no_room_and_what_fits_is_whole() {
        assert_eq!(
            fitted(&rows(), 200).lines().nth(1),
            Some("twenty_two  short")
        );
    }
}
