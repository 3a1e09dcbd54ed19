//! Where a program is: the only place that knows what a search path looks like.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Returns the first program of this name in the folders of `search`, written like `PATH`.
#[must_use]
pub fn find_program(name: &str, search: &OsStr) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(search)
        .map(|folder| folder.join(&file))
        .find(|path| is_executable(path))
}

/// Returns whether there is a file that may be run.
#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
