//! What the reaper does in its own process: it reads the notes of a run, and kills what is left
//! when they end. It does not know how runs start it; `reaper.rs` does.
//!
//! A reaper has a second one as its child. That one gets no notes and finds processes by the mark
//! alone. Somebody who kills the first reaper and then the run before a replacement has started has
//! not killed the second. Each starts a killed partner again.

use super::child_pipes::PollablePipe;
use super::reaper::{MARK, PIPE_BYTES, PROCESS_NAME, SECOND_OPTION, reaper_command};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// The second reaper, which is started again if it is killed.
pub struct SecondReaper {
    ending: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SecondReaper {
    /// Starts `program` as the second reaper. `lifeline` gives the read end of a pipe that ends
    /// with the run, for each start anew.
    pub fn start(
        program: PathBuf,
        mark: String,
        lifeline: impl Fn() -> io::Result<Stdio> + Send + 'static,
    ) -> Self {
        let ending = Arc::new(AtomicBool::new(false));
        let thread = std::thread::spawn({
            let ending = Arc::clone(&ending);
            move || {
                while !ending.load(Ordering::SeqCst) {
                    let started = lifeline().and_then(|pipe| {
                        let mut command = reaper_command(&program, &mark);
                        command.arg(SECOND_OPTION).stdin(pipe).stdout(Stdio::null());
                        command.spawn()
                    });
                    // The first reaper does the work alone where a second one cannot start.
                    let Ok(mut child) = started else { return };
                    // It ends by itself only with the run.
                    if child.wait().is_ok_and(|status| status.success()) {
                        return;
                    }
                }
            }
        });
        Self {
            ending,
            thread: Some(thread),
        }
    }

    /// Waits until the second reaper has ended, which it does with the run.
    pub fn wait(mut self) {
        // Set only after the run has ended: until then an end of the second reaper is a kill.
        self.ending.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
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
        if empty_scans < 3 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
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
    processes
        .filter_map(|process| process.ok()?.file_name().to_str()?.parse().ok())
        .filter(|process| has_variable(*process, entry))
        .collect()
}

/// Returns whether the environment of a process has `entry`.
#[cfg(unix)]
fn has_variable(process: i32, entry: &str) -> bool {
    // A process of another user or one that has ended cannot be read. Neither is a child of this
    // run.
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
    environment
        .split(|byte| *byte == 0)
        .any(|variable| variable == entry.as_bytes())
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command};

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
    fn a_noted_group_that_was_not_struck_out_is_killed() {
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
    fn a_process_that_left_its_group_is_found_by_its_mark() {
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
