//! One writer at a time: an advisory lock, which the system releases when its owner dies, however
//! it dies.

use super::disk::{FileLockGuard, LockWait};
use super::lock_owner_state::LockOwnerState;
use super::{StoreError, StoreLayout};
use crate::base::json::to_json_bytes;
use crate::base::{Clock, SystemClock};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

/// Time between two tries to take the lock of a process that ends.
const RETRY_INTERVAL: Duration = Duration::from_millis(10);

/// The lock. It is released when this is dropped.
// A lock of the system and not a file whose existence means locked: such a file would outlive a
// kill, and somebody would have to decide whether its owner is alive.
#[derive(Debug)]
pub struct StoreLock {
    _guard: Box<dyn FileLockGuard>,
}

/// The process that holds a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockOwner {
    /// Its process id.
    pub process: u32,
    /// Its command, such as `run`.
    pub command: String,
    /// When it took the lock.
    pub since: jiff::Timestamp,
}

impl fmt::Display for LockOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} (`production {}`, begun {:.0})",
            self.process, self.command, self.since
        )
    }
}

impl LockOwner {
    /// Returns the process, its command, and how long it has held the lock. If the clock went back,
    /// that is 0 s.
    #[must_use]
    pub fn with_age(&self, now: jiff::Timestamp) -> String {
        let seconds = now.duration_since(self.since).as_secs().max(0);
        let age = match seconds {
            0..120 => format!("{seconds} s"),
            120..7200 => format!("{} min", seconds / 60),
            _ => format!("{} h", seconds / 3600),
        };
        format!(
            "process {} (`production {}`, begun {age} ago)",
            self.process, self.command
        )
    }
}

impl StoreLock {
    /// Takes the lock of this store and writes its owner into the file. If another process holds
    /// it, `on_wait` is called with a description of that process, and then the call waits. Without
    /// `on_wait` it waits for a process that was killed or is exiting, and fails for any other.
    ///
    /// # Errors
    /// Fails if another process holds the lock, or if the store cannot be written.
    pub fn acquire_lock(
        layout: &StoreLayout,
        owner: &LockOwner,
        on_wait: Option<&dyn Fn(&str)>,
    ) -> Result<Self, StoreError> {
        let path = layout.lock_path();
        let disk = layout.disk();
        let lock_error = |source: io::Error| match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                StoreError::ReadOnly {
                    path: layout.root().to_owned(),
                    source,
                }
            }
            _ => StoreError::io("lock", &path, source),
        };
        disk.make_folders(layout.root()).map_err(lock_error)?;
        // First without waiting, so that the owner can be shown before the wait, which may last
        // hours.
        let mut guard = disk
            .lock_file(&path, LockWait::NoWait)
            .map_err(lock_error)?;
        if guard.is_none() && on_wait.is_none() {
            guard = lock_after_owner(layout, &path).map_err(lock_error)?;
        }
        if guard.is_none() {
            let other = holder_text(layout, owner.since);
            let Some(report_owner) = on_wait else {
                return Err(StoreError::Locked { owner: other });
            };
            report_owner(&other);
            guard = disk
                .lock_file(&path, LockWait::Forever)
                .map_err(lock_error)?;
        }
        // Waiting for ever returns the lock or an error on a real disk. A disk that answers
        // otherwise must not be written to without it.
        let Some(mut guard) = guard else {
            return Err(StoreError::Locked {
                owner: holder_text(layout, owner.since),
            });
        };
        guard
            .write_owner(&to_json_bytes(owner))
            .map_err(lock_error)?;
        Ok(Self { _guard: guard })
    }
}

/// Takes the lock when its owner, which was killed or is exiting, has released it. `None`: the
/// owner runs, or does not end.
fn lock_after_owner(
    layout: &StoreLayout,
    path: &Path,
) -> io::Result<Option<Box<dyn FileLockGuard>>> {
    let clock = SystemClock::default();
    loop {
        // Read anew each time: another process may take the lock in between, and runs.
        let state = read_owner(layout).map_or(LockOwnerState::Gone, |owner| {
            LockOwnerState::read(owner.process, Path::new("/proc"))
        });
        if clock.elapsed() >= state.patience() {
            return Ok(None);
        }
        std::thread::sleep(RETRY_INTERVAL);
        let guard = layout.disk().lock_file(path, LockWait::NoWait)?;
        if guard.is_some() {
            return Ok(guard);
        }
    }
}

/// Returns the process that holds the lock of this store. `None`: it is free.
#[must_use]
pub fn lock_holder(layout: &StoreLayout, now: jiff::Timestamp) -> Option<String> {
    layout
        .disk()
        .is_locked(&layout.lock_path())
        // The text in the file stays when a process ends. It counts only while the file is locked.
        .then(|| holder_text(layout, now))
}

/// Returns the owner that the file of the lock names.
fn read_owner(layout: &StoreLayout) -> Option<LockOwner> {
    let text = layout
        .disk()
        .read_bytes(&layout.lock_path())
        .unwrap_or_default();
    // The owner writes the file only after it has the lock. A reader in between finds nothing, or
    // the text of the owner before.
    serde_json::from_slice(&text).ok()
}

fn holder_text(layout: &StoreLayout, now: jiff::Timestamp) -> String {
    read_owner(layout).map_or_else(
        || "an unknown process".to_owned(),
        |owner| owner.with_age(now),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // A number that no process of this machine has, so a refused lock is waited for as one of
    // another machine. Tests that want to be refused at once give their own number.
    fn owner(process: u32, second: i64) -> LockOwner {
        let since = jiff::Timestamp::from_second(second).unwrap();
        LockOwner {
            process,
            command: "run".into(),
            since,
        }
    }

    #[test]
    fn a_second_run_is_refused_with_the_holder_and_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let process = std::process::id();
        let first = StoreLock::acquire_lock(&layout, &owner(process, 0), None).unwrap();
        let refused = StoreLock::acquire_lock(&layout, &owner(8, 300), None)
            .unwrap_err()
            .to_string();
        let holder = format!("process {process} (`production run`, begun 5 min ago)");
        assert!(refused.contains(&holder), "{refused}");
        drop(first);
        assert_eq!(lock_holder(&layout, jiff::Timestamp::UNIX_EPOCH), None);
        assert!(StoreLock::acquire_lock(&layout, &owner(9, 0), None).is_ok());
    }

    #[test]
    fn a_clock_that_went_back_makes_no_age_below_zero() {
        assert!(
            owner(7, 300)
                .with_age(jiff::Timestamp::UNIX_EPOCH)
                .ends_with("begun 0 s ago)")
        );
    }

    #[test]
    fn a_second_run_may_wait_and_then_has_the_store_to_itself() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let first = StoreLock::acquire_lock(&layout, &owner(7, 0), None).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let second = std::thread::spawn({
            let layout = layout.clone();
            move || {
                StoreLock::acquire_lock(
                    &layout,
                    &owner(8, 1),
                    Some(&|other: &str| sender.send(other.to_owned()).unwrap()),
                )
            }
        });
        assert!(receiver.recv().unwrap().contains("process 7"));
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().unwrap().is_ok());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_lock_of_a_process_that_is_gone_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        // Reaped, so its number is free.
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        let number = ended.id();
        ended.wait().unwrap();
        let first = StoreLock::acquire_lock(&layout, &owner(number, 0), None).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| StoreLock::acquire_lock(&layout, &owner(8, 1), None));
            std::thread::yield_now();
            drop(first);
            assert!(second.join().unwrap().is_ok());
        });
    }

    #[test]
    fn reading_the_holder_of_the_store_never_fails_a_run() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let lock = || StoreLock::acquire_lock(&layout, &owner(7, 0), None).unwrap();
        drop(lock());
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                (0..2000)
                    .filter(|_| lock_holder(&layout, jiff::Timestamp::UNIX_EPOCH).is_some())
                    .count()
            });
            while !asking.is_finished() {
                drop(lock());
            }
        });
    }
}
