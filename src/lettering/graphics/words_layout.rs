//! Cards of words: lists that build, quotes, code.

use super::bar_layout::number;
use super::card_frame::{ContentRoom, LaidContent};
use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use super::text_setter::{SetText, TextFace, TextLook, TextSetter, is_right_to_left, reading_side};
use crate::model::graphics::{GraphicPoint, mixed_colour};
use crate::model::titles::TextAlign;

const POINT_SIZE: f32 = 0.05;
const POINT_ROWS: usize = 3;
const POINT_GAP: f32 = 0.028;
const DOT_RADIUS: f32 = 0.009;
const ICON_SIZE: f32 = 0.06;
const QUOTE_SIZE: f32 = 0.06;
const QUOTE_ROWS: usize = 7;
const BY_SIZE: f32 = 0.036;
const MARK_SIZE: f32 = 0.2;
const CODE_SIZE: f32 = 0.036;

/// Returns points, one below the other, that come one after the other.
pub(super) fn lay_out_list(
    setter: &mut TextSetter<'_>,
    points: &[GraphicPoint],
    room: &ContentRoom,
) -> LaidContent {
    let mut columns = ListColumns::new(setter, points);
    let texts = set_points(setter, points, room, &columns);
    let widths = texts.iter().map(|text| columns.indent + text.width);
    columns.width = widths.fold(0.0, f32::max);
    let gap = setter.length(POINT_GAP);
    let row_height = setter.row_height(POINT_SIZE);
    let mut elements = Vec::new();
    let mut top = 0.0;
    for (index, (point, text)) in points.iter().zip(&texts).enumerate() {
        let timing = point_timing(index, points.len());
        let height = match columns.has_icons {
            true => text.height.max(columns.icon),
            false => text.height,
        };
        let text_top = top + (height - text.height) / 2.0;
        // Beside the first row, so that the mark of a point of several rows is where reading
        // begins.
        let first_middle = text_top + row_height / 2.0;
        elements.push(columns.mark(setter, point, first_middle, room, timing));
        let left = columns.mirrored_left(columns.indent, text.width);
        elements.push(text.at(left, text_top, timing));
        top += height + gap;
    }
    LaidContent {
        elements,
        width: columns.width,
        height: (top - gap).max(0.0),
        is_whole: texts
            .iter()
            .all(|text| text.is_whole && text.rows <= POINT_ROWS),
    }
}

/// Returns the texts of points as they are set, each in the width beside its mark.
fn set_points(
    setter: &mut TextSetter<'_>,
    points: &[GraphicPoint],
    room: &ContentRoom,
    columns: &ListColumns,
) -> Vec<SetText> {
    let align = match columns.is_mirrored {
        true => TextAlign::Right,
        false => TextAlign::Left,
    };
    let look = TextLook {
        align,
        ..room.text_look(POINT_SIZE)
    };
    points
        .iter()
        .map(|point| setter.set_balanced(&point.text, look, room.width - columns.indent))
        .collect()
}

/// Where the marks and the texts of a list are.
struct ListColumns {
    has_icons: bool,
    /// Radius of a dot.
    dot: f32,
    /// Side of an icon.
    icon: f32,
    /// One indent for all points, also for those without an icon, so that their texts begin below
    /// each other.
    indent: f32,
    /// Width of the whole list, when its texts are set.
    width: f32,
    /// A list of a script that is written from right to left begins at the right.
    is_mirrored: bool,
}

impl ListColumns {
    fn new(setter: &TextSetter<'_>, points: &[GraphicPoint]) -> Self {
        let has_icons = points.iter().any(|point| point.icon.is_some());
        // A dot of less than two pixels would be a grey smear on a small output.
        let dot = setter.length(DOT_RADIUS).max(2.0);
        let icon = setter.length(ICON_SIZE);
        Self {
            has_icons,
            dot,
            icon,
            indent: if has_icons { icon * 1.4 } else { dot * 5.0 },
            width: 0.0,
            is_mirrored: points.iter().any(|point| is_right_to_left(&point.text)),
        }
    }

    /// Returns the left side of something `own` wide that is `left` from where lines begin.
    fn mirrored_left(&self, left: f32, own: f32) -> f32 {
        match self.is_mirrored {
            true => self.width - left - own,
            false => left,
        }
    }

    /// Returns the icon of a point, or a dot.
    fn mark(
        &self,
        setter: &mut TextSetter<'_>,
        point: &GraphicPoint,
        middle: f32,
        room: &ContentRoom,
        timing: SceneTiming,
    ) -> GraphicElement {
        if let Some(glyph) = &point.icon {
            let glyph = setter.set_row(glyph, icon_look(room, ICON_SIZE));
            let left = self.mirrored_left((self.icon - glyph.width) / 2.0, glyph.width);
            return glyph.at(left, middle - glyph.height / 2.0, timing);
        }
        let column = match self.has_icons {
            true => self.icon / 2.0,
            false => self.dot,
        };
        let centre = [self.mirrored_left(column, 0.0), middle];
        dot_element(centre, self.dot, room, timing)
    }
}

/// Returns when a point comes. It is there after a quarter of its time; the rest is for reading it.
fn point_timing(index: usize, count: usize) -> SceneTiming {
    let slot = SceneTiming::of_several(index, count, 1.0);
    SceneTiming {
        from: slot.from,
        to: slot.from + (slot.to - slot.from) * 0.3,
    }
}

fn dot_element(
    centre: [f32; 2],
    radius: f32,
    room: &ContentRoom,
    timing: SceneTiming,
) -> GraphicElement {
    let dot = SceneDrawing::Dot {
        centre,
        radius,
        fill: room.accent_fill(),
    };
    GraphicElement::new(dot, timing)
}

/// Returns how icons are set.
pub(super) fn icon_look(room: &ContentRoom, size: f32) -> TextLook {
    TextLook {
        colour: room.accent,
        face: TextFace::Icon,
        ..room.text_look(size)
    }
}

/// Returns the words of somebody, with a large mark before them and a name below.
pub(super) fn lay_out_quote(
    setter: &mut TextSetter<'_>,
    text: &str,
    by: Option<&str>,
    room: &ContentRoom,
) -> LaidContent {
    let mark_look = TextLook {
        bold: true,
        colour: room.accent,
        ..room.text_look(MARK_SIZE)
    };
    let mark = setter.set_row("“", mark_look);
    let indent = mark.width + setter.length(0.02);
    let align = reading_side(text);
    // Long rows are hard to follow.
    let limit = (room.width - indent).min(setter.length(1.15));
    let words_look = TextLook {
        align,
        ..room.text_look(QUOTE_SIZE)
    };
    let words = setter.set_balanced(text, words_look, limit);
    let by_look = TextLook {
        align,
        colour: room.quiet(),
        ..room.text_look(BY_SIZE)
    };
    let name = by.map_or_else(String::new, |by| format!("— {by}"));
    let name = setter.set(&name, by_look, limit);
    let gap = if name.rows == 0 {
        0.0
    } else {
        setter.length(0.03)
    };
    let width = indent + words.width.max(name.width);
    // A quote that is read from right to left has its mark at the right.
    let left = |from_side: f32, own: f32| match align {
        TextAlign::Right => width - from_side - own,
        TextAlign::Left | TextAlign::Centre => from_side,
    };
    let comes = |from: f32, to: f32| SceneTiming { from, to };
    // The mark hangs at the height of the first row.
    let mark_top = -setter.pixels(MARK_SIZE) * 0.24;
    let elements = vec![
        mark.at(left(0.0, mark.width), mark_top, comes(0.0, 0.5)),
        words.at(left(indent, words.width), 0.0, comes(0.1, 0.8)),
        name.at(
            left(indent, name.width),
            words.height + gap,
            comes(0.6, 1.0),
        ),
    ];
    LaidContent {
        elements,
        width,
        height: words.height + gap + name.height,
        is_whole: words.is_whole && name.is_whole && words.rows <= QUOTE_ROWS && name.rows <= 2,
    }
}

/// Returns lines of code, none of which is wrapped.
pub(super) fn lay_out_code(
    setter: &mut TextSetter<'_>,
    lines: &[String],
    room: &ContentRoom,
) -> LaidContent {
    let row_height = setter.row_height(CODE_SIZE) * 1.1;
    let mut elements = Vec::new();
    let mut width = 0.0_f32;
    for (index, line) in lines.iter().enumerate() {
        let colour = if is_comment(line) {
            mixed_colour(room.text, room.behind, 0.45)
        } else {
            room.text
        };
        let look = TextLook {
            colour,
            face: TextFace::Code,
            ..room.text_look(CODE_SIZE)
        };
        let text: SetText = setter.set_row(line, look);
        width = width.max(text.width);
        let timing = SceneTiming::of_several(index, lines.len(), 2.0);
        elements.push(text.at(0.0, row_height * number(index), timing));
    }
    LaidContent {
        elements,
        width,
        height: row_height * number(lines.len()),
        // Code is not wrapped, because a wrapped line reads as two. It is made smaller instead.
        is_whole: width <= room.width,
    }
}

/// Returns whether a line of code says something to people alone.
fn is_comment(line: &str) -> bool {
    let text = line.trim_start();
    ["//", "#", "--", ";", "/*", "*"]
        .iter()
        .any(|mark| text.starts_with(mark))
}
