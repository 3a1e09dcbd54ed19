//! Letters as readers see them: a character with the marks that are put on it.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A character with the marks on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterCluster<'a> {
    /// Bytes of the text before it.
    pub offset: usize,
    /// Its text.
    pub text: &'a str,
}

impl LetterCluster<'_> {
    /// Returns its characters in normal form C: as few as there are for it.
    #[must_use]
    pub fn composed(&self) -> String {
        self.text.nfc().collect()
    }

    /// Returns its characters in normal form D: every mark on its own.
    #[must_use]
    pub fn decomposed(&self) -> String {
        self.text.nfd().collect()
    }
}

/// Returns the clusters of a text, in order.
#[must_use]
pub fn letter_clusters(text: &str) -> Vec<LetterCluster<'_>> {
    let starts: Vec<usize> = text
        .char_indices()
        .filter(|(_, character)| !is_combining_mark(*character))
        .map(|(offset, _)| offset)
        .collect();
    // Marks at the very start of a text are on nothing, and a cluster of their own.
    let first = starts.first().copied().unwrap_or(text.len());
    let lone = (first > 0).then_some(0);
    let starts: Vec<usize> = lone.into_iter().chain(starts).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| LetterCluster {
            offset: *start,
            text: &text[*start..end],
        })
        .collect()
}

/// Returns a character without its marks, and in its usual form if it is a wide or joined one: `e` for
/// `é`, `:` for `：`. `None` for a mark.
#[must_use]
pub fn bare_letter(character: char) -> Option<char> {
    // Korean syllables fall into letters that mean nothing alone.
    if character.is_ascii() || matches!(character, '\u{ac00}'..='\u{d7a3}') {
        return Some(character);
    }
    if is_combining_mark(character) {
        return None;
    }
    std::iter::once(character).nfkd().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_letter_has_no_marks() {
        let bare: String = "ñé：\u{301}한Ａ".chars().filter_map(bare_letter).collect();
        assert_eq!(bare, "ne:한A");
    }

    #[test]
    fn marks_belong_to_the_character_before_them() {
        let found = letter_clusters("e\u{301}a\u{323}\u{302}z");
        let texts: Vec<&str> = found.iter().map(|cluster| cluster.text).collect();
        assert_eq!(texts, ["e\u{301}", "a\u{323}\u{302}", "z"]);
        assert_eq!(found[0].composed(), "é");
        assert_eq!(found[2].offset, 8);
        assert!(letter_clusters("").is_empty());
        assert_eq!(letter_clusters("\u{301}a").len(), 2);
    }
}
