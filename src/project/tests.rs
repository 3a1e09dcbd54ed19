//! Facts about the files beside the document.

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
fn what_is_no_file_is_not_opened() {
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
                shot.scene.value,
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
    "    - {name: film, codec: h264, resolution: 64x64, frame_rate: 24, path: out/film.mov}\n";

#[test]
fn a_mistake_in_one_place_hides_none_elsewhere() {
    let shots = "  shots:\n    - {name: a, location: pier}\n";
    for (what, lines) in [
        (
            "an unknown field of a shot",
            format!(
                "{PLACES}  shots:\n    - {{name: a, location: pier, lenz: 35}}\n  outputs:\n{WRONG_ENDING}"
            ),
        ),
        (
            "an unknown field that is near none",
            format!(
                "{PLACES}  shots:\n    - {{name: a, location: pier, zebra: 35}}\n  outputs:\n{WRONG_ENDING}"
            ),
        ),
        (
            "an unknown preset of a shot",
            format!(
                "{PLACES}  shots:\n    - {{name: a, location: pier, template: wyde}}\n  outputs:\n{WRONG_ENDING}"
            ),
        ),
        (
            "a range of a shot",
            format!(
                "{PLACES}  shots:\n    - {{name: a, location: pier, exposure: 900}}\n  outputs:\n{WRONG_ENDING}"
            ),
        ),
        (
            "a value of another type",
            format!(
                "{PLACES}  shots:\n    - {{name: a, location: pier, scene: [x]}}\n  outputs:\n{WRONG_ENDING}"
            ),
        ),
        (
            "an unknown field of another output",
            format!(
                "{PLACES}{shots}  outputs:\n    - {{name: b, codek: png, path: out/b}}\n{WRONG_ENDING}"
            ),
        ),
        (
            "an unknown preset of another output",
            format!(
                "{PLACES}{shots}  outputs:\n    - {{name: b, format: streming, path: out/b}}\n{WRONG_ENDING}"
            ),
        ),
        (
            "another field of the same output",
            format!(
                "{PLACES}{shots}  outputs:\n    - {{name: film, codec: h264, resolution: 64x64, frame_rte: 24, path: out/film.mov}}\n"
            ),
        ),
        (
            "an unknown field of a location",
            format!(
                "  locations: [{{name: pier, preset: harbour_dusk, fogg: 1}}]\n{shots}  outputs:\n{WRONG_ENDING}"
            ),
        ),
        (
            "an unknown key of the production",
            format!("{PLACES}  zebra: 1\n{shots}  outputs:\n{WRONG_ENDING}"),
        ),
        (
            "a key that is written twice",
            format!("{PLACES}  title: U\n{shots}  outputs:\n{WRONG_ENDING}"),
        ),
        (
            "render settings",
            format!("{PLACES}  render_settings: {{samples: 0}}\n{shots}  outputs:\n{WRONG_ENDING}"),
        ),
    ] {
        let (codes, _) = codes_and_unchecked(&lines);
        assert!(
            codes.contains(&"production::outputs::extension"),
            "{what}: {codes:?}"
        );
        assert!(codes.len() >= 2, "{what}: {codes:?}");
    }
}

#[test]
fn what_a_mistake_may_have_removed_is_not_said_to_be_missing_but_said_to_be_unchecked() {
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
