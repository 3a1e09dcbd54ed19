//! Diagnostics grouped by code: the first of each code is drawn, the others have a line each or are
//! counted. Errors come last, where a terminal stops.

use super::counts::{counts_line, severity_word, shown_diagnostics};
use super::graphical::{DiagnosticStyle, draw_diagnostics};
use super::message_text::escape_unprintable;
use crate::base::{Diagnostic, DiagnosticCode, Diagnostics, Severity, SourceMap};
use crate::report::text_format::format_number;

/// How much of a group is shown besides its first diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupDetail<'a> {
    /// Most diagnostics that are shown; 0 for all.
    pub limit: usize,
    /// Whether diagnostics that are no errors have a line each, and not only a count.
    pub lists_warnings: bool,
    /// The command that shows the rest.
    pub full_command: &'a str,
}

/// The diagnostics of one code.
struct CodeGroup<'a> {
    code: DiagnosticCode,
    severity: Severity,
    diagnostics: Vec<&'a Diagnostic>,
}

/// Draws the first diagnostic of each code, lists or counts the others, and counts all.
#[must_use]
pub fn grouped_diagnostics(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    style: DiagnosticStyle,
    detail: GroupDetail<'_>,
) -> String {
    let groups = group_by_code(shown_diagnostics(diagnostics, detail.limit));
    let firsts: Vec<&Diagnostic> = groups
        .iter()
        .filter_map(|group| group.diagnostics.first().copied())
        .collect();
    let pictures = draw_diagnostics(&firsts, sources, style);
    let mut text = String::new();
    for (group, picture) in groups.iter().zip(pictures) {
        text.push_str(&picture);
        text.push_str(&rest_of_group(group, sources, detail));
        text.push('\n');
    }
    text + &counts_line(diagnostics, detail.limit)
}

/// Returns the groups: notes, warnings, errors, each in the order of their first places.
fn group_by_code(diagnostics: &[Diagnostic]) -> Vec<CodeGroup<'_>> {
    let mut groups: Vec<CodeGroup<'_>> = Vec::new();
    for diagnostic in diagnostics {
        // There are at most as many groups as codes, so a search is as fast as a map.
        let known = groups
            .iter_mut()
            .find(|group| group.code == diagnostic.code && group.severity == diagnostic.severity);
        match known {
            Some(group) => group.diagnostics.push(diagnostic),
            None => groups.push(CodeGroup {
                code: diagnostic.code,
                severity: diagnostic.severity,
                diagnostics: vec![diagnostic],
            }),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.severity));
    groups
}

/// Returns the text about the diagnostics of a group behind the first.
fn rest_of_group(group: &CodeGroup<'_>, sources: &SourceMap, detail: GroupDetail<'_>) -> String {
    let rest = group.diagnostics.get(1..).unwrap_or_default();
    if rest.is_empty() {
        return String::new();
    }
    let plural = if rest.len() == 1 { "" } else { "s" };
    let heading = format!(
        "  and {} more {}{plural} of {}",
        format_number(rest.len()),
        severity_word(group.severity),
        group
            .code
            .strip_prefix("production::")
            .unwrap_or(group.code)
    );
    // Every error is named: each must be corrected before anything runs.
    if group.severity != Severity::Error && !detail.lists_warnings {
        return format!("{heading}: {}\n", detail.full_command);
    }
    let lines = rest.iter().map(|diagnostic| {
        let place = escape_unprintable(&sources.format_position(diagnostic.origin));
        let message = escape_unprintable(&diagnostic.message).replace('\n', " ");
        format!("    {place}: {message}\n")
    });
    format!("{heading} (-v draws them)\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;

    const STYLE: DiagnosticStyle = DiagnosticStyle {
        colour: false,
        width: 80,
        unicode: true,
    };

    fn grouped(detail: GroupDetail<'_>) -> String {
        let mut sources = SourceMap::default();
        let file = sources.add_file("f.yaml", "a: 1\nb: 2\nc: 3\n");
        let mut found = Diagnostics::default();
        let place = |at| FileSpan::new(file, at, at + 1);
        found.push(Diagnostic::error("production::test::e", place(0), "first"));
        for at in [0, 5, 10] {
            let message = format!("warning at {at}");
            found.push(Diagnostic::warning(
                "production::test::w",
                place(at),
                message,
            ));
        }
        found.push(Diagnostic::error(
            "production::test::e",
            place(10),
            "second",
        ));
        grouped_diagnostics(&found, &sources, STYLE, detail)
    }

    #[test]
    fn the_first_of_a_code_is_drawn_the_rest_is_listed_and_errors_are_last() {
        insta::assert_snapshot!(grouped(GroupDetail {
            limit: 0,
            lists_warnings: true,
            full_command: "",
        }));
    }

    #[test]
    fn before_other_work_warnings_are_counted_and_errors_are_listed() {
        let text = grouped(GroupDetail {
            limit: 0,
            lists_warnings: false,
            full_command: "`production validate film` lists them",
        });
        assert!(
            text.contains(
                "and 2 more warnings of test::w: `production validate film` lists them\n"
            ),
            "{text}"
        );
        assert!(
            text.contains("and 1 more error of test::e (-v draws them)\n    f.yaml:3:1: second\n")
        );
        assert!(!text.contains("warning at 5"), "{text}");
        assert!(text.ends_with("2 errors, 3 warnings\n"), "{text}");
    }
}
