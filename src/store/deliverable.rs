//! One deliverable on its way out: staged beside its final place, and swapped in. Knows nothing of the others.

use super::disk::{Append, Disk, beside, folder_of};
use super::manifest::Kept;
use super::{Blobs, Layout, Manifest, Snapshot, StoreError};
use crate::base::Digest;
use crate::event::{DeliverablePart, DeliveredOutput};
use crate::model::Artefact;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file, or a folder of files, outside of the store.
#[derive(Debug, Clone)]
pub struct Deliverable {
    /// Where it goes.
    pub path: PathBuf,
    /// The files: one for a film, many for a sequence, which becomes a folder.
    pub files: Vec<Kept>,
    /// Whether it becomes a folder.
    pub folder: bool,
}

/// Returns whether every deliverable lies in its place below `root`, to the byte; a file is read only if its stamp changed
/// since the last time.
#[must_use]
pub fn are_in_place(layout: &Layout, root: &Path, deliverables: &[Deliverable]) -> bool {
    let files: Vec<(PathBuf, &Kept)> = deliverables.iter().flat_map(Deliverable::homes).collect();
    let below = |(path, _): &(PathBuf, &Kept)| path.strip_prefix(root).map(Path::to_owned);
    let Ok(paths) = files.iter().map(below).collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    let Ok(found) = Snapshot::of(root, &paths, layout, &layout.placed()) else {
        return false;
    };
    // What cannot be remembered is read again the next time.
    let _ = found.keep(layout, &layout.placed());
    let same = paths
        .iter()
        .zip(&files)
        .all(|(path, (_, kept))| found.digest(path) == Some(kept.digest));
    same && deliverables.iter().all(|one| one.is_all(layout.disk()))
}

impl Manifest {
    /// Returns the deliverables with their files and their places below `root`.
    #[must_use]
    pub fn deliverables_below(&self, root: &Path) -> Vec<Deliverable> {
        let files = |job: &String| {
            self.jobs
                .get(job)
                .map(|made| made.outputs.clone())
                .unwrap_or_default()
        };
        let place = |one: &DeliveredOutput| Deliverable::new(root, one, one.jobs().map(files));
        self.deliverables.iter().map(place).collect()
    }
}

impl DeliverablePart {
    /// Returns a file of its job as it lies in the deliverable: `sh010/sh010.depth.1001.exr`.
    fn file_in_part(&self, file: Kept) -> Kept {
        let folder = &self.folder;
        Kept {
            name: format!("{folder}/{folder}.{}", file.name),
            ..file
        }
    }
}

impl Deliverable {
    /// Returns the deliverable of the files of its jobs, in their order.
    fn new(
        root: &Path,
        delivered: &DeliveredOutput,
        made: impl Iterator<Item = Vec<Kept>>,
    ) -> Self {
        let files = if delivered.parts.is_empty() {
            made.flatten().collect()
        } else {
            delivered
                .parts
                .iter()
                .zip(made)
                .flat_map(|(part, files)| files.into_iter().map(|one| part.file_in_part(one)))
                .collect()
        };
        Self {
            path: root.join(&delivered.path),
            files,
            folder: delivered.folder,
        }
    }

    /// Returns the deliverable, of these outputs of its jobs, in its place below `root`.
    #[must_use]
    pub fn below(root: &Path, delivered: &DeliveredOutput, outputs: &[&[Artefact]]) -> Self {
        Self::new(
            root,
            delivered,
            outputs
                .iter()
                .map(|made| made.iter().map(Kept::of).collect()),
        )
    }

    /// Returns its folders, its own first, each with the names of what lies in it.
    fn folders(&self) -> BTreeMap<PathBuf, BTreeSet<String>> {
        let mut folders = BTreeMap::new();
        let mut put = |folder: &Path, name: &str| {
            folders
                .entry(self.path.join(folder))
                .or_insert_with(BTreeSet::new)
                .insert(name.to_owned());
        };
        for file in &self.files {
            match file.name.rsplit_once('/') {
                Some((folder, name)) => {
                    put(Path::new(folder), name);
                    put(Path::new(""), folder);
                }
                None => put(Path::new(""), &file.name),
            }
        }
        folders
    }

    /// Returns where each of its files goes.
    fn homes(&self) -> impl Iterator<Item = (PathBuf, &Kept)> {
        let home = |file: &Kept| {
            if self.folder {
                self.path.join(&file.name)
            } else {
                self.path.clone()
            }
        };
        self.files.iter().map(move |file| (home(file), file))
    }

    /// Returns whether its files are all there is: a file is one, and nothing else lies in a folder.
    fn is_all(&self, disk: &dyn Disk) -> bool {
        if self.folder {
            let is_all = |(folder, names): (&PathBuf, &BTreeSet<String>)| {
                disk.list(folder)
                    .is_ok_and(|paths| paths.len() == names.len())
            };
            self.folders().iter().all(is_all)
        } else {
            !self.files.is_empty()
        }
    }

    /// Returns whether it lies in its place already, to the byte.
    pub(super) fn is_in_place(&self, disk: &dyn Disk) -> bool {
        self.is_all(disk)
            && self
                .homes()
                .all(|(path, kept)| disk.is_whole(&path, kept.size, &kept.digest))
    }

    /// Copies it out of the store to a hidden neighbour of its place, checking every byte.
    pub(super) fn stage(&self, blobs: &Blobs) -> Result<(), StoreError> {
        let (disk, partial) = (blobs.disk(), beside(&self.path, "partial"));
        let io = |source| StoreError::io("write", &partial, source);
        tidy(disk, &self.path)?;
        disk.make_folders(folder_of(&self.path)).map_err(io)?;
        if !self.folder {
            return self
                .files
                .iter()
                .try_for_each(|file| copy(blobs, file, &partial));
        }
        let inside =
            |folder: &Path| partial.join(folder.strip_prefix(&self.path).unwrap_or(folder));
        let folders: Vec<PathBuf> = self.folders().keys().map(|folder| inside(folder)).collect();
        disk.make_folder(&partial).map_err(io)?;
        folders
            .iter()
            .skip(1)
            .try_for_each(|folder| disk.make_folder(folder))
            .map_err(io)?;
        self.files
            .iter()
            .try_for_each(|file| copy(blobs, file, &partial.join(&file.name)))?;
        folders
            .iter()
            .try_for_each(|folder| disk.sync(folder))
            .map_err(io)
    }

    /// Puts what was staged in place of what is there, and keeps that beside it until all is well.
    pub(super) fn swap_in(&self, disk: &dyn Disk) -> Result<Swap, StoreError> {
        let partial = beside(&self.path, "partial");
        let swap = || -> io::Result<Swap> {
            if disk.entry(&self.path).is_err() {
                return disk.rename(&partial, &self.path).map(|()| Swap::First);
            }
            if disk.exchange(&partial, &self.path)? {
                return Ok(Swap::Exchanged);
            }
            disk.rename(&self.path, &beside(&self.path, "old"))?;
            disk.rename(&partial, &self.path).map(|()| Swap::Moved)
        };
        swap().map_err(|source| StoreError::io("put in place", &self.path, source))
    }

    /// Makes the swap durable.
    pub(super) fn settle(&self, disk: &dyn Disk) -> Result<(), StoreError> {
        disk.sync(folder_of(&self.path))
            .map_err(|source| StoreError::io("put in place", &self.path, source))
    }

    /// Undoes a swap that stopped between its two renames.
    pub(super) fn unmove(&self, disk: &dyn Disk) -> io::Result<()> {
        let old = beside(&self.path, "old");
        let is_half = disk.entry(&self.path).is_err() && disk.entry(&old).is_ok();
        if is_half {
            disk.rename(&old, &self.path)
        } else {
            Ok(())
        }
    }

    /// Puts what was there before back in its place.
    pub(super) fn swap_back(&self, disk: &dyn Disk, swap: Swap) -> io::Result<()> {
        let (path, partial) = (&self.path, beside(&self.path, "partial"));
        match swap {
            Swap::Exchanged => disk.exchange(&partial, path).map(|_| ())?,
            Swap::First => disk.rename(path, &partial)?,
            Swap::Moved => {
                disk.rename(path, &partial)?;
                disk.rename(&beside(path, "old"), path)?;
            }
        }
        disk.sync(folder_of(path))
    }
}

/// How a deliverable came into its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swap {
    /// Nothing was there.
    First,
    /// In one step; what was there bears the name of what was staged.
    Exchanged,
    /// In two renames, where the file system knows no exchange.
    Moved,
}

/// Removes, durably, what staging and swapping leave beside the final place at `path`.
pub(super) fn tidy(disk: &dyn Disk, path: &Path) -> Result<(), StoreError> {
    let left = || {
        ["partial", "old"]
            .map(|using| beside(path, using))
            .into_iter()
    };
    if left().all(|leftover| disk.entry(&leftover).is_err()) {
        return Ok(());
    }
    let cleared = left().try_for_each(|leftover| disk.remove_all(&leftover));
    cleared
        .and_then(|()| disk.sync(folder_of(path)))
        .map_err(|source| StoreError::io("tidy up beside", path, source))
}

/// Copies, so that whoever edits the deliverable cannot touch the blob. A bit that flipped in the store under the same
/// size and time is found here at the latest: the blob is removed then, so that the next run makes it again.
fn copy(blobs: &Blobs, kept: &Kept, to: &Path) -> Result<(), StoreError> {
    let (disk, from) = (blobs.disk(), blobs.path(&kept.digest));
    let gone = || StoreError::Gone {
        file: kept.name.clone(),
    };
    let source = disk.open(&from).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => gone(),
        _ => StoreError::io("read", &from, error),
    })?;
    let copied = pour(source, disk, to).map_err(|source| StoreError::io("copy to", to, source))?;
    if copied == kept.digest {
        return Ok(());
    }
    disk.remove(&from)
        .map_err(|source| StoreError::io("remove damaged", &from, source))?;
    Err(gone())
}

/// Copies everything to a new file, durably; returns the digest of what was read.
fn pour(source: impl Read, disk: &dyn Disk, to: &Path) -> io::Result<Digest> {
    let mut pipe = Pipe {
        source,
        file: disk.create(to)?,
    };
    let digest = Digest::hash_reader(&mut pipe)?;
    pipe.file.sync().map(|()| digest)
}

/// Reads what it also writes down.
struct Pipe<R> {
    source: R,
    file: Box<dyn Append>,
}

impl<R: Read> Read for Pipe<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.file.write_all(&buffer[..read]).map(|()| read)
    }
}
