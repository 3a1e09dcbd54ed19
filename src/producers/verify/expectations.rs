//! Compares measured facts with the expected ones. A failure names both.

use crate::media::video_probe::{self, VideoFacts};
use crate::media::{FfmpegTools, picture};
use crate::model::codec::ProbeCheck;
use crate::model::{FilmEncoding, FrameRate, OutputFormat, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobFailure};
use rayon::prelude::*;
use std::fmt::Display;
use std::path::Path;

/// Returns the failure that names the expected and the actual value.
pub(in crate::producers) fn mismatch_failure(
    what: &str,
    expected: impl Display,
    actual: impl Display,
) -> JobFailure {
    JobFailure::new(
        FailureClass::BadOutput,
        format!("verify {what}: expected {expected}, found {actual}"),
    )
}

/// Measures a video without decoding it: codec, profile, size, constant rate, frames and duration.
///
/// # Errors
/// Fails with the first fact that differs, or if the file cannot be read.
pub fn expect_video(
    tools: &FfmpegTools,
    path: &Path,
    format: &OutputFormat,
    film: &FilmEncoding,
    count: usize,
    watch: CallOptions<'_>,
) -> Result<VideoFacts, JobFailure> {
    let video = video_probe::probe_video(tools, path, watch)
        .map_err(|error| as_bad_output(error.into()))?;
    expect_equal(
        "codec",
        format.codec.spec().probed_name,
        video.codec.as_str(),
    )?;
    expect_variant(film.with_choice(&format.encoding).probe_check, &video)?;
    // Without the tags, players guess the colour space by the size of the picture and show wrong
    // colours.
    expect_equal("colour tags", "bt709 bt709 bt709", video.colours.as_str())?;
    expect_equal("size", format.size, video.size)?;
    expect_equal("frames", count, video.frames)?;
    expect_rate(format.rate, count, &video)?;
    let wanted = format.rate.duration_seconds(count);
    let frame = format.rate.duration_seconds(1);
    // Containers store durations in ticks, so they are not exact. A quarter of a frame is far above
    // their rounding, and a frame too many or too few is far above a quarter.
    if (video.duration - wanted).abs() > frame / 4.0 {
        return Err(mismatch_failure(
            "duration",
            format!("{wanted:.3} s"),
            format!("{:.3} s", video.duration),
        ));
    }
    Ok(video)
}

fn expect_variant(check: ProbeCheck, video: &VideoFacts) -> Result<(), JobFailure> {
    match check {
        ProbeCheck::Profile(profile) => expect_equal("profile", profile, video.profile.as_str()),
        ProbeCheck::PixelFormat(format) => {
            expect_equal("pixel format", format, video.pixel_format.as_str())
        }
    }
}

fn expect_rate(wanted: FrameRate, count: usize, video: &VideoFacts) -> Result<(), JobFailure> {
    // A single frame has no rate of its own; its duration is compared instead. Both rates are
    // compared, because a film with one late frame still has the right nominal rate.
    if count > 1 {
        expect_equal("rate", wanted, video.rate)?;
        expect_equal("average rate", wanted, video.average_rate)?;
    }
    Ok(())
}

pub(super) fn expect_equal<T: PartialEq + Display>(
    what: &str,
    expected: T,
    actual: T,
) -> Result<(), JobFailure> {
    if expected == actual {
        Ok(())
    } else {
        Err(mismatch_failure(what, expected, actual))
    }
}

/// Decodes pictures to their end and compares kind and size.
///
/// # Errors
/// Fails with the first picture, in order, that is missing, damaged, or of another kind or size.
pub fn expect_pictures<'a>(
    files: &[(&'a str, &'a Path)],
    kind: picture::PictureKind,
    size: PixelSize,
) -> Result<(), JobFailure> {
    // All results are collected before the first failure is taken. Stopping at once would report
    // the failure of the fastest thread, and the same damage would have a different message each
    // time.
    let checked: Vec<Result<(), JobFailure>> = files
        .par_iter()
        .map(|(name, path)| expect_picture(name, path, kind, size))
        .collect();
    checked.into_iter().collect()
}

fn expect_picture(
    name: &str,
    path: &Path,
    kind: picture::PictureKind,
    size: PixelSize,
) -> Result<(), JobFailure> {
    let image_facts = picture::check_picture(path).map_err(|error| as_bad_output(error.into()))?;
    if image_facts.kind != kind {
        return Err(mismatch_failure(
            &format!("{name}, kind"),
            format!("{kind:?}"),
            format!("{:?}", image_facts.kind),
        ));
    }
    expect_equal(&format!("{name}, size"), size, image_facts.size)
}

pub(in crate::producers) fn as_bad_output(failure: JobFailure) -> JobFailure {
    // A file that cannot be read is a bad output. The classes that stay are about the machine or
    // the run: blaming the output would make a job run again that did nothing wrong.
    match failure.class {
        FailureClass::Cancelled
        | FailureClass::MissingTool
        | FailureClass::OutOfMemory
        | FailureClass::HostLost
        | FailureClass::Timeout => failure,
        _ => JobFailure {
            class: FailureClass::BadOutput,
            message: format!("verify: {}", failure.message),
            ..failure
        },
    }
}
