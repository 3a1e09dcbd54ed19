//! Compares and prints paths of a project, without reading the disk.

pub(super) use crate::base::paths::{escapes_root, merged_path, normalized_path};
use std::path::Path;

/// Returns whether two project paths are equal, or one contains the other.
pub(super) fn paths_overlap(first: &Path, second: &Path) -> bool {
    let (Some(first), Some(second)) = (normalized_path(first), normalized_path(second)) else {
        return false;
    };
    // By components: `out/film` does not contain `out/film2`. Both directions count, since writing
    // either path replaces a part of the other.
    first.starts_with(&second) || second.starts_with(&first)
}

/// Returns the path in backticks, with forward slashes.
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
