//! A process group of its own for every call: told to end as one, killed as one, and ended with us.

use std::io;
use std::process::{Child, Command};
use std::time::Duration;

/// What to send to a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupSignal {
    /// Asks it to end.
    Terminate,
    /// Ends it.
    Kill,
}

/// Gives the process a group of its own and, on Linux, where no keeper watches over it, ties its life to the thread that
/// waits for it. A keeper reaches further, and costs less: to run code between fork and exec, all of our memory must be
/// mapped into the child first.
#[cfg(unix)]
pub(super) fn set_process_group(command: &mut Command, has_reaper: bool) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
    #[cfg(target_os = "linux")]
    if !has_reaper {
        let parent = rustix::process::getpid();
        let tie = move || {
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
            // The parent may have died between fork and here; then nobody is left to send the signal.
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
        // SAFETY: the closure makes two system calls and neither allocates nor locks, as is required after a fork.
        unsafe {
            command.pre_exec(tie);
        }
    }
}

#[cfg(not(unix))]
pub(super) fn set_process_group(_: &mut Command, _: bool) {}

/// Tells the whole group of a process that was not waited for yet.
#[cfg(unix)]
pub(super) fn signal_group(child: &mut Child, group_signal: GroupSignal) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = if group_signal == GroupSignal::Kill {
        Signal::KILL
    } else {
        Signal::TERM
    };
    if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(not(unix))]
pub(super) fn signal_group(child: &mut Child, _: GroupSignal) {
    let _ = child.kill();
}

/// Returns whether the process has ended. It is not waited for, so that its number still names its group.
#[cfg(unix)]
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
    let Some(process) = Pid::from_raw(child.id().cast_signed()) else {
        return Ok(true);
    };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
    match waitid(WaitId::Pid(process), options) {
        Ok(status) => Ok(status.is_some()),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(unix))]
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    child.try_wait().map(|status| status.is_some())
}

/// What a pipe says when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PipeReadiness {
    /// Nothing so far.
    NotReady,
    /// Something that can be read.
    Readable,
    /// That nothing more will come.
    Closed,
}

/// Wakes when a process ends or says something. The end of a process that has pipes is heard from them: only one that has
/// closed them is asked for otherwise, which costs as much as a pipe.
#[derive(Default)]
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

    /// Returns what can be asked for the end of the process.
    #[cfg(target_os = "linux")]
    fn exit_fd(&self) -> Option<&std::os::fd::OwnedFd> {
        use rustix::process::{PidfdFlags, pidfd_open};
        let open = || pidfd_open(self.process?, PidfdFlags::empty()).ok();
        self.exit_fd.get_or_init(open).as_ref()
    }

    #[cfg(not(target_os = "linux"))]
    pub(super) fn for_child(_: &Child) -> Self {
        Self {}
    }

    /// Waits until the process ends or a pipe has something to say, but no longer than this; returns what each pipe says.
    #[cfg(unix)]
    pub(super) fn poll_pipes(
        &self,
        stdout: Option<&impl std::os::fd::AsFd>,
        stderr: Option<&impl std::os::fd::AsFd>,
        timeout: Duration,
    ) -> [PipeReadiness; 2] {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use std::os::fd::AsFd;
        let (stdout, stderr) = (stdout.map(AsFd::as_fd), stderr.map(AsFd::as_fd));
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
            tv_nsec: timeout.subsec_nanos().into(),
        };
        if poll(&mut poll_fds, Some(&timeout)).is_err() {
            return [PipeReadiness::NotReady; 2];
        }
        let mut revents = poll_fds.iter().map(|poll_fds| poll_fds.revents());
        [stdout, stderr].map(|pipe| match pipe.and_then(|_| revents.next()) {
            None => PipeReadiness::NotReady,
            Some(events) if events.is_empty() => PipeReadiness::NotReady,
            Some(events) if events == PollFlags::HUP => PipeReadiness::Closed,
            Some(_) => PipeReadiness::Readable,
        })
    }

    /// Elsewhere a pipe cannot be asked: reading waits for the other side.
    #[cfg(not(unix))]
    pub(super) fn poll_pipes<A, B>(
        &self,
        stdout: Option<&A>,
        stderr: Option<&B>,
        _: Duration,
    ) -> [PipeReadiness; 2] {
        let said = |is_asked| {
            if is_asked {
                PipeReadiness::Readable
            } else {
                PipeReadiness::NotReady
            }
        };
        [
            said(stdout.is_some()),
            said(stdout.is_none() && stderr.is_some()),
        ]
    }
}

#[cfg(unix)]
fn readable_poll_fd(pipe: std::os::fd::BorrowedFd<'_>) -> rustix::event::PollFd<'_> {
    rustix::event::PollFd::from_borrowed_fd(pipe, rustix::event::PollFlags::IN)
}
