//! Executes a run here or on its farm, publishes it, and summarizes it.

use super::control::{ControlServer, SteeredRun};
use super::event_sinks::{RunOutputs, emit_event};
use super::farm::FarmRun;
use super::folder_programs::FolderProgram;
use super::planned_deliverables::planned_deliverables;
use super::planned_run::{PlannedRun, ScheduledRun};
use super::preset_changes::save_source_digests;
use super::publish_run::{FinishedRun, PublishedRun, RunReport};
use super::run_facts::RunSummary;
use super::saved_plan::{plan_facts, save_plan};
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::base::Clock;
use crate::event::{EVENT_FORMAT_VERSION, Event, EventSink, RunStatus, RunTotals};
use crate::execute::{
    LogContext, ProvenanceSink, RunOutcome, WorkerContext, execute as execute_plan,
};
use crate::plan::Plan;
use crate::report::{MultiSink, SharedRun};
use crate::store::distrust::trust_again;
use crate::store::place_survey::find_unwritable;
use crate::store::provenance::ProvenanceWriter;
use crate::store::publish::PlacedRevision;
use crate::store::{Journal, RevisionIndexSink, update_revision_index};
use std::collections::BTreeSet;
use std::sync::Arc;
use tracing::info_span;

/// A run with a journal.
pub struct StartedRun<'r> {
    run: &'r ScheduledRun<'r>,
    farm_run: Option<FarmRun<'r>>,
    journal: Journal,
    sinks: MultiSink<'r>,
    live: SharedRun,
}

/// How a run ended.
#[derive(Debug)]
pub enum RunEnding {
    /// The farm continues it, and this process does not follow it.
    Detached {
        /// Its revision.
        revision: String,
        /// The farm.
        farm: String,
    },
    /// It ended, or nothing had to run.
    Ended {
        /// Its status.
        status: RunStatus,
        /// Its summary.
        summary: Box<RunSummary>,
    },
}

impl PlannedRun<'_> {
    /// Runs the plan to its end. Nothing runs if the published revision is up to date and in place.
    ///
    /// # Errors
    /// As for [`Self::schedule`], [`ScheduledRun::start`] and [`StartedRun::execute`].
    pub fn run_to_end(self, outputs: RunOutputs) -> Result<RunEnding, SessionError> {
        if let Some(summary) = self.up_to_date_summary() {
            return Ok(RunEnding::Ended {
                status: RunStatus::Succeeded,
                summary: Box::new(summary),
            });
        }
        let scheduled = self.schedule()?;
        let ending = scheduled.start(outputs)?.execute()?;
        scheduled.into_hooks().run_ending_hooks(&ending);
        Ok(ending)
    }
}

impl ScheduledRun<'_> {
    /// Fails if a deliverable could not be put in its place at the end.
    fn require_writable_places(&self) -> Result<(), SessionError> {
        let PlannedRun { session, plan, .. } = &self.planned;
        // Other runs publish nothing.
        if !plan.is_fully_selected() {
            return Ok(());
        }
        let delivered = planned_deliverables(session.checked, plan);
        let paths = delivered.iter().map(|(_, delivered)| &*delivered.path);
        find_unwritable(&session.layout, &session.checked.root, paths)
            .map_or(Ok(()), |error| Err(error.into()))
    }

    /// Creates the journal and saves the plan.
    ///
    /// # Errors
    /// Fails when the store cannot be written, or the farm cannot take the run.
    pub fn start(&self, outputs: RunOutputs) -> Result<StartedRun<'_>, SessionError> {
        let PlannedRun { session, plan, .. } = &self.planned;
        self.require_writable_places()?;
        let (sinks, live) = self.build_sinks(outputs);
        // Before the journal exists. If the farm cannot take the run, no revision is used up.
        let farm_run = match &session.farm {
            Some(farm) => Some(FarmRun::prepare(self, farm)?),
            None => None,
        };
        let mut journal = Journal::create(&session.layout, &self.revision)?;
        let bytes = journal.byte_counter();
        let index = RevisionIndexSink::new(&session.layout, &self.revision, bytes);
        let mut sinks = sinks.with_sink(index);
        let begin = Event::RunStarted {
            version: EVENT_FORMAT_VERSION,
            revision: self.revision.clone(),
            production: session.checked.meta.display_title().to_owned(),
            at: self.started_at,
            jobs: plan.len(),
            programs: program_lines(&session.folder_programs),
            totals: Some(run_totals(plan)),
            tier: session.checked.render.tier.clone(),
            tier_override: session.checked.render.tier_source.is_override(),
            no_sound: session.checked.silence.is_some(),
        };
        emit_event(&mut journal, &mut sinks, &begin)?;
        let facts = plan_facts(
            session,
            plan,
            &self.planned.options.selection,
            &self.expected,
        );
        save_plan(&session.layout, &facts)?;
        save_source_digests(&session.layout, &self.revision, session.opened)?;
        Ok(StartedRun {
            run: self,
            farm_run,
            journal,
            sinks,
            live,
        })
    }
}

impl StartedRun<'_> {
    /// Returns whether a farm does the work.
    #[must_use]
    pub const fn is_on_farm(&self) -> bool {
        self.farm_run.is_some()
    }

    /// Executes the run, publishes its deliverables if all jobs succeeded, and writes the report.
    ///
    /// # Errors
    /// Fails when the store cannot be written, or the farm refuses the run. A job that fails is no
    /// error: the ending says so.
    pub fn execute(mut self) -> Result<RunEnding, SessionError> {
        let run = self.run;
        // Until the run has ended in full. Without a socket it continues, and cannot be steered.
        let _steered = ControlServer::start(&run.planned.session.layout, self.steered_run());
        let executing = info_span!("stage", name = "execute").entered();
        let Some(outcome) = self.run_jobs()? else {
            // Without a record of the end: the farm continues the run, and the run that resumes it
            // is a revision of its own.
            self.journal.close()?;
            let farm = &run.planned.session.farm;
            return Ok(RunEnding::Detached {
                revision: run.revision.clone(),
                farm: farm
                    .as_ref()
                    .map_or_else(String::new, |farm| farm.name.clone()),
            });
        };
        // The spans are timed, so each has to end before the next stage begins.
        drop(executing);
        let finished = FinishedRun {
            run,
            outcome: &outcome,
        };
        let report = finished.run_report();
        let (status, published) = self.close(&finished, &report)?;
        let _reporting = info_span!("stage", name = "report").entered();
        let summary = finished.write_report(report, published);
        Ok(RunEnding::Ended {
            status,
            summary: Box::new(summary),
        })
    }

    /// Returns the run as others steer it.
    fn steered_run(&self) -> SteeredRun {
        let session = &self.run.planned.session;
        SteeredRun {
            live: Arc::clone(&self.live),
            control: Arc::clone(&session.control),
            cancel: session.cancel.clone(),
            clock: session.clock.clone(),
            farm: session.farm.as_ref().map(|farm| farm.name.clone()),
        }
    }

    /// Runs the jobs here or on the farm. `None` if the farm continues alone.
    fn run_jobs(&mut self) -> Result<Option<RunOutcome>, SessionError> {
        let PlannedRun { session, plan, .. } = &self.run.planned;
        let provenance = ProvenanceWriter::new(&session.layout, &self.run.revision);
        // Provenance is written by a sink and not by workers, so a farm run records it in the same
        // way.
        let mut recorder = ProvenanceSink::new(
            plan,
            &session.history,
            &session.snapshot,
            &session.context.environment.secrets,
            provenance,
        );
        let mut sinks: [&mut dyn EventSink; 2] = [&mut self.sinks, &mut recorder];
        match self.farm_run.take() {
            None => execute_locally(self.run, &mut self.journal, &mut sinks).map(Some),
            Some(farm_run) => farm_run.submit_and_follow(self.run, &mut self.journal, &mut sinks),
        }
    }

    /// Publishes a complete run and closes the journal. Returns the status and what was published.
    fn close(
        self,
        finished: &FinishedRun<'_>,
        report: &RunReport,
    ) -> Result<(RunStatus, Option<PublishedRun>), SessionError> {
        let Self {
            run,
            mut journal,
            mut sinks,
            ..
        } = self;
        let PlannedRun { session, plan, .. } = &run.planned;
        let outcome = finished.outcome;
        let complete = outcome.is_complete(plan) && !outcome.cancelled;
        let status = run_status(outcome, complete);
        let ended = Event::RunEnded {
            status,
            at: session.clock.now(),
            seconds: outcome.seconds,
        };
        // A partial run publishes nothing. Its deliverables would be a mixture of this revision and
        // an older one, which the guarantee of publishing excludes.
        let published = (complete && plan.is_fully_selected())
            .then(|| {
                info_span!("stage", name = "publish")
                    .in_scope(|| finished.publish(report, &mut journal, &ended))
            })
            .transpose()?;
        let (published, placed) = published.unzip();
        if let Some(published) = &published {
            let event = published.published_event(&run.revision);
            emit_event(&mut journal, &mut sinks, &event)?;
        }
        emit_event(&mut journal, &mut sinks, &ended)?;
        // The order matters: the closing records are durable before the note of the publication is
        // removed. A kill in between leaves a publication that the next command completes.
        let records = journal.record_count();
        journal.close()?;
        drop(sinks);
        if let Some(error) = placed.and_then(PlacedRevision::finish) {
            session.context.report(&SessionNotice::LeftBeside(&error));
        }
        trust_again(&session.layout, outcome.made_identities())?;
        // The fold is only a cache. If it cannot be written, the next command takes longer and
        // nothing else happens.
        let _ = session.history.compact_when_due(records, &session.layout);
        let _ = update_revision_index(&session.layout);
        Ok((status, published))
    }
}

/// Returns what a run of this plan is to make.
fn run_totals(plan: &Plan) -> RunTotals {
    let mut totals = RunTotals::default();
    let mut shots = BTreeSet::new();
    for (_, planned) in plan.jobs().filter(|(_, planned)| planned.wanted) {
        *totals.phases.entry(planned.job.phase).or_default() += 1;
        shots.extend(planned.job.shot.as_deref());
    }
    totals.shots = shots.len();
    totals
}

/// Returns what the journal records of the programs that the folder brings.
fn program_lines(programs: &[FolderProgram]) -> Vec<String> {
    programs.iter().map(ToString::to_string).collect()
}

const fn run_status(outcome: &RunOutcome, complete: bool) -> RunStatus {
    match (outcome.cancelled, complete) {
        // A cancelled run stays cancelled even if its last jobs succeeded: the user stopped it, and
        // it is not published.
        (true, _) => RunStatus::Cancelled,
        (false, true) => RunStatus::Succeeded,
        (false, false) => RunStatus::Failed,
    }
}

fn execute_locally(
    run: &ScheduledRun<'_>,
    journal: &mut Journal,
    sinks: &mut [&mut dyn EventSink],
) -> Result<RunOutcome, SessionError> {
    let PlannedRun {
        session,
        plan,
        options,
        ..
    } = &run.planned;
    let disk = session.layout.disk();
    let scratch = session.layout.scratch_folder();
    let worker_context = WorkerContext {
        producer: &session.registry,
        blobs: &session.blobs,
        layout: &session.layout,
        project_root: &session.checked.root,
        scratch: &scratch,
        snapshot: &session.snapshot,
        cancel: &session.cancel,
        control: Some(&session.control),
        clock: &session.clock,
        reaper: session.reaper.as_deref(),
        grace_period: options.grace_period,
        log_context: LogContext {
            revision: &run.revision,
            host: &crate::process::host_name(),
            secrets: &session.context.environment.secrets,
            locate_origin: &|origin| session.opened.sources.format_position(origin),
        },
    };
    // Scratch files of a killed run are useless. They are removed before and after, and a failure
    // to do so does not fail the run.
    let _ = disk.remove_all(&scratch);
    let outcome = execute_plan(
        plan,
        &worker_context,
        &session.history,
        journal,
        sinks,
        &run.config,
    )?;
    let _ = disk.remove_all(&scratch);
    Ok(outcome)
}
