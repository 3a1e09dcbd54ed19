//! Damaged files of the store are never read by a job: they are made again, and what may have been
//! made from them is not reused.

use super::faults::{assert_heals_remade, delivered, published};
use super::stage::{ROOT, TestClock, layout, run, times_made};
use crate::base::Digest;
use crate::event::{Event, JobSucceeded};
use crate::model::InputSlot;
use crate::store::disk::StoreDisk;
use crate::store::disk::testing::MemoryDisk;
use crate::store::distrust::{distrust_users, distrusted_identities, trust_again};
use crate::store::provenance::{ProvenanceInput, ProvenanceSource, ProvenanceWriter};
use crate::store::store_owner::{StoreOwner, claim_store};
use crate::store::verify_store::{StoreFault, verify_store};
use crate::store::{Provenance, RunHistory, StoreLayout, journal};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Returns what each job of the first revision made: its identity, and its files.
fn made(layout: &StoreLayout) -> BTreeMap<String, JobSucceeded> {
    let path = layout.journal_path("rev-0001");
    let events = journal::read_events(layout, &path).unwrap();
    let successes = events.into_iter().filter_map(|event| match event {
        Event::JobSucceeded(success) => Some((success.job.clone(), success)),
        _ => None,
    });
    successes.collect()
}

fn blob(layout: &StoreLayout, job: &str) -> Digest {
    made(layout)[job].outputs[0].digest
}

#[test]
fn a_damaged_input_is_made_again_before_a_job_reads_it() {
    let wanted = delivered(&published());
    let jobs = ["asset.import/mara", "render.shot/sh010"];
    // The job whose file is damaged, and the job that must run and read it.
    for (damaged, reader) in [(jobs[0], jobs[1]), (jobs[1], "export.stitch/film")] {
        let disk = published();
        let layout = layout(disk.clone());
        disk.flip_byte(&layout.blob_path(&blob(&layout, damaged)));
        let lost = layout.blob_path(&blob(&layout, reader));
        (&disk as &dyn StoreDisk).remove(&lost).unwrap();
        let ran = assert_heals_remade(&disk, &wanted, damaged);
        assert_eq!(ran.reused(), 1, "{damaged}");
        let again: Vec<usize> = times_made(&layout).into_values().collect();
        assert_eq!(again.iter().sum::<usize>(), 5, "{damaged}: {again:?}");
        let verified = verify_store(&layout, Path::new(ROOT), false).unwrap();
        assert_eq!(verified.faults, [], "{damaged}");
    }
}

#[test]
fn two_damaged_files_in_a_row_are_made_again_from_the_first_on() {
    let wanted = delivered(&published());
    let disk = published();
    let layout = layout(disk.clone());
    for job in ["asset.import/mara", "render.shot/sh010"] {
        disk.flip_byte(&layout.blob_path(&blob(&layout, job)));
    }
    let lost = layout.blob_path(&blob(&layout, "export.stitch/film"));
    (&disk as &dyn StoreDisk).remove(&lost).unwrap();
    assert_heals_remade(&disk, &wanted, "both");
}

/// Records what each job was made from, as runs do.
fn record_provenance(layout: &StoreLayout, needs: &[(&str, &[&str])]) {
    let made = made(layout);
    let mut writer = ProvenanceWriter::new(layout, "rev-0001");
    for (job, needs) in needs {
        let inputs = needs.iter().map(|need| ProvenanceInput {
            slot: InputSlot::new("need"),
            from: ProvenanceSource::Job((*need).to_owned()),
            digest: Some(crate::model::outputs_digest(&made[*need].outputs)),
        });
        let provenance = Provenance {
            producer: "asset.import".into(),
            version: 1,
            provider: "scribe".into(),
            parameters: serde_json::json!({}),
            inputs: inputs.collect(),
        };
        writer.record_job(made[*job].digest, provenance).unwrap();
    }
}

const NEEDS: [(&str, &[&str]); 3] = [
    ("asset.import/mara", &[]),
    ("render.shot/sh010", &["asset.import/mara"]),
    ("export.stitch/film", &["render.shot/sh010"]),
];

/// A store of an earlier version: published without an owner.
fn without_owner() -> (MemoryDisk, StoreLayout) {
    let disk = published();
    let layout = layout(disk.clone());
    record_provenance(&layout, &NEEDS);
    (disk, layout)
}

#[test]
fn results_of_earlier_versions_from_a_damaged_file_are_not_reused_and_not_removed() {
    let (disk, layout) = without_owner();
    let wanted = delivered(&disk);
    disk.flip_byte(&layout.blob_path(&blob(&layout, "asset.import/mara")));
    let verified = verify_store(&layout, Path::new(ROOT), true).unwrap();
    let doubtful: BTreeSet<&str> = verified
        .faults
        .iter()
        .filter_map(|fault| match fault {
            StoreFault::Distrusted { job } => Some(job.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        doubtful,
        BTreeSet::from(["export.stitch/film", "render.shot/sh010"])
    );
    let film = blob(&layout, "export.stitch/film");
    assert!(
        (&disk as &dyn StoreDisk)
            .metadata(&layout.blob_path(&film))
            .is_ok()
    );
    let ran = run(&layout, &TestClock::new(1)).unwrap();
    assert!(ran.is_whole() && ran.reused() == 0, "{ran:?}");
    assert_eq!(delivered(&disk), wanted);
    trust_again(&layout, ran.outcome.made_identities()).unwrap();
    assert!(distrusted_identities(&layout).unwrap().is_empty());
    assert_eq!(run(&layout, &TestClock::new(1)).unwrap().reused(), 3);
}

#[test]
fn results_reused_from_a_damaged_file_are_made_again_in_the_same_run() {
    let (disk, layout) = without_owner();
    let wanted = delivered(&disk);
    disk.flip_byte(&layout.blob_path(&blob(&layout, "asset.import/mara")));
    // The film reads the damaged file. The frames were made from it, and would only be reused.
    let lost = layout.blob_path(&blob(&layout, "export.stitch/film"));
    (&disk as &dyn StoreDisk).remove(&lost).unwrap();
    let ran = run(&layout, &TestClock::new(1)).unwrap();
    assert!(ran.is_whole() && ran.reused() == 0, "{ran:?}");
    assert_eq!(delivered(&disk), wanted);
}

#[test]
fn a_job_that_compared_its_inputs_is_trusted_and_an_unknown_one_is_not() {
    let (_, layout) = without_owner();
    let damaged = BTreeSet::from([blob(&layout, "render.shot/sh010")]);
    assert_eq!(
        distrust_users(&layout, &damaged).unwrap(),
        ["export.stitch/film"]
    );
    (layout.disk())
        .remove_all(&layout.provenance_folder())
        .unwrap();
    assert_eq!(distrust_users(&layout, &damaged).unwrap().len(), 3);
    // A store that had an owner at its first run compared everything.
    let disk = MemoryDisk::with_folders(&[ROOT]);
    let owned = super::stage::layout(disk.clone());
    claim_store(&owned, &StoreOwner::new(Path::new(ROOT), "film.yaml")).unwrap();
    disk.write_durable(super::stage::SOURCE, b"version one; ");
    run(&owned, &TestClock::new(1)).unwrap();
    let damaged = BTreeSet::from([blob(&owned, "asset.import/mara")]);
    assert!(distrust_users(&owned, &damaged).unwrap().is_empty());
    assert!(
        RunHistory::replay_journals(&owned)
            .unwrap()
            .distrusted
            .is_empty()
    );
}
