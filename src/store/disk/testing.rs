//! Disks for tests: one in memory that can lose power, and one that fails at a chosen step.
//!
//! [`MemoryDisk`] keeps two states, what programs see and what would survive a power cut, and knows which changes are
//! still on their way from one to the other. Power can be cut with all of them lost, all of them kept, or any mixture:
//! POSIX promises no order among changes that nobody synced.

use super::{Append, Disk, Facts, Held, Kind, Patience, folder_of};
use crate::model::FileStamp;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a path leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    File(usize),
    Folder,
}

/// The content of a file: as seen, and as it would survive.
#[derive(Debug, Clone, Default)]
struct Content {
    seen: Vec<u8>,
    settled: Vec<u8>,
    modified: i64,
}

/// Changes of names that happen together or not at all.
type Change = Vec<(PathBuf, Option<Node>)>;

#[derive(Debug, Clone, Default)]
struct Inside {
    contents: Vec<Content>,
    seen: BTreeMap<PathBuf, Node>,
    settled: BTreeMap<PathBuf, Node>,
    pending: Vec<Change>,
    locked: BTreeSet<PathBuf>,
    tick: i64,
}

/// A disk in memory. Clones are the same disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryDisk {
    inside: Arc<Mutex<Inside>>,
}

impl MemoryDisk {
    /// Returns a disk with these folders.
    pub(crate) fn with(folders: &[&str]) -> Self {
        let disk = Self::default();
        let mut inside = disk.inside();
        for folder in folders {
            for above in Path::new(folder)
                .ancestors()
                .filter(|path| !path.as_os_str().is_empty())
            {
                inside.seen.insert(above.to_owned(), Node::Folder);
            }
        }
        inside.settled = inside.seen.clone();
        drop(inside);
        disk
    }

    /// Writes a file, durably.
    pub(crate) fn put(&self, path: impl AsRef<Path>, bytes: &[u8]) {
        (self as &dyn Disk).replace(path.as_ref(), bytes).unwrap();
    }

    /// Changes a byte of a file and nothing else: not its size, its time or its inode.
    pub(crate) fn flip(&self, path: &Path) {
        let mut inside = self.inside();
        let at = inside.file(path).unwrap();
        let content = &mut inside.contents[at];
        content.seen[0] ^= 1;
        content.settled = content.seen.clone();
    }

    /// Returns another disk in the same state.
    pub(crate) fn twin(&self) -> Self {
        Self {
            inside: Arc::new(Mutex::new(self.inside().clone())),
        }
    }

    /// Returns the disk as a power cut leaves it. `survives` is asked for every change that nobody synced.
    pub(crate) fn after_power_cut(&self, mut survives: impl FnMut() -> bool) -> Self {
        let mut inside = self.inside().clone();
        for change in std::mem::take(&mut inside.pending) {
            if survives() {
                apply(&mut inside.settled, &change);
            }
        }
        let names = inside.settled.clone();
        let is_rooted = |path: &PathBuf| {
            path.ancestors()
                .skip(1)
                .all(|above| above.as_os_str().is_empty() || names.contains_key(above))
        };
        inside.settled.retain(|path, _| is_rooted(path));
        for content in &mut inside.contents {
            if survives() {
                content.settled = content.seen.clone();
            } else if content.seen.starts_with(&content.settled) && survives() {
                let half = content.settled.len().midpoint(content.seen.len());
                content.settled = content.seen[..half].to_vec();
            }
            content.seen = content.settled.clone();
        }
        inside.seen = inside.settled.clone();
        inside.locked.clear();
        Self {
            inside: Arc::new(Mutex::new(inside)),
        }
    }

    /// Returns the disk as a kill leaves it: everything that was written is there, and no lock is held.
    pub(crate) fn after_kill(&self) -> Self {
        self.after_power_cut(|| true)
    }

    /// Returns every file below `folder` with its content.
    pub(crate) fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let inside = self.inside();
        let below = inside
            .seen
            .iter()
            .filter(|(path, _)| path.starts_with(folder));
        let file = |(path, node): (&PathBuf, &Node)| match node {
            Node::File(at) => Some((path.clone(), inside.contents[*at].seen.clone())),
            Node::Folder => None,
        };
        below.filter_map(file).collect()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn apply(names: &mut BTreeMap<PathBuf, Node>, change: &Change) {
    for (path, node) in change {
        match node {
            Some(node) => names.insert(path.clone(), *node),
            None => names.remove(path),
        };
    }
}

fn error(kind: io::ErrorKind, path: &Path) -> io::Error {
    io::Error::new(kind, path.display().to_string())
}

impl Inside {
    fn node(&self, path: &Path) -> io::Result<Node> {
        self.seen
            .get(path)
            .copied()
            .ok_or_else(|| error(io::ErrorKind::NotFound, path))
    }

    fn file(&self, path: &Path) -> io::Result<usize> {
        match self.node(path)? {
            Node::File(at) => Ok(at),
            Node::Folder => Err(error(io::ErrorKind::IsADirectory, path)),
        }
    }

    fn change(&mut self, change: Change) {
        apply(&mut self.seen, &change);
        self.pending.push(change);
    }

    fn needs_folder(&self, path: &Path) -> io::Result<()> {
        self.node(folder_of(path)).map(|_| ())
    }

    /// Returns `path` and everything below it, as pairs of a path and what it would be called below `to`.
    fn moved(&self, path: &Path, to: &Path) -> Vec<(PathBuf, PathBuf, Node)> {
        let below = self
            .seen
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

impl Disk for MemoryDisk {
    fn facts(&self, path: &Path) -> io::Result<Facts> {
        let inside = self.inside();
        Ok(match inside.node(path)? {
            Node::Folder => Facts {
                kind: Kind::Folder,
                stamp: FileStamp {
                    size: 0,
                    modified: 0,
                    inode: 0,
                },
            },
            Node::File(at) => {
                let content = &inside.contents[at];
                let (size, inode) = (content.seen.len() as u64, at as u64);
                Facts {
                    kind: Kind::File,
                    stamp: FileStamp {
                        size,
                        modified: content.modified,
                        inode,
                    },
                }
            }
        })
    }

    fn entry(&self, path: &Path) -> io::Result<Facts> {
        self.facts(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let inside = self.inside();
        inside.node(folder)?;
        let within = |path: &&PathBuf| path.parent() == Some(folder);
        Ok(inside.seen.keys().filter(within).cloned().collect())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        let inside = self.inside();
        let at = inside.file(path)?;
        Ok(Box::new(io::Cursor::new(inside.contents[at].seen.clone())))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        let mut inside = self.inside();
        inside.needs_folder(path)?;
        if inside.node(path).is_ok() {
            return Err(error(io::ErrorKind::AlreadyExists, path));
        }
        let at = inside.contents.len();
        inside.contents.push(Content::default());
        inside.change(vec![(path.to_owned(), Some(Node::File(at)))]);
        Ok(Box::new(MemoryFile {
            disk: self.clone(),
            at,
        }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        let at = self.inside().file(path)?;
        Ok(Box::new(MemoryFile {
            disk: self.clone(),
            at,
        }))
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        let mut inside = self.inside();
        let at = inside.file(path)?;
        inside.contents[at]
            .seen
            .truncate(usize::try_from(length).unwrap());
        Ok(())
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        if let Node::File(at) = inside.node(path)? {
            let content = &mut inside.contents[at];
            content.settled = content.seen.clone();
            return Ok(());
        }
        let touches = |change: &Change| change.iter().any(|(inner, _)| folder_of(inner) == path);
        let (settled, pending) = std::mem::take(&mut inside.pending)
            .into_iter()
            .partition(touches);
        inside.pending = pending;
        let settled: Vec<Change> = settled;
        settled
            .iter()
            .for_each(|change| apply(&mut inside.settled, change));
        Ok(())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        inside.needs_folder(path)?;
        match inside.node(path) {
            Ok(Node::Folder) => {}
            Ok(Node::File(_)) => return Err(error(io::ErrorKind::AlreadyExists, path)),
            Err(_) => inside.change(vec![(path.to_owned(), Some(Node::Folder))]),
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        inside.needs_folder(to)?;
        if inside.node(from)? == Node::Folder || matches!(inside.node(to), Ok(Node::Folder)) {
            let is_empty = inside.moved(to, to).len() <= 1;
            let same = matches!(inside.node(to), Err(_) | Ok(Node::Folder)) && is_empty;
            if !same || matches!(inside.node(from)?, Node::File(_)) {
                return Err(error(io::ErrorKind::DirectoryNotEmpty, to));
            }
        }
        let moved = inside.moved(from, to);
        let away = moved.iter().map(|(old, ..)| (old.clone(), None));
        let here = moved
            .iter()
            .map(|(_, new, node)| (new.clone(), Some(*node)));
        let change = away.chain(here).collect();
        inside.change(change);
        Ok(())
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool> {
        let mut inside = self.inside();
        inside.node(one).and(inside.node(other))?;
        let (first, second) = (inside.moved(one, other), inside.moved(other, one));
        let both = || first.iter().chain(&second);
        let away = both().map(|(old, ..)| (old.clone(), None));
        let here = both().map(|(_, new, node)| (new.clone(), Some(*node)));
        let change = away.chain(here).collect();
        inside.change(change);
        Ok(true)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut inside = self.inside();
        inside.node(path)?;
        if inside.moved(path, path).len() > 1 {
            return Err(error(io::ErrorKind::DirectoryNotEmpty, path));
        }
        inside.change(vec![(path.to_owned(), None)]);
        Ok(())
    }

    fn seal(&self, path: &Path) -> io::Result<()> {
        self.inside().node(path).map(|_| ())
    }

    fn lock(&self, path: &Path, _: Patience) -> io::Result<Option<Box<dyn Held>>> {
        if self.facts(path).is_err() {
            drop(self.create(path)?);
        }
        let is_ours = self.inside().locked.insert(path.to_owned());
        let held = MemoryLock {
            disk: self.clone(),
            path: path.to_owned(),
        };
        Ok(is_ours.then(|| Box::new(held) as Box<dyn Held>))
    }

    fn is_locked(&self, path: &Path) -> bool {
        self.inside().locked.contains(path)
    }
}

struct MemoryFile {
    disk: MemoryDisk,
    at: usize,
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inside = self.disk.inside();
        inside.tick += 1;
        let tick = inside.tick;
        let content = &mut inside.contents[self.at];
        content.seen.extend_from_slice(bytes);
        content.modified = tick;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Append for MemoryFile {
    fn sync(&mut self) -> io::Result<()> {
        let content = &mut self.disk.inside().contents[self.at];
        content.settled = content.seen.clone();
        Ok(())
    }
}

#[derive(Debug)]
struct MemoryLock {
    disk: MemoryDisk,
    path: PathBuf,
}

impl Held for MemoryLock {
    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        let mut inside = self.disk.inside();
        let at = inside.file(&self.path)?;
        inside.contents[at].seen = text.to_vec();
        Ok(())
    }
}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        self.disk.inside().locked.remove(&self.path);
    }
}

/// One step that a disk is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Read,
    Write,
    Sync,
    Create,
    Rename,
    Remove,
    Lock,
}

/// Which steps fail, and how.
type Fate = dyn FnMut(Step, &Path) -> Option<io::Error> + Send;

/// A disk on which chosen steps fail. A failing write is a short one first: half of the bytes arrive.
#[derive(Clone)]
pub(crate) struct FaultyDisk {
    disk: Arc<dyn Disk>,
    fate: Arc<Mutex<Box<Fate>>>,
}

impl std::fmt::Debug for FaultyDisk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "faulty {:?}", self.disk)
    }
}

impl FaultyDisk {
    /// Returns a disk over this one. `fate` is told of each step before it is taken.
    pub(crate) fn over(
        disk: impl Disk + 'static,
        fate: impl FnMut(Step, &Path) -> Option<io::Error> + Send + 'static,
    ) -> Self {
        Self {
            disk: Arc::new(disk),
            fate: Arc::new(Mutex::new(Box::new(fate))),
        }
    }

    fn step(&self, step: Step, path: &Path) -> io::Result<()> {
        let mut fate = self.fate.lock().unwrap_or_else(PoisonError::into_inner);
        fate(step, path).map_or(Ok(()), Err)
    }

    fn file(&self, path: &Path, file: Box<dyn Append>) -> Box<dyn Append> {
        Box::new(FaultyFile {
            disk: self.clone(),
            path: path.to_owned(),
            file,
        })
    }
}

impl Disk for FaultyDisk {
    fn facts(&self, path: &Path) -> io::Result<Facts> {
        self.disk.facts(path)
    }

    fn entry(&self, path: &Path) -> io::Result<Facts> {
        self.disk.entry(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.disk.list(folder)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        self.step(Step::Read, path)?;
        self.disk.open(path)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        self.step(Step::Create, path)?;
        self.disk.create(path).map(|file| self.file(path, file))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn Append>> {
        self.step(Step::Create, path)?;
        self.disk.append(path).map(|file| self.file(path, file))
    }

    fn cut(&self, path: &Path, length: u64) -> io::Result<()> {
        self.step(Step::Write, path)?;
        self.disk.cut(path, length)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Sync, path)?;
        self.disk.sync(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Create, path)?;
        self.disk.make_folder(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(Step::Rename, to)?;
        self.disk.rename(from, to)
    }

    fn exchange(&self, one: &Path, other: &Path) -> io::Result<bool> {
        self.step(Step::Rename, other)?;
        self.disk.exchange(one, other)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Remove, path)?;
        self.disk.remove(path)
    }

    fn seal(&self, path: &Path) -> io::Result<()> {
        self.step(Step::Write, path)?;
        self.disk.seal(path)
    }

    fn lock(&self, path: &Path, patience: Patience) -> io::Result<Option<Box<dyn Held>>> {
        self.step(Step::Lock, path)?;
        self.disk.lock(path, patience)
    }

    fn is_locked(&self, path: &Path) -> bool {
        self.disk.is_locked(path)
    }
}

struct FaultyFile {
    disk: FaultyDisk,
    path: PathBuf,
    file: Box<dyn Append>,
}

impl Write for FaultyFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = self.disk.step(Step::Write, &self.path) {
            self.file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Append for FaultyFile {
    fn sync(&mut self) -> io::Result<()> {
        self.disk.step(Step::Sync, &self.path)?;
        self.file.sync()
    }
}
