//! How long lines are when they are spoken, as far as that was measured.

use super::sound_work::SpeechWork;
use super::spoken_text::{spelt_seconds, spoken_seconds, spoken_word_count};
use super::voice::{SpeechEngine, Voice};
use crate::base::digest::Digest;
use crate::base::json::to_json_bytes;
use std::collections::HashMap;

/// How much faster or slower than its requested pace a voice is taken to be at most.
// A line of one word that an engine reads as letters must not make every estimate wrong.
const MAX_PACE: f64 = 3.0;

/// The length of one line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpeechLength {
    /// Samples, at the rate of the work.
    pub samples: u64,
    /// Whether it was measured, and not estimated.
    pub measured: bool,
}

/// Lengths of lines that were spoken before, by the digest of their work.
#[derive(Debug, Clone, Default)]
pub struct SpeechLengths {
    measured: HashMap<Digest, u64>,
    /// The pace of each line that a voice spoke, by [`Voice::pace_key`].
    paces: HashMap<String, Vec<f64>>,
}

impl SpeechLengths {
    /// Adds a measured length in samples.
    pub fn insert(&mut self, work: Digest, samples: u64) {
        self.measured.insert(work, samples);
    }

    /// Adds the pace of a line that was spoken with the voice of this key, see
    /// [`SpeechWork::pace`].
    pub fn insert_pace(&mut self, key: &str, pace: f64) {
        if pace.is_finite() && pace > 0.0 {
            self.paces.entry(key.to_owned()).or_default().push(pace);
        }
    }

    /// Returns whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.measured.is_empty()
    }

    /// Returns the measured length in samples. `None`: this line was never spoken.
    #[must_use]
    pub fn measured_length(&self, work: &SpeechWork) -> Option<u64> {
        self.measured.get(&work.digest()).copied()
    }

    /// Returns the length of a line, measured or else estimated.
    #[must_use]
    pub fn length(&self, work: &SpeechWork) -> SpeechLength {
        match self.measured_length(work) {
            Some(samples) => SpeechLength {
                samples,
                measured: true,
            },
            None => self.estimate(work),
        }
    }

    /// Returns the estimated length of a line: its words at the requested words a minute,
    /// times the median pace of what its voice spoke before.
    #[must_use]
    pub fn estimate(&self, work: &SpeechWork) -> SpeechLength {
        let voice = &work.voice;
        let pace = self.median_pace(&voice.pace_key()).unwrap_or(1.0);
        let seconds = spoken_seconds(&work.text, voice.words_per_minute) / pace;
        // Without this, a line in letters that its voice cannot read fits before a run, and is many
        // times too long in it.
        let is_espeak = voice.engine == SpeechEngine::EspeakNg;
        let spelt = spelt_seconds(&work.text, &voice.language, voice.words_per_minute);
        let seconds = seconds.max(spelt.filter(|_| is_espeak).unwrap_or(0.0));
        SpeechLength {
            samples: whole_samples(seconds * f64::from(work.sample_rate)),
            measured: false,
        }
    }

    fn median_pace(&self, key: &str) -> Option<f64> {
        let mut paces = self.paces.get(key)?.clone();
        paces.sort_by(f64::total_cmp);
        let middle = paces.get(paces.len() / 2)?;
        Some(middle.clamp(1.0 / MAX_PACE, MAX_PACE))
    }
}

impl SpeechWork {
    /// Returns the digest of the work, by which its length is remembered.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::hash_bytes(&to_json_bytes(self))
    }

    /// Returns how fast a line was spoken that is `samples` long: 1 is the words a minute that were
    /// requested. `None`: nothing of it can be spoken.
    #[must_use]
    pub fn pace(&self, samples: u64) -> Option<f64> {
        let spoken = spoken_word_count(&self.text) > 0.0 && samples > 0;
        let requested = spoken_seconds(&self.text, self.voice.words_per_minute);
        let seconds = samples as f64 / f64::from(self.sample_rate.max(1));
        spoken.then(|| requested / seconds)
    }
}

impl Voice {
    /// Returns the key by which the pace of a voice is remembered.
    #[must_use]
    pub fn pace_key(&self) -> String {
        format!("{}/{}", self.engine.name(), self.name)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lengths are positive, and far below the largest integer"
)]
fn whole_samples(samples: f64) -> u64 {
    samples.round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sound::SpeechEngine;

    fn sample_work(text: &str, words_per_minute: u32) -> SpeechWork {
        SpeechWork {
            text: text.to_owned(),
            voice: Voice {
                engine: SpeechEngine::EspeakNg,
                name: "en-us".to_owned(),
                language: "en".to_owned(),
                words_per_minute,
                pitch: 0.0,
                gain: 0.0,
            },
            sample_rate: 48_000,
        }
    }

    #[test]
    fn a_line_in_letters_that_its_voice_cannot_read_is_estimated_as_it_is_spelt() {
        let lengths = SpeechLengths::default();
        let seconds = |work: &SpeechWork| lengths.length(work).samples / 48_000;
        let line = sample_work("ランプが消えて真っ暗になりました", 165);
        assert_eq!(seconds(&line), 12);
        let slow = sample_work("ランプが消えて真っ暗になりました", 80);
        assert!(seconds(&slow) > 20);
        let mut own = line;
        own.voice.language = "ja".to_owned();
        assert!(seconds(&own) < 8);
    }

    const LINE: &str = "Nobody in the town could say why it had happened at all.";

    #[test]
    fn an_estimate_is_learned_from_what_the_voice_spoke() {
        let mut lengths = SpeechLengths::default();
        let line = sample_work(LINE, 120);
        assert_eq!(lengths.length(&line).samples, 6 * 48_000);
        assert!(!lengths.length(&line).measured);
        let spoken = sample_work("One two three four five six.", 120);
        for seconds in [1, 2, 6] {
            let pace = spoken.pace(seconds * 48_000).unwrap();
            lengths.insert_pace(&spoken.voice.pace_key(), pace);
        }
        // Six words at 120 words a minute are three seconds, and the median line took two.
        assert_eq!(lengths.length(&line).samples, 4 * 48_000);
        lengths.insert(line.digest(), 5);
        assert_eq!(
            lengths.length(&line),
            SpeechLength {
                samples: 5,
                measured: true
            }
        );
    }
}
