//! The task manifest: one file of records, one index of where each begins, one header.
//!
//! A million tasks are three files. A machine that does one of them reads sixteen bytes of the index and one line.

use super::folder::Folder;
use super::header::{Header, VERSION};
use super::record::{Clerk, Record};
use super::tasks::TaskId;
use crate::store::StoreError;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Bytes that are gathered before they are written.
const GATHERED: usize = 1 << 20;
/// Bytes of one entry of the index.
const ENTRY: u64 = 8;

/// Why a farm run cannot go on; the text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum FarmError {
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was asked for is not in the manifest, or cannot be.
    #[error("{0}")]
    Usage(String),
    /// A needed program or engine is missing or does not answer.
    #[error("{0}")]
    Missing(String),
    /// A file of the farm run is not as it was written.
    #[error("read {}: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl FarmError {
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Store(StoreError::io(what, path, source))
    }

    fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}

/// The task manifest of one farm run.
#[derive(Debug, Clone)]
pub struct TaskManifest {
    /// What is true of all tasks.
    pub header: Header,
    /// Where it lies.
    pub folder: Folder,
}

impl TaskManifest {
    /// Writes the manifest; the header comes last, so whoever finds one finds all of it.
    ///
    /// # Errors
    /// Fails when the store cannot be written.
    pub fn write(&self, clerk: &Clerk<'_>) -> Result<(), FarmError> {
        let folder = &self.folder;
        let mut records = Gathering::create(folder, folder.records())?;
        let mut index = Gathering::create(folder, folder.index())?;
        let mut offset = 0_u64;
        for (task, _) in clerk.tasks.iter() {
            let record = clerk.record(task).ok_or_else(|| {
                FarmError::Usage(format!(
                    "write task {task} down: an input of it is not in the store"
                ))
            })?;
            let mut line = serde_json::to_vec(&record).unwrap_or_default();
            line.push(b'\n');
            index.put(&offset.to_le_bytes())?;
            records.put(&line)?;
            offset += line.len() as u64;
        }
        index.put(&offset.to_le_bytes())?;
        records.close()?;
        index.close()?;
        let text = serde_json::to_vec_pretty(&self.header).unwrap_or_default();
        Ok(folder.layout.replace_file(&folder.header(), &text)?)
    }

    /// Opens the manifest of a farm run.
    ///
    /// # Errors
    /// Fails when there is none, or its header cannot be understood.
    pub fn open(folder: Folder) -> Result<Self, FarmError> {
        let path = folder.header();
        let bytes = std::fs::read(&path).map_err(|source| FarmError::io("read", &path, source))?;
        let header: Header = serde_json::from_slice(&bytes)
            .map_err(|error| FarmError::damaged(&path, error.to_string()))?;
        if header.version != VERSION {
            let what = format!(
                "it has version {}, and this program ({}) reads version {VERSION}; run the program that wrote it, {}",
                header.version,
                env!("CARGO_PKG_VERSION"),
                header.program
            );
            return Err(FarmError::damaged(&path, what));
        }
        Ok(Self { header, folder })
    }

    /// Hands every record to `to`, in order.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn each(&self, mut to: impl FnMut(Record)) -> Result<(), FarmError> {
        self.each_line(|line| serde_json::from_str(line).map(&mut to))
    }

    /// Hands the text of every record to `to`, in order, which may not understand it.
    pub(super) fn each_line(
        &self,
        mut to: impl FnMut(&str) -> Result<(), serde_json::Error>,
    ) -> Result<(), FarmError> {
        let path = self.folder.records();
        let file = File::open(&path).map_err(|source| FarmError::io("read", &path, source))?;
        let (mut file, mut text) = (BufReader::with_capacity(GATHERED, file), String::new());
        for number in 1_u32.. {
            text.clear();
            let read = file
                .read_line(&mut text)
                .map_err(|source| FarmError::io("read", &path, source))?;
            if read == 0 {
                break;
            }
            to(&text)
                .map_err(|error| FarmError::damaged(&path, format!("line {number}: {error}")))?;
        }
        Ok(())
    }

    /// Returns one record; nothing else is read.
    ///
    /// # Errors
    /// Fails when there is no such task, or the files are damaged.
    pub fn record(&self, task: TaskId) -> Result<Record, FarmError> {
        if task.0 >= self.header.tasks {
            return Err(FarmError::Usage(match self.header.tasks {
                0 => format!("find task {task}: {} has none", self.header.revision),
                tasks => {
                    format!(
                        "find task {task}: {} has the tasks 0 to {}",
                        self.header.revision,
                        tasks - 1
                    )
                }
            }));
        }
        let (index, records) = (self.folder.index(), self.folder.records());
        let ends = read_at(&index, u64::from(task.0) * ENTRY, 2 * ENTRY)
            .map_err(|source| FarmError::io("read", &index, source))?;
        let end = |at: usize| {
            ends[at..]
                .first_chunk::<8>()
                .map_or(0, |bytes| u64::from_le_bytes(*bytes))
        };
        let (from, to) = (end(0), end(8));
        let length = to.checked_sub(from).filter(|length| *length > 0);
        let length = length
            .ok_or_else(|| FarmError::damaged(&index, format!("task {task} has no length")))?;
        let line = read_at(&records, from, length)
            .map_err(|source| FarmError::io("read", &records, source))?;
        serde_json::from_slice(&line)
            .map_err(|error| FarmError::damaged(&records, format!("task {task}: {error}")))
    }
}

fn read_at(path: &Path, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    // A length from a damaged index must not ask for more memory than there are bytes.
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A file that is written in large pieces, through the store's disk.
struct Gathering {
    path: PathBuf,
    file: Box<dyn crate::store::disk::AppendFile>,
    bytes: Vec<u8>,
}

impl Gathering {
    fn create(folder: &Folder, path: PathBuf) -> Result<Self, FarmError> {
        let disk = folder.layout.disk();
        let above = path.parent().unwrap_or(Path::new("."));
        let file = disk
            .make_folders(above)
            .and_then(|()| disk.create_or_replace(&path));
        let file = file.map_err(|source| FarmError::io("create", &path, source))?;
        Ok(Self {
            path,
            file,
            bytes: Vec::with_capacity(GATHERED),
        })
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), FarmError> {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= GATHERED {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<(), FarmError> {
        self.file
            .write_all(&self.bytes)
            .map_err(|source| FarmError::io("write", &self.path, source))?;
        self.bytes.clear();
        Ok(())
    }

    fn close(mut self) -> Result<(), FarmError> {
        self.flush()?;
        self.file
            .sync()
            .map_err(|source| FarmError::io("write", &self.path, source))
    }
}
