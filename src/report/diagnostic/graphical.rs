//! Findings drawn with the lines that they point at, in every file that they speak of.

use super::counts::{DEFAULT_LIMIT, counts_line, shown_diagnostics};
use super::excerpt_source::ExcerptSource;
use super::labelled_message::LabelledMessage;
use super::short::diagnostic_line;
use crate::base::{Diagnostic, Diagnostics, FileId, SourceMap};
use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use std::collections::{HashMap, HashSet};

/// How to draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagnosticStyle {
    /// Whether to use terminal colours.
    pub colour: bool,
    /// Columns to wrap at.
    pub width: usize,
    /// Whether box-drawing characters may be used.
    pub unicode: bool,
}

/// Draws as many findings as people read, and counts all of them.
#[must_use]
pub fn render_diagnostics(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    style: DiagnosticStyle,
) -> String {
    render_diagnostics_up_to(diagnostics, sources, style, DEFAULT_LIMIT)
}

/// Draws the first `limit` findings with the lines they point at, and counts all of them.
#[must_use]
pub fn render_diagnostics_up_to(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    style: DiagnosticStyle,
    limit: usize,
) -> String {
    let handler = GraphicalReportHandler::new_themed(graphical_theme(style))
        .with_width(style.width.max(40))
        .with_context_lines(1);
    let shown = shown_diagnostics(diagnostics, limit);
    let pages = excerpt_sources(shown, sources);
    let mut drawn = String::new();
    for diagnostic in shown {
        for picture in LabelledMessage::all_from_diagnostic(diagnostic, &pages) {
            // Writing to a string fails only when a source range is wrong; the one-line form needs no range.
            if handler.render_report(&mut drawn, &picture).is_err() {
                drawn.push_str(&diagnostic_line(diagnostic, sources));
            }
        }
        drawn.push('\n');
    }
    drawn.push_str(&counts_line(diagnostics, limit));
    drawn
}

fn graphical_theme(style: DiagnosticStyle) -> GraphicalTheme {
    let characters = if style.unicode {
        ThemeCharacters::unicode()
    } else {
        ThemeCharacters::ascii()
    };
    let styles = if style.colour {
        ThemeStyles::ansi()
    } else {
        ThemeStyles::none()
    };
    GraphicalTheme { characters, styles }
}

fn excerpt_sources<'a>(
    shown: &[Diagnostic],
    sources: &'a SourceMap,
) -> HashMap<FileId, ExcerptSource<'a>> {
    let related = shown
        .iter()
        .flat_map(|diagnostic| &diagnostic.related)
        .map(|(origin, _)| origin.file);
    let files: HashSet<FileId> = shown
        .iter()
        .map(|diagnostic| diagnostic.origin.file)
        .chain(related)
        .collect();
    files
        .into_iter()
        .filter_map(|file| Some((file, ExcerptSource::new(sources.get(file)?))))
        .collect()
}
