//! Chooses the scan for a file by its first bytes, and words what it found.

use super::scan_error::{ScanError, read_array};
use super::{blend, exr, hdr, jpeg, png};
use crate::base::bounded_text::open_regular_file;
use crate::model::file_kind::FileKind;
use std::io::{self, BufRead, BufReader, Cursor, Seek};
use std::path::Path;

/// Checks that a picture or Blender file is whole.
///
/// # Errors
/// Returns what is missing, in words that follow the name of the file: `ends in line 12 of 512`.
pub fn check_file_complete(path: &Path) -> Result<(), String> {
    open_regular_file(path).map_or_else(
        |_| Err(too_short_message()),
        |file| scan_file(&mut BufReader::new(file)),
    )
}

/// Checks a picture in memory, as [`check_file_complete`] does.
///
/// # Errors
/// Returns what is missing.
pub fn check_bytes_complete(bytes: &[u8]) -> Result<(), String> {
    scan_file(&mut Cursor::new(bytes))
}

fn scan_file(file: &mut (impl BufRead + Seek)) -> Result<(), String> {
    let Ok(head) = read_array::<8>(file) else {
        return Err(too_short_message());
    };
    // Of a kind that can be written in several ways, only the plain one is followed.
    let result = match (FileKind::from_head(&head), head) {
        (FileKind::Hdr, _) => hdr::scan_hdr(file),
        (FileKind::Exr, [.., 2, flags, 0, 0]) if flags & 0b1_1010 == 0 => exr::scan_exr(file),
        (FileKind::Blend, [b'B', .., pointers @ (b'-' | b'_')]) => {
            blend::scan_blend(file, pointers == b'_')
        }
        (FileKind::Png, _) => png::scan_png(file),
        (FileKind::Jpeg, _) => jpeg::scan_jpeg(file),
        _ => Ok(()),
    };
    match result {
        Err(ScanError::Truncated(why)) => Err(why),
        Err(ScanError::Io(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err("ends in the middle".to_owned())
        }
        // A file that cannot be read is another finding, with a code of its own.
        Err(ScanError::Io(_)) | Ok(()) => Ok(()),
    }
}

fn too_short_message() -> String {
    "is too short to be a picture or a Blender file".to_owned()
}

#[cfg(test)]
mod tests {
    use crate::media::integrity::sample::check_cut;

    #[test]
    fn a_file_of_an_unknown_form_counts_as_whole() {
        assert_eq!(check_cut(b"BLENDER17-01v0500", 17), Ok(()));
        assert_eq!(check_cut(b"\x28\xb5\x2f\xfd and so on", 13), Ok(()));
        assert!(check_cut(b"glTF", 4).is_err());
    }
}
