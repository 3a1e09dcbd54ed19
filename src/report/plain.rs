//! Progress where there is no terminal: one line for each phase that starts or ends, each failure, and each tenth of the
//! work. No control characters; every line is written and flushed whole.

use super::figures;
use super::notice::{Failed, Notice, Phased};
use super::progress::{Progress, Standing};
use super::roster::Roster;
use crate::base::Clock;
use crate::event::{Event, EventSink};
use std::io::Write;

/// A sink that writes plain lines.
pub struct Plain<'a> {
    progress: Progress,
    clock: &'a dyn Clock,
    out: Box<dyn Write + 'a>,
    /// Tenths of the work told so far.
    tenths: u8,
}

impl<'a> Plain<'a> {
    /// Returns a sink that writes to `out`.
    #[must_use]
    pub fn new(roster: Roster, clock: &'a dyn Clock, out: Box<dyn Write + 'a>) -> Self {
        Self {
            progress: Progress::new(roster),
            clock,
            out,
            tenths: 0,
        }
    }

    /// A reader that went away does not stop the run.
    fn write(&mut self, text: &str) {
        let _ = self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush());
    }

    fn tell_share(&mut self, standing: &Standing) {
        let reached = tenths(standing.share);
        if reached > self.tenths && reached < 10 {
            let line = share_line(standing, reached);
            self.write(&line);
        }
        self.tenths = self.tenths.max(reached);
    }
}

impl EventSink for Plain<'_> {
    fn record_event(&mut self, event: &Event) {
        let now = self.clock.elapsed();
        for notice in self.progress.note(event, now) {
            self.write(&line(&notice));
        }
        let standing = self.progress.standing(now);
        self.tell_share(&standing);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1"
)]
fn tenths(share: f64) -> u8 {
    (share * 10.0).floor() as u8
}

fn share_line(standing: &Standing, tenths: u8) -> String {
    let phase = standing.phase.map(|(phase, done, of, noun)| {
        format!(
            ", {} {} of {}",
            phase.name(),
            figures::number(done),
            figures::count(of, noun)
        )
    });
    let left = standing
        .left
        .map(|seconds| format!(", about {} left", figures::calm_span(seconds)));
    format!(
        "{tenths}0% done{}{}\n",
        phase.unwrap_or_default(),
        left.unwrap_or_default()
    )
}

fn line(notice: &Notice) -> String {
    match notice {
        Notice::PhaseBegan { phase, what } => format!("{}: started, {what}\n", phase.name()),
        Notice::PhaseEnded(phased) => ended(phased),
        Notice::Retried { job, cause, next } => format!("again {job}: {cause}; {next}\n"),
        Notice::Failed(failed) => failure(failed),
        Notice::Checkpoint(shots) => {
            format!("checkpoint: {} complete\n", figures::count(*shots, "shot"))
        }
        Notice::Published(revision) => format!("published: {revision}\n"),
    }
}

fn ended(phased: &Phased) -> String {
    let word = if phased.whole { "done" } else { "incomplete" };
    let took = if phased.took.is_empty() {
        String::new()
    } else {
        format!(" in {}", phased.took)
    };
    let aside = if phased.aside.is_empty() {
        String::new()
    } else {
        format!(" ({})", phased.aside)
    };
    format!(
        "{}: {word}, {}{took}{aside}\n",
        phased.phase.name(),
        phased.what
    )
}

fn failure(failed: &Failed) -> String {
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
    use crate::report::fixture::{self, Still};

    fn told(events: &[(u64, Event)]) -> String {
        let clock = Still::default();
        let mut out = Vec::new();
        let roster = Roster::of(&fixture::planned(), &fixture::sources(), 20.0);
        let mut plain = Plain::new(roster, &clock, Box::new(&mut out));
        for (millis, event) in events {
            clock.at(*millis);
            plain.record_event(event);
        }
        drop(plain);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn plain_lines_tell_phases_failures_and_tenths_of_the_work() {
        insta::assert_snapshot!(told(&fixture::story()));
    }

    #[test]
    fn plain_lines_hold_no_control_characters() {
        assert!(
            told(&fixture::story())
                .chars()
                .all(|c| c == '\n' || !c.is_control())
        );
    }

    #[test]
    fn a_reader_that_went_away_does_not_stop_the_run() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
        }
        let clock = Still::default();
        let mut plain = Plain::new(Roster::default(), &clock, Box::new(Gone));
        plain.record_event(&Event::CheckpointSaved { shots: 3 });
    }
}
