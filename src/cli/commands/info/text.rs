//! A production as text, in columns that fit the terminal.

use super::facts::{frames, shots_at, shots_of};
use super::made::Made;
use crate::model::Production;
use crate::model::production::{AssetRef, Output, Shot};
use crate::report::text_format::{format_count, format_duration, format_number, format_timecode};
use crate::report::text_table::{fit_columns, truncate_text};
use std::path::Path;

pub(super) fn text(production: &Production, made: Result<&Made, &String>, width: usize) -> String {
    let sections = [
        head(production, width),
        section("characters", &characters(production), width),
        section("locations", &locations(production), width),
        section("props", &props(production), width),
        timeline(production, width),
        section(
            "delivers",
            &production
                .outputs
                .iter()
                .map(|o| output(production, o))
                .collect::<Vec<_>>(),
            width,
        ),
        section(&already(made), &made.map(phases).unwrap_or_default(), width),
    ];
    let shown: Vec<String> = sections
        .into_iter()
        .filter(|section| !section.is_empty())
        .collect();
    shown.join("\n")
}

fn head(production: &Production, width: usize) -> String {
    let (rate, render) = (production.render.rate, &production.render);
    let whole = frames(production);
    let about = Some(production.meta.description.trim()).filter(|text| !text.is_empty());
    let lines = [
        Some(production.meta.display_title().to_owned()),
        about.map(|text| text.replace('\n', " ")),
        Some(String::new()),
        Some(format!(
            "{}, {} frames at {rate} a second, {}",
            format_count(production.shots.len(), "shot"),
            format_number(whole),
            format_duration(rate.duration_seconds(whole))
        )),
        Some(format!(
            "rendered by {} at {} with {} samples (tier {}), style {}",
            render.engine.name.value, render.size, render.samples, render.tier, production.style
        )),
    ];
    lines
        .into_iter()
        .flatten()
        .map(|line| format!("{}\n", truncate_text(&line, width)))
        .collect()
}

/// Writes rows under a title; nothing when there is nothing to write.
fn section(title: &str, rows: &[Vec<String>], width: usize) -> String {
    let rows: String = fit_columns(rows, width.saturating_sub(2))
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    let alone = title.contains(' ');
    if rows.is_empty() && !alone {
        rows
    } else {
        format!("{}\n{rows}", truncate_text(title, width))
    }
}

fn characters(production: &Production) -> Vec<Vec<String>> {
    let row = |character: &crate::model::production::Character| {
        let costumes = character.costumes.len();
        let costumes = if costumes == 0 {
            String::new()
        } else {
            format_count(costumes, "costume")
        };
        let shots = format_count(shots_of(production, character), "shot");
        vec![
            character.name.value.clone(),
            shots,
            costumes,
            path(character.model.as_ref()),
        ]
    };
    production.characters.iter().map(row).collect()
}

fn locations(production: &Production) -> Vec<Vec<String>> {
    let row = |place: &crate::model::production::Location| {
        vec![
            place.name.value.clone(),
            format_count(shots_at(production, place), "shot"),
            path(place.set.as_ref()),
        ]
    };
    production.locations.iter().map(row).collect()
}

fn props(production: &Production) -> Vec<Vec<String>> {
    production
        .props
        .iter()
        .map(|prop| vec![prop.name.value.clone(), path(prop.model.as_ref())])
        .collect()
}

fn path(asset: Option<&AssetRef>) -> String {
    asset
        .map(|asset| asset.path.as_path())
        .unwrap_or(Path::new(""))
        .display()
        .to_string()
}

/// Writes the shots in order, under the headings of their scenes, each with where it begins.
fn timeline(production: &Production, width: usize) -> String {
    let mut before = 0;
    let row = |shot: &Shot| {
        let begins = format_timecode(before, production.render.rate);
        before += shot.frames.len();
        row(shot, begins)
    };
    let rows: Vec<Vec<String>> = production.shots.iter().map(row).collect();
    let table = fit_columns(&rows, width.saturating_sub(2));
    let (mut text, mut scene) = (String::new(), None);
    for (line, shot) in table.lines().zip(&production.shots) {
        if scene != Some(shot.scene.value) {
            scene = Some(shot.scene.value);
            text.push_str(&format!(
                "{}\n",
                truncate_text(&heading(production, shot), width)
            ));
        }
        text.push_str(&format!("  {line}\n"));
    }
    text
}

fn heading(production: &Production, shot: &Shot) -> String {
    let words = production
        .scene_by_number(shot.scene.value)
        .map_or("", |scene| scene.heading.value.as_str());
    format!("scene {}  {words}", shot.scene.value)
        .trim_end()
        .to_owned()
}

fn row(shot: &Shot, begins: String) -> Vec<String> {
    let cast: Vec<&str> = shot
        .cast
        .iter()
        .map(|role| role.character.name.value.as_str())
        .collect();
    let place = shot
        .location
        .as_ref()
        .map_or("", |place| place.name.value.as_str());
    let template = shot
        .template
        .as_ref()
        .map_or("-", |name| name.value.as_str());
    vec![
        begins,
        shot.name.value.clone(),
        template.to_owned(),
        format!("{:>4} frames", shot.frames.len()),
        format!("{:.0} mm", shot.camera.lens_mm),
        place.to_owned(),
        cast.join(", "),
        if shot.automatic {
            "(auto)".to_owned()
        } else {
            String::new()
        },
    ]
}

fn output(production: &Production, output: &Output) -> Vec<String> {
    let format = &output.format;
    let frames = format
        .rate
        .resampled_count(frames(production), production.render.rate);
    vec![
        output.name.value.clone(),
        format!("{} {}", format.codec.id(), format.size),
        format!("{} a second", format.rate),
        format!("{} frames", format_number(frames)),
        output.path.value.display().to_string(),
    ]
}

fn already(made: Result<&Made, &String>) -> String {
    match made {
        Ok(made) => format!(
            "{} of {} made already",
            made.reused(),
            format_count(made.jobs(), "job")
        ),
        Err(why) => format!("what is made already is not known: failed to {why}"),
    }
}

fn phases(made: &Made) -> Vec<Vec<String>> {
    let row = |(phase, jobs, reused): &(crate::model::Phase, usize, usize)| {
        vec![phase.name().to_owned(), format!("{reused} of {jobs}")]
    };
    made.phases.iter().map(row).collect()
}
