//! Where the camera is when it frames a thing: outside of it, and far enough to show all of it.

mod dialogue_line;

use super::{ShotView, StagedScene};
use crate::gpu::ViewCamera;
use crate::media::gltf::BoundingBox;
use crate::media::gltf::sample::{cylinder_buffer, cylinder_document, encode_glb, sample_boxes};
use crate::model::camera::{Camera, CameraAngle, CameraMove, Easing, MoveKind, ShotSize};
use crate::model::shot_staging::{
    FramingSubject, ModelCamera, SceneEnvironment, ShotStaging, StageMark, StagedProp,
};
use crate::model::{FrameRate, InputFile, InputFiles, InputSlot, PixelSize};
use glam::{Vec2, Vec3};

const ALL_SIZES: [ShotSize; 8] = [
    ShotSize::ExtremeCloseUp,
    ShotSize::CloseUp,
    ShotSize::MediumCloseUp,
    ShotSize::Medium,
    ShotSize::MediumFull,
    ShotSize::FullShot,
    ShotSize::Wide,
    ShotSize::ExtremeWide,
];

/// Boxes by their corners, and how they are seen.
struct ThingShot {
    /// The boxes of each prop; the first prop is framed.
    props: Vec<Vec<[[f32; 3]; 2]>>,
    set: Option<Vec<[[f32; 3]; 2]>>,
    double_sided: bool,
    camera: Camera,
}

impl ThingShot {
    fn of_box(low: [f32; 3], high: [f32; 3]) -> Self {
        Self {
            props: vec![vec![[low, high]]],
            set: None,
            double_sided: true,
            camera: Camera {
                size: ShotSize::FullShot,
                angle: CameraAngle::Eye,
                azimuth: 0.0,
                lens_mm: 50.0,
                sensor_width: 36.0,
                travel: CameraMove {
                    kind: MoveKind::Static,
                    amount: 0.0,
                    easing: Easing::Linear,
                },
                optics: None,
            },
        }
    }

    fn bounds(&self) -> BoundingBox {
        let boxes = self.props.first().or(self.set.as_ref()).unwrap();
        BoundingBox::from_points(boxes.iter().flatten().map(|corner| Vec3::from(*corner)))
    }

    /// Calls `act` with the view of a shot of 25 frames of 160x120.
    fn view<T>(&self, act: impl FnOnce(&ShotView<'_>) -> T) -> T {
        let folder = tempfile::tempdir().unwrap();
        let mut inputs = InputFiles::default();
        let mut add = |slot: InputSlot, boxes: &[[[f32; 3]; 2]]| {
            let path = folder.path().join(slot.to_string());
            std::fs::write(&path, sample_boxes(boxes, self.double_sided)).unwrap();
            let name = "model.glb".to_owned();
            inputs
                .files
                .insert(slot.clone(), vec![InputFile { name, path }]);
            slot
        };
        let set = self.set.as_ref().map(|boxes| add(InputSlot::set(), boxes));
        let mark = || StageMark {
            node: None,
            position: [0.0; 3],
        };
        let props = self
            .props
            .iter()
            .enumerate()
            .map(|(index, boxes)| StagedProp {
                model: add(InputSlot::prop(index), boxes),
                mark: mark(),
            });
        let props: Vec<StagedProp> = props.collect();
        let staging = ShotStaging {
            model_camera: None,
            set,
            opened: false,
            cast: Vec::new(),
            subject: if props.is_empty() {
                FramingSubject::Place
            } else {
                FramingSubject::Prop(0)
            },
            props,
            environment: SceneEnvironment::Studio {
                backdrop: [0.2; 3],
                top: [1.0; 3],
                side: [1.0; 3],
            },
            key: None,
            ground: None,
            haze: None,
            camera: self.camera,
            exposure: 0.0,
        };
        let scene = StagedScene::new(&staging, &inputs).unwrap();
        act(&scene.view_shot(25, FrameRate::from_fps(24), PixelSize::new(160, 120)))
    }
}

/// Returns where a place is in the picture, -1 to 1, or `None` if it is behind the camera.
fn seen(lens: &ViewCamera, place: Vec3) -> Option<Vec2> {
    let to = place - lens.eye;
    let depth = to.dot(lens.forward);
    (depth > lens.near)
        .then(|| Vec2::new(to.dot(lens.right), to.dot(lens.up)) / depth / lens.tangents)
}

fn shows_all_of(lens: &ViewCamera, bounds: &BoundingBox) -> bool {
    bounds
        .corners()
        .into_iter()
        .all(|corner| seen(lens, corner).is_some_and(|at| at.abs().max_element() < 1.0))
}

#[test]
fn a_double_sided_thing_is_seen_as_a_single_sided_one_is() {
    let mut shot = ThingShot::of_box([-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]);
    // A thing in a glass, and one of several bodies.
    for boxes in [
        vec![[[-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]]],
        vec![
            [[-0.2, 0.3, -0.2], [0.2, 0.7, 0.2]],
            [[-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]],
        ],
        vec![
            [[-0.9, 0.0, -0.3], [-0.4, 0.5, 0.3]],
            [[0.4, 0.0, -0.3], [0.9, 0.5, 0.3]],
            [[-0.1, 0.0, 0.5], [0.1, 0.9, 0.8]],
        ],
    ] {
        shot.props = vec![boxes];
        let eyes = [false, true].map(|double_sided| {
            shot.double_sided = double_sided;
            shot.view(|view| {
                let lens = view.camera_at(0);
                assert_eq!(view.warnings(), Vec::<String>::new());
                assert!(shows_all_of(&lens, &shot.bounds()), "{lens:?}");
                lens.eye
            })
        });
        assert_eq!(eyes[0], eyes[1]);
    }
}

#[test]
fn no_size_angle_or_lens_puts_the_camera_into_the_thing() {
    use CameraAngle::{BirdsEye, Dutch, Eye, High, Low, WormsEye};
    // A cube, a train, a tower and a plate.
    for high in [
        [0.5, 1.0, 0.5],
        [1.5, 3.0, 10.0],
        [0.5, 20.0, 0.5],
        [3.0, 0.05, 2.0],
    ] {
        let mut shot = ThingShot::of_box([-high[0], 0.0, -high[2]], high);
        for size in ALL_SIZES {
            for angle in [Eye, High, Low, Dutch, BirdsEye, WormsEye] {
                for lens_mm in [12.0, 50.0] {
                    for azimuth in [0.0, 35.0, 90.0] {
                        shot.camera.size = size;
                        shot.camera.angle = angle;
                        shot.camera.lens_mm = lens_mm;
                        shot.camera.azimuth = azimuth;
                        let lens = shot.view(|view| view.camera_at(0));
                        let gap = shot.bounds().distance_to(lens.eye);
                        let case = format!("{high:?} {size:?} {angle:?} {lens_mm} {azimuth}");
                        assert!(gap > lens.near, "{case}: {gap}");
                        let whole = matches!(size, ShotSize::FullShot | ShotSize::Wide);
                        assert!(!whole || shows_all_of(&lens, &shot.bounds()), "{case}");
                    }
                }
            }
        }
    }
}

#[test]
fn no_move_leads_the_camera_into_the_thing() {
    let mut shot = ThingShot::of_box([-8.0, 0.0, -1.0], [8.0, 3.0, 1.0]);
    for (kind, amount) in [
        (MoveKind::Orbit, 360.0),
        (MoveKind::Orbit, -120.0),
        (MoveKind::TruckLeft, 2.0),
        (MoveKind::CraneUp, 1.0),
        (MoveKind::CraneDown, 1.0),
        (MoveKind::PushIn, 2.0),
        (MoveKind::DollyOut, 1.0),
        (MoveKind::Handheld, 1.0),
    ] {
        shot.camera.travel.kind = kind;
        shot.camera.travel.amount = amount;
        for azimuth in [0.0, 90.0] {
            shot.camera.azimuth = azimuth;
            shot.view(|view| {
                for frame in 0..25 {
                    let lens = view.camera_at(frame);
                    let gap = shot.bounds().distance_to(lens.eye);
                    assert!(gap > lens.near, "{kind:?} {azimuth} at {frame}: {gap}");
                }
            });
        }
    }
}

#[test]
fn a_bead_fills_the_frame_as_a_chest_does() {
    let height = |side: f32| {
        let half = side / 2.0;
        let shot = ThingShot::of_box([-half, 0.0, -half], [half, side, half]);
        shot.view(|view| {
            let lens = view.camera_at(0);
            let top = seen(&lens, Vec3::new(0.0, side, 0.0)).unwrap().y;
            let bottom = seen(&lens, Vec3::ZERO).unwrap().y;
            (top - bottom) / 2.0
        })
    };
    let chest = height(1.0);
    assert!((0.6..0.9).contains(&chest), "{chest}");
    for side in [0.2, 0.05, 0.02, 0.001] {
        assert!(
            (height(side) - chest).abs() < 0.04,
            "{side}: {}",
            height(side)
        );
    }
}

#[test]
fn a_small_set_without_people_is_seen_from_outside() {
    let mut shot = ThingShot::of_box([0.0; 3], [0.0; 3]);
    shot.props.clear();
    shot.set = Some(vec![[[-0.6, 0.0, -0.6], [0.6, 2.0, 0.6]]]);
    shot.view(|view| {
        assert!(shows_all_of(&view.camera_at(0), &shot.bounds()));
        assert!(view.warnings().is_empty());
    });
}

#[test]
fn a_thing_in_another_one_names_what_is_in_the_way() {
    let mut shot = ThingShot::of_box([-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]);
    shot.props.push(vec![[[-0.8, -0.1, -0.8], [0.8, 1.5, 0.8]]]);
    shot.view(|view| {
        let lens = view.camera_at(0);
        assert!(shot.bounds().distance_to(lens.eye) > lens.near);
        let warnings = view.warnings();
        assert!(
            warnings[0].starts_with("another prop leaves the camera"),
            "{warnings:?}"
        );
    });
}

#[test]
fn a_camera_of_the_set_is_used_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("set.glb");
    let mut tree = cylinder_document();
    tree["cameras"] = serde_json::json!([
        { "type": "perspective", "perspective": { "yfov": 0.8, "znear": 0.1 } }
    ]);
    // It looks along -z, from the front, and is as large as any number: only its direction counts.
    tree["nodes"].as_array_mut().unwrap().push(serde_json::json!({
        "name": "shot_cam", "camera": 0, "translation": [0.0, 1.0, 5.0], "scale": [3.0, 3.0, 3.0]
    }));
    tree["scenes"][0]["nodes"] = serde_json::json!([0, 1, 3, 4]);
    std::fs::write(&path, encode_glb(&tree, &cylinder_buffer())).unwrap();
    let mut inputs = InputFiles::default();
    let name = "set.glb".to_owned();
    let file = vec![InputFile { name, path }];
    inputs.files.insert(InputSlot::set(), file);
    let shot = ThingShot::of_box([-0.5, 0.0, -0.5], [0.5, 1.0, 0.5]);
    let staging = ShotStaging {
        set: Some(InputSlot::set()),
        props: Vec::new(),
        subject: FramingSubject::Place,
        model_camera: Some(ModelCamera {
            prop: None,
            name: "shot_cam".to_owned(),
        }),
        ..shot.view(|view| view.scene.staging().clone())
    };
    let scene = StagedScene::new(&staging, &inputs).unwrap();
    let view = scene.view_shot(25, FrameRate::from_fps(24), PixelSize::new(160, 120));
    for frame in [0, 12, 24] {
        let camera = view.camera_at(frame);
        assert!(camera.eye.abs_diff_eq(Vec3::new(0.0, 1.0, 5.0), 1e-5));
        assert!(camera.forward.abs_diff_eq(Vec3::NEG_Z, 1e-5));
        assert!(camera.up.abs_diff_eq(Vec3::Y, 1e-5));
        let half = 0.4_f32.tan();
        let tangents = Vec2::new(half * 4.0 / 3.0, half);
        assert!(camera.tangents.abs_diff_eq(tangents, 1e-5));
    }
}
