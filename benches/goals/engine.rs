//! The engine: planning, dispatch, and runs that have nothing to do.

use production::base::{CancelToken, Clock, Digest, FileSpan, SystemClock};
use production::execute::{
    ExecutorConfig, JobTimeLimits, LogContext, MachineCapacity, RetryPolicy, RunOutcome,
    WorkerContext, execute, simulate_run,
};
use production::expand::{SidecarFiles, expand_production};
use production::model::{
    ActionKind, AssetKind, Claim, ExecutionMode, InputSlot, InputSource, Job, JobAction, JobId,
    JobInput, JobName, Phase,
};
use production::plan::{
    DurationModel, JobForecast, JobSelection, Plan, PlanningContext, build_plan,
};
use production::process::{ChildCommand, ProcessReaper, SecretRedactor};
use production::producers::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use production::project::{ProjectOptions, open};
use production::store::{BlobStore, FileSnapshot, Journal, RunHistory, StoreLayout};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::forgetful::Forgetful;

/// The work of a job of the bench.
enum Deed {
    /// Nothing at all.
    Nothing,
    /// Runs `/bin/true` like a tool: in a process group of its own, with limits and captured
    /// output.
    True,
    /// Runs it through a shell.
    Shell,
    /// Writes one small file.
    Write,
    /// Prints the time until it was started, and ends the process.
    Leave,
}

impl JobProducer for Deed {
    fn run_job(&self, assignment: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let mut outputs = Vec::new();
        match self {
            Self::Nothing => {}
            Self::True => call(Command::new("/bin/true"), assignment)?,
            Self::Shell => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", "true"]);
                call(shell, assignment)?;
            }
            Self::Write => {
                let path = assignment.scratch.join("made");
                let name = assignment.scratch.file_name().unwrap().as_encoded_bytes();
                std::fs::write(&path, name).unwrap();
                outputs.push(OutputFile {
                    name: "made".into(),
                    path,
                });
            }
            Self::Leave => {
                drop(Command::new("/bin/true").stdin(Stdio::null()).spawn());
                std::process::exit(0);
            }
        }
        Ok(ProducerOutput {
            outputs,
            provider: "bench".into(),
            mode: ExecutionMode::Simulated,
            warnings: Vec::new(),
        })
    }

    fn check_outputs(&self, _: &JobContext<'_>, _: &[OutputFile]) -> Result<(), JobFailure> {
        Ok(())
    }

    fn provider_identity(&self, _: &JobAction) -> String {
        "bench".to_owned()
    }
}

fn call(command: Command, assignment: &JobContext<'_>) -> Result<(), JobFailure> {
    let ran = ChildCommand::new(command).run(assignment.watch);
    ran.map(|_| ())
        .map_err(|error| JobFailure::new(FailureClass::Crash, error.to_string()))
}

/// Independent jobs, all with the same input file.
fn alone(count: usize) -> Vec<Job> {
    (0..count)
        .map(|at| job(at, InputSource::File(PathBuf::from("scene.glb"))))
        .collect()
}

/// Jobs in fans of 100, like frames of shots.
fn fans(count: usize) -> Vec<Job> {
    let from = |at: usize| match at % 100 {
        0 => InputSource::File(PathBuf::from("scene.glb")),
        _ => InputSource::Job(JobId((at - at % 100) as u32)),
    };
    (0..count).map(|at| job(at, from(at))).collect()
}

/// The forecast of a job that takes a second and one core.
fn one_second() -> JobForecast {
    JobForecast {
        seconds: 1.0,
        range: 1.0,
        busy_cores: 1.0,
    }
}

pub(super) fn job(at: usize, from: InputSource) -> Job {
    Job {
        name: JobName::new(ActionKind::Import, &[&at]),
        phase: Phase::Prepare,
        work: JobAction::Import {
            kind: AssetKind::Model,
            mend: Default::default(),
        },
        // The slot differs, so that each job has an identity of its own.
        inputs: vec![JobInput {
            slot: InputSlot::provider_file(&at.to_string()),
            from,
        }],
        claim: Claim {
            cores: 1000,
            ..Claim::default()
        },
        shot: None,
        limits: None,
        output: None,
        source_size: None,
        origin: FileSpan::default(),
    }
}

/// A folder with a scene and a store.
struct Place {
    root: PathBuf,
    layout: StoreLayout,
    snapshot: FileSnapshot,
    history: RunHistory,
    clock: SystemClock,
}

impl Place {
    fn open(root: &Path) -> Self {
        let clock = SystemClock::default();
        let layout = StoreLayout::new(root.join("store"));
        let history = RunHistory::replay_journals(&layout).unwrap();
        let scene = root.join("scene.glb");
        if !scene.exists() {
            std::fs::write(&scene, "scene").unwrap();
        }
        let snapshot =
            FileSnapshot::hash_inputs(root, &[PathBuf::from("scene.glb")], &layout).unwrap();
        snapshot.save_inputs(&layout).unwrap();
        Self {
            root: root.to_owned(),
            layout,
            snapshot,
            history,
            clock,
        }
    }

    fn plan(&self, jobs: Vec<Job>) -> Plan {
        let blobs = BlobStore::new(self.layout.clone());
        let pace = DurationModel::default();
        let world = PlanningContext {
            history: &self.history,
            has_artefact: &|artefact| blobs.is_intact(artefact),
            file_digest: &|path| self.snapshot.file_digest(path),
            redact: &|_| {},
            provider: &|_| "bench".to_owned(),
            provenance: &|_| None,
            durations: &pace,
        };
        build_plan(jobs, &JobSelection::default(), &world).unwrap()
    }

    /// Runs a plan on two workers with a journal, and returns the seconds.
    fn run(&self, plan: &Plan, deed: &Deed) -> f64 {
        let blobs = BlobStore::new(self.layout.clone());
        let cancel = CancelToken::default();
        let mark = format!("bench-{}", std::process::id());
        let keeper = ProcessReaper::new(PathBuf::from(env!("CARGO_BIN_EXE_production")), mark);
        let workshop = WorkerContext {
            producer: deed,
            blobs: &blobs,
            layout: &self.layout,
            project_root: &self.root,
            scratch: &self.layout.scratch_folder(),
            snapshot: &self.snapshot,
            cancel: &cancel,
            control: None,
            clock: &self.clock,
            reaper: Some(&keeper),
            grace_period: std::time::Duration::from_secs(5),
            log_context: LogContext {
                revision: "rev-0001",
                host: "",
                secrets: &SecretRedactor::default(),
                locate_origin: &|_| String::new(),
            },
        };
        let mut journal = Journal::create(&self.layout, &self.history.next_revision()).unwrap();
        let began = self.clock.elapsed();
        let outcome = execute(
            plan,
            &workshop,
            &self.history,
            &mut journal,
            &mut [],
            &two_slots(),
        )
        .unwrap();
        assert!(outcome.is_complete(plan));
        let records = journal.record_count();
        journal.close().unwrap();
        self.history
            .compact_when_due(records, &self.layout)
            .unwrap();
        (self.clock.elapsed() - began).as_secs_f64()
    }
}

fn two_slots() -> ExecutorConfig {
    ExecutorConfig {
        parallel: 2,
        capacity: MachineCapacity::new(2, 1, u32::MAX),
        max_failures: Some(1),
        retries: RetryPolicy::default(),
        limits: JobTimeLimits::default(),
        proc_dir: Some(PathBuf::from("/proc")),
        shared_cores: None,
    }
}

/// P1, P2: real processes.
pub(super) fn spawn(folder: &Path, count: usize) {
    let place = Place::open(folder);
    place.run(&place.plan(alone(count)), &Deed::True);
}

/// P3: real processes through a shell.
pub(super) fn shells(folder: &Path, count: usize) {
    let place = Place::open(folder);
    place.run(&place.plan(alone(count)), &Deed::Shell);
}

/// P4: the same as P1 with a journal that is not written.
pub(super) fn spawn_unwritten(folder: &Path, count: usize) {
    let place = Place {
        layout: StoreLayout::on_disk(Arc::new(Forgetful), folder.join("store")),
        ..Place::open(folder)
    };
    place.run(&place.plan(alone(count)), &Deed::True);
}

/// P13: prints the seconds from an open store to a plan, for jobs that are all made.
pub(super) fn resume(folder: &Path, count: usize) {
    let clock = SystemClock::default();
    let place = Place::open(folder);
    assert!(
        place
            .plan(alone(count))
            .jobs()
            .all(|(_, planned)| !planned.reason.is_dirty())
    );
    println!("{:.3}", clock.elapsed().as_secs_f64());
}

/// P6: the cost of the engine itself. Prints microseconds for each job.
pub(super) fn noop(folder: &Path, count: usize) {
    let place = Place::open(folder);
    let seconds = place.run(&place.plan(fans(count)), &Deed::Nothing);
    println!("{:.3}", seconds * 1e6 / count as f64);
}

/// P5: the dispatcher alone, with a simulated clock. Prints microseconds for each job.
pub(super) fn rehearsed(count: usize) {
    let history = RunHistory::default();
    let clock = SystemClock::default();
    let plan = unmade(fans(count));
    let mut best = f64::MAX;
    for _ in 0..5 {
        let began = clock.elapsed();
        let ran = simulate_run(&plan, &history, &scene, &two_slots(), &|_| one_second()).unwrap();
        assert_eq!(ran.ran, count);
        best = best.min((clock.elapsed() - began).as_secs_f64());
    }
    println!("{:.3}", best * 1e6 / count as f64);
}

/// P14: reads a document of ten shots, plans it, and starts its first process.
pub(super) fn first_spawn(folder: &Path) {
    let place = Place::open(folder);
    let plan = place.plan(expanded(folder, 10, 1));
    place.run(&plan, &Deed::Leave);
}

/// Makes a store in which every job is done, for [`nothing_to_do`].
pub(super) fn fill_store(folder: &Path, count: usize) {
    let place = Place::open(folder);
    place.run(&place.plan(alone(count)), &Deed::Write);
}

/// P9, P10: reads the store, plans, checks that every output is present, and makes the summary, as
/// `run` does.
pub(super) fn nothing_to_do(folder: &Path, count: usize) {
    let place = Place::open(folder);
    let plan = place.plan(alone(count));
    assert!(RunOutcome::from_up_to_date(&plan, &place.history, 0.0).is_some());
    assert!(plan.run_digest(|id| plan.job(id).digest).is_some());
    std::mem::forget(plan);
}

/// P11: reads a compact document, expands it to about `count` jobs, and plans them.
pub(super) fn plan_document(folder: &Path, count: usize) {
    let place = Place::open(folder);
    let plan = place.plan(expanded(folder, 10, count / 20));
    assert!(plan.len() >= count, "{} jobs", plan.len());
}

/// P12: plans `count` jobs that are in memory already.
pub(super) fn plan_jobs(count: usize) {
    assert_eq!(unmade(fans(count)).len(), count);
}

/// Returns the plan for jobs that were never made.
pub(super) fn unmade(jobs: Vec<Job>) -> Plan {
    let history = RunHistory::default();
    let pace = DurationModel::default();
    let world = PlanningContext {
        history: &history,
        has_artefact: &|_| true,
        file_digest: &scene,
        redact: &|_| {},
        provider: &|_| "bench".to_owned(),
        provenance: &|_| None,
        durations: &pace,
    };
    build_plan(jobs, &JobSelection::default(), &world).unwrap()
}

/// Returns the same digest for every file.
fn scene(_: &Path) -> Option<Digest> {
    Some(Digest::hash_bytes(b"scene"))
}

/// Returns the jobs of a document of `shots` shots, each frame a job of its own.
fn expanded(folder: &Path, shots: usize, frames: usize) -> Vec<Job> {
    let shot = |at: usize| {
        format!(
            "    - {{name: s{at}, template: establishing_wide, scene: 1, location: pier, duration: {frames}}}\n"
        )
    };
    let text = format!(
        "production:\n  title: Bench\n  render_settings: {{chunk_size: 1}}\n  \
         locations: [{{name: pier, preset: harbour_dusk}}]\n  \
         outputs: [{{format: streaming_1080p, path: out/a.mp4}}]\n  shots:\n{}",
        (0..shots).map(shot).collect::<String>()
    );
    std::fs::write(folder.join("production.yaml"), text).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let options = ProjectOptions {
        search_path: &path,
        ..ProjectOptions::default()
    };
    let opened = open(folder, &options).unwrap();
    expand_production(&opened.checked.unwrap(), &SidecarFiles::new()).unwrap()
}
