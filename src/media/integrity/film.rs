//! Follows the outermost boxes of QuickTime and MP4 files.
//!
//! A film that was copied in part keeps its header, so players and ffprobe report the full length
//! of it. Containers that do not write their length pass; decoding finds their end.

use super::scan_error::read_array;
use crate::base::bounded_text::open_regular_file;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// First boxes of QuickTime and MP4 files.
const FIRST_BOXES: [&[u8; 4]; 6] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"];

/// Most boxes that are followed. Files have about four, and fragmented ones a few for each second.
const MAX_BOXES: usize = 1_000_000;

/// Checks that a film ends where its boxes say.
///
/// # Errors
/// Returns what is missing, in words that follow the name of the file.
pub fn check_film_complete(path: &Path) -> Result<(), String> {
    let cut = open_regular_file(path).and_then(find_cut);
    match cut {
        Ok(Some(why)) => Err(why),
        // What cannot be read has a finding of its own.
        Ok(None) | Err(_) => Ok(()),
    }
}

fn find_cut(mut file: File) -> io::Result<Option<String>> {
    let length = file.metadata()?.len();
    let mut start = 0;
    let mut has_index = false;
    for number in 0..MAX_BOXES {
        if start >= length {
            break;
        }
        file.seek(SeekFrom::Start(start))?;
        let Ok([a, b, c, d, kind @ ..]) = read_array::<8>(&mut file) else {
            return Ok((number > 0).then(|| "ends within the name of a part".to_owned()));
        };
        if number == 0 && !FIRST_BOXES.contains(&&kind) {
            return Ok(None);
        }
        has_index |= &kind == b"moov";
        let size = match u32::from_be_bytes([a, b, c, d]) {
            // To the end of the file.
            0 => break,
            1 => read_long_size(&mut file)?,
            size => u64::from(size),
        };
        // A box holds its own header, so a smaller size is damage of another kind.
        if size < 8 {
            return Ok(None);
        }
        start = start.saturating_add(size);
        if start > length {
            let name = String::from_utf8_lossy(&kind).into_owned();
            let missing = start - length;
            return Ok(Some(format!(
                "ends {missing} bytes before the end of its `{name}`"
            )));
        }
    }
    Ok((!has_index).then(|| "ends before its index (`moov`)".to_owned()))
}

fn read_long_size(file: &mut impl Read) -> io::Result<u64> {
    read_array::<8>(file).map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(bytes: &[u8]) -> Result<(), String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("film.mp4");
        std::fs::write(&path, bytes).unwrap();
        check_film_complete(&path)
    }

    const WHOLE: &[u8] = b"\0\0\0\x0cftypisom\0\0\0\x0amoov..\0\0\0\x0cmdat1234";

    #[test]
    fn a_film_that_ends_within_a_box_is_cut_short() {
        assert_eq!(checked(WHOLE), Ok(()));
        assert_eq!(
            checked(&WHOLE[..WHOLE.len() - 3]),
            Err("ends 3 bytes before the end of its `mdat`".to_owned())
        );
    }

    #[test]
    fn a_film_without_its_index_is_cut_short() {
        assert_eq!(
            checked(b"\0\0\0\x0cftypisom\0\0\0\x0cmdat1234"),
            Err("ends before its index (`moov`)".to_owned())
        );
    }

    #[test]
    fn other_containers_pass() {
        assert_eq!(checked(b"\x1a\x45\xdf\xa3 and so on"), Ok(()));
    }
}
