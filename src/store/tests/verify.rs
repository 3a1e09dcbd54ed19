//! Verifying: whole files pass, damaged ones are named, and what can be repaired is repaired.

use super::faults::{delivered, published};
use super::stage::{ROOT, TestClock, layout, run, run_with};
use crate::store::disk::StoreDisk;
use crate::store::place_survey::ReplacePermit;
use crate::store::verify_store::{StoreFault, verify_store};
use crate::store::{Manifest, Revision};
use std::path::Path;

#[test]
fn a_store_that_was_left_alone_is_whole() {
    let disk = published();
    let verified = verify_store(&layout(disk), Path::new(ROOT), false).unwrap();
    assert_eq!(
        (verified.files, &verified.faults, &verified.edited),
        (5, &Vec::new(), &Vec::new())
    );
}

#[test]
fn damage_is_named_mended_and_made_again() {
    let disk = published();
    let layout = layout(disk.clone());
    let wanted = delivered(&disk);
    let files: &dyn StoreDisk = &disk;
    let published = Revision::read_all(&layout).unwrap().remove(0).published;
    let digest = published.unwrap().manifest;
    let manifest = Manifest::read(&layout, "rev-0001", digest).unwrap();
    let blob = layout.blob_path(&manifest.jobs["asset.import/mara"].outputs[0].digest);
    disk.flip_byte(&blob);
    disk.write_durable("film/.production/manifests/rev-0001.json", b"{}");
    disk.write_durable("film/.production/current.json", b"{}");
    disk.write_durable("film/out/film.mp4", b"edited by hand");
    let root = Path::new(ROOT);
    let found = verify_store(&layout, root, false).unwrap();
    assert_eq!(found.faults.len(), 3, "{found:?}");
    assert!(found.faults.iter().all(|fault| !fault.is_mended()));
    assert!(
        matches!(&found.faults[0], StoreFault::Blob { path, jobs, .. } if *path == blob && !jobs.is_empty())
    );
    let mended = verify_store(&layout, root, true).unwrap();
    assert!(
        mended.faults.iter().all(StoreFault::is_mended),
        "{mended:?}"
    );
    assert!(files.metadata(&blob).is_err());
    let again = verify_store(&layout, root, false).unwrap();
    assert!(
        again
            .faults
            .iter()
            .all(|fault| matches!(fault, StoreFault::Lost { .. })),
        "{again:?}"
    );
    assert_eq!(again.edited, [Path::new("film/out/film.mp4")]);
    // What somebody edited is replaced only if they say so.
    assert!(run(&layout, &TestClock::new(1)).is_err());
    let permit = ReplacePermit {
        replace: ["out/film.mp4".into()].into(),
        ..ReplacePermit::default()
    };
    assert!(
        run_with(&layout, &TestClock::new(1), &permit)
            .unwrap()
            .is_whole()
    );
    assert_eq!(delivered(&disk), wanted);
    assert_eq!(verify_store(&layout, root, false).unwrap().faults, []);
}

#[test]
fn a_deliverable_that_was_deleted_is_missing_and_not_edited() {
    let disk = published();
    let layout = layout(disk.clone());
    let files: &dyn StoreDisk = &disk;
    files.remove(Path::new("film/out/film.mp4")).unwrap();
    let found = verify_store(&layout, Path::new(ROOT), false).unwrap();
    assert_eq!(found.missing, [Path::new("film/out/film.mp4")]);
    assert!(found.edited.is_empty(), "{found:?}");
}

#[test]
fn a_damaged_journal_is_named_and_nothing_else_is_given_up() {
    let disk = published();
    disk.flip_byte(Path::new("film/.production/events/rev-0001.jsonl"));
    let found = verify_store(&layout(disk), Path::new(ROOT), true).unwrap();
    assert!(
        matches!(&found.faults[..], [StoreFault::Journal { message }] if message.contains("rev-0001.jsonl:1")),
        "{found:?}"
    );
}
