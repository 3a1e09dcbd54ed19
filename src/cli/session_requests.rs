//! Turns arguments into the options that a production is opened, planned and run with. Sessions
//! know no arguments, so that other callers can make the same options.

use super::args::{
    MachineArgs, ProductionArgs, RecordedRunsArgs, ReplaceArgs, RunArgs, ScopeArgs, StoreArgs, UpTo,
};
use super::cli_settings::{CliSettings, environment_variable};
use super::exit_codes::{CliError, unmatched_replace_text};
use crate::base::printable::flatten_escaped;
use crate::document::{InputLimits, VariableOverrides};
use crate::execute::JobTimeLimits;
use crate::machine::detect_resources;
use crate::model::{Phase, PlaceProblem, SilenceSource, TierSource};
use crate::plan::JobSelection;
use crate::project::{OpenedProduction, ProjectOptions, open};
use crate::resolve::{ResolveOverrides, SpeechFacts};
use crate::session::{RunOptions, SessionOptions, StoreLocation, StorePlaces};
use crate::store::{LastChoices, SpeechMemory};
use std::path::Path;

/// The most times that a production is opened again with lengths of speech: once for all lines, and
/// once for each step by which lines are spoken faster to fit their shots.
pub(super) const MAX_SPEECH_ROUNDS: usize = 8;

/// Returns the options that open the production of a command whose store is in `store`, or else in
/// its usual place.
pub(super) fn project_options<'a>(
    subject: &ProductionArgs,
    store: Option<&Path>,
    settings: &'a CliSettings,
) -> ProjectOptions<'a> {
    let setting = settings.options.find("quality");
    let overrides = ResolveOverrides {
        silence: subject.reading.no_sound.then(|| typed_silence(settings)),
        quality: subject.reading.quality.clone(),
        quality_source: setting.map_or(TierSource::Requested, |setting| {
            TierSource::Setting(setting.source.clone())
        }),
    };
    let variable_sources = VariableOverrides {
        set: subject.reading.set.clone(),
        environment: Some(environment_variable),
    };
    let values = usize::try_from(subject.reading.max_values).unwrap_or(usize::MAX);
    let limits = InputLimits::default()
        .with_file_bytes(subject.reading.max_size)
        .with_values(values);
    ProjectOptions {
        overrides,
        limits,
        search_path: &settings.session.search_path,
        variable_sources,
        // Only `run` and `validate` have `--strict`, and ask what is at the paths of
        // deliverables; they set both themselves.
        strict: false,
        // Only they start work on this machine, or say whether it can be started.
        memory: None,
        places: None,
        speech: remembered_speech(subject, store),
        cache_folder: settings.cache_folder.as_deref(),
    }
}

/// Returns who says that there is no sound.
fn typed_silence(settings: &CliSettings) -> SilenceSource {
    match settings.options.find("no-sound") {
        Some(setting) => SilenceSource::Setting(setting.source.clone()),
        None => SilenceSource::Requested,
    }
}

/// Returns the lengths of the lines that runs of the store have spoken. Empty without a store, and
/// if it cannot be read.
fn remembered_speech(subject: &ProductionArgs, store: Option<&Path>) -> SpeechFacts {
    let location = StoreLocation::find(&subject.path, store).ok();
    let memory = location.map(|location| SpeechMemory::load(&location.layout));
    SpeechFacts {
        lengths: memory.map(|memory| memory.lengths()).unwrap_or_default(),
        ..SpeechFacts::default()
    }
}

/// Returns the options that open the production of a command that looks at what was made: at the
/// tier of the last run, and without sound if it had none, unless this command line says
/// otherwise.
///
/// `run` never takes them from the last run: a film that is due must not come out as a silent draft
/// because somebody looked at one before.
pub(super) fn looking_options<'a>(
    subject: &ProductionArgs,
    store: Option<&Path>,
    settings: &'a CliSettings,
) -> ProjectOptions<'a> {
    let mut options = project_options(subject, store, settings);
    let Some(last) = last_choices(subject, store) else {
        return options;
    };
    if last.no_sound && options.overrides.silence.is_none() && !subject.reading.sound {
        options.overrides.silence = Some(SilenceSource::LastRun(last.revision.clone()));
    }
    let setting = settings.options.find("quality");
    let is_typed = options.overrides.quality.is_some() && setting.is_none();
    // Settings that always hold held for the last run too. A profile was typed for this command.
    let is_chosen = is_typed || setting.is_some_and(|setting| setting.is_profile);
    if last.is_override && !is_chosen {
        options.overrides = ResolveOverrides {
            quality: Some(last.tier),
            quality_source: TierSource::LastRun {
                revision: last.revision,
                settings_tier: options.overrides.quality,
            },
            ..options.overrides
        };
    }
    options
}

/// Returns the choices of the last run in the store. `None`: there is none, or the store
/// cannot be read, which is reported when it is opened.
pub(super) fn last_choices(subject: &ProductionArgs, store: Option<&Path>) -> Option<LastChoices> {
    let location = StoreLocation::find(&subject.path, store).ok()?;
    LastChoices::read(&location.layout)
}

/// Returns the free memory of this machine in mebibytes, if this machine as it is renders.
pub(super) fn frame_memory(renders_elsewhere: bool) -> Option<u32> {
    if renders_elsewhere {
        None
    } else {
        detect_resources(Path::new("/")).memory
    }
}

/// Returns the options of the machine, the store and the farm. `None` is this machine.
pub(super) fn session_options(machine: &MachineArgs, farm: Option<&String>) -> SessionOptions {
    SessionOptions {
        store: machine.store.folder.clone(),
        machine_profile: machine.renderer.machine.clone(),
        gpu: machine.renderer.gpu.clone(),
        parallel: machine.parallel,
        farm: farm.cloned(),
    }
}

/// Returns the options with which the runs in the store were made.
pub(super) fn recorded_runs_options(runs: &RecordedRunsArgs) -> SessionOptions {
    SessionOptions {
        store: runs.store.folder.clone(),
        machine_profile: runs.renderer.machine.clone(),
        gpu: runs.renderer.gpu.clone(),
        // What is made already does not depend on how many jobs run at a time.
        parallel: None,
        farm: runs.farm.clone(),
    }
}

/// Returns whether the options ask for the phase `validate` and nothing behind it. That phase has
/// no jobs: it is over when the production is open.
pub(super) fn ends_with_validation(scope: &ScopeArgs) -> bool {
    scope.phase == Some(Phase::Validate) || scope.up_to == Some(UpTo::Phase(Phase::Validate))
}

/// Returns the jobs that the options select, force or pin.
pub(super) fn job_selection(scope: &ScopeArgs) -> JobSelection {
    let (up_to, output) = match &scope.up_to {
        Some(UpTo::Phase(phase)) => (Some(*phase), None),
        Some(UpTo::Output(name)) => (None, Some(name.clone())),
        None => (None, None),
    };
    JobSelection {
        shots: scope.only.clone(),
        phase: scope.phase,
        up_to,
        output,
        regen: scope.regen.clone(),
        pin: scope.pin.clone(),
    }
}

pub(super) fn run_options(args: &RunArgs) -> RunOptions {
    let failures = &args.failures;
    RunOptions {
        session: session_options(&args.machine, args.farm.as_ref()),
        selection: job_selection(&args.scope),
        follow: None,
        // Without `--keep-going` the first failure is the last: nothing starts after it. With it
        // and without a number there is no limit.
        max_failures: if failures.keep_going {
            failures.max_failures
        } else {
            Some(1)
        },
        max_retries: failures.retry.retries,
        max_licence_wait: failures.licence_limit,
        limits: JobTimeLimits {
            wall: failures.time_limit,
            silence: failures.silence_limit,
            progress: failures.progress_limit,
        },
        grace_period: failures.grace,
        wait_for_store: args.store_wait.wait,
        resume: args.resume,
        detach: args.detach,
        replace: args.replace.replace.clone(),
    }
}

/// Opens a production for a command that delivers, or says whether it could: what is at the paths
/// of deliverables is checked, and each path of `--replace` must name one of them.
///
/// # Errors
/// As for `open`; also if the store cannot be read, or a path names no deliverable.
pub(super) fn open_for_delivery(
    path: &Path,
    options: &ProjectOptions<'_>,
    store: Option<&Path>,
    replace: &ReplaceArgs,
) -> Result<OpenedProduction, CliError> {
    let places = StorePlaces::new(store, &replace.replace);
    let options = ProjectOptions {
        places: Some(&places),
        ..options.clone()
    };
    let opened = open(path, &options)?;
    if let Some(error) = places.take_failure() {
        return Err(error.into());
    }
    match places.unmatched_paths().first() {
        Some(path) => Err(CliError::Usage(unmatched_replace_text(path))),
        None => Ok(opened),
    }
}

/// Opens a production for a command that shows what a run would do. Paths to which no run may
/// deliver are errors; of those whose files a run replaces only if it is allowed to, a warning says so.
///
/// # Errors
/// As for `open`; also if the store cannot be read.
pub(super) fn open_for_plan(
    path: &Path,
    options: &ProjectOptions<'_>,
    store: Option<&Path>,
    settings: &CliSettings,
) -> Result<OpenedProduction, CliError> {
    let places = StorePlaces::of_later_run(store);
    let options = ProjectOptions {
        places: Some(&places),
        ..options.clone()
    };
    let opened = open(path, &options)?;
    for (path, problem) in places.take_refusals() {
        settings.print_stderr(&refused_place_text(&path, &problem, settings));
    }
    match places.take_failure() {
        Some(error) => Err(error.into()),
        None => Ok(opened),
    }
}

/// Returns what a run will say about a path at which files of the user are.
fn refused_place_text(path: &Path, problem: &PlaceProblem, settings: &CliSettings) -> String {
    let shown = path.display().to_string().replace('\\', "/");
    let shown = flatten_escaped(&shown);
    format!(
        "{} `run` will refuse to replace what is at `{shown}`: {}; move it away, or allow it with `--replace {shown}`",
        settings.err_paint().warning("warning:"),
        flatten_escaped(&problem.to_string())
    )
}

/// Returns the location of the store that a command names.
///
/// # Errors
/// Fails when nothing is at the path of the production.
pub(super) fn store_location(store: &StoreArgs) -> Result<StoreLocation, CliError> {
    Ok(StoreLocation::find(&store.path, store.store.as_deref())?)
}
