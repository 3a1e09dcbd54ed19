//! The text of a treatment as blocks: headings, lines, points, tables, quotes, code. Knows Markdown
//! and plain text, and nothing of films.

mod located_text;
mod markdown_reader;
mod plain_reader;
mod secrets;
mod text_redaction;
mod treatment_block;
mod treatment_text;

pub(super) use located_text::LocatedText;
pub(super) use secrets::{
    SecretName, SecretWait, is_cell_secret, is_waited_secret, joined_ranges, names_secret_alone,
    waits_for_secret,
};
pub use text_redaction::{TextRedaction, may_have_secret};
pub(super) use text_redaction::{
    path_has_secret, redact_text, secrets_of_line, url_has_secret, without_secrets,
};
pub(super) use treatment_block::{BlockReference, TreatmentBlock};
pub use treatment_text::{TreatmentFormat, TreatmentText, treatment_text};

use crate::base::FileId;

/// Returns the blocks of a text.
pub(super) fn read_blocks(
    text: &str,
    file: FileId,
    format: TreatmentFormat,
) -> Vec<TreatmentBlock> {
    match format {
        TreatmentFormat::Markdown => markdown_reader::read_markdown(text, file),
        TreatmentFormat::PlainText => plain_reader::read_plain_text(text, file),
    }
}
