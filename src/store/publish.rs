//! Publishing: deliverables are staged beside their final places, swapped in when all of them are complete, and only then
//! does the pointer move. Until the swap, earlier deliverables are untouched.

use super::manifest::Kept;
use super::{Blobs, Layout, Manifest, StoreError, replace_file, sync_folder};
use crate::base::Digest;
use crate::event::Delivered;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// One deliverable on its way out.
#[derive(Debug, Clone)]
pub struct Deliverable {
    /// Where it goes.
    pub path: PathBuf,
    /// The files: one for a film, many for a sequence, which becomes a folder.
    pub files: Vec<Kept>,
    /// Whether it becomes a folder.
    pub folder: bool,
}

/// The pointer to the published revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Current {
    /// The revision.
    pub revision: String,
    /// Digest of its manifest.
    pub manifest: Digest,
}

/// A deliverable whose new content lies beside the old.
struct Staged<'a> {
    deliverable: &'a Deliverable,
    beside: PathBuf,
}

/// Puts every deliverable in place.
///
/// # Errors
/// Fails when one cannot be written; until all are staged nothing is replaced.
pub fn put(blobs: &Blobs, deliverables: &[Deliverable]) -> Result<(), StoreError> {
    let stale = deliverables.iter().filter(|deliverable| !in_place(deliverable));
    let staged = stale.map(|deliverable| stage(blobs, deliverable)).collect::<Result<Vec<_>, _>>()?;
    staged.iter().try_for_each(swap_in)
}

/// Writes the manifest of a revision and moves the pointer to it; returns its digest.
///
/// # Errors
/// Fails when the store cannot be written; the old pointer then still stands.
pub fn point(layout: &Layout, manifest: &Manifest) -> Result<Digest, StoreError> {
    let bytes = manifest.bytes();
    replace_file(&layout.manifest(&manifest.revision), &bytes)?;
    let digest = Digest::of(&bytes);
    point_at(layout, &manifest.revision, digest).map(|()| digest)
}

fn point_at(layout: &Layout, revision: &str, manifest: Digest) -> Result<(), StoreError> {
    let current = Current { revision: revision.to_owned(), manifest };
    replace_file(&layout.current(), &serde_json::to_vec_pretty(&current).unwrap_or_default())
}

/// Puts the deliverables of an earlier revision back in place below `root`, and moves the pointer to it.
///
/// # Errors
/// Fails when its manifest or a file of it is no longer whole in the store; nothing is replaced then.
pub fn put_back(
    layout: &Layout,
    root: &Path,
    revision: &str,
    digest: Digest,
) -> Result<Manifest, StoreError> {
    let manifest = Manifest::read(layout, revision, digest)?;
    let blobs = Blobs::new(layout.clone());
    let deliverables = manifest.deliverables_below(root);
    for file in deliverables.iter().flat_map(|deliverable| &deliverable.files) {
        let path = blobs.path(&file.digest);
        if !Digest::of_file(&path).is_ok_and(|found| found == file.digest) {
            return Err(StoreError::Gone { revision: revision.to_owned(), file: file.name.clone() });
        }
    }
    put(&blobs, &deliverables)?;
    point_at(layout, revision, digest)?;
    Ok(manifest)
}

impl Manifest {
    /// Returns the deliverables with their files and their places below `root`.
    #[must_use]
    pub fn deliverables_below(&self, root: &Path) -> Vec<Deliverable> {
        let files = |job: &String| self.jobs.get(job).map(|made| made.outputs.clone()).unwrap_or_default();
        let place = |one: &Delivered| Deliverable {
            path: root.join(&one.path),
            files: files(&one.job),
            folder: one.folder,
        };
        self.deliverables.iter().map(place).collect()
    }
}

/// Returns whether the deliverable lies in its place already, to the byte.
fn in_place(deliverable: &Deliverable) -> bool {
    let same = |path: &Path, kept: &Kept| {
        std::fs::metadata(path).is_ok_and(|facts| facts.is_file() && facts.len() == kept.size)
            && Digest::of_file(path).is_ok_and(|digest| digest == kept.digest)
    };
    if !deliverable.folder {
        return deliverable.files.first().is_some_and(|file| same(&deliverable.path, file));
    }
    let count = std::fs::read_dir(&deliverable.path).map_or(0, Iterator::count);
    count == deliverable.files.len()
        && deliverable.files.iter().all(|file| same(&deliverable.path.join(&file.name), file))
}

fn stage<'a>(blobs: &Blobs, deliverable: &'a Deliverable) -> Result<Staged<'a>, StoreError> {
    let beside = neighbour(&deliverable.path, "partial");
    let write = || -> io::Result<()> {
        remove(&beside)?;
        std::fs::create_dir_all(deliverable.path.parent().unwrap_or(Path::new(".")))?;
        if deliverable.folder {
            std::fs::create_dir(&beside)?;
            deliverable.files.iter().try_for_each(|file| copy(blobs, file, &beside.join(&file.name)))?;
            return sync_folder(&beside);
        }
        deliverable.files.iter().try_for_each(|file| copy(blobs, file, &beside))
    };
    write().map_err(|source| StoreError::io("write", &beside, source))?;
    Ok(Staged { deliverable, beside })
}

/// Copies, so that whoever edits the deliverable cannot touch the blob.
fn copy(blobs: &Blobs, kept: &Kept, to: &Path) -> io::Result<()> {
    let mut from = std::fs::File::open(blobs.path(&kept.digest))?;
    let mut file = std::fs::File::options().write(true).create_new(true).open(to)?;
    io::copy(&mut from, &mut file)?;
    file.sync_all()
}

fn swap_in(staged: &Staged<'_>) -> Result<(), StoreError> {
    let path = &staged.deliverable.path;
    let swap = || -> io::Result<()> {
        let old = neighbour(path, "old");
        remove(&old)?;
        let replaces_other_kind =
            std::fs::symlink_metadata(path).is_ok_and(|facts| facts.is_dir() || staged.deliverable.folder);
        if replaces_other_kind && exchange(&staged.beside, path)? {
            remove(&staged.beside)?;
        } else {
            if replaces_other_kind {
                std::fs::rename(path, &old)?;
            }
            std::fs::rename(&staged.beside, path)?;
            remove(&old)?;
        }
        sync_folder(path.parent().unwrap_or(Path::new(".")))
    };
    swap().map_err(|source| StoreError::io("put in place", path, source))
}

/// Swaps two paths in one step, where the file system can; returns whether it did.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> io::Result<bool> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(true),
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Elsewhere the two renames of [`swap_in`] do it.
#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> io::Result<bool> {
    Ok(false)
}

fn neighbour(path: &Path, kind: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{kind}"))
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(facts) if facts.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(blobs: &Blobs, folder: &Path, name: &str, text: &str) -> Kept {
        let file = folder.join("made");
        std::fs::write(&file, text).unwrap();
        Kept::of(&blobs.ingest(name, &file).unwrap())
    }

    #[test]
    fn a_sequence_replaces_its_folder_whole() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(Layout::new(folder.path().join("store")));
        let path = folder.path().join("frames");
        std::fs::create_dir(&path).unwrap();
        std::fs::write(path.join("stale.png"), "old").unwrap();
        let files = vec![
            made(&blobs, folder.path(), "000001.png", "a"),
            made(&blobs, folder.path(), "000002.png", "b"),
        ];
        put(&blobs, &[Deliverable { path: path.clone(), files, folder: true }]).unwrap();
        let mut names: Vec<_> =
            std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["000001.png", "000002.png"]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left beside it");
    }

    #[test]
    fn nothing_is_replaced_when_one_cannot_be_staged() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(Layout::new(folder.path().join("store")));
        let film = folder.path().join("film.mp4");
        std::fs::write(&film, "yesterday").unwrap();
        let good = made(&blobs, folder.path(), "film.mp4", "today");
        let mut lost = made(&blobs, folder.path(), "other.mp4", "gone");
        lost.digest = Digest::of(b"never made");
        let other = Deliverable { path: folder.path().join("other.mp4"), files: vec![lost], folder: false };
        let both = [Deliverable { path: film.clone(), files: vec![good], folder: false }, other];
        assert!(put(&blobs, &both).is_err());
        assert_eq!(std::fs::read_to_string(&film).unwrap(), "yesterday");
    }
}
