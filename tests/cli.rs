//! Each command once through the binary, and the guarantees of a run: it resumes after a kill,
//! makes the same bytes for every number of workers, makes only what changed again, and leaves
//! earlier deliverables untouched when it fails.
//!
//! Everything really runs, on a film of a few small frames. Without a graphics adapter or ffmpeg
//! the tests report that and pass.

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

use printed::{output_text, stream_text};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

fn production(arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

/// A film of three tiny shots, a character, a location and two outputs.
struct Film {
    folder: tempfile::TempDir,
}

const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: Three tiny shots.
  render_settings: {resolution: 96x54, samples: 1, frame_rate: 24, chunk_size: 4}
  characters: [{name: mara, model: mara.glb}]
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, template: character_ms, character: mara, location: studio, duration: 6}
    - {name: two, template: character_cu, character: mara, location: studio, duration: 5, lens: 85}
    - {name: three, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 4}
  outputs:
    - {name: film, format: streaming_1080p, resolution: 128x72, path: out/film.mp4}
    - {name: game, format: 16bit_game, path: out/game}
";

impl Film {
    fn new() -> Self {
        let folder = film::folder(DOCUMENT);
        film::copy_model("mara.glb", &folder.path().join("mara.glb"));
        Self { folder }
    }

    fn write(&self, document: &str) {
        std::fs::write(self.path().join("production.yaml"), document).unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn run(&self, more: &[&str]) -> Output {
        let path = self.path();
        let mut arguments = vec!["run", path.to_str().unwrap(), "--gpu", "auto"];
        arguments.extend(more);
        production(&arguments)
    }

    fn plan(&self, more: &[&str]) -> Output {
        let path = self.path();
        production(&[&["plan", path.to_str().unwrap()], more].concat())
    }

    /// Runs the film, and returns the JSON result.
    fn result(&self, more: &[&str]) -> serde_json::Value {
        let output = self.run(&[&["--format", "json"], more].concat());
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", output_text(&output)))
    }

    /// Returns every deliverable's bytes by name.
    fn deliverables(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let film = self.path().join("out/film.mp4");
        files.insert("film.mp4".to_owned(), std::fs::read(film).unwrap());
        for entry in std::fs::read_dir(self.path().join("out/game")).unwrap() {
            let path = entry.unwrap().path();
            files.insert(
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            );
        }
        files
    }

    /// Returns how often each job finished, over all runs.
    fn finished(&self) -> BTreeMap<String, usize> {
        let mut finished = BTreeMap::new();
        for entry in std::fs::read_dir(self.path().join(".production/events")).unwrap() {
            let journal = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let records = journal
                .lines()
                .filter_map(|line| serde_json::from_str(line.split_once(' ')?.1).ok());
            for event in
                records.filter(|event: &serde_json::Value| event["event"] == "job_succeeded")
            {
                *finished
                    .entry(event["job"].as_str().unwrap().to_owned())
                    .or_insert(0) += 1;
            }
        }
        finished
    }
}

fn count(result: &serde_json::Value, field: &str) -> u64 {
    result["jobs"][field].as_u64().unwrap()
}

#[test]
fn a_run_makes_every_deliverable_and_the_next_run_makes_nothing() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    let first = film.result(&[]);
    assert_eq!(first["success"], true, "{first:#}");
    assert_eq!(first["shots_completed"], 3);
    assert_eq!(
        film.deliverables().len(),
        1 + 8,
        "15 frames at 24 are 8 at 12"
    );
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(film.path().join("out/report.json")).unwrap())
            .unwrap();
    let made = &report["deliverables"][0];
    assert_eq!(
        (&made["width"], &made["height"], &made["frames"]),
        (&128.into(), &72.into(), &15.into())
    );
    assert!(film.path().join("out/report.html").is_file());
    let again = film.result(&[]);
    assert_eq!(
        (count(&again, "run"), count(&again, "failed")),
        (0, 0),
        "{again:#}"
    );
    assert_eq!(count(&again, "reused"), count(&again, "total"));
}

#[test]
fn changing_one_shot_makes_that_shot_and_what_depends_on_it_again() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    film.result(&[]);
    let before = film.finished();
    film.write(&DOCUMENT.replace("lens: 85", "lens: 60"));
    let plan_text = stream_text(&film.plan(&[]).stdout);
    assert!(
        plan_text.contains("staging.camera.lens_mm 85 → 60  render.shot/two/1001-1004 and 1 more"),
        "{plan_text}"
    );
    let why = production(&[
        "explain",
        film.path().to_str().unwrap(),
        "export.encode/film/two",
        "three",
    ]);
    let why = stream_text(&why.stdout);
    assert!(
        why.contains(
            "    render.shot/two/1001-1004: staging.camera.lens_mm 85 → 60\n    asked for at "
        ),
        "{why}"
    );
    assert!(
        why.contains("production.yaml:11:") && why.contains("in rev-0001 it was made"),
        "{why}"
    );
    assert!(
        why.contains("will not run: made before from the same inputs"),
        "{why}"
    );
    film.result(&[]);
    let again: Vec<String> = film
        .finished()
        .into_iter()
        .filter(|(job, times)| *times > before.get(job).copied().unwrap_or(0))
        .map(|(job, _)| job)
        .collect();
    let expected = |job: &String| {
        job.contains("/two")
            || job.starts_with("export.stitch")
            || job.starts_with("finalize.verify")
    };
    assert!(again.iter().all(expected), "{again:?}");
    assert!(
        again.iter().any(|job| job.starts_with("render.shot/two")),
        "{again:?}"
    );
}

#[test]
fn a_comment_or_another_order_of_characters_makes_nothing_again() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    let cast = |[first, second]: [&str; 2]| {
        let all = format!(
            "characters: [{{name: {first}, model: mara.glb}}, {{name: {second}, model: mara.glb}}]"
        );
        DOCUMENT.replace("characters: [{name: mara, model: mara.glb}]", &all)
    };
    film.write(&cast(["mara", "twin"]));
    film.result(&[]);
    film.write(&format!(
        "# a comment\n{}",
        cast(["twin", "mara"]).replace("Tiny", "Tiny # the title")
    ));
    let model = film.path().join("mara.glb");
    let bytes = std::fs::read(&model).unwrap();
    std::fs::remove_file(&model).unwrap();
    std::fs::write(&model, bytes).unwrap();
    assert_eq!(
        count(&film.result(&[]), "run"),
        0,
        "nor does a file that is new with the same content"
    );
}

#[test]
fn a_plan_is_written_down_and_is_no_run() {
    let film = Film::new();
    let planned = film.plan(&["--up-to", "shots", "--format", "json"]);
    assert!(planned.status.success(), "{}", output_text(&planned));
    let plan: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
    assert_eq!(
        (&plan["version"], &plan["revision"]),
        (&1.into(), &"rev-0001".into())
    );
    assert_eq!(
        (&plan["asked"]["up_to"], &plan["counts"]["run"]),
        (&"shots".into(), &9.into())
    );
    let saved = std::fs::read(film.path().join(".production/runs/rev-0001/plan.json")).unwrap();
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&saved).unwrap(),
        plan
    );
    let log = production(&["log", film.path().to_str().unwrap()]);
    assert_eq!(stream_text(&log.stdout), "not run yet\n");
}

#[test]
fn a_selection_that_cannot_be_planned_exits_2_and_names_the_nearest() {
    let film = Film::new();
    for (options, advice) in [
        (&["--regen", "tow"][..], "did you mean `two`?"),
        (&["--pin", "two"], "never made"),
        (&["--only", "thre"], "did you mean `three`?"),
        (&["--up-to", "shotz"], "did you mean `shots`?"),
        (
            &["--regen", "one", "--pin", "render.shot/one"],
            "--regen makes it again",
        ),
    ] {
        let refused = film.plan(options);
        assert_eq!(refused.status.code(), Some(2), "{options:?}");
        assert!(
            stream_text(&refused.stderr).contains(advice),
            "{options:?}: {}",
            output_text(&refused)
        );
    }
}

#[test]
fn forced_jobs_run_again_and_pinned_ones_stay_as_they_were() {
    use production::store::{Manifest, Revision, StoreLayout};
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    film.result(&["--only", "two"]);
    let forced = film.result(&["--only", "two", "--regen", "render.shot/two"]);
    assert_eq!(
        count(&forced, "run"),
        2,
        "what follows came out as before: {forced:#}"
    );

    film.result(&[]);
    let before = film.deliverables();
    film.write(&DOCUMENT.replace("lens: 85", "lens: 60"));
    let pinned = film.result(&["--pin", "two"]);
    assert_eq!(
        (count(&pinned, "run"), film.deliverables() == before),
        (0, true),
        "{pinned:#}"
    );
    assert_eq!(pinned["pinned"].as_array().unwrap().len(), 6);
    assert!(
        pinned["warnings"][0]
            .as_str()
            .unwrap()
            .contains("render.shot/two/1001-1004 and 5 more")
    );

    let layout = StoreLayout::new(film.path().join(".production"));
    let all = Revision::read_all(&layout).unwrap();
    let last = all.last().unwrap();
    let manifest = Manifest::read(
        &layout,
        &last.name,
        last.published.as_ref().unwrap().manifest,
    )
    .unwrap();
    assert_eq!(manifest.jobs.values().filter(|made| made.pinned).count(), 6);
    assert_eq!(
        Manifest::rebuild(&layout, &last.name).unwrap().unwrap(),
        manifest
    );
    assert!(
        count(&film.result(&[]), "run") > 0,
        "a pin holds for one run"
    );
}

#[test]
fn the_result_is_the_same_for_every_number_of_workers() {
    if !machine::makes_films() {
        return;
    }
    let one = Film::new();
    let eight = Film::new();
    one.result(&["--parallel", "1"]);
    eight.result(&["--parallel", "8"]);
    assert_eq!(one.deliverables(), eight.deliverables());
}

#[test]
fn a_failed_job_exits_1_and_leaves_earlier_deliverables_untouched() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    film.result(&[]);
    let before = film.deliverables();
    // The header is whole, so that validation accepts the file. The rest is cut off, so that the
    // import fails.
    let model = std::fs::read(film.path().join("lantern.glb")).unwrap();
    std::fs::write(film.path().join("lantern.glb"), &model[..model.len() / 2]).unwrap();
    let output = film.run(&["--keep-going"]);
    assert_eq!(
        output.status.code(),
        Some(if stream_text(&output.stderr).contains("production::") {
            2
        } else {
            1
        }),
        "{}",
        output_text(&output)
    );
    assert_eq!(film.deliverables(), before);
}

fn assert_manifests_can_be_rebuilt(folder: &Path) {
    use production::store::{Manifest, Revision, StoreLayout};
    let layout = StoreLayout::new(folder.join(".production"));
    for revision in &Revision::read_all(&layout).unwrap() {
        let published = revision.published.as_ref().unwrap();
        let written = Manifest::read(&layout, &revision.name, published.manifest);
        let rebuilt = Manifest::rebuild(&layout, &revision.name);
        assert_eq!(rebuilt.unwrap().unwrap(), written.unwrap());
    }
}

#[test]
fn an_earlier_revision_is_put_back_to_the_byte_and_what_no_revision_needs_is_collected() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    let path = film.path();
    let on = |command: &str, more: &[&str]| {
        let output = production(&[&[command, path.to_str().unwrap()], more].concat());
        assert!(
            output.status.success(),
            "{command}: {}",
            output_text(&output)
        );
        stream_text(&output.stdout)
    };
    film.result(&[]);
    let first = film.deliverables();
    film.write(&DOCUMENT.replace("lens: 85", "lens: 35"));
    film.result(&[]);
    let second = film.deliverables();

    assert_manifests_can_be_rebuilt(&path);
    let differences = on(
        "diff",
        &["1", "2", "--html", path.join("diff.html").to_str().unwrap()],
    );
    assert!(
        differences.contains("grade.frames/two") && !differences.contains("grade.frames/one"),
        "{differences}"
    );
    assert!(
        std::fs::read_to_string(path.join("diff.html"))
            .unwrap()
            .contains("data:image/jpeg")
    );
    assert!(on("status", &[]).contains("rev-0002") && on("show", &["1"]).contains("out/film.mp4"));

    on("revert", &["rev-0001"]);
    assert!(film.deliverables() == first);
    assert!(on("log", &[]).contains("back to rev-0001"));
    let again = film.result(&[]);
    assert_eq!(count(&again, "run"), 0);
    assert!(film.deliverables() == second);

    assert!(on("gc", &["--keep", "1", "--dry-run"]).starts_with("would remove"));
    assert!(on("gc", &["--keep", "1"]).starts_with("removed"));
    assert_eq!(count(&film.result(&[]), "run"), 0);
    let gone = production(&["revert", path.to_str().unwrap(), "1"]);
    assert_eq!(gone.status.code(), Some(4), "{}", output_text(&gone));
    assert!(film.deliverables() == second);
}

#[test]
fn only_the_selected_shot_is_rendered() {
    if !machine::makes_films() {
        return;
    }
    let film = Film::new();
    let result = film.result(&["--only", "three"]);
    assert_eq!(result["success"], true, "{result:#}");
    assert!(
        film.finished()
            .keys()
            .all(|job| !job.contains("/one") && !job.contains("/two"))
    );
    assert!(!film.path().join("out").exists(), "nothing is published");
}

#[test]
fn a_dry_run_makes_nothing() {
    let film = Film::new();
    let output = film.run(&["--dry-run"]);
    assert!(output.status.success(), "{}", output_text(&output));
    assert!(!film.path().join(".production/events").exists());
}

#[test]
fn an_invalid_document_exits_2_with_the_place() {
    let film = Film::new();
    film.write(&DOCUMENT.replace("template: insert", "template: inser"));
    let output = production(&[
        "validate",
        film.path().to_str().unwrap(),
        "--format",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(2));
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(found["valid"], false);
    // Rules that do not read the template report what they find beside it.
    let issues = found["issues"].as_array().unwrap();
    let issue = issues
        .iter()
        .find(|issue| issue["code"] == "production::library::unknown_preset")
        .unwrap();
    assert_eq!(issue["path"], "/production/shots/2/template");
    assert_eq!(issue["suggestion"], "did you mean `insert`?");
    assert_eq!(issue["line"], 12);
}

#[test]
fn every_template_validates_and_plans_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    for template in [
        "short_film",
        "commercial",
        "game_assets",
        "trailer",
        "product_spin",
        "script_only",
    ] {
        let place = folder.path().to_str().unwrap();
        let made = production(&[
            "create",
            template,
            "--template",
            template,
            "--output",
            place,
        ]);
        assert!(made.status.success(), "{}", output_text(&made));
        let path = folder.path().join(template);
        let valid = production(&["validate", path.to_str().unwrap(), "--format", "short"]);
        assert!(
            valid.status.success(),
            "{template}: {}",
            output_text(&valid)
        );
        assert!(
            !stream_text(&valid.stdout).contains("warning["),
            "{template}: {}",
            stream_text(&valid.stdout)
        );
    }
    let listed = production(&["list", folder.path().to_str().unwrap(), "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 6);
    assert_eq!(
        (&listed[0]["state"], &listed[0]["errors"]),
        (&"never".into(), &0.into())
    );
}

#[test]
fn the_example_is_valid_and_long_enough() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film");
    let info = production(&["info", example.to_str().unwrap(), "--format", "json"]);
    let info: serde_json::Value = serde_json::from_slice(&info.stdout).unwrap();
    assert!(info["seconds"].as_f64().unwrap() >= 20.0);
    assert!(info["shots"].as_array().unwrap().len() >= 8);
    assert_eq!(info["outputs"].as_array().unwrap().len(), 2);
}

#[test]
fn the_schema_is_json_schema_2020_12() {
    let schema: serde_json::Value =
        serde_json::from_slice(&production(&["schema"]).stdout).unwrap();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
}

#[test]
fn a_second_run_at_once_is_refused() {
    let film = Film::new();
    let store = film.path().join(".production");
    std::fs::create_dir_all(&store).unwrap();
    let lock = std::fs::File::create(store.join("lock")).unwrap();
    lock.lock().unwrap();
    let refused = film.run(&[]);
    assert_eq!(refused.status.code(), Some(5), "{}", output_text(&refused));
}

#[test]
fn a_second_command_may_wait_and_names_the_holder() {
    let film = Film::new();
    let store = film.path().join(".production");
    std::fs::create_dir_all(&store).unwrap();
    let lock = std::fs::File::create(store.join("lock")).unwrap();
    lock.lock().unwrap();
    let mut gc = Command::new(BINARY);
    gc.args(["gc", film.path().to_str().unwrap(), "--wait"]);
    let mut waiting = gc
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(waiting.stderr.take().unwrap());
    let mut line = String::new();
    stderr.read_line(&mut line).unwrap();
    assert!(
        line.starts_with("waiting for ") && line.ends_with(", which holds the store\n"),
        "{line}"
    );
    assert!(waiting.try_wait().unwrap().is_none(), "it waits");
    lock.unlock().unwrap();
    assert!(waiting.wait().unwrap().success());
}

/// No user can make a folder there, not even root.
#[cfg(target_os = "linux")]
#[test]
fn a_store_that_cannot_be_written_exits_4_and_names_it() {
    let film = Film::new();
    let refused = film.run(&["--store", "/sys/production"]);
    assert_eq!(refused.status.code(), Some(4), "{}", output_text(&refused));
    assert!(
        stream_text(&refused.stderr).contains("/sys/production"),
        "{}",
        output_text(&refused)
    );
}

#[test]
fn wrong_usage_exits_2() {
    assert_eq!(
        production(&["run", "no/such/folder"]).status.code(),
        Some(2)
    );
    assert_eq!(production(&["run"]).status.code(), Some(2));
    assert_eq!(production(&["create", "../up"]).status.code(), Some(2));
}

#[test]
fn a_variable_set_on_the_command_line_is_in_the_resolved_document() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.yaml");
    let document = DOCUMENT.replace(
        "title: Tiny",
        "variables: {size: Tiny, by: {env: TINY_BY, default: us}}\n  title: ${size}",
    );
    std::fs::write(&path, document.replace("author: Tests", "author: ${by}")).unwrap();
    for model in ["mara.glb", "lantern.glb"] {
        std::fs::copy("tests/invalid/assets/figure.glb", folder.path().join(model)).unwrap();
    }
    let path = path.to_str().unwrap();
    let info = |more: &[&str]| {
        let arguments = [&["info", path, "--resolved"], more].concat();
        Command::new(BINARY)
            .args(arguments)
            .env("NO_COLOR", "1")
            .env("TINY_BY", "the crew")
            .output()
            .unwrap()
    };
    let output = info(&["--set", "size=Small"]);
    if !output.status.success() && output_text(&output).contains("::tools::") {
        skip::require_or_skip(None::<()>, "this machine has no ffmpeg");
        return;
    }
    let yaml = stream_text(&output.stdout);
    assert!(
        yaml.contains("title: Small  # p.yaml:3, ${size} from --set\n"),
        "{}",
        output_text(&output)
    );
    assert!(
        yaml.contains("author: the crew  # p.yaml:4, ${by} from the environment's TINY_BY\n"),
        "{yaml}"
    );
    assert!(
        yaml.contains("codec: h264  # library outputs.yaml:"),
        "{yaml}"
    );
    let json: serde_json::Value =
        serde_json::from_slice(&info(&["--format", "json"]).stdout).unwrap();
    assert_eq!(
        json["production"]["render_settings"]["chunk_size"]["value"],
        4
    );
    assert_eq!(
        json["production"]["render_settings"]["engine"]["from"],
        "default"
    );
    assert_unknown_variable_is_refused(path);
}

fn assert_unknown_variable_is_refused(path: &str) {
    let unknown = production(&["info", path, "--set", "sise=Small"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        stream_text(&unknown.stderr).contains("did you mean `size`?"),
        "{}",
        output_text(&unknown)
    );
    let unset = production(&["info", path, "--set", "size"]);
    assert_eq!(unset.status.code(), Some(2));
}

#[test]
fn a_code_is_explained_and_a_misspelt_one_suggested() {
    let explained = stream_text(&production(&["explain", "shots::unknown_character"]).stdout);
    assert!(
        explained.starts_with("production::shots::unknown_character (error)\n"),
        "{explained}"
    );
    assert!(
        explained.contains("wrong:\n    shots:") && explained.contains("right:\n    shots:"),
        "{explained}"
    );
    let film = Film::new();
    let nameless = production(&["explain", film.path().to_str().unwrap(), "render.shot/tow"]);
    assert_eq!(nameless.status.code(), Some(2));
    assert!(
        stream_text(&nameless.stderr).contains("did you mean `render.shot/two`?"),
        "{}",
        output_text(&nameless)
    );
    let misspelt = production(&["explain", "unknown_charakter"]);
    assert_eq!(misspelt.status.code(), Some(2));
    assert!(
        stream_text(&misspelt.stderr).contains("did you mean `shots::unknown_character`?"),
        "{}",
        output_text(&misspelt)
    );
    let listed = production(&["explain", "--list", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert!(json["rules"].as_array().unwrap().len() > 100);
}
