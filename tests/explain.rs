//! Every code has a page, and its examples are true: the wrong one gives this code and no other,
//! the right one gives no finding. `docs/rules.md` consists of these pages.
//!
//! The sections of an example replace the same sections of the small valid production in
//! `tests/explain`.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

#[path = "support/codes.rs"]
mod codes;
#[path = "support/voices.rs"]
mod voices;

use production::base::CodeExplanation;
use production::project::{ProjectOptions, code_catalogue, open};
use production::report::explanation;
use production::session::StorePlaces;
use std::collections::BTreeSet;
use std::path::Path;

/// Codes whose wrong example cannot be run as it is written, and the reasons. Their right examples
/// are run.
const UNSHOWN: &[(&str, &str)] = &[
    (
        "captions::control_character",
        "needs a character that is not seen",
    ),
    ("csv::nul", "needs a byte that is no text"),
    ("csv::too_large", "needs a huge list"),
    ("document::duplicate_field", "no field has two names"),
    (
        "document::outside_project",
        "a link cannot be written down; shown in document/tests",
    ),
    ("document::refused", "no type of the document refuses"),
    ("document::too_many_files", "needs thousands of files"),
    ("document::too_many_problems", "needs thousands of mistakes"),
    (
        "document::unreadable_file",
        "needs a file that may not be read",
    ),
    (
        "farm::line_break",
        "no document names a farm; shown in tests/farms",
    ),
    (
        "farm::no_engine",
        "no document names a farm; shown in tests/farms",
    ),
    ("files::too_large", "needs a huge file"),
    ("files::refused", "needs a file that may not be read"),
    (
        "library::outside_project",
        "a link cannot be written down; shown in library",
    ),
    ("footage::other_rate", "needs ffprobe and a film"),
    ("footage::high_dynamic_range", "needs ffprobe and a film"),
    ("outputs::bad_rate", "`value::bad_rate` comes first"),
    ("outputs::bad_size", "`value::bad_size` comes first"),
    (
        "outputs::unwritable",
        "needs a folder that may not be written; shown beside the rule",
    ),
    (
        "treatment::no_font",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::no_whole",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::too_large",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::not_text",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::empty",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::too_many_scenes",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::guess",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::unknown_label",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::unreadable_value",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::contradiction",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::redacted",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::chart_without_data",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::unknown_profile",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::duration_mismatch",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::invalid_scene_start",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::scene_overlap",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::scene_out_of_bounds",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::scene_too_short",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::missing_visual",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::missing_asset",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::invalid_asset_source",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::no_tts_provider",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::unsupported_tts_provider",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::missing_gen_job",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::degraded",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::narration_too_long",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::graphic_too_short",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::text_too_long",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::forbidden_effect",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::unknown_effect",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::pace",
        "no document is a treatment; shown in tests/treatments",
    ),
    (
        "treatment::not_drawn",
        "no document is a treatment; shown in tests/treatments",
    ),
    ("script::unshot_scene", "scenes without shots are covered"),
    (
        "timeline::empty_frames",
        "`value::bad_duration` comes first",
    ),
    ("yaml::not_utf8", "needs bytes that are no text"),
    ("yaml::nul", "needs a byte that is no text"),
    ("yaml::too_large", "needs a huge file"),
    ("yaml::too_many_values", "needs a huge file"),
];

/// Files beside every example: the path and the content of each.
const FILES: [(&str, &[u8]); 36] = [
    (
        "assets/mara.glb",
        include_bytes!("invalid/assets/figure.glb"),
    ),
    (
        "assets/ilya.glb",
        include_bytes!("invalid/assets/figure.glb"),
    ),
    (
        "assets/lantern.glb",
        include_bytes!("invalid/assets/figure.glb"),
    ),
    (
        "assets/pier.glb",
        include_bytes!("invalid/assets/figure.glb"),
    ),
    (
        "assets/mara.blend",
        include_bytes!("invalid/assets/figure.blend"),
    ),
    (
        "assets/pier.blend",
        include_bytes!("invalid/assets/figure.blend"),
    ),
    (
        "assets/mara.fbx",
        include_bytes!("invalid/assets/figure.fbx"),
    ),
    (
        "assets/mara.3ds",
        include_bytes!("invalid/assets/figure.3ds"),
    ),
    ("assets/sky.jpg", include_bytes!("invalid/assets/sky.jpg")),
    ("assets/sky.hdr", include_bytes!("invalid/assets/sky.hdr")),
    ("assets/grey.exr", include_bytes!("invalid/assets/grey.exr")),
    (
        "assets/cut_short.hdr",
        include_bytes!("invalid/assets/cut_short.hdr"),
    ),
    (
        "assets/no_mesh.gltf",
        include_bytes!("invalid/assets/no_mesh.gltf"),
    ),
    (
        "assets/iridescent.gltf",
        include_bytes!("invalid/assets/iridescent.gltf"),
    ),
    (
        "assets/centimetres.gltf",
        include_bytes!("invalid/assets/centimetres.gltf"),
    ),
    (
        "assets/variants.gltf",
        include_bytes!("invalid/assets/variants.gltf"),
    ),
    ("assets/empty.glb", b""),
    ("assets/text.glb", include_bytes!("invalid/assets/text.glb")),
    (
        "assets/cut_short.glb",
        include_bytes!("invalid/assets/cut_short.glb"),
    ),
    (
        "assets/latin_1.fountain",
        include_bytes!("invalid/scripts/latin_1.fountain"),
    ),
    (
        "assets/plate.01.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/plate.02.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/small.01.png",
        include_bytes!("invalid/assets/plates/plate.01.png"),
    ),
    (
        "assets/cut.01.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/cut.02.png",
        include_bytes!("invalid/assets/plates/cut.02.png"),
    ),
    (
        "assets/gap.01.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/gap.03.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/mixed.01.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/mixed.02.png",
        include_bytes!("invalid/assets/plates/plate.01.png"),
    ),
    (
        "assets/two_runs/beauty.01.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    (
        "assets/two_runs/matte.01.png",
        include_bytes!("invalid/assets/plates/large.01.png"),
    ),
    ("assets/nonsense.mov", b"no film"),
    ("assets/not_sound.wav", b"no sound"),
    ("assets/not_a_voice.onnx", b"no voice"),
    (
        "assets/short.wav",
        include_bytes!("invalid/assets/short.wav"),
    ),
    ("my_pictures/board.txt", b"mine"),
];

/// Returns the files of the example by name. The fields of the production come first, with an empty
/// name.
fn files(example: &str) -> Vec<(&str, String)> {
    let mut files = vec![("", String::new())];
    for line in example.lines() {
        let name = line
            .strip_prefix("# ")
            .filter(|name| name.contains('.') && !name.contains(' '));
        match (name, files.last_mut()) {
            (Some(name), _) => files.push((name, String::new())),
            (None, Some((_, text))) => text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    files
}

/// Returns the sections of a text, each with its key.
fn sections(text: &str) -> Vec<(String, String)> {
    let mut sections: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let begins = line.starts_with(|c: char| c.is_alphabetic());
        match sections.last_mut().filter(|_| !begins) {
            Some((_, section)) => section.extend([line, "\n"]),
            None => {
                let key = line.split(':').next().unwrap_or_default().to_owned();
                sections.push((key, format!("{line}\n")));
            }
        }
    }
    sections
}

/// Returns the whole document: the sections of the example, and those of the small production that
/// the example lacks.
fn document(example: &str, has_script: bool) -> String {
    let base = include_str!("explain/production.yaml")
        .split_once('\n')
        .unwrap()
        .1;
    let mut text = example.to_owned();
    let mut own: BTreeSet<String> = sections(example).into_iter().map(|(key, _)| key).collect();
    if own.contains("shot_list") {
        own.insert("shots".to_owned());
    }
    if has_script && !own.contains("script") {
        text.push_str("script: script.fountain\n");
    }
    text.extend(
        sections(base)
            .into_iter()
            .filter(|(key, _)| !own.contains(key))
            .map(|(_, section)| section),
    );
    let indent = |line: &str| {
        if line.is_empty() || line == "---" {
            format!("{line}\n")
        } else {
            format!("  {line}\n")
        }
    };
    format!(
        "production:\n{}",
        text.lines().map(indent).collect::<String>()
    )
}

/// Writes the production of an example into a folder.
fn lay_out(folder: &Path, example: &str) {
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    FILES.iter().for_each(|(name, bytes)| write(name, bytes));
    write("script.pdf", b"%PDF-1.7");
    std::fs::create_dir_all(folder.join("folder.mp4")).unwrap();
    let files = files(example);
    let has_script = files.iter().any(|(name, _)| *name == "script.fountain");
    write(
        "production.yaml",
        document(&files[0].1, has_script).as_bytes(),
    );
    files[1..]
        .iter()
        .for_each(|(name, text)| write(name, text.as_bytes()));
}

/// Returns the code and message of each finding in the production of an example.
fn findings(page: &CodeExplanation, example: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path(), example);
    let tools = folder.path().join("bin");
    std::fs::create_dir(&tools).unwrap();
    for tool in [
        "ffmpeg",
        "ffprobe",
        "espeak-ng",
        "piper",
        "python3",
        "blender",
    ] {
        let is_espeak = tool == "espeak-ng" && page.code == "production::sound::no_engine";
        if !is_espeak && page.code != format!("production::tools::{tool}_missing") {
            voices::write_tool(&tools, tool);
        }
    }
    let places = StorePlaces::new(None, &[]);
    let options = ProjectOptions {
        search_path: tools.as_os_str(),
        places: Some(&places),
        ..ProjectOptions::default()
    };
    let opened = open(&folder.path().join("production.yaml"), &options).unwrap();
    opened
        .diagnostics
        .as_slice()
        .iter()
        .map(|found| format!("{}: {}", found.code, found.message))
        .collect()
}

#[test]
fn every_wrong_example_gives_its_code_and_no_other() {
    let mut untrue = Vec::new();
    for page in code_catalogue::code_pages() {
        if UNSHOWN
            .iter()
            .any(|(code, _)| *code == code_catalogue::short_code(page.code))
        {
            continue;
        }
        let found = findings(&page, page.wrong);
        let own = format!("{}: ", page.code);
        if found.is_empty() || found.iter().any(|found| !found.starts_with(&own)) {
            untrue.push(format!("{} gives {found:#?}", page.code));
        }
    }
    assert!(untrue.is_empty(), "{}", untrue.join("\n"));
}

#[test]
fn every_right_example_gives_nothing_at_all() {
    let found = |page: CodeExplanation| (page.code, findings(&page, page.right));
    let untrue: Vec<_> = code_catalogue::code_pages()
        .into_iter()
        .map(found)
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(untrue.is_empty(), "{untrue:#?}");
}

#[test]
fn every_code_has_one_page_and_every_page_a_code() {
    let pages: Vec<String> = code_catalogue::code_pages()
        .iter()
        .map(|page| page.code.to_owned())
        .collect();
    let distinct: BTreeSet<String> = pages.iter().cloned().collect();
    assert_eq!(distinct.len(), pages.len(), "a code has two pages");
    let codes = codes::in_sources(Path::new("src"));
    let (bare, stale): (Vec<_>, Vec<_>) = (
        codes.difference(&distinct).collect(),
        distinct.difference(&codes).collect(),
    );
    assert!(
        bare.is_empty() && stale.is_empty(),
        "without a page: {bare:#?}; without a code: {stale:#?}"
    );
}

#[test]
fn every_page_gives_reasons_in_whole_sentences() {
    for page in code_catalogue::code_pages() {
        let text = page.explanation;
        assert!(
            text.ends_with('.') && text.len() > 40,
            "{}: {text}",
            page.code
        );
        assert!(
            page.wrong.ends_with('\n') && page.right.ends_with('\n'),
            "{}",
            page.code
        );
        assert!(
            !page.summary.ends_with('.') && !page.summary.is_empty(),
            "{}",
            page.code
        );
    }
}

/// To update the page, run `production explain --list --format markdown > docs/rules.md`.
#[test]
fn the_page_of_rules_in_docs_is_current() {
    let committed = std::fs::read_to_string("docs/rules.md").unwrap_or_default();
    let current = explanation::rules_markdown(&code_catalogue::pages_by_area());
    assert!(
        committed == current,
        "docs/rules.md is stale: production explain --list --format markdown > docs/rules.md"
    );
}
