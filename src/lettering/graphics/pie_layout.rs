//! Pie charts: a ring, and a legend beside or below it.

use super::bar_layout::{LABEL_SIZE, VALUE_SIZE, number, plotted, value_look};
use super::card_frame::{ContentRoom, LaidContent};
use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use super::shape_canvas::{RingPart, ShapeFill};
use super::text_setter::{SetText, TextSetter};
use crate::model::cut::ScreenColour;
use crate::model::graphics::{GraphicValue, mixed_colour};

/// The inner radius of the ring as a share of the outer.
const HOLE: f32 = 0.6;
/// The largest ring as a share of the shorter side.
const MOST_RING: f32 = 0.58;
/// The smallest, below which slices are not compared any more.
const LEAST_RING: f32 = 0.2;
/// Space between slices as a share of the shorter side.
const SLICE_GAP: f32 = 0.005;
const DOT_RADIUS: f32 = 0.012;
const LABEL_ROWS: usize = 2;

/// One row of the legend.
struct LegendRow {
    label: SetText,
    shown: SetText,
}

/// Returns a ring of parts with its legend.
pub(super) fn lay_out_pie(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
) -> LaidContent {
    let is_wide = room.width >= room.height * 1.2;
    let gap = setter.length(0.05);
    let label_limit = if is_wide {
        room.width * 0.34
    } else {
        room.width * 0.6
    };
    let rows: Vec<LegendRow> = values
        .iter()
        .map(|value| LegendRow {
            label: setter.set(&value.label, room.text_look(LABEL_SIZE), label_limit),
            shown: setter.set_row(&value.shown, value_look(room)),
        })
        .collect();
    let legend = PieLegend::new(setter, &rows);
    let place = PiePlace::new(&legend, room, setter.length(MOST_RING), gap, is_wide);
    let radius = place.diameter / 2.0;
    let centre = [place.ring[0] + radius, place.ring[1] + radius];
    let mut elements = ring_elements(setter, values, room, centre, radius);
    elements.extend(legend.elements(&rows, room, place.legend));
    let is_whole = place.diameter >= setter.length(LEAST_RING)
        && rows
            .iter()
            .all(|row| row.label.is_whole && row.label.rows <= LABEL_ROWS);
    LaidContent {
        elements,
        width: place.size[0],
        height: place.size[1],
        is_whole,
    }
}

/// Where the ring and the legend are.
struct PiePlace {
    diameter: f32,
    ring: [f32; 2],
    legend: [f32; 2],
    size: [f32; 2],
}

impl PiePlace {
    fn new(legend: &PieLegend, room: &ContentRoom, most: f32, gap: f32, is_wide: bool) -> Self {
        if is_wide {
            let free = room.height.min(room.width - legend.width - gap);
            let diameter = free.min(most).max(1.0);
            let height = diameter.max(legend.height);
            return Self {
                diameter,
                ring: [0.0, (height - diameter) / 2.0],
                legend: [diameter + gap, (height - legend.height) / 2.0],
                size: [diameter + gap + legend.width, height],
            };
        }
        let free = room.width.min(room.height - legend.height - gap);
        let diameter = free.min(most).max(1.0);
        let width = diameter.max(legend.width);
        Self {
            diameter,
            ring: [(width - diameter) / 2.0, 0.0],
            legend: [(width - legend.width) / 2.0, diameter + gap],
            size: [width, diameter + gap + legend.height],
        }
    }
}

fn ring_elements(
    setter: &TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
    centre: [f32; 2],
    radius: f32,
) -> Vec<GraphicElement> {
    let total: f32 = values.iter().map(|value| plotted(value).max(0.0)).sum();
    let gap = setter.length(SLICE_GAP) / (std::f32::consts::TAU * radius).max(1.0);
    let mut elements = Vec::new();
    let mut from = 0.0;
    for (index, value) in values.iter().enumerate() {
        let share = if total > 0.0 {
            plotted(value).max(0.0) / total
        } else {
            0.0
        };
        let to = from + share;
        // A slice that is thinner than two gaps keeps half of itself.
        let own_gap = if share >= 0.999 {
            0.0
        } else {
            gap.min(share / 2.0)
        };
        let slice = SceneDrawing::Slice {
            part: RingPart {
                centre,
                inner: radius * HOLE,
                outer: radius,
                from: from + own_gap / 2.0,
                to: to - own_gap / 2.0,
            },
            fill: ShapeFill {
                colour: slice_colour(index, room),
                opacity: 1.0,
            },
        };
        if share > 0.0 {
            elements.push(GraphicElement::new(
                slice,
                SceneTiming {
                    from,
                    // A sum of shares may exceed 1 by rounding.
                    to: to.min(1.0),
                },
            ));
        }
        // From the sum of shares, so that a slice that is not drawn moves no other.
        from = to;
    }
    elements
}

/// Returns the colour of a slice: tints and shades of the accent, of which neighbours differ much.
fn slice_colour(index: usize, room: &ContentRoom) -> ScreenColour {
    let [red, green, blue] = room.accent.0;
    // The complement has its channels turned.
    let other = ScreenColour([blue, red, green]);
    match index % 8 {
        0 => room.accent,
        1 => mixed_colour(room.accent, room.text, 0.62),
        2 => mixed_colour(room.accent, room.behind, 0.5),
        3 => mixed_colour(room.accent, room.text, 0.3),
        4 => mixed_colour(room.text, room.behind, 0.45),
        5 => other,
        6 => mixed_colour(other, room.text, 0.55),
        _ => mixed_colour(other, room.behind, 0.45),
    }
}

/// The sizes of a legend.
struct PieLegend {
    dot: f32,
    gap: f32,
    row_height: f32,
    width: f32,
    height: f32,
}

impl PieLegend {
    fn new(setter: &TextSetter<'_>, rows: &[LegendRow]) -> Self {
        let widest = |width: fn(&LegendRow) -> f32| rows.iter().map(width).fold(0.0, f32::max);
        let label_width = widest(|row| row.label.width);
        let value_width = widest(|row| row.shown.width);
        let dot = setter.length(DOT_RADIUS).max(3.0);
        let gap = setter.length(0.02);
        let highest = widest(|row| row.label.height).max(setter.row_height(VALUE_SIZE));
        let row_height = highest * 1.15;
        Self {
            dot,
            gap,
            row_height,
            width: 2.0 * dot + gap + label_width + 1.5 * gap + value_width,
            height: row_height * number(rows.len()),
        }
    }

    fn elements(
        &self,
        rows: &[LegendRow],
        room: &ContentRoom,
        [left, top]: [f32; 2],
    ) -> Vec<GraphicElement> {
        let mut elements = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            let timing = SceneTiming::of_several(index, rows.len(), 1.5);
            let middle = top + self.row_height * (number(index) + 0.5);
            let dot = SceneDrawing::Dot {
                centre: [left + self.dot, middle],
                radius: self.dot,
                fill: ShapeFill {
                    colour: slice_colour(index, room),
                    opacity: 1.0,
                },
            };
            elements.push(GraphicElement::new(dot, timing));
            let label_left = left + 2.0 * self.dot + self.gap;
            elements.push(
                row.label
                    .at(label_left, middle - row.label.height / 2.0, timing),
            );
            // To the right, as columns of numbers are.
            let value_left = left + self.width - row.shown.width;
            elements.push(
                row.shown
                    .at(value_left, middle - row.shown.height / 2.0, timing),
            );
        }
        elements
    }
}
