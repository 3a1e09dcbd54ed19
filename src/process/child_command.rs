//! Runs one child process in its own process group, feeds and drains its pipes, and stops the
//! group.
//!
//! A thread feeds stdin, if there is input. The caller's thread polls stdout, stderr and the exit
//! of the child, and looks at the cancel token every 10 ms. On cancel, the whole group gets TERM
//! and, after the grace period, KILL. When the child has ended, the rest of its group is killed
//! before the child is reaped.

use super::child_pipes::ChildOutputReader;
use super::process_group::{self, ChildPoller, GroupSignal};
use super::{CallOptions, ProcessExit, child_pipes, oom_kills};
use crate::base::{Clock, SystemClock};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Longest wait between two looks at the cancel token.
// Output and exit wake the poll at once, so this bounds only how late a cancel is noticed.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The most bytes of a brief output.
const MAX_BRIEF_BYTES: usize = 64 << 10;

/// A program with its arguments, not started yet.
pub struct ChildCommand {
    command: Command,
}

/// Output of a process that ended successfully.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CapturedOutput {
    /// All bytes of stdout.
    pub stdout: Vec<u8>,
    /// The last 40 lines of stderr, with control characters escaped.
    pub stderr_tail: String,
}

/// Why a call failed. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// It could not be started. A variant of its own: a program that is not there is another
    /// failure than a pipe that breaks.
    #[error("start {}: {source}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// It could not be fed or waited for.
    #[error("{what} {}: {source}", program.display())]
    Io {
        /// `feed` or `wait for`.
        what: &'static str,
        /// Path or name as it was given to the operating system.
        program: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The process ended with a status other than 0, or by a signal.
    #[error("run {program}: it {ending}{}", last_line(evidence))]
    Failed {
        /// File name of the program, without its folder.
        program: String,
        /// Exit status or signal.
        ending: ProcessExit,
        /// The last 40 lines of stderr.
        evidence: String,
    },
    /// The cancel token halted, and the process was stopped.
    #[error("finish: stopped on request")]
    Cancelled,
    /// The process did not end within its time limit, and was killed.
    #[error("run {program}: it did not end within {} s", limit.as_secs())]
    TimedOut {
        /// File name of the program, without its folder.
        program: String,
        /// The limit.
        limit: Duration,
    },
}

/// Why a process was stopped before it ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StopCause {
    /// The cancel token halted.
    Request,
    /// Its time ran out.
    TimeLimit,
}

// Tools print the reason of a failure last. The full tail is in the log of the attempt, so one line
// is enough for the message.
fn last_line(evidence: &str) -> String {
    evidence
        .lines()
        .last()
        .map(|line| format!(" ({line})"))
        .unwrap_or_default()
}

impl ChildCommand {
    /// Takes over the command. Its streams, process group and environment mark are set here and on
    /// start.
    #[must_use]
    pub fn new(mut command: Command) -> Self {
        command
            // An inherited stdin would let a tool wait for the terminal; ffmpeg also reads commands
            // from it.
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Self { command }
    }

    /// Runs without input and returns all output.
    ///
    /// # Errors
    /// Fails when the program cannot be started, ends with an error, or is cancelled.
    pub fn run(self, options: CallOptions<'_>) -> Result<CapturedOutput, CallError> {
        let mut stdout = Vec::new();
        let stderr_tail = self.stream_stdout(options, |bytes| stdout.extend_from_slice(bytes))?;
        Ok(CapturedOutput {
            stdout,
            stderr_tail,
        })
    }

    /// Runs without input and returns the first 64 KiB of its output. For programs that print their
    /// version, of which nothing more is read.
    ///
    /// # Errors
    /// See [`ChildCommand::run`].
    pub fn run_brief(self, options: CallOptions<'_>) -> Result<CapturedOutput, CallError> {
        let mut stdout = Vec::new();
        // The rest is dropped and not refused: a program that waits for its output to be read must
        // still come to its end.
        let stderr_tail = self.stream_stdout(options, |bytes| {
            let space = MAX_BRIEF_BYTES - stdout.len();
            stdout.extend_from_slice(&bytes[..bytes.len().min(space)]);
        })?;
        Ok(CapturedOutput {
            stdout,
            stderr_tail,
        })
    }

    /// Runs without input, passes stdout to `sink` as it arrives, and returns the last lines of
    /// stderr.
    ///
    /// # Errors
    /// See [`ChildCommand::run`].
    pub fn stream_stdout(
        self,
        options: CallOptions<'_>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, CallError> {
        self.run_piped(
            options,
            // The type of an absent feeder cannot be inferred, so it is spelled out.
            None::<fn() -> Result<Option<Vec<u8>>, CallError>>,
            sink,
        )
    }

    /// Runs without input and passes every line of stdout to `on_line`, without its end and with
    /// control characters escaped. A line for which `on_line` returns `true` also goes to the
    /// observer, and so into the log of the attempt beside stderr. Returns the last lines of
    /// stderr.
    ///
    /// # Errors
    /// See [`ChildCommand::run`].
    pub fn stream_lines(
        self,
        options: CallOptions<'_>,
        mut on_line: impl FnMut(&str) -> bool + Send,
    ) -> Result<String, CallError> {
        let mut lines = child_pipes::LineSplitter::default();
        let mut log_line = |line: &[u8]| {
            let text = child_pipes::escape_line(line);
            if !text.is_empty() && on_line(&text) {
                options.observer.on_line(&text);
            }
        };
        let log = self.stream_stdout(options, |bytes| {
            lines.push_bytes(bytes, options.observer, &mut log_line);
        });
        // The last line of a program that was killed has no line end, and often has the reason.
        lines.finish(options.observer, &mut log_line);
        log
    }

    /// Runs with the pieces of `next` as input until it returns `None`, and returns the last lines
    /// of stderr.
    ///
    /// # Errors
    /// See [`ChildCommand::run`]. An error of `next` takes precedence.
    pub fn feed_stdin<E: From<CallError> + Send>(
        mut self,
        options: CallOptions<'_>,
        next: impl FnMut() -> Result<Option<Vec<u8>>, E> + Send,
    ) -> Result<String, E> {
        self.command.stdin(Stdio::piped());
        self.run_piped(options, Some(next), |_| {})
    }

    fn run_piped<E: From<CallError> + Send>(
        mut self,
        options: CallOptions<'_>,
        next: Option<impl FnMut() -> Result<Option<Vec<u8>>, E> + Send>,
        sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, E> {
        let program = Path::new(self.command.get_program()).to_owned();
        let io_error = |what| {
            let program = program.clone();
            move |source| CallError::Io {
                what,
                program,
                source,
            }
        };
        let _span = tracing::info_span!("call", name = file_name_text(&program)).entered();
        // The count is taken before the spawn: a kill during the call shows as a difference.
        let kills = oom_kills::recent_oom_kill_count();
        let child = self
            .spawn_group(options)
            .map_err(|source| CallError::Start {
                program: program.clone(),
                source,
            })?;
        options.observer.on_start(&command_line(&self.command));
        let PipedRun { fed, log, end } = run_pipes(child, options, kills, next, sink);
        // The observer gets all output before the exit event. The feeder's own error comes first,
        // because it may be why the process ended: an encoder fails when its frames stop coming.
        let end =
            end.inspect(|(ending, stopped)| options.observer.on_exit(ending, stopped.is_some()));
        let written = fed?;
        let (ending, stopped) = end.map_err(io_error("wait for"))?;
        // The exit status comes before a write error: a program that fails closes its pipe, and the
        // broken pipe is only the effect.
        if let Some(limit) = options
            .time_limit
            .filter(|_| stopped == Some(StopCause::TimeLimit))
        {
            let program = file_name_text(&program);
            return Err(CallError::TimedOut { program, limit }.into());
        }
        check_exit(&program, ending, stopped, &log)?;
        written.map_err(io_error("feed"))?;
        Ok(log)
    }

    /// Starts the process in a group of its own, which the reaper knows.
    fn spawn_group(&mut self, options: CallOptions<'_>) -> io::Result<Child> {
        // The mark goes into the environment, so it must be set before the spawn. Starting the
        // reaper first also closes the window in which a child exists and nobody would kill it.
        let has_reaper = options
            .reaper
            .is_some_and(|reaper| reaper.mark_command(&mut self.command));
        process_group::set_process_group(&mut self.command, has_reaper);
        let child = self.command.spawn()?;
        options
            .reaper
            // A crash between spawn and this note is covered by the mark in the child's
            // environment.
            .inspect(|reaper| reaper.add_group(child.id()));
        Ok(child)
    }
}

/// What is left of a process that has ended.
struct PipedRun<E> {
    /// Whether all input was written: the feeding side's own error, else the pipe's.
    fed: Result<io::Result<()>, E>,
    /// The last lines of its output.
    log: String,
    /// How it ended, and why it was stopped.
    end: io::Result<(ProcessExit, Option<StopCause>)>,
}

/// Feeds the child, forwards its stdout to `sink`, and returns once its group is dead.
fn run_pipes<E: Send>(
    mut child: Child,
    options: CallOptions<'_>,
    kills: Option<u64>,
    next: Option<impl FnMut() -> Result<Option<Vec<u8>>, E> + Send>,
    mut sink: impl FnMut(&[u8]) + Send,
) -> PipedRun<E> {
    let stdin = child.stdin.take();
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    // The feeder polls this flag: once the child has ended, a pipe that a grandchild still holds
    // would otherwise block it for ever.
    let finished = &AtomicBool::new(false);
    let observer = options.observer;
    // Only stdin needs a second thread. Output is read by the thread that waits: two more threads a
    // call would cost every small process more than its work.
    std::thread::scope(|scope| {
        let feeder = next.map(|next| {
            // Feeding and reading must overlap: a program that fills stdout before it has read its
            // input would otherwise deadlock with us.
            scope.spawn(move || child_pipes::feed_pipe(stdin, next, finished, observer))
        });
        let forward = |bytes: &[u8]| {
            observer.on_activity();
            sink(bytes);
        };
        let mut output = ChildOutputReader::new(stdout, stderr, forward, observer);
        // The poller takes the process id now; `ChildWait` holds the child mutably from here on.
        let poller = ChildPoller::for_child(&child);
        let end = ChildWait {
            child: &mut child,
            options,
        }
        .wait_and_kill_group(kills, || output.poll_and_read(&poller, POLL_INTERVAL));
        // The group is dead here. The feeder notices within one poll of its pipe.
        finished.store(true, Ordering::SeqCst);
        let fed = feeder
            .and_then(|feeder| feeder.join().ok())
            // A feeder that panicked has written nothing more; the exit status then decides.
            .unwrap_or(Ok(Ok(())));
        PipedRun {
            fed,
            log: output.read_to_end(),
            end,
        }
    })
}

/// Returns the name of a program for people, without its folder.
fn file_name_text(program: &Path) -> String {
    program
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn command_line(command: &Command) -> Vec<String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// The wait for one process.
struct ChildWait<'a, 'b> {
    child: &'a mut Child,
    options: CallOptions<'b>,
}

impl ChildWait<'_, '_> {
    /// Polls with `wait_briefly` until the process ends, and kills the rest of its group. Returns
    /// how the process ended, and why it was stopped, if it was.
    fn wait_and_kill_group(
        mut self,
        kills: Option<u64>,
        wait_briefly: impl FnMut(),
    ) -> io::Result<(ProcessExit, Option<StopCause>)> {
        // An error of the wait is returned only at the end: the group must be killed and the child
        // reaped in any case, or a zombie and its children remain.
        let stopped = self.wait_for_exit(wait_briefly);
        // The child has ended but is not reaped, so its number still names this group. After the
        // reap, the system may give the number to another process.
        process_group::signal_group(self.child, GroupSignal::Kill);
        let status = self.child.wait();
        self.options
            .reaper
            // The note goes only after the group is dead, so that the reaper never forgets a group
            // that lives.
            .inspect(|reaper| reaper.remove_group(self.child.id()));
        let status = status?;
        // The count is of the whole machine: a difference says that something was killed for want
        // of memory meanwhile, not that it was this process. No difference rules it out.
        let ran_out = || {
            kills
                .zip(oom_kills::oom_kill_count())
                .map(|(before, after)| after > before)
        };
        // Reading the count costs a parse of /proc/vmstat, so only failures pay for it.
        let memory_ran_out = if status.success() { None } else { ran_out() };
        Ok((ProcessExit::from_status(status, memory_ran_out), stopped?))
    }

    /// Returns once the process has ended: why it was stopped before, if it was.
    fn wait_for_exit(&mut self, mut wait_briefly: impl FnMut()) -> io::Result<Option<StopCause>> {
        let clock = SystemClock::default();
        let mut signalled_at = Duration::ZERO;
        let mut stopped = None;
        // Waits before the first look: a process that has just started has not ended.
        loop {
            wait_briefly();
            if process_group::has_ended(self.child)? {
                return Ok(stopped);
            }
            self.stand_still_while_frozen();
            let time_limit = self.options.time_limit;
            // TERM goes to the whole group, so that a shell's children end with it.
            if stopped.is_none() && self.options.cancel.is_halting() {
                process_group::signal_group(self.child, GroupSignal::Terminate);
                signalled_at = clock.elapsed();
                stopped = Some(StopCause::Request);
            // KILL at once: what has a limit leaves nothing that it would have to tidy up.
            } else if stopped.is_none() && time_limit.is_some_and(|limit| clock.elapsed() >= limit)
            {
                process_group::signal_group(self.child, GroupSignal::Kill);
                signalled_at = clock.elapsed();
                stopped = Some(StopCause::TimeLimit);
            // KILL is repeated each grace period, since a process may fork while the group is
            // killed.
            } else if stopped.is_some()
                && clock.elapsed() >= signalled_at + self.options.grace_period
            {
                process_group::signal_group(self.child, GroupSignal::Kill);
                signalled_at = clock.elapsed();
            }
        }
    }

    /// Stops the group while the run is frozen. A request to stop wakes it, since a stopped process
    /// does not notice TERM.
    fn stand_still_while_frozen(&mut self) {
        let cancel = self.options.cancel;
        // A call with a time limit ends in seconds, and its limit continues in a pause.
        let pause = self
            .options
            .pause
            .filter(|_| self.options.time_limit.is_none());
        if let Some(pause) = pause.filter(|pause| pause.is_frozen() && !cancel.is_halting()) {
            process_group::signal_group(self.child, GroupSignal::Stop);
            pause.wait_while_frozen(cancel);
            process_group::signal_group(self.child, GroupSignal::Continue);
        }
    }
}

fn check_exit(
    program: &Path,
    ending: ProcessExit,
    stopped: Option<StopCause>,
    log: &str,
) -> Result<(), CallError> {
    // A cancelled process usually ends with an error status. Reporting that as a failure would have
    // the retry policy count an attempt that nobody wanted.
    if stopped == Some(StopCause::Request) {
        return Err(CallError::Cancelled);
    }
    if ending.is_success() {
        return Ok(());
    }
    Err(CallError::Failed {
        program: file_name_text(program),
        ending,
        evidence: log.to_owned(),
    })
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::CancelToken;
    use crate::process::ProcessObserver;
    use std::sync::Mutex;

    fn shell(script: &str) -> ChildCommand {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script);
        ChildCommand::new(command)
    }

    /// Waits until a process has written its id into a file, and returns it.
    fn number_in(file: &Path) -> i32 {
        loop {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            if text.ends_with('\n') {
                return text.trim().parse().unwrap();
            }
            std::thread::yield_now();
        }
    }

    fn wait_until_gone(process: i32) {
        let state = || std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        while !(state().is_empty() || state().contains(") Z")) {
            std::thread::yield_now();
        }
    }

    /// Returns a token that halts once a file appears.
    fn halting_when_there(file: &Path) -> CancelToken {
        let cancel = CancelToken::default();
        let halting = cancel.clone();
        let file = file.to_owned();
        std::thread::spawn(move || {
            number_in(&file);
            halting.request_halt();
        });
        cancel
    }

    #[test]
    fn a_failing_program_is_reported_with_its_last_lines() {
        let cancel = CancelToken::default();
        let error = shell("echo one >&2; printf 'two\\033[0m\\n' >&2; exit 3")
            .run(CallOptions::new(&cancel))
            .unwrap_err();
        let CallError::Failed {
            evidence, ending, ..
        } = &error
        else {
            panic!("{error}")
        };
        assert_eq!(
            (evidence.as_str(), ending.status),
            ("one\ntwo\\u{1b}[0m", Some(3))
        );
        assert!(error.to_string().contains("ended with status 3"), "{error}");
    }

    #[test]
    fn input_larger_than_every_pipe_does_not_lock_up() {
        let mut left = 64;
        let next = || {
            left -= 1;
            Ok::<_, CallError>((left >= 0).then(|| vec![b'x'; 1 << 16]))
        };
        // The program fills stderr before it reads anything.
        let call = shell(
            "i=0; while [ $i -lt 3000 ]; do echo 'a long line of words to fill the pipe' >&2; i=$((i+1)); done; wc -c >&2",
        );
        assert!(
            call.feed_stdin(CallOptions::new(&CancelToken::default()), next)
                .unwrap()
                .ends_with("4194304")
        );
    }

    #[test]
    fn a_program_that_stops_reading_is_judged_by_its_status() {
        let error = shell("exit 4")
            .feed_stdin(CallOptions::new(&CancelToken::default()), || {
                Ok::<_, CallError>(Some(vec![0; 1 << 16]))
            })
            .unwrap_err();
        assert!(matches!(error, CallError::Failed { .. }), "{error}");
    }

    #[test]
    fn the_error_of_the_feeding_side_comes_first() {
        let fed = shell("cat; exit 1")
            .feed_stdin(CallOptions::new(&CancelToken::default()), || {
                Err(CallError::Cancelled)
            });
        assert!(matches!(fed, Err(CallError::Cancelled)));
    }

    #[test]
    fn a_halt_ends_the_whole_group() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!("sleep 1000 & echo $! > {}; wait", mark.display());
        let stopped = shell(&script).run(CallOptions::new(&halting_when_there(&mark)));
        assert!(matches!(stopped, Err(CallError::Cancelled)));
        wait_until_gone(number_in(&mark));
    }

    #[test]
    fn a_command_that_ignores_the_signal_is_killed_after_the_grace() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!(
            "trap '' TERM; echo $$ > {}; while true; do sleep 0.01; done",
            mark.display()
        );
        let cancel = halting_when_there(&mark);
        let watch = CallOptions {
            grace_period: Duration::from_millis(20),
            ..CallOptions::new(&cancel)
        };
        assert!(matches!(
            shell(&script).run(watch),
            Err(CallError::Cancelled)
        ));
        wait_until_gone(number_in(&mark));
    }

    #[test]
    fn a_command_over_its_time_limit_is_killed_with_its_group() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!(
            "trap '' TERM; sleep 1000 & echo $! > {}; wait",
            mark.display()
        );
        let cancel = CancelToken::default();
        let watch = CallOptions {
            time_limit: Some(Duration::from_millis(200)),
            ..CallOptions::new(&cancel)
        };
        let error = shell(&script).run(watch).unwrap_err();
        assert!(matches!(error, CallError::TimedOut { .. }), "{error}");
        wait_until_gone(number_in(&mark));
    }

    #[test]
    fn a_process_left_in_the_group_neither_holds_the_call_up_nor_survives_it() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!(
            "sleep 1000 & echo $! > {}; echo out; echo err >&2",
            mark.display()
        );
        let ran = shell(&script)
            .run(CallOptions::new(&CancelToken::default()))
            .unwrap();
        assert_eq!(
            (ran.stdout.as_slice(), ran.stderr_tail.as_str()),
            (&b"out\n"[..], "err")
        );
        wait_until_gone(number_in(&mark));
    }

    #[test]
    fn pipes_held_by_a_process_of_another_session_do_not_hold_the_call_up() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!(
            "setsid sh -c 'echo $$ > {0}; exec sleep 1000' & while [ ! -s {0} ]; do sleep 0.01; done; echo out",
            mark.display()
        );
        let fed = shell(&script).feed_stdin(CallOptions::new(&CancelToken::default()), || {
            Ok::<_, CallError>(Some(vec![0; 1 << 16]))
        });
        assert!(matches!(fed, Err(CallError::Io { what: "feed", .. })));
        let left = rustix::process::Pid::from_raw(number_in(&mark)).unwrap();
        rustix::process::kill_process(left, rustix::process::Signal::KILL).unwrap();
    }

    /// Records its events.
    #[derive(Default)]
    struct RecordingObserver(Mutex<Vec<String>>);

    impl ProcessObserver for RecordingObserver {
        fn on_start(&self, words: &[String]) {
            self.0.lock().unwrap().push(format!("began {}", words[1]));
        }
        fn on_line(&self, line: &str) {
            self.0.lock().unwrap().push(line.to_owned());
        }
        fn on_exit(&self, ending: &ProcessExit, _: bool) {
            self.0.lock().unwrap().push(ending.to_string());
        }
    }

    #[test]
    fn an_observer_gets_start_lines_and_exit_in_order() {
        let scribe = RecordingObserver::default();
        let cancel = CancelToken::default();
        let watch = CallOptions {
            observer: &scribe,
            ..CallOptions::new(&cancel)
        };
        let _ = shell("echo one >&2; printf 'two\\rthree' >&2; kill -9 $$").run(watch);
        assert_eq!(
            *scribe.0.lock().unwrap(),
            [
                "began -c",
                "one",
                "two",
                "three",
                "was killed by signal 9 (KILL)"
            ]
        );
    }
}
