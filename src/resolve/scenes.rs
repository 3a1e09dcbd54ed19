//! Resolves the scenes of the screenplay, with the location of each.

use super::locations::ResolvedLocation;
use crate::base::name_form::{name_form, script_name_form};
use crate::model::production::{Scene, SceneSpeech};
use crate::model::sound::LineDelivery;
use crate::model::{SceneNumber, SceneOrder};
use crate::story::shot_coverage::ends_with_fade_in;
use crate::story::{Screenplay, fountain};
use std::collections::{HashMap, HashSet};

/// The scenes of a screenplay with their numbers.
#[derive(Default)]
pub(super) struct NumberedScenes<'a> {
    /// The scenes that are in the film, in order.
    pub(super) scenes: Vec<(SceneNumber, &'a fountain::ScriptScene)>,
    /// The order of all scenes, with those that are omitted.
    pub(super) order: SceneOrder,
    /// Whether the script fades in before the first.
    pub(super) fades_in: bool,
}

impl<'a> NumberedScenes<'a> {
    pub(super) fn from_screenplay(screenplay: Option<&'a Screenplay>) -> Self {
        let Some(screenplay) = screenplay else {
            return Self::default();
        };
        let numbers = screenplay.scene_numbers();
        let order = SceneOrder::from_numbers(&numbers);
        let scenes = numbers.into_iter().zip(&screenplay.scenes);
        Self {
            scenes: scenes.filter(|(_, scene)| !scene.omitted).collect(),
            order,
            fades_in: ends_with_fade_in(&screenplay.opening),
        }
    }
}

pub(super) fn resolve_scenes(
    numbered: &NumberedScenes<'_>,
    locations: &[ResolvedLocation],
) -> Vec<Scene> {
    let claims = LocationClaims::from_locations(locations);
    numbered
        .scenes
        .iter()
        .map(|(number, scene)| self::resolve_scene(scene, number, &claims))
        .collect()
}

fn resolve_scene(
    scene: &fountain::ScriptScene,
    number: &SceneNumber,
    claims: &LocationClaims<'_>,
) -> Scene {
    let mut known: HashSet<String> = HashSet::new();
    let speakers = scene
        .dialogue_speeches()
        .map(|speech| &speech.character)
        .filter(|name| known.insert(script_name_form(&name.value)))
        .cloned()
        .collect();
    Scene {
        number: number.clone(),
        heading: scene.heading.clone(),
        location: claims.location_of(scene, number),
        speakers,
        speeches: scene.dialogue_speeches().map(resolve_speech).collect(),
    }
}

fn resolve_speech(dialogue: &fountain::DialogueSpeech) -> SceneSpeech {
    let length = dialogue.spoken_length();
    SceneSpeech {
        speaker: dialogue.character.clone(),
        words: length.words,
        characters: length.characters,
        least_seconds: length.least_seconds(),
        seconds: dialogue.estimated_seconds(),
        delivery: LineDelivery::from_extension(dialogue.extension.as_deref().unwrap_or_default()),
        text: dialogue.spoken_line(),
        direction_seconds: dialogue.direction_seconds(),
        dual: dialogue.dual,
    }
}

/// What locations claim: scenes by number, whole headings, places by name.
// Maps, because a search through all locations for each scene would be quadratic. Of two locations
// with one claim, the first counts.
struct LocationClaims<'a> {
    numbers: HashMap<&'a SceneNumber, usize>,
    headings: HashMap<String, usize>,
    names: HashMap<String, usize>,
}

impl<'a> LocationClaims<'a> {
    fn from_locations(locations: &'a [ResolvedLocation]) -> Self {
        let mut claims = Self {
            numbers: HashMap::new(),
            headings: HashMap::new(),
            names: HashMap::new(),
        };
        for (index, location) in locations.iter().enumerate() {
            for number in &location.scenes {
                claims.numbers.entry(number).or_insert(index);
            }
            let name = &location.location.name.value;
            claims.names.entry(normalised_words(name)).or_insert(index);
            for heading in &location.headings {
                let words = normalised_words(heading);
                claims.names.entry(words.clone()).or_insert(index);
                claims.headings.entry(words).or_insert(index);
            }
        }
        claims
    }

    /// Returns the location that claims a scene: by number, else by the whole heading, else by the
    /// place in the heading.
    fn location_of(&self, scene: &fountain::ScriptScene, number: &SceneNumber) -> Option<usize> {
        // The most specific claim wins, regardless of the order of the locations: a number names
        // one scene, a place may name many.
        let by_number = self.numbers.get(number);
        let by_heading = || self.headings.get(&normalised_words(&scene.heading.value));
        let by_place = || {
            let names = scene.place_names();
            names.iter().find_map(|name| {
                self.names
                    .get(&normalised_words(name))
                    // Names in documents have no apostrophes: `maras_shed` is MARA'S SHED.
                    .or_else(|| {
                        self.names
                            .get(&normalised_words(&name_form(name).replace('\'', "")))
                    })
            })
        };
        by_number.or_else(by_heading).or_else(by_place).copied()
    }
}

/// Returns the words in capitals, separated by single spaces.
fn normalised_words(text: &str) -> String {
    let text = name_form(text).to_uppercase();
    let words = text
        // `harbour_pier`, `HARBOUR PIER` and `Harbour-Pier` are one place.
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}
