//! Captions: speech and sounds of a film as text, with the jobs that time each word.

use super::{JobBuilder, job_input, new_job};
use crate::base::Spanned;
use crate::base::name_form::readable_name;
use crate::model::captions::{
    CaptionLineWork, CaptionSettings, CaptionSoundWork, CaptionWork, SpeakerNaming, effect_label,
    music_label, sound_text,
};
use crate::model::cut::{TextExportKind, TextExportWork, Timeline};
use crate::model::production::Shot;
use crate::model::sound::{LineDelivery, ShotLine};
use crate::model::{InputSlot, Job, JobAction, JobId, JobInput, Production};
use std::fmt::Display;

/// Speech and sounds of a film, and the jobs with the times of words.
pub(super) struct FilmWords {
    pub(super) work: CaptionWork,
    pub(super) inputs: Vec<JobInput>,
}

impl FilmWords {
    /// Returns whether there is nothing to caption.
    pub(super) fn is_empty(&self) -> bool {
        self.work.lines.is_empty() && self.work.sounds.is_empty()
    }
}

impl JobBuilder<'_> {
    /// Returns the job that writes the captions of a film. It has no name of a deliverable yet.
    pub(super) fn caption_job(
        &self,
        kind: TextExportKind,
        subjects: &[&dyn Display],
        words: FilmWords,
        origin: crate::base::FileSpan,
    ) -> Job {
        let work = JobAction::TextExport(TextExportWork {
            kind,
            // Written by the job: when each word is spoken is known only once the lines are made.
            text: "".into(),
            captions: Some(Box::new(words.work)),
            part: None,
        });
        let mut job = new_job(subjects, work, origin);
        job.inputs = words.inputs;
        job
    }
}

/// Returns the speech and sounds of a film, in a language. `lines` are the speech jobs, by shot.
pub(super) fn film_words(
    production: &Production,
    timeline: &Timeline,
    language: &str,
    lines: &[Vec<JobId>],
) -> FilmWords {
    let settings = &production.captions;
    let mut words = FilmWords {
        work: CaptionWork {
            language: language.to_owned(),
            profile: settings.profile(language, timeline.rate),
            rate: timeline.rate,
            length: timeline.length,
            sample_rate: timeline.sample_rate,
            lines: Vec::new(),
            sounds: Vec::new(),
        },
        inputs: Vec::new(),
    };
    let mut last_speaker = None;
    for place in &timeline.lines {
        let shot = timeline.clips.get(place.clip).and_then(|clip| clip.shot);
        let line = shot.and_then(|shot| production.shots.get(shot)?.lines.get(place.line));
        let job = shot.and_then(|shot| lines.get(shot)?.get(place.line));
        // A clip without a shot has no lines, and a line without a job is not spoken.
        let (Some(line), Some(job)) = (line, job) else {
            continue;
        };
        let speaker = speaker_name(production, line);
        // Compared by the shown name: two characters may be shown by one.
        let changes = last_speaker.replace(speaker.clone()) != Some(speaker.clone());
        let slot = InputSlot::words(words.inputs.len());
        words.inputs.push(job_input(slot.clone(), *job));
        words.work.lines.push(CaptionLineWork {
            slot,
            text: caption_text(settings, language, line),
            speaker,
            is_named: is_named(settings.naming, line, changes),
            start: place.start,
            length: place.length,
        });
    }
    if settings.sounds {
        words.work.sounds = film_sounds(production, timeline, language);
    }
    words
}

fn is_named(naming: SpeakerNaming, line: &ShotLine, changes: bool) -> bool {
    let is_out_of_view = line.delivery != LineDelivery::OnScreen;
    match naming {
        SpeakerNaming::Never => false,
        SpeakerNaming::OffScreen => is_out_of_view,
        SpeakerNaming::Changes => changes || is_out_of_view,
        SpeakerNaming::Always => true,
    }
}

fn speaker_name(production: &Production, line: &ShotLine) -> String {
    let character = line
        .character
        .and_then(|index| production.characters.get(index));
    let shown = character.and_then(|character| character.display_name.clone());
    shown.unwrap_or_else(|| readable_name(&line.speaker.value))
}

/// Returns what is shown for a line. A rule reports lines that a translation has not.
fn caption_text(settings: &CaptionSettings, language: &str, line: &ShotLine) -> String {
    let translated = settings
        .translation(language)
        .and_then(|translation| translation.texts.get(&line.name));
    // A missing translation is a warning of a rule. Until there is one, the original is better than
    // a gap.
    translated.unwrap_or(&line.text).value.clone()
}

/// Returns the effects and the music of a film, in order.
fn film_sounds(
    production: &Production,
    timeline: &Timeline,
    language: &str,
) -> Vec<CaptionSoundWork> {
    let shot_of =
        |clip: usize| -> Option<&Shot> { production.shots.get(timeline.clips.get(clip)?.shot?) };
    let effects = timeline.effects.iter().filter_map(|place| {
        let effect = shot_of(place.clip)?.effects.get(place.effect)?;
        let label = effect_label(&effect.source);
        Some((place.start, label))
    });
    let music = production.sound.iter().flat_map(|sound| &sound.music);
    let music: Vec<String> = music.map(|cue| music_label(&cue.source)).collect();
    // Parts of one cue follow each other where shots are left out between them. They are one music.
    let mut last = None;
    let cues = timeline
        .cues
        .iter()
        .filter(|place| last.replace(place.cue) != Some(place.cue))
        .filter_map(|place| Some((place.start, music.get(place.cue)?.clone())))
        .collect::<Vec<_>>();
    let translation = production.captions.translation(language);
    let mut sounds: Vec<CaptionSoundWork> = effects
        .chain(cues)
        .filter(|(_, label)| !label.is_empty())
        .map(|(start, label)| {
            let own = translation.and_then(|own| own.texts.get(&sound_text(&label)));
            let bare =
                |text: &Spanned<String>| text.value.trim_matches(['[', ']']).trim().to_owned();
            CaptionSoundWork {
                text: own.map_or(label, bare),
                start,
            }
        })
        .collect();
    // A stable sort: of two sounds that begin together, the effect stays before the music.
    sounds.sort_by_key(|sound| sound.start);
    sounds
}
