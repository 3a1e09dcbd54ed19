//! Reads and writes WAV files of our own making.
//!
//! Files of the user are of many kinds, and are read elsewhere.

use super::SoundBuffer;
use std::io;
use std::path::Path;

/// How samples are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WavFormat {
    /// Whole numbers of 24 bits, for deliverables.
    Pcm24,
    /// 32-bit floats, for files between jobs: nothing is rounded or cut off.
    Float32,
}

/// Why a WAV file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {cause}")]
pub struct WavFileError {
    path: String,
    #[source]
    cause: hound::Error,
}

impl WavFileError {
    pub(super) fn new(path: &Path, cause: hound::Error) -> Self {
        Self {
            path: path.display().to_string(),
            cause,
        }
    }

    /// Returns the error of a file of another rate than the rest.
    pub(super) fn other_rate(path: &Path) -> Self {
        let cause = hound::Error::FormatError("its samples a second are not those of the mix");
        Self::new(path, cause)
    }

    /// Returns the error of the file system, if it was one.
    #[must_use]
    pub const fn io_error(&self) -> Option<&io::Error> {
        match &self.cause {
            hound::Error::IoError(error) => Some(error),
            _ => None,
        }
    }
}

/// Reads a WAV file of one or two channels.
///
/// # Errors
/// Fails if it cannot be read, is no WAV file, or has more channels.
pub fn read_wav(path: &Path) -> Result<SoundBuffer, WavFileError> {
    let failed = |error| WavFileError::new(path, error);
    let mut reader = hound::WavReader::open(path).map_err(failed)?;
    let samples: Result<Vec<f32>, hound::Error> = float_samples(&mut reader).collect();
    sound_from_samples(samples.map_err(failed)?, reader.spec()).map_err(failed)
}

/// The least length of samples in a header that means that the program did not know it, in bytes.
// Programs that write to a pipe leave `0x7fffffff`, `0xffffffff` or a little less. No line is two
// gigabytes long.
const STREAMED_BYTES: u64 = 0x7fff_0000;

/// Reads a WAV file, also one whose header has no true length, as programs leave it that write to a
/// pipe. Samples that are no numbers are silence.
///
/// # Errors
/// As for [`read_wav`]. A file that ends before the length of its header is an error.
pub fn read_streamed_wav(path: &Path) -> Result<SoundBuffer, WavFileError> {
    let failed = |error| WavFileError::new(path, error);
    let mut reader = hound::WavReader::open(path).map_err(failed)?;
    let spec = reader.spec();
    // In bytes of samples, as programs leave the number in the header.
    let claimed = u64::from(reader.len()) * u64::from(spec.bits_per_sample.div_ceil(8));
    let mut samples = Vec::new();
    for sample in float_samples(&mut reader) {
        match sample {
            Ok(sample) => samples.push(if sample.is_finite() { sample } else { 0.0 }),
            // The crate reports the end of the file as an error of its own, without a kind.
            Err(hound::Error::IoError(error))
                if claimed >= STREAMED_BYTES && is_end_of_file(&error) =>
            {
                break;
            }
            Err(hound::Error::IoError(error)) if is_end_of_file(&error) => {
                return Err(failed(hound::Error::FormatError(
                    "it ends before the length that its header names: it was cut short",
                )));
            }
            Err(error) => return Err(failed(error)),
        }
    }
    sound_from_samples(samples, spec).map_err(failed)
}

fn is_end_of_file(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        // `hound` reports an end within a sample as `Other`.
        io::ErrorKind::UnexpectedEof | io::ErrorKind::Other
    )
}

/// Returns the samples that each channel of a WAV file has, from its header.
///
/// # Errors
/// Fails if it cannot be read, or is no WAV file.
pub fn wav_length(path: &Path) -> Result<u64, WavFileError> {
    let reader = hound::WavReader::open(path).map_err(|error| WavFileError::new(path, error))?;
    Ok(reader.duration().into())
}

type WavFileReader = hound::WavReader<io::BufReader<std::fs::File>>;

/// Returns the samples of all channels in turn. Full scale is 1.
fn float_samples(
    reader: &mut WavFileReader,
) -> Box<dyn Iterator<Item = Result<f32, hound::Error>> + '_> {
    let spec = reader.spec();
    match spec.sample_format {
        hound::SampleFormat::Float => Box::new(reader.samples::<f32>()),
        hound::SampleFormat::Int => {
            // A power of two, so that 24 bits survive the way to a float and back unchanged.
            let full_scale = (1_u32 << (spec.bits_per_sample - 1)) as f32;
            let samples = reader.samples::<i32>();
            Box::new(samples.map(move |sample| sample.map(|sample| sample as f32 / full_scale)))
        }
    }
}

fn sound_from_samples(
    samples: Vec<f32>,
    spec: hound::WavSpec,
) -> Result<SoundBuffer, hound::Error> {
    match spec.channels {
        1 => Ok(SoundBuffer::mono(samples, spec.sample_rate)),
        2 => {
            let left = samples.iter().step_by(2).copied().collect();
            let right = samples.iter().skip(1).step_by(2).copied().collect();
            Ok(SoundBuffer::stereo(left, right, spec.sample_rate))
        }
        _ => Err(hound::Error::Unsupported),
    }
}

/// Writes a WAV file. Samples beyond full scale are cut off in whole numbers.
///
/// # Errors
/// Fails if it cannot be written.
pub fn write_wav(path: &Path, sound: &SoundBuffer, format: WavFormat) -> Result<(), WavFileError> {
    write_samples(path, sound, format).map_err(|error| WavFileError::new(path, error))
}

fn write_samples(path: &Path, sound: &SoundBuffer, format: WavFormat) -> Result<(), hound::Error> {
    let (bits_per_sample, sample_format) = match format {
        WavFormat::Pcm24 => (24, hound::SampleFormat::Int),
        WavFormat::Float32 => (32, hound::SampleFormat::Float),
    };
    let spec = hound::WavSpec {
        channels: if sound.channels().len() == 1 { 1 } else { 2 },
        sample_rate: sound.sample_rate(),
        bits_per_sample,
        sample_format,
    };
    let mut writer = hound::WavWriter::create(path, spec)?;
    for index in 0..sound.length() {
        for channel in sound.channels() {
            match format {
                WavFormat::Pcm24 => writer.write_sample(pcm24_sample(channel[index]))?,
                WavFormat::Float32 => writer.write_sample(channel[index])?,
            }
        }
    }
    writer.finalize()
}

/// Full scale of 24 bits.
pub(super) const FULL_SCALE: f32 = 8_388_608.0;

/// Returns the sample as a whole number of 24 bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is rounded and within 24 bits, and NaN becomes 0"
)]
pub(super) fn pcm24_sample(sample: f32) -> i32 {
    // Added to a number of this size, a fraction is rounded off, and the number is in the lowest
    // bits. A call of `round` for each sample would take longer than all the rest.
    const ROUNDING: f64 = 6_755_399_441_055_744.0;
    let scaled = f64::from(sample) * f64::from(FULL_SCALE);
    let scaled = if scaled < f64::from(FULL_SCALE) - 1.0 {
        scaled
    } else {
        f64::from(FULL_SCALE) - 1.0
    };
    let scaled = if scaled > -f64::from(FULL_SCALE) {
        scaled
    } else {
        -f64::from(FULL_SCALE)
    };
    let rounded = (scaled + ROUNDING).to_bits() as u32;
    if sample.is_nan() {
        0
    } else {
        rounded.cast_signed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_written_wav_file_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let sound = SoundBuffer::stereo(vec![0.0, 0.5, -1.0], vec![0.25, -0.25, 0.75], 48_000);
        for format in [WavFormat::Pcm24, WavFormat::Float32] {
            write_wav(&path, &sound, format).unwrap();
            assert_eq!(read_wav(&path).unwrap(), sound, "{format:?}");
        }
    }

    #[test]
    fn beyond_full_scale_whole_numbers_are_cut_off_and_floats_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let sound = SoundBuffer::mono(vec![1.5, -1.5], 48_000);
        write_wav(&path, &sound, WavFormat::Float32).unwrap();
        assert_eq!(read_wav(&path).unwrap(), sound);
        write_wav(&path, &sound, WavFormat::Pcm24).unwrap();
        let cut = read_wav(&path).unwrap();
        assert!((cut.channels()[0][0] - 1.0).abs() < 1e-6);
        assert_eq!(cut.channels()[0][1], -1.0);
    }

    #[test]
    fn a_file_from_a_pipe_is_read_and_one_that_was_cut_short_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let sound = SoundBuffer::mono(vec![0.5; 1000], 48_000);
        write_wav(&path, &sound, WavFormat::Float32).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let data = whole.windows(4).position(|four| four == b"data").unwrap() + 4;
        for claimed in [0x7fff_f000_u32, u32::MAX - 3] {
            let mut streamed = whole.clone();
            streamed[data..data + 4].copy_from_slice(&claimed.to_le_bytes());
            std::fs::write(&path, &streamed).unwrap();
            assert_eq!(read_streamed_wav(&path).unwrap(), sound, "{claimed:#x}");
        }
        for cut_length in [data + 4, data + 40, whole.len() - 4, whole.len() - 1] {
            std::fs::write(&path, &whole[..cut_length]).unwrap();
            let error = read_streamed_wav(&path).unwrap_err().to_string();
            assert!(error.contains("cut short"), "{cut_length}: {error}");
        }
    }

    #[test]
    fn an_empty_or_foreign_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        std::fs::write(&path, b"RIFF").unwrap();
        assert!(read_wav(&path).is_err());
        let missing = read_wav(&folder.path().join("b.wav")).unwrap_err();
        assert!(missing.io_error().is_some());
    }
}
