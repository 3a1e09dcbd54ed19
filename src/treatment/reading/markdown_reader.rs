//! Markdown as blocks, by the events of `pulldown-cmark`. Emphasis is dropped, and every text keeps
//! the bytes that it was written at.

use super::located_text::{LocatedText, clean_text};
use super::treatment_block::{BlockReference, TreatmentBlock};
use crate::base::{FileId, FileSpan, Spanned};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Returns the blocks of a text in Markdown.
pub(super) fn read_markdown(text: &str, file: FileId) -> Vec<TreatmentBlock> {
    // Three spaces have the length of a byte-order mark, and may stand before a heading.
    let text = text
        .strip_prefix('\u{feff}')
        .map_or_else(|| text.to_owned(), |rest| format!("   {rest}"));
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = MarkdownReader::new(&text, file);
    for (event, source) in Parser::new_ext(&text, options).into_offset_iter() {
        reader.read_event(event, source);
    }
    reader.end_lines();
    reader.blocks
}

/// A link or a picture that is open.
struct OpenReference {
    destination: Spanned<String>,
    about: String,
    is_picture: bool,
}

/// A table that is open.
#[derive(Default)]
struct OpenTable {
    rows: Vec<Vec<LocatedText>>,
    origin: FileSpan,
}

struct MarkdownReader<'a> {
    text: &'a str,
    file: FileId,
    blocks: Vec<TreatmentBlock>,
    line: LocatedText,
    lines: Vec<LocatedText>,
    /// The lists that are open, each with its number and whether it is ordered.
    lists: Vec<(usize, bool)>,
    list_count: usize,
    quotes: usize,
    code: Option<(Option<String>, FileSpan)>,
    table: Option<OpenTable>,
    references: Vec<OpenReference>,
    /// References of the block that is read, which follow it.
    closed: Vec<BlockReference>,
}

impl<'a> MarkdownReader<'a> {
    const fn new(text: &'a str, file: FileId) -> Self {
        Self {
            text,
            file,
            blocks: Vec::new(),
            line: LocatedText::new(file),
            lines: Vec::new(),
            lists: Vec::new(),
            list_count: 0,
            quotes: 0,
            code: None,
            table: None,
            references: Vec::new(),
            closed: Vec::new(),
        }
    }

    fn read_event(&mut self, event: Event<'_>, source: Range<usize>) {
        match event {
            Event::Start(tag) => self.begin(tag, source),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code.is_some() => self.push_code(&text, source),
            Event::Text(text) => self.push_text(&text, source),
            Event::Code(text) => self.push_code_span(&text, source),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<br") => {
                self.end_line();
            }
            Event::Rule => {
                self.end_lines();
                self.blocks.push(TreatmentBlock::Rule(self.span(&source)));
            }
            // Comments and markup in HTML are for browsers.
            _ => {}
        }
    }

    fn begin(&mut self, tag: Tag<'_>, source: Range<usize>) {
        match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::MetadataBlock(_) | Tag::HtmlBlock => {
                self.end_lines();
            }
            Tag::BlockQuote(_) => {
                self.end_lines();
                self.quotes += 1;
            }
            Tag::List(first) => {
                // The text of the point that this list is below.
                self.end_lines();
                self.list_count += 1;
                self.lists.push((self.list_count, first.is_some()));
            }
            Tag::Item => self.end_lines(),
            Tag::CodeBlock(kind) => self.begin_code(&kind, &source),
            Tag::Table(_) => {
                self.end_lines();
                let origin = self.span(&source);
                self.table = Some(OpenTable {
                    rows: Vec::new(),
                    origin,
                });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Link { dest_url, .. } => self.begin_reference(&dest_url, &source, false),
            Tag::Image { dest_url, .. } => self.begin_reference(&dest_url, &source, true),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => self.end_heading(level),
            TagEnd::Paragraph | TagEnd::Item | TagEnd::MetadataBlock(_) => self.end_lines(),
            TagEnd::BlockQuote(_) => {
                self.end_lines();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.end_lines();
                self.lists.pop();
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::TableCell => {
                let cell = self.take_line();
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.end_table(),
            TagEnd::Link | TagEnd::Image => self.end_reference(),
            _ => {}
        }
    }

    fn push_text(&mut self, text: &str, source: Range<usize>) {
        if let Some(open) = self.references.last_mut() {
            open.about.push_str(text);
            // The words of a picture stand for it, and are not part of the prose.
            if open.is_picture {
                return;
            }
        }
        // Metadata comes as one text of several lines.
        let mut at = source.start;
        // An entity is written otherwise than it reads, and has one place as a whole.
        let is_verbatim = self.text.get(source.clone()) == Some(text);
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                self.end_line();
            }
            let part = if is_verbatim {
                at..at + line.len()
            } else {
                source.clone()
            };
            self.line.push(line, part);
            at += line.len() + 1;
        }
    }

    fn push_code_span(&mut self, text: &str, source: Range<usize>) {
        let written = self.text.get(source.clone()).unwrap_or_default();
        // The marks around it are not part of the text.
        let inner = written.find(text).map_or(source.clone(), |offset| {
            let start = source.start + offset;
            start..start + text.len()
        });
        self.push_text(text, inner);
    }

    fn begin_code(&mut self, kind: &CodeBlockKind<'_>, source: &Range<usize>) {
        self.end_lines();
        let language = match kind {
            CodeBlockKind::Fenced(info) => info.split_whitespace().next().map(str::to_owned),
            CodeBlockKind::Indented => None,
        };
        self.code = Some((language, self.span(source)));
    }

    fn push_code(&mut self, text: &str, source: Range<usize>) {
        let mut at = source.start;
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                // An empty line is part of the code.
                let line = self.take_line();
                self.lines.push(line);
            }
            self.line
                .push(line.trim_end_matches('\r'), at..at + line.len());
            at += line.len() + 1;
        }
    }

    fn end_code(&mut self) {
        // The line break before the fence ends the last line and begins none.
        if !self.line.is_blank() {
            let line = self.take_line();
            self.lines.push(line);
        }
        self.line = LocatedText::new(self.file);
        let lines = std::mem::take(&mut self.lines);
        if let Some((language, origin)) = self.code.take() {
            self.blocks.push(TreatmentBlock::Code {
                language,
                lines,
                origin,
            });
        }
    }

    fn end_table(&mut self) {
        let Some(table) = self.table.take() else {
            return;
        };
        let mut rows = table.rows.into_iter();
        let header = rows.next().unwrap_or_default();
        self.blocks.push(TreatmentBlock::Table {
            header,
            rows: rows.collect(),
            origin: table.origin,
        });
        self.push_references();
    }

    fn end_heading(&mut self, level: HeadingLevel) {
        self.end_line();
        let mut text = LocatedText::new(self.file);
        for line in std::mem::take(&mut self.lines) {
            text.append(&line);
        }
        let level = match level {
            HeadingLevel::H1 => 1,
            HeadingLevel::H2 => 2,
            HeadingLevel::H3 => 3,
            HeadingLevel::H4 => 4,
            HeadingLevel::H5 => 5,
            HeadingLevel::H6 => 6,
        };
        self.blocks.push(TreatmentBlock::Heading { level, text });
        self.push_references();
    }

    fn begin_reference(&mut self, destination: &str, source: &Range<usize>, is_picture: bool) {
        let written = self.text.get(source.clone()).unwrap_or_default();
        let place = written
            // The last one: the words of a link may be its address, too.
            .rfind(destination)
            .filter(|_| !destination.is_empty());
        let range = place.map_or(source.clone(), |offset| {
            let start = source.start + offset;
            start..start + destination.len()
        });
        self.references.push(OpenReference {
            destination: Spanned::new(clean_text(destination), self.span(&range)),
            about: String::new(),
            is_picture,
        });
    }

    fn end_reference(&mut self) {
        if let Some(open) = self.references.pop() {
            self.closed.push(BlockReference {
                destination: open.destination,
                about: clean_text(&open.about),
                is_picture: open.is_picture,
            });
        }
    }

    fn take_line(&mut self) -> LocatedText {
        std::mem::replace(&mut self.line, LocatedText::new(self.file))
    }

    fn end_line(&mut self) {
        // A cell of a table is one line, also with breaks in it.
        if self.table.is_some() {
            let at = self.line.full_span().end as usize;
            self.line.push(" ", at..at);
            return;
        }
        let line = self.take_line();
        if !line.is_blank() {
            self.lines.push(line);
        }
    }

    /// Ends the block of lines that is open.
    fn end_lines(&mut self) {
        // Their lines are theirs until they end.
        if self.code.is_some() || self.table.is_some() {
            return;
        }
        self.end_line();
        let lines = std::mem::take(&mut self.lines);
        if !lines.is_empty() {
            let block = match self.lists.last() {
                // A list in a quote is still part of the quote.
                _ if self.quotes > 0 => TreatmentBlock::Quote(lines),
                Some((list, is_ordered)) => TreatmentBlock::Point {
                    list: *list,
                    depth: self.lists.len(),
                    is_ordered: *is_ordered,
                    lines,
                },
                None => TreatmentBlock::Lines(lines),
            };
            self.blocks.push(block);
        }
        self.push_references();
    }

    fn push_references(&mut self) {
        let closed = std::mem::take(&mut self.closed);
        self.blocks
            .extend(closed.into_iter().map(TreatmentBlock::Reference));
    }

    fn span(&self, range: &Range<usize>) -> FileSpan {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        // Blocks end behind their line break.
        let text = self.text.get(range.clone()).unwrap_or_default();
        let end = range.start + text.trim_end().len();
        FileSpan::new(self.file, offset(range.start), offset(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let join = |lines: &[LocatedText]| {
            let lines: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
            lines.join("|")
        };
        let blocks = read_markdown(text, FileId(0));
        let show = |block: &TreatmentBlock| match block {
            TreatmentBlock::Heading { level, text } => format!("h{level} {}", text.text),
            TreatmentBlock::Lines(lines) => format!("p {}", join(lines)),
            TreatmentBlock::Point {
                list, depth, lines, ..
            } => {
                format!("{list}.{depth} {}", join(lines))
            }
            TreatmentBlock::Quote(lines) => format!("quote {}", join(lines)),
            TreatmentBlock::Code {
                language, lines, ..
            } => format!("code {language:?} {}", join(lines)),
            TreatmentBlock::Table { header, rows, .. } => {
                let rows: Vec<_> = rows.iter().map(|row| join(row)).collect();
                format!("table {} / {}", join(header), rows.join(" / "))
            }
            TreatmentBlock::Rule(_) => "rule".to_owned(),
            TreatmentBlock::Reference(reference) => format!(
                "{} {} {}",
                if reference.is_picture {
                    "picture"
                } else {
                    "link"
                },
                reference.destination.value,
                reference.about
            ),
        };
        blocks.iter().map(show).collect()
    }

    #[test]
    fn every_kind_of_block_is_read() {
        let text = "# The *title*\n\n**Narration:** one\ntwo &amp; three\n\n- a\n  - b\n- c\n\n> said\n\n\
                    ```rust\nfn x() {}\n\nend\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n\
                    ![a bee](bee.png) and [more](https://x.org)\n";
        assert_eq!(
            shown(text),
            [
                "h1 The title",
                "p Narration: one|two & three",
                "1.1 a",
                "2.2 b",
                "1.1 c",
                "quote said",
                "code Some(\"rust\") fn x() {}||end",
                "table a|b / 1|2",
                "rule",
                "p  and more",
                "picture bee.png a bee",
                "link https://x.org more",
            ]
        );
    }

    #[test]
    fn metadata_at_the_top_is_lines() {
        assert_eq!(
            shown("---\ntitle: Bees\nduration: 30s\n---\n"),
            ["p title: Bees|duration: 30s"]
        );
    }

    #[test]
    fn a_text_in_a_list_has_its_own_bytes() {
        let text = "- **Visual:** a hive\n";
        let blocks = read_markdown(text, FileId(0));
        let line = &blocks[0].lines()[0];
        let at = line.text.find("hive").unwrap();
        let span = line.span(at..at + 4);
        assert_eq!(&text[span.start as usize..span.end as usize], "hive");
    }
}
