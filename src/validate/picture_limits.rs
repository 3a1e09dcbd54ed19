//! Sizes that a picture may have, and how one fits another. The limits of each codec are in its
//! entry.

use crate::model::PixelSize;
use crate::model::codec::MAX_SIDE_PIXELS;

/// Returns whether both sides are from 1 to [`MAX_SIDE_PIXELS`].
pub(super) fn is_drawable(size: PixelSize) -> bool {
    [size.width, size.height]
        .into_iter()
        .all(|side| (1..=MAX_SIDE_PIXELS).contains(&side))
}

/// Returns the size at which a picture of the shape of `shape` just covers `size`: what an output
/// is cut or stretched from, in its own pixels. The tier's size would say how small a draft
/// renders, and nothing of the output.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates"
)]
pub(super) fn covering_size(size: PixelSize, shape: PixelSize) -> PixelSize {
    let scaled = |side: u32, by: f64| (f64::from(side) * by).round() as u32;
    if size.aspect_ratio() < shape.aspect_ratio() {
        PixelSize::new(scaled(size.height, shape.aspect_ratio()), size.height)
    } else {
        PixelSize::new(size.width, scaled(size.width, 1.0 / shape.aspect_ratio()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_that_covers_an_output_is_in_its_own_pixels() {
        let draft = PixelSize::new(640, 360);
        assert_eq!(
            covering_size(PixelSize::new(608, 1080), draft),
            PixelSize::new(1920, 1080)
        );
        assert_eq!(
            covering_size(PixelSize::new(1080, 1080), draft),
            PixelSize::new(1920, 1080)
        );
        assert_eq!(
            covering_size(PixelSize::new(1920, 800), draft),
            PixelSize::new(1920, 1080)
        );
        assert_eq!(covering_size(draft, draft), draft);
    }
}
