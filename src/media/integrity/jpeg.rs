//! JPEG pictures: segments behind markers of two bytes, pixels between them, and a marker at the end.
//!
//! Decoders fill what is missing with grey and say nothing, so the end marker is the only sign of a whole picture.

use super::scan_error::{ScanError, read_array};
use std::io::{self, BufRead, Seek};

/// Follows the file from behind its first marker. Bytes `0xff` among the pixels are followed by a zero or count a restart,
/// so every other one is a marker.
pub(super) fn scan_jpeg(file: &mut (impl BufRead + Seek)) -> Result<(), ScanError> {
    file.seek(io::SeekFrom::Start(2))?;
    loop {
        file.skip_until(0xff)?;
        let [mut marker] = read_array(file)?;
        while marker == 0xff {
            [marker] = read_array(file)?;
        }
        match marker {
            0xd9 => return Ok(()),
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let size = u16::from_be_bytes(read_array(file)?);
                file.seek_relative(i64::from(size.saturating_sub(2)))?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::media::integrity::sample::{check_cut, sample_picture};

    #[test]
    fn a_jpeg_is_followed_to_its_end_marker() {
        let bytes = sample_picture(image::ImageFormat::Jpeg);
        assert_eq!(check_cut(&bytes, bytes.len()), Ok(()));
        for length in [bytes.len() - 1, bytes.len() - 2, bytes.len() / 2, 30] {
            assert_eq!(
                check_cut(&bytes, length),
                Err("ends in the middle".to_owned())
            );
        }
    }
}
