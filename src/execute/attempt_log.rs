//! The log of one attempt: a header, what its child processes printed, a footer.
//!
//! A file is only created if there is something to read: a child printed something, or the attempt
//! failed. The beginning is written as it arrives, so that it can be followed. If there is more
//! than a file may hold, the last part is written at the end, and a line says how much was left out
//! between. A log that cannot be written stops nothing.

use crate::base::FileSpan;
use crate::base::shell_quoting::readable_shell_word;
use crate::model::Job;
use crate::process::{ProcessExit, SecretRedactor};
use crate::producers::{JobFailure, JobProducer};
use crate::store::StoreLayout;
use crate::store::disk::AppendFile;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// The most bytes that are written of the beginning, and of the end.
// The beginning has the versions and options of the tool, the end has the error. A tool that
// repeats a warning for each pixel must not fill the disk between them.
const HEAD_BYTES: usize = 1 << 20;
const TAIL_BYTES: usize = 1 << 20;

/// What the logs of a run have in common.
#[derive(Clone, Copy)]
pub struct LogContext<'a> {
    /// The revision of the run.
    pub revision: &'a str,
    /// The machine's name.
    pub host: &'a str,
    /// The secrets that must not be written.
    pub secrets: &'a SecretRedactor,
    /// Returns the place in the document that asks for a job, as `file:line:column`.
    pub locate_origin: &'a (dyn Fn(FileSpan) -> String + Sync),
}

/// The attempt that a log is about.
#[derive(Clone, Copy)]
pub(super) struct LogSubject<'a> {
    pub(super) job: &'a Job,
    /// The number of the attempt, from 1.
    pub(super) attempt: u32,
    /// Its provider is named in the header.
    pub(super) producer: &'a dyn JobProducer,
    pub(super) layout: &'a StoreLayout,
    pub(super) started: jiff::Timestamp,
}

/// The log of one attempt.
pub(super) struct AttemptLog<'a> {
    subject: LogSubject<'a>,
    context: LogContext<'a>,
    file: Option<Box<dyn AppendFile>>,
    /// The calls of tools, as long as none of them printed anything.
    pending_text: String,
    head_bytes: usize,
    tail: VecDeque<String>,
    tail_bytes: usize,
    // Lines and bytes that were left out.
    omitted: (usize, usize),
}

impl<'a> AttemptLog<'a> {
    /// Returns the log of an attempt. Nothing is written yet.
    pub(super) fn new(subject: LogSubject<'a>, context: LogContext<'a>) -> Self {
        let pending_text = String::new();
        let tail = VecDeque::new();
        Self {
            subject,
            context,
            file: None,
            pending_text,
            head_bytes: 0,
            tail,
            tail_bytes: 0,
            omitted: (0, 0),
        }
    }

    fn file_path(&self) -> PathBuf {
        self.subject.layout.log_path(
            self.context.revision,
            self.subject.job,
            self.subject.attempt,
        )
    }

    fn header_text(&self) -> String {
        let LogSubject {
            job,
            attempt,
            producer,
            started,
            ..
        } = self.subject;
        let position = if job.origin.is_empty() {
            String::new()
        } else {
            (self.context.locate_origin)(job.origin)
        };
        let rows = [
            ("job", job.name.to_string()),
            ("attempt", attempt.to_string()),
            ("revision", self.context.revision.to_owned()),
            ("provider", producer.provider_identity(&job.work)),
            ("asked for at", position),
            ("host", self.context.host.to_owned()),
            ("started", started.to_string()),
        ];
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        rows.map(|(name, value)| format!("# {name:<12} {value}\n"))
            .collect()
    }

    /// Adds the call of a child process, as it would be typed in a shell.
    pub(super) fn record_child_start(&mut self, words: &[String]) {
        // Secrets are removed before the text is buffered. What is in a buffer is written later
        // without another look.
        let words = self.context.secrets.redact_arguments(words);
        let line = format!(
            "\n$ {}\n",
            words
                .iter()
                .map(|word| escaped_shell_word(word))
                .collect::<Vec<_>>()
                .join(" ")
        );
        self.append_note(line);
    }

    /// Adds a line that a child process printed.
    pub(super) fn write_line(&mut self, line: &str) {
        self.open_file();
        let line = self.context.secrets.redact_text(line) + "\n";
        self.append_text(line);
    }

    /// Adds how a child process ended. A success is not worth a line.
    pub(super) fn record_child_exit(&mut self, ending: &ProcessExit, stopped: bool) {
        match (stopped, ending.is_success()) {
            (true, _) => self.append_note(format!("= {ending}, stopped on request\n")),
            (false, false) => self.append_note(format!("= {ending}\n")),
            (false, true) => {}
        }
    }

    /// Writes the end. Returns the path of the log relative to the store. `None`: there is no log.
    pub(super) fn finish_log(
        mut self,
        failure: Option<&JobFailure>,
        seconds: f64,
        now: jiff::Timestamp,
    ) -> Option<PathBuf> {
        // A failure of a job that printed nothing still needs its calls and its place in the
        // document.
        if failure.is_some() {
            self.open_file();
        }
        self.file.as_ref()?;
        let end = format!(
            "{}{}",
            self.tail_text(),
            self.footer_text(failure, seconds, now)
        );
        // A log that cannot be written is not named: its reader would look for what is not there.
        self.file.as_mut()?.write_all(end.as_bytes()).ok()?;
        let path = self.file_path();
        path.strip_prefix(self.subject.layout.root())
            .ok()
            .map(Path::to_owned)
    }

    /// Returns the last part of the output, after a line about what was left out.
    fn tail_text(&mut self) -> String {
        let tail: String = std::mem::take(&mut self.tail).into_iter().collect();
        match self.omitted {
            (0, _) => tail,
            (lines, bytes) => {
                format!("\n[... {lines} lines, {bytes} bytes are left out here ...]\n\n{tail}")
            }
        }
    }

    fn footer_text(
        &self,
        failure: Option<&JobFailure>,
        seconds: f64,
        now: jiff::Timestamp,
    ) -> String {
        let result = failure.map_or("succeeded", |failure| failure.class.id());
        let mut rows = vec![
            ("ended", now.to_string()),
            ("took", format!("{seconds:.3} s")),
            ("result", result.to_owned()),
        ];
        rows.extend(failure.map(|failure| ("cause", format!("failed to {}", failure.message))));
        let rows: String = rows
            .into_iter()
            .map(|(name, value)| format!("# {name:<12} {value}\n"))
            .collect();
        format!("\n{rows}")
    }

    /// Adds a line of ours, which alone is no reason to create a file.
    // A run of a thousand short jobs would otherwise leave a thousand files that only repeat their
    // calls.
    fn append_note(&mut self, text: String) {
        if self.file.is_some() {
            self.append_text(text);
        } else {
            self.pending_text.push_str(&text);
        }
    }

    fn open_file(&mut self) {
        if self.file.is_some() {
            return;
        }
        let path = self.file_path();
        let disk = self.subject.layout.disk();
        let created = disk.make_folders(path.parent().unwrap_or(Path::new(".")));
        // An error leaves `file` unset, and the log is dropped. Failing a finished render for its
        // log would be absurd.
        self.file = created.and_then(|()| disk.create(&path)).ok();
        let pending_text = std::mem::take(&mut self.pending_text);
        let text = format!("{}{pending_text}", self.header_text());
        self.append_text(text);
    }

    fn append_text(&mut self, text: String) {
        // Once the end has begun, all text belongs to it, also a short line that the beginning had
        // room for. Otherwise lines would change places.
        if self.tail.is_empty() && self.head_bytes + text.len() <= HEAD_BYTES {
            self.head_bytes += text.len();
            self.file
                .iter_mut()
                .for_each(|file| drop(file.write_all(text.as_bytes())));
            return;
        }
        self.tail_bytes += text.len();
        self.tail.push_back(text);
        // Whole lines are dropped, so that the last part begins at a line.
        while self.tail_bytes > TAIL_BYTES
            && let Some(oldest) = self.tail.pop_front()
        {
            self.tail_bytes -= oldest.len();
            self.omitted = (self.omitted.0 + 1, self.omitted.1 + oldest.len());
        }
    }
}

/// Returns a word quoted for a shell, if it needs that. Control characters are escaped.
fn escaped_shell_word(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for c in word.chars() {
        if c.is_control() {
            escaped.extend(c.escape_default());
        } else {
            escaped.push(c);
        }
    }
    readable_shell_word(&escaped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ActionKind, AssetKind, Claim, JobAction, JobName, Phase};
    use crate::producers::{FailureClass, JobContext, OutputFile, ProducerOutput};

    struct FailingProducer;

    impl JobProducer for FailingProducer {
        fn provider_identity(&self, _: &JobAction) -> String {
            "ffmpeg 5.1".to_owned()
        }
        fn run_job(&self, _: &JobContext<'_>) -> Result<ProducerOutput, JobFailure> {
            Err(JobFailure::new(FailureClass::Crash, "do anything"))
        }
        fn check_outputs(&self, _: &JobContext<'_>, _: &[OutputFile]) -> Result<(), JobFailure> {
            Ok(())
        }
    }

    /// Lets `act` write the log of one attempt, and returns the file, if one was made.
    fn written(act: impl FnOnce(AttemptLog<'_>) -> Option<PathBuf>) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let job = Job {
            name: JobName::new(ActionKind::Encode, &[&"film", &"one"]),
            phase: Phase::Export,
            work: JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            },
            inputs: Vec::new(),
            claim: Claim::default(),
            limits: None,
            shot: Some("one".to_owned()),
            output: None,
            source_size: None,
            origin: FileSpan::default(),
        };
        let secrets =
            SecretRedactor::from_variables([("MY_TOKEN".to_owned(), "hunter2".to_owned())]);
        let place = |_: FileSpan| String::new();
        let facts = LogContext {
            revision: "rev-0001",
            host: "here",
            secrets: &secrets,
            locate_origin: &place,
        };
        let started = jiff::Timestamp::UNIX_EPOCH;
        let subject = LogSubject {
            job: &job,
            attempt: 2,
            producer: &FailingProducer,
            layout: &layout,
            started,
        };
        let path = act(AttemptLog::new(subject, facts))?;
        assert_eq!(
            path,
            Path::new("runs/rev-0001/logs/export/one/export.encode~film~one.2.log")
        );
        Some(std::fs::read_to_string(folder.path().join(path)).unwrap())
    }

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_failed_attempt_leaves_a_log_with_header_and_footer() {
        let ending = ProcessExit {
            status: Some(1),
            ..ProcessExit::default()
        };
        let failure = JobFailure::new(FailureClass::DiskFull, "run ffmpeg: it ended with status 1");
        let text = written(|mut log| {
            log.record_child_start(&words("ffmpeg -i a'b --token hunter2"));
            log.write_line("logging in as hunter2");
            log.record_child_exit(&ending, false);
            log.finish_log(Some(&failure), 1.25, jiff::Timestamp::UNIX_EPOCH)
        });
        insta::assert_snapshot!(text.unwrap());
    }

    #[test]
    fn a_silent_success_leaves_no_file() {
        let text = written(|mut log| {
            log.record_child_start(&words("ffprobe x"));
            log.record_child_exit(
                &ProcessExit {
                    status: Some(0),
                    ..ProcessExit::default()
                },
                false,
            );
            log.finish_log(None, 0.1, jiff::Timestamp::UNIX_EPOCH)
        });
        assert_eq!(text, None);
    }

    #[test]
    fn a_long_log_has_its_head_its_tail_and_the_size_of_the_gap() {
        let text = written(|mut log| {
            (0..400_000).for_each(|number| log.write_line(&format!("line {number}")));
            log.finish_log(None, 0.1, jiff::Timestamp::UNIX_EPOCH)
        });
        let text = text.unwrap();
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("line "))
            .collect();
        assert!(
            text.len() < HEAD_BYTES + TAIL_BYTES + 1000,
            "{}",
            text.len()
        );
        assert_eq!(
            (lines[0], *lines.last().unwrap()),
            ("line 0", "line 399999")
        );
        let cut = text.lines().find(|line| line.starts_with("[...")).unwrap();
        assert!(
            cut.contains(&format!("{} lines", 400_000 - lines.len())),
            "{cut}"
        );
    }
}
