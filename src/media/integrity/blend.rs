//! Scans Blender files up to version 4: a header of twelve bytes, then blocks up to `ENDB`.

use super::scan_error::{ScanError, read_array, stream_length};
use std::io::{BufRead, Seek, SeekFrom};

/// Scans the blocks after the first eight bytes, which name the format and the width of pointers.
/// Other forms pass.
pub(super) fn scan_blend(
    file: &mut (impl BufRead + Seek),
    short_pointers: bool,
) -> Result<(), ScanError> {
    let end = stream_length(file)?;
    let order: [u8; 4] = read_array(file)?;
    // Lengths in big-endian files would be misread, and a whole file reported as cut short.
    if order[0] != b'v' {
        return Ok(());
    }
    let mut offset = 12;
    loop {
        let Ok(code) = read_array::<4>(file) else {
            return Err(ScanError::Truncated(
                "ends without its last block".to_owned(),
            ));
        };
        if &code == b"ENDB" {
            return Ok(());
        }
        // The header holds an address, so its size depends on the pointers of the machine that
        // saved it.
        let header = if short_pointers { 20 } else { 24 };
        offset += header + u64::from(u32::from_le_bytes(read_array(file)?));
        // A seek beyond the end succeeds, so the length must be compared.
        if offset > end {
            return Err(ScanError::Truncated(
                "ends in the middle of a block".to_owned(),
            ));
        }
        file.seek(SeekFrom::Start(offset))?;
    }
}

#[cfg(test)]
mod tests {
    use crate::media::integrity::sample::check_cut;

    #[test]
    fn a_blender_file_is_followed_to_its_last_block() {
        let mut bytes = b"BLENDER-v402DATA\x08\0\0\0".to_vec();
        bytes.extend([0; 16 + 8]);
        bytes.extend(b"ENDB");
        bytes.extend([0; 20]);
        assert_eq!(check_cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(
            check_cut(&bytes, 40),
            Err("ends in the middle of a block".to_owned())
        );
        assert_eq!(
            check_cut(&bytes, 44),
            Err("ends without its last block".to_owned())
        );
    }
}
