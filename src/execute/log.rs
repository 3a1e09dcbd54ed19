//! The log of one attempt: a header, what its child processes printed, a footer.
//!
//! A file is only made when there is something to read: a child printed something, or the attempt failed. The first part
//! is written as it comes, so that it can be followed; of what is more than a file should hold the last part is kept, and
//! a line says how much lies between. A log that cannot be written stops nothing.

use crate::base::FileSpan;
use crate::model::Job;
use crate::process::{ProcessExit, SecretRedactor};
use crate::producers::{JobFailure, JobProducer};
use crate::store::StoreLayout;
use crate::store::disk::AppendFile;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// The most bytes that are kept of the beginning, and of the end.
const HEAD: usize = 1 << 20;
const TAIL: usize = 1 << 20;

/// What every log of a run says.
#[derive(Clone, Copy)]
pub struct LogFacts<'a> {
    /// The revision.
    pub revision: &'a str,
    /// The machine's name.
    pub host: &'a str,
    /// What must not be written down.
    pub secrets: &'a SecretRedactor,
    /// Returns where the document asked for something, as `file:line:column`.
    pub place: &'a (dyn Fn(FileSpan) -> String + Sync),
}

/// Which attempt a log is of.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) job: &'a Job,
    /// From 1.
    pub(super) attempt: u32,
    /// Says who does the job.
    pub(super) crew: &'a dyn JobProducer,
    pub(super) layout: &'a StoreLayout,
    pub(super) started: jiff::Timestamp,
}

/// The log of one attempt.
pub(super) struct Log<'a> {
    subject: Subject<'a>,
    facts: LogFacts<'a>,
    file: Option<Box<dyn AppendFile>>,
    /// Calls of which nothing was printed yet.
    silent: String,
    head: usize,
    tail: VecDeque<String>,
    tail_bytes: usize,
    cut: (usize, usize),
}

impl<'a> Log<'a> {
    /// Returns the log of an attempt; nothing is written yet.
    pub(super) fn new(subject: Subject<'a>, facts: LogFacts<'a>) -> Self {
        let (silent, tail) = (String::new(), VecDeque::new());
        Self {
            subject,
            facts,
            file: None,
            silent,
            head: 0,
            tail,
            tail_bytes: 0,
            cut: (0, 0),
        }
    }

    fn path(&self) -> PathBuf {
        self.subject
            .layout
            .log_path(self.facts.revision, self.subject.job, self.subject.attempt)
    }

    fn header(&self) -> String {
        let Subject {
            job,
            attempt,
            crew,
            started,
            ..
        } = self.subject;
        let place = if job.origin.is_empty() {
            String::new()
        } else {
            (self.facts.place)(job.origin)
        };
        let rows = [
            ("job", job.name.clone()),
            ("attempt", attempt.to_string()),
            ("revision", self.facts.revision.to_owned()),
            ("provider", crew.provider_identity(&job.work)),
            ("asked for at", place),
            ("host", self.facts.host.to_owned()),
            ("started", started.to_string()),
        ];
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        rows.map(|(name, value)| format!("# {name:<12} {value}\n"))
            .collect()
    }

    /// Notes that a child process began.
    pub(super) fn began(&mut self, words: &[String]) {
        let words = self.facts.secrets.redact_arguments(words);
        let line = format!(
            "\n$ {}\n",
            words
                .iter()
                .map(|word| quoted(word))
                .collect::<Vec<_>>()
                .join(" ")
        );
        self.remark(line);
    }

    /// Notes a line that a child process printed.
    pub(super) fn line(&mut self, line: &str) {
        self.open();
        let line = self.facts.secrets.redact_text(line) + "\n";
        self.put(line);
    }

    /// Notes how a child process ended; how the good ones ended goes without saying.
    pub(super) fn ended(&mut self, ending: &ProcessExit, stopped: bool) {
        match (stopped, ending.is_success()) {
            (true, _) => self.remark(format!("= {ending}, stopped on request\n")),
            (false, false) => self.remark(format!("= {ending}\n")),
            (false, true) => {}
        }
    }

    /// Writes the end; returns where the log lies in the store, if there is one.
    pub(super) fn close(
        mut self,
        failure: Option<&JobFailure>,
        seconds: f64,
        now: jiff::Timestamp,
    ) -> Option<PathBuf> {
        if failure.is_some() {
            self.open();
        }
        self.file.as_ref()?;
        let end = format!("{}{}", self.rest(), self.footer(failure, seconds, now));
        self.file.as_mut()?.write_all(end.as_bytes()).ok()?;
        let path = self.path();
        path.strip_prefix(self.subject.layout.root())
            .ok()
            .map(Path::to_owned)
    }

    /// Returns what was kept of the end, and how much was not.
    fn rest(&mut self) -> String {
        let tail: String = std::mem::take(&mut self.tail).into_iter().collect();
        match self.cut {
            (0, _) => tail,
            (lines, bytes) => {
                format!("\n[... {lines} lines, {bytes} bytes are left out here ...]\n\n{tail}")
            }
        }
    }

    fn footer(&self, failure: Option<&JobFailure>, seconds: f64, now: jiff::Timestamp) -> String {
        let class = failure.map(|failure| serde_json::to_value(failure.class).unwrap_or_default());
        let class = class
            .as_ref()
            .map_or("succeeded", |class| class.as_str().unwrap_or_default());
        let mut rows = vec![
            ("ended", now.to_string()),
            ("took", format!("{seconds:.3} s")),
            ("result", class.to_owned()),
        ];
        rows.extend(failure.map(|failure| ("cause", format!("failed to {}", failure.message))));
        let rows: String = rows
            .into_iter()
            .map(|(name, value)| format!("# {name:<12} {value}\n"))
            .collect();
        format!("\n{rows}")
    }

    /// Notes something of ours, which alone is no reason for a file.
    fn remark(&mut self, text: String) {
        if self.file.is_some() {
            self.put(text)
        } else {
            self.silent.push_str(&text)
        }
    }

    fn open(&mut self) {
        if self.file.is_some() {
            return;
        }
        let path = self.path();
        let disk = self.subject.layout.disk();
        let made = disk.make_folders(path.parent().unwrap_or(Path::new(".")));
        self.file = made.and_then(|()| disk.create(&path)).ok();
        let silent = std::mem::take(&mut self.silent);
        let opening = format!("{}{silent}", self.header());
        self.put(opening);
    }

    fn put(&mut self, text: String) {
        if self.tail.is_empty() && self.head + text.len() <= HEAD {
            self.head += text.len();
            self.file
                .iter_mut()
                .for_each(|file| drop(file.write_all(text.as_bytes())));
            return;
        }
        self.tail_bytes += text.len();
        self.tail.push_back(text);
        while self.tail_bytes > TAIL
            && let Some(oldest) = self.tail.pop_front()
        {
            self.tail_bytes -= oldest.len();
            self.cut = (self.cut.0 + 1, self.cut.1 + oldest.len());
        }
    }
}

/// Returns a word as a shell would take it.
fn quoted(word: &str) -> String {
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

    struct Nobody;

    impl JobProducer for Nobody {
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
    fn written(act: impl FnOnce(Log<'_>) -> Option<PathBuf>) -> Option<String> {
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
        let facts = LogFacts {
            revision: "rev-0001",
            host: "here",
            secrets: &secrets,
            place: &place,
        };
        let started = jiff::Timestamp::UNIX_EPOCH;
        let subject = Subject {
            job: &job,
            attempt: 2,
            crew: &Nobody,
            layout: &layout,
            started,
        };
        let path = act(Log::new(subject, facts))?;
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
            log.began(&words("ffmpeg -i a'b --token hunter2"));
            log.line("logging in as hunter2");
            log.ended(&ending, false);
            log.close(Some(&failure), 1.25, jiff::Timestamp::UNIX_EPOCH)
        });
        insta::assert_snapshot!(text.unwrap());
    }

    #[test]
    fn a_silent_success_leaves_no_file() {
        let text = written(|mut log| {
            log.began(&words("ffprobe x"));
            log.ended(
                &ProcessExit {
                    status: Some(0),
                    ..ProcessExit::default()
                },
                false,
            );
            log.close(None, 0.1, jiff::Timestamp::UNIX_EPOCH)
        });
        assert_eq!(text, None);
    }

    #[test]
    fn of_a_long_log_head_and_tail_are_kept_and_a_line_says_what_is_cut() {
        let text = written(|mut log| {
            (0..400_000).for_each(|number| log.line(&format!("line {number}")));
            log.close(None, 0.1, jiff::Timestamp::UNIX_EPOCH)
        });
        let text = text.unwrap();
        let lines: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("line "))
            .collect();
        assert!(text.len() < HEAD + TAIL + 1000, "{}", text.len());
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
