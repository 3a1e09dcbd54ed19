//! Shapes as coverage and colour.

use crate::lettering::glyph_canvas::GlyphCanvas;
use crate::model::cut::ScreenColour;
use zeno::{Cap, Command, Join, Mask, PathBuilder, PathData, Stroke};

/// How far the handles of a curve are from its ends, so that four of them are a circle.
const ROUND: f32 = 0.552_284_8;
/// The longest step along an arc in pixels.
const ARC_STEP: f64 = 2.0;

/// A rectangle in pixels of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct SceneRect {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl SceneRect {
    pub(super) const fn right(&self) -> f32 {
        self.left + self.width
    }

    pub(super) const fn bottom(&self) -> f32 {
        self.top + self.height
    }
}

/// A part of a ring. Angles are turns, clockwise from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RingPart {
    pub(super) centre: [f32; 2],
    pub(super) inner: f32,
    pub(super) outer: f32,
    pub(super) from: f32,
    pub(super) to: f32,
}

/// The radii of the corners of a rectangle: upper left, upper right, lower right, lower left.
pub(super) type CornerRadii = [f32; 4];

/// Returns the outline of a rectangle with round corners.
pub(super) fn rounded_rect(rect: SceneRect, radii: CornerRadii) -> Vec<Command> {
    let most = (rect.width.min(rect.height) / 2.0).max(0.0);
    let [upper_left, upper_right, lower_right, lower_left] =
        radii.map(|radius| radius.clamp(0.0, most));
    let (left, top, right, bottom) = (rect.left, rect.top, rect.right(), rect.bottom());
    let mut path = Vec::new();
    path.move_to([left + upper_left, top]);
    path.line_to([right - upper_right, top]);
    add_corner(
        &mut path,
        [right, top],
        [right, top + upper_right],
        upper_right,
    );
    path.line_to([right, bottom - lower_right]);
    add_corner(
        &mut path,
        [right, bottom],
        [right - lower_right, bottom],
        lower_right,
    );
    path.line_to([left + lower_left, bottom]);
    add_corner(
        &mut path,
        [left, bottom],
        [left, bottom - lower_left],
        lower_left,
    );
    path.line_to([left, top + upper_left]);
    add_corner(&mut path, [left, top], [left + upper_left, top], upper_left);
    path.close();
    path
}

/// Adds a quarter of a circle around a corner, from the end of the path to `end`.
fn add_corner(path: &mut Vec<Command>, corner: [f32; 2], end: [f32; 2], radius: f32) {
    // A sharp corner: the line before it ends there.
    if radius <= 0.0 {
        return;
    }
    let start = path.current_point();
    let towards = |from: [f32; 2]| {
        [
            from[0] + (corner[0] - from[0]) * ROUND,
            from[1] + (corner[1] - from[1]) * ROUND,
        ]
    };
    path.curve_to(towards([start.x, start.y]), towards(end), end);
}

/// Returns the outline of a circle.
pub(super) fn circle(centre: [f32; 2], radius: f32) -> Vec<Command> {
    let rect = SceneRect {
        left: centre[0] - radius,
        top: centre[1] - radius,
        width: 2.0 * radius,
        height: 2.0 * radius,
    };
    rounded_rect(rect, [radius; 4])
}

/// Returns the outline of a part of a ring.
pub(super) fn ring_part(part: RingPart) -> Vec<Command> {
    let mut path = Vec::new();
    let steps = arc_steps(part);
    for step in 0..=steps {
        let point = arc_point(part, part.outer, step, steps);
        if step == 0 {
            path.move_to(point);
        } else {
            path.line_to(point);
        }
    }
    // Back along the inner edge.
    for step in (0..=steps).rev() {
        path.line_to(arc_point(part, part.inner, step, steps));
    }
    path.close();
    path
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an arc in a picture has few steps"
)]
fn arc_steps(part: RingPart) -> u16 {
    let length = f64::from(part.to - part.from) * std::f64::consts::TAU * f64::from(part.outer);
    // Chords of two pixels look the same as an arc.
    (length / ARC_STEP).ceil().clamp(2.0, 20_000.0) as u16
}

#[expect(clippy::cast_possible_truncation, reason = "a place in a picture")]
fn arc_point(part: RingPart, radius: f32, step: u16, steps: u16) -> [f32; 2] {
    let share = f64::from(step) / f64::from(steps);
    let turns = f64::from(part.from) + f64::from(part.to - part.from) * share;
    // The sine of the standard library is another on every system.
    let (sine, cosine) = libm::sincos(turns * std::f64::consts::TAU);
    [
        part.centre[0] + radius * sine as f32,
        part.centre[1] - radius * cosine as f32,
    ]
}

/// Returns a line through points.
pub(super) fn open_line(points: &[[f32; 2]]) -> Vec<Command> {
    let mut path = Vec::new();
    for (index, point) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(*point);
        } else {
            path.line_to(*point);
        }
    }
    path
}

/// Returns a closed shape through points.
pub(super) fn closed_shape(points: &[[f32; 2]]) -> Vec<Command> {
    let mut path = open_line(points);
    path.close();
    path
}

/// How a shape is coloured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ShapeFill {
    pub(super) colour: ScreenColour,
    /// 0 to 1.
    pub(super) opacity: f32,
}

impl GlyphCanvas {
    /// Fills a shape.
    pub(super) fn fill_shape(&mut self, path: &[Command], fill: ShapeFill) {
        self.add_mask(&Mask::new(path), fill);
    }

    /// Draws a line with round ends.
    pub(super) fn stroke_line(&mut self, path: &[Command], width: f32, fill: ShapeFill) {
        let mut mask = Mask::new(path);
        mask.style(*Stroke::new(width).cap(Cap::Round).join(Join::Round));
        self.add_mask(&mask, fill);
    }

    fn add_mask<D: PathData>(&mut self, mask: &Mask<'_, '_, D>, fill: ShapeFill) {
        let (coverage, placement) = mask.render();
        let width = placement.width as usize;
        if width == 0 {
            return;
        }
        let strength = crate::lettering::counter_painter::panel_coverage(fill.opacity);
        for (row, texels) in coverage.chunks_exact(width).enumerate() {
            let row = i32::try_from(row).unwrap_or(i32::MAX);
            self.add_coverage_row(
                placement.left,
                placement.top.saturating_add(row),
                texels,
                fill.colour.0,
                strength,
            );
        }
    }
}
