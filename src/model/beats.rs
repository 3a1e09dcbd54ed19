//! The parts of an advertising film: what position a beat has, how lively it is, and the beats of a
//! production with the shots that they became.
//!
//! Plain data. Does not know the library of beats, nor how a beat is staged.

use super::frame_rate::FrameRate;
use crate::base::FileSpan;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The length of one chunk, and the step of the lengths of beats and ads, in seconds.
pub const BEAT_STEP_SECONDS: u32 = 5;
/// The lengths that a beat can have, in seconds.
pub const BEAT_SECONDS: [u32; 3] = [5, 10, 15];

/// Where in an ad a beat belongs.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BeatPosition {
    /// At the start.
    Opening,
    /// Between start and end.
    Middle,
    /// At the end.
    Closing,
}

impl BeatPosition {
    /// Returns the word of the document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Middle => "middle",
            Self::Closing => "closing",
        }
    }
}

/// How lively a beat is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EnergyLevel {
    /// Calm.
    Low,
    /// In between.
    Medium,
    /// Fast.
    High,
}

/// How the energy of an ad changes from its start to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EnergyCurve {
    /// It grows.
    Building,
    /// It stays.
    Steady,
    /// It grows to a peak at two thirds, and falls.
    Peaking,
}

/// How the beats of a production were planned, as its document records it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AdOrigin {
    /// The words that it was planned from.
    pub prompt: Option<String>,
    /// The archetype by which the beats were chosen.
    pub archetype: Option<String>,
}

/// One beat of a production, with the shots that it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BeatInstance {
    /// Its id, which begins the names of its shots.
    pub id: String,
    /// The beat of the library.
    pub beat: String,
    /// Seconds.
    pub seconds: u32,
    /// The first frame of the film with it, counted from 0.
    pub start_frame: usize,
    /// The frame of the film behind its last.
    pub end_frame: usize,
    /// The names of its shots, in order.
    pub shots: Vec<String>,
    /// The type of its picture, as the library has it.
    pub shot_type: String,
    /// What its picture shows, in words, for the record and for a provider that draws from words.
    pub prompt: String,
    /// Place of the beat in the document.
    pub origin: FileSpan,
}

impl BeatInstance {
    /// Returns how many chunks of [`BEAT_STEP_SECONDS`] it has. The last may be shorter.
    #[must_use]
    pub fn chunk_count(&self) -> usize {
        self.seconds.div_ceil(BEAT_STEP_SECONDS) as usize
    }

    /// Returns the second of the film at which it begins.
    #[must_use]
    pub fn start_seconds(&self, rate: FrameRate) -> f64 {
        rate.duration_seconds(self.start_frame)
    }
}
