//! Finds programs on a search path. Only this file splits one.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// Returns the first program of this name in the folders of `search`, written like `PATH`.
///
/// A shell reads an empty entry as the folder that it is in. It is passed over here: what a production runs would depend on
/// the folder that a command is typed in, and a file of the project could stand in for a program of the machine.
#[must_use]
pub fn find_program(name: &str, search: &OsStr) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(search)
        .filter(|folder| !folder.as_os_str().is_empty())
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

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_program_is_an_executable_file_on_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ffmpeg");
        std::fs::write(&path, "").unwrap();
        let search = folder.path().as_os_str();
        assert_eq!(find_program("ffmpeg", search), None);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(find_program("ffmpeg", search), Some(path));
        assert_eq!(find_program("ffprobe", search), None);
    }

    #[test]
    fn an_empty_entry_is_not_the_working_folder() {
        // Tests run in the folder of the package, where `scripts/test` may be run.
        assert_eq!(
            find_program("test", OsStr::new("scripts")),
            Some("scripts/test".into())
        );
        for search in ["", ":", ":/nowhere", "/nowhere:"] {
            assert_eq!(find_program("scripts/test", OsStr::new(search)), None);
        }
    }
}
