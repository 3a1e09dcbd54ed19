//! Paths of a project by their words: whether one lies in another, and how they are shown.

pub(super) use crate::base::paths::{escapes_root, normalized_path};
use std::path::Path;

/// Returns whether two project paths are one place, or one lies inside the other.
pub(super) fn clash(one: &Path, other: &Path) -> bool {
    let (Some(one), Some(other)) = (normalized_path(one), normalized_path(other)) else {
        return false;
    };
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
    fn paths_clash_when_one_holds_the_other() {
        assert!(clash(Path::new("out"), Path::new("./out/film.mp4")));
        assert!(!clash(Path::new("out/film"), Path::new("out/film.mp4")));
    }
}
