//! A breakdown as CSV, with a row of titles.

use crate::report::text_format::identifier_words;
use crate::story::breakdown::{CastMember, SceneBreakdown, ScriptBreakdown};
use std::fmt::Display;

/// Columns of the scenes. Later versions add columns behind them.
const SCENE_COLUMNS: [&str; 18] = [
    "scene",
    "setting",
    "location",
    "time",
    "day_part",
    "eighths",
    "pages",
    "seconds",
    "speech_seconds",
    "speeches",
    "words",
    "speakers",
    "summary",
    "heading",
    "omitted",
    "revisions",
    "first_eighth",
    "counted_eighths",
];

/// Columns of the cast. Later versions add columns behind them.
const CAST_COLUMNS: [&str; 8] = [
    "name",
    "speeches",
    "unseen_speeches",
    "words",
    "characters",
    "seconds",
    "scene_count",
    "scenes",
];

/// Returns a row for each scene.
pub(super) fn scene_table(breakdown: &ScriptBreakdown) -> String {
    let mut rows = vec![texts(&SCENE_COLUMNS)];
    let mut first_eighth = 0;
    for scene in &breakdown.scenes {
        rows.push(scene_row(scene, first_eighth));
        first_eighth += scene.eighths.0;
    }
    csv_text(&rows)
}

/// Returns a row for each speaker.
pub(super) fn cast_table(breakdown: &ScriptBreakdown) -> String {
    let mut rows = vec![texts(&CAST_COLUMNS)];
    rows.extend(breakdown.cast.iter().map(cast_row));
    csv_text(&rows)
}

fn scene_row(scene: &SceneBreakdown, first_eighth: u32) -> Vec<String> {
    vec![
        scene.number.to_string(),
        identifier_words(&scene.setting),
        scene.location.clone(),
        scene.time.clone().unwrap_or_default(),
        scene.day_part.map_or("", |part| part.name()).to_owned(),
        scene.eighths.0.to_string(),
        // A decimal: spreadsheets read `3/8` as a date.
        scene.eighths.pages().to_string(),
        seconds(scene.seconds),
        seconds(scene.speech_seconds),
        scene.speeches.to_string(),
        scene.words.to_string(),
        scene.speakers.join("; "),
        scene.summary.clone(),
        scene.heading.clone(),
        if scene.omitted { "yes" } else { "no" }.to_owned(),
        scene.revisions.join("; "),
        first_eighth.to_string(),
        scene
            .counted_eighths
            .map_or_else(String::new, |counted| counted.0.to_string()),
    ]
}

fn cast_row(member: &CastMember) -> Vec<String> {
    vec![
        member.name.clone(),
        member.speeches.to_string(),
        member.unseen_speeches.to_string(),
        member.words.to_string(),
        member.characters.to_string(),
        seconds(member.seconds),
        member.scenes.len().to_string(),
        joined(&member.scenes),
    ]
}

fn texts(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| (*column).to_owned()).collect()
}

fn joined(items: &[impl Display]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    items.join("; ")
}

fn seconds(seconds: f64) -> String {
    format!("{seconds:.1}")
}

fn csv_text(rows: &[Vec<String>]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| csv_cell(cell))
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    lines.join("\n")
}

/// Returns a table as the content of a file that spreadsheets open: RFC 4180 in UTF-8.
pub(super) fn table_file(table: &str) -> String {
    // Excel takes a table for one in the code page of its country unless a mark says that it is not.
    let mark = if table.is_ascii() { "" } else { "\u{feff}" };
    format!("{mark}{}\r\n", table.replace('\n', "\r\n"))
}

fn csv_cell(cell: &str) -> String {
    // A spreadsheet would calculate what begins so. Everything else is text to it.
    let is_number = cell.parse::<f64>().is_ok();
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t']) && !is_number;
    let cell = if is_formula {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains(['"', ',', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::{csv_text, table_file};

    #[test]
    fn cells_are_quoted_and_never_calculated() {
        let row = ["a,b", "say \"yes\"", "=1+1", "-2", "- No."].map(str::to_owned);
        assert_eq!(
            csv_text(&[row.to_vec()]),
            "\"a,b\",\"say \"\"yes\"\"\",'=1+1,-2,'- No."
        );
        let accents = csv_text(&[vec!["É".to_owned()], vec!["e".to_owned()]]);
        assert_eq!(table_file(&accents), "\u{feff}É\r\ne\r\n");
    }
}
