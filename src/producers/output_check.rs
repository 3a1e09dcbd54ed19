//! The check after every job: an exit code is never enough.
//!
//! Every expected file must be there, decode to its end, and have the right size, count and rate, before the job counts as
//! done. Pictures are decoded in full, because a header survives a full disk and its pixels do not; at 960x540 that costs
//! 6-8 ms a frame on one core, against seconds of rendering.

use super::contract::{FailureClass, JobFailure, OutputFile};
use super::encode::{picture_name, require_ffmpeg};
use super::verify::{MeasuredFacts, expect_pictures, expect_video, mismatch_failure};
use crate::media::exr_pass::check_pass;
use crate::media::{FfmpegTools, picture};
use crate::model::{
    AssetKind, Codec, CodecDelivery, FrameList, JobAction, OutputFormat, PixelSize, RenderPass,
};
use crate::process::CallOptions;
use std::path::Path;

/// Checks the outputs of one job against what its work promises.
///
/// # Errors
/// Fails with the first thing that is missing, too much, damaged, or not as promised.
pub fn check_outputs(
    work: &JobAction,
    outputs: &[OutputFile],
    tools: Option<&FfmpegTools>,
    watch: CallOptions<'_>,
) -> Result<(), JobFailure> {
    expect_names(&expected_names(work), outputs)?;
    match work {
        JobAction::Import { kind } => outputs
            .iter()
            .try_for_each(|output| check_imported(*kind, &output.path)),
        JobAction::Sheet { views, size, .. } => check_sheet(outputs, views.len(), *size),
        JobAction::Plate { size, .. } => {
            check_pictures_alike(outputs, picture::PictureKind::Png, Some(*size))
        }
        JobAction::Render { size, .. } => check_rendered(outputs, *size),
        JobAction::Grade { .. } => check_pictures_alike(outputs, picture::PictureKind::Png, None),
        JobAction::Encode { format, count, .. } | JobAction::Stitch { format, count } => {
            check_delivered(outputs, format, *count, tools, watch)
        }
        JobAction::Verify { .. } => check_facts_file(&outputs[0].path),
    }
}

/// Returns the names of the files that a job makes, in order. For pictures, planning and checking use this one list.
#[must_use]
pub fn expected_names(work: &JobAction) -> Vec<String> {
    match work {
        JobAction::Import {
            kind: AssetKind::Blend,
        } => vec!["asset".to_owned(), "blend".to_owned()],
        JobAction::Import { .. } => vec!["asset".to_owned()],
        JobAction::Sheet { views, .. } => {
            let views = views.iter().map(|(name, _)| format!("{name}.png"));
            views.chain(["sheet.png".to_owned()]).collect()
        }
        JobAction::Plate { .. } => vec!["plate.png".to_owned()],
        JobAction::Render { frames, passes, .. } => rendered_names(frames, passes),
        JobAction::Grade { frames, .. } => frame_names(frames, "png"),
        JobAction::Encode { format, count, .. } => delivered_names(format.codec, "segment", *count),
        JobAction::Stitch { format, count } => delivered_names(format.codec, "film", *count),
        JobAction::Verify { .. } => vec!["facts.json".to_owned()],
    }
}

/// Returns the file name of one frame, such as `0001.exr` or `-0005.exr`.
#[must_use]
pub fn frame_name(frame: i32, extension: &str) -> String {
    let sign = if frame < 0 { "-" } else { "" };
    format!("{sign}{:04}.{extension}", frame.unsigned_abs())
}

fn frame_names(frames: &FrameList, extension: &str) -> Vec<String> {
    frames
        .iter()
        .map(|frame| frame_name(frame, extension))
        .collect()
}

/// Every frame, each followed by its passes.
fn rendered_names(frames: &FrameList, passes: &[RenderPass]) -> Vec<String> {
    let names = frame_names(frames, "exr").into_iter();
    let with_passes = |frame: String| {
        let beside: Vec<String> = passes
            .iter()
            .map(|pass| pass.file_name_beside(&frame))
            .collect();
        std::iter::once(frame).chain(beside)
    };
    names.flat_map(with_passes).collect()
}

fn delivered_names(codec: Codec, stem: &str, count: usize) -> Vec<String> {
    if codec.is_sequence() {
        (0..count).map(|index| picture_name(codec, index)).collect()
    } else {
        vec![format!("{stem}.{}", codec.extension())]
    }
}

/// Compares the two lists as they stand, and names the first difference.
fn expect_names(expected: &[String], outputs: &[OutputFile]) -> Result<(), JobFailure> {
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

fn check_imported(kind: AssetKind, path: &Path) -> Result<(), JobFailure> {
    match kind {
        AssetKind::Environment => picture::check_picture(path)
            .map(|_| ())
            .map_err(JobFailure::from),
        AssetKind::Model | AssetKind::Blend => check_not_empty(path),
    }
}

fn check_not_empty(path: &Path) -> Result<(), JobFailure> {
    let length = std::fs::metadata(path)
        .map_err(|error| unreadable_output(path, &error))?
        .len();
    let empty = || {
        JobFailure::new(
            FailureClass::BadOutput,
            format!("make {}: it is empty", path.display()),
        )
    };
    if length > 0 { Ok(()) } else { Err(empty()) }
}

fn unreadable_output(path: &Path, error: &dyn std::fmt::Display) -> JobFailure {
    JobFailure::new(
        FailureClass::BadOutput,
        format!("read {} back: {error}", path.display()),
    )
}

/// Frames are pictures, and passes hold what their names say.
fn check_rendered(outputs: &[OutputFile], size: PixelSize) -> Result<(), JobFailure> {
    let (passes, frames): (Vec<_>, Vec<_>) = outputs
        .iter()
        .map(|output| (RenderPass::from_file_name(&output.name), output.clone()))
        .partition(|(pass, _)| pass.is_some());
    let frames: Vec<OutputFile> = frames.into_iter().map(|(_, frame)| frame).collect();
    check_pictures_alike(&frames, picture::PictureKind::Exr, Some(size))?;
    let named_passes = passes
        .iter()
        .filter_map(|(pass, output)| Some((pass.as_ref()?, output)));
    named_passes.into_iter().try_for_each(|(pass, output)| {
        let actual = check_pass(&output.path, pass.data_kind())
            .map_err(|error| unreadable_output(&output.path, &error))?;
        if actual == size {
            Ok(())
        } else {
            Err(mismatch_failure(&output.name, size, actual))
        }
    })
}

/// A sheet is every view at its size, then all of them side by side.
fn check_sheet(outputs: &[OutputFile], views: usize, size: PixelSize) -> Result<(), JobFailure> {
    let (single, combined) = outputs.split_at(views.min(outputs.len()));
    check_pictures_alike(single, picture::PictureKind::Png, Some(size))?;
    let across = u32::try_from(views)
        .unwrap_or(u32::MAX)
        .saturating_mul(size.width);
    check_pictures_alike(
        combined,
        picture::PictureKind::Png,
        Some(PixelSize::new(across, size.height)),
    )
}

/// Decodes pictures that must be of one kind, and of `size`, or else of the first one's size.
fn check_pictures_alike(
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

fn check_delivered(
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

fn check_facts_file(path: &Path) -> Result<(), JobFailure> {
    let text = std::fs::read(path).map_err(|error| unreadable_output(path, &error))?;
    serde_json::from_slice::<MeasuredFacts>(&text)
        .map(|_| ())
        .map_err(|error| unreadable_output(path, &error))
}
