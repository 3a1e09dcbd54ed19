//! Child processes of real runs. None outlives its run, however that ends, and one that hangs is
//! stopped and reported.
//!
//! A program that stands in for ffmpeg starts others, in its own group and in a session of its own,
//! or becomes a real ffmpeg that never ends. Without a graphics adapter or ffmpeg the tests report
//! that they were skipped.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 96x54, samples: 1, frame_rate: 24}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 2}]
  outputs: [{name: film, format: streaming_1080p, resolution: 128x72, path: out/film.mp4}]
";

/// The script that replaces ffmpeg when it encodes. It writes the numbers of all processes to
/// `$PIDS`.
const FAMILY: &str = "\
sleep 1000 & echo $! >> \"$PIDS\"
setsid sh -c 'echo $$ >> \"$PIDS\"; exec sleep 1000' &
trap '' TERM
echo $$ >> \"$PIDS\"
while true; do sleep 1; done
";
const REAL: &str = "\
echo $$ >> \"$PIDS\"
exec \"$FFMPEG\" -nostdin -loglevel warning -re -f lavfi -i testsrc -f null -
";

/// A film whose encoder is `script`.
struct Film {
    folder: tempfile::TempDir,
}

impl Film {
    fn encoded_by(script: &str) -> Option<Self> {
        if !machine::makes_films() {
            return None;
        }
        let (ffmpeg, ffprobe) = on_path("ffmpeg").zip(on_path("ffprobe"))?;
        let film = Self {
            folder: film::folder(DOCUMENT),
        };
        std::fs::create_dir(film.path("bin")).unwrap();
        std::os::unix::fs::symlink(ffprobe, film.path("bin/ffprobe")).unwrap();
        let text = format!(
            "#!/bin/sh\nPIDS='{}'; FFMPEG='{}'; export PIDS\ncase \"$*\" in *pipe:0*) ;; *) exec \"$FFMPEG\" \"$@\" ;; esac\n{script}",
            film.path("pids").display(),
            ffmpeg.display()
        );
        std::fs::write(film.path("bin/ffmpeg"), text).unwrap();
        std::fs::set_permissions(film.path("bin/ffmpeg"), PermissionsExt::from_mode(0o755))
            .unwrap();
        Some(film)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .arg("run")
            .arg(self.folder.path())
            .args(["--gpu", "auto", "--retries", "0"])
            .args(more);
        let path = std::env::join_paths(
            std::iter::once(self.path("bin")).chain(["/usr/bin".into(), "/bin".into()]),
        );
        command.env("PATH", path.unwrap()).env("NO_COLOR", "1");
        command
    }

    fn start(&self, more: &[&str]) -> Child {
        self.command(more)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn result(&self, more: &[&str]) -> (Output, serde_json::Value) {
        let output = self
            .command(&[&["--format", "json"], more].concat())
            .output()
            .unwrap();
        let result = serde_json::from_slice(&output.stdout);
        let result =
            result.unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        (output, result)
    }

    /// Waits until `count` processes have written their numbers, and returns them.
    fn family(&self, count: usize) -> Vec<u32> {
        loop {
            let text = std::fs::read_to_string(self.path("pids")).unwrap_or_default();
            if text.matches('\n').count() >= count {
                return text.lines().map(|line| line.parse().unwrap()).collect();
            }
            std::thread::yield_now();
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test asks where this machine keeps its tools"
)]
fn on_path(tool: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(tool))
        .find(|file| file.is_file())
}

fn send(signal: &str, process: u32) {
    assert!(
        Command::new("kill")
            .args([signal, &process.to_string()])
            .status()
            .unwrap()
            .success()
    );
}

fn wait_until_gone(processes: &[u32]) {
    for process in processes {
        let state = || std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        while !(state().is_empty() || state().contains(") Z")) {
            std::thread::yield_now();
        }
    }
}

#[test]
fn nothing_outlives_a_run_that_is_killed_with_9() {
    let Some(film) = Film::encoded_by(FAMILY) else {
        return;
    };
    let mut run = film.start(&[]);
    let family = film.family(3);
    send("-9", run.id());
    run.wait().unwrap();
    wait_until_gone(&family);
}

#[cfg(target_os = "linux")]
/// Returns the processes of a run that `killall production` would find: the run, and those that it
/// started under its own name.
fn namesakes(run: u32) -> Vec<u32> {
    let text = |path: String| std::fs::read_to_string(path).unwrap_or_default();
    let threads = std::fs::read_dir(format!("/proc/{run}/task"))
        .unwrap()
        .map(|thread| thread.unwrap().path());
    let children: Vec<u32> = threads
        .flat_map(|thread| {
            let list = text(thread.join("children").to_string_lossy().into_owned());
            list.split_whitespace()
                .map(|child| child.parse().unwrap())
                .collect::<Vec<u32>>()
        })
        .collect();
    let is_namesake = |process: &u32| text(format!("/proc/{process}/comm")).trim() == "production";
    std::iter::once(run)
        .chain(children)
        .filter(is_namesake)
        .collect()
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_outlives_a_run_when_every_process_of_its_name_is_killed_with_9() {
    let Some(film) = Film::encoded_by(FAMILY) else {
        return;
    };
    let mut run = film.start(&[]);
    let family = film.family(3);
    let namesakes = namesakes(run.id());
    assert!(namesakes.contains(&run.id()));
    namesakes.iter().for_each(|process| send("-9", *process));
    run.wait().unwrap();
    wait_until_gone(&family);
}

/// Returns the reapers that a run has started and that still live: processes with its mark on their
/// command line.
fn reapers(run: u32) -> Vec<u32> {
    let mark = format!("keep\0{run}-");
    let processes = std::fs::read_dir("/proc").unwrap();
    let numbers = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let is_reaper = |process: &u32| {
        std::fs::read_to_string(format!("/proc/{process}/cmdline"))
            .is_ok_and(|line| line.contains(&mark))
    };
    numbers.filter(is_reaper).collect()
}

#[test]
fn reapers_that_are_killed_are_replaced_before_the_run_is() {
    let Some(film) = Film::encoded_by(FAMILY) else {
        return;
    };
    let mut run = film.start(&[]);
    let family = film.family(3);
    for _ in 0..3 {
        let killed = wait_for_reapers(run.id(), &[]);
        killed.iter().for_each(|process| send("-9", *process));
        wait_for_reapers(run.id(), &killed);
    }
    send("-9", run.id());
    run.wait().unwrap();
    wait_until_gone(&family);
}

/// Waits until a pair of reapers lives that has none of `before`.
fn wait_for_reapers(run: u32, before: &[u32]) -> Vec<u32> {
    loop {
        let found = reapers(run);
        if found.len() >= 2 && !found.iter().any(|process| before.contains(process)) {
            return found;
        }
        std::thread::yield_now();
    }
}

#[test]
fn nothing_outlives_a_run_that_is_killed_at_once_after_its_first_reaper() {
    let Some(film) = Film::encoded_by(FAMILY) else {
        return;
    };
    let mut run = film.start(&[]);
    let family = film.family(3);
    let is_child = |process: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        let fields = stat.rsplit_once(") ").unwrap_or_default().1.to_owned();
        fields.split(' ').nth(1) == Some(&run.id().to_string())
    };
    let pair = wait_for_reapers(run.id(), &[]);
    let first = *pair.iter().find(|process| is_child(process)).unwrap();
    // One call, so that nothing can start between the two.
    let both = [first.to_string(), run.id().to_string()];
    assert!(
        Command::new("kill")
            .arg("-9")
            .args(both)
            .status()
            .unwrap()
            .success()
    );
    run.wait().unwrap();
    wait_until_gone(&family);
}

#[test]
fn a_real_ffmpeg_ends_with_a_run_that_is_killed_with_9() {
    let Some(film) = Film::encoded_by(REAL) else {
        return;
    };
    let mut run = film.start(&[]);
    let family = film.family(1);
    send("-9", run.id());
    run.wait().unwrap();
    wait_until_gone(&family);
}

#[test]
fn a_second_interrupt_kills_after_the_grace_what_will_not_end() {
    let Some(film) = Film::encoded_by(FAMILY) else {
        return;
    };
    let mut run = film
        .command(&["--grace", "50ms"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let family = film.family(3);
    let stderr = BufReader::new(run.stderr.take().unwrap());
    send("-INT", run.id());
    // The second signal waits until the first was handled: signals that arrive together may be
    // merged into one.
    for line in stderr.lines().map(Result::unwrap) {
        if line.starts_with("finishing the jobs that run") {
            send("-INT", run.id());
        }
    }
    assert_eq!(run.wait().unwrap().code(), Some(130));
    wait_until_gone(&family);
}

#[test]
fn a_third_interrupt_ends_everything_at_once() {
    let Some(film) = Film::encoded_by(FAMILY) else {
        return;
    };
    let mut run = film.start(&["--grace", "10h"]);
    let family = film.family(3);
    while run.try_wait().unwrap().is_none() {
        let _ = Command::new("kill")
            .args(["-INT", &run.id().to_string()])
            .stderr(Stdio::null())
            .status();
    }
    assert_eq!(run.wait().unwrap().code(), Some(130));
    wait_until_gone(&family);
}

#[test]
fn a_silent_tool_is_stopped_and_its_log_has_the_command_line() {
    let Some(film) = Film::encoded_by(&format!("echo 'about to hang' >&2\n{REAL}")) else {
        return;
    };
    let (output, result) = film.result(&["--silence-limit", "1s"]);
    assert_eq!(output.status.code(), Some(1));
    let error = &result["errors"][0];
    assert_eq!(error["class"], "no_output", "{result:#}");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("--silence-limit"),
        "{error}"
    );
    wait_until_gone(&film.family(1));
    let log = film
        .path(".production")
        .join(error["log"].as_str().unwrap());
    let text = std::fs::read_to_string(&log).unwrap();
    assert!(
        text.contains("about to hang\n") && text.contains("# result       no_output\n"),
        "{text}"
    );
    assert!(
        text.contains("bin/ffmpeg ") && text.contains(" -i pipe:0 "),
        "{text}"
    );
    let job = error["job"].as_str().unwrap();
    let shown = Command::new(BINARY)
        .arg("log")
        .arg(film.folder.path())
        .args(["--job", job])
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&shown.stdout).trim_end(),
        text.trim_end()
    );
}

#[test]
fn a_shortage_of_licences_is_waited_for_until_the_limit() {
    let Some(film) = Film::encoded_by("echo 'License checkout failed: no seat' >&2; exit 1\n")
    else {
        return;
    };
    let (_, result) = film.result(&["--licence-limit", "1s"]);
    assert_eq!(result["errors"][0]["class"], "licence", "{result:#}");
}
