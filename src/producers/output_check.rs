//! What the checks after jobs share: an exit code is never enough. What is checked of a kind of work is its producer's.
//!
//! Every expected file must be there, decode to its end, and have the right size, count and rate, before the job counts as
//! done. Pictures are decoded in full, because a header survives a full disk and its pixels do not; at 960x540 that costs
//! 6-8 ms a frame on one core, against seconds of rendering.

use super::contract::{FailureClass, JobFailure, OutputFile};
use super::encode::{picture_name, require_ffmpeg};
use super::verify::{expect_pictures, expect_video};
use crate::media::{FfmpegTools, picture};
use crate::model::{Codec, CodecDelivery, FrameList, OutputFormat, PixelSize};
use crate::process::CallOptions;
use std::path::Path;

/// Returns the file name of one frame, such as `0001.exr` or `-0005.exr`.
#[must_use]
pub fn frame_name(frame: i32, extension: &str) -> String {
    let sign = if frame < 0 { "-" } else { "" };
    format!("{sign}{:04}.{extension}", frame.unsigned_abs())
}

/// Returns the file name of each frame, in order.
pub(super) fn frame_names(frames: &FrameList, extension: &str) -> Vec<String> {
    frames
        .iter()
        .map(|frame| frame_name(frame, extension))
        .collect()
}

/// Returns the names of the files of an encoded shot or a joined deliverable, in order.
pub(super) fn delivered_names(codec: Codec, stem: &str, count: usize) -> Vec<String> {
    if codec.is_sequence() {
        (0..count).map(|index| picture_name(codec, index)).collect()
    } else {
        vec![format!("{stem}.{}", codec.extension())]
    }
}

/// Compares the two lists as they stand, and names the first difference.
///
/// # Errors
/// Fails with the first file that is missing, too much, or out of order.
pub(super) fn expect_names(expected: &[String], outputs: &[OutputFile]) -> Result<(), JobFailure> {
    let bad = |message: String| Err(JobFailure::new(FailureClass::BadOutput, message));
    if let Some(missing) = expected
        .iter()
        .find(|name| outputs.iter().all(|output| output.name != **name))
    {
        let count = outputs.len();
        return bad(format!(
            "make {missing}: it is not among the {count} files made, {} were expected",
            expected.len()
        ));
    }
    if let Some(surplus) = outputs
        .iter()
        .find(|output| !expected.contains(&output.name))
    {
        return bad(format!(
            "make what was asked: {} was not expected",
            surplus.name
        ));
    }
    if !outputs.iter().map(|output| &output.name).eq(expected) {
        return bad(
            "make the files in order: the expected names came in another order, or twice"
                .to_owned(),
        );
    }
    Ok(())
}

/// Returns the failure of an output that cannot be read back.
pub(super) fn unreadable_output(path: &Path, error: &dyn std::fmt::Display) -> JobFailure {
    JobFailure::new(
        FailureClass::BadOutput,
        format!("read {} back: {error}", path.display()),
    )
}

/// Decodes pictures that must be of one kind, and of `size`, or else of the first one's size.
pub(super) fn check_pictures_alike(
    outputs: &[OutputFile],
    kind: picture::PictureKind,
    size: Option<PixelSize>,
) -> Result<(), JobFailure> {
    let files: Vec<(&str, &Path)> = outputs
        .iter()
        .map(|output| (output.name.as_str(), output.path.as_path()))
        .collect();
    let Some((_, first)) = files.first() else {
        return Ok(());
    };
    let size = size.map_or_else(|| picture::check_picture(first).map(|facts| facts.size), Ok);
    expect_pictures(
        &files,
        kind,
        size.map_err(|error| unreadable_output(first, &error))?,
    )
}

/// Checks an encoded shot or a joined deliverable: both are what the output asks for, but for the count.
pub(super) fn check_delivered(
    outputs: &[OutputFile],
    format: &OutputFormat,
    count: usize,
    tools: Option<&FfmpegTools>,
    watch: CallOptions<'_>,
) -> Result<(), JobFailure> {
    match &format.codec.spec().delivery {
        CodecDelivery::Sequence(pictures) => {
            check_pictures_alike(outputs, (*pictures).into(), Some(format.size))
        }
        CodecDelivery::Film(film) => {
            let tools = require_ffmpeg(tools)?;
            expect_video(tools, &outputs[0].path, format, film, count, watch).map(|_| ())
        }
    }
}
