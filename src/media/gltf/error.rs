//! Why a model cannot be used, in words that read after "failed to".

use std::path::PathBuf;

/// A model that cannot be used: its file, and what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("read model `{}`: {fault}", path.display())]
pub struct ModelError {
    /// The model's file.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: GltfFault,
}

/// What is wrong with a model.
#[derive(Debug, thiserror::Error)]
pub enum GltfFault {
    /// The file, or one it refers to, cannot be read.
    #[error("{0}")]
    Unreadable(#[from] std::io::Error),
    /// The file breaks the glTF 2.0 format.
    #[error("{0}")]
    Malformed(String),
    /// The file cannot be drawn without an extension that is not supported.
    #[error(
        "it requires the extension {0}, which is not supported; export it without that compression or effect"
    )]
    Extension(String),
    /// A file that it refers to is not there.
    #[error("it refers to `{0}`, which is not there")]
    Missing(String),
    /// A file that it refers to lies outside its folder.
    #[error("it refers to `{0}`, which is not inside the model's folder")]
    Outside(String),
    /// It is larger than what is reasonable for one model.
    #[error("it has {found} {what}; the limit is {limit}")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        found: u64,
        /// How much there may be.
        limit: u64,
    },
}

/// Returns a fault for a file that breaks the format.
pub(super) fn fail_malformed<T>(why: impl Into<String>) -> Result<T, GltfFault> {
    Err(GltfFault::Malformed(why.into()))
}

/// Fails when `found` is above `limit`.
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
