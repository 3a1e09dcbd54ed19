//! Documents of several parts: productions that extend others, variables, defaults, and the
//! resolved document.
//!
//! Each test runs the first stages in process on a folder of small files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use production::base::FileSpan;
use production::document::VariableOverrides;
use production::document::value_tree::{ToValueTree, ValueTree};
use production::expand::{SidecarFiles, expand_production};
use production::model::Production;
use production::project::{
    OpenError, OpenedProduction, ProjectOptions, ResolvedDocument, open, open_resolved,
};
use production::report::diagnostic::{DiagnosticStyle, render_diagnostics, short_diagnostics};
use production::report::resolved_document;
use std::path::Path;

/// A small but complete production.
const SPOT: &str = "\
production:
  title: The Lamp
  author: A. Keeper
  description: A lamp must burn again before the tide
  style: {preset: noir, mood: suspenseful}
  locations: [{name: pier, preset: harbour_dusk}]
  props: [{name: lamp, model: lamp.glb}]
  shots:
    - {name: wide, template: establishing_wide, duration: 48}
    - {name: close, template: insert, props: [lamp], lens: 50, duration: 24}
  outputs:
    - {name: film, format: streaming_1080p, path: out/film.mp4}
    - {name: phone, format: social_vertical, path: out/phone.mp4}
";

/// A folder of files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn of(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            let path = folder.0.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        folder
    }

    fn open_with(&self, outside: VariableOverrides) -> Result<OpenedProduction, OpenError> {
        open(
            &self.0.path().join("p.yaml"),
            &ProjectOptions {
                variable_sources: outside,
                ..ProjectOptions::default()
            },
        )
    }

    fn set(&self, set: &[(&str, &str)]) -> Result<OpenedProduction, OpenError> {
        let set = set
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        self.open_with(VariableOverrides {
            set,
            environment: None,
        })
    }

    fn open(&self) -> OpenedProduction {
        self.set(&[]).unwrap()
    }

    /// Returns the production, which may have no errors except missing files and tools.
    fn production(&self) -> Production {
        self.production_with(VariableOverrides::default())
    }

    fn production_with(&self, outside: VariableOverrides) -> Production {
        std::fs::copy(
            "tests/invalid/assets/figure.glb",
            self.0.path().join("lamp.glb"),
        )
        .unwrap();
        let tools = tempfile::tempdir().unwrap();
        for name in ["ffmpeg", "ffprobe"] {
            std::fs::write(tools.path().join(name), "").unwrap();
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
            std::fs::set_permissions(tools.path().join(name), mode).unwrap();
        }
        let options = ProjectOptions {
            variable_sources: outside,
            search_path: tools.path().as_os_str(),
            ..ProjectOptions::default()
        };
        let opened = open(&self.0.path().join("p.yaml"), &options).unwrap();
        let findings = short_diagnostics(&opened.diagnostics, &opened.sources);
        (*opened.checked.unwrap_or_else(|| panic!("{findings}"))).clone()
    }
}

fn drawn(opened: &OpenedProduction) -> String {
    render_diagnostics(
        &opened.diagnostics,
        &opened.sources,
        DiagnosticStyle {
            colour: false,
            width: 100,
            unicode: true,
        },
    )
}

fn shot_names(production: &Production) -> Vec<&str> {
    production
        .shots
        .iter()
        .map(|shot| shot.name.value.as_str())
        .collect()
}

#[test]
fn an_extending_production_replaces_scalars_and_merges_maps_and_named_lists() {
    let folder = Folder::of(&[
        ("spot.yaml", SPOT),
        (
            "p.yaml",
            "production:
  extends: spot.yaml
  title: A Lâmpada
  style: {mood: warm, contrast: low}
  shots:
    - {name: close, lens: 85}
    - {name: end, template: establishing_wide, duration: 12}
  outputs: [{name: film, path: out/pt.mp4}]
",
        ),
    ]);
    let production = folder.production();
    assert_eq!(production.meta.display_title(), "A Lâmpada");
    assert_eq!(production.meta.author.as_deref(), Some("A. Keeper"));
    assert_eq!(production.style, "noir");
    assert_eq!(shot_names(&production), ["wide", "close", "end"]);
    assert_eq!(
        (
            production.shots[1].camera.lens_mm,
            production.shots[1].frames.len()
        ),
        (85.0, 24)
    );
    let paths: Vec<_> = production
        .outputs
        .iter()
        .map(|output| output.path.value.to_str().unwrap())
        .collect();
    assert_eq!(paths, ["out/pt.mp4", "out/phone.mp4"]);
}

#[test]
fn a_chain_of_productions_is_read_and_the_nearest_wins() {
    let folder = Folder::of(&[
        ("bases/spot.yaml", SPOT),
        (
            "bases/long.yaml",
            "production: {extends: spot.yaml, title: Long, author: B}\n",
        ),
        (
            "p.yaml",
            "production: {extends: bases/long.yaml, title: Mine}\n",
        ),
    ]);
    let production = folder.production();
    assert_eq!(
        (
            production.meta.display_title(),
            production.meta.author.as_deref()
        ),
        ("Mine", Some("B"))
    );
}

#[test]
fn dropped_entries_are_gone() {
    let p =
        "production: {extends: spot.yaml, drop: {shots: close, outputs: [phone], props: lamp}}\n";
    let production = Folder::of(&[("spot.yaml", SPOT), ("p.yaml", p)]).production();
    assert_eq!(
        (
            shot_names(&production),
            production.outputs.len(),
            production.props.len()
        ),
        (vec!["wide"], 1, 0)
    );
}

#[test]
fn includes_of_a_base_belong_to_the_base() {
    let folder = Folder::of(&[
        (
            "spot.yaml",
            &SPOT.replace("production:\n", "production:\n  include: more/*.yaml\n"),
        ),
        (
            "more/end.yaml",
            "shots: [{name: end, template: establishing_wide, duration: 12}]\n",
        ),
        (
            "p.yaml",
            "production: {extends: spot.yaml, shots: [{name: end, duration: 20}]}\n",
        ),
    ]);
    let production = folder.production();
    assert_eq!(shot_names(&production), ["wide", "close", "end"]);
    assert_eq!(production.shots[2].frames.len(), 20);
}

#[test]
fn a_mistake_in_a_base_points_into_the_base_and_to_the_place_that_extends_it() {
    let folder = Folder::of(&[
        (
            "spot.yaml",
            &SPOT.replace("template: insert", "template: isnert"),
        ),
        ("p.yaml", "production: {extends: spot.yaml}\n"),
    ]);
    let report = drawn(&folder.open());
    assert!(
        report.contains("spot.yaml:10:31") && report.contains("unknown shot template `isnert`"),
        "{report}"
    );
    assert_eq!(report.matches("extended here").count(), 1, "{report}");
}

/// A production with variables of every kind.
const WITH_VARIABLES: &str = "\
production:
  variables:
    lens: 85
    town: Peniche
    film: The Lamp of ${town}
    fps: {default: 24, description: frames a second}
    who: {env: LAMP_AUTHOR, default: nobody}
    on: true
    file: more
  title: ${film}, $${not} read
  author: ${who}
  description: A lamp
  render_settings: {frame_rate: \"${fps}\"}
  include: ${file}.yaml
  outputs: [{name: film, format: streaming_1080p, path: \"out/${town}.mp4\", retro: {enabled: \"${on}\", preset: snes}}]
";

const MORE: &str = "\
locations: [{name: pier, preset: harbour_dusk}]
shots: [{name: wide, template: establishing_wide, duration: 48, lens: \"${lens}\"}]
";

fn with_variables() -> Folder {
    Folder::of(&[("p.yaml", WITH_VARIABLES), ("more.yaml", MORE)])
}

#[test]
fn variables_are_substituted_in_every_file_and_may_be_numbers() {
    let production = with_variables().production();
    assert_eq!(
        production.meta.display_title(),
        "The Lamp of Peniche, ${not} read"
    );
    assert_eq!(production.render.rate.as_f64(), 24.0);
    assert_eq!(production.shots[0].camera.lens_mm, 85.0);
    assert!(production.outputs[0].format.retro.is_some());
    assert_eq!(
        production.outputs[0].path.value.to_str(),
        Some("out/Peniche.mp4")
    );
}

#[test]
fn the_command_line_comes_before_the_environment_and_that_before_documents() {
    let folder = with_variables();
    let environment: Option<fn(&str) -> Option<String>> =
        Some(|name| (name == "LAMP_AUTHOR").then(|| "E. Nvironment".to_owned()));
    let author = |set: &[(String, String)]| {
        let outside = VariableOverrides {
            set: set.to_vec(),
            environment,
        };
        folder.production_with(outside).meta.author
    };
    assert_eq!(folder.production().meta.author.as_deref(), Some("nobody"));
    assert_eq!(author(&[]).as_deref(), Some("E. Nvironment"));
    let pair = |value: &str| ("who".to_owned(), value.to_owned());
    assert_eq!(author(&[pair("one"), pair("two")]).as_deref(), Some("two"));
    assert_eq!(author(&[pair("null")]).as_deref(), Some("null"));
}

#[test]
fn an_extending_document_gives_the_variables_of_its_base_other_values() {
    let folder = Folder::of(&[
        (
            "spot.yaml",
            &SPOT.replace(
                "title: The Lamp",
                "variables: {town: Peniche}\n  title: Lamp of ${town}",
            ),
        ),
        (
            "p.yaml",
            "production: {variables: {town: Porto, base: spot}, extends: \"${base}.yaml\"}\n",
        ),
    ]);
    assert_eq!(folder.production().meta.display_title(), "Lamp of Porto");
}

#[test]
fn an_unknown_name_on_the_command_line_is_a_usage_error_with_the_nearest() {
    let error = with_variables().set(&[("lnes", "50")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "set `lnes`: no variable has this name; did you mean `lens`?"
    );
}

#[test]
fn a_finding_about_a_value_made_from_variables_shows_their_values_and_places() {
    let opened = with_variables().set(&[("fps", "fast")]).unwrap();
    let report = drawn(&opened);
    assert!(report.contains("`fast` is not a frame rate"), "{report}");
    assert!(
        report.contains("`${fps}` is `fast`, from `--set`"),
        "{report}"
    );
    let folder = Folder::of(&[
        ("p.yaml", &WITH_VARIABLES.replace("on: true", "on: yes")),
        ("more.yaml", MORE),
    ]);
    let report = drawn(&folder.open());
    assert!(
        report.contains("`${on}` is `yes`") && report.contains("`on` has its value from here"),
        "{report}"
    );
}

#[test]
fn a_bomb_of_variables_is_refused_wherever_it_goes_off() {
    let uses: String = (0..2000)
        .map(|n| format!("    - {{name: s{n}, notes: \"${{big}}\"}}\n"))
        .collect();
    let text = "x".repeat(60_000);
    let document = format!("production:\n  variables: {{big: {text}}}\n  shots:\n{uses}");
    let report = drawn(&Folder::of(&[("p.yaml", &document)]).open());
    assert!(
        report.contains("production::variables::too_large"),
        "{report}"
    );
}

#[test]
fn a_wrong_declaration_is_reported_once() {
    for (variables, wrong) in [
        ("[a]", "wrong_type"),
        ("{a: [1]}", "wrong_type"),
        ("{a: {defualt: 1}}", "unknown_field"),
    ] {
        let p = format!("production: {{variables: {variables}, title: \"${{a}}\"}}\n");
        let opened = Folder::of(&[("p.yaml", &p)]).open();
        let codes: Vec<&str> = opened
            .diagnostics
            .as_slice()
            .iter()
            .map(|found| found.code)
            .collect();
        let about: Vec<&&str> = codes
            .iter()
            .filter(|code| code.contains("document") || code.contains("variables"))
            .collect();
        assert!(
            about.len() == 1 && about[0].ends_with(wrong),
            "{variables}: {codes:?}"
        );
    }
}

#[test]
fn a_variable_in_flow_braces_without_quotes_has_a_help() {
    let report =
        drawn(&Folder::of(&[("p.yaml", "production: {variables: {a: 1}, title: ${a}}\n")]).open());
    assert!(report.contains("put quotes around"), "{report}");
}

#[test]
fn a_shot_comes_before_the_defaults_of_its_file_these_before_the_production_s_and_all_before_its_template()
 {
    let folder = Folder::of(&[
        (
            "p.yaml",
            &SPOT.replace(
                "  shots:\n",
                "  include: [more.yaml]\n  defaults: {lens: 35, angle: low, exposure: 1}\n  shots:\n",
            ),
        ),
        (
            "more.yaml",
            "defaults: {lens: 24}\nshots: [{name: end, template: establishing_wide, duration: 12, exposure: 2}]\n",
        ),
    ]);
    let production = folder.production();
    let lens: Vec<f32> = production
        .shots
        .iter()
        .map(|shot| shot.camera.lens_mm)
        .collect();
    let exposure: Vec<f32> = production.shots.iter().map(|shot| shot.exposure).collect();
    assert_eq!(
        (lens, exposure),
        (vec![35.0, 50.0, 24.0], vec![1.0, 1.0, 2.0])
    );
}

#[test]
fn a_shot_list_has_defaults_and_variables_too() {
    let p = SPOT.split("  shots:").next().unwrap().replace(
        "production:\n",
        "production:\n  variables: {n: 12}\n  shot_list: list.yaml\n",
    );
    let list = "defaults: {template: establishing_wide, duration: \"${n}\"}\nshots: [{name: a}, {name: b, duration: 24}]\n";
    let production = Folder::of(&[("p.yaml", &p), ("list.yaml", list)]).production();
    let frames: Vec<usize> = production
        .shots
        .iter()
        .map(|shot| shot.frames.len())
        .collect();
    assert_eq!(frames, [12, 24]);
}

#[test]
fn an_output_or_a_location_may_be_the_name_of_a_preset() {
    let p = "\
production:
  locations: {pier: harbour_dusk}
  shots: [{name: wide, template: establishing_wide, duration: 48}]
  outputs: [streaming_1080p, {format: social_vertical, path: out/phone.mp4}]
";
    let production = Folder::of(&[("p.yaml", p)]).production();
    assert_eq!(production.locations[0].name.value, "pier");
    assert!(production.locations[0].haze.is_some());
    let names: Vec<&str> = production
        .outputs
        .iter()
        .map(|output| output.name.value.as_str())
        .collect();
    assert_eq!(names, ["streaming_1080p", "social_vertical"]);
}

#[test]
fn an_unknown_output_format_is_underlined_at_its_place() {
    let opened = Folder::of(&[("p.yaml", "production:\n  outputs: [cinema_5k]\n")]).open();
    let report = short_diagnostics(&opened.diagnostics, &opened.sources);
    assert!(
        report.contains("p.yaml:2:13: error[production::library::unknown_preset]"),
        "{report}"
    );
}

/// Returns the resolved document.
fn in_full(path: &Path) -> (OpenedProduction, ResolvedDocument) {
    let (opened, full) = open_resolved(path, &ProjectOptions::default()).unwrap();
    let findings = short_diagnostics(&opened.diagnostics, &opened.sources);
    (opened, full.unwrap_or_else(|| panic!("{findings}")))
}

fn yaml(full: &ResolvedDocument, from: &dyn Fn(FileSpan) -> String) -> String {
    let document = ValueTree::Map(vec![(
        "production".to_owned(),
        full.draft.to_value_tree().unwrap(),
    )]);
    resolved_document::document_yaml(&document, from)
}

fn copied(folder: &Path) -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let target = tempfile::tempdir().unwrap();
    copy(folder, target.path());
    target
}

/// Returns the jobs of a production as JSON, without positions in files.
fn jobs(opened: &OpenedProduction) -> serde_json::Value {
    match expand_production(opened.checked.as_ref().unwrap(), &SidecarFiles::new()) {
        Ok(jobs) => serde_json::to_value(jobs).unwrap(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn the_document_in_full_makes_the_same_jobs() {
    for (folder, name) in [
        ("examples/short_film", "production.yaml"),
        ("tests/golden", "sample_list.yaml"),
        ("tests/golden", "sample_map.yaml"),
    ] {
        let folder = copied(Path::new(folder));
        let (before, full) = in_full(&folder.path().join(name));
        let text = yaml(&full, &|_| "somewhere".to_owned());
        std::fs::write(folder.path().join("in_full.yaml"), &text).unwrap();
        let (after, again) = in_full(&folder.path().join("in_full.yaml"));
        assert_eq!(text, yaml(&again, &|_| "somewhere".to_owned()), "{name}");
        let before = before.checked.unwrap();
        let after = after.checked.unwrap();
        let jobs = |checked| {
            expand_production(checked, &SidecarFiles::new())
                .map(|jobs| serde_json::to_value(jobs).unwrap())
        };
        match (jobs(&before), jobs(&after)) {
            (Ok(before), Ok(after)) => assert!(before == after, "{name}"),
            (before, after) => assert_eq!(format!("{before:?}"), format!("{after:?}"), "{name}"),
        }
    }
}

#[test]
fn the_resolved_document_of_an_extended_production_needs_no_other_file() {
    let folder = Folder::of(&[
        ("bases/spot.yaml", SPOT),
        (
            "p.yaml",
            "production: {extends: bases/spot.yaml, variables: {n: 85}, defaults: {lens: \"${n}\"}, title: \"$${n}\"}\n",
        ),
    ]);
    folder.production();
    let (before, full) = in_full(&folder.0.path().join("p.yaml"));
    std::fs::write(
        folder.0.path().join("q.yaml"),
        yaml(&full, &|_| String::new()),
    )
    .unwrap();
    let (after, _) = in_full(&folder.0.path().join("q.yaml"));
    assert_eq!(after.checked.as_ref().unwrap().meta.display_title(), "${n}");
    assert!(jobs(&before) == jobs(&after));
}
