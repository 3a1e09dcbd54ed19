//! The text of a file: at most so many bytes, UTF-8, and from a file that ends.

use super::limits::{Limits, SIZE_HELP};
use super::quote::quoted;
use crate::base::{Diagnostic, Diagnostics, FileId, FileSpan, SourceMap};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Reads a file that nothing names, such as one of presets; what is wrong with it is reported. Returns nothing where there
/// is no such file.
pub fn read(
    path: PathBuf,
    limits: &Limits,
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) -> Option<(FileId, Arc<str>)> {
    let kind = std::fs::metadata(&path).ok()?;
    // A pipe would be waited for.
    let bytes = if kind.is_file() {
        bytes(&path, limits.file_bytes)
    } else {
        Err(not_a_file())
    };
    match bytes {
        Ok(bytes) => {
            let (file, text) = decoded(path, &bytes, limits.file_bytes, sources, found);
            text.map(|text| (file, text))
        }
        Err(source) => {
            let shown = path.clone();
            let origin = FileSpan::new(sources.add_file(path, ""), 0, 0);
            found.push(unreadable(&shown, origin, &source));
            None
        }
    }
}

fn not_a_file() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is not a file")
}

/// Reads at most one byte more than allowed, so that a huge or endless file costs nothing.
pub(super) fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Adds a file to the sources; returns its text if it is of at most `most` bytes, and UTF-8.
pub(super) fn decoded(
    shown: PathBuf,
    bytes: &[u8],
    most: u64,
    sources: &mut SourceMap,
    found: &mut Diagnostics,
) -> (FileId, Option<Arc<str>>) {
    if bytes.len() as u64 > most {
        let file = sources.add_file(shown, "");
        let message = "the file is too large, alone or together with the others";
        let large = Diagnostic::error(
            "production::yaml::too_large",
            FileSpan::new(file, 0, 0),
            message,
        );
        found.push(large.with_help(SIZE_HELP));
        return (file, None);
    }
    // Editors do not show a byte-order mark; without it, columns of the first line are right.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let text: Arc<str> = text.into();
            (sources.add_file(shown, Arc::clone(&text)), Some(text))
        }
        Err(error) => {
            let file = sources.add_file(shown, String::from_utf8_lossy(bytes).as_ref());
            found.push(not_utf8(file, error.valid_up_to()));
            (file, None)
        }
    }
}

pub(super) fn unreadable(path: &Path, origin: FileSpan, source: &io::Error) -> Diagnostic {
    let message = format!(
        "cannot read {}: {source}",
        quoted(&path.display().to_string())
    );
    Diagnostic::error("production::document::unreadable_file", origin, message)
}

fn not_utf8(file: FileId, at: usize) -> Diagnostic {
    let start = u32::try_from(at).unwrap_or(u32::MAX);
    // The lossy text equals the file up to the first bad byte, and has a three-byte stand-in there.
    let origin = FileSpan::new(file, start, start.saturating_add(3));
    let found = Diagnostic::error(
        "production::yaml::not_utf8",
        origin,
        format!("not UTF-8 at byte {at}"),
    );
    found.with_help("save the file as UTF-8")
}
