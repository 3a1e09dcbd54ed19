//! Lines that show which part of a picture every screen shows.

use super::text_sprite::DrawTarget;
use crate::model::PixelSize;
use crate::model::titles::GuideKind;

/// A rectangle of a frame, and whether it is light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct GuideBar {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    is_light: bool,
}

/// Guides at the size of an output.
#[derive(Debug, Clone, Default)]
pub(super) struct SafeGuides {
    bars: Vec<GuideBar>,
}

impl SafeGuides {
    pub(super) fn new(kinds: &[GuideKind], size: PixelSize) -> Self {
        let mut guides = Self::default();
        for kind in kinds {
            match kind {
                // SMPTE ST 2046-1: 93 % of each side for action, 90 % for titles.
                GuideKind::Action => guides.add_frame(size, 35),
                GuideKind::Title => guides.add_frame(size, 50),
                GuideKind::Centre => guides.add_cross(size),
                GuideKind::Thirds => guides.add_thirds(size),
            }
        }
        guides
    }

    /// Adds a frame with `inset` thousandths of each side on either side of it.
    fn add_frame(&mut self, size: PixelSize, inset: usize) {
        let width = size.width as usize;
        let height = size.height as usize;
        let across = width * inset / 1000;
        let down = height * inset / 1000;
        let inner_width = width - 2 * across;
        let inner_height = height - 2 * down;
        let line = line_width(size);
        self.add_line(across, down, inner_width, line);
        self.add_line(
            across,
            (height - down).saturating_sub(line),
            inner_width,
            line,
        );
        self.add_line(across, down, line, inner_height);
        self.add_line(
            (width - across).saturating_sub(line),
            down,
            line,
            inner_height,
        );
    }

    fn add_cross(&mut self, size: PixelSize) {
        let arm = (size.height as usize / 30).max(2);
        let middle_x = size.width as usize / 2;
        let middle_y = size.height as usize / 2;
        let line = line_width(size);
        self.add_line(middle_x.saturating_sub(arm), middle_y, 2 * arm, line);
        self.add_line(middle_x, middle_y.saturating_sub(arm), line, 2 * arm);
    }

    fn add_thirds(&mut self, size: PixelSize) {
        let width = size.width as usize;
        let height = size.height as usize;
        let line = line_width(size);
        for third in 1..3 {
            self.add_line(width * third / 3, 0, line, height);
            self.add_line(0, height * third / 3, width, line);
        }
    }

    /// Adds a light line with a dark one beside it, so that it is seen on every picture.
    fn add_line(&mut self, left: usize, top: usize, width: usize, height: usize) {
        let bar = GuideBar {
            left,
            top,
            width,
            height,
            is_light: true,
        };
        let line = width.min(height);
        let is_flat = width > height;
        self.bars.push(GuideBar {
            left: if is_flat { left } else { left + line },
            top: if is_flat { top + line } else { top },
            // The dark one first, so that the light one is whole where lines cross.
            is_light: false,
            ..bar
        });
        self.bars.push(bar);
    }

    pub(super) fn draw(&self, target: &mut DrawTarget<'_>) {
        let width = target.size.width as usize;
        let height = target.size.height as usize;
        for bar in &self.bars {
            let value = if bar.is_light { 65_535 } else { 0 };
            let end = (bar.left + bar.width).min(width);
            for row in bar.top..(bar.top + bar.height).min(height) {
                let start = row * width;
                let Some(pixels) = target
                    .pixels
                    .get_mut(start + bar.left.min(end)..start + end)
                else {
                    continue;
                };
                for channel in pixels.as_flattened_mut() {
                    // Half of the picture shows through.
                    *channel = u16::try_from((u32::from(*channel) + value) / 2).unwrap_or(u16::MAX);
                }
            }
        }
    }
}

/// Returns the width of a line: a pixel, and two from 1080 lines on.
fn line_width(size: PixelSize) -> usize {
    (size.height as usize / 540).clamp(1, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guides_are_where_the_standard_has_them() {
        let size = PixelSize::new(1920, 1080);
        let mut pixels = vec![[0u16; 3]; 1920 * 1080];
        let guides = SafeGuides::new(&[GuideKind::Action, GuideKind::Title], size);
        guides.draw(&mut DrawTarget {
            size,
            pixels: &mut pixels,
        });
        let row = 540 * 1920;
        let lit: Vec<usize> = (0..1920).filter(|x| pixels[row + x][0] > 0).collect();
        // 3.5 % and 5 % of 1920 pixels on either side.
        assert_eq!(lit, [67, 68, 96, 97, 1822, 1823, 1851, 1852]);
        let lit: Vec<usize> = (0..1080)
            .filter(|y| pixels[y * 1920 + 960][0] > 0)
            .collect();
        assert_eq!(lit, [37, 38, 54, 55, 1024, 1025, 1041, 1042]);
    }

    #[test]
    fn no_picture_is_too_small() {
        for (width, height) in [(0, 0), (1, 1), (2, 3), (16, 9)] {
            let size = PixelSize::new(width, height);
            let mut pixels = vec![[0u16; 3]; (width * height) as usize];
            SafeGuides::new(&GuideKind::ALL, size).draw(&mut DrawTarget {
                size,
                pixels: &mut pixels,
            });
        }
    }
}
