//! What is written is read again as the same.

use super::tests::screenplay;
use super::{SceneElement, Screenplay, SpeechPart, fountain_text, strip_emphasis};
use proptest::prelude::*;

const EVERYTHING: &str = include_str!("tests/everything.fountain");

/// Returns everything of a screenplay but its places.
fn outline(screenplay: &Screenplay) -> Vec<String> {
    let mut lines: Vec<String> = screenplay
        .title_page
        .iter()
        .map(|(key, value)| format!("{key}: {value:?}"))
        .collect();
    lines.extend(screenplay.opening.iter().map(element_line));
    for scene in &screenplay.scenes {
        lines.push(format!(
            "scene {:?} {:?} {} {:?}",
            scene.heading.value, scene.number, scene.omitted, scene.synopsis
        ));
        lines.extend(scene.elements.iter().map(element_line));
    }
    lines
}

fn element_line(element: &SceneElement) -> String {
    match element {
        SceneElement::Action(text) => format!("action {:?}", text.value),
        SceneElement::Dialogue(speech) => {
            let parts: Vec<String> = speech.parts.iter().map(part_line).collect();
            let name = &speech.character.value;
            format!(
                "speech {name:?} {:?} {} {parts:?}",
                speech.extension, speech.dual
            )
        }
        SceneElement::Transition(text) => format!("transition {:?}", text.value),
        SceneElement::Centred(text) => format!("centred {:?}", text.value),
        SceneElement::Lyrics(text) => format!("lyrics {:?}", text.value),
        SceneElement::Section { level, text } => format!("section {level} {:?}", text.value),
        SceneElement::Synopsis(text) => format!("synopsis {:?}", text.value),
        SceneElement::Note(text) => format!("note {:?}", text.value),
        SceneElement::PageBreak(_) => "page break".to_owned(),
    }
}

fn part_line(part: &SpeechPart) -> String {
    match part {
        SpeechPart::Line(line) => format!("line {:?}", line.value),
        SpeechPart::Lyric(line) => format!("lyric {:?}", line.value),
        SpeechPart::Direction(line) => format!("direction {:?}", line.value),
    }
}

#[test]
fn every_syntax_element_is_written_as_it_is_read() {
    let (first, _) = screenplay(EVERYTHING);
    let text = fountain_text(&first);
    let (again, warnings) = screenplay(&text);
    assert_eq!(outline(&again), outline(&first), "{text}");
    assert_eq!(warnings, "");
    insta::assert_snapshot!(text);
}

#[test]
fn a_usual_script_has_no_forcing_marks() {
    let text = "Title: The Lamp\n\nFADE IN:\n\nEXT. PIER - DUSK #1#\n\nMara waits. BANG!\n\nMARA (V.O.)\n(softly)\nIt went out.\n\nILYA ^\nNo.\n\nCUT TO:\n\nTHE END\n";
    assert_eq!(fountain_text(&screenplay(text).0), text);
}

#[test]
fn what_would_be_something_else_is_forced() {
    for text in [
        "!INT. is what he shouts.\n",
        "!MARA\nwaits.\n",
        "!Title: of a book\n",
        "INT. A\n\n@McAvoy\nYes.\n",
        "INT. A\n\n> FADE OUT.\n",
        ".A DREAM #5#\n",
        ".5 INT. A\n",
        "INT. A\n\nMARA\nYes.\n\n!MARA\n",
        "INT. A\n\n[[a note]]\n",
        "INT. A\n\nMARA\n(beat)\n~la la\n  \nYes. \\*not* this.\n",
    ] {
        assert_eq!(fountain_text(&screenplay(text).0), text);
    }
}

#[test]
fn a_mark_that_is_not_closed_is_written_as_text() {
    let (first, _) = screenplay("INT. A\n\nShe [[never closes\n\nthis. /* nor this\n");
    let (again, warnings) = screenplay(&fountain_text(&first));
    assert_eq!(warnings, "");
    let plain = |screenplay: &Screenplay| {
        let elements = screenplay.scenes[0].elements.iter();
        let texts = elements.map(|element| match element {
            SceneElement::Action(text) => strip_emphasis(&text.value),
            _ => String::new(),
        });
        texts.collect::<Vec<_>>()
    };
    assert_eq!(plain(&again), plain(&first));
}

/// Parts that mean something to Fountain, alone or together.
const PARTS: [&str; 34] = [
    "INT. A - DAY",
    "\n",
    "\n\n",
    "MIRA",
    "mira",
    "@",
    "^",
    " (V.O.)",
    "(",
    ")",
    "[[",
    "]]",
    "  ",
    "!",
    "~",
    ">",
    "<",
    "#",
    "=",
    "===",
    ".",
    "#1#",
    "TO:",
    "*",
    "_",
    "\\",
    "é",
    "Title:",
    ":",
    "OMITTED",
    "5",
    "word",
    "/*",
    "*/",
];

/// What is before and behind the parts.
const PLACES: [(&str, &str); 5] = [
    ("", ""),
    ("INT. A\n\n", "\n\nEnd.\n"),
    ("INT. A\n\nMIRA\nYes.\n\n", "\nword\n"),
    ("INT. A\n\nMIRA\n", "\n"),
    ("INT. A\n\nAction\n", "\n"),
];

#[test]
fn every_text_of_a_few_parts_is_written_as_it_is_read() {
    let mut wrong = Vec::new();
    for (before, behind) in PLACES {
        for (one, two) in PARTS.iter().flat_map(|one| PARTS.map(|two| (*one, two))) {
            let text = format!("{before}{one}{two}{behind}");
            let (first, warnings) = screenplay(&text);
            // A mark that is never closed has its own test: it comes back as text.
            if warnings.contains("unclosed") {
                continue;
            }
            let written = fountain_text(&first);
            let (again, _) = screenplay(&written);
            if outline(&again) != outline(&first) {
                wrong.push(format!("{text:?} is written as {written:?}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} texts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Paragraphs of scenes as writers have them.
const PARAGRAPHS: [&str; 10] = [
    "# Act one",
    "## The harbour",
    "[[Ask the harbour master.]]",
    "Mara waits. The *lamp* flickers.",
    "Mara goes.\n\n= What nobody knows yet.",
    "MARA (V.O.)\n(softly)\nIt went out.",
    "MARA\nYes.\n\nILYA ^\nNo.",
    "> THE END <",
    "CUT TO:",
    "===",
];
/// Headings, some with a synopsis below them.
const HEADINGS: [&str; 4] = [
    "INT. KITCHEN - DAY #1#",
    "EXT. PIER - NIGHT\n\n= She finds the lamp.",
    ".A DREAM",
    ".A DREAM #2A#\n\n= Nobody is there.",
];

proptest! {
    /// A script in the usual form comes back letter for letter: scenes with their synopses, sections,
    /// notes, dual dialogue.
    #[test]
    fn a_usual_script_is_written_as_it_is(scenes in prop::collection::vec(
        (prop::sample::select(HEADINGS.to_vec()), prop::collection::vec(prop::sample::select(PARAGRAPHS.to_vec()), 0..6)),
        1..6,
    )) {
        let scenes = scenes.into_iter().map(|(heading, body)| [vec![heading], body].concat().join("\n\n"));
        let text = format!("{}\n", scenes.collect::<Vec<_>>().join("\n\n"));
        let (first, _) = screenplay(&text);
        prop_assert_eq!(fountain_text(&first), text);
    }

    /// Any text is a screenplay. Written, it is the same one.
    #[test]
    fn a_screenplay_that_is_written_is_read_as_the_same(parts in prop::collection::vec(prop::sample::select(vec![
        "INT. A - DAY", "EXT. B", "\n", "\n\n", "\n\n", "MIRA", "mira", "@é", "^", " (V.O.)", "(", ")", "[[", "]]", "  ", "\t",
        "!", "~", ">", "<", "#", "=", "===", ".", "..", "#1#", "TO:", "CUT TO:", "*", "_", "\\", "é", "Title:", ":",
        "OMITTED", "5", "word", "says it.", "\n\nMIRA\n", "\n\n@Zoë (O.S.)\n(beat)\n",
    ]), 0..40)) {
        let text = parts.concat();
        let (first, warnings) = screenplay(&text);
        // A mark that is never closed has its own test: it comes back as the same text, but escaped.
        prop_assume!(!warnings.contains("unclosed"));
        let written = fountain_text(&first);
        let (again, _) = screenplay(&written);
        prop_assert_eq!(outline(&again), outline(&first), "{:?} is written as {:?}", text, written);
        prop_assert_eq!(fountain_text(&again), written);
    }
}
