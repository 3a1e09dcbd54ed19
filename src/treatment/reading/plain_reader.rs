//! Plain text as blocks: paragraphs between empty lines, points that begin with a bullet or a
//! number, and rules of dashes. Nothing else is a mark, so that an asterisk or an indent in the
//! prose means nothing.

use super::located_text::LocatedText;
use super::treatment_block::TreatmentBlock;
use crate::base::FileId;

/// Returns the blocks of plain text.
pub(super) fn read_plain_text(text: &str, file: FileId) -> Vec<TreatmentBlock> {
    let mut reader = PlainReader {
        file,
        blocks: Vec::new(),
        lines: Vec::new(),
        list: 0,
        in_list: false,
    };
    let mut start = 0;
    for line in text.split('\n') {
        reader.read_line(line.trim_end_matches('\r'), start);
        start += line.len() + 1;
    }
    reader.end_paragraph();
    reader.blocks
}

struct PlainReader {
    file: FileId,
    blocks: Vec<TreatmentBlock>,
    lines: Vec<LocatedText>,
    list: usize,
    in_list: bool,
}

impl PlainReader {
    fn read_line(&mut self, line: &str, start: usize) {
        let content = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let at = start + line.len() - content.len();
        if content.trim().is_empty() {
            self.end_paragraph();
        } else if is_rule(content.trim()) {
            self.end_paragraph();
            self.in_list = false;
            self.blocks
                .push(TreatmentBlock::Rule(self.located(content, at).full_span()));
        } else if let Some((mark, is_ordered)) = point_mark(content) {
            self.end_paragraph();
            self.push_point(content, mark, at, is_ordered);
        } else {
            self.in_list = false;
            let line = self.located(content, at);
            self.lines.push(line);
        }
    }

    fn push_point(&mut self, content: &str, mark: usize, at: usize, is_ordered: bool) {
        // Points that follow each other are one list.
        if !self.in_list {
            self.list += 1;
            self.in_list = true;
        }
        let rest = &content[mark..];
        let skipped = rest.len() - rest.trim_start().len();
        let line = self.located(rest.trim_start(), at + mark + skipped);
        self.blocks.push(TreatmentBlock::Point {
            list: self.list,
            depth: 1,
            is_ordered,
            lines: vec![line],
        });
    }

    fn end_paragraph(&mut self) {
        if !self.lines.is_empty() {
            let lines = std::mem::take(&mut self.lines);
            self.blocks.push(TreatmentBlock::Lines(lines));
        }
    }

    fn located(&self, text: &str, at: usize) -> LocatedText {
        let mut line = LocatedText::new(self.file);
        line.push(text, at..at + text.len());
        line
    }
}

fn is_rule(line: &str) -> bool {
    line.len() >= 3
        && ['-', '=', '*', '_']
            .iter()
            .any(|mark| line.chars().all(|c| c == *mark))
}

/// Returns the length of the mark that begins a point, and whether it is a number.
fn point_mark(line: &str) -> Option<(usize, bool)> {
    let mut characters = line.chars();
    let first = characters.next()?;
    // `*so*` and `-5` begin no point.
    if "-*•–‣".contains(first) && characters.next().is_some_and(char::is_whitespace) {
        return Some((first.len_utf8(), false));
    }
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &line[digits..];
    let is_number = (1..=3).contains(&digits) && (rest.starts_with(". ") || rest.starts_with(") "));
    is_number.then_some((digits + 1, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_points_and_rules_are_distinguished() {
        let blocks = read_plain_text("one\r\ntwo\n\n1. first\n2. second\n---\nlast", FileId(0));
        let kinds: Vec<_> = blocks
            .iter()
            .map(|block| match block {
                TreatmentBlock::Lines(lines) => format!("lines {}", lines.len()),
                TreatmentBlock::Point {
                    list, is_ordered, ..
                } => format!("point {list} {is_ordered}"),
                TreatmentBlock::Rule(origin) => format!("rule {}", origin.start),
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(
            kinds,
            [
                "lines 2",
                "point 1 true",
                "point 1 true",
                "rule 29",
                "lines 1"
            ]
        );
    }
}
