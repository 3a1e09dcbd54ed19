//! Errors of models.

use crate::base::memory::can_allocate;
use std::path::PathBuf;

/// Why a model cannot be used. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
#[error("read model `{}`: {fault}", path.display())]
pub struct ModelError {
    /// The model's file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: GltfFault,
}

/// What is wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum GltfFault {
    /// The file, or one that it refers to, cannot be read.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
    /// The file breaks the glTF 2.0 format.
    #[error("{0}")]
    Malformed(String),
    /// The file requires an unsupported extension.
    #[error(
        "it requires the extension {0}, which is not read; import it into Blender, and export it as glTF without compression"
    )]
    Extension(String),
    /// A file that it refers to does not exist.
    #[error("it refers to `{0}`, which does not exist")]
    Missing(String),
    /// A file that it refers to is outside its folder.
    #[error("it refers to `{0}`, which is not inside the model's folder")]
    Outside(String),
    /// The machine has no memory for a part of it.
    #[error("there is no memory for {0}")]
    NoMemory(String),
    /// It exceeds a limit.
    #[error("it has {found} {what}; the limit is {limit}")]
    TooLarge {
        /// What is counted.
        what: &'static str,
        /// The count.
        found: u64,
        /// The highest count allowed.
        limit: u64,
    },
}

/// Returns [`GltfFault::Malformed`] as an error.
pub(super) fn fail_malformed<T>(why: impl Into<String>) -> Result<T, GltfFault> {
    Err(GltfFault::Malformed(why.into()))
}

/// Fails if so many bytes cannot be allocated for `what`.
pub(super) fn check_memory(what: impl Into<String>, bytes: u64) -> Result<(), GltfFault> {
    if can_allocate(bytes) {
        Ok(())
    } else {
        Err(GltfFault::NoMemory(what.into()))
    }
}

/// Fails if `count` exceeds `limit`. Limits exist because counts come from the file: a forged one
/// must be an error and not an allocation that kills the run.
pub(super) fn check_limit(what: &'static str, count: usize, limit: usize) -> Result<(), GltfFault> {
    if count <= limit {
        Ok(())
    } else {
        Err(GltfFault::TooLarge {
            what,
            found: count as u64,
            limit: limit as u64,
        })
    }
}
