//! Estimates the duration of a run from recorded durations, or from a probe of this machine.

use super::estimate_probe::run_probe;
use super::machine_resources::PROC_FOLDER;
use super::production_session::{ProductionSession, SessionSetup};
use super::program_access::ProgramUse;
use super::session_context::{SessionContext, SessionOptions};
use super::session_error::SessionError;
use super::session_notice::SessionNotice;
use crate::base::Clock;
use crate::execute::{ExecutorConfig, RunEstimate, estimate_run};
use crate::model::{Engine, InputSource, Job, JobAction, JobId};
use crate::plan::{DurationModel, JobSelection, Plan, PlannedJob};
use crate::process::{ProcessCpu, machine_busy_seconds};
use crate::project::OpenedProduction;
use crate::store::probe_samples::{ProbeSamples, save_probe_samples};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::time::Duration;

/// Expected seconds above which a run measures first. A shorter one is over before an estimate of
/// it would help.
const WORTH_A_PROBE_SECONDS: f64 = 10.0;

/// The shortest time in which the use of the processor is measured.
// The kernel counts it in hundredths of a second.
const LEAST_LOAD_WINDOW: Duration = Duration::from_millis(150);

/// The renderers of which a probe renders frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbedRenderers {
    /// Those of the program and of Blender. No program of the folder is started, unless the user trusts
    /// it.
    BuiltIn,
    /// Commands too: a frame of theirs may take an hour, cost money or send a mail.
    All,
}

impl ProbedRenderers {
    /// Returns all renderers, or those alone that are no commands.
    #[must_use]
    pub const fn with_commands(are_allowed: bool) -> Self {
        if are_allowed {
            Self::All
        } else {
            Self::BuiltIn
        }
    }
}

/// Estimates a run on this machine. If nothing like it has run here, a few frames are rendered,
/// timed and deleted.
///
/// # Errors
/// Fails when the production cannot be planned, a tool is missing, or the probe fails as a run
/// would.
pub fn estimate_production(
    opened: &OpenedProduction,
    options: &SessionOptions,
    probed: ProbedRenderers,
    context: SessionContext<'_>,
) -> Result<RunEstimate, SessionError> {
    let setup = SessionSetup::new(opened, options, context)?;
    let (mut session, jobs) = setup.open(match probed {
        ProbedRenderers::All => ProgramUse::Run,
        ProbedRenderers::BuiltIn => ProgramUse::Look,
    })?;
    // An estimate for a run that cannot start would be worth nothing, and the probe may need the
    // tools.
    let is_needed =
        |job: &&Job| probed == ProbedRenderers::All || command_name(&job.work).is_none();
    session.require_tools_of(&jobs.iter().filter(is_needed).collect::<Vec<_>>())?;
    let plan = session.plan_with_claims(jobs, &JobSelection::default())?;
    let load = MachineLoad::begin(session.clock.elapsed());
    let tried = probed_renders(&plan, &session, probed);
    if !tried.is_empty() {
        probe_machine(&plan, &mut session, &tried)?;
    }
    let config = load.share_cores(session.executor_config(), &session.clock);
    forecast_run(&plan, &session, &config)
}

/// Measures this machine before a run of which nothing is known, if the run is long enough.
///
/// # Errors
/// Fails when a frame cannot be rendered. The run would fail as well.
pub(super) fn measure_before_run(
    plan: &Plan,
    session: &mut ProductionSession<'_>,
    config: ExecutorConfig,
) -> Result<ExecutorConfig, SessionError> {
    let rough = forecast_run(plan, session, &config)?;
    if rough.makespan.1 < WORTH_A_PROBE_SECONDS {
        return Ok(config);
    }
    let load = MachineLoad::begin(session.clock.elapsed());
    // A command may take an hour for a frame, or cost money: its first frames are the run's.
    if plan
        .jobs()
        .all(|(_, planned)| command_name(&planned.job.work).is_none())
    {
        let tried = unknown_renders(plan, &session.duration_model);
        if !tried.is_empty() {
            probe_machine(plan, session, &tried)?;
        }
    }
    Ok(load.share_cores(config, &session.clock))
}

/// Returns the name of the command that does this work. `None`: this program or Blender does it.
fn command_name(work: &JobAction) -> Option<&str> {
    match (work, work.engine()) {
        (_, Some(Engine::Command(provider))) => Some(&provider.name),
        (JobAction::Speech(work), _) => {
            let command = work.voice.engine.command()?;
            Some(&command.name)
        }
        _ => None,
    }
}

/// Returns the jobs of which a probe may choose some, and reports the commands that it leaves out.
fn probed_renders(
    plan: &Plan,
    session: &ProductionSession<'_>,
    probed: ProbedRenderers,
) -> Vec<JobId> {
    let unknown = unknown_renders(plan, &session.duration_model);
    if probed == ProbedRenderers::All || unknown.is_empty() {
        return unknown;
    }
    let mut commands = CommandSearch::new(plan);
    let (left_out, tried): (Vec<JobId>, Vec<JobId>) = unknown
        .into_iter()
        .partition(|id| commands.name_below(*id).is_some());
    let names: BTreeSet<&str> = left_out
        .iter()
        .filter_map(|id| commands.name_below(*id))
        .collect();
    let names: Vec<&str> = names.into_iter().collect();
    if !names.is_empty() {
        let notice = SessionNotice::CommandsNotTried { names: &names };
        session.context.report(&notice);
    }
    tried
}

/// Returns the render jobs of which no job shows how long they take, if there are any, with all others
/// that must run.
fn unknown_renders(plan: &Plan, durations: &DurationModel) -> Vec<JobId> {
    let renders: Vec<(JobId, &PlannedJob)> = plan
        .jobs()
        .filter(|(_, planned)| {
            planned.wanted
                && planned.reason.is_dirty()
                && matches!(planned.job.work, JobAction::Render { .. })
        })
        .collect();
    let is_unknown = |(_, planned): &(JobId, &PlannedJob)| !durations.knows(&planned.job);
    match renders.iter().any(is_unknown) {
        true => renders.into_iter().map(|(id, _)| id).collect(),
        false => Vec::new(),
    }
}

/// Finds the commands that a job needs: its own, or that of a job whose result it reads.
struct CommandSearch<'p> {
    plan: &'p Plan,
    known: HashMap<JobId, Option<&'p str>>,
}

impl<'p> CommandSearch<'p> {
    fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            known: HashMap::new(),
        }
    }

    /// Returns the name of a command that must run for this job.
    fn name_below(&mut self, id: JobId) -> Option<&'p str> {
        if let Some(known) = self.known.get(&id) {
            return *known;
        }
        let job = &self.plan.job(id).job;
        let name = command_name(&job.work).or_else(|| {
            job.inputs.iter().find_map(|input| match input.from {
                InputSource::Job(below) => self.name_below(below),
                InputSource::File(_) => None,
            })
        });
        self.known.insert(id, name);
        name
    }
}

/// Renders a few frames of these jobs and adds what they took to the session's durations and to the
/// store.
fn probe_machine(
    plan: &Plan,
    session: &mut ProductionSession<'_>,
    renders: &[JobId],
) -> Result<(), SessionError> {
    session.context.report(&SessionNotice::ProbeStarted);
    let samples = run_probe(plan, session, renders)?;
    // An error is ignored: without the samples, the next estimate probes again.
    let _ = save_probe_samples(&session.layout, &samples);
    for (key, newer) in samples {
        session.probe_samples.entry(key).or_default().extend(newer);
    }
    session.duration_model = duration_model(&session.history.samples, &session.probe_samples);
    Ok(())
}

/// Returns the model of what runs and probes took.
pub(super) fn duration_model(history: &ProbeSamples, probes: &ProbeSamples) -> DurationModel {
    // Both count the same: a probe is a job without others beside it. The jobs of a run outnumber
    // it soon.
    DurationModel::from_samples(&[probes, history])
}

/// Returns the estimate of a run with `config` from measured durations, or from rough values if
/// there are none.
pub(super) fn forecast_run(
    plan: &Plan,
    session: &ProductionSession<'_>,
    config: &ExecutorConfig,
) -> Result<RunEstimate, SessionError> {
    // No probe here: `plan` must stay fast and must not start a renderer.
    let runs: usize = session.history.samples.values().map(Vec::len).sum();
    let probes: usize = session.probe_samples.values().map(Vec::len).sum();
    let basis = match (runs, probes) {
        (0, 0) => "a rough guess; no job has run here yet".to_owned(),
        (0, probes) => format!("a probe of this machine: {probes} jobs of a few frames each"),
        (runs, _) => format!("{runs} jobs that ran here"),
    };
    let file_digest = |path: &Path| session.snapshot.file_digest(path);
    Ok(estimate_run(
        plan,
        &session.duration_model,
        &session.history,
        &file_digest,
        config,
        &basis,
    )?)
}

/// What the processors did between two moments.
struct MachineLoad {
    began: Duration,
    busy: Option<f64>,
    own: ProcessCpu,
}

impl MachineLoad {
    fn begin(now: Duration) -> Self {
        let proc_dir = Path::new(PROC_FOLDER);
        Self {
            began: now,
            busy: machine_busy_seconds(proc_dir),
            // Without `/proc` nothing is known of other programs either, and all cores are counted.
            own: ProcessCpu::read(proc_dir).unwrap_or_default(),
        }
    }

    /// Returns the configuration with the cores that other programs leave.
    fn share_cores(self, config: ExecutorConfig, clock: &dyn Clock) -> ExecutorConfig {
        let elapsed = clock.elapsed() - self.began;
        std::thread::sleep(LEAST_LOAD_WINDOW.saturating_sub(elapsed));
        let seconds = (clock.elapsed() - self.began).as_secs_f64();
        let now = Self::begin(clock.elapsed());
        let others = now.busy.zip(self.busy).map(|(busy, before)| {
            let own = now.own.total() - self.own.total();
            (busy - before - own).max(0.0) / seconds
        });
        // The kernel divides the cores evenly among all that want them. Jobs want all there are.
        let shared_cores = config
            .shared_cores
            .map(|cores| cores * cores / (cores + others.unwrap_or(0.0)));
        ExecutorConfig {
            shared_cores,
            ..config
        }
    }
}
