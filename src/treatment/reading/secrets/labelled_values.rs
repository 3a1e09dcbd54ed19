//! Secrets by the label in front of them: `password: x`, `API_KEY="x"`, `Authorization: Bearer x`.

use super::command_secrets::command_secrets;
use super::label_search::{FoundLabel, label_at, words_of};
use super::login_pairs::{follows_login, login_secrets, pair_behind};
use super::secret_labels::{LabelForce, label_of};
use super::secret_values::{is_word_phrase, looks_secret};
use super::value_facts::{ValueFacts, ValueSeparator};
use super::value_search::{
    ValueSeparation, back, begins_field, closed_label, is_quote, named_value, qualified_separator,
    separator_behind, tagged_value, value_at, word_behind,
};
use super::visible_text::VisibleText;
use std::ops::Range;

/// Words between the name of a header and its value.
const SCHEMES: &[&str] = &[
    "bearer",
    "basic",
    "token",
    "digest",
    "apikey",
    "negotiate",
    "key",
];
/// Words in front of an assignment in a shell or a program.
const ASSIGNERS: &[&str] = &[
    "export", "set", "setx", "env", "let", "var", "const", "declare", "arg",
];
/// Words in front of the name of a secret that is somebody's.
const OWNERS: &[&str] = &[
    "my",
    "our",
    "your",
    "new",
    "old",
    "wifi",
    "mein",
    "unser",
    "dein",
    "mon",
    "notre",
    "votre",
    "mi",
    "nuestra",
    "minha",
    "nossa",
    "mia",
    "moj",
    "мои",
    "initial",
    "default",
    "admin",
    "root",
    "temporary",
    "temp",
    "master",
    "main",
    "guest",
    "user",
    "server",
    "router",
    "database",
    "db",
    "email",
    "mail",
    "backup",
    "login",
    "account",
    "vault",
    "nas",
    "ssh",
    "ftp",
    "vpn",
    "sudo",
    "system",
    "current",
    "test",
    "staging",
    "production",
    "prod",
    "dev",
];
/// Words between two values.
const CONJUNCTIONS: &[&str] = &["or", "and", "oder", "und", "ou", "et", "o", "y", "e"];
/// Labels that are lines of settings: the word behind them is the secret.
const SETTINGS: &[&str] = &["requirepass", "masterauth", "identified by", "SecureString"];

/// Returns the characters of every value that its label makes a secret.
pub(super) fn value_places(text: &VisibleText) -> Vec<Range<usize>> {
    let words = words_of(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut index = 0;
    while let Some(word) = words.get(index) {
        // A label in a value that is taken out as a whole has no value of its own.
        let is_inside = found.last().is_some_and(|last| word.place.start < last.end);
        match label_at(text, &words, index).filter(|_| !is_inside) {
            Some((label, next)) => {
                found.extend(value_before(text, &label));
                let mut behind = values_behind(text, &label);
                behind.extend(pair_behind(text, &label));
                behind.extend(phrase_behind(text, &label));
                // In order, because the next label is compared with the end of the last value
                // alone.
                behind.sort_unstable_by_key(|range| range.end);
                found.append(&mut behind);
                index = next.max(index + 1);
            }
            None => index += 1,
        }
    }
    found.extend(command_secrets(text));
    found.extend(login_secrets(text, &words));
    found
}

/// Returns what is between a label and its value.
fn separation(text: &VisibleText, label: &FoundLabel) -> Option<ValueSeparation> {
    let closed = closed_label(text, label.place.end, looks_secret);
    let next = separator_behind(text, closed);
    if matches!(
        next.separator,
        ValueSeparator::Assigned | ValueSeparator::Sign
    ) {
        return Some(next);
    }
    let is_surely_named = !matches!(label.force, LabelForce::Weak | LabelForce::Likely);
    // `to` is a form of "is" in Polish, and a preposition elsewhere.
    if is_surely_named && let Some(qualified) = qualified_separator(text, closed) {
        return Some(qualified);
    }
    if next.separator == ValueSeparator::Verb {
        return Some(next);
    }
    if let Some(named) = named_value(text, closed).or_else(|| tagged_value(text, closed)) {
        return Some(named);
    }
    // Languages without blanks write the value next to the label.
    let is_next = text.at(closed).is_some_and(|c| c.is_ascii_alphanumeric())
        && text.before(closed).is_some_and(|c| !c.is_ascii());
    let is_bracketed = text.at(closed).is_some_and(|c| "([".contains(c));
    if next.separator == ValueSeparator::Blank && next.start == closed && !is_next && !is_bracketed
    {
        return None;
    }
    let separator = match is_assigned_without_sign(text, label, &next) {
        true => ValueSeparator::Assigned,
        false => next.separator,
    };
    Some(ValueSeparation { separator, ..next })
}

/// Whether a label assigns the value behind it without a sign: as an option, as a line of settings,
/// as a command of a database, or as the argument of a function.
fn is_assigned_without_sign(
    text: &VisibleText,
    label: &FoundLabel,
    next: &ValueSeparation,
) -> bool {
    let start = label.place.start;
    let is_value_quoted = text.at(next.start).is_some_and(is_quote);
    if next.separator == ValueSeparator::Mark {
        // `define('DB_PASSWORD', 'x')`
        let name_start = label.name_start(text);
        let quote = back(text, name_start, is_quote);
        let is_argument = quote < name_start && text.before(quote) == Some('(');
        return is_argument && is_value_quoted;
    }
    let is_surely_named = matches!(label.force, LabelForce::Strong | LabelForce::Key);
    let hyphens = back(text, start, |c| c == '-');
    let is_option = hyphens < start
        && text.before(hyphens).is_none_or(char::is_whitespace)
        && text.at(next.start) != Some('-');
    let written = text.text(&label.place);
    let is_statement = is_value_quoted && written.chars().all(|c| !c.is_lowercase());
    let is_setting = SETTINGS.contains(&written.as_str()) && begins_phrase(text, start);
    let is_machine = ["machine ", "default "]
        .iter()
        .any(|head| text.begins_with(head));
    is_surely_named && (is_option || is_statement || is_setting || is_machine)
}

/// Returns the values of a label that are secrets.
fn values_behind(text: &VisibleText, label: &FoundLabel) -> Vec<Range<usize>> {
    let Some(separation) = separation(text, label) else {
        return Vec::new();
    };
    let is_quoted_label = text.before(label.name_start(text)).is_some_and(is_quote)
        && text.at(label.place.end).is_some_and(is_quote);
    let scheme = word_behind(text, separation.start, SCHEMES);
    let mut start = scheme.unwrap_or(separation.start);
    let between = text.text(&(label.place.end..start));
    let is_attached = !between.contains(char::is_whitespace);
    let name_start = label.name_start(text);
    let begins = separation.is_explicit
        || begins_phrase(text, name_start)
        || follows_login(text, name_start);
    let mut found = Vec::new();
    // A passphrase may have several words, each of which looks like a secret.
    while let Some(value) = value_at(text, start) {
        let ends = ends_phrase(text, value.end);
        let facts = ValueFacts {
            force: label.force,
            is_identifier: label.is_identifier,
            separator: separation.separator,
            is_attached: is_attached && found.is_empty(),
            is_quoted: value.is_quoted,
            is_quoted_label,
            has_scheme: scheme.is_some(),
            is_alone: begins && ends,
            is_last: ends,
        };
        let word = text.text(&value.place);
        // The next column of a table has a name too.
        let is_name = separation.separator == ValueSeparator::Sign && names_secret(&word);
        // A word that looks like none behind the first is the sentence that goes on.
        if is_name || !facts.is_secret(&word) || (!found.is_empty() && !looks_secret(&word)) {
            break;
        }
        let value = value.whole(text);
        found.push(value.place);
        start = text.skip(value.end, |c| " \t,;".contains(c));
        start = word_behind(text, start, CONJUNCTIONS).unwrap_or(start);
        if start == value.end || begins_field(text, text.skip(start, is_quote)) {
            break;
        }
    }
    found
}

/// Whether a value is nothing but the name of another secret.
fn names_secret(word: &str) -> bool {
    let is_word = word.chars().all(char::is_alphabetic);
    let label = is_word.then(|| label_of(&[word.to_lowercase()])).flatten();
    label.is_some_and(|(count, _)| count == 1)
}

/// Whether nothing of a sentence is in front of a label.
fn begins_phrase(text: &VisibleText, start: usize) -> bool {
    let mut start = start;
    // Two words may say whose it is: `my wifi password`.
    for _ in 0..3 {
        let end = back(text, start, |c| c.is_whitespace() || is_quote(c));
        let word_start = back(text, end, char::is_alphanumeric);
        let word = text.lower_text(&(word_start..end));
        let is_free = |last: char| !last.is_alphanumeric() && !"_)".contains(last);
        if text.before(end).is_none_or(is_free) || ASSIGNERS.contains(&word.as_str()) {
            return true;
        }
        if !OWNERS.contains(&word.as_str()) {
            return false;
        }
        start = word_start;
    }
    false
}

/// Whether nothing of a sentence is behind a value.
fn ends_phrase(text: &VisibleText, end: usize) -> bool {
    let next = text.skip(end, |c| {
        c.is_whitespace() || is_quote(c) || ".!)]}".contains(c)
    });
    let is_end = |c: char| ";|,\n\\/<#".contains(c);
    text.at(next).is_none_or(is_end) || (next > end && begins_field(text, next))
}

/// Words between a value and its label behind it: `x is the password`, `use x as password`.
const JOINING_WORDS: &[&str] = &[
    "is", "as", "ist", "als", "est", "comme", "es", "como", "come", "the", "my", "your", "our",
    "their", "a", "das", "mein", "dein", "unser", "le", "la", "mon", "votre", "el", "mi", "su",
    "il", "mio", "wifi", "new", "old",
];
/// The most words between a value and its label behind it.
const MOST_JOINING: usize = 3;

/// Returns the secret in front of a label: `kediler1 is the password`, `"kediler1" (password)`.
fn value_before(text: &VisibleText, label: &FoundLabel) -> Option<Range<usize>> {
    // In front of a weaker name, a word that looks like a secret is another thing as often.
    if label.force != LabelForce::Strong {
        return None;
    }
    let is_gap = |c: char| c.is_whitespace() || is_quote(c) || "([".contains(c);
    let mut end = back(text, label.place.start, is_gap);
    if end == label.place.start {
        return None;
    }
    let is_bracketed = text.text(&(end..label.place.start)).contains(['(', '[']);
    let mut joining = 0;
    while end > 0 {
        let start = back(text, end, |c| !c.is_whitespace() && !is_quote(c));
        let word = text.lower_text(&(start..end));
        if joining >= MOST_JOINING || !JOINING_WORDS.contains(&word.as_str()) {
            // Two words side by side say nothing about each other.
            let has_reason = joining > 0 || is_bracketed;
            return (has_reason && looks_secret(&word)).then_some(start..end);
        }
        joining += 1;
        end = back(text, start, |c| c.is_whitespace() || is_quote(c));
    }
    None
}

/// Fewest words of a passphrase behind a label for passwords.
const PASSPHRASE_WORDS: usize = 4;
/// The most words of a phrase that decide whether it is one.
const MOST_PHRASE_WORDS: usize = 26;
/// The longest word of a phrase, with the blank behind it.
const LONGEST_PHRASE_WORD: usize = 12;

/// Returns the random words behind a label: a passphrase.
fn phrase_behind(text: &VisibleText, label: &FoundLabel) -> Option<Range<usize>> {
    (label.force == LabelForce::Strong)
        .then(|| phrase_at(text, label.place.end, PASSPHRASE_WORDS))
        .flatten()
}

/// Returns the random words behind a label that ends here, if they are as many.
pub(super) fn phrase_at(text: &VisibleText, end: usize, least: usize) -> Option<Range<usize>> {
    let closed = closed_label(text, end, looks_secret);
    let ValueSeparation {
        separator, start, ..
    } = separator_behind(text, closed);
    let has_separator = matches!(
        separator,
        ValueSeparator::Assigned | ValueSeparator::Sign | ValueSeparator::Verb
    );
    if !has_separator || start == end {
        return None;
    }
    let start = text.skip(start, is_quote);
    let longest = start + MOST_PHRASE_WORDS * LONGEST_PHRASE_WORD;
    let last = text.skip_until(start, longest, |c| c.is_ascii_lowercase() || c == ' ');
    let phrase = text.text(&(start..last));
    let mut words: Vec<&str> = phrase.split_whitespace().collect();
    words.truncate(MOST_PHRASE_WORDS);
    is_word_phrase(&words, least).then_some(start..last)
}
