//! `production run`: opens, validates, plans and executes a production, and prints how it ended.

use super::plan::{PlanDisplay, show_plan};
use super::validate;
use crate::base::{CancelToken, Diagnostics};
use crate::cli::args::{ResultFormat, RunArgs};
use crate::cli::cli_settings::{CliSettings, OutputLevel};
use crate::cli::exit_codes::{CliError, INTERRUPTED, INVALID_INPUT, JOB_FAILED};
use crate::cli::output_file::{OutputFileKind, check_output_file};
use crate::cli::session_reporter::TerminalReporter;
use crate::cli::session_requests::{
    MAX_SPEECH_ROUNDS, ends_with_validation, frame_memory, job_selection, last_choices,
    open_for_delivery, project_options, run_options, session_options,
};
use crate::event::RunStatus;
use crate::model::{SilenceSource, TierSource};
use crate::plan::JobSelection;
use crate::project::{OpenedProduction, ProjectOptions};
use crate::report::summary::{RunSummaryOptions, run_summary_lines, run_summary_text};
use crate::report::{ProgressDisplay, RunMessage, SilenceFacts, TierFacts};
use crate::resolve::ResolveOverrides;
use crate::session::{
    FollowedPlan, PlanOptions, PlannedRun, RunEnding, RunOptions, RunOutputs, RunSummary,
    SessionError, StoreLocation, run_broken_hooks,
};
use crate::store::{LastChoices, StoreError};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

pub(super) fn run_production(args: &RunArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    let mut reach = RunReach::default();
    let ended = run_stages(args, &mut reach, settings);
    run_failure_hooks(args, &reach, &ended, settings);
    ended
}

fn run_stages(
    args: &RunArgs,
    reach: &mut RunReach,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    // Refused before anything is read. Two kinds of JSON in one stream cannot be separated, and
    // clap knows conflicts of options but not of their values.
    if args.output.format == ResultFormat::Json && takes_standard_output(args) {
        let message = "write both events and the result to standard output; give `--events` a file";
        return Err(CliError::Usage(message.to_owned()));
    }
    let is_look = args.validate_only || args.dry_run || ends_with_validation(&args.scope);
    reach.is_wanted = !is_look;
    let store = args.machine.store.folder.as_deref();
    let mut project = ProjectOptions {
        strict: args.strict,
        // A farm, or the machine of a profile, has memory that is not known here.
        memory: frame_memory(args.farm.is_some() || args.machine.renderer.machine.is_some()),
        ..project_options(&args.subject, store, settings)
    };
    let follow = read_followed_plan(args, &mut project, settings)?;
    let opened = open_for_delivery(&args.subject.path, &project, store, &args.replace)?;
    if args.validate_only || ends_with_validation(&args.scope) || opened.checked.is_none() {
        return Ok(report_findings_only(args, &opened, settings));
    }
    // Findings about lines that are not measured yet would be guesses, and be shown twice.
    let shown = (args.dry_run || validate::estimated_lines(&opened) == 0).then(|| {
        validate::show_findings(&opened, args.output.format, settings);
        opened.diagnostics.clone()
    });
    let last = last_choices(&args.subject, store);
    print_tier(args, &opened, last.as_ref(), settings);
    print_silence(args, &opened, last.as_ref(), settings);
    if args.dry_run {
        validate::note_estimated_speech(&opened, settings);
        return show_dry_run(args, &opened, follow.as_ref(), settings);
    }
    let options = RunOptions {
        selection: followed_selection(args, follow.as_ref()),
        follow,
        ..run_options(args)
    };
    let reporter = TerminalReporter::new(settings).with_allowed(args.consent.yes);
    let run = MeasuredRun {
        args,
        options: &options,
        project,
        reporter: &reporter,
    };
    run.execute(opened, shown, reach)
}

/// A run that is planned again until the lengths of all its lines are measured.
struct MeasuredRun<'a> {
    args: &'a RunArgs,
    options: &'a RunOptions,
    project: ProjectOptions<'a>,
    reporter: &'a TerminalReporter<'a>,
}

impl MeasuredRun<'_> {
    /// Plans and executes the run. `shown` are the findings that were printed already.
    fn execute(
        mut self,
        mut opened: OpenedProduction,
        shown: Option<Diagnostics>,
        reach: &mut RunReach,
    ) -> Result<ExitCode, CliError> {
        let format = self.args.output.format;
        let settings = self.reporter.settings();
        let mut rounds = 0;
        loop {
            let planned = PlannedRun::plan(&opened, self.options, self.reporter.context())?;
            let measured = if rounds < MAX_SPEECH_ROUNDS {
                planned.measure_speech()?
            } else {
                None
            };
            let Some(lengths) = measured else {
                if shown.as_ref() != Some(&opened.diagnostics) {
                    validate::show_findings(&opened, format, settings);
                }
                return self.execute_or_remake(planned, &opened, reach);
            };
            // The lock of the store is released here, and taken again for the next plan.
            drop(planned);
            self.project.speech.lengths = lengths;
            let Self { args, project, .. } = &self;
            let store = args.machine.store.folder.as_deref();
            opened = open_for_delivery(&args.subject.path, project, store, &args.replace)?;
            if opened.checked.is_none() {
                return Ok(report_findings_only(args, &opened, settings));
            }
            rounds += 1;
        }
    }

    /// Executes a planned run. If a file of the store is found damaged at the end, plans and
    /// executes it once more.
    fn execute_or_remake(
        &self,
        planned: PlannedRun<'_>,
        opened: &OpenedProduction,
        reach: &mut RunReach,
    ) -> Result<ExitCode, CliError> {
        let Self { args, .. } = self;
        let settings = self.reporter.settings();
        match execute_run(args, planned, reach, settings) {
            Err(CliError::Session(SessionError::Store(StoreError::MissingBlob { file })))
                if args.farm.is_none() =>
            {
                // What is damaged was removed, so it is made now, and the user need not know of
                // blobs. Once, because a disk that damages everything it is given would be filled
                // for ever.
                settings.print_stderr(&format!(
                    "the copy of `{file}` in the store is gone or was damaged; making it again"
                ));
                // The plan counted the file as made, so what is made again is not in it.
                let options = RunOptions {
                    follow: None,
                    ..self.options.clone()
                };
                let planned = PlannedRun::plan(opened, &options, self.reporter.context())?;
                execute_run(args, planned, reach, settings)
            }
            ended => ended,
        }
    }
}

/// Says which tier the run makes and why, unless nobody could think of another one: the document
/// decides, as it did for the last run.
fn print_tier(
    args: &RunArgs,
    opened: &OpenedProduction,
    last: Option<&LastChoices>,
    settings: &CliSettings,
) {
    let Some(checked) = &opened.checked else {
        return;
    };
    let render = &checked.render;
    // A user who follows a plan has chosen its tier.
    let other = last.filter(|last| last.tier != render.tier && args.plan.is_none());
    let other = other.map(|last| {
        let LastChoices { tier, revision, .. } = last;
        let mut options = vec!["--quality", tier];
        options.extend(args.dry_run.then_some("--dry-run"));
        let command = settings.typed.suggest("run", &options);
        format!("the last run ({revision}) made {tier}: `{command}`")
    });
    let line = TierFacts::from_render(render, &opened.sources).line();
    match other {
        // The plan of a dry run begins with the line.
        Some(other) if args.dry_run => settings.print_notice(&other),
        Some(other) => settings.print_notice(&format!("{line}; {other}")),
        None if args.dry_run || !render.tier_source.is_override() => {}
        None => settings.print_notice(&line),
    }
}

/// Says that a run leaves sound out, or that the last one did and this one does not.
fn print_silence(
    args: &RunArgs,
    opened: &OpenedProduction,
    last: Option<&LastChoices>,
    settings: &CliSettings,
) {
    let Some(checked) = &opened.checked else {
        return;
    };
    match SilenceFacts::from_production(checked) {
        // The plan of a dry run has the line.
        Some(facts) if !args.dry_run => settings.print_notice(&facts.line()),
        Some(_) => {}
        // A user who follows a plan has chosen it.
        None if args.plan.is_some() || checked.sound.is_none() => {}
        None => {
            let Some(last) = last.filter(|last| last.no_sound) else {
                return;
            };
            let mut options = vec!["--no-sound"];
            options.extend(args.dry_run.then_some("--dry-run"));
            let command = settings.typed.suggest("run", &options);
            settings.print_notice(&format!(
                "with sound; the last run ({}) left it out: `{command}`",
                last.revision
            ));
        }
    }
}

/// Reads the plan of `--plan`, and makes `options` open the production as it was planned.
fn read_followed_plan(
    args: &RunArgs,
    options: &mut ProjectOptions<'_>,
    settings: &CliSettings,
) -> Result<Option<FollowedPlan>, CliError> {
    let Some(path) = &args.plan else {
        return Ok(None);
    };
    let plan = FollowedPlan::read(path).map_err(|source| SessionError::PlanNotFollowed {
        path: path.clone(),
        source,
    })?;
    let typed = args.subject.reading.quality.as_deref();
    let typed = typed.filter(|_| settings.options.find("quality").is_none());
    if let Some(typed) = typed.filter(|typed| *typed != plan.tier()) {
        return Err(CliError::Usage(format!(
            "follow the plan {} at the tier {typed}: it is of the tier {}; leave out `--quality`, \
             or make a plan with it",
            path.display(),
            plan.tier()
        )));
    }
    if plan.has_no_sound() && args.subject.reading.sound {
        return Err(CliError::Usage(format!(
            "follow the plan {} with `--sound`: it leaves sound out; leave out `--sound`, or make \
             a plan with it",
            path.display()
        )));
    }
    // Settings and options may have changed since the plan was made; the plan may not.
    options.overrides = ResolveOverrides {
        silence: if plan.has_no_sound() {
            Some(SilenceSource::Plan(path.clone()))
        } else {
            options.overrides.silence.take()
        },
        quality: plan.is_tier_override().then(|| plan.tier().to_owned()),
        quality_source: TierSource::Plan(path.clone()),
    };
    Ok(Some(plan))
}

/// Returns the selected jobs: those of the plan that the run follows, or of the options.
fn followed_selection(args: &RunArgs, follow: Option<&FollowedPlan>) -> JobSelection {
    follow.map_or_else(|| job_selection(&args.scope), FollowedPlan::selection)
}

fn show_dry_run(
    args: &RunArgs,
    opened: &OpenedProduction,
    follow: Option<&FollowedPlan>,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let options = PlanOptions {
        // `--farm` conflicts with `--dry-run`; `plan --farm` is the dry run of a farm.
        session: session_options(&args.machine, None),
        selection: followed_selection(args, follow),
        follow: follow.cloned(),
        show_submissions: false,
    };
    let display = PlanDisplay {
        format: args.output.format,
        all_jobs: settings.is_verbose(),
        save: false,
        out: args.out.as_deref(),
    };
    let reporter = TerminalReporter::new(settings);
    show_plan(opened, &options, display, &reporter, settings)
}

fn execute_run(
    args: &RunArgs,
    planned: PlannedRun<'_>,
    reach: &mut RunReach,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    if let Some(summary) = planned.up_to_date_summary() {
        // There are no events, and the file is emptied all the same: events of an earlier run must
        // not pass for those of this one.
        drop(open_events_output(args, settings)?);
        print_summary(args, &summary, settings);
        // The process ends here. Freeing hundreds of thousands of jobs one by one takes as long as
        // to plan them.
        planned.leak_plan();
        return Ok(ExitCode::SUCCESS);
    }
    // Scheduling writes nothing and may still refuse the run, because a job claims more than the
    // machine has. Only then is the file of events opened, which empties it. Signals are caught
    // last: as long as no job runs, the default of the system may end the process.
    let scheduled = planned.schedule()?;
    let started = scheduled.start(run_outputs(args, settings)?)?;
    stop_on_signals(scheduled.cancel_token(), started.is_on_farm(), settings);
    reach.has_started = true;
    let ending = started.execute()?;
    let code = match &ending {
        RunEnding::Detached { revision, farm } => {
            settings.print_stdout(&detached_text(revision, farm, settings));
            ExitCode::SUCCESS
        }
        RunEnding::Ended { status, summary } => {
            print_summary(args, summary, settings);
            status_exit_code(*status)
        }
    };
    // The summary is printed by now: a hook may take a minute.
    reach.has_run_hooks = true;
    scheduled.into_hooks().run_ending_hooks(&ending);
    Ok(code)
}

/// How far a run has come, for its failure hooks.
#[derive(Default)]
struct RunReach {
    /// Whether it wanted to run anything.
    is_wanted: bool,
    has_started: bool,
    /// Whether its hooks were run, or it has none to run.
    has_run_hooks: bool,
}

/// Runs the hooks for a run that did not start, or broke off. Nobody watches a run at night, so a
/// hook is the only way to learn of it.
fn run_failure_hooks(
    args: &RunArgs,
    reach: &RunReach,
    ended: &Result<ExitCode, CliError>,
    settings: &CliSettings,
) {
    let error = match ended {
        Ok(code) if *code == ExitCode::SUCCESS => return,
        Ok(_) => "the document has mistakes".to_owned(),
        // A user need not read what they have just typed or answered.
        Err(CliError::Usage(_) | CliError::Session(SessionError::ProgramsRefused(_))) => return,
        Err(error) => format!("failed to {error}"),
    };
    if !reach.is_wanted || reach.has_run_hooks {
        return;
    }
    let path = &args.subject.path;
    let root = production_folder(path, args.machine.store.folder.as_deref());
    let root = root.canonicalize().unwrap_or(root);
    let name = root.file_name().unwrap_or_default().to_string_lossy();
    let message = if reach.has_started {
        RunMessage::broken_off(name.into_owned(), &root, error)
    } else {
        RunMessage::not_started(name.into_owned(), &root, error)
    };
    let reporter = TerminalReporter::new(settings);
    run_broken_hooks(&root, &message, reporter.context());
}

/// Returns the folder of a production that may be broken in any way.
fn production_folder(path: &Path, store: Option<&Path>) -> PathBuf {
    // The store may be the reason, so the path alone has to do.
    let by_name = || match path.parent() {
        Some(parent) if path.is_file() && parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) if path.is_file() => parent.to_owned(),
        _ => path.to_owned(),
    };
    StoreLocation::find(path, store).map_or_else(|_| by_name(), |found| found.root)
}

/// Prints the findings as the result of the command, and returns the exit code for them.
fn report_findings_only(
    args: &RunArgs,
    opened: &OpenedProduction,
    settings: &CliSettings,
) -> ExitCode {
    let valid = opened.checked.is_some();
    match args.output.format {
        ResultFormat::Json => settings.print_json(&validate::findings_json(opened)),
        _ if opened.diagnostics.is_empty() => {
            if !settings.is_quiet() {
                settings.print_result_to_stderr("valid");
            }
        }
        format => {
            let text = validate::findings_before_work(opened, format, settings);
            settings.print_result_to_stderr(&text);
        }
    }
    if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INVALID_INPUT)
    }
}

/// Returns how the progress of a run is shown.
pub(super) fn progress_display(format: ResultFormat, settings: &CliSettings) -> ProgressDisplay {
    // With `--format json` the caller is a program, for which progress is noise. Bars are redrawn,
    // so a file or a log gets lines instead.
    match (format, settings.level, settings.err_terminal) {
        (ResultFormat::Json, ..) | (_, OutputLevel::Quiet, _) => ProgressDisplay::Nothing,
        (_, OutputLevel::Verbose, _) => ProgressDisplay::EveryJob,
        (_, _, true) => ProgressDisplay::Bars {
            colour: settings.err_colour,
        },
        (_, _, false) => ProgressDisplay::Lines,
    }
}

/// Returns the outputs for progress and events.
fn run_outputs(args: &RunArgs, settings: &CliSettings) -> Result<RunOutputs, CliError> {
    Ok(RunOutputs {
        display: progress_display(args.output.format, settings),
        progress: Box::new(std::io::stderr()),
        events: open_events_output(args, settings)?,
    })
}

/// Opens the target of `--events`, an empty file or standard output. `None` without the option.
fn open_events_output(
    args: &RunArgs,
    settings: &CliSettings,
) -> Result<Option<Box<dyn Write>>, CliError> {
    let Some(file) = &args.events else {
        return Ok(None);
    };
    // The run continues without its events, but who reads them must not take them for all.
    let failure = &settings.output_failure;
    if is_standard_output(file) {
        let out = std::io::stdout();
        let written = settings.closed_streams.output_write(Ok(()));
        failure.note_write("standard output", written);
        return Ok(Some(failure.noting_writer("standard output".into(), out)));
    }
    check_output_file(file, OutputFileKind::Events)?;
    let name = file.display().to_string();
    let opened =
        File::create(file).map_err(|source| CliError::io_error(format!("write {name}"), source))?;
    Ok(Some(failure.noting_writer(name, opened)))
}

/// Returns whether events take standard output, so that the result must go to standard error.
fn takes_standard_output(args: &RunArgs) -> bool {
    args.events.as_deref().is_some_and(is_standard_output)
}

fn is_standard_output(file: &Path) -> bool {
    file == Path::new("-")
}

fn print_summary(args: &RunArgs, summary: &RunSummary, settings: &CliSettings) {
    if args.output.format == ResultFormat::Json {
        settings.print_json(&summary.to_json());
        return;
    }
    // A timer's job mails what it prints, so success is silent.
    if settings.is_quiet() && summary.facts.success {
        return;
    }
    let text = if args.output.format == ResultFormat::Short {
        run_summary_lines(&summary.facts, summary.up_to_date)
    } else {
        run_summary_text(&summary.facts, &summary_options(summary, settings))
    };
    if takes_standard_output(args) {
        settings.print_result_to_stderr(&text);
    } else {
        settings.print_stdout(&text);
    }
}

fn summary_options<'a>(summary: &'a RunSummary, settings: &CliSettings) -> RunSummaryOptions<'a> {
    RunSummaryOptions {
        resume_command: settings.typed.suggest("run", &[]),
        report: summary.report.as_deref(),
        stills: summary.stills.as_deref(),
        store: &summary.store,
        up_to_date: summary.up_to_date,
        colour: settings.out_colour,
    }
}

fn detached_text(revision: &str, farm: &str, settings: &CliSettings) -> String {
    let typed = &settings.typed;
    format!(
        "{revision} continues on the farm\n\n  status   {}\n  follow   {}\n  cancel   {}",
        typed.suggest("status", &[]),
        typed.suggest("run", &["--farm", farm, "--resume"]),
        typed.suggest("cancel", &[])
    )
}

fn status_exit_code(status: RunStatus) -> ExitCode {
    match status {
        RunStatus::Succeeded => ExitCode::SUCCESS,
        RunStatus::Failed => ExitCode::from(JOB_FAILED),
        RunStatus::Cancelled => ExitCode::from(INTERRUPTED),
    }
}

/// The token of the run that signals stop. A handler can be set only once, and a command may run
/// twice.
static RUNNING: Mutex<Option<CancelToken>> = Mutex::new(None);

/// Catches signals. The first lets running jobs finish, the second stops them, the third ends the
/// process at once. On a farm the first leaves the run there, and a second within 3 s removes it.
fn stop_on_signals(cancel: &CancelToken, on_farm: bool, settings: &CliSettings) {
    *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) = Some(cancel.clone());
    let settings = settings.clone();
    // Every finished job is in the journal already. So a signal of any number loses only work in
    // progress, and stopping harder needs no question.
    // A handler that cannot be set is no reason not to run: the default of the system ends the
    // process, and nothing finished is lost.
    let _ = ctrlc::set_handler(move || {
        let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(cancel) = running.as_ref() else {
            return;
        };
        if cancel.is_halting() {
            settings.print_stderr("ended at once; run the same command again to continue");
            // No destructor runs here. The reaper kills the tools that this leaves behind.
            std::process::exit(i32::from(INTERRUPTED));
        }
        cancel.escalate();
        settings.print_stderr(match (on_farm, cancel.is_halting()) {
            (false, false) => "finishing the jobs that run; interrupt again to stop them too",
            (false, true) => {
                "stopping; run the same command again to continue, interrupt again to end at once"
            }
            (true, false) => {
                "leaving the run on the farm; interrupt again within 3 s to remove it from there"
            }
            (true, true) => "removing the run from the farm; interrupt again to end at once",
        });
    });
}
