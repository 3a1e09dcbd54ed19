//! Reads screenplays: the one that the document names, and one without a document.

use super::text_file::{TextFile, read_text_unless};
use crate::base::bounded_text::{BoundedTextError, bounded_text, read_bounded};
use crate::base::{Diagnostic, Diagnostics, SourceMap};
use crate::document::InputLimits;
use crate::document::draft::ProductionDraft;
use crate::model::file_kind::FileKind;
use crate::story::{Screenplay, ScriptFormat, is_foreign_script};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A script that was opened without a document.
#[derive(Debug)]
pub struct OpenedScript {
    /// The script. `None` if a diagnostic is an error.
    pub screenplay: Option<Screenplay>,
    /// Every diagnostic, sorted by position.
    pub diagnostics: Diagnostics,
    /// The file.
    pub sources: SourceMap,
}

/// Why a script could not be opened. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ScriptFileError {
    /// It cannot be read.
    #[error("read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is larger than the limit.
    #[error("read {}: it is larger than the limit; raise it with --max-size", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// It is larger than a script.
    #[error("read {}: {why}; a script of 300 pages has less than 1 MB of text", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Its size and the limit.
        why: String,
    },
    /// It is of another kind.
    #[error("read {} as a script: it is {noun}, and scripts are Fountain or Final Draft (.fdx)", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is.
        noun: &'static str,
    },
}

/// Reads a script on its own.
///
/// # Errors
/// Fails for a file that is no text, or cannot be read. What is wrong in a script is a diagnostic.
pub fn open_script(path: &Path, limits: &InputLimits) -> Result<OpenedScript, ScriptFileError> {
    let path_of = || path.to_owned();
    let bytes = read_bounded(path, limits.file_bytes).map_err(|source| ScriptFileError::Io {
        path: path_of(),
        source,
    })?;
    let foreign = |noun| ScriptFileError::Foreign {
        path: path_of(),
        noun,
    };
    if is_foreign_script(&bytes) {
        let noun = FileKind::from_head(&bytes).foreign_script_noun();
        return Err(foreign(noun.unwrap_or("no text")));
    }
    let limit = limits.file_bytes.min(u64::from(u32::MAX));
    let text = match bounded_text(&bytes, limit) {
        Ok(text) if !text.contains('\0') => text.trim_start_matches('\u{feff}').to_owned(),
        Err(BoundedTextError::TooLarge) => {
            return Err(ScriptFileError::TooLarge { path: path_of() });
        }
        Ok(_) | Err(_) => return Err(foreign("no text in UTF-8")),
    };
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let format = ScriptFormat::detect(path, &text);
    if let Some(why) = format.size_fault(&text) {
        return Err(ScriptFileError::TooLong {
            path: path_of(),
            why,
        });
    }
    let text: Arc<str> = text.into();
    let file = sources.add_file(path, Arc::clone(&text));
    let screenplay = format.parse(file, &text, &mut diagnostics);
    Ok(OpenedScript {
        screenplay,
        diagnostics: diagnostics.into_sorted(),
        sources,
    })
}

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
    let path = folder.join(&script.value);
    let format = ScriptFormat::detect(&path, &text);
    if let Some(why) = format.size_fault(&text) {
        let message = format!("`{}` is too large: {why}", script.value);
        let found = Diagnostic::error("production::files::too_large", script.origin, message);
        let help = "a script of 300 pages has less than 1 MB of text; divide it";
        diagnostics.push(found.with_help(help));
        return None;
    }
    let file = sources.add_file(path, Arc::clone(&text));
    format.parse(file, &text, diagnostics)
}
