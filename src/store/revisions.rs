//! The history of a store for people: every revision, what its run did, and how it ended.

use super::{StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::event::{
    DeliveredOutput, DeliveredReport, Event, JobReused, JobStarted, JobSucceeded, RunStatus,
};
use crate::model::{FailureClass, Phase};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One revision: a run, or a return to an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Revision {
    /// Its name, such as `rev-0003`.
    pub name: String,
    /// The title of the production at that time.
    pub production: String,
    /// When it started.
    pub started: Option<jiff::Timestamp>,
    /// When it ended. `None`: it was interrupted, or is still running.
    pub ended: Option<jiff::Timestamp>,
    /// How long it took, by a clock that never goes back. `None`: it was interrupted.
    pub seconds: Option<f64>,
    /// How it ended. `None`: it was interrupted, is still running, or is no run.
    pub status: Option<RunStatus>,
    /// Jobs in its plan.
    pub planned: usize,
    /// Jobs that it made.
    pub made: usize,
    /// Jobs that were in the store already.
    pub reused: usize,
    /// Attempts that failed and were followed by another.
    pub retried: usize,
    /// Jobs skipped because a job that they need failed.
    pub skipped: usize,
    /// Jobs that failed and were not tried again.
    pub failed: Vec<FailedJob>,
    /// Identity of every job that succeeded, by name, with its phase.
    #[serde(skip)]
    pub jobs: BTreeMap<String, (Phase, Digest)>,
    /// What it delivered, and the digest of its manifest.
    pub published: Option<RevisionPublication>,
    /// The revision that it returned to. `None`: it is a run.
    pub reverted_to: Option<String>,
}

/// A job that failed and was not tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FailedJob {
    /// Its name.
    pub job: String,
    /// The failure class.
    pub class: FailureClass,
    /// What happened, as a fragment that reads after "failed to".
    pub message: String,
}

/// What a revision put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevisionPublication {
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The deliverables.
    pub deliverables: Vec<DeliveredOutput>,
    /// The report beside them.
    #[serde(skip_serializing_if = "DeliveredReport::is_empty")]
    pub report: DeliveredReport,
    /// What was replaced although no revision had put it there, because the user allowed it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<PathBuf>,
}

impl Revision {
    /// Returns every revision, oldest first.
    ///
    /// # Errors
    /// Fails if a journal cannot be read or is damaged before its last record.
    pub fn read_all(layout: &StoreLayout) -> Result<Vec<Self>, StoreError> {
        journal::list_journals(layout)?
            .iter()
            .map(|path| Self::read_journal(layout, path))
            .collect()
    }

    /// Returns the revision whose journal is at `path`.
    pub(super) fn read_journal(layout: &StoreLayout, path: &Path) -> Result<Self, StoreError> {
        let mut revision = Self {
            name: journal::revision_from_path(path),
            ..Self::default()
        };
        journal::read_events(layout, path)?
            .into_iter()
            .for_each(|event| revision.apply_event(event));
        Ok(revision)
    }

    /// Returns the revision that is in place. A return to an earlier one counts as that one.
    // From the journals and not from `current.json`: that file is derived, and `verify` compares it
    // with this.
    #[must_use]
    pub fn find_current(revisions: &[Self]) -> Option<&Self> {
        let newest = revisions
            .iter()
            .rev()
            .find(|revision| revision.published.is_some() || revision.reverted_to.is_some())?;
        match &newest.reverted_to {
            Some(name) => revisions.iter().find(|revision| revision.name == *name),
            None => Some(newest),
        }
    }

    /// Returns the revision that `text` names: `rev-0003`, `3`, `current` or `latest`.
    #[must_use]
    pub fn find_by_name<'a>(revisions: &'a [Self], text: &str) -> Option<&'a Self> {
        match text {
            "current" => Self::find_current(revisions),
            // A return to an earlier revision ran no jobs, so it has nothing that `show` or `log`
            // could print.
            "latest" => revisions
                .iter()
                .rev()
                .find(|revision| revision.reverted_to.is_none()),
            _ => {
                let name = text
                    .parse::<u32>()
                    .map_or_else(|_| text.to_owned(), super::run_history::revision_name);
                revisions.iter().find(|revision| revision.name == name)
            }
        }
    }

    fn apply_event(&mut self, event: Event) {
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
                report,
                replaced,
                ..
            } => {
                self.published = Some(RevisionPublication {
                    manifest,
                    deliverables,
                    report,
                    replaced,
                });
            }
            Event::Reverted { to, at, .. } => {
                // A return is one record without a start and an end, but lists show a time for
                // every revision.
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
