//! A deliverable: its codec, container, size and rate.

use super::frame_rate::{FrameRate, PixelSize};
use super::retro_treatment::{FitMode, RetroTreatment};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How frames become a file, or files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Codec {
    /// ProRes 4444, 10 bits, in QuickTime.
    #[default]
    #[serde(rename = "prores_4444")]
    Prores4444,
    /// ProRes 422 HQ, 10 bits, in QuickTime.
    #[serde(rename = "prores_422")]
    Prores422,
    /// H.264, 8 bits, 4:2:0, in MP4.
    H264,
    /// H.265, 8 bits, 4:2:0, in MP4.
    H265,
    /// A folder of PNG files, one a frame.
    #[serde(alias = "png_sequence")]
    #[schemars(extend("x-also" = ["png_sequence"]))]
    Png,
    /// A folder of half-float OpenEXR files, one a frame.
    #[serde(alias = "exr_sequence")]
    #[schemars(extend("x-also" = ["exr_sequence"]))]
    Exr,
    /// A folder of TIFF files, one a frame.
    #[serde(alias = "tiff_sequence")]
    #[schemars(extend("x-also" = ["tiff_sequence"]))]
    Tiff,
}

impl Codec {
    /// Returns whether the deliverable is a folder of numbered pictures.
    #[must_use]
    pub const fn is_sequence(self) -> bool {
        matches!(self, Self::Png | Self::Exr | Self::Tiff)
    }

    /// Returns the file extension of the deliverable, or of its frames.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Prores4444 | Self::Prores422 => "mov",
            Self::H264 | Self::H265 => "mp4",
            Self::Png => "png",
            Self::Exr => "exr",
            Self::Tiff => "tif",
        }
    }

    /// Returns the id used in documents.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Prores4444 => "prores_4444",
            Self::Prores422 => "prores_422",
            Self::H264 => "h264",
            Self::H265 => "h265",
            Self::Png => "png",
            Self::Exr => "exr",
            Self::Tiff => "tiff",
        }
    }

    /// Returns whether ffmpeg makes it.
    #[must_use]
    pub const fn needs_ffmpeg(self) -> bool {
        !self.is_sequence()
    }
}

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
