//! Removes secrets from everything that is stored or printed: arguments, output, warnings,
//! evidence, provenance, findings.
//!
//! A secret is the value of an environment variable or option whose name marks it as one. Short
//! values are not: hiding every `1` would hide more than secrets. A secret of several lines, such
//! as a private key, is hidden line by line, because programs print lines. A secret is also hidden
//! in the forms that it takes in a log (control characters escaped), in JSON and in a URL.

use super::child_pipes::escape_line;
use crate::base::json::to_json_string;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Parts of names that mark a secret, in lower case with underscores.
// A bare `key` is left out: it would match KEYBOARD, MONKEY and every `--keyframe`.
const SECRET_NAME_PARTS: [&str; 11] = [
    "password",
    "passwd",
    "secret",
    "token",
    "credential",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "auth_key",
    "passphrase",
];
/// Fewest bytes of a value that counts as a secret.
// Shorter ones, such as `1` or `true`, are in many lines of a log and would be hidden there.
const MIN_SECRET_LENGTH: usize = 6;
/// Replaces a secret.
const HIDDEN: &str = "[hidden]";

/// The known secrets.
#[derive(Debug, Default)]
pub struct SecretRedactor {
    // Longest first: if one secret contains another, replacing the short one first would leave the
    // rest of the long one readable.
    // A lock, because the options of programs are known only when the document is read, and what
    // prints and writes shares one value from the start.
    values: RwLock<Vec<String>>,
}

impl Clone for SecretRedactor {
    fn clone(&self) -> Self {
        Self {
            values: RwLock::new(self.known_values().clone()),
        }
    }
}

impl SecretRedactor {
    /// Collects the secrets from environment variables, given as name and value.
    #[must_use]
    pub fn from_variables(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let forms: BTreeSet<String> = variables
            .into_iter()
            .filter(|(name, value)| names_secret(name) && value.trim().len() >= MIN_SECRET_LENGTH)
            .flat_map(|(_, value)| written_forms(&value))
            .collect();
        let secrets = Self::default();
        secrets.add_forms(forms);
        secrets
    }

    /// Adds the values of secret options in a command line: `--token x`, `--token=x`.
    pub fn learn_option_values(&self, words: &[String]) {
        let values = option_values(words).into_iter().flatten();
        // An option may be a switch, and the word behind it anything.
        let values = values.filter(|value| value.trim().len() >= MIN_SECRET_LENGTH);
        self.add_forms(values.flat_map(written_forms));
    }

    fn known_values(&self) -> RwLockReadGuard<'_, Vec<String>> {
        // A poisoned lock is used: the list has only whole values.
        self.values.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a text that a program has called a secret, however short it is.
    pub fn add_secret(&self, value: &str) {
        // Replacing an empty text would put the replacement between all characters.
        let whole = Some(value.to_owned()).filter(|value| !value.is_empty());
        self.add_forms(whole.into_iter().chain(written_forms(value)));
    }

    fn add_forms(&self, forms: impl IntoIterator<Item = String>) {
        let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
        for form in forms {
            if !values.contains(&form) {
                values.push(form);
            }
        }
        // The longest first: a secret may be part of another, whose rest would stay visible.
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
    }

    /// Returns the length of the longest secret in bytes; 0 if none is known. A reader that cuts
    /// text keeps this much behind the cut, so that it never cuts a secret in two.
    #[must_use]
    pub fn longest_secret(&self) -> usize {
        self.known_values().first().map_or(0, String::len)
    }

    /// Hides the known secrets in bytes that need not be text.
    pub fn redact_bytes(&self, bytes: &mut Vec<u8>) {
        for value in self.known_values().iter() {
            replace_bytes(bytes, value.as_bytes());
        }
    }

    /// Hides secrets in every text of a JSON value, names of fields excepted.
    pub fn redact_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.redact_text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact_json(item)),
            Value::Object(fields) => {
                fields
                    .values_mut()
                    .for_each(|field| self.redact_json(field));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Returns the text without known secrets and without passwords in URLs.
    #[must_use]
    pub fn redact_text(&self, text: &str) -> String {
        let values = self.known_values();
        let known = values.iter().filter(|value| text.contains(value.as_str()));
        let text = known.fold(text.to_owned(), |text, value| text.replace(value, HIDDEN));
        if text.contains("://") {
            redact_url_passwords(&text)
        } else {
            text
        }
    }

    /// Returns the command line with the values of secret options hidden: `--token x`, `--token=x`.
    #[must_use]
    pub fn redact_arguments(&self, words: &[String]) -> Vec<String> {
        let values = option_values(words);
        let hidden = words.iter().zip(values).map(|(word, value)| match value {
            Some(value) => {
                let name = word.strip_suffix(value).unwrap_or_default();
                format!("{name}{HIDDEN}")
            }
            None => self.redact_text(word),
        });
        hidden.collect()
    }
}

/// Returns for each word the part of it that is the value of a secret option.
fn option_values(words: &[String]) -> Vec<Option<&str>> {
    let mut values = Vec::with_capacity(words.len());
    // The value of `--token` is the next word, and its text says nothing about it.
    let mut next = false;
    for word in words {
        let named = word.split_once('=').filter(|(name, _)| names_secret(name));
        values.push(if next {
            // Whole, also if it reads `secret=1`.
            Some(word.as_str())
        } else {
            named.map(|(_, value)| value)
        });
        // A hidden value may itself begin with `-`. It is no option, so it does not hide the word
        // after it.
        next = !next
            && named.is_none()
            && word.starts_with('-')
            && !word.contains('=')
            && names_secret(word);
    }
    values
}

/// Returns the texts by which a secret can be recognised: the whole, each of its lines, and both as
/// logs, JSON and URLs write them.
fn written_forms(value: &str) -> Vec<String> {
    let whole = std::iter::once(value).chain(value.lines()).map(str::trim);
    // A short line of a key, such as `==`, is no secret, as a short value is none.
    let parts = whole.filter(|part| part.len() >= MIN_SECRET_LENGTH);
    parts
        .flat_map(|part| {
            let json = to_json_string(part);
            [
                part.to_owned(),
                escape_line(part.as_bytes()),
                json[1..json.len() - 1].to_owned(),
                percent_encoded(part),
            ]
        })
        .collect()
}

/// Returns the text as a URL holds it.
fn percent_encoded(text: &str) -> String {
    let encoded = text.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    encoded.collect()
}

/// Replaces every place where `secret` is. The secret must not be empty.
fn replace_bytes(bytes: &mut Vec<u8>, secret: &[u8]) {
    let mut from = 0;
    while let Some(place) = bytes[from..]
        .windows(secret.len())
        .position(|window| window == secret)
    {
        let start = from + place;
        bytes.splice(start..start + secret.len(), HIDDEN.bytes());
        from = start + HIDDEN.len();
    }
}

/// Returns whether a variable or an option of this name holds a secret.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    names_secret(name)
}

fn names_secret(name: &str) -> bool {
    // Options write `--api-key`, variables API_KEY. One form serves both.
    let name = name.to_lowercase().replace('-', "_");
    SECRET_NAME_PARTS.iter().any(|part| name.contains(part))
}

/// Hides the password in every `scheme://user:password@host`.
fn redact_url_passwords(text: &str) -> String {
    let mut parts = text.split("://");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str("://");
        let end = part
            .find(|c: char| c == '/' || c.is_whitespace())
            .unwrap_or(part.len());
        let (place, rest) = part.split_at(end);
        match place
            // A password may contain `@`; a host may not.
            .rsplit_once('@')
            .and_then(|(user, host)| Some((user.split_once(':')?.0, host)))
        {
            Some((user, host)) => shown.push_str(&format!("{user}:{HIDDEN}@{host}")),
            None => shown.push_str(place),
        }
        shown.push_str(rest);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_secret_of_the_environment_is_hidden_wherever_it_appears() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let secrets = SecretRedactor::from_variables([
            pair("AWS_SECRET_ACCESS_KEY", "hunter2hunter2"),
            pair("GITHUB_TOKEN", "hunter2"),
            pair("HOME", "/home/me"),
            pair("TOKEN_COUNT", "1"),
        ]);
        let shown = secrets.redact_text("login hunter2hunter2 as hunter2 in /home/me 1");
        assert_eq!(shown, "login [hidden] as [hidden] in /home/me 1");
    }

    #[test]
    fn every_line_of_a_key_is_hidden_in_every_form() {
        let key = "-----BEGIN KEY-----\nabcdef/secret+line\nghij\u{7}klmn\n==\n".to_owned();
        let secrets = SecretRedactor::from_variables([("PRIVATE_KEY".to_owned(), key.clone())]);
        for shown in [
            key.clone(),
            to_json_string(&key),
            "x=abcdef%2Fsecret%2Bline&y".to_owned(),
            "a ghij\\u{7}klmn b".to_owned(),
        ] {
            let hidden = secrets.redact_text(&shown);
            assert!(hidden.contains(HIDDEN), "{hidden}");
            for part in ["abcdef", "secret", "ghij", "klmn"] {
                assert!(!hidden.contains(part), "{hidden}");
            }
        }
        let mut bytes = b"\xff abcdef/secret+line abcdef/secret+line".to_vec();
        secrets.redact_bytes(&mut bytes);
        assert_eq!(bytes, b"\xff [hidden] [hidden]");
        let mut json = serde_json::json!({ "a": ["abcdef/secret+line", 1] });
        secrets.redact_json(&mut json);
        assert_eq!(json, serde_json::json!({ "a": [HIDDEN, 1] }));
    }

    #[test]
    fn the_value_of_a_secret_option_is_hidden() {
        let secrets = SecretRedactor::default();
        let shown = secrets.redact_arguments(&words(
            "up --api-key abc --token=def -p 7 PASSWORD=x --name n",
        ));
        assert_eq!(
            shown.join(" "),
            "up --api-key [hidden] --token=[hidden] -p 7 PASSWORD=[hidden] --name n"
        );
    }

    #[test]
    fn a_password_in_an_address_is_hidden() {
        let shown = SecretRedactor::default()
            .redact_text("get https://me:pa@ss@host/x?y=1 and http://host:80/ and a://b");
        assert_eq!(
            shown,
            "get https://me:[hidden]@host/x?y=1 and http://host:80/ and a://b"
        );
    }
}
