//! What a codec must leave of a sound: how well its waves and levels agree with the mix.
//!
//! Nothing here measures. The limits were chosen from speech, music, noise and single tones that
//! were encoded at all bit rates of the document: what a codec does is well within them, and the
//! wrong sound is not.

use crate::model::sound::{SoundCodec, SoundFormat};
use crate::sound::{ComparedBands, ComparedPassage, SharedEnergy, SoundLikeness, SourceLoudness};
use std::ops::Range;

/// Where the bands begin that every codec keeps, in hertz. Below it Opus takes a direct current
/// away.
const CORE_START: f64 = 60.0;
/// A channel, or the difference of both, is not compared if its share of all energy is below this.
const LEAST_SHARE: f64 = 1e-3;
/// Share of the energy from which the core speaks for all of a sound.
const LEAST_CORE: f64 = 1e-2;
/// Share of the energy from which a single band is compared.
const LEAST_BAND: f64 = 1e-4;
/// Share of the energy below 60 Hz from which a channel is not compared if the codec takes the
/// lowest away, of all of the sound and of a passage.
const MOST_LOWEST: [f64; 2] = [0.99, 0.5];
/// A passage is quiet if its energy is below this share of the loudest.
const QUIET: f64 = 1e-3;
/// The share of the loudest passage that a quiet one may have in the copy.
const MOST_QUIET: f64 = 1e-2;
/// The share of the loudest passage by which a copy without loss may differ: the last bit of 24.
const MOST_ERROR: f64 = 1e-6;
/// Agreement below which waves are upside down.
const REVERSED: f64 = -0.3;

/// The limits of one codec at one bit rate.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CodecFidelity {
    /// Whether every sample must be as it was.
    pub(super) is_exact: bool,
    /// Hertz that the codec encodes.
    pub(super) passband: Range<f64>,
    /// The most LU by which its loudness may differ, beside what it does not keep.
    pub(super) loudness: f64,
    /// Its noise, as a share of all energy.
    noise: f64,
    /// Where the bands end in which waves are compared, in hertz.
    core_end: f64,
    /// The least agreement of the core, of all of the sound and of a passage.
    agreement: [f64; 2],
    /// The most decibels by which the level of the core may differ, for the same two.
    level: [f64; 2],
    /// Whether it keeps left and right apart, and the level of each band.
    is_detailed: bool,
}

impl CodecFidelity {
    /// Returns the limits of a format.
    pub(super) fn new(format: &SoundFormat) -> Self {
        let spec = format.codec.spec();
        let half_rate = f64::from(format.encoded_rate()) / 2.0;
        // Codecs without loss have none, and are compared exactly.
        let bit_rate = format.bit_rate.or(spec.bit_rate).unwrap_or_default();
        let bits = bit_rate as f64;
        let passband = match format.codec {
            SoundCodec::Pcm | SoundCodec::Flac => 0.0..f64::INFINITY,
            SoundCodec::Aac => 0.0..aac_bandwidth(bits).min(half_rate) * 0.9,
            SoundCodec::Opus => 20.0..opus_bandwidth(bits),
        };
        let fair = Self {
            is_exact: !spec.lossy,
            passband,
            loudness: 0.5,
            noise: 2e-3,
            core_end: 4000.0,
            agreement: [0.9, 0.6],
            level: [1.0, 4.0],
            is_detailed: true,
        };
        // Opus makes up more of what it has no bits for than AAC does.
        let enough = match format.codec {
            SoundCodec::Opus => 60_000.0,
            _ => 48_000.0,
        };
        match bits {
            _ if !spec.lossy || bits >= 96_000.0 => fair,
            _ if bits >= enough => Self {
                loudness: 1.0,
                noise: 4e-2,
                agreement: [0.8, 0.4],
                level: [2.5, 6.0],
                ..fair
            },
            _ => Self {
                loudness: if bits < 24_000.0 { 7.0 } else { 3.0 },
                noise: 1.0,
                core_end: 2000.0,
                agreement: [0.3, 0.1],
                level: [8.0, 15.0],
                is_detailed: false,
                ..fair
            },
        }
    }

    /// Returns by how many LU the copy may be softer and louder than its source.
    pub(super) fn loudness_range(&self, loudness: &SourceLoudness) -> Range<f64> {
        // Silence has no loudness to divide by.
        if loudness.weighted <= 0.0 || self.is_exact {
            return -self.loudness..self.loudness;
        }
        // Noise counts as much as the ear hears more of it than of the sound.
        let noise = self.noise * loudness.unweighted / loudness.weighted;
        let noise = 10.0 * libm::log10(1.0 + noise);
        let passed = loudness.passband / loudness.weighted;
        let lost = -10.0 * libm::log10(passed.max(1e-20));
        -(self.loudness + lost + noise)..self.loudness + noise
    }

    /// Returns what is wrong with a copy. `None`: it is the sound of its source.
    pub(super) fn difference(&self, likeness: &SoundLikeness) -> Option<String> {
        let mut whole = ComparedPassage::default();
        for passage in &likeness.passages {
            whole.add_passage(passage);
        }
        let loudest = likeness.passages.iter().map(source_energy);
        let loudest = loudest.fold(0.0, f64::max);
        // The whole mix is silent, and `expect_sound_or_silence` has compared that.
        if loudest <= 0.0 {
            return None;
        }
        let total = source_energy(&whole);
        // The clearest first: sound that is upside down is wrong in every other measure too.
        self.reversal(&whole, total)
            .or_else(|| self.whole_difference(&whole, total))
            .or_else(|| {
                let mut passages = likeness.passages.iter();
                passages.find_map(|passage| self.passage_difference(passage, loudest))
            })
    }

    fn reversal(&self, whole: &ComparedPassage, total: f64) -> Option<String> {
        let is_reversed = |bands: &ComparedBands| {
            let is_audible = bands.total().source > LEAST_SHARE * total;
            is_audible.then(|| self.core_energy(bands).agreement() < REVERSED)
        };
        let channels = whole.channels.iter().filter_map(is_reversed);
        // Both channels: one alone is another stereo picture, which has a message of its own.
        let is_upside_down = channels.reduce(|one, other| one && other) == Some(true);
        if is_upside_down {
            return Some("the mix upside down".to_owned());
        }
        let is_exchanged = is_reversed(&whole.side) == Some(true);
        is_exchanged.then(|| "left and right exchanged".to_owned())
    }

    fn whole_difference(&self, whole: &ComparedPassage, total: f64) -> Option<String> {
        for bands in &whole.channels {
            let difference = self.bands_difference(bands, total, 0);
            let coloured = || self.coloured_band(bands, total);
            if let Some(difference) = difference.or_else(coloured) {
                return Some(difference);
            }
        }
        if !self.is_detailed {
            return None;
        }
        let side = self.core_energy(&whole.side);
        // Ten times as much as for a channel: what is nearly in the middle is put there by codecs.
        let is_wide = side.source > 10.0 * LEAST_SHARE * total;
        let is_alike = side.agreement() >= 0.6 * self.agreement[0] && side.level().abs() <= 4.0;
        (is_wide && !is_alike).then(|| "another stereo picture".to_owned())
    }

    fn passage_difference(&self, passage: &ComparedPassage, loudest: f64) -> Option<String> {
        let energy = source_energy(passage);
        let at = |what: &str| format!("{what} at {:.1} s", passage.start);
        let sum = |read: fn(&SharedEnergy) -> f64| -> f64 {
            let channels = passage.channels.iter();
            channels.map(|bands| read(&bands.total())).sum()
        };
        if self.is_exact {
            let is_same = sum(SharedEnergy::difference) <= MOST_ERROR * loudest;
            return (!is_same).then(|| at("other samples"));
        }
        // In a quiet passage a codec may make up nearly everything, so only its level is compared.
        if energy < QUIET * loudest {
            let is_quiet = sum(|total| total.copy) <= MOST_QUIET * loudest;
            return (!is_quiet).then(|| at("sound where the mix is quiet"));
        }
        let channels = passage.channels.iter();
        // With limits for passages, which are wider than for the whole: a short one may be all
        // consonants.
        let mut differences = channels.map(|bands| self.bands_difference(bands, loudest, 1));
        differences
            .find_map(|difference| difference)
            .map(|what| at(&what))
    }

    /// Returns how one channel differs, of all of the sound (`part` 0) or of a passage (1).
    fn bands_difference(&self, bands: &ComparedBands, all: f64, part: usize) -> Option<String> {
        let total = bands.total().source;
        if total < LEAST_SHARE * all {
            return None;
        }
        // Opus takes a direct current away, and with it the step where one begins or ends.
        let (_, lowest) = bands.bands().next()?;
        if self.passband.start > 0.0 && lowest.source > MOST_LOWEST[part] * total {
            return None;
        }
        let core = self.core_energy(bands);
        let has_core = core.source >= LEAST_CORE * total;
        let agreement = if has_core {
            core.agreement()
        } else {
            // Nearly all of it is very low or very high, where codecs drop most. The best band
            // that remains decides.
            let remaining = bands.bands().filter(|(range, energy)| {
                range.start < self.passband.end && energy.source >= LEAST_BAND * total
            });
            let best = remaining.map(|(_, energy)| energy.agreement());
            best.reduce(f64::max)?
        };
        let least = match has_core {
            true => self.agreement[part],
            false => self.agreement[part].min(0.3),
        };
        if agreement < least {
            let percent = (agreement * 100.0).round().max(0.0);
            return Some(format!("another sound or another time ({percent} % alike)"));
        }
        let level = core.level();
        (has_core && level.abs() > self.level[part])
            .then(|| format!("a level that differs by {level:+.1} dB"))
    }

    fn coloured_band(&self, bands: &ComparedBands, all: f64) -> Option<String> {
        let total = bands.total().source;
        let mut passed = bands.bands().filter(|(range, energy)| {
            let is_passed = CORE_START <= range.start && range.end <= self.passband.end;
            is_passed && energy.source >= LEAST_CORE * total && total >= LEAST_SHARE * all
        });
        // Below this rate, codecs lower what is above the core.
        let (range, energy) = passed
            .find(|(_, energy)| self.agreement[0] > 0.8 && energy.level().abs() > 4.0)
            .filter(|_| self.is_detailed)?;
        Some(format!(
            "a level that differs by {:+.1} dB from {} to {} Hz",
            energy.level(),
            range.start,
            range.end
        ))
    }

    fn core_energy(&self, bands: &ComparedBands) -> SharedEnergy {
        bands.within(&(CORE_START..self.core_end))
    }
}

fn source_energy(passage: &ComparedPassage) -> f64 {
    let channels = passage.channels.iter();
    channels.map(|bands| bands.total().source).sum()
}

/// Returns where ffmpeg's AAC encoder cuts a stereo sound off, in hertz.
fn aac_bandwidth(bits: f64) -> f64 {
    let channel = bits / 2.0;
    let low = (channel / 5.0).max(channel * 15.0 / 32.0 - 5500.0);
    let middle = 3000.0 + channel / 4.0;
    low.min(middle).min(12_000.0 + channel / 16.0).min(22_000.0)
}

/// Returns where Opus cuts a stereo sound off, in hertz.
fn opus_bandwidth(bits: f64) -> f64 {
    match bits {
        _ if bits >= 96_000.0 => 18_000.0,
        _ if bits >= 48_000.0 => 12_000.0,
        _ if bits >= 24_000.0 => 8000.0,
        _ => 6000.0,
    }
}
