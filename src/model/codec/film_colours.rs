//! The colours of a film as its stream and its container name them.

use super::FilmEncoding;
use crate::model::{EncodingChoice, HdrTransfer};

/// The tags of the colours of a film, as ffprobe reports them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilmColours {
    /// The matrix from RGB to brightness and colour: `bt709`, `bt2020nc`, or `gbr` for none.
    pub matrix: &'static str,
    /// The primaries.
    pub primaries: &'static str,
    /// The transfer function.
    pub transfer: &'static str,
    /// Whether black is 16 of 255 and white 235, as in television, or 0 and 255.
    pub is_limited: bool,
}

impl FilmEncoding {
    /// Returns the colours of a film that is encoded so. `self` has the variant of the choice.
    #[must_use]
    pub fn colours(&self, choice: &EncodingChoice) -> FilmColours {
        let is_rgb = self.is_rgb();
        let wide = choice.hdr.is_some();
        FilmColours {
            matrix: match (is_rgb, wide) {
                (true, _) => "gbr",
                (false, false) => "bt709",
                (false, true) => "bt2020nc",
            },
            primaries: if wide { "bt2020" } else { "bt709" },
            transfer: match choice.hdr {
                None => "bt709",
                Some(HdrTransfer::Pq) => "smpte2084",
                Some(HdrTransfer::Hlg) => "arib-std-b67",
            },
            is_limited: !is_rgb,
        }
    }

    /// Returns whether its pixels are RGB, which no matrix converts.
    #[must_use]
    pub fn is_rgb(&self) -> bool {
        ["gbr", "rgb", "bgr"]
            .iter()
            .any(|start| self.pixel_format.starts_with(start))
    }
}

impl FilmColours {
    /// Returns matrix, primaries and transfer, separated by spaces.
    #[must_use]
    pub fn tags(&self) -> String {
        [self.matrix, self.primaries, self.transfer].join(" ")
    }

    /// Returns the name of the range as ffprobe reports it.
    #[must_use]
    pub const fn range(&self) -> &'static str {
        if self.is_limited { "tv" } else { "pc" }
    }
}
