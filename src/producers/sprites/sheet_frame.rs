//! The frames of a sheet: cut to what they show, each different one once.

use crate::media::AlphaImage;
use crate::model::PixelSize;
use std::collections::BTreeMap;

/// A picture cut out of a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CutFrame {
    pub(super) picture: AlphaImage,
    /// Its place in the frame.
    pub(super) offset: [u32; 2],
}

/// The pictures of a sheet without repetitions.
#[derive(Debug)]
pub(super) struct DistinctPictures<'a> {
    pub(super) pictures: Vec<&'a AlphaImage>,
    /// The picture of each frame.
    pub(super) indices: Vec<usize>,
}

/// Cuts the transparent edges off. What is left of an empty frame is one pixel.
pub(super) fn trim_frame(frame: &AlphaImage) -> CutFrame {
    let width = frame.size.width.max(1) as usize;
    let mut low = [u32::MAX; 2];
    let mut high = [0; 2];
    let seen = frame.pixels.iter().enumerate();
    for (index, _) in seen.filter(|(_, pixel)| pixel[3] != 0) {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "sides of pictures are 32 bits"
        )]
        let place = [(index % width) as u32, (index / width) as u32];
        for axis in [0, 1] {
            low[axis] = low[axis].min(place[axis]);
            high[axis] = high[axis].max(place[axis] + 1);
        }
    }
    if high[0] == 0 {
        // Engines refuse a frame without a pixel.
        low = [0; 2];
        high = [1; 2];
    }
    let size = PixelSize::new(high[0] - low[0], high[1] - low[1]);
    CutFrame {
        picture: frame.part(low, size),
        offset: low,
    }
}

/// Returns the pictures of all frames, each different one once.
pub(super) fn distinct_pictures(frames: &[CutFrame]) -> DistinctPictures<'_> {
    // A figure that stands still, and clips that share a pose, have the same picture many times.
    let mut known: BTreeMap<(u32, &[[u8; 4]]), usize> = BTreeMap::new();
    let mut pictures = Vec::new();
    let mut indices = Vec::new();
    for frame in frames {
        let key = (frame.picture.size.width, frame.picture.pixels.as_slice());
        let index = *known.entry(key).or_insert_with(|| {
            pictures.push(&frame.picture);
            pictures.len() - 1
        });
        indices.push(index);
    }
    DistinctPictures { pictures, indices }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_pixel(place: usize, colour: u8) -> AlphaImage {
        let mut frame = AlphaImage::transparent(PixelSize::new(4, 3));
        frame.pixels[place] = [colour, 0, 0, 1];
        frame
    }

    #[test]
    fn a_frame_is_cut_to_what_it_shows() {
        let mut frame = with_pixel(5, 7);
        frame.pixels[10] = [0, 0, 0, 255];
        let cut = trim_frame(&frame);
        assert_eq!(cut.offset, [1, 1]);
        assert_eq!(cut.picture.size, PixelSize::new(2, 2));
        assert_eq!(cut.picture.pixels[0], [7, 0, 0, 1]);
        assert_eq!(cut.picture.pixels[3], [0, 0, 0, 255]);
    }

    #[test]
    fn an_empty_frame_keeps_one_pixel() {
        let cut = trim_frame(&AlphaImage::transparent(PixelSize::new(4, 3)));
        assert_eq!(cut.picture.size, PixelSize::new(1, 1));
        assert_eq!(cut.offset, [0, 0]);
    }

    #[test]
    fn equal_pictures_are_in_the_sheet_once() {
        let frames =
            [with_pixel(5, 7), with_pixel(6, 7), with_pixel(5, 8)].map(|frame| trim_frame(&frame));
        let distinct = distinct_pictures(&frames);
        assert_eq!(distinct.pictures.len(), 2);
        assert_eq!(distinct.indices, [0, 0, 1]);
    }
}
