//! One event of an edit decision list: the line of a source, and the words before its timecodes.

use super::edl_clock::EdlTimes;
use super::exchange_timeline::ExchangePlace;
use super::reading_findings::ReadingFindings;
use crate::model::cut::ScreenColour;
use std::ops::Range;

/// One line of an event with pictures.
pub(super) struct EdlEdit {
    pub(super) event: u32,
    pub(super) bytes: Range<usize>,
    pub(super) reel: String,
    pub(super) code: String,
    /// Frames of the transition.
    pub(super) frames: usize,
    pub(super) times: EdlTimes,
    /// `FROM CLIP NAME`.
    pub(super) from_name: Option<String>,
    /// `TO CLIP NAME`.
    pub(super) to_name: Option<String>,
    pub(super) file: Option<String>,
    pub(super) colour: Option<ScreenColour>,
    /// Frames a second of `M2`.
    pub(super) speed: Option<f64>,
}

impl EdlEdit {
    pub(super) fn is_black(&self) -> bool {
        ["BL", "BLACK"].contains(&self.reel.to_uppercase().as_str())
    }

    pub(super) fn place(&self, findings: &ReadingFindings<'_>, text: &str) -> ExchangePlace {
        ExchangePlace {
            origin: findings.origin(text, self.bytes.clone()),
            event: Some(self.event),
        }
    }
}

/// A source that is keyed over others.
pub(super) struct EdlKey {
    pub(super) event: u32,
    pub(super) bytes: Range<usize>,
    pub(super) reel: String,
    /// `KEY CLIP NAME`.
    pub(super) name: Option<String>,
}

/// The words of an event before its timecodes.
pub(super) struct EventWords {
    pub(super) reel: String,
    pub(super) channel: String,
    /// The transition, in capitals, with its number of frames.
    pub(super) transition: Vec<String>,
}

/// Whether a source is a part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyLayer {
    /// It is in no key.
    None,
    /// `K B`: what the key is laid over.
    Background,
    /// `K` and `K O`: what is laid over it.
    Foreground,
}

/// A transition as an event has it.
pub(super) struct EventTransition {
    pub(super) code: String,
    pub(super) frames: usize,
}

impl EventTransition {
    /// Returns which part of a key an event with this transition is.
    pub(super) fn key_layer(&self) -> KeyLayer {
        match self.code.as_str() {
            "KB" => KeyLayer::Background,
            "K" | "KO" => KeyLayer::Foreground,
            _ => KeyLayer::None,
        }
    }

    pub(super) fn cut() -> Self {
        Self {
            code: "C".to_owned(),
            frames: 0,
        }
    }
}

impl EventWords {
    /// Takes the words of an event apart: its number, a reel that may have spaces, a channel, a
    /// transition.
    pub(super) fn split(head: &[&str]) -> Self {
        let upper = |index: usize| {
            head.get(index)
                .map(|word| word.to_uppercase())
                .unwrap_or_default()
        };
        let channels = || (2..head.len().saturating_sub(1)).filter(|at| is_channel(&upper(*at)));
        // The word before a known transition is the channel: a reel may have the name of a channel.
        let known = channels().rfind(|at| is_transition_code(&upper(at + 1)));
        let first = known.or_else(|| channels().next());
        let channel = first.unwrap_or_else(|| head.len().saturating_sub(2).clamp(1, 2));
        Self {
            reel: head[1..channel].join(" "),
            channel: upper(channel),
            transition: (channel + 1..head.len()).map(upper).collect(),
        }
    }

    /// Returns the transition, else why there is none.
    pub(super) fn transition(&self) -> Result<EventTransition, String> {
        let shown = self.transition.join(" ");
        let is_number =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
        // The background of a key may have `(F)`: the key is faded in over it.
        let words = self.transition.iter().filter(|word| *word != "(F)");
        let mut words: Vec<&String> = words.collect();
        let number = words.pop_if(|word| is_number(word.as_str()));
        let code: String = words.into_iter().map(String::as_str).collect();
        if code == "C" {
            return Ok(EventTransition::cut());
        }
        if !is_transition_code(&code) {
            return Err(format!("`{shown}` is no transition"));
        }
        let frames = number.and_then(|number| number.parse().ok());
        match frames {
            // A key may come in at once.
            None if code.starts_with('K') => Ok(EventTransition { code, frames: 0 }),
            Some(frames) => Ok(EventTransition { code, frames }),
            None => Err(format!("`{shown}` has no number of frames")),
        }
    }
}

fn is_transition_code(word: &str) -> bool {
    ["C", "D", "K", "KB", "KO"].contains(&word) || {
        let number = word.strip_prefix('W');
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

/// Returns whether a word may be a channel: letters of pictures and sound with their numbers.
fn is_channel(word: &str) -> bool {
    let is_letter = |letter: char| "AVB0123456789/,+".contains(letter);
    word == "NONE" || (word.starts_with(['A', 'V', 'B']) && word.chars().all(is_letter))
}

/// Returns whether a channel has pictures: `V`, `V1`, `AA/V`, `B`.
pub(super) fn is_picture_channel(channel: &str) -> bool {
    channel.contains('V') || channel == "B" || channel.starts_with("B/")
}

/// Returns whether a channel has sound alone: `A`, `A2`, `AA`, `A1/A2`.
pub(super) fn is_sound_channel(channel: &str) -> bool {
    channel.starts_with('A') && is_channel(channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_an_event_are_known_by_its_transition() {
        for (line, reel, channel, transition) in [
            ("001 A V C", "A", "V", "C"),
            ("001 A B V C", "A B", "V", "C"),
            ("001 A1 B V2 D 006", "A1 B", "V2", "D 006"),
            ("001 R AA/V K B 006", "R", "AA/V", "K B 006"),
            ("001 R V X 006", "R", "V", "X 006"),
            ("001 R V D -05", "R", "V", "D -05"),
            ("001 R NONE C", "R", "NONE", "C"),
            ("001 R Q C", "R", "Q", "C"),
            ("001 V V C", "V", "V", "C"),
        ] {
            let head: Vec<&str> = line.split(' ').collect();
            let words = EventWords::split(&head);
            let found = (&*words.reel, &*words.channel, &*words.transition.join(" "));
            assert_eq!(found, (reel, channel, transition), "{line}");
        }
    }
}
