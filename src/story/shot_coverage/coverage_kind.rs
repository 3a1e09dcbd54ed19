//! What kind of scene is covered.

use crate::model::sound::LineDelivery;
use crate::story::fountain::{DialogueSpeech, SceneElement, SceneSetting, ScriptScene};

/// Seconds up to which a scene without speech is a passage.
const MOST_PASSAGE_SECONDS: f64 = 5.0;
/// Words that begin a montage, in a heading or a paragraph.
const MONTAGE_WORDS: [&str; 3] = ["MONTAGE", "SERIES OF SHOTS", "SERIES OF SCENES"];

/// The kind of a scene, which decides about its shots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageKind {
    /// Two people talk.
    Conversation,
    /// Three people or more talk.
    Group,
    /// One person talks.
    Monologue,
    /// Nobody who is there talks, and things happen.
    Action,
    /// Pictures that belong together and are short.
    Montage,
    /// Nobody talks and little happens: a passage from one scene to the next.
    Transition,
}

impl CoverageKind {
    /// Returns the kind of a scene with this many people. `delivery` says of a speech where its voice
    /// comes from.
    #[must_use]
    pub(super) fn from_scene(
        scene: &ScriptScene,
        people: usize,
        delivery: &dyn Fn(&DialogueSpeech) -> LineDelivery,
    ) -> Self {
        if is_montage(scene) {
            return Self::Montage;
        }
        let is_there = |speech| delivery(speech) != LineDelivery::VoiceOver;
        if scene.dialogue_speeches().any(is_there) {
            return match people {
                0 | 1 => Self::Monologue,
                2 => Self::Conversation,
                _ => Self::Group,
            };
        }
        // What a voice tells about is shown as if it was silent.
        if scene.dialogue_speeches().next().is_some() {
            return Self::Action;
        }
        let is_short = scene.estimated_seconds() <= MOST_PASSAGE_SECONDS;
        if is_short || scene.place.setting == SceneSetting::Establishing {
            Self::Transition
        } else {
            Self::Action
        }
    }
}

/// Returns whether the heading or the first paragraph says that the scene is a montage.
fn is_montage(scene: &ScriptScene) -> bool {
    let first = scene.elements.iter().find_map(|element| match element {
        SceneElement::Action(text) => text.value.lines().next(),
        _ => None,
    });
    let texts = [Some(scene.heading.value.as_str()), first];
    texts.into_iter().flatten().any(begins_montage)
}

/// Returns whether a line in capitals says that a montage begins.
pub(super) fn begins_montage(line: &str) -> bool {
    // `END OF MONTAGE` ends one.
    MONTAGE_WORDS.iter().any(|word| line.contains(word)) && !line.trim_start().starts_with("END")
}
