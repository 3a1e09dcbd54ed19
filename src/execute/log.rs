//! The log of one attempt: a header, what its child processes printed, a footer.
//!
//! A file is only made when there is something to read: a child printed something, or the attempt failed. The first part
//! is written as it comes, so that it can be followed; of what is more than a file should hold the last part is kept, and
//! a line says how much lies between. A log that cannot be written stops nothing.

use crate::base::Origin;
use crate::model::Job;
use crate::process::{Ending, Secrets};
use crate::producers::{Failure, Perform};
use crate::store::Layout;
use std::collections::VecDeque;
use std::fs::File;
use std::io::Write;
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
    pub secrets: &'a Secrets,
    /// Returns where the document asked for something, as `file:line:column`.
    pub place: &'a (dyn Fn(Origin) -> String + Sync),
}

/// Which attempt a log is of.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) job: &'a Job,
    /// From 1.
    pub(super) attempt: u32,
    /// Says who does the job.
    pub(super) crew: &'a dyn Perform,
    pub(super) layout: &'a Layout,
    pub(super) started: jiff::Timestamp,
}

/// The log of one attempt.
pub(super) struct Log<'a> {
    subject: Subject<'a>,
    facts: LogFacts<'a>,
    file: Option<File>,
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
        Self { subject, facts, file: None, silent, head: 0, tail, tail_bytes: 0, cut: (0, 0) }
    }

    fn path(&self) -> PathBuf {
        self.subject.layout.log(self.facts.revision, self.subject.job, self.subject.attempt)
    }

    fn header(&self) -> String {
        let Subject { job, attempt, crew, started, .. } = self.subject;
        let place = if job.origin.is_empty() { String::new() } else { (self.facts.place)(job.origin) };
        let rows = [
            ("job", job.name.clone()),
            ("attempt", attempt.to_string()),
            ("revision", self.facts.revision.to_owned()),
            ("provider", crew.provider(&job.work)),
            ("asked for at", place),
            ("host", self.facts.host.to_owned()),
            ("started", started.to_string()),
        ];
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        rows.map(|(name, value)| format!("# {name:<12} {value}\n")).collect()
    }

    /// Notes that a child process began.
    pub(super) fn began(&mut self, words: &[String]) {
        let words = self.facts.secrets.hide_words(words);
        let line = format!("\n$ {}\n", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
        self.remark(line);
    }

    /// Notes a line that a child process printed.
    pub(super) fn line(&mut self, line: &str) {
        self.open();
        let line = self.facts.secrets.hide(line) + "\n";
        self.put(line);
    }

    /// Notes how a child process ended; how the good ones ended goes without saying.
    pub(super) fn ended(&mut self, ending: &Ending, stopped: bool) {
        match (stopped, ending.is_success()) {
            (true, _) => self.remark(format!("= {ending}, stopped on request\n")),
            (false, false) => self.remark(format!("= {ending}\n")),
            (false, true) => {}
        }
    }

    /// Writes the end; returns where the log lies in the store, if there is one.
    pub(super) fn close(
        mut self,
        failure: Option<&Failure>,
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
        path.strip_prefix(self.subject.layout.root()).ok().map(Path::to_owned)
    }

    /// Returns what was kept of the end, and how much was not.
    fn rest(&mut self) -> String {
        let tail: String = std::mem::take(&mut self.tail).into_iter().collect();
        match self.cut {
            (0, _) => tail,
            (lines, bytes) => format!("\n[... {lines} lines, {bytes} bytes are left out here ...]\n\n{tail}"),
        }
    }

    fn footer(&self, failure: Option<&Failure>, seconds: f64, now: jiff::Timestamp) -> String {
        let class = failure.map(|failure| serde_json::to_value(failure.class).unwrap_or_default());
        let class = class.as_ref().map_or("succeeded", |class| class.as_str().unwrap_or_default());
        let mut rows = vec![
            ("ended", now.to_string()),
            ("took", format!("{seconds:.3} s")),
            ("result", class.to_owned()),
        ];
        rows.extend(failure.map(|failure| ("cause", format!("failed to {}", failure.message))));
        let rows: String = rows.into_iter().map(|(name, value)| format!("# {name:<12} {value}\n")).collect();
        format!("\n{rows}")
    }

    /// Notes something of ours, which alone is no reason for a file.
    fn remark(&mut self, text: String) {
        if self.file.is_some() { self.put(text) } else { self.silent.push_str(&text) }
    }

    fn open(&mut self) {
        if self.file.is_some() {
            return;
        }
        let path = self.path();
        let made = std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")));
        self.file = made.and_then(|()| File::create(&path)).ok();
        let silent = std::mem::take(&mut self.silent);
        let opening = format!("{}{silent}", self.header());
        self.put(opening);
    }

    fn put(&mut self, text: String) {
        if self.tail.is_empty() && self.head + text.len() <= HEAD {
            self.head += text.len();
            self.file.iter_mut().for_each(|file| drop(file.write_all(text.as_bytes())));
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
        let escaped = |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
        let word: String = word.replace('\'', "'\\''").chars().map(escaped).collect();
        format!("'{word}'")
    }
}
