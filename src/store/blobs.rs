//! Blobs: files named by the digest of their content, written once, never changed.
//!
//! A blob appears whole or not at all: it is hashed where a job left it, made durable and read-only, and renamed into
//! place. Equal content is kept once. Only then may a record name it, so that no power cut leaves a record without its file.

use super::disk::{Disk, folder_of};
use super::{Layout, StoreError};
use crate::base::Digest;
use crate::model::Artefact;
use rayon::prelude::*;
use std::collections::BTreeSet;
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

    /// Moves files into the store, each under the digest of its content, and returns when they would survive a power cut.
    /// Each is a name for people and where the file lies.
    ///
    /// # Errors
    /// Fails when a file cannot be read or moved; those before it are in the store then.
    pub fn ingest(&self, files: &[(&str, &Path)]) -> Result<Vec<Artefact>, StoreError> {
        let hash = |(_, path): &(&str, &Path)| {
            self.disk()
                .digest(path)
                .map_err(|source| StoreError::io("hash", path, source))
        };
        let digests: Vec<Digest> = files.par_iter().map(hash).collect::<Result<_, _>>()?;
        let named = || files.iter().zip(&digests);
        for ((_, path), digest) in named() {
            let home = self.path(digest);
            self.settle(path, digest)
                .map_err(|source| StoreError::io("store", &home, source))?;
        }
        let homes: Vec<PathBuf> = digests.iter().map(|digest| self.path(digest)).collect();
        for folder in homes
            .iter()
            .map(|home| folder_of(home))
            .collect::<BTreeSet<_>>()
        {
            self.disk()
                .sync(folder)
                .map_err(|source| StoreError::io("store in", folder, source))?;
        }
        named()
            .map(|((name, _), digest)| self.artefact(name, *digest))
            .collect()
    }

    fn settle(&self, path: &Path, digest: &Digest) -> io::Result<()> {
        let (disk, home) = (self.disk(), self.path(digest));
        if disk.is_whole(&home, disk.facts(path)?.stamp.size, digest) {
            return disk.remove(path);
        }
        disk.make_folders(folder_of(&home))?;
        disk.sync(path)?;
        disk.seal(path)?;
        disk.rename(path, &home)
    }

    fn artefact(&self, name: &str, digest: Digest) -> Result<Artefact, StoreError> {
        let home = self.path(&digest);
        let facts = self
            .disk()
            .facts(&home)
            .map_err(|source| StoreError::io("read", &home, source))?;
        Ok(Artefact {
            name: name.to_owned(),
            digest,
            stamp: facts.stamp,
        })
    }

    /// Returns where an artefact's content lies.
    #[must_use]
    pub fn path(&self, digest: &Digest) -> PathBuf {
        self.layout.blob(digest)
    }

    /// Returns the disk that the blobs lie on.
    #[must_use]
    pub fn disk(&self) -> &dyn Disk {
        self.layout.disk()
    }

    /// Returns whether the artefact is still in the store, whole: by its stamp, else by hashing it again.
    #[must_use]
    pub fn holds(&self, artefact: &Artefact) -> bool {
        let path = self.path(&artefact.digest);
        let Ok(found) = self.disk().facts(&path) else {
            return false;
        };
        found.stamp == artefact.stamp
            || self
                .disk()
                .is_whole(&path, artefact.stamp.size, &artefact.digest)
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
        blobs.ingest(&[("made", &file)]).unwrap().remove(0)
    }

    #[test]
    fn equal_content_is_kept_once() {
        let (folder, blobs) = store();
        let (one, two) = (
            put(folder.path(), &blobs, "frame"),
            put(folder.path(), &blobs, "frame"),
        );
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
