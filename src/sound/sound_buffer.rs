//! Samples of one or two channels.

use super::extremes::largest_magnitude;

/// Samples of one channel (mono) or two (left, right), all of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct SoundBuffer {
    sample_rate: u32,
    channels: Vec<Vec<f32>>,
}

impl SoundBuffer {
    /// Returns `length` samples of silence in `channels` channels, at least one.
    #[must_use]
    pub fn silence(channels: usize, length: usize, sample_rate: u32) -> Self {
        Self {
            sample_rate,
            channels: vec![vec![0.0; length]; channels.max(1)],
        }
    }

    /// Returns a buffer of one channel.
    #[must_use]
    pub fn mono(samples: Vec<f32>, sample_rate: u32) -> Self {
        Self {
            sample_rate,
            channels: vec![samples],
        }
    }

    /// Returns a buffer of two channels. The shorter one is filled with silence.
    #[must_use]
    pub fn stereo(mut left: Vec<f32>, mut right: Vec<f32>, sample_rate: u32) -> Self {
        let length = left.len().max(right.len());
        left.resize(length, 0.0);
        right.resize(length, 0.0);
        Self {
            sample_rate,
            channels: vec![left, right],
        }
    }

    /// Returns the samples a second.
    #[must_use]
    pub const fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Returns the number of samples of each channel.
    #[must_use]
    pub fn length(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    /// Returns its length in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.length() as f64 / f64::from(self.sample_rate)
    }

    /// Returns its channels: one, or left and right.
    #[must_use]
    pub fn channels(&self) -> &[Vec<f32>] {
        &self.channels
    }

    /// Returns its channels, to be changed. Their length stays.
    pub fn channels_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        self.channels.iter_mut().map(Vec::as_mut_slice)
    }

    /// Cuts it to `length` samples, or fills it with silence.
    pub fn set_length(&mut self, length: usize) {
        for channel in &mut self.channels {
            channel.resize(length, 0.0);
        }
    }

    /// Returns it with two channels. One channel becomes both, at the same level.
    #[must_use]
    pub fn into_stereo(mut self) -> Self {
        if let [only] = self.channels.as_slice() {
            let right = only.clone();
            self.channels.push(right);
        }
        self
    }

    /// Returns it with one channel, the mean of all.
    #[must_use]
    pub fn into_mono(mut self) -> Self {
        let count = self.channels.len() as f32;
        let mut channels = self.channels.drain(..);
        let mut mono = channels.next().unwrap_or_default();
        for channel in channels {
            for (sum, sample) in mono.iter_mut().zip(channel) {
                *sum += sample;
            }
        }
        // The mean and not the sum: two equal channels are one sound, which must not become 6 dB
        // louder and clip.
        if count > 1.0 {
            for sample in &mut mono {
                *sample /= count;
            }
        }
        Self::mono(mono, self.sample_rate)
    }

    /// Adds another sound to its start. It becomes at least as long as that.
    pub fn add_sound(&mut self, other: &Self) {
        self.set_length(self.length().max(other.length()));
        for (channel, samples) in self.channels.iter_mut().zip(&other.channels) {
            for (sum, sample) in channel.iter_mut().zip(samples) {
                *sum += sample;
            }
        }
    }

    /// Multiplies every sample.
    pub fn scale(&mut self, factor: f32) {
        for channel in &mut self.channels {
            for sample in channel {
                *sample *= factor;
            }
        }
    }

    /// Returns the largest absolute sample, 0 for an empty buffer.
    #[must_use]
    pub fn peak(&self) -> f32 {
        let channels = self.channels.iter();
        channels
            .map(|channel| largest_magnitude(channel))
            .fold(0.0, f32::max)
    }
}

/// Returns the factor of a gain in decibels.
#[must_use]
pub fn gain_factor(decibels: f32) -> f32 {
    // From `libm` and not from the system, whose last digit differs between machines.
    libm::powf(10.0, decibels / 20.0)
}
