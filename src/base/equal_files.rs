//! Whether two files have the same bytes.

use std::fs::File;
use std::io::{BufRead, BufReader, Result};
use std::path::Path;

/// Returns whether two files have the same bytes. Files of different lengths are not read.
///
/// # Errors
/// Fails if either cannot be read.
pub fn have_equal_bytes(one: &Path, other: &Path) -> Result<bool> {
    let (one, other) = (File::open(one)?, File::open(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (BufReader::new(one), BufReader::new(other));
    loop {
        let (left, right) = (one.fill_buf()?, other.fill_buf()?);
        let count = left.len().min(right.len());
        if count == 0 {
            return Ok(left.len() == right.len());
        }
        if left[..count] != right[..count] {
            return Ok(false);
        }
        one.consume(count);
        other.consume(count);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_equal_by_their_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let long = vec![7; 100_000];
        let mut late = long.clone();
        late[99_999] = 8;
        let one = write("one", &long);
        assert!(have_equal_bytes(&one, &write("same", &long)).unwrap());
        assert!(!have_equal_bytes(&one, &write("late", &late)).unwrap());
        assert!(!have_equal_bytes(&one, &write("longer", &[7; 100_001])).unwrap());
        let empty = write("empty", b"");
        assert!(have_equal_bytes(&empty, &write("other", b"")).unwrap());
        assert!(have_equal_bytes(&one, &folder.path().join("none")).is_err());
    }
}
