//! What a plain scalar becomes, by the type of its field.

use super::film::read_short;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

fn value<T: DeserializeOwned + Debug>(text: &str) -> String {
    match read_short::<Vec<T>>(&format!("- {text}\n")) {
        (Some(values), report) if report.is_empty() => format!("{:?}", values[0]),
        _ => "refused".to_owned(),
    }
}

#[test]
fn text_stays_as_written() {
    for text in [
        "no",
        "on",
        "yes",
        "y",
        "0755",
        "0o755",
        "0x1F",
        "1_000",
        "12:30:45",
        "2024-01-31",
        "1.10",
        "true",
        "24",
    ] {
        assert_eq!(value::<String>(text), format!("{text:?}"));
    }
}

#[test]
fn null_is_not_text_unless_quoted() {
    for text in ["~", "null", "Null", "NULL", ""] {
        assert_eq!(value::<String>(text), "refused", "{text}");
        assert_eq!(value::<Option<String>>(text), "None", "{text}");
    }
    assert_eq!(value::<Option<String>>("'null'"), "Some(\"null\")");
    assert_eq!(value::<Option<String>>("!!str"), "Some(\"\")");
}

#[test]
fn only_true_and_false_are_booleans() {
    assert_eq!(
        (value::<bool>("true"), value::<bool>("false")),
        ("true".into(), "false".into())
    );
    for text in [
        "True", "TRUE", "yes", "no", "on", "off", "y", "n", "1", "0", "'true'",
    ] {
        assert_eq!(value::<bool>(text), "refused", "{text}");
    }
}

#[test]
fn whole_numbers_are_decimal_octal_or_hexadecimal() {
    let table = [
        ("0", "0"),
        ("493", "493"),
        ("0o755", "493"),
        ("0x1F", "31"),
        ("+7", "7"),
        ("-7", "-7"),
    ];
    for (text, number) in table {
        assert_eq!(value::<i32>(text), number, "{text}");
    }
    for text in [
        "0755",
        "1_000",
        "1e3",
        "24.0",
        "24.5",
        "'24'",
        "12:30",
        "2147483648",
        "-2147483649",
        "ten",
        "[1]",
    ] {
        assert_eq!(value::<i32>(text), "refused", "{text}");
    }
}

#[test]
fn the_range_of_the_type_is_the_range_of_the_field() {
    assert_eq!(
        (value::<u8>("255"), value::<u8>("256"), value::<u8>("-1")),
        ("255".into(), "refused".into(), "refused".into())
    );
    assert_eq!(value::<u64>("18446744073709551615"), "18446744073709551615");
    assert_eq!(value::<u64>(&"9".repeat(45)), "refused");
}

#[test]
fn fractions_are_finite() {
    let table = [
        ("23.976", "23.976"),
        ("24", "24.0"),
        ("1e3", "1000.0"),
        (".5", "0.5"),
        ("-0.5", "-0.5"),
        ("0x10", "16.0"),
    ];
    for (text, number) in table {
        assert_eq!(value::<f64>(text), number, "{text}");
    }
    for text in [
        "1e999", ".inf", "-.inf", ".nan", "nan", "inf", "infinity", "'1.5'", "1,5", "01.5", "1_0.0",
    ] {
        assert_eq!(value::<f64>(text), "refused", "{text}");
    }
    assert_eq!(value::<f32>("1e39"), "refused");
}

#[test]
fn one_character_is_a_char() {
    assert_eq!(
        (value::<char>("é"), value::<char>("éa")),
        ("'é'".into(), "refused".into())
    );
}
