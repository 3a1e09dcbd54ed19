//! The line about a scene: what its writer says about it, else how it begins.

use crate::story::fountain::{SceneElement, ScriptScene, is_page_furniture, strip_emphasis};

/// Most characters of a line.
const MOST_CHARACTERS: usize = 90;

/// Returns one line about a scene: its synopsis, else its first sentence of action, else who speaks
/// first and what. Empty: the scene has nothing.
pub(super) fn scene_summary(scene: &ScriptScene) -> String {
    if let Some(synopsis) = &scene.synopsis {
        return shortened(&one_line(&strip_emphasis(synopsis)));
    }
    let action = scene.elements.iter().find_map(|element| match element {
        SceneElement::Action(text) if !is_page_furniture(&text.value) => {
            Some(one_line(&strip_emphasis(&text.value)))
        }
        _ => None,
    });
    let sentence = action.as_deref().map(first_sentence);
    if let Some(sentence) = sentence.filter(|sentence| !sentence.is_empty()) {
        return shortened(sentence);
    }
    let speech = scene.dialogue_speeches().next();
    speech.map_or_else(String::new, |speech| {
        let words = speech.spoken_text();
        shortened(&format!("{}: {words}", speech.character.value))
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the text up to the end of its first sentence.
fn first_sentence(text: &str) -> &str {
    // After a short beginning, a full stop is more likely that of `Mr.` or `No.`.
    let ends = text.match_indices(['.', '!', '?', '。', '！', '？']);
    let end = ends
        .map(|(index, mark)| index + mark.len())
        .find(|end| *end >= 12 && text[*end..].starts_with([' ', '"', '”']) || *end == text.len());
    &text[..end.unwrap_or(text.len())]
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MOST_CHARACTERS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST_CHARACTERS).collect();
    // Between words, if there are any.
    let end = cut.rfind(' ').unwrap_or(cut.len());
    let words = cut[..end].trim_end_matches(|c: char| !c.is_alphanumeric());
    format!("{words} …")
}
