//! Plain scalars as numbers and booleans: strict, with the spelling that was probably meant.
//!
//! Owns the notation of numbers. A YAML 1.1 reader would give `0755`, `1_000` and `yes` meanings of
//! its own. Here they are refused with a help and never guessed.

use crate::document::span_tree::ScalarRef;
use serde::de::{Error, Visitor};
use std::ops::RangeInclusive;

/// Why a scalar is not a number of the required kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct NotANumber {
    /// It is a number, but too small or too large.
    pub(super) out_of_range: bool,
    /// What to write instead.
    pub(super) help: Option<String>,
    /// The number that was certainly meant, as it should be written.
    pub(super) meant: Option<String>,
}

impl NotANumber {
    fn outside_range() -> Self {
        Self {
            out_of_range: true,
            ..Self::default()
        }
    }

    fn with_help(help: Option<String>) -> Self {
        Self {
            help,
            ..Self::default()
        }
    }

    fn with_meant(self, meant: Option<String>) -> Self {
        Self { meant, ..self }
    }
}

/// Returns the text that names a whole number of this range.
pub(super) fn whole_number_label(range: &RangeInclusive<i128>) -> String {
    let least = range.start();
    let most = range.end();
    // Users do not know the limits of `u32` or `u64`, and no field needs such values.
    if *least == 0 && *most >= i128::from(u32::MAX) {
        return "a whole number, 0 or more".to_owned();
    }
    format!("a whole number from {least} to {most}")
}

/// Reads a whole number of this range.
pub(super) fn read_integer(
    scalar: ScalarRef<'_>,
    range: &RangeInclusive<i128>,
) -> Result<i128, NotANumber> {
    // A quoted number is refused, not converted: YAML's quotes mean text, and other programs that
    // read the file would see text.
    if !scalar.plain {
        let wrong = NotANumber::with_help(unquote_help(scalar.text, is_integer(scalar.text)));
        return Err(wrong.with_meant(in_range_text(scalar.text, range)));
    }
    if !is_integer(scalar.text) {
        // `1_000` is certain to mean 1000. A leading zero is not: it may be octal, so it gets no
        // fix.
        let grouped = scalar.text.replace('_', "");
        return Err(NotANumber::with_help(integer_help(scalar.text))
            .with_meant(in_range_text(&grouped, range)));
    }
    // More digits than `i128` holds are still a number, so the message speaks of the range.
    let number = parse_integer(scalar.text).ok_or_else(NotANumber::outside_range)?;
    if range.contains(&number) {
        Ok(number)
    } else {
        Err(NotANumber::outside_range())
    }
}

/// Reads a finite number of at most this size.
pub(super) fn read_float(scalar: ScalarRef<'_>, largest: f64) -> Result<f64, NotANumber> {
    if !scalar.plain {
        let wrong = NotANumber::with_help(unquote_help(scalar.text, is_float(scalar.text)));
        let fits = is_float(scalar.text)
            && scalar
                .text
                .parse()
                .is_ok_and(|size: f64| size.abs() <= largest);
        return Err(wrong.with_meant(fits.then(|| scalar.text.to_owned())));
    }
    // `0o` and `0x` are excluded here because `f64`'s parser does not know them; they follow below.
    if is_integer(scalar.text) && !scalar.text.contains(['o', 'x']) || is_float(scalar.text) {
        let number: f64 = scalar.text.parse().map_err(|_| NotANumber::default())?;
        // `1e999` parses as infinity, which is larger than any limit.
        return if number.abs() <= largest {
            Ok(number)
        } else {
            Err(NotANumber::outside_range())
        };
    }
    let integer = read_integer(scalar, &(i128::MIN..=i128::MAX))?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a hexadecimal number in a fractional field is rounded"
    )]
    Ok(integer as f64)
}

/// Returns what to write in place of a YAML 1.1 or quoted boolean.
pub(super) fn boolean_help(scalar: ScalarRef<'_>) -> Option<String> {
    // `1` may be a number that was typed into the wrong field, so it gets a help but no fix.
    let value = boolean_meant(scalar).or(match scalar.text {
        "1" => Some("true"),
        "0" => Some("false"),
        _ => None,
    })?;
    let quotes = if scalar.plain { "" } else { ", without quotes" };
    Some(format!("write `{value}`{quotes}"))
}

/// Returns the boolean that a YAML 1.1 word, or a quoted boolean, certainly means.
pub(super) fn boolean_meant(scalar: ScalarRef<'_>) -> Option<&'static str> {
    match scalar.text.to_ascii_lowercase().as_str() {
        "y" | "yes" | "on" | "true" => Some("true"),
        "n" | "no" | "off" | "false" => Some("false"),
        _ => None,
    }
}

/// Gives a value without a declared type to the visitor, by YAML's core schema.
pub(super) fn visit_open_scalar<'de, V: Visitor<'de>, E: Error>(
    scalar: ScalarRef<'_>,
    visitor: V,
) -> Result<V::Value, E> {
    // The range is that of `i64` and `u64` together. Larger numbers are visited as floats, as open
    // values of other formats do.
    let integer = read_integer(scalar, &(i128::from(i64::MIN)..=i128::from(u64::MAX)));
    match (scalar.text, integer) {
        ("true", _) if scalar.plain => visitor.visit_bool(true),
        ("false", _) if scalar.plain => visitor.visit_bool(false),
        (text, Ok(integer)) => match (u64::try_from(integer), i64::try_from(integer)) {
            (Ok(integer), _) => visitor.visit_u64(integer),
            (_, Ok(integer)) => visitor.visit_i64(integer),
            // Unreachable: each number of the range fits one of the two types.
            _ => visitor.visit_str(text),
        },
        (text, Err(_)) => match read_float(scalar, f64::MAX) {
            Ok(number) => visitor.visit_f64(number),
            Err(_) => visitor.visit_str(text),
        },
    }
}

/// Returns the text if it is a whole number of this range.
fn in_range_text(text: &str, range: &RangeInclusive<i128>) -> Option<String> {
    let fits =
        is_integer(text) && parse_integer(text).is_some_and(|number| range.contains(&number));
    fits.then(|| text.to_owned())
}

fn strip_sign(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

/// Returns whether this is a decimal number without leading zeros, or has the prefix `0o` or `0x`.
fn is_integer(text: &str) -> bool {
    let digits = |text: &str, radix| !text.is_empty() && text.chars().all(|c| c.is_digit(radix));
    let body = strip_sign(text);
    match (body.strip_prefix("0o"), body.strip_prefix("0x")) {
        (Some(octal), _) => digits(octal, 8),
        (_, Some(hex)) => digits(hex, 16),
        _ => digits(body, 10) && (body == "0" || !body.starts_with('0')),
    }
}

fn parse_integer(text: &str) -> Option<i128> {
    // `i128` holds the values of all integer types and one digit more, so one parser serves them
    // all and the range is checked afterwards.
    let body = strip_sign(text);
    let size = match (body.strip_prefix("0o"), body.strip_prefix("0x")) {
        (Some(octal), _) => i128::from_str_radix(octal, 8),
        (_, Some(hex)) => i128::from_str_radix(hex, 16),
        _ => body.parse(),
    };
    size.ok()
        .map(|size| if text.starts_with('-') { -size } else { size })
}

/// Returns whether these are digits with a point or an exponent, as in YAML's core schema. Infinity
/// and `nan` are excluded.
fn is_float(text: &str) -> bool {
    let body = strip_sign(text);
    // Rust's parser also accepts `inf`, `nan` and `infinity`, so the characters are checked first.
    let numeric = body
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '-' | '+'));
    let integer_part = body.split(['.', 'e', 'E']).next().unwrap_or_default();
    // A leading zero is refused as in whole numbers, so that `015` and `01.5` are treated alike.
    let octal_like = integer_part.len() > 1 && integer_part.starts_with('0');
    numeric
        && !octal_like
        && body.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && body.parse::<f64>().is_ok()
}

fn unquote_help(text: &str, is_number: bool) -> Option<String> {
    is_number.then(|| format!("write {text} without quotes"))
}

/// Returns the help for a number with a unit behind it, such as `-3dB`.
fn unit_help(text: &str) -> Option<String> {
    let end = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let (number, unit) = text.split_at(end);
    let unit = unit.trim_start();
    let is_unit = |c: char| c.is_alphabetic() || matches!(c, '%' | '°' | '/');
    let is_number = is_integer(number) || is_float(number);
    // The unit may be another one than the field's, so the number alone is not what is meant.
    (is_number && !unit.is_empty() && unit.chars().all(is_unit)).then(|| {
        format!("write the number without `{unit}`, in the unit of the field, such as `{number}`")
    })
}

fn integer_help(text: &str) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    if let Some((integer_part, zeros)) = text
        .split_once('.')
        .filter(|(integer_part, zeros)| is_integer(integer_part) && digits(zeros))
    {
        // Only a fraction of zeros can be dropped without changing the number.
        return zeros
            .chars()
            .all(|c| c == '0')
            .then(|| format!("write {integer_part}"));
    }
    let grouped = text.replace('_', "");
    if grouped != text && is_integer(&grouped) {
        return Some(format!("write {grouped}, without `_`"));
    }
    if !digits(strip_sign(text)) {
        return unit_help(text);
    }
    let decimal = strip_sign(text).trim_start_matches('0');
    // A number with 8 or 9 cannot be octal, so there is only one reading to offer.
    let octal = if decimal.contains(['8', '9']) {
        String::new()
    } else {
        format!(" (or 0o{decimal} for octal)")
    };
    Some(format!("write {decimal}{octal}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> ScalarRef<'_> {
        ScalarRef { text, plain: true }
    }

    fn read(text: &str) -> Result<i128, NotANumber> {
        read_integer(plain(text), &(0..=100_000))
    }

    #[test]
    fn a_leading_zero_is_refused_with_both_readings() {
        assert_eq!(
            read("0755").unwrap_err().help.as_deref(),
            Some("write 755 (or 0o755 for octal)")
        );
        assert_eq!(read("089").unwrap_err().help.as_deref(), Some("write 89"));
    }

    #[test]
    fn octal_and_hexadecimal_need_their_prefix() {
        assert_eq!(
            (read("0o755"), read("0x1F"), read("0")),
            (Ok(493), Ok(31), Ok(0))
        );
    }

    #[test]
    fn underscores_times_and_dates_are_not_numbers() {
        assert_eq!(
            read("1_000").unwrap_err().help.as_deref(),
            Some("write 1000, without `_`")
        );
        for text in ["12:30:45", "2024-01-31", "1e3", "", "+", "0x", "ten"] {
            assert!(!read(text).unwrap_err().out_of_range, "{text}");
        }
    }

    #[test]
    fn a_unit_behind_a_number_is_named() {
        for (text, help) in [
            (
                "-3dB",
                "without `dB`, in the unit of the field, such as `-3`",
            ),
            (
                "12.5 %",
                "without `%`, in the unit of the field, such as `12.5`",
            ),
        ] {
            let wrong = read_float(plain(text), f64::MAX).unwrap_err();
            let known = wrong.help.unwrap();
            assert!(known.ends_with(help), "{known}");
            assert_eq!(wrong.meant, None);
        }
        for text in ["1_000dB", "dB", "2024-01-31", "3 or 4"] {
            assert_eq!(read(text).unwrap_err().help, None, "{text}");
        }
    }

    #[test]
    fn forty_five_digits_are_out_of_range() {
        assert!(read(&"9".repeat(45)).unwrap_err().out_of_range);
        assert!(read("-1").unwrap_err().out_of_range);
    }

    #[test]
    fn infinities_are_not_numbers_and_1e999_is_out_of_range() {
        let read = |text| read_float(plain(text), f64::MAX);
        assert_eq!(
            (read("23.976"), read(".5"), read("-2"), read("1e3")),
            (Ok(23.976), Ok(0.5), Ok(-2.0), Ok(1000.0))
        );
        assert!(read("1e999").unwrap_err().out_of_range);
        assert!(
            [".inf", "inf", "nan", ".nan", "infinity", "01.5"]
                .iter()
                .all(|text| read(text).is_err())
        );
    }
}
