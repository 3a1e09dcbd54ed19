//! Reads a text file that the document names: inside the folder of the project, within the size
//! limit, UTF-8.

use crate::base::bounded_text::{
    BoundedTextError, bounded_text, read_bounded, without_byte_order_mark,
};
use crate::base::paths::{LocatedPath, locate_inside};
use crate::base::{Diagnostic, Diagnostics, Spanned};
use crate::document::InputLimits;
use crate::document::input_limits::SIZE_HELP;
use std::path::Path;
use std::sync::Arc;

/// The result of reading a named file.
pub(super) enum TextFile {
    /// The text, without a byte-order mark.
    Read(Arc<str>),
    /// It is too large or not text. A diagnostic was added.
    Reported,
    /// There is no such file, or it cannot be read. No diagnostic was added.
    Missing,
    /// It is outside of the folder of the project and was not opened. No diagnostic was added.
    OutsideProject,
    /// Its first bytes are those of another format. No diagnostic was added.
    Foreign,
}

/// Reads a named file, at most one byte more than the limit. Diagnostics for missing files are left
/// to the caller, which knows what the file is.
pub(super) fn read_text(
    folder: &Path,
    named: &Spanned<String>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> TextFile {
    read_text_unless(|_| false, folder, named, limits, diagnostics)
}

/// As [`read_text`], but a file whose first bytes are those of another format is not decoded: a
/// PDF is more than wrong UTF-8.
pub(super) fn read_text_unless(
    is_foreign: impl Fn(&[u8]) -> bool,
    folder: &Path,
    named: &Spanned<String>,
    limits: &InputLimits,
    diagnostics: &mut Diagnostics,
) -> TextFile {
    let path = match locate_inside(folder, &folder.join(&named.value)) {
        Ok(LocatedPath::Inside { real, .. }) => real,
        Ok(LocatedPath::Outside) => return TextFile::OutsideProject,
        Err(_) => return TextFile::Missing,
    };
    // A pipe would be waited for, a device never ends.
    let bytes = path
        .is_file()
        .then(|| read_bounded(&path, limits.file_bytes).ok())
        .flatten();
    let Some(bytes) = bytes else {
        return TextFile::Missing;
    };
    if is_foreign(&bytes) {
        return TextFile::Foreign;
    }
    match decode_text(&bytes, named, limits) {
        Ok(text) => TextFile::Read(text),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            TextFile::Reported
        }
    }
}

fn decode_text(
    bytes: &[u8],
    named: &Spanned<String>,
    limits: &InputLimits,
) -> Result<Arc<str>, Box<Diagnostic>> {
    match bounded_text(bytes, limits.file_bytes.min(u64::from(u32::MAX))) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').into()),
        Err(BoundedTextError::TooLarge) => {
            let message = format!(
                "`{}` is larger than {} bytes",
                named.value, limits.file_bytes
            );
            let diagnostic =
                Diagnostic::error("production::files::too_large", named.origin, message);
            Err(Box::new(diagnostic.with_help(SIZE_HELP)))
        }
        Err(BoundedTextError::NotUtf8 { valid_up_to }) => {
            let utf_16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
            // Editors count the byte from the start of the file.
            let offset = bytes.len() - without_byte_order_mark(bytes).len() + valid_up_to;
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
