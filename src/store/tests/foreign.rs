//! What no run put at the path of a deliverable stays there, unless it was allowed to be replaced.

use super::faults::{delivered, published};
use super::stage::{ROOT, SOURCE, TestClock, layout, run, run_with};
use crate::store::disk::StoreDisk;
use crate::store::disk::testing::{DiskStep, FaultyDisk, MemoryDisk};
use crate::store::place_survey::ReplacePermit;
use crate::store::publish_recovery::PublishRecovery;
use crate::store::{Manifest, Revision};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const FILM: &str = "film/out/film.mp4";
const FRAMES: &str = "film/out/frames";
const NOTE: &str = "film/out/passes/note.txt";

/// Returns a disk with a production that was never run, and with this file.
fn unpublished(path: &str, content: &[u8]) -> MemoryDisk {
    let folder = Path::new(path).parent().unwrap().display().to_string();
    let disk = MemoryDisk::with_folders(&[ROOT, &folder]);
    disk.write_durable(SOURCE, b"version one; ");
    disk.write_durable(path, content);
    disk
}

fn content(disk: &MemoryDisk, path: &str) -> Option<Vec<u8>> {
    disk.file_contents(path).remove(Path::new(path))
}

fn permit(paths: &[&str]) -> ReplacePermit {
    ReplacePermit {
        replace: paths.iter().map(PathBuf::from).collect(),
        ..ReplacePermit::default()
    }
}

fn clock() -> TestClock {
    TestClock::new(1)
}

#[test]
fn a_file_that_no_run_put_there_refuses_the_publication_whole() {
    for path in [
        FILM,
        "film/out/frames/mine.png",
        "film/out/frames/0001.png",
        "film/out/passes/sh010/mine.txt",
        "film/out/passes",
    ] {
        let disk = unpublished(path, b"mine");
        let refused = run(&layout(disk.clone()), &clock()).unwrap_err();
        assert!(
            refused.contains("nothing in place was touched"),
            "{refused}"
        );
        let remaining: Vec<_> = delivered(&disk).into_keys().collect();
        assert_eq!(remaining, [PathBuf::from(path)], "{refused}");
    }
}

fn is_report_file(path: &Path) -> bool {
    path.to_string_lossy().contains("report.html")
}

#[test]
fn a_film_is_delivered_although_its_report_cannot_be() {
    let disk = unpublished("film/out/report.html", b"mine");
    run(&layout(disk.clone()), &clock()).unwrap();
    let mut wanted = delivered(&published());
    wanted.retain(|path, _| !path.ends_with("note.txt") && !path.ends_with("report.html"));
    let mut found = delivered(&disk);
    assert_eq!(
        found.remove(Path::new("film/out/report.html")).as_deref(),
        Some(&b"mine"[..])
    );
    assert!(found.keys().eq(wanted.keys()), "{:?}", found.keys());
}

#[test]
fn the_report_of_an_earlier_film_never_stays_beside_a_new_one() {
    let before = published();
    let remaining = content(&before, "film/out/report.html");
    let disk = before.duplicate_disk();
    disk.write_durable(SOURCE, b"version two; ");
    let full = FaultyDisk::with_faults(disk.clone(), |step, path| {
        let is_report = path.starts_with("film/out") && is_report_file(path);
        (step == DiskStep::Create && is_report).then(|| ErrorKind::StorageFull.into())
    });
    run(&layout(full), &clock()).unwrap();
    assert!(remaining.is_some());
    assert_eq!(content(&disk, "film/out/report.html"), None);
    assert_ne!(content(&disk, FILM), content(&before, FILM));
    // The next version has one again.
    disk.write_durable(SOURCE, b"version three; ");
    run(&layout(disk.clone()), &clock()).unwrap();
    assert!(content(&disk, "film/out/report.html").is_some());
}

#[test]
fn files_that_a_permit_names_are_replaced_and_recorded() {
    for (path, allowed) in [
        (FILM, "out/film.mp4"),
        ("film/out/frames/mine.png", "out/frames"),
        ("film/out/frames/0001.png", "out/frames/0001.png"),
        ("film/out/report.html", "out/report.html"),
    ] {
        let disk = unpublished(path, b"mine");
        let layout = layout(disk.clone());
        run_with(&layout, &clock(), &permit(&[allowed])).unwrap();
        assert_ne!(
            content(&disk, path).as_deref(),
            Some(&b"mine"[..]),
            "{path}"
        );
        assert_eq!(delivered(&disk).len(), delivered(&published()).len() - 2);
        let revision = Revision::read_all(&layout).unwrap().remove(0);
        let publication = revision.published.unwrap();
        assert_eq!(publication.replaced, [PathBuf::from(allowed)]);
        let manifest = Manifest::read(&layout, "rev-0001", publication.manifest).unwrap();
        assert_eq!(manifest.replaced, publication.replaced);
    }
}

#[test]
fn a_permit_for_another_path_allows_nothing() {
    for allowed in ["out", "out/frames/other.png", "frames", "out/film", ""] {
        let disk = unpublished("film/out/frames/mine.png", b"mine");
        assert!(
            run_with(&layout(disk), &clock(), &permit(&[allowed])).is_err(),
            "{allowed}"
        );
    }
}

#[test]
fn a_delivered_file_that_was_changed_by_hand_is_not_replaced() {
    let disk = published();
    let by_hand: &[u8] = b"version one; picture 1, but better\n";
    for path in [FILM, "film/out/frames/0001.png"] {
        let disk = disk.duplicate_disk();
        disk.write_durable(path, by_hand);
        disk.write_durable(SOURCE, b"version two; ");
        let refused = run(&layout(disk.clone()), &clock()).unwrap_err();
        assert!(refused.contains("was changed since"), "{refused}");
        assert_eq!(content(&disk, path).as_deref(), Some(by_hand));
    }
}

#[test]
fn files_beside_ours_stay_when_the_folder_changes_and_ours_are_replaced() {
    let disk = published();
    let before = content(&disk, "film/out/passes/sh010/sh010.0001.png");
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &clock()).unwrap();
    assert_eq!(content(&disk, NOTE).as_deref(), Some(&b"keep"[..]));
    let after = content(&disk, "film/out/passes/sh010/sh010.0001.png");
    assert!(before.is_some() && after.is_some() && before != after);
}

#[test]
fn the_same_bytes_are_ours_although_the_store_was_deleted() {
    let disk = published();
    for note in [NOTE, "film/out/passes/sh020/note.txt"] {
        (&disk as &dyn StoreDisk).remove(Path::new(note)).unwrap();
    }
    let before = delivered(&disk);
    (&disk as &dyn StoreDisk)
        .remove_all(Path::new("film/.production"))
        .unwrap();
    assert!(run(&layout(disk.clone()), &clock()).unwrap().is_whole());
    assert_eq!(delivered(&disk), before);
}

#[test]
fn a_tidy_up_that_fails_is_reported_blocks_nothing_and_is_done_later() {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    let stuck = FaultyDisk::with_faults(disk.clone(), |step, path| {
        let is_beside = path.starts_with("film/out") && step == DiskStep::Remove;
        is_beside.then(|| ErrorKind::PermissionDenied.into())
    });
    let stuck = layout(stuck);
    let ran = run(&stuck, &clock()).unwrap();
    assert!(ran.left.is_some_and(|left| left.contains("tidy up beside")));
    let current = Revision::read_all(&stuck).unwrap();
    assert_eq!(Revision::find_current(&current).unwrap().name, "rev-0002");
    // The next run publishes all the same, and says again what is left.
    disk.write_durable(SOURCE, b"version three; ");
    let again = run(&stuck, &clock()).unwrap();
    assert!(
        matches!(again.mended, Some(PublishRecovery::Untidied(..))),
        "{:?}",
        again.mended
    );
    // A disk on which files can be removed again is tidied by the next command.
    run(&layout(disk.clone()), &clock()).unwrap();
    let hidden: Vec<_> = delivered(&disk)
        .into_keys()
        .filter(|path| path.display().to_string().contains("/."))
        .collect();
    assert!(hidden.is_empty(), "{hidden:?}");
}

#[test]
fn a_hidden_file_of_another_program_beside_a_film_stays() {
    let disk = published();
    let download = "film/out/.film.mp4.partial";
    disk.write_durable(download, b"half a download");
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &clock()).unwrap();
    assert_eq!(
        content(&disk, download).as_deref(),
        Some(&b"half a download"[..])
    );
}

#[test]
fn a_file_that_arrives_while_its_folder_is_exchanged_goes_back_into_it() {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    let late = "film/out/frames/late.png";
    let writer = disk.clone();
    let mut is_written = false;
    // Written at the instant of the first rename or exchange: no look can come after it.
    let racing = FaultyDisk::with_faults(disk.clone(), move |step, path| {
        if step == DiskStep::Rename && path.starts_with("film/out") && !is_written {
            is_written = true;
            writer.write_durable(late, b"late");
        }
        None
    });
    run(&layout(racing), &clock()).unwrap();
    assert_eq!(content(&disk, late).as_deref(), Some(&b"late"[..]));
    assert!(content(&disk, &format!("{FRAMES}/0001.png")).is_some());
}

#[test]
fn a_note_whose_names_lead_out_of_the_production_is_refused_and_removes_nothing() {
    for (places, mark) in [
        ("../other/film.mp4", "rev-0002"),
        ("/etc/film.mp4", "rev-0002"),
        ("", "rev-0002"),
        ("out/film.mp4", "/../../../other/.film.mp4"),
    ] {
        let disk = published();
        disk.write_durable("film/other.txt", b"");
        let note = format!(
            r#"{{"step":"staging","current":{{"revision":"rev-0002","manifest":"{}"}},
            "places":["{places}"],"mark":"{mark}","journal":"rev-0002","closing":[]}}"#,
            crate::base::Digest::hash_bytes(b"").hex_string()
        );
        disk.write_durable("film/.production/publishing.json", note.as_bytes());
        let before = delivered(&disk);
        let refused = run(&layout(disk.clone()), &clock()).unwrap_err();
        assert!(refused.contains("publishing.json"), "{refused}");
        assert_eq!(delivered(&disk), before);
    }
}
