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
}
