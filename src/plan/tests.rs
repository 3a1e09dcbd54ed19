//! What a plan says of each job, after a run that made everything.

use super::sample::{PretendStore, sample_jobs};
use super::*;
use crate::event::Event;
use crate::model::{FailureClass, FrameList, Job, JobAction, Phase};
use serde_json::json;

fn made() -> PretendStore {
    let mut store = PretendStore {
        provider: "previz 1",
        ..PretendStore::default()
    };
    store.run(&sample_jobs());
    store
}

fn reasons(plan: &Plan) -> Vec<(String, RunReason)> {
    plan.jobs()
        .map(|(_, planned)| (planned.job.name.to_string(), planned.reason.clone()))
        .collect()
}

fn dirty(plan: &Plan) -> Vec<(String, RunReason)> {
    reasons(plan)
        .into_iter()
        .filter(|(_, reason)| reason.is_dirty())
        .collect()
}

/// Returns the dirty jobs, each with its reason as a word.
fn words(plan: &Plan) -> Vec<(String, String)> {
    let word = |reason: &RunReason| json!(reason)["reason"].as_str().unwrap().to_owned();
    dirty(plan)
        .into_iter()
        .map(|(job, reason)| (job, word(&reason)))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(job, word)| ((*job).to_owned(), (*word).to_owned()))
        .collect()
}

fn regrade_two(jobs: &mut [Job]) {
    if let JobAction::Grade { grade, .. } = &mut jobs[3].work {
        std::sync::Arc::make_mut(grade).exposure += 1.0;
    }
}

fn selection_of(regen: &[&str], pin: &[&str]) -> JobSelection {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    JobSelection {
        regen: owned(regen),
        pin: owned(pin),
        ..JobSelection::default()
    }
}

#[test]
fn before_the_first_run_everything_is_new() {
    let plan = PretendStore::default()
        .plan(sample_jobs(), &JobSelection::default())
        .unwrap();
    assert!(
        reasons(&plan)
            .iter()
            .all(|(_, reason)| *reason == RunReason::Initial)
    );
}

#[test]
fn after_a_run_everything_is_reused() {
    assert_eq!(
        dirty(
            &made()
                .plan(sample_jobs(), &JobSelection::default())
                .unwrap()
        ),
        []
    );
}

#[test]
fn one_parameter_makes_its_job_and_what_follows_again_and_names_old_and_new() {
    let mut jobs = sample_jobs();
    regrade_two(&mut jobs);
    let plan = made().plan(jobs, &JobSelection::default()).unwrap();
    let parameter = JobChange::Parameter {
        name: "grade.exposure".into(),
        old: json!(0.0),
        new: json!(1.0),
    };
    let after = |from: &str| RunReason::Propagated { from: from.into() };
    let expected = [
        (
            "render.shot/two/1-4",
            RunReason::InputsHashChanged {
                changes: vec![parameter],
            },
        ),
        ("grade.frames/two/1-4", after("render.shot/two/1-4")),
        ("export.encode/film/two", after("grade.frames/two/1-4")),
        ("export.stitch/film", after("export.encode/film/two")),
        ("finalize.verify/film", after("export.stitch/film")),
    ];
    assert_eq!(
        dirty(&plan),
        expected.map(|(job, reason)| (job.to_owned(), reason))
    );
}

#[test]
fn a_changed_job_names_its_own_change_before_that_of_its_inputs() {
    let mut jobs = sample_jobs();
    regrade_two(&mut jobs);
    if let JobAction::Encode { count, .. } = &mut jobs[8].work {
        *count = 5;
    }
    let plan = made().plan(jobs, &JobSelection::default()).unwrap();
    let parameter = JobChange::Parameter {
        name: "count".into(),
        old: json!(4),
        new: json!(5),
    };
    assert_eq!(
        plan.job(JobId(8)).reason,
        RunReason::InputsHashChanged {
            changes: vec![parameter]
        }
    );
}

#[test]
fn another_provider_is_named_as_what_changed() {
    let mut store = made();
    store.provider = "previz 2";
    let plan = store.plan(sample_jobs(), &JobSelection::default()).unwrap();
    let provider = JobChange::Provider {
        old: "previz 1".into(),
        new: "previz 2".into(),
    };
    let expected = RunReason::InputsHashChanged {
        changes: vec![provider],
    };
    assert!(reasons(&plan).iter().all(|(_, reason)| *reason == expected));
}

#[test]
fn a_file_with_other_content_is_named() {
    let mut store = made();
    store.files.insert("mara.glb".into(), "edited");
    let plan = store.plan(sample_jobs(), &JobSelection::default()).unwrap();
    assert_eq!(
        plan.job(JobId(0)).reason,
        RunReason::TouchesDirtyInput {
            files: vec!["mara.glb".into()]
        }
    );
    assert_eq!(
        plan.job(JobId(1)).reason,
        RunReason::Propagated {
            from: "asset.import/mara.glb".into()
        }
    );
}

#[test]
fn a_job_whose_need_was_made_again_meanwhile_names_it() {
    let mut store = made();
    store.files.insert("mara.glb".into(), "edited");
    store.run(&sample_jobs()[..2]);
    let plan = store.plan(sample_jobs(), &JobSelection::default()).unwrap();
    let model = || vec!["asset.import/mara.glb".to_owned()];
    assert_eq!(plan.job(JobId(0)).reason, RunReason::Reused);
    assert_eq!(
        plan.job(JobId(2)).reason,
        RunReason::TouchesDirtyArtefact { jobs: model() }
    );
    assert_eq!(
        plan.job(JobId(4)).reason,
        RunReason::TouchesDirtyArtefact {
            jobs: vec!["render.shot/one/1-4".into()]
        }
    );
}

#[test]
fn an_output_that_the_store_lost_is_named() {
    let mut store = made();
    let last = store
        .history
        .records
        .last_identity("grade.frames/two/1-4")
        .unwrap();
    let record = store.history.records.get(&last).unwrap();
    store.lost.insert(record.outputs[0].digest);
    let plan = store.plan(sample_jobs(), &JobSelection::default()).unwrap();
    assert_eq!(
        plan.job(JobId(6)).reason,
        RunReason::ProducesMissing {
            file: "made".into()
        }
    );
    assert_eq!(plan.job(JobId(3)).reason, RunReason::Reused);
}

#[test]
fn a_failure_is_the_reason_until_the_job_succeeds() {
    let mut store = made();
    let mut jobs = sample_jobs();
    regrade_two(&mut jobs);
    let failed = Event::JobFailed {
        job: "render.shot/two/1-4".into(),
        phase: Phase::Shots,
        class: FailureClass::BadOutput,
        message: "render frame 3: it is black".into(),
        evidence: String::new(),
        seconds: 1.0,
        attempt: 1,
        log: None,
    };
    store.history.apply_event(failed);
    let plan = store.plan(jobs, &JobSelection::default()).unwrap();
    let class = FailureClass::BadOutput;
    let message = "render frame 3: it is black".into();
    assert_eq!(
        plan.job(JobId(3)).reason,
        RunReason::LatestAttemptFailed { class, message }
    );
}

#[test]
fn records_without_details_are_changed_without_detail() {
    let mut store = made();
    store.provenance.clear();
    let mut jobs = sample_jobs();
    regrade_two(&mut jobs);
    let plan = store.plan(jobs, &JobSelection::default()).unwrap();
    assert_eq!(
        plan.job(JobId(3)).reason,
        RunReason::InputsHashChanged {
            changes: Vec::new()
        }
    );
    assert_eq!(
        plan.job(JobId(6)).reason,
        RunReason::Propagated {
            from: "render.shot/two/1-4".into()
        }
    );
}

#[test]
fn a_shot_under_another_name_is_reused() {
    let mut jobs = sample_jobs();
    for job in jobs
        .iter_mut()
        .filter(|job| job.shot.as_deref() == Some("two"))
    {
        job.name = job.name.as_str().replace("two", "finale").parse().unwrap();
        job.shot = Some("finale".into());
    }
    assert_eq!(
        dirty(&made().plan(jobs, &JobSelection::default()).unwrap()),
        []
    );
}

#[test]
fn a_job_that_is_forced_takes_along_what_follows_only_if_it_differs() {
    let plan = made()
        .plan(sample_jobs(), &selection_of(&["render.shot/two/1-4"], &[]))
        .unwrap();
    let follows = "forced_by_surgical_dependency";
    let expected = [
        ("render.shot/two/1-4", "forced_by_surgical_target"),
        ("grade.frames/two/1-4", follows),
        ("export.encode/film/two", follows),
        ("export.stitch/film", follows),
        ("finalize.verify/film", follows),
    ];
    assert_eq!(words(&plan), pairs(&expected));
}

#[test]
fn a_forced_phase_or_shot_is_forced_whole() {
    let plan = made()
        .plan(sample_jobs(), &selection_of(&["shots"], &[]))
        .unwrap();
    assert_eq!(
        words(&plan)[..3]
            .iter()
            .filter(|(_, word)| word == "forced_by_user_control")
            .count(),
        3
    );
    let plan = made()
        .plan(sample_jobs(), &selection_of(&["two"], &[]))
        .unwrap();
    assert_eq!(
        words(&plan)
            .iter()
            .filter(|(_, word)| word == "forced_by_user_control")
            .count(),
        3
    );
}

#[test]
fn a_pinned_shot_stays_as_it_was_made_and_so_does_what_follows() {
    let mut jobs = sample_jobs();
    regrade_two(&mut jobs);
    let plan = made().plan(jobs, &selection_of(&[], &["two"])).unwrap();
    assert_eq!(dirty(&plan), []);
    assert_eq!(plan.job(JobId(3)).reason, RunReason::Pinned);
    assert_eq!(plan.job(JobId(9)).reason, RunReason::Reused);
}

#[test]
fn inputs_of_a_pinned_job_alone_are_pinned_too() {
    let mut jobs = sample_jobs();
    regrade_two(&mut jobs);
    let plan = made()
        .plan(jobs, &selection_of(&[], &["export.encode/film/two"]))
        .unwrap();
    assert_eq!(
        (dirty(&plan), &plan.job(JobId(3)).reason),
        (vec![], &RunReason::Pinned)
    );
    assert_eq!(
        plan.job(JobId(0)).reason,
        RunReason::Reused,
        "another shot needs the model too"
    );
}

fn refusal(store: &PretendStore, jobs: Vec<Job>, selection: &JobSelection) -> String {
    store.plan(jobs, selection).unwrap_err().to_string()
}

#[test]
fn pins_that_cannot_hold_are_refused_with_the_cause() {
    let selection = selection_of(&["two"], &["render.shot/two"]);
    let both = refusal(&made(), sample_jobs(), &selection);
    assert!(
        both.contains("--regen") && both.contains("--pin") && both.contains("render.shot/two/1-4"),
        "{both}"
    );
    let selection = selection_of(&[], &["two"]);
    let never = refusal(&PretendStore::default(), sample_jobs(), &selection);
    assert!(
        never.contains("never made") && never.contains("nothing to keep"),
        "{never}"
    );
    let mut lossy = made();
    let last = lossy
        .history
        .records
        .last_identity("grade.frames/two/1-4")
        .unwrap();
    let record = lossy.history.records.get(&last).unwrap();
    lossy.lost.insert(record.outputs[0].digest);
    assert!(refusal(&lossy, sample_jobs(), &selection).contains("no longer in the store"));
}

#[test]
fn pins_of_jobs_that_have_other_frames_now_are_refused() {
    let mut longer = sample_jobs();
    longer[3].name = "render.shot/two/1-6".parse().unwrap();
    longer[3].work = JobAction::Grade {
        for_screen: false,
        hdr: None,
        grade: Default::default(),
        frames: FrameList::from_bounds(1, 6),
    };
    let other = refusal(&made(), longer, &selection_of(&[], &["render.shot/two"]));
    assert!(other.contains("`render.shot/two/1-4` was"), "{other}");

    let mut recount = sample_jobs();
    if let JobAction::Encode { count, .. } = &mut recount[8].work {
        *count = 9;
    }
    let selection = selection_of(&[], &["export.encode/film/two"]);
    let other = refusal(&made(), recount, &selection);
    assert!(
        other.contains("made with 4") && other.contains("have 9"),
        "{other}"
    );
}

#[test]
fn a_control_that_names_nothing_is_refused() {
    let refusal = made()
        .plan(sample_jobs(), &selection_of(&["tow"], &[]))
        .unwrap_err()
        .to_string();
    assert!(refusal.contains("did you mean `two`?"), "{refusal}");
}
