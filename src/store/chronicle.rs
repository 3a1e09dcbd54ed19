//! What last became of each job, and in which run: for whoever asks why one waits, failed or was reused.
//!
//! Read from the journals, also while a run is going. Says what happened; why it had to is the plan's to say.

use super::{Layout, StoreError, journal};
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::FailureClass;
use serde::Serialize;
use std::collections::HashMap;
use std::path::PathBuf;

/// What last became of a job.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "became", rename_all = "snake_case")]
pub enum Fate {
    /// It was handed to a worker, and nothing was heard since.
    Started {
        /// Which try, from 1.
        attempt: u32,
    },
    /// It was made.
    Made {
        /// How long that took.
        seconds: f64,
    },
    /// It was in the store already.
    Reused {
        /// Whether it was kept on request.
        pinned: bool,
    },
    /// A try failed, and another was to follow.
    Retried {
        /// Which try failed, from 1.
        attempt: u32,
        /// Seconds until the next.
        wait: f64,
        /// What kind of failure.
        class: FailureClass,
        /// What happened, in words that read after "failed to".
        message: String,
    },
    /// It failed for good.
    Failed {
        /// What kind of failure.
        class: FailureClass,
        /// What happened, in words that read after "failed to".
        message: String,
        /// The last lines a tool printed.
        evidence: String,
        /// The log of the attempt, relative to the store's folder.
        log: Option<PathBuf>,
    },
    /// A job that it needs did not succeed.
    Skipped {
        /// That job.
        because: String,
    },
}

/// What last became of every job, by name, with the revision of that run.
#[derive(Debug, Default)]
pub struct Chronicle {
    /// By job.
    pub fates: HashMap<String, (String, Fate)>,
    /// The newest run.
    pub newest: Option<String>,
}

impl Chronicle {
    /// Reads the journals of a store.
    ///
    /// # Errors
    /// Fails when a journal cannot be read or is damaged before its last record.
    pub fn read(layout: &Layout) -> Result<Self, StoreError> {
        let mut chronicle = Self::default();
        for path in journal::list(layout)? {
            let revision = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            for (job, fate) in journal::read(layout, &path)?.into_iter().filter_map(fate) {
                chronicle.fates.insert(job, (revision.clone(), fate));
            }
            chronicle.newest = Some(revision);
        }
        Ok(chronicle)
    }

    /// Returns what became of a job in the newest run so far, if anything did.
    #[must_use]
    pub fn in_newest(&self, job: &str) -> Option<&Fate> {
        self.fates
            .get(job)
            .filter(|(revision, _)| self.newest.as_ref() == Some(revision))
            .map(|(_, fate)| fate)
    }
}

fn fate(event: Event) -> Option<(String, Fate)> {
    Some(match event {
        Event::JobStarted(JobStarted { job, attempt, .. }) => (job, Fate::Started { attempt }),
        Event::JobSucceeded(JobSucceeded { job, seconds, .. }) => (job, Fate::Made { seconds }),
        Event::JobReused(JobReused { job, pinned, .. }) => (job, Fate::Reused { pinned }),
        Event::JobRetried {
            job,
            attempt,
            wait,
            class,
            message,
            ..
        } => (
            job,
            Fate::Retried {
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
            Fate::Failed {
                class,
                message,
                evidence,
                log,
            },
        ),
        Event::JobSkipped { job, because, .. } => (job, Fate::Skipped { because }),
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
        let layout = Layout::new(folder.path());
        let (job, phase) = ("render.shot/one/1-4".to_owned(), Phase::Shots);
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
        let chronicle = Chronicle::read(&layout).unwrap();
        assert_eq!(
            chronicle.fates[&job],
            ("rev-0001".to_owned(), Fate::Started { attempt: 1 })
        );
        assert_eq!(chronicle.in_newest(&job), None);
        assert_eq!(
            chronicle.in_newest("grade.frames/one/1-4"),
            Some(&Fate::Skipped { because })
        );
    }
}
