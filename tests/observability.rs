//! What can be observed of a run: live events, a trace and metrics. Each is compared with the
//! journal, and read by a program of others where there is one.
//!
//! Without a graphics adapter or ffmpeg the tests report that and pass.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/python.rs"]
mod python;

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

const DOCUMENT: &str = "\
production:
  title: 'A \"tiny\" film'
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 96x54, samples: 1, frame_rate: 24}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 2}]
  outputs: [{name: film, format: streaming_1080p, resolution: 128x72, path: out/film.mp4}]
";

/// A film that was made, with the files that were written meanwhile.
struct Watched {
    folder: tempfile::TempDir,
}

impl Watched {
    fn new() -> Option<Self> {
        if !machine::makes_films() {
            return None;
        }
        let watched = Self {
            folder: film::folder(DOCUMENT),
        };
        let events = watched.path("events.jsonl");
        let trace = watched.path("trace.json");
        let made = watched.production(
            "run",
            &[
                "--events",
                events.to_str().unwrap(),
                "--trace",
                trace.to_str().unwrap(),
            ],
        );
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Some(watched)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn production(&self, command: &str, more: &[&str]) -> Output {
        let mut program = Command::new(BINARY);
        program
            .arg(command)
            .arg(self.folder.path())
            .args(more)
            .env("NO_COLOR", "1");
        program.output().unwrap()
    }

    /// Returns the records of the first run's journal.
    fn journal(&self) -> Vec<Value> {
        let text = self.text(".production/events/rev-0001.jsonl");
        text.lines()
            .map(|line| serde_json::from_str(line.split_once(' ').unwrap().1).unwrap())
            .collect()
    }
}

/// Returns the records of one kind by the names of their jobs.
fn by_job(journal: &[Value], event: &str) -> BTreeMap<String, Value> {
    let found = journal.iter().filter(|record| record["event"] == event);
    found
        .map(|record| (record["job"].as_str().unwrap().to_owned(), record.clone()))
        .collect()
}

fn live_events_are_the_journal_and_progress(watched: &Watched) {
    let events = watched.text("events.jsonl");
    let events = events
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let without_progress: Vec<Value> = events
        .filter(|event| event["event"] != "job_progress")
        .map(|mut event| {
            let event_map = event.as_object_mut().unwrap();
            assert_eq!(event_map.remove("v"), Some(json!(1)));
            assert!(event_map.remove("time").is_some());
            event
        })
        .collect();
    assert_eq!(without_progress, watched.journal());
}

fn assert_every_stage(stages: &[&str]) {
    for stage in [
        "read", "resolve", "validate", "expand", "replay", "plan", "execute", "publish", "report",
    ] {
        assert!(stages.contains(&stage), "{stages:?}");
    }
}

fn a_trace_has_a_bar_for_every_attempt_in_the_journal(watched: &Watched) {
    let events: Vec<Value> = serde_json::from_str(&watched.text("trace.json")).unwrap();
    let bars = |cat: &'static str| {
        events
            .iter()
            .filter(move |event| event["ph"] == "X" && event["cat"] == cat)
    };
    let journal = watched.journal();
    let attempts: BTreeMap<String, Value> = bars("job")
        .map(|bar| {
            (
                bar["name"].as_str().unwrap().to_owned(),
                bar["args"]["attempt"].clone(),
            )
        })
        .collect();
    let started = by_job(&journal, "job_started");
    let started: BTreeMap<String, Value> = started
        .into_iter()
        .map(|(job, record)| (job, record["attempt"].clone()))
        .collect();
    assert_eq!(attempts, started);
    for bar in bars("job") {
        let record = &by_job(&journal, "job_succeeded")[bar["name"].as_str().unwrap()];
        assert_eq!(
            (&bar["args"]["seconds"], &bar["args"]["result"]),
            (&record["seconds"], &json!("succeeded"))
        );
        assert!(
            bar["dur"].as_f64().unwrap() >= record["seconds"].as_f64().unwrap() * 1e6,
            "{bar}"
        );
    }
    let lane = |bar: &Value| {
        let named = events
            .iter()
            .find(|event| event["name"] == "thread_name" && event["tid"] == bar["tid"]);
        named.unwrap()["args"]["name"].as_str().unwrap().to_owned()
    };
    assert!(bars("job").all(|bar| lane(bar).starts_with("worker-")));
    let within = |bar: &Value, outer: &Value| {
        let start = bar["ts"].as_f64().unwrap();
        let long = bar["dur"].as_f64().unwrap();
        let from = outer["ts"].as_f64().unwrap();
        let most = outer["dur"].as_f64().unwrap();
        bar["tid"] == outer["tid"] && start >= from && start + long <= from + most + 1e-3
    };
    let encodes = bars("call").filter(|call| call["name"] == "ffmpeg");
    let inside = encodes
        .filter(|call| bars("job").any(|job| within(call, job)))
        .count();
    assert!(
        inside >= 3,
        "encode, stitch and verify call ffmpeg: {inside}"
    );
    let stages = bars("stage").map(|bar| bar["name"].as_str().unwrap());
    assert_every_stage(&stages.collect::<Vec<&str>>());
    assert!(bars("stage").all(|bar| lane(bar) == "main"));
}

/// Returns the samples that a reader of Prometheus finds. `None`: this machine has no such reader.
fn prometheus_samples(watched: &Watched) -> Option<Vec<Value>> {
    let python = python::interpreter()?;
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/check_metrics.py");
    let read = Command::new(python)
        .arg(tool)
        .arg(watched.path(".production/metrics.prom"))
        .output()
        .unwrap();
    assert!(
        read.status.success(),
        "{}",
        String::from_utf8_lossy(&read.stderr)
    );
    let text = String::from_utf8(read.stdout).unwrap();
    let lines = text.lines();
    Some(
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

fn figures_are_those_of_the_journal_and_prometheus_reads_them(watched: &Watched) {
    let output = watched.production("metrics", &["--format", "prometheus"]);
    let saved = watched.text(".production/runs/rev-0001/metrics.prom");
    assert_eq!(String::from_utf8_lossy(&output.stdout), saved);
    assert_eq!(watched.text(".production/metrics.prom"), saved);
    let json = watched.production("metrics", &["--format", "json"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    let made = by_job(&watched.journal(), "job_succeeded").len();
    assert_eq!(
        (&json["jobs"]["made"], &json["status"]),
        (&json!(made), &json!("succeeded"))
    );
    assert!(json["bytes_made"].as_u64().unwrap() > 1000);
    let Some(samples) = prometheus_samples(watched) else {
        return;
    };
    assert!(
        samples
            .iter()
            .all(|sample| sample[1]["production"] == "A \"tiny\" film")
    );
    let of = |name: &str| {
        samples
            .iter()
            .filter(move |sample| sample[0] == name)
            .collect::<Vec<_>>()
    };
    let states = of("production_run_jobs");
    let state = |state: &str| {
        states
            .iter()
            .find(|sample| sample[1]["state"] == state)
            .unwrap()[2]
            .as_f64()
    };
    assert_eq!(
        (state("made"), state("failed")),
        (Some(made as f64), Some(0.0))
    );
    let counts = of("production_job_duration_seconds_count");
    assert_eq!(
        counts
            .iter()
            .map(|sample| sample[2].as_f64().unwrap())
            .sum::<f64>(),
        made as f64
    );
}

#[test]
fn events_trace_and_metrics_of_a_run_agree() {
    let Some(watched) = Watched::new() else {
        return;
    };
    live_events_are_the_journal_and_progress(&watched);
    a_trace_has_a_bar_for_every_attempt_in_the_journal(&watched);
    figures_are_those_of_the_journal_and_prometheus_reads_them(&watched);
}

#[test]
fn events_and_the_result_do_not_share_standard_output() {
    let folder = tempfile::tempdir().unwrap();
    let run = Command::new(BINARY)
        .arg("run")
        .arg(folder.path())
        .args(["--events", "-", "--format", "json"])
        .output();
    let run = run.unwrap();
    assert_eq!(run.status.code(), Some(2));
    let stderr = String::from_utf8_lossy(&run.stderr);
    assert!(stderr.contains("give `--events` a file"), "{stderr}");
}
