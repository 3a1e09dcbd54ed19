//! What the store needs of a file system, and what it builds from that: replacing a file whole,
//! walking, removing.
//!
//! Everything that the store does to its own files and to deliverables passes through
//! [`StoreDisk`]. Tests can therefore give it a disk that is full, returns wrong bytes, or loses
//! power at any step. Producers work with ordinary files in scratch folders, because tools such as
//! ffmpeg cannot do otherwise.

mod local_disk;
#[cfg(test)]
pub(crate) mod testing;

pub use local_disk::LocalDisk;

use crate::base::Digest;
use crate::model::FileStamp;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// The kind and stamp of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileMetadata {
    /// A file, a folder or something else.
    pub kind: DiskEntryKind,
    /// Size, time and inode. For a folder it has no meaning.
    pub stamp: FileStamp,
}

/// The kind of an entry of a folder.
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
    /// Waits until everything written so far would survive a power cut.
    ///
    /// # Errors
    /// Fails if the disk does. What was written since the last sync may then be lost.
    fn sync(&mut self) -> io::Result<()>;
}

/// A lock on a file. It ends when it is dropped or when the process dies.
pub trait FileLockGuard: fmt::Debug + Send {
    /// Replaces the content of the file, which other processes read when they find it locked.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    fn write_owner(&mut self, text: &[u8]) -> io::Result<()>;
}

/// Whether to wait for a lock that another process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockWait {
    /// Return at once without the lock.
    NoWait,
    /// Wait until it is free.
    Forever,
}

/// The steps that the store consists of. Each happens or fails, and none is more than one system
/// call.
// One call each, because the tests fail every step and cut the power between every two. A step that
// made two calls would hide a state in which a kill can leave the disk.
pub trait StoreDisk: fmt::Debug + Send + Sync {
    /// Returns the kind and stamp of `path`, following links.
    ///
    /// # Errors
    /// Fails if nothing is there.
    fn metadata(&self, path: &Path) -> io::Result<FileMetadata>;

    /// Returns the kind and stamp of `path`. A link is `Other`.
    ///
    /// # Errors
    /// Fails if nothing is there.
    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata>;

    /// Checks that files can be made in `folder`, as far as permissions and the kind of the disk
    /// tell. Nothing is written.
    ///
    /// # Errors
    /// Fails if they cannot.
    fn require_writable(&self, folder: &Path) -> io::Result<()>;

    /// Returns the paths of everything in `folder`, in no particular order.
    ///
    /// # Errors
    /// Fails if it is not a folder, or cannot be read.
    fn list_folder(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    /// Fails if there is none, or it cannot be read.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;

    /// Opens the file at `path` for reading from byte `start` on.
    ///
    /// # Errors
    /// Fails if there is none, or it cannot be read.
    fn open_at(&self, path: &Path, start: u64) -> io::Result<Box<dyn Read>> {
        let mut file = self.open(path)?;
        io::copy(&mut file.by_ref().take(start), &mut io::sink())?;
        Ok(file)
    }

    /// Creates a new file, open for writing.
    ///
    /// # Errors
    /// Fails if something is at `path` already, or the folder cannot be written.
    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;

    /// Opens the file at `path` for writing at its end.
    ///
    /// # Errors
    /// Fails if there is none, or it cannot be written.
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>>;

    /// Cuts the file at `path` to its first `length` bytes.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    fn truncate_file(&self, path: &Path, length: u64) -> io::Result<()>;

    /// Waits until the content of a file, or the names in a folder, would survive a power cut.
    ///
    /// # Errors
    /// Fails if the disk does.
    fn sync(&self, path: &Path) -> io::Result<()>;

    /// Makes one folder. It is not an error if the folder exists.
    ///
    /// # Errors
    /// Fails if its parent is missing or cannot be written.
    fn make_folder(&self, path: &Path) -> io::Result<()>;

    /// Renames a file or folder, and replaces a file that has the new name.
    ///
    /// # Errors
    /// Fails if the paths are on different file systems, or a folder is in the way.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Exchanges two paths in one step. Returns `false`, with nothing changed, if the file system
    /// cannot.
    ///
    /// # Errors
    /// Fails if one is missing, or a folder of theirs cannot be written.
    fn exchange(&self, first: &Path, second: &Path) -> io::Result<bool>;

    /// Removes a file, a link or an empty folder.
    ///
    /// # Errors
    /// Fails if there is nothing, or its folder cannot be written.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a file read-only.
    ///
    /// # Errors
    /// Fails if the file belongs to another user.
    fn set_read_only(&self, path: &Path) -> io::Result<()>;

    /// Locks the file at `path`, and creates it if necessary. `None`: another process holds the
    /// lock.
    ///
    /// # Errors
    /// Fails if the file cannot be created, or its file system has no locks.
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
    /// Fails if it cannot be read.
    pub fn read_bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the digest of a file's content.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn hash_file(&self, path: &Path) -> io::Result<Digest> {
        Digest::hash_reader(self.open(path)?)
    }

    /// Returns whether the file at `path` has this size and digest.
    #[must_use]
    pub fn has_content(&self, path: &Path, size: u64, digest: &Digest) -> bool {
        self.metadata(path).is_ok_and(|metadata| {
            // The size is compared first: it is one call, and most differences end there without
            // reading the file.
            metadata.kind == DiskEntryKind::File && metadata.stamp.size == size
        }) && self.hash_file(path).is_ok_and(|actual| actual == *digest)
    }

    /// Returns the paths in `folder` in order. A missing folder is empty.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    // Sorted, because the order of a folder differs from machine to machine, and reports and errors
    // must not.
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
    /// Fails if one cannot be made.
    pub fn make_folders(&self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || self.metadata(folder).is_ok() {
            return Ok(());
        }
        let parent = parent_folder(folder);
        self.make_folders(parent)?;
        self.make_folder(folder)?;
        // A folder whose name is lost takes every synced file in it along.
        self.sync(parent)
    }

    /// Makes a folder, and those above it if necessary, without syncing it.
    ///
    /// # Errors
    /// Fails if one cannot be made.
    // Nothing in it must survive a power cut, and a sync for each job would cost more than a short
    // job. The parents are made only after a failure, because nearly always they exist.
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
    /// # Errors
    /// Fails if the folder cannot be written or the disk is full. The old file is then unchanged.
    pub fn replace_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.replace_with(path, |file| file.write_all(bytes))
    }

    /// Replaces the file at `path` by what `write` writes, as `replace_file` does. For content that
    /// is too large for memory.
    ///
    /// # Errors
    /// Fails if `write` does, the folder cannot be written or the disk is full. The old file is
    /// then unchanged.
    pub fn replace_with(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn AppendFile) -> io::Result<()>,
    ) -> io::Result<()> {
        // A fixed name beside the file, not a random one in a folder for temporary files: kills
        // leave at most one such file, recovery knows where it is, and the rename stays on one file
        // system.
        let folder = parent_folder(path);
        let partial = hidden_sibling(path, "partial");
        self.make_folders(folder)?;
        let written = self.create_or_replace(&partial).and_then(|mut file| {
            write(&mut *file)?;
            // Content before name: a rename can survive a power cut that the unsynced content does
            // not.
            file.sync()
        });
        let replaced = written.and_then(|()| self.rename(&partial, path));
        if replaced.is_err() {
            // Its space is needed if the disk is full. The first error is the one to report, not a
            // failure of this.
            let _ = self.remove(&partial);
        }
        replaced.and_then(|()| self.sync(folder))
    }

    /// Creates a new file, in place of one that a kill may have left.
    ///
    /// # Errors
    /// Fails if the folder cannot be written.
    pub fn create_or_replace(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        match self.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.remove_all(path)?;
                self.create(path)
            }
            result => result,
        }
    }

    /// Removes `path` with everything in it. It is not an error if nothing is there.
    ///
    /// # Errors
    /// Fails if something cannot be removed.
    pub fn remove_all(&self, path: &Path) -> io::Result<()> {
        // Links are not followed: a link in a folder of pictures must lose its name, not the files
        // that it leads to.
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

/// Returns a handler that turns a missing file into `value`, and passes other errors on.
fn ignore_missing<T>(value: T) -> impl FnOnce(io::Error) -> io::Result<T> {
    |error| {
        if error.kind() == io::ErrorKind::NotFound {
            Ok(value)
        } else {
            Err(error)
        }
    }
}

/// Returns the folder that contains `path`; `.` for a bare name.
pub(crate) fn parent_folder(path: &Path) -> &Path {
    // The parent of a bare name is an empty path, which no system call accepts.
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Returns a hidden path beside `path` with this suffix, such as `.film.mp4.partial`.
pub(crate) fn hidden_sibling(path: &Path, suffix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{suffix}"))
}

/// Returns whether `path` is a file that was being written when the program was interrupted.
pub(crate) fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(".partial")
}
