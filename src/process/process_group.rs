//! Process groups: signals to a child with all its descendants, and polls for its output and exit.

use std::io;
use std::process::{Child, Command};
use std::time::Duration;

/// Signal to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupSignal {
    /// Asks the processes to end (TERM).
    Terminate,
    /// Ends the processes (KILL).
    Kill,
    /// Lets the processes stand still (STOP).
    Stop,
    /// Lets them go on (CONT).
    Continue,
}

/// Gives the process its own group. On Linux without a reaper, also has it killed when the thread
/// that started it dies.
#[cfg(unix)]
pub(super) fn set_process_group(command: &mut Command, has_reaper: bool) {
    use std::os::unix::process::CommandExt;
    // A group of its own means that Ctrl-C in a terminal reaches only us, and that we decide how
    // the child ends. It also means that nothing ends the child if we are killed, hence the rest.
    command.process_group(0);
    #[cfg(target_os = "linux")]
    // The reaper also reaches grandchildren, and costs less: code between fork and exec forces the
    // slow fork path, which copies the map of all our memory.
    if !has_reaper {
        let parent = rustix::process::getpid();
        let tie = move || {
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
            // The parent may have died between fork and this line. No signal would come then.
            let orphaned = rustix::process::getppid() != Some(parent);
            if orphaned {
                Err(io::Error::from(io::ErrorKind::BrokenPipe))
            } else {
                Ok(())
            }
        };
        #[expect(
            unsafe_code,
            reason = "there is no safe way to run code between fork and exec"
        )]
        // SAFETY: the closure makes two system calls. It neither allocates nor locks, as is
        // required after a fork.
        unsafe {
            command.pre_exec(tie);
        }
    }
}

#[cfg(not(unix))]
pub(super) fn set_process_group(_: &mut Command, _: bool) {}

/// Sends a signal to the group of a process that has not been reaped yet.
#[cfg(unix)]
pub(super) fn signal_group(child: &mut Child, group_signal: GroupSignal) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = match group_signal {
        GroupSignal::Terminate => Signal::TERM,
        GroupSignal::Kill => Signal::KILL,
        GroupSignal::Stop => Signal::STOP,
        GroupSignal::Continue => Signal::CONT,
    };
    if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
        // The group may be gone already, which is what the signal was for.
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(not(unix))]
pub(super) fn signal_group(child: &mut Child, group_signal: GroupSignal) {
    // Only Unix can let processes stand still. Elsewhere they run on, and only new jobs wait.
    if matches!(group_signal, GroupSignal::Terminate | GroupSignal::Kill) {
        let _ = child.kill();
    }
}

/// Returns whether the process has ended, without reaping it.
#[cfg(unix)]
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let Some(process) = Pid::from_raw(child.id().cast_signed()) else {
        return Ok(true);
    };
    // NOWAIT leaves a zombie. Its number cannot be reused, so the group can still be killed safely.
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    match waitid(WaitId::Pid(process), options) {
        Ok(status) => Ok(status.is_some()),
        // The caller polls again within 10 ms.
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    child.try_wait().map(|status| status.is_some())
}

/// State of a pipe after a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PipeReadiness {
    /// Open, and nothing to read.
    NotReady,
    /// Bytes, an end or an error to read.
    Readable,
    /// At its end, with nothing left to read.
    Closed,
}

/// Polls the pipes and the exit of a process.
#[derive(Default)]
// The end of a process usually shows as the end of its pipes. A pidfd is opened only for a process
// that has closed both, since opening one costs as much as a pipe.
pub(super) struct ChildPoller {
    #[cfg(target_os = "linux")]
    process: Option<rustix::process::Pid>,
    #[cfg(target_os = "linux")]
    exit_fd: std::cell::OnceCell<Option<std::os::fd::OwnedFd>>,
}

impl ChildPoller {
    #[cfg(target_os = "linux")]
    pub(super) fn for_child(child: &Child) -> Self {
        let process = rustix::process::Pid::from_raw(child.id().cast_signed());
        Self {
            process,
            exit_fd: std::cell::OnceCell::new(),
        }
    }

    /// Returns a descriptor that becomes readable when the process ends. `None`: the kernel has no
    /// pidfd.
    #[cfg(target_os = "linux")]
    fn exit_fd(&self) -> Option<&std::os::fd::OwnedFd> {
        use rustix::process::{PidfdFlags, pidfd_open};
        // Without a pidfd (kernels before 5.3) the poll runs into its timeout, and `has_ended`
        // finds the exit.
        self.exit_fd
            .get_or_init(|| pidfd_open(self.process?, PidfdFlags::empty()).ok())
            .as_ref()
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn for_child(_: &Child) -> Self {
        Self {}
    }

    /// Waits up to `timeout` until the process ends or a pipe is ready. Returns the state of stdout
    /// and stderr.
    #[cfg(unix)]
    pub(super) fn poll_pipes(
        &self,
        stdout: Option<&impl std::os::fd::AsFd>,
        stderr: Option<&impl std::os::fd::AsFd>,
        timeout: Duration,
    ) -> [PipeReadiness; 2] {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use std::os::fd::AsFd;
        let stdout = stdout.map(AsFd::as_fd);
        let stderr = stderr.map(AsFd::as_fd);
        // Closed pipes are left out: they would be ready for ever, and the poll would spin.
        let mut poll_fds: Vec<PollFd<'_>> = [stdout, stderr]
            .into_iter()
            .flatten()
            .map(readable_poll_fd)
            .collect();
        #[cfg(target_os = "linux")]
        if poll_fds.is_empty() {
            poll_fds.extend(self.exit_fd().map(|end| PollFd::new(end, PollFlags::IN)));
        }
        let timeout = Timespec {
            tv_sec: 0,
            // Callers pass 10 ms or nothing, so the seconds are always 0.
            tv_nsec: timeout.subsec_nanos().into(),
        };
        // An interrupted poll is an empty one; the caller polls again.
        if poll(&mut poll_fds, Some(&timeout)).is_err() {
            return [PipeReadiness::NotReady; 2];
        }
        // Results are in the order of the open pipes, so each open pipe takes the next one.
        let mut revents = poll_fds.iter().map(|poll_fds| poll_fds.revents());
        [stdout, stderr].map(|pipe| match pipe.and_then(|_| revents.next()) {
            None => PipeReadiness::NotReady,
            Some(events) if events.is_empty() => PipeReadiness::NotReady,
            // HUP with IN has bytes left, which must be read before the pipe is closed.
            Some(events) if events == PollFlags::HUP => PipeReadiness::Closed,
            Some(_) => PipeReadiness::Readable,
        })
    }

    /// Without `poll`, reports one open pipe as readable; the read then blocks until the child
    /// writes.
    #[cfg(not(unix))]
    pub(super) fn poll_pipes<A, B>(
        &self,
        stdout: Option<&A>,
        stderr: Option<&B>,
        _: Duration,
    ) -> [PipeReadiness; 2] {
        // Only one pipe at a time may be reported, or the second read would block behind the first.
        let readiness = |is_polled| {
            if is_polled {
                PipeReadiness::Readable
            } else {
                PipeReadiness::NotReady
            }
        };
        [
            readiness(stdout.is_some()),
            readiness(stdout.is_none() && stderr.is_some()),
        ]
    }
}

#[cfg(unix)]
fn readable_poll_fd(pipe: std::os::fd::BorrowedFd<'_>) -> rustix::event::PollFd<'_> {
    rustix::event::PollFd::from_borrowed_fd(pipe, rustix::event::PollFlags::IN)
}
