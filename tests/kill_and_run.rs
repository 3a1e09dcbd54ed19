//! A command that is typed at once after a run was killed: it waits for the dying process and takes
//! its store over.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/copied_film.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod copied_film;

use copied_film::{CopiedFilm, stderr_text};
use std::path::Path;
use std::process::Command;

#[test]
fn a_run_typed_at_once_after_a_kill_waits_for_the_dying_one() {
    let film = CopiedFilm::with_provider_fields("");
    let presets = std::fs::read_to_string(film.path("film/presets/providers.yaml")).unwrap();
    let slow = "command: ['sleep 0.2; cp {file.picture} {output}']\n  shell: true\n";
    let slow = presets.replace("command: [cp, '{file.picture}', '{output}']\n", slow);
    film.write("film/presets/providers.yaml", &slow);
    let program = env!("CARGO_BIN_EXE_production");
    for seconds in ["0.3", "0.6", "0.9", "1.2"] {
        // `timeout -s KILL` kills itself too, so the shell goes on while the run is dying.
        let script = format!(
            "timeout -s KILL {seconds} '{program}' run film; exec '{program}' run film --only nobody"
        );
        let mut command = Command::new("sh");
        command.args(["-c", &script]).current_dir(film.path(""));
        let output = command.env("HOME", film.path("home")).output().unwrap();
        let text = stderr_text(&output);
        // It has the store: 4 would mean that it was refused.
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains("find shot `nobody`"), "{text}");
    }
}

#[test]
fn a_run_beside_a_living_one_is_refused_soon_with_the_reason() {
    let film = CopiedFilm::with_provider_fields("");
    let presets = std::fs::read_to_string(film.path("film/presets/providers.yaml")).unwrap();
    let slow = "command: ['sleep 1000']\n  shell: true\n";
    let slow = presets.replace("command: [cp, '{file.picture}', '{output}']\n", slow);
    film.write("film/presets/providers.yaml", &slow);
    let mut first = film.command(&["run", "film"]).spawn().unwrap();
    let lock = film.path("film/.production/lock");
    let is_locked = |lock: &Path| {
        std::fs::read_to_string(lock).is_ok_and(|text| text.contains(&first.id().to_string()))
    };
    while !is_locked(&lock) {
        std::thread::yield_now();
    }
    let output = film.output(&["run", "film"]);
    assert_eq!(output.status.code(), Some(5));
    let text = stderr_text(&output);
    assert!(text.contains(&format!("process {} ", first.id())), "{text}");
    first.kill().unwrap();
    first.wait().unwrap();
}
