//! Numbers that are others on every frame: each digit is drawn once, and all digits are as wide as
//! the widest, so that nothing jumps.

use super::block_layout::{LongWords, PictureScale, WrittenText, lay_out_row, margin_share};
use super::font_set::FontSet;
use super::glyph_canvas::{GlyphCanvas, premultiplied};
use super::text_sprite::{DrawTarget, OPAQUE, SpriteDrawing, SpriteShift, TextSprite};
use crate::model::PixelSize;
use crate::model::cut::{ScreenColour, Timecode};
use crate::model::titles::{CounterKind, FrameCounter};
use std::collections::BTreeMap;

/// A character of a counter.
struct CounterCharacter {
    sprite: TextSprite,
    /// Pixels from its left side to that of the next.
    advance: i32,
    /// Pixels that it is moved to the right, so that it is in the middle of its advance.
    indent: i32,
}

/// A counter at the size of an output.
pub(super) struct CounterPainter {
    counter: FrameCounter,
    characters: BTreeMap<char, CounterCharacter>,
    /// The numbers of the frames of a shot.
    numbers: Vec<i32>,
    /// Space around the text within its panel.
    padding: i32,
    size: PixelSize,
    height: i32,
    /// Pixels between its panel and the left and right side of the picture.
    margin_across: i32,
    /// Pixels between its panel and the upper and lower side.
    margin_down: i32,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "sizes of text are below those of pictures"
)]
const fn pixels(value: f32) -> i32 {
    value as i32
}

impl CounterCharacter {
    /// Draws a character at the left side of its own width.
    fn draw(fonts: &mut FontSet, written: &WrittenText, colour: ScreenColour) -> Self {
        let laid = lay_out_row(fonts, written, colour);
        let glyphs = laid.rows.iter().flat_map(|row| &row.glyphs);
        let glyphs: Vec<_> = glyphs.copied().collect();
        let canvas = GlyphCanvas::draw_glyphs(fonts, &glyphs, 0, written.is_hard);
        Self {
            sprite: TextSprite::new(canvas),
            advance: pixels(laid.width.ceil()),
            indent: 0,
        }
    }
}

impl CounterPainter {
    pub(super) fn new(
        fonts: &mut FontSet,
        counter: &FrameCounter,
        size: PixelSize,
        is_hard: bool,
    ) -> Self {
        let picture = PictureScale::new(size);
        let font_pixels = picture.font_pixels(counter.size, is_hard);
        // All that a number or a timecode can have: the semicolon is that of drop frame, the minus
        // that of frames before zero.
        let drawn = "0123456789:;-".chars().map(|character| {
            let written = WrittenText {
                text: character.to_string(),
                pixels: font_pixels,
                bold: false,
                tracking: 0.0,
                is_hard,
                long_words: LongWords::Broken,
                first_font: 0,
            };
            let drawn = CounterCharacter::draw(fonts, &written, counter.colour);
            (character, drawn)
        });
        let mut characters: BTreeMap<char, CounterCharacter> = drawn.collect();
        let digits = characters.iter().filter(|(key, _)| key.is_ascii_digit());
        let widest = digits.map(|(_, drawn)| drawn.advance).max().unwrap_or(0);
        let digits = characters
            .iter_mut()
            .filter(|(key, _)| key.is_ascii_digit());
        for (_, drawn) in digits {
            // In the middle of its cell, or a narrow 1 would seem to belong to the digit before it.
            drawn.indent = (widest - drawn.advance) / 2;
            drawn.advance = widest;
        }
        let numbers = match &counter.kind {
            CounterKind::ShotFrame { frames } => frames.iter().collect(),
            CounterKind::Timecode { .. } => Vec::new(),
        };
        Self {
            characters,
            numbers,
            padding: pixels(font_pixels * 0.3),
            height: pixels((font_pixels * 1.3).ceil()),
            margin_across: pixels(margin_share(counter.margin) * picture.width),
            margin_down: pixels(margin_share(counter.margin) * picture.height),
            counter: counter.clone(),
            size,
        }
    }

    /// Returns what is shown on a frame of its own.
    pub(super) fn text(&self, frame: usize) -> String {
        match &self.counter.kind {
            CounterKind::ShotFrame { .. } => {
                let number = self.numbers.get(frame);
                number.map(ToString::to_string).unwrap_or_default()
            }
            CounterKind::Timecode {
                first,
                rate,
                counting,
            } => Timecode {
                frames: first.saturating_add(frame as u64),
                rate: *rate,
                counting: *counting,
            }
            .to_string(),
        }
    }

    pub(super) fn draw(&self, target: &mut DrawTarget<'_>, frame: usize) {
        let text = self.text(frame);
        let drawn: Vec<&CounterCharacter> = text
            .chars()
            .filter_map(|character| self.characters.get(&character))
            .collect();
        if drawn.is_empty() {
            return;
        }
        let width: i32 = drawn.iter().map(|character| character.advance).sum();
        let place = self.counter.place;
        let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
        let placed = |share: f32, length: u32, margin: i32, own: i32| {
            let free = side(length) - 2 * margin - own;
            #[expect(
                clippy::cast_precision_loss,
                reason = "sides of pictures are below 2^24"
            )]
            let before = pixels(free as f32 * share);
            margin + before
        };
        // By the width of this text: a number with another digit is centred anew, while its digits
        // keep their cells.
        let left = placed(
            place.across(),
            self.size.width,
            self.margin_across + self.padding,
            width,
        );
        let top = placed(
            place.down(),
            self.size.height,
            self.margin_down,
            self.height,
        );
        self.draw_panel(target, left, top, width);
        let mut pen = left;
        for character in drawn {
            let sprite = SpriteShift {
                x: (pen + character.indent) * super::text_sprite::STEPS,
                y: top * super::text_sprite::STEPS,
            };
            character.sprite.draw(target, whole_drawing(sprite));
            pen += character.advance;
        }
    }

    fn draw_panel(&self, target: &mut DrawTarget<'_>, left: i32, top: i32, width: i32) {
        let panel = self.counter.panel;
        let opacity = panel_coverage(panel.opacity);
        if opacity == 0 {
            return;
        }
        let length = |value: i32| usize::try_from(value).unwrap_or(0);
        let mut canvas = GlyphCanvas::empty(
            left - self.padding,
            top,
            length(width + 2 * self.padding),
            length(self.height),
        );
        canvas.pixels.fill(premultiplied(panel.colour.0, opacity));
        TextSprite::new(canvas).draw(target, whole_drawing(SpriteShift::default()));
    }
}

/// Returns how much a panel covers, from 0 to 255.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is clamped"
)]
pub(super) fn panel_coverage(opacity: f32) -> u8 {
    (opacity * 255.0).round().clamp(0.0, 255.0) as u8
}

fn whole_drawing(shift: SpriteShift) -> SpriteDrawing {
    SpriteDrawing {
        shift,
        opacity: OPAQUE,
        first_column: 0,
        end_column: i32::MAX,
    }
}
