//! Reads the table of captions in other languages that the document names.

use super::text_file::{TextFile, read_text};
use crate::base::{Diagnostics, SourceMap};
use crate::document::caption_table::{CaptionTable, read_caption_table};
use crate::document::captions_draft::CaptionsDraft;
use crate::document::draft::ProductionDraft;
use crate::document::{InputLimits, TextOr};
use std::path::Path;
use std::sync::Arc;

/// Reads the table. `None`: the document names none, or it cannot be read.
pub(super) fn read_captions(
    draft: &ProductionDraft,
    folder: &Path,
    limits: &InputLimits,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<CaptionTable> {
    let Some(TextOr::Full(CaptionsDraft {
        table: Some(table), ..
    })) = &draft.captions
    else {
        return None;
    };
    if table.is_placeholder {
        return None;
    }
    // A missing table, or one outside of the project, is reported by rules, which look at every file
    // that the document names.
    // Documents written on Windows name the same files everywhere.
    let table = table.clone().map(|path| path.replace('\\', "/"));
    let TextFile::Read(text) = read_text(folder, &table, limits, diagnostics) else {
        return None;
    };
    let file = sources.add_data_file(folder.join(&table.value), Arc::clone(&text), "captions");
    read_caption_table(file, &text, limits, diagnostics)
}
