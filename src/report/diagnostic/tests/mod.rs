//! Tests of what every format guarantees.

use super::*;
use crate::base::printable::is_invisible;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap};
use serde_json::{Value, json as value};
use std::path::PathBuf;

const PLAIN: DiagnosticStyle = DiagnosticStyle {
    colour: false,
    width: 80,
    unicode: true,
};

fn two_files() -> (SourceMap, FileId, FileId) {
    let mut sources = SourceMap::default();
    let main = sources.add_file(PathBuf::from("p.yaml"), "title: café\nshots: [é, b]\n");
    let other = sources.add_file(PathBuf::from("shots/b.yaml"), "a: 1\nname: x\n");
    (sources, main, other)
}

fn diagnostics_with(found: impl IntoIterator<Item = Diagnostic>) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    found
        .into_iter()
        .for_each(|diagnostic| diagnostics.push(diagnostic));
    diagnostics
}

#[test]
fn a_place_in_another_file_becomes_a_note_with_its_position() {
    let (sources, main, other) = two_files();
    let found = Diagnostic::warning(
        "production::test::twice",
        FileSpan::new(main, 22, 23),
        "twice",
    )
    .with_label("again")
    .with_help("rename one")
    .with_related(FileSpan::new(other, 11, 12), "first used")
    .with_related(FileSpan::new(main, 0, 5), "in this film");
    insta::assert_snapshot!(render_diagnostics(
        &diagnostics_with([found]),
        &sources,
        PLAIN
    ));
}

#[test]
fn a_picture_without_unicode_holds_only_plain_characters() {
    let (sources, main, _) = two_files();
    let found = Diagnostic::info(
        "production::test::note",
        FileSpan::new(main, 0, 5),
        "a note",
    )
    .with_label("here");
    let drawn = render_diagnostics(
        &diagnostics_with([found]),
        &sources,
        DiagnosticStyle {
            unicode: false,
            ..PLAIN
        },
    );
    assert!(drawn.replace('é', "").is_ascii(), "{drawn}");
    insta::assert_snapshot!(drawn);
}

#[test]
fn colour_is_used_only_when_enabled() {
    let (sources, main, _) = two_files();
    let found = diagnostics_with([Diagnostic::error(
        "production::test::red",
        FileSpan::new(main, 0, 5),
        "red",
    )
    .with_label("here")]);
    assert!(!render_diagnostics(&found, &sources, PLAIN).contains('\u{1b}'));
    assert!(
        render_diagnostics(
            &found,
            &sources,
            DiagnosticStyle {
                colour: true,
                ..PLAIN
            }
        )
        .contains('\u{1b}')
    );
}

#[test]
fn no_control_character_of_the_document_reaches_the_terminal() {
    let mut sources = SourceMap::default();
    let file = sources.add_file(
        PathBuf::from("a\u{1b}.yaml"),
        "a: \u{1b}[31m\u{202e}red\u{85}\r\n",
    );
    let found = Diagnostic::error("production::test::raw", FileSpan::new(file, 0, 1), "x\u{7}")
        .with_label("\u{1b}")
        .with_help("\u{8}");
    for drawn in [
        render_diagnostics(&diagnostics_with([found.clone()]), &sources, PLAIN),
        short_diagnostics(&diagnostics_with([found.clone()]), &sources),
    ] {
        assert!(
            !drawn
                .chars()
                .any(|c| (c.is_control() && c != '\n') || is_invisible(c)),
            "{drawn:?}"
        );
    }
}

#[test]
fn two_hundred_are_drawn_and_the_rest_counted() {
    let (sources, main, _) = two_files();
    let many = (0..250).map(|at| {
        Diagnostic::error(
            "production::test::many",
            FileSpan::new(main, 0, 5),
            format!("number {at}"),
        )
    });
    let many = diagnostics_with(many);
    let drawn = render_diagnostics(&many, &sources, PLAIN);
    assert_eq!(drawn.matches("× number").count(), 200);
    assert_eq!(short_diagnostics(&many, &sources).lines().count(), 201);
    assert_eq!(
        github_commands(&many, &sources, 10).lines().last(),
        Some("::notice::240 more not shown; `production validate --limit 0` shows all")
    );
    assert_eq!(
        render_diagnostics_up_to(&many, &sources, PLAIN, NO_LIMIT)
            .matches("× number")
            .count(),
        250
    );
    assert!(
        drawn.ends_with(
            "250 errors; 50 more not shown; `production validate --limit 0` shows all\n"
        )
    );
}

#[test]
fn a_very_long_line_is_shown_in_part() {
    let mut sources = SourceMap::default();
    let text = format!("a: {}é{}\n", "x".repeat(500_000), "y".repeat(500_000));
    let file = sources.add_file(PathBuf::from("long.yaml"), text);
    let found = Diagnostic::error(
        "production::test::long",
        FileSpan::new(file, 500_003, 900_000),
        "m".repeat(1000),
    );
    let first = found.with_related(FileSpan::new(file, 0, 1), "far away");
    let drawn = render_diagnostics(&diagnostics_with([first]), &sources, PLAIN);
    assert!(drawn.len() < 4_000, "{}", drawn.len());
    assert!(drawn.contains("long.yaml:1:500004"), "{drawn}");
}

#[test]
fn a_range_outside_of_the_file_is_drawn_at_its_end() {
    let (sources, main, _) = two_files();
    let found = diagnostics_with([Diagnostic::error(
        "production::test::far",
        FileSpan::new(main, 90, 95),
        "far",
    )
    .with_label("here")]);
    assert!(render_diagnostics(&found, &sources, PLAIN).contains("far"));
    let nowhere = diagnostics_with([Diagnostic::error(
        "production::test::no",
        FileSpan::new(FileId(9), 0, 1),
        "no file",
    )]);
    assert!(render_diagnostics(&nowhere, &sources, PLAIN).contains("no file"));
    assert_eq!(
        short_diagnostics(&nowhere, &sources),
        "error[production::test::no]: no file\n"
    );
}

#[test]
fn json_has_exactly_the_public_fields() {
    let (sources, main, other) = two_files();
    let found = Diagnostic::error("production::test::e", FileSpan::new(main, 24, 25), "m")
        .with_help("h")
        .with_related(FileSpan::new(other, 5, 9), "as here")
        .with_fix(FileSpan::new(main, 7, 12), "tea")
        .with_path("/production/shots/1");
    let written = diagnostics_json(&diagnostics_with([found]), &sources, false);
    let issue = value!({
        "code": "production::test::e", "severity": "error", "message": "m", "suggestion": "h",
        "path": "/production/shots/1",
        "file": "p.yaml", "line": 2, "column": 11, "end_line": 2, "end_column": 12,
        "related": [{
            "message": "as here", "file": "shots/b.yaml", "line": 2, "column": 1, "end_line": 2, "end_column": 5,
        }],
        "fixes": [{
            "file": "p.yaml", "line": 1, "column": 8, "end_line": 1, "end_column": 12, "text": "tea",
        }],
    });
    let counts = value!({ "errors": 0, "warnings": 0, "infos": 0 });
    let mut by_severity = value!({ "errors": [], "warnings": [], "counts": counts });
    let list = format!("{}s", issue["severity"].as_str().unwrap());
    by_severity["counts"][&list] = value!(1);
    by_severity[&list] = value!([issue]);
    by_severity["valid"] = value!(false);
    by_severity["issues"] = value!([issue]);
    assert_eq!(written, by_severity);
    let nowhere = diagnostics_with([Diagnostic::info(
        "production::test::no",
        FileSpan::new(FileId(9), 0, 1),
        "no file",
    )]);
    let issue = &diagnostics_json(&nowhere, &sources, true)["issues"][0];
    assert_eq!(
        (&issue["suggestion"], &issue["file"], &issue["line"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
}

#[test]
fn a_thousand_pictures_of_a_large_file_are_drawn_by_its_line_table() {
    let mut sources = SourceMap::default();
    let file = sources.add_file(
        PathBuf::from("big.yaml"),
        "- name: shot\n".repeat(1_300_000),
    );
    let at = |n: u32| FileSpan::new(file, 16_000_010 + 13 * n, 16_000_014 + 13 * n);
    let many = (0..1000).map(|n| Diagnostic::error("production::test::big", at(n), "here"));
    assert_eq!(
        render_diagnostics_up_to(&diagnostics_with(many), &sources, PLAIN, NO_LIMIT)
            .matches("big.yaml:")
            .count(),
        1000
    );
}
