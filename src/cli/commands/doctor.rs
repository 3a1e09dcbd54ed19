//! `production doctor`: what this machine has, what is missing, and how to get it.

use super::library;
use super::machine::Means;
use crate::base::{CancelToken, Diagnostics};
use crate::cli::args::{Doctor, Format};
use crate::cli::exit::{CliError, MISSING};
use crate::cli::settings::Settings;
use crate::gpu::{AdapterChoice, GpuDevice, list_adapters};
use crate::media::FfmpegTools;
use crate::model::{Codec, Provider};
use crate::process::{CallOptions, host_name};
use crate::producers::render::blender::BlenderProgram;
use crate::producers::render::command::ProviderProgram;
use crate::producers::render::previz;
use crate::resolve::resolve_providers;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
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
        settings.say(&for_farm(args, settings)?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut checks = graphics();
    checks.extend(media(settings));
    let looked = Means::look(args.machine.as_deref(), settings)?;
    checks.push(blender(&looked, settings));
    checks.extend(commands(&args.folder, settings)?);
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
        Format::Text => settings.say(
            &checks
                .iter()
                .map(|check| line(check, settings))
                .collect::<String>(),
        ),
    }
    Ok(if healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(MISSING)
    })
}

/// Returns what this machine has to draw and encode with, as the profile of a farm whose machines are like it says it. What
/// cannot be found is told as a comment, where the key would be.
fn for_farm(args: &Doctor, settings: &Settings) -> Result<String, CliError> {
    let (means, cancel) = (
        Means::look(args.machine.as_deref(), settings)?,
        CancelToken::default(),
    );
    let adapter = GpuDevice::open(&AdapterChoice::Any)
        .map(|gpu| previz::describe_adapter(gpu.adapter_facts()))
        .map_err(|e| e.to_string());
    let tools =
        FfmpegTools::find_programs(&settings.search_path).map_err(|error| error.to_string());
    let ffmpeg = tools.and_then(|tools| {
        tools
            .version(CallOptions::new(&cancel))
            .map_err(|error| error.to_string())
    });
    let said = means.profile.blender.as_deref();
    let blender = BlenderProgram::find(said, &settings.search_path, CallOptions::new(&cancel));
    let device = blender.as_ref().ok().and_then(|blender| {
        blender
            .select_cycles_device(means.profile.cycles_device)
            .ok()?
            .map(str::to_owned)
    });
    let build = blender.map(|blender| blender.identity().trim_start_matches("Blender ").to_owned());
    let line = |(key, found): (&str, Result<String, String>)| match found {
        Ok(value) => format!("  {key}: {}\n", json!(value)),
        Err(why) => format!("  # {key}: none here ({})\n", why.replace('\n', " ")),
    };
    let found = [("adapter", adapter), ("ffmpeg", ffmpeg), ("blender", build)];
    let mut lines: String = found.into_iter().map(line).collect();
    lines.extend(device.map(|kind| line(("cycles_device", Ok(kind)))));
    let programs = programs(&args.folder, settings, &cancel);
    if !programs.is_empty() {
        lines += &format!("  programs: {}\n", json!(programs));
    }
    Ok(format!(
        "# What {} has, for the profile of a farm whose machines are like it.\nnodes:\n{lines}",
        host_name()
    ))
}

/// Returns the version of every renderer that is a command and is here.
fn programs(folder: &Path, settings: &Settings, cancel: &CancelToken) -> BTreeMap<String, String> {
    let shelves = library::read(folder);
    let all = resolve_providers(&shelves.library, &mut Diagnostics::default());
    let (search, environment) = (&settings.search_path, &settings.environment);
    let found = all.into_iter().filter_map(|(name, provider)| {
        let program = ProviderProgram::find(
            provider.as_ref()?,
            search,
            environment,
            CallOptions::new(cancel),
        )
        .ok()?;
        Some((name, program.version().to_owned()))
    });
    found.collect()
}

fn line(check: &Check, settings: &Settings) -> String {
    let paint = settings.out_paint();
    let mark = match (check.good, check.needed) {
        (true, _) => paint.success("ok     "),
        (false, true) => paint.failure("missing"),
        (false, false) => paint.warning("absent "),
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
    let mut checks: Vec<Check> = list_adapters().into_iter().map(adapter).collect();
    let (good, says) = match GpuDevice::open(&AdapterChoice::Any) {
        Ok(gpu) => (
            true,
            format!("previz would draw on {}", gpu.adapter_facts().name),
        ),
        Err(error) => (false, error.to_string()),
    };
    checks.push(Check {
        name: "renderer".into(),
        good,
        needed: true,
        says,
    });
    checks
}

/// Looks for ffmpeg, and encodes one real frame with each codec: a listed encoder need not work.
fn media(settings: &Settings) -> Vec<Check> {
    let cancel = CancelToken::default();
    let tools = match FfmpegTools::find_programs(&settings.search_path) {
        Ok(tools) => tools,
        Err(error) => {
            return vec![Check {
                name: "ffmpeg".into(),
                good: false,
                needed: true,
                says: error.to_string(),
            }];
        }
    };
    let version = tools
        .version(CallOptions::new(&cancel))
        .unwrap_or_else(|error| error.to_string());
    let mut checks = vec![Check {
        name: "ffmpeg".into(),
        good: true,
        needed: true,
        says: format!("{version} at {}", tools.ffmpeg.display()),
    }];
    for codec in [
        Codec::H264,
        Codec::H265,
        Codec::Prores4444,
        Codec::Prores422,
    ] {
        let tried = tools.try_codec(codec, CallOptions::new(&cancel));
        let says = tried
            .as_ref()
            .err()
            .map_or_else(|| "one frame encoded".to_owned(), ToString::to_string);
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
    let cancel = CancelToken::default();
    let said = means.profile.blender.as_deref();
    let found = BlenderProgram::find(said, &settings.search_path, CallOptions::new(&cancel));
    let told = |blender: &BlenderProgram| {
        let denoiser = if blender.has_denoiser() {
            "with a denoiser"
        } else {
            "without a denoiser"
        };
        let devices = blender.describe_devices();
        let devices = if devices.is_empty() {
            "the processor".to_owned()
        } else {
            devices
        };
        let (version, path) = (blender.version(), blender.path().display());
        format!("{version} {denoiser} at {path}: draws cycles on {devices}, eevee and workbench")
    };
    let (good, says) = found
        .as_ref()
        .map_or_else(|why| (false, why.clone()), |blender| (true, told(blender)));
    // One that a profile names is meant to be used.
    Check {
        name: "blender".into(),
        good,
        needed: said.is_some(),
        says,
    }
}

/// Looks for every renderer that is a command; only productions need one that name it. The built-in ones that are not there
/// are told together: few machines have many of them.
fn commands(folder: &Path, settings: &Settings) -> Result<Vec<Check>, CliError> {
    let (shelves, cancel) = (library::read(folder), CancelToken::default());
    let (_, cards) = library::kind(&shelves.library, "providers")?;
    let is_built_in = |name: &str| {
        cards
            .iter()
            .any(|card| card.built_in && card.name.value == name)
    };
    let (mut checks, mut absent) = (Vec::new(), Vec::new());
    for (name, provider) in resolve_providers(&shelves.library, &mut Diagnostics::default()) {
        let check = command(name, provider.as_ref(), settings, &cancel);
        if check.good || !is_built_in(&check.name) {
            checks.push(check);
        } else {
            absent.push(check.name);
        }
    }
    if !absent.is_empty() {
        let says = format!("not installed: {}", absent.join(", "));
        checks.push(Check {
            name: "more renderers".into(),
            good: false,
            needed: false,
            says,
        });
    }
    Ok(checks)
}

fn command(
    name: String,
    provider: Option<&Provider>,
    settings: &Settings,
    cancel: &CancelToken,
) -> Check {
    let (search, environment) = (&settings.search_path, &settings.environment);
    let find =
        |provider| ProviderProgram::find(provider, search, environment, CallOptions::new(cancel));
    let (good, says) = match provider.map(find) {
        Some(Ok(program)) => (
            true,
            format!("{} at {}", program.version(), program.path().display()),
        ),
        Some(Err(why)) => (false, why),
        None => (
            false,
            "its preset has mistakes; a production that names it shows them".to_owned(),
        ),
    };
    Check {
        name,
        good,
        needed: false,
        says,
    }
}

/// Tells what jobs can hold here: as found out, and as the profile says.
fn means(means: &Means) -> Vec<Check> {
    let told = |name: &str, says: String| Check {
        name: name.into(),
        good: true,
        needed: false,
        says,
    };
    let detected = means.detected;
    let cores = format!(
        "{} cores that this process may use; `--parallel auto` fills them",
        detected.cores
    );
    let memory = match (detected.memory, detected.limited) {
        (None, _) => {
            "unknown on this system; `memory:` in a machine profile sets a limit".to_owned()
        }
        (Some(free), false) => format!("{free} MB free"),
        (Some(free), true) => format!("{free} MB left by the limit of a control group"),
    };
    let profile = match &means.from {
        Some(path) => format!("{}: {}", path.display(), said(means)),
        None => "none; a run goes by what was found out".to_owned(),
    };
    vec![
        told("processor", cores),
        told("memory", memory),
        told("machine profile", profile),
    ]
}

/// Returns what the profile says, in its own words.
fn said(means: &Means) -> String {
    let (profile, amount) = (&means.profile, |thousandths: u32| {
        f64::from(thousandths) / 1000.0
    });
    let parallel = profile
        .parallel
        .map(|_| format!("{} jobs at a time", means.parallel(None)));
    let cores = profile
        .cores
        .map(|cores| format!("{} cores", amount(cores)));
    let memory = profile
        .memory
        .map(|memory| format!("{memory} MB of memory"));
    let gpus = profile.gpus.iter().map(|gpu| {
        let memory = gpu
            .memory
            .map(|memory| format!(" with {memory} MB"))
            .unwrap_or_default();
        format!(
            "{} slots on `{}`{memory}",
            amount(gpu.slots.unwrap_or(1000)),
            gpu.adapter
        )
    });
    let tokens = profile
        .tokens
        .iter()
        .map(|(name, count)| format!("{} of the token `{name}`", amount(*count)));
    let claims = profile
        .claims
        .keys()
        .map(|kind| format!("what {kind} holds"));
    let all: Vec<String> = parallel
        .into_iter()
        .chain(cores)
        .chain(memory)
        .chain(gpus)
        .chain(tokens)
        .chain(claims)
        .collect();
    if all.is_empty() {
        "says nothing".to_owned()
    } else {
        all.join(", ")
    }
}
