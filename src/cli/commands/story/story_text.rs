//! A breakdown for people: totals, a line for each scene, a line for each speaker.

use crate::base::printable::flatten_escaped;
use crate::report::text_format::{format_count, format_duration, format_subject};
use crate::report::text_table::{titled_columns, truncate_text};
use crate::story::breakdown::{
    CastMember, DayPart, PAGE_LINES, PageEighths, SceneBreakdown, ScriptBreakdown,
};
use crate::story::fountain::SceneSetting;
use std::fmt::Display;

/// Most scenes that are listed for a speaker.
const MOST_SCENES: usize = 12;

/// Returns a breakdown in lines of at most `width` characters.
pub(super) fn story_text(breakdown: &ScriptBreakdown, width: usize) -> String {
    let mut text = heading_lines(breakdown, width);
    let scenes: Vec<Vec<String>> = breakdown.scenes.iter().map(scene_row).collect();
    text += &section("scenes", &scenes, width);
    let cast: Vec<Vec<String>> = breakdown.cast.iter().map(cast_row).collect();
    text += &section("cast", &cast, width);
    text
}

fn heading_lines(breakdown: &ScriptBreakdown, width: usize) -> String {
    let scenes = breakdown.filmed_scenes().count();
    let omitted = breakdown.scenes.len() - scenes;
    let mut counts = vec![
        format_count(scenes, "scene"),
        page_count(breakdown.eighths),
        format!("about {}", format_duration(breakdown.seconds)),
        format!("at {PAGE_LINES} lines a page"),
    ];
    if omitted > 0 {
        counts.insert(1, format!("{omitted} omitted"));
    }
    let mut lines = vec![counts.join(", ")];
    if let Some(title) = &breakdown.title {
        lines.insert(0, flatten_escaped(title));
    }
    lines.push(format!(
        "{} for {}",
        format_subject(breakdown.cast.len(), "character", "speak"),
        format_duration(breakdown.speech_seconds)
    ));
    lines.push(share_line(breakdown));
    lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| format!("{}\n", truncate_text(line, width)))
        .collect()
}

fn page_count(eighths: PageEighths) -> String {
    let noun = if eighths.0 <= 8 { "page" } else { "pages" };
    format!("{eighths} {noun}")
}

/// Returns how many scenes play when and where.
fn share_line(breakdown: &ScriptBreakdown) -> String {
    let count = |is_counted: &dyn Fn(&SceneBreakdown) -> bool| {
        breakdown
            .filmed_scenes()
            .filter(|scene| is_counted(scene))
            .count()
    };
    let parts = [DayPart::Day, DayPart::Night, DayPart::Dawn, DayPart::Dusk];
    let times = parts.map(|part| (part.name(), count(&|scene| scene.day_part == Some(part))));
    let inside = count(&|scene| scene.setting == SceneSetting::Interior);
    let outside = count(&|scene| scene.setting == SceneSetting::Exterior);
    let both = count(&|scene| scene.setting == SceneSetting::Both);
    let places = [("inside", inside), ("outside", outside), ("both", both)];
    let shown = times.iter().chain(&places).filter(|(_, count)| *count > 0);
    let shown: Vec<String> = shown
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    shown.join(", ")
}

/// Returns a table below an empty line; nothing without rows.
fn section(title: &str, rows: &[Vec<String>], width: usize) -> String {
    match titled_columns(title, rows, width) {
        table if table.is_empty() => table,
        table => format!("\n{table}"),
    }
}

fn scene_row(scene: &SceneBreakdown) -> Vec<String> {
    let number = scene.number.to_string();
    if scene.omitted {
        return vec![number, "omitted".to_owned()];
    }
    let revised = if scene.revisions.is_empty() {
        String::new()
    } else {
        "revised".to_owned()
    };
    vec![
        number,
        setting_word(scene.setting).to_owned(),
        flatten_escaped(&scene.location),
        scene.day_part.map_or("", DayPart::name).to_owned(),
        scene.eighths.to_string(),
        format_duration(scene.seconds),
        flatten_escaped(&scene.summary),
        flatten_escaped(&scene.speakers.join(", ")),
        revised,
    ]
}

const fn setting_word(setting: SceneSetting) -> &'static str {
    match setting {
        SceneSetting::Interior => "INT",
        SceneSetting::Exterior => "EXT",
        SceneSetting::Both => "INT/EXT",
        SceneSetting::Establishing => "EST",
        SceneSetting::Unspecified => "",
    }
}

fn cast_row(member: &CastMember) -> Vec<String> {
    let words = match member.characters {
        0 => format_count(member.words, "word"),
        characters => format_count(member.words + characters, "word or character"),
    };
    let speeches = usize::try_from(member.speeches).unwrap_or(usize::MAX);
    vec![
        flatten_escaped(&member.name),
        format_count(speeches, "speech"),
        words,
        format_duration(member.seconds),
        scene_list(&member.scenes),
    ]
}

fn scene_list(scenes: &[impl Display]) -> String {
    let noun = if scenes.len() == 1 { "scene" } else { "scenes" };
    let shown = scenes.iter().take(MOST_SCENES).map(ToString::to_string);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match scenes.len().saturating_sub(MOST_SCENES) {
        _ if scenes.is_empty() => "before the first scene".to_owned(),
        0 => format!("{noun} {shown}"),
        more => format!("{noun} {shown} and {more} more"),
    }
}
