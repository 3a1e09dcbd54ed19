//! Recovery of an interrupted publication: it is undone, or completed from the store alone.

use super::delivery_history::DeliveryHistory;
use super::disk::is_partial;
use super::publish::complete_placement;
use super::publish_note::{OwnedPaths, PublishNote, PublishStep};
use super::{Manifest, StoreError, StoreLayout, journal};
use std::cell::OnceCell;
use std::io;
use std::path::Path;

/// What recovery did with an interrupted publication. The first value is its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishRecovery {
    /// Nothing had been replaced yet. What was staged was removed.
    Undone(String),
    /// It was completed.
    Completed(String),
    /// It could not be completed, because the store no longer has this file. What is in place may
    /// be mixed.
    Abandoned(String, String),
    /// It could not be completed for this reason: what is at the path of a deliverable is not the
    /// program's. What is in place may be mixed.
    Blocked(String, String),
    /// It is complete. Hidden files beside its deliverables cannot be removed for this reason.
    Untidied(String, String),
}

/// Returns the revision whose publication was interrupted, or is going on. `None`: there is no
/// note.
///
/// # Errors
/// Fails if the note cannot be read or has another form.
pub fn interrupted_publication(layout: &StoreLayout) -> Result<Option<String>, StoreError> {
    Ok(PublishNote::load(layout)?
        .filter(|note| note.step != PublishStep::Tidying)
        .map(|note| note.current.revision))
}

/// Undoes or completes an interrupted publication. The caller must hold the lock of the store.
///
/// # Errors
/// Fails if the store or the folder of a deliverable cannot be read or written.
pub fn recover_publication(
    layout: &StoreLayout,
    root: &Path,
) -> Result<Option<PublishRecovery>, StoreError> {
    remove_partials(layout).map_err(|source| StoreError::io("tidy up", layout.root(), source))?;
    let Some(note) = PublishNote::load(layout)? else {
        return Ok(None);
    };
    note.require_places_inside(layout, root)?;
    let revision = note.current.revision.clone();
    let manifest = Manifest::read(layout, &note.current.revision, note.current.manifest);
    let mut recent = DeliveryHistory::read_current(layout);
    if let Ok(manifest) = &manifest {
        recent.add_manifest(layout, manifest);
    }
    let replaced = note.replaced.clone();
    let owned = OwnedPaths {
        layout,
        recent: &recent,
        replaced: &replaced,
        all: OnceCell::new(),
    };
    if note.step != PublishStep::Placing {
        let is_complete = note.step == PublishStep::Tidying;
        // A folder that became read-only must not stop every command for ever, so a failure to
        // remove files is no error here either.
        let unpublished = note.clone();
        return Ok(match note.tidy_up(root, &owned) {
            Err(error) => Some(PublishRecovery::Untidied(revision, error.to_string())),
            Ok(()) if is_complete => None,
            Ok(()) => {
                unpublished.remove_unpublished_manifest(layout)?;
                Some(PublishRecovery::Undone(revision))
            }
        });
    }
    let completed = complete_placement(&note, layout, root, &manifest?);
    // Trying again would fail for ever, and the store would be blocked. So the note is removed, and
    // the command reports that deliverables may be mixed. The next run puts them right.
    let recovery = match completed {
        Ok(()) => PublishRecovery::Completed(revision),
        Err(StoreError::MissingBlob { file }) => PublishRecovery::Abandoned(revision, file),
        Err(error @ StoreError::NotReplaceable { .. }) => {
            PublishRecovery::Blocked(revision, error.to_string())
        }
        Err(error) => return Err(error),
    };
    // An error is ignored: the note stays and says what is left, and the next command reports it.
    let abandoned = matches!(recovery, PublishRecovery::Abandoned(..)).then(|| note.clone());
    let tidied = note.tidy_up(root, &owned);
    if let Some(note) = abandoned.filter(|_| tidied.is_ok()) {
        note.remove_unpublished_manifest(layout)?;
    }
    Ok(Some(recovery))
}

/// Removes what an interrupted `replace_file` leaves in the store.
fn remove_partials(layout: &StoreLayout) -> io::Result<()> {
    let disk = layout.disk();
    // Only the newest run can have been writing, and a store may have thousands of runs.
    let newest = disk
        .sorted_paths(&layout.runs_folder())?
        .into_iter()
        .max_by_key(|path| journal::revision_number(&journal::revision_from_path(path)));
    for folder in [layout.root().to_owned(), layout.manifests_folder()]
        .into_iter()
        .chain(newest)
    {
        disk.sorted_paths(&folder)?
            .iter()
            .filter(|path| is_partial(path))
            .try_for_each(|path| disk.remove(path))?;
    }
    Ok(())
}
