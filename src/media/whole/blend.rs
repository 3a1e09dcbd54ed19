//! Blender files of the form in use until version 4: a header of twelve bytes, then blocks, the last one `ENDB`.

use super::stop::{Stop, length, next};
use std::io::{BufRead, Seek, SeekFrom};

/// Follows the file behind the eight bytes that name it and the width of its pointers; other forms count as whole.
pub(super) fn follow(file: &mut (impl BufRead + Seek), short_pointers: bool) -> Result<(), Stop> {
    let end = length(file)?;
    let order: [u8; 4] = next(file)?;
    if order[0] != b'v' {
        return Ok(());
    }
    let mut at = 12;
    loop {
        let Ok(code) = next::<4>(file) else {
            return Err(Stop::Cut("ends without its last block".to_owned()));
        };
        if &code == b"ENDB" {
            return Ok(());
        }
        let header = if short_pointers { 20 } else { 24 };
        at += header + u64::from(u32::from_le_bytes(next(file)?));
        if at > end {
            return Err(Stop::Cut("ends in the middle of a block".to_owned()));
        }
        file.seek(SeekFrom::Start(at))?;
    }
}

#[cfg(test)]
mod tests {
    use crate::media::whole::sample::cut;

    #[test]
    fn a_blender_file_is_followed_to_its_last_block() {
        let mut bytes = b"BLENDER-v402DATA\x08\0\0\0".to_vec();
        bytes.extend([0; 16 + 8]);
        bytes.extend(b"ENDB");
        bytes.extend([0; 20]);
        assert_eq!(cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(
            cut(&bytes, 40),
            Err("ends in the middle of a block".to_owned())
        );
        assert_eq!(
            cut(&bytes, 44),
            Err("ends without its last block".to_owned())
        );
    }
}
