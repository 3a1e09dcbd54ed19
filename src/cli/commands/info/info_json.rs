//! A production as JSON; docs/json.md lists the fields.

use super::info_sound::{
    effects_json, lines_json, location_sound_json, output_sound_json, sound_json,
};
use super::info_sprites::{maps_json, sprites_json};
use crate::beats::{
    ChunkRecord, IMAGE_PARAMETERS, ImageParameters, NEGATIVE_PROMPT, TimedBeat, chunk_records,
    storyboard_path,
};
use crate::model::Production;
use crate::model::codec::StillFormat;
use crate::model::cut::TextExport;
use crate::model::production::{AssetRef, Character, Location, Output};
use crate::session::ReuseCounts;
use crate::timeline::{FilmPlaces, TimelineMaker};
use serde_json::{Value, json};

pub(super) fn production_json(
    production: &Production,
    made: Result<&ReuseCounts, &String>,
) -> Value {
    let rate = production.render.rate;
    let render = &production.render;
    let timelines = TimelineMaker::new(production);
    let places = timelines.film_places();
    let frames = places.length;
    // Names are plain lists in `characters` and `locations`, and objects in `cast` and `places`:
    // the lists were there first, and scripts read them.
    json!({
        "title": production.meta.display_title(),
        "version": production.meta.version,
        "author": production.meta.author,
        "description": production.meta.description,
        "style": production.style,
        "frame_rate": rate.as_f64(),
        "frames": frames,
        "seconds": rate.duration_seconds(frames),
        "render": { "engine": render.engine.name.value, "tier": render.tier, "width": render.size.width, "height": render.size.height, "samples": render.samples },
        "characters": production.characters.iter().map(|c| &c.name.value).collect::<Vec<_>>(),
        "locations": production.locations.iter().map(|l| &l.name.value).collect::<Vec<_>>(),
        "props": production.props.iter().map(|p| &p.name.value).collect::<Vec<_>>(),
        "cast": production.characters.iter().map(|c| character_json(production, c)).collect::<Vec<_>>(),
        "places": production.locations.iter().map(|l| location_json(production, l)).collect::<Vec<_>>(),
        "scenes": production.scenes.iter().map(|s| json!({ "number": s.number, "heading": s.heading.value })).collect::<Vec<_>>(),
        "beats": beats_json(production),
        "shots": shots_json(production, &places),
        "sound": sound_json(production),
        "limits": production.limits,
        "workers": production.workers,
        "outputs": production.outputs.iter().map(|o| output_json(production, &timelines, o)).collect::<Vec<_>>(),
        "exports": production.exports.iter().map(|export| export_json(production, export)).collect::<Vec<_>>(),
        "sprites": sprites_json(production),
        "tile_maps": maps_json(production),
        "made": made.map(reuse_json).ok(),
        "made_unknown": made.err(),
    })
}

/// Returns the frames of the files of an output, at its own rate: with titles between shots and
/// credits, or with the handles of a single shot.
pub(super) fn film_frames(
    production: &Production,
    timelines: &TimelineMaker<'_>,
    output: &Output,
) -> usize {
    let length = timelines.output_length(output);
    match output.format.codec.still_format() {
        Some(_) => length,
        None => output
            .format
            .rate
            .resampled_count(length, production.render.rate),
    }
}

fn export_json(production: &Production, export: &TextExport) -> Value {
    let of = export
        .output
        .and_then(|index| production.outputs.get(index));
    json!({
        "name": export.name.value,
        "kind": export.kind.name(),
        "path": export.path.value,
        "of": of.map(|output| &output.name.value),
        "language": export.language.as_ref().map(|language| &language.value),
    })
}

pub(super) fn shots_with(production: &Production, character: &Character) -> usize {
    production
        .shots
        .iter()
        .filter(|shot| {
            shot.cast
                .iter()
                .any(|role| role.character.name.value == character.name.value)
        })
        .count()
}

pub(super) fn shots_in(production: &Production, location: &Location) -> usize {
    production
        .shots
        .iter()
        .filter(|shot| {
            shot.location
                .as_ref()
                .is_some_and(|place| place.name.value == location.name.value)
        })
        .count()
}

fn character_json(production: &Production, character: &Character) -> Value {
    json!({
        "name": character.name.value,
        "display_name": character.display_name,
        "script_name": character.script_name,
        "model": character.model.as_ref().map(|model| &model.path),
        "model_changes": character.model.as_ref().and_then(mend_json),
        "costumes": character.costumes.iter().map(|costume| json!({ "scenes": costume.key.value, "name": costume.name })).collect::<Vec<_>>(),
        "shots": shots_with(production, character),
    })
}

/// Returns what a document changes of a model. `None`: nothing.
fn mend_json(asset: &AssetRef) -> Option<Value> {
    let changes = (!asset.mend.is_empty()).then(|| serde_json::to_value(&asset.mend));
    changes.and_then(Result::ok)
}

fn location_json(production: &Production, location: &Location) -> Value {
    json!({
        "name": location.name.value,
        "display_name": location.display_name,
        "set": location.set.as_ref().map(|set| &set.path),
        "set_changes": location.set.as_ref().and_then(mend_json),
        "sound": production.sound.as_ref().map(|_| location_sound_json(location)),
        "shots": shots_in(production, location),
    })
}

fn shots_json(production: &Production, places: &FilmPlaces) -> Vec<Value> {
    production
        .shots
        .iter()
        .zip(&places.starts)
        .map(|(shot, first)| {
            json!({
                "name": shot.name.value,
                "scene": shot.scene.value,
                "template": shot.template.as_ref().map(|name| &name.value),
                "automatic": shot.automatic,
                "location": shot.location.as_ref().map(|place| &place.name.value),
                "cast": shot.cast.iter().map(|role| &role.character.name.value).collect::<Vec<_>>(),
                "frames": shot.frames.to_string(),
                "take": shot.take,
                "limits": (!shot.limits.is_default()).then_some(&shot.limits),
                "footage": shot.footage.as_ref().map(|footage| &footage.source.path),
                "lines": lines_json(production, shot),
                "effects": effects_json(production, shot),
                "count": shot.frames.len(),
                "starts": first,
                "timecode_in": production.timecode(*first).to_string(),
                "timecode_out": production.timecode(first + shot.frames.len()).to_string(),
            })
        })
        .collect()
}

/// Returns the beats of an ad, each with what a provider of pictures needs: its prompt, and the
/// chunks of five seconds.
fn beats_json(production: &Production) -> Vec<Value> {
    let timed: Vec<TimedBeat<'_>> = production
        .beats
        .iter()
        .map(|beat| TimedBeat {
            id: &beat.id,
            seconds: beat.seconds,
        })
        .collect();
    let stills: Vec<Option<&Output>> = production
        .beats
        .iter()
        .map(|beat| beat_still(production, &beat.shots))
        .collect();
    let paths = production.beats.iter().zip(&stills);
    let paths: Vec<String> = paths
        .map(|(beat, still)| match still {
            Some(still) => still.path.value.to_string_lossy().replace('\\', "/"),
            None => storyboard_path(&beat.id),
        })
        .collect();
    let chunks = chunk_records(&timed, |beat| paths[beat].clone());
    let rate = production.render.rate;
    let beats = production.beats.iter().zip(&paths).zip(stills);
    beats
        .map(|((beat, path), still)| {
            let size = still.map(|still| [still.format.size.width, still.format.size.height]);
            let parameters = ImageParameters {
                size: size.unwrap_or(IMAGE_PARAMETERS.size),
                ..IMAGE_PARAMETERS
            };
            let of_beat = |chunk: &&ChunkRecord| chunk.beat_id == beat.id;
            json!({
                "id": beat.id,
                "beat": beat.beat,
                "start": beat.start_seconds(rate),
                "seconds": beat.seconds,
                "start_frame": beat.start_frame,
                "end_frame": beat.end_frame,
                "shot_type": beat.shot_type,
                "prompt": beat.prompt,
                "negative_prompt": NEGATIVE_PROMPT,
                "image_parameters": parameters,
                "storyboard": path,
                "shots": beat.shots,
                "chunks": chunks.iter().filter(of_beat).collect::<Vec<_>>(),
            })
        })
        .collect()
}

/// Returns the output that is the still of a beat: a picture of one of its shots alone.
fn beat_still<'p>(production: &'p Production, shots: &[String]) -> Option<&'p Output> {
    let mut outputs = production.outputs.iter();
    outputs.find(|output| {
        let is_still = output.format.codec.still_format() == Some(StillFormat::Poster);
        let mut shown = production.output_shots(output);
        let first = shown.next().filter(|_| shown.next().is_none());
        is_still && first.is_some_and(|shot| shots.contains(&shot.name.value))
    })
}

fn output_json(production: &Production, timelines: &TimelineMaker<'_>, output: &Output) -> Value {
    let format = &output.format;
    json!({
        "name": output.name.value,
        "display_name": output.display_name,
        "path": output.path.value,
        "codec": format.codec,
        "width": format.size.width,
        "height": format.size.height,
        "fps": format.rate.as_f64(),
        "frames": film_frames(production, timelines, output),
        "shots": output.shots.as_ref().map(|_| production.output_shots(output).map(|shot| &shot.name.value).collect::<Vec<_>>()),
        "sound": output_sound_json(output),
        "encoding": (!format.encoding.is_default()).then_some(&format.encoding),
    })
}

fn reuse_json(made: &ReuseCounts) -> Value {
    let phase = |(phase, jobs, reused): &(crate::model::Phase, usize, usize)| json!({ "phase": phase.name(), "jobs": jobs, "reused": reused });
    json!({
        "jobs": made.job_count(),
        "reused": made.reused_count(),
        "phases": made.phases.iter().map(phase).collect::<Vec<_>>(),
    })
}
