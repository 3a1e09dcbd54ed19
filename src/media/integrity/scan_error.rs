//! Errors of a scan, and small reads that all kinds share.

use std::io::{self, Read, Seek, SeekFrom};

/// Why a scan ended early.
#[derive(Debug)]
pub(super) enum ScanError {
    /// The file is cut short. The text follows its name.
    Truncated(String),
    /// A read failed. An unexpected end of the file is a cut, too.
    Io(io::Error),
}

impl From<io::Error> for ScanError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads the next `N` bytes.
pub(super) fn read_array<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Returns the length of a file without moving its position.
pub(super) fn stream_length(file: &mut impl Seek) -> io::Result<u64> {
    // By seeking and not by metadata: pictures inside models are in memory and have none.
    let position = file.stream_position()?;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(position))?;
    Ok(end)
}
