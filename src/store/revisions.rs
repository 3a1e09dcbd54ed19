//! The history of a store for people: every revision, what its run did, and how it ended.

use super::{Layout, StoreError, journal};
use crate::base::Digest;
use crate::event::{DeliveredOutput, Event, JobReused, JobStarted, JobSucceeded, RunStatus};
use crate::model::{FailureClass, Phase};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// One revision: a run, or a return to an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Revision {
    /// Its name, such as `rev-0003`.
    pub name: String,
    /// The production's title at that time.
    pub production: String,
    /// When it began.
    pub started: Option<jiff::Timestamp>,
    /// When it ended; none when it was cut off, or is still going.
    pub ended: Option<jiff::Timestamp>,
    /// How long it took, by a clock that never goes back; none when it was cut off.
    pub seconds: Option<f64>,
    /// How it ended.
    pub status: Option<RunStatus>,
    /// Jobs in its plan.
    pub planned: usize,
    /// Jobs that it made.
    pub made: usize,
    /// Jobs that were in the store already.
    pub reused: usize,
    /// Tries that failed and were made again.
    pub retried: usize,
    /// Jobs skipped because one that they need failed.
    pub skipped: usize,
    /// Jobs that failed.
    pub failed: Vec<FailedJob>,
    /// Identity of every job that succeeded, by name, with its phase.
    #[serde(skip)]
    pub jobs: BTreeMap<String, (Phase, Digest)>,
    /// What it delivered, and the digest of its manifest.
    pub published: Option<Publication>,
    /// The revision that it went back to, if it is no run.
    pub reverted_to: Option<String>,
}

/// A job that failed for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedJob {
    /// The job.
    pub job: String,
    /// What kind of failure.
    pub class: FailureClass,
    /// What happened, in words that read after "failed to".
    pub message: String,
}

/// What a revision put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// Digest of its manifest.
    pub manifest: Digest,
    /// The deliverables.
    pub deliverables: Vec<DeliveredOutput>,
}

impl Revision {
    /// Returns every revision, oldest first.
    ///
    /// # Errors
    /// Fails when a journal cannot be read or is damaged before its last record.
    pub fn all(layout: &Layout) -> Result<Vec<Self>, StoreError> {
        journal::list(layout)?
            .iter()
            .map(|path| Self::read(layout, path))
            .collect()
    }

    /// Returns the revision whose journal lies at `path`.
    pub(super) fn read(layout: &Layout, path: &Path) -> Result<Self, StoreError> {
        let mut revision = Self {
            name: journal::revision_of(path),
            ..Self::default()
        };
        journal::read(layout, path)?
            .into_iter()
            .for_each(|event| revision.note(event));
        Ok(revision)
    }

    /// Returns the revision that is in place, following returns to earlier ones.
    #[must_use]
    pub fn current(all: &[Self]) -> Option<&Self> {
        let newest = all
            .iter()
            .rev()
            .find(|one| one.published.is_some() || one.reverted_to.is_some())?;
        match &newest.reverted_to {
            Some(name) => all.iter().find(|one| one.name == *name),
            None => Some(newest),
        }
    }

    /// Returns the revision that `text` names: `rev-0003`, `3`, `current` or `latest`.
    #[must_use]
    pub fn find<'a>(all: &'a [Self], text: &str) -> Option<&'a Self> {
        match text {
            "current" => Self::current(all),
            "latest" => all.iter().rev().find(|one| one.reverted_to.is_none()),
            _ => {
                let name = text
                    .parse::<u32>()
                    .map_or_else(|_| text.to_owned(), super::fold::revision_name);
                all.iter().find(|one| one.name == name)
            }
        }
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::RunStarted {
                production,
                at,
                jobs,
                ..
            } => {
                (self.production, self.started, self.planned) = (production, Some(at), jobs);
            }
            Event::JobSucceeded(JobSucceeded {
                job, phase, digest, ..
            }) => {
                self.made += 1;
                self.jobs.insert(job, (phase, digest));
            }
            Event::JobReused(JobReused {
                job, phase, digest, ..
            }) => {
                self.reused += 1;
                self.jobs.insert(job, (phase, digest));
            }
            Event::JobRetried { .. } => self.retried += 1,
            Event::JobSkipped { .. } => self.skipped += 1,
            Event::JobFailed {
                job,
                class,
                message,
                ..
            } => {
                self.failed.push(FailedJob {
                    job,
                    class,
                    message,
                });
            }
            Event::Published {
                manifest,
                deliverables,
                ..
            } => {
                self.published = Some(Publication {
                    manifest,
                    deliverables,
                });
            }
            Event::Reverted { to, at } => {
                (self.reverted_to, self.started, self.ended) = (Some(to), Some(at), Some(at));
            }
            Event::RunEnded {
                status,
                at,
                seconds,
            } => {
                (self.status, self.ended, self.seconds) = (Some(status), Some(at), Some(seconds));
            }
            Event::JobStarted(JobStarted { .. })
            | Event::JobProgress { .. }
            | Event::CheckpointSaved { .. } => {}
        }
    }
}
