//! URLs and secrets are taken out of the text before it goes anywhere: to a voice, to a document, to
//! a model.
//!
//! Secrets are known by their form: prefixes of well-known keys, labels such as `password:`, and long
//! mixed words that no language has. A word that only looks like a secret is lost with a note, which
//! is better than a key that is spoken in a film.

use super::located_text::LocatedText;
use crate::base::{FileSpan, Spanned};
use std::ops::Range;

/// A part of the text that does not go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextRedaction {
    /// Its bytes.
    pub origin: FileSpan,
    /// Whether it may be a secret. Otherwise it is a URL.
    pub is_secret: bool,
}

/// Beginnings of keys, as the services write them.
const KEY_PREFIXES: &[&str] = &[
    "sk-",
    "sk_live_",
    "sk_test_",
    "pk_live_",
    "rk_live_",
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "eyJ",
    "hf_",
    "r8_",
    "SG.",
    "npm_",
    "whsec_",
    "-----BEGIN",
];

/// Words before a colon or an equals sign that name a secret.
const SECRET_LABELS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "api_key",
    "api-key",
    "access_key",
    "client_secret",
    "authorization",
    "bearer",
    "pwd",
];

/// Fewest characters of a word that may be a key without a prefix.
const LONG_WORD: usize = 24;
/// Fewest characters of a key of base64, in which digits may be rare. Secret keys of AWS have 40.
const LONG_BASE64: usize = 32;
/// Fewest capitals of a key of base64 that a capital or a digit follows. Forty random characters have
/// nine or ten.
const LEAST_CAPITAL_PAIRS: usize = 3;

/// Returns text without its URLs and secrets, and adds what was removed. The second value has the
/// URLs, for the list of files.
pub(in crate::treatment) fn redact_text(
    line: &LocatedText,
    redactions: &mut Vec<TextRedaction>,
) -> (LocatedText, Vec<Spanned<String>>) {
    let found = findings(&line.text);
    if found.is_empty() {
        return (line.clone(), Vec::new());
    }
    let mut urls = Vec::new();
    for (range, is_secret) in &found {
        let origin = line.span(range.clone());
        let url = line.text.get(range.clone()).unwrap_or_default();
        redactions.push(TextRedaction {
            origin,
            is_secret: *is_secret || url_has_secret(url),
        });
        if !is_secret {
            urls.push(Spanned::new(without_secrets(url), origin));
        }
    }
    let ranges: Vec<_> = found.into_iter().map(|(range, _)| range).collect();
    (line.without(&ranges), urls)
}

/// Returns whether a text has what may be a secret, also within a URL.
#[must_use]
pub fn may_have_secret(text: &str) -> bool {
    let mut found = findings(text).into_iter();
    found.any(|(range, is_secret)| is_secret || url_has_secret(text.get(range).unwrap_or_default()))
}

/// Whether a URL has a password, or a key in its query.
pub(in crate::treatment) fn url_has_secret(url: &str) -> bool {
    let rest = split_scheme(url).map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = host.rsplit_once('@').map_or("", |(user, _)| user);
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    let mut fields = query
        .split(['&', ';', '#'])
        .filter_map(|field| field.split_once('='));
    let names_key = |name: &str| {
        let name = name.to_lowercase();
        let mut parts = [
            "token",
            "key",
            "secret",
            "sig",
            "password",
            "credential",
            "auth",
        ]
        .iter();
        parts.any(|part| name.contains(part))
    };
    user.contains(':')
        || fields.any(|(name, value)| (value.len() >= 6 && names_key(name)) || is_key(value))
        || rest.split('/').any(is_key)
}

/// Returns a URL without user, password, query and fragment, any of which may be a secret.
pub(in crate::treatment) fn without_secrets(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let url = &url[..end];
    let Some((scheme, rest)) = split_scheme(url) else {
        return url.to_owned();
    };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let host = rest[..host_end].rsplit('@').next().unwrap_or_default();
    let path = rest[host_end..]
        .split('/')
        .map(|part| if is_key(part) { "" } else { part });
    format!("{scheme}//{host}{}", path.collect::<Vec<_>>().join("/"))
}

/// Returns a URL before and behind its `//`. The scheme, with its colon, may be missing.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("//")?;
    (scheme.is_empty() || scheme.ends_with(':')).then_some((scheme, rest))
}

/// Returns the ranges to remove, in order, each with whether it may be a secret.
fn findings(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut found = Vec::new();
    let mut is_labelled = false;
    for range in word_ranges(text) {
        let word = &text[range.clone()];
        let start = range.start + (word.len() - word.trim_start_matches(OPENING).len());
        let core = text[start..range.end].trim_end_matches(CLOSING);
        let core_range = start..start + core.len();
        if let Some(value) = labelled_value(core) {
            found.push((core_range.end - value.len()..core_range.end, true));
        } else if is_url(core) {
            found.push((core_range, false));
        } else if has_password(core) || is_key(core) || (is_labelled && looks_secret(core)) {
            found.push((core_range, true));
        }
        // `api key: xyz` and `Bearer xyz`: the secret is the next word.
        is_labelled = names_secret(core);
    }
    found
}

const OPENING: [char; 6] = ['(', '<', '[', '"', '\'', '“'];
const CLOSING: [char; 12] = [')', '>', ']', '"', '\'', '”', '.', ',', ';', ':', '!', '?'];

fn word_ranges(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = &text[rest..];
        let start = rest + tail.find(|c: char| !c.is_whitespace())?;
        let end = text[start..]
            .find(char::is_whitespace)
            .map_or(text.len(), |length| start + length);
        rest = end;
        Some(start..end)
    })
}

fn is_url(word: &str) -> bool {
    let has_scheme = word.split_once("://").is_some_and(|(scheme, rest)| {
        !rest.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()) && scheme.len() < 12
    });
    let is_host = |rest: &str| {
        let host = rest.split('/').next().unwrap_or_default();
        host.contains(['.', '@'])
    };
    let is_without_scheme = word.strip_prefix("//").is_some_and(is_host);
    has_scheme
        || is_without_scheme
        || word.starts_with("mailto:")
        || (word.starts_with("www.") && word.len() > 8)
}

/// Whether a word is an address with a password, such as `user:pw@host`.
fn has_password(word: &str) -> bool {
    let host = word.split('/').next().unwrap_or_default();
    let Some((user, host)) = host.rsplit_once('@') else {
        return false;
    };
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
    user.split_once(':')
        .is_some_and(|(name, password)| has_letter(name) && !password.is_empty())
        && has_letter(host)
}

fn is_key(word: &str) -> bool {
    let known = KEY_PREFIXES.iter().any(|prefix| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            // Short beginnings are also those of words.
            let is_sure = prefix.len() > 3 || has_digit(rest);
            prefix.starts_with('-') || (rest.len() >= 12 && is_sure)
        })
    });
    known || is_long_mixture(word) || is_long_base64(word)
}

/// Whether a word is long, has as many capitals as no words have that are joined by them, and changes
/// between small letters, capitals and digits as often as base64 does.
fn is_long_base64(word: &str) -> bool {
    let is_plain = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "+/=-_".contains(c));
    if word.len() < LONG_BASE64 || !is_plain {
        return false;
    }
    let kind = |byte: &u8| match byte {
        b'0'..=b'9' => 1,
        b'A'..=b'Z' => 2,
        b'a'..=b'z' => 3,
        _ => 0,
    };
    let kinds: Vec<u8> = word.as_bytes().iter().map(kind).collect();
    let changes = kinds
        .windows(2)
        .filter(|pair| pair[0] != pair[1] && !pair.contains(&0));
    let has_all = (1..=3).all(|kind| kinds.contains(&kind));
    let capitals = kinds.iter().filter(|kind| **kind == 2).count();
    // In joined words a capital begins a word, so a small letter follows it.
    let is_no_beginning = |pair: &&[u8]| pair[0] == 2 && matches!(pair[1], 1 | 2);
    let is_random = kinds.windows(2).filter(is_no_beginning).count() >= LEAST_CAPITAL_PAIRS;
    has_all && is_random && capitals * 4 >= word.len() && changes.count() * 4 >= word.len()
}

/// Whether a word is long, and mixes letters and digits as no language does.
fn is_long_mixture(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_+/=.".contains(c);
    if word.len() < LONG_WORD || !word.chars().all(plain) || word.contains('/') && is_path(word) {
        return false;
    }
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    digits >= 4 && letters >= 4 && word.chars().filter(|c| "-_.".contains(*c)).count() <= 2
}

fn is_path(word: &str) -> bool {
    word.rsplit('.')
        .next()
        .is_some_and(|end| (2..=5).contains(&end.len()))
}

fn has_digit(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

/// Returns the secret of a word such as `password=abc`.
fn labelled_value(word: &str) -> Option<&str> {
    let (label, value) = word.split_once(['=', ':'])?;
    (is_secret_label(label) && value.len() >= 4).then_some(value)
}

/// Whether a label is that of a secret, or ends with one: `DB_PASSWORD`, `aws_secret_access_key`.
fn is_secret_label(label: &str) -> bool {
    let label = label.to_lowercase();
    SECRET_LABELS.iter().any(|known| {
        let before = label.strip_suffix(known);
        before.is_some_and(|before| before.is_empty() || before.ends_with(['_', '-', '.']))
    })
}

/// Whether a word says that the next one is a secret.
fn names_secret(word: &str) -> bool {
    let word = word.trim_end_matches([':', '=']);
    is_secret_label(word) || word.eq_ignore_ascii_case("key")
}

/// Whether a word behind `password` or `key` is one. Words of prose are not.
fn looks_secret(word: &str) -> bool {
    word.len() >= 6 && has_digit(word) && word.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileId;

    fn redacted(text: &str) -> (String, usize, usize) {
        let mut line = LocatedText::new(FileId(0));
        line.push(text, 0..text.len());
        let mut found = Vec::new();
        let (kept, _) = redact_text(&line, &mut found);
        let secrets = found.iter().filter(|one| one.is_secret).count();
        (kept.full_value().value, secrets, found.len() - secrets)
    }

    #[test]
    fn urls_are_taken_out_of_prose() {
        let (text, secrets, urls) = redacted("See https://x.org/a?key=1, then (www.example.com).");
        assert_eq!((text.as_str(), secrets, urls), ("See , then ().", 0, 2));
        for url in [
            "https://u:s3cret@x.org/a",
            "postgres://u:pw@db/x",
            "https://x.org/a?token=abcdef12",
            "//user:pw@host/a",
            "//user:pw@x.org/a",
            "user:hunter2@db.example.com",
        ] {
            let (text, secrets, _) = redacted(url);
            assert_eq!((text.as_str(), secrets), ("", 1), "{url}");
            assert!(may_have_secret(url), "{url}");
        }
        for prose in [
            "In 16:9@25 and Mara: at@home",
            "mail mara@x.org, 3//4 and a // b",
        ] {
            assert_eq!(redacted(prose), (prose.to_owned(), 0, 0));
        }
    }

    #[test]
    fn secrets_are_known_by_their_form() {
        let keys = [
            "sk-abcdefgh12345678ijkl",
            "password=hunter22",
            "AKIAIOSFODNN7EXAMPLE",
            "0123456789abcdef0123456789abcdef",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "aws_secret_access_key=hunter22",
            "DB_PASSWORD:hunter22",
        ];
        for key in keys {
            let (text, secrets, _) = redacted(&format!("use {key} here"));
            assert_eq!(secrets, 1, "{key}");
            assert!(
                !text.contains("hunter22") && text.ends_with("here"),
                "{text}"
            );
        }
        assert_eq!(redacted("api key: tr0ub4dor").1, 1);
    }

    #[test]
    fn words_of_prose_are_no_secrets() {
        let prose =
            "The secret of honey: bees dance 2019-2024, the key idea is assets/bees-2024.png";
        assert_eq!(redacted(prose), (prose.to_owned(), 0, 0));
        let path =
            "see assets/Photos/Summer24/BeesInTheGarden or TheBeesOfTheGardenInSummer24AndLater";
        assert_eq!(redacted(path), (path.to_owned(), 0, 0));
    }

    #[test]
    fn a_url_in_the_list_of_files_has_no_password_and_no_query() {
        assert_eq!(
            without_secrets("https://me:pw@x.org/a/b.png?token=1#z"),
            "https://x.org/a/b.png"
        );
        assert_eq!(without_secrets("//me:pw@x.org/b.png"), "//x.org/b.png");
    }
}
