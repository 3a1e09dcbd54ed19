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
    /// Its sound. Left out for silent deliverables.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sound: Option<SoundMeasures>,
    /// How long each picture of an animation is shown, in words.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub timing: Option<String>,
}

/// The sound of a deliverable, or that beside its pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SoundMeasures {
    /// Codec id, such as `aac`.
    pub codec: String,
    /// Samples a second.
    pub sample_rate: u32,
    /// Samples that decoded, of each channel.
    pub samples: u64,
    /// Integrated loudness in LUFS. `null`: it is silent, or too short for a meter.
    pub integrated: Option<f64>,
    /// True peak in dBTP. `null`: it is silent.
    pub true_peak: Option<f64>,
}

/// The colours of a retro deliverable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetroFacts {
    /// The most colours in any one picture.
    pub most_colours: usize,
    /// Whether every pixel is a colour that the palette allows.
    pub on_palette: bool,
}
