//! Takes URLs and secrets out of blocks, before anything else is read of them.

use crate::base::{Diagnostic, Diagnostics};
use crate::treatment::reading::{
    BlockReference, LocatedText, TextRedaction, TreatmentBlock, redact_text, url_has_secret,
    without_secrets,
};

/// Takes URLs and secrets out of every text. A URL becomes a reference behind its block.
pub(super) fn redact_blocks(
    blocks: Vec<TreatmentBlock>,
    redactions: &mut Vec<TextRedaction>,
) -> Vec<TreatmentBlock> {
    let mut kept = Vec::with_capacity(blocks.len());
    // A private key has many lines, and may have empty ones.
    let mut in_key = false;
    for mut block in blocks {
        let mut urls = Vec::new();
        let mut redact = |line: &mut LocatedText| {
            if in_key || is_key_head(&line.text) {
                in_key = !line.text.contains("-----END");
                redactions.push(TextRedaction {
                    origin: line.full_span(),
                    is_secret: true,
                });
                let whole = 0..line.text.len();
                *line = line.without(&[whole]);
                return;
            }
            let (text, found) = redact_text(line, redactions);
            *line = text;
            urls.extend(found);
        };
        match &mut block {
            TreatmentBlock::Heading { text, .. } => redact(text),
            TreatmentBlock::Lines(lines)
            | TreatmentBlock::Point { lines, .. }
            | TreatmentBlock::Quote(lines)
            | TreatmentBlock::Code { lines, .. } => lines.iter_mut().for_each(redact),
            TreatmentBlock::Table { header, rows, .. } => {
                header
                    .iter_mut()
                    .chain(rows.iter_mut().flatten())
                    .for_each(redact);
            }
            TreatmentBlock::Reference(found) => redact_destination(found, redactions),
            TreatmentBlock::Rule(_) => {}
        }
        kept.push(block);
        kept.extend(urls.into_iter().map(|destination| {
            TreatmentBlock::Reference(BlockReference {
                destination,
                about: String::new(),
                is_picture: false,
            })
        }));
    }
    kept
}

fn is_key_head(line: &str) -> bool {
    line.contains("-----BEGIN") && line.contains("KEY-----")
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
