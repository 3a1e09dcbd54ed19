//! Every mistake has a document that makes it, and nothing else: the full text that people see is kept as a snapshot.
//!
//! `tests/invalid/<area>-<rule>.yaml` breaks the rule `production::<area>::<rule>` once. The first stages run in process,
//! as `production validate` runs them, with tools that are said to be there.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

use production::base::{Diagnostics, Origin, Sources};
use production::document::draft::ProductionDraft;
use production::document::{Limits, Loaded, load, pointer};
use production::library::Library;
use production::media::gltf::Model;
use production::report::diagnostic::{Style, render};
use production::resolve::{Source, Wishes, resolve};
use production::story::{Screenplay, fountain};
use production::validate::{Facts, Tools, validate};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const STYLE: Style = Style { colour: false, width: 100, unicode: true };

/// Codes without a document here, and why.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "production::document::duplicate_field",
        "no field of the document has two names; shown in document/tests",
    ),
    ("production::document::include_cycle", "needs two files; shown in document/tests"),
    ("production::document::include_repeated", "needs two files; shown in document/tests"),
    ("production::document::refused", "no type of the document refuses; shown in document/tests"),
    ("production::document::said_twice", "needs two files; shown in document/tests"),
    ("production::document::too_many_files", "needs thousands of files; shown in document/tests"),
    ("production::document::too_many_problems", "needs thousands of mistakes; shown in document/tests"),
    ("production::document::unreadable_file", "needs a file that may not be read; shown in document/tests"),
    ("production::files::refused", "needs a file that may not be read; shown beside the rule"),
    ("production::files::not_text", "reading the script is the command line's part"),
    ("production::outputs::bad_size", "`value::bad_size` comes first; shown beside the rule"),
    ("production::script::unshot_scene", "scenes without shots are covered; shown beside the rule"),
    ("production::shots::given_twice", "reading the shot list is the command line's part"),
    ("production::timeline::empty_frames", "`value::bad_duration` comes first; shown beside the rule"),
    ("production::outputs::bad_rate", "`value::bad_rate` comes first; shown beside the rule"),
    ("production::value::bad_colour", "only palettes in a folder of presets have colours; shown in resolve"),
    ("production::yaml::too_large", "needs a huge file; shown in document/tests"),
    ("production::yaml::too_many_values", "needs a huge file; shown in document/tests"),
];

fn fixtures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("tests/invalid").unwrap().map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == "yaml")).collect();
    fixtures.sort();
    fixtures
}

fn code_of(fixture: &Path) -> String {
    let stem = fixture.file_stem().unwrap().to_string_lossy();
    let (area, rule) = stem.split_once('-').unwrap();
    format!("production::{area}::{rule}")
}

/// Runs the stages up to validation over one document.
fn read(path: &Path, tools: Tools) -> (Sources, Diagnostics) {
    let mut sources = Sources::default();
    let loaded: Loaded<ProductionDraft> = load(path, &Limits::default(), &mut sources).unwrap();
    let mut found = loaded.diagnostics;
    let library = Library::read(&loaded.directory, &mut sources, &mut found);
    if let Some(draft) = loaded.draft.filter(|_| loaded.complete) {
        let screenplay = screenplay(&draft, &loaded.directory, &mut sources, &mut found);
        let origin = top(&sources);
        let source = Source { root: loaded.directory, origin, screenplay: screenplay.as_ref() };
        let production = resolve(&draft, source, &library, &Wishes::default(), &mut found);
        let clips =
            |path: &Path| Model::load(path).map(|model| model.clip_names().map(str::to_owned).collect());
        let facts = Facts::gather(&production, OsStr::new(""));
        let facts = Facts { partial: found.has_errors(), tools, ..facts }
            .read_models(&production, |path| clips(path).map_err(|error| error.to_string()));
        found.extend(validate(production, &facts).1);
    }
    (sources.clone(), pointer::locate(found.sorted(), &sources))
}

fn screenplay(
    draft: &ProductionDraft,
    folder: &Path,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Screenplay> {
    let path = folder.join(&draft.script.as_ref()?.value);
    let text = std::fs::read_to_string(&path).ok()?;
    let file = sources.add(path, text.as_str());
    Some(fountain::read(file, &text, found))
}

fn top(sources: &Sources) -> Origin {
    let (file, source) = sources.iter().next().unwrap();
    let at = source.text.find("production:").unwrap_or(0);
    let at = u32::try_from(at).unwrap();
    Origin::new(file, at, at + 10)
}

#[test]
fn every_mistake_is_told_once_and_in_full() {
    let mut wrong = Vec::new();
    for fixture in fixtures() {
        let code = code_of(&fixture);
        let tools = Tools {
            ffmpeg: !code.ends_with("ffmpeg_missing"),
            ffprobe: !code.starts_with("production::tools"),
        };
        let (sources, found) = read(&fixture, tools);
        let codes: Vec<&str> = found.as_slice().iter().map(|found| found.code).collect();
        if !codes.contains(&code.as_str()) || codes.iter().any(|other| *other != code) {
            wrong.push(format!("{}: {codes:?}", fixture.display()));
        }
        let paths: Vec<String> =
            found.as_slice().iter().map(|found| format!("path: {}", found.path)).collect();
        let text = format!("{}{}\n", render(&found, &sources, STYLE), paths.join("\n"));
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(fixture.file_stem().unwrap().to_string_lossy().into_owned(), text);
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_document_that_shows_it() {
    let shown: BTreeSet<String> = fixtures().iter().map(|fixture| code_of(fixture)).collect();
    let elsewhere = |code: &String| ELSEWHERE.iter().any(|(known, _)| known == code);
    let codes: BTreeSet<String> = codes(Path::new("src"));
    let unknown: Vec<&String> = shown.difference(&codes).collect();
    let missing: Vec<&String> = codes.difference(&shown).filter(|code| !elsewhere(code)).collect();
    assert!(unknown.is_empty() && missing.is_empty(), "unknown {unknown:#?} missing {missing:#?}");
}

/// Returns every code that the program can write, as its sources name them.
fn codes(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(codes(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let program = text.split("#[cfg(test)]").next().unwrap();
            found.extend(program.split('"').filter(|text| is_code(text)).map(str::to_owned));
        }
    }
    found
}

fn is_code(text: &str) -> bool {
    let mut parts = text.split("::");
    let is_word = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    parts.next() == Some("production") && text.split("::").count() == 3 && parts.all(is_word)
}
