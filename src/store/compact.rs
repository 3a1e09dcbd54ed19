//! Compaction: the records of older journals that still matter to a run, in one file that is read in their place.
//!
//! A journal tells of every start, every checkpoint and, run after run, of every job that was reused. What the next run
//! must know is less: each job that was made, and the last that became of each. When the journals hold more than
//! `SLACK` times that, `fold.jsonl` is written. It is a cache and never the truth: the journals stay as they are, for
//! `log`, `show` and manifests made again from them, and the fold counts only while every journal that it stands for has
//! the size, time and inode that it had. It is made of the same events, so replaying it gives the same history.

use super::journal::{line, number, parse, record, revision_of};
use super::{History, Layout, StoreError, journal};
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::model::Stamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::PathBuf;

/// How many records may be read for each that matters.
const SLACK: usize = 4;
/// Records that are read in no time: fewer are never compacted.
const FEW: usize = 4096;

/// What older journals come down to.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Compacted {
    /// The journals that it stands for, oldest first.
    pub(super) journals: Vec<Source>,
    /// What matters of each run.
    pub(super) runs: Vec<(String, Vec<Event>)>,
}

/// A journal as it was when it was compacted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Source {
    revision: String,
    stamp: Stamp,
    /// How many of its records were kept.
    kept: usize,
}

impl Compacted {
    /// Returns what was compacted of `journals`, if it is whole and they are as they were.
    pub(super) fn load(layout: &Layout, journals: &[PathBuf]) -> Option<Self> {
        let bytes = layout.disk().read(&layout.fold()).ok()?;
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let sources: Vec<Source> = serde_json::from_str(record(lines.next()?)?).ok()?;
        let stands = sources.len() <= journals.len()
            && sources.iter().zip(journals).all(|(source, path)| source.is(layout, path));
        if !stands {
            return None;
        }
        let lines: Vec<&[u8]> = lines.collect();
        let mut events = lines.par_iter().map(|raw| parse(raw)).collect::<Option<Vec<Event>>>()?.into_iter();
        let mut runs = Vec::with_capacity(sources.len());
        for source in &sources {
            let kept: Vec<Event> = events.by_ref().take(source.kept).collect();
            if kept.len() < source.kept {
                return None;
            }
            runs.push((source.revision.clone(), kept));
        }
        Some(Self { journals: sources, runs })
    }

    /// Reads every journal, and keeps what matters.
    fn of(layout: &Layout) -> Result<Self, StoreError> {
        let mut settled = HashSet::new();
        let mut compacted = Self::default();
        for path in journal::list(layout)?.iter().rev() {
            let revision = revision_of(path);
            let facts = layout.disk().facts(path).map_err(|source| StoreError::io("read", path, source))?;
            let mut kept: Vec<Event> = Vec::new();
            for event in journal::read(layout, path)?.into_iter().rev() {
                if matters(&event, &mut settled) {
                    kept.push(event);
                }
            }
            kept.reverse();
            compacted.journals.push(Source {
                revision: revision.clone(),
                stamp: facts.stamp,
                kept: kept.len(),
            });
            compacted.runs.push((revision, kept));
        }
        compacted.journals.reverse();
        compacted.runs.reverse();
        Ok(compacted)
    }

    fn save(&self, layout: &Layout) -> Result<(), StoreError> {
        let text = |event: &Event| line(&serde_json::to_string(event).unwrap_or_default());
        let head = line(&serde_json::to_string(&self.journals).unwrap_or_default());
        let events = self.runs.iter().flat_map(|(_, events)| events).map(text);
        let bytes: String = std::iter::once(head).chain(events).collect();
        layout.replace(&layout.fold(), bytes.as_bytes())
    }
}

impl Source {
    fn is(&self, layout: &Layout, path: &std::path::Path) -> bool {
        revision_of(path) == self.revision
            && number(&self.revision).is_some()
            && layout.disk().facts(path).is_ok_and(|facts| facts.stamp == self.stamp)
    }
}

/// Returns whether an event, met from the newest to the oldest, still matters to a run: what was made always does, for
/// its files and its pace; what else became of a job only until something newer did.
fn matters(event: &Event, settled: &mut HashSet<String>) -> bool {
    match event {
        Event::JobStarted(JobStarted { .. }) | Event::JobSkipped { .. } | Event::CheckpointSaved { .. } => {
            false
        }
        Event::JobSucceeded(JobSucceeded { job, .. }) => {
            settled.insert(job.clone());
            true
        }
        Event::JobReused(JobReused { job, .. }) => settled.insert(job.clone()),
        Event::JobFailed { job, .. } | Event::JobRetried { job, .. } => !settled.contains(job),
        _ => true,
    }
}

impl History {
    /// Compacts the journals of the store when they hold much more than this history needs. Only the holder of the lock may.
    ///
    /// # Errors
    /// Fails when a journal cannot be read, or the fold not written; nothing is lost then.
    pub fn compact_when_due(&self, layout: &Layout) -> Result<(), StoreError> {
        if self.read > FEW && self.read > SLACK * self.records.len() { compact(layout) } else { Ok(()) }
    }
}

/// Writes what matters of every journal to the fold.
///
/// # Errors
/// Fails when a journal cannot be read, or the fold not written; nothing is lost then.
pub fn compact(layout: &Layout) -> Result<(), StoreError> {
    Compacted::of(layout)?.save(layout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Digest;
    use crate::store::Journal;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    /// Made from text, as the journals of earlier programs are.
    fn event(kind: u8, job: u8, version: u8) -> Event {
        let (job, digest) = (format!("render.shot/{job}"), Digest::of(&[job, version]));
        let at = jiff::Timestamp::from_second(i64::from(version)).unwrap();
        let base = json!({ "job": job, "phase": "shots", "digest": digest, "at": at, "seconds": f64::from(version) });
        let more = match kind {
            0 => json!({ "event": "job_started", "attempt": 1 }),
            1 => json!({ "event": "job_reused" }),
            2 => json!({ "event": "job_failed", "class": "crash", "message": "as told", "evidence": "" }),
            3 => {
                json!({ "event": "job_retried", "class": "crash", "message": "as told", "evidence": "", "attempt": 1, "wait": 1.0 })
            }
            4 => json!({ "event": "job_skipped", "because": "other" }),
            5 => json!({ "event": "checkpoint_saved", "shots": 1 }),
            6 => {
                json!({ "event": "published", "revision": "rev-0001", "manifest": digest, "deliverables": [] })
            }
            7 => json!({ "event": "reverted", "to": "rev-0001" }),
            8 => json!({ "event": "run_ended", "status": "failed" }),
            _ => {
                json!({ "event": "job_succeeded", "outputs": [], "provider": "previz", "mode": "real", "units": 24, "warnings": [] })
            }
        };
        let fields = |value: &Value| value.as_object().unwrap().clone();
        serde_json::from_value(Value::Object(fields(&base).into_iter().chain(fields(&more)).collect()))
            .unwrap()
    }

    fn write(layout: &Layout, runs: &[Vec<(u8, u8, u8)>]) {
        for (at, run) in runs.iter().enumerate() {
            let mut journal = Journal::create(layout, &format!("rev-{:04}", at + 1)).unwrap();
            run.iter()
                .for_each(|(kind, job, version)| journal.append(&event(*kind, *job, *version)).unwrap());
            journal.close().unwrap();
        }
    }

    /// Returns everything but how much was read for it.
    fn known(layout: &Layout) -> History {
        History { read: 0, ..History::replay(layout).unwrap() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn replaying_what_was_compacted_gives_the_same_history(
            runs in prop::collection::vec(prop::collection::vec((0u8..13, 0u8..4, 0u8..4), 0..30), 1..4),
            newer in prop::collection::vec((0u8..13, 0u8..4, 0u8..4), 0..10),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let layout = Layout::new(folder.path());
            write(&layout, &runs);
            let whole = known(&layout);
            compact(&layout).unwrap();
            prop_assert!(Compacted::load(&layout, &journal::list(&layout).unwrap()).is_some());
            prop_assert_eq!(&known(&layout), &whole);
            let mut journal = Journal::create(&layout, "rev-0009").unwrap();
            newer.iter().for_each(|(kind, job, version)| journal.append(&event(*kind, *job, *version)).unwrap());
            journal.close().unwrap();
            let with_fold = known(&layout);
            std::fs::remove_file(layout.fold()).unwrap();
            prop_assert_eq!(with_fold, known(&layout));
        }
    }

    #[test]
    fn a_fold_that_is_torn_changed_or_older_than_a_journal_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        write(&layout, &[vec![(9, 1, 1), (1, 1, 1)], vec![(9, 2, 1)]]);
        let whole = known(&layout);
        compact(&layout).unwrap();
        let bytes = std::fs::read(layout.fold()).unwrap();
        for cut in 0..bytes.len() {
            std::fs::write(layout.fold(), &bytes[..cut]).unwrap();
            assert!(Compacted::load(&layout, &journal::list(&layout).unwrap()).is_none(), "cut at {cut}");
            std::fs::write(layout.fold(), [&bytes[..cut], &[bytes[cut] ^ 1], &bytes[cut + 1..]].concat())
                .unwrap();
            assert_eq!(known(&layout), whole, "changed at {cut}");
        }
        std::fs::write(layout.fold(), &bytes).unwrap();
        journal::close_with(&layout, "rev-0001", &[event(9, 3, 1)]).unwrap();
        assert_eq!(known(&layout).records.len(), 3, "the journal is newer");
    }

    #[test]
    fn journals_are_compacted_once_most_of_their_records_no_longer_matter() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        let reused: Vec<_> = (0..4500).map(|_| (1, 1, 1)).collect();
        write(&layout, &[vec![(9, 1, 1)], reused]);
        let history = History::replay(&layout).unwrap();
        history.compact_when_due(&layout).unwrap();
        assert_eq!(History::replay(&layout).unwrap().read, 2);
        let before = std::fs::metadata(layout.fold()).unwrap().modified().unwrap();
        History::replay(&layout).unwrap().compact_when_due(&layout).unwrap();
        assert_eq!(
            std::fs::metadata(layout.fold()).unwrap().modified().unwrap(),
            before,
            "it is not due again"
        );
    }
}
