//! Productions made from templates, from answers and from other productions.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use production::base::{Diagnostics, FileId};
use production::document::InputLimits;
use production::document::span_tree::{NodeId, SpanTree, parse_yaml};
use std::io::Write;
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

fn create(folder: &Path, arguments: &[&str]) -> Output {
    let place = ["--output", folder.to_str().unwrap()];
    production(&[&["create"], arguments, &place[..]].concat())
}

/// Makes a production from answers, one on each line, and returns the text of the questions.
fn create_interactively(folder: &Path, answers: &str) -> String {
    let mut command = Command::new(BINARY);
    command
        .args(["create", "--interactive", "--output"])
        .arg(folder);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(answers.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

/// Returns the JSON of `info` for a production, which must be valid and without warnings.
fn info(path: &Path) -> serde_json::Value {
    let path = path.to_str().unwrap();
    let found = production(&["validate", path, "--format", "short"]);
    let printed = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(
        found.status.success() && !printed.contains(": warning["),
        "{printed}"
    );
    serde_json::from_slice(&production(&["info", path, "--format", "json"]).stdout).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else {
            found.push(path.strip_prefix(folder).unwrap().to_owned());
        }
    }
    found.sort();
    found
}

#[test]
fn a_title_that_looks_like_yaml_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    for (name, title) in [
        ("a", "No: \"x\""),
        ("b", "1.10"),
        ("c", "yes"),
        ("d", "one # no comment"),
    ] {
        let made = create(folder.path(), &[name, "--title", title, "--author=- A: B"]);
        assert!(made.status.success(), "{made:?}");
        let document =
            std::fs::read_to_string(folder.path().join(name).join("production.yaml")).unwrap();
        let line = document
            .lines()
            .find_map(|line| line.strip_prefix("  title: "))
            .unwrap();
        assert_eq!(serde_json::from_str::<String>(line).unwrap(), title);
        assert!(document.contains("  author: \"- A: B\"\n"), "{document}");
    }
}

#[test]
fn a_title_that_looks_like_a_variable_stays_text() {
    let folder = tempfile::tempdir().unwrap();
    for (name, title) in [
        ("a", "${x}"),
        ("b", "Cash $ for ${cash}"),
        ("c", "$${d}"),
        ("d", "$$"),
        ("e", "${"),
    ] {
        let made = create(folder.path(), &[name, "--title", title, "--author", title]);
        assert!(made.status.success(), "{made:?}");
        let made = info(&folder.path().join(name));
        assert_eq!(
            (&made["title"], &made["author"]),
            (&title.into(), &title.into())
        );
    }
}

#[test]
fn answers_make_the_production_and_wrong_ones_repeat_the_question() {
    let folder = tempfile::tempdir().unwrap();
    let answers = "../up\nmy-spot\ncomercial\ncommercial\n\nJane Doe\n999\n25\nbogus\ncinema_2k, social_square\n";
    let questions = create_interactively(folder.path(), answers);
    for expected in [
        "did you mean `commercial`?",
        "a frame rate from 1 to 240",
        "no output `bogus`",
        "Title [My spot]",
    ] {
        assert!(questions.contains(expected), "{expected}: {questions}");
    }
    let made = info(&folder.path().join("my-spot"));
    assert_eq!(
        (&made["title"], &made["author"]),
        (&"My spot".into(), &"Jane Doe".into())
    );
    assert_eq!(made["frame_rate"], 25.0);
    let outputs: Vec<_> = made["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| (&o["name"], &o["fps"]))
        .collect();
    assert_eq!(
        outputs,
        [
            (&"cinema_2k".into(), &25.0.into()),
            (&"social_square".into(), &25.0.into())
        ]
    );
}

#[test]
fn no_answers_make_the_default_production() {
    let folder = tempfile::tempdir().unwrap();
    create_interactively(folder.path(), "");
    assert_eq!(info(&folder.path().join("my_film"))["title"], "My film");
}

#[test]
fn another_frame_rate_is_followed_by_the_outputs_that_had_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    create_interactively(folder.path(), "sprites\ngame_assets\n\n\n10\n\n");
    let made = info(&folder.path().join("sprites"));
    assert!(
        made["outputs"]
            .as_array()
            .unwrap()
            .iter()
            .all(|output| output["fps"] == 10.0),
        "{made:#}"
    );
}

/// Makes a small production of several files, with a store and a deliverable of earlier runs.
fn original(folder: &Path) -> PathBuf {
    assert!(
        create(folder, &["original", "-t", "product_spin"])
            .status
            .success()
    );
    let original = folder.join("original");
    let document = std::fs::read_to_string(original.join("production.yaml")).unwrap();
    let included = document.replace("production:\n", "production:\n  include: [more/*.yaml]\n");
    std::fs::write(original.join("production.yaml"), included).unwrap();
    for (path, text) in [
        ("more/author.yaml", "author: A. Keeper\n"),
        (
            "more/keeper.yaml",
            "characters: [{name: keeper, variants: {stunt: models/stunt.glb}}]\n",
        ),
        (
            "presets/styles.yaml",
            "product_clean: {mood: bright, color_grade: neutral, contrast: low}\n",
        ),
        (".production/events/rev-0001.jsonl", ""),
        ("deliverables/turn.mp4", "old"),
        ("notes.txt", "nobody names this"),
    ] {
        let path = original.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let models = original.join("models");
    std::fs::copy(models.join("lantern_lit.glb"), models.join("stunt.glb")).unwrap();
    original
}

#[test]
fn a_copy_has_what_the_production_names_and_neither_store_nor_deliverables() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path());
    let made = create(
        folder.path(),
        &[
            "copy",
            "--from",
            original.to_str().unwrap(),
            "--title",
            "A second one",
        ],
    );
    assert!(made.status.success(), "{made:?}");
    let copy = folder.path().join("copy");
    let expected = [
        "models/lantern_lit.glb",
        "models/stunt.glb",
        "more/author.yaml",
        "more/keeper.yaml",
        "presets/styles.yaml",
        "production.schema.json",
        "production.yaml",
    ];
    assert_eq!(files(&copy), expected.map(PathBuf::from));
    let made = info(&copy);
    assert_eq!(
        (&made["title"], &made["author"]),
        (&"A second one".into(), &"A. Keeper".into())
    );
    let before = std::fs::read_to_string(original.join("production.yaml")).unwrap();
    let after = std::fs::read_to_string(copy.join("production.yaml")).unwrap();
    assert_eq!(
        after,
        before.replace("title: Original", "title: A second one")
    );
}

#[test]
fn files_that_are_there_already_are_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path());
    let before = files(&original);
    let taken = create(
        folder.path(),
        &["original", "--from", original.to_str().unwrap()],
    );
    assert_eq!(taken.status.code(), Some(2));
    std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
    assert_eq!(create(folder.path(), &["link"]).status.code(), Some(2));
    assert_eq!(files(&original), before);
}

#[test]
fn a_link_out_of_the_production_is_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path());
    let model = original.join("models/lantern_lit.glb");
    std::fs::rename(&model, folder.path().join("outside.glb")).unwrap();
    std::os::unix::fs::symlink(folder.path().join("outside.glb"), &model).unwrap();
    let refused = create(
        folder.path(),
        &["copy", "--from", original.to_str().unwrap()],
    );
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(!folder.path().join("copy").exists());
}

#[test]
fn a_list_shows_broken_productions_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    original(folder.path());
    std::fs::create_dir(folder.path().join("broken")).unwrap();
    std::fs::write(
        folder.path().join("broken/production.yaml"),
        "production: {titel: x, shots: 3}\n",
    )
    .unwrap();
    let listed = production(&["list", folder.path().to_str().unwrap(), "--format", "json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    let [broken, whole] = listed.as_array().unwrap().as_slice() else {
        panic!("{listed:#}")
    };
    assert!(
        broken["errors"].as_u64().unwrap() >= 2 && broken["title"].is_null(),
        "{broken:#}"
    );
    assert_eq!(
        (&whole["title"], &whole["shots"], &whole["frames"]),
        (&"Original".into(), &1.into(), &48.into())
    );
    let text = production(&["list", folder.path().to_str().unwrap()]);
    assert!(String::from_utf8(text.stdout).unwrap().contains("(broken)"));
}

#[test]
fn the_library_shows_a_preset_to_copy_and_what_it_overrides() {
    let folder = tempfile::tempdir().unwrap();
    let original = original(folder.path());
    let library = |arguments: &[&str]| {
        let place = ["--folder", original.to_str().unwrap()];
        production(&[&["library"], arguments, &place[..]].concat())
    };
    let shown = String::from_utf8(library(&["styles", "product_clean"]).stdout).unwrap();
    assert!(
        shown.contains("presets/styles.yaml:1:1, in place of the built-in one"),
        "{shown}"
    );
    assert!(
        shown.ends_with("product_clean: {mood: bright, color_grade: neutral, contrast: low}\n"),
        "{shown}"
    );
    let json: serde_json::Value =
        serde_json::from_slice(&library(&["shots", "hero_cu", "--format", "json"]).stdout).unwrap();
    assert_eq!(
        (&json["from"], &json["built_in"]),
        (&"built in".into(), &true.into())
    );
    // The output is a preset file as it is.
    std::fs::write(
        original.join("presets/shots.yaml"),
        json["yaml"].as_str().unwrap(),
    )
    .unwrap();
    assert!(library(&["shots", "hero_cu"]).status.success());
    let missed = library(&["styles", "product_claen"]);
    assert_eq!(missed.status.code(), Some(2));
    assert!(
        String::from_utf8(missed.stderr)
            .unwrap()
            .contains("did you mean `product_clean`?")
    );
}

#[test]
fn the_library_lists_names_of_sounds_and_never_ends_an_error_without_a_hint() {
    let library = |arguments: &[&str]| production(&[&["library"], arguments].concat());
    for (kind, line) in [
        ("effects", "door_slam"),
        ("ambience", "waves on a shore"),
        ("rooms", "small_room"),
    ] {
        let listed = library(&[kind]);
        assert!(listed.status.success(), "{kind}");
        let text = String::from_utf8(listed.stdout).unwrap();
        assert!(text.contains(line), "{kind}: {text}");
    }
    let one = library(&["effects", "knock", "--format", "json"]);
    let one: serde_json::Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!(
        (&one["kind"], &one["description"]),
        (&"effects".into(), &"three knocks on wood".into())
    );
    let all = String::from_utf8(library(&[]).stdout).unwrap();
    assert!(all.contains("voices"), "{all}");
    for (arguments, hint) in [
        (&["effect"][..], "did you mean `effects`?"),
        (&["zebra"], "`production library` lists the kinds"),
        (&["effects", "nock"], "did you mean `knock`?"),
        (&["rooms", "zebra"], "`production library rooms` lists them"),
    ] {
        let missed = library(arguments);
        assert_eq!(missed.status.code(), Some(2));
        let text = String::from_utf8(missed.stderr).unwrap();
        assert!(text.trim_end().ends_with(hint), "{text}");
    }
}

const BEES: &str = "# Bees\n\nDuration: 12 sec\n\n## The hook\n\nNarration: Every third bite is a bee.\n\n\
                    ## The numbers\n\nNarration: Four in ten colonies die each winter.\n";

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// Makes `film` from the words in `bees.md`, in this folder.
fn create_bees(folder: &Path, words: &str) -> Output {
    let file = folder.join("bees.md");
    std::fs::write(&file, words).unwrap();
    create(folder, &["film", "--from", file.to_str().unwrap()])
}

fn edit(folder: &Path, change: impl Fn(&str) -> String) {
    let document = folder.join("film/production.yaml");
    let text = std::fs::read_to_string(&document).unwrap();
    let new = change(&text);
    assert_ne!(text, new);
    std::fs::write(&document, new).unwrap();
}

fn document(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("film/production.yaml")).unwrap()
}

#[test]
fn the_same_words_again_change_only_what_they_changed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let same = create_bees(folder, BEES);
    assert!(same.status.success(), "{same:?}");
    assert!(told(&same).contains("nothing changed"), "{}", told(&same));
    // Edits of a person: a look, a camera, a comment, a shot of their own.
    edit(folder, |text| {
        text.replace("style: explainer_clean", "style: noir # ours")
            .replacen("move: {kind: static}", "move: {kind: orbit, amount: 20}", 1)
            .replace(
                "  # Texts over the pictures",
                "    - {name: ours, duration: 30, location: backdrop}\n\n  # Texts over the pictures",
            )
    });
    let words = BEES.replace("Every third bite", "Every second bite")
        + "\n## What to do\n\nNarration: Plant flowers.\n";
    let renewed = create_bees(folder, &words);
    assert!(renewed.status.success(), "{renewed:?}");
    let text = document(folder);
    for part in [
        "style: noir # ours",
        "kind: orbit",
        "name: ours",
        "Every second bite is a bee.",
        "name: what_to_do",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    assert!(!text.contains("Every third"), "{text}");
    let changes = told(&renewed);
    assert!(
        changes.contains("new   shots.what_to_do") && changes.contains("lines.NARRATOR.text"),
        "{changes}"
    );
    info(&folder.join("film"));
    let before = std::fs::read_to_string(folder.join("film/.created/before.yaml")).unwrap();
    assert!(before.contains("Every third bite") && before.contains("name: ours"));
    let copy = std::fs::read_to_string(folder.join("film/bees.md")).unwrap();
    assert_eq!(copy, words);
}

#[test]
fn what_words_and_person_both_changed_stays_with_the_person_and_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    edit(folder, |text| {
        text.replace("Every third bite is a bee.", "A bee made every third bite.")
    });
    let words = BEES.replace("Every third bite is a bee.", "Bees make the food.");
    let renewed = create_bees(folder, &words);
    assert!(renewed.status.success(), "{renewed:?}");
    let changes = told(&renewed);
    assert!(changes.contains("kept  shots.the_hook.lines"), "{changes}");
    assert!(document(folder).contains("A bee made every third bite."));
    // It is told once: the words did not change since.
    let again = create_bees(folder, &words);
    assert!(told(&again).contains("nothing changed"), "{}", told(&again));
}

#[test]
fn edited_words_in_the_production_are_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let copy = folder.join("film/bees.md");
    let edited = BEES.replace("a bee", "a bumblebee");
    std::fs::write(&copy, &edited).unwrap();
    let refused = create_bees(folder, &BEES.replace("bite", "meal"));
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains("was edited and differs"),
        "{}",
        told(&refused)
    );
    assert_eq!(std::fs::read_to_string(&copy).unwrap(), edited);
    assert!(document(folder).contains("a bee"));
    let from_copy = create(folder, &["film", "--from", copy.to_str().unwrap()]);
    assert!(from_copy.status.success(), "{from_copy:?}");
    assert!(document(folder).contains("a bumblebee"));
}

#[test]
fn a_folder_that_was_made_otherwise_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let ad = create(folder, &["film", "--prompt", "15s watch elegant"]);
    assert_eq!(ad.status.code(), Some(2));
    assert!(
        told(&ad).contains("was made from a treatment"),
        "{}",
        told(&ad)
    );
    std::fs::remove_dir_all(folder.join("film/.created")).unwrap();
    let before = document(folder);
    let refused = create_bees(folder, BEES);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        told(&refused).contains("it exists already"),
        "{}",
        told(&refused)
    );
    assert_eq!(document(folder), before);
}

#[test]
fn an_ad_from_other_words_keeps_its_edits_and_its_options() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let first = [
        "film",
        "--prompt",
        "15s Nike sneakers energetic urban",
        "--author",
        "Mara",
        "--seed",
        "3",
    ];
    assert!(create(folder, &first).status.success());
    edit(folder, |text| {
        text.replace("quality_tier: preview", "quality_tier: draft")
    });
    let renewed = create(
        folder,
        &[
            "film",
            "--prompt",
            "20s Nike sneakers energetic urban \"Run.\"",
        ],
    );
    assert!(renewed.status.success(), "{renewed:?}");
    let text = document(folder);
    for part in [
        "quality_tier: draft",
        "author: Mara",
        "seed: 3",
        "duration: 20s",
        "Run.",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    info(&folder.join("film"));
}

#[test]
fn a_script_becomes_a_production_that_follows_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let script = "Title: The Pier\n\nEXT. HARBOUR PIER - NIGHT\n\nMARA waits.\n\nMARA\nYou are late.\n\n\
                  OLD MAN #2\nThe tide was.\n\nINT. KITCHEN - DAY\n\nThe kettle boils.\n";
    let file = folder.join("pier.fountain");
    std::fs::write(&file, script).unwrap();
    let from = ["film", "--from", file.to_str().unwrap()];
    let made = create(folder, &from);
    assert!(made.status.success(), "{made:?}");
    let info_before = info(&folder.join("film"));
    assert_eq!(info_before["title"], "The Pier");
    let text = document(folder);
    for part in [
        "preset: harbour_night",
        "preset: modern_apartment",
        "script_name: \"OLD MAN #2\"",
        "name: old_man_2",
        "EXT. HARBOUR PIER - NIGHT",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    edit(folder, |text| {
        text.replace("preset: modern_apartment", "preset: victorian")
    });
    std::fs::write(&file, format!("{script}\nJONAH\nTea?\n")).unwrap();
    let renewed = create(folder, &from);
    assert!(renewed.status.success(), "{renewed:?}");
    let text = document(folder);
    assert!(
        text.contains("name: jonah") && text.contains("preset: victorian\n"),
        "{text}"
    );
    info(&folder.join("film"));
}

#[test]
fn the_plan_of_a_treatment_is_the_planners_json() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bees.md");
    std::fs::write(&file, BEES).unwrap();
    let planned = production(&["plan", file.to_str().unwrap(), "--format", "json"]);
    assert!(planned.status.success(), "{planned:?}");
    let plan: serde_json::Value = serde_json::from_slice(&planned.stdout).unwrap();
    assert_eq!(plan["success"], true);
    assert_eq!(plan["jobCount"], plan["jobs"].as_array().unwrap().len());
}

#[test]
fn a_renewal_that_would_break_the_document_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    // An edited title keeps its place, and the words remove its scene.
    edit(folder, |text| {
        text.replace(
            "{text: The numbers, style: chapter",
            "{text: My numbers, style: chapter",
        )
    });
    let before = document(folder);
    let refused = create_bees(folder, &BEES.replace("## The numbers", "## The figures"));
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains("the document is as it was"),
        "{}",
        told(&refused)
    );
    assert_eq!(document(folder), before);
    let renewed = std::fs::read_to_string(folder.join("film/.created/refused.yaml")).unwrap();
    assert!(renewed.contains("name: the_figures"), "{renewed}");
    info(&folder.join("film"));
}

#[test]
fn an_edit_of_a_beat_stays_with_its_beat() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let words = |seconds: u32| format!("{seconds}s Nike sneakers energetic urban");
    assert!(
        create(folder, &["film", "--prompt", &words(15)])
            .status
            .success()
    );
    edit(folder, |text| {
        text.replace(
            "  outputs:",
            "  shots: [{name: call_to_action, lens: 50}]\n\n  outputs:",
        )
    });
    info(&folder.join("film"));
    let renewed = create(folder, &["film", "--prompt", &words(20)]);
    assert!(renewed.status.success(), "{renewed:?}");
    assert!(document(folder).contains("shots: [{name: call_to_action, lens: 50}]"));
    info(&folder.join("film"));
}

#[cfg(unix)]
#[test]
fn a_renewal_never_writes_through_a_link_and_never_waits_for_a_pipe() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let words = ["film", "--prompt", "15s Nike sneakers energetic urban"];
    assert!(create(folder, &words).status.success());
    let outside = folder.join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::remove_dir_all(folder.join("film/models")).unwrap();
    symlink(&outside, folder.join("film/models")).unwrap();
    let refused = create(folder, &words);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains("leads out of the folder"),
        "{}",
        told(&refused)
    );
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    let pipe = folder.join("pipe.md");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let refused = create(folder, &["other", "--from", pipe.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains("it is no file"),
        "{}",
        told(&refused)
    );
}

#[test]
fn secrets_of_words_are_neither_shown_nor_copied() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let words = format!(
        "{BEES}\n```\n-----BEGIN RSA PRIVATE KEY-----\nMIIBxyzabc\n\n9dEfGhIj\n-----END RSA PRIVATE KEY-----\n```\n\n\
         Notes: password: hunter2 and https://u:s3cr3t@example.org/a\n"
    );
    let made = create_bees(folder, &words);
    assert!(made.status.success(), "{made:?}");
    let shown = told(&made) + &document(folder);
    for secret in ["MIIBxyzabc", "9dEfGhIj", "hunter2", "s3cr3t"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert!(!folder.join("film/bees.md").exists());
    let ad = create(folder, &["ad", "--prompt", "15s watch password: hunter2"]);
    assert_eq!(ad.status.code(), Some(2));
    assert!(!told(&ad).contains("hunter2"), "{}", told(&ad));
}

#[test]
fn a_dash_in_place_of_narration_is_silence() {
    let folder = tempfile::tempdir().unwrap();
    let made = create_bees(
        folder.path(),
        &BEES.replace("Every third bite is a bee.", "—"),
    );
    assert!(made.status.success(), "{made:?}");
    info(&folder.path().join("film"));
}

#[test]
fn a_missing_input_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for arguments in [
        &["film", "--from", "nope.md"][..],
        &["film", "--from", "nope.fountain"],
        &["film", "--from", "nope"],
        &["film", "--prompt-file", "nope.txt"],
        &["film", "--prompt", "15s watch", "--product", "nope.glb"],
        &["film", "--prompt", "15s watch", "--logo", "nope.png"],
        &[
            "--prompt",
            "15s watch",
            "--product",
            "nope.glb",
            "--dry-run",
        ],
        &["--prompt", "15s watch", "--logo", "nope.png", "--dry-run"],
        &["--from", "nope.md", "--dry-run"],
    ] {
        let refused = create(folder, arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}: {refused:?}");
        assert!(told(&refused).contains("nope"), "{}", told(&refused));
        assert!(!folder.join("film").exists(), "{arguments:?}");
    }
}

#[test]
fn a_damaged_model_of_the_product_is_named_itself() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.glb");
    std::fs::write(&own, "no model").unwrap();
    let own = own.to_str().unwrap();
    let refused = create(
        folder.path(),
        &["film", "--prompt", "15s watch", "--product", own],
    );
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(told(&refused).contains("own.glb"), "{}", told(&refused));
}

#[test]
fn words_that_mean_nothing_are_noted_in_text_json_and_document() {
    let folder = tempfile::tempdir().unwrap();
    let words = "hiking boots mountain energtic";
    let note = "these words were not understood: mountain, energtic (perhaps `energetic`)";
    let text = create(folder.path(), &["--prompt", words, "--dry-run"]);
    assert!(told(&text).contains(note), "{}", told(&text));
    let json = create(
        folder.path(),
        &["--prompt", words, "--dry-run", "--format", "json"],
    );
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(
        json["reasoning"]["notes"][0]
            .as_str()
            .unwrap()
            .contains(note),
        "{json:#}"
    );
    assert_eq!(
        json["reasoning"]["unknown_words"][1]["nearest"],
        "energetic"
    );
    let made = create(folder.path(), &["film", "--prompt", words]);
    assert!(told(&made).contains(note), "{}", told(&made));
    assert!(document(folder.path()).contains("# Note: these words were not understood: mountain"));
}

#[test]
fn the_current_folder_is_filled_if_it_is_empty_and_renewed_if_it_is_a_films() {
    let folder = tempfile::tempdir().unwrap();
    let film = folder.path().join("film");
    std::fs::create_dir(&film).unwrap();
    let here = |arguments: &[&str]| {
        let mut command = Command::new(BINARY);
        command.args(arguments).current_dir(&film).output().unwrap()
    };
    let words = |seconds: u32| format!("{seconds}s Nike sneakers energetic urban");
    let made = here(&["create", ".", "--prompt", &words(15)]);
    assert!(made.status.success(), "{made:?}");
    info(&film);
    let renewed = here(&["create", ".", "--prompt", &words(20)]);
    assert!(renewed.status.success(), "{renewed:?}");
    assert!(document(folder.path()).contains("duration: 20s"));
    let refused = here(&["create", "."]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(told(&refused).contains("type a NAME"), "{}", told(&refused));
    // Nothing of somebody else's is written over.
    std::fs::remove_dir_all(film.join(".created")).unwrap();
    let refused = here(&["create", ".", "--prompt", &words(15)]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
}

#[test]
fn one_renewal_waits_for_none_and_the_next_cleans_up() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let lock = std::fs::File::options()
        .write(true)
        .open(folder.join("film/.created/lock"))
        .unwrap();
    lock.lock().unwrap();
    let before = document(folder);
    let words = BEES.replace("Every third", "Every second");
    let refused = create_bees(folder, &words);
    assert_eq!(refused.status.code(), Some(5), "{refused:?}");
    assert!(
        told(&refused).contains("another `production create`"),
        "{}",
        told(&refused)
    );
    assert_eq!(document(folder), before);
    drop(lock);
    // What a killed command leaves: parts of files, and half a production.
    for left in [
        "film/.partial-create-a",
        "film/.created/.partial-create-b",
        "film/.partial-create-c.yaml",
    ] {
        std::fs::write(folder.join(left), "production: [").unwrap();
    }
    let half = folder.join(".partial-create-other-1/.created");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::write(half.join("lock"), "").unwrap();
    assert!(create_bees(folder, &words).status.success());
    assert!(document(folder).contains("Every second"));
    let other = create(folder, &["other", "--prompt", "15s watch elegant"]);
    assert!(other.status.success(), "{other:?}");
    let left: Vec<PathBuf> = files(folder)
        .into_iter()
        .filter(|path| path.to_string_lossy().contains(".partial-"))
        .collect();
    assert_eq!(left, [] as [PathBuf; 0]);
    info(&folder.join("film"));
}

#[test]
fn a_document_in_brackets_is_renewed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let path = folder.join("film/production.yaml");
    let values = json_of(&std::fs::read_to_string(&path).unwrap());
    std::fs::write(&path, values.to_string()).unwrap();
    info(&folder.join("film"));
    let renewed = create_bees(folder, &BEES.replace("Every third", "Every second"));
    assert!(renewed.status.success(), "{renewed:?}");
    let text = document(folder);
    assert!(text.contains("Every second bite"), "{text}");
    assert!(!text.contains("Every third bite"), "{text}");
    info(&folder.join("film"));
}

/// Returns the values of a document.
fn json_of(text: &str) -> serde_json::Value {
    let mut found = Diagnostics::default();
    let limits = InputLimits::default();
    let tree = parse_yaml(FileId(0), text.into(), &limits, &mut found).unwrap();
    node_json(&tree, tree.root().unwrap())
}

fn node_json(tree: &SpanTree, node: NodeId) -> serde_json::Value {
    if let Some(pairs) = tree.pairs(node) {
        let fields = pairs.map(|(key, value)| {
            let key = tree.scalar(key).unwrap().text.to_owned();
            (key, node_json(tree, value))
        });
        return fields.collect::<serde_json::Map<_, _>>().into();
    }
    if let Some(items) = tree.items(node) {
        return items.iter().map(|item| node_json(tree, *item)).collect();
    }
    let scalar = tree.scalar(node).unwrap();
    match serde_json::from_str::<serde_json::Value>(scalar.text) {
        Ok(value) if scalar.plain => value,
        _ => scalar.text.into(),
    }
}

#[test]
fn characters_that_no_font_has_are_named_and_so_is_a_bad_picture() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let cyrillic = create(
        folder,
        &[
            "one",
            "--prompt",
            "15s \u{427}\u{430}\u{439}\u{43a}\u{430} watch elegant",
        ],
    );
    assert!(cyrillic.status.success(), "{cyrillic:?}");
    for (name, words, character) in [
        ("two", "15s \u{7bb1}\u{5b50} watch elegant", "\u{7bb1}"),
        (
            "three",
            "15s \u{62a}\u{641}\u{627}\u{62d} watch elegant",
            "\u{62a}",
        ),
    ] {
        let refused = create(folder, &[name, "--prompt", words]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let text = told(&refused);
        assert!(
            text.contains(character) && text.contains("no font"),
            "{text}"
        );
        assert!(!text.contains("production.yaml"), "{text}");
        assert!(!folder.join(name).exists());
    }
    std::fs::write(folder.join("broken.png"), "no picture").unwrap();
    let made = create_bees(folder, &format!("{BEES}\n![a bee](broken.png)\n"));
    assert!(made.status.success(), "{made:?}");
    let text = told(&made);
    assert!(
        text.contains("broken.png") && text.contains("cannot be shown"),
        "{text}"
    );
    info(&folder.join("film"));
}
