//! Finds programs on a search path. Only this file splits one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Returns the first executable file with this name in the folders of `search`, which is written
/// like `PATH`.
#[must_use]
pub fn find_program(name: &str, search: &OsStr) -> Option<PathBuf> {
    // Windows finds `ffmpeg` as `ffmpeg.exe`.
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(search)
        .map(|folder| folder.join(&file))
        .find(|path| is_executable(path))
}

/// Returns whether the path is a file with an execute permission.
#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    // `metadata` follows links, as exec does. A folder has execute bits too, so both are checked.
    // Whether this user may run it shows only on exec.
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
