//! Diagnostics for people and for machines: drawn with carets, one line each, or as JSON.
//!
//! The only user of miette. Owns how a finding looks; knows no rule and no field.

use crate::base::{Diagnostic, Diagnostics, FileId, Origin, Severity, Source, Sources};
use crate::document::quote::is_invisible;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents};
use miette::{SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles};
use serde_json::{Value, json};
use std::fmt;

/// Most findings drawn in full; the rest is counted.
const SHOWN: usize = 200;
/// Longest message, label or help, in characters.
const LONGEST: usize = 400;
/// Longest excerpt of a source line around a finding, in bytes.
const EXCERPT: usize = 4096;

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
    let handler = GraphicalReportHandler::new_themed(theme(style)).with_width(style.width.max(40)).with_context_lines(1);
    let found = diagnostics.as_slice();
    let mut drawn = String::new();
    for diagnostic in found.iter().take(SHOWN) {
        let picture = Picture::of(diagnostic, sources);
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
    let issues: Vec<Value> = diagnostics.as_slice().iter().map(|diagnostic| issue(diagnostic, sources)).collect();
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
    format!("{}{colon}{severity}[{}]: {}\n", printable(&place), diagnostic.code, printable(&diagnostic.message))
}

fn summary(diagnostics: &Diagnostics) -> String {
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Info, "note")];
    let counts = counts.map(|(severity, word)| (diagnostics.count(severity), word));
    let words: Vec<String> = counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, word)| plural(count, word)).collect();
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

/// One diagnostic as miette sees it.
struct Picture<'a> {
    diagnostic: &'a Diagnostic,
    page: Option<Page<'a>>,
    message: String,
    help: Option<String>,
}

impl<'a> Picture<'a> {
    fn of(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let page = sources.get(diagnostic.origin.file).map(Page::new);
        let message = format!("{}: {}", word(diagnostic.severity), printable(&diagnostic.message));
        Self { diagnostic, page, message, help: help(diagnostic, sources) }
    }

    fn label(&self, origin: Origin, text: &str, primary: bool) -> Option<LabeledSpan> {
        let (start, len) = self.page.as_ref()?.clip(origin);
        let text = (!text.is_empty()).then(|| printable(text));
        let span = SourceSpan::from((start, len));
        Some(if primary { LabeledSpan::new_primary_with_span(text, span) } else { LabeledSpan::new_with_span(text, span) })
    }
}

/// Returns the help, with the places in other files, where no caret of this picture can point.
fn help(diagnostic: &Diagnostic, sources: &Sources) -> Option<String> {
    let elsewhere = |file: FileId| file != diagnostic.origin.file;
    let places = diagnostic.related.iter().filter(|(origin, _)| elsewhere(origin.file));
    let places = places.map(|(origin, text)| format!("{} at {}", printable(text), printable(&sources.place(*origin))));
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
        Some(Box::new(self.diagnostic.code))
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
        self.page.as_ref().map(|page| page as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let main = self.label(self.diagnostic.origin, &self.diagnostic.label, true);
        let here = self.diagnostic.related.iter().filter(|(origin, _)| origin.file == self.diagnostic.origin.file);
        let others = here.filter_map(|(origin, text)| self.label(*origin, text, false));
        Some(Box::new(main.into_iter().chain(others)))
    }
}

/// A source file by its line table. miette's own sources count lines from the first byte for every label.
struct Page<'a> {
    source: &'a Source,
    name: String,
}

impl<'a> Page<'a> {
    fn new(source: &'a Source) -> Self {
        Self { source, name: printable(&source.path.display().to_string()) }
    }

    /// Returns start and length of a range, on its first line and on character boundaries.
    fn clip(&self, origin: Origin) -> (usize, usize) {
        let text = &self.source.text;
        let start = floor(text, origin.start as usize);
        let end = floor(text, origin.end as usize).max(start);
        let line = text[start..end].split(['\n', '\r']).next().map_or(0, str::len);
        (start, line)
    }

    fn lines(&self, first: usize, last: usize) -> (usize, usize) {
        (self.source.line_start(first) as usize, self.source.line_start(last + 1) as usize)
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
