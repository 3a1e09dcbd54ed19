//! The rows of a chart that are written on one line: between semicolons, commas, bars and a last `and`.

use super::chart_rows::{ReadRows, list_rows, numbered_rows};
use crate::treatment::reading::LocatedText;

/// How the parts of a line are divided.
#[derive(Clone, Copy)]
struct LineDivision {
    /// Whether every semicolon, comma and bar divides. Else semicolons alone, if the line has one.
    has_all_marks: bool,
    /// Whether words such as `and` divide.
    has_words: bool,
    /// Whether a comma between digits, which is no mark of thousands, divides.
    has_tight_commas: bool,
}

/// The ways in which a line is divided, the likeliest first.
const LINE_DIVISIONS: [LineDivision; 4] = [
    LineDivision {
        has_all_marks: true,
        has_words: false,
        has_tight_commas: false,
    },
    LineDivision {
        has_all_marks: false,
        has_words: false,
        has_tight_commas: false,
    },
    LineDivision {
        has_all_marks: true,
        has_words: true,
        has_tight_commas: false,
    },
    LineDivision {
        has_all_marks: true,
        has_words: false,
        has_tight_commas: true,
    },
];

/// Words between the last two rows of a line.
const ROW_JOINS: &[&str] = &[" and ", " und ", " et ", " y ", " e ", " & "];

/// Returns the rows of a line of which every part is one, in the first division in which that is so.
pub(super) fn whole_rows(value: &LocatedText) -> Option<ReadRows> {
    LINE_DIVISIONS.into_iter().find_map(|division| {
        let parts = inline_parts(value, division);
        list_rows(&parts, true).filter(|(_, passed)| passed.is_empty())
    })
}

/// Returns the rows of a line of which some parts have a number that nobody has, or, if the line says
/// that it is a chart, a few have words.
pub(super) fn partial_rows(value: &LocatedText, has_kind: bool) -> Option<ReadRows> {
    let mut divisions = LINE_DIVISIONS.into_iter();
    let known = divisions.find_map(|division| list_rows(&inline_parts(value, division), true));
    // A comma may be part of a label here, so a semicolon alone divides where there is one.
    let worded = || numbered_rows(&inline_parts(value, LINE_DIVISIONS[1]));
    known.or_else(|| has_kind.then(worded).flatten())
}

/// Returns the parts of a line.
fn inline_parts(value: &LocatedText, division: LineDivision) -> Vec<LocatedText> {
    let text = &value.text;
    let has_semicolon = text.contains(';');
    let mut parts = Vec::new();
    let mut start = 0;
    let mut push = |start: usize, end: usize| {
        let part = value.part(start..end);
        if !part.is_blank() {
            parts.push(part);
        }
    };
    for (at, c) in text.char_indices() {
        let length = if at < start {
            // Inside of what divided last.
            0
        } else if c == ';' {
            1
        } else if c == ',' {
            let divides = division.has_all_marks || !has_semicolon;
            usize::from(divides && comma_divides(text, at, division.has_tight_commas))
        } else if c == '|' {
            usize::from(division.has_all_marks)
        // Words divide last: `Salt and pepper 5` is one row wherever marks divide the line.
        } else if division.has_words {
            let joins = ROW_JOINS.iter();
            let mut found = joins.filter(|join| text[at..].starts_with(**join));
            found.next().map_or(0, |join| join.len())
        } else {
            0
        };
        if length > 0 {
            push(start, at);
            start = at + length;
        }
    }
    push(start, text.len());
    parts
}

/// Whether a comma is between two parts, and not inside of a number.
fn comma_divides(text: &str, at: usize, may_be_tight: bool) -> bool {
    let digits_behind = text[at + 1..]
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    let is_tight = digits_behind > 0 && text[..at].ends_with(|c: char| c.is_ascii_digit());
    !is_tight || may_be_tight && digits_behind != 3
}
