//! Puts one staged deliverable in its place, in steps that can be taken back.
//!
//! A film, and a folder that holds nothing but the program's own files, change in one step. Where
//! other files are in the folder, the program's files change one by one around them, so that
//! nothing else is ever moved. What was replaced is parked beside the place until all deliverables
//! are in place.

use super::deliverable::DeliverableFiles;
use super::disk::{DiskEntryKind, StoreDisk, hidden_sibling, parent_folder};
use super::place_survey::SurveyedPlace;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// The hidden paths beside a deliverable that one publication uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HiddenPaths {
    /// What is staged; after an exchange, what was replaced.
    pub(super) partial: PathBuf,
    /// What was replaced, where the disk cannot exchange, and what was removed.
    pub(super) old: PathBuf,
}

impl HiddenPaths {
    /// Returns the hidden paths beside `path` of the publication with this mark.
    // The mark is the revision. A name without it, such as `.film.mp4.partial`, is one that other
    // programs use for their downloads and copies. An empty mark is that of notes which earlier
    // versions of this program wrote.
    pub(super) fn beside(path: &Path, mark: &str) -> Self {
        let hidden = |suffix: &str| {
            if mark.is_empty() {
                hidden_sibling(path, suffix)
            } else {
                hidden_sibling(path, &format!("{mark}.{suffix}"))
            }
        };
        Self {
            partial: hidden("partial"),
            old: hidden("old"),
        }
    }

    /// Returns both.
    pub(super) fn paths(&self) -> [&Path; 2] {
        [&self.partial, &self.old]
    }
}

/// One step that put something in place. It has what it takes to undo it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SwapStep {
    /// A path was renamed to another that was free.
    Renamed { from: PathBuf, to: PathBuf },
    /// Two paths were exchanged.
    Exchanged { first: PathBuf, second: PathBuf },
    /// A folder was made.
    MadeFolder(PathBuf),
    /// An empty folder was removed.
    RemovedFolder(PathBuf),
}

impl SwapStep {
    /// Takes the step back.
    pub(super) fn undo(&self, disk: &dyn StoreDisk) -> io::Result<()> {
        match self {
            Self::Renamed { from, to } => disk.rename(to, from),
            Self::Exchanged { first, second } => disk.exchange(first, second).map(|_| ()),
            Self::MadeFolder(folder) => disk.remove(folder),
            Self::RemovedFolder(folder) => disk.make_folder(folder),
        }
    }

    /// Returns the folders whose names changed.
    pub(super) fn changed_folders(&self) -> impl Iterator<Item = &Path> {
        let (first, second) = match self {
            Self::Renamed { from, to } => (to, Some(from)),
            Self::Exchanged { first, second } => (first, Some(second)),
            Self::MadeFolder(folder) | Self::RemovedFolder(folder) => (folder, None),
        };
        [Some(first), second]
            .into_iter()
            .flatten()
            .map(|path| parent_folder(path))
    }
}

/// Takes steps and remembers them.
pub(super) struct StepRecorder<'a> {
    disk: &'a dyn StoreDisk,
    /// The steps that were taken, in order.
    pub(super) steps: Vec<SwapStep>,
}

impl<'a> StepRecorder<'a> {
    pub(super) const fn new(disk: &'a dyn StoreDisk) -> Self {
        Self {
            disk,
            steps: Vec::new(),
        }
    }

    /// Puts a staged deliverable in its place.
    pub(super) fn place(
        &mut self,
        deliverable: &DeliverableFiles,
        surveyed: &SurveyedPlace,
        hidden: &HiddenPaths,
    ) -> io::Result<()> {
        if deliverable.files.is_empty() {
            // Nothing takes the place of a report that describes another revision.
            surveyed
                .stale
                .iter()
                .try_for_each(|_| self.rename(&deliverable.path, &hidden.old))
        } else if surveyed.keeps {
            self.place_around(deliverable, surveyed, hidden)
        } else {
            self.swap(&hidden.partial, &deliverable.path, &hidden.old)
        }
    }

    /// Puts what is at `staged` at `path`. What is at `path` goes to `staged` or to `old`.
    fn swap(&mut self, staged: &Path, path: &Path, old: &Path) -> io::Result<()> {
        if self.disk.symlink_metadata(path).is_err() {
            return self.rename(staged, path);
        }
        // With an exchange there is no instant at which nothing is in the place, so a viewer that
        // opens the film meanwhile gets the old one or the new one.
        if self.disk.exchange(staged, path)? {
            self.steps.push(SwapStep::Exchanged {
                first: staged.to_owned(),
                second: path.to_owned(),
            });
            return Ok(());
        }
        // Not every file system can exchange. A rename over the old path would do for a file, but
        // not for a folder that has files, and the old content would be lost for a rollback.
        self.rename(path, old)?;
        self.rename(staged, path)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.disk.rename(from, to)?;
        self.steps.push(SwapStep::Renamed {
            from: from.to_owned(),
            to: to.to_owned(),
        });
        Ok(())
    }

    /// Changes the program's files in a folder one by one, around what else is in it.
    fn place_around(
        &mut self,
        deliverable: &DeliverableFiles,
        surveyed: &SurveyedPlace,
        hidden: &HiddenPaths,
    ) -> io::Result<()> {
        let path = &deliverable.path;
        self.make_parents(&hidden.old, &hidden.old.join("any"))?;
        for stale in &surveyed.stale {
            self.make_parents(&hidden.old, &hidden.old.join(stale))?;
            self.rename(&path.join(stale), &hidden.old.join(stale))?;
        }
        self.remove_empty_parents(path, &surveyed.stale)?;
        for file in &deliverable.files {
            let inner = Path::new(&file.name);
            if surveyed.in_place.contains(inner) {
                continue;
            }
            self.make_parents(path, &path.join(inner))?;
            self.make_parents(&hidden.old, &hidden.old.join(inner))?;
            self.swap(
                &hidden.partial.join(inner),
                &path.join(inner),
                &hidden.old.join(inner),
            )?;
        }
        Ok(())
    }

    /// Makes the folders from `top` down to the folder of `path`, where they are missing.
    fn make_parents(&mut self, top: &Path, path: &Path) -> io::Result<()> {
        let mut missing = Vec::new();
        let mut folder = parent_folder(path);
        while folder.starts_with(top) && self.disk.symlink_metadata(folder).is_err() {
            missing.push(folder.to_owned());
            folder = parent_folder(folder);
        }
        // One by one and recorded, so that a rollback leaves no empty folders.
        for folder in missing.into_iter().rev() {
            self.disk.make_folder(&folder)?;
            self.steps.push(SwapStep::MadeFolder(folder));
        }
        Ok(())
    }

    /// Removes the folders of removed files that are empty now.
    fn remove_empty_parents(&mut self, path: &Path, stale: &BTreeSet<PathBuf>) -> io::Result<()> {
        let folders: BTreeSet<&Path> = stale
            .iter()
            .flat_map(|file| file.ancestors().skip(1))
            .filter(|folder| !folder.as_os_str().is_empty())
            .collect();
        // From the last, because what is in a folder sorts behind it.
        for folder in folders.into_iter().rev() {
            let full = path.join(folder);
            if self.disk.list_folder(&full)?.is_empty() {
                self.disk.remove(&full)?;
                self.steps.push(SwapStep::RemovedFolder(full));
            }
        }
        Ok(())
    }

    /// Makes the steps durable.
    // Apart from the steps: all of them happen first, close together, and then the slow syncs. The
    // time in which old and new deliverables are mixed stays short.
    pub(super) fn sync(&self) -> io::Result<()> {
        let folders: BTreeSet<&Path> = self
            .steps
            .iter()
            .flat_map(SwapStep::changed_folders)
            .collect();
        folders
            .into_iter()
            // A folder that was made and removed again has no names to make durable.
            .filter(|folder| self.disk.symlink_metadata(folder).is_ok())
            .try_for_each(|folder| self.disk.sync(folder))
    }

    /// Takes all steps back, durably.
    pub(super) fn undo_all(self) -> io::Result<()> {
        self.steps
            .iter()
            .rev()
            .try_for_each(|step| step.undo(self.disk))?;
        self.sync()
    }
}

/// Removes, durably, what a publication left beside `path`. What no revision delivered, and nobody
/// allowed to be replaced, came there in the moment of the exchange: it goes back into the folder.
/// `is_ours` says of a path below that of the deliverable whether it may be removed.
pub(super) fn remove_leftovers(
    disk: &dyn StoreDisk,
    path: &Path,
    hidden: &HiddenPaths,
    is_ours: &dyn Fn(&Path) -> bool,
) -> io::Result<()> {
    // Usually there is nothing. Without this look, every publication would sync every output
    // folder.
    let mut touched = false;
    for leftover in hidden.paths() {
        let Ok(metadata) = disk.symlink_metadata(leftover) else {
            continue;
        };
        touched = true;
        if metadata.kind == DiskEntryKind::Folder {
            remove_own_files(disk, leftover, Path::new(""), path, is_ours)?;
        } else {
            disk.remove(leftover)?;
        }
    }
    if touched {
        disk.sync(parent_folder(path))
    } else {
        Ok(())
    }
}

/// Removes the files of a leftover folder, and the folder. Returns what is not ours to `path`.
fn remove_own_files(
    disk: &dyn StoreDisk,
    leftover: &Path,
    inner: &Path,
    path: &Path,
    is_ours: &dyn Fn(&Path) -> bool,
) -> io::Result<()> {
    let folder = leftover.join(inner);
    for entry in disk.sorted_paths(&folder)? {
        let inner = inner.join(entry.file_name().unwrap_or_default());
        if disk.symlink_metadata(&entry)?.kind == DiskEntryKind::Folder {
            remove_own_files(disk, leftover, &inner, path, is_ours)?;
        } else if is_ours(&inner) {
            disk.remove(&entry)?;
        } else {
            // It appeared after the place was surveyed. It goes back to where the deliverable is,
            // and is never removed.
            let home = path.join(&inner);
            disk.make_folders(parent_folder(&home))?;
            if disk.symlink_metadata(&home).is_ok() {
                let message = format!("{} is not ours, and its place is taken", entry.display());
                return Err(io::Error::new(io::ErrorKind::AlreadyExists, message));
            }
            disk.rename(&entry, &home)?;
            disk.sync(parent_folder(&home))?;
        }
    }
    disk.remove(&folder)
}
