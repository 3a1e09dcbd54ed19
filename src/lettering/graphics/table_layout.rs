//! Tables.

use super::bar_layout::number;
use super::card_frame::{ContentRoom, LaidContent};
use super::graphic_scene::{GraphicElement, SceneDrawing, SceneTiming};
use super::shape_canvas::SceneRect;
use super::text_setter::{SetText, TextLook, TextSetter};

const CELL_SIZE: f32 = 0.042;
const HEAD_SIZE: f32 = 0.034;
const CELL_ROWS: usize = 2;
/// Space between columns as a share of the shorter side.
const COLUMN_GAP: f32 = 0.05;
/// The height of a row in rows of text.
const ROW_HEIGHT: f32 = 1.45;

/// Returns rows and columns. Columns of numbers are aligned at their right side.
pub(super) fn lay_out_table(
    setter: &mut TextSetter<'_>,
    columns: &[String],
    rows: &[Vec<String>],
    room: &ContentRoom,
) -> LaidContent {
    let count = column_count(columns, rows);
    let gap = setter.length(COLUMN_GAP);
    let limits = column_limits(setter, columns, rows, room, gap);
    let head_look = TextLook {
        bold: true,
        colour: room.quiet(),
        ..room.text_look(HEAD_SIZE)
    };
    let mut set = |cells: &[String], look: TextLook| -> Vec<SetText> {
        let cells = cells.iter().zip(&limits);
        cells
            .map(|(cell, limit)| setter.set(cell, look, *limit))
            .collect()
    };
    let head = set(columns, head_look);
    let body: Vec<Vec<SetText>> = rows
        .iter()
        .map(|row| set(row, room.text_look(CELL_SIZE)))
        .collect();
    let mut table = TableElements {
        elements: Vec::new(),
        top: 0.0,
        widths: column_widths(&head, &body, count),
        is_number: (0..count)
            .map(|column| is_number_column(rows, column))
            .collect(),
        gap,
    };
    if !columns.is_empty() {
        let height = setter.row_height(HEAD_SIZE) * ROW_HEIGHT;
        table.add_row(&head, height, SceneTiming::AT_ONCE);
    }
    let text_height = setter.row_height(CELL_SIZE);
    for (index, row) in body.iter().enumerate() {
        let timing = SceneTiming::of_several(index, body.len(), 2.0);
        if index > 0 || !columns.is_empty() {
            table.add_rule(setter.length(0.002).round().max(1.0), room, timing);
        }
        let highest = row.iter().map(|cell| cell.height).fold(0.0, f32::max);
        let extra = (highest - text_height).max(0.0);
        table.add_row(row, text_height * ROW_HEIGHT + extra, timing);
    }
    let mut cells = body.iter().chain([&head]).flatten();
    LaidContent {
        width: table.width(),
        height: table.top,
        elements: table.elements,
        is_whole: cells.all(|cell| cell.is_whole && cell.rows <= CELL_ROWS),
    }
}

fn column_count(columns: &[String], rows: &[Vec<String>]) -> usize {
    // A row may have more cells than there are titles.
    let lengths = rows.iter().map(Vec::len).chain([columns.len()]);
    lengths.max().unwrap_or(0)
}

/// Returns the width of the widest cell of each column.
fn column_widths(head: &Vec<SetText>, body: &[Vec<SetText>], count: usize) -> Vec<f32> {
    let widest = |column: usize| {
        let cells = body.iter().chain([head]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.width).fold(0.0, f32::max)
    };
    (0..count).map(widest).collect()
}

/// Returns the widest that each column may be: as wide as it likes, if all have room; else the wide
/// ones share what the others leave.
fn column_limits(
    setter: &mut TextSetter<'_>,
    columns: &[String],
    rows: &[Vec<String>],
    room: &ContentRoom,
    gap: f32,
) -> Vec<f32> {
    let count = column_count(columns, rows);
    let mut wanted = vec![0.0_f32; count];
    let head = [columns.to_vec()];
    for (size, cells) in [(HEAD_SIZE, &head[..]), (CELL_SIZE, rows)] {
        for row in cells {
            for (column, cell) in row.iter().enumerate() {
                let look = TextLook {
                    bold: size == HEAD_SIZE,
                    ..room.text_look(size)
                };
                wanted[column] = wanted[column].max(setter.set_row(cell, look).width);
            }
        }
    }
    let free = room.width - gap * number(count.saturating_sub(1));
    let fair = free / number(count.max(1));
    // A pixel more than measured, since rounding must not wrap a cell that fits.
    if wanted.iter().sum::<f32>() <= free {
        return wanted.iter().map(|width| width + 1.0).collect();
    }
    // Columns that need less than a fair share keep what they need. Equal shares would wrap long
    // cells beside empty room.
    let narrow = |width: &&f32| **width <= fair;
    let taken: f32 = wanted.iter().filter(narrow).sum();
    let wide = wanted.iter().filter(|width| !narrow(width)).count();
    let share = (free - taken) / number(wide.max(1));
    let limit = |width: &f32| if *width <= fair { *width + 1.0 } else { share };
    wanted.iter().map(limit).collect()
}

/// Returns whether every cell of a column that has anything begins with a number.
fn is_number_column(rows: &[Vec<String>], column: usize) -> bool {
    let cells = rows.iter().filter_map(|row| row.get(column));
    let mut cells = cells.filter(|cell| !cell.is_empty()).peekable();
    let begins = |cell: &String| {
        let mut letters = cell
            .trim_start_matches(['−', '–', '-', '+', '$', '€', '£', '¥', '<', '>', '~'])
            .chars();
        letters.next().is_some_and(|letter| letter.is_ascii_digit())
    };
    // The first column names its rows, even by years.
    column > 0 && cells.peek().is_some() && cells.all(begins)
}

struct TableElements {
    elements: Vec<GraphicElement>,
    top: f32,
    widths: Vec<f32>,
    is_number: Vec<bool>,
    gap: f32,
}

impl TableElements {
    fn width(&self) -> f32 {
        let gaps = self.gap * number(self.widths.len().saturating_sub(1));
        self.widths.iter().sum::<f32>() + gaps
    }

    fn add_row(&mut self, cells: &[SetText], height: f32, timing: SceneTiming) {
        let mut left = 0.0;
        for (column, cell) in cells.iter().enumerate() {
            let width = self.widths.get(column).copied().unwrap_or(0.0);
            let is_number = self.is_number.get(column).copied().unwrap_or(false);
            let shift = if is_number { width - cell.width } else { 0.0 };
            let top = self.top + (height - cell.height) / 2.0;
            self.elements.push(cell.at(left + shift, top, timing));
            left += width + self.gap;
        }
        self.top += height;
    }

    fn add_rule(&mut self, height: f32, room: &ContentRoom, timing: SceneTiming) {
        let rule = SceneDrawing::Panel {
            rect: SceneRect {
                left: 0.0,
                top: self.top.round(),
                width: self.width().round(),
                height,
            },
            radius: 0.0,
            fill: room.fill(0.22),
        };
        self.elements.push(GraphicElement::new(rule, timing));
        self.top += height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_of_numbers_is_known_by_all_of_its_cells() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["2007", "32 %", "high"]), row(["2012", "−3", "22"])];
        let found: Vec<bool> = (0..3)
            .map(|column| is_number_column(&rows, column))
            .collect();
        assert_eq!(found, [false, true, false]);
    }
}
