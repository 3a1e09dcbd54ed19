//! What is worth a lasting line while a run goes: a phase began or ended, a job failed, something was saved.
//!
//! Owns the words; the terminal and the plain sink own how they look.

use super::figures::{self, count, span};
use super::progress::Tally;
use super::roster::Extent;
use crate::event::Event;
use crate::model::{FailureClass, Phase};
use std::path::Path;
use std::time::Duration;

/// Most lines of a tool's output shown with a failure.
const EVIDENCE: usize = 8;

/// Something worth a lasting line.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The first job of a phase started.
    PhaseBegan {
        /// The phase.
        phase: Phase,
        /// What there is to do, such as `12 shots, 480 frames`.
        what: String,
    },
    /// Every job of a phase has ended.
    PhaseEnded(Phased),
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
    Failed(Failed),
    /// The resume position was saved after this many shots.
    Checkpoint(usize),
    /// This revision was published.
    Published(String),
}

/// A phase whose jobs have all ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Phased {
    /// The phase.
    pub phase: Phase,
    /// Whether every job succeeded.
    pub whole: bool,
    /// What was done, such as `12 shots, 480 frames`.
    pub what: String,
    /// What to add: how much was there already, what failed; empty when there is nothing to add.
    pub aside: String,
    /// How long it took from its first start, empty when nothing had to run.
    pub took: String,
}

/// A failed job, every text of it harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
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

impl Phased {
    pub(super) fn of(phase: Phase, all: &Extent, tally: Tally, now: Duration) -> Self {
        let whole = tally.failed + tally.skipped == 0;
        let took = tally.began.map_or_else(String::new, |began| {
            span(now.saturating_sub(began).as_secs_f64())
        });
        let what = if whole {
            extent(phase, all)
        } else {
            partly(all, tally)
        };
        Self {
            phase,
            whole,
            what,
            aside: aside(all, tally),
            took,
        }
    }
}

/// Returns what a phase amounts to.
pub(super) fn extent(phase: Phase, extent: &Extent) -> String {
    let units = count(extent.units, extent.noun);
    if phase == Phase::Shots {
        format!("{}, {units}", count(extent.shots, "shot"))
    } else {
        units
    }
}

fn partly(all: &Extent, tally: Tally) -> String {
    format!(
        "{} of {}",
        figures::number(tally.units),
        count(all.units, all.noun)
    )
}

fn aside(all: &Extent, tally: Tally) -> String {
    let reused = if tally.reused == all.jobs {
        "already made".to_owned()
    } else {
        format!("{} already made", jobs(tally.reused))
    };
    let parts = [
        (tally.reused, reused),
        (tally.failed, format!("{} failed", jobs(tally.failed))),
    ];
    let parts = parts.into_iter().chain([(
        tally.skipped,
        format!("{} not started", jobs(tally.skipped)),
    )]);
    parts
        .filter(|(count, _)| *count > 0)
        .map(|(_, text)| text)
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns the notice that a job will be tried again, if `event` tells so.
pub(super) fn retried(event: &Event) -> Option<Notice> {
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
    Some(Notice::Retried {
        job: figures::harmless(job),
        cause: format!("{}: {}", figures::class(*class), figures::harmless(message)),
        next: match class {
            FailureClass::Licence => format!("waits for one, asks again in {}", span(*wait)),
            _ => format!("try {} in {}", attempt + 1, span(*wait)),
        },
    })
}

fn jobs(number: usize) -> String {
    count(number, "job")
}

impl Failed {
    /// Returns the failure that `event` tells of, if it does.
    pub(super) fn of(event: &Event, place: &str, store: &Path) -> Option<Self> {
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
            job: figures::harmless(job),
            class: figures::class(*class),
            message: figures::harmless(message),
            evidence: figures::tail(evidence, EVIDENCE),
            place: figures::harmless(place),
            log: figures::harmless(&log.unwrap_or_default()),
        })
    }
}
