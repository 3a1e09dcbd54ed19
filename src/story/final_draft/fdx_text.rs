//! The text of a paragraph: its runs, with styles as marks of Fountain, and its place in the file.

use crate::base::{FileId, FileSpan};
use crate::story::fountain::{escape_all_marks, escape_marks, strip_emphasis, without_marks};
use roxmltree::Node;
use std::collections::HashSet;
use std::ops::Range;

/// How a run of text is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct TextStyle {
    bold: bool,
    italic: bool,
    underlined: bool,
}

impl TextStyle {
    /// Returns the marks before the text. Those behind it are the same backwards.
    const fn marks(self) -> &'static str {
        match (self.underlined, self.bold, self.italic) {
            (false, false, false) => "",
            (false, false, true) => "*",
            (false, true, false) => "**",
            (false, true, true) => "***",
            (true, false, false) => "_",
            (true, false, true) => "_*",
            (true, true, false) => "_**",
            (true, true, true) => "_***",
        }
    }
}

/// A run of text in one style.
struct StyledRun {
    text: String,
    style: TextStyle,
}

/// The runs of a paragraph.
#[derive(Default)]
pub(super) struct ParagraphText {
    runs: Vec<StyledRun>,
    /// Bytes of the whole text in the file. `None`: there is none.
    bytes: Option<Range<usize>>,
    /// The identifiers of the revisions that changed it, in order of appearance.
    pub(super) revisions: Vec<String>,
    /// The places of struck-out runs, which are left out.
    pub(super) struck: Vec<Range<usize>>,
    /// Its length as the program counts it, with what is struck out.
    pub(super) units: usize,
}

impl ParagraphText {
    /// Reads the runs that are directly in a paragraph.
    pub(super) fn read(paragraph: Node<'_, '_>) -> Self {
        let mut read = Self::default();
        let mut known = HashSet::new();
        for run in paragraph
            .children()
            .filter(|child| child.has_tag_name("Text"))
        {
            let revision = run.attribute("RevisionID").filter(|id| *id != "0");
            let new = revision.filter(|revision| known.insert(*revision));
            read.revisions.extend(new.map(str::to_owned));
            read.push_run(run);
        }
        read
    }

    fn push_run(&mut self, run: Node<'_, '_>) {
        let parts = run.descendants().filter(Node::is_text);
        let text: String = parts.clone().filter_map(|part| part.text()).collect();
        if text.is_empty() {
            return;
        }
        self.units += text.encode_utf16().count();
        let styles = run.attribute("Style").unwrap_or_default();
        let has = |style: &str| styles.split('+').any(|each| each.trim() == style);
        let ranges = parts.map(|part| part.range());
        let bytes = ranges.reduce(|first, last| first.start..last.end);
        if has("Strikeout") {
            self.struck.extend(bytes);
            return;
        }
        if let Some(bytes) = bytes {
            let start = self.bytes.as_ref().map_or(bytes.start, |known| known.start);
            self.bytes = Some(start..bytes.end);
        }
        let text = if has("AllCaps") {
            text.to_uppercase()
        } else {
            text
        };
        let style = TextStyle {
            bold: has("Bold"),
            italic: has("Italic"),
            underlined: has("Underline"),
        };
        match self.runs.last_mut() {
            // A run ends where a spelling mark or a revision does, too.
            Some(last) if last.style == style => last.text.push_str(&text),
            _ => self.runs.push(StyledRun { text, style }),
        }
    }

    /// Returns the lines without styles, each trimmed.
    pub(super) fn plain_lines(&self) -> Vec<String> {
        let text: String = self.runs.iter().map(|run| run.text.as_str()).collect();
        let lines = text.split(is_line_break).map(|line| line.trim().to_owned());
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// Returns the text without styles on one line.
    pub(super) fn plain_text(&self) -> String {
        let lines = self.plain_lines().join(" ");
        lines.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns the lines in the notation of Fountain, each trimmed.
    pub(super) fn marked_lines(&self) -> Vec<String> {
        let mut lines: Vec<Vec<StyledRun>> = vec![Vec::new()];
        for run in &self.runs {
            for (index, part) in run.text.split(is_line_break).enumerate() {
                if index > 0 {
                    lines.push(Vec::new());
                }
                let text = part.to_owned();
                let style = run.style;
                if let Some(line) = lines.last_mut() {
                    line.push(StyledRun { text, style });
                }
            }
        }
        let marked = lines.iter().map(|line| marked_line(line));
        marked.filter(|line| !line.is_empty()).collect()
    }

    /// Returns its place in a file, or that of `otherwise` if it is empty.
    pub(super) fn origin(&self, file: FileId, otherwise: Node<'_, '_>) -> FileSpan {
        let bytes = self.bytes.clone().unwrap_or_else(|| tag_bytes(otherwise));
        file_span(file, bytes)
    }
}

/// Returns a heading or name without what would be a mark of Fountain in it, on one line.
pub(super) fn unmarked_text(text: &str) -> String {
    let mut unmarked = String::with_capacity(text.len());
    for c in without_marks(text).chars() {
        // Two brackets would begin or end a note.
        if !(matches!(c, '[' | ']') && unmarked.ends_with(c)) {
            unmarked.push(c);
        }
    }
    unmarked.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns these bytes as a place.
pub(super) fn file_span(file: FileId, bytes: Range<usize>) -> FileSpan {
    let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    FileSpan::new(file, offset(bytes.start), offset(bytes.end))
}

/// Returns the bytes of the first tag of an element.
pub(super) fn tag_bytes(node: Node<'_, '_>) -> Range<usize> {
    let range = node.range();
    let text = node.document().input_text().get(range.clone());
    let tag = text.and_then(|text| text.find(['>', '\n', '\r']));
    range.start..tag.map_or(range.start, |end| range.start + end)
}

/// A line ends with a line break, or with the separator of lines or paragraphs of Unicode.
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{2028}' | '\u{2029}')
}

fn marked_line(runs: &[StyledRun]) -> String {
    let plain: String = runs.iter().map(|run| run.text.as_str()).collect();
    if runs.iter().all(|run| run.style == TextStyle::default()) {
        return escape_marks(plain.trim());
    }
    let marked: String = runs.iter().map(marked_run).collect();
    let marked = marked.trim();
    // A style that ends inside of a word, or two that meet, may have no form in Fountain. The words
    // count for more than the style.
    // Each run is escaped alone, so where two meet they may begin a note or a comment.
    let has_opening = marked.contains("[[") || marked.contains("/*");
    if !has_opening && strip_emphasis(marked) == plain.trim() {
        marked.to_owned()
    } else {
        escape_marks(plain.trim())
    }
}

fn marked_run(run: &StyledRun) -> String {
    let escaped = escape_all_marks(&run.text);
    let marks = run.style.marks();
    let core = escaped.trim();
    if marks.is_empty() || core.is_empty() {
        return escaped;
    }
    // Marks are beside letters: blanks go outside of them.
    let start = escaped.len() - escaped.trim_start().len();
    let (before, rest) = escaped.split_at(start);
    let after = &rest[core.len()..];
    let closing: String = marks.chars().rev().collect();
    format!("{before}{marks}{core}{closing}{after}")
}
