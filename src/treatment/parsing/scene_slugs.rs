//! Names of scenes that stay when other scenes come and go, so that a treatment that is read again
//! finds the shots that it made before.

use crate::treatment::treatment_value::TreatmentScene;
use std::collections::BTreeSet;

/// Most characters of a name.
const MAX_CHARS: usize = 32;

/// Names every scene: by its heading, else by its number, else by its first words.
pub(super) fn name_scenes(scenes: &mut [TreatmentScene]) {
    let mut taken = BTreeSet::new();
    for (index, scene) in scenes.iter_mut().enumerate() {
        let slug = scene_slug(scene, index);
        scene.slug = free_slug(&slug, &taken);
        taken.insert(scene.slug.clone());
    }
}

fn scene_slug(scene: &TreatmentScene, index: usize) -> String {
    let heading = scene.heading.as_ref().map(|heading| heading.value.as_str());
    let number = scene
        .number
        .as_ref()
        .map(|number| format!("scene {}", number.value));
    let words = scene
        .narration
        .first()
        .map(|line| first_words(&line.text.value));
    let picture = scene
        .visuals
        .first()
        .map(|visual| first_words(&visual.description.value));
    let candidates = [heading.map(str::to_owned), number, words, picture];
    candidates
        .into_iter()
        .flatten()
        .map(|text| slug(&text))
        .find(|slug| !slug.is_empty())
        .unwrap_or_else(|| format!("scene_{}", index + 1))
}

fn first_words(text: &str) -> String {
    text.split_whitespace()
        .take(4)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns a text as a name: lower case, `_` between words.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('_') && c != '\'' && c != '’' {
            slug.push('_');
        }
    }
    let mut short: String = slug.chars().take(MAX_CHARS).collect();
    // A name ends with a whole word.
    if slug.chars().count() > MAX_CHARS
        && let Some(end) = short.rfind('_')
    {
        short.truncate(end);
    }
    let short = short.trim_matches('_').to_owned();
    // A name of digits alone would be read as a number.
    if short.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("scene_{short}");
    }
    short
}

fn free_slug(slug: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(slug) {
        return slug.to_owned();
    }
    let free = (2..).map(|count: u32| format!("{slug}_{count}"));
    free.into_iter()
        .find(|name| !taken.contains(name))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_words_of_a_heading() {
        assert_eq!(slug("Why bees matter"), "why_bees_matter");
        assert_eq!(slug("  Don't stop! "), "dont_stop");
        assert_eq!(slug("3 reasons"), "scene_3_reasons");
        assert_eq!(slug("Öl & Wasser"), "öl_wasser");
        assert_eq!(slug("—"), "");
        let long = slug("a very long heading that goes on and on for ever");
        assert_eq!(long, "a_very_long_heading_that_goes");
    }
}
