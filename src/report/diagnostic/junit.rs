//! Diagnostics as JUnit XML: a suite for each file and a case for each diagnostic. Errors are
//! failures.
//!
//! Warnings and notes are passed cases with their text as output: they do not fail the build. A
//! file without diagnostics has one passed case, because readers refuse reports without any. Owns
//! the XML escaping.

use super::counts::severity_word;
use super::region::{SourceRegion, strip_current_dir};
use crate::base::{Diagnostic, Diagnostics, FileId, Severity, SourceMap};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Returns the diagnostics as JUnit XML. `name` is the name of the whole suite, such as the
/// document's path.
#[must_use]
pub fn junit_xml(diagnostics: &Diagnostics, sources: &SourceMap, name: &str) -> String {
    // The document itself is file 0 and always has a suite, even without diagnostics.
    let mut files: BTreeMap<FileId, Vec<&Diagnostic>> = BTreeMap::from([(FileId(0), Vec::new())]);
    for diagnostic in diagnostics.as_slice() {
        files
            .entry(diagnostic.origin.file)
            .or_default()
            .push(diagnostic);
    }
    // A suite without diagnostics has one case, so it counts as one test.
    let tests: usize = files.values().map(|findings| findings.len().max(1)).sum();
    let failures = diagnostics.count_severity(Severity::Error);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">",
        escape_xml(name)
    );
    for (file, findings) in files {
        write_suite(&mut xml, file, &findings, sources);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn write_suite(xml: &mut String, file: FileId, findings: &[&Diagnostic], sources: &SourceMap) {
    let path = sources
        .get(file)
        .map(|source| source.path.display().to_string())
        .unwrap_or_default();
    let path = escape_xml(strip_current_dir(&path));
    let tests = findings.len().max(1);
    let failures = findings
        .iter()
        .filter(|findings| findings.severity == Severity::Error)
        .count();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\" time=\"0\">"
    );
    if findings.is_empty() {
        let _ = writeln!(
            xml,
            "    <testcase name=\"no findings\" classname=\"{path}\" time=\"0\"/>"
        );
    }
    for diagnostic in findings {
        write_case(xml, diagnostic, &path, sources);
    }
    xml.push_str("  </testsuite>\n");
}

fn write_case(xml: &mut String, diagnostic: &Diagnostic, path: &str, sources: &SourceMap) {
    let (line, column) = SourceRegion::from_origin(diagnostic.origin, sources)
        .map_or((0, 0), |region| (region.line, region.column));
    // The place is part of the name: readers merge cases of one name.
    let name = escape_xml(&format!("{} at {line}:{column}", diagnostic.code));
    let code = escape_xml(diagnostic.code);
    let message = escape_xml(&diagnostic.message);
    let text = escape_xml(&case_text(diagnostic, sources));
    let _ = writeln!(
        xml,
        "    <testcase name=\"{name}\" classname=\"{path}\" file=\"{path}\" line=\"{line}\" time=\"0\">"
    );
    // `error` elements mean that a test could not run. A document with a mistake was checked, so it
    // is a failure.
    let _ = match diagnostic.severity {
        Severity::Error => {
            writeln!(
                xml,
                "      <failure type=\"{code}\" message=\"{message}\">{text}</failure>"
            )
        }
        Severity::Warning | Severity::Info => {
            writeln!(xml, "      <system-out>{text}</system-out>")
        }
    };
    xml.push_str("    </testcase>\n");
}

/// Returns the diagnostic with its notes and help, one a line.
fn case_text(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = sources.format_position(diagnostic.origin);
    let severity = severity_word(diagnostic.severity);
    let first = format!(
        "{place}: {severity}[{}]: {}",
        diagnostic.code, diagnostic.message
    );
    let notes = diagnostic
        .related
        .iter()
        .map(|(origin, text)| format!("{}: {text}", sources.format_position(*origin)));
    let help = diagnostic.help.iter().map(|help| format!("help: {help}"));
    std::iter::once(first)
        .chain(notes)
        .chain(help)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Escapes markup. Characters that XML cannot contain become their Rust escape, such as `\u{1b}`.
fn escape_xml(text: &str) -> String {
    // XML 1.0 has no escape for control characters; a reader refuses the whole report for one of
    // them.
    let mut written = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\n' | '\t' => {
                let _ = write!(written, "&#{};", u32::from(c));
            }
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                written.extend(c.escape_default());
            }
            c => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FileSpan;

    #[test]
    fn a_file_without_findings_has_one_case_that_passed() {
        let mut sources = SourceMap::default();
        sources.add_file("p.yaml", "production:\n");
        insta::assert_snapshot!(junit_xml(&Diagnostics::default(), &sources, "p.yaml"));
    }

    #[test]
    fn errors_are_failures_and_warnings_are_output() {
        let mut sources = SourceMap::default();
        sources.add_file("a & b.yaml", "title: <x>\n");
        let script = sources.add_file("s.fountain", "INT. \u{1b}\n");
        let mut found = Diagnostics::default();
        let title = FileSpan::new(FileId(0), 7, 10);
        found.push(
            Diagnostic::error(
                "production::test::e",
                title,
                "`<x>` is \"no\u{1b}\u{ffff}\" title",
            )
            .with_help("write\nanother")
            .with_related(FileSpan::new(script, 0, 4), "as here"),
        );
        found.push(Diagnostic::warning(
            "production::test::w",
            FileSpan::new(script, 0, 4),
            "dark ]]> place",
        ));
        insta::assert_snapshot!(junit_xml(&found, &sources, "a & b.yaml"));
    }
}
