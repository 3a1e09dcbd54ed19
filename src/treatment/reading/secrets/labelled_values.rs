//! Secrets by the label in front of them: `password: x`, `API_KEY="x"`, `Authorization: Bearer x`.

use super::command_secrets::command_secrets;
use super::secret_labels::{
    LabelForce, is_about_secrets, is_login_label, is_seed_label, label_of, label_without_blanks,
    may_begin_label, undisguised,
};
use super::secret_values::{is_word_phrase, looks_secret, looks_typed};
use super::value_facts::{ValueFacts, ValueSeparator};
use super::visible_text::VisibleText;
use std::ops::Range;

/// Words between a label and its value: forms of "is".
const IS_WORDS: &[&str] = &[
    "is", "was", "are", "will be", "ist", "war", "lautet", "est", "es", "e", "to", "jest", "je",
    "это", "是", "为", "為", "は", "는", "은",
];
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
/// The most words of a line that is the name of a secret, without a sign behind it.
const LONGEST_NAME: usize = 4;
/// The most characters of a remark in brackets behind a label.
const LONGEST_REMARK: usize = 40;

/// A word of the text: its characters.
struct LabelWord {
    place: Range<usize>,
}

impl LabelWord {
    /// Returns the letters without case.
    fn lower(&self, text: &VisibleText) -> String {
        let letters = text.lower.get(self.place.clone());
        letters.unwrap_or_default().iter().collect()
    }
}

/// A label that was found.
struct FoundLabel {
    place: Range<usize>,
    force: LabelForce,
    /// Whether it is written as programs do: joined, or in front of or behind a `_`.
    is_identifier: bool,
}

/// Returns the characters of every value that its label makes a secret.
pub(super) fn value_places(text: &VisibleText) -> Vec<Range<usize>> {
    let words = words_of(text);
    let mut found = Vec::new();
    let mut index = 0;
    while index < words.len() {
        match label_at(text, &words, index) {
            Some((label, next)) => {
                found.extend(values_behind(text, &label));
                found.extend(value_before(text, &label));
                found.extend(phrase_behind(text, &label));
                index = next.max(index + 1);
            }
            None => index += 1,
        }
    }
    found.extend(command_secrets(text));
    found.extend(login_secrets(text, &words));
    found
}

/// Whether a text ends with a label, so that its value is on the next line.
pub(in crate::treatment) fn waits_for_secret(text: &str) -> bool {
    // Most lines are sentences.
    let is_open = text
        .trim_end()
        .ends_with([':', '=', '>', '*', '_', '`', '"', '\'', ')', '：']);
    if !is_open && text.split_whitespace().nth(LONGEST_NAME).is_some() {
        return false;
    }
    let text = VisibleText::new(text);
    last_label(&text).is_some_and(|end| {
        let rest = text.text(&(end..text.len()));
        let rest = rest.trim_matches(|c: char| c.is_whitespace() || "\"'_)]".contains(c));
        matches!(rest, "" | ":" | "=" | "->" | "=>")
    })
}

/// Whether a text is nothing but a label, as the cell of a table is, and says so surely. `None`: it
/// is something else.
pub(in crate::treatment) fn names_secret_alone(text: &str) -> Option<bool> {
    let visible = VisibleText::new(text);
    let words = words_of(&visible);
    let mut from = 0;
    // A word or two may be in front: `Wi-Fi password`, `AWS secret key`.
    while from < words.len().min(4) {
        if let Some((label, next)) = label_at(&visible, &words, from) {
            let is_strong = is_sure(label.force);
            return (next >= words.len()).then_some(is_strong);
        }
        from += 1;
    }
    None
}

/// Whether a label is about little else than secrets.
const fn is_sure(force: LabelForce) -> bool {
    matches!(force, LabelForce::Strong | LabelForce::Key)
}

fn last_label(text: &VisibleText) -> Option<usize> {
    let words = words_of(text);
    let mut found = None;
    let mut index = 0;
    while index < words.len() {
        match label_at(text, &words, index) {
            Some((label, next)) => {
                let is_strong = is_sure(label.force);
                found = is_strong.then_some(label.place.end);
                index = next.max(index + 1);
            }
            None => index += 1,
        }
    }
    found
}

/// Returns the words of a text. A capital behind a small letter begins one.
fn words_of(text: &VisibleText) -> Vec<LabelWord> {
    let mut words = Vec::new();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, |c| !c.is_alphanumeric());
        let mut end = start;
        while text.at(end).is_some_and(char::is_alphanumeric) {
            let is_hump = end > start
                && text.at(end).is_some_and(char::is_uppercase)
                && text.before(end).is_some_and(char::is_lowercase);
            if is_hump {
                break;
            }
            end += 1;
        }
        if end > start {
            words.push(LabelWord { place: start..end });
        }
        start = end.max(start);
    }
    words
}

/// Returns the label that begins with this word, and the word behind it.
fn label_at(text: &VisibleText, words: &[LabelWord], index: usize) -> Option<(FoundLabel, usize)> {
    let word = words.get(index)?;
    let letters = text.lower.get(word.place.clone())?;
    if is_disguised(text, word) {
        let place = word.place.clone();
        let label = FoundLabel {
            place,
            force: LabelForce::Strong,
            is_identifier: false,
        };
        return Some((label, index + 1));
    }
    if !may_begin_label(letters) {
        return None;
    }
    let lower = word.lower(text);
    if !lower.is_ascii()
        && let Some(inside) = label_without_blanks(&lower)
    {
        let start = word.place.start;
        let place = start + inside.start..start + inside.end;
        let force = LabelForce::Strong;
        let label = FoundLabel {
            place,
            force,
            is_identifier: false,
        };
        return Some((label, index + 1));
    }
    let joined = joined_words(text, words, index);
    let (count, force) = label_of(&joined)?;
    let last = words.get(index + count - 1)?;
    let (end, next) = label_end(text, words, index + count)?;
    let place = word.place.start..end.max(last.place.end);
    let written = text.text(&place);
    let is_part = text.before(place.start) == Some('_') || written.contains('_');
    let is_joined = count > 1 && !written.contains(' ');
    let is_header = written.contains('-') || text.before(place.start) == Some('-');
    let force = match force {
        // `DB_PASS` is the name of a value in a program.
        LabelForce::Likely if is_part => LabelForce::Strong,
        force => force,
    };
    let is_identifier = is_part || is_joined || is_header;
    Some((
        FoundLabel {
            place,
            force,
            is_identifier,
        },
        next,
    ))
}

/// Whether a word is a label in which other signs stand for letters.
fn is_disguised(text: &VisibleText, word: &LabelWord) -> bool {
    let letters = text.lower.get(word.place.clone()).unwrap_or_default();
    if letters.iter().all(char::is_ascii_lowercase) {
        return false;
    }
    undisguised(&word.lower(text)).is_some_and(|plain| {
        let label = label_of(std::slice::from_ref(&plain));
        matches!(label, Some((1, LabelForce::Strong)))
    })
}

/// Returns the words from here on that are joined as the parts of a label are.
fn joined_words(text: &VisibleText, words: &[LabelWord], index: usize) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut end = None;
    for word in words.iter().skip(index).take(4) {
        let is_joined = end.is_none_or(|end| {
            let between = text.text(&(end..word.place.start));
            between.chars().count() <= 2 && between.chars().all(|c| " _-.'".contains(c))
        });
        if !is_joined {
            break;
        }
        joined.push(word.lower(text));
        end = Some(word.place.end);
    }
    joined
}

/// Returns where a label ends that may go on, as `SECRET_KEY_BASE` does, and the word behind it.
/// `None`: it continues as the name of something else, such as `password_file`.
fn label_end(text: &VisibleText, words: &[LabelWord], next: usize) -> Option<(usize, usize)> {
    let mut end = words.get(next.checked_sub(1)?)?.place.end;
    let mut index = next;
    while let Some(word) = words.get(index) {
        let between = text.text(&(end..word.place.start));
        let is_joined = matches!(between.as_str(), "_" | "-" | "");
        if is_joined && is_about_secrets(&word.lower(text)) {
            return None;
        }
        let goes_on = between == "_" || (between.is_empty() && word.place.len() < 12);
        if !goes_on {
            break;
        }
        end = word.place.end;
        index += 1;
    }
    Some((end, index))
}

/// Returns the values of a label that are secrets.
fn values_behind(text: &VisibleText, label: &FoundLabel) -> Vec<Range<usize>> {
    let is_quoted_label = text.before(label.place.start).is_some_and(is_quote)
        && text.at(label.place.end).is_some_and(is_quote);
    let closed = closed_label(text, label.place.end);
    let (separator, mut start) = separator_behind(text, closed);
    // Languages without blanks write the value next to the label.
    let is_next = text.at(closed).is_some_and(|c| c.is_ascii_alphanumeric())
        && text.before(closed).is_some_and(|c| !c.is_ascii());
    if separator == ValueSeparator::Blank && start == closed && !is_next {
        return Vec::new();
    }
    let mut has_scheme = false;
    if let Some(behind) = word_behind(text, start, SCHEMES) {
        has_scheme = true;
        start = behind;
    }
    let between = text.text(&(label.place.end..start));
    let is_attached = !between.contains(char::is_whitespace);
    // Of `DB_PASS`, the label is the last word.
    let name_start = match label.is_identifier {
        true => back(text, label.place.start, |c| {
            c.is_alphanumeric() || "_-".contains(c)
        }),
        false => label.place.start,
    };
    let mut found = Vec::new();
    // A passphrase may have several words, each of which looks like a secret.
    while let Some((value, end)) = value_at(text, start) {
        let facts = ValueFacts {
            force: label.force,
            is_identifier: label.is_identifier,
            separator,
            is_attached: is_attached && found.is_empty(),
            is_quoted: text.before(value.start).is_some_and(is_quote),
            is_quoted_label,
            has_scheme,
            is_alone: begins_phrase(text, name_start) && ends_phrase(text, end),
        };
        let word = text.text(&value);
        if !facts.is_secret(&word) || (!found.is_empty() && !looks_secret(&word)) {
            break;
        }
        found.push(value);
        start = text.skip(end, |c| c == ' ' || c == '\t');
        if start == end {
            break;
        }
    }
    found
}

/// Returns the place behind the quotes and brackets that close a label, and behind a remark.
fn closed_label(text: &VisibleText, end: usize) -> usize {
    let mut end = text.skip(end, |c| is_quote(c) || "])_".contains(c));
    let remark = text.skip(end, char::is_whitespace);
    if text.at(remark) == Some('(') {
        let close = text.skip(remark, |c| c != ')');
        if close - remark <= LONGEST_REMARK && text.at(close) == Some(')') {
            end = close + 1;
        }
    }
    end
}

/// Returns what is behind a label, and where the value begins.
fn separator_behind(text: &VisibleText, from: usize) -> (ValueSeparator, usize) {
    let blank = |c: char| c.is_whitespace();
    let start = text.skip(from, blank);
    let signs = text.skip(start, |c| ":=>-|→⇒➔➜~—–?".contains(c));
    let sign = text.text(&(start..signs));
    if sign.contains('=') {
        return (ValueSeparator::Assigned, text.skip(signs, blank));
    }
    // A hyphen of a name or of an option is no sign.
    if !sign.is_empty() && (sign != "-" || start > from) {
        return (ValueSeparator::Sign, text.skip(signs, blank));
    }
    match word_behind(text, start, IS_WORDS) {
        Some(behind) => {
            let colon = text.skip(behind, |c| c == ':' || c.is_whitespace());
            (ValueSeparator::Verb, colon)
        }
        None if text.at(start).is_some_and(|c| ",;/".contains(c)) => {
            (ValueSeparator::Mark, text.skip(start + 1, blank))
        }
        None => (ValueSeparator::Blank, start),
    }
}

/// Returns the place behind the word at `from` and the blanks that follow it, if it is one of
/// these.
fn word_behind(text: &VisibleText, from: usize, words: &[&str]) -> Option<usize> {
    words.iter().find_map(|word| {
        let letters: Vec<char> = word.chars().collect();
        let end = from + letters.len();
        if text.lower.get(from..end)? != letters.as_slice() {
            return None;
        }
        // Languages without blanks write the value next to the word.
        let next = text.skip(end, char::is_whitespace);
        (next > end || !word.is_ascii()).then_some(next)
    })
}

/// Returns the value at a place, without its quotes, and the place behind it.
fn value_at(text: &VisibleText, from: usize) -> Option<(Range<usize>, usize)> {
    let start = text.skip(from, |c| "([{".contains(c));
    let quote = text.at(start).filter(|c| is_quote(*c));
    if let Some(quote) = quote {
        let start = text.skip(start, is_quote);
        let end = quoted_end(text, start, quote);
        return (end > start).then_some((start..end, end + 1));
    }
    let end = text.skip(start, |c| !c.is_whitespace() && !";|\"<".contains(c));
    let mut last = end;
    while last > start && text.before(last).is_some_and(|c| ",.:!?)]}'".contains(c)) {
        last -= 1;
    }
    (last > start).then_some((start..last, end))
}

/// Returns where a text in quotes ends. A doubled quote is part of it, and so is one behind a
/// backslash, if the first has none.
fn quoted_end(text: &VisibleText, start: usize, quote: char) -> usize {
    let is_nested = start
        .checked_sub(1)
        .is_some_and(|open| text.is_escaped(open));
    let mut end = start;
    while let Some(c) = text.at(end) {
        let is_escaped = !is_nested && text.is_escaped(end);
        if c == quote && !is_escaped {
            if text.at(end + 1) != Some(quote) {
                break;
            }
            end += 1;
        }
        end += 1;
    }
    end.min(text.len())
}

const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}

/// Whether nothing of a sentence is in front of a label.
fn begins_phrase(text: &VisibleText, start: usize) -> bool {
    let before = text.text(&(0..start));
    let before = before.trim_end_matches(|c: char| c.is_whitespace() || is_quote(c));
    let last = before.chars().next_back();
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next();
    let is_assigner = word.is_some_and(|word| ASSIGNERS.contains(&word.to_lowercase().as_str()));
    last.is_none_or(|last| !last.is_alphanumeric() && !"_)".contains(last)) || is_assigner
}

/// Whether nothing of a sentence is behind a value.
fn ends_phrase(text: &VisibleText, end: usize) -> bool {
    let next = text.skip(end, |c| {
        c.is_whitespace() || is_quote(c) || ".!)]}".contains(c)
    });
    text.at(next).is_none_or(|c| ";|,\n\\/<".contains(c))
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
        let word = text.text(&(start..end)).to_lowercase();
        if joining >= MOST_JOINING || !JOINING_WORDS.contains(&word.as_str()) {
            let has_reason = joining > 0 || is_bracketed;
            return (has_reason && looks_secret(&word)).then_some(start..end);
        }
        joining += 1;
        end = back(text, start, |c| c.is_whitespace() || is_quote(c));
    }
    None
}

/// The most characters in front of a label that are looked at for one word.
const LONGEST_BACK: usize = 256;

/// Returns the first of the characters in front of a place that are all of a kind.
fn back(text: &VisibleText, from: usize, is_kind: impl Fn(char) -> bool) -> usize {
    let mut index = from;
    // A word of megabytes may have labels all through it.
    let least = from.saturating_sub(LONGEST_BACK);
    while index > least && text.before(index).is_some_and(&is_kind) {
        index -= 1;
    }
    index
}

/// Fewest words of a passphrase behind a label for passwords, and of a wallet.
const PASSPHRASE_WORDS: usize = 4;
const WALLET_WORDS: usize = 8;

/// Returns the random words behind a label: a passphrase, or the words of a wallet.
fn phrase_behind(text: &VisibleText, label: &FoundLabel) -> Option<Range<usize>> {
    (label.force == LabelForce::Strong)
        .then(|| phrase_at(text, label.place.end, PASSPHRASE_WORDS))
        .flatten()
}

fn phrase_at(text: &VisibleText, end: usize, least: usize) -> Option<Range<usize>> {
    let (separator, start) = separator_behind(text, closed_label(text, end));
    let is_told = matches!(
        separator,
        ValueSeparator::Assigned | ValueSeparator::Sign | ValueSeparator::Verb
    );
    if !is_told || start == end {
        return None;
    }
    let start = text.skip(start, is_quote);
    let last = text.skip(start, |c| c.is_ascii_lowercase() || c == ' ');
    let said = text.text(&(start..last));
    let words: Vec<&str> = said.split_whitespace().collect();
    is_word_phrase(&words, least).then_some(start..last)
}

/// Signs between the name of somebody and a password.
const PAIR_SIGNS: &str = "/:|,";

/// Returns the passwords beside names, and the words of wallets: `Login: admin / Xk29-qq81`.
fn login_secrets(text: &VisibleText, words: &[LabelWord]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (index, last) in words.iter().enumerate() {
        // Few words have a sign behind them.
        let sign = text.skip(last.place.end, |c| c == ' ');
        if !text.at(sign).is_some_and(|c| ":=-→".contains(c)) {
            continue;
        }
        for first in index.saturating_sub(1)..=index {
            let label: Vec<String> = words[first..=index]
                .iter()
                .map(|word| word.lower(text))
                .collect();
            let label = label.join(" ");
            if is_seed_label(&label) {
                found.extend(phrase_at(text, last.place.end, WALLET_WORDS));
            } else if is_login_label(&label) {
                found.extend(password_of_pair(text, last.place.end));
            }
        }
    }
    found
}

/// Returns the password behind a label, a sign, a name and another sign.
fn password_of_pair(text: &VisibleText, end: usize) -> Option<Range<usize>> {
    let (separator, start) = separator_behind(text, end);
    if !matches!(separator, ValueSeparator::Assigned | ValueSeparator::Sign) {
        return None;
    }
    let is_name = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    let name_end = text.skip(start, is_name);
    let sign = text.skip(name_end, |c| c == ' ');
    let is_pair = name_end > start && text.at(sign).is_some_and(|c| PAIR_SIGNS.contains(c));
    if !is_pair {
        return None;
    }
    let (value, _) = value_at(text, text.skip(sign + 1, |c| c == ' '))?;
    let word = text.text(&value);
    (looks_secret(&word) || looks_typed(&word)).then_some(value)
}
