//! A small made-up production with its plan, for the tests of `report`.

use super::JobIndex;
use crate::base::{Clock, Digest, FileSpan, SourceMap, Spanned};
use crate::event::{Event, JobReused, JobStarted, JobSucceeded};
use crate::execute::{JobResult, JobSuccess, PhaseEstimate, RunEstimate, RunOutcome};
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::colour_grade::Grade;
use crate::model::output::OutputFormat;
use crate::model::production::{
    AssetRef, Budget, CastRole, Character, EntryRef, Location, Output, Production, ProductionMeta,
    RenderSettings, RendererRef, Scene, Shot, ShotSubject,
};
use crate::model::retro_treatment::FitMode;
use crate::model::shot_staging::{
    FacingDirection, FramingSubject, SceneEnvironment, ShotStaging, StageMark,
};
use crate::model::{
    Artefact, AssetKind, Claim, Codec, Engine, ExecutionMode, FileStamp, FrameList, FrameRate,
    InputSlot, InputSource, Job, JobAction, JobId, JobInput, ModelMend, Phase, PixelSize,
    SceneNumber, SceneOrder,
};
use crate::plan::{DurationModel, JobSelection, Plan, PlanningContext, build_plan};
use crate::producers::{FailureClass, JobFailure};
use crate::report::plan_facts::EstimateRange;
use crate::report::report_facts::{ExpectedFacts, MachineFacts, ReportFacts, RunFacts};
use crate::store::RunHistory;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const TEXT: &str =
    "production:\n  title: The Last Tape\n  shots:\n    - name: sh010\n    - name: sh020\n";
const RATE: FrameRate = FrameRate::from_fps(24);
const SIZE: PixelSize = PixelSize::new(1280, 720);

/// A clock that moves only by `set_millis`.
#[derive(Default)]
pub(super) struct ManualClock(AtomicU64);

impl ManualClock {
    pub(super) fn set_millis(&self, millis: u64) {
        self.0.store(millis, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }

    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }
}

/// The index of the sample plan, whose run is expected to take so many seconds.
pub(super) fn sample_index(seconds: f64) -> JobIndex {
    JobIndex::from_plan(
        &sample_plan(),
        &sample_sources(),
        &DurationModel::default(),
        seconds,
    )
}

pub(super) fn sample_sources() -> SourceMap {
    let mut sources = SourceMap::default();
    sources.add_file("production.yaml", TEXT);
    sources
}

fn text_origin(needle: &str) -> FileSpan {
    let start = u32::try_from(TEXT.find(needle).unwrap()).unwrap();
    FileSpan::new(
        crate::base::FileId(0),
        start,
        start + u32::try_from(needle.len()).unwrap(),
    )
}

fn spanned_value<T>(value: T) -> Spanned<T> {
    Spanned::new(value, FileSpan::default())
}

fn sample_camera(size: ShotSize, lens_mm: f32, kind: MoveKind) -> Camera {
    let travel = CameraMove {
        kind,
        amount: 0.2,
        easing: Easing::InOut,
    };
    Camera {
        size,
        angle: CameraAngle::Eye,
        azimuth: 0.0,
        lens_mm,
        sensor_width: 36.0,
        travel,
        optics: None,
    }
}

fn studio_environment() -> SceneEnvironment {
    SceneEnvironment::Studio {
        backdrop: [0.1; 3],
        top: [1.0; 3],
        side: [0.5; 3],
    }
}

fn sample_staging() -> Arc<ShotStaging> {
    Arc::new(ShotStaging {
        model_camera: None,
        set: None,
        opened: false,
        cast: Vec::new(),
        props: Vec::new(),
        subject: FramingSubject::Place,
        environment: studio_environment(),
        key: None,
        ground: None,
        haze: None,
        camera: sample_camera(ShotSize::Wide, 24.0, MoveKind::Static),
        exposure: 0.0,
    })
}

pub(super) fn sample_format() -> OutputFormat {
    OutputFormat {
        codec: Codec::H264,
        size: SIZE,
        rate: RATE,
        fit: FitMode::Crop,
        retro: None,
        encoding: Default::default(),
    }
}

struct JobListBuilder(Vec<Job>);

impl JobListBuilder {
    fn add_job(&mut self, name: &str, phase: Phase, work: JobAction, needs: &[u32]) -> u32 {
        let inputs = needs.iter().map(|need| JobInput {
            slot: InputSlot::new(format!("in.{need}")),
            from: InputSource::Job(JobId(*need)),
        });
        let shot = ["sh010", "sh020"]
            .into_iter()
            .find(|shot| name.contains(shot));
        let place = shot.map_or_else(FileSpan::default, |shot| {
            text_origin(&format!("name: {shot}"))
        });
        self.0.push(Job {
            name: name.parse().unwrap(),
            phase,
            work,
            inputs: inputs.collect(),
            claim: Claim::default(),
            shot: shot.map(str::to_owned),
            output: matches!(phase, Phase::Export | Phase::Finalize).then(|| "web".to_owned()),
            source_size: None,
            limits: None,
            origin: place,
        });
        u32::try_from(self.0.len() - 1).unwrap()
    }

    fn add_shot(&mut self, name: &str, frames: &FrameList, _first: usize, needs: &[u32]) -> u32 {
        let mut graded = Vec::new();
        for chunk in frames.chunks(24) {
            let render = JobAction::Render {
                engine: Engine::Previz,
                staging: sample_staging(),
                frames: chunk.clone(),
                shot_frames: Arc::new(frames.clone()),
                rate: RATE,
                size: SIZE,
                samples: 16,
                noisy: false,
                passes: Arc::default(),
            };
            let rendered = self.add_job(
                &format!("render.shot/{name}/{chunk}"),
                Phase::Shots,
                render,
                needs,
            );
            let grade = JobAction::Grade {
                for_screen: false,
                hdr: None,
                grade: Arc::default(),
                frames: chunk.clone(),
            };
            graded.push(self.add_job(
                &format!("grade.frames/{name}/{chunk}"),
                Phase::PostProcess,
                grade,
                &[rendered],
            ));
        }
        let encode = JobAction::Encode {
            format: sample_format(),
            source_rate: RATE,
            source_frames: frames.len(),
            count: frames.len(),
            overlays: Arc::default(),
            trim: Default::default(),
        };
        self.add_job(
            &format!("export.encode/web/{name}"),
            Phase::Export,
            encode,
            &graded,
        )
    }
}

/// Eleven jobs: two shots of 48 and 24 frames, one output.
pub(super) fn sample_jobs() -> Vec<Job> {
    let mut jobs = JobListBuilder(Vec::new());
    let hero = jobs.add_job(
        "asset.import/hero",
        Phase::Prepare,
        JobAction::Import {
            kind: AssetKind::Model,
            mend: Default::default(),
        },
        &[],
    );
    let views = vec![("front".to_owned(), 0.0), ("side".to_owned(), 90.0)];
    let sheet = JobAction::Sheet {
        engine: Engine::Previz,
        staging: sample_staging(),
        views,
        size: SIZE,
        samples: 4,
        noisy: false,
    };
    jobs.add_job("render.sheet/Hero", Phase::Characters, sheet, &[hero]);
    let plate = JobAction::Plate {
        engine: Engine::Previz,
        staging: sample_staging(),
        size: SIZE,
        samples: 4,
        noisy: false,
    };
    jobs.add_job("render.plate/Archive", Phase::Locations, plate, &[]);
    let first_shot = jobs.add_shot("sh010", &FrameList::from_bounds(1001, 1048), 0, &[hero]);
    let second_shot = jobs.add_shot("sh020", &FrameList::from_bounds(1049, 1072), 48, &[hero]);
    let stitch = jobs.add_job(
        "export.stitch/web",
        Phase::Export,
        JobAction::Stitch {
            format: sample_format(),
            count: 72,
            sound: None,
            captions: Vec::new(),
            timecode: None,
        },
        &[first_shot, second_shot],
    );
    jobs.add_job(
        "finalize.verify/web",
        Phase::Finalize,
        JobAction::Verify {
            format: sample_format(),
            count: 72,
            sound: None,
            timecode: None,
        },
        &[stitch],
    );
    jobs.0
}

/// An estimate with arbitrary figures.
pub(super) fn sample_estimate() -> RunEstimate {
    let work = PhaseEstimate {
        phase: Phase::Shots,
        seconds: (1.0, 2.0, 3.0),
        jobs: 13,
        samples: 0,
    };
    let basis = "a rough guess".to_owned();
    RunEstimate {
        phases: vec![work],
        makespan: (1.5, 2.5, 3.5),
        costs: Default::default(),
        dirty_jobs: 13,
        reused_jobs: 0,
        basis,
    }
}

pub(super) fn sample_plan() -> Plan {
    let history = RunHistory::default();
    let pace = DurationModel::default();
    let world = PlanningContext {
        history: &history,
        has_artefact: &|_| false,
        file_digest: &|_| None,
        redact: &|_| {},
        provenance: &|_| None,
        provider: &|_| "previz 1".to_owned(),
        durations: &pace,
    };
    build_plan(sample_jobs(), &JobSelection::default(), &world).unwrap()
}

/// Everything made, but for the names given: the first failed, those after it were not started.
pub(super) fn sample_outcome(plan: &Plan, lost: &[&str]) -> RunOutcome {
    RunOutcome {
        results: plan
            .jobs()
            .map(|(id, planned)| {
                let name = planned.job.name.as_str();
                match lost.iter().position(|lost| *lost == name) {
                    Some(0) => JobResult::Failed(sample_failure()),
                    Some(_) => JobResult::Skipped {
                        because: plan.jobs().find(|(_, p)| p.job.name == lost[0]).unwrap().0,
                    },
                    None if planned.job.phase == Phase::Prepare => reused_result(name),
                    None => made_result(id, name, planned.job.work.kind().id()),
                }
            })
            .collect(),
        seconds: 94.0,
        cancelled: false,
    }
}

fn sample_failure() -> JobFailure {
    let failure = JobFailure::new(
        FailureClass::BadOutput,
        "render frame 1049: the picture is 1280x719, asked for 1280x720",
    );
    failure.with_evidence("vulkan: device lost\n\u{1b}[31mpanic\u{1b}[0m")
}

fn made_result(id: JobId, name: &str, producer: &str) -> JobResult {
    let provider = if producer.starts_with("export") {
        "ffmpeg 5.1.9"
    } else {
        "previz on llvmpipe (software)"
    };
    let seconds = 1.5 * f64::from(id.0);
    let warnings = if producer == "render.sheet" {
        vec!["the model has no clip `idle`; it stands still".to_owned()]
    } else {
        Vec::new()
    };
    JobResult::Succeeded(JobSuccess {
        digest: Digest::hash_bytes(name.as_bytes()),
        outputs: sample_outputs(name),
        provider: provider.into(),
        mode: ExecutionMode::Real,
        seconds,
        warnings,
    })
}

fn reused_result(name: &str) -> JobResult {
    let provider = "previz on llvmpipe (software)";
    JobResult::Reused(JobSuccess {
        digest: Digest::hash_bytes(name.as_bytes()),
        outputs: sample_outputs(name),
        provider: provider.into(),
        mode: ExecutionMode::Real,
        seconds: 0.2,
        warnings: Vec::new(),
    })
}

fn sample_outputs(name: &str) -> Arc<[Artefact]> {
    let stamp = FileStamp {
        size: 1_449_000,
        modified: 0,
        inode: 0,
    };
    Arc::new([Artefact {
        name: "web.mp4".to_owned(),
        digest: Digest::hash_bytes(name.as_bytes()),
        stamp,
    }])
}

pub(super) fn sample_production() -> Production {
    Production {
        meta: sample_meta(),
        root: "/films/tape".into(),
        script: Some(AssetRef {
            path: "script/tape.fountain".into(),
            origin: FileSpan::default(),
            mend: ModelMend::default(),
        }),
        style: "cinematic_teal_orange".to_owned(),
        grade: Grade::default(),
        render: sample_render_settings(),
        characters: vec![sample_character()],
        locations: vec![sample_location()],
        props: Vec::new(),
        scene_order: SceneOrder::from_numbers(&[1, 2].map(SceneNumber::from_count)),
        scenes: vec![
            sample_scene(1, "INT. ARCHIVE - NIGHT"),
            sample_scene(2, "INT. ARCHIVE - LATER"),
        ],
        shots: vec![
            sample_shot(
                "sh010",
                1,
                "establishing_wide",
                24.0,
                FrameList::from_bounds(1001, 1048),
            ),
            sample_shot(
                "sh020",
                2,
                "hero_cu",
                85.0,
                FrameList::from_bounds(1049, 1072),
            ),
        ],
        budget: Budget::default(),
        limits: Default::default(),
        workers: None,
        sound: None,
        silence: None,
        edit: Default::default(),
        titles: Default::default(),
        graphics: Vec::new(),
        exports: Vec::new(),
        captions: crate::model::captions::CaptionSettings::default(),
        beats: Vec::new(),
        ad_origin: Default::default(),
        sprites: Vec::new(),
        tile_maps: Vec::new(),
        outputs: vec![sample_output()],
        origin: FileSpan::default(),
    }
}

fn sample_meta() -> ProductionMeta {
    ProductionMeta {
        title: Some(spanned_value("The Last Tape".to_owned())),
        version: Some("1.2".to_owned()),
        author: Some("Åsa Lind & Sons".to_owned()),
        description: "An archivist finds a tape that was <never> recorded.".to_owned(),
        created: Some("2026-01-15".to_owned()),
        modified: None,
    }
}

fn sample_render_settings() -> RenderSettings {
    RenderSettings {
        engine: RendererRef {
            name: spanned_value("previz".to_owned()),
            engine: Some(Engine::Previz),
            files: Vec::new(),
        },
        tier: "final".to_owned(),
        tier_source: crate::model::TierSource::Default,
        document_tier: "final".to_owned(),
        rate: RATE,
        size: SIZE,
        size_origin: None,
        samples: 16,
        sensor_width: 36.0,
        denoise: true,
        chunk: 24,
        passes_path: spanned_value("passes".into()),
    }
}

fn sample_character() -> Character {
    Character {
        description: String::new(),
        name: spanned_value("Hero".to_owned()),
        display_name: None,
        script_name: "HERO".to_owned(),
        model: None,
        costumes: Vec::new(),
        variants: Vec::new(),
    }
}

fn sample_output() -> Output {
    Output {
        name: spanned_value("web".to_owned()),
        display_name: None,
        path: spanned_value("out/web.mp4".into()),
        entry: 0,
        shots: None,
        replace: false,
        format: sample_format(),
        sound: None,
        marks: Default::default(),
        shot_file: None,
        captions: crate::model::production::OutputCaptions::default(),
        origin: FileSpan::default(),
    }
}

fn sample_location() -> Location {
    Location {
        description: String::new(),
        name: spanned_value("Archive".to_owned()),
        display_name: None,
        set: None,
        custom_setup: None,
        described: true,
        environment: studio_environment(),
        hdri: None,
        key: None,
        ground: None,
        haze: None,
        exposure: 0.0,
        sound: Default::default(),
    }
}

fn sample_scene(number: u32, heading: &str) -> Scene {
    Scene {
        number: number.into(),
        heading: spanned_value(heading.to_owned()),
        location: Some(0),
        speakers: Vec::new(),
        speeches: Vec::new(),
    }
}

fn sample_shot(name: &str, scene: u32, template: &str, lens_mm: f32, frames: FrameList) -> Shot {
    let refer = |name: &str| EntryRef {
        name: spanned_value(name.to_owned()),
        index: Some(0),
    };
    let role = CastRole {
        character: refer("Hero"),
        mark: StageMark {
            node: None,
            position: [0.0; 3],
        },
        action: "idle".to_owned(),
        expression: None,
        action_origin: None,
        facing: FacingDirection::Front,
        speed: 0.0,
    };
    let (size, kind) = if lens_mm < 50.0 {
        (ShotSize::Wide, MoveKind::PushIn)
    } else {
        (ShotSize::CloseUp, MoveKind::Static)
    };
    Shot {
        description: String::new(),
        name: spanned_value(name.to_owned()),
        origin: text_origin(&format!("name: {name}")),
        scene: spanned_value(scene.into()),
        template: Some(spanned_value(template.to_owned())),
        automatic: false,
        camera: sample_camera(size, lens_mm, kind),
        aperture_origin: None,
        cast: vec![role],
        props: Vec::new(),
        location: Some(refer("Archive")),
        subject: ShotSubject::Character,
        frames,
        duration: None,
        range_origin: None,
        exposure: 0.0,
        engine: None,
        passes: Vec::new(),
        footage: None,
        take: None,
        limits: Default::default(),
        lines: Vec::new(),
        effects: Vec::new(),
        transition_in: None,
        transition_out: None,
        model_camera: None,
        recut: None,
    }
}

/// The events of a whole run, each with its time in milliseconds.
pub(super) fn run_events() -> Vec<(u64, Event)> {
    let plan = sample_plan();
    let mut events = Vec::new();
    for (index, (_, planned)) in (0u64..).zip(plan.in_order()) {
        let job = planned.job.name.to_string();
        let phase = planned.job.phase;
        let now = index * 2000;
        if phase == Phase::Prepare {
            events.push((
                now,
                Event::JobReused(JobReused {
                    job,
                    phase,
                    digest: Digest::hash_bytes(b""),
                    pinned: false,
                }),
            ));
            continue;
        }
        events.push((
            now,
            Event::JobStarted(JobStarted {
                job: job.clone(),
                phase,
                attempt: 1,
            }),
        ));
        events.push((
            now + 1000,
            Event::JobProgress {
                job: job.clone(),
                done: 1,
                total: planned.job.work.unit_count().max(1),
            },
        ));
        events.push((
            now + 2000,
            end_event(job, phase, planned.job.work.unit_count()),
        ));
    }
    events
}

fn end_event(job: String, phase: Phase, units: usize) -> Event {
    if job == "grade.frames/sh020/1049-1072" {
        let JobFailure {
            class,
            message,
            evidence,
            log,
        } = sample_failure();
        return Event::JobFailed {
            job,
            phase,
            class,
            message,
            evidence,
            seconds: 2.0,
            attempt: 1,
            log,
        };
    }
    if job.starts_with("export.stitch")
        || job.starts_with("finalize")
        || job == "export.encode/web/sh020"
    {
        return Event::JobSkipped {
            job,
            phase,
            because: "grade.frames/sh020/1049-1072".to_owned(),
        };
    }
    let digest = Digest::hash_bytes(job.as_bytes());
    let provider = "previz".to_owned();
    let mode = ExecutionMode::Real;
    Event::JobSucceeded(JobSucceeded {
        job,
        phase,
        digest,
        outputs: Vec::new(),
        provider,
        variety: None,
        cost: None,
        mode,
        seconds: 2.0,
        units,
        cpu: None,
        load: Default::default(),
        memory: None,
        warnings: Vec::new(),
        log: None,
    })
}

pub(super) fn sample_run_facts() -> RunFacts {
    let tools = [("ffmpeg".to_owned(), "5.1.9".to_owned())].into();
    let machine = MachineFacts {
        program: "0.1.0".to_owned(),
        system: "linux x86_64".to_owned(),
        cores: 2,
        adapter: Some("llvmpipe".to_owned()),
        software: true,
        tools,
    };
    let timestamp = |text: &str| text.parse().unwrap();
    RunFacts {
        revision: "rev-0003".to_owned(),
        document: Some(Digest::hash_bytes(TEXT.as_bytes()).hex_string()),
        started: timestamp("2026-02-03T21:04:05Z"),
        ended: timestamp("2026-02-03T21:05:39Z"),
        machine,
        expected: ExpectedFacts::from_estimate(
            EstimateRange {
                low: 60.0,
                middle: 80.0,
                high: 130.0,
            },
            212,
            94.0,
        ),
    }
}

/// The facts of a run that lost the jobs named.
pub(super) fn sample_report_facts(lost: &[&str]) -> ReportFacts {
    let plan = sample_plan();
    ReportFacts::from_run(
        &sample_production(),
        &plan,
        &sample_outcome(&plan, lost),
        &sample_sources(),
        sample_run_facts(),
    )
}
