//! Progress without a terminal: one line for each phase that starts or ends, each failure, and each
//! tenth of the work. No control characters; every line is written and flushed whole.

use super::job_index::JobIndex;
use super::notice::{JobFailureNotice, PhaseSummary, RunNotice, pause_text};
use super::progress::{ProgressSnapshot, RunProgress};
use super::text_format;
use crate::base::Clock;
use crate::base::printable::{escape_terminal, flatten_escaped};
use crate::event::{Event, EventSink, JobReused, JobSucceeded};
use std::io::Write;
use std::sync::Arc;

/// Writes progress as plain lines, for logs of build servers and pipes.
pub struct PlainSink<'a> {
    progress: RunProgress,
    clock: &'a dyn Clock,
    out: Box<dyn Write + 'a>,
    /// Tenths of the work that have a line already.
    reported_tenths: u8,
    /// Whether each job that ends has a line.
    shows_jobs: bool,
}

impl<'a> PlainSink<'a> {
    /// Returns a sink that writes to `out`.
    #[must_use]
    pub fn new(
        job_index: impl Into<Arc<JobIndex>>,
        clock: &'a dyn Clock,
        out: Box<dyn Write + 'a>,
    ) -> Self {
        Self {
            progress: RunProgress::new(job_index),
            clock,
            out,
            reported_tenths: 0,
            shows_jobs: false,
        }
    }

    /// Returns the sink with a line for each job that ends.
    #[must_use]
    pub fn with_every_job(self) -> Self {
        Self {
            shows_jobs: true,
            ..self
        }
    }

    fn write_text(&mut self, text: &str) {
        // A reader that closed its pipe does not stop the run. Hours of rendering are worth more
        // than their log.
        let text = escape_terminal(text, false);
        let _ = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
    }

    fn report_share(&mut self, snapshot: &ProgressSnapshot) {
        // A line for each job would be thousands in a build log. Tenths are few enough to read and
        // often enough to show that the run lives.
        let reached = share_tenths(snapshot.share);
        // At ten tenths the summary follows at once, so that line would say the same.
        if reached > self.reported_tenths && reached < 10 {
            let line = share_line(snapshot, reached);
            self.write_text(&line);
        }
        // The share is a quotient of estimates. The maximum makes sure that no tenth is written
        // twice if it falls.
        self.reported_tenths = self.reported_tenths.max(reached);
    }
}

impl EventSink for PlainSink<'_> {
    fn record_event(&mut self, event: &Event) {
        let now = self.clock.elapsed();
        if let Some(line) = job_line(event).filter(|_| self.shows_jobs) {
            self.write_text(&line);
        }
        // Notices come first: they are about what has happened, the share is about what is left.
        for notice in self.progress.apply_event(event, now) {
            self.write_text(&notice_line(&notice));
        }
        let snapshot = self.progress.snapshot(now);
        self.report_share(&snapshot);
    }
}

/// Returns the line of a job that ended well. Failures have lines in any case.
fn job_line(event: &Event) -> Option<String> {
    match event {
        Event::JobSucceeded(JobSucceeded { job, seconds, .. }) => {
            let took = text_format::format_duration(*seconds);
            Some(format!("made {} in {took}\n", flatten_escaped(job)))
        }
        Event::JobReused(JobReused { job, .. }) => {
            Some(format!("reused {}\n", flatten_escaped(job)))
        }
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is between 0 and 1"
)]
fn share_tenths(share: f64) -> u8 {
    (share * 10.0).floor() as u8
}

fn share_line(snapshot: &ProgressSnapshot, tenths: u8) -> String {
    let phase = snapshot.phase.map(|(phase, done, total, noun)| {
        format!(
            ", {} {} of {}",
            phase.name(),
            text_format::format_number(done),
            text_format::format_count(total, noun)
        )
    });
    let left = snapshot.seconds_left.map(|seconds| {
        format!(
            ", about {} left",
            text_format::format_whole_seconds(seconds)
        )
    });
    format!(
        "{tenths}0% done{}{}\n",
        phase.unwrap_or_default(),
        left.unwrap_or_default()
    )
}

fn notice_line(notice: &RunNotice) -> String {
    match notice {
        RunNotice::PhaseBegan { phase, what } => format!("{}: started, {what}\n", phase.name()),
        RunNotice::PhaseEnded(phased) => phase_end_line(phased),
        RunNotice::Retried { job, cause, next } => format!("again {job}: {cause}; {next}\n"),
        RunNotice::Failed(failed) => failure_text(failed),
        RunNotice::Checkpoint(shots) => {
            format!(
                "checkpoint: {} complete\n",
                text_format::format_count(*shots, "shot")
            )
        }
        RunNotice::Published(revision) => format!("published: {revision}\n"),
        RunNotice::Paused { frozen } => format!("paused: {}\n", pause_text(*frozen)),
        RunNotice::Resumed => "resumed\n".to_owned(),
    }
}

fn phase_end_line(phased: &PhaseSummary) -> String {
    let word = if phased.all_succeeded {
        "done"
    } else {
        "incomplete"
    };
    // Words and no symbols: logs are searched with grep, and their encoding is unknown.
    let elapsed = if phased.elapsed.is_empty() {
        String::new()
    } else {
        format!(" in {}", phased.elapsed)
    };
    let details = if phased.details.is_empty() {
        String::new()
    } else {
        format!(" ({})", phased.details)
    };
    format!(
        "{}: {word}, {}{elapsed}{details}\n",
        phased.phase.name(),
        phased.amount
    )
}

fn failure_text(failed: &JobFailureNotice) -> String {
    // A job that no line of the document requests, such as a join, has no place; an empty label
    // would look like an error of the program.
    let place = if failed.place.is_empty() {
        String::new()
    } else {
        format!("  asked for at {}\n", failed.place)
    };
    let log = if failed.log.is_empty() {
        String::new()
    } else {
        format!("  log {}\n", failed.log)
    };
    let evidence: String = failed
        .evidence
        .iter()
        .map(|line| format!("  | {line}\n"))
        .collect();
    format!(
        "FAILED {} ({}): {}\n{place}{evidence}{log}",
        failed.job, failed.class, failed.message
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_plan::{self, ManualClock};

    fn printed_text(events: &[(u64, Event)]) -> String {
        let clock = ManualClock::default();
        let mut out = Vec::new();
        let job_index = test_plan::sample_index(20.0);
        let mut plain = PlainSink::new(job_index, &clock, Box::new(&mut out));
        for (millis, event) in events {
            clock.set_millis(*millis);
            plain.record_event(event);
        }
        drop(plain);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_lines_report_phases_failures_and_tenths_of_the_work() {
        insta::assert_snapshot!(printed_text(&test_plan::run_events()));
    }

    #[test]
    fn plain_lines_hold_no_control_characters() {
        assert!(
            printed_text(&test_plan::run_events())
                .chars()
                .all(|c| c == '\n' || !c.is_control())
        );
    }

    #[test]
    fn a_reader_that_went_away_does_not_stop_the_run() {
        struct FailingWriter;
        impl Write for FailingWriter {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
        }
        let clock = ManualClock::default();
        let mut plain = PlainSink::new(JobIndex::default(), &clock, Box::new(FailingWriter));
        plain.record_event(&Event::CheckpointSaved { shots: 3 });
    }
}
