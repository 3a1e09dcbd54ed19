//! The last outcome of each job, and the run in which it happened: for questions why a job waits,
//! failed or was reused.
//!
//! Read from the journals, also during a run. It has what happened. Why a job had to run is in the
//! plan.

use super::{StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::FailureClass;
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;

/// The last event of a job.
// Apart from `RunHistory`: that one has what the next run must know, and forgets starts, waits and
// skips. Every run reads it, so it must stay small.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "became", rename_all = "snake_case")]
pub enum JobOutcome {
    /// A worker has it. There was no further event.
    Started {
        /// Number of the attempt, from 1.
        attempt: u32,
    },
    /// It was made.
    Made {
        /// How long that took.
        seconds: f64,
    },
    /// It was in the store already.
    Reused {
        /// Whether `--pin` selected the older result.
        pinned: bool,
    },
    /// An attempt failed, and another was to follow.
    Retried {
        /// The attempt that failed, from 1.
        attempt: u32,
        /// Seconds until the next attempt.
        wait: f64,
        /// The failure class.
        class: FailureClass,
        /// What happened, as a fragment that reads after "failed to".
        message: String,
    },
    /// It failed, and was not tried again.
    Failed {
        /// The failure class.
        class: FailureClass,
        /// What happened, as a fragment that reads after "failed to".
        message: String,
        /// The last lines a tool printed.
        evidence: String,
        /// The log of the attempt, relative to the store's folder.
        log: Option<PathBuf>,
    },
    /// A job that it needs did not succeed.
    Skipped {
        /// The name of that job.
        because: String,
    },
}

/// The last outcome of every job by name, with the revision of that run.
#[derive(Debug, Default)]
pub struct JobHistory {
    /// Revision and outcome, by job name.
    pub outcomes: HashMap<String, (String, JobOutcome)>,
    /// The revision of the newest journal. It may still be running.
    pub newest_run: Option<String>,
    /// The identities under which each job finished, by name.
    pub identities: HashMap<String, JobIdentities>,
}

/// The two identities under which a job last finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JobIdentities {
    /// The last one.
    pub last: Digest,
    /// Another one before it. `None`: it has always had the last one.
    pub before: Option<Digest>,
}

impl JobHistory {
    /// Reads the journals of a store.
    ///
    /// # Errors
    /// Fails if a journal cannot be read or is damaged before its last record.
    pub fn read_journals(layout: &StoreLayout) -> Result<Self, StoreError> {
        let mut history = Self::default();
        for path in journal::list_journals(layout)? {
            let revision = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            for event in journal::read_events(layout, &path)? {
                history.add_identity(&event);
                // Events of the run as a whole say nothing about one job.
                let Some((job, outcome)) = job_outcome(event) else {
                    continue;
                };
                // Journals come in the order of their numbers and events in that of the run, so the
                // last one to be inserted is the newest. No clock is compared.
                history.outcomes.insert(job, (revision.clone(), outcome));
            }
            history.newest_run = Some(revision);
        }
        Ok(history)
    }

    fn add_identity(&mut self, event: &Event) {
        let (Event::JobSucceeded(JobSucceeded { job, digest, .. })
        | Event::JobReused(JobReused { job, digest, .. })) = event
        else {
            return;
        };
        let known = self.identities.entry(job.clone());
        let known = known.or_insert(JobIdentities {
            last: *digest,
            before: None,
        });
        // A run that reuses a job records the same identity again, which is no change.
        if known.last != *digest {
            known.before = Some(known.last);
            known.last = *digest;
        }
    }

    /// Returns the outcome of a job in the newest run so far. `None`: that run has no event of the
    /// job.
    #[must_use]
    pub fn newest_outcome(&self, job: &str) -> Option<&JobOutcome> {
        self.outcomes
            .get(job)
            // An outcome of an earlier run would explain what is not the case any more.
            .filter(|(revision, _)| self.newest_run.as_ref() == Some(revision))
            .map(|(_, outcome)| outcome)
    }
}

fn job_outcome(event: Event) -> Option<(String, JobOutcome)> {
    Some(match event {
        Event::JobStarted(JobStarted { job, attempt, .. }) => {
            (job, JobOutcome::Started { attempt })
        }
        Event::JobSucceeded(JobSucceeded { job, seconds, .. }) => {
            (job, JobOutcome::Made { seconds })
        }
        Event::JobReused(JobReused { job, pinned, .. }) => (job, JobOutcome::Reused { pinned }),
        Event::JobRetried {
            job,
            attempt,
            wait,
            class,
            message,
            ..
        } => (
            job,
            JobOutcome::Retried {
                attempt,
                wait,
                class,
                message,
            },
        ),
        Event::JobFailed {
            job,
            class,
            message,
            evidence,
            log,
            ..
        } => (
            job,
            JobOutcome::Failed {
                class,
                message,
                evidence,
                log,
            },
        ),
        Event::JobSkipped { job, because, .. } => (job, JobOutcome::Skipped { because }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Phase;

    #[test]
    fn the_last_event_of_a_job_is_what_became_of_it() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let job = "render.shot/one/1-4".to_owned();
        let phase = Phase::Shots;
        let because = "asset.import/mara.glb".to_owned();
        let events = [
            Event::JobStarted(JobStarted {
                job: job.clone(),
                phase,
                attempt: 1,
            }),
            Event::JobSkipped {
                job: "grade.frames/one/1-4".to_owned(),
                phase,
                because: because.clone(),
            },
        ];
        for (revision, event) in ["rev-0001", "rev-0002"].into_iter().zip(events) {
            let mut journal = super::super::Journal::create(&layout, revision).unwrap();
            journal.append(&event).unwrap();
            journal.close().unwrap();
        }
        let history = JobHistory::read_journals(&layout).unwrap();
        assert_eq!(
            history.outcomes[&job],
            ("rev-0001".to_owned(), JobOutcome::Started { attempt: 1 })
        );
        assert_eq!(history.newest_outcome(&job), None);
        assert_eq!(
            history.newest_outcome("grade.frames/one/1-4"),
            Some(&JobOutcome::Skipped { because })
        );
    }
}
