//! Facts about the files beside the document.

mod chosen_values;
mod cut;
mod footage;
mod foreign_cut;
mod linear_cost;
mod output_words;
mod sound;

use super::{OpenedProduction, ProjectOptions, open};
use crate::document::InputLimits;
use crate::report::diagnostic::{DiagnosticStyle, render_diagnostics, short_diagnostics};
use std::path::Path;

const HEAD: &str = "production:
  title: T
  author: A
  description: D
  characters: [{name: mara, model: mara.glb}]
  locations: [{name: pier, preset: harbour_dusk}]
  outputs: [{name: film, codec: png, resolution: 64x64, frame_rate: 24, path: out}]
";

const MODEL: &[u8] = include_bytes!("../../tests/invalid/assets/figure.glb");

/// A folder with a document of these lines and these files beside it.
fn folder(lines: &str, files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("production.yaml"),
        format!("{HEAD}{lines}"),
    )
    .unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn opened(folder: &Path, limits: InputLimits) -> OpenedProduction {
    open(
        folder,
        &ProjectOptions {
            limits,
            ..ProjectOptions::default()
        },
    )
    .unwrap()
}

/// Returns the findings about everything but the model, which is not there.
fn report(folder: &Path, limits: InputLimits) -> String {
    let opened = opened(folder, limits);
    let report = short_diagnostics(&opened.diagnostics, &opened.sources)
        .replace(&format!("{}/", folder.display()), "");
    report
        .lines()
        .filter(|line| !line.contains("mara.glb"))
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn a_mistake_in_a_cell_is_drawn_under_the_cell() {
    let list = "Shot,Vorlage,Template,Character,Lens,Duration\nwide,é,hero_cu,mara,85,48\nclose,é,heor_cu,mira,wyde,4x\n";
    let folder = folder(
        "  shot_list: shots.csv\n",
        &[("shots.csv", list.as_bytes()), ("mara.glb", MODEL)],
    );
    let opened = opened(folder.path(), InputLimits::default());
    let style = DiagnosticStyle {
        colour: false,
        width: 100,
        unicode: true,
    };
    let drawn = render_diagnostics(&opened.diagnostics, &opened.sources, style);
    insta::assert_snapshot!(drawn.replace(&folder.path().display().to_string(), "film"));
}

#[test]
fn a_list_and_a_script_over_the_byte_limit_are_refused() {
    let long = "x".repeat(400);
    for (line, name) in [
        ("shot_list", "list.csv"),
        ("script", "a.fountain"),
        ("shot_list", "list.yaml"),
    ] {
        let folder = folder(&format!("  {line}: {name}\n"), &[(name, long.as_bytes())]);
        let report = report(folder.path(), InputLimits::default().with_file_bytes(399));
        assert!(
            report.contains("error[production::files::too_large]"),
            "{report}"
        );
    }
}

#[test]
fn a_list_in_utf_16_is_reported_as_utf_16() {
    let folder = folder(
        "  shot_list: shots.csv\n",
        &[("shots.csv", b"\xff\xfen\0a\0")],
    );
    let opened = opened(folder.path(), InputLimits::default());
    let not_text = opened
        .diagnostics
        .as_slice()
        .iter()
        .find(|found| found.code == "production::files::not_text");
    assert_eq!(
        not_text.and_then(|not_text| not_text.help.as_deref()),
        Some("it is UTF-16; save it as UTF-8")
    );
}

#[test]
fn a_script_in_utf_16_without_a_mark_is_no_text() {
    let text: Vec<u8> = "EXT. PIER - DAY\n"
        .bytes()
        .flat_map(|byte| [byte, 0])
        .collect();
    let folder = folder("  script: a.fountain\n", &[("a.fountain", &text)]);
    let opened = opened(folder.path(), InputLimits::default());
    let found = opened.diagnostics.as_slice().iter();
    let not_text = found
        .filter(|found| found.code == "production::files::not_text")
        .collect::<Vec<_>>();
    assert!(
        matches!(&not_text[..], [only] if only.help.as_deref().is_some_and(|help| help.contains("UTF-16"))),
        "{not_text:?}"
    );
}

#[test]
fn a_list_outside_of_the_project_is_not_read() {
    let elsewhere = folder("", &[("shots.csv", b"name\na\n")]);
    let list = elsewhere.path().join("shots.csv");
    let folder = folder(&format!("  shot_list: {}\n", list.display()), &[]);
    let opened = opened(folder.path(), InputLimits::default());
    assert!(
        opened
            .diagnostics
            .as_slice()
            .iter()
            .any(|found| found.code == "production::files::outside_project")
    );
    assert_eq!(opened.sources.find_path(&list), None);
}

#[cfg(unix)]
#[test]
fn a_device_in_place_of_a_file_is_not_opened() {
    let folder = folder("  shot_list: /dev/zero\n  script: /dev/zero\n", &[]);
    let report = report(folder.path(), InputLimits::default());
    assert_eq!(
        report.matches("production::files::outside_project").count(),
        2,
        "{report}"
    );
}

#[test]
fn a_table_and_a_yaml_list_make_the_same_production() {
    let yaml = "shots:\n  - {name: a, template: hero_cu, character: mara, frame_range: 1-48}\n  - {name: b, scene: 2, location: pier, duration: 2s}\n";
    let csv = "name,template,scene,character,location,frame_range,duration\na,hero_cu,,mara,,1-48,\nb,,2,,pier,,2s\n";
    let shots = |name: &str, text: &str| {
        let folder = folder(
            &format!("  shot_list: {name}\n"),
            &[(name, text.as_bytes()), ("mara.glb", MODEL)],
        );
        let checked = opened(folder.path(), InputLimits::default())
            .checked
            .unwrap();
        let shots = checked.shots.iter().map(|shot| {
            (
                shot.name.value.clone(),
                shot.scene.value.clone(),
                shot.frames.to_string(),
                format!("{:?}", shot.camera),
            )
        });
        shots.collect::<Vec<_>>()
    };
    let from_yaml = shots("list.yaml", yaml);
    assert_eq!(from_yaml.len(), 2);
    assert_eq!(from_yaml, shots("list.csv", csv));
}

/// Returns the codes of the findings in a document of these lines, and the rules that are not
/// checked.
fn codes_and_unchecked(lines: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let folder = folder("", &[("mara.glb", MODEL)]);
    let text = format!("production:\n  title: T\n  author: A\n  description: D\n{lines}");
    std::fs::write(folder.path().join("production.yaml"), text).unwrap();
    let opened = opened(folder.path(), InputLimits::default());
    let codes = opened.diagnostics.as_slice().iter();
    let codes = codes.filter(|found| !found.code.contains("::tools::"));
    let unchecked = opened
        .unchecked
        .iter()
        .flat_map(|unchecked| &unchecked.rules);
    (
        codes.map(|found| found.code).collect(),
        unchecked.copied().collect(),
    )
}

const PLACES: &str = "  locations: [{name: pier, preset: harbour_dusk}]\n";
const WRONG_ENDING: &str =
    "    - {name: film, codec: h264, resolution: 64x64, frame_rate: 24, path: out/film.webm}\n";

/// Fields of a shot that are mistakes.
const SHOT_MISTAKES: [(&str, &str); 5] = [
    ("an unknown field of a shot", "lenz: 35"),
    ("an unknown field that is near none", "zebra: 35"),
    ("an unknown preset of a shot", "template: wyde"),
    ("a range of a shot", "exposure: 900"),
    ("a value of another type", "scene: [x]"),
];

/// Returns productions with a mistake beside the wrong ending of an output, each with its name.
fn productions_with_mistakes() -> Vec<(&'static str, String)> {
    let shots = "  shots:\n    - {name: a, location: pier}\n";
    let of_shots = SHOT_MISTAKES.map(|(what, field)| {
        let shot = format!("  shots:\n    - {{name: a, location: pier, {field}}}\n");
        (what, format!("{PLACES}{shot}  outputs:\n{WRONG_ENDING}"))
    });
    let of_outputs = [
        (
            "an unknown field of another output",
            format!("    - {{name: b, codek: png, path: out/b}}\n{WRONG_ENDING}"),
        ),
        (
            "an unknown preset of another output",
            format!("    - {{name: b, format: streming, path: out/b}}\n{WRONG_ENDING}"),
        ),
        (
            "another field of the same output",
            WRONG_ENDING.replace("frame_rate", "frame_rte"),
        ),
    ]
    .map(|(what, outputs)| (what, format!("{PLACES}{shots}  outputs:\n{outputs}")));
    let location = "  locations: [{name: pier, preset: harbour_dusk, fogg: 1}]\n";
    let of_others = [
        ("an unknown field of a location", location.to_owned()),
        (
            "an unknown key of the production",
            format!("{PLACES}  zebra: 1\n"),
        ),
        (
            "a key that is written twice",
            format!("{PLACES}  title: U\n"),
        ),
        (
            "render settings",
            format!("{PLACES}  render_settings: {{samples: 0}}\n"),
        ),
    ]
    .map(|(what, lines)| (what, format!("{lines}{shots}  outputs:\n{WRONG_ENDING}")));
    of_shots
        .into_iter()
        .chain(of_outputs)
        .chain(of_others)
        .collect()
}

#[test]
fn a_mistake_in_one_place_hides_none_elsewhere() {
    for (what, lines) in productions_with_mistakes() {
        let (codes, _) = codes_and_unchecked(&lines);
        assert!(
            codes.contains(&"production::outputs::extension"),
            "{what}: {codes:?}"
        );
        assert!(codes.len() >= 2, "{what}: {codes:?}");
    }
}

#[test]
fn a_value_that_a_mistake_may_have_removed_is_unchecked_and_not_missing() {
    let shot = "  shots:\n    - {name: a, location: pier}\n";
    for (lines, rule) in [
        // The codec may be the unknown one.
        (
            format!("{PLACES}{shot}  outputs:\n    - {{name: b, codek: png, path: out/b}}\n"),
            "production::outputs::extension",
        ),
        (
            format!(
                "{PLACES}{shot}  outputs:\n    - {{name: b, format: streming, path: out/b.mov}}\n"
            ),
            "production::outputs::extension",
        ),
        (
            format!("{PLACES}{shot}  ouputs:\n    - {{name: b, codec: png, path: out/b}}\n"),
            "production::outputs::none",
        ),
        (
            format!("{PLACES}  shot: []\n  outputs: [{{name: b, codec: png, path: out/b}}]\n"),
            "production::shots::none",
        ),
        (
            format!("  loctions: [{{name: pier, preset: harbour_dusk}}]\n{shot}"),
            "production::shots::unknown_location",
        ),
        (
            format!("  locations: [{{name: pier, presett: harbour_dusk}}]\n{shot}"),
            "production::locations::undescribed",
        ),
        (
            format!(
                "{PLACES}  characters: [{{name: mara, modle: mara.glb}}]\n  shots: [{{name: a, location: pier, character: mara}}]\n"
            ),
            "production::characters::model_missing",
        ),
        (
            format!(
                "{PLACES}  characters: [{{name: mara, model: mara.glb}}]\n  shots: [{{name: a, location: pier, charactr: mara}}]\n"
            ),
            "production::characters::unused",
        ),
    ] {
        let (codes, unchecked) = codes_and_unchecked(&lines);
        assert!(!codes.contains(&rule), "{lines}: {codes:?}");
        assert!(unchecked.contains(&rule), "{lines}: {unchecked:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_hides_no_mistake_of_the_others() {
    let folder = folder(
        "  shots: [{name: a, location: pier, template: wyde}]\n  include: [more.yaml]\n",
        &[("more.yaml", b"characters: [{")],
    );
    let opened = opened(folder.path(), InputLimits::default());
    let codes: Vec<_> = opened
        .diagnostics
        .as_slice()
        .iter()
        .map(|found| found.code)
        .collect();
    assert!(
        codes.contains(&"production::library::unknown_preset"),
        "{codes:?}"
    );
    assert!(codes.contains(&"production::files::missing"), "{codes:?}");
    assert!(
        !codes.contains(&"production::shots::unknown_character"),
        "{codes:?}"
    );
    assert!(opened.checked.is_none() && !opened.unchecked.is_empty());
}

#[test]
fn without_a_mistake_everything_is_checked() {
    let (codes, unchecked) = codes_and_unchecked(&format!(
        "{PLACES}  shots: [{{name: a, location: pier}}]\n  outputs:\n{WRONG_ENDING}"
    ));
    assert_eq!(
        (codes, unchecked),
        (vec!["production::outputs::extension"], vec![])
    );
}

/// Two locations, for scripts that play in both.
const TWO_PLACES: &str = "production:
  title: T
  author: A
  description: D
  locations: [{name: workshop, preset: workshop_night}, {name: pier, preset: harbour_dusk}]
  script: s.fountain
  outputs: [{name: film, codec: png, resolution: 64x64, frame_rate: 24, path: out}]
";

/// Opens the two places with these lines and this script.
fn scripted(lines: &str, script: &str) -> (OpenedProduction, tempfile::TempDir) {
    let folder = folder("", &[("s.fountain", script.as_bytes())]);
    let path = folder.path().join("production.yaml");
    std::fs::write(path, format!("{TWO_PLACES}{lines}")).unwrap();
    (opened(folder.path(), InputLimits::default()), folder)
}

/// Returns the findings, and each shot as scene, name and location. A place that no scene plays in
/// is no concern here.
fn scripted_shots(lines: &str, script: &str) -> (String, Vec<String>) {
    let (opened, folder) = scripted(lines, script);
    let report = short_diagnostics(&opened.diagnostics, &opened.sources)
        .replace(&format!("{}/", folder.path().display()), "");
    let report = report
        .lines()
        .filter(|line| !line.contains("locations::unused"))
        .map(|line| format!("{line}\n"))
        .collect();
    let shots = opened.checked.iter().flat_map(|checked| &checked.shots);
    let shots = shots.map(|shot| {
        let place = shot.location.as_ref().map_or("", |place| &place.name.value);
        format!("{} {} {place}", shot.scene.value, shot.name.value)
    });
    (report, shots.collect())
}

#[test]
fn the_order_of_the_script_is_that_of_the_film() {
    let script = "INT. WORKSHOP - DAY #1#\n\nOne.\n\nEXT. PIER - DAY #5#\n\nFive.\n\nEXT. PIER - DAY #A2#\n\nTwo.\n\nINT. WORKSHOP - DAY #3#\n\nThree.\n";
    let all = [
        "1 sc01_010 workshop",
        "5 sc05_010 pier",
        "A2 scA2_010 pier",
        "3 sc03_010 workshop",
    ];
    assert_eq!(
        scripted_shots("", script),
        (String::new(), all.map(str::to_owned).to_vec())
    );
    // A written shot is where its scene is, by the number as the script writes it.
    let lines = "  shots: [{name: gulls, template: establishing_wide, scene: a2, duration: 24}]\n";
    let (report, shots) = scripted_shots(lines, script);
    assert_eq!(report, "");
    assert_eq!(shots[2], "a2 gulls pier");
    assert_eq!(
        [&*shots[0], &*shots[1], &*shots[3]],
        [all[0], all[1], all[3]]
    );
}

#[test]
fn inserted_scenes_and_a_teaser_are_scenes_of_their_own() {
    for (numbers, wanted) in [
        (&["1", "2", "2A", "3"][..], &["1", "2", "2A", "3"][..]),
        (&["", "1", "A2", "2"], &["A1", "1", "A2", "2"]),
        (&["1-1", "1-2", "1-3"], &["1-1", "1-2", "1-3"]),
        (&["1", "", "2"], &["1", "1A", "2"]),
    ] {
        let script: String = numbers
            .iter()
            .map(|number| match *number {
                "" => "EXT. PIER - DAY\n\nWind.\n\n".to_owned(),
                number => format!("EXT. PIER - DAY #{number}#\n\nWind.\n\n"),
            })
            .collect();
        let (report, shots) = scripted_shots("", &script);
        assert_eq!(report, "", "{numbers:?}");
        let scenes: Vec<&str> = shots
            .iter()
            .filter_map(|shot| shot.split(' ').next())
            .collect();
        assert_eq!(scenes, wanted);
    }
}

#[test]
fn an_omitted_scene_makes_no_shot() {
    let script = "EXT. PIER - DAY #1#\n\nWind.\n\nOMITTED #2#\n\nINT. WORKSHOP - DAY (OMITTED) #3#\n\nDust.\n\nEXT. PIER - DAY #4#\n\nRain.\n";
    let (report, shots) = scripted_shots("", script);
    assert_eq!((report.as_str(), shots.len()), ("", 2));
    let lines = "  shots: [{name: dust, template: establishing_wide, location: pier, scene: 3, duration: 24}]\n";
    let (report, _) = scripted_shots(lines, script);
    assert!(
        report.contains("is in scene 3, which the script omits"),
        "{report}"
    );
}

#[test]
fn two_scenes_of_one_number_are_reported_and_both_are_in_the_film() {
    let script = "EXT. PIER - DAY #7A#\n\nWind.\n\nINT. WORKSHOP - DAY #7a#\n\nDust.\n";
    let (report, shots) = scripted_shots("", script);
    assert!(
        report.contains("duplicate_scene_number") && report.lines().count() == 1,
        "{report}"
    );
    assert_eq!(shots, ["7A sc07A_010 pier", "7AA sc07AA_010 workshop"]);
}

#[test]
fn scenes_are_named_by_number_in_tables_locations_and_wardrobes() {
    let table = "Shot,Template,Scene,Character,Duration\na,character_cu,5A,mara,24\nb,character_cu,A2,mara,24\nc,character_cu,1-3,mara,24\n";
    let document = "production:
  title: T
  author: A
  description: D
  characters:
    - name: mara
      model: mara.glb
      wardrobe: {scene_A2: {costume: coat, model: coat.glb}, 1-3: {costume: hat, model: hat.glb}}
  locations: [{name: pier, preset: harbour_dusk}, {name: loft, preset: harbour_dusk, scenes: [5A, 1-3]}]
  script: s.fountain
  shot_list: shots.csv
  outputs: [{name: film, codec: png, resolution: 64x64, frame_rate: 24, path: out}]
";
    let script = "EXT. PIER - DAY #5A#\n\nWind.\n\nEXT. PIER - DAY #A2#\n\nWind.\n\nEXT. PIER - DAY #1-3#\n\nWind.\n";
    let models = ["mara.glb", "coat.glb", "hat.glb"].map(|name| (name, MODEL));
    let texts = [
        ("s.fountain", script.as_bytes()),
        ("shots.csv", table.as_bytes()),
    ];
    let folder = folder("", &[&models[..], &texts].concat());
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    let production = self::opened(folder.path(), InputLimits::default())
        .checked
        .unwrap();
    let worn = production.shots.iter().map(|shot| {
        let model = production.characters[0]
            .model_in(&shot.scene.value)
            .unwrap();
        let place = &shot.location.as_ref().unwrap().name.value;
        format!("{} {place} {}", shot.scene.value, model.path.display())
    });
    assert_eq!(
        worn.collect::<Vec<_>>(),
        ["5A loft mara.glb", "A2 pier coat.glb", "1-3 loft hat.glb"]
    );
}

#[test]
fn headings_as_people_write_them_find_their_place() {
    let places = [
        "INT. WORKSHOP -- NIGHT",
        "INT. WORKSHOP — NIGHT",
        "INT. WORKSHOP–NIGHT",
        "INT. WORKSHOP - NIGHT - CONTINUOUS",
        "INT. / EXT. WORKSHOP - DAY",
        "INT./EXT. WORKSHOP",
        "I/E WORKSHOP - DAY",
        "EST. WORKSHOP",
        "INT. WORKSHOP, LATER",
        "INT. WORKSHOP (NIGHT)",
        "INT. WORKSHOP - DAY (FLASHBACK)",
        "**INT. WORKSHOP - NIGHT**",
        "_INT. WORKSHOP - NIGHT_ #4A#",
        "INT. WORKSHOP - NIGHT [[rain]]",
        "INT. WORKSHOP - NIGHT #5# [[tank]]",
        "INT. WORKSHOP. NIGHT",
        "INT. WORKSHOP NIGHT",
        "12 INT. WORKSHOP - NIGHT 12",
        "INT. WORKSHOP: 07:45",
        "int. workshop - night",
    ];
    for heading in places {
        let (report, shots) = scripted_shots("", &format!("{heading}\n\nOne lamp.\n"));
        assert_eq!(report, "", "{heading}");
        assert!(
            shots.len() == 1 && shots[0].ends_with(" workshop"),
            "{heading}: {shots:?}"
        );
    }
    let (report, _) = scripted_shots("", "INT. BOILER ROOM - NIGHT\n\nSteam.\n");
    assert!(report.contains("unmatched_scene"), "{report}");
}

#[test]
fn names_match_in_any_normal_form_and_with_either_apostrophe() {
    let document = "production:
  title: T
  author: A
  description: D
  characters: [{name: zoe\u{308}, model: mara.glb}, {name: \"O'Brien\", model: mara.glb}]
  locations: [{name: cafe\u{301}, preset: harbour_dusk}, {name: maras_shed, preset: harbour_dusk}]
  script: s.fountain
  shots: [{name: close, template: character_cu, scene: 1, character: zoë, focus: zoë, location: café, duration: 24}]
  outputs: [{name: film, codec: png, resolution: 64x64, frame_rate: 24, path: out}]
";
    let script = "INT. CAFÉ - DAY\n\nZOË\nTwo, please.\n\nINT. MARA’S SHED - DAY\n\nO’BRIEN\nNo.\n\nZOE\u{308}\nYes.\n";
    let folder = folder(
        "",
        &[("s.fountain", script.as_bytes()), ("mara.glb", MODEL)],
    );
    std::fs::write(folder.path().join("production.yaml"), document).unwrap();
    let opened = self::opened(folder.path(), InputLimits::default());
    let report = short_diagnostics(&opened.diagnostics, &opened.sources);
    for code in ["uncast_speaker", "unmatched_scene", "unknown_", "unused"] {
        assert!(!report.contains(code), "{report}");
    }
    let production = opened.checked.unwrap();
    let located = production
        .shots
        .iter()
        .map(|shot| shot.location.as_ref().unwrap().index);
    assert_eq!(located.collect::<Vec<_>>()[..2], [Some(0), Some(1)]);
    let speakers = production
        .shots
        .iter()
        .filter(|shot| shot.automatic && shot.cast.len() == 2);
    assert!(speakers.count() > 0);
}

#[test]
fn a_script_in_another_format_is_named_and_not_read() {
    let xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<script>\n\nINT. WORKSHOP - NIGHT\n";
    for (bytes, noun) in [
        (&b"{\\rtf1\\ansi\nINT. WORKSHOP - NIGHT\n\n}"[..], "an RTF file"),
        (b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n", "a PDF file"),
        (b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml", "a Word file"),
        (xml.as_bytes(), "an XML file"),
    ] {
        for lines in ["", "  shots: [{name: one, template: establishing_wide, location: pier, duration: 24}]\n"] {
            let folder = folder("", &[("s.fountain", bytes)]);
            std::fs::write(folder.path().join("production.yaml"), format!("{TWO_PLACES}{lines}")).unwrap();
            let report = report(folder.path(), InputLimits::default());
            assert!(report.contains(&format!(" is {noun}")), "{report}");
            assert_eq!(report.matches("error[").count(), 1, "{report}");
        }
    }
    // A script may begin with a brace.
    let (report, shots) = scripted_shots("", "{A lamp.}\n\nINT. WORKSHOP - NIGHT\n\nDust.\n");
    assert_eq!((report.as_str(), shots.len()), ("", 1));
    let (report, _) = scripted_shots("", "{A lamp.}\n");
    assert!(report.contains("shots::none"), "{report}");
}

#[test]
fn a_script_of_final_draft_makes_the_same_film_as_one_in_fountain() {
    let fdx = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\" ?>\n<FinalDraft DocumentType=\"Script\"><Content>\
        <Paragraph Type=\"Scene Heading\" Number=\"4A\"><Text>Int. Workshop - Night</Text></Paragraph>\
        <Paragraph Type=\"Action\"><Text>Dust.</Text></Paragraph>\
        <Paragraph Type=\"Character\"><Text>Mara (V.O.)</Text></Paragraph>\
        <Paragraph Type=\"Dialogue\"><Text>It went out.</Text></Paragraph>\
        </Content></FinalDraft>";
    let fountain = "INT. WORKSHOP - NIGHT #4A#\n\nDust.\n\nMARA (V.O.)\nIt went out.\n";
    let shots = |name: &str, text: &str| {
        let document = format!("{HEAD}  script: {name}\n  sound: {{}}\n");
        let folder = folder("", &[(name, text.as_bytes()), ("mara.glb", MODEL)]);
        std::fs::write(folder.path().join("production.yaml"), document).unwrap();
        let opened = opened(folder.path(), InputLimits::default());
        let report = short_diagnostics(&opened.diagnostics, &opened.sources);
        let checked = opened.checked.unwrap_or_else(|| panic!("{report}"));
        let shots = checked.shots.iter().map(|shot| {
            let lines = shot.lines.iter();
            let lines: Vec<_> = lines
                .map(|line| {
                    (
                        line.speaker.value.clone(),
                        line.text.value.clone(),
                        line.delivery,
                    )
                })
                .collect();
            (shot.name.value.clone(), shot.frames.len(), lines)
        });
        shots.collect::<Vec<_>>()
    };
    let expected = shots("s.fountain", fountain);
    assert!(
        expected
            .iter()
            .any(|(name, _, lines)| name == "sc04A_010" && lines.len() == 1)
    );
    // The content decides, and the extension of a file without a declaration.
    assert_eq!(shots("s.fdx", fdx), expected);
    assert_eq!(shots("s.txt", fdx), expected);
}

#[test]
fn speech_without_spaces_gives_shots_as_long_as_others() {
    let seconds = |speech: &str| {
        let document = format!("{HEAD}  script: s.fountain\n");
        let script = format!("EXT. PIER - DAY\n\n@mara\n{speech}\n");
        let folder = folder(
            "",
            &[("s.fountain", script.as_bytes()), ("mara.glb", MODEL)],
        );
        std::fs::write(folder.path().join("production.yaml"), document).unwrap();
        let checked = opened(folder.path(), InputLimits::default())
            .checked
            .unwrap();
        checked.shots[1].frames.len()
    };
    let english = seconds(
        "We must light the lamp before the night comes, or no boat will find the pier again.",
    );
    for speech in [
        "我们必须在夜晚来临之前把灯点亮，否则再也没有船能找到这个码头。",
        "夜が来る前にランプを灯さなければ、もうどの船もこの桟橋を見つけられません。",
    ] {
        let frames = seconds(speech);
        assert!(
            frames * 4 > english * 3 && frames * 3 < english * 4,
            "{frames} and {english}: {speech}"
        );
    }
    let lines = "  shots: [{name: talks, template: character_mcu, scene: 1, character: mara, action: talk, location: pier, duration: 24}]\n  script: s.fountain\n";
    let script = "EXT. PIER - DAY\n\n@mara\n我们必须在夜晚来临之前把灯点亮，否则再也没有船能找到这个码头。\n";
    let folder = folder(
        lines,
        &[("s.fountain", script.as_bytes()), ("mara.glb", MODEL)],
    );
    let report = report(folder.path(), InputLimits::default());
    assert!(
        report.contains("rushed_words") && report.contains("its 29 characters need"),
        "{report}"
    );
}
