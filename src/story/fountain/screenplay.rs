//! A screenplay as data: scenes, their places, and their elements, each with its place in the file.

use super::emphasis::strip_emphasis;
use super::page_furniture::is_page_furniture;
use super::scene_count::number_scenes;
use super::scene_heading::place_names;
use super::timing::{self, SpokenLength, action_seconds, speech_seconds};
use crate::base::{FileSpan, Spanned};
use crate::model::SceneNumber;
use serde::Serialize;
use std::collections::HashSet;

/// A whole screenplay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Screenplay {
    /// Keys and values of the title page, in order. The lines of a value are joined by line breaks.
    pub title_page: Vec<(String, String)>,
    /// Elements before the first scene heading.
    pub opening: Vec<SceneElement>,
    /// The scenes, in order.
    pub scenes: Vec<ScriptScene>,
}

/// A scene: from one heading to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptScene {
    /// The number between `#`, such as `12A`. It is a label, not a position.
    pub number: Option<String>,
    /// Whether the script says that the scene is not in the film. Its number stays.
    pub omitted: bool,
    /// The heading without its number, forcing mark and emphasis.
    pub heading: Spanned<String>,
    /// The heading, split into setting, location and time.
    pub place: ScenePlace,
    /// The synopses directly under the heading, joined by spaces.
    pub synopsis: Option<String>,
    /// The elements, in order.
    pub elements: Vec<SceneElement>,
    /// Names of the sets of revisions that changed it, in the order of the sets. Fountain has none.
    pub revisions: Vec<String>,
    /// Its length in eighths of a page, as the program counted that wrote the script.
    pub counted_eighths: Option<u32>,
}

/// Where and when a scene is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ScenePlace {
    /// Inside or outside.
    pub setting: SceneSetting,
    /// The place, such as `BRICK'S PATIO`.
    pub location: String,
    /// The time, such as `NIGHT`. None if the heading does not end with one.
    pub time: Option<String>,
}

/// Inside or outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneSetting {
    /// `INT.`
    Interior,
    /// `EXT.`
    Exterior,
    /// `INT./EXT.` or `I/E`
    Both,
    /// `EST.`: a view that establishes the place.
    Establishing,
    /// A forced heading without a setting.
    #[default]
    Unspecified,
}

/// One part of a scene. Text contains its emphasis marks; [`strip_emphasis`] removes them.
#[derive(Debug, Clone, PartialEq)]
pub enum SceneElement {
    /// A paragraph that describes what the audience sees and hears.
    Action(Spanned<String>),
    /// A character's dialogue.
    Dialogue(DialogueSpeech),
    /// A transition, such as `CUT TO:`.
    Transition(Spanned<String>),
    /// A centred line, written `> between angle brackets <`.
    Centred(Spanned<String>),
    /// A sung line outside of dialogue.
    Lyrics(Spanned<String>),
    /// An outline heading, which is not printed.
    Section {
        /// The number of `#`, from 1.
        level: usize,
        /// The title.
        text: Spanned<String>,
    },
    /// An outline summary that belongs to a section, or comes after the start of a scene.
    Synopsis(Spanned<String>),
    /// A note, written `[[between brackets]]`.
    Note(Spanned<String>),
    /// A page break, written `===`.
    PageBreak(FileSpan),
}

/// One character's dialogue.
#[derive(Debug, Clone, PartialEq)]
pub struct DialogueSpeech {
    /// The name as in the cue.
    pub character: Spanned<String>,
    /// The text in parentheses after the name, such as `V.O.`. Several are joined by commas.
    pub extension: Option<String>,
    /// What is below the name, in order.
    pub parts: Vec<SpeechPart>,
    /// Whether it is spoken at the same time as the dialogue before it.
    pub dual: bool,
}

/// One line below a character's name.
#[derive(Debug, Clone, PartialEq)]
pub enum SpeechPart {
    /// Spoken. Empty: a line that the writer left blank.
    Line(Spanned<String>),
    /// Sung, written `~la la`.
    Lyric(Spanned<String>),
    /// A direction such as `beat`, without its parentheses.
    Direction(Spanned<String>),
}

impl DialogueSpeech {
    /// Returns the spoken and sung lines, in order.
    pub fn lines(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.parts.iter().filter_map(|part| match part {
            SpeechPart::Line(line) | SpeechPart::Lyric(line) => Some(line),
            SpeechPart::Direction(_) => None,
        })
    }

    /// Returns the directions between the lines, in order.
    pub fn directions(&self) -> impl Iterator<Item = &Spanned<String>> {
        self.parts.iter().filter_map(|part| match part {
            SpeechPart::Direction(direction) => Some(direction),
            SpeechPart::Line(_) | SpeechPart::Lyric(_) => None,
        })
    }

    /// Returns the spoken words without marks, on one line.
    #[must_use]
    pub fn spoken_text(&self) -> String {
        let lines: Vec<String> = self
            .lines()
            .map(|line| strip_emphasis(&line.value))
            .collect();
        lines
            .iter()
            .flat_map(|line| line.split_whitespace())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Returns the spoken words and characters.
    #[must_use]
    pub fn spoken_length(&self) -> SpokenLength {
        SpokenLength::measure(&self.spoken_text())
    }

    /// Returns the spoken words with the place of the first line.
    #[must_use]
    pub fn spoken_line(&self) -> Spanned<String> {
        let first = self.lines().next();
        let origin = first.map_or(self.character.origin, |line| line.origin);
        Spanned::new(self.spoken_text(), origin)
    }

    /// Returns the seconds of directions such as `beat`, which the spoken words do not show.
    #[must_use]
    pub fn direction_seconds(&self) -> f64 {
        self.directions()
            .map(|direction| timing::direction_seconds(&direction.value))
            .sum()
    }

    /// Returns the estimated duration, in seconds.
    #[must_use]
    pub fn estimated_seconds(&self) -> f64 {
        speech_seconds(&self.spoken_text()) + self.direction_seconds()
    }
}

impl SceneElement {
    /// Returns the place of the element. For dialogue, it is the character's name.
    #[must_use]
    pub fn origin(&self) -> FileSpan {
        match self {
            Self::Action(text)
            | Self::Transition(text)
            | Self::Centred(text)
            | Self::Lyrics(text) => text.origin,
            Self::Section { text, .. } | Self::Synopsis(text) | Self::Note(text) => text.origin,
            Self::Dialogue(dialogue) => dialogue.character.origin,
            Self::PageBreak(origin) => *origin,
        }
    }

    /// Returns the estimated time on screen, in seconds. Elements that are not shown take none.
    #[must_use]
    pub fn estimated_seconds(&self) -> f64 {
        match self {
            // Numbers of pages and `CONTINUED` are in the text of a script that was copied from
            // print.
            Self::Action(text) if is_page_furniture(&text.value) => 0.0,
            Self::Action(text) => action_seconds(&strip_emphasis(&text.value)),
            Self::Dialogue(dialogue) => dialogue.estimated_seconds(),
            Self::Lyrics(text) => speech_seconds(&strip_emphasis(&text.value)),
            Self::Centred(_) => timing::CARD_SECONDS,
            Self::Transition(_)
            | Self::Section { .. }
            | Self::Synopsis(_)
            | Self::Note(_)
            | Self::PageBreak(_) => 0.0,
        }
    }
}

impl ScriptScene {
    /// Returns the written number. `None`: it has none, or none that scenes may have.
    #[must_use]
    pub fn written_number(&self) -> Option<SceneNumber> {
        self.number.as_deref().and_then(SceneNumber::parse)
    }

    /// Returns the names by which its place may be known, the most likely first.
    #[must_use]
    pub fn place_names(&self) -> Vec<String> {
        place_names(&self.heading.value)
    }

    /// Returns the estimated duration, in seconds.
    #[must_use]
    pub fn estimated_seconds(&self) -> f64 {
        let mut total = 0.0;
        let mut before = 0.0;
        for element in &self.elements {
            let seconds = element.estimated_seconds();
            // A dual dialogue is spoken at the same time as the one before it, so only the time
            // beyond that one counts.
            let dual = matches!(element, SceneElement::Dialogue(dialogue) if dialogue.dual);
            total += if dual {
                f64::max(seconds - before, 0.0)
            } else {
                seconds
            };
            before = seconds;
        }
        total
    }

    /// Returns the scene's dialogue, in order.
    pub fn dialogue_speeches(&self) -> impl Iterator<Item = &DialogueSpeech> {
        speeches_in(&self.elements)
    }
}

impl Screenplay {
    /// Returns a number for every scene, in order and each different: the written one, else one
    /// that is counted.
    #[must_use]
    pub fn scene_numbers(&self) -> Vec<SceneNumber> {
        number_scenes(&self.scenes)
    }

    /// Returns the characters in the order of their first dialogue.
    #[must_use]
    pub fn speaking_characters(&self) -> Vec<&Spanned<String>> {
        let mut known = HashSet::new();
        let scenes = self.scenes.iter().flat_map(ScriptScene::dialogue_speeches);
        let names = speeches_in(&self.opening)
            .chain(scenes)
            .map(|dialogue| &dialogue.character);
        names
            .filter(|name| known.insert(name.value.as_str()))
            .collect()
    }

    /// Returns the estimated duration of the screenplay, in seconds.
    #[must_use]
    pub fn estimated_seconds(&self) -> f64 {
        let opening = self
            .opening
            .iter()
            .map(SceneElement::estimated_seconds)
            .sum::<f64>();
        opening
            + self
                .scenes
                .iter()
                .map(ScriptScene::estimated_seconds)
                .sum::<f64>()
    }
}

fn speeches_in(elements: &[SceneElement]) -> impl Iterator<Item = &DialogueSpeech> {
    elements.iter().filter_map(|element| match element {
        SceneElement::Dialogue(dialogue) => Some(dialogue),
        _ => None,
    })
}
