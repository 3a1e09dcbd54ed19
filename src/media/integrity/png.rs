//! Scans PNG pictures: a signature of eight bytes, then chunks up to `IEND`.

use super::scan_error::{ScanError, read_array, stream_length};
use std::io::{BufRead, Seek, SeekFrom};

/// The longest chunk of the format, in bytes.
const LONGEST_CHUNK: u32 = (1 << 31) - 1;
/// Bytes of a chunk besides its data: length, type and checksum.
const CHUNK_OVERHEAD: u64 = 12;

/// Scans the chunks after the signature.
pub(super) fn scan_png(file: &mut (impl BufRead + Seek)) -> Result<(), ScanError> {
    let end = stream_length(file)?;
    let mut offset = 8;
    loop {
        let (Ok(size), Ok(kind)) = (
            read_array(file).map(u32::from_be_bytes),
            read_array::<4>(file),
        ) else {
            return Err(ScanError::Truncated(
                "ends without its last chunk".to_owned(),
            ));
        };
        // This is damage and not a cut. The decoder has the better message.
        if size > LONGEST_CHUNK {
            return Ok(());
        }
        offset += CHUNK_OVERHEAD + u64::from(size);
        match &kind {
            // A seek beyond the end succeeds, so the length must be compared.
            _ if offset > end && &kind == b"IDAT" => {
                return Err(ScanError::Truncated(
                    "ends in the middle of its pixels".to_owned(),
                ));
            }
            _ if offset > end => {
                return Err(ScanError::Truncated(
                    "ends in the middle of a chunk".to_owned(),
                ));
            }
            b"IEND" => return Ok(()),
            _ => file.seek(SeekFrom::Start(offset))?,
        };
    }
}

#[cfg(test)]
mod tests {
    use crate::media::integrity::sample::{check_cut, sample_picture};

    #[test]
    fn a_png_is_followed_to_its_last_chunk() {
        let bytes = sample_picture(image::ImageFormat::Png);
        assert_eq!(check_cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(
            check_cut(&bytes, bytes.len() - 1),
            Err("ends in the middle of a chunk".to_owned())
        );
        assert_eq!(
            check_cut(&bytes, bytes.len() - 12),
            Err("ends without its last chunk".to_owned())
        );
        assert_eq!(
            check_cut(&bytes, bytes.len() / 2),
            Err("ends in the middle of its pixels".to_owned())
        );
    }
}
