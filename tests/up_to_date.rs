//! A production that is up to date: if everything is made, published and in its place, running it
//! again does nothing and makes no revision. Anything that is missing or different is made again.
//!
//! Without a graphics adapter or ffmpeg the test reports that and passes.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const DOCUMENT: &str = "\
production:
  title: Standing
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 96x54, samples: 1, frame_rate: 24}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 2}]
  outputs:
    - {name: film, format: streaming_1080p, resolution: 128x72, path: out/film.mp4}
    - {name: plates, format: 8bit_game, resolution: 64x36, path: out/plates}
";

struct Film(tempfile::TempDir);

impl Film {
    fn new() -> Self {
        Self(film::folder(DOCUMENT))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write_document(&self, text: impl AsRef<[u8]>) {
        fs::write(self.path("production.yaml"), text).unwrap();
    }

    fn output_text(&self, word: &str, words: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        let output = command
            .arg(word)
            .arg(self.0.path())
            .args(words)
            .output()
            .unwrap();
        let printed = [&output.stdout[..], &output.stderr].concat();
        assert!(
            output.status.success(),
            "{word}: {}",
            String::from_utf8_lossy(&printed)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs the film. Returns the revision of its result, and the number of revisions in the store.
    fn run(&self) -> (String, usize) {
        let result: Value =
            serde_json::from_str(&self.output_text("run", &["--format", "json"])).unwrap();
        assert_eq!(result["success"], true, "{result:#}");
        assert_eq!(
            result["output_paths"].as_array().unwrap().len(),
            2,
            "{result:#}"
        );
        let revisions = fs::read_dir(self.path(".production/events"))
            .unwrap()
            .count();
        (result["revision"].as_str().unwrap().to_owned(), revisions)
    }
}

#[test]
fn present_deliverables_stay_and_missing_ones_are_made_again() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    let first = ("rev-0001".to_owned(), 1);
    assert_eq!(film.run(), first);
    assert_eq!(film.run(), first, "nothing is done a second time");
    let events = film.path("events.jsonl");
    fs::write(&events, "{\"v\":1}\n").unwrap();
    assert!(
        film.output_text("run", &["--events", events.to_str().unwrap()])
            .contains("up to date: 1 shot")
    );
    assert_eq!(fs::read_to_string(&events).unwrap(), "", "nothing happened");

    film.write_document(format!("# A remark.\n{DOCUMENT}"));
    assert_eq!(film.run(), first, "a comment is no change");

    let good = fs::read(film.path("out/film.mp4")).unwrap();
    fs::remove_file(film.path("out/film.mp4")).unwrap();
    assert_eq!(
        film.run(),
        ("rev-0002".to_owned(), 2),
        "a deliverable was gone"
    );
    assert_eq!(fs::read(film.path("out/film.mp4")).unwrap(), good);

    fs::write(film.path("out/film.mp4"), "not the film").unwrap();
    film.output_text("run", &["--replace", "out/film.mp4"]);
    assert_eq!(
        film.run(),
        ("rev-0003".to_owned(), 3),
        "a deliverable was another"
    );
    assert_eq!(fs::read(film.path("out/film.mp4")).unwrap(), good);

    fs::write(film.path("out/plates/9999.png"), "a stranger").unwrap();
    assert_eq!(
        film.run(),
        ("rev-0003".to_owned(), 3),
        "what is beside our files is no reason to run"
    );

    film.output_text("revert", &["rev-0001"]);
    assert_eq!(
        film.run().0,
        "rev-0005",
        "an older revision is in place, though it is the same"
    );
    film.write_document(DOCUMENT.replace("out/plates", "out/stills"));
    assert_eq!(film.run().0, "rev-0006", "the same pictures go elsewhere");
    film.write_document(
        DOCUMENT
            .replace("Standing", "Risen")
            .replace("out/plates", "out/stills"),
    );
    assert_eq!(film.run().0, "rev-0007", "a manifest bears the title");
}
