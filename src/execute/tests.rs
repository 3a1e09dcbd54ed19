//! The dispatcher with a scripted producer and a clock of its own.

use super::*;
use crate::base::{CancelToken, Clock};
use crate::event::{Event, EventSink, JobStarted, JobSucceeded};
use crate::model::{
    ActionKind, AssetKind, Claim, ExecutionMode, InputSlot, InputSource, Job, JobAction, JobId,
    JobInput, JobName, Phase,
};
use crate::plan::{DurationModel, JobSelection, Plan, PlanningContext, build_plan};
use crate::process::SecretRedactor;
use crate::producers::{
    FailureClass, JobContext, JobFailure, JobProducer, OutputFile, ProducerOutput,
};
use crate::store::{BlobStore, FileSnapshot, Journal, RunHistory, StoreLayout};
use proptest::prelude::*;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock that advances a second at every look.
#[derive(Default)]
struct TickingClock(AtomicU64);

impl Clock for TickingClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.fetch_add(1, Ordering::SeqCst))
    }
}

/// Fails each job as often as the script has it. A job with the class `Cancelled` works until it is
/// stopped.
#[derive(Default)]
struct ScriptedProducer {
    fails: HashMap<&'static str, (u32, FailureClass)>,
    tries: Mutex<HashMap<String, u32>>,
}

impl ScriptedProducer {
    fn failing(name: &'static str, times: u32, class: FailureClass) -> Self {
        Self {
            fails: HashMap::from([(name, (times, class))]),
            ..Self::default()
        }
    }
}

impl JobProducer for ScriptedProducer {
    fn run_job(&self, assignment: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
        let name = assignment
            .inputs
            .single_file(&InputSlot::file())
            .unwrap()
            .name
            .clone();
        let tries = {
            let mut tries = self.tries.lock().unwrap();
            let tries = tries.entry(name.clone()).or_insert(0);
            *tries += 1;
            *tries
        };
        match self.fails.get(name.as_str()) {
            Some((times, FailureClass::Cancelled)) if tries <= *times => {
                while !assignment.watch.cancel.is_halting() {
                    std::thread::yield_now();
                }
                Err(JobFailure::new(FailureClass::Cancelled, "stopped"))
            }
            Some((times, class)) if tries <= *times => Err(JobFailure::new(*class, "as scripted")),
            _ => {
                let path = assignment.scratch.join("made");
                std::fs::write(&path, &name).unwrap();
                let outputs = vec![OutputFile {
                    name: "made".into(),
                    path,
                }];
                Ok(ProducerOutput {
                    outputs,
                    provider: "troupe".into(),
                    mode: ExecutionMode::Simulated,
                    warnings: Vec::new(),
                })
            }
        }
    }

    fn provider_identity(&self, _: &JobAction) -> String {
        "troupe".to_owned()
    }

    fn check_outputs(&self, _: &JobContext<'_>, _: &[OutputFile]) -> Result<(), JobFailure> {
        Ok(())
    }
}

/// Keeps every event as one word and the job it is about.
#[derive(Default)]
struct EventLog(Vec<String>);

impl EventSink for EventLog {
    fn record_event(&mut self, event: &Event) {
        let short = |job: &str| job.parse::<JobName>().unwrap().subject().to_owned();
        self.0.extend(match event {
            Event::JobStarted(JobStarted { job, attempt, .. }) => {
                Some(format!("start {} {attempt}", short(job)))
            }
            Event::JobSucceeded(JobSucceeded { job, .. }) => Some(format!("made {}", short(job))),
            Event::JobRetried {
                job, class, wait, ..
            } => Some(format!("again {} {class:?} {wait}", short(job))),
            Event::JobFailed { job, class, .. } => Some(format!("fail {} {class:?}", short(job))),
            Event::JobSkipped { job, because, .. } => {
                Some(format!("skip {} because {}", short(job), short(because)))
            }
            _ => None,
        });
    }
}

/// Jobs by name, each with the jobs that it needs.
fn jobs(wanted: &[(&str, &[u32])]) -> Vec<Job> {
    let file = |name: &str| JobInput {
        slot: InputSlot::file(),
        from: InputSource::File(PathBuf::from(name)),
    };
    wanted
        .iter()
        .map(|(name, needs)| Job {
            name: JobName::new(ActionKind::Import, &[name]),
            phase: Phase::Prepare,
            work: JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            },
            inputs: std::iter::once(file(name))
                .chain(needs.iter().map(|id| JobInput {
                    slot: InputSlot::new("need"),
                    from: InputSource::Job(JobId(*id)),
                }))
                .collect(),
            claim: Claim::default(),
            limits: None,
            shot: None,
            output: None,
            source_size: None,
            origin: crate::base::FileSpan::default(),
        })
        .collect()
}

fn settings() -> ExecutorConfig {
    ExecutorConfig {
        parallel: 1,
        capacity: MachineCapacity::new(1, 0, 0),
        max_failures: Some(1),
        retries: RetryPolicy::default(),
        limits: JobTimeLimits::default(),
        proc_dir: None,
        shared_cores: None,
    }
}

/// No time passes: every job is short.
#[derive(Default)]
struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}

fn run(
    jobs: Vec<Job>,
    producer: &ScriptedProducer,
    settings: &ExecutorConfig,
) -> (RunOutcome, Vec<String>) {
    run_by(&TickingClock::default(), jobs, producer, settings)
}

/// Writes a file for each job, with its subject as name and content, and returns their names.
fn write_subject_files(folder: &Path, jobs: &[Job]) -> Vec<PathBuf> {
    let names: Vec<PathBuf> = jobs
        .iter()
        .map(|job| PathBuf::from(job.name.subject()))
        .collect();
    for name in &names {
        std::fs::write(folder.join(name), name.as_os_str().as_encoded_bytes()).unwrap();
    }
    names
}

fn run_by(
    clock: &dyn Clock,
    jobs: Vec<Job>,
    producer: &ScriptedProducer,
    settings: &ExecutorConfig,
) -> (RunOutcome, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let names = write_subject_files(folder.path(), &jobs);
    let layout = StoreLayout::new(folder.path().join("store"));
    let snapshot = FileSnapshot::hash_inputs(folder.path(), &names, &layout).unwrap();
    let history = RunHistory::default();
    let durations = DurationModel::default();
    let planning_context = PlanningContext {
        history: &history,
        has_artefact: &|_| true,
        file_digest: &|path| snapshot.file_digest(path),
        redact: &|_| {},
        provenance: &|_| None,
        provider: &|_| String::new(),
        durations: &durations,
    };
    let plan: Plan = build_plan(jobs, &JobSelection::default(), &planning_context).unwrap();
    let blobs = BlobStore::new(layout.clone());
    let cancel = CancelToken::default();
    let context = WorkerContext {
        producer,
        blobs: &blobs,
        layout: &layout,
        project_root: folder.path(),
        scratch: &layout.scratch_folder(),
        snapshot: &snapshot,
        cancel: &cancel,
        control: None,
        clock,
        reaper: None,
        grace_period: Duration::from_secs(5),
        log_context: LogContext {
            revision: "rev-0001",
            host: "here",
            secrets: &SecretRedactor::default(),
            locate_origin: &|_| "p.yaml:1:1".to_owned(),
        },
    };
    let mut journal = Journal::create(&layout, "rev-0001").unwrap();
    let mut log = EventLog::default();
    let outcome = execute(
        &plan,
        &context,
        &history,
        &mut journal,
        &mut [&mut log],
        settings,
    )
    .unwrap();
    (outcome, log.0)
}

#[test]
fn a_crash_is_tried_again_and_then_counts_as_made() {
    let producer = ScriptedProducer::failing("a", 1, FailureClass::Crash);
    let (outcome, log) = run(jobs(&[("a", &[]), ("b", &[0])]), &producer, &settings());
    assert_eq!(
        log,
        [
            "start a 1",
            "again a Crash 1",
            "start a 2",
            "made a",
            "start b 1",
            "made b"
        ]
    );
    assert_eq!(outcome.failed_jobs().count(), 0);
}

#[test]
fn while_one_job_rests_others_run() {
    let producer = ScriptedProducer::failing("a", 2, FailureClass::BadOutput);
    let settings = ExecutorConfig {
        retries: RetryPolicy {
            max_retries: 2,
            ..RetryPolicy::default()
        },
        ..settings()
    };
    let (_, log) = run(
        jobs(&[("a", &[]), ("b", &[]), ("c", &[])]),
        &producer,
        &settings,
    );
    let at = |line: &str| log.iter().position(|found| found == line).unwrap();
    assert!(
        at("again a BadOutput 4") < at("start b 1") && at("start b 1") < at("start a 3"),
        "{log:?}"
    );
    assert_eq!(
        log.iter().filter(|line| line.starts_with("made")).count(),
        3
    );
}

#[test]
fn a_missing_input_is_not_tried_again_and_skips_only_its_dependants() {
    let producer = ScriptedProducer::failing("a", 9, FailureClass::MissingInput);
    let settings = ExecutorConfig {
        max_failures: None,
        ..settings()
    };
    let (_, log) = run(
        jobs(&[("a", &[]), ("b", &[0]), ("c", &[])]),
        &producer,
        &settings,
    );
    assert_eq!(
        log,
        [
            "start a 1",
            "fail a MissingInput",
            "skip b because a",
            "start c 1",
            "made c"
        ]
    );
}

#[test]
fn after_the_most_failures_no_further_job_starts() {
    let mut producer = ScriptedProducer::failing("a", 9, FailureClass::MissingInput);
    producer.fails.insert("b", (9, FailureClass::MissingInput));
    let settings = ExecutorConfig {
        max_failures: Some(2),
        ..settings()
    };
    let (outcome, log) = run(
        jobs(&[("a", &[]), ("b", &[]), ("c", &[])]),
        &producer,
        &settings,
    );
    assert_eq!(log.last().unwrap(), "fail b MissingInput");
    assert_eq!(outcome.results[2], JobResult::Pending);
}

#[test]
fn a_job_over_its_time_is_stopped_and_tried_again() {
    let producer = ScriptedProducer::failing("a", 1, FailureClass::Cancelled);
    let limits = JobTimeLimits {
        wall: Some(Duration::from_secs(30)),
        ..JobTimeLimits::default()
    };
    let (outcome, log) = run(
        jobs(&[("a", &[])]),
        &producer,
        &ExecutorConfig {
            limits,
            ..settings()
        },
    );
    assert_eq!(
        log,
        ["start a 1", "again a Timeout 1", "start a 2", "made a"]
    );
    assert!(!outcome.cancelled);
}

#[test]
fn tries_that_are_used_up_fail_the_job() {
    let producer = ScriptedProducer::failing("a", 9, FailureClass::Crash);
    let retries = RetryPolicy {
        max_retries: 2,
        ..RetryPolicy::default()
    };
    let (outcome, log) = run(
        jobs(&[("a", &[])]),
        &producer,
        &ExecutorConfig {
            retries,
            ..settings()
        },
    );
    assert_eq!(
        log,
        [
            "start a 1",
            "again a Crash 1",
            "start a 2",
            "again a Crash 4",
            "start a 3",
            "fail a Crash"
        ]
    );
    assert_eq!(
        outcome.failed_jobs().next().unwrap().1.class,
        FailureClass::Crash
    );
}

#[test]
fn the_longest_chain_starts_first_and_equals_start_in_document_order() {
    let wanted: &[(&str, &[u32])] = &[
        ("a", &[]),
        ("b", &[]),
        ("c", &[1]),
        ("d", &[2]),
        ("e", &[]),
        ("f", &[4]),
    ];
    let (_, log) = run(jobs(wanted), &ScriptedProducer::default(), &settings());
    let started: Vec<_> = log
        .iter()
        .filter_map(|line| line.strip_prefix("start "))
        .collect();
    assert_eq!(
        started,
        ["b 1", "c 1", "e 1", "a 1", "d 1", "f 1"].map(str::to_owned)
    );
}

#[test]
fn a_job_out_of_memory_is_tried_again_with_twice_as_much_and_at_most_all_there_is() {
    let producer = ScriptedProducer::failing("a", 2, FailureClass::OutOfMemory);
    let mut wanted = jobs(&[("a", &[]), ("b", &[])]);
    wanted.iter_mut().for_each(|job| {
        job.claim = Claim {
            memory: 400,
            ..Claim::default()
        }
    });
    let capacity = MachineCapacity::new(2, 0, 1000);
    let settings = ExecutorConfig {
        parallel: 2,
        capacity,
        retries: RetryPolicy {
            max_retries: 2,
            ..RetryPolicy::default()
        },
        ..settings()
    };
    let (_, log) = run(wanted, &producer, &settings);
    let waits: Vec<_> = log
        .iter()
        .filter_map(|line| line.strip_prefix("again a OutOfMemory "))
        .collect();
    assert_eq!(waits, ["1", "4"]);
    assert!(
        log.contains(&"made a".to_owned()) && log.contains(&"made b".to_owned()),
        "{log:?}"
    );
}

#[test]
fn one_token_allows_one_job_at_a_time() {
    let mut wanted = jobs(&[("a", &[]), ("b", &[]), ("c", &[])]);
    for job in &mut wanted {
        job.claim.tokens.insert("nuke".to_owned(), 1000);
    }
    let mut capacity = MachineCapacity::new(4, 0, 0);
    capacity.tokens.insert("nuke".to_owned(), 1000);
    let (_, log) = run(
        wanted,
        &ScriptedProducer::default(),
        &ExecutorConfig {
            parallel: 4,
            capacity,
            ..settings()
        },
    );
    let kinds: Vec<_> = log
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(kinds, ["start", "made", "start", "made", "start", "made"]);
}

#[test]
fn after_a_failure_no_short_job_begins_by_itself() {
    let producer = ScriptedProducer::failing("b", 9, FailureClass::MissingInput);
    let wanted = jobs(&[("a", &[]), ("b", &[]), ("c", &[]), ("d", &[])]);
    let (outcome, log) = run_by(&StoppedClock, wanted, &producer, &settings());
    assert_eq!(
        log,
        ["start a 1", "made a", "start b 1", "fail b MissingInput"]
    );
    assert_eq!(
        outcome.results[2..],
        [JobResult::Pending, JobResult::Pending]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn hands_that_go_on_by_themselves_make_each_job_once_in_its_turn_and_never_hold_too_much(
        memory in prop::collection::vec((1u32..4, 0usize..8), 1..24), parallel in 1usize..4
    ) {
        let names: Vec<String> = (0..memory.len()).map(|at| format!("j{at}")).collect();
        let needs: Vec<Vec<u32>> = memory.iter().enumerate().map(|(at, (_, need))| {
            at.checked_sub(*need + 1).map(|need| u32::try_from(need).unwrap()).into_iter().collect()
        }).collect();
        let wanted: Vec<_> =
            names.iter().zip(&needs).map(|(name, needs)| (name.as_str(), needs.as_slice())).collect();
        let mut wanted = jobs(&wanted);
        wanted.iter_mut().zip(&memory).for_each(|(job, (memory, _))| job.claim.memory = memory * 100);
        let settings = ExecutorConfig { parallel, capacity: MachineCapacity::new(4, 0, 500), ..settings() };
        let (outcome, log) = run_by(&StoppedClock, wanted, &ScriptedProducer::default(), &settings);
        prop_assert!(outcome.results.iter().all(|result| matches!(result, JobResult::Succeeded(_))));
        let mut held = Vec::new();
        let mut made = Vec::new();
        for line in &log {
            let (word, rest) = line.split_once(' ').unwrap();
            let at: usize = rest.split(' ').next().unwrap()[1..].parse().unwrap();
            if word == "start" {
                prop_assert!(needs[at].iter().all(|need| made.contains(&(*need as usize))), "{log:?}");
                held.push(at);
            } else {
                held.retain(|running| *running != at);
                made.push(at);
            }
            let sum: u32 = held.iter().map(|at| memory[*at].0 * 100).sum();
            prop_assert!(held.len() <= parallel && sum <= 500, "{log:?}");
        }
        prop_assert_eq!(made.len(), memory.len());
    }
}
