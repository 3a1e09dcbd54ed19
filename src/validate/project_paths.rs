//! Paths of a project by their words: whether one lies in another, and how they are shown.

pub(super) use crate::base::paths::{escapes_root, normalized_path};
use std::path::Path;

/// Returns whether two project paths are one place, or one lies inside the other.
pub(super) fn paths_overlap(first: &Path, second: &Path) -> bool {
    let (Some(first), Some(second)) = (normalized_path(first), normalized_path(second)) else {
        return false;
    };
    first.starts_with(&second) || second.starts_with(&first)
}

/// Returns the path with forward slashes, in backticks.
pub(super) fn quoted_path(path: &Path) -> String {
    format!("`{}`", path.display().to_string().replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_clash_when_one_holds_the_other() {
        assert!(paths_overlap(Path::new("out"), Path::new("./out/film.mp4")));
        assert!(!paths_overlap(
            Path::new("out/film"),
            Path::new("out/film.mp4")
        ));
    }
}
