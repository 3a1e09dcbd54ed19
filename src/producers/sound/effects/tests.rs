//! Steps of the example's models, placed effects, beds, and what is checked of outputs.

use super::shot_contacts::{StepContact, shot_contacts};
use super::step_record::StepList;
use super::{EffectsProducer, effects_check};
use crate::media::gltf::GltfModel;
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::shot_staging::{
    FacingDirection, FramingSubject, SceneEnvironment, ShotStaging, StageMark, StagedPerformer,
};
use crate::model::sound::{
    AmbienceWork, EffectEvent, EffectsWork, RoomKind, StepSurface, sample_at_frame,
};
use crate::model::{FrameList, FrameRate, InputFile, InputFiles, InputSlot, JobAction, PixelSize};
use crate::producers::contract::{FailureClass, JobFailure, JobProducer, ProducerOutput};
use crate::producers::render::scene::StagedScene;
use crate::producers::testing::TestBench;
use crate::sound::{SoundBuffer, WavFormat, read_wav, write_wav};
use glam::Vec3;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const RATE: u32 = 48_000;
const SIZE: PixelSize = PixelSize {
    width: 1920,
    height: 1080,
};
const FRAMES: u32 = 60;

fn example_model(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples/short_film/assets")
        .join(name)
}

fn performer(index: usize, clip: &str, x: f32, speed: f32) -> StagedPerformer {
    StagedPerformer {
        model: InputSlot::cast(index),
        mark: StageMark {
            node: None,
            position: [x, 0.0, 0.0],
        },
        facing: FacingDirection::Front,
        clip: clip.to_owned(),
        clip_start: 0.0,
        travel_speed: speed,
    }
}

/// Returns a wide shot of these figures in a studio, from the front.
fn staging(cast: Vec<StagedPerformer>) -> ShotStaging {
    ShotStaging {
        model_camera: None,
        set: None,
        opened: false,
        cast,
        props: Vec::new(),
        subject: FramingSubject::Everyone,
        environment: SceneEnvironment::Studio {
            backdrop: [0.2; 3],
            top: [1.0; 3],
            side: [1.0; 3],
        },
        key: None,
        ground: None,
        haze: None,
        camera: Camera {
            size: ShotSize::FullShot,
            angle: CameraAngle::Eye,
            azimuth: 0.0,
            lens_mm: 35.0,
            sensor_width: 36.0,
            travel: CameraMove {
                kind: MoveKind::Static,
                amount: 0.0,
                easing: Easing::Linear,
            },
            optics: None,
        },
        exposure: 0.0,
    }
}

fn shot_work(cast: Vec<StagedPerformer>) -> EffectsWork {
    let rate = FrameRate::from_fps(24);
    EffectsWork {
        staging: Arc::new(staging(cast)),
        frames: Arc::new(FrameList::count_from(1001, FRAMES)),
        rate,
        size: SIZE,
        sample_rate: RATE,
        length: sample_at_frame(FRAMES as usize, rate, RATE),
        footsteps: true,
        surface: Some(StepSurface::Wood),
        room: RoomKind::Outdoors,
        events: Vec::new(),
        seed: 5,
    }
}

/// Returns the inputs of a cast of this model.
fn cast_inputs(model: &Path, count: usize) -> InputFiles {
    let mut inputs = InputFiles::default();
    for index in 0..count {
        let name = "model.glb".to_owned();
        let path = model.to_owned();
        inputs
            .files
            .insert(InputSlot::cast(index), vec![InputFile { name, path }]);
    }
    inputs
}

fn contacts(work: &EffectsWork, inputs: &InputFiles) -> Vec<StepContact> {
    let scene = StagedScene::without_pictures(&work.staging, inputs).unwrap();
    let view = scene.view_shot(work.frames.len(), work.rate, work.size);
    shot_contacts(&view, work.length as f32 / work.sample_rate as f32)
}

/// Makes effects or ambience, and checks them as the executor does.
fn run(
    bench: &TestBench,
    action: &JobAction,
    inputs: &InputFiles,
) -> Result<ProducerOutput, JobFailure> {
    bench.run_job(action, inputs, |context| {
        let made = EffectsProducer.run_job(context)?;
        EffectsProducer.check_outputs(context, &made.outputs)?;
        Ok(made)
    })
}

fn made_sound(made: &ProducerOutput) -> SoundBuffer {
    read_wav(&made.outputs[0].path).unwrap()
}

fn made_steps(made: &ProducerOutput) -> StepList {
    serde_json::from_slice(&std::fs::read(&made.outputs[1].path).unwrap()).unwrap()
}

/// Returns the lowest vertex that follows the foot, over a walk, by posing the whole model: the
/// way of the renderer.
fn drawn_sole(model: &GltfModel, foot: &str, toe: &str, seconds: f32) -> f32 {
    let pose = model.pose_at(Some("walk"), seconds);
    let mut lowest = f32::INFINITY;
    for (node, mesh) in model.drawn_meshes() {
        let skin = &model.skins[model.nodes[node].skin.unwrap()];
        for part in &model.meshes[mesh].primitives {
            let places = model.vertex_positions(&pose, node, part);
            for (vertex, place) in places.enumerate() {
                let names = part.joints[vertex]
                    .iter()
                    .map(|joint| model.nodes[skin.joints[*joint as usize]].name.as_str());
                let share: f32 = names
                    .zip(part.weights[vertex])
                    .filter(|(name, _)| *name == foot || *name == toe)
                    .map(|(_, weight)| weight)
                    .sum();
                if share > 0.5 {
                    lowest = lowest.min(place.y);
                }
            }
        }
    }
    lowest
}

#[test]
fn steps_sound_in_the_frame_in_which_the_drawn_foot_comes_down() {
    let path = example_model("mara.glb");
    let model = GltfModel::load_shape(&path).unwrap();
    let work = shot_work(vec![performer(0, "walk", 0.0, 1.1)]);
    let found = contacts(&work, &cast_inputs(&path, 1));
    // The feet of the model step twice a second.
    assert!((4..=6).contains(&found.len()), "{found:?}");
    // The renderer raises the figure by its lowest point in the first frame.
    let bounds = model.bounds_in_pose(&model.pose_at(Some("walk"), 0.0));
    let lift = -bounds.min.y;
    for side in ["l", "r"] {
        let foot = format!("foot_{side}");
        let toe = format!("toe_{side}");
        // Every fiftieth of a second of a turn of the clip; down is under a centimetre.
        let is_down: Vec<bool> = (0..50)
            .map(|step| drawn_sole(&model, &foot, &toe, step as f32 / 50.0) + lift < 0.01)
            .collect();
        let lands: Vec<usize> = (0..50)
            .filter(|step| is_down[*step] && !is_down[(*step + 49) % 50])
            .collect();
        assert_eq!(lands.len(), 1, "{side}: {lands:?}");
        let expected = lands[0] as f32 / 50.0;
        let steps: Vec<f32> = found
            .iter()
            .filter(|contact| contact.foot == foot)
            .map(|contact| contact.seconds)
            .collect();
        assert!(steps.len() >= 2, "{side}");
        for seconds in steps {
            let away = (seconds - expected + 0.5).rem_euclid(1.0) - 0.5;
            assert!(
                away.abs() < 1.0 / 24.0,
                "{side}: {seconds}, drawn at {expected}"
            );
        }
    }
}

#[test]
fn a_foot_stands_still_in_the_world_after_its_step() {
    let path = example_model("mara.glb");
    let work = shot_work(vec![performer(0, "walk", 0.0, 1.1)]);
    let inputs = cast_inputs(&path, 1);
    let scene = StagedScene::without_pictures(&work.staging, &inputs).unwrap();
    let view = scene.view_shot(work.frames.len(), work.rate, work.size);
    let model = GltfModel::load_shape(&path).unwrap();
    let speed_at = |foot: &str, seconds: f32| {
        let place = |seconds: f32| {
            let instance = view.performer_at(0, seconds);
            let pose = model.pose_at(instance.clip, instance.seconds);
            let node = model
                .nodes
                .iter()
                .position(|node| node.name == foot)
                .unwrap();
            instance
                .root
                .transform_point3(pose.globals[node].w_axis.truncate())
        };
        (place(seconds + 0.01) - place(seconds))
            .with_y(0.0)
            .length()
            / 0.01
    };
    for contact in contacts(&work, &inputs) {
        // A swinging foot moves at more than two metres a second; one on the floor hardly does.
        assert!(
            speed_at(&contact.foot, contact.seconds + 0.05) < 0.4,
            "{contact:?}"
        );
        assert!(
            speed_at(&contact.foot, contact.seconds - 0.15) > 1.0,
            "{contact:?}"
        );
        assert!(contact.place.y.abs() < 0.03, "{contact:?}");
    }
}

#[test]
fn a_clip_that_begins_later_steps_earlier() {
    let path = example_model("mara.glb");
    let inputs = cast_inputs(&path, 1);
    let plain = contacts(&shot_work(vec![performer(0, "walk", 0.0, 1.1)]), &inputs);
    let shifted = StagedPerformer {
        clip_start: 0.25,
        ..performer(0, "walk", 0.0, 1.1)
    };
    let shifted = contacts(&shot_work(vec![shifted]), &inputs);
    let later: Vec<f32> = plain
        .iter()
        .map(|contact| contact.seconds - 0.25)
        .filter(|seconds| *seconds >= 0.0)
        .collect();
    for (contact, expected) in shifted.iter().zip(later) {
        assert!(
            (contact.seconds - expected).abs() < 0.006,
            "{contact:?} {expected}"
        );
    }
}

#[test]
#[expect(clippy::cast_possible_truncation, reason = "seconds of a short shot")]
fn steps_are_on_the_side_of_the_picture_on_which_the_figure_is() {
    let path = example_model("mara.glb");
    let cast = vec![
        performer(0, "walk", -1.2, 0.5),
        performer(1, "walk", 1.2, 0.5),
    ];
    let work = shot_work(cast);
    let inputs = cast_inputs(&path, 2);
    let scene = StagedScene::without_pictures(&work.staging, &inputs).unwrap();
    let view = scene.view_shot(work.frames.len(), work.rate, work.size);
    let bench = TestBench::new();
    let made = run(&bench, &JobAction::Effects(work), &inputs).unwrap();
    let steps = made_steps(&made).contacts;
    for figure in 0..2 {
        let own = steps.iter().filter(|step| step.figure == figure);
        let mut count = 0;
        for step in own {
            count += 1;
            let index = i64::from(step.frame - 1001);
            let camera = view.camera_at(index);
            let root = view.performer_at(figure, step.seconds as f32).root;
            let across = (root.w_axis.truncate() - camera.eye).dot(camera.right);
            assert!(step.pan * f64::from(across) > 0.0, "{step:?} at {across}");
            assert!(step.pan.abs() > 0.1, "{step:?}");
        }
        assert!(count >= 3, "{count} steps of figure {figure}");
    }
    // The loudest channel of the first step is that of its side.
    let sound = made_sound(&made);
    for step in &steps {
        let start = usize::try_from(step.sample).unwrap();
        let power = |side: usize| {
            let channel = &sound.channels()[side];
            let end = (start + 2000).min(channel.len());
            channel[start..end].iter().map(|s| s * s).sum::<f32>()
        };
        let louder_left = power(0) > power(1);
        let alone = steps.iter().all(|other| {
            other.figure == step.figure || other.sample.abs_diff(step.sample) > 20_000
        });
        assert!(!alone || louder_left == (step.pan < 0.0), "{step:?}");
    }
}

#[test]
fn sound_and_picture_of_a_step_are_within_one_frame() {
    let path = example_model("mara.glb");
    let bench = TestBench::new();
    let work = shot_work(vec![performer(0, "walk", 0.0, 1.1)]);
    let made = run(
        &bench,
        &JobAction::Effects(work.clone()),
        &cast_inputs(&path, 1),
    )
    .unwrap();
    let sound = made_sound(&made);
    let steps = made_steps(&made).contacts;
    assert!(steps.len() >= 4);
    let left = &sound.channels()[0];
    let frame = RATE as usize / 24;
    for step in &steps {
        let shown = usize::try_from(step.frame - 1001).unwrap();
        let sample = usize::try_from(step.sample).unwrap();
        assert!(sample / frame == shown, "{step:?}");
        let power = |range: std::ops::Range<usize>| left[range].iter().map(|s| s * s).sum::<f32>();
        let before = power(sample.saturating_sub(400)..sample);
        let after = power(sample..(sample + 400).min(left.len()));
        assert!(
            after > 20.0 * before.max(1e-12),
            "{step:?}: {before} {after}"
        );
    }
}

#[test]
fn figures_that_stand_or_have_no_feet_step_as_is_stated() {
    let mara = example_model("mara.glb");
    let idle = shot_work(vec![performer(0, "idle", 0.0, 0.0)]);
    assert_eq!(contacts(&idle, &cast_inputs(&mara, 1)), []);
    let crate_model = example_model("crate.glb");
    let slides = shot_work(vec![performer(0, "walk", 0.0, 1.1)]);
    let found = contacts(&slides, &cast_inputs(&crate_model, 1));
    // 0.625 m a step at 1.1 m/s: 4.4 steps in 2.5 s.
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(found.windows(2).all(|pair| pair[0].foot != pair[1].foot));
    let gap = found[1].seconds - found[0].seconds;
    assert!((gap - 0.625 / 1.1).abs() < 0.01, "{gap}");
    let stands = shot_work(vec![performer(0, "walk", 0.0, 0.0)]);
    assert_eq!(contacts(&stands, &cast_inputs(&crate_model, 1)), []);
    let odd = shot_work(vec![performer(0, "walk", 0.0, f32::NAN)]);
    assert_eq!(contacts(&odd, &cast_inputs(&crate_model, 1)), []);
}

#[test]
fn points_of_a_sole_are_as_low_as_the_drawn_foot() {
    let model = GltfModel::load_shape(&example_model("mara.glb")).unwrap();
    let feet = model.find_feet();
    let names: Vec<&str> = feet.iter().map(|foot| foot.name.as_str()).collect();
    assert_eq!(names, ["foot_l", "foot_r"]);
    let pose = model.node_pose(Some("walk"), &feet[0].nodes);
    for step in 0..10 {
        let seconds = step as f32 / 10.0;
        let lowest = feet[0].lowest_point(&pose.matrices_at(seconds)).y;
        let drawn = drawn_sole(&model, "foot_l", "toe_l", seconds);
        assert!(
            (lowest - drawn).abs() < 0.005,
            "{seconds}: {lowest} for {drawn}"
        );
    }
}

fn event(name: &str, start: u64, pan: Option<f32>) -> EffectEvent {
    EffectEvent {
        name: Some(name.to_owned()),
        slot: None,
        start,
        gain: 0.0,
        pan,
    }
}

#[test]
fn a_named_effect_sounds_at_its_sample_and_side() {
    let bench = TestBench::new();
    let work = EffectsWork {
        events: vec![
            event("knock", 10_000, Some(-1.0)),
            event("click", 80_000, Some(1.0)),
        ],
        footsteps: false,
        ..shot_work(Vec::new())
    };
    let action = JobAction::Effects(work.clone());
    let made = run(&bench, &action, &InputFiles::default()).unwrap();
    let sound = made_sound(&made);
    assert_eq!(sound.length() as u64, work.length);
    assert_eq!(made_steps(&made), StepList::default());
    let [left, right] = [&sound.channels()[0], &sound.channels()[1]];
    let first = |channel: &[f32]| channel.iter().position(|s| s.abs() > 0.003).unwrap();
    assert!((10_000..10_200).contains(&first(left)), "{}", first(left));
    assert!((80_000..80_200).contains(&first(right)), "{}", first(right));
}

#[test]
fn a_hall_rings_longer_than_the_shot_and_the_same_work_gives_the_same_bytes() {
    let bench = TestBench::new();
    let work = EffectsWork {
        events: vec![event("door_slam", 33_000, None)],
        room: RoomKind::Hall,
        sample_rate: 16_000,
        length: sample_at_frame(FRAMES as usize, FrameRate::from_fps(24), 16_000),
        ..shot_work(vec![performer(0, "walk", 0.0, 1.1)])
    };
    let inputs = cast_inputs(&example_model("mara.glb"), 1);
    let action = JobAction::Effects(work.clone());
    let made = run(&bench, &action, &inputs).unwrap();
    assert!(made_sound(&made).length() as u64 > work.length + 16_000);
    let again = run(&bench, &action, &inputs).unwrap();
    for (one, other) in made.outputs.iter().zip(&again.outputs) {
        let bytes = std::fs::read(&one.path).unwrap();
        assert_eq!(bytes, std::fs::read(&other.path).unwrap(), "{}", one.name);
    }
}

#[test]
fn files_of_the_user_are_resampled_and_looped() {
    let bench = TestBench::new();
    let path = bench.folder_path().join("noise.wav");
    let mut random = crate::base::seeded_random::SeededRandom::new(3);
    let samples = (0..30_000).map(|_| random.next_signed() * 0.5).collect();
    write_wav(&path, &SoundBuffer::mono(samples, 22_050), WavFormat::Pcm24).unwrap();
    let file = InputFile {
        name: "noise.wav".to_owned(),
        path,
    };
    let inputs = TestBench::input_files([("file", vec![file.clone()]), ("effect.0", vec![file])]);
    let ambience = AmbienceWork {
        name: None,
        seed: 1,
        sample_rate: RATE,
        length: 200_001,
    };
    let made = run(&bench, &JobAction::Ambience(ambience), &inputs).unwrap();
    let bed = made_sound(&made);
    assert_eq!(bed.length(), 200_001);
    assert!(
        bed.channels()[1]
            .chunks(9_000)
            .all(|part| part.iter().any(|s| s.abs() > 1e-3))
    );
    let work = EffectsWork {
        events: vec![EffectEvent {
            name: None,
            slot: Some(InputSlot::new("effect.0")),
            ..event("", 60_000, Some(0.0))
        }],
        ..shot_work(Vec::new())
    };
    let made = run(&bench, &JobAction::Effects(work), &inputs).unwrap();
    let sound = made_sound(&made);
    let left = &sound.channels()[0];
    assert!(left[..59_900].iter().all(|s| s.abs() < 1e-3));
    // 30,000 samples at 22,050 Hz are 65,306 at 48,000.
    let last = left.iter().rposition(|s| s.abs() > 1e-3).unwrap();
    assert!(last.abs_diff(125_306) < 300, "{last}");
}

#[test]
fn effects_that_cannot_be_made_say_why() {
    let bench = TestBench::new();
    let mut wrong = EffectsWork {
        events: vec![event("trumpet", 0, Some(0.0))],
        ..shot_work(Vec::new())
    };
    let fail = |work: &EffectsWork| {
        let action = JobAction::Effects(work.clone());
        run(&bench, &action, &InputFiles::default()).unwrap_err()
    };
    assert!(fail(&wrong).message.contains("`trumpet`"));
    wrong.events[0].name = None;
    assert!(fail(&wrong).message.contains("no name and no file"));
    wrong.events[0].slot = Some(InputSlot::new("effect.0"));
    assert!(fail(&wrong).message.contains("`effect.0`"));
    assert_eq!(fail(&wrong).class, FailureClass::MissingInput);
    let bed = AmbienceWork {
        name: Some("nowhere".to_owned()),
        seed: 1,
        sample_rate: RATE,
        length: 10,
    };
    let failure = run(&bench, &JobAction::Ambience(bed), &InputFiles::default());
    assert!(failure.unwrap_err().message.contains("`nowhere`"));
}

#[test]
fn outputs_with_a_fault_are_found() {
    let bench = TestBench::new();
    let work = EffectsWork {
        events: vec![event("knock", 1000, Some(0.0))],
        ..shot_work(vec![performer(0, "walk", 0.0, 1.1)])
    };
    let inputs = cast_inputs(&example_model("mara.glb"), 1);
    let made = run(&bench, &JobAction::Effects(work.clone()), &inputs).unwrap();
    let sound_path = &made.outputs[0].path;
    let steps_path = &made.outputs[1].path;
    let good = made_sound(&made);
    let check = || effects_check::check_effects(&work, &made.outputs).map_err(|f| f.message);
    let spoil = |spoil: &dyn Fn(&mut SoundBuffer)| {
        let mut sound = good.clone();
        spoil(&mut sound);
        write_wav(sound_path, &sound, WavFormat::Float32).unwrap();
        check().unwrap_err()
    };
    assert!(spoil(&|sound| sound.set_length(500)).contains("at least"));
    assert!(spoil(&|sound| sound.scale(0.0)).contains("silent"));
    assert!(spoil(&|sound| sound.scale(f32::NAN)).contains("not a number"));
    let mono = SoundBuffer::mono(good.channels()[0].clone(), RATE);
    write_wav(sound_path, &mono, WavFormat::Float32).unwrap();
    assert!(check().unwrap_err().contains("1 channels"));
    write_wav(sound_path, &good, WavFormat::Float32).unwrap();
    assert_eq!(check(), Ok(()));
    let mut steps = made_steps(&made);
    steps.contacts.reverse();
    std::fs::write(steps_path, serde_json::to_vec(&steps).unwrap()).unwrap();
    assert!(check().unwrap_err().contains("order"));
    steps.contacts.reverse();
    steps.contacts.last_mut().unwrap().sample = work.length;
    std::fs::write(steps_path, serde_json::to_vec(&steps).unwrap()).unwrap();
    assert!(check().unwrap_err().contains("not in it"));
    std::fs::write(steps_path, b"{").unwrap();
    assert!(check().unwrap_err().contains("read"));
    std::fs::write(sound_path, b"RIFF").unwrap();
    assert!(check().unwrap_err().contains("read"));
}

#[test]
fn a_step_is_where_the_foot_is() {
    let path = example_model("mara.glb");
    let work = shot_work(vec![performer(0, "walk", 2.0, 1.1)]);
    let found = contacts(&work, &cast_inputs(&path, 1));
    for contact in &found {
        // She walks along z to her mark, and her feet are beside her way.
        let way = Vec3::new(2.0, 0.0, 0.0);
        let beside = contact.place - way;
        assert!(beside.x.abs() < 0.25 && beside.z < 0.8, "{contact:?}");
        let expected = if contact.foot == "foot_l" { 1.0 } else { -1.0 };
        assert!(beside.x * expected > 0.0, "{contact:?}");
    }
}
