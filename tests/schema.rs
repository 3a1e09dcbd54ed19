//! The JSON Schema compared with the decoder. An independent validator accepts what the program
//! accepts, and refuses what is wrong in form. Every range in the schema is the one that is
//! enforced.
//!
//! The validator is the Python package jsonschema, which `scripts/fetch-test-assets` downloads.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/python.rs"]
mod python;
#[path = "support/skip.rs"]
mod skip;

use production::base::{Diagnostics, SourceMap};
use production::library::Library;
use production::project::{ProjectOptions, open};
use production::schema::{SchemaSubject, generate_schema};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Documents of `tests/invalid` that are wrong in form, which the schema must refuse.
const REFUSED: &[&str] = &[
    "beats-bad_duration",
    "beats-bad_duration+ad",
    "document-missing_field",
    "document-out_of_range",
    "document-unknown_field",
    "document-unknown_variant",
    "document-unknown_variant+format",
    "document-wrong_length",
    "document-wrong_type",
    "document-wrong_type+unit",
    "shots-not_a_list",
    "sound-bad_value",
    "value-bad_duration",
    "value-bad_facing",
    "value-bad_mark",
    "value-bad_rate",
    "value-bad_scene",
    "value-bad_size",
    "value-out_of_range",
    "value-out_of_range+loudness",
    "value-out_of_range+pan",
    "value-out_of_range+sign",
];

/// Documents that are not YAML for any reader, so that there is nothing to check.
const UNREADABLE: &[&str] = &[
    "yaml-bad_merge",
    "yaml-cycle",
    "yaml-key_not_text",
    "yaml-not_utf8",
    "yaml-nul",
    "yaml-second_document",
    "yaml-syntax",
    "yaml-undefined_anchor",
    "yaml-unknown_tag",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn generated(subject: SchemaSubject) -> Value {
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    let library = Library::read(Path::new("no-such-folder"), &mut sources, &mut found);
    generate_schema(subject, &library, &sources).into()
}

/// Returns the errors of the validator for each file, `None` for a file that it cannot read.
fn checked(
    python: &Path,
    schema: &Value,
    files: &[PathBuf],
) -> BTreeMap<PathBuf, Option<Vec<String>>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("schema.json");
    std::fs::write(&path, schema.to_string()).unwrap();
    let script = root().join("tests/tools/check_schema.py");
    let output = Command::new(python)
        .arg(script)
        .arg(&path)
        .args(files)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    files
}

fn all_valid(python: &Path, schema: &Value, files: &[PathBuf]) {
    assert!(!files.is_empty());
    let wrong: Vec<_> = checked(python, schema, files)
        .into_iter()
        .filter(|(_, found)| *found != Some(Vec::new()))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_example_and_golden_file_is_valid() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let mut files = yaml_files(&root().join("tests/golden"));
    for example in std::fs::read_dir(root().join("examples")).unwrap() {
        files.push(example.unwrap().path().join("production.yaml"));
    }
    all_valid(&python, &generated(SchemaSubject::Document), &files);
}

#[test]
fn every_template_is_valid_by_its_schema() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let program = || Command::new(env!("CARGO_BIN_EXE_production"));
    let listed = program()
        .args(["create", "--list-templates"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        let made = program()
            .args(["create", name, "--template", name, "--output"])
            .arg(folder.path())
            .output();
        assert!(made.unwrap().status.success());
        let production = folder.path().join(name);
        let schema = std::fs::read_to_string(production.join("production.schema.json")).unwrap();
        let document = production.join("production.yaml");
        let text = std::fs::read_to_string(&document).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=./production.schema.json\n"));
        all_valid(
            &python,
            &serde_json::from_str(&schema).unwrap(),
            &[document],
        );
    }
}

#[test]
fn every_built_in_preset_is_valid_by_the_schema_of_its_kind() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let mut sources = SourceMap::default();
    let mut found = Diagnostics::default();
    for (kind, _) in Library::read(Path::new("no-such-folder"), &mut sources, &mut found).kinds() {
        let file = root().join("configs").join(format!("{kind}.yaml"));
        all_valid(&python, &generated(SchemaSubject::Presets(kind)), &[file]);
    }
}

#[test]
fn parts_are_valid_with_and_without_the_top_key_and_as_lists() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let right = [
        write("top.yaml", "production: {render_settings: {samples: 4}}\n"),
        write(
            "fields.yaml",
            "render_settings: {samples: 4}\nx-note: ours\n",
        ),
        write("list.yaml", "- {name: a, template: insert}\n"),
    ];
    let part = generated(SchemaSubject::Part);
    all_valid(&python, &part, &right);
    let wrong = write("wrong.yaml", "render_settings: {sampels: 4}\n");
    assert_ne!(
        checked(&python, &part, std::slice::from_ref(&wrong))[&wrong],
        Some(Vec::new())
    );
}

#[test]
fn the_schema_refuses_mistakes_of_form_and_nothing_else() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let files = yaml_files(&root().join("tests/invalid"));
    let mut surprises = Vec::new();
    for (path, found) in checked(&python, &generated(SchemaSubject::Document), &files) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let listed = (
            REFUSED.contains(&name.as_str()),
            UNREADABLE.contains(&name.as_str()),
        );
        let expected = match &found {
            None => listed.1,
            Some(mistakes) => !listed.1 && listed.0 != mistakes.is_empty(),
        };
        if !expected {
            surprises.push((name, found));
        }
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
}

/// Texts in the notations of this program, by field of a shot or of the render settings.
const NOTATIONS: &[(&str, &[&str])] = &[
    (
        "duration",
        &[
            "96", "'96'", "4s", "1.5s", ".5s", "2 s", "0", "-4", "4.5", "s", "4m", "0x10", "1e1s",
            "''",
        ],
    ),
    (
        "frame_range",
        &[
            "1-10", "5", "1-100x2", "1-10,20", "-5--1", "'1 - 10'", "[1, 120]", "1-10x0", "1:10",
            "a-b", "1-", "[1]",
        ],
    ),
    ("lens", &["50", "50mm", "portrait", "2", "1200.5", "12.5"]),
    (
        "move",
        &["orbit_90", "{kind: orbit}", "{kind: obrit}", "[orbit]"],
    ),
    (
        "frame_rate",
        &[
            "24",
            "23.976",
            "30000/1001",
            "'24'",
            "0.5",
            "241",
            "fast",
            "24/",
        ],
    ),
    (
        "resolution",
        &[
            "1920x1080",
            "1920 X 1080",
            "[1920, 1080]",
            "1920",
            "[1920]",
            "[0, 1080]",
            "20000x1",
            "1920x",
        ],
    ),
    ("sensor", &["super_35", "24.89", "0.5", "201"]),
];

#[test]
fn the_schema_accepts_every_notation_that_the_program_reads() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut cases = Vec::new();
    for (field, texts) in NOTATIONS {
        for (at, text) in texts.iter().enumerate() {
            let path = folder.path().join(format!("{field}_{at}.yaml"));
            let settings = ["frame_rate", "resolution", "sensor"].contains(field);
            let (shot, render) = if settings {
                ("", format!("{field}: {text}"))
            } else {
                (*field, String::new())
            };
            let shot = if shot.is_empty() {
                String::new()
            } else {
                format!(", {shot}: {text}")
            };
            let text = format!(
                "production: {{render_settings: {{{render}}}, shots: [{{name: a{shot}}}]}}\n"
            );
            std::fs::write(&path, text).unwrap();
            cases.push((format!("{field}: {}", texts[at]), path));
        }
    }
    let files: Vec<PathBuf> = cases.iter().map(|(_, path)| path.clone()).collect();
    let found = checked(&python, &generated(SchemaSubject::Document), &files);
    let judged = cases.iter().map(|(case, path)| {
        (
            case,
            refusals(path).is_empty(),
            found[path] == Some(Vec::new()),
        )
    });
    let mut refused_by_both = 0;
    let mut surprises = Vec::new();
    for (case, ours, theirs) in judged {
        refused_by_both += usize::from(!ours && !theirs);
        if ours && !theirs {
            surprises.push(case);
        }
    }
    assert!(
        surprises.is_empty(),
        "read by us, refused by the schema: {surprises:?}"
    );
    assert!(
        refused_by_both >= 20,
        "the schema should refuse most of what is wrong, not {refused_by_both}"
    );
}

/// Opens a document, and returns the findings about its values.
fn refusals(path: &Path) -> Vec<String> {
    let opened = open(
        path,
        &ProjectOptions {
            search_path: OsStr::new(""),
            ..ProjectOptions::default()
        },
    )
    .unwrap();
    let about_values = |code: &&str| {
        [
            "production::value",
            "production::frames",
            "production::document",
            "production::yaml",
            "production::beats::bad_duration",
            "production::sound::bad_value",
            "production::titles::bad_value",
            "production::graphics::bad_value",
        ]
        .iter()
        .any(|area| code.starts_with(area))
    };
    let codes = opened.diagnostics.as_slice().iter().map(|found| found.code);
    codes.filter(about_values).map(str::to_owned).collect()
}

/// One end of a range in the schema: a value at it, and a value just outside.
struct End {
    inside: Value,
    outside: Value,
}

/// Returns the ends of every range in the schema of a field. For a list the values are whole lists.
fn ends(about: &Value) -> Vec<End> {
    let mut found = Vec::new();
    for branch in about["anyOf"]
        .as_array()
        .into_iter()
        .flatten()
        .chain([about])
    {
        let entries = branch["items"]["anyOf"][0].clone();
        let length = branch["minItems"].as_u64().unwrap_or(1);
        let listed = |value: &Value| json!(vec![value.clone(); usize::try_from(length).unwrap()]);
        let scalar = |value: &Value| value.clone();
        for (limits, written) in [
            (branch, &scalar as &dyn Fn(&Value) -> Value),
            (&entries, &listed),
        ] {
            for (keyword, sign) in [("minimum", -1.0), ("maximum", 1.0)] {
                let Some(end) = limits.get(keyword) else {
                    continue;
                };
                let whole = limits["type"].to_string().contains("integer");
                let beyond = end.as_f64().unwrap() + sign * if whole { 1.0 } else { 0.01 };
                #[expect(clippy::cast_possible_truncation, reason = "whole by the line above")]
                let outside = if whole {
                    json!(beyond as i64)
                } else {
                    json!(beyond)
                };
                found.push(End {
                    inside: written(end),
                    outside: written(&outside),
                });
            }
        }
    }
    found
}

/// Writes a numbered picture.
fn write_plate(folder: &Path) {
    let plate = include_bytes!("invalid/assets/plates/large.01.png");
    std::fs::write(folder.join("plate.01.png"), plate).unwrap();
}

/// Returns outputs with a sprite sheet of these fields.
fn sprite_sheet(mut sprites: Value) -> Value {
    sprites["character"] = json!("mara");
    let path = "out/mara.png";
    json!([{ "name": "mara_sheet", "format": "sprite_sheet", "path": path, "sprites": sprites }])
}

/// A document in which a field of a definition has a value.
struct ProbeDocument<'a> {
    folder: &'a Path,
    definition: &'a str,
    field: &'a str,
    value: &'a Value,
    film: Value,
}

impl ProbeDocument<'_> {
    /// Returns an object that has the field alone.
    fn entry(&self) -> Value {
        let field = self.field;
        json!({ field: self.value })
    }

    /// Puts the field where its definition is in the film as a whole. Returns whether it is there.
    fn place_in_film(&mut self) -> bool {
        let entry = self.entry();
        let field = self.field;
        let value = self.value;
        let film = &mut self.film;
        match self.definition {
            "LimitsDraft" => film["limits"] = json!({ "render.shot": entry }),
            "AdDraft" => {
                film["ad"] = entry;
                film["beats"] = json!(["usage_scenario"]);
            }
            "WorkersDraft" => film["workers"] = entry,
            "GradeDraft" => film["style"] = json!({ "grade": entry }),
            "EditDraft" => film["edit"] = entry,
            "RenderDraft" => film["render_settings"] = entry,
            "SoundDraft" => film["sound"] = entry,
            "DuckingDraft" => film["sound"] = json!({ "ducking": entry }),
            "MusicDraft" => film["music"] = json!({ "file": "theme.wav", field: value }),
            "CaptionsDraft" => {
                film["captions"] = json!({ "shortest": 0.2, "longest": 10 });
                film["captions"][field] = value.clone();
            }
            "GraphicDraft" => {
                film["graphics"] = json!([{ "kind": "quote", "text": "The Lamp", field: value }]);
            }
            "TitleDraft" => film["titles"] = json!([{ "text": "The Lamp", field: value }]),
            "CreditsDraft" => {
                film["credits"] = json!({ "sections": [{ "names": "Ada Berg" }], field: value });
            }
            _ => return false,
        }
        true
    }

    /// Puts the field where its definition is in characters, props and locations.
    fn place_in_stage(&mut self) -> bool {
        let entry = self.entry();
        let field = self.field;
        let value = self.value;
        let film = &mut self.film;
        match (self.definition, field) {
            ("CharacterDraft", _) => film["characters"][0][field] = value.clone(),
            ("CostumeDraft", _) => film["characters"][0]["wardrobe"] = json!({ "default": entry }),
            ("VoiceDraft", _) => {
                film["sound"] = json!("on");
                film["characters"][0]["voice"] = entry;
            }
            ("PropDraft", _) => film["props"] = json!([{ "name": "lamp", field: value }]),
            ("LocationDraft", _) => film["locations"][0][field] = value.clone(),
            ("EnvironmentDraft", "rotation" | "intensity") => {
                film["locations"][0]["hdri"] = json!("light.exr");
                film["locations"][0]["environment"] = entry;
            }
            ("EnvironmentDraft", "backdrop" | "top" | "side") => {
                film["locations"][0]["environment"] = entry;
            }
            ("EnvironmentDraft", _) => {
                film["locations"][0]["hdri"] = json!("clear_day");
                film["locations"][0]["environment"] = entry;
            }
            ("KeyDraft", _) => film["locations"][0]["key"] = entry,
            ("GroundDraft", _) => film["locations"][0]["ground"] = entry,
            ("HazeDraft", _) => film["locations"][0]["haze"] = entry,
            ("AmbienceDraft", _) => {
                film["locations"][0]["ambience"] = json!({ "name": "sea", field: value });
            }
            _ => return false,
        }
        true
    }

    /// Puts the field where its definition is in a shot.
    fn place_in_shot(&mut self) -> bool {
        let entry = self.entry();
        let field = self.field;
        let value = self.value;
        let film = &mut self.film;
        match self.definition {
            "ShotDraft" => film["shots"][0][field] = value.clone(),
            "PerformerDraft" => {
                film["shots"][0]["characters"] = json!([{ "name": "mara", field: value }]);
            }
            "PropUseDraft" => {
                film["shots"][0]["props"] = json!([{ "name": "lamp", field: value }]);
            }
            "FootageDraft" => {
                write_plate(self.folder);
                film["render_settings"] = json!({ "frame_rate": 24 });
                film["shots"][0]["frames"] = json!({ "path": "plate.%02d.png", field: value });
            }
            "EffectDraft" => {
                film["shots"][0]["effects"] = json!({ "name": "knock", field: value });
            }
            "MoveDraft" => film["shots"][0]["move"] = entry,
            _ => return false,
        }
        true
    }

    /// Puts the field where its definition is in an output.
    fn place_in_output(&mut self) -> bool {
        let entry = self.entry();
        let field = self.field;
        let value = self.value;
        let film = &mut self.film;
        match (self.definition, field) {
            ("OutputDraft", "crf") => {
                // The codec with the widest range.
                film["outputs"][0] =
                    json!({ "name": "film", "codec": "av1", "path": "out/film.mp4", "crf": value });
            }
            ("OutputDraft", _) => film["outputs"][0][field] = value.clone(),
            ("OutputSoundDraft", _) => {
                film["sound"] = json!("on");
                film["outputs"][0] = json!({ "name": "film", "codec": "h264", "path": "out/film.mp4", "sound": entry });
            }
            ("RetroSoundDraft", _) => {
                film["sound"] = json!("on");
                film["outputs"][0]["sound"] = json!("wav");
                film["outputs"][0]["retro"] = json!({ "sound": entry });
            }
            ("WatermarkDraft", _) => {
                film["outputs"][0]["watermark"] = json!({ "text": "DRAFT", field: value });
            }
            ("RetroDraft", _) => film["outputs"][0]["retro"] = entry,
            ("SpritesDraft", _) => film["outputs"] = sprite_sheet(json!({ field: value })),
            ("TilesDraft", _) => {
                film["outputs"][0] = json!({ "name": "map", "format": "tile_map", "tiles": entry });
            }
            ("SpriteClipDraft", "turn") => {
                film["outputs"] = sprite_sheet(json!({ "clips": [{ "turn": value }] }));
            }
            ("SpriteClipDraft", _) => {
                let clip = json!({ "clip": "walk", field: value });
                film["outputs"] = sprite_sheet(json!({ "clips": [clip] }));
            }
            _ => return false,
        }
        true
    }

    /// Puts the field into a preset beside the document, which uses it.
    fn place_in_preset(&mut self) -> bool {
        match self.definition {
            "LensDraft" => {
                self.film["shots"][0]["lens"] = json!("mine");
                self.write_preset("lenses", "mine", json!({}));
            }
            "SensorDraft" => {
                self.film["render_settings"] = json!({ "sensor": "mine" });
                self.write_preset("sensors", "mine", json!({}));
            }
            "QualityDraft" => {
                let fields = json!({ "scale": 0.5, "samples": 1 });
                self.write_preset("quality", "preview", fields);
            }
            "PaletteDraft" => {
                self.film["outputs"][0]["retro"] = json!({ "palette": "mine" });
                self.write_preset("palettes", "mine", json!({ "bits": 5, "colors": 16 }));
            }
            _ => return false,
        }
        true
    }

    fn write_preset(&self, kind: &str, name: &str, mut fields: Value) {
        fields[self.field] = self.value.clone();
        std::fs::create_dir(self.folder.join("presets")).unwrap();
        let text = json!({ name: fields }).to_string();
        let path = self.folder.join(format!("presets/{kind}.yaml"));
        std::fs::write(path, text).unwrap();
    }
}

/// Writes a document in which this field of this definition has this value, and opens it.
fn probe(definition: &str, field: &str, value: &Value) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let mut document = ProbeDocument {
        folder: folder.path(),
        definition,
        field,
        value,
        film: json!({
            "characters": [{ "name": "mara" }],
            "locations": [{ "name": "stage" }],
            "shots": [{ "name": "one", "location": "stage" }],
            "outputs": [{ "name": "film", "codec": "png", "path": "out/film" }],
        }),
    };
    let is_placed = document.place_in_film()
        || document.place_in_stage()
        || document.place_in_shot()
        || document.place_in_output()
        || document.place_in_preset();
    assert!(
        is_placed,
        "add above where `{definition}.{field}` is in a document"
    );
    let path = folder.path().join("production.yaml");
    let text = json!({ "production": document.film }).to_string();
    std::fs::write(&path, text).unwrap();
    refusals(&path)
}

#[test]
fn every_range_in_the_schema_is_the_one_that_is_enforced() {
    let kinds = ["lenses", "sensors", "quality", "palettes"].map(SchemaSubject::Presets);
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for subject in [SchemaSubject::Document].into_iter().chain(kinds) {
        let schema = generated(subject);
        for (definition, about) in schema["$defs"].as_object().unwrap() {
            for (field, about) in about["properties"].as_object().into_iter().flatten() {
                seen.insert((definition.clone(), field.clone()), about.clone());
            }
        }
    }
    let mut count = 0;
    for ((definition, field), about) in &seen {
        for end in ends(about) {
            count += 1;
            if !probe(definition, field, &end.inside).is_empty() {
                wrong.push(format!("{definition}.{field} refuses {}", end.inside));
            }
            if probe(definition, field, &end.outside).is_empty() {
                wrong.push(format!("{definition}.{field} takes {}", end.outside));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 90, "{count} ends of ranges");
}
