//! A Slurm cluster on this machine: a controller, two nodes and the daemon that authenticates them,
//! in a folder and on ports of its own, without root. All processes end when the value is dropped.

use crate::skip::require_or_skip;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A running cluster.
pub(crate) struct Cluster {
    folder: tempfile::TempDir,
    controller: Option<Child>,
    nodes: BTreeMap<String, Child>,
    authentication: Option<Child>,
}

/// Waits until a condition holds, and fails after `seconds`.
pub(crate) fn wait_until(what: &str, seconds: u64, holds: impl FnMut() -> bool) {
    assert!(
        holds_within(seconds, holds),
        "waited {seconds} s in vain until {what}"
    );
}

/// Waits until a condition holds, and returns whether it did within `seconds`.
#[expect(
    clippy::disallowed_methods,
    reason = "a test of other programs waits for them, and not for ever"
)]
pub(crate) fn holds_within(seconds: u64, mut holds: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    while !holds() {
        if Instant::now() >= deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    true
}

/// Returns the path of a program of Slurm. Daemons are not on every user's search path.
fn program(name: &str) -> Option<PathBuf> {
    let folders = [
        "/usr/sbin",
        "/usr/bin",
        "/usr/local/sbin",
        "/usr/local/bin",
        "/sbin",
        "/bin",
    ];
    folders
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.is_file())
}

/// Returns whether there is a Slurm to run.
pub(crate) fn has_slurm() -> bool {
    let missing: Vec<&str> = ["slurmctld", "slurmd", "munged", "mungekey", "sbatch"]
        .into_iter()
        .filter(|name| program(name).is_none())
        .collect();
    let reason = format!(
        "no {}; scripts/setup tests installs them",
        missing.join(", ")
    );
    require_or_skip(missing.is_empty().then_some(()), &reason).is_some()
}

impl Cluster {
    /// Starts a cluster of two nodes with four cores and a GPU each, two licences of `nuke`, and
    /// arrays of at most three tasks. Jobs that use more memory than they requested are killed by
    /// Slurm's accounting, because only root can make control groups.
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("slurm-")
            .tempdir_in("/tmp")
            .unwrap();
        let at = folder.path();
        for name in ["munge", "state", "spool", "run"] {
            std::fs::create_dir(at.join(name)).unwrap();
        }
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(at.join("munge"), private).unwrap();
        std::fs::write(at.join("gres.conf"), "Name=gpu File=/dev/null\n").unwrap();
        std::fs::write(at.join("slurm.conf"), config(at)).unwrap();
        let mut cluster = Self {
            folder,
            controller: None,
            nodes: BTreeMap::new(),
            authentication: None,
        };
        cluster.authenticate();
        cluster.control();
        ["n1", "n2"].into_iter().for_each(|node| cluster.boot(node));
        wait_until("both nodes are idle", 60, || {
            cluster.query("sinfo", &["-h", "-o", "%T %D"]).trim() == "idle 2"
        });
        cluster
    }

    fn authenticate(&mut self) {
        let munge = self.folder.path().join("munge");
        let at = |name: &str| munge.join(name).display().to_string();
        let key = Command::new(program("mungekey").unwrap())
            .args(["-c", "-k", &at("key")])
            .status()
            .unwrap();
        assert!(key.success());
        let words = [
            format!("--key-file={}", at("key")),
            format!("--socket={}", at("s")),
            format!("--pid-file={}", at("pid")),
            format!("--log-file={}", at("log")),
            format!("--seed-file={}", at("seed")),
        ];
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .chain(["--force", "--foreground"])
            .collect();
        self.authentication = Some(self.daemon("munged", &words));
        wait_until("munged answers", 30, || munge.join("s").exists());
    }

    /// Starts the controller from its saved state.
    pub(crate) fn control(&mut self) {
        self.controller = Some(self.daemon("slurmctld", &["-D"]));
    }

    /// Kills the controller without letting it save its state.
    pub(crate) fn kill_controller(&mut self) {
        if let Some(mut child) = self.controller.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Starts a node.
    pub(crate) fn boot(&mut self, node: &str) {
        let child = self.daemon("slurmd", &["-D", "-N", node]);
        self.nodes.insert(node.to_owned(), child);
    }

    /// Simulates a power cut of a node: its daemon and all processes on it are killed at once,
    /// without a message to the controller.
    pub(crate) fn unplug(&mut self, node: &str) {
        if let Some(mut child) = self.nodes.remove(node) {
            let _ = child.kill();
            let _ = child.wait();
        }
        // Steps have the log of their daemon open. Their processes have the node's name in the
        // environment.
        kill(&processes(
            &[
                &format!("slurmd-{node}.log"),
                &format!("SLURMD_NODENAME={node}"),
            ],
            self.folder.path(),
        ));
    }

    /// Starts a daemon that ends with the test, even if the test is killed.
    fn daemon(&self, name: &str, words: &[&str]) -> Child {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL"])
            .arg(program(name).unwrap())
            .args(words);
        command.env("SLURM_CONF", self.conf());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Returns the cluster's configuration, which every program of Slurm asks for.
    pub(crate) fn conf(&self) -> OsString {
        self.folder.path().join("slurm.conf").into_os_string()
    }

    /// Runs a program of Slurm.
    pub(crate) fn call(&self, name: &str, words: &[&str]) -> Output {
        Command::new(program(name).unwrap())
            .args(words)
            .env("SLURM_CONF", self.conf())
            .output()
            .unwrap()
    }

    /// Returns the output of a program of Slurm, empty while the controller refuses it.
    pub(crate) fn query(&self, name: &str, words: &[&str]) -> String {
        String::from_utf8_lossy(&self.call(name, words).stdout).into_owned()
    }

    /// Repairs the queue as an administrator does after the controller has lost acknowledged jobs.
    /// It then gives numbers out twice, which drains nodes, and holds the jobs that they could not
    /// launch.
    pub(crate) fn tend(&self) {
        if self.query("sinfo", &["-h", "-o", "%T"]).contains("drain") {
            self.call("scontrol", &["update", "NodeName=n[1-2]", "State=RESUME"]);
        }
        let queue = self.query("squeue", &["-h", "-a", "-o", "%F %r"]);
        for held in queue.lines().filter(|line| line.ends_with("held")) {
            self.call(
                "scontrol",
                &["release", held.split(' ').next().unwrap_or_default()],
            );
        }
    }

    /// Returns the processes on its nodes that run for the store or folder in `path`.
    pub(crate) fn running_for(path: &Path) -> Vec<String> {
        processes(&[""], path)
    }

    /// Returns what is in the queue.
    pub(crate) fn queue(&self) -> String {
        self.query("squeue", &["-h", "-a", "-o", "%i %T %r %j"])
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.controller.is_some() {
            let _ = self.call("scancel", &["--me", "--signal=KILL"]);
        }
        self.kill_controller();
        for child in self.nodes.values_mut().chain(&mut self.authentication) {
            let _ = child.kill();
            let _ = child.wait();
        }
        // Processes on the nodes outlive their daemons.
        kill(&processes(&[""], self.folder.path()));
    }
}

fn kill(processes: &[String]) {
    for process in processes {
        let _ = Command::new("kill")
            .args(["-KILL", process])
            .stderr(Stdio::null())
            .status();
    }
}

/// Returns the processes of the cluster in `folder` that have one of these marks in their
/// arguments, their environment or the paths of their open files.
fn processes(marks: &[&str], folder: &Path) -> Vec<String> {
    let folder = folder.to_string_lossy().into_owned();
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let own = std::process::id().to_string();
    let entries = processes.flatten().filter(|entry| {
        let text = about(&entry.path());
        text.contains(&folder) && marks.iter().any(|mark| text.contains(mark))
    });
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()) && *name != own)
        .collect()
}

fn about(process: &Path) -> String {
    let read = |name: &str| std::fs::read(process.join(name)).unwrap_or_default();
    let texts =
        ["cmdline", "environ"].map(|name| String::from_utf8_lossy(&read(name)).into_owned());
    let open = std::fs::read_dir(process.join("fd"))
        .into_iter()
        .flatten()
        .flatten();
    let files =
        open.filter_map(|file| Some(std::fs::read_link(file.path()).ok()?.display().to_string()));
    texts
        .into_iter()
        .chain(files)
        .collect::<Vec<_>>()
        .join("\n")
}

fn config(at: &Path) -> String {
    let ask = |program: &str, word: &str| {
        let output = Command::new(program).arg(word).output().unwrap();
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    let host = ask("hostname", "-s");
    let user = ask("id", "-un");
    let port = free_ports();
    let at = at.display();
    let first = port + 1;
    let last = port + 2;
    format!(
        "ClusterName=ci
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={port}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={at}/munge/s,cred_expire=5
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherParams=OverMemoryKill
JobAcctGatherFrequency=1
ReturnToService=2
StateSaveLocation={at}/state
SlurmdSpoolDir={at}/spool/%n
SlurmctldPidFile={at}/run/slurmctld.pid
SlurmdPidFile={at}/run/slurmd-%n.pid
SlurmctldLogFile={at}/run/slurmctld.log
SlurmdLogFile={at}/run/slurmd-%n.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=bf_interval=1,batch_sched_delay=0
SlurmdParameters=config_overrides
SlurmdTimeout=6
KillWait=2
MinJobAge=86400
MaxArraySize=3
GresTypes=gpu
Licenses=nuke:2
NodeName=n[1-2] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs=4 RealMemory=8000 Gres=gpu:1 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"
    )
}

/// Returns a port that is free now, as are the next two.
fn free_ports() -> u16 {
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let ask = || {
        TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port()
    };
    let three = |port: &u16| *port < u16::MAX - 2 && (*port..=*port + 2).all(|port| is_free(&port));
    std::iter::repeat_with(ask)
        .take(100)
        .find(three)
        .expect("three free ports")
}
