//! Large numbers that count up, each with what it means.

use super::bar_layout::number;
use super::card_frame::{ContentRoom, LaidContent};
use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use super::text_setter::{SetText, TextLook, TextSetter, whole_pixels};
use super::words_layout::icon_look;
use crate::lettering::block_layout::PlacedGlyph;
use crate::model::graphics::{GraphicValue, NumberText};
use crate::model::titles::TextAlign;

const LABEL_SIZE: f32 = 0.045;
const LABEL_ROWS: usize = 3;
/// Sizes of numbers, of which there are one, two, or more.
const NUMBER_SIZES: [f32; 3] = [0.2, 0.15, 0.12];
const ICON_SIZE: f32 = 0.1;
/// A number takes so many times its part of the time.
const OVERLAP: f32 = 3.0;

/// One number with its label.
struct NumberItem {
    shown: SetText,
    label: SetText,
    icon: f32,
    width: f32,
    height: f32,
}

/// Returns numbers side by side, or below each other where the picture is narrow.
pub(super) fn lay_out_numbers(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
) -> LaidContent {
    let gap = setter.length(0.06);
    let count = number(values.len().max(1));
    let is_wide = room.width >= room.height;
    let limit = if is_wide {
        (room.width - gap * (count - 1.0)) / count
    } else {
        room.width
    };
    let look = TextLook {
        size: NUMBER_SIZES[values.len().clamp(1, NUMBER_SIZES.len()) - 1],
        bold: true,
        colour: room.accent,
        ..room.text_look(0.0)
    };
    let items = number_items(setter, values, look, room, (limit, is_wide));
    let widest = items.iter().map(|item| item.width).fold(0.0, f32::max);
    let highest = items.iter().map(|item| item.height).fold(0.0, f32::max);
    let heights: f32 = items.iter().map(|item| item.height).sum();
    let (width, height) = if is_wide {
        (widest * count + gap * (count - 1.0), highest)
    } else {
        (widest, heights + gap * (count - 1.0))
    };
    let mut elements = Vec::new();
    let mut top = 0.0;
    for (index, item) in items.iter().enumerate() {
        let timing = SceneTiming::of_several(index, items.len(), OVERLAP);
        let middle = if is_wide {
            (widest + gap) * number(index) + widest / 2.0
        } else {
            widest / 2.0
        };
        let own = ItemPlace {
            middle,
            top,
            timing,
        };
        elements.extend(item_elements(setter, &values[index], item, look, room, own));
        if !is_wide {
            top += item.height + gap;
        }
    }
    let fits = |item: &NumberItem| {
        item.shown.width <= limit && item.label.is_whole && item.label.rows <= LABEL_ROWS
    };
    LaidContent {
        elements,
        width,
        height,
        is_whole: items.iter().all(fits),
    }
}

/// Returns the numbers as they are set, each within `limit` pixels.
fn number_items(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    look: TextLook,
    room: &ContentRoom,
    (limit, is_wide): (f32, bool),
) -> Vec<NumberItem> {
    // Side by side, numbers are at one height, also those without an icon.
    let has_icons = is_wide && values.iter().any(|value| value.icon.is_some());
    let items = values.iter().map(|value| {
        let mut item = number_item(setter, value, look, room, limit);
        if has_icons && value.icon.is_none() {
            item.icon = setter.row_height(ICON_SIZE);
            item.height += item.icon;
        }
        item
    });
    items.collect()
}

fn number_item(
    setter: &mut TextSetter<'_>,
    value: &GraphicValue,
    look: TextLook,
    room: &ContentRoom,
    limit: f32,
) -> NumberItem {
    let shown = setter.set_row(&value.shown, look);
    let label_look = TextLook {
        align: TextAlign::Centre,
        ..room.text_look(LABEL_SIZE)
    };
    // A label that is much wider than its number is harder to connect with it.
    let label_limit = limit.min(shown.width.max(setter.length(0.5)));
    let label = setter.set_balanced(&value.label, label_look, label_limit);
    let icon = match &value.icon {
        Some(_) => setter.row_height(ICON_SIZE),
        None => 0.0,
    };
    NumberItem {
        width: shown.width.max(label.width).max(icon),
        height: icon + shown.height + label.height,
        shown,
        label,
        icon,
    }
}

/// Where a number is, and when it comes.
#[derive(Clone, Copy)]
struct ItemPlace {
    middle: f32,
    top: f32,
    timing: SceneTiming,
}

fn item_elements(
    setter: &mut TextSetter<'_>,
    value: &GraphicValue,
    item: &NumberItem,
    look: TextLook,
    room: &ContentRoom,
    own: ItemPlace,
) -> Vec<GraphicElement> {
    let mut elements = Vec::new();
    if let Some(glyph) = &value.icon {
        let glyph = setter.set_row(glyph, icon_look(room, ICON_SIZE));
        elements.push(glyph.at(own.middle - glyph.width / 2.0, own.top, own.timing));
    }
    let right = own.middle + item.shown.width / 2.0;
    let top = own.top + item.icon;
    // A text without a number, such as `n/a`, cannot count up, and is shown as it is.
    let counting = NumberText::read(&value.shown).filter(|_| room.steps > 1);
    elements.push(match counting {
        Some(text) => {
            let steps = room.steps - 1;
            let counted =
                (0..steps).map(|step| text.counted(f64::from(number(step) / number(steps))));
            // The last step is the text as written, with all that counting does not reproduce.
            let texts: Vec<String> = counted.chain([value.shown.clone()]).collect();
            let drawn = texts
                .iter()
                .map(|text| placed_end(&setter.set_row(text, look), right, top));
            GraphicElement::new(SceneDrawing::Steps(drawn.collect()), own.timing)
        }
        None => item.shown.at(right - item.shown.width, top, own.timing),
    });
    let label_top = top + item.shown.height;
    elements.push(
        item.label
            .at(own.middle - item.label.width / 2.0, label_top, own.timing),
    );
    elements
}

/// Returns the letters of a text that ends at a place: digits are all as wide, so the last ones
/// stand still.
fn placed_end(text: &SetText, right: f32, top: f32) -> Vec<PlacedGlyph> {
    let (left, top) = (whole_pixels(right - text.width), whole_pixels(top));
    let moved = text.glyphs.iter().map(|glyph| PlacedGlyph {
        x: glyph.x + left,
        y: glyph.y + top,
        ..*glyph
    });
    moved.collect()
}
