//! One run at a time: an advisory lock that the system releases when its owner dies, however it dies.

use super::disk::{Held, Patience};
use super::{Layout, StoreError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io;

/// The lock, held until dropped.
#[derive(Debug)]
pub struct Lock {
    _held: Box<dyn Held>,
}

/// Who holds a store, and since when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// Its process number.
    pub process: u32,
    /// Its command, such as `run`.
    pub command: String,
    /// When it took the lock.
    pub since: jiff::Timestamp,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "process {} (`production {}`, begun {:.0})",
            self.process, self.command, self.since
        )
    }
}

impl Owner {
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

impl Lock {
    /// Takes the lock of this store and writes down who holds it. While another process does, it is told to `waiting` and
    /// waited for; without `waiting` it is refused.
    ///
    /// # Errors
    /// Fails when another process holds the lock, naming it, or when the store cannot be written.
    pub fn take(
        layout: &Layout,
        owner: &Owner,
        waiting: Option<&dyn Fn(&str)>,
    ) -> Result<Self, StoreError> {
        let (path, disk) = (layout.lock(), layout.disk());
        let refused = |source: io::Error| match source.kind() {
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
                StoreError::ReadOnly {
                    path: layout.root().to_owned(),
                    source,
                }
            }
            _ => StoreError::io("lock", &path, source),
        };
        disk.make_folders(layout.root()).map_err(refused)?;
        let mut held = disk.lock(&path, Patience::None).map_err(refused)?;
        if held.is_none() {
            let other = named(layout, owner.since);
            let Some(tell) = waiting else {
                return Err(StoreError::Locked { owner: other });
            };
            tell(&other);
            held = disk.lock(&path, Patience::Endless).map_err(refused)?;
        }
        let Some(mut held) = held else {
            return Err(StoreError::Locked {
                owner: named(layout, owner.since),
            });
        };
        held.write(&serde_json::to_vec(owner).unwrap_or_default())
            .map_err(refused)?;
        Ok(Self { _held: held })
    }
}

/// Returns who holds the lock of this store now, if anyone does.
#[must_use]
pub fn holder(layout: &Layout, now: jiff::Timestamp) -> Option<String> {
    layout
        .disk()
        .is_locked(&layout.lock())
        .then(|| named(layout, now))
}

fn named(layout: &Layout, now: jiff::Timestamp) -> String {
    let text = layout.disk().read(&layout.lock()).unwrap_or_default();
    let owner: Option<Owner> = serde_json::from_slice(&text).ok();
    owner.map_or_else(
        || "a process that did not leave its name".to_owned(),
        |owner| owner.with_age(now),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(process: u32, second: i64) -> Owner {
        let since = jiff::Timestamp::from_second(second).unwrap();
        Owner {
            process,
            command: "run".into(),
            since,
        }
    }

    #[test]
    fn a_second_run_is_refused_and_told_who_holds_the_store_and_for_how_long() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let first = Lock::take(&layout, &owner(7, 0), None).unwrap();
        let refused = Lock::take(&layout, &owner(8, 300), None)
            .unwrap_err()
            .to_string();
        assert!(
            refused.contains("process 7 (`production run`, begun 5 min ago)"),
            "{refused}"
        );
        drop(first);
        assert_eq!(holder(&layout, jiff::Timestamp::UNIX_EPOCH), None);
        assert!(Lock::take(&layout, &owner(9, 0), None).is_ok());
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
        let layout = Layout::new(folder.path());
        let first = Lock::take(&layout, &owner(7, 0), None).unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        let second = std::thread::spawn({
            let layout = layout.clone();
            move || {
                Lock::take(
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
        let layout = Layout::new(folder.path());
        let lock = || Lock::take(&layout, &owner(7, 0), None).unwrap();
        drop(lock());
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                (0..2000)
                    .filter(|_| holder(&layout, jiff::Timestamp::UNIX_EPOCH).is_some())
                    .count()
            });
            while !asking.is_finished() {
                drop(lock());
            }
        });
    }
}
