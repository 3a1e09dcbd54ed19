//! Scans JPEG pictures: segments after markers of two bytes, pixels between them, and an end
//! marker.
//!
//! Decoders fill a missing part with grey and report nothing, so the end marker is the only sign of
//! a whole picture.

use super::scan_error::{ScanError, read_array};
use std::io::{self, BufRead, Seek};

/// Scans the file from after its first marker to its end marker.
pub(super) fn scan_jpeg(file: &mut (impl BufRead + Seek)) -> Result<(), ScanError> {
    file.seek(io::SeekFrom::Start(2))?;
    loop {
        // Among pixels, 0xff is followed by a zero or is a restart marker. Every other 0xff begins
        // a segment.
        file.skip_until(0xff)?;
        let [mut marker] = read_array(file)?;
        // Any number of 0xff may fill the space before a marker.
        while marker == 0xff {
            [marker] = read_array(file)?;
        }
        match marker {
            0xd9 => return Ok(()),
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let size = u16::from_be_bytes(read_array(file)?);
                // Segments are skipped whole, since a thumbnail in one has an end marker of its
                // own. The size includes its own two bytes.
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
