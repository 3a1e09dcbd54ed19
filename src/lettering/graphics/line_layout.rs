//! Line charts.

use super::bar_layout::{LABEL_SIZE, VALUE_SIZE, number, plotted, value_look, value_range};
use super::card_frame::{ContentRoom, LaidContent};
use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use super::shape_canvas::{SceneRect, ShapeFill};
use super::text_setter::{SetText, TextSetter};
use crate::model::graphics::GraphicValue;

const LINE_WIDTH: f32 = 0.009;
const DOT_RADIUS: f32 = 0.012;
/// More points than these have no dots.
const MOST_DOTS: usize = 24;
/// A line whose lowest value is less than this share of its highest begins at zero.
const ZERO_SHARE: f64 = 0.6;
/// The part of the time in which the line is drawn.
const DRAWN: f32 = 0.9;

/// Returns a line through values, with the numbers that have room beside it.
pub(super) fn lay_out_line(
    setter: &mut TextSetter<'_>,
    values: &[GraphicValue],
    room: &ContentRoom,
) -> LaidContent {
    let look = room.text_look(LABEL_SIZE);
    let labels: Vec<SetText> = values
        .iter()
        .map(|value| setter.set_row(&value.label, look))
        .collect();
    let shown: Vec<SetText> = values
        .iter()
        .map(|value| setter.set_row(&value.shown, value_look(room)))
        .collect();
    let plot = LinePlot::new(setter, values, room, &labels, &shown);
    let points: Vec<[f32; 2]> = (0..values.len())
        .map(|index| [plot.x(index), plot.y(plotted(&values[index]))])
        .collect();
    let mut elements = vec![base_line(setter, room, plot.base())];
    elements.extend(line_elements(setter, room, &points, plot.base()));
    elements.extend(plot.value_elements(&points, &shown));
    let (placed, is_whole) = placed_labels(&plot, &labels, setter.pixels(LABEL_SIZE) * 0.6);
    let label_top = room.height - setter.row_height(LABEL_SIZE);
    for index in placed {
        let label = &labels[index];
        elements.push(label.at(
            plot.x(index) - label.width / 2.0,
            label_top,
            plot.timing(index),
        ));
    }
    LaidContent {
        elements,
        width: room.width,
        height: room.height,
        is_whole: is_whole && plot.bottom - plot.top >= 3.0 * setter.row_height(VALUE_SIZE),
    }
}

fn base_line(setter: &TextSetter<'_>, room: &ContentRoom, y: f32) -> GraphicElement {
    GraphicElement::new(
        SceneDrawing::Panel {
            rect: SceneRect {
                left: 0.0,
                top: y.round(),
                width: room.width,
                height: setter.length(0.003).round().max(1.0),
            },
            radius: 0.0,
            fill: room.fill(0.4),
        },
        SceneTiming::AT_ONCE,
    )
}

fn line_elements(
    setter: &TextSetter<'_>,
    room: &ContentRoom,
    points: &[[f32; 2]],
    base: f32,
) -> Vec<GraphicElement> {
    let drawn = SceneTiming {
        from: 0.0,
        to: DRAWN,
    };
    let area = SceneDrawing::Area {
        points: points.to_vec(),
        base,
        fill: ShapeFill {
            colour: room.accent,
            opacity: 0.16,
        },
    };
    let trace = SceneDrawing::Trace {
        points: points.to_vec(),
        width: setter.length(LINE_WIDTH).max(1.5),
        fill: room.accent_fill(),
    };
    vec![
        GraphicElement::new(area, drawn),
        GraphicElement::new(trace, drawn),
    ]
}

/// Where the values of a line are.
struct LinePlot {
    /// The place of each value from left to right, 0 to 1.
    shares: Vec<f32>,
    left: f32,
    width: f32,
    top: f32,
    bottom: f32,
    low: f32,
    span: f32,
    room_width: f32,
    value_height: f32,
    dot: f32,
    fill: ShapeFill,
}

impl LinePlot {
    fn new(
        setter: &TextSetter<'_>,
        values: &[GraphicValue],
        room: &ContentRoom,
        labels: &[SetText],
        shown: &[SetText],
    ) -> Self {
        let ends = [labels.first(), labels.last(), shown.last()];
        let halves = ends.into_iter().flatten().map(|text| text.width / 2.0);
        // On a slope the first number is beside its point.
        let widths = halves.chain(shown.first().map(|text| text.width * 0.9));
        // Labels at the ends are centred below their points, so half of each needs room. A long one
        // must not take the plot away.
        let margin = widths.fold(0.0, f32::max).min(room.width / 3.0);
        let value_height = setter.row_height(VALUE_SIZE);
        let (low, span) = line_range(values);
        let label_height = setter.row_height(LABEL_SIZE);
        Self {
            shares: point_shares(values),
            left: margin,
            width: room.width - 2.0 * margin,
            top: value_height * 1.3,
            bottom: room.height - label_height - setter.length(0.012),
            low,
            span,
            room_width: room.width,
            value_height,
            dot: setter.length(DOT_RADIUS).max(2.0),
            fill: room.accent_fill(),
        }
    }

    fn x(&self, index: usize) -> f32 {
        self.left + self.width * self.shares.get(index).copied().unwrap_or(0.5)
    }

    fn y(&self, value: f32) -> f32 {
        self.bottom - (value - self.low) / self.span * (self.bottom - self.top)
    }

    /// Returns the height of the line of zero, or of the lowest value.
    fn base(&self) -> f32 {
        // Zero if it is in the plot, else the nearer edge.
        self.y(self.low.max(0.0).min(self.low + self.span))
    }

    /// Returns when the line reaches a value.
    fn timing(&self, index: usize) -> SceneTiming {
        let reached = self.shares.get(index).copied().unwrap_or(0.0) * DRAWN * 0.75;
        SceneTiming {
            from: reached,
            to: (reached + 0.2).min(1.0),
        }
    }

    /// Returns the dots, and the numbers that have room.
    fn value_elements(&self, points: &[[f32; 2]], shown: &[SetText]) -> Vec<GraphicElement> {
        let mut elements = Vec::new();
        // More of them would be a thick line.
        if points.len() <= MOST_DOTS {
            elements.extend(points.iter().enumerate().map(|(index, centre)| {
                let dot = SceneDrawing::Dot {
                    centre: *centre,
                    radius: self.dot,
                    fill: self.fill,
                };
                GraphicElement::new(dot, self.timing(index))
            }));
        }
        let mut taken: Vec<SceneRect> = Vec::new();
        // The important ones first: where there is room for few numbers, these are seen.
        for index in by_importance(points) {
            let rect = self.value_rect(points, index, &shown[index]);
            let is_free = taken.iter().all(|other| !overlaps(&rect, other));
            if is_free && !crosses_line(points, index, &rect) {
                elements.push(shown[index].at(rect.left, rect.top, self.timing(index)));
                taken.push(rect);
            }
        }
        elements
    }

    /// Returns where the number of a point is: above it, or below where the line comes from above.
    fn value_rect(&self, points: &[[f32; 2]], index: usize, text: &SetText) -> SceneRect {
        let [x, y] = points[index];
        let neighbour = |other: Option<usize>| other.and_then(|other| points.get(other));
        let before = neighbour(index.checked_sub(1));
        let after = neighbour(Some(index + 1));
        let mut around = before.into_iter().chain(after);
        let has_both = before.is_some() && after.is_some();
        let is_valley = has_both && around.all(|other| other[1] < y);
        let has_room = y + self.value_height + 2.0 * self.dot < self.bottom;
        let top = if is_valley && has_room {
            y + self.dot * 1.2
        } else {
            y - self.value_height - self.dot * 1.2
        };
        // On a slope the number is on the outer side of the bend, where the line is not.
        let rises = after.is_some_and(|other| other[1] < y - self.dot);
        let falls = before.is_some_and(|other| other[1] < y - self.dot);
        let left = match (rises && !is_valley, falls && !is_valley) {
            (true, false) => x - text.width + 2.0 * self.dot,
            (false, true) => x - 2.0 * self.dot,
            _ => x - text.width / 2.0,
        };
        let most = (self.room_width - text.width).max(0.0);
        SceneRect {
            left: left.clamp(0.0, most),
            top,
            width: text.width,
            height: self.value_height,
        }
    }
}

/// Returns the order in which numbers get their room: the last, the first, the ends of the range,
/// then the others.
fn by_importance(points: &[[f32; 2]]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len()).collect();
    let highest = order
        .iter()
        .copied()
        .min_by(|a, b| points[*a][1].total_cmp(&points[*b][1]));
    let lowest = order
        .iter()
        .copied()
        .max_by(|a, b| points[*a][1].total_cmp(&points[*b][1]));
    let last = points.len().checked_sub(1);
    let firsts: Vec<usize> = [last, Some(0).filter(|_| last.is_some()), highest, lowest]
        .into_iter()
        .flatten()
        .collect();
    order.retain(|index| !firsts.contains(index));
    let mut ordered: Vec<usize> = Vec::new();
    for index in firsts.into_iter().chain(order) {
        if !ordered.contains(&index) {
            ordered.push(index);
        }
    }
    ordered
}

fn overlaps(one: &SceneRect, other: &SceneRect) -> bool {
    one.left < other.right() + 4.0
        && other.left < one.right() + 4.0
        && one.top < other.bottom()
        && other.top < one.bottom()
}

/// Returns whether a number of a point would hide another part of the line.
fn crosses_line(points: &[[f32; 2]], own: usize, rect: &SceneRect) -> bool {
    let others = points.iter().enumerate().filter(|(index, _)| *index != own);
    let mut others = others.map(|(_, point)| point);
    others.any(|[x, y]| {
        (rect.left..rect.right()).contains(x) && (rect.top..rect.bottom()).contains(y)
    })
}

/// Returns the lowest value that is shown, and how much is between it and the highest.
fn line_range(values: &[GraphicValue]) -> (f32, f32) {
    let finite = values.iter().map(|value| value.value);
    let finite: Vec<f64> = finite.filter(|value| value.is_finite()).collect();
    let lowest = finite.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // A line may begin above zero, unlike bars, if its values would otherwise be nearly flat.
    if finite.is_empty() || lowest <= 0.0 || lowest < highest * ZERO_SHARE || lowest >= highest {
        let (low, _, span) = value_range(values);
        return (low, span);
    }
    let below = (highest - lowest) * 0.25;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a place in a picture needs no more"
    )]
    let (low, span) = ((lowest - below) as f32, (highest - lowest + below) as f32);
    (low, if span > 0.0 { span } else { 1.0 })
}

/// Returns where values are from left to right. Labels that are growing numbers, such as years, are
/// as far apart as the numbers.
fn point_shares(values: &[GraphicValue]) -> Vec<f32> {
    let numbers: Option<Vec<f32>> = values
        .iter()
        .map(|value| {
            value
                .label
                .trim()
                .parse()
                .ok()
                .filter(|n: &f32| n.is_finite())
        })
        .collect();
    // Years with a gap between them must show the gap, or the slope would be wrong.
    let growing = numbers.filter(|numbers| numbers.windows(2).all(|pair| pair[0] < pair[1]));
    let even = || (0..values.len()).map(number).collect();
    let places: Vec<f32> = growing.unwrap_or_else(even);
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Vec::new();
    };
    let span = last - first;
    places
        .iter()
        .map(|place| {
            if span > 0.0 {
                (place - first) / span
            } else {
                0.5
            }
        })
        .collect()
}

/// Returns the labels that have room, and whether the first and the last have.
fn placed_labels(plot: &LinePlot, labels: &[SetText], gap: f32) -> (Vec<usize>, bool) {
    let range = |index: usize| {
        let half = labels[index].width / 2.0;
        (plot.x(index) - half - gap, plot.x(index) + half + gap)
    };
    let Some(last) = labels.len().checked_sub(1) else {
        return (Vec::new(), true);
    };
    // The ends say what the chart covers, so they have their room before the labels between them.
    let mut placed = vec![0];
    let is_free = |placed: &[usize], index: usize| {
        let (left, right) = range(index);
        placed.iter().all(|other| {
            let (other_left, other_right) = range(*other);
            right <= other_left + gap || other_right <= left + gap
        })
    };
    let has_ends = last == 0 || is_free(&placed, last);
    if last > 0 && has_ends {
        placed.push(last);
    }
    for index in 1..last {
        if is_free(&placed, index) {
            placed.push(index);
        }
    }
    (placed, has_ends && plot.width > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(labels: &[&str]) -> Vec<GraphicValue> {
        let value = |label: &&str| GraphicValue {
            label: (*label).to_owned(),
            value: 1.0,
            shown: "1".to_owned(),
            icon: None,
        };
        labels.iter().map(value).collect()
    }

    #[test]
    fn years_are_as_far_apart_as_they_are() {
        assert_eq!(
            point_shares(&values(&["2000", "2005", "2020"])),
            [0.0, 0.25, 1.0]
        );
        assert_eq!(point_shares(&values(&["a", "b", "c"])), [0.0, 0.5, 1.0]);
        assert_eq!(point_shares(&values(&["2005", "2000"])), [0.0, 1.0]);
        assert_eq!(point_shares(&values(&["a"])), [0.5]);
        assert!(point_shares(&[]).is_empty());
    }

    #[test]
    fn the_ends_of_a_line_get_their_numbers_first() {
        let points = [[0.0, 5.0], [1.0, 0.0], [2.0, 3.0], [3.0, 9.0], [4.0, 4.0]];
        assert_eq!(by_importance(&points), [4, 0, 1, 3, 2]);
        assert!(by_importance(&[]).is_empty());
    }
}
