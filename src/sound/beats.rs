//! Finds the beat of music.
//!
//! A beat is perceived where sound begins: the level of three bands rises. A steady beat is
//! the period and the place at which most beginnings are. It is an estimate, with a confidence.

use super::SoundBuffer;

/// Steps a second in which beginnings are counted.
const STEPS_A_SECOND: u32 = 200;
/// Beats a minute that are looked for.
const SLOWEST: f64 = 55.0;
const FASTEST: f64 = 200.0;
/// Beats a minute that listeners hear most readily: of a tempo and its double, the nearer.
const USUAL: f64 = 115.0;
/// Seconds of music that are looked at, from its start.
const LONGEST: u32 = 240;
/// How much must begin at a beat on average, in tenfolds of power over three bands: the level of a
/// steady tone seems to rise a little too, as steps hold no whole number of its periods.
const SMALLEST_BEGINNING: f64 = 0.15;
/// Confidence from which a beat is used.
pub const USABLE_CONFIDENCE: f64 = 0.5;

/// A steady beat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BeatEstimate {
    /// Samples from beat to beat.
    pub period: f64,
    /// Sample of the first beat, below `period`.
    pub first: f64,
    /// How much more begins at beats than elsewhere, 0 (nothing) to 1.
    pub confidence: f64,
}

impl BeatEstimate {
    /// Returns the beats a minute.
    #[must_use]
    pub fn beats_per_minute(&self, sample_rate: u32) -> f64 {
        60.0 * f64::from(sample_rate) / self.period
    }
}

/// Returns the beat of music. `None`: it is shorter than four beats, or nothing begins in it.
#[must_use]
pub fn find_beats(sound: &SoundBuffer) -> Option<BeatEstimate> {
    let rate = sound.sample_rate();
    if rate < STEPS_A_SECOND {
        return None;
    }
    let step = (rate / STEPS_A_SECOND) as usize;
    let envelope = onset_envelope(sound, step);
    let steps_a_second = f64::from(rate) / step as f64;
    let shortest = 60.0 / FASTEST * steps_a_second;
    let longest = 60.0 / SLOWEST * steps_a_second;
    if (envelope.len() as f64) < 4.0 * shortest {
        return None;
    }
    let mean = envelope.iter().sum::<f64>() / envelope.len() as f64;
    if mean <= 0.0 {
        return None;
    }
    let rough = rough_period(&envelope, shortest, longest, steps_a_second)?;
    let comb = finest_comb(&envelope, rough);
    if comb.strength < SMALLEST_BEGINNING {
        return None;
    }
    // By chance a beat would have as much as any other place.
    let confidence = (1.0 - mean / comb.strength.max(mean)).clamp(0.0, 1.0);
    Some(BeatEstimate {
        period: comb.period * step as f64,
        first: comb.first * step as f64,
        confidence,
    })
}

/// Returns how much begins in each step: the rise of the level of three bands.
fn onset_envelope(sound: &SoundBuffer, step: usize) -> Vec<f64> {
    let rate = f64::from(sound.sample_rate());
    let smoothing = |hertz: f64| 1.0 - libm::exp(-std::f64::consts::TAU * hertz / rate);
    let corners = [smoothing(180.0), smoothing(1800.0)];
    let length = sound.length().min((sound.sample_rate() * LONGEST) as usize);
    let channels = sound.channels();
    let mut low = [0.0_f64; 2];
    let mut before: Option<[f64; 3]> = None;
    let mut envelope = Vec::with_capacity(length / step);
    for start in (0..length / step).map(|index| index * step) {
        let mut energy = [0.0; 3];
        for index in start..start + step {
            let sample: f64 = channels
                .iter()
                .map(|channel| f64::from(channel[index]))
                .sum();
            low[0] += corners[0] * (sample - low[0]);
            low[1] += corners[1] * (sample - low[1]);
            let bands = [low[0], low[1] - low[0], sample - low[1]];
            for (energy, band) in energy.iter_mut().zip(bands) {
                *energy += band * band;
            }
        }
        // Decibels above what is inaudible, so that soft music has beats as loud music has.
        let levels = energy.map(|energy| libm::log10(1e-7 + energy / step as f64) + 7.0);
        let rise = before.map_or(0.0, |before| {
            let bands = levels.iter().zip(before);
            bands.map(|(level, before)| (level - before).max(0.0)).sum()
        });
        envelope.push(rise);
        before = Some(levels);
    }
    sharpened(&envelope)
}

/// Returns an envelope without what is usual around each place.
fn sharpened(envelope: &[f64]) -> Vec<f64> {
    let around = STEPS_A_SECOND as usize / 4;
    // Sums up to each place, so that the mean around one costs two of them and not a hundred
    // values.
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(envelope.iter().scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        }))
        .collect();
    let places = envelope.iter().enumerate();
    places
        .map(|(index, value)| {
            let first = index.saturating_sub(around);
            let last = (index + around + 1).min(envelope.len());
            let mean = (sums[last] - sums[first]) / (last - first) as f64;
            (value - mean).max(0.0)
        })
        .collect()
}

/// Returns the period, in steps, after which the envelope is most like itself.
fn rough_period(envelope: &[f64], shortest: f64, longest: f64, steps_a_second: f64) -> Option<f64> {
    let likeness = |lag: usize| -> f64 {
        let pairs = envelope.iter().zip(envelope.iter().skip(lag));
        let count = envelope.len().saturating_sub(lag).max(1);
        pairs.map(|(one, other)| one * other).sum::<f64>() / count as f64
    };
    let lags = whole(shortest)..=whole(longest).min(envelope.len() / 2);
    let scored = lags.map(|lag| {
        let tempo = 60.0 * steps_a_second / lag as f64;
        // In octaves: half the tempo is as far from it as the double.
        let distance = libm::log2(tempo / USUAL);
        let weight = libm::exp(-0.5 * distance * distance / 0.6);
        // A beat is like the next one and the one after it.
        let score = weight * (likeness(lag) + 0.5 * likeness(2 * lag));
        (score, lag)
    });
    let best = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (best.0 > 0.0).then_some(best.1 as f64)
}

/// Beats at a period and a place.
struct BeatComb {
    period: f64,
    first: f64,
    strength: f64,
}

/// Returns the period near `rough`, and the first beat, at which most begins.
fn finest_comb(envelope: &[f64], rough: f64) -> BeatComb {
    let mut best = BeatComb {
        period: rough,
        first: 0.0,
        strength: 0.0,
    };
    // Up to 3 % around the rough period, in steps of 0.04 %. A coarser step would drift away from
    // the beats of a long piece.
    for index in -75..=75 {
        let period = rough * (1.0 + f64::from(index) * 0.0004);
        for place in 0..whole(period) {
            let first = place as f64;
            let strength = comb_strength(envelope, period, first);
            if strength > best.strength {
                best = BeatComb {
                    period,
                    first,
                    strength,
                };
            }
        }
    }
    best
}

/// Returns how much begins at beats on average, a step before and after them included.
fn comb_strength(envelope: &[f64], period: f64, first: f64) -> f64 {
    let mut sum = 0.0;
    let mut count = 0;
    let mut place = first;
    while place < envelope.len() as f64 - 1.0 {
        let index = whole(place);
        let before = envelope[index.saturating_sub(1)];
        sum += envelope[index] + 0.5 * before + 0.5 * envelope[(index + 1).min(envelope.len() - 1)];
        count += 1;
        place += period;
    }
    sum / f64::from(count.max(1)) / 2.0
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places within a few minutes, and not negative"
)]
fn whole(value: f64) -> usize {
    value.round().max(0.0) as usize
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::cast_possible_truncation,
        reason = "lengths of sounds in tests"
    )]

    use super::*;
    use crate::base::seeded_random::SeededRandom;

    /// A click of 20 ms at every beat.
    fn clicks(tempo: f64, offset: f64, seconds: f64) -> SoundBuffer {
        let rate = 48_000.0;
        let mut random = SeededRandom::new(1);
        let samples = (0..(seconds * rate) as usize).map(|index| {
            let time = index as f64 / rate - offset;
            let since = time.rem_euclid(60.0 / tempo);
            let noise = random.next_signed();
            if time >= 0.0 && since < 0.02 {
                0.6 * noise
            } else {
                0.002 * noise
            }
        });
        SoundBuffer::mono(samples.collect(), 48_000)
    }

    #[test]
    fn the_tempo_and_the_place_of_clicks_are_found() {
        for (tempo, offset) in [(120.0, 0.1), (93.0, 0.31), (140.0, 0.0), (72.5, 0.4)] {
            let beats = find_beats(&clicks(tempo, offset, 20.0)).unwrap();
            let found = beats.beats_per_minute(48_000);
            assert!((found / tempo - 1.0).abs() < 0.003, "{tempo}: {found}");
            let error = (beats.first / 48_000.0 - offset).rem_euclid(60.0 / tempo);
            let error = error.min(60.0 / tempo - error);
            assert!(error < 0.02, "{tempo}: {error} s off");
            assert!(beats.confidence > USABLE_CONFIDENCE, "{beats:?}");
        }
    }

    #[test]
    fn a_steady_tone_has_no_beat() {
        for turn in [0.02_f32, 0.05, 0.051, 0.3] {
            let tone = (0..384_000).map(|index| 0.1 * libm::sinf(index as f32 * turn));
            let beats = find_beats(&SoundBuffer::mono(tone.collect(), 48_000));
            assert_eq!(beats, None, "{turn}");
        }
    }

    #[test]
    fn noise_has_little_confidence_and_silence_has_no_beat() {
        let mut random = SeededRandom::new(5);
        let noise = (0..480_000).map(|_| random.next_signed() * 0.3).collect();
        let beats = find_beats(&SoundBuffer::mono(noise, 48_000));
        assert!(
            beats.is_none_or(|beats| beats.confidence < USABLE_CONFIDENCE),
            "{beats:?}"
        );
        assert_eq!(find_beats(&SoundBuffer::silence(2, 480_000, 48_000)), None);
        assert_eq!(find_beats(&SoundBuffer::silence(1, 0, 48_000)), None);
        assert_eq!(find_beats(&SoundBuffer::silence(1, 100, 50)), None);
    }
}
