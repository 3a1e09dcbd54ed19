//! What each revision did, in one file: the fold for `status` and `list`, which must answer at once
//! however many events there are.
//!
//! `revisions.json` is a cache and never the truth. Each entry holds what the first bytes of one
//! journal lead to, and how many bytes these are. What follows in the journal is read and applied.
//! A run writes its own entry now and then, so that little is left to read even after a kill, and
//! every entry at its end. An entry that covers a whole journal counts only while the file has the
//! size, time and inode that it had.

use super::journal::{format_line, list_journals, record_json, revision_from_path};
use super::{Revision, StoreError, StoreLayout, journal};
use crate::base::json::to_json_string;
use crate::event::{Event, EventSink};
use crate::model::FileStamp;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The version of the file. A file of another version is ignored.
const INDEX_VERSION: u32 = 1;

/// Records after which a run writes its entry again.
// A reader applies fewer than these in a few milliseconds, and a run that makes thousands of jobs
// does not notice one more file for each four thousand records.
const SAVE_INTERVAL: usize = 4096;

/// What the first bytes of one journal lead to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct IndexEntry {
    /// Without the identities of its jobs.
    revision: Revision,
    /// Bytes of the journal that it covers.
    bytes: u64,
    /// The journal when it was covered as a whole. `None`: the run went on.
    stamp: Option<FileStamp>,
}

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
struct RevisionIndex {
    version: u32,
    entries: Vec<IndexEntry>,
}

/// Returns every revision without the identities of its jobs, oldest first.
///
/// # Errors
/// Fails if a journal that has to be read cannot be, or is damaged before its last record.
pub fn read_revision_summaries(layout: &StoreLayout) -> Result<Vec<Revision>, StoreError> {
    let entries = read_entries(layout)?;
    Ok(entries.into_iter().map(|entry| entry.revision).collect())
}

/// Writes the entry of every journal, whole. The caller must hold the lock of the store.
///
/// # Errors
/// Fails if a journal cannot be read, or the file cannot be written. Nothing is lost then.
pub fn update_revision_index(layout: &StoreLayout) -> Result<(), StoreError> {
    // Read to their ends first: what is saved then covers all of each journal.
    let mut entries = read_entries(layout)?;
    for entry in &mut entries {
        let path = layout.journal_path(&entry.revision.name);
        let facts = layout
            .disk()
            .metadata(&path)
            .map_err(|source| StoreError::io("read", &path, source))?;
        // A journal that has no end of run may still be completed, and its torn end is not covered.
        if facts.stamp.size == entry.bytes {
            entry.stamp = Some(facts.stamp);
        }
    }
    RevisionIndex::save(layout, entries)
}

/// Returns an entry for every journal, from the file as far as it goes.
fn read_entries(layout: &StoreLayout) -> Result<Vec<IndexEntry>, StoreError> {
    // A cache of the journals: if it cannot be read, they are.
    let mut known = RevisionIndex::load(layout).unwrap_or_default();
    list_journals(layout)?
        .iter()
        .map(|path| {
            // An entry whose journal is gone is dropped with the map.
            let entry = known.remove(&revision_from_path(path));
            match entry.and_then(|entry| entry.continued(layout, path)) {
                Some(entry) => Ok(entry),
                None => IndexEntry::read_journal(layout, path),
            }
        })
        .collect()
}

impl RevisionIndex {
    /// Returns the entries by revision. `None`: there is no file, it is damaged, or another version
    /// wrote it.
    fn load(layout: &StoreLayout) -> Option<HashMap<String, IndexEntry>> {
        let bytes = layout
            .disk()
            .read_bytes(&layout.revisions_cache_path())
            .ok()?;
        let index: Self = serde_json::from_str(record_json(&bytes)?).ok()?;
        let entries = index.entries.into_iter();
        // Another version may mean something else by the same field. It is read anew, which costs
        // time only.
        (index.version == INDEX_VERSION).then(|| {
            entries
                .map(|entry| (entry.revision.name.clone(), entry))
                .collect()
        })
    }

    fn save(layout: &StoreLayout, entries: Vec<IndexEntry>) -> Result<(), StoreError> {
        let index = Self {
            version: INDEX_VERSION,
            entries,
        };
        // With a checksum, since a file that is cut off may still be JSON.
        let line = format_line(&to_json_string(&index));
        layout.replace_file(&layout.revisions_cache_path(), line.as_bytes())
    }
}

impl IndexEntry {
    fn read_journal(layout: &StoreLayout, path: &Path) -> Result<Self, StoreError> {
        let mut revision = Revision {
            name: revision_from_path(path),
            ..Revision::default()
        };
        let bytes = journal::visit_events(layout, path, |event| revision.apply_event(&event))?;
        Ok(Self {
            revision,
            bytes: bytes as u64,
            stamp: None,
        })
    }

    /// Returns the entry with everything that its journal has by now. `None`: the journal is not
    /// the one that it was, or cannot be read on.
    fn continued(mut self, layout: &StoreLayout, path: &Path) -> Option<Self> {
        let size = layout.disk().metadata(path).ok()?.stamp;
        // The usual case: nothing of the journal is read.
        if self.stamp == Some(size) {
            return Some(self);
        }
        // A journal that was covered as a whole and is another one now was changed from outside.
        if self.stamp.is_some() || size.size < self.bytes || !has_line_end(layout, path, self.bytes)
        {
            return None;
        }
        let revision = &mut self.revision;
        let start = self.bytes;
        // Only what was added since.
        let read = journal::visit_events_after(layout, path, start, |event| {
            revision.apply_event(&event);
        });
        // Replay reads the journal from its beginning, and reports damage with its line.
        self.bytes += read.ok()? as u64;
        Some(self)
    }
}

/// Returns whether a record ends at this byte of a journal.
fn has_line_end(layout: &StoreLayout, path: &Path, end: u64) -> bool {
    // Nothing of the journal was covered yet.
    let Some(last) = end.checked_sub(1) else {
        return true;
    };
    let mut byte = [0];
    let file = layout.disk().open_at(path, last);
    file.is_ok_and(|mut file| file.read_exact(&mut byte).is_ok()) && byte == *b"\n"
}

/// Keeps the entry of a run up to date while it is in progress.
pub struct RevisionIndexSink {
    layout: StoreLayout,
    /// The entries of the earlier runs.
    earlier: Vec<IndexEntry>,
    revision: Revision,
    byte_count: Arc<AtomicU64>,
    /// Records since the entry was written.
    unsaved: usize,
}

impl RevisionIndexSink {
    /// Returns the sink of a run whose journal has no record yet, and appends `byte_count` bytes.
    #[must_use]
    pub fn new(layout: &StoreLayout, revision: &str, byte_count: Arc<AtomicU64>) -> Self {
        // If it cannot be read, the entries of earlier runs are made again from their journals.
        let known = RevisionIndex::load(layout).unwrap_or_default();
        let earlier = known
            .into_values()
            .filter(|entry| entry.revision.name != revision);
        Self {
            layout: layout.clone(),
            earlier: earlier.collect(),
            revision: Revision {
                name: revision.to_owned(),
                ..Revision::default()
            },
            byte_count,
            unsaved: 0,
        }
    }

    fn save_entry(&mut self) {
        self.unsaved = 0;
        let entry = IndexEntry {
            revision: self.revision.clone(),
            // What the journal has written so far. An event that is counted here and not yet on the
            // disk is found missing when the entry is read.
            bytes: self.byte_count.load(Ordering::Relaxed),
            stamp: None,
        };
        let entries = self.earlier.iter().cloned().chain([entry]).collect();
        // Only a cache: without it, readers read the journal.
        let _ = RevisionIndex::save(&self.layout, entries);
    }
}

impl EventSink for RevisionIndexSink {
    fn record_event(&mut self, event: &Event) {
        if !event.is_journalled() {
            return;
        }
        self.revision.apply_event(event);
        self.unsaved += 1;
        if self.unsaved >= SAVE_INTERVAL {
            self.save_entry();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Journal;

    /// A run of `jobs` failed jobs.
    fn events(jobs: usize) -> Vec<Event> {
        let failed = (0..jobs).map(|job| Event::JobFailed {
            job: format!("render.shot/{job}"),
            phase: crate::model::Phase::Shots,
            class: crate::model::FailureClass::Crash,
            message: "as recorded".to_owned(),
            evidence: String::new(),
            seconds: 1.0,
            attempt: 1,
            log: None,
        });
        failed
            .chain([Event::CheckpointSaved { shots: jobs }])
            .collect()
    }

    fn write(layout: &StoreLayout, revision: &str, events: &[Event]) {
        let mut journal = Journal::create(layout, revision).unwrap();
        let mut sink = RevisionIndexSink::new(layout, revision, journal.byte_counter());
        for event in events {
            journal.append_and_show(event, &mut [&mut sink]).unwrap();
        }
        journal.close().unwrap();
    }

    fn expected(layout: &StoreLayout) -> Vec<Revision> {
        let mut revisions = Revision::read_all(layout).unwrap();
        revisions
            .iter_mut()
            .for_each(|revision| revision.jobs.clear());
        revisions
    }

    #[test]
    fn the_index_with_the_rest_of_the_journals_equals_the_journals() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        write(&layout, "rev-0001", &events(3));
        update_revision_index(&layout).unwrap();
        // Long enough for an entry of a run in progress, which covers only its beginning.
        write(&layout, "rev-0002", &events(SAVE_INTERVAL + 10));
        let entry = &RevisionIndex::load(&layout).unwrap()["rev-0002"];
        assert_eq!(entry.revision.failed.len(), SAVE_INTERVAL);
        assert_eq!(read_revision_summaries(&layout).unwrap(), expected(&layout));
        update_revision_index(&layout).unwrap();
        let whole = RevisionIndex::load(&layout).unwrap();
        assert!(whole.values().all(|entry| entry.stamp.is_some()));
        assert_eq!(read_revision_summaries(&layout).unwrap(), expected(&layout));
    }

    #[test]
    fn a_journal_with_an_entry_is_not_read_and_one_that_changed_is() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        write(&layout, "rev-0001", &events(3));
        update_revision_index(&layout).unwrap();
        let path = layout.journal_path("rev-0001");
        let mut index = RevisionIndex::load(&layout).unwrap();
        let mut entry = index.remove("rev-0001").unwrap();
        entry.revision.production = "From the index".to_owned();
        RevisionIndex::save(&layout, vec![entry]).unwrap();
        let name = || {
            read_revision_summaries(&layout).unwrap()[0]
                .production
                .clone()
        };
        assert_eq!(name(), "From the index");
        // A newer record makes the whole entry worthless: it was made for a run that had ended.
        let last = Event::CheckpointSaved { shots: 9 };
        journal::complete_journal(&layout, "rev-0001", std::slice::from_ref(&last)).unwrap();
        assert_eq!(read_revision_summaries(&layout).unwrap(), expected(&layout));
        std::fs::write(&path, "damaged\n").unwrap();
        assert!(read_revision_summaries(&layout).is_err());
    }

    #[test]
    fn an_index_that_is_torn_or_changed_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        write(&layout, "rev-0001", &events(3));
        update_revision_index(&layout).unwrap();
        let bytes = std::fs::read(layout.revisions_cache_path()).unwrap();
        for cut in (0..bytes.len()).step_by(7) {
            std::fs::write(layout.revisions_cache_path(), &bytes[..cut]).unwrap();
            assert_eq!(read_revision_summaries(&layout).unwrap(), expected(&layout));
        }
    }
}
