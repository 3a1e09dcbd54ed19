//! Reads and writes WAV files a block at a time, for sound that is too long for memory.
//!
//! `hound` reads the header; the samples are converted here, many at once.

use super::wav_file::{WavFileError, pcm24_sample};
use super::{SoundBuffer, WavFormat};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A WAV file of one or two channels of which any part can be read.
#[derive(Debug)]
pub struct WavStream {
    path: PathBuf,
    file: File,
    coding: SampleCoding,
    channels: usize,
    sample_rate: u32,
    data_start: u64,
    length: u64,
    /// Where the file is, so that reading on costs no seek. `None`: unknown.
    position: Option<u64>,
    bytes: Vec<u8>,
}

/// How a sample is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SampleCoding {
    Float32,
    /// Whole numbers of 2, 3 or 4 bytes.
    Whole(usize),
}

impl SampleCoding {
    const fn byte_count(self) -> usize {
        match self {
            Self::Float32 => 4,
            Self::Whole(bytes) => bytes,
        }
    }

    /// Decodes the samples of one channel or two, at full scale 1.
    fn decode_samples(self, bytes: &[u8], channels: &mut [&mut [f32]]) {
        const STEP_16: f32 = 1.0 / 32_768.0;
        const STEP_32: f32 = 1.0 / 2_147_483_648.0;
        match self {
            Self::Float32 => decode_frames(bytes, channels, f32::from_le_bytes),
            Self::Whole(2) => decode_frames(bytes, channels, |bytes| {
                f32::from(i16::from_le_bytes(bytes)) * STEP_16
            }),
            // In the upper bytes, so that the sign is in its place.
            Self::Whole(3) => decode_frames(bytes, channels, |[a, b, c]| {
                i32::from_le_bytes([0, a, b, c]) as f32 * STEP_32
            }),
            Self::Whole(_) => decode_frames(bytes, channels, |bytes| {
                i32::from_le_bytes(bytes) as f32 * STEP_32
            }),
        }
    }
}

/// Decodes samples of `WIDTH` bytes.
// One loop for each coding and number of channels: a choice within the loop would cost more than
// the rest.
fn decode_frames<const WIDTH: usize>(
    bytes: &[u8],
    channels: &mut [&mut [f32]],
    decode: impl Fn([u8; WIDTH]) -> f32,
) {
    let (samples, _) = bytes.as_chunks::<WIDTH>();
    match channels {
        [only] => {
            for (to, sample) in only.iter_mut().zip(samples) {
                *to = decode(*sample);
            }
        }
        [left, right] => {
            let (frames, _) = samples.as_chunks::<2>();
            for ((left, right), frame) in left.iter_mut().zip(right.iter_mut()).zip(frames) {
                *left = decode(frame[0]);
                *right = decode(frame[1]);
            }
        }
        _ => {}
    }
}

impl WavStream {
    /// Opens a file and reads its header.
    ///
    /// # Errors
    /// Fails if it cannot be read, is no WAV file, has more than two channels, or has samples of
    /// another kind than whole numbers of 16, 24 or 32 bits and floats of 32.
    pub fn open(path: &Path) -> Result<Self, WavFileError> {
        let failed = |cause: hound::Error| WavFileError::new(path, cause);
        let file = File::open(path).map_err(|error| failed(error.into()))?;
        let header = hound::WavReader::new(BufReader::new(file)).map_err(failed)?;
        let spec = header.spec();
        let length = u64::from(header.duration());
        let coding = match (spec.sample_format, spec.bits_per_sample) {
            (hound::SampleFormat::Float, 32) => SampleCoding::Float32,
            (hound::SampleFormat::Int, bits @ (16 | 24 | 32)) => {
                SampleCoding::Whole(usize::from(bits / 8))
            }
            _ => return Err(failed(hound::Error::Unsupported)),
        };
        if !(1..=2).contains(&spec.channels) {
            return Err(failed(hound::Error::Unsupported));
        }
        let mut reader = header.into_inner();
        let data_start = reader
            .stream_position()
            .map_err(|error| failed(error.into()))?;
        Ok(Self {
            path: path.to_owned(),
            file: reader.into_inner(),
            coding,
            channels: usize::from(spec.channels),
            sample_rate: spec.sample_rate,
            data_start,
            length,
            position: None,
            bytes: Vec::new(),
        })
    }

    /// Returns the samples a second.
    #[must_use]
    pub const fn sample_rate(&self) -> u32 {
        self.sample_rate
    }

    /// Returns the number of channels: 1 or 2.
    #[must_use]
    pub const fn channel_count(&self) -> usize {
        self.channels
    }

    /// Returns the number of samples of each channel.
    #[must_use]
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Reads `count` samples of each channel from sample `first` on. Beyond the end is silence.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or is cut off.
    pub fn read_samples(&mut self, first: u64, count: usize) -> Result<SoundBuffer, WavFileError> {
        let mut sound = SoundBuffer::silence(self.channels, 0, self.sample_rate);
        self.read_into(first, count, &mut sound)?;
        Ok(sound)
    }

    /// Reads as [`WavStream::read_samples`] does, into a buffer that was read into before, whose
    /// memory is used again.
    ///
    /// # Errors
    /// As for [`WavStream::read_samples`].
    pub fn read_into(
        &mut self,
        first: u64,
        count: usize,
        sound: &mut SoundBuffer,
    ) -> Result<(), WavFileError> {
        let left = self.length.saturating_sub(first);
        let there = usize::try_from(left).map_or(count, |left| left.min(count));
        self.read_bytes(first, there)
            .map_err(|error| WavFileError::new(&self.path, error.into()))?;
        // The buffer may come from a file of another kind.
        if sound.channels().len() != self.channels || sound.sample_rate() != self.sample_rate {
            *sound = SoundBuffer::silence(self.channels, 0, self.sample_rate);
        }
        // What is beyond the end of the file is silence.
        sound.set_length(count);
        let mut channels = sound.channels_mut().map(|channel| {
            channel[there..].fill(0.0);
            &mut channel[..there]
        });
        match (channels.next(), channels.next()) {
            (Some(left), Some(right)) => {
                self.coding.decode_samples(&self.bytes, &mut [left, right]);
            }
            (Some(only), None) => self.coding.decode_samples(&self.bytes, &mut [only]),
            _ => {}
        }
        Ok(())
    }

    fn read_bytes(&mut self, first: u64, count: usize) -> io::Result<()> {
        let frame = self.coding.byte_count() * self.channels;
        // Tracks are read in order, so a seek is rare.
        if self.position != Some(first) {
            let offset = first.saturating_mul(frame as u64);
            self.file
                .seek(SeekFrom::Start(self.data_start.saturating_add(offset)))?;
        }
        // A read that fails leaves the file anywhere.
        self.position = None;
        self.bytes.resize(count * frame, 0);
        self.file.read_exact(&mut self.bytes)?;
        self.position = Some(first + count as u64);
        Ok(())
    }
}

/// A stereo WAV file that is written block by block. Its length is known before.
#[derive(Debug)]
pub struct WavSink {
    path: PathBuf,
    file: File,
    format: WavFormat,
    length: u64,
    written: u64,
    bytes: Vec<u8>,
}

impl WavSink {
    /// Creates a file of `length` samples.
    ///
    /// # Errors
    /// Fails if it cannot be written, or is larger than a WAV file can be.
    pub fn create(
        path: &Path,
        sample_rate: u32,
        length: u64,
        format: WavFormat,
    ) -> Result<Self, WavFileError> {
        let failed = |error: io::Error| WavFileError::new(path, error.into());
        // The header is written first, with the promised length. `finish` refuses any other, so
        // nothing has to be corrected at the end.
        let header = wav_header(sample_rate, length, format).ok_or_else(|| {
            failed(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "it would be longer than a WAV file can be, 4 GiB",
            ))
        })?;
        let mut file = File::create(path).map_err(failed)?;
        file.write_all(&header).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            format,
            length,
            written: 0,
            bytes: Vec::new(),
        })
    }

    /// Appends a stereo block. Samples beyond full scale are cut off in whole numbers.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub fn write_block(&mut self, block: &SoundBuffer) -> Result<(), WavFileError> {
        let [left, right] = block.channels() else {
            return Err(WavFileError::new(&self.path, hound::Error::Unsupported));
        };
        match self.format {
            WavFormat::Pcm24 => encode_pcm24(left, right, &mut self.bytes),
            WavFormat::Float32 => encode_float32(left, right, &mut self.bytes),
        }
        self.written += left.len() as u64;
        self.file
            .write_all(&self.bytes)
            .map_err(|error| WavFileError::new(&self.path, error.into()))
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Fails if not exactly the promised samples were written.
    pub fn finish(self) -> Result<(), WavFileError> {
        if self.written == self.length {
            return Ok(());
        }
        Err(WavFileError::new(
            &self.path,
            hound::Error::UnfinishedSample,
        ))
    }
}

fn encode_pcm24(left: &[f32], right: &[f32], bytes: &mut Vec<u8>) {
    /// Frames that are converted at once.
    const PIECE: usize = 64;
    /// Bytes of a frame.
    const FRAME: usize = 6;
    // Each frame is stored as eight bytes, of which the next overwrites two.
    bytes.resize(left.len() * FRAME + 2, 0);
    let mut place = 0;
    for (left, right) in left.chunks(PIECE).zip(right.chunks(PIECE)) {
        let mut whole = [[0_i32; PIECE]; 2];
        for (whole, samples) in whole.iter_mut().zip([left, right]) {
            for (whole, sample) in whole.iter_mut().zip(samples) {
                *whole = pcm24_sample(*sample);
            }
        }
        let to = &mut bytes[place..place + left.len() * FRAME + 2];
        for (index, (left, right)) in whole[0].iter().zip(&whole[1]).take(left.len()).enumerate() {
            let frame = u64::from(left.cast_unsigned() & 0xFF_FFFF)
                | u64::from(right.cast_unsigned() & 0xFF_FFFF) << 24;
            to[index * FRAME..index * FRAME + 8].copy_from_slice(&frame.to_le_bytes());
        }
        place += left.len() * FRAME;
    }
    bytes.truncate(place);
}

fn encode_float32(left: &[f32], right: &[f32], bytes: &mut Vec<u8>) {
    bytes.resize(left.len() * 8, 0);
    let (frames, _) = bytes.as_chunks_mut::<8>();
    for (frame, (left, right)) in frames.iter_mut().zip(left.iter().zip(right)) {
        let [a, b, c, d] = left.to_le_bytes();
        let [e, f, g, h] = right.to_le_bytes();
        *frame = [a, b, c, d, e, f, g, h];
    }
}

/// Returns the header of a stereo file: the bytes that `hound` writes. `None`: too long.
fn wav_header(sample_rate: u32, length: u64, format: WavFormat) -> Option<Vec<u8>> {
    let (bits, kind) = match format {
        WavFormat::Pcm24 => (24_u16, 1_u8),
        WavFormat::Float32 => (32, 3),
    };
    let frame = 2 * bits / 8;
    let data = u32::try_from(length.checked_mul(u64::from(frame))?).ok()?;
    let mut header = b"RIFF".to_vec();
    header.extend(data.checked_add(60)?.to_le_bytes());
    header.extend(b"WAVEfmt ");
    header.extend(40_u32.to_le_bytes());
    // The extensible form, which samples of more than 16 bits require.
    header.extend(0xfffe_u16.to_le_bytes());
    header.extend(2_u16.to_le_bytes());
    header.extend(sample_rate.to_le_bytes());
    header.extend(sample_rate.checked_mul(u32::from(frame))?.to_le_bytes());
    header.extend(frame.to_le_bytes());
    header.extend(bits.to_le_bytes());
    header.extend(22_u16.to_le_bytes());
    header.extend(bits.to_le_bytes());
    // Front left and front right.
    header.extend(3_u32.to_le_bytes());
    header.extend([kind, 0, 0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]);
    header.extend(b"data");
    header.extend(data.to_le_bytes());
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sound::{read_wav, write_wav};

    fn ramp(length: usize) -> SoundBuffer {
        let left: Vec<f32> = (0..length).map(|n| n as f32 / 1000.0 - 0.5).collect();
        let right = left.iter().map(|sample| -sample).collect();
        SoundBuffer::stereo(left, right, 44_100)
    }

    #[test]
    fn blocks_make_the_file_that_the_whole_makes() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole.wav");
        let blocks = folder.path().join("blocks.wav");
        for format in [WavFormat::Pcm24, WavFormat::Float32] {
            let sound = ramp(1000);
            write_wav(&whole, &sound, format).unwrap();
            let mut sink = WavSink::create(&blocks, 44_100, 1000, format).unwrap();
            let mut stream = WavStream::open(&whole).unwrap();
            for (first, count) in [(0, 300), (300, 1), (301, 699)] {
                sink.write_block(&stream.read_samples(first, count).unwrap())
                    .unwrap();
            }
            sink.finish().unwrap();
            let bytes = |path| std::fs::read(path).unwrap();
            assert!(bytes(&whole) == bytes(&blocks), "{format:?}");
        }
    }

    #[test]
    fn any_part_is_read_and_beyond_the_end_is_silence() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &ramp(100), WavFormat::Float32).unwrap();
        let whole = read_wav(&path).unwrap();
        let mut stream = WavStream::open(&path).unwrap();
        let part = stream.read_samples(90, 20).unwrap();
        assert_eq!(part.channels()[0][..10], whole.channels()[0][90..]);
        assert_eq!(part.channels()[1][10..], [0.0; 10]);
        assert_eq!(stream.read_samples(5000, 3).unwrap().peak(), 0.0);
        let part = stream.read_samples(7, 2).unwrap();
        assert_eq!(part.channels()[1], whole.channels()[1][7..9]);
    }

    #[test]
    fn a_file_that_is_cut_off_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        write_wav(&path, &ramp(100), WavFormat::Pcm24).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(&path, &bytes[..bytes.len() - 6]).unwrap();
        let mut stream = WavStream::open(&path).unwrap();
        assert!(stream.read_samples(0, 50).is_ok());
        assert!(stream.read_samples(0, 100).is_err());
    }

    #[test]
    fn a_file_that_promises_more_than_it_gets_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let mut sink = WavSink::create(&path, 44_100, 11, WavFormat::Pcm24).unwrap();
        sink.write_block(&ramp(10)).unwrap();
        assert!(sink.finish().is_err());
        let longest = u64::from(u32::MAX) / 6;
        assert!(WavSink::create(&path, 48_000, longest + 1, WavFormat::Pcm24).is_err());
    }
}
