//! The cost of the store: replaying 100,000 records before the first job can start, and writing
//! them.
//!
//! Only ratios of figures of one run mean something. `parse_records` is the baseline of replaying.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

use divan::{Bencher, black_box};
use production::base::Digest;
use production::event::{Event, JobSucceeded};
use production::model::{Artefact, ExecutionMode, FileStamp, Phase};
use production::store::{Journal, RunHistory, StoreLayout};

fn main() {
    divan::main();
}

/// The record of a finished job with one file.
fn finished(at: usize) -> Event {
    let digest = Digest::hash_bytes(&at.to_le_bytes());
    let stamp = FileStamp {
        size: 1_000_000,
        modified: 1_795_262_498_757_041_751,
        inode: at as u64,
    };
    Event::JobSucceeded(JobSucceeded {
        job: format!(
            "render.shot/sq{:03}_sh{:03}/{}-{}",
            at / 1000,
            at / 10 % 100,
            at,
            at + 1
        ),
        phase: Phase::Shots,
        digest,
        outputs: vec![Artefact {
            name: "0001.exr".into(),
            digest,
            stamp,
        }],
        provider: "previz 1 on llvmpipe (software)".into(),
        variety: Some("previz".into()),
        mode: ExecutionMode::Real,
        seconds: 2.5,
        units: 1,
        cpu: None,
        load: Default::default(),
        memory: None,
        cost: None,
        warnings: Vec::new(),
        log: None,
    })
}

/// A store with one journal of `count` finished jobs.
fn store(count: usize) -> (tempfile::TempDir, StoreLayout) {
    let folder = tempfile::tempdir().unwrap();
    let layout = StoreLayout::new(folder.path().join("store"));
    let mut journal = Journal::create(&layout, "rev-0001").unwrap();
    (0..count).for_each(|at| journal.append(&finished(at)).unwrap());
    journal.close().unwrap();
    (folder, layout)
}

/// Reads all that a run must know about earlier ones.
#[divan::bench(args = [1_000, 100_000], sample_count = 10, sample_size = 1)]
fn replay_journal(bencher: Bencher, count: usize) {
    let (_folder, layout) = store(count);
    bencher.bench_local(|| black_box(RunHistory::replay_journals(&layout).unwrap()));
}

/// The baseline: reads the same bytes and parses them as generic JSON, as in `performance.md`.
#[divan::bench(args = [1_000, 100_000], sample_count = 10, sample_size = 1)]
fn parse_records(bencher: Bencher, count: usize) {
    let (_folder, layout) = store(count);
    bencher.bench_local(|| {
        let text = std::fs::read_to_string(layout.journal_path("rev-0001")).unwrap();
        for line in text.lines() {
            black_box(serde_json::from_str::<serde_json::Value>(&line[17..]).unwrap());
        }
    });
}

/// Writes the records, with group commit.
#[divan::bench(args = [1_000, 100_000], sample_count = 5, sample_size = 1)]
fn append_records(bencher: Bencher, count: usize) {
    bencher.bench_local(|| store(count));
}
