//! Pictures for the page: encoded bytes that travel inside it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// One encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// A frame from its middle: the one that stands for the shot.
    pub middle: Option<EmbeddedImage>,
    /// Its last frame.
    pub last: Option<EmbeddedImage>,
}

/// Every picture of the page; whatever is missing is left out.
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
    /// Returns the picture as a `data:` address.
    #[must_use]
    pub fn data_uri(&self) -> String {
        format!("data:{};base64,{}", self.mime, STANDARD.encode(&self.bytes))
    }
}
