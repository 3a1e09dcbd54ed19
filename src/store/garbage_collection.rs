//! Collecting garbage: what no kept revision needs is removed from the store.
//!
//! A blob stays when a kept revision made or reused a job whose record names it. Journals and manifests stay: they are
//! small, and history is not garbage. Reports of revisions that are not kept go, and so does what tells only of how jobs
//! were made that have been made anew since.

use super::disk::{DiskEntryKind, StoreDisk};
use super::revisions::Revision;
use super::{RunHistory, StoreError, StoreLayout, provenance};
use crate::base::Digest;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::Path;

/// What was, or would be, removed and kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct GcSummary {
    /// Files removed.
    pub removed: usize,
    /// Their bytes.
    #[serde(rename = "freed")]
    pub freed_bytes: u64,
    /// Files kept.
    pub kept: usize,
    /// Their bytes.
    #[serde(rename = "held")]
    pub kept_bytes: u64,
}

/// Returns the names of the revisions to keep: the `newest` published ones, the one in place, and the last run, whose
/// finished work the next one continues from.
#[must_use]
pub fn revisions_to_keep(revisions: &[Revision], newest: usize) -> BTreeSet<String> {
    let published = revisions
        .iter()
        .rev()
        .filter(|revision| revision.published.is_some())
        .take(newest);
    let current = Revision::find_current(revisions).into_iter();
    let last = revisions
        .iter()
        .rev()
        .find(|revision| revision.reverted_to.is_none());
    published
        .chain(current)
        .chain(last)
        .map(|revision| revision.name.clone())
        .collect()
}

/// Removes what no revision in `keep` needs; with `dry_run` only counts.
///
/// # Errors
/// Fails when the store cannot be read, or a file cannot be removed.
pub fn collect_garbage(
    layout: &StoreLayout,
    revisions: &[Revision],
    kept_names: &BTreeSet<String>,
    dry_run: bool,
) -> Result<GcSummary, StoreError> {
    let history = RunHistory::replay_journals(layout)?;
    let kept_revisions = revisions
        .iter()
        .filter(|revision| kept_names.contains(&revision.name));
    let identities: HashSet<Digest> = kept_revisions
        .flat_map(|revision| revision.jobs.values().map(|(_, digest)| *digest))
        .collect();
    let records = identities
        .iter()
        .filter_map(|identity| history.records.get(identity));
    let mut needed: HashSet<Digest> = HashSet::new();
    records.for_each(|record| needed.extend(record.outputs.iter().map(|output| output.digest)));
    let mut summary = GcSummary::default();
    let (disk, blobs) = (layout.disk(), layout.blobs_folder());
    sweep_folder(
        disk,
        &blobs,
        &|name| Digest::parse(name).is_some_and(|digest| needed.contains(&digest)),
        dry_run,
        &mut summary,
    )
    .map_err(|source| StoreError::io("collect in", &blobs, source))?;
    let runs = layout.runs_folder();
    for removed_revision in revisions
        .iter()
        .filter(|revision| !kept_names.contains(&revision.name))
    {
        let folder = layout.run_folder(&removed_revision.name);
        sweep_folder(disk, &folder, &|_| false, dry_run, &mut summary)
            .map_err(|source| StoreError::io("collect in", &runs, source))?;
    }
    // What a job was last made of says what changed when it must be made again.
    let recorded_identities: HashSet<Digest> = identities
        .into_iter()
        .chain(history.records.last_identities().map(|(_, digest)| digest))
        .collect();
    let folder = layout.provenance_folder();
    let idle = provenance::unused_files(layout, &recorded_identities).and_then(|idle| {
        idle.iter()
            .try_for_each(|path| remove_file(disk, path, dry_run, &mut summary))
    });
    idle.map_err(|source| StoreError::io("collect in", &folder, source))?;
    Ok(summary)
}

fn remove_file(
    disk: &dyn StoreDisk,
    path: &Path,
    dry_run: bool,
    summary: &mut GcSummary,
) -> io::Result<()> {
    let size = disk.symlink_metadata(path)?.stamp.size;
    (summary.removed, summary.freed_bytes) = (summary.removed + 1, summary.freed_bytes + size);
    if dry_run { Ok(()) } else { disk.remove(path) }
}

fn sweep_folder(
    disk: &dyn StoreDisk,
    folder: &Path,
    is_needed: &dyn Fn(&str) -> bool,
    dry_run: bool,
    summary: &mut GcSummary,
) -> io::Result<()> {
    for path in disk.sorted_paths(folder)? {
        let facts = disk.symlink_metadata(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if facts.kind == DiskEntryKind::Folder {
            sweep_folder(disk, &path, is_needed, dry_run, summary)?;
        } else if is_needed(&name) {
            (summary.kept, summary.kept_bytes) =
                (summary.kept + 1, summary.kept_bytes + facts.stamp.size);
        } else {
            remove_file(disk, &path, dry_run, summary)?;
        }
    }
    Ok(())
}
