//! The three pipes of a child, so that none can ever hold us up.
//!
//! A process that has ended may have left another that still holds its pipes, and such a pipe never ends. So each end of
//! ours is asked before it is read or written, and when the child is over what is there is taken and the rest is let go.

use super::ProcessObserver;
use super::process_group::{ChildPoller, PipeReadiness};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::process::{ChildStderr, ChildStdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The most lines that are kept for evidence, and the most bytes of one line.
const TAIL_LINES: usize = 40;
const MAX_LINE_BYTES: usize = 1000;
/// How many bytes are taken at once.
const READ_BUFFER_BYTES: usize = 1 << 16;

/// A pipe that can be asked.
#[cfg(unix)]
pub trait PollablePipe: std::os::fd::AsFd {}
#[cfg(unix)]
impl<T: std::os::fd::AsFd> PollablePipe for T {}
/// A pipe that can be asked.
#[cfg(not(unix))]
pub trait PollablePipe {}
#[cfg(not(unix))]
impl<T> PollablePipe for T {}

/// What a pipe says when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum WriteReadiness {
    Ready,
    NotYet,
}

/// Waits a moment until the pipe can be written.
#[cfg(unix)]
fn poll_writable(pipe: &impl PollablePipe) -> io::Result<WriteReadiness> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    const MOMENT: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let mut poll_fds = [PollFd::new(pipe, PollFlags::OUT)];
    match poll(&mut poll_fds, Some(&MOMENT)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => Ok(WriteReadiness::NotYet),
        Ok(_) => Ok(WriteReadiness::Ready),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere a pipe cannot be asked; writing waits for the other side.
#[cfg(not(unix))]
fn poll_writable(_: &impl PollablePipe) -> io::Result<WriteReadiness> {
    Ok(WriteReadiness::Ready)
}

/// Makes writing return what the pipe did not take, in place of waiting for the reader.
#[cfg(unix)]
fn set_nonblocking(pipe: &impl PollablePipe) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let flags = fcntl_getfl(pipe)?;
    Ok(fcntl_setfl(pipe, flags | OFlags::NONBLOCK)?)
}

#[cfg(not(unix))]
fn set_nonblocking(_: &impl PollablePipe) -> io::Result<()> {
    Ok(())
}

/// Lets a pipe hold as much as an ordinary user may, so that a frame takes a few turns and not hundreds. One that stays
/// narrow works as well.
#[cfg(target_os = "linux")]
fn widen_pipe(pipe: &impl PollablePipe) {
    const WIDE: usize = 1 << 20;
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, WIDE);
}

#[cfg(not(target_os = "linux"))]
fn widen_pipe(_: &impl PollablePipe) {}

/// Writes pieces until there are no more. A process that stopped reading is not an error here: its ending says why.
pub(super) fn feed_pipe<E>(
    stdin: Option<impl Write + PollablePipe>,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, E>,
    finished: &AtomicBool,
    observer: &dyn ProcessObserver,
) -> Result<io::Result<()>, E> {
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
            if finished.load(Ordering::SeqCst) {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            continue;
        }
        match stdin.write(piece) {
            Ok(taken) => piece = &piece[taken..],
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted
                ) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What a child says on stdout and stderr, heard by whoever waits for its end.
pub(super) struct ChildOutputReader<'a, S> {
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    sink: S,
    tail: StderrTail<'a>,
    /// Where what is said is read to; empty as long as nothing was.
    buffer: Vec<u8>,
}

impl<'a, S: FnMut(&[u8])> ChildOutputReader<'a, S> {
    /// Returns the voices: stdout goes to `sink` piece by piece, stderr to `ear` line by line.
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
            buffer: Vec::new(),
        }
    }

    /// Waits until something is said or the process ends, but no longer than this, and hands on what was said.
    pub(super) fn poll_and_read(&mut self, poller: &ChildPoller, timeout: Duration) {
        let readiness = poller.poll_pipes(self.stdout.as_ref(), self.stderr.as_ref(), timeout);
        self.read_ready(readiness);
    }

    /// Takes what is there, and returns the last lines of stderr. The process is over: a pipe that another process still
    /// holds, which may never end, is let go.
    pub(super) fn read_to_end(mut self) -> String {
        while self.stdout.is_some() || self.stderr.is_some() {
            let readiness = ChildPoller::default().poll_pipes(
                self.stdout.as_ref(),
                self.stderr.as_ref(),
                Duration::ZERO,
            );
            if readiness == [PipeReadiness::NotReady; 2] {
                break;
            }
            self.read_ready(readiness);
        }
        self.tail.finish()
    }

    /// Reads once from each pipe that has something; one that ends or fails is closed.
    fn read_ready(&mut self, [stdout, stderr]: [PipeReadiness; 2]) {
        if self.buffer.is_empty()
            && (stdout == PipeReadiness::Readable || stderr == PipeReadiness::Readable)
        {
            self.buffer = vec![0; READ_BUFFER_BYTES];
        }
        if !read_pipe(&mut self.stdout, stdout, &mut self.buffer, &mut self.sink) {
            self.stdout = None;
        }
        let mut on_line = |bytes: &[u8]| self.tail.push_bytes(bytes);
        if !read_pipe(&mut self.stderr, stderr, &mut self.buffer, &mut on_line) {
            self.stderr = None;
        }
    }
}

/// Reads once, if there is anything, and hands it on; returns whether there may be more.
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
        Some(Err(error)) => error.kind() == io::ErrorKind::Interrupted,
        _ => false,
    }
}

/// The last lines of stderr.
struct StderrTail<'a> {
    lines: LineSplitter,
    last_lines: VecDeque<String>,
    observer: &'a dyn ProcessObserver,
}

impl StderrTail<'_> {
    fn push_bytes(&mut self, bytes: &[u8]) {
        self.observer.on_activity();
        let (last_lines, observer) = (&mut self.last_lines, self.observer);
        self.lines.push_bytes(bytes, &mut |line| {
            push_tail_line(last_lines, observer, line);
        });
    }

    fn finish(mut self) -> String {
        let (last_lines, observer) = (&mut self.last_lines, self.observer);
        self.lines
            .finish(&mut |line| push_tail_line(last_lines, observer, line));
        Vec::from(self.last_lines).join("\n")
    }
}

fn push_tail_line(last_lines: &mut VecDeque<String>, observer: &dyn ProcessObserver, line: &[u8]) {
    let text = escape_line(line);
    if text.is_empty() {
        return;
    }
    observer.on_line(&text);
    last_lines.push_back(text);
    if last_lines.len() > TAIL_LINES {
        last_lines.pop_front();
    }
}

/// Cuts a stream into lines. A carriage return ends one too, as progress meters write it; what has no end is cut.
#[derive(Default)]
pub(super) struct LineSplitter {
    partial_line: Vec<u8>,
}

impl LineSplitter {
    pub(super) fn push_bytes(&mut self, bytes: &[u8], on_line: &mut impl FnMut(&[u8])) {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, ends) = match part.split_last() {
                Some((b'\n' | b'\r', text)) => (text, true),
                _ => (part, false),
            };
            self.partial_line.extend_from_slice(text);
            while self.partial_line.len() > MAX_LINE_BYTES {
                let rest = self
                    .partial_line
                    .split_off(cut_position(&self.partial_line));
                on_line(&self.partial_line);
                self.partial_line = rest;
            }
            if ends {
                self.finish(on_line);
            }
        }
    }

    pub(super) fn finish(&mut self, on_line: &mut impl FnMut(&[u8])) {
        on_line(&self.partial_line);
        self.partial_line.clear();
    }
}

/// Returns where to cut a line that is too long: not within a character.
fn cut_position(line: &[u8]) -> usize {
    let is_within = |index: usize| line[index] & 0b1100_0000 == 0b1000_0000;
    (MAX_LINE_BYTES - 3..=MAX_LINE_BYTES)
        .rev()
        .find(|index| !is_within(*index))
        .unwrap_or(MAX_LINE_BYTES)
}

/// Returns a line as text, with control characters and what is not UTF-8 escaped.
pub(super) fn escape_line(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
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
    use proptest::prelude::*;

    fn lines(pieces: &[&[u8]]) -> Vec<String> {
        let (mut found, mut lines) = (Vec::new(), LineSplitter::default());
        let mut keep = |line: &[u8]| found.push(escape_line(line));
        pieces
            .iter()
            .for_each(|piece| lines.push_bytes(piece, &mut keep));
        lines.finish(&mut keep);
        found
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
