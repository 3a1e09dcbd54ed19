//! What is worth a lasting line while a run goes: a phase began or ended, a job failed, something was saved.
//!
//! Owns the words; the terminal and the plain sink own how they look.

use super::job_index::PhaseTotals;
use super::phase_tally::PhaseTally;
use super::text_format::{self, format_count, format_duration};
use crate::base::printable::flatten_escaped;
use crate::event::Event;
use crate::model::{FailureClass, Phase};
use std::path::Path;
use std::time::Duration;

/// Most lines of a tool's output shown with a failure.
const MAX_EVIDENCE_LINES: usize = 8;

/// Something worth a lasting line.
#[derive(Debug, Clone, PartialEq)]
pub enum RunNotice {
    /// The first job of a phase started.
    PhaseBegan {
        /// The phase.
        phase: Phase,
        /// What there is to do, such as `12 shots, 480 frames`.
        what: String,
    },
    /// Every job of a phase has ended.
    PhaseEnded(PhaseSummary),
    /// A try of a job failed, and it will be tried again: job, class and cause, and the wait in words.
    Retried {
        /// The job.
        job: String,
        /// Class and cause.
        cause: String,
        /// Which try comes next, and when.
        next: String,
    },
    /// A job failed.
    Failed(JobFailureNotice),
    /// The resume position was saved after this many shots.
    Checkpoint(usize),
    /// This revision was published.
    Published(String),
}

/// A phase whose jobs have all ended.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseSummary {
    /// The phase.
    pub phase: Phase,
    /// Whether every job succeeded.
    pub all_succeeded: bool,
    /// What was done, such as `12 shots, 480 frames`.
    pub amount: String,
    /// What to add: how much was there already, what failed; empty when there is nothing to add.
    pub details: String,
    /// How long it took from its first start, empty when nothing had to run.
    pub elapsed: String,
}

/// A failed job, every text of it harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailureNotice {
    /// The job.
    pub job: String,
    /// The class in words.
    pub class: &'static str,
    /// What happened.
    pub message: String,
    /// The last lines a tool printed.
    pub evidence: Vec<String>,
    /// `file:line:column` of the place that asked for it, empty when unknown.
    pub place: String,
    /// The log of its last attempt, empty when there is none.
    pub log: String,
}

impl PhaseSummary {
    pub(super) fn from_tally(
        phase: Phase,
        totals: &PhaseTotals,
        tally: PhaseTally,
        now: Duration,
    ) -> Self {
        let all_succeeded = tally.failed + tally.skipped == 0;
        let elapsed = tally.began.map_or_else(String::new, |began| {
            format_duration(now.saturating_sub(began).as_secs_f64())
        });
        let amount = if all_succeeded {
            format_phase_totals(phase, totals)
        } else {
            format_partial_totals(totals, tally)
        };
        Self {
            phase,
            all_succeeded,
            amount,
            details: phase_details(totals, tally),
            elapsed,
        }
    }
}

/// Returns what a phase amounts to.
pub(super) fn format_phase_totals(phase: Phase, totals: &PhaseTotals) -> String {
    let units = format_count(totals.units, totals.noun);
    if phase == Phase::Shots {
        format!("{}, {units}", format_count(totals.shots, "shot"))
    } else {
        units
    }
}

fn format_partial_totals(totals: &PhaseTotals, tally: PhaseTally) -> String {
    format!(
        "{} of {}",
        text_format::format_number(tally.units),
        format_count(totals.units, totals.noun)
    )
}

fn phase_details(totals: &PhaseTotals, tally: PhaseTally) -> String {
    let reused = if tally.reused == totals.jobs {
        "already made".to_owned()
    } else {
        format!("{} already made", count_jobs(tally.reused))
    };
    let parts = [
        (tally.reused, reused),
        (tally.failed, format!("{} failed", count_jobs(tally.failed))),
    ];
    let parts = parts.into_iter().chain([(
        tally.skipped,
        format!("{} not started", count_jobs(tally.skipped)),
    )]);
    parts
        .filter(|(count, _)| *count > 0)
        .map(|(_, text)| text)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns the notice that a job will be tried again, if `event` tells so.
pub(super) fn retry_notice(event: &Event) -> Option<RunNotice> {
    let Event::JobRetried {
        job,
        class,
        message,
        attempt,
        wait,
        ..
    } = event
    else {
        return None;
    };
    Some(RunNotice::Retried {
        job: flatten_escaped(job),
        cause: format!(
            "{}: {}",
            text_format::failure_class_label(*class),
            flatten_escaped(message)
        ),
        next: match class {
            FailureClass::Licence => {
                format!("waits for one, asks again in {}", format_duration(*wait))
            }
            _ => format!("try {} in {}", attempt + 1, format_duration(*wait)),
        },
    })
}

fn count_jobs(number: usize) -> String {
    format_count(number, "job")
}

impl JobFailureNotice {
    /// Returns the failure that `event` tells of, if it does.
    pub(super) fn from_event(event: &Event, place: &str, store: &Path) -> Option<Self> {
        let Event::JobFailed {
            job,
            class,
            message,
            evidence,
            log,
            ..
        } = event
        else {
            return None;
        };
        let log = log
            .as_ref()
            .map(|log| store.join(log).display().to_string());
        Some(Self {
            job: flatten_escaped(job),
            class: text_format::failure_class_label(*class),
            message: flatten_escaped(message),
            evidence: text_format::last_lines(evidence, MAX_EVIDENCE_LINES),
            place: flatten_escaped(place),
            log: flatten_escaped(&log.unwrap_or_default()),
        })
    }
}
