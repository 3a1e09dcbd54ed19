//! The part of a picture that a text covers.

use super::text_block::TextPlace;
use crate::base::FileSpan;
use crate::model::PixelSize;
use std::collections::BTreeMap;

/// A text over the pictures of outputs of one shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShownTextKey {
    /// Its place in the document.
    pub origin: FileSpan,
    /// The shot of a burn-in, or the number of a line in its shot; 0 for other texts.
    // The name of a shot is written once for all, and one text of a document may be several lines.
    pub part: usize,
    /// Width of the pictures in pixels.
    pub width: u32,
    /// Height of the pictures in pixels.
    pub height: u32,
    /// Whether its letters have hard edges.
    pub is_hard: bool,
}

/// What texts cover, by text.
pub type TextExtents = BTreeMap<ShownTextKey, TextExtent>;

/// What a text covers in pictures of one size, wherever it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextExtent {
    /// Width of the box that is placed, in pixels.
    pub width: f32,
    /// Height of the box.
    pub height: f32,
    /// Pixels of the box on its left and right in which nothing is drawn.
    pub blank_sides: [f32; 2],
    /// Pixels of the box at its top and bottom in which nothing is drawn.
    pub blank_rows: f32,
    /// Pixels between the box and the left and right side of the picture.
    pub margin_across: f32,
    /// Pixels between the box and the upper and lower side of the picture.
    pub margin_down: f32,
    /// Whether it is at every height once: credits that roll.
    pub rolls: bool,
}

impl TextExtent {
    /// Returns what it covers at a place of pictures of `size`.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "sides of pictures are below 2^24"
    )]
    pub fn area_at(&self, place: TextPlace, size: PixelSize) -> TextArea {
        let [width, height] = [size.width as f32, size.height as f32];
        let free = width - 2.0 * self.margin_across - self.width;
        let left = self.margin_across + free * place.across();
        let free = height - 2.0 * self.margin_down - self.height;
        let top = self.margin_down + free * place.down();
        let [before, behind] = self.blank_sides;
        TextArea {
            left: left + before,
            right: left + self.width - behind,
            top: if self.rolls {
                0.0
            } else {
                top + self.blank_rows
            },
            bottom: match self.rolls {
                true => height,
                false => top + self.height - self.blank_rows,
            },
        }
    }
}

/// A rectangle of a picture, in pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TextArea {
    /// Its left side.
    pub left: f32,
    /// Its right side.
    pub right: f32,
    /// Its upper side.
    pub top: f32,
    /// Its lower side.
    pub bottom: f32,
}

impl TextArea {
    /// Returns whether two rectangles have more than a line of pixels in common.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let common = |start: f32, end: f32| end - start > 1.0;
        common(self.left.max(other.left), self.right.min(other.right))
            && common(self.top.max(other.top), self.bottom.min(other.bottom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: PixelSize = PixelSize::new(1000, 500);

    fn extent(width: f32) -> TextExtent {
        TextExtent {
            width,
            height: 50.0,
            blank_sides: [0.0; 2],
            blank_rows: 5.0,
            margin_across: 50.0,
            margin_down: 25.0,
            rolls: false,
        }
    }

    #[test]
    fn a_wide_text_in_a_corner_meets_the_middle_of_its_side_and_a_narrow_one_does_not() {
        let middle = extent(200.0).area_at(TextPlace::Bottom, SIZE);
        assert_eq!((middle.left, middle.right), (400.0, 600.0));
        assert_eq!((middle.top, middle.bottom), (430.0, 470.0));
        let corner = |width| extent(width).area_at(TextPlace::BottomLeft, SIZE);
        assert!(corner(400.0).meets(&middle));
        assert!(!corner(350.0).meets(&middle));
        assert!(!extent(900.0).area_at(TextPlace::Top, SIZE).meets(&middle));
    }

    #[test]
    fn a_roll_meets_every_text_in_its_columns() {
        let roll = TextExtent {
            rolls: true,
            ..extent(200.0)
        };
        let roll = roll.area_at(TextPlace::Centre, SIZE);
        assert!(roll.meets(&extent(400.0).area_at(TextPlace::BottomLeft, SIZE)));
        assert!(!roll.meets(&extent(300.0).area_at(TextPlace::BottomLeft, SIZE)));
    }
}
