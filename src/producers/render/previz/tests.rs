//! Facts about whole pictures, drawn on any adapter.

use super::{MadeParts, PrevizRenderer, SceneParts};
use crate::base::CancelToken;
use crate::gpu::{AdapterChoice, GpuDevice};
use crate::media::gltf::sample::{sample_boxes, sample_cylinder};
use crate::media::picture::read_picture;
use crate::model::InputSlot;
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::shot_staging::{
    FacingDirection, FramingSubject, GroundMaterial, KeyLight, SceneEnvironment, StageMark,
    StagedPerformer, StagedProp,
};
use crate::model::{
    Engine, FrameList, FrameRate, InputFile, InputFiles, JobAction, PixelSize, RenderPass,
    ShotStaging,
};
use crate::producers::contract::{FailureClass, JobContext, JobFailure, ProducerOutput};
use crate::producers::testing::require_or_skip;
use std::path::Path;
use std::sync::Arc;

mod model_features;

const SIZE: PixelSize = PixelSize::new(96, 54);

/// Opens an adapter, if there is one.
fn gpu() -> Option<GpuDevice> {
    require_or_skip(GpuDevice::open(&AdapterChoice::Any))
}

fn staging() -> ShotStaging {
    let mark = StageMark {
        node: None,
        position: [0.0; 3],
    };
    let model = InputSlot::cast(0);
    let clip = "bend".to_owned();
    ShotStaging {
        model_camera: None,
        set: None,
        opened: false,
        cast: vec![StagedPerformer {
            model,
            mark,
            facing: FacingDirection::Front,
            clip,
            clip_start: 0.0,
            travel_speed: 0.0,
        }],
        props: Vec::new(),
        subject: FramingSubject::Performer(0),
        environment: SceneEnvironment::Sky {
            zenith: [0.2, 0.4, 0.8],
            horizon: [0.6, 0.7, 0.8],
            ground: [0.2; 3],
            glow: 0.2,
            stars: 0.0,
            clouds: 0.3,
        },
        key: Some(KeyLight {
            azimuth: 40.0,
            elevation: 40.0,
            temperature: 5000.0,
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
            angle: CameraAngle::Eye,
            azimuth: 0.0,
            lens_mm: 50.0,
            sensor_width: 36.0,
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

fn materials(model: &Path) -> InputFiles {
    let material = InputFile {
        name: "model.glb".to_owned(),
        path: model.to_owned(),
    };
    InputFiles {
        files: [(InputSlot::cast(0), vec![material])].into(),
    }
}

fn perform(
    gpu: &GpuDevice,
    work: &JobAction,
    model: &Path,
    scratch: &Path,
) -> Result<ProducerOutput, JobFailure> {
    perform_with(
        &PrevizRenderer::new(gpu, &SceneParts::new(0)),
        work,
        model,
        scratch,
    )
}

fn perform_with(
    renderer: &PrevizRenderer<'_>,
    work: &JobAction,
    model: &Path,
    scratch: &Path,
) -> Result<ProducerOutput, JobFailure> {
    let materials = materials(model);
    let cancel = CancelToken::default();
    let progress = |_: usize, _: usize| {};
    renderer.render_job(&JobContext {
        action: work,
        inputs: &materials,
        scratch,
        watch: crate::process::CallOptions::new(&cancel),
        progress: &progress,
    })
}

fn render(frames: FrameList) -> JobAction {
    let staging = Arc::new(staging());
    let of = Arc::new(FrameList::from_bounds(-1, 4));
    let rate = FrameRate::from_fps(24);
    JobAction::Render {
        engine: Engine::Previz,
        staging,
        frames,
        shot_frames: of,
        rate,
        size: SIZE,
        samples: 8,
        noisy: false,
        passes: Arc::default(),
    }
}

#[test]
fn chunks_handles_and_shots_of_one_place_load_its_parts_once() {
    let Some(gpu) = gpu() else { return };
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model");
    std::fs::write(&model, sample_cylinder()).unwrap();
    let parts = SceneParts::new(64 << 20);
    let renderer = PrevizRenderer::new(&gpu, &parts);
    let mut number = 0;
    let mut draw = |work: &JobAction, with: &PrevizRenderer<'_>| {
        number += 1;
        let scratch = folder.path().join(number.to_string());
        std::fs::create_dir(&scratch).unwrap();
        perform_with(with, work, &model, &scratch).map(|_| scratch)
    };
    let made = |models, lights| MadeParts { models, lights };
    let chunk = render(FrameList::from_bounds(1, 2));
    let handle = render(FrameList::from_bounds(0, 0));
    draw(&chunk, &renderer).unwrap();
    let cached = draw(&handle, &renderer).unwrap();
    assert_eq!(parts.made(), made(1, 1), "the handle of the same shot");
    let mut other = render(FrameList::from_bounds(1, 1));
    if let JobAction::Render { staging, .. } = &mut other {
        Arc::make_mut(staging).camera.azimuth = 90.0;
    }
    draw(&other, &renderer).unwrap();
    assert_eq!(parts.made(), made(1, 1), "another shot in the same place");
    // The same bytes as with nothing cached.
    let none = SceneParts::new(0);
    let fresh = draw(&handle, &PrevizRenderer::new(&gpu, &none)).unwrap();
    let read = |folder: &Path| std::fs::read(folder.join("0000.exr")).unwrap();
    assert!(read(&cached) == read(&fresh));
    assert_eq!(none.made(), made(1, 1));
    draw(&handle, &PrevizRenderer::new(&gpu, &none)).unwrap();
    assert_eq!(none.made(), made(2, 2), "too large to be cached");
    if let JobAction::Render { staging, .. } = &mut other {
        Arc::make_mut(staging).key = None;
    }
    draw(&other, &renderer).unwrap();
    assert_eq!(parts.made(), made(1, 2), "another light");
    // A failed job leaves nothing behind that it may have spoilt.
    let missing = folder.path().join("missing");
    perform_with(&renderer, &handle, &missing, folder.path()).unwrap_err();
    draw(&handle, &renderer).unwrap();
    assert_eq!(parts.made(), made(2, 3));
    let boxes = sample_boxes(&[[[-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]]], false);
    std::fs::write(&model, boxes).unwrap();
    let _ = draw(&handle, &renderer);
    assert_eq!(parts.made(), made(3, 3), "another file at the same path");
}

#[test]
fn a_frame_is_the_same_in_every_chunk() {
    let Some(gpu) = gpu() else { return };
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model");
    std::fs::write(&model, sample_cylinder()).unwrap();
    let [whole, alone] = ["whole", "alone"].map(|name| folder.path().join(name));
    for path in [&whole, &alone] {
        std::fs::create_dir(path).unwrap();
    }
    let all = perform(&gpu, &render(FrameList::from_bounds(-1, 4)), &model, &whole).unwrap();
    perform(&gpu, &render(FrameList::from_bounds(3, 3)), &model, &alone).unwrap();
    assert_eq!(all.outputs[0].name, "-001.exr");
    assert!(
        all.provider.contains(&gpu.adapter_facts().name),
        "{}",
        all.provider
    );
    let bytes = |folder: &Path| std::fs::read(folder.join("0003.exr")).unwrap();
    assert!(bytes(&whole) == bytes(&alone));
    assert!(
        bytes(&whole) != std::fs::read(whole.join("0000.exr")).unwrap(),
        "the camera moves"
    );
}

/// Draws six frames of a prop before a camera that does not move, and returns their bytes and those
/// of their depth.
fn frames_of_a_prop(gpu: &GpuDevice, model: &[u8]) -> Vec<[Vec<u8>; 2]> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    std::fs::write(&path, model).unwrap();
    let mut still = staging();
    let mark = still.cast.pop().unwrap().mark;
    let model = InputSlot::cast(0);
    still.props.push(StagedProp { model, mark });
    still.subject = FramingSubject::Prop(0);
    still.camera.travel.kind = MoveKind::Static;
    let mut work = render(FrameList::from_bounds(-1, 4));
    if let JobAction::Render {
        staging, passes, ..
    } = &mut work
    {
        *staging = Arc::new(still);
        *passes = Arc::from([RenderPass::Depth]);
    }
    let finished = perform(gpu, &work, &path, folder.path()).unwrap();
    let files: Vec<Vec<u8>> = finished
        .outputs
        .iter()
        .map(|output| std::fs::read(&output.path).unwrap())
        .collect();
    assert_eq!(finished.outputs.len(), 12);
    files
        .chunks(2)
        .map(|pair| [pair[0].clone(), pair[1].clone()])
        .collect()
}

#[test]
fn what_does_not_move_is_one_picture_and_what_moves_is_not() {
    let Some(gpu) = gpu() else { return };
    let boxes = sample_boxes(&[[[-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]]], false);
    let still = frames_of_a_prop(&gpu, &boxes);
    assert!(still.iter().all(|frame| *frame == still[0]));
    assert!(still[0][0] != still[0][1], "a picture and its depth");
    // The cylinder bends while the camera stands.
    let moving = frames_of_a_prop(&gpu, &sample_cylinder());
    assert!(moving.windows(2).all(|pair| pair[0][0] != pair[1][0]));
}

#[test]
fn the_figure_is_in_the_middle_and_casts_a_shadow() {
    let Some(gpu) = gpu() else { return };
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model");
    std::fs::write(&model, sample_cylinder()).unwrap();
    perform(
        &gpu,
        &render(FrameList::from_bounds(4, 4)),
        &model,
        folder.path(),
    )
    .unwrap();
    let picture = read_picture(&folder.path().join("0004.exr")).unwrap();
    let at = |x: usize, y: usize| picture.pixels[y * SIZE.width as usize + x];
    let [red, green, _] = at(48, 27);
    assert!(
        red > 2.0 * green,
        "the red cylinder is in the middle: {:?}",
        at(48, 27)
    );
    let row = |y: usize| (0..SIZE.width as usize).map(move |x| at(x, y)[1]);
    let floor = row(50).fold((f32::MAX, 0.0_f32), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    assert!(
        floor.0 < 0.7 * floor.1,
        "some of the floor is in shadow: {floor:?}"
    );
    assert!(
        picture
            .pixels
            .iter()
            .flatten()
            .all(|value| value.is_finite() && *value >= 0.0)
    );
}

#[test]
fn a_sheet_has_every_view_and_all_of_them_side_by_side() {
    let Some(gpu) = gpu() else { return };
    let folder = tempfile::tempdir().unwrap();
    let model = folder.path().join("model");
    std::fs::write(&model, sample_cylinder()).unwrap();
    let views = vec![("front".to_owned(), 0.0), ("back".to_owned(), 180.0)];
    let work = JobAction::Sheet {
        engine: Engine::Previz,
        staging: Arc::new(staging()),
        views,
        size: SIZE,
        samples: 1,
        noisy: false,
    };
    let finished = perform(&gpu, &work, &model, folder.path()).unwrap();
    let names: Vec<&str> = finished
        .outputs
        .iter()
        .map(|output| output.name.as_str())
        .collect();
    assert_eq!(names, ["front.png", "back.png", "sheet.png"]);
    assert_eq!(
        read_picture(&folder.path().join("sheet.png")).unwrap().size,
        PixelSize::new(192, 54)
    );
}

/// The background of other renderers is the one that the device draws.
#[test]
fn the_background_and_its_twin_are_alike() {
    let Some(gpu) = gpu() else { return };
    let mut staging = staging();
    (staging.cast, staging.subject, staging.ground) = (Vec::new(), FramingSubject::Place, None);
    staging.environment = SceneEnvironment::Sky {
        zenith: [0.02, 0.04, 0.1],
        horizon: [0.3, 0.2, 0.15],
        ground: [0.1; 3],
        glow: 1.5,
        stars: 0.0,
        clouds: 0.5,
    };
    staging.haze = Some(crate::model::shot_staging::DistanceHaze {
        colour: [0.4, 0.4, 0.5],
        distance: 120.0,
    });
    staging.camera.angle = CameraAngle::WormsEye;
    let none = InputFiles::default();
    let parts = SceneParts::new(0);
    let studio = PrevizRenderer::new(&gpu, &parts)
        .load_scene(&staging, &none)
        .unwrap();
    let renderer = studio
        .shot_renderer(1, FrameRate::from_fps(24), SIZE, 16)
        .unwrap();
    let drawn = renderer.render_frame(&renderer.frame_state(0)).unwrap();
    let stage = crate::producers::render::scene::StagedScene::new(&staging, &none).unwrap();
    let lens = stage
        .view_shot(1, FrameRate::from_fps(24), SIZE)
        .camera_at(0);
    let twin =
        crate::gpu::CpuBackground::new(&staging.environment, stage.key_light(), staging.haze, None);
    let pairs = drawn
        .pixels
        .iter()
        .flatten()
        .zip(twin.render_view(&lens, SIZE).into_iter().flatten());
    let off = pairs
        .clone()
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    let bright = pairs.map(|(a, _)| *a).fold(0.0, f32::max);
    assert!(bright > 0.2 && off < 0.03, "up to {off} apart, of {bright}");
}

#[test]
fn a_missing_model_is_a_missing_input() {
    let Some(gpu) = gpu() else { return };
    let folder = tempfile::tempdir().unwrap();
    let failed = perform(
        &gpu,
        &render(FrameList::from_bounds(0, 0)),
        &folder.path().join("none.glb"),
        folder.path(),
    );
    assert_eq!(
        failed.err().map(|failure| failure.class),
        Some(FailureClass::MissingInput)
    );
}

/// The folder into which `scripts/fetch-test-assets` unpacks third-party models, three folders
/// above this program. None of them is in the repository.
fn third_party() -> Option<std::path::PathBuf> {
    let program = std::env::current_exe().ok()?;
    let models = program
        .ancestors()
        .nth(3)?
        .join("test-assets/usr/share/assimp/models/glTF2");
    let reason = format!(
        "find models in {}; scripts/fetch-test-assets brings them",
        models.display()
    );
    require_or_skip(models.is_dir().then_some(models).ok_or(reason))
}

#[test]
fn third_party_models_are_drawn() {
    let (Some(gpu), Some(models)) = (gpu(), third_party()) else {
        return;
    };
    for model in [
        "2CylinderEngine-glTF-Binary/2CylinderEngine.glb",
        "BoxTextured-glTF-Binary/BoxTextured.glb",
        "BoxTextured-glTF/BoxTextured.gltf",
        "simple_skin/simple_skin.gltf",
        "glTF-Sample-Models/AnimatedMorphCube-glTF/AnimatedMorphCube.gltf",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let drawn = perform(
            &gpu,
            &render(FrameList::from_bounds(0, 0)),
            &models.join(model),
            folder.path(),
        );
        assert!(drawn.is_ok(), "{model}: {:?}", drawn.err());
    }
}

#[test]
fn broken_third_party_models_fail_their_job_and_nothing_else() {
    let (Some(gpu), Some(models)) = (gpu(), third_party()) else {
        return;
    };
    for model in [
        "IndexOutOfRange/IndexOutOfRange.gltf",
        "MissingBin/BoxTextured.gltf",
        "RecursiveNodes/RecursiveNodes.gltf",
        "SchemaFailures/sceneWrongType.gltf",
        "draco/2CylinderEngine.gltf",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let drawn = perform(
            &gpu,
            &render(FrameList::from_bounds(0, 0)),
            &models.join(model),
            folder.path(),
        );
        assert!(drawn.is_err(), "{model} was drawn");
    }
}
