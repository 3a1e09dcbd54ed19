//! Blobs: files named by the digest of their content, written once, never changed.
//!
//! A blob appears whole or not at all: it is hashed where a job left it, made read-only, and renamed into place. Equal
//! content is kept once.

use super::{Layout, StoreError};
use crate::base::Digest;
use crate::model::{Artefact, Stamp};
use std::io;
use std::path::{Path, PathBuf};

/// The blobs of one store. Cheap to clone; shared by workers.
#[derive(Debug, Clone)]
pub struct Blobs {
    layout: Layout,
}

impl Blobs {
    /// Returns the blobs of `layout`.
    #[must_use]
    pub const fn new(layout: Layout) -> Self {
        Self { layout }
    }

    /// Moves the file at `path` into the store under the digest of its content.
    ///
    /// # Errors
    /// Fails when the file cannot be read or moved.
    pub fn ingest(&self, name: &str, path: &Path) -> Result<Artefact, StoreError> {
        let digest = Digest::of_file(path).map_err(|source| StoreError::io("hash", path, source))?;
        let home = self.layout.blob(&digest);
        self.settle(path, &home).map_err(|source| StoreError::io("store", &home, source))?;
        let stamp = stamp(&home).map_err(|source| StoreError::io("read", &home, source))?;
        Ok(Artefact { name: name.to_owned(), digest, stamp })
    }

    fn settle(&self, path: &Path, home: &Path) -> io::Result<()> {
        let size = std::fs::metadata(path)?.len();
        if std::fs::metadata(home).is_ok_and(|old| old.len() == size)
            && Digest::of_file(home)? == Digest::of_file(path)?
        {
            return std::fs::remove_file(path);
        }
        std::fs::create_dir_all(home.parent().unwrap_or(Path::new(".")))?;
        let mut permissions = std::fs::metadata(path)?.permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(path, permissions)?;
        std::fs::rename(path, home)
    }

    /// Returns where an artefact's content lies.
    #[must_use]
    pub fn path(&self, digest: &Digest) -> PathBuf {
        self.layout.blob(digest)
    }

    /// Returns whether the artefact is still in the store, whole: by its stamp, else by hashing it again.
    #[must_use]
    pub fn holds(&self, artefact: &Artefact) -> bool {
        let path = self.path(&artefact.digest);
        let Ok(found) = stamp(&path) else { return false };
        found == artefact.stamp
            || (found.size == artefact.stamp.size
                && Digest::of_file(&path).is_ok_and(|digest| digest == artefact.digest))
    }
}

/// Returns the stamp of a file.
///
/// # Errors
/// Fails when there is no such file.
pub(crate) fn stamp(path: &Path) -> io::Result<Stamp> {
    let facts = std::fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let modified = facts.mtime().saturating_mul(1_000_000_000).saturating_add(facts.mtime_nsec());
        Ok(Stamp { size: facts.len(), modified, inode: facts.ino() })
    }
    #[cfg(not(unix))]
    {
        let since = facts.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Ok(Stamp {
            size: facts.len(),
            modified: i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
            inode: 0,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(Layout::new(folder.path().join("store")));
        (folder, blobs)
    }

    fn put(folder: &Path, blobs: &Blobs, text: &str) -> Artefact {
        let file = folder.join("made");
        std::fs::write(&file, text).unwrap();
        blobs.ingest("made", &file).unwrap()
    }

    #[test]
    fn equal_content_is_kept_once() {
        let (folder, blobs) = store();
        let (one, two) = (put(folder.path(), &blobs, "frame"), put(folder.path(), &blobs, "frame"));
        assert_eq!(one, two);
    }

    #[test]
    fn a_flipped_bit_is_noticed() {
        let (folder, blobs) = store();
        let artefact = put(folder.path(), &blobs, "frame");
        assert!(blobs.holds(&artefact));
        let path = blobs.path(&artefact.digest);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "frane").unwrap();
        assert!(!blobs.holds(&artefact));
    }

    #[test]
    fn a_damaged_blob_is_replaced_when_its_content_is_made_again() {
        let (folder, blobs) = store();
        let artefact = put(folder.path(), &blobs, "frame");
        let path = blobs.path(&artefact.digest);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "frane").unwrap();
        let again = put(folder.path(), &blobs, "frame");
        assert!(blobs.holds(&again));
    }
}
