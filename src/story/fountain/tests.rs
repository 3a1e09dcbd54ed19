//! Facts about reading a screenplay.

use super::{SceneElement, SceneSetting, Screenplay, parse_screenplay};
use crate::base::{FileId, SourceMap};
use crate::report::diagnostic::{DiagnosticStyle, render_diagnostics, short_diagnostics};
use proptest::prelude::*;

const EVERYTHING: &str = include_str!("tests/everything.fountain");

pub(super) fn screenplay(text: &str) -> (Screenplay, String) {
    let mut sources = SourceMap::default();
    let mut found = crate::base::Diagnostics::default();
    let file = sources.add_file("film.fountain", text);
    let screenplay = parse_screenplay(file, text, &mut found);
    (
        screenplay,
        short_diagnostics(&found.into_sorted(), &sources),
    )
}

fn outline(screenplay: &Screenplay, text: &str) -> String {
    let mut lines = vec![format!("title page: {:#?}", screenplay.title_page)];
    lines.extend(screenplay.opening.iter().map(|element| line(element, text)));
    for scene in &screenplay.scenes {
        let place = serde_json::to_string(&scene.place).unwrap();
        lines.push(format!(
            "scene {:?} {:?} {place}",
            scene.number, scene.heading.value
        ));
        lines.extend(
            scene
                .synopsis
                .iter()
                .map(|synopsis| format!("  synopsis {synopsis:?}")),
        );
        lines.extend(scene.elements.iter().map(|element| line(element, text)));
        lines.push(format!("  takes {:.1} s", scene.estimated_seconds()));
    }
    let names: Vec<_> = screenplay
        .speaking_characters()
        .iter()
        .map(|name| name.value.as_str())
        .collect();
    lines.push(format!("characters: {}", names.join(", ")));
    lines.join("\n")
}

fn line(element: &SceneElement, text: &str) -> String {
    let origin = element.origin();
    let written = &text[origin.start as usize..origin.end as usize];
    match element {
        SceneElement::Dialogue(d) => {
            let lines: Vec<_> = d.lines().map(|line| line.value.as_str()).collect();
            let directions: Vec<_> = d.directions().map(|line| line.value.as_str()).collect();
            format!(
                "  dialogue {written:?} ext {:?} dual {} says {lines:?} directed {directions:?}",
                d.extension, d.dual
            )
        }
        SceneElement::Section { level, text } => {
            format!("  section {level} {:?} at {written:?}", text.value)
        }
        SceneElement::PageBreak(_) => format!("  page break at {written:?}"),
        SceneElement::Action(text) => format!("  action {:?} at {written:?}", text.value),
        SceneElement::Transition(text) => format!("  transition {:?} at {written:?}", text.value),
        SceneElement::Centred(text) => format!("  centred {:?} at {written:?}", text.value),
        SceneElement::Lyrics(text) => format!("  lyrics {:?} at {written:?}", text.value),
        SceneElement::Synopsis(text) => format!("  synopsis {:?} at {written:?}", text.value),
        SceneElement::Note(text) => format!("  note {:?} at {written:?}", text.value),
    }
}

#[test]
fn every_syntax_element_is_read() {
    let (screenplay, warnings) = screenplay(EVERYTHING);
    assert_eq!(warnings, "");
    insta::assert_snapshot!(outline(&screenplay, EVERYTHING));
}

#[test]
fn windows_lines_and_a_byte_order_mark_change_nothing_but_places() {
    let windows = format!("\u{feff}{}", EVERYTHING.replace('\n', "\r\n"));
    let (plain, _) = screenplay(EVERYTHING);
    let (marked, warnings) = screenplay(&windows);
    assert_eq!(warnings, "");
    assert_eq!(marked.title_page, plain.title_page);
    let spoken = |screenplay: &Screenplay| -> Vec<String> {
        screenplay
            .scenes
            .iter()
            .flat_map(|scene| {
                scene
                    .dialogue_speeches()
                    .map(super::DialogueSpeech::spoken_text)
            })
            .collect()
    };
    assert_eq!(spoken(&marked), spoken(&plain));
    let headings = |screenplay: &Screenplay, text: &str| -> Vec<String> {
        screenplay
            .scenes
            .iter()
            .map(|scene| {
                text[scene.heading.origin.start as usize..scene.heading.origin.end as usize]
                    .to_owned()
            })
            .collect()
    };
    assert_eq!(headings(&marked, &windows), headings(&plain, EVERYTHING));
}

#[test]
fn slips_are_warnings_with_carets() {
    let text = "MIRA\nToo early.\n\nINT. HAFEN – NACHT #1#\n\n@Zoë\n\nMIRA (V.O.)\n\nEXT. PIER #1#\n\nShe [[never closes\n\nthis. /* nor this\n";
    let mut sources = SourceMap::default();
    let mut found = crate::base::Diagnostics::default();
    let file = sources.add_file("film.fountain", text);
    parse_screenplay(file, text, &mut found);
    insta::assert_snapshot!(render_diagnostics(
        &found.into_sorted(),
        &sources,
        DiagnosticStyle {
            colour: false,
            width: 100,
            unicode: true
        }
    ));
}

#[test]
fn capitals_before_a_blank_line_are_action() {
    let (screenplay, warnings) = screenplay("INT. A\n\nBOOM\n\nTHE END\n");
    assert_eq!(
        (screenplay.scenes[0].elements.len(), warnings.as_str()),
        (2, "")
    );
}

#[test]
fn fade_in_on_the_first_line_is_no_title_page() {
    let (screenplay, _) = screenplay("FADE IN:\n\nINT. A - DAY\n");
    assert!(screenplay.title_page.is_empty());
    assert!(
        matches!(&screenplay.opening[0], SceneElement::Action(text) if text.value == "FADE IN:")
    );
}

#[test]
fn a_heading_on_the_first_line_is_no_title_page() {
    for first in [
        "INT. HOUSE: ATTIC - NIGHT",
        "EXT. PIER - 07:45",
        "ext pier: dawn",
        "INT./EXT. CAR: FRONT SEAT - DAY",
        "I/E CAR: BACK SEAT",
        "**INT. HOUSE: ATTIC**",
        "5A INT. HOUSE: ATTIC 5A",
        ".HOUSE: ATTIC",
    ] {
        let (screenplay, _) = screenplay(&format!("{first}\n\nDust.\n\nEXT. PIER - DAY\n"));
        assert!(screenplay.title_page.is_empty(), "{first}");
        assert_eq!(screenplay.scenes.len(), 2, "{first}");
    }
}

#[test]
fn a_heading_ends_a_title_page() {
    let (screenplay, _) =
        screenplay("Title: The Pier\n    INT. AND EXT.\nEXT. PIER - 07:45\n\nWind.\n");
    let title = ("Title".to_owned(), "The Pier\nINT. AND EXT.".to_owned());
    assert_eq!(screenplay.title_page, [title]);
    assert_eq!(screenplay.scenes[0].heading.value, "EXT. PIER - 07:45");
}

#[test]
fn a_heading_without_an_empty_line_above_it_is_reported() {
    let warnings = |text: &str| screenplay(&format!("INT. A - DAY\n\n{text}")).1;
    for (text, kind) in [
        ("Dust.\nEXT. PIER - NIGHT\n\nWind.\n", "action"),
        ("Dust.\nMore dust.\nExt. Pier - Night\n", "action"),
        ("Dust.\n**12 EXT. PIER 12**\n\nWind.\n", "action"),
        ("MARA\nWho is there?\nEXT. PIER\n\nWind.\n", "dialogue"),
        ("CUT TO:\nINT. B - DAY\n", "dialogue"),
        ("> CUT TO:\nINT. B - DAY\n", "action"),
    ] {
        let found = warnings(text);
        assert!(
            found.contains(&format!("is read as {kind}: no empty line is above it")),
            "{text}: {found}"
        );
        assert_eq!(found.lines().count(), 1, "{text}: {found}");
    }
    for text in [
        "EXT. PIER\nWind.\n",
        "Dust.\n!EXT. PIER\n",
        "Dust.\nExt. 45 is engaged.\n",
        "MARA\nint main, she types.\n",
        "# Part\nEXT. PIER\n\nWind.\n",
    ] {
        assert_eq!(warnings(text), "", "{text}");
    }
}

#[test]
fn an_omitted_scene_has_a_number_and_is_omitted() {
    let text = "INT. A - DAY #1#\n\nOMITTED #2#\n\n.OMITTED #3#\n\nINT. B - DAY (OMITTED) #4#\n\n5 OMITTED 5\n\nINT. C - DAY #6#\n\nOMITTED\nI was left out.\n";
    let (screenplay, warnings) = screenplay(text);
    let scenes = screenplay
        .scenes
        .iter()
        .map(|scene| (scene.number.as_deref(), scene.omitted));
    assert_eq!(
        scenes.collect::<Vec<_>>(),
        [
            (Some("1"), false),
            (Some("2"), true),
            (Some("3"), true),
            (Some("4"), true),
            (Some("5"), true),
            (Some("6"), false)
        ]
    );
    assert_eq!(screenplay.speaking_characters()[0].value, "OMITTED");
    assert_eq!(warnings, "");
}

#[test]
fn notes_and_emphasis_in_headings_are_left_out() {
    let text =
        "**INT. HOUSE - NIGHT** [[rain]] #5A# [[tank]]\n\n**MARA**\nYes.\n\n_EXT. PIER_ - DAY\n";
    let (screenplay, _) = screenplay(text);
    let headings = screenplay.scenes.iter().map(|scene| {
        let origin = scene.heading.origin;
        let written = &text[origin.start as usize..origin.end as usize];
        (
            scene.number.as_deref(),
            scene.heading.value.as_str(),
            written,
        )
    });
    assert_eq!(
        headings.collect::<Vec<_>>(),
        [
            (Some("5A"), "INT. HOUSE - NIGHT", "INT. HOUSE - NIGHT"),
            (None, "EXT. PIER - DAY", "EXT. PIER_ - DAY")
        ]
    );
    assert_eq!(screenplay.speaking_characters()[0].value, "MARA");
}

#[test]
fn a_heading_needs_a_blank_line_before_it_unless_forced() {
    let (screenplay, _) =
        screenplay("INT. A - DAY\n\nHe reads:\nINT. B - DAY\n\n.FLASHBACK\n\n...and so on.\n");
    let headings: Vec<_> = screenplay
        .scenes
        .iter()
        .map(|scene| scene.heading.value.as_str())
        .collect();
    assert_eq!(headings, ["INT. A - DAY", "FLASHBACK"]);
    assert_eq!(
        screenplay.scenes[1].place.setting,
        SceneSetting::Unspecified
    );
}

#[test]
fn a_boneyard_may_span_lines_and_places_stay_right() {
    let text = "INT. A - DAY\n\nOne /* two\n\nthree */four.\n";
    let (screenplay, _) = screenplay(text);
    let SceneElement::Action(action) = &screenplay.scenes[0].elements[0] else {
        panic!()
    };
    assert_eq!(action.value, "One four.");
    assert_eq!(
        &text[action.origin.start as usize..action.origin.end as usize],
        "One /* two\n\nthree */four."
    );
}

#[test]
fn an_empty_text_is_an_empty_screenplay() {
    for text in ["", "\n\n", "\u{feff}", "   ", "/**/", "[[]]"] {
        assert!(screenplay(text).0.scenes.is_empty());
    }
}

#[test]
fn a_text_of_nothing_but_marks_is_read_in_one_go() {
    for mark in [
        "[[",
        "/*",
        "[[\n\n",
        "]]",
        "[[]]",
        " *a",
        "_",
        "@A\n\n",
        "#1#\n",
        "INT. A #1#\n\n",
        "A\nb\n\n",
    ] {
        let text = mark.repeat(400_000 / mark.len());
        parse_screenplay(FileId(0), &text, &mut crate::base::Diagnostics::default());
        assert!(super::strip_emphasis(&text).len() <= text.len());
    }
}

proptest! {
    #[test]
    fn any_text_is_a_screenplay(parts in prop::collection::vec(prop::sample::select(vec![
        "INT. A - DAY", "EXT", "\n", "\n\n", "\r\n", "MIRA", "@é", "^", "(V.O.)", "(", ")", "/*", "*/", "[[", "]]", "  ", "\t",
        "!", "~", ">", "<", "#", "=", "===", ".", "..", "#1#", "TO:", "*", "_", "\\", "é", "Title:", "\u{feff}", "\u{1f3ac}", "word",
    ]), 0..40)) {
        let text = parts.concat();
        let mut found = crate::base::Diagnostics::default();
        let screenplay = parse_screenplay(FileId(0), &text, &mut found);
        let elements = screenplay.opening.iter().chain(screenplay.scenes.iter().flat_map(|scene| &scene.elements));
        for element in elements {
            let origin = element.origin();
            prop_assert!(text.get(origin.start as usize..origin.end as usize).is_some(), "{element:?} in {text:?}");
            prop_assert!(element.estimated_seconds().is_finite());
        }
    }

    #[test]
    fn any_string_is_a_screenplay(text in any::<String>()) {
        parse_screenplay(FileId(0), &text, &mut crate::base::Diagnostics::default());
    }
}
