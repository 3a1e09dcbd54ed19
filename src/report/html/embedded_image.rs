//! Encoded pictures inside the page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// An encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
// Encoded bytes and not pixels: the caller chooses size and format, and this module needs no codec.
pub struct EmbeddedImage {
    /// Media type, such as `image/jpeg`.
    pub mime: String,
    /// The encoded file.
    pub bytes: Vec<u8>,
}

/// Frames of one shot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShotImages {
    /// Its first frame.
    pub first: Option<EmbeddedImage>,
    /// A frame from its middle, which represents the shot.
    pub middle: Option<EmbeddedImage>,
    /// Its last frame.
    pub last: Option<EmbeddedImage>,
}

/// All pictures of the page. Missing ones are left out or replaced by a word.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportImages {
    /// A large picture for the head of the page.
    pub poster: Option<EmbeddedImage>,
    /// Frames by shot name.
    pub shots: BTreeMap<String, ShotImages>,
    /// Reference sheets by character, in order.
    pub characters: Vec<(String, EmbeddedImage)>,
    /// Plates by location, in order.
    pub locations: Vec<(String, EmbeddedImage)>,
}

impl EmbeddedImage {
    /// Returns the picture as a `data:` URI.
    #[must_use]
    pub fn data_uri(&self) -> String {
        // Base64 is a third larger than the file, but the report stays one file that can be mailed
        // and opened years later.
        format!("data:{};base64,{}", self.mime, STANDARD.encode(&self.bytes))
    }
}
