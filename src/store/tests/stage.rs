//! A small production that runs and publishes on any disk: three jobs, a film and a folder of
//! frames.

use crate::base::{CancelToken, Clock, Digest};
use crate::event::{
    DeliverablePart, DeliveredOutput, DeliveredReport, EVENT_FORMAT_VERSION, Event, JobSucceeded,
    RunStatus,
};
use crate::execute::{
    ExecutorConfig, JobResult, JobTimeLimits, LogContext, MachineCapacity, RetryPolicy, RunOutcome,
    WorkerContext, execute,
};
use crate::model::{
    AssetKind, Claim, ExecutionMode, InputSlot, InputSource, Job, JobAction, JobId, JobInput, Phase,
};
use crate::plan::{DurationModel, JobSelection, Plan, PlanningContext, build_plan};
use crate::process::SecretRedactor;
use crate::producers::{JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput};
use crate::store::disk::StoreDisk;
use crate::store::manifest::ManifestReport;
use crate::store::place_survey::ReplacePermit;
use crate::store::publish::{PlacedRevision, publish_revision, replaced_paths};
use crate::store::publish_recovery::{PublishRecovery, recover_publication};
use crate::store::{
    BlobStore, FileSnapshot, Journal, LockOwner, Manifest, RunHistory, StoreError, StoreLayout,
    StoreLock, journal,
};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The production's folder.
pub(super) const ROOT: &str = "film";
/// The file from which everything is made.
pub(super) const SOURCE: &str = "film/scene.glb";

/// Copies its inputs and adds a line. It writes through the disk of the test, as a tool would
/// through the system.
// Through the test's disk, because a disk that is full or loses power does so for tools as well.
#[derive(Debug)]
struct SigningProducer(Arc<dyn StoreDisk>);

impl JobProducer for SigningProducer {
    fn run_job(&self, assignment: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let mut text = Vec::new();
        for material in assignment.inputs.files.values().flatten() {
            let bytes = self
                .0
                .read_bytes(&material.path)
                .map_err(|error| JobFailure::from_io_error("read a material", &error))?;
            text.extend(bytes);
        }
        let make = |index: usize| {
            let name = format!("{index:04}.png");
            let path = assignment.scratch.join(&name);
            let written = self.0.create(&path).and_then(|mut file| {
                file.write_all(&text)?;
                writeln!(file, "picture {index}")
            });
            written
                .map_err(|error| JobFailure::from_io_error("write a picture", &error))
                .map(|()| OutputFile { name, path })
        };
        let count = if *assignment.action
            == (JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            }) {
            2
        } else {
            1
        };
        let outputs = (1..=count).map(make).collect::<Result<_, _>>()?;
        Ok(ProducerOutput {
            outputs,
            provider: "scribe".into(),
            mode: ExecutionMode::Simulated,
            warnings: Vec::new(),
        })
    }

    fn provider_identity(&self, _: &JobAction) -> String {
        "scribe".to_owned()
    }

    fn check_outputs(&self, _: &JobContext<'_>, _: &[OutputFile]) -> Result<(), JobFailure> {
        Ok(())
    }
}

/// A clock that advances at every look. Its wall time may go back.
pub(super) struct TestClock {
    ticks: AtomicI64,
    wall_step: i64,
}

impl TestClock {
    pub(super) fn new(wall_step: i64) -> Self {
        Self {
            ticks: AtomicI64::new(0),
            wall_step,
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> jiff::Timestamp {
        let tick = self.ticks.fetch_add(1, Ordering::SeqCst);
        jiff::Timestamp::from_second(1_800_000_000 + tick * self.wall_step).unwrap()
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.ticks.fetch_add(1, Ordering::SeqCst).unsigned_abs())
    }
}

/// What one run did.
#[derive(Debug)]
pub(super) struct StageRun {
    pub(super) mended: Option<PublishRecovery>,
    pub(super) outcome: RunOutcome,
    /// Why hidden files could not be removed.
    pub(super) left: Option<String>,
}

impl StageRun {
    pub(super) fn reused(&self) -> usize {
        self.outcome
            .count_results(|result| matches!(result, JobResult::Reused(_)))
    }

    pub(super) fn is_whole(&self) -> bool {
        (0..3).all(|job| self.outcome.job_outputs(JobId(job)).is_some())
    }
}

pub(super) fn layout(disk: impl StoreDisk + 'static) -> StoreLayout {
    StoreLayout::on_disk(Arc::new(disk), "film/.production")
}

/// A character, its frames, and the film of them.
fn jobs() -> Vec<Job> {
    let file = || JobInput {
        slot: InputSlot::file(),
        from: InputSource::File(PathBuf::from("scene.glb")),
    };
    let need = |id: u32| JobInput {
        slot: InputSlot::new("need"),
        from: InputSource::Job(JobId(id)),
    };
    let job = |name: &str, inputs: Vec<JobInput>, kind: AssetKind| Job {
        name: name.parse().unwrap(),
        phase: Phase::Prepare,
        work: JobAction::Import {
            kind,
            mend: Default::default(),
        },
        inputs,
        claim: Claim::default(),
        limits: None,
        shot: Some("sh010".into()),
        output: None,
        source_size: None,
        origin: crate::base::FileSpan::default(),
    };
    vec![
        job("asset.import/mara", vec![file()], AssetKind::Environment),
        job("render.shot/sh010", vec![need(0)], AssetKind::Model),
        job(
            "export.stitch/film",
            vec![need(0), need(1)],
            AssetKind::Environment,
        ),
    ]
}

fn delivered() -> Vec<DeliveredOutput> {
    let one = |output: &str, path: &str, job: &str, folder| DeliveredOutput {
        output: output.into(),
        path: path.into(),
        job: job.into(),
        folder,
        parts: Vec::new(),
        files: Vec::new(),
    };
    vec![
        one("film", "out/film.mp4", "asset.import/mara", false),
        one("frames", "out/frames", "render.shot/sh010", true),
        one("copy", "out/copy.mp4", "export.stitch/film", false),
        DeliveredOutput {
            parts: [
                ("render.shot/sh010", "sh010"),
                ("asset.import/mara", "sh020"),
            ]
            .map(|(job, folder)| DeliverablePart {
                job: job.into(),
                folder: folder.into(),
            })
            .to_vec(),
            ..one("passes", "out/passes", "", true)
        },
    ]
}

/// Runs the production, and replaces nothing that no run put there.
pub(super) fn run(layout: &StoreLayout, clock: &TestClock) -> Result<StageRun, String> {
    run_with(layout, clock, &ReplacePermit::default())
}

/// Runs the production as `production run` does: recover, replay, plan, make, publish, close.
pub(super) fn run_with(
    layout: &StoreLayout,
    clock: &TestClock,
    permit: &ReplacePermit,
) -> Result<StageRun, String> {
    let owner = LockOwner {
        process: 1,
        command: "run".into(),
        since: clock.now(),
    };
    let _lock = StoreLock::acquire_lock(layout, &owner, None).map_err(to_text)?;
    let root = Path::new(ROOT);
    let mended = recover_publication(layout, root).map_err(to_text)?;
    let history = RunHistory::replay_journals(layout).map_err(to_text)?;
    let snapshot =
        FileSnapshot::hash_inputs(root, &[PathBuf::from("scene.glb")], layout).map_err(to_text)?;
    snapshot.save_inputs(layout).map_err(to_text)?;
    let blobs = BlobStore::new(layout.clone());
    let plan = plan_jobs(&history, &snapshot, &blobs);
    let revision = history.next_revision();
    let mut journal = Journal::create(layout, &revision).map_err(to_text)?;
    journal
        .append(&started_event(&revision, &plan, clock))
        .map_err(to_text)?;
    let outcome = make(layout, &plan, &history, &snapshot, &mut journal, clock).map_err(to_text)?;
    let mut closing = vec![ended_event(&outcome, &plan, clock)];
    let mut placed = None;
    if outcome.is_complete(&plan) {
        let manifest = outcome.build_manifest(&plan, &revision, "Film", delivered());
        let (manifest, published) = prepare_publication(layout, &blobs, manifest, permit)?;
        closing.insert(0, published);
        let named = (&manifest, manifest.digest());
        let done = publish_revision(layout, root, named, permit, &mut journal, closing.clone());
        placed = Some(done.map_err(to_text)?);
    }
    closing
        .iter()
        .try_for_each(|event| journal.append(event))
        .map_err(to_text)?;
    journal.close().map_err(to_text)?;
    let left = placed.and_then(PlacedRevision::finish);
    Ok(StageRun {
        mended,
        outcome,
        left: left.map(to_text),
    })
}

fn to_text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn plan_jobs(history: &RunHistory, snapshot: &FileSnapshot, blobs: &BlobStore) -> Plan {
    let planning_context = PlanningContext {
        history,
        has_artefact: &|artefact| blobs.is_intact(artefact),
        file_digest: &|path| snapshot.file_digest(path),
        redact: &|_| {},
        provenance: &|_| None,
        provider: &|_| "scribe".to_owned(),
        durations: &DurationModel::default(),
    };
    build_plan(jobs(), &JobSelection::default(), &planning_context).unwrap()
}

fn started_event(revision: &str, plan: &Plan, clock: &TestClock) -> Event {
    Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: revision.to_owned(),
        production: "Film".into(),
        at: clock.now(),
        jobs: plan.len(),
        programs: Vec::new(),
        totals: None,
        tier: String::new(),
        tier_override: false,
        no_sound: false,
    }
}

fn ended_event(outcome: &RunOutcome, plan: &Plan, clock: &TestClock) -> Event {
    Event::RunEnded {
        status: if outcome.is_complete(plan) {
            RunStatus::Succeeded
        } else {
            RunStatus::Failed
        },
        at: clock.now(),
        seconds: outcome.seconds,
    }
}

/// Returns the manifest with its report and with what it replaces, and the record that publishes
/// it.
fn prepare_publication(
    layout: &StoreLayout,
    blobs: &BlobStore,
    mut manifest: Manifest,
    permit: &ReplacePermit,
) -> Result<(Manifest, Event), String> {
    let report = store_report(layout, blobs).map_err(to_text)?;
    manifest.report = ManifestReport::from_delivered(&report);
    manifest.replaced =
        replaced_paths(layout, Path::new(ROOT), &manifest, permit).map_err(to_text)?;
    let published = Event::Published {
        revision: manifest.revision.clone(),
        manifest: manifest.digest(),
        deliverables: delivered(),
        run_digest: None,
        report,
        replaced: manifest.replaced.clone(),
    };
    Ok((manifest, published))
}

/// Puts a report in the store that says what the source says.
fn store_report(layout: &StoreLayout, blobs: &BlobStore) -> Result<DeliveredReport, StoreError> {
    let path = layout.scratch_folder().join("report.html");
    let source = Path::new(SOURCE);
    let text = layout
        .disk()
        .read_bytes(source)
        .map_err(|error| StoreError::io("read", source, error))?;
    layout.replace_file(&path, &text)?;
    Ok(DeliveredReport {
        folder: "out".into(),
        files: blobs.ingest_files(&[("report.html", &path)])?,
    })
}

fn make(
    layout: &StoreLayout,
    plan: &Plan,
    history: &RunHistory,
    snapshot: &FileSnapshot,
    journal: &mut Journal,
    clock: &TestClock,
) -> Result<RunOutcome, crate::execute::ExecuteError> {
    let disk: Arc<dyn StoreDisk> = layout.shared_disk();
    let producer = SigningProducer(disk);
    let blobs = BlobStore::new(layout.clone());
    let cancel = CancelToken::default();
    let context = WorkerContext {
        producer: &producer,
        blobs: &blobs,
        layout,
        project_root: Path::new(ROOT),
        scratch: &layout.scratch_folder(),
        snapshot,
        cancel: &cancel,
        control: None,
        clock,
        reaper: None,
        grace_period: Duration::from_secs(5),
        log_context: LogContext {
            revision: "rev",
            host: "here",
            secrets: &SecretRedactor::default(),
            locate_origin: &|_| String::new(),
        },
    };
    let settings = ExecutorConfig {
        parallel: 1,
        capacity: MachineCapacity::new(1, 0, 0),
        max_failures: Some(1),
        retries: RetryPolicy {
            max_retries: 0,
            ..RetryPolicy::default()
        },
        limits: JobTimeLimits::default(),
        proc_dir: None,
        shared_cores: None,
    };
    let _ = layout.disk().remove_all(&layout.scratch_folder());
    let outcome = execute(plan, &context, history, journal, &mut [], &settings);
    let _ = layout.disk().remove_all(&layout.scratch_folder());
    outcome
}

/// Returns how often each identity was made, over all runs.
pub(super) fn times_made(layout: &StoreLayout) -> BTreeMap<Digest, usize> {
    let mut made = BTreeMap::new();
    for path in journal::list_journals(layout).unwrap() {
        for event in journal::read_events(layout, &path).unwrap() {
            if let Event::JobSucceeded(JobSucceeded { digest, .. }) = event {
                *made.entry(digest).or_insert(0) += 1;
            }
        }
    }
    made
}
