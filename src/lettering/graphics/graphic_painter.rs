//! A graphic on each of its frames.

use super::graphic_fit::fit_graphic;
use super::graphic_scene::PreparedElement;
use super::shape_canvas::SceneRect;
use super::text_setter::whole_pixels;
use crate::lettering::font_set::FontSet;
use crate::lettering::glyph_canvas::GlyphCanvas;
use crate::lettering::text_sprite::{
    DrawTarget, OPAQUE, STEPS, SpriteDrawing, SpriteShift, TextSprite,
};
use crate::model::PixelSize;
use crate::model::camera::Easing;
use crate::model::graphics::GraphicBlock;

/// How far a graphic moves while it comes, as a share of the height of the picture.
const TRAVEL: f32 = 0.025;
/// The most pictures that a number has while it counts up.
const MOST_STEPS: usize = 60;
/// Parts of the time of building. Frames with the same part are the same picture.
const BUILD_PARTS: u32 = 100_000;

/// A graphic at the size of an output.
pub(in crate::lettering) struct GraphicPainter {
    elements: Vec<PreparedElement>,
    rect: SceneRect,
    /// All of it.
    built: TextSprite,
    build: usize,
    fade: usize,
    length: usize,
    easing: Easing,
    travel: f32,
    is_hard: bool,
}

/// What a graphic shows on a frame. Two frames with the same are the same picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lettering) struct GraphicMoment {
    /// How much of the time of building is over, of [`BUILD_PARTS`].
    built: u32,
    /// 0 to [`OPAQUE`].
    opacity: u32,
    /// Sixteenths of a pixel that it is lower.
    lower: i32,
}

impl GraphicPainter {
    pub(in crate::lettering) fn new(
        fonts: &mut FontSet,
        block: &GraphicBlock,
        length: usize,
        size: PixelSize,
        is_hard: bool,
    ) -> Self {
        // A number has no more pictures than the building has frames, and no more than the eye
        // distinguishes.
        let steps = block.build.clamp(2, MOST_STEPS);
        let laid = fit_graphic(fonts, block, size, is_hard, steps);
        let elements = laid.elements.into_iter();
        let elements = elements.map(|element| element.prepare(fonts, is_hard));
        #[expect(
            clippy::cast_precision_loss,
            reason = "sides of pictures are below 2^24"
        )]
        let height = size.height as f32;
        let mut painter = Self {
            elements: elements.collect(),
            rect: laid.rect,
            built: TextSprite::default(),
            build: block.build,
            fade: block.fade,
            length,
            easing: block.easing,
            travel: TRAVEL * height,
            is_hard,
        };
        // Drawn once: for most of its frames a graphic is complete.
        painter.built = TextSprite::new(painter.canvas(1.0));
        painter
    }

    /// Returns what is there when so much of the time of building is over, 0 to 1.
    fn canvas(&self, time: f32) -> GlyphCanvas {
        let side = |length: f32| usize::try_from(whole_pixels(length.ceil())).unwrap_or(0);
        let mut canvas = GlyphCanvas::empty(
            whole_pixels(self.rect.left),
            whole_pixels(self.rect.top),
            side(self.rect.width),
            side(self.rect.height),
        );
        for element in &self.elements {
            element.draw(&mut canvas, time, self.easing);
        }
        if self.is_hard {
            canvas.harden();
        }
        canvas
    }

    /// Returns what a frame of its own shows.
    pub(in crate::lettering) fn moment(&self, frame: usize) -> GraphicMoment {
        let last = self.length.saturating_sub(1);
        let entered = Easing::Out.apply(share(frame + 1, self.fade + 1));
        let left = share(last.saturating_sub(frame) + 1, self.fade + 1);
        // The first things come while the card still does.
        let begun = (frame + 1).saturating_sub(self.fade / 2);
        let built = if self.build == 0 {
            1.0
        } else {
            share(begun, self.build)
        };
        GraphicMoment {
            built: parts(built, BUILD_PARTS),
            opacity: parts(entered.min(left), OPAQUE),
            lower: self.steps((1.0 - entered) * self.travel),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a part of a picture")]
    fn steps(&self, pixels: f32) -> i32 {
        if self.is_hard {
            // Hard edges would become soft between two pixels.
            return pixels.round() as i32 * STEPS;
        }
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let steps = STEPS as f32;
        (pixels * steps).round() as i32
    }

    pub(in crate::lettering) fn draw(&self, target: &mut DrawTarget<'_>, frame: usize) {
        let moment = self.moment(frame);
        let drawing = SpriteDrawing {
            shift: SpriteShift {
                x: 0,
                y: moment.lower,
            },
            opacity: moment.opacity,
            first_column: 0,
            end_column: i32::MAX,
        };
        if moment.built == BUILD_PARTS {
            self.built.draw(target, drawing);
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "at most `BUILD_PARTS`")]
        let time = moment.built as f32 / BUILD_PARTS as f32;
        TextSprite::new(self.canvas(time)).draw(target, drawing);
    }
}

#[expect(clippy::cast_precision_loss, reason = "graphics have few frames")]
fn share(part: usize, whole: usize) -> f32 {
    (part as f32 / whole.max(1) as f32).clamp(0.0, 1.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share from 0 to 1"
)]
fn parts(share: f32, whole: u32) -> u32 {
    (share * whole as f32).round() as u32
}
