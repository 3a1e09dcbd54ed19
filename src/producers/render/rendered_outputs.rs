//! What jobs that draw must leave: the names of their files, and what the files must hold.

use crate::media::exr_pass::check_pass;
use crate::media::picture::PictureKind;
use crate::model::{ActionKind, FrameList, JobAction, PixelSize, RenderPass};
use crate::producers::contract::{JobFailure, OutputFile};
use crate::producers::output_check::{
    check_pictures_alike, expect_names, frame_names, unreadable_output,
};
use crate::producers::verify::mismatch_failure;

/// Checks the outputs of a job that draws.
///
/// # Errors
/// Fails with the first file that is missing, too much, damaged, or not as asked.
pub(super) fn check_drawn(work: &JobAction, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    expect_names(&expected_names(work), outputs)?;
    match work {
        JobAction::Sheet { views, size, .. } => check_sheet(outputs, views.len(), *size),
        JobAction::Plate { size, .. } => {
            check_pictures_alike(outputs, PictureKind::Png, Some(*size))
        }
        JobAction::Render { size, .. } => check_rendered(outputs, *size),
        other => Err(JobFailure::wrong_action(ActionKind::Render, other)),
    }
}

/// Returns the names of the files that a job that draws must leave, in order.
#[must_use]
pub(super) fn expected_names(work: &JobAction) -> Vec<String> {
    match work {
        JobAction::Sheet { views, .. } => {
            let views = views.iter().map(|(name, _)| format!("{name}.png"));
            views.chain(["sheet.png".to_owned()]).collect()
        }
        JobAction::Plate { .. } => vec!["plate.png".to_owned()],
        JobAction::Render { frames, passes, .. } => rendered_names(frames, passes),
        _ => Vec::new(),
    }
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

/// Frames are pictures, and passes hold what their names say.
fn check_rendered(outputs: &[OutputFile], size: PixelSize) -> Result<(), JobFailure> {
    let (passes, frames): (Vec<_>, Vec<_>) = outputs
        .iter()
        .map(|output| (RenderPass::from_file_name(&output.name), output.clone()))
        .partition(|(pass, _)| pass.is_some());
    let frames: Vec<OutputFile> = frames.into_iter().map(|(_, frame)| frame).collect();
    check_pictures_alike(&frames, PictureKind::Exr, Some(size))?;
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
    check_pictures_alike(single, PictureKind::Png, Some(size))?;
    let across = u32::try_from(views)
        .unwrap_or(u32::MAX)
        .saturating_mul(size.width);
    check_pictures_alike(
        combined,
        PictureKind::Png,
        Some(PixelSize::new(across, size.height)),
    )
}
