//! Locates files that a fix may change, and replaces them whole or not at all.

use super::FixedFile;
use crate::base::paths::{LocatedPath, locate_inside};
use crate::base::whole_file::replace_whole_file;
use std::io;
use std::path::{Path, PathBuf};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Why a file was not replaced. The old one is unchanged. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
#[error("write {path}: {source}")]
pub struct FixError {
    /// The file.
    pub path: PathBuf,
    /// The error of the operating system.
    pub source: io::Error,
}

impl FixedFile {
    /// Replaces the file in one step and keeps its permissions.
    ///
    /// # Errors
    /// Fails when its folder cannot be written or the disk is full.
    pub fn write(&self) -> Result<(), FixError> {
        replace_whole_file(&self.target, &self.bytes).map_err(|source| FixError {
            path: self.target.clone(),
            source,
        })
    }
}

/// Returns the real path of a file and its byte-order mark. `None` if the file is not inside `root`
/// or no longer has this text.
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
