//! The work of the sound department: what its jobs depend on. All of it is part of their identity.

use super::sound_settings::{DuckingCurve, LoudnessTarget};
use super::step_surface::StepSurface;
use super::voice::Voice;
use crate::model::frame_list::FrameList;
use crate::model::frame_rate::{FrameRate, PixelSize};
use crate::model::input_slot::InputSlot;
use crate::model::shot_staging::ShotStaging;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Speaks one line. Makes `speech.wav` (mono, without the engine's own silence, at the level that
/// all voices have) and `words.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpeechWork {
    /// The spoken words.
    pub text: String,
    /// The voice.
    pub voice: Voice,
    /// Samples a second.
    pub sample_rate: u32,
}

/// Composes and plays one cue. Makes `music.wav` (stereo, exactly `length` samples) and
/// `music.mid`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MusicWork {
    /// Name of the mood.
    pub mood: String,
    /// Seed of every choice.
    pub seed: u64,
    /// Samples a second.
    pub sample_rate: u32,
    /// Length in samples.
    pub length: u64,
    /// The sections of the film that it follows, in order. The first begins at 0.
    pub sections: Vec<MusicSection>,
    /// Whether it is played with the SoundFont in the slot `sound_font`, and not with that of the
    /// machine.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_font: bool,
}

/// A part of the film that music follows: a shot.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MusicSection {
    /// Sample of the cue at which it begins: a cut.
    pub start: u64,
    /// Energy of the picture, 0 to 1.
    pub energy: f32,
    /// Whether the music marks the cut.
    pub hit: bool,
}

/// Fits a music file of the user's own, in the slot `file`, to a cue. Makes `music.wav` (stereo,
/// exactly `length` samples).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MusicFileWork {
    /// Samples a second.
    pub sample_rate: u32,
    /// Length in samples.
    pub length: u64,
    /// Samples of the file that are left out at its start.
    pub skip: u64,
    /// Whether it is repeated until the cue ends.
    pub repeat: bool,
    /// Whether it ends on a beat.
    pub on_beat: bool,
    /// Samples of fading in.
    pub fade_in: u64,
    /// Samples of fading out.
    pub fade_out: u64,
}

/// Makes the ambience of a location. Makes `ambience.wav` (stereo, exactly `length` samples, whose
/// end continues into its start).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AmbienceWork {
    /// Name of the ambience. `None`: the file in the slot `file`.
    pub name: Option<String>,
    /// Seed of every choice.
    pub seed: u64,
    /// Samples a second.
    pub sample_rate: u32,
    /// Length in samples.
    pub length: u64,
}

/// Makes the effects of one shot. Makes `effects.wav` (stereo; it may be longer than the shot by
/// the tail of its last effect) and `contacts.json` (each audible step).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectsWork {
    /// The staging, whose camera places the sounds. The slots are those of the shot's render
    /// jobs.
    pub staging: Arc<ShotStaging>,
    /// All frames of the shot.
    pub frames: Arc<FrameList>,
    /// Frames a second.
    pub rate: FrameRate,
    /// Size of the pictures. Only its aspect matters: the camera is placed by it.
    pub size: PixelSize,
    /// Samples a second.
    pub sample_rate: u32,
    /// Length of the shot in samples.
    pub length: u64,
    /// Whether steps sound.
    pub footsteps: bool,
    /// What people walk on. `None`: wood or earth, by `room`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<StepSurface>,
    /// The reverberation.
    pub room: RoomKind,
    /// What the document adds, in order.
    pub events: Vec<EffectEvent>,
    /// Seed of every choice.
    pub seed: u64,
}

/// One effect that the document adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EffectEvent {
    /// Name of the effect. `None`: the file in `slot`.
    pub name: Option<String>,
    /// The slot of its file.
    pub slot: Option<InputSlot>,
    /// Sample of the shot at which it begins.
    pub start: u64,
    /// Decibels.
    pub gain: f32,
    /// Place, -1 to 1. `None`: that of the shot's subject in the picture.
    pub pan: Option<f32>,
}

/// The reverberation of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomKind {
    /// Outside, without any.
    #[default]
    Outdoors,
    /// A furnished room.
    SmallRoom,
    /// A workshop, an office, a class room.
    Room,
    /// A hall, a church, a factory.
    Hall,
    /// None at all, as in a booth or in space.
    Dry,
}

/// A bus of the mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MixBus {
    /// Speech.
    Dialogue,
    /// Music.
    Music,
    /// Effects and ambience.
    Effects,
}

impl MixBus {
    /// All of them, in the order of stems.
    pub const ALL: [Self; 3] = [Self::Dialogue, Self::Music, Self::Effects];

    /// Returns its name, which is that of its stem.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dialogue => "dialogue",
            Self::Music => "music",
            Self::Effects => "effects",
        }
    }
}

/// Mixes all sounds of a film. Makes `mix.wav`, a stem for each bus, and
/// `loudness.json`. All WAV files are stereo, 24 bits, exactly `length` samples.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixWork {
    /// Samples a second.
    pub sample_rate: u32,
    /// Length of the film in samples.
    pub length: u64,
    /// The sounds, in order of the document.
    pub tracks: Vec<MixTrack>,
    /// How music gives way to speech.
    pub ducking: DuckingCurve,
    /// Loudness of the mix.
    pub loudness: LoudnessTarget,
    /// The sound of a console, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retro: Option<RetroSound>,
}

/// One input of a mix.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixTrack {
    /// The slot of the job that makes it. The first WAV file of the slot is the track.
    pub slot: InputSlot,
    /// Its bus.
    pub bus: MixBus,
    /// Sample of the film at which it begins.
    pub start: u64,
    /// Samples that are left out at its start.
    #[serde(default)]
    pub skip: u64,
    /// Samples of it that play. `None`: all.
    pub length: Option<u64>,
    /// Whether it is repeated until `length`.
    pub repeat: bool,
    /// Decibels.
    pub gain: f32,
    /// Place, -1 to 1.
    pub pan: f32,
    /// Samples of fading in.
    pub fade_in: u64,
    /// Samples of fading out, at the end of `length`.
    pub fade_out: u64,
    /// Reverberation that the mix adds.
    pub room: RoomKind,
    /// Whether it comes through a wall or from out of view.
    pub muffled: bool,
}

/// The sound of a console.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetroSound {
    /// Samples a second of its converter.
    pub sample_rate: u32,
    /// Bits a sample.
    pub bits: u32,
}
