//! Where everything lies in the store's folder, and the disk that it lies on.

use super::StoreError;
use super::disk::{Disk, LocalDisk};
use crate::base::Digest;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The paths of one store, and its disk.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
    disk: Arc<dyn Disk>,
}

impl Layout {
    /// Returns the layout below `root`, usually `.production` beside the document.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self::on(Arc::new(LocalDisk), root)
    }

    /// Returns the layout below `root` of this disk.
    #[must_use]
    pub fn on(disk: Arc<dyn Disk>, root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), disk }
    }

    /// Returns the disk that the store lies on; deliverables are put in place through it too.
    #[must_use]
    pub fn disk(&self) -> &dyn Disk {
        &*self.disk
    }

    /// Returns the store's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    #[cfg(test)]
    pub(crate) fn shared_disk(&self) -> Arc<dyn Disk> {
        Arc::clone(&self.disk)
    }

    /// Replaces the file at `path` by `bytes`: whole and durable, or untouched.
    ///
    /// # Errors
    /// Fails when the folder cannot be written or the disk is full; the old file then still stands.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        self.disk().replace(path, bytes).map_err(|source| StoreError::io("write", path, source))
    }

    /// Returns the folder of blobs.
    #[must_use]
    pub fn blobs(&self) -> PathBuf {
        self.root.join("blobs")
    }

    /// Returns where the blob with this digest lies.
    #[must_use]
    pub fn blob(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.blobs().join(&hex[..2]).join(hex)
    }

    /// Returns the folder of journals.
    #[must_use]
    pub fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Returns the journal of one run.
    #[must_use]
    pub fn journal(&self, revision: &str) -> PathBuf {
        self.events().join(format!("{revision}.jsonl"))
    }

    /// Returns the folder of what runs leave beside their work.
    #[must_use]
    pub fn runs(&self) -> PathBuf {
        self.root.join("runs")
    }

    /// Returns the folder of one run's plan, inputs, report and logs.
    #[must_use]
    pub fn run(&self, revision: &str) -> PathBuf {
        self.runs().join(revision)
    }

    /// Returns the folder of manifests.
    #[must_use]
    pub fn manifests(&self) -> PathBuf {
        self.root.join("manifests")
    }

    /// Returns the manifest of a revision.
    #[must_use]
    pub fn manifest(&self, revision: &str) -> PathBuf {
        self.manifests().join(format!("{revision}.json"))
    }

    /// Returns the pointer to the published revision.
    #[must_use]
    pub fn current(&self) -> PathBuf {
        self.root.join("current.json")
    }

    /// Returns the note of a publication under way.
    #[must_use]
    pub fn publishing(&self) -> PathBuf {
        self.root.join("publishing.json")
    }

    /// Returns the cached resume position.
    #[must_use]
    pub fn checkpoint(&self) -> PathBuf {
        self.root.join("checkpoint.json")
    }

    /// Returns the cache of input digests by stamp.
    #[must_use]
    pub fn inputs(&self) -> PathBuf {
        self.root.join("inputs.json")
    }

    /// Returns the lock file.
    #[must_use]
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Returns the folder for work in progress; emptied at the start of every run.
    #[must_use]
    pub fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }
}
