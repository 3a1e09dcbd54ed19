//! What is removed: never what a revision needs that any file of the store names, and never
//! anything behind a link.

use super::faults::published;
use super::stage::{ROOT, SOURCE, TestClock, layout, run};
use crate::store::disk::StoreDisk;
use crate::store::disk::testing::MemoryDisk;
use crate::store::garbage_collection::{
    GcSummary, collect_garbage, require_recorded, revisions_to_keep,
};
use crate::store::verify_store::{StoreFault, verify_store};
use crate::store::{Revision, RunHistory, StoreError, StoreLayout};
use std::path::{Path, PathBuf};

fn collect(layout: &StoreLayout, keep: usize) -> Result<GcSummary, StoreError> {
    let revisions = Revision::read_all(layout)?;
    require_recorded(layout, &revisions)?;
    let names = revisions_to_keep(&revisions, keep);
    collect_garbage(layout, &revisions, &names, false)
}

fn journal(number: u32) -> PathBuf {
    PathBuf::from(format!("film/.production/events/rev-{number:04}.jsonl"))
}

/// Returns a disk with a revision of each of these texts.
fn published_twice() -> MemoryDisk {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &TestClock::new(1)).unwrap();
    disk
}

#[test]
fn blobs_that_no_retained_revision_needs_are_removed() {
    let disk = published_twice();
    let before = disk.file_contents("film/.production/blobs").len();
    let done = collect(&layout(disk.clone()), 1).unwrap();
    assert_eq!((done.removed, done.remaining), (before / 2, before / 2));
}

#[test]
fn a_journal_that_was_cut_short_or_lost_keeps_everything_and_is_named() {
    for (number, share) in [(1, 0), (1, 2), (2, 0), (2, 2), (2, 3)] {
        for is_gone in [false, true] {
            let disk = published_twice();
            let path = journal(number);
            let length = disk.file_contents("film/.production/events")[&path].len() as u64;
            let files: &dyn StoreDisk = &disk;
            if is_gone {
                files.remove(&path).unwrap();
            } else {
                let cut = length.checked_div(share).unwrap_or(0);
                files.truncate_file(&path, cut).unwrap();
            }
            let layout = layout(disk.clone());
            let before = disk.file_contents("film/.production/blobs");
            let context = format!("{path:?} cut to 1/{share}, or gone: {is_gone}");
            let refused = collect(&layout, 1).expect_err(&context);
            assert!(
                matches!(&refused, StoreError::Unrecorded { revision, .. } if *revision == format!("rev-{number:04}")),
                "{context}: {refused}"
            );
            for mend in [false, true] {
                let found = verify_store(&layout, Path::new(ROOT), mend).unwrap();
                let is_named = |fault: &StoreFault| {
                    matches!(fault, StoreFault::Unrecorded { .. }) && !fault.is_mended()
                };
                assert!(found.faults.iter().any(is_named), "{context}: {found:?}");
            }
            assert_eq!(
                disk.file_contents("film/.production/blobs"),
                before,
                "{context}"
            );
            let history = RunHistory::replay_journals(&layout).unwrap();
            assert_eq!(history.next_revision(), "rev-0003", "{context}");
        }
    }
}

#[test]
fn a_manifest_keeps_what_its_journal_lost_the_end_of() {
    // Only the last two records are gone: that it was published, and that the run ended.
    let disk = published_twice();
    let path = journal(1);
    let text = disk.file_contents("film/.production/events")[&path].clone();
    let end = String::from_utf8(text)
        .unwrap()
        .find(" {\"event\":\"published\"")
        .unwrap()
        - 16;
    (&disk as &dyn StoreDisk)
        .truncate_file(&path, end as u64)
        .unwrap();
    let done = collect(&layout(disk), 1).unwrap();
    assert_eq!(
        done.removed, 0,
        "revision 1 was published, for all that is known"
    );
}

#[test]
fn blobs_of_a_run_without_an_end_stay_until_another_run_ended() {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &TestClock::new(1)).unwrap();
    let layout = layout(disk.clone());
    // As if the second run had been killed early, and its journal had lost all but the start.
    let files: &dyn StoreDisk = &disk;
    let text = disk.file_contents("film/.production/events")[&journal(2)].clone();
    let first = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    files.truncate_file(&journal(2), first as u64).unwrap();
    files
        .remove(Path::new("film/.production/manifests/rev-0002.json"))
        .unwrap();
    let pointer = format!(
        r#"{{"revision":"rev-0001","manifest":"{}"}}"#,
        Revision::read_all(&layout).unwrap()[0]
            .published
            .as_ref()
            .unwrap()
            .manifest
    );
    disk.write_durable("film/.production/current.json", pointer.as_bytes());
    assert_eq!(collect(&layout, 1).unwrap().removed, 0);
    run(&layout, &TestClock::new(1)).unwrap();
    disk.write_durable(SOURCE, b"version three; ");
    run(&layout, &TestClock::new(1)).unwrap();
    assert!(collect(&layout, 1).unwrap().removed > 0);
}

#[test]
fn a_damaged_pointer_is_mended_from_the_journals_and_stops_nothing() {
    let disk = published_twice();
    let pointer = Path::new("film/.production/current.json");
    let text = disk.file_contents("film/.production")[pointer].clone();
    let text = String::from_utf8(text).unwrap();
    for damage in [
        "{",
        "",
        &text.replace("rev-0002", "rev-0012"),
        &text.replace("rev-0002", "../../rev-0002"),
    ] {
        disk.write_durable(pointer, damage.as_bytes());
        let layout = layout(disk.clone());
        assert!(collect(&layout, 3).is_ok(), "{damage}");
        let found = verify_store(&layout, Path::new(ROOT), true).unwrap();
        assert!(
            matches!(
                &found.faults[..],
                [StoreFault::Pointer { mended: true, .. }]
            ),
            "{damage}: {found:?}"
        );
    }
}

#[test]
fn a_file_that_the_program_did_not_make_stays_where_it_is() {
    let disk = published_twice();
    let thesis = Path::new("film/.production/blobs/ab/thesis");
    disk.write_durable(thesis, b"work");
    let layout = layout(disk.clone());
    collect(&layout, 1).unwrap();
    let found = verify_store(&layout, Path::new(ROOT), true).unwrap();
    assert!(
        found
            .faults
            .iter()
            .any(|fault| matches!(fault, StoreFault::Foreign { path } if path == thesis)),
        "{found:?}"
    );
    assert!((&disk as &dyn StoreDisk).metadata(thesis).is_ok());
}

#[cfg(unix)]
#[test]
fn nothing_behind_a_link_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let victim = folder.path().join("victim");
    std::fs::create_dir_all(victim.join("sub")).unwrap();
    std::fs::write(victim.join("sub/thesis"), "work").unwrap();
    let layout = StoreLayout::new(folder.path().join("store"));
    for revision in ["rev-0001", "rev-0002"] {
        crate::store::Journal::create(&layout, revision)
            .unwrap()
            .close()
            .unwrap();
    }
    std::fs::create_dir(layout.runs_folder()).unwrap();
    std::os::unix::fs::symlink(&victim, layout.run_folder("rev-0001")).unwrap();
    std::fs::create_dir(layout.run_folder("rev-0002")).unwrap();
    std::os::unix::fs::symlink(&victim, layout.run_folder("rev-0002").join("logs")).unwrap();
    std::os::unix::fs::symlink(&victim, layout.blobs_folder()).unwrap();
    let revisions = Revision::read_all(&layout).unwrap();
    collect_garbage(&layout, &revisions, &Default::default(), false).unwrap();
    assert!(victim.join("sub/thesis").exists());
}
