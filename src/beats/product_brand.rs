//! The brand of a product: only where something says that a word is a name.
//!
//! That is: it is in quotes before the product, behind `by` or `for`, or written with a capital
//! where other words have none. Words that products are described with are no brands.

use super::product_colour::product_colour;
use super::prompt_words::{NAME_JOIN, PromptWords, STOP_WORDS, is_initials};

/// Words before a name.
const NAME_MARKS: &[&str] = &[
    "by", "called", "named", "brand", "marke", "von", "par", "por",
];

/// Words with a capital that are no brand behind `for`: when and where a film is seen.
const OCCASIONS: &[&str] = &[
    "christmas",
    "xmas",
    "easter",
    "halloween",
    "valentine's",
    "valentines",
    "thanksgiving",
    "ramadan",
    "eid",
    "diwali",
    "hanukkah",
    "mother's",
    "father's",
    "new",
    "black",
    "cyber",
    "weihnachten",
    "ostern",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "youtube",
    "facebook",
    "linkedin",
    "tv",
];

/// Words that say what a product is like: diets, materials, uses, people, adjectives. Written with
/// a capital they are no brand.
const DESCRIPTIONS: &[&str] = &[
    "vegan",
    "vegane",
    "veganer",
    "vegetarian",
    "organic",
    "bio",
    "natural",
    "keto",
    "halal",
    "kosher",
    "gluten-free",
    "sugar-free",
    "alcohol-free",
    "low-carb",
    "raw",
    "fresh",
    "frozen",
    "leather",
    "leder",
    "wool",
    "cotton",
    "linen",
    "silk",
    "denim",
    "wooden",
    "wood",
    "holz",
    "steel",
    "metal",
    "glass",
    "plastic",
    "bamboo",
    "ceramic",
    "carbon",
    "titanium",
    "paper",
    "stone",
    "rubber",
    "recycled",
    "sustainable",
    "eco",
    "green",
    "electric",
    "elektrische",
    "solar",
    "wireless",
    "digital",
    "portable",
    "mobile",
    "mini",
    "compact",
    "waterproof",
    "smart",
    "premium",
    "luxury",
    "modern",
    "classic",
    "vintage",
    "retro",
    "handmade",
    "artisan",
    "craft",
    "local",
    "regional",
    "cheap",
    "affordable",
    "best",
    "better",
    "good",
    "great",
    "big",
    "large",
    "small",
    "tiny",
    "soft",
    "hard",
    "light",
    "heavy",
    "hot",
    "cold",
    "warm",
    "cool",
    "sweet",
    "spicy",
    "salty",
    "fast",
    "quick",
    "slow",
    "safe",
    "strong",
    "fine",
    "pure",
    "running",
    "hiking",
    "racing",
    "fishing",
    "cooking",
    "baking",
    "gaming",
    "climbing",
    "swimming",
    "skating",
    "cycling",
    "travel",
    "work",
    "school",
    "kitchen",
    "garden",
    "office",
    "home",
    "house",
    "outdoor",
    "indoor",
    "winter",
    "summer",
    "spring",
    "autumn",
    "kids",
    "kid's",
    "children",
    "children's",
    "men's",
    "women's",
    "men",
    "women",
    "baby",
    "family",
    "dog",
    "cat",
    "pet",
    "dogs",
    "cats",
    "young",
    "old",
    "night",
    "day",
    "morning",
    "evening",
    "energetic",
    "elegant",
    "urban",
    "gritty",
    "bold",
    "calm",
    "friendly",
    "happy",
    "beautiful",
    "simple",
    "new",
];

/// Words that end the name of a company behind `&`.
const COMPANY_WORDS: &[&str] = &[
    "sons",
    "son",
    "daughters",
    "daughter",
    "co",
    "company",
    "brothers",
    "bros",
    "sisters",
    "partners",
    "söhne",
    "sohn",
    "töchter",
    "cie",
    "hijos",
    "figli",
    "filhos",
];

/// The ends of names that have a full stop.
const STOPPED_ENDS: &[&str] = &[
    "Co.", "Inc.", "Ltd.", "Bros.", "Cie.", "Corp.", "Jr.", "Sr.", "St.",
];

/// A brand, and what it takes from the prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FoundBrand {
    /// Its name.
    pub(super) name: String,
    /// Which of the texts in quotes it is. `None`: it is not in quotes.
    pub(super) quote: Option<usize>,
    /// Its words, if they are not in quotes.
    pub(super) words: Vec<usize>,
    /// Whether a word such as `by` says that it is a name, or a known product behind it.
    pub(super) is_sure: bool,
}

/// The most words of a brand, without what joins them.
const MOST_WORDS: usize = 3;

/// Returns the brand of a product. `name` are the words of its name in order, `kind` is the one of
/// them that says what it is, if a table has it.
pub(super) fn find_brand(
    prompt: &PromptWords,
    name: &[usize],
    kind: Option<usize>,
) -> Option<FoundBrand> {
    let found = |words: Vec<usize>, is_sure: bool| FoundBrand {
        name: joined(prompt, &words),
        quote: None,
        words,
        is_sure,
    };
    // From the surest sign to the weakest.
    quoted_brand(prompt, kind)
        .or_else(|| marked_brand(prompt, kind).map(|words| found(words, true)))
        .or_else(|| capital_brand(prompt, name, kind).map(|words| found(words, kind.is_some())))
}

/// Whether a word joins the two words with capitals around it, as in `Marks & Spencer`.
pub(super) fn is_name_join(prompt: &PromptWords, index: usize) -> bool {
    let is_name = |index: usize| {
        prompt
            .typed
            .get(index)
            .is_some_and(|word| word.chars().any(char::is_uppercase))
    };
    let joins = [NAME_JOIN, "and", "und", "et", "y", "e"];
    let is_joined = match prompt.lower[index].as_str() {
        NAME_JOIN => is_name(index + 1) || is_company_word(prompt, index + 1),
        // `Oolong and Sons` is a name, and `Oslo and Bergen` may be two.
        word => joins.contains(&word) && is_company_word(prompt, index + 1),
    };
    is_joined && index.checked_sub(1).is_some_and(is_name)
}

/// Whether a word is one of those that end the name of a company behind `&`, with or without a
/// capital.
fn is_company_word(prompt: &PromptWords, index: usize) -> bool {
    let word = prompt.lower.get(index);
    word.is_some_and(|word| COMPANY_WORDS.contains(&word.as_str()))
}

/// Returns a short text in quotes right before the product, or behind `by`: a name, and no line.
fn quoted_brand(prompt: &PromptWords, kind: Option<usize>) -> Option<FoundBrand> {
    let found = prompt
        .quoted
        .iter()
        .zip(&prompt.quoted_at)
        .position(|(text, at)| {
            let is_name = is_quoted_name(text);
            // One word may be between them: `“Aurora” electric car`.
            let is_before = kind.is_some_and(|kind| (*at..=*at + 1).contains(&kind));
            let is_marked = at
                .checked_sub(1)
                .is_some_and(|before| is_mark(prompt, before));
            is_name && (is_before || is_marked)
        })?;
    Some(FoundBrand {
        name: prompt.quoted[found].clone(),
        quote: Some(found),
        words: Vec::new(),
        is_sure: true,
    })
}

/// Whether a text in quotes can be a name: few words, a capital, and no end of a sentence.
fn is_quoted_name(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    // Initials and what joins two words are no words of their own.
    let long = words
        .iter()
        .filter(|word| !is_initials(word) && **word != NAME_JOIN);
    let starts_as_name = text.starts_with(char::is_uppercase)
        // `3M` and `4711`, but not `24 hours`.
        || text.starts_with(|c: char| c.is_ascii_digit())
            && !text.chars().any(char::is_lowercase);
    let last = words.last().copied().unwrap_or_default();
    let is_sentence =
        text.ends_with(['.', '!', '?', '…']) && !is_initials(last) && !STOPPED_ENDS.contains(&last);
    long.count() <= 3 && words.len() <= 6 && starts_as_name && !is_sentence
}

fn is_mark(prompt: &PromptWords, index: usize) -> bool {
    NAME_MARKS.contains(&prompt.lower[index].as_str())
}

/// Returns the name behind `by X`, or behind `for X` where no product was named before.
fn marked_brand(prompt: &PromptWords, kind: Option<usize>) -> Option<Vec<usize>> {
    let is_shouted = is_shouted(prompt);
    (1..prompt.typed.len())
        .filter(|_| !is_shouted)
        .find_map(|index| {
            let before = prompt.lower[index - 1].as_str();
            let is_for = ["for", "für", "pour", "para"].contains(&before);
            // Behind a product, `for` says whom it is for: `sneakers for Kids`.
            let is_named_before = kind.is_some_and(|kind| kind < index);
            if !is_mark(prompt, index - 1) && (!is_for || is_named_before) {
                return None;
            }
            let run = capital_run(prompt, index, kind);
            let is_occasion = OCCASIONS.contains(&prompt.lower[index].as_str());
            // `for Young Dogs` says who it is for, and names nobody.
            (!is_occasion && run.iter().any(|index| !is_description(prompt, *index))).then_some(run)
        })
}

/// Returns the words with capitals from here on, up to the one that says what the product is.
fn capital_run(prompt: &PromptWords, from: usize, kind: Option<usize>) -> Vec<usize> {
    let mut run: Vec<usize> = Vec::new();
    let mut count = 0;
    for index in from..prompt.typed.len() {
        let is_join = !run.is_empty() && is_name_join(prompt, index);
        // The last word of `Oolong & sons` needs no capital.
        let is_last = run.last().is_some_and(|last| is_name_join(prompt, *last))
            && is_company_word(prompt, index);
        let is_word =
            (has_capital(prompt, index) || is_last) && Some(index) != kind && count < MOST_WORDS;
        let is_other_phrase = run.last().is_some_and(|last| prompt.ends_phrase[*last]);
        if !(is_join || is_word) || is_other_phrase {
            break;
        }
        count += usize::from(!is_join);
        run.push(index);
    }
    // A word behind which there was no room for more joins nothing.
    if run.last().is_some_and(|last| is_name_join(prompt, *last)) {
        run.pop();
    }
    run
}

/// Returns the words of a name that are written with capitals though others are not. Without one,
/// the word for the kind of product if it is a name itself, such as `iPhone`.
fn capital_brand(prompt: &PromptWords, name: &[usize], kind: Option<usize>) -> Option<Vec<usize>> {
    if is_shouted(prompt) {
        return None;
    }
    let run: Vec<usize> = name
        .iter()
        .copied()
        .filter(|index| {
            let is_part = has_capital(prompt, *index)
                || is_name_join(prompt, *index)
                || is_company_word(prompt, *index) && *index > 0 && is_name_join(prompt, index - 1);
            Some(*index) != kind && is_part
        })
        .collect();
    let every_word_has_one = is_title_case(prompt);
    let is_evidence = |index: &usize| {
        // A sentence begins with a capital, also if its first word is no name. Before a word that
        // is surely a product it is a name all the same, as in `Nike sneakers`.
        let is_usual = (*index == 0 || every_word_has_one) && kind.is_none();
        !is_description(prompt, *index) && (!is_usual || has_inner_capital(prompt, *index))
    };
    if run.iter().any(is_evidence) {
        return Some(run);
    }
    let kind = kind.filter(|kind| has_inner_capital(prompt, *kind))?;
    Some(vec![kind])
}

fn joined(prompt: &PromptWords, indices: &[usize]) -> String {
    let words = indices.iter().map(|index| prompt.typed[*index].as_str());
    words.collect::<Vec<_>>().join(" ")
}

fn is_description(prompt: &PromptWords, index: usize) -> bool {
    let word = prompt.lower[index].as_str();
    DESCRIPTIONS.contains(&word) || STOP_WORDS.contains(&word) || product_colour(word).is_some()
}

fn has_capital(prompt: &PromptWords, index: usize) -> bool {
    prompt.typed[index].chars().any(char::is_uppercase)
}

fn has_inner_capital(prompt: &PromptWords, index: usize) -> bool {
    prompt.typed[index].chars().skip(1).any(char::is_uppercase)
}

/// Returns whether every letter is a capital, so that none says anything.
fn is_shouted(prompt: &PromptWords) -> bool {
    let letters = || prompt.typed.iter().flat_map(|word| word.chars());
    prompt.typed.len() > 2 && !letters().any(char::is_lowercase)
}

/// Returns whether every longer word has a capital, as in a title.
fn is_title_case(prompt: &PromptWords) -> bool {
    // Titles leave `for` and `the` in lower case.
    let is_counted =
        |word: &&String| word.chars().count() > 3 && word.starts_with(char::is_alphabetic);
    let words: Vec<&String> = prompt.typed.iter().filter(is_counted).collect();
    words.len() > 2
        && words
            .iter()
            .all(|word| word.starts_with(char::is_uppercase))
}
