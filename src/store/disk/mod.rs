//! What the store asks of a file system, and what it builds from that: replacing a file whole, walking, removing.
//!
//! Everything that the store does to its own files and to deliverables goes through [`StoreDisk`], so that tests can put a
//! disk under it that is full, lies, or loses power at any step. Producers work with ordinary files in scratch: ffmpeg must.

mod local_disk;
#[cfg(test)]
pub(crate) mod testing;

pub use local_disk::LocalDisk;

use crate::base::Digest;
use crate::model::FileStamp;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMetadata {
    /// What it is.
    pub kind: DiskEntryKind,
    /// Its size, time and inode.
    pub stamp: FileStamp,
}

/// What something in a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskEntryKind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Anything else: a link, a device.
    Other,
}

/// A file open for writing at its end.
pub trait AppendFile: Write + Send {
    /// Returns when everything written so far would survive a power cut.
    ///
    /// # Errors
    /// Fails when the disk does; what was written since the last sync may then be lost.
    fn sync(&mut self) -> io::Result<()>;
}

/// A lock on a file, held until dropped or until the process dies.
pub trait FileLockGuard: fmt::Debug + Send {
    /// Replaces what the file says, for those who find it locked.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    fn write_owner(&mut self, text: &[u8]) -> io::Result<()>;
}

/// Whether to wait for a lock that another process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockWait {
    /// Come back at once without it.
    NoWait,
    /// Wait until it is free.
    Forever,
}

/// The steps that a store is made of. Each either happens or fails; none is more than one call to the system.
pub trait StoreDisk: fmt::Debug + Send + Sync {
    /// Returns what lies at `path`, following links.
    ///
    /// # Errors
    /// Fails when nothing does.
    fn metadata(&self, path: &Path) -> io::Result<FileMetadata>;

    /// Returns what lies at `path`, a link being a link.
    ///
    /// # Errors
    /// Fails when nothing does.
    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata>;

    /// Returns the paths of everything in `folder`, in no particular order.
    ///
    /// # Errors
    /// Fails when it is no folder, or cannot be read.
    fn list_folder(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    /// Fails when there is none, or it may not be read.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;

    /// Makes a new file.
    ///
    /// # Errors
    /// Fails when something lies at `path` already, or the folder cannot be written.
    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;

    /// Opens the file at `path` for writing at its end.
    ///
    /// # Errors
    /// Fails when there is none, or it may not be written.
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;

    /// Shortens the file at `path` to `length` bytes.
    ///
    /// # Errors
    /// Fails when it may not be written.
    fn truncate_file(&self, path: &Path, length: u64) -> io::Result<()>;

    /// Returns when the content of the file, or the names in the folder, would survive a power cut.
    ///
    /// # Errors
    /// Fails when the disk does.
    fn sync(&self, path: &Path) -> io::Result<()>;

    /// Makes one folder; one that is there already will do.
    ///
    /// # Errors
    /// Fails when its parent is missing or cannot be written.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Gives a file or folder another name, replacing a file of that name.
    ///
    /// # Errors
    /// Fails when the paths lie on different disks, or a folder is in the way.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Swaps two paths in one step; returns whether the file system can.
    ///
    /// # Errors
    /// Fails when one is missing, or their folders cannot be written.
    fn exchange(&self, first: &Path, second: &Path) -> io::Result<bool>;

    /// Removes a file, a link or an empty folder.
    ///
    /// # Errors
    /// Fails when there is nothing, or its folder cannot be written.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a file read-only.
    ///
    /// # Errors
    /// Fails when it is not ours.
    fn set_read_only(&self, path: &Path) -> io::Result<()>;

    /// Locks the file at `path`, making it if need be; none when another process holds it.
    ///
    /// # Errors
    /// Fails when the file cannot be made, or its file system has no locks.
    fn lock_file(
        &self,
        path: &Path,
        patience: LockWait,
    ) -> io::Result<Option<Box<dyn FileLockGuard>>>;

    /// Returns whether a process holds a lock on the file at `path`.
    fn is_locked(&self, path: &Path) -> bool;
}

impl dyn StoreDisk + '_ {
    /// Returns the content of a file.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the digest of a file's content.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn hash_file(&self, path: &Path) -> io::Result<Digest> {
        Digest::hash_reader(self.open(path)?)
    }

    /// Returns whether the file at `path` has this content.
    #[must_use]
    pub fn has_content(&self, path: &Path, size: u64, digest: &Digest) -> bool {
        self.metadata(path).is_ok_and(|metadata| {
            metadata.kind == DiskEntryKind::File && metadata.stamp.size == size
        }) && self.hash_file(path).is_ok_and(|actual| actual == *digest)
    }

    /// Returns the paths in `folder` in order; none when there is no such folder.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn sorted_paths(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = self
            .list_folder(folder)
            .or_else(ignore_missing(Vec::new()))?;
        paths.sort();
        Ok(paths)
    }

    /// Makes the folder and those above it, durably.
    ///
    /// # Errors
    /// Fails when one cannot be made.
    pub fn make_folders(&self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || self.metadata(folder).is_ok() {
            return Ok(());
        }
        let parent = parent_folder(folder);
        self.make_folders(parent)?;
        self.make_folder(folder)?;
        self.sync(parent)
    }

    /// Makes a folder that nothing must survive in, and those above it if need be: no disk is waited for.
    ///
    /// # Errors
    /// Fails when one cannot be made.
    pub fn make_scratch_folder(&self, folder: &Path) -> io::Result<()> {
        match self.make_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folders(parent_folder(folder))?;
                self.make_folder(folder)
            }
            result => result,
        }
    }

    /// Replaces the file at `path`: whole and durable, or untouched.
    ///
    /// The new content is written beside it under a fixed name, so that kills leave at most one such file.
    ///
    /// # Errors
    /// Fails when the folder cannot be written or the disk is full; the old file then still stands.
    pub fn replace_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.replace_with(path, |file| file.write_all(bytes))
    }

    /// Replaces the file at `path` by what `write` writes, as `replace` does: for content that is too large
    /// to hold.
    ///
    /// # Errors
    /// Fails when `write` does, the folder cannot be written or the disk is full; the old file then still stands.
    pub fn replace_with(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn AppendFile) -> io::Result<()>,
    ) -> io::Result<()> {
        let (folder, partial) = (parent_folder(path), hidden_sibling(path, "partial"));
        self.make_folders(folder)?;
        let written = self.create_or_replace(&partial).and_then(|mut file| {
            write(&mut *file)?;
            file.sync()
        });
        let replaced = written.and_then(|()| self.rename(&partial, path));
        if replaced.is_err() {
            let _ = self.remove(&partial);
        }
        replaced.and_then(|()| self.sync(folder))
    }

    /// Makes a new file, in place of one that a kill may have left.
    ///
    /// # Errors
    /// Fails when the folder cannot be written.
    pub fn create_or_replace(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        match self.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.remove_all(path)?;
                self.create(path)
            }
            result => result,
        }
    }

    /// Removes what lies at `path`, with everything in it; it is no error when nothing does.
    ///
    /// # Errors
    /// Fails when something cannot be removed.
    pub fn remove_all(&self, path: &Path) -> io::Result<()> {
        match self.symlink_metadata(path) {
            Ok(metadata) if metadata.kind == DiskEntryKind::Folder => {
                self.list_folder(path)?
                    .iter()
                    .try_for_each(|inner| self.remove_all(inner))?;
                self.remove(path)
            }
            Ok(_) => self.remove(path),
            Err(error) => ignore_missing(())(error),
        }
    }
}

/// Returns a handler that takes a missing file for `value`.
fn ignore_missing<T>(value: T) -> impl FnOnce(io::Error) -> io::Result<T> {
    |error| {
        if error.kind() == io::ErrorKind::NotFound {
            Ok(value)
        } else {
            Err(error)
        }
    }
}

/// Returns the folder that `path` lies in.
pub(crate) fn parent_folder(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Returns the hidden neighbour of `path` for this use, such as `.film.mp4.partial`.
pub(crate) fn hidden_sibling(path: &Path, using: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{using}"))
}

/// Returns whether `path` is a file that was being written when the program was cut off.
pub(crate) fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(".partial")
}
