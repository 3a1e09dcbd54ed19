//! Who and what is in a scene, and in a paragraph of its action.

use super::scene_coverage::CastLookup;
use super::scene_people::ScenePeople;
use super::speech_lines::speech_delivery;
use crate::base::name_form::name_form;
use crate::model::sound::LineDelivery;
use crate::model::speaker_names::is_voice_alone;
use crate::story::fountain::{DialogueSpeech, SceneElement, ScriptScene};
use std::collections::HashSet;

/// Most words of a name that is looked for in action.
const MOST_NAME_WORDS: usize = 3;

/// Returns who is seen in the scene: its speakers in order, then characters that action names in
/// capitals. Somebody who only speaks there, `(V.O.)` or `(O.S.)`, is seen if action names them at
/// all.
pub(super) fn people_in_scene(scene: &ScriptScene, casting: &CastLookup<'_>) -> Vec<String> {
    let is_seen =
        |speech: &&DialogueSpeech| speech_delivery(speech, casting) == LineDelivery::OnScreen;
    let speakers = scene.dialogue_speeches().filter(is_seen);
    let speakers = speakers.map(|speech| speech.character.value.clone());
    let unseen = ScenePeople::new(unseen_speakers(scene, casting));
    let action = scene.elements.iter().filter_map(|element| match element {
        // Accents must be part of their letters, or they would split the words.
        SceneElement::Action(text) => Some(name_form(&text.value)),
        _ => None,
    });
    // Scripts introduce a silent character in capitals. Small letters would match names that are
    // words.
    let capitals = action.flat_map(|text| {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| is_capitals(word) && !is_voice_alone(word))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    let mut people: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for name in speakers.chain(capitals) {
        let name = casting(&name).filter(|name| !unseen.contains(name));
        people.extend(name.filter(|name| known.insert(name.clone())));
    }
    // What a voice comes from is still nobody where action names it.
    let cues = scene
        .dialogue_speeches()
        .map(|speech| &speech.character.value);
    let voices: HashSet<String> = cues
        .filter(|cue| is_voice_alone(cue))
        .filter_map(|cue| casting(cue))
        .collect();
    let named = unseen.names().iter();
    let unseen = ScenePeople::new(
        named
            .filter(|name| !voices.contains(*name))
            .cloned()
            .collect(),
    );
    if !unseen.is_empty() {
        let shown: HashSet<String> = named_in_action(scene, &unseen, casting)
            .into_iter()
            .collect();
        let shown = unseen.names().iter().filter(|name| shown.contains(*name));
        people.extend(shown.cloned());
    }
    people
}

/// Returns the characters of whom a scene has the voice alone, in order.
fn unseen_speakers(scene: &ScriptScene, casting: &CastLookup<'_>) -> Vec<String> {
    let mut unseen: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    let mut seen = HashSet::new();
    for speech in scene.dialogue_speeches() {
        let Some(name) = casting(&speech.character.value) else {
            continue;
        };
        if speech_delivery(speech, casting) == LineDelivery::OnScreen {
            seen.insert(name);
        } else if known.insert(name.clone()) {
            unseen.push(name);
        }
    }
    unseen.retain(|name| !seen.contains(name));
    unseen
}

/// Returns which of these people the action of a scene names. `Ilya's voice` names nobody.
pub(in crate::story) fn named_in_action(
    scene: &ScriptScene,
    people: &ScenePeople,
    casting: &CastLookup<'_>,
) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for element in &scene.elements {
        let SceneElement::Action(text) = element else {
            continue;
        };
        let words = text.value.split_whitespace();
        let names: Vec<&str> = words.filter(|word| !is_possessive(word)).collect();
        named.extend(people_in_text(&names.join(" "), people, casting));
    }
    named
}

fn is_possessive(word: &str) -> bool {
    let word = word.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '\'');
    ["'s", "'S", "’s", "’S"]
        .iter()
        .any(|end| word.ends_with(end))
}

/// Returns the props that the action names, word by word: `lantern_lit` is in "the lantern, lit".
pub(super) fn props_in_scene(scene: &ScriptScene, props: &[&str]) -> Vec<String> {
    let action = scene.elements.iter().filter_map(|element| match element {
        SceneElement::Action(text) => Some(spaced_words(&text.value)),
        _ => None,
    });
    // Whole words are compared, so that `oar` is not found in "soar".
    let action: String = action.collect();
    props
        .iter()
        .filter(|name| action.contains(&spaced_words(name)))
        .map(|name| (*name).to_owned())
        .collect()
}

/// Returns the people of a scene whom a paragraph names, in the order of the paragraph.
pub(super) fn people_in_text(
    text: &str,
    people: &ScenePeople,
    casting: &CastLookup<'_>,
) -> Vec<String> {
    let text = name_form(text);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut named: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for start in 0..words.len() {
        // A name begins with a capital. Small letters would match names that are words.
        if !words[start].starts_with(char::is_uppercase) {
            continue;
        }
        let longest = MOST_NAME_WORDS.min(words.len() - start);
        let found = (1..=longest).rev().find_map(|count| {
            let name = casting(&words[start..start + count].join(" "))?;
            people.contains(&name).then_some(name)
        });
        if let Some(name) = found.filter(|name| known.insert(name.clone())) {
            named.push(name);
        }
    }
    named
}

/// Returns the props that a paragraph names.
pub(super) fn props_in_text(text: &str, props: &[String]) -> Vec<String> {
    let text = spaced_words(text);
    let named = props
        .iter()
        .filter(|name| text.contains(&spaced_words(name)));
    named.cloned().collect()
}

/// Returns the words in upper case, each with a space on both sides.
fn spaced_words(text: &str) -> String {
    let text = name_form(text);
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(|word| format!(" {} ", word.to_uppercase()))
        .collect()
}

fn is_capitals(word: &str) -> bool {
    // Initials and the word "I" are single capitals and no names.
    word.chars().count() > 1 && word.chars().all(|c| c.is_uppercase() || c.is_numeric())
}
