//! Where nothing may ever be put, even if the user allows it: outside the production, in the store,
//! in folders of version control, over what the document reads, in folders that cannot be written.

use super::PlaceSurvey;
use crate::base::paths::{escapes_root, normalized_path, real_path};
use crate::model::PlaceProblem;
use crate::store::disk::{DiskEntryKind, StoreDisk};
use std::io;
use std::path::{Component, Path, PathBuf};

/// Folders of version control: a history that nothing brings back.
const HISTORY_FOLDERS: [&str; 6] = [".git", ".hg", ".svn", ".jj", ".bzr", "_darcs"];

impl PlaceSurvey<'_> {
    /// Returns why nothing may ever be put at a path, even if the user allows it.
    pub(super) fn path_problem(&self, path: &Path) -> Option<PlaceProblem> {
        let Some(place) = normalized_path(path).filter(|place| !place.as_os_str().is_empty())
        else {
            return Some(PlaceProblem::Outside);
        };
        // By the links on the disk: the text of the path says nothing about where a link leads.
        if escapes_root(self.root, path) {
            return Some(PlaceProblem::Outside);
        }
        if let Some(problem) = blocked_folder(self.layout.disk(), self.root, &place) {
            return Some(problem);
        }
        // Compared as text and as the disk sees it: a link leads elsewhere, and a disk in memory or
        // a folder that does not exist yet has no real paths.
        let full = self.root.join(&place);
        let real = real_path(&full);
        let is_root = |root: PathBuf| real.as_ref().is_some_and(|real| root.starts_with(real));
        if real_path(self.root).is_some_and(is_root) {
            return Some(PlaceProblem::Outside);
        }
        let is_over = |other: &Path| {
            paths_contain(&full, other)
                || real.as_ref().is_some_and(|real| paths_contain(real, other))
        };
        let store = self.layout.root();
        if is_over(store) || real_path(store).is_some_and(|store| is_over(&store)) {
            return Some(PlaceProblem::InStore);
        }
        // Before the real path: a folder that does not exist yet has none.
        if let Some(name) = history_folder_in(&place) {
            return Some(PlaceProblem::Protected(format!("the folder `{name}`")));
        }
        let real = real_path(&full)?;
        if let Some(name) = real_path(self.root)
            .and_then(|root| real.strip_prefix(root).ok().map(Path::to_owned))
            .and_then(|inner| history_folder_in(&inner))
        {
            return Some(PlaceProblem::Protected(format!("the folder `{name}`")));
        }
        self.permit
            .protected_over(&real)
            .map(|description| PlaceProblem::Protected(description.to_owned()))
    }

    /// Returns the problem of a path at which there is nothing: the folder in which it would be
    /// made cannot be written.
    pub(super) fn unwritable_folder(&self, path: &Path) -> Option<PlaceProblem> {
        let disk = self.layout.disk();
        let folder = path
            .ancestors()
            .skip(1)
            .map(|folder| match folder.as_os_str().is_empty() {
                true => Path::new("."),
                false => folder,
            })
            // The nearest folder that exists: the others are made in it.
            .find(|folder| disk.metadata(folder).is_ok())?;
        let error = disk.require_writable(folder).err()?;
        Some(self.unwritable(folder, &error))
    }

    pub(super) fn unwritable(&self, folder: &Path, error: &io::Error) -> PlaceProblem {
        let shown = folder.strip_prefix(self.root).unwrap_or(folder);
        PlaceProblem::NotWritable(shown.to_owned(), error.to_string())
    }
}

/// Returns why a folder of a path is none and cannot be made: the first from the production's
/// folder on.
fn blocked_folder(disk: &dyn StoreDisk, root: &Path, place: &Path) -> Option<PlaceProblem> {
    let folders: Vec<&Path> = place
        .ancestors()
        .skip(1)
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    folders.into_iter().rev().find_map(|folder| {
        let full = root.join(folder);
        match disk.metadata(&full) {
            Ok(metadata) if metadata.kind == DiskEntryKind::Folder => None,
            Ok(_) => Some(PlaceProblem::FileInPath(folder.to_owned())),
            // Something has the name, and leads nowhere: no folder can be made in its place.
            Err(_) if disk.symlink_metadata(&full).is_ok() => {
                Some(PlaceProblem::DeadLinkInPath(folder.to_owned()))
            }
            Err(_) => None,
        }
    })
}

/// Returns the name of the first folder of version control in a path.
fn history_folder_in(path: &Path) -> Option<String> {
    path.components().find_map(|component| match component {
        Component::Normal(name) => {
            let name = name.to_string_lossy();
            // Without the case of letters: `.GIT` is `.git` on many disks.
            HISTORY_FOLDERS
                .iter()
                .any(|folder| folder.eq_ignore_ascii_case(&name))
                .then(|| name.into_owned())
        }
        _ => None,
    })
}

/// Returns whether a path ends in a folder of version control.
pub(super) fn is_history_folder(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| history_folder_in(Path::new(name)).is_some())
}

/// Returns whether one path is, or is in, the other.
fn paths_contain(first: &Path, second: &Path) -> bool {
    first.starts_with(second) || second.starts_with(first)
}
