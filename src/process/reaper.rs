//! The keeper: a small process beside a run that ends what the run has started when the run itself is gone.
//!
//! A parent-death signal reaches a process, not the processes that it started; and who is killed with -9 can send nothing.
//! So the keeper holds the reading end of a pipe whose other end is ours alone. We note each child's number in it, and strike
//! it out when the child has ended. When the pipe ends, however we ended, the keeper kills every group that is left, and
//! then every process that bears the run's mark in its environment: one that has left its group, or was not noted yet. It
//! is started with the first child and is this same program, asked for by a hidden command.

use super::child_pipes::PollablePipe;
use std::collections::BTreeSet;
use std::io::{self, PipeWriter, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The environment variable that children bear.
const MARK: &str = "PRODUCTION_KEEPER";
/// The hidden command that becomes the keeper.
const REAPER_COMMAND: &str = "keep";
/// As much as a pipe holds: read at once, so that notes never fill it while the keeper rests.
const PIPE_BYTES: usize = 1 << 16;

/// What the keeper is called among processes: who kills every `production` by its name must not kill the keeper with them.
#[cfg(unix)]
const PROCESS_NAME: &str = "keeper";

/// The keeper of one run.
#[derive(Debug)]
pub struct ProcessReaper {
    program: PathBuf,
    mark: String,
    pipe: OnceLock<Option<PipeWriter>>,
    child: Mutex<Option<Child>>,
}

impl ProcessReaper {
    /// Returns a keeper that is started when it is first needed: `program` is this program, `mark` is like no other run's.
    #[must_use]
    pub fn new(program: PathBuf, mark: String) -> Self {
        Self {
            program,
            mark,
            pipe: OnceLock::new(),
            child: Mutex::new(None),
        }
    }

    /// Marks a command that is about to be started, and returns whether somebody looks for the mark.
    pub(super) fn mark_command(&self, command: &mut Command) -> bool {
        command.env(MARK, &self.mark);
        self.pipe.get_or_init(|| self.spawn_reaper().ok()).is_some()
    }

    /// Notes a process that has begun.
    pub(super) fn add_group(&self, process: u32) {
        self.write_note(b'+', process);
    }

    /// Strikes out a process that has ended with its group.
    pub(super) fn remove_group(&self, process: u32) {
        self.write_note(b'-', process);
    }

    fn write_note(&self, sign: u8, process: u32) {
        let Some(Some(mut pipe)) = self.pipe.get().map(Option::as_ref) else {
            return;
        };
        let [a, b, c, d] = process.to_le_bytes();
        // A pipe takes so few bytes whole or not at all. A keeper that was killed cannot be helped.
        let _ = pipe.write(&[sign, a, b, c, d]);
    }

    fn spawn_reaper(&self) -> io::Result<PipeWriter> {
        let (reader, writer) = io::pipe()?;
        let mut command = Command::new(&self.program);
        command
            .arg(REAPER_COMMAND)
            .arg(&self.mark)
            .stdin(reader)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            command.arg0(PROCESS_NAME).process_group(0);
        }
        let child = command.current_dir(std::path::MAIN_SEPARATOR_STR).spawn()?;
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        Ok(writer)
    }
}

impl Drop for ProcessReaper {
    fn drop(&mut self) {
        drop(self.pipe.take());
        let child = self
            .child
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(mut child) = child {
            let _ = child.wait();
        }
    }
}

/// Is the keeper: notes what `notes` says until it ends, then kills what is left, and whatever bears `mark`.
pub fn run_reaper(mut notes: impl Read + PollablePipe, mark: &str) {
    #[cfg(target_os = "linux")]
    let _ = std::ffi::CString::new(PROCESS_NAME).map(|name| rustix::thread::set_name(&name));
    let (mut groups, mut buffer) = (BTreeSet::new(), Vec::new());
    let mut piece = vec![0; PIPE_BYTES];
    loop {
        match notes.read(&mut piece) {
            Ok(0) => return kill_leftovers(groups, mark),
            Ok(length) => buffer.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return kill_leftovers(groups, mark),
        }
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

/// Lets notes gather for a while, unless they end: to be woken for each would cost as much as starting a small process.
#[cfg(unix)]
fn wait_for_notes(notes: &impl PollablePipe) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
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
    for group in groups
        .into_iter()
        .filter(|group| *group > 1)
        .filter_map(Pid::from_raw)
    {
        let _ = kill_process_group(group, Signal::KILL);
    }
    // A process may start another while it is looked for, and one that has just become a program shows no environment yet.
    let mut empty_scans = 0;
    while empty_scans < 3 {
        let marked = marked_processes(&format!("{MARK}={mark}"));
        empty_scans = if marked.is_empty() {
            empty_scans + 1
        } else {
            0
        };
        for process in marked.into_iter().filter_map(Pid::from_raw) {
            let _ = kill_process(process, Signal::KILL);
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[cfg(not(unix))]
fn kill_leftovers(_: BTreeSet<i32>, _: &str) {}

/// Returns the living processes whose environment has this entry; none where there is no `/proc`.
#[cfg(unix)]
fn marked_processes(entry: &str) -> Vec<i32> {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let number = |process: std::fs::DirEntry| process.file_name().to_str()?.parse::<i32>().ok();
    let bears = |process: &i32| {
        let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == entry.as_bytes())
    };
    processes
        .filter_map(|process| number(process.ok()?))
        .filter(bears)
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

    /// Returns a pipe that says this and ends.
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
        let (mut left, mut ended) = (sleeper("a"), sleeper("b"));
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
        // One that has just become a program shows no environment yet.
        while marked_processes(&format!("{MARK}={mark}")).is_empty() {
            std::thread::yield_now();
        }
        run_reaper(saying(&[]), &mark);
        assert!(!child.wait().unwrap().success());
    }
}
