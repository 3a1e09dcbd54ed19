//! One run at a time: an advisory lock that the system releases when its owner dies, however it dies.

use super::disk::{FileLockGuard, LockWait};
use super::{StoreError, StoreLayout};
use crate::base::json::to_json_bytes;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// The lock, held until dropped.
#[derive(Debug)]
pub struct StoreLock {
    _guard: Box<dyn FileLockGuard>,
}

/// Who holds a store, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockOwner {
    /// Its process number.
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
    /// Returns who it is and for how long it has had the lock; a clock that went back counts as no time.
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
    /// Takes the lock of this store and writes down who holds it. While another process does, it is told to `waiting` and
    /// waited for; without `waiting` it is refused.
    ///
    /// # Errors
    /// Fails when another process holds the lock, naming it, or when the store cannot be written.
    pub fn acquire_lock(
        layout: &StoreLayout,
        owner: &LockOwner,
        on_wait: Option<&dyn Fn(&str)>,
    ) -> Result<Self, StoreError> {
        let (path, disk) = (layout.lock_path(), layout.disk());
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
        let mut guard = disk
            .lock_file(&path, LockWait::NoWait)
            .map_err(lock_error)?;
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

/// Returns who holds the lock of this store now, if anyone does.
#[must_use]
pub fn lock_holder(layout: &StoreLayout, now: jiff::Timestamp) -> Option<String> {
    layout
        .disk()
        .is_locked(&layout.lock_path())
        .then(|| holder_text(layout, now))
}

fn holder_text(layout: &StoreLayout, now: jiff::Timestamp) -> String {
    let text = layout
        .disk()
        .read_bytes(&layout.lock_path())
        .unwrap_or_default();
    let owner: Option<LockOwner> = serde_json::from_slice(&text).ok();
    owner.map_or_else(
        || "a process that did not leave its name".to_owned(),
        |owner| owner.with_age(now),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(process: u32, second: i64) -> LockOwner {
        let since = jiff::Timestamp::from_second(second).unwrap();
        LockOwner {
            process,
            command: "run".into(),
            since,
        }
    }

    #[test]
    fn a_second_run_is_refused_and_told_who_holds_the_store_and_for_how_long() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let first = StoreLock::acquire_lock(&layout, &owner(7, 0), None).unwrap();
        let refused = StoreLock::acquire_lock(&layout, &owner(8, 300), None)
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("process 7 (`production run`, begun 5 min ago)"),
            "{refused}"
        );
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
        let (tell, told) = std::sync::mpsc::channel();
        let second = std::thread::spawn({
            let layout = layout.clone();
            move || {
                StoreLock::acquire_lock(
                    &layout,
                    &owner(8, 1),
                    Some(&|other: &str| tell.send(other.to_owned()).unwrap()),
                )
            }
        });
        assert!(told.recv().unwrap().contains("process 7"));
        assert!(!second.is_finished());
        drop(first);
        assert!(second.join().unwrap().is_ok());
    }

    #[test]
    fn whoever_only_asks_who_holds_the_store_never_makes_a_run_fail() {
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
