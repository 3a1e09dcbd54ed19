//! JSON of our own values: the one place that says why writing it cannot fail.
//!
//! `serde_json` fails on a writer that fails, on a map whose keys are not text, and on a path that
//! is not UTF-8. A buffer does not fail, and no type of ours has such keys. A path of a document is
//! text, and the store's snapshot refuses an input file whose name is not UTF-8. A path that comes
//! from the machine is either written with [`serialize_path_lossy`] or by a caller that handles the
//! error itself. So the functions here panic and never return an empty text: its digest would be
//! the same for every job.

use super::printable::is_hidden;
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

const INVARIANT: &str = "plain data with text for keys and paths always serialises";

/// Returns `value` as JSON on one line.
///
/// # Panics
/// Panics when a key or a path of `value` is not text, which is a mistake in its type.
#[must_use]
pub fn to_json_string(value: &(impl Serialize + ?Sized)) -> String {
    serde_json::to_string(value).expect(INVARIANT)
}

/// Returns the bytes of [`to_json_string`].
///
/// # Panics
/// As [`to_json_string`].
#[must_use]
pub fn to_json_bytes(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    serde_json::to_vec(value).expect(INVARIANT)
}

/// Returns `value` as indented JSON, without a line break at its end. It may go to a terminal.
///
/// # Panics
/// As [`to_json_string`].
#[must_use]
pub fn to_pretty_json(value: &(impl Serialize + ?Sized)) -> String {
    escape_hidden(serde_json::to_string_pretty(value).expect(INVARIANT))
}

/// Returns JSON of the same value in which characters that a terminal obeys or does not show are
/// escapes.
// `serde_json` escapes what the format forbids, and that ends at the space. What escapes text for a
// terminal would not know that this is JSON, and write escapes that no reader understands.
#[must_use]
pub fn escape_hidden(json: String) -> String {
    // Line breaks and spaces are between values; inside a text they are escaped already.
    let must_escape = |c: char| c != '\n' && is_hidden(c);
    if !json.contains(must_escape) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if must_escape(c) {
            // All of them have four digits at most, so none needs a pair of escapes.
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    escaped
}

/// Returns `value` as a tree of JSON.
///
/// # Panics
/// As [`to_json_string`].
#[must_use]
pub fn to_json_value(value: &(impl Serialize + ?Sized)) -> Value {
    serde_json::to_value(value).expect(INVARIANT)
}

/// Returns `value` as a tree of JSON in which a number of 32 bits has the digits that it is written
/// with: `0.3`, and not the `0.30000001192092896` of its 64 bits.
///
/// # Panics
/// As [`to_json_string`].
#[must_use]
pub fn to_short_json(value: &(impl Serialize + ?Sized)) -> Value {
    serde_json::from_str(&to_json_string(value)).expect(INVARIANT)
}

/// Returns the name that a variant without fields, or a type that is written as text, has in JSON.
///
/// # Panics
/// Panics when `value` is not written as text, which is a mistake in its type.
#[must_use]
pub fn serialized_name(value: &(impl Serialize + ?Sized)) -> String {
    match to_json_value(value) {
        Value::String(name) => name,
        other => panic!("a name is written as text, not as {other}"),
    }
}

/// Writes a path of this machine; bytes that are not UTF-8 become replacement characters. For
/// output that people and programs read and nobody opens again.
///
/// # Errors
/// Fails when the serializer does.
pub fn serialize_path_lossy<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_forms_hold_the_same_value() {
        let value = BTreeMap::from([("a", 1)]);
        assert_eq!(to_json_string(&value), r#"{"a":1}"#);
        assert_eq!(to_json_bytes(&value), br#"{"a":1}"#);
        assert_eq!(to_pretty_json(&value), "{\n  \"a\": 1\n}");
        assert_eq!(to_json_value(&value)["a"], 1);
        assert_eq!(
            to_short_json(&[0.3_f32, f32::NAN]).to_string(),
            "[0.3,null]"
        );
    }

    #[test]
    fn json_for_a_terminal_has_the_same_value_and_no_hidden_character() {
        let value: String = (0..0x3000).filter_map(char::from_u32).collect();
        let json = to_pretty_json(&[&value]);
        assert_eq!(json.find(|c: char| c != '\n' && is_hidden(c)), None);
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap()[0], value);
        assert!(json.contains('é') && json.contains("\\u009b") && json.contains("\\u202e"));
    }

    #[test]
    #[should_panic = "plain data"]
    fn a_value_without_a_json_form_panics_and_is_never_empty() {
        let _ = to_json_bytes(&BTreeMap::from([((1, 2), 3)]));
    }

    #[test]
    #[should_panic = "a name is written as text"]
    fn a_number_is_no_name() {
        let _ = serialized_name(&7);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_text_is_written_all_the_same() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"a\xff"));
        assert_eq!(
            serialize_path_lossy(path, serde_json::value::Serializer).unwrap(),
            "a\u{fffd}"
        );
    }
}
