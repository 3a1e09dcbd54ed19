//! Looking at a production runs no code that its folder brings, unless the user trusts the folder.
//! A run says what it is about to start.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/copied_film.rs"]
mod copied_film;

use copied_film::{CopiedFilm, stderr_text, write_program};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Commands that only look.
const LOOKS: [&[&str]; 15] = [
    &["validate", "film"],
    &["info", "film"],
    &["info", "film", "--resolved"],
    &["plan", "film"],
    &["graph", "film"],
    &["plan", "film", "--farm", "slurm"],
    &["run", "film", "--dry-run"],
    &["run", "film", "--validate-only"],
    &["explain", "film", "one"],
    &["list", "."],
    &["library", "--folder", "film"],
    &["schema", "--folder", "film"],
    &["status", "film"],
    &["log", "film"],
    &["complete", "3", "--", "run", "film", "--only", ""],
];

/// Commands that look at the machine, and at the providers of a folder.
const DOCTORS: [&[&str]; 2] = [
    &["doctor", "--folder", "film"],
    &["doctor", "--folder", "film", "--for-farm"],
];

/// Returns a film whose renderer leaves a file behind when it is asked for its version.
fn marked_film() -> (CopiedFilm, PathBuf) {
    let film = CopiedFilm::with_provider_fields("");
    let mark = film.path("mark");
    let presets = std::fs::read_to_string(film.path("film/presets/providers.yaml")).unwrap();
    let version = format!(
        "  version: [sh, -c, 'touch {}; echo 1.5']\n",
        mark.display()
    );
    film.write("film/presets/providers.yaml", &(presets + &version));
    (film, mark)
}

/// Runs commands that only look, in the folder or beside it, and checks that no program left
/// `mark`.
struct LookingUser<'a> {
    film: &'a CopiedFilm,
    mark: &'a Path,
    search_path: &'a str,
    /// Whether the commands are typed in the folder of the film.
    is_inside: bool,
}

impl LookingUser<'_> {
    fn assert_starts_nothing(&self, looks: &[&[&str]]) {
        let named = if self.is_inside { "." } else { "film" };
        let folder = if self.is_inside { "film" } else { "" };
        for look in looks {
            let args = look
                .iter()
                .map(|word| if *word == "film" { named } else { word });
            let mut command = self.film.command(&args.collect::<Vec<_>>());
            let command = command.current_dir(self.film.path(folder));
            let output = command.env("PATH", self.search_path).output().unwrap();
            assert!(!self.mark.exists(), "{look:?}: {}", stderr_text(&output));
        }
    }
}

/// Checks every command that only looks, typed in the folder and beside it.
fn assert_looks_start_nothing(film: &CopiedFilm, mark: &Path, search_path: &str) {
    for is_inside in [false, true] {
        let user = LookingUser {
            film,
            mark,
            search_path,
            is_inside,
        };
        user.assert_starts_nothing(&LOOKS);
        // It tries every codec, which takes a while.
        user.assert_starts_nothing(if is_inside { &[] } else { &DOCTORS });
    }
}

#[test]
fn looking_starts_no_program_of_a_provider() {
    let (film, mark) = marked_film();
    assert_looks_start_nothing(&film, &mark, "/usr/bin:/bin");
}

#[test]
fn looking_starts_no_program_under_the_name_of_a_built_in_provider_or_of_a_file() {
    let (film, mark) = marked_film();
    let touch = format!("touch '{}'; echo 1.5\n", mark.display());
    write_program(&film.path("film/tools/probe"), &touch);
    let provider = "povray: {command: [./tools/probe], output: f.####.png, version: [./tools/probe]}\n\
        copy: {command: [tools/probe], output: f.####.png, version: [tools/probe]}\n";
    film.write("film/presets/providers.yaml", provider);
    assert_looks_start_nothing(&film, &mark, "/usr/bin:/bin");
}

#[test]
fn looking_starts_no_program_of_a_folder_on_the_search_path_that_is_in_the_production() {
    let (film, mark) = marked_film();
    film.write("film/presets/providers.yaml", "");
    let document = std::fs::read_to_string(film.path("film/production.yaml")).unwrap();
    let document = document
        .replace("engine: copy", "engine: cycles")
        .replace("codec: png, ", "codec: h264, ")
        .replace("out/game", "out/film.mp4");
    film.write("film/production.yaml", &document);
    let touch = format!("touch '{}'; echo 1.5\n", mark.display());
    for name in [
        "ffmpeg", "ffprobe", "blender", "python3", "povray", "sinfo", "scontrol", "squeue",
    ] {
        write_program(&film.path(&format!("film/bin/{name}")), &touch);
    }
    std::os::unix::fs::symlink(film.path("film/bin"), film.path("linked")).unwrap();
    let inside = film.path("film/bin").display().to_string();
    let linked = film.path("linked").display().to_string();
    let first = format!("{inside}:/usr/bin:/bin");
    assert_looks_start_nothing(&film, &mark, &first);
    for search in [linked.as_str(), "film/bin", "bin", "./bin", ""] {
        for is_inside in [false, true] {
            let user = LookingUser {
                film: &film,
                mark: &mark,
                search_path: &format!("{search}:/usr/bin:/bin"),
                is_inside,
            };
            user.assert_starts_nothing(&[&["plan", "film"], &["status", "film"]]);
        }
    }
}

#[test]
fn looking_imports_no_python_from_the_folder() {
    let film = CopiedFilm::with_provider_fields("");
    let mark = film.path("mark");
    let document = std::fs::read_to_string(film.path("film/production.yaml")).unwrap();
    film.write(
        "film/production.yaml",
        &document.replace("engine: copy", "engine: cycles"),
    );
    for module in ["bpy", "json", "sitecustomize"] {
        let code = format!("open({:?}, 'w')\n", mark.display().to_string());
        film.write(&format!("film/{module}.py"), &code);
    }
    // A search path with a Python and without Blender, so that Python is asked for the module.
    std::fs::create_dir(film.path("tools")).unwrap();
    if !PathBuf::from("/usr/bin/python3").exists() {
        eprintln!("skipped: there is no /usr/bin/python3");
        return;
    }
    std::os::unix::fs::symlink("/usr/bin/python3", film.path("tools/python3")).unwrap();
    let user = LookingUser {
        film: &film,
        mark: &mark,
        search_path: &film.path("tools").display().to_string(),
        is_inside: true,
    };
    user.assert_starts_nothing(&[&["plan", "film"], &["info", "film"], DOCTORS[0]]);
}

#[test]
fn a_run_lists_the_programs_and_goes_on_where_nobody_can_be_asked() {
    let (film, mark) = marked_film();
    for args in [
        &["run", "film"][..],
        &["run", "film", "--yes", "--regen", "one"],
    ] {
        let output = film.output(args);
        let text = stderr_text(&output);
        assert!(output.status.success(), "{text}");
        assert!(
            text.contains("provider `copy`: cp {file.picture} {output}"),
            "{text}"
        );
        assert!(text.contains("provider `copy`: sh -c touch"), "{text}");
        assert!(mark.exists());
    }
    let events = film.path("film/.production/events");
    let journals: Vec<String> = std::fs::read_dir(events)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap_or_default())
        .collect();
    assert!(
        journals
            .iter()
            .any(|text| text.contains("\"programs\":[\"provider `copy`: cp"))
    );
    // Nothing was said for good, so nothing is remembered, and looks still start nothing.
    assert_eq!(std::fs::read_dir(film.path("home")).unwrap().count(), 0);
    std::fs::remove_file(&mark).unwrap();
    assert_looks_start_nothing(&film, &mark, "/usr/bin:/bin");
}

#[test]
fn an_estimate_renders_no_frame_of_a_command_before_the_user_says_so() {
    let film = CopiedFilm::with_provider_fields("");
    let [queried, rendered] = ["queried", "rendered"].map(|name| film.path(name));
    let provider = format!(
        "copy:\n  command: [sh, -c, 'touch {}; cp \"$1\" \"$2\"', sh, '{{file.picture}}', '{{output}}']\n  \
           per: frame\n  output: f.####.png\n  files: {{picture: picture.png}}\n  version: [sh, -c, 'touch {}; echo 1.5']\n",
        rendered.display(),
        queried.display()
    );
    film.write("film/presets/providers.yaml", &provider);
    let estimate = |args: &[&str]| {
        let output = film.output(args);
        let text = stderr_text(&output);
        assert!(output.status.success(), "{text}");
        text
    };
    let text = estimate(&["estimate", "film"]);
    assert!(text.contains("no frame of `copy` was tried"), "{text}");
    assert!(!queried.exists() && !rendered.exists());
    // Trust is for what starts as part of a look, and a frame may still cost money.
    assert!(film.output(&["trust", "film"]).status.success());
    estimate(&["estimate", "film"]);
    assert!(queried.exists() && !rendered.exists());
    let text = estimate(&["estimate", "film", "--yes"]);
    assert!(rendered.exists() && !text.contains("no frame of"), "{text}");
}

#[test]
fn a_run_that_starts_none_of_them_says_nothing() {
    let (film, _) = marked_film();
    film.write(
        "film/presets/farms.yaml",
        "night: {engine: slurm, setup: ['. /env.sh']}\n",
    );
    let presets = std::fs::read_to_string(film.path("film/presets/providers.yaml")).unwrap();
    let other = "other: {command: [other, '{output}'], output: f.####.png}\n";
    film.write("film/presets/providers.yaml", &(presets + other));
    let text = stderr_text(&film.output(&["run", "film"]));
    assert!(text.contains("provider `copy`"), "{text}");
    assert!(
        !text.contains("`other`") && !text.contains("`night`"),
        "{text}"
    );
}

#[test]
fn a_plan_after_a_run_knows_what_is_made_although_it_asks_nobody() {
    let (film, mark) = marked_film();
    assert!(film.output(&["run", "film"]).status.success());
    std::fs::remove_file(&mark).unwrap();
    let output = film.output(&["plan", "film"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("Nothing to do"), "{text}");
    assert!(stderr_text(&output).contains("`production trust film` allows it"));
    assert!(!mark.exists());
}

#[test]
fn a_trusted_folder_is_asked_until_its_programs_change() {
    let (film, mark) = marked_film();
    let asks = || {
        let _ = std::fs::remove_file(&mark);
        assert!(film.output(&["plan", "film"]).status.success());
        mark.exists()
    };
    assert!(!asks());
    assert!(film.output(&["trust", "film"]).status.success());
    assert!(asks());
    // A run of a trusted folder has nothing to say.
    let text = stderr_text(&film.output(&["run", "film"]));
    assert!(!text.contains("brings programs"), "{text}");
    let presets = std::fs::read_to_string(film.path("film/presets/providers.yaml")).unwrap();
    film.write(
        "film/presets/providers.yaml",
        &presets.replace("echo 1.5", "echo 1.6"),
    );
    assert!(!asks());
    let listed = film.output(&["trust", "--list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(
        listed.contains("its programs have changed since"),
        "{listed}"
    );
    assert!(
        film.output(&["trust", "film/production.yaml"])
            .status
            .success()
    );
    assert!(asks());
    assert!(film.output(&["trust", "--forget", "film"]).status.success());
    assert!(!asks());
}

#[test]
fn a_copy_of_a_trusted_folder_is_not_trusted() {
    let (film, mark) = marked_film();
    assert!(film.output(&["trust", "film"]).status.success());
    std::fs::create_dir_all(film.path("copy/presets")).unwrap();
    for name in ["production.yaml", "presets/providers.yaml", "picture.png"] {
        std::fs::copy(film.path("film").join(name), film.path("copy").join(name)).unwrap();
    }
    assert!(film.output(&["plan", "copy"]).status.success());
    assert!(!mark.exists());
}

#[test]
fn a_tool_that_does_not_answer_holds_no_command_up_and_leaves_nothing_behind() {
    let film = CopiedFilm::with_provider_fields("");
    let document = std::fs::read_to_string(film.path("film/production.yaml")).unwrap();
    let document = document.replace("codec: png, ", "codec: h264, ");
    film.write(
        "film/production.yaml",
        &document.replace("out/game", "out/film.mp4"),
    );
    let pids = film.path("pids");
    let hang = format!(
        "echo $$ >> '{0}'\nsetsid sh -c 'echo $$ >> {0}; exec sleep 1000' &\nsleep 1000 &\necho $! >> '{0}'\nwait\n",
        pids.display()
    );
    write_program(&film.path("tools/ffmpeg"), &hang);
    write_program(&film.path("tools/ffprobe"), &hang);
    let path = format!("{}:/usr/bin:/bin", film.path("tools").display());
    let output = film
        .command(&["plan", "film"])
        .env("PATH", &path)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr_text(&output));
    let family = family(&pids, 3);
    wait_until_gone(&family);
    let output = film
        .command(&["run", "film"])
        .env("PATH", &path)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let text = stderr_text(&output);
    assert!(
        text.contains("run ffmpeg: it did not end within 8 s"),
        "{text}"
    );
}

#[test]
fn a_command_that_is_killed_while_a_tool_is_asked_leaves_nothing_behind() {
    let (film, _) = marked_film();
    let pids = film.path("pids");
    let hang = format!(
        "copy: {{command: [cp], output: f.####.png, version: [sh, -c, 'sleep 1000 & echo $! >> {0}; echo $$ >> {0}; wait']}}\n",
        pids.display()
    );
    film.write("film/presets/providers.yaml", &hang);
    for signal in ["-INT", "-TERM", "-KILL"] {
        let mut run = film
            .command(&["run", "film"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let family = family(&pids, 2);
        let sent = Command::new("kill")
            .args([signal, &run.id().to_string()])
            .status();
        assert!(sent.unwrap().success());
        assert!(!run.wait().unwrap().success());
        wait_until_gone(&family);
        std::fs::remove_file(&pids).unwrap();
    }
}

/// Waits until `count` processes have written their numbers, and returns them.
fn family(pids: &Path, count: usize) -> Vec<u32> {
    loop {
        let text = std::fs::read_to_string(pids).unwrap_or_default();
        if text.matches('\n').count() >= count {
            return text.lines().map(|line| line.parse().unwrap()).collect();
        }
        std::thread::yield_now();
    }
}

fn wait_until_gone(processes: &[u32]) {
    for process in processes {
        let state = || std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        while !(state().is_empty() || state().contains(") Z")) {
            std::thread::yield_now();
        }
    }
}
