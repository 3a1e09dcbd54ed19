//! What was measured of a mix: the content of `loudness.json`.

use serde::{Deserialize, Serialize};

/// Name of the file with the facts of a mix.
pub const MIX_FACTS_FILE: &str = "loudness.json";

/// The measures of a mix. A value that cannot be measured is `null`, and `reasons` says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MixFacts {
    /// Samples a second.
    pub sample_rate: u32,
    /// Its length in samples.
    pub length: u64,
    /// Target loudness, in LUFS.
    pub target: f64,
    /// Name of that target in the document. `null`: it is a number.
    pub target_name: Option<String>,
    /// Target ceiling of the true peak, in dBTP.
    pub ceiling: f64,
    /// Integrated loudness in LUFS.
    pub integrated: Option<f64>,
    /// Loudness of all of it without gates, in LUFS. It replaces `integrated` for films shorter
    /// than 400 ms.
    pub ungated: Option<f64>,
    /// Loudness range in LU.
    pub range: Option<f64>,
    /// The loudest 400 ms in LUFS.
    pub loudest_moment: Option<f64>,
    /// True peak in dBTP.
    pub true_peak: Option<f64>,
    /// Integrated loudness of the stem of dialogue in LUFS.
    pub dialogue: Option<f64>,
    /// Loudness range of the stem of dialogue in LU.
    pub dialogue_range: Option<f64>,
    /// Decibels by which everything was raised, before the limiter.
    pub gain: f64,
    /// The most decibels that the limiter took off. 0: it did nothing, and the stems sum to the
    /// mix.
    pub limited: f64,
    /// Why the target was not reached, or why a value is `null`.
    pub reasons: Vec<MixReason>,
    /// Loudness over time.
    pub curve: LoudnessCurve,
    /// The samples in few numbers.
    pub waveform: WaveformBins,
}

/// Why a mix misses its target, or a value was not measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MixReason {
    /// What it is about. Stable.
    pub kind: MixReasonKind,
    /// The reason for people.
    pub text: String,
}

/// Kinds of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MixReasonKind {
    /// All samples are silent.
    Silent,
    /// It is shorter than the 400 ms of one block of the meter.
    TooShort,
    /// Nothing is louder than the gate of the meter.
    BelowGate,
    /// It is shorter than the 3 s that a range needs.
    NoRange,
    /// Its peaks do not allow the loudness.
    Peaks,
    /// It would have to be raised by too much.
    TooQuiet,
    /// A stem would have peaks above full scale, and was limited by itself.
    StemClipped,
}

impl MixReasonKind {
    /// Returns whether people must know it of every mix: the loudness is not the target.
    #[must_use]
    pub const fn is_warning(self) -> bool {
        match self {
            Self::Peaks | Self::TooQuiet | Self::BelowGate => true,
            // A film of titles is silent on purpose, and a short one cannot help it. A stem
            // matters only where stems are delivered, which a mix does not know.
            Self::Silent | Self::TooShort | Self::NoRange | Self::StemClipped => false,
        }
    }
}

/// Loudness over time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LoudnessCurve {
    /// Seconds from one value to the next.
    pub step: f64,
    /// Momentary loudness in LUFS, the loudest of each step. `null`: silence, or the start.
    pub values: Vec<Option<f64>>,
}

/// The samples of a sound in few numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WaveformBins {
    /// Seconds of each bin.
    pub step: f64,
    /// The lowest sample of each bin, at full scale 1.
    pub low: Vec<f64>,
    /// The highest sample of each bin.
    pub high: Vec<f64>,
}
