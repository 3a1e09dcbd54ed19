//! One scene as a breakdown sheet has it.

use super::day_part::DayPart;
use super::page_layout::{PageEighths, scene_lines};
use super::scene_summary::scene_summary;
use crate::base::name_form::script_name_form;
use crate::model::SceneNumber;
use crate::model::speaker_names::bare_speaker_name;
use crate::story::fountain::{DialogueSpeech, SceneSetting, ScriptScene};
use serde::Serialize;
use std::collections::HashSet;

/// One scene.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SceneBreakdown {
    /// Its number, written or counted.
    pub number: SceneNumber,
    /// Its heading.
    pub heading: String,
    /// Inside or outside.
    pub setting: SceneSetting,
    /// The place.
    pub location: String,
    /// The time as the heading writes it.
    pub time: Option<String>,
    /// Day or night. A scene that continues has that of the scene before. `None`: unknown.
    pub day_part: Option<DayPart>,
    /// Whether it is omitted: its number stays, and it has no length.
    pub omitted: bool,
    /// Its length in eighths of a page.
    pub eighths: PageEighths,
    /// Its length in eighths as the program counted that wrote the script, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counted_eighths: Option<PageEighths>,
    /// Its estimated duration, in seconds.
    pub seconds: f64,
    /// Seconds of it that somebody speaks, not counting speech at the same time twice.
    pub speech_seconds: f64,
    /// Speeches.
    pub speeches: usize,
    /// Words that are spoken.
    pub words: usize,
    /// Names of the speakers, in the order of their first speech.
    pub speakers: Vec<String>,
    /// One line about it.
    pub summary: String,
    /// Names of the sets of revisions that changed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revisions: Vec<String>,
}

impl SceneBreakdown {
    /// Counts a scene. `before` is the part of the day of the scene before it.
    pub(super) fn new(scene: &ScriptScene, number: SceneNumber, before: Option<DayPart>) -> Self {
        let place = &scene.place;
        let mut counted = Self {
            number,
            heading: scene.heading.value.clone(),
            setting: place.setting,
            // An omitted scene has no place: `OMITTED` is none.
            location: Some(place.location.clone())
                .filter(|_| !scene.omitted)
                .unwrap_or_default(),
            time: place.time.clone(),
            day_part: day_part(scene, before),
            omitted: scene.omitted,
            eighths: PageEighths::default(),
            counted_eighths: scene.counted_eighths.map(PageEighths),
            seconds: 0.0,
            speech_seconds: 0.0,
            speeches: 0,
            words: 0,
            speakers: Vec::new(),
            summary: String::new(),
            revisions: scene.revisions.clone(),
        };
        if !scene.omitted {
            counted.count(scene);
        }
        counted
    }

    fn count(&mut self, scene: &ScriptScene) {
        self.eighths = PageEighths::from_lines(scene_lines(scene));
        self.seconds = rounded_seconds(scene.estimated_seconds());
        self.summary = scene_summary(scene);
        let mut known = HashSet::new();
        let mut before = 0.0;
        for speech in scene.dialogue_speeches() {
            self.speeches += 1;
            self.words += speech.spoken_length().words;
            let seconds = speech.estimated_seconds();
            self.speech_seconds += added_seconds(speech, seconds, before);
            before = seconds;
            let name = bare_speaker_name(&speech.character.value);
            if known.insert(script_name_form(name)) {
                self.speakers.push(name.to_owned());
            }
        }
        self.speech_seconds = rounded_seconds(self.speech_seconds);
    }
}

/// Returns seconds to the millisecond. Estimates are never more exact, and sums of them would have
/// digits that say nothing.
pub(super) fn rounded_seconds(seconds: f64) -> f64 {
    // The sum of nothing is -0.
    (seconds * 1000.0).round() / 1000.0 + 0.0
}

fn added_seconds(speech: &DialogueSpeech, seconds: f64, before: f64) -> f64 {
    if speech.dual {
        f64::max(seconds - before, 0.0)
    } else {
        seconds
    }
}

fn day_part(scene: &ScriptScene, before: Option<DayPart>) -> Option<DayPart> {
    let time = scene.place.time.as_deref();
    match time.map(DayPart::from_time) {
        Some(Some(part)) => Some(part),
        // `CONTINUOUS`, `LATER`, `SAME`: as before.
        Some(None) => before,
        None => None,
    }
}
