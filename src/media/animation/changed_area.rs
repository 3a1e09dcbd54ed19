//! The part of a picture that differs from the one before it, which is all that a file must hold.

use crate::model::PixelSize;

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChangedArea {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) size: PixelSize,
}

impl ChangedArea {
    /// Returns all of a picture.
    pub(super) const fn whole(size: PixelSize) -> Self {
        Self {
            left: 0,
            top: 0,
            size,
        }
    }

    /// Returns the smallest area outside of which two pictures of this size are equal. It has at
    /// least one pixel.
    pub(super) fn between(size: PixelSize, before: &[[u8; 3]], now: &[[u8; 3]]) -> Self {
        let width = size.width as usize;
        let rows = || before.chunks(width).zip(now.chunks(width));
        let differs = |(before, now): (&[[u8; 3]], &[[u8; 3]])| before != now;
        let Some(top) = rows().position(differs) else {
            // No format has a picture without pixels.
            return Self::whole(PixelSize::new(1, 1));
        };
        let bottom = rows().rposition(differs).unwrap_or(top);
        let mut left = width;
        let mut right = 0;
        for (before, now) in rows().skip(top).take(bottom + 1 - top) {
            let mut pixels = before.iter().zip(now);
            let Some(first) = pixels.position(|(before, now)| before != now) else {
                continue;
            };
            left = left.min(first);
            let mut pixels = before.iter().zip(now);
            right = right.max(pixels.rposition(|(b, n)| b != n).unwrap_or(first));
        }
        Self {
            left: side(left),
            top: side(top),
            size: PixelSize::new(side(right + 1 - left), side(bottom + 1 - top)),
        }
    }

    /// Returns the values of the area, row by row, of a picture of this width.
    pub(super) fn cut<T: Copy>(&self, width: u32, values: &[T]) -> Vec<T> {
        self.rows(width)
            .flat_map(|row| values[row].iter().copied())
            .collect()
    }

    /// Returns the places of its rows in a picture of this width.
    pub(super) fn rows(&self, width: u32) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let Self { left, top, size } = *self;
        (top..top + size.height).map(move |row| {
            let start = row as usize * width as usize + left as usize;
            start..start + size.width as usize
        })
    }

    /// Returns whether it is within a picture of this size.
    pub(super) fn fits(&self, size: PixelSize) -> bool {
        let ends = |start: u32, length: u32| u64::from(start) + u64::from(length);
        ends(self.left, self.size.width) <= u64::from(size.width)
            && ends(self.top, self.size.height) <= u64::from(size.height)
    }
}

fn side(pixels: usize) -> u32 {
    u32::try_from(pixels).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_holds_every_difference_and_no_more() {
        let size = PixelSize::new(5, 4);
        let before = vec![[0; 3]; 20];
        let mut now = before.clone();
        now[5 + 3] = [1, 0, 0];
        now[10 + 1] = [0, 0, 9];
        let area = ChangedArea::between(size, &before, &now);
        assert_eq!((area.left, area.top), (1, 1));
        assert_eq!(area.size, PixelSize::new(3, 2));
        assert_eq!(
            area.cut(5, &now),
            [[0; 3], [0; 3], [1, 0, 0], [0, 0, 9], [0; 3], [0; 3]]
        );
        let same = ChangedArea::between(size, &now, &now);
        assert_eq!(same, ChangedArea::whole(PixelSize::new(1, 1)));
    }
}
