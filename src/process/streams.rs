//! The three pipes of a child, so that none can ever hold us up.
//!
//! A process that has ended may have left another that still holds its pipes, and such a pipe never ends. So each end of
//! ours is asked before it is read or written, and when the child is over what is there is taken and the rest is let go.

use super::Ear;
use super::group::{Alarm, Said};
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::process::{ChildStderr, ChildStdout};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The most lines that are kept for evidence, and the most bytes of one line.
const TAIL_LINES: usize = 40;
const LINE_BYTES: usize = 1000;
/// How many bytes are taken at once.
const PIECE: usize = 1 << 16;

/// A pipe that can be asked.
#[cfg(unix)]
pub trait Pipe: std::os::fd::AsFd {}
#[cfg(unix)]
impl<T: std::os::fd::AsFd> Pipe for T {}
/// A pipe that can be asked.
#[cfg(not(unix))]
pub trait Pipe {}
#[cfg(not(unix))]
impl<T> Pipe for T {}

/// What a pipe says when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Ready,
    NotYet,
}

/// Waits a moment until the pipe can be written.
#[cfg(unix)]
fn ask(pipe: &impl Pipe) -> io::Result<Answer> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    const MOMENT: Timespec = Timespec {
        tv_sec: 0,
        tv_nsec: 100_000_000,
    };
    let mut asked = [PollFd::new(pipe, PollFlags::OUT)];
    match poll(&mut asked, Some(&MOMENT)) {
        Ok(0) | Err(rustix::io::Errno::INTR) => Ok(Answer::NotYet),
        Ok(_) => Ok(Answer::Ready),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere a pipe cannot be asked; writing waits for the other side.
#[cfg(not(unix))]
fn ask(_: &impl Pipe) -> io::Result<Answer> {
    Ok(Answer::Ready)
}

/// Makes writing return what the pipe did not take, in place of waiting for the reader.
#[cfg(unix)]
fn never_wait(pipe: &impl Pipe) -> io::Result<()> {
    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
    let flags = fcntl_getfl(pipe)?;
    Ok(fcntl_setfl(pipe, flags | OFlags::NONBLOCK)?)
}

#[cfg(not(unix))]
fn never_wait(_: &impl Pipe) -> io::Result<()> {
    Ok(())
}

/// Lets a pipe hold as much as an ordinary user may, so that a frame takes a few turns and not hundreds. One that stays
/// narrow works as well.
#[cfg(target_os = "linux")]
fn widen(pipe: &impl Pipe) {
    const WIDE: usize = 1 << 20;
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, WIDE);
}

#[cfg(not(target_os = "linux"))]
fn widen(_: &impl Pipe) {}

/// Writes pieces until there are no more. A process that stopped reading is not an error here: its ending says why.
pub(super) fn pump<E>(
    stdin: Option<impl Write + Pipe>,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, E>,
    over: &AtomicBool,
    ear: &dyn Ear,
) -> Result<io::Result<()>, E> {
    let Some(mut stdin) = stdin else {
        return Ok(Ok(()));
    };
    if let Err(error) = never_wait(&stdin) {
        return Ok(Err(error));
    }
    widen(&stdin);
    while let Some(piece) = next()? {
        if let Err(error) = write(&mut stdin, &piece, over) {
            return Ok(Err(error));
        }
        ear.alive();
    }
    Ok(Ok(()))
}

fn write(stdin: &mut (impl Write + Pipe), mut piece: &[u8], over: &AtomicBool) -> io::Result<()> {
    while !piece.is_empty() {
        if ask(stdin)? == Answer::NotYet {
            if over.load(Ordering::SeqCst) {
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
pub(super) struct Voices<'a, S> {
    stdout: Option<ChildStdout>,
    stderr: Option<ChildStderr>,
    sink: S,
    tail: Tail<'a>,
    /// Where what is said is read to; empty as long as nothing was.
    piece: Vec<u8>,
}

impl<'a, S: FnMut(&[u8])> Voices<'a, S> {
    /// Returns the voices: stdout goes to `sink` piece by piece, stderr to `ear` line by line.
    pub(super) fn new(
        stdout: Option<ChildStdout>,
        stderr: Option<ChildStderr>,
        sink: S,
        ear: &'a dyn Ear,
    ) -> Self {
        let tail = Tail {
            lines: Lines::default(),
            last: VecDeque::new(),
            ear,
        };
        Self {
            stdout,
            stderr,
            sink,
            tail,
            piece: Vec::new(),
        }
    }

    /// Waits until something is said or the process ends, but no longer than this, and hands on what was said.
    pub(super) fn hear(&mut self, alarm: &Alarm, most: Duration) {
        let said = alarm.wait(self.stdout.as_ref(), self.stderr.as_ref(), most);
        self.take(said);
    }

    /// Takes what is there, and returns the last lines of stderr. The process is over: a pipe that another process still
    /// holds, which may never end, is let go.
    pub(super) fn end(mut self) -> String {
        while self.stdout.is_some() || self.stderr.is_some() {
            let said =
                Alarm::default().wait(self.stdout.as_ref(), self.stderr.as_ref(), Duration::ZERO);
            if said == [Said::Nothing; 2] {
                break;
            }
            self.take(said);
        }
        self.tail.finish()
    }

    /// Reads once from each pipe that has something; one that ends or fails is closed.
    fn take(&mut self, [stdout, stderr]: [Said; 2]) {
        if self.piece.is_empty() && (stdout == Said::Words || stderr == Said::Words) {
            self.piece = vec![0; PIECE];
        }
        if !read(&mut self.stdout, stdout, &mut self.piece, &mut self.sink) {
            self.stdout = None;
        }
        let mut keep = |bytes: &[u8]| self.tail.take(bytes);
        if !read(&mut self.stderr, stderr, &mut self.piece, &mut keep) {
            self.stderr = None;
        }
    }
}

/// Reads once, if there is anything, and hands it on; returns whether there may be more.
fn read(
    pipe: &mut Option<impl Read>,
    said: Said,
    piece: &mut [u8],
    sink: &mut impl FnMut(&[u8]),
) -> bool {
    let pipe = match said {
        Said::Nothing => return true,
        Said::End => None,
        Said::Words => pipe.as_mut(),
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
struct Tail<'a> {
    lines: Lines,
    last: VecDeque<String>,
    ear: &'a dyn Ear,
}

impl Tail<'_> {
    fn take(&mut self, bytes: &[u8]) {
        self.ear.alive();
        let (last, ear) = (&mut self.last, self.ear);
        self.lines.take(bytes, &mut |line| keep(last, ear, line));
    }

    fn finish(mut self) -> String {
        let (last, ear) = (&mut self.last, self.ear);
        self.lines.finish(&mut |line| keep(last, ear, line));
        Vec::from(self.last).join("\n")
    }
}

fn keep(last: &mut VecDeque<String>, ear: &dyn Ear, line: &[u8]) {
    let text = escape(line);
    if text.is_empty() {
        return;
    }
    ear.line(&text);
    last.push_back(text);
    if last.len() > TAIL_LINES {
        last.pop_front();
    }
}

/// Cuts a stream into lines. A carriage return ends one too, as progress meters write it; what has no end is cut.
#[derive(Default)]
pub(super) struct Lines {
    open: Vec<u8>,
}

impl Lines {
    pub(super) fn take(&mut self, bytes: &[u8], keep: &mut impl FnMut(&[u8])) {
        for part in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let (text, ends) = match part.split_last() {
                Some((b'\n' | b'\r', text)) => (text, true),
                _ => (part, false),
            };
            self.open.extend_from_slice(text);
            while self.open.len() > LINE_BYTES {
                let rest = self.open.split_off(cut(&self.open));
                keep(&self.open);
                self.open = rest;
            }
            if ends {
                self.finish(keep);
            }
        }
    }

    pub(super) fn finish(&mut self, keep: &mut impl FnMut(&[u8])) {
        keep(&self.open);
        self.open.clear();
    }
}

/// Returns where to cut a line that is too long: not within a character.
fn cut(line: &[u8]) -> usize {
    let is_within = |at: usize| line[at] & 0b1100_0000 == 0b1000_0000;
    (LINE_BYTES - 3..=LINE_BYTES)
        .rev()
        .find(|at| !is_within(*at))
        .unwrap_or(LINE_BYTES)
}

/// Returns a line as text, with control characters and what is not UTF-8 escaped.
pub(super) fn escape(line: &[u8]) -> String {
    let mut text = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() && c != '\t' {
                text.extend(c.escape_default())
            } else {
                text.push(c)
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
        let (mut found, mut lines) = (Vec::new(), Lines::default());
        let mut keep = |line: &[u8]| found.push(escape(line));
        pieces.iter().for_each(|piece| lines.take(piece, &mut keep));
        lines.finish(&mut keep);
        found
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(
            escape(b"caf\xc3\xa9 \xff\xfe \x1b[1m\x00 "),
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
