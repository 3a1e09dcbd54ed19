//! The sound that a document asks for, after presets and defaults.

use super::sound_format::SoundCodec;
use super::sound_work::{RetroSound, RoomKind, SpeechWork};
use super::voice::{SpeechEngine, Voice};
use crate::base::{FileSpan, Spanned};
use crate::model::production::AssetRef;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The sound of a production. A production without it is silent.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundSettings {
    /// Samples a second of everything that is made.
    pub sample_rate: u32,
    /// Loudness of the mix.
    pub loudness: LoudnessTarget,
    /// Language of the speech as in BCP 47, such as `en`.
    pub language: String,
    /// How music gives way to speech.
    pub ducking: DuckingCurve,
    /// Music, in the order of the document.
    pub music: Vec<MusicCue>,
    /// Whether figures that walk make the sound of steps.
    pub footsteps: bool,
    /// The SoundFont that music is played with. `None`: that of the machine.
    pub sound_font: Option<AssetRef>,
    /// Files that voices and programs that speak read.
    pub files: Vec<AssetRef>,
    /// Speeches of the script that no shot speaks, in order.
    pub unspoken: Vec<UnspokenSpeech>,
    /// Place of `sound`, or of the first field that asks for sound.
    pub origin: FileSpan,
}

/// A speech of the script that no shot speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnspokenSpeech {
    /// The speaker as written, with the place of the cue.
    pub speaker: Spanned<String>,
    /// Number of its scene, as text.
    pub scene: String,
}

/// Loudness of a mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoudnessTarget {
    /// Integrated loudness in LUFS, -40 to -5.
    pub lufs: f32,
    /// Ceiling of the true peak in dBTP.
    pub true_peak: f32,
    /// Its name in the document, such as `ebu_r128`. `None`: it is a number.
    pub name: Option<String>,
}

/// How music gives way to speech.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DuckingCurve {
    /// Decibels by which music is lowered under speech; 0 turns it off.
    pub depth: f32,
    /// Seconds from full music to lowered music. It ends when the speech begins.
    pub attack: f32,
    /// Seconds that music stays lowered after speech.
    pub hold: f32,
    /// Seconds back to full music.
    pub release: f32,
}

/// Music over one or more consecutive shots.
#[derive(Debug, Clone, PartialEq)]
pub struct MusicCue {
    /// Its name. Unique.
    pub name: Spanned<String>,
    /// Where it comes from.
    pub source: MusicSource,
    /// Index of the first shot.
    pub first_shot: usize,
    /// Index of the last shot.
    pub last_shot: usize,
    /// Decibels on top of the usual level of music.
    pub gain: f32,
    /// Seconds of fading in.
    pub fade_in: f32,
    /// Seconds of fading out.
    pub fade_out: f32,
}

/// Where music comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum MusicSource {
    /// Composed for a mood of `configs/moods.yaml`.
    Composed {
        /// Name of the mood.
        mood: Spanned<String>,
        /// Seed of every choice. Equal seeds give equal music.
        seed: u64,
    },
    /// A file of the user's own.
    File {
        /// The file.
        file: AssetRef,
        /// Whether it is repeated until the cue ends, and not only played once.
        repeat: bool,
        /// Whether it ends on a beat, and not exactly with the cue.
        on_beat: bool,
        /// Seconds of the file that are left out at its start.
        skip: Spanned<f32>,
    },
}

impl MusicCue {
    /// Returns its file, if it has one.
    #[must_use]
    pub const fn file(&self) -> Option<&AssetRef> {
        match &self.source {
            MusicSource::File { file, .. } => Some(file),
            MusicSource::Composed { .. } => None,
        }
    }
}

impl EffectSource {
    /// Returns its file, if it has one.
    #[must_use]
    pub const fn file(&self) -> Option<&AssetRef> {
        match self {
            Self::File(file) => Some(file),
            Self::Named(_) => None,
        }
    }
}

/// One line that is spoken in a shot.
#[derive(Debug, Clone, PartialEq)]
pub struct ShotLine {
    /// Its name, unique in the production: `SHOT.1`, `SHOT.2` and so on.
    pub name: String,
    /// The speaker as written.
    pub speaker: Spanned<String>,
    /// Index of the character. `None`: the narrator, or an unknown name.
    pub character: Option<usize>,
    /// The spoken words.
    pub text: Spanned<String>,
    /// Where the voice comes from.
    pub delivery: LineDelivery,
    /// The voice that speaks it.
    pub voice: Voice,
    /// Whether the document chose the voice, and not a stable rule.
    pub voice_written: bool,
    /// Place of the voice in the document, or of text in its place. `None`: a stable rule chose it.
    pub voice_origin: Option<FileSpan>,
    /// Place that names the provider of the voice. `None`: nothing does.
    pub provider_origin: Option<FileSpan>,
    /// Decibels of this line, which the gain of `voice` contains.
    pub gain: f32,
    /// Sample of the shot at which it begins.
    pub start: u64,
    /// Place of its `at`. `None`: it follows the line before it.
    pub start_origin: Option<FileSpan>,
    /// Its length in samples, as measured or estimated.
    pub length: u64,
    /// Whether `length` was measured.
    pub measured: bool,
    /// How much faster it is spoken than its voice speaks, so that the shot holds it: 1 to
    /// [`MOST_HURRY`].
    pub hurry: f32,
    /// Frames by which its shot is too short for it at the voice's own rate. 0: it fits.
    pub excess_frames: usize,
    /// Samples by which it continues after its shot although it is spoken as fast as it may be. 0:
    /// it fits.
    pub overrun: u64,
}

/// How much faster a line is spoken at the most. Beyond it, words are hard to follow.
pub const MOST_HURRY: f32 = 1.25;

/// Where the voice of a line comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineDelivery {
    /// The speaker is in view: the room's reverberation, and the place in the picture.
    OnScreen,
    /// `(O.S.)`: in the scene and out of view: duller, and more of the room.
    OffScreen,
    /// `(V.O.)` and narration: close and dry.
    VoiceOver,
}

impl LineDelivery {
    /// Returns the placement of a speech whose speaker has this extension in the screenplay, such
    /// as `V.O.`.
    #[must_use]
    pub fn from_extension(extension: &str) -> Self {
        let words = extension_words(extension);
        let has = |marks: &[&str]| words.iter().any(|word| marks.contains(&word.as_str()));
        if has(VOICE_OVER_MARKS) {
            Self::VoiceOver
        } else if has(OFF_SCREEN_MARKS) {
            Self::OffScreen
        } else {
            Self::OnScreen
        }
    }
}

/// Words of a voice that nobody in the scene has.
const VOICE_OVER_MARKS: &[&str] = &[
    "VO",
    "VOICE",
    "VOICEOVER",
    "NARRATION",
    // German, French, Spanish, Italian, Russian, Chinese.
    "STIMME",
    "VOIX",
    "VOZ",
    "VOCE",
    "VFC",
    "ЗК",
    "КАДРОМ",
    "画外音",
    "旁白",
];

/// Words of a voice of somebody who is there and out of view.
const OFF_SCREEN_MARKS: &[&str] = &[
    "OS",
    "OC",
    "OOV",
    "OFF",
    "OFFSCREEN",
    "OFFCAMERA",
    "OFFSTAGE",
    // French; Spanish and Italian.
    "HC",
    "HORS",
    "FC",
    "FUERA",
    "FUORI",
];

/// Returns the words of an extension in capitals, with the letters of `V.O.` joined: `V.O./CONT'D`
/// are `VO` and `CONT'D`.
fn extension_words(extension: &str) -> Vec<String> {
    let upper = extension.to_uppercase();
    let mut words: Vec<String> = Vec::new();
    // Parts first: the letters of `O.S., V.O.` are those of two marks.
    for part in upper.split([',', '/', '&', '+', ';', '(', ')']) {
        let mut letters = String::new();
        for word in part.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'))) {
            if word.chars().count() == 1 {
                letters.push_str(word);
            } else if !word.is_empty() {
                words.push(std::mem::take(&mut letters));
                words.push(word.to_owned());
            }
        }
        words.push(letters);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// One effect in a shot.
#[derive(Debug, Clone, PartialEq)]
pub struct ShotEffect {
    /// The sound itself.
    pub source: EffectSource,
    /// Frame of the shot at which it begins, counted from 0.
    pub frame: usize,
    /// Place of its `at`. `None`: it begins with the first frame.
    pub start_origin: Option<FileSpan>,
    /// Decibels.
    pub gain: f32,
    /// Place, -1 to 1. `None`: in the middle.
    pub pan: Option<f32>,
    /// Place in the document.
    pub origin: FileSpan,
}

/// What an effect or an ambience is made from.
#[derive(Debug, Clone, PartialEq)]
pub enum EffectSource {
    /// Synthesised, by name.
    Named(Spanned<String>),
    /// A file of the user's own.
    File(AssetRef),
}

/// One layer of the ambience of a location.
#[derive(Debug, Clone, PartialEq)]
pub struct AmbienceLayer {
    /// The sound itself.
    pub source: EffectSource,
    /// Decibels.
    pub gain: f32,
}

/// The sound of a location.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LocationSound {
    /// Layers of its ambience. Empty: none.
    pub ambience: Vec<AmbienceLayer>,
    /// Its reverberation.
    pub room: RoomKind,
}

/// The sound of one output, as the document asks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputSound {
    /// How it is encoded within a film. `None`: the output is a folder of pictures.
    pub codec: Option<SoundCodec>,
    /// Bits a second, for codecs with loss. `None`: the codec's own.
    pub bit_rate: Option<u64>,
    /// Whether the stems are delivered beside the output.
    pub stems: bool,
    /// Whether the mix is delivered as a WAV file beside the output.
    pub wav: bool,
    /// Loudness, if it differs from the production's.
    pub loudness: Option<LoudnessTarget>,
    /// The sound of a console, if any.
    pub retro: Option<RetroSound>,
}

impl ShotLine {
    /// Returns the voice file of Piper that speaks it, relative to the production. `None`: a
    /// package has the voice, or something else speaks.
    #[must_use]
    pub fn piper_file(&self) -> Option<PathBuf> {
        let is_file =
            self.voice.engine == SpeechEngine::Piper && self.voice.name.ends_with(".onnx");
        // Documents written on Windows mean the same files everywhere.
        is_file.then(|| PathBuf::from(self.voice.name.replace('\\', "/")))
    }

    /// Returns the work that speaks it.
    #[must_use]
    pub fn speech_work(&self, sample_rate: u32) -> SpeechWork {
        SpeechWork {
            text: self.text.value.clone(),
            voice: self.voice.clone(),
            sample_rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LineDelivery;

    #[test]
    fn marks_behind_a_name_say_where_a_voice_comes_from() {
        for (delivery, marks) in [
            (
                LineDelivery::VoiceOver,
                &[
                    "V.O.",
                    "VO",
                    "v.o.",
                    "V. O.",
                    "V.O./CONT'D",
                    "VO, cont'd",
                    "V.O. CONT'D",
                    "O.S., V.O.",
                    "VOICE OVER",
                    "voice-over",
                    "VOIX OFF",
                    "voz en off",
                    "画外音",
                ][..],
            ),
            (
                LineDelivery::OffScreen,
                &[
                    "O.S.",
                    "OS",
                    "O.C.",
                    "O.C. CONT'D",
                    "OFF",
                    "off-screen",
                    "aus dem Off",
                    "HORS CHAMP",
                    "F.C.",
                ],
            ),
            (
                LineDelivery::OnScreen,
                &[
                    "",
                    "CONT'D",
                    "ON PHONE",
                    "OFFICER",
                    "COVO",
                    "SUBTITLED",
                    "60",
                ],
            ),
        ] {
            for mark in marks {
                assert_eq!(LineDelivery::from_extension(mark), delivery, "{mark}");
            }
        }
    }
}
