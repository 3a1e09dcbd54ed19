//! Which rows of a table or a list a chart draws, and which it passes over.

use super::chart_reader::labelled_row;
use crate::base::{Diagnostic, Diagnostics, Spanned};
use crate::document::quote::quote_value;
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::ChartRow;

/// A row that a chart passes over.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PassedRow {
    /// Its place among the rows, from 1.
    position: usize,
    label: Spanned<String>,
    reason: &'static str,
}

impl PassedRow {
    /// Notes that it is not in the chart.
    pub(super) fn note(&self, diagnostics: &mut Diagnostics) {
        let code = "production::treatment::not_drawn";
        let message = format!(
            "row {}, {}, {}",
            self.position,
            quote_value(&self.label.value),
            self.reason
        );
        let note = Diagnostic::info(code, self.label.origin, message);
        diagnostics.push(note.with_label("left out of the chart"));
    }
}

/// The rows of a chart, and those that it passes over.
pub(super) type ReadRows = (Vec<ChartRow>, Vec<PassedRow>);

/// Words in the place of a number that nobody has.
const NO_NUMBER: &[&str] = &[
    "",
    "-",
    "–",
    "—",
    "?",
    "…",
    "...",
    "n/a",
    "na",
    "n.a.",
    "n. a.",
    "nil",
    "none",
    "unknown",
    "tbd",
    "tba",
    "no data",
    "k.a.",
    "k. a.",
    "keine angabe",
    "unbekannt",
    "s/d",
    "n/d",
    "nd",
    "s.o.",
    "*",
];

/// Labels of a row that adds up the others.
const TOTAL_LABELS: &[&str] = &[
    "total",
    "totals",
    "sum",
    "subtotal",
    "grand total",
    "gesamt",
    "summe",
    "insgesamt",
    "totale",
    "somme",
    "suma",
    "totaal",
    "итого",
    "合計",
    "合计",
];

/// Divides the rows of a table of numbers into those that a chart draws, and those that it passes
/// over: a few without a number, and the total of the others. All stay where that leaves no
/// chart.
///
/// Words in the place of a number may be the point of a table, such as one of measures and colours.
/// So they are passed over only where a chart is requested, where they say that nobody knows, or
/// where a single row has some and all others have numbers of one unit.
pub(super) fn drawn_rows(rows: Vec<ChartRow>, is_requested: bool) -> ReadRows {
    let numbers: Vec<&ChartRow> = rows.iter().filter(|row| row.value.is_some()).collect();
    let sum: f64 = numbers.iter().filter_map(|row| row.value).sum();
    let is_of_one_unit = numbers.windows(2).all(|pair| pair[0].unit == pair[1].unit);
    let is_exception = is_of_one_unit && numbers.len() >= 3 && numbers.len() + 1 == rows.len();
    let count = rows.len();
    let reason = |index: usize, row: &ChartRow| match row.value {
        None => {
            let is_passed = is_requested || is_exception || is_total_label(&row.label.value);
            (is_passed || has_no_number(row)).then_some("has no number")
        }
        Some(value) => {
            // A total is above or below what it adds up.
            let is_at_end = index == 0 || index + 1 == count;
            let others = sum - value;
            // Parts that are rounded add up to their total but for a rest.
            let is_sum = (others - value).abs() <= value.abs() * 0.01;
            (count > 2 && is_at_end && is_sum && is_total_label(&row.label.value))
                .then_some("is the total of the others")
        }
    };
    let reasons: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(index, row)| reason(index, row))
        .collect();
    let passed = reasons.iter().flatten().count();
    if passed == 0 || count - passed < 2 || passed * 2 > count {
        return (rows, Vec::new());
    }
    let mut drawn = Vec::new();
    let mut left_out = Vec::new();
    for (index, (row, reason)) in rows.into_iter().zip(reasons).enumerate() {
        match reason {
            None => drawn.push(row),
            Some(reason) => left_out.push(PassedRow {
                position: index + 1,
                label: row.label,
                reason,
            }),
        }
    }
    (drawn, left_out)
}

fn has_no_number(row: &ChartRow) -> bool {
    let mut cells = row.cells.iter();
    cells.all(|cell| NO_NUMBER.contains(&cell.value.trim().to_lowercase().as_str()))
}

fn is_total_label(label: &str) -> bool {
    let label = label.trim().trim_end_matches(':').to_lowercase();
    TOTAL_LABELS.contains(&label.as_str())
}

/// Reads the rows of a list below a label for a chart. Those whose number nobody has are passed
/// over.
/// `None`: other rows have no number, or too few have one.
pub(super) fn list_rows(lines: &[LocatedText], has_head: bool) -> Option<ReadRows> {
    let pass = |line: &LocatedText, position| {
        let row = numberless_row(line, position);
        row.filter(|_| has_head)
    };
    let (rows, passed) = divided_rows(lines, pass)?;
    // A single number in a list without a label is prose as often.
    let is_chart = rows.len() >= 2 || has_head && !rows.is_empty();
    (is_chart && passed.len() <= rows.len()).then_some((rows, passed))
}

/// Reads the parts of a line that is surely a chart: those with a number, and the others as passed
/// over. `None`: too few have one.
pub(super) fn numbered_rows(parts: &[LocatedText]) -> Option<ReadRows> {
    let pass = |part: &LocatedText, position| {
        Some(PassedRow {
            position,
            label: part.full_value(),
            reason: "has no number",
        })
    };
    let (rows, passed) = divided_rows(parts, pass)?;
    (rows.len() >= 2 && passed.len() * 2 <= rows.len()).then_some((rows, passed))
}

/// Divides lines into rows with a number and those that `pass` passes over. `None`: it does not
/// pass over one.
fn divided_rows(
    lines: &[LocatedText],
    pass: impl Fn(&LocatedText, usize) -> Option<PassedRow>,
) -> Option<ReadRows> {
    let mut rows = Vec::new();
    let mut passed = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        match labelled_row(line, 0..line.text.len()) {
            Some(row) => rows.push(row),
            None => passed.push(pass(line, index + 1)?),
        }
    }
    Some((rows, passed))
}

/// Returns a row such as `2019: n/a`.
fn numberless_row(line: &LocatedText, position: usize) -> Option<PassedRow> {
    let marks = [":", "=", " - ", " – "];
    let split = marks
        .iter()
        .find_map(|mark| line.text.rfind(mark).map(|at| (at, at + mark.len())));
    let (end, after) = split.or_else(|| {
        let at = line.text.trim_end().rfind(' ')?;
        Some((at, at + 1))
    })?;
    let word = line.text[after..].trim().to_lowercase();
    let label = line.value(0..end);
    let is_row = NO_NUMBER.contains(&word.as_str()) && !label.value.is_empty();
    is_row.then_some(PassedRow {
        position,
        label,
        reason: "has no number",
    })
}

#[cfg(test)]
mod tests {
    use super::super::chart_reader::{chart_from_table, read_chart_line};
    use super::*;
    use crate::base::{FileId, FileSpan};
    use crate::treatment::treatment_value::ChartKind;

    fn located(text: &str) -> LocatedText {
        let mut line = LocatedText::new(FileId(0));
        line.push(text, 0..text.len());
        line
    }

    fn passed(pairs: &[(&str, &str)]) -> (ChartKind, usize, Vec<(usize, &'static str)>) {
        let rows: Vec<Vec<LocatedText>> = pairs
            .iter()
            .map(|(label, cell)| vec![located(label), located(cell)])
            .collect();
        let header = [located("Year"), located("Tonnes")];
        let (chart, passed) = chart_from_table(None, &header, &rows, FileSpan::default());
        let passed = passed.iter().map(|row| (row.position, row.reason));
        (chart.kind, chart.rows.len(), passed.collect())
    }

    #[test]
    fn a_chart_passes_over_a_row_without_a_number_and_the_total() {
        let years = [
            ("2014", "1,200"),
            ("2019", "n/a"),
            ("2020", "9"),
            ("2024", "2,450"),
        ];
        assert_eq!(
            passed(&years),
            (ChartKind::Line, 3, vec![(2, "has no number")])
        );
        let total = [("North", "3"), ("South", "4"), ("Total", "7")];
        assert_eq!(
            passed(&total),
            (ChartKind::Bar, 2, vec![(3, "is the total of the others")])
        );
        let words = [("a", "3"), ("b", "not yet counted"), ("c", "4"), ("d", "5")];
        assert_eq!(
            passed(&words),
            (ChartKind::Bar, 3, vec![(2, "has no number")])
        );
        // Words that are the point of the table stay.
        let measures = [
            ("Weight", "40 kg"),
            ("Length", "12 m"),
            ("Height", "3 m"),
            ("Colour", "red"),
        ];
        assert_eq!(passed(&measures), (ChartKind::Table, 4, Vec::new()));
        let few = [("a", "3"), ("b", "n/a"), ("c", "n/a")];
        assert_eq!(passed(&few).1, 3);
    }

    #[test]
    fn a_list_below_a_label_passes_over_rows_whose_number_nobody_has() {
        let lines = ["2014: 1,200", "2019: n/a", "2024: 2,450"].map(located);
        let (rows, passed) = list_rows(&lines, true).unwrap();
        assert_eq!((rows.len(), passed[0].position), (2, 2));
        assert_eq!(list_rows(&lines, false), None);
        let (head, (rows, passed)) =
            read_chart_line(None, &located("Honey: 2014 12, 2019 n/a, 2024 24"));
        assert_eq!(head.title.unwrap().value, "Honey");
        assert_eq!((rows.len(), passed.len()), (2, 1));
    }
}
