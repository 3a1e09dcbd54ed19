//! Disks that fill up, fail, are read-only, or flipped a bit: what was there stays, and the next
//! run on a healthy disk completes.

use super::stage::{ROOT, SOURCE, StageRun, TestClock, layout, run, times_made};
use crate::store::disk::StoreDisk;
use crate::store::disk::testing::{DiskStep, FaultyDisk, MemoryDisk};
use crate::store::place_survey::ReplacePermit;
use crate::store::publish::restore_revision;
use crate::store::publish_recovery::recover_publication;
use crate::store::{LockOwner, Manifest, Revision, RunHistory, StoreError, StoreLock};
use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

type DiskFiles = BTreeMap<PathBuf, Vec<u8>>;

/// Returns a disk on which the first version was published. Somebody added notes to the folder of
/// passes since: that folder changes file by file, and the folder of frames as a whole.
pub(super) fn published() -> MemoryDisk {
    let disk = MemoryDisk::with_folders(&[ROOT]);
    disk.write_durable(SOURCE, b"version one; ");
    assert!(
        run(&layout(disk.clone()), &TestClock::new(1))
            .unwrap()
            .is_whole()
    );
    disk.write_durable("film/out/passes/note.txt", b"keep");
    disk.write_durable("film/out/passes/sh020/note.txt", b"keep this too");
    disk
}

/// Returns everything outside the store.
pub(super) fn delivered(disk: &MemoryDisk) -> DiskFiles {
    disk.file_contents("film/out")
}

/// Returns what a complete run of the second version delivers.
pub(super) fn second_version() -> DiskFiles {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &TestClock::new(1)).unwrap();
    delivered(&disk)
}

/// Runs again on a healthy disk, and asserts every guarantee of the store.
pub(super) fn assert_heals(disk: &MemoryDisk, wanted: &DiskFiles, context: &str) -> StageRun {
    let healthy = layout(disk.clone());
    let recorded = times_made(&healthy);
    let ran = assert_heals_remade(disk, wanted, context);
    // Work that a journal records must never be made again: that is the guarantee of resuming.
    let twice: Vec<_> = times_made(&healthy)
        .into_iter()
        .filter(|(_, times)| *times > 1)
        .collect();
    assert!(
        twice.is_empty(),
        "{context}: made twice {twice:?}, recorded before {recorded:?}"
    );
    ran
}

/// As [`assert_heals`], for faults after which recorded work must be made again.
pub(super) fn assert_heals_remade(
    disk: &MemoryDisk,
    wanted: &DiskFiles,
    context: &str,
) -> StageRun {
    let healthy = layout(disk.clone());
    let ran =
        run(&healthy, &TestClock::new(1)).unwrap_or_else(|error| panic!("{context}: {error}"));
    assert!(ran.is_whole(), "{context}: {:?}", ran.outcome);
    assert_eq!(
        delivered(disk),
        *wanted,
        "{context}: the wrong files, or litter beside them"
    );
    let litter: Vec<_> = disk
        .file_contents("film/.production")
        .into_keys()
        .filter(|path| is_litter(path))
        .collect();
    assert!(litter.is_empty(), "{context}: left behind {litter:?}");
    let all = Revision::read_all(&healthy).unwrap();
    let current = Revision::find_current(&all).unwrap();
    let pointer = String::from_utf8(
        disk.file_contents("film/.production/current.json")
            .into_values()
            .next()
            .unwrap(),
    )
    .unwrap();
    assert!(
        pointer.contains(&current.name),
        "{context}: {pointer} but {}",
        current.name
    );
    for (name, published) in all.iter().filter_map(|revision| {
        revision
            .published
            .as_ref()
            .map(|published| (&revision.name, published))
    }) {
        let written = Manifest::read(&healthy, name, published.manifest).unwrap();
        assert_eq!(
            Manifest::rebuild(&healthy, name).unwrap().unwrap(),
            written,
            "{context}"
        );
    }
    ran
}

fn is_litter(path: &Path) -> bool {
    let text = path.display().to_string();
    text.contains("partial") || text.contains("scratch") || text.contains("publishing")
}

/// Which steps a disk refuses.
#[derive(Debug, Clone, Copy)]
struct RefusalCase {
    /// The error that it returns.
    kind: ErrorKind,
    /// Steps that succeed all the same.
    spares: &'static [DiskStep],
    /// Whether every later step fails too.
    lasting: bool,
}

/// Lets the n-th step fail while the second version is made, for every n. After each run,
/// deliverables must be of one version, unless a lasting fault also prevented the rollback and the
/// store has a note of that. A healthy disk must then mend everything.
fn refuse_at_every_step(refusal: RefusalCase) {
    let first = published();
    let old = delivered(&first);
    let new = second_version();
    first.write_durable(SOURCE, b"version two; ");
    for nth in 1.. {
        let disk = first.duplicate_disk();
        let hits = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&hits);
        let mut steps = 0;
        let faulty = FaultyDisk::with_faults(disk.clone(), move |step, _| {
            steps += usize::from(!refusal.spares.contains(&step));
            let is_hit = steps == nth || (refusal.lasting && steps > nth);
            let refused = (is_hit && !refusal.spares.contains(&step)).then(|| refusal.kind.into());
            count.fetch_add(usize::from(refused.is_some()), Ordering::SeqCst);
            refused
        });
        let result = run(&layout(faulty), &TestClock::new(1));
        if hits.load(Ordering::SeqCst) == 0 {
            assert!(nth > 100, "only {nth} steps");
            return;
        }
        let context = format!("step {nth} of {refusal:?}, {result:?}");
        let now: DiskFiles = delivered(&disk)
            .into_iter()
            .filter(|(path, _)| !is_hidden(path))
            .collect();
        let is_noted = !disk
            .file_contents("film/.production/publishing.json")
            .is_empty();
        let is_littered = delivered(&disk).keys().any(|path| is_hidden(path));
        assert!(
            !is_littered || is_noted,
            "{context}: hidden files that no note knows"
        );
        // A film is not lost for its report. None is there then, and not that of the first version.
        let is_without_report = result.is_ok() && now == without_report(&new);
        assert!(
            now == old || now == new || is_without_report || (refusal.lasting && is_noted),
            "{context}: mixed deliverables"
        );
        assert_heals(&disk, &new, &context);
    }
}

fn without_report(files: &DiskFiles) -> DiskFiles {
    let mut films = files.clone();
    films.remove(Path::new("film/out/report.html"));
    films
}

fn is_hidden(path: &Path) -> bool {
    path.components()
        .any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
}

#[test]
fn a_disk_that_is_full_for_one_write_loses_nothing_and_mixes_nothing() {
    let spares = &[DiskStep::Read, DiskStep::Lock, DiskStep::Remove];
    refuse_at_every_step(RefusalCase {
        kind: ErrorKind::StorageFull,
        spares,
        lasting: false,
    });
}

#[test]
fn a_disk_that_is_full_from_some_write_on_loses_nothing_and_mixes_nothing() {
    let spares = &[DiskStep::Read, DiskStep::Lock, DiskStep::Remove];
    refuse_at_every_step(RefusalCase {
        kind: ErrorKind::StorageFull,
        spares,
        lasting: true,
    });
}

#[test]
fn a_disk_that_fails_at_any_one_step_loses_nothing_and_mixes_nothing() {
    refuse_at_every_step(RefusalCase {
        kind: ErrorKind::Other,
        spares: &[],
        lasting: false,
    });
}

#[test]
fn a_journal_torn_at_any_byte_costs_only_the_jobs_whose_records_are_gone() {
    let whole = published();
    let wanted = delivered(&whole);
    let path = Path::new("film/.production/events/rev-0001.jsonl");
    let length = whole.file_contents("film/.production/events")[path].len();
    for cut in 0..length {
        let disk = whole.duplicate_disk();
        (&disk as &dyn StoreDisk)
            .truncate_file(path, cut as u64)
            .unwrap();
        let made_before = times_made(&layout(disk.clone())).len();
        let ran = assert_heals(&disk, &wanted, &format!("journal cut at byte {cut}"));
        assert_eq!(ran.reused(), made_before, "cut at byte {cut}");
    }
}

#[test]
fn a_bit_that_flipped_under_the_same_size_and_time_is_found_at_publishing_and_made_again() {
    let disk = published();
    let layout = layout(disk.clone());
    let wanted = delivered(&disk);
    let all = Revision::read_all(&layout).unwrap();
    let manifest = Manifest::read(
        &layout,
        "rev-0001",
        all[0].published.as_ref().unwrap().manifest,
    )
    .unwrap();
    let film = &manifest.jobs["asset.import/mara"].outputs[0];
    disk.flip_byte(&layout.blob_path(&film.digest));
    (&disk as &dyn StoreDisk)
        .remove(Path::new("film/out/film.mp4"))
        .unwrap();
    let refused = run(&layout, &TestClock::new(1)).unwrap_err();
    assert!(
        refused.contains("its copy in the store is gone or was damaged"),
        "{refused}"
    );
    assert!(
        !delivered(&disk).contains_key(Path::new("film/out/film.mp4")),
        "nothing damaged is delivered"
    );
    assert!(run(&layout, &TestClock::new(1)).unwrap().is_whole());
    assert_eq!(delivered(&disk), wanted);
}

#[test]
fn a_read_only_store_refuses_writes_and_can_be_read() {
    let disk = published();
    let read_only = FaultyDisk::with_faults(disk.clone(), |step, _| {
        (step != DiskStep::Read).then(|| ErrorKind::ReadOnlyFilesystem.into())
    });
    let read_only = layout(read_only);
    let owner = LockOwner {
        process: 1,
        command: "run".into(),
        since: jiff::Timestamp::UNIX_EPOCH,
    };
    let refused = StoreLock::acquire_lock(&read_only, &owner, None).unwrap_err();
    assert!(matches!(refused, StoreError::ReadOnly { .. }), "{refused}");
    assert!(refused.to_string().contains("--store FOLDER"), "{refused}");
    assert_eq!(
        RunHistory::replay_journals(&read_only)
            .unwrap()
            .records
            .len(),
        3
    );
    assert_eq!(Revision::read_all(&read_only).unwrap().len(), 1);
}

#[test]
fn a_clock_that_goes_back_between_and_during_runs_changes_no_order_and_makes_no_negative_time() {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &TestClock::new(-3600)).unwrap();
    disk.write_durable(SOURCE, b"version three; ");
    run(&layout(disk.clone()), &TestClock::new(-90_000)).unwrap();
    let all = Revision::read_all(&layout(disk)).unwrap();
    assert_eq!(
        all.iter()
            .map(|revision| revision.name.as_str())
            .collect::<Vec<_>>(),
        ["rev-0001", "rev-0002", "rev-0003"]
    );
    assert!(all[2].ended < all[2].started, "the clock went back");
    assert!(
        all.iter()
            .all(|revision| revision.seconds.is_some_and(|seconds| seconds >= 0.0)),
        "{all:?}"
    );
    assert_eq!(Revision::find_current(&all).unwrap().name, "rev-0003");
}

#[test]
fn a_revert_on_a_disk_that_fails_at_any_step_ends_in_one_revision() {
    let old = delivered(&published());
    let new = second_version();
    for nth in 1.. {
        let disk = published();
        disk.write_durable(SOURCE, b"version two; ");
        run(&layout(disk.clone()), &TestClock::new(1)).unwrap();
        let first = Revision::read_all(&layout(disk.clone())).unwrap().remove(0);
        let digest = first.published.unwrap().manifest;
        let manifest = Manifest::read(&layout(disk.clone()), "rev-0001", digest).unwrap();
        let hits = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&hits);
        let mut steps = 0;
        let faulty = FaultyDisk::with_faults(disk.clone(), move |_, _| {
            steps += 1;
            count.fetch_add(usize::from(steps == nth), Ordering::SeqCst);
            (steps == nth).then(|| ErrorKind::Other.into())
        });
        let at = jiff::Timestamp::UNIX_EPOCH;
        let result = restore_revision(
            &layout(faulty),
            Path::new(ROOT),
            (&manifest, digest),
            &ReplacePermit::default(),
            "rev-0003",
            at,
        );
        if hits.load(Ordering::SeqCst) == 0 {
            assert_eq!(delivered(&disk), old);
            return;
        }
        let now: DiskFiles = delivered(&disk)
            .into_iter()
            .filter(|(path, _)| !is_hidden(path))
            .collect();
        assert!(now == old || now == new, "step {nth}, {result:?}");
        recover_publication(&layout(disk.clone()), Path::new(ROOT)).unwrap();
        let now = delivered(&disk);
        let all = Revision::read_all(&layout(disk)).unwrap();
        let current = Revision::find_current(&all).unwrap();
        let wanted = if current.name == "rev-0001" {
            &old
        } else {
            &new
        };
        assert_eq!(now, *wanted, "step {nth}: the history has {}", current.name);
    }
}
