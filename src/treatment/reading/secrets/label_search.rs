//! Finds the words of a text that name a secret, also those in disguise.

use super::secret_labels::{
    LabelForce, is_about_secrets, label_of, label_without_blanks, may_begin_label, undisguised,
};
use super::value_search::back;
use super::visible_text::VisibleText;
use std::ops::Range;

/// The most words of a name that goes on behind its label, as `SECRET_KEY_BASE` does.
// A word of megabytes may have a label at every `_`.
const MOST_NAME_WORDS: usize = 12;
/// The longest label in disguise, in characters.
const LONGEST_DISGUISE: usize = 24;
/// Fewest letters of a label that is spelt out, as `P A S S` is.
const FEWEST_SPELT: usize = 4;

/// A word of the text: its characters.
pub(super) struct LabelWord {
    pub(super) place: Range<usize>,
}

impl LabelWord {
    /// Returns the letters without case.
    pub(super) fn lower(&self, text: &VisibleText) -> String {
        let letters = text.lower.get(self.place.clone());
        letters.unwrap_or_default().iter().collect()
    }
}

/// A label that was found.
pub(super) struct FoundLabel {
    pub(super) place: Range<usize>,
    pub(super) force: LabelForce,
    /// Whether it is written as programs do: joined, or in front of or behind a `_`.
    pub(super) is_identifier: bool,
}

impl FoundLabel {
    /// Returns a label that says surely that a password follows.
    const fn strong(place: Range<usize>) -> Self {
        Self {
            place,
            force: LabelForce::Strong,
            is_identifier: false,
        }
    }

    /// Returns where the name begins of which the label is a part. Of `DB_PASS`, it is the last word.
    pub(super) fn name_start(&self, text: &VisibleText) -> usize {
        match self.is_identifier {
            true => back(text, self.place.start, |c| {
                c.is_alphanumeric() || "_-".contains(c)
            }),
            false => self.place.start,
        }
    }
}

/// Returns the words of a text. A capital behind a small letter begins one.
pub(super) fn words_of(text: &VisibleText) -> Vec<LabelWord> {
    let mut words = Vec::new();
    let mut start = 0;
    while start < text.len() {
        start = text.skip(start, |c| !c.is_alphanumeric());
        let mut end = start;
        while text.at(end).is_some_and(char::is_alphanumeric) {
            // `dbPassword` has a label in it.
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
pub(super) fn label_at(
    text: &VisibleText,
    words: &[LabelWord],
    index: usize,
) -> Option<(FoundLabel, usize)> {
    let word = words.get(index)?;
    let letters = text.lower.get(word.place.clone())?;
    // Before plain labels: of a word in disguise, the plain part would be another label.
    let hidden = disguised_label(text, words, index).or_else(|| spelt_label(text, words, index));
    if hidden.is_some() {
        return hidden;
    }
    // Most words of a text end here, before anything is allocated for them.
    if !may_begin_label(letters) {
        return None;
    }
    let lower = word.lower(text);
    if !lower.is_ascii()
        && let Some(inside) = label_without_blanks(&lower)
    {
        let start = word.place.start;
        let place = start + inside.start..start + inside.end;
        return Some((FoundLabel::strong(place), index + 1));
    }
    let joined = joined_words(text, words, index);
    let (count, force) = label_of(&joined)?;
    let last = words.get(index + count - 1)?;
    let (end, next) = label_end(text, words, index + count)?;
    let place = word.place.start..end.max(last.place.end);
    Some((named_label(text, place, count, force), next))
}

/// Returns a label of this many words, with what its writing says about it.
fn named_label(
    text: &VisibleText,
    place: Range<usize>,
    count: usize,
    force: LabelForce,
) -> FoundLabel {
    let written = text.text(&place);
    let is_part = text.before(place.start) == Some('_') || written.contains('_');
    let is_joined = count > 1 && !written.contains(' ');
    let is_header = written.contains('-') || text.before(place.start) == Some('-');
    let force = match force {
        // `DB_PASS` is the name of a value in a program.
        LabelForce::Likely if is_part => LabelForce::Strong,
        force => force,
    };
    FoundLabel {
        place,
        force,
        is_identifier: is_part || is_joined || is_header,
    }
}

/// Returns the label that begins with this word, if other signs stand for some of its letters.
fn disguised_label(
    text: &VisibleText,
    words: &[LabelWord],
    index: usize,
) -> Option<(FoundLabel, usize)> {
    let word = words.get(index)?;
    let is_sign = |c: char| matches!(c, '@' | '$' | '!');
    let letters = text.lower.get(word.place.clone())?;
    // Nearly all words of prose end the search here.
    if letters.iter().all(char::is_ascii_lowercase) && !text.at(word.place.end).is_some_and(is_sign)
    {
        return None;
    }
    let longest = word.place.start + LONGEST_DISGUISE;
    let end = text.skip_until(word.place.start, longest, |c| {
        c.is_alphanumeric() || is_sign(c)
    });
    let place = word.place.start..end;
    let plain = undisguised(&text.lower_text(&place))?;
    let label = label_of(std::slice::from_ref(&plain));
    let next = index + words[index..].partition_point(|word| word.place.start < end);
    matches!(label, Some((1, LabelForce::Strong))).then(|| (FoundLabel::strong(place), next))
}

/// Returns the label that begins with this letter, if it is spelt out: `P A S S W O R D`.
fn spelt_label(
    text: &VisibleText,
    words: &[LabelWord],
    index: usize,
) -> Option<(FoundLabel, usize)> {
    let is_letter = |word: &&LabelWord| word.place.len() == 1;
    if !words[index..].iter().take(2).all(|word| is_letter(&word)) {
        return None;
    }
    let mut end = words.get(index)?.place.start;
    let spelt: Vec<&LabelWord> = words[index..]
        .iter()
        .take(LONGEST_DISGUISE)
        .take_while(is_letter)
        .take_while(|word| {
            let is_next = word.place.start - end <= 1;
            end = word.place.end;
            is_next
        })
        .collect();
    let last = spelt.last()?.place.end;
    let joined: String = spelt.iter().map(|word| word.lower(text)).collect();
    let is_label = matches!(label_of(&[joined]), Some((1, LabelForce::Strong)));
    let place = words[index].place.start..last;
    (is_label && spelt.len() >= FEWEST_SPELT)
        .then(|| (FoundLabel::strong(place), index + spelt.len()))
}

/// Returns the words from here on that are joined as the parts of a label are.
fn joined_words(text: &VisibleText, words: &[LabelWord], index: usize) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut end = None;
    for word in words.iter().skip(index).take(4) {
        let is_joined = end.is_none_or(|end| {
            let gap: Range<usize> = end..word.place.start;
            let between = text.text(&(gap.start..gap.end.min(gap.start + 3)));
            // Farther apart, two words are two things.
            gap.len() <= 2 && between.chars().all(|c| " _-.'".contains(c))
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
/// `None`: it goes on as the name of something else, such as `password_file`.
fn label_end(text: &VisibleText, words: &[LabelWord], next: usize) -> Option<(usize, usize)> {
    let mut end = words.get(next.checked_sub(1)?)?.place.end;
    let mut index = next;
    let last = next + MOST_NAME_WORDS;
    while let Some(word) = words.get(index).filter(|_| index < last) {
        if word.place.start > end + 1 {
            break;
        }
        let between = text.text(&(end..word.place.start));
        let is_joined = matches!(between.as_str(), "_" | "-" | "");
        if is_joined && is_about_secrets(&word.lower(text)) {
            return None;
        }
        // Long words without a sign between them are more often a value that touches its label.
        let goes_on = between == "_" || (between.is_empty() && word.place.len() < 12);
        if !goes_on {
            break;
        }
        end = word.place.end;
        index += 1;
    }
    Some((end, index))
}
