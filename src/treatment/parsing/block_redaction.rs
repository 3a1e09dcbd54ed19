//! Takes URLs and secrets out of blocks, before anything else is read of them.

use super::known_secrets::KnownSecrets;
use super::written_secrets::{is_key_head, waited_word, written_secrets};
use crate::base::{Diagnostic, Diagnostics, FileSpan};
use crate::treatment::reading::{
    BlockReference, LocatedText, SecretWait, TextRedaction, TreatmentBlock, TreatmentText,
    is_cell_secret, joined_ranges, names_secret_alone, path_has_secret, redact_text,
    secrets_of_line, url_has_secret, waits_for_secret, without_secrets,
};
use std::ops::Range;

/// Takes URLs and secrets out of every text. A URL becomes a reference behind its block.
pub(super) fn redact_blocks(
    blocks: Vec<TreatmentBlock>,
    text: &TreatmentText,
    redactions: &mut Vec<TextRedaction>,
) -> Vec<TreatmentBlock> {
    // Before the blocks: a key of many lines, or a name and its value, may be parted by them.
    let written = written_secrets(text);
    let mut redactor = BlockRedactor {
        known: KnownSecrets::new(written.iter().map(|(_, secret)| secret.as_str())),
        written: written.iter().map(|(span, _)| *span).collect(),
        in_key: false,
        waiting: None,
        redactions: Vec::new(),
        urls: Vec::new(),
    };
    let mut kept = Vec::with_capacity(blocks.len());
    for mut block in blocks {
        if redactor.redact_block(&mut block) {
            kept.push(block);
        }
        // Behind its block, so that a URL is a file of the scene in which it was written.
        kept.extend(redactor.urls.drain(..).map(TreatmentBlock::Reference));
    }
    let BlockRedactor {
        written,
        redactions: found,
        ..
    } = redactor;
    redactions.extend(joined_redactions(found, &written));
    kept
}

/// Returns what was taken out of the blocks, with the secrets of the file that are in no block or only
/// in part, such as a cell too many: those are secrets of the copy.
fn joined_redactions(found: Vec<TextRedaction>, written: &[FileSpan]) -> Vec<TextRedaction> {
    let (mut secrets, mut joined): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|one| one.is_secret);
    secrets.extend(written.iter().map(|span| TextRedaction {
        origin: *span,
        is_secret: true,
    }));
    // One secret may be found in a block and in the file, and is one warning.
    secrets.sort_by_key(|one| (one.origin.start, one.origin.end));
    secrets.dedup_by(|next, last| {
        let is_inside = next.origin.start < last.origin.end;
        if is_inside {
            last.origin.end = last.origin.end.max(next.origin.end);
        }
        is_inside
    });
    joined.extend(secrets);
    joined
}

/// The walk over the blocks.
struct BlockRedactor {
    /// Secrets that were found somewhere. They go wherever they are.
    known: KnownSecrets,
    /// Where the secrets of the text are.
    written: Vec<FileSpan>,
    /// A private key has many lines, and may have empty ones.
    in_key: bool,
    /// What the line before says about the next, if it ended with the name of a secret.
    waiting: Option<SecretWait>,
    redactions: Vec<TextRedaction>,
    urls: Vec<BlockReference>,
}

impl BlockRedactor {
    /// Takes the secrets out of a block. Returns whether anything is left of it.
    fn redact_block(&mut self, block: &mut TreatmentBlock) -> bool {
        match block {
            TreatmentBlock::Heading { text, .. } => self.redact_line(text),
            TreatmentBlock::Lines(lines)
            | TreatmentBlock::Point { lines, .. }
            | TreatmentBlock::Quote(lines)
            | TreatmentBlock::Code { lines, .. } => {
                lines.iter_mut().for_each(|line| self.redact_line(line));
            }
            TreatmentBlock::Table { header, rows, .. } => self.redact_table(header, rows),
            TreatmentBlock::Reference(found) => return self.redact_reference(found),
            TreatmentBlock::Rule(_) => {}
        }
        true
    }

    fn redact_line(&mut self, line: &mut LocatedText) {
        // Whole lines go: one line of a key alone is still part of it.
        if self.in_key || is_key_head(&line.text) {
            self.in_key = !line.text.contains("-----END");
            self.remove(line, 0..line.text.len());
            return;
        }
        let waits = waits_for_secret(&line.text);
        let mut secrets = line.ranges_within(&self.written);
        secrets.extend(self.known.places(&line.text));
        if let Some(wait) = std::mem::replace(&mut self.waiting, waits) {
            secrets.extend(waited_word(&line.text, wait));
        }
        let (text, found) = redact_text(line, secrets, &mut self.redactions);
        *line = text;
        self.urls
            .extend(found.into_iter().map(|destination| BlockReference {
                destination,
                about: String::new(),
                is_picture: false,
            }));
    }

    /// Takes the secrets out of a link or a picture. A file whose name has one is no longer named.
    fn redact_reference(&mut self, found: &mut BlockReference) -> bool {
        let origin = found.destination.origin;
        let path = &found.destination.value;
        let is_url = path.contains("://");
        let is_known = !self.known.places(path).is_empty();
        let is_secret = match is_url {
            true => url_has_secret(path),
            false => is_known || path_has_secret(path),
        };
        if is_url || is_secret {
            self.redactions.push(TextRedaction { origin, is_secret });
        }
        let mut words = secrets_of_line(&found.about);
        words.extend(self.known.places(&found.about));
        // From the end, so that the ranges before stay where they are.
        for range in joined_ranges(words).into_iter().rev() {
            found.about.replace_range(range, "");
        }
        found.destination.value = without_secrets(&found.destination.value);
        // A URL without its secret still says where something is; a path without it names no file.
        is_url || !is_secret
    }

    /// Removes what is under or beside the name of a secret.
    fn redact_table(&mut self, header: &mut [LocatedText], rows: &mut [Vec<LocatedText>]) {
        let columns: Vec<_> = header
            .iter()
            .map(|cell| names_secret_alone(&cell.text))
            .collect();
        for row in rows.iter_mut().map(Vec::as_mut_slice).chain([&mut *header]) {
            let mut in_row = None;
            for (index, cell) in row.iter_mut().enumerate() {
                let name = names_secret_alone(&cell.text);
                let in_column = columns.get(index).copied().flatten();
                let named = in_row.or(in_column.filter(|_| name.is_none()));
                let is_value = |named| name.is_none() && is_cell_secret(&cell.text, named);
                if named.is_some_and(is_value) {
                    self.remove(cell, 0..cell.text.len());
                } else {
                    self.redact_line(cell);
                }
                // The cell behind is judged by its column, and not as the next line.
                self.waiting = None;
                in_row = name.or(in_row);
            }
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

/// Notes what was taken out. A secret is a warning: somebody may have seen it.
pub(super) fn note_redactions(redactions: &[TextRedaction], diagnostics: &mut Diagnostics) {
    for redaction in redactions {
        let code = "production::treatment::redacted";
        // A URL that is taken out is no mistake, so it is no warning.
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
