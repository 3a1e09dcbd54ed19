//! Passwords beside the names of those who have them, and the words of wallets: `Login: admin / x`.

use super::label_search::{FoundLabel, LabelWord};
use super::labelled_values::phrase_at;
use super::secret_labels::{LabelForce, is_login_label, is_seed_label, is_user_label};
use super::secret_values::{is_placeholder, looks_secret, looks_typed};
use super::value_facts::ValueSeparator;
use super::value_search::{back, is_quote, separator_behind, value_at};
use super::visible_text::VisibleText;
use std::ops::Range;

/// Signs between the name of somebody and a password.
const PAIR_SIGNS: &str = "/:|,";
/// Fewest words of a wallet behind a label that says so, and behind `seed`.
const WALLET_WORDS: usize = 8;
const SEED_WORDS: usize = 12;
/// The most characters of the name of somebody.
const LONGEST_NAME: usize = 80;
/// Fewest characters of a password that is known by the name beside it alone.
const SHORTEST_BESIDE_NAME: usize = 6;

/// Returns the passwords beside names, and the words of wallets: `Login: admin / Xk29-qq81`.
pub(super) fn login_secrets(text: &VisibleText, words: &[LabelWord]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (index, last) in words.iter().enumerate() {
        let is_inside = found
            .last()
            .is_some_and(|known| last.place.start < known.end);
        // Few words have a sign, a name or a bracket behind them.
        if is_inside || !may_name_login(text, last) {
            continue;
        }
        // A name may have two words, as `seed phrase` has.
        for first in index.saturating_sub(1)..=index {
            let label: Vec<String> = words[first..=index]
                .iter()
                .map(|word| word.lower(text))
                .collect();
            let label = label.join(" ");
            if label == "seed" {
                found.extend(phrase_at(text, last.place.end, SEED_WORDS));
            } else if is_seed_label(&label) {
                found.extend(phrase_at(text, last.place.end, WALLET_WORDS));
            } else if is_login_label(&label) {
                found.extend(password_of_pair(text, last.place.end, &label));
                found.extend(bracketed_login(text, &last.place));
            } else if label == "p" && follows_login(text, last.place.start) {
                let separation = separator_behind(text, last.place.end);
                let value = value_at(text, separation.start);
                found.extend(value.map(|value| value.whole(text).place));
            }
        }
    }
    found.extend(mail_secrets(text));
    found
}

fn may_name_login(text: &VisibleText, word: &LabelWord) -> bool {
    let sign = text.skip(word.place.end, |c| c == ' ');
    let has_sign = text.at(sign).is_some_and(|c| ":=-→)]".contains(c));
    let first = text.lower.get(word.place.start);
    // Credentials need no sign.
    has_sign || (sign > word.place.end && first.is_some_and(|c| matches!(c, 'c' | 'z' | 'i')))
}

/// Returns the password behind a label, a sign, a name and another sign.
fn password_of_pair(text: &VisibleText, end: usize, label: &str) -> Option<Range<usize>> {
    let separation = separator_behind(text, end);
    let is_sure = !is_user_label(label);
    match separation.separator {
        ValueSeparator::Assigned | ValueSeparator::Sign => {}
        ValueSeparator::Blank if is_sure => {}
        _ => return None,
    }
    let has_sign = separation.separator != ValueSeparator::Blank;
    pair_at(text, separation.start, is_sure && has_sign)
}

/// Returns the password of a name and a password with a sign between them.
///
/// `is_sure`: nothing else than a name and a password is here.
fn pair_at(text: &VisibleText, start: usize, is_sure: bool) -> Option<Range<usize>> {
    let is_name = |c: char| c.is_alphanumeric() || "._-@".contains(c);
    let name_end = text.skip_until(start, start + LONGEST_NAME, is_name);
    let sign = text.skip(name_end, |c| c == ' ');
    let is_pair = name_end > start && text.at(sign).is_some_and(|c| PAIR_SIGNS.contains(c));
    if !is_pair {
        return None;
    }
    // `admin / x` with blanks may be two words of prose, so it must look like a secret.
    let is_attached = sign == name_end && !text.at(sign + 1).is_some_and(char::is_whitespace);
    let value = value_at(text, text.skip(sign + 1, |c| c == ' '))?;
    let word = text.text(&value.place);
    let is_long = word.chars().count() >= SHORTEST_BESIDE_NAME && !is_placeholder(&word);
    let is_secret = looks_secret(&word) || looks_typed(&word);
    (is_secret || (is_sure && is_attached && is_long)).then(|| value.whole(text).place)
}

/// Returns the password behind a label such as `user/pass`, or behind a name and another sign.
pub(super) fn pair_behind(text: &VisibleText, label: &FoundLabel) -> Option<Range<usize>> {
    let is_password = matches!(label.force, LabelForce::Strong | LabelForce::Likely);
    let start = label.place.start;
    if !is_password {
        return None;
    }
    let sign = start.saturating_sub(1);
    let name = back(text, sign, char::is_alphanumeric);
    let is_pair = text.before(start).is_some_and(|c| "/:&+".contains(c));
    let is_user = is_pair && is_user_label(&text.lower_text(&(name..sign)));
    let separation = separator_behind(text, label.place.end);
    let has_sign = matches!(
        separation.separator,
        ValueSeparator::Assigned | ValueSeparator::Sign | ValueSeparator::Verb
    );
    has_sign
        .then(|| pair_at(text, separation.start, is_user))
        .flatten()
}

/// Whether the name of somebody is in front of a label: `user: me password: x`.
pub(super) fn follows_login(text: &VisibleText, start: usize) -> bool {
    let is_gap = |c: char| c.is_whitespace() || is_quote(c) || ",;/|".contains(c);
    let end = back(text, start, is_gap);
    let name = back(text, end, |c| !c.is_whitespace() && !":=".contains(c));
    let sign = back(text, name, |c| c.is_whitespace() || is_quote(c));
    let has_sign = text.before(sign).is_some_and(|c| c == ':' || c == '=');
    if end == start || name == end || !has_sign {
        return false;
    }
    let label_end = back(text, sign, |c| {
        c.is_whitespace() || is_quote(c) || ":=".contains(c)
    });
    let label = back(text, label_end, char::is_alphanumeric);
    is_user_label(&text.lower_text(&(label..label_end)))
}

/// Returns the passwords beside addresses of mail: `me@example.com / x`.
fn mail_secrets(text: &VisibleText) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let at = text.skip(start, |c| c != '@');
        let host = text.skip(at, |c| c.is_alphanumeric() || "@.-".contains(c));
        // `@name` is a name of social media.
        let has_name = text.before(at).is_some_and(char::is_alphanumeric);
        let is_mail = has_name && text.text(&(at..host)).contains('.');
        start = host.max(at + 1);
        if is_mail && let Some(secret) = pair_at(text, at, true) {
            start = start.max(secret.end);
            found.push(secret);
        }
    }
    found
}

/// Returns the password of a pair in front of a label in brackets: `me / x (login)`.
fn bracketed_login(text: &VisibleText, label: &Range<usize>) -> Option<Range<usize>> {
    let open = label.start.checked_sub(1)?;
    let is_bracketed =
        matches!(text.at(open), Some('(' | '[')) && matches!(text.at(label.end), Some(')' | ']'));
    if !is_bracketed {
        return None;
    }
    let end = back(text, open, char::is_whitespace);
    let start = back(text, end, |c| !c.is_whitespace());
    looks_secret(&text.text(&(start..end))).then_some(start..end)
}
