//! Blender files of the form in use until version 4: a header of twelve bytes, then blocks, the last one `ENDB`.

use super::scan_error::{ScanError, read_array, stream_length};
use std::io::{BufRead, Seek, SeekFrom};

/// Follows the file behind the eight bytes that name it and the width of its pointers; other forms count as whole.
pub(super) fn scan_blend(
    file: &mut (impl BufRead + Seek),
    short_pointers: bool,
) -> Result<(), ScanError> {
    let end = stream_length(file)?;
    let order: [u8; 4] = read_array(file)?;
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
        let header = if short_pointers { 20 } else { 24 };
        offset += header + u64::from(u32::from_le_bytes(read_array(file)?));
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
