//! One deliverable: its files, where they must be, and a staged copy of them beside that place. It
//! does not know of the other deliverables; `publish` makes all of them change together.

use super::disk::{AppendFile, StoreDisk, parent_folder};
use super::distrust::distrust_users;
use super::manifest::StoredFile;
use super::place_survey::PlaceRequest;
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
    /// Whether it is a file of the report and no deliverable of the document.
    pub is_report: bool,
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
    // What else is in a folder does not count: publishing would leave it where it is.
    paths
        .iter()
        .zip(&files)
        .all(|(path, (_, file))| snapshot.file_digest(path) == Some(file.digest))
        && deliverables
            .iter()
            .all(|deliverable| !deliverable.files.is_empty())
}

impl Manifest {
    /// Returns the deliverables with their files, and their final paths below `root`.
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
        let report_file = |file: &StoredFile| DeliverableFiles {
            path: root.join(&self.report.folder).join(&file.name),
            files: vec![file.clone()],
            is_folder: false,
            is_report: true,
        };
        self.deliverables
            .iter()
            .map(build_deliverable)
            .chain(self.report.files.iter().map(report_file))
            .collect()
    }

    /// Returns the folder of the report beside the deliverables, relative to the production's
    /// folder: that of the first deliverable. `None` if nothing is delivered.
    #[must_use]
    pub fn report_folder(&self) -> Option<&Path> {
        self.deliverables
            .first()
            .and_then(|delivered| delivered.path.parent())
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
        let is_delivered = |file: &StoredFile| {
            let chosen = &delivered.files;
            chosen.is_empty() || chosen.contains(&file.name)
        };
        // Parts are folders of one job each; without them, all files are in one place.
        let files = if delivered.parts.is_empty() {
            job_outputs.flatten().filter(is_delivered).collect()
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
            is_report: false,
        }
    }

    /// Returns a report file that must not be at `path`.
    pub(super) const fn absent(path: PathBuf) -> Self {
        Self {
            path,
            files: Vec::new(),
            is_folder: false,
            is_report: true,
        }
    }

    /// Returns whether the store lacks one of its files. Their content is not read.
    pub(super) fn lacks_blobs(&self, blobs: &BlobStore) -> bool {
        // Any other error says nothing about whether the blob is there.
        let is_missing = |file: &StoredFile| {
            let found = blobs.disk().metadata(&blobs.blob_path(&file.digest));
            found.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        self.files.iter().any(is_missing)
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
                    // The folder itself is a name in the one above it.
                    add_name(Path::new(""), folder);
                }
                None => add_name(Path::new(""), &file.name),
            }
        }
        folders
    }

    /// Returns the final path of each of its files.
    pub(super) fn target_paths(&self) -> impl Iterator<Item = (PathBuf, &StoredFile)> {
        let target_path = |file: &StoredFile| {
            if self.is_folder {
                self.path.join(&file.name)
            } else {
                self.path.clone()
            }
        };
        self.files.iter().map(move |file| (target_path(file), file))
    }

    /// Returns whether it is in its place already, to the byte. Other files may be beside its own.
    pub(super) fn is_in_place(&self, disk: &dyn StoreDisk) -> bool {
        !self.files.is_empty()
            && self
                .target_paths()
                .all(|(path, file)| disk.has_content(&path, file.size, &file.digest))
    }

    /// Returns which of its files are not there: its own path, if none of them is.
    pub(super) fn missing_paths(&self, disk: &dyn StoreDisk) -> Vec<PathBuf> {
        let paths = self.target_paths().map(|(path, _)| path);
        let missing: Vec<PathBuf> = paths
            .filter(|path| disk.symlink_metadata(path).is_err())
            .collect();
        match missing.len() {
            0 => missing,
            // All of them are gone, so the message names the folder and not a thousand files.
            count if count == self.files.len() => vec![self.path.clone()],
            _ => missing,
        }
    }

    /// Returns whether any of its files is there with other content.
    pub(super) fn has_changed_files(&self, disk: &dyn StoreDisk) -> bool {
        self.target_paths().any(|(path, file)| {
            disk.symlink_metadata(&path).is_ok()
                && !disk.has_content(&path, file.size, &file.digest)
        })
    }

    /// Returns the request to put it in its place. `root` is the production's folder.
    pub(super) fn place_request(&self, root: &Path) -> PlaceRequest {
        let inner_path = |file: &StoredFile| {
            if self.is_folder {
                PathBuf::from(&file.name)
            } else {
                PathBuf::new()
            }
        };
        PlaceRequest {
            path: self
                .path
                .strip_prefix(root)
                .unwrap_or(&self.path)
                .to_owned(),
            is_folder: self.is_folder,
            files: Some(
                self.files
                    .iter()
                    .map(|file| (inner_path(file), file.clone()))
                    .collect(),
            ),
            names: None,
        }
    }

    /// Copies it out of the store to a hidden path beside its final one, which must be free, and
    /// checks every byte.
    pub(super) fn stage_files(&self, blobs: &BlobStore, partial: &Path) -> Result<(), StoreError> {
        let disk = blobs.disk();
        let io = |source| StoreError::io("write", partial, source);
        // The staged copy is beside the final path and not in the store, because an exchange needs
        // both on one file system, and `--store` may name another one.
        disk.make_folders(parent_folder(&self.path)).map_err(io)?;
        if !self.is_folder {
            return self
                .files
                .iter()
                .try_for_each(|file| copy_verified(blobs, file, partial));
        }
        let staged_path =
            |folder: &Path| partial.join(folder.strip_prefix(&self.path).unwrap_or(folder));
        let folders: Vec<PathBuf> = self
            .folder_contents()
            .keys()
            .map(|folder| staged_path(folder))
            .collect();
        disk.make_folder(partial).map_err(io)?;
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
