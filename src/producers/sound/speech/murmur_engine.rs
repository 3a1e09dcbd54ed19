//! The built-in scratch voice: no words, only their rhythm and melody, for machines without an
//! engine and for the first cut of a film.
//!
//! A buzz at the pitch of the voice goes through three resonators, which are tuned to the vowel of
//! each syllable; consonants are noise. Pitch falls through a sentence and ends low, or high for a
//! question. Everything follows from the text and the voice.

use super::finished_line::{EngineSpeech, SpokenWord, pitch_factor, whole_samples};
use crate::base::seeded_random::SeededRandom;
use crate::model::sound::{SpeechWork, TextPause, TextWord, spoken_seconds, text_words};
use crate::sound::SoundBuffer;

/// Samples a second. More would add nothing: the highest resonance is at 3 kHz.
const RATE: u32 = 24_000;
/// Lowest and highest pitch of a voice in Hz, before its semitones.
const PITCHES: (f64, f64) = (95.0, 210.0);
/// The first three resonances of vowels in Hz, by letter.
const VOWELS: [(char, [f64; 3]); 6] = [
    ('a', [730.0, 1_090.0, 2_440.0]),
    ('e', [530.0, 1_840.0, 2_480.0]),
    ('i', [300.0, 2_250.0, 2_950.0]),
    ('o', [560.0, 860.0, 2_410.0]),
    ('u', [320.0, 870.0, 2_240.0]),
    ('y', [340.0, 1_900.0, 2_600.0]),
];
/// Widths of the resonances in Hz.
const WIDTHS: [f64; 3] = [90.0, 110.0, 160.0];
/// Loudness of the resonances.
const WEIGHTS: [f64; 3] = [1.0, 0.5, 0.25];
/// Share of a syllable that is its consonant.
const CONSONANT: f64 = 0.22;
/// Seconds over which a vowel comes and goes.
const ONSET: f64 = 0.025;

/// Speaks a line. It has the length that its voice asks for exactly.
pub(super) fn murmur(work: &SpeechWork) -> EngineSpeech {
    let words = text_words(&work.text);
    let wanted = spoken_seconds(&work.text, work.voice.words_per_minute) * f64::from(RATE);
    let inner_pauses = words
        .iter()
        .rev()
        .skip(1)
        .map(|word| word.pause.syllables());
    let beats: usize = words.iter().map(|word| word.syllables).sum();
    // A pause counts as syllables, so that words and pauses together have the length that is
    // wanted.
    let beat = wanted / (beats as f64 + inner_pauses.sum::<f64>()).max(1.0);
    // From the text alone: the same line is the same bytes in every shot and on every machine.
    let seed = work.text.bytes().fold(0, |sum: u64, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    let mut voice = BuzzVoice::new(&work.voice.name, work.voice.pitch, seed);
    let mut samples = vec![0.0_f32; whole_samples(wanted)];
    let mut spoken = Vec::new();
    let mut at = 0.0;
    let mut spoken_beats = 0;
    for word in &words {
        let start = whole_samples(at);
        let vowels = vowels_of_word(word);
        for (index, vowel) in vowels.iter().enumerate() {
            let place = spoken_beats as f64 / beats.max(1) as f64;
            let is_last = spoken_beats + 1 == beats;
            let span = whole_samples(at)..whole_samples(at + beat).min(samples.len());
            // The first syllable is the loudest: equal ones sound like a machine.
            let stress = if index == 0 { 1.0 } else { 0.7 };
            let bend = sentence_bend(&work.text, place, is_last);
            if let Some(part) = samples.get_mut(span) {
                voice.add_syllable(part, vowel, stress, bend);
            }
            at += beat;
            spoken_beats += 1;
        }
        spoken.push(SpokenWord {
            text: word.text.clone(),
            start,
            end: whole_samples(at).min(samples.len()),
        });
        if word.pause != TextPause::Unbroken {
            at = word.pause.syllables().mul_add(beat, at);
        }
    }
    EngineSpeech {
        sound: SoundBuffer::mono(samples, RATE),
        semitones_left: 0.0,
        words: Some(spoken),
    }
}

/// Returns the vowels of a word, one a syllable.
fn vowels_of_word(word: &TextWord) -> Vec<[f64; 3]> {
    let known = |letter: char| VOWELS.iter().find(|(vowel, _)| *vowel == letter);
    let mut vowels: Vec<[f64; 3]> = word
        .text
        .to_lowercase()
        .chars()
        .filter_map(|letter| known(letter).map(|(_, formants)| *formants))
        .collect();
    // Words of other scripts have no letter of the table, and `ea` has two for one syllable.
    vowels.truncate(word.syllables);
    while vowels.len() < word.syllables {
        vowels.push(VOWELS[vowels.len() % VOWELS.len()].1);
    }
    vowels
}

/// Returns the factor of the pitch at a place in the text, 0 to 1.
fn sentence_bend(text: &str, place: f64, is_last: bool) -> f64 {
    // Pitch falls through a sentence in nearly every language.
    let falling = 1.12 - 0.24 * place;
    match (is_last, text.trim_end().ends_with('?')) {
        (true, true) => 1.3,
        (true, false) => 0.82,
        (false, _) => falling,
    }
}

/// The buzz and its resonators.
struct BuzzVoice {
    pitch: f64,
    /// How much shorter than usual the throat is.
    throat: f64,
    phase: f64,
    random: SeededRandom,
}

impl BuzzVoice {
    fn new(name: &str, semitones: f32, seed: u64) -> Self {
        // By the name alone, so that a voice is the same person in every line.
        let mut own = SeededRandom::for_part(0, name);
        let place = f64::from(own.next_unit());
        // By ratio, because ears compare pitches so: voices are spread evenly.
        let pitch = PITCHES.0 * libm::pow(PITCHES.1 / PITCHES.0, place);
        Self {
            pitch: pitch * pitch_factor(semitones),
            // Higher voices have shorter throats.
            throat: 0.94 + 0.2 * place,
            phase: 0.0,
            random: SeededRandom::for_part(seed, "consonants"),
        }
    }

    fn add_syllable(&mut self, part: &mut [f32], formants: &[f64; 3], stress: f64, bend: f64) {
        let length = part.len();
        let consonant = whole_samples(length as f64 * CONSONANT);
        let onset = ONSET * f64::from(RATE);
        let mut resonators: [VowelResonator; 3] = std::array::from_fn(|index| {
            VowelResonator::new(formants[index] * self.throat, WIDTHS[index])
        });
        for (index, sample) in part.iter_mut().enumerate() {
            let noise = f64::from(self.random.next_signed());
            let from_start = index as f64;
            let to_end = (length - index) as f64;
            if index < consonant {
                let swell = (from_start / consonant as f64).min(1.0);
                *sample = narrowed(noise * 0.035 * swell);
            }
            // The vowel begins within the consonant, as in speech. One after the other sounds
            // chopped.
            let voiced = (from_start - consonant as f64 * 0.6).max(0.0);
            let envelope = (voiced / onset).min(1.0) * (to_end / onset).min(1.0) * stress;
            let buzz = self.next_buzz(bend);
            let vowel: f64 = resonators
                .iter_mut()
                .zip(WEIGHTS)
                .map(|(resonator, weight)| resonator.next(buzz) * weight)
                .sum();
            *sample += narrowed(vowel * envelope * 0.2);
        }
    }

    /// Returns the next sample of the buzz: a saw, whose edge is rounded over two samples.
    fn next_buzz(&mut self, bend: f64) -> f64 {
        let step = self.pitch * bend / f64::from(RATE);
        self.phase += step;
        if self.phase >= 1.0 {
            self.phase -= 1.0;
        }
        // A sharp edge has overtones above half the sample rate, which would come back as other
        // tones.
        let edge = if self.phase < step {
            let place = self.phase / step;
            2.0 * place - place * place - 1.0
        } else if self.phase > 1.0 - step {
            let place = (self.phase - 1.0) / step;
            place * place + 2.0 * place + 1.0
        } else {
            0.0
        };
        2.0 * self.phase - 1.0 - edge
    }
}

/// A filter with one resonance.
struct VowelResonator {
    gain: f64,
    first: f64,
    second: f64,
    last: f64,
    before: f64,
}

impl VowelResonator {
    fn new(frequency: f64, width: f64) -> Self {
        let rate = f64::from(RATE);
        let radius = libm::exp(-std::f64::consts::PI * width / rate);
        let angle = std::f64::consts::TAU * frequency / rate;
        let first = 2.0 * radius * libm::cos(angle);
        let second = -radius * radius;
        Self {
            gain: (1.0 - first - second).abs(),
            first,
            second,
            last: 0.0,
            before: 0.0,
        }
    }

    fn next(&mut self, input: f64) -> f64 {
        let value = self.gain * input + self.first * self.last + self.second * self.before;
        self.before = self.last;
        self.last = value;
        value
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "samples are stored as f32, and computed with more digits"
)]
const fn narrowed(value: f64) -> f32 {
    value as f32
}
