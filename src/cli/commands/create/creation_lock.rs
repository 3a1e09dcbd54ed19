//! One `create` at a time in a folder, and the removal of what a killed one left.

use super::unwritable;
use crate::base::whole_file::PARTIAL_PREFIX;
use crate::base::{Clock, SystemClock};
use crate::cli::exit_codes::CliError;
use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The file of the lock, in the folder of a production.
const LOCK: &str = ".created/lock";
/// Its name in the folder of the record.
pub(super) const LOCK_NAME: &str = "lock";
/// The file that keeps Git from what is of this machine or of the last renewal alone.
pub(super) const IGNORE_NAME: &str = ".gitignore";
/// Its content. The record itself is to be committed.
const IGNORED: &str = "\
# The record is committed with the production. These are of one machine, or of the last renewal alone.
/lock
/pending
/before.yaml
/refused.yaml
/.partial-*
";
/// How the names of files and folders begin that `create` has not finished.
pub(super) const CREATE_PREFIX: &str = ".partial-create-";
/// How the names of folders begin whose lock is about to be taken.
const BEGIN_PREFIX: &str = ".partial-begin-";
/// How old a partial file of unknown origin is before nobody writes it any more, in seconds.
const LONG_AGO: i64 = 60;

/// The lock. It is released when this is dropped, and by the system when its owner dies.
#[derive(Debug)]
pub(super) struct CreationLock {
    _file: File,
}

impl CreationLock {
    /// Makes the folder of an unfinished production, locked from its first moment on. `wanted` is the
    /// folder that it will become.
    ///
    /// # Errors
    /// Fails if the folder cannot be written.
    pub(super) fn begin(folder: &Path, wanted: &Path) -> Result<Self, CliError> {
        let io = |source| CliError::io_error(format!("make {}", folder.display()), source);
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        // Under the name of the folder itself, another command would take a lock that is not held
        // yet for that of a killed one, and remove it. A lock goes along with a renamed folder.
        let begun = folder.with_file_name(format!("{BEGIN_PREFIX}{name}"));
        std::fs::create_dir_all(&begun).map_err(|source| unwritable(wanted, source))?;
        let lock = Self::acquire(&begun)?;
        std::fs::rename(&begun, folder).map_err(io)?;
        Ok(lock)
    }

    /// Takes the lock of the folder of a production.
    ///
    /// # Errors
    /// Fails if another process has it, or if the folder cannot be written.
    pub(super) fn acquire(folder: &Path) -> Result<Self, CliError> {
        let io = |source| CliError::io_error(format!("lock {}", folder.display()), source);
        let path = folder.join(LOCK);
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(io)?;
        // To open a pipe for writing waits for a reader.
        if path.symlink_metadata().is_ok_and(|facts| !facts.is_file()) {
            return Err(CliError::Usage(format!(
                "lock {}: {LOCK} is no file; remove it",
                folder.display()
            )));
        }
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        let file = options.open(&path).map_err(io)?;
        ignore_lock(&path.with_file_name(IGNORE_NAME)).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::Error(source)) => Err(io(source)),
            Err(TryLockError::WouldBlock) => Err(CliError::Busy(format!(
                "renew {}: another `production create` is at work there; try again when it has ended",
                folder.display()
            ))),
        }
    }
}

/// Writes the list of what Git leaves out, unless there is one.
fn ignore_lock(path: &Path) -> std::io::Result<()> {
    match File::options().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(IGNORED.as_bytes()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Removes partial files of killed commands from a folder. The caller has the lock of the
/// production.
pub(super) fn remove_partial_files(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours = name.starts_with(CREATE_PREFIX);
        let is_left = is_ours || name.starts_with(PARTIAL_PREFIX) && is_old(&entry.path());
        if is_left && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            // One that cannot be removed is no content, and harms nobody.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Removes unfinished productions of killed commands from the folder that productions are made in.
pub(super) fn remove_partial_productions(output: &Path) {
    let entries = std::fs::read_dir(output).into_iter().flatten();
    for entry in entries.flatten() {
        let name = entry.file_name();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let name = name.to_string_lossy();
        let folder = entry.path();
        if is_folder && name.starts_with(BEGIN_PREFIX) && is_old(&folder) {
            let _ = std::fs::remove_dir_all(&folder);
        }
        if !is_folder || !name.starts_with(CREATE_PREFIX) {
            continue;
        }
        // One without a lock is about to be locked, or its owner was killed before.
        let is_begun = folder.join(LOCK).is_file();
        if !is_begun && is_old(&folder) {
            let _ = std::fs::remove_dir_all(&folder);
        } else if is_begun && let Ok(_lock) = CreationLock::acquire(&folder) {
            // The lock is held until all is gone: its owner may be about to take it.
            let _ = std::fs::remove_dir_all(&folder);
        }
    }
}

/// Whether nobody has written here for a while.
fn is_old(path: &Path) -> bool {
    let modified = path.symlink_metadata().and_then(|facts| facts.modified());
    let modified = modified
        .ok()
        .and_then(|time| jiff::Timestamp::try_from(time).ok());
    let now = SystemClock::default().now();
    modified.is_some_and(|time| now.duration_since(time).as_secs() >= LONG_AGO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_create_is_refused_while_the_first_is_at_work() {
        let folder = tempfile::tempdir().unwrap();
        let first = CreationLock::acquire(folder.path()).unwrap();
        let second = CreationLock::acquire(folder.path()).unwrap_err();
        assert!(matches!(second, CliError::Busy(_)), "{second}");
        drop(first);
        assert!(CreationLock::acquire(folder.path()).is_ok());
    }

    #[test]
    fn a_folder_is_never_removed_while_its_lock_is_taken() {
        let output = tempfile::tempdir().unwrap();
        let is_done = std::sync::atomic::AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    remove_partial_productions(output.path());
                }
            });
            let is_there: Vec<bool> = (0..200)
                .map(|number| {
                    let name = format!("{CREATE_PREFIX}film-{number}");
                    let folder = output.path().join(name);
                    let lock = CreationLock::begin(&folder, &folder);
                    lock.is_ok() && folder.join(LOCK).is_file()
                })
                .collect();
            // Before the check: a thread that goes on would keep the test from its end.
            is_done.store(true, std::sync::atomic::Ordering::Relaxed);
            assert!(is_there.iter().all(|there| *there));
        });
    }

    #[test]
    fn git_leaves_the_lock_out_and_a_list_of_the_users_stays() {
        let folder = tempfile::tempdir().unwrap();
        drop(CreationLock::acquire(folder.path()).unwrap());
        let list = folder.path().join(".created/.gitignore");
        assert!(std::fs::read_to_string(&list).unwrap().contains("/lock\n"));
        std::fs::write(&list, "*\n").unwrap();
        drop(CreationLock::acquire(folder.path()).unwrap());
        assert_eq!(std::fs::read_to_string(&list).unwrap(), "*\n");
    }

    #[test]
    fn what_killed_commands_left_is_removed_and_what_others_write_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), "x").unwrap();
        write("production.yaml");
        write(".partial-create-a1");
        write(".partial-fresh");
        write(".partial-stale");
        let stale = File::options()
            .write(true)
            .open(folder.path().join(".partial-stale"))
            .unwrap();
        stale.set_modified(std::time::UNIX_EPOCH).unwrap();
        for name in [".partial-create-dead", ".partial-create-alive"] {
            drop(CreationLock::acquire(&folder.path().join(name)).unwrap());
        }
        let _alive = CreationLock::acquire(&folder.path().join(".partial-create-alive")).unwrap();
        remove_partial_files(folder.path());
        remove_partial_productions(folder.path());
        let mut left: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        left.sort();
        assert_eq!(
            left,
            [".partial-create-alive", ".partial-fresh", "production.yaml"]
        );
    }
}
