//! Findings drawn with the lines that they point at, in every file that they speak of.

use super::counts::{SHOWN, counts, shown};
use super::page::Page;
use super::picture::Picture;
use super::short::line;
use crate::base::{Diagnostic, Diagnostics, FileId, SourceMap};
use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};
use std::collections::{HashMap, HashSet};

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

/// Draws as many findings as people read, and counts all of them.
#[must_use]
pub fn render(diagnostics: &Diagnostics, sources: &SourceMap, style: Style) -> String {
    render_up_to(diagnostics, sources, style, SHOWN)
}

/// Draws the first `limit` findings with the lines they point at, and counts all of them.
#[must_use]
pub fn render_up_to(
    diagnostics: &Diagnostics,
    sources: &SourceMap,
    style: Style,
    limit: usize,
) -> String {
    let handler = GraphicalReportHandler::new_themed(theme(style))
        .with_width(style.width.max(40))
        .with_context_lines(1);
    let shown = shown(diagnostics, limit);
    let pages = pages(shown, sources);
    let mut drawn = String::new();
    for diagnostic in shown {
        for picture in Picture::all_of(diagnostic, &pages) {
            // Writing to a string fails only when a source range is wrong; the one-line form needs no range.
            if handler.render_report(&mut drawn, &picture).is_err() {
                drawn.push_str(&line(diagnostic, sources));
            }
        }
        drawn.push('\n');
    }
    drawn.push_str(&counts(diagnostics, limit));
    drawn
}

fn theme(style: Style) -> GraphicalTheme {
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

fn pages<'a>(shown: &[Diagnostic], sources: &'a SourceMap) -> HashMap<FileId, Page<'a>> {
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
        .filter_map(|file| Some((file, Page::new(sources.get(file)?))))
        .collect()
}
