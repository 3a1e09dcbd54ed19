//! Job templates of Open Job Description, checked by the published program and by the client of
//! Deadline Cloud. A run of the template makes the same as a local run.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and says what it passes over"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/printed.rs"]
mod printed;
#[path = "support/python.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod python;
#[path = "support/skip.rs"]
mod skip;

use machine::makes_films;
use printed::output_text;
use std::path::{Path, PathBuf};
use std::process::Command;

const BINARY: &str = env!("CARGO_BIN_EXE_production");

const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot, with a line, an effect, an ambience and a piece of music.
  sound: {speech: murmur, music: energetic}
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24, chunk_size: 12}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio, ambience: rain, room: room}]
  shots:
    - name: one
      template: insert
      props: [{name: lantern, mark: [0, 0, 0]}]
      location: studio
      duration: 24
      lines: ['NARRATOR: Now.']
      effects: click
  outputs:
    - {name: film, format: streaming_1080p, resolution: 64x36, path: out/film.mp4, stems: true}
";

struct Film(tempfile::TempDir);

impl Film {
    fn new() -> Self {
        Self(film::folder(DOCUMENT))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn output_text(&self, words: &[&str]) -> String {
        let output = self.command().args(words).output().unwrap();
        assert!(
            output.status.success(),
            "{words:?}: {}",
            output_text(&output)
        );
        output_text(&output)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(BINARY);
        command.current_dir(self.path());
        if let Some(bin) = programs() {
            command.env(
                "PATH",
                format!("{}:/usr/local/bin:/usr/bin:/bin", bin.display()),
            );
        }
        command
    }

    /// Returns the film and its stems.
    fn deliverables(&self) -> Vec<Vec<u8>> {
        let stems = ["dialogue", "music", "effects", "music_and_effects", "mix"];
        let stems = stems.map(|stem| format!("out/film.stems/{stem}.wav"));
        let paths = ["out/film.mp4".to_owned()].into_iter().chain(stems);
        paths
            .map(|path| std::fs::read(self.path().join(path)).unwrap())
            .collect()
    }
}

/// Returns the folder of the Python programs.
fn programs() -> Option<PathBuf> {
    let bin = python::assets().join("openjd/bin");
    let reason = format!(
        "no openjd at {}; scripts/fetch-test-assets brings it",
        bin.display()
    );
    skip::require_or_skip(bin.join("openjd").exists().then_some(bin), &reason)
}

/// Returns the program that reads templates as a scheduler does, with the crate of the
/// specification's authors.
fn reader() -> Option<PathBuf> {
    let reader = python::assets().join("openjd-model/debug/openjd-template");
    let reason = format!(
        "no {}; scripts/fetch-test-assets builds it",
        reader.display()
    );
    skip::require_or_skip(reader.exists().then_some(reader), &reason)
}

#[test]
fn a_scheduler_makes_of_a_bundle_one_task_for_each_of_ours_in_an_order_that_can_be_done() {
    let Some(reader) = reader() else { return };
    for words in [&[][..], &["--no-extensions"]] {
        let film = Film::new();
        film.output_text(&[&["export", "openjd", ".", "--out", "bundle"], words].concat());
        let template = film
            .path()
            .join("bundle/template.yaml")
            .display()
            .to_string();
        let store = format!("Store={}", film.path().join(".production").display());
        let printed = run(
            &reader,
            &[
                &template,
                &store,
                &format!("Root={}", film.path().display()),
            ],
        );
        let steps: Vec<(u32, &str, Vec<u32>)> = printed.lines().map(step).collect();
        let mut numbers: Vec<u32> = steps
            .iter()
            .flat_map(|(_, _, numbers)| numbers.clone())
            .collect();
        numbers.sort_unstable();
        let records = film
            .path()
            .join(".production/runs/rev-0001/farm/tasks.jsonl");
        let records = std::fs::read_to_string(records).unwrap();
        let tasks = u32::try_from(records.lines().count()).unwrap();
        assert_eq!(numbers, (0..tasks).collect::<Vec<_>>(), "{printed}");
        assert_eq!(
            steps.iter().map(|(count, ..)| count).sum::<u32>(),
            tasks,
            "{printed}"
        );
        let at = |kind: &str| {
            steps
                .iter()
                .position(|(_, name, _)| name.starts_with(kind))
                .unwrap()
        };
        let kinds = [
            "asset.import",
            "render.shot",
            "grade.frames",
            "export.encode",
            "finalize.verify",
        ];
        assert!(kinds.map(at).is_sorted(), "{printed}");
    }
}

/// Parses a line of the program above: the number of tasks, the step, and the numbers of the tasks.
fn step(line: &str) -> (u32, &str, Vec<u32>) {
    let mut fields = line.split('\t');
    let mut next = || fields.next().unwrap();
    let count = next().parse().unwrap();
    let name = next();
    (
        count,
        name,
        next()
            .split(' ')
            .map(|number| number.parse().unwrap())
            .collect(),
    )
}

fn run(program: &Path, words: &[&str]) -> String {
    let output = Command::new(program).args(words).output().unwrap();
    assert!(
        output.status.success(),
        "{} {words:?}: {}",
        program.display(),
        output_text(&output)
    );
    output_text(&output)
}

#[test]
fn a_bundle_and_the_local_runner_make_the_bytes_of_a_local_run() {
    let (true, Some(bin)) = (makes_films(), programs()) else {
        return;
    };
    let here = Film::new();
    let bundled = Film::new();
    let ran = Film::new();
    here.output_text(&["run", "."]);
    bundled.output_text(&["export", "openjd", ".", "--out", "bundle"]);
    let folder = bundled.path().join("bundle");
    let template = folder.join("template.yaml").display().to_string();
    run(&bin.join("openjd"), &["check", &template]);
    let text = std::fs::read_to_string(&template).unwrap();
    assert!(
        text.contains("CHOOSE_DIRECTORY") && text.contains("amount.worker.vcpu"),
        "{text}"
    );
    let plain = Film::new();
    plain.output_text(&[
        "export",
        "openjd",
        ".",
        "--out",
        "bundle",
        "--no-extensions",
    ]);
    let page = plain.path().join("bundle/template.yaml");
    assert!(!std::fs::read_to_string(&page).unwrap().contains("CHUNK"));
    run(&bin.join("openjd"), &["check", &page.display().to_string()]);
    assert!(
        plain
            .output_text(&["cancel", "."])
            .contains("nothing of it is left")
    );
    let info = run(
        &bin.join("deadline"),
        &["bundle", "info", &folder.display().to_string()],
    );
    assert!(info.contains("Store"), "{info}");
    let store = format!("Store={}", bundled.path().join(".production").display());
    let root = format!("Root={}", bundled.path().display());
    let printed = run(
        &bin.join("openjd"),
        &["run", &template, "-p", &store, "-p", &root],
    );
    assert!(printed.contains("Session ended successfully"), "{printed}");
    bundled.output_text(&["run", ".", "--farm", "openjd", "--resume"]);
    ran.output_text(&["run", ".", "--farm", "openjd"]);
    let differ: Vec<&str> = [("bundle", &bundled), ("runner", &ran)]
        .into_iter()
        .filter(|(_, film)| film.deliverables() != here.deliverables())
        .map(|(name, _)| name)
        .collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn a_title_with_braces_is_no_expression_to_a_scheduler() {
    let Some(bin) = programs() else {
        return;
    };
    for title in [
        "The {{Lamp}}",
        "a }} b",
        "a {{ b",
        "{{{{",
        "}}}}}",
        "{{Param.Run}} {x}",
    ] {
        let film = Film::new();
        let document = DOCUMENT
            .replace("title: Tiny", &format!("title: \"{title}\""))
            .replace("name: one", "name: \"one {{shot}}\"");
        std::fs::write(film.path().join("production.yaml"), document).unwrap();
        film.output_text(&["export", "openjd", ".", "--out", "bundle"]);
        let template = film.path().join("bundle/template.yaml");
        run(
            &bin.join("openjd"),
            &["check", &template.display().to_string()],
        );
    }
}
