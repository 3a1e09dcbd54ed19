//! Resolves the scenes of the screenplay, with the location of each.

use super::locations::ResolvedLocation;
use crate::model::production::{Scene, SceneSpeech};
use crate::story::{Screenplay, fountain};
use std::collections::{HashMap, HashSet};

pub(super) fn resolve_scenes(
    screenplay: Option<&Screenplay>,
    locations: &[ResolvedLocation],
) -> Vec<Scene> {
    let numbered = screenplay
        .into_iter()
        .flat_map(|screenplay| screenplay.scenes.iter().enumerate());
    let claims = LocationClaims::from_locations(locations);
    numbered
        .map(|(index, scene)| self::resolve_scene(scene, scene_number(scene, index), &claims))
        .collect()
}

/// Returns the number that the script gives the scene, else its position, counted from 1.
pub(super) fn scene_number(scene: &fountain::ScriptScene, index: usize) -> u32 {
    // Production scripts also have numbers such as `12A`. They do not parse, and the position
    // serves.
    let written = scene.number.as_ref().and_then(|number| number.parse().ok());
    written.unwrap_or_else(|| u32::try_from(index + 1).unwrap_or(u32::MAX))
}

fn resolve_scene(scene: &fountain::ScriptScene, number: u32, claims: &LocationClaims) -> Scene {
    let mut known: HashSet<&str> = HashSet::new();
    let mut speakers: Vec<crate::base::Spanned<String>> = Vec::new();
    for speech in scene.dialogue_speeches() {
        if known.insert(&speech.character.value) {
            speakers.push(speech.character.clone());
        }
    }
    let heading = scene.heading.clone();
    let location = claims.scene_location(scene, number);
    Scene {
        number,
        heading,
        location,
        speakers,
        speeches: scene.dialogue_speeches().map(resolve_speech).collect(),
    }
}

fn resolve_speech(dialogue: &fountain::DialogueSpeech) -> SceneSpeech {
    let extension = dialogue
        .extension
        .as_deref()
        .unwrap_or_default()
        .to_uppercase();
    let words = dialogue
        .spoken_text()
        .split_whitespace()
        // A lone dash or ellipsis takes no time to speak.
        .filter(|word| word.contains(char::is_alphanumeric))
        .count();
    SceneSpeech {
        speaker: dialogue.character.clone(),
        words,
        seconds: dialogue.estimated_seconds(),
        // Writers use `(O.S.)`, `(OS)`, `(V.O.)` and more. Matching parts covers the dotted forms
        // with any addition such as `(V.O. CONT'D)`.
        off_screen: ["O.S", "O.C", "V.O", "OFF", "VOICE"]
            .iter()
            .any(|mark| extension.contains(mark)),
    }
}

/// The scenes that locations claim: by number, by heading, by place. The first location counts.
// A search of all locations for each scene is quadratic in a long series.
struct LocationClaims {
    numbers: HashMap<u32, usize>,
    headings: HashMap<String, usize>,
    places: HashMap<String, usize>,
}

impl LocationClaims {
    fn from_locations(locations: &[ResolvedLocation]) -> Self {
        let mut claims = Self {
            numbers: HashMap::new(),
            headings: HashMap::new(),
            places: HashMap::new(),
        };
        for (index, location) in locations.iter().enumerate() {
            for number in &location.scenes {
                claims.numbers.entry(*number).or_insert(index);
            }
            let name = normalised_words(&location.location.name.value);
            claims.places.entry(name).or_insert(index);
            for heading in &location.headings {
                let heading = normalised_words(heading);
                claims.places.entry(heading.clone()).or_insert(index);
                claims.headings.entry(heading).or_insert(index);
            }
        }
        claims
    }

    /// Returns the location that claims a scene: by number, else by the whole heading, else by the
    /// place in the heading.
    fn scene_location(&self, scene: &fountain::ScriptScene, number: u32) -> Option<usize> {
        // The most specific claim wins, regardless of the order of the locations: a number names
        // one scene, a place may name many.
        let by_number = self.numbers.get(&number);
        let by_heading = || self.headings.get(&normalised_words(&scene.heading.value));
        let by_place = || self.places.get(&normalised_words(&scene.place.location));
        by_number.or_else(by_heading).or_else(by_place).copied()
    }
}

/// Returns the words in capitals, separated by single spaces.
fn normalised_words(text: &str) -> String {
    let words = text
        // `harbour_pier`, `HARBOUR PIER` and `Harbour-Pier` are one place.
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").to_uppercase()
}
