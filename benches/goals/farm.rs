//! The cost of following a farm run on the orchestrating machine: one poll of a run of very many
//! tasks, of which a thousand are running.

use super::engine::job;
use production::base::{CancelToken, SystemClock};
use production::execute::{ExecutorConfig, JobTimeLimits, MachineCapacity, RetryPolicy};
use production::farm::{
    ArraySubmitter, FarmError, FarmRunFolder, FarmStatus, FollowContext, QueueSnapshot, Scheduler,
    SchedulerSpec, SubmissionLog, SubmitOutcome, TASK_MANIFEST_VERSION, TaskArray, TaskGroup,
    TaskId, TaskManifest, TaskManifestHeader, TaskMap, TaskPolicy, TaskRange, TaskRecordBuilder,
    TaskState, build_arrays, match_tasks, run_on_farm,
};
use production::model::farm_profile::{FarmProfile, SchedulerKind as Kind};
use production::model::{InputSource, Job};
use production::plan::Plan;
use production::store::{BlobStore, FileSnapshot, Journal, RunHistory, StoreLayout};
use std::cell::Cell;
use std::path::Path;
use std::time::{Duration, Instant};

/// Tasks that run at a time.
const RUNNING: u32 = 1000;
/// Polls of the scheduler that are measured.
const POLLS: u32 = 20;
/// Most tasks of an array.
const LIMIT: u32 = 1000;
const SPEC: SchedulerSpec = SchedulerSpec {
    name: "bench",
    survives_client: true,
    needs_shared_disk: true,
    may_run_windows: false,
    default_array_limit: LIMIT,
    release_command: None,
};

/// A schematic scheduler: it accepts everything, its first thousand tasks never end, and it stops
/// the run after `POLLS` polls.
struct EndlessScheduler<'a> {
    cancel: &'a CancelToken,
    polls: Cell<u32>,
    /// Processor time at the first and at the last poll.
    spent: &'a Cell<(Duration, Duration)>,
}

impl Scheduler for EndlessScheduler<'_> {
    fn spec(&self) -> &'static SchedulerSpec {
        &SPEC
    }

    fn validate_capabilities(&self, _: &[TaskGroup]) -> Vec<String> {
        Vec::new()
    }

    fn array_limit(&self) -> Result<u32, FarmError> {
        Ok(LIMIT)
    }

    fn dry_run(&self, _: &TaskArray) -> Result<(), FarmError> {
        Ok(())
    }

    fn preview_submission(&self, _: &TaskArray) -> String {
        String::new()
    }

    fn submit(&mut self, array: &TaskArray, _: &SubmissionLog) -> Result<SubmitOutcome, FarmError> {
        Ok(SubmitOutcome::Accepted(array.number.to_string()))
    }

    fn poll_queue(
        &mut self,
        placements: &SubmissionLog,
    ) -> Result<Option<QueueSnapshot>, FarmError> {
        let (first, _) = self.spent.get();
        self.spent.set(if self.polls.get() == 0 {
            (processor(), processor())
        } else {
            (first, processor())
        });
        self.polls.set(self.polls.get() + 1);
        if self.polls.get() > POLLS {
            self.cancel.request_halt();
        }
        Ok(Some(queue_snapshot(placements)))
    }

    fn withdraw_pending(&mut self, _: &SubmissionLog) -> Result<bool, FarmError> {
        Ok(true)
    }

    fn cancel(&mut self, _: &SubmissionLog) -> Result<(), FarmError> {
        Ok(())
    }
}

/// Returns what `squeue` would list: each running task by itself, and pending tasks by array.
fn queue_snapshot(placements: &SubmissionLog) -> QueueSnapshot {
    let run = |array: &TaskArray, first: u32, last: u32, stage: TaskState| TaskRange {
        first: TaskId(array.first.0 + first),
        last: TaskId(array.first.0 + last),
        attempt: 1,
        scheduler_job: array.number.to_string(),
        element: Some(first),
        state: stage,
    };
    let waits = || TaskState::Queued {
        reason: "Resources".into(),
        held: false,
    };
    let mut runs = Vec::new();
    let mut left = RUNNING;
    for array in placements.arrays() {
        let busy = left.min(array.len());
        left -= busy;
        runs.extend((0..busy).map(|element| run(array, element, element, TaskState::Running)));
        if busy < array.len() {
            runs.push(run(array, busy, array.len() - 1, waits()));
        }
    }
    QueueSnapshot::from_ranges(runs)
}

/// Returns the processor time that this process has used.
fn processor() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit_once(") ").unwrap().1.split(' ').collect();
    let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
    Duration::from_millis(ticks * 10)
}

/// Follows `count` tasks for `POLLS` polls, and prints the processor time of each.
pub(super) fn follow_run(folder: &Path, count: usize) {
    let folder = &folder.join("farm");
    std::fs::create_dir_all(folder).unwrap();
    let store = StoreLayout::new(folder.join(".production"));
    let plan = planned(count);
    let tasks = TaskMap::from_plan(&plan);
    let snapshot = write_inputs(folder, &store);
    let history = RunHistory::default();
    let manifest = TaskManifest {
        header: header(folder, &store, &tasks),
        folder: FarmRunFolder::new(store.clone(), "rev-0001"),
    };
    let record_builder = TaskRecordBuilder {
        plan: &plan,
        tasks: &tasks,
        history: &history,
        snapshot: &snapshot,
        describe_origin: &|_| String::new(),
    };
    timed("manifest written", || manifest.write(&record_builder)).unwrap();
    let by_job = timed("matched on resume", || {
        match_tasks(&manifest, &plan).unwrap()
    });
    let arrays = timed("arrays", || build_arrays(&plan, &tasks, LIMIT));
    let cancel = CancelToken::default();
    let spent = Cell::default();
    let clock = SystemClock::default();
    let mut scheduler = EndlessScheduler {
        cancel: &cancel,
        polls: Cell::new(0),
        spent: &spent,
    };
    let placements = SubmissionLog::open(manifest.folder.clone()).unwrap();
    let mut submitter = ArraySubmitter::new(&mut scheduler, placements, &manifest.header.groups);
    timed("placed", || submitter.submit_arrays(arrays).unwrap());
    time_status(&manifest);
    let following = FollowContext {
        plan: &plan,
        manifest: &manifest,
        tasks: &by_job,
        poll: Duration::from_millis(100),
        blobs: &BlobStore::new(store.clone()),
        snapshot: &snapshot,
        cancel: &cancel,
        clock: &clock,
    };
    let mut journal = Journal::create(&store, "rev-0001").unwrap();
    run_on_farm(
        &following,
        &mut submitter,
        &history,
        &everything(),
        &mut journal,
        &mut [],
        &mut |_| {},
    )
    .unwrap();
    print_poll_cost(spent.get());
}

fn write_inputs(folder: &Path, store: &StoreLayout) -> FileSnapshot {
    std::fs::write(folder.join("scene.glb"), "scene").unwrap();
    FileSnapshot::hash_inputs(folder, &["scene.glb".into()], store).unwrap()
}

fn time_status(manifest: &TaskManifest) {
    let placements = SubmissionLog::open(manifest.folder.clone()).unwrap();
    let queue = queue_snapshot(&placements);
    timed("standing", || {
        FarmStatus::from_manifest(manifest, Some(&queue))
    });
}

/// Prints the processor time of a poll. `spent`: at the first and at the last poll.
fn print_poll_cost(spent: (Duration, Duration)) {
    let (first, last) = spent;
    println!(
        "processor per poll {:.1} ms",
        (last - first).as_secs_f64() * 1e3 / f64::from(POLLS)
    );
}

fn timed<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let since = Instant::now();
    let made = act();
    println!("{what} {:.2} s", since.elapsed().as_secs_f64());
    made
}

/// Returns jobs that need only the scene, so that all of them can run at once.
fn renders(count: usize) -> Vec<Job> {
    (0..count)
        .map(|at| job(at, InputSource::File("scene.glb".into())))
        .collect()
}

fn planned(count: usize) -> Plan {
    super::engine::unmade(renders(count))
}

fn header(root: &Path, store: &StoreLayout, tasks: &TaskMap) -> TaskManifestHeader {
    let limits = JobTimeLimits::default();
    let retries = RetryPolicy::default();
    TaskManifestHeader {
        version: TASK_MANIFEST_VERSION,
        token: "bench".into(),
        revision: "rev-0001".into(),
        production: "Bench".into(),
        program: "production".into(),
        submitted_by: "bench".into(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        root: root.to_owned(),
        store: store.root().to_owned(),
        farm: farm(),
        exported: false,
        gpu: "auto".into(),
        rules: TaskPolicy::new(
            limits,
            retries,
            Duration::ZERO,
            Duration::from_secs(60),
            false,
        ),
        tasks: u32::try_from(tasks.len()).unwrap(),
        groups: tasks.groups().to_vec(),
    }
}

fn farm() -> FarmProfile {
    serde_json::from_value(serde_json::json!({
        "name": "bench", "engine": Kind::Slurm, "licences": {}, "slots": RUNNING, "mixed_hosts": false, "setup": [],
        "poll": {"secs": 0, "nanos": 100_000_000}, "lag": {"secs": 60, "nanos": 0}, "options": [], "path_map": [],
    }))
    .unwrap()
}

fn everything() -> ExecutorConfig {
    ExecutorConfig {
        parallel: usize::MAX,
        capacity: MachineCapacity::new(u32::MAX, u32::MAX, u32::MAX),
        max_failures: Some(1),
        retries: RetryPolicy::default(),
        limits: JobTimeLimits::default(),
        proc_dir: None,
        shared_cores: None,
    }
}
