//! Removes from the store what no revision that stays needs.
//!
//! A blob stays if such a revision made or reused a job whose record names it. Journals and
//! manifests always stay: they are small, and they are the history. Reports and logs of other
//! revisions are removed, and so are files of provenance that only describe jobs made again since.

use super::disk::{DiskEntryKind, StoreDisk};
use super::revisions::Revision;
use super::{RunHistory, StoreError, StoreLayout, provenance};
use crate::base::Digest;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::Path;

/// What was removed, or would be, and what stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct GcSummary {
    /// Files removed.
    pub removed: usize,
    /// Their bytes.
    #[serde(rename = "freed")]
    pub freed_bytes: u64,
    /// Files of the blob store that stay.
    pub kept: usize,
    /// Their bytes.
    #[serde(rename = "held")]
    pub kept_bytes: u64,
}

/// Returns the names of the revisions to keep: the `newest` published ones, the one in place, and
/// the last run.
#[must_use]
pub fn revisions_to_keep(revisions: &[Revision], newest: usize) -> BTreeSet<String> {
    let published = revisions
        .iter()
        .rev()
        .filter(|revision| revision.published.is_some())
        .take(newest);
    // After `revert` the revision in place may be older than the newest ones. Without it, a lost
    // deliverable could not be put back.
    let current = Revision::find_current(revisions).into_iter();
    // The last run may have failed. Its finished jobs are what the next run continues from, and no
    // published revision names them.
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

/// Removes what no revision of `names_to_keep` needs. With `dry_run` it only counts.
///
/// # Errors
/// Fails if the store cannot be read, or a file cannot be removed.
pub fn collect_garbage(
    layout: &StoreLayout,
    revisions: &[Revision],
    names_to_keep: &BTreeSet<String>,
    dry_run: bool,
) -> Result<GcSummary, StoreError> {
    // Mark and sweep from the journals, not reference counts: a count could differ from the truth
    // after a kill, and then either leak blobs or remove one that is needed.
    let history = RunHistory::replay_journals(layout)?;
    let kept_revisions = revisions
        .iter()
        .filter(|revision| names_to_keep.contains(&revision.name));
    let identities: HashSet<Digest> = kept_revisions
        .flat_map(|revision| revision.jobs.values().map(|(_, digest)| *digest))
        .collect();
    let records = identities
        .iter()
        // A job that a revision reused was recorded by an earlier run. Its files are found by
        // identity in the whole history, not in the journal of the revision.
        .filter_map(|identity| history.records.get(identity));
    let mut needed: HashSet<Digest> = HashSet::new();
    records.for_each(|record| needed.extend(record.outputs.iter().map(|output| output.digest)));
    let mut summary = GcSummary::default();
    let disk = layout.disk();
    let blobs = layout.blobs_folder();
    sweep_folder(
        disk,
        &blobs,
        // A name that is not a digest is not a blob: it is left over from a kill, and removed.
        &|name| Digest::parse(name).is_some_and(|digest| needed.contains(&digest)),
        dry_run,
        &mut summary,
    )
    .map_err(|source| StoreError::io("collect in", &blobs, source))?;
    let runs = layout.runs_folder();
    for removed_revision in revisions
        .iter()
        .filter(|revision| !names_to_keep.contains(&revision.name))
    {
        let folder = layout.run_folder(&removed_revision.name);
        sweep_folder(disk, &folder, &|_| false, dry_run, &mut summary)
            .map_err(|source| StoreError::io("collect in", &runs, source))?;
    }
    // The provenance under a job's last identity stays even if its files are removed: `plan`
    // compares with it to name what changed.
    let recorded_identities: HashSet<Digest> = identities
        .into_iter()
        .chain(history.records.last_identities().map(|(_, digest)| digest))
        .collect();
    let folder = layout.provenance_folder();
    let swept = provenance::unused_files(layout, &recorded_identities).and_then(|unused| {
        unused
            .iter()
            .try_for_each(|path| remove_file(disk, path, dry_run, &mut summary))
    });
    swept.map_err(|source| StoreError::io("collect in", &folder, source))?;
    Ok(summary)
}

fn remove_file(
    disk: &dyn StoreDisk,
    path: &Path,
    dry_run: bool,
    summary: &mut GcSummary,
) -> io::Result<()> {
    // Counted before it is removed, so that a dry run and a real one report the same figures.
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
