//! The outputs that render, sheet, plate and sprite jobs must leave: their names, and the content of their
//! files.

use crate::media::AlphaImage;
use crate::media::exr_pass::check_pass;
use crate::media::picture::PictureKind;
use crate::model::sprites::{SpriteClipFacts, SpriteWork};
use crate::model::{ActionKind, FrameList, JobAction, PixelSize, RenderPass};
use crate::producers::contract::{JobFailure, OutputFile};
use crate::producers::output_check::{
    check_pictures_alike, expect_names, frame_names, unreadable_output,
};
use crate::producers::verify::mismatch_failure;

/// Checks the outputs of a render, sheet, plate or sprite job.
///
/// # Errors
/// Fails with the first file that is missing, unexpected, damaged, or of another size or kind.
pub(super) fn check_drawn(work: &JobAction, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    if let JobAction::Sprites(work) = work {
        return check_sprites(work, outputs);
    }
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

/// Returns the names of all outputs, in order.
#[must_use]
pub(super) fn expected_names(work: &JobAction) -> Vec<String> {
    match work {
        JobAction::Sheet { views, .. } => {
            let views = views.iter().map(|(name, _)| format!("{name}.png"));
            views.chain(["sheet.png".to_owned()]).collect()
        }
        JobAction::Plate { .. } => vec!["plate.png".to_owned()],
        JobAction::Render { frames, passes, .. } => rendered_names(frames, passes),
        // Other actions draw nothing. `check_drawn` refuses them with a reason of its own.
        _ => Vec::new(),
    }
}

/// Returns the name of every frame, each followed by those of its passes.
fn rendered_names(frames: &FrameList, passes: &[RenderPass]) -> Vec<String> {
    let names = frame_names(frames, "exr").into_iter();
    names
        .flat_map(|frame| {
            let beside: Vec<String> = passes
                .iter()
                .map(|pass| pass.file_name_beside(&frame))
                .collect();
            std::iter::once(frame).chain(beside)
        })
        .collect()
}

fn check_rendered(outputs: &[OutputFile], size: PixelSize) -> Result<(), JobFailure> {
    // The name of a file says whether it is a frame or a pass. Passes are not pictures: their
    // channels and precision follow from the pass, so they are checked apart.
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

/// Checks every frame of a clip, and that there are as many as its facts say.
fn check_sprites(work: &SpriteWork, outputs: &[OutputFile]) -> Result<(), JobFailure> {
    let facts = outputs
        .iter()
        .find(|output| output.name == SpriteClipFacts::FILE_NAME);
    let Some(facts) = facts else {
        return expect_names(&[SpriteClipFacts::FILE_NAME.to_owned()], outputs);
    };
    let text = std::fs::read_to_string(&facts.path)
        .map_err(|error| unreadable_output(&facts.path, &error))?;
    let facts: SpriteClipFacts =
        serde_json::from_str(&text).map_err(|error| unreadable_output(&facts.path, &error))?;
    let count = u32::try_from(facts.durations.len()).unwrap_or(u32::MAX);
    let mut names = frame_names(&FrameList::count_from(1, count), "png");
    names.push(SpriteClipFacts::FILE_NAME.to_owned());
    expect_names(&names, outputs)?;
    for output in &outputs[..facts.durations.len()] {
        let frame = AlphaImage::read_png(&output.path)
            .map_err(|error| unreadable_output(&output.path, &error))?;
        if frame.size != work.cell {
            return Err(mismatch_failure(&output.name, work.cell, frame.size));
        }
    }
    Ok(())
}

/// Checks every view at its size, then all of them side by side.
fn check_sheet(outputs: &[OutputFile], views: usize, size: PixelSize) -> Result<(), JobFailure> {
    // The names were compared already, so the last file is the row of all views.
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
