//! The file system of this machine.

use super::{AppendFile, DiskEntryKind, FileLockGuard, FileMetadata, LockWait, StoreDisk};
use crate::base::bounded_text::{open_regular_file, require_regular_file};
use crate::model::FileStamp;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Attempts at a lock that only readers seem to hold. A reader holds it for microseconds.
const LOCK_TRIES: usize = 10_000;

/// A [`StoreDisk`] whose every step is one system call.
#[derive(Debug, Clone, Copy, Default)]
pub struct LocalDisk;

impl StoreDisk for LocalDisk {
    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        fs::metadata(path).map(|facts| file_metadata(&facts))
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        fs::symlink_metadata(path).map(|facts| file_metadata(&facts))
    }

    #[cfg(unix)]
    fn require_writable(&self, folder: &Path) -> io::Result<()> {
        use rustix::fs::{Access, access};
        Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
    }

    #[cfg(not(unix))]
    fn require_writable(&self, folder: &Path) -> io::Result<()> {
        // The attribute of a folder says nothing here, and its list of permissions is not read.
        fs::metadata(folder).map(|_| ())
    }

    fn list_folder(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        fs::read_dir(folder)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect()
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(open_regular_file(path)?))
    }

    fn open_at(&self, path: &Path, start: u64) -> io::Result<Box<dyn Read>> {
        let mut file = open_regular_file(path)?;
        file.seek(io::SeekFrom::Start(start))?;
        Ok(Box::new(file))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        Ok(Box::new(
            // `create_new` refuses a file that exists: two runs can never write one journal.
            File::options().append(true).create_new(true).open(path)?,
        ))
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        require_regular_file(path)?;
        Ok(Box::new(File::options().append(true).open(path)?))
    }

    fn truncate_file(&self, path: &Path, length: u64) -> io::Result<()> {
        require_regular_file(path)?;
        File::options().write(true).open(path)?.set_len(length)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        // Elsewhere a folder cannot be opened as a file, so the names in it cannot be synced.
        if cfg!(unix) {
            File::open(path)?.sync_all()
        } else {
            Ok(())
        }
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match fs::create_dir(path) {
            // Two workers may make the same folder at once. The second finds what it wanted.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
            result => result,
        }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(target_os = "linux")]
    fn exchange(&self, first: &Path, second: &Path) -> io::Result<bool> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        match renameat_with(CWD, first, CWD, second, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(true),
            // These mean that the file system or the kernel has no exchange, which the caller works
            // around. Any other error is about these two paths.
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
            // Trying is one call in the usual case of an empty scratch folder. A look first would
            // be two calls, and could be wrong by the time of the second.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => fs::remove_file(path),
            removed => removed,
        }
    }

    fn set_read_only(&self, path: &Path) -> io::Result<()> {
        let mut permissions = fs::metadata(path)?.permissions();
        permissions.set_readonly(true);
        fs::set_permissions(path, permissions)
    }

    fn lock_file(
        &self,
        path: &Path,
        patience: LockWait,
    ) -> io::Result<Option<Box<dyn FileLockGuard>>> {
        let mut options = File::options();
        options
            .read(true)
            .write(true)
            .create(true)
            // The file names its owner until the next one writes it, so that a process that waits
            // can show the name.
            .truncate(false);
        refuse_links(&mut options);
        let file = options.open(path)?;
        let is_ours = match patience {
            LockWait::NoWait => try_lock(&file)?,
            LockWait::Forever => file.lock().map(|()| true)?,
        };
        Ok(is_ours.then(|| Box::new(file) as Box<dyn FileLockGuard>))
    }

    fn is_locked(&self, path: &Path) -> bool {
        let mut options = File::options();
        options.read(true);
        refuse_links(&mut options);
        options
            .open(path)
            // A shared lock for the question: several commands may look at the same time without
            // taking each other for a writer.
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// Lets opening a link fail, and opening a pipe return at once.
// The owner is written into the lock file. Behind a link that would overwrite somebody's file.
#[cfg(unix)]
fn refuse_links(options: &mut fs::OpenOptions) {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    // The system declares these flags as a C `int`, so they always fit.
    options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
}

#[cfg(not(unix))]
fn refuse_links(_: &mut fs::OpenOptions) {}

/// Takes the lock unless another process holds it exclusively. A process that only looks at it is
/// waited for.
fn try_lock(file: &File) -> io::Result<bool> {
    for _ in 0..LOCK_TRIES {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        // `is_locked` takes a shared lock for a moment, which makes `try_lock` fail although nobody
        // writes. A shared lock succeeds beside a reader and fails beside a writer, so it tells the
        // two apart.
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => file.unlock()?,
        }
        std::thread::yield_now();
    }
    Ok(false)
}

impl AppendFile for File {
    fn sync(&mut self) -> io::Result<()> {
        // The data and the length are enough: a journal's times are not used, and `sync_all` would
        // write them with every group.
        self.sync_data()
    }
}

impl FileLockGuard for File {
    fn write_owner(&mut self, text: &[u8]) -> io::Result<()> {
        self.set_len(0)?;
        self.rewind()?;
        self.write_all(text)
    }
}

// A link or a device is neither followed nor taken for a file: the store made neither, so it must
// not be read as a blob.
fn file_metadata(metadata: &Metadata) -> FileMetadata {
    let kind = if metadata.is_file() {
        DiskEntryKind::File
    } else if metadata.is_dir() {
        DiskEntryKind::Folder
    } else {
        DiskEntryKind::Other
    };
    FileMetadata {
        kind,
        stamp: FileStamp::from_metadata(metadata),
    }
}
