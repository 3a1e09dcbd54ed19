//! The sound of a document as written: of the production, of characters, shots, locations and
//! outputs.
//!
//! Like [`super::draft`], of which it is the part about sound.

use super::field_types::{OneOrMany, OrderedMap, RawScalar};
use super::notation;
use super::text_or::TextOr;
use crate::base::Spanned;
use crate::model::sound::{
    AMBIENCE_NAMES, DEFAULT_LANGUAGE, DEFAULT_TRUE_PEAK, EFFECT_NAMES, MUSIC_FADE_SECONDS,
    NamedSound, SoundCodec,
};
use crate::model::value_ranges;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The sound of the production. Any field turns it on.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SoundDraft {
    /// Loudness of the mix: a target by name, or LUFS from -40 to -5.
    #[schemars(schema_with = "notation::loudness_schema")]
    pub loudness: Option<RawScalar>,
    /// Ceiling of the true peak in dBTP, -12 to 0.
    #[schemars(range(min = value_ranges::TRUE_PEAK.lowest(), max = value_ranges::TRUE_PEAK.highest()), extend("default" = DEFAULT_TRUE_PEAK))]
    pub true_peak: Option<Spanned<f32>>,
    /// Language of the speech as in BCP 47, such as `en`, `de-CH`, or its English name.
    #[schemars(schema_with = "notation::language_schema", extend("default" = DEFAULT_LANGUAGE))]
    pub language: Option<Spanned<String>>,
    /// Samples a second.
    #[schemars(schema_with = "notation::sample_rate_schema")]
    pub sample_rate: Option<Spanned<u32>>,
    /// Music: a mood, `off`, one cue, or a list of them. The mood of the production if left out.
    pub music: Option<OneOrMany<TextOr<MusicDraft>>>,
    /// SoundFont (SF2 or SF3) that composed music is played with, relative to this file; that of
    /// the machine if left out.
    #[schemars(extend("examples" = ["assets/orchestra.sf3"]))]
    pub sound_font: Option<Spanned<String>>,
    /// How music gives way to speech; `off` if it does not.
    pub ducking: Option<TextOr<DuckingDraft>>,
    /// Ambience of every location that has none of its own; `off` for no ambience at all.
    pub ambience: Option<OneOrMany<TextOr<AmbienceDraft>>>,
    /// Whether figures that walk make the sound of steps.
    #[schemars(extend("default" = true))]
    pub footsteps: Option<Spanned<bool>>,
    /// The voice of the narrator, who speaks as `NARRATOR` in the script.
    pub narrator: Option<TextOr<VoiceDraft>>,
    /// Who speaks for voices that name no provider: `espeak-ng`, `piper`, `murmur`, or one of
    /// `providers`.
    #[schemars(extend("default" = "espeak-ng"), extend("examples" = ["espeak-ng", "piper", "murmur"]))]
    pub speech: Option<Spanned<String>>,
    /// Programs that speak, by name.
    pub providers: Option<OrderedMap<SpeechProviderDraft>>,
}

/// A program that speaks.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SpeechProviderDraft {
    /// The program and its arguments, one word each, with `{text}` or `{text_file}`, `{voice}`,
    /// `{language}`, `{rate}`, `{pitch}`, `{file.NAME}`, and `{out}` for the WAV file that it
    /// writes.
    #[schemars(extend("examples" = [["say", "-v", "{voice}", "-o", "{out}", "{text}"]]))]
    pub command: Option<Vec<Spanned<String>>>,
    /// Command that prints its version.
    pub version: Option<Vec<Spanned<String>>>,
    /// Files of the project that it reads, by the name in `{file.NAME}`.
    pub files: Option<OrderedMap<Spanned<String>>>,
    /// Free text for people.
    pub description: Option<Spanned<String>>,
}

/// A voice. Written as text, it is the provider's name of the voice.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct VoiceDraft {
    /// Who speaks: `espeak-ng`, `piper`, `murmur`, or one of the production's `sound.providers`.
    #[schemars(extend("examples" = ["espeak-ng", "piper", "murmur"]))]
    pub provider: Option<Spanned<String>>,
    /// The provider's name of the voice, such as `en-gb+f3` or `en_US-joe-medium`.
    #[schemars(extend("examples" = ["en-gb+f3", "en_US-joe-medium"]))]
    pub voice: Option<Spanned<String>>,
    /// Language as in BCP 47, or its English name; the production's if left out.
    #[schemars(schema_with = "notation::language_schema")]
    pub language: Option<Spanned<String>>,
    /// Words a minute, 80 to 400.
    #[schemars(range(min = value_ranges::WORDS_PER_MINUTE.low, max = value_ranges::WORDS_PER_MINUTE.high))]
    pub rate: Option<Spanned<u32>>,
    /// Semitones above the voice's own pitch, -12 to 12.
    #[schemars(range(min = value_ranges::PITCH.lowest(), max = value_ranges::PITCH.highest()))]
    pub pitch: Option<Spanned<f32>>,
    /// Decibels on top of the level that all voices are brought to.
    #[schemars(range(min = value_ranges::DECIBELS.lowest(), max = value_ranges::DECIBELS.highest()), extend("default" = 0))]
    pub gain: Option<Spanned<f32>>,
}

/// Music over some shots. Written as text, it is a mood over all of them.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MusicDraft {
    /// Name of the cue; `music_1` and so on if left out.
    pub name: Option<Spanned<String>>,
    /// Mood of music that is composed.
    #[schemars(extend("x-preset" = "moods"))]
    pub mood: Option<Spanned<String>>,
    /// A sound file to play in place of composed music, relative to this file.
    #[schemars(extend("examples" = ["music/theme.flac"]))]
    pub file: Option<Spanned<String>>,
    /// The first shot with it, by name; the first of the production if left out.
    pub from: Option<Spanned<String>>,
    /// The last shot with it, by name; the last of the production if left out.
    pub to: Option<Spanned<String>>,
    /// Decibels on top of the usual level of music.
    #[schemars(range(min = value_ranges::DECIBELS.lowest(), max = value_ranges::DECIBELS.highest()), extend("default" = 0))]
    pub gain: Option<Spanned<f32>>,
    /// Chooses another piece of the same mood.
    #[schemars(extend("default" = 0))]
    pub seed: Option<Spanned<u32>>,
    /// Seconds of fading in; 0 for composed music.
    #[schemars(range(min = value_ranges::FADE.lowest(), max = value_ranges::FADE.highest()), extend("default" = MUSIC_FADE_SECONDS))]
    pub fade_in: Option<Spanned<f32>>,
    /// Seconds of fading out; 0 for composed music.
    #[schemars(range(min = value_ranges::FADE.lowest(), max = value_ranges::FADE.highest()), extend("default" = MUSIC_FADE_SECONDS))]
    pub fade_out: Option<Spanned<f32>>,
    /// Whether the file is repeated until the cue ends.
    #[serde(rename = "loop")]
    #[schemars(rename = "loop", extend("default" = false))]
    pub repeat: Option<Spanned<bool>>,
    /// Whether the file ends on a beat, and not exactly with the last shot.
    #[schemars(extend("default" = false))]
    pub on_beat: Option<Spanned<bool>>,
    /// Seconds of the file that are left out at its start.
    #[schemars(range(min = value_ranges::FADE.lowest(), max = value_ranges::FADE.highest()), extend("default" = 0))]
    pub skip: Option<Spanned<f32>>,
}

/// How music gives way to speech.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DuckingDraft {
    /// Decibels by which music is lowered under speech, 0 to 40.
    #[schemars(range(min = value_ranges::DUCKING.lowest(), max = value_ranges::DUCKING.highest()), extend("default" = 9))]
    pub depth: Option<Spanned<f32>>,
    /// Seconds until it is lowered. It ends when the speech begins.
    #[schemars(range(min = value_ranges::FADE.lowest(), max = value_ranges::FADE.highest()), extend("default" = 0.25))]
    pub attack: Option<Spanned<f32>>,
    /// Seconds that it stays lowered after speech.
    #[schemars(range(min = value_ranges::FADE.lowest(), max = value_ranges::FADE.highest()), extend("default" = 0.3))]
    pub hold: Option<Spanned<f32>>,
    /// Seconds until it is back.
    #[schemars(range(min = value_ranges::FADE.lowest(), max = value_ranges::FADE.highest()), extend("default" = 0.8))]
    pub release: Option<Spanned<f32>>,
}

/// One layer of an ambience. Written as text, it is the name of an ambience, or a file.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AmbienceDraft {
    /// An ambience by name, such as `sea`.
    #[schemars(extend("examples" = named_sounds(&AMBIENCE_NAMES)))]
    pub name: Option<Spanned<String>>,
    /// A sound file in place of it, relative to this file.
    pub file: Option<Spanned<String>>,
    /// Decibels on top of the usual level of ambience.
    #[schemars(range(min = value_ranges::DECIBELS.lowest(), max = value_ranges::DECIBELS.highest()), extend("default" = 0))]
    pub gain: Option<Spanned<f32>>,
}

/// One effect. Written as text, it is the name of an effect, or a file, at the start of the shot.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EffectDraft {
    /// An effect by name, such as `door_close`.
    #[schemars(extend("examples" = named_sounds(&EFFECT_NAMES)))]
    pub name: Option<Spanned<String>>,
    /// A sound file in place of it, relative to this file.
    pub file: Option<Spanned<String>>,
    /// When it begins, from the start of the shot: a frame, counted from 0, or seconds as `1.5s`.
    #[schemars(schema_with = "notation::moment_schema")]
    pub at: Option<RawScalar>,
    /// Decibels on top of the usual level of the effect.
    #[schemars(range(min = value_ranges::DECIBELS.lowest(), max = value_ranges::DECIBELS.highest()), extend("default" = 0))]
    pub gain: Option<Spanned<f32>>,
    /// Place from -1 (left) to 1 (right).
    #[schemars(range(min = value_ranges::BALANCE.lowest(), max = value_ranges::BALANCE.highest()), extend("default" = 0))]
    pub pan: Option<Spanned<f32>>,
}

/// The sound of one output. Written as text, it is a codec, `on`, `off`, or `wav` for a WAV file
/// beside it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputSoundDraft {
    /// How it is encoded within the film; the usual one of the container if left out.
    pub codec: Option<Spanned<OutputSoundCodec>>,
    /// Bits a second of `aac` and `opus`, such as `192k`.
    #[schemars(extend("examples" = ["192k", "320k"]))]
    pub bit_rate: Option<RawScalar>,
    /// Whether dialogue, music and effects are delivered as WAV files beside the output.
    #[schemars(extend("default" = false))]
    pub stems: Option<Spanned<bool>>,
    /// Whether the mix is delivered as a WAV file beside the output.
    #[schemars(extend("default" = false))]
    pub wav: Option<Spanned<bool>>,
    /// Loudness, if it differs from the production's.
    #[schemars(schema_with = "notation::loudness_schema")]
    pub loudness: Option<RawScalar>,
}

/// How sound is encoded within a film, or that it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutputSoundCodec {
    /// AAC, as players of MP4 expect.
    Aac,
    /// Linear PCM of 24 bits, as editors expect in QuickTime.
    Pcm,
    /// Opus.
    Opus,
    /// FLAC, without loss.
    Flac,
    /// A WAV file beside the output, as `wav: true` asks for it.
    Wav,
    /// The film has no sound.
    Off,
}

impl OutputSoundCodec {
    /// Returns the codec within a film. `None`: it names none.
    #[must_use]
    pub const fn codec(self) -> Option<SoundCodec> {
        match self {
            Self::Aac => Some(SoundCodec::Aac),
            Self::Pcm => Some(SoundCodec::Pcm),
            Self::Opus => Some(SoundCodec::Opus),
            Self::Flac => Some(SoundCodec::Flac),
            Self::Wav | Self::Off => None,
        }
    }
}

/// Returns the names of a table, which editors offer.
fn named_sounds(table: &[NamedSound]) -> Vec<&'static str> {
    table.iter().map(|sound| sound.name).collect()
}

/// The sound of a console.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetroSoundDraft {
    /// Samples a second of its converter.
    #[schemars(range(min = value_ranges::CONSOLE_RATE.low, max = value_ranges::CONSOLE_RATE.high))]
    pub sample_rate: Option<Spanned<u32>>,
    /// Bits a sample.
    #[schemars(range(min = value_ranges::CONSOLE_BITS.low, max = value_ranges::CONSOLE_BITS.high))]
    pub bits: Option<Spanned<u32>>,
}
