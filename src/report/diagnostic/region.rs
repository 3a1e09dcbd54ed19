//! A place as people and programs count it: file, lines and columns.

use crate::base::{FileSpan, SourceMap};

/// Returns a path as services compare it with the paths of a repository: without the folder `.` in front.
pub(super) fn strip_current_dir(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// A range of a file. Lines and columns count from 1, columns in characters; the end is the first character after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRegion {
    /// The file as it was named.
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
    /// Returns where `origin` is, unless its file was never read.
    #[must_use]
    pub fn from_origin(origin: FileSpan, sources: &SourceMap) -> Option<Self> {
        let source = sources.get(origin.file)?;
        let (line, column) = source.line_and_column(origin.start);
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
