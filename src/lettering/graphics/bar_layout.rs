//! Bar charts: columns, or rows where their labels are too long for columns.

use super::card_frame::{ContentRoom, LaidContent};
use super::graphic_scene::{BarFoot, GraphicElement, SceneDrawing, SceneTiming};
use super::shape_canvas::SceneRect;
use super::text_setter::{SetText, TextLook, TextSetter};
use crate::model::graphics::GraphicValue;
use crate::model::titles::TextAlign;

pub(super) const LABEL_SIZE: f32 = 0.042;
pub(super) const VALUE_SIZE: f32 = 0.05;
/// Rows of text below a column, or before a row.
const LABEL_ROWS: usize = 2;
/// The widest column, and the thickest row, as a share of the shorter side.
const MOST_BAR: f32 = 0.17;
const MOST_ROW: f32 = 0.1;
/// How much of its slot a bar fills.
const BAR_SHARE: f32 = 0.62;
const BAR_RADIUS: f32 = 0.011;
/// The share of the width that labels of rows may have.
const MOST_LABELS: f32 = 0.4;
/// The height of a row in rows of text.
const MOST_ROWS: f32 = 2.8;
/// A bar takes so many times its part of the time.
const OVERLAP: f32 = 2.5;

/// Returns columns if everything can be read below and above them, else rows.
pub(super) fn lay_out_bars(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
) -> LaidContent {
    // Columns first: readers expect amounts upwards and time to the right.
    let columns = lay_out_columns(setter, values, room);
    if columns.is_whole {
        return columns;
    }
    lay_out_rows(setter, values, room)
}

/// Returns the ends of the values and zero, and what is between them.
pub(super) fn value_range(values: &[GraphicValue]) -> (f32, f32, f32) {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a place in a picture needs no more"
    )]
    let numbers = values.iter().map(|value| value.value as f32);
    let numbers = numbers.filter(|value| value.is_finite());
    // Zero is always part of the range. A bar that does not begin there shows differences larger
    // than they are.
    let (low, high) = numbers.fold((0.0_f32, 0.0_f32), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let span = high - low;
    (low, high, if span > 0.0 { span } else { 1.0 })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a place in a picture needs no more"
)]
pub(super) fn plotted(value: &GraphicValue) -> f32 {
    let value = value.value as f32;
    // A rule refuses such numbers. A record that is damaged must not place a bar nowhere.
    if value.is_finite() { value } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "a picture has room for few")]
pub(super) const fn number(count: usize) -> f32 {
    count as f32
}

pub(super) fn value_look(room: &ContentRoom) -> TextLook {
    TextLook {
        bold: true,
        align: TextAlign::Centre,
        ..room.text_look(VALUE_SIZE)
    }
}

/// The texts of bars, each as it is set.
struct BarTexts {
    labels: Vec<SetText>,
    shown: Vec<SetText>,
    value_height: f32,
}

impl BarTexts {
    fn set(
        setter: &mut TextSetter<'_>,
        values: &[GraphicValue],
        room: &ContentRoom,
        align: TextAlign,
        limit: f32,
    ) -> Self {
        let look = TextLook {
            align,
            ..room.text_look(LABEL_SIZE)
        };
        let labels = values.iter();
        let labels = labels.map(|value| setter.set_balanced(&value.label, look, limit));
        Self {
            labels: labels.collect(),
            shown: values
                .iter()
                .map(|value| setter.set_row(&value.shown, value_look(room)))
                .collect(),
            value_height: setter.row_height(VALUE_SIZE),
        }
    }

    fn highest_label(&self) -> f32 {
        let heights = self.labels.iter().map(|label| label.height);
        heights.fold(0.0, f32::max)
    }

    fn are_labels_whole(&self) -> bool {
        let mut labels = self.labels.iter();
        labels.all(|label| label.is_whole && label.rows <= LABEL_ROWS)
    }
}

fn lay_out_columns(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
) -> LaidContent {
    let slot = room.width / number(values.len().max(1));
    let texts = BarTexts::set(setter, values, room, TextAlign::Centre, slot * 0.92);
    let (low, high, span) = value_range(values);
    // Numbers below zero are below their bars, and need room there.
    let below = if low < 0.0 { texts.value_height } else { 0.0 };
    let label_top = room.height - texts.highest_label();
    let plot = label_top - setter.length(0.012) - texts.value_height - below;
    let y = |value: f32| texts.value_height + (high - value) / span * plot;
    let width = (slot * BAR_SHARE).min(setter.length(MOST_BAR));
    let mut elements = vec![base_line(setter, room, y(0.0))];
    for (index, value) in values.iter().enumerate() {
        let timing = SceneTiming::of_several(index, values.len(), OVERLAP);
        let middle = slot * (number(index) + 0.5);
        let plotted = plotted(value);
        let (upper, lower) = (y(plotted.max(0.0)), y(plotted.min(0.0)));
        // On whole pixels, so that all bars are equally wide.
        let rect = SceneRect {
            left: (middle - width / 2.0).round(),
            top: upper,
            width: width.round(),
            height: lower - upper,
        };
        let (foot, text_top) = if plotted < 0.0 {
            (BarFoot::Top, lower)
        } else {
            (BarFoot::Bottom, upper - texts.value_height)
        };
        elements.push(bar(setter, room, rect, foot, timing));
        let (text, label) = (&texts.shown[index], &texts.labels[index]);
        // The number comes when its bar has nearly its height, so that it does not hang in the air.
        elements.push(text.at(middle - text.width / 2.0, text_top, timing.end()));
        elements.push(label.at(middle - label.width / 2.0, label_top, timing));
    }
    let is_whole = plot >= 3.0 * texts.value_height
        && slot >= setter.pixels(LABEL_SIZE) * 1.3
        && texts.are_labels_whole()
        && texts.shown.iter().all(|text| text.width <= slot * 0.96);
    LaidContent {
        elements,
        width: room.width,
        height: room.height,
        is_whole,
    }
}

fn bar(
    setter: &TextSetter<'_>,
    room: &ContentRoom,
    rect: SceneRect,
    foot: BarFoot,
    timing: SceneTiming,
) -> GraphicElement {
    let bar = SceneDrawing::Bar {
        rect,
        radius: setter.length(BAR_RADIUS),
        foot,
        fill: room.accent_fill(),
    };
    GraphicElement::new(bar, timing)
}

fn base_line(setter: &TextSetter<'_>, room: &ContentRoom, y: f32) -> GraphicElement {
    let height = setter.length(0.003).round().max(1.0);
    GraphicElement::new(
        SceneDrawing::Panel {
            rect: SceneRect {
                left: 0.0,
                top: y.round(),
                width: room.width,
                height,
            },
            radius: 0.0,
            fill: room.fill(0.4),
        },
        SceneTiming::AT_ONCE,
    )
}

fn lay_out_rows(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
) -> LaidContent {
    let limit = room.width * MOST_LABELS;
    let texts = BarTexts::set(setter, values, room, TextAlign::Left, limit);
    let gap = setter.length(0.018);
    let widest = |texts: &[SetText]| texts.iter().map(|text| text.width).fold(0.0, f32::max);
    let left = widest(&texts.labels) + gap;
    let plot = room.width - left - gap - widest(&texts.shown);
    let row_height =
        (room.height / number(values.len().max(1))).min(MOST_ROWS * texts.value_height);
    let (low, _, span) = value_range(values);
    let x = |value: f32| left + (value - low) / span * plot;
    let thickness = (row_height * BAR_SHARE).min(setter.length(MOST_ROW));
    let mut elements = Vec::new();
    for (index, value) in values.iter().enumerate() {
        let timing = SceneTiming::of_several(index, values.len(), OVERLAP);
        let middle = row_height * (number(index) + 0.5);
        let plotted = plotted(value);
        let (start, end) = (x(plotted.min(0.0)), x(plotted.max(0.0)));
        let rect = SceneRect {
            left: start,
            top: (middle - thickness / 2.0).round(),
            width: end - start,
            height: thickness.round(),
        };
        let foot = if plotted < 0.0 {
            BarFoot::Right
        } else {
            BarFoot::Left
        };
        elements.push(bar(setter, room, rect, foot, timing));
        let (text, label) = (&texts.shown[index], &texts.labels[index]);
        elements.push(text.at(end + gap, middle - text.height / 2.0, timing.end()));
        elements.push(label.at(0.0, middle - label.height / 2.0, timing));
    }
    let is_whole = plot >= room.width * 0.25
        && row_height >= texts.value_height
        && texts.are_labels_whole()
        && texts.highest_label() <= row_height;
    LaidContent {
        elements,
        width: room.width,
        height: row_height * number(values.len()),
        is_whole,
    }
}
