//! The text of a file that the document names: inside the project's folder, not too large, UTF-8.

use crate::base::{Diagnostic, Diagnostics, Spanned};
use crate::document::InputLimits;
use crate::document::input_limits::SIZE_HELP;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// How a named file was found.
pub(super) enum TextFile {
    /// It is there and is text.
    Read(Arc<str>),
    /// It cannot be used, and that was told.
    Reported,
    /// There is no such file.
    Missing,
    /// It lies outside of the project's folder, and was not opened.
    OutsideProject,
}

/// Reads a named file, at most one byte more than allowed, so that a huge or endless one costs nothing.
pub(super) fn read_text(
    folder: &Path,
    named: &Spanned<String>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> TextFile {
    let path = folder.join(&named.value);
    let (Ok(path), Ok(root)) = (
        path.canonicalize(),
        folder_or_current(folder).canonicalize(),
    ) else {
        return TextFile::Missing;
    };
    if !path.starts_with(root) {
        return TextFile::OutsideProject;
    }
    // A pipe would be waited for, a device never ends.
    let bytes = path
        .is_file()
        .then(|| read_bounded(&path, limits.file_bytes))
        .flatten();
    let Some(bytes) = bytes else {
        return TextFile::Missing;
    };
    match decode_text(bytes, named, limits) {
        Ok(text) => TextFile::Read(text),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            TextFile::Reported
        }
    }
}

/// A document named without a folder lies in the working one.
fn folder_or_current(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

fn read_bounded(path: &Path, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .ok()?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

fn decode_text(
    bytes: Vec<u8>,
    named: &Spanned<String>,
    limits: &InputLimits,
) -> Result<Arc<str>, Box<Diagnostic>> {
    if bytes.len() as u64 > limits.file_bytes.min(u64::from(u32::MAX)) {
        let message = format!(
            "`{}` is larger than {} bytes",
            named.value, limits.file_bytes
        );
        let diagnostic = Diagnostic::error("production::files::too_large", named.origin, message);
        return Err(Box::new(diagnostic.with_help(SIZE_HELP)));
    }
    let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').into()),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let message = format!(
                "`{}` is not UTF-8 text; the first wrong byte is at {offset}",
                named.value
            );
            let help = if utf_16 {
                "it is UTF-16; save it as UTF-8"
            } else {
                "save it as UTF-8"
            };
            let diagnostic =
                Diagnostic::error("production::files::not_text", named.origin, message);
            Err(Box::new(diagnostic.with_help(help)))
        }
    }
}
