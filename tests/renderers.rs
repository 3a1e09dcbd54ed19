//! Renderers through the whole program: a production that moves to another renderer, and one whose
//! renderer is missing.
//!
//! Real programs draw here. Without one its test reports that it was skipped, and fails where every
//! program is required.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

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
        Self {
            folder: film::folder(DOCUMENT),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, document: &str) {
        std::fs::write(self.path("production.yaml"), document).unwrap();
    }

    fn run(&self, more: &[&str]) -> Output {
        let mut command = Command::new(BINARY);
        command
            .arg("run")
            .arg(self.folder.path())
            .args(["--retries", "0", "--format", "json"])
            .args(more);
        command.env("NO_COLOR", "1").output().unwrap()
    }
}

/// Returns whether a program is on the usual search path.
fn has_program(program: &str) -> bool {
    let here = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"].map(Path::new);
    let found = here.iter().any(|folder| folder.join(program).is_file());
    let reason = format!("no {program}; scripts/setup tests brings it");
    skip::require_or_skip(found.then_some(()), &reason).is_some()
}

#[test]
fn a_production_moves_from_previz_to_cycles_by_its_engine() {
    if !has_program("blender") || !machine::makes_films() {
        return;
    }
    let production = Production::new();
    assert!(production.run(&[]).status.success());
    production.write(&DOCUMENT.replace("engine: previz", "engine: cycles"));
    let output = production.run(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let manifest =
        std::fs::read_to_string(production.path(".production/manifests/rev-0002.json")).unwrap();
    assert!(
        manifest.contains("\"Blender ") && manifest.contains(", cycles, script "),
        "{manifest}"
    );
    let picture = std::fs::read_dir(production.path("out")).unwrap().count();
    assert_eq!(picture, 2);
}

/// Runs a production with these passes, and returns its result.
fn with_passes(production: &Production, passes: &str) -> serde_json::Value {
    production.write(&DOCUMENT.replace(
        "engine: previz",
        &format!("engine: previz\n    passes: {passes}"),
    ));
    let output = production.run(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report = std::fs::read_to_string(production.path("report.json")).unwrap();
    serde_json::from_str(&report).unwrap()
}

#[test]
fn one_more_pass_draws_its_shot_again_and_nothing_that_reads_the_picture() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new();
    with_passes(&production, "[]");
    assert!(!production.path("deliverables").exists());
    let report = with_passes(&production, "[depth, normal]");
    assert_eq!(report["jobs"]["run"], 1, "the render alone: {report:#}");
    let folder = production.path("deliverables/passes/one");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let expected = [
        "1001",
        "1002",
        "depth.1001",
        "depth.1002",
        "normal.1001",
        "normal.1002",
    ];
    assert_eq!(names, expected.map(|name| format!("one.{name}.exr")));
    assert_eq!(
        report["passes"]["passes"],
        serde_json::json!(["depth", "normal"])
    );
    let manifest =
        std::fs::read_to_string(production.path(".production/manifests/rev-0002.json")).unwrap();
    assert!(manifest.contains("\"depth.1002.exr\""), "{manifest}");
    // There is nothing left to do, and the deliverables in place are recognised.
    let again: serde_json::Value = serde_json::from_slice(&production.run(&[]).stdout).unwrap();
    assert_eq!(again["revision"], "rev-0002", "{again:#}");
}

#[test]
fn a_missing_blender_is_reported_before_anything_runs() {
    let production = Production::new();
    production.write(&DOCUMENT.replace("engine: previz", "engine: CYCLES"));
    std::fs::write(
        production.path("machine.yaml"),
        "machine: {blender: /nowhere/blender}\n",
    )
    .unwrap();
    let output = production.run(&[
        "--machine",
        production.path("machine.yaml").to_str().unwrap(),
    ]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(
        stderr.contains("find Blender at /nowhere/blender"),
        "{stderr}"
    );
    assert!(
        !production.path(".production/events").exists(),
        "no run began"
    );
}

#[test]
fn a_missing_graphics_device_of_the_profile_is_reported_before_anything_runs() {
    if !has_program("blender") {
        return;
    }
    let production = Production::new();
    production.write(&DOCUMENT.replace("engine: previz", "engine: cycles"));
    std::fs::write(
        production.path("machine.yaml"),
        "machine: {cycles_device: gpu}\n",
    )
    .unwrap();
    let output = production.run(&[
        "--machine",
        production.path("machine.yaml").to_str().unwrap(),
    ]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    // A machine with such a device uses it.
    if !output.status.success() {
        assert_eq!(output.status.code(), Some(3), "{stderr}");
        assert!(
            stderr.contains("find a graphics device for Cycles: Blender "),
            "{stderr}"
        );
    }
}

#[test]
fn the_scripts_for_blender_are_python_without_a_slip() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/producers/render/blender/script");
    if !has_program("python3") {
        return;
    }
    let scripts = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let compile = "import sys; [compile(open(file).read(), file, 'exec') for file in sys.argv[1:]]";
    let output = Command::new("python3")
        .args(["-W", "error", "-c", compile])
        .args(scripts)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

const BLEND: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot of Blender files.
  render_settings: {engine: cycles, resolution: 96x54, samples: 2, frame_rate: 24}
  props: [{name: post, model: figure.blend}]
  locations: [{name: place, custom_setup: sets/place.blend}]
  shots: [{name: one, template: insert, props: [{name: post, mark: [0, 0, 0]}], location: place, duration: 1}]
  outputs: [{name: pictures, codec: png, resolution: 96x54, path: out}]
";

#[test]
fn a_production_of_blender_files_is_drawn_and_imports_anew_what_refers_to_a_changed_picture() {
    if !has_program("blender") {
        return;
    }
    let production = Production::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixture = production.path("fixture.py");
    std::fs::copy(
        source.join("src/producers/render/blender/tests/fixture.py"),
        &fixture,
    )
    .unwrap();
    let made = Command::new("blender")
        .args(["-b", "--factory-startup", "--python"])
        .arg(&fixture)
        .output();
    assert!(made.unwrap().status.success());
    production.write(BLEND);
    let output = production.run(&[]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(!production.path("ran").exists(), "a script in a file ran");
    // Only the file that refers to the picture is imported again.
    let picture = production.path("textures/wood.png");
    let mut bytes = std::fs::read(&picture).unwrap();
    bytes.extend(b"more");
    std::fs::write(&picture, bytes).unwrap();
    let mut plan = Command::new(BINARY);
    let plan = plan
        .arg("plan")
        .arg(production.folder.path())
        .args(["--format", "json"])
        .output()
        .unwrap();
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(
        plan["phases"][0],
        serde_json::json!({"phase": "prepare", "jobs": 2, "run": 1}),
        "{plan:#}"
    );
}

/// A renderer that is a script of the shell.
const SKETCH: &str = "sketch:\n  command: [sh, 'SCRIPT', '{output}']\n  per: frame\n  output: f.####.png\n  \
    version: [sh, -c, 'echo 1.0']\n  failures: {licence: ['no seat left']}\n  tokens: {sketch: 1}\n";

impl Production {
    /// Returns a production that is drawn by this script.
    fn sketched(script: &str) -> Self {
        let production = Self::new();
        production.write(&DOCUMENT.replace("engine: previz", "engine: sketch"));
        std::fs::create_dir(production.path("presets")).unwrap();
        let path = production.path("sketch.sh");
        let preset = production.path("presets/providers.yaml");
        std::fs::write(&path, script).unwrap();
        std::fs::write(preset, SKETCH.replace("SCRIPT", path.to_str().unwrap())).unwrap();
        std::fs::write(
            production.path("machine.yaml"),
            "machine: {tokens: {sketch: 1}}\n",
        )
        .unwrap();
        production
    }

    fn error(&self, more: &[&str]) -> serde_json::Value {
        let machine = self.path("machine.yaml");
        let output = self.run(&[&["--machine", machine.to_str().unwrap()], more].concat());
        let result: serde_json::Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(output.status.code(), Some(1), "{result:#}");
        result["errors"][0].clone()
    }
}

#[test]
fn a_silent_renderer_is_stopped_and_its_log_has_its_output() {
    let production = Production::sketched("echo 'loading the scene'; exec sleep 1000\n");
    let error = production.error(&["--silence-limit", "1s"]);
    assert_eq!(error["class"], "no_output", "{error:#}");
    assert!(
        error["message"]
            .as_str()
            .unwrap()
            .contains("--silence-limit"),
        "{error}"
    );
    let log = production
        .path(".production")
        .join(error["log"].as_str().unwrap());
    assert!(
        std::fs::read_to_string(log)
            .unwrap()
            .contains("loading the scene\n")
    );
}

#[test]
fn a_seat_that_is_taken_is_waited_for_until_the_limit() {
    let production = Production::sketched("echo 'sketch: no seat left'; exit 0\n");
    let error = production.error(&["--licence-limit", "1s"]);
    assert_eq!(error["class"], "licence", "{error:#}");
}

#[test]
fn a_token_that_the_machine_lacks_is_reported_before_anything_renders() {
    let production = Production::sketched("exit 1\n");
    let output = production.run(&[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{stderr}");
    assert!(stderr.contains("token `sketch`"), "{stderr}");
}

#[test]
fn a_provider_price_is_estimated_reported_and_no_reason_to_render_again() {
    if !has_program("convert") {
        return;
    }
    let production = Production::sketched("exec convert -size 96x54 xc:orange \"$1\"\n");
    let priced = |price: &str| {
        let preset = production.path("presets/providers.yaml");
        let script = production.path("sketch.sh");
        let sketch =
            SKETCH.replace("SCRIPT", script.to_str().unwrap()) + "  price: " + price + "\n";
        std::fs::write(preset, sketch).unwrap();
    };
    let machine = production.path("machine.yaml");
    let with = ["--machine", machine.to_str().unwrap()];
    let json = |output: Output| -> serde_json::Value {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    };
    priced("{amount: 0.04, currency: EUR, per: frame}");
    let plan = json(production.run(&[&with[..], &["--dry-run"]].concat()));
    assert_eq!(
        plan["estimate"]["costs"]["EUR"]["middle"], 0.08,
        "two frames, and no plate that nobody wanted: {plan:#}"
    );
    let made = json(production.run(&with));
    assert_eq!(
        made["costs"],
        serde_json::json!({ "EUR": 0.08 }),
        "{made:#}"
    );
    let mut metrics = Command::new(BINARY);
    metrics
        .arg("metrics")
        .arg(production.folder.path())
        .args(["--format", "json"]);
    let metrics = json(metrics.output().unwrap());
    assert_eq!(metrics["costs"]["EUR"], 0.08);
    priced("{amount: 1200, currency: EUR, per: hour}");
    let again = json(production.run(&with));
    assert_eq!(
        (&again["revision"], again.get("costs")),
        (&"rev-0001".into(), None),
        "{again:#}"
    );
}

/// A dialogue of three speeches: a master shot, then a shot of each speaker.
const SCRIPT: &str =
    "INT. STUDIO - DAY\n\nANNA\nThe lamp is lit.\n\nBEN\nThen we wait.\n\nANNA\nUntil dawn.\n";

/// Returns the lines of a file, sorted. A file that does not exist has none.
fn distinct_lines(path: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.is_empty());
    let lines: std::collections::BTreeSet<&str> = lines.collect();
    lines.into_iter().map(str::to_owned).collect()
}

#[test]
fn an_edited_line_of_dialogue_renders_its_shot_and_no_other() {
    if !has_program("convert") {
        return;
    }
    let production = Production::sketched(
        "echo \"$1\" >> $DRAWN_LOG; exec convert -size ${PRODUCTION_WIDTH}x$PRODUCTION_HEIGHT xc:orange \"$2\"\n",
    );
    let script = production.path("script.fountain");
    let descriptions = production.path("descriptions");
    let sketch = SKETCH.replace("SCRIPT", production.path("sketch.sh").to_str().unwrap());
    let sketch = sketch
        .replace("'{output}'", "'{description}', '{output}'")
        .replace("  tokens: {sketch: 1}\n", "");
    let sketch = format!(
        "{sketch}  references: true\n  set: {{DRAWN_LOG: '{}'}}\n",
        descriptions.display()
    );
    std::fs::write(production.path("presets/providers.yaml"), sketch).unwrap();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film/assets");
    std::fs::copy(assets.join("mara.glb"), production.path("anna.glb")).unwrap();
    std::fs::copy(assets.join("ilya.glb"), production.path("ben.glb")).unwrap();
    let document = DOCUMENT
        .replace("engine: previz", "engine: sketch")
        .replace("frame_rate: 24", "frame_rate: 2");
    let shots = document
        .lines()
        .find(|line| line.starts_with("  shots:"))
        .unwrap();
    let people = "  script: script.fountain\n  characters: [{name: anna, model: anna.glb, description: A keeper.}, \
                  {name: ben, model: ben.glb}]";
    production.write(&document.replace(shots, people));
    let drawn = |text: &str| -> Vec<String> {
        std::fs::write(&script, text).unwrap();
        let _ = std::fs::remove_file(&descriptions);
        let output = production.run(&[]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
        );
        distinct_lines(&descriptions)
    };
    assert_eq!(
        drawn(SCRIPT),
        [
            "A keeper.",
            "ANNA: The lamp is lit.",
            "ANNA: Until dawn.",
            "BEN: Then we wait."
        ]
    );
    assert_eq!(drawn(SCRIPT), [""; 0], "nothing was drawn again");
    assert_eq!(
        drawn(&SCRIPT.replace("Until dawn", "Until noon")),
        ["ANNA: Until noon."]
    );
}

/// A renderer that copies one picture for every frame, by the numbers that printf makes.
const PRINTF: &str = "convert -size 96x54 xc:orange p.png\nfor f in $(echo $2 | tr , ' '); do cp p.png \"$(printf \"$1\" $f)\"; done\n";

/// The provider of [`PRINTF`].
const PRINTF_PRESET: &str = "sketch:\n  command: [sh, SCRIPT, '{output}', '{frames.list}']\n  output: f.%04d.png\n  version: [echo, '1']\n";

impl Production {
    /// A production that is drawn by [`PRINTF`], with these lines more in its provider.
    fn printed(more: &str) -> Self {
        let production = Self::new();
        production.write(&DOCUMENT.replace("engine: previz", "engine: sketch"));
        production.prescribe(more);
        production
    }

    fn prescribe(&self, more: &str) {
        let script = self.path("printf.sh");
        std::fs::create_dir_all(self.path("presets")).unwrap();
        std::fs::write(&script, PRINTF).unwrap();
        let preset = PRINTF_PRESET.replace("SCRIPT", script.to_str().unwrap()) + more;
        std::fs::write(self.path("presets/providers.yaml"), preset).unwrap();
    }

    /// Runs it with a variable, and returns the result.
    fn styled(&self, style: &str) -> serde_json::Value {
        let mut command = Command::new(BINARY);
        command.arg("run").arg(self.folder.path());
        command.args(["--retries", "0", "--format", "json"]);
        let output = command.env("STYLE", style).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn negative_frames_are_found_by_the_names_that_printf_makes() {
    if !has_program("convert") {
        return;
    }
    let production = Production::printed("");
    let document = DOCUMENT.replace("engine: previz", "engine: sketch");
    production.write(&document.replace("duration: 2", "frame_range: -4-3"));
    let output = production.run(&[]);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    assert_eq!(
        std::fs::read_dir(production.path("out")).unwrap().count(),
        8
    );
}

#[test]
fn passes_of_negative_frames_have_the_width_of_the_others() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new();
    let document = DOCUMENT.replace("engine: previz", "engine: previz\n    passes: [depth]");
    production.write(&document.replace("duration: 2", "frame_range: -1-1"));
    let output = production.run(&[]);
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    let folder = std::fs::read_dir(production.path("deliverables/passes/one")).unwrap();
    let mut names: Vec<String> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name.contains("depth"));
    names.sort();
    assert_eq!(
        names,
        [
            "one.depth.-001.exr",
            "one.depth.0000.exr",
            "one.depth.0001.exr"
        ]
    );
}

#[test]
fn an_estimate_tries_a_command_whose_shots_have_input_files() {
    if !has_program("convert") {
        return;
    }
    let production = Production::printed("");
    let mut command = Command::new(BINARY);
    command.args(["estimate", "--yes"]);
    command.arg(production.folder.path());
    let output = command.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
}

#[test]
fn another_value_of_a_variable_renders_again_unless_the_provider_ignores_it() {
    if !has_program("convert") {
        return;
    }
    let production = Production::printed("  env: [STYLE]\n");
    assert_eq!(production.styled("ink")["revision"], "rev-0001");
    assert_eq!(
        production.styled("ink")["revision"],
        "rev-0001",
        "nothing to do"
    );
    assert_eq!(production.styled("oil")["revision"], "rev-0002");
    production.prescribe("  env_ignored: [STYLE]\n");
    assert_eq!(
        production.styled("oil")["revision"],
        "rev-0003",
        "the entry changed"
    );
    assert_eq!(
        production.styled("ink")["revision"],
        "rev-0003",
        "the value is ignored"
    );
}

/// An ffmpeg without libx264, as Fedora and conda ship it. Anything else goes to the real one.
const LACKING_FFMPEG: &str = "#!/bin/sh
for word in \"$@\"; do [ \"$word\" = libx264 ] && { echo \"Unknown encoder 'libx264'\" >&2; exit 1; }; done
PATH=${PATH#*:}; export PATH; exec ffmpeg \"$@\"
";

#[test]
fn an_encoder_that_ffmpeg_lacks_is_reported_before_anything_is_drawn() {
    if !machine::makes_films() {
        return;
    }
    let production = Production::new();
    let film = "outputs: [{name: film, codec: h264, resolution: 96x54, path: film.mp4}]";
    let pictures = DOCUMENT.lines().last().unwrap().trim_start();
    let document = DOCUMENT.replace(pictures, film);
    production.write(&document);
    let bin = production.path("bin");
    std::fs::create_dir(&bin).unwrap();
    std::fs::write(bin.join("ffmpeg"), LACKING_FFMPEG).unwrap();
    let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(bin.join("ffmpeg"), executable).unwrap();
    let run = |path: String| {
        let mut command = Command::new(BINARY);
        command.arg("run").arg(production.folder.path());
        command.env("PATH", path).output().unwrap()
    };
    let usual = "/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin";
    let output = run(format!("{}:{usual}", bin.display()));
    let printed = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{printed}");
    assert!(
        printed.contains("Unknown encoder 'libx264'") && printed.contains("needs it"),
        "{printed}"
    );
    assert!(
        !production.path(".production/events").exists(),
        "nothing was begun"
    );
    let output = run(usual.to_owned());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // A run that encodes nothing needs no encoder.
    let output = run(format!("{}:{usual}", bin.display()));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
