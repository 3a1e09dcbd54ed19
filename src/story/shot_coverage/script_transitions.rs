//! Transitions that a script writes, as those of shots.

use crate::base::{FileSpan, Spanned};
use crate::story::fountain::SceneElement;

/// Words of a transition at the end of a scene, each with its name in documents. The first that is
/// in the text counts. Any other is a cut.
const OUT_WORDS: [(&str, &str); 9] = [
    ("DISSOLVE", "dissolve"),
    ("CROSSFADE", "dissolve"),
    ("CROSS FADE", "dissolve"),
    ("WIPE", "wipe"),
    ("FADE TO WHITE", "fade_to_white"),
    ("FADE OUT TO WHITE", "fade_to_white"),
    ("FADE TO", "fade_to_black"),
    ("FADE OUT", "fade_to_black"),
    ("DIP TO BLACK", "dip_to_black"),
];

/// A transition at the end of a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScriptTransition {
    /// Its name in documents.
    pub(super) name: &'static str,
    /// Whether another shot has to follow.
    pub(super) needs_next: bool,
    pub(super) origin: FileSpan,
}

/// Returns the transition with which a scene ends. `None`: a cut.
pub(super) fn closing_transition(elements: &[SceneElement]) -> Option<ScriptTransition> {
    // What is shown after it makes it one inside of the scene.
    let closing = elements
        .iter()
        .rev()
        .take_while(|element| is_passing(element));
    let text = closing
        .filter_map(transition_text)
        .find(|text| !is_fade_in(text))?;
    let upper = text.value.to_uppercase();
    let (_, name) = OUT_WORDS.iter().find(|(word, _)| upper.contains(word))?;
    Some(ScriptTransition {
        name,
        needs_next: !name.starts_with("fade"),
        origin: text.origin,
    })
}

/// Returns whether the last of these elements is `FADE IN:`, so that what follows fades in.
#[must_use]
pub fn ends_with_fade_in(elements: &[SceneElement]) -> bool {
    let mut closing = elements
        .iter()
        .rev()
        .take_while(|element| is_passing(element));
    closing.any(|element| transition_text(element).is_some_and(is_fade_in))
}

/// Returns whether an element shows nothing: a transition, a note, an outline.
fn is_passing(element: &SceneElement) -> bool {
    transition_text(element).is_some() || element.estimated_seconds() <= 0.0
}

/// Returns the text of a transition. `FADE IN:` and `FADE OUT.` are action to Fountain, which knows
/// transitions by `TO:` alone.
fn transition_text(element: &SceneElement) -> Option<&Spanned<String>> {
    match element {
        SceneElement::Transition(text) => Some(text),
        SceneElement::Action(text) => {
            let plain = text.value.trim().trim_end_matches([':', '.']);
            matches!(plain, "FADE IN" | "FADE OUT" | "FADE TO BLACK").then_some(text)
        }
        _ => None,
    }
}

fn is_fade_in(text: &Spanned<String>) -> bool {
    text.value.to_uppercase().contains("FADE IN")
}
