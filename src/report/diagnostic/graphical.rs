//! Diagnostics drawn with the source lines to which they point and carets below the places, in
//! every file that they name.

use super::counts::{DEFAULT_LIMIT, counts_line, shown_diagnostics};
use super::excerpt_source::ExcerptSource;
use super::labelled_message::LabelledMessage;
use super::short::diagnostic_line;
use crate::base::{Diagnostic, Diagnostics, FileId, SourceMap};
use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use std::collections::{HashMap, HashSet};

/// Abilities of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiagnosticStyle {
    /// Whether to use colour.
    pub colour: bool,
    /// Width in columns; less than 40 counts as 40.
    pub width: usize,
    /// Whether box-drawing characters may be used.
    pub unicode: bool,
}

/// Draws the first [`DEFAULT_LIMIT`] diagnostics and counts all.
#[must_use]
pub fn render_diagnostics(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    style: DiagnosticStyle,
) -> String {
    render_diagnostics_up_to(diagnostics, sources, style, DEFAULT_LIMIT)
}

/// Draws the first `limit` diagnostics and counts all.
#[must_use]
pub fn render_diagnostics_up_to(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    style: DiagnosticStyle,
    limit: usize,
) -> String {
    let shown: Vec<&Diagnostic> = shown_diagnostics(diagnostics, limit).iter().collect();
    let mut drawn = String::new();
    for picture in draw_diagnostics(&shown, sources, style) {
        drawn.push_str(&picture);
        drawn.push('\n');
    }
    drawn.push_str(&counts_line(diagnostics, limit));
    drawn
}

/// Returns a picture of each diagnostic.
pub(super) fn draw_diagnostics(
    shown: &[&Diagnostic],
    sources: &SourceMap,
    style: DiagnosticStyle,
) -> Vec<String> {
    let handler = GraphicalReportHandler::new_themed(graphical_theme(style))
        // With fewer columns a message would be a list of single words.
        .with_width(style.width.max(40))
        // One line above and below mostly shows the key to which a value belongs. More would push
        // the next diagnostic off the screen.
        .with_context_lines(1);
    // Masking a file reads all of it, so it is done once for each file and not for each finding.
    let pages = excerpt_sources(shown, sources);
    let pictures = shown.iter().map(|diagnostic| {
        let mut drawn = String::new();
        for picture in LabelledMessage::all_from_diagnostic(diagnostic, &pages) {
            // Writing to a string fails only if a range is outside of its file. The one-line form
            // needs no range, so the finding is shown in any case.
            if handler.render_report(&mut drawn, &picture).is_err() {
                drawn.push_str(&diagnostic_line(diagnostic, sources));
            }
        }
        drawn
    });
    pictures.collect()
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
    shown: &[&Diagnostic],
    sources: &'a SourceMap,
) -> HashMap<FileId, ExcerptSource<'a>> {
    let related = shown
        .iter()
        .flat_map(|diagnostic| &diagnostic.related)
        .map(|(origin, _)| origin.file);
    // Only files of shown findings: a production can have a thousand, and the limit is 200
    // findings.
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
