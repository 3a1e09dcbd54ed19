//! A production as text, in columns that fit the terminal.

use super::info_json::{film_frames, shots_in, shots_with};
use super::info_sound::{line_rows, output_sound_text, sound_rows};
use super::info_sprites::sprite_rows;
use crate::base::printable::flatten_escaped;
use crate::model::Production;
use crate::model::production::{AssetRef, Output, Shot};
use crate::model::sound::SoundBesideKind;
use crate::report::text_format::{format_count, format_duration};
use crate::report::text_table::{fit_columns, titled_columns, truncate_text};
use crate::report::{SilenceFacts, TierFacts};
use crate::session::{BeatProgress, ReuseCounts};
use crate::timeline::{FilmPlaces, TimelineMaker};

/// Returns a production as a line, and a line for each shot.
pub(super) fn production_lines(
    production: &Production,
    made: Result<&ReuseCounts, &String>,
) -> String {
    let places = TimelineMaker::new(production).film_places();
    let frame_count = places.length;
    let rate = production.render.rate;
    let made = made.map_or_else(
        |_| String::new(),
        |made| {
            format!(
                ", {} of {} made",
                made.reused_count(),
                format_count(made.job_count(), "job")
            )
        },
    );
    let mut text = format!(
        "{}: {}, {}, {}, tier {}{}{made}\n",
        flatten_escaped(production.meta.display_title()),
        format_count(production.shots.len(), "shot"),
        format_count(frame_count, "frame"),
        format_duration(rate.duration_seconds(frame_count)),
        production.render.tier,
        production.silence.as_ref().map_or("", |_| ", no sound")
    );
    for (shot, first) in production.shots.iter().zip(&places.starts) {
        text += &format!(
            "{} {}: {}\n",
            production.timecode(*first),
            flatten_escaped(&shot.name.value),
            format_count(shot.frames.len(), "frame")
        );
    }
    text
}

pub(super) fn production_text(
    production: &Production,
    tier: &TierFacts,
    made: Result<&ReuseCounts, &String>,
    beats: &[BeatProgress],
    width: usize,
) -> String {
    let timelines = TimelineMaker::new(production);
    let places = timelines.film_places();
    let files = sprite_rows(production).into_iter();
    let files_without_sound = files.chain(export_rows(production)).map(|mut row| {
        if production.sound.is_some() {
            // The column of sound, which the rows of outputs have.
            row.insert(4, String::new());
        }
        row
    });
    let sections = [
        heading_lines(production, places.length, tier, width),
        format_section("characters", &character_rows(production), width),
        format_section("locations", &location_rows(production), width),
        format_section("props", &prop_rows(production), width),
        format_section("beats", &beat_rows(production, beats), width),
        timeline_text(production, &places, width),
        format_section("sound", &sound_rows(production), width),
        format_section("lines", &line_rows(production, &places), width),
        format_section(
            "delivers",
            &production
                .outputs
                .iter()
                .flat_map(|output| output_rows(production, &timelines, output))
                .chain(files_without_sound)
                .collect::<Vec<_>>(),
            width,
        ),
        format_section(
            &reuse_title(made),
            &made.map(phase_rows).unwrap_or_default(),
            width,
        ),
    ];
    let shown: Vec<String> = sections
        .into_iter()
        .filter(|section| !section.is_empty())
        .collect();
    shown.join("\n")
}

/// Returns a row for each beat of an ad. `progress` is empty if the store cannot be read.
fn beat_rows(production: &Production, progress: &[BeatProgress]) -> Vec<Vec<String>> {
    let beats = production.beats.iter().enumerate();
    beats
        .map(|(index, beat)| {
            let status = progress.get(index).map_or("", |beat| beat.status.word());
            vec![
                production.timecode(beat.start_frame).to_string(),
                beat.id.clone(),
                format!("{} s", beat.seconds),
                format_count(beat.shots.len(), "shot"),
                status.to_owned(),
            ]
        })
        .collect()
}

/// Returns what the production is, with the length of its film in frames.
fn heading_lines(
    production: &Production,
    frame_count: usize,
    tier: &TierFacts,
    width: usize,
) -> String {
    let rate = production.render.rate;
    let render = &production.render;
    let about = Some(production.meta.description.trim()).filter(|text| !text.is_empty());
    let lines = [
        Some(production.meta.display_title().to_owned()),
        about.map(|text| text.replace('\n', " ")),
        Some(String::new()),
        Some(format!(
            "{}, {} at {rate} a second, {}",
            format_count(production.shots.len(), "shot"),
            format_count(frame_count, "frame"),
            format_duration(rate.duration_seconds(frame_count))
        )),
        Some(format!(
            "rendered by {} at {} with {}, style {}",
            render.engine.name.value,
            render.size,
            format_count(render.samples as usize, "sample"),
            production.style
        )),
        Some(tier.line()),
        SilenceFacts::from_production(production).map(|facts| facts.line()),
    ];
    lines
        .into_iter()
        .flatten()
        .map(|line| format!("{}\n", truncate_text(&line, width)))
        .collect()
}

/// Writes rows under a title. Without rows the result is empty, unless the title is a sentence.
fn format_section(title: &str, rows: &[Vec<String>], width: usize) -> String {
    let heading = truncate_text(title, width);
    // A title of one word only announces its rows. A sentence, such as why the store cannot be
    // read, is worth showing without any.
    let is_sentence = title.contains(' ');
    if rows.is_empty() && is_sentence {
        format!("{heading}\n")
    } else {
        titled_columns(&heading, rows, width)
    }
}

fn character_rows(production: &Production) -> Vec<Vec<String>> {
    production
        .characters
        .iter()
        .map(|character| {
            let costumes = character.costumes.len();
            let costumes = if costumes == 0 {
                String::new()
            } else {
                format_count(costumes, "costume")
            };
            let shots = format_count(shots_with(production, character), "shot");
            vec![
                shown_name(&character.name.value, character.display_name.as_ref()),
                shots,
                costumes,
                asset_path(character.model.as_ref()),
            ]
        })
        .collect()
}

fn location_rows(production: &Production) -> Vec<Vec<String>> {
    production
        .locations
        .iter()
        .map(|place| {
            vec![
                shown_name(&place.name.value, place.display_name.as_ref()),
                format_count(shots_in(production, place), "shot"),
                asset_path(place.set.as_ref()),
            ]
        })
        .collect()
}

fn prop_rows(production: &Production) -> Vec<Vec<String>> {
    production
        .props
        .iter()
        .map(|prop| {
            vec![
                shown_name(&prop.name.value, prop.display_name.as_ref()),
                asset_path(prop.model.as_ref()),
            ]
        })
        .collect()
}

/// Returns a name of the document, with the one for people behind it.
fn shown_name(name: &str, display_name: Option<&String>) -> String {
    display_name.map_or_else(|| name.to_owned(), |shown| format!("{name} ({shown})"))
}

fn asset_path(asset: Option<&AssetRef>) -> String {
    let Some(asset) = asset else {
        return String::new();
    };
    let path = asset.path.display();
    match asset.mend.words() {
        words if words.is_empty() => path.to_string(),
        words => format!("{path} ({words})"),
    }
}

/// Writes the shots in order under the headings of their scenes, each with the timecode at which it
/// begins.
fn timeline_text(production: &Production, places: &FilmPlaces, width: usize) -> String {
    let shots = production.shots.iter().zip(&places.starts);
    let rows: Vec<Vec<String>> = shots
        .map(|(shot, first)| shot_row(shot, production.timecode(*first).to_string()))
        .collect();
    // One table for all scenes, so that columns align through the whole film. It has one line for
    // each shot, so headings can be put between them afterwards.
    let table = fit_columns(&rows, width.saturating_sub(2));
    let mut text = String::new();
    let mut scene = None;
    for (line, shot) in table.lines().zip(&production.shots) {
        if scene != Some(&shot.scene.value) {
            scene = Some(&shot.scene.value);
            text.push_str(&format!(
                "{}\n",
                truncate_text(&scene_heading(production, shot), width)
            ));
        }
        text.push_str(&format!("  {line}\n"));
    }
    text
}

fn scene_heading(production: &Production, shot: &Shot) -> String {
    let words = production
        .scene_by_number(&shot.scene.value)
        .map_or("", |scene| scene.heading.value.as_str());
    format!("scene {}  {words}", shot.scene.value)
        .trim_end()
        .to_owned()
}

fn shot_row(shot: &Shot, begins: String) -> Vec<String> {
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
        match &shot.take {
            Some(take) => format!("{} ({take})", shot.name.value),
            None => shot.name.value.clone(),
        },
        template.to_owned(),
        format!("{:>4} frames", shot.frames.len()),
        shot.footage.as_ref().map_or_else(
            || format!("{:.0} mm", shot.camera.lens_mm),
            |footage| footage.source.path.display().to_string(),
        ),
        place.to_owned(),
        cast.join(", "),
        if shot.automatic {
            "(auto)".to_owned()
        } else {
            String::new()
        },
    ]
}

/// Returns the row of an output, and one for each file or folder of sound beside it.
fn output_rows(
    production: &Production,
    timelines: &TimelineMaker<'_>,
    output: &Output,
) -> Vec<Vec<String>> {
    let format = &output.format;
    let (rate, length) = match format.codec.still_format() {
        Some(_) => (String::new(), "1 picture".to_owned()),
        None => (
            format!("{} a second", format.rate),
            format_count(film_frames(production, timelines, output), "frame"),
        ),
    };
    let mut row = vec![
        output.name.value.clone(),
        format!("{} {}", format.codec.id(), format.size),
        rate,
        length,
        output.path.value.display().to_string(),
    ];
    if let Some(sound) = &production.sound {
        row.insert(4, output_sound_text(sound, output));
    }
    let beside = output.sound_beside().into_iter().map(|beside| {
        let what = match beside.kind {
            SoundBesideKind::Wav => "wav",
            SoundBesideKind::Stems => "stems",
        };
        let path = beside.path.display().to_string();
        let none = String::new;
        vec![none(), what.to_owned(), none(), none(), none(), path]
    });
    std::iter::once(row).chain(beside).collect()
}

/// Returns a row for each deliverable that is text.
fn export_rows(production: &Production) -> impl Iterator<Item = Vec<String>> {
    production.exports.iter().map(|export| {
        let of = export
            .output
            .and_then(|index| production.outputs.get(index));
        vec![
            export.name.value.clone(),
            export.kind.name().to_owned(),
            of.map_or_else(String::new, |output| format!("of {}", output.name.value)),
            export
                .language
                .as_ref()
                .map_or("", |language| &language.value)
                .to_owned(),
            export.path.value.display().to_string(),
        ]
    })
}

fn reuse_title(made: Result<&ReuseCounts, &String>) -> String {
    match made {
        Ok(made) => format!(
            "{} of {} made already",
            made.reused_count(),
            format_count(made.job_count(), "job")
        ),
        Err(why) => format!("what is made already is not known: failed to {why}"),
    }
}

fn phase_rows(made: &ReuseCounts) -> Vec<Vec<String>> {
    made.phases
        .iter()
        .map(|(phase, jobs, reused)| vec![phase.name().to_owned(), format!("{reused} of {jobs}")])
        .collect()
}
