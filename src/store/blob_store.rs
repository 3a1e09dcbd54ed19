//! Blobs: files named by the digest of their content, written once, never changed.
//!
//! A blob appears whole or not at all: it is hashed where a job left it, made durable and read-only, and renamed into
//! place. Equal content is kept once. Only then may a record name it, so that no power cut leaves a record without its file.

use super::disk::{StoreDisk, parent_folder};
use super::{StoreError, StoreLayout};
use crate::base::Digest;
use crate::model::Artefact;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The blobs of one store. Cheap to clone; shared by workers.
#[derive(Debug, Clone)]
pub struct BlobStore {
    layout: StoreLayout,
}

impl BlobStore {
    /// Returns the blobs of `layout`.
    #[must_use]
    pub const fn new(layout: StoreLayout) -> Self {
        Self { layout }
    }

    /// Moves files into the store, each under the digest of its content, and returns when they would survive a power cut.
    /// Each is a name for people and where the file lies.
    ///
    /// # Errors
    /// Fails when a file cannot be read or moved; those before it are in the store then.
    pub fn ingest_files(&self, files: &[(&str, &Path)]) -> Result<Vec<Artefact>, StoreError> {
        let hash = |(_, path): &(&str, &Path)| {
            self.disk()
                .hash_file(path)
                .map_err(|source| StoreError::io("hash", path, source))
        };
        let digests: Vec<Digest> = files.par_iter().map(hash).collect::<Result<_, _>>()?;
        let files_with_digests = || files.iter().zip(&digests);
        for ((_, path), digest) in files_with_digests() {
            let home = self.blob_path(digest);
            self.store_blob(path, digest)
                .map_err(|source| StoreError::io("store", &home, source))?;
        }
        let homes: Vec<PathBuf> = digests
            .iter()
            .map(|digest| self.blob_path(digest))
            .collect();
        for folder in homes
            .iter()
            .map(|home| parent_folder(home))
            .collect::<BTreeSet<_>>()
        {
            self.disk()
                .sync(folder)
                .map_err(|source| StoreError::io("store in", folder, source))?;
        }
        files_with_digests()
            .map(|((name, _), digest)| self.stored_artefact(name, *digest))
            .collect()
    }

    fn store_blob(&self, path: &Path, digest: &Digest) -> io::Result<()> {
        let (disk, home) = (self.disk(), self.blob_path(digest));
        if disk.has_content(&home, disk.metadata(path)?.stamp.size, digest) {
            return disk.remove(path);
        }
        disk.make_folders(parent_folder(&home))?;
        disk.sync(path)?;
        disk.set_read_only(path)?;
        disk.rename(path, &home)
    }

    fn stored_artefact(&self, name: &str, digest: Digest) -> Result<Artefact, StoreError> {
        let home = self.blob_path(&digest);
        let facts = self
            .disk()
            .metadata(&home)
            .map_err(|source| StoreError::io("read", &home, source))?;
        Ok(Artefact {
            name: name.to_owned(),
            digest,
            stamp: facts.stamp,
        })
    }

    /// Returns where an artefact's content lies.
    #[must_use]
    pub fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.layout.blob_path(digest)
    }

    /// Returns the disk that the blobs lie on.
    #[must_use]
    pub fn disk(&self) -> &dyn StoreDisk {
        self.layout.disk()
    }

    /// Returns whether the artefact is still in the store, whole: by its stamp, else by hashing it again.
    #[must_use]
    pub fn is_intact(&self, artefact: &Artefact) -> bool {
        let path = self.blob_path(&artefact.digest);
        let Ok(metadata) = self.disk().metadata(&path) else {
            return false;
        };
        metadata.stamp == artefact.stamp
            || self
                .disk()
                .has_content(&path, artefact.stamp.size, &artefact.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, BlobStore) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = BlobStore::new(StoreLayout::new(folder.path().join("store")));
        (folder, blobs)
    }

    fn put(folder: &Path, blobs: &BlobStore, text: &str) -> Artefact {
        let file = folder.join("made");
        std::fs::write(&file, text).unwrap();
        blobs.ingest_files(&[("made", &file)]).unwrap().remove(0)
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
        assert!(blobs.is_intact(&artefact));
        let path = blobs.blob_path(&artefact.digest);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "frane").unwrap();
        assert!(!blobs.is_intact(&artefact));
    }

    #[test]
    fn a_damaged_blob_is_replaced_when_its_content_is_made_again() {
        let (folder, blobs) = store();
        let artefact = put(folder.path(), &blobs, "frame");
        let path = blobs.blob_path(&artefact.digest);
        std::fs::remove_file(&path).unwrap();
        std::fs::write(&path, "frane").unwrap();
        let again = put(folder.path(), &blobs, "frame");
        assert!(blobs.is_intact(&again));
    }
}
