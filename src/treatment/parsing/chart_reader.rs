//! Charts from tables, lists and lines. A number that is not written is never drawn.

use super::chart_rows::{PassedRow, ReadRows, drawn_rows, list_rows, numbered_rows};
use super::chart_units::{KPI_UNITS, TOUCHING_UNITS, column_unit};
use crate::base::{FileSpan, Spanned};
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::{ChartKind, ChartRow, SceneChart};
use crate::treatment::words::{digits_end, parse_number};
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
    // `Honey by year: 2019 10, 2020 14`: the title ends at the last colon before data.
    let (title, rows) = match rest.text.split_once(':') {
        Some((title, _)) => {
            let data = rest.part(title.len() + 1..rest.text.len());
            (
                rest.part(0..title.len()),
                inline_rows(&data, kind.is_some()),
            )
        }
        None => (rest.clone(), ReadRows::default()),
    };
    let (title, rows) = if rows.0.is_empty() {
        (rest.clone(), inline_rows(&rest, kind.is_some()))
    } else {
        (title, rows)
    };
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
        if let Some(rest) = form.strip_prefix(word)
            && !rest.starts_with(char::is_alphanumeric)
        {
            let skipped = rest.len()
                - rest
                    .trim_start_matches([' ', ':', '-', '–', '—', ',', '|', '('])
                    .len();
            return (Some(kind), (word.len() + skipped).min(text.len()));
        }
    }
    (None, 0)
}

/// Reads rows such as `2019 10, 2020 14` or `Cats: 40%; Dogs = 60 %`. Empty unless every part is a
/// row, or one whose number nobody has. With a kind in front of them, a few may have words.
fn inline_rows(value: &LocatedText, has_kind: bool) -> ReadRows {
    let parts: Vec<LocatedText> = inline_parts(&value.text)
        .into_iter()
        .map(|part| value.part(part))
        .collect();
    let read = list_rows(&parts, true);
    let read = read.or_else(|| has_kind.then(|| numbered_rows(&parts)).flatten());
    read.unwrap_or_default()
}

/// Returns the parts of a line between its marks.
fn inline_parts(text: &str) -> Vec<Range<usize>> {
    // A comma inside of a number divides nothing.
    let mark = if text.contains(';') { ';' } else { ',' };
    let mut parts = Vec::new();
    let mut start = 0;
    for end in text
        .match_indices(mark)
        .map(|(at, _)| at)
        .chain([text.len()])
    {
        let is_thousands = mark == ','
            && text[end..]
                .get(1..4)
                .is_some_and(|next| next.chars().all(|c| c.is_ascii_digit()))
            && text[..end].ends_with(|c: char| c.is_ascii_digit());
        if is_thousands {
            continue;
        }
        parts.push(start..end);
        start = end + 1;
    }
    parts
}

/// Reads one row: a label, and a number behind a mark or at the end.
pub(super) fn labelled_row(value: &LocatedText, range: Range<usize>) -> Option<ChartRow> {
    let text = value.text.get(range.clone())?;
    let split = text
        .rfind([':', '='])
        .map(|at| (at, at + 1))
        .or_else(|| text.rfind(" - ").map(|at| (at, at + 3)))
        .or_else(|| text.rfind(" – ").map(|at| (at, at + " – ".len())))
        .filter(|(_, after)| parse_number(&text[*after..]).is_some())
        .or_else(|| last_number(text).map(|at| (at, at)))?;
    let number = parse_number(&text[split.1..])?;
    let label = value.value(range.start..range.start + split.0);
    let label = Spanned::new(
        label.value.trim_matches(['(', ' ', ':']).to_owned(),
        label.origin,
    );
    let cell = value.value(range.start + split.1..range.end);
    (!label.value.is_empty()).then(|| ChartRow {
        label,
        cells: vec![cell],
        value: Some(number.value),
        unit: number.unit,
    })
}

/// Returns where the last number of a text begins, if only a unit follows.
fn last_number(text: &str) -> Option<usize> {
    let words = text.match_indices(' ').map(|(at, _)| at + 1);
    let starts: Vec<usize> = words.collect();
    starts.into_iter().find(|at| {
        text[*at..].starts_with(|c: char| c.is_ascii_digit() || "$€£-−+(".contains(c))
            && parse_number(text[*at..].trim_start_matches('(').trim_end_matches(')')).is_some()
    })
}

/// Reads `42% more honey`: the number first, then what it means; or the other way round.
pub(super) fn read_kpi(value: &LocatedText) -> Option<ChartRow> {
    let text = &value.text;
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let number_start = text[..start]
        .char_indices()
        .rev()
        .take_while(|(_, c)| "+-−$€£¥~≈<>".contains(*c))
        .last()
        .map_or(start, |(at, _)| at);
    let number_end = kpi_end(text, start);
    let number = parse_number(&text[number_start..number_end])?;
    let written = number_start..number_end;
    let around = value
        .without(std::slice::from_ref(&written))
        .full_value()
        .value;
    let words = around.trim_matches(|c: char| c.is_whitespace() || ":-–—=|,".contains(c));
    Some(ChartRow {
        label: Spanned::new(words.to_owned(), value.full_span()),
        cells: vec![value.value(number_start..number_end)],
        value: Some(number.value),
        unit: number.unit,
    })
}

/// Returns where the number of a KPI ends: behind its digits and a sign or magnitude that touches
/// them.
fn kpi_end(text: &str, start: usize) -> usize {
    let digits = start + digits_end(&text[start..]);
    let digits = start
        + text[start..digits]
            .trim_end_matches(['.', ',', ' ', '\''])
            .len();
    let rest = &text[digits..];
    let spaced = rest.trim_start();
    let skipped = rest.len() - spaced.len();
    let is_end =
        |tail: &str| !tail.starts_with(|c: char| c.is_alphanumeric() || "/²³-’'".contains(c));
    let found = KPI_UNITS.iter().filter(|unit| {
        let may_be_spaced = !TOUCHING_UNITS.contains(unit);
        spaced.strip_prefix(**unit).is_some_and(is_end) && (skipped == 0 || may_be_spaced)
    });
    // `°C` is more than `°`.
    let found = found.max_by_key(|unit| unit.len());
    found.map_or(digits, |unit| digits + skipped + unit.len())
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
    let is_year = |row: &ChartRow| {
        let label = &row.label.value;
        label.len() == 4
            && label
                .parse::<u16>()
                .is_ok_and(|year| (1500..2200).contains(&year))
    };
    if is_percent && (99.0..=101.0).contains(&sum) {
        ChartKind::Pie
    } else if rows.len() >= 3 && rows.iter().all(is_year) {
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

    #[test]
    fn a_kpi_is_a_number_and_what_it_means() {
        let row = read_kpi(&located("42% more honey")).unwrap();
        assert_eq!((row.value, row.unit.as_str()), (Some(42.0), "%"));
        assert_eq!(row.label.value, "more honey");
        let row = read_kpi(&located("Revenue: $3.5M")).unwrap();
        assert_eq!(
            (row.value, row.label.value.as_str()),
            (Some(3_500_000.0), "Revenue")
        );
        assert!(read_kpi(&located("a lot")).is_none());
        for (text, value, unit, label) in [
            ("0 g added sugar", 0.0, "g", "added sugar"),
            ("0 g added", 0.0, "g", "added"),
            ("12 kg of honey", 12.0, "kg", "of honey"),
            ("Saved: 1,200 kWh", 1200.0, "kWh", "Saved"),
            ("5 € a month", 5.0, "€", "a month"),
            ("1.2 million users", 1_200_000.0, "", "users"),
            ("21 °C inside", 21.0, "°C", "inside"),
            ("12 000 bees", 12_000.0, "", "bees"),
            ("3 days left", 3.0, "", "days left"),
            ("5 M students", 5.0, "", "M students"),
            ("2 m-high doors", 2.0, "", "m-high doors"),
            ("24/7 support", 24.0, "", "/7 support"),
        ] {
            let row = read_kpi(&located(text)).unwrap();
            assert_eq!(row.value, Some(value), "{text}");
            assert_eq!(
                (row.unit.as_str(), row.label.value.as_str()),
                (unit, label),
                "{text}"
            );
        }
    }
}
