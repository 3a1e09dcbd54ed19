//! Single pictures: the poster frame, and the sheet with a frame of every shot.

use crate::media::DisplayImage;
use crate::media::picture::{expect_memory, read_png, write_jpeg};
use crate::model::codec::{SheetLayout, StillFormat};
use crate::model::{InputFile, OutputFormat};
use crate::producers::contract::{FailureClass, JobContext, JobFailure, OutputFile};

/// Makes one picture of the frames of all shots, which must be `count`.
pub(super) fn join_still(
    frames: &[&InputFile],
    format: &OutputFormat,
    still: StillFormat,
    count: usize,
    context: &JobContext<'_>,
) -> Result<OutputFile, JobFailure> {
    if frames.len() != count || (still == StillFormat::Poster && count != 1) {
        let message = format!("stitch {count} frames: the segments have {}", frames.len());
        return Err(JobFailure::new(FailureClass::BadOutput, message));
    }
    let name = format!("film.{}", format.extension());
    let path = context.scratch.join(&name);
    let layout = still.sheet_layout(format.size, count);
    // A sheet of a thousand shots may be larger than memory, and an allocation that fails ends the
    // whole run.
    expect_memory(&path, layout.size)?;
    let mut sheet = DisplayImage::filled_with(layout.size, [0; 3]);
    for (index, frame) in frames.iter().enumerate() {
        if context.watch.cancel.is_halting() {
            let message = "stitch: stopped on request";
            return Err(JobFailure::new(FailureClass::Cancelled, message));
        }
        let tile = read_png(&frame.path)?;
        // A tile of another size would be written over its neighbours.
        if tile.size != format.size {
            let message = format!(
                "stitch {}: it is {} and not {}",
                frame.name, tile.size, format.size
            );
            return Err(JobFailure::new(FailureClass::BadOutput, message));
        }
        place_tile(&mut sheet, &tile, &layout, index);
        (context.progress)(index + 1, count);
    }
    write_jpeg(&path, &sheet)?;
    Ok(OutputFile { name, path })
}

fn place_tile(sheet: &mut DisplayImage, tile: &DisplayImage, layout: &SheetLayout, index: usize) {
    let place = layout.tile_place(index);
    let sheet_width = sheet.size.width as usize;
    let tile_width = tile.size.width as usize;
    let rows = tile.pixels.chunks_exact(tile_width);
    for (row, pixels) in rows.enumerate() {
        let start = (place.top as usize + row) * sheet_width + place.left as usize;
        sheet.pixels[start..start + tile_width].copy_from_slice(pixels);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PixelSize;

    #[test]
    fn frames_are_in_rows_with_a_gap() {
        let size = PixelSize::new(100, 50);
        let layout = StillFormat::ContactSheet.sheet_layout(size, 3);
        let mut sheet = DisplayImage::filled_with(layout.size, [0; 3]);
        for (index, shade) in [10, 20, 30].into_iter().enumerate() {
            let tile = DisplayImage::filled_with(size, [shade; 3]);
            place_tile(&mut sheet, &tile, &layout, index);
        }
        let at = |x: u32, y: u32| sheet.pixels[(y * layout.size.width + x) as usize][0];
        let gap = layout.gap;
        assert_eq!(at(gap, gap), 10);
        assert_eq!(at(gap + 100 + gap, gap), 20);
        assert_eq!(at(gap, gap + 50 + gap), 30);
        assert_eq!(at(0, 0), 0);
        // The last place of the last row is empty.
        assert_eq!(at(gap + 100 + gap, gap + 50 + gap), 0);
    }
}
