//! Compares the sound of a deliverable with the mix that it was made from.

use super::expectations::{as_bad_output, expect_equal, mismatch_failure};
use super::measured_facts::SoundMeasures;
use super::sound_fidelity::CodecFidelity;
use crate::media::FfmpegTools;
use crate::media::sound_probe::{self, SoundFacts};
use crate::model::codec::{ContainerClock, FilmContainer};
use crate::model::sound::{
    MIX_FACTS_FILE, MixFacts, MixFile, MixReasonKind, SoundCodec, SoundCodecSpec, SoundFormat,
    quicktime_tag,
};
use crate::model::{InputFile, InputSlot, OutputFormat};
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use crate::producers::output_check::unreadable_output;
use crate::sound::{
    LoudnessMeasure, LoudnessMeter, RatedStream, SoundBuffer, SoundComparison, SoundLikeness,
    WavFileError, WavStream,
};
use std::ops::Range;
use std::path::Path;

/// The LU by which sound may differ from its mix before a warning.
const PLAIN_DIFFERENCE: f64 = 0.5;
/// Integrated loudness in LUFS from which codecs with loss are sure to keep something of a sound.
const COMPARABLE: f64 = -60.0;
/// The most decibels by which the peak of samples without loss may exceed the ceiling. Two meters
/// may differ by this much.
const PEAK_TOLERANCE: f64 = 0.1;
/// True peak in dBTP above which players clip.
const CLIPPING: f64 = 0.0;
/// Seconds by which the sound of a stream may begin early, or end late: a frame of AAC.
const STREAM_SOUND_ERROR: f64 = 0.022;
/// Seconds before the first sample that a player plays at which Opus begins. WebM marks them as
/// such, and ffprobe prints their time.
const OPUS_LEAD: f64 = 312.0 / 48_000.0;
/// A sound is silent if its true peak is below this, in dBTP: the last bits of 16.
const SILENCE: f64 = -90.0;

/// What was measured, and what people must know.
pub(super) struct VerifiedSound {
    pub(super) measures: SoundMeasures,
    pub(super) warnings: Vec<String>,
}

/// Sound as it was decoded.
struct DecodedSound {
    /// Samples of each channel.
    samples: u64,
    /// Measured over the length of the film. What a codec adds at the end is left out.
    measure: LoudnessMeasure,
}

/// Decodes the sound of a film and compares it with the mix in the slot `mix`. `probed`: what the
/// film says of its sound.
///
/// # Errors
/// Fails with the first fact that differs.
pub(super) fn verify_film_sound(
    tools: &FfmpegTools,
    film: &Path,
    probed: Option<&SoundFacts>,
    format: &SoundFormat,
    context: &JobContext<'_>,
) -> Result<VerifiedSound, JobFailure> {
    let spec = format.codec.spec();
    // A film whose sound was lost looks right in every picture.
    let probed = probed.ok_or_else(|| mismatch_failure("sound", spec.display_name, "none"))?;
    // What the header says comes first: it is fast, and its messages are clearer.
    expect_track(probed, format, spec, context)?;
    let fidelity = CodecFidelity::new(format);
    let mut meter = DecodedSoundMeter::new(format)?;
    let mut comparer = MixComparer::open(format, &fidelity, context)?;
    // In a stream, sound begins with a whole frame of its codec, a little before the film.
    let mut lead = early_samples(probed, format, context);
    sound_probe::decode_sound(tools, film, context.watch, |mut left, mut right| {
        // Players leave these out, so they are no part of the film.
        let early = lead.min(left.len());
        lead -= early;
        left.drain(..early);
        right.drain(..early);
        let block = SoundBuffer::stereo(left, right, format.encoded_rate());
        comparer.compare_samples(&block);
        meter.add_samples(&block);
    })
    .map_err(|error| as_bad_output(error.into()))?;
    let decoded = meter.finish();
    let likeness = comparer.finish()?;
    let range = fidelity.loudness_range(&likeness.loudness);
    let verified = expect_mixed_sound(&decoded, format, range, context)?;
    // An encoder may drop all of a sound below, and then nothing would agree.
    let is_comparable = mix_facts(context)?
        .integrated
        .is_none_or(|loudness| loudness >= COMPARABLE);
    // The samples are as many as they must be, so both were compared to their end.
    match fidelity.difference(&likeness).filter(|_| is_comparable) {
        Some(found) => Err(mismatch_failure("sound", "that of the mix", found)),
        None => Ok(verified),
    }
}

/// Returns how many samples come before those of the film. A playlist cannot say that players leave
/// out what an encoder begins with, so a stream has it before the time at which its film begins.
fn early_samples(probed: &SoundFacts, format: &SoundFormat, context: &JobContext<'_>) -> usize {
    // Containers of films mark these samples themselves, and ffmpeg leaves them out.
    if film_container(context).is_some() {
        return 0;
    }
    let early = (film_start(context) - probed.start).max(0.0) * f64::from(format.encoded_rate());
    whole_samples(early)
}

/// Returns the seconds at which the pictures of the film begin.
fn film_start(context: &JobContext<'_>) -> f64 {
    let output = context.action.output_format();
    output.map_or(0.0, OutputFormat::start_seconds)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time that was compared before: it is less than a frame of AAC"
)]
fn whole_samples(samples: f64) -> usize {
    samples.round() as usize
}

/// Compares samples as they come with those of the mix.
struct MixComparer {
    mix: RatedStream,
    comparison: SoundComparison,
    /// Samples of the mix that are left.
    left: u64,
    unreadable: Option<JobFailure>,
    path: std::path::PathBuf,
}

impl MixComparer {
    fn open(
        format: &SoundFormat,
        fidelity: &CodecFidelity,
        context: &JobContext<'_>,
    ) -> Result<Self, JobFailure> {
        let file = mix_input(context, MixFile::Mix.name())?;
        let mix = RatedStream::open(&file.path, format.encoded_rate());
        Ok(Self {
            mix: mix.map_err(|error| unreadable_output(&file.path, &error))?,
            comparison: SoundComparison::new(format.encoded_rate(), &fidelity.passband),
            left: format.encoded_length(),
            unreadable: None,
            path: file.path.clone(),
        })
    }

    fn compare_samples(&mut self, block: &SoundBuffer) {
        // A codec fills its last frame with silence, which the mix does not have.
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let count = block.length().min(left);
        if count == 0 || self.unreadable.is_some() {
            return;
        }
        self.left -= count as u64;
        match self.mix.next_samples(count) {
            Ok(source) => self.comparison.add_block(&source, block),
            // Reported at the end: the callback of the decoder cannot fail.
            Err(error) => self.unreadable = Some(unreadable_output(&self.path, &error)),
        }
    }

    fn finish(self) -> Result<SoundLikeness, JobFailure> {
        match self.unreadable {
            Some(failure) => Err(failure),
            None => Ok(self.comparison.finish()),
        }
    }
}

/// Compares the mix that is delivered beside an output with its own facts. `None`: there is none.
///
/// # Errors
/// Fails with the first fact that differs.
pub(super) fn verify_mix_file(
    context: &JobContext<'_>,
) -> Result<Option<VerifiedSound>, JobFailure> {
    const BLOCK: usize = 1 << 16;
    if context.inputs.files_in(&InputSlot::mix()).is_empty() {
        return Ok(None);
    }
    let mix = mix_facts(context)?;
    let format = SoundFormat {
        codec: SoundCodec::Pcm,
        sample_rate: mix.sample_rate,
        length: mix.length,
        bit_rate: None,
        language: None,
    };
    let file = mix_input(context, MixFile::Mix.name())?;
    let failed = |error: WavFileError| unreadable_output(&file.path, &error);
    let mut stream = WavStream::open(&file.path).map_err(failed)?;
    expect_equal("samples a second", mix.sample_rate, stream.sample_rate())?;
    let mut meter = DecodedSoundMeter::new(&format)?;
    let length = stream.length();
    // By blocks, because the mix of a long film does not fit into memory.
    for first in (0..length).step_by(BLOCK) {
        let left = usize::try_from(length - first).unwrap_or(BLOCK);
        let block = stream.read_samples(first, left.min(BLOCK));
        meter.add_samples(&block.map_err(failed)?);
    }
    // The file is the mix itself, without a codec between them.
    let range = -PLAIN_DIFFERENCE..PLAIN_DIFFERENCE;
    expect_mixed_sound(&meter.finish(), &format, range, context).map(Some)
}

/// Measures samples as they come.
struct DecodedSoundMeter {
    meter: LoudnessMeter,
    length: u64,
    samples: u64,
}

impl DecodedSoundMeter {
    fn new(format: &SoundFormat) -> Result<Self, JobFailure> {
        let meter = LoudnessMeter::new(format.encoded_rate());
        let meter = meter.map_err(|error| {
            JobFailure::new(FailureClass::BadOutput, format!("verify sound: {error}"))
        })?;
        Ok(Self {
            meter,
            length: format.encoded_length(),
            samples: 0,
        })
    }

    fn add_samples(&mut self, block: &SoundBuffer) {
        let left = self.length.saturating_sub(self.samples);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        self.samples += block.length() as u64;
        if left >= block.length() {
            self.meter.add_block(block);
        } else if left > 0 {
            let mut audible = block.clone();
            audible.set_length(left);
            self.meter.add_block(&audible);
        }
    }

    fn finish(self) -> DecodedSound {
        DecodedSound {
            samples: self.samples,
            measure: self.meter.measure(),
        }
    }
}

/// Compares what the container says of its sound.
fn expect_track(
    probed: &SoundFacts,
    format: &SoundFormat,
    spec: &SoundCodecSpec,
    context: &JobContext<'_>,
) -> Result<(), JobFailure> {
    expect_equal("sound codec", spec.probed_name, probed.codec.as_str())?;
    expect_equal("channels", 2, probed.channels)?;
    let encoded_rate = format.encoded_rate();
    expect_equal("samples a second", encoded_rate, probed.sample_rate)?;
    let rate = f64::from(encoded_rate.max(1));
    // The silence that an encoder begins with must be marked as such, or players show the picture
    // before its sound. Times are printed in microseconds.
    let start = film_start(context);
    let start = match film_container(context) {
        Some(FilmContainer::Webm) if format.codec == SoundCodec::Opus => start - OPUS_LEAD,
        _ => start,
    };
    if (probed.start - start).abs() > (1.0 / rate).max(clock_error(context)) {
        let found = format!("{:.6} s", probed.start);
        return Err(mismatch_failure(
            "start of the sound",
            format!("{start} s"),
            found,
        ));
    }
    let wanted = format.encoded_length() as f64 / rate;
    // The last frame of a codec may be longer than the sound.
    let most = spec.frame_length.max(1) as f64 / rate + clock_error(context);
    if (probed.duration - wanted).abs() > most {
        let found = format!("{:.6} s", probed.duration);
        return Err(mismatch_failure(
            "length of the sound",
            format!("{wanted:.6} s"),
            found,
        ));
    }
    expect_language(probed, format, context)
}

fn expect_language(
    probed: &SoundFacts,
    format: &SoundFormat,
    context: &JobContext<'_>,
) -> Result<(), JobFailure> {
    let tag = format.language_tag();
    let found = probed.language.as_deref();
    match film_container(context) {
        // QuickTime has names of its own, and none for most languages. MXF has none at all.
        Some(FilmContainer::Mov | FilmContainer::Mxf) if found.is_none() => return Ok(()),
        Some(container)
            if container.spec().bibliographic_languages && found == tag.map(quicktime_tag) =>
        {
            return Ok(());
        }
        // ffprobe reports no languages for what a playlist names; its file was probed instead.
        None if found.is_none() => return Ok(()),
        _ => {}
    }
    expect_equal(
        "language of the sound",
        tag.unwrap_or("none"),
        found.unwrap_or("none"),
    )
}

/// Returns the seconds by which a container rounds the times of its sound.
fn clock_error(context: &JobContext<'_>) -> f64 {
    let clock = film_container(context).map(|container| container.spec().clock);
    match clock {
        Some(ContainerClock::Milliseconds) => 0.001,
        // Ticks of these containers are as fine as samples.
        Some(_) => 0.0,
        // A stream, whose sound begins with the frame of AAC in which the film begins.
        None => STREAM_SOUND_ERROR,
    }
}

fn film_container(context: &JobContext<'_>) -> Option<FilmContainer> {
    context.action.output_format()?.container()
}

/// Compares decoded sound with the facts of its mix. `range`: the LU by which it may differ.
fn expect_mixed_sound(
    decoded: &DecodedSound,
    format: &SoundFormat,
    range: Range<f64>,
    context: &JobContext<'_>,
) -> Result<VerifiedSound, JobFailure> {
    let spec = format.codec.spec();
    let length = format.encoded_length();
    let most = length + spec.frame_length;
    if !(length..=most).contains(&decoded.samples) {
        let wanted = if most == length {
            most.to_string()
        } else {
            format!("{length} to {most}")
        };
        return Err(mismatch_failure("samples", wanted, decoded.samples));
    }
    let mix = mix_facts(context)?;
    let lost = expect_loudness(&decoded.measure, &mix, spec, range)?;
    let mut warnings = peak_warnings(&decoded.measure, &mix, spec)?;
    warnings.extend(lost);
    Ok(VerifiedSound {
        measures: SoundMeasures {
            codec: spec.id.to_owned(),
            sample_rate: format.encoded_rate(),
            samples: decoded.samples,
            integrated: decoded.measure.integrated.ok().map(two_digits),
            true_peak: decoded.measure.true_peak.map(two_digits),
        },
        warnings,
    })
}

/// Fails on a loudness out of its range. Returns a warning about one that the codec alone changed.
fn expect_loudness(
    measure: &LoudnessMeasure,
    mix: &MixFacts,
    spec: &SoundCodecSpec,
    range: Range<f64>,
) -> Result<Option<String>, JobFailure> {
    expect_sound_or_silence(measure, mix, range.start)?;
    let (Some(wanted), Ok(found)) = (mix.integrated, measure.integrated) else {
        return Ok(None);
    };
    let difference = found - wanted;
    if difference < range.start || difference > range.end {
        return Err(mismatch_failure(
            "loudness",
            format!("{wanted:.1} LUFS"),
            format!("{found:.1} LUFS"),
        ));
    }
    // Within what this bit rate can do, and still audible: the user should know, and the film is
    // not wrong.
    Ok((difference.abs() > PLAIN_DIFFERENCE).then(|| {
        format!(
            "{} at its bit rate cannot carry all of this sound: it is at {found:.1} LUFS and not {wanted:.1}; write a higher `bit_rate`, or `flac` or `pcm`",
            spec.display_name
        )
    }))
}

/// `lowest`: the most LU by which a codec may lower the sound, negative.
fn expect_sound_or_silence(
    measure: &LoudnessMeasure,
    mix: &MixFacts,
    lowest: f64,
) -> Result<(), JobFailure> {
    let is_silent = measure.true_peak.is_none_or(|peak| peak < SILENCE);
    let is_mix_silent = mix
        .reasons
        .iter()
        .any(|reason| reason.kind == MixReasonKind::Silent);
    let sound_word = |is_silent: bool| if is_silent { "silence" } else { "sound" };
    // Sound that is quieter than the last bit of 16 may be lost in a codec.
    let peak = mix.true_peak.map(|peak| peak + lowest);
    let is_faint = peak.is_none_or(|peak| peak < SILENCE + 20.0);
    if is_silent != is_mix_silent && !is_faint {
        return Err(mismatch_failure(
            "sound",
            sound_word(is_mix_silent),
            sound_word(is_silent),
        ));
    }
    Ok(())
}

/// Fails on a peak that a codec without loss cannot have made. Codecs with loss add a little.
fn peak_warnings(
    measure: &LoudnessMeasure,
    mix: &MixFacts,
    spec: &SoundCodecSpec,
) -> Result<Vec<String>, JobFailure> {
    let Some(peak) = measure.true_peak else {
        return Ok(Vec::new());
    };
    // Without loss there is nothing that could raise a peak.
    if !spec.lossy && peak > mix.ceiling + PEAK_TOLERANCE {
        return Err(mismatch_failure(
            "true peak",
            format!("at most {:.1} dBTP", mix.ceiling),
            format!("{peak:.1} dBTP"),
        ));
    }
    let clips = (spec.lossy && peak > CLIPPING).then(|| {
        format!(
            "{} raised the true peak to {peak:.1} dBTP, which some players clip; write a lower `true_peak`",
            spec.display_name
        )
    });
    Ok(clips.into_iter().collect())
}

/// Reads what the mix measured of itself.
fn mix_facts(context: &JobContext<'_>) -> Result<MixFacts, JobFailure> {
    let file = mix_input(context, MIX_FACTS_FILE)?;
    let bytes = std::fs::read(&file.path)
        .map_err(|error| JobFailure::from_io_error("read the facts of the mix", &error))?;
    serde_json::from_slice(&bytes).map_err(|error| unreadable_output(&file.path, &error))
}

fn mix_input<'c>(context: &'c JobContext<'_>, name: &str) -> Result<&'c InputFile, JobFailure> {
    let files = context.inputs.files_in(&InputSlot::mix());
    files.iter().find(|file| file.name == name).ok_or_else(|| {
        let message = format!("verify the sound: the mix has no {name}");
        JobFailure::new(FailureClass::MissingInput, message)
    })
}

fn two_digits(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
