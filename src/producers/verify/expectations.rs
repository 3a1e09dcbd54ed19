//! Compares what was found with what was asked, and says both.

use crate::media::video_probe::{self, VideoFacts};
use crate::media::{FfmpegTools, picture};
use crate::model::codec::ProbeCheck;
use crate::model::{FilmEncoding, FrameRate, OutputFormat, PixelSize};
use crate::process::CallOptions;
use crate::producers::contract::{FailureClass, JobFailure};
use rayon::prelude::*;
use std::fmt::Display;
use std::path::Path;

/// Returns the failure that names what was expected and what was found.
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
/// Fails with the first fact that is not as asked, or when the file cannot be read.
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
    expect_variant(film.probe_check, &video)?;
    expect_equal("colour tags", "bt709 bt709 bt709", video.colours.as_str())?;
    expect_equal("size", format.size, video.size)?;
    expect_equal("frames", count, video.frames)?;
    expect_rate(format.rate, count, &video)?;
    let (wanted, frame) = (
        format.rate.duration_seconds(count),
        format.rate.duration_seconds(1),
    );
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

/// A single frame has no rate of its own; its duration is compared instead.
fn expect_rate(wanted: FrameRate, count: usize, video: &VideoFacts) -> Result<(), JobFailure> {
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
/// Fails with the first picture, in order, that is missing, damaged, or not as asked.
pub fn expect_pictures<'a>(
    files: &[(&'a str, &'a Path)],
    kind: picture::PictureKind,
    size: PixelSize,
) -> Result<(), JobFailure> {
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

/// What cannot be read is a bad output, unless the reading failed for a reason of its own.
pub(in crate::producers) fn as_bad_output(failure: JobFailure) -> JobFailure {
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
