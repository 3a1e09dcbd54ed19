//! One deliverable: staged beside its final place, then swapped in. It does not know of the other
//! deliverables; `publish` makes all of them change together.

use super::disk::{AppendFile, StoreDisk, hidden_sibling, parent_folder};
use super::distrust::distrust_users;
use super::manifest::StoredFile;
use super::{BlobStore, FileSnapshot, Manifest, StoreError, StoreLayout};
use crate::base::Digest;
use crate::event::{DeliverablePart, DeliveredOutput};
use crate::model::Artefact;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file, or a folder of files, outside the store.
#[derive(Debug, Clone)]
pub struct DeliverableFiles {
    /// Its final path.
    pub path: PathBuf,
    /// The files: one for a film, many for a sequence, which becomes a folder.
    pub files: Vec<StoredFile>,
    /// Whether it becomes a folder.
    pub is_folder: bool,
}

/// Returns whether every deliverable is in its place below `root`, to the byte. A file is read only
/// if its stamp changed since the last look.
#[must_use]
pub fn are_in_place(layout: &StoreLayout, root: &Path, deliverables: &[DeliverableFiles]) -> bool {
    let files: Vec<(PathBuf, &StoredFile)> = deliverables
        .iter()
        .flat_map(DeliverableFiles::target_paths)
        .collect();
    // The cache stores paths relative to the production's folder, so that it stays valid when the
    // folder is moved.
    let Ok(paths) = files
        .iter()
        .map(|(path, _)| path.strip_prefix(root).map(Path::to_owned))
        .collect::<Result<Vec<_>, _>>()
    else {
        return false;
    };
    let Ok(snapshot) = FileSnapshot::hash_files(root, &paths, layout, &layout.placed_cache_path())
    else {
        return false;
    };
    // An error is ignored: without the cache, the files are read again the next time.
    let _ = snapshot.save_to(layout, &layout.placed_cache_path());
    // Equal files are not enough. An additional file in a folder of pictures would be taken for a
    // frame by the program that reads the folder, so completeness is compared as well.
    let same = paths
        .iter()
        .zip(&files)
        .all(|(path, (_, file))| snapshot.file_digest(path) == Some(file.digest));
    same && deliverables
        .iter()
        .all(|deliverable| deliverable.is_complete(layout.disk()))
}

impl Manifest {
    /// Returns the deliverables with their files, and their final paths below `root`.
    #[must_use]
    pub fn deliverables_below(&self, root: &Path) -> Vec<DeliverableFiles> {
        self.deliverables
            .iter()
            .map(|delivered| {
                DeliverableFiles::new(
                    root,
                    delivered,
                    delivered.jobs().map(|job| {
                        self.jobs
                            .get(job)
                            .map(|manifest_job| manifest_job.outputs.clone())
                            .unwrap_or_default()
                    }),
                )
            })
            .collect()
    }
}

impl DeliverablePart {
    /// Returns a file of the part's job under its name in the deliverable:
    /// `sh010/sh010.depth.1001.exr`.
    fn file_in_part(&self, file: StoredFile) -> StoredFile {
        let folder = &self.folder;
        StoredFile {
            name: format!("{folder}/{folder}.{}", file.name),
            ..file
        }
    }
}

impl DeliverableFiles {
    /// Returns the deliverable of the files of its jobs, in their order.
    fn new(
        root: &Path,
        delivered: &DeliveredOutput,
        job_outputs: impl Iterator<Item = Vec<StoredFile>>,
    ) -> Self {
        let files = if delivered.parts.is_empty() {
            job_outputs.flatten().collect()
        } else {
            delivered
                .parts
                .iter()
                .zip(job_outputs)
                .flat_map(|(part, files)| files.into_iter().map(|file| part.file_in_part(file)))
                .collect()
        };
        Self {
            path: root.join(&delivered.path),
            files,
            is_folder: delivered.folder,
        }
    }

    /// Returns the deliverable below `root` that consists of these outputs, one slice for each of
    /// its jobs.
    #[must_use]
    pub fn from_outputs(root: &Path, delivered: &DeliveredOutput, outputs: &[&[Artefact]]) -> Self {
        Self::new(
            root,
            delivered,
            outputs
                .iter()
                .map(|artefacts| artefacts.iter().map(StoredFile::from_artefact).collect()),
        )
    }

    /// Returns its folders, its own first, each with the names that it must contain.
    // A `BTreeMap`, because a folder sorts before what it contains: `stage_files` makes the folders
    // in this order.
    fn folder_contents(&self) -> BTreeMap<PathBuf, BTreeSet<String>> {
        let mut folders = BTreeMap::new();
        let mut add_name = |folder: &Path, name: &str| {
            folders
                .entry(self.path.join(folder))
                .or_insert_with(BTreeSet::new)
                .insert(name.to_owned());
        };
        for file in &self.files {
            match file.name.rsplit_once('/') {
                Some((folder, name)) => {
                    add_name(Path::new(folder), name);
                    add_name(Path::new(""), folder);
                }
                None => add_name(Path::new(""), &file.name),
            }
        }
        folders
    }

    /// Returns the final path of each of its files.
    fn target_paths(&self) -> impl Iterator<Item = (PathBuf, &StoredFile)> {
        let target_path = |file: &StoredFile| {
            if self.is_folder {
                self.path.join(&file.name)
            } else {
                self.path.clone()
            }
        };
        self.files.iter().map(move |file| (target_path(file), file))
    }

    /// Returns whether a folder contains as many entries as it must, or whether a file has content
    /// at all.
    fn is_complete(&self, disk: &dyn StoreDisk) -> bool {
        if self.is_folder {
            self.folder_contents().iter().all(|(folder, names)| {
                // Counting is enough: callers also compare each expected file, so an equal count
                // leaves no room for another one.
                disk.list_folder(folder)
                    .is_ok_and(|paths| paths.len() == names.len())
            })
        } else {
            !self.files.is_empty()
        }
    }

    /// Returns whether it is in its place already, to the byte.
    pub(super) fn is_in_place(&self, disk: &dyn StoreDisk) -> bool {
        self.is_complete(disk)
            && self
                .target_paths()
                .all(|(path, file)| disk.has_content(&path, file.size, &file.digest))
    }

    /// Copies it out of the store to a hidden sibling of its final path, and checks every byte.
    pub(super) fn stage_files(&self, blobs: &BlobStore) -> Result<(), StoreError> {
        let disk = blobs.disk();
        let partial = hidden_sibling(&self.path, "partial");
        let io = |source| StoreError::io("write", &partial, source);
        // A run that was killed may have left a partial copy. It cannot be trusted to be complete,
        // and `make_folder` would accept it as it is.
        remove_leftovers(disk, &self.path)?;
        // The staged copy is beside the final path and not in the store, because an exchange needs
        // both on one file system, and `--store` may name another one.
        disk.make_folders(parent_folder(&self.path)).map_err(io)?;
        if !self.is_folder {
            return self
                .files
                .iter()
                .try_for_each(|file| copy_verified(blobs, file, &partial));
        }
        let staged_path =
            |folder: &Path| partial.join(folder.strip_prefix(&self.path).unwrap_or(folder));
        let folders: Vec<PathBuf> = self
            .folder_contents()
            .keys()
            .map(|folder| staged_path(folder))
            .collect();
        disk.make_folder(&partial).map_err(io)?;
        folders
            .iter()
            // The first folder is the staged root, made above.
            .skip(1)
            .try_for_each(|folder| disk.make_folder(folder))
            .map_err(io)?;
        self.files
            .iter()
            .try_for_each(|file| copy_verified(blobs, file, &partial.join(&file.name)))?;
        folders
            .iter()
            // The contents of the files are synced by the copy. Their names are not, and a swap of
            // a folder whose names could still be lost would replace good files by nothing.
            .try_for_each(|folder| disk.sync(folder))
            .map_err(io)
    }

    /// Puts the staged copy in place. What was there is moved beside it and stays until all
    /// deliverables are in place.
    pub(super) fn swap_in(&self, disk: &dyn StoreDisk) -> Result<SwapMethod, StoreError> {
        let partial = hidden_sibling(&self.path, "partial");
        let swap = || -> io::Result<SwapMethod> {
            if disk.symlink_metadata(&self.path).is_err() {
                return disk
                    .rename(&partial, &self.path)
                    .map(|()| SwapMethod::Created);
            }
            // With an exchange there is no instant at which nothing is in the place, so a viewer
            // that opens the film meanwhile gets the old one or the new one.
            if disk.exchange(&partial, &self.path)? {
                return Ok(SwapMethod::Exchanged);
            }
            // Not every file system can exchange. A rename over the old path would do for a file,
            // but not for a folder that has files, and the old content would be lost for a
            // rollback.
            disk.rename(&self.path, &hidden_sibling(&self.path, "old"))?;
            disk.rename(&partial, &self.path)
                .map(|()| SwapMethod::Moved)
        };
        swap().map_err(|source| StoreError::io("put in place", &self.path, source))
    }

    /// Makes the swap durable.
    // Apart from `swap_in`: all swaps happen first, close together, and then the slow syncs. The
    // time in which old and new deliverables are mixed stays short.
    pub(super) fn sync_swap(&self, disk: &dyn StoreDisk) -> Result<(), StoreError> {
        disk.sync(parent_folder(&self.path))
            .map_err(|source| StoreError::io("put in place", &self.path, source))
    }

    /// Undoes a swap that stopped between its two renames.
    pub(super) fn undo_half_swap(&self, disk: &dyn StoreDisk) -> io::Result<()> {
        let old = hidden_sibling(&self.path, "old");
        // Such a swap returned an error, so it is not in the list of swaps to take back. Only the
        // disk shows that the first rename happened.
        let is_half =
            disk.symlink_metadata(&self.path).is_err() && disk.symlink_metadata(&old).is_ok();
        if is_half {
            disk.rename(&old, &self.path)
        } else {
            Ok(())
        }
    }

    /// Puts the earlier content back in its place.
    pub(super) fn swap_back(&self, disk: &dyn StoreDisk, swap: SwapMethod) -> io::Result<()> {
        let path = &self.path;
        let partial = hidden_sibling(&self.path, "partial");
        match swap {
            SwapMethod::Exchanged => disk.exchange(&partial, path).map(|_| ())?,
            SwapMethod::Created => disk.rename(path, &partial)?,
            SwapMethod::Moved => {
                disk.rename(path, &partial)?;
                disk.rename(&hidden_sibling(path, "old"), path)?;
            }
        }
        disk.sync(parent_folder(path))
    }
}

/// How a deliverable was put in its place. It decides how to take that back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SwapMethod {
    /// Nothing was there.
    Created,
    /// In one step. The earlier content now has the path of the staged copy.
    Exchanged,
    /// In two renames, on a file system that cannot exchange. The earlier content has the suffix
    /// `old`.
    Moved,
}

/// Removes, durably, what staging and swapping leave beside the final place at `path`.
pub(super) fn remove_leftovers(disk: &dyn StoreDisk, path: &Path) -> Result<(), StoreError> {
    let leftovers = || {
        ["partial", "old"]
            .map(|using| hidden_sibling(path, using))
            .into_iter()
    };
    // Usually there is nothing. Without this look, every publication would sync every output
    // folder.
    if leftovers().all(|leftover| disk.symlink_metadata(&leftover).is_err()) {
        return Ok(());
    }
    let removed = leftovers().try_for_each(|leftover| disk.remove_all(&leftover));
    removed
        .and_then(|()| disk.sync(parent_folder(path)))
        .map_err(|source| StoreError::io("tidy up beside", path, source))
}

/// Copies one blob to `target` and compares its content with its digest. A damaged blob is removed,
/// so that the next run makes it again.
// A copy and not a hard link: a program that edits the deliverable in place would otherwise change
// the blob, and with it every revision that uses it. Hashing on the way costs no second read, and
// is the last chance to find a bit that flipped under the same size and time.
fn copy_verified(blobs: &BlobStore, file: &StoredFile, target: &Path) -> Result<(), StoreError> {
    let disk = blobs.disk();
    let from = blobs.blob_path(&file.digest);
    // A missing and a damaged blob get the same error, because the remedy is the same: run again.
    let missing_blob = || StoreError::MissingBlob {
        file: file.name.clone(),
    };
    let source = disk.open(&from).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => missing_blob(),
        _ => StoreError::io("read", &from, error),
    })?;
    let copied = copy_hashing(source, disk, target)
        .map_err(|source| StoreError::io("copy to", target, source))?;
    if copied == file.digest {
        return Ok(());
    }
    distrust_users(blobs.layout(), &BTreeSet::from([file.digest]))?;
    blobs
        .remove_damaged(&file.digest)
        .map_err(|source| StoreError::io("remove damaged", &from, source))?;
    Err(missing_blob())
}

/// Copies everything to a new file, durably. Returns the digest of what was read.
fn copy_hashing(source: impl Read, disk: &dyn StoreDisk, target: &Path) -> io::Result<Digest> {
    let mut tee = TeeReader {
        source,
        file: disk.create(target)?,
    };
    let digest = Digest::hash_reader(&mut tee)?;
    tee.file.sync().map(|()| digest)
}

/// Writes to `file` all that is read from `source`.
struct TeeReader<R> {
    source: R,
    file: Box<dyn AppendFile>,
}

impl<R: Read> Read for TeeReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.file.write_all(&buffer[..read]).map(|()| read)
    }
}
