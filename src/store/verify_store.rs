//! Verifying a store: every byte of it is compared with what it must be. What is derived can be
//! written again.

use super::blob_store::remove_blob;
use super::current_pointer::CurrentPointer;
use super::disk::DiskEntryKind;
use super::distrust::distrust_users;
use super::garbage_collection::unrecorded_revisions;
use super::{Manifest, Revision, StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::base::json::serialize_path_lossy;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The result of a verification.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Blobs that were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Faults that were found, mended or not.
    pub faults: Vec<StoreFault>,
    /// Deliverables that differ from what was delivered.
    // Apart from the faults: deliverables belong to the user, who may edit them.
    pub edited: Vec<PathBuf>,
    /// Deliverables, or files of them, that are not there any more.
    pub missing: Vec<PathBuf>,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum StoreFault {
    /// The content of a blob does not match its name, or cannot be read.
    Blob {
        /// The file.
        #[serde(serialize_with = "serialize_path_lossy")]
        path: PathBuf,
        /// The jobs, of the revision in place or of the last run, that made it.
        jobs: Vec<String>,
        /// Whether it was removed, so that the next run makes it again.
        mended: bool,
    },
    /// A file of the revision in place, or of the last run, is missing.
    Lost {
        /// The job that made it.
        job: String,
        /// Its name within the job's outputs.
        file: String,
    },
    /// A file among the blobs was not put there by this program, and stays.
    Foreign {
        /// The file.
        #[serde(serialize_with = "serialize_path_lossy")]
        path: PathBuf,
    },
    /// A result may have been made from a damaged file, by a version of the program that did not
    /// compare its inputs.
    Distrusted {
        /// The job. The next run makes it again if it is needed.
        job: String,
    },
    /// A file names a revision that the journals do not record to its end.
    Unrecorded {
        /// The revision.
        revision: String,
        /// The file.
        #[serde(serialize_with = "serialize_path_lossy")]
        path: PathBuf,
    },
    /// A journal cannot be read to its end.
    Journal {
        /// The error, as a fragment that reads after "failed to".
        message: String,
    },
    /// A manifest differs from what was published, or is missing.
    Manifest {
        /// The revision.
        revision: String,
        /// Whether it was made again from the journals.
        mended: bool,
    },
    /// The pointer differs from what the journals lead to.
    Pointer {
        /// The revision that is in place.
        revision: String,
        /// Whether it was written again.
        mended: bool,
    },
}

impl StoreFault {
    /// Returns whether nothing needs to be done about it.
    #[must_use]
    pub const fn is_mended(&self) -> bool {
        match self {
            Self::Blob { mended, .. }
            | Self::Manifest { mended, .. }
            | Self::Pointer { mended, .. } => *mended,
            // The next run makes it again without an option.
            Self::Lost { .. } | Self::Distrusted { .. } => true,
            // Nothing needs to be done.
            Self::Foreign { .. } => true,
            // Only a person can decide to give up what a journal records.
            Self::Journal { .. } | Self::Unrecorded { .. } => false,
        }
    }
}

/// Reads everything. With `mend` it also removes damaged blobs, and writes derived files again.
///
/// # Errors
/// Fails if the store cannot be listed, or something cannot be mended.
pub fn verify_store(
    layout: &StoreLayout,
    root: &Path,
    mend: bool,
) -> Result<VerifyReport, StoreError> {
    let mut report = VerifyReport::default();
    let mut revisions = Vec::new();
    for path in journal::list_journals(layout)? {
        match Revision::read_journal(layout, &path) {
            Ok(revision) => revisions.push(revision),
            // One damaged journal must not hide the faults of the rest: the report is for somebody
            // who has to decide what to do.
            Err(error) => report.faults.push(StoreFault::Journal {
                message: error.to_string(),
            }),
        }
    }
    let wanted = wanted_files(layout, &revisions);
    report.check_blobs(layout, &wanted, mend)?;
    report.check_manifests(layout, &revisions, mend)?;
    // With a journal that cannot be read, what the store names is unknown too, and the journal
    // is in the report.
    if report.has_readable_journals() {
        report.check_names(layout, &revisions)?;
        report.check_pointer(layout, &revisions, mend)?;
    }
    report.check_deliverables(layout, root, &revisions);
    Ok(report)
}

/// Returns the files of the revision in place and of the last run: the digest, and each job and
/// file name that has it.
fn wanted_files(
    layout: &StoreLayout,
    revisions: &[Revision],
) -> BTreeMap<Digest, Vec<(String, String)>> {
    let mut wanted: BTreeMap<Digest, Vec<(String, String)>> = BTreeMap::new();
    // The damaged journal is in the report already. What it records is unknown, so nothing can be
    // missed for certain.
    let Ok(history) = super::RunHistory::replay_journals(layout) else {
        return wanted;
    };
    let last = revisions
        .iter()
        .rev()
        .find(|revision| revision.reverted_to.is_none());
    let jobs: BTreeSet<_> = Revision::find_current(revisions)
        .into_iter()
        .chain(last)
        .flat_map(|revision| &revision.jobs)
        .collect();
    for (job, (_, identity)) in jobs {
        let Some(record) = history.records.get(identity) else {
            continue;
        };
        for output in record.outputs.iter() {
            wanted
                .entry(output.digest)
                .or_default()
                .push((job.clone(), output.name.clone()));
        }
    }
    wanted
}

/// A blob that was read.
struct CheckedBlob {
    path: PathBuf,
    /// The digest in its name.
    named: Option<Digest>,
    size: u64,
    is_whole: bool,
}

impl CheckedBlob {
    fn read(layout: &StoreLayout, path: PathBuf) -> Self {
        let named = blob_digest(&path);
        let facts = layout.disk().metadata(&path);
        Self {
            named,
            // A file that cannot be read counts as damaged: nothing could be made from it.
            is_whole: layout.disk().hash_file(&path).ok() == named,
            size: facts.map_or(0, |facts| facts.stamp.size),
            path,
        }
    }
}

impl VerifyReport {
    fn check_blobs(
        &mut self,
        layout: &StoreLayout,
        wanted: &BTreeMap<Digest, Vec<(String, String)>>,
        mend: bool,
    ) -> Result<(), StoreError> {
        let paths = blob_paths(layout)
            .map_err(|source| StoreError::io("list", &layout.blobs_folder(), source))?;
        let (paths, foreign): (Vec<PathBuf>, Vec<PathBuf>) = paths
            .into_iter()
            .partition(|path| blob_digest(path).is_some());
        self.faults
            .extend(foreign.into_iter().map(|path| StoreFault::Foreign { path }));
        // On all cores: reading every file of the store is the whole cost of the command.
        let checked: Vec<CheckedBlob> = paths
            .into_par_iter()
            .map(|path| CheckedBlob::read(layout, path))
            .collect();
        let present: BTreeSet<_> = checked.iter().filter_map(|blob| blob.named).collect();
        let damaged: BTreeSet<Digest> = checked
            .iter()
            .filter(|blob| !blob.is_whole)
            .filter_map(|blob| blob.named)
            .collect();
        // Before anything is removed. After it, nobody would know that these results are doubtful.
        if mend && self.has_readable_journals() {
            let distrusted = distrust_users(layout, &damaged)?;
            let faults = distrusted
                .into_iter()
                .map(|job| StoreFault::Distrusted { job });
            self.faults.extend(faults);
        }
        for blob in checked {
            self.files += 1;
            self.bytes += blob.size;
            if !blob.is_whole {
                self.add_damaged_blob(layout, blob, wanted, mend)?;
            }
        }
        let lost_files = wanted
            .iter()
            .filter(|(digest, _)| !present.contains(digest));
        let lost_files = lost_files.flat_map(|(_, users)| users.iter().cloned());
        self.faults
            .extend(lost_files.map(|(job, file)| StoreFault::Lost { job, file }));
        Ok(())
    }

    /// Adds the fault of a blob whose content is not that of its name. With `mend` it is removed.
    fn add_damaged_blob(
        &mut self,
        layout: &StoreLayout,
        blob: CheckedBlob,
        wanted: &BTreeMap<Digest, Vec<(String, String)>>,
        mend: bool,
    ) -> Result<(), StoreError> {
        let path = blob.path;
        if mend {
            let removed = remove_blob(layout.disk(), &path);
            removed.map_err(|source| StoreError::io("remove damaged", &path, source))?;
        }
        let users = blob
            .named
            .and_then(|digest| wanted.get(&digest))
            .into_iter()
            .flatten();
        let jobs: BTreeSet<String> = users.map(|(job, _)| job.clone()).collect();
        self.faults.push(StoreFault::Blob {
            path,
            jobs: jobs.into_iter().collect(),
            mended: mend,
        });
        Ok(())
    }

    fn has_readable_journals(&self) -> bool {
        !self
            .faults
            .iter()
            .any(|fault| matches!(fault, StoreFault::Journal { .. }))
    }

    /// Compares what the manifests and the pointer name with the journals.
    fn check_names(
        &mut self,
        layout: &StoreLayout,
        revisions: &[Revision],
    ) -> Result<(), StoreError> {
        // The manifest of a publication that was cut off is explained by the note.
        if super::publish_recovery::interrupted_publication(layout)?.is_some() {
            return Ok(());
        }
        let history = super::RunHistory::replay_journals(layout)?;
        let unrecorded = unrecorded_revisions(layout, revisions, &history)?;
        let faults = unrecorded.into_iter().filter_map(|error| match error {
            StoreError::Unrecorded { path, revision } => {
                Some(StoreFault::Unrecorded { revision, path })
            }
            _ => None,
        });
        self.faults.extend(faults);
        Ok(())
    }

    fn check_manifests(
        &mut self,
        layout: &StoreLayout,
        revisions: &[Revision],
        mend: bool,
    ) -> Result<(), StoreError> {
        for revision in revisions {
            let Some(published) = &revision.published else {
                continue;
            };
            if Manifest::read(layout, &revision.name, published.manifest).is_ok() {
                continue;
            }
            let rebuilt = Manifest::rebuild(layout, &revision.name).ok().flatten();
            // A manifest that comes out with another digest is not the one that was published, and
            // must not take its name. Its journal has changed, or another version of the program
            // made it.
            let repaired =
                rebuilt.filter(|manifest| mend && manifest.digest() == published.manifest);
            if let Some(manifest) = &repaired {
                manifest.write_if_changed(layout, published.manifest)?;
            }
            self.faults.push(StoreFault::Manifest {
                revision: revision.name.clone(),
                mended: repaired.is_some(),
            });
        }
        Ok(())
    }

    fn check_pointer(
        &mut self,
        layout: &StoreLayout,
        revisions: &[Revision],
        mend: bool,
    ) -> Result<(), StoreError> {
        let Some((revision, published)) = Revision::find_current(revisions)
            .and_then(|revision| Some((revision, revision.published.as_ref()?)))
        else {
            return Ok(());
        };
        let expected = CurrentPointer {
            revision: revision.name.clone(),
            manifest: published.manifest,
        };
        // A pointer to a revision that no journal records is a fault of the journals. Written
        // again, it would hide the last trace of that revision.
        let is_pointer_unrecorded = self.faults.iter().any(|fault| {
            matches!(fault, StoreFault::Unrecorded { path, .. } if *path == layout.current_pointer_path())
        });
        if is_pointer_unrecorded {
            return Ok(());
        }
        // During a publication the pointer may be ahead of the journals. Recovery decides which of
        // them is right, and a pointer that is mended here would hide the question from it.
        if super::publish_recovery::interrupted_publication(layout)?.is_some()
            || CurrentPointer::load(layout) == Some(expected.clone())
        {
            return Ok(());
        }
        if mend {
            expected.save(layout)?;
        }
        self.faults.push(StoreFault::Pointer {
            revision: expected.revision,
            mended: mend,
        });
        Ok(())
    }

    fn check_deliverables(&mut self, layout: &StoreLayout, root: &Path, revisions: &[Revision]) {
        let current = Revision::find_current(revisions)
            .and_then(|revision| Some((revision, revision.published.as_ref()?)));
        let manifest = current.and_then(|(revision, published)| {
            Manifest::read(layout, &revision.name, published.manifest).ok()
        });
        let deliverables = manifest
            .iter()
            .flat_map(|manifest| manifest.deliverables_below(root));
        let disk = layout.disk();
        for deliverable in deliverables.filter(|each| !each.is_in_place(disk)) {
            let missing = deliverable.missing_paths(disk);
            if missing.is_empty() || deliverable.has_changed_files(disk) {
                self.edited.push(deliverable.path.clone());
            }
            self.missing.extend(missing);
        }
    }
}

/// Returns the digest that names a blob. `None`: the file is no blob.
fn blob_digest(path: &Path) -> Option<Digest> {
    Digest::parse(&path.file_name()?.to_string_lossy())
}

fn blob_paths(layout: &StoreLayout) -> std::io::Result<Vec<PathBuf>> {
    let disk = layout.disk();
    let mut paths = Vec::new();
    for folder in disk.sorted_paths(&layout.blobs_folder())? {
        // Anything else beside the folders is not a blob. `gc` removes it.
        if disk.symlink_metadata(&folder)?.kind == DiskEntryKind::Folder {
            paths.extend(disk.sorted_paths(&folder)?);
        }
    }
    Ok(paths)
}
