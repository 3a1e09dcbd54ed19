//! The card of a graphic: its place in the picture, its panel, its title and its source.

use super::bar_layout::lay_out_bars;
use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use super::line_layout::lay_out_line;
use super::number_layout::lay_out_numbers;
use super::pie_layout::lay_out_pie;
use super::shape_canvas::{SceneRect, ShapeFill};
use super::table_layout::lay_out_table;
use super::text_setter::{
    SetText, TextFace, TextLook, TextSetter, is_right_to_left, reading_side, whole_pixels,
};
use super::words_layout::{lay_out_code, lay_out_list, lay_out_quote};
use crate::lettering::block_layout::PictureScale;
use crate::model::PixelSize;
use crate::model::cut::ScreenColour;
use crate::model::graphics::{GraphicBlock, GraphicContent, mixed_colour};
use crate::model::titles::{TextAlign, TextPlace};

/// Space between a graphic and the left and right side of the picture, as a share of its width: the
/// area that is safe for titles.
const SIDE_MARGIN: f32 = 0.05;
/// Space above a graphic as a share of the height.
const TOP_MARGIN: f32 = 0.06;
/// Space between two halves of the picture as a share of the shorter side.
const HALF_GAP: f32 = 0.03;
/// Space within the panel as a share of the shorter side.
const PADDING: f32 = 0.045;
/// Radius of the corners of the panel.
const PANEL_RADIUS: f32 = 0.028;
/// A chart is at most so many times wider than high, and so many times higher than wide.
const WIDEST: f32 = 2.0;
const HIGHEST: f32 = 1.1;
const TITLE_SIZE: f32 = 0.056;
const SOURCE_SIZE: f32 = 0.027;
const TEXT_ROWS: usize = 2;
/// How much too wide or too high a content may be: less than is seen.
const TOLERANCE: f32 = 1.001;

/// The content of a graphic, with its upper left corner at 0.
#[derive(Debug, Clone, Default)]
pub(super) struct LaidContent {
    pub(super) elements: Vec<GraphicElement>,
    pub(super) width: f32,
    pub(super) height: f32,
    /// Whether all of it can be read at this scale.
    pub(super) is_whole: bool,
}

/// What a content is laid out in.
#[derive(Debug, Clone, Copy)]
pub(super) struct ContentRoom {
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) text: ScreenColour,
    pub(super) accent: ScreenColour,
    /// The colour that is behind it.
    pub(super) behind: ScreenColour,
    /// How many pictures a number has while it counts up. 0: it is only measured.
    pub(super) steps: usize,
}

impl ContentRoom {
    /// Returns the colour of what is less important.
    pub(super) fn quiet(&self) -> ScreenColour {
        mixed_colour(self.text, self.behind, 0.3)
    }

    /// Returns how a text of the usual colour is set.
    pub(super) const fn text_look(&self, size: f32) -> TextLook {
        TextLook {
            size,
            bold: false,
            colour: self.text,
            align: TextAlign::Left,
            face: TextFace::Words,
        }
    }

    pub(super) const fn fill(&self, opacity: f32) -> ShapeFill {
        ShapeFill {
            colour: self.text,
            opacity,
        }
    }

    pub(super) const fn accent_fill(&self) -> ShapeFill {
        ShapeFill {
            colour: self.accent,
            opacity: 1.0,
        }
    }
}

/// A graphic at the size of an output.
#[derive(Debug, Clone)]
pub(super) struct LaidGraphic {
    pub(super) elements: Vec<GraphicElement>,
    /// The rectangle around everything.
    pub(super) rect: SceneRect,
    pub(super) is_whole: bool,
}

/// The texts above and below the content of a card, and the space around them.
struct CardTexts {
    title: SetText,
    source: SetText,
    padding: f32,
    gap: f32,
    /// Whether the card is read from right to left: its texts begin at the right.
    is_mirrored: bool,
}

impl CardTexts {
    fn set(setter: &mut TextSetter<'_>, block: &GraphicBlock, room: &ContentRoom) -> Self {
        let title = block.title.as_deref().unwrap_or_default();
        let source = block.source.as_deref().unwrap_or_default();
        let title_look = TextLook {
            bold: true,
            align: reading_side(title),
            ..room.text_look(TITLE_SIZE)
        };
        let source_look = TextLook {
            colour: room.quiet(),
            align: reading_side(source),
            ..room.text_look(SOURCE_SIZE)
        };
        Self {
            title: setter.set_balanced(title, title_look, room.width),
            source: setter.set(source, source_look, room.width),
            padding: panel_padding(setter, block),
            gap: setter.length(0.03),
            // The title says it, since a source is often the name of a site in Latin letters.
            is_mirrored: is_right_to_left(if title.is_empty() { source } else { title }),
        }
    }

    /// Returns the left side of something `own` wide in a card, beside the padding of the side where
    /// reading begins.
    fn side(&self, card: SceneRect, own: f32) -> f32 {
        match self.is_mirrored {
            true => card.left + card.width - self.padding - own,
            false => card.left + self.padding,
        }
    }

    /// Returns the height of the title with the gap below it.
    fn above(&self) -> f32 {
        with_gap(&self.title, self.gap)
    }

    /// Returns the height of everything but the content.
    fn frame_height(&self) -> f32 {
        2.0 * self.padding + self.above() + with_gap(&self.source, self.gap)
    }

    const fn is_whole(&self) -> bool {
        self.title.is_whole
            && self.source.is_whole
            && self.title.rows <= TEXT_ROWS
            && self.source.rows <= TEXT_ROWS
    }
}

fn panel_padding(setter: &TextSetter<'_>, block: &GraphicBlock) -> f32 {
    match block.colours.panel {
        Some(_) => setter.length(PADDING),
        None => 0.0,
    }
}

/// Lays a graphic out at the scale of the setter.
pub(super) fn lay_out_card(
    setter: &mut TextSetter<'_>,
    block: &GraphicBlock,
    size: PixelSize,
    steps: usize,
) -> LaidGraphic {
    // The width is known before the height: texts are wrapped to it, and say how high they are.
    let area = place_area(block, size);
    let mut room = ContentRoom {
        width: (area.width - 2.0 * panel_padding(setter, block)).max(1.0),
        height: 0.0,
        text: block.colours.text,
        accent: block.colours.accent,
        behind: behind_colour(block),
        steps,
    };
    let texts = CardTexts::set(setter, block, &room);
    let frame = texts.frame_height();
    // At least a pixel: a frame that needs all of the room leaves a content that does not fit, and
    // the next scale is tried.
    room.height = (area.height - frame).max(1.0);
    // Charts take what room they get, and would be too wide or too high for their values.
    if is_shaped(&block.content) {
        let (width, height) = chart_card(area);
        room.width = (width - 2.0 * texts.padding).max(1.0);
        room.height = (height - frame).max(1.0);
    }
    let content = lay_out_content(setter, &block.content, &room);
    let inner_width = content.width.max(texts.title.width).max(texts.source.width);
    let rect = placed_card(
        area,
        block.place,
        inner_width + 2.0 * texts.padding,
        content.height + frame,
    );
    LaidGraphic {
        is_whole: content.is_whole
            && texts.is_whole()
            && content.width <= room.width * TOLERANCE
            && content.height <= room.height * TOLERANCE,
        elements: card_elements(setter, block, rect, &texts, content),
        rect,
    }
}

/// Returns the panel, the texts and the content of a card at their places.
fn card_elements(
    setter: &TextSetter<'_>,
    block: &GraphicBlock,
    rect: SceneRect,
    texts: &CardTexts,
    content: LaidContent,
) -> Vec<GraphicElement> {
    let mut elements = Vec::new();
    if let Some(panel) = block.colours.panel {
        elements.push(GraphicElement::new(
            SceneDrawing::Panel {
                rect,
                radius: setter.length(PANEL_RADIUS),
                fill: ShapeFill {
                    colour: panel.colour,
                    opacity: panel.opacity,
                },
            },
            SceneTiming::AT_ONCE,
        ));
    }
    let top = rect.top + texts.padding;
    let title_left = texts.side(rect, texts.title.width);
    elements.push(texts.title.at(title_left, top, SceneTiming::AT_ONCE));
    // What is narrower than its title is below the middle of it.
    let free = rect.width - 2.0 * texts.padding - content.width;
    let shift = content_shift(&block.content, texts.is_mirrored);
    let content_left = rect.left + texts.padding + free / 2.0 * shift;
    // On whole pixels, or glyphs would be drawn softer than they were rasterised.
    let (x, y) = (
        whole_pixels(content_left),
        whole_pixels(top + texts.above()),
    );
    let moved = content.elements.into_iter();
    elements.extend(moved.map(|element| element.moved_by(x, y)));
    let source_top = rect.bottom() - texts.padding - texts.source.height;
    let source_left = texts.side(rect, texts.source.width);
    elements.push(
        texts
            .source
            .at(source_left, source_top, SceneTiming::AT_ONCE),
    );
    elements
}

fn lay_out_content(
    setter: &mut TextSetter<'_>,
    content: &GraphicContent,
    room: &ContentRoom,
) -> LaidContent {
    match content {
        GraphicContent::Bars(values) => lay_out_bars(setter, values, room),
        GraphicContent::Line(values) => lay_out_line(setter, values, room),
        GraphicContent::Pie(values) => lay_out_pie(setter, values, room),
        GraphicContent::Numbers(values) => lay_out_numbers(setter, values, room),
        GraphicContent::Table { columns, rows } => lay_out_table(setter, columns, rows, room),
        GraphicContent::List(points) => lay_out_list(setter, points, room),
        GraphicContent::Quote { text, by } => lay_out_quote(setter, text, by.as_deref(), room),
        GraphicContent::Code(lines) => lay_out_code(setter, lines, room),
    }
}

/// Returns whether a content fills all the room that it gets.
pub(super) const fn is_shaped(content: &GraphicContent) -> bool {
    matches!(content, GraphicContent::Bars(_) | GraphicContent::Line(_))
}

/// Returns how much of the free width is on the left of a content, in halves: 0, 1 or 2.
const fn content_shift(content: &GraphicContent, is_mirrored: bool) -> f32 {
    match content {
        GraphicContent::Numbers(_) | GraphicContent::Pie(_) => 1.0,
        // Below the first word of the title, as in the scripts that begin at the left.
        GraphicContent::List(_) | GraphicContent::Quote { .. } if is_mirrored => 2.0,
        _ => 0.0,
    }
}

fn with_gap(text: &SetText, gap: f32) -> f32 {
    if text.rows == 0 {
        0.0
    } else {
        text.height + gap
    }
}

/// Returns the colour that the eye sees behind texts.
fn behind_colour(block: &GraphicBlock) -> ScreenColour {
    block
        .colours
        .panel
        // Without a panel, pictures are behind it, which have every colour. A middle grey is wrong
        // for none of them.
        .map_or(ScreenColour([96; 3]), |panel| panel.colour)
}

/// Returns the width and the height of the card of a chart that may fill an area.
fn chart_card(area: SceneRect) -> (f32, f32) {
    let height = area.height.min(area.width * HIGHEST);
    (area.width.min(height * WIDEST), height)
}

/// Returns the part of the picture that a graphic may fill.
fn place_area(block: &GraphicBlock, size: PixelSize) -> SceneRect {
    let picture = PictureScale::new(size);
    let below = if block.below.is_finite() {
        block.below.clamp(0.0, 0.5)
    } else {
        0.0
    };
    let mut area = SceneRect {
        left: picture.width * SIDE_MARGIN,
        top: picture.height * TOP_MARGIN,
        width: picture.width * (1.0 - 2.0 * SIDE_MARGIN),
        height: picture.height * (1.0 - TOP_MARGIN - below),
    };
    let gap = picture.width.min(picture.height) * HALF_GAP;
    // In the middle, a graphic has the whole width; beside it, a half.
    if block.place.across() != 0.5 {
        area.width = (area.width - gap) / 2.0;
        area.left += block.place.across() * (area.width + gap);
    }
    if block.place.down() != 0.5 {
        area.height = (area.height - gap) / 2.0;
        area.top += block.place.down() * (area.height + gap);
    }
    area
}

/// Returns where a card is in its area. It is whole pixels, so that its edges are sharp.
fn placed_card(area: SceneRect, place: TextPlace, width: f32, height: f32) -> SceneRect {
    SceneRect {
        left: (area.left + (area.width - width) * place.across()).round(),
        // An edge between two pixels is a grey line.
        top: (area.top + (area.height - height) * place.down()).round(),
        width: width.round(),
        height: height.round(),
    }
}
