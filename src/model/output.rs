//! The format of a deliverable: codec, size, rate, fit and retro.

use super::codec::Codec;
use super::frame_rate::{FrameRate, PixelSize};
use super::retro_treatment::{FitMode, RetroTreatment};
use serde::{Deserialize, Serialize};

/// The format of one deliverable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputFormat {
    /// How frames become files.
    pub codec: Codec,
    /// Size in pixels, exact.
    // Size, rate and frame count of a deliverable never depend on the quality tier. A draft can
    // therefore stand in for the final film in any edit.
    pub size: PixelSize,
    /// Frames a second, exact.
    pub rate: FrameRate,
    /// How a picture of another aspect is fitted.
    pub fit: FitMode,
    /// A retro treatment, if any. Its size is then that of the deliverable.
    pub retro: Option<RetroTreatment>,
    /// How it is encoded, where the document chooses.
    // Left out at its default: jobs from before there was a choice keep their identity.
    #[serde(default, skip_serializing_if = "EncodingChoice::is_default")]
    pub encoding: EncodingChoice,
}

/// What a document chooses of the encoding of a film. Unset fields are the codec's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EncodingChoice {
    /// Constant rate factor: smaller is better and larger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crf: Option<u32>,
    /// Bits a second that the film has on average.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bit_rate: Option<u64>,
    /// Variant of the codec, by its name in documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Pixel format, as ffmpeg names it. Set whenever `profile` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pixel_format: Option<String>,
}

impl EncodingChoice {
    /// Returns whether nothing is chosen.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
