//! Runs on a Slurm cluster that is real in every part but its size: what comes out is what a local run makes, whatever
//! happens to nodes, controller, orchestrator and files on the way.
//!
//! One test, because every test is a process of its own and one cluster is enough for all of this.

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
#[path = "support/skip.rs"]
mod skip;

use cluster::{Cluster, has_slurm, wait_until};
use machine::makes_films;
use production::event::{Event, RunStatus};
use production::store::{StoreLayout, journal};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_production");

/// The shortest film with every phase in it. Four chunks are one more than an array of the cluster may have.
const DOCUMENT: &str = "\
production:
  title: Tiny
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24, chunk_size: 1}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  style: {grade: {exposure: EXPOSURE}}
  shots:
    - {name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 4}
  outputs:
    - {name: film, format: streaming_1080p, resolution: 64x36, path: out/film.mp4}
    - {name: game, format: 16bit_game, path: out/game}
";

/// The farm as a site would describe it; SETUP is what each machine runs before a task.
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

/// Renders hold a licence, and grades little memory.
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

    /// Another exposure is another grade, and leaves renders as they are.
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

    /// Runs a command that must succeed, and returns all it printed.
    fn said(&self, words: &[&str]) -> String {
        let output = self.output(words);
        let text = text(&output);
        assert!(output.status.success(), "{words:?}: {text}");
        text
    }

    /// Does one task by hand, as an administrator would.
    fn exec(&self, words: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(["exec-task", "--run", "rev-0001", "--store"])
            .arg(self.store())
            .args(words);
        // From wherever a scheduler starts it.
        command
            .current_dir("/")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Returns what the names of the newest farm run's jobs have in them.
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

    /// Returns where the tasks of the run that is on the farm stand.
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

    /// Returns what went wrong in the newest run as words.
    fn events(&self) -> Vec<String> {
        let word = |event: &Event| match event {
            Event::JobRetried { job, class, .. } => Some(format!("again {job} {class:?}")),
            Event::JobFailed { job, class, .. } => Some(format!("failed {job} {class:?}")),
            _ => None,
        };
        self.journal().iter().filter_map(word).collect()
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The same film, made here.
struct Local(Film);

impl Local {
    fn deliverables(&self, exposure: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        self.0.shoot(exposure, "true");
        self.0.said(&["run"]);
        self.0.deliverables()
    }
}

/// Holds both to the same files with the same bytes, and names those that differ.
fn assert_same(film: &Film, local: &Local, exposure: &str) {
    let (elsewhere, here) = (film.deliverables(), local.deliverables(exposure));
    let names: Vec<&PathBuf> = elsewhere.keys().chain(here.keys()).collect();
    let differ: Vec<&&PathBuf> = names
        .iter()
        .filter(|name| elsewhere.get(**name) != here.get(**name))
        .collect();
    assert!(
        !here.is_empty() && differ.is_empty(),
        "exposure {exposure}: {differ:?}: {}",
        film.said(&["log"])
    );
}

#[test]
fn a_run_on_slurm_is_a_local_run_whatever_happens_on_the_way() {
    if !has_slurm() || !makes_films() {
        return;
    }
    let mut cluster = Cluster::start();
    let (film, local) = (Film::new(&cluster), Local(Film::new(&cluster)));
    the_same_bytes_as_a_local_run(&cluster, &film, &local);
    files_that_come_late_are_waited_for(&film);
    a_failed_task_is_tried_again_and_an_unlike_machine_refused(&cluster, &film, &local);
    a_refusal_comes_before_the_revision_and_a_failure_takes_back_what_has_not_begun(&cluster);
    a_held_job_is_told_and_a_cancelled_run_leaves_nothing(&cluster, &film, &local);
    nodes_controller_and_orchestrator_may_go(&mut cluster, &film, &local);
}

fn the_same_bytes_as_a_local_run(cluster: &Cluster, film: &Film, local: &Local) {
    let said = film.said(&["run", "--farm", "here"]);
    assert!(said.contains("tasks in"), "{said}");
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
    // Four chunks, and the cluster takes three at a time.
    assert_eq!(renders.len(), 2, "{renders:#?}");
    assert!(
        renders
            .iter()
            .all(|script| script.contains("--gres=gpu:1") && script.contains("--licenses=nuke:1"))
    );
    let status = film.said(&["status"]);
    assert!(
        status.contains("published") && !status.contains("on the farm"),
        "{status}"
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
    let (verify, stitch) = (at("finalize.verify/film"), at("export.stitch/film"));
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
        output.status.success() && text(&output).contains("was made before"),
        "{}",
        text(&output)
    );
    std::fs::rename(&result, &away).unwrap();
    let output = film.exec(&["--index", &verify]).output().unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("openjd_fail:") && said.contains("after 3 s") && said.contains("holds"),
        "{said}"
    );
    std::fs::rename(&away, &result).unwrap();
    let output = film.exec(&["--index", "9999"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output));
}

/// One task dies, and one holds more than it asked for, at each attempt; one is sent back by an administrator while it runs.
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
    let said = film.said(&["run", "--farm", "here"]);
    assert!(
        said.contains("the next attempt reserves 800 MB"),
        "{said}"
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
    assert_eq!(again, ["1002 Crash", "1003 OutOfMemory"], "{said}");

    film.shoot("0.2", "export PATH=/nowhere");
    let output = film.output(&["run", "--farm", "here"]);
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("mixed_hosts: true") && said.contains("ffmpeg not installed"),
        "{said}"
    );
    assert_eq!(cluster.queue(), "");
}

/// The first render to begin fails, and another is at work then; licences keep the rest from beginning.
const FAILS_ONCE: &str = "[ $PRODUCTION_PHASE != shots ] || ! mkdir \"$PRODUCTION_STORE/first\" 2>/dev/null || exit 7; sleep 1";

fn a_refusal_comes_before_the_revision_and_a_failure_takes_back_what_has_not_begun(
    cluster: &Cluster,
) {
    let film = Film::new(cluster);
    let document = DOCUMENT
        .replace("EXPOSURE", "0")
        .replace("duration: 4", "duration: 12");
    std::fs::write(film.path().join("production.yaml"), document).unwrap();
    let farms = film.path().join("presets/farms.yaml");
    let farm = FARM.replace("SETUP", &FAILS_ONCE.replace('\'', "''"));
    std::fs::write(&farms, farm.replace("gpu: gpu", "partition: nowhere")).unwrap();
    let refused = film.output(&["run", "--farm", "here"]);
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused));
    assert!(
        text(&refused).contains("invalid partition specified: nowhere"),
        "{}",
        text(&refused)
    );
    assert!(
        !film.store().join("runs").exists(),
        "a run that never was has a number"
    );

    let machine = film.path().join("machine.yaml");
    std::fs::write(&farms, &farm).unwrap();
    std::fs::write(&machine, MACHINE.replace("400MB", "99GB")).unwrap();
    let machine_words = ["--machine", machine.to_str().unwrap()];
    let planned = film.said(&[&["plan", "--farm", "here"], &machine_words[..]].concat());
    assert!(
        planned.contains("! grade.frames asks for") && planned.contains("it would never run"),
        "{planned}"
    );
    let refused = film.output(&["run", "--farm", "here"]);
    assert_eq!(refused.status.code(), Some(3), "{}", text(&refused));
    assert!(
        text(&refused).contains("has 8000 MB in a machine at most"),
        "{}",
        text(&refused)
    );
    std::fs::write(&machine, MACHINE).unwrap();
    std::fs::write(&farms, format!("{farm}  shared_roots: [/nowhere]\n")).unwrap();
    let refused = film.output(&["run", "--farm", "here"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    assert!(
        text(&refused).contains("see only what is in /nowhere"),
        "{}",
        text(&refused)
    );
    assert!(
        !film.store().join("events").exists(),
        "a run that never was has a number"
    );

    std::fs::write(&farms, farm).unwrap();
    let failed = film.output(&["run", "--farm", "here", "--retries", "0"]);
    let said = text(&failed);
    assert_eq!(failed.status.code(), Some(1), "{said}");
    assert!(said.contains("tasks that have not started are withdrawn"), "{said}");
    assert_eq!(film.events().len(), 1, "{:#?}", film.events());
    assert!(
        said.contains("1 failed") && said.contains("not made"),
        "{said}"
    );
    assert_eq!(cluster.queue(), "");
}

fn a_held_job_is_told_and_a_cancelled_run_leaves_nothing(
    cluster: &Cluster,
    film: &Film,
    local: &Local,
) {
    film.shoot("0.3", "sleep 1");
    let said = film.said(&["run", "--farm", "here", "--detach"]);
    assert!(
        said.contains("--resume") && said.contains("production cancel"),
        "{said}"
    );
    let waiting = cluster.asked("squeue", &["-h", "-a", "-t", "PD", "-o", "%F"]);
    let job = waiting.lines().next().unwrap().to_owned();
    assert!(cluster.call("scontrol", &["hold", &job]).status.success());
    wait_until("status tells of the held job", 30, || {
        film.said(&["status"])
            .contains(&format!("held as job {job}"))
    });
    let refused = film.output(&["run"]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused));
    assert!(text(&refused).contains("production cancel"));
    assert_eq!(film.output(&["gc"]).status.code(), Some(2));
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
    let said = film.said(&["cancel"]);
    assert!(said.contains("nothing of it is left"), "{said}");
    assert_eq!(cluster.queue(), "");
    assert_eq!(
        Cluster::running_for(film.path()),
        Vec::<String>::new(),
        "on the nodes"
    );
    let events = film.journal();
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
    let kept = events
        .iter()
        .filter(|event| matches!(event, Event::JobSucceeded(_)))
        .count();
    assert!(
        kept > 0 && said.contains(&format!("reuses its {kept} finished jobs")),
        "{said}"
    );
    assert!(film.said(&["cancel"]).contains("nothing to cancel"));
    film.said(&["run"]);
    let reused = film
        .journal()
        .iter()
        .filter(|event| matches!(event, Event::JobReused(_)))
        .count();
    assert!(reused >= kept, "{reused} of {kept} were kept");
    assert_same(film, local, "0.3");
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
        cluster.asked("scontrol", &["ping"]).contains("UP")
    });
    let mut node = String::new();
    wait_until("a node has work", 60, || {
        cluster.tend();
        let busy = cluster.asked("squeue", &["-h", "-t", "R", "-o", "%N"]);
        node = busy.lines().next().unwrap_or_default().to_owned();
        !node.is_empty()
    });
    cluster.unplug(&node);
    first.kill().unwrap();
    first.wait().unwrap();
    let standing = film.said(&["status"]);
    assert!(standing.contains("on the farm `here`"), "{standing}");
    let words = ["run", "--farm", "here", "--resume"];
    let mut second = film
        .command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("the second orchestrator is done", 120, || {
        cluster.tend();
        second.try_wait().unwrap().is_some()
    });
    let output = second.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
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
    // A controller that was killed starts again what it had dropped for earlier runs; those tasks find that they are over.
    assert!(
        !cluster.queue().contains(&film.newest_token()),
        "{}",
        cluster.queue()
    );
}
