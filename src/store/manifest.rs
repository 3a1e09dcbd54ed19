//! The manifest of a published revision: every job with its identity and files, and what was
//! delivered.
//!
//! Derived from the journals, written once, and compared with its digest when it is read.
//! [`Manifest::rebuild`] makes the same manifest from the journals alone.

use super::outside_names::outside_name_in_manifest;
use super::{StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::base::json::to_pretty_json;
use crate::event::{DeliveredOutput, DeliveredReport, Event, JobReused, JobSucceeded};
use crate::model::{Artefact, ExecutionMode, Phase};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

/// The content of a revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its name, such as `rev-0003`.
    pub revision: String,
    /// The production's title.
    pub production: String,
    /// What was delivered, in document order.
    pub deliverables: Vec<DeliveredOutput>,
    /// Every job by name.
    pub jobs: BTreeMap<String, ManifestJob>,
    /// The report beside the deliverables. Without files in manifests of earlier versions.
    #[serde(default, skip_serializing_if = "ManifestReport::is_empty")]
    pub report: ManifestReport,
    /// What was replaced although no revision had put it there, because the user allowed it.
    /// Relative to the production's folder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<PathBuf>,
    /// The quality tier. Empty in manifests of earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// Whether the sound that the document asks for was left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_sound: bool,
}

/// The report of a revision.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestReport {
    /// Its folder, relative to the production's.
    pub folder: PathBuf,
    /// Its files.
    pub files: Vec<StoredFile>,
}

impl ManifestReport {
    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the report of a journal record.
    #[must_use]
    pub fn from_delivered(report: &DeliveredReport) -> Self {
        Self {
            folder: report.folder.clone(),
            // Without stamps, so that a manifest rebuilt on another machine has the same digest.
            files: report.files.iter().map(StoredFile::from_artefact).collect(),
        }
    }
}

/// What one job made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestJob {
    /// The phase of the job.
    pub phase: Phase,
    /// The identity of the job.
    pub digest: Digest,
    /// The provider, with version.
    pub provider: String,
    /// Whether the work was real or a stand-in.
    pub mode: ExecutionMode,
    /// Whether `--pin` selected an older result than the one that the document describes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// Its files, in order.
    pub outputs: Vec<StoredFile>,
}

/// One file in the store.
// Without the inode and time of an artefact: a manifest must have the same digest when it is
// rebuilt from journals, also after the store was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The name within the outputs of the job.
    pub name: String,
    /// The digest of its content.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
}

impl StoredFile {
    /// Returns the file of an artefact, without its inode and time.
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
    /// Returns the manifest in the form in which it is written and hashed.
    #[must_use]
    pub fn json_bytes(&self) -> Vec<u8> {
        to_pretty_json(self).into_bytes()
    }

    /// Returns the digest of `json_bytes`.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::hash_bytes(&self.json_bytes())
    }

    /// Writes the manifest, unless its file has this digest already.
    pub(super) fn write_if_changed(
        &self,
        layout: &StoreLayout,
        digest: Digest,
    ) -> Result<(), StoreError> {
        let path = layout.manifest_path(&self.revision);
        // An older version of the program may have written other spacing or field order. Its file
        // has the digest that the journal records, so it must stay as it is.
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

    /// Reads the manifest of a revision, which must have this digest.
    ///
    /// # Errors
    /// Fails if it is missing, cannot be read, was changed, or names something outside of the
    /// production.
    pub fn read(layout: &StoreLayout, revision: &str, digest: Digest) -> Result<Self, StoreError> {
        let path = layout.manifest_path(revision);
        let bytes = layout
            .disk()
            .read_bytes(&path)
            .map_err(|source| StoreError::io("read", &path, source))?;
        // The journal has the digest, so a manifest that was edited is found and never followed.
        let manifest = (Digest::hash_bytes(&bytes) == digest)
            .then(|| serde_json::from_slice(&bytes).ok())
            .flatten();
        let manifest: Self = manifest.ok_or(StoreError::Changed { path })?;
        manifest.require_inside_names(layout)?;
        Ok(manifest)
    }

    /// Fails if a name in the manifest leads out of the production.
    pub(super) fn require_inside_names(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        outside_name_in_manifest(self).map_or(Ok(()), |name| {
            Err(StoreError::OutsideName {
                path: layout.manifest_path(&self.revision),
                name,
            })
        })
    }

    fn add_job(&mut self, job: &str, phase: Phase, pinned: bool, record: Option<&ManifestJob>) {
        // A job without a record is left out: its files are unknown, and an entry without them
        // would say that it has none.
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

    /// Makes the manifest of a published revision from the journals. `None`: it was not published.
    ///
    /// # Errors
    /// Fails if a journal cannot be read.
    pub fn rebuild(layout: &StoreLayout, revision: &str) -> Result<Option<Self>, StoreError> {
        let mut records = HashMap::new();
        for path in journal::list_journals(layout)? {
            let events = journal::read_events(layout, &path)?;
            // All journals up to this one are read: a reused job has its files in the record of the
            // run that made it.
            records.extend(events.iter().filter_map(manifest_job));
            if path.file_stem().is_some_and(|stem| stem == revision) {
                // Later journals are not read: nothing in them is part of this revision.
                return Ok(manifest_from_events(revision, &events, &records));
            }
        }
        Ok(None)
    }
}

/// One difference between two revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ManifestDifference {
    /// Only the later revision has this job.
    Added(String),
    /// Only the earlier revision has this job.
    Removed(String),
    /// The files of this job differ.
    Changed {
        /// The name of the job.
        job: String,
        /// How many files differ, are new or are gone.
        files: usize,
        /// How many different file names both have together.
        #[serde(rename = "of")]
        total: usize,
        /// The files that differ: name, and digest before and after.
        changes: Vec<(String, Option<Digest>, Option<Digest>)>,
    },
}

impl Manifest {
    /// Returns how `later` differs from this revision, sorted by job name.
    #[must_use]
    pub fn differences(&self, later: &Self) -> Vec<ManifestDifference> {
        let names: BTreeSet<&String> = self.jobs.keys().chain(later.jobs.keys()).collect();
        names
            .into_iter()
            .filter_map(|name| match (self.jobs.get(name), later.jobs.get(name)) {
                (None, _) => Some(ManifestDifference::Added(name.clone())),
                (_, None) => Some(ManifestDifference::Removed(name.clone())),
                (Some(before), Some(after)) => job_difference(name, before, after),
            })
            .collect()
    }
}

fn job_difference(
    name: &str,
    before: &ManifestJob,
    after: &ManifestJob,
) -> Option<ManifestDifference> {
    // By content only. A job that was made again under another identity, with the same bytes, is no
    // difference that anybody can see.
    let files = |job: &ManifestJob| -> BTreeMap<String, Digest> {
        job.outputs
            .iter()
            .map(|file| (file.name.clone(), file.digest))
            .collect()
    };
    let before = files(before);
    let after = files(after);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let total = names.len();
    let changes: Vec<_> = names
        .into_iter()
        .map(|name| {
            (
                name.clone(),
                before.get(name).copied(),
                after.get(name).copied(),
            )
        })
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
    let provider = provider.clone();
    let mode = *mode;
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
        report: ManifestReport::default(),
        replaced: Vec::new(),
        tier: String::new(),
        no_sound: false,
    };
    // A run that failed has jobs as well. Without a `published` record there is nothing that a
    // manifest could describe.
    let mut is_published = false;
    for event in events {
        match event {
            Event::RunStarted {
                production,
                tier,
                no_sound,
                ..
            } => {
                manifest.production.clone_from(production);
                manifest.tier.clone_from(tier);
                manifest.no_sound = *no_sound;
            }
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
            Event::Published {
                deliverables,
                report,
                replaced,
                ..
            } => {
                is_published = true;
                manifest.deliverables.clone_from(deliverables);
                manifest.report = ManifestReport::from_delivered(report);
                manifest.replaced.clone_from(replaced);
            }
            _ => {}
        }
    }
    // Only at the end, because the record comes after the jobs.
    is_published.then_some(manifest)
}
