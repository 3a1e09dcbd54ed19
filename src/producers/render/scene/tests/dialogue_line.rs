//! Derived shots keep the line: every camera of a conversation is on one side of it.

use super::super::blocking::final_placements;
use super::super::framing::{FigureMeasures, FramingTarget, camera_setup};
use crate::media::gltf::sample::sample_boxes;
use crate::model::InputSlot;
use crate::model::production::{Shot, ShotSubject};
use crate::model::shot_staging::StagedPerformer;
use crate::project::{ProjectOptions, open};
use glam::Vec3;

const DOCUMENT: &str = "production:
  title: The Line
  script: film.fountain
  characters: [{name: mara, model: m.glb}, {name: ilya, model: m.glb}]
  locations: [{name: pier, preset: harbour_dusk}]
  outputs: [{name: film, codec: png, resolution: 64x64, frame_rate: 24, path: out}]
";

/// Returns the derived shots of a conversation.
fn conversation(turns: usize) -> Vec<Shot> {
    let names = ["MARA", "ILYA"];
    let speeches = (0..turns).map(|turn| format!("{}\nLine {turn}.\n\n", names[turn % 2]));
    let script = format!(
        "EXT. PIER - DAY\n\nWind.\n\n{}",
        speeches.collect::<String>()
    );
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("production.yaml", DOCUMENT.as_bytes());
    write("film.fountain", script.as_bytes());
    write(
        "m.glb",
        &sample_boxes(&[[[-0.2, 0.0, -0.2], [0.2, 1.7, 0.2]]], true),
    );
    let opened = open(folder.path(), &ProjectOptions::default()).unwrap();
    opened.checked.unwrap().shots.clone()
}

/// Returns the figures of a shot, the subject first.
fn figures(shot: &Shot) -> Vec<FigureMeasures> {
    let cast = shot
        .cast
        .iter()
        .enumerate()
        .map(|(index, role)| StagedPerformer {
            model: InputSlot::cast(index),
            mark: role.mark.clone(),
            facing: role.facing,
            clip: role.action.as_str().into(),
            clip_start: 0.0,
            travel_speed: 0.0,
        });
    let cast: Vec<StagedPerformer> = cast.collect();
    let placements = final_placements(&cast, None);
    let figures = placements.iter().map(|placement| FigureMeasures {
        facing: placement.facing_direction(),
        ..FigureMeasures::average_build(placement.floor)
    });
    figures.collect()
}

/// Returns where the camera of a shot is.
fn camera_position(shot: &Shot, figures: &[FigureMeasures]) -> Vec3 {
    let target = match shot.subject {
        ShotSubject::Character => FramingTarget::Figures(figures[..1].to_vec(), None),
        _ => FramingTarget::Group(figures.to_vec(), None),
    };
    camera_setup(&shot.camera, &target, 16.0 / 9.0).camera_position()
}

#[test]
fn every_camera_of_a_conversation_is_on_one_side_of_the_line() {
    let shots = conversation(12);
    let talking: Vec<&Shot> = shots
        .iter()
        .filter(|shot| !shot.description.is_empty())
        .collect();
    assert_eq!(talking.len(), 12);
    let mut templates = Vec::new();
    for shot in talking {
        let figures = figures(shot);
        let camera = camera_position(shot, &figures);
        // The two stand on the x axis, and the audience is at +z.
        assert!(figures.iter().all(|figure| figure.floor.z.abs() < 0.01));
        assert!(camera.z > 0.2, "{} is at {camera}", shot.name.value);
        templates.push(shot.template.as_ref().unwrap().value.clone());
    }
    for template in [
        "dialogue_two",
        "over_shoulder",
        "cu_dialogue",
        "reverse_dialogue",
        "two_shot",
    ] {
        assert!(
            templates.iter().any(|name| name == template),
            "{templates:?}"
        );
    }
}

#[test]
fn an_over_shoulder_is_past_the_partner_and_the_two_look_to_opposite_sides() {
    let shots = conversation(12);
    let mut looks = Vec::new();
    for shot in &shots {
        let is_over = shot
            .template
            .as_ref()
            .is_some_and(|name| name.value == "over_shoulder");
        if !is_over {
            continue;
        }
        let figures = figures(shot);
        let camera = camera_position(shot, &figures);
        let [subject, partner] = figures.as_slice() else {
            panic!("two figures in {}", shot.name.value)
        };
        let near = (partner.floor - camera).length();
        let far = (subject.floor - camera).length();
        assert!(near < far, "{}: {near} {far}", shot.name.value);
        // To the right of the camera is where its view, turned by 90 degrees, points.
        let view = (subject.floor - camera).normalize();
        let right = Vec3::new(-view.z, 0.0, view.x);
        let partner_side = (partner.floor - subject.floor).dot(right);
        looks.push((shot.cast[0].character.index, partner_side > 0.0));
    }
    let side_of = |index: usize| {
        let sides = looks.iter().filter(|(who, _)| *who == Some(index));
        sides.map(|(_, side)| *side).collect::<Vec<_>>()
    };
    let (first, second) = (side_of(0), side_of(1));
    assert!(!first.is_empty() && !second.is_empty(), "{looks:?}");
    assert!(first.iter().all(|side| *side == first[0]));
    assert!(second.iter().all(|side| *side != first[0]));
}
