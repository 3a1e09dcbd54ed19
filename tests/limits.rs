//! What `limits` of a document does in a run: how often a job is tried, when it is ended with its
//! children, and what it reserves.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/copied_film.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod copied_film;

use copied_film::{CopiedFilm, stderr_text};
use serde_json::Value;
use std::process::Output;
use std::time::Duration;

/// Two shots of one job each, with room for their limits.
const DOCUMENT: &str = "\
production:
  title: Copies
  author: Tests
  description: Two shots of one picture.
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24}
  locations: [{name: studio, preset: studio}]
  limits: {render.shot: KIND}
  shots:
    - {name: one, location: studio, duration: 2, lens: 35, description: one}
    - {name: two, location: studio, duration: 2, lens: 50, description: two, limits: SHOT}
  outputs: [{name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game}]
";

/// A film whose renderer is a script. It gets the picture, the output and the shot.
struct LimitedFilm(CopiedFilm);

impl LimitedFilm {
    fn new(kind: &str, shot: &str, script: &str) -> Self {
        let film = Self(CopiedFilm::with_provider_fields(""));
        let document = DOCUMENT.replace("KIND", kind).replace("SHOT", shot);
        film.0.write("film/production.yaml", &document);
        let folder = film.0.path("film/..").display().to_string();
        let provider = format!(
            "copy:
  command: [sh, -c, 'D={folder}; {script}', '{{file.picture}}', '{{output}}', '{{description}}']
  per: frame
  output: frame.####.png
  files: {{picture: picture.png}}
"
        );
        film.0.write("film/presets/providers.yaml", &provider);
        film.0.write(
            "machine.yaml",
            "machine: {cores: 2, memory: 4GB, parallel: 2}\n",
        );
        film
    }

    fn run(&self, more: &[&str]) -> Output {
        let words = [
            "run",
            "film",
            "--yes",
            "--format",
            "json",
            "--machine",
            "machine.yaml",
        ];
        self.0.output(&[&words, more].concat())
    }

    /// Returns the lines of a file that the script has written.
    fn lines(&self, name: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.0.path(name)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn count(&self, name: &str, line: &str) -> usize {
        self.lines(name)
            .iter()
            .filter(|found| *found == line)
            .count()
    }
}

/// Returns the failures of a run as `class: message`, in the order of their jobs.
fn failures(output: &Output) -> Vec<String> {
    let result: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("no result: {}", stderr_text(output)));
    let mut failures: Vec<String> = result["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            let text = |field: &str| error[field].as_str().unwrap().to_owned();
            format!("{} {}: {}", text("job"), text("class"), text("message"))
        })
        .collect();
    failures.sort();
    failures
}

#[test]
fn a_failing_job_is_tried_as_often_as_its_limits_say() {
    let film = LimitedFilm::new(
        "{retries: 2}",
        "{retries: 0}",
        "echo \"$2\" >> $D/tries; exit 3",
    );
    let output = film.run(&["--keep-going", "--retries", "9"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr_text(&output));
    let tries = [film.count("tries", "one"), film.count("tries", "two")];
    assert_eq!(tries, [3, 1]);
    let failures = failures(&output);
    let [one, two] = failures.as_slice() else {
        panic!("{failures:#?}")
    };
    for (failure, tried) in [
        (
            one,
            "tried 3 times, since `retries` of `limits` in the document is 2",
        ),
        (
            two,
            "tried once, since `retries` of `limits` in the document is 0",
        ),
    ] {
        assert!(
            failure.contains("crash") && failure.contains(tried),
            "{failure}"
        );
    }
}

#[test]
fn without_limits_the_command_says_how_often() {
    let film = LimitedFilm::new("{time: 1h}", "{}", "echo \"$2\" >> $D/tries; exit 3");
    let output = film.run(&["--keep-going", "--retries", "1"]);
    assert_eq!(
        [film.count("tries", "one"), film.count("tries", "two")],
        [2, 2]
    );
    assert!(!failures(&output).concat().contains("`limits`"));
}

#[test]
fn a_job_over_its_time_is_ended_with_its_children() {
    let script = "if [ \"$2\" = two ]; then sleep 1000 & echo $! >> $D/pids; echo $$ >> $D/pids; \
                  sleep 1000; else cp \"$0\" \"$1\"; fi";
    let film = LimitedFilm::new("{time: 1h, retries: 0}", "{time: 1s}", script);
    let output = film.run(&["--keep-going", "--time-limit", "2h"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr_text(&output));
    let failures = failures(&output);
    let [two] = failures.as_slice() else {
        panic!("{failures:#?}")
    };
    assert!(two.starts_with("render.shot/two/"), "{two}");
    let limit = "timeout: finish within 1 s, the limit set by `time` of `limits` in the document";
    assert!(two.contains(limit), "{two}");
    let pids = film.lines("pids");
    assert_eq!(pids.len(), 2);
    let state = |pid: &String| std::fs::read_to_string(format!("/proc/{pid}/stat"));
    for pid in pids {
        // A process that has ended may wait for its parent to ask how.
        while state(&pid).is_ok_and(|state| !state.contains(") Z")) {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Notes when two calls run at a time.
const ALONE: &str =
    "mkdir $D/busy || echo together >> $D/overlaps; sleep 0.3; rmdir $D/busy; cp \"$0\" \"$1\"";

#[test]
fn jobs_that_reserve_all_cores_or_memory_run_one_at_a_time() {
    for limits in ["{cores: 2}", "{memory: 3GB}"] {
        let film = LimitedFilm::new(limits, "{}", ALONE);
        let output = film.run(&[]);
        assert!(output.status.success(), "{}", stderr_text(&output));
        assert_eq!(film.lines("overlaps"), [""; 0], "{limits}");
    }
}

#[test]
fn jobs_that_reserve_less_run_together_and_the_shot_decides_over_its_kind() {
    // Each waits until the other has started, so one at a time would never end.
    let script = "touch $D/$2; while [ ! -e $D/one ] || [ ! -e $D/two ]; do sleep 0.02; done; \
                  cp \"$0\" \"$1\"";
    for [kind, shot] in [["{cores: 1}", "{}"], ["{cores: 0.5}", "{cores: 1.5}"]] {
        let film = LimitedFilm::new(kind, shot, script);
        let output = film.run(&["--time-limit", "1m", "--retries", "0"]);
        assert!(
            output.status.success(),
            "{kind} {shot}: {}",
            stderr_text(&output)
        );
    }
    let film = LimitedFilm::new("{cores: 0.5}", "{cores: 2}", ALONE);
    let output = film.run(&[]);
    assert!(output.status.success(), "{}", stderr_text(&output));
    assert_eq!(film.lines("overlaps"), [""; 0]);
}

#[test]
fn a_limit_that_the_machine_cannot_meet_is_named_before_the_job_runs() {
    for (limits, needs) in [
        (
            "{cores: 64}",
            "it needs 64 cores, as `cores` of `limits` in the document says",
        ),
        (
            "{memory: 64GB}",
            "it needs 65536 MB of memory, as `memory` of `limits` in the document says",
        ),
    ] {
        let film = LimitedFilm::new(
            "{retries: 0}",
            limits,
            "echo \"$2\" >> $D/tries; cp \"$0\" \"$1\"",
        );
        let output = film.run(&[]);
        let printed = stderr_text(&output);
        assert_eq!(output.status.code(), Some(3), "{printed}");
        assert!(printed.contains(needs), "{printed}");
        assert_eq!(film.count("tries", "two"), 0);
    }
}
