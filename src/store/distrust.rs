//! Results that may have been made from a damaged file.
//!
//! Every run compares the inputs of its jobs with their digests, so what it makes is right even if
//! a file is damaged later. Runs of earlier versions compared nothing. When a damaged file is
//! found, what they made from it, and from that in turn, is not reused any more: it may have been
//! made from the damage. Nothing is removed, because it may as well be right, and earlier revisions
//! need it.
//!
//! Each such result has a file in `distrusted/`, named by the identity of its job. The next result
//! under the same identity takes the file away.

use super::journal::{self, revision_from_path, revision_number};
use super::provenance::{ProvenanceArchive, ProvenanceSource};
use super::{Provenance, StoreError, StoreLayout, store_owner};
use crate::base::Digest;
use crate::base::json::to_json_bytes;
use crate::event::{Event, JobSucceeded};
use crate::model::outputs_digest;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Returns the identities whose results are not reused.
///
/// # Errors
/// Fails if the store cannot be read.
pub fn distrusted_identities(layout: &StoreLayout) -> Result<HashSet<Digest>, StoreError> {
    let folder = layout.distrusted_folder();
    let paths = layout
        .disk()
        .sorted_paths(&folder)
        .map_err(|source| StoreError::io("list", &folder, source))?;
    // Only the names count. A file with damaged content still says what it must.
    Ok(paths
        .iter()
        .filter_map(|path| Digest::parse(&path.file_name()?.to_string_lossy()))
        .collect())
}

/// Stops the reuse of what was made from these damaged blobs by runs that compared no inputs.
/// Returns the jobs.
///
/// # Errors
/// Fails if a journal cannot be read, or the store cannot be written.
pub fn distrust_users(
    layout: &StoreLayout,
    damaged: &BTreeSet<Digest>,
) -> Result<Vec<String>, StoreError> {
    let made = unverified_results(layout)?;
    if damaged.is_empty() || made.is_empty() {
        return Ok(Vec::new());
    }
    let tainted = tainted_results(layout, &made, damaged);
    for identity in &tainted {
        let text = serde_json::json!({ "job": made[identity].job, "damaged": damaged });
        layout.replace_file(&layout.distrusted_path(identity), &to_json_bytes(&text))?;
    }
    let names = tainted.iter().map(|identity| made[identity].job.clone());
    Ok(names.collect())
}

/// Ends the distrust of what this run made again.
///
/// # Errors
/// Fails if the store cannot be written.
pub fn trust_again(
    layout: &StoreLayout,
    made: impl IntoIterator<Item = Digest>,
) -> Result<(), StoreError> {
    // Nearly always there is nothing, and a run may have made a million jobs.
    let distrusted = distrusted_identities(layout)?;
    if distrusted.is_empty() {
        return Ok(());
    }
    made.into_iter()
        .filter(|identity| distrusted.contains(identity))
        .try_for_each(|identity| {
            let path = layout.distrusted_path(&identity);
            layout
                .disk()
                .remove_all(&path)
                .map_err(|source| StoreError::io("remove", &path, source))
        })
}

/// Returns the results whose inputs nobody compared, by identity.
fn unverified_results(layout: &StoreLayout) -> Result<BTreeMap<Digest, JobSucceeded>, StoreError> {
    let verified_from = store_owner::inputs_verified_from(layout);
    let mut made = BTreeMap::new();
    for path in journal::list_journals(layout)? {
        // A journal without a number is older than any: nothing is known to have been compared.
        let number = revision_number(&revision_from_path(&path)).unwrap_or(0);
        journal::visit_events(layout, &path, |event| {
            if let Event::JobSucceeded(success) = event {
                if number < verified_from {
                    made.insert(success.digest, success);
                } else {
                    // Made again by a run that compared them, so the earlier result no longer
                    // counts.
                    made.remove(&success.digest);
                }
            }
        })?;
    }
    Ok(made)
}

/// Returns the results that have a damaged input, or one that has in turn.
fn tainted_results(
    layout: &StoreLayout,
    made: &BTreeMap<Digest, JobSucceeded>,
    damaged: &BTreeSet<Digest>,
) -> BTreeSet<Digest> {
    let archive = ProvenanceArchive::read_all(layout);
    let provenance: BTreeMap<Digest, Option<Provenance>> = made
        .keys()
        .map(|identity| (*identity, archive.find_provenance(*identity)))
        .collect();
    let is_damaged = |success: &&JobSucceeded| {
        success
            .outputs
            .iter()
            .any(|output| damaged.contains(&output.digest))
    };
    let mut contents: HashSet<Digest> = made
        .values()
        .filter(is_damaged)
        .map(|success| outputs_digest(&success.outputs))
        .collect();
    let mut tainted = BTreeSet::new();
    loop {
        // Round by round, because provenance names the contents that a job used and not who used
        // its own.
        let found: Vec<Digest> = provenance
            .iter()
            .filter(|(identity, provenance)| {
                !tainted.contains(*identity) && may_use(provenance.as_ref(), &contents)
            })
            .map(|(identity, _)| *identity)
            .collect();
        if found.is_empty() {
            return tainted;
        }
        for identity in found {
            contents.insert(outputs_digest(&made[&identity].outputs));
            tainted.insert(identity);
        }
    }
}

/// Returns whether a job may have read any of these contents.
fn may_use(provenance: Option<&Provenance>, contents: &HashSet<Digest>) -> bool {
    // A job of which nobody knows what it was made from is not trusted either.
    provenance.is_none_or(|provenance| {
        let mut inputs = provenance.inputs.iter();
        inputs.any(|input| {
            matches!(input.from, ProvenanceSource::Job(_))
                && input.digest.is_none_or(|digest| contents.contains(&digest))
        })
    })
}
