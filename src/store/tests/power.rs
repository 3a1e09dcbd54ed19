//! Kills and power cuts between every two steps of a run that publishes: the old revision or the
//! new one, never a mixture, and the next run reports what it recovered.

use super::faults::{assert_heals, delivered, published, second_version};
use super::stage::{SOURCE, TestClock, layout, run};
use crate::store::disk::testing::{FaultyDisk, MemoryDisk};
use crate::store::publish_recovery::PublishRecovery;
use std::sync::{Arc, Mutex};

/// Returns the disk as it was before every step of a run that makes the second version.
fn instants() -> Vec<MemoryDisk> {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    let instants = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&instants);
    let watched = disk.clone();
    let faulty = FaultyDisk::with_faults(disk, move |_, _| {
        seen.lock().unwrap().push(watched.duplicate_disk());
        None
    });
    run(&layout(faulty), &TestClock::new(1)).unwrap();
    std::mem::take(&mut *instants.lock().unwrap())
}

/// A few bits from a seed: xorshift.
fn coin(seed: u64) -> impl FnMut() -> bool {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state & 1 == 1
    }
}

#[test]
fn a_kill_between_any_two_steps_ends_in_the_old_revision_or_in_the_new() {
    let wanted = second_version();
    let instants = instants();
    let mut undone = 0;
    let mut completed = 0;
    for (at, disk) in instants.iter().map(MemoryDisk::after_kill).enumerate() {
        let ran = assert_heals(&disk, &wanted, &format!("killed before step {at}"));
        match ran.mended {
            Some(PublishRecovery::Undone(revision)) => {
                undone += usize::from(revision == "rev-0002");
            }
            Some(PublishRecovery::Completed(revision)) => {
                completed += usize::from(revision == "rev-0002");
            }
            Some(recovery) => panic!("step {at}: {recovery:?}"),
            None => {}
        }
    }
    assert!(
        undone > 10 && completed > 10,
        "undone {undone}, carried through {completed}"
    );
}

#[test]
fn a_power_cut_between_any_two_steps_leaves_the_old_or_the_new_revision() {
    let wanted = second_version();
    for (at, disk) in instants().iter().enumerate() {
        assert_heals(
            &disk.after_power_cut(|| false),
            &wanted,
            &format!("nothing unsynced, step {at}"),
        );
        for seed in 0..4 {
            let seed = at as u64 * 4 + seed;
            assert_heals(
                &disk.after_power_cut(coin(seed)),
                &wanted,
                &format!("step {at}, seed {seed}"),
            );
        }
    }
}

#[test]
fn a_power_cut_after_a_run_has_ended_loses_nothing_of_it() {
    let disk = published();
    disk.write_durable(SOURCE, b"version two; ");
    run(&layout(disk.clone()), &TestClock::new(1)).unwrap();
    let after = disk.after_power_cut(|| false);
    assert_eq!(delivered(&after), second_version());
    let ran = assert_heals(&after, &second_version(), "after the end");
    assert_eq!((ran.reused(), ran.mended), (3, None));
}
