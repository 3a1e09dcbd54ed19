//! Finds where the value of a label is: what stands between the two, and where the value ends.

use super::value_facts::ValueSeparator;
use super::visible_text::VisibleText;
use crate::base::letter_clusters::bare_letter;
use std::ops::Range;

/// Words between a label and its value: forms of "is".
const IS_WORDS: &[&str] = &[
    "is",
    "was",
    "are",
    "will be",
    "should be",
    "is now",
    "is set to",
    "is either",
    "is still",
    "ist",
    "war",
    "lautet",
    "est",
    "es",
    "e",
    "to",
    "jest",
    "je",
    "ar",
    "er",
    "on",
    "là",
    "adalah",
    "это",
    "هو",
    "هي",
    "है",
    "คือ",
    "是",
    "为",
    "為",
    "は",
    "는",
    "은",
];
/// Words behind a label that say what it is for: `password for the router is`.
pub(super) const QUALIFIERS: &[&str] = &[
    "for", "of", "to", "on", "at", "in", "für", "fürs", "vom", "von", "zum", "zur", "im", "am",
    "du", "de", "des", "pour", "del", "della", "di", "para", "per", "do", "da", "dos", "voor",
    "van", "till", "för", "til", "na", "k", "ke", "от", "для", "к", "на", "al", "lwifi",
];
/// The most words between the qualifier and the sign behind it.
const MOST_QUALIFYING: usize = 5;
/// The most characters of a word that qualifies a label.
const LONGEST_QUALIFYING: usize = 40;
/// Names of what has the value of a name beside it: `name="password" value="x"`.
const VALUE_NAMES: &[&str] = &["value", "val", "content", "default"];
/// The most characters of a remark in brackets behind a label.
const LONGEST_REMARK: usize = 40;
/// The most characters of a value that decide whether it is a secret.
// A text of megabytes may have a label in every word, and a quote that never ends.
const LONGEST_LOOK: usize = 512;
/// The most characters in front of a place that are looked at for one word.
const LONGEST_BACK: usize = 256;
/// The most characters of the name of a field.
const LONGEST_FIELD: usize = 24;

/// What is between a label and its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueSeparation {
    pub(super) separator: ValueSeparator,
    /// Where the value begins.
    pub(super) start: usize,
    /// Whether a verb and a sign are both there, as in `the password is: x`.
    pub(super) is_explicit: bool,
}

impl ValueSeparation {
    const fn new(separator: ValueSeparator, start: usize) -> Self {
        Self {
            separator,
            start,
            is_explicit: false,
        }
    }
}

/// A value, without its quotes.
pub(super) struct FoundValue {
    pub(super) place: Range<usize>,
    /// The place behind it and its quotes.
    pub(super) end: usize,
    pub(super) is_quoted: bool,
    /// Whether it is longer than what was looked at.
    is_cut: bool,
}

impl FoundValue {
    /// Returns all of a value, of which a part was enough to know it.
    pub(super) fn whole(self, text: &VisibleText) -> Self {
        if !self.is_cut {
            return self;
        }
        let end = text.skip(self.end, |c| !c.is_whitespace());
        let place = self.place.start..end;
        Self { place, end, ..self }
    }
}

/// Returns the place behind the quotes and brackets that close a label, and behind a remark.
pub(super) fn closed_label(
    text: &VisibleText,
    end: usize,
    is_secret: impl Fn(&str) -> bool,
) -> usize {
    let end = text.skip(end, |c| is_quote(c) || "])_".contains(c));
    let remark = text.skip(end, char::is_whitespace);
    let close = match text.at(remark) {
        Some('(') => ')',
        Some('[') => ']',
        _ => return end,
    };
    let last = text.skip_until(remark, remark + LONGEST_REMARK + 1, |c| c != close);
    let remark = text.text(&(remark + 1..last.max(remark + 1)));
    // What is in the brackets may be the value.
    if text.at(last) == Some(close) && !is_secret(&remark) {
        return last + 1;
    }
    end
}

/// Returns what is behind a label, and where the value begins.
pub(super) fn separator_behind(text: &VisibleText, from: usize) -> ValueSeparation {
    let blank = |c: char| c.is_whitespace();
    let start = text.skip(from, blank);
    let signs = text.skip(start, |c| ":=>-|→⇒➔➜~—–?".contains(c));
    let sign = text.text(&(start..signs));
    if sign.contains('=') {
        return ValueSeparation::new(ValueSeparator::Assigned, text.skip(signs, blank));
    }
    // A hyphen of a name or of an option is no sign.
    if !sign.is_empty() && (sign != "-" || start > from) {
        return ValueSeparation::new(ValueSeparator::Sign, text.skip(signs, blank));
    }
    let dots = text.skip(start, |c| c == '.');
    if dots >= start + 2 {
        return ValueSeparation::new(ValueSeparator::Sign, text.skip(dots, blank));
    }
    if let Some(behind) = word_behind(text, start, IS_WORDS) {
        let value = text.skip(behind, |c| c == ':' || c.is_whitespace());
        let is_explicit = text.text(&(behind..value)).contains(':');
        let separator = match is_explicit {
            true => ValueSeparator::Sign,
            false => ValueSeparator::Verb,
        };
        return ValueSeparation {
            separator,
            start: value,
            is_explicit,
        };
    }
    if text.at(start).is_some_and(|c| ",;/".contains(c)) {
        return ValueSeparation::new(ValueSeparator::Mark, text.skip(start + 1, blank));
    }
    // Columns of a table may be apart by a tabulator.
    let separator = match text.text(&(from..start)).contains('\t') {
        true => ValueSeparator::Sign,
        false => ValueSeparator::Blank,
    };
    ValueSeparation::new(separator, start)
}

/// Returns what is behind a label that says what it is for, as in `password for the router: x`.
pub(super) fn qualified_separator(text: &VisibleText, from: usize) -> Option<ValueSeparation> {
    let first = text.skip(from, |c| c == ' ');
    if first == from {
        return None;
    }
    let mut at = word_behind(text, first, QUALIFIERS)?;
    for _ in 0..MOST_QUALIFYING {
        let is_of_word = |c: char| !c.is_whitespace() && !":=→,;?!".contains(c);
        let end = text.skip_until(at, at + LONGEST_QUALIFYING, is_of_word);
        if end == at {
            return None;
        }
        let found = separator_behind(text, end);
        match found.separator {
            ValueSeparator::Assigned | ValueSeparator::Sign | ValueSeparator::Verb => {
                // A dash or a question mark divides sentences.
                let sign = text.text(&(end..found.start));
                let is_clear = found.separator == ValueSeparator::Verb
                    || sign.contains([':', '=', '>', '→', '⇒']);
                return is_clear.then_some(found);
            }
            ValueSeparator::Blank if found.start > end => at = found.start,
            _ => return None,
        }
    }
    None
}

/// Returns what is behind a name that has its value in another field: `name="password" value="x"`.
pub(super) fn named_value(text: &VisibleText, from: usize) -> Option<ValueSeparation> {
    let start = text.skip(from, |c| c.is_whitespace() || is_quote(c) || c == ',');
    if start == from {
        return None;
    }
    let end = text.skip_until(start, start + LONGEST_FIELD, char::is_alphanumeric);
    let name = text.lower_text(&(start..end));
    if !VALUE_NAMES.contains(&name.as_str()) {
        return None;
    }
    let found = separator_behind(text, text.skip(end, is_quote));
    matches!(
        found.separator,
        ValueSeparator::Assigned | ValueSeparator::Sign
    )
    .then_some(ValueSeparation::new(ValueSeparator::Assigned, found.start))
}

/// Returns what is behind a name in one element of XML whose value is in the next:
/// `<key>password</key><string>x</string>`.
pub(super) fn tagged_value(text: &VisibleText, from: usize) -> Option<ValueSeparation> {
    let mut at = from;
    for sign in ["</", "<"] {
        if !text.text(&(at..at + sign.len())).starts_with(sign) {
            return None;
        }
        let end = text.skip_until(at, at + LONGEST_FIELD, |c| c != '>');
        if text.at(end) != Some('>') {
            return None;
        }
        at = text.skip(end + 1, char::is_whitespace);
    }
    Some(ValueSeparation::new(ValueSeparator::Assigned, at))
}

/// Returns the place behind the word at `from` and the blanks that follow it, if it is one of these.
pub(super) fn word_behind(text: &VisibleText, from: usize, words: &[&str]) -> Option<usize> {
    // Of those that fit, the longest: `is set to` begins as `is` does.
    let behind = words.iter().filter_map(|word| {
        let end = word
            .chars()
            .filter_map(bare_letter)
            .try_fold(from, |at, letter| {
                (text.lower.get(at) == Some(&letter)).then_some(at + 1)
            })?;
        // Languages without blanks write the value next to the word.
        let next = text.skip(end, char::is_whitespace);
        (next > end || text.at(end) == Some(':') || !word.is_ascii()).then_some(next)
    });
    behind.max()
}

/// Returns the value at a place.
pub(super) fn value_at(text: &VisibleText, from: usize) -> Option<FoundValue> {
    let start = text.skip(from, |c| "([{".contains(c));
    match text.at(start).filter(|c| is_quote(*c)) {
        Some(quote) => quoted_value(text, start, quote).or_else(|| {
            // A quote that is never closed says nothing.
            plain_value(text, text.skip(start, is_quote))
        }),
        None => plain_value(text, start),
    }
}

fn quoted_value(text: &VisibleText, open: usize, quote: char) -> Option<FoundValue> {
    let start = text.skip(open, is_quote);
    let end = quoted_end(text, start, quote)?;
    let is_blank = |c: char| c == ' ';
    let first = text.skip(start, is_blank).min(end);
    let last = back(text, end, is_blank).max(first);
    (last > first).then_some(FoundValue {
        place: first..last,
        end: end + 1,
        is_quoted: true,
        is_cut: false,
    })
}

fn plain_value(text: &VisibleText, start: usize) -> Option<FoundValue> {
    let mut end = start;
    while end < start + LONGEST_LOOK && !ends_value(text, end) {
        end += 1;
    }
    let is_cut = end == start + LONGEST_LOOK;
    let mut last = end;
    while last > start && text.before(last).is_some_and(|c| ",.:!?)]}'".contains(c)) {
        last -= 1;
    }
    (last > start).then_some(FoundValue {
        place: start..last,
        end,
        is_quoted: text.before(start).is_some_and(is_quote),
        is_cut,
    })
}

/// Whether a value without quotes ends before this character.
fn ends_value(text: &VisibleText, index: usize) -> bool {
    let next = || text.at(index + 1);
    match text.at(index) {
        None | Some('<') => true,
        Some(c) if c.is_whitespace() => true,
        Some('"') => !next().is_some_and(char::is_alphanumeric),
        // The words of a link end before its address.
        Some(']') => next() == Some('('),
        // The next cell of a table.
        Some('|') if text.at(0) == Some('|') => true,
        Some(';' | '|') => {
            !next().is_some_and(|c| c.is_alphanumeric()) || begins_field(text, index + 1)
        }
        Some(_) => false,
    }
}

/// Whether the name of a field and a sign are at a place: `User Id=`, `token:`.
pub(super) fn begins_field(text: &VisibleText, start: usize) -> bool {
    let is_of_name = |c: char| c.is_alphanumeric() || "_- ".contains(c);
    let last = text.skip_until(start, start + LONGEST_FIELD, is_of_name);
    let end = text.skip_until(last, last + 1, is_quote);
    last > start && text.at(end).is_some_and(|c| c == '=' || c == ':')
}

/// Returns where a text in quotes ends. A doubled quote is part of it, and so is one behind a
/// backslash, if the first has none. `None`: it does not end.
fn quoted_end(text: &VisibleText, start: usize, quote: char) -> Option<usize> {
    let is_nested = start
        .checked_sub(1)
        .is_some_and(|open| text.is_escaped(open));
    let mut end = start;
    while end < start + LONGEST_LOOK {
        let is_escaped = !is_nested && text.is_escaped(end);
        if text.at(end)? == quote && !is_escaped {
            if text.at(end + 1) != Some(quote) {
                return Some(end);
            }
            end += 1;
        }
        end += 1;
    }
    None
}

pub(super) const fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'')
}

/// Returns the first of the characters in front of a place that are all of a kind.
pub(super) fn back(text: &VisibleText, from: usize, is_kind: impl Fn(char) -> bool) -> usize {
    let mut index = from;
    // A word of megabytes may have labels all through it.
    let least = from.saturating_sub(LONGEST_BACK);
    while index > least && text.before(index).is_some_and(&is_kind) {
        index -= 1;
    }
    index
}
