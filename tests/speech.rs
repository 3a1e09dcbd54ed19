//! Lines are spoken before a run is planned: once, into the store of the run, and shots last as
//! long as what is said in them.
//!
//! The engine is a script that writes a tone, so that the tests need no program.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

#[path = "support/skip.rs"]
mod skip;

use serde_json::Value;
use skip::require_or_skip;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A second of tone for each word, in the sample rate that it was written with.
const SAY: &str = r#"#!/bin/sh
# Notes each call, and copies a tone of as many seconds as there are words.
echo "$1" >> "$(dirname "$0")/calls.txt"
[ -e "$(dirname "$0")/broken" ] && { echo "no licence for this voice" >&2; exit 7; }
words=$(wc -w < "$1")
python3 - "$2" "$words" <<'PYTHON'
import sys, wave
out = wave.open(sys.argv[1], 'wb')
out.setnchannels(1)
out.setsampwidth(2)
out.setframerate(8000)
tone = b''.join(int(8000 * (1 if n % 40 < 20 else -1)).to_bytes(2, 'little', signed=True) for n in range(8000))
out.writeframes(tone * int(sys.argv[2]))
PYTHON
"#;

const DOCUMENT: &str = "\
production:
  title: Said
  author: Tests
  description: Two shots that last as long as what is said in them.
  render_settings: {resolution: 96x54, samples: 1, frame_rate: 24}
  sound:
    music: off
    ambience: off
    footsteps: false
    speech: sayer
    providers: {sayer: {command: [./say.sh, '{text_file}', '{out}']}}
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, template: insert, location: studio, subject: place, lines: ['NARRATOR: The light is out.']}
    - {name: two, template: insert, location: studio, subject: place, lines: ['NARRATOR: Nobody saw it.']}
  outputs: [{name: plates, format: 8bit_game, resolution: 64x36, path: out/plates}]
";

struct SpokenFilm(tempfile::TempDir);

impl SpokenFilm {
    fn new() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let film = Self(tempfile::tempdir().unwrap());
        fs::write(film.path("production.yaml"), DOCUMENT).unwrap();
        fs::write(film.path("say.sh"), SAY).unwrap();
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(film.path("say.sh"), executable).unwrap();
        film
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn edit(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.path("production.yaml")).unwrap();
        assert!(text.contains(from));
        fs::write(self.path("production.yaml"), text.replace(from, to)).unwrap();
    }

    fn call(&self, word: &str, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_production"))
            .arg(word)
            .arg(self.0.path())
            .args(words)
            .output()
            .unwrap()
    }

    /// Makes the lines, and returns what was printed.
    fn speak(&self) -> (Value, String) {
        let output = self.call("run", &["--phase", "prepare", "--format", "json"]);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{printed}");
        (serde_json::from_slice(&output.stdout).unwrap(), printed)
    }

    /// Returns how many lines were spoken so far.
    fn calls(&self) -> usize {
        let calls = fs::read_to_string(self.path("calls.txt")).unwrap_or_default();
        calls.lines().count()
    }

    /// Returns the frames of each shot.
    fn shot_frames(&self) -> Vec<u64> {
        let output = self.call("info", &["--format", "json"]);
        let info: Value = serde_json::from_slice(&output.stdout).unwrap();
        let shots = info["shots"].as_array().unwrap();
        shots
            .iter()
            .map(|shot| {
                let range = shot["frames"].as_str().unwrap();
                let (first, last) = range.split_once('-').unwrap();
                last.parse::<u64>().unwrap() - first.parse::<u64>().unwrap() + 1
            })
            .collect()
    }
}

#[test]
fn lines_are_spoken_once_and_shots_last_as_long_as_them() {
    let film = SpokenFilm::new();
    let note = "length of 2 lines of speech is estimated";
    for command in ["validate", "info", "plan"] {
        let output = film.call(command, &[]);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(printed.contains(note), "{command}: {printed}");
    }
    assert_eq!(film.calls(), 0, "commands that look speak nothing");
    let estimated = film.shot_frames();
    let (result, printed) = film.speak();
    assert!(printed.contains("speaking 2 lines"), "{printed}");
    assert_eq!(film.calls(), 2);
    assert_eq!(result["revision"], "rev-0001");
    assert_eq!(result["jobs"]["run"], 2, "{result:#}");
    let journals = fs::read_dir(film.path(".production/events"))
        .unwrap()
        .count();
    assert_eq!(journals, 1, "the lines are in the journal of the run");
    let measured = film.shot_frames();
    assert_ne!(measured, estimated);
    // Four and three words of a second each.
    assert!((96..=130).contains(&measured[0]), "{measured:?}");
    assert!(measured[0] - measured[1] == 24, "{measured:?}");
    let output = film.call("plan", &[]);
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!printed.contains("estimated"), "{printed}");
}

#[test]
fn a_change_of_one_line_speaks_one_line() {
    let film = SpokenFilm::new();
    film.speak();
    film.edit("Nobody saw it.", "Nobody has seen it.");
    let (result, printed) = film.speak();
    assert_eq!(film.calls(), 3);
    assert!(printed.contains("speaking 1 line"), "{printed}");
    assert!(
        printed.contains("Nobody has seen it."),
        "it says why: {printed}"
    );
    assert_eq!(result["jobs"]["run"], 1, "{result:#}");
    assert_eq!(result["jobs"]["reused"], 1, "{result:#}");
    // And back: the store has it.
    film.edit("Nobody has seen it.", "Nobody saw it.");
    film.speak();
    assert_eq!(film.calls(), 3);
}

#[test]
fn what_changed_in_a_line_is_known_also_if_no_run_has_used_it() {
    let film = SpokenFilm::new();
    // The film would end before the line, and the engine speaks no faster.
    film.edit("path: out/plates", "path: out/plates, sound: wav");
    film.edit(
        "subject: place, lines: ['NARRATOR: Nobody",
        "subject: place, duration: 24, lines: ['NARRATOR: Nobody",
    );
    let output = film.call("run", &["--phase", "prepare"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!film.path(".production/events").exists());
    film.edit("duration: 24, ", "");
    film.edit("Nobody saw it.", "Somebody saw it.");
    let planned = film.call("plan", &[]);
    let planned = String::from_utf8_lossy(&planned.stdout).into_owned();
    assert!(
        planned.contains("text Nobody saw it. → Somebody saw it."),
        "{planned}"
    );
    assert!(!planned.contains("not recorded"), "{planned}");
}

#[test]
fn lengths_that_were_lost_are_measured_in_the_store() {
    let film = SpokenFilm::new();
    film.speak();
    let measured = film.shot_frames();
    for text in ["", "[{"] {
        fs::write(film.path(".production/speech.json"), text).unwrap();
        assert_ne!(film.shot_frames(), measured);
        film.speak();
        assert_eq!(film.calls(), 2, "nothing is spoken again");
        assert_eq!(film.shot_frames(), measured);
    }
}

#[test]
fn lines_spoken_before_a_kill_are_used_by_the_next_run() {
    let film = SpokenFilm::new();
    // A run that is killed before it has a journal leaves only this.
    film.speak();
    fs::remove_dir_all(film.path(".production/events")).unwrap();
    fs::remove_dir_all(film.path(".production/runs")).unwrap();
    let memory = fs::read_to_string(film.path(".production/speech.json")).unwrap();
    assert!(
        memory.contains("\"made\""),
        "until a later run saves it: {memory}"
    );
    let (result, _) = film.speak();
    assert_eq!(film.calls(), 2);
    assert_eq!(
        result["jobs"]["run"], 2,
        "the run records them as made: {result:#}"
    );
}

#[test]
fn an_engine_that_fails_ends_the_run_before_it_begins() {
    let film = SpokenFilm::new();
    fs::write(film.path("broken"), "").unwrap();
    let output = film.call("run", &["--retries", "0"]);
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(printed.contains("no licence for this voice"), "{printed}");
    assert!(!film.path(".production/events").exists());
    fs::remove_file(film.path("broken")).unwrap();
    film.speak();
}

/// `espeak-ng` connects to a sound server at every start, whose library makes folders.
#[test]
fn a_voice_leaves_nothing_in_the_home_of_its_user() {
    let version = Command::new("espeak-ng").arg("--version").output().ok();
    if require_or_skip(version, "espeak-ng is not installed").is_none() {
        return;
    }
    let film = SpokenFilm::new();
    film.edit(
        "    speech: sayer\n    providers: {sayer: {command: [./say.sh, '{text_file}', '{out}']}}\n",
        "    speech: espeak-ng\n",
    );
    let home = tempfile::tempdir().unwrap();
    for words in [&["validate"][..], &["plan"], &["run", "--phase", "prepare"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_production"))
            .arg(words[0])
            .arg(film.0.path())
            .args(&words[1..])
            .env("HOME", home.path())
            .env("TMPDIR", home.path())
            .env_remove("XDG_RUNTIME_DIR")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let left: Vec<PathBuf> = fs::read_dir(home.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.to_string_lossy().contains("pulse") || path.ends_with(".config"))
            .collect();
        assert!(left.is_empty(), "{words:?} left {left:?}");
    }
    let lines = film.path(".production/speech.json");
    assert!(lines.is_file(), "nothing was spoken");
}
