//! What a run leaves behind: blobs named by digest, the event journal, manifests derived from it,
//! and the pointer to the published revision.
//!
//! The journal is the only truth. Every other file is content that a record names, or can be
//! derived again. This module knows files and records. It does not know how jobs are made or run.

pub mod blob_store;
pub mod checkpoint;
mod current_pointer;
pub mod deliverable;
mod delivery_history;
pub mod delivery_seal;
pub mod disk;
pub mod distrust;
pub mod file_snapshot;
pub mod garbage_collection;
mod history_replay;
pub mod job_history;
mod job_record;
mod job_records;
pub mod journal;
pub mod journal_compaction;
mod last_choices;
mod lock_owner_state;
pub mod manifest;
mod outside_names;
pub mod place_survey;
mod placement;
pub mod probe_samples;
pub mod provenance;
pub mod publish;
mod publish_note;
pub mod publish_recovery;
pub mod report_names;
mod revision_index;
pub mod revisions;
pub mod run_history;
pub mod speech_memory;
pub mod store_layout;
pub mod store_lock;
pub mod store_owner;
mod store_shape;
pub mod store_size;
#[cfg(test)]
mod tests;
pub mod verify_store;

pub use blob_store::BlobStore;
pub use file_snapshot::FileSnapshot;
pub use job_record::JobRecord;
pub use job_records::JobRecords;
pub use journal::Journal;
pub use last_choices::LastChoices;
pub use manifest::Manifest;
pub use provenance::Provenance;
pub use revision_index::{RevisionIndexSink, read_revision_summaries, update_revision_index};
pub use revisions::Revision;
pub use run_history::{LatestFailure, RunHistory};
pub use speech_memory::{SpeechMemory, SpokenLine};
pub use store_layout::StoreLayout;
pub use store_lock::{LockOwner, StoreLock};
pub use store_owner::{OwnershipRecord, StoreOwner};

use crate::model::PlaceProblem;
use std::io;
use std::path::{Path, PathBuf};

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system returned an error.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// A verb that reads before the path: `read`, `append to`.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// There is no room for a file. The store is sound.
    // Apart from `Io`, because nobody has to look at the store: jobs that meet a full disk fail with
    // the same class, `disk_full`.
    #[error("{what} {}: {source} (disk_full). Make room, and run the same command again: what is finished is not \
             made twice", path.display())]
    DiskFull {
        /// A verb that reads before the path.
        what: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// A record that is not the last of its journal does not match its checksum.
    // A torn last record is what a kill leaves, and is dropped. A damaged record before it means
    // that finished work may be unknown, so the program stops instead of guessing.
    #[error("read {}:{line}: the record is damaged; the journal was changed from outside or the disk lost data. \
             Move the file away to start over; finished work in it is then made again", path.display())]
    /// A record that is not the last of its journal does not match its checksum.
    Damaged {
        /// The journal.
        path: PathBuf,
        /// One-based line.
        line: usize,
    },
    /// A file that is never changed after it was written does not match its digest or format.
    #[error("read {}: it was changed after it was written, or its format is unknown", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A newer version of the program wrote a file.
    // Never reported as damage: a user who moves such a file away loses what is whole.
    #[error("read {}:{line}: it was written by a newer program. Nothing was changed. Use a program that is at \
             least as new", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// One-based line.
        line: usize,
    },
    /// The folder is no store, and not empty.
    #[error("use {} as a store: it is not empty, and nothing shows that it is a store. Nothing in it was touched. \
             Name an empty or a new folder with `--store FOLDER`", path.display())]
    NotAStore {
        /// The folder.
        path: PathBuf,
    },
    /// The store belongs to another production.
    #[error("use the store {}: it belongs to the production in {folder}. A production needs a store of its own: name \
             another folder with `--store FOLDER`. If this is that production in a new place, delete `store.owner` in \
             the store", path.display())]
    OtherProduction {
        /// The store.
        path: PathBuf,
        /// The folder of the production that it belongs to.
        folder: String,
    },
    /// Something in the store is a link.
    #[error("use the store: {} is a link or a device, and what is behind it is neither written nor deleted. Put \
             back what it stands for. To keep the store elsewhere, name its folder with `--store FOLDER`", path.display())]
    LinkInStore {
        /// The link.
        path: PathBuf,
    },
    /// A file is where a folder must be, or the other way round.
    #[error("use the store: {} is {found}; move it away", path.display())]
    WrongKind {
        /// The path.
        path: PathBuf,
        /// What is there: `a file`, `a folder`.
        found: &'static str,
    },
    /// A file of the store names something outside of the production.
    #[error("read {}: it names `{name}`, which leads out of the production. Nothing was touched; do not trust this \
             store", path.display())]
    OutsideName {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
    /// No journal records a revision that other files of the store name.
    #[error("remove anything: {} names {revision}, whose end no journal records. What it needs cannot \
             be known. Put the journal back, or give the revision up by moving that file away", path.display())]
    Unrecorded {
        /// The file that names it.
        path: PathBuf,
        /// The revision.
        revision: String,
    },
    /// A file that must be delivered is not in the store any more.
    #[error(
        "deliver `{file}`: its copy in the store is gone or was damaged; nothing in place was touched. \
             If the document still asks for it, `production run` makes it again"
    )]
    /// The store no longer has a file that must be delivered.
    MissingBlob {
        /// The first missing file: its name within the outputs of its job.
        file: String,
    },
    /// What is at the path of a deliverable is not the program's to replace.
    #[error("deliver {}: {problem}; nothing in place was touched{}", path.display(), allowance_hint(path, problem))]
    NotReplaceable {
        /// The path of the deliverable, relative to the production's folder.
        path: PathBuf,
        /// What is there.
        problem: PlaceProblem,
    },
    /// Another process holds the lock of the store.
    #[error("lock the store: {owner} holds it; wait for it with `--wait`, or stop it")]
    Locked {
        /// The process, its command, and how long it has held the lock.
        owner: String,
    },
    /// The store may be read and not written.
    // Apart from `Io`, because the remedy differs: commands that only read still work on such a
    // store, and `--store` moves the rest.
    #[error("write to the store {}: {source}. Make it writable, or keep work elsewhere with `--store FOLDER`; \
             commands that only read it still work", path.display())]
    /// The store can be read but not written.
    ReadOnly {
        /// The store's folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl StoreError {
    /// Returns the error for `source`, which occurred while doing `what` to `path`.
    pub fn io(what: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { what, path, source }
            }
            _ => Self::Io { what, path, source },
        }
    }

    /// Returns the error that there was no room for a deliverable, which names the place that the
    /// user knows and not that of its staged copy. Other errors stay as they are.
    fn about_deliverable(self, path: &Path) -> Self {
        match self {
            Self::DiskFull { source, .. } => Self::DiskFull {
                what: "deliver",
                path: path.to_owned(),
                source,
            },
            other => other,
        }
    }
}

fn allowance_hint(path: &Path, problem: &PlaceProblem) -> String {
    if problem.can_be_allowed() {
        format!(
            ". Move it away, or allow this with `--replace {}`",
            path.display()
        )
    } else {
        String::new()
    }
}
