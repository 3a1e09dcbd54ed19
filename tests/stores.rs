//! A store belongs to one production, and a folder that is no store is left alone: by every
//! command, as a user types it.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/printed.rs"]
mod printed;

use printed::output_text;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

/// A production whose frames are copies of one picture, so that it needs no device and no ffmpeg.
const DOCUMENT: &str = "\
production:
  title: TITLE
  author: Tests
  description: One tiny shot.
  style: {preset: cinematic, contrast: CONTRAST}
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24}
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, location: studio, duration: FRAMES}]
  outputs: [{name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game}]
";
const PROVIDERS: &str = "\
copy:
  command: [cp, '{file.picture}', '{output}']
  per: frame
  output: frame.####.png
  files: {picture: pic.png}
";

type Files = BTreeMap<PathBuf, Vec<u8>>;

struct WorkFolder(tempfile::TempDir);

impl WorkFolder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn write_document(&self, name: &str, frames: u32, contrast: &str) {
        let document = DOCUMENT
            .replace("TITLE", name.split('/').next().unwrap())
            .replace("CONTRAST", contrast)
            .replace("FRAMES", &frames.to_string());
        self.write(name, document);
    }

    /// Writes a production of so many frames into the folder `name`.
    fn write_production(&self, name: &str, frames: u32) {
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, 16, 16);
        encoder.set_color(png::ColorType::Grayscale);
        let pixels: Vec<u8> = (0..=255).collect();
        encoder
            .write_header()
            .unwrap()
            .write_image_data(&pixels)
            .unwrap();
        self.write(&format!("{name}/pic.png"), picture);
        self.write(&format!("{name}/presets/providers.yaml"), PROVIDERS);
        self.write_document(&format!("{name}/production.yaml"), frames, "medium");
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = Command::new(BINARY);
        command.args(words).current_dir(self.0.path());
        command.output().unwrap()
    }

    /// Runs a command that must succeed.
    fn done(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            output_text(&output)
        );
        output_text(&output)
    }

    /// Runs a command that must end with 4.
    fn refused(&self, words: &[&str]) -> String {
        let output = self.run(words);
        assert_eq!(
            output.status.code(),
            Some(4),
            "{words:?}: {}",
            output_text(&output)
        );
        output_text(&output)
    }
}

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.insert(path.clone(), std::fs::read(&path).unwrap());
        }
    }
    found
}

/// Every command that takes a store, with its words after the production.
const COMMANDS: [&[&str]; 16] = [
    &["run"],
    &["info"],
    &["plan"],
    &["estimate"],
    &["explain", "render.shot"],
    &["status"],
    &["log"],
    &["log", "--job", "render.shot/one/1001-1024"],
    &["metrics"],
    &["show", "1"],
    &["diff", "1", "1"],
    &["revert", "1"],
    &["gc"],
    &["verify"],
    &["verify", "--fix"],
    &["cancel"],
];

fn words<'a>(command: &[&'a str], production: &'a str, store: &'a str) -> Vec<&'a str> {
    [
        &[command[0], production],
        &command[1..],
        &["--store", store],
    ]
    .concat()
}

#[test]
fn a_folder_that_is_no_store_is_refused_by_every_command_and_stays_as_it_is() {
    let work = WorkFolder::new();
    work.write_production("film", 1);
    for file in [
        "scratch/thesis",
        "blobs/ab/mine",
        "lock",
        "current.json",
        "events/diary",
    ] {
        work.write(&format!("home/{file}"), "mine");
    }
    let before = files(&work.path("home"));
    for command in COMMANDS {
        let message = work.refused(&words(command, "film", "home"));
        assert!(
            message.contains("nothing shows that it is a store"),
            "{message}"
        );
    }
    assert_eq!(files(&work.path("home")), before);
}

#[test]
fn an_estimate_before_the_first_run_leaves_a_store_that_every_command_takes() {
    let work = WorkFolder::new();
    work.write_production("film", 2);
    work.done(&["estimate", "film", "--yes"]);
    assert!(work.path("film/.production/probe.json").is_file());
    work.done(&["status", "film"]);
    work.done(&["run", "film"]);
}

#[test]
fn a_store_of_one_production_is_refused_to_every_command_of_another() {
    let work = WorkFolder::new();
    work.write_production("one", 1);
    work.write_production("two", 2);
    work.done(&["run", "one", "--store", "store"]);
    let before = files(&work.path("store"));
    for command in COMMANDS {
        let message = work.refused(&words(command, "two", "store"));
        assert!(
            message.contains("it belongs to the production in") && message.contains("/one"),
            "{message}"
        );
    }
    assert_eq!(files(&work.path("store")), before);
    assert!(!work.path("two/out").exists());
    work.done(&["verify", "one", "--store", "store"]);
    // The production was renamed, and finds its store.
    std::fs::rename(work.path("one"), work.path("renamed")).unwrap();
    assert!(
        work.done(&["run", "renamed", "--store", "store"])
            .contains("up to date")
    );
}

#[test]
fn two_documents_of_one_folder_never_share_a_journal() {
    let work = WorkFolder::new();
    work.write_production("film", 1);
    work.done(&["run", "film"]);
    work.write_document("film/teaser.yaml", 2, "medium");
    let document = std::fs::read_to_string(work.path("film/teaser.yaml")).unwrap();
    work.write(
        "film/teaser.yaml",
        document.replace("out/game", "more/teaser"),
    );
    work.done(&["run", "film/teaser.yaml"]);
    let frames = |name: &str| std::fs::read_dir(work.path(name)).unwrap().count();
    assert_eq!(
        (frames("film/out/game"), frames("film/more/teaser")),
        (1, 2)
    );
    assert!(
        work.path("film/.production/documents/teaser.yaml/events/rev-0001.jsonl")
            .exists()
    );
    assert!(!work.path("film/.production/events/rev-0002.jsonl").exists());
    for document in ["film", "film/teaser.yaml"] {
        assert!(work.done(&["run", document]).contains("up to date"));
        work.done(&["gc", document, "--keep", "1"]);
        work.done(&["verify", document]);
    }
}

#[test]
fn a_store_of_an_earlier_version_is_used_and_gets_an_owner() {
    let work = WorkFolder::new();
    work.write_production("film", 1);
    work.done(&["run", "film"]);
    let owner = work.path("film/.production/store.owner");
    std::fs::remove_file(&owner).unwrap();
    work.done(&["status", "film"]);
    assert!(!owner.exists(), "a command that only reads writes nothing");
    assert!(work.done(&["run", "film"]).contains("up to date"));
    assert!(owner.exists());
}

#[test]
fn every_command_names_a_store_of_a_newer_program_as_such() {
    let work = WorkFolder::new();
    work.write_production("film", 1);
    work.done(&["run", "film"]);
    let path = work.path("film/.production/events/rev-0001.jsonl");
    let journal = std::fs::read_to_string(&path).unwrap();
    let moved = r#"{"event":"job_moved","job":"render.shot/one","to":"n7"}"#;
    let sum = production::base::Digest::hash_bytes(moved.as_bytes()).hex_string();
    std::fs::write(&path, format!("{journal}{} {moved}\n", &sum[..16])).unwrap();
    // The lock file names the last command that held it.
    let without_lock = |mut found: Files| {
        found.remove(&work.path("film/.production/lock"));
        found
    };
    let before = without_lock(files(&work.path("film")));
    for command in ["run", "status", "gc", "log"] {
        let message = work.refused(&[command, "film"]);
        assert!(message.contains("written by a newer program"), "{message}");
        assert!(
            !message.contains("damaged") && !message.contains("Move the file away"),
            "{message}"
        );
    }
    assert!(
        work.refused(&["verify", "film", "--fix"])
            .contains("newer program")
    );
    assert!(work.done(&["list", "."]).contains("newer store"));
    assert_eq!(without_lock(files(&work.path("film"))), before);
}

#[test]
fn a_note_that_leads_out_of_the_production_is_refused_and_removes_nothing() {
    let work = WorkFolder::new();
    work.write_production("film", 1);
    work.done(&["run", "film"]);
    work.write(".thesis.partial", "mine");
    std::os::unix::fs::symlink(work.0.path(), work.path("film/away")).unwrap();
    let pointer = std::fs::read_to_string(work.path("film/.production/current.json")).unwrap();
    for place in ["../thesis", "away/thesis"] {
        work.write(
            "film/.production/publishing.json",
            format!(
                r#"{{"step":"staging","current":{pointer},"places":["{place}"],"journal":"rev-0001","closing":[]}}"#
            ),
        );
        for command in ["run", "gc", "verify"] {
            let fix: &[&str] = if command == "verify" { &["--fix"] } else { &[] };
            let message = work.refused(&[&[command, "film"], fix].concat());
            assert!(message.contains(place), "{message}");
        }
    }
    assert!(work.path(".thesis.partial").exists());
}

/// Changes one byte of a file and sets its time back.
fn flip_byte(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let facts = std::fs::metadata(path).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let file = std::fs::File::options().write(true).open(path).unwrap();
    std::io::Write::write_all(&mut &file, &bytes).unwrap();
    file.set_modified(facts.modified().unwrap()).unwrap();
    std::fs::set_permissions(path, facts.permissions()).unwrap();
}

#[test]
fn a_bit_that_flipped_in_a_rendered_frame_never_reaches_the_next_version() {
    let clean = WorkFolder::new();
    clean.write_production("film", 1);
    clean.write_document("film/production.yaml", 1, "high");
    clean.done(&["run", "film"]);
    let wanted: Vec<Vec<u8>> = files(&clean.path("film/out/game")).into_values().collect();

    let work = WorkFolder::new();
    work.write_production("film", 1);
    work.done(&["run", "film"]);
    let is_frame = |(_, bytes): &(PathBuf, Vec<u8>)| bytes.starts_with(b"\x76\x2f\x31\x01");
    let blobs = files(&work.path("film/.production/blobs"));
    let frames: Vec<PathBuf> = blobs
        .into_iter()
        .filter(is_frame)
        .map(|(path, _)| path)
        .collect();
    assert!(!frames.is_empty());
    frames.iter().for_each(|path| flip_byte(path));
    work.write_document("film/production.yaml", 1, "high");
    let message = work.done(&["run", "film"]);
    assert!(message.contains("damaged"), "{message}");
    let found: Vec<Vec<u8>> = files(&work.path("film/out/game")).into_values().collect();
    assert!(found == wanted, "the frames are those of a clean run");
    work.done(&["verify", "film"]);
}

#[test]
fn a_damaged_copy_that_is_found_when_it_is_delivered_is_made_again() {
    let work = WorkFolder::new();
    work.write_production("film", 3);
    work.done(&["run", "film"]);
    let made = files(&work.path("film/out/game"));
    let copies = files(&work.path("film/.production/blobs"));
    let damaged: Vec<PathBuf> = copies
        .into_iter()
        .filter(|(_, bytes)| made.values().any(|picture| picture == bytes))
        .map(|(path, _)| path)
        .collect();
    assert!(!damaged.is_empty());
    damaged.iter().for_each(|path| flip_byte(path));
    std::fs::remove_dir_all(work.path("film/out")).unwrap();
    let message = work.done(&["run", "film"]);
    assert!(message.contains("making it again"), "{message}");
    assert!(files(&work.path("film/out/game")) == made, "{message}");
    work.done(&["verify", "film"]);
    // A revert makes nothing, so it says what does.
    damaged.iter().for_each(|path| flip_byte(path));
    std::fs::remove_dir_all(work.path("film/out")).unwrap();
    let refused = work.refused(&["revert", "film", "1"]);
    assert!(
        refused.contains("`production run` makes it again"),
        "{refused}"
    );
    let message = work.done(&["run", "film"]);
    assert!(files(&work.path("film/out/game")) == made, "{message}");
}

#[test]
fn a_manifest_that_is_damaged_or_gone_is_made_again_from_the_journals() {
    let work = WorkFolder::new();
    work.write_production("film", 3);
    work.done(&["run", "film"]);
    let first = files(&work.path("film/out/game"));
    let manifest = work.path("film/.production/manifests/rev-0001.json");
    let whole = std::fs::read(&manifest).unwrap();
    work.write_document("film/production.yaml", 2, "medium");
    work.done(&["run", "film"]);
    for damage in [Some(&b"{}"[..]), None] {
        std::fs::remove_file(&manifest).unwrap();
        if let Some(bytes) = damage {
            std::fs::write(&manifest, bytes).unwrap();
        }
        work.done(&["show", "film", "1"]);
        work.done(&["revert", "film", "1"]);
        assert!(files(&work.path("film/out/game")) == first);
        assert_eq!(std::fs::read(&manifest).unwrap(), whole);
        work.done(&["verify", "film"]);
        work.done(&["validate", "film"]);
    }
}

/// Commands that read a store, each of which may meet a pipe in it.
const READERS: [&[&str]; 9] = [
    &["info"],
    &["validate"],
    &["status"],
    &["log"],
    &["show", "1"],
    &["plan"],
    &["gc"],
    &["verify"],
    &["run"],
];

#[test]
fn no_command_waits_for_a_pipe_in_a_store() {
    let work = WorkFolder::new();
    work.write_production("film", 2);
    work.done(&["run", "film"]);
    work.write_document("film/production.yaml", 3, "medium");
    work.done(&["run", "film"]);
    let film = work.path("film");
    let store = film.join(".production");
    let kept = work.path("kept");
    let copy = |from: &Path, to: &Path| {
        let copied = Command::new("cp").arg("-a").args([from, to]).status();
        assert!(copied.unwrap().success());
    };
    copy(&film, &kept);
    // Those that such a run leaves, and those that runs of other productions leave.
    let own = files(&store);
    let own = own.keys().map(|path| path.strip_prefix(&store).unwrap());
    let others = ["speech.json", "probe.json", "placed.json", "metrics.prom"];
    let names: BTreeSet<&Path> = own.chain(others.into_iter().map(Path::new)).collect();
    // All copies of what jobs made are read in one way.
    let blobs = names
        .iter()
        .filter(|name| name.starts_with("blobs"))
        .skip(2);
    let blobs: BTreeSet<&Path> = blobs.copied().collect();
    assert!(names.contains(Path::new("current.json")), "{names:?}");
    for name in names.difference(&blobs) {
        for command in READERS {
            std::fs::remove_dir_all(&film).unwrap();
            copy(&kept, &film);
            let _ = std::fs::remove_file(store.join(name));
            let made = Command::new("mkfifo").arg(store.join(name)).status();
            assert!(made.unwrap().success());
            let output = Command::new("timeout")
                .args(["--signal=KILL", "60", BINARY, command[0], "film"])
                .args(&command[1..])
                .current_dir(work.0.path())
                .output()
                .unwrap();
            assert!(
                matches!(output.status.code(), Some(0 | 4)),
                "{command:?} with a pipe as {}: {:?}: {}",
                name.display(),
                output.status,
                output_text(&output)
            );
        }
    }
}
