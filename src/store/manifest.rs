//! The manifest of a published revision: every job with its identity and files, and what was delivered.
//!
//! Derived from the journals, written once, and checked against its digest when read. [`Manifest::rebuild`] makes the same
//! manifest from the journals alone.

use super::{StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::event::{DeliveredOutput, Event, JobReused, JobSucceeded};
use crate::model::{Artefact, ExecutionMode, Phase};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What a revision consists of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The revision.
    pub revision: String,
    /// The production's title.
    pub production: String,
    /// What was delivered, in document order.
    pub deliverables: Vec<DeliveredOutput>,
    /// Every job by name.
    pub jobs: BTreeMap<String, ManifestJob>,
}

/// What one job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestJob {
    /// Its phase.
    pub phase: Phase,
    /// Its identity.
    pub digest: Digest,
    /// Who made it.
    pub provider: String,
    /// How real it is.
    pub mode: ExecutionMode,
    /// Whether it was kept on request although the document asked for something else by then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Its files, in order.
    pub outputs: Vec<StoredFile>,
}

/// One file in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// Its name within the job's outputs.
    pub name: String,
    /// Digest of its content.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
}

impl StoredFile {
    /// Returns what is kept of an artefact.
    #[must_use]
    pub fn from_artefact(artefact: &Artefact) -> Self {
        Self {
            name: artefact.name.clone(),
            digest: artefact.digest,
            size: artefact.stamp.size,
        }
    }
}

impl Manifest {
    /// Returns the manifest as it is written.
    #[must_use]
    pub fn json_bytes(&self) -> Vec<u8> {
        to_pretty_json(self).into_bytes()
    }

    /// Returns the digest of the manifest as it is written.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::hash_bytes(&self.json_bytes())
    }

    /// Writes the manifest, unless the file with this digest is there already: one of an earlier program stays as it is.
    pub(super) fn write_if_changed(
        &self,
        layout: &StoreLayout,
        digest: Digest,
    ) -> Result<(), StoreError> {
        let path = layout.manifest_path(&self.revision);
        let is_written = layout
            .disk()
            .hash_file(&path)
            .is_ok_and(|actual| actual == digest);
        if is_written {
            Ok(())
        } else {
            layout.replace_file(&path, &self.json_bytes())
        }
    }

    /// Reads the manifest of a revision, as it was when `digest` was taken.
    ///
    /// # Errors
    /// Fails when it is not there, cannot be read, or was changed.
    pub fn read(layout: &StoreLayout, revision: &str, digest: Digest) -> Result<Self, StoreError> {
        let path = layout.manifest_path(revision);
        let bytes = layout
            .disk()
            .read_bytes(&path)
            .map_err(|source| StoreError::io("read", &path, source))?;
        let manifest = (Digest::hash_bytes(&bytes) == digest)
            .then(|| serde_json::from_slice(&bytes).ok())
            .flatten();
        manifest.ok_or(StoreError::Changed { path })
    }

    fn add_job(&mut self, job: &str, phase: Phase, pinned: bool, record: Option<&ManifestJob>) {
        self.jobs.extend(record.map(|job_record| {
            (
                job.to_owned(),
                ManifestJob {
                    phase,
                    pinned,
                    ..job_record.clone()
                },
            )
        }));
    }

    /// Makes the manifest of a published revision from the journals; `None` when it was not published.
    ///
    /// # Errors
    /// Fails when a journal cannot be read.
    pub fn rebuild(layout: &StoreLayout, revision: &str) -> Result<Option<Self>, StoreError> {
        let mut records = HashMap::new();
        for path in journal::list_journals(layout)? {
            let events = journal::read_events(layout, &path)?;
            records.extend(events.iter().filter_map(manifest_job));
            if path.file_stem().is_some_and(|stem| stem == revision) {
                return Ok(manifest_from_events(revision, &events, &records));
            }
        }
        Ok(None)
    }
}

/// One way in which two revisions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ManifestDifference {
    /// Only the later one has this job.
    Added(String),
    /// Only the earlier one has this job.
    Removed(String),
    /// Files of this job differ.
    Changed {
        /// The job.
        job: String,
        /// How many of its files differ, are new or are gone.
        files: usize,
        /// How many files it has, in the revision that has more.
        #[serde(rename = "of")]
        total: usize,
        /// The files that differ: name, and digest before and after.
        changes: Vec<(String, Option<Digest>, Option<Digest>)>,
    },
}

impl Manifest {
    /// Returns how `later` differs from this revision, by job name.
    #[must_use]
    pub fn differences(&self, later: &Self) -> Vec<ManifestDifference> {
        let names: BTreeSet<&String> = self.jobs.keys().chain(later.jobs.keys()).collect();
        let job_changes = |name: &String| match (self.jobs.get(name), later.jobs.get(name)) {
            (None, _) => Some(ManifestDifference::Added(name.clone())),
            (_, None) => Some(ManifestDifference::Removed(name.clone())),
            (Some(before), Some(after)) => job_difference(name, before, after),
        };
        names.into_iter().filter_map(job_changes).collect()
    }
}

fn job_difference(
    name: &str,
    before: &ManifestJob,
    after: &ManifestJob,
) -> Option<ManifestDifference> {
    let files = |job: &ManifestJob| -> BTreeMap<String, Digest> {
        job.outputs
            .iter()
            .map(|file| (file.name.clone(), file.digest))
            .collect()
    };
    let (before, after) = (files(before), files(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let total = names.len();
    let file_change = |name: &String| {
        (
            name.clone(),
            before.get(name).copied(),
            after.get(name).copied(),
        )
    };
    let changes: Vec<_> = names
        .into_iter()
        .map(file_change)
        .filter(|(_, old, new)| old != new)
        .collect();
    let files = changes.len();
    (files > 0).then(|| ManifestDifference::Changed {
        job: name.to_owned(),
        files,
        total,
        changes,
    })
}

fn manifest_job(event: &Event) -> Option<(Digest, ManifestJob)> {
    let Event::JobSucceeded(JobSucceeded {
        phase,
        digest,
        outputs,
        provider,
        mode,
        ..
    }) = event
    else {
        return None;
    };
    let outputs = outputs.iter().map(StoredFile::from_artefact).collect();
    let (provider, mode) = (provider.clone(), *mode);
    let job = ManifestJob {
        phase: *phase,
        digest: *digest,
        provider,
        mode,
        pinned: false,
        outputs,
    };
    Some((*digest, job))
}

fn manifest_from_events(
    revision: &str,
    events: &[Event],
    records: &HashMap<Digest, ManifestJob>,
) -> Option<Manifest> {
    let mut manifest = Manifest {
        revision: revision.to_owned(),
        production: String::new(),
        deliverables: Vec::new(),
        jobs: BTreeMap::new(),
    };
    let mut is_published = false;
    for event in events {
        match event {
            Event::RunStarted { production, .. } => manifest.production.clone_from(production),
            Event::JobSucceeded(JobSucceeded {
                job, phase, digest, ..
            }) => {
                manifest.add_job(job, *phase, false, records.get(digest));
            }
            Event::JobReused(JobReused {
                job,
                phase,
                digest,
                pinned,
            }) => {
                manifest.add_job(job, *phase, *pinned, records.get(digest));
            }
            Event::Published { deliverables, .. } => {
                is_published = true;
                manifest.deliverables.clone_from(deliverables);
            }
            _ => {}
        }
    }
    is_published.then_some(manifest)
}
