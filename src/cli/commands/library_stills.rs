//! `production library beats --stills FOLDER`: every beat, or every archetype, as a picture of what it
//! stages. A small production with a built-in product and person is rendered for it.

use super::run::progress_display;
use crate::cli::args::ResultFormat;
use crate::cli::catalog::default_options;
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, JOB_FAILED};
use crate::cli::library_models::{PERSON_MODEL, STAND_MODEL, library_model};
use crate::cli::production_template::write_file;
use crate::cli::session_reporter::TerminalReporter;
use crate::document::beat_draft::ArchetypeDraft;
use crate::document::draft::LocationDraft;
use crate::document::yaml_edit::yaml_inline_scalar;
use crate::event::RunStatus;
use crate::library::Library;
use crate::model::Production;
use crate::model::beats::BeatInstance;
use crate::model::machine_profile::JobParallelism;
use crate::plan::JobSelection;
use crate::project::{OpenedProduction, open};
use crate::report::text_format::format_count;
use crate::session::{PlannedRun, RunEnding, RunOptions, RunOutputs, SessionOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What stills show.
const PRODUCT_MODEL: &str = "product_watch.glb";
/// The place of people, and of a beat without an archetype.
const USUAL_SET: &str = "set_loft.glb";
/// Width and height of a still.
const STILL_SIZE: &str = "640x360";
/// The output of the production that is rendered.
const STILL_OUTPUT: &str = "still";

/// What is drawn: a kind of presets, the names of some, and where.
pub(super) struct StillRequest<'a> {
    pub(super) kind: &'a str,
    /// In the order in which they are drawn.
    pub(super) names: Vec<String>,
    /// The folder whose `presets/` are used.
    pub(super) presets: &'a Path,
    /// The folder of the pictures.
    pub(super) folder: &'a Path,
    /// How the command prints.
    pub(super) format: ResultFormat,
    /// How many are drawn at a time. `None`: that of the machine.
    pub(super) parallel: Option<JobParallelism>,
}

/// The look and the places of a still.
struct StillStage {
    style: String,
    stage: LocationDraft,
    setting: LocationDraft,
}

/// Draws a still for each name, and prints their paths.
pub(super) fn draw_stills(
    request: &StillRequest<'_>,
    library: &Library,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if !matches!(request.kind, "beats" | "archetypes") {
        return Err(CliError::Usage(format!(
            "draw stills of {}: only beats and archetypes are seen as pictures",
            request.kind
        )));
    }
    if request.folder.exists() && !request.folder.is_dir() {
        let message = format!("draw into {}: it is no folder", request.folder.display());
        return Err(CliError::Usage(message));
    }
    for name in &request.names {
        let path = still_path(request.folder, name);
        if path.symlink_metadata().is_ok() {
            let message = format!("draw {}: it exists already", path.display());
            return Err(CliError::Usage(message));
        }
    }
    let made = if request.kind == "beats" {
        let stage = StillStage::usual();
        draw_beats(request, &stage, &request.names, &request.names, settings)?
    } else {
        draw_archetypes(request, library, settings)?
    };
    let Some(made) = made else {
        return Ok(ExitCode::from(JOB_FAILED));
    };
    let lines = made.iter().map(|path| format!("{}\n", path.display()));
    settings.print_stdout(&lines.collect::<String>());
    let (count, folder) = (format_count(made.len(), "still"), request.folder.display());
    settings.print_notice(&format!("{count} drawn into {folder}"));
    Ok(ExitCode::SUCCESS)
}

/// Draws the beat before the last of each archetype, in its look and its places. `None`: a run failed, which was
/// printed.
fn draw_archetypes(
    request: &StillRequest<'_>,
    library: &Library,
    settings: &CliSettings,
) -> Result<Option<Vec<PathBuf>>, CliError> {
    let mut made = Vec::new();
    for name in &request.names {
        let Some(archetype) = library.archetypes.get(name) else {
            continue;
        };
        // Nearly all begin and end alike. What is before the end is what they are about.
        let mut sequence = archetype.suggested_beat_sequence.iter().flatten().rev();
        let closing = sequence.next();
        let Some(beat) = sequence.next().or(closing).map(|beat| beat.value.clone()) else {
            return Err(CliError::Usage(format!("draw `{name}`: it has no beats")));
        };
        let stage = StillStage::of_archetype(archetype);
        let names = std::slice::from_ref(name);
        match draw_beats(request, &stage, &[beat], names, settings)? {
            Some(paths) => made.extend(paths),
            None => return Ok(None),
        }
    }
    Ok(Some(made))
}

/// Draws the longest shot of each beat, and copies the pictures to files of these names.
fn draw_beats(
    request: &StillRequest<'_>,
    stage: &StillStage,
    beats: &[String],
    names: &[String],
    settings: &CliSettings,
) -> Result<Option<Vec<PathBuf>>, CliError> {
    let io = |source| CliError::io_error(format!("draw into {}", request.folder.display()), source);
    // A production of its own: the stills must not depend on the one of the current folder.
    let place = tempfile::tempdir().map_err(io)?;
    write_models(place.path(), stage).map_err(io)?;
    copy_presets(request.presets, place.path()).map_err(io)?;
    let document = place.path().join("production.yaml");
    let write =
        |shots: &[String]| write_file(&document, still_document(stage, beats, shots).as_bytes());
    // Opened once without a choice, because only then are the names of the shots known.
    write(&[]).map_err(io)?;
    let shots: Vec<String> = {
        let opened = open_stills(place.path(), settings)?;
        let production = opened.checked.as_deref();
        let found = production.map(|production| {
            let beats = production.beats.iter();
            beats.map(|beat| key_shot(production, beat)).collect()
        });
        found.unwrap_or_default()
    };
    write(&shots).map_err(io)?;
    let opened = open_stills(place.path(), settings)?;
    let Some(stills) = run_to_end(&opened, request, settings)? else {
        return Ok(None);
    };
    std::fs::create_dir_all(request.folder).map_err(io)?;
    let mut made = Vec::new();
    for (shot, name) in shots.iter().zip(names) {
        let to = still_path(request.folder, name);
        let from = stills.join(format!("{shot}.jpg"));
        copy_new_file(&from, &to).map_err(io)?;
        made.push(to);
    }
    Ok(Some(made))
}

/// Copies to a path at which there is nothing. What someone put there meanwhile stays.
fn copy_new_file(from: &Path, to: &Path) -> std::io::Result<()> {
    let bytes = std::fs::read(from)?;
    std::fs::File::create_new(to)?.write_all(&bytes)
}

/// Opens the production of stills.
///
/// # Errors
/// Fails if it has errors: a preset of the user's is one that cannot be staged.
fn open_stills(folder: &Path, settings: &CliSettings) -> Result<OpenedProduction, CliError> {
    let opened = open(folder, &default_options(settings))?;
    if opened.checked.is_some() {
        return Ok(opened);
    }
    let found = opened.diagnostics.as_slice().iter();
    let mut errors = found.filter(|found| found.severity == crate::base::Severity::Error);
    let first = errors.next().map_or("", |found| found.message.as_str());
    Err(CliError::Usage(format!(
        "draw the stills: they cannot be staged: {first}"
    )))
}

/// Renders the frames that the stills show, and no others. Returns the folder with the stills. `None`: a
/// job failed, which is printed.
fn run_to_end(
    opened: &OpenedProduction,
    request: &StillRequest<'_>,
    settings: &CliSettings,
) -> Result<Option<PathBuf>, CliError> {
    let reporter = TerminalReporter::new(settings);
    let options = RunOptions {
        session: SessionOptions {
            parallel: request.parallel,
            ..SessionOptions::default()
        },
        // As a storyboard: a run of everything would render and check every shot of every beat.
        selection: JobSelection {
            output: Some(STILL_OUTPUT.to_owned()),
            ..JobSelection::default()
        },
        ..RunOptions::default()
    };
    let planned = PlannedRun::plan(opened, &options, reporter.context())?;
    let outputs = RunOutputs {
        display: progress_display(request.format, settings),
        progress: Box::new(std::io::stderr()),
        events: None,
    };
    let RunEnding::Ended { status, summary } = planned.run_to_end(outputs)? else {
        return Ok(None);
    };
    for error in &summary.facts.errors {
        settings.print_stderr(&format!("{error:?}"));
    }
    Ok(summary.stills.filter(|_| status == RunStatus::Succeeded))
}

/// Returns the name of the longest shot of a beat, the last of equals: it stands for the beat.
fn key_shot(production: &Production, beat: &BeatInstance) -> String {
    let shots = production.shots.iter();
    let own = shots.filter(|shot| beat.shots.contains(&shot.name.value));
    let longest = own.max_by_key(|shot| shot.frames.len());
    longest.map_or_else(String::new, |shot| shot.name.value.clone())
}

fn still_path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.jpg"))
}

impl StillStage {
    fn usual() -> Self {
        Self {
            style: "product_clean".to_owned(),
            stage: LocationDraft::default(),
            setting: LocationDraft::default(),
        }
    }

    fn of_archetype(archetype: &ArchetypeDraft) -> Self {
        let usual = Self::usual();
        let style = archetype.style.as_ref().map(|style| style.value.clone());
        Self {
            style: style.unwrap_or(usual.style),
            stage: archetype.stage.clone().unwrap_or_default(),
            setting: archetype.setting.clone().unwrap_or_default(),
        }
    }

    /// Returns the set of the place where people are seen.
    fn setting_set(&self) -> &str {
        let set = self.setting.set.as_ref();
        set.map_or(USUAL_SET, |set| set.value.as_str())
    }
}

/// Writes the models that stills show.
fn write_models(folder: &Path, stage: &StillStage) -> std::io::Result<()> {
    let sets = [
        stage.stage.set.as_ref().map(|set| set.value.as_str()),
        Some(stage.setting_set()),
    ];
    let models = [PRODUCT_MODEL, PERSON_MODEL, STAND_MODEL];
    for name in models.into_iter().chain(sets.into_iter().flatten()) {
        if let Some(model) = library_model(name) {
            write_file(&folder.join("models").join(name), model)?;
        }
    }
    Ok(())
}

/// Copies the files of presets of a folder.
fn copy_presets(from: &Path, to: &Path) -> std::io::Result<()> {
    let Ok(entries) = std::fs::read_dir(from.join("presets")) else {
        return Ok(());
    };
    for entry in entries {
        let entry = entry?;
        // Links and folders of somebody's presets are not followed.
        if entry.file_type()?.is_file() {
            let copy = to.join("presets").join(entry.file_name());
            write_file(&copy, &std::fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

fn location_lines(name: &str, location: &LocationDraft, usual: &str, set: Option<&str>) -> String {
    let preset = location.preset.as_ref();
    let preset = preset.map_or(usual, |preset| preset.value.as_str());
    let set = set.filter(|set| library_model(set).is_some());
    let set = set.map_or_else(String::new, |set| {
        format!(", set: {}", yaml_inline_scalar(&format!("models/{set}")))
    });
    format!(
        "    - {{name: {name}, preset: {}{set}}}\n",
        yaml_inline_scalar(preset)
    )
}

/// Returns the document of a production of these beats, with a still of each of these shots.
fn still_document(stage: &StillStage, beats: &[String], shots: &[String]) -> String {
    let list = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| yaml_inline_scalar(name)).collect();
        names.join(", ")
    };
    let stage_set = stage.stage.set.as_ref().map(|set| set.value.as_str());
    let chosen = if shots.is_empty() {
        String::new()
    } else {
        format!(", shots: [{}]", list(shots))
    };
    format!(
        "production:\n  title: Stills\n  style: {}\n  render_settings: {{frame_rate: 24, quality_tier: preview, resolution: {STILL_SIZE}}}\n  \
         sound: off\n  characters:\n    - {{name: person, model: models/{PERSON_MODEL}}}\n  props:\n    \
         - {{name: product, model: models/{PRODUCT_MODEL}}}\n    - {{name: plinth, model: models/{STAND_MODEL}}}\n  \
         locations:\n{}{}  ad:\n    product: product\n    product_name: Product\n    brand_name: Brand\n    \
         product_mark: [0, 0.95, 0]\n    stand: plinth\n    person: person\n    key_message: What it says.\n    \
         call_to_action: What to do\n  beats: [{}]\n  outputs:\n    - {{name: {STILL_OUTPUT}, codec: poster, \
         resolution: {STILL_SIZE}, path: \"stills/${{shot}}.jpg\"{chosen}}}\n",
        yaml_inline_scalar(&stage.style),
        location_lines("stage", &stage.stage, "product_stage", stage_set),
        location_lines(
            "setting",
            &stage.setting,
            "modern_loft",
            Some(stage.setting_set())
        ),
        list(beats),
    )
}
