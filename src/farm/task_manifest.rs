//! The task manifest: one file of records, an index of their offsets, and a header.
//!
//! A million tasks are three files. A machine that runs one task reads sixteen bytes of the index
//! and one line of the records.

use super::manifest_header::{TASK_MANIFEST_VERSION, TaskManifestHeader};
use super::run_folder::FarmRunFolder;
use super::task_map::TaskId;
use super::task_record::{TaskRecord, TaskRecordBuilder};
use crate::base::json::to_json_bytes;
use crate::store::StoreError;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// The size of the buffers for reading and writing. On a network file system every call is a round
/// trip, so few large ones are cheaper than many small ones.
const WRITE_BUFFER_BYTES: usize = 1 << 20;
/// The size of one index entry: the offset of a record as a little-endian `u64`.
const INDEX_ENTRY_BYTES: u64 = 8;

/// An error that ends a farm run or a task. The text reads after "failed to".
#[derive(Debug, thiserror::Error)]
pub enum FarmError {
    /// The store cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The request cannot be fulfilled, such as a task that the manifest does not have.
    #[error("{0}")]
    Usage(String),
    /// A needed program or the scheduler is missing, does not answer, or refuses.
    #[error("{0}")]
    Missing(String),
    /// A file of the farm run is damaged.
    #[error("read {}: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The damage, as a sentence.
        what: String,
    },
}

impl FarmError {
    pub(super) fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Store(StoreError::io(what, path, source))
    }

    fn damaged_file(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}

/// The task manifest of one farm run.
#[derive(Debug, Clone)]
pub struct TaskManifest {
    /// The values that all tasks share.
    pub header: TaskManifestHeader,
    /// The folder of its files.
    pub folder: FarmRunFolder,
}

impl TaskManifest {
    /// Writes the manifest: records and index first, the header last.
    ///
    /// # Errors
    /// Fails if an input of a task is not in the store, or if the store cannot be written.
    pub fn write(&self, record_builder: &TaskRecordBuilder<'_>) -> Result<(), FarmError> {
        let folder = &self.folder;
        // Records and index first, and the header last: a folder without a header is a run that was
        // never submitted.
        let mut records = BufferedAppend::create(folder, folder.records_path())?;
        let mut index = BufferedAppend::create(folder, folder.index_path())?;
        let mut offset = 0_u64;
        for (task, _) in record_builder.tasks.iter() {
            // Inputs were in the store when the run was planned. If one is gone since, the run fails
            // here and not on the machine that would read it.
            let record = record_builder.build_record(task).ok_or_else(|| {
                FarmError::Usage(format!(
                    "record task {task}: one of its inputs is not in the store"
                ))
            })?;
            let mut line = to_json_bytes(&record);
            line.push(b'\n');
            index.append_bytes(&offset.to_le_bytes())?;
            records.append_bytes(&line)?;
            offset += line.len() as u64;
        }
        // One more offset ends the last record, so the length of every record is a difference of
        // two neighbouring entries.
        index.append_bytes(&offset.to_le_bytes())?;
        records.close()?;
        index.close()?;
        // It holds the paths of the project and the store on this machine, which need not be UTF-8.
        let text = serde_json::to_vec_pretty(&self.header)
            .map_err(|error| FarmError::io("write", &folder.header_path(), error.into()))?;
        Ok(folder.layout.replace_file(&folder.header_path(), &text)?)
    }

    /// Opens the manifest of a farm run.
    ///
    /// # Errors
    /// Fails if there is no manifest, if its header is damaged, or if another version wrote it.
    pub fn open(folder: FarmRunFolder) -> Result<Self, FarmError> {
        let path = folder.header_path();
        let bytes = std::fs::read(&path).map_err(|source| FarmError::io("read", &path, source))?;
        let header: TaskManifestHeader = serde_json::from_slice(&bytes)
            .map_err(|error| FarmError::damaged_file(&path, error.to_string()))?;
        // Tasks may run for days, and the program may be updated meanwhile. A guess at another form
        // could run a task with wrong values, so the error names the program that can read it.
        if header.version != TASK_MANIFEST_VERSION {
            let what = format!(
                "it has version {}, and this program ({}) reads version {TASK_MANIFEST_VERSION}; run the program that wrote it, {}",
                header.version,
                env!("CARGO_PKG_VERSION"),
                header.program
            );
            return Err(FarmError::damaged_file(&path, what));
        }
        Ok(Self { header, folder })
    }

    /// Passes every record to `visitor`, in the order of tasks.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is damaged.
    pub fn for_each_record(&self, mut visitor: impl FnMut(TaskRecord)) -> Result<(), FarmError> {
        self.for_each_line(|line| serde_json::from_str(line).map(&mut visitor))
    }

    /// Passes the line of every record to `visitor`, in order. An error of `visitor` means that the
    /// file is damaged.
    pub(super) fn for_each_line(
        &self,
        mut visitor: impl FnMut(&str) -> Result<(), serde_json::Error>,
    ) -> Result<(), FarmError> {
        let path = self.folder.records_path();
        let file = File::open(&path).map_err(|source| FarmError::io("read", &path, source))?;
        let mut file = BufReader::with_capacity(WRITE_BUFFER_BYTES, file);
        let mut text = String::new();
        // From 1, as editors count, because the number is for people.
        for number in 1_u32.. {
            text.clear();
            let read = file
                .read_line(&mut text)
                .map_err(|source| FarmError::io("read", &path, source))?;
            // One buffer serves all lines: a million records would otherwise cost as many
            // allocations.
            if read == 0 {
                break;
            }
            visitor(&text).map_err(|error| {
                FarmError::damaged_file(&path, format!("line {number}: {error}"))
            })?;
        }
        Ok(())
    }

    /// Returns one record without reading the others.
    ///
    /// # Errors
    /// Fails if there is no such task, or if the files are damaged.
    pub fn read_record(&self, task: TaskId) -> Result<TaskRecord, FarmError> {
        // Checked before the index is read: the offset of a task that is not there would be that of
        // another file's end.
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
        let index = self.folder.index_path();
        let records = self.folder.records_path();
        let ends = read_at(
            &index,
            u64::from(task.0) * INDEX_ENTRY_BYTES,
            2 * INDEX_ENTRY_BYTES,
        )
        .map_err(|source| FarmError::io("read", &index, source))?;
        let end = |offset: usize| {
            ends[offset..]
                .first_chunk::<8>()
                .map_or(0, |bytes| u64::from_le_bytes(*bytes))
        };
        // A torn index has offsets that go back or repeat. It must become an error with the file's
        // name, not an arithmetic panic or an empty record.
        let from = end(0);
        let to = end(8);
        let length = to.checked_sub(from).filter(|length| *length > 0);
        let length = length
            .ok_or_else(|| FarmError::damaged_file(&index, format!("task {task} has no length")))?;
        let line = read_at(&records, from, length)
            .map_err(|source| FarmError::io("read", &records, source))?;
        serde_json::from_slice(&line)
            .map_err(|error| FarmError::damaged_file(&records, format!("task {task}: {error}")))
    }
}

fn read_at(path: &Path, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    // The length comes from an index that may be damaged. Unchecked, it could ask for more memory
    // than the machine has.
    if offset.checked_add(length).is_none_or(|end| end > size) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A file that is written in large pieces through the store's disk, so that tests can let each
/// write fail.
struct BufferedAppend {
    path: PathBuf,
    file: Box<dyn crate::store::disk::AppendFile>,
    bytes: Vec<u8>,
}

impl BufferedAppend {
    fn create(folder: &FarmRunFolder, path: PathBuf) -> Result<Self, FarmError> {
        let disk = folder.layout.disk();
        let above = path.parent().unwrap_or(Path::new("."));
        let file = disk
            .make_folders(above)
            .and_then(|()| disk.create_or_replace(&path));
        let file = file.map_err(|source| FarmError::io("create", &path, source))?;
        Ok(Self {
            path,
            file,
            bytes: Vec::with_capacity(WRITE_BUFFER_BYTES),
        })
    }

    fn append_bytes(&mut self, bytes: &[u8]) -> Result<(), FarmError> {
        self.bytes.extend_from_slice(bytes);
        // One write for each megabyte: on a shared file system each write is a call over the
        // network.
        if self.bytes.len() >= WRITE_BUFFER_BYTES {
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
        // Synced here, because tasks of other machines read the file as soon as they are submitted.
        self.flush()?;
        self.file
            .sync()
            .map_err(|source| FarmError::io("write", &self.path, source))
    }
}
