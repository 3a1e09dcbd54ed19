//! The words of a prompt that mean nothing to the planner, with the known words that are near to
//! them. Without this note, a misspelt look would be a look that nobody sees.

use super::library_beat::{AdLibrary, words};
use super::product_colour::{colour_names, product_colour};
use super::prompt_product::has_word;
use super::prompt_words::{PromptWords, STOP_WORDS};
use crate::base::suggestions::nearest_match;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;

/// The most words that a note lists.
const MOST_LISTED: usize = 24;
/// The fewest letters of a word that is compared with others: in a shorter one, a single letter makes
/// another word.
const LEAST_COMPARED: usize = 4;

/// A word of a prompt that no table has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnknownWord {
    /// As typed.
    pub word: String,
    /// The known word that is probably meant. `None`: none is near.
    pub nearest: Option<String>,
}

/// Returns the words that decide nothing, each once, in the order of the prompt. `name` are those
/// that are the name of a known product, `taken` those that say a length or a shape.
pub(super) fn unknown_words(
    prompt: &PromptWords,
    taken: &BTreeSet<usize>,
    name: &Range<usize>,
    library: &AdLibrary,
) -> Vec<UnknownWord> {
    let known = known_words(library);
    let mut seen = BTreeSet::new();
    let mut unknown = Vec::new();
    for (index, (typed, lower)) in prompt.typed.iter().zip(&prompt.lower).enumerate() {
        let is_understood = name.contains(&index)
            || taken.contains(&index)
            // `Red` of `Red Wing` decides nothing, though `red` does.
            || known.contains(lower.as_str()) && !is_name_of_colour(typed, lower)
            || library.products.iter().any(|kind| has_word(kind, lower))
            || STOP_WORDS.contains(&lower.as_str())
            || FILLING_WORDS.contains(&lower.as_str());
        if !is_understood && seen.insert(lower) {
            unknown.push(UnknownWord {
                word: typed.clone(),
                nearest: nearest_word(lower, &known),
            });
        }
    }
    unknown
}

/// Returns whether a word is a colour but for its capital, which makes it a name.
fn is_name_of_colour(typed: &str, lower: &str) -> bool {
    product_colour(lower).is_some() && product_colour(typed).is_none()
}

fn nearest_word(word: &str, known: &BTreeSet<String>) -> Option<String> {
    let is_compared = word.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_COMPARED;
    let candidates = known.iter().map(String::as_str);
    // Two short words may differ in one letter and mean different things.
    let candidates = candidates.filter(|known| known.chars().count() >= LEAST_COMPARED);
    let nearest = nearest_match(word, candidates).filter(|_| is_compared)?;
    Some(nearest.to_owned())
}

/// Returns every word that decides something: looks, keywords, products and colours.
fn known_words(library: &AdLibrary) -> BTreeSet<String> {
    let looks = library.archetypes.iter().flat_map(|archetype| {
        let hints = words(&archetype.fields.style_hints);
        hints.into_iter().chain(words(&archetype.fields.keywords))
    });
    let products = library.products.iter().flat_map(|kind| {
        let named = words(&kind.fields.words);
        named.into_iter().chain([kind.name.clone()])
    });
    let colours = colour_names().map(str::to_owned);
    looks.chain(products).chain(colours).collect()
}

/// Returns the note about these words, in a sentence. `None`: every word was understood.
pub(super) fn unknown_words_note(unknown: &[UnknownWord]) -> Option<String> {
    if unknown.is_empty() {
        return None;
    }
    let listed = unknown.iter().take(MOST_LISTED);
    let mut listed: Vec<String> = listed
        .map(|unknown| match &unknown.nearest {
            Some(nearest) => format!("{} (perhaps `{nearest}`)", unknown.word),
            None => unknown.word.clone(),
        })
        .collect();
    if unknown.len() > MOST_LISTED {
        listed.push(format!("and {} more", unknown.len() - MOST_LISTED));
    }
    Some(format!(
        "these words were not understood: {}; `production library archetypes` and `production library products` list \
         words for looks and for products",
        listed.join(", ")
    ))
}

/// Words that say nothing about an ad, beside those that are no part of a name.
pub(super) const FILLING_WORDS: &[&str] = &[
    "aesthetic",
    "all",
    "also",
    "atmosphere",
    "avec",
    "be",
    "brand",
    "but",
    "called",
    "con",
    "de",
    "del",
    "des",
    "du",
    "el",
    "every",
    "everyone",
    "feel",
    "feeling",
    "her",
    "his",
    "how",
    "i'd",
    "i'm",
    "introducing",
    "into",
    "it's",
    "la",
    "las",
    "launch",
    "launching",
    "le",
    "les",
    "look",
    "los",
    "mit",
    "mood",
    "more",
    "mr",
    "mrs",
    "named",
    "no",
    "not",
    "out",
    "over",
    "para",
    "por",
    "product",
    "promo",
    "promoting",
    "sec",
    "second",
    "seconds",
    "showcase",
    "showcasing",
    "showing",
    "shows",
    "so",
    "some",
    "somebody",
    "someone",
    "style",
    "styled",
    "tell",
    "tells",
    "than",
    "their",
    "them",
    "they",
    "tone",
    "very",
    "vibe",
    "von",
    "when",
    "without",
    "ohne",
    "sans",
    "which",
    "who",
    "will",
    "would",
];
