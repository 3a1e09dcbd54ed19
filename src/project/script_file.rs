//! Reads the screenplay that the document names.

use super::text_file::{TextFile, read_text};
use crate::base::{Diagnostics, SourceMap};
use crate::document::InputLimits;
use crate::document::draft::ProductionDraft;
use crate::story::{Screenplay, fountain};
use std::path::Path;
use std::sync::Arc;

/// Reads the screenplay. `None` if the document names none, or if it cannot be read.
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
    // A missing script, or one outside of the project, is reported by the rules for files, which
    // look at every file that the document names. A second diagnostic here would repeat it.
    let TextFile::Read(text) = read_text(folder, script, limits, diagnostics) else {
        return None;
    };
    let file = sources.add_file(folder.join(&script.value), Arc::clone(&text));
    Some(fountain::parse_screenplay(file, &text, diagnostics))
}
