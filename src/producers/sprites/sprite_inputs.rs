//! The frames that sheets and maps are made of, as the jobs before have drawn them.

use super::sheet_palette::reduce_frames;
use crate::base::memory::can_allocate;
use crate::media::{AlphaImage, PictureError};
use crate::model::retro_treatment::RetroTreatment;
use crate::model::sprites::SpriteClipFacts;
use crate::model::{InputSlot, PixelSize};
use crate::producers::contract::{FailureClass, JobContext, JobFailure};
use std::path::Path;

/// Bytes of each pixel of a frame: as it is read, and cut.
const BYTES_PER_PIXEL: u64 = 8;

/// The frames of one input.
pub(super) struct ClipFrames {
    pub(super) facts: SpriteClipFacts,
    pub(super) frames: Vec<AlphaImage>,
}

/// Reads the frames of all inputs, which are as large as a cell.
pub(super) fn read_inputs(
    count: usize,
    cell: PixelSize,
    context: &JobContext<'_>,
) -> Result<Vec<ClipFrames>, JobFailure> {
    // All frames are in memory together: the palette and the packing are those of all.
    let files = context.inputs.all_files().count() as u64;
    let bytes = files.saturating_mul(cell.pixel_count() * BYTES_PER_PIXEL);
    if !can_allocate(bytes) {
        let message = format!("pack sprites: there is no memory for {files} frames at once");
        return Err(JobFailure::new(FailureClass::OutOfMemory, message));
    }
    (0..count)
        .map(|index| {
            stop_if_halting(context)?;
            read_input(cell, &InputSlot::sprites(index), context)
        })
        .collect()
}

fn read_input(
    cell: PixelSize,
    slot: &InputSlot,
    context: &JobContext<'_>,
) -> Result<ClipFrames, JobFailure> {
    let missing = |message: String| JobFailure::new(FailureClass::MissingInput, message);
    let files = context.inputs.files_in(slot);
    let (facts, pictures): (Vec<_>, Vec<_>) = files
        .iter()
        .partition(|file| file.name == SpriteClipFacts::FILE_NAME);
    let facts = facts
        .first()
        .ok_or_else(|| missing(format!("pack sprites: slot {slot} has no facts")))?;
    let text = std::fs::read_to_string(&facts.path)
        .map_err(|error| JobFailure::from_io_error("read the facts of a clip", &error))?;
    let facts: SpriteClipFacts = serde_json::from_str(&text)
        .map_err(|error| missing(format!("read the facts of a clip: {error}")))?;
    if facts.durations.len() != pictures.len() || pictures.is_empty() {
        return Err(missing(format!(
            "pack sprites: slot {slot} has {} frames of {}",
            pictures.len(),
            facts.durations.len()
        )));
    }
    let frames = pictures
        .iter()
        .map(|file| {
            read_frame(&file.path, cell).map_err(|error| missing(format!("pack sprites: {error}")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(ClipFrames { facts, frames })
}

fn read_frame(path: &Path, cell: PixelSize) -> Result<AlphaImage, PictureError> {
    let frame = AlphaImage::read_png(path)?;
    if frame.size == cell {
        return Ok(frame);
    }
    Err(PictureError::Damaged {
        path: path.to_owned(),
        why: format!("it is {} and not {cell}", frame.size),
    })
}

/// Reduces frames to one palette, if there is one.
pub(super) fn reduce_to_palette(
    frames: &mut [AlphaImage],
    retro: Option<&RetroTreatment>,
) -> Result<(), JobFailure> {
    let Some(retro) = retro else {
        return Ok(());
    };
    reduce_frames(frames, retro).map_err(|error| {
        let message = format!("pack sprites: {error}");
        JobFailure::new(FailureClass::MissingInput, message)
    })
}

/// Fails if the job was requested to stop.
pub(super) fn stop_if_halting(context: &JobContext<'_>) -> Result<(), JobFailure> {
    if context.watch.cancel.is_halting() {
        let message = "pack sprites: stopped on request";
        return Err(JobFailure::new(FailureClass::Cancelled, message));
    }
    Ok(())
}
