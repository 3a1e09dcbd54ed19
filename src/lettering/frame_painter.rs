//! The overlays of a segment, drawn once and blended into its frames.

use super::BUILT_IN_FONT;
use super::block_fit::{FittedBlock, fit_block};
use super::block_layout::{LaidBlock, PictureScale, PlacedGlyph, margin_share, panel_padding};
use super::block_pages::turned_pages;
use super::counter_painter::{CounterPainter, panel_coverage};
use super::font_set::{FontSet, TypefaceFile};
use super::glyph_canvas::{GlyphCanvas, premultiplied};
use super::graphics::{GraphicMoment, GraphicPainter};
use super::lettering_error::LetteringError;
use super::safe_guides::SafeGuides;
use super::text_motion::{BlockMotion, COVER_PARTS};
use super::text_sprite::{DrawTarget, SpriteDrawing, TextSprite};
use crate::base::panic_guard::without_panic;
use crate::model::PixelSize;
use crate::model::titles::{FrameOverlay, OverlayContent, TextBlock, TypefaceSource};
use std::collections::BTreeMap;

/// Softness of a shadow as a share of the height of the picture.
const SHADOW_SIZE: f32 = 0.004;

/// Draws the overlays of a segment into its frames.
///
/// Text is laid out and drawn when it is made. It can be used by many threads at once.
pub struct FramePainter {
    overlays: Vec<PreparedOverlay>,
    size: PixelSize,
}

struct PreparedOverlay {
    overlay: FrameOverlay,
    drawing: PreparedDrawing,
}

enum PreparedDrawing {
    Block(PreparedBlock),
    Graphic(Box<GraphicPainter>),
    Counter(Box<CounterPainter>),
    Guides(SafeGuides),
    Backdrop([u16; 3]),
}

struct PreparedBlock {
    sprites: Vec<TextSprite>,
    motion: BlockMotion,
}

/// What one overlay shows on a frame. Two frames with the same are the same picture.
#[derive(Debug, Clone, PartialEq, Eq)]
enum OverlayMoment {
    Hidden,
    Still,
    Block(super::text_motion::BlockMoment),
    Graphic(GraphicMoment),
    Text(String),
}

impl FramePainter {
    /// Lays everything out and draws it for pictures of one size. `is_hard`: without soft edges, for
    /// pictures of few colours.
    ///
    /// # Errors
    /// Fails if a font is missing, cannot be read, or is damaged.
    pub fn new(
        overlays: &[FrameOverlay],
        files: &BTreeMap<usize, TypefaceFile>,
        size: PixelSize,
        is_hard: bool,
    ) -> Result<Self, LetteringError> {
        // All text is shaped and drawn here, so a damaged font is noticed here and nowhere else.
        without_panic(|| Self::prepare(overlays, files, size, is_hard))
            .unwrap_or_else(|| Err(LetteringError::DamagedFont(font_names(files))))
    }

    fn prepare(
        overlays: &[FrameOverlay],
        files: &BTreeMap<usize, TypefaceFile>,
        size: PixelSize,
        is_hard: bool,
    ) -> Result<Self, LetteringError> {
        let mut prepared = Vec::new();
        // Neighbours mostly have the same fonts, and opening one reads all its tables.
        let mut opened: Option<(Vec<TypefaceSource>, FontSet)> = None;
        for overlay in overlays {
            let mut fonts_of = |sources: &[TypefaceSource]| -> Result<FontSet, LetteringError> {
                match opened.take() {
                    Some((own, fonts)) if own == sources => Ok(fonts),
                    _ => FontSet::open(sources, files),
                }
            };
            let drawing = match &overlay.content {
                OverlayContent::Text(block) => {
                    let mut fonts = fonts_of(&block.fonts)?;
                    prepared.extend(prepare_pages(&mut fonts, overlay, block, size, is_hard));
                    opened = Some((block.fonts.clone(), fonts));
                    continue;
                }
                OverlayContent::Graphic(block) => {
                    let mut fonts = fonts_of(&block.fonts)?;
                    let length = overlay.length;
                    let drawn = GraphicPainter::new(&mut fonts, block, length, size, is_hard);
                    opened = Some((block.fonts.clone(), fonts));
                    PreparedDrawing::Graphic(Box::new(drawn))
                }
                OverlayContent::Counter(counter) => {
                    let mut fonts = fonts_of(&counter.fonts)?;
                    let drawn = CounterPainter::new(&mut fonts, counter, size, is_hard);
                    opened = Some((counter.fonts.clone(), fonts));
                    PreparedDrawing::Counter(Box::new(drawn))
                }
                OverlayContent::Backdrop(colour) => {
                    // Times 257, so that 255 becomes 65535 and white stays white.
                    PreparedDrawing::Backdrop(colour.0.map(|value| u16::from(value) * 257))
                }
                OverlayContent::Guides(kinds) => {
                    PreparedDrawing::Guides(SafeGuides::new(kinds, size))
                }
                // The encoder, which knows the captions, puts a text in the place of each.
                OverlayContent::Captions(_) => continue,
            };
            prepared.push(PreparedOverlay {
                overlay: overlay.clone(),
                drawing,
            });
        }
        Ok(Self {
            overlays: prepared,
            size,
        })
    }

    /// Returns whether anything is drawn on a frame.
    #[must_use]
    pub fn draws_on(&self, frame: usize) -> bool {
        let mut overlays = self.overlays.iter();
        overlays.any(|prepared| prepared.overlay.own_frame(frame).is_some())
    }

    /// Draws everything that `frame` of the segment shows, over display values from the top left.
    /// Pixels of another size are left as they are.
    pub fn paint(&self, frame: usize, size: PixelSize, pixels: &mut [[u16; 3]]) {
        // Sprites are placed for one size. In another they would be in the wrong places, or
        // outside.
        if size != self.size || pixels.len() as u64 != size.pixel_count() {
            return;
        }
        let mut target = DrawTarget { size, pixels };
        for prepared in &self.overlays {
            let Some(own) = prepared.overlay.own_frame(frame) else {
                continue;
            };
            match &prepared.drawing {
                PreparedDrawing::Block(block) => block.draw(&mut target, own),
                PreparedDrawing::Graphic(graphic) => graphic.draw(&mut target, own),
                PreparedDrawing::Counter(counter) => counter.draw(&mut target, own),
                PreparedDrawing::Guides(guides) => guides.draw(&mut target),
                PreparedDrawing::Backdrop(colour) => target.pixels.fill(*colour),
            }
        }
    }

    /// Returns whether everything looks the same on both frames.
    #[must_use]
    pub fn is_same_picture(&self, one: usize, other: usize) -> bool {
        self.overlays
            .iter()
            .all(|prepared| prepared.moment(one) == prepared.moment(other))
    }
}

/// Returns the pages of a block, each with its drawing.
fn prepare_pages(
    fonts: &mut FontSet,
    overlay: &FrameOverlay,
    block: &TextBlock,
    size: PixelSize,
    is_hard: bool,
) -> Vec<PreparedOverlay> {
    let pages = turned_pages(fonts, overlay, block, size, is_hard).into_iter();
    pages
        .map(|page| {
            let length = page.overlay.length;
            let drawn = PreparedBlock::new(fonts, &page.block, length, size, is_hard);
            PreparedOverlay {
                overlay: page.overlay,
                drawing: PreparedDrawing::Block(drawn),
            }
        })
        .collect()
}

/// Returns the names of fonts for messages.
pub(super) fn font_names(files: &BTreeMap<usize, TypefaceFile>) -> String {
    let names: Vec<String> = files
        .values()
        .map(|file| format!("`{}`", file.name))
        .collect();
    match names.is_empty() {
        true => BUILT_IN_FONT.to_owned(),
        false => names.join(", "),
    }
}

impl PreparedOverlay {
    fn moment(&self, frame: usize) -> OverlayMoment {
        let Some(own) = self.overlay.own_frame(frame) else {
            return OverlayMoment::Hidden;
        };
        match &self.drawing {
            PreparedDrawing::Block(block) => OverlayMoment::Block(block.motion.moment(own)),
            PreparedDrawing::Graphic(graphic) => OverlayMoment::Graphic(graphic.moment(own)),
            PreparedDrawing::Counter(counter) => OverlayMoment::Text(counter.text(own)),
            PreparedDrawing::Guides(_) | PreparedDrawing::Backdrop(_) => OverlayMoment::Still,
        }
    }
}

impl PreparedBlock {
    fn new(
        fonts: &mut FontSet,
        block: &TextBlock,
        length: usize,
        size: PixelSize,
        is_hard: bool,
    ) -> Self {
        let picture = PictureScale::new(size);
        let FittedBlock { block, laid, .. } = fit_block(fonts, block, size, is_hard);
        let block = &block;
        let padding = panel_padding(block, picture, is_hard);
        let placed = |share: f32, side: f32, own: f32| {
            let margin = margin_share(block.margin) * side + padding;
            margin + (side - 2.0 * margin - own) * share
        };
        // Whole pixels: the letters were drawn for whole pixels, and a shift by a part of one would
        // blur them.
        let left = whole_pixels(placed(block.place.across(), picture.width, laid.width));
        // A roll begins below the picture, wherever its place is.
        let top = whole_pixels(placed(block.place.down(), picture.height, laid.height));
        let look = BlockLook {
            block,
            picture,
            is_hard,
        };
        let sprites = look.draw_sprites(fonts, &laid, padding);
        let motion = BlockMotion::new(
            block,
            length,
            size,
            f64::from(top),
            f64::from(laid.height),
            is_hard,
        );
        Self {
            sprites: sprites
                .into_iter()
                .map(|sprite| sprite.moved_by(left, top))
                .collect(),
            motion,
        }
    }

    fn draw(&self, target: &mut DrawTarget<'_>, frame: usize) {
        let moment = self.motion.moment(frame);
        for sprite in &self.sprites {
            let columns = sprite.columns();
            let width = i64::from(columns.end - columns.start);
            let part = |covered: u32| {
                let pixels = width * i64::from(covered) / i64::from(COVER_PARTS);
                i32::try_from(pixels).unwrap_or(0)
            };
            let is_wiped = moment.covered_left > 0 || moment.covered_right > 0;
            sprite.draw(
                target,
                SpriteDrawing {
                    shift: moment.shift,
                    opacity: moment.opacity,
                    first_column: if is_wiped {
                        columns.start + part(moment.covered_left)
                    } else {
                        0
                    },
                    end_column: if is_wiped {
                        columns.end - part(moment.covered_right)
                    } else {
                        i32::MAX
                    },
                },
            );
        }
    }
}

/// How a block is drawn.
struct BlockLook<'a> {
    block: &'a TextBlock,
    picture: PictureScale,
    is_hard: bool,
}

impl BlockLook<'_> {
    /// Draws a block as one sprite, or as one for each row if it rolls.
    fn draw_sprites(&self, fonts: &mut FontSet, laid: &LaidBlock, padding: f32) -> Vec<TextSprite> {
        if self.block.rolls {
            // Only the rows in the picture are blended. Credits are many pictures high.
            let rows = laid.rows.iter();
            return rows
                .map(|row| TextSprite::new(self.draw_canvas(fonts, &row.glyphs)))
                .collect();
        }
        let glyphs: Vec<PlacedGlyph> = laid
            .rows
            .iter()
            .flat_map(|row| &row.glyphs)
            .copied()
            .collect();
        let mut canvas = self.draw_canvas(fonts, &glyphs);
        if let Some(panel) = &self.block.panel {
            let around = whole_pixels(padding);
            let side = |length: f32| usize::try_from(whole_pixels(length)).unwrap_or(0);
            let mut filled = GlyphCanvas::empty(
                -around,
                -around,
                side(laid.width + 2.0 * padding),
                side(laid.height + 2.0 * padding),
            );
            let colour = premultiplied(panel.colour.0, panel_coverage(panel.opacity));
            filled.pixels.fill(colour);
            canvas.add_panel(&filled);
        }
        vec![TextSprite::new(canvas)]
    }

    fn draw_canvas(&self, fonts: &mut FontSet, glyphs: &[PlacedGlyph]) -> GlyphCanvas {
        let edge = self.block.edge.map(|edge| TextEdgePixels {
            // At least a pixel, or it would be no line around anything.
            width: (edge.width * self.picture.height).max(1.0),
            colour: edge.colour.0,
        });
        let shadow = usize::try_from(whole_pixels(SHADOW_SIZE * self.picture.height)).unwrap_or(0);
        let shadow = shadow.clamp(1, 32);
        let has_shadow = self.block.shadow > 0.0;
        let edge_reach = edge.as_ref().map_or(0, |edge| whole_pixels(edge.width) + 2);
        // Three passes of blur reach three radii, and the shadow is one radius lower.
        let shadow_reach = if has_shadow { shadow * 4 } else { 0 };
        let reach = edge_reach + i32::try_from(shadow_reach).unwrap_or(0);
        let mut canvas = GlyphCanvas::draw_glyphs(fonts, glyphs, reach, self.is_hard);
        if let Some(edge) = edge {
            canvas.add_edge(edge.width, edge.colour);
        }
        if has_shadow {
            // A soft shadow has colours that a palette of few does not have.
            let softness = if self.is_hard { 0 } else { shadow };
            canvas.add_shadow(softness, shadow, panel_coverage(self.block.shadow));
            if self.is_hard {
                canvas.harden();
            }
        }
        canvas
    }
}

/// A line around letters in pixels.
struct TextEdgePixels {
    width: f32,
    colour: [u8; 3],
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "lengths in a picture are below 2^24"
)]
fn whole_pixels(length: f32) -> i32 {
    length.round() as i32
}
