//! What a production needs on a day of work: pictures that exist already as shots, a choice of
//! shots for an output, one file a shot, and paths with the revision. Nothing is drawn and nothing
//! is encoded by a tool, so this runs on every machine.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

use production::media::picture::{read_picture, write_png8};
use production::model::PixelSize;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SIZE: PixelSize = PixelSize::new(32, 18);

const DOCUMENT: &str = "\
production:
  title: Plates
  version: '2'
  author: Tests
  description: Pictures that exist already.
  style: noir
  render_settings: {frame_rate: 24, chunk_size: 4}
  shots:
    - {name: sh010, frames: {path: plates/a.%04d.png, graded: true}}
    - {name: sh020, frames: {path: plates/a.####.png, start: 5, graded: true}, duration: 6}
  outputs:
    - {name: all, codec: png, resolution: 32x18, frame_rate: 24, path: out/all}
    - {name: some, codec: png, resolution: 32x18, frame_rate: 24, path: out/some, shots: sh02*}
    - {name: parts, codec: png, resolution: 32x18, frame_rate: 24, path: \"out/${revision}/${shot}_v${version}\"}
";

struct Work(tempfile::TempDir);

impl Work {
    fn new(document: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("plates")).unwrap();
        let work = Self(folder);
        work.write(document);
        (1..=12).for_each(|number| work.draw_plate(number, shade(number)));
        work
    }

    fn write(&self, document: &str) {
        fs::write(self.path("production.yaml"), document).unwrap();
    }

    fn draw_plate(&self, number: u8, shade: u8) {
        let path = self.path(&format!("plates/a.{number:04}.png"));
        write_png8(&path, SIZE, &[[shade; 3]; 32 * 18]).unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn call(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.arg(words[0]).arg(self.0.path());
        command.args(&words[1..]).output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.call(&[words, &["--format", "json"]].concat());
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{words:?}: {printed}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Returns the shade of each picture of a delivered folder.
    fn shades(&self, folder: &str) -> Vec<u8> {
        let mut files: Vec<PathBuf> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|found| found == "png"))
            .collect();
        files.sort();
        files.iter().map(|path| shade_of(path)).collect()
    }
}

const fn shade(number: u8) -> u8 {
    number * 20
}

fn shade_of(path: &Path) -> u8 {
    let light = read_picture(path).unwrap().pixels[40][1];
    let value = production::media::tone::linear_to_srgb(light) * 255.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "from 0 to 255"
    )]
    let shade = value.round() as u8;
    shade
}

fn shades_of(numbers: std::ops::RangeInclusive<u8>) -> Vec<u8> {
    numbers.map(shade).collect()
}

#[test]
fn pictures_that_exist_are_delivered_as_they_are() {
    let work = Work::new(DOCUMENT);
    let result = work.json(&["run"]);
    assert_eq!(result["success"], true, "{result:#}");
    let first = shades_of(1..=12);
    let second = shades_of(5..=10);
    assert_eq!(
        work.shades("out/all"),
        [first.clone(), second.clone()].concat()
    );
    assert_eq!(work.shades("out/some"), second);
    assert_eq!(work.shades("out/rev-0001/sh010_v2"), first);
    assert_eq!(work.shades("out/rev-0001/sh020_v2"), second);

    // The revision is in a path, and still nothing is made a second time.
    let again = work.json(&["run"]);
    assert_eq!(again["revision"], "rev-0001", "{again:#}");
    assert!(!work.path("out/rev-0002").exists());

    // A repaired picture makes its chunk again: 4 frames of the first shot, and none of the second.
    work.draw_plate(3, 250);
    let plan = work.json(&["plan"]);
    let mut phases = plan["phases"].as_array().unwrap().iter();
    let shots = phases.find(|phase| phase["phase"] == "shots").unwrap();
    assert_eq!(
        (&shots["jobs"], &shots["run"]),
        (&5.into(), &1.into()),
        "{shots:#}"
    );
    work.json(&["run"]);
    assert_eq!(work.shades("out/all")[2], 250);
    assert_eq!(work.shades("out/rev-0002/sh010_v2")[2], 250);
    assert_eq!(
        work.shades("out/rev-0001/sh010_v2"),
        first,
        "an earlier revision stays in its place"
    );
}

#[test]
fn a_take_is_chosen_by_name_and_is_the_last_one_otherwise() {
    let document = |take: &str| {
        format!(
            "\
production:
  title: Takes
  author: Tests
  description: One shot, two takes.
  render_settings: {{frame_rate: 24}}
  shots:
    - name: sh010
      frame_range: 1-6
      takes:
        v001: {{frames: {{path: plates/a.%04d.png, graded: true}}}}
        v002: {{frames: {{path: plates/a.%04d.png, start: 7, graded: true}}}}
{take}  outputs:
    - {{name: all, codec: png, resolution: 32x18, frame_rate: 24, path: \"out/${{shot}}_${{take}}\"}}
"
        )
    };
    let work = Work::new(&document(""));
    work.json(&["run"]);
    assert_eq!(work.shades("out/sh010_v002"), shades_of(7..=12));
    work.write(&document("      take: v001\n"));
    work.json(&["run"]);
    assert_eq!(work.shades("out/sh010_v001"), shades_of(1..=6));
}

#[test]
fn the_document_in_full_delivers_the_same() {
    let work = Work::new(DOCUMENT);
    work.json(&["run"]);
    let output = work.call(&["info", "--resolved"]);
    assert!(output.status.success());
    work.write(&String::from_utf8(output.stdout).unwrap());
    let again = work.json(&["run"]);
    assert_eq!(again["revision"], "rev-0001", "{again:#}");
}

#[test]
fn shots_that_come_to_one_path_are_an_error_that_names_the_fix() {
    let document = DOCUMENT.replace("${shot}_v${version}", "film").replace(
        "path: \"out/${revision}/film\"",
        "per_shot: true, codec: h264, path: \"out/${revision}/film.mp4\"",
    );
    let document = document.replacen("name: parts, codec: png, ", "name: parts, ", 1);
    let work = Work::new(&document);
    let output = work.call(&["validate", "--format", "json"]);
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors = found["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{found:#}");
    assert_eq!(found["counts"]["errors"], 1);
    assert_eq!(errors[0]["code"], "production::outputs::duplicate_path");
    assert!(
        errors[0]["suggestion"]
            .as_str()
            .unwrap()
            .contains("${shot}")
    );
}
