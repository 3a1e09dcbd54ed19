//! What sound is like where the document does not say, and the names of loudness targets.

use super::sound_settings::{DuckingCurve, LoudnessTarget};

/// Name of the loudness of a mix.
pub const DEFAULT_LOUDNESS: &str = "ebu_r128";
/// Language of speech.
pub const DEFAULT_LANGUAGE: &str = "en";
/// Ceiling of the true peak in dBTP.
pub const DEFAULT_TRUE_PEAK: f32 = -1.0;
/// Samples a second that a production may have.
pub const SAMPLE_RATES: [u32; 3] = [44_100, 48_000, 96_000];
/// Seconds that music takes to come and go, if it is a file.
pub const MUSIC_FADE_SECONDS: f32 = 1.0;
/// Mood of the music of a production without one.
pub const DEFAULT_MOOD: &str = "neutral";

/// Targets of loudness by name, with their LUFS: EBU R128, and what platforms play at.
pub const LOUDNESS_NAMES: [(&str, f32); 5] = [
    ("ebu_r128", -23.0),
    ("broadcast", -23.0),
    ("streaming", -14.0),
    ("podcast", -16.0),
    ("apple", -16.0),
];

impl LoudnessTarget {
    /// Returns the target of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let known = LOUDNESS_NAMES.iter().find(|(known, _)| *known == name)?;
        Some(Self {
            lufs: known.1,
            true_peak: DEFAULT_TRUE_PEAK,
            name: Some(known.0.to_owned()),
        })
    }
}

impl Default for LoudnessTarget {
    fn default() -> Self {
        let named = Self::by_name(DEFAULT_LOUDNESS);
        named.expect("the default is a name of the table")
    }
}

impl Default for DuckingCurve {
    fn default() -> Self {
        Self {
            depth: 9.0,
            attack: 0.25,
            hold: 0.3,
            release: 0.8,
        }
    }
}

impl DuckingCurve {
    /// Music stays as it is.
    pub const OFF: Self = Self {
        depth: 0.0,
        attack: 0.0,
        hold: 0.0,
        release: 0.0,
    };
}
