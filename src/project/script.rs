//! Text files that the document names: the screenplay, and shot lists.

use crate::base::paths::escapes;
use crate::base::{Diagnostic, Diagnostics, Sources, Spanned};
use crate::document::draft::ProductionDraft;
use crate::story::{Screenplay, fountain};
use std::path::Path;
use std::sync::Arc;

pub(super) fn read_script(
    draft: &ProductionDraft,
    folder: &Path,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Screenplay> {
    let script = draft.script.as_ref().filter(|script| !script.hole)?;
    if escapes(folder, Path::new(&script.value.replace('\\', "/"))) {
        return None; // The rule for files outside the project says so.
    }
    let path = folder.join(&script.value);
    let text = read_text(&path, script, found)?;
    let file = sources.add(path, Arc::clone(&text));
    Some(fountain::read(file, &text, found))
}

/// Returns a named file's text; one that is not there is left to the rule for missing files.
pub(super) fn read_text(path: &Path, named: &Spanned<String>, found: &mut Diagnostics) -> Option<Arc<str>> {
    let bytes = std::fs::read(path).ok()?;
    match String::from_utf8(bytes) {
        Ok(text) => Some(text.trim_start_matches('\u{feff}').into()),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("`{}` is not UTF-8 text; the first wrong byte is at {at}", named.value);
            let help = "save it as UTF-8";
            found.push(Diagnostic::error("production::files::not_text", named.origin, message).help(help));
            None
        }
    }
}
