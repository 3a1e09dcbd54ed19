//! Reads facts from the disk: what is at a path, how a file begins, whether a program is installed.

use super::file_facts::FileFact;
use super::project_paths::escapes_root;
use crate::base::bounded_text::read_head;
use crate::base::folder_names::folder_names;
use crate::model::file_kind::FileKind;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most names of a folder that serve for suggestions.
// A folder of frames may have a million files; a suggestion is not worth listing them.
const MAX_NEIGHBOURS: usize = 1000;

/// Looks at one file of the project. Never follows a link out of `root`.
pub(super) fn inspect_file(root: &Path, path: &Path, folders: &mut FolderListings) -> FileFact {
    // A document from elsewhere must not make the program open files outside its folder.
    if escapes_root(root, path) {
        return FileFact::Outside;
    }
    let place = root.join(path);
    match fs::metadata(&place) {
        Ok(metadata) if metadata.is_dir() => FileFact::Folder,
        Ok(metadata) if metadata.is_file() && metadata.len() == 0 => FileFact::Empty,
        // Opening a pipe or a device could block for ever.
        Ok(metadata) if !metadata.is_file() => {
            FileFact::Refused("it is neither a file nor a folder".to_owned())
        }
        Ok(_) => read_head(&place, FileKind::HEAD_BYTES).map_or_else(
            |error| FileFact::Refused(error.to_string()),
            |head| FileFact::Holds(FileKind::from_head(&head)),
        ),
        // Every other error, such as a denied permission, says nothing about whether the file
        // exists.
        Err(error) if is_absence(&error) => FileFact::Missing {
            neighbours: place
                .parent()
                .and_then(|folder| folders.visible_names(folder)),
        },
        Err(error) => FileFact::Refused(error.to_string()),
    }
}

// `NotADirectory`: a folder of the path is a file. For the author, the file is missing.
fn is_absence(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// The names in the folders of missing files. Each folder is listed once: a thousand missing files
/// in a folder of a thousand would otherwise hold a million names.
#[derive(Debug, Default)]
pub(super) struct FolderListings {
    known: HashMap<PathBuf, Option<Arc<Vec<String>>>>,
}

impl FolderListings {
    fn visible_names(&mut self, folder: &Path) -> Option<Arc<Vec<String>>> {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        // Hidden files are never what the author meant.
        let names = folder_names(folder, MAX_NEIGHBOURS, |name| !name.starts_with('.')).ok();
        let names = names.map(Arc::new);
        self.known.insert(folder.to_owned(), names.clone());
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_project_is_not_followed() {
        let project = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret.glb"), "glTF").unwrap();
        std::os::unix::fs::symlink(outside.path(), project.path().join("assets")).unwrap();
        let mut folders = FolderListings::default();
        for path in ["assets/secret.glb", "assets/absent.glb"] {
            let fact = inspect_file(project.path(), Path::new(path), &mut folders);
            assert_eq!(fact, FileFact::Outside);
        }
    }
}
