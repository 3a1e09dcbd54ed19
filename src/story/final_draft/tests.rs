//! Facts about reading scripts of Final Draft.

use super::parse_final_draft;
use crate::base::{Diagnostics, FileId, SourceMap};
use crate::report::diagnostic::short_diagnostics;
use crate::story::fountain::{SceneElement, Screenplay, fountain_text, parse_screenplay};
use proptest::prelude::*;

const EVERYTHING: &str = include_str!("tests/everything.fdx");

/// Returns the screenplay of a file, and its findings.
fn read(text: &str) -> (Option<Screenplay>, String) {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let file = sources.add_file("film.fdx", text);
    let screenplay = parse_final_draft(file, text, &mut found);
    let found = short_diagnostics(&found.into_sorted(), &sources);
    (screenplay, found)
}

/// Returns a file with these paragraphs.
fn script(paragraphs: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>\n<FinalDraft DocumentType=\"Script\" Version=\"5\">\n<Content>\n{paragraphs}</Content>\n</FinalDraft>\n"
    )
}

fn paragraph(kind: &str, text: &str) -> String {
    format!("<Paragraph Type=\"{kind}\"><Text>{text}</Text></Paragraph>\n")
}

/// Returns the screenplay of paragraphs as Fountain.
fn as_fountain(paragraphs: &str) -> String {
    fountain_text(&read(&script(paragraphs)).0.unwrap())
}

#[test]
fn every_element_is_read() {
    let (screenplay, found) = read(EVERYTHING);
    let screenplay = screenplay.unwrap();
    let revisions: Vec<_> = screenplay
        .scenes
        .iter()
        .map(|scene| {
            (
                scene.number.as_deref(),
                &scene.revisions,
                scene.counted_eighths,
            )
        })
        .collect();
    let text = format!("{found}\n{}\n{revisions:#?}\n", fountain_text(&screenplay));
    insta::assert_snapshot!(text);
}

#[test]
fn places_are_those_of_the_file() {
    let text = script(&format!(
        "{}{}{}",
        paragraph("Scene Heading", "Int. Hafen – Nacht"),
        paragraph("Character", "Zoë (V.O.)"),
        paragraph("Dialogue", "Ja &amp; nein.")
    ));
    let screenplay = read(&text).0.unwrap();
    let written = |origin: crate::base::FileSpan| &text[origin.start as usize..origin.end as usize];
    let scene = &screenplay.scenes[0];
    assert_eq!(written(scene.heading.origin), "Int. Hafen – Nacht");
    let speech = scene.dialogue_speeches().next().unwrap();
    assert_eq!(speech.character.value, "ZOË");
    assert_eq!(written(speech.character.origin), "Zoë");
    assert_eq!(speech.spoken_text(), "Ja & nein.");
    assert_eq!(written(speech.spoken_line().origin), "Ja &amp; nein.");
}

#[test]
fn two_who_speak_at_once_are_dual_with_and_without_a_paragraph_around_them() {
    let inner = [
        paragraph("Character", "Mara"),
        paragraph("Dialogue", "Now."),
        paragraph("Character", "Ilya"),
        paragraph("Dialogue", "Never."),
    ]
    .concat();
    for (before, after) in [("<Paragraph>", "</Paragraph>"), ("", "")] {
        let text = format!(
            "{}{before}<DualDialogue>{inner}</DualDialogue>{after}{}{}",
            paragraph("Scene Heading", "INT. A - DAY"),
            paragraph("Character", "Mara"),
            paragraph("Dialogue", "Alone.")
        );
        let screenplay = read(&script(&text)).0.unwrap();
        let dual: Vec<bool> = screenplay.scenes[0]
            .dialogue_speeches()
            .map(|speech| speech.dual)
            .collect();
        assert_eq!(dual, [false, true, false], "{before}");
    }
}

#[test]
fn an_omitted_scene_keeps_its_number_and_nothing_else() {
    let text = "<Paragraph Type=\"Scene Heading\" Number=\"21\"><Text>Omitted</Text><OmittedScene>\n<Paragraph Type=\"Scene Heading\"><Text>EXT. YARD - DUSK</Text></Paragraph>\n<Paragraph Type=\"Action\"><Text>Mara waits.</Text></Paragraph>\n</OmittedScene></Paragraph>\n";
    assert_eq!(as_fountain(text), "OMITTED #21#\n");
    let bare = "<Paragraph Type=\"Scene Heading\" Number=\"21\"><OmittedScene/></Paragraph>";
    assert_eq!(as_fountain(bare), "OMITTED #21#\n");
}

#[test]
fn styles_become_marks_and_marks_become_text() {
    let run = |style: &str, text: &str| format!("<Text Style=\"{style}\">{text}</Text>");
    for (runs, marked) in [
        (run("Bold", "Loud"), "**Loud**"),
        (
            run("Bold+Italic", " both ") + &run("", "and"),
            "***both*** and",
        ),
        (run("Underline", "under") + &run("", " it"), "_under_ it"),
        (run("AllCaps", "small"), "SMALL"),
        // Two runs of one style are one.
        (run("Italic", "one") + &run("Italic", " two"), "*one two*"),
        // Within a word, an underline has no form.
        (run("Underline", "un") + &run("", "do"), "undo"),
        (run("", "2 * 3 * 4"), "2 * 3 * 4"),
        (run("", "*not* italic"), "\\*not\\* italic"),
        (run("", "[[no note"), "[\\[no note"),
        (run("", "/* no cut */"), "/\\* no cut \\*/"),
    ] {
        let text = format!("<Paragraph Type=\"Action\">{runs}</Paragraph>");
        assert_eq!(as_fountain(&text).trim_end(), marked);
    }
}

#[test]
fn lines_that_look_like_something_else_stay_what_they_are() {
    let body = [
        paragraph("Scene Heading", "the dream"),
        paragraph("Action", "INT. is what he shouts."),
        paragraph("Action", "MARA\n# not a section\n> nor centred"),
        paragraph("Character", "mc avoy"),
        paragraph("Dialogue", "(not a direction)"),
        paragraph("Parenthetical", "(beat)"),
        paragraph("Dialogue", "~ not sung"),
        paragraph("Transition", "Smash cut:"),
        paragraph("Shot", "ANGLE ON MARA"),
    ]
    .concat();
    let first = read(&script(&body)).0.unwrap();
    let text = fountain_text(&first);
    insta::assert_snapshot!(text);
    let again = parse_screenplay(FileId(0), &text, &mut Diagnostics::default());
    assert_eq!(fountain_text(&again), text);
    let elements = |screenplay: &Screenplay| screenplay.scenes[0].elements.len();
    assert_eq!(elements(&again), elements(&first));
}

#[test]
fn dialogue_without_a_character_is_reported_once_and_read_as_action() {
    let text =
        paragraph("Scene Heading", "INT. A - DAY") + &paragraph("Dialogue", "Who?").repeat(3);
    let (screenplay, found) = read(&script(&text));
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.contains("dialogue_without_character"), "{found}");
    let elements = &screenplay.unwrap().scenes[0].elements;
    assert_eq!(elements.len(), 3);
    assert!(matches!(&elements[0], SceneElement::Action(text) if text.value == "Who?"));
}

#[test]
fn a_file_that_is_cut_off_or_foreign_says_where() {
    let whole = script(&paragraph("Action", "Wind."));
    let cut = &whole[..whole.len() - 30];
    for (text, reason) in [
        (cut, "it ends before its elements are closed"),
        ("<Opml/>", "`Opml` is no Final Draft script"),
        ("<FinalDraft/>", "`FinalDraft` has no `Content`"),
        ("", "the script is no XML"),
        (
            "<FinalDraft><Content>&wind;</Content></FinalDraft>",
            "the script is no XML",
        ),
    ] {
        let (screenplay, found) = read(text);
        assert!(screenplay.is_none() && found.contains(reason), "{found}");
        assert!(
            found.contains("error[production::final_draft::unreadable]"),
            "{found}"
        );
    }
}

#[test]
fn a_hostile_file_is_refused_and_not_followed() {
    let deep = format!(
        "<FinalDraft><Content>{}{}</Content></FinalDraft>",
        "<Paragraph>".repeat(100_000),
        "</Paragraph>".repeat(100_000)
    );
    assert!(read(&deep).1.contains("too deep"));
    let attributes: String = (0..80_000)
        .map(|index| format!(" a{index}=\"x\""))
        .collect();
    let (screenplay, found) = read(&script(&format!("<Paragraph{attributes}/>")));
    assert!(screenplay.is_none());
    assert!(
        found.contains("the script is not read: an element has more than 256 attributes"),
        "{found}"
    );
    let entity = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><FinalDraft><Content><Paragraph Type=\"Action\"><Text>&x;</Text></Paragraph></Content></FinalDraft>";
    assert!(read(entity).0.is_none_or(|read| read.opening.is_empty()));
}

const KINDS: [&str; 14] = [
    "Scene Heading",
    "Action",
    "Character",
    "Dialogue",
    "Parenthetical",
    "Transition",
    "Shot",
    "General",
    "Singing",
    "New Act",
    "End of Act",
    "Outline Body",
    "Cast List",
    "",
];
const WORDS: [&str; 33] = [
    "MARA",
    "Mara",
    "int. a - day",
    "word",
    " ",
    "\n",
    "(",
    ")",
    "*",
    "_",
    "\\",
    "[[",
    "[",
    "]]",
    "]",
    "/*",
    "*/",
    "/",
    "@",
    "!",
    "~",
    "#",
    "=",
    "&gt;",
    "&lt;",
    ".",
    "^",
    "TO:",
    "é",
    "5",
    "#5#",
    "OMITTED",
    ":",
];

/// Returns what is wrong with a script when it was written as Fountain and read again.
fn round_trip_fault(body: &str) -> Option<String> {
    let first = read(&script(body)).0.unwrap();
    let fountain = fountain_text(&first);
    let again = parse_screenplay(FileId(0), &fountain, &mut Diagnostics::default());
    let (first, again) = (outline(&first), outline(&again));
    (first != again).then(|| format!("{body}\n{fountain:?}\n{first:?}\n{again:?}"))
}

#[test]
fn every_paragraph_of_two_words_comes_back_from_fountain() {
    let before = paragraph("Character", "Mara") + &paragraph("Dialogue", "Yes.");
    let mut wrong = Vec::new();
    for kind in KINDS {
        for (one, two) in WORDS.iter().flat_map(|one| WORDS.map(|two| (*one, two))) {
            let own = paragraph(kind, &format!("{one}{two}"));
            let below = paragraph("Dialogue", &format!("{two}{one}"));
            wrong.extend(round_trip_fault(&format!("{own}{below}")));
            wrong.extend(round_trip_fault(&format!("{before}{own}")));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} scripts:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

proptest! {
    #[test]
    fn any_paragraphs_are_a_script_that_fountain_gives_back(
        parts in prop::collection::vec((
            prop::sample::select(KINDS.to_vec()),
            prop::collection::vec(prop::sample::select(WORDS.to_vec()), 0..6),
            prop::sample::select(vec!["", "Bold", "Italic", "Underline", "Bold+Italic", "Strikeout"]),
        ), 0..12),
    ) {
        let body: String = parts
            .iter()
            .map(|(kind, words, style)| {
                format!("<Paragraph Type=\"{kind}\"><Text Style=\"{style}\">{}</Text></Paragraph>", words.concat())
            })
            .collect();
        prop_assert_eq!(round_trip_fault(&body), None);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        read(&text);
    }
}

/// Returns everything of a screenplay but its places.
fn outline(screenplay: &Screenplay) -> Vec<String> {
    let element = |element: &SceneElement| match element {
        SceneElement::Dialogue(speech) => format!(
            "{} {:?} {} {:?}",
            speech.character.value,
            speech.extension,
            speech.dual,
            speech.parts.iter().map(part_text).collect::<Vec<_>>()
        ),
        SceneElement::Action(text) => format!("action {}", text.value),
        SceneElement::Transition(text) => format!("transition {}", text.value),
        SceneElement::Centred(text) => format!("centred {}", text.value),
        SceneElement::Lyrics(text) => format!("lyrics {}", text.value),
        SceneElement::Section { level, text } => format!("section {level} {}", text.value),
        SceneElement::Synopsis(text) => format!("synopsis {}", text.value),
        SceneElement::Note(text) => format!("note {}", text.value),
        SceneElement::PageBreak(_) => "page".to_owned(),
    };
    let opening = screenplay.opening.iter().map(element);
    let scenes = screenplay.scenes.iter().flat_map(|scene| {
        let heading = format!(
            "{} {:?} {} {:?}",
            scene.heading.value, scene.number, scene.omitted, scene.synopsis
        );
        std::iter::once(heading).chain(scene.elements.iter().map(element))
    });
    opening.chain(scenes).collect()
}

fn part_text(part: &crate::story::fountain::SpeechPart) -> String {
    use crate::story::fountain::SpeechPart::{Direction, Line, Lyric};
    match part {
        Line(line) => format!("line {}", line.value),
        Lyric(line) => format!("lyric {}", line.value),
        Direction(line) => format!("direction {}", line.value),
    }
}
