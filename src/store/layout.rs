//! Where everything lies in the store's folder.

use crate::base::Digest;
use std::path::{Path, PathBuf};

/// The paths of one store.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Returns the layout below `root`, usually `.production` beside the document.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Returns the store's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns where the blob with this digest lies.
    #[must_use]
    pub fn blob(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.root.join("blobs").join(&hex[..2]).join(hex)
    }

    /// Returns the folder of journals.
    #[must_use]
    pub fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Returns the folder of one run's plan, inputs, report and logs.
    #[must_use]
    pub fn run(&self, revision: &str) -> PathBuf {
        self.root.join("runs").join(revision)
    }

    /// Returns the folder of what jobs were made of.
    #[must_use]
    pub fn provenances(&self) -> PathBuf {
        self.root.join("provenance")
    }

    /// Returns what the jobs that one run made were made of.
    #[must_use]
    pub fn provenance(&self, revision: &str) -> PathBuf {
        self.provenances().join(format!("{revision}.jsonl"))
    }

    /// Returns the manifest of a revision.
    #[must_use]
    pub fn manifest(&self, revision: &str) -> PathBuf {
        self.root.join("manifests").join(format!("{revision}.json"))
    }

    /// Returns the pointer to the published revision.
    #[must_use]
    pub fn current(&self) -> PathBuf {
        self.root.join("current.json")
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
