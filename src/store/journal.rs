//! The journal: one append-only file for each run, one checksummed record a line, made durable in
//! groups.
//!
//! A record is `checksum SPACE json NEWLINE`. The checksum is the first 16 hexadecimal digits of
//! the BLAKE3 digest of the JSON. A thread writes what has arrived and then syncs once for all of
//! it, so a slow disk never delays a worker. A reader drops a torn last record, which a kill leaves
//! behind, and reports a damaged record before it as an error.

use super::disk::AppendFile;
use super::outside_names::outside_name_in_event;
use super::{StoreError, StoreLayout};
use crate::base::Digest;
use crate::base::json::to_json_string;
use crate::event::{EVENT_FORMAT_VERSION, Event, EventSink};
use rayon::prelude::*;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// The time in which records are gathered before one sync: the most that a power cut can cost.
// One sync for each record would make every short job wait for the disk. A longer window would save
// little more, and lose more.
const SYNC_WINDOW: Duration = Duration::from_millis(20);

/// Bytes that are parsed before their events are passed on.
const READ_CHUNK_BYTES: u64 = 4 << 20;

/// Fewer records are parsed on one core.
const MIN_PARALLEL_RECORDS: usize = 256;

/// Length of a run of zeroes that no record contains: a sector that was never written.
const MIN_HOLE_BYTES: usize = 512;

/// Lines that wait to be written, and the progress of the writer.
#[derive(Default)]
struct WriteQueue {
    /// Lines that the writer has not taken yet.
    lines: Vec<u8>,
    /// Groups that the writer has taken, and how many of them are durable.
    groups_taken: u64,
    groups_durable: u64,
    /// Whether a caller waits for the lines to be durable.
    flush_requested: bool,
    /// Whether no more lines will come.
    closed: bool,
    /// Why a group could not be written. Nothing is written after that.
    write_error: Option<io::Error>,
    /// Whether the writer thread has ended.
    writer_exited: bool,
}

/// The queue, a signal to the writer, and a signal to those who wait for it.
#[derive(Default)]
struct WriterShared {
    queue: Mutex<WriteQueue>,
    // Two signals: with one, a caller of `flush` could take the wake-up that was meant for the
    // writer.
    lines_arrived: Condvar,
    group_written: Condvar,
}

impl WriterShared {
    fn lock_queue(&self) -> MutexGuard<'_, WriteQueue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Marks the writer as ended when it is dropped.
// A guard, because the writer may also panic. Without the mark, `flush` would then wait for ever.
struct WriterExitGuard<'a>(&'a WriterShared);

impl Drop for WriterExitGuard<'_> {
    fn drop(&mut self) {
        self.0.lock_queue().writer_exited = true;
        self.0.group_written.notify_all();
    }
}

/// A journal open for appending.
pub struct Journal {
    revision: String,
    shared: Arc<WriterShared>,
    writer: Option<JoinHandle<()>>,
    path: PathBuf,
    record_count: usize,
    /// Bytes of the records appended so far.
    byte_count: Arc<AtomicU64>,
}

impl Journal {
    /// Creates the journal of one run. Its file must not exist yet.
    ///
    /// # Errors
    /// Fails if the file exists or cannot be created.
    pub fn create(layout: &StoreLayout, run: &str) -> Result<Self, StoreError> {
        let path = layout.journal_path(run);
        let disk = layout.disk();
        let open = || -> io::Result<Box<dyn AppendFile>> {
            disk.make_folders(&layout.journals_folder())?;
            let file = disk.create(&path)?;
            // The name must be durable before any record. Otherwise a power cut could lose the
            // whole journal although its groups were synced.
            disk.sync(&layout.journals_folder())?;
            Ok(file)
        };
        let mut file = open().map_err(|source| StoreError::io("create", &path, source))?;
        let shared = Arc::new(WriterShared::default());
        let writer_shared = Arc::clone(&shared);
        let spawned = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || {
                let exit_guard = WriterExitGuard(&writer_shared);
                let result = writer_loop(&mut *file, exit_guard.0);
                exit_guard.0.lock_queue().write_error = result.err();
            });
        let writer =
            spawned.map_err(|source| StoreError::io("start the writer of", &path, source))?;
        Ok(Self {
            revision: run.to_owned(),
            shared,
            writer: Some(writer),
            path,
            record_count: 0,
            byte_count: Arc::default(),
        })
    }

    /// Appends an event, then shows it. Nobody is shown what could not be written down.
    ///
    /// # Errors
    /// As [`Journal::append`].
    pub fn append_and_show(
        &mut self,
        event: &Event,
        sinks: &mut [&mut dyn EventSink],
    ) -> Result<(), StoreError> {
        self.append(event)?;
        for sink in sinks {
            sink.record_event(event);
        }
        Ok(())
    }

    /// Appends one event, if it is of a kind that the journal records.
    ///
    /// # Errors
    /// Fails if an earlier record could not be written. The run must then stop.
    pub fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        if !event.is_journalled() {
            return Ok(());
        }
        let json = to_json_string(event);
        let mut queue = self.shared.lock_queue();
        if queue.writer_exited {
            let write_error = queue.write_error.take();
            drop(queue);
            return Err(self.closed_error(write_error));
        }
        // The writer wakes at the first line of a group, and takes the lines that follow within the
        // window with it. Further signals would only cost switches between threads.
        if queue.lines.is_empty() {
            self.shared.lines_arrived.notify_one();
        }
        push_line(&mut queue.lines, &json);
        self.record_count += 1;
        self.byte_count
            .fetch_add(line_length(&json), Ordering::Relaxed);
        Ok(())
    }

    /// Waits until every record so far is durable.
    ///
    /// # Errors
    /// Fails if a record could not be written. The run must then stop.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        let mut queue = self.shared.lock_queue();
        // The group that the writer has now, or the one that the waiting lines will be in. Waiting
        // for an empty queue would be wrong: the writer empties it before it writes.
        let last = queue.groups_taken + u64::from(!queue.lines.is_empty());
        queue.flush_requested = true;
        self.shared.lines_arrived.notify_one();
        while queue.groups_durable < last && !queue.writer_exited {
            queue = self
                .shared
                .group_written
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        if queue.groups_durable >= last {
            return Ok(());
        }
        let write_error = queue.write_error.take();
        drop(queue);
        Err(self.closed_error(write_error))
    }

    /// Returns the revision of this journal.
    #[must_use]
    pub fn revision(&self) -> &str {
        &self.revision
    }

    /// Returns the number of records appended.
    #[must_use]
    pub const fn record_count(&self) -> usize {
        self.record_count
    }

    /// Returns the counter of the bytes appended, durable or not.
    // Shared, and not passed in: what follows the events of a run has the journal as its writer.
    #[must_use]
    pub fn byte_counter(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.byte_count)
    }

    /// Ends the journal. On return every record is durable.
    ///
    /// # Errors
    /// Fails if a record could not be written.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.join_writer();
        let write_error = self.shared.lock_queue().write_error.take();
        write_error.map_or(Ok(()), |error| Err(self.append_error(error)))
    }

    fn join_writer(&mut self) {
        self.shared.lock_queue().closed = true;
        self.shared.lines_arrived.notify_one();
        if let Some(writer) = self.writer.take() {
            // Its error is in the queue, and the caller reports it.
            let _ = writer.join();
        }
    }

    fn closed_error(&self, write_error: Option<io::Error>) -> StoreError {
        self.append_error(write_error.unwrap_or_else(|| io::Error::other("the journal is closed")))
    }

    fn append_error(&self, error: io::Error) -> StoreError {
        StoreError::io("append to", &self.path, error)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.join_writer();
    }
}

/// Writes and syncs, in groups, the lines that arrive within the window or until a caller waits.
fn writer_loop(file: &mut dyn AppendFile, shared: &WriterShared) -> io::Result<()> {
    let is_idle =
        |queue: &mut WriteQueue| queue.lines.is_empty() && !queue.flush_requested && !queue.closed;
    // A caller that waits for durability ends the window at once. It is about to publish, and
    // gathering more would only delay it.
    let is_gathering = |queue: &mut WriteQueue| !queue.flush_requested && !queue.closed;
    let mut group = Vec::new();
    loop {
        let queue = shared
            .lines_arrived
            .wait_while(shared.lock_queue(), is_idle)
            .unwrap_or_else(PoisonError::into_inner);
        let gathered = shared
            .lines_arrived
            .wait_timeout_while(queue, SYNC_WINDOW, is_gathering);
        let (mut queue, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        // Swapped, so that both buffers keep their capacity and the lock is held for an instant
        // only.
        std::mem::swap(&mut group, &mut queue.lines);
        queue.flush_requested = false;
        queue.groups_taken += 1;
        if group.is_empty() && queue.closed {
            return Ok(());
        }
        // Not locked during the write and the sync, which may take long on a busy disk: workers go
        // on appending.
        drop(queue);
        if !group.is_empty() {
            let span = tracing::info_span!("store", name = "append", bytes = group.len());
            span.in_scope(|| file.write_all(&group).and_then(|()| file.sync()))?;
            group.clear();
        }
        let mut queue = shared.lock_queue();
        // Also for an empty group, which a `flush` may cause. The two counts must meet, or a later
        // `flush` would wait for ever.
        queue.groups_durable = queue.groups_taken;
        shared.group_written.notify_all();
    }
}

/// Returns the line of this record, with checksum and line end.
pub(super) fn format_line(json: &str) -> String {
    let mut line = Vec::with_capacity(json.len() + 18);
    push_line(&mut line, json);
    String::from_utf8(line).expect("a checksum is hexadecimal digits")
}

/// Returns the length of the line of this record: checksum, space, record, line end.
const fn line_length(json: &str) -> u64 {
    json.len() as u64 + 18
}

fn push_line(lines: &mut Vec<u8>, json: &str) {
    lines.extend_from_slice(&record_checksum(json));
    lines.push(b' ');
    lines.extend_from_slice(json.as_bytes());
    lines.push(b'\n');
}

/// Returns the first 16 hexadecimal digits of the digest of a record.
fn record_checksum(json: &str) -> [u8; 16] {
    // Without a `String`: this runs for every record of every journal that is replayed.
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Digest::hash_bytes(json.as_bytes());
    std::array::from_fn(|index| {
        let byte = digest.as_bytes()[index / 2];
        DIGITS[usize::from(if index % 2 == 0 { byte >> 4 } else { byte & 15 })]
    })
}

/// Reads every event of one journal. A torn last record is dropped.
///
/// # Errors
/// Fails if the file cannot be read, a record is damaged that is not the torn last one, a newer
/// program wrote it, or a name in it leads out of the production.
pub fn read_events(layout: &StoreLayout, path: &Path) -> Result<Vec<Event>, StoreError> {
    let mut events = Vec::new();
    visit_events(layout, path, |event| events.push(event))?;
    Ok(events)
}

/// Passes every event of one journal to `visitor`, in order. Returns the number of bytes of valid
/// records.
///
/// # Errors
/// As [`read_events`].
// Parsed on all cores, because a run can start nothing before it knows what is made. Parsed in
// chunks, because nothing needs all events of a large store in memory at once.
pub(super) fn visit_events(
    layout: &StoreLayout,
    path: &Path,
    visitor: impl FnMut(Event),
) -> Result<usize, StoreError> {
    visit_events_after(layout, path, 0, visitor)
}

/// Passes the events behind the first `start` bytes of a journal to `visitor`, as [`visit_events`]
/// does. A record must begin there.
pub(super) fn visit_events_after(
    layout: &StoreLayout,
    path: &Path,
    start: u64,
    mut visitor: impl FnMut(Event),
) -> Result<usize, StoreError> {
    let fault = |source| StoreError::io("read", path, source);
    // From `start`, which is the end of a record: before it everything was read.
    let mut file = layout.disk().open_at(path, start).map_err(fault)?;
    let mut buffer = Vec::new();
    let mut valid_bytes = 0;
    let mut number = 0;
    loop {
        let bytes_read = file
            .by_ref()
            .take(READ_CHUNK_BYTES)
            .read_to_end(&mut buffer)
            .map_err(fault)?;
        // Only an empty read is the end. A chunk may end within a line, which then waits in the
        // buffer for the rest of it.
        let is_end = bytes_read == 0;
        let end = buffer
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |position| position + 1);
        let end = if is_end { buffer.len() } else { end };
        let mut read = 0;
        for (event, length) in parse_events(&buffer[..end]) {
            number += 1;
            let event = event.map_err(|()| StoreError::Newer {
                path: path.to_owned(),
                line: number,
            })?;
            let Some(event) = event else {
                // Whether damage is a torn tail depends on all that follows, so the rest is read
                // now.
                file.read_to_end(&mut buffer).map_err(fault)?;
                let is_tail = is_torn_tail(&buffer[read..], length);
                return is_tail
                    .then_some(valid_bytes)
                    .ok_or_else(|| StoreError::Damaged {
                        path: path.to_owned(),
                        line: number,
                    });
            };
            // Before the visitor acts on it: names in it become paths.
            require_own_event(path, number, &event)?;
            visitor(event);
            read += length;
            valid_bytes += length;
        }
        if is_end {
            return Ok(valid_bytes);
        }
        buffer.drain(..end);
    }
}

/// Fails if this program does not know the version of the records, if the journal is that of
/// another revision, or if a name in it leads out of the production.
fn require_own_event(path: &Path, line: usize, event: &Event) -> Result<(), StoreError> {
    if let Event::RunStarted {
        version, revision, ..
    } = event
    {
        if *version > EVENT_FORMAT_VERSION {
            let path = path.to_owned();
            return Err(StoreError::Newer { path, line });
        }
        // Two journals that were exchanged have right checksums and a wrong order.
        if *revision != revision_from_path(path) {
            let path = path.to_owned();
            return Err(StoreError::Changed { path });
        }
    }
    match outside_name_in_event(event) {
        Some(name) => Err(StoreError::OutsideName {
            path: path.to_owned(),
            name,
        }),
        None => Ok(()),
    }
}

/// What a line has: an event, `None` if the line is damaged, or an error if it is whole and no
/// event that this program knows.
type ParsedLine = Result<Option<Event>, ()>;

/// Returns what each line has, with its length.
fn parse_events(lines: &[u8]) -> Vec<(ParsedLine, usize)> {
    let lines: Vec<&[u8]> = lines.split_inclusive(|byte| *byte == b'\n').collect();
    let event = |line: &&[u8]| {
        let event = record_json(line).map(|json| Event::parse(json).map_err(|_| ()));
        (event.transpose(), line.len())
    };
    // Waking all cores costs more than parsing a few lines, and most journals are short.
    if lines.len() < MIN_PARALLEL_RECORDS {
        lines.iter().map(event).collect()
    } else {
        lines.par_iter().map(event).collect()
    }
}

/// Returns whether everything from an unreadable record of `length` bytes on is what a kill or a
/// power cut left of the last group. That is the torn end of a record, or a hole of zeroes without
/// an end of the run after it.
fn is_torn_tail(rest: &[u8], length: usize) -> bool {
    let has_hole = || {
        rest[..length]
            .chunk_by(|byte, next| byte == next)
            .any(|run| run[0] == 0 && run.len() >= MIN_HOLE_BYTES)
    };
    // Only the last group can be incomplete, and it has no end of a run behind it. A hole before
    // that end is damage by the disk.
    let run_ended_later = || {
        rest[length..]
            .split_inclusive(|byte| *byte == b'\n')
            .any(|raw| matches!(parse_event(raw), Some(Event::RunEnded { .. })))
    };
    // A record that was cut off has no end of line. One that has it was whole once, so anything
    // wrong with it happened later.
    let is_cut_off = rest.len() == length && !rest.ends_with(b"\n");
    is_cut_off || (has_hole() && !run_ended_later())
}

/// Makes the journal of `revision` end with `closing`, durably: what is torn is cut off, what is
/// missing is added.
pub(super) fn complete_journal(
    layout: &StoreLayout,
    revision: &str,
    closing: &[Event],
) -> Result<(), StoreError> {
    let path = layout.journal_path(revision);
    let disk = layout.disk();
    // `revert` writes its journal last, so a kill may have left none.
    if disk.metadata(&path).is_err() {
        let mut journal = Journal::create(layout, revision)?;
        closing.iter().try_for_each(|event| journal.append(event))?;
        return journal.close();
    }
    let mut events = Vec::new();
    let valid_bytes = visit_events(layout, &path, |event| events.push(event))?;
    // Recovery may itself be killed and run again. A record that is there already must not be added
    // twice.
    let missing = closing.iter().filter(|event| !events.contains(event));
    let lines: String = missing
        .map(|event| format_line(&to_json_string(event)))
        .collect();
    let write = || -> io::Result<()> {
        // New lines behind a torn record would turn it into a damaged one in the middle, and the
        // journal could not be read any more.
        disk.truncate_file(&path, valid_bytes as u64)?;
        let mut file = disk.open_append(&path)?;
        file.write_all(lines.as_bytes())?;
        file.sync()
    };
    write().map_err(|source| StoreError::io("append to", &path, source))
}

/// Returns the event of one line. `None`: its checksum or its form is wrong.
pub(super) fn parse_event(raw: &[u8]) -> Option<Event> {
    Event::parse(record_json(raw)?).ok()
}

/// Returns the JSON of one line. `None`: its checksum does not match.
pub(super) fn record_json(raw: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(raw).ok()?.strip_suffix('\n')?;
    let (sum, json) = text.split_once(' ')?;
    // Of the text and not of the event: a flipped bit may leave valid JSON with another number.
    if record_checksum(json) != sum.as_bytes() {
        return None;
    }
    Some(json)
}

/// Returns the journals of a store, oldest run first.
///
/// # Errors
/// Fails if the folder exists but cannot be listed.
pub fn list_journals(layout: &StoreLayout) -> Result<Vec<PathBuf>, StoreError> {
    let folder = layout.journals_folder();
    let mut paths = layout
        .disk()
        .sorted_paths(&folder)
        .map_err(|source| StoreError::io("list", &folder, source))?;
    paths.retain(|path| {
        // A copy that a person made beside a journal is no run: its jobs would count twice.
        path.extension()
            .is_some_and(|extension| extension == "jsonl")
            && revision_number(&revision_from_path(path)).is_some()
    });
    // By number, as the clock of the machine may go back, and not by name: `rev-10000` sorts before
    // `rev-9999`.
    paths.sort_by_cached_key(|path| (revision_number(&revision_from_path(path)), path.clone()));
    Ok(paths)
}

/// Returns the revision whose journal, or other file, is at `path`.
pub(super) fn revision_from_path(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// Returns whether the text is the name of a revision, such as `rev-0003`.
#[must_use]
pub fn is_revision_name(text: &str) -> bool {
    revision_number(text).is_some()
}

/// Returns the number of a revision. `None`, which sorts first: the name is not of the form
/// `rev-N`.
pub(super) fn revision_number(revision: &str) -> Option<u32> {
    revision
        .strip_prefix("rev-")
        .and_then(|number| number.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn journal_of(folder: &Path, count: usize) -> PathBuf {
        let layout = StoreLayout::new(folder);
        let mut journal = Journal::create(&layout, "rev-0001").unwrap();
        for shots in 0..count {
            journal.append(&Event::CheckpointSaved { shots }).unwrap();
        }
        journal.close().unwrap();
        layout.journal_path("rev-0001")
    }

    #[test]
    fn a_journal_reads_back_what_was_appended() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            read_events(
                &StoreLayout::new(folder.path()),
                &journal_of(folder.path(), 100)
            )
            .unwrap()
            .len(),
            100
        );
    }

    #[test]
    fn progress_events_are_not_written() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
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
            read_events(&layout, &layout.journal_path("rev-0001"))
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn a_tail_torn_at_any_byte_loses_only_the_torn_record_and_can_be_written_on() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let path = journal_of(folder.path(), 6);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let complete = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(read_events(&layout, &path).unwrap().len(), complete);
            let last = Event::CheckpointSaved { shots: 99 };
            complete_journal(&layout, "rev-0001", std::slice::from_ref(&last)).unwrap();
            let events = read_events(&layout, &path).unwrap();
            assert_eq!((events.len(), events.last()), (complete + 1, Some(&last)));
        }
    }

    #[test]
    fn a_sector_of_zeroes_in_the_last_group_is_a_torn_tail_and_in_a_run_that_ended_it_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let path = journal_of(folder.path(), 100);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[1024..1536].fill(0);
        std::fs::write(&path, &bytes).unwrap();
        let whole = bytes[..1024].iter().filter(|byte| **byte == b'\n').count();
        assert_eq!(read_events(&layout, &path).unwrap().len(), whole);
        let at = jiff::Timestamp::UNIX_EPOCH;
        let ended = Event::RunEnded {
            status: crate::event::RunStatus::Succeeded,
            at,
            seconds: 1.0,
        };
        bytes.extend(format_line(&serde_json::to_string(&ended).unwrap()).bytes());
        std::fs::write(&path, &bytes).unwrap();
        assert!(matches!(
            read_events(&layout, &path),
            Err(StoreError::Damaged { .. })
        ));
    }

    fn write_lines(layout: &StoreLayout, revision: &str, records: &[&str]) -> PathBuf {
        let path = layout.journal_path(revision);
        let text: String = records.iter().map(|json| format_line(json)).collect();
        layout.replace_file(&path, text.as_bytes()).unwrap();
        path
    }

    fn started(version: u32, revision: &str) -> String {
        format!(
            r#"{{"event":"run_started","version":{version},"revision":"{revision}","production":"Film","at":"2026-01-01T00:00:00Z","jobs":1}}"#
        )
    }

    #[test]
    fn a_record_of_a_newer_program_is_never_called_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let ours = started(1, "rev-0001");
        let newer = started(2, "rev-0001");
        let unknown = r#"{"event":"job_moved","job":"render.shot/one","to":"n7"}"#;
        let other_fields = r#"{"event":"checkpoint_saved","films":3}"#;
        for (records, line) in [
            (vec![newer.as_str(), unknown], 1),
            (vec![&ours, unknown], 2),
            (vec![&ours, other_fields], 2),
            (
                vec![&ours, unknown, r#"{"event":"checkpoint_saved","shots":1}"#],
                2,
            ),
        ] {
            let path = write_lines(&layout, "rev-0001", &records);
            let refused = read_events(&layout, &path).unwrap_err();
            assert!(
                matches!(&refused, StoreError::Newer { line: found, .. } if *found == line),
                "{records:?}: {refused}"
            );
            assert!(!refused.to_string().contains("damaged"), "{refused}");
        }
        let more_fields = r#"{"event":"checkpoint_saved","shots":1,"by":"a newer program"}"#;
        let path = write_lines(&layout, "rev-0001", &[&ours, more_fields]);
        assert_eq!(read_events(&layout, &path).unwrap().len(), 2);
    }

    #[test]
    fn journals_that_were_exchanged_and_copies_beside_them_are_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let path = write_lines(&layout, "rev-0001", &[&started(1, "rev-0002")]);
        let refused = read_events(&layout, &path).unwrap_err();
        assert!(matches!(refused, StoreError::Changed { .. }), "{refused}");
        write_lines(&layout, "rev-0001 copy", &[&started(1, "rev-0001")]);
        assert_eq!(list_journals(&layout).unwrap(), [path]);
    }

    #[test]
    fn a_name_that_leads_out_of_the_production_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let digest = Digest::hash_bytes(b"x");
        let published = |path: &str, part: &str| {
            format!(
                r#"{{"event":"published","revision":"rev-0001","manifest":"{digest}","deliverables":[{{"output":"film","path":"{path}","job":"","folder":true,"parts":[{{"job":"a","folder":"{part}"}}]}}]}}"#
            )
        };
        let made = |name: &str, log: &str| {
            format!(
                r#"{{"event":"job_succeeded","job":"grade.frames/a","phase":"shots","digest":"{digest}","outputs":[{{"name":"{name}","digest":"{digest}","stamp":{{"size":1,"modified":1,"inode":1}}}}],"provider":"p","mode":"real","seconds":1.0,"units":1,"warnings":[],"log":"{log}"}}"#
            )
        };
        let refused = [
            published("../film.mp4", "a"),
            published("/etc/film.mp4", "a"),
            published("out/../../film.mp4", "a"),
            published("", "a"),
            published("out", "../../a"),
            published("out", "/a"),
            made("../1.png", "runs/1.log"),
            made("/tmp/1.png", "runs/1.log"),
            made("..", "runs/1.log"),
            made("1.png", "../../secret"),
            made("1.png", "/etc/passwd"),
            r#"{"event":"reverted","to":"../../rev-0001","at":"2026-01-01T00:00:00Z"}"#.to_owned(),
            published("out", "a").replace("rev-0001", "../rev-0001"),
        ];
        for record in refused {
            let path = write_lines(&layout, "rev-0001", &[&record]);
            let error = read_events(&layout, &path).unwrap_err();
            assert!(
                matches!(error, StoreError::OutsideName { .. }),
                "{record}: {error}"
            );
        }
        for record in [
            published("out/film", "sh010"),
            made("sh010/sh010.depth.1001.exr", "runs/1.log"),
            made(".hidden", "runs/1.log"),
        ] {
            let path = write_lines(&layout, "rev-0001", &[&record]);
            assert_eq!(read_events(&layout, &path).unwrap().len(), 1, "{record}");
        }
    }

    #[test]
    fn a_last_record_that_is_whole_and_wrong_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        let path = journal_of(folder.path(), 3);
        let whole = std::fs::read(&path).unwrap();
        let last = whole.len() - 10;
        for at in last..whole.len() - 1 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            assert!(
                matches!(
                    read_events(&layout, &path),
                    Err(StoreError::Damaged { line: 3, .. })
                ),
                "changed at {at}"
            );
        }
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
            prop_assert!(read_events(&StoreLayout::new(folder.path()), &path).is_err());
        }
    }
}
