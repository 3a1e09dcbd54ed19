//! What a run leaves behind: blobs by digest, the event journal that is the truth, manifests derived from it, and the
//! pointer to the published revision. Knows files and records; knows nothing of how jobs are made or run.

pub mod blobs;
pub mod collect;
pub mod fold;
pub mod journal;
pub mod layout;
pub mod lock;
pub mod manifest;
pub mod provenance;
pub mod publish;
pub mod revisions;
pub mod snapshot;

pub use blobs::Blobs;
pub use fold::{History, LatestFailure, Record};
pub use journal::Journal;
pub use layout::Layout;
pub use lock::Lock;
pub use manifest::Manifest;
pub use provenance::Provenance;
pub use revisions::Revision;
pub use snapshot::Snapshot;

use std::io;
use std::path::{Path, PathBuf};

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A record that is not the last of its journal does not match its checksum.
    #[error("read {}:{line}: the record is damaged; the journal was changed from outside or the disk lost data. \
             Move the file away to start over; finished work in it is then made again", path.display())]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// One-based line.
        line: usize,
    },
    /// A file that never changes was changed.
    #[error("read {}: it is not as it was written, or cannot be understood", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A revision's files are gone from the store.
    #[error("put back {revision}: `{file}` is no longer in the store, whole; it was collected or damaged")]
    Gone {
        /// The revision.
        revision: String,
        /// The first file that is missing.
        file: String,
    },
    /// Another run holds the store.
    #[error("lock the store: another run holds it ({owner}); wait for it, or stop it")]
    Locked {
        /// Who, since when.
        owner: String,
    },
}

impl StoreError {
    /// Returns the error for `source` met while doing `what` on `path`.
    pub fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { what, path: path.to_owned(), source }
    }
}

/// Replaces the file at `path` by `bytes`: whole and durable, or untouched.
///
/// # Errors
/// Fails when the folder cannot be written or the disk is full; the old file then still stands.
pub fn replace_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut partial = tempfile::Builder::new().prefix(".partial-").tempfile_in(folder)?;
        io::Write::write_all(&mut partial, bytes)?;
        share(partial.as_file())?;
        partial.as_file().sync_all()?;
        partial.persist(path)?;
        sync_folder(folder)
    };
    write().map_err(|source| StoreError::io("write", path, source))
}

/// Makes a temporary file readable as any other file of the user would be.
fn share(file: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    Ok(())
}

/// Makes a rename in `folder` durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}
