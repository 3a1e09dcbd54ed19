//! KPIs: one number, and what it means. What is no plain number, such as `1 in 3`, is never read as
//! one of its parts.

use super::chart_units::{KPI_UNITS, TOUCHING_UNITS};
use crate::base::Spanned;
use crate::treatment::reading::LocatedText;
use crate::treatment::treatment_value::ChartRow;
use crate::treatment::words::{digits_end, parse_number};
use std::ops::Range;

/// What makes a range or a ratio of two numbers.
const RANGE_JOINS: &[&str] = &[
    "-", "–", "—", "/", ":", "x", "×", "to", "bis", "à", "a", "and", "or", "und", "oder", "vs",
    "vs.",
];

/// What makes a share of two bare numbers, such as `1 in 3`. With a unit, as in `12 kg in 3 days`, the
/// first number is one of its own.
const SHARE_JOINS: &[&str] = &[
    "in", "of", "out of", "per", "von", "aus", "zu", "sur", "de", "su", "di", "em", "por",
];

/// Reads `42% more honey`: the number first, then what it means; or the other way round. `None`: there
/// is no number, or not one that can be counted up to.
pub(super) fn read_kpi(value: &LocatedText) -> Option<ChartRow> {
    let text = &value.text;
    let found = kpi_number(text)?;
    let number = parse_number(&text[found.clone()])?;
    let around = value
        .without(std::slice::from_ref(&found))
        .full_value()
        .value;
    let words = around.trim_matches(|c: char| c.is_whitespace() || ":-–—=|,".contains(c));
    Some(ChartRow {
        label: Spanned::new(words.to_owned(), value.full_span()),
        cells: vec![value.value(found)],
        value: Some(number.value),
        unit: number.unit,
    })
}

/// Returns the number that a KPI is about: the only one, or the first. A year is only when something
/// was, if there is another.
fn kpi_number(text: &str) -> Option<Range<usize>> {
    let numbers = numbers(text);
    let is_year = |number: &&Range<usize>| is_year(&text[(*number).clone()]);
    let others: Vec<&Range<usize>> = numbers.iter().filter(|each| !is_year(each)).collect();
    let chosen = match others.first() {
        Some(number) => (*number).clone(),
        None => numbers.first()?.clone(),
    };
    let mut pairs = numbers.windows(2).filter(|pair| pair.contains(&chosen));
    let is_joined = pairs.any(|pair| are_joined(text, &pair[0], &pair[1]));
    // A part of `1 in 3` or of `24/7` would be a number that nobody wrote.
    let is_plain = !is_joined && is_whole_word(text, &chosen);
    is_plain.then_some(chosen)
}

/// Whether two numbers are one value.
fn are_joined(text: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    let between = text[first.end..second.start].trim().to_lowercase();
    let [one, two] = [first, second].map(|range| &text[range.clone()]);
    // `2019: 40%` is what was in a year.
    if is_year(one) != is_year(two) {
        return false;
    }
    let is_bare = one.chars().all(|c| c.is_ascii_digit());
    RANGE_JOINS.contains(&between.as_str()) || is_bare && SHARE_JOINS.contains(&between.as_str())
}

/// Returns every number of a text, with its signs and its unit.
fn numbers(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find(|c: char| c.is_ascii_digit()) {
        let digits = from + at;
        let gap = &text[from..digits];
        // `€ 40` as well as `€40`.
        let spaced = gap.trim_end();
        let lead = match spaced.ends_with(['$', '€', '£', '¥']) {
            true => spaced,
            false => gap,
        };
        let signs = lead.char_indices().rev();
        let signs = signs.take_while(|(_, c)| "+-−$€£¥~≈<>".contains(*c));
        let start = signs.last().map_or(digits, |(at, _)| from + at);
        // Between two numbers, a dash is a range and no sign.
        let is_range = found.last().is_some_and(|before| before.end == start);
        let end = kpi_end(text, digits);
        found.push(if is_range { digits..end } else { start..end });
        from = end;
    }
    found
}

/// Whether a number is no part of a word or of a sign, as those of `Q3`, `COVID-19`, `3rd` and `24/7`
/// are.
fn is_whole_word(text: &str, number: &Range<usize>) -> bool {
    let before = text[..number.start].chars().next_back();
    let is_behind_word = before.is_some_and(|c| c.is_alphanumeric() || c == '/');
    let behind = text[number.end..].chars().next();
    let is_before_word = behind.is_some_and(|c| c.is_alphanumeric() || c == '/');
    !is_behind_word && !is_before_word
}

/// Whether a number is probably a year.
pub(super) fn is_year(number: &str) -> bool {
    let year = (number.len() == 4).then(|| number.parse::<u16>().ok());
    year.flatten()
        .is_some_and(|year| (1500..2200).contains(&year))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn located(text: &str) -> LocatedText {
        let mut line = LocatedText::new(FileId(0));
        line.push(text, 0..text.len());
        line
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
            (
                "In 2019, 32% of all bees died",
                32.0,
                "%",
                "In 2019, of all bees died",
            ),
            ("40% of 2,000 hives", 40.0, "%", "of 2,000 hives"),
            ("12 kg in 3 days", 12.0, "kg", "in 3 days"),
            ("€ 40 a hive", 40.0, "€", "a hive"),
            ("2019", 2019.0, "", ""),
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

    #[test]
    fn what_is_no_plain_number_is_no_kpi() {
        for text in [
            "1 in 3",
            "3 out of 4 bees",
            "2 von 3 Bienen",
            "24/7 support",
            "10-15 % less",
            "5 – 7 days",
            "from 3 to 4 hives",
            "2:1 for honey",
            "3rd in the world",
            "Q3 record",
            "COVID-19 relief",
            "B2B sales",
            "twice as fast",
        ] {
            assert_eq!(read_kpi(&located(text)), None, "{text}");
        }
    }
}
