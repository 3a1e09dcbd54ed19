//! Reads files of unknown size as text, up to a limit.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What some editors write before UTF-8.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why bytes are not a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoundedTextError {
    /// There are more than were allowed.
    TooLarge,
    /// They are not UTF-8.
    NotUtf8 {
        /// How many bytes behind a byte-order mark are text.
        valid_up_to: usize,
    },
}

/// Opens a file that ends. Folders, pipes and devices are refused: a pipe would wait for a writer
/// that may never come, and a device never ends.
///
/// # Errors
/// Fails when there is no such file, it cannot be opened, or it is not a file.
pub fn open_regular_file(path: &Path) -> io::Result<File> {
    // Before opening, because opening a pipe is what waits.
    require_regular_file(path)?;
    File::open(path)
}

/// Refuses a path of which opening could wait, or reading would never end.
///
/// # Errors
/// Fails when there is no such file, or it is not a file.
pub fn require_regular_file(path: &Path) -> io::Result<()> {
    if path.metadata()?.is_file() {
        return Ok(());
    }
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        "it is not a file",
    ))
}

/// Reads at most one byte more than allowed: a huge file costs nothing, and [`bounded_text`] sees
/// that it is too large.
///
/// # Errors
/// Fails when it is not a file or cannot be read.
pub fn read_bounded(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_at_most(open_regular_file(path)?, max_bytes)
}

/// Reads like [`read_bounded`], and also from pipes and devices, for a path that the user typed.
///
/// # Errors
/// Fails when it cannot be read.
pub fn read_stream_bounded(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_at_most(File::open(path)?, max_bytes)
}

fn read_at_most(file: File, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // A byte more, so that the caller can tell a file of this size from a larger one.
    file.take(max_bytes.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads the first bytes of a file, as many as it has and at most `max_bytes`.
///
/// # Errors
/// Fails when the file cannot be read.
pub fn read_head(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open_regular_file(path)?
        .take(max_bytes)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file as text of at most `max_bytes` bytes.
///
/// # Errors
/// Fails when the file cannot be read, is larger, or is not UTF-8.
pub fn read_bounded_text(path: &Path, max_bytes: u64) -> io::Result<String> {
    let bytes = read_bounded(path, max_bytes)?;
    match bounded_text(&bytes, max_bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(BoundedTextError::TooLarge) => Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {max_bytes} bytes"),
        )),
        Err(BoundedTextError::NotUtf8 { .. }) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "it is not UTF-8 text",
        )),
    }
}

/// Returns the bytes without the byte-order mark that editors do not show: with it, the columns of
/// the first line are wrong.
#[must_use]
pub fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// Returns the text that at most `max_bytes` bytes hold, without a byte-order mark.
///
/// # Errors
/// Fails when there are more bytes, or they are not UTF-8.
pub fn bounded_text(bytes: &[u8], max_bytes: u64) -> Result<&str, BoundedTextError> {
    if bytes.len() as u64 > max_bytes {
        return Err(BoundedTextError::TooLarge);
    }
    std::str::from_utf8(without_byte_order_mark(bytes)).map_err(|error| BoundedTextError::NotUtf8 {
        valid_up_to: error.valid_up_to(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_file_is_read_no_further_than_to_see_that_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("text");
        std::fs::write(&path, "0123456789").unwrap();
        assert_eq!(read_bounded(&path, 4).unwrap(), b"01234");
        assert_eq!(read_head(&path, 4).unwrap(), b"0123");
        assert_eq!(bounded_text(b"01234", 4), Err(BoundedTextError::TooLarge));
        assert_eq!(read_bounded_text(&path, 10).unwrap(), "0123456789");
        let refused = read_bounded_text(&path, 9).unwrap_err();
        assert_eq!(refused.to_string(), "it has more than 9 bytes");
        assert_eq!(bounded_text(b"0123", 4), Ok("0123"));
    }

    #[test]
    fn a_byte_order_mark_is_no_text_and_counts_for_no_place() {
        assert_eq!(bounded_text(b"\xef\xbb\xbfab", 9), Ok("ab"));
        assert_eq!(
            bounded_text(b"\xef\xbb\xbfab\xff", 9),
            Err(BoundedTextError::NotUtf8 { valid_up_to: 2 })
        );
    }
}
