//! Snapshots of files: their digests at one moment, cached by stamp so that an unchanged file is
//! not read again. One snapshot is of the input files at the start of a run, another of the
//! deliverables in their places.

use super::{StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::model::FileStamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// A digest, and the stamp of the file when it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct StampedDigest {
    stamp: FileStamp,
    digest: Digest,
}

/// Digests of files of the production, by path relative to its folder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct FileSnapshot {
    files: BTreeMap<PathBuf, StampedDigest>,
    /// Digest of `files` as JSON. A changed cache must not name other content than there is.
    #[serde(default)]
    check: Option<Digest>,
    /// Files that were read for this snapshot, and not only looked at.
    #[serde(skip)]
    read: BTreeSet<PathBuf>,
    /// Whether the cache on the disk has the same content.
    #[serde(skip)]
    is_saved: bool,
}

impl FileSnapshot {
    /// Hashes input files, given as `paths` below `root`. Reads only those whose stamp changed
    /// since the last snapshot.
    ///
    /// # Errors
    /// Fails when a file cannot be read, or has a name that is not UTF-8.
    pub fn hash_inputs(
        root: &Path,
        paths: &[PathBuf],
        layout: &StoreLayout,
    ) -> Result<Self, StoreError> {
        Self::hash_files(root, paths, layout, &layout.inputs_cache_path())
    }

    /// Hashes any files. The cache is the file at `cache_path`.
    pub(super) fn hash_files(
        root: &Path,
        paths: &[PathBuf],
        layout: &StoreLayout,
        cache_path: &Path,
    ) -> Result<Self, StoreError> {
        let known = Self::load_cache(layout, cache_path);
        let disk = layout.disk();
        let entry = |path: &PathBuf| -> Result<(PathBuf, StampedDigest), StoreError> {
            let full = root.join(path);
            // Caches, journals and provenance name it as text.
            if path.to_str().is_none() {
                let source = io::Error::new(io::ErrorKind::InvalidData, "its name is not UTF-8");
                return Err(StoreError::io("record", path, source));
            }
            let read = || -> io::Result<StampedDigest> {
                // The stamp is taken before the content is read. A file that is written meanwhile
                // keeps the older stamp here, so the next look reads it again instead of trusting a
                // digest of half of it.
                let stamp = disk.metadata(&full)?.stamp;
                let cached = known.files.get(path).filter(|entry| entry.stamp == stamp);
                Ok(StampedDigest {
                    stamp,
                    digest: cached
                        .map_or_else(|| disk.hash_file(&full), |entry| Ok(entry.digest))?,
                })
            };
            read()
                .map(|entry| (path.clone(), entry))
                .map_err(|source| StoreError::io("read", &full, source))
        };
        let files = paths
            .par_iter()
            .map(entry)
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        let read = files
            .iter()
            .filter(|(path, entry)| known.files.get(*path) != Some(*entry))
            .map(|(path, _)| path.clone())
            .collect();
        Ok(Self {
            check: Some(files_digest(&files)),
            read,
            // A run in which nothing changed must not write to the store: `up to date` works on a
            // read-only disk.
            is_saved: files == known.files,
            files,
        })
    }

    /// Returns the snapshot of files whose content is known, given as paths below `root`. A file
    /// that is not there is left out.
    pub(super) fn from_known_files(
        layout: &StoreLayout,
        root: &Path,
        files: impl Iterator<Item = (PathBuf, Digest)>,
    ) -> Self {
        let entry = |(path, digest): (PathBuf, Digest)| {
            let stamp = layout.disk().metadata(&root.join(&path)).ok()?.stamp;
            Some((path, StampedDigest { stamp, digest }))
        };
        let files: BTreeMap<PathBuf, StampedDigest> = files.filter_map(entry).collect();
        Self {
            check: Some(files_digest(&files)),
            files,
            read: BTreeSet::new(),
            is_saved: false,
        }
    }

    /// Saves the snapshot of input files for the next run.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn save_inputs(&self, layout: &StoreLayout) -> Result<(), StoreError> {
        self.save_to(layout, &layout.inputs_cache_path())
    }

    /// Writes the snapshot to `cache_path`, unless it is there already.
    pub(super) fn save_to(
        &self,
        layout: &StoreLayout,
        cache_path: &Path,
    ) -> Result<(), StoreError> {
        if self.is_saved {
            Ok(())
        } else {
            layout.replace_file(cache_path, &to_json_bytes(self))
        }
    }

    /// Returns the digest of a file. `None`: the snapshot does not have the file.
    #[must_use]
    pub fn file_digest(&self, path: &Path) -> Option<Digest> {
        self.files.get(path).map(|file| file.digest)
    }

    /// Returns whether the file below `root` still has the stamp that it had in the snapshot.
    #[must_use]
    pub fn is_unchanged(&self, layout: &StoreLayout, root: &Path, path: &Path) -> bool {
        let now = layout
            .disk()
            .metadata(&root.join(path))
            .ok()
            .map(|metadata| metadata.stamp);
        // Two unknown stamps are equal but prove nothing.
        now.is_some() && now == self.files.get(path).map(|file| file.stamp)
    }

    /// Returns an empty snapshot if the file is missing or cannot be read.
    // It is only a cache: the price of losing it is reading the files again, so it must never stop
    // a run.
    fn load_cache(layout: &StoreLayout, cache_path: &Path) -> Self {
        let bytes = layout.disk().read_bytes(cache_path).unwrap_or_default();
        let cache: Self = serde_json::from_slice(&bytes).unwrap_or_default();
        if cache.check == Some(files_digest(&cache.files)) {
            cache
        } else {
            Self::default()
        }
    }

    /// Returns whether the file below `root` has the content that the snapshot says. A file that
    /// was read for the snapshot is not read again.
    #[must_use]
    pub fn verify_content(&self, layout: &StoreLayout, root: &Path, path: &Path) -> bool {
        self.read.contains(path)
            || self.file_digest(path).is_some_and(|digest| {
                layout
                    .disk()
                    .hash_file(&root.join(path))
                    .is_ok_and(|actual| actual == digest)
            })
    }

    /// Removes the cache of input files, so that the next run reads all of them.
    ///
    /// # Errors
    /// Fails if the store cannot be written.
    pub fn remove_inputs_cache(layout: &StoreLayout) -> io::Result<()> {
        layout.disk().remove_all(&layout.inputs_cache_path())
    }
}

fn files_digest(files: &BTreeMap<PathBuf, StampedDigest>) -> Digest {
    Digest::hash_bytes(&to_json_bytes(files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn an_input_with_a_name_that_is_not_utf8_is_refused() {
        use std::os::unix::ffi::OsStrExt;
        let folder = tempfile::tempdir().unwrap();
        let name = PathBuf::from(std::ffi::OsStr::from_bytes(b"wall\xff.png"));
        std::fs::write(folder.path().join(&name), "").unwrap();
        let layout = StoreLayout::new(folder.path().join("store"));
        let error = FileSnapshot::hash_inputs(folder.path(), &[name], &layout).unwrap_err();
        assert_eq!(
            error.to_string(),
            "record wall\u{fffd}.png: its name is not UTF-8"
        );
    }
}
