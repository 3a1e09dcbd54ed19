//! The cost of each stage, beside a baseline for comparison in the same run. Only ratios of figures
//! mean something.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::cast_possible_truncation,
    reason = "a test or bench stops at the first surprise, and says what it passes over"
)]

use divan::Bencher;
use production::base::{Diagnostics, FileId, SourceMap};
use production::document::draft::ProductionDraft;
use production::document::{DecodeScope, InputLimits, decode_node, span_tree};
use production::library::Library;
use production::model::{InputSlot, InputSource, Job, JobInput};
use production::plan::{DurationModel, JobSelection, PlanningContext, build_plan};
use production::resolve::{DraftSource, ResolveOverrides, resolve_production};
use production::store::RunHistory;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn main() {
    divan::main();
}

/// A document of `shots` shots.
fn document(shots: usize) -> Arc<str> {
    let mut text = String::from(
        "title: Bench\ncharacters: [{name: mara, model: mara.glb}]\nlocations: [{name: pier, preset: harbour_dusk}]\noutputs: [{format: streaming_1080p}]\nshots:\n",
    );
    for shot in 0..shots {
        let _ = writeln!(
            text,
            "  - {{name: s{shot}, template: hero_cu, scene: {}, character: mara, location: pier, duration: 48, lens: 85}}",
            shot / 10 + 1
        );
    }
    text.into()
}

fn draft(text: &Arc<str>) -> ProductionDraft {
    let limits = InputLimits::default();
    let mut found = Diagnostics::default();
    let tree = span_tree::parse_yaml(FileId(0), Arc::clone(text), &limits, &mut found).unwrap();
    decode_node(
        &tree,
        tree.root().unwrap(),
        DecodeScope::default(),
        &limits,
        &mut found,
    )
    .unwrap()
}

/// Parses the span tree alone, without decoding.
#[divan::bench(args = [100, 10_000])]
fn read_tree(bencher: Bencher, shots: usize) {
    let text = document(shots);
    bencher.bench(|| {
        span_tree::parse_yaml(
            FileId(0),
            Arc::clone(&text),
            &InputLimits::default(),
            &mut Diagnostics::default(),
        )
    });
}

#[divan::bench(args = [100, 10_000])]
fn read_and_decode(bencher: Bencher, shots: usize) {
    let text = document(shots);
    bencher.bench(|| draft(&text));
}

#[divan::bench(args = [100, 10_000])]
fn resolve_shots(bencher: Bencher, shots: usize) {
    let draft = draft(&document(shots));
    let library = Library::read(
        Path::new("none"),
        &mut SourceMap::default(),
        &mut Diagnostics::default(),
    );
    bencher.bench(|| {
        let source = DraftSource {
            footage: &Default::default(),
            speech: &Default::default(),
            fonts: &Default::default(),
            recut: None,
            caption_table: None,
            root: PathBuf::new(),
            origin: Default::default(),
            screenplay: None,
        };
        resolve_production(
            &draft,
            source,
            &library,
            &ResolveOverrides::default(),
            &mut Diagnostics::default(),
        )
    });
}

/// Jobs in fans of 100, like frames of shots.
fn jobs(count: usize) -> Vec<Job> {
    use production::model::{ActionKind, AssetKind, Claim, JobAction, JobId, JobName, Phase};
    let job = |at: usize| {
        let from = if at.is_multiple_of(100) {
            InputSource::File(PathBuf::from("scene.glb"))
        } else {
            InputSource::Job(JobId((at - at % 100) as u32))
        };
        Job {
            name: JobName::new(ActionKind::Import, &[&at]),
            phase: Phase::Prepare,
            work: JobAction::Import {
                kind: AssetKind::Model,
                mend: Default::default(),
            },
            inputs: vec![JobInput {
                slot: InputSlot::file(),
                from,
            }],
            claim: Claim::default(),
            shot: None,
            limits: None,
            output: None,
            source_size: None,
            origin: Default::default(),
        }
    };
    (0..count).map(job).collect()
}

#[divan::bench(args = [1_000, 100_000])]
fn plan_jobs(bencher: Bencher, count: usize) {
    let history = RunHistory::default();
    let pace = DurationModel::default();
    let digest = production::base::Digest::hash_bytes(b"scene");
    bencher.with_inputs(|| jobs(count)).bench_values(|jobs| {
        let world = PlanningContext {
            history: &history,
            has_artefact: &|_| true,
            file_digest: &|_| Some(digest),
            redact: &|_| {},
            provenance: &|_| None,
            provider: &|_| "bench".to_owned(),
            durations: &pace,
        };
        build_plan(jobs, &JobSelection::default(), &world).unwrap()
    });
}

/// Renders one frame with the built-in renderer, and the same frame with four times the samples.
#[divan::bench(args = [4, 16], sample_count = 5, sample_size = 1)]
fn previz_frame(bencher: Bencher, samples: u32) {
    let Some(scene) = frame::Scene::new() else {
        eprintln!("SKIPPED: no graphics adapter");
        return;
    };
    bencher.bench_local(|| scene.draw(samples));
}

mod frame {
    use production::gpu::{AdapterChoice, GpuDevice};
    use production::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
    use production::model::shot_staging::{
        FacingDirection, FramingSubject, GroundMaterial, KeyLight, SceneEnvironment, StageMark,
        StagedPerformer,
    };
    use production::model::{FrameRate, InputFile, InputFiles, InputSlot, PixelSize, ShotStaging};
    use production::producers::render::previz::{PrevizRenderer, SceneParts};
    use std::path::Path;

    pub(super) struct Scene {
        gpu: GpuDevice,
        staging: ShotStaging,
        materials: InputFiles,
    }

    impl Scene {
        pub(super) fn new() -> Option<Self> {
            let gpu = GpuDevice::open(&AdapterChoice::Any).ok()?;
            let path =
                Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/short_film/assets/mara.glb");
            let mut materials = InputFiles::default();
            materials.files.insert(
                InputSlot::cast(0),
                vec![InputFile {
                    name: "asset".into(),
                    path,
                }],
            );
            Some(Self {
                gpu,
                staging: staging(),
                materials,
            })
        }

        pub(super) fn draw(&self, samples: u32) {
            let parts = SceneParts::new(0);
            let stage = PrevizRenderer::new(&self.gpu, &parts)
                .load_scene(&self.staging, &self.materials)
                .unwrap();
            let shoot = stage
                .shot_renderer(
                    24,
                    FrameRate::from_fps(24),
                    PixelSize::new(960, 540),
                    samples,
                )
                .unwrap();
            let state = shoot.frame_state(12);
            divan::black_box(shoot.render_frame(&state).unwrap());
        }
    }

    fn staging() -> ShotStaging {
        let mark = StageMark {
            node: None,
            position: [0.0; 3],
        };
        let performer = StagedPerformer {
            model: InputSlot::cast(0),
            mark,
            facing: FacingDirection::Front,
            clip: "talk".into(),
            clip_start: 0.0,
            travel_speed: 0.0,
        };
        let travel = CameraMove {
            kind: MoveKind::Static,
            amount: 0.0,
            easing: Easing::Linear,
        };
        ShotStaging {
            set: None,
            opened: false,
            cast: vec![performer],
            props: Vec::new(),
            subject: FramingSubject::Performer(0),
            environment: SceneEnvironment::Studio {
                backdrop: [0.3; 3],
                top: [1.0; 3],
                side: [0.5; 3],
            },
            key: Some(KeyLight {
                azimuth: 40.0,
                elevation: 40.0,
                temperature: 5400.0,
                intensity: 2.0,
                softness: 5.0,
            }),
            ground: Some(GroundMaterial {
                colour: [0.3; 3],
                roughness: 0.8,
            }),
            haze: None,
            model_camera: None,
            camera: Camera {
                size: ShotSize::Medium,
                angle: CameraAngle::Eye,
                azimuth: 0.0,
                lens_mm: 50.0,
                sensor_width: 24.89,
                travel,
                optics: None,
            },
            exposure: 0.0,
        }
    }
}
