//! What a run reports to others at its end: as JSON, as the lines of a mail, and as variables of a
//! program.

use super::report_facts::ReportFacts;
use super::text_format::{format_count, format_duration};
use crate::base::printable::flatten_escaped;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::path::Path;

/// Most failed jobs that are named.
const MAX_NAMED_FAILURES: usize = 20;

/// Length of a line of base64 in a mail.
const MAIL_LINE_BYTES: usize = 76;

/// What a run reports to others.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunMessage {
    /// Version of this format.
    pub version: u32,
    /// `succeeded`, `failed`, or `not_started`.
    pub status: &'static str,
    /// Title of the production, or the name of its folder.
    pub title: String,
    /// The revision. `None`: the run did not start.
    pub revision: Option<String>,
    /// The folder of the production.
    pub folder: String,
    /// Path of the HTML page of the report.
    pub report: Option<String>,
    /// How long the run took.
    pub seconds: Option<f64>,
    /// Why it failed, in a sentence.
    pub error: Option<String>,
    /// The jobs that failed, at most twenty.
    pub failures: Vec<FailureLine>,
    /// What was delivered, relative to the folder of the production.
    pub deliverables: Vec<String>,
}

/// A job that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailureLine {
    /// Its name.
    pub job: String,
    /// What happened.
    pub message: String,
}

impl RunMessage {
    /// Returns the message of a run that has ended.
    #[must_use]
    pub fn from_report(facts: &ReportFacts, folder: &Path, report: Option<&Path>) -> Self {
        let failures = facts.errors.iter().map(|error| FailureLine {
            job: error.job.clone(),
            message: error.message.clone(),
        });
        let failed = facts.errors.len();
        let deliverables = facts.delivered_paths();
        Self {
            version: 1,
            status: if facts.success { "succeeded" } else { "failed" },
            title: facts.production.title.clone(),
            revision: Some(facts.run.revision.clone()),
            folder: folder.display().to_string(),
            report: report.map(|path| path.display().to_string()),
            seconds: Some(facts.seconds),
            error: (failed > 0).then(|| format!("{} failed", format_count(failed, "job"))),
            // A run with a thousand failures has one cause, and a mail has a limit.
            failures: failures.take(MAX_NAMED_FAILURES).collect(),
            deliverables: deliverables
                .map(|path| path.display().to_string())
                .collect(),
        }
    }

    /// Returns the message of a run that broke off, as on a full disk.
    #[must_use]
    pub fn broken_off(title: String, folder: &Path, error: String) -> Self {
        Self {
            status: "failed",
            ..Self::not_started(title, folder, error)
        }
    }

    /// Returns the message of a run that could not start.
    #[must_use]
    pub fn not_started(title: String, folder: &Path, error: String) -> Self {
        Self {
            version: 1,
            status: "not_started",
            title,
            revision: None,
            folder: folder.display().to_string(),
            report: None,
            seconds: None,
            error: Some(error),
            failures: Vec::new(),
            deliverables: Vec::new(),
        }
    }

    /// Returns the message with every text as `map` returns it.
    #[must_use]
    pub fn map_texts(&self, map: &dyn Fn(&str) -> String) -> Self {
        let mapped = |text: &Option<String>| text.as_deref().map(map);
        Self {
            version: self.version,
            status: self.status,
            title: map(&self.title),
            revision: mapped(&self.revision),
            folder: map(&self.folder),
            report: mapped(&self.report),
            seconds: self.seconds,
            error: mapped(&self.error),
            failures: self
                .failures
                .iter()
                .map(|failed| FailureLine {
                    job: map(&failed.job),
                    message: map(&failed.message),
                })
                .collect(),
            deliverables: self.deliverables.iter().map(|path| map(path)).collect(),
        }
    }

    /// Returns the environment variables of a hook.
    #[must_use]
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let first = self.failures.first();
        // The first failure says more than their number.
        let error = first.map(|failed| format!("{}: {}", failed.job, failed.message));
        vec![
            ("PRODUCTION_STATUS", self.status.to_owned()),
            ("PRODUCTION_TITLE", self.title.clone()),
            ("PRODUCTION_REVISION", text(&self.revision)),
            ("PRODUCTION_FOLDER", self.folder.clone()),
            ("PRODUCTION_REPORT", text(&self.report)),
            (
                "PRODUCTION_SECONDS",
                self.seconds
                    .map_or_else(String::new, |seconds| format!("{seconds:.1}")),
            ),
            ("PRODUCTION_FAILED", self.failures.len().to_string()),
            (
                "PRODUCTION_ERROR",
                text(&error.or_else(|| self.error.clone())),
            ),
        ]
    }

    /// Returns the mail to this address, with its header.
    #[must_use]
    pub fn mail_text(&self, address: &str) -> String {
        let subject = self.subject_line();
        // Encoded as a whole: a title may be in any language, a line of a tool may be longer than a
        // mail allows, and a body of ASCII survives every relay.
        let body = STANDARD.encode(self.body_text());
        let body: Vec<&str> = body
            .as_bytes()
            .chunks(MAIL_LINE_BYTES)
            .filter_map(|line| std::str::from_utf8(line).ok())
            .collect();
        format!(
            "To: {address}\nSubject: {}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{}\n",
            encoded_header(&subject),
            body.join("\n")
        )
    }

    fn subject_line(&self) -> String {
        let what = match self.status {
            "not_started" => "did not start".to_owned(),
            status => status.to_owned(),
        };
        let revision = self.revision.as_deref();
        let revision = revision.map_or_else(String::new, |revision| format!(" {revision}"));
        format!("{}{revision} {what}", flatten_escaped(&self.title))
    }

    fn body_text(&self) -> String {
        let mut lines = vec![self.subject_line()];
        let took = self.seconds.map(format_duration);
        lines.extend(took.map(|took| format!("after {took}")));
        lines.extend(self.error.clone());
        lines.extend(
            self.failures
                .iter()
                .map(|failed| format!("  {}: {}", failed.job, failed.message)),
        );
        lines.push(String::new());
        lines.push(format!("folder  {}", self.folder));
        lines.extend(
            self.report
                .as_ref()
                .map(|report| format!("report  {report}")),
        );
        lines.extend(
            self.deliverables
                .iter()
                .map(|path| format!("made    {path}")),
        );
        lines.push(format!("status  production status {}", self.folder));
        lines.join("\n") + "\n"
    }
}

/// Returns text as a header of a mail has it: in pieces of base64, if it is not plain.
fn encoded_header(text: &str) -> String {
    // Plain where possible, so that filters of mail programs find it.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.len() < MAIL_LINE_BYTES {
        return text.to_owned();
    }
    // A word of an encoded header has at most 75 characters, and no character may be cut.
    let mut words = Vec::new();
    let mut word = String::new();
    for c in text.chars() {
        if word.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let words = words
        .iter()
        .map(|word| format!("=?UTF-8?B?{}?=", STANDARD.encode(word)));
    words.collect::<Vec<_>>().join("\n ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan;

    fn decoded_body(mail: &str) -> String {
        let (_, body) = mail.split_once("\n\n").unwrap();
        let bytes = STANDARD.decode(body.replace('\n', "")).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_failed_run_tells_what_failed_and_where_its_report_is() {
        let facts = test_plan::sample_report_facts(&["grade.frames/sh020/1049-1072"]);
        let report = Path::new("film/report.html");
        let message = RunMessage::from_report(&facts, Path::new("film"), Some(report));
        assert_eq!(message.status, "failed");
        let variables = message.variables();
        let value = |name: &str| {
            &variables
                .iter()
                .find(|(known, _)| *known == name)
                .unwrap()
                .1
        };
        assert_eq!(value("PRODUCTION_REPORT"), "film/report.html");
        assert!(value("PRODUCTION_ERROR").starts_with("grade.frames/sh020/1049-1072: "));
        let mail = message.mail_text("td@example.com");
        assert!(mail.starts_with("To: td@example.com\nSubject: "), "{mail}");
        let body = decoded_body(&mail);
        assert!(body.contains("grade.frames/sh020/1049-1072: "), "{body}");
        assert!(body.contains("report  film/report.html"), "{body}");
    }

    #[test]
    fn a_title_cannot_add_a_header() {
        let title = "Film\nBcc: everybody@example.com".to_owned();
        let message = RunMessage::not_started(title, Path::new("film"), "read it".to_owned());
        let mail = message.mail_text("td@example.com");
        let (header, _) = mail.split_once("\n\n").unwrap();
        assert!(!header.contains("\nBcc"), "{header}");
        let lines = header.lines().count();
        assert_eq!(lines, 6, "{header}");
    }

    #[test]
    fn a_subject_in_another_script_is_encoded_in_words_that_are_short_enough() {
        let header = encoded_header(&"Das letzte Licht über dem Wattenmeer – 最後の光 ".repeat(3));
        assert!(header.is_ascii());
        assert!(header.lines().all(|line| line.len() <= 76), "{header}");
        assert_eq!(
            encoded_header("Last Light rev-0003 failed"),
            "Last Light rev-0003 failed"
        );
    }
}
