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
use rayon::prelude::*;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The window in which records are gathered before one sync: what a power loss can cost.
const WINDOW: Duration = Duration::from_millis(20);

/// How many bytes are parsed before their records are handed on.
const PIECE: u64 = 4 << 20;

/// Records that are parsed on one core.
const FEW: usize = 256;

/// Zeroes in a row that no record has: a sector that was never written.
const HOLE: usize = 512;

/// What waits to be written, and how far the writer has come.
#[derive(Default)]
struct Desk {
    /// Lines that the writer has not taken yet.
    lines: Vec<u8>,
    /// How many groups the writer has taken, and how many of them are durable.
    taken: u64,
    durable: u64,
    /// Whether somebody waits for the lines to be durable.
    urgent: bool,
    /// Whether no more lines will come.
    closed: bool,
    /// Why a group could not be written; nothing is written after that.
    broken: Option<io::Error>,
    /// Whether the writer is gone.
    ended: bool,
}

/// The desk, and two bells: one that the writer hears, one that those hear who wait for it.
#[derive(Default)]
struct Office {
    desk: Mutex<Desk>,
    arrived: Condvar,
    written: Condvar,
}

impl Office {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells those who wait that the writer is gone, however it went.
struct Leaving<'a>(&'a Office);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.desk().ended = true;
        self.0.written.notify_all();
    }
}

/// A journal open for appending.
pub struct Journal {
    revision: String,
    office: Arc<Office>,
    writer: Option<JoinHandle<()>>,
    path: PathBuf,
    records: usize,
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
        let office = Arc::new(Office::default());
        let theirs = Arc::clone(&office);
        let spawned = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || {
                let leaving = Leaving(&theirs);
                let result = write_all(&mut *file, leaving.0);
                leaving.0.desk().broken = result.err();
            });
        let writer =
            spawned.map_err(|source| StoreError::io("start the writer of", &path, source))?;
        Ok(Self {
            revision: run.to_owned(),
            office,
            writer: Some(writer),
            path,
            records: 0,
        })
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
        let mut desk = self.office.desk();
        if desk.ended {
            let broken = desk.broken.take();
            drop(desk);
            return Err(self.gone(broken));
        }
        // The writer wakes at the first line of a group, and takes all that follow it within the window at once.
        if desk.lines.is_empty() {
            self.office.arrived.notify_one();
        }
        push_line(&mut desk.lines, &json);
        self.records += 1;
        Ok(())
    }

    /// Waits until every record so far is durable.
    ///
    /// # Errors
    /// Fails when one could not be written; the run must then stop.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let mut desk = self.office.desk();
        let last = desk.taken + u64::from(!desk.lines.is_empty());
        desk.urgent = true;
        self.office.arrived.notify_one();
        while desk.durable < last && !desk.ended {
            desk = self
                .office
                .written
                .wait(desk)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if desk.durable >= last {
            return Ok(());
        }
        let broken = desk.broken.take();
        drop(desk);
        Err(self.gone(broken))
    }

    /// Returns the revision whose journal this is.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Returns how many records were appended.
    #[must_use]
    pub const fn records(&self) -> usize {
        self.records
    }

    /// Waits until every record is durable.
    ///
    /// # Errors
    /// Fails when a record could not be written.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.finish();
        let broken = self.office.desk().broken.take();
        broken.map_or(Ok(()), |error| Err(self.fault(error)))
    }

    fn finish(&mut self) {
        self.office.desk().closed = true;
        self.office.arrived.notify_one();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }

    fn gone(&self, broken: Option<io::Error>) -> StoreError {
        self.fault(broken.unwrap_or_else(|| io::Error::other("the journal is closed")))
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

/// Takes what arrives within the window, or until somebody waits for it, and writes and syncs it at once.
fn write_all(file: &mut dyn Append, office: &Office) -> io::Result<()> {
    let idle = |desk: &mut Desk| desk.lines.is_empty() && !desk.urgent && !desk.closed;
    let calm = |desk: &mut Desk| !desk.urgent && !desk.closed;
    let mut group = Vec::new();
    loop {
        let desk = office
            .arrived
            .wait_while(office.desk(), idle)
            .unwrap_or_else(PoisonError::into_inner);
        let gathered = office.arrived.wait_timeout_while(desk, WINDOW, calm);
        let (mut desk, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut group, &mut desk.lines);
        desk.urgent = false;
        desk.taken += 1;
        if group.is_empty() && desk.closed {
            return Ok(());
        }
        drop(desk);
        if !group.is_empty() {
            let span = tracing::info_span!("store", name = "append", bytes = group.len());
            span.in_scope(|| file.write_all(&group).and_then(|()| file.sync()))?;
            group.clear();
        }
        let mut desk = office.desk();
        desk.durable = desk.taken;
        office.written.notify_all();
    }
}

/// Returns the line that holds this record.
pub(super) fn line(json: &str) -> String {
    let mut line = Vec::with_capacity(json.len() + 18);
    push_line(&mut line, json);
    String::from_utf8(line).expect("a checksum is hexadecimal digits")
}

fn push_line(lines: &mut Vec<u8>, json: &str) {
    lines.extend_from_slice(&checksum(json));
    lines.push(b' ');
    lines.extend_from_slice(json.as_bytes());
    lines.push(b'\n');
}

/// Returns the first 16 hexadecimal digits of the digest of a record.
fn checksum(json: &str) -> [u8; 16] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Digest::hash_bytes(json.as_bytes());
    std::array::from_fn(|at| {
        let byte = digest.as_bytes()[at / 2];
        DIGITS[usize::from(if at % 2 == 0 { byte >> 4 } else { byte & 15 })]
    })
}

/// Reads every event of one journal; a torn last record is dropped.
///
/// # Errors
/// Fails when the file cannot be read or a record before the last is damaged.
pub fn read(layout: &Layout, path: &Path) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    visit(layout, path, |event| events.push(event))?;
    Ok(events)
}

/// Hands on every event of one journal in order, and returns how many bytes they take. Records are parsed on all cores, as
/// a run can start nothing before it knows what is made, and piece by piece, as it need not hold all of them for that.
///
/// # Errors
/// Fails when the file cannot be read or a record before the last is damaged.
pub(super) fn visit(
    layout: &Layout,
    path: &Path,
    mut take: impl FnMut(Event),
) -> Result<usize, StoreError> {
    let fault = |source| StoreError::io("read", path, source);
    let mut file = layout.disk().open(path).map_err(fault)?;
    let (mut held, mut whole, mut number) = (Vec::new(), 0, 0);
    loop {
        let came = file
            .by_ref()
            .take(PIECE)
            .read_to_end(&mut held)
            .map_err(fault)?;
        let is_end = came == 0;
        let end = held
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        let end = if is_end { held.len() } else { end };
        let mut read = 0;
        for (event, length) in events(&held[..end]) {
            number += 1;
            let Some(event) = event else {
                file.read_to_end(&mut held).map_err(fault)?;
                let is_tail = is_tail(&held[read..], length);
                let damaged = || StoreError::Damaged {
                    path: path.to_owned(),
                    line: number,
                };
                return is_tail.then_some(whole).ok_or_else(damaged);
            };
            take(event);
            read += length;
            whole += length;
        }
        if is_end {
            return Ok(whole);
        }
        held.drain(..end);
    }
}

/// Returns the event of each line, or that it has none, with the line's length.
fn events(lines: &[u8]) -> Vec<(Option<Event>, usize)> {
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    let event = |line: &&[u8]| (parse(line), line.len());
    // Waking all cores costs more than reading a few lines.
    if lines.len() < FEW {
        lines.iter().map(event).collect()
    } else {
        lines.par_iter().map(event).collect()
    }
}

/// Returns whether everything from an unreadable record of `length` bytes on is what a kill or a power cut left of the
/// last group: the torn end of a record, or a hole of zeroes and no end of the run behind it.
fn is_tail(rest: &[u8], length: usize) -> bool {
    let has_hole = || {
        rest[..length]
            .chunk_by(|one, next| one == next)
            .any(|run| run[0] == 0 && run.len() >= HOLE)
    };
    let ended = |raw: &[u8]| matches!(parse(raw), Some(Event::RunEnded { .. }));
    let goes_on = || {
        rest[length..]
            .split_inclusive(|byte| *byte == b'\n')
            .any(ended)
    };
    rest.len() == length || (has_hole() && !goes_on())
}

/// Makes the journal of `revision` end with these records: what is torn is cut off, what is missing is added, durably.
pub(super) fn close_with(
    layout: &Layout,
    revision: &str,
    closing: &[Event],
) -> Result<(), StoreError> {
    let (path, disk) = (layout.journal(revision), layout.disk());
    if disk.facts(&path).is_err() {
        let mut journal = Journal::create(layout, revision)?;
        closing.iter().try_for_each(|event| journal.append(event))?;
        return journal.close();
    }
    let mut events = Vec::new();
    let whole = visit(layout, &path, |event| events.push(event))?;
    let missing = closing.iter().filter(|event| !events.contains(event));
    let lines: String = missing
        .map(|event| line(&serde_json::to_string(event).unwrap_or_default()))
        .collect();
    let write = || -> io::Result<()> {
        disk.cut(&path, whole as u64)?;
        let mut file = disk.append(&path)?;
        file.write_all(lines.as_bytes())?;
        file.sync()
    };
    write().map_err(|source| StoreError::io("append to", &path, source))
}

/// Reads the event that one line holds, if its checksum matches.
pub(super) fn parse(raw: &[u8]) -> Option<Event> {
    Event::parse(record(raw)?).ok()
}

/// Returns the JSON of one line, if its checksum matches.
pub(super) fn record(raw: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
    let (sum, json) = text.split_once(' ')?;
    if checksum(json) != sum.as_bytes() {
        return None;
    }
    Some(json)
}

/// Returns the journals of a store, oldest run first: by number, as clocks can go back.
///
/// # Errors
/// Fails when the folder exists but cannot be listed.
pub fn list(layout: &Layout) -> Result<Vec<PathBuf>, StoreError> {
    let folder = layout.events();
    let mut paths = layout
        .disk()
        .paths(&folder)
        .map_err(|source| StoreError::io("list", &folder, source))?;
    paths.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "jsonl")
    });
    paths.sort_by_cached_key(|path| (number(&revision_of(path)), path.clone()));
    Ok(paths)
}

/// Returns the revision whose journal lies at `path`.
pub(super) fn revision_of(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Returns the number of a revision; a name that is none comes before all.
pub(super) fn number(revision: &str) -> Option<u32> {
    revision
        .strip_prefix("rev-")
        .and_then(|number| number.parse().ok())
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
        assert_eq!(
            read(&Layout::new(folder.path()), &journal_of(folder.path(), 100))
                .unwrap()
                .len(),
            100
        );
    }

    #[test]
    fn progress_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let mut journal = Journal::create(&layout, "rev-0001").unwrap();
        journal
            .append(&Event::JobProgress {
                job: "a".into(),
                done: 1,
                total: 2,
            })
            .unwrap();
        journal.close().unwrap();
        assert!(
            read(&layout, &layout.journal("rev-0001"))
                .unwrap()
                .is_empty()
        );
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
        let ended = Event::RunEnded {
            status: crate::event::RunStatus::Succeeded,
            at,
            seconds: 1.0,
        };
        bytes.extend(line(&serde_json::to_string(&ended).unwrap()).bytes());
        std::fs::write(&path, &bytes).unwrap();
        assert!(matches!(
            read(&layout, &path),
            Err(StoreError::Damaged { .. })
        ));
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
