//! The manifest of a published revision: every job with its identity and files, and what was delivered.
//!
//! Derived from the journals, written once, and checked against its digest when read. [`Manifest::rebuild`] makes the same
//! manifest from the journals alone.

use super::{Layout, StoreError, journal};
use crate::base::Digest;
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
    pub jobs: BTreeMap<String, Made>,
}

/// What one job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
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
    pub outputs: Vec<Kept>,
}

/// One file in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Its name within the job's outputs.
    pub name: String,
    /// Digest of its content.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
}

impl Kept {
    /// Returns what is kept of an artefact.
    #[must_use]
    pub fn of(artefact: &Artefact) -> Self {
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
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).unwrap_or_default()
    }

    /// Returns the digest of the manifest as it is written.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::hash_bytes(&self.bytes())
    }

    /// Writes the manifest, unless the file with this digest is there already: one of an earlier program stays as it is.
    pub(super) fn keep(&self, layout: &Layout, digest: Digest) -> Result<(), StoreError> {
        let path = layout.manifest(&self.revision);
        let is_kept = layout
            .disk()
            .digest(&path)
            .is_ok_and(|found| found == digest);
        if is_kept {
            Ok(())
        } else {
            layout.replace(&path, &self.bytes())
        }
    }

    /// Reads the manifest of a revision, as it was when `digest` was taken.
    ///
    /// # Errors
    /// Fails when it is not there, cannot be read, or was changed.
    pub fn read(layout: &Layout, revision: &str, digest: Digest) -> Result<Self, StoreError> {
        let path = layout.manifest(revision);
        let bytes = layout
            .disk()
            .read(&path)
            .map_err(|source| StoreError::io("read", &path, source))?;
        let whole = (Digest::hash_bytes(&bytes) == digest)
            .then(|| serde_json::from_slice(&bytes).ok())
            .flatten();
        whole.ok_or(StoreError::Changed { path })
    }

    fn add(&mut self, job: &str, phase: Phase, pinned: bool, record: Option<&Made>) {
        self.jobs.extend(record.map(|made| {
            (
                job.to_owned(),
                Made {
                    phase,
                    pinned,
                    ..made.clone()
                },
            )
        }));
    }

    /// Makes the manifest of a published revision from the journals; `None` when it was not published.
    ///
    /// # Errors
    /// Fails when a journal cannot be read.
    pub fn rebuild(layout: &Layout, revision: &str) -> Result<Option<Self>, StoreError> {
        let mut records = HashMap::new();
        for path in journal::list(layout)? {
            let events = journal::read(layout, &path)?;
            records.extend(events.iter().filter_map(made));
            if path.file_stem().is_some_and(|stem| stem == revision) {
                return Ok(fold(revision, &events, &records));
            }
        }
        Ok(None)
    }
}

/// One way in which two revisions differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
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
        of: usize,
        /// The files that differ: name, and digest before and after.
        changes: Vec<(String, Option<Digest>, Option<Digest>)>,
    },
}

impl Manifest {
    /// Returns how `later` differs from this revision, by job name.
    #[must_use]
    pub fn differences(&self, later: &Self) -> Vec<Difference> {
        let names: BTreeSet<&String> = self.jobs.keys().chain(later.jobs.keys()).collect();
        let one = |name: &String| match (self.jobs.get(name), later.jobs.get(name)) {
            (None, _) => Some(Difference::Added(name.clone())),
            (_, None) => Some(Difference::Removed(name.clone())),
            (Some(before), Some(after)) => changed(name, before, after),
        };
        names.into_iter().filter_map(one).collect()
    }
}

fn changed(name: &str, before: &Made, after: &Made) -> Option<Difference> {
    let files = |made: &Made| -> BTreeMap<String, Digest> {
        made.outputs
            .iter()
            .map(|file| (file.name.clone(), file.digest))
            .collect()
    };
    let (before, after) = (files(before), files(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let of = names.len();
    let pair = |name: &String| {
        (
            name.clone(),
            before.get(name).copied(),
            after.get(name).copied(),
        )
    };
    let changes: Vec<_> = names
        .into_iter()
        .map(pair)
        .filter(|(_, old, new)| old != new)
        .collect();
    let files = changes.len();
    (files > 0).then(|| Difference::Changed {
        job: name.to_owned(),
        files,
        of,
        changes,
    })
}

fn made(event: &Event) -> Option<(Digest, Made)> {
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
    let outputs = outputs.iter().map(Kept::of).collect();
    let (provider, mode) = (provider.clone(), *mode);
    let made = Made {
        phase: *phase,
        digest: *digest,
        provider,
        mode,
        pinned: false,
        outputs,
    };
    Some((*digest, made))
}

fn fold(revision: &str, events: &[Event], records: &HashMap<Digest, Made>) -> Option<Manifest> {
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
                manifest.add(job, *phase, false, records.get(digest));
            }
            Event::JobReused(JobReused {
                job,
                phase,
                digest,
                pinned,
            }) => {
                manifest.add(job, *phase, *pinned, records.get(digest));
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
