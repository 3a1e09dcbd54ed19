//! The product that a prompt names: its kind in the library, its name, its brand and its colour.

use super::library_beat::{AdLibrary, LibraryProduct, words};
use super::product_brand::{FoundBrand, find_brand, is_name_join};
use super::product_colour::{chosen_colour, product_colour};
use super::prompt_words::{PromptWords, STOP_WORDS};
use super::unknown_words::FILLING_WORDS;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ops::Range;

/// The most characters of a product's name.
const MOST_NAME: usize = 40;
/// The most words of a product that nothing says more about.
const MOST_NAME_WORDS: usize = 3;
/// The kind of products that stands for one that nobody knows.
pub const ANY_KIND: &str = "box";
/// The model that stands for products without one of their own.
pub const BOX_MODEL: &str = "product_box.glb";

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

/// What a prompt says about its product.
#[derive(Debug, Clone)]
pub(super) struct FoundProduct {
    /// The product.
    pub(super) product: PromptProduct,
    /// Which words are the name of a known product. Empty: no word says what it is.
    pub(super) name: Range<usize>,
    /// Which of the texts in quotes is the brand, and no line. `None`: none.
    pub(super) quoted_brand: Option<usize>,
    /// The words that are surely the brand.
    pub(super) brand_words: Vec<usize>,
}

/// Returns the product that the prompt names. `taken` are words that say something else: lengths,
/// shapes, looks. Without a known product, a box with its name is shown for it, and no word is known
/// to be a name.
pub(super) fn find_product(
    prompt: &PromptWords,
    taken: &BTreeSet<usize>,
    library: &AdLibrary,
    assumptions: &mut Vec<String>,
) -> FoundProduct {
    let is_other = |index: usize| {
        let word = &prompt.lower[index];
        taken.contains(&index)
            // As typed, because `Red Wing` is a name.
            || product_colour(&prompt.typed[index]).is_some()
            || STOP_WORDS.contains(&word.as_str())
    };
    let named = (0..prompt.lower.len()).find_map(|index| {
        let word = &prompt.lower[index];
        let mut kinds = library.products.iter();
        let kind = kinds.find(|kind| !taken.contains(&index) && has_word(kind, word))?;
        Some((index, kind))
    });
    match named {
        Some((index, kind)) => known_product(prompt, index, kind, &is_other, assumptions),
        None => unknown_product(prompt, library, &is_other, assumptions),
    }
}

/// Returns a product whose kind is in the library. The words before it belong to its name, as in
/// `smart thermostat`, and so do those behind it that are words for the kind, as in `bank account`.
fn known_product(
    prompt: &PromptWords,
    index: usize,
    kind: &LibraryProduct,
    is_other: &dyn Fn(usize) -> bool,
    assumptions: &mut Vec<String>,
) -> FoundProduct {
    let mut first = index;
    let is_part = |before: usize| !is_other(before) && !prompt.ends_phrase[before];
    while first > 0 && index - first < 2 && is_part(first - 1) {
        first -= 1;
    }
    // A name of two parts is not torn apart.
    while first > 1 && is_name_join(prompt, first - 1) {
        first -= 2;
    }
    let behind = prompt.lower[index + 1..].iter().take(2);
    let behind = behind.take_while(|word| has_word(kind, word)).count();
    let range = first..index + 1 + behind;
    let indices: Vec<usize> = range.clone().collect();
    let brand = find_brand(prompt, &indices, Some(index));
    let quoted_brand = brand.as_ref().and_then(|brand| brand.quote);
    let brand_words = sure_words(brand.as_ref());
    let mut name: Vec<&str> = prompt.typed[range.clone()]
        .iter()
        .map(String::as_str)
        .collect();
    let is_outside = brand_words.iter().any(|word| !range.contains(word));
    let brand = brand.map(|brand| brand.name);
    if let Some(brand) = brand.as_ref().filter(|_| is_outside) {
        // Titles have the name of the product, and a brand that is in none would not be seen.
        name.insert(0, brand);
    }
    if let Some(brand) = brand.as_ref().filter(|_| quoted_brand.is_some()) {
        name.insert(0, brand);
        assumptions.push(format!(
            "“{brand}” is in quotes at the product, so it is the brand, and nobody says it."
        ));
    }
    let name = product_title(&name);
    note_missing_model(kind, &name, assumptions);
    FoundProduct {
        product: PromptProduct {
            name,
            category: kind.name.clone(),
            categories: words(&kind.fields.categories),
            brand,
            colour: chosen_colour(prompt, Some(index), assumptions),
        },
        name: range,
        quoted_brand,
        brand_words,
    }
}

/// Notes that a product is shown as a box, if its kind has no model of its own.
fn note_missing_model(kind: &LibraryProduct, name: &str, assumptions: &mut Vec<String>) {
    if kind
        .fields
        .model
        .as_ref()
        .is_some_and(|model| model.value == BOX_MODEL)
    {
        assumptions.push(format!(
            "{name} has no model of its own, so it is a box with its name; `--product FILE.glb` shows your own."
        ));
    }
}

/// Returns the words of a brand that is surely one.
fn sure_words(brand: Option<&FoundBrand>) -> Vec<usize> {
    let sure = brand.filter(|brand| brand.is_sure);
    sure.map_or_else(Vec::new, |brand| brand.words.clone())
}

/// Returns the words of the longest phrase that say nothing else, at most three, and of equals the
/// first: `electric toothbrush, kids, funny` is no toothbrush that is called so.
fn longest_phrase(prompt: &PromptWords, is_other: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let mut longest: Vec<usize> = Vec::new();
    let mut phrase: Vec<usize> = Vec::new();
    for index in 0..prompt.typed.len() {
        let is_join = !phrase.is_empty() && is_name_join(prompt, index);
        let is_word = is_join || !is_other(index);
        if is_word && phrase.len() < MOST_NAME_WORDS {
            phrase.push(index);
        }
        if phrase.len() > longest.len() {
            longest.clone_from(&phrase);
        }
        if !is_word || prompt.ends_phrase[index] {
            phrase.clear();
        }
    }
    longest
}

/// Returns a product of which no word is known: the first phrase that says nothing else is its name.
/// What it is for is not known either, so no beat and no archetype is made for it.
fn unknown_product(
    prompt: &PromptWords,
    library: &AdLibrary,
    is_other: &dyn Fn(usize) -> bool,
    assumptions: &mut Vec<String>,
) -> FoundProduct {
    let is_filling = |index: usize| FILLING_WORDS.contains(&prompt.lower[index].as_str());
    let indices = longest_phrase(prompt, &|index| is_other(index) || is_filling(index));
    let brand = find_brand(prompt, &indices, None);
    let brand_words = sure_words(brand.as_ref());
    let mut name: Vec<&str> = indices
        .iter()
        .map(|index| prompt.typed[*index].as_str())
        .collect();
    let is_outside = brand_words.iter().any(|word| !indices.contains(word));
    if let Some(brand) = brand.as_ref().filter(|_| is_outside) {
        name.insert(0, &brand.name);
    }
    let name = if name.is_empty() {
        "Our product".to_owned()
    } else {
        product_title(&name)
    };
    let any = library.products.iter().find(|kind| kind.name == ANY_KIND);
    let any = any.or(library.products.last());
    assumptions.push(format!(
        "No word of the prompt is a known product, so the ad is for “{name}”, shown as {} with its name; \
         `--product FILE.glb` shows your own.",
        any.map_or("a box".to_owned(), |kind| format!("a {}", kind.name))
    ));
    FoundProduct {
        quoted_brand: brand.as_ref().and_then(|brand| brand.quote),
        brand_words,
        product: PromptProduct {
            name,
            category: any.map_or("product".to_owned(), |kind| kind.name.clone()),
            categories: Vec::new(),
            brand: brand.map(|brand| brand.name),
            colour: chosen_colour(prompt, None, assumptions),
        },
        name: 0..0,
    }
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
