//! Renderers through the whole program: a production that changes one word, and one whose renderer is not there.
//!
//! Real programs draw here. Without one its test says that it was passed over, and fails where everything is required.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "house/machine.rs"]
mod machine;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot.
  render_settings:
    engine: previz
    resolution: 96x54
    samples: 2
    frame_rate: 24
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 2}]
  outputs: [{name: pictures, codec: png, resolution: 96x54, path: out}]
";

/// A production of one tiny shot.
struct Production {
    folder: tempfile::TempDir,
}

impl Production {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film/assets/lantern_lit.glb");
        std::fs::copy(model, folder.path().join("lantern.glb")).unwrap();
        let production = Self { folder };
        production.write(DOCUMENT);
        production
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, document: &str) {
        std::fs::write(self.path("production.yaml"), document).unwrap();
    }

    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::new(BINARY);
        command.arg("run").arg(self.folder.path()).args(["--retries", "0", "--format", "json"]).args(more);
        command.env("NO_COLOR", "1").output().unwrap()
    }
}

/// Returns whether a program is on the usual search path; says so when it is not.
#[expect(clippy::disallowed_methods, reason = "a test asks how it was started")]
fn have(program: &str) -> bool {
    let here = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(Path::new);
    let found = here.iter().any(|folder| folder.join(program).is_file());
    let required = std::env::var_os("PRODUCTION_TESTS_REQUIRE_ASSETS").is_some();
    assert!(found || !required, "no {program}: run scripts/setup tests");
    if !found {
        eprintln!("SKIPPED: no {program}; scripts/setup tests brings it");
    }
    found
}

#[test]
fn a_production_moves_from_previz_to_cycles_by_one_word() {
    if !have("blender") || !machine::makes_films() {
        return;
    }
    let production = Production::new();
    assert!(production.run(&[]).status.success());
    production.write(&DOCUMENT.replace("engine: previz", "engine: cycles"));
    let output = production.run(&[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let manifest = std::fs::read_to_string(production.path(".production/manifests/rev-0002.json")).unwrap();
    assert!(manifest.contains("\"Blender ") && manifest.contains(", cycles, script "), "{manifest}");
    let picture = std::fs::read_dir(production.path("out")).unwrap().count();
    assert_eq!(picture, 2);
}

#[test]
fn a_blender_that_is_not_there_is_told_before_anything_runs() {
    let production = Production::new();
    production.write(&DOCUMENT.replace("engine: previz", "engine: CYCLES"));
    std::fs::write(production.path("machine.yaml"), "machine: {blender: /nowhere/blender}\n").unwrap();
    let output = production.run(&["--machine", production.path("machine.yaml").to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("find Blender at /nowhere/blender"), "{said}");
    assert!(!production.path(".production/events").exists(), "no run began");
}

#[test]
fn the_script_for_blender_is_python_without_a_slip() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/producers/render/blender/scene.py");
    if !have("python3") {
        return;
    }
    let compile = "import sys; compile(open(sys.argv[1]).read(), sys.argv[1], 'exec')";
    let output = Command::new("python3").args(["-W", "error", "-c", compile]).arg(script).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
