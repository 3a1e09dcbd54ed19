//! Names in the files of a store that lead out of the store or of the production.
//!
//! A store may come from somebody else. What its journals, manifests and notes name is put in
//! place, read and removed, so every name must stay below the folder that it is joined to.

use super::Manifest;
use super::journal::revision_number;
use crate::base::paths::normalized_path;
use crate::event::{DeliveredOutput, Event, JobSucceeded};
use std::path::Path;

/// Returns the first name of the event that leads out. `None`: it has no such name.
pub(super) fn outside_name_in_event(event: &Event) -> Option<String> {
    match event {
        Event::RunStarted { revision, .. } => outside_revision(revision),
        Event::Reverted { to, .. } => outside_revision(to),
        Event::JobSucceeded(JobSucceeded { outputs, log, .. }) => outputs
            .iter()
            .find_map(|output| outside_text(&output.name))
            .or_else(|| outside_log(log.as_deref())),
        Event::JobFailed { log, .. } | Event::JobRetried { log, .. } => outside_log(log.as_deref()),
        Event::Published {
            revision,
            deliverables,
            ..
        } => outside_revision(revision)
            .or_else(|| deliverables.iter().find_map(outside_name_in_deliverable)),
        _ => None,
    }
}

/// Returns the first name of the manifest that leads out.
pub(super) fn outside_name_in_manifest(manifest: &Manifest) -> Option<String> {
    let mut files = manifest.jobs.values().flat_map(|job| &job.outputs);
    let mut deliverables = manifest.deliverables.iter();
    outside_revision(&manifest.revision)
        .or_else(|| deliverables.find_map(outside_name_in_deliverable))
        .or_else(|| files.find_map(|file| outside_text(&file.name)))
}

fn outside_name_in_deliverable(delivered: &DeliveredOutput) -> Option<String> {
    let mut folders = delivered.parts.iter().map(|part| &part.folder);
    let mut files = delivered.files.iter();
    outside_path(&delivered.path)
        .or_else(|| folders.find_map(|folder| outside_text(folder)))
        .or_else(|| files.find_map(|file| outside_text(file)))
}

/// Returns the name if it is not that of a revision. Revisions are parts of file names.
pub(super) fn outside_revision(revision: &str) -> Option<String> {
    revision_number(revision)
        .is_none()
        .then(|| revision.to_owned())
}

/// Returns the path as text if it is absolute, empty, or leads above its start.
pub(super) fn outside_path(path: &Path) -> Option<String> {
    let is_below = normalized_path(path).is_some_and(|inside| !inside.as_os_str().is_empty());
    (!is_below).then(|| path.to_string_lossy().into_owned())
}

fn outside_text(name: &str) -> Option<String> {
    // Nearly every name is one plain word, and a journal has a hundred thousand of them.
    if !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']) {
        return None;
    }
    outside_path(Path::new(name))
}

fn outside_log(log: Option<&Path>) -> Option<String> {
    log.and_then(outside_path)
}
