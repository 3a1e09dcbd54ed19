//! The form in which names are compared: one Unicode normal form and one apostrophe.
//!
//! Two texts that look alike may differ in bytes: `é` is one character or two, and word processors
//! write `’` for `'`. Names are shown as written and compared in this form.

use super::work_counter::count_work;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Most characters of a name that is made from a text.
pub const MAX_NAME_CHARS: usize = 32;

/// Returns the text in normal form C (canonical composition), with `'` for every apostrophe.
#[must_use]
pub fn name_form(text: &str) -> Cow<'_, str> {
    // Nearly all names are plain, and names are compared for every shot.
    if text.bytes().all(|byte| byte.is_ascii() && byte != b'`') {
        return Cow::Borrowed(text);
    }
    let composed: Cow<'_, str> = if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    };
    if composed.contains(is_apostrophe) {
        Cow::Owned(composed.replace(is_apostrophe, "'"))
    } else {
        composed
    }
}

/// Returns whether two names are the same in that form.
#[must_use]
pub fn is_same_name(one: &str, two: &str) -> bool {
    // The bytes first: an equal name is the usual case, and needs no form.
    one == two || name_form(one) == name_form(two)
}

/// Returns the form in which a script's names of characters and places are compared: in capitals,
/// with single spaces.
#[must_use]
pub fn script_name_form(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    name_form(&words.join(" ")).to_uppercase()
}

/// Returns a name as people write it: `MARA` and `mara` are `Mara`, `old_keeper` is `Old Keeper`.
#[must_use]
pub fn readable_name(name: &str) -> String {
    let has = |is_kind: fn(char) -> bool| name.chars().any(is_kind);
    // Somebody chose these capitals, as in `McKay`.
    if has(char::is_lowercase) && has(char::is_uppercase) {
        return name.trim().to_owned();
    }
    let words = name.split(['_', ' ']).filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let lower = word.to_lowercase();
        let mut letters = lower.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        format!("{}{}", first.unwrap_or_default(), letters.as_str())
    };
    words.map(capital).collect::<Vec<_>>().join(" ")
}

/// Returns a text as a name for documents: lower case, `_` between words, at most
/// [`MAX_NAME_CHARS`] characters. Empty if the text has no letters and no digits.
#[must_use]
pub fn name_slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('_') && c != '\'' && c != '’' {
            slug.push('_');
        }
    }
    let mut short: String = slug.chars().take(MAX_NAME_CHARS).collect();
    // A name ends with a whole word.
    if slug.chars().count() > MAX_NAME_CHARS
        && let Some(end) = short.rfind('_')
    {
        short.truncate(end);
    }
    short.trim_matches('_').to_owned()
}

/// Gives names that nothing else has.
#[derive(Debug, Default)]
pub struct FreeNames {
    taken: HashSet<String>,
    /// The last number behind each name, below which all are taken.
    // A search from 2 for each would cost the square of the entries that share a name.
    tried: HashMap<String, u32>,
}

impl FreeNames {
    /// Takes the name, with a number behind it if it is taken.
    pub fn take(&mut self, name: &str) -> String {
        let mut free = name.to_owned();
        if self.taken.contains(name) {
            let tried = self.tried.entry(name.to_owned()).or_insert(1);
            while self.taken.contains(&free) {
                count_work(1);
                *tried = tried.saturating_add(1);
                free = format!("{name}_{tried}");
            }
        }
        self.taken.insert(free.clone());
        free
    }
}

fn is_apostrophe(c: char) -> bool {
    // Quotation marks, the modifier letters, the prime, and the accents that stand in for them.
    matches!(c, '‘' | '’' | '‛' | 'ʼ' | 'ʹ' | '′' | '＇' | '´' | '`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_alike_are_the_same() {
        for (one, two) in [
            ("zoe\u{308}", "zoë"),
            ("O’Brien", "O'Brien"),
            ("Oʼe\u{301}", "O'é"),
            ("\u{1112}\u{1161}\u{11ab}", "한"),
            ("か\u{3099}", "が"),
        ] {
            assert!(is_same_name(one, two), "{one} {two}");
        }
        for (one, two) in [("zoë", "zoe"), ("O'Brien", "OBrien"), ("Mara", "mara")] {
            assert!(!is_same_name(one, two), "{one} {two}");
        }
    }

    #[test]
    fn names_in_scripts_compare_in_capitals() {
        assert_eq!(
            script_name_form(" old\u{a0} keeper’s  e\u{301}lan"),
            "OLD KEEPER'S ÉLAN"
        );
        assert_eq!(script_name_form("straße"), "STRASSE");
    }

    #[test]
    fn names_of_speakers_are_written_as_names() {
        for (name, label) in [
            ("MARA", "Mara"),
            ("old_keeper", "Old Keeper"),
            ("McKay", "McKay"),
            ("ÉLAN VITAL", "Élan Vital"),
            ("", ""),
            ("灯", "灯"),
        ] {
            assert_eq!(readable_name(name), label);
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_the_first_free_number() {
        let mut names = FreeNames::default();
        let given = ["a", "a_2", "a", "a", "b"].map(|name| names.take(name));
        assert_eq!(given, ["a", "a_2", "a_3", "a_4", "b"]);
    }
}
