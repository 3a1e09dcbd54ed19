//! Reads the screenplay that the document names.

use super::text_file::{TextFile, read_text_unless};
use crate::base::{Diagnostic, Diagnostics, SourceMap};
use crate::document::InputLimits;
use crate::document::draft::ProductionDraft;
use crate::story::{Screenplay, fountain, is_foreign_script};
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
    // A missing script, one outside of the project, or one of another format is reported by rules,
    // which look at every file that the document names. A second diagnostic would repeat it.
    let TextFile::Read(text) =
        read_text_unless(is_foreign_script, folder, script, limits, diagnostics)
    else {
        return None;
    };
    // UTF-16 without a byte-order mark is UTF-8 with many NULs, and a screenplay without a scene.
    if text.contains('\0') {
        let message = format!("`{}` has NUL characters, so it is no text", script.value);
        let found = Diagnostic::error("production::files::not_text", script.origin, message);
        diagnostics.push(found.with_help("if it is UTF-16, save it as UTF-8"));
        return None;
    }
    let file = sources.add_file(folder.join(&script.value), Arc::clone(&text));
    Some(fountain::parse_screenplay(file, &text, diagnostics))
}
