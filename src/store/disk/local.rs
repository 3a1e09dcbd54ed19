//! The disk of this machine.

use super::{Append, Disk, Facts, Held, Kind, Patience};
use crate::model::FileStamp;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// How often a lock that nobody seems to hold is tried before giving up: those who only look at it hold it for microseconds.
const TRIES: usize = 10_000;

/// The file system of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl Disk for LocalDisk {
    fn facts(&self, path: &Path) -> io::Result<Facts> {
        fs::metadata(path).map(|facts| facts_of(&facts))
    }

    fn entry(&self, path: &Path) -> io::Result<Facts> {
        fs::symlink_metadata(path).map(|facts| facts_of(&facts))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(path)?))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        Ok(Box::new(
            File::options().append(true).create_new(true).open(path)?,
        ))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        Ok(Box::new(File::options().append(true).open(path)?))
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        File::options().write(true).open(path)?.set_len(length)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if cfg!(unix) {
            File::open(path)?.sync_all()
        } else {
            Ok(())
        }
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            made => made,
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(target_os = "linux")]
    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn exchange(&self, _: &Path, _: &Path) -> io::Result<bool> {
        Ok(false)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => fs::remove_file(path),
            removed => removed,
        }
    }

    fn seal(&self, path: &Path) -> io::Result<()> {
        let mut permissions = fs::metadata(path)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(path, permissions)
    }

    fn lock(&self, path: &Path, patience: Patience) -> io::Result<Option<Box<dyn Held>>> {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let is_ours = match patience {
            Patience::None => try_lock(&file)?,
            Patience::Endless => file.lock().map(|()| true)?,
        };
        Ok(is_ours.then(|| Box::new(file) as Box<dyn Held>))
    }

    fn is_locked(&self, path: &Path) -> bool {
        File::open(path)
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// Takes the lock unless another process really holds it; one that only asks who does is waited for.
fn try_lock(file: &File) -> io::Result<bool> {
    for _ in 0..TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => file.unlock()?,
        }
        std::thread::yield_now();
    }
    Ok(false)
}

impl Append for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

impl Held for File {
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        self.set_len(0)?;
        self.rewind()?;
        self.write_all(text)
    }
}

fn facts_of(facts: &Metadata) -> Facts {
    let kind = if facts.is_file() {
        Kind::File
    } else if facts.is_dir() {
        Kind::Folder
    } else {
        Kind::Other
    };
    Facts {
        kind,
        stamp: stamp_of(facts),
    }
}

#[cfg(unix)]
fn stamp_of(facts: &Metadata) -> FileStamp {
    use std::os::unix::fs::MetadataExt;
    let modified = facts
        .mtime()
        .saturating_mul(1_000_000_000)
        .saturating_add(facts.mtime_nsec());
    FileStamp {
        size: facts.len(),
        modified,
        inode: facts.ino(),
    }
}

#[cfg(not(unix))]
fn stamp_of(facts: &Metadata) -> FileStamp {
    let modified = facts.modified().unwrap_or(std::time::UNIX_EPOCH);
    let since = modified
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    FileStamp {
        size: facts.len(),
        modified: i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        inode: 0,
    }
}
