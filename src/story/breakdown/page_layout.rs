//! How many lines a script has in print, and eighths of a page.
//!
//! A page has 54 lines in twelve-point Courier. Action and headings are 60 characters wide, dialogue
//! 35, directions 25, and an empty line is above every paragraph. Programs differ by their breaks
//! between pages, so their counts may differ from these by an eighth in a scene.

use crate::story::fountain::{
    DialogueSpeech, SceneElement, ScriptScene, SpeechPart, printed_columns, strip_emphasis,
};
use serde::{Serialize, Serializer};
use std::fmt;

/// Printed lines of a page.
pub const PAGE_LINES: u32 = 54;

/// Characters of a line of action or a heading.
const ACTION_WIDTH: usize = 60;
/// Characters of a line of dialogue.
const DIALOGUE_WIDTH: usize = 35;
/// Characters of a line of a direction.
const DIRECTION_WIDTH: usize = 25;

/// A length in eighths of a page. A page a minute is the usual estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PageEighths(pub u32);

impl PageEighths {
    /// Returns the eighths of this many lines, rounded, and at least one: no scene is shorter.
    #[must_use]
    pub(super) const fn from_lines(lines: u32) -> Self {
        let rounded = (lines.saturating_mul(16) + PAGE_LINES) / (2 * PAGE_LINES);
        Self(if rounded == 0 { 1 } else { rounded })
    }

    /// Returns the length in pages.
    #[must_use]
    pub fn pages(self) -> f64 {
        f64::from(self.0) / 8.0
    }
}

impl fmt::Display for PageEighths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0 / 8, self.0 % 8) {
            (0, rest) => write!(f, "{rest}/8"),
            (pages, 0) => write!(f, "{pages}"),
            (pages, rest) => write!(f, "{pages} {rest}/8"),
        }
    }
}

impl Serialize for PageEighths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

/// Returns the printed lines of a scene, with those of its heading.
pub(super) fn scene_lines(scene: &ScriptScene) -> u32 {
    let heading = 1 + printed_lines(&scene.heading.value, ACTION_WIDTH);
    let mut total = heading;
    let mut before = 0;
    for element in &scene.elements {
        let lines = element_lines(element);
        let is_dual = matches!(element, SceneElement::Dialogue(speech) if speech.dual);
        // Two who speak at once are printed beside each other.
        total += if is_dual {
            lines.saturating_sub(before)
        } else {
            lines
        };
        before = lines;
    }
    total
}

/// Returns the printed lines of an element, with the empty line above it.
fn element_lines(element: &SceneElement) -> u32 {
    match element {
        SceneElement::Action(text) | SceneElement::Lyrics(text) | SceneElement::Centred(text) => {
            1 + paragraph_lines(&text.value, ACTION_WIDTH)
        }
        SceneElement::Dialogue(speech) => 1 + speech_lines(speech),
        SceneElement::Transition(_) => 2,
        SceneElement::Section { .. }
        | SceneElement::Synopsis(_)
        | SceneElement::Note(_)
        | SceneElement::PageBreak(_) => 0,
    }
}

fn speech_lines(speech: &DialogueSpeech) -> u32 {
    let below: u32 = speech
        .parts
        .iter()
        .map(|part| match part {
            SpeechPart::Line(line) | SpeechPart::Lyric(line) => {
                paragraph_lines(&line.value, DIALOGUE_WIDTH)
            }
            SpeechPart::Direction(line) => paragraph_lines(&line.value, DIRECTION_WIDTH),
        })
        .sum();
    1 + below
}

fn paragraph_lines(text: &str, width: usize) -> u32 {
    let plain = strip_emphasis(text);
    plain
        .split('\n')
        .map(|line| printed_lines(line, width))
        .sum()
}

/// Returns the lines that a text fills when it is broken between words.
fn printed_lines(text: &str, width: usize) -> u32 {
    let mut lines = 1;
    let mut filled = 0;
    for word in text.split_whitespace() {
        let length: usize = word.chars().map(printed_columns).sum();
        let gap = usize::from(filled > 0);
        if filled + gap + length <= width {
            filled += gap + length;
            continue;
        }
        lines += u32::from(filled > 0);
        // A word that is longer than a line is broken.
        let broken = length.saturating_sub(1) / width;
        lines += u32::try_from(broken).unwrap_or(u32::MAX / 4);
        filled = length - broken * width;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_within_long_ones() {
        assert_eq!(printed_lines("", 10), 1);
        assert_eq!(printed_lines("four four", 10), 1);
        assert_eq!(printed_lines("four four four", 10), 2);
        assert_eq!(printed_lines(&"x".repeat(25), 10), 3);
        assert_eq!(printed_lines(&format!("a {}", "x".repeat(10)), 10), 2);
        assert_eq!(printed_lines(&"海".repeat(10), 10), 2);
    }

    #[test]
    fn eighths_are_rounded_and_at_least_one() {
        let shown = |lines| PageEighths::from_lines(lines).to_string();
        assert_eq!([shown(0), shown(3), shown(10)], ["1/8", "1/8", "1/8"]);
        assert_eq!([shown(11), shown(54), shown(61)], ["2/8", "1", "1 1/8"]);
    }
}
