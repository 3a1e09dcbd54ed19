//! Files and directories.

use super::film::{PLAIN, SampleFilm};
use crate::base::SourceMap;
use crate::document::{
    DocumentLoadError, InputLimits, LoadedDocument, VariableOverrides, load_document,
};
use crate::report::diagnostic;
use std::path::Path;

/// A directory with these files, and what loading `start` in it gives.
struct DocumentFolder {
    directory: tempfile::TempDir,
}

impl DocumentFolder {
    fn with_files(files: &[(&str, &str)]) -> Self {
        let fixture = Self {
            directory: tempfile::tempdir().unwrap(),
        };
        for (path, text) in files {
            let path = fixture.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        fixture
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn load(&self, start: &str) -> (LoadedDocument<SampleFilm>, String) {
        self.load_with(start, &InputLimits::default())
    }

    fn load_with(&self, start: &str, limits: &InputLimits) -> (LoadedDocument<SampleFilm>, String) {
        let mut sources = SourceMap::default();
        let loaded = load_document::<SampleFilm>(
            &self.path().join(start),
            limits,
            &VariableOverrides::default(),
            &mut sources,
        )
        .unwrap();
        let report = diagnostic::short_diagnostics(&loaded.diagnostics, &sources);
        (
            loaded,
            report.replace(&format!("{}/", self.path().display()), ""),
        )
    }
}

fn names(loaded: &LoadedDocument<SampleFilm>) -> Vec<&str> {
    loaded
        .draft
        .iter()
        .flat_map(|film| &film.shots)
        .map(|shot| shot.value.name.value.as_str())
        .collect()
}

#[test]
fn a_single_file_is_a_production() {
    let fixture = DocumentFolder::with_files(&[("a.yaml", "production: {title: A}\n")]);
    let (loaded, report) = fixture.load("a.yaml");
    assert_eq!(report, "");
    assert_eq!(loaded.draft.unwrap().title.unwrap().value, "A");
    assert_eq!(loaded.directory, fixture.path());
}

#[test]
fn a_directory_gives_its_sections_in_all_three_forms() {
    let fixture = DocumentFolder::with_files(&[
        ("production.yaml", "production:\n  title: A\n"),
        ("characters.yaml", "- {name: mira, model: m.blend}\n"),
        ("shots.yaml", "shots:\n  - {name: s1, prompt: p}\n"),
        ("outputs.yaml", "production: {outputs: {format: png}}\n"),
    ]);
    let (loaded, report) = fixture.load("");
    assert_eq!(report, "");
    assert_eq!(loaded.files.len(), 4);
    let film = loaded.draft.unwrap();
    assert_eq!(
        (film.characters.len(), film.shots.len(), film.outputs.len()),
        (1, 1, 1)
    );
}

#[test]
fn a_mistake_in_a_bare_list_has_the_pointer_of_its_section() {
    let fixture = DocumentFolder::with_files(&[
        ("production.yaml", "production: {}"),
        ("shots.yaml", "- {name: a, prompt: b}\n- {nam: c}\n"),
    ]);
    let (loaded, _) = fixture.load("");
    let paths: Vec<_> = loaded
        .diagnostics
        .as_slice()
        .iter()
        .map(|found| found.path.as_str())
        .collect();
    assert_eq!(
        paths,
        ["/production/shots/1/prompt", "/production/shots/1/nam"]
    );
}

#[test]
fn includes_are_sorted_nested_and_relative_to_the_file() {
    let fixture = DocumentFolder::with_files(&[
        (
            "p.yaml",
            "include: shots/*.yaml\nproduction: {shots: [{name: s0, prompt: p}]}\n",
        ),
        ("shots/b.yaml", "shots: [{name: b, prompt: p}]\n"),
        (
            "shots/a.yaml",
            "include: [more/c.yaml]\nshots: [{name: a, prompt: p}]\n",
        ),
        (
            "shots/more/c.yaml",
            "production: {shots: [{name: c, prompt: p}]}\n",
        ),
    ]);
    let (loaded, report) = fixture.load("p.yaml");
    assert_eq!(report, "");
    assert_eq!(names(&loaded), ["s0", "a", "b", "c"]);
    assert!(loaded.complete);
}

#[test]
fn a_file_is_included_whose_name_is_a_pattern_of_other_names() {
    let shot = |name: &str| format!("shots: [{{name: {name}, prompt: p}}]\n");
    let (plain, bracket, open) = (shot("plain"), shot("bracket"), shot("open"));
    for (include, wanted) in [
        ("b[1].yaml", vec!["bracket"]),
        ("a[1].yaml", vec!["open", "plain"]),
        ("c[1.yaml", vec!["open"]),
    ] {
        let head = format!("include: \"{include}\"\nproduction: {{}}\n");
        let fixture = DocumentFolder::with_files(&[
            ("p.yaml", &head),
            ("a1.yaml", &plain),
            ("a[1].yaml", &open),
            ("b[1].yaml", &bracket),
            ("c[1.yaml", &open),
        ]);
        let (loaded, report) = fixture.load("p.yaml");
        let mut found = names(&loaded);
        found.sort_unstable();
        assert_eq!((report.as_str(), found), ("", wanted), "{include}");
    }
}

#[test]
fn an_include_under_the_top_key_works_too() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "production: {include: [a.yaml]}\n"),
        ("a.yaml", "shots: [{name: a, prompt: p}]\n"),
    ]);
    let (loaded, report) = fixture.load("p.yaml");
    assert_eq!((names(&loaded), report.as_str()), (vec!["a"], ""));
}

#[test]
fn an_include_cycle_is_reported_with_its_chain() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "include: [a.yaml]\nproduction: {}\n"),
        ("a.yaml", "include: [b.yaml]\n"),
        ("b.yaml", "include: [a.yaml]\n"),
    ]);
    let (_, report) = fixture.load("p.yaml");
    assert_eq!(
        report,
        "b.yaml:1:11: error[production::document::include_cycle]: files include each other: a.yaml -> b.yaml -> a.yaml\n"
    );
}

#[test]
fn every_step_of_an_include_cycle_has_its_place() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "include: [a.yaml]\nproduction: {}\n"),
        ("a.yaml", "include: [b.yaml]\n"),
        ("b.yaml", "include: [a.yaml]\n"),
    ]);
    let (loaded, _) = fixture.load("p.yaml");
    let [cycle] = loaded.diagnostics.as_slice() else {
        panic!("one finding")
    };
    let folder = format!("{}/", fixture.path().display());
    let related: Vec<_> = cycle
        .related
        .iter()
        .map(|(at, label)| (at.start, label.replace(&folder, "")))
        .collect();
    assert_eq!(
        cycle.label.replace(&folder, ""),
        "`b.yaml` includes `a.yaml` here"
    );
    assert_eq!(
        related,
        [(10, "`a.yaml` includes `b.yaml` here".to_owned())]
    );
}

#[test]
fn a_file_is_either_included_or_extended() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "production: {extends: a.yaml, include: a.yaml}\n"),
        ("a.yaml", "title: A\n"),
    ]);
    let (_, report) = fixture.load("p.yaml");
    assert!(
        report.contains("include_repeated") && report.contains("both included and extended"),
        "{report}"
    );
}

#[cfg(unix)]
#[test]
fn sections_and_bases_outside_the_project_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("a.yaml"), "title: outside\n").unwrap();
    let fixture =
        DocumentFolder::with_files(&[("production.yaml", "production: {extends: base.yaml}\n")]);
    for name in ["characters.yaml", "base.yaml"] {
        std::os::unix::fs::symlink(outside.path().join("a.yaml"), fixture.path().join(name))
            .unwrap();
    }
    let (loaded, report) = fixture.load("");
    assert!(
        report.contains("document::outside_project]") && report.contains("extends::outside"),
        "{report}"
    );
    assert!(!loaded.complete && loaded.draft.unwrap().title.is_none());
}

#[test]
fn a_file_included_twice_is_reported_and_read_once() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "include: [a.yaml, a.yaml]\nproduction: {}\n"),
        ("a.yaml", "shots: [{name: a, prompt: p}]\n"),
    ]);
    let (loaded, report) = fixture.load("p.yaml");
    assert_eq!(names(&loaded), ["a"]);
    assert!(
        report.starts_with("p.yaml:1:19: error[production::document::include_repeated]"),
        "{report}"
    );
}

#[cfg(unix)]
#[test]
fn includes_outside_the_project_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("a.yaml"), "shots: []\n").unwrap();
    let fixture = DocumentFolder::with_files(&[(
        "p.yaml",
        "include: [/etc/passwd, ../a.yaml, link/a.yaml, none.yaml, 'a[']\nproduction: {}\n",
    )]);
    std::os::unix::fs::symlink(outside.path(), fixture.path().join("link")).unwrap();
    let (loaded, report) = fixture.load("p.yaml");
    assert_eq!(
        report.matches("production::document::bad_include").count(),
        5,
        "{report}"
    );
    assert_eq!(report.matches("outside the project directory").count(), 3);
    assert!(!loaded.complete);
}

#[test]
fn a_wildcard_leaves_out_what_is_read_anyway() {
    let fixture = DocumentFolder::with_files(&[
        ("production.yaml", "include: '*.yaml'\nproduction: {}\n"),
        ("shots.yaml", "- {name: a, prompt: p}\n"),
        ("more.yaml", "include: ./m*.yaml\n"),
    ]);
    let (loaded, report) = fixture.load("");
    assert_eq!(names(&loaded), ["a"]);
    assert!(
        report.contains("cannot include `./m*.yaml`: no file matches"),
        "{report}"
    );
}

#[test]
fn too_many_files_and_bytes_are_refused() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "include: '*.yaml'\nproduction: {}\n"),
        ("a.yaml", "shots: []\n"),
        ("b.yaml", "shots: []\n"),
        ("c.yaml", "shots: []\n"),
    ]);
    let (_, report) = fixture.load_with(
        "p.yaml",
        &InputLimits {
            files: 2,
            ..InputLimits::default()
        },
    );
    assert_eq!(
        report,
        "p.yaml:1:10: error[production::document::too_many_files]: more than 2 files are included\n"
    );
    let (loaded, report) = fixture.load_with(
        "p.yaml",
        &InputLimits {
            total_bytes: 50,
            ..InputLimits::default()
        },
    );
    assert_eq!(
        report.matches("production::yaml::too_large").count(),
        2,
        "{report}"
    );
    assert!(!loaded.complete);
}

#[test]
fn a_broken_include_leaves_the_rest_but_is_not_complete() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "include: a.yaml\nproduction: {title: A}\n"),
        ("a.yaml", "shots: [\n"),
    ]);
    let (loaded, report) = fixture.load("p.yaml");
    assert!(
        report.contains("a.yaml:1:8: error[production::yaml::syntax]"),
        "{report}"
    );
    assert!(loaded.draft.is_some() && !loaded.complete);
}

#[test]
fn bytes_that_are_not_utf8_are_reported_with_their_place() {
    let fixture = DocumentFolder::with_files(&[]);
    std::fs::write(
        fixture.path().join("p.yaml"),
        b"production:\n  title: caf\xe9\n",
    )
    .unwrap();
    let (loaded, report) = fixture.load("p.yaml");
    assert_eq!(
        report,
        "p.yaml:2:13: error[production::yaml::not_utf8]: not UTF-8 at byte 24\n"
    );
    assert!(loaded.draft.is_none());
}

#[test]
fn a_byte_order_mark_moves_no_column() {
    let fixture = DocumentFolder::with_files(&[("p.yaml", "\u{feff}produktion: {}\n")]);
    assert!(fixture.load("p.yaml").1.starts_with("p.yaml:1:1: "));
}

#[test]
fn the_top_key_is_required_and_guarded() {
    let fixture = DocumentFolder::with_files(&[
        ("none.yaml", "title: A\n"),
        ("near.yaml", "prodution: {title: A}\n"),
        ("empty.yaml", "# nothing\n"),
        ("more.yaml", "production: {}\nx-note: 1\nshots: []\n"),
    ]);
    assert_eq!(
        fixture.load("none.yaml").1,
        "none.yaml:1:1: error[production::document::missing_field]: missing field `production`\n"
    );
    assert_eq!(
        fixture.load("near.yaml").1,
        "near.yaml:1:1: error[production::document::unknown_field]: unknown field `prodution`\n"
    );
    assert_eq!(
        fixture.load("empty.yaml").1,
        "empty.yaml:1:1: error[production::document::missing_field]: missing field `production`\n"
    );
    assert_eq!(
        fixture.load("more.yaml").1,
        "more.yaml:3:1: error[production::document::unknown_field]: unknown field `shots`\n"
    );
}

#[test]
fn missing_and_unreadable_files_are_errors() {
    let fixture = DocumentFolder::with_files(&[("dir/a.yaml", "")]);
    let fail = |path: &str| {
        load_document::<SampleFilm>(
            Path::new(path),
            &InputLimits::default(),
            &VariableOverrides::default(),
            &mut SourceMap::default(),
        )
        .unwrap_err()
    };
    assert_eq!(
        fail("no/such.yaml").to_string(),
        "find no/such.yaml: there is no such file or directory"
    );
    let directory = fixture.path().join("dir").display().to_string();
    let error = fail(&directory);
    assert!(matches!(error, DocumentLoadError::NoProduction { .. }));
    assert_eq!(
        error.to_string(),
        format!("find a production in {directory}: it has no production.yaml (it has a.yaml)")
    );
}

#[test]
fn a_folder_with_the_name_of_a_document_is_reported_as_a_folder() {
    let fixture = DocumentFolder::with_files(&[
        ("film/production.yaml/notes.txt", ""),
        ("good.yaml/production.yaml", "production: {title: A}\n"),
    ]);
    let read = |path: &str| {
        load_document::<SampleFilm>(
            &fixture.path().join(path),
            &InputLimits::default(),
            &VariableOverrides::default(),
            &mut SourceMap::default(),
        )
    };
    let folder = fixture.path().join("film/production.yaml");
    for path in ["film", "film/production.yaml"] {
        assert_eq!(
            read(path).unwrap_err().to_string(),
            format!(
                "read {}: it is a folder, and a document is a file; put the file there, or rename the folder",
                folder.display()
            )
        );
    }
    assert!(
        read("good.yaml").is_ok(),
        "a folder with a document may have any name"
    );
}

#[test]
fn the_report_of_several_files_is_drawn_with_each_file() {
    let fixture = DocumentFolder::with_files(&[
        ("p.yaml", "include: [a.yaml]\nproduction: {tilte: A}\n"),
        ("a.yaml", "shots: [{nme: x}]\n"),
    ]);
    let mut sources = SourceMap::default();
    let loaded = load_document::<SampleFilm>(
        &fixture.path().join("p.yaml"),
        &InputLimits::default(),
        &VariableOverrides::default(),
        &mut sources,
    )
    .unwrap();
    let report = diagnostic::render_diagnostics(&loaded.diagnostics, &sources, PLAIN);
    insta::assert_snapshot!(report.replace(&fixture.path().display().to_string(), "film"));
}
