//! Explanations of a plan: a finished film, one change at a time, and for every job whether it
//! would run again and why, down to the old and the new value.
//!
//! Nothing is rendered. The outputs of a job are derived from its identity, as if the store had
//! never lost a file.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use production::base::Digest;
use production::event::Event;
use production::expand::{SidecarFiles, expand_production};
use production::model::{
    Artefact, ExecutionMode, FailureClass, FileStamp, Job, JobAction, JobId, Phase,
};
use production::plan::{
    ActionIdentity, DurationModel, JobSelection, PlanningContext, build_plan, input_digests,
    job_provenance, outputs_digest,
};
use production::project::{ProjectOptions, open};
use production::report::cause::describe_causes;
use production::store::{JobRecord, Provenance, RunHistory};
use std::collections::HashMap;
use std::path::Path;

const DOCUMENT: &str = "\
production:
  title: Questions
  render_settings: {resolution: 96x54, samples: 1, frame_rate: 24, chunk_size: 4}
  characters: [{name: mara, model: mara.glb}]
  props: [{name: lantern, model: lantern.glb}]
  locations: [{name: studio, preset: studio}]
  shots:
    - {name: one, template: character_ms, character: mara, location: studio, duration: 6}
    - {name: two, template: character_cu, character: mara, location: studio, duration: 5, lens: 85}
    - {name: three, template: insert, props: [{name: lantern, mark: [0, 0, 0]}], location: studio, duration: 4}
  outputs:
    - {name: film, format: streaming_1080p, resolution: 128x72, path: out/film.mp4}
    - {name: game, format: 16bit_game, path: out/game}
";

const REUSED: &str = "made before from the same inputs, and still whole";

/// Everything besides the document that a plan depends on.
struct StoreState {
    history: RunHistory,
    provenance: HashMap<Digest, Provenance>,
    /// Name and content of a file that was edited.
    edited: &'static str,
    /// The output of this job is no longer there.
    lost: &'static str,
    renderer: &'static str,
}

impl StoreState {
    fn provider(&self, work: &JobAction) -> String {
        if work.drawing().is_some() {
            self.renderer.to_owned()
        } else {
            "itself".to_owned()
        }
    }

    fn file(&self, path: &Path) -> Digest {
        let content = if path == Path::new(self.edited) {
            "edited"
        } else {
            "as it was"
        };
        Digest::hash_bytes(format!("{} {content}", path.display()).as_bytes())
    }

    /// Records every job as made.
    fn run(&mut self, jobs: &[Job]) {
        let mut made: Vec<Digest> = Vec::new();
        for job in jobs {
            let provider = self.provider(&job.work);
            let of = |id: JobId| Some(made[id.index()]);
            let inputs = input_digests(job, of, |path| Some(self.file(path))).unwrap();
            let digest = ActionIdentity::new(&job.work, &provider).with_inputs(inputs);
            let stamp = FileStamp {
                size: 1,
                modified: 0,
                inode: 0,
            };
            let outputs = vec![Artefact {
                name: "made".to_owned(),
                digest: Digest::hash_bytes(job.name.as_str().as_bytes()),
                stamp,
            }];
            let name = |id: JobId| jobs[id.index()].name.to_string();
            let known = job_provenance(job, &provider, name, of, |path| Some(self.file(path)));
            made.push(outputs_digest(&outputs));
            self.provenance.insert(digest, known);
            let mode = ExecutionMode::Simulated;
            let units = job.work.unit_count();
            let outputs = outputs.into();
            let provider = provider.into();
            let record = JobRecord {
                outputs,
                provider,
                mode,
                seconds: 1.0,
                units,
                warnings: Vec::new(),
            };
            self.history
                .records
                .insert_made(job.name.to_string(), digest, record);
        }
    }

    /// Returns for each job why it would run or not.
    fn reasons(&self, jobs: Vec<Job>) -> Vec<(String, String)> {
        let lost = Digest::hash_bytes(self.lost.as_bytes());
        let world = PlanningContext {
            history: &self.history,
            has_artefact: &|output| output.digest != lost,
            file_digest: &|path| Some(self.file(path)),
            redact: &|_| {},
            provenance: &|identity| self.provenance.get(&identity).cloned(),
            provider: &|work| self.provider(work),
            durations: &DurationModel::default(),
        };
        let plan = build_plan(jobs, &JobSelection::default(), &world).unwrap();
        plan.jobs()
            .map(|(_, planned)| {
                (
                    planned.job.name.to_string(),
                    describe_causes(&planned.reason).join("; "),
                )
            })
            .collect()
    }
}

fn jobs(folder: &Path, document: &str) -> Vec<Job> {
    std::fs::write(folder.join("production.yaml"), document).unwrap();
    let opened = open(folder, &ProjectOptions::default()).unwrap();
    expand_production(
        &opened.checked.expect("the document is sound"),
        &SidecarFiles::new(),
    )
    .unwrap()
}

/// One change, and the expected reasons by the beginnings of job names. The first that matches
/// counts. All other jobs are reused.
struct DocumentChange {
    what: &'static str,
    document: (&'static str, &'static str),
    change_state: fn(&mut StoreState),
    reasons: &'static [(&'static str, &'static str)],
}

const fn edit(
    what: &'static str,
    document: (&'static str, &'static str),
    reasons: &'static [(&'static str, &'static str)],
) -> DocumentChange {
    DocumentChange {
        what,
        document,
        change_state: |_| {},
        reasons,
    }
}

const fn change(
    what: &'static str,
    change_state: fn(&mut StoreState),
    reasons: &'static [(&'static str, &'static str)],
) -> DocumentChange {
    DocumentChange {
        what,
        document: ("", ""),
        change_state,
        reasons,
    }
}

fn fail(state: &mut StoreState) {
    state.history.apply_event(Event::JobFailed {
        job: "render.shot/one/1001-1004".to_owned(),
        phase: Phase::Shots,
        class: FailureClass::Crash,
        message: "draw: device lost".to_owned(),
        evidence: String::new(),
        seconds: 1.0,
        attempt: 1,
        log: None,
    });
}

const CHANGES: &[DocumentChange] = &[
    edit("nothing", ("", ""), &[]),
    edit(
        "a comment",
        ("title: Questions", "title: Questions # really"),
        &[],
    ),
    edit("the title", ("title: Questions", "title: Answers"), &[]),
    edit("a shot's name", ("name: two", "name: finale"), &[]),
    edit(
        "the path of an output",
        ("path: out/film.mp4", "path: out/other.mp4"),
        &[],
    ),
    edit(
        "a lens",
        ("lens: 85", "lens: 60"),
        &[
            ("render.shot/two/", "staging.camera.lens_mm 85 → 60"),
            (
                "grade.frames/two/1001-1004",
                "render.shot/two/1001-1004 will run",
            ),
            ("grade.frames/two/", "render.shot/two/1005 will run"),
            (
                "export.encode/film/two",
                "grade.frames/two/1001-1004 will run",
            ),
            (
                "export.encode/game/two",
                "grade.frames/two/1001-1004 will run",
            ),
            ("export.stitch/film", "export.encode/film/two will run"),
            ("export.stitch/game", "export.encode/game/two will run"),
            ("finalize.verify/film", "export.encode/film/two will run"),
            ("finalize.verify/game", "export.stitch/game will run"),
        ],
    ),
    edit(
        "samples",
        ("samples: 1", "samples: 2"),
        &[
            ("render.shot/", "samples 1 → 2"),
            (
                "grade.frames/three/",
                "render.shot/three/1001-1004 will run",
            ),
            ("grade.frames/", "will run"),
            (
                "export.encode/film/one",
                "grade.frames/one/1001-1004 will run",
            ),
            ("export.", "will run"),
            ("finalize.", "will run"),
        ],
    ),
    edit(
        "the size of one output",
        ("resolution: 128x72", "resolution: 64x36"),
        &[
            (
                "export.encode/film/",
                "format.size.width 128 → 64; format.size.height 72 → 36",
            ),
            ("export.stitch/film", "format.size.width 128 → 64"),
            ("finalize.verify/film", "format.size.width 128 → 64"),
        ],
    ),
    edit(
        "the length of a shot",
        ("duration: 4", "duration: 5"),
        &[
            ("render.shot/three/1001-1004", "of 1001-1004 → 1001-1005"),
            ("render.shot/three/", "never made before"),
            (
                "grade.frames/three/1001-1004",
                "render.shot/three/1001-1004 will run",
            ),
            ("grade.frames/three/", "never made before"),
            ("export.encode/film/three", "source_frames 4 → 5"),
            ("export.encode/game/three", "source_frames 4 → 5"),
            ("export.stitch/film", "count 15 → 16"),
            ("finalize.verify/film", "count 15 → 16"),
            ("export.stitch/game", "export.encode/game/three will run"),
            ("finalize.verify/game", "export.stitch/game will run"),
        ],
    ),
    change(
        "a model",
        |state| state.edited = "mara.glb",
        &[
            ("asset.import/mara.glb", "mara.glb has other content"),
            ("render.sheet/mara", "asset.import/mara.glb will run"),
            ("render.shot/one", "asset.import/mara.glb will run"),
            ("render.shot/two", "asset.import/mara.glb will run"),
            (
                "grade.frames/one/1001-1004",
                "render.shot/one/1001-1004 will run",
            ),
            ("grade.frames/one", "render.shot/one/1005-1006 will run"),
            ("grade.frames/two", "will run"),
            ("export.encode/film/three", REUSED),
            ("export.encode/game/three", REUSED),
            ("export.", "will run"),
            ("finalize.", "will run"),
        ],
    ),
    change(
        "the renderer",
        |state| state.renderer = "previz 2",
        &[
            ("render.", "provider previz 1 → previz 2"),
            ("grade.", "will run"),
            ("export.", "will run"),
            ("finalize.", "will run"),
        ],
    ),
    change(
        "a blob that is gone",
        |state| state.lost = "grade.frames/one/1001-1004",
        &[
            (
                "grade.frames/one/1001-1004",
                "its output made is gone from the store, or damaged",
            ),
            (
                "export.encode/film/one",
                "grade.frames/one/1001-1004 will run",
            ),
            (
                "export.encode/game/one",
                "grade.frames/one/1001-1004 will run",
            ),
            ("export.stitch/", "will run"),
            ("finalize.", "will run"),
        ],
    ),
    DocumentChange {
        what: "a failure after an edit",
        document: ("duration: 6", "duration: 6, lens: 35"),
        change_state: fail,
        reasons: &[
            (
                "render.shot/one/1001-1004",
                "its latest attempt failed (crash): draw: device lost",
            ),
            ("render.shot/one/", "staging.camera.lens_mm"),
            ("grade.frames/one", "will run"),
            ("export.encode/film/one", "will run"),
            ("export.encode/game/one", "will run"),
            ("export.stitch/", "will run"),
            ("finalize.", "will run"),
        ],
    },
];

#[test]
fn every_job_has_the_reasons_of_each_change() {
    let folder = tempfile::tempdir().unwrap();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film/assets");
    std::fs::copy(assets.join("mara.glb"), folder.path().join("mara.glb")).unwrap();
    std::fs::copy(
        assets.join("lantern_lit.glb"),
        folder.path().join("lantern.glb"),
    )
    .unwrap();
    let mut reason_count = 0;
    for DocumentChange {
        what,
        document: (old, new),
        change_state,
        reasons,
    } in CHANGES
    {
        let history = RunHistory::default();
        let provenance = HashMap::new();
        let mut state = StoreState {
            history,
            provenance,
            edited: "",
            lost: "",
            renderer: "previz 1",
        };
        state.run(&jobs(folder.path(), DOCUMENT));
        change_state(&mut state);
        let document = if old.is_empty() {
            DOCUMENT.to_owned()
        } else {
            DOCUMENT.replacen(old, new, 1)
        };
        for (job, reason) in state.reasons(jobs(folder.path(), &document)) {
            let known = reasons
                .iter()
                .find(|(begins, _)| job.starts_with(begins))
                .map_or(REUSED, |known| known.1);
            assert!(
                reason.contains(known),
                "after {what}, {job}: {reason}; expected {known}"
            );
            reason_count += 1;
        }
    }
    assert!(reason_count > 100, "{reason_count}");
}
