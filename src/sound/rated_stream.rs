//! Reads a WAV file from its start to its end at another rate than its own, a second at a time.

use super::wav_file::WavFileError;
use super::{SoundBuffer, WavStream, resample};
use std::path::Path;

/// Samples on both sides of a second that are resampled with it, at the least: more than the filter
/// reads.
const MARGIN: u64 = 4096;

/// A WAV file that is read in order, at a rate of one's own.
#[derive(Debug)]
pub struct RatedStream {
    stream: WavStream,
    sample_rate: u32,
    /// Seconds that were read, or samples if the rates are equal.
    place: u64,
    left: Vec<f32>,
    right: Vec<f32>,
}

impl RatedStream {
    /// Opens a file.
    ///
    /// # Errors
    /// Fails as [`WavStream::open`] does.
    pub fn open(path: &Path, sample_rate: u32) -> Result<Self, WavFileError> {
        Ok(Self {
            stream: WavStream::open(path)?,
            sample_rate,
            place: 0,
            left: Vec::new(),
            right: Vec::new(),
        })
    }

    /// Returns the next `count` samples, in two channels. Beyond the end is silence.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or is cut off.
    pub fn next_samples(&mut self, count: usize) -> Result<SoundBuffer, WavFileError> {
        let own_rate = self.stream.sample_rate();
        // A rate of 0 has no ratio to another one.
        if own_rate == self.sample_rate || own_rate == 0 || self.sample_rate == 0 {
            let block = self.stream.read_samples(self.place, count)?;
            self.place += count as u64;
            return Ok(block.into_stereo());
        }
        while self.left.len() < count {
            self.add_second()?;
        }
        let left = self.left.drain(..count).collect();
        let right = self.right.drain(..count).collect();
        Ok(SoundBuffer::stereo(left, right, self.sample_rate))
    }

    fn add_second(&mut self) -> Result<(), WavFileError> {
        let own_rate = u64::from(self.stream.sample_rate());
        // In whole seconds, which are whole samples at every rate.
        let seconds = MARGIN.div_ceil(own_rate).max(1);
        // The filter reads samples on both sides; without them each second would begin with a
        // click.
        let before = seconds.min(self.place);
        let whole = |seconds: u64, rate: u64| usize::try_from(seconds * rate).unwrap_or(usize::MAX);
        let first = (self.place - before) * own_rate;
        let count = whole(before + 1 + seconds, own_rate);
        let read = self.stream.read_samples(first, count)?.into_stereo();
        let made = resample(&read, self.sample_rate);
        let rate = u64::from(self.sample_rate);
        let second = whole(before, rate)..whole(before + 1, rate);
        if let [left, right] = made.channels() {
            self.left.extend_from_slice(&left[second.clone()]);
            self.right.extend_from_slice(&right[second]);
        }
        self.place += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{WavFormat, write_wav};

    #[test]
    fn a_second_at_a_time_gives_the_samples_of_the_whole() {
        let wave = |step: f32| (0..110_250).map(move |at| (at as f32 * step).sin() * 0.5);
        let sound = SoundBuffer::stereo(wave(0.05).collect(), wave(0.3).collect(), 44_100);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &sound, WavFormat::Float32).unwrap();
        for rate in [44_100, 48_000] {
            let whole = resample(&sound, rate);
            let mut stream = RatedStream::open(&path, rate).unwrap();
            let mut start = 0;
            for count in [1, 50_000, 47_000, 10_000] {
                let block = stream.next_samples(count).unwrap();
                assert_eq!(block.length(), count);
                for (made, wanted) in block.channels().iter().zip(whole.channels()) {
                    let pairs = made.iter().zip(&wanted[start..]);
                    let worst = pairs.map(|(made, wanted)| (made - wanted).abs());
                    assert!(worst.fold(0.0, f32::max) < 1e-6);
                }
                start += count;
            }
        }
    }
}
