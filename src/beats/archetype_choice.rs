//! Chooses the archetype of an ad by the words of its prompt: three points for each of its style
//! hints, two for each of its keywords, two for each of its product words that the product has.

use super::library_beat::{AdLibrary, LibraryArchetype, words};
use super::prompt_intent::PromptIntent;
use serde::Serialize;

const HINT_POINTS: u32 = 3;
const KEYWORD_POINTS: u32 = 2;
const PRODUCT_POINTS: u32 = 2;
/// The archetype of prompts that say nothing of any: it suits every product.
const FALLBACK: &str = "feature_demo";

/// The points of one archetype.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArchetypeScore {
    /// The archetype.
    pub archetype: String,
    /// Its points.
    pub points: u32,
    /// The words that gave them.
    pub words: Vec<String>,
}

/// The archetype of an ad, and why.
#[derive(Debug, Clone)]
pub(super) struct ArchetypeChoice<'a> {
    /// The archetype.
    pub archetype: &'a LibraryArchetype,
    /// Why, in a sentence.
    pub why: String,
    /// The points of all, in the order of the library.
    pub scores: Vec<ArchetypeScore>,
}

/// Returns the archetype with the most points; of equals, the first of the library. `None`: the
/// library has no archetypes.
#[must_use]
pub(super) fn choose_archetype<'a>(
    intent: &PromptIntent,
    library: &'a AdLibrary,
) -> Option<ArchetypeChoice<'a>> {
    let scores: Vec<ArchetypeScore> = library
        .archetypes
        .iter()
        .map(|archetype| score_archetype(intent, archetype))
        .collect();
    let most = scores.iter().map(|score| score.points).max()?;
    if most == 0 {
        // A library of the user's own may lack it.
        let fallback = library.archetype(FALLBACK);
        let archetype = fallback.or_else(|| library.archetypes.first())?;
        let why = format!(
            "No word of the prompt means an archetype, so it is {}, which suits every product.",
            archetype.title()
        );
        return Some(ArchetypeChoice {
            archetype,
            why,
            scores,
        });
    }
    let index = scores.iter().position(|score| score.points == most)?;
    let archetype = library.archetypes.get(index)?;
    let why = reason(archetype, &scores, index);
    Some(ArchetypeChoice {
        archetype,
        why,
        scores,
    })
}

fn score_archetype(intent: &PromptIntent, archetype: &LibraryArchetype) -> ArchetypeScore {
    let mut points = 0;
    let mut found = Vec::new();
    let mut count = |listed: Vec<String>, words: &[String], each: u32| {
        for word in listed {
            // A word that is a hint and a keyword counts once, as the hint, which is counted first.
            if words.contains(&word) && !found.contains(&word) {
                points += each;
                found.push(word);
            }
        }
    };
    count(
        words(&archetype.fields.style_hints),
        &intent.words,
        HINT_POINTS,
    );
    count(
        words(&archetype.fields.keywords),
        &intent.words,
        KEYWORD_POINTS,
    );
    count(
        words(&archetype.fields.typical_products),
        &intent.product.categories,
        PRODUCT_POINTS,
    );
    ArchetypeScore {
        archetype: archetype.id.clone(),
        points,
        words: found,
    }
}

fn reason(archetype: &LibraryArchetype, scores: &[ArchetypeScore], index: usize) -> String {
    let best = &scores[index];
    let second = scores
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != index)
        // Of equals, `max_by_key` takes the last. The choice took the first, and so does this.
        .max_by_key(|(other, score)| (score.points, std::cmp::Reverse(*other)))
        .map(|(_, score)| score)
        .filter(|score| score.points > 0);
    let against = second.map_or_else(String::new, |second| {
        format!(
            "; next is {} with {} points",
            second.archetype.replace('_', " "),
            second.points
        )
    });
    format!(
        "{} has {} points for {}{against}.",
        archetype.title(),
        best.points,
        best.words.join(", ").replace('_', " "),
    )
}
