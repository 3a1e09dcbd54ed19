//! What directives do to findings, and which findings are about directives.

use super::*;
use crate::base::{FileId, FileSpan};
use crate::document::OrderedMap;

const KNOWN: &[(DiagnosticCode, Severity)] = &[
    ("production::a::error", Severity::Error),
    ("production::a::warning", Severity::Warning),
    ("production::a::info", Severity::Info),
    ("production::tools::missing", Severity::Warning),
    ("production::rules::unused_allow", Severity::Warning),
];

fn at(start: u32) -> FileSpan {
    FileSpan::new(FileId(0), start, start + 1)
}

fn findings() -> Diagnostics {
    let mut found = Diagnostics::default();
    found.push(Diagnostic::error("production::a::error", at(1), "e"));
    found.push(Diagnostic::warning("production::a::warning", at(2), "w"));
    found.push(Diagnostic::info("production::a::info", at(12), "i"));
    found
}

fn allow(code: &str, line: u32) -> AllowComment {
    let codes = vec![Spanned::new(code.to_owned(), at(line + 5))];
    let line = FileSpan::new(FileId(0), line, line + 10);
    AllowComment {
        origin: line,
        codes,
        line,
        path: "/x".to_owned(),
    }
}

fn draft(rules: &[(&str, LevelDraft)]) -> ProductionDraft {
    ProductionDraft {
        rules: Some(OrderedMap(
            rules
                .iter()
                .map(|(code, level)| {
                    (
                        Spanned::new((*code).to_owned(), at(90)),
                        Spanned::new(*level, at(95)),
                    )
                })
                .collect(),
        )),
        ..ProductionDraft::default()
    }
}

/// Returns the last word of each code, and its severity.
fn judged(options: &SeverityOptions<'_>) -> Vec<(&'static str, Severity)> {
    let found = apply_severities(
        findings(),
        &SeverityOptions {
            known: KNOWN,
            ..options.clone()
        },
    );
    found
        .into_iter()
        .map(|found| (found.code.rsplit("::").next().unwrap(), found.severity))
        .collect()
}

const NOTHING: SeverityOptions<'_> = SeverityOptions {
    draft: None,
    allows: &[],
    known: KNOWN,
    strict: false,
    unchecked: Some(BTreeSet::new()),
};
const E: (&str, Severity) = ("error", Severity::Error);
const W: (&str, Severity) = ("warning", Severity::Warning);
const I: (&str, Severity) = ("info", Severity::Info);

#[test]
fn without_directives_findings_stay_as_they_are() {
    assert_eq!(judged(&NOTHING), [E, W, I]);
}

#[test]
fn strict_raises_warnings_and_nothing_else() {
    assert_eq!(
        judged(&SeverityOptions {
            strict: true,
            ..NOTHING
        }),
        [E, ("warning", Severity::Error), I]
    );
}

#[test]
fn a_comment_allows_findings_of_its_line_even_when_strict() {
    let allows = [allow("a::warning", 0), allow("production::a::info", 10)];
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            strict: true,
            ..NOTHING
        }),
        [E]
    );
}

#[test]
fn a_comment_on_another_line_allows_nothing_and_is_reported() {
    let allows = [allow("a::warning", 10)];
    let unused = ("unused_allow", Severity::Warning);
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            ..NOTHING
        }),
        [E, W, I, unused]
    );
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            unchecked: None,
            ..NOTHING
        }),
        [E, W, I]
    );
}

#[test]
fn an_error_can_be_neither_allowed_nor_lowered() {
    let allows = [allow("a::error", 0)];
    let draft = draft(&[("a::error", LevelDraft::Off)]);
    let cannot = ("cannot_silence", Severity::Warning);
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            draft: Some(&draft),
            ..NOTHING
        }),
        [E, W, I, cannot, cannot]
    );
}

#[test]
fn entries_set_levels_by_full_or_short_code() {
    let draft = draft(&[
        ("production::a::warning", LevelDraft::Off),
        ("a::info", LevelDraft::Error),
    ]);
    assert_eq!(
        judged(&SeverityOptions {
            draft: Some(&draft),
            ..NOTHING
        }),
        [E, ("info", Severity::Error)]
    );
}

#[test]
fn an_entry_that_lowers_nothing_is_reported_and_one_that_raises_is_not() {
    let rules = [
        ("rules::unused_allow", LevelDraft::Off),
        ("a::info", LevelDraft::Info),
        ("a::warning", LevelDraft::Error),
    ];
    let draft = draft(&rules);
    let unused = ("unused_entry", Severity::Info);
    let adjusted = judged(&SeverityOptions {
        draft: Some(&draft),
        ..NOTHING
    });
    assert_eq!(adjusted, [E, ("warning", Severity::Error), I, unused]);
    let adjusted = judged(&SeverityOptions {
        draft: Some(&draft),
        unchecked: None,
        ..NOTHING
    });
    assert_eq!(adjusted, [E, ("warning", Severity::Error), I]);
}

#[test]
fn an_entry_can_allow_findings_about_comments() {
    let allows = [allow("a::warning", 10)];
    let draft = draft(&[("rules::unused_allow", LevelDraft::Off)]);
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            draft: Some(&draft),
            ..NOTHING
        }),
        [E, W, I]
    );
}

#[test]
fn an_entry_whose_findings_are_all_allowed_by_comments_is_used() {
    let allows = [allow("a::warning", 0)];
    let draft = draft(&[("a::warning", LevelDraft::Info)]);
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            draft: Some(&draft),
            ..NOTHING
        }),
        [E, I]
    );
}

#[test]
fn an_allowance_that_depends_on_the_machine_is_never_unused() {
    let allows = [allow("tools::missing", 10)];
    let draft = draft(&[("tools::missing", LevelDraft::Off)]);
    assert_eq!(
        judged(&SeverityOptions {
            allows: &allows,
            draft: Some(&draft),
            ..NOTHING
        }),
        [E, W, I]
    );
}

#[test]
fn a_misspelt_code_suggests_the_nearest() {
    let allows = [allow("a::warnign", 0)];
    let found = apply_severities(
        findings(),
        &SeverityOptions {
            allows: &allows,
            ..NOTHING
        },
    );
    let last = found.as_slice().last().unwrap();
    assert_eq!(
        (last.code, last.help.as_deref()),
        (
            "production::rules::unknown_code",
            Some("did you mean `a::warning`?")
        )
    );
    assert_eq!(last.path, "/x");
}
