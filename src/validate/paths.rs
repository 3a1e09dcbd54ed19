//! Paths of a project by their words: normal form, whether one leaves the project, whether one lies in another.

use std::path::{Component, Path, PathBuf};

/// Returns the path without `.` and `..`, or nothing when it is absolute or climbs above its start.
pub(super) fn normal(path: &Path) -> Option<PathBuf> {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => normal.pop().then_some(())?,
            Component::Normal(name) => normal.push(name),
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    Some(normal)
}

/// Returns whether a path that is written in a project leads out of it, by its words or by a link on the way.
pub(super) fn escapes(root: &Path, path: &Path) -> bool {
    if normal(path).is_none() {
        return true;
    }
    let Ok(root) = root.canonicalize() else { return false };
    let place = root.join(path);
    // What is not there yet cannot be a link; its nearest ancestor that is there decides.
    let real = place.ancestors().find_map(|ancestor| ancestor.canonicalize().ok());
    real.is_some_and(|real| !real.starts_with(&root))
}

/// Returns whether two project paths are one place, or one lies inside the other.
pub(super) fn clash(one: &Path, other: &Path) -> bool {
    let (Some(one), Some(other)) = (normal(one), normal(other)) else { return false };
    one.starts_with(&other) || other.starts_with(&one)
}

/// Returns the path with forward slashes, in backticks.
pub(super) fn shown(path: &Path) -> String {
    format!("`{}`", path.display().to_string().replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_climbs_out_has_no_normal_form() {
        assert_eq!(normal(Path::new("./a/../b/c")), Some(PathBuf::from("b/c")));
        assert_eq!(normal(Path::new("a/../../b")), None);
        assert_eq!(normal(Path::new("/etc/passwd")), None);
    }

    #[test]
    fn paths_clash_when_one_holds_the_other() {
        assert!(clash(Path::new("out"), Path::new("./out/film.mp4")));
        assert!(!clash(Path::new("out/film"), Path::new("out/film.mp4")));
    }
}
