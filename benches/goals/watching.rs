//! A production of many shots with one long run, for the commands that show how it goes.

use production::base::Digest;
use production::event::{
    EVENT_FORMAT_VERSION, Event, JobStarted, JobSucceeded, RunStatus, RunTotals,
};
use production::model::{ExecutionMode, Phase};
use production::session::StoreLocation;
use production::store::store_owner::claim_store;
use production::store::{
    Journal, LockOwner, RevisionIndexSink, StoreLayout, StoreLock, StoreOwner,
    update_revision_index,
};
use std::collections::BTreeMap;
use std::path::Path;

/// Shots of the production.
const SHOTS: usize = 5_000;

/// Writes a document of 5,000 shots, and a store with a run of `count` records that ended or was
/// killed.
pub(super) fn write_run(folder: &Path, count: usize, has_ended: bool) {
    std::fs::write(folder.join("production.yaml"), document()).unwrap();
    let layout = StoreLayout::new(folder.join(".production"));
    let now = jiff::Timestamp::UNIX_EPOCH;
    let owner = LockOwner {
        process: std::process::id(),
        command: "run".to_owned(),
        since: now,
    };
    let _lock = StoreLock::acquire_lock(&layout, &owner, None).unwrap();
    claim_store(&layout, &StoreOwner::new(folder, "production.yaml")).unwrap();
    assert!(StoreLocation::find(folder, None).is_ok());
    let mut journal = Journal::create(&layout, "rev-0001").unwrap();
    let mut index = RevisionIndexSink::new(&layout, "rev-0001", journal.byte_counter());
    let mut record = |event: Event| journal.append_and_show(&event, &mut [&mut index]).unwrap();
    let jobs = count / 2;
    record(Event::RunStarted {
        version: EVENT_FORMAT_VERSION,
        revision: "rev-0001".to_owned(),
        production: "Long".to_owned(),
        at: now,
        jobs,
        programs: Vec::new(),
        tier: "preview".to_owned(),
        tier_override: false,
        no_sound: false,
        totals: Some(RunTotals {
            shots: SHOTS,
            phases: BTreeMap::from([(Phase::Shots, jobs)]),
        }),
    });
    for number in 0..jobs {
        let (started, succeeded) = job_events(number);
        record(started);
        record(succeeded);
    }
    if has_ended {
        record(Event::RunEnded {
            status: RunStatus::Succeeded,
            at: now,
            seconds: 1.0,
        });
    }
    journal.close().unwrap();
    if has_ended {
        update_revision_index(&layout).unwrap();
    }
}

fn job_events(number: usize) -> (Event, Event) {
    let shot = number % SHOTS;
    let job = format!("render.shot/sh{shot:04}/{number}-{number}");
    let phase = Phase::Shots;
    let started = JobStarted {
        job: job.clone(),
        phase,
        attempt: 1,
    };
    let succeeded = JobSucceeded {
        job,
        phase,
        digest: Digest::hash_bytes(&number.to_le_bytes()),
        outputs: Vec::new(),
        provider: "previz 1 on llvmpipe (software)".to_owned(),
        variety: Some("previz".to_owned()),
        mode: ExecutionMode::Real,
        seconds: 2.5,
        units: 1,
        cpu: None,
        load: Default::default(),
        memory: None,
        cost: None,
        warnings: Vec::new(),
        log: None,
    };
    (Event::JobStarted(started), Event::JobSucceeded(succeeded))
}

fn document() -> String {
    let head = "production:\n  title: Long\n  author: Benches\n  description: Many shots.\n  \
                render_settings: {resolution: 64x36, frame_rate: 24}\n  \
                locations: [{name: studio, preset: studio}]\n  \
                outputs: [{name: game, codec: png, resolution: 64x36, frame_rate: 24, path: out/game}]\n  \
                shots:\n";
    let shots = (0..SHOTS)
        .map(|shot| format!("    - {{name: sh{shot:04}, location: studio, duration: 10}}\n"));
    head.to_owned() + &shots.collect::<String>()
}
