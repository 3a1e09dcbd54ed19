//! What lies at the paths of deliverables and was put there by no run: it is never replaced or
//! removed, unless the user allows it by its path.
//!
//! The productions are real and tiny. Without a graphics adapter or ffmpeg the tests say so and
//! skip what runs.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/printed.rs"]
mod printed;
#[path = "support/skip.rs"]
mod skip;

use printed::output_text;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A production of one shot of `FRAMES` frames, with these outputs.
const DOCUMENT: &str = "\
production:
  title: Kept
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24, SETTINGS}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: FRAMES}]
  outputs:
    OUTPUTS
";
const GAME: &str =
    "- {name: game, format: 8bit_game, resolution: 64x36, frame_rate: 24, path: out/game}";

/// The folder of one production.
struct Production(tempfile::TempDir);

impl Production {
    /// Returns a production of three frames with these outputs.
    fn new(outputs: &str) -> Self {
        let production = Self(film::folder(""));
        production.write_document(outputs, 3, "chunk_size: 2");
        production
    }

    fn write_document(&self, outputs: &str, frames: u32, settings: &str) {
        let document = DOCUMENT
            .replace("OUTPUTS", outputs)
            .replace("FRAMES", &frames.to_string())
            .replace("SETTINGS", settings);
        fs::write(self.path("production.yaml"), document).unwrap();
    }

    fn path(&self, inner: &str) -> PathBuf {
        self.0.path().join(inner)
    }

    /// Writes a file of the user.
    fn write(&self, inner: &str, text: &str) {
        let path = self.path(inner);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, inner: &str) -> Option<String> {
        let bytes = fs::read(self.path(inner)).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn command(&self, command: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_production"))
            .arg(command)
            .arg(self.0.path())
            .args(arguments)
            .output()
            .unwrap()
    }

    fn succeed(&self, command: &str, arguments: &[&str]) -> String {
        let output = self.command(command, arguments);
        let text = output_text(&output);
        assert!(output.status.success(), "{command} {arguments:?}: {text}");
        text
    }

    /// Asserts that `validate` and `run` refuse with this text, and that no file changes.
    fn assert_refused(&self, arguments: &[&str], words: &[&str]) {
        let before = self.files();
        for command in ["validate", "run"] {
            let output = self.command(command, arguments);
            let text = output_text(&output);
            assert_eq!(output.status.code(), Some(2), "{command}: {text}");
            for word in words {
                assert!(text.contains(word), "{command}: no {word:?} in {text}");
            }
        }
        assert_eq!(self.files(), before);
    }

    /// Checks that nobody plans what no run may deliver.
    fn assert_not_planned(&self, code: &str) {
        for command in ["plan", "estimate"] {
            let output = self.command(command, &[]);
            let text = output_text(&output);
            assert_eq!(output.status.code(), Some(2), "{command}: {text}");
            assert!(text.contains(code), "{command}: {text}");
        }
    }

    /// Checks that a plan says how a run is allowed to replace what is there.
    fn assert_planned_with_warning(&self, shown: &str) {
        for arguments in [&["plan"][..], &["plan", "--format", "json"]] {
            let output = self.command(arguments[0], &arguments[1..]);
            let text = output_text(&output);
            assert!(output.status.success(), "{arguments:?}: {text}");
            let is_there = text.contains("`run` will refuse to replace") && text.contains(shown);
            assert!(is_there, "{arguments:?}: {text}");
        }
    }

    /// Returns every file but those of the store, with its content.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut pending = vec![self.0.path().to_owned()];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_symlink() {
                    files.insert(path, Vec::new());
                } else if path.is_dir() {
                    if !path.ends_with(".production") {
                        pending.push(path);
                    }
                } else {
                    let bytes = fs::read(&path).unwrap();
                    files.insert(path, bytes);
                }
            }
        }
        files
    }
}

#[test]
fn every_kind_of_deliverable_refuses_to_replace_what_no_run_put_there() {
    let film = "- {name: film, format: streaming_1080p, resolution: 64x36, path: out/film.mp4}";
    let passes = "passes: [depth], passes_path: refs";
    for (outputs, settings, file, shown) in [
        (
            GAME,
            "chunk_size: 2",
            "out/game/mine.txt",
            "--replace out/game",
        ),
        (
            film,
            "chunk_size: 2",
            "out/film.mp4",
            "--replace out/film.mp4",
        ),
        (GAME, passes, "refs/board.txt", "--replace refs"),
        (
            GAME,
            "chunk_size: 2",
            "out/report.html",
            "--replace out/report.html",
        ),
        (
            GAME,
            "chunk_size: 2",
            "out/report.json",
            "--replace out/report.json",
        ),
        (
            GAME,
            "chunk_size: 2",
            "out/game/deep/.hidden",
            "--replace out/game",
        ),
    ] {
        let production = Production::new(outputs);
        production.write_document(outputs, 3, settings);
        production.write(file, "mine");
        production.assert_refused(&[], &["outputs::not_ours", file, shown]);
        production.assert_planned_with_warning(shown);
        assert!(!production.path(".production/events").exists(), "{file}");
    }
}

#[test]
fn protected_paths_cannot_be_allowed() {
    let output =
        |path: &str| format!("- {{name: game, format: 8bit_game, path: {path}, replace: true}}");
    for (path, file) in [
        (".git", ".git/config"),
        ("out/.git/frames", "out/.git/config"),
        (".hg", ".hg/store"),
        (".svn", ".svn/entries"),
        ("art", "art/.git/HEAD"),
        ("presets", "presets/lenses.yaml"),
        ("out", "out/.production"),
    ] {
        let production = Production::new(&output(path));
        production.write(file, "{}");
        if path == "out" {
            fs::remove_file(production.path(file)).unwrap();
            let store = production.path("out/store");
            let store = store.to_str().unwrap();
            production.assert_refused(
                &["--store", store, "--replace", path],
                &["outputs::inside_store"],
            );
        } else {
            production.assert_refused(&["--replace", path], &["outputs::protected_path"]);
            production.assert_not_planned("outputs::protected_path");
        }
    }
}

#[test]
fn a_file_that_the_document_reads_is_never_replaced() {
    let production = Production::new(GAME);
    let model = r#"{"asset":{"version":"2.0"},"buffers":[{"uri":"parts/a.bin","byteLength":4}]}"#;
    production.write("assets/set.gltf", model);
    production.write("assets/parts/a.bin", "mine");
    let outputs = "- {name: game, format: 8bit_game, path: assets/parts, replace: true}";
    production.write_document(outputs, 3, "chunk_size: 2");
    let text = production
        .read("production.yaml")
        .unwrap()
        .replace("preset: studio", "set: assets/set.gltf");
    fs::write(production.path("production.yaml"), text).unwrap();
    let output = production.command("validate", &[]);
    let text = output_text(&output);
    assert!(text.contains("a file that a model refers to"), "{text}");
    assert_eq!(
        production.read("assets/parts/a.bin").as_deref(),
        Some("mine")
    );
}

#[test]
fn a_path_of_replace_must_name_a_deliverable() {
    let production = Production::new(GAME);
    for command in ["validate", "run"] {
        let output = production.command(command, &["--replace", "out/elsewhere"]);
        let text = output_text(&output);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains("--replace out/elsewhere"), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_at_the_path_of_a_deliverable_is_not_ours() {
    let production = Production::new(GAME);
    production.write("elsewhere/mine.txt", "mine");
    fs::create_dir(production.path("out")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", production.path("out/game")).unwrap();
    production.assert_refused(&[], &["`out/game` is a link or a device"]);
}

#[test]
fn a_file_in_place_of_a_folder_is_found_by_validate() {
    let production = Production::new(GAME);
    production.write("out", "a file");
    production.assert_refused(&["--replace", "out/game"], &["`out` is a file"]);
}

#[test]
fn an_empty_folder_may_be_there_already_also_with_what_keeps_it_in_version_control() {
    let production = Production::new(GAME);
    fs::create_dir_all(production.path("out/game")).unwrap();
    production.succeed("validate", &[]);
    production.write("out/game/.gitkeep", "");
    production.succeed("validate", &[]);
    if machine::makes_films() {
        production.succeed("run", &[]);
        assert_eq!(production.read("out/game/.gitkeep").as_deref(), Some(""));
    }
}

fn count_frames(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().display().to_string());
    names
        .filter(|name| name.contains(".png") || name.contains(".exr"))
        .count()
}

#[test]
fn files_beside_ours_stay_across_runs_shorter_runs_and_reverts() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new(GAME);
    production.write_document(GAME, 3, "passes: [depth], passes_path: out/passes");
    production.succeed("run", &[]);
    let frames = |folder: &str| count_frames(&production.path(folder));
    assert_eq!(frames("out/game"), 3);
    let notes = [
        "out/game/note.txt",
        "out/game/mine/art.psd",
        "out/passes/one/notes.md",
        "out/mine.mp4",
    ];
    for note in notes {
        production.write(note, note);
    }
    let assert_kept = |when: &str| {
        for note in notes {
            assert_eq!(production.read(note).as_deref(), Some(note), "{when}");
        }
    };
    let text = production.succeed("run", &[]);
    assert!(
        text.contains("up to date"),
        "a note is no reason to run: {text}"
    );
    production.write_document(GAME, 2, "passes: [depth], passes_path: out/passes");
    production.succeed("validate", &[]);
    production.succeed("run", &[]);
    assert_kept("after a shorter run");
    assert_eq!(
        frames("out/game"),
        2,
        "frames that are not wanted any more go"
    );
    let report = production.read("out/report.json").unwrap();
    assert!(report.contains("rev-0002"), "{report}");
    production.succeed("revert", &["1"]);
    assert_kept("after a revert");
    assert_eq!(frames("out/game"), 3);
    let report = production.read("out/report.json").unwrap();
    assert!(
        report.contains("rev-0001"),
        "the report is that of the film"
    );
    // Another path: what was delivered and added at the old one stays.
    let moved = GAME.replace("out/game", "out/sprites");
    production.write_document(&moved, 2, "passes: [depth], passes_path: out/passes");
    production.succeed("run", &[]);
    assert_kept("after another path");
    production.write_document(GAME, 2, "passes: [depth], passes_path: out/passes");
    production.succeed("run", &[]);
    assert_kept("after the first path again");
    assert_eq!(frames("out/game"), 2, "an older revision is known too");
}

#[test]
fn a_file_that_was_changed_by_hand_is_kept_until_it_is_allowed() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new(GAME);
    production.succeed("run", &[]);
    let frame = fs::read_dir(production.path("out/game"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|extension| extension == "png"))
        .unwrap();
    fs::write(&frame, "painted over").unwrap();
    production.assert_refused(&[], &["was changed since it was delivered"]);
    production.write_document(GAME, 2, "chunk_size: 2");
    production.succeed("run", &["--replace", "out/game"]);
    assert_ne!(fs::read(&frame).unwrap_or_default(), b"painted over");
    let log = production.succeed("log", &["--format", "json"]);
    assert!(log.contains("\"replaced\""), "{log}");
    // The same with `revert`, which is refused like a run.
    fs::write(&frame, "painted again").unwrap();
    let output = production.command("revert", &["1"]);
    let text = output_text(&output);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("was changed since"), "{text}");
    assert_eq!(fs::read(&frame).unwrap(), b"painted again");
    production.succeed("revert", &["1", "--replace", "out/game"]);
    assert_ne!(fs::read(&frame).unwrap(), b"painted again");
}

#[test]
fn the_field_replace_allows_what_the_option_does() {
    if !machine::makes_films() {
        return;
    }
    let outputs = GAME.replace("path: out/game", "path: out/game, replace: true");
    let production = Production::new(&outputs);
    production.write("out/game/mine.txt", "mine");
    production.succeed("run", &[]);
    assert_eq!(production.read("out/game/mine.txt"), None);
    // The folder is delivered now: what is added beside our files stays.
    production.write("out/game/note.txt", "note");
    production.write_document(&outputs, 2, "chunk_size: 2");
    production.succeed("run", &[]);
    assert_eq!(
        production.read("out/game/note.txt").as_deref(),
        Some("note")
    );
}

#[cfg(unix)]
#[test]
fn a_revert_looks_again_where_the_deliverables_are() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new(GAME);
    production.succeed("run", &[]);
    let elsewhere = tempfile::tempdir().unwrap();
    fs::create_dir(elsewhere.path().join("game")).unwrap();
    fs::write(elsewhere.path().join("game/mine.txt"), "mine").unwrap();
    fs::remove_dir_all(production.path("out")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), production.path("out")).unwrap();
    for command in [&["revert", "1"][..], &["run"]] {
        let output = production.command(command[0], &command[1..]);
        assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
    }
    let kept: Vec<_> = fs::read_dir(elsewhere.path().join("game"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(kept, ["mine.txt"]);
}

#[test]
fn a_film_in_a_folder_has_the_name_of_its_output() {
    let outputs = "\
- {name: cinema, format: cinema_4k, path: renders/cinema/}
    - {name: v1.2, format: streaming_1080p, path: 'renders\\web\\'}
    - {name: game, format: 8bit_game, path: renders/game/}";
    let production = Production::new(outputs);
    // Other files in the folder of a film are no matter of ours.
    production.write("renders/cinema/mine.mov", "mine");
    production.write("notes.txt", "mine");
    let text = production.succeed("info", &["--resolved"]);
    for path in [
        "renders/cinema/cinema.mov",
        "renders/web/v1.2.mp4",
        "renders/game",
    ] {
        assert!(text.contains(path), "no {path} in {text}");
    }
    production.succeed("validate", &[]);
}

#[test]
fn deliverables_are_known_by_their_report_when_the_store_was_deleted() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new(GAME);
    production.succeed("run", &[]);
    let before = production.files();
    fs::remove_dir_all(production.path(".production")).unwrap();
    production.succeed("validate", &[]);
    production.succeed("run", &[]);
    let unchanged = |path: &Path| before.get(path) == production.files().get(path);
    assert!(
        before
            .keys()
            .filter(|path| !path.to_string_lossy().contains("report."))
            .all(|path| unchanged(path))
    );
    // Not so for a file that was changed.
    fs::remove_dir_all(production.path(".production")).unwrap();
    let frame = before
        .keys()
        .find(|path| path.starts_with(production.path("out/game")))
        .unwrap();
    fs::write(frame, "painted over").unwrap();
    production.assert_refused(&[], &["--replace out/game"]);
}

/// A file system in memory over the folder of a production. It is unmounted at the end.
#[cfg(target_os = "linux")]
struct SmallDisk(PathBuf);

#[cfg(target_os = "linux")]
impl SmallDisk {
    /// `None`: nothing can be mounted here.
    fn mount_over(folder: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "tmpfs"])
            .arg(folder)
            .output();
        let is_mounted = mounted.is_ok_and(|mounted| mounted.status.success());
        is_mounted.then(|| Self(folder.to_owned()))
    }

    /// Takes all of the room with a file.
    fn fill(&self) {
        use std::io::Write;
        let mut filler = fs::File::create(self.0.join("filler")).unwrap();
        while filler.write_all(&[0; 4096]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).output();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_full_when_a_run_publishes_leaves_what_was_delivered() {
    let store = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount_over(folder.path()) else {
        // A right, and nothing that a script could install.
        eprintln!("SKIPPED: no file system can be mounted here");
        return;
    };
    if !machine::makes_films() {
        return;
    }
    film::copy_model("lantern_lit.glb", &folder.path().join("lantern.glb"));
    let production = Production(folder);
    let arguments = ["--store", store.path().to_str().unwrap()];
    production.write_document(GAME, 3, "chunk_size: 2");
    production.succeed("run", &arguments);
    let delivered = || {
        let mut files = production.files();
        files.retain(|path, _| path.starts_with(production.path("out")));
        files
    };
    let before = delivered();
    production.write_document(GAME, 6, "chunk_size: 2");
    disk.fill();
    let output = production.command("run", &arguments);
    let text = output_text(&output);
    // As of a job that meets a full disk.
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.contains("deliver ") && text.contains("disk_full"),
        "{text}"
    );
    assert!(text.contains("out/game"), "{text}");
    assert!(!text.contains(".partial"), "{text}");
    assert_eq!(delivered(), before);
    disk.make_room();
    let text = production.succeed("run", &arguments);
    assert_eq!(delivered().len(), before.len() + 3, "{text}");
    production.succeed("verify", &arguments);
    // Before the folder below it.
    drop(disk);
}
