//! A long screenplay, read and covered with shots, as opening a production does it.

use production::project::{ProjectOptions, open};
use std::fmt::Write as _;
use std::path::Path;

const NAMES: [&str; 4] = ["MARA", "ILYA", "OLD SAILOR", "HARBOUR MASTER"];

const DOCUMENT: &str = "production:
  title: The Long Night
  author: Bench
  description: A screenplay of hundreds of pages.
  script: film.SCRIPT
  characters: [{name: mara}, {name: ilya}, {name: old_sailor}, {name: harbour_master}]
  props: [{name: lantern}, {name: oar}]
  locations: [{name: pier, preset: harbour_dusk}]
  outputs: [{name: film, format: streaming_1080p, path: out/film.mp4}]
";

/// Opens a production with a screenplay of so many pages, and prints how many shots it has.
pub(crate) fn cover(folder: &Path, pages: usize, extension: &str) {
    let script = match extension {
        "fdx" => final_draft_script(pages),
        _ => fountain_script(pages),
    };
    std::fs::write(folder.join(format!("film.{extension}")), script).unwrap();
    let document = DOCUMENT.replace("SCRIPT", extension);
    std::fs::write(folder.join("production.yaml"), document).unwrap();
    // The models are missing on purpose: the figures are about words. So there is no checked
    // production, but all of its shots were made and looked at by every rule.
    let opened = open(folder, &ProjectOptions::default()).unwrap();
    let scenes = opened.screenplay.unwrap().scenes.len();
    println!(
        "{scenes} scenes, {} findings",
        opened.diagnostics.as_slice().len()
    );
}

/// A paragraph of a screenplay.
enum Paragraph {
    Heading(String),
    Action(String),
    Speech(&'static str, String),
}

/// Returns paragraphs that fill so many pages of 54 lines: a scene of two pages, with a speech for
/// every paragraph of action, as long as those of films are.
fn paragraphs(pages: usize) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for scene in 0..pages.div_ceil(2) {
        paragraphs.push(Paragraph::Heading(format!(
            "EXT. PIER - {}",
            ["DAY", "NIGHT"][scene % 2]
        )));
        // A pair takes eight lines, and a scene has 108.
        for pair in 0..12 {
            paragraphs.push(Paragraph::Action(format!(
                "Mara lifts the lantern number {pair} of scene {scene} and looks out to where the boats should be by now, and are not."
            )));
            let name = NAMES[(scene + pair) % NAMES.len()];
            paragraphs.push(Paragraph::Speech(
                name,
                format!("There are {pair} boats out there, and only one of them has a light that anybody could see."),
            ));
        }
    }
    paragraphs
}

fn fountain_script(pages: usize) -> String {
    let mut text = String::new();
    for paragraph in paragraphs(pages) {
        let _ = match paragraph {
            Paragraph::Heading(heading) => writeln!(text, "{heading}\n"),
            Paragraph::Action(action) => writeln!(text, "{action}\n"),
            Paragraph::Speech(name, words) => writeln!(text, "{name}\n(quietly)\n{words}\n"),
        };
    }
    text
}

fn final_draft_script(pages: usize) -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\"?>\n<FinalDraft DocumentType=\"Script\" Version=\"5\"><Content>\n",
    );
    let mut push = |kind: &str, words: &str| {
        let _ = writeln!(
            text,
            "<Paragraph Type=\"{kind}\">\n<Text>{words}</Text>\n</Paragraph>"
        );
    };
    for paragraph in paragraphs(pages) {
        match paragraph {
            Paragraph::Heading(heading) => push("Scene Heading", &heading),
            Paragraph::Action(action) => push("Action", &action),
            Paragraph::Speech(name, words) => {
                push("Character", name);
                push("Parenthetical", "(quietly)");
                push("Dialogue", &words);
            }
        }
    }
    text + "</Content></FinalDraft>\n"
}
