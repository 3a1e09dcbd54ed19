//! `production doctor`: what this machine has, what is missing, and how to get it.

use crate::base::Cancel;
use crate::cli::args::{Doctor, Format};
use crate::cli::exit::{CliError, MISSING};
use crate::cli::settings::Settings;
use crate::gpu::{Choice, Gpu, adapters};
use crate::media::Tools;
use crate::model::Codec;
use crate::process::Watch;
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
    let mut checks = graphics();
    checks.extend(media(settings));
    checks.push(cores());
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

fn cores() -> Check {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Check {
        name: "processor".into(),
        good: true,
        needed: true,
        says: format!("{cores} cores; `--parallel {cores}` keeps them busy"),
    }
}
