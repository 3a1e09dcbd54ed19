//! Fits music to a length: cut, repeated on a beat, faded.

use super::SoundBuffer;
use super::beats::{BeatEstimate, USABLE_CONFIDENCE, find_beats};
use crate::model::sound::MusicFileWork;

/// Seconds of a join on a beat, where both sides are alike.
const BEAT_JOIN: f64 = 0.02;
/// Seconds of a join without one.
const SLOW_JOIN: f64 = 1.0;
/// Seconds in which music ends that is cut off.
const END_FADE: f64 = 0.05;
/// Beats of a bar, by which music is repeated. Most music has four.
const BAR_BEATS: usize = 4;

/// The part of music that is repeated, in samples of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MusicLoop {
    start: usize,
    end: usize,
    /// Samples before both ends in which one side fades into the other.
    join: usize,
}

/// Music that is fitted to a length, and read a block at a time.
#[derive(Debug)]
pub struct MusicFit {
    sound: SoundBuffer,
    music_loop: Option<MusicLoop>,
    beats: Option<BeatEstimate>,
    fade_in: u64,
    fade_out: u64,
    length: u64,
    /// Sample at which it is silent.
    end: u64,
    /// Whether it should end on a beat.
    wants_end: bool,
}

impl MusicFit {
    /// Fits music to a length. Its rate is that of the work.
    #[must_use]
    pub fn new(sound: SoundBuffer, work: &MusicFileWork) -> Self {
        let sound = without_start(sound.into_stereo(), work.skip);
        let there = sound.length() as u64;
        let repeats = work.repeat && there < work.length && there > 0;
        // Only where a beat decides something: finding beats reads the whole file.
        let beats = (repeats || work.on_beat)
            .then(|| find_beats(&sound))
            .flatten();
        // A wrong beat is worse than none: every join would be out of time.
        let beats = beats.filter(|beats| beats.confidence >= USABLE_CONFIDENCE);
        let music_loop = repeats.then(|| music_loop(&sound, beats.as_ref()));
        let played = if repeats {
            work.length
        } else {
            there.min(work.length)
        };
        let end = match &beats {
            // Not for silence, which has no beat to end on.
            Some(beats) if work.on_beat && there.min(played) > 0 => last_beat(beats, played),
            _ => played,
        };
        // What is cut off fades in a moment, and so does the file's own end: it may not be silent.
        let shortest = samples(END_FADE, work.sample_rate) as u64;
        Self {
            sound,
            music_loop,
            beats,
            fade_in: work.fade_in.min(work.length),
            fade_out: work.fade_out.max(shortest).min(end),
            length: work.length,
            end,
            wants_end: work.on_beat && there > 0,
        }
    }

    /// Returns the beat that it is repeated or ended on. `None`: there is none, or it is not sure.
    #[must_use]
    pub const fn beats(&self) -> Option<&BeatEstimate> {
        self.beats.as_ref()
    }

    /// Returns whether a beat would have decided something.
    #[must_use]
    pub const fn needs_beats(&self) -> bool {
        self.music_loop.is_some() || self.wants_end
    }

    /// Returns the sample from which it is silent.
    #[must_use]
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// Returns `count` samples from `first` on. Beyond the length is silence.
    #[must_use]
    pub fn read_block(&self, first: u64, count: usize) -> SoundBuffer {
        let mut block = SoundBuffer::silence(2, count, self.sound.sample_rate());
        let channels = self.sound.channels();
        for (channel, from) in block.channels_mut().zip(channels) {
            for (index, sample) in channel.iter_mut().enumerate() {
                let place = first + index as u64;
                if place < self.end.min(self.length) {
                    *sample = self.source_sample(from, place) * self.fade_factor(place);
                }
            }
        }
        block
    }

    fn source_sample(&self, from: &[f32], place: u64) -> f32 {
        let at = |index: usize| from.get(index).copied().unwrap_or(0.0);
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let Some(music_loop) = &self.music_loop else {
            return at(place);
        };
        let MusicLoop { start, end, join } = *music_loop;
        let Some(beyond) = place.checked_sub(end - join) else {
            return at(place);
        };
        let within = beyond % (end - start);
        // The join is before both ends, so what follows it is the untouched start of the loop.
        let again = at(start - join + within);
        if within >= join {
            return again;
        }
        // Equal power: the two sides are different music.
        let angle = (within as f32 + 0.5) / join as f32 * std::f32::consts::FRAC_PI_2;
        at(end - join + within) * libm::cosf(angle) + again * libm::sinf(angle)
    }

    fn fade_factor(&self, place: u64) -> f32 {
        // Equal power: where one cue fades out under the next, the two stay as loud as one.
        let quarter = |part: f32| libm::sinf(part.clamp(0.0, 1.0) * std::f32::consts::FRAC_PI_2);
        let mut factor = 1.0;
        if place < self.fade_in {
            factor *= quarter(place as f32 / self.fade_in as f32);
        }
        let left = self.end - place;
        if left <= self.fade_out {
            factor *= quarter((left - 1) as f32 / self.fade_out as f32);
        }
        factor
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most some seconds of samples, and never negative"
)]
fn samples(seconds: f64, sample_rate: u32) -> usize {
    (seconds * f64::from(sample_rate)).round() as usize
}

fn without_start(sound: SoundBuffer, skip: u64) -> SoundBuffer {
    let skip = usize::try_from(skip).unwrap_or(usize::MAX);
    let rate = sound.sample_rate();
    let rest = |channel: Option<&Vec<f32>>| {
        let samples = channel.and_then(|channel| channel.get(skip..));
        samples.map(<[f32]>::to_vec).unwrap_or_default()
    };
    let channels = sound.channels();
    SoundBuffer::stereo(rest(channels.first()), rest(channels.last()), rate)
}

/// Returns the last beat within `length`; all of it if that would leave less than half.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place within the length"
)]
fn last_beat(beats: &BeatEstimate, length: u64) -> u64 {
    let whole = ((length as f64 - beats.first) / beats.period).floor();
    let place = (beats.first + whole * beats.period).round();
    let place = if place > 0.0 { place as u64 } else { 0 };
    // Ending on the beat is a detail. It must not cost half of the music.
    if place * 2 < length {
        length
    } else {
        place.min(length)
    }
}

/// Returns what is repeated: whole bars, else whole beats, else all of it with a long join.
fn music_loop(sound: &SoundBuffer, beats: Option<&BeatEstimate>) -> MusicLoop {
    let length = sound.length();
    let rate = sound.sample_rate();
    if let Some(beats) = beats {
        let join = samples(BEAT_JOIN, rate);
        // The first beat before which there is room for the join.
        let mut first = beats.first;
        while first < join as f64 {
            first += beats.period;
        }
        let count = beat_count((length as f64 - first) / beats.period);
        // Whole bars, where there is one: otherwise the accent would move with each repetition.
        let count = if count >= BAR_BEATS {
            count / BAR_BEATS * BAR_BEATS
        } else {
            count
        };
        let start = beat_count(first);
        let end = beat_count((first + count as f64 * beats.period).floor());
        // Both joins must fit into what is repeated.
        if count > 0 && end <= length && end > start + 2 * join {
            return MusicLoop { start, end, join };
        }
    }
    let join = samples(SLOW_JOIN, rate).min(length / 4);
    MusicLoop {
        start: join,
        end: length,
        join,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts and places within a file, and never negative"
)]
fn beat_count(value: f64) -> usize {
    value.max(0.0) as usize
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::cast_possible_truncation,
        reason = "lengths of sounds in tests"
    )]

    use super::*;

    const RATE: u32 = 48_000;

    fn sample_work(seconds: f64) -> MusicFileWork {
        MusicFileWork {
            sample_rate: RATE,
            length: (seconds * f64::from(RATE)) as u64,
            skip: 0,
            repeat: true,
            on_beat: false,
            fade_in: 0,
            fade_out: 0,
        }
    }

    /// Strokes at 120 a minute, the first at 0.25 s, for `seconds`.
    fn strokes(seconds: f64) -> SoundBuffer {
        let length = (seconds * f64::from(RATE)) as usize;
        let sample = |index: usize| {
            let since = (index + 12_000) % 24_000;
            let fall = (-(since as f32) / 2400.0).exp();
            fall * (since as f32 * 0.35).sin() * 0.7
        };
        SoundBuffer::mono((0..length).map(sample).collect(), RATE)
    }

    fn peaks(fit: &MusicFit, length: u64) -> Vec<usize> {
        let block = fit.read_block(0, usize::try_from(length).unwrap());
        let samples = &block.channels()[0];
        let mut found: Vec<usize> = Vec::new();
        for (index, sample) in samples.iter().enumerate() {
            if sample.abs() > 0.4 && found.last().is_none_or(|last| index > last + 6000) {
                found.push(index);
            }
        }
        found
    }

    #[test]
    fn strokes_go_on_in_time_when_music_is_repeated() {
        let work = sample_work(31.0);
        // 5.13 s are no whole number of beats.
        let fit = MusicFit::new(strokes(5.13), &work);
        assert!(fit.beats().is_some());
        let places = peaks(&fit, work.length);
        assert!(places.len() > 55, "{}", places.len());
        for pair in places.windows(2) {
            let distance = pair[1] - pair[0];
            assert!(
                distance.abs_diff(24_000) < 500,
                "{distance} samples from beat to beat"
            );
        }
    }

    #[test]
    fn an_end_on_a_beat_is_silent_after_it() {
        let work = MusicFileWork {
            repeat: false,
            on_beat: true,
            ..sample_work(4.0)
        };
        let fit = MusicFit::new(strokes(9.0), &work);
        let beat = fit.end() as f64 / f64::from(RATE);
        assert!((beat - 3.75).abs() < 0.03, "{beat}");
        let rest = fit.read_block(fit.end(), 100);
        assert_eq!(rest.peak(), 0.0);
        assert_eq!(fit.read_block(0, 192_000).length(), 192_000);
    }

    #[test]
    fn without_a_beat_the_join_keeps_the_level() {
        let mut random = crate::base::seeded_random::SeededRandom::new(9);
        let noise = (0..96_000).map(|_| random.next_signed() * 0.3).collect();
        let work = sample_work(10.0);
        let fit = MusicFit::new(SoundBuffer::mono(noise, RATE), &work);
        let block = fit.read_block(0, 480_000);
        let samples = &block.channels()[0];
        for chunk in samples[..470_000].chunks(9600) {
            let power =
                chunk.iter().map(|sample| sample * sample).sum::<f32>() / chunk.len() as f32;
            assert!(
                (power.sqrt() / 0.173 - 1.0).abs() < 0.15,
                "{}",
                power.sqrt()
            );
        }
    }

    #[test]
    fn fades_are_where_the_request_puts_them_and_nothing_panics() {
        let faded = MusicFileWork {
            fade_in: 48_000,
            fade_out: 48_000,
            ..sample_work(4.0)
        };
        let loud = SoundBuffer::mono(vec![0.5; 300_000], RATE);
        let fit = MusicFit::new(loud.clone(), &faded);
        let block = fit.read_block(0, 192_000);
        let samples = &block.channels()[1];
        assert_eq!(samples[0], 0.0);
        assert!((samples[24_000] - 0.353).abs() < 0.01);
        assert!((samples[96_000] - 0.5).abs() < 1e-6);
        assert!(samples[191_999].abs() < 1e-3);
        for sound in [
            SoundBuffer::silence(1, 0, RATE),
            SoundBuffer::silence(2, 1, RATE),
            loud,
        ] {
            for skip in [0, 299_999, u64::MAX] {
                for length in [0, 1, 48_000] {
                    let odd = MusicFileWork {
                        skip,
                        length,
                        on_beat: true,
                        ..faded.clone()
                    };
                    let fit = MusicFit::new(sound.clone(), &odd);
                    let block = fit.read_block(0, 48_100);
                    assert!(block.channels()[0].iter().all(|sample| sample.is_finite()));
                }
            }
        }
    }
}
