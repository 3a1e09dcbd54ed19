//! A screenplay as data: scenes, their places, and what happens in them, each with where it was written.

use super::estimate::{self, action_seconds, speech_seconds};
use super::markup::plain;
use crate::base::{FileSpan, Spanned};
use serde::Serialize;
use std::collections::HashSet;

/// A whole screenplay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Screenplay {
    /// Keys and values of the title page, in order; the lines of a value are joined by line breaks.
    pub title_page: Vec<(String, String)>,
    /// What comes before the first scene heading.
    pub opening: Vec<Element>,
    /// The scenes, in order.
    pub scenes: Vec<Scene>,
}

/// A scene: from one heading to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Scene {
    /// The number written as `#12A#`.
    pub number: Option<String>,
    /// The heading without its number and forcing mark.
    pub heading: Spanned<String>,
    /// The heading taken apart.
    pub place: Place,
    /// The synopses directly under the heading, joined by spaces.
    pub synopsis: Option<String>,
    /// What happens, in order.
    pub elements: Vec<Element>,
}

/// Where and when a scene is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    /// Inside or outside.
    pub setting: Setting,
    /// The place, such as `BRICK'S PATIO`.
    pub location: String,
    /// The time, such as `NIGHT`, when the heading ends with one.
    pub time: Option<String>,
}

/// Inside or outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// `INT.`
    Interior,
    /// `EXT.`
    Exterior,
    /// `INT./EXT.` or `I/E`
    Both,
    /// `EST.`: a view that establishes the place.
    Establishing,
    /// A forced heading that does not say.
    #[default]
    Unspecified,
}

/// One part of a scene. Text keeps its emphasis marks; see [`plain`].
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A paragraph of what is seen and heard.
    Action(Spanned<String>),
    /// A speech.
    Dialogue(Dialogue),
    /// Such as `CUT TO:`.
    Transition(Spanned<String>),
    /// Written `> between angle brackets <`.
    Centred(Spanned<String>),
    /// A sung line outside of dialogue.
    Lyrics(Spanned<String>),
    /// An outline heading, which is not printed.
    Section {
        /// How many `#` there are.
        level: usize,
        /// The title.
        text: Spanned<String>,
    },
    /// An outline summary that belongs to a section or comes late in a scene.
    Synopsis(Spanned<String>),
    /// Written `[[between brackets]]`.
    Note(Spanned<String>),
    /// Written `===`.
    PageBreak(FileSpan),
}

/// One character's speech.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialogue {
    /// The name.
    pub character: Spanned<String>,
    /// What stands in parentheses beside the name, such as `V.O.`; several are joined by commas.
    pub extension: Option<String>,
    /// The spoken and sung lines.
    pub lines: Vec<Spanned<String>>,
    /// Directions between the lines, without parentheses.
    pub parentheticals: Vec<Spanned<String>>,
    /// Whether it is spoken at the same time as the speech before.
    pub dual: bool,
}

impl Dialogue {
    /// Returns the words to be spoken, without marks, on one line.
    #[must_use]
    pub fn spoken(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(|line| plain(&line.value)).collect();
        lines
            .iter()
            .flat_map(|line| line.split_whitespace())
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Returns about how long the speech takes.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let directions = self
            .parentheticals
            .iter()
            .map(|direction| estimate::direction_seconds(&direction.value));
        speech_seconds(&self.spoken()) + directions.sum::<f64>()
    }
}

impl Element {
    /// Returns where the element was written.
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

    /// Returns about how long the element takes on screen.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        match self {
            Self::Action(text) => action_seconds(&plain(&text.value)),
            Self::Dialogue(dialogue) => dialogue.seconds(),
            Self::Lyrics(text) => speech_seconds(&plain(&text.value)),
            Self::Centred(_) => estimate::CARD_SECONDS,
            Self::Transition(_)
            | Self::Section { .. }
            | Self::Synopsis(_)
            | Self::Note(_)
            | Self::PageBreak(_) => 0.0,
        }
    }
}

impl Scene {
    /// Returns about how long the scene takes; a dual speech runs beside the one before it.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let mut total = 0.0;
        let mut before = 0.0;
        for element in &self.elements {
            let seconds = element.seconds();
            let dual = matches!(element, Element::Dialogue(dialogue) if dialogue.dual);
            total += if dual {
                f64::max(seconds - before, 0.0)
            } else {
                seconds
            };
            before = seconds;
        }
        total
    }

    /// Returns the speeches in order.
    pub fn dialogue(&self) -> impl Iterator<Item = &Dialogue> {
        speeches(&self.elements)
    }
}

impl Screenplay {
    /// Returns a value of the title page, by its key in any case.
    #[must_use]
    pub fn title_value(&self, key: &str) -> Option<&str> {
        self.title_page
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(key))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the characters in the order in which they first speak.
    #[must_use]
    pub fn characters(&self) -> Vec<&Spanned<String>> {
        let mut known = HashSet::new();
        let scenes = self.scenes.iter().flat_map(Scene::dialogue);
        let names = speeches(&self.opening)
            .chain(scenes)
            .map(|dialogue| &dialogue.character);
        names
            .filter(|name| known.insert(name.value.as_str()))
            .collect()
    }

    /// Returns about how long the screenplay takes.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let opening = self.opening.iter().map(Element::seconds).sum::<f64>();
        opening + self.scenes.iter().map(Scene::seconds).sum::<f64>()
    }
}

fn speeches(elements: &[Element]) -> impl Iterator<Item = &Dialogue> {
    elements.iter().filter_map(|element| match element {
        Element::Dialogue(dialogue) => Some(dialogue),
        _ => None,
    })
}
