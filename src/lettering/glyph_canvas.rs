//! Letters as coverage and colour: drawing them, and the edge, shadow and panel behind them.

use super::block_layout::PlacedGlyph;
use super::font_set::FontSet;
use cosmic_text::{SwashContent, SwashImage};

/// The largest width of an edge in pixels. The time to draw one grows with its square.
const MOST_EDGE: f32 = 24.0;
/// The most pixels of one canvas.
const MOST_PIXELS: usize = 64 << 20;

/// How much of a pixel must be covered so that it is whole where edges are hard. Less than half:
/// strokes of small letters are thinner than a pixel, and would have gaps.
const LEAST_WHOLE: u8 = 88;

/// Part of a picture in premultiplied colour, with its place.
#[derive(Debug, Clone, Default)]
pub(super) struct GlyphCanvas {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: usize,
    pub(super) height: usize,
    /// Red, green, blue and coverage, row by row. Colours are multiplied by the coverage.
    pub(super) pixels: Vec<[u8; 4]>,
}

/// A glyph as it was drawn, with its place.
struct DrawnGlyph {
    image: SwashImage,
    left: i32,
    top: i32,
    colour: [u8; 3],
}

impl DrawnGlyph {
    fn right(&self) -> i32 {
        self.left + self.image.placement.width.cast_signed()
    }

    fn bottom(&self) -> i32 {
        self.top + self.image.placement.height.cast_signed()
    }
}

impl GlyphCanvas {
    /// Draws glyphs, with `padding` pixels around them for what comes behind them. `is_hard`:
    /// without soft edges.
    pub(super) fn draw_glyphs(
        fonts: &mut FontSet,
        glyphs: &[PlacedGlyph],
        padding: i32,
        is_hard: bool,
    ) -> Self {
        let FontSet { system, cache } = fonts;
        let drawn: Vec<DrawnGlyph> = glyphs
            .iter()
            .filter_map(|glyph| {
                let mut image = cache.get_image(system, glyph.key).clone()?;
                if is_hard && image.content == SwashContent::Mask {
                    harden_mask(&mut image.data);
                }
                let placement = image.placement;
                (placement.width > 0 && placement.height > 0).then(|| DrawnGlyph {
                    left: glyph.x + placement.left,
                    top: glyph.y - placement.top,
                    image,
                    colour: glyph.colour.0,
                })
            })
            .collect();
        let mut canvas = Self::around(&drawn, padding);
        for glyph in &drawn {
            canvas.add_glyph(glyph);
        }
        canvas
    }

    /// Returns an empty canvas around glyphs.
    fn around(drawn: &[DrawnGlyph], padding: i32) -> Self {
        let left = drawn.iter().map(|glyph| glyph.left).min();
        let top = drawn.iter().map(|glyph| glyph.top).min();
        let right = drawn.iter().map(DrawnGlyph::right).max();
        let bottom = drawn.iter().map(DrawnGlyph::bottom).max();
        let (Some(left), Some(top), Some(right), Some(bottom)) = (left, top, right, bottom) else {
            return Self::default();
        };
        Self::empty(
            left - padding,
            top - padding,
            usize::try_from(right - left + 2 * padding).unwrap_or(0),
            usize::try_from(bottom - top + 2 * padding).unwrap_or(0),
        )
    }

    /// Returns an empty canvas of this place and size. It has no pixels if there would be too many.
    pub(super) fn empty(left: i32, top: i32, width: usize, height: usize) -> Self {
        let count = width.saturating_mul(height);
        // A text from a damaged record could ask for any memory. Without its pixels it is not seen,
        // and the film is made.
        if count > MOST_PIXELS {
            return Self::default();
        }
        Self {
            left,
            top,
            width,
            height,
            pixels: vec![[0; 4]; count],
        }
    }

    fn add_glyph(&mut self, glyph: &DrawnGlyph) {
        let width = glyph.image.placement.width as usize;
        let place = |position: i32, start: i32| usize::try_from(position - start).ok();
        let Some(left) = place(glyph.left, self.left) else {
            return;
        };
        let Some(top) = place(glyph.top, self.top) else {
            return;
        };
        // Emoji bring their own colours, and the colour of the text is not theirs.
        let is_coloured = glyph.image.content == SwashContent::Color;
        let texels = if is_coloured { 4 } else { 1 };
        for (row, texels) in glyph.image.data.chunks_exact(width * texels).enumerate() {
            let start = (top + row) * self.width + left;
            let Some(target) = self.pixels.get_mut(start..start + width) else {
                return;
            };
            for (index, pixel) in target.iter_mut().enumerate() {
                let over = if is_coloured {
                    premultiplied_texel(texels, index)
                } else {
                    premultiplied(glyph.colour, texels[index])
                };
                *pixel = over_pixel(over, *pixel);
            }
        }
    }

    /// Makes every pixel either whole or empty, for pictures of few colours.
    pub(super) fn harden(&mut self) {
        for pixel in &mut self.pixels {
            let coverage = u32::from(pixel[3]);
            *pixel = if pixel[3] < LEAST_WHOLE {
                [0; 4]
            } else {
                let whole = |value: u8| {
                    u8::try_from((u32::from(value) * 255 / coverage).min(255)).unwrap_or(255)
                };
                [whole(pixel[0]), whole(pixel[1]), whole(pixel[2]), 255]
            };
        }
    }

    /// Returns how much each pixel is covered.
    fn coverage(&self) -> Vec<u8> {
        self.pixels.iter().map(|pixel| pixel[3]).collect()
    }

    /// Draws a line of `width` pixels around everything.
    pub(super) fn add_edge(&mut self, width: f32, colour: [u8; 3]) {
        // From the coverage of all letters at once: an edge around each would be drawn over its
        // neighbour.
        let wide = widened(&self.coverage(), self.width, width.min(MOST_EDGE));
        self.add_behind(&wide, colour, 255);
    }

    /// Draws a soft shadow behind everything, `radius` pixels soft and `offset` pixels lower.
    pub(super) fn add_shadow(&mut self, radius: usize, offset: usize, darkness: u8) {
        let mut soft = self.coverage();
        // Three means of boxes are close to a bell curve, at a cost that does not depend on the
        // radius.
        for _ in 0..3 {
            soft = blurred(&soft, self.width, self.height, radius);
        }
        let shift = (offset * self.width).min(soft.len());
        let moved = soft.len() - shift;
        soft.copy_within(..moved, shift);
        soft[..shift].fill(0);
        self.add_behind(&soft, [0; 3], darkness);
    }

    fn add_behind(&mut self, coverage: &[u8], colour: [u8; 3], strength: u8) {
        for (pixel, covered) in self.pixels.iter_mut().zip(coverage) {
            let behind = premultiplied(colour, scaled(*covered, strength));
            *pixel = over_pixel(*pixel, behind);
        }
    }

    /// Fills a rectangle behind everything, and grows to hold it.
    pub(super) fn add_panel(&mut self, panel: &Self) {
        let left = self.left.min(panel.left);
        let top = self.top.min(panel.top);
        let right = self.right().max(panel.right());
        let bottom = self.bottom().max(panel.bottom());
        let size = |from: i32, to: i32| usize::try_from(to - from).unwrap_or(0);
        let mut grown = Self::empty(left, top, size(left, right), size(top, bottom));
        // The panel is behind, so it is first.
        for layer in [panel, &*self] {
            grown.add_over(layer);
        }
        *self = grown;
    }

    fn add_over(&mut self, layer: &Self) {
        let place = |position: i32, start: i32| usize::try_from(position - start).unwrap_or(0);
        let left = place(layer.left, self.left);
        let top = place(layer.top, self.top);
        for (row, source) in layer.pixels.chunks_exact(layer.width.max(1)).enumerate() {
            let start = (top + row) * self.width + left;
            let Some(target) = self.pixels.get_mut(start..start + source.len()) else {
                return;
            };
            for (pixel, over) in target.iter_mut().zip(source) {
                *pixel = over_pixel(*over, *pixel);
            }
        }
    }

    /// Draws a row of coverage in a colour over everything. What is outside is left out.
    pub(super) fn add_coverage_row(
        &mut self,
        left: i32,
        top: i32,
        coverage: &[u8],
        colour: [u8; 3],
        strength: u8,
    ) {
        let Some((start, skipped, count)) = self.row_part(left, top, coverage.len()) else {
            return;
        };
        let target = &mut self.pixels[start..start + count];
        for (pixel, covered) in target.iter_mut().zip(&coverage[skipped..]) {
            if *covered > 0 {
                *pixel = over_pixel(premultiplied(colour, scaled(*covered, strength)), *pixel);
            }
        }
    }

    /// Draws another canvas over everything, as strong as `strength` of 255. What is outside is
    /// left out.
    pub(super) fn add_layer(&mut self, layer: &Self, strength: u8) {
        for (row, source) in layer.pixels.chunks_exact(layer.width.max(1)).enumerate() {
            let row = i32::try_from(row).unwrap_or(i32::MAX);
            let top = layer.top.saturating_add(row);
            let Some((start, skipped, count)) = self.row_part(layer.left, top, source.len()) else {
                continue;
            };
            let target = &mut self.pixels[start..start + count];
            for (pixel, over) in target.iter_mut().zip(&source[skipped..]) {
                let over = over.map(|value| scaled(value, strength));
                *pixel = over_pixel(over, *pixel);
            }
        }
    }

    /// Returns the first pixel of the part of a row that is inside, how many are left out before
    /// it, and how many are inside. `None`: none is.
    fn row_part(&self, left: i32, top: i32, length: usize) -> Option<(usize, usize, usize)> {
        let row = usize::try_from(i64::from(top) - i64::from(self.top)).ok()?;
        let column = i64::from(left) - i64::from(self.left);
        let skipped = usize::try_from(-column).unwrap_or(0);
        let column = usize::try_from(column).unwrap_or(0);
        if row >= self.height || column >= self.width || skipped >= length {
            return None;
        }
        let count = (length - skipped).min(self.width - column);
        Some((row * self.width + column, skipped, count))
    }

    fn right(&self) -> i32 {
        self.left + i32::try_from(self.width).unwrap_or(0)
    }

    fn bottom(&self) -> i32 {
        self.top + i32::try_from(self.height).unwrap_or(0)
    }
}

/// Makes every pixel of a glyph either whole or empty.
fn harden_mask(coverage: &mut [u8]) {
    // A dot that is between pixels covers each of them a little, and must not disappear.
    let most = coverage.iter().copied().max().unwrap_or(0);
    let least = (most / 2).clamp(1, LEAST_WHOLE);
    for value in coverage {
        *value = if *value >= least { 255 } else { 0 };
    }
}

/// Returns `value * share / 255`, rounded.
fn scaled(value: u8, share: u8) -> u8 {
    let product = u32::from(value) * u32::from(share) + 127;
    u8::try_from(product / 255).unwrap_or(255)
}

pub(super) fn premultiplied(colour: [u8; 3], coverage: u8) -> [u8; 4] {
    let [red, green, blue] = colour.map(|value| scaled(value, coverage));
    [red, green, blue, coverage]
}

fn premultiplied_texel(texels: &[u8], index: usize) -> [u8; 4] {
    let texel = &texels[index * 4..index * 4 + 4];
    premultiplied([texel[0], texel[1], texel[2]], texel[3])
}

fn over_pixel(over: [u8; 4], under: [u8; 4]) -> [u8; 4] {
    let left = 255 - over[3];
    // Both parts are rounded, so that their sum may be 256.
    std::array::from_fn(|index| over[index].saturating_add(scaled(under[index], left)))
}

/// Returns a coverage that reaches `radius` pixels further in every direction.
fn widened(coverage: &[u8], width: usize, radius: f32) -> Vec<u8> {
    if width == 0 || radius <= 0.0 {
        return coverage.to_vec();
    }
    let mut wide = vec![0; coverage.len()];
    for step in disc_steps(radius) {
        add_shifted(&mut wide, coverage, width, step);
    }
    wide
}

/// One pixel of a disc.
#[derive(Clone, Copy)]
struct DiscStep {
    across: isize,
    down: isize,
    /// How much of the pixel is within the disc, 0 to 255.
    share: u8,
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a radius is at most `MOST_EDGE`, and a share is from 0 to 255"
)]
fn disc_steps(radius: f32) -> Vec<DiscStep> {
    let reach = radius.ceil() as isize;
    let mut steps = Vec::new();
    for down in -reach..=reach {
        for across in -reach..=reach {
            let distance = ((across * across + down * down) as f32).sqrt();
            // The rim is soft, one pixel wide.
            let share = ((radius + 1.0 - distance).clamp(0.0, 1.0) * 255.0).round() as u8;
            if share > 0 {
                steps.push(DiscStep {
                    across,
                    down,
                    share,
                });
            }
        }
    }
    steps
}

fn add_shifted(wide: &mut [u8], coverage: &[u8], width: usize, step: DiscStep) {
    let shifted = |index: usize, by: isize, end: usize| {
        let place = index.checked_add_signed(by)?;
        (place < end).then_some(place)
    };
    let height = coverage.len() / width;
    for row in 0..height {
        let Some(target_row) = shifted(row, step.down, height) else {
            continue;
        };
        let skip = step.across.min(0).unsigned_abs();
        let take = width.saturating_sub(step.across.unsigned_abs());
        let source_start = row * width + skip;
        let target_start = target_row * width + step.across.max(0).unsigned_abs();
        let source = &coverage[source_start..source_start + take];
        let target = &mut wide[target_start..target_start + take];
        for (pixel, covered) in target.iter_mut().zip(source) {
            // The largest and not the sum: several pixels of a letter reach the same place.
            *pixel = (*pixel).max(scaled(*covered, step.share));
        }
    }
}

/// Returns a coverage in which each pixel is the mean of those at most `radius` pixels away, along
/// and across.
fn blurred(coverage: &[u8], width: usize, height: usize, radius: usize) -> Vec<u8> {
    let mut along = vec![0; coverage.len()];
    for row in 0..height {
        let line = SampledLine {
            start: row * width,
            step: 1,
            count: width,
        };
        line.average(coverage, &mut along, radius);
    }
    let mut across = vec![0; coverage.len()];
    for column in 0..width {
        let line = SampledLine {
            start: column,
            step: width,
            count: height,
        };
        line.average(&along, &mut across, radius);
    }
    across
}

/// A row or a column.
struct SampledLine {
    start: usize,
    step: usize,
    count: usize,
}

impl SampledLine {
    /// Writes the mean of each sample and its neighbours.
    fn average(&self, source: &[u8], target: &mut [u8], radius: usize) {
        let value = |index: usize| u32::from(source[self.start + index * self.step]);
        // At the ends too, where there are fewer samples: outside, nothing is covered.
        let window = u32::try_from(2 * radius + 1).unwrap_or(1);
        let mut sum: u32 = (0..radius.min(self.count)).map(value).sum();
        for index in 0..self.count {
            if index + radius < self.count {
                sum += value(index + radius);
            }
            if index > radius {
                sum -= value(index - radius - 1);
            }
            target[self.start + index * self.step] = u8::try_from(sum / window).unwrap_or(255);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_reaches_its_width_in_every_direction() {
        let mut coverage = vec![0; 81];
        coverage[40] = 255;
        let wide = widened(&coverage, 9, 2.0);
        let row = |row: usize| wide[row * 9..row * 9 + 9].to_vec();
        assert_eq!(row(4), [0, 0, 255, 255, 255, 255, 255, 0, 0]);
        assert_eq!(row(2)[4], 255);
        assert_eq!(row(1), [0; 9]);
        assert!(row(2)[2] < 64, "a corner is further than a side");
    }

    #[test]
    fn a_blur_keeps_the_sum_away_from_the_sides() {
        let mut coverage = vec![0; 15 * 15];
        coverage[7 * 15 + 7] = 225;
        let soft = blurred(&coverage, 15, 15, 2);
        assert_eq!(soft.iter().map(|value| u32::from(*value)).sum::<u32>(), 225);
        assert_eq!(soft[7 * 15 + 7], 9);
        assert_eq!(soft[7 * 15 + 10], 0);
    }

    #[test]
    fn what_is_opaque_hides_what_is_behind() {
        let white = premultiplied([255; 3], 255);
        let grey = premultiplied([100; 3], 255);
        assert_eq!(over_pixel(white, grey), white);
        assert_eq!(over_pixel([0; 4], grey), grey);
        let half = over_pixel(premultiplied([255; 3], 128), grey);
        assert_eq!(half[3], 255);
        assert!((177..=179).contains(&half[0]), "{half:?}");
    }
}
