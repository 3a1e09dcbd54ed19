//! Who speaks in a film beside its narrator: a character of the document for each, with a voice of its
//! own.

use super::document_writer::espeak_language;
use super::stage_lines::PERSON;
use crate::base::name_form::{free_name, name_slug};
use crate::treatment::planning::TreatmentPlan;
use crate::treatment::words::is_womans_name;
use std::collections::BTreeSet;

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

/// Returns everybody who speaks beside the narrator, each once, in the order in which they do.
pub(super) fn film_voices(plan: &TreatmentPlan) -> Vec<FilmVoice> {
    let mut voices: Vec<FilmVoice> = Vec::new();
    let mut taken = BTreeSet::new();
    let mut used = [0, 0];
    let lines = plan.scenes.iter().flat_map(|scene| &scene.scene.narration);
    for speaker in lines.filter_map(|line| line.speaker.as_ref()) {
        let shown = speaker_name(&speaker.value);
        if voices
            .iter()
            .any(|voice| is_same_name(&voice.shown, &shown))
        {
            continue;
        }
        let name = free_name(&speaker_slug(&shown), &taken);
        taken.insert(name.clone());
        let is_woman = is_womans_name(&shown);
        let count = &mut used[usize::from(is_woman)];
        let variants: &[&str] = if is_woman { &WOMEN } else { &MEN };
        let variant = variants[*count % variants.len()];
        *count += 1;
        let is_espeak = plan.settings.speech_provider == "espeak-ng";
        let language = espeak_language(&plan.settings.language).filter(|_| is_espeak);
        voices.push(FilmVoice {
            name,
            shown,
            voice: language.map(|language| format!("{language}+{variant}")),
        });
    }
    voices
}

/// Returns the name in the document of the voice that speaks a line.
pub(super) fn voice_name<'a>(voices: &'a [FilmVoice], speaker: &str) -> Option<&'a str> {
    let shown = speaker_name(speaker);
    let mut voices = voices.iter();
    let voice = voices.find(|voice| is_same_name(&voice.shown, &shown))?;
    Some(&voice.name)
}

/// Returns the name of a speaker without the direction in brackets behind it.
fn speaker_name(speaker: &str) -> String {
    let (name, _) = speaker.split_once('(').unwrap_or((speaker, ""));
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two names are of one person: a script has them in capitals here and there.
fn is_same_name(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
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
