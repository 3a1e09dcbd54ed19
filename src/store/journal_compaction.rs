//! Compaction: the state that the journals lead to, in one file that is read in their place.
//!
//! A journal records every start, every checkpoint and, run after run, every job that was reused.
//! The next run needs less, and need not parse it. Once many records would have to be replayed, the
//! history that replaying gives is saved as `fold.bin`. It is a cache and never the truth. The
//! journals stay as they are, for `log`, `show` and manifests that are rebuilt from them. The fold
//! is valid only while every journal that it covers has the size, time and inode that it had. Newer
//! journals are replayed on top of it.
//!
//! ```text
//! HEADER (names the format) | BLAKE3 of the rest | journals, history without records | records
//! ```

use super::journal::{revision_from_path, revision_number};
use super::run_history::{LatestFailure, MemoryStats};
use super::{JobRecords, RunHistory, StoreError, StoreLayout, journal};
use crate::base::Digest;
use crate::event::RunStatus;
use crate::model::{FileStamp, JobSample};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Records of journals that are replayed without a noticeable delay. Fewer are never compacted.
const COMPACT_THRESHOLD: usize = 4096;

/// The beginning of a fold. The number changes with the format; a fold of another format is
/// ignored.
const FOLD_HEADER: &[u8] = b"production fold 2\n";

/// Size of the digest after the header.
const DIGEST_BYTES: usize = 32;

/// A journal as it was when it was compacted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct CompactedJournal {
    revision: String,
    stamp: FileStamp,
}

impl CompactedJournal {
    fn from_journal(layout: &StoreLayout, path: &Path) -> Result<Self, StoreError> {
        let facts = layout
            .disk()
            .metadata(path)
            .map_err(|source| StoreError::io("read", path, source))?;
        Ok(Self {
            revision: revision_from_path(path),
            stamp: facts.stamp,
        })
    }

    fn matches_file(&self, layout: &StoreLayout, path: &Path) -> bool {
        revision_from_path(path) == self.revision
            // A file that somebody put beside the journals under another name has no place in the
            // order of runs, so no fold may cover it.
            && revision_number(&self.revision).is_some()
            && layout
                .disk()
                .metadata(path)
                .is_ok_and(|facts| facts.stamp == self.stamp)
    }
}

/// A history without its records.
// A tuple of `Cow`s: the same type borrows when it is written and owns when it is read, so the two
// cannot disagree about the format.
type HistorySummary<'a> = (
    Cow<'a, HashMap<String, LatestFailure>>,
    Cow<'a, HashMap<String, Vec<JobSample>>>,
    Cow<'a, HashMap<String, MemoryStats>>,
    Cow<'a, [(String, Option<RunStatus>)]>,
    Option<jiff::Timestamp>,
    Option<String>,
    Option<Digest>,
);

/// Returns the history in the fold, and how many of `journals` it covers. `None`: there is no fold,
/// it is damaged, or a journal changed.
pub(super) fn load_fold(layout: &StoreLayout, journals: &[PathBuf]) -> Option<(RunHistory, usize)> {
    let bytes = layout.disk().read_bytes(&layout.fold_path()).ok()?;
    let (digest, body) = bytes
        .strip_prefix(FOLD_HEADER)?
        .split_at_checked(DIGEST_BYTES)?;
    // postcard decodes many damaged bytes to wrong values. Only the digest shows that they are
    // wrong.
    if Digest::hash_bytes(body).as_bytes() != digest {
        return None;
    }
    let (sources, rest): (Vec<CompactedJournal>, &[u8]) = postcard::take_from_bytes(body).ok()?;
    // The journals covered must be the first ones, in the same order. History depends on order: the
    // last result of a job counts.
    let is_current = sources.len() <= journals.len()
        && sources
            .iter()
            .zip(journals)
            .all(|(source, path)| source.matches_file(layout, path));
    if !is_current {
        return None;
    }
    let (summary, rest): (HistorySummary<'_>, &[u8]) = postcard::take_from_bytes(rest).ok()?;
    let start = bytes.len() - rest.len();
    let (failed, samples, memory, runs, last_at, published, run_digest) = summary;
    let history = RunHistory {
        records: JobRecords::decode_from(bytes, start)?,
        latest_failures: failed.into_owned(),
        samples: samples.into_owned(),
        memory: memory.into_owned(),
        runs: runs.into_owned(),
        last_at,
        published,
        run_digest,
        // Nothing was replayed to get here. Otherwise each run would find compaction due again.
        replayed: 0,
        // These two are read from files of their own.
        distrusted: HashSet::new(),
        newest_named: 0,
        // From a file of its own too, and only for a run.
        unrecorded: HashMap::new(),
    };
    Some((history, sources.len()))
}

/// Returns the fold of a history that covers `sources`. `None`: it exceeds a number of the format.
fn encode_fold(sources: &[CompactedJournal], history: &RunHistory) -> Option<Vec<u8>> {
    // Destructured in full, so that a new field of the history does not compile until it is saved
    // here.
    let RunHistory {
        records,
        latest_failures: failed,
        samples,
        memory,
        runs,
        last_at,
        published,
        run_digest,
        replayed: _,
        distrusted: _,
        newest_named: _,
        unrecorded: _,
    } = history;
    let failed = Cow::Borrowed(failed);
    let samples = Cow::Borrowed(samples);
    let memory = Cow::Borrowed(memory);
    let runs = Cow::Borrowed(runs.as_slice());
    let summary: HistorySummary<'_> = (
        failed,
        samples,
        memory,
        runs,
        *last_at,
        published.clone(),
        *run_digest,
    );
    let mut body = postcard::to_stdvec(&(sources, summary)).ok()?;
    records.encode_to(&mut body)?;
    let digest = Digest::hash_bytes(&body);
    body.splice(..0, FOLD_HEADER.iter().chain(digest.as_bytes()).copied());
    Some(body)
}

impl RunHistory {
    /// Compacts the journals if the next run would have to replay many records: those that were
    /// replayed for this history, and `newer` ones since. The caller must hold the lock of the
    /// store.
    ///
    /// # Errors
    /// Fails if a journal cannot be read, or the fold cannot be written. Nothing is lost then.
    pub fn compact_when_due(&self, newer: usize, layout: &StoreLayout) -> Result<(), StoreError> {
        if self.replayed + newer > COMPACT_THRESHOLD {
            compact_journals(layout)
        } else {
            Ok(())
        }
    }
}

/// Writes the fold of every journal.
///
/// # Errors
/// Fails if a journal cannot be read, or the fold cannot be written. Nothing is lost then.
pub fn compact_journals(layout: &StoreLayout) -> Result<(), StoreError> {
    // The stamps are taken before the journals are read. A journal that grows meanwhile makes the
    // fold invalid, which is safe. The other way round, its new records would be lost to every run.
    let journals = journal::list_journals(layout)?;
    let sources = journals
        .iter()
        .map(|path| CompactedJournal::from_journal(layout, path))
        .collect::<Result<Vec<_>, _>>()?;
    let history = RunHistory::replay_journals(layout)?;
    // A history that does not fit is no error: runs replay the journals as before.
    encode_fold(&sources, &history).map_or(Ok(()), |bytes| {
        layout.replace_file(&layout.fold_path(), &bytes)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;
    use crate::store::{JobRecord, Journal};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;

    /// Made from text, as the journals of earlier programs are.
    fn event(kind: u8, job: u8, version: u8) -> Event {
        let digest = Digest::hash_bytes(&[job, version]);
        let job = format!("render.shot/{job}");
        let at = jiff::Timestamp::from_second(i64::from(version)).unwrap();
        let base = json!({ "job": job, "phase": "shots", "digest": digest, "at": at, "seconds": f64::from(version) });
        let more = match kind {
            0 => json!({ "event": "job_started", "attempt": 1 }),
            1 => json!({ "event": "job_reused" }),
            2 => {
                json!({ "event": "job_failed", "class": "crash", "message": "as recorded", "evidence": "" })
            }
            3 => {
                json!({ "event": "job_retried", "class": "crash", "message": "as recorded", "evidence": "", "attempt": 1, "wait": 1.0 })
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
        serde_json::from_value(Value::Object(
            fields(&base).into_iter().chain(fields(&more)).collect(),
        ))
        .unwrap()
    }

    fn write(layout: &StoreLayout, runs: &[Vec<(u8, u8, u8)>]) {
        for (at, run) in runs.iter().enumerate() {
            let mut journal = Journal::create(layout, &format!("rev-{:04}", at + 1)).unwrap();
            run.iter().for_each(|(kind, job, version)| {
                journal.append(&event(*kind, *job, *version)).unwrap();
            });
            journal.close().unwrap();
        }
    }

    /// Returns everything but how much was replayed for it.
    fn known(layout: &StoreLayout) -> impl PartialEq + std::fmt::Debug + use<> {
        let history = RunHistory::replay_journals(layout).unwrap();
        let settled: BTreeMap<String, Digest> = history
            .records
            .last_identities()
            .map(|(job, digest)| (job.to_owned(), digest))
            .collect();
        let records: BTreeMap<Digest, JobRecord> = history.records.iter_records().collect();
        assert_eq!(records.len(), history.records.len());
        let RunHistory {
            latest_failures: failed,
            samples,
            memory: held,
            runs,
            last_at,
            published,
            run_digest: whole,
            ..
        } = history;
        (
            settled, records, failed, samples, held, runs, last_at, published, whole,
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn replaying_what_was_compacted_gives_the_same_history(
            runs in prop::collection::vec(prop::collection::vec((0u8..13, 0u8..4, 0u8..4), 0..30), 1..4),
            newer in prop::collection::vec((0u8..13, 0u8..4, 0u8..4), 0..10),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let layout = StoreLayout::new(folder.path());
            write(&layout, &runs);
            let whole = known(&layout);
            compact_journals(&layout).unwrap();
            prop_assert!(load_fold(&layout, &journal::list_journals(&layout).unwrap()).is_some());
            prop_assert_eq!(&known(&layout), &whole);
            let mut journal = Journal::create(&layout, "rev-0009").unwrap();
            newer.iter().for_each(|(kind, job, version)| journal.append(&event(*kind, *job, *version)).unwrap());
            journal.close().unwrap();
            let with_fold = known(&layout);
            std::fs::remove_file(layout.fold_path()).unwrap();
            prop_assert_eq!(with_fold, known(&layout));
        }
    }

    #[test]
    fn a_fold_that_is_torn_changed_or_older_than_a_journal_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        write(&layout, &[vec![(9, 1, 1), (1, 1, 1)], vec![(9, 2, 1)]]);
        let whole = known(&layout);
        compact_journals(&layout).unwrap();
        let bytes = std::fs::read(layout.fold_path()).unwrap();
        for cut in 0..bytes.len() {
            std::fs::write(layout.fold_path(), &bytes[..cut]).unwrap();
            assert!(
                load_fold(&layout, &journal::list_journals(&layout).unwrap()).is_none(),
                "cut at {cut}"
            );
            std::fs::write(
                layout.fold_path(),
                [&bytes[..cut], &[bytes[cut] ^ 1], &bytes[cut + 1..]].concat(),
            )
            .unwrap();
            assert_eq!(known(&layout), whole, "changed at {cut}");
        }
        std::fs::write(layout.fold_path(), &bytes).unwrap();
        journal::complete_journal(&layout, "rev-0001", &[event(9, 3, 1)]).unwrap();
        assert_eq!(
            RunHistory::replay_journals(&layout).unwrap().records.len(),
            3,
            "the journal is newer"
        );
    }

    #[test]
    fn a_fold_is_written_once_many_records_would_be_replayed() {
        let folder = tempfile::tempdir().unwrap();
        let layout = StoreLayout::new(folder.path());
        write(
            &layout,
            &[
                vec![(9, 1, 1)],
                (0..COMPACT_THRESHOLD).map(|_| (1, 1, 1)).collect(),
            ],
        );
        RunHistory::default()
            .compact_when_due(COMPACT_THRESHOLD, &layout)
            .unwrap();
        assert!(!layout.fold_path().exists(), "there is not much yet");
        RunHistory::replay_journals(&layout)
            .unwrap()
            .compact_when_due(0, &layout)
            .unwrap();
        let folded = RunHistory::replay_journals(&layout).unwrap();
        assert_eq!((folded.replayed, folded.records.len()), (0, 1));
        let before = std::fs::metadata(layout.fold_path())
            .unwrap()
            .modified()
            .unwrap();
        folded.compact_when_due(2, &layout).unwrap();
        let after = std::fs::metadata(layout.fold_path())
            .unwrap()
            .modified()
            .unwrap();
        assert_eq!(after, before, "it is not due again");
    }
}
