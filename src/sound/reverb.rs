//! The reverberation of rooms: early reflections, then a feedback delay network of eight lines.
//!
//! | room | RT60 | first reflection | what it is like |
//! |---|---|---|---|
//! | `small_room` | 0.35 s | 4 ms | a furnished room |
//! | `room` | 0.7 s | 8 ms | a workshop, an office, a class room |
//! | `hall` | 2.2 s | 22 ms | a hall, a church, a factory |
//! | `outdoors`, `dry` | - | - | none |
//!
//! RT60 is the time in which the middle of the spectrum falls by 60 dB. High frequencies fall
//! faster, as walls and air take more of them.

use super::SoundBuffer;
use super::filters::{BiquadFilter, OnePole};
use crate::model::sound::RoomKind;

/// The lines of the network.
const LINES: usize = 8;

/// The measures of a room.
#[derive(Debug)]
struct RoomMeasures {
    /// Seconds in which the middle of the spectrum falls by 60 dB.
    decay: f64,
    /// Seconds before the first reflection.
    first: f64,
    /// Seconds of the shortest line; the others are up to 2.3 times as long.
    line: f64,
    /// FilterCorner of the absorption, in hertz.
    dull: f64,
    /// Factor that gives the response to an impulse a power of 1.
    level: f32,
    /// Metres at which reverberation would be as loud as the direct sound of a source that a film
    /// records: closer than in the room itself, as microphones are near.
    reach: f32,
}

const SMALL_ROOM: RoomMeasures = RoomMeasures {
    decay: 0.35,
    first: 0.004,
    line: 0.0087,
    dull: 4500.0,
    level: 0.6621,
    reach: 9.0,
};
const ROOM: RoomMeasures = RoomMeasures {
    decay: 0.7,
    first: 0.008,
    line: 0.0141,
    dull: 5500.0,
    level: 0.6378,
    reach: 9.0,
};
const HALL: RoomMeasures = RoomMeasures {
    decay: 2.2,
    first: 0.022,
    line: 0.0293,
    dull: 5000.0,
    level: 0.6697,
    reach: 12.0,
};

const fn room_measures(room: RoomKind) -> Option<&'static RoomMeasures> {
    match room {
        RoomKind::SmallRoom => Some(&SMALL_ROOM),
        RoomKind::Room => Some(&ROOM),
        RoomKind::Hall => Some(&HALL),
        RoomKind::Outdoors | RoomKind::Dry => None,
    }
}

/// Returns the seconds in which the reverberation of a room falls by 60 dB, 0 for places without
/// any.
#[must_use]
pub fn reverberation_time(room: RoomKind) -> f64 {
    room_measures(room).map_or(0.0, |measures| measures.decay)
}

/// Returns the level of the reverberation of a source `distance` metres away, as a factor on its
/// direct sound: 0.1 to 1.4, or 0 for places without any.
#[must_use]
pub fn wetness_at(room: RoomKind, distance: f32) -> f32 {
    let distance = if distance.is_finite() { distance } else { 1.0 };
    room_measures(room).map_or(0.0, |measures| (distance / measures.reach).clamp(0.1, 1.4))
}

/// Adds the reverberation of a room to a sound that comes from `distance` metres away. The sound
/// becomes stereo, and longer by the tail. Places without reverberation change only the channels.
pub fn add_room(sound: &mut SoundBuffer, room: RoomKind, distance: f32) {
    // The wetness goes on what is sent and not on the result: the room of several sources is then
    // one network.
    let dry = std::mem::replace(sound, SoundBuffer::silence(1, 0, 1)).into_stereo();
    let mut send = dry.clone();
    send.scale(wetness_at(room, distance));
    *sound = dry;
    if let Some(wet) = reverberate(&send, room) {
        sound.add_sound(&wet);
    }
}

/// Returns the reverberation alone, stereo and longer than `send` by the tail; `None` for places
/// without any. It has about as much power as `send`, so the level of a source in `send` is its
/// [wetness](wetness_at).
#[must_use]
pub fn reverberate(send: &SoundBuffer, room: RoomKind) -> Option<SoundBuffer> {
    let measures = room_measures(room).filter(|_| send.length() > 0)?;
    let rate = send.sample_rate();
    // Until the tail is 72 dB down.
    let tail = sample_count(measures.decay * 1.2 + measures.first + 0.1, rate);
    let mut wet = RoomNetwork::new(measures, rate).response(send, tail);
    wet.scale(measures.level);
    Some(wet)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few seconds of samples"
)]
fn sample_count(seconds: f64, sample_rate: u32) -> usize {
    (seconds * f64::from(sample_rate)).round().max(1.0) as usize
}

/// A line that delays by a fixed number of samples.
#[derive(Debug, Clone)]
struct DelayLine {
    samples: Vec<f64>,
    place: usize,
}

impl DelayLine {
    fn new(length: usize) -> Self {
        Self {
            samples: vec![0.0; length.max(1)],
            place: 0,
        }
    }

    /// Returns the sample that comes out next.
    fn output(&self) -> f64 {
        self.samples[self.place]
    }

    /// Takes a sample in, in place of the one that came out.
    fn push(&mut self, sample: f64) {
        self.samples[self.place] = sample;
        self.place += 1;
        if self.place == self.samples.len() {
            self.place = 0;
        }
    }
}

/// An all-pass of a delay, which makes one echo into many (Schroeder).
#[derive(Debug, Clone)]
struct EchoDiffuser {
    line: DelayLine,
}

impl EchoDiffuser {
    const GAIN: f64 = 0.62;

    fn next_sample(&mut self, input: f64) -> f64 {
        let delayed = self.line.output();
        let inner = input - Self::GAIN * delayed;
        self.line.push(inner);
        delayed + Self::GAIN * inner
    }
}

/// One line of the network: its delay, what it keeps on each turn, and its absorption.
#[derive(Debug, Clone)]
struct NetworkLine {
    delay: DelayLine,
    keep: f64,
    absorption: OnePole,
}

/// A reflection from a wall: seconds after the first, gain of the near and of the far channel.
struct WallEcho {
    after: f64,
    near: f64,
    far: f64,
}

/// Six reflections in units of the room's shortest line. Those at odd places come from the other
/// side, so that the right wall also reflects a source on the left.
const WALL_ECHOES: [WallEcho; 6] = [
    wall_echo(0.0, 0.80, 0.25),
    wall_echo(0.31, 0.20, 0.66),
    wall_echo(0.57, 0.58, 0.30),
    wall_echo(0.83, 0.22, 0.52),
    wall_echo(1.19, 0.40, 0.26),
    wall_echo(1.63, 0.20, 0.36),
];

const fn wall_echo(after: f64, near: f64, far: f64) -> WallEcho {
    WallEcho { after, near, far }
}

/// The share of early reflections, against the network.
const EARLY_SHARE: f64 = 0.5;

/// A room while it sounds.
struct RoomNetwork {
    lines: [NetworkLine; LINES],
    diffusers: [EchoDiffuser; 3],
    pre_delay: DelayLine,
    echo_delays: [usize; WALL_ECHOES.len()],
    rumble: [BiquadFilter; 2],
}

impl RoomNetwork {
    fn new(measures: &RoomMeasures, sample_rate: u32) -> Self {
        // Ratios without a common measure, so that echoes of the lines do not meet.
        const RATIOS: [f64; LINES] = [1.0, 1.127, 1.291, 1.433, 1.607, 1.811, 2.053, 2.297];
        let lines = RATIOS.map(|ratio| {
            let seconds = measures.line * ratio;
            // An odd number: even delays share the factor 2, and their echoes would meet.
            let samples = sample_count(seconds, sample_rate) | 1;
            NetworkLine {
                delay: DelayLine::new(samples),
                // Every line falls by 60 dB in the same time, whichever its length, so the tail has
                // one slope.
                keep: libm::pow(10.0, -3.0 * seconds / measures.decay),
                absorption: OnePole::low_pass(
                    sample_rate,
                    // A long line meets fewer walls in a second, so it takes more at each.
                    measures.dull * libm::sqrt(0.02 / seconds).clamp(0.5, 2.0),
                ),
            }
        });
        let diffuser = |share: f64| EchoDiffuser {
            line: DelayLine::new(sample_count(measures.line * share, sample_rate) | 1),
        };
        Self {
            lines,
            diffusers: [diffuser(0.131), diffuser(0.217), diffuser(0.359)],
            pre_delay: DelayLine::new(sample_count(
                measures.first + measures.line * 0.5,
                sample_rate,
            )),
            echo_delays: std::array::from_fn(|index| {
                let after = WALL_ECHOES[index].after * measures.line;
                sample_count(measures.first + after, sample_rate)
            }),
            // Nothing below 60 Hz: such a room would boom, and add what no loudspeaker plays.
            rumble: [60.0, 60.0].map(|hertz| BiquadFilter::high_pass(sample_rate, hertz, 0.707)),
        }
    }

    /// Returns the response of the room to `send`, with `tail` samples after its end.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "samples are stored in single precision"
    )]
    fn response(mut self, send: &SoundBuffer, tail: usize) -> SoundBuffer {
        let left = &send.channels()[0];
        let right = send.channels().last().unwrap_or(left);
        let length = send.length() + tail;
        let mut wet_left = vec![0.0; length];
        let mut wet_right = vec![0.0; length];
        for index in 0..length {
            let sample = |channel: &[f32], delay: usize| {
                let at = index.checked_sub(delay).and_then(|at| channel.get(at));
                at.map_or(0.0, |sample| f64::from(*sample))
            };
            // One network for both sides: late reverberation comes from all around, and a second
            // one would cost as much again.
            let middle = (sample(left, 0) + sample(right, 0)) / 2.0;
            let mut both_sides = self.next_late(middle);
            for (echo, delay) in WALL_ECHOES.iter().zip(self.echo_delays) {
                let near = sample(left, delay);
                let far = sample(right, delay);
                both_sides[0] += EARLY_SHARE * (echo.near * near + echo.far * far);
                both_sides[1] += EARLY_SHARE * (echo.near * far + echo.far * near);
            }
            wet_left[index] = self.rumble[0].next_sample(both_sides[0]) as f32;
            wet_right[index] = self.rumble[1].next_sample(both_sides[1]) as f32;
        }
        SoundBuffer::stereo(wet_left, wet_right, send.sample_rate())
    }

    /// Returns the next sample of the network for left and right.
    fn next_late(&mut self, input: f64) -> [f64; 2] {
        let delayed = self.pre_delay.output();
        self.pre_delay.push(input);
        let diffuse = self
            .diffusers
            .iter_mut()
            .fold(delayed, |sample, diffuser| diffuser.next_sample(sample));
        let mut turned: [f64; LINES] = std::array::from_fn(|index| {
            let line = &mut self.lines[index];
            line.absorption.next_sample(line.delay.output()) * line.keep
        });
        let both_sides = [
            // Other lines for each side, with signs in turn: the sides then have nothing in common,
            // which makes a room wide.
            turned[0] - turned[2] + turned[4] - turned[6],
            turned[1] - turned[3] + turned[5] - turned[7],
        ];
        mix_lines(&mut turned);
        for (line, turned) in self.lines.iter_mut().zip(turned) {
            line.delay.push(turned + diffuse);
        }
        both_sides
    }
}

/// Mixes the lines with a Hadamard matrix, which keeps their power.
fn mix_lines(values: &mut [f64; LINES]) {
    for step in [1, 2, 4] {
        for index in 0..LINES {
            if index & step == 0 {
                let sum = values[index] + values[index + step];
                let difference = values[index] - values[index + step];
                values[index] = sum;
                values[index + step] = difference;
            }
        }
    }
    // 1 / sqrt(8).
    for value in values {
        *value *= 0.353_553_390_593_273_8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOMS: [RoomKind; 3] = [RoomKind::SmallRoom, RoomKind::Room, RoomKind::Hall];

    fn impulse(rate: u32) -> SoundBuffer {
        let mut samples = vec![0.0; 64];
        samples[0] = 1.0;
        SoundBuffer::mono(samples, rate).into_stereo()
    }

    /// Returns the decay time of a response around 700 Hz, from its fall between -5 and -35 dB
    /// (Schroeder's backward sum).
    fn measured_decay(wet: &SoundBuffer) -> f64 {
        let mut samples = wet.channels()[0].clone();
        BiquadFilter::band_pass(wet.sample_rate(), 700.0, 1.0).filter_samples(&mut samples);
        let mut sums: Vec<f64> = Vec::new();
        let mut sum = 0.0;
        for sample in samples.iter().rev() {
            sum += f64::from(*sample) * f64::from(*sample);
            sums.push(sum);
        }
        sums.reverse();
        let first_below = |decibels: f64| {
            let limit = sum * libm::pow(10.0, decibels / 10.0);
            sums.iter().position(|value| *value < limit).unwrap() as f64
        };
        (first_below(-35.0) - first_below(-5.0)) * 2.0 / f64::from(wet.sample_rate())
    }

    #[test]
    fn each_room_falls_in_its_stated_time_at_every_rate() {
        for rate in [16_000, 48_000] {
            for room in ROOMS {
                let wet = reverberate(&impulse(rate), room).unwrap();
                let stated = reverberation_time(room);
                let measured = measured_decay(&wet);
                assert!(
                    (measured / stated - 1.0).abs() < 0.15,
                    "{room:?} at {rate}: {measured} for {stated}"
                );
            }
        }
    }

    #[test]
    fn reverberation_has_the_power_of_what_is_sent() {
        for room in ROOMS {
            let wet = reverberate(&impulse(48_000), room).unwrap();
            let power = |channel: &[f32]| channel.iter().map(|s| s * s).sum::<f32>();
            let sum: f32 = wet.channels().iter().map(|channel| power(channel)).sum();
            assert!((sum / 2.0 - 1.0).abs() < 0.05, "{room:?}: {sum}");
        }
    }

    #[test]
    fn left_and_right_differ_and_nothing_rings_at_the_end() {
        for room in ROOMS {
            let wet = reverberate(&impulse(48_000), room).unwrap();
            let [left, right] = [&wet.channels()[0], &wet.channels()[1]];
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
            let late = 4000..;
            let alike = dot(&left[late.clone()], &right[late.clone()])
                / (dot(&left[late.clone()], &left[late.clone()])
                    * dot(&right[late.clone()], &right[late.clone()]))
                .sqrt();
            assert!(alike.abs() < 0.3, "{room:?}: {alike}");
            let end = &left[left.len() - 200..];
            assert!(end.iter().all(|sample| sample.abs() < 2e-3), "{room:?}");
        }
    }

    #[test]
    fn a_place_without_walls_only_makes_two_channels() {
        for room in [RoomKind::Outdoors, RoomKind::Dry] {
            let mut sound = SoundBuffer::mono(vec![0.5, -0.5], 48_000);
            add_room(&mut sound, room, 3.0);
            assert_eq!(
                sound,
                SoundBuffer::mono(vec![0.5, -0.5], 48_000).into_stereo()
            );
        }
    }

    #[test]
    fn farther_is_wetter_and_the_direct_sound_stays() {
        let sound_at = |distance: f32| {
            let mut sound = impulse(48_000);
            add_room(&mut sound, RoomKind::Room, distance);
            sound
        };
        let near = sound_at(1.0);
        let far = sound_at(6.0);
        assert_eq!(near.channels()[0][0], 1.0);
        assert_eq!(far.channels()[0][0], 1.0);
        let wet = |sound: &SoundBuffer| sound.channels()[0][1..].iter().map(|s| s * s).sum::<f32>();
        assert!(wet(&far) > wet(&near) * 8.0);
    }

    #[test]
    fn odd_sounds_stay_finite() {
        for (length, rate) in [(0, 48_000), (1, 96_000), (3, 8000), (1, 1)] {
            for room in ROOMS {
                let mut sound = SoundBuffer::mono(vec![1.0; length], rate);
                add_room(&mut sound, room, f32::NAN);
                assert_eq!(sound.channels().len(), 2);
                let mut samples = sound.channels().iter().flatten();
                assert!(
                    samples.all(|sample| sample.is_finite()),
                    "{length} at {rate}"
                );
            }
        }
    }
}
