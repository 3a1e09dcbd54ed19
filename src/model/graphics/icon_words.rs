//! Finds the icon that suits a text, by the words of the icons.

/// The length from which a word is also found in the middle of another: `pollinat` in
/// `unpollinated`.
const LONG_WORD: usize = 6;
/// The length up to which a word must be the whole of another.
const SHORT_WORD: usize = 3;

/// Icons with the words that ask for them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IconWords {
    /// Names of icons, each with its words in lower case.
    pub icons: Vec<(String, Vec<String>)>,
}

impl IconWords {
    /// Returns the name of the icon that suits a text: that of its first word which any icon has.
    #[must_use]
    pub fn icon_for(&self, text: &str) -> Option<&str> {
        let text = text.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric());
        let mut words = words.filter(|word| !word.is_empty());
        words.find_map(|word| self.icon_for_word(word))
    }

    fn icon_for_word(&self, word: &str) -> Option<&str> {
        // The word itself, in one or in many, before words that only begin like it: `plant` is no
        // plan, and `starter` no start.
        let is_same = |own: &String| {
            let ending = word.strip_prefix(own.as_str());
            ending.is_some_and(|ending| ["", "s", "es"].contains(&ending))
        };
        let mut icons = self.icons.iter();
        if let Some((name, _)) = icons.find(|(_, words)| words.iter().any(is_same)) {
            return Some(name);
        }
        let begins_alike = |own: &String| {
            if own.len() <= SHORT_WORD {
                return word == own;
            }
            word.starts_with(own.as_str())
                || (own.len() >= LONG_WORD && word.contains(own.as_str()))
        };
        let found = self
            .icons
            .iter()
            .find(|(_, words)| words.iter().any(begins_alike));
        found.map(|(name, _)| name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn icon(name: &str, words: &[&str]) -> (String, Vec<String>) {
        let words = words.iter().map(|word| (*word).to_owned());
        (name.to_owned(), words.collect())
    }

    #[test]
    fn the_word_itself_wins_over_one_that_begins_like_it() {
        let words = IconWords {
            icons: vec![
                icon("calendar", &["plan"]),
                icon("seedling", &["plant", "grow"]),
            ],
        };
        assert_eq!(words.icon_for("Plant wild flowers"), Some("seedling"));
        assert_eq!(words.icon_for("Plants"), Some("seedling"));
        assert_eq!(words.icon_for("Our plan"), Some("calendar"));
        assert_eq!(words.icon_for("Planning"), Some("calendar"));
    }

    #[test]
    fn the_first_word_that_an_icon_has_decides() {
        let words = IconWords {
            icons: vec![
                icon("bee", &["bee", "bees", "pollinat"]),
                icon("flower", &["flower"]),
                icon("no", &["no"]),
            ],
        };
        assert_eq!(
            words.icon_for("Plant wild Flowers for bees"),
            Some("flower")
        );
        assert_eq!(words.icon_for("Bees need water"), Some("bee"));
        assert_eq!(words.icon_for("A beer is not pollinated"), Some("bee"));
        assert_eq!(words.icon_for("Notes on nothing"), None);
        assert_eq!(words.icon_for(""), None);
    }
}
