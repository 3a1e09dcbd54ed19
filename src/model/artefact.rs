//! What jobs made: files by digest, and how real they are.

use super::pass::RenderPass;
use crate::base::Digest;
use serde::{Deserialize, Serialize};

/// One file that a job made; immutable, content-addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artefact {
    /// Its name within the job's outputs, such as `0001.exr`.
    pub name: String,
    /// Digest of its content.
    pub digest: Digest,
    /// Where and when the store last saw it whole.
    pub stamp: FileStamp,
}

impl Artefact {
    /// Returns whether jobs that need the job that made it read it: they do not read passes.
    #[must_use]
    pub fn is_handed_on(&self) -> bool {
        RenderPass::from_file_name(&self.name).is_none()
    }
}

/// What a file system says of a file without reading it; equal stamps mean equal content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileStamp {
    /// Bytes.
    pub size: u64,
    /// Time of the last change, in nanoseconds since 1970.
    pub modified: i64,
    /// Inode, 0 where there is none.
    pub inode: u64,
}

/// How real an artefact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExecutionMode {
    /// Made for real.
    Real,
    /// Made up, for dry runs and tests.
    Simulated,
}
