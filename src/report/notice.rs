//! Notices: the events of a run that leave a line on the screen. A phase began or ended, a job
//! failed, a revision was published.
//!
//! Owns the words; [`terminal`](super::terminal) and [`plain`](super::plain) own the layout.

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

/// An event that leaves a line on the screen.
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
    /// An attempt failed and a retry is scheduled.
    Retried {
        /// The job.
        job: String,
        /// Class of the failure and its message.
        cause: String,
        /// Number of the next attempt and the wait before it.
        next: String,
    },
    /// A job failed for good.
    Failed(JobFailureNotice),
    /// A checkpoint was written after this many shots.
    Checkpoint(usize),
    /// This revision was published.
    Published(String),
    /// The run was paused.
    Paused {
        /// Whether jobs that run stand still too.
        frozen: bool,
    },
    /// The run continues after a pause.
    Resumed,
}

/// A phase whose jobs have all ended.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseSummary {
    /// The phase.
    pub phase: Phase,
    /// Whether every job succeeded.
    pub all_succeeded: bool,
    /// The work done, such as `12 shots, 480 frames`.
    pub amount: String,
    /// Jobs that were reused, failed or not started; empty if there are none.
    pub details: String,
    /// Time since its first job started; empty if no job had to run.
    pub elapsed: String,
}

/// A failed job. All texts are escaped: they come from the document and from tools, and go to a
/// terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFailureNotice {
    /// The job.
    pub job: String,
    /// The class in words.
    pub class: &'static str,
    /// The message of the failure.
    pub message: String,
    /// The last lines that the tool printed, at most eight.
    pub evidence: Vec<String>,
    /// `file:line:column` of what requests the job; empty if unknown.
    pub place: String,
    /// Path of the log of the last attempt; empty if there is none.
    pub log: String,
}

/// Returns what a pause means for the jobs of a run.
pub(super) const fn pause_text(frozen: bool) -> &'static str {
    if frozen {
        "running jobs stand still, nothing new starts"
    } else {
        "running jobs finish, nothing new starts"
    }
}

impl PhaseSummary {
    pub(super) fn from_tally(
        phase: Phase,
        totals: &PhaseTotals,
        tally: PhaseTally,
        now: Duration,
    ) -> Self {
        let all_succeeded = tally.failed + tally.skipped == 0;
        // A phase whose jobs were all reused never began. "in 0.0s" would look like a measurement.
        let elapsed = tally.began.map_or_else(String::new, |began| {
            format_duration(now.saturating_sub(began).as_secs_f64())
        });
        // After a failure the number of units that exist is what matters; after a success it would
        // only be the total written twice.
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

pub(super) fn format_phase_totals(phase: Phase, totals: &PhaseTotals) -> String {
    // A phase of sheets and texts alone has no units that progress counts.
    if totals.units == 0 {
        return count_jobs(totals.jobs);
    }
    let units = format_count(totals.units, totals.noun);
    // People count shots and frames. In all other phases a shot is no unit of the work, and the
    // frames of sprites are of none.
    if phase == Phase::Shots && totals.shots > 0 {
        format!("{}, {units}", format_count(totals.shots, "shot"))
    } else {
        units
    }
}

fn format_partial_totals(totals: &PhaseTotals, tally: PhaseTally) -> String {
    if totals.units == 0 {
        let succeeded = tally.run + tally.reused;
        return format!("{succeeded} of {}", count_jobs(totals.jobs));
    }
    format!(
        "{} of {}",
        text_format::format_number(tally.units),
        format_count(totals.units, totals.noun)
    )
}

fn phase_details(totals: &PhaseTotals, tally: PhaseTally) -> String {
    // The number is left out when it is that of all jobs, which the line already shows.
    let reused = if tally.reused == totals.jobs {
        "already made".to_owned()
    } else {
        format!("{} already made", count_jobs(tally.reused))
    };
    let parts = [
        (tally.reused, reused),
        // Skipped jobs are listed last: they follow from the failed ones and need no action.
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

/// Returns the notice of a retry; `None` for any other event.
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
            // Waiting for a licence is not a fault of the job and is not limited by its number of
            // attempts, so an attempt number would worry people for nothing.
            FailureClass::Licence => {
                format!(
                    "waits for a licence, tries again in {}",
                    format_duration(*wait)
                )
            }
            _ => format!("try {} in {}", attempt + 1, format_duration(*wait)),
        },
    })
}

fn count_jobs(number: usize) -> String {
    format_count(number, "job")
}

impl JobFailureNotice {
    /// Returns the notice of a failure; `None` for any other event. `store` is the folder that the
    /// path of the log is relative to.
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
        // People open the log from the folder in which they typed the command, so the path includes
        // that of the store.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(jobs: usize, units: usize, noun: &'static str) -> PhaseTotals {
        PhaseTotals {
            jobs,
            units,
            noun,
            shots: 0,
        }
    }

    #[test]
    fn a_phase_without_counted_units_counts_its_jobs() {
        let sheets = totals(4, 0, "sheet");
        assert_eq!(format_phase_totals(Phase::Export, &sheets), "4 jobs");
        let tally = PhaseTally {
            run: 2,
            reused: 1,
            failed: 1,
            ..PhaseTally::default()
        };
        assert_eq!(format_partial_totals(&sheets, tally), "3 of 4 jobs");
        let frames = totals(4, 96, "frame");
        assert_eq!(format_phase_totals(Phase::Export, &frames), "96 frames");
    }
}
