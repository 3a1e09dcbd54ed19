//! The sound of a production as text and as JSON.

use crate::base::json::to_short_json;
use crate::base::printable::flatten_escaped;
use crate::model::Production;
use crate::model::production::{Location, Output, Shot};
use crate::model::sound::{
    AmbienceLayer, EffectSource, LineDelivery, LoudnessTarget, MusicCue, MusicSource, ShotLine,
    SoundSettings, sample_at_frame,
};
use crate::report::text_format::{format_count, format_duration};
use crate::timeline::FilmPlaces;
use serde_json::{Value, json};

/// Returns the rows of the section about sound. Empty: the production is silent.
pub(super) fn sound_rows(production: &Production) -> Vec<Vec<String>> {
    let Some(sound) = &production.sound else {
        return Vec::new();
    };
    let row = |name: &str, value: String| vec![name.to_owned(), value];
    let mut rows = vec![
        row("loudness", loudness_text(&sound.loudness)),
        row("language", sound.language.clone()),
        row("lines", lines_text(production, sound)),
    ];
    rows.extend(
        sound
            .music
            .iter()
            .map(|cue| row("music", cue_text(production, cue))),
    );
    rows.extend(sound.sound_font.as_ref().map(|font| {
        let path = font.path.display().to_string();
        row("sound font", flatten_escaped(&path))
    }));
    let effects: usize = production.shots.iter().map(|shot| shot.effects.len()).sum();
    if effects > 0 {
        rows.push(row("effects", format_count(effects, "effect")));
    }
    rows
}

fn loudness_text(loudness: &LoudnessTarget) -> String {
    let name = loudness.name.as_deref().unwrap_or("a number");
    format!(
        "{} LUFS ({name}), {} dBTP at the most",
        loudness.lufs, loudness.true_peak
    )
}

/// Returns the sound of an output: its codec, and its loudness if that is its own.
pub(super) fn output_sound_text(production: &SoundSettings, output: &Output) -> String {
    let Some(sound) = &output.sound else {
        return "no sound".to_owned();
    };
    // A folder of pictures has its sound in a file beside it.
    let codec = match sound.codec.filter(|_| !output.format.codec.is_sequence()) {
        Some(codec) => codec.name(),
        None => "beside it",
    };
    let own = sound.loudness.as_ref();
    let own = own.filter(|own| own.lufs != production.loudness.lufs);
    let loudness = own.map_or_else(String::new, |own| format!(", {} LUFS", own.lufs));
    format!("{codec}{loudness}")
}

fn lines_text(production: &Production, sound: &SoundSettings) -> String {
    let lines: Vec<&ShotLine> = production
        .shots
        .iter()
        .flat_map(|shot| &shot.lines)
        .collect();
    let samples: u64 = lines.iter().map(|line| line.length).sum();
    let estimated = lines.iter().filter(|line| !line.measured).count();
    let seconds = samples as f64 / f64::from(sound.sample_rate);
    let how = match estimated {
        0 => "measured",
        all if all == lines.len() => "estimated until they are spoken",
        _ => "partly estimated",
    };
    match lines.len() {
        0 => "none".to_owned(),
        count => format!(
            "{} of {}, {how}",
            format_count(count, "line"),
            format_duration(seconds)
        ),
    }
}

fn cue_text(production: &Production, cue: &MusicCue) -> String {
    let shot = |index: usize| {
        let shot = production.shots.get(index);
        shot.map_or("", |shot| shot.name.value.as_str())
    };
    let source = match &cue.source {
        MusicSource::Composed { mood, .. } => format!("composed, {}", mood.value),
        MusicSource::File { file, .. } => file.path.display().to_string(),
    };
    let first = shot(cue.first_shot);
    let last = shot(cue.last_shot);
    let name = flatten_escaped(&cue.name.value);
    match first == last {
        true => format!("{name}: {source}, over {first}"),
        false => format!("{name}: {source}, from {first} to {last}"),
    }
}

/// Returns the lines of all shots, each with the timecode at which it begins.
pub(super) fn line_rows(production: &Production, places: &FilmPlaces) -> Vec<Vec<String>> {
    let Some(sound) = &production.sound else {
        return Vec::new();
    };
    let rate = production.render.rate;
    let mut rows = Vec::new();
    for (shot, first) in production.shots.iter().zip(&places.starts) {
        for line in &shot.lines {
            let seconds = line.start as f64 / f64::from(sound.sample_rate);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "moments of a shot are at most a day"
            )]
            let frame = first + (seconds * rate.as_f64()).floor() as usize;
            rows.push(vec![
                production.timecode(frame).to_string(),
                line.name.clone(),
                speaker_text(production, line),
                line.voice.name.clone(),
                flatten_escaped(&line.text.value),
            ]);
        }
    }
    rows
}

fn speaker_text(production: &Production, line: &ShotLine) -> String {
    let name = speaker_name(production, line);
    match line.delivery {
        LineDelivery::OnScreen => name.to_owned(),
        LineDelivery::OffScreen => format!("{name} (off screen)"),
        LineDelivery::VoiceOver => format!("{name} (voice over)"),
    }
}

/// Returns the name of the character who speaks, or as it is written if it is nobody's: a script
/// has `MARA` where the document has `mara`.
fn speaker_name<'p>(production: &'p Production, line: &'p ShotLine) -> &'p str {
    let character = line
        .character
        .and_then(|index| production.characters.get(index));
    character.map_or(&line.speaker.value, |character| &character.name.value)
}

/// Returns the sound of the production. Null: it is silent.
pub(super) fn sound_json(production: &Production) -> Value {
    let Some(sound) = &production.sound else {
        return Value::Null;
    };
    json!({
        "loudness": loudness_json(&sound.loudness),
        "language": sound.language,
        "sample_rate": sound.sample_rate,
        "ducking": to_short_json(&sound.ducking),
        "footsteps": sound.footsteps,
        "sound_font": sound.sound_font.as_ref().map(|font| &font.path),
        "music": sound.music.iter().map(|cue| cue_json(production, cue)).collect::<Vec<_>>(),
    })
}

fn loudness_json(loudness: &LoudnessTarget) -> Value {
    let LoudnessTarget {
        lufs,
        true_peak,
        name,
    } = loudness;
    json!({
        "lufs": to_short_json(lufs),
        "true_peak": to_short_json(true_peak),
        "name": name,
    })
}

fn cue_json(production: &Production, cue: &MusicCue) -> Value {
    let shot = |index: usize| production.shots.get(index).map(|shot| &shot.name.value);
    let file = cue.file();
    let mood = match &cue.source {
        MusicSource::Composed { mood, .. } => Some(&mood.value),
        MusicSource::File { .. } => None,
    };
    json!({
        "name": cue.name.value,
        "mood": mood,
        "file": file.map(|file| &file.path),
        "from": shot(cue.first_shot),
        "to": shot(cue.last_shot),
        "gain": to_short_json(&cue.gain),
    })
}

/// Returns the lines of a shot. Empty: it has none.
pub(super) fn lines_json(production: &Production, shot: &Shot) -> Vec<Value> {
    let rate = production
        .sound
        .as_ref()
        .map_or(48_000, |sound| sound.sample_rate);
    let seconds = |samples: u64| samples as f64 / f64::from(rate);
    let lines = shot.lines.iter();
    lines
        .map(|line| {
            json!({
                "name": line.name,
                "who": line.speaker.value,
                "character": line.character.map(|_| speaker_name(production, line)),
                "text": line.text.value,
                "delivery": line.delivery,
                "provider": line.voice.engine.name(),
                "voice": line.voice.name,
                "at": seconds(line.start),
                "seconds": seconds(line.length),
                "measured": line.measured,
                "hurry": to_short_json(&line.hurry),
                "excess_frames": line.excess_frames,
            })
        })
        .collect()
}

/// Returns the effects of a shot. Empty: it has none of its own.
pub(super) fn effects_json(production: &Production, shot: &Shot) -> Vec<Value> {
    let rate = production.render.rate;
    let effects = shot.effects.iter();
    effects
        .map(|effect| {
            let mut json = source_json(&effect.source);
            json["frame"] = effect.frame.into();
            // In milliseconds, since a frame has no length of its own.
            let seconds = sample_at_frame(effect.frame, rate, 1000) as f64 / 1000.0;
            json["at"] = seconds.into();
            json["gain"] = to_short_json(&effect.gain);
            json["pan"] = to_short_json(&effect.pan);
            json
        })
        .collect()
}

fn source_json(source: &EffectSource) -> Value {
    match source {
        EffectSource::Named(name) => json!({ "name": name.value, "file": null }),
        EffectSource::File(file) => json!({ "name": null, "file": file.path }),
    }
}

pub(super) fn location_sound_json(location: &Location) -> Value {
    let layer = |layer: &AmbienceLayer| {
        let mut json = source_json(&layer.source);
        json["gain"] = to_short_json(&layer.gain);
        json
    };
    let layers = location.sound.ambience.iter().map(layer);
    json!({ "ambience": layers.collect::<Vec<_>>(), "room": location.sound.room })
}

/// Returns the sound of an output. Null: it is silent.
pub(super) fn output_sound_json(output: &Output) -> Value {
    let Some(sound) = &output.sound else {
        return Value::Null;
    };
    json!({
        "codec": sound.codec,
        "bit_rate": sound.bit_rate,
        "stems": sound.stems,
        "wav": sound.wav,
        "loudness": sound.loudness.as_ref().map(loudness_json),
        "retro": sound.retro,
    })
}
