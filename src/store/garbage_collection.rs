//! Removes from the store what no revision that stays needs.
//!
//! A blob stays if such a revision made or reused a job whose record names it, or if its manifest
//! names it. Journals and manifests always stay: they are small, and they are the history. Reports
//! and logs of other revisions are removed, and so are files of provenance that only describe jobs
//! made again since. If the journals do not record every revision that the store names, nothing is
//! removed.

use super::current_pointer::CurrentPointer;
use super::disk::{DiskEntryKind, StoreDisk};
use super::journal::{revision_from_path, revision_number};
use super::revisions::Revision;
use super::{Manifest, RunHistory, StoreError, StoreLayout, provenance};
use crate::base::Digest;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::{Path, PathBuf};

/// What was removed, or would be, and what stays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct GcSummary {
    /// Files removed.
    pub removed: usize,
    /// Their bytes.
    #[serde(rename = "freed")]
    pub freed_bytes: u64,
    /// Files of the blob store that stay.
    #[serde(rename = "kept")]
    pub remaining: usize,
    /// Their bytes.
    #[serde(rename = "held")]
    pub remaining_bytes: u64,
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

/// Fails if something in the store names a revision that the journals do not record to its end:
/// what that revision needs is then unknown, and would be removed.
///
/// # Errors
/// As described; and if the store cannot be read.
pub fn require_recorded(layout: &StoreLayout, revisions: &[Revision]) -> Result<(), StoreError> {
    let history = RunHistory::replay_journals(layout)?;
    match unrecorded_revisions(layout, revisions, &history)?.pop() {
        Some(unrecorded) => Err(unrecorded),
        None => Ok(()),
    }
}

/// Returns an error for each file that names a revision that the journals do not record to its
/// end. The pointer is last.
pub(super) fn unrecorded_revisions(
    layout: &StoreLayout,
    revisions: &[Revision],
    history: &RunHistory,
) -> Result<Vec<StoreError>, StoreError> {
    let is_published = |name: &str| {
        let mut published = revisions
            .iter()
            .filter(|revision| revision.published.is_some());
        published.any(|revision| revision.name == name)
    };
    let mut unrecorded = Vec::new();
    for (path, manifest) in read_manifests(layout)? {
        let revision = revision_from_path(&path);
        // A kill in the middle of publishing leaves a manifest without a record of it. The journal
        // then has every job of it, so nothing is unknown.
        let is_explained = is_published(&revision)
            || manifest.is_some_and(|manifest| {
                let mut jobs = manifest.jobs.values();
                jobs.all(|job| history.records.contains_identity(&job.digest))
            });
        if !is_explained {
            unrecorded.push(StoreError::Unrecorded { path, revision });
        }
    }
    if let Some(revision) = unrecorded_pointer(layout, revisions) {
        let path = layout.current_pointer_path();
        unrecorded.push(StoreError::Unrecorded { path, revision });
    }
    Ok(unrecorded)
}

/// Returns the revision that the pointer names, if no journal records its publication.
fn unrecorded_pointer(layout: &StoreLayout, revisions: &[Revision]) -> Option<String> {
    let pointer = CurrentPointer::load(layout)?;
    let is_known = revisions
        .iter()
        // By the digest too: a pointer with a damaged name and the digest of a known revision is no
        // sign of another one.
        .any(|revision| {
            let published = revision.published.as_ref();
            published.is_some_and(|published| {
                revision.name == pointer.revision || published.manifest == pointer.manifest
            })
        });
    (!is_known).then_some(pointer.revision)
}

/// Returns every manifest with its path. `None`: the file cannot be parsed.
fn read_manifests(layout: &StoreLayout) -> Result<Vec<(PathBuf, Option<Manifest>)>, StoreError> {
    let folder = layout.manifests_folder();
    let disk = layout.disk();
    let paths = disk
        .sorted_paths(&folder)
        .map_err(|source| StoreError::io("list", &folder, source))?;
    // Copies that a person made beside the manifests are left out.
    let is_manifest = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension == "json")
            && revision_number(&revision_from_path(path)).is_some()
    };
    let manifests = paths.into_iter().filter(is_manifest).map(|path| {
        let bytes = disk.read_bytes(&path).ok();
        let manifest = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        (path, manifest)
    });
    Ok(manifests.collect())
}

/// The blobs that stay.
struct BlobRoots {
    /// What a revision that stays needs.
    needed: HashSet<Digest>,
    /// What any job recorded. `None`: it does not matter.
    recorded: Option<HashSet<Digest>>,
}

impl BlobRoots {
    /// Returns whether the file with this name in the folder of blobs stays.
    fn keeps(&self, name: &str) -> bool {
        // A name that is not a digest was not put there by this program.
        Digest::parse(name).is_none_or(|digest| {
            self.needed.contains(&digest)
                || self
                    .recorded
                    .as_ref()
                    .is_some_and(|recorded| !recorded.contains(&digest))
        })
    }
}

/// Returns the blobs that these revisions need, by the journals and by the manifests.
// Both: a journal may have lost the record of a job, and a manifest may be damaged.
fn blob_roots(
    layout: &StoreLayout,
    revisions: &[Revision],
    names_to_keep: &BTreeSet<String>,
    history: &RunHistory,
) -> Result<BlobRoots, StoreError> {
    let retained_revisions = revisions
        .iter()
        .filter(|revision| names_to_keep.contains(&revision.name));
    let records = retained_revisions
        .flat_map(|revision| revision.jobs.values())
        // A job that a revision reused was recorded by an earlier run. Its files are found by
        // identity in the whole history, not in the journal of the revision.
        .filter_map(|(_, identity)| history.records.get(identity));
    let mut needed: HashSet<Digest> = HashSet::new();
    records.for_each(|record| needed.extend(record.outputs.iter().map(|output| output.digest)));
    let mut recorded: HashSet<Digest> = HashSet::new();
    for (path, manifest) in read_manifests(layout)? {
        let name = revision_from_path(&path);
        let was_published = revisions
            .iter()
            .any(|revision| revision.name == name && revision.published.is_some());
        let jobs = manifest.iter().flat_map(|manifest| manifest.jobs.values());
        // No job made the reports. `revert` puts them beside the deliverables again.
        let reports = manifest.iter().flat_map(|manifest| &manifest.report.files);
        let digests = jobs
            .flat_map(|job| job.outputs.iter().map(|output| output.digest))
            .chain(reports.map(|file| file.digest));
        if was_published && !names_to_keep.contains(&name) {
            recorded.extend(digests);
        } else {
            needed.extend(digests);
        }
    }
    // A run without an end was killed, or its journal was cut short. What it had made and nobody
    // recorded is not removed before another run has ended.
    let is_cut_off = revisions
        .iter()
        .rev()
        .find(|revision| revision.reverted_to.is_none())
        .is_some_and(|last| last.status.is_none());
    let recorded = is_cut_off.then(|| {
        let records = history.records.iter_records();
        records.for_each(|(_, record)| {
            recorded.extend(record.outputs.iter().map(|output| output.digest));
        });
        recorded
    });
    Ok(BlobRoots { needed, recorded })
}

/// Removes what no revision of `names_to_keep` needs, nor the one that the pointer names. With
/// `dry_run` it only counts.
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
    let mut names_to_keep = names_to_keep.clone();
    names_to_keep.extend(CurrentPointer::load(layout).map(|pointer| pointer.revision));
    let roots = blob_roots(layout, revisions, &names_to_keep, &history)?;
    let mut summary = GcSummary::default();
    let disk = layout.disk();
    let blobs = layout.blobs_folder();
    sweep_folder(
        disk,
        &blobs,
        &|name| roots.keeps(name),
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
    sweep_provenance(
        layout,
        revisions,
        &names_to_keep,
        &history,
        dry_run,
        &mut summary,
    )?;
    Ok(summary)
}

fn sweep_provenance(
    layout: &StoreLayout,
    revisions: &[Revision],
    names_to_keep: &BTreeSet<String>,
    history: &RunHistory,
    dry_run: bool,
    summary: &mut GcSummary,
) -> Result<(), StoreError> {
    let retained_revisions = revisions
        .iter()
        .filter(|revision| names_to_keep.contains(&revision.name));
    // The provenance under a job's last identity stays even if its files are removed: `plan`
    // compares with it to name what changed.
    let recorded_identities: HashSet<Digest> = retained_revisions
        .flat_map(|revision| revision.jobs.values().map(|(_, digest)| *digest))
        .chain(history.records.last_identities().map(|(_, digest)| digest))
        .collect();
    let folder = layout.provenance_folder();
    let swept = provenance::unused_files(layout, &recorded_identities).and_then(|unused| {
        unused
            .iter()
            .try_for_each(|path| remove_file(layout.disk(), path, dry_run, summary))
    });
    swept.map_err(|source| StoreError::io("collect in", &folder, source))
}

fn remove_file(
    disk: &dyn StoreDisk,
    path: &Path,
    dry_run: bool,
    summary: &mut GcSummary,
) -> io::Result<()> {
    // Counted before it is removed, so that a dry run and a real one report the same figures.
    let size = disk.symlink_metadata(path)?.stamp.size;
    summary.removed += 1;
    summary.freed_bytes += size;
    if dry_run { Ok(()) } else { disk.remove(path) }
}

fn sweep_folder(
    disk: &dyn StoreDisk,
    folder: &Path,
    is_needed: &dyn Fn(&str) -> bool,
    dry_run: bool,
    summary: &mut GcSummary,
) -> io::Result<()> {
    // Nothing behind a link is removed, and a link itself is somebody's own.
    let is_folder = disk
        .symlink_metadata(folder)
        .is_ok_and(|facts| facts.kind == DiskEntryKind::Folder);
    if !is_folder {
        return Ok(());
    }
    for path in disk.sorted_paths(folder)? {
        let facts = disk.symlink_metadata(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if facts.kind == DiskEntryKind::Folder {
            sweep_folder(disk, &path, is_needed, dry_run, summary)?;
        } else if is_needed(&name) {
            summary.remaining += 1;
            summary.remaining_bytes += facts.stamp.size;
        } else {
            remove_file(disk, &path, dry_run, summary)?;
        }
    }
    Ok(())
}
