//! One run at a time: an advisory lock that the system releases when its owner dies, however it dies.

use super::{Layout, StoreError};
use std::fs::{File, TryLockError};
use std::io::{Read, Seek, Write};

/// The lock, held until dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of this store and writes down who holds it.
    ///
    /// # Errors
    /// Fails when another process holds it, naming that process, or when the folder cannot be written.
    pub fn take(layout: &Layout, owner: &str) -> Result<Self, StoreError> {
        let path = layout.lock();
        let io = |source| StoreError::io("lock", &path, source);
        std::fs::create_dir_all(layout.root()).map_err(io)?;
        let mut file =
            File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(io)?;
        match file.try_lock() {
            Ok(()) => write_owner(&mut file, owner).map_err(io).map(|()| Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { owner: read_owner(&mut file) }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

/// Returns who holds the lock of this store now, if anyone does.
#[must_use]
pub fn holder(layout: &Layout) -> Option<String> {
    let mut file = File::open(layout.lock()).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(read_owner(&mut file)),
        _ => None,
    }
}

fn write_owner(file: &mut File, owner: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(owner.as_bytes())
}

fn read_owner(file: &mut File) -> String {
    let mut owner = String::new();
    let read = Read::by_ref(file).take(1000).read_to_string(&mut owner);
    if read.is_err() || owner.is_empty() { "a process that did not leave its name".to_owned() } else { owner }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_run_is_refused_and_told_who_holds_the_store() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let first = Lock::take(&layout, "process 7").unwrap();
        let refused = Lock::take(&layout, "process 8").unwrap_err().to_string();
        assert!(refused.contains("process 7"), "{refused}");
        assert_eq!(holder(&layout).as_deref(), Some("process 7"));
        drop(first);
        assert_eq!(holder(&layout), None);
        assert!(Lock::take(&layout, "process 9").is_ok());
    }
}
