//! PNG pictures: a signature of eight bytes, then chunks, the last one `IEND`.

use super::stop::{Stop, length, next};
use std::io::{BufRead, Seek, SeekFrom};

/// The longest chunk that the format allows, in bytes.
const LONGEST_CHUNK: u32 = (1 << 31) - 1;
/// Bytes of a chunk besides its data: length, type and check sum.
const AROUND: u64 = 12;

/// Follows the file from its first chunk on.
pub(super) fn follow(file: &mut (impl BufRead + Seek)) -> Result<(), Stop> {
    let end = length(file)?;
    let mut at = 8;
    loop {
        let (Ok(size), Ok(kind)) = (next(file).map(u32::from_be_bytes), next::<4>(file)) else {
            return Err(Stop::Cut("ends without its last chunk".to_owned()));
        };
        if size > LONGEST_CHUNK {
            return Ok(());
        }
        at += AROUND + u64::from(size);
        match &kind {
            _ if at > end && &kind == b"IDAT" => {
                return Err(Stop::Cut("ends in the middle of its pixels".to_owned()));
            }
            _ if at > end => return Err(Stop::Cut("ends in the middle of a chunk".to_owned())),
            b"IEND" => return Ok(()),
            _ => file.seek(SeekFrom::Start(at))?,
        };
    }
}

#[cfg(test)]
mod tests {
    use crate::media::whole::sample::{cut, picture};

    #[test]
    fn a_png_is_followed_to_its_last_chunk() {
        let bytes = picture(image::ImageFormat::Png);
        assert_eq!(cut(&bytes, bytes.len()), Ok(()));
        assert_eq!(
            cut(&bytes, bytes.len() - 1),
            Err("ends in the middle of a chunk".to_owned())
        );
        assert_eq!(
            cut(&bytes, bytes.len() - 12),
            Err("ends without its last chunk".to_owned())
        );
        assert_eq!(
            cut(&bytes, bytes.len() / 2),
            Err("ends in the middle of its pixels".to_owned())
        );
    }
}
