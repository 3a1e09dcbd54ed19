//! Reads the text of a file: with a limit on its bytes, as UTF-8, and only from a file that ends.

use super::input_limits::{InputLimits, SIZE_HELP};
use super::quote::quote_value;
use crate::base::bounded_text::{
    BoundedTextError, bounded_text, read_bounded, without_byte_order_mark,
};
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads a file that no document names, such as one of presets. Reports what is wrong with it.
/// Returns `None` if there is no such file.
pub fn read_text_file(
    path: PathBuf,
    limits: &InputLimits,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<(FileId, Arc<str>)> {
    // A missing file is normal here, since nothing names it.
    // A dead link is not: someone wanted the file there, and the production would silently be
    // another one without it.
    path.symlink_metadata().ok()?;
    match read_bounded(&path, limits.file_bytes) {
        Ok(bytes) => {
            let (file, text) = decode_text(path, &bytes, limits.file_bytes, sources, diagnostics);
            text.map(|text| (file, text))
        }
        Err(source) => {
            let shown = path.clone();
            // Nothing in the document names the file, so it becomes a source without text for the
            // diagnostic.
            let origin = FileSpan::new(sources.add_file(path, ""), 0, 0);
            diagnostics.push(unreadable_file(&shown, origin, &source));
            None
        }
    }
}

/// Adds a file to the sources. Returns its text if it has at most `max_bytes` and is UTF-8.
pub(super) fn decode_text(
    shown: PathBuf,
    bytes: &[u8],
    max_bytes: u64,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> (FileId, Option<Arc<str>>) {
    match bounded_text(bytes, max_bytes) {
        Err(BoundedTextError::TooLarge) => {
            let file = sources.add_file(shown, "");
            let message = "the file is too large, alone or together with the others";
            let large = Diagnostic::error(
                "production::yaml::too_large",
                FileSpan::new(file, 0, 0),
                message,
            );
            diagnostics.push(large.with_help(SIZE_HELP));
            (file, None)
        }
        Ok(text) => {
            let text: Arc<str> = text.into();
            (sources.add_file(shown, Arc::clone(&text)), Some(text))
        }
        Err(BoundedTextError::NotUtf8 { valid_up_to }) => {
            let text = String::from_utf8_lossy(without_byte_order_mark(bytes));
            let file = sources.add_file(shown, text.as_ref());
            diagnostics.push(not_utf8(file, valid_up_to));
            (file, None)
        }
    }
}

pub(super) fn unreadable_file(path: &Path, origin: FileSpan, source: &io::Error) -> Diagnostic {
    let message = format!(
        "cannot read {}: {source}",
        quote_value(&path.display().to_string())
    );
    Diagnostic::error("production::document::unreadable_file", origin, message)
}

fn not_utf8(file: FileId, offset: usize) -> Diagnostic {
    let start = u32::try_from(offset).unwrap_or(u32::MAX);
    // The lossy text equals the file up to the first bad byte, where it has the three bytes of
    // U+FFFD.
    let origin = FileSpan::new(file, start, start.saturating_add(3));
    let diagnostic = Diagnostic::error(
        "production::yaml::not_utf8",
        origin,
        format!("not UTF-8 at byte {offset}"),
    );
    diagnostic.with_help("save the file as UTF-8")
}
