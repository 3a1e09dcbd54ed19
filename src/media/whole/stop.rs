//! Why a file was followed no further, and the small reads that all kinds share.

use std::io::{self, Read, Seek, SeekFrom};

/// Why a file was followed no further.
#[derive(Debug)]
pub(super) enum Stop {
    /// Something is missing.
    Cut(String),
    /// The file ended, or the system refused.
    End(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::End(error)
    }
}

/// Reads the next bytes, as many as asked for.
pub(super) fn next<const N: usize>(file: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Returns the length of a file, and stays where it is in it.
pub(super) fn length(file: &mut impl Seek) -> io::Result<u64> {
    let at = file.stream_position()?;
    let end = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(at))?;
    Ok(end)
}
