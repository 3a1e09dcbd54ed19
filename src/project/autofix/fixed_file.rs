//! Files of a project that may be changed: found, compared with what was read, replaced whole or not at all.

use super::FixedFile;
use crate::base::paths::{LocatedPath, locate_inside};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file was not replaced; the old one still stands. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
#[error("write {path}: {source}")]
pub struct FixError {
    /// The file.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}

impl FixedFile {
    /// Replaces the file at once, its permissions kept.
    ///
    /// # Errors
    /// Fails when its folder cannot be written or the disk is full.
    pub fn write(&self) -> Result<(), FixError> {
        self.replace_file().map_err(|source| FixError {
            path: self.target.clone(),
            source,
        })
    }

    fn replace_file(&self) -> io::Result<()> {
        let folder = self.target.parent().unwrap_or(Path::new("."));
        let permissions = std::fs::metadata(&self.target)?.permissions();
        let mut partial = tempfile::Builder::new()
            .prefix(".partial-")
            .tempfile_in(folder)?;
        partial.write_all(&self.bytes)?;
        partial.as_file().set_permissions(permissions)?;
        partial.as_file().sync_all()?;
        partial.persist(&self.target)?;
        Ok(())
    }
}

/// Returns where a file lies and its byte-order mark, if it lies inside `root` and holds what was read from it.
pub(super) fn locate_target(
    path: &Path,
    root: &Path,
    text: &str,
) -> Option<(PathBuf, &'static [u8])> {
    let LocatedPath::Inside { real: target, .. } = locate_inside(root, path).ok()? else {
        return None;
    };
    let bytes = std::fs::read(&target).ok()?;
    match bytes.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) if rest == text.as_bytes() => Some((target, BYTE_ORDER_MARK)),
        _ => (bytes == text.as_bytes()).then_some((target, b"")),
    }
}
