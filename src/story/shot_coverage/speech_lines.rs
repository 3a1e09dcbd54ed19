//! A speech as a line of a shot, and the picture that a voice without a figure goes over.

use super::coverage_builder::{BREATH_SECONDS, CoverageBuilder, LEAD_SECONDS};
use super::scene_coverage::CastLookup;
use crate::base::Spanned;
use crate::document::{LineDraft, OneOrMany, OrderedMap, RawScalar, TextOr};
use crate::model::sound::LineDelivery;
use crate::model::speaker_names::{is_narrator, is_voice_alone};
use crate::story::fountain::DialogueSpeech;

/// Returns where the voice of a speech comes from. A narrator who is no character is seen nowhere,
/// whatever the cue says, and neither is a `RADIO VOICE`.
pub(in crate::story) fn speech_delivery(
    speech: &DialogueSpeech,
    casting: &CastLookup<'_>,
) -> LineDelivery {
    let extension = speech.extension.as_deref().unwrap_or_default();
    let delivery = LineDelivery::from_extension(extension);
    let name = &speech.character.value;
    let is_seen = delivery == LineDelivery::OnScreen;
    if is_seen && is_narrator(name) && casting(name).is_none() {
        return LineDelivery::VoiceOver;
    }
    if is_seen && is_voice_alone(name) {
        return LineDelivery::OffScreen;
    }
    delivery
}

/// Adds a speech of somebody who is not seen: over the picture before it if nobody speaks there,
/// else over one of the scene.
pub(super) fn push_voice(
    coverage: &mut CoverageBuilder,
    speech: &DialogueSpeech,
    casting: &CastLookup<'_>,
) {
    let origin = speech.character.origin;
    let seconds = speech.estimated_seconds() + BREATH_SECONDS;
    if coverage.is_last_spoken || coverage.shots.is_empty() {
        coverage.push_picture(origin, seconds);
    }
    coverage.extend_last(seconds, origin);
    coverage.is_last_spoken = true;
    coverage.is_last_voice = true;
    let has_sound = coverage.has_sound;
    let Some(shot) = coverage.shots.last_mut() else {
        return;
    };
    if shot.description.is_none() {
        let text = format!("{}: {}", speech.character.value, speech.spoken_text());
        shot.description = Some(Spanned::new(text, origin));
    }
    let line = line_draft(speech, casting).filter(|_| has_sound);
    if let Some(line) = line {
        shot.lines = Some(OneOrMany(vec![TextOr::Full(line)]));
    }
}

/// Returns a speech as a line of a shot. `None`: it has no words.
pub(super) fn line_draft(speech: &DialogueSpeech, casting: &CastLookup<'_>) -> Option<LineDraft> {
    let spoken = speech.spoken_line();
    if !spoken.value.contains(char::is_alphanumeric) {
        return None;
    }
    let cue = speech.character.origin;
    let speaker = casting(&speech.character.value);
    let speaker = speaker.unwrap_or_else(|| speech.character.value.clone());
    let field = |key: &str, value: Spanned<String>| {
        let key = Spanned::new(key.to_owned(), cue);
        (key, RawScalar(value))
    };
    let word = |value: &str| Spanned::new(value.to_owned(), cue);
    let mut texts = vec![field("who", word(&speaker)), field("text", spoken)];
    let wait = speech.direction_seconds();
    if wait > 0.0 {
        let pause = format!("{:.2}s", wait + LEAD_SECONDS);
        texts.push(field("pause", word(&pause)));
    }
    let delivery = speech_delivery(speech, casting);
    let switch = |is_on: bool| is_on.then(|| Spanned::new(true, cue));
    Some(LineDraft {
        texts: OrderedMap(texts),
        voice_over: switch(delivery == LineDelivery::VoiceOver),
        off_screen: switch(delivery == LineDelivery::OffScreen),
        together: switch(speech.dual),
        gain: None,
        origin: cue,
    })
}
