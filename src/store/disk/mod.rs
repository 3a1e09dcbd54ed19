//! What the store asks of a file system, and what it builds from that: replacing a file whole, walking, removing.
//!
//! Everything that the store does to its own files and to deliverables goes through [`Disk`], so that tests can put a
//! disk under it that is full, lies, or loses power at any step. Producers work with ordinary files in scratch: ffmpeg must.

mod local;
#[cfg(test)]
pub(crate) mod testing;

pub use local::LocalDisk;

use crate::base::Digest;
use crate::model::FileStamp;
use std::fmt;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What it is.
    pub kind: Kind,
    /// Its size, time and inode.
    pub stamp: FileStamp,
}

/// What something in a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Anything else: a link, a device.
    Other,
}

/// A file open for writing at its end.
pub trait Append: Write + Send {
    /// Returns when everything written so far would survive a power cut.
    ///
    /// # Errors
    /// Fails when the disk does; what was written since the last sync may then be lost.
    fn sync(&mut self) -> io::Result<()>;
}

/// A lock on a file, held until dropped or until the process dies.
pub trait Held: fmt::Debug + Send {
    /// Replaces what the file says, for those who find it locked.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    fn write(&mut self, text: &[u8]) -> io::Result<()>;
}

/// Whether to wait for a lock that another process holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// Come back at once without it.
    None,
    /// Wait until it is free.
    Endless,
}

/// The steps that a store is made of. Each either happens or fails; none is more than one call to the system.
pub trait Disk: fmt::Debug + Send + Sync {
    /// Returns what lies at `path`, following links.
    ///
    /// # Errors
    /// Fails when nothing does.
    fn facts(&self, path: &Path) -> io::Result<Facts>;

    /// Returns what lies at `path`, a link being a link.
    ///
    /// # Errors
    /// Fails when nothing does.
    fn entry(&self, path: &Path) -> io::Result<Facts>;

    /// Returns the paths of everything in `folder`, in no particular order.
    ///
    /// # Errors
    /// Fails when it is no folder, or cannot be read.
    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    /// Fails when there is none, or it may not be read.
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>>;

    /// Makes a new file.
    ///
    /// # Errors
    /// Fails when something lies at `path` already, or the folder cannot be written.
    fn create(&self, path: &Path) -> io::Result<Box<dyn Append>>;

    /// Opens the file at `path` for writing at its end.
    ///
    /// # Errors
    /// Fails when there is none, or it may not be written.
    fn append(&self, path: &Path) -> io::Result<Box<dyn Append>>;

    /// Shortens the file at `path` to `length` bytes.
    ///
    /// # Errors
    /// Fails when it may not be written.
    fn cut(&self, path: &Path, length: u64) -> io::Result<()>;

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
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool>;

    /// Removes a file, a link or an empty folder.
    ///
    /// # Errors
    /// Fails when there is nothing, or its folder cannot be written.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Makes a file read-only.
    ///
    /// # Errors
    /// Fails when it is not ours.
    fn seal(&self, path: &Path) -> io::Result<()>;

    /// Locks the file at `path`, making it if need be; none when another process holds it.
    ///
    /// # Errors
    /// Fails when the file cannot be made, or its file system has no locks.
    fn lock(&self, path: &Path, patience: Patience) -> io::Result<Option<Box<dyn Held>>>;

    /// Returns whether a process holds a lock on the file at `path`.
    fn is_locked(&self, path: &Path) -> bool;
}

impl dyn Disk + '_ {
    /// Returns the content of a file.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open(path)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Returns the digest of a file's content.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn digest(&self, path: &Path) -> io::Result<Digest> {
        Digest::hash_reader(self.open(path)?)
    }

    /// Returns whether the file at `path` has this content.
    #[must_use]
    pub fn is_whole(&self, path: &Path, size: u64, digest: &Digest) -> bool {
        self.facts(path)
            .is_ok_and(|facts| facts.kind == Kind::File && facts.stamp.size == size)
            && self.digest(path).is_ok_and(|found| found == *digest)
    }

    /// Returns the paths in `folder` in order; none when there is no such folder.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn paths(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = self.list(folder).or_else(absent(Vec::new()))?;
        paths.sort();
        Ok(paths)
    }

    /// Makes the folder and those above it, durably.
    ///
    /// # Errors
    /// Fails when one cannot be made.
    pub fn make_folders(&self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || self.facts(folder).is_ok() {
            return Ok(());
        }
        let above = folder_of(folder);
        self.make_folders(above)?;
        self.make_folder(folder)?;
        self.sync(above)
    }

    /// Makes a folder that nothing must survive in, and those above it if need be: no disk is waited for.
    ///
    /// # Errors
    /// Fails when one cannot be made.
    pub fn make_room(&self, folder: &Path) -> io::Result<()> {
        match self.make_folder(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.make_folders(folder_of(folder))?;
                self.make_folder(folder)
            }
            made => made,
        }
    }

    /// Replaces the file at `path`: whole and durable, or untouched.
    ///
    /// The new content is written beside it under a fixed name, so that kills leave at most one such file.
    ///
    /// # Errors
    /// Fails when the folder cannot be written or the disk is full; the old file then still stands.
    pub fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.replace_by(path, |file| file.write_all(bytes))
    }

    /// Replaces the file at `path` by what `write` writes, as `replace` does: for content that is too large
    /// to hold.
    ///
    /// # Errors
    /// Fails when `write` does, the folder cannot be written or the disk is full; the old file then still stands.
    pub fn replace_by(
        &self,
        path: &Path,
        write: impl FnOnce(&mut dyn Append) -> io::Result<()>,
    ) -> io::Result<()> {
        let (folder, partial) = (folder_of(path), beside(path, "partial"));
        self.make_folders(folder)?;
        let written = self.create_afresh(&partial).and_then(|mut file| {
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
    pub fn create_afresh(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        match self.create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.remove_all(path)?;
                self.create(path)
            }
            made => made,
        }
    }

    /// Removes what lies at `path`, with everything in it; it is no error when nothing does.
    ///
    /// # Errors
    /// Fails when something cannot be removed.
    pub fn remove_all(&self, path: &Path) -> io::Result<()> {
        match self.entry(path) {
            Ok(facts) if facts.kind == Kind::Folder => {
                self.list(path)?
                    .iter()
                    .try_for_each(|inner| self.remove_all(inner))?;
                self.remove(path)
            }
            Ok(_) => self.remove(path),
            Err(error) => absent(())(error),
        }
    }
}

/// Returns a handler that takes a missing file for `value`.
fn absent<T>(value: T) -> impl FnOnce(io::Error) -> io::Result<T> {
    |error| {
        if error.kind() == io::ErrorKind::NotFound {
            Ok(value)
        } else {
            Err(error)
        }
    }
}

/// Returns the folder that `path` lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Returns the hidden neighbour of `path` for this use, such as `.film.mp4.partial`.
pub(crate) fn beside(path: &Path, using: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{using}"))
}

/// Returns whether `path` is a file that was being written when the program was cut off.
pub(crate) fn is_partial(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(".partial")
}
