//! Fields of shots that show footage.

use super::{MODEL, folder, opened};
use crate::document::InputLimits;
use crate::document::value_tree::ToValueTree;
use crate::project::{OpenedProduction, ProjectOptions, open_resolved};
use crate::report::resolved_document::document_yaml;

const PLATE: &[u8] = include_bytes!("../../../tests/invalid/assets/plates/plate.01.png");

/// Opens a production of two pictures and a still with these lines.
fn opened_with(lines: &str) -> OpenedProduction {
    let files = [
        ("plate.01.png", PLATE),
        ("plate.02.png", PLATE),
        ("title.png", PLATE),
    ];
    opened(folder(lines, &files).path(), InputLimits::default())
}

/// Returns the fields that are reported to have no effect, with the text under each caret.
fn idle_fields(opened: &OpenedProduction) -> Vec<String> {
    let idle = opened.diagnostics.as_slice().iter();
    let idle = idle.filter(|found| found.code == "production::footage::no_effect");
    idle.map(|found| {
        let source = opened.sources.get(found.origin.file).unwrap();
        let bytes = found.origin.start as usize..found.origin.end as usize;
        let field = found.message.split('`').nth(1).unwrap();
        format!("{field}: {}", &source.text[bytes])
    })
    .collect()
}

#[test]
fn each_field_that_only_a_drawn_shot_has_is_reported_at_its_value() {
    let opened = opened_with(
        "  shots:
    - name: plate
      frames: plate.%02d.png
      scene: 1
      location: pier
      description: a plate
      template: hero_cu
      characters: [{name: mara, mark: [1, 0, 0], action: wave, facing: front, speed: 1}]
      subject: place
      action: walk
      size: wide
      angle: high
      azimuth: 30
      lens: 85
      aperture: 2.8
      focus: 3
      move: dolly_in
      exposure: 0.5
      engine: cycles
      passes: [depth, normal]
",
    );
    assert_eq!(
        idle_fields(&opened),
        [
            "template: hero_cu",
            "mark: [1, 0, 0]",
            "action: wave",
            "facing: front",
            "speed: 1",
            "subject: place",
            "action: walk",
            "size: wide",
            "angle: high",
            "azimuth: 30",
            "lens: 85",
            "aperture: 2.8",
            "focus: 3",
            "move: dolly_in",
            "exposure: 0.5",
            "engine: cycles",
            "passes: depth",
        ]
    );
}

#[test]
fn what_has_an_effect_or_was_written_for_other_shots_is_not_reported() {
    for lines in [
        "  defaults: {lens: 35, exposure: 1}\n  shots: [{name: a, frames: plate.%02d.png}]\n",
        "  shots: [{name: a, frames: title.png, template: hero_cu}]\n",
        "  shots: [{name: a, lens: 35, takes: {x: {frames: plate.%02d.png}}}]\n",
        "  shots: [{name: a, frames: {path: plate.%02d.png, start: 2, frame_rate: 12}}]\n",
        "  shots: [{name: a, frames: plate.%02d.png, character: mara, passes: []}]\n",
    ] {
        assert_eq!(idle_fields(&opened_with(lines)), [""; 0], "{lines}");
    }
}

#[test]
fn takes_over_footage_and_fields_of_a_still_are_reported() {
    for (lines, idle) in [
        (
            "  shots: [{name: a, frames: plate.%02d.png, takes: {x: {lens: 35}, y: {size: wide}}}]\n",
            &["lens: 35", "size: wide"][..],
        ),
        (
            "  shots: [{name: a, lens: 20, takes: {x: {lens: 35, frames: plate.%02d.png}}}]\n",
            &["lens: 35"],
        ),
        (
            "  shots: [{name: a, frames: {path: title.png, start: 2, frame_rate: 12}}]\n",
            &["start: 2", "frame_rate: 12"],
        ),
        (
            "  shots: [{name: a, frames: title.png, template: hero_cu, duration: 1s}]\n",
            &["template: hero_cu"],
        ),
    ] {
        assert_eq!(idle_fields(&opened_with(lines)), idle, "{lines}");
    }
}

#[test]
fn music_that_is_composed_follows_the_framing_of_footage() {
    let framed =
        "  shots: [{name: a, frames: plate.%02d.png, size: wide, move: dolly_in, lens: 35}]\n";
    let with_music = |music: &str| idle_fields(&opened_with(&format!("{framed}{music}")));
    assert_eq!(with_music("  music: {mood: dark}\n"), ["lens: 35"]);
    assert_eq!(with_music("").len(), 3);
}

#[test]
fn the_document_in_full_has_no_field_without_effect() {
    let lines =
        "  shots: [{name: plate, frames: plate.%02d.png, template: hero_cu, character: mara}]\n";
    let files = [
        ("plate.01.png", PLATE),
        ("plate.02.png", PLATE),
        ("mara.glb", MODEL),
    ];
    let folder = folder(lines, &files);
    let (_, full) = open_resolved(folder.path(), &ProjectOptions::default()).unwrap();
    let tree = full.unwrap().draft.to_value_tree().unwrap();
    let text = document_yaml(&tree, &|_| String::new());
    let text: String = text.lines().map(|line| format!("  {line}\n")).collect();
    let document = folder.path().join("production.yaml");
    std::fs::write(document, format!("production:\n{text}")).unwrap();
    let again = opened(folder.path(), InputLimits::default());
    assert_eq!(idle_fields(&again), [""; 0], "{text}");
}
