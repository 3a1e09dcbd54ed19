//! `production run`: read, check, expand, plan, execute, publish, report.

use super::audience::{self, tell};
use super::farm::{self, Elsewhere, Load};
use super::foretell::expected;
use super::machine::Means;
use super::plan::{self, Shown, gather, keep, say_idle, selection};
use super::publish::{Published, Told, publish, report};
use super::workplace::Workplace;
use super::{options, standing, validate};
use crate::base::{Clock, SystemClock};
use crate::cli::args::{Format, Run};
use crate::cli::exit::{CliError, INTERRUPTED, INVALID, JOB_FAILED};
use crate::cli::settings::Settings;
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

pub(super) fn run(args: &Run, settings: &Settings) -> Result<ExitCode, CliError> {
    if args.format == Format::Json && audience::takes_standard_output(args) {
        let message = "write both events and the result to standard output; give `--events` a file";
        return Err(CliError::Usage(message.to_owned()));
    }
    let options = ProjectOptions {
        strict: args.strict,
        ..options(&args.subject, settings)
    };
    let opened = open(&args.subject.path, &options)?;
    if args.validate_only || opened.checked.is_none() {
        return Ok(findings_only(args, &opened, settings));
    }
    validate::show(&opened, settings);
    let Some(checked) = &opened.checked else {
        return Ok(ExitCode::from(INVALID));
    };
    if args.dry_run {
        let shown = Shown {
            format: args.format,
            all: false,
            keep: false,
            farm: None,
        };
        return plan::show(&opened, &args.machine, &args.scope, shown, settings);
    }
    let means = Means::look(args.machine.machine.as_deref(), settings)?;
    let farm = args
        .farm
        .as_ref()
        .map(|name| farm::find(name, &checked.root, settings))
        .transpose()?;
    let layout = Workplace::layout(&checked.root, args.machine.store.as_ref());
    let lock = take(&layout, &checked.root, "run", args.wait, settings)?;
    let going = farm::going(&layout, args)?;
    let hands = means.hands(&args.machine).on(farm.as_ref());
    let (workplace, jobs) = Workplace::open(checked, layout, &hands, settings)?;
    workplace.require_tools(&jobs)?;
    workplace.snapshot.save_inputs(&workplace.layout)?;
    say_resume(args, &workplace, settings);
    let selection = selection(&args.scope);
    let claimed = match &farm {
        Some(_) => workplace.claimed_elsewhere(jobs, &means),
        None => workplace.claimed(jobs, &means),
    };
    // The process ends with the run: to give back what hundreds of thousands of jobs hold would take as long as to plan them.
    let plan = ManuallyDrop::new(workplace.plan(claimed, &selection)?);
    say_idle(&plan, &selection, settings);
    if let Some(told) =
        standing::told(&opened, checked, &plan, &workplace).filter(|_| going.is_none())
    {
        // Nothing happens; what a run before wrote there must not be taken for this one's.
        drop(audience::events(args)?);
        say(args, &told, settings);
        return Ok(ExitCode::SUCCESS);
    }
    let elsewhere = farm.as_ref().map(|farm| Elsewhere { farm, going });
    let code = make(
        args,
        &opened,
        checked,
        &workplace,
        (&plan, &selection),
        &means,
        elsewhere,
        settings,
    );
    drop(lock);
    code
}

/// Shows findings where the result would go, and returns the exit code for them.
fn findings_only(args: &Run, opened: &OpenedProduction, settings: &Settings) -> ExitCode {
    let valid = opened.checked.is_some();
    match args.format {
        Format::Json => {
            let json = diagnostic::diagnostics_json(&opened.diagnostics, &opened.sources, valid);
            settings.say(&serde_json::to_string_pretty(&json).unwrap_or_default());
        }
        Format::Text if opened.diagnostics.is_empty() => settings.say_error("valid"),
        Format::Text => {
            settings.say_error(&diagnostic::render_diagnostics(
                &opened.diagnostics,
                &opened.sources,
                settings.style(),
            ));
        }
    }
    if valid {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(INVALID)
    }
}

/// Takes the store for this process alone, and mends what an earlier one left half published.
pub(super) fn take(
    layout: &StoreLayout,
    root: &Path,
    command: &str,
    wait: bool,
    settings: &Settings,
) -> Result<StoreLock, CliError> {
    let since = SystemClock::default().now();
    let owner = LockOwner {
        process: std::process::id(),
        command: command.to_owned(),
        since,
    };
    let tell =
        |other: &str| settings.say_error(&format!("waiting for {other}, which holds the store"));
    let lock = StoreLock::acquire_lock(layout, &owner, wait.then_some(&tell))?;
    if let Some(mended) = recover_publication(layout, root)? {
        settings.say_error(&summary::revision_summary::publish_recovery_text(&mended));
    }
    Ok(lock)
}

fn say_resume(args: &Run, workplace: &Workplace, settings: &Settings) {
    let done = workplace.history.records.len();
    if workplace.history.was_interrupted() {
        settings.say_error(&format!(
            "continuing: {done} finished jobs are kept from earlier runs"
        ));
    } else if args.resume {
        settings.say_error(
            "nothing to resume: no earlier run was cut off; finished work is reused all the same",
        );
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a run brings everything together once"
)]
fn make(
    args: &Run,
    opened: &OpenedProduction,
    checked: &CheckedProduction,
    workplace: &Workplace,
    (plan, selection): (&Plan, &JobSelection),
    means: &Means,
    elsewhere: Option<Elsewhere<'_>>,
    settings: &Settings,
) -> Result<ExitCode, CliError> {
    let revision = workplace.history.next_revision();
    let started = workplace.clock.now();
    let pool = pool(args, means, workplace, &revision);
    let expected = match &elsewhere {
        Some(elsewhere) => expected(plan, workplace, &farm::slots(plan, elsewhere.farm, &pool))?,
        None => expected(plan, workplace, &pool)?,
    };
    let roster = JobIndex::from_plan(plan, &opened.sources, expected.makespan.1)
        .with_store(workplace.layout.root());
    let mut audience = audience::gather(args, roster, workplace, settings)?;
    let asked = Asked {
        args,
        opened,
        workplace,
        plan,
        revision: &revision,
        pool: &pool,
        settings,
    };
    let load = elsewhere
        .map(|elsewhere| elsewhere.load(&asked))
        .transpose()?;
    let mut journal = Journal::create(&workplace.layout, &revision)?;
    let begin = Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: revision.clone(),
        production: checked.meta.display_title().to_owned(),
        at: started,
        jobs: plan.len(),
    };
    tell(&mut journal, &mut audience, &begin)?;
    keep(
        &workplace.layout,
        &gather(opened, plan, selection, workplace, &expected),
    )?;
    stop_on_signals(workplace, load.is_some(), settings);
    let executing = info_span!("stage", name = "execute").entered();
    let Some(outcome) = carried_out(&asked, load, &mut journal, &mut audience)? else {
        journal.close()?;
        return Ok(ExitCode::SUCCESS);
    };
    drop(executing);
    let (status, published) = close(&asked, checked, &outcome, journal, audience)?;
    let reporting = info_span!("stage", name = "report").entered();
    let published = published.as_ref();
    let told = report(
        opened, checked, plan, &outcome, workplace, &revision, started, published, &expected,
    )?;
    drop(reporting);
    say(args, &told, settings);
    Ok(exit_code(status))
}

/// Publishes what was made whole, and ends the journal. Returns how the run ended, and what was put in place.
fn close(
    asked: &Asked<'_>,
    checked: &CheckedProduction,
    outcome: &RunOutcome,
    mut journal: Journal,
    mut audience: MultiSink<'_>,
) -> Result<(RunStatus, Option<Published>), CliError> {
    let Asked {
        workplace,
        plan,
        revision,
        ..
    } = *asked;
    let complete = outcome.is_complete(plan) && !outcome.cancelled;
    let status = status(outcome, complete);
    let ended = Event::RunEnded {
        status,
        at: workplace.clock.now(),
        seconds: outcome.seconds,
    };
    let published = (complete && plan.is_fully_selected())
        .then(|| {
            info_span!("stage", name = "publish")
                .in_scope(|| publish(checked, plan, outcome, workplace, &mut journal, &ended))
        })
        .transpose()?;
    let (published, placed) = published.unzip();
    if let Some(published) = &published {
        tell(&mut journal, &mut audience, &published.event(revision))?;
    }
    tell(&mut journal, &mut audience, &ended)?;
    let records = journal.record_count();
    journal.close()?;
    drop(audience);
    placed.map_or(Ok(()), PlacedRevision::finish)?;
    // A fold that cannot be written costs the next run time and nothing else.
    let _ = workplace
        .history
        .compact_when_due(records, &workplace.layout);
    Ok((status, published))
}

/// Says how it ended.
fn say(args: &Run, told: &Told, settings: &Settings) {
    match args.format {
        Format::Json => settings.say(&serde_json::to_string_pretty(&told.json).unwrap_or_default()),
        Format::Text if audience::takes_standard_output(args) => {
            settings.say_error(&told.text(&args.subject.path, settings));
        }
        Format::Text => settings.say(&told.text(&args.subject.path, settings)),
    }
}

const fn status(outcome: &RunOutcome, complete: bool) -> RunStatus {
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
pub(super) struct Asked<'a> {
    pub(super) args: &'a Run,
    pub(super) opened: &'a OpenedProduction,
    pub(super) workplace: &'a Workplace,
    pub(super) plan: &'a Plan,
    pub(super) revision: &'a str,
    pub(super) pool: &'a Pool,
    pub(super) settings: &'a Settings,
}

/// Runs the plan, here or elsewhere; none when it was left to those who do it.
fn carried_out(
    asked: &Asked<'_>,
    load: Option<Load<'_>>,
    journal: &mut Journal,
    audience: &mut MultiSink<'_>,
) -> Result<Option<RunOutcome>, CliError> {
    let Asked {
        workplace,
        plan,
        revision,
        ..
    } = *asked;
    let provenance = provenance::ProvenanceWriter::new(&workplace.layout, revision);
    let mut recorder =
        ProvenanceSink::new(plan, &workplace.history, &workplace.snapshot, provenance);
    let mut sinks: [&mut dyn EventSink; 2] = [audience, &mut recorder];
    match load {
        None => carried_out_here(asked, journal, &mut sinks).map(Some),
        Some(load) => load.run(asked, journal, &mut sinks),
    }
}

fn carried_out_here(
    asked: &Asked<'_>,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
) -> Result<RunOutcome, CliError> {
    let Asked {
        args,
        opened,
        workplace,
        plan,
        revision,
        pool,
        ..
    } = *asked;
    let root = opened
        .checked
        .as_ref()
        .map(|checked| checked.root.clone())
        .unwrap_or_default();
    let (disk, scratch) = (workplace.layout.disk(), workplace.layout.scratch_folder());
    let workshop = WorkerContext {
        producer: &workplace.crew,
        blobs: &workplace.blobs,
        layout: &workplace.layout,
        project_root: &root,
        scratch: &scratch,
        snapshot: &workplace.snapshot,
        cancel: &workplace.cancel,
        clock: &workplace.clock,
        reaper: Some(&workplace.keeper),
        grace_period: args.grace,
        log_context: LogContext {
            revision,
            host: &crate::process::host_name(),
            secrets: &workplace.secrets,
            locate_origin: &|origin| opened.sources.format_position(origin),
        },
    };
    let _ = disk.remove_all(&scratch);
    let outcome = execute(plan, &workshop, &workplace.history, journal, sinks, pool)?;
    let _ = disk.remove_all(&scratch);
    Ok(outcome)
}

fn pool(args: &Run, means: &Means, workplace: &Workplace, revision: &str) -> Pool {
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
        ..means.pool(args.machine.parallel, workplace.adapter())
    }
}

/// The first signal lets running jobs finish, the second stops them, the third ends everything at once; all leave what
/// was finished ready to resume from.
fn stop_on_signals(workplace: &Workplace, elsewhere: bool, settings: &Settings) {
    let (cancel, settings) = (workplace.cancel.clone(), settings.clone());
    let handler = move || {
        if cancel.is_halting() {
            settings.say_error("ended at once; run the same command again to continue");
            // The keeper kills what this leaves behind.
            std::process::exit(i32::from(INTERRUPTED));
        }
        cancel.escalate();
        settings.say_error(match (elsewhere, cancel.is_halting()) {
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
