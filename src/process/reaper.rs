//! The reaper: a small process beside a run that kills the run's children if the run itself dies.
//!
//! A parent-death signal reaches one process and not its children, and a process killed with KILL
//! can send nothing. So the reaper reads from a pipe whose write end only the run holds. The run
//! writes the number of each process group when it starts and when it has ended. When the pipe
//! ends, for any reason, the reaper kills every group that is left. Then it kills every
//! process with the run's mark in its environment: one that left its group, or whose number was not
//! written yet.
//!
//! The reaper starts with the first child. It is this same program with a hidden command. A thread
//! waits for its end, and starts it again with the groups that are left if it was killed.

use std::collections::BTreeSet;
use std::io::{self, PipeReader, PipeWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Environment variable with the mark of the run; children inherit it.
pub(super) const MARK: &str = "PRODUCTION_KEEPER";
/// The hidden command that starts the reaper.
const REAPER_COMMAND: &str = "keep";
/// The option that starts the second reaper.
pub(super) const SECOND_OPTION: &str = "--second";
/// Capacity of a pipe on Linux.
// One read empties the pipe. It holds 13,000 notes, more than a run writes while the reaper sleeps.
pub(super) const PIPE_BYTES: usize = 1 << 16;
/// Time between two starts of a reaper that was killed.
// The first replacement starts at once. Without a pause, a system that kills every reaper would
// keep a core busy.
const RESTART_PAUSE: Duration = Duration::from_millis(50);

/// Process name of the reaper.
pub(super) const PROCESS_NAME: &str = "keeper";

/// Starts the reaper and sends it the process groups of one run.
#[derive(Debug)]
pub struct ProcessReaper {
    link: Arc<ReaperLink>,
    /// The thread that replaces a killed reaper. `None`: no reaper could be started.
    watcher: OnceLock<Mutex<Option<JoinHandle<()>>>>,
}

/// What the run and the thread that replaces a killed reaper share.
#[derive(Debug)]
struct ReaperLink {
    program: PathBuf,
    mark: String,
    state: Mutex<LinkState>,
}

#[derive(Debug, Default)]
struct LinkState {
    /// The groups that have started and not ended.
    groups: BTreeSet<u32>,
    /// Where notes go. `None`: there is no reaper now.
    notes: Option<PipeWriter>,
    /// The pipe whose end tells the second reaper that the run has ended. It is one pipe for all
    /// replacements: its end would have a second reaper that is left kill the children of a run
    /// that continues.
    lifeline: Option<(PipeReader, PipeWriter)>,
    /// Whether the run ends, so that the end of the reaper is no kill.
    is_closing: bool,
}

impl ProcessReaper {
    /// Returns a reaper that starts with the first child. `program` is this executable. `mark` must
    /// differ from every other run's.
    #[must_use]
    pub fn new(program: PathBuf, mark: String) -> Self {
        let link = ReaperLink {
            program,
            mark,
            state: Mutex::default(),
        };
        Self {
            link: Arc::new(link),
            watcher: OnceLock::new(),
        }
    }

    /// Sets the mark in the command's environment. Returns whether a reaper runs.
    pub(super) fn mark_command(&self, command: &mut Command) -> bool {
        command.env(MARK, &self.link.mark);
        // A failed start is remembered: without a reaper the call falls back to a parent-death
        // signal, and a new try for each child would only cost time.
        self.watcher
            .get_or_init(|| Mutex::new(self.link.start_watched()));
        self.link.lock_state().notes.is_some()
    }

    /// Sends the number of a group that has started.
    pub(super) fn add_group(&self, process: u32) {
        let mut state = self.link.lock_state();
        state.groups.insert(process);
        state.write_note(b'+', process);
    }

    /// Sends the number of a group that has ended.
    pub(super) fn remove_group(&self, process: u32) {
        let mut state = self.link.lock_state();
        state.groups.remove(&process);
        state.write_note(b'-', process);
    }
}

impl LinkState {
    fn write_note(&mut self, sign: u8, process: u32) {
        let Some(notes) = &mut self.notes else { return };
        let [a, b, c, d] = process.to_le_bytes();
        // An error means that the reaper was killed. Its replacement gets all groups.
        let _ = notes.write(&[sign, a, b, c, d]);
    }
}

impl ReaperLink {
    fn lock_state(&self) -> MutexGuard<'_, LinkState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the reaper, and a thread that replaces it if it is killed.
    fn start_watched(self: &Arc<Self>) -> Option<JoinHandle<()>> {
        let reaper = self.start_reaper(&mut self.lock_state()).ok()?;
        let link = Arc::clone(self);
        Some(std::thread::spawn(move || link.replace_killed(reaper)))
    }

    /// Waits for the end of the reaper, and starts it again until the run ends.
    fn replace_killed(&self, mut reaper: Child) {
        loop {
            let _ = reaper.wait();
            let mut state = self.lock_state();
            if state.is_closing {
                return;
            }
            match self.start_reaper(&mut state) {
                Ok(replacement) => reaper = replacement,
                // The calls that follow use a parent-death signal.
                Err(_) => {
                    state.notes = None;
                    return;
                }
            }
            drop(state);
            std::thread::sleep(RESTART_PAUSE);
        }
    }

    /// Starts a reaper and sends it every group that is left.
    fn start_reaper(&self, state: &mut LinkState) -> io::Result<Child> {
        let (reader, notes) = io::pipe()?;
        if state.lifeline.is_none() {
            state.lifeline = Some(io::pipe()?);
        }
        let lifeline = match &state.lifeline {
            Some((lifeline, _)) => Stdio::from(lifeline.try_clone()?),
            None => Stdio::null(),
        };
        // The pipes are stdin and stdout, so the reaper needs no further arguments to find them.
        // Their write ends are close-on-exec, so no child holds them open after the run has died.
        let reaper = reaper_command(&self.program, &self.mark)
            .stdin(reader)
            .stdout(lifeline)
            .spawn()?;
        state.notes = Some(notes);
        for group in state.groups.clone() {
            state.write_note(b'+', group);
        }
        Ok(reaper)
    }
}

/// Returns the command that starts a reaper, without its pipes.
pub(super) fn reaper_command(program: &Path, mark: &str) -> Command {
    let mut command = Command::new(program);
    command
        .arg(REAPER_COMMAND)
        .arg(mark)
        // An inherited stderr would hold the pipes of the process that started the run open after
        // its end.
        .stderr(Stdio::null())
        // The root folder: a reaper in the project's folder would block an unmount of its file
        // system.
        .current_dir(std::path::MAIN_SEPARATOR_STR);
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        // A group of its own: Ctrl-C and a kill of the run's group must not end the reaper with
        // the run.
        command.arg0(PROCESS_NAME).process_group(0);
    }
    command
}

impl Drop for ProcessReaper {
    fn drop(&mut self) {
        let mut state = self.link.lock_state();
        state.is_closing = true;
        // The ends of the pipes must come before the wait, or both would wait for each other.
        state.notes = None;
        state.lifeline = None;
        drop(state);
        let watcher = self
            .watcher
            .take()
            .and_then(|watcher| watcher.into_inner().unwrap_or_else(PoisonError::into_inner));
        if let Some(watcher) = watcher {
            // A regular end waits, so that no marked process is left when the command returns.
            let _ = watcher.join();
        }
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    /// Returns a reaper whose program adds a line to `starts` and copies its notes to `notes`.
    fn recording_reaper(folder: &Path) -> ProcessReaper {
        let program = folder.join("reaper");
        let script =
            "#!/bin/sh\ncd \"${0%/*}\"; exec 3<&0; cat <&3 > notes.$$ &\necho $$ >> starts; wait\n";
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        ProcessReaper::new(program, "a mark".to_owned())
    }

    /// Waits until `count` reapers have started, and returns the number of the last one.
    fn last_start(folder: &Path, count: usize) -> i32 {
        loop {
            let starts = std::fs::read_to_string(folder.join("starts")).unwrap_or_default();
            if starts.ends_with('\n') && starts.lines().count() == count {
                return starts.lines().last().unwrap().parse().unwrap();
            }
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_killed_reaper_is_replaced_and_receives_every_group_that_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let reaper = recording_reaper(folder.path());
        assert!(reaper.mark_command(&mut Command::new("true")));
        reaper.add_group(7);
        reaper.add_group(8);
        reaper.remove_group(7);
        let killed = last_start(folder.path(), 1);
        // A group of its own, so that the `cat` in it ends too.
        let group = rustix::process::Pid::from_raw(killed).unwrap();
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
        let replacement = last_start(folder.path(), 2);
        reaper.add_group(9);
        drop(reaper);
        let notes = std::fs::read(folder.path().join(format!("notes.{replacement}"))).unwrap();
        assert_eq!(notes, *b"+\x08\0\0\0+\x09\0\0\0");
    }
}
