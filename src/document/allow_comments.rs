//! Comments that allow a finding: `# production: allow CODE[, CODE] [-- reason]`.
//!
//! Owns the form of the comment and the line that it applies to. Does not know any code.

use super::json_pointer;
use super::span_tree::SpanTree;
use crate::base::{FileSpan, SourceFile, Spanned};

const ALLOW_MARK: &str = "production: allow";

/// One comment that allows codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowComment {
    /// The comment from `#` to the last code. The reason is not part of it.
    pub origin: FileSpan,
    /// The codes as written.
    pub codes: Vec<Spanned<String>>,
    /// The line that it applies to, with its line break: its own, or the next one below that is no
    /// comment.
    pub line: FileSpan,
    /// JSON pointer of the first value on that line.
    pub path: String,
}

/// Returns whether a text may contain such comments. It costs one search, where `allow_comments`
/// needs a tree.
#[must_use]
pub fn may_hold_allow_comment(text: &str) -> bool {
    text.contains(ALLOW_MARK)
}

/// Returns the comments of a file in order. Text inside a value that looks like one is part of the
/// value.
#[must_use]
pub fn allow_comments(tree: &SpanTree, source: &SourceFile, top: &str) -> Vec<AllowComment> {
    // The parser has no events for comments, so they are found in the text.
    let marks = source
        .text
        .match_indices(ALLOW_MARK)
        .filter_map(|(start, _)| hash_position(&source.text, start));
    // In a block of text, such as a description, `#` is a character like any other.
    let comments = marks.filter(|(hash, _)| !tree.is_inside_scalar(byte_offset(*hash)));
    let mut reader = AllowCommentReader {
        tree,
        source,
        top,
        line_below: 0,
    };
    comments
        .filter_map(|(hash, mark)| reader.parse_comment(hash, mark + ALLOW_MARK.len()))
        .collect()
}

struct AllowCommentReader<'a> {
    tree: &'a SpanTree,
    source: &'a SourceFile,
    top: &'a str,
    /// The line that was last found below a comment. The comments above it in one block apply to it
    /// too, so it is not searched for again.
    line_below: usize,
}

impl AllowCommentReader<'_> {
    fn parse_comment(&mut self, hash: usize, after: usize) -> Option<AllowComment> {
        let rest = self.source.text[after..].split(['\n', '\r']).next()?;
        // `production: allowed` is an ordinary comment.
        if !(rest.is_empty() || rest.starts_with([' ', '\t'])) {
            return None;
        }
        // After `--` the user writes a reason, which may contain commas.
        let listed = rest.split_once("--").map_or(rest, |(codes, _)| codes);
        let end = after + listed.trim_end().len();
        let line = line_origin(self.source, self.target_line(hash));
        let file = self.tree.file();
        let first = first_word(self.source, line);
        Some(AllowComment {
            origin: FileSpan::new(file, byte_offset(hash), byte_offset(end)),
            codes: parse_codes(self.tree, listed, after),
            line: FileSpan { file, ..line },
            path: json_pointer::pointer_at(self.tree, FileSpan { file, ..first }, self.top),
        })
    }

    /// Returns the line that a comment applies to.
    fn target_line(&mut self, hash: usize) -> usize {
        let own_line = self.source.line_of(byte_offset(hash));
        let alone = self.source.text[self.source.line_start(own_line) as usize..hash]
            .trim()
            .is_empty();
        // A comment alone on its line is about what follows, as in most linters. Without the
        // remembered line, a block of n comments would be searched n times.
        if alone && self.line_below <= own_line {
            let is_comment =
                |line: &usize| line_text(self.source, *line).trim_start().starts_with('#');
            let mut lines = own_line + 1..self.source.line_count();
            self.line_below = lines
                .find(|line| !is_comment(line))
                .unwrap_or(self.source.line_count());
        }
        // A comment at the end of the file has nothing below it. It applies to its own line, where
        // no finding can be.
        if alone && self.line_below < self.source.line_count() {
            self.line_below
        } else {
            own_line
        }
    }
}

/// Returns the place of the `#` that makes the text at `mark` a comment. None if there is none.
fn hash_position(text: &str, mark: usize) -> Option<(usize, usize)> {
    let before = text[..mark].trim_end_matches([' ', '\t']);
    let hash = before.strip_suffix('#')?;
    // YAML begins a comment only after a blank or a line break: `x# y` is a value.
    (hash.is_empty() || hash.ends_with([' ', '\t', '\n', '\r'])).then_some((hash.len(), mark))
}

fn parse_codes(tree: &SpanTree, listed: &str, start: usize) -> Vec<Spanned<String>> {
    let mut position = start;
    let mut codes = Vec::new();
    for part in listed.split(',') {
        let code = part.trim();
        let from = position + part.len() - part.trim_start().len();
        let origin = FileSpan::new(
            tree.file(),
            byte_offset(from),
            byte_offset(from + code.len()),
        );
        // A comma at the end is no code.
        if !code.is_empty() {
            codes.push(Spanned::new(code.to_owned(), origin));
        }
        position += part.len() + 1;
    }
    codes
}

fn line_origin(source: &SourceFile, line: usize) -> FileSpan {
    FileSpan {
        start: source.line_start(line),
        end: source.line_start(line + 1),
        ..FileSpan::default()
    }
}

fn line_text(source: &SourceFile, number: usize) -> &str {
    let line = line_origin(source, number);
    &source.text[line.start as usize..line.end as usize]
}

/// Returns the first byte of a line that is neither a blank nor the dash of a list entry.
fn first_word(source: &SourceFile, line: FileSpan) -> FileSpan {
    let text = &source.text[line.start as usize..line.end as usize];
    let start =
        line.start + byte_offset(text.len() - text.trim_start_matches([' ', '\t', '-']).len());
    FileSpan {
        start,
        end: start + 1,
        ..line
    }
}

fn byte_offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Diagnostics, FileId};
    use crate::document::InputLimits;
    use crate::document::span_tree::parse_yaml;

    fn found(text: &str) -> Vec<(Vec<String>, String, String)> {
        let tree = parse_yaml(
            FileId(0),
            text.into(),
            &InputLimits::default(),
            &mut Diagnostics::default(),
        )
        .unwrap();
        let source = SourceFile::new("p.yaml".into(), text.into());
        let words =
            |codes: &[Spanned<String>]| codes.iter().map(|code| code.value.clone()).collect();
        let line = |at: FileSpan| {
            source.text[at.start as usize..at.end as usize]
                .trim()
                .to_owned()
        };
        let allows = allow_comments(&tree, &source, "");
        allows
            .into_iter()
            .map(|allow| (words(&allow.codes), line(allow.line), allow.path))
            .collect()
    }

    #[test]
    fn a_comment_at_the_end_of_a_line_covers_that_line() {
        let text = "a:\n  - b: 1\r\n    c: 2 # production: allow x::y, z -- because\r\n";
        let [(codes, line, path)] = found(text).try_into().unwrap();
        assert_eq!(codes, ["x::y", "z"]);
        assert_eq!(line, "c: 2 # production: allow x::y, z -- because");
        assert_eq!(path, "/a/0/c");
    }

    #[test]
    fn comments_on_lines_of_their_own_speak_of_the_first_line_below_them() {
        let text = "# production: allow one\n  # a note\n#production: allow two\na:\n  # production: allow three\n  - b: 1\n";
        let lines: Vec<_> = found(text)
            .into_iter()
            .map(|(codes, line, path)| (codes[0].clone(), line, path))
            .collect();
        let three = |code: &str, line: &str, path: &str| {
            (code.to_owned(), line.to_owned(), path.to_owned())
        };
        assert_eq!(
            lines,
            [
                three("one", "a:", "/a"),
                three("two", "a:", "/a"),
                three("three", "- b: 1", "/a/0/b")
            ]
        );
    }

    #[test]
    fn a_comment_sign_inside_a_value_is_no_comment() {
        let inside = [
            "a: |\n  x # production: allow y\n  # production: allow y\n",
            "a: \"x # production: allow y\n  # production: allow y\"\n",
            "a:\n  x# production: allow y\n",
            "a: 'x' # production: allowed y\n",
        ];
        assert!(inside.iter().all(|text| found(text).is_empty()));
    }

    #[test]
    fn comments_beside_and_below_a_block_scalar_are_found() {
        let text = "a: | # production: allow one\n  x\n# production: allow two\nb: 1\n";
        let codes: Vec<_> = found(text)
            .into_iter()
            .map(|(codes, _, path)| (codes[0].clone(), path))
            .collect();
        assert_eq!(
            codes,
            [
                ("one".to_owned(), "/a".to_owned()),
                ("two".to_owned(), "/b".to_owned())
            ]
        );
    }

    #[test]
    fn a_comment_without_codes_has_none_and_one_on_the_last_line_covers_it() {
        assert_eq!(
            found("a: 1\n# production: allow")[0].0,
            Vec::<String>::new()
        );
    }
}
