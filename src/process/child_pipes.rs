//! The pipes of a child process. No read and no write on them can block for ever.
//!
//! A process may leave a grandchild that still holds its pipes, and such a pipe never reaches its
//! end. So each pipe is polled before it is read or written. Once the child has ended, what is in
//! the pipes is read and the rest is dropped.

use super::ProcessObserver;
use super::process_group::{ChildPoller, PipeReadiness};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::process::{ChildStderr, ChildStdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Lines of stderr in the evidence of a failure, and bytes after which one line is cut.
// A traceback of Python fits. A tool that prints binary data without a line end must not fill the
// memory, hence the limit of a line.
const TAIL_LINES: usize = 40;
const MAX_LINE_BYTES: usize = 1000;
/// Bytes a read takes at most.
// The capacity of a pipe on Linux: one read empties it.
const READ_BUFFER_BYTES: usize = 1 << 16;

/// A pipe with a descriptor that `poll` accepts.
#[cfg(unix)]
pub trait PollablePipe: std::os::fd::AsFd {}
#[cfg(unix)]
impl<T: std::os::fd::AsFd> PollablePipe for T {}
/// A pipe; elsewhere there is no `poll`.
#[cfg(not(unix))]
pub trait PollablePipe {}
#[cfg(not(unix))]
impl<T> PollablePipe for T {}

/// Whether a pipe takes more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteReadiness {
    Ready,
    NotYet,
}

/// Waits up to 100 ms until the pipe can be written.
#[cfg(unix)]
fn poll_writable(pipe: &impl PollablePipe) -> io::Result<WriteReadiness> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    // The wait ends now and then so that the caller sees that the child has ended.
    const MOMENT: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let mut poll_fds = [PollFd::new(pipe, PollFlags::OUT)];
    match poll(&mut poll_fds, Some(&MOMENT)) {
        // A signal is not an error: the caller polls again.
        Ok(0) | Err(rustix::io::Errno::INTR) => Ok(WriteReadiness::NotYet),
        // A pipe whose reader is gone is ready too; the write then fails with the reason.
        Ok(_) => Ok(WriteReadiness::Ready),
        Err(error) => Err(error.into()),
    }
}

/// Always ready: without `poll`, the write itself blocks until the child reads.
#[cfg(not(unix))]
fn poll_writable(_: &impl PollablePipe) -> io::Result<WriteReadiness> {
    Ok(WriteReadiness::Ready)
}

/// Makes a write return after what fits into the pipe.
#[cfg(unix)]
// `poll` reports a pipe as writable when one page is free. A blocking write of a whole frame would
// then still wait for the reader, and never look at `finished`.
fn set_nonblocking(pipe: &impl PollablePipe) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let flags = fcntl_getfl(pipe)?;
    Ok(fcntl_setfl(pipe, flags | OFlags::NONBLOCK)?)
}

#[cfg(not(unix))]
fn set_nonblocking(_: &impl PollablePipe) -> io::Result<()> {
    Ok(())
}

/// Raises the capacity of a pipe to the most that an unprivileged user may set on Linux.
#[cfg(target_os = "linux")]
fn widen_pipe(pipe: &impl PollablePipe) {
    // A raw frame of 1080p has 6 MB: 6 turns with this size, a hundred with the default of 64 KiB.
    // A failure is ignored, since the default works as well.
    const WIDE: usize = 1 << 20;
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, WIDE);
}

#[cfg(not(target_os = "linux"))]
fn widen_pipe(_: &impl PollablePipe) {}

/// Writes the pieces of `next` until it returns `None`. The outer error is that of `next`, the
/// inner one that of the pipe. A pipe that the child closed is not decisive: its exit status says
/// why.
pub(super) fn feed_pipe<E>(
    stdin: Option<impl Write + PollablePipe>,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, E>,
    finished: &AtomicBool,
    observer: &dyn ProcessObserver,
) -> Result<io::Result<()>, E> {
    // There is a feeder only with a piped stdin; without one there is nothing to do.
    let Some(mut stdin) = stdin else {
        return Ok(Ok(()));
    };
    if let Err(error) = set_nonblocking(&stdin) {
        return Ok(Err(error));
    }
    widen_pipe(&stdin);
    while let Some(piece) = next()? {
        if let Err(error) = write_piece(&mut stdin, &piece, finished) {
            return Ok(Err(error));
        }
        // Progress counts once a whole piece was taken, so that a stuck encoder goes silent.
        observer.on_activity();
    }
    Ok(Ok(()))
}

fn write_piece(
    stdin: &mut (impl Write + PollablePipe),
    mut piece: &[u8],
    finished: &AtomicBool,
) -> io::Result<()> {
    while !piece.is_empty() {
        if poll_writable(stdin)? == WriteReadiness::NotYet {
            // The child has ended and a grandchild holds the pipe without reading it.
            if finished.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            continue;
        }
        match stdin.write(piece) {
            Ok(taken) => piece = &piece[taken..],
            Err(error)
                // Poll may report room that the write does not find, and a signal may interrupt it.
                // Either is one more turn.
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads stdout and stderr of a child, on the thread that waits for it.
pub(super) struct ChildOutputReader<'a, S> {
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    sink: S,
    tail: StderrTail<'a>,
    /// Read buffer, empty until there is something to read.
    buffer: Vec<u8>,
}

impl<'a, S: FnMut(&[u8])> ChildOutputReader<'a, S> {
    /// Returns the reader. Bytes of stdout go to `sink`, lines of stderr to `observer`.
    pub(super) fn new(
        stdout: Option<ChildStdout>,
        stderr: Option<ChildStderr>,
        sink: S,
        observer: &'a dyn ProcessObserver,
    ) -> Self {
        let tail = StderrTail {
            lines: LineSplitter::default(),
            last_lines: VecDeque::new(),
            observer,
        };
        Self {
            stdout,
            stderr,
            sink,
            tail,
            // Many calls print nothing; they never allocate the 64 KiB.
            buffer: Vec::new(),
        }
    }

    /// Waits up to `timeout` until there is output or the process ends, and passes on the output.
    pub(super) fn poll_and_read(&mut self, poller: &ChildPoller, timeout: Duration) {
        let readiness = poller.poll_pipes(self.stdout.as_ref(), self.stderr.as_ref(), timeout);
        self.read_ready(readiness);
    }

    /// Reads what is left in the pipes and returns the last lines of stderr. Called after the
    /// process has ended: a pipe that another process holds open is dropped.
    pub(super) fn read_to_end(mut self) -> String {
        while self.stdout.is_some() || self.stderr.is_some() {
            // A poller without a process: the child has been reaped, and its number may be
            // another's.
            let readiness = ChildPoller::default().poll_pipes(
                self.stdout.as_ref(),
                self.stderr.as_ref(),
                Duration::ZERO,
            );
            // Empty but open: a grandchild holds it. Waiting for its end is what must not happen.
            if readiness == [PipeReadiness::NotReady; 2] {
                break;
            }
            self.read_ready(readiness);
        }
        self.tail.finish()
    }

    /// Reads once from each readable pipe. A pipe that has ended or failed is closed.
    fn read_ready(&mut self, [stdout, stderr]: [PipeReadiness; 2]) {
        if self.buffer.is_empty()
            && (stdout == PipeReadiness::Readable || stderr == PipeReadiness::Readable)
        {
            self.buffer = vec![0; READ_BUFFER_BYTES];
        }
        // One read a pipe and turn: a child that floods stdout cannot starve stderr or the cancel
        // token.
        if !read_pipe(&mut self.stdout, stdout, &mut self.buffer, &mut self.sink) {
            self.stdout = None;
        }
        let mut on_line = |bytes: &[u8]| self.tail.push_bytes(bytes);
        if !read_pipe(&mut self.stderr, stderr, &mut self.buffer, &mut on_line) {
            self.stderr = None;
        }
    }
}

/// Reads once if the pipe is readable and passes the bytes on. Returns whether more may come.
fn read_pipe(
    pipe: &mut Option<impl Read>,
    readiness: PipeReadiness,
    piece: &mut [u8],
    sink: &mut impl FnMut(&[u8]),
) -> bool {
    let pipe = match readiness {
        PipeReadiness::NotReady => return true,
        PipeReadiness::Closed => None,
        PipeReadiness::Readable => pipe.as_mut(),
    };
    match pipe.map(|pipe| pipe.read(piece)) {
        Some(Ok(length)) if length > 0 => {
            sink(&piece[..length]);
            true
        }
        // Any other error closes the pipe: the exit status says what happened, and a retry would
        // spin.
        Some(Err(error)) => error.kind() == io::ErrorKind::Interrupted,
        _ => false,
    }
}

/// Splits stderr into lines and holds the last [`TAIL_LINES`] of them.
struct StderrTail<'a> {
    lines: LineSplitter,
    last_lines: VecDeque<String>,
    observer: &'a dyn ProcessObserver,
}

impl StderrTail<'_> {
    fn push_bytes(&mut self, bytes: &[u8]) {
        self.observer.on_activity();
        let last_lines = &mut self.last_lines;
        let observer = self.observer;
        self.lines.push_bytes(bytes, observer, &mut |line| {
            push_tail_line(last_lines, observer, line);
        });
    }

    fn finish(mut self) -> String {
        let last_lines = &mut self.last_lines;
        let observer = self.observer;
        self.lines.finish(observer, &mut |line| {
            push_tail_line(last_lines, observer, line);
        });
        Vec::from(self.last_lines).join("\n")
    }
}

fn push_tail_line(last_lines: &mut VecDeque<String>, observer: &dyn ProcessObserver, line: &[u8]) {
    let text = escape_line(line);
    // Empty lines would push the reason out of the tail.
    if text.is_empty() {
        return;
    }
    observer.on_line(&text);
    last_lines.push_back(text);
    if last_lines.len() > TAIL_LINES {
        last_lines.pop_front();
    }
}

/// Splits bytes into lines. A carriage return also ends a line, since progress meters end theirs
/// so. A line longer than [`MAX_LINE_BYTES`] is cut.
#[derive(Default)]
pub(super) struct LineSplitter {
    partial_line: Vec<u8>,
}

impl LineSplitter {
    /// Passes each line on without its end. `observer` hides the secrets of a line that is cut.
    pub(super) fn push_bytes(
        &mut self,
        bytes: &[u8],
        observer: &dyn ProcessObserver,
        on_line: &mut impl FnMut(&[u8]),
    ) {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, ends) = match part.split_last() {
                Some((b'\n' | b'\r', text)) => (text, true),
                _ => (part, false),
            };
            // A read ends anywhere, so the start of a line waits here for its rest.
            self.partial_line.extend_from_slice(text);
            if self.partial_line.len() > MAX_LINE_BYTES {
                self.cut_line(
                    if ends { 0 } else { observer.longest_secret() },
                    observer,
                    on_line,
                );
            }
            if ends {
                self.finish(observer, on_line);
            }
        }
    }

    /// Passes on the beginning of a line that is too long, and keeps at least the last `held`
    /// bytes: a secret may have begun in them.
    fn cut_line(
        &mut self,
        held: usize,
        observer: &dyn ProcessObserver,
        on_line: &mut impl FnMut(&[u8]),
    ) {
        if self.partial_line.len() <= MAX_LINE_BYTES + held {
            return;
        }
        observer.redact_line(&mut self.partial_line);
        let mut start = 0;
        while self.partial_line.len() - start > MAX_LINE_BYTES + held {
            let end = start + cut_position(&self.partial_line[start..]);
            on_line(&self.partial_line[start..end]);
            start = end;
        }
        self.partial_line.drain(..start);
    }

    /// Passes on what is left after the last end of a line.
    pub(super) fn finish(
        &mut self,
        observer: &dyn ProcessObserver,
        on_line: &mut impl FnMut(&[u8]),
    ) {
        // The end of a stream is an end of a line: nothing more can complete a secret.
        self.cut_line(0, observer, on_line);
        on_line(&self.partial_line);
        self.partial_line.clear();
    }
}

/// Returns where to cut a line that is too long: at most 3 bytes before the limit, so that no UTF-8
/// character is split.
fn cut_position(line: &[u8]) -> usize {
    let is_within = |index: usize| line[index] & 0b1100_0000 == 0b1000_0000;
    (MAX_LINE_BYTES - 3..=MAX_LINE_BYTES)
        .rev()
        .find(|index| !is_within(*index))
        // Four continuation bytes in a row are not UTF-8; then any cut is as good.
        .unwrap_or(MAX_LINE_BYTES)
}

/// Returns the line as text. Control characters and bytes that are not UTF-8 are escaped.
pub(super) fn escape_line(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
    // Escape sequences of a tool must not reach the user's terminal. Replacing bad bytes with
    // U+FFFD would lose them, and they are often part of a path.
    for chunk in line.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() && c != '\t' {
                text.extend(c.escape_default());
            } else {
                text.push(c);
            }
        }
        chunk
            .invalid()
            .iter()
            .for_each(|byte| text.push_str(&format!("\\x{byte:02x}")));
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::NoopObserver;
    use proptest::prelude::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let mut found = Vec::new();
        let mut lines = LineSplitter::default();
        let mut keep = |line: &[u8]| found.push(escape_line(line));
        pieces
            .iter()
            .for_each(|piece| lines.push_bytes(piece, &NoopObserver, &mut keep));
        lines.finish(&NoopObserver, &mut keep);
        found
    }

    /// Hides one secret.
    struct SecretObserver;

    impl ProcessObserver for SecretObserver {
        fn longest_secret(&self) -> usize {
            "hunter2-hunter2".len()
        }
        fn redact_line(&self, line: &mut Vec<u8>) {
            let text = String::from_utf8_lossy(line).replace("hunter2-hunter2", "[hidden]");
            *line = text.into_bytes();
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(
            escape_line(b"caf\xc3\xa9 \xff\xfe \x1b[1m\x00 "),
            "café \\xff\\xfe \\u{1b}[1m\\u{0}"
        );
    }

    #[test]
    fn a_line_without_an_end_is_cut_between_characters() {
        let found = lines(&["é".repeat(1200).as_bytes()]);
        assert_eq!(
            found
                .iter()
                .map(|line| line.chars().count())
                .collect::<Vec<_>>(),
            [500, 500, 200]
        );
    }

    proptest! {
        #[test]
        fn a_cut_never_leaves_half_a_secret(before in 900usize..2100, after in 0usize..1200, piece in 1usize..700) {
            let text = format!("{}hunter2-hunter2{}", "x".repeat(before), "y".repeat(after));
            let mut found = Vec::new();
            let mut lines = LineSplitter::default();
            // The writer of a line hides what is whole in it.
            let mut keep = |line: &[u8]| {
                let mut line = line.to_vec();
                SecretObserver.redact_line(&mut line);
                found.push(escape_line(&line));
            };
            for bytes in text.as_bytes().chunks(piece) {
                lines.push_bytes(bytes, &SecretObserver, &mut keep);
            }
            lines.finish(&SecretObserver, &mut keep);
            let longest = found.iter().map(String::len).max().unwrap_or(0);
            prop_assert!(longest <= MAX_LINE_BYTES, "{longest}");
            let all = found.concat();
            prop_assert!(!all.contains("hunter2") && all.contains("[hidden]"), "{all}");
        }

        #[test]
        fn pieces_of_any_length_give_the_same_lines(text in "[a-zé\n\r]{0,300}", at in 0usize..300) {
            let bytes = text.as_bytes();
            let (one, two) = bytes.split_at(at.min(bytes.len()));
            prop_assert_eq!(lines(&[bytes]), lines(&[one, two]));
        }

        #[test]
        fn arbitrary_bytes_become_printable_text(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
            for line in lines(&[&bytes]) {
                prop_assert!(line.chars().all(|c| !c.is_control() || c == '\t'));
            }
        }
    }
}
