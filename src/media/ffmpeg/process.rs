//! One run of a tool: its own process group, fed and drained on threads of their own, stopped as a group.
//!
//! The approach: one thread feeds stdin, one keeps the tail of stderr, one hands stdout on, and the caller's thread looks
//! for the end and for the cancel request. So neither side can wait for the other with a full pipe. On a cancel the whole
//! group gets TERM and, a grace later, KILL. On Linux the tool also dies with the thread that started it.

use super::error::ToolError;
use crate::base::Cancel;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// How often the end and the cancel request are looked for; an ending tool wakes the watcher at once.
const POLL: Duration = Duration::from_millis(10);
/// How many polls a tool has between TERM and KILL: two seconds.
const GRACE_POLLS: u32 = 200;
/// The most lines and bytes of stderr that are kept.
const TAIL_LINES: usize = 40;
const LINE_BYTES: u64 = 1000;

/// One tool with its arguments, not started yet.
pub struct Call {
    command: Command,
}

/// What a finished tool left behind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ran {
    /// Everything it wrote to stdout.
    pub stdout: Vec<u8>,
    /// The last lines of stderr, control characters escaped.
    pub log: String,
}

impl Call {
    /// Takes over a command; its streams and process group are set here.
    #[must_use]
    pub fn new(mut command: Command) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        isolate(&mut command);
        Self { command }
    }

    /// Runs without input and returns all output.
    ///
    /// # Errors
    /// Fails when the tool cannot be started, ends with an error, or is stopped.
    pub fn run(self, cancel: &Cancel) -> Result<Ran, ToolError> {
        let mut stdout = Vec::new();
        let log = self.drain(cancel, |bytes| stdout.extend_from_slice(bytes))?;
        Ok(Ran { stdout, log })
    }

    /// Runs without input, hands stdout to `sink` piece by piece, and returns the log.
    ///
    /// # Errors
    /// As [`Call::run`].
    pub fn drain(self, cancel: &Cancel, sink: impl FnMut(&[u8]) + Send) -> Result<String, ToolError> {
        self.watch(cancel, None::<fn() -> Result<Option<Vec<u8>>, ToolError>>, sink)
    }

    /// Runs with `next` as input until it returns `None`, and returns the log.
    ///
    /// # Errors
    /// As [`Call::run`], and with the error of `next`, which comes first.
    pub fn feed<E: From<ToolError> + Send>(
        mut self,
        cancel: &Cancel,
        next: impl FnMut() -> Result<Option<Vec<u8>>, E> + Send,
    ) -> Result<String, E> {
        self.command.stdin(Stdio::piped());
        self.watch(cancel, Some(next), |_| {})
    }

    fn watch<E: From<ToolError> + Send>(
        mut self,
        cancel: &Cancel,
        next: Option<impl FnMut() -> Result<Option<Vec<u8>>, E> + Send>,
        mut sink: impl FnMut(&[u8]) + Send,
    ) -> Result<String, E> {
        let program = Path::new(self.command.get_program()).to_owned();
        let fault = |what| {
            let program = program.clone();
            move |source| ToolError::Io { what, program, source }
        };
        let mut child = self.command.spawn().map_err(fault("start"))?;
        let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (ended, ends) = mpsc::channel();
        let (fed, log, status) = std::thread::scope(|scope| {
            let feeder = scope.spawn(move || next.map_or(Ok(Ok(())), |next| pump(stdin, next)));
            let wake = ended.clone();
            let logger = scope.spawn(move || {
                let log = stderr.map(tail).unwrap_or_default();
                let _ = wake.send(());
                log
            });
            let reader = scope.spawn(move || stdout.map_or(Ok(()), |stdout| spill(stdout, &mut sink)));
            let status = wait(&mut child, &ends, cancel);
            let _ = reader.join();
            (feeder.join().unwrap_or(Ok(Ok(()))), logger.join().unwrap_or_default(), status)
        });
        drop(ended);
        let written = fed?;
        let status = status.map_err(fault("wait for"))?.ok_or(ToolError::Cancelled)?;
        judge(&program, status, &log)?;
        written.map_err(fault("feed"))?;
        Ok(log)
    }
}

/// Writes pieces until there are no more. A tool that stopped reading is not an error here: its status says why.
fn pump<E>(
    stdin: Option<impl Write>,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, E>,
) -> Result<io::Result<()>, E> {
    let Some(mut stdin) = stdin else { return Ok(Ok(())) };
    while let Some(piece) = next()? {
        if let Err(error) = stdin.write_all(&piece) {
            return Ok(Err(error));
        }
    }
    Ok(Ok(()))
}

fn spill(mut stdout: impl Read, sink: &mut impl FnMut(&[u8])) -> io::Result<()> {
    let mut piece = vec![0; 1 << 16];
    loop {
        match stdout.read(&mut piece)? {
            0 => return Ok(()),
            length => sink(&piece[..length]),
        }
    }
}

/// Reads to the end and keeps the last lines; a line without an end is cut, never kept whole.
fn tail(stderr: impl Read) -> String {
    let mut reader = BufReader::new(stderr);
    let mut lines: VecDeque<String> = VecDeque::new();
    let mut line = Vec::new();
    while reader.by_ref().take(LINE_BYTES).read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let text = escape(&line);
        line.clear();
        if !text.is_empty() {
            lines.push_back(text);
        }
        if lines.len() > TAIL_LINES {
            lines.pop_front();
        }
    }
    Vec::from(lines).join("\n")
}

fn escape(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    let plain =
        |c: char| if c.is_control() && c != '\t' { c.escape_default().to_string() } else { c.to_string() };
    text.trim_end().chars().map(plain).collect()
}

/// Waits for the end; `None` when the tool was stopped on request.
fn wait(child: &mut Child, ends: &mpsc::Receiver<()>, cancel: &Cancel) -> io::Result<Option<ExitStatus>> {
    let mut polls_since_stop = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(polls_since_stop.is_none().then_some(status));
        }
        polls_since_stop = match polls_since_stop {
            None if cancel.is_halting() => {
                signal(child, false);
                Some(0)
            }
            None => None,
            Some(polls) => {
                if polls == GRACE_POLLS {
                    signal(child, true);
                }
                Some(polls + 1)
            }
        };
        let _ = ends.recv_timeout(POLL);
    }
}

fn judge(program: &Path, status: ExitStatus, log: &str) -> Result<(), ToolError> {
    if status.success() {
        return Ok(());
    }
    let tool = program.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(ToolError::Failed { tool, how: how_it_ended(status), evidence: log.to_owned() })
}

fn how_it_ended(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was killed by signal {signal}");
    }
    status
        .code()
        .map_or_else(|| "ended without a status".to_owned(), |code| format!("ended with status {code}"))
}

/// Gives the tool a process group of its own and, on Linux, ties its life to ours.
#[cfg(unix)]
fn isolate(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
    #[cfg(target_os = "linux")]
    {
        let parent = rustix::process::getpid();
        let tie = move || {
            rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
            // The parent may have died between fork and here; then nobody is left to send the signal.
            let orphaned = rustix::process::getppid() != Some(parent);
            if orphaned { Err(io::Error::from(io::ErrorKind::BrokenPipe)) } else { Ok(()) }
        };
        #[expect(unsafe_code, reason = "there is no safe way to run code between fork and exec")]
        // SAFETY: the closure makes two system calls and neither allocates nor locks, as is required after a fork.
        unsafe {
            command.pre_exec(tie);
        }
    }
}

#[cfg(not(unix))]
fn isolate(_: &mut Command) {}

#[cfg(unix)]
fn signal(child: &mut Child, kill: bool) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = if kill { Signal::KILL } else { Signal::TERM };
    if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(not(unix))]
fn signal(child: &mut Child, _: bool) {
    let _ = child.kill();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Call {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script);
        Call::new(command)
    }

    #[test]
    fn a_failing_tool_is_reported_with_its_last_lines() {
        let error =
            shell("echo one >&2; printf 'two\\033[0m\\n' >&2; exit 3").run(&Cancel::default()).unwrap_err();
        assert_eq!(error.evidence(), "one\ntwo\\u{1b}[0m");
        assert!(error.to_string().contains("ended with status 3"), "{error}");
    }

    #[test]
    fn input_larger_than_every_pipe_does_not_lock_up() {
        let mut left = 64;
        let next = || {
            left -= 1;
            Ok::<_, ToolError>((left >= 0).then(|| vec![b'x'; 1 << 16]))
        };
        // The tool fills stderr before it reads anything.
        let log = shell(
            "i=0; while [ $i -lt 3000 ]; do echo 'a long line of words to fill the pipe' >&2; i=$((i+1)); done; wc -c >&2",
        );
        assert!(log.feed(&Cancel::default(), next).unwrap().ends_with("4194304"));
    }

    #[test]
    fn a_tool_that_stops_reading_is_judged_by_its_status() {
        let endless = || Ok::<_, ToolError>(Some(vec![0; 1 << 16]));
        let error = shell("exit 4").feed(&Cancel::default(), endless).unwrap_err();
        assert!(matches!(error, ToolError::Failed { .. }), "{error}");
    }

    #[test]
    fn the_error_of_the_feeding_side_comes_first() {
        let next = || Err(ToolError::Missing { tool: "x", tried: String::new() });
        assert!(matches!(shell("cat").feed(&Cancel::default(), next), Err(ToolError::Missing { .. })));
    }

    #[test]
    fn a_halt_ends_the_whole_group() {
        let cancel = Cancel::default();
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("pid");
        let script = format!("sleep 1000 & echo $! > {}; wait", mark.display());
        let halting = cancel.clone();
        let watcher = std::thread::spawn({
            let mark = mark.clone();
            move || {
                while !std::fs::read_to_string(&mark).is_ok_and(|text| text.ends_with('\n')) {
                    std::thread::yield_now();
                }
                halting.halt();
            }
        });
        assert!(matches!(shell(&script).run(&cancel), Err(ToolError::Cancelled)));
        watcher.join().unwrap();
        let grandchild: i32 = std::fs::read_to_string(&mark).unwrap().trim().parse().unwrap();
        let state = || std::fs::read_to_string(format!("/proc/{grandchild}/stat")).unwrap_or_default();
        while !(state().is_empty() || state().contains(") Z")) {
            std::thread::yield_now();
        }
    }
}
