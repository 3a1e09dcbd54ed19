//! The habits that people bring to the command line: the current folder, `--quiet` and `--verbose`,
//! settings and profiles, the tier of the last run, next steps that can be pasted, and exit codes
//! that a timer's job can act on.
//!
//! Each test has a home folder of its own, so no settings of this machine take part.

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

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DOCUMENT: &str = "\
production:
  title: Habit
  author: Tests
  description: Two tiny shots.
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24, quality_tier: preview}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 12}
    - {name: two, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 12, lens: 60}
  outputs: [{name: plates, format: 8bit_game, resolution: 64x36, path: out/plates}]
";

/// A film in a folder, and a home without settings.
struct Desk {
    folder: tempfile::TempDir,
    home: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: film::folder(DOCUMENT),
            home: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn write_settings(&self, text: &str) {
        let folder = self.home.path().join("production");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("settings.yaml"), text).unwrap();
    }

    /// Runs a command in the folder of the film.
    fn call(&self, arguments: &[&str]) -> Output {
        self.call_in(self.folder.path(), arguments)
    }

    fn call_in(&self, folder: &Path, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_production"))
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .env("XDG_CONFIG_HOME", self.home.path())
            .env("XDG_STATE_HOME", self.home.path())
            .output()
            .unwrap()
    }

    /// Returns what a command that succeeds prints on standard output.
    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.call(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", shown(&output));
        text(&output.stdout)
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let text = self.printed(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&text).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn shown(output: &Output) -> String {
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_command_without_a_path_means_the_document_of_the_current_folder() {
    let desk = Desk::new();
    assert!(
        desk.printed(&["validate"])
            .contains("Habit is valid: 2 shots, 24 frames, 1 output\n")
    );
    assert_eq!(desk.json(&["info"])["title"], "Habit");
    assert_eq!(desk.printed(&["log"]), "not run yet\n");
    // The only document of a folder may have any name, for every command alike.
    std::fs::rename(desk.path("production.yaml"), desk.path("film.yaml")).unwrap();
    desk.write("notes.yaml", "shots: []\n");
    assert_eq!(desk.json(&["info"])["title"], "Habit");
    let plan = desk.json(&["plan"]);
    assert_eq!(plan["revision"], "rev-0001");
    assert!(desk.path(".production/runs/rev-0001/plan.json").is_file());
    assert_eq!(desk.printed(&["status"]), "not run yet\n");
    let parent = desk.folder.path().parent().unwrap();
    let name = desk.folder.path().file_name().unwrap().to_str().unwrap();
    let named = desk.call_in(parent, &["info", name, "--format", "short"]);
    assert!(
        text(&named.stdout).starts_with("Habit: 2 shots"),
        "{}",
        shown(&named)
    );
}

#[test]
fn a_folder_with_several_documents_or_none_is_explained() {
    let desk = Desk::new();
    std::fs::rename(desk.path("production.yaml"), desk.path("a.yaml")).unwrap();
    std::fs::copy(desk.path("a.yaml"), desk.path("b.yml")).unwrap();
    for command in ["run", "status", "plan", "verify"] {
        let refused = desk.call(&[command]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        let text = text(&refused.stderr);
        assert!(
            text.contains("2 documents (a.yaml, b.yml). Name one"),
            "{command}: {text}"
        );
    }
    let empty = tempfile::tempdir().unwrap();
    for command in ["run", "log", "gc", "info"] {
        let refused = desk.call_in(empty.path(), &[command]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        let text = text(&refused.stderr);
        assert!(
            text.contains("`production create NAME` begins one"),
            "{command}: {text}"
        );
    }
}

#[test]
fn the_words_behind_explain_and_show_are_jobs_and_revisions_of_the_current_folder() {
    let desk = Desk::new();
    let jobs = desk.printed(&["explain", "one"]);
    assert!(jobs.contains("render.shot/one/"), "{jobs}");
    assert!(
        desk.printed(&["explain", "shots::jump_cut"])
            .contains("jump_cut")
    );
    let misspelt = text(&desk.call(&["explain", "no_subjcet"]).stderr);
    assert!(
        misspelt.contains("did you mean `shots::no_subject`?"),
        "{misspelt}"
    );
    let unknown = text(&desk.call(&["explain", "nope"]).stderr);
    assert!(
        unknown.contains("no job, shot or phase has this name"),
        "{unknown}"
    );
    for (words, message) in [
        (&["show", "3"][..], "failed to find revision `3`"),
        (
            &["revert", "rev-0003"],
            "failed to find revision `rev-0003`",
        ),
        (&["diff", "1", "2"], "failed to find revision `1`"),
        (&["metrics", "latest"], "failed to find revision `latest`"),
        (&["revert"], "name the revision"),
        (&["diff"], "name the earlier one"),
        (
            &["show", "3", "4"],
            "failed to find 3: there is no such file",
        ),
    ] {
        let refused = desk.call(words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(
            text(&refused.stderr).contains(message),
            "{words:?}: {}",
            shown(&refused)
        );
    }
}

#[test]
fn findings_of_one_code_are_grouped_and_v_draws_all() {
    let desk = Desk::new();
    let (before, after) = DOCUMENT.split_once("    - {name: two").unwrap();
    let shots: String = (0..9)
        .map(|number| {
            format!(
                "    - {{name: s{number}, template: insert, props: [lantern], location: studio, duration: 3}}\n"
            )
        })
        .collect();
    desk.write(
        "production.yaml",
        &format!("{before}{shots}    - {{name: two{after}"),
    );
    let drawn = |text: &str| text.matches("╭─[").count();
    let listed = desk.printed(&["validate"]);
    assert!(
        listed.contains("and 8 more warnings of timeline::very_short (-v draws them)\n"),
        "{listed}"
    );
    assert!(
        listed.contains("shot `s8` has only 3 frames"),
        "every finding has a line: {listed}"
    );
    let all = desk.printed(&["validate", "-v"]);
    assert!(drawn(&all) >= drawn(&listed) + 8, "{all}");
    let plan = text(&desk.call(&["plan", "--gpu", "software"]).stderr);
    assert!(
        plan.contains(
            "and 8 more warnings of timeline::very_short: `production validate` lists them"
        ),
        "{plan}"
    );
    assert!(!plan.contains("`s8`"), "{plan}");
    let short = text(&desk.call(&["plan", "--format", "short"]).stderr);
    assert_eq!(
        short
            .matches(": warning[production::timeline::very_short]: ")
            .count(),
        9,
        "{short}"
    );
    // Formats for machines have everything, whatever people want to see.
    for level in ["-v", "-q", "--color=never"] {
        assert_eq!(
            desk.json(&["validate", level])["issues"],
            desk.json(&["validate"])["issues"]
        );
    }
    assert_eq!(text(&desk.call(&["validate", "-q"]).stdout), "");
}

#[test]
fn settings_and_profiles_set_options_and_info_says_where_each_came_from() {
    let desk = Desk::new();
    desk.write_settings(
        "options: {quality: draft, run: {parallel: 2}}\nprofiles: {night: {quality: archive, retries: 7}}\n",
    );
    desk.write(
        "production.settings.yaml",
        "options: {strict: true, store: /tmp/elsewhere}\n",
    );
    let setting = |list: &Value, name: &str| {
        let options = list["options"].as_array().unwrap().iter();
        let found: Vec<String> = options
            .filter(|option| option["option"] == name)
            .map(|option| {
                let source = option["source"].as_str().unwrap();
                let file = source.rsplit('/').next().unwrap();
                format!("{} {file}", option["value"].to_string().replace('"', ""))
            })
            .collect();
        found.join(", ")
    };
    let list = desk.json(&["info", "--settings"]);
    assert_eq!(setting(&list, "quality"), "draft settings.yaml:1:11");
    assert_eq!(
        setting(&list, "strict"),
        "true production.settings.yaml:1:11"
    );
    assert_eq!(
        setting(&list, "parallel"),
        "2 settings.yaml:1:33, null default"
    );
    assert_eq!(setting(&list, "retries"), "1 default");
    assert_eq!(
        setting(&list, "store"),
        "null default",
        "a stranger's folder decides no path"
    );
    let ignored = list["ignored"][0].as_str().unwrap();
    assert!(
        ignored.contains("`store` is ignored: it counts once you trust"),
        "{ignored}"
    );
    let night = desk.json(&["info", "--settings", "--profile", "night"]);
    assert_eq!(setting(&night, "quality"), "archive settings.yaml:2:20)");
    assert_eq!(setting(&night, "retries"), "7 settings.yaml:2:38)");
    // They mean what the options do.
    let tier = |more: &[&str]| {
        let info = desk.json(&[&["info"], more].concat());
        let render = &info["render"];
        format!("{} {}", render["tier"], render["tier_from"]).replace('"', "")
    };
    assert!(tier(&[]).starts_with("draft /"), "{}", tier(&[]));
    assert!(tier(&["--profile", "night"]).starts_with("archive the profile night ("));
    assert_eq!(tier(&["--quality", "production"]), "production --quality");
    assert!(tier(&["--no-settings"]).starts_with("preview ./production.yaml:5:"));
    let unknown = desk.call(&["run", "--profile", "nigth"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        text(&unknown.stderr).contains("did you mean `night`?"),
        "{}",
        shown(&unknown)
    );
}

#[test]
fn a_value_that_does_not_fit_names_its_file_and_the_way_out() {
    let desk = Desk::new();
    desk.write_settings("options:\n  retries: many\n");
    let refused = desk.call(&["run", "--dry-run"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = text(&refused.stderr);
    assert!(
        message.contains("settings.yaml:2:3: invalid value 'many' for '--retries"),
        "{message}"
    );
    assert!(
        message.contains("`--no-settings` leaves them out"),
        "{message}"
    );
    assert!(
        desk.call(&["validate"]).status.success(),
        "it has no such option"
    );
    desk.write_settings("options: {keep-going: true, max-failures: 3}\n");
    let switched = desk.call(&["run", "--dry-run", "--no-keep-going", "--no-settings"]);
    assert!(switched.status.success(), "{}", shown(&switched));
}

#[test]
fn a_trusted_folder_may_set_more_and_loses_that_when_its_settings_change() {
    let desk = Desk::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let store = elsewhere.path().join("store");
    let options = format!("options: {{store: {}}}\n", store.display());
    desk.write("production.settings.yaml", &options);
    assert!(desk.call(&["plan"]).status.success());
    assert!(!store.exists() && desk.path(".production").is_dir());
    let trusted = desk.printed(&["trust"]);
    assert!(
        trusted.contains("settings: every option in production.settings.yaml"),
        "{trusted}"
    );
    assert!(desk.call(&["plan"]).status.success());
    assert!(store.join("runs/rev-0001/plan.json").is_file());
    std::fs::remove_dir_all(&store).unwrap();
    desk.write("production.settings.yaml", &format!("{options}# changed\n"));
    let warned = desk.call(&["plan"]);
    assert!(!store.exists(), "{}", shown(&warned));
    assert!(text(&warned.stderr).contains("warning: ./production.settings.yaml:1:11: `store`"));
    assert!(text(&desk.call(&["plan", "-q"]).stderr).is_empty());
}

#[test]
fn what_looks_speaks_of_the_tier_of_the_last_run_and_run_of_the_documents() {
    if !machine::makes_films() {
        return;
    }
    let desk = Desk::new();
    let draft = desk.json(&["run", "--quality", "draft"]);
    assert_eq!(
        (&draft["tier"], &draft["success"]),
        (&"draft".into(), &true.into()),
        "{draft:#}"
    );
    let line = "tier draft, from the last run (rev-0001); a run without --quality makes preview\n";
    for command in [&["plan"][..], &["info"], &["explain", "one"], &["estimate"]] {
        let printed = desk.printed(command);
        assert!(printed.contains(line), "{command:?}: {printed}");
    }
    let plan = desk.json(&["plan"]);
    assert_eq!(
        (&plan["tier"], &plan["counts"]["run"]),
        (&"draft".into(), &0.into())
    );
    assert_eq!(
        (&plan["tier_from"], &plan["up_to_date"]),
        (&"the last run (rev-0001)".into(), &true.into())
    );
    assert!(
        desk.printed(&["plan"])
            .contains("  rev-0001 is up to date\n")
    );
    // What a run leaves names the tier.
    assert_eq!(desk.json(&["log"])[0]["tier"], "draft");
    assert_eq!(desk.json(&["show"])["tier"], "draft");
    assert!(desk.printed(&["log"]).contains("rev-0001  draft  "));
    assert!(desk.printed(&["status"]).contains("tier draft"));
    let saved = std::fs::read(desk.path(".production/runs/rev-0001/plan.json")).unwrap();
    let saved: Value = serde_json::from_slice(&saved).unwrap();
    assert_eq!(
        (&saved["tier"], &saved["tier_from"]),
        (&"draft".into(), &"--quality".into())
    );
    assert!(
        desk.printed(&["verify"])
            .contains("every file is as it was made")
    );

    // A dry run shows the run that would follow, and says that it is another one.
    let dry = desk.call(&["run", "--dry-run"]);
    assert!(
        text(&dry.stdout).contains("tier preview, from ./production.yaml:5:"),
        "{}",
        shown(&dry)
    );
    let other = "the last run (rev-0001) made draft: `production run --quality draft --dry-run`\n";
    assert_eq!(text(&dry.stderr), other);
    let full = desk.call(&["run"]);
    assert!(full.status.success(), "{}", shown(&full));
    assert!(
        text(&full.stderr).starts_with("tier preview, from ./production.yaml:5:"),
        "{}",
        shown(&full)
    );
    assert!(
        text(&full.stderr)
            .contains("; the last run (rev-0001) made draft: `production run --quality draft`\n")
    );
    assert!(
        text(&full.stdout).contains("  tier preview  rev-0002"),
        "{}",
        shown(&full)
    );
    // The tier of the document comes with its own size and samples, and is no override.
    let info = desk.json(&["info"]);
    assert_eq!(
        (&info["render"]["tier"], &info["render"]["width"]),
        (&"preview".into(), &64.into())
    );
    assert_eq!(info["made"]["reused"], info["made"]["jobs"]);
    let report: Value =
        serde_json::from_slice(&std::fs::read(desk.path("out/report.json")).unwrap()).unwrap();
    assert_eq!(report["document"].as_str().unwrap().len(), 64);
    // A reused shot took no time in this run.
    desk.printed(&["run", "--only", "one"]);
    let reused = std::fs::read_to_string(desk.path(".production/runs/rev-0003/report.json"));
    let reused = reused.unwrap();
    assert!(
        reused.contains("\"seconds\": 0.0") && !reused.contains("-0.0"),
        "{reused}"
    );
}

#[test]
fn a_quiet_run_is_silent_unless_it_fails_and_its_next_step_keeps_the_options() {
    if !machine::makes_films() {
        return;
    }
    let desk = Desk::new();
    let quiet = desk.call(&["run", "-q", "--only", "one"]);
    assert_eq!((shown(&quiet).as_str(), quiet.status.code()), ("", Some(0)));
    let verbose = desk.call(&["run", "-v", "--only", "one,two"]);
    assert!(
        text(&verbose.stderr).contains("\nmade render.shot/two/"),
        "{}",
        shown(&verbose)
    );
    assert!(
        text(&verbose.stderr).contains("reused render.shot/one/"),
        "{}",
        shown(&verbose)
    );
    // A renderer that fails.
    std::fs::create_dir(desk.path("presets")).unwrap();
    let provider = "broken: {command: [\"false\"], output: f.####.png}\n";
    desk.write("presets/providers.yaml", provider);
    desk.write(
        "production.yaml",
        &DOCUMENT.replace("quality_tier", "engine: broken, quality_tier"),
    );
    let store = desk.path("my store");
    let store = store.to_str().unwrap();
    let failed = desk.call(&[
        "run",
        "-q",
        "--only",
        "one",
        "--store",
        store,
        "--retries",
        "0",
    ]);
    assert_eq!(failed.status.code(), Some(1), "{}", shown(&failed));
    let next = format!("production run --only one --retries 0 --store '{store}' --quiet  resumes");
    assert!(text(&failed.stdout).contains(&next), "{}", shown(&failed));
    let short = desk.call(&[
        "run", "--format", "short", "--only", "one", "--store", store,
    ]);
    assert!(
        text(&short.stdout).starts_with("failed: Habit rev-0002, tier preview: "),
        "{}",
        shown(&short)
    );
    assert!(
        text(&short.stdout).contains("\nfailed: render.shot/one/"),
        "{}",
        shown(&short)
    );
}

#[test]
fn a_busy_store_and_a_damaged_one_have_codes_of_their_own() {
    let desk = Desk::new();
    let store = desk.path(".production");
    std::fs::create_dir_all(store.join("events")).unwrap();
    let lock = std::fs::File::create(store.join("lock")).unwrap();
    lock.lock().unwrap();
    for command in [
        &["run"][..],
        &["gc"],
        &["verify", "--fix"],
        &["cancel"],
        &["revert", "1"],
    ] {
        let busy = desk.call(command);
        assert_eq!(busy.status.code(), Some(5), "{command:?}: {}", shown(&busy));
        assert!(
            text(&busy.stderr).contains("holds it"),
            "{command:?}: {}",
            shown(&busy)
        );
    }
    drop(lock);
    std::fs::write(
        store.join("events/rev-0001.jsonl"),
        "0000000000000000 {\"event\":\"run_started\"}\n0000000000000000 {}\n",
    )
    .unwrap();
    for command in [&["run"][..], &["log"], &["status"], &["verify"]] {
        let damaged = desk.call(command);
        assert_eq!(
            damaged.status.code(),
            Some(4),
            "{command:?}: {}",
            shown(&damaged)
        );
    }
}

#[test]
fn help_has_headings_examples_and_every_exit_code() {
    let desk = Desk::new();
    let help = desk.printed(&["run", "--help"]);
    for heading in [
        "Document:",
        "Which jobs:",
        "Failures and limits:",
        "Machine and store:",
        "Farm:",
    ] {
        assert!(
            help.contains(&format!("\n{heading}\n")),
            "{heading}: {help}"
        );
    }
    let own = help.split("\nDocument:").next().unwrap();
    assert!(
        own.contains("--dry-run") && own.contains("--strict"),
        "{own}"
    );
    let all = desk.printed(&["--help"]);
    for line in [
        "  4    the store is damaged or cannot be used\n",
        "  5    another command holds the store; try again later\n",
    ] {
        assert!(all.contains(line), "{all}");
    }
    let commands = all.split("Commands:\n").nth(1).unwrap();
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names = commands.filter_map(|line| line.split_whitespace().next());
    for name in names.filter(|name| *name != "help") {
        let help = desk.printed(&[name, "--help"]);
        assert!(help.contains("\nExample"), "{name} has no example: {help}");
    }
}

#[test]
fn a_fault_of_the_probe_ends_as_the_run_would() {
    if !machine::makes_films() {
        return;
    }
    let desk = Desk::new();
    std::fs::create_dir(desk.path("presets")).unwrap();
    let provider = "broken: {command: [\"false\"], output: f.####.png}\n";
    desk.write("presets/providers.yaml", provider);
    desk.write(
        "production.yaml",
        &DOCUMENT.replace("quality_tier", "engine: broken, quality_tier"),
    );
    let estimate = desk.call(&["estimate", "--yes"]);
    assert_eq!(estimate.status.code(), Some(1), "{}", shown(&estimate));
    assert!(
        text(&estimate.stderr).contains("failed to try `render.shot/"),
        "{}",
        shown(&estimate)
    );
}

#[test]
fn what_was_never_run_is_not_called_whole() {
    let desk = Desk::new();
    assert_eq!(
        desk.printed(&["verify"]),
        "nothing to verify: no run has made anything yet\n"
    );
}
