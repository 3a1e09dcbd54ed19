//! Blobs: files named by the digest of their content, written once and never changed.
//!
//! A blob appears whole or not at all. It is hashed where a job left it, made durable and
//! read-only, and renamed into its place. Equal content is stored once. Only then may a record name
//! it, so no power cut leaves a record without its file.

use super::disk::{DiskEntryKind, StoreDisk, hidden_sibling, parent_folder};
use super::{StoreError, StoreLayout};
use crate::base::Digest;
use crate::model::Artefact;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The blobs of one store. Cheap to clone; workers share it.
#[derive(Debug, Clone)]
pub struct BlobStore {
    layout: StoreLayout,
    /// Blobs whose content was compared with their digest since the store was opened.
    // Shared by the workers of a run: each blob is read once for this, however many jobs use it.
    verified: Arc<Mutex<HashSet<Digest>>>,
}

impl BlobStore {
    /// Returns the blobs below the root of `layout`.
    #[must_use]
    pub fn new(layout: StoreLayout) -> Self {
        Self {
            layout,
            verified: Arc::default(),
        }
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
        self.lock_verified().extend(&digests);
        files_with_digests()
            .map(|((name, _), digest)| self.stored_artefact(name, *digest))
            .collect()
    }

    /// Returns whether the content of the blob is that of its digest. It is read the first time,
    /// and known after that.
    // Stamps are never enough here: a disk that loses a bit changes no time.
    #[must_use]
    pub fn verify_content(&self, digest: &Digest) -> bool {
        if self.lock_verified().contains(digest) {
            return true;
        }
        // Read without holding the lock, so that workers read side by side.
        let is_whole = self
            .disk()
            .hash_file(&self.blob_path(digest))
            .is_ok_and(|actual| actual == *digest);
        if is_whole {
            self.lock_verified().insert(*digest);
        }
        is_whole
    }

    /// Removes a blob whose content is not that of its digest. Something that is no file is moved
    /// beside its place, because only the blobs are the program's own.
    ///
    /// # Errors
    /// Fails if it cannot be removed.
    pub fn remove_damaged(&self, digest: &Digest) -> io::Result<()> {
        self.lock_verified().remove(digest);
        remove_blob(self.disk(), &self.blob_path(digest))
    }

    fn lock_verified(&self) -> MutexGuard<'_, HashSet<Digest>> {
        self.verified.lock().unwrap_or_else(PoisonError::into_inner)
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
        if disk
            .symlink_metadata(&home)
            .is_ok_and(|facts| facts.kind != DiskEntryKind::File)
        {
            remove_blob(disk, &home)?;
        }
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

    /// Returns the digest of the blob that has this path. `None`: it is not the path of a blob.
    #[must_use]
    pub fn digest_at(&self, path: &Path) -> Option<Digest> {
        let inside = path.strip_prefix(self.layout.blobs_folder()).ok()?;
        Digest::parse(&inside.file_name()?.to_string_lossy())
    }

    /// Returns the layout of the store.
    #[must_use]
    pub const fn layout(&self) -> &StoreLayout {
        &self.layout
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
        // A matching stamp is enough for a blob that nobody reads: reading every reused blob would
        // cost a thousand times more. What a job reads passes `verify_content`, and what is
        // delivered is compared on the way. A differing stamp is not yet damage, because a copied
        // or restored store has new times and inodes.
        metadata.stamp == artefact.stamp
            || self
                .disk()
                .has_content(&path, artefact.stamp.size, &artefact.digest)
    }
}

/// Removes what is in the place of a blob. A folder is moved beside it.
pub(super) fn remove_blob(disk: &dyn StoreDisk, path: &Path) -> io::Result<()> {
    match disk.symlink_metadata(path).map(|facts| facts.kind) {
        // This program makes no folder there, so the files in it are not removed.
        Ok(DiskEntryKind::Folder) => disk
            .remove(path)
            .or_else(|_| disk.rename(path, &hidden_sibling(path, "aside"))),
        Ok(_) => disk.remove(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
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
    fn a_blob_is_an_input_only_if_its_bytes_have_its_digest() {
        let (folder, blobs) = store();
        let artefact = put(folder.path(), &blobs, "frame");
        let path = blobs.blob_path(&artefact.digest);
        let fresh = || BlobStore::new(StoreLayout::new(folder.path().join("store")));
        assert!(blobs.verify_content(&artefact.digest) && fresh().verify_content(&artefact.digest));
        let time = std::fs::metadata(&path).unwrap().modified().unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .unwrap();
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        std::io::Write::write_all(&mut &file, b"frane").unwrap();
        file.set_modified(time).unwrap();
        assert!(
            fresh().is_intact(&artefact),
            "size, time and inode are the same"
        );
        assert!(!fresh().verify_content(&artefact.digest));
        fresh().remove_damaged(&artefact.digest).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_in_the_place_of_a_blob_is_moved_aside_with_what_is_in_it() {
        let (folder, blobs) = store();
        let artefact = put(folder.path(), &blobs, "frame");
        let path = blobs.blob_path(&artefact.digest);
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("mine"), "mine").unwrap();
        assert!(!blobs.is_intact(&artefact));
        let again = put(folder.path(), &blobs, "frame");
        assert!(blobs.is_intact(&again));
        let aside = hidden_sibling(&path, "aside").join("mine");
        assert_eq!(std::fs::read_to_string(aside).unwrap(), "mine");
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
