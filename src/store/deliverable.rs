//! One deliverable on its way out: staged beside its final place, and swapped in. Knows nothing of the others.

use super::disk::{AppendFile, StoreDisk, hidden_sibling, parent_folder};
use super::manifest::StoredFile;
use super::{BlobStore, FileSnapshot, Manifest, StoreError, StoreLayout};
use crate::base::Digest;
use crate::event::{DeliverablePart, DeliveredOutput};
use crate::model::Artefact;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file, or a folder of files, outside of the store.
#[derive(Debug, Clone)]
pub struct DeliverableFiles {
    /// Where it goes.
    pub path: PathBuf,
    /// The files: one for a film, many for a sequence, which becomes a folder.
    pub files: Vec<StoredFile>,
    /// Whether it becomes a folder.
    pub is_folder: bool,
}

/// Returns whether every deliverable lies in its place below `root`, to the byte; a file is read only if its stamp changed
/// since the last time.
#[must_use]
pub fn are_in_place(layout: &StoreLayout, root: &Path, deliverables: &[DeliverableFiles]) -> bool {
    let files: Vec<(PathBuf, &StoredFile)> = deliverables
        .iter()
        .flat_map(DeliverableFiles::target_paths)
        .collect();
    let relative_path =
        |(path, _): &(PathBuf, &StoredFile)| path.strip_prefix(root).map(Path::to_owned);
    let Ok(paths) = files
        .iter()
        .map(relative_path)
        .collect::<Result<Vec<_>, _>>()
    else {
        return false;
    };
    let Ok(snapshot) = FileSnapshot::hash_files(root, &paths, layout, &layout.placed_cache_path())
    else {
        return false;
    };
    // What cannot be remembered is read again the next time.
    let _ = snapshot.save_to(layout, &layout.placed_cache_path());
    let same = paths
        .iter()
        .zip(&files)
        .all(|(path, (_, file))| snapshot.file_digest(path) == Some(file.digest));
    same && deliverables
        .iter()
        .all(|deliverable| deliverable.is_complete(layout.disk()))
}

impl Manifest {
    /// Returns the deliverables with their files and their places below `root`.
    #[must_use]
    pub fn deliverables_below(&self, root: &Path) -> Vec<DeliverableFiles> {
        let files = |job: &String| {
            self.jobs
                .get(job)
                .map(|manifest_job| manifest_job.outputs.clone())
                .unwrap_or_default()
        };
        let build_deliverable = |delivered: &DeliveredOutput| {
            DeliverableFiles::new(root, delivered, delivered.jobs().map(files))
        };
        self.deliverables.iter().map(build_deliverable).collect()
    }
}

impl DeliverablePart {
    /// Returns a file of its job as it lies in the deliverable: `sh010/sh010.depth.1001.exr`.
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

    /// Returns the deliverable, of these outputs of its jobs, in its place below `root`.
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

    /// Returns its folders, its own first, each with the names of what lies in it.
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

    /// Returns where each of its files goes.
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

    /// Returns whether its files are all there is: a file is one, and nothing else lies in a folder.
    fn is_complete(&self, disk: &dyn StoreDisk) -> bool {
        if self.is_folder {
            let is_all = |(folder, names): (&PathBuf, &BTreeSet<String>)| {
                disk.list_folder(folder)
                    .is_ok_and(|paths| paths.len() == names.len())
            };
            self.folder_contents().iter().all(is_all)
        } else {
            !self.files.is_empty()
        }
    }

    /// Returns whether it lies in its place already, to the byte.
    pub(super) fn is_in_place(&self, disk: &dyn StoreDisk) -> bool {
        self.is_complete(disk)
            && self
                .target_paths()
                .all(|(path, file)| disk.has_content(&path, file.size, &file.digest))
    }

    /// Copies it out of the store to a hidden neighbour of its place, checking every byte.
    pub(super) fn stage_files(&self, blobs: &BlobStore) -> Result<(), StoreError> {
        let (disk, partial) = (blobs.disk(), hidden_sibling(&self.path, "partial"));
        let io = |source| StoreError::io("write", &partial, source);
        remove_leftovers(disk, &self.path)?;
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
            .skip(1)
            .try_for_each(|folder| disk.make_folder(folder))
            .map_err(io)?;
        self.files
            .iter()
            .try_for_each(|file| copy_verified(blobs, file, &partial.join(&file.name)))?;
        folders
            .iter()
            .try_for_each(|folder| disk.sync(folder))
            .map_err(io)
    }

    /// Puts what was staged in place of what is there, and keeps that beside it until all is well.
    pub(super) fn swap_in(&self, disk: &dyn StoreDisk) -> Result<SwapMethod, StoreError> {
        let partial = hidden_sibling(&self.path, "partial");
        let swap = || -> io::Result<SwapMethod> {
            if disk.symlink_metadata(&self.path).is_err() {
                return disk
                    .rename(&partial, &self.path)
                    .map(|()| SwapMethod::Created);
            }
            if disk.exchange(&partial, &self.path)? {
                return Ok(SwapMethod::Exchanged);
            }
            disk.rename(&self.path, &hidden_sibling(&self.path, "old"))?;
            disk.rename(&partial, &self.path)
                .map(|()| SwapMethod::Moved)
        };
        swap().map_err(|source| StoreError::io("put in place", &self.path, source))
    }

    /// Makes the swap durable.
    pub(super) fn sync_swap(&self, disk: &dyn StoreDisk) -> Result<(), StoreError> {
        disk.sync(parent_folder(&self.path))
            .map_err(|source| StoreError::io("put in place", &self.path, source))
    }

    /// Undoes a swap that stopped between its two renames.
    pub(super) fn undo_half_swap(&self, disk: &dyn StoreDisk) -> io::Result<()> {
        let old = hidden_sibling(&self.path, "old");
        let is_half =
            disk.symlink_metadata(&self.path).is_err() && disk.symlink_metadata(&old).is_ok();
        if is_half {
            disk.rename(&old, &self.path)
        } else {
            Ok(())
        }
    }

    /// Puts what was there before back in its place.
    pub(super) fn swap_back(&self, disk: &dyn StoreDisk, swap: SwapMethod) -> io::Result<()> {
        let (path, partial) = (&self.path, hidden_sibling(&self.path, "partial"));
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

/// How a deliverable came into its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SwapMethod {
    /// Nothing was there.
    Created,
    /// In one step; what was there bears the name of what was staged.
    Exchanged,
    /// In two renames, where the file system knows no exchange.
    Moved,
}

/// Removes, durably, what staging and swapping leave beside the final place at `path`.
pub(super) fn remove_leftovers(disk: &dyn StoreDisk, path: &Path) -> Result<(), StoreError> {
    let leftovers = || {
        ["partial", "old"]
            .map(|using| hidden_sibling(path, using))
            .into_iter()
    };
    if leftovers().all(|leftover| disk.symlink_metadata(&leftover).is_err()) {
        return Ok(());
    }
    let cleared = leftovers().try_for_each(|leftover| disk.remove_all(&leftover));
    cleared
        .and_then(|()| disk.sync(parent_folder(path)))
        .map_err(|source| StoreError::io("tidy up beside", path, source))
}

/// Copies, so that whoever edits the deliverable cannot touch the blob. A bit that flipped in the store under the same
/// size and time is found here at the latest: the blob is removed then, so that the next run makes it again.
fn copy_verified(blobs: &BlobStore, file: &StoredFile, target: &Path) -> Result<(), StoreError> {
    let (disk, from) = (blobs.disk(), blobs.blob_path(&file.digest));
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
    disk.remove(&from)
        .map_err(|source| StoreError::io("remove damaged", &from, source))?;
    Err(missing_blob())
}

/// Copies everything to a new file, durably; returns the digest of what was read.
fn copy_hashing(source: impl Read, disk: &dyn StoreDisk, target: &Path) -> io::Result<Digest> {
    let mut tee = TeeReader {
        source,
        file: disk.create(target)?,
    };
    let digest = Digest::hash_reader(&mut tee)?;
    tee.file.sync().map(|()| digest)
}

/// Reads what it also writes down.
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
