//! Names of scenes that stay when other scenes come and go, so that a treatment that is read again
//! finds the shots that it made before.

use crate::base::name_form::{FreeNames, name_slug};
use crate::treatment::treatment_value::TreatmentScene;

/// Names every scene: by its heading, else by its number, else by its first words.
pub(super) fn name_scenes(scenes: &mut [TreatmentScene]) {
    let mut names = FreeNames::default();
    for (index, scene) in scenes.iter_mut().enumerate() {
        let slug = scene_slug(scene, index);
        scene.slug = names.take(&slug);
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
    // The number after the heading: a scene in between would rename all that follow.
    let candidates = [heading.map(str::to_owned), number, words, picture];
    candidates
        .into_iter()
        .flatten()
        .map(|text| scene_name(&text))
        .find(|slug| !slug.is_empty())
        .unwrap_or_else(|| format!("scene_{}", index + 1))
}

fn first_words(text: &str) -> String {
    text.split_whitespace()
        .take(4)
        .collect::<Vec<_>>()
        .join(" ")
}

fn scene_name(text: &str) -> String {
    let name = name_slug(text);
    // A name of digits alone would be read as a number.
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("scene_{name}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_words_of_a_heading() {
        assert_eq!(scene_name("Why bees matter"), "why_bees_matter");
        assert_eq!(scene_name("  Don't stop! "), "dont_stop");
        assert_eq!(scene_name("3 reasons"), "scene_3_reasons");
        assert_eq!(scene_name("Öl & Wasser"), "öl_wasser");
        assert_eq!(scene_name("—"), "");
        let long = scene_name("a very long heading that goes on and on for ever");
        assert_eq!(long, "a_very_long_heading_that_goes");
    }
}
