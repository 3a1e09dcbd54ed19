//! The measured facts of a deliverable, as `facts.json` records them.

use serde::{Deserialize, Serialize};

/// The measured facts of one deliverable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasuredFacts {
    /// Codec id, such as `h264` or `png`.
    pub codec: String,
    /// Codec profile and pixel format, or bits a channel of pictures.
    pub profile: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second, exact, such as `24000/1001`.
    pub fps: String,
    /// Frames that decoded.
    pub frames: usize,
    /// Duration in seconds.
    pub duration: f64,
    /// Average brightness of all frames, 0 to 1.
    pub brightness: f64,
    /// Whether every frame looks the same.
    pub frozen: bool,
    /// Colours, for a retro deliverable.
    // Most deliverables have no retro look; the field is left out of their files.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub retro: Option<RetroFacts>,
}

/// The colours of a retro deliverable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetroFacts {
    /// The most colours in any one picture.
    pub most_colours: usize,
    /// Whether every pixel is a colour that the palette allows.
    pub on_palette: bool,
}
