//! Numbers as charts show them, and numbers in texts that count up.

/// A narrow space that no line is broken at. It divides thousands in every language.
const THOUSANDS: char = '\u{202f}';
/// The sign of a negative number. The font of the program has no sign for minus (U+2212), and a box
/// would stand in its place.
const MINUS: char = '–';
/// The most decimals that are shown.
const MOST_DECIMALS: usize = 3;

/// Units that stand before a number.
const CURRENCIES: [&str; 6] = ["$", "€", "£", "¥", "₹", "₩"];
/// Units that follow a number without a space.
const TIGHT_UNITS: [&str; 7] = ["%", "‰", "°", "x", "×", "k", "M"];
/// A space that no line is broken at.
const UNIT_SPACE: char = '\u{a0}';

/// Returns a number with its unit, before or behind it.
#[must_use]
pub fn number_with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() {
        return number.to_owned();
    }
    if CURRENCIES.contains(&unit) {
        // The sign of a number is before its currency.
        return match number.strip_prefix(MINUS) {
            Some(digits) => format!("{MINUS}{unit}{digits}"),
            None => format!("{unit}{number}"),
        };
    }
    if TIGHT_UNITS.contains(&unit) {
        return format!("{number}{unit}");
    }
    format!("{number}{UNIT_SPACE}{unit}")
}

/// Returns how many decimals a number needs, at most three.
#[must_use]
pub fn decimals_of(value: f64) -> usize {
    let written = format!("{value:.MOST_DECIMALS$}");
    let fraction = written.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.trim_end_matches('0').len()
}

/// Returns a number with so many decimals. Thousands are divided from five digits on.
#[must_use]
pub fn number_text(value: f64, decimals: usize) -> String {
    let written = format!("{value:.decimals$}");
    let (whole, fraction) = written.split_once('.').unwrap_or((&written, ""));
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => (Some(MINUS), digits),
        None => (None, whole),
    };
    let mut text: String = sign.into_iter().collect();
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        // Four digits stay together: they may be a year.
        if index > 0 && left.is_multiple_of(3) && digits.len() > 4 {
            text.push(THOUSANDS);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A text with a number in it, which can count up to it.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberText {
    before: String,
    value: f64,
    decimals: usize,
    mark: DecimalMark,
    after: String,
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum DecimalMark {
    /// With the marks that numbers here have.
    Own,
    /// `1,234.5`.
    Point,
    /// `1.234,5` or `3,5`.
    Comma,
}

impl NumberText {
    /// Returns the number of a text and what is around it. `None`: there is no digit.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let rest = &text[start..];
        let is_part = |c: char| c.is_ascii_digit() || ".,\u{202f}\u{a0}'".contains(c);
        let length = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
        let written = rest[..length].trim_end_matches(|c: char| !c.is_ascii_digit());
        let (digits, decimals, mark) = plain_number(written);
        Some(Self {
            before: text[..start].to_owned(),
            value: digits.parse().ok()?,
            decimals,
            mark,
            after: text[start + written.len()..].to_owned(),
        })
    }

    /// Returns the text with a share of its number, 0 to 1. With the whole it is the text as read.
    #[must_use]
    pub fn counted(&self, share: f64) -> String {
        let own = number_text(self.value * share.clamp(0.0, 1.0), self.decimals);
        let number = match self.mark {
            DecimalMark::Own => own,
            DecimalMark::Point => own.replace(THOUSANDS, ","),
            DecimalMark::Comma => own.replace('.', ",").replace(THOUSANDS, "."),
        };
        format!("{}{number}{}", self.before, self.after)
    }
}

/// Returns digits that Rust reads, the number of decimals, and how they were written.
fn plain_number(written: &str) -> (String, usize, DecimalMark) {
    let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
    let Some(last) = written.rfind(['.', ',']) else {
        return (digits(written), 0, DecimalMark::Own);
    };
    let fraction = &written[last + 1..];
    let mark = &written[last..=last];
    // Three digits behind one point are more often decimals; only several points divide thousands.
    let is_thousands = fraction.len() == 3 && (mark == "," || written.matches(mark).count() > 1);
    match (is_thousands, mark) {
        (true, ",") => (digits(written), 0, DecimalMark::Point),
        (true, _) => (digits(written), 0, DecimalMark::Comma),
        (false, mark) => {
            let whole = digits(&written[..last]);
            let kind = match (mark, written[..last].contains(',')) {
                (",", _) => DecimalMark::Comma,
                (_, true) => DecimalMark::Point,
                _ => DecimalMark::Own,
            };
            (format!("{whole}.{fraction}"), fraction.len(), kind)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_write_them() {
        let shown = |value| number_text(value, decimals_of(value));
        assert_eq!(shown(32.0), "32");
        assert_eq!(shown(0.5), "0.5");
        assert_eq!(shown(-7.25), "–7.25");
        assert_eq!(shown(1234.0), "1234");
        assert_eq!(shown(12_345.0), "12\u{202f}345");
        assert_eq!(shown(1.0 / 3.0), "0.333");
        assert_eq!(number_text(2.0, 1), "2.0");
    }

    #[test]
    fn units_stand_where_people_write_them() {
        assert_eq!(number_with_unit("32", "%"), "32%");
        assert_eq!(number_with_unit("–3.5", "€"), "–€3.5");
        assert_eq!(number_with_unit("12", "km"), "12\u{a0}km");
        assert_eq!(number_with_unit("12", ""), "12");
    }

    #[test]
    fn a_text_counts_up_to_its_number() {
        let counted = |text: &str, share| NumberText::read(text).map(|text| text.counted(share));
        assert_eq!(counted("$3.5M", 1.0).as_deref(), Some("$3.5M"));
        assert_eq!(counted("$3.5M", 0.5).as_deref(), Some("$1.8M"));
        assert_eq!(counted("1,200 bees", 1.0).as_deref(), Some("1200 bees"));
        assert_eq!(counted("12,000 bees", 1.0).as_deref(), Some("12,000 bees"));
        assert_eq!(counted("3,5 %", 1.0).as_deref(), Some("3,5 %"));
        assert_eq!(counted("42%", 0.0).as_deref(), Some("0%"));
        assert_eq!(counted("none", 1.0), None);
    }
}
