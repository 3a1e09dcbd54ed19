//! Helpers for tests of whole and cut files.

use super::{check_bytes_complete, check_file_complete};
use std::io::Cursor;

/// Checks the first `length` of these bytes, as a file and in memory.
pub(super) fn check_cut(bytes: &[u8], length: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, &bytes[..length]).unwrap();
    let checked = check_file_complete(&path);
    assert_eq!(check_bytes_complete(&bytes[..length]), checked);
    checked
}

/// Returns a picture of 64 by 64 pixels, no two rows alike, as a file of this kind.
pub(in crate::media) fn sample_picture(format: image::ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_fn(64, 64, |x, y| {
        image::Rgb([x, y, x * y].map(|n| u8::try_from(n % 251).unwrap()))
    });
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}
