//! A source file as miette reads it: excerpts of bounded size, found through the line table.

use super::message_text::escape_unprintable;
use crate::base::printable::mask_unprintable;
use crate::base::{FileSpan, SourceFile};
use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use std::borrow::Cow;

/// Longest excerpt for one diagnostic, in bytes.
// Generated documents can have a megabyte on one line, which would fill the terminal.
const MAX_EXCERPT_BYTES: usize = 4096;
/// Longest underlined range, and longest context on each side of it in an overlong line, in bytes.
const MAX_LABEL_BYTES: usize = 120;

/// A source file with its line table. The sources of miette count lines from the first byte for
/// every label, which is slow for a thousand findings in a large file.
pub(super) struct ExcerptSource<'a> {
    source: &'a SourceFile,
    name: String,
    /// The masked text of the file. Every byte is at its original offset.
    text: Cow<'a, str>,
}

impl<'a> ExcerptSource<'a> {
    pub(super) fn new(source: &'a SourceFile) -> Self {
        let name = escape_unprintable(&source.path.display().to_string());
        Self {
            source,
            name,
            text: mask_unprintable(&source.text),
        }
    }

    /// Returns start and length in bytes of the part of a range on its first line, at most
    /// `MAX_LABEL_BYTES` long and on character boundaries.
    pub(super) fn clip_range(&self, origin: FileSpan) -> (usize, usize) {
        // The cut at `MAX_LABEL_BYTES` can be inside of a character, and the range outside of the
        // file. Slicing there would panic.
        let start = floor_char_boundary(&self.text, origin.start as usize);
        let end = floor_char_boundary(
            &self.text,
            (origin.end as usize).min(start + MAX_LABEL_BYTES),
        )
        .max(start);
        // A block of YAML can span hundreds of lines. Underlining its first line shows where it
        // begins.
        let line = self.text[start..end]
            .split(['\n', '\r'])
            .next()
            .map_or(0, str::len);
        (start, line)
    }

    /// Returns the byte range of the lines around a range, or the nearest part of one very long
    /// line.
    fn excerpt_range(
        &self,
        start: usize,
        end: usize,
        before: usize,
        after: usize,
    ) -> (usize, usize) {
        let first = self.line_of(start);
        let last = self.line_of(end);
        let whole_lines = (
            self.line_start(first.saturating_sub(before)),
            self.line_end(last + after),
        );
        // Whole lines if they are short enough: a line that is cut is hard to find in an editor.
        if whole_lines.1 - whole_lines.0 <= MAX_EXCERPT_BYTES {
            return whole_lines;
        }
        let near = (
            start.saturating_sub(MAX_LABEL_BYTES),
            (end + MAX_LABEL_BYTES).min(self.text.len()),
        );
        let near = (
            near.0.max(self.line_start(first)),
            near.1.min(self.line_end(last)),
        );
        (
            floor_char_boundary(&self.text, near.0),
            floor_char_boundary(&self.text, near.1),
        )
    }

    fn line_of(&self, offset: usize) -> usize {
        self.source
            .line_of(u32::try_from(offset).unwrap_or(u32::MAX))
    }

    fn line_start(&self, line: usize) -> usize {
        self.source.line_start(line) as usize
    }

    /// Returns the end of a line in bytes, without its line break.
    fn line_end(&self, line: usize) -> usize {
        let end = self.line_start(line + 1);
        let line = &self.text[self.line_start(line).min(end)..end];
        end - (line.len() - line.trim_end_matches(['\n', '\r']).len())
    }
}

impl SourceCode for ExcerptSource<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let start = span.offset();
        let end = span.offset() + span.len();
        // miette asks for ranges of its own too, so the bounds are checked here. On an error the
        // diagnostic is written as one line of text.
        if end > self.text.len() || span.len() > MAX_EXCERPT_BYTES {
            return Err(MietteError::OutOfBounds);
        }
        // Without context the request is for the range itself and not for its lines.
        let wanted = before + after > 0;
        let (from, to) = if wanted {
            self.excerpt_range(start, end, before, after)
        } else {
            (start, end)
        };
        let line = self.line_of(from);
        let column = self
            .source
            .line_and_column(u32::try_from(from).unwrap_or(u32::MAX))
            .1
            - 1;
        let data = &self.text.as_bytes()[from..to];
        let span = SourceSpan::from((from, to - from));
        let lines = self.line_of(to) - line + 1;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            data,
            span,
            line,
            column,
            lines,
        )))
    }
}

fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    // Offset 0 is a boundary, so the loop ends.
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
