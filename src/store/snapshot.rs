//! Snapshots of files: their digests at one moment, remembered by stamp so that an unchanged file is not read again. One is
//! of the input files at the start of a run, one of deliverables in their places.

use super::{Layout, StoreError};
use crate::base::Digest;
use crate::model::FileStamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// One remembered file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    stamp: FileStamp,
    digest: Digest,
}

/// Digests of files of the production, by path relative to its folder.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Snapshot {
    files: BTreeMap<PathBuf, Seen>,
    /// Whether all of it is remembered already.
    #[serde(skip)]
    is_kept: bool,
}

impl Snapshot {
    /// Hashes input files, `paths` below `root`, reading only those whose stamp changed since the last snapshot of them.
    ///
    /// # Errors
    /// Fails when a file cannot be read.
    pub fn take(root: &Path, paths: &[PathBuf], layout: &Layout) -> Result<Self, StoreError> {
        Self::of(root, paths, layout, &layout.inputs())
    }

    /// The same of any files, remembered in `kept`.
    pub(super) fn of(
        root: &Path,
        paths: &[PathBuf],
        layout: &Layout,
        kept: &Path,
    ) -> Result<Self, StoreError> {
        let (known, disk) = (Self::load(layout, kept), layout.disk());
        let seen = |path: &PathBuf| -> Result<(PathBuf, Seen), StoreError> {
            let full = root.join(path);
            let read = || -> io::Result<Seen> {
                let stamp = disk.facts(&full)?.stamp;
                let kept = known.files.get(path).filter(|seen| seen.stamp == stamp);
                Ok(Seen {
                    stamp,
                    digest: kept.map_or_else(|| disk.digest(&full), |seen| Ok(seen.digest))?,
                })
            };
            read()
                .map(|seen| (path.clone(), seen))
                .map_err(|source| StoreError::io("read", &full, source))
        };
        let files = paths
            .par_iter()
            .map(seen)
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(Self {
            is_kept: files == known.files,
            files,
        })
    }

    /// Keeps the snapshot of input files for the next run.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn save(&self, layout: &Layout) -> Result<(), StoreError> {
        self.keep(layout, &layout.inputs())
    }

    /// Keeps the snapshot in `kept`, unless all of it is there.
    pub(super) fn keep(&self, layout: &Layout, kept: &Path) -> Result<(), StoreError> {
        let json = || serde_json::to_vec(self).unwrap_or_default();
        if self.is_kept {
            Ok(())
        } else {
            layout.replace(kept, &json())
        }
    }

    /// Returns the digest of a file of the snapshot.
    #[must_use]
    pub fn digest(&self, path: &Path) -> Option<Digest> {
        self.files.get(path).map(|seen| seen.digest)
    }

    /// Returns whether the file below `root` still has the stamp it had when the snapshot was taken.
    #[must_use]
    pub fn still_holds(&self, layout: &Layout, root: &Path, path: &Path) -> bool {
        let now = layout
            .disk()
            .facts(&root.join(path))
            .ok()
            .map(|facts| facts.stamp);
        now.is_some() && now == self.files.get(path).map(|seen| seen.stamp)
    }

    /// A cache only: anything unreadable counts as empty.
    fn load(layout: &Layout, kept: &Path) -> Self {
        let bytes = layout.disk().read(kept).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}
