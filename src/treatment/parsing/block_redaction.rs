//! Takes URLs and secrets out of blocks, before anything else is read of them.

use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::treatment::reading::{
    BlockReference, LocatedText, TextRedaction, TreatmentBlock, TreatmentText, is_cell_secret,
    looks_secret, names_secret_alone, redact_text, secrets_of_line, url_has_secret,
    waits_for_secret, without_secrets,
};
use std::collections::BTreeSet;
use std::ops::Range;

/// Fewest characters of a secret that is looked for in the rest of the text.
const LEAST_REPEATED: usize = 6;

/// Takes URLs and secrets out of every text. A URL becomes a reference behind its block.
pub(super) fn redact_blocks(
    blocks: Vec<TreatmentBlock>,
    text: &TreatmentText,
    redactions: &mut Vec<TextRedaction>,
) -> Vec<TreatmentBlock> {
    let written = written_secrets(text);
    let mut redactor = BlockRedactor {
        known: written.iter().map(|(_, secret)| secret.as_str()).collect(),
        in_key: false,
        is_waiting: false,
        redactions: Vec::new(),
        urls: Vec::new(),
    };
    redactor
        .known
        .retain(|secret| secret.chars().count() >= LEAST_REPEATED);
    let mut redacted = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        redactor.redact_block(&mut block);
        redacted.push(block);
        redacted.extend(redactor.urls.drain(..).map(TreatmentBlock::Reference));
    }
    redactions.append(&mut redactor.redactions);
    // What is in the file and in no block, such as a cell too many, is a secret of the copy.
    for (span, _) in &written {
        let is_known = redactions.iter().any(|known| {
            known.is_secret && known.origin.start < span.end && span.start < known.origin.end
        });
        if !is_known {
            redactions.push(TextRedaction {
                origin: *span,
                is_secret: true,
            });
        }
    }
    redacted
}

/// Returns the secrets of the text as it is written, with their places.
fn written_secrets(text: &TreatmentText) -> Vec<(FileSpan, String)> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut in_key = false;
    let mut is_waiting = false;
    for line in text.text.split_inclusive('\n') {
        let content = line.trim_end();
        let is_key_line = in_key || is_key_head(content);
        let mut ranges = Vec::new();
        if is_key_line {
            ranges.push(0..content.len());
        } else {
            ranges = secrets_of_line(content);
        }
        if is_waiting && ranges.is_empty() {
            ranges.extend(first_secret_word(content));
        }
        // The value of a label may be behind empty lines.
        if !content.trim().is_empty() {
            is_waiting = waits_for_secret(content);
        }
        in_key = is_key_line && !content.contains("-----END");
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            let secret = content.get(range.clone()).unwrap_or_default().to_owned();
            let place = |byte: usize| u32::try_from(start + byte).unwrap_or(u32::MAX);
            let span = FileSpan::new(text.file, place(range.start), place(range.end));
            found.push((span, secret));
        }
        start += line.len();
    }
    found
}

/// The walk over the blocks.
struct BlockRedactor<'t> {
    /// Secrets that were found somewhere. They go wherever they are.
    known: BTreeSet<&'t str>,
    /// A private key has many lines, and may have empty ones.
    in_key: bool,
    /// Whether the line before ended with the name of a secret.
    is_waiting: bool,
    redactions: Vec<TextRedaction>,
    urls: Vec<BlockReference>,
}

impl BlockRedactor<'_> {
    fn redact_block(&mut self, block: &mut TreatmentBlock) {
        match block {
            TreatmentBlock::Heading { text, .. } => self.redact_line(text),
            TreatmentBlock::Lines(lines)
            | TreatmentBlock::Point { lines, .. }
            | TreatmentBlock::Quote(lines)
            | TreatmentBlock::Code { lines, .. } => {
                lines.iter_mut().for_each(|line| self.redact_line(line));
            }
            TreatmentBlock::Table { header, rows, .. } => self.redact_table(header, rows),
            TreatmentBlock::Reference(found) => redact_destination(found, &mut self.redactions),
            TreatmentBlock::Rule(_) => {}
        }
    }

    fn redact_line(&mut self, line: &mut LocatedText) {
        if self.in_key || is_key_head(&line.text) {
            self.in_key = !line.text.contains("-----END");
            self.remove(line, 0..line.text.len());
            return;
        }
        let waits = waits_for_secret(&line.text);
        if std::mem::replace(&mut self.is_waiting, waits)
            && let Some(word) = first_secret_word(&line.text)
        {
            self.remove(line, word);
        }
        let (text, found) = redact_text(line, &mut self.redactions);
        *line = text;
        self.remove_known(line);
        self.urls
            .extend(found.into_iter().map(|destination| BlockReference {
                destination,
                about: String::new(),
                is_picture: false,
            }));
    }

    /// Removes what is under or beside the name of a secret.
    fn redact_table(&mut self, header: &mut [LocatedText], rows: &mut [Vec<LocatedText>]) {
        let columns: Vec<Option<bool>> = header
            .iter()
            .map(|cell| names_secret_alone(&cell.text))
            .collect();
        for row in rows.iter_mut().map(Vec::as_mut_slice).chain([&mut *header]) {
            let mut in_row = None;
            for (index, cell) in row.iter_mut().enumerate() {
                let name = names_secret_alone(&cell.text);
                let in_column = columns.get(index).copied().flatten();
                let named = in_row.or(in_column.filter(|_| name.is_none()));
                if named.is_some_and(|is_sure| is_cell_secret(&cell.text, is_sure)) {
                    self.remove(cell, 0..cell.text.len());
                } else {
                    self.redact_line(cell);
                }
                self.is_waiting = false;
                in_row = name.or(in_row);
            }
        }
    }

    fn remove_known(&mut self, line: &mut LocatedText) {
        // As often as a secret is there.
        while let Some((at, length)) = self.known.iter().find_map(|secret| {
            let at = line.text.find(secret)?;
            Some((at, secret.len()))
        }) {
            self.remove(line, at..at + length);
        }
    }

    fn remove(&mut self, line: &mut LocatedText, range: Range<usize>) {
        self.redactions.push(TextRedaction {
            origin: line.span(range.clone()),
            is_secret: true,
        });
        *line = line.without(&[range]);
    }
}

/// Returns the first word of a line that follows a label, if it looks like a secret.
fn first_secret_word(line: &str) -> Option<Range<usize>> {
    let text = line.trim_start_matches(|c: char| c.is_whitespace() || "`*_>-\"'".contains(c));
    let start = line.len() - text.len();
    let word = text.split_whitespace().next().unwrap_or_default();
    let word = word.trim_end_matches(['`', '*', '_', '"', '\'']);
    looks_secret(word).then(|| start..start + word.len())
}

fn is_key_head(line: &str) -> bool {
    let rest = line.split_once("-----BEGIN").map(|(_, rest)| rest);
    rest.is_some_and(|rest| rest.contains("KEY-----") || rest.contains("KEY BLOCK-----"))
}

fn redact_destination(found: &mut BlockReference, redactions: &mut Vec<TextRedaction>) {
    if found.destination.value.contains("://") {
        let origin = found.destination.origin;
        redactions.push(TextRedaction {
            origin,
            is_secret: url_has_secret(&found.destination.value),
        });
        found.destination.value = without_secrets(&found.destination.value);
    }
}

/// Notes what was taken out. A secret is a warning: somebody may have seen it.
pub(super) fn note_redactions(redactions: &[TextRedaction], diagnostics: &mut Diagnostics) {
    for redaction in redactions {
        let code = "production::treatment::redacted";
        let finding = if redaction.is_secret {
            let message = "this may be a secret, and was taken out of the text";
            Diagnostic::warning(code, redaction.origin, message)
                .with_label("in no job, document or film")
                .with_help("remove it from the treatment, and replace it wherever it is valid")
        } else {
            let message = "the URL was taken out of the text";
            Diagnostic::info(code, redaction.origin, message)
                .with_label("kept in the list of files alone")
        };
        diagnostics.push(finding);
    }
}
