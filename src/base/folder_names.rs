//! What a folder holds, by name: for suggestions, and for messages about a file that is not there.

use std::io;
use std::path::Path;

/// Returns the names in `folder` for which `is_wanted` holds, sorted; of more than `limit` some
/// that come first on the disk, so that a folder of a million files costs no more than one of
/// `limit`.
///
/// # Errors
/// Fails when the folder cannot be listed.
pub fn folder_names(
    folder: &Path,
    limit: usize,
    is_wanted: impl Fn(&str) -> bool,
) -> io::Result<Vec<String>> {
    let mut names: Vec<String> = std::fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| is_wanted(name))
        .take(limit)
        .collect();
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_limited() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.yaml", "a.yaml", ".c"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let is_yaml = |name: &str| name.ends_with(".yaml");
        assert_eq!(
            folder_names(folder.path(), 9, is_yaml).unwrap(),
            ["a.yaml", "b.yaml"]
        );
        assert_eq!(folder_names(folder.path(), 1, is_yaml).unwrap().len(), 1);
        assert!(folder_names(&folder.path().join("none"), 9, is_yaml).is_err());
    }
}
