//! Scripts through the program: a breakdown of a file and of a production, in every form, and the
//! script of a film as Fountain.

#![expect(
    clippy::unwrap_used,
    reason = "a test or bench stops at the first surprise"
)]

use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

const FOUNTAIN: &str = "Title: The Last Light

FADE IN:

EXT. HARBOUR PIER - DUSK #1#

= Mara finds the lamp dark.

Wind in the ropes. MARA waits, the lantern beside her.

MARA (V.O.)
It went out at four. Nobody saw it.

ILYA
(quietly)
I saw it.

MARA ^
You did?

OMITTED #2#

INT. SHED - CONTINUOUS #2A#

The lantern stands on the table, cold.

MARA
=1+1, as they say.
";

const FINAL_DRAFT: &str = include_str!("../src/story/final_draft/tests/everything.fdx");

const DOCUMENT: &str = "\
production:
  title: The Last Light
  author: A. Keeper
  description: A lamp.
  script: film.fountain
  sound: {}
  characters: [{name: mara, model: figure.glb}, {name: ilya, model: figure.glb}]
  props: [{name: lantern, model: figure.glb}]
  locations:
    - {name: harbour_pier, preset: harbour_dusk}
    - {name: shed, preset: workshop_night}
  outputs: [{name: film, codec: png, resolution: 64x64, frame_rate: 24, path: out}]
";

/// A folder with a production and two scripts.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        fs::write(desk.path("film.fountain"), FOUNTAIN).unwrap();
        fs::write(desk.path("pilot.fdx"), FINAL_DRAFT).unwrap();
        fs::write(desk.path("production.yaml"), DOCUMENT).unwrap();
        let model = include_bytes!("invalid/assets/figure.glb");
        fs::write(desk.path("figure.glb"), model).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn call(&self, words: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_production"));
        command.current_dir(self.0.path()).env("NO_COLOR", "1");
        command.env("COLUMNS", "120").args(words).output().unwrap()
    }

    /// Returns what a call prints, which must succeed.
    fn printed(&self, words: &[&str]) -> String {
        let output = self.call(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn a_breakdown_of_a_file_shows_scenes_and_cast() {
    let desk = Desk::new();
    insta::assert_snapshot!("story-fountain", desk.printed(&["story", "film.fountain"]));
    insta::assert_snapshot!("story-fdx", desk.printed(&["story", "pilot.fdx"]));
}

#[test]
fn a_production_has_the_breakdown_of_its_script_in_every_form() {
    let desk = Desk::new();
    let of_file = desk.printed(&["story", "film.fountain", "--format", "json"]);
    let of_production = desk.printed(&["story", ".", "--format", "json"]);
    assert_eq!(of_file, of_production);
    let json: Value = serde_json::from_str(&of_production).unwrap();
    let scenes = json["scenes"].as_array().unwrap();
    assert_eq!(scenes.len(), 3);
    assert_eq!(scenes[0]["speakers"], serde_json::json!(["MARA", "ILYA"]));
    assert_eq!(scenes[1]["omitted"], true);
    // Continuous: as in the scene before.
    assert_eq!(scenes[2]["day_part"], "dusk");
    insta::assert_snapshot!("story-json", of_production);
}

#[test]
fn tables_open_in_spreadsheets() {
    let desk = Desk::new();
    insta::assert_snapshot!("story-csv", desk.printed(&["story", "--format", "csv"]));
    let cast = ["story", "--format", "csv", "--table", "cast"];
    insta::assert_snapshot!("story-csv-cast", desk.printed(&cast));
    desk.printed(&[
        "story",
        "pilot.fdx",
        "--format",
        "csv",
        "--out",
        "scenes.csv",
    ]);
    let table = fs::read_to_string(desk.path("scenes.csv")).unwrap();
    assert_eq!(table.matches("\r\n").count(), table.matches('\n').count());
    // Its own table is replaced, and nothing else is.
    desk.printed(&["story", "--format", "csv", "--out", "scenes.csv"]);
    let refused = desk.call(&["story", "--format", "csv", "--out", "production.yaml"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn what_is_no_script_is_refused_with_its_kind() {
    let desk = Desk::new();
    fs::write(desk.path("film.pdf"), b"%PDF-1.7").unwrap();
    let refused = desk.call(&["story", "film.pdf"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2));
    assert!(said.contains("it is a PDF file"), "{said}");
    fs::write(desk.path("cut.fdx"), &FINAL_DRAFT[..400]).unwrap();
    let refused = desk.call(&["story", "cut.fdx"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said.contains("production::final_draft::unreadable"),
        "{said}"
    );
}

#[test]
fn a_text_without_scenes_is_no_script_and_a_huge_one_none_either() {
    let desk = Desk::new();
    let plain = "The last bus\n\nEvery evening the last bus leaves.\n";
    fs::write(desk.path("plain.txt"), plain).unwrap();
    let huge = "INT. ATTIC - NIGHT\n\nMara waits.\n\n".repeat(300_000);
    fs::write(desk.path("huge.fountain"), huge).unwrap();
    for (path, message) in [
        (
            "plain.txt",
            "it has no scene and no dialogue, so it is no script",
        ),
        ("huge.fountain", "the limit for scripts in Fountain is 8 MB"),
    ] {
        let refused = desk.call(&["story", path]);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        let text = String::from_utf8(refused.stderr).unwrap();
        assert!(text.contains(message), "{text}");
    }
}

#[test]
fn an_unchanged_film_has_its_script_as_it_was_written() {
    let desk = Desk::new();
    assert_eq!(desk.printed(&["export", "fountain"]), FOUNTAIN);
    desk.printed(&["export", "fountain", "--out", "out.fountain"]);
    assert_eq!(
        fs::read_to_string(desk.path("out.fountain")).unwrap(),
        FOUNTAIN
    );
    let refused = desk.call(&["export", "fountain", "--out", "production.yaml"]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn lines_of_the_document_are_in_the_exported_script() {
    let desk = Desk::new();
    let shots = "  shots:
    - {name: one, scene: 1, template: two_shot, characters: [mara, ilya], location: harbour_pier, lines: ['mara: It went out at five.', 'ilya: I saw it.']}
    - {name: two, scene: 9, template: two_shot, characters: [mara, ilya], location: shed, description: 'They wait (for *us*).', lines: ['ilya: (no words)', {who: mara, text: '~ A song.', off_screen: true}]}
";
    fs::write(desk.path("production.yaml"), format!("{DOCUMENT}{shots}")).unwrap();
    let text = desk.printed(&["export", "fountain"]);
    insta::assert_snapshot!("export-fountain-changed", text);
    // Read again, it says the same.
    fs::write(desk.path("again.fountain"), &text).unwrap();
    let json = desk.printed(&["story", "again.fountain", "--format", "json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let numbers: Vec<&Value> = json["scenes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scene| &scene["number"])
        .collect();
    assert_eq!(serde_json::to_string(&numbers).unwrap(), "[1,2,\"2A\",9]");
}

#[test]
fn a_film_without_a_script_has_one_from_its_shots() {
    let desk = Desk::new();
    let document = DOCUMENT.replace("  script: film.fountain\n", "");
    let shots = "  shots:
    - {name: one, scene: 1, template: two_shot, characters: [mara, ilya], location: harbour_pier, description: Rain., lines: ['mara: Yes.']}
    - {name: two, scene: 1, template: cu_dialogue, characters: [ilya], location: harbour_pier, lines: ['ilya: No.']}
";
    fs::write(desk.path("production.yaml"), document + shots).unwrap();
    assert_eq!(
        desk.printed(&["export", "fountain"]),
        "Title: The Last Light\nAuthor: A. Keeper\n\n.HARBOUR PIER #1#\n\nRain.\n\nMARA\nYes.\n\nILYA\nNo.\n"
    );
}

/// A narrator whom nobody sees, a voice behind a door, and somebody who is there.
const VOICES: &str = "INT. ROOM - DAY

ANNA waits.

NARRATOR (V.O./CONT'D)
It was a dark night, and nobody came.

ANNA
Hello.

NEIGHBOUR (O.S.)
Anybody in?

RADIO (V.O.)
She was wrong.
";

/// The same in Final Draft.
const FINAL_DRAFT_VOICES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<FinalDraft DocumentType=\"Script\" Version=\"5\"><Content>
<Paragraph Type=\"Scene Heading\"><Text>INT. ROOM - DAY</Text></Paragraph>
<Paragraph Type=\"Action\"><Text>ANNA waits.</Text></Paragraph>
<Paragraph Type=\"Character\"><Text>NARRATOR (V.O.) (CONT'D)</Text></Paragraph>
<Paragraph Type=\"Dialogue\"><Text>It was a dark night, and nobody came.</Text></Paragraph>
<Paragraph Type=\"Character\"><Text>ANNA</Text></Paragraph>
<Paragraph Type=\"Dialogue\"><Text>Hello.</Text></Paragraph>
<Paragraph Type=\"Character\"><Text>NEIGHBOUR (O.S.)</Text></Paragraph>
<Paragraph Type=\"Dialogue\"><Text>Anybody in?</Text></Paragraph>
<Paragraph Type=\"Character\"><Text>RADIO (V.O.)</Text></Paragraph>
<Paragraph Type=\"Dialogue\"><Text>She was wrong.</Text></Paragraph>
</Content></FinalDraft>
";

#[test]
fn voices_that_nobody_sees_have_no_figure_and_are_in_no_shot() {
    for (file, script) in [
        ("voices.fountain", VOICES),
        ("voices.fdx", FINAL_DRAFT_VOICES),
    ] {
        let desk = Desk::new();
        fs::write(desk.path(file), script).unwrap();
        let made = desk.call(&["create", "film", "--from", file]);
        assert!(made.status.success(), "{made:?}");
        let document = fs::read_to_string(desk.path("film/production.yaml")).unwrap();
        assert_eq!(document.matches("model: ").count(), 1, "{document}");
        assert!(!document.contains("name: narrator"), "{document}");
        assert!(document.contains("name: neighbour"), "{document}");
        let found = desk.call(&["validate", "film", "--format", "short"]);
        let printed = String::from_utf8_lossy(&found.stdout).into_owned();
        assert!(!printed.contains("warning["), "{printed}");
        let info = desk.call(&["info", "film", "--format", "json"]);
        let info: Value = serde_json::from_slice(&info.stdout).unwrap();
        for shot in info["shots"].as_array().unwrap() {
            assert_eq!(shot["cast"], serde_json::json!(["anna"]), "{shot}");
        }
        let said = info["shots"].to_string();
        for words in [
            "It was a dark night",
            "Hello.",
            "Anybody in?",
            "She was wrong.",
        ] {
            assert!(said.contains(words), "{words} is not said: {said}");
        }
    }
}

#[test]
fn a_script_has_voices_of_its_language() {
    let desk = Desk::new();
    let script = "INT. ROOM - DAY\n\n@АННА\nЗдравствуй, ночь. Никто не пришёл.\n";
    fs::write(desk.path("night.fountain"), script).unwrap();
    let made = desk.call(&["create", "film", "--from", "night.fountain"]);
    assert!(made.status.success(), "{made:?}");
    let document = fs::read_to_string(desk.path("film/production.yaml")).unwrap();
    assert!(document.contains("language: ru"), "{document}");
    let notice = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(notice.contains("the lines are in `ru`"), "{notice}");
}
