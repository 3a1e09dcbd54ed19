//! `production validate` with invalid documents: edits that fix them, and formats for programs.
//!
//! The documents are those of `tests/invalid`, each of which breaks one rule.

#![expect(clippy::unwrap_used, reason = "a test stops at what it cannot read")]

#[path = "support/python.rs"]
mod python;
#[path = "support/skip.rs"]
mod skip;

use production::base::{Diagnostics, Severity, SourceMap};
use production::project::{OpenedProduction, ProjectOptions, code_catalogue, open, plan_fixes};
use production::report::diagnostic::{junit_xml, sarif_log};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The documents that edits fix, at least in part.
const MENDED: &[&str] = &["document-unknown_field", "library-unknown_preset"];

const SOUND: &str = "\
# A film of one lamp.
production:
  title: The Lamp   # as on the poster
  author: A. Keeper
  description: A lamp must burn again before the tide
  render_settings: {quality_tier: preview, chunk_size: 12}
  characters:
    - name: mara
      model: assets/figure.glb
      wardrobe:
        scenes_1_9: {costume: 'coat', model: assets/figure.glb}
  locations:
    - name: pier
      preset: harbour_dusk
  shots:
    - name: wide
      template: character_full
      character: mara
      location: pier
      angle: low
      frame_range: 1-96x2
  outputs:
    - name: film
      codec: png
      resolution: 1920x1080
      frame_rate: 24
      path: out/film
  retro:
    enabled: false
    dither: ordered
";

fn invalid() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/invalid")
}

fn fixtures(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut fixtures: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|found| found == "yaml"))
        .collect();
    fixtures.sort();
    fixtures
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// A folder with the files that the documents name.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&invalid(), folder.path());
    folder
}

fn errors(found: &Diagnostics) -> Vec<&'static str> {
    let errors = found
        .as_slice()
        .iter()
        .filter(|found| found.severity == Severity::Error);
    errors.map(|found| found.code).collect()
}

/// Applies edits to a document until there are none left. Returns its findings then, and the number
/// of times it was written.
fn mended(path: &Path) -> (OpenedProduction, usize) {
    let mut opened = open(path, &ProjectOptions::default()).unwrap();
    for round in 0..10 {
        let changed = plan_fixes(&opened.diagnostics, &opened.sources, &opened.root);
        if changed.is_empty() {
            return (opened, round);
        }
        changed.iter().for_each(|file| file.write().unwrap());
        opened = open(path, &ProjectOptions::default()).unwrap();
    }
    panic!("{} is never done", path.display());
}

#[test]
fn automatic_fixes_end_add_no_error_and_change_only_what_they_list() {
    let project = project();
    let mut changed = BTreeSet::new();
    for path in fixtures(project.path()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let before = open(&path, &ProjectOptions::default()).unwrap();
        let text = std::fs::read(&path).unwrap();
        let (after, rounds) = mended(&path);
        let was = errors(&before.diagnostics);
        let is = errors(&after.diagnostics);
        assert!(
            is.len() <= was.len() && is.iter().all(|code| was.contains(code)),
            "{name}: {was:?} {is:?}"
        );
        let now = std::fs::read(&path).unwrap();
        assert_eq!(
            now.iter().filter(|b| **b == b'\n').count(),
            text.iter().filter(|b| **b == b'\n').count()
        );
        assert_eq!(rounds > 0, now != text, "{name}");
        if rounds > 0 {
            assert!(is.len() < was.len(), "{name} was changed for nothing");
            changed.insert(name);
        }
    }
    assert_eq!(
        changed,
        MENDED.iter().map(|name| (*name).to_owned()).collect()
    );
}

#[test]
fn a_letter_left_out_is_put_back_or_nothing_is_changed() {
    let project = project();
    let path = project.path().join("typo.yaml");
    let mut restored = 0;
    let mut left = 0;
    let letters = SOUND
        .char_indices()
        .filter(|(_, c)| c.is_ascii_alphabetic() || matches!(c, '_' | '-'));
    for (at, _) in letters.step_by(5) {
        let typo = format!("{}{}", &SOUND[..at], &SOUND[at + 1..]);
        std::fs::write(&path, &typo).unwrap();
        let (_, rounds) = mended(&path);
        let now = std::fs::read_to_string(&path).unwrap();
        assert!(now == SOUND || now == typo, "{now}");
        if rounds > 0 { restored += 1 } else { left += 1 }
    }
    assert!(
        restored > 30 && left > 20,
        "{restored} restored, {left} left"
    );
}

#[test]
fn comments_layout_mark_and_line_ends_survive() {
    let project = project();
    let path = project.path().join("layout.yaml");
    let wrong = SOUND
        .replace("  title:", "  titel:")
        .replace(
            "{quality_tier: preview, chunk_size: 12}",
            "{quality_tier:   preveiw,chunk_size: \"12\"}  # small",
        )
        .replace(
            "scenes_1_9: {costume: 'coat'",
            "scenes_9_1: {costme: 'coat'",
        )
        .replace("harbour_dusk", "'Harbour-Dusk'")
        .replace("1-96x2", "1-96:2")
        .replace("codec: png", "codec:\tpng # ✓ small")
        .replace("enabled: false", "enabled: No")
        .replace('\n', "\r\n");
    std::fs::write(&path, format!("\u{feff}{wrong}")).unwrap();
    let (after, _) = mended(&path);
    assert_eq!(errors(&after.diagnostics), Vec::<&str>::new());
    let right = SOUND
        .replace(
            "{quality_tier: preview, chunk_size: 12}",
            "{quality_tier:   preview,chunk_size: 12}  # small",
        )
        .replace("codec: png", "codec:\tpng # ✓ small")
        .replace('\n', "\r\n");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        format!("\u{feff}{right}")
    );
}

/// Writes these findings in every format for programs.
fn write_reports(
    folder: &Path,
    name: &str,
    found: &Diagnostics,
    sources: &SourceMap,
) -> [PathBuf; 2] {
    let page = |code| {
        code_catalogue::code_pages()
            .into_iter()
            .find(|page| page.code == code)
    };
    let paths = ["sarif", "xml"].map(|form| folder.join(format!("{name}.{form}")));
    std::fs::write(&paths[0], sarif_log(found, sources, page).to_string()).unwrap();
    std::fs::write(&paths[1], junit_xml(found, sources, name)).unwrap();
    paths
}

#[test]
fn every_report_is_read_by_the_programs_it_is_for() {
    let Some(python) = python::interpreter() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut reports = Vec::new();
    for path in fixtures(&invalid()) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let opened = open(&path, &ProjectOptions::default()).unwrap();
        reports.extend(write_reports(
            folder.path(),
            &name,
            &opened.diagnostics,
            &opened.sources,
        ));
    }
    let mut sources = SourceMap::default();
    sources.add_file("sound.yaml", "");
    reports.extend(write_reports(
        folder.path(),
        "sound",
        &Diagnostics::default(),
        &sources,
    ));
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/check_reports.py");
    let schema = python::assets().join("sarif-schema-2.1.0.json");
    let output = std::process::Command::new(python)
        .arg(check)
        .arg(schema)
        .args(&reports)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
}

fn validate(path: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_production"));
    command
        .arg("validate")
        .arg(path)
        .args(more)
        .env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn fix_lists_its_changes_and_a_dry_run_makes_none() {
    let project = project();
    let path = project.path().join("fix.yaml");
    let wrong = SOUND.replace("author:", "autor:");
    std::fs::write(&path, &wrong).unwrap();
    let change = format!("{}:4: autor -> author\n", path.display());
    let (code, out, _) = validate(&path, &["--fix", "--dry-run"]);
    assert_eq!(code, Some(2));
    assert!(
        out.starts_with(&format!("{change}1 edit, not written")),
        "{out}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), wrong);
    let (code, out, _) = validate(&path, &["--fix"]);
    assert!(
        code == Some(0) && out.starts_with(&format!("{change}1 edit written\n")),
        "{out}"
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), SOUND);
    let (code, out, _) = validate(&path, &["--fix"]);
    assert!(code == Some(0) && !out.contains("->"), "{out}");
}

#[test]
fn in_formats_for_programs_fix_lists_its_changes_on_stderr() {
    let project = project();
    let path = project.path().join("fix.yaml");
    std::fs::write(&path, SOUND.replace("author:", "autor:")).unwrap();
    let (_, out, err) = validate(&path, &["--fix", "--format", "json"]);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&out).unwrap()["valid"],
        true
    );
    assert!(err.contains("autor -> author"), "{err}");
}

#[test]
fn json_stays_json_whatever_characters_a_name_has() {
    let project = project();
    let path = project.path().join("hidden.yaml");
    // Characters that JSON allows and a terminal obeys: what keeps them from the terminal must not
    // break the JSON.
    for hidden in ['\u{7f}', '\u{85}', '\u{9b}', '\u{202e}', '\u{2028}'] {
        let name = format!("\"ma\\u{:04x}ra\"", u32::from(hidden));
        std::fs::write(&path, SOUND.replace("name: mara", &format!("name: {name}"))).unwrap();
        for format in ["json", "sarif"] {
            let (_, out, _) = validate(&path, &["--format", format]);
            assert!(!out.contains(hidden), "{out}");
            let found = serde_json::from_str::<serde_json::Value>(&out);
            assert!(found.is_ok(), "{format}, {hidden:?}: {found:?} in {out}");
        }
        let (_, out, _) = validate(&path, &[]);
        assert!(!out.contains(hidden), "{out}");
    }
}

#[test]
fn strict_refuses_what_only_warns() {
    let project = project();
    let path = project.path().join("strict.yaml");
    std::fs::write(&path, SOUND.replace("title: The Lamp", "title: ''")).unwrap();
    assert_eq!(validate(&path, &[]).0, Some(0));
    let (code, out, _) = validate(&path, &["--strict", "--format", "short"]);
    assert_eq!(code, Some(2));
    assert!(
        out.contains(":3:10: error[production::meta::empty_title]: "),
        "{out}"
    );
    let allowed = "title: '' # production: allow meta::empty_title -- named later";
    std::fs::write(&path, SOUND.replace("title: The Lamp", allowed)).unwrap();
    assert_eq!(validate(&path, &["--strict"]).0, Some(0));
}

#[test]
fn a_valid_document_that_cannot_run_here_says_so() {
    let (code, out, _) = validate(&invalid().join("sound-provider_missing.yaml"), &[]);
    assert_eq!(code, Some(0));
    assert!(
        out.contains("is valid: ") && out.contains("; a run here is refused until what is missing"),
        "{out}"
    );
    let project = project();
    let path = project.path().join("fine.yaml");
    std::fs::write(&path, SOUND).unwrap();
    let (_, out, _) = validate(&path, &[]);
    assert!(
        out.contains("is valid: ") && !out.contains("refused"),
        "{out}"
    );
}

#[test]
fn what_a_typo_leaves_unchecked_is_listed_only_if_it_may_be_a_mistake() {
    let project = project();
    let path = project.path().join("typo.yaml");
    let wrong = SOUND.replace("angle: low", "anlge: low");
    std::fs::write(&path, wrong.replace("wardrobe:", "wardrobee:")).unwrap();
    let (_, text, _) = validate(&path, &[]);
    let (_, json, _) = validate(&path, &["--format", "json"]);
    // Programs still read all of them.
    for rule in ["render::over_budget", "sound::scratch_voice"] {
        assert!(json.contains(rule), "{rule}: {json}");
        assert!(!text.contains(rule), "{rule}: {text}");
    }
}

/// Returns the last part of the file, the pointer and the code of each finding.
fn places(opened: &OpenedProduction) -> BTreeSet<(String, String, &'static str)> {
    let file = |found: &production::base::Diagnostic| {
        let path = &opened.sources.get(found.origin.file).unwrap().path;
        path.strip_prefix(&opened.root)
            .unwrap()
            .to_string_lossy()
            .into_owned()
    };
    opened
        .diagnostics
        .as_slice()
        .iter()
        .map(|found| (file(found), found.path.clone(), found.code))
        .collect()
}

#[test]
fn pointers_count_from_the_production_in_every_file_of_it() {
    let project = project();
    let write = |name: &str, text: &str| {
        let path = project.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let shots = SOUND.find("  shots:").unwrap();
    let outputs = SOUND.find("  outputs:").unwrap();
    write(
        "production.yaml",
        &format!(
            "{}{}  include: [more/*.yaml]\n",
            &SOUND[..shots],
            &SOUND[outputs..]
        ),
    );
    write(
        "shots.yaml",
        "- {name: a, template: nothing, character: mara, lokation: pier}\n",
    );
    write(
        "more/b.yaml",
        "shots:\n  - {name: b, template: mine, character: nobody, location: pier, exposure: x}\n",
    );
    write("presets/shots.yaml", "mine:\n  lens: 100000\n");
    let unknown = "production::document::unknown_field";
    let expected = [
        ("shots.yaml", "/production/shots/0/lokation", unknown),
        (
            "shots.yaml",
            "/production/shots/0/template",
            "production::library::unknown_preset",
        ),
        (
            "more/b.yaml",
            "/production/shots/0/exposure",
            "production::document::wrong_type",
        ),
        (
            "more/b.yaml",
            "/production/shots/0/character",
            "production::shots::unknown_character",
        ),
        (
            "presets/shots.yaml",
            "/mine/lens",
            "production::value::out_of_range",
        ),
    ];
    let expected = expected.map(|(file, path, code)| (file.to_owned(), path.to_owned(), code));
    let opened = open(project.path(), &ProjectOptions::default()).unwrap();
    assert_eq!(places(&opened), BTreeSet::from(expected));
}

#[test]
fn pointers_into_a_shot_list_are_the_same_early_and_late() {
    let project = project();
    let shots = SOUND.find("  shots:").unwrap();
    let outputs = SOUND.find("  outputs:").unwrap();
    let document = format!(
        "{}  shot_list: list.yaml\n{}",
        &SOUND[..shots],
        &SOUND[outputs..]
    );
    let path = project.path().join("listed.yaml");
    std::fs::write(&path, document).unwrap();
    let list = "shots:\n  - {name: a, template: nothing, character: mara, lokation: pier}\n";
    std::fs::write(project.path().join("list.yaml"), list).unwrap();
    let opened = open(&path, &ProjectOptions::default()).unwrap();
    let paths: Vec<String> = places(&opened)
        .into_iter()
        .map(|(_, path, _)| path)
        .collect();
    assert_eq!(
        paths,
        [
            "/production/shots/0/lokation",
            "/production/shots/0/template"
        ]
    );
}
