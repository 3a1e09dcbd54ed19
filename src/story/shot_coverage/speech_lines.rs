//! A speech as a line of a shot.

use super::coverage_builder::LEAD_SECONDS;
use super::scene_coverage::CastLookup;
use crate::base::Spanned;
use crate::document::{LineDraft, OrderedMap, RawScalar};
use crate::model::sound::LineDelivery;
use crate::story::fountain::DialogueSpeech;

/// Returns a speech as a line of a shot. `None`: it has no words.
pub(super) fn line_draft(speech: &DialogueSpeech, casting: &CastLookup<'_>) -> Option<LineDraft> {
    let spoken = speech.spoken_line();
    if !spoken.value.contains(char::is_alphanumeric) {
        return None;
    }
    let cue = speech.character.origin;
    let speaker = casting(&speech.character.value);
    let speaker = speaker.unwrap_or_else(|| speech.character.value.clone());
    let extension = speech.extension.as_deref().unwrap_or_default();
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
    let delivery = LineDelivery::from_extension(extension);
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
