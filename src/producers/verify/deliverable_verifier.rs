//! The verification job: measures, compares, warns, and writes `facts.json`.

use super::animation_facts::expect_animation;
use super::expectations::{as_bad_output, expect_equal, expect_film, film_clock, mismatch_failure};
use super::measured_facts::{MeasuredFacts, RetroFacts};
use super::sound_expectations::{verify_film_sound, verify_mix_file};
use super::stream_verifier::UnpackedStream;
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::media::film_probe::{self, FilmReport};
use crate::media::picture::{self, DisplayImage};
use crate::media::video_probe::{self, DecodedVideoStats};
use crate::media::{FfmpegTools, sound_probe, tone};
use crate::model::codec::{AnimationFormat, SequenceFormat, StillFormat};
use crate::model::retro_treatment::{Palette, RetroTreatment};
use crate::model::sound::SoundFormat;
use crate::model::{
    CodecDelivery, FilmEncoding, InputFile, InputSlot, JobAction, OutputFormat, PixelSize,
};
use crate::producers::contract::{
    ExecutionMode, FailureClass, JobContext, JobFailure, OutputFile, ProducerOutput,
};
use crate::producers::encode::{
    SegmentFacts, has_packets_of, picture_name, pictures_of_segments, require_ffmpeg, segment_files,
};
use crate::producers::retro::ColourLattice;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;

/// A deliverable is black if no frame has a luma above this, of 0 to 1.
const BLACK_BRIGHTNESS: f64 = 0.02;

/// Verifies deliverables: video with ffmpeg and ffprobe, pictures without a tool.
#[derive(Debug, Clone)]
pub struct DeliverableVerifier {
    /// ffmpeg and ffprobe; `None` if they are not installed, which matters for video only.
    pub tools: Option<FfmpegTools>,
}

impl DeliverableVerifier {
    /// Decodes the files of slot `deliverable` and leaves `facts.json`. The pictures of a film are
    /// not decoded if its packets are all those of the segments beside it, whose facts are known.
    ///
    /// # Errors
    /// Fails with the first fact that differs, with the expected and the actual value, or on a stop
    /// request.
    pub fn verify_deliverable(&self, context: &JobContext) -> Result<ProducerOutput, JobFailure> {
        let JobAction::Verify {
            format,
            count,
            sound,
            timecode,
        } = context.action
        else {
            return Err(JobFailure::new(
                FailureClass::Crash,
                "verify: this job is another kind of work",
            ));
        };
        let files = context.inputs.files_in(&InputSlot::deliverable());
        let (mut facts, peak, provider) = match &format.codec.spec().delivery {
            CodecDelivery::Sequence(pictures) => {
                let (facts, peak) = verify_pictures(files, format, *pictures, *count, context)?;
                (facts, peak, "verify (built in)".to_owned())
            }
            CodecDelivery::Animation(animation) => {
                let [file] = files else {
                    return Err(mismatch_failure("files", 1, files.len()));
                };
                let (facts, peak) =
                    verify_animation(file, format, animation.format, *count, context)?;
                (facts, peak, "verify (built in)".to_owned())
            }
            CodecDelivery::Stream(_) => {
                // Its sound has a playlist of its own, so pictures and sound are verified together.
                return self.verify_stream(files, format, *count, sound.as_ref(), context);
            }
            CodecDelivery::Still(still) => {
                let [file] = files else {
                    return Err(mismatch_failure("files", 1, files.len()));
                };
                let (facts, peak) = verify_still(file, format, *still, *count)?;
                (facts, peak, "verify (built in)".to_owned())
            }
            CodecDelivery::Film(film) => {
                let wanted = WantedFilm {
                    format,
                    film,
                    count: *count,
                    sound: sound.as_ref(),
                    timecode: timecode.as_deref(),
                };
                return self.verify_film(files, &wanted, context);
            }
        };
        if sound.is_some() {
            return Err(mismatch_failure("sound", "none beside pictures", "a track"));
        }
        // A black or still film can be intended, so it is a warning and no failure.
        let mut warnings = facts_warnings(&facts, peak);
        if let Some(verified) = verify_mix_file(context)? {
            facts.sound = Some(verified.measures);
            warnings.extend(verified.warnings);
        }
        finish_verification(&facts, warnings, provider, context)
    }

    fn verify_film(
        &self,
        files: &[InputFile],
        wanted: &WantedFilm<'_>,
        context: &JobContext,
    ) -> Result<ProducerOutput, JobFailure> {
        let tools = require_ffmpeg(self.tools.as_ref())?;
        let [file] = files else {
            return Err(mismatch_failure("files", 1, files.len()));
        };
        let report = film_probe::probe_film(tools, &file.path, context.watch)
            .map_err(|error| as_bad_output(error.into()))?;
        // Pictures first: without them there is no film, and sound takes longer to compare.
        let (mut facts, peak) = wanted.measure_pictures(tools, &file.path, &report, context)?;
        let mut warnings = facts_warnings(&facts, peak);
        if let Some(timecode) = wanted.timecode {
            let found = report.timecode.as_deref().unwrap_or("none");
            expect_equal("timecode", timecode, found)?;
        }
        let verified = match wanted.sound {
            Some(sound) => {
                let probed = report.sound.as_ref();
                Some(verify_film_sound(
                    tools, &file.path, probed, sound, context,
                )?)
            }
            None => verify_mix_file(context)?,
        };
        if let Some(verified) = verified {
            facts.sound = Some(verified.measures);
            warnings.extend(verified.warnings);
        }
        let provider = format!("ffprobe {}", tools.version(context.watch)?);
        finish_verification(&facts, warnings, provider, context)
    }

    fn verify_stream(
        &self,
        files: &[InputFile],
        format: &OutputFormat,
        count: usize,
        sound: Option<&SoundFormat>,
        context: &JobContext,
    ) -> Result<ProducerOutput, JobFailure> {
        let tools = require_ffmpeg(self.tools.as_ref())?;
        let stream = UnpackedStream::link_files(files, context)?;
        let seen = stream.verify_renditions(tools, format, count, context)?;
        let mut facts = MeasuredFacts {
            profile: format!("{} renditions", format.encoding.renditions.len()),
            brightness: seen.brightness,
            frozen: seen.frozen,
            ..plain_facts(format, count)
        };
        let mut warnings = facts_warnings(&facts, seen.peak);
        let verified = match sound {
            Some(sound) => {
                stream.expect_sound_language(tools, sound, context)?;
                let playlist = stream.sound_playlist();
                let probed = sound_probe::probe_sound(tools, &playlist, context.watch)
                    .map_err(|error| as_bad_output(error.into()))?;
                let probed = probed.as_ref();
                Some(verify_film_sound(tools, &playlist, probed, sound, context)?)
            }
            None => verify_mix_file(context)?,
        };
        if let Some(verified) = verified {
            facts.sound = Some(verified.measures);
            warnings.extend(verified.warnings);
        }
        // The facts are the only output of the job.
        stream.remove()?;
        let provider = format!("ffprobe {}", tools.version(context.watch)?);
        finish_verification(&facts, warnings, provider, context)
    }
}

/// A film as its output wants it.
struct WantedFilm<'a> {
    format: &'a OutputFormat,
    film: &'a FilmEncoding,
    count: usize,
    /// The sound within it.
    sound: Option<&'a SoundFormat>,
    timecode: Option<&'a str>,
}

impl WantedFilm<'_> {
    /// Compares the pictures. Returns their facts and the greatest luma of any.
    fn measure_pictures(
        &self,
        tools: &FfmpegTools,
        path: &Path,
        report: &FilmReport,
        context: &JobContext,
    ) -> Result<(MeasuredFacts, f64), JobFailure> {
        let Self {
            format,
            film,
            count,
            ..
        } = *self;
        let video = expect_film(report, format, film, film_clock(format), count)?;
        let seen = self.see_pictures(tools, path, report, context)?;
        expect_equal("decoded frames", count, seen.frames)?;
        (context.progress)(count, count);
        let facts = MeasuredFacts {
            profile: format!("{} {}", video.profile, video.pixel_format),
            duration: video.duration,
            brightness: seen.brightness,
            frozen: seen.frozen,
            ..plain_facts(format, count)
        };
        Ok((facts, seen.peak))
    }

    /// Returns what decoding the film shows.
    fn see_pictures(
        &self,
        tools: &FfmpegTools,
        path: &Path,
        report: &FilmReport,
        context: &JobContext,
    ) -> Result<DecodedVideoStats, JobFailure> {
        let facts = SegmentFacts::of_inputs(context.inputs).unwrap_or_default();
        if has_packets_of(report, &facts) {
            // Every packet was read and compared with those that were decoded where the segments
            // were encoded. The same packets in the same order show the same.
            if let Some(known) = pictures_of_segments(report, &facts) {
                return Ok(known.summarize_video());
            }
        } else {
            // Packets differ, so the pictures decide: each must be that of its segment, byte for
            // byte.
            expect_segments(tools, path, context)?;
        }
        // The header was compared first, because that is fast and its messages are clearer. It
        // counts packets, which may hold damaged frames; only decoding to the end shows that every
        // frame is there.
        video_probe::decode_video_stats(tools, path, context.watch, |seen| {
            (context.progress)(seen.min(self.count), self.count);
        })
        .map_err(|error| as_bad_output(error.into()))
    }
}

/// Decodes a film, and the segments among the inputs, and compares every picture. Passes if there
/// are no segments.
fn expect_segments(
    tools: &FfmpegTools,
    path: &Path,
    context: &JobContext,
) -> Result<(), JobFailure> {
    // A version of ffmpeg may write packets differently that show the same. A damaged packet often
    // decodes without an error, and shows something else.
    let segments = segment_files(context.inputs);
    if segments.is_empty() {
        return Ok(());
    }
    let mut wanted = Vec::new();
    for segment in segments {
        let shown = video_probe::picture_digests(tools, &segment.path, context.watch);
        wanted.extend(shown.map_err(|error| JobFailure {
            class: FailureClass::MissingInput,
            ..JobFailure::from(error)
        })?);
    }
    let found = video_probe::picture_digests(tools, path, context.watch)
        .map_err(|error| as_bad_output(error.into()))?;
    expect_equal("decoded frames", wanted.len(), found.len())?;
    match wanted
        .iter()
        .zip(&found)
        .position(|(one, other)| one != other)
    {
        None => Ok(()),
        Some(index) => Err(mismatch_failure(
            &format!("picture {}", index + 1),
            "that of its segment",
            "another",
        )),
    }
}

fn finish_verification(
    facts: &MeasuredFacts,
    warnings: Vec<String>,
    provider: String,
    context: &JobContext,
) -> Result<ProducerOutput, JobFailure> {
    Ok(ProducerOutput {
        outputs: vec![write_facts(facts, context)?],
        provider,
        mode: ExecutionMode::Real,
        warnings,
    })
}

fn plain_facts(format: &OutputFormat, count: usize) -> MeasuredFacts {
    let PixelSize { width, height } = format.size;
    MeasuredFacts {
        codec: format.codec.id().to_owned(),
        profile: String::new(),
        width,
        height,
        fps: format.rate.to_string(),
        frames: count,
        duration: format.rate.duration_seconds(count),
        brightness: 0.0,
        frozen: false,
        retro: None,
        sound: None,
        timing: None,
    }
}

/// The measures of one decoded picture.
struct PictureMeasures {
    depth: u8,
    brightness: f64,
    peak: f64,
    digest: Digest,
    retro: Option<RetroFacts>,
}

fn verify_pictures(
    files: &[InputFile],
    format: &OutputFormat,
    pictures: SequenceFormat,
    count: usize,
    context: &JobContext,
) -> Result<(MeasuredFacts, f64), JobFailure> {
    // The count is compared first: a missing picture would otherwise be reported as a wrong name of
    // the one after it.
    expect_equal("pictures", count, files.len())?;
    let measures: Result<Vec<PictureMeasures>, JobFailure> = files
        // Decoding takes nearly all of the time, and no picture depends on another.
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            if context.watch.cancel.is_halting() {
                return Err(JobFailure::new(
                    FailureClass::Cancelled,
                    "verify: stopped on request",
                ));
            }
            expect_equal(
                "name",
                picture_name(format.codec, index).as_str(),
                file.name.as_str(),
            )?;
            measure_picture(file, format, pictures)
        })
        .collect();
    let measures = measures?;
    (context.progress)(count, count);
    let (facts, peak) = sum_measures(&measures, format, count);
    expect_retro_palette(format, pictures.keeps_palette(), facts.retro.as_ref())?;
    Ok((facts, peak))
}

/// Verifies a single picture, made of `count` frames.
fn verify_still(
    file: &InputFile,
    format: &OutputFormat,
    still: StillFormat,
    count: usize,
) -> Result<(MeasuredFacts, f64), JobFailure> {
    let size = still.picture_size(format.size, count);
    let whole = OutputFormat {
        size,
        ..format.clone()
    };
    // A poster or sheet is always JPEG.
    let measures = measure_picture(file, &whole, SequenceFormat::Jpeg)?;
    let (facts, peak) = sum_measures(&[measures], &whole, 1);
    Ok((facts, peak))
}

/// Verifies an animation, picture by picture.
fn verify_animation(
    file: &InputFile,
    format: &OutputFormat,
    kind: AnimationFormat,
    count: usize,
    context: &JobContext,
) -> Result<(MeasuredFacts, f64), JobFailure> {
    let mut measures = Vec::new();
    let delays = expect_animation(&file.path, format, kind, count, |index, picture| {
        measures.push(measure_shown(8, format, &picture.shown));
        (context.progress)((index + 1).min(count), count);
    })?;
    let (facts, peak) = sum_measures(&measures, format, count);
    // WebP has no palette, and rounds colours on its way through another colour space.
    let keeps_palette = kind != AnimationFormat::Webp;
    expect_retro_palette(format, keeps_palette, facts.retro.as_ref())?;
    let facts = MeasuredFacts {
        timing: Some(delays.words(count)),
        ..facts
    };
    Ok((facts, peak))
}

/// Returns the facts of all pictures together, and the greatest luma of any.
fn sum_measures(
    measures: &[PictureMeasures],
    format: &OutputFormat,
    count: usize,
) -> (MeasuredFacts, f64) {
    let peak = measures
        .iter()
        .map(|picture| picture.peak)
        .fold(0.0, f64::max);
    let depths: BTreeSet<u8> = measures.iter().map(|picture| picture.depth).collect();
    let frames = f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    let facts = MeasuredFacts {
        profile: depths
            .iter()
            .map(|depth| format!("{depth} bits"))
            .collect::<Vec<_>>()
            .join(", "),
        brightness: measures
            .iter()
            .map(|picture| picture.brightness)
            .sum::<f64>()
            / frames,
        // Neighbours are compared by digest, so no two pictures are in memory for it. A film of one
        // frame is not frozen.
        frozen: count > 1
            && measures
                .windows(2)
                .all(|pair| pair[0].digest == pair[1].digest),
        retro: measures
            .iter()
            .filter_map(|picture| picture.retro.clone())
            .reduce(worst_retro),
        ..plain_facts(format, count)
    };
    (facts, peak)
}

fn worst_retro(first: RetroFacts, other: RetroFacts) -> RetroFacts {
    let most_colours = first.most_colours.max(other.most_colours);
    RetroFacts {
        most_colours,
        on_palette: first.on_palette && other.on_palette,
    }
}

fn measure_picture(
    file: &InputFile,
    format: &OutputFormat,
    pictures: SequenceFormat,
) -> Result<PictureMeasures, JobFailure> {
    // Kind and depth are read apart from the pixels, because reading for display converts every
    // picture to 16 bits.
    let facts = picture::check_picture(&file.path).map_err(|error| as_bad_output(error.into()))?;
    let shown = read_display_image(file, pictures)?;
    expect_equal(&format!("{}, size", file.name), format.size, facts.size)?;
    Ok(measure_shown(facts.depth, format, &shown))
}

fn measure_shown(depth: u8, format: &OutputFormat, shown: &DisplayImage) -> PictureMeasures {
    let (brightness, peak) = mean_and_peak_luma(shown);
    PictureMeasures {
        depth,
        brightness,
        peak,
        digest: Digest::hash_bytes(bytemuck::cast_slice(shown.pixels.as_flattened())),
        retro: format
            .retro
            .as_ref()
            .map(|retro| measure_colours(retro, shown)),
    }
}

fn read_display_image(
    file: &InputFile,
    format: SequenceFormat,
) -> Result<DisplayImage, JobFailure> {
    let image = match format {
        // PNG has display values already. EXR and TIFF are read as light; brightness and colours
        // are measured as they are shown, so that one limit for black holds for all formats.
        SequenceFormat::Png => picture::read_png(&file.path),
        SequenceFormat::Exr | SequenceFormat::Tiff | SequenceFormat::Jpeg => {
            picture::read_picture(&file.path).map(|light| tone::encode_srgb(&light))
        }
    };
    image.map_err(|error| as_bad_output(error.into()))
}

/// Returns mean and greatest luma, 0 to 1.
fn mean_and_peak_luma(shown: &DisplayImage) -> (f64, f64) {
    let luma =
        |pixel: &[u16; 3]| f64::from(tone::luma(pixel.map(|value| f32::from(value) / 65535.0)));
    let (sum, peak) = shown
        .pixels
        .iter()
        .map(luma)
        .fold((0.0, 0.0f64), |(sum, peak), luma| {
            (sum + luma, peak.max(luma))
        });
    (
        sum / f64::from(u32::try_from(shown.pixels.len().max(1)).unwrap_or(u32::MAX)),
        peak,
    )
}

fn measure_colours(retro: &RetroTreatment, shown: &DisplayImage) -> RetroFacts {
    // Colours are counted in the file as it was written. The palette in its header would only show
    // what was intended.
    let seen: BTreeSet<[u8; 3]> = shown.to_8_bits().into_iter().collect();
    let on_palette = match &retro.palette {
        Palette::Fixed(palette) => seen.iter().all(|rgb| palette.contains(rgb)),
        Palette::Adaptive { bits, .. } => ColourLattice::new(*bits)
            .is_ok_and(|lattice| seen.iter().all(|rgb| lattice.contains_colour(*rgb))),
    };
    RetroFacts {
        most_colours: seen.len(),
        on_palette,
    }
}

fn expect_retro_palette(
    format: &OutputFormat,
    keeps_palette: bool,
    measured: Option<&RetroFacts>,
) -> Result<(), JobFailure> {
    let (Some(retro), Some(measured)) = (&format.retro, measured) else {
        return Ok(());
    };
    let most = match &retro.palette {
        Palette::Fixed(palette) => palette.len(),
        Palette::Adaptive { colours, .. } => usize::from(*colours),
    };
    if measured.most_colours > most {
        return Err(mismatch_failure(
            "colours",
            format!("at most {most}"),
            measured.most_colours,
        ));
    }
    // Only a format that keeps the palette must have exactly its colours when it is read back. The
    // others may round, so only their number of colours is checked.
    if !measured.on_palette && keeps_palette {
        return Err(mismatch_failure(
            "colours",
            "only those of the palette",
            "others",
        ));
    }
    Ok(())
}

fn facts_warnings(facts: &MeasuredFacts, peak: f64) -> Vec<String> {
    let mut warnings = Vec::new();
    if peak < BLACK_BRIGHTNESS {
        warnings.push(format!("all {} frames are black", facts.frames));
    }
    if facts.frozen {
        warnings.push(format!(
            "nothing moves: all {} frames look the same",
            facts.frames
        ));
    }
    warnings
}

fn write_facts(facts: &MeasuredFacts, context: &JobContext) -> Result<OutputFile, JobFailure> {
    let name = "facts.json".to_owned();
    let path = context.scratch.join(&name);
    std::fs::write(&path, to_pretty_json(facts) + "\n")
        .map_err(|error| JobFailure::from_io_error("write the facts", &error))?;
    Ok(OutputFile { name, path })
}
