//! Facts about pictures that a real Blender drew, compared with those of the built-in renderer.

mod blend;
mod module;
mod optics;
mod passes;

use super::{BlenderProgram, BlenderRenderer};
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::LinearImage;
use crate::media::gltf::sample::sample_cylinder;
use crate::media::picture::read_picture;
use crate::model::InputSlot;
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::machine_profile::CyclesDevice;
use crate::model::shot_staging::{
    FacingDirection, FramingSubject, GroundMaterial, KeyLight, SceneEnvironment, StageMark,
    StagedPerformer,
};
use crate::model::{
    Engine, FrameList, FrameRate, InputFile, InputFiles, JobAction, PixelSize, ShotStaging,
};
use crate::process::CallOptions;
use crate::producers::contract::{JobContext, JobFailure, ProducerOutput};
use crate::producers::render::previz::{PrevizRenderer, SceneParts};
use crate::producers::testing::program_search_path;
use std::path::Path;
use std::sync::Arc;

const SIZE: PixelSize = PixelSize::new(192, 108);

/// Finds Blender, or prints that the test is skipped.
fn blender() -> Option<BlenderProgram> {
    let cancel = CancelToken::default();
    let found = BlenderProgram::find(None, &program_search_path(), CallOptions::new(&cancel));
    crate::producers::testing::require_or_skip(found)
}

/// Opens an adapter, or prints that the test is skipped.
fn gpu() -> Option<GpuDevice> {
    crate::producers::testing::require_or_skip(GpuDevice::open(&AdapterChoice::Any))
}

/// A red cylinder that bends and walks, in a studio of even light, seen by a camera that comes
/// nearer.
fn staging() -> ShotStaging {
    ShotStaging {
        model_camera: None,
        set: None,
        opened: false,
        cast: vec![StagedPerformer {
            model: InputSlot::cast(0),
            mark: StageMark {
                node: None,
                position: [0.4, 0.0, -1.0],
            },
            facing: FacingDirection::Degrees(50.0),
            clip: "bend".to_owned(),
            clip_start: 0.3,
            travel_speed: 0.5,
        }],
        props: Vec::new(),
        subject: FramingSubject::Performer(0),
        environment: SceneEnvironment::Studio {
            backdrop: [0.3; 3],
            top: [1.0; 3],
            side: [0.6; 3],
        },
        key: Some(KeyLight {
            azimuth: 40.0,
            elevation: 40.0,
            temperature: 6500.0,
            intensity: 2.0,
            softness: 2.0,
        }),
        ground: Some(GroundMaterial {
            colour: [0.3; 3],
            roughness: 0.8,
        }),
        haze: None,
        camera: Camera {
            size: ShotSize::FullShot,
            angle: CameraAngle::High,
            azimuth: 20.0,
            lens_mm: 35.0,
            sensor_width: 24.89,
            travel: CameraMove {
                kind: MoveKind::DollyIn,
                amount: 0.3,
                easing: Easing::InOut,
            },

            optics: None,
        },
        exposure: 0.0,
    }
}

fn render(engine: Engine, frames: FrameList, samples: u32) -> JobAction {
    let of = Arc::new(FrameList::from_bounds(1, 12));
    let rate = FrameRate::from_fps(24);
    JobAction::Render {
        engine,
        staging: Arc::new(staging()),
        frames,
        shot_frames: of,
        rate,
        size: SIZE,
        samples,
        noisy: false,
        passes: Arc::default(),
    }
}

/// Draws a cylinder with the engine of the action, in a folder of its own.
fn draw(
    blender: &BlenderProgram,
    work: &JobAction,
    folder: &Path,
) -> Result<ProducerOutput, JobFailure> {
    std::fs::create_dir_all(folder).unwrap();
    let model = folder.join("model");
    std::fs::write(&model, sample_cylinder()).unwrap();
    let material = InputFile {
        name: "model.glb".to_owned(),
        path: model,
    };
    draw_from(
        blender,
        work,
        &InputFiles {
            files: [(InputSlot::cast(0), vec![material])].into(),
        },
        folder,
    )
}

fn draw_from(
    blender: &BlenderProgram,
    work: &JobAction,
    materials: &InputFiles,
    folder: &Path,
) -> Result<ProducerOutput, JobFailure> {
    let cancel = CancelToken::default();
    let assignment = JobContext {
        action: work,
        inputs: materials,
        scratch: folder,
        watch: CallOptions::new(&cancel),
        progress: &|_, _| {},
    };
    match work.engine().unwrap() {
        Engine::Previz => PrevizRenderer::new(
            &GpuDevice::open(&AdapterChoice::Any).unwrap(),
            &SceneParts::new(0),
        )
        .render_job(&assignment),
        engine => BlenderRenderer {
            blender,
            engine,
            threads: 2,
            device: None,
        }
        .render_job(&assignment),
    }
}

/// Returns where the red figure is.
fn figure(picture: &LinearImage) -> Vec<bool> {
    picture
        .pixels
        .iter()
        .map(|[red, green, _]| *red > 1.6 * *green)
        .collect()
}

/// Returns how much of two figures together both cover, from 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "small pictures")]
fn overlap(a: &[bool], b: &[bool]) -> f32 {
    let pairs = || a.iter().zip(b);
    let both = pairs().filter(|(a, b)| **a && **b).count();
    let either = pairs().filter(|(a, b)| **a || **b).count();
    both as f32 / either.max(1) as f32
}

#[test]
fn blender_frames_and_poses_the_figure_as_previz_does() {
    let Some(blender) = blender() else { return };
    if crate::producers::testing::require_or_skip(GpuDevice::open(&AdapterChoice::Any)).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let frames = FrameList::from_bounds(1, 12).chunks(6).remove(0);
    let mut figures = Vec::new();
    for engine in [Engine::Previz, Engine::Cycles, Engine::Workbench] {
        let own = folder.path().join(engine.name());
        draw(&blender, &render(engine, frames.clone(), 8), &own).unwrap();
        figures.push(
            ["0001.exr", "0006.exr"].map(|name| figure(&read_picture(&own.join(name)).unwrap())),
        );
    }
    let [previz, others @ ..] = figures.as_slice() else {
        panic!("nothing was drawn")
    };
    for other in others {
        for (ours, theirs) in previz.iter().zip(other) {
            let covered = ours.iter().filter(|inside| **inside).count();
            assert!(
                covered > 1000,
                "the figure is in the picture: {covered} pixels"
            );
            // What differs is a pixel at the edge, and where a highlight is white.
            assert!(overlap(ours, theirs) > 0.92, "{}", overlap(ours, theirs));
        }
        assert!(overlap(&other[0], &other[1]) < 0.85, "it moves");
    }
}

#[test]
fn light_is_as_strong_as_in_previz() {
    let Some(blender) = blender() else { return };
    if crate::producers::testing::require_or_skip(GpuDevice::open(&AdapterChoice::Any)).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut means = Vec::new();
    for engine in [Engine::Previz, Engine::Cycles] {
        let own = folder.path().join(engine.name());
        draw(
            &blender,
            &render(engine, FrameList::from_bounds(6, 6), 32),
            &own,
        )
        .unwrap();
        let picture = read_picture(&own.join("0006.exr")).unwrap();
        let red = picture
            .pixels
            .iter()
            .zip(figure(&picture))
            .filter(|(_, inside)| *inside)
            .map(|(p, _)| p[0]);
        let (sum, count) = red.fold((0.0, 0.0), |(sum, count), red| (sum + red, count + 1.0));
        means.push(sum / count);
    }
    let ratio = means[1] / means[0];
    assert!(
        (0.8..1.25).contains(&ratio),
        "the figure is {ratio} times as bright"
    );
}

#[test]
fn a_required_graphics_device_must_exist_and_a_preferred_one_need_not() {
    let Some(blender) = blender() else { return };
    assert_eq!(blender.select_cycles_device(CyclesDevice::Cpu), Ok(None));
    match blender.select_cycles_device(CyclesDevice::Auto).unwrap() {
        Some(kind) => assert_eq!(
            blender.select_cycles_device(CyclesDevice::Gpu),
            Ok(Some(kind))
        ),
        None => assert!(
            blender
                .select_cycles_device(CyclesDevice::Gpu)
                .unwrap_err()
                .contains("cycles_device: auto")
        ),
    }
}

#[test]
fn a_cycles_frame_is_the_same_in_every_chunk() {
    let Some(blender) = blender() else { return };
    let folder = tempfile::tempdir().unwrap();
    let bytes = |name: &str, frames: FrameList| {
        let own = folder.path().join(name);
        let mut work = render(Engine::Cycles, frames, 2);
        if let JobAction::Render { noisy, .. } = &mut work {
            *noisy = true;
        }
        let finished = draw(&blender, &work, &own).unwrap();
        assert!(
            finished.warnings.is_empty(),
            "the document wants the noise: {:?}",
            finished.warnings
        );
        std::fs::read(own.join("0004.exr")).unwrap()
    };
    assert!(
        bytes("whole", FrameList::from_bounds(3, 4))
            == bytes("alone", FrameList::from_bounds(4, 4))
    );
}

#[test]
fn a_sheet_has_every_view_and_a_warning_for_what_blender_lacks() {
    let Some(blender) = blender() else { return };
    let folder = tempfile::tempdir().unwrap();
    let views = vec![("front".to_owned(), 0.0), ("back".to_owned(), 180.0)];
    let work = JobAction::Sheet {
        engine: Engine::Cycles,
        staging: Arc::new(staging()),
        views,
        size: SIZE,
        samples: 1,
        noisy: false,
    };
    let finished = draw(&blender, &work, folder.path()).unwrap();
    let names: Vec<&str> = finished
        .outputs
        .iter()
        .map(|output| output.name.as_str())
        .collect();
    assert_eq!(names, ["front.png", "back.png", "sheet.png"]);
    assert_eq!(
        read_picture(&folder.path().join("sheet.png")).unwrap().size,
        PixelSize::new(384, 108)
    );
    let warned = finished
        .warnings
        .iter()
        .any(|warning| warning.contains("without a denoiser"));
    assert_eq!(warned, !blender.has_denoiser());
    assert!(
        finished.provider.starts_with("Blender "),
        "{}",
        finished.provider
    );
}
