//! Compares what was found with what was asked, and says both.

use crate::media::ffmpeg::codec;
use crate::media::video_probe::{self, VideoFacts};
use crate::media::{FfmpegTools, picture};
use crate::model::{Codec, FrameRate, OutputFormat, PixelSize};
use crate::process::CallOptions;
use crate::producers::encode::final_size;
use crate::producers::task::{Failure, FailureClass};
use rayon::prelude::*;
use std::fmt::Display;
use std::path::Path;

/// Returns the failure that names what was expected and what was found.
pub(in crate::producers) fn mismatch(
    what: &str,
    expected: impl Display,
    found: impl Display,
) -> Failure {
    Failure::new(
        FailureClass::BadOutput,
        format!("verify {what}: expected {expected}, found {found}"),
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
    count: usize,
    watch: CallOptions<'_>,
) -> Result<VideoFacts, Failure> {
    let found = video_probe::probe_video(tools, path, watch)
        .map_err(|error| as_bad_output(error.into()))?;
    same(
        "codec",
        codec::probed_name(format.codec),
        found.codec.as_str(),
    )?;
    profile(format.codec, &found)?;
    same("colour tags", "bt709 bt709 bt709", found.colours.as_str())?;
    same("size", final_size(format), found.size)?;
    same("frames", count, found.frames)?;
    rate(format.rate, count, &found)?;
    let (wanted, frame) = (
        format.rate.duration_seconds(count),
        format.rate.duration_seconds(1),
    );
    if (found.duration - wanted).abs() > frame / 4.0 {
        return Err(mismatch(
            "duration",
            format!("{wanted:.3} s"),
            format!("{:.3} s", found.duration),
        ));
    }
    Ok(found)
}

fn profile(codec: Codec, found: &VideoFacts) -> Result<(), Failure> {
    match codec {
        Codec::Prores4444 => same("profile", "4444", found.profile.as_str()),
        Codec::Prores422 => same("profile", "HQ", found.profile.as_str()),
        _ => same("pixel format", "yuv420p", found.pixel_format.as_str()),
    }
}

/// A single frame has no rate of its own; its duration is compared instead.
fn rate(wanted: FrameRate, count: usize, found: &VideoFacts) -> Result<(), Failure> {
    if count > 1 {
        same("rate", wanted, found.rate)?;
        same("average rate", wanted, found.average_rate)?;
    }
    Ok(())
}

pub(super) fn same<T: PartialEq + Display>(
    what: &str,
    expected: T,
    found: T,
) -> Result<(), Failure> {
    if expected == found {
        Ok(())
    } else {
        Err(mismatch(what, expected, found))
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
) -> Result<(), Failure> {
    let checked: Vec<Result<(), Failure>> = files
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
) -> Result<(), Failure> {
    let found = picture::check_picture(path).map_err(|error| as_bad_output(error.into()))?;
    if found.kind != kind {
        return Err(mismatch(
            &format!("{name}, kind"),
            format!("{kind:?}"),
            format!("{:?}", found.kind),
        ));
    }
    same(&format!("{name}, size"), size, found.size)
}

/// What cannot be read is a bad output, unless the reading failed for a reason of its own.
pub(in crate::producers) fn as_bad_output(failure: Failure) -> Failure {
    match failure.class {
        FailureClass::Cancelled
        | FailureClass::MissingTool
        | FailureClass::OutOfMemory
        | FailureClass::HostLost
        | FailureClass::Timeout => failure,
        _ => Failure {
            class: FailureClass::BadOutput,
            message: format!("verify: {}", failure.message),
            ..failure
        },
    }
}
