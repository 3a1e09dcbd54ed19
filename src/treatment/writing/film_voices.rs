//! Who speaks in a film beside its narrator: a character of the document for each, with a voice of its
//! own.

use super::document_writer::espeak_language;
use super::stage_lines::PERSON;
use crate::base::name_form::{FreeNames, name_slug};
use crate::treatment::planning::TreatmentPlan;
use crate::treatment::words::is_womans_name;
use std::collections::HashMap;

/// Variants of `espeak-ng` for women and for men. Those of the narrator come last.
const WOMEN: [&str; 5] = ["f2", "f4", "f1", "f5", "f3"];
const MEN: [&str; 6] = ["m2", "m4", "m1", "m5", "m6", "m3"];

/// Somebody who speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FilmVoice {
    /// The name in the document.
    pub(super) name: String,
    /// The name as the treatment writes it.
    pub(super) shown: String,
    /// The voice, if one can be named.
    pub(super) voice: Option<String>,
}

/// The voices of a film, each found by the name that its lines have.
#[derive(Debug, Default)]
pub(super) struct FilmVoices {
    pub(super) voices: Vec<FilmVoice>,
    // A search through all for each line would cost the product of the two.
    by_name: HashMap<String, usize>,
}

impl FilmVoices {
    /// Returns the name in the document of the voice that speaks a line.
    pub(super) fn voice_name(&self, speaker: &str) -> Option<&str> {
        let index = self.by_name.get(&name_key(&speaker_name(speaker)))?;
        self.voices.get(*index).map(|voice| voice.name.as_str())
    }
}

/// Returns everybody who speaks beside the narrator, each once, in the order in which they do.
pub(super) fn film_voices(plan: &TreatmentPlan) -> FilmVoices {
    let mut found = FilmVoices::default();
    let mut names = FreeNames::default();
    let mut used = [0, 0];
    let lines = plan.scenes.iter().flat_map(|scene| &scene.scene.narration);
    for speaker in lines.filter_map(|line| line.speaker.as_ref()) {
        let shown = speaker_name(&speaker.value);
        let key = name_key(&shown);
        if found.by_name.contains_key(&key) {
            continue;
        }
        found.by_name.insert(key, found.voices.len());
        let name = names.take(&speaker_slug(&shown));
        let is_woman = is_womans_name(&shown);
        // In turns, so that two people who talk with each other sound apart.
        let count = &mut used[usize::from(is_woman)];
        let variants: &[&str] = if is_woman { &WOMEN } else { &MEN };
        let variant = variants[*count % variants.len()];
        *count += 1;
        let is_espeak = plan.settings.speech_provider == "espeak-ng";
        let language = espeak_language(&plan.settings.language).filter(|_| is_espeak);
        found.voices.push(FilmVoice {
            name,
            shown,
            voice: language.map(|language| format!("{language}+{variant}")),
        });
    }
    found
}

/// Returns the name of a speaker without the direction in brackets behind it.
fn speaker_name(speaker: &str) -> String {
    let (name, _) = speaker.split_once('(').unwrap_or((speaker, ""));
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns what the names of one person have in common: a script has them in capitals here and there.
fn name_key(shown: &str) -> String {
    shown.to_lowercase()
}

fn speaker_slug(shown: &str) -> String {
    match name_slug(shown) {
        slug if slug.is_empty() => "speaker".to_owned(),
        // A name of digits alone would be read as a number, and one figure stands for all people.
        slug if slug.starts_with(|c: char| c.is_ascii_digit()) || slug == PERSON => {
            format!("speaker_{slug}")
        }
        slug if slug == "narrator" => "narrator_voice".to_owned(),
        slug => slug,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_speakers_are_names_of_documents() {
        assert_eq!(speaker_name("Mara  Lind (smiling)"), "Mara Lind");
        assert_eq!(speaker_slug("Dr. Lind"), "dr_lind");
        assert_eq!(speaker_slug("Presenter"), "speaker_presenter");
        assert_eq!(speaker_slug("2"), "speaker_2");
    }
}
