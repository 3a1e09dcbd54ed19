//! A text that was drawn once, and its blending into frames.

use super::glyph_canvas::GlyphCanvas;
use crate::model::PixelSize;
use std::ops::Range;

/// Steps of a pixel in which sprites are moved.
// Sixteenths are finer than the eye at any speed, and whole numbers give the same picture on every
// machine.
pub(super) const STEPS: i32 = 16;
/// Opacity of a sprite that hides what is behind it.
pub(super) const OPAQUE: u32 = 256;

/// A frame that is drawn on: display values, row by row from the top left.
pub(super) struct DrawTarget<'a> {
    pub(super) size: PixelSize,
    pub(super) pixels: &'a mut [[u16; 3]],
}

/// How far a sprite is from its place, in sixteenths of a pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SpriteShift {
    pub(super) x: i32,
    pub(super) y: i32,
}

/// How a sprite is drawn on one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpriteDrawing {
    pub(super) shift: SpriteShift,
    /// 0 to [`OPAQUE`].
    pub(super) opacity: u32,
    /// The columns of the frame that it may change.
    pub(super) first_column: i32,
    /// One past the last of them.
    pub(super) end_column: i32,
}

/// A text that was drawn once.
#[derive(Debug, Clone, Default)]
pub(super) struct TextSprite {
    canvas: GlyphCanvas,
    /// The columns of each row that are not empty.
    spans: Vec<Range<usize>>,
}

impl TextSprite {
    pub(super) fn new(canvas: GlyphCanvas) -> Self {
        let rows = canvas.pixels.chunks_exact(canvas.width.max(1));
        // Most of a sprite is empty: each row is blended from its first letter to its last.
        let spans = rows.map(|row| {
            let is_drawn = |pixel: &[u8; 4]| pixel[3] > 0;
            let first = row.iter().position(is_drawn);
            let last = row.iter().rposition(is_drawn);
            first
                .zip(last)
                .map_or(0..0, |(first, last)| first..last + 1)
        });
        Self {
            spans: spans.collect(),
            canvas,
        }
    }

    /// Returns the sprite at another place.
    pub(super) const fn moved_by(mut self, x: i32, y: i32) -> Self {
        self.canvas.left += x;
        self.canvas.top += y;
        self
    }

    /// Returns its first column and the one behind its last.
    pub(super) fn columns(&self) -> Range<i32> {
        let width = i32::try_from(self.canvas.width).unwrap_or(0);
        self.canvas.left..self.canvas.left + width
    }

    /// Draws it on a frame.
    pub(super) fn draw(&self, target: &mut DrawTarget<'_>, drawing: SpriteDrawing) {
        if drawing.opacity == 0 {
            return;
        }
        let whole_x = drawing.shift.x.div_euclid(STEPS);
        let whole_y = drawing.shift.y.div_euclid(STEPS);
        let part = SpriteShift {
            x: drawing.shift.x.rem_euclid(STEPS),
            y: drawing.shift.y.rem_euclid(STEPS),
        };
        let left = i64::from(self.canvas.left) + i64::from(whole_x);
        let top = i64::from(self.canvas.top) + i64::from(whole_y);
        // A sprite between two pixels touches one more row.
        let rows = self.canvas.height + usize::from(part.y > 0);
        for row in 0..rows {
            let Some(target_row) = inside(top, row, target.size.height) else {
                continue;
            };
            let span = self.row_span(row, part);
            let first = i64::from(drawing.first_column.max(0));
            let end = i64::from(drawing.end_column).min(i64::from(target.size.width));
            let visible = clipped_span(&span, first - left, end - left);
            if visible.is_empty() {
                continue;
            }
            let start = usize::try_from(left).unwrap_or(0);
            let skipped = usize::try_from(-left).unwrap_or(0);
            let row_start = target_row * target.size.width as usize;
            let first = row_start + start + visible.start.saturating_sub(skipped);
            let behind = target.pixels.get_mut(first..first + visible.len());
            self.blend_row(
                behind.unwrap_or_default(),
                row,
                visible,
                part,
                drawing.opacity,
            );
        }
    }

    /// Blends columns of a row into the pixels of a frame.
    fn blend_row(
        &self,
        pixels: &mut [[u16; 3]],
        row: usize,
        columns: Range<usize>,
        part: SpriteShift,
        opacity: u32,
    ) {
        if part == SpriteShift::default() {
            let start = row * self.canvas.width;
            let texels = &self.canvas.pixels[start + columns.start..start + columns.end];
            let pairs = pixels.iter_mut().zip(texels);
            if opacity == OPAQUE {
                pairs.for_each(|(pixel, texel)| blend_whole(pixel, *texel));
            } else {
                let widened = |texel: &[u8; 4]| texel.map(|value| u32::from(value) * 256);
                pairs.for_each(|(pixel, texel)| blend_pixel(pixel, widened(texel), opacity));
            }
            return;
        }
        for (pixel, column) in pixels.iter_mut().zip(columns) {
            blend_pixel(pixel, self.texel(column, row, part), opacity);
        }
    }

    /// Returns the columns of a row that are not empty, of a sprite between pixels.
    fn row_span(&self, row: usize, part: SpriteShift) -> Range<usize> {
        let own = self.spans.get(row).cloned().unwrap_or(0..0);
        let above = row.checked_sub(1).filter(|_| part.y > 0);
        let above = above.and_then(|row| self.spans.get(row).cloned());
        let joined = match above {
            Some(above) if own.is_empty() => above,
            Some(above) if !above.is_empty() => own.start.min(above.start)..own.end.max(above.end),
            _ => own,
        };
        if part.x > 0 && !joined.is_empty() {
            joined.start..joined.end + 1
        } else {
            joined
        }
    }

    /// Returns a pixel of the sprite, which may be between pixels. Values are of 16 times 255.
    fn texel(&self, column: usize, row: usize, part: SpriteShift) -> [u32; 4] {
        let at = |column: Option<usize>, row: Option<usize>| -> [u32; 4] {
            let found = column.zip(row).and_then(|(column, row)| {
                let is_inside = column < self.canvas.width && row < self.canvas.height;
                is_inside.then(|| self.canvas.pixels[row * self.canvas.width + column])
            });
            found.unwrap_or_default().map(u32::from)
        };
        let (x, y) = (part.x.unsigned_abs(), part.y.unsigned_abs());
        let whole = STEPS.unsigned_abs();
        let own = at(Some(column), Some(row));
        let before = at(column.checked_sub(1), Some(row));
        let above = at(Some(column), row.checked_sub(1));
        let corner = at(column.checked_sub(1), row.checked_sub(1));
        std::array::from_fn(|index| {
            own[index] * (whole - x) * (whole - y)
                + before[index] * x * (whole - y)
                + above[index] * (whole - x) * y
                + corner[index] * x * y
        })
    }
}

/// Returns the row of the frame that a row of a sprite is drawn on. `None`: it is outside.
fn inside(top: i64, row: usize, height: u32) -> Option<usize> {
    let place = top.checked_add(i64::try_from(row).ok()?)?;
    usize::try_from(place)
        .ok()
        .filter(|place| *place < height as usize)
}

/// Returns the part of a span from `first` to `end`.
fn clipped_span(span: &Range<usize>, first: i64, end: i64) -> Range<usize> {
    let limit = |value: i64| usize::try_from(value).unwrap_or(0);
    span.start.max(limit(first))..span.end.min(limit(end))
}

/// Blends a pixel of a sprite that is neither moved nor faded, as most are, into one of a frame.
/// The result is that of [`blend_pixel`].
fn blend_whole(pixel: &mut [u16; 3], [red, green, blue, coverage]: [u8; 4]) {
    if coverage == 0 {
        return;
    }
    let own = [red, green, blue].map(u32::from);
    if coverage == 255 {
        // 65,535 is 257 times 255.
        *pixel = own.map(|value| u16::try_from(value * 257).unwrap_or(u16::MAX));
        return;
    }
    let left = u32::from(255 - coverage);
    for (value, own) in pixel.iter_mut().zip(own) {
        let mixed = own * 65_535 + u32::from(*value) * left;
        *value = u16::try_from((mixed + 127) / 255).unwrap_or(u16::MAX);
    }
}

/// Blends a pixel of a sprite, of values up to 255 times 256, into one of a frame.
fn blend_pixel(pixel: &mut [u16; 3], texel: [u32; 4], opacity: u32) {
    let [red, green, blue, coverage] = texel;
    if coverage == 0 {
        return;
    }
    // The largest coverage is 255 * 256; with the opacity it is brought to the same range again.
    // No colour is larger than its coverage, so the sum is below 65,536 times that.
    const WHOLE: u32 = 255 * 256;
    let hidden = coverage * opacity / OPAQUE;
    for (value, own) in pixel.iter_mut().zip([red, green, blue]) {
        let added = own * opacity / OPAQUE * 65_535;
        let below = u32::from(*value) * (WHOLE - hidden);
        *value = u16::try_from((added + below + WHOLE / 2) / WHOLE).unwrap_or(u16::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lettering::glyph_canvas::premultiplied;

    const SIZE: PixelSize = PixelSize::new(6, 4);

    fn dot() -> TextSprite {
        let mut canvas = GlyphCanvas::empty(2, 1, 2, 2);
        canvas.pixels.fill(premultiplied([255; 3], 255));
        TextSprite::new(canvas)
    }

    fn drawn(sprite: &TextSprite, shift: SpriteShift, opacity: u32) -> Vec<u16> {
        let mut pixels = vec![[0; 3]; 24];
        let mut target = DrawTarget {
            size: SIZE,
            pixels: &mut pixels,
        };
        let drawing = SpriteDrawing {
            shift,
            opacity,
            first_column: 0,
            end_column: 6,
        };
        sprite.draw(&mut target, drawing);
        pixels.into_iter().map(|pixel| pixel[0]).collect()
    }

    #[test]
    fn a_sprite_is_drawn_at_its_place_and_nowhere_else() {
        let whole = 65_535;
        let still = SpriteShift::default();
        let shown = drawn(&dot(), still, OPAQUE);
        let lit: Vec<usize> = (0..24).filter(|index| shown[*index] > 0).collect();
        assert_eq!(lit, [8, 9, 14, 15]);
        assert!(lit.iter().all(|index| shown[*index] == whole));
        assert_eq!(drawn(&dot(), still, 128)[8], 32_768);
        assert_eq!(drawn(&dot(), still, 0), [0; 24]);
    }

    #[test]
    fn a_whole_sprite_is_blended_as_one_that_may_be_moved() {
        for coverage in 0..=255 {
            for behind in [0, 1, 257, 12_345, 32_768, 65_534, 65_535] {
                let texel = premultiplied([255, 100, 1], coverage);
                let mut whole = [behind; 3];
                blend_whole(&mut whole, texel);
                let mut moved = [behind; 3];
                blend_pixel(
                    &mut moved,
                    texel.map(|value| u32::from(value) * 256),
                    OPAQUE,
                );
                assert_eq!(whole, moved, "{coverage} over {behind}");
            }
        }
    }

    #[test]
    fn a_sprite_between_pixels_keeps_its_light() {
        let sum = |shift| -> u32 {
            let shown = drawn(&dot(), shift, OPAQUE);
            shown.into_iter().map(u32::from).sum()
        };
        let still = sum(SpriteShift::default());
        for shift in [(8, 0), (0, 8), (5, 11), (-3, -7)] {
            let moved = sum(SpriteShift {
                x: shift.0,
                y: shift.1,
            });
            assert!(moved.abs_diff(still) < 8, "{shift:?}: {moved} of {still}");
        }
    }

    #[test]
    fn a_sprite_outside_of_the_frame_changes_nothing() {
        for (x, y) in [
            (-1000, 0),
            (1000, 0),
            (0, -1000),
            (0, 1000),
            (i32::MIN, i32::MAX),
        ] {
            let shift = SpriteShift { x, y };
            assert_eq!(drawn(&dot(), shift, OPAQUE), [0; 24], "{x} {y}");
        }
        let half_out = drawn(
            &dot(),
            SpriteShift {
                x: -3 * STEPS,
                y: -2 * STEPS,
            },
            OPAQUE,
        );
        let lit: Vec<usize> = (0..24).filter(|index| half_out[*index] > 0).collect();
        assert_eq!(lit, [0]);
    }
}
