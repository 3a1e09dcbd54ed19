//! The first write of a result that failed. A result that is cut short must not pass for a whole
//! one, so it changes the exit code of every command.
//!
//! Progress and hints are no results: a run whose progress cannot be shown is still done.

use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, OnceLock};

/// The standard streams that the program was started without.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ClosedStreams {
    /// Standard output.
    pub output: bool,
    /// Standard error.
    pub error: bool,
}

/// Where results went that could not be written, and why. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct OutputFailure(Arc<OnceLock<(String, io::Error)>>);

impl ClosedStreams {
    /// Returns how a write to standard output ended: it failed if the stream was closed, although
    /// the null device in its place took it.
    pub(super) fn output_write(self, written: io::Result<()>) -> io::Result<()> {
        if self.output {
            Err(closed_error())
        } else {
            written
        }
    }

    /// Returns how a write to standard error ended.
    pub(super) fn error_write(self, written: io::Result<()>) -> io::Result<()> {
        if self.error {
            Err(closed_error())
        } else {
            written
        }
    }
}

#[cfg(unix)]
fn closed_error() -> io::Error {
    io::Error::from_raw_os_error(libc::EBADF)
}

#[cfg(not(unix))]
fn closed_error() -> io::Error {
    io::Error::other("the stream is closed")
}

impl OutputFailure {
    /// Notes how a write to `target` ended. Only the first failure is recorded: the others follow
    /// from it.
    pub(super) fn note_write(&self, target: &str, written: io::Result<()>) {
        match written {
            // The reader of a pipe has what it wanted, as in `production list | head`.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                let _ = self.0.set((target.to_owned(), error));
            }
            _ => {}
        }
    }

    /// Returns the failure as a fragment that reads after "failed to". `None`: everything was
    /// written.
    pub(super) fn failure_text(&self) -> Option<String> {
        let (target, error) = self.0.get()?;
        Some(format!("write {target}: {error}; the output is cut short"))
    }

    /// Returns a writer to `out` that notes failures under the name `target`.
    pub(super) fn noting_writer(
        &self,
        target: String,
        out: impl Write + 'static,
    ) -> Box<dyn Write> {
        Box::new(NotingWriter {
            out,
            target,
            failure: self.clone(),
        })
    }
}

/// A writer whose failures end the command with an error, although its user only stops writing.
struct NotingWriter<W> {
    out: W,
    target: String,
    failure: OutputFailure,
}

impl<W: Write> NotingWriter<W> {
    fn note<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            // An interrupted write is tried again by the caller.
            if error.kind() != ErrorKind::Interrupted {
                let copy = error
                    .raw_os_error()
                    .map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
                self.failure.note_write(&self.target, Err(copy));
            }
        }
        result
    }
}

impl<W: Write> Write for NotingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.note(flushed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_stored_and_a_closed_pipe_is_none() {
        let failure = OutputFailure::default();
        failure.note_write("one", Ok(()));
        failure.note_write("one", Err(ErrorKind::BrokenPipe.into()));
        assert_eq!(failure.failure_text(), None);
        failure.note_write("two", Err(ErrorKind::StorageFull.into()));
        failure
            .clone()
            .note_write("three", Err(ErrorKind::QuotaExceeded.into()));
        let text = failure.failure_text().unwrap();
        assert!(text.starts_with("write two: "), "{text}");
    }

    #[test]
    fn a_writer_notes_what_its_user_ignores() {
        let mut full = [0_u8; 4];
        let failure = OutputFailure::default();
        let mut writer = NotingWriter {
            out: &mut full[..],
            target: "events".to_owned(),
            failure: failure.clone(),
        };
        assert_eq!(writer.write(b"four").unwrap(), 4);
        assert_eq!(failure.failure_text(), None);
        let refused = writer.note::<()>(Err(ErrorKind::StorageFull.into()));
        assert!(refused.is_err());
        assert!(failure.failure_text().unwrap().contains("events"));
    }
}
