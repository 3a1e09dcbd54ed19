//! Where the frames of a contact sheet are.

use super::{MAX_JPEG_SIDE, MAX_PICTURE_PIXELS, StillFormat};
use crate::model::PixelSize;

/// The shorter side of the smallest frame of a sheet on which anything can be seen.
const LEAST_SIDE: u32 = 32;

/// The places of frames on a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SheetLayout {
    /// Size of the whole picture.
    pub size: PixelSize,
    /// Pixels between two frames, and around all of them.
    pub gap: u32,
    tile: PixelSize,
    columns: u32,
}

/// The place of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePlace {
    /// Pixels from the left.
    pub left: u32,
    /// Pixels from the top.
    pub top: u32,
}

impl StillFormat {
    /// Returns the size of the picture that is made of so many frames.
    #[must_use]
    pub fn picture_size(self, frame: PixelSize, count: usize) -> PixelSize {
        self.sheet_layout(frame, count).size
    }

    /// Whether a file can hold the picture of so many frames.
    #[must_use]
    pub fn holds(self, frame: PixelSize, count: usize) -> bool {
        let size = self.picture_size(frame, count);
        size.width.max(size.height) <= MAX_JPEG_SIDE && size.pixel_count() <= MAX_PICTURE_PIXELS
    }

    /// Returns the largest size of a frame, halved from this one, with which a file can hold so many.
    /// `None`: they would be too small to see.
    #[must_use]
    pub fn fitting_frame(self, frame: PixelSize, count: usize) -> Option<PixelSize> {
        // Codecs with halved colours need even sides.
        let half = |side: u32| side / 4 * 2;
        let sizes = std::iter::successors(Some(frame), |size| {
            Some(PixelSize::new(half(size.width), half(size.height)))
        });
        let is_seen = |size: &PixelSize| size.width.min(size.height) >= LEAST_SIDE;
        let mut sizes = sizes.take_while(is_seen);
        sizes.find(|size| self.holds(*size, count))
    }

    /// Returns the places of so many frames of one size.
    #[must_use]
    pub fn sheet_layout(self, frame: PixelSize, count: usize) -> SheetLayout {
        let count = u32::try_from(count.max(1)).unwrap_or(u32::MAX);
        let (columns, gap) = match self {
            Self::Poster => (1, 0),
            // About as many rows as columns, so that the sheet has the aspect of its frames.
            Self::ContactSheet => (square_side(count), (frame.width / 40).max(1)),
        };
        let rows = match self {
            Self::Poster => 1,
            Self::ContactSheet => count.div_ceil(columns),
        };
        let side = |frame: u32, tiles: u32| {
            let tiled = frame.saturating_add(gap).saturating_mul(tiles);
            tiled.saturating_add(gap)
        };
        SheetLayout {
            size: PixelSize::new(side(frame.width, columns), side(frame.height, rows)),
            gap,
            tile: frame,
            columns,
        }
    }
}

/// Returns the smallest number whose square is at least `count`.
fn square_side(count: u32) -> u32 {
    let root = count.isqrt();
    if root * root < count { root + 1 } else { root }
}

impl SheetLayout {
    /// Returns the place of frame `index`, from 0, row by row.
    #[must_use]
    pub fn tile_place(&self, index: usize) -> TilePlace {
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let column = index % self.columns;
        let row = index / self.columns;
        TilePlace {
            left: self.gap + column * (self.tile.width + self.gap),
            top: self.gap + row * (self.tile.height + self.gap),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_a_large_sheet_are_halved_until_a_file_holds_them() {
        let fitting = |count| {
            let frame = PixelSize::new(320, 180);
            StillFormat::ContactSheet.fitting_frame(frame, count)
        };
        assert_eq!(fitting(100), Some(PixelSize::new(320, 180)));
        assert_eq!(fitting(4000), Some(PixelSize::new(160, 90)));
        assert_eq!(fitting(1_000_000), None);
    }

    #[test]
    fn a_sheet_is_about_as_wide_as_high_in_frames() {
        let frame = PixelSize::new(320, 180);
        let size = |count| StillFormat::ContactSheet.picture_size(frame, count);
        assert_eq!(size(1), PixelSize::new(336, 196));
        assert_eq!(size(3), PixelSize::new(664, 384));
        assert_eq!(size(10), PixelSize::new(4 * 328 + 8, 3 * 188 + 8));
        assert_eq!(StillFormat::Poster.picture_size(frame, 1), frame);
        // Absurd numbers end in an absurd size, and not in a panic.
        let _ = size(usize::MAX);
    }
}
