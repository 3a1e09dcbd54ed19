//! Questions that several rules ask of the script: who speaks, and which character that is.

use crate::base::Spanned;
use crate::model::Production;
use crate::model::production::{Asset, Character};

/// Extensions of scripts that are not text.
const FOREIGN: [&str; 8] = ["pdf", "doc", "docx", "odt", "rtf", "fadein", "highland", "celtx"];

/// Returns whether a script was written by a program that does not write text.
pub(super) fn is_foreign(script: &Asset) -> bool {
    FOREIGN.iter().any(|extension| script.has_extension(extension))
}

/// Returns whether a character is meant by a speaker's name as the script writes it.
pub(super) fn answers_to(character: &Character, speaker: &str) -> bool {
    let speaker = bare(speaker);
    let spaced = character.name.value.replace(['_', '-'], " ");
    [character.script_name.trim(), &character.name.value, &spaced].into_iter().any(|name| same(name, speaker))
}

/// Returns every speaker of the script once, at the first cue.
pub(super) fn speakers(production: &Production) -> Vec<&Spanned<String>> {
    let mut found: Vec<&Spanned<String>> = Vec::new();
    for speaker in production.scenes.iter().flat_map(|scene| &scene.speakers) {
        if !found.iter().any(|known| same(bare(&known.value), bare(&speaker.value))) {
            found.push(speaker);
        }
    }
    found
}

/// Returns the speaker without extensions such as `(V.O.)`.
pub(super) fn bare(speaker: &str) -> &str {
    speaker.split('(').next().unwrap_or_default().trim()
}

/// Returns the place of a heading as a name: `EXT. HARBOUR PIER - DUSK` is `harbour_pier`.
pub(super) fn place(heading: &str) -> String {
    let place = heading.split_once(". ").map_or(heading, |(_, place)| place);
    let place = place.rsplit_once(" - ").map_or(place, |(place, _)| place);
    place.trim().to_lowercase().replace(' ', "_")
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}
