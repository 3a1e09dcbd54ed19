//! Diagnostics for people and for machines: drawn with carets, one line each, or as JSON.
//!
//! The only user of miette. Owns how a finding looks; knows no rule and no field.

use crate::base::{Diagnostic, Diagnostics, FileId, Origin, Severity, Source, Sources};
use crate::document::quote::is_invisible;
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Most findings drawn in full; the rest is counted.
const SHOWN: usize = 200;
/// Longest message, label or help, in characters.
const LONGEST: usize = 400;
/// Longest excerpt of a file for one finding, in bytes.
const EXCERPT: usize = 4096;
/// Longest underlined range, and longest context beside it on an overlong line, in bytes.
const WIDEST: usize = 120;

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to use terminal colours.
    pub colour: bool,
    /// Columns to wrap at.
    pub width: usize,
    /// Whether box-drawing characters may be used.
    pub unicode: bool,
}

/// Draws the findings with the lines they point at, and a count at the end.
#[must_use]
pub fn render(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    let handler = GraphicalReportHandler::new_themed(theme(style))
        .with_width(style.width.max(40))
        .with_context_lines(1);
    let shown = &diagnostics.as_slice()[..diagnostics.as_slice().len().min(SHOWN)];
    let pages = pages(shown, sources);
    let mut drawn = String::new();
    for diagnostic in shown {
        let picture = Picture::of(diagnostic, sources, pages.get(&diagnostic.origin.file));
        // Writing to a string fails only when a source range is wrong; the one-line form needs no range.
        if handler.render_report(&mut drawn, &picture).is_err() {
            drawn.push_str(&line(diagnostic, sources));
        }
        drawn.push('\n');
    }
    drawn.push_str(&summary(diagnostics));
    drawn
}

/// Writes one `file:line:column: severity[code]: message` line for each finding.
#[must_use]
pub fn short(diagnostics: &Diagnostics, sources: &Sources) -> String {
    diagnostics.as_slice().iter().map(|diagnostic| line(diagnostic, sources)).collect()
}

/// Returns the findings as `{valid, issues: [{code, severity, message, suggestion, path, file, line, column}]}`.
#[must_use]
pub fn json(diagnostics: &Diagnostics, sources: &Sources, valid: bool) -> Value {
    let issues: Vec<Value> =
        diagnostics.as_slice().iter().map(|diagnostic| issue(diagnostic, sources)).collect();
    json!({ "valid": valid, "issues": issues })
}

fn issue(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let source = sources.get(diagnostic.origin.file);
    let (line, column) = source.map(|source| source.position(diagnostic.origin.start)).unzip();
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "suggestion": diagnostic.help,
        "path": diagnostic.path,
        "file": source.map(|source| source.path.display().to_string()),
        "line": line,
        "column": column,
    })
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = sources.place(diagnostic.origin);
    let colon = if place.is_empty() { "" } else { ": " };
    let severity = word(diagnostic.severity);
    format!(
        "{}{colon}{severity}[{}]: {}\n",
        printable(&place),
        diagnostic.code,
        printable(&diagnostic.message)
    )
}

fn summary(diagnostics: &Diagnostics) -> String {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];
    let counts = counts.map(|(severity, word)| (diagnostics.count(severity), word));
    let words: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(count, word)).collect();
    let hidden = diagnostics.as_slice().len().saturating_sub(SHOWN);
    let more = if hidden > 0 { format!("; {hidden} more not shown") } else { String::new() };
    if words.is_empty() { String::new() } else { format!("{}{more}\n", words.join(", ")) }
}

fn plural(count: usize, word: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {word}{s}")
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

fn theme(style: Style) -> GraphicalTheme {
    let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
    let styles = if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() };
    GraphicalTheme { characters, styles }
}

/// Returns the text with control and disguising characters escaped, cut when very long.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars().take(LONGEST) {
        if c.is_control() && c != '\n' || is_invisible(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

fn pages<'a>(shown: &[Diagnostic], sources: &'a Sources) -> HashMap<FileId, Page<'a>> {
    let files: HashSet<FileId> = shown.iter().map(|diagnostic| diagnostic.origin.file).collect();
    files.into_iter().filter_map(|file| Some((file, Page::new(sources.get(file)?)))).collect()
}

/// One diagnostic as miette sees it.
struct Picture<'a> {
    diagnostic: &'a Diagnostic,
    page: Option<&'a Page<'a>>,
    message: String,
    help: Option<String>,
}

impl<'a> Picture<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &'a Sources, page: Option<&'a Page<'a>>) -> Self {
        Self { diagnostic, page, message: printable(&diagnostic.message), help: help(diagnostic, sources) }
    }

    fn label(&self, origin: Origin, text: &str, primary: bool) -> Option<LabeledSpan> {
        let (start, len) = self.page?.clip(origin);
        let text = (!text.is_empty()).then(|| printable(text));
        let span = SourceSpan::from((start, len));
        Some(if primary {
            LabeledSpan::new_primary_with_span(text, span)
        } else {
            LabeledSpan::new_with_span(text, span)
        })
    }
}

/// Returns the help, with the places in other files, where no caret of this picture can point.
fn help(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let elsewhere = |file: FileId| file != diagnostic.origin.file;
    let places = diagnostic.related.iter().filter(|(origin, _)| elsewhere(origin.file));
    let places =
        places.map(|(origin, text)| format!("{} at {}", printable(text), printable(&sources.place(*origin))));
    let lines: Vec<String> = diagnostic.help.iter().map(|help| printable(help)).chain(places).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

impl fmt::Debug for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Picture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Picture<'_> {}

impl miette::Diagnostic for Picture<'_> {
    fn code<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        Some(Box::new(format!("{}[{}]", word(self.diagnostic.severity), self.diagnostic.code)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn help<'b>(&'b self) -> Option<Box<dyn fmt::Display + 'b>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.page.map(|page| page as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let main = self.label(self.diagnostic.origin, &self.diagnostic.label, true);
        let here =
            self.diagnostic.related.iter().filter(|(origin, _)| origin.file == self.diagnostic.origin.file);
        let others = here.filter_map(|(origin, text)| self.label(*origin, text, false));
        Some(Box::new(main.into_iter().chain(others)))
    }
}

/// A source file by its line table. miette's own sources count lines from the first byte for every label.
struct Page<'a> {
    source: &'a Source,
    name: String,
    /// The file's text with nothing that could disturb a terminal, every byte in its old place.
    text: Cow<'a, str>,
}

impl<'a> Page<'a> {
    fn new(source: &'a Source) -> Self {
        let name = printable(&source.path.display().to_string());
        Self { source, name, text: harmless(&source.text) }
    }

    /// Returns start and length of a range, on its first line, on character boundaries and not overlong.
    fn clip(&self, origin: Origin) -> (usize, usize) {
        let start = floor(&self.text, origin.start as usize);
        let end = floor(&self.text, (origin.end as usize).min(start + WIDEST)).max(start);
        let line = self.text[start..end].split(['\n', '\r']).next().map_or(0, str::len);
        (start, line)
    }

    /// Returns the bytes of whole lines around a range, or the nearest part of one very long line.
    fn excerpt(&self, start: usize, end: usize, before: usize, after: usize) -> (usize, usize) {
        let (first, last) = (self.line_of(start), self.line_of(end));
        let whole = (self.line_start(first.saturating_sub(before)), self.line_end(last + after));
        if whole.1 - whole.0 <= EXCERPT {
            return whole;
        }
        let near = (start.saturating_sub(WIDEST), (end + WIDEST).min(self.text.len()));
        let near = (near.0.max(self.line_start(first)), near.1.min(self.line_end(last)));
        (floor(&self.text, near.0), floor(&self.text, near.1))
    }

    fn line_of(&self, at: usize) -> usize {
        self.source.line_of(u32::try_from(at).unwrap_or(u32::MAX))
    }

    fn line_start(&self, line: usize) -> usize {
        self.source.line_start(line) as usize
    }

    /// Returns the byte after the last one of a line, its break left out.
    fn line_end(&self, line: usize) -> usize {
        let end = self.line_start(line + 1);
        let line = &self.text[self.line_start(line).min(end)..end];
        end - (line.len() - line.trim_end_matches(['\n', '\r']).len())
    }
}

impl SourceCode for Page<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > self.text.len() || span.len() > EXCERPT {
            return Err(MietteError::OutOfBounds);
        }
        let wanted = before + after > 0;
        let (from, to) = if wanted { self.excerpt(start, end, before, after) } else { (start, end) };
        let line = self.line_of(from);
        let column = self.text[self.line_start(line)..from].chars().count();
        let data = &self.text.as_bytes()[from..to];
        let span = SourceSpan::from((from, to - from));
        let lines = self.line_of(to) - line + 1;
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, span, line, column, lines)))
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Replaces control and disguising characters by visible ones of the same length, so that places stay right.
fn harmless(text: &str) -> Cow<'_, str> {
    let ends_line = |at: usize| text[at + 1..].starts_with('\n');
    let harmful = |at: usize, c: char| match c {
        '\n' | '\t' => false,
        '\r' => !ends_line(at),
        _ => c.is_control() || is_invisible(c),
    };
    if !text.char_indices().any(|(at, c)| harmful(at, c)) {
        return Cow::Borrowed(text);
    }
    let shown = |(at, c)| if harmful(at, c) { stand_in(c) } else { c };
    Cow::Owned(text.char_indices().map(shown).collect())
}

fn stand_in(c: char) -> char {
    match c.len_utf8() {
        1 => '?',
        2 => '\u{a4}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    const PLAIN: Style = Style { colour: false, width: 80, unicode: true };

    fn two_files() -> (Sources, FileId, FileId) {
        let mut sources = Sources::default();
        let main = sources.add(PathBuf::from("p.yaml"), "title: café\nshots: [é, b]\n");
        let other = sources.add(PathBuf::from("shots/b.yaml"), "a: 1\nname: x\n");
        (sources, main, other)
    }

    fn of(found: impl IntoIterator<Item = Diagnostic>) -> Diagnostics {
        let mut diagnostics = Diagnostics::default();
        found.into_iter().for_each(|diagnostic| diagnostics.push(diagnostic));
        diagnostics
    }

    #[test]
    fn a_place_in_another_file_becomes_a_note_with_its_position() {
        let (sources, main, other) = two_files();
        let found = Diagnostic::warning("production::test::twice", Origin::new(main, 22, 23), "twice")
            .label("again")
            .help("rename one")
            .related(Origin::new(other, 11, 12), "first used")
            .related(Origin::new(main, 0, 5), "in this film");
        insta::assert_snapshot!(render(&of([found]), &sources, PLAIN));
    }

    #[test]
    fn a_picture_without_unicode_holds_only_plain_characters() {
        let (sources, main, _) = two_files();
        let found =
            Diagnostic::info("production::test::note", Origin::new(main, 0, 5), "a note").label("here");
        let drawn = render(&of([found]), &sources, Style { unicode: false, ..PLAIN });
        assert!(drawn.replace('é', "").is_ascii(), "{drawn}");
        insta::assert_snapshot!(drawn);
    }

    #[test]
    fn colour_is_used_only_when_asked_for() {
        let (sources, main, _) = two_files();
        let found =
            of([Diagnostic::error("production::test::red", Origin::new(main, 0, 5), "red").label("here")]);
        assert!(!render(&found, &sources, PLAIN).contains('\u{1b}'));
        assert!(render(&found, &sources, Style { colour: true, ..PLAIN }).contains('\u{1b}'));
    }

    #[test]
    fn no_control_character_of_the_document_reaches_the_terminal() {
        let mut sources = Sources::default();
        let file = sources.add(PathBuf::from("a\u{1b}.yaml"), "a: \u{1b}[31m\u{202e}red\u{85}\r\n");
        let found = Diagnostic::error("production::test::raw", Origin::new(file, 0, 1), "x\u{7}")
            .label("\u{1b}")
            .help("\u{8}");
        for drawn in [render(&of([found.clone()]), &sources, PLAIN), short(&of([found.clone()]), &sources)] {
            assert!(!drawn.chars().any(|c| (c.is_control() && c != '\n') || is_invisible(c)), "{drawn:?}");
        }
    }

    #[test]
    fn two_hundred_are_drawn_and_the_rest_counted() {
        let (sources, main, _) = two_files();
        let many = (0..250).map(|at| {
            Diagnostic::error("production::test::many", Origin::new(main, 0, 5), format!("number {at}"))
        });
        let drawn = render(&of(many), &sources, PLAIN);
        assert_eq!(drawn.matches("× number").count(), 200);
        assert!(drawn.ends_with("250 errors; 50 more not shown\n"));
    }

    #[test]
    fn a_very_long_line_is_shown_in_part() {
        let mut sources = Sources::default();
        let text = format!("a: {}é{}\n", "x".repeat(500_000), "y".repeat(500_000));
        let file = sources.add(PathBuf::from("long.yaml"), text);
        let found = Diagnostic::error(
            "production::test::long",
            Origin::new(file, 500_003, 900_000),
            "m".repeat(1000),
        );
        let first = found.related(Origin::new(file, 0, 1), "far away");
        let drawn = render(&of([first]), &sources, PLAIN);
        assert!(drawn.len() < 4_000, "{}", drawn.len());
        assert!(drawn.contains("long.yaml:1:500004"), "{drawn}");
    }

    #[test]
    fn a_range_outside_of_the_file_is_drawn_at_its_end() {
        let (sources, main, _) = two_files();
        let found =
            of([Diagnostic::error("production::test::far", Origin::new(main, 90, 95), "far").label("here")]);
        assert!(render(&found, &sources, PLAIN).contains("far"));
        let nowhere =
            of([Diagnostic::error("production::test::no", Origin::new(FileId(9), 0, 1), "no file")]);
        assert!(render(&nowhere, &sources, PLAIN).contains("no file"));
        assert_eq!(short(&nowhere, &sources), "error[production::test::no]: no file\n");
    }

    #[test]
    fn json_has_exactly_the_public_fields() {
        let (sources, main, _) = two_files();
        let found = Diagnostic::error("production::test::e", Origin::new(main, 24, 25), "m")
            .help("h")
            .at("/production/shots/1");
        let written = json(&of([found]), &sources, false);
        let issue = json!({
            "code": "production::test::e", "severity": "error", "message": "m", "suggestion": "h",
            "path": "/production/shots/1", "file": "p.yaml", "line": 2, "column": 11,
        });
        assert_eq!(written, json!({ "valid": false, "issues": [issue] }));
        let nowhere = of([Diagnostic::info("production::test::no", Origin::new(FileId(9), 0, 1), "no file")]);
        let issue = &json(&nowhere, &sources, true)["issues"][0];
        assert_eq!(
            (&issue["suggestion"], &issue["file"], &issue["line"]),
            (&Value::Null, &Value::Null, &Value::Null)
        );
    }

    #[test]
    fn two_hundred_pictures_of_a_large_file_are_drawn_by_its_line_table() {
        let mut sources = Sources::default();
        let line = "- name: shot\n";
        let file = sources.add(PathBuf::from("big.yaml"), line.repeat(1_000_000));
        let at = |n: u32| Origin::new(file, 12_000_000 + 13 * n, 12_000_006 + 13 * n);
        let many = (0..200).map(|n| Diagnostic::error("production::test::big", at(n), "here"));
        assert_eq!(render(&of(many), &sources, PLAIN).matches("big.yaml:").count(), 200);
    }
}
