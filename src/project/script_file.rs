//! The screenplay that the document names.

use super::text_file::{TextFile, read_text};
use crate::base::{Diagnostics, SourceMap};
use crate::document::InputLimits;
use crate::document::draft::ProductionDraft;
use crate::story::{Screenplay, fountain};
use std::path::Path;
use std::sync::Arc;

/// Reads the screenplay; one that is not there, or lies elsewhere, is left to the rules for files.
pub(super) fn read_script(
    draft: &ProductionDraft,
    folder: &Path,
    limits: &InputLimits,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Screenplay> {
    let script = draft
        .script
        .as_ref()
        .filter(|script| !script.is_placeholder)?;
    let TextFile::Read(text) = read_text(folder, script, limits, diagnostics) else {
        return None;
    };
    let file = sources.add_file(folder.join(&script.value), Arc::clone(&text));
    Some(fountain::parse_screenplay(file, &text, diagnostics))
}
