//! What a prompt asks for (B-13): product, length, style, mood, message. By tables of words; what is
//! not said is assumed, and the assumption is said.

use super::library_beat::{AdLibrary, LibraryProduct, words};
use super::prompt_length::{PromptLength, prompt_lengths};
use super::prompt_words::{MOST_PROMPT_BYTES, PromptWords};
use super::unknown_words::{UnknownWord, unknown_words};
use super::{is_ad_length, nearest_ad_lengths};
use serde::Serialize;
use std::ops::Range;

/// The length of an ad whose prompt says none, in seconds (B-12).
pub(super) const DEFAULT_SECONDS: u32 = 30;
/// The longest ad that is planned, in seconds.
// Longer films have a script. The search grows with the length, too.
pub(super) const MOST_SECONDS: u32 = 180;
/// The most characters of a product's name.
const MOST_NAME: usize = 40;

/// Why no ad can be planned from a prompt. The text reads after "failed to".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// There are no words.
    #[error(
        "plan an ad: the prompt has no words; say what it is for, such as `15s sneakers energetic urban`"
    )]
    Empty,
    /// It is too long to be a prompt.
    #[error(
        "plan an ad: the prompt has {bytes} bytes, and the limit is {MOST_PROMPT_BYTES}; say it in a sentence or two"
    )]
    TooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// It names several lengths.
    #[error("plan an ad: the prompt asks for {lengths}; keep one, or say it with `--duration`")]
    SeveralLengths {
        /// The lengths as typed.
        lengths: String,
    },
    /// The length is none that ads have.
    #[error(
        "plan an ad of {seconds} s: the length must be a multiple of 5 s; the nearest are {nearest}"
    )]
    BadLength {
        /// The length.
        seconds: u32,
        /// The nearest lengths.
        nearest: String,
    },
    /// The ad would be too long.
    #[error(
        "plan an ad of {seconds} s: the limit is {MOST_SECONDS} s; write a longer film as a script"
    )]
    TooManySeconds {
        /// The length.
        seconds: u32,
    },
}

/// The product of an ad.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromptProduct {
    /// Its name, for titles.
    pub name: String,
    /// Its kind in the library.
    pub category: String,
    /// What beats and archetypes call it.
    pub categories: Vec<String>,
    /// The brand: the part of its name that is written with capitals. `None`: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub brand: Option<String>,
    /// The colour that the prompt gives it, such as `red`. `None`: there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub colour: Option<String>,
}

/// What a prompt asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptIntent {
    /// The product.
    pub product: PromptProduct,
    /// Seconds.
    pub seconds: u32,
    /// Words of the prompt for the look, in its order.
    pub style_keywords: Vec<String>,
    /// What the ad says in one sentence: the line in quotes. `None`: there is none.
    pub quoted: Option<String>,
    /// The words of the prompt in lower case.
    pub words: Vec<String>,
    /// What was assumed, in sentences.
    pub assumptions: Vec<String>,
    /// The words that decide nothing. Without a known product, those of its name are among them.
    pub unknown_words: Vec<UnknownWord>,
}

/// Returns what a prompt asks for. `seconds` is a length from elsewhere, which wins.
///
/// # Errors
/// Fails if there are no words, too many, or if the length is none of an ad.
pub(super) fn read_intent(
    prompt: &str,
    seconds: Option<u32>,
    library: &AdLibrary,
) -> Result<PromptIntent, PromptError> {
    if prompt.len() > MOST_PROMPT_BYTES {
        return Err(PromptError::TooLong {
            bytes: prompt.len(),
        });
    }
    let prompt_words = PromptWords::from_prompt(prompt);
    if prompt_words.typed.is_empty() && prompt_words.quoted.is_empty() {
        return Err(PromptError::Empty);
    }
    let mut assumptions = Vec::new();
    let lengths = prompt_lengths(&prompt_words);
    let seconds = chosen_length(&lengths, seconds, &mut assumptions)?;
    let style_keywords = style_keywords(&prompt_words, library);
    let (product, name) = find_product(
        &prompt_words,
        &lengths,
        &style_keywords,
        library,
        &mut assumptions,
    );
    let unknown_words = unknown_words(&prompt_words, &lengths, &name, library);
    let quoted = prompt_words.quoted.first().cloned();
    if prompt_words.quoted.len() > 1 {
        assumptions.push("Of several lines in quotes, the first is said.".to_owned());
    }
    Ok(PromptIntent {
        product,
        seconds,
        style_keywords,
        quoted,
        words: prompt_words.lower,
        assumptions,
        unknown_words,
    })
}

fn chosen_length(
    lengths: &[PromptLength],
    asked: Option<u32>,
    assumptions: &mut Vec<String>,
) -> Result<u32, PromptError> {
    let mut distinct: Vec<u32> = lengths.iter().map(|length| length.seconds).collect();
    distinct.dedup();
    let seconds = match (asked, distinct.as_slice()) {
        (Some(asked), _) => asked,
        (None, []) => {
            assumptions.push(format!(
                "The prompt names no length, so the ad has {DEFAULT_SECONDS} seconds."
            ));
            DEFAULT_SECONDS
        }
        (None, [only]) => *only,
        (None, _) => {
            let typed: Vec<String> = lengths
                .iter()
                .map(|length| format!("`{}`", length.typed))
                .collect();
            return Err(PromptError::SeveralLengths {
                lengths: typed.join(" and "),
            });
        }
    };
    if !is_ad_length(seconds) {
        return Err(PromptError::BadLength {
            seconds,
            nearest: nearest_ad_lengths(seconds),
        });
    }
    if seconds > MOST_SECONDS {
        return Err(PromptError::TooManySeconds { seconds });
    }
    Ok(seconds)
}

/// Returns the words of the prompt that archetypes have as hints of style, in its order.
fn style_keywords(prompt: &PromptWords, library: &AdLibrary) -> Vec<String> {
    let hints: Vec<String> = library
        .archetypes
        .iter()
        .flat_map(|archetype| {
            let hints = words(&archetype.fields.style_hints);
            hints.into_iter().chain(words(&archetype.fields.keywords))
        })
        .collect();
    let mut found: Vec<String> = Vec::new();
    for word in &prompt.lower {
        if hints.contains(word) && !found.contains(word) {
            found.push(word.clone());
        }
    }
    found
}

/// Returns the product that the prompt names, and which of its words are the name. Without a product,
/// a box with a label is shown for it, and no word is known to be a name.
fn find_product(
    prompt: &PromptWords,
    lengths: &[PromptLength],
    style_keywords: &[String],
    library: &AdLibrary,
    assumptions: &mut Vec<String>,
) -> (PromptProduct, Range<usize>) {
    let named = prompt.lower.iter().enumerate().find_map(|(index, word)| {
        let kind = library.products.iter().find(|kind| has_word(kind, word))?;
        Some((index, kind))
    });
    let is_other = |index: usize| {
        let word = &prompt.lower[index];
        lengths.iter().any(|length| length.at.contains(&index))
            || style_keywords.contains(word)
            || product_colour(&prompt.typed[index]).is_some()
            || STOP_WORDS.contains(&word.as_str())
    };
    let Some((index, kind)) = named else {
        let words = (0..prompt.typed.len()).filter(|index| !is_other(*index));
        let name: Vec<&str> = words
            .take(3)
            .map(|index| prompt.typed[index].as_str())
            .collect();
        let kind = library.products.last();
        assumptions.push(format!(
            "No word of the prompt is a known product, so {} is shown for it; `--product FILE.glb` shows your own.",
            kind.map_or("a box".to_owned(), |kind| format!("a {}", kind.name))
        ));
        let name = if name.is_empty() {
            "Our product".to_owned()
        } else {
            product_title(&name)
        };
        let brand = brand_name(&name.split(' ').collect::<Vec<_>>(), None);
        return (prompt_product(prompt, name, brand, kind), 0..0);
    };
    // The words before it belong to its name: `Nike sneakers`, `smart thermostat`.
    let mut first = index;
    while first > 0 && index - first < 2 && !is_other(first - 1) {
        first -= 1;
    }
    let name: Vec<&str> = prompt.typed[first..=index]
        .iter()
        .map(String::as_str)
        .collect();
    let brand = name
        .split_last()
        .and_then(|(kind_word, before)| brand_name(before, Some(kind_word)));
    let product = prompt_product(prompt, product_title(&name), brand, Some(kind));
    (product, first..index + 1)
}

/// Returns the words that are written with capitals, as names are. Without one, the word for the
/// kind of product if it is a name itself, such as `iPhone`.
fn brand_name(before: &[&str], kind_word: Option<&str>) -> Option<String> {
    let is_name = |word: &&&str| word.chars().any(char::is_uppercase);
    let names: Vec<&str> = before.iter().filter(is_name).copied().collect();
    if !names.is_empty() {
        return Some(names.join(" "));
    }
    let has_inner_capital = |word: &&str| word.chars().skip(1).any(char::is_uppercase);
    kind_word.filter(has_inner_capital).map(str::to_owned)
}

fn prompt_product(
    prompt: &PromptWords,
    name: String,
    brand: Option<String>,
    kind: Option<&LibraryProduct>,
) -> PromptProduct {
    let mut typed = prompt.typed.iter();
    PromptProduct {
        brand,
        // With a capital it is a name, as in `Red Wing`.
        colour: typed.find(|word| product_colour(word).is_some()).cloned(),
        name,
        category: kind.map_or("product".to_owned(), |kind| kind.name.clone()),
        categories: kind.map_or_else(Vec::new, |kind| words(&kind.fields.categories)),
    }
}

/// Colours that a prompt can give a product, as screens show them.
const COLOURS: &[(&str, [u8; 3])] = &[
    ("black", [26, 26, 28]),
    ("white", [236, 234, 228]),
    ("grey", [128, 130, 134]),
    ("gray", [128, 130, 134]),
    ("silver", [190, 193, 198]),
    ("gold", [201, 162, 90]),
    ("red", [190, 28, 34]),
    ("orange", [222, 106, 24]),
    ("yellow", [234, 190, 40]),
    ("green", [42, 116, 66]),
    ("teal", [18, 118, 118]),
    ("blue", [30, 72, 160]),
    ("navy", [24, 36, 78]),
    ("purple", [96, 52, 140]),
    ("pink", [222, 122, 154]),
    ("brown", [104, 66, 40]),
    ("beige", [206, 186, 154]),
];

/// Returns the colour of a word, as screens show it. `None`: the word is no colour.
#[must_use]
pub fn product_colour(word: &str) -> Option<[u8; 3]> {
    let found = COLOURS.iter().find(|(name, _)| *name == word)?;
    Some(found.1)
}

/// Returns the words for colours.
pub(super) fn colour_names() -> impl Iterator<Item = &'static str> {
    COLOURS.iter().map(|(name, _)| *name)
}

/// Returns whether a word of a prompt names products of this kind.
pub(super) fn has_word(kind: &LibraryProduct, word: &str) -> bool {
    let bare = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s"));
    let word = bare.unwrap_or(word);
    let words = kind.fields.words.iter();
    words.clone().any(|each| each.value == word) || kind.name == word
}

/// Returns the name with a capital at its start, no longer than a title.
fn product_title(words: &[&str]) -> String {
    let name: String = words.join(" ").chars().take(MOST_NAME).collect();
    let mut letters = name.chars();
    match letters.next() {
        // `iPhone` is written as it is.
        Some(first) if !name.chars().any(char::is_uppercase) => {
            first.to_uppercase().collect::<String>() + letters.as_str()
        }
        _ => name,
    }
}

/// Words that are no part of a product's name.
pub(super) const STOP_WORDS: &[&str] = &[
    "a",
    "ad",
    "advert",
    "advertisement",
    "advertising",
    "an",
    "and",
    "are",
    "as",
    "at",
    "by",
    "clip",
    "commercial",
    "create",
    "das",
    "der",
    "die",
    "ein",
    "eine",
    "film",
    "for",
    "für",
    "from",
    "give",
    "great",
    "have",
    "i",
    "in",
    "is",
    "it",
    "its",
    "make",
    "me",
    "my",
    "need",
    "new",
    "of",
    "on",
    "or",
    "our",
    "please",
    "pour",
    "short",
    "show",
    "spot",
    "that",
    "the",
    "this",
    "to",
    "un",
    "una",
    "une",
    "und",
    "video",
    "want",
    "we",
    "werbung",
    "with",
    "you",
    "your",
    "about",
    "people",
    "features",
    "long",
    "like",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostics, SourceMap};
    use crate::library::Library;
    use std::path::Path;

    fn library() -> AdLibrary {
        let mut sources = SourceMap::default();
        let mut found = Diagnostics::default();
        let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
        AdLibrary::from_library(&library)
    }

    fn product(prompt: &str) -> (String, String) {
        let intent = read_intent(prompt, None, &library()).unwrap();
        (intent.product.name, intent.product.category)
    }

    #[test]
    fn products_are_named_with_the_words_before_them() {
        for (prompt, name, category) in [
            ("15s Nike sneakers energetic urban", "Nike sneakers", "shoe"),
            ("30s luxury watch elegant", "Watch", "watch"),
            ("20s iPhone minimalist clean", "iPhone", "phone"),
            ("25s family car emotional story", "Car", "car"),
            (
                "an ad for our smart kitchen thermostat",
                "Kitchen thermostat",
                "appliance",
            ),
            ("15 Sekunden Werbung für Schuhe", "Schuhe", "shoe"),
        ] {
            assert_eq!(
                product(prompt),
                (name.to_owned(), category.to_owned()),
                "{prompt}"
            );
        }
    }

    #[test]
    fn names_with_capitals_are_brands_and_words_for_colours_colours() {
        let found = |prompt: &str| {
            let product = read_intent(prompt, None, &library()).unwrap().product;
            (product.brand, product.colour)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(found("15s red Nike sneakers"), (text("Nike"), text("red")));
        assert_eq!(found("30s luxury watch elegant"), (None, None));
        assert_eq!(found("20s iPhone minimalist"), (text("iPhone"), None));
        assert_eq!(found("15s Red Wing boots"), (text("Red Wing"), None));
        assert_eq!(found("15s Quantum flux").0, text("Quantum"));
    }

    #[test]
    fn an_unknown_product_is_a_box_and_says_so() {
        let intent = read_intent("15s quantum flux", None, &library()).unwrap();
        assert_eq!(intent.product.category, "box");
        assert_eq!(intent.product.name, "Quantum flux");
        assert!(intent.assumptions[0].contains("No word of the prompt is a known product"));
    }

    #[test]
    fn words_that_mean_nothing_are_noted_with_the_nearest_known_ones() {
        let unknown = |prompt: &str| -> Vec<(String, Option<String>)> {
            let intent = read_intent(prompt, None, &library()).unwrap();
            let words = intent.unknown_words.into_iter();
            words
                .map(|unknown| (unknown.word, unknown.nearest))
                .collect()
        };
        let none = |word: &str| (word.to_owned(), None);
        let near = |word: &str, known: &str| (word.to_owned(), Some(known.to_owned()));
        for understood in [
            "15s Nike sneakers energetic urban",
            "Create a 15 second ad for Nike sneakers, energetic and urban",
            "25 seconds showing how a smart thermostat works, clear and informative",
            "15 Sekunden Werbung für Schuhe",
            "15s red Nike sneakers \"Anything xyzzy.\"",
        ] {
            assert_eq!(unknown(understood), [], "{understood}");
        }
        assert_eq!(
            unknown("hiking boots mountain forest mountain"),
            [none("mountain"), none("forest")]
        );
        assert_eq!(
            unknown("15s Nike sneakers energtic urbn"),
            [near("energtic", "energetic"), near("urbn", "urban")]
        );
        // Nothing says what these are, though they are all that the ad has for a name.
        assert_eq!(unknown("Brew Co"), [none("Brew"), none("Co")]);
        assert_eq!(unknown("bakery zzz"), [none("bakery"), none("zzz")]);
    }

    #[test]
    fn a_prompt_that_cannot_be_planned_says_why() {
        let library = library();
        let failure = |prompt: &str| read_intent(prompt, None, &library).unwrap_err().to_string();
        assert!(failure(" ,. ").contains("has no words"));
        assert!(failure(&"word ".repeat(2_000_000)).contains("10000000 bytes"));
        assert!(failure("15s shoes in 30 seconds").contains("`15s` and `30 seconds`"));
        assert!(failure("17s shoes").contains("15 s and 20 s"));
        assert!(failure("0s shoes").contains("the nearest are 5 s"));
        assert!(failure("10 minutes of shoes").contains("the limit is 180 s"));
    }

    #[test]
    fn a_length_from_elsewhere_wins() {
        let intent = read_intent("15s shoes in 30 seconds", Some(20), &library()).unwrap();
        assert_eq!(intent.seconds, 20);
    }
}
