//! Plans that are saved and followed, what changed between revisions, and the words of other
//! programs that people type.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/film_with_home.rs"]
mod film_with_home;
#[path = "support/printed.rs"]
mod printed;

use film_with_home::FilmWithHome;
use printed::output_text;
use serde_json::Value;

/// Two shots whose frames are copies of one picture, so that they need no device and no ffmpeg.
const DOCUMENT: &str = "\
production:
  title: Plans
  author: Tests
  description: Two tiny shots.
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24, quality_tier: preview}
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, location: studio, duration: 3, lens: 50}
    - {name: two, location: studio, duration: 2, lens: 35}
  outputs: [{name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game}]
";
const PROVIDERS: &str = "\
copy:
  command: [cp, '{file.picture}', '{output}']
  per: frame
  output: frame.####.png
  files: {picture: pic.png}
";

fn two_shots() -> FilmWithHome {
    let film = FilmWithHome::in_folder(tempfile::tempdir().unwrap());
    std::fs::create_dir(film.path("presets")).unwrap();
    film.write("presets/providers.yaml", PROVIDERS);
    film.write("production.yaml", DOCUMENT);
    film.write_picture(0);
    film
}

impl FilmWithHome {
    fn write_picture(&self, shade: u8) {
        let mut picture = Vec::new();
        let mut encoder = png::Encoder::new(&mut picture, 16, 16);
        encoder.set_color(png::ColorType::Grayscale);
        let pixels: Vec<u8> = (0..=255).map(|pixel: u8| pixel ^ shade).collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        drop(writer);
        std::fs::write(self.path("pic.png"), picture).unwrap();
    }

    /// Returns what a command prints that ends with 2.
    fn refused(&self, words: &[&str]) -> String {
        let output = self.call(words);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{words:?}: {}",
            output_text(&output)
        );
        output_text(&output)
    }

    fn plan(&self, file: &str, options: &[&str]) -> Value {
        self.printed(&[&["plan", "--out", file], options].concat());
        serde_json::from_slice(&std::fs::read(self.path(file)).unwrap()).unwrap()
    }

    fn follow(&self, file: &str) -> String {
        self.printed(&["run", "--yes", "--plan", file])
    }
}

#[test]
fn a_run_follows_a_plan_once() {
    let film = two_shots();
    let plan = film.plan("plan.json", &[]);
    // Before the first run no job behind another one has an identity, so its basis is compared.
    let jobs = plan["jobs"].as_array().unwrap();
    assert!(
        jobs.iter()
            .all(|job| job["digest"].is_string() != job["basis"].is_string())
    );
    assert_eq!(plan["layers"][0]["run"], plan["layers"][0]["jobs"]);
    let last = plan["layers"].as_array().unwrap().len() - 1;
    assert_eq!(jobs.last().unwrap()["layer"], last);

    assert!(film.follow("plan.json").contains("rev-0001"));
    assert!(film.path("out/game").is_dir());
    let again = film.refused(&["run", "--yes", "--plan", "plan.json"]);
    assert!(
        again.contains("made before anything was published, and rev-0001 is now"),
        "{again}"
    );
}

#[test]
fn jobs_made_since_the_plan_are_no_reason_to_refuse() {
    let film = two_shots();
    film.plan("plan.json", &[]);
    // A run of a part publishes nothing, as a run that is interrupted does.
    film.printed(&["run", "--yes", "--only", "one"]);
    assert!(film.follow("plan.json").contains("rev-0002"));
    let journal = std::fs::read_to_string(film.path(".production/events/rev-0002.jsonl")).unwrap();
    assert!(journal.contains("job_reused"), "{journal}");
}

#[test]
fn the_plans_of_the_store_can_be_followed() {
    let film = two_shots();
    film.printed(&["plan"]);
    film.follow(".production/runs/rev-0001/plan.json");
    film.write("production.yaml", &DOCUMENT.replace("lens: 35", "lens: 36"));
    film.printed(&["run", "--yes", "--only", "two"]);
    // The plan that a run saved is of its own selection.
    let saved = film.follow(".production/runs/rev-0002/plan.json");
    assert!(!saved.contains("out/game"), "{saved}");
}

#[test]
fn a_plan_that_no_longer_holds_is_refused_and_nothing_runs() {
    let film = two_shots();
    film.plan("plan.json", &[]);
    let follow = ["run", "--yes", "--plan", "plan.json"];

    film.write("production.yaml", &DOCUMENT.replace("lens: 35", "lens: 36"));
    let changed = film.refused(&follow);
    assert!(
        changed.contains("1 job would be made from something else (render.shot/two/"),
        "{changed}"
    );
    // The colours of a grade are set behind a render that is still to be made.
    film.write(
        "production.yaml",
        &DOCUMENT.replace("  locations:", "  style: {contrast: high}\n  locations:"),
    );
    let graded = film.refused(&follow);
    assert!(graded.contains("grade.frames/one/"), "{graded}");
    film.write(
        "production.yaml",
        &DOCUMENT.replace(
            "    - {name: two",
            "    - {name: extra, location: studio, duration: 1}\n    - {name: two",
        ),
    );
    let added = film.refused(&follow);
    assert!(added.contains("that it does not list"), "{added}");

    film.write("production.yaml", DOCUMENT);
    film.write_picture(1);
    let input = film.refused(&follow);
    assert!(input.contains("render.shot/one/"), "{input}");
    assert!(!film.path(".production/events").exists(), "nothing has run");

    film.write_picture(0);
    film.follow("plan.json");
}

#[test]
fn a_plan_counts_on_what_the_store_has() {
    let film = two_shots();
    film.printed(&["run", "--yes"]);
    film.write("production.yaml", &DOCUMENT.replace("lens: 35", "lens: 36"));
    film.plan("plan.json", &[]);
    for folder in std::fs::read_dir(film.path(".production/blobs")).unwrap() {
        std::fs::remove_dir_all(folder.unwrap().path()).unwrap();
    }
    let lost = film.refused(&["run", "--yes", "--plan", "plan.json"]);
    assert!(lost.contains("would run that it counts as made"), "{lost}");
}

#[test]
fn a_plan_keeps_its_tier_and_its_selection() {
    let film = two_shots();
    let plan = film.plan("plan.json", &["--quality", "draft", "--only", "two"]);
    assert_eq!(plan["tier_override"], true);
    let other = film.refused(&["run", "--plan", "plan.json", "--quality", "archive"]);
    assert!(other.contains("it is of the tier draft"), "{other}");
    let both = film.refused(&["run", "--plan", "plan.json", "--only", "one"]);
    assert!(both.contains("'--only <SHOT>'"), "{both}");
    let dry = film.printed(&["run", "--plan", "plan.json", "--dry-run"]);
    assert!(dry.contains("tier draft, from the plan plan.json"), "{dry}");
    film.follow("plan.json");
    let journal = std::fs::read_to_string(film.path(".production/events/rev-0001.jsonl")).unwrap();
    assert!(journal.contains("\"tier\":\"draft\""), "{journal}");
    assert!(!journal.contains("render.shot/one/"), "{journal}");
    assert!(!film.path("out").exists(), "a part is not published");
}

#[test]
fn a_file_that_is_no_plan_is_not_followed() {
    let film = two_shots();
    let document = film.refused(&["run", "--plan", "production.yaml"]);
    assert!(document.contains("it is not a plan"), "{document}");
    let missing = film.refused(&["run", "--plan", "missing.json"]);
    assert!(missing.contains("it cannot be read"), "{missing}");
    // As versions of the program wrote it that did not know `basis`.
    let mut plan = film.plan("plan.json", &[]);
    for job in plan["jobs"].as_array_mut().unwrap() {
        job.as_object_mut().unwrap().remove("basis");
    }
    std::fs::write(film.path("plan.json"), plan.to_string()).unwrap();
    let old = film.refused(&["run", "--plan", "plan.json"]);
    assert!(old.contains("another version of `production`"), "{old}");
}

#[test]
fn a_dry_run_keeps_its_plan_in_a_file_if_it_is_asked_to() {
    let film = two_shots();
    let plan = film.plan("plan.json", &[]);
    std::fs::remove_dir_all(film.path(".production")).unwrap();
    film.printed(&["run", "--dry-run", "--out", "dry.json"]);
    let dry: Value =
        serde_json::from_slice(&std::fs::read(film.path("dry.json")).unwrap()).unwrap();
    assert_eq!(dry, plan);
    assert!(
        !film.path(".production/runs").exists(),
        "the store is left alone"
    );
    // A file that is no plan stays, and a plan is replaced.
    film.refused(&["plan", "--out", "production.yaml"]);
    film.printed(&["plan", "--out", "dry.json"]);
    let alone = film.refused(&["run", "--out", "dry.json"]);
    assert!(alone.contains("--dry-run"), "{alone}");
}

#[test]
fn a_comparison_names_changed_inputs_the_timeline_and_the_causes() {
    let film = two_shots();
    film.printed(&["run", "--yes"]);
    film.write_picture(1);
    film.write(
        "production.yaml",
        &DOCUMENT
            .replace("duration: 3", "duration: 2")
            .replace("lens: 35", "lens: 36"),
    );
    film.printed(&["run", "--yes"]);
    let text = film.printed(&["diff", "1"]);
    assert!(
        text.contains("1 file of the project\n  ~ pic.png  other content\n"),
        "{text}"
    );
    assert!(
        text.contains("2 shots of the timeline\n  ~ one  3 → 2 frames\n  ~ two  starts "),
        "{text}"
    );
    assert!(text.contains("lens_mm 35 → 36"), "{text}");
    let json: Value =
        serde_json::from_str(&film.printed(&["diff", "1", "2", "--format", "json"])).unwrap();
    assert_eq!(json["files"][0]["file"], "pic.png");
    assert_ne!(json["files"][0]["old"], json["files"][0]["new"]);
    assert_eq!(json["shots"][0]["old"]["frames"], 3);
    let causes = json["causes"].as_object().unwrap();
    assert!(causes.keys().any(|job| job.starts_with("render.shot/two/")));

    // Without what tells of the inputs the comparison still has the files that were made.
    std::fs::remove_dir_all(film.path(".production/provenance")).unwrap();
    std::fs::remove_dir_all(film.path(".production/runs")).unwrap();
    let bare = film.printed(&["diff", "1"]);
    assert!(!bare.contains("of the project"), "{bare}");
    assert!(bare.contains("differences between"), "{bare}");
    assert_eq!(
        film.printed(&["diff", "2", "2"]),
        "rev-0002 and rev-0002 are the same\n"
    );
}

#[test]
fn words_of_other_programs_work_or_name_the_command_that_does_it_here() {
    let film = two_shots();
    let unrun = film.refused(&["manifest:show"]);
    assert!(
        unrun.contains("nothing was run yet; `production run` makes the first one"),
        "{unrun}"
    );
    assert_eq!(film.printed(&["history"]), "not run yet\n");
    assert!(film.printed(&["check"]).contains("Plans is valid"));
    assert_eq!(film.printed(&["inspect"]), film.printed(&["info"]));
    for (word, named) in [
        ("render", "`production run`"),
        ("storage:init", "nothing to prepare"),
        ("events:append", "`production log`"),
        ("query", "`production create NAME`"),
        ("edit", "`production plan`"),
        ("clean", "`production gc`"),
        ("dryrun", "`production run --dry-run`"),
    ] {
        let hint = film.refused(&[word]);
        assert!(hint.contains("tip: ") && hint.contains(named), "{hint}");
    }
    film.printed(&["run", "--yes", "--only", "one"]);
    let partial = film.refused(&["show"]);
    assert!(
        partial.contains("no run was published yet; `production status`"),
        "{partial}"
    );
}

#[test]
fn names_with_slashes_that_read_like_other_jobs_are_numbered() {
    let film = two_shots();
    let entry = |name: &str, folder: &str| {
        format!(
            "    - {{name: {name}, codec: png, resolution: 16x16, frame_rate: 24, path: {folder}}}\n"
        )
    };
    let outputs = format!(
        "  outputs:\n{}{}",
        entry("f", "out/f"),
        entry("f/one", "out/g")
    );
    let head = DOCUMENT.split("  outputs:").next().unwrap();
    // The shot `one/two` in output `f`, and the shot `two` in output `f/one`, read the same.
    let shots = head.replace("{name: one,", "{name: one/two,");
    assert_ne!(shots, head);
    film.write("production.yaml", &format!("{shots}{outputs}"));
    let plan = film.plan("plan.json", &[]);
    let jobs = plan["jobs"].as_array().unwrap().iter();
    let names: Vec<&str> = jobs.filter_map(|job| job["job"].as_str()).collect();
    let twins: Vec<&&str> = names.iter().filter(|name| name.contains('#')).collect();
    assert!(!twins.is_empty(), "{names:?}");
}
