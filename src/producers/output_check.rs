//! Checks that the producers share. Checks of one kind of work are in its producer.
//!
//! An exit code is never enough. Every expected file must be there, decode to its end, and have the
//! right size, count and rate before the job has succeeded. Pictures are decoded in full, because a
//! header survives a full disk and its pixels do not. At 960x540 that costs 6 to 8 ms a frame on
//! one core, against seconds of rendering.

use super::contract::{FailureClass, JobFailure, OutputFile};
use super::encode::{picture_name, require_ffmpeg};
use super::verify::{expect_pictures, expect_video};
use crate::media::{FfmpegTools, picture};
use crate::model::{Codec, CodecDelivery, FrameList, OutputFormat, PixelSize};
use crate::process::CallOptions;
use std::path::Path;

/// Returns the file name of one frame, such as `0001.exr` or `-005.exr`.
#[must_use]
pub fn frame_name(frame: i32, extension: &str) -> String {
    // The sign is one of the four characters, as for printf, fileseq and Nuke. They find `-005` by
    // `%04d` and `####`, and would take `-0005` for a frame of another sequence.
    format!("{frame:04}.{extension}")
}

pub(super) fn frame_names(frames: &FrameList, extension: &str) -> Vec<String> {
    frames
        .iter()
        .map(|frame| frame_name(frame, extension))
        .collect()
}

/// Returns the expected file names of an encoded shot or a joined deliverable, in order.
pub(super) fn delivered_names(codec: Codec, stem: &str, count: usize) -> Vec<String> {
    if codec.is_sequence() {
        (0..count).map(|index| picture_name(codec, index)).collect()
    } else {
        vec![format!("{stem}.{}", codec.extension())]
    }
}

/// Compares the names of the outputs with the expected names, in order.
///
/// # Errors
/// Fails with the first file that is missing, unexpected or out of order.
pub(super) fn expect_names(expected: &[String], outputs: &[OutputFile]) -> Result<(), JobFailure> {
    let bad = |message: String| Err(JobFailure::new(FailureClass::BadOutput, message));
    // Missing and unexpected files are looked for before the order is compared. A comparison place
    // by place would report the file after the missing one, which is there.
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
            "make the expected files: {} is not one of them",
            surplus.name
        ));
    }
    if !outputs.iter().map(|output| &output.name).eq(expected) {
        return bad(
            "make the files in order: the expected names are in another order, or repeated"
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

/// Decodes pictures that must be of one kind, and of `size`. Without a size, all must have the size
/// of the first.
pub(super) fn check_pictures_alike(
    outputs: &[OutputFile],
    kind: picture::PictureKind,
    size: Option<PixelSize>,
) -> Result<(), JobFailure> {
    let files: Vec<(&str, &Path)> = outputs
        .iter()
        .map(|output| (output.name.as_str(), output.path.as_path()))
        .collect();
    // No outputs is not an error here: `expect_names` has compared the count already.
    let Some((_, first)) = files.first() else {
        return Ok(());
    };
    // A grade has no size in its action: graded frames are as large as their inputs. So the first
    // picture sets the size, and a single frame of another size is still found.
    let size = size.map_or_else(|| picture::check_picture(first).map(|facts| facts.size), Ok);
    expect_pictures(
        &files,
        kind,
        size.map_err(|error| unreadable_output(first, &error))?,
    )
}

/// Checks an encoded shot or a joined deliverable. The output's format is the same for both; only
/// the count differs.
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
            // A film is one file, and `expect_names` has made sure that it is there.
            expect_video(tools, &outputs[0].path, format, film, count, watch).map(|_| ())
        }
    }
}
