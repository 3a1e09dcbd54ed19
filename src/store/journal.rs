//! The journal: one append-only file a run, one checksummed record a line, made durable in groups.
//!
//! A record is `checksum SPACE json NEWLINE`, the checksum being the first 16 hexadecimal digits of the BLAKE3 digest of
//! the json. A thread of its own writes what has arrived and then syncs once for all of it, so that a slow disk never
//! holds up a worker. Reading stops silently at a torn last record, which a kill leaves behind, and loudly at a damaged one
//! before it.

use super::disk::Append;
use super::{Layout, StoreError};
use crate::base::Digest;
use crate::event::Event;
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The window in which records are gathered before one sync: what a power loss can cost.
const WINDOW: Duration = Duration::from_millis(20);

/// Zeroes in a row that no record has: a sector that was never written.
const HOLE: usize = 512;

/// What the writer is told.
enum Message {
    /// Write this line.
    Line(String),
    /// Answer as soon as all before it is durable.
    Flush(Sender<()>),
}

/// A journal open for appending.
pub struct Journal {
    revision: String,
    messages: Option<Sender<Message>>,
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
        let (path, disk) = (layout.journal(run), layout.disk());
        let open = || -> io::Result<Box<dyn Append>> {
            disk.make_folders(&layout.events())?;
            let file = disk.create(&path)?;
            disk.sync(&layout.events())?;
            Ok(file)
        };
        let mut file = open().map_err(|source| StoreError::io("create", &path, source))?;
        let (messages, arrived) = unbounded();
        let broken = Arc::new(Mutex::new(None));
        let report = Arc::clone(&broken);
        let spawned = std::thread::Builder::new().name("journal".into()).spawn(move || {
            if let Err(error) = write_all(&mut *file, &arrived) {
                *report.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        });
        let writer = spawned.map_err(|source| StoreError::io("start the writer of", &path, source))?;
        let (revision, messages) = (run.to_owned(), Some(messages));
        Ok(Self { revision, messages, writer: Some(writer), broken, path })
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
        self.send(Message::Line(line(&json)))
    }

    /// Waits until every record so far is durable.
    ///
    /// # Errors
    /// Fails when one could not be written; the run must then stop.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let (durable, answer) = bounded(1);
        self.send(Message::Flush(durable))?;
        answer.recv().map_err(|_| self.take_fault())
    }

    /// Returns the revision whose journal this is.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    fn send(&mut self, message: Message) -> Result<(), StoreError> {
        let sent = self.messages.as_ref().is_some_and(|messages| messages.send(message).is_ok());
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
        self.messages = None;
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

/// Gathers what arrives within the window, or until somebody waits for it, and writes and syncs it at once.
fn write_all(file: &mut dyn Append, arrived: &Receiver<Message>) -> io::Result<()> {
    while let Ok(first) = arrived.recv() {
        let (mut group, mut waits) = (String::new(), None);
        let mut gather = |message| match message {
            Message::Line(line) => group.push_str(&line),
            Message::Flush(durable) => waits = Some(durable),
        };
        let deadline = crossbeam_channel::after(WINDOW);
        let mut next = Some(first);
        while let Some(message) = next.take() {
            let is_flush = matches!(message, Message::Flush(_));
            gather(message);
            if !is_flush {
                next = crossbeam_channel::select! {
                    recv(arrived) -> next => next.ok(),
                    recv(deadline) -> _ => None,
                };
            }
        }
        file.write_all(group.as_bytes())?;
        file.sync()?;
        if let Some(durable) = waits {
            let _ = durable.send(());
        }
    }
    Ok(())
}

/// Returns the line that holds this record.
pub(super) fn line(json: &str) -> String {
    format!("{} {json}\n", checksum(json))
}

fn checksum(json: &str) -> String {
    Digest::of(json.as_bytes()).hex()[..16].to_owned()
}

/// Reads every event of one journal; a torn last record is dropped.
///
/// # Errors
/// Fails when the file cannot be read or a record before the last is damaged.
pub fn read(layout: &Layout, path: &Path) -> Result<Vec<Event>, StoreError> {
    scan(layout, path).map(|(events, _)| events)
}

/// Returns every event of one journal, and how many bytes they take. Records are parsed on all cores: a run can start
/// nothing before it knows what is made.
fn scan(layout: &Layout, path: &Path) -> Result<(Vec<Event>, usize), StoreError> {
    let bytes = layout.disk().read(path).map_err(|source| StoreError::io("read", path, source))?;
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let parsed: Vec<Option<Event>> = lines.par_iter().map(|raw| parse(raw)).collect();
    let (mut events, mut whole) = (Vec::with_capacity(parsed.len()), 0);
    for (at, (event, raw)) in parsed.into_iter().zip(&lines).enumerate() {
        match event {
            Some(event) => events.push(event),
            None if is_tail(&bytes[whole..], raw.len()) => break,
            None => return Err(StoreError::Damaged { path: path.to_owned(), line: at + 1 }),
        }
        whole += raw.len();
    }
    Ok((events, whole))
}

/// Returns whether everything from an unreadable record of `length` bytes on is what a kill or a power cut left of the
/// last group: the torn end of a record, or a hole of zeroes and no end of the run behind it.
fn is_tail(rest: &[u8], length: usize) -> bool {
    let has_hole =
        || rest[..length].chunk_by(|one, next| one == next).any(|run| run[0] == 0 && run.len() >= HOLE);
    let ended = |raw: &[u8]| matches!(parse(raw), Some(Event::RunEnded { .. }));
    let goes_on = || rest[length..].split_inclusive(|byte| *byte == b'\n').any(ended);
    rest.len() == length || (has_hole() && !goes_on())
}

/// Makes the journal of `revision` end with these records: what is torn is cut off, what is missing is added, durably.
pub(super) fn close_with(layout: &Layout, revision: &str, closing: &[Event]) -> Result<(), StoreError> {
    let (path, disk) = (layout.journal(revision), layout.disk());
    if disk.facts(&path).is_err() {
        let mut journal = Journal::create(layout, revision)?;
        closing.iter().try_for_each(|event| journal.append(event))?;
        return journal.close();
    }
    let (events, whole) = scan(layout, &path)?;
    let missing = closing.iter().filter(|event| !events.contains(event));
    let lines: String =
        missing.map(|event| line(&serde_json::to_string(event).unwrap_or_default())).collect();
    let write = || -> io::Result<()> {
        disk.cut(&path, whole as u64)?;
        let mut file = disk.append(&path)?;
        file.write_all(lines.as_bytes())?;
        file.sync()
    };
    write().map_err(|source| StoreError::io("append to", &path, source))
}

/// Reads what one line holds, if its checksum matches.
pub(super) fn parse<T: DeserializeOwned>(raw: &[u8]) -> Option<T> {
    let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
    let (sum, json) = text.split_once(' ')?;
    if checksum(json) != sum {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// Returns the journals of a store, oldest run first: by number, as clocks can go back.
///
/// # Errors
/// Fails when the folder exists but cannot be listed.
pub fn list(layout: &Layout) -> Result<Vec<PathBuf>, StoreError> {
    let folder = layout.events();
    let mut paths = layout.disk().paths(&folder).map_err(|source| StoreError::io("list", &folder, source))?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort_by_cached_key(|path| (number(&revision_of(path)), path.clone()));
    Ok(paths)
}

/// Returns the revision whose journal lies at `path`.
pub(super) fn revision_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Returns the number of a revision; a name that is none comes before all.
pub(super) fn number(revision: &str) -> Option<u32> {
    revision.strip_prefix("rev-").and_then(|number| number.parse().ok())
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
        layout.journal("rev-0001")
    }

    #[test]
    fn a_journal_reads_back_what_was_appended() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(&Layout::new(folder.path()), &journal_of(folder.path(), 100)).unwrap().len(), 100);
    }

    #[test]
    fn progress_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let mut journal = Journal::create(&layout, "rev-0001").unwrap();
        journal.append(&Event::JobProgress { job: "a".into(), done: 1, of: 2 }).unwrap();
        journal.close().unwrap();
        assert!(read(&layout, &layout.journal("rev-0001")).unwrap().is_empty());
    }

    #[test]
    fn a_tail_torn_at_any_byte_loses_only_the_torn_record_and_can_be_written_on() {
        let folder = tempfile::tempdir().unwrap();
        let (layout, path) = (Layout::new(folder.path()), journal_of(folder.path(), 6));
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let complete = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(read(&layout, &path).unwrap().len(), complete);
            let last = Event::CheckpointSaved { shots: 99 };
            close_with(&layout, "rev-0001", std::slice::from_ref(&last)).unwrap();
            let events = read(&layout, &path).unwrap();
            assert_eq!((events.len(), events.last()), (complete + 1, Some(&last)));
        }
    }

    #[test]
    fn a_sector_of_zeroes_in_the_last_group_is_a_torn_tail_and_in_a_run_that_ended_it_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let (layout, path) = (Layout::new(folder.path()), journal_of(folder.path(), 100));
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[1024..1536].fill(0);
        std::fs::write(&path, &bytes).unwrap();
        let whole = bytes[..1024].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(read(&layout, &path).unwrap().len(), whole);
        let at = jiff::Timestamp::UNIX_EPOCH;
        let ended = Event::RunEnded { status: crate::event::RunStatus::Succeeded, at, seconds: 1.0 };
        bytes.extend(line(&serde_json::to_string(&ended).unwrap()).bytes());
        std::fs::write(&path, &bytes).unwrap();
        assert!(matches!(read(&layout, &path), Err(StoreError::Damaged { .. })));
    }

    proptest! {
        #[test]
        fn a_byte_changed_before_the_last_record_is_loud(at in 0usize..200, flip in 1u8..=255) {
            let folder = tempfile::tempdir().unwrap();
            let path = journal_of(folder.path(), 6);
            let mut bytes = std::fs::read(&path).unwrap();
            let last = bytes.len() - 1 - bytes[..bytes.len() - 1].iter().rev().position(|byte| *byte == b'\n').unwrap();
            let at = at % (last - 1);
            bytes[at] ^= flip;
            std::fs::write(&path, bytes).unwrap();
            prop_assert!(read(&Layout::new(folder.path()), &path).is_err());
        }
    }
}
