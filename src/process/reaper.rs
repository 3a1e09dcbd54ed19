//! The reaper: a small process beside a run that kills the run's children if the run itself dies.
//!
//! A parent-death signal reaches one process and not its children, and a process killed with KILL
//! can send nothing. So the reaper reads from a pipe whose write end only the run holds. The run
//! writes the number of each process group when it starts and when it has ended. When the pipe
//! ends, for any reason, the reaper kills every group that is left. Then it kills every
//! process with the run's mark in its environment: one that left its group, or whose number was not
//! written yet.
//!
//! The reaper starts with the first child. It is this same program with a hidden command.

use super::child_pipes::PollablePipe;
use std::collections::BTreeSet;
use std::io::{self, PipeWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Environment variable with the mark of the run; children inherit it.
const MARK: &str = "PRODUCTION_KEEPER";
/// The hidden command that starts the reaper.
const REAPER_COMMAND: &str = "keep";
/// Capacity of a pipe on Linux.
// One read empties the pipe. It holds 13,000 notes, more than a run writes while the reaper sleeps.
const PIPE_BYTES: usize = 1 << 16;

/// Process name of the reaper.
#[cfg(unix)]
const PROCESS_NAME: &str = "keeper";

/// Starts the reaper and sends it the process groups of one run.
#[derive(Debug)]
pub struct ProcessReaper {
    program: PathBuf,
    mark: String,
    pipe: OnceLock<Option<PipeWriter>>,
    child: Mutex<Option<Child>>,
}

impl ProcessReaper {
    /// Returns a reaper that starts with the first child. `program` is this executable. `mark` must
    /// differ from every other run's.
    #[must_use]
    pub fn new(program: PathBuf, mark: String) -> Self {
        Self {
            program,
            mark,
            pipe: OnceLock::new(),
            child: Mutex::new(None),
        }
    }

    /// Sets the mark in the command's environment. Returns whether a reaper runs.
    pub(super) fn mark_command(&self, command: &mut Command) -> bool {
        command.env(MARK, &self.mark);
        // A failed start is remembered: without a reaper the call falls back to a parent-death
        // signal, and a new try for each child would only cost time.
        self.pipe.get_or_init(|| self.spawn_reaper().ok()).is_some()
    }

    /// Sends the number of a group that has started.
    pub(super) fn add_group(&self, process: u32) {
        self.write_note(b'+', process);
    }

    /// Sends the number of a group that has ended.
    pub(super) fn remove_group(&self, process: u32) {
        self.write_note(b'-', process);
    }

    fn write_note(&self, sign: u8, process: u32) {
        let Some(Some(mut pipe)) = self.pipe.get().map(Option::as_ref) else {
            return;
        };
        let [a, b, c, d] = process.to_le_bytes();
        // A write of fewer than PIPE_BUF bytes is atomic, so notes of two workers do not mix. An
        // error means that the reaper was killed; the run goes on without it.
        let _ = pipe.write(&[sign, a, b, c, d]);
    }

    fn spawn_reaper(&self) -> io::Result<PipeWriter> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(&self.program);
        command
            .arg(REAPER_COMMAND)
            .arg(&self.mark)
            // The pipe is stdin, so the reaper needs no further arguments to find it.
            .stdin(reader)
            .stdout(Stdio::null())
            // An inherited stderr would hold the pipes of the process that started the run open
            // after its end.
            .stderr(Stdio::null());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            // A group of its own: Ctrl-C and a kill of the run's group must not end the reaper with
            // the run.
            command.arg0(PROCESS_NAME).process_group(0);
        }
        // The root folder: a reaper in the project's folder would block an unmount of its file
        // system.
        let child = command.current_dir(std::path::MAIN_SEPARATOR_STR).spawn()?;
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        // The write end is close-on-exec, so no child holds the pipe open after the run has died.
        Ok(writer)
    }
}

impl Drop for ProcessReaper {
    fn drop(&mut self) {
        // The end of the pipe must come before the wait, or both would wait for each other.
        drop(self.pipe.take());
        let child = self
            .child
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(mut child) = child {
            // A regular end waits, so that no marked process is left when the command returns.
            let _ = child.wait();
        }
    }
}

/// Runs the reaper: reads group numbers from `notes` until the pipe ends, then kills the groups
/// that are left and every process with `mark`.
pub fn run_reaper(mut notes: impl Read + PollablePipe, mark: &str) {
    #[cfg(target_os = "linux")]
    // `pkill production` matches the kernel's process name, which `arg0` does not set. The reaper
    // must survive exactly that.
    let _ = std::ffi::CString::new(PROCESS_NAME).map(|name| rustix::thread::set_name(&name));
    let mut groups = BTreeSet::new();
    let mut buffer = Vec::new();
    let mut piece = vec![0; PIPE_BYTES];
    loop {
        match notes.read(&mut piece) {
            Ok(0) => return kill_leftovers(groups, mark),
            Ok(length) => buffer.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // A pipe that cannot be read says nothing about the run. Killing is right: the run
            // cannot report its children any more.
            Err(_) => return kill_leftovers(groups, mark),
        }
        // A read may end within a note; its rest arrives with the next read.
        let (complete, _) = buffer.as_chunks::<5>();
        for [sign, group @ ..] in complete {
            let group = i32::from_le_bytes(*group);
            let _ = if *sign == b'+' {
                groups.insert(group)
            } else {
                groups.remove(&group)
            };
        }
        buffer.drain(..complete.len() * 5);
        wait_for_notes(&notes);
    }
}

/// Sleeps up to 200 ms, or until the pipe ends.
#[cfg(unix)]
fn wait_for_notes(notes: &impl PollablePipe) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    // Waking for each note would cost as much as the start of a small process. The empty set of
    // events still reports a hang-up, so the death of a run wakes at once.
    const REST: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 200_000_000,
    };
    let _ = poll(&mut [PollFd::new(notes, PollFlags::empty())], Some(&REST));
}

#[cfg(not(unix))]
fn wait_for_notes(_: &impl PollablePipe) {}

#[cfg(unix)]
fn kill_leftovers(groups: BTreeSet<i32>, mark: &str) {
    use rustix::process::{Pid, Signal, kill_process, kill_process_group};
    // 0 and 1 would signal our own group and every process that we may signal.
    for group in groups
        .into_iter()
        .filter(|group| *group > 1)
        .filter_map(Pid::from_raw)
    {
        let _ = kill_process_group(group, Signal::KILL);
    }
    // A process may start another during the scan, and one that has just called exec shows no
    // environment yet. Three empty scans in a row mean that none is left.
    let mut empty_scans = 0;
    while empty_scans < 3 {
        let marked = marked_processes(&format!("{MARK}={mark}"));
        empty_scans = if marked.is_empty() {
            empty_scans + 1
        } else {
            0
        };
        for process in marked.into_iter().filter_map(Pid::from_raw) {
            // By process, not by group: a process that left its group may share the new one with
            // strangers.
            let _ = kill_process(process, Signal::KILL);
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[cfg(not(unix))]
fn kill_leftovers(_: BTreeSet<i32>, _: &str) {}

/// Returns the living processes whose environment has `entry`. Empty on systems without `/proc`.
#[cfg(unix)]
fn marked_processes(entry: &str) -> Vec<i32> {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let number = |process: std::fs::DirEntry| process.file_name().to_str()?.parse::<i32>().ok();
    processes
        .filter_map(|process| number(process.ok()?))
        .filter(|process| {
            // A process of another user or one that has ended cannot be read. Neither is a child of
            // this run.
            let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|variable| variable == entry.as_bytes())
        })
        .collect()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::CommandExt;

    /// Starts a process that would outlive any test.
    fn sleeper(mark: &str) -> Child {
        let mut command = Command::new("sleep");
        command
            .arg("1000")
            .env(MARK, mark)
            .process_group(0)
            .spawn()
            .unwrap()
    }

    /// Returns a pipe with these bytes and an end.
    fn saying(notes: &[u8]) -> io::PipeReader {
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(notes).unwrap();
        reader
    }

    fn note(sign: u8, child: &Child) -> Vec<u8> {
        [vec![sign], child.id().cast_signed().to_le_bytes().to_vec()].concat()
    }

    #[test]
    fn what_was_noted_and_not_struck_out_is_killed() {
        let mut left = sleeper("a");
        let mut ended = sleeper("b");
        let notes = [note(b'+', &left), note(b'+', &ended), note(b'-', &ended)].concat();
        run_reaper(saying(&notes), "no process bears this");
        assert!(!left.wait().unwrap().success());
        assert!(ended.try_wait().unwrap().is_none());
        ended.kill().unwrap();
        ended.wait().unwrap();
    }

    #[test]
    fn what_left_its_group_is_found_by_its_mark() {
        let mark = format!("a test of process {}", std::process::id());
        let mut child = sleeper(&mark);
        // A process that has just called exec shows no environment yet.
        while marked_processes(&format!("{MARK}={mark}")).is_empty() {
            std::thread::yield_now();
        }
        run_reaper(saying(&[]), &mark);
        assert!(!child.wait().unwrap().success());
    }
}
