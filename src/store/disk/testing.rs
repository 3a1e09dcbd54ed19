//! Disks for tests: one in memory that can lose power, and one that fails at a chosen step.
//!
//! [`MemoryDisk`] has two states: what programs see, and what would survive a power cut. It knows
//! which changes are still on their way from one to the other. Power can be cut with all of them
//! lost, all of them done, or any mixture: POSIX promises no order among changes that nobody
//! synced.

use super::{
    AppendFile, DiskEntryKind, FileLockGuard, FileMetadata, LockWait, StoreDisk, parent_folder,
};
use crate::model::FileStamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The target of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DiskNode {
    File(usize),
    Folder,
}

/// The content of a file: as programs see it, and as it would survive a power cut.
#[derive(Debug, Clone, Default)]
struct FileContent {
    visible: Vec<u8>,
    durable: Vec<u8>,
    modified: i64,
}

/// Changes of names that happen together or not at all.
type NameChanges = Vec<(PathBuf, Option<DiskNode>)>;

#[derive(Debug, Clone, Default)]
struct MemoryDiskState {
    contents: Vec<FileContent>,
    visible: BTreeMap<PathBuf, DiskNode>,
    durable: BTreeMap<PathBuf, DiskNode>,
    pending: Vec<NameChanges>,
    locked: BTreeSet<PathBuf>,
    tick: i64,
}

/// A disk in memory. Clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryDisk {
    state: Arc<Mutex<MemoryDiskState>>,
}

impl MemoryDisk {
    /// Returns a disk with these folders.
    pub(crate) fn with_folders(folders: &[&str]) -> Self {
        let disk = Self::default();
        let mut state = disk.lock_state();
        for folder in folders {
            for above in Path::new(folder)
                .ancestors()
                .filter(|path| !path.as_os_str().is_empty())
            {
                state.visible.insert(above.to_owned(), DiskNode::Folder);
            }
        }
        state.durable = state.visible.clone();
        drop(state);
        disk
    }

    /// Writes a file, durably.
    pub(crate) fn write_durable(&self, path: impl AsRef<Path>, bytes: &[u8]) {
        (self as &dyn StoreDisk)
            .replace_file(path.as_ref(), bytes)
            .unwrap();
    }

    /// Changes a byte of a file and nothing else: not its size, its time or its inode.
    pub(crate) fn flip_byte(&self, path: &Path) {
        let mut state = self.lock_state();
        let index = state.file_index(path).unwrap();
        let content = &mut state.contents[index];
        content.visible[0] ^= 1;
        content.durable = content.visible.clone();
    }

    /// Returns another disk in the same state.
    pub(crate) fn duplicate_disk(&self) -> Self {
        Self {
            state: Arc::new(Mutex::new(self.lock_state().clone())),
        }
    }

    /// Returns the disk as a power cut leaves it. `survives` decides for every change that nobody
    /// synced.
    pub(crate) fn after_power_cut(&self, mut survives: impl FnMut() -> bool) -> Self {
        let mut state = self.lock_state().clone();
        for change in std::mem::take(&mut state.pending) {
            if survives() {
                apply_changes(&mut state.durable, &change);
            }
        }
        let names = state.durable.clone();
        // A change in a folder can survive although the change that made the folder did not. A real
        // file system cannot reach such a file.
        let is_rooted = |path: &PathBuf| {
            path.ancestors()
                .skip(1)
                .all(|above| above.as_os_str().is_empty() || names.contains_key(above))
        };
        state.durable.retain(|path, _| is_rooted(path));
        for content in &mut state.contents {
            if survives() {
                content.durable = content.visible.clone();
            // An append may also survive in part. That is what tears the last record of a journal.
            } else if content.visible.starts_with(&content.durable) && survives() {
                let half = content.durable.len().midpoint(content.visible.len());
                content.durable = content.visible[..half].to_vec();
            }
            content.visible = content.durable.clone();
        }
        state.visible = state.durable.clone();
        // The system releases the locks of processes that are gone.
        state.locked.clear();
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Returns the disk as a kill leaves it: everything written is there, and no lock is held.
    pub(crate) fn after_kill(&self) -> Self {
        self.after_power_cut(|| true)
    }

    /// Returns every file below `folder` with its content.
    pub(crate) fn file_contents(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.lock_state();
        let below = state
            .visible
            .iter()
            .filter(|(path, _)| path.starts_with(folder));
        below
            .filter_map(|(path, node)| match node {
                DiskNode::File(index) => {
                    Some((path.clone(), state.contents[*index].visible.clone()))
                }
                DiskNode::Folder => None,
            })
            .collect()
    }

    fn lock_state(&self) -> MutexGuard<'_, MemoryDiskState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn apply_changes(names: &mut BTreeMap<PathBuf, DiskNode>, change: &NameChanges) {
    for (path, node) in change {
        match node {
            Some(node) => names.insert(path.clone(), *node),
            None => names.remove(path),
        };
    }
}

fn path_error(kind: io::ErrorKind, path: &Path) -> io::Error {
    io::Error::new(kind, path.display().to_string())
}

impl MemoryDiskState {
    fn node_at(&self, path: &Path) -> io::Result<DiskNode> {
        self.visible
            .get(path)
            .copied()
            .ok_or_else(|| path_error(io::ErrorKind::NotFound, path))
    }

    fn file_index(&self, path: &Path) -> io::Result<usize> {
        match self.node_at(path)? {
            DiskNode::File(index) => Ok(index),
            DiskNode::Folder => Err(path_error(io::ErrorKind::IsADirectory, path)),
        }
    }

    fn change_names(&mut self, change: NameChanges) {
        apply_changes(&mut self.visible, &change);
        self.pending.push(change);
    }

    fn require_parent(&self, path: &Path) -> io::Result<()> {
        self.node_at(parent_folder(path)).map(|_| ())
    }

    /// Returns `path` and everything below it: each old path, the path that it would have below
    /// `to`, and the node.
    fn renamed_paths(&self, path: &Path, to: &Path) -> Vec<(PathBuf, PathBuf, DiskNode)> {
        let below = self
            .visible
            .iter()
            .filter(|(inner, _)| inner.starts_with(path));
        let renamed = |inner: &PathBuf| match inner.strip_prefix(path).unwrap() {
            rest if rest.as_os_str().is_empty() => to.to_owned(),
            rest => to.join(rest),
        };
        below
            .map(|(inner, node)| (inner.clone(), renamed(inner), *node))
            .collect()
    }
}

impl StoreDisk for MemoryDisk {
    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        let state = self.lock_state();
        Ok(match state.node_at(path)? {
            DiskNode::Folder => FileMetadata {
                kind: DiskEntryKind::Folder,
                stamp: FileStamp {
                    size: 0,
                    modified: 0,
                    inode: 0,
                },
            },
            DiskNode::File(index) => {
                let content = &state.contents[index];
                let size = content.visible.len() as u64;
                let inode = index as u64;
                FileMetadata {
                    kind: DiskEntryKind::File,
                    stamp: FileStamp {
                        size,
                        modified: content.modified,
                        inode,
                    },
                }
            }
        })
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.metadata(path)
    }

    fn require_writable(&self, folder: &Path) -> io::Result<()> {
        self.metadata(folder).map(|_| ())
    }

    fn list_folder(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let state = self.lock_state();
        state.node_at(folder)?;
        Ok(state
            .visible
            .keys()
            .filter(|path| path.parent() == Some(folder))
            .cloned()
            .collect())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let state = self.lock_state();
        let index = state.file_index(path)?;
        Ok(Box::new(io::Cursor::new(
            state.contents[index].visible.clone(),
        )))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        let mut state = self.lock_state();
        state.require_parent(path)?;
        if state.node_at(path).is_ok() {
            return Err(path_error(io::ErrorKind::AlreadyExists, path));
        }
        let index = state.contents.len();
        state.contents.push(FileContent::default());
        state.change_names(vec![(path.to_owned(), Some(DiskNode::File(index)))]);
        Ok(Box::new(MemoryFile {
            disk: self.clone(),
            index,
        }))
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        let index = self.lock_state().file_index(path)?;
        Ok(Box::new(MemoryFile {
            disk: self.clone(),
            index,
        }))
    }

    fn truncate_file(&self, path: &Path, length: u64) -> io::Result<()> {
        let mut state = self.lock_state();
        let index = state.file_index(path)?;
        state.contents[index]
            .visible
            .truncate(usize::try_from(length).unwrap());
        Ok(())
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock_state();
        if let DiskNode::File(index) = state.node_at(path)? {
            let content = &mut state.contents[index];
            content.durable = content.visible.clone();
            return Ok(());
        }
        // A sync of a folder makes only the names in that folder durable. Code that forgets to sync
        // a parent must fail the tests.
        let (settled, pending) = std::mem::take(&mut state.pending)
            .into_iter()
            .partition(|change| change.iter().any(|(inner, _)| parent_folder(inner) == path));
        state.pending = pending;
        let settled: Vec<NameChanges> = settled;
        settled
            .iter()
            .for_each(|change| apply_changes(&mut state.durable, change));
        Ok(())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock_state();
        state.require_parent(path)?;
        match state.node_at(path) {
            Ok(DiskNode::Folder) => {}
            Ok(DiskNode::File(_)) => return Err(path_error(io::ErrorKind::AlreadyExists, path)),
            Err(_) => state.change_names(vec![(path.to_owned(), Some(DiskNode::Folder))]),
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.lock_state();
        state.require_parent(to)?;
        // As POSIX has it: a folder replaces only an empty folder, and never a file.
        if state.node_at(from)? == DiskNode::Folder
            || matches!(state.node_at(to), Ok(DiskNode::Folder))
        {
            let is_empty = state.renamed_paths(to, to).len() <= 1;
            let same = matches!(state.node_at(to), Err(_) | Ok(DiskNode::Folder)) && is_empty;
            if !same || matches!(state.node_at(from)?, DiskNode::File(_)) {
                return Err(path_error(io::ErrorKind::DirectoryNotEmpty, to));
            }
        }
        let moved = state.renamed_paths(from, to);
        // One change for the whole move: a rename is atomic, also across a power cut.
        let away = moved.iter().map(|(old, ..)| (old.clone(), None));
        let here = moved
            .iter()
            .map(|(_, new, node)| (new.clone(), Some(*node)));
        let change = away.chain(here).collect();
        state.change_names(change);
        Ok(())
    }

    fn exchange(&self, first: &Path, second: &Path) -> io::Result<bool> {
        let mut state = self.lock_state();
        state.node_at(first).and(state.node_at(second))?;
        let from_first = state.renamed_paths(first, second);
        let from_second = state.renamed_paths(second, first);
        let both = || from_first.iter().chain(&from_second);
        let away = both().map(|(old, ..)| (old.clone(), None));
        let here = both().map(|(_, new, node)| (new.clone(), Some(*node)));
        let change = away.chain(here).collect();
        state.change_names(change);
        Ok(true)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock_state();
        state.node_at(path)?;
        if state.renamed_paths(path, path).len() > 1 {
            return Err(path_error(io::ErrorKind::DirectoryNotEmpty, path));
        }
        state.change_names(vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn set_read_only(&self, path: &Path) -> io::Result<()> {
        self.lock_state().node_at(path).map(|_| ())
    }

    fn lock_file(&self, path: &Path, _: LockWait) -> io::Result<Option<Box<dyn FileLockGuard>>> {
        if self.metadata(path).is_err() {
            drop(self.create(path)?);
        }
        let is_ours = self.lock_state().locked.insert(path.to_owned());
        let guard = MemoryLock {
            disk: self.clone(),
            path: path.to_owned(),
        };
        Ok(is_ours.then(|| Box::new(guard) as Box<dyn FileLockGuard>))
    }

    fn is_locked(&self, path: &Path) -> bool {
        self.lock_state().locked.contains(path)
    }
}

struct MemoryFile {
    disk: MemoryDisk,
    index: usize,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.lock_state();
        state.tick += 1;
        let tick = state.tick;
        let content = &mut state.contents[self.index];
        content.visible.extend_from_slice(bytes);
        content.modified = tick;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AppendFile for MemoryFile {
    fn sync(&mut self) -> io::Result<()> {
        let content = &mut self.disk.lock_state().contents[self.index];
        content.durable = content.visible.clone();
        Ok(())
    }
}

#[derive(Debug)]
struct MemoryLock {
    disk: MemoryDisk,
    path: PathBuf,
}

impl FileLockGuard for MemoryLock {
    fn write_owner(&mut self, text: &[u8]) -> io::Result<()> {
        let mut state = self.disk.lock_state();
        let index = state.file_index(&self.path)?;
        state.contents[index].visible = text.to_vec();
        Ok(())
    }
}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.disk.lock_state().locked.remove(&self.path);
    }
}

/// The kind of a step of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DiskStep {
    Read,
    Write,
    Sync,
    Create,
    Rename,
    Remove,
    Lock,
}

/// Decides which steps fail, and with what error.
type FaultPlan = dyn FnMut(DiskStep, &Path) -> Option<io::Error> + Send;

/// A disk on which chosen steps fail. A write that fails writes half of its bytes first.
#[derive(Clone)]
pub(crate) struct FaultyDisk {
    disk: Arc<dyn StoreDisk>,
    plan: Arc<Mutex<Box<FaultPlan>>>,
}

impl std::fmt::Debug for FaultyDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "faulty {:?}", self.disk)
    }
}

impl FaultyDisk {
    /// Returns a disk over this one. `on_step` is called before each step, and may return an error
    /// for it.
    pub(crate) fn with_faults(
        disk: impl StoreDisk + 'static,
        on_step: impl FnMut(DiskStep, &Path) -> Option<io::Error> + Send + 'static,
    ) -> Self {
        Self {
            disk: Arc::new(disk),
            plan: Arc::new(Mutex::new(Box::new(on_step))),
        }
    }

    fn check_step(&self, step: DiskStep, path: &Path) -> io::Result<()> {
        let mut on_step = self.plan.lock().unwrap_or_else(PoisonError::into_inner);
        on_step(step, path).map_or(Ok(()), Err)
    }

    fn faulty_file(&self, path: &Path, file: Box<dyn AppendFile>) -> Box<dyn AppendFile> {
        Box::new(FaultyFile {
            disk: self.clone(),
            path: path.to_owned(),
            file,
        })
    }
}

impl StoreDisk for FaultyDisk {
    fn metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.disk.metadata(path)
    }

    fn symlink_metadata(&self, path: &Path) -> io::Result<FileMetadata> {
        self.disk.symlink_metadata(path)
    }

    fn require_writable(&self, folder: &Path) -> io::Result<()> {
        self.check_step(DiskStep::Create, folder)?;
        self.disk.require_writable(folder)
    }

    fn list_folder(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.disk.list_folder(folder)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        self.check_step(DiskStep::Read, path)?;
        self.disk.open(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        self.check_step(DiskStep::Create, path)?;
        self.disk
            .create(path)
            .map(|file| self.faulty_file(path, file))
    }

    fn open_append(&self, path: &Path) -> io::Result<Box<dyn AppendFile>> {
        self.check_step(DiskStep::Create, path)?;
        self.disk
            .open_append(path)
            .map(|file| self.faulty_file(path, file))
    }

    fn truncate_file(&self, path: &Path, length: u64) -> io::Result<()> {
        self.check_step(DiskStep::Write, path)?;
        self.disk.truncate_file(path, length)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.check_step(DiskStep::Sync, path)?;
        self.disk.sync(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.check_step(DiskStep::Create, path)?;
        self.disk.make_folder(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.check_step(DiskStep::Rename, to)?;
        self.disk.rename(from, to)
    }

    fn exchange(&self, first: &Path, second: &Path) -> io::Result<bool> {
        self.check_step(DiskStep::Rename, second)?;
        self.disk.exchange(first, second)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.check_step(DiskStep::Remove, path)?;
        self.disk.remove(path)
    }

    fn set_read_only(&self, path: &Path) -> io::Result<()> {
        self.check_step(DiskStep::Write, path)?;
        self.disk.set_read_only(path)
    }

    fn lock_file(
        &self,
        path: &Path,
        patience: LockWait,
    ) -> io::Result<Option<Box<dyn FileLockGuard>>> {
        self.check_step(DiskStep::Lock, path)?;
        self.disk.lock_file(path, patience)
    }

    fn is_locked(&self, path: &Path) -> bool {
        self.disk.is_locked(path)
    }
}

struct FaultyFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: Box<dyn AppendFile>,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.disk.check_step(DiskStep::Write, &self.path) {
            // As a disk that fills up does: part of the write succeeds before the error.
            self.file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl AppendFile for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.check_step(DiskStep::Sync, &self.path)?;
        self.file.sync()
    }
}
