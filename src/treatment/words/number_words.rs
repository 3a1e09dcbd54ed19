//! Numbers of charts as people write them: `42 %`, `1,200`, `$3.5M`, `-7`.

/// A number with its unit.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::treatment) struct ParsedNumber {
    pub(in crate::treatment) value: f64,
    pub(in crate::treatment) unit: String,
}

/// Returns the number that a text consists of. `None` for a text with other words before it.
pub(in crate::treatment) fn parse_number(text: &str) -> Option<ParsedNumber> {
    let text = text.trim();
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let before = text[..start].trim();
    // Signs and currencies may stand before a number; a word makes it something else.
    if !before.chars().all(|c| "+-−$€£¥~≈<>".contains(c)) {
        return None;
    }
    let rest = &text[start..];
    let end = digits_end(rest);
    // A sentence may end behind a number.
    let digits = rest[..end].trim_end_matches(['.', ',', ' ', '\'']);
    let value: f64 = plain_digits(digits).parse().ok()?;
    let after = rest[digits.len()..].trim();
    let (factor, after) = magnitude(after);
    // A unit is a word or a sign. More than that is prose that begins with a number.
    let mut words = after.split_whitespace();
    let has_second_number = words.any(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if after.split_whitespace().count() > 2 || has_second_number {
        return None;
    }
    let sign = if before.contains(['-', '−']) {
        -1.0
    } else {
        1.0
    };
    let currency: String = before.chars().filter(|c| "$€£¥".contains(*c)).collect();
    let unit = if currency.is_empty() {
        after.to_owned()
    } else {
        currency
    };
    Some(ParsedNumber {
        value: sign * value * factor,
        unit,
    })
}

/// Returns where the digits of a number end. A space or an apostrophe continues it only as a mark
/// of thousands: `12 000` is one number, and `2007 32` are two.
pub(in crate::treatment) fn digits_end(text: &str) -> usize {
    let mut end = 0;
    let mut group = 0;
    for (at, c) in text.char_indices() {
        if c.is_ascii_digit() {
            group += 1;
        } else if " '\u{a0}".contains(c) {
            let next = &text[at + c.len_utf8()..];
            let length = next.len() - next.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if group > 3 || length != 3 {
                return at;
            }
            group = 0;
        } else if c != '.' && c != ',' {
            return at;
        } else {
            group = 0;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Returns digits without marks of thousands, and with a point before the fraction.
fn plain_digits(text: &str) -> String {
    let text: String = text.chars().filter(|c| !" '\u{a0}".contains(*c)).collect();
    let last = text.rfind(['.', ',']);
    let Some(last) = last else { return text };
    let fraction = text.len() - last - 1;
    let has_one_mark = text.matches(['.', ',']).count() == 1;
    // `1,200` is thousands and `1,5` a fraction; `1.200` alone is read as a fraction, as `parse`
    // reads it.
    let is_thousands = fraction == 3 && (!has_one_mark || text.as_bytes()[last] == b',');
    let whole: String = text[..last].chars().filter(char::is_ascii_digit).collect();
    if is_thousands {
        format!("{whole}{}", &text[last + 1..])
    } else {
        format!("{whole}.{}", &text[last + 1..])
    }
}

fn magnitude(text: &str) -> (f64, &str) {
    let words = [
        ("million", 1e6),
        ("billion", 1e9),
        ("thousand", 1e3),
        ("mn", 1e6),
        ("bn", 1e9),
        ("M", 1e6),
        ("B", 1e9),
        ("k", 1e3),
        ("K", 1e3),
    ];
    for (word, factor) in words {
        // `Mbit` is no million.
        if let Some(rest) = text.strip_prefix(word)
            && !rest.starts_with(char::is_alphabetic)
        {
            return (factor, rest.trim());
        }
    }
    (1.0, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let cases: &[(&str, f64, &str)] = &[
            ("42 %", 42.0, "%"),
            ("1,200", 1200.0, ""),
            ("1.234,5 kg", 1234.5, "kg"),
            ("$3.5M", 3_500_000.0, "$"),
            ("-7", -7.0, ""),
            ("3,5", 3.5, ""),
            ("12 000 bees", 12_000.0, "bees"),
        ];
        for (text, value, unit) in cases {
            let number = parse_number(text).unwrap();
            assert!((number.value - value).abs() < 1e-9, "{text}: {number:?}");
            assert_eq!(number.unit, *unit, "{text}");
        }
        assert_eq!(parse_number("2007 32%"), None);
        assert_eq!(parse_number("3 Paris 2"), None);
        assert_eq!(parse_number("bees"), None);
        assert_eq!(parse_number("about 40"), None);
        assert_eq!(parse_number("12 bees dance in the hive"), None);
    }
}
