//! Results that cannot be written in full: every command ends with an error and its cause. A closed
//! pipe is none.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/copied_film.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod copied_film;

use copied_film::{CopiedFilm, stderr_text};
use std::fs::File;
use std::process::{Command, Output, Stdio};

/// A command of each kind that prints a result.
const PRINTING: [&[&str]; 26] = [
    &["--help"],
    &["--version"],
    &["run", "--help"],
    &["validate", "film"],
    &["validate", "film", "--format", "json"],
    &["info", "film"],
    &["info", "film", "--format", "json"],
    &["info", "film", "--resolved"],
    &["plan", "film"],
    &["run", "film", "--dry-run"],
    &["run", "film", "--format", "json"],
    &["explain", "--list"],
    &["explain", "film", "one"],
    &["status", "film"],
    &["log", "film"],
    &["metrics", "film"],
    &["show", "film"],
    &["diff", "film", "1", "1"],
    &["gc", "film", "--dry-run"],
    &["verify", "film"],
    &["list", "."],
    &["library"],
    &["schema"],
    &["completions", "bash"],
    &["man", "--output", "man"],
    &["trust", "film"],
];

fn full_device() -> File {
    File::options().write(true).open("/dev/full").unwrap()
}

#[test]
fn every_result_that_is_cut_short_is_an_error_with_its_cause() {
    let film = CopiedFilm::with_provider_fields("");
    assert!(film.output(&["run", "film"]).status.success());
    for args in PRINTING {
        let output = film.command(args).stdout(full_device()).output().unwrap();
        let text = stderr_text(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert!(text.contains("No space left on device"), "{args:?}: {text}");
    }
}

/// Runs the program with streams as a shell opens them: `>&-` closes standard output.
fn shell_output(film: &CopiedFilm, args: &[&str], redirection: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_production");
    let words = args.join(" ");
    let script = format!("exec '{program}' {words} {redirection}");
    let mut command = Command::new("sh");
    command
        .args(["-c", &script])
        .current_dir(film.path(""))
        .env("HOME", film.path("home"));
    command.output().unwrap()
}

#[test]
fn a_result_for_a_closed_stream_is_an_error_and_the_null_device_is_none() {
    let film = CopiedFilm::with_provider_fields("");
    assert!(film.output(&["run", "film"]).status.success());
    for args in PRINTING {
        let output = shell_output(&film, args, ">&-");
        let text = stderr_text(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {text}");
        assert!(text.contains("Bad file descriptor"), "{args:?}: {text}");
    }
    for null in [">/dev/null", "1<>/dev/null"] {
        let output = shell_output(&film, &["schema"], null);
        assert!(output.status.success(), "{null}: {}", stderr_text(&output));
    }
    let quiet = shell_output(&film, &["run", "film", "--validate-only"], ">&-");
    assert!(quiet.status.success(), "{}", stderr_text(&quiet));
    let output = shell_output(&film, &["run", "film", "--validate-only"], "2>&-");
    assert_eq!(output.status.code(), Some(1));
    let events = ["run", "film", "--regen", "one", "--events", "-"];
    let output = shell_output(&film, &events, ">&-");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_command_that_failed_keeps_its_own_code() {
    let film = CopiedFilm::with_provider_fields("");
    film.write("film/production.yaml", "production: {}\n");
    let mut command = film.command(&["validate", "film"]);
    let output = command.stdout(full_device()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr_text(&output).contains("No space left on device"));
}

#[test]
fn events_and_a_result_on_standard_error_that_are_cut_short_are_errors() {
    let film = CopiedFilm::with_provider_fields("");
    let run = |more: &[&str]| film.command(&[&["run", "film"], more].concat());
    let output = run(&["--events", "-"]).stdout(full_device()).output();
    let output = output.unwrap();
    let text = stderr_text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    // The film is made all the same: who reads the events must not stop it.
    assert!(film.path("film/out/game").is_dir(), "{text}");
    let output = run(&["--regen", "one", "--events", "/dev/full"]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = stderr_text(&output);
    assert!(text.contains("failed to write /dev/full: "), "{text}");
    let mut command = run(&["--validate-only"]);
    let status = command.stderr(full_device()).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn a_limit_of_file_sizes_is_an_error_and_not_a_signal() {
    let film = CopiedFilm::with_provider_fields("");
    let program = env!("CARGO_BIN_EXE_production");
    let script = format!("ulimit -f 8; exec '{program}' schema > schema.json");
    let mut command = Command::new("sh");
    command.args(["-c", &script]).current_dir(film.path(""));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{:?}", output.status);
    assert!(stderr_text(&output).contains("File too large"));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let film = CopiedFilm::with_provider_fields("");
    for args in [["schema", "document"], ["explain", "--list"]] {
        let mut command = film.command(&args);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The pipe is closed before anything is read: its reader needs nothing more.
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{args:?}");
        assert_eq!(stderr_text(&output), "", "{args:?}");
    }
}
