//! A graphic as texts and shapes, each with the part of the time in which it comes.

use super::shape_canvas::{
    CornerRadii, RingPart, SceneRect, ShapeFill, circle, closed_shape, open_line, ring_part,
    rounded_rect,
};
use crate::lettering::block_layout::PlacedGlyph;
use crate::lettering::counter_painter::panel_coverage;
use crate::lettering::font_set::FontSet;
use crate::lettering::glyph_canvas::GlyphCanvas;
use crate::model::camera::Easing;

/// The part of the time of building in which something comes, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SceneTiming {
    pub(super) from: f32,
    pub(super) to: f32,
}

impl SceneTiming {
    /// There from the beginning.
    pub(super) const AT_ONCE: Self = Self { from: 0.0, to: 0.0 };

    /// Returns the time of one of several things that come one after the other, each of which takes
    /// `overlap` times its own part.
    pub(super) fn of_several(index: usize, count: usize, overlap: f32) -> Self {
        let number = |value: usize| f32::from(u16::try_from(value).unwrap_or(u16::MAX));
        let count = number(count.max(1));
        // So the last one ends exactly at 1, however far they overlap.
        let step = 1.0 / (count - 1.0 + overlap);
        let from = number(index) * step;
        Self {
            from,
            to: (from + step * overlap).min(1.0),
        }
    }

    /// Returns the last part of this time, in which a label comes.
    pub(super) fn end(self) -> Self {
        Self {
            from: self.from + (self.to - self.from) * 0.6,
            to: self.to,
        }
    }

    /// Returns how much is there when so much of the time is over.
    fn progress(self, time: f32) -> f32 {
        // Also where `from` and `to` are equal, which would divide by 0.
        if time >= self.to {
            return 1.0;
        }
        ((time - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }
}

/// The side of a bar that does not move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BarFoot {
    Bottom,
    Top,
    Left,
    Right,
}

/// Something that is drawn.
#[derive(Debug, Clone)]
pub(super) enum SceneDrawing {
    /// Letters, which fade in.
    Text(Vec<PlacedGlyph>),
    /// Letters that are others at each step of the time.
    Steps(Vec<Vec<PlacedGlyph>>),
    /// A rectangle, which fades in.
    Panel {
        rect: SceneRect,
        radius: f32,
        fill: ShapeFill,
    },
    /// A bar, which grows from its foot.
    Bar {
        rect: SceneRect,
        radius: f32,
        foot: BarFoot,
        fill: ShapeFill,
    },
    /// A line, which is drawn from its first point.
    Trace {
        points: Vec<[f32; 2]>,
        width: f32,
        fill: ShapeFill,
    },
    /// The area between a line and `base`, which grows with the line.
    Area {
        points: Vec<[f32; 2]>,
        base: f32,
        fill: ShapeFill,
    },
    /// A dot, which grows.
    Dot {
        centre: [f32; 2],
        radius: f32,
        fill: ShapeFill,
    },
    /// A part of a ring, which is swept.
    Slice { part: RingPart, fill: ShapeFill },
}

/// Something that is drawn, and when.
#[derive(Debug, Clone)]
pub(super) struct GraphicElement {
    pub(super) drawing: SceneDrawing,
    pub(super) timing: SceneTiming,
}

impl GraphicElement {
    pub(super) const fn new(drawing: SceneDrawing, timing: SceneTiming) -> Self {
        Self { drawing, timing }
    }

    /// Returns it at another place.
    pub(super) fn moved_by(mut self, x: i32, y: i32) -> Self {
        #[expect(
            clippy::cast_precision_loss,
            reason = "places in a picture are below 2^24"
        )]
        let (right, down) = (x as f32, y as f32);
        let move_glyphs = |glyphs: &mut Vec<PlacedGlyph>| {
            for glyph in glyphs {
                glyph.x += x;
                glyph.y += y;
            }
        };
        let move_point = |point: &mut [f32; 2]| {
            point[0] += right;
            point[1] += down;
        };
        let move_rect = |rect: &mut SceneRect| {
            rect.left += right;
            rect.top += down;
        };
        match &mut self.drawing {
            SceneDrawing::Text(glyphs) => move_glyphs(glyphs),
            SceneDrawing::Steps(steps) => steps.iter_mut().for_each(move_glyphs),
            SceneDrawing::Panel { rect, .. } | SceneDrawing::Bar { rect, .. } => move_rect(rect),
            SceneDrawing::Trace { points, .. } => points.iter_mut().for_each(move_point),
            SceneDrawing::Area { points, base, .. } => {
                points.iter_mut().for_each(move_point);
                *base += down;
            }
            SceneDrawing::Dot { centre, .. } => move_point(centre),
            SceneDrawing::Slice { part, .. } => move_point(&mut part.centre),
        }
        self
    }

    /// Returns it with its letters drawn.
    pub(super) fn prepare(self, fonts: &mut FontSet, is_hard: bool) -> PreparedElement {
        let mut draw = |glyphs: &[PlacedGlyph]| GlyphCanvas::draw_glyphs(fonts, glyphs, 0, is_hard);
        let texts = match &self.drawing {
            SceneDrawing::Text(glyphs) => vec![draw(glyphs)],
            SceneDrawing::Steps(steps) => steps.iter().map(|glyphs| draw(glyphs)).collect(),
            _ => Vec::new(),
        };
        PreparedElement {
            element: self,
            texts,
        }
    }
}

/// An element with its letters drawn.
pub(super) struct PreparedElement {
    element: GraphicElement,
    texts: Vec<GlyphCanvas>,
}

impl PreparedElement {
    /// Draws what is there of it when so much of the time is over, 0 to 1.
    pub(super) fn draw(&self, canvas: &mut GlyphCanvas, time: f32, easing: Easing) {
        let linear = self.element.timing.progress(time);
        // Not begun: nothing is drawn, not even without opacity.
        if linear <= 0.0 {
            return;
        }
        let share = easing.apply(linear).clamp(0.0, 1.0);
        let faded = |fill: ShapeFill| ShapeFill {
            opacity: fill.opacity * share,
            ..fill
        };
        match &self.element.drawing {
            SceneDrawing::Text(_) => {
                let texts = self.texts.iter();
                texts.for_each(|text| canvas.add_layer(text, panel_coverage(share)));
            }
            SceneDrawing::Steps(_) => {
                if let Some(text) = step_at(&self.texts, share) {
                    // By the plain time: eased, a number would fade in while it already counts
                    // slowly.
                    canvas.add_layer(text, panel_coverage((linear * 4.0).min(1.0)));
                }
            }
            SceneDrawing::Panel { rect, radius, fill } => {
                canvas.fill_shape(&rounded_rect(*rect, [*radius; 4]), faded(*fill));
            }
            SceneDrawing::Bar {
                rect,
                radius,
                foot,
                fill,
            } => draw_bar(canvas, *rect, *radius, *foot, *fill, share),
            SceneDrawing::Trace {
                points,
                width,
                fill,
            } => {
                let shown = line_part(points, share);
                canvas.stroke_line(&open_line(&shown), *width, *fill);
            }
            SceneDrawing::Area { points, base, fill } => {
                fill_area(canvas, line_part(points, share), *base, *fill);
            }
            SceneDrawing::Dot {
                centre,
                radius,
                fill,
            } => canvas.fill_shape(&circle(*centre, radius * share), *fill),
            SceneDrawing::Slice { part, fill } => {
                let to = part.from + (part.to - part.from) * share;
                canvas.fill_shape(&ring_part(RingPart { to, ..*part }), *fill);
            }
        }
    }
}

/// Fills what is between a line and its base.
fn fill_area(canvas: &mut GlyphCanvas, mut line: Vec<[f32; 2]>, base: f32, fill: ShapeFill) {
    let ends = line.last().copied().zip(line.first().copied());
    if let Some((last, first)) = ends {
        // Closed along the base, so that the area is filled down to it.
        line.push([last[0], base]);
        line.push([first[0], base]);
        canvas.fill_shape(&closed_shape(&line), fill);
    }
}

/// Returns the step that is shown at a share of the time; the last one at its end.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "there are few steps"
)]
fn step_at(texts: &[GlyphCanvas], share: f32) -> Option<&GlyphCanvas> {
    let last = texts.len().checked_sub(1)?;
    let index = (share * last as f32).round() as usize;
    texts.get(index.min(last))
}

fn draw_bar(
    canvas: &mut GlyphCanvas,
    rect: SceneRect,
    radius: f32,
    foot: BarFoot,
    fill: ShapeFill,
    share: f32,
) {
    let width = rect.width * share;
    let height = rect.height * share;
    let (shown, radii): (SceneRect, CornerRadii) = match foot {
        BarFoot::Bottom => (
            SceneRect {
                top: rect.bottom() - height,
                height,
                ..rect
            },
            [radius, radius, 0.0, 0.0],
        ),
        BarFoot::Top => (SceneRect { height, ..rect }, [0.0, 0.0, radius, radius]),
        BarFoot::Left => (SceneRect { width, ..rect }, [0.0, radius, radius, 0.0]),
        BarFoot::Right => (
            SceneRect {
                left: rect.right() - width,
                width,
                ..rect
            },
            [radius, 0.0, 0.0, radius],
        ),
    };
    canvas.fill_shape(&rounded_rect(shown, radii), fill);
}

/// Returns the first part of a line, by its width.
fn line_part(points: &[[f32; 2]], share: f32) -> Vec<[f32; 2]> {
    // By the distance across the picture and not along the line, as the times of values are.
    let ends = points.first().zip(points.last());
    let Some((first, last)) = ends else {
        return Vec::new();
    };
    let end = first[0] + (last[0] - first[0]) * share;
    let mut shown = vec![*first];
    for pair in points.windows(2) {
        let [from, to] = [pair[0], pair[1]];
        if to[0] <= end {
            shown.push(to);
            continue;
        }
        if from[0] >= end {
            break;
        }
        let part = ((end - from[0]) / (to[0] - from[0]).max(f32::EPSILON)).clamp(0.0, 1.0);
        shown.push([end, from[1] + (to[1] - from[1]) * part]);
        break;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_one_after_the_other_and_all_are_there_at_the_end() {
        let timings: Vec<SceneTiming> = (0..4)
            .map(|index| SceneTiming::of_several(index, 4, 2.0))
            .collect();
        assert_eq!(timings[0], SceneTiming { from: 0.0, to: 0.4 });
        assert!((timings[3].to - 1.0).abs() < 1e-6);
        assert!(timings.iter().all(|timing| timing.progress(1.0) == 1.0));
        assert_eq!(timings[1].progress(0.1), 0.0);
        assert_eq!(SceneTiming::AT_ONCE.progress(0.0), 1.0);
        let alone = SceneTiming::of_several(0, 1, 2.0);
        assert_eq!(alone, SceneTiming { from: 0.0, to: 1.0 });
    }

    #[test]
    fn a_line_is_drawn_from_its_first_point() {
        let points = [[0.0, 0.0], [10.0, 10.0], [20.0, 0.0]];
        assert_eq!(line_part(&points, 0.5), points[..2]);
        assert_eq!(line_part(&points, 0.25), [[0.0, 0.0], [5.0, 5.0]]);
        assert_eq!(line_part(&points, 1.0), points);
        assert!(line_part(&[], 1.0).is_empty());
    }
}
