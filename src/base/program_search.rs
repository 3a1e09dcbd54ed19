//! Finds programs on a search path. Only this file splits one.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Returns the first program of this name in the folders of `search`, written like `PATH`.
///
/// A shell reads an empty entry as the folder that it is in, and a relative one from there. Both
/// are passed over here: what a production runs would depend on the folder that a command is typed
/// in, and a file of the project could stand in for a program of the machine.
#[must_use]
pub fn find_program(name: &str, search: &OsStr) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    absolute_folders(search)
        .map(|folder| folder.join(&file))
        .find(|path| is_executable(path))
}

/// Returns the program that a production in `folder` means by `name`. `None`: it is not there.
///
/// A name with a folder is a path and is not looked for on the search path, as in a shell. It starts
/// from the folder of the production and not from the one that the command is typed in, where
/// another file may have the same name.
#[must_use]
pub fn find_program_from_folder(name: &str, folder: &Path, search: &OsStr) -> Option<PathBuf> {
    let path = Path::new(name);
    if path.components().count() > 1 {
        let path = folder.join(path);
        path.is_file().then_some(path)
    } else {
        find_program(name, search)
    }
}

/// Returns the folders of `search` that are the same wherever a command is typed.
fn absolute_folders(search: &OsStr) -> impl Iterator<Item = PathBuf> {
    std::env::split_paths(search).filter(|folder| folder.is_absolute())
}

/// Returns `search` without its relative folders.
#[must_use]
pub fn without_relative_folders(search: &OsStr) -> OsString {
    joined_folders(absolute_folders(search))
}

/// Returns the folders of `search` that are in `folder`, and `search` without them and without its
/// relative folders. Links are followed.
#[must_use]
pub fn split_search_path(search: &OsStr, folder: &Path) -> (Vec<PathBuf>, OsString) {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let root = real(folder);
    let (inside, outside): (Vec<PathBuf>, Vec<PathBuf>) = absolute_folders(search)
        .partition(|entry| entry.starts_with(&root) || real(entry).starts_with(&root));
    (inside, joined_folders(outside.into_iter()))
}

/// Returns the search path of folders that came from one.
fn joined_folders(folders: impl Iterator<Item = PathBuf>) -> OsString {
    // Folders that were separated have no separator in them, so joining cannot fail.
    std::env::join_paths(folders).unwrap_or_default()
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
    fn an_entry_that_depends_on_the_working_folder_is_passed_over() {
        // Tests run in the folder of the package, where `scripts/test` may be run.
        let scripts = Path::new("scripts").canonicalize().unwrap();
        let found = scripts.join("test");
        assert_eq!(find_program("test", scripts.as_os_str()), Some(found));
        for search in ["", ":", ":/nowhere", "/nowhere:", "scripts", "./scripts"] {
            assert_eq!(find_program("test", OsStr::new(search)), None);
            assert_eq!(find_program("scripts/test", OsStr::new(search)), None);
        }
    }

    #[test]
    fn a_name_with_a_folder_starts_from_the_production() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        let path = folder.path().join("bin/speak");
        std::fs::write(&path, "").unwrap();
        let find =
            |name: &str| find_program_from_folder(name, folder.path(), OsStr::new("/nowhere"));
        assert_eq!(find("bin/speak"), Some(path));
        for name in ["speak", "bin/say", "./speak", ""] {
            assert_eq!(find(name), None, "{name}");
        }
    }

    #[test]
    fn a_search_path_is_split_at_a_folder_through_links() {
        let outer = tempfile::tempdir().unwrap();
        let path = |name: &str| outer.path().join(name);
        std::fs::create_dir_all(path("film/bin")).unwrap();
        std::fs::create_dir(path("tools")).unwrap();
        std::os::unix::fs::symlink(path("film/bin"), path("linked")).unwrap();
        let all = ["film/bin", "tools", "linked", "film/later"].map(path);
        let search = std::env::join_paths(&all).unwrap();
        let (inside, outside) = split_search_path(&search, &path("film"));
        assert_eq!(inside, ["film/bin", "linked", "film/later"].map(path));
        assert_eq!(outside, path("tools").as_os_str());
    }
}
