//! `production info`: what a production contains and what it will deliver.

use super::{options, resolved, validate};
use crate::cli::args::{Format, Info};
use crate::cli::exit::{CliError, INVALID};
use crate::cli::settings::Settings;
use crate::model::Production;
use crate::model::production::{Output, Shot};
use crate::project::open;
use crate::report::figures::{span, timecode};
use serde_json::{Value, json};
use std::fmt::Write;
use std::process::ExitCode;

pub(super) fn run(args: &Info, settings: &Settings) -> Result<ExitCode, CliError> {
    if args.resolved {
        return resolved::run(args, settings);
    }
    let opened = open(&args.subject.path, &options(&args.subject, settings))?;
    if opened.checked.is_none() {
        validate::show(&opened, settings);
        return Ok(ExitCode::from(INVALID));
    }
    if let Some(checked) = &opened.checked {
        match args.format {
            Format::Json => settings.say(&serde_json::to_string_pretty(&facts(checked)).unwrap_or_default()),
            Format::Text => settings.say(&text(checked)),
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn frames(production: &Production) -> usize {
    production.shots.iter().map(|shot| shot.frames.len()).sum()
}

fn facts(production: &Production) -> Value {
    let rate = production.render.rate;
    let shot = |shot: &Shot| {
        json!({
            "name": shot.name.value,
            "scene": shot.scene.value,
            "template": shot.template.as_ref().map(|name| &name.value),
            "automatic": shot.automatic,
            "location": shot.location.as_ref().map(|place| &place.name.value),
            "cast": shot.cast.iter().map(|role| &role.character.name.value).collect::<Vec<_>>(),
            "frames": shot.frames.to_string(),
            "count": shot.frames.len(),
        })
    };
    let output = |output: &Output| {
        json!({
            "name": output.name.value,
            "path": output.path.value,
            "codec": output.format.codec,
            "width": output.format.size.width,
            "height": output.format.size.height,
            "fps": output.format.rate.as_f64(),
            "frames": output.format.rate.resampled(frames(production), rate),
        })
    };
    json!({
        "title": production.meta.shown_title(),
        "version": production.meta.version,
        "author": production.meta.author,
        "description": production.meta.description,
        "style": production.style,
        "frame_rate": rate.as_f64(),
        "frames": frames(production),
        "seconds": rate.seconds(frames(production)),
        "render": { "engine": production.render.engine.value, "tier": production.render.tier, "width": production.render.size.width, "height": production.render.size.height, "samples": production.render.samples },
        "characters": production.characters.iter().map(|c| &c.name.value).collect::<Vec<_>>(),
        "locations": production.locations.iter().map(|l| &l.name.value).collect::<Vec<_>>(),
        "scenes": production.scenes.iter().map(|s| json!({ "number": s.number, "heading": s.heading.value })).collect::<Vec<_>>(),
        "shots": production.shots.iter().map(shot).collect::<Vec<_>>(),
        "outputs": production.outputs.iter().map(output).collect::<Vec<_>>(),
    })
}

fn text(production: &Production) -> String {
    let (rate, render) = (production.render.rate, &production.render);
    let mut text = format!("{}\n", production.meta.shown_title());
    if !production.meta.description.is_empty() {
        let _ = writeln!(text, "{}", production.meta.description);
    }
    let length = span(rate.seconds(frames(production)));
    let _ = writeln!(
        text,
        "\n{} shots, {} frames at {rate} a second, {length}",
        production.shots.len(),
        frames(production)
    );
    let _ = writeln!(
        text,
        "rendered by {} at {} with {} samples (tier {}), style {}\n",
        render.engine.value, render.size, render.samples, render.tier, production.style
    );
    let mut before = 0;
    let mut scene = None;
    for shot in &production.shots {
        if scene != Some(shot.scene.value) {
            scene = Some(shot.scene.value);
            let heading = production.scenes.iter().find(|known| known.number == shot.scene.value);
            let _ = writeln!(
                text,
                "scene {}  {}",
                shot.scene.value,
                heading.map_or("", |scene| scene.heading.value.as_str())
            );
        }
        let _ = writeln!(text, "  {}  {}", timecode(before, rate), line(shot));
        before += shot.frames.len();
    }
    text.push_str("\ndelivers\n");
    for output in &production.outputs {
        let format = &output.format;
        let count = format.rate.resampled(frames(production), rate);
        let _ = writeln!(
            text,
            "  {:<18} {} {} at {} a second, {count} frames -> {}",
            output.name.value,
            format.codec.id(),
            format.size,
            format.rate,
            output.path.value.display()
        );
    }
    text
}

fn line(shot: &Shot) -> String {
    let cast: Vec<&str> = shot.cast.iter().map(|role| role.character.name.value.as_str()).collect();
    let place = shot.location.as_ref().map_or("", |place| place.name.value.as_str());
    let template = shot.template.as_ref().map_or("-", |name| name.value.as_str());
    let automatic = if shot.automatic { "  (from the script)" } else { "" };
    format!(
        "{:<16} {:<18} {:>4} frames  {:.0} mm  {} {}{automatic}",
        shot.name.value,
        template,
        shot.frames.len(),
        shot.camera.lens_mm,
        place,
        cast.join(", ")
    )
}
