//! Artefacts: files that jobs made, by digest.

use super::pass::RenderPass;
use crate::base::{Digest, Fingerprint};
use serde::{Deserialize, Serialize};
use std::fs::Metadata;

/// One file that a job made. Content-addressed and never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefact {
    /// Its name within the job's outputs, such as `0001.exr`.
    pub name: String,
    /// Digest of its content.
    pub digest: Digest,
    /// The stamp of its blob when it was last seen whole.
    pub stamp: FileStamp,
}

impl Artefact {
    /// Returns whether later jobs read it. They read no passes.
    #[must_use]
    pub fn is_handed_on(&self) -> bool {
        // Passes are delivered and not graded. If they counted as inputs, an added pass would grade
        // every frame again.
        RenderPass::from_file_name(&self.name).is_none()
    }
}

/// Returns the digest of the outputs that other jobs read. Passes are left out.
#[must_use]
pub fn outputs_digest(outputs: &[Artefact]) -> Digest {
    let add_artefact = |fingerprint: Fingerprint, artefact: &Artefact| {
        fingerprint.with_field(&artefact.name, artefact.digest.as_bytes())
    };
    outputs
        .iter()
        // A job that asks for one more pass makes the same frames. If passes counted, every grade
        // behind it would run again for nothing.
        .filter(|artefact| artefact.is_handed_on())
        .fold(Fingerprint::new(), add_artefact)
        .digest()
}

/// Facts of a file that are known without reading it. Equal stamps count as equal content of a file
/// that nobody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// Size in bytes.
    // Looking at these is a thousand times cheaper than hashing. Content is compared where a job
    // reads it and where it leaves the store.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
    /// Inode. 0: the file system has none. It reveals a file that was replaced within one tick of
    /// the clock.
    pub inode: u64,
}

impl FileStamp {
    /// Returns the stamp in what the file system says of a file.
    #[cfg(unix)]
    #[must_use]
    pub fn from_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let modified = metadata
            .mtime()
            .saturating_mul(1_000_000_000)
            .saturating_add(metadata.mtime_nsec());
        Self {
            size: metadata.len(),
            modified,
            inode: metadata.ino(),
        }
    }

    /// Returns the stamp in what the file system says of a file.
    #[cfg(not(unix))]
    #[must_use]
    pub fn from_metadata(metadata: &Metadata) -> Self {
        let modified = metadata.modified().unwrap_or(std::time::UNIX_EPOCH);
        let since = modified
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        Self {
            size: metadata.len(),
            modified: i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
            // Other systems have no inode that `std` can read. Size and time must do there.
            inode: 0,
        }
    }
}

/// Whether a job was done or simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionMode {
    /// Done.
    Real,
    /// Simulated, for dry runs and tests.
    Simulated,
}
