//! A deliverable: its codec, container, size and rate.

use super::codec::Codec;
use super::frame_rate::{FrameRate, PixelSize};
use super::retro_treatment::{FitMode, RetroTreatment};
use serde::{Deserialize, Serialize};

/// The picture of one deliverable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OutputFormat {
    /// How frames become files.
    pub codec: Codec,
    /// Size in pixels, exact.
    pub size: PixelSize,
    /// Frames a second, exact.
    pub rate: FrameRate,
    /// How a picture of another aspect is fitted.
    pub fit: FitMode,
    /// A retro treatment, if any; its size is then the deliverable's.
    pub retro: Option<RetroTreatment>,
}
