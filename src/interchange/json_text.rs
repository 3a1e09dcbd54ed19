//! Reads JSON with the bytes of each value, for findings that point at them.
//!
//! `serde_json` knows places of mistakes alone, and the reader of documents also reads what is no
//! JSON. `NaN` and `Infinity` are read, since OpenTimelineIO writes them.

use std::ops::Range;

/// How deep lists and maps may be in each other.
// The reader calls itself for each level.
const MOST_LEVELS: usize = 200;

/// A value and its bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct JsonNode {
    pub(super) value: JsonContent,
    pub(super) bytes: Range<usize>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JsonContent {
    Null,
    Switch(bool),
    Number(f64),
    Text(String),
    List(Vec<JsonNode>),
    Map(Vec<(String, JsonNode)>),
}

impl JsonNode {
    /// Returns the value of a key, if it has one that is not null. Of two, the last counts, as it
    /// does elsewhere.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let JsonContent::Map(entries) = &self.value else {
            return None;
        };
        let found = entries.iter().rev().find(|(name, _)| name == key);
        found
            .map(|(_, node)| node)
            .filter(|node| node.value != JsonContent::Null)
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            JsonContent::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<f64> {
        match self.value {
            JsonContent::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> &[Self] {
        match &self.value {
            JsonContent::List(list) => list,
            _ => &[],
        }
    }

    /// Returns the text of a key. `None`: it has none, or another value.
    pub(super) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }
}

/// Where a text is no JSON, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JsonFault {
    pub(super) offset: usize,
    pub(super) reason: &'static str,
}

/// Returns where a text has more than `most` values. `None`: it has no more.
// Counted before anything is read: a list of numbers takes twenty times its bytes in memory. Every
// value but the first is behind `,`, or the first of a list or a map.
pub(super) fn first_value_beyond(text: &str, most: usize) -> Option<usize> {
    let mut count: usize = 1;
    let mut is_quoted = false;
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_quoted => is_escaped = true,
            b'"' => is_quoted = !is_quoted,
            b',' | b'[' | b'{' if !is_quoted => {
                count += 1;
                if count > most {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Reads a text.
pub(super) fn read_json(text: &str) -> Result<JsonNode, JsonFault> {
    let mut reader = JsonReader { text, at: 0 };
    let node = reader.read_value(MOST_LEVELS)?;
    reader.skip_blanks();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.fault("something follows the end of the value")),
    }
}

struct JsonReader<'t> {
    text: &'t str,
    at: usize,
}

impl JsonReader<'_> {
    fn fault(&self, reason: &'static str) -> JsonFault {
        JsonFault {
            offset: self.at,
            reason,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Skips `mark` and returns whether it was there.
    fn take(&mut self, mark: u8) -> bool {
        let is_there = self.peek() == Some(mark);
        self.at += usize::from(is_there);
        is_there
    }

    fn read_value(&mut self, levels: usize) -> Result<JsonNode, JsonFault> {
        self.skip_blanks();
        let start = self.at;
        let value = match self.peek() {
            None => return Err(self.fault("the text ends where a value is expected")),
            Some(b'{' | b'[') if levels == 0 => {
                return Err(self.fault("lists and maps are too deep in each other"));
            }
            Some(b'{') => self.read_map(levels - 1)?,
            Some(b'[') => self.read_list(levels - 1)?,
            Some(b'"') => JsonContent::Text(self.read_text()?),
            Some(_) => self.read_word()?,
        };
        Ok(JsonNode {
            value,
            bytes: start..self.at,
        })
    }

    fn read_map(&mut self, levels: usize) -> Result<JsonContent, JsonFault> {
        let mut entries = Vec::new();
        self.at += 1;
        loop {
            self.skip_blanks();
            // Only before the first entry: JSON has no comma before the end.
            if entries.is_empty() && self.take(b'}') {
                break;
            }
            if self.peek() != Some(b'"') {
                return Err(self.fault("a key in quotes is expected"));
            }
            let key = self.read_text()?;
            self.skip_blanks();
            if !self.take(b':') {
                return Err(self.fault("`:` is expected behind a key"));
            }
            entries.push((key, self.read_value(levels)?));
            self.skip_blanks();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return Err(self.fault("`,` or `}` is expected"));
            }
        }
        Ok(JsonContent::Map(entries))
    }

    fn read_list(&mut self, levels: usize) -> Result<JsonContent, JsonFault> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.skip_blanks();
            if items.is_empty() && self.take(b']') {
                break;
            }
            items.push(self.read_value(levels)?);
            self.skip_blanks();
            if self.take(b']') {
                break;
            }
            if !self.take(b',') {
                return Err(self.fault("`,` or `]` is expected"));
            }
        }
        Ok(JsonContent::List(items))
    }

    /// Reads a text in quotes. What `serde_json` knows of escapes is left to it.
    fn read_text(&mut self) -> Result<String, JsonFault> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut end = start + 1;
        loop {
            match bytes.get(end) {
                None => return Err(self.fault("a quote opens here and is never closed")),
                Some(b'"') => break,
                // Whatever is behind a backslash ends no text.
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        self.at = end + 1;
        let quoted = self.text.get(start..=end);
        // A reader of escapes of our own would be a second place for mistakes with surrogates.
        let text = quoted.and_then(|quoted| serde_json::from_str(quoted).ok());
        text.ok_or(JsonFault {
            offset: start,
            reason: "the text has an escape or a character that JSON does not know",
        })
    }

    fn read_word(&mut self) -> Result<JsonContent, JsonFault> {
        let start = self.at;
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"+-._".contains(&byte);
        while self.peek().is_some_and(is_word) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        let value = match word {
            "null" => Some(JsonContent::Null),
            "true" => Some(JsonContent::Switch(true)),
            "false" => Some(JsonContent::Switch(false)),
            "NaN" => Some(JsonContent::Number(f64::NAN)),
            "Infinity" | "Inf" => Some(JsonContent::Number(f64::INFINITY)),
            "-Infinity" | "-Inf" => Some(JsonContent::Number(f64::NEG_INFINITY)),
            word => is_json_number(word)
                .then(|| word.parse().ok().map(JsonContent::Number))
                .flatten(),
        };
        value.ok_or(JsonFault {
            offset: start,
            reason: "a value is expected here",
        })
    }
}

/// Returns whether a word is a number as JSON writes it: no `+1`, `01`, `.5` or `1.`.
fn is_json_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let (number, exponent) = match word.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (word, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = match number.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (number, None),
    };
    let is_whole = is_digits(whole) && (whole == "0" || !whole.starts_with('0'));
    let exponent = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    is_whole && decimals.is_none_or(is_digits) && exponent.is_none_or(is_digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_know_their_bytes() {
        let text = r#" {"a": [1, -2.5e1, true, null, "\u00e9\"x"], "b": {}, "c": NaN} "#;
        let node = read_json(text).unwrap();
        let list = node.get("a").unwrap().list();
        assert_eq!(list[1].number(), Some(-25.0));
        assert_eq!(&text[list[1].bytes.clone()], "-2.5e1");
        assert_eq!(list[4].text(), Some("é\"x"));
        assert_eq!(node.get("b").unwrap().value, JsonContent::Map(Vec::new()));
        assert!(node.get("c").unwrap().number().unwrap().is_nan());
        assert_eq!(node.get("d"), None);
    }

    #[test]
    fn what_is_no_json_says_where() {
        for (text, offset) in [
            ("", 0),
            ("  ", 2),
            ("{", 1),
            ("{\"a\" 1}", 5),
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("[1,]", 3),
            ("\"a", 0),
            ("\"a\\", 0),
            ("\"\\q\"", 0),
            ("\"\n\"", 0),
            ("1 2", 2),
            ("nul", 0),
            ("01", 0),
            ("ä", 0),
            ("{a:1}", 1),
        ] {
            let fault = read_json(text).unwrap_err();
            assert_eq!(fault.offset, offset, "{text:?}: {}", fault.reason);
        }
    }

    #[test]
    fn values_are_counted_before_they_are_read() {
        let text = r#"{"a,[": [1, 2, "x\",["], "b": {}}"#;
        // The map, the list and its three, and the empty map, which counts as one more.
        assert_eq!(first_value_beyond(text, 7), None);
        assert_eq!(first_value_beyond(text, 4), Some(13));
        let many = format!("[{}0]", "0,".repeat(100_000));
        assert_eq!(first_value_beyond(&many, 100_002), None);
        assert!(first_value_beyond(&many, 100_001).is_some());
    }

    #[test]
    fn numbers_are_those_of_json() {
        for word in ["0", "-0", "10", "1.5", "-2.5e1", "1E+3", "1e-9", "1e400"] {
            assert!(is_json_number(word), "{word}");
        }
        for word in [
            "", "-", "+1", "01", ".5", "1.", "1e", "1e+", "1.e3", "inf", "1_0",
        ] {
            assert!(!is_json_number(word), "{word}");
        }
    }

    #[test]
    fn depth_is_an_error_and_no_crash() {
        let deep = "[".repeat(100_000);
        assert!(read_json(&deep).unwrap_err().reason.contains("deep"));
        let good = format!("{}1{}", "[".repeat(150), "]".repeat(150));
        assert!(read_json(&good).is_ok());
    }
}
