//! A production is validated, planned, run and published through the library, without the command
//! line.
//!
//! Without a graphics adapter or ffmpeg the test reports that and skips the run.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

#[path = "support/film.rs"]
mod film;
#[path = "support/machine.rs"]
mod machine;
#[path = "support/skip.rs"]
mod skip;

use production::event::RunStatus;
use production::project::{self, OpenedProduction, ProjectOptions};
use production::session::{
    NoopReporter, OpenedStore, PlanOptions, PlanPreview, PlannedRun, RunEnding, RunOptions,
    RunOutputs, RunSummary, SessionContext, SessionEnvironment, SessionError, SessionNotice,
    SessionOptions, SessionReporter, StoreAccess, StoreLocation,
};
use std::cell::RefCell;
use std::path::Path;

const DOCUMENT: &str = "\
production:
  title: Session
  author: Tests
  description: One tiny shot.
  render_settings: {resolution: 64x36, samples: 1, frame_rate: 24}
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots: [{name: one, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 3}]
  outputs: [{name: plates, format: 8bit_game, resolution: 64x36, path: out/plates}]
";

/// Records the kinds of notices.
#[derive(Default)]
struct NoticeLog(RefCell<Vec<String>>);

impl SessionReporter for NoticeLog {
    fn report_notice(&self, notice: &SessionNotice<'_>) {
        self.0.borrow_mut().push(format!("{notice:?}"));
    }
}

fn opened(folder: &Path) -> OpenedProduction {
    let opened = project::open(folder, &ProjectOptions::default()).unwrap();
    assert!(opened.checked.is_some(), "{:?}", opened.diagnostics);
    opened
}

fn run(folder: &Path) -> (RunStatus, RunSummary) {
    let opened = opened(folder);
    let environment = SessionEnvironment::default();
    let context = SessionContext {
        environment: &environment,
        reporter: &NoopReporter,
    };
    let options = RunOptions::default();
    let planned = PlannedRun::plan(&opened, &options, context).unwrap();
    match planned.run_to_end(RunOutputs::default()).unwrap() {
        RunEnding::Ended { status, summary } => (status, *summary),
        RunEnding::Detached { .. } => panic!("the run is not on a farm"),
    }
}

#[test]
fn a_library_user_plans_runs_and_publishes_and_the_next_run_has_nothing_to_do() {
    if !machine::makes_films() {
        return;
    }
    let folder = film::folder(DOCUMENT);
    let root = folder.path();
    let opened = opened(root);
    let environment = SessionEnvironment::default();
    let context = SessionContext {
        environment: &environment,
        reporter: &NoopReporter,
    };
    let options = PlanOptions::default();
    let preview = PlanPreview::build(&opened, &options, context).unwrap();
    let facts = preview.facts();
    assert_eq!(facts.production, "Session");
    assert_eq!(facts.revision, "rev-0001");
    assert!(!root.join("out").exists(), "a plan delivers nothing");

    let (status, summary) = run(root);
    assert_eq!(status, RunStatus::Succeeded, "{:?}", summary.facts.errors);
    assert!(!summary.up_to_date);
    assert_eq!(summary.facts.run.revision, "rev-0001");
    assert_eq!(summary.facts.deliverables.len(), 1);
    assert_eq!(summary.to_json()["success"], true);
    assert!(summary.report.as_ref().unwrap().is_file());
    let plates = std::fs::read_dir(root.join("out/plates")).unwrap();
    let names: Vec<_> = plates.map(|entry| entry.unwrap().path()).collect();
    assert!(!names.is_empty());
    for picture in names {
        let bytes = std::fs::read(&picture).unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{}", picture.display());
    }

    let (status, summary) = run(root);
    assert_eq!(status, RunStatus::Succeeded);
    assert!(summary.up_to_date);
    let location = StoreLocation::find(root, None).unwrap();
    let store = OpenedStore::open(location).unwrap();
    assert_eq!(store.revisions.len(), 1, "nothing to do makes no revision");
}

#[test]
fn a_held_store_and_an_unknown_farm_are_errors_with_their_facts() {
    let folder = film::folder(DOCUMENT);
    let opened = opened(folder.path());
    let environment = SessionEnvironment::default();
    let context = SessionContext {
        environment: &environment,
        reporter: &NoopReporter,
    };
    let access = StoreAccess {
        command: "test",
        wait: false,
    };
    let location = StoreLocation::find(folder.path(), None).unwrap();
    let lock = location.lock(access, context).unwrap();
    let options = RunOptions::default();
    let held = PlannedRun::plan(&opened, &options, context).err().unwrap();
    assert!(matches!(held, SessionError::Store(_)), "{held}");
    drop(lock);
    let options = RunOptions {
        session: SessionOptions {
            farm: Some("slrum".to_owned()),
            ..SessionOptions::default()
        },
        ..RunOptions::default()
    };
    let unknown = PlannedRun::plan(&opened, &options, context).err().unwrap();
    let SessionError::UnknownFarm { name, hint } = unknown else {
        panic!("{unknown}");
    };
    assert_eq!(name, "slrum");
    assert!(hint.unwrap().contains("slurm"));
}

#[test]
fn findings_of_a_machine_profile_go_to_the_reporter() {
    let folder = film::folder(DOCUMENT);
    let opened = opened(folder.path());
    let profile = folder.path().join("machine.yaml");
    std::fs::write(&profile, "machine: {coers: 2}\n").unwrap();
    let environment = SessionEnvironment::default();
    let notices = NoticeLog::default();
    let context = SessionContext {
        environment: &environment,
        reporter: &notices,
    };
    let options = PlanOptions {
        session: SessionOptions {
            machine_profile: Some(profile.clone()),
            ..SessionOptions::default()
        },
        ..PlanOptions::default()
    };
    let refused = PlanPreview::build(&opened, &options, context)
        .err()
        .unwrap();
    assert!(
        matches!(&refused, SessionError::InvalidMachineProfile(path) if *path == profile),
        "{refused}"
    );
    let notices = notices.0.into_inner();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].starts_with("Findings"), "{}", notices[0]);
}
