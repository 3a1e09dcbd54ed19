//! Compares what two published revisions were made from: files of the project, the timeline, and
//! the parameters of jobs.
//!
//! Everything comes from the store: provenance has the inputs of every job with their digests, and
//! the report of a revision its cut. So a journal needs no records of inputs, which would repeat
//! them for every run. What the store has lost is left out.

use crate::base::Digest;
use crate::plan::{JobChange, provenance_changes};
use crate::report::revision_changes::{CutPlace, FileChange, RevisionChanges, ShotChange};
use crate::store::StoreLayout;
use crate::store::manifest::{Manifest, ManifestJob};
use crate::store::provenance::{ProvenanceArchive, ProvenanceSource};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

/// Files of the project that jobs read, with the digests of their content.
type ReadFiles = BTreeMap<PathBuf, Digest>;

/// The shots of a stored report, in the order of the cut.
#[derive(Deserialize)]
struct ReportedCut {
    shots: Vec<ReportedShot>,
}

#[derive(Deserialize)]
struct ReportedShot {
    name: String,
    #[serde(flatten)]
    place: CutPlace,
}

/// Returns what changed from `earlier` to `later`, as far as the store still has it.
pub(crate) fn revision_changes(
    earlier: &Manifest,
    later: &Manifest,
    layout: &StoreLayout,
) -> RevisionChanges {
    let archive = ProvenanceArchive::read_all(layout);
    RevisionChanges {
        files: file_changes(earlier, later, &archive),
        shots: shot_changes(&earlier.revision, &later.revision, layout),
        causes: job_causes(earlier, later, &archive),
    }
}

fn file_changes(
    earlier: &Manifest,
    later: &Manifest,
    archive: &ProvenanceArchive,
) -> Vec<FileChange> {
    // A job with the same identity in both has read the same, so only the others are looked at.
    let differs =
        |manifest: &Manifest, name: &String, job: &ManifestJob| match manifest.jobs.get(name) {
            Some(other) => other.digest != job.digest,
            None => true,
        };
    let mut before = ReadFiles::new();
    let mut after = ReadFiles::new();
    for (name, job) in &earlier.jobs {
        if differs(later, name, job) {
            add_read_files(&mut before, job, archive);
        }
    }
    for (name, job) in &later.jobs {
        if differs(earlier, name, job) {
            add_read_files(&mut after, job, archive);
        }
    }
    // A file that only one side names may be read on the other by a job that did not change.
    if before.keys().ne(after.keys()) {
        let mut unchanged = ReadFiles::new();
        for (name, job) in &later.jobs {
            if !differs(earlier, name, job) {
                // It read the same on both sides, so one digest is right for both.
                add_read_files(&mut unchanged, job, archive);
            }
        }
        for (path, digest) in unchanged {
            before.entry(path.clone()).or_insert(digest);
            after.entry(path).or_insert(digest);
        }
    }
    let paths: BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    let changes = paths.into_iter().map(|path| FileChange {
        file: path.clone(),
        old: before.get(path).copied(),
        new: after.get(path).copied(),
    });
    changes.filter(|change| change.old != change.new).collect()
}

fn add_read_files(files: &mut ReadFiles, job: &ManifestJob, archive: &ProvenanceArchive) {
    for input in archive.find_inputs(job.digest) {
        if let (ProvenanceSource::File(path), Some(digest)) = (input.from, input.digest) {
            files.insert(path, digest);
        }
    }
}

/// Returns what changed for each job that both revisions have, beside the content of its inputs.
fn job_causes(
    earlier: &Manifest,
    later: &Manifest,
    archive: &ProvenanceArchive,
) -> BTreeMap<String, Vec<JobChange>> {
    let mut causes = BTreeMap::new();
    for (name, after) in &later.jobs {
        let before = earlier.jobs.get(name);
        let Some(before) = before.filter(|before| before.digest != after.digest) else {
            continue;
        };
        // Provenance may be gone after a clean-up. The job is then listed without a cause.
        let was = archive.find_provenance(before.digest);
        let Some((was, now)) = was.zip(archive.find_provenance(after.digest)) else {
            continue;
        };
        let mut changes = provenance_changes(&was, &now);
        // The content of inputs is the list of files. Named for each job again, it would hide the
        // other causes.
        changes.retain(|change| !change.is_content());
        if !changes.is_empty() {
            causes.insert(name.clone(), changes);
        }
    }
    causes
}

fn shot_changes(earlier: &str, later: &str, layout: &StoreLayout) -> Vec<ShotChange> {
    let Some((before, after)) = reported_cut(earlier, layout).zip(reported_cut(later, layout))
    else {
        return Vec::new();
    };
    let mut old: HashMap<String, CutPlace> = HashMap::new();
    // For the order: shots that are gone are listed as the film had them.
    let mut old_names = Vec::new();
    for ReportedShot { name, place } in before.shots {
        old_names.push(name.clone());
        old.insert(name, place);
    }
    let mut changes = Vec::new();
    for ReportedShot { name, place } in after.shots {
        let was = old.remove(&name);
        // Moved shots count as changed: their place in the cut is part of what is delivered.
        if was.as_ref() != Some(&place) {
            changes.push(ShotChange {
                shot: name,
                old: was,
                new: Some(place),
            });
        }
    }
    for name in old_names {
        if let Some(place) = old.remove(&name) {
            changes.push(ShotChange {
                shot: name,
                old: Some(place),
                new: None,
            });
        }
    }
    changes
}

/// Returns the cut of a revision from its report. `None`: the report is gone, or another version
/// of the program wrote it in another form.
fn reported_cut(revision: &str, layout: &StoreLayout) -> Option<ReportedCut> {
    let path = layout.run_folder(revision).join("report.json");
    // The report and not the document, which has changed since.
    let bytes = layout.disk().read_bytes(&path).ok()?;
    serde_json::from_slice(&bytes).ok()
}
