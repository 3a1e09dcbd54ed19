//! The journal: one append-only file a run, one checksummed record a line, made durable in groups.
//!
//! A record is `checksum SPACE json NEWLINE`, the checksum being the first 16 hexadecimal digits of the BLAKE3 digest of
//! the json. A thread of its own writes what has arrived and then syncs once for all of it, so that a slow disk never
//! holds up a worker. Reading stops silently at a torn last record, which a kill leaves behind, and loudly at a damaged one
//! before it.

use super::{Layout, StoreError};
use crate::base::Digest;
use crate::event::Event;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The window in which records are gathered before one sync: what a power loss can cost.
const WINDOW: Duration = Duration::from_millis(20);

/// A journal open for appending.
pub struct Journal {
    records: Option<Sender<String>>,
    writer: Option<JoinHandle<()>>,
    broken: Arc<Mutex<Option<io::Error>>>,
    path: PathBuf,
}

impl Journal {
    /// Creates the journal of one run. Its file must not exist yet.
    ///
    /// # Errors
    /// Fails when the file exists or cannot be created.
    pub fn create(layout: &Layout, run: &str) -> Result<Self, StoreError> {
        let path = layout.events().join(format!("{run}.jsonl"));
        let open = || -> io::Result<File> {
            std::fs::create_dir_all(layout.events())?;
            let file = File::options().append(true).create_new(true).open(&path)?;
            super::sync_folder(&layout.events())?;
            Ok(file)
        };
        let file = open().map_err(|source| StoreError::io("create", &path, source))?;
        let (records, arrived) = unbounded();
        let broken = Arc::new(Mutex::new(None));
        let report = Arc::clone(&broken);
        let spawned = std::thread::Builder::new().name("journal".into()).spawn(move || {
            if let Err(error) = write_all(&file, &arrived) {
                *report.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        });
        let writer = spawned.map_err(|source| StoreError::io("start the writer of", &path, source))?;
        Ok(Self { records: Some(records), writer: Some(writer), broken, path })
    }

    /// Appends one event, if it is of the kind that is kept.
    ///
    /// # Errors
    /// Fails when an earlier record could not be written; the run must then stop.
    pub fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        if !event.is_journalled() {
            return Ok(());
        }
        let json = serde_json::to_string(event).map_err(|error| self.fault(error.into()))?;
        let sent = self.records.as_ref().is_some_and(|records| records.send(line(&json)).is_ok());
        if sent { Ok(()) } else { Err(self.take_fault()) }
    }

    /// Waits until every record is durable.
    ///
    /// # Errors
    /// Fails when a record could not be written.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.finish();
        let fault = self.broken.lock().unwrap_or_else(PoisonError::into_inner).take();
        fault.map_or(Ok(()), |error| Err(self.fault(error)))
    }

    fn finish(&mut self) {
        self.records = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }

    fn take_fault(&mut self) -> StoreError {
        self.finish();
        let fault = self.broken.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.fault(fault.unwrap_or_else(|| io::Error::other("the journal is closed")))
    }

    fn fault(&self, error: io::Error) -> StoreError {
        StoreError::io("append to", &self.path, error)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.finish();
    }
}

fn write_all(mut file: &File, arrived: &Receiver<String>) -> io::Result<()> {
    while let Ok(first) = arrived.recv() {
        let mut group = first;
        let deadline = crossbeam_channel::after(WINDOW);
        loop {
            crossbeam_channel::select! {
                recv(arrived) -> next => match next {
                    Ok(line) => group.push_str(&line),
                    Err(_) => break,
                },
                recv(deadline) -> _ => break,
            }
        }
        file.write_all(group.as_bytes())?;
        file.sync_data()?;
    }
    Ok(())
}

fn line(json: &str) -> String {
    format!("{} {json}\n", checksum(json))
}

fn checksum(json: &str) -> String {
    Digest::of(json.as_bytes()).hex()[..16].to_owned()
}

/// Reads every event of one journal; a torn last record is dropped.
///
/// # Errors
/// Fails when the file cannot be read or a record before the last is damaged.
pub fn read(path: &Path) -> Result<Vec<Event>, StoreError> {
    let bytes = std::fs::read(path).map_err(|source| StoreError::io("read", path, source))?;
    let mut events = Vec::new();
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate().peekable();
    while let Some((at, raw)) = lines.next() {
        match parse(raw) {
            Some(event) => events.push(event),
            None if lines.peek().is_none() => break,
            None => return Err(StoreError::Damaged { path: path.to_owned(), line: at + 1 }),
        }
    }
    Ok(events)
}

fn parse(raw: &[u8]) -> Option<Event> {
    let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
    let (sum, json) = text.split_once(' ')?;
    if checksum(json) != sum {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// Returns the journals of a store, oldest run first.
///
/// # Errors
/// Fails when the folder exists but cannot be listed.
pub fn list(layout: &Layout) -> Result<Vec<PathBuf>, StoreError> {
    let folder = layout.events();
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(StoreError::io("list", &folder, source)),
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn journal_of(folder: &Path, count: usize) -> PathBuf {
        let layout = Layout::new(folder);
        let mut journal = Journal::create(&layout, "rev-0001").unwrap();
        for shots in 0..count {
            journal.append(&Event::CheckpointSaved { shots }).unwrap();
        }
        journal.close().unwrap();
        layout.events().join("rev-0001.jsonl")
    }

    #[test]
    fn a_journal_reads_back_what_was_appended() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(&journal_of(folder.path(), 100)).unwrap().len(), 100);
    }

    #[test]
    fn progress_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let mut journal = Journal::create(&layout, "rev-0001").unwrap();
        journal.append(&Event::JobProgress { job: "a".into(), done: 1, of: 2 }).unwrap();
        journal.close().unwrap();
        assert!(read(&layout.events().join("rev-0001.jsonl")).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn a_tail_torn_at_any_byte_loses_only_the_torn_record(cut in 0usize..400) {
            let folder = tempfile::tempdir().unwrap();
            let path = journal_of(folder.path(), 6);
            let whole = std::fs::read(&path).unwrap();
            let cut = cut.min(whole.len());
            std::fs::write(&path, &whole[..cut]).unwrap();
            let complete = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            prop_assert_eq!(read(&path).unwrap().len(), complete);
        }

        #[test]
        fn a_byte_changed_before_the_last_record_is_loud(at in 0usize..200, flip in 1u8..=255) {
            let folder = tempfile::tempdir().unwrap();
            let path = journal_of(folder.path(), 6);
            let mut bytes = std::fs::read(&path).unwrap();
            let last = bytes.len() - 1 - bytes[..bytes.len() - 1].iter().rev().position(|byte| *byte == b'\n').unwrap();
            let at = at % (last - 1);
            bytes[at] ^= flip;
            std::fs::write(&path, bytes).unwrap();
            prop_assert!(read(&path).is_err());
        }
    }
}
