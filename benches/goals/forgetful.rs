//! The disk of this machine, except that records appended to a journal are discarded.

use production::store::disk::{
    AppendFile, FileLockGuard, FileMetadata, LocalDisk, LockWait, StoreDisk,
};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Discards every journal.
#[derive(Debug)]
pub(super) struct Forgetful;

/// Accepts all records and discards them.
struct Nowhere;

impl Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AppendFile for Nowhere {
    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Forwards calls to the disk of this machine.
macro_rules! local {
    ($(fn $name:ident($($what:ident: $of:ty),*) -> $made:ty;)*) => {
        $(fn $name(&self, $($what: $of),*) -> $made { LocalDisk.$name($($what),*) })*
    };
}

impl StoreDisk for Forgetful {
    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        if path
            .extension()
            .is_some_and(|extension| extension == "jsonl")
        {
            return Ok(Box::new(Nowhere));
        }
        LocalDisk.create(path)
    }

    local! {
        fn metadata(path: &Path) -> io::Result<FileMetadata>;
        fn symlink_metadata(path: &Path) -> io::Result<FileMetadata>;
        fn require_writable(folder: &Path) -> io::Result<()>;
        fn list_folder(folder: &Path) -> io::Result<Vec<PathBuf>>;
        fn open(path: &Path) -> io::Result<Box<dyn Read>>;
        fn open_append(path: &Path) -> io::Result<Box<dyn AppendFile>>;
        fn truncate_file(path: &Path, length: u64) -> io::Result<()>;
        fn sync(path: &Path) -> io::Result<()>;
        fn make_folder(path: &Path) -> io::Result<()>;
        fn rename(from: &Path, to: &Path) -> io::Result<()>;
        fn exchange(one: &Path, other: &Path) -> io::Result<bool>;
        fn remove(path: &Path) -> io::Result<()>;
        fn set_read_only(path: &Path) -> io::Result<()>;
        fn lock_file(path: &Path, patience: LockWait) -> io::Result<Option<Box<dyn FileLockGuard>>>;
        fn is_locked(path: &Path) -> bool;
    }
}
