//! Every code has a document with this one mistake. The full text of the diagnostic is compared
//! with a snapshot.
//!
//! `tests/invalid/<area>-<rule>.yaml` breaks the rule `production::<area>::<rule>` once, and so does
//! `<area>-<rule>+<word>.yaml` in another way. The first
//! stages run in process, as `production validate` runs them, with empty files in place of the
//! tools that they look for.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

#[path = "support/codes.rs"]
mod codes;
#[path = "support/voices.rs"]
mod voices;

use production::base::{Diagnostics, SourceMap};
use production::project::{ProjectOptions, open};
use production::report::diagnostic::{DiagnosticStyle, render_diagnostics};
use production::session::StorePlaces;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

const STYLE: DiagnosticStyle = DiagnosticStyle {
    colour: false,
    width: 100,
    unicode: true,
};

/// Codes without a document here, and the reasons.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "production::provider::bad_output",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::provider::bad_pattern",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::provider::bad_placeholder",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::provider::bad_price",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::provider::bad_success",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::provider::bad_written_name",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::provider::incomplete",
        "needs a file of presets; shown in resolve/provider",
    ),
    (
        "production::outputs::unwritable",
        "needs a folder without permission; shown beside the rule",
    ),
    (
        "production::csv::too_large",
        "needs a huge file; shown in document/table",
    ),
    (
        "production::document::duplicate_field",
        "no field of the document has two names; shown in document/tests",
    ),
    (
        "production::document::include_cycle",
        "needs two files; shown in document/tests",
    ),
    (
        "production::document::include_repeated",
        "needs two files; shown in document/tests",
    ),
    (
        "production::document::outside_project",
        "needs a link out of the folder; shown in document/tests",
    ),
    (
        "production::document::refused",
        "no type of the document refuses; shown in document/tests",
    ),
    (
        "production::document::said_twice",
        "needs two files; shown in document/tests",
    ),
    (
        "production::document::too_many_files",
        "needs thousands of files; shown in document/tests",
    ),
    (
        "production::document::too_many_problems",
        "needs thousands of mistakes; shown in document/tests",
    ),
    (
        "production::document::unreadable_file",
        "needs a file that may not be read; shown in document/tests",
    ),
    (
        "production::document::outside_project",
        "needs a link; shown in document/tests",
    ),
    (
        "production::files::too_large",
        "needs a huge file; shown in project",
    ),
    (
        "production::files::refused",
        "needs a file that may not be read; shown beside the rule",
    ),
    (
        "production::farm::line_break",
        "no document has a farm; shown in tests/farms",
    ),
    (
        "production::farm::no_engine",
        "no document has a farm; shown in tests/farms",
    ),
    (
        "production::library::outside_project",
        "needs a link; shown in library",
    ),
    (
        "production::library::preset_shadowed",
        "needs a folder of presets; shown in library",
    ),
    (
        "production::footage::other_rate",
        "needs ffprobe and a film; shown beside the rule",
    ),
    (
        "production::footage::high_dynamic_range",
        "needs ffprobe and a film; shown beside the rule",
    ),
    (
        "production::treatment::no_font",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::no_whole",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::too_large",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::not_text",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::empty",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::too_many_scenes",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::guess",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::unknown_label",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::unreadable_value",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::contradiction",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::redacted",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::chart_without_data",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::unknown_profile",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::duration_mismatch",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::invalid_scene_start",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::scene_overlap",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::scene_out_of_bounds",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::scene_too_short",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::missing_visual",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::missing_asset",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::invalid_asset_source",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::no_tts_provider",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::unsupported_tts_provider",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::missing_gen_job",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::degraded",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::narration_too_long",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::graphic_too_short",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::text_too_long",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::forbidden_effect",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::unknown_effect",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::pace",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::treatment::not_drawn",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "production::outputs::bad_size",
        "`value::bad_size` comes first; shown beside the rule",
    ),
    (
        "production::script::unshot_scene",
        "scenes without shots are covered; shown beside the rule",
    ),
    (
        "production::timeline::empty_frames",
        "`value::bad_duration` comes first; shown beside the rule",
    ),
    (
        "production::outputs::bad_rate",
        "`value::bad_rate` comes first; shown beside the rule",
    ),
    (
        "production::value::bad_colour",
        "only palettes in a folder of presets have colours; shown in resolve",
    ),
    (
        "production::yaml::too_large",
        "needs a huge file; shown in document/tests",
    ),
    (
        "production::yaml::too_many_values",
        "needs a huge file; shown in document/tests",
    ),
];

fn fixtures() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("tests/invalid")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|found| found == "yaml"))
        .collect();
    fixtures.sort();
    fixtures
}

fn code_of(fixture: &Path) -> String {
    let stem = fixture.file_stem().unwrap().to_string_lossy();
    // `files-missing+sound` is another document for `files-missing`.
    let code = stem.split('+').next().unwrap();
    let (area, rule) = code.split_once('-').unwrap();
    format!("production::{area}::{rule}")
}

/// Runs the stages up to validation on one document.
fn read(path: &Path, search_path: &OsStr) -> (SourceMap, Diagnostics) {
    // As `validate` does: what lies at the paths of outputs is looked at.
    let places = StorePlaces::new(None, &[]);
    let opened = open(
        path,
        &ProjectOptions {
            search_path,
            places: Some(&places),
            ..ProjectOptions::default()
        },
    )
    .unwrap();
    (opened.sources, opened.diagnostics)
}

/// Makes a folder with programs that can be found but do nothing.
fn folder_of_tools(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        voices::write_tool(folder.path(), name);
    }
    folder
}

#[test]
fn every_mistake_is_reported_once_and_in_full() {
    let mut wrong = Vec::new();
    let [all, no_ffprobe, none, no_espeak, no_blender] = [
        &[
            "ffmpeg",
            "ffprobe",
            "espeak-ng",
            "piper",
            "python3",
            "blender",
        ][..],
        &["ffmpeg", "espeak-ng"],
        &["espeak-ng"],
        &["ffmpeg", "ffprobe"],
        &["ffmpeg", "ffprobe", "espeak-ng"],
    ]
    .map(folder_of_tools);
    for fixture in fixtures() {
        let code = code_of(&fixture);
        let tools = match code.as_str() {
            "production::tools::ffmpeg_missing" => &none,
            "production::tools::ffprobe_missing" => &no_ffprobe,
            "production::sound::no_engine" => &no_espeak,
            "production::tools::blender_missing" => &no_blender,
            _ => &all,
        };
        let (sources, found) = read(&fixture, tools.path().as_os_str());
        let codes: Vec<&str> = found.as_slice().iter().map(|found| found.code).collect();
        if !codes.contains(&code.as_str()) || codes.iter().any(|other| *other != code) {
            wrong.push(format!("{}: {codes:?}", fixture.display()));
        }
        let paths: Vec<String> = found
            .as_slice()
            .iter()
            .map(|found| format!("path: {}", found.path))
            .collect();
        let text = format!(
            "{}{}\n",
            render_diagnostics(&found, &sources, STYLE),
            paths.join("\n")
        );
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
    let codes: BTreeSet<String> = codes::in_sources(Path::new("src"));
    let unknown: Vec<&String> = shown.difference(&codes).collect();
    let missing: Vec<&String> = codes
        .difference(&shown)
        .filter(|code| !elsewhere(code))
        .collect();
    assert!(
        unknown.is_empty() && missing.is_empty(),
        "unknown {unknown:#?} missing {missing:#?}"
    );
}
