//! `production run`: read, check, expand, plan, execute, publish, report.

use super::event_sinks::{self, emit_event};
use super::farm::{self, FarmRun, FarmTarget};
use super::forecast::forecast_run;
use super::machine_resources::MachineResources;
use super::plan::{self, PlanDisplay, build_selection, plan_facts, save_plan, warn_idle_controls};
use super::publish_run::{PublishedRun, RunSummary, publish_outcome, write_report};
use super::session::ProductionSession;
use super::{project_options, up_to_date, validate};
use crate::base::json::to_pretty_json;
use crate::base::{Clock, SystemClock};
use crate::cli::args::{ResultFormat, RunArgs};
use crate::cli::cli_settings::CliSettings;
use crate::cli::exit_codes::{CliError, INTERRUPTED, INVALID_INPUT, JOB_FAILED};
use crate::event::{EVENT_FORMAT_VERSION, Event, EventSink, RunStatus};
use crate::execute::{
    ExecutorConfig as Pool, JobTimeLimits, LogContext, ProvenanceSink, RetryPolicy, RunOutcome,
    WorkerContext, execute,
};
use crate::plan::{JobSelection, Plan};
use crate::project::{OpenedProduction, ProjectOptions, open};
use crate::report::{JobIndex, MultiSink, diagnostic, summary};
use crate::store::publish::{PlacedRevision, recover_publication};
use crate::store::{Journal, LockOwner, StoreLayout, StoreLock, provenance};
use crate::validate::CheckedProduction;
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;
use tracing::info_span;

pub(super) fn run_production(args: &RunArgs, settings: &CliSettings) -> Result<ExitCode, CliError> {
    if args.format == ResultFormat::Json && event_sinks::takes_standard_output(args) {
        let message = "write both events and the result to standard output; give `--events` a file";
        return Err(CliError::Usage(message.to_owned()));
    }
    let options = ProjectOptions {
        strict: args.strict,
        ..project_options(&args.subject, settings)
    };
    let opened = open(&args.subject.path, &options)?;
    if args.validate_only || opened.checked.is_none() {
        return Ok(report_findings_only(args, &opened, settings));
    }
    validate::show_findings(&opened, settings);
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID_INPUT));
    };
    if args.dry_run {
        let shown = PlanDisplay {
            format: args.format,
            all_jobs: false,
            save: false,
            farm: None,
        };
        return plan::show_plan(&opened, &args.machine, &args.scope, shown, settings);
    }
    let resources = MachineResources::detect_resources(args.machine.machine.as_deref(), settings)?;
    let farm = args
        .farm
        .as_ref()
        .map(|name| farm::find_farm(name, &checked.root, settings))
        .transpose()?;
    let layout = ProductionSession::store_layout(&checked.root, args.machine.store.as_ref());
    let lock = lock_store(&layout, &checked.root, "run", args.wait, settings)?;
    let active_run = farm::resumable_run(&layout, args)?;
    let renderer_options = resources
        .renderer_options(&args.machine)
        .for_farm(farm.as_ref());
    let (session, jobs) = ProductionSession::open(checked, layout, &renderer_options, settings)?;
    session.require_tools(&jobs)?;
    session.snapshot.save_inputs(&session.layout)?;
    report_resume(args, &session, settings);
    let selection = build_selection(&args.scope);
    let claimed = match &farm {
        Some(_) => session.with_farm_claims(jobs, &resources),
        None => session.with_local_claims(jobs, &resources),
    };
    // The process ends with the run: to give back what hundreds of thousands of jobs hold would take as long as to plan them.
    let plan = ManuallyDrop::new(session.plan_jobs(claimed, &selection)?);
    warn_idle_controls(&plan, &selection, settings);
    if let Some(summary) = up_to_date::up_to_date_summary(&opened, checked, &plan, &session)
        .filter(|_| active_run.is_none())
    {
        // Nothing happens; what a run before wrote there must not be taken for this one's.
        drop(event_sinks::open_events_output(args)?);
        print_summary(args, &summary, settings);
        return Ok(ExitCode::SUCCESS);
    }
    let farm_target = farm.as_ref().map(|farm| FarmTarget { farm, active_run });
    let code = execute_and_report(
        args,
        &opened,
        checked,
        &session,
        (&plan, &selection),
        &resources,
        farm_target,
        settings,
    );
    drop(lock);
    code
}

/// Shows findings where the result would go, and returns the exit code for them.
fn report_findings_only(
    args: &RunArgs,
    opened: &OpenedProduction,
    settings: &CliSettings,
) -> ExitCode {
    let valid = opened.checked.is_some();
    match args.format {
        ResultFormat::Json => {
            let json = diagnostic::diagnostics_json(&opened.diagnostics, &opened.sources, valid);
            settings.print_stdout(&to_pretty_json(&json));
        }
        ResultFormat::Text if opened.diagnostics.is_empty() => settings.print_stderr("valid"),
        ResultFormat::Text => {
            settings.print_stderr(&diagnostic::render_diagnostics(
                &opened.diagnostics,
                &opened.sources,
                settings.diagnostic_style(),
            ));
        }
    }
    if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INVALID_INPUT)
    }
}

/// Takes the store for this process alone, and mends what an earlier one left half published.
pub(super) fn lock_store(
    layout: &StoreLayout,
    root: &Path,
    command: &str,
    wait: bool,
    settings: &CliSettings,
) -> Result<StoreLock, CliError> {
    let since = SystemClock::default().now();
    let owner = LockOwner {
        process: std::process::id(),
        command: command.to_owned(),
        since,
    };
    let report_wait =
        |other: &str| settings.print_stderr(&format!("waiting for {other}, which holds the store"));
    let lock = StoreLock::acquire_lock(layout, &owner, wait.then_some(&report_wait))?;
    if let Some(mended) = recover_publication(layout, root)? {
        settings.print_stderr(&summary::revision_summary::publish_recovery_text(&mended));
    }
    Ok(lock)
}

fn report_resume(args: &RunArgs, session: &ProductionSession, settings: &CliSettings) {
    let done = session.history.records.len();
    if session.history.was_interrupted() {
        settings.print_stderr(&format!(
            "continuing: {done} finished jobs are kept from earlier runs"
        ));
    } else if args.resume {
        settings.print_stderr(
            "nothing to resume: no earlier run was cut off; finished work is reused all the same",
        );
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a run brings everything together once"
)]
fn execute_and_report(
    args: &RunArgs,
    opened: &OpenedProduction,
    checked: &CheckedProduction,
    session: &ProductionSession,
    (plan, selection): (&Plan, &JobSelection),
    resources: &MachineResources,
    farm_target: Option<FarmTarget<'_>>,
    settings: &CliSettings,
) -> Result<ExitCode, CliError> {
    let revision = session.history.next_revision();
    let started = session.clock.now();
    let config = run_executor_config(args, resources, session, &revision);
    let expected = match &farm_target {
        Some(farm_target) => forecast_run(
            plan,
            session,
            &farm::farm_slots_config(plan, farm_target.farm, &config),
        )?,
        None => forecast_run(plan, session, &config)?,
    };
    let job_index = JobIndex::from_plan(plan, &opened.sources, expected.makespan.1)
        .with_store(session.layout.root());
    let mut sinks = event_sinks::build_sinks(args, job_index, session, settings)?;
    let context = RunCommandContext {
        args,
        opened,
        session,
        plan,
        revision: &revision,
        config: &config,
        settings,
    };
    let farm_run = farm_target
        .map(|farm_target| farm_target.prepare_run(&context))
        .transpose()?;
    let mut journal = Journal::create(&session.layout, &revision)?;
    let begin = Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: revision.clone(),
        production: checked.meta.display_title().to_owned(),
        at: started,
        jobs: plan.len(),
    };
    emit_event(&mut journal, &mut sinks, &begin)?;
    save_plan(
        &session.layout,
        &plan_facts(opened, plan, selection, session, &expected),
    )?;
    stop_on_signals(session, farm_run.is_some(), settings);
    let executing = info_span!("stage", name = "execute").entered();
    let Some(outcome) = execute_plan(&context, farm_run, &mut journal, &mut sinks)? else {
        journal.close()?;
        return Ok(ExitCode::SUCCESS);
    };
    drop(executing);
    let (status, published) = finish_run(&context, checked, &outcome, journal, sinks)?;
    let reporting = info_span!("stage", name = "report").entered();
    let published = published.as_ref();
    let summary = write_report(
        opened, checked, plan, &outcome, session, &revision, started, published, &expected,
    )?;
    drop(reporting);
    print_summary(args, &summary, settings);
    Ok(exit_code(status))
}

/// Publishes what was made whole, and ends the journal. Returns how the run ended, and what was put in place.
fn finish_run(
    context: &RunCommandContext<'_>,
    checked: &CheckedProduction,
    outcome: &RunOutcome,
    mut journal: Journal,
    mut sinks: MultiSink<'_>,
) -> Result<(RunStatus, Option<PublishedRun>), CliError> {
    let RunCommandContext {
        session,
        plan,
        revision,
        ..
    } = *context;
    let complete = outcome.is_complete(plan) && !outcome.cancelled;
    let status = run_status(outcome, complete);
    let ended = Event::RunEnded {
        status,
        at: session.clock.now(),
        seconds: outcome.seconds,
    };
    let published = (complete && plan.is_fully_selected())
        .then(|| {
            info_span!("stage", name = "publish")
                .in_scope(|| publish_outcome(checked, plan, outcome, session, &mut journal, &ended))
        })
        .transpose()?;
    let (published, placed) = published.unzip();
    if let Some(published) = &published {
        emit_event(
            &mut journal,
            &mut sinks,
            &published.published_event(revision),
        )?;
    }
    emit_event(&mut journal, &mut sinks, &ended)?;
    let records = journal.record_count();
    journal.close()?;
    drop(sinks);
    placed.map_or(Ok(()), PlacedRevision::finish)?;
    // A fold that cannot be written costs the next run time and nothing else.
    let _ = session.history.compact_when_due(records, &session.layout);
    Ok((status, published))
}

/// Says how it ended.
fn print_summary(args: &RunArgs, summary: &RunSummary, settings: &CliSettings) {
    match args.format {
        ResultFormat::Json => {
            settings.print_stdout(&to_pretty_json(&summary.json));
        }
        ResultFormat::Text if event_sinks::takes_standard_output(args) => {
            settings.print_stderr(&summary.closing_text(&args.subject.path, settings));
        }
        ResultFormat::Text => {
            settings.print_stdout(&summary.closing_text(&args.subject.path, settings));
        }
    }
}

const fn run_status(outcome: &RunOutcome, complete: bool) -> RunStatus {
    match (outcome.cancelled, complete) {
        (true, _) => RunStatus::Cancelled,
        (false, true) => RunStatus::Succeeded,
        (false, false) => RunStatus::Failed,
    }
}

fn exit_code(status: RunStatus) -> ExitCode {
    match status {
        RunStatus::Succeeded => ExitCode::SUCCESS,
        RunStatus::Failed => ExitCode::from(JOB_FAILED),
        RunStatus::Cancelled => ExitCode::from(INTERRUPTED),
    }
}

/// One run: what was asked, of what, and what it is done with.
#[derive(Clone, Copy)]
pub(super) struct RunCommandContext<'a> {
    pub(super) args: &'a RunArgs,
    pub(super) opened: &'a OpenedProduction,
    pub(super) session: &'a ProductionSession,
    pub(super) plan: &'a Plan,
    pub(super) revision: &'a str,
    pub(super) config: &'a Pool,
    pub(super) settings: &'a CliSettings,
}

/// Runs the plan, here or elsewhere; none when it was left to those who do it.
fn execute_plan(
    context: &RunCommandContext<'_>,
    farm_run: Option<FarmRun<'_>>,
    journal: &mut Journal,
    run_sinks: &mut MultiSink<'_>,
) -> Result<Option<RunOutcome>, CliError> {
    let RunCommandContext {
        session,
        plan,
        revision,
        ..
    } = *context;
    let provenance = provenance::ProvenanceWriter::new(&session.layout, revision);
    let mut recorder = ProvenanceSink::new(plan, &session.history, &session.snapshot, provenance);
    let mut sinks: [&mut dyn EventSink; 2] = [run_sinks, &mut recorder];
    match farm_run {
        None => execute_locally(context, journal, &mut sinks).map(Some),
        Some(farm_run) => farm_run.submit_and_follow(context, journal, &mut sinks),
    }
}

fn execute_locally(
    context: &RunCommandContext<'_>,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
) -> Result<RunOutcome, CliError> {
    let RunCommandContext {
        args,
        opened,
        session,
        plan,
        revision,
        config,
        ..
    } = *context;
    let root = opened
        .checked
        .as_ref()
        .map(|checked| checked.root.clone())
        .unwrap_or_default();
    let (disk, scratch) = (session.layout.disk(), session.layout.scratch_folder());
    let worker_context = WorkerContext {
        producer: &session.registry,
        blobs: &session.blobs,
        layout: &session.layout,
        project_root: &root,
        scratch: &scratch,
        snapshot: &session.snapshot,
        cancel: &session.cancel,
        clock: &session.clock,
        reaper: Some(&session.reaper),
        grace_period: args.grace,
        log_context: LogContext {
            revision,
            host: &crate::process::host_name(),
            secrets: &session.secrets,
            locate_origin: &|origin| opened.sources.format_position(origin),
        },
    };
    let _ = disk.remove_all(&scratch);
    let outcome = execute(
        plan,
        &worker_context,
        &session.history,
        journal,
        sinks,
        config,
    )?;
    let _ = disk.remove_all(&scratch);
    Ok(outcome)
}

fn run_executor_config(
    args: &RunArgs,
    resources: &MachineResources,
    session: &ProductionSession,
    revision: &str,
) -> Pool {
    // Waits differ from run to run, and one run's can be told again.
    let seed = revision.bytes().fold(0_u64, |seed, byte| {
        seed.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    Pool {
        max_failures: if args.keep_going {
            args.max_failures
        } else {
            Some(1)
        },
        retries: RetryPolicy {
            max_retries: args.retries,
            max_licence_wait: args.licence_limit,
            seed: Some(seed),
        },
        limits: JobTimeLimits {
            wall: args.time_limit,
            silence: args.silence_limit,
            progress: args.progress_limit,
        },
        ..resources.executor_config(args.machine.parallel, session.adapter_name())
    }
}

/// The first signal lets running jobs finish, the second stops them, the third ends everything at once; all leave what
/// was finished ready to resume from.
fn stop_on_signals(session: &ProductionSession, on_farm: bool, settings: &CliSettings) {
    let (cancel, settings) = (session.cancel.clone(), settings.clone());
    let handler = move || {
        if cancel.is_halting() {
            settings.print_stderr("ended at once; run the same command again to continue");
            // The keeper kills what this leaves behind.
            std::process::exit(i32::from(INTERRUPTED));
        }
        cancel.escalate();
        settings.print_stderr(match (on_farm, cancel.is_halting()) {
            (false, false) => "finishing the jobs that run; interrupt again to stop them too",
            (false, true) => {
                "stopping; run the same command again to continue, interrupt again to end at once"
            }
            (true, false) => {
                "leaving the farm to it; interrupt again within 3 s to take everything back from it"
            }
            (true, true) => "taking everything back from the farm; interrupt again to end at once",
        });
    };
    // Without a handler the system's default ends the process; nothing finished is lost either way.
    let _ = ctrlc::set_handler(handler);
}
