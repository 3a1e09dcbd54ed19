//! Which characters of a text no font of it can draw.

use super::production_titles::TitleFont;
use crate::base::letter_clusters::letter_clusters;

/// A character that no font can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingCharacter {
    /// Bytes of the text before it.
    pub offset: usize,
    /// The character.
    pub character: char,
}

/// Returns the characters of a text that no font can draw, each once, in order.
///
/// A letter and its marks are drawn with one font. Fonts may have the two as one character or as
/// several, and shaping uses either.
#[must_use]
pub fn missing_characters(text: &str, fonts: &[&TitleFont]) -> Vec<MissingCharacter> {
    let mut missing: Vec<MissingCharacter> = Vec::new();
    for cluster in letter_clusters(text) {
        let forms = [
            cluster.text.to_owned(),
            cluster.composed(),
            cluster.decomposed(),
        ];
        let is_drawn = |font: &&TitleFont| {
            forms
                .iter()
                .any(|form| form.chars().all(|each| has_character(font, each)))
        };
        if fonts.iter().any(is_drawn) {
            continue;
        }
        // The character that the fewest fonts lack is no help; the first that one lacks is.
        let lacking = cluster
            .text
            .char_indices()
            .find(|(_, each)| !fonts.iter().any(|font| has_character(font, *each)));
        let first = lacking.or_else(|| cluster.text.char_indices().next());
        let Some((offset, character)) = first else {
            continue;
        };
        if missing.iter().all(|known| known.character != character) {
            missing.push(MissingCharacter {
                offset: cluster.offset + offset,
                character,
            });
        }
    }
    missing
}

fn has_character(font: &TitleFont, character: char) -> bool {
    is_invisible(character) || font.covered.binary_search(&u32::from(character)).is_ok()
}

/// Returns whether a text has a character that is seen when it is drawn.
#[must_use]
pub fn is_seen(text: &str) -> bool {
    text.chars().any(|character| !is_invisible(character))
}

/// Returns whether a character needs no picture: space, control, or a mark for shaping and
/// direction.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}' | '\u{e0100}'..='\u{e01ef}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{FileSpan, Spanned};
    use crate::model::titles::TypefaceSource;

    fn font(characters: &str) -> TitleFont {
        let mut covered: Vec<u32> = characters.chars().map(u32::from).collect();
        covered.sort_unstable();
        TitleFont {
            name: Spanned::new("font".to_owned(), FileSpan::default()),
            source: TypefaceSource::BuiltIn("font".to_owned()),
            file: None,
            bold_file: None,
            asset: None,
            covered: covered.into(),
        }
    }

    fn missing(text: &str, fonts: &[TitleFont]) -> String {
        let fonts: Vec<&TitleFont> = fonts.iter().collect();
        let found = missing_characters(text, &fonts);
        found.iter().map(|found| found.character).collect()
    }

    #[test]
    fn a_character_needs_one_font_that_has_it() {
        let fonts = [font("abc"), font("xyz")];
        assert_eq!(missing("abc xyz\u{200d}\n", &fonts), "");
        assert_eq!(missing("a中b中文", &fonts), "中文", "each once");
        let found = missing_characters("a中b", &[&fonts[0]]);
        assert_eq!(found[0].offset, 1);
        assert_eq!(missing("a", &[]), "a");
    }

    #[test]
    fn spaces_and_marks_for_shaping_are_not_seen() {
        for text in ["", " \t", "\u{200b}\u{200d}\u{2060}\u{feff}"] {
            assert!(!is_seen(text), "{text:?}");
        }
        assert!(is_seen("\u{200b}a"));
    }

    #[test]
    fn marks_may_be_drawn_alone_or_with_their_letter() {
        assert_eq!(missing("e\u{301}", &[font("é")]), "");
        assert_eq!(missing("é", &[font("e\u{301}")]), "");
        assert_eq!(missing("é", &[font("e")]), "é");
        assert_eq!(missing("e\u{301}", &[font("e")]), "\u{301}");
        assert_eq!(
            missing("e\u{301}", &[font("e"), font("\u{301}")]),
            "e",
            "a letter and its mark from two fonts do not fit each other"
        );
    }
}
