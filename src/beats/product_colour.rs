//! Colours that a prompt gives its product.

use super::prompt_words::PromptWords;

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

/// Returns the colour of the product: of several, the one that is nearest to its name, and before
/// it rather than behind it. `product` is the index of the word that names it. Several are an
/// assumption. With a capital a word is no colour but a name, as in `Red Wing`.
pub(super) fn chosen_colour(
    prompt: &PromptWords,
    product: Option<usize>,
    assumptions: &mut Vec<String>,
) -> Option<String> {
    let typed = prompt.typed.iter().enumerate();
    let named: Vec<(usize, &String)> = typed
        .filter(|(_, word)| product_colour(word).is_some())
        .collect();
    let distance = |index: usize| match product {
        Some(product) if index < product => product - index,
        // Farther away than every word before the product.
        Some(product) => prompt.typed.len() + index - product,
        None => index,
    };
    let (_, chosen) = named.iter().min_by_key(|(index, _)| distance(*index))?;
    let mut others: Vec<&str> = Vec::new();
    for (_, word) in &named {
        if word != chosen && !others.contains(&word.as_str()) {
            others.push(word);
        }
    }
    if !others.is_empty() {
        let why = if product.is_some() {
            "the nearest to its name"
        } else {
            "the first"
        };
        assumptions.push(format!(
            "The prompt names several colours; the product is {chosen}, {why}, and not {}.",
            others.join(" or ")
        ));
    }
    Some((*chosen).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(prompt: &str, product: &str) -> (Option<String>, Vec<String>) {
        let words = PromptWords::from_prompt(prompt);
        let index = words.lower.iter().position(|word| word == product);
        let mut assumptions = Vec::new();
        let colour = chosen_colour(&words, index, &mut assumptions);
        (colour, assumptions)
    }

    #[test]
    fn of_several_colours_the_nearest_to_the_product_wins_and_is_reported() {
        let (colour, notes) = chosen("15s black and white silver watch", "watch");
        assert_eq!(colour.as_deref(), Some("silver"));
        assert_eq!(
            notes,
            [
                "The prompt names several colours; the product is silver, the nearest to its name, \
              and not black or white."
            ]
        );
        let (colour, notes) = chosen("red shoes on a green field", "shoes");
        assert_eq!((colour.as_deref(), notes.len()), (Some("red"), 1));
        let (colour, notes) = chosen("red shoes, red laces", "shoes");
        assert_eq!((colour.as_deref(), notes.len()), (Some("red"), 0));
        assert_eq!(chosen("Red Wing boots", "boots"), (None, Vec::new()));
    }
}
