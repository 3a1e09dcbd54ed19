//! A whole script in numbers.

use super::cast_member::{CastCount, CastMember};
use super::page_layout::PageEighths;
use super::scene_breakdown::{SceneBreakdown, rounded_seconds};
use crate::story::fountain::{SceneElement, Screenplay, strip_emphasis};
use serde::Serialize;

/// The scenes and the cast of a script.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScriptBreakdown {
    /// Its title, if the title page has one.
    pub title: Option<String>,
    /// Who wrote it, if the title page says so.
    pub author: Option<String>,
    /// Its length: the sum of its scenes.
    pub eighths: PageEighths,
    /// Its estimated duration, in seconds.
    pub seconds: f64,
    /// Seconds of it that somebody speaks.
    pub speech_seconds: f64,
    /// Its scenes, in order, with those that are omitted.
    pub scenes: Vec<SceneBreakdown>,
    /// Who speaks, who speaks longest first.
    pub cast: Vec<CastMember>,
}

impl ScriptBreakdown {
    /// Counts a script.
    #[must_use]
    pub fn new(screenplay: &Screenplay) -> Self {
        let mut scenes: Vec<SceneBreakdown> = Vec::with_capacity(screenplay.scenes.len());
        let mut cast = CastCount::default();
        for element in &screenplay.opening {
            if let SceneElement::Dialogue(speech) = element {
                cast.add_speech(speech, None);
            }
        }
        let mut day_part = None;
        let numbers = screenplay.scene_numbers();
        for (scene, number) in screenplay.scenes.iter().zip(numbers) {
            let speeches = scene.dialogue_speeches().filter(|_| !scene.omitted);
            speeches.for_each(|speech| cast.add_speech(speech, Some(&number)));
            let counted = SceneBreakdown::new(scene, number, day_part);
            if !counted.omitted {
                day_part = counted.day_part;
            }
            scenes.push(counted);
        }
        let shown = screenplay.scenes.iter().filter(|scene| !scene.omitted);
        cast.find_seen_in_action(shown);
        let eighths = scenes.iter().map(|scene| scene.eighths.0).sum();
        Self {
            title: title_page_value(screenplay, &["title"]),
            author: title_page_value(screenplay, &["author", "authors"]),
            eighths: PageEighths(eighths),
            seconds: rounded_seconds(scenes.iter().map(|scene| scene.seconds).sum()),
            speech_seconds: rounded_seconds(scenes.iter().map(|scene| scene.speech_seconds).sum()),
            scenes,
            cast: cast.into_members(),
        }
    }

    /// Returns the scenes that are in the film.
    pub fn filmed_scenes(&self) -> impl Iterator<Item = &SceneBreakdown> {
        self.scenes.iter().filter(|scene| !scene.omitted)
    }
}

/// Returns the first value of the title page under one of these keys, in one line.
fn title_page_value(screenplay: &Screenplay, keys: &[&str]) -> Option<String> {
    let mut page = screenplay.title_page.iter();
    let (_, value) = page.find(|(key, _)| keys.iter().any(|own| key.eq_ignore_ascii_case(own)))?;
    let value = strip_emphasis(value);
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}
