//! Farms without a scheduler: where profiles come from, how their mistakes are reported, and what a
//! task does that was planned for other machines. Nothing is submitted: a run is exported, and its
//! tasks are run by hand.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and says what it passes over"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/printed.rs"]
mod printed;
#[path = "support/skip.rs"]
mod skip;

use machine::makes_films;
use printed::output_text;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 24}
  outputs:
    - {name: film, format: streaming_1080p, resolution: 64x36, path: out/film.mp4}
";

struct Film(tempfile::TempDir);

impl Film {
    fn new() -> Self {
        Self(film::folder(DOCUMENT))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.current_dir(self.path()).args(words);
        command
            .env("XDG_CONFIG_HOME", self.path().join("user"))
            .env("XDG_CONFIG_DIRS", self.path().join("site"));
        command
    }

    fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    fn output_text(&self, words: &[&str]) -> String {
        let output = self.output(words);
        assert!(
            output.status.success(),
            "{words:?}: {}",
            output_text(&output)
        );
        output_text(&output)
    }

    /// Returns the number of the task for the job whose name begins with `name`.
    fn task(&self, name: &str) -> String {
        let records = std::fs::read_to_string(
            self.path()
                .join(".production/runs/rev-0001/farm/tasks.jsonl"),
        )
        .unwrap();
        records
            .lines()
            .position(|line| line.contains(&format!("\"name\":\"{name}")))
            .unwrap()
            .to_string()
    }

    fn exec(&self, task: &str) -> Output {
        self.output(&[
            "exec-task",
            "--store",
            ".production",
            "--run",
            "rev-0001",
            "--index",
            task,
        ])
    }

    fn result(&self, name: &str) -> String {
        let path: PathBuf = self
            .path()
            .join(".production/runs/rev-0001/farm/results/0000")
            .join(name);
        std::fs::read_to_string(path).unwrap()
    }
}

#[test]
fn a_farm_of_the_site_is_known_to_every_production_and_gives_way_to_nearer_ones() {
    let film = Film::new();
    film.write(
        "site/production/farms.yaml",
        "night: {engine: slurm, partition: site}\nday: {engine: slurm}\n",
    );
    film.write(
        "user/production/farms.yaml",
        "night: {engine: slurm, partition: user}\n",
    );
    let printed = film.output_text(&["library", "farms", "night"]);
    assert!(
        printed.contains("partition: user") && printed.contains("user/production/farms.yaml:1"),
        "{printed}"
    );
    assert!(
        film.output_text(&["library", "farms", "day"])
            .contains("site/production/farms.yaml:2")
    );
    film.write(
        "presets/farms.yaml",
        "night: {engine: slurm, partition: own}\n",
    );
    assert!(
        film.output_text(&["library", "farms", "night"])
            .contains("partition: own")
    );
    assert!(
        film.output_text(&["plan", ".", "--farm", "day"])
            .contains("On the farm `day` (slurm)")
    );
}

fn has_shellcheck() -> bool {
    let there = Command::new("shellcheck").arg("--version").output().is_ok();
    let missing = "no shellcheck; scripts/setup tests installs it";
    skip::require_or_skip(there.then_some(()), missing).is_some()
}

const PROFILES: &str = r#"
plain: {engine: slurm}
full:
  engine: slurm
  partition: render farm
  account: film's
  gpu: gpu:l40
  licences: {nuke: nuke}
  throttle: 64
  time: 90m
  options: [--constraint=ib]
  setup: [module load ffmpeg]
  program: /sw/our production/bin/production
  path_map: {/home/me/a film: "/mnt/lena's film"}
"#;

#[test]
fn scripts_have_comments_for_administrators_and_are_valid_shell() {
    let film = Film::new();
    film.write("presets/farms.yaml", PROFILES);
    film.write(
        "production.yaml",
        &DOCUMENT.replace("Tiny", "'Tiny `reboot`; $(reboot) it''s'"),
    );
    for farm in ["plain", "full"] {
        let mut command = film.command(&["plan", ".", "--farm", farm, "--explain"]);
        let output = command
            .env("USER", "lena")
            .env("SECRET_TOKEN", "hush-hush")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", output_text(&output));
        let printed = String::from_utf8(output.stdout).unwrap();
        let scripts: Vec<&str> = printed
            .split("── array ")
            .skip(1)
            .map(|part| part.split_once('\n').unwrap().1)
            .collect();
        assert!(
            scripts.len() > 4 && !printed.contains("hush-hush"),
            "{printed}"
        );
        for script in &scripts {
            let wanted = [
                "Sent by lena@",
                "squeue --name=production-",
                "scontrol hold",
                "scancel JOB",
                "/farm/results",
            ];
            let missing: Vec<_> = wanted
                .iter()
                .filter(|wanted| !script.contains(**wanted))
                .collect();
            assert!(missing.is_empty(), "no {missing:?} in {script}");
            let commands: Vec<&str> = script
                .lines()
                .filter(|line| !line.starts_with('#') && !line.is_empty())
                .collect();
            assert_eq!(
                (commands[0], commands.last().unwrap().starts_with("exec ")),
                ("set -eu", true),
                "{script}"
            );
            assert!(
                !commands.concat().contains("reboot"),
                "a title is no command: {script}"
            );
            if has_shellcheck() {
                let path = film.path().join("script.sh");
                std::fs::write(&path, script).unwrap();
                let checked = Command::new("shellcheck").arg(&path).output().unwrap();
                assert!(checked.status.success(), "{}", output_text(&checked));
            }
        }
    }
}

#[test]
fn mistakes_in_a_farm_profile_are_shown_where_they_are() {
    let film = Film::new();
    film.write(
        "user/production/farms.yaml",
        "nuit d'été:\n  partition: render\nnight:\n  engine: slrm\n  throttle: 0\n  lagg: 5s\nday: {engine: slurm}\n",
    );
    let messages: Vec<String> = ["nuit d'été", "night", "nigth"]
        .into_iter()
        .map(|farm| {
            let output = film.output(&["plan", ".", "--farm", farm]);
            assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
            output_text(&output).replace(&film.path().display().to_string(), "FOLDER")
        })
        .collect();
    insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("farms-mistakes", messages.join("\n────\n"));
    });
    // Mistakes in another farm of the user are warnings. Those in the production's own file are
    // errors.
    let day = film.output_text(&["plan", ".", "--farm", "day"]);
    assert!(
        day.contains("warning[production::document::unknown_variant]"),
        "{day}"
    );
    assert!(day.contains("On the farm `day` (slurm)"), "{day}");
    assert!(film.output_text(&["library", "farms"]).contains("day"));
    film.write("presets/farms.yaml", "own: {engine: slrm}\n");
    assert_eq!(
        film.output(&["plan", ".", "--farm", "day"]).status.code(),
        Some(2)
    );
}

/// Values with a line break: what follows would be a line of the script.
const BROKEN: [&str; 8] = [
    "partition: \"render\\ntouch INJECTED #\"",
    "account: \"film\\ntouch INJECTED #\"",
    "qos: \"night\\rtouch INJECTED #\"",
    "gpu: \"gpu\\ntouch INJECTED #\"",
    "program: \"/sw/production\\ntouch INJECTED #\"",
    "options: [\"--constraint=ib\\ntouch INJECTED #\"]",
    "licences: {nuke: \"nuke\\ntouch INJECTED #\"}",
    "path_map: {/a: \"/b\\ntouch INJECTED #\"}",
];

#[test]
fn a_line_break_in_a_value_that_a_scheduler_reads_is_refused() {
    let film = Film::new();
    for value in BROKEN {
        film.write(
            "presets/farms.yaml",
            &format!("night: {{engine: slurm, {value}}}\n"),
        );
        let output = film.output(&["plan", ".", "--farm", "night", "--explain"]);
        let printed = output_text(&output);
        assert_eq!(output.status.code(), Some(2), "{value}: {printed}");
        assert!(
            printed.contains("production::farm::line_break"),
            "{value}: {printed}"
        );
        assert!(
            !printed.lines().any(|line| line.starts_with("touch")),
            "{printed}"
        );
    }
    // Setup lines are commands of the site, and may be several.
    let setup = "night:\n  engine: slurm\n  setup: |\n    module load ffmpeg\n    export A=1\n";
    film.write("presets/farms.yaml", setup);
    let script = film.output_text(&["plan", ".", "--farm", "night", "--explain"]);
    assert!(
        script.contains("\nmodule load ffmpeg\nexport A=1\n"),
        "{script}"
    );
}

#[test]
fn a_production_in_a_folder_with_a_line_break_is_sent_to_no_farm() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("p\ntouch INJECTED #\nq");
    std::fs::create_dir_all(folder.join("presets")).unwrap();
    film::copy_model("lantern_lit.glb", &folder.join("lantern.glb"));
    std::fs::write(folder.join("production.yaml"), DOCUMENT).unwrap();
    let farm = "night: {engine: slurm, program: /bin/true}\n";
    std::fs::write(folder.join("presets/farms.yaml"), farm).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
    command.args(["plan", ".", "--farm", "night", "--explain"]);
    let printed = output_text(&command.current_dir(&folder).output().unwrap());
    assert!(printed.contains("has a line break"), "{printed}");
    assert!(
        !printed.lines().any(|line| line == "touch INJECTED #"),
        "{printed}"
    );
}

#[test]
fn a_task_of_a_local_run_is_refused_with_the_runs_on_farms() {
    let film = Film::new();
    let output = film.exec("0");
    assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
    assert!(
        output_text(&output).contains("there is no such folder")
            && output_text(&output).contains("--path-map")
    );
    std::fs::create_dir(film.path().join(".production")).unwrap();
    let output = film.exec("0");
    assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
    assert!(
        output_text(&output).contains("never on a farm")
            && output_text(&output).contains("--farm NAME"),
        "{}",
        output_text(&output)
    );
}

/// The planning machine has neither an adapter nor ffmpeg. The profile says what the farm has.
fn export_bundle_without_tools(film: &Film, farm: &str) {
    let bare = film.path().join("bare");
    let mut command = film.command(&["export", "openjd", ".", "--farm", farm, "--out", "bundle"]);
    command
        .env("PATH", &bare)
        .env("VK_ICD_FILENAMES", &bare)
        .env("VK_DRIVER_FILES", &bare);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", output_text(&output));
}

#[test]
fn a_machine_without_tools_plans_for_the_farms_and_an_unlike_one_refuses_unless_the_profile_allows_it()
 {
    if !makes_films() {
        return;
    }
    let film = Film::new();
    let nodes = film.output_text(&["doctor", "--for-farm"]);
    let indented = nodes.replace('\n', "\n  ");
    let unlike = "  nodes: {adapter: 'Imaginary 9000 (GPU, vulkan)', ffmpeg: 9.9.9}\n";
    let profile = format!(
        "alike:\n  engine: openjd\n  {indented}\nunlike:\n  engine: openjd\n{unlike}mixed:\n  engine: openjd\n  mixed_hosts: \
         true\n{unlike}"
    );
    film.write("presets/farms.yaml", &profile);
    let bundle = |farm: &str| export_bundle_without_tools(&film, farm);
    let afresh = || {
        film.output_text(&["cancel", "."]);
        std::fs::remove_dir_all(film.path().join(".production")).unwrap();
    };

    bundle("alike");
    let output = film.exec(&film.task("render.plate"));
    assert!(output.status.success(), "{}", output_text(&output));
    afresh();

    bundle("unlike");
    let task = film.task("render.plate");
    let output = film.exec(&task);
    assert_eq!(output.status.code(), Some(3), "{}", output_text(&output));
    let printed = output_text(&output);
    assert!(
        printed.contains("Imaginary 9000") && printed.contains("mixed_hosts: true"),
        "{printed}"
    );
    assert!(
        film.result(&format!("{task}.1.failed.json"))
            .contains("missing_tool")
    );
    afresh();

    bundle("mixed");
    let task = film.task("render.plate");
    let output = film.exec(&task);
    assert!(output.status.success(), "{}", output_text(&output));
    assert!(
        film.result(&format!("{task}.1.json"))
            .contains("planned for `previz"),
        "{}",
        film.result(&format!("{task}.1.json"))
    );
}
