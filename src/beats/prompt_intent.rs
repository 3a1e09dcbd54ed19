//! What a prompt asks for (B-13): product, length, style, mood, message. By tables of words; what
//! is not written is assumed, and the assumption is reported.

use super::library_beat::{AdLibrary, words};
use super::prompt_length::{PromptLength, prompt_lengths};
use super::prompt_negation::PromptNegations;
use super::prompt_product::{PromptProduct, find_product};
use super::prompt_shape::{AdShape, prompt_shape};
use super::prompt_words::{MOST_PROMPT_BYTES, PromptWords};
use super::unknown_words::{UnknownWord, unknown_words};
use super::{is_ad_length, nearest_ad_lengths};
use crate::model::beats::BEAT_STEP_SECONDS;
use std::collections::BTreeSet;

/// The length of an ad whose prompt says none, in seconds (B-12).
pub(super) const DEFAULT_SECONDS: u32 = 30;
/// The longest ad that is planned, in seconds.
// Longer films have a script. The search grows with the length, too.
pub(super) const MOST_SECONDS: u32 = 180;
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
    /// The ad would be too short.
    #[error(
        "plan an ad of {seconds} s: the shortest is {BEAT_STEP_SECONDS} s, the length of one beat"
    )]
    TooFewSeconds {
        /// The length.
        seconds: u32,
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

/// What of the sound of an ad a prompt leaves out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutSound {
    /// Nothing.
    Nothing,
    /// The music.
    Music,
    /// Everything that is heard.
    All,
}

/// What a prompt asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromptIntent {
    /// The product.
    pub product: PromptProduct,
    /// Seconds.
    pub seconds: u32,
    /// The shape of the picture.
    pub shape: AdShape,
    /// Whether nobody may be seen.
    pub without_people: bool,
    /// What of the sound is left out.
    pub left_out_sound: LeftOutSound,
    /// Words of the prompt for the look, in its order.
    pub style_keywords: Vec<String>,
    /// What the ad says in one sentence: the line in quotes. `None`: there is none.
    pub quoted: Option<String>,
    /// The words of the prompt in lower case, without those for what it does not want.
    pub words: Vec<String>,
    /// What was assumed, in sentences.
    pub assumptions: Vec<String>,
    /// The words that decide nothing. Without a known product, those of its name are among them.
    pub unknown_words: Vec<UnknownWord>,
}

/// Refuses a prompt that is too long. Everything that reads one needs this before.
///
/// # Errors
/// Fails if it has more bytes than a prompt.
pub const fn check_prompt_size(prompt: &str) -> Result<(), PromptError> {
    if prompt.len() > MOST_PROMPT_BYTES {
        return Err(PromptError::TooLong {
            bytes: prompt.len(),
        });
    }
    Ok(())
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
    check_prompt_size(prompt)?;
    let prompt_words = PromptWords::from_prompt(prompt);
    if prompt_words.typed.is_empty() && prompt_words.quoted.is_empty() {
        return Err(PromptError::Empty);
    }
    let mut assumptions = Vec::new();
    let lengths = prompt_lengths(&prompt_words);
    let seconds = chosen_length(&lengths, seconds, &mut assumptions)?;
    let negations = PromptNegations::from_words(&prompt_words);
    assumptions.extend(negations.followed_notes());
    assumptions.extend(negations.notes.iter().cloned());
    let words = wanted_words(&prompt_words, &negations);
    let style_keywords = style_keywords(&words, library);
    let shape = prompt_shape(&prompt_words, library, &mut assumptions);
    let mut taken: BTreeSet<usize> = lengths
        .iter()
        .flat_map(|length| length.at.clone())
        .collect();
    taken.extend(&shape.words);
    // These have a note of their own, and are not reported again as unknown.
    taken.extend(&negations.answered);
    // A word for the look is no part of a name: an `elegant watch` is called watch.
    let mut not_in_name = taken.clone();
    let indexed = prompt_words.lower.iter().enumerate();
    let styled = indexed.filter(|(_, word)| style_keywords.contains(*word));
    not_in_name.extend(styled.map(|(index, _)| index));
    let found = find_product(&prompt_words, &not_in_name, library, &mut assumptions);
    taken.extend(&found.brand_words);
    let unknown_words = unknown_words(&prompt_words, &taken, &found.name, library);
    let lines = prompt_words.quoted.iter().enumerate();
    let mut lines = lines.filter(|(index, _)| Some(*index) != found.quoted_brand);
    let quoted = lines.next().map(|(_, line)| line.clone());
    if lines.next().is_some() {
        assumptions.push("Of several lines in quotes, the first is said.".to_owned());
    }
    Ok(PromptIntent {
        product: found.product,
        seconds,
        shape: shape.shape.unwrap_or(AdShape::USUAL),
        without_people: negations.no_people.is_some(),
        left_out_sound: match (&negations.no_sound, &negations.no_music) {
            (Some(_), _) => LeftOutSound::All,
            (None, Some(_)) => LeftOutSound::Music,
            (None, None) => LeftOutSound::Nothing,
        },
        style_keywords,
        quoted,
        words,
        assumptions,
        unknown_words,
    })
}

/// Returns the words of a prompt in lower case, without those for what it does not want: `not urban`
/// asks for no urban ad.
fn wanted_words(prompt: &PromptWords, negations: &PromptNegations) -> Vec<String> {
    let words = prompt.lower.iter().enumerate();
    let wanted = words.filter(|(index, _)| !negations.unwanted.contains(index));
    wanted.map(|(_, word)| word.clone()).collect()
}

fn chosen_length(
    lengths: &[PromptLength],
    wanted: Option<u32>,
    assumptions: &mut Vec<String>,
) -> Result<u32, PromptError> {
    let mut distinct: Vec<u32> = lengths.iter().map(|length| length.seconds).collect();
    // `15s` and `15 seconds` ask for one length, twice.
    distinct.dedup();
    let seconds = match (wanted, distinct.as_slice()) {
        (Some(wanted), _) => wanted,
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
    // Before its steps: the nearest step may be none that an ad has.
    if seconds > MOST_SECONDS {
        return Err(PromptError::TooManySeconds { seconds });
    }
    if seconds < BEAT_STEP_SECONDS {
        return Err(PromptError::TooFewSeconds { seconds });
    }
    if !is_ad_length(seconds) {
        return Err(PromptError::BadLength {
            seconds,
            nearest: nearest_ad_lengths(seconds),
        });
    }
    Ok(seconds)
}

/// Returns the words of the prompt that archetypes have as hints of style, in its order.
fn style_keywords(prompt: &[String], library: &AdLibrary) -> Vec<String> {
    let hints: Vec<String> = library
        .archetypes
        .iter()
        .flat_map(|archetype| {
            let hints = words(&archetype.fields.style_hints);
            hints.into_iter().chain(words(&archetype.fields.keywords))
        })
        .collect();
    let mut found: Vec<String> = Vec::new();
    for word in prompt {
        if hints.contains(word) && !found.contains(word) {
            found.push(word.clone());
        }
    }
    found
}

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
        for (prompt, brand) in [
            ("15s vegan skateboard wax", None),
            ("Vegan skateboard wax, 15s", None),
            ("15s Vegan skateboard wax", None),
            ("Leather boots", None),
            ("Skateboard wax, gritty", None),
            ("VEGAN BURGER 15S", None),
            ("Nike sneakers", Some("Nike")),
            ("a watch by Meridian", Some("Meridian")),
            ("an ad for Meridian Watch Co", Some("Meridian")),
            ("sneakers for Christmas", None),
            ("sneakers for Berlin runners", None),
            ("10s watch by H&M", Some("H&M")),
            ("10s watch by Grünwald & Söhne", Some("Grünwald & Söhne")),
            ("15s Marks & Spencer boots", Some("Marks & Spencer")),
            ("sneakers & socks", None),
            ("15s \"Lumen\" lamp", Some("Lumen")),
            ("15s lamp \"Light up.\"", None),
            ("15s tea by Oolong & Sons", Some("Oolong & Sons")),
            ("15s Oolong & sons tea", Some("Oolong & sons")),
            ("15s tea by Oolong and Sons", Some("Oolong and Sons")),
            ("15s \"Oolong & Sons\" tea", Some("Oolong & Sons")),
            ("15s tape by 3M", Some("3M")),
            ("15s 3M tape", Some("3M")),
            ("15s \"3M\" lamp", Some("3M")),
            ("15s \"24 hours\" watch", None),
            ("15s jeans by A. P. C.", Some("A. P. C.")),
            ("15s A. P. C. jeans, calm", Some("A. P. C.")),
            ("15s A.P.C. jeans", Some("A.P.C.")),
            ("15s \"A. P. C.\" jeans", Some("A. P. C.")),
            ("15s J. Lindqvist boots", Some("J. Lindqvist")),
            ("10s vegan burger", None),
        ] {
            assert_eq!(found(prompt).0.as_deref(), brand, "{prompt}");
        }
    }

    #[test]
    fn a_brand_is_in_the_name_of_its_product_and_understood() {
        for (prompt, name) in [
            ("10s watch by H&M", "H&M watch"),
            ("10s watch by Grünwald & Söhne", "Grünwald & Söhne watch"),
            ("15s Marks & Spencer boots, urban", "Marks & Spencer boots"),
            ("a watch by Meridian", "Meridian watch"),
            ("Nike sneakers", "Nike sneakers"),
            ("skateboard wax by Bones", "Bones skateboard wax"),
        ] {
            let intent = read_intent(prompt, None, &library()).unwrap();
            assert_eq!(intent.product.name, name, "{prompt}");
            if intent.product.category != "box" {
                assert_eq!(intent.unknown_words, [], "{prompt}");
            }
        }
        let bones = read_intent("skateboard wax by Bones", None, &library()).unwrap();
        let unknown: Vec<&str> = bones
            .unknown_words
            .iter()
            .map(|unknown| unknown.word.as_str())
            .collect();
        assert_eq!(unknown, ["skateboard", "wax"]);
    }

    #[test]
    fn a_product_is_called_by_one_phrase() {
        for (prompt, name) in [
            (
                "15s electric toothbrush, kids, funny",
                "Electric toothbrush",
            ),
            ("funny, zorb 3000", "Zorb 3000"),
            ("urban, kids; sneakers", "Sneakers"),
            ("launch of our product, quantum flux", "Quantum flux"),
        ] {
            assert_eq!(product(prompt).0, name, "{prompt}");
        }
    }

    #[test]
    fn a_name_in_quotes_before_the_product_is_its_brand_and_no_line() {
        let intent = read_intent("15s \"Lumen\" lamp \"Light up.\"", None, &library()).unwrap();
        assert_eq!(intent.product.name, "Lumen lamp");
        assert_eq!(intent.quoted.as_deref(), Some("Light up."));
    }

    #[test]
    fn a_film_has_the_shape_that_the_prompt_asks_for() {
        let intent = read_intent("15s TikTok sneakers urban", None, &library()).unwrap();
        assert_eq!(intent.shape.size, [720, 1280]);
        assert_eq!(
            (intent.product.name.as_str(), intent.product.brand),
            ("Sneakers", None)
        );
        assert_eq!(intent.unknown_words, []);
        assert_eq!(
            intent.assumptions,
            ["“TikTok” asks for an upright film, so it is 9:16, 720x1280 pixels."]
        );
        let intent = read_intent("15s sneakers", None, &library()).unwrap();
        assert_eq!(intent.shape, AdShape::USUAL);
    }

    #[test]
    fn an_unknown_product_is_a_box_and_says_so() {
        let intent = read_intent("15s quantum flux", None, &library()).unwrap();
        assert_eq!(intent.product.category, "box");
        assert_eq!(intent.product.name, "Quantum flux");
        assert!(intent.product.categories.is_empty());
        assert!(intent.assumptions[0].contains("No word of the prompt is a known product"));
        assert!(intent.assumptions[0].contains("“Quantum flux”"));
        assert_eq!(
            product("15s bank account for young people").0,
            "Bank account"
        );
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
        assert!(failure("0s shoes").contains("the shortest is 5 s"));
        assert!(failure("183s shoes").contains("the limit is 180 s"));
        assert!(failure("9999s shoes").contains("the limit is 180 s"));
        assert!(failure("10 minutes of shoes").contains("the limit is 180 s"));
    }

    #[test]
    fn a_length_from_elsewhere_wins() {
        let intent = read_intent("15s shoes in 30 seconds", Some(20), &library()).unwrap();
        assert_eq!(intent.seconds, 20);
    }
}
