//! Source regions: file, lines and columns in place of bytes.

use crate::base::{FileSpan, SourceMap};

/// Returns a path without a leading `./`: services compare it with the paths of a repository.
pub(super) fn strip_current_dir(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// A range of a file. Lines and columns count from 1; columns are characters. The end is the first
/// character after the range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRegion {
    /// Path of the file as the user typed it.
    pub file: String,
    /// Line of the first character.
    pub line: usize,
    /// Column of the first character.
    pub column: usize,
    /// Line of the first character after the range.
    pub end_line: usize,
    /// Column of the first character after the range.
    pub end_column: usize,
}

impl SourceRegion {
    /// Returns the region of `origin`; `None` if its file was not read.
    #[must_use]
    pub fn from_origin(origin: FileSpan, sources: &SourceMap) -> Option<Self> {
        let source = sources.get(origin.file)?;
        let (line, column) = source.line_and_column(origin.start);
        // The maximum turns a reversed range into an empty one: an end before its start is no
        // region for programs.
        let (end_line, end_column) = source.line_and_column(origin.end.max(origin.start));
        Some(Self {
            file: source.path.display().to_string(),
            line,
            column,
            end_line,
            end_column,
        })
    }
}
