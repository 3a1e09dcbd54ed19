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
fn a_model_of_ours_is_made_again_and_one_of_a_person_stays() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let make = |name: &str, words: &str| {
        let made = create(folder, &[name, "--prompt", words]);
        assert!(made.status.success(), "{made:?}");
        told(&made)
    };
    let model = |name: &str| folder.join(name).join("models/product_shoe.glb");
    let read = |name: &str| std::fs::read(model(name)).unwrap();
    make("ad", "15s Nike sneakers");
    make("fresh", "15s red Adidas sneakers");
    let changes = make("ad", "15s red Adidas sneakers");
    assert!(changes.contains("models/product_shoe.glb"), "{changes}");
    assert!(read("ad") == read("fresh"), "the model has the old brand");
    // The same words again have nothing to do.
    let same = make("ad", "15s red Adidas sneakers");
    assert!(same.contains("nothing changed"), "{same}");
    make("other", "15s green Vans sneakers");
    let own = read("other");
    std::fs::write(model("ad"), &own).unwrap();
    for words in ["15s blue Puma sneakers", "15s red Adidas sneakers"] {
        let kept = make("ad", words);
        assert!(
            kept.contains("kept") && kept.contains("you changed it"),
            "{kept}"
        );
        assert!(read("ad") == own, "a model of a person was replaced");
    }
    // A record of before says nothing about models, so nobody knows whose one is.
    let options = folder.join("fresh/.created/options.json");
    let mut record: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&options).unwrap()).unwrap();
    record.as_object_mut().unwrap().remove("files").unwrap();
    std::fs::write(&options, record.to_string()).unwrap();
    let before = read("fresh");
    let kept = make("fresh", "15s blue Puma sneakers");
    assert!(kept.contains("you may have changed it"), "{kept}");
    assert!(read("fresh") == before, "the model was replaced");
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
    // A long transition out of a scene that the words make short.
    edit(folder, |text| {
        let place = text.find("transition_out: dissolve ").unwrap() + 25;
        let end = place + text[place..].find('\n').unwrap();
        format!("{}120{}", &text[..place], &text[end..])
    });
    info(&folder.join("film"));
    let before = document(folder);
    let refused = create_bees(folder, &BEES.replace("12 sec", "4 sec"));
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains("the document is as it was"),
        "{}",
        told(&refused)
    );
    assert_eq!(document(folder), before);
    let renewed = std::fs::read_to_string(folder.join("film/.created/refused.yaml")).unwrap();
    assert!(renewed.contains("dissolve 120"), "{renewed}");
    info(&folder.join("film"));
}

#[test]
fn what_an_edited_entry_is_about_stays_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    edit(folder, |text| {
        text.replace(
            "{text: The numbers, style: chapter",
            "{text: My numbers, style: chapter",
        )
    });
    // The words remove the scene that the title is over.
    let renewed = create_bees(folder, &BEES.replace("## The numbers", "## The figures"));
    assert!(renewed.status.success(), "{renewed:?}");
    assert!(
        told(&renewed).contains("something that you wrote is about it"),
        "{}",
        told(&renewed)
    );
    let text = document(folder);
    for part in ["text: My numbers", "name: the_numbers", "name: the_figures"] {
        assert_eq!(text.matches(part).count(), 1, "{part}: {text}");
    }
    info(&folder.join("film"));
}

const HONEY: &str = "# Honey\n\nDuration: 12 sec\n\n## In the jar\n\nNarration: Most honey is a blend.\n\n\
                     ## Mixed up\n\nPie chart: Local 30%, Blend 60%, Sugar syrup 10%\n\n\
                     ## End\n\nKPI: 0 g added sugar\n";

/// Removes the lines from one that contains `from` to the one before that which contains `to`.
fn without_lines(text: &str, from: &str, to: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let start = lines.iter().position(|line| line.contains(from)).unwrap();
    let length = lines[start + 1..].iter().position(|line| line.contains(to));
    let end = start + 1 + length.unwrap();
    lines[..start].concat() + &lines[end..].concat()
}

#[test]
fn a_removed_chart_stays_removed_and_an_edited_one_is_not_doubled() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, HONEY).status.success());
    edit(folder, |text| {
        let text = without_lines(text, "# 2. Mixed up", "# 3. End");
        let text = without_lines(&text, "- kind: pie", "- kind: kpi");
        let (before, kpi) = text.split_once("- kind: kpi").unwrap();
        let accent = kpi.find("accent: ").unwrap();
        let (data, look) = kpi.split_at(accent);
        let rest = look.split_once('\n').unwrap().1;
        format!("{before}- kind: kpi{data}accent: \"00ff00\"\n{rest}")
    });
    info(&folder.join("film"));
    for words in [
        HONEY.replace("0 g added", "1 g added"),
        HONEY.replace("Blend 60%, Sugar syrup 10%", "Blend 50%, Sugar syrup 20%"),
        HONEY.replace("Pie chart: Local", "Bar chart: Local"),
    ] {
        let renewed = create_bees(folder, &words);
        assert!(renewed.status.success(), "{}", told(&renewed));
        let text = document(folder);
        assert_eq!(text.matches("- kind: kpi").count(), 1, "{text}");
        assert!(text.contains("accent: \"00ff00\""), "{text}");
        assert!(
            !text.contains("kind: pie") && !text.contains("kind: bar"),
            "{text}"
        );
        info(&folder.join("film"));
    }
    assert!(
        !document(folder).contains("1 g added"),
        "the last words say 0"
    );
}

/// Copies a production, its record included.
fn copy_production(from: &Path, to: &Path) {
    for file in files(from) {
        let target = to.join(&file);
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(from.join(&file), target).unwrap();
    }
}

/// An edit of a film of [`HONEY`], and what must be in the document afterwards, whatever the words say.
type Edit = (fn(&str) -> String, &'static str);

const EDITS: [Edit; 8] = [
    (|text| without_lines(text, "- kind: pie", "- kind: kpi"), ""),
    (
        |text| {
            let text = without_lines(text, "# 2. Mixed up", "# 3. End");
            without_lines(&text, "- kind: pie", "- kind: kpi")
        },
        "",
    ),
    (
        |text| text.replacen("- kind: kpi\n", "- kind: kpi # mine\n", 1),
        "# mine",
    ),
    (
        |text| {
            text.replacen(
                "    - kind: pie\n",
                "    - kind: pie\n      # The share of each.\n",
                1,
            )
        },
        "# The share of each.",
    ),
    (
        |text| text.replace("who: NARRATOR, ", "who: 'NARRATOR',  "),
        "who: 'NARRATOR', ",
    ),
    (|text| text.replace('\n', " \n"), "title: Honey \n"),
    (
        |text| {
            text.replacen(
                "      title: Mixed up\n",
                "      title: My own mixture\n",
                1,
            )
        },
        "My own mixture",
    ),
    (
        |text| {
            text.replacen(
                "- {who: NARRATOR, text: \"Most honey is a blend.\"}",
                "- { # low\n            who: NARRATOR, text: \"Most honey is a blend.\"}",
                1,
            )
        },
        "# low",
    ),
];

#[test]
fn every_edit_survives_every_change_of_the_words() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let first = folder.join("first");
    std::fs::create_dir(&first).unwrap();
    assert!(create_bees(&first, HONEY).status.success());
    let words = [
        HONEY.replace("0 g added", "1 g added"),
        HONEY.replace("Blend 60%", "Blend 61%"),
        HONEY.replace(
            "## Mixed up\n\nPie chart: Local 30%, Blend 60%, Sugar syrup 10%\n\n",
            "",
        ),
        HONEY.replace("## Mixed up", "## All mixed"),
        HONEY.replace("Most honey is a blend.", "Nearly all honey is a blend.")
            + "\nKPI: 3 g of salt\n",
        HONEY.replace("## End", "## More\n\nPie chart: A 40%, B 60%\n\n## End"),
    ];
    for (number, (edited, mark)) in EDITS.iter().enumerate() {
        let text = std::fs::read_to_string(first.join("film/production.yaml")).unwrap();
        let text = edited(&text);
        for (change, words) in words.iter().enumerate() {
            // Half of the pairs, each edit and each change in several: every one starts two programs.
            if (number + change) % 2 == 1 {
                continue;
            }
            let place = folder.join(format!("film_{number}_{change}"));
            copy_production(&first, &place);
            std::fs::write(place.join("film/production.yaml"), &text).unwrap();
            let renewed = create_bees(&place, words);
            let shown = format!(
                "edit {number}, change {change}: {}{}",
                told(&renewed),
                document(&place)
            );
            assert!(renewed.status.success(), "{shown}");
            assert!(document(&place).contains(mark), "{shown}");
            let pies = if number < 2 { 0 } else { 1 } + usize::from(change == 5);
            assert!(
                document(&place).matches("kind: pie").count() <= pies,
                "{shown}"
            );
            let checked = production(&["validate", place.join("film").to_str().unwrap(), "-q"]);
            assert!(checked.status.success(), "{shown}{}", told(&checked));
        }
    }
}

/// What harms a file of a record.
type Damage<'a> = &'a dyn Fn(&Path);

#[test]
fn a_damaged_record_is_named_with_what_helps() {
    let remove = |path: &Path| std::fs::remove_file(path).unwrap();
    let replace_by_folder = |path: &Path| {
        std::fs::remove_file(path).unwrap();
        std::fs::create_dir(path).unwrap();
    };
    let cut = |path: &Path| std::fs::write(path, "{\"kind\": ").unwrap();
    let no_text = |path: &Path| std::fs::write(path, [0xff, 0xfe]).unwrap();
    let damages: [(&str, Damage<'_>, &str); 6] = [
        ("options.json", &remove, "is missing"),
        ("options.json", &cut, "cannot be read"),
        ("options.json", &replace_by_folder, "is no file"),
        ("options.json", &no_text, "is no text"),
        ("production.yaml", &remove, "is missing"),
        ("production.yaml", &no_text, "is no text"),
    ];
    for (name, damage, what) in damages {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        assert!(create_bees(folder, BEES).status.success());
        let before = document(folder);
        damage(&folder.join("film/.created").join(name));
        let refused = create_bees(folder, &BEES.replace("Every third", "Every second"));
        let text = told(&refused);
        assert_eq!(refused.status.code(), Some(2), "{text}");
        let path = format!("film/.created/{name} {what}");
        for words in [path.as_str(), "git checkout", "another name"] {
            assert!(text.contains(words), "{name}: no {words:?} in {text}");
        }
        assert_eq!(document(folder), before);
    }
}

#[test]
fn a_record_that_create_did_not_write_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let record = folder.join("film/.created/production.yaml");
    let options = folder.join("film/.created/options.json");
    let written = std::fs::read_to_string(&record).unwrap();
    let known = std::fs::read_to_string(&options).unwrap();
    let words = BEES.replace("Every third", "Every second");
    let before = document(folder);
    let half = written[..written.len() / 2].to_owned();
    let edited = written.replace("Every third", "Each third");
    for wrong in [half, edited, String::new()] {
        std::fs::write(&record, &wrong).unwrap();
        let refused = create_bees(folder, &words);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(
            told(&refused).contains("is not as `create` wrote it"),
            "{}",
            told(&refused)
        );
        assert_eq!(document(folder), before);
        assert_eq!(std::fs::read_to_string(&record).unwrap(), wrong);
    }
    std::fs::write(&record, [0xff, 0xfe]).unwrap();
    assert_eq!(create_bees(folder, &words).status.code(), Some(2));
    // Git may have changed its line ends.
    std::fs::write(&record, written.replace('\n', "\r\n")).unwrap();
    assert!(create_bees(folder, &words).status.success());
    assert!(document(folder).contains("Every second"));
    // A record of before has no digest.
    let mut old: serde_json::Value = serde_json::from_str(&known).unwrap();
    old.as_object_mut().unwrap().remove("documents").unwrap();
    std::fs::write(&options, old.to_string()).unwrap();
    let renewed = create_bees(folder, &BEES.replace("Every third", "Every fourth"));
    assert_eq!(
        renewed.status.code(),
        Some(2),
        "the copy of the words is newer: {renewed:?}"
    );
    std::fs::remove_file(folder.join("film/bees.md")).unwrap();
    let renewed = create_bees(folder, &BEES.replace("Every third", "Every fourth"));
    assert!(renewed.status.success(), "{renewed:?}");
    assert!(document(folder).contains("Every fourth"));
    // Half of one is found all the same.
    std::fs::write(&options, old.to_string()).unwrap();
    std::fs::write(&record, written[..written.len() / 2].trim_end()).unwrap();
    let refused = create_bees(folder, BEES);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
}

#[test]
fn of_two_that_make_one_name_one_wins() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("bees.md"), BEES).unwrap();
    for (name, arguments) in [
        ("new", &["--from", "bees.md"][..]),
        ("empty", &["--from", "bees.md"]),
        ("template", &["--title", "A"]),
    ] {
        if name == "empty" {
            std::fs::create_dir(folder.join(name)).unwrap();
        }
        let both: Vec<_> = (0..2)
            .map(|_| {
                let mut command = Command::new(BINARY);
                command.arg("create").arg(name).args(arguments);
                command.current_dir(folder).stdout(Stdio::piped());
                command.stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let ends: Vec<Output> = both
            .into_iter()
            .map(|child| child.wait_with_output().unwrap())
            .collect();
        let made = |end: &&Output| end.status.success() && told(end).contains("made ");
        assert_eq!(ends.iter().filter(made).count(), 1, "{ends:?}");
        for other in ends.iter().filter(|end| !made(end)) {
            // It came too late, or after the first had ended.
            let text = told(other);
            let is_told = text.contains("meanwhile")
                || text.contains("already")
                || text.contains("up to date");
            assert!(
                is_told || text.contains("another `production create`"),
                "{text}"
            );
        }
        info(&folder.join(name));
    }
    let left = files(folder);
    assert!(
        !left
            .iter()
            .any(|path| path.to_string_lossy().contains(".partial-")),
        "{left:?}"
    );
}

#[test]
fn git_gets_the_record_and_not_the_lock() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(folder.join("film"));
        command.output().unwrap()
    };
    if !git(&["init", "-q"]).status.success() {
        return;
    }
    let listed = git(&["ls-files", "--others", "--exclude-standard"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains(".created/options.json"), "{listed}");
    assert!(!listed.contains(".created/lock"), "{listed}");
}

#[test]
fn what_cannot_be_read_or_written_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let words = BEES.replace("Every third", "Every second");
    let path = folder.join("film/production.yaml");
    std::fs::write(&path, [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(create_bees(folder, &words).status.code(), Some(2));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(create_bees(folder, &words).status.code(), Some(2));
    for place in [path, folder.join("bees.md")] {
        let listed = production(&["list", place.to_str().unwrap()]);
        assert_eq!(listed.status.code(), Some(2), "{listed:?}");
    }
    #[cfg(target_os = "linux")]
    for arguments in [&["ad", "--prompt", "15s watch elegant"][..], &["plain"]] {
        let refused = create(Path::new("/proc"), arguments);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let text = told(&refused);
        assert!(
            text.contains("nothing can be written there") && !text.contains(".partial"),
            "{text}"
        );
    }
}

#[test]
fn a_mistake_in_the_document_is_named_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let words = BEES.replace("Every third", "Every second");
    edit(folder, |text| {
        text.replace("  title: Bees\n", "  title: Bees\n  title: Ours\n")
    });
    let line = document(folder)
        .lines()
        .position(|line| line == "  title: Ours")
        .unwrap()
        + 1;
    let refused = create_bees(folder, &words);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains(&format!("line {line} of ")),
        "{}",
        told(&refused)
    );
    // Line ends of old Macs are no mistake.
    edit(folder, |text| {
        text.replace("  title: Ours\n", "").replace('\n', "\r")
    });
    let renewed = create_bees(folder, &words);
    assert!(renewed.status.success(), "{renewed:?}");
    assert!(document(folder).contains("Every second") && !document(folder).contains('\n'));
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

#[cfg(unix)]
#[test]
fn a_partial_file_of_a_renewal_is_never_a_link_that_lay_there() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(create_bees(folder, BEES).status.success());
    let own = folder.join("own.txt");
    std::fs::write(&own, "mine").unwrap();
    symlink("../own.txt", folder.join("film/.partial-create-bees.md")).unwrap();
    let renewed = create_bees(
        folder,
        &BEES.replace("Every third bite", "Every second bite"),
    );
    assert!(renewed.status.success(), "{renewed:?}");
    assert_eq!(std::fs::read_to_string(&own).unwrap(), "mine");
    assert!(!folder.join("film/bees.md").is_symlink());
}

#[test]
fn titles_and_authors_with_a_secret_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for option in ["--title", "--author"] {
        let words = [
            "ad",
            "--prompt",
            "15s watch",
            option,
            "Zebra password: Zebra99x",
        ];
        let refused = create(folder, &words);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let text = told(&refused);
        assert!(
            text.contains(option) && !text.contains("Zebra99x"),
            "{text}"
        );
    }
    assert!(!folder.join("ad").exists());
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
    // A script is part of its production as it is, so nothing can be taken out of it.
    let script = folder.join("s.fountain");
    std::fs::write(
        &script,
        "INT. PIER - NIGHT\n\nMARA\nThe Passwort: hunter2hunter2\n",
    )
    .unwrap();
    let refused = create(folder, &["script", "--from", script.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    let text = told(&refused);
    assert!(
        text.contains("line 4 of ") && !text.contains("hunter2"),
        "{text}"
    );
    assert!(!folder.join("script").exists());
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
fn a_file_that_is_no_words_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for (file, bytes, message) in [
        (
            "honey.doc",
            &b"# Honey\n"[..],
            "it is plain text; give it the extension `.md`",
        ),
        ("logo.png", b"\x89PNG\r\n\x1a\n", "it is a picture;"),
        (
            "film.pdf",
            b"%PDF-1.4\n",
            "it is a PDF file; save it as plain text",
        ),
        ("film.md", b"%PDF-1.4\n", "is a PDF file, and no text"),
    ] {
        let path = folder.join(file);
        std::fs::write(&path, bytes).unwrap();
        let refused = create(folder, &["film", "--from", path.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(
            told(&refused).contains(message),
            "{file}: {}",
            told(&refused)
        );
    }
    let script = folder.join("two.fountain");
    std::fs::write(&script, "INT. ATTIC - NIGHT\n\nMara waits.\n").unwrap();
    for command in ["plan", "validate", "info", "run"] {
        let refused = production(&[command, script.to_str().unwrap()]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let text = told(&refused);
        assert!(
            text.contains("it is a script, and no document") && text.contains("create NAME --from"),
            "{command}: {text}"
        );
    }
}

#[test]
fn a_prompt_of_megabytes_is_refused_by_its_size() {
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words.txt");
    std::fs::write(&words, "sneakers urban ".repeat(700_000)).unwrap();
    let refused = create(
        folder.path(),
        &["--prompt-file", words.to_str().unwrap(), "--dry-run"],
    );
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(
        told(&refused).contains("the limit is 10000"),
        "{}",
        told(&refused)
    );
}

#[test]
fn an_upright_ad_is_upright_in_plan_and_document() {
    let folder = tempfile::tempdir().unwrap();
    let words = "10s TikTok drone \"Look up.\"";
    let plan = create(
        folder.path(),
        &["--prompt", words, "--dry-run", "--format", "json"],
    );
    let plan: serde_json::Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(plan["resolution"], serde_json::json!([720, 1280]));
    assert_eq!(plan["aspect"], "9:16");
    // What a drone is for is not known, so it is no ad for families.
    assert_eq!(plan["template"], "feature_demo");
    let why = plan["reasoning"]["assumptions"].to_string();
    assert!(why.contains("“TikTok” asks for an upright film"), "{why}");
    assert!(why.contains("“Drone”"), "{why}");
    let made = create(folder.path(), &["film", "--prompt", words]);
    assert!(made.status.success(), "{made:?}");
    let document = document(folder.path());
    assert!(document.contains("format: social_vertical\n      resolution: 720x1280"));
    info(&folder.path().join("film"));
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
fn characters_are_drawn_by_a_font_of_the_machine_or_named_and_so_is_a_bad_picture() {
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
        // A font of this machine draws it, and the document names it; or the message says what to do.
        let made = create(folder, &[name, "--prompt", words]);
        let text = told(&made);
        assert!(text.contains(character), "{text}");
        if made.status.success() {
            let document = std::fs::read_to_string(folder.join(name).join("production.yaml"));
            assert!(document.unwrap().contains("\n  fonts: ["));
            info(&folder.join(name));
        } else {
            assert_eq!(made.status.code(), Some(2), "{made:?}");
            assert!(text.contains("names it under `fonts:`"), "{text}");
            assert!(!folder.join(name).exists());
        }
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
