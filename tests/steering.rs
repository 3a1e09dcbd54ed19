//! A run is watched and steered from another process: paused, resumed, reordered, cancelled. And
//! whatever happens to it meanwhile, nothing of it is left broken.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise; what it waits for is another process"
)]

#[path = "support/copied_film.rs"]
#[expect(dead_code, reason = "other tests ask for more of it")]
mod copied_film;

use copied_film::{CopiedFilm, stderr_text};
use serde_json::Value;
use std::path::Path;
use std::process::{Child, Output, Stdio};
use std::time::{Duration, Instant};

const DOCUMENT: &str = "\
production:
  title: Copies
  author: Tests
  description: Two shots of one picture.
  render_settings: {engine: copy, resolution: 16x16, frame_rate: 24, chunk_size: 2}
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, location: studio, duration: 6, lens: 35}
    - {name: two, location: studio, duration: 6, lens: 50}
  outputs: [{name: game, codec: png, resolution: 16x16, frame_rate: 24, path: out/game}]
";
/// A renderer that notes its number and its niceness, and waits for the file `go`.
const PROVIDER: &str = r#"copy:
  command: [sh, -c, 'nice >> niceness; echo $$ >> renderers; while [ ! -e go ]; do sleep 0.02; done; cp "$0" "$1"', '{file.picture}', '{output}']
  per: frame
  output: frame.####.png
  files: {picture: picture.png}
"#;

/// A film whose renderers wait.
struct WaitingFilm(CopiedFilm);

impl WaitingFilm {
    fn new() -> Self {
        let film = CopiedFilm::with_provider_fields("");
        film.write("film/production.yaml", DOCUMENT);
        let folder = film.path("film").display().to_string();
        let provider = PROVIDER
            .replace(">> renderers", &format!(">> {folder}/renderers"))
            .replace(">> niceness", &format!(">> {folder}/niceness"))
            .replace("-e go", &format!("-e {folder}/go"));
        film.write("film/presets/providers.yaml", &provider);
        Self(film)
    }

    /// Starts a run with one worker, and waits until a renderer runs.
    fn start(&self) -> Child {
        let log = std::fs::File::create(self.0.path("log")).unwrap();
        let mut command = self.0.command(&["run", "film", "-j", "1"]);
        let run = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        wait_until("a renderer runs", || self.path("renderers").exists());
        run
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path("film").join(name)
    }

    /// Lets the renderers end.
    fn let_go(&self) {
        std::fs::write(self.path("go"), "").unwrap();
    }

    fn ok(&self, args: &[&str]) -> String {
        let output = self.0.output(args);
        assert!(
            output.status.success(),
            "{args:?}: {}",
            stderr_text(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    fn status(&self) -> Value {
        serde_json::from_str(&self.ok(&["status", "film", "--format", "json"])).unwrap()
    }

    fn listed_state(&self) -> Value {
        let list: Value = serde_json::from_str(&self.ok(&["list", "--format", "json"])).unwrap();
        list[0]["state"].clone()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.0.path("log")).unwrap()
    }

    fn last_renderer(&self) -> String {
        let numbers = std::fs::read_to_string(self.path("renderers")).unwrap();
        numbers.lines().last().unwrap().to_owned()
    }
}

fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Returns the state of a process, such as `T` for one that stands still. Empty: it is gone.
fn process_state(number: &str) -> String {
    let stat = Path::new("/proc").join(number).join("stat");
    let stat = std::fs::read_to_string(stat).unwrap_or_default();
    let (_, fields) = stat.rsplit_once(") ").unwrap_or_default();
    fields.chars().take(1).collect()
}

fn end_code(mut run: Child) -> Option<i32> {
    run.wait().unwrap().code()
}

fn stdout_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_pause_lets_running_jobs_finish_and_nothing_starts_until_resume() {
    let film = WaitingFilm::new();
    let run = film.start();
    let running = film.status();
    assert_eq!(running["state"], "running");
    assert_eq!(running["current_phase"], "shots");
    assert_eq!(running["current_shot"], "one");
    assert_eq!(running["tier"], "preview");
    assert_eq!(running["production_id"], "film");
    assert_eq!(
        running["running_jobs"][0]["job"],
        "render.shot/one/1001-1002"
    );
    assert!(running["running_jobs"][0]["seconds"].as_f64().unwrap() >= 0.0);
    assert!(film.ok(&["pause", "film"]).contains("1 running job finish"));
    film.let_go();
    let state = || {
        let status = film.status();
        let idle = status["running_jobs"].as_array().unwrap().is_empty();
        (status["state"].clone(), idle)
    };
    wait_until("the running job has finished", || state().1);
    assert_eq!(state().0, "paused");
    assert_eq!(film.listed_state(), "paused");
    let done = film.status()["last"]["made"].clone();
    assert_eq!(done, 1, "another job started in the pause");
    assert!(film.ok(&["resume", "film"]).contains("goes on"));
    assert_eq!(end_code(run), Some(0));
    let log = film.log();
    assert!(log.contains("paused: running jobs finish"), "{log}");
    assert!(log.contains("\nresumed\n"), "{log}");
    let over = film.status();
    assert_eq!(
        (&over["state"], &over["percent"]),
        (&"done".into(), &100.0.into())
    );
    let refused = film.0.output(&["resume", "film"]);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr_text(&refused));
}

#[test]
fn a_run_that_is_killed_while_its_jobs_stand_still_leaves_nothing_broken() {
    let film = WaitingFilm::new();
    let mut run = film.start();
    film.ok(&["pause", "film", "--now"]);
    let renderer = film.last_renderer();
    wait_until("the renderer stands still", || {
        process_state(&renderer) == "T"
    });
    let status = film.status();
    assert_eq!(
        (&status["state"], &status["frozen"]),
        (&"paused".into(), &true.into())
    );
    run.kill().unwrap();
    run.wait().unwrap();
    wait_until("the renderer is gone", || {
        process_state(&renderer).is_empty()
    });
    assert_eq!(film.status()["state"], "interrupted");
    // The socket of the dead run is still there, and nobody answers.
    assert!(film.path(".production/control/socket").exists());
    for command in ["pause", "resume"] {
        let refused = film.0.output(&[command, "film"]);
        assert_eq!(refused.status.code(), Some(2), "{command}");
        assert!(stderr_text(&refused).contains("none goes on"));
    }
    film.let_go();
    assert!(film.0.output(&["run", "film"]).status.success());
    assert_eq!(film.listed_state(), "done");
    assert!(!film.path(".production/control/socket").exists());
}

#[test]
fn jobs_that_stood_still_go_on_and_their_pause_is_not_in_their_time() {
    let film = WaitingFilm::new();
    let run = film.start();
    film.ok(&["pause", "film", "--now"]);
    let renderer = film.last_renderer();
    wait_until("the renderer stands still", || {
        process_state(&renderer) == "T"
    });
    film.let_go();
    let began = film.status()["seconds"].as_f64().unwrap();
    std::thread::sleep(Duration::from_secs(2));
    let later = film.status()["seconds"].as_f64().unwrap();
    assert!(later - began < 1.0, "the clock went on: {began} to {later}");
    film.ok(&["resume", "film"]);
    assert_eq!(end_code(run), Some(0));
}

#[test]
fn a_cancelled_run_ends_like_an_interrupted_one_and_the_next_continues_it() {
    let film = WaitingFilm::new();
    let run = film.start();
    let message = film.ok(&["cancel", "film"]);
    assert!(
        message.contains("1 running job is finished first"),
        "{message}"
    );
    assert!(message.contains("remain"), "{message}");
    assert_eq!(film.status()["state"], "stopping");
    film.let_go();
    assert_eq!(end_code(run), Some(130));
    assert_eq!(film.status()["state"], "interrupted");
    let message = film.ok(&["cancel", "film"]);
    assert!(message.starts_with("nothing to cancel"), "{message}");
    assert!(film.0.output(&["run", "film"]).status.success());
}

#[test]
fn a_cancel_ends_a_run_whose_jobs_stand_still() {
    let film = WaitingFilm::new();
    let run = film.start();
    film.ok(&["pause", "film", "--now"]);
    film.ok(&["cancel", "film", "--now", "--wait"]);
    assert_eq!(end_code(run), Some(130));
    assert_eq!(process_state(&film.last_renderer()), "");
}

#[test]
fn an_interrupt_ends_a_paused_run() {
    let film = WaitingFilm::new();
    let run = film.start();
    film.ok(&["pause", "film", "--now"]);
    film.let_go();
    let number = rustix::process::Pid::from_raw(run.id().cast_signed()).unwrap();
    rustix::process::kill_process(number, rustix::process::Signal::INT).unwrap();
    assert_eq!(end_code(run), Some(130));
}

#[test]
fn jobs_with_priority_start_before_the_others() {
    let film = WaitingFilm::new();
    let run = film.start();
    let message = film.ok(&["priority", "film", "two"]);
    assert!(message.contains("start before all others"), "{message}");
    let unknown = film.0.output(&["priority", "film", "tow"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(stderr_text(&unknown).contains("did you mean `two`?"));
    film.let_go();
    assert_eq!(end_code(run), Some(0));
    let journal = film.path(".production/events/rev-0001.jsonl");
    let journal = std::fs::read_to_string(journal).unwrap();
    let started: Vec<&str> = journal
        .lines()
        .filter(|line| line.contains("job_started") && line.contains("render.shot/"))
        .map(|line| if line.contains("/two/") { "two" } else { "one" })
        .collect();
    assert_eq!(started, ["one", "two", "two", "two", "one", "one"]);
}

/// Returns the niceness of a process.
fn niceness(number: &str) -> i32 {
    let stat = std::fs::read_to_string(format!("/proc/{number}/stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    // The 19th field of all; two are before the bracket.
    fields.split(' ').nth(16).unwrap().parse().unwrap()
}

#[test]
fn a_run_and_its_tools_take_the_share_of_the_machine_that_they_are_told() {
    let film = WaitingFilm::new();
    let run = film.start();
    let renderer = film.last_renderer();
    let before = niceness(&renderer);
    assert!(before < 12, "the tests themselves run at niceness {before}");
    let message = film.ok(&["priority", "film", "--nice", "12"]);
    assert!(message.contains("niceness 12"), "{message}");
    assert_eq!(niceness(&renderer), 12);
    assert_eq!(niceness(&run.id().to_string()), 12);
    for wrong in [&["--nice", "20"][..], &["two", "--nice", "3"]] {
        let refused = film.0.output(&[&["priority", "film"], wrong].concat());
        assert_eq!(refused.status.code(), Some(2), "{wrong:?}");
    }
    assert_eq!(niceness(&renderer), 12);
    // A tool that is started later has it, too.
    film.let_go();
    assert_eq!(end_code(run), Some(0));
    let noted = std::fs::read_to_string(film.path("niceness")).unwrap();
    let noted: Vec<&str> = noted.lines().collect();
    assert_eq!(noted[0], before.to_string());
    assert!(
        noted.len() == 12 && noted[1..].iter().all(|own| *own == "12"),
        "{noted:?}"
    );
    let message = film.0.output(&["priority", "film", "--nice", "3"]);
    assert_eq!(message.status.code(), Some(2));
    assert!(stderr_text(&message).contains("change the share of a run of film: none goes on"));
}

#[test]
fn a_watch_has_a_line_for_each_change_and_the_exit_code_of_the_run() {
    let film = WaitingFilm::new();
    let run = film.start();
    let mut watch = film.0.command(&["status", "film", "--watch"]);
    let watch = watch
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    film.ok(&["cancel", "film"]);
    film.let_go();
    assert_eq!(end_code(run), Some(130));
    let watched = watch.wait_with_output().unwrap();
    assert_eq!(watched.status.code(), Some(130));
    let text = stdout_text(&watched);
    assert!(
        text.lines().last().unwrap().contains("interrupted"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "{text}");
    let lines = film
        .0
        .output(&["status", "film", "--watch", "--format", "json"]);
    let line: Value = serde_json::from_slice(&lines.stdout).unwrap();
    assert_eq!(line["state"], "interrupted");
}

#[test]
fn only_the_owner_of_a_run_may_steer_it() {
    use std::os::unix::fs::PermissionsExt;
    let film = WaitingFilm::new();
    let run = film.start();
    let folder = film.path(".production/control").metadata().unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    // Something that is no request is no matter of the run.
    let socket = film.path(".production/control/socket");
    let mut stranger = std::os::unix::net::UnixStream::connect(socket).unwrap();
    std::io::Write::write_all(&mut stranger, b"hello\n").unwrap();
    assert_eq!(film.status()["state"], "running");
    film.let_go();
    assert_eq!(end_code(run), Some(0));
}

#[test]
fn a_run_in_a_folder_with_a_long_name_can_be_steered() {
    let film = WaitingFilm::new();
    let long = film.0.path(&"long".repeat(40));
    std::fs::create_dir(&long).unwrap();
    let store = long.join("store");
    let store = store.to_str().unwrap();
    let mut command = film
        .0
        .command(&["run", "film", "-j", "1", "--store", store]);
    let run = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("a renderer runs", || film.path("renderers").exists());
    film.ok(&["cancel", "film", "--store", store, "--now"]);
    assert_eq!(end_code(run), Some(130));
}
