//! The work of a job that writes captions.

use super::caption_profile::CaptionProfile;
use crate::model::frame_rate::FrameRate;
use crate::model::input_slot::InputSlot;
use serde::{Deserialize, Serialize};

/// The file of a speech job with the time of each word.
pub const WORDS_FILE: &str = "words.json";

/// Write the captions of a film in one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaptionWork {
    /// The language, as in BCP 47.
    pub language: String,
    /// The limits that they are made within.
    pub profile: CaptionProfile,
    /// Frames a second of the film.
    pub rate: FrameRate,
    /// Frames of the film.
    pub length: usize,
    /// Samples a second of the times below.
    pub sample_rate: u32,
    /// Spoken lines, in order.
    pub lines: Vec<CaptionLineWork>,
    /// Other sounds, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sounds: Vec<CaptionSoundWork>,
}

/// One line of a film.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptionLineWork {
    /// The slot with the times of its words.
    pub slot: InputSlot,
    /// What is shown.
    pub text: String,
    /// Who says it.
    pub speaker: String,
    /// Whether the speaker is named.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_named: bool,
    /// Sample of the film at which it begins.
    pub start: u64,
    /// Its length in samples.
    pub length: u64,
}

/// A sound that is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptionSoundWork {
    /// What it is.
    pub text: String,
    /// Sample of the film at which it begins.
    pub start: u64,
}
