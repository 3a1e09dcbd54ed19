//! A small film as jobs, and runs of it that never happened, for the tests of `plan`.

use super::{
    ActionIdentity, DurationModel, JobSelection, Plan, PlanError, PlanningContext, build_plan,
    input_digests, job_provenance, outputs_digest,
};
use crate::base::{Digest, FileSpan};
use crate::model::retro_treatment::FitMode;
use crate::model::{
    Artefact, AssetKind, Claim, Codec, ExecutionMode, FileStamp, FrameList, FrameRate, InputSlot,
    InputSource, Job, JobAction, JobId, JobInput, OutputFormat, Phase, PixelSize,
};
use crate::store::{JobRecord, Provenance, RunHistory};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

const RATE: FrameRate = FrameRate::from_fps(24);

fn format() -> OutputFormat {
    OutputFormat {
        codec: Codec::H264,
        size: PixelSize::new(96, 54),
        rate: RATE,
        fit: FitMode::Crop,
        retro: None,
        encoding: Default::default(),
    }
}

fn job(name: &str, phase: Phase, work: JobAction, needs: &[(&str, u32)]) -> Job {
    let input = |(slot, id): &(&str, u32)| JobInput {
        slot: InputSlot::new(*slot),
        from: InputSource::Job(JobId(*id)),
    };
    let shot = ["one", "two"]
        .into_iter()
        .find(|shot| name.split('/').any(|part| part == *shot));
    Job {
        name: name.parse().unwrap(),
        phase,
        work,
        inputs: needs.iter().map(input).collect(),
        claim: Claim::default(),
        shot: shot.map(str::to_owned),
        output: name.contains("/film").then(|| "film".to_owned()),
        source_size: None,
        limits: None,
        origin: FileSpan::default(),
    }
}

/// Eleven jobs: a model, a shot of two chunks and one of one, one output.
pub(super) fn sample_jobs() -> Vec<Job> {
    let a = FrameList::from_bounds(1, 4);
    let b = FrameList::from_bounds(5, 8);
    vec![
        model_job(),
        // The work of a render is of no account here, only that it has frames and parameters.
        frames_job("render.shot/one/1-4", Phase::Shots, &a, ("cast.0", 0)),
        frames_job("render.shot/one/5-8", Phase::Shots, &b, ("cast.0", 0)),
        frames_job("render.shot/two/1-4", Phase::Shots, &a, ("cast.0", 0)),
        frames_job(
            "grade.frames/one/1-4",
            Phase::PostProcess,
            &a,
            ("frames", 1),
        ),
        frames_job(
            "grade.frames/one/5-8",
            Phase::PostProcess,
            &b,
            ("frames", 2),
        ),
        frames_job(
            "grade.frames/two/1-4",
            Phase::PostProcess,
            &a,
            ("frames", 3),
        ),
        job(
            "export.encode/film/one",
            Phase::Export,
            encode_work(8),
            &[("frames", 4), ("frames", 5)],
        ),
        job(
            "export.encode/film/two",
            Phase::Export,
            encode_work(4),
            &[("frames", 6)],
        ),
        job(
            "export.stitch/film",
            Phase::Export,
            stitch_work(),
            &[("segment.0", 7), ("segment.1", 8)],
        ),
        job(
            "finalize.verify/film",
            Phase::Finalize,
            verify_work(),
            &[("deliverable", 9)],
        ),
    ]
}

fn model_job() -> Job {
    let import = JobAction::Import {
        kind: AssetKind::Model,
        mend: Default::default(),
    };
    let mut model = job("asset.import/mara.glb", Phase::Prepare, import, &[]);
    model.inputs.push(JobInput {
        slot: InputSlot::file(),
        from: InputSource::File("mara.glb".into()),
    });
    model
}

fn frames_job(name: &str, phase: Phase, frames: &FrameList, needs: (&str, u32)) -> Job {
    let work = JobAction::Grade {
        grade: Default::default(),
        frames: frames.clone(),
        for_screen: false,
        hdr: None,
    };
    job(name, phase, work, &[needs])
}

fn encode_work(count: usize) -> JobAction {
    JobAction::Encode {
        format: format(),
        source_rate: RATE,
        source_frames: count,
        count,
        overlays: Default::default(),
        trim: Default::default(),
    }
}

fn stitch_work() -> JobAction {
    JobAction::Stitch {
        format: format(),
        count: 12,
        sound: None,
        captions: Vec::new(),
        timecode: None,
    }
}

fn verify_work() -> JobAction {
    JobAction::Verify {
        format: format(),
        count: 12,
        sound: None,
        timecode: None,
    }
}

/// A store that never was on a disk, and the files of a project that never were either.
#[derive(Default)]
pub(super) struct PretendStore {
    pub(super) history: RunHistory,
    pub(super) provenance: HashMap<Digest, Provenance>,
    /// Content of files that is not what it was at first.
    pub(super) files: BTreeMap<PathBuf, &'static str>,
    /// Content of outputs that is no longer in the store.
    pub(super) lost: HashSet<Digest>,
    pub(super) provider: &'static str,
}

impl PretendStore {
    fn file(&self, path: &Path) -> Digest {
        Digest::hash_bytes(
            self.files
                .get(path)
                .copied()
                .unwrap_or("as it was")
                .as_bytes(),
        )
    }

    pub(super) fn plan(&self, jobs: Vec<Job>, selection: &JobSelection) -> Result<Plan, PlanError> {
        let world = PlanningContext {
            history: &self.history,
            has_artefact: &|artefact| !self.lost.contains(&artefact.digest),
            file_digest: &|path| Some(self.file(path)),
            redact: &|_| {},
            provenance: &|identity| self.provenance.get(&identity).cloned(),
            provider: &|_| self.provider.to_owned(),
            durations: &DurationModel::default(),
        };
        build_plan(jobs, selection, &world)
    }

    /// Notes every job as made; what it made follows from its identity.
    pub(super) fn run(&mut self, jobs: &[Job]) {
        let mut contents: Vec<Digest> = Vec::new();
        // Jobs are in order: what each needs has its content by now.
        for job in jobs {
            let identity = ActionIdentity::new(&job.work, self.provider);
            let inputs = input_digests(
                job,
                |id| Some(contents[id.index()]),
                |path| Some(self.file(path)),
            )
            .unwrap();
            let digest = identity.with_inputs(inputs);
            let stamp = FileStamp {
                size: 1,
                modified: 0,
                inode: 0,
            };
            let outputs = vec![Artefact {
                name: "made".into(),
                digest: Digest::hash_bytes(digest.hex_string().as_bytes()),
                stamp,
            }];
            let name = |id: JobId| jobs[id.index()].name.to_string();
            let provenance = job_provenance(
                job,
                self.provider,
                name,
                |id| Some(contents[id.index()]),
                |path| Some(self.file(path)),
            );
            contents.push(outputs_digest(&outputs));
            self.provenance.insert(digest, provenance);
            let provider = self.provider.to_owned();
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
}
