//! What is changed, what is left alone, and how a file looks afterwards.

use super::*;
use crate::base::{Diagnostic, FileSpan};

struct FixedProject {
    folder: tempfile::TempDir,
    sources: SourceMap,
}

impl FixedProject {
    fn with(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let text = std::str::from_utf8(bytes)
            .unwrap()
            .trim_start_matches('\u{feff}')
            .to_owned();
        let mut sources = SourceMap::default();
        sources.add_file(path, text);
        Self { folder, sources }
    }

    fn mended(&self, edits: &[(u32, u32, &str)]) -> Vec<FixedFile> {
        let mut found = Diagnostics::default();
        for (start, end, text) in edits {
            let origin = FileSpan::new(FileId(0), *start, *end);
            found.push(
                Diagnostic::error("production::test::e", origin, *text).with_fix(origin, *text),
            );
        }
        plan_fixes(&found, &self.sources, self.folder.path())
    }

    fn bytes(&self) -> Vec<u8> {
        std::fs::read(&self.sources.get(FileId(0)).unwrap().path).unwrap()
    }
}

#[test]
fn edits_change_their_bytes_and_keep_the_mark_and_line_ends() {
    let project = FixedProject::with("p.yaml", "\u{feff}a: yes # é\r\nb:  no\r\n".as_bytes());
    let mended = project.mended(&[(17, 19, "false"), (3, 6, "true")]);
    assert_eq!(
        mended[0]
            .edits
            .iter()
            .map(|edit| edit.text.as_str())
            .collect::<Vec<_>>(),
        ["true", "false"]
    );
    mended[0].write().unwrap();
    assert_eq!(
        project.bytes(),
        "\u{feff}a: true # é\r\nb:  false\r\n".as_bytes()
    );
}

#[test]
fn of_two_edits_in_one_place_the_first_wins() {
    let project = FixedProject::with("p.yaml", b"abcdef");
    let mended = project.mended(&[(0, 3, "x"), (2, 4, "y"), (0, 3, "x"), (3, 4, "z")]);
    mended[0].write().unwrap();
    assert_eq!(project.bytes(), b"xzef");
}

#[test]
fn an_edit_that_changes_nothing_or_a_variable_is_left_out() {
    let project = FixedProject::with("p.yaml", b"abc${x}");
    assert!(project.mended(&[(0, 3, "abc"), (3, 7, "y")]).is_empty());
}

#[test]
fn a_finding_with_two_edits_is_applied_whole_or_not_at_all() {
    let project = FixedProject::with("p.yaml", b"abcdef");
    let at = |start, end| FileSpan::new(FileId(0), start, end);
    let mut found = Diagnostics::default();
    found.push(Diagnostic::error("production::test::e", at(0, 1), "one").with_fix(at(0, 1), "x"));
    found.push(
        Diagnostic::error("production::test::e", at(4, 5), "two")
            .with_fix(at(4, 5), "y")
            .with_fix(at(0, 2), "z"),
    );
    let mended = plan_fixes(&found, &project.sources, project.folder.path());
    assert_eq!(mended[0].edits.len(), 1);
}

#[test]
fn changed_files_and_files_outside_the_project_are_not_fixed() {
    let project = FixedProject::with("p.yaml", b"a: yes");
    std::fs::write(project.folder.path().join("p.yaml"), "a: yes, and more").unwrap();
    assert!(project.mended(&[(3, 6, "true")]).is_empty());
    let other = FixedProject::with("p.yaml", b"a: yes");
    let elsewhere = FixedProject {
        folder: tempfile::tempdir().unwrap(),
        sources: other.sources.clone(),
    };
    assert!(elsewhere.mended(&[(3, 6, "true")]).is_empty());
}

#[test]
fn a_built_in_file_is_never_written() {
    let mut project = FixedProject::with("p.yaml", b"a: yes");
    project.sources = SourceMap::default();
    project.sources.add_file("library/shots.yaml", "a: yes");
    assert!(project.mended(&[(3, 6, "true")]).is_empty());
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_a_link_inside_the_project_is_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mut project = FixedProject::with("p.yaml", b"a: yes");
    let path = project.folder.path().join("p.yaml");
    let link = project.folder.path().join("link.yaml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&path, &link).unwrap();
    project.sources = SourceMap::default();
    project.sources.add_file(&link, "a: yes");
    project.mended(&[(3, 6, "true")])[0].write().unwrap();
    assert!(link.is_symlink());
    assert_eq!(std::fs::read(&path).unwrap(), b"a: true");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o640
    );
}
