//! The sound of a production as plain data: voices, lines, music, effects, ambience, and the work
//! that makes a mix of them.
//!
//! Times are counted in samples at [`SoundSettings::sample_rate`], from the start of the shot or of
//! the film as each field says. Levels are decibels. Pans run from -1 (left) to 1 (right).

mod mix_facts;
mod mix_file;
mod music_mood;
mod music_sections;
mod scratch_voice;
mod sound_beside;
mod sound_defaults;
mod sound_delivery;
mod sound_format;
mod sound_names;
mod sound_settings;
mod sound_work;
mod speech_lengths;
mod spoken_text;
mod step_surface;
mod text_language;
mod voice;
mod voice_language;
mod word_times;
mod writing_system;

pub use mix_facts::{
    LoudnessCurve, MIX_FACTS_FILE, MixFacts, MixReason, MixReasonKind, WaveformBins,
};
pub use mix_file::MixFile;
pub use music_mood::MUSIC_MOODS;
pub use music_sections::{MusicShotFacts, music_sections};
pub use scratch_voice::{
    CastSpeaker, FigureVoice, USUAL_WORDS_PER_MINUTE, cast_voices, narrator_voice, scratch_voice,
};
pub use sound_beside::{SoundBeside, SoundBesideKind};
pub use sound_defaults::{
    DEFAULT_LANGUAGE, DEFAULT_LOUDNESS, DEFAULT_MOOD, DEFAULT_TRUE_PEAK, LOUDNESS_NAMES,
    MUSIC_FADE_SECONDS, SAMPLE_RATES,
};
pub use sound_format::{SoundCodec, SoundCodecSpec, SoundFormat, film_language_tag, quicktime_tag};
pub use sound_names::{
    AMBIENCE_NAMES, EFFECT_NAMES, NamedSound, ROOM_NAMES, ambience_by_name, effect_by_name,
};
pub use sound_settings::{
    AmbienceLayer, DuckingCurve, EffectSource, LineDelivery, LocationSound, LoudnessTarget,
    MOST_HURRY, MusicCue, MusicSource, OutputSound, ShotEffect, ShotLine, SoundSettings,
    UnspokenSpeech,
};
pub use sound_work::{
    AmbienceWork, EffectEvent, EffectsWork, MixBus, MixTrack, MixWork, MusicFileWork, MusicSection,
    MusicWork, RetroSound, RoomKind, SpeechWork,
};
pub use speech_lengths::{SpeechLength, SpeechLengths};
pub use spoken_text::{
    SILENT_LINE_SECONDS, TextPause, TextWord, ample_spoken_seconds, has_counted_words,
    spoken_seconds, spoken_word_count, text_words,
};
pub use step_surface::StepSurface;
pub use text_language::guess_language;
pub use voice::{SpeechCommand, SpeechEngine, Voice};
pub use voice_language::{
    NAMED_LANGUAGES, espeak_language, espeak_voice_languages, is_language_tag, may_be_espeak_voice,
    may_be_piper_voice, named_language,
};
pub use word_times::{WordTime, WordTimeSource, WordTimes};
pub use writing_system::WritingSystem;

use super::frame_rate::FrameRate;

/// Samples a second of a production that names no other rate.
pub const DEFAULT_SAMPLE_RATE: u32 = 48_000;

/// Returns the sample at which frame `index` begins, counted from 0, rounded to the nearest.
///
/// Sound and picture of every joint are within one sample if each place is counted from the start
/// of the film; lengths of shots that are rounded one by one would drift.
#[must_use]
pub fn sample_at_frame(index: usize, rate: FrameRate, sample_rate: u32) -> u64 {
    let index = u128::try_from(index).unwrap_or(u128::MAX);
    let samples = index * u128::from(sample_rate) * u128::from(rate.den);
    let rate = u128::from(rate.num);
    u64::try_from((samples + rate / 2) / rate).unwrap_or(u64::MAX)
}

/// Returns the frames that so many samples need, rounded up.
#[must_use]
pub fn frames_holding(samples: u64, rate: FrameRate, sample_rate: u32) -> usize {
    let frames = (u128::from(samples) * u128::from(rate.num))
        .div_ceil(u128::from(rate.den) * u128::from(sample_rate.max(1)));
    usize::try_from(frames).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_hold_all_samples() {
        let rate = FrameRate::from_fps(24);
        assert_eq!(frames_holding(0, rate, 48_000), 0);
        assert_eq!(frames_holding(1, rate, 48_000), 1);
        assert_eq!(frames_holding(2000, rate, 48_000), 1);
        assert_eq!(frames_holding(2001, rate, 48_000), 2);
    }
}
