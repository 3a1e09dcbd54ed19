//! The history of a store for people: every revision, what its run did, and how it ended.

use super::{StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::event::{
    DeliveredOutput, DeliveredReport, Event, JobReused, JobStarted, JobSucceeded, RunStatus,
    RunTotals,
};
use crate::model::{FailureClass, Phase};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One revision: a run, or a return to an earlier one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Revision {
    /// Its name, such as `rev-0003`.
    pub name: String,
    /// The title of the production at that time.
    pub production: String,
    /// The quality tier. `None`: it is no run, or of an earlier version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// Whether the sound that the document asks for was left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_sound: bool,
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
    /// What it was to make. `None`: it is no run, or one of an earlier version.
    #[serde(default)]
    pub totals: Option<RunTotals>,
    /// What became of its jobs, by phase.
    #[serde(default)]
    pub phases: BTreeMap<Phase, PhaseCounts>,
    /// Shots that were complete at its last checkpoint.
    #[serde(default)]
    pub completed_shots: usize,
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

/// What became of the jobs of one phase.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseCounts {
    /// Jobs that were made.
    pub made: usize,
    /// Jobs that were in the store already.
    pub reused: usize,
    /// Jobs that failed and were not tried again.
    pub failed: usize,
    /// Jobs skipped because a job that they need failed.
    pub skipped: usize,
}

impl PhaseCounts {
    /// Returns the number of jobs with a result.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.made + self.reused
    }
}

/// A job that failed and was not tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedJob {
    /// Its name.
    pub job: String,
    /// The failure class.
    pub class: FailureClass,
    /// What happened, as a fragment that reads after "failed to".
    pub message: String,
}

/// What a revision put in place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionPublication {
    /// The digest of its manifest.
    pub manifest: Digest,
    /// The deliverables.
    pub deliverables: Vec<DeliveredOutput>,
    /// The report beside them.
    #[serde(default, skip_serializing_if = "DeliveredReport::is_empty")]
    pub report: DeliveredReport,
    /// What was replaced although no revision had put it there, because the user allowed it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
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
        journal::visit_events(layout, path, |event| {
            revision.apply_event(&event);
            revision.keep_job(event);
        })?;
        Ok(revision)
    }

    /// Returns the revision that is in place. A return to an earlier one counts as that one.
    // From the journals and not from `current.json`: that file is derived, and `verify` compares it
    // with this.
    #[must_use]
    pub fn find_current(revisions: &[Self]) -> Option<&Self> {
        // The newest that changed what is in place. Runs that failed left everything as it was.
        let newest = revisions
            .iter()
            .rev()
            .find(|revision| revision.published.is_some() || revision.reverted_to.is_some())?;
        match &newest.reverted_to {
            // A return names a revision with a manifest, so it never leads to another return.
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
                // `3` is what people type for `rev-0003`.
                let name = text
                    .parse::<u32>()
                    .map_or_else(|_| text.to_owned(), super::run_history::revision_name);
                revisions.iter().find(|revision| revision.name == name)
            }
        }
    }

    /// Notes the identity of a job that succeeded.
    // Apart from the counts: a run may have a million jobs, and what only shows how it went does
    // not need their names.
    fn keep_job(&mut self, event: Event) {
        if let Event::JobSucceeded(JobSucceeded {
            job, phase, digest, ..
        })
        | Event::JobReused(JobReused {
            job, phase, digest, ..
        }) = event
        {
            self.jobs.insert(job, (phase, digest));
        }
    }

    /// Applies an event, without the identities of jobs.
    pub fn apply_event(&mut self, event: &Event) {
        match event {
            Event::RunStarted { .. } => self.begin(event),
            Event::JobSucceeded(_)
            | Event::JobReused(_)
            | Event::JobSkipped { .. }
            | Event::JobFailed { .. }
            | Event::JobRetried { .. } => self.count_job(event),
            Event::CheckpointSaved { shots } => self.completed_shots = *shots,
            Event::Published {
                manifest,
                deliverables,
                report,
                replaced,
                ..
            } => {
                self.published = Some(RevisionPublication {
                    manifest: *manifest,
                    deliverables: deliverables.clone(),
                    report: report.clone(),
                    replaced: replaced.clone(),
                });
            }
            Event::Reverted { to, at, .. } => {
                // A return is one record without a start and an end, but lists show a time for
                // every revision.
                self.reverted_to = Some(to.clone());
                self.started = Some(*at);
                self.ended = Some(*at);
            }
            Event::RunEnded {
                status,
                at,
                seconds,
            } => {
                self.status = Some(*status);
                self.ended = Some(*at);
                self.seconds = Some(*seconds);
            }
            Event::JobStarted(JobStarted { .. })
            | Event::JobProgress { .. }
            | Event::RunPaused { .. }
            | Event::RunResumed => {}
        }
    }

    /// Records what a run began with.
    fn begin(&mut self, event: &Event) {
        if let Event::RunStarted {
            production,
            at,
            jobs,
            totals,
            tier,
            no_sound,
            ..
        } = event
        {
            self.production.clone_from(production);
            // Journals of earlier versions have no tier.
            self.tier = Some(tier.clone()).filter(|tier| !tier.is_empty());
            self.no_sound = *no_sound;
            self.totals.clone_from(totals);
            self.started = Some(*at);
            self.planned = *jobs;
        }
    }

    /// Counts what became of a job.
    fn count_job(&mut self, event: &Event) {
        match event {
            Event::JobSucceeded(JobSucceeded { phase, .. }) => {
                self.made += 1;
                self.phases.entry(*phase).or_default().made += 1;
            }
            Event::JobReused(JobReused { phase, .. }) => {
                self.reused += 1;
                self.phases.entry(*phase).or_default().reused += 1;
            }
            Event::JobSkipped { phase, .. } => {
                self.skipped += 1;
                self.phases.entry(*phase).or_default().skipped += 1;
            }
            Event::JobFailed {
                job,
                phase,
                class,
                message,
                ..
            } => {
                self.phases.entry(*phase).or_default().failed += 1;
                // In the order of the run: the first failure is often the cause of the others.
                self.failed.push(FailedJob {
                    job: job.clone(),
                    class: *class,
                    message: message.clone(),
                });
            }
            // `apply_event` passes on no other event than a retry.
            _ => self.retried += 1,
        }
    }
}
