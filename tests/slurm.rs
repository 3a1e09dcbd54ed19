//! Runs on a small but real Slurm cluster. The result is that of a local run, also when nodes,
//! controller, orchestrator or files fail on the way.
//!
//! It is one test, because every test is a process of its own and all of them can share one
//! cluster.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first surprise, and says what it passes over"
)]

#[path = "support/cluster.rs"]
mod cluster;
#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/printed.rs"]
mod printed;
#[path = "support/skip.rs"]
mod skip;

use cluster::{Cluster, has_slurm, holds_within, wait_until};
use machine::makes_films;
use printed::output_text;
use production::event::{Event, RunStatus};
use production::store::{StoreLayout, journal};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

/// The shortest film with every phase, and with every kind of sound. Its four chunks are one more
/// than an array of the cluster may have.
const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot, with a line, an effect, an ambience and a piece of music.
  sound: {speech: murmur, music: energetic}
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24, chunk_size: 6}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio, ambience: rain, room: room}]
  style: {grade: {exposure: EXPOSURE}}
  shots:
    - name: one
      template: insert
      props: [{name: lantern, mark: [0, 0, 0]}]
      location: studio
      duration: 24
      lines: ['NARRATOR: Now.']
      effects: click
  outputs:
    - {name: film, format: streaming_1080p, resolution: 64x36, path: out/film.mp4, stems: true}
    - {name: game, format: 16bit_game, path: out/game}
";

/// The farm profile of a site. SETUP is the command that each machine runs before a task.
const FARM: &str = "\
here:
  engine: slurm
  gpu: gpu
  licences: {nuke: nuke}
  poll: 1s
  lag: 3s
  slots: 8
  setup: ['SETUP']
";

/// Renders claim a licence, and grades claim little memory.
const MACHINE: &str = "\
machine:
  tokens: {nuke: 2}
  claims:
    render.shot: {tokens: {nuke: 1}}
    grade.frames: {memory: 400MB}
";

struct Film {
    folder: tempfile::TempDir,
    conf: std::ffi::OsString,
}

impl Film {
    fn new(cluster: &Cluster) -> Self {
        let folder = film::folder(DOCUMENT);
        std::fs::create_dir(folder.path().join("presets")).unwrap();
        std::fs::write(folder.path().join("machine.yaml"), MACHINE).unwrap();
        let film = Self {
            folder,
            conf: cluster.conf(),
        };
        film.shoot("0", "true");
        film
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn store(&self) -> PathBuf {
        self.path().join(".production")
    }

    /// Writes the document. Another exposure changes the grades and leaves the renders as they are.
    fn shoot(&self, exposure: &str, setup: &str) {
        std::fs::write(
            self.path().join("production.yaml"),
            DOCUMENT.replace("EXPOSURE", exposure),
        )
        .unwrap();
        std::fs::write(
            self.path().join("presets/farms.yaml"),
            FARM.replace("SETUP", &setup.replace('\'', "''")),
        )
        .unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .arg(words[0])
            .arg(self.path())
            .args(&words[1..])
            .env("SLURM_CONF", &self.conf);
        if words[0] == "run" {
            command
                .arg("--machine")
                .arg(self.path().join("machine.yaml"));
        }
        command
    }

    fn output(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }

    /// Runs a command that must succeed, and returns its output from both streams.
    fn output_text(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let text = output_text(&output);
        assert!(output.status.success(), "{words:?}: {text}");
        text
    }

    /// Returns the command that runs one task by hand, as an administrator would.
    fn exec(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(["exec-task", "--run", "rev-0001", "--store"])
            .arg(self.store())
            .args(words);
        // A scheduler may start it in any folder.
        command
            .current_dir("/")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Returns the token in the names of the newest farm run's jobs.
    fn newest_token(&self) -> String {
        let runs = std::fs::read_dir(self.store().join("runs"))
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let newest = runs
            .map(|run| run.join("farm/farm.json"))
            .filter(|path| path.exists())
            .max()
            .unwrap();
        let header: serde_json::Value =
            serde_json::from_slice(&std::fs::read(newest).unwrap()).unwrap();
        header["token"].as_str().unwrap().to_owned()
    }

    fn deliverables(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let out = self.path().join("out");
        let mut files = BTreeMap::new();
        let mut open = vec![out.clone()];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(
                    std::fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            } else if !path.to_string_lossy().contains("report.") {
                files.insert(
                    path.strip_prefix(&out).unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
        files
    }

    /// Returns the states of the tasks of the run that is on the farm.
    fn standing(&self) -> serde_json::Value {
        let output = self.output(&["status", "--format", "json"]);
        let status: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        status["farm"]["standing"].clone()
    }

    /// Returns the newest run's events.
    fn journal(&self) -> Vec<Event> {
        let layout = StoreLayout::new(self.store());
        let newest = journal::list_journals(&layout).unwrap().pop().unwrap();
        journal::read_events(&layout, &newest).unwrap()
    }

    /// Returns the failures of the newest run as text.
    fn events(&self) -> Vec<String> {
        let word = |event: &Event| match event {
            Event::JobRetried { job, class, .. } => Some(format!("again {job} {class:?}")),
            Event::JobFailed { job, class, .. } => Some(format!("failed {job} {class:?}")),
            _ => None,
        };
        self.journal().iter().filter_map(word).collect()
    }
}

/// The same film, made by a local run.
struct Local(Film);

impl Local {
    fn deliverables(&self, exposure: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        self.0.shoot(exposure, "true");
        self.0.output_text(&["run"]);
        self.0.deliverables()
    }
}

/// Asserts that both have the same files with the same bytes, and names those that differ.
fn assert_same(film: &Film, local: &Local, exposure: &str) {
    let elsewhere = film.deliverables();
    let here = local.deliverables(exposure);
    let names: Vec<&PathBuf> = elsewhere.keys().chain(here.keys()).collect();
    let differ: Vec<&&PathBuf> = names
        .iter()
        .filter(|name| elsewhere.get(**name) != here.get(**name))
        .collect();
    assert!(
        !here.is_empty() && differ.is_empty(),
        "exposure {exposure}: {differ:?}: {}",
        film.output_text(&["log"])
    );
}

#[test]
fn a_run_on_slurm_equals_a_local_run_through_every_fault() {
    if !has_slurm() || !makes_films() {
        return;
    }
    let mut cluster = Cluster::start();
    let film = Film::new(&cluster);
    let local = Local(Film::new(&cluster));
    the_same_bytes_as_a_local_run(&cluster, &film, &local);
    variables_of_the_shell_are_no_options(&cluster);
    setup_runs_in_bash_and_says_why_it_failed(&cluster);
    files_that_come_late_are_waited_for(&film);
    a_failed_task_is_tried_again_and_an_unlike_machine_refused(&cluster, &film, &local);
    a_refusal_comes_before_the_revision_and_a_failure_takes_back_what_has_not_begun(&cluster);
    a_held_job_is_named_and_a_cancelled_run_leaves_nothing(&cluster, &film, &local);
    nodes_controller_and_orchestrator_may_go(&mut cluster, &film, &local);
}

fn the_same_bytes_as_a_local_run(cluster: &Cluster, film: &Film, local: &Local) {
    let printed = film.output_text(&["run", "--farm", "here"]);
    assert!(printed.contains("tasks in"), "{printed}");
    assert_same(film, local, "0");
    assert_eq!(cluster.queue(), "");
    let engine = film.store().join("runs/rev-0001/farm/engine");
    let scripts = std::fs::read_dir(&engine)
        .unwrap()
        .flatten()
        .map(|entry| entry.path());
    let scripts: Vec<String> = scripts
        .filter(|path| path.extension().is_some_and(|end| end == "sh"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    let renders: Vec<&String> = scripts
        .iter()
        .filter(|script| script.contains(": render.shot"))
        .collect();
    // There are four chunks, and an array of the cluster has at most three tasks.
    assert_eq!(renders.len(), 2, "{renders:#?}");
    assert!(
        renders
            .iter()
            .all(|script| script.contains("--gres=gpu:1") && script.contains("--licenses=nuke:1"))
    );
    let status = film.output_text(&["status"]);
    assert!(
        status.contains("published") && !status.contains("on the farm"),
        "{status}"
    );
}

/// Every option here would send the tasks elsewhere, or hide them from us.
const SHELL_VARIABLES: [(&str, &str); 9] = [
    ("SBATCH_PARTITION", "nowhere"),
    ("SBATCH_TIMELIMIT", "1"),
    ("SBATCH_MEM_PER_NODE", "7999"),
    ("SBATCH_EXPORT", "ALL"),
    ("SBATCH_HOLD", "1"),
    ("SLURM_CLUSTERS", "nowhere"),
    ("SQUEUE_STATES", "SUSPENDED"),
    ("SQUEUE_NAMES", "nothing"),
    ("SCANCEL_INTERACTIVE", "1"),
];

fn variables_of_the_shell_are_no_options(cluster: &Cluster) {
    let film = Film::new(cluster);
    // The setup proves that no variable of the shell reached the task.
    film.shoot("0.5", "[ -z \"${OF_THE_SHELL:-}\" ]");
    let mut command = film.command(&["run", "--farm", "here"]);
    let output = command
        .envs(SHELL_VARIABLES)
        .env("OF_THE_SHELL", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", output_text(&output));
    assert_eq!(cluster.queue(), "");
}

/// A script as sites have them: it reads a variable that is unset, one of its commands fails, and
/// it exports a function.
const ACTIVATION: &str = "\
if [ -n \"$CONDA_PREFIX\" ]; then export OLD_PREFIX=\"$CONDA_PREFIX\"; fi
false
module() { [[ $1 == load && $2 != absent ]] || { echo \"module $2 is unknown\" >&2; return 3; }; export LOADED=$2; }
export -f module
";

fn setup_runs_in_bash_and_says_why_it_failed(cluster: &Cluster) {
    let film = Film::new(cluster);
    let script = film.path().join("activate.sh");
    std::fs::write(&script, ACTIVATION).unwrap();
    let read = format!(". '{}'", script.display());
    // `bash -c` finds the function only if it is exported.
    let loaded = "bash -c 'module load x' && module load ffmpeg && [ $LOADED = ffmpeg ]";
    film.shoot("0.6", &format!("{read}\n{loaded}").replace('\n', "; "));
    film.output_text(&["run", "--farm", "here"]);

    film.shoot("0.7", &format!("{read}; module load absent"));
    let output = film.output(&["run", "--farm", "here", "--retries", "0"]);
    let printed = output_text(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("failed with status 3: module load absent (module absent is unknown)"),
        "{printed}"
    );
}

fn files_that_come_late_are_waited_for(film: &Film) {
    let layout = StoreLayout::new(film.store());
    let records =
        std::fs::read_to_string(layout.run_folder("rev-0001").join("farm/tasks.jsonl")).unwrap();
    let at = |name: &str| {
        records
            .lines()
            .position(|line| line.contains(&format!("\"name\":\"{name}\"")))
            .unwrap()
            .to_string()
    };
    let verify = at("finalize.verify/film");
    let stitch = at("export.stitch/film");
    let result = layout
        .run_folder("rev-0001")
        .join(format!("farm/results/0000/{stitch}.1.json"));
    let away = result.with_extension("away");
    std::fs::rename(&result, &away).unwrap();
    let waiting = film.exec(&["--index", &verify]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(1));
    std::fs::rename(&away, &result).unwrap();
    let output = waiting.wait_with_output().unwrap();
    assert!(
        output.status.success() && output_text(&output).contains("was made before"),
        "{}",
        output_text(&output)
    );
    std::fs::rename(&result, &away).unwrap();
    let output = film.exec(&["--index", &verify]).output().unwrap();
    let printed = output_text(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("openjd_fail:")
            && printed.contains("after 3 s")
            && printed.contains("holds"),
        "{printed}"
    );
    std::fs::rename(&away, &result).unwrap();
    let output = film.exec(&["--index", "9999"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", output_text(&output));
}

/// One task crashes, and one uses more memory than it requested, at each attempt. An administrator
/// requeues one while it runs.
const FAILING: &str = "case $PRODUCTION_TASK.$PRODUCTION_ATTEMPT.${SLURM_RESTART_COUNT:-0} in
  1.1.*) kill -SEGV $$ ;;
  2.*) head -c 500m /dev/zero | tail | sleep 3 ;;
  3.1.0) scontrol requeue \"${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}\"; sleep 60 ;;
esac";

fn a_failed_task_is_tried_again_and_an_unlike_machine_refused(
    cluster: &Cluster,
    film: &Film,
    local: &Local,
) {
    film.shoot("0.1", FAILING);
    let printed = film.output_text(&["run", "--farm", "here"]);
    assert!(
        printed.contains("the next attempt reserves 800 MB"),
        "{printed}"
    );
    assert_same(film, local, "0.1");
    let mut again: Vec<String> = film
        .events()
        .iter()
        .filter_map(|event| {
            event
                .strip_prefix("again grade.frames/one/")
                .map(str::to_owned)
        })
        .collect();
    again.sort();
    assert_eq!(
        again,
        ["1007-1012 Crash", "1013-1018 OutOfMemory"],
        "{printed}"
    );

    film.shoot("0.2", "export PATH=/nowhere");
    let output = film.output(&["run", "--farm", "here"]);
    let printed = output_text(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("mixed_hosts: true") && printed.contains("ffmpeg not installed"),
        "{printed}"
    );
    assert_eq!(cluster.queue(), "");
}

/// The first render fails while another runs. The others cannot start, because there are no more
/// licences.
const FAILS_ONCE: &str = "[ $PRODUCTION_PHASE != shots ] || ! mkdir \"$PRODUCTION_STORE/first\" 2>/dev/null || exit 7; sleep 1";

/// Fails if a run on the farm is not refused with this exit code and text.
fn assert_refused(film: &Film, exit_code: i32, text: &str) {
    let refused = film.output(&["run", "--farm", "here"]);
    let printed = output_text(&refused);
    assert_eq!(refused.status.code(), Some(exit_code), "{printed}");
    assert!(printed.contains(text), "{printed}");
}

fn a_refusal_comes_before_the_revision_and_a_failure_takes_back_what_has_not_begun(
    cluster: &Cluster,
) {
    let film = Film::new(cluster);
    let document = DOCUMENT
        .replace("EXPOSURE", "0")
        .replace("duration: 24", "duration: 72");
    std::fs::write(film.path().join("production.yaml"), document).unwrap();
    let farms = film.path().join("presets/farms.yaml");
    let farm = FARM.replace("SETUP", &FAILS_ONCE.replace('\'', "''"));
    std::fs::write(&farms, farm.replace("gpu: gpu", "partition: nowhere")).unwrap();
    assert_refused(&film, 3, "invalid partition specified: nowhere");
    assert!(
        !film.store().join("runs").exists(),
        "a run that never was has a number"
    );

    let machine = film.path().join("machine.yaml");
    std::fs::write(&farms, &farm).unwrap();
    std::fs::write(&machine, MACHINE.replace("400MB", "99GB")).unwrap();
    let machine_words = ["--machine", machine.to_str().unwrap()];
    let planned = film.output_text(&[&["plan", "--farm", "here"], &machine_words[..]].concat());
    assert!(
        planned.contains("! grade.frames asks for") && planned.contains("it would never run"),
        "{planned}"
    );
    assert_refused(&film, 3, "has 8000 MB in a machine at most");
    std::fs::write(&machine, MACHINE).unwrap();
    std::fs::write(&farms, format!("{farm}  shared_roots: [/nowhere]\n")).unwrap();
    assert_refused(&film, 2, "see only what is in /nowhere");
    assert!(
        !film.store().join("events").exists(),
        "a run that never was has a number"
    );

    std::fs::write(&farms, farm).unwrap();
    let failed = film.output(&["run", "--farm", "here", "--retries", "0"]);
    let printed = output_text(&failed);
    assert_eq!(failed.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("tasks that have not started are withdrawn"),
        "{printed}"
    );
    assert_eq!(film.events().len(), 1, "{:#?}", film.events());
    assert!(
        printed.contains("1 failed") && printed.contains("not made"),
        "{printed}"
    );
    assert_eq!(cluster.queue(), "");
}

fn assert_cancelled(events: &[Event]) {
    assert!(
        matches!(
            events.last(),
            Some(Event::RunEnded {
                status: RunStatus::Cancelled,
                ..
            })
        ),
        "{events:?}"
    );
}

fn a_held_job_is_named_and_a_cancelled_run_leaves_nothing(
    cluster: &Cluster,
    film: &Film,
    local: &Local,
) {
    film.shoot("0.3", "sleep 1");
    let printed = film.output_text(&["run", "--farm", "here", "--detach"]);
    assert!(
        printed.contains("--resume") && printed.contains("production cancel"),
        "{printed}"
    );
    let waiting = cluster.query("squeue", &["-h", "-a", "-t", "PD", "-o", "%F"]);
    let job = waiting.lines().next().unwrap().to_owned();
    assert!(cluster.call("scontrol", &["hold", &job]).status.success());
    wait_until("status reports the held job", 30, || {
        film.output_text(&["status"])
            .contains(&format!("held as job {job}"))
    });
    let refused = film.output(&["run"]);
    assert_eq!(refused.status.code(), Some(5), "{}", output_text(&refused));
    assert!(output_text(&refused).contains("production cancel"));
    assert_eq!(film.output(&["gc"]).status.code(), Some(5));
    assert!(
        cluster
            .call("scontrol", &["release", &job])
            .status
            .success()
    );
    wait_until("some is made and some runs", 60, || {
        let standing = film.standing();
        standing["made"].as_u64() > Some(0) && standing["running"].as_u64() > Some(0)
    });
    let printed = film.output_text(&["cancel"]);
    assert!(printed.contains("nothing of it is left"), "{printed}");
    assert_eq!(cluster.queue(), "");
    assert_eq!(
        Cluster::running_for(film.path()),
        Vec::<String>::new(),
        "on the nodes"
    );
    let events = film.journal();
    assert_cancelled(&events);
    let finished = events
        .iter()
        .filter(|event| matches!(event, Event::JobSucceeded(_)))
        .count();
    assert!(
        finished > 0 && printed.contains(&format!("reuses its {finished} finished jobs")),
        "{printed}"
    );
    assert!(film.output_text(&["cancel"]).contains("nothing to cancel"));
    film.output_text(&["run"]);
    let reused = film
        .journal()
        .iter()
        .filter(|event| matches!(event, Event::JobReused(_)))
        .count();
    assert!(reused >= finished, "{reused} of {finished} were reused");
    assert_same(film, local, "0.3");
}

/// Resumes the run while machines of the cluster go, and returns what the orchestrator printed.
fn resume_on_failing_cluster(cluster: &mut Cluster, film: &Film) -> Output {
    let words = ["run", "--farm", "here", "--resume"];
    let mut second = film
        .command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let done = holds_within(300, || {
        cluster.tend();
        second.try_wait().unwrap().is_some()
    });
    if !done {
        // What it printed tells why it still waits.
        second.kill().unwrap();
        let output = second.wait_with_output().unwrap();
        panic!(
            "the second orchestrator is not done after 300 s\n{}\n{}\n{}\n{}",
            output_text(&output),
            film.output_text(&["status"]),
            cluster.query("squeue", &["-h", "-a", "-o", "%i %T %r %N %j"]),
            cluster.query("sinfo", &["-h", "-N", "-o", "%N %T %E"]),
        );
    }
    second.wait_with_output().unwrap()
}

fn nodes_controller_and_orchestrator_may_go(cluster: &mut Cluster, film: &Film, local: &Local) {
    film.shoot("0.4", "sleep 2");
    let words = ["run", "--farm", "here"];
    let mut first = film
        .command(&words)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("something runs", 60, || cluster.queue().contains("RUNNING"));
    cluster.kill_controller();
    cluster.control();
    wait_until("the controller is back", 60, || {
        cluster.query("scontrol", &["ping"]).contains("UP")
    });
    let mut node = String::new();
    wait_until("a node has work", 60, || {
        cluster.tend();
        let busy = cluster.query("squeue", &["-h", "-t", "R", "-o", "%N"]);
        node = busy.lines().next().unwrap_or_default().to_owned();
        !node.is_empty()
    });
    cluster.unplug(&node);
    first.kill().unwrap();
    first.wait().unwrap();
    let status = film.output_text(&["status"]);
    assert!(status.contains("on the farm `here`"), "{status}");
    let output = resume_on_failing_cluster(cluster, film);
    assert!(output.status.success(), "{}", output_text(&output));
    assert_same(film, local, "0.4");
    let spent: Vec<String> = film
        .events()
        .into_iter()
        .filter(|event| !event.ends_with("HostLost"))
        .collect();
    assert!(
        spent.is_empty(),
        "the loss of a node spends no attempt: {spent:#?}"
    );
    // A killed controller starts cancelled tasks of earlier runs again. They find that their run
    // has ended.
    assert!(
        !cluster.queue().contains(&film.newest_token()),
        "{}",
        cluster.queue()
    );
}
