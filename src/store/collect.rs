//! Collecting garbage: what no kept revision needs is removed from the store.
//!
//! A blob stays when a kept revision made or reused a job whose record names it. Journals and manifests stay: they are
//! small, and history is not garbage. Reports of revisions that are not kept go, and so does what tells only of how jobs
//! were made that have been made anew since.

use super::disk::{Disk, Kind};
use super::revisions::Revision;
use super::{History, Layout, StoreError, provenance};
use crate::base::Digest;
use std::collections::{BTreeSet, HashSet};
use std::io;
use std::path::Path;

/// What was, or would be, removed and kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Collected {
    /// Files removed.
    pub removed: usize,
    /// Their bytes.
    pub freed: u64,
    /// Files kept.
    pub kept: usize,
    /// Their bytes.
    pub held: u64,
}

/// Returns the names of the revisions to keep: the `newest` published ones, the one in place, and the last run, whose
/// finished work the next one continues from.
#[must_use]
pub fn keep(all: &[Revision], newest: usize) -> BTreeSet<String> {
    let published = all
        .iter()
        .rev()
        .filter(|one| one.published.is_some())
        .take(newest);
    let current = Revision::current(all).into_iter();
    let last = all.iter().rev().find(|one| one.reverted_to.is_none());
    published
        .chain(current)
        .chain(last)
        .map(|one| one.name.clone())
        .collect()
}

/// Removes what no revision in `keep` needs; with `dry_run` only counts.
///
/// # Errors
/// Fails when the store cannot be read, or a file cannot be removed.
pub fn collect(
    layout: &Layout,
    all: &[Revision],
    keep: &BTreeSet<String>,
    dry_run: bool,
) -> Result<Collected, StoreError> {
    let history = History::replay(layout)?;
    let kept = all.iter().filter(|one| keep.contains(&one.name));
    let identities: HashSet<Digest> = kept
        .flat_map(|one| one.jobs.values().map(|(_, digest)| *digest))
        .collect();
    let records = identities
        .iter()
        .filter_map(|identity| history.records.get(identity));
    let mut needed: HashSet<Digest> = HashSet::new();
    records.for_each(|record| needed.extend(record.outputs.iter().map(|output| output.digest)));
    let mut collected = Collected::default();
    let (disk, blobs) = (layout.disk(), layout.blobs());
    sweep(
        disk,
        &blobs,
        &|name| Digest::parse(name).is_some_and(|digest| needed.contains(&digest)),
        dry_run,
        &mut collected,
    )
    .map_err(|source| StoreError::io("collect in", &blobs, source))?;
    let runs = layout.runs();
    for gone in all.iter().filter(|one| !keep.contains(&one.name)) {
        let folder = layout.run(&gone.name);
        sweep(disk, &folder, &|_| false, dry_run, &mut collected)
            .map_err(|source| StoreError::io("collect in", &runs, source))?;
    }
    // What a job was last made of says what changed when it must be made again.
    let told: HashSet<Digest> = identities
        .into_iter()
        .chain(history.records.settled().map(|(_, digest)| digest))
        .collect();
    let folder = layout.provenances();
    let idle = provenance::idle(layout, &told).and_then(|idle| {
        idle.iter()
            .try_for_each(|path| take_out(disk, path, dry_run, &mut collected))
    });
    idle.map_err(|source| StoreError::io("collect in", &folder, source))?;
    Ok(collected)
}

fn take_out(
    disk: &dyn Disk,
    path: &Path,
    dry_run: bool,
    collected: &mut Collected,
) -> io::Result<()> {
    let size = disk.entry(path)?.stamp.size;
    (collected.removed, collected.freed) = (collected.removed + 1, collected.freed + size);
    if dry_run { Ok(()) } else { disk.remove(path) }
}

fn sweep(
    disk: &dyn Disk,
    folder: &Path,
    stays: &dyn Fn(&str) -> bool,
    dry_run: bool,
    collected: &mut Collected,
) -> io::Result<()> {
    for path in disk.paths(folder)? {
        let facts = disk.entry(&path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if facts.kind == Kind::Folder {
            sweep(disk, &path, stays, dry_run, collected)?;
        } else if stays(&name) {
            (collected.kept, collected.held) =
                (collected.kept + 1, collected.held + facts.stamp.size);
        } else {
            take_out(disk, &path, dry_run, collected)?;
        }
    }
    Ok(())
}
