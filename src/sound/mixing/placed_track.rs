//! One input of a mix: a WAV file at its place in the film, with its gain, pan and fades.

use crate::model::sound::RoomKind;
use crate::sound::filters::BiquadFilter;
use crate::sound::{
    SoundBuffer, WavFileError, WavStream, gain_factor, read_wav, reverberate, speech_loudness,
    wetness_at,
};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Where a track is in the film, and how loud.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackPlacement {
    /// Sample of the film at which it begins.
    pub start: u64,
    /// Samples of the file that are left out at its start.
    pub skip: u64,
    /// Samples of it that play. `None`: all; if it is repeated, until the film ends.
    pub length: Option<u64>,
    /// Whether it is repeated until `length`.
    pub repeat: bool,
    /// Decibels.
    pub gain: f32,
    /// Place, -1 to 1.
    pub pan: f32,
    /// Samples of fading in.
    pub fade_in: u64,
    /// Samples of fading out.
    pub fade_out: u64,
}

/// What is done to a whole track before it is mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrackTreatment {
    /// Reverberation that is added.
    pub room: RoomKind,
    /// Whether its source is behind a wall or out of view.
    pub muffled: bool,
}

impl TrackTreatment {
    /// Returns whether the track is mixed as it is.
    const fn is_plain(self) -> bool {
        !self.muffled && matches!(self.room, RoomKind::Outdoors | RoomKind::Dry)
    }
}

/// A track of a mix.
#[derive(Debug)]
pub struct PlacedTrack {
    path: PathBuf,
    placement: TrackPlacement,
    treatment: TrackTreatment,
    /// Samples of the source.
    source_length: u64,
    /// Audible samples, the end of the film aside.
    audible: u64,
    /// Factors of its place in the left and the right channel.
    pan: [f32; 2],
    /// Factor of its gain.
    gain: f32,
    source: TrackSource,
    /// What was read last, for its memory.
    block: SoundBuffer,
}

/// Where the samples of a track come from.
#[derive(Debug)]
enum TrackSource {
    /// Nothing was read yet, or nothing will be any more.
    Closed,
    /// Read as needed.
    Stream(WavStream),
    /// All of it, as it was treated.
    Treated(SoundBuffer),
}

impl PlacedTrack {
    /// Returns the track of a WAV file, of which only the header is read.
    ///
    /// # Errors
    /// Fails if it is no WAV file of `sample_rate`.
    pub fn new(
        path: &Path,
        placement: TrackPlacement,
        treatment: TrackTreatment,
        sample_rate: u32,
    ) -> Result<Self, WavFileError> {
        // Only the header: a film has thousands of tracks, and an open file for each would be too
        // many.
        let stream = WavStream::open(path)?;
        if stream.sample_rate() != sample_rate {
            return Err(WavFileError::other_rate(path));
        }
        let mut track = Self {
            path: path.to_owned(),
            placement,
            treatment,
            source_length: stream.length(),
            audible: 0,
            pan: pan_gains(placement.pan, stream.channel_count()),
            gain: gain_factor(finite_or_zero(placement.gain)),
            source: TrackSource::Closed,
            block: SoundBuffer::silence(1, 0, sample_rate),
        };
        track.audible = track.played_length();
        if !treatment.is_plain() {
            // The reverberation of a room is audible after the sound in it has ended.
            track.audible = track
                .audible
                .saturating_add(u64::from(sample_rate) * ROOM_SECONDS);
        }
        Ok(track)
    }

    /// Returns how many samples of the source play, without the reverberation after them.
    fn played_length(&self) -> u64 {
        let left = self.source_length.saturating_sub(self.placement.skip);
        match (self.placement.length, self.placement.repeat) {
            _ if self.source_length == 0 => 0,
            (None, false) => left,
            // Until the film ends, which the mix knows and the track does not.
            (None, true) => u64::MAX,
            (Some(length), false) => length.min(left),
            (Some(length), true) => length,
        }
    }

    /// Returns the samples of the film in which it may be audible.
    #[must_use]
    pub fn span(&self) -> Range<u64> {
        let start = self.placement.start;
        start..start.saturating_add(self.audible)
    }

    /// Adds its audible part to a block of a bus that begins at sample `first` of the film.
    ///
    /// # Errors
    /// Fails if its file cannot be read.
    pub fn add_to(&mut self, first: u64, bus: &mut SoundBuffer) -> Result<(), WavFileError> {
        let span = self.span();
        let from = span.start.max(first);
        let until = span.end.min(first.saturating_add(bus.length() as u64));
        let mut place = from;
        while place < until {
            let offset = place - span.start;
            let inside = self.source_place(offset);
            let mut count = until - place;
            if self.placement.repeat {
                // Up to the end of the source. The next turn of the loop begins at its start again.
                count = count.min(self.source_length - inside);
            }
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            self.read_samples(inside, count)?;
            self.fade(offset);
            let target = usize::try_from(place - first).unwrap_or(usize::MAX);
            // What was treated is in its place already, and its room all around.
            let pan = if self.treatment.is_plain() {
                self.pan
            } else {
                [1.0; 2]
            };
            add_channels(&self.block, pan.map(|pan| pan * self.gain), target, bus);
            place += count as u64;
        }
        // Closed as soon as it is over: the number of open files follows what sounds, and not what
        // the film has.
        if until >= span.end {
            self.source = TrackSource::Closed;
        }
        Ok(())
    }

    /// Returns the sample of the source that plays at `offset`.
    const fn source_place(&self, offset: u64) -> u64 {
        let TrackPlacement { skip, repeat, .. } = self.placement;
        match (repeat, self.treatment.is_plain()) {
            (true, _) => {
                (offset % self.source_length + skip % self.source_length) % self.source_length
            }
            (false, true) => offset.saturating_add(skip),
            // What was left out at the start is gone from a sound that was treated.
            (false, false) => offset,
        }
    }

    /// Reads samples into the block.
    fn read_samples(&mut self, first: u64, count: usize) -> Result<(), WavFileError> {
        if matches!(self.source, TrackSource::Closed) {
            self.source = self.open_source()?;
        }
        match &mut self.source {
            TrackSource::Stream(stream) => return stream.read_into(first, count, &mut self.block),
            TrackSource::Treated(sound) => self.block = part_of(sound, first, count),
            TrackSource::Closed => self.block.set_length(0),
        }
        Ok(())
    }

    fn open_source(&self) -> Result<TrackSource, WavFileError> {
        if self.treatment.is_plain() {
            return Ok(TrackSource::Stream(WavStream::open(&self.path)?));
        }
        // A line of speech, which is short. What is repeated has no room of its own.
        let whole = read_wav(&self.path)?;
        let audible = usize::try_from(self.played_length()).unwrap_or(usize::MAX);
        let sound = part_of(&whole, self.placement.skip, audible.min(whole.length()));
        let treated = treat_sound(sound, self.treatment, self.pan);
        Ok(TrackSource::Treated(treated))
    }

    /// Fades the block, which begins at `offset` of what plays.
    fn fade(&mut self, offset: u64) {
        let TrackPlacement {
            fade_in, fade_out, ..
        } = self.placement;
        let audible = self.played_length();
        let end = offset + self.block.length() as u64;
        let is_faded = offset < fade_in || (fade_out > 0 && end > audible.saturating_sub(fade_out));
        // Most blocks of a track have no fade, and a factor for each sample would cost two cosines.
        if !is_faded {
            return;
        }
        for channel in self.block.channels_mut() {
            for (place, sample) in (offset..).zip(channel) {
                let rising = fade_share(place, fade_in);
                let falling = fade_share(audible.saturating_sub(place + 1), fade_out);
                *sample *= rising * falling;
            }
        }
    }
}

/// Seconds for which reverberation may be audible after the sound.
const ROOM_SECONDS: u64 = 4;

/// Metres to a speaker in view, and to one out of view. Speech is recorded close.
const NEAR: f32 = 2.0;
const FAR: f32 = 5.0;
/// Hertz above which a wall keeps sound back.
const WALL_EDGE: f64 = 1800.0;

/// Returns the sound as it is in its room, or through a wall: both channels, with the direct
/// sound in its place and the room around it.
fn treat_sound(mut sound: SoundBuffer, treatment: TrackTreatment, pan: [f32; 2]) -> SoundBuffer {
    let rate = sound.sample_rate();
    let length = sound.length();
    let dry_loudness = speech_loudness(&panned_sound(sound.clone().into_stereo(), pan));
    if treatment.muffled {
        for channel in sound.channels_mut() {
            BiquadFilter::low_pass(rate, WALL_EDGE, std::f64::consts::FRAC_1_SQRT_2)
                .filter_samples(channel);
        }
    }
    let is_mono = sound.channels().len() == 1;
    let stereo = sound.into_stereo();
    // Before the pan: a room answers from everywhere, wherever the source is.
    let mut send = stereo.clone();
    let mut direct = panned_sound(stereo, pan);
    // Somebody out of view is taken to be farther away, so more of the room is audible.
    let distance = if treatment.muffled { FAR } else { NEAR };
    // One channel has the power of both together.
    let share = if is_mono {
        std::f32::consts::FRAC_1_SQRT_2
    } else {
        1.0
    };
    send.scale(wetness_at(treatment.room, distance) * share);
    if let Some(wet) = reverberate(&send, treatment.room) {
        direct.add_sound(&wet);
    }
    lower_loudness(&mut direct, length, dry_loudness);
    direct
}

/// Returns both channels of a sound with their gains.
fn panned_sound(mut sound: SoundBuffer, pan: [f32; 2]) -> SoundBuffer {
    for (channel, pan) in sound.channels_mut().zip(pan) {
        channel.iter_mut().for_each(|sample| *sample *= pan);
    }
    sound
}

/// Lowers a sound whose first `length` samples are louder than `limit`, in LUFS.
// A room adds to what it answers, most of all between the words. Without this a voice out of view
// would be louder than one in view.
fn lower_loudness(sound: &mut SoundBuffer, length: usize, limit: Option<f64>) {
    // Without the end of the room: it is quiet, and would hide how loud the words are.
    let words = part_of(sound, 0, length);
    let excess = speech_loudness(&words).zip(limit);
    let excess = excess.map_or(0.0, |(loudness, limit)| loudness - limit);
    if excess > 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "decibels, rounded to hundredths"
        )]
        sound.scale(gain_factor(-excess as f32));
    }
}

/// Returns the gain of a fade at a place counted from its silent end: half a cosine, which starts
/// and ends without an edge.
fn fade_share(place: u64, length: u64) -> f32 {
    if place >= length {
        return 1.0;
    }
    let share = (place as f64 + 0.5) / length as f64;
    #[expect(clippy::cast_possible_truncation, reason = "a gain of 0 to 1")]
    let gain = (0.5 - 0.5 * libm::cos(std::f64::consts::PI * share)) as f32;
    gain
}

/// Returns the gains of the left and the right channel at a place from -1 to 1: equal power
/// wherever one channel is put. Of two channels, the one that is turned away from becomes quieter.
fn pan_gains(pan: f32, channels: usize) -> [f32; 2] {
    let angle = (finite_or_zero(pan).clamp(-1.0, 1.0) + 1.0) * std::f32::consts::FRAC_PI_4;
    let gains = [libm::cosf(angle), libm::sinf(angle)];
    // Two channels have a place each already. At full power in the middle, only the other one is
    // turned down.
    if channels == 1 {
        return gains;
    }
    gains.map(|gain| (gain * std::f32::consts::SQRT_2).min(1.0))
}

const fn finite_or_zero(value: f32) -> f32 {
    if value.is_finite() { value } else { 0.0 }
}

/// Returns `count` samples from `first` on. Beyond the end is silence.
fn part_of(sound: &SoundBuffer, first: u64, count: usize) -> SoundBuffer {
    let start = usize::try_from(first).map_or(sound.length(), |first| first.min(sound.length()));
    let end = sound.length().min(start.saturating_add(count));
    let channels = sound.channels();
    let part = |index: usize| {
        let channel = channels.get(index).or(channels.first());
        channel.map_or_else(Vec::new, |channel| channel[start..end].to_vec())
    };
    let mut part = match channels.len() {
        1 => SoundBuffer::mono(part(0), sound.sample_rate()),
        _ => SoundBuffer::stereo(part(0), part(1), sound.sample_rate()),
    };
    part.set_length(count);
    part
}

/// Adds sound to a bus, from sample `target` of the bus on.
fn add_channels(sound: &SoundBuffer, gains: [f32; 2], target: usize, bus: &mut SoundBuffer) {
    let (Some(left), Some(right)) = (sound.channels().first(), sound.channels().last()) else {
        return;
    };
    for ((channel, samples), gain) in bus.channels_mut().zip([left, right]).zip(gains) {
        for (sum, sample) in channel.iter_mut().skip(target).zip(samples) {
            *sum += sample * gain;
        }
    }
}

#[cfg(test)]
#[expect(
    clippy::cast_possible_truncation,
    reason = "numbers of tests are small"
)]
mod tests {
    use super::*;
    use crate::sound::{WavFormat, write_wav};
    use proptest::prelude::*;
    use tempfile::TempDir;

    const PLAIN: TrackTreatment = TrackTreatment {
        room: RoomKind::Outdoors,
        muffled: false,
    };

    const AT_START: TrackPlacement = TrackPlacement {
        start: 0,
        skip: 0,
        length: None,
        repeat: false,
        gain: 0.0,
        pan: 0.0,
        fade_in: 0,
        fade_out: 0,
    };

    fn track(folder: &TempDir, sound: &SoundBuffer, placement: TrackPlacement) -> PlacedTrack {
        let path = folder.path().join("track.wav");
        write_wav(&path, sound, WavFormat::Float32).unwrap();
        PlacedTrack::new(&path, placement, PLAIN, sound.sample_rate()).unwrap()
    }

    fn counting(length: u16) -> SoundBuffer {
        let wave: Vec<f32> = (1..=length).map(f32::from).collect();
        let right = wave.iter().map(|sample| -sample).collect();
        SoundBuffer::stereo(wave, right, 48_000)
    }

    fn render(track: &mut PlacedTrack, length: usize, block: usize) -> SoundBuffer {
        let mut whole = [Vec::new(), Vec::new()];
        for first in (0..length).step_by(block) {
            let mut bus = SoundBuffer::silence(2, block.min(length - first), 48_000);
            track.add_to(first as u64, &mut bus).unwrap();
            whole[0].extend_from_slice(&bus.channels()[0]);
            whole[1].extend_from_slice(&bus.channels()[1]);
        }
        let [left, right] = whole;
        SoundBuffer::stereo(left, right, 48_000)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        /// Each sample of the film is the sample of the source that its place says.
        #[test]
        fn any_placement_is_exact(
            start in 0_u64..400,
            skip in 0_u64..60,
            source in 0_u16..150,
            length in prop::option::of(0_u64..500),
            repeat in any::<bool>(),
            block in 1_usize..200,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let placement = TrackPlacement { start, skip, length, repeat, ..AT_START };
            let mut track = track(&folder, &counting(source), placement);
            let film = render(&mut track, 600, block);
            let source = u64::from(source);
            for (place, sample) in (0_u64..).zip(&film.channels()[0]) {
                let offset = place.checked_sub(start);
                let audible = offset.filter(|offset| length.is_none_or(|length| *offset < length));
                let index = audible.and_then(|offset| match repeat {
                    true => (offset + skip).checked_rem(source),
                    false => (offset + skip < source).then_some(offset + skip),
                });
                let wanted = index.map_or(0.0, |index| index as f32 + 1.0);
                prop_assert!((sample - wanted).abs() < 1e-3, "{place}: {sample} {wanted}");
            }
        }

        #[test]
        fn fades_never_raise_and_end_in_silence(
            fade_in in 0_u64..2000,
            fade_out in 0_u64..2000,
            length in 1_u64..1000,
            block in 1_usize..400,
        ) {
            let folder = tempfile::tempdir().unwrap();
            let ones = SoundBuffer::stereo(vec![1.0; 700], vec![1.0; 700], 48_000);
            let placement = TrackPlacement {
                length: Some(length), repeat: true, fade_in, fade_out, ..AT_START
            };
            let film = render(&mut track(&folder, &ones, placement), 1000, block);
            let left = &film.channels()[0];
            prop_assert!(left.iter().all(|sample| (0.0..=1.0).contains(sample)));
            let last = left[length as usize - 1];
            prop_assert!(fade_out < 10 || last < 0.1, "{last}");
            prop_assert!(fade_in < 10 || left[0] < 0.1);
        }
    }

    #[test]
    fn a_mono_track_has_equal_power_everywhere() {
        let folder = tempfile::tempdir().unwrap();
        for pan in [-1.0, -0.5, 0.0, 0.3, 1.0, f32::NAN, 7.0] {
            let mono = SoundBuffer::mono(vec![1.0], 48_000);
            let placement = TrackPlacement { pan, ..AT_START };
            let film = render(&mut track(&folder, &mono, placement), 1, 1);
            let [left, right] = [film.channels()[0][0], film.channels()[1][0]];
            assert!((left * left + right * right - 1.0).abs() < 1e-5, "{pan}");
            assert!(pan.is_nan() || (pan < 0.0) == (left > right) || pan == 0.0);
        }
    }

    #[test]
    fn two_channels_in_the_middle_stay_as_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let film = render(&mut track(&folder, &counting(9), AT_START), 9, 4);
        for (sample, wanted) in film.channels()[1].iter().zip(&counting(9).channels()[1]) {
            assert!((sample - wanted).abs() < 1e-5);
        }
        let placement = TrackPlacement {
            pan: 1.0,
            gain: -20.0,
            ..AT_START
        };
        let film = render(&mut track(&folder, &counting(9), placement), 9, 9);
        assert!(film.channels()[0].iter().all(|sample| sample.abs() < 1e-5));
        assert!((film.channels()[1][8] + 0.9).abs() < 1e-5);
    }

    #[test]
    fn a_room_is_audible_after_the_line_and_a_wall_keeps_the_highs_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("line.wav");
        let wave: Vec<f32> = (0..4800_u16)
            .map(|n| libm::sinf(f32::from(n) * 0.8) * 0.5)
            .collect();
        write_wav(&path, &SoundBuffer::mono(wave, 48_000), WavFormat::Float32).unwrap();
        let audible = |room: RoomKind, muffled: bool| {
            let treatment = TrackTreatment { room, muffled };
            let mut track = PlacedTrack::new(&path, AT_START, treatment, 48_000).unwrap();
            assert!(track.span().end < 48_000 * 5);
            render(&mut track, 48_000, 7000)
        };
        let power = |sound: &SoundBuffer, part: Range<usize>| -> f32 {
            sound.channels()[0][part]
                .iter()
                .map(|sample| sample * sample)
                .sum()
        };
        let plain = audible(RoomKind::Dry, false);
        let hall = audible(RoomKind::Hall, false);
        let wall = audible(RoomKind::Outdoors, true);
        assert_eq!(power(&plain, 4800..48_000), 0.0);
        assert!(power(&hall, 6000..48_000) > 0.001);
        // Six kilohertz are far above the edge of the wall.
        assert!(power(&wall, 0..4800) < power(&plain, 0..4800) / 50.0);
        let direct = power(&hall, 0..4800) / power(&plain, 0..4800);
        assert!((0.8..1.6).contains(&direct), "{direct}");
    }

    #[test]
    fn no_room_and_no_wall_makes_a_line_louder() {
        // Words: tones of a tenth of a second with gaps, which a room fills.
        let words = |hertz: f32| -> SoundBuffer {
            let sample = |n: u32| {
                let place = n as f32 / 48_000.0;
                let is_word = n % 9600 < 4800;
                libm::sinf(std::f32::consts::TAU * hertz * place) * if is_word { 0.3 } else { 0.0 }
            };
            SoundBuffer::mono((0..96_000).map(sample).collect(), 48_000)
        };
        for (hertz, pan) in [(160.0, 0.0), (420.0, -0.8), (900.0, 0.0)] {
            let gains = pan_gains(pan, 1);
            let plain = panned_sound(words(hertz).into_stereo(), gains);
            let plain = speech_loudness(&plain).unwrap();
            for room in [
                RoomKind::Dry,
                RoomKind::Outdoors,
                RoomKind::SmallRoom,
                RoomKind::Room,
                RoomKind::Hall,
            ] {
                for muffled in [false, true] {
                    let treatment = TrackTreatment { room, muffled };
                    let treated = treat_sound(words(hertz), treatment, gains);
                    let loudness = speech_loudness(&part_of(&treated, 0, 96_000)).unwrap();
                    assert!(
                        loudness <= plain + 0.02,
                        "{hertz} {room:?} {muffled}: {loudness} {plain}"
                    );
                    assert!(
                        loudness > plain - 3.0,
                        "{hertz} {room:?} {muffled}: {loudness} {plain}"
                    );
                }
            }
        }
        let silence = SoundBuffer::mono(vec![0.0; 4800], 48_000);
        let hall = TrackTreatment {
            room: RoomKind::Hall,
            muffled: true,
        };
        assert_eq!(treat_sound(silence, hall, [1.0, 1.0]).peak(), 0.0);
    }

    #[test]
    fn another_rate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &counting(5), WavFormat::Float32).unwrap();
        let refused = PlacedTrack::new(&path, AT_START, PLAIN, 44_100).unwrap_err();
        assert!(refused.to_string().contains("a.wav"));
    }
}
