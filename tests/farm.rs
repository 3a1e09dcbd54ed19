//! A simulated farm of a thousand slots, driven by the real dispatcher: how close its time comes to
//! the lower bound of any scheduler, and how much memory a job takes.

#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

use production::base::Digest;
use production::execute::{
    ExecutorConfig, JobTimeLimits, MachineCapacity, RetryPolicy, SimulatedRun, simulate_run,
};
use production::farm::{
    FarmRunFolder, TASK_MANIFEST_VERSION, TaskId, TaskManifest, TaskManifestHeader, TaskMap,
    TaskPolicy, TaskRecordBuilder, build_arrays,
};
use production::model::{
    ActionKind, AssetKind, Claim, InputSlot, InputSource, Job, JobAction, JobId, JobInput, JobName,
    Phase,
};
use production::plan::{
    DurationModel, JobForecast, JobSelection, Plan, PlannedJob, PlanningContext, build_plan,
};
use production::store::{FileSnapshot, RunHistory, StoreLayout as Store};
use std::alloc::{GlobalAlloc, Layout, System};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

const SLOTS: u32 = 1000;

/// Counts the allocated bytes, and their maximum.
struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[expect(
    unsafe_code,
    reason = "an allocator is unsafe by nature; this one only counts before it passes on"
)]
// SAFETY: every call is passed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(held, Ordering::Relaxed);
        // SAFETY: the caller's promises hold for the system's allocator too.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: `at` came from the system's allocator with this layout.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The jobs of a schematic production: shots of 24 chunks, each rendered and graded. A shot is
/// encoded as one, and all are joined at the end.
fn film(count: usize) -> Vec<Job> {
    let mut jobs: Vec<Job> = Vec::with_capacity(count);
    let mut encodes = Vec::new();
    while jobs.len() + 50 < count {
        let grades: Vec<u32> = (0..24)
            .map(|_| {
                let render = add(&mut jobs, Phase::Shots, &[]);
                add(&mut jobs, Phase::PostProcess, &[render])
            })
            .collect();
        encodes.push(add(&mut jobs, Phase::Export, &grades));
    }
    let stitch = add(&mut jobs, Phase::Export, &encodes);
    add(&mut jobs, Phase::Finalize, &[stitch]);
    jobs
}

fn add(jobs: &mut Vec<Job>, phase: Phase, needs: &[u32]) -> u32 {
    let id = u32::try_from(jobs.len()).unwrap();
    let file = JobInput {
        slot: InputSlot::file(),
        from: InputSource::File(PathBuf::from("scene.glb")),
    };
    let need = |id: &u32| JobInput {
        slot: InputSlot::new("need"),
        from: InputSource::Job(JobId(*id)),
    };
    jobs.push(Job {
        name: JobName::new(ActionKind::Import, &[&id]),
        phase,
        work: JobAction::Import {
            kind: AssetKind::Model,
            mend: Default::default(),
        },
        inputs: std::iter::once(file)
            .chain(needs.iter().map(need))
            .collect(),
        limits: None,
        claim: Claim {
            cores: 1000,
            ..Claim::default()
        },
        shot: None,
        output: None,
        source_size: None,
        origin: production::base::FileSpan::default(),
    });
    id
}

/// Returns the duration of a job in seconds: 40 to 160 for a render, less for others. It is always
/// the same.
fn seconds(planned: &PlannedJob) -> f64 {
    let chance = Digest::hash_bytes(planned.job.name.as_str().as_bytes()).hex_string();
    let chance = f64::from(u16::from_str_radix(&chance[..4], 16).unwrap()) / 65536.0;
    match planned.job.phase {
        Phase::Shots => 40.0 + 120.0 * chance,
        Phase::PostProcess => 4.0 + 8.0 * chance,
        _ => 1.0 + 2.0 * chance,
    }
}

fn file(_: &Path) -> Option<Digest> {
    Some(Digest::hash_bytes(b"scene"))
}

fn planned(jobs: Vec<Job>) -> Plan {
    let history = RunHistory::default();
    let pace = DurationModel::default();
    let world = PlanningContext {
        history: &history,
        has_artefact: &|_| true,
        file_digest: &file,
        redact: &|_| {},
        provenance: &|_| None,
        provider: &|_| String::new(),
        durations: &pace,
    };
    build_plan(jobs, &JobSelection::default(), &world).unwrap()
}

/// On a farm every job is as fast as alone.
fn forecast(planned: &PlannedJob) -> JobForecast {
    JobForecast {
        seconds: seconds(planned),
        range: 1.0,
        busy_cores: 1.0,
    }
}

fn farm() -> ExecutorConfig {
    ExecutorConfig {
        parallel: SLOTS as usize,
        capacity: MachineCapacity::new(SLOTS, 0, 0),
        max_failures: Some(1),
        retries: RetryPolicy::default(),
        limits: JobTimeLimits::default(),
        proc_dir: None,
        shared_cores: None,
    }
}

/// Returns the lower bound of any scheduler in seconds: all work spread evenly, or the longest
/// chain.
fn lower_bound(plan: &Plan) -> f64 {
    let mut chain = vec![0.0f64; plan.len()];
    let mut work = 0.0;
    for (id, planned) in plan.in_order().rev() {
        let behind = planned
            .dependants
            .iter()
            .map(|next| chain[next.index()])
            .fold(0.0, f64::max);
        work += seconds(planned);
        chain[id.index()] = seconds(planned) + behind;
    }
    chain.into_iter().fold(work / f64::from(SLOTS), f64::max)
}

/// Runs the plan on the simulated farm. Returns the run, and the bytes that each job took besides
/// the plan.
fn run(plan: &Plan) -> (SimulatedRun, f64) {
    let history = RunHistory::default();
    let before = HELD.load(Ordering::Relaxed);
    MOST.store(before, Ordering::Relaxed);
    let rehearsed = simulate_run(plan, &history, &file, &farm(), &forecast).unwrap();
    let most = MOST.load(Ordering::Relaxed) - before;
    (rehearsed, most as f64 / plan.len() as f64)
}

#[test]
fn a_thousand_slots_are_done_within_a_twentieth_of_the_lower_bound_and_memory_per_job_stays_flat() {
    let small = planned(film(10_000));
    let large = planned(film(100_000));
    let (_, few) = run(&small);
    let (rehearsed, many) = run(&large);
    let ratio = rehearsed.makespan / lower_bound(&large);
    assert_eq!(rehearsed.ran, large.len());
    assert!(
        (1.0..=1.05).contains(&ratio),
        "{ratio} times the lower bound"
    );
    assert!(
        many <= few * 1.25 && many < 1024.0,
        "{few} bytes a job at 10,000 jobs, {many} at 100,000"
    );
    println!(
        "makespan / lower bound {ratio:.4}; bytes a job {few:.0} at 10,000, {many:.0} at 100,000"
    );
}

/// A farm profile with nothing but defaults.
fn night() -> production::model::farm_profile::FarmProfile {
    serde_json::from_value(serde_json::json!({
        "name": "night", "engine": "slurm", "partition": null, "account": null, "qos": null, "gpu": null, "licences": {},
        "throttle": null, "array_limit": null, "time": null, "slots": 1, "poll": { "secs": 1, "nanos": 0 },
        "lag": { "secs": 1, "nanos": 0 }, "mixed_hosts": false, "program": null, "setup": [], "options": [], "path_map": [],
    }))
    .unwrap()
}

/// Returns every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn a_hundred_thousand_tasks_are_three_files_and_one_is_read_without_the_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scene.glb"), "scene").unwrap();
    let store = Store::new(folder.path().join("store"));
    let snapshot = FileSnapshot::hash_inputs(folder.path(), &["scene.glb".into()], &store).unwrap();
    let plan = planned(film(100_000));
    let tasks = TaskMap::from_plan(&plan);
    let header = TaskManifestHeader {
        version: TASK_MANIFEST_VERSION,
        token: "token".into(),
        revision: "rev-0001".into(),
        production: "Long".into(),
        program: "production".into(),
        submitted_by: "lena@login".into(),
        created_at: jiff::Timestamp::UNIX_EPOCH,
        root: folder.path().to_owned(),
        store: store.root().to_owned(),
        farm: night(),
        exported: false,
        gpu: "auto".into(),
        rules: TaskPolicy::new(
            JobTimeLimits::default(),
            RetryPolicy::default(),
            std::time::Duration::ZERO,
            std::time::Duration::ZERO,
            false,
        ),
        tasks: u32::try_from(tasks.len()).unwrap(),
        groups: tasks.groups().to_vec(),
    };
    let manifest = TaskManifest {
        header,
        folder: FarmRunFolder::new(store.clone(), "rev-0001"),
    };
    let history = RunHistory::default();
    let clerk = TaskRecordBuilder {
        plan: &plan,
        tasks: &tasks,
        history: &history,
        snapshot: &snapshot,
        describe_origin: &|_| String::new(),
    };
    manifest.write(&clerk).unwrap();
    assert_eq!(files(store.root()).len(), 3);
    let manifest = TaskManifest::open(manifest.folder).unwrap();
    for at in [0, 1, 50_000, tasks.len() - 1] {
        let task = TaskId(u32::try_from(at).unwrap());
        let record = manifest.read_record(task).unwrap();
        assert_eq!(
            (record.task, record.name.as_str()),
            (task, plan.job(tasks.job_of_task(task)).job.name.as_str())
        );
    }
    assert!(
        manifest
            .read_record(TaskId(u32::try_from(tasks.len()).unwrap()))
            .is_err()
    );
    assert_few_arrays(&plan, &tasks);
}

fn assert_few_arrays(plan: &Plan, tasks: &TaskMap) {
    let arrays = build_arrays(plan, tasks, 1000);
    let sizes = arrays.iter().map(|array| array.len() as usize);
    assert_eq!(sizes.sum::<usize>(), tasks.len());
    assert!(arrays.len() < 120, "{} arrays", arrays.len());
}
