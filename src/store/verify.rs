//! Verifying a store: every byte of it against what it is known to be. Everything that is derived can be derived again.

use super::disk::Kind;
use super::publish::Current;
use super::{Layout, Manifest, Revision, StoreError, journal};
use crate::base::Digest;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Blobs that were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Deliverables that are not as they were delivered; whoever edits one may.
    pub edited: Vec<PathBuf>,
}

/// One thing that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum Fault {
    /// A blob's content is not what its name says, or cannot be read.
    Blob {
        /// The file.
        path: PathBuf,
        /// The jobs of the revision in place or of the last run that made it.
        jobs: Vec<String>,
        /// Whether it was removed, so that the next run makes it again.
        mended: bool,
    },
    /// A file of the revision in place or of the last run is gone.
    Lost {
        /// The job that made it.
        job: String,
        /// Its name within the job's outputs.
        file: String,
    },
    /// A journal cannot be read to its end.
    Journal {
        /// What is wrong with it, in words that read after "failed to".
        message: String,
    },
    /// A manifest is not as it was published, or is gone.
    Manifest {
        /// The revision.
        revision: String,
        /// Whether it was made again from the journals.
        mended: bool,
    },
    /// The pointer does not say what the journals say.
    Pointer {
        /// The revision that is in place.
        revision: String,
        /// Whether it was written again.
        mended: bool,
    },
}

impl Fault {
    /// Returns whether nothing is wrong any more.
    #[must_use]
    pub const fn is_mended(&self) -> bool {
        match self {
            Self::Blob { mended, .. }
            | Self::Manifest { mended, .. }
            | Self::Pointer { mended, .. } => *mended,
            // The next run makes it again without being asked.
            Self::Lost { .. } => true,
            Self::Journal { .. } => false,
        }
    }
}

/// Reads everything; with `mend` also removes damaged blobs, and writes derived files again.
///
/// # Errors
/// Fails when the store cannot be listed, or something cannot be mended.
pub fn verify(layout: &Layout, root: &Path, mend: bool) -> Result<Verified, StoreError> {
    let mut verified = Verified::default();
    let mut all = Vec::new();
    for path in journal::list(layout)? {
        match Revision::read(layout, &path) {
            Ok(revision) => all.push(revision),
            Err(error) => verified.faults.push(Fault::Journal {
                message: error.to_string(),
            }),
        }
    }
    let wanted = wanted(layout, &all);
    verified.blobs(layout, &wanted, mend)?;
    verified.manifests(layout, &all, mend)?;
    verified.pointer(layout, &all, mend)?;
    verified.deliverables(layout, root, &all);
    Ok(verified)
}

/// Returns the files of the revision in place and of the last run: digest, and each job and file name that it is.
fn wanted(layout: &Layout, all: &[Revision]) -> BTreeMap<Digest, Vec<(String, String)>> {
    let mut wanted: BTreeMap<Digest, Vec<(String, String)>> = BTreeMap::new();
    let Ok(history) = super::History::replay(layout) else {
        return wanted;
    };
    let last = all.iter().rev().find(|one| one.reverted_to.is_none());
    let jobs: BTreeSet<_> = Revision::current(all)
        .into_iter()
        .chain(last)
        .flat_map(|one| &one.jobs)
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

impl Verified {
    fn blobs(
        &mut self,
        layout: &Layout,
        wanted: &BTreeMap<Digest, Vec<(String, String)>>,
        mend: bool,
    ) -> Result<(), StoreError> {
        let paths =
            blobs(layout).map_err(|source| StoreError::io("list", &layout.blobs(), source))?;
        let look = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let named = Digest::parse(&name);
            let is_whole = named.is_some() && layout.disk().digest(path).ok() == named;
            (
                named,
                layout
                    .disk()
                    .facts(path)
                    .map_or(0, |facts| facts.stamp.size),
                is_whole,
            )
        };
        let looked: Vec<_> = paths.par_iter().map(look).collect();
        let there: BTreeSet<_> = looked.iter().filter_map(|(named, ..)| *named).collect();
        for (path, (named, size, is_whole)) in paths.into_iter().zip(looked) {
            (self.files, self.bytes) = (self.files + 1, self.bytes + size);
            if is_whole {
                continue;
            }
            if mend {
                let removed = layout.disk().remove(&path);
                removed.map_err(|source| StoreError::io("remove damaged", &path, source))?;
            }
            let users = named
                .and_then(|digest| wanted.get(&digest))
                .into_iter()
                .flatten();
            let jobs: BTreeSet<String> = users.map(|(job, _)| job.clone()).collect();
            self.faults.push(Fault::Blob {
                path,
                jobs: jobs.into_iter().collect(),
                mended: mend,
            });
        }
        let lost = wanted.iter().filter(|(digest, _)| !there.contains(digest));
        let lost = lost.flat_map(|(_, users)| users.iter().cloned());
        self.faults
            .extend(lost.map(|(job, file)| Fault::Lost { job, file }));
        Ok(())
    }

    fn manifests(
        &mut self,
        layout: &Layout,
        all: &[Revision],
        mend: bool,
    ) -> Result<(), StoreError> {
        for one in all {
            let Some(published) = &one.published else {
                continue;
            };
            if Manifest::read(layout, &one.name, published.manifest).is_ok() {
                continue;
            }
            let rebuilt = Manifest::rebuild(layout, &one.name).ok().flatten();
            let again = rebuilt.filter(|manifest| mend && manifest.digest() == published.manifest);
            if let Some(manifest) = &again {
                manifest.keep(layout, published.manifest)?;
            }
            self.faults.push(Fault::Manifest {
                revision: one.name.clone(),
                mended: again.is_some(),
            });
        }
        Ok(())
    }

    fn pointer(&mut self, layout: &Layout, all: &[Revision], mend: bool) -> Result<(), StoreError> {
        let Some((one, published)) =
            Revision::current(all).and_then(|one| Some((one, one.published.as_ref()?)))
        else {
            return Ok(());
        };
        let should = Current {
            revision: one.name.clone(),
            manifest: published.manifest,
        };
        if super::publish::cut_off(layout)?.is_some()
            || Current::load(layout) == Some(should.clone())
        {
            return Ok(());
        }
        if mend {
            should.save(layout)?;
        }
        self.faults.push(Fault::Pointer {
            revision: should.revision,
            mended: mend,
        });
        Ok(())
    }

    fn deliverables(&mut self, layout: &Layout, root: &Path, all: &[Revision]) {
        let current = Revision::current(all).and_then(|one| Some((one, one.published.as_ref()?)));
        let manifest = current.and_then(|(one, published)| {
            Manifest::read(layout, &one.name, published.manifest).ok()
        });
        let deliverables = manifest
            .iter()
            .flat_map(|manifest| manifest.deliverables_below(root));
        let edited = deliverables.filter(|one| !one.is_in_place(layout.disk()));
        self.edited = edited.map(|one| one.path).collect();
    }
}

fn blobs(layout: &Layout) -> std::io::Result<Vec<PathBuf>> {
    let disk = layout.disk();
    let mut found = Vec::new();
    for folder in disk.paths(&layout.blobs())? {
        if disk.entry(&folder)?.kind == Kind::Folder {
            found.extend(disk.paths(&folder)?);
        }
    }
    Ok(found)
}
