//! The place of a value: files, byte ranges, and the text of a range.
//!
//! Owns the table of source files of one run. Knows nothing of YAML, of film, or of how a
//! diagnostic is shown.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Index of a source file in a [`SourceMap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileId(pub u16);

/// The file and half-open byte range of a value. It stays with the value from the reader to the
/// report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct FileSpan {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl FileSpan {
    /// Returns the span of bytes `start..end` of `file`.
    #[must_use]
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// Returns the length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Returns whether the range has no bytes.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Returns whether all of `other` is inside of it.
    #[must_use]
    pub fn contains_span(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Returns the sub-range of `len` bytes that begins `offset` bytes into this one.
    #[must_use]
    pub const fn sub_span(self, offset: u32, len: u32) -> Self {
        Self {
            file: self.file,
            start: self.start + offset,
            end: self.start + offset + len,
        }
    }
}

/// A value and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The bytes where it was written.
    pub origin: FileSpan,
    /// Whether a mistake was reported here. Then `value` is a placeholder, and later checks must
    /// skip it.
    pub is_placeholder: bool,
}

impl<T> Spanned<T> {
    /// Returns `value` as written at `origin`.
    #[must_use]
    pub const fn new(value: T, origin: FileSpan) -> Self {
        Self {
            value,
            origin,
            is_placeholder: false,
        }
    }

    /// Returns the same place with another value. A placeholder stays one.
    #[must_use]
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned {
            value: change(self.value),
            origin: self.origin,
            is_placeholder: self.is_placeholder,
        }
    }
}

/// One source file: the path that is shown to users, and its text.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path as shown in messages.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// The field of the document that names it, if it has other content than the document's fields,
    /// such as a table of captions.
    pub data_of: Option<&'static str>,
    /// Built on first use. A document without mistakes never needs it.
    line_index: OnceLock<Arc<LineIndex>>,
}

/// The starts of the lines of a text, and the counts that give columns.
#[derive(Debug)]
struct LineIndex {
    starts: Vec<u32>,
    /// Characters before each block of [`BLOCK_BYTES`] bytes, so that a column in a very long line
    /// costs the count of one block.
    char_counts: Vec<u32>,
}

/// Bytes between two entries of `char_counts`.
const BLOCK_BYTES: usize = 4096;

impl LineIndex {
    fn from_text(text: &str) -> Self {
        let breaks = text
            .match_indices('\n')
            .map(|(index, _)| saturating_offset(index) + 1);
        let blocks = text
            .as_bytes()
            .chunks(BLOCK_BYTES)
            .scan(0, |before, block| {
                let count = *before;
                *before += count_chars(block);
                Some(count)
            });
        Self {
            starts: std::iter::once(0).chain(breaks).collect(),
            char_counts: blocks.collect(),
        }
    }
}

impl SourceFile {
    /// Returns the source of a text.
    #[must_use]
    pub const fn new(path: PathBuf, text: Arc<str>) -> Self {
        Self {
            path,
            text,
            data_of: None,
            line_index: OnceLock::new(),
        }
    }

    fn line_index(&self) -> &LineIndex {
        self.line_index
            .get_or_init(|| Arc::new(LineIndex::from_text(&self.text)))
    }

    /// Returns the zero-based line that contains byte `offset`.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> usize {
        self.line_index()
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// Returns the byte at which zero-based `line` begins, or the end of the text.
    #[must_use]
    pub fn line_start(&self, line: usize) -> u32 {
        self.line_index()
            .starts
            .get(line)
            .copied()
            .unwrap_or_else(|| saturating_offset(self.text.len()))
    }

    /// Returns the number of lines.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_index().starts.len()
    }

    /// Returns the one-based line and column of byte `offset`. Columns are counted in characters.
    #[must_use]
    pub fn line_and_column(&self, offset: u32) -> (usize, usize) {
        let line = self.line_of(offset);
        let column = self
            .characters_before(offset)
            .saturating_sub(self.characters_before(self.line_start(line)));
        (line + 1, column as usize + 1)
    }

    fn characters_before(&self, offset: u32) -> u32 {
        // An offset after the end counts as the end.
        let offset = (offset as usize).min(self.text.len());
        let block = offset / BLOCK_BYTES;
        let before_block = self.line_index().char_counts.get(block).copied();
        before_block.map_or_else(
            // Only an offset at the end of a last, full block has no entry: then all characters are
            // before it.
            || count_chars(self.text.as_bytes()),
            |before| before + count_chars(&self.text.as_bytes()[block * BLOCK_BYTES..offset]),
        )
    }
}

/// Every source file of a run, by [`FileId`].
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and returns its id.
    ///
    /// # Panics
    /// Panics after 65,535 files; the reader limits the number of files long before.
    pub fn add_file(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> FileId {
        // Sixteen bits are enough for the 4096 files of a document, and keep a span at twelve
        // bytes.
        let file =
            FileId(u16::try_from(self.files.len()).expect("the reader limits the number of files"));
        self.files.push(SourceFile::new(path.into(), text.into()));
        file
    }

    /// Adds a file whose content is none of the document's fields, and returns its id. `field` is
    /// the field of the production that names it.
    ///
    /// # Panics
    /// As [`SourceMap::add_file`].
    pub fn add_data_file(
        &mut self,
        path: impl Into<PathBuf>,
        text: impl Into<Arc<str>>,
        field: &'static str,
    ) -> FileId {
        let file = self.add_file(path, text);
        if let Some(source) = self.files.last_mut() {
            source.data_of = Some(field);
        }
        file
    }

    /// Covers these parts of a file, so that no message shows them. Places stay as they are.
    pub fn hide_spans(&mut self, spans: impl IntoIterator<Item = FileSpan>) {
        for span in spans {
            let Some(source) = self.files.get_mut(usize::from(span.file.0)) else {
                continue;
            };
            let range = span.start as usize..span.end as usize;
            let Some(hidden) = source.text.get(range.clone()) else {
                continue;
            };
            // As many bytes, and the line breaks where they were.
            let covered: String = hidden
                .bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { '*' })
                .collect();
            let mut text = source.text.to_string();
            text.replace_range(range, &covered);
            *source = SourceFile {
                data_of: source.data_of,
                ..SourceFile::new(source.path.clone(), text.into())
            };
        }
    }

    /// Returns the file with this id. None if it belongs to another map.
    #[must_use]
    pub fn get(&self, file: FileId) -> Option<&SourceFile> {
        self.files.get(usize::from(file.0))
    }

    /// Returns the text of `origin`. Empty if the range is outside of the file.
    #[must_use]
    pub fn span_text(&self, origin: FileSpan) -> &str {
        let range = origin.start as usize..origin.end as usize;
        self.get(origin.file)
            .and_then(|source| source.text.get(range))
            .unwrap_or_default()
    }

    /// Returns `path:line:column` of the first byte of `origin`.
    #[must_use]
    pub fn format_position(&self, origin: FileSpan) -> String {
        self.get(origin.file).map_or_else(String::new, |source| {
            let (line, column) = source.line_and_column(origin.start);
            format!("{}:{line}:{column}", source.path.display())
        })
    }

    /// Returns the ids and sources in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0u16..).map(FileId).zip(&self.files)
    }

    /// Returns the id of the file that is shown as `path`.
    #[must_use]
    pub fn find_path(&self, path: &Path) -> Option<FileId> {
        self.iter()
            .find(|(_, source)| source.path == path)
            .map(|(file, _)| file)
    }
}

/// Counts the characters that begin in these bytes of a text.
fn count_chars(bytes: &[u8]) -> u32 {
    // A byte `10xxxxxx` continues a character in UTF-8. Counting the others needs no decoding, also
    // in a block that begins inside of a character.
    saturating_offset(
        bytes
            .iter()
            .filter(|byte| **byte & 0b1100_0000 != 0b1000_0000)
            .count(),
    )
}

fn saturating_offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = SourceFile::new("a.yaml".into(), "é: ü\nx: y".into());
        assert_eq!(source.line_and_column(4), (1, 4));
        assert_eq!(source.line_and_column(8), (2, 2));
    }
    #[test]
    fn a_column_far_along_a_line_counts_every_character_before_it() {
        let text = format!("a\n{}x", "é".repeat(10_000));
        let source = SourceFile::new("a.yaml".into(), text.as_str().into());
        let end = u32::try_from(text.len()).unwrap();
        assert_eq!(
            (source.line_and_column(end - 1), source.line_and_column(end)),
            ((2, 10_001), (2, 10_002))
        );
        let whole = SourceFile::new("a.yaml".into(), "x".repeat(2 * BLOCK_BYTES).into());
        assert_eq!(
            whole.line_and_column(saturating_offset(2 * BLOCK_BYTES)),
            (1, 2 * BLOCK_BYTES + 1)
        );
        assert_eq!(whole.line_and_column(u32::MAX), (1, 2 * BLOCK_BYTES + 1));
    }
}
