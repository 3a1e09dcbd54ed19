//! Outputs of other shapes: their shots are framed anew and rendered for them, once for each shape
//! and nothing else.
//!
//! Nothing is drawn here. What a run would make is read from its plan.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const HEAD: &str = "production:
  title: Shapes
  author: Tests
  description: One film in many shapes.
  render_settings: {frame_rate: 24, resolution: 640x360, chunk_size: 12}
  locations:
    - {name: pier, preset: harbour_dusk}
  props:
    - {name: crate, model: crate.glb}
  shots:
    - {name: one, template: insert, location: pier, props: [crate], duration: 24}
    - {name: two, template: insert, location: pier, props: [crate], duration: 24, transition_in: dissolve 6}
    - {name: plate, frames: plates/plate.%04d.png, duration: 8}
  outputs:
    - {name: film, codec: h264, resolution: 640x360, frame_rate: 24, path: out/film.mp4}
";

struct Shapes(tempfile::TempDir);

impl Shapes {
    fn new(outputs: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let example = Path::new("examples/short_film/assets/crate.glb");
        fs::copy(example, folder.path().join("crate.glb")).unwrap();
        let plates = folder.path().join("plates");
        fs::create_dir(&plates).unwrap();
        for number in 1..=8 {
            let path = plates.join(format!("plate.{number:04}.png"));
            let size = production::model::PixelSize::new(64, 36);
            production::media::picture::write_png8(&path, size, &[[90; 3]; 64 * 36]).unwrap();
        }
        let document = folder.path().join("production.yaml");
        fs::write(document, format!("{HEAD}{outputs}")).unwrap();
        Self(folder)
    }

    fn call(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.arg(words[0]).arg(self.0.path());
        command.args(&words[1..]).output().unwrap()
    }

    /// Returns the names of the jobs of a plan that begin with `prefix`, without it.
    fn jobs(&self, prefix: &str) -> BTreeSet<String> {
        let output = self.call(&["plan", "--format", "json"]);
        let printed = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{printed}");
        let plan: Value = serde_json::from_slice(&output.stdout).unwrap();
        let jobs = plan["jobs"].as_array().unwrap().iter();
        let names = jobs.filter_map(|job| job["job"].as_str()?.strip_prefix(prefix));
        names.map(str::to_owned).collect()
    }
}

fn names(expected: &[&str]) -> BTreeSet<String> {
    expected.iter().map(|name| (*name).to_owned()).collect()
}

const OWN: [&str; 6] = [
    "one/1001-1012",
    "one/1013-1024",
    "one/1025-1027",
    "two/998-1000",
    "two/1001-1012",
    "two/1013-1024",
];

#[test]
fn a_shape_is_rendered_once_and_only_what_its_outputs_show() {
    let upright = "    - {name: upright, codec: h264, resolution: 360x640, frame_rate: 24, fit: reframe, path: out/upright.mp4}
    - {name: small, codec: h264, resolution: 180x320, frame_rate: 24, fit: reframe, shots: [two], path: out/small.mp4}
    - {name: same, codec: h264, resolution: 320x180, frame_rate: 24, fit: reframe, path: out/same.mp4}
    - {name: square, codec: h264, resolution: 360x360, frame_rate: 24, fit: reframe, shots: [two, plate], path: out/square.mp4}
";
    let shapes = Shapes::new(upright);
    let mut expected = names(&OWN);
    for own in OWN {
        let parts: Vec<&str> = own.split('/').collect();
        expected.insert(format!("{}/360x640/{}", parts[0], parts[1]));
    }
    // The film of the last shape begins with the second shot, so nothing dissolves there.
    expected.extend(names(&["two/360x360/1001-1012", "two/360x360/1013-1024"]));
    assert_eq!(shapes.jobs("render.shot/"), expected);
    // Footage is the same in each.
    assert_eq!(shapes.jobs("shot.footage/").len(), 1);
    assert_eq!(
        shapes.jobs("edit.transition/"),
        names(&["dissolve/one/two", "dissolve/one/two/360x640"])
    );
    let cropped = Shapes::new(&upright.replace("fit: reframe", "fit: crop"));
    assert_eq!(cropped.jobs("render.shot/"), names(&OWN));
}

#[test]
fn frames_that_no_output_shows_are_not_rendered() {
    let outputs = "    - {name: upright, codec: h264, resolution: 360x640, frame_rate: 24, fit: reframe, shots: [one], path: out/upright.mp4}\n";
    let shapes = Shapes::new(outputs);
    let film = shapes.0.path().join("production.yaml");
    let document = fs::read_to_string(&film).unwrap();
    // The film shows the second shot alone, and the upright one the first.
    let narrowed = document.replace("path: out/film", "shots: [two, plate], path: out/film");
    fs::write(&film, narrowed).unwrap();
    assert_eq!(
        shapes.jobs("render.shot/"),
        names(&[
            "one/360x640/1001-1012",
            "one/360x640/1013-1024",
            "two/1001-1012",
            "two/1013-1024"
        ])
    );
}
