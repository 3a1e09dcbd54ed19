//! Reads sound files of the user: WAV, AIFF, FLAC, Ogg Vorbis, MP3 and AAC.
//!
//! A file is known by its first bytes, never by its extension. [`probe_sound_file`] follows the
//! packets without decoding them, so that `validate` can look at every file of a document. A file
//! that was cut short is an error wherever its structure says how long it must be.

use super::decoder_guard::guard_decoder;
use super::sound_structure::{check_streamed_rate, check_structure};
use super::{SoundBuffer, resample_unless};
use std::fs::File;
use std::io::{Cursor, ErrorKind, Read, Seek};
use std::path::Path;
use symphonia::core::audio::{AudioBufferRef, Channels, SampleBuffer, SignalSpec};
use symphonia::core::codecs::{
    CODEC_TYPE_NULL, CODEC_TYPE_OPUS, CodecParameters, Decoder, DecoderOptions,
};
use symphonia::core::errors::Error as DecoderError;
use symphonia::core::formats::{FormatOptions, FormatReader, Packet};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;

/// Names of the kinds of files that can be read, for messages.
pub const SOUND_FILE_KINDS: &str = "WAV, AIFF, FLAC, Ogg Vorbis, MP3, and AAC in MP4 or ADTS";

/// The longest file that is read, in hours: it is decoded into memory as a whole.
const LONGEST_HOURS: u64 = 4;

/// The lowest rate of a file. Anything at less would become thousands of times as long as it is.
const LOWEST_RATE: u64 = 1000;
/// The highest, four times that of the finest recordings.
const HIGHEST_RATE: u64 = 768_000;

/// Samples behind the last one that a filter may read.
const FILTER_MARGIN: f64 = 4096.0;

/// The largest sample that is sound and no damage, at full scale 1.
const LOUDEST_SAMPLE: f32 = 1000.0;

/// Frames by which an MP3 may be shorter than its first frame says: encoders count the frame of the
/// count itself or do not.
const MP3_SLACK: u64 = 2 * 1152;

/// What is known of a sound file before it is decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoundFileFacts {
    /// Samples a second.
    pub sample_rate: u32,
    /// Number of channels, of which [`read_sound_file`] makes one or two.
    pub channels: usize,
    /// Length in samples of one channel.
    pub length: u64,
}

impl SoundFileFacts {
    /// Returns the length in seconds.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.length as f64 / f64::from(self.sample_rate.max(1))
    }
}

/// Why a sound file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SoundFileError {
    /// The file system refuses it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// Its first bytes are those of no sound file that can be read.
    #[error("it is none of {SOUND_FILE_KINDS}")]
    UnknownKind,
    /// The container can be read, but not what is in it.
    #[error("its codec cannot be read: {0}")]
    UnknownCodec(String),
    /// No sound has such a rate.
    #[error("its rate is {0} Hz, and sound has from {LOWEST_RATE} to {HIGHEST_RATE}")]
    StrangeRate(u64),
    /// It has no samples.
    #[error("it has no sound")]
    Silent,
    /// It ends before its structure does.
    #[error("it was cut short: {0}")]
    Truncated(String),
    /// Its content contradicts itself.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// The caller stopped the reading.
    #[error("stopped on request")]
    Stopped,
    /// It is longer than what is read.
    #[error("it is longer than {LONGEST_HOURS} hours")]
    TooLong,
}

/// Returns the rate, the channels and the length of a sound file.
///
/// # Errors
/// Fails if it cannot be read, is of an unknown kind or codec, was cut short, or is damaged.
pub fn probe_sound_file(path: &Path) -> Result<SoundFileFacts, SoundFileError> {
    guard_decoder(|| {
        let mut file = OpenSoundFile::open(path)?;
        // The first packet is decoded, since a container may not say the channels. The rest is only
        // counted.
        let Some(first) = file.next_packet()? else {
            // A header that promises sound tells a file that was cut short from an empty one.
            file.check_length(0)?;
            return Err(SoundFileError::Silent);
        };
        let spec = file.decode_spec(&first)?;
        file.check_no_gap(&first, 0)?;
        let mut length = 0_u64;
        let mut last = first;
        while let Some(packet) = file.next_packet()? {
            length = length.saturating_add(file.packet_length(&last));
            file.check_no_gap(&packet, length)?;
            last = packet;
        }
        length = length.saturating_add(file.last_length(&last));
        file.check_length(length)?;
        if length == 0 {
            return Err(SoundFileError::Silent);
        }
        check_longest(length, spec.rate)?;
        Ok(SoundFileFacts {
            sample_rate: spec.rate,
            channels: spec.channels.count(),
            length,
        })
    })
}

/// Returns the sound of a file in one or two channels, at the file's own rate. More channels are
/// mixed down to two.
///
/// # Errors
/// Fails as [`probe_sound_file`] does, and if a packet cannot be decoded.
pub fn read_sound_file(path: &Path) -> Result<SoundBuffer, SoundFileError> {
    read_start(path, None, &|| false)
}

/// Returns the sound of a file at another rate, at most its first `longest` samples at that rate.
///
/// # Errors
/// Fails as [`read_sound_file`] does, and if it was stopped.
pub fn read_sound_at(
    path: &Path,
    sample_rate: u32,
    longest: Option<u64>,
    is_halting: &dyn Fn() -> bool,
) -> Result<SoundBuffer, SoundFileError> {
    let seconds = longest.map(|longest| longest as f64 / f64::from(sample_rate.max(1)));
    let sound = read_start(path, seconds, is_halting)?;
    let resampled = resample_unless(&sound, sample_rate, is_halting);
    let mut resampled = resampled.ok_or(SoundFileError::Stopped)?;
    let longest = longest.and_then(|longest| usize::try_from(longest).ok());
    // A little more was read, for the filter of the resampler at the end.
    resampled.set_length(resampled.length().min(longest.unwrap_or(usize::MAX)));
    Ok(resampled)
}

/// Reads so many seconds and a little more, or all of a file.
fn read_start(
    path: &Path,
    seconds: Option<f64>,
    is_halting: &dyn Fn() -> bool,
) -> Result<SoundBuffer, SoundFileError> {
    guard_decoder(|| {
        let mut file = OpenSoundFile::open(path)?;
        let mut sound = CollectedSound::default();
        let mut length = 0_u64;
        while let Some(packet) = file.next_packet()? {
            if is_halting() {
                return Err(SoundFileError::Stopped);
            }
            // Before the length is checked: damage behind the part that is used does no harm.
            if seconds.is_some_and(|seconds| sound.has_seconds(seconds)) {
                return sound.into_buffer();
            }
            file.check_no_gap(&packet, length)?;
            length = length.saturating_add(file.packet_length(&packet));
            let decoded = match file.decoder.decode(&packet) {
                Ok(decoded) => decoded,
                Err(error) => return Err(damage(&error)),
            };
            sound.push(decoded)?;
        }
        file.check_length(length)?;
        sound.into_buffer()
    })
}

/// Returns whether sound has such a rate.
#[must_use]
pub fn is_sound_rate(rate: u32) -> bool {
    (LOWEST_RATE..=HIGHEST_RATE).contains(&rate.into())
}

/// Fails on a rate that no sound has.
pub(super) fn check_rate(rate: u64) -> Result<(), SoundFileError> {
    match u32::try_from(rate).is_ok_and(is_sound_rate) {
        true => Ok(()),
        false => Err(SoundFileError::StrangeRate(rate)),
    }
}

fn damage(error: &DecoderError) -> SoundFileError {
    SoundFileError::Damaged(error.to_string())
}

fn check_longest(length: u64, sample_rate: u32) -> Result<(), SoundFileError> {
    match length > LONGEST_HOURS * 3600 * u64::from(sample_rate) {
        true => Err(SoundFileError::TooLong),
        false => Ok(()),
    }
}

/// A container with a signature at its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SoundContainer {
    Wav,
    Aiff,
    Flac,
    Ogg,
    Mp4,
    /// MP3 or ADTS: frames one after another, which say nothing of the whole.
    Frames,
}

impl SoundContainer {
    fn from_head(head: &[u8]) -> Option<Self> {
        let form = head.get(8..12);
        match head {
            [b'R', b'I', b'F', b'F', ..] if form == Some(b"WAVE") => Some(Self::Wav),
            [b'F', b'O', b'R', b'M', ..] if matches!(form, Some(b"AIFF" | b"AIFC")) => {
                Some(Self::Aiff)
            }
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::Mp4),
            [b'I', b'D', b'3', ..] => Some(Self::Frames),
            // Eleven or twelve set bits begin a frame.
            [0xff, second, ..] if second & 0xe0 == 0xe0 => Some(Self::Frames),
            _ => None,
        }
    }
}

/// An opened file with the decoder of its first sound track.
struct OpenSoundFile {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn Decoder>,
    track: u32,
    params: CodecParameters,
    container: SoundContainer,
}

impl OpenSoundFile {
    fn open(path: &Path) -> Result<Self, SoundFileError> {
        let mut file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(std::io::Error::from(ErrorKind::IsADirectory).into());
        }
        let mut head = Vec::new();
        file.by_ref().take(12).read_to_end(&mut head)?;
        if head.is_empty() {
            return Err(SoundFileError::Empty);
        }
        let container = SoundContainer::from_head(&head).ok_or(SoundFileError::UnknownKind)?;
        // Its sizes are made up, so the file cannot be checked against them, and the decoder gets
        // the true ones.
        let is_streamed = container == SoundContainer::Wav && is_streamed_wav(&head);
        if !is_streamed {
            check_structure(&mut file, container)?;
        }
        file.rewind()?;
        let source: Box<dyn MediaSource> = if is_streamed {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            check_streamed_rate(&bytes)?;
            Box::new(Cursor::new(with_true_sizes(bytes)))
        } else {
            Box::new(file)
        };
        Self::from_source(source, container)
    }

    fn from_source(
        source: Box<dyn MediaSource>,
        container: SoundContainer,
    ) -> Result<Self, SoundFileError> {
        let stream = MediaSourceStream::new(source, Default::default());
        // Without the silence that encoders add at both ends, where the file says how much it is.
        let options = FormatOptions {
            enable_gapless: true,
            ..FormatOptions::default()
        };
        let probed = symphonia::default::get_probe()
            .format(&Hint::new(), stream, &options, &MetadataOptions::default())
            .map_err(|error| match error {
                DecoderError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
                    SoundFileError::Truncated("it ends within its header".to_owned())
                }
                error => damage(&error),
            })?;
        let format = probed.format;
        let is_sound = |params: &CodecParameters| {
            params.codec != CODEC_TYPE_NULL && params.sample_rate.is_some()
        };
        let tracks = format.tracks();
        let track = tracks.iter().find(|track| is_sound(&track.codec_params));
        let Some(track) = track else {
            return Err(match tracks.is_empty() {
                true => SoundFileError::Silent,
                false => SoundFileError::UnknownCodec("it has no sound track".to_owned()),
            });
        };
        let params = track.codec_params.clone();
        check_rate(params.sample_rate.unwrap_or_default().into())?;
        let id = track.id;
        let decoder = symphonia::default::get_codecs()
            .make(&params, &DecoderOptions::default())
            .map_err(|_| SoundFileError::UnknownCodec(codec_name(&params)))?;
        Ok(Self {
            format,
            decoder,
            track: id,
            params,
            container,
        })
    }

    /// Returns the next packet of the track. `None`: there is none.
    fn next_packet(&mut self) -> Result<Option<Packet>, SoundFileError> {
        loop {
            match self.format.next_packet() {
                Ok(packet) if packet.track_id() == self.track => return Ok(Some(packet)),
                // A packet of another track, such as the picture of a film.
                Ok(_) => {}
                // The end of the file and a packet that is cut off look alike. `check_length` tells
                // them apart.
                Err(DecoderError::IoError(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                    return Ok(None);
                }
                Err(DecoderError::IoError(error)) => return Err(error.into()),
                // A further stream behind the first, as radio stations send them.
                Err(DecoderError::ResetRequired) => return Ok(None),
                Err(error) => return Err(damage(&error)),
            }
        }
    }

    fn decode_spec(&mut self, packet: &Packet) -> Result<SignalSpec, SoundFileError> {
        match self.decoder.decode(packet) {
            Ok(decoded) => {
                let spec = *decoded.spec();
                check_rate(spec.rate.into()).map(|()| spec)
            }
            Err(error) => Err(damage(&error)),
        }
    }

    /// Returns the samples of the last packet. That of an AIFF file says one more than it has.
    fn last_length(&mut self, packet: &Packet) -> u64 {
        let usual = self.packet_length(packet);
        match self.container {
            SoundContainer::Aiff => {
                let decoded = self.decoder.decode(packet);
                decoded.map_or(usual, |decoded| decoded.frames() as u64)
            }
            _ => usual,
        }
    }

    /// Returns the samples of a packet.
    fn packet_length(&self, packet: &Packet) -> u64 {
        self.samples_in(packet.dur)
    }

    /// Returns a duration of the track in samples. MP4 files may count it in other units.
    fn samples_in(&self, duration: u64) -> u64 {
        let rate = u128::from(self.params.sample_rate.unwrap_or(1));
        let Some(base) = self.params.time_base else {
            return duration;
        };
        let samples =
            u128::from(duration) * rate * u128::from(base.numer) / u128::from(base.denom.max(1));
        u64::try_from(samples).unwrap_or(u64::MAX)
    }

    /// Fails if a packet of a FLAC file begins after the end of the one before it. The reader leaves
    /// out packets whose checksum is wrong, without a word.
    fn check_no_gap(&self, packet: &Packet, length: u64) -> Result<(), SoundFileError> {
        let start = self.samples_in(packet.ts);
        let is_counted = self.container == SoundContainer::Flac && self.params.n_frames.is_some();
        if !is_counted || start <= length {
            return Ok(());
        }
        let rate = f64::from(self.params.sample_rate.unwrap_or(1).max(1));
        Err(SoundFileError::Damaged(format!(
            "what it has from {:.3} s to {:.3} s cannot be read",
            length as f64 / rate,
            start as f64 / rate
        )))
    }

    /// Compares the length that was read with the one in the header, where it can be relied on.
    fn check_length(&self, length: u64) -> Result<(), SoundFileError> {
        let slack = match self.container {
            SoundContainer::Flac => 0,
            // The header has a count only if it also has the encoder's delay. Other files have an
            // estimate from their size there.
            SoundContainer::Frames if self.params.delay.is_some() => MP3_SLACK,
            // `check_structure` has seen their ends.
            _ => return Ok(()),
        };
        match self.params.n_frames {
            Some(expected) if length.saturating_add(slack) < expected => {
                let rate = f64::from(self.params.sample_rate.unwrap_or(1).max(1));
                Err(SoundFileError::Truncated(format!(
                    "its header says {:.3} s, and {:.3} s are there",
                    expected as f64 / rate,
                    length as f64 / rate
                )))
            }
            _ => Ok(()),
        }
    }
}

fn codec_name(params: &CodecParameters) -> String {
    let known = symphonia::default::get_codecs().get_codec(params.codec);
    match known {
        _ if params.codec == CODEC_TYPE_OPUS => "Opus".to_owned(),
        Some(known) => known.long_name.to_owned(),
        None => params.codec.to_string(),
    }
}

/// Samples as they are decoded, mixed down to one or two channels.
#[derive(Default)]
struct CollectedSound {
    sample_rate: u32,
    /// One or two channels; empty before the first packet.
    channels: Vec<Vec<f32>>,
}

impl CollectedSound {
    fn push(&mut self, decoded: AudioBufferRef<'_>) -> Result<(), SoundFileError> {
        let spec = *decoded.spec();
        if decoded.frames() == 0 {
            return Ok(());
        }
        check_rate(spec.rate.into())?;
        let gains = channel_gains(spec.channels);
        if self.channels.is_empty() {
            self.sample_rate = spec.rate;
            self.channels = vec![Vec::new(); gains.len().clamp(1, 2)];
        }
        let is_mono = gains.len() == 1;
        if spec.rate != self.sample_rate || is_mono != (self.channels.len() == 1) {
            let text = "its rate or its channels change within the file".to_owned();
            return Err(SoundFileError::Damaged(text));
        }
        let mut samples = SampleBuffer::<f32>::new(decoded.capacity() as u64, spec);
        samples.copy_interleaved_ref(decoded);
        for frame in samples.samples().chunks_exact(gains.len()) {
            for (channel, mixed) in self.channels.iter_mut().enumerate() {
                let sum: f32 = frame
                    .iter()
                    .zip(&gains)
                    .map(|(sample, gain)| sample * gain[channel])
                    .sum();
                // Files of floats may hold anything, and one NaN would spread through every filter.
                // Nor is there sound a thousand times beyond full scale.
                let is_sound = sum.abs() <= LOUDEST_SAMPLE;
                mixed.push(if is_sound { sum } else { 0.0 });
            }
        }
        check_longest(self.channels[0].len() as u64, self.sample_rate)
    }

    /// Returns whether it has so many seconds, with what a filter reads behind them.
    fn has_seconds(&self, seconds: f64) -> bool {
        let wanted = seconds * f64::from(self.sample_rate) + FILTER_MARGIN;
        let first = self.channels.first();
        first.is_some_and(|channel| channel.len() as f64 > wanted)
    }

    fn into_buffer(self) -> Result<SoundBuffer, SoundFileError> {
        let mut channels = self.channels.into_iter();
        match (channels.next(), channels.next()) {
            (Some(left), Some(right)) => Ok(SoundBuffer::stereo(left, right, self.sample_rate)),
            (Some(only), None) => Ok(SoundBuffer::mono(only, self.sample_rate)),
            _ => Err(SoundFileError::Silent),
        }
    }
}

/// Returns the gains of each channel on the left and on the right. The centre and those
/// behind are 3 dB lower, and the low-frequency channel is left out, as ITU-R BS.775 says.
fn channel_gains(channels: Channels) -> Vec<[f32; 2]> {
    const LEFT: Channels = Channels::FRONT_LEFT
        .union(Channels::FRONT_LEFT_CENTRE)
        .union(Channels::FRONT_LEFT_WIDE);
    const RIGHT: Channels = Channels::FRONT_RIGHT
        .union(Channels::FRONT_RIGHT_CENTRE)
        .union(Channels::FRONT_RIGHT_WIDE);
    const BACK_LEFT: Channels = Channels::REAR_LEFT
        .union(Channels::SIDE_LEFT)
        .union(Channels::TOP_FRONT_LEFT)
        .union(Channels::TOP_REAR_LEFT)
        .union(Channels::REAR_LEFT_CENTRE)
        .union(Channels::FRONT_LEFT_HIGH);
    const BACK_RIGHT: Channels = Channels::REAR_RIGHT
        .union(Channels::SIDE_RIGHT)
        .union(Channels::TOP_FRONT_RIGHT)
        .union(Channels::TOP_REAR_RIGHT)
        .union(Channels::REAR_RIGHT_CENTRE)
        .union(Channels::FRONT_RIGHT_HIGH);
    const LOWER: f32 = std::f32::consts::FRAC_1_SQRT_2;
    match channels.count() {
        1 => return vec![[1.0, 1.0]],
        // Two channels are left and right, also if the file names them otherwise.
        2 => return vec![[1.0, 0.0], [0.0, 1.0]],
        _ => {}
    }
    let gain = |channel: Channels| match channel {
        _ if LEFT.contains(channel) => [1.0, 0.0],
        _ if RIGHT.contains(channel) => [0.0, 1.0],
        _ if BACK_LEFT.contains(channel) => [LOWER, 0.0],
        _ if BACK_RIGHT.contains(channel) => [0.0, LOWER],
        _ if (Channels::LFE1 | Channels::LFE2).contains(channel) => [0.0, 0.0],
        _ => [LOWER, LOWER],
    };
    channels.iter().map(gain).collect()
}

/// Returns whether a WAV file says that it is at least as long as a program writes whose output is
/// a pipe: the length is not known before the end, so it is made up.
fn is_streamed_wav(head: &[u8]) -> bool {
    // `espeak-ng --stdout` writes 0x7ffff024, ffmpeg and sox write 0xffffffff or a little less.
    let size = head.get(4..8).and_then(|bytes| bytes.try_into().ok());
    size.map(u32::from_le_bytes)
        .is_some_and(|size| size >= 0x7fff_0000)
}

/// Returns a streamed WAV file with the sizes that its chunks have.
fn with_true_sizes(mut bytes: Vec<u8>) -> Vec<u8> {
    let Ok(length) = u32::try_from(bytes.len()) else {
        // Such a file has the size that it says.
        return bytes;
    };
    let mut at = 12_usize;
    while let Some(header) = bytes.get(at..at + 8) {
        let size = u32::from_le_bytes([header[4], header[5], header[6], header[7]]);
        if header.starts_with(b"data") {
            let rest = length.saturating_sub(u32::try_from(at + 8).unwrap_or(length));
            bytes[at + 4..at + 8].copy_from_slice(&rest.to_le_bytes());
            bytes[4..8].copy_from_slice(&length.saturating_sub(8).to_le_bytes());
            break;
        }
        // Chunks begin at even places.
        at = at.saturating_add(8 + size as usize + (size as usize & 1));
        if at > bytes.len() {
            break;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{WavFormat, write_wav};

    fn wav_bytes(sound: &SoundBuffer, format: WavFormat) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, sound, format).unwrap();
        std::fs::read(path).unwrap()
    }

    fn probe(bytes: &[u8]) -> Result<SoundFileFacts, SoundFileError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("any.name");
        std::fs::write(&path, bytes).unwrap();
        let facts = probe_sound_file(&path);
        // A file that is probed as whole can be read, and the other way round.
        let read = read_sound_file(&path);
        assert_eq!(facts.is_ok(), read.is_ok(), "{facts:?} {read:?}");
        if let (Ok(facts), Ok(read)) = (&facts, &read) {
            assert_eq!(facts.length, read.length() as u64);
            assert_eq!(facts.sample_rate, read.sample_rate());
        }
        facts
    }

    fn ramp(length: usize) -> Vec<f32> {
        (0..length).map(|at| (at % 100) as f32 / 128.0).collect()
    }

    #[test]
    fn a_wav_file_is_probed_and_read_sample_by_sample() {
        let sound = SoundBuffer::stereo(ramp(3000), ramp(3000), 44_100);
        for format in [WavFormat::Pcm24, WavFormat::Float32] {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.mp3");
            write_wav(&path, &sound, format).unwrap();
            let facts = probe_sound_file(&path).unwrap();
            let expected = SoundFileFacts {
                sample_rate: 44_100,
                channels: 2,
                length: 3000,
            };
            assert_eq!(facts, expected);
            assert_eq!(read_sound_file(&path).unwrap(), sound, "{format:?}");
        }
    }

    #[test]
    fn one_sample_and_high_rates_are_files_like_others() {
        let bytes = wav_bytes(&SoundBuffer::mono(vec![0.5], 192_000), WavFormat::Pcm24);
        let facts = probe(&bytes).unwrap();
        assert_eq!(facts.sample_rate, 192_000);
        assert_eq!(facts.length, 1);
    }

    #[test]
    fn a_file_that_was_cut_short_is_an_error_at_every_length() {
        let bytes = wav_bytes(&SoundBuffer::mono(ramp(5000), 48_000), WavFormat::Pcm24);
        for end in [1, 11, 12, 20, 43, 44, 45, 3000, bytes.len() - 1] {
            let error = probe(&bytes[..end]).unwrap_err();
            let text = error.to_string();
            assert!(end < 12 || text.contains("cut short"), "{end}: {text}");
        }
    }

    /// Returns the header of a FLAC file of 48 kHz, one channel and 16 bits.
    fn flac_header(samples: u64) -> Vec<u8> {
        let mut header = b"fLaC\x80\x00\x00\x22\x10\x00\x10\x00".to_vec();
        // Sizes of frames are not known.
        header.extend([0; 6]);
        let stream = (48_000_u64 << 44) | (15 << 36) | samples;
        header.extend(stream.to_be_bytes());
        header.extend([0; 16]);
        header
    }

    #[test]
    fn a_flac_file_that_ends_before_its_first_frame_does_was_cut_short() {
        // The header of a frame of 4,096 samples, and a part of what follows it.
        let frame = [&[0xff, 0xf8, 0xca, 0x08, 0x00, 0x28][..], &[0x55; 3000]].concat();
        for rest in [&[][..], &frame[..4], &frame] {
            let bytes = [&flac_header(48_000), rest].concat();
            let text = probe(&bytes).unwrap_err().to_string();
            assert!(text.contains("cut short"), "{text}");
        }
    }

    #[test]
    fn a_file_from_a_pipe_is_read_to_its_last_sample() {
        let mut bytes = wav_bytes(&SoundBuffer::mono(ramp(5000), 48_000), WavFormat::Float32);
        let data = bytes.windows(4).position(|word| word == b"data").unwrap();
        for size in [0x7fff_f024_u32, u32::MAX] {
            bytes[4..8].copy_from_slice(&size.to_le_bytes());
            bytes[data + 4..data + 8].copy_from_slice(&size.to_le_bytes());
            assert_eq!(probe(&bytes).unwrap().length, 5000);
        }
    }

    #[test]
    fn other_files_are_of_unknown_kind() {
        let kinds: [&[u8]; 4] = [
            b"no sound, only text",
            b"\x89PNG\r\n\x1a\n",
            &[0; 64],
            b"RI",
        ];
        for bytes in kinds {
            assert!(matches!(probe(bytes), Err(SoundFileError::UnknownKind)));
        }
        assert!(matches!(probe(b""), Err(SoundFileError::Empty)));
        let missing = probe_sound_file(Path::new("/nowhere/a.wav"));
        assert!(matches!(missing, Err(SoundFileError::Io(_))));
    }

    #[test]
    fn a_file_without_samples_has_no_sound() {
        let bytes = wav_bytes(&SoundBuffer::mono(Vec::new(), 48_000), WavFormat::Pcm24);
        assert!(matches!(probe(&bytes), Err(SoundFileError::Silent)));
    }

    /// Returns a WAV file of floats with any number of channels, each with one value.
    fn channel_bytes(values: &[f32]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let spec = hound::WavSpec {
            channels: u16::try_from(values.len()).unwrap(),
            sample_rate: 48_000,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut writer = hound::WavWriter::create(&path, spec).unwrap();
        for _ in 0..100 {
            for value in values {
                writer.write_sample(*value).unwrap();
            }
        }
        writer.finalize().unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn more_channels_become_left_and_right() {
        let bytes = channel_bytes(&[0.5, 0.0, 0.0, 1.0, 0.25, 0.0, 0.0, 0.0]);
        assert_eq!(probe(&bytes).unwrap().channels, 8);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        std::fs::write(&path, bytes).unwrap();
        let sound = read_sound_file(&path).unwrap();
        assert_eq!(sound.channels().len(), 2);
        // Front left and rear left; the low-frequency channel is left out.
        assert!((sound.channels()[0][0] - (0.5 + 0.25 * 0.707)).abs() < 1e-3);
        assert_eq!(sound.channels()[1][0], 0.0);
    }

    #[test]
    fn only_the_requested_part_is_read() {
        let sound = SoundBuffer::mono(ramp(200_000), 44_100);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &sound, WavFormat::Float32).unwrap();
        let all = read_sound_at(&path, 48_000, None, &|| false).unwrap();
        let start = read_sound_at(&path, 48_000, Some(1000), &|| false).unwrap();
        assert_eq!(start.channels()[0], all.channels()[0][..1000]);
        let stopped = read_sound_at(&path, 48_000, None, &|| true);
        assert!(matches!(stopped, Err(SoundFileError::Stopped)));
    }

    #[test]
    fn samples_that_are_no_sound_are_silence() {
        let bytes = channel_bytes(&[f32::NAN, f32::INFINITY, 3e38, -3e38]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(read_sound_file(&path).unwrap().peak(), 0.0);
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            head in 0_usize..8,
            bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600),
        ) {
            const HEADS: [&[u8]; 8] = [
                b"RIFF\x40\x00\x00\x00WAVEfmt \x10\x00\x00\x00", b"FORM\x00\x00\x00\x40AIFFCOMM",
                b"fLaC\x00\x00\x00\x22", b"OggS\x00\x02", b"\x00\x00\x00\x18ftypM4A ",
                b"ID3\x04\x00\x00\x00\x00\x00\x0a", b"\xff\xfb\x90\x64", b"\xff\xf1\x50\x80",
            ];
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a");
            std::fs::write(&path, [HEADS[head], &bytes[..]].concat()).unwrap();
            let _ = probe_sound_file(&path);
            let _ = read_sound_file(&path);
        }
    }
}
