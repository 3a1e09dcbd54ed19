//! The log of one attempt: a header, what its child processes printed, a footer.
//!
//! A file is only made when there is something to read: a child printed something, or the attempt failed. The first part
//! is written as it comes, so that it can be followed; of what is more than a file should hold the last part is kept, and
//! a line says how much lies between. A log that cannot be written stops nothing.

use crate::base::FileSpan;
use crate::base::json::serialized_name;
use crate::model::Job;
use crate::process::{ProcessExit, SecretRedactor};
use crate::producers::{JobFailure, JobProducer};
use crate::store::StoreLayout;
use crate::store::disk::AppendFile;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// The most bytes that are kept of the beginning, and of the end.
const HEAD_BYTES: usize = 1 << 20;
const TAIL_BYTES: usize = 1 << 20;

/// What every log of a run says.
#[derive(Clone, Copy)]
pub struct LogContext<'a> {
    /// The revision.
    pub revision: &'a str,
    /// The machine's name.
    pub host: &'a str,
    /// What must not be written down.
    pub secrets: &'a SecretRedactor,
    /// Returns where the document asked for something, as `file:line:column`.
    pub locate_origin: &'a (dyn Fn(FileSpan) -> String + Sync),
}

/// Which attempt a log is of.
#[derive(Clone, Copy)]
pub(super) struct LogSubject<'a> {
    pub(super) job: &'a Job,
    /// From 1.
    pub(super) attempt: u32,
    /// Says who does the job.
    pub(super) producer: &'a dyn JobProducer,
    pub(super) layout: &'a StoreLayout,
    pub(super) started: jiff::Timestamp,
}

/// The log of one attempt.
pub(super) struct AttemptLog<'a> {
    subject: LogSubject<'a>,
    context: LogContext<'a>,
    file: Option<Box<dyn AppendFile>>,
    /// Calls of which nothing was printed yet.
    pending_text: String,
    head_bytes: usize,
    tail: VecDeque<String>,
    tail_bytes: usize,
    omitted: (usize, usize),
}

impl<'a> AttemptLog<'a> {
    /// Returns the log of an attempt; nothing is written yet.
    pub(super) fn new(subject: LogSubject<'a>, context: LogContext<'a>) -> Self {
        let (pending_text, tail) = (String::new(), VecDeque::new());
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
            ("job", job.name.clone()),
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

    /// Notes that a child process began.
    pub(super) fn record_child_start(&mut self, words: &[String]) {
        let words = self.context.secrets.redact_arguments(words);
        let line = format!(
            "\n$ {}\n",
            words
                .iter()
                .map(|word| shell_quoted(word))
                .collect::<Vec<_>>()
                .join(" ")
        );
        self.append_note(line);
    }

    /// Notes a line that a child process printed.
    pub(super) fn write_line(&mut self, line: &str) {
        self.open_file();
        let line = self.context.secrets.redact_text(line) + "\n";
        self.append_text(line);
    }

    /// Notes how a child process ended; how the good ones ended goes without saying.
    pub(super) fn record_child_exit(&mut self, ending: &ProcessExit, stopped: bool) {
        match (stopped, ending.is_success()) {
            (true, _) => self.append_note(format!("= {ending}, stopped on request\n")),
            (false, false) => self.append_note(format!("= {ending}\n")),
            (false, true) => {}
        }
    }

    /// Writes the end; returns where the log lies in the store, if there is one.
    pub(super) fn finish_log(
        mut self,
        failure: Option<&JobFailure>,
        seconds: f64,
        now: jiff::Timestamp,
    ) -> Option<PathBuf> {
        if failure.is_some() {
            self.open_file();
        }
        self.file.as_ref()?;
        let end = format!(
            "{}{}",
            self.tail_text(),
            self.footer_text(failure, seconds, now)
        );
        self.file.as_mut()?.write_all(end.as_bytes()).ok()?;
        let path = self.file_path();
        path.strip_prefix(self.subject.layout.root())
            .ok()
            .map(Path::to_owned)
    }

    /// Returns what was kept of the end, and how much was not.
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
        let result = failure.map_or_else(
            || "succeeded".to_owned(),
            |failure| serialized_name(&failure.class),
        );
        let mut rows = vec![
            ("ended", now.to_string()),
            ("took", format!("{seconds:.3} s")),
            ("result", result),
        ];
        rows.extend(failure.map(|failure| ("cause", format!("failed to {}", failure.message))));
        let rows: String = rows
            .into_iter()
            .map(|(name, value)| format!("# {name:<12} {value}\n"))
            .collect();
        format!("\n{rows}")
    }

    /// Notes something of ours, which alone is no reason for a file.
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
        self.file = created.and_then(|()| disk.create(&path)).ok();
        let pending_text = std::mem::take(&mut self.pending_text);
        let text = format!("{}{pending_text}", self.header_text());
        self.append_text(text);
    }

    fn append_text(&mut self, text: String) {
        if self.tail.is_empty() && self.head_bytes + text.len() <= HEAD_BYTES {
            self.head_bytes += text.len();
            self.file
                .iter_mut()
                .for_each(|file| drop(file.write_all(text.as_bytes())));
            return;
        }
        self.tail_bytes += text.len();
        self.tail.push_back(text);
        while self.tail_bytes > TAIL_BYTES
            && let Some(oldest) = self.tail.pop_front()
        {
            self.tail_bytes -= oldest.len();
            self.omitted = (self.omitted.0 + 1, self.omitted.1 + oldest.len());
        }
    }
}

/// Returns a word as a shell would take it.
fn shell_quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+=:@%,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        let escaped = |c: char| {
            if c.is_control() {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        };
        let word: String = word.replace('\'', "'\\''").chars().map(escaped).collect();
        format!("'{word}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AssetKind, Claim, JobAction, Phase};
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
            name: "export.encode/film/one".to_owned(),
            phase: Phase::Export,
            work: JobAction::Import {
                kind: AssetKind::Model,
            },
            inputs: Vec::new(),
            claim: Claim::default(),
            shot: Some("one".to_owned()),
            output: None,
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
    fn of_a_long_log_head_and_tail_are_kept_and_a_line_says_what_is_cut() {
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
