//! `production doctor`: what this machine has, what is missing, and how to get it.

use super::machine::Means;
use crate::base::Cancel;
use crate::cli::args::{Doctor, Format};
use crate::cli::exit::{CliError, MISSING};
use crate::cli::settings::Settings;
use crate::gpu::{Choice, Gpu, adapters};
use crate::media::Tools;
use crate::model::Codec;
use crate::process::{Watch, host};
use crate::producers::render::blender::Blender;
use crate::producers::render::previz;
use serde_json::json;
use std::process::ExitCode;

/// One thing looked at.
struct Check {
    name: String,
    good: bool,
    /// Whether a bare run cannot do without it.
    needed: bool,
    says: String,
}

pub(super) fn run(args: &Doctor, settings: &Settings) -> Result<ExitCode, CliError> {
    if args.for_farm {
        settings.say(&for_farm(&Means::look(args.machine.as_deref(), settings)?, settings));
        return Ok(ExitCode::SUCCESS);
    }
    let mut checks = graphics();
    checks.extend(media(settings));
    let looked = Means::look(args.machine.as_deref(), settings)?;
    checks.push(blender(&looked, settings));
    checks.extend(means(&looked));
    let healthy = checks.iter().all(|check| check.good || !check.needed);
    match args.format {
        Format::Json => {
            let all: Vec<_> = checks
                .iter()
                .map(|c| json!({ "name": c.name, "ok": c.good, "needed": c.needed, "detail": c.says }))
                .collect();
            settings.say_json(&json!({ "healthy": healthy, "checks": all }));
        }
        Format::Text => settings.say(&checks.iter().map(|check| line(check, settings)).collect::<String>()),
    }
    Ok(if healthy { ExitCode::SUCCESS } else { ExitCode::from(MISSING) })
}

/// Returns what this machine has to draw and encode with, as the profile of a farm whose machines are like it says it. What
/// cannot be found is told as a comment, where the key would be.
fn for_farm(means: &Means, settings: &Settings) -> String {
    let cancel = Cancel::default();
    let adapter = Gpu::open(&Choice::Any).map(|gpu| previz::adapter(gpu.facts())).map_err(|e| e.to_string());
    let tools = Tools::find(&settings.search_path).map_err(|error| error.to_string());
    let ffmpeg = tools.and_then(|tools| tools.version(Watch::of(&cancel)).map_err(|error| error.to_string()));
    let said = means.profile.blender.as_deref();
    let blender = Blender::find(said, &settings.search_path, Watch::of(&cancel));
    let blender = blender.map(|blender| blender.identity().trim_start_matches("Blender ").to_owned());
    let line = |(key, found): (&str, Result<String, String>)| match found {
        Ok(value) => format!("  {key}: {}\n", json!(value)),
        Err(why) => format!("  # {key}: none here ({})\n", why.replace('\n', " ")),
    };
    let lines = [("adapter", adapter), ("ffmpeg", ffmpeg), ("blender", blender)].map(line).concat();
    format!("# What {} has, for the profile of a farm whose machines are like it.\nnodes:\n{lines}", host())
}

fn line(check: &Check, settings: &Settings) -> String {
    let paint = settings.out_paint();
    let mark = match (check.good, check.needed) {
        (true, _) => paint.good("ok     "),
        (false, true) => paint.bad("missing"),
        (false, false) => paint.odd("absent "),
    };
    format!("{mark}  {:<18} {}\n", check.name, check.says)
}

/// Lists the adapters, and opens the one that a run would use.
fn graphics() -> Vec<Check> {
    let adapter = |facts: crate::gpu::AdapterFacts| Check {
        name: "adapter".into(),
        good: true,
        needed: false,
        says: facts.to_string(),
    };
    let mut checks: Vec<Check> = adapters().into_iter().map(adapter).collect();
    let (good, says) = match Gpu::open(&Choice::Any) {
        Ok(gpu) => (true, format!("previz would draw on {}", gpu.facts().name)),
        Err(error) => (false, error.to_string()),
    };
    checks.push(Check { name: "renderer".into(), good, needed: true, says });
    checks
}

/// Looks for ffmpeg, and encodes one real frame with each codec: a listed encoder need not work.
fn media(settings: &Settings) -> Vec<Check> {
    let cancel = Cancel::default();
    let tools = match Tools::find(&settings.search_path) {
        Ok(tools) => tools,
        Err(error) => {
            return vec![Check { name: "ffmpeg".into(), good: false, needed: true, says: error.to_string() }];
        }
    };
    let version = tools.version(Watch::of(&cancel)).unwrap_or_else(|error| error.to_string());
    let mut checks = vec![Check {
        name: "ffmpeg".into(),
        good: true,
        needed: true,
        says: format!("{version} at {}", tools.ffmpeg.display()),
    }];
    for codec in [Codec::H264, Codec::H265, Codec::Prores4444, Codec::Prores422] {
        let tried = tools.try_codec(codec, Watch::of(&cancel));
        let says = tried.as_ref().err().map_or_else(|| "one frame encoded".to_owned(), ToString::to_string);
        checks.push(Check {
            name: codec.id().to_owned(),
            good: tried.is_ok(),
            needed: codec == Codec::H264,
            says,
        });
    }
    checks
}

/// Looks for Blender, which only productions need that name one of its engines.
fn blender(means: &Means, settings: &Settings) -> Check {
    let cancel = Cancel::default();
    let said = means.profile.blender.as_deref();
    let found = Blender::find(said, &settings.search_path, Watch::of(&cancel));
    let told = |blender: &Blender| {
        let denoiser = if blender.denoises() { "with a denoiser" } else { "without a denoiser" };
        let engines = "cycles, eevee and workbench";
        format!("{} {denoiser} at {}: draws {engines}", blender.version(), blender.path().display())
    };
    let (good, says) =
        found.as_ref().map_or_else(|why| (false, why.clone()), |blender| (true, told(blender)));
    // One that a profile names is meant to be used.
    Check { name: "blender".into(), good, needed: said.is_some(), says }
}

/// Tells what jobs can hold here: as found out, and as the profile says.
fn means(means: &Means) -> Vec<Check> {
    let told = |name: &str, says: String| Check { name: name.into(), good: true, needed: false, says };
    let detected = means.detected;
    let cores = format!("{} cores that this process may use; `--parallel auto` fills them", detected.cores);
    let memory = match (detected.memory, detected.limited) {
        (None, _) => "unknown on this system; `memory:` in a machine profile sets a limit".to_owned(),
        (Some(free), false) => format!("{free} MB free"),
        (Some(free), true) => format!("{free} MB left by the limit of a control group"),
    };
    let profile = match &means.from {
        Some(path) => format!("{}: {}", path.display(), said(means)),
        None => "none; a run goes by what was found out".to_owned(),
    };
    vec![told("processor", cores), told("memory", memory), told("machine profile", profile)]
}

/// Returns what the profile says, in its own words.
fn said(means: &Means) -> String {
    let (profile, amount) = (&means.profile, |thousandths: u32| f64::from(thousandths) / 1000.0);
    let parallel = profile.parallel.map(|_| format!("{} jobs at a time", means.parallel(None)));
    let cores = profile.cores.map(|cores| format!("{} cores", amount(cores)));
    let memory = profile.memory.map(|memory| format!("{memory} MB of memory"));
    let gpus = profile.gpus.iter().map(|gpu| {
        let memory = gpu.memory.map(|memory| format!(" with {memory} MB")).unwrap_or_default();
        format!("{} slots on `{}`{memory}", amount(gpu.slots.unwrap_or(1000)), gpu.adapter)
    });
    let tokens =
        profile.tokens.iter().map(|(name, count)| format!("{} of the token `{name}`", amount(*count)));
    let claims = profile.claims.keys().map(|kind| format!("what {kind} holds"));
    let all: Vec<String> =
        parallel.into_iter().chain(cores).chain(memory).chain(gpus).chain(tokens).chain(claims).collect();
    if all.is_empty() { "says nothing".to_owned() } else { all.join(", ") }
}
