//! Why a file was followed no further, and the small reads that all kinds share.

use std::io::{self, Read, Seek, SeekFrom};

/// Why a file was followed no further.
#[derive(Debug)]
pub(super) enum ScanError {
    /// Something is missing.
    Truncated(String),
    /// The file ended, or the system refused.
    Io(io::Error),
}

impl From<io::Error> for ScanError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads the next bytes, as many as asked for.
pub(super) fn read_array<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Returns the length of a file, and stays where it is in it.
pub(super) fn stream_length(file: &mut impl Seek) -> io::Result<u64> {
    let position = file.stream_position()?;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(position))?;
    Ok(end)
}
