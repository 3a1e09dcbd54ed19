//! Paths of a project: their normal form, and whether one leads out of the project folder.

use std::io;
use std::path::{Component, Path, PathBuf};
use unicode_normalization::UnicodeNormalization;

/// Returns the path without `.` and `..`. None if it is absolute or leads above its start.
#[must_use]
pub fn normalized_path(path: &Path) -> Option<PathBuf> {
    let mut normalized = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            // Popping from an empty path fails, which is the step above the start.
            Component::ParentDir => normalized.pop().then_some(())?,
            Component::Normal(name) => normalized.push(name),
            // An absolute path would tie the project to one machine.
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    Some(normalized)
}

/// Returns a path as the most forgiving file systems compare it: without the case of letters, and
/// with composed accents. Two paths with the same form are one place there.
#[must_use]
pub fn merged_path(path: &Path) -> PathBuf {
    let text = path.to_string_lossy();
    PathBuf::from(text.nfc().collect::<String>().to_lowercase())
}

/// Where something that is there really is, links followed.
#[derive(Debug, PartialEq, Eq)]
pub enum LocatedPath {
    /// In the folder.
    Inside {
        /// Its real path.
        real: PathBuf,
        /// Its real path from the folder on.
        relative: PathBuf,
    },
    /// Elsewhere.
    Outside,
}

/// Returns where `path` is, once every link is followed: in `root` or elsewhere. An empty `root` is
/// the working folder.
///
/// # Errors
/// Fails when there is nothing at one of the two, or it cannot be looked at.
pub fn locate_inside(root: &Path, path: &Path) -> io::Result<LocatedPath> {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let real = path.canonicalize()?;
    let root = root.canonicalize()?;
    Ok(match real.strip_prefix(&root) {
        Ok(relative) => {
            let relative = relative.to_owned();
            LocatedPath::Inside { real, relative }
        }
        Err(_) => LocatedPath::Outside,
    })
}

/// Most bytes of the name of a file or folder on the file systems of Linux and macOS.
pub const MAX_NAME_BYTES: usize = 255;

/// Most bytes of a path that Linux and macOS open.
pub const MAX_PATH_BYTES: usize = 4096;
/// Returns where a path leads once links are followed. What does not exist yet is taken as written.
/// `None`: not even its first folder exists.
#[must_use]
pub fn real_path(path: &Path) -> Option<PathBuf> {
    // A bare name has an empty ancestor, which is the working folder.
    let anchored = if path.is_absolute() {
        path.to_owned()
    } else {
        Path::new(".").join(path)
    };
    anchored.ancestors().find_map(|ancestor| {
        let rest = anchored.strip_prefix(ancestor).ok()?;
        let mut real = ancestor.canonicalize().ok()?;
        // Joined with an empty path, a path would end with a slash.
        for component in rest.components() {
            match component {
                // What does not exist is no link, so the text says where this leads.
                Component::ParentDir => _ = real.pop(),
                other => real.push(other),
            }
        }
        Some(real)
    })
}

/// Returns whether a path in a project leads out of it, by its text or through a link.
#[must_use]
pub fn escapes_root(root: &Path, path: &Path) -> bool {
    // The text is tested first, so that `..` is refused whether or not the target exists.
    if normalized_path(path).is_none() {
        return true;
    }
    // A root that does not exist has no links. Reading from it fails with an error of its own.
    let Ok(root) = root.canonicalize() else {
        return false;
    };
    let place = root.join(path);
    // A path that does not exist yet cannot be a link. Its nearest existing ancestor decides.
    let real = place
        .ancestors()
        // No system opens a longer path, and asking it at each of a million slashes takes hours.
        .filter(|ancestor| ancestor.as_os_str().len() <= MAX_PATH_BYTES)
        .find_map(|ancestor| ancestor.canonicalize().ok());
    real.is_some_and(|real| !real.starts_with(&root))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_differ_in_case_or_in_how_accents_are_written_are_one_place() {
        let form = |text: &str| merged_path(Path::new(text));
        assert_eq!(form("out/Été.mov"), form("OUT/e\u{301}te\u{301}.MOV"));
        assert_ne!(form("out/one.mov"), form("out/two.mov"));
    }

    #[test]
    fn a_path_that_climbs_out_has_no_normal_form() {
        assert_eq!(
            normalized_path(Path::new("./a/../b/c")),
            Some(PathBuf::from("b/c"))
        );
        assert_eq!(normalized_path(Path::new("a/../../b")), None);
        assert_eq!(normalized_path(Path::new("/etc/passwd")), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_real_path_of_what_does_not_exist_yet_follows_the_links_above_it() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("there")).unwrap();
        std::os::unix::fs::symlink("there", root.join("link")).unwrap();
        assert_eq!(
            real_path(&root.join("link/new/film.mp4")),
            Some(root.join("there/new/film.mp4"))
        );
        assert_eq!(
            real_path(&root.join("new/../link")),
            Some(root.join("link"))
        );
        assert_eq!(real_path(&root.join("link")), Some(root.join("there")));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_escapes_and_one_inside_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("out")).unwrap();
        std::os::unix::fs::symlink("file", folder.path().join("in")).unwrap();
        assert!(escapes_root(folder.path(), Path::new("out/not_there_yet")));
        assert!(!escapes_root(folder.path(), Path::new("in")));
        let located = |name: &str| locate_inside(folder.path(), &folder.path().join(name));
        assert_eq!(located("out").unwrap(), LocatedPath::Outside);
        assert!(matches!(
            located("in").unwrap(),
            LocatedPath::Inside { relative, .. } if relative == Path::new("file")
        ));
        assert!(located("not_there").is_err());
    }
}
