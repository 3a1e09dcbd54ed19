//! The shape of a store: which names it has, and of which kind each is.
//!
//! A store without a recorded owner is known by it. A store with links in it, or with folders in
//! place of files, is refused by it before anything is written: behind a link may be anything.

use super::disk::{DiskEntryKind, StoreDisk, is_partial};
use super::journal::{record_json, revision_from_path, revision_number};
use super::probe_samples::load_probe_samples;
use super::speech_memory::SpeechMemory;
use super::{LockOwner, StoreError, StoreLayout};
use crate::base::Digest;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// The files in the folder of a store.
const FILES: [&str; 13] = [
    "store.owner",
    "lock",
    "current.json",
    "publishing.json",
    "checkpoint.json",
    "inputs.json",
    "placed.json",
    "probe.json",
    "speech.json",
    "fold.bin",
    "revisions.json",
    "metrics.prom",
    "farm.json",
];

/// The folders in it.
const FOLDERS: [&str; 9] = [
    "blobs",
    "events",
    "manifests",
    "provenance",
    "runs",
    "scratch",
    "distrusted",
    "documents",
    "control",
];

/// The files and folders in the folder of one run.
const RUN_ENTRIES: [&str; 7] = [
    "plan.json",
    "report.html",
    "report.json",
    "metrics.prom",
    "logs",
    "stills",
    "farm",
];

/// The longest first line of a journal that is read to recognise it.
const MAX_LINE_BYTES: u64 = 1 << 20;

/// Returns whether the folder is new, empty, or has the shape of a store.
pub(super) fn has_store_shape(layout: &StoreLayout) -> io::Result<bool> {
    let disk = layout.disk();
    let paths = disk.sorted_paths(layout.root())?;
    // A record with its checksum is proof. Only this program wrote it, also if there are other
    // files.
    if paths.is_empty() || has_journal_record(layout)? {
        return Ok(true);
    }
    // Names alone are no proof: a folder of other work may also be called `scratch` or `blobs`, and
    // everything in these is removed sooner or later. So every entry must be one that this program
    // could have left, down to the files, and one of them must be of its own form.
    let mut is_typical = false;
    for path in &paths {
        let name = file_name(path);
        if !is_entry_of_store(layout, path, &name)? {
            return Ok(false);
        }
        is_typical |= match name.as_str() {
            "lock" | "events" | "runs" | "manifests" => true,
            // An estimate before the first run leaves nothing else.
            "probe.json" => !load_probe_samples(layout).is_empty(),
            "speech.json" => !SpeechMemory::load(layout).is_empty(),
            _ => false,
        };
    }
    Ok(is_typical)
}

/// Returns whether the first record of any journal is whole.
fn has_journal_record(layout: &StoreLayout) -> io::Result<bool> {
    let disk = layout.disk();
    for path in disk.sorted_paths(&layout.journals_folder())? {
        if is_revision_file(&path, "jsonl") && kind(disk, &path)? == DiskEntryKind::File {
            let mut line = Vec::new();
            let file = disk.open(&path)?.take(MAX_LINE_BYTES);
            BufReader::new(file).read_until(b'\n', &mut line)?;
            if record_json(&line).is_some() {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn is_entry_of_store(layout: &StoreLayout, path: &Path, name: &str) -> io::Result<bool> {
    let disk = layout.disk();
    let entry_kind = kind(disk, path)?;
    if entry_kind == DiskEntryKind::File {
        return Ok(match name {
            "lock" => {
                let text = disk.read_bytes(path)?;
                text.is_empty() || serde_json::from_slice::<LockOwner>(&text).is_ok()
            }
            _ => FILES.contains(&name) || is_partial(path),
        });
    }
    if entry_kind != DiskEntryKind::Folder || !FOLDERS.contains(&name) {
        return Ok(false);
    }
    for inner in disk.sorted_paths(path)? {
        let inner_kind = kind(disk, &inner)?;
        let is_folder = inner_kind == DiskEntryKind::Folder;
        let is_ours = match name {
            "blobs" => is_folder && is_blob_folder(disk, &inner)?,
            "events" | "provenance" => is_revision_file(&inner, "jsonl"),
            "manifests" => is_revision_file(&inner, "json") || is_partial(&inner),
            "runs" => is_folder && is_run_folder(disk, &inner)?,
            "scratch" => is_folder && file_name(&inner).starts_with("job-"),
            // A run that was killed leaves its socket.
            "control" => file_name(&inner) == "socket",
            "distrusted" => Digest::parse(&file_name(&inner)).is_some(),
            // Each is a store itself, with an owner.
            _ => disk.metadata(&inner.join("store.owner")).is_ok(),
        };
        if !is_ours {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is_blob_folder(disk: &dyn StoreDisk, folder: &Path) -> io::Result<bool> {
    let shard = file_name(folder);
    let is_blob = |path: &PathBuf| {
        let name = file_name(path);
        name.starts_with(&shard) && Digest::parse(&name).is_some()
    };
    Ok(shard.len() == 2 && disk.sorted_paths(folder)?.iter().all(is_blob))
}

fn is_run_folder(disk: &dyn StoreDisk, folder: &Path) -> io::Result<bool> {
    let is_known =
        |path: &PathBuf| is_partial(path) || RUN_ENTRIES.contains(&file_name(path).as_str());
    Ok(revision_number(&file_name(folder)).is_some()
        && disk.sorted_paths(folder)?.iter().all(is_known))
}

/// Fails if a link, or something of the wrong kind, is where this program writes or removes.
// Checked under the lock and not at every write: a process that can change the store while a run
// writes to it can also change what the run reads.
pub(super) fn require_own_files(layout: &StoreLayout) -> Result<(), StoreError> {
    let fault = |path: &Path, source| StoreError::io("read", path, source);
    let disk = layout.disk();
    let entries = FILES
        .iter()
        .map(|name| (name, DiskEntryKind::File))
        .chain(FOLDERS.iter().map(|name| (name, DiskEntryKind::Folder)));
    for (name, wanted) in entries {
        require_kind(disk, &layout.root().join(name), wanted)?;
    }
    for folder in [
        layout.blobs_folder(),
        layout.journals_folder(),
        layout.manifests_folder(),
        layout.provenance_folder(),
        layout.distrusted_folder(),
    ] {
        let paths = disk.sorted_paths(&folder);
        for path in paths.map_err(|source| fault(&folder, source))? {
            require_no_link(disk, &path)?;
        }
    }
    let journals = disk
        .sorted_paths(&layout.journals_folder())
        .map_err(|source| fault(&layout.journals_folder(), source))?;
    let past: BTreeSet<String> = journals
        .iter()
        .map(|path| revision_from_path(path))
        .collect();
    let runs = disk.sorted_paths(&layout.runs_folder());
    for run in runs.map_err(|source| fault(&layout.runs_folder(), source))? {
        // The folders of past runs are only read and removed, which stops at links. The folder of
        // the next run may be there already, because `plan` leaves its result in it.
        if !past.contains(&file_name(&run)) {
            require_no_links_below(disk, &run)?;
        }
    }
    Ok(())
}

fn require_no_links_below(disk: &dyn StoreDisk, path: &Path) -> Result<(), StoreError> {
    if require_no_link(disk, path)? == Some(DiskEntryKind::Folder) {
        let paths = disk.sorted_paths(path);
        for inner in paths.map_err(|source| StoreError::io("read", path, source))? {
            require_no_links_below(disk, &inner)?;
        }
    }
    Ok(())
}

fn require_kind(
    disk: &dyn StoreDisk,
    path: &Path,
    wanted: DiskEntryKind,
) -> Result<(), StoreError> {
    match require_no_link(disk, path)? {
        Some(found) if found != wanted => Err(StoreError::WrongKind {
            path: path.to_owned(),
            found: if wanted == DiskEntryKind::File {
                "a folder"
            } else {
                "a file"
            },
        }),
        _ => Ok(()),
    }
}

/// Returns the kind of what is at `path`, if anything is.
pub(super) fn require_no_link(
    disk: &dyn StoreDisk,
    path: &Path,
) -> Result<Option<DiskEntryKind>, StoreError> {
    match disk.symlink_metadata(path).map(|facts| facts.kind) {
        Ok(DiskEntryKind::Other) => Err(StoreError::LinkInStore {
            path: path.to_owned(),
        }),
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::io("read", path, source)),
    }
}

fn kind(disk: &dyn StoreDisk, path: &Path) -> io::Result<DiskEntryKind> {
    disk.symlink_metadata(path).map(|facts| facts.kind)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn is_revision_file(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
        && revision_number(&revision_from_path(path)).is_some()
}
