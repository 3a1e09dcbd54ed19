//! Charts from tables, lists and lines. A number that is not written is never drawn.

use super::chart_line::{partial_rows, whole_rows};
use super::chart_rows::{PassedRow, ReadRows, drawn_rows};
use super::chart_units::column_unit;
use super::kpi_reader::is_year;
use crate::base::{FileSpan, Spanned};
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::{ChartKind, ChartRow, SceneChart};
use crate::treatment::words::parse_number;
use std::ops::Range;

/// What a label says about a chart whose data may follow.
#[derive(Debug, Clone)]
pub(super) struct ChartHead {
    /// `None` if the data decide.
    pub(super) kind: Option<ChartKind>,
    pub(super) title: Option<Spanned<String>>,
    pub(super) origin: FileSpan,
}

/// Reads what is behind `Chart:`: kind, title and perhaps the data.
pub(super) fn read_chart_line(
    kind: Option<ChartKind>,
    value: &LocatedText,
) -> (ChartHead, ReadRows) {
    let (kind, from) = kind.map_or_else(|| leading_kind(&value.text), |kind| (Some(kind), 0));
    let rest = value.part(from..value.text.len());
    let origin = value.full_span();
    let (title, rows) = titled_rows(&rest, kind.is_some());
    // Data without a title: the whole value is rows.
    let title = if rows.0.len() >= 2 && title.text == rest.text {
        None
    } else {
        Some(title)
    };
    let title = title
        .map(|title| title.full_value())
        .filter(|title| !title.value.is_empty());
    (
        ChartHead {
            kind,
            title,
            origin,
        },
        rows,
    )
}

/// Returns the kind that a text begins with, and where the rest begins.
fn leading_kind(text: &str) -> (Option<ChartKind>, usize) {
    let form = text.to_lowercase();
    // Longer names first: `bar chart` begins with `bar`.
    let words = [
        ("bar chart", ChartKind::Bar),
        ("bar graph", ChartKind::Bar),
        ("bar", ChartKind::Bar),
        ("column chart", ChartKind::Bar),
        ("column", ChartKind::Bar),
        ("line chart", ChartKind::Line),
        ("line graph", ChartKind::Line),
        ("line", ChartKind::Line),
        ("pie chart", ChartKind::Pie),
        ("pie", ChartKind::Pie),
        ("donut", ChartKind::Pie),
        ("table", ChartKind::Table),
        ("kpi", ChartKind::Kpi),
    ];
    for (word, kind) in words {
        // `Barley: 12` is no bar chart.
        if let Some(rest) = form.strip_prefix(word)
            && !rest.starts_with(char::is_alphanumeric)
        {
            let skipped = rest.len()
                - rest
                    .trim_start_matches([' ', ':', '-', '–', '—', ',', '|', '('])
                    .len();
            // Lower case may have another length in bytes.
            return (Some(kind), (word.len() + skipped).min(text.len()));
        }
    }
    (None, 0)
}

/// Returns the title and the rows of a line: `Honey by year: 2019 10, 2020 14` has a title before its
/// first colon, and `Oslo: 12 %, Bergen: 9 %` has none. The reading in which every part is a row is
/// right; others count only where there is none. Without rows, the whole line is the title.
fn titled_rows(line: &LocatedText, has_kind: bool) -> (LocatedText, ReadRows) {
    let titled = line.text.find(':').map(|colon| {
        let data = line.part(colon + 1..line.text.len());
        (line.part(0..colon), data)
    });
    let titled = titled.filter(|(_, data)| is_marked_alike(&data.text));
    let readings = [titled, Some((line.clone(), line.clone()))];
    let readings = || readings.iter().flatten();
    let whole = readings().find_map(|(title, data)| Some((title.clone(), whole_rows(data)?)));
    let partial = || {
        readings().find_map(|(title, data)| Some((title.clone(), partial_rows(data, has_kind)?)))
    };
    let found = whole.or_else(partial);
    found.unwrap_or_else(|| (line.clone(), ReadRows::default()))
}

/// Whether what follows a colon can be rows behind a title. If only the first of them has no mark before
/// its number, or a number and words before its mark, what was taken for a title is its label.
fn is_marked_alike(data: &str) -> bool {
    let mut parts = data.split([',', ';']);
    let is_marked = |part: &str| part.contains([':', '=']);
    let first = parts.next().unwrap_or_default();
    let label = first.rsplit_once([':', '=']).map(|(label, _)| label.trim());
    match label {
        Some(label) => {
            let has_words = label.chars().any(char::is_alphabetic);
            !(label.starts_with(|c: char| c.is_ascii_digit()) && has_words)
        }
        None => !parts.any(is_marked),
    }
}

/// Reads one row: a label, and a number behind a mark or at the end.
pub(super) fn labelled_row(value: &LocatedText, range: Range<usize>) -> Option<ChartRow> {
    let text = value.text.get(range.clone())?;
    let split = text
        .rfind([':', '='])
        .map(|at| (at, at + 1))
        .or_else(|| text.rfind(" - ").map(|at| (at, at + 3)))
        .or_else(|| text.rfind(" – ").map(|at| (at, at + " – ".len())))
        // A mark without a number behind it belongs to the label, and the number is at the end.
        .filter(|(_, after)| parse_number(&text[*after..]).is_some())
        .or_else(|| last_number(text).map(|at| (at, at)))?;
    let number = parse_number(&text[split.1..])?;
    let label = value.value(range.start..range.start + split.0);
    let label = Spanned::new(
        label.value.trim_matches(['(', ' ', ':']).to_owned(),
        label.origin,
    );
    if hides_row(&label.value, split.0 < split.1) {
        return None;
    }
    let cell = value.value(range.start + split.1..range.end);
    (!label.value.is_empty()).then(|| ChartRow {
        label,
        cells: vec![cell],
        value: Some(number.value),
        unit: number.unit,
    })
}

/// Whether a label may be a row of its own that no mark divides from the next, as `Paris 2m and Lyon`
/// before `1m` is. Then no number of the line is sure.
fn hides_row(label: &str, is_marked: bool) -> bool {
    let numbers_behind = |mark: char| {
        let mut parts = label.split(mark).skip(1);
        parts.any(|part| parse_number(first_word(part)).is_some())
    };
    if is_marked {
        return numbers_behind(':') || numbers_behind('=');
    }
    let starts_with_digit = |token: &str| token.starts_with(|c: char| c.is_ascii_digit());
    let mut tokens = label.split_whitespace();
    let has_number = tokens.any(starts_with_digit);
    let has_words_behind = tokens.any(|token| token.chars().any(char::is_alphabetic));
    let has_list = has_number && label.contains([',', ';']);
    has_number && has_words_behind || has_list || label.contains([':', '='])
}

/// Returns the first word of a text.
fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// Returns where the last number of a text begins, if only a unit follows.
fn last_number(text: &str) -> Option<usize> {
    let words = text.match_indices(' ').map(|(at, _)| at + 1);
    let starts: Vec<usize> = words.collect();
    // The first from which everything is one number, so that `1 200 km` is not `200 km`.
    starts.into_iter().find(|at| {
        text[*at..].starts_with(|c: char| c.is_ascii_digit() || "$€£-−+(".contains(c))
            && parse_number(text[*at..].trim_start_matches('(').trim_end_matches(')')).is_some()
    })
}

/// Makes a chart of a table, and returns the rows that it passes over.
pub(super) fn chart_from_table(
    head: Option<ChartHead>,
    header: &[LocatedText],
    rows: &[Vec<LocatedText>],
    origin: FileSpan,
) -> (SceneChart, Vec<PassedRow>) {
    let columns: Vec<_> = header.iter().map(LocatedText::full_value).collect();
    let rows: Vec<ChartRow> = rows
        .iter()
        .filter(|row| row.iter().any(|cell| !cell.is_blank()))
        .map(|row| table_row(row, &columns))
        .collect();
    let written = head.as_ref().and_then(|head| head.kind);
    // A table shows words as well as numbers, so it has nothing to pass over.
    let (drawn, passed) = if written == Some(ChartKind::Table) {
        (rows, Vec::new())
    } else {
        drawn_rows(rows, written.is_some())
    };
    let chart = SceneChart {
        kind: written.unwrap_or_else(|| guess_kind(&drawn)),
        title: head.and_then(|head| head.title),
        columns,
        rows: drawn,
        origin,
    };
    (chart, passed)
}

fn table_row(row: &[LocatedText], columns: &[Spanned<String>]) -> ChartRow {
    let cells: Vec<_> = row.iter().skip(1).map(LocatedText::full_value).collect();
    let mut numbers = cells.iter().enumerate();
    // The first number counts: a row is drawn as one bar or one point.
    let number = numbers.find_map(|(index, cell)| Some((index, parse_number(&cell.value)?)));
    let unit = number.as_ref().map(|(index, number)| {
        let column = columns.get(index + 1).filter(|_| number.unit.is_empty());
        let unit = column.and_then(|column| column_unit(&column.value));
        unit.unwrap_or_else(|| number.unit.clone())
    });
    ChartRow {
        label: row.first().map(LocatedText::full_value).unwrap_or_default(),
        cells,
        value: number.map(|(_, number)| number.value),
        unit: unit.unwrap_or_default(),
    }
}

/// Returns the kind of chart that suits the data.
pub(super) fn guess_kind(rows: &[ChartRow]) -> ChartKind {
    let values: Vec<f64> = rows.iter().filter_map(|row| row.value).collect();
    if values.len() < rows.len() || rows.is_empty() || rows.iter().any(|row| row.cells.len() > 1) {
        return ChartKind::Table;
    }
    let is_percent = rows.iter().all(|row| row.unit == "%");
    let sum: f64 = values.iter().sum();
    let has_year = |row: &ChartRow| is_year(&row.label.value);
    // Rounded percentages rarely add up to exactly 100.
    if is_percent && (99.0..=101.0).contains(&sum) {
        ChartKind::Pie
    // Two years are a comparison, and a line of two points shows no more.
    } else if rows.len() >= 3 && rows.iter().all(has_year) {
        ChartKind::Line
    } else if rows.len() == 1 {
        ChartKind::Kpi
    } else {
        ChartKind::Bar
    }
}

/// Returns why a kind of chart was taken.
pub(super) const fn kind_reason(kind: ChartKind) -> &'static str {
    match kind {
        ChartKind::Pie => "its percentages add up to 100",
        ChartKind::Line => "its rows are years",
        ChartKind::Bar => "each row has one number",
        ChartKind::Kpi => "it has a single number",
        ChartKind::Table => "not every row has exactly one number",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn located(text: &str) -> LocatedText {
        let mut line = LocatedText::new(FileId(0));
        line.push(text, 0..text.len());
        line
    }

    fn shown(text: &str) -> (Option<ChartKind>, Option<String>, Vec<(String, f64)>) {
        let (head, (rows, _)) = read_chart_line(None, &located(text));
        let rows = rows
            .into_iter()
            .map(|row| (row.label.value, row.value.unwrap()));
        (
            head.kind,
            head.title.map(|title| title.value),
            rows.collect(),
        )
    }

    #[test]
    fn of_a_line_that_is_a_chart_a_part_without_a_number_is_passed_over() {
        let (_, (rows, passed)) =
            read_chart_line(None, &located("bar - Apples 3, Pears 2, Plums ten"));
        assert_eq!(rows.len(), 2);
        assert_eq!(passed.len(), 1);
        // Words with numbers in them are no chart unless they say so.
        let (_, (rows, _)) =
            read_chart_line(None, &located("what people in 2019, and 40 bees, like"));
        assert!(rows.is_empty());
    }

    #[test]
    fn a_line_has_kind_title_and_data() {
        let rows = |pairs: &[(&str, f64)]| {
            pairs
                .iter()
                .map(|(label, value)| ((*label).to_owned(), *value))
                .collect::<Vec<_>>()
        };
        let title = |text: &str| Some(text.to_owned());
        assert_eq!(
            shown("bar - Honey by year: 2019 10, 2020 14"),
            (
                Some(ChartKind::Bar),
                title("Honey by year"),
                rows(&[("2019", 10.0), ("2020", 14.0)])
            )
        );
        assert_eq!(
            shown("Pie: Cats 40%, Dogs 60%"),
            (
                Some(ChartKind::Pie),
                None,
                rows(&[("Cats", 40.0), ("Dogs", 60.0)])
            )
        );
        assert_eq!(
            shown("Honey by year"),
            (None, title("Honey by year"), Vec::new())
        );
        assert_eq!(
            shown("Sales: North = 1,200; South = 900"),
            (
                None,
                title("Sales"),
                rows(&[("North", 1200.0), ("South", 900.0)])
            )
        );
    }

    /// Returns label and number of each row of a line.
    fn rows_of(text: &str) -> Vec<(String, f64)> {
        shown(text).2
    }

    #[test]
    fn a_line_without_a_title_is_rows_though_it_has_colons() {
        for text in [
            "Oslo: 12 %, Bergen: 9 %, Bodø: 4 %",
            "bar - Oslo: 12 %, Bergen: 9 %, Bodø: 4 %",
            "Oslo: 12 %; Bergen: 9 %, Bodø: 4 %",
            "Oslo 12 %, Bergen 9 %; Bodø 4 %",
            "Oslo 12 % | Bergen 9 % | Bodø 4 %",
            "Oslo 12 %, Bergen 9 % and Bodø 4 %",
            "Oslo: 12,0 %, Bergen: 9,0 %, Bodø: 4,0 %",
            "Snow by city: Oslo: 12 %, Bergen: 9 %, Bodø: 4 %",
        ] {
            let rows = [("Oslo", 12.0), ("Bergen", 9.0), ("Bodø", 4.0)];
            let rows = rows.map(|(label, value)| (label.to_owned(), value));
            assert_eq!(rows_of(text), rows, "{text}");
        }
        assert_eq!(shown("Oslo: 12 %, Bergen: 9 %").1, None);
        let with_places = rows_of("Rome, Italy: 3; Lyon, France: 2");
        assert_eq!(
            with_places,
            [
                ("Rome, Italy".to_owned(), 3.0),
                ("Lyon, France".to_owned(), 2.0)
            ]
        );
    }

    #[test]
    fn a_number_is_read_only_if_every_mark_of_its_line_is_understood() {
        for text in [
            "Rome 3m Paris 2m Lyon 1m",
            "Rome 3m then Paris 2m, Lyon 1m",
            "Oslo: about 12, Bergen: about 9",
            "Oslo: 12 then Bergen: 9, Bodø: 4",
        ] {
            assert!(rows_of(text).is_empty(), "{text}: {:?}", rows_of(text));
        }
    }

    #[test]
    fn a_number_has_the_unit_of_its_column_unless_it_has_one() {
        let row = [located("2019"), located("12")];
        let columns = [
            Spanned::default(),
            Spanned::new("Revenue (EUR m)".to_owned(), FileSpan::default()),
        ];
        assert_eq!(table_row(&row, &columns).unit, "EUR m");
        // A unit of its own is nearer.
        let row = [located("2019"), located("12 kg")];
        assert_eq!(table_row(&row, &columns).unit, "kg");
    }
}
