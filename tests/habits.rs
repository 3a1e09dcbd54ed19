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
#[path = "support/film_with_home.rs"]
mod film_with_home;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/printed.rs"]
mod printed;
#[path = "support/skip.rs"]
mod skip;

use film_with_home::FilmWithHome;
use printed::{output_text, stream_text};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

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

fn small_film() -> FilmWithHome {
    FilmWithHome::in_folder(film::folder(DOCUMENT))
}

impl FilmWithHome {
    fn write_settings(&self, text: &str) {
        let folder = self.home.path().join("production");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("settings.yaml"), text).unwrap();
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let text = self.printed(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&text).unwrap()
    }
}

#[test]
fn timecode_begins_where_the_document_says_and_frames_are_those_of_the_film() {
    let film = small_film();
    let document = std::fs::read_to_string(film.path("production.yaml")).unwrap();
    let shots = "  shots:\n";
    assert!(document.contains(shots), "{document}");
    let cards = "  edit: {start_timecode: \"01:00:00:00\"}
  titles: [{text: PART TWO, over: black, shot: two, for: 24}]
  credits: {for: 48, sections: [{names: [Ada Berg]}]}
";
    film.write(
        "production.yaml",
        &document.replace(shots, &format!("{cards}{shots}")),
    );
    let valid = film.printed(&["validate"]);
    assert!(valid.contains("2 shots, 96 frames, 1 output"), "{valid}");
    let info = film.json(&["info"]);
    assert_eq!(info["frames"], 96);
    let shots = info["shots"].as_array().unwrap();
    let codes = |field: &str| {
        shots
            .iter()
            .map(|shot| shot[field].as_str().unwrap())
            .collect()
    };
    let begin: Vec<&str> = codes("timecode_in");
    let end: Vec<&str> = codes("timecode_out");
    assert_eq!(begin, ["01:00:00:00", "01:00:01:12"]);
    assert_eq!(end, ["01:00:00:12", "01:00:02:00"]);
    let text = film.printed(&["info"]);
    assert!(text.contains("2 shots, 96 frames at 24 a second"), "{text}");
    assert!(text.contains("01:00:01:12  two"), "{text}");
}

#[test]
fn a_command_without_a_path_means_the_document_of_the_current_folder() {
    let film = small_film();
    assert!(
        film.printed(&["validate"])
            .contains("Habit is valid: 2 shots, 24 frames, 1 output\n")
    );
    assert_eq!(film.json(&["info"])["title"], "Habit");
    assert_eq!(film.printed(&["log"]), "not run yet\n");
    // The only document of a folder may have any name, for every command alike.
    std::fs::rename(film.path("production.yaml"), film.path("film.yaml")).unwrap();
    film.write("notes.yaml", "shots: []\n");
    assert_eq!(film.json(&["info"])["title"], "Habit");
    let plan = film.json(&["plan"]);
    assert_eq!(plan["revision"], "rev-0001");
    assert!(film.path(".production/runs/rev-0001/plan.json").is_file());
    assert_eq!(film.printed(&["status"]), "not run yet\n");
    let parent = film.folder.path().parent().unwrap();
    let name = film.folder.path().file_name().unwrap().to_str().unwrap();
    let named = film.call_in(parent, &["info", name, "--format", "short"]);
    assert!(
        stream_text(&named.stdout).starts_with("Habit: 2 shots"),
        "{}",
        output_text(&named)
    );
}

#[test]
fn a_folder_with_several_documents_or_none_is_explained() {
    let film = small_film();
    std::fs::rename(film.path("production.yaml"), film.path("a.yaml")).unwrap();
    std::fs::copy(film.path("a.yaml"), film.path("b.yml")).unwrap();
    for command in ["run", "status", "plan", "verify"] {
        let refused = film.call(&[command]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        let text = stream_text(&refused.stderr);
        assert!(
            text.contains("2 documents (a.yaml, b.yml). Name one"),
            "{command}: {text}"
        );
    }
    let empty = tempfile::tempdir().unwrap();
    for command in ["run", "log", "gc", "info"] {
        let refused = film.call_in(empty.path(), &[command]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        let text = stream_text(&refused.stderr);
        assert!(
            text.contains("`production create NAME` begins one"),
            "{command}: {text}"
        );
    }
}

#[test]
fn the_words_behind_explain_and_show_are_jobs_and_revisions_of_the_current_folder() {
    let film = small_film();
    let jobs = film.printed(&["explain", "one"]);
    assert!(jobs.contains("render.shot/one/"), "{jobs}");
    assert!(
        film.printed(&["explain", "shots::jump_cut"])
            .contains("jump_cut")
    );
    let misspelt = stream_text(&film.call(&["explain", "no_subjcet"]).stderr);
    assert!(
        misspelt.contains("did you mean `shots::no_subject`?"),
        "{misspelt}"
    );
    let unknown = stream_text(&film.call(&["explain", "nope"]).stderr);
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
        let refused = film.call(words);
        assert_eq!(refused.status.code(), Some(2), "{words:?}");
        assert!(
            stream_text(&refused.stderr).contains(message),
            "{words:?}: {}",
            output_text(&refused)
        );
    }
}

#[test]
fn findings_of_one_code_are_grouped_and_v_draws_all() {
    let film = small_film();
    let (before, after) = DOCUMENT.split_once("    - {name: two").unwrap();
    let shots: String = (0..9)
        .map(|number| {
            format!(
                "    - {{name: s{number}, template: insert, props: [lantern], location: studio, duration: 3}}\n"
            )
        })
        .collect();
    film.write(
        "production.yaml",
        &format!("{before}{shots}    - {{name: two{after}"),
    );
    let drawn = |text: &str| text.matches("╭─[").count();
    let listed = film.printed(&["validate"]);
    assert!(
        listed.contains("and 8 more warnings of timeline::very_short (-v draws them)\n"),
        "{listed}"
    );
    assert!(
        listed.contains("shot `s8` has only 3 frames"),
        "every finding has a line: {listed}"
    );
    let all = film.printed(&["validate", "-v"]);
    assert!(drawn(&all) >= drawn(&listed) + 8, "{all}");
    let plan = stream_text(&film.call(&["plan", "--gpu", "software"]).stderr);
    assert!(
        plan.contains(
            "and 8 more warnings of timeline::very_short: `production validate` lists them"
        ),
        "{plan}"
    );
    assert!(!plan.contains("`s8`"), "{plan}");
    let short = stream_text(&film.call(&["plan", "--format", "short"]).stderr);
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
            film.json(&["validate", level])["issues"],
            film.json(&["validate"])["issues"]
        );
    }
    assert_eq!(stream_text(&film.call(&["validate", "-q"]).stdout), "");
}

/// Returns the values of an option in the list of settings, each with the file that sets it.
fn setting(list: &Value, name: &str) -> String {
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
}

#[test]
fn settings_and_profiles_set_options_and_info_says_where_each_came_from() {
    let film = small_film();
    film.write_settings(
        "options: {quality: draft, run: {parallel: 2}}\nprofiles: {night: {quality: archive, retries: 7}}\n",
    );
    film.write(
        "production.settings.yaml",
        "options: {strict: true, store: /tmp/elsewhere}\n",
    );
    let list = film.json(&["info", "--settings"]);
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
    let night = film.json(&["info", "--settings", "--profile", "night"]);
    assert_eq!(setting(&night, "quality"), "archive settings.yaml:2:20)");
    assert_eq!(setting(&night, "retries"), "7 settings.yaml:2:38)");
    // They mean what the options do.
    let tier = |more: &[&str]| {
        let info = film.json(&[&["info"], more].concat());
        let render = &info["render"];
        format!("{} {}", render["tier"], render["tier_from"]).replace('"', "")
    };
    assert!(tier(&[]).starts_with("draft /"), "{}", tier(&[]));
    assert!(tier(&["--profile", "night"]).starts_with("archive the profile night ("));
    assert_eq!(tier(&["--quality", "production"]), "production --quality");
    assert!(tier(&["--no-settings"]).starts_with("preview ./production.yaml:5:"));
    let unknown = film.call(&["run", "--profile", "nigth"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        stream_text(&unknown.stderr).contains("did you mean `night`?"),
        "{}",
        output_text(&unknown)
    );
}

#[test]
fn a_value_that_does_not_fit_names_its_file_and_the_way_out() {
    let film = small_film();
    film.write_settings("options:\n  retries: many\n");
    let refused = film.call(&["run", "--dry-run"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = stream_text(&refused.stderr);
    assert!(
        message.contains("settings.yaml:2:3: invalid value 'many' for '--retries"),
        "{message}"
    );
    assert!(
        message.contains("`--no-settings` leaves them out"),
        "{message}"
    );
    assert!(
        film.call(&["validate"]).status.success(),
        "it has no such option"
    );
    film.write_settings("options: {keep-going: true, max-failures: 3}\n");
    let switched = film.call(&["run", "--dry-run", "--no-keep-going", "--no-settings"]);
    assert!(switched.status.success(), "{}", output_text(&switched));
}

#[test]
fn a_trusted_folder_may_set_more_and_loses_that_when_its_settings_change() {
    let film = small_film();
    let elsewhere = tempfile::tempdir().unwrap();
    let store = elsewhere.path().join("store");
    let options = format!("options: {{store: {}}}\n", store.display());
    film.write("production.settings.yaml", &options);
    assert!(film.call(&["plan"]).status.success());
    assert!(!store.exists() && film.path(".production").is_dir());
    let trusted = film.printed(&["trust"]);
    assert!(
        trusted.contains("settings: every option in production.settings.yaml"),
        "{trusted}"
    );
    assert!(film.call(&["plan"]).status.success());
    assert!(store.join("runs/rev-0001/plan.json").is_file());
    std::fs::remove_dir_all(&store).unwrap();
    film.write("production.settings.yaml", &format!("{options}# changed\n"));
    let warned = film.call(&["plan"]);
    assert!(!store.exists(), "{}", output_text(&warned));
    assert!(
        stream_text(&warned.stderr).contains("warning: ./production.settings.yaml:1:11: `store`")
    );
    assert!(stream_text(&film.call(&["plan", "-q"]).stderr).is_empty());
}

#[test]
fn commands_that_look_show_the_tier_of_the_last_run_and_a_run_takes_that_of_the_document() {
    if !machine::makes_films() {
        return;
    }
    let film = small_film();
    let draft = film.json(&["run", "--quality", "draft"]);
    assert_eq!(
        (&draft["tier"], &draft["success"]),
        (&"draft".into(), &true.into()),
        "{draft:#}"
    );
    assert_looks_show_draft(&film);
    assert_dry_run_names_both_tiers(&film);
    assert_full_run_makes_preview(&film);
    // A reused shot took no time in this run.
    film.printed(&["run", "--only", "one"]);
    let reused = std::fs::read_to_string(film.path(".production/runs/rev-0003/report.json"));
    let reused = reused.unwrap();
    assert!(
        reused.contains("\"seconds\": 0.0") && !reused.contains("-0.0"),
        "{reused}"
    );
}

/// The plans of the last run's tier, and what that run left.
fn assert_looks_show_draft(film: &FilmWithHome) {
    let line = "tier draft, from the last run (rev-0001); a run without --quality makes preview\n";
    for command in [&["plan"][..], &["info"], &["explain", "one"], &["estimate"]] {
        let printed = film.printed(command);
        assert!(printed.contains(line), "{command:?}: {printed}");
    }
    let plan = film.json(&["plan"]);
    assert_eq!(
        (&plan["tier"], &plan["counts"]["run"]),
        (&"draft".into(), &0.into())
    );
    assert_eq!(
        (&plan["tier_from"], &plan["up_to_date"]),
        (&"the last run (rev-0001)".into(), &true.into())
    );
    assert!(
        film.printed(&["plan"])
            .contains("  rev-0001 is up to date\n")
    );
    // What a run leaves names the tier.
    assert_eq!(film.json(&["log"])[0]["tier"], "draft");
    assert_eq!(film.json(&["show"])["tier"], "draft");
    assert!(film.printed(&["log"]).contains("rev-0001  draft  "));
    assert!(film.printed(&["status"]).contains("tier draft"));
    let saved = std::fs::read(film.path(".production/runs/rev-0001/plan.json")).unwrap();
    let saved: Value = serde_json::from_slice(&saved).unwrap();
    assert_eq!(
        (&saved["tier"], &saved["tier_from"]),
        (&"draft".into(), &"--quality".into())
    );
    assert!(
        film.printed(&["verify"])
            .contains("every file is as it was made")
    );
}

/// A dry run shows the run that would follow, and says that it is another one.
fn assert_dry_run_names_both_tiers(film: &FilmWithHome) {
    let dry = film.call(&["run", "--dry-run"]);
    assert!(
        stream_text(&dry.stdout).contains("tier preview, from ./production.yaml:5:"),
        "{}",
        output_text(&dry)
    );
    let other = "the last run (rev-0001) made draft: `production run --quality draft --dry-run`\n";
    assert_eq!(stream_text(&dry.stderr), other);
}

/// The tier of the document comes with its own size and samples, and is no override.
fn assert_full_run_makes_preview(film: &FilmWithHome) {
    let full = film.call(&["run"]);
    assert!(full.status.success(), "{}", output_text(&full));
    assert!(
        stream_text(&full.stderr).starts_with("tier preview, from ./production.yaml:5:"),
        "{}",
        output_text(&full)
    );
    assert!(
        stream_text(&full.stderr)
            .contains("; the last run (rev-0001) made draft: `production run --quality draft`\n")
    );
    assert!(
        stream_text(&full.stdout).contains("  tier preview  rev-0002"),
        "{}",
        output_text(&full)
    );
    let info = film.json(&["info"]);
    assert_eq!(
        (&info["render"]["tier"], &info["render"]["width"]),
        (&"preview".into(), &64.into())
    );
    assert_eq!(info["made"]["reused"], info["made"]["jobs"]);
    let report: Value =
        serde_json::from_slice(&std::fs::read(film.path("out/report.json")).unwrap()).unwrap();
    assert_eq!(report["document"].as_str().unwrap().len(), 64);
}

/// Gives the film a renderer that fails.
fn break_renderer(film: &FilmWithHome) {
    std::fs::create_dir(film.path("presets")).unwrap();
    let provider = "broken: {command: [\"false\"], output: f.####.png}\n";
    film.write("presets/providers.yaml", provider);
    film.write(
        "production.yaml",
        &DOCUMENT.replace("quality_tier", "engine: broken, quality_tier"),
    );
}

#[test]
fn a_quiet_run_is_silent_unless_it_fails_and_its_next_step_keeps_the_options() {
    if !machine::makes_films() {
        return;
    }
    let film = small_film();
    let quiet = film.call(&["run", "-q", "--only", "one"]);
    assert_eq!(
        (output_text(&quiet).as_str(), quiet.status.code()),
        ("", Some(0))
    );
    let verbose = film.call(&["run", "-v", "--only", "one,two"]);
    assert!(
        stream_text(&verbose.stderr).contains("\nmade render.shot/two/"),
        "{}",
        output_text(&verbose)
    );
    assert!(
        stream_text(&verbose.stderr).contains("reused render.shot/one/"),
        "{}",
        output_text(&verbose)
    );
    break_renderer(&film);
    let store = film.path("my store");
    let store = store.to_str().unwrap();
    let failed = film.call(&[
        "run",
        "-q",
        "--only",
        "one",
        "--store",
        store,
        "--retries",
        "0",
    ]);
    assert_eq!(failed.status.code(), Some(1), "{}", output_text(&failed));
    let next = format!("production run --only one --retries 0 --store '{store}' --quiet  resumes");
    assert!(
        stream_text(&failed.stdout).contains(&next),
        "{}",
        output_text(&failed)
    );
    let short = film.call(&[
        "run", "--format", "short", "--only", "one", "--store", store,
    ]);
    assert!(
        stream_text(&short.stdout).starts_with("failed: Habit rev-0002, tier preview: "),
        "{}",
        output_text(&short)
    );
    assert!(
        stream_text(&short.stdout).contains("\nfailed: render.shot/one/"),
        "{}",
        output_text(&short)
    );
}

#[test]
fn a_busy_store_and_a_damaged_one_have_codes_of_their_own() {
    let film = small_film();
    let store = film.path(".production");
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
        let busy = film.call(command);
        assert_eq!(
            busy.status.code(),
            Some(5),
            "{command:?}: {}",
            output_text(&busy)
        );
        assert!(
            stream_text(&busy.stderr).contains("holds it"),
            "{command:?}: {}",
            output_text(&busy)
        );
    }
    drop(lock);
    std::fs::write(
        store.join("events/rev-0001.jsonl"),
        "0000000000000000 {\"event\":\"run_started\"}\n0000000000000000 {}\n",
    )
    .unwrap();
    for command in [&["run"][..], &["log"], &["status"], &["verify"]] {
        let damaged = film.call(command);
        assert_eq!(
            damaged.status.code(),
            Some(4),
            "{command:?}: {}",
            output_text(&damaged)
        );
    }
}

#[test]
fn help_has_headings_examples_and_every_exit_code() {
    let film = small_film();
    let help = film.printed(&["run", "--help"]);
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
    let all = film.printed(&["--help"]);
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
        let help = film.printed(&[name, "--help"]);
        assert!(help.contains("\nExample"), "{name} has no example: {help}");
    }
}

#[test]
fn a_fault_of_the_probe_ends_as_the_run_would() {
    if !machine::makes_films() {
        return;
    }
    let film = small_film();
    std::fs::create_dir(film.path("presets")).unwrap();
    let provider = "broken: {command: [\"false\"], output: f.####.png}\n";
    film.write("presets/providers.yaml", provider);
    film.write(
        "production.yaml",
        &DOCUMENT.replace("quality_tier", "engine: broken, quality_tier"),
    );
    let estimate = film.call(&["estimate", "--yes"]);
    assert_eq!(
        estimate.status.code(),
        Some(1),
        "{}",
        output_text(&estimate)
    );
    assert!(
        stream_text(&estimate.stderr).contains("failed to try `render.shot/"),
        "{}",
        output_text(&estimate)
    );
}

/// Returns a command of this program that obeys the modes of files, which root does not.
fn command_bound_by_modes() -> Command {
    let mut command = Command::new("setpriv");
    let id = Command::new("id").arg("-u").output().unwrap();
    if id.stdout == b"0\n" {
        command.arg("--bounding-set=-dac_override,-dac_read_search");
    }
    command.arg(env!("CARGO_BIN_EXE_production"));
    command
}

#[test]
fn the_home_of_another_user_has_no_settings_for_this_one() {
    let film = small_film();
    let folder = film.home.path().join("production");
    film.write_settings("options: {quality: nothing_like_it}\n");
    let call = |command: &str| {
        command_bound_by_modes()
            .args([command, "--format", "short"])
            .current_dir(film.folder.path())
            .env("XDG_CONFIG_HOME", film.home.path())
            .env("XDG_STATE_HOME", film.home.path())
            .output()
            .unwrap()
    };
    let mode = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&folder, 0o000);
    let outputs = ["info", "run", "status"].map(call);
    mode(&folder, 0o755);
    for output in outputs {
        assert!(output.status.success(), "{}", output_text(&output));
    }
    // What is seen and cannot be read may be wanted.
    mode(&folder.join("settings.yaml"), 0o000);
    let printed = output_text(&call("info"));
    assert!(printed.contains("failed to read the settings"), "{printed}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test puts a tool of its own before those of this machine"
)]
fn search_path() -> String {
    std::env::var("PATH").unwrap()
}

/// Puts an ffmpeg in front of that of the machine, which writes down how it is called.
fn add_noted_ffmpeg(film: &FilmWithHome) {
    let tools = film.path("tools");
    std::fs::create_dir(&tools).unwrap();
    let script = "#!/bin/sh
here=${0%/*}; echo \"$*\" >> \"$here/calls\"; PATH=${PATH#*:}; export PATH; exec ffmpeg \"$@\"
";
    let ffmpeg = tools.join("ffmpeg");
    std::fs::write(&ffmpeg, script).unwrap();
    std::fs::set_permissions(&ffmpeg, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs the program with the ffmpeg of [`add_noted_ffmpeg`], and returns how many of its calls so
/// far had this word.
fn noted_calls(film: &FilmWithHome, arguments: &[&str], word: &str) -> usize {
    let tools = film.path("tools");
    let path = search_path();
    let output = Command::new(env!("CARGO_BIN_EXE_production"))
        .args(arguments)
        .current_dir(film.folder.path())
        .env("XDG_CONFIG_HOME", film.home.path())
        .env("XDG_STATE_HOME", film.home.path())
        .env("PATH", format!("{}:{path}", tools.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", output_text(&output));
    let calls = std::fs::read_to_string(tools.join("calls")).unwrap();
    calls.lines().filter(|call| call.contains(word)).count()
}

/// Returns how many films `estimate` encodes for outputs of one format, which it has never seen.
fn encodes_of_estimate(names: &[&str]) -> usize {
    let film = small_film();
    add_noted_ffmpeg(&film);
    let outputs: Vec<String> = names
        .iter()
        .map(|name| {
            format!(
                "{{name: {name}, format: streaming_1080p, resolution: 64x36, path: {name}.mp4}}"
            )
        })
        .collect();
    // One shot: how many shots an estimate tries depends on how fast the machine is.
    let (head, _) = DOCUMENT.split_once("    - {name: two").unwrap();
    let document = format!("{head}  outputs: [{}]\n", outputs.join(", "));
    film.write("production.yaml", &document);
    noted_calls(&film, &["estimate", "--yes", "production.yaml"], ".mp4")
}

#[test]
fn an_encoder_is_not_tried_whose_segments_are_reused() {
    if !machine::makes_films() {
        return;
    }
    let film = small_film();
    add_noted_ffmpeg(&film);
    let (head, _) = DOCUMENT.split_once("  outputs:").unwrap();
    let output = "{name: film, format: streaming_1080p, resolution: 64x36, path: film.mp4}";
    let document = format!("{head}  outputs: [{output}]\n");
    film.write("production.yaml", &document);
    let trials = || noted_calls(&film, &["run", "--yes", "production.yaml"], "lavfi");
    assert_eq!(trials(), 1);
    film.write("production.yaml", &document.replace("lens: 60", "lens: 50"));
    assert_eq!(trials(), 1);
    // Another variant is another question.
    let other = document.replace("path: film", "profile: main, path: film");
    film.write("production.yaml", &other);
    assert_eq!(trials(), 2);
}

#[test]
fn an_estimate_tries_outputs_of_one_format_once() {
    if !machine::makes_films() {
        return;
    }
    let one = encodes_of_estimate(&["one"]);
    assert!(one > 0);
    assert_eq!(encodes_of_estimate(&["one", "two", "three", "four"]), one);
}

#[test]
fn a_production_that_was_never_run_is_not_called_whole() {
    let film = small_film();
    assert_eq!(
        film.printed(&["verify"]),
        "nothing to verify: no run has made anything yet\n"
    );
}
