//! Blobs: files named by the digest of their content, written once and never changed.
//!
//! A blob appears whole or not at all. It is hashed where a job left it, made durable and
//! read-only, and renamed into its place. Equal content is stored once. Only then may a record name
//! it, so no power cut leaves a record without its file.

use super::disk::{StoreDisk, parent_folder};
use super::{StoreError, StoreLayout};
use crate::base::Digest;
use crate::model::Artefact;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The blobs of one store. Cheap to clone; workers share it.
#[derive(Debug, Clone)]
pub struct BlobStore {
    layout: StoreLayout,
}

impl BlobStore {
    /// Returns the blobs below the root of `layout`.
    #[must_use]
    pub const fn new(layout: StoreLayout) -> Self {
        Self { layout }
    }

    /// Moves files into the store, each under the digest of its content. Each file is its name
    /// within the outputs of the job, and its path. On return, the files would survive a power cut.
    ///
    /// # Errors
    /// Fails if a file cannot be read or moved. The files before it are then in the store.
    pub fn ingest_files(&self, files: &[(&str, &Path)]) -> Result<Vec<Artefact>, StoreError> {
        // Hashing reads everything, so it is spread over all cores. The files are then moved in
        // order, so that a failure leaves the first ones in the store and not a random subset.
        let digests: Vec<Digest> = files
            .par_iter()
            .map(|(_, path)| {
                self.disk()
                    .hash_file(path)
                    .map_err(|source| StoreError::io("hash", path, source))
            })
            .collect::<Result<_, _>>()?;
        let files_with_digests = || files.iter().zip(&digests);
        for ((_, path), digest) in files_with_digests() {
            let home = self.blob_path(digest);
            self.store_blob(path, digest)
                .map_err(|source| StoreError::io("store", &home, source))?;
        }
        // A rename is durable only once its folder is synced. One sync for each folder, after all
        // renames, costs far less than one for each file, and nothing names a blob before this
        // function returns.
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
        let disk = self.disk();
        let home = self.blob_path(digest);
        // The content is compared, not only the name: a blob that was damaged on the disk has the
        // right name, and must be replaced by the good copy at hand.
        if disk.has_content(&home, disk.metadata(path)?.stamp.size, digest) {
            return disk.remove(path);
        }
        disk.make_folders(parent_folder(&home))?;
        // Synced before the rename. Otherwise a power cut could keep the new name and lose the
        // content, and the blob would be a hole under a valid digest.
        disk.sync(path)?;
        // Read-only against tools and people that open a blob through a link or by hand: an edit
        // would change every revision that uses it.
        disk.set_read_only(path)?;
        disk.rename(path, &home)
    }

    fn stored_artefact(&self, name: &str, digest: Digest) -> Result<Artefact, StoreError> {
        let home = self.blob_path(&digest);
        // The stamp is taken at the final place: it is what `is_intact` compares with later.
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

    /// Returns the path that a blob with this digest has, whether or not it exists.
    #[must_use]
    pub fn blob_path(&self, digest: &Digest) -> PathBuf {
        self.layout.blob_path(digest)
    }

    /// Returns the disk that holds the blobs.
    #[must_use]
    pub fn disk(&self) -> &dyn StoreDisk {
        self.layout.disk()
    }

    /// Returns whether the artefact is still in the store and unchanged. Its stamp is compared
    /// first; the content is hashed only if the stamp differs.
    #[must_use]
    pub fn is_intact(&self, artefact: &Artefact) -> bool {
        let path = self.blob_path(&artefact.digest);
        let Ok(metadata) = self.disk().metadata(&path) else {
            return false;
        };
        // A matching stamp is trusted: reading every reused blob would cost a thousand times more.
        // A bit that flipped under the same stamp is found when the blob is delivered, or by
        // `verify`. A differing stamp is not yet damage, because a copied or restored store has new
        // times and inodes.
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
    fn equal_content_is_stored_once() {
        let (folder, blobs) = store();
        let one = put(folder.path(), &blobs, "frame");
        let two = put(folder.path(), &blobs, "frame");
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
